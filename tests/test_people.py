"""From copies to people in a whole class: nobody takes over somebody else's result, ids are stable and unique."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from autograder.identity.roster import Listed, Roster
from autograder.marking.marked import ClassResult
from tests.sample_copies import A3, A4, A6, archive, codes, copy, mark, moodle

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


# --- two assignments unzipped into one folder -------------------------------------------------------------------------

NAMES_OF_CLASS = ("Inès Garnier", "Paul Benali", "Zoé Roux")
MARTIN = Listed("jmartin", "Martin", "Jean")


def given(name: str, number: int, *activities: str, sheet: str | None = None, identifier: str = "") -> dict[str, bytes]:
    """What Moodle's folder of that name and number holds; ``sheet``: the name typed in it, none by default."""
    return {
        moodle(name, number, f"{activity}.ipynb"): copy(activity, name=sheet or "", identifier=identifier)
        for activity in activities
    }


def side_by_side(*activities: str, names: tuple[str, ...] = NAMES_OF_CLASS) -> dict[str, bytes]:
    """The assignments of these activities: the students of the first have the numbers 1001, 1002…"""
    files = {}
    for assignment, activity in enumerate(activities, start=1):
        for number, name in enumerate(names, start=1):
            files |= given(name, 1000 * assignment + number, activity)
    return files


def shares(result: ClassResult) -> dict[str, list[str]]:
    """What each student handed in, by id."""
    return {student.id: sorted(student.copies) for student in result.students}


def told(result: ClassResult, *looked_for: str) -> list[str]:
    return [code for code in codes(result) if code in (looked_for or ("IDENTITE-DISPUTEE", "MEME-NOM"))]


@pytest.mark.parametrize("roster", [CLASS, None], ids=["with a list", "without"])
def test_two_assignments_in_one_folder_are_one_person_each(tmp_path: Path, roster: Roster | None):
    result = mark(tmp_path, side_by_side(A3, A4, A6), roster=roster)
    assert sorted(shares(result).values()) == [[A3, A4, A6]] * 3
    assert [student.person.name for student in result.students] == list(NAMES_OF_CLASS)
    assert (told(result), result.absent) == ([], ())
    assert all(student.listed for student in result.students) == (roster is not None)


@pytest.mark.parametrize("roster", [CLASS, None], ids=["with a list", "without"])
def test_those_who_handed_in_one_of_the_two_assignments_stay_as_they_are(tmp_path: Path, roster: Roster | None):
    files = side_by_side(A3, A6)
    del files[moodle("Paul Benali", 1002, f"{A3}.ipynb")]
    result = mark(tmp_path, files, roster=roster)
    assert sorted(shares(result).values()) == [[A3, A6], [A3, A6], [A6]]
    assert told(result) == []


def test_the_order_of_the_assignments_changes_no_id(tmp_path: Path):
    one, other = mark(tmp_path / "a", side_by_side(A3, A6)), mark(tmp_path / "b", side_by_side(A6, A3))
    assert shares(one) == shares(other) == {slug: [A3, A6] for slug in ("ines-garnier", "paul-benali", "zoe-roux")}


def test_a_flat_folder_reads_the_same(tmp_path: Path):
    files = {path.replace("_file/", "_file_"): content for path, content in side_by_side(A3, A6).items()}
    assert sorted(shares(mark(tmp_path, files)).values()) == [[A3, A6]] * 3


def test_a_folder_that_was_zipped_again_reads_the_same(tmp_path: Path):
    files = {f"copies/{path}": content for path, content in side_by_side(A3, A6).items()}
    assert sorted(shares(mark(tmp_path, {"copies.zip": archive(files)})).values()) == [[A3, A6]] * 3


def test_one_folder_per_assignment_needs_no_rule(tmp_path: Path):
    files = {f"devoir {path.split('_')[1][0]}/{path}": content for path, content in side_by_side(A3, A6).items()}
    assert sorted(shares(mark(tmp_path, files)).values()) == [[A3, A6]] * 3


