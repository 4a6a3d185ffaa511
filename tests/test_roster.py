"""The class list: every usual file is read, every mistake has its line, and a student is found only for sure."""

from __future__ import annotations

import io
import pickle
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from autograder.identity import Listed, Roster
from autograder.identity.class_list import HEADER, RosterProblems, read_roster, write_roster
from crc_lab.core.text import bare, clean_line
from crc_lab.excel.files import read_csv

INES = Listed("igarnier", "Garnier", "Inès", "ines.garnier@ecole.example", "1BTS")
IN_GROUPS = Roster((Listed("igarnier", "Garnier", "Inès", "", "1BTS, Les requins"),))
PAUL = Listed("pbenali", "Benali", "Paul", "paul.benali@ecole.example", "1BTS")
MARTIN1, MARTIN2 = Listed("jmartin1", "Martin", "Jean"), Listed("jmartin2", "Martin", "Jean")
CLASS = Roster((INES, PAUL, MARTIN1, MARTIN2))


def listed(folder: Path, text: str | bytes, name: str = "classe.csv", encoding: str = "utf-8") -> tuple[Listed, ...]:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return read_roster(path).students


def problems(folder: Path, text: str | bytes, name: str = "classe.csv") -> tuple[str, ...]:
    with pytest.raises(RosterProblems) as caught:
        listed(folder, text, name)
    return caught.value.problems


# --- the files of Moodle, of Pronote and of people --------------------------------------------------------------------

