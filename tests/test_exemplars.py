"""exemples.csv → lecture.json: lines, what is learnt from them, the same bytes each time, the report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.exemplars import report
from autograder.exemplars.building import built
from autograder.exemplars.learning import learn
from autograder.exemplars.lines import FILE, Exemplar, read_exemplars
from autograder.exemplars.variations import samples
from crc_lab.core.errors import CrcError
from crc_lab.core.problems import READING
from crc_lab.reading.model import Model
from crc_lab.reading.reader import reader_of
from crc_lab.reading.words import tokens

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "notebooks").glob(f"*/{FILE}"))
HEAD = "question;idees;texte;source\n"


def written(folder: Path, lines: str) -> Path:
    (folder / "01_crc").mkdir(exist_ok=True)
    path = folder / "01_crc" / FILE
    path.write_text(lines, encoding="utf-8")
    return path


# --- lines ----------------------------------------------------------------------------------------------------------


def test_variants_are_all_used_and_none_has_no_label(tmp_path: Path) -> None:
    lines = read_exemplars(
        written(tmp_path, f"{HEAD}Q;vente;{{faire|signer}} des {{ventes|contrats}};bon\nQ;-;rien;bon\n")
    )
    assert [sorted(line.labels) for line in lines] == [["vente"], []]
    assert lines[0].readings(6) == [
        "faire des ventes",
        "faire des contrats",
        "signer des ventes",
        "signer des contrats",
    ]
    few = lines[0].readings(2)
    assert len(few) == 2
    assert all(any(word in one for one in few) for word in ("faire", "signer", "ventes", "contrats"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("question;texte\n", "la première ligne est"),
        (f"{HEAD}Q;vente;la vente\n", "ligne 2 : il faut quatre cases"),
        (f"{HEAD}Q;vente;la {{vente;bon\n", "une accolade"),
        (f"{HEAD}Q;vente;la vente;bon\nQ;suivi;La vente.;sms\n", "ligne 3 : le même texte est déjà à la ligne 2"),
        (f'{HEAD}Q;vente;"la vente;bon\n', "guillemets"),
    ],
)
def test_a_wrong_line_is_named_with_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CrcError) as raised:
        read_exemplars(written(tmp_path, text))
    assert said in str(raised.value)
    assert FILE in str(raised.value)


def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD)
    path.write_bytes("question;idées".encode("latin-1"))
    with pytest.raises(CrcError, match="UTF-8"):
        read_exemplars(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_the_lines_of_the_workbook_are_sorted_and_a_seventh_of_them_is_held_out(path: Path) -> None:
    lines = read_exemplars(path)
    order = [(line.question, line.text.casefold()) for line in lines]
    assert len(order) == len(set(order))
    assert [line.question for line in lines] == sorted(line.question for line in lines)
    assert 0.12 < sum(line.held_out for line in lines) / len(lines) < 0.18


# --- learning -------------------------------------------------------------------------------------------------------

IDEAS = {"vente": ("vendre", "vente", "ventes à distance"), "suivi": ("suivi", "réclamations", "service après-vente")}
LINES = [
    Exemplar("Q", frozenset({idea}), f"{start} {word}{end}", "bon")
    for idea, words in IDEAS.items()
    for word in words
    for start in ("faire la", "assurer le", "s’occuper de", "proposer")
    for end in ("", " des clients", " pour la marque")
]
OTHERS = [Exemplar("Q", frozenset(), text, "bon") for text in ("la météo", "le prix des fleurs", "un joli bureau")]


def test_the_same_lines_give_the_same_model_and_it_reads_what_it_learnt() -> None:
    first, second = (learn([*LINES, *OTHERS], ["des adresses et des noms"]) for _ in range(2))
    assert json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)
    reading = reader_of(first).read("proposer des ventes et le suivi")
    assert {"vente", "suivi"} <= reading.yes | set(reading.doubts)
    assert reader_of(first).read("la météo").yes == frozenset()


def test_what_each_word_brings_adds_up_to_the_margin_and_near_exemplars_vote_for_their_labels() -> None:
    model = Model(learn([*LINES, *OTHERS], []))
    window = tokens("proposer le suivi des ventes ventes")
    for at, margin in enumerate(model.margins(window)):
        assert sum(model.brought(window, at)) + model.bias[at] == pytest.approx(margin)
    votes = dict(zip(model.labels, model.nearest(tokens("suivi des clients")).votes, strict=True))
    assert votes["suivi"] > 0.5 > votes["vente"]


def test_what_the_page_says_is_known_word_for_word_and_teaches_nothing_else() -> None:
    copied = Exemplar("Q", frozenset(), "{vendre des fleurs|assurer le suivi des fleurs}", "page")
    plain, page = learn([*LINES, *OTHERS], []), learn([*LINES, *OTHERS, copied], [])
    assert {name: page[name] for name in page if name != "exact"} == {
        name: plain[name] for name in plain if name != "exact"
    }
    said = "Assurer le suivi des fleurs"
    assert (reader_of(plain).read(said).likely["suivi"] > 0.5, reader_of(page).read(said).yes) == (True, frozenset())
    assert not copied.held_out


def test_what_is_learnt_holds_slips_denials_and_two_ideas_at_once_always_in_the_same_order() -> None:
    learnt = samples([*LINES, *OTHERS], ["ailleurs"])
    assert learnt == samples([*LINES, *OTHERS], ["ailleurs"])
    assert any(len(one.labels) == 2 for one in learnt)
    assert any(not one.labels and any(mark for _, mark in tokens(one.text)) for one in learnt)
    assert learnt[-1].lines == ()


# --- the workbook ---------------------------------------------------------------------------------------------------


def test_the_models_of_the_workbook_are_up_to_date_and_weigh_three_megabytes_at_most() -> None:
    stale: list[str] = []
    files = {path: content for path, content, _ in built(ROOT, stale=stale)}
    assert stale == []
    assert all(path.read_bytes() == content for path, content in files.items())
    assert sum(map(len, files.values())) <= 3_000_000
    assert {path.name for path in files} == {READING}


def test_held_out_lines_are_read_as_well_as_they_must_be() -> None:
    found = report.figures(report.held_out(ROOT), report.sort_of)
    assert report.under_the_bar(found["ordinaires"]) == []
    assert found["ordinaires"].total > 1000
    assert found["pièges"].total > 200


def test_a_report_tells_what_is_under_the_bar() -> None:
    figures = report.Figures()
    for _ in range(9):
        figures.add("right", True)
    assert report.under_the_bar(figures) == []
    figures.add("denied", True)
    assert [said.split()[0] for said in report.under_the_bar(figures)] == ["90,0", "10,0"]