def test_a_student_who_hands_in_again_under_one_number_changes_nothing(tmp_path: Path):
    files = side_by_side(A3, A6)
    files[moodle("Inès Garnier", 1001, "nouveau.ipynb")] = copy(A3, BLANK, name="", identifier="", date=LATER)
    result = mark(tmp_path, files, roster=CLASS)
    assert shares(result)["igarnier"] == [A3, A6]
    assert told(result, "COPIES-MULTIPLES", "IDENTITE-DISPUTEE") == ["COPIES-MULTIPLES"]


def test_a_file_that_is_no_copy_neither_puts_together_nor_keeps_apart(tmp_path: Path):
    files = {
        **side_by_side(A3, A6),
        moodle("Inès Garnier", 1001, "capture.png"): b"\x89PNG",
        moodle("Inès Garnier", 3001, "abime.ipynb"): b"{",
        moodle("Paul Benali", 2002, "06_scorer.pdf"): b"%PDF",
    }
    result = mark(tmp_path, files)
    assert sorted(shares(result).values()) == [[A3, A6]] * 3
    assert len(result.rejections) == 3


# Homonyms of one assignment: never one person.


@pytest.mark.parametrize("roster", [Roster((*CLASS.students, MARTIN)), None], ids=["with a list", "without"])
@pytest.mark.parametrize("numbers", [(1041, 1007), (1041, 1007, 2041), (1041, 1007, 2041, 2007)])
def test_a_name_that_handed_in_one_activity_twice_is_never_put_together(
    tmp_path: Path, roster: Roster | None, numbers: tuple[int, ...]
):
    files = side_by_side(A3, A6)
    for number in numbers:
        files |= given("Jean Martin", number, A3 if number < 2000 else A6)
    result = mark(tmp_path, files, roster=roster)
    martins = [student for student in result.students if student.person.name == "Jean Martin"]
    assert [len(student.copies) for student in martins] == [1] * len(numbers)
    assert all(student.listed is None for student in martins)
    assert len(result.students) == 3 + len(numbers)
    assert len(told(result)) == (len(numbers) if roster is not None or len(numbers) > 2 else 0)


def test_homonyms_of_the_list_are_never_put_together(tmp_path: Path):
    files = side_by_side(A3, A6) | given("Jean Martin", 1041, A3) | given("Jean Martin", 2007, A6)
    result = mark(tmp_path, files, roster=Roster((*CLASS.students, MARTIN1, MARTIN2)))
    assert {"jean-martin-1041": [A3], "jean-martin-2007": [A6]}.items() <= shares(result).items()
    assert told(result, "ELEVE-AMBIGU") == ["ELEVE-AMBIGU"] * 2
    assert result.absent == (MARTIN1, MARTIN2)


def test_homonyms_with_their_own_identifiers_are_never_put_together(tmp_path: Path):
    files = side_by_side(A3, A6)
    files |= given("Jean Martin", 1041, A3, sheet="Jean Martin", identifier="jm1")
    files |= given("Jean Martin", 2007, A6, sheet="Jean Martin", identifier="jm2")
    result = mark(tmp_path, files)
    assert {"jm1": [A3], "jm2": [A6]}.items() <= shares(result).items()
    assert told(result) == ["MEME-NOM"] * 2


@pytest.mark.parametrize("roster", [Roster((*CLASS.students, MARTIN)), None], ids=["with a list", "without"])
def test_homonyms_of_an_assignment_of_several_activities_are_never_put_together(tmp_path: Path, roster: Roster | None):
    files = given("Jean Martin", 41, A3) | given("Jean Martin", 7, A6) | given("Inès Garnier", 12, A3, A6)
    result = mark(tmp_path, files, roster=roster)
    assert sorted(shares(result).values()) == [[A3], [A3, A6], [A6]]
    assert told(result) == ["MEME-NOM" if roster is None else "IDENTITE-DISPUTEE"] * 2


@pytest.mark.parametrize("roster", [Roster((*CLASS.students, MARTIN)), None], ids=["with a list", "without"])
def test_in_moodles_own_archive_two_numbers_are_always_two_people(tmp_path: Path, roster: Roster | None):
    """An archive is one assignment: there is nothing to ask, whatever its homonyms share out."""
    names = ("Jean Martin", "Inès Garnier")
    result = mark(tmp_path, {"devoir.zip": archive(side_by_side(A3, A6, names=names))}, roster=roster)
    assert sorted(shares(result).values()) == [[A3], [A3], [A6], [A6]]
    assert told(result) == ([] if roster is None else ["IDENTITE-DISPUTEE"] * 4)


