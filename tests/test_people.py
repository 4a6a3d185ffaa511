"""From copies to people in a whole class: nobody takes over somebody else's result, ids are stable and unique."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from autograder.marking import ClassResult
from autograder.roster import Listed, Roster
from tests.sample_copies import A3, A6, archive, codes, copy, mark, moodle

INES, PAUL, ZOE = (
    Listed("igarnier", "Garnier", "Inès"),
    Listed("pbenali", "Benali", "Paul"),
    Listed("zroux", "Roux", "Zoé"),
)
MARTIN1, MARTIN2 = Listed("jm1", "Martin", "Jean"), Listed("jm2", "Martin", "Jean")
CLASS = Roster((INES, PAUL, ZOE))

BLANK: dict[str, object] = {}


def full(name: str = "", identifier: str = "", **more: object) -> bytes:
    return copy(A6, name=name, identifier=identifier, **more)


def blank(name: str = "", identifier: str = "", **more: object) -> bytes:
    return copy(A6, BLANK, name=name, identifier=identifier, **more)


def marks(result: ClassResult) -> dict[str, float]:
    """The mark of each student in activity 6, by id."""
    return {student.id: student.copies[A6].points for student in result.students}


def incidents(result: ClassResult, student_id: str) -> list[str]:
    (student,) = [student for student in result.students if student.id == student_id]
    return [incident.code for incident in student.copies[A6].incidents if incident.code != "COPIE-VIDE"]


# --- the class list ---------------------------------------------------------------------------------------------------


def test_with_a_list_people_have_its_names_its_identifiers_and_its_absent(tmp_path: Path):
    files = {moodle("GARNIER Ines", 1): full("ines garnier"), moodle("Paul Benali", 2): blank("P. Benali", "pb")}
    result = mark(tmp_path, {"c.zip": archive(files)}, roster=CLASS)
    assert [(student.id, student.person.name, student.listed) for student in result.students] == [
        ("pbenali", "Paul Benali", PAUL),
        ("igarnier", "Inès Garnier", INES),
    ][::-1]
    assert [one.person.identifier for one in result.copies] == ["igarnier", "pbenali"]
    assert (result.absent, result.roster_given) == ((ZOE,), True)
    assert codes(result) == ["COPIE-VIDE"]


def test_without_a_list_nobody_is_absent(tmp_path: Path):
    result = mark(tmp_path, {"a.ipynb": full("Inès Garnier", "igarnier")})
    assert (result.absent, result.roster_given, result.students[0].listed) == ((), False, None)


def test_an_empty_list_makes_everybody_foreign(tmp_path: Path):
    result = mark(tmp_path, {"a.ipynb": full("Inès Garnier", "igarnier")}, roster=Roster(()))
    assert (codes(result), result.roster_given, marks(result)) == (["HORS-LISTE"], True, {"igarnier": 20})


def test_somebody_who_is_not_in_the_list_is_marked_apart(tmp_path: Path):
    result = mark(tmp_path, {"a.ipynb": full("Léo Caron", "lcaron")}, roster=CLASS)
    assert (marks(result), codes(result)) == ({"lcaron": 20}, ["HORS-LISTE"])
    assert result.absent == CLASS.students


def test_homonyms_of_the_list_are_told_apart_or_left_apart(tmp_path: Path):
    roster = Roster((MARTIN1, MARTIN2))
    files = {moodle("Jean Martin", 1): full("Jean Martin", "jm2"), moodle("Jean Martin", 2): blank("Jean Martin")}
    result = mark(tmp_path, {"c.zip": archive(files)}, roster=roster)
    assert marks(result) == {"jm2": 20, "jean-martin": 0}
    assert incidents(result, "jean-martin") == ["ELEVE-AMBIGU"]
    assert result.absent == (MARTIN1,)


def test_one_student_of_the_list_is_followed_through_every_kind_of_place(tmp_path: Path):
    files = {
        "tp3.zip": archive({moodle("Inès Garnier", 1): copy(A3, name="", identifier="")}),
        "cours/submitted/igarnier/06_scorer/06_scorer.ipynb": full(),
        "autres/06_scorer_Garnier Ines.ipynb": blank(date=""),
    }
    result = mark(tmp_path, files, roster=CLASS)
    (student,) = result.students
    assert (student.id, sorted(student.copies)) == ("igarnier", [A3, A6])
    assert incidents(result, "igarnier") == ["COPIES-MULTIPLES"]


def test_a_silent_notebook_of_a_blind_folder_goes_with_the_one_that_speaks(tmp_path: Path):
    files = {
        moodle("Participant", 7, "06_scorer.ipynb"): full("Inès Garnier"),
        moodle("Participant", 7, "03_structurer.ipynb"): copy(A3, name="", identifier=""),
    }
    (student,) = mark(tmp_path, {"c.zip": archive(files)}, roster=CLASS).students
    assert (student.id, sorted(student.copies)) == ("igarnier", [A3, A6])


# --- attacks: the identifier or the name of somebody else -------------------------------------------------------------

LATER = "2026-11-29T10:00:00+01:00"
HONEST = {moodle("Inès Garnier", 1): full("Inès Garnier", "igarnier")}
FORGED = {
    "identifier": blank("Paul Benali", "igarnier", date=LATER),
    "identifier alone": blank("", "igarnier", date=LATER),
    "name": blank("Inès Garnier", "", date=LATER),
    "both": blank("Inès Garnier", "igarnier", date=LATER),
}


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize("author", ["Paul Benali", "Paul Garnier", "Anna Zola"])
@pytest.mark.parametrize("roster", [CLASS, None], ids=["with a list", "without"])
def test_nobody_takes_over_a_result_in_a_moodle_archive(
    tmp_path: Path, forged: str, author: str, roster: Roster | None
):
    for order in itertools.permutations([*HONEST.items(), (moodle(author, 2), FORGED[forged])]):
        result = mark(tmp_path, {"c.zip": archive(dict(order))}, roster=roster)
        assert marks(result)["igarnier"] == 20
        assert sorted(marks(result).values()) == [0, 20]
        (other,) = [student for student in result.students if student.id != "igarnier"]
        assert other.person.name == author
        assert other.person.identifier in ("", "pbenali")
        assert {"ELEVE-DIFFERENT", "IDENTIFIANT-AUTRE", "IDENTIFIANT-PARTAGE"} & set(incidents(result, other.id))


@pytest.mark.parametrize("forged", ["identifier", "both", "name"])
def test_nobody_takes_over_a_result_in_nbgraders_tree(tmp_path: Path, forged: str):
    tree = "submitted/{}/06_scorer/06_scorer.ipynb".format
    files = {tree("igarnier"): full(), tree("pbenali"): FORGED[forged]}
    for roster in (CLASS, None):
        assert marks(mark(tmp_path, files, roster=roster)) == {"igarnier": 20, "pbenali": 0}


@pytest.mark.parametrize("name", ["Paul Benali", "Paul Garnier", "I. Zola"])
def test_an_identifier_claimed_by_two_names_merges_nobody(tmp_path: Path, name: str):
    files = {"a.ipynb": full("Inès Garnier", "igarnier"), "b.ipynb": blank(name, "igarnier", date=LATER)}
    result = mark(tmp_path, files)
    assert marks(result)["igarnier"] == 20
    assert len(result.students) == 2
    assert "IDENTIFIANT-PARTAGE" in codes(result)


def test_an_identifier_that_speaks_of_nobody_is_nobodys(tmp_path: Path):
    files = {"a.ipynb": full("Inès Garnier", "20261"), "b.ipynb": blank("Paul Benali", "20261")}
    result = mark(tmp_path, files)
    assert marks(result) == {"ines-garnier": 20, "paul-benali": 0}
    assert all(student.person.identifier == "" for student in result.students)
    assert codes(result).count("IDENTIFIANT-PARTAGE") == 2


def test_two_blind_folders_that_claim_one_student_are_both_left_apart(tmp_path: Path):
    files = {moodle("Participant", 1): full("Inès Garnier", "igarnier"),
             moodle("Participant", 2): blank("Inès Garnier", "igarnier", date=LATER)}  # fmt: skip
    result = mark(tmp_path, {"c.zip": archive(files)}, roster=CLASS)
    assert marks(result) == {"ines-garnier-1": 20, "ines-garnier-2": 0}
    assert all(student.listed is None for student in result.students)
    assert codes(result).count("IDENTITE-DISPUTEE") == 2


def test_moodles_word_wins_over_a_blind_claim(tmp_path: Path):
    files = {moodle("Inès Garnier", 1): full(), moodle("Participant", 2): blank("Inès Garnier", date=LATER)}
    result = mark(tmp_path, {"c.zip": archive(files)}, roster=CLASS)
    assert marks(result) == {"igarnier": 20, "ines-garnier": 0}
    assert incidents(result, "igarnier") == []
    assert incidents(result, "ines-garnier") == ["IDENTITE-DISPUTEE"]


def test_one_folder_with_two_names_is_nobodys(tmp_path: Path):
    files = {moodle("Participant", 1, "a.ipynb"): full("Inès Garnier"),
             moodle("Participant", 1, "b.ipynb"): blank("Paul Benali")}  # fmt: skip
    result = mark(tmp_path, {"c.zip": archive(files)}, roster=CLASS)
    (student,) = result.students
    assert (student.listed, "ELEVE-CONTRADICTOIRE" in codes(result)) == (None, True)


def test_an_unlisted_id_is_never_that_of_a_listed_student(tmp_path: Path):
    roster = Roster((Listed("leo-caron", "Garnier", "Inès"), PAUL))
    result = mark(tmp_path, {"a.ipynb": full("Léo Caron"), "b.ipynb": full("Léo  Caron", "PBENALI")}, roster=roster)
    assert set(marks(result)).isdisjoint({"leo-caron", "pbenali", "PBENALI"})


# --- ids --------------------------------------------------------------------------------------------------------------

NAMES = (
    "Inès, Garnier", 'Inès "Nel" Garnier', "=1+1 Garnier", "Inès\nRoux", "Inès D’Almeida", "I" * 255,
    "\u202eعلي حسن", "Jean Martin", "../../etc", "<script>", "😀", "-", "CON", "王小明",
)  # fmt: skip


def test_hostile_names_get_distinct_ids_that_harm_nothing(tmp_path: Path):
    files = {f"{n}/06_scorer.ipynb": full(name, "") for n, name in enumerate(NAMES)}
    ids = [student.id for student in mark(tmp_path, files).students]
    assert len(set(ids)) == len(NAMES)
    for name in ids:
        assert name
        assert len(name) <= 70
        assert not set(name) & set("/\\:*?\"<>|=,; \n\u202e'")
        assert not name.startswith((".", "-", "+", "@"))


@pytest.mark.parametrize("identifier", ["../../x", "a/b", "=cmd", "x" * 300, "con\x00", " ", "??"])
def test_hostile_identifiers_make_safe_ids(tmp_path: Path, identifier: str):
    (student,) = mark(tmp_path, {"a.ipynb": full("Inès Garnier", identifier)}).students
    assert set(student.id) <= set("abcdefghijklmnopqrstuvwxyz-0123456789con")


def test_homonyms_without_identifier_are_told_apart_by_moodles_number(tmp_path: Path):
    files = {moodle("Jean Martin", 41): full(), moodle("Jean Martin", 7): blank()}
    assert marks(mark(tmp_path, {"c.zip": archive(files)})) == {"jean-martin-41": 20, "jean-martin-7": 0}


def test_the_order_of_the_files_changes_no_id(tmp_path: Path):
    copies = {
        "a": full("Jean Martin"),
        "b": full("Jean Martin", "jm"),
        "c": full("Inès Garnier", "JM"),
        "d": blank("Zoé Roux"),
    }
    seen = set()
    for number, order in enumerate(itertools.permutations("wxyz")):
        files = {f"{place}/06.ipynb": copies[name] for place, name in zip(order, copies, strict=True)}
        result = mark(tmp_path / str(number), files)
        seen.add(frozenset((student.id, student.copies[A6].points) for student in result.students))
    assert len(seen) == 1
