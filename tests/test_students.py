"""One person behind several files: nobody is merged on a doubt, nobody is split without a reason."""

from __future__ import annotations

import re

import pytest

from autograder.identity import Listed, Participant, Person, Roster
from autograder.identity.author import Identity, Seen, identify, known_of
from autograder.identity.people import gather
from autograder.intake import Guess
from crc_lab.core.sheet import Student


def one(name: str = "", identifier: str = "", moodle: str = "", scope: str = "tp.zip", stated: bool = True) -> Identity:
    return Identity(Person(name, identifier), Guess(name, moodle, scope if moodle else ""), stated)


MARTIN = "Jean Martin"
TOGETHER = {
    "the same identifier and name": ([one("Inès Garnier", "igarnier"), one("GARNIER Ines", "IGARNIER")], [[0, 1]]),
    "the words of a name in any order": ([one("Inès Garnier"), one("garnier ines")], [[0, 1]]),
    "homonyms with their own identifiers": ([one(MARTIN, "jmartin1"), one(MARTIN, "jmartin2")], [[0], [1]]),
    "one identifier for two names": ([one("Inès Garnier", "1"), one("Paul Benali", "1")], [[0], [1]]),
    "no identifier, one of that name": ([one("Inès Garnier"), one("Inès Garnier", "igarnier")], [[0, 1]]),
    "no identifier, two of that name": ([one(MARTIN, "a"), one(MARTIN, "b"), one(MARTIN)], [[0], [1], [2]]),
    "two Moodle ids of one archive": ([one(MARTIN, "jm", "1"), one(MARTIN, "jm", "2")], [[0], [1]]),
    "one Moodle id, whatever the sheets say": ([one(MARTIN, "a", "1"), one("Jean", "b", "1")], [[0, 1]]),
    "Moodle ids of two archives": (
        [one("Inès Garnier", "", "1", "tp1.zip"), one("Inès Garnier", "", "9", "tp2.zip")], [[0, 1]],
    ),
    "no name at all": ([one(), one()], [[0], [1]]),
}  # fmt: skip


@pytest.mark.parametrize("case", TOGETHER)
def test_who_is_one_person(case: str):
    identities, people = TOGETHER[case]
    assert [list(author.members) for author in gather(identities)] == people


def test_the_sheet_names_the_student():
    identity, incidents = identify(Student("Inès  Garnier ", "igarnier"), Guess("Garnier Ines", "12"))
    assert (identity.person, incidents) == (Person("Inès Garnier", "igarnier"), ())


def test_moodle_wins_over_a_sheet_that_bears_somebody_elses_name():
    identity, (incident,) = identify(Student("Paul Benali", "pb"), Guess("Inès Garnier", "12"))
    assert identity.person == Person("Inès Garnier")
    assert incident.code == "ELEVE-DIFFERENT"
    assert "Paul Benali" in incident.text


def test_what_moodle_removes_from_a_name_is_not_a_difference():
    assert identify(Student("Kévin D’Almeida", ""), Guess("DAlmeida", "12"))[1] == ()


def test_blind_marking_is_not_a_difference():
    identity, incidents = identify(Student("Inès Garnier", ""), Guess("Participant", "12"))
    assert (identity.person.name, incidents) == ("Inès Garnier", ())


def test_an_anonymous_sheet_takes_moodles_name_without_a_word():
    assert identify(None, Guess("Inès Garnier", "12")) == (
        Identity(Person("Inès Garnier"), Guess("Inès Garnier", "12"), stated=False), (),
    )  # fmt: skip


def test_an_anonymous_sheet_without_moodle_is_told():
    identity, (incident,) = identify(None, Guess("dupont"))
    assert (identity.person.name, incident.code) == ("dupont", "ELEVE-INCONNU")


def test_an_identifier_alone_is_a_name():
    assert identify(Student("", "igarnier"), Guess("dossier"))[0].person == Person("igarnier", "igarnier")


