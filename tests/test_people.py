"""From copies to people in a whole class: nobody takes over somebody else's result, ids are stable and unique."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from autograder.identity import Listed, Roster
from autograder.marking import ClassResult
from autograder.marking.batch import mark_class
from tests.sample_copies import A3, A4, A6, BANK, NOTHING_RIGHT, archive, codes, copy, mark, moodle

INES, PAUL, ZOE = (
    Listed("igarnier", "Garnier", "Inès"),
    Listed("pbenali", "Benali", "Paul"),
    Listed("zroux", "Roux", "Zoé"),
)
MARTIN1, MARTIN2 = Listed("jm1", "Martin", "Jean"), Listed("jm2", "Martin", "Jean")
CLASS = Roster((INES, PAUL, ZOE))


def full(name: str = "", identifier: str = "", **more: object) -> bytes:
    return copy(A6, name=name, identifier=identifier, **more)


def blank(name: str = "", identifier: str = "", **more: object) -> bytes:
    return copy(A6, NOTHING_RIGHT, name=name, identifier=identifier, **more)


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
    ]
    assert [one.person.identifier for one in result.copies] == ["pbenali", "igarnier"]
    assert (result.absent, result.roster_given) == ((ZOE,), True)
    assert codes(result) == []


def test_without_a_list_nobody_is_absent(tmp_path: Path):
    result = mark(tmp_path, {"a.ipynb": full("Inès Garnier", "igarnier")})
    assert (result.absent, result.roster_given, result.students[0].listed) == ((), False, None)


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


BLIND = moodle("Participant", 2)
APART: dict[str, tuple[Roster | None, dict[str, bytes], dict[str, float], dict[str, list[str]]]] = {
    "an empty list": (Roster(()), {"a": full("Inès Garnier", "ig")}, {"ig": 20}, {"ig": ["HORS-LISTE"]}),
    "not in the list": (CLASS, {"a": full("Léo Caron", "lcaron")}, {"lcaron": 20}, {"lcaron": ["HORS-LISTE"]}),
    "homonyms of the list": (
        Roster((MARTIN1, MARTIN2)),
        {moodle("Jean Martin", 1): full("Jean Martin", "jm2"), moodle("Jean Martin", 2): blank("Jean Martin")},
        {"jm2": 20, "jean-martin": 0}, {"jm2": [], "jean-martin": ["ELEVE-AMBIGU"]},
    ),
    "homonyms whom Moodle's number tells apart": (
        None, {moodle("Jean Martin", 41): full(), moodle("Jean Martin", 7): blank()},
        {"jean-martin-41": 20, "jean-martin-7": 0}, {},
    ),
    "an identifier that speaks of nobody": (
        None, {"a": full("Inès Garnier", "20261"), "b": blank("Paul Benali", "20261")},
        {"ines-garnier": 20, "paul-benali": 0},
        {"ines-garnier": ["IDENTIFIANT-PARTAGE"], "paul-benali": ["IDENTIFIANT-PARTAGE"]},
    ),
    "two blind folders that claim one student": (
        CLASS, {moodle("Participant", 1): full("Inès Garnier", "igarnier"), BLIND: FORGED["both"]},
        {"ines-garnier-1": 20, "ines-garnier-2": 0},
        {"ines-garnier-1": ["IDENTITE-DISPUTEE"], "ines-garnier-2": ["IDENTITE-DISPUTEE"]},
    ),
    "Moodle's word against a blind claim": (
        CLASS, {moodle("Inès Garnier", 1): full(), BLIND: FORGED["name"]},
        {"igarnier": 20, "ines-garnier": 0}, {"igarnier": [], "ines-garnier": ["IDENTITE-DISPUTEE"]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", APART)
def test_copies_that_nothing_puts_together_stay_apart_and_it_is_told(tmp_path: Path, case: str):
    roster, copies, expected, said = APART[case]
    files = (
        {"c.zip": archive(copies)}
        if all("/" in name for name in copies)
        else {f"{n}.ipynb": c for n, c in copies.items()}
    )
    result = mark(tmp_path, files, roster=roster)
    assert marks(result) == expected
    assert {name: incidents(result, name) for name in said} == said
    present = {student.listed for student in result.students}
    possible = {one for student in result.students for one in student.candidates}
    without = tuple(one for one in (roster.students if roster else ()) if one not in present)
    assert result.absent == tuple(one for one in without if one not in possible)
    assert result.waiting == tuple(one for one in without if one in possible)


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


# --- two assignments unzipped into one folder: refused, and homonyms stay two people ----------------------------------

NAMES_OF_CLASS = ("Inès Garnier", "Paul Benali", "Zoé Roux")
MARTIN = Listed("jmartin", "Martin", "Jean")
WITH_MARTIN = Roster((*CLASS.students, MARTIN))
MIXED = "DEVOIRS-MELES"


def given(name: str, number: int, *activities: str, sheet: str | None = None, identifier: str = "") -> dict[str, bytes]:
    """What Moodle's folder of that name and number holds; ``sheet``: the name typed in it, none by default."""
    return {
        moodle(name, number, f"{activity}.ipynb"): copy(activity, name=sheet or "", identifier=identifier)
        for activity in activities
    }