def test_two_numbers_alone_with_nothing_to_tell_stay_two_people_and_the_teacher_is_asked(tmp_path: Path):
    files = given("Jean Martin", 1041, A3) | given("Jean Martin", 207, A6) | given("Inès Garnier", 1001, A3)
    result = mark(tmp_path, files)
    assert shares(result) == {"jean-martin-1041": [A3], "jean-martin-207": [A6], "ines-garnier": [A3]}
    (text,) = {one.text for copy in result.copies for one in copy.incidents if one.code == "MEME-NOM"}
    assert text.startswith(
        "«\u00a0Jean Martin\u00a0» a 2 numéros de Moodle (207 et 1041), avec des activités différentes"
    )
    assert "les copies restent séparées" in text
    assert incidents_of(result, "Inès Garnier") == []


def incidents_of(result: ClassResult, name: str) -> list[str]:
    return [one.code for copy in result.copies if copy.person.name == name for one in copy.incidents]


# What tells that it is one person.


def test_the_list_tells_for_a_student_alone(tmp_path: Path):
    files = given("Jean Martin", 1041, A3) | given("Jean Martin", 2007, A6)
    assert shares(mark(tmp_path, files, roster=Roster((MARTIN,)))) == {"jmartin": [A3, A6]}


def test_one_identifier_in_both_sheets_tells_for_a_student_alone(tmp_path: Path):
    files = given("Jean Martin", 1041, A3, sheet="Jean Martin", identifier="jm")
    files |= given("Jean Martin", 2007, A6, sheet="MARTIN Jean", identifier="JM")
    result = mark(tmp_path, files)
    assert (shares(result), told(result)) == ({"jm": [A3, A6]}, [])


def test_an_identifier_that_others_give_too_tells_nothing(tmp_path: Path):
    """« NDRC1 », typed by half of the class."""
    files = given("Jean Martin", 1041, A3, sheet="Jean Martin", identifier="NDRC1")
    files |= given("Jean Martin", 2007, A6, sheet="Jean Martin", identifier="NDRC1")
    files |= given("Zoé Roux", 1003, A3, sheet="Zoé Roux", identifier="NDRC1")
    result = mark(tmp_path, files)
    assert sorted(shares(result).values()) == [[A3], [A3], [A6]]
    assert told(result) == ["MEME-NOM"] * 2


@pytest.mark.parametrize("roster", [CLASS, None], ids=["with a list", "without"])
def test_a_student_who_puts_everything_in_one_assignment_costs_the_others_nothing(
    tmp_path: Path, roster: Roster | None
):
    files = side_by_side(A3, A6) | given("Léo Caron", 2004, A3, A6)
    result = mark(tmp_path, files, roster=roster)
    assert sorted(shares(result).values()) == [[A3, A6]] * 4
    assert told(result) == []


@pytest.mark.parametrize("roster", [CLASS, None], ids=["with a list", "without"])
def test_an_activity_handed_in_under_both_numbers_is_for_the_teacher(tmp_path: Path, roster: Roster | None):
    """By mistake, or by a homonym: Moodle's names do not tell."""
    files = side_by_side(A3, A6, names=(*NAMES_OF_CLASS, "Léo Caron")) | given("Inès Garnier", 2001, A3, A6)
    result = mark(tmp_path, files, roster=roster)
    assert sorted(shares(result).values()) == [[A3], [A3, A6], [A3, A6], [A3, A6], [A3, A6]]
    assert sum(student.person.name == "Inès Garnier" for student in result.students) == 2
    assert told(result) == ["MEME-NOM" if roster is None else "IDENTITE-DISPUTEE"] * 3


def test_a_stranger_to_the_list_is_one_person_too(tmp_path: Path):
    files = side_by_side(A3, A6) | given("Léo Caron", 1004, A3) | given("Léo Caron", 2004, A6)
    result = mark(tmp_path, files, roster=CLASS)
    assert shares(result)["leo-caron"] == [A3, A6]
    assert told(result, "HORS-LISTE") == ["HORS-LISTE"] * 2