def test_a_name_cannot_break_a_line_nor_turn_the_text_around():
    identity, _ = identify(Student("Inès\r\nGarnier\u202e\x00\ud800", ""), Guess("x"))
    assert identity.person.name == "Inès Garnier"


def test_the_fullest_identity_of_one_moodle_folder_is_shown():
    known = [one("dossier", moodle="1", stated=False), one("Inès", moodle="1"), one("Inès Garnier", "igarnier", "1")]
    assert gather(known)[0].person == Person("Inès Garnier", "igarnier")
    assert gather(known[:1])[0].person == Person("dossier")


# --- with a class list ------------------------------------------------------------------------------------------------

INES, PAUL = Listed("igarnier", "Garnier", "Inès", "ines@x.example", "1BTS"), Listed("pbenali", "Benali", "Paul")
MARTIN1, MARTIN2 = Listed("jm1", "Martin", "Jean"), Listed("jm2", "Martin", "Jean")
CLASS = Roster((INES, PAUL, MARTIN1, MARTIN2))
MOODLE_INES, MOODLE_PAUL = Guess("Inès Garnier", "12"), Guess("Paul Benali", "13")

# (name in the sheet, identifier in the sheet, place) → (listed, codes told at once, code of the doubt)
CASES = {
    "sheet and Moodle agree": ("Inès Garnier", "igarnier", MOODLE_INES, INES, [], ""),
    "sheet alone": ("Inès Garnier", "", Guess("dossier"), INES, [], ""),
    "identifier alone": ("", "igarnier", Guess("dossier"), INES, [], ""),
    "silent sheet, Moodle knows": ("", "", MOODLE_INES, INES, [], ""),
    "silent sheet, the file bears the name": ("", "", Guess("GARNIER Ines"), INES, ["ELEVE-INCONNU"], ""),
    "silent sheet, the file bears the identifier": ("", "", Guess("igarnier"), INES, ["ELEVE-INCONNU"], ""),
    "silent sheet, silent file": ("", "", Guess("classe"), None, ["ELEVE-INCONNU"], "ELEVE-A-DIRE"),
    "another listed student's sheet": ("Inès Garnier", "igarnier", MOODLE_PAUL, PAUL, ["ELEVE-DIFFERENT"], ""),
    "another listed student's name": ("Inès Garnier", "", MOODLE_PAUL, PAUL, ["ELEVE-DIFFERENT"], ""),
    "another listed student's identifier": ("Paul Benali", "igarnier", MOODLE_PAUL, PAUL, ["IDENTIFIANT-AUTRE"], ""),
    "another's identifier and no name": ("", "igarnier", MOODLE_PAUL, PAUL, ["ELEVE-DIFFERENT"], ""),
    "an unlisted name": ("Zoé Roux", "", MOODLE_PAUL, PAUL, ["ELEVE-DIFFERENT"], ""),
    "an unlisted author with a listed sheet": (
        "Inès Garnier", "igarnier", Guess("Zoé Roux", "14"), None, ["ELEVE-DIFFERENT"], "HORS-LISTE",
    ),
    "an unlisted namesake with a listed identifier": (
        "", "igarnier", Guess("Zoé Garnier", "14"), None, ["ELEVE-DIFFERENT"], "HORS-LISTE",
    ),
    "nobody of the list": ("Zoé Roux", "zroux", Guess("dossier"), None, [], "HORS-LISTE"),
    "nobody of the list, Moodle agrees": ("Zoé Roux", "zroux", Guess("Zoé Roux", "14"), None, [], "HORS-LISTE"),
    "an identifier alone, Moodle agrees in part": ("", "igarnier", Guess("Garnier", "12"), INES, [], ""),
    "a name, Moodle names an unlisted namesake": (
        "Inès Garnier", "", Guess("Garnier", "12"), INES, [], "",
    ),
    "homonyms told apart": ("Jean Martin", "jm2", Guess("Jean Martin", "15"), MARTIN2, [], ""),
    "homonyms that nothing tells apart": ("Jean Martin", "", Guess("Jean Martin", "15"), None, [], "ELEVE-AMBIGU"),
    "homonyms, unknown identifier": ("Jean Martin", "autre", Guess("dossier"), None, [], "ELEVE-AMBIGU"),
    "name against identifier": ("Paul Benali", "igarnier", Guess("dossier"), None, [], "ELEVE-CONTRADICTOIRE"),
    "blind": ("Inès Garnier", "", Guess("Participant", "12"), INES, [], ""),
    "blind and silent": ("", "", Guess("Participant", "12"), None, ["ELEVE-INCONNU"], ""),
    "team": ("Inès Garnier", "", Guess("Groupe 3", "9"), INES, ["TRAVAIL-DE-GROUPE"], ""),
    "team named in the list": ("Inès Garnier", "", Guess("1BTS", "9"), INES, ["TRAVAIL-DE-GROUPE"], ""),
    "team and silent": ("", "", Guess("Groupe 3", "9"), None, ["TRAVAIL-DE-GROUPE"], ""),
    "default team": (
        "Inès Garnier", "", Guess("Groupe par défaut", folder="Groupe par défaut_assignsubmission_file"), INES,
        ["TRAVAIL-DE-GROUPE"], "",
    ),
    "nbgrader": ("", "", Guess("pbenali", identifier="pbenali"), PAUL, [], ""),
    "nbgrader, another's sheet": (
        "Inès Garnier", "igarnier", Guess("pbenali", identifier="pbenali"), PAUL, ["ELEVE-DIFFERENT"], "",
    ),
    "nbgrader, unknown folder": (
        "Inès Garnier", "", Guess("u12", identifier="u12"), INES, ["IDENTIFIANT-DIFFERENT"], "",
    ),
    "nbgrader, nobody": ("", "", Guess("u12", identifier="u12"), None, [], "HORS-LISTE"),
    "filed under another student": ("Inès Garnier", "", Guess("Paul Benali"), None, [], "ELEVE-A-DIRE"),
    "signed with an initial": ("I. Garnier", "", Guess("dossier"), INES, [], ""),
    "signed with the last name, filed under the first": ("Garnier", "", Guess("Inès"), INES, [], ""),
    "a nickname, filed under the whole name": ("Nel", "nel", Guess("GARNIER Inès"), INES, [], ""),
    "a slip of the keyboard, filed under the whole name": ("Inès Garnierr", "", Guess("GARNIER Inès"), INES, [], ""),
    "a brother, filed under the last name": ("", "", Guess("GARNIER Tom"), None, ["ELEVE-INCONNU"], "ELEVE-A-DIRE"),
    "another of the family, filed under the whole name": (
        "Tom Garnier", "", Guess("GARNIER Inès"), None, [], "ELEVE-A-DIRE",
    ),
    "a first name alone": ("", "", Guess("Inès"), None, ["ELEVE-INCONNU"], "ELEVE-A-DIRE"),
    "a login": ("", "", Guess("igarnier2"), INES, ["ELEVE-INCONNU"], ""),
    "a login of the server": ("", "", Guess("paul.benali"), PAUL, ["ELEVE-INCONNU"], ""),
    "the work of two": ("", "", Guess("GARNIER Inès - BENALI Paul"), None, ["ELEVE-INCONNU"], "ELEVE-A-DIRE"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_who_a_copy_comes_from(case: str):
    name, identifier, guess, listed, codes, doubt = CASES[case]
    identity, told = identify(Student(name, identifier), guess, CLASS)
    assert identity.listed is listed
    assert [incident.code for incident in told] == codes
    assert (identity.doubt.code if identity.doubt else "") == doubt
    if listed is not None:
        assert identity.person == Person(listed.name, listed.identifier)
    else:
        assert CLASS.by_identifier(identity.person.identifier) == ()
    for incident in (*told, *((identity.doubt,) if identity.doubt else ())):
        assert incident.text.endswith(".")
        assert not re.search(r"« | [:»]", incident.text), "a no-break space is missing"


def test_without_a_list_nobody_is_out_of_it():
    identity, told = identify(Student("Zoé Roux", "zroux"), Guess("dossier"))
    assert (identity.listed, identity.doubt, told) == (None, None, ())


def test_nbgraders_folder_is_the_identifier_whatever_the_sheet_says():
    guess = Guess("pbenali", identifier="pbenali")
    identity, (incident,) = identify(Student("Paul Benali", "igarnier"), guess)
    assert (identity.person, incident.code) == (Person("Paul Benali", "pbenali"), "IDENTIFIANT-DIFFERENT")


def test_a_namesake_of_the_family_does_not_pass_for_the_author():
    identity, (incident,) = identify(Student("Inès Garnier", "igarnier"), Guess("Paul Garnier", "12"))
    assert (identity.person, incident.code) == (Person("Paul Garnier"), "ELEVE-DIFFERENT")


def test_homonyms_of_moodle_are_told_apart_by_the_address_in_its_worksheet():
    first = Listed("lp1", "Petit", "Lucas", "lucas.petit@x.example")
    second = Listed("lp2", "Petit", "Lucas", "lucas.petit2@x.example")
    roster = Roster((first, second, INES))
    rows = {
        "1": (Participant("Lucas Petit", "LUCAS.petit2@x.example"),),
        "2": (Participant("Lucas Petit", "lucas.petit@x.example"),),
        "3": (Participant("Inès Garnier", "lucas.petit@x.example"),),  # the worksheet of another assignment
    }
    seen = [Seen(None, Guess("Lucas Petit", number, "tp.zip"), number) for number in ("001", "2", "3", "4")]
    known = known_of(seen, roster, rows, {})
    found = [identify(one.student, one.guess, known=known)[0] for one in seen]
    assert [one.listed for one in found] == [second, first, None, None]
    assert found[2].candidates == (first, second)


def people_without_a_list(*copies: tuple[str, str]) -> list[tuple[str, tuple[int, ...]]]:
    """Who is behind (signature, path) without a class list."""
    seen = [Seen(Student(name, "") if name else None, Guess(path=path), path) for name, path in copies]
    known = known_of(seen, None, {}, {})
    found = [identify(one.student, one.guess, known=known, file=one.file)[0] for one in seen]
    return [(author.person.name, author.members) for author in gather(found, None, ["06_scorer"] * len(found))]


WITHOUT_LIST = {
    "names of files put nobody together": (
        [("", "a/DUPONT Jean.ipynb"), ("", "b/DUPONT Jean.ipynb"), ("Jean Dupont", "c/06.ipynb")],
        [("DUPONT Jean", (0,)), ("DUPONT Jean", (1,)), ("Jean Dupont", (2,))],
    ),
    "the owner's place confirms the signature that another place denies": (
        [("Ana Honnête", "x/MALIGNE Eve.ipynb"), ("Ana Honnête", "x/HONNETE Ana.ipynb")],
        [("MALIGNE Eve.ipynb", (0,)), ("Ana Honnête", (1,))],
    ),
    "one signature in two places that say nothing": (
        [("Ana Honnête", "x/tp3.ipynb"), ("Ana Honnête", "x/tp6.ipynb")], [("Ana Honnête", (0, 1))],
    ),
    "one workbook is one person's": (
        [("Ana Honnête", "x/u12/cahier-crc/03/03.ipynb"), ("", "x/u12/cahier-crc/06/06.ipynb")],
        [("Ana Honnête", (0, 1))],
    ),
    "two signatures in one workbook are two people's": (
        [("Ana Honnête", "x/u12/cahier-crc/03/03.ipynb"), ("Lou Tiers", "x/u12/cahier-crc/06/06.ipynb")],
        [("Ana Honnête", (0,)), ("Lou Tiers", (1,))],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WITHOUT_LIST)
def test_without_a_list_only_what_the_evidence_says_is_put_together(case: str):
    copies, people = WITHOUT_LIST[case]
    assert people_without_a_list(*copies) == people