MOODLE = "Prénom,Nom de famille,Numéro d’identification,Adresse de courriel,Groupes\n"
FILES = {
    "Moodle, participants": MOODLE + "Inès,Garnier,igarnier,ines.garnier@ecole.example,1BTS\n",
    "Moodle, participants in English": (
        "First name,Last name,ID number,Email address,Groups\nInès,Garnier,igarnier,ines.garnier@ecole.example,1BTS\n"
    ),
    "Moodle, straight apostrophe": (
        "Prénom,Nom de famille,Nom d'utilisateur,Adresse de courriel,Groupes\n"
        "Inès,Garnier,igarnier,ines.garnier@ecole.example,1BTS\n"
    ),
    "Moodle, grader report": (
        'Prénom,"Nom de famille","Nom d’utilisateur",Institution,Département,"Adresse de courriel",Groupe,'
        '"Devoir : Scorer (Brut)","Dernier téléchargement depuis ce cours"\n'
        "Inès,Garnier,igarnier,,,ines.garnier@ecole.example,1BTS,-,1763800000\n"
    ),
    "Moodle, grading worksheet": (
        'Identifiant,"Nom complet","Adresse de courriel","Nom d’utilisateur",Groupe,Statut,Note\n'
        "Participant48210,Inès Garnier,ines.garnier@ecole.example,igarnier,1BTS,Remis pour évaluation,\n"
    ),
    "Moodle, grading worksheet in English": (
        'Identifier,"Full name","Email address",Username,Group,Status,Grade\n'
        "Participant 48210,Inès Garnier,ines.garnier@ecole.example,igarnier,1BTS,Submitted for grading,\n"
    ),
    "Pronote": "NOM;Prénom;Classe;Courriel;Identifiant\nGarnier;Inès;1BTS;ines.garnier@ecole.example;igarnier\n",
    "Pronote, titles above": (
        "Liste des élèves de 1BTS;;;;\n;;;;\nÉlève;Classe;Né(e) le;E-mail;Login\n"
        "GARNIER Inès;1BTS;03/04/2007;ines.garnier@ecole.example;igarnier\n30 élèves;;;;\n"
    ),
    "one column for the name": (
        "NOM Prénom\tE-MAIL\tLogin\tDIVISION\nGarnier Inès\tines.garnier@ecole.example\tigarnier\t1BTS\n"
    ),
    "by hand": (
        "\n nom ; PRENOM ; mail ; identifiant ; classe ;;;\n\n Garnier ; Inès ;ines.garnier@ecole.example;igarnier;"
        "1BTS;;;\n;;;;;;;\n"
    ),
    "our own": "identifiant;nom;prenom;courriel;groupe\nigarnier;Garnier;Inès;ines.garnier@ecole.example;1BTS\n",
    "with the separator said": (
        "sep=;\nnom;prénom;courriel;login;classe\nGarnier;Inès;ines.garnier@ecole.example;igarnier;1BTS\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_every_usual_list_is_read(tmp_path: Path, name: str):
    (one,) = listed(tmp_path, FILES[name])
    assert replace(one, last_name=one.last_name.title()) == INES


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_every_usual_encoding_and_separator_is_read(tmp_path: Path, encoding: str, delimiter: str):
    text = "Nom;Prénom;Courriel\r\nLefèvre;Chloé;c@x.example\r\nD’Almeida;Kévin;k@x.example\r\n"
    found = listed(tmp_path, text.replace(";", delimiter), encoding=encoding)
    assert [(one.identifier, one.name, one.line) for one in found] == [
        ("c", "Chloé Lefèvre", 2),
        ("k", "Kévin D’Almeida", 3),
    ]


def test_a_list_of_an_old_console_or_with_doubled_letters_is_read(tmp_path: Path):
    text = "Nom;Prénom\r\nLefèvre;Chloé\r\n"
    for content in (text.encode("cp850"), text.encode().decode("cp1252").encode("utf-8-sig")):
        assert [one.name for one in listed(tmp_path, content)] == ["Chloé Lefèvre"]


def test_a_letter_that_is_lost_is_told_with_its_line(tmp_path: Path):
    text = "Nom;Prénom\nLefèvre;Chloé\nDoré;Zoé\n".encode().replace("Doré".encode(), b"Dor\xe9")
    assert problems(tmp_path, text)[0].replace("\u00a0", " ").startswith("ligne 3 : un caractère est illisible")


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("NOM;Prénom(s)", "LEFÈVRE;Chloé"),
        ("Nom de famille;Prénom 1;Prénom 2;Division", "LEFÈVRE;Chloé;Marie;NDRC1"),
        ("Identifiant unique*;Premier prénom*;Deuxième prénom;Nom de famille*;Nom d’usage", "1A;Chloé;Marie;LEFÈVRE;"),
        ("Surname;Given names", "LEFÈVRE;Chloé"),
        ("Nom de naissance;Nom d'usage;Prénom", "LEFÈVRE;;Chloé"),
        ("Nom de naissance;Nom d'usage;Prénom", "Durand;LEFÈVRE;Chloé"),
        ("« Nom » :;Prénom de l’élève", "LEFÈVRE;Chloé"),
    ],
)
def test_the_columns_are_known_by_their_words(tmp_path: Path, header: str, line: str):
    (one,) = listed(tmp_path, f"{header}\n{line}\n")
    assert (one.last_name, one.first_name) == ("LEFÈVRE", "Chloé")


def test_a_list_without_names_tells_the_columns_it_found(tmp_path: Path):
    (problem,) = problems(tmp_path, "Courriel;Tuteur\na@x.example;M. Roy\n")
    assert problem.replace("\u00a0", " ").endswith("Colonnes trouvées : « Courriel » et « Tuteur ».")


def test_an_excel_list_is_read_and_its_numbers_stay_identifiers(tmp_path: Path):
    book = Workbook()
    for row in (["Liste 1BTS"], [], ["Nom", "Prénom", "Numéro d’étudiant"], ["Garnier", "Inès", 20261234]):
        book.worksheets[0].append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    assert listed(tmp_path, buffer.getvalue(), "classe.xlsx") == (Listed("20261234", "Garnier", "Inès"),)