def test_two_numbers_whose_sheets_name_two_students_of_the_list_are_two_people(tmp_path: Path):
    """Moodle shows last names only: « Garnier » is Inès, or Paul."""
    roster = Roster((Listed("igarnier", "Garnier", "Inès"), Listed("pgarnier", "Garnier", "Paul"), PAUL, ZOE))
    for sheets, expected in ((("Inès", "Paul"), [[A3], [A6]]), (("Inès", "Inès"), [[A3, A6]])):
        files = side_by_side(A3, A6, names=("Paul Benali", "Zoé Roux"))
        files |= given("Garnier", 1041, A3, sheet=f"{sheets[0]} Garnier")
        files |= given("Garnier", 2007, A6, sheet=f"{sheets[1]} Garnier")
        result = mark(tmp_path / sheets[1], files, roster=roster)
        assert [shares(result)[name] for name in ("igarnier", "pgarnier") if name in shares(result)] == expected
        assert told(result) == []


# Attacks, and names that are nobody's.


@pytest.mark.parametrize("roster", [CLASS, None], ids=["with a list", "without"])
def test_a_sheet_gives_nobody_a_second_number(tmp_path: Path, roster: Roster | None):
    """Paul signs the activity that Inès did not hand in."""
    files = side_by_side(A3, A6)
    del files[moodle("Inès Garnier", 2001)], files[moodle("Paul Benali", 2002)]
    files |= given("Paul Benali", 2002, A6, sheet="Inès Garnier", identifier="igarnier")
    result = mark(tmp_path, files, roster=roster)
    found = {student.person.name: sorted(student.copies) for student in result.students}
    assert found == {"Inès Garnier": [A3], "Paul Benali": [A3, A6], "Zoé Roux": [A3, A6]}


@pytest.mark.parametrize("roster", [CLASS, None], ids=["with a list", "without"])
def test_blind_numbers_are_never_put_together(tmp_path: Path, roster: Roster | None):
    """Moodle names nobody, and a sheet may be anybody's."""
    files: dict[str, bytes] = {}
    for assignment, activity in ((1000, A3), (2000, A6)):
        for number, name in enumerate(NAMES_OF_CLASS, start=1):
            files |= given("Participant", assignment + number, activity, sheet=name)
    result = mark(tmp_path, files, roster=roster)
    assert [len(student.copies) for student in result.students] == [1] * 6
    assert told(result) == ([] if roster is None else ["IDENTITE-DISPUTEE"] * 6)


def test_a_blind_claim_takes_nothing_from_the_two_numbers_of_a_student(tmp_path: Path):
    files = side_by_side(A3, A6) | given("Participant", 3001, A4, sheet="Inès Garnier", identifier="igarnier")
    result = mark(tmp_path, files, roster=CLASS)
    assert shares(result)["igarnier"] == [A3, A6]
    assert told(result) == ["IDENTITE-DISPUTEE"]


def test_the_works_of_a_group_are_not_put_together_by_its_name(tmp_path: Path):
    files = side_by_side(A3, A6) | given("Groupe 1", 1050, A3, sheet="Léo Caron")
    files |= given("Groupe 1", 2050, A6, sheet="Anna Zola")
    result = mark(tmp_path, files)
    found = {student.person.name: sorted(student.copies) for student in result.students}
    assert (found["Léo Caron"], found["Anna Zola"]) == ([A3], [A6])


def test_a_loose_notebook_joins_the_student_of_the_two_numbers(tmp_path: Path):
    files = side_by_side(A3, A6) | {"courriel/04 Inès.ipynb": copy(A4, name="Inès Garnier", identifier="")}
    assert shares(mark(tmp_path, files))["ines-garnier"] == [A3, A4, A6]


def test_the_assignment_of_another_archive_joins_the_student_of_the_two_numbers(tmp_path: Path):
    files = side_by_side(A3, A6) | {"devoir 4.zip": archive(side_by_side(A4))}
    assert sorted(shares(mark(tmp_path, files)).values()) == [[A3, A4, A6]] * 3
