"""The teacher's own worksheet comes back with marks and comments, every other value as it was, other rows untouched."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.identity import Listed, Roster
from autograder.intake.keys import Bank
from autograder.marking import ClassResult
from autograder.marking.manual import ManualMark
from autograder.moodle.feedback import END, START, as_html, merged
from autograder.moodle.worksheet import WorksheetProblem, fill_worksheet, read_table
from tests.sample_copies import A4, A6, BANK, archive, copy, key_answers, moodle
from tests.sample_results import A9, OPEN, essay, handed_in, listed, result_of, use_workbook

FRENCH = (
    'Identifiant,"Nom complet","Adresse de courriel",Statut,Note,"Note maximale","La note peut être modifiée",'
    '"Dernière modification (travail remis)","Dernière modification (note)","Feedback par commentaires"\n'
)
ENGLISH = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\n'
)
DATES = '"dimanche 22 novembre 2026, 18:00",-'
PERFECT = "Note du cahier : 20 / 20 (activité 9). [crc-lab]".replace(" :", "\u00a0:").replace(" / ", "\u00a0/\u00a0")
BLANK_ESSAY = (
    '"Note du cahier : 8 / 20 (activité 9). À travailler d’abord : A9-Q2, Idées ; A9-Q2, Rédaction. [crc-lab]"'
).replace(" :", "\u00a0:").replace(" ;", "\u00a0;").replace(" / ", "\u00a0/\u00a0")  # fmt: skip


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Bank:
    return use_workbook(monkeypatch)


PERFECT_MARK = {("igarnier", A9, OPEN): ManualMark(12.0)}


@pytest.fixture
def handed(tmp_path: Path) -> Path:
    (tmp_path / "copies").mkdir()
    return handed_in(
        tmp_path / "copies",
        {
            "Inès Garnier": (48210, essay("Inès Garnier", "igarnier")),
            "Zoé Petit": (48212, essay("Zoé Petit", "zpetit", answer=None)),
            "Paul Benali": (48211, essay("Paul Benali", "pbenali")),
        },
    )


@pytest.fixture
def a_class(handed: Path, bank: Bank) -> ClassResult:
    """Inès has 20, Zoé 8 (nothing to read), Paul waits for his answer to be read."""
    return result_of(bank, handed, manual=PERFECT_MARK)


def filled(tmp_path: Path, content: bytes | str, result: ClassResult, name: str = "Notes-NDRC-RFM-77.csv") -> Any:
    """(bytes written, what is said); the given file must not change."""
    source = tmp_path / name
    source.write_bytes(content.encode() if isinstance(content, str) else content)
    before = source.read_bytes()
    done = fill_worksheet(source, result, tmp_path / "moodle" / name)
    assert source.read_bytes() == before
    assert done.path == tmp_path / "moodle" / name
    return done.path.read_bytes(), done


def cells(text: str | bytes, separator: str = ",") -> list[list[str]]:
    """What Moodle reads: it compares values, whatever the quotes around them."""
    text = text.decode() if isinstance(text, bytes) else text
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def refusal(tmp_path: Path, content: bytes | str, result: ClassResult) -> WorksheetProblem:
    with pytest.raises(WorksheetProblem) as caught:
        filled(tmp_path, content, result)
    assert not (tmp_path / "moodle").exists()
    return caught.value


def french_row(
    number: int, name: str, mark: str = "", comment: str = "", maximum: str = "20,00", more: str = "Oui"
) -> str:
    status = '"Remis pour évaluation"'
    return f'Participant{number},"{name}",x@ecole.example,{status},{mark},"{maximum}",{more},{DATES},{comment}\n'


def french(ines: str = "", ines_comment: str = "", zoe: str = "", zoe_comment: str = "") -> str:
    return (
        FRENCH
        + french_row(48210, "Inès Garnier", ines, ines_comment)
        + french_row(48211, "Paul Benali")
        + french_row(48212, "Zoé Petit", zoe, zoe_comment)
        + french_row(48213, "Absent, Complètement")
    )


FILLED = french("20", PERFECT, "8", BLANK_ESSAY)
ENGLISH_TEMPLATE = (
    ENGLISH
    + 'Participant 48210,"Inès Garnier",x@ecole.example,Submitted,{0},20.00,Yes,"Sunday, 22 November",-,{1}\n'
    + 'Participant 48212,"Zoé Petit",x@ecole.example,Submitted,{2},20.00,Yes,"Sunday, 22 November",-,{3}\n'
)


# --- the file ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "mac_roman", "cp850", "utf-16", "utf-16-le"])
def test_only_the_marks_and_comments_change(tmp_path: Path, a_class: ClassResult, encoding: str, end: str):
    given = french().replace("\n", end)
    content, done = filled(tmp_path, given.encode(encoding), a_class)
    text = content.decode(encoding)
    assert content == text.encode(encoding), "the same mark at the start"
    assert cells(text.replace("&#8217;", "’")) == cells(FILLED), "CP850 has no apostrophe: an entity in a comment"
    before, after = given.split(end), text.split(end)
    assert [row for row in before if row not in after] == [before[1], before[3]], "the other rows as they were written"
    assert len(after) == len(before)
    assert (done.rows, done.filled) == (4, 2)


@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_a_file_that_a_spreadsheet_has_saved_again_keeps_its_ways(
    tmp_path: Path, a_class: ClassResult, separator: str, quoting: Any
):
    def written(text: str) -> bytes:
        saved = io.StringIO(newline="")
        csv.writer(saved, delimiter=separator, quoting=quoting).writerows(cells(text))
        return saved.getvalue().encode("cp1252")

    content, done = filled(tmp_path, written(french()), a_class)
    assert content == written(FILLED)
    name = {";": "point-virgule", "\t": "tabulation"}[separator]
    assert any(name in sentence and "WINDOWS-1252" in sentence for sentence in done.sentences)


@pytest.mark.parametrize(
    "odd",
    [
        '"Participant48213" ,"Le ""Grand""\r\nDuc",,\'=cmd|x,,"20,00",Oui, ,\t,"<p>l’un\n\nl’autre</p>"',
        'Participant48213,X,,,,"20,00",Oui,-,-,"<p>C:\\temp\\"" fin</p>"\n',
        "\n\n,,\n",
        "Participant48213\n",
        f"Participant48213,X,,,,,Oui,-,-,{'é' * 200_000}\n",
    ],
)
def test_whatever_is_in_the_rows_around_it_comes_back_byte_for_byte(tmp_path: Path, a_class: ClassResult, odd: str):
    content, _ = filled(tmp_path, "sep=,\r\n" + french() + odd, a_class)
    assert content.startswith(b"sep=,\r\n" + FRENCH.encode())
    assert content.endswith(french_row(48213, "Absent, Complètement").encode() + odd.encode())


def test_bytes_that_are_no_character_come_back(tmp_path: Path, a_class: ClassResult):
    odd = french().encode("cp1252") + b"Participant48213,\x81\x9d,,,,,Oui,-,-,\n"
    content, done = filled(tmp_path, odd, a_class)
    assert content.splitlines()[-1] == odd.splitlines()[-1]
    assert "WINDOWS-1252" in done.told["format"][0]


@given(
    st.lists(st.lists(st.text("ab,;\t\"'\r\n é=", max_size=6), min_size=2, max_size=4), min_size=1, max_size=5),
    st.sampled_from([",", ";", "\t", ":"]),
    st.sampled_from([("\r\n", csv.QUOTE_MINIMAL), *((end, csv.QUOTE_ALL) for end in ("\r\n", "\n", "\r"))]),
)
def test_any_table_is_cut_as_it_was_written_and_given_back_whole(
    rows: list[list[str]], separator: str, how: tuple[str, Any]
):
    text = io.StringIO(newline="")
    end, quoting = how
    head = ["Identifiant", "Note", "Note maximale"]
    csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting).writerows([head, *rows])
    content = text.getvalue().encode()
    table = read_table(content, "x.csv")
    assert [list(line.cells) for line in table.body] == rows
    assert table.filled({}) == content
    changed = table.filled({table.body[0].number: {"grade": ' é;,"\n'}}).decode()
    expected = [head, [rows[0][0], ' é;,"\n', *rows[0][2:]], *rows[1:]]
    assert cells(changed, separator) == expected


def test_an_english_worksheet_gets_points_and_a_french_one_commas(tmp_path: Path, handed: Path, bank: Bank):
    result = result_of(bank, handed, manual={("igarnier", A9, OPEN): ManualMark(4.55)})
    content, _ = filled(tmp_path, ENGLISH_TEMPLATE.format("", "", "", ""), result)
    comment = content.decode().splitlines()[1].split(",-,")[1]
    assert cells(content) == cells(ENGLISH_TEMPLATE.format("12.55", comment, "8", BLANK_ESSAY))
    assert comment.replace("\u00a0", " ").startswith('"Note du cahier : 12,55 / 20 (activité 9).')
    content, _ = filled(tmp_path, french(), result)
    assert b',"12,55","20,00",' in content


def test_the_sign_of_the_marks_already_there_is_followed_rather_than_the_language(
    tmp_path: Path, handed: Path, bank: Bank
):
    result = result_of(bank, handed, manual={("igarnier", A9, OPEN): ManualMark(4.5)})
    content, _ = filled(tmp_path, french().replace('"20,00"', "20.00"), result)
    assert b",12.5,20.00," in content


@pytest.mark.parametrize(
    ("maximum", "mark"), [("100,00", "40"), ("10,00", "4"), ("20", "8"), ("15,00", "6"), ("7", '"2,8"')]
)
def test_the_mark_is_put_on_the_scale_of_the_assignment(tmp_path: Path, a_class: ClassResult, maximum: str, mark: str):
    content, _ = filled(tmp_path, FRENCH + french_row(48212, "Zoé Petit", maximum=maximum), a_class)
    assert cells(content) == cells(FRENCH + french_row(48212, "Zoé Petit", mark, BLANK_ESSAY, maximum))


def test_filling_twice_changes_nothing_more(tmp_path: Path, a_class: ClassResult):
    first, _ = filled(tmp_path, french(), a_class)
    again, done = filled(tmp_path, first, a_class, "encore.csv")
    assert again == first
    assert not done.told["replaced"]


# --- columns ----------------------------------------------------------------------------------------------------------

OTHER_COLUMNS: Mapping[str, str] = {
    "blind": (
        'Identifiant,Statut,Note,"Note maximale","La note peut être modifiée","Dernière modification (note)",'
        '"Feedback par commentaires"\n'
        'Participant48212,Remis,{0},"20,00",Oui,-,{1}\n'
    ),
    "workflow, marker, overrides, identity fields": (
        'Identifiant,"Nom complet","Numéro d\'identification","Nom d\'utilisateur",Statut,"Autoriser la remise dès le",'
        '"Date limite","Date butoir",Évaluateur,Note,"Note maximale","Statut du flux d\'évaluation",'
        '"La note peut être modifiée","Dernière modification (travail remis)","Remise de textes en ligne",'
        '"Dernière modification (note)","Feedback par commentaires"\n'
        'Participant48212,"Zoé Petit",z1,zpetit,Remis,-,-,-,"X",{0},"20,00","Non évalué",Oui,-,"<p>a, b</p>",-,{1}\n'
    ),
    "only what Moodle asks for": (
        'Note,"Dernière modification (note)",Identifiant,"Note maximale","Feedback par commentaires"\n'
        '{0},-,Participant48212,"20,00",{1}\n'
    ),
    "no comments": (
        'Identifiant,"Nom complet",Note,"Note maximale","La note peut être modifiée","Dernière modification (note)"\n'
        'Participant48212,"Zoé Petit",{0},"20,00",Oui,-\n'
    ),
}


@pytest.mark.parametrize("template", OTHER_COLUMNS.values(), ids=list(OTHER_COLUMNS))
def test_the_other_columns_of_moodle_are_left_alone(tmp_path: Path, a_class: ClassResult, template: str):
    content, done = filled(tmp_path, template.format("", ""), a_class)
    assert cells(content) == cells(template.format("8", BLANK_ESSAY))
    assert done.filled == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (french().replace('"Note maximale"', "Barème"), "barème"),
        (french().replace(",Note,", ",Points,"), "grille d’évaluation"),
        (french().replace("Identifiant", "Clé"), "ce n’est pas un formulaire d’évaluation"),
        ("", "ce n’est pas un formulaire d’évaluation"),
        (b"PK\x03\x04xxxx", "CSV"),
        (french().encode().decode("cp1252"), "accents sont abîmés"),
        (None, "introuvable"),
        (b"\xff\xfeabc", "abîmé"),
        (FRENCH + 'Participant48210,"Inès', "ligne 2"),
        (FRENCH, "aucun élève"),
        (FRENCH + french_row(999, "Autre Classe"), "bon"),
    ],
)
def test_what_cannot_be_filled_is_refused_with_a_remedy(
    tmp_path: Path, a_class: ClassResult, content: bytes | str | None, said: str
):
    if content is None:
        with pytest.raises(WorksheetProblem) as caught:
            fill_worksheet(tmp_path / "Notes-NDRC-RFM-77.csv", a_class, tmp_path / "moodle" / "x.csv")
        problem = caught.value
    else:
        problem = refusal(tmp_path, content, a_class)
    assert said in str(problem) or (said == "bon" and "Vérifiez que c’est le formulaire du devoir" in str(problem))
    assert str(problem).startswith("Formulaire Moodle « Notes-NDRC-RFM-77.csv » : ")


@pytest.mark.parametrize(
    ("content", "about", "names", "sentence"),
    [
        (OTHER_COLUMNS["no comments"].format(""), "no_comment", 1, "seules les notes sont écrites"),
        (
            french().replace("Dernière modification (note)", "Derni?re modification (note)"),
            "header", ["« Dernière modification (note) »"], "Moodle peut refuser ce fichier",
        ),
        (french(), "provisional", ["Paul Benali"], "1 note provisoire n’est pas écrite"),
        (french('"14,00"', "", '"8,00"'), "replaced", ["Inès Garnier"], "1 note déjà dans Moodle est remplacée"),
        (french(), "without_copy", ["Absent, Complètement"], "Sans copie notée"),
        (FRENCH + french_row(48212, "Zoé Petit"), "without_row", 2, "Copie notée, mais aucune ligne"),
        (
            FRENCH + french_row(48210, "Marc Dupont") + french_row(48212, "Zoé Petit"), "doubt",
            ["Marc Dupont (le numéro est celui d’une copie de « Inès Garnier »)"], "à remplir à la main",
        ),
        (french(), "always", 1, "Autorise la modification de données modifiées plus récemment"),
    ],
)  # fmt: skip
def test_what_was_done_is_told(
    tmp_path: Path, a_class: ClassResult, content: str, about: str, names: int | list[str], sentence: str
):
    _, done = filled(tmp_path, content, a_class)
    assert names in (done.told[about], len(done.told[about]))
    assert sum(sentence in said.replace("\u00a0", " ") for said in done.sentences) == 1


@pytest.mark.parametrize("word", ["Non", "No", "non", "Oui"])
def test_a_row_that_is_locked_or_somebody_elses_is_left_alone(tmp_path: Path, a_class: ClassResult, word: str):
    """The number of a copy under another name: the worksheet is that of another site."""
    row = french_row(48210, "Marc Dupont" if word == "Oui" else "Inès Garnier", more=word)
    content, done = filled(tmp_path, FRENCH + row + french_row(48212, "Zoé Petit"), a_class)
    assert cells(content) == cells(FRENCH + row + french_row(48212, "Zoé Petit", "8", BLANK_ESSAY))
    assert done.told["locked"] == ([] if word == "Oui" else ["Inès Garnier"])


# --- rows -------------------------------------------------------------------------------------------------------------


def test_the_name_that_moodle_cuts_in_its_archive_is_the_same_person(tmp_path: Path, bank: Bank):
    (tmp_path / "c").mkdir()
    handed = handed_in(tmp_path / "c", {"Zoé DAlmeida": (48212, essay("Zoé D’Almeida", "zd", answer=None))})
    content, _ = filled(tmp_path, FRENCH + french_row(48212, "Zoé D'Almeida"), result_of(bank, handed))
    assert cells(content) == cells(FRENCH + french_row(48212, "Zoé D'Almeida", "8", BLANK_ESSAY))


def test_homonyms_have_their_own_number(tmp_path: Path, bank: Bank):
    (tmp_path / "c").mkdir()
    handed = tmp_path / "c" / "Devoir.zip"
    handed.write_bytes(
        archive(
            {
                moodle("Jean Martin", 1, f"{A9}.ipynb"): essay("Jean Martin", answer=None),
                moodle("Jean Martin", 2, f"{A9}.ipynb"): essay("Jean Martin", number="41", answer=None),
            }
        )
    )
    content, done = filled(
        tmp_path, FRENCH + french_row(2, "Jean Martin") + french_row(1, "Jean Martin"), result_of(bank, handed)
    )
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert [row["Note"] for row in rows] == ["0", "8"]
    assert done.filled == 2


def test_several_activities_of_one_assignment_give_their_mean(tmp_path: Path):
    wrong = {question: value for question, value in key_answers(A4).items() if question in ("A4-Q1", "A4-Q2")}
    (tmp_path / "c").mkdir()
    handed = tmp_path / "c" / "Devoir.zip"
    handed.write_bytes(
        archive({moodle("Inès Garnier", 7): copy(A6), moodle("Inès Garnier", 7, "04.ipynb"): copy(A4, wrong)})
    )
    result = result_of(BANK, handed)
    marks = {one.activity: one.points for one in result.copies}
    assert 0 < marks[A4] < 20 == marks[A6]
    content, _ = filled(tmp_path, FRENCH + french_row(7, "Inès Garnier"), result)
    (row,) = csv.DictReader(io.StringIO(content.decode()))
    assert float(row["Note"].replace(",", ".")) == pytest.approx((marks[A4] + 20) / 2, abs=0.05)
    said = row["Feedback par commentaires"].replace("\u00a0", " ")
    assert "moyenne des 2 activités rendues (activité 4 : " in said
    assert "activité 6 : 20 / 20)" in said


def test_copies_of_another_assignment_stay_out(tmp_path: Path):
    (tmp_path / "c").mkdir()
    four, six = tmp_path / "c" / "quatre.zip", tmp_path / "c" / "six.zip"
    four.write_bytes(archive({moodle("Inès Garnier", 7, "04.ipynb"): copy(A4)}))
    six.write_bytes(archive({moodle("Inès Garnier", 900): copy(A6, {})}))
    content, done = filled(tmp_path, FRENCH + french_row(7, "Inès Garnier"), result_of(BANK, four, six))
    (row,) = csv.DictReader(io.StringIO(content.decode()))
    assert row["Note"] == "20"
    assert not done.told["without_row"]


# --- without Moodle's number ------------------------------------------------------------------------------------------


PAIR = listed(("Zoé", "Petit"), ("Jean", "Martin"))


def loose(tmp_path: Path, bank: Bank, roster: Roster, **people: str) -> ClassResult:
    """Copies that come from a plain folder: ``identifier="Name"``."""
    folder = tmp_path / "libres"
    folder.mkdir()
    for identifier, name in people.items():
        (folder / f"{identifier}.ipynb").write_bytes(essay(name, identifier, answer=None))
    return result_of(bank, folder, roster=roster)


def test_the_class_list_recognises_a_copy_without_number_by_its_address(tmp_path: Path, bank: Bank):
    result = loose(tmp_path, bank, PAIR, zpetit="Zoé Petit")
    row = french_row(48212, "Zoé Petit").replace("x@ecole.example", "Zoé.PETIT@ecole.example")
    content, done = filled(tmp_path, FRENCH + row, result)
    assert f",8,{row.split(',,')[1]}" in content.decode().replace(BLANK_ESSAY, "")
    assert done.told["otherwise"] == ["Zoé Petit (adresse de courriel)"]
    assert any("sans le numéro de Moodle" in sentence for sentence in done.sentences)


def test_then_by_its_whole_name_in_any_order(tmp_path: Path, bank: Bank):
    result = loose(tmp_path, bank, PAIR, zpetit="Zoé Petit")
    _, done = filled(tmp_path, FRENCH + french_row(48212, "PETIT Zoe"), result)
    assert (done.filled, done.told["otherwise"]) == (1, ["PETIT Zoe (nom)"])


def test_homonyms_of_the_list_are_never_recognised_by_name(tmp_path: Path, bank: Bank):
    twins = Roster((Listed("z1", "Petit", "Zoé"), Listed("z2", "Petit", "Zoé")))
    written, done = filled(
        tmp_path, FRENCH + french_row(48212, "Zoé Petit"), loose(tmp_path, bank, twins, z1="Zoé Petit")
    )
    assert cells(written) == cells(FRENCH + french_row(48212, "Zoé Petit"))
    assert done.told["doubt"] == ["Zoé Petit (plusieurs élèves possibles (nom))"]


def test_two_rows_of_one_name_are_not_filled_by_name(tmp_path: Path, bank: Bank):
    result = loose(tmp_path, bank, PAIR, zpetit="Zoé Petit", jmartin="Jean Martin")
    content = FRENCH + french_row(1, "Zoé Petit") + french_row(2, "Zoé Petit") + french_row(3, "Jean Martin")
    written, done = filled(tmp_path, content, result)
    assert [one.split(" (")[0] for one in done.told["doubt"]] == ["Zoé Petit", "Zoé Petit"]
    assert done.filled == 1
    assert written.decode().startswith(FRENCH + french_row(1, "Zoé Petit") + french_row(2, "Zoé Petit"))


def test_an_address_of_the_list_under_another_name_is_a_doubt(tmp_path: Path, bank: Bank):
    result = loose(tmp_path, bank, PAIR, zpetit="Zoé Petit", jmartin="Jean Martin")
    row = french_row(1, "Marc Dupont").replace("x@ecole", "zoé.petit@ecole")
    _, done = filled(tmp_path, FRENCH + row + french_row(3, "Jean Martin"), result)
    assert done.told["doubt"] == ["Marc Dupont (la liste de classe donne cette adresse à « Zoé Petit »)"]


def test_without_a_class_list_a_copy_without_number_goes_nowhere(tmp_path: Path, bank: Bank):
    folder = tmp_path / "libres"
    folder.mkdir()
    (folder / "z.ipynb").write_bytes(essay("Zoé Petit", "zpetit", answer=None))
    with pytest.raises(WorksheetProblem, match="--classe"):
        filled(tmp_path, FRENCH + french_row(48212, "Zoé Petit"), result_of(bank, folder))


# --- groups and anonymous marking -------------------------------------------------------------------------------------

GROUPS = FRENCH.replace("Statut,", "Statut,Groupe,")


def group_row(number: int, name: str, group: str, mark: str = "", comment: str = "") -> str:
    return french_row(number, name, mark, comment).replace(
        '"Remis pour évaluation",', f'"Remis pour évaluation",{group},'
    )


def test_a_groups_work_is_in_the_rows_of_its_members_and_its_number_is_nobodys(tmp_path: Path, bank: Bank):
    (tmp_path / "c").mkdir()
    handed = handed_in(tmp_path / "c", {"Groupe A": (48213, essay("Zoé Petit", "zpetit", answer=None))})
    people = [(48212, "Zoé Petit", "Groupe A"), (48210, "Inès Garnier", "Groupe A"), (48213, "Paul Benali", "Groupe B")]
    content, done = filled(tmp_path, GROUPS + "".join(group_row(*one) for one in people), result_of(bank, handed))
    expected = [group_row(*one, "8", BLANK_ESSAY) for one in people[:2]] + [group_row(*people[2])]
    assert cells(content) == cells(GROUPS + "".join(expected))
    assert done.told["without_copy"] == ["Paul Benali"]


def test_an_anonymous_archive_fills_a_worksheet_with_or_without_names(tmp_path: Path, bank: Bank):
    (tmp_path / "c").mkdir()
    handed = handed_in(tmp_path / "c", {"Participant": (48212, essay("Zoé Petit", "zpetit", answer=None))})
    result = result_of(bank, handed)
    _, done = filled(tmp_path, OTHER_COLUMNS["blind"].format("", ""), result)
    assert done.filled == 1
    _, done = filled(tmp_path, FRENCH + french_row(48212, "Zoé Petit"), result)
    assert done.filled == 1


# --- comments ---------------------------------------------------------------------------------------------------------


def test_the_remarks_of_the_teacher_are_in_the_comment_escaped(tmp_path: Path, bank: Bank, handed: Path):
    remark = '=1+1 <b>"bien"</b> & C:\\"temp"\nsuite'
    manual = {("igarnier", A9, OPEN): ManualMark(12.0, remark)}
    content, _ = filled(tmp_path, french(), result_of(bank, handed, manual=manual))
    row = next(csv.DictReader(io.StringIO(content.decode())))
    said = row["Feedback par commentaires"].replace("\u00a0", " ")
    assert '« =1+1 &lt;b&gt;"bien"&lt;/b&gt; &amp; C:&#92;"temp" suite »' in said
    assert said.startswith(START)
    assert said.endswith(END)


def test_what_cp1252_cannot_write_becomes_an_entity(tmp_path: Path, bank: Bank, handed: Path):
    manual = {("igarnier", A9, OPEN): ManualMark(12.0, "Bravo 👏 王 !")}
    result = result_of(bank, handed, manual=manual)
    content, _ = filled(tmp_path, french().encode("cp1252"), result)
    assert "Bravo &#128079; &#29579;" in content.decode("cp1252").replace("\u00a0", " ")


def test_the_teachers_own_comment_stays_before_ours(tmp_path: Path, a_class: ClassResult):
    mine = '"<p>À rendre à l’heure, Inès.</p>"'
    content, _ = filled(tmp_path, french("", mine), a_class)
    row = next(csv.DictReader(io.StringIO(content.decode())))
    assert row["Feedback par commentaires"] == f"<p>À rendre à l’heure, Inès.</p><p>{PERFECT}</p>"


@pytest.mark.parametrize(
    "around", ["{}", "<p>{}</p>", '<p dir="ltr" style="text-align: left;">{}</p>', "\n<p> {} </p>\n"]
)
def test_our_earlier_comment_is_replaced_wherever_moodles_editor_put_it(around: str):
    ours = as_html(f"{START} : 3 / 20 (activité 9). {END}")
    assert merged(around.format(ours), f"{START} : 4. {END}") == f"{START} : 4. {END}"
    kept = merged("<p>Avant</p>" + around.format(ours) + "<p>Après</p>", f"{START} : 4. {END}")
    assert kept.replace("\n", "").replace("<p>  </p>", "") == f"<p>Avant</p><p>Après</p><p>{START} : 4. {END}</p>"