@pytest.mark.parametrize(
    ("header", "text", "last", "first"),
    [
        ("Élève", "GARNIER Inès", "GARNIER", "Inès"),
        ("Élève", "LE GOFF Maëlle", "LE GOFF", "Maëlle"),
        ("Élève", "Inès GARNIER-D’ARC", "GARNIER-D’ARC", "Inès"),
        ("Nom complet", "Jean-Baptiste Perrin Colas", "Perrin Colas", "Jean-Baptiste"),
        ("Nom et prénom", "Garnier Inès Marie", "Garnier", "Inès Marie"),
        ("Nom Prénom", "De La Tour Jean", "De La Tour", "Jean"),
        ("NOM Prénom", "LE GOFF MAËLLE", "LE GOFF", "MAËLLE"),
        ("Prénom / Nom de famille", "Inès Garnier", "Garnier", "Inès"),
        ("Nom", "Garnier Inès", "Garnier", "Inès"),
        ("Élève", "J. Martin", "Martin", "J."),
        ("Élève", "Prince", "Prince", ""),
        ("Full name", '"Garnier, Inès"', "Garnier", "Inès"),
    ],
)
def test_a_whole_name_is_cut_by_its_comma_its_capitals_or_the_order_of_the_list(
    tmp_path: Path, header: str, text: str, last: str, first: str
):
    (one,) = listed(tmp_path, f"{header};Classe\n{text};1BTS\n")
    assert (one.last_name, one.first_name) == (last, first)


def test_a_comma_that_cuts_the_name_in_two_loses_nothing(tmp_path: Path):
    assert listed(tmp_path, "Élève\nGARNIER, Inès\nBENALI, Paul\n") == (
        Listed("ines-garnier", "GARNIER", "Inès"),
        Listed("paul-benali", "BENALI", "Paul"),
    )


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ('"O""Neil, (Nel)"', 'Zoé O"Neil, (Nel)'),
        ("=HYPERLINK(0)", "Zoé =HYPERLINK(0)"),
        ('"Garnier\r\nDupont"', "Zoé Garnier Dupont"),
        ("'t Hooft", "Zoé 't Hooft"),
        ("x" * 255, f"Zoé {'x' * 199}…"),
        ("\u202eGarnier\u200f", "Zoé Garnier"),
        ("عليّ", "Zoé عليّ"),
    ],
)
def test_strange_names_survive_on_one_line(tmp_path: Path, cell: str, name: str):
    one, other = listed(tmp_path, f"Nom;Prénom\n{cell};Zoé\nGarnier;Inès\n")
    assert (one.name, other.name) == (name, "Inès Garnier")


# --- identifiers ------------------------------------------------------------------------------------------------------


def made(folder: Path, text: str) -> list[str]:
    return [one.identifier for one in listed(folder, text)]


def test_missing_identifiers_come_from_the_address_else_the_name(tmp_path: Path):
    text = "identifiant;nom;prénom;mail\n;Garnier;Inès;ines.g@x.example\nMB;Benali;Mehdi;\n;D’Almeida;Kévin;\n"
    assert made(tmp_path, text) == ["ines.g", "MB", "kevin-dalmeida"]


def test_made_identifiers_are_distinct_and_do_not_depend_on_the_order(tmp_path: Path):
    lines = ["Martin;Jean;jean@a.example", "Martin;Jeanne;jean@b.example", "Roux;Léa;lea@a.example", "Roux;Léa;"]
    forward = made(tmp_path, "nom;prénom;mail\n" + "\n".join(lines))
    backward = made(tmp_path, "nom;prénom;mail\n" + "\n".join(reversed(lines)))
    assert forward == ["jean@a.example", "jean@b.example", "lea", "lea-roux"]
    assert backward == forward[::-1]


def test_homonyms_are_legal(tmp_path: Path):
    assert made(tmp_path, "nom;prénom\nMartin;Jean\nMartin;Jean\n") == ["jean-martin", "jean-martin-2"]
    assert made(tmp_path, "id;nom;prénom\njean-martin;Roux;Léa\n;Martin;Jean\n") == ["jean-martin", "jean-martin-2"]


