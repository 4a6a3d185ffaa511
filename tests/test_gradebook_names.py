"""What students are called in nbgrader: in paths, in addresses and on its pages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.gradebook.rows import StudentRow, nbgrader_id, shown
from autograder.identity import Listed

SAFE = re.compile(r"[a-z0-9][a-z0-9-]*")


@pytest.mark.parametrize(
    "identifier",
    ["igarnier", "Ines.Garnier@lycee.example.org", "0123456789A", "a", "j-dubois_2", "a+b@c.fr", "éloïse_7"],
)
def test_an_ordinary_identifier_is_kept(identifier: str):
    assert nbgrader_id(identifier) == identifier


@pytest.mark.parametrize(
    "identifier",
    [
        "", " ", ".", "..", ".cache", "../../corriges", "a/b", "a\\b", "e\u0301lo", "a*b", "a?", "[a]", "é 7", "-rf",
        "nom.", "con", "NUL.txt", "a,b", "a\nb", "a\x00b", "~root", "{student_id}", "%2e%2e", "x" * 300, "\ud800",
        "😀" * 60, "jean-0123456789ab",
    ],
)  # fmt: skip
def test_any_other_becomes_a_safe_name_always_the_same(identifier: str):
    made = nbgrader_id(identifier)
    assert made != identifier
    assert SAFE.fullmatch(made)
    assert len(made) <= 60
    assert made == nbgrader_id(identifier)
    assert nbgrader_id(made) != made  # nobody can take the name that was made for somebody else


@given(st.lists(st.text(max_size=30), min_size=2, max_size=6, unique=True))
def test_two_students_never_share_a_name(identifiers: list[str]):
    assert len({nbgrader_id(identifier) for identifier in identifiers}) == len(identifiers)


def test_a_name_is_shown_without_anything_that_a_browser_would_obey():
    assert shown('Zoé <img src=x onerror="alert(1)"> & {{ 7 }}') == "Zoé ‹img src=x onerror=”alert(1)”› + (( 7 ))"
    assert shown("D’Aquin, « Léo »\n\u202eoel") == "D’Aquin, « Léo » oel"
    assert len(shown("x" * 1000)) == 128


@pytest.mark.parametrize(
    ("listed", "name", "first", "last"),
    [
        (Listed("x", "Le Goff", "Anne-Marie"), "autre", "Anne-Marie", "Le Goff"),
        (Listed("x", "", ""), "autre", "", "x"),
        (None, "Inès Garnier Roy", "Inès", "Garnier Roy"),
        (None, "Participant_7", "", "Participant_7"),
    ],
)
def test_first_and_last_names_come_from_the_class_list_else_from_the_name(
    listed: Listed | None, name: str, first: str, last: str
):
    row = StudentRow.of("x", listed, name)
    assert (row.first_name, row.last_name) == (first, last)