def assignment(start: int, activity: str, names: tuple[str, ...] = NAMES_OF_CLASS) -> dict[str, bytes]:
    """Those who handed in one activity have the numbers from ``start`` on."""
    return {
        path: content
        for number, name in enumerate(names, start)
        for path, content in given(name, number, activity).items()
    }


SIDE_BY_SIDE = assignment(1001, A3) | assignment(2001, A6)


def shares(result: ClassResult) -> dict[str, list[str]]:
    """What each student handed in, by id."""
    return {student.id: sorted(student.copies) for student in result.students}


def told(result: ClassResult) -> list[str]:
    return [code for code in codes(result) if code in ("IDENTITE-DISPUTEE", "MEME-NOM", MIXED)]


@pytest.mark.parametrize("roster", [CLASS, None], ids=["with a list", "without"])
@pytest.mark.parametrize(
    ("files", "place"),
    [
        (SIDE_BY_SIDE, "copies"),
        ({path.replace("_file/", "_file_"): content for path, content in SIDE_BY_SIDE.items()}, "copies"),
        ({f"semaine 1/{path}": content for path, content in SIDE_BY_SIDE.items()}, "copies/semaine 1"),
        ({"tout.zip": archive({f"tout/{path}": content for path, content in SIDE_BY_SIDE.items()})},
         "copies/tout.zip/tout"),
        ({path: SIDE_BY_SIDE[path] for path in SIDE_BY_SIDE if "Paul Benali_1" not in path}, "copies"),
        (SIDE_BY_SIDE | given("Léo Caron", 2004, A3, A6), "copies"),
    ],
    ids=["folders", "flat", "below another folder", "zipped again", "one absent once", "one with both in one"],
)  # fmt: skip
def test_two_assignments_in_one_folder_are_refused_with_what_to_do(
    tmp_path: Path, roster: Roster | None, files: dict[str, bytes], place: str
):
    result = mark(tmp_path / "copies", files, roster=roster)
    assert result.students == ()
    (refused,) = result.rejections
    assert (refused.file, refused.code) == (place, MIXED)
    said = refused.text.replace("\u00a0", " ")
    assert "« Inès Garnier » (1001 et 2001)" in said
    assert "Léo Caron" not in said
    assert said.endswith(
        "Donnez les ZIP de Moodle tels quels, sans les décompresser : un seul, ou plusieurs dans la même commande."
    )


@pytest.mark.parametrize("pattern", ["*", "*/*.ipynb"])
def test_moodles_folders_given_one_by_one_are_side_by_side_too(tmp_path: Path, pattern: str):
    mark(tmp_path / "copies", SIDE_BY_SIDE)
    result = mark_class(sorted((tmp_path / "copies").glob(pattern)), BANK)
    assert (result.students, [one.code for one in result.rejections]) == ((), [MIXED])


def test_all_the_rest_of_the_input_is_marked_as_usual(tmp_path: Path):
    files = {f"mêlés/{path}": content for path, content in SIDE_BY_SIDE.items()}
    files |= {f"devoir 4/{path}": content for path, content in assignment(4001, A4).items()}
    files |= {"mêlés/06 Léo Caron.ipynb": full("Léo Caron"), "devoir 6.zip": archive(assignment(2001, A6))}
    result = mark(tmp_path, files)
    assert shares(result) == {
        "ines-garnier": [A4, A6], "paul-benali": [A4, A6], "zoe-roux": [A4, A6], "leo-caron": [A6],
    }  # fmt: skip
    assert [one.code for one in result.rejections] == [MIXED]


@pytest.mark.parametrize("roster", [CLASS, None], ids=["with a list", "without"])
@pytest.mark.parametrize("zipped", [True, False])
def test_one_archive_or_one_folder_per_assignment_is_one_person_each(
    tmp_path: Path, roster: Roster | None, zipped: bool
):
    files = {}
    for start, activity in ((1001, A3), (2001, A4), (3001, A6)):
        own = assignment(start, activity)
        files |= {f"{start}.zip": archive(own)} if zipped else {f"{start}/{path}": own[path] for path in own}
    result = mark(tmp_path, files, roster=roster)
    assert sorted(shares(result).values()) == [[A3, A4, A6]] * 3
    assert sorted(student.person.name for student in result.students) == list(NAMES_OF_CLASS)
    assert (told(result), result.absent) == ([], ())