def test_a_family_may_share_an_address(tmp_path: Path):
    text = "nom;prénom;mail\nRoux;Léa;famille@x.example\nRoux;Tom;famille@x.example\n"
    assert made(tmp_path, text) == ["lea-roux", "tom-roux"]


def test_moodles_number_of_a_worksheet_is_no_identifier(tmp_path: Path):
    assert made(tmp_path, 'Identifiant,"Nom complet"\nParticipant48210,Inès Garnier\n') == ["ines-garnier"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc", "etc"),
        ("=cmd|x", "cmd-x"),
        ("a/b\\c", "a-b-c"),
        ("é.ü@x-y_z", "é.ü@x-y_z"),
        ("?!", "ines-garnier"),
    ],
)
def test_an_identifier_can_be_a_folder_and_a_cell(tmp_path: Path, given: str, kept: str):
    assert made(tmp_path, f"identifiant;nom;prénom\n{given};Garnier;Inès\n") == [kept]


# --- mistakes ---------------------------------------------------------------------------------------------------------


def test_every_mistake_is_told_at_once_with_its_line(tmp_path: Path):
    text = "identifiant;nom;prénom\na;Garnier;Inès\n\nb;;\nA;Benali;Paul\n;;\n"
    first, second = problems(tmp_path, text)
    assert first == "ligne 4 : cette ligne ne donne aucun nom. Complétez-la ou effacez-la."
    assert second == (
        "lignes 2 (Inès Garnier) et 5 (Paul Benali) : même identifiant « a ». "
        "Corrigez-les, ou effacez ce qui est en trop."
    )


def test_one_student_twice_is_a_mistake(tmp_path: Path):
    text = "nom;prénom;mail\nRoux;Léa;l@x.example\nROUX;LEA;L@x.example\n"
    assert problems(tmp_path, text)[0].startswith("lignes 2 (Léa Roux) et 3 (LEA ROUX) : même adresse")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "ce fichier est vide"),
        ("Garnier;Inès\nBenali;Paul\n".encode(), "aucune ligne d’en-têtes reconnue. Ajoutez une première ligne"),
        (b"Identifiant;Note\nParticipant12;15\n", "ligne 1 : aucune colonne ne donne les noms. Ajoutez une colonne"),
        ("Nom;Prénom\n".encode(), "aucun élève sous les en-têtes de la ligne 1"),
        (b"%PDF-1.7", "ce n’est pas un tableau"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "ancien format (.xls"),
        (b"PK\x03\x04rien", "ce fichier Excel est abîmé"),
    ],
)
def test_a_file_that_is_no_list_says_what_to_do(tmp_path: Path, content: bytes, said: str):
    (problem,) = problems(tmp_path, content)
    assert said in problem
    assert problem.count(".") >= 2 or problem.endswith(".")


def test_a_missing_file_or_a_folder_is_told(tmp_path: Path):
    for path, said in ((tmp_path / "rien.csv", "introuvable"), (tmp_path, "c’est un dossier")):
        with pytest.raises(RosterProblems, match=said):
            read_roster(path)


def test_the_problems_name_the_file_and_survive_pickling(tmp_path: Path):
    with pytest.raises(RosterProblems) as caught:
        listed(tmp_path, "nom;prénom\n;\n", "1BTS.csv")
    one = caught.value
    assert str(one).startswith("Liste de classe « 1BTS.csv » : aucun élève")
    two = RosterProblems("x.csv", ("a.", "b."))
    assert str(two).splitlines()[1:] == ["  • a.", "  • b."]
    assert pickle.loads(pickle.dumps(two)).problems == two.problems


# --- written ----------------------------------------------------------------------------------------------------------

HOSTILE = Roster((
    Listed("a", "=1+1", "'Inès", "+x@x.example", "@groupe"),
    Listed("b", 'O"Neil; dit', "-Zoé", "", "1, BTS"),
    Listed("c", "'t Hooft", "Jean"),
    Listed("d", "عليّ", ""),
    Listed("e", "Martin", "Jean"),
    Listed("f", "Martin", "Jean", "j@x.example"),
))  # fmt: skip


@pytest.mark.parametrize("roster", [CLASS, HOSTILE], ids=["usual", "hostile"])
def test_a_written_list_is_read_back_the_same(tmp_path: Path, roster: Roster):
    path = tmp_path / "classe.csv"
    write_roster(roster, path)
    assert read_roster(path) == roster
    assert [one.line for one in read_roster(path).students] == list(range(2, len(roster.students) + 2))


LETTERS = st.characters(exclude_categories=("C", "Zl", "Zp"), exclude_characters="\ufffd")  # refused: a lost letter
CELLS = st.text(LETTERS, max_size=12).map(lambda text: bare(clean_line(text))).filter(lambda text: text[:1] != "#")
PEOPLE = st.lists(st.tuples(CELLS.filter(bool), CELLS, CELLS, CELLS), min_size=1, max_size=6)


@settings(max_examples=200)
@given(PEOPLE)
def test_any_list_survives_the_way_to_the_file_and_back(people: list[tuple[str, str, str, str]]):
    roster = Roster(tuple(Listed(f"id{n}", *cells) for n, cells in enumerate(people)))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "classe.csv"
        write_roster(roster, path)
        assert read_roster(path) == roster


def test_a_written_list_is_ours_and_holds_no_formula(tmp_path: Path):
    path = tmp_path / "classe.csv"
    write_roster(HOSTILE, path)
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfidentifiant;nom;prenom;courriel;groupe\r\n")
    cells = read_csv(content, "classe.csv").grids[0].cells.values()
    assert not [cell.value for cell in cells if str(cell.value).startswith(("=", "+", "-", "@"))]
    assert HEADER == ("identifiant", "nom", "prenom", "courriel", "groupe")


# --- found ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "identifier", "expected"),
    [
        ("Inès Garnier", "igarnier", INES),
        ("", "IGarnier", INES),
        ("", "ines.garnier@ECOLE.example", INES),
        ("garnier INES", "", INES),
        ("Inès Garnier", "n’importe quoi", INES),
        ("Ines", "igarnier", INES),
        ("I. Garnier", "igarnier", INES),
        ("Inès Marie Garnier", "igarnier", INES),
        ("Jean Martin", "jmartin2", MARTIN2),
        ("Jean Martin", "", None),
        ("Inès", "", None),
        ("Garnier", "", None),
        ("Ynès Garnier", "", None),
        ("Paul Benali", "igarnier", None),
        ("Paul Garnier", "igarnier", None),
        ("Paul", "jmartin1", None),
        ("", "", None),
        ("", "igarn", None),
    ],
)
def test_a_student_is_found_by_identifier_address_or_whole_name(name: str, identifier: str, expected: Listed | None):
    assert CLASS.named(name, identifier) is expected


@pytest.mark.parametrize(
    ("name", "sheet"),
    [
        ("D’Almeida", "DAlmeida"),
        ("D’Almeida", "d'almeida"),
        ("Jean-Baptiste", "Jean Baptiste"),
        ("Le Goff", "LE GOFF"),
        ("Müller", "Muller"),
        ("Łukasz", "Lukasz"),
        ("عليّ", "عليّ"),
        ("O:Neil", "o neil"),
    ],
)
def test_what_moodle_and_keyboards_do_to_a_name_is_no_difference(name: str, sheet: str):
    roster = Roster((Listed("x", name, "Zoé"), INES))
    assert roster.named(f"Zoé {sheet}", "") is roster.students[0]


def test_moodle_lists_the_groups_of_one_student_with_commas():
    assert IN_GROUPS.groups == {("1bts",), ("les", "requins")}


def test_a_long_list_is_searched_at_once():
    roster = Roster(tuple(Listed(f"id{n}", f"Nom{n}", f"Prénom{n}") for n in range(5000)))
    assert [roster.named(f"nom{n} prenom{n}", "") for n in range(5000)] == list(roster.students)