def test_folders_that_a_student_made_refuse_nobody_elses_work(tmp_path: Path):
    trap = {f"Paul Benali_9_assignsubmission_file/{path}": b"x" for path in SIDE_BY_SIDE}
    assert marks(mark(tmp_path, trap | given("Inès Garnier", 1, A6))) == {"ines-garnier": 20}


@pytest.mark.parametrize("roster", [WITH_MARTIN, None], ids=["with a list", "without"])
@pytest.mark.parametrize("activities", [(A3, A3), (A3, A6), (A3, A3, A6), (A3, A3, A6, A6)])
@pytest.mark.parametrize("where", ["copies", "devoir.zip"])
def test_one_name_with_several_numbers_is_never_put_together(
    tmp_path: Path, roster: Roster | None, activities: tuple[str, ...], where: str
):
    """Homonyms of one assignment; in a folder, the teacher is asked when they may be one student of two."""
    files = assignment(1001, A3)
    for number, activity in zip((1041, 1007, 2041, 2007), activities, strict=False):
        files |= given("Jean Martin", number, activity)
    files = {where: archive(files)} if where.endswith(".zip") else {f"{where}/{path}": files[path] for path in files}
    result = mark(tmp_path, files, roster=roster)
    martins = [student for student in result.students if student.person.name == "Jean Martin"]
    assert [len(student.copies) for student in martins] == [1] * len(activities)
    assert all(student.listed is None for student in martins)
    assert len(result.students) == 3 + len(activities)
    asked = "IDENTITE-DISPUTEE" if roster else "MEME-NOM" if len(set(activities)) > 1 and where == "copies" else ""
    assert told(result) == [asked] * len(activities) * bool(asked)


def test_the_question_to_the_teacher_says_what_to_do(tmp_path: Path):
    files = assignment(1001, A3) | given("Jean Martin", 1041, A3) | given("Jean Martin", 207, A6)
    result = mark(tmp_path, files)
    (text,) = {one.text for copy in result.copies for one in copy.incidents if one.code == "MEME-NOM"}
    assert text.startswith(
        "«\u00a0Jean Martin\u00a0» a 2 numéros de Moodle (207 et 1041), avec des activités différentes"
    )
    assert "les copies restent séparées" in text
    assert "le ZIP de chaque devoir" in text


@pytest.mark.parametrize(
    ("roster", "code"), [(Roster((*CLASS.students, MARTIN1, MARTIN2)), "ELEVE-AMBIGU"), (None, "")]
)
def test_homonyms_who_say_nothing_stay_nobodys_of_the_list(tmp_path: Path, roster: Roster | None, code: str):
    files = given("Jean Martin", 1041, A3) | given("Jean Martin", 2007, A6)
    result = mark(tmp_path, files, roster=roster)
    assert shares(result) == {"jean-martin-1041": [A3], "jean-martin-2007": [A6]}
    assert [one for one in codes(result) if one == "ELEVE-AMBIGU"] == [code] * 2 * bool(code)


def test_homonyms_with_their_own_identifiers_keep_them(tmp_path: Path):
    files = given("Jean Martin", 1041, A3, sheet="Jean Martin", identifier="jm1")
    files |= given("Jean Martin", 2007, A6, sheet="Jean Martin", identifier="jm2")
    result = mark(tmp_path, files)
    assert (shares(result), told(result)) == ({"jm1": [A3], "jm2": [A6]}, ["MEME-NOM"] * 2)


@pytest.mark.parametrize("roster", [CLASS, None], ids=["with a list", "without"])
def test_blind_numbers_and_groups_are_neither_refused_nor_put_together(tmp_path: Path, roster: Roster | None):
    """Moodle names nobody, and a sheet may be anybody's."""
    files: dict[str, bytes] = {}
    for start, activity in ((1000, A3), (2000, A6)):
        for number, name in enumerate(NAMES_OF_CLASS, start=1):
            files |= given("Participant", start + number, activity, sheet=name)
        for group in ("Groupe 1", "Groupe 2"):
            files |= given(group, start + 50 + int(group[-1]), activity, sheet=f"Élève {group} {activity}")
    result = mark(tmp_path, files, roster=roster)
    assert [len(student.copies) for student in result.students] == [1] * 10
    assert told(result) == ([] if roster is None else ["IDENTITE-DISPUTEE"] * 6)
