"""The line of headers, recognised by its words: wherever it is, however it is written, and nothing else for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.identity.class_list import ROLES
from autograder.moodle.worksheet import _HEADERS
from crc_lab.core.cells import MAX_ROW, find_head, header_words, recognise
from crc_lab.core.rooms import wordings

PERSON = {"nom": ("nom", "nom de famille", "surname"), "prenom": ("prénom", "given name"), "mail": ("e-mail",)}


def named(*texts: str, given: frozenset[str] = frozenset()) -> dict[str, tuple[int, ...]]:
    return recognise(dict(enumerate(texts)), PERSON, given)


@pytest.mark.parametrize(
    "text",
    ["Prénom", "PRENOM", " prénom ", "Pre\u0301nom", "Prénom(s)", "Prénoms", "Prénom 1", "1er prénom",
     "Premier prénom*", "Le prénom :", "Prénom (usuel)", "Given names", "given-name", "\u200bPrénom\u00a0",
     "« Prénom »", "Prénom [obligatoire]"],
)  # fmt: skip
def test_a_header_is_its_words(text: str) -> None:
    assert named("Classe", text) == {"prenom": (1,)}


@pytest.mark.parametrize(
    "text", ["Prénom 2", "Deuxième prénom", "Prénom du tuteur", "Nom et prénom", "Prenez", "", "?"]
)
def test_another_column_is_not_taken_for_it(text: str) -> None:
    assert named("Classe", text) == {}


def test_each_column_bears_one_name_and_the_closest_wording_comes_first() -> None:
    assert named("Surname", "Nom", "Nom (de naissance)", "E-mail") == {"nom": (1, 0, 2), "mail": (3,)}
    assert named("NOM", "nom") == {"nom": (1, 0)}


def test_columns_handed_out_are_no_answers_where_most_of_them_stand() -> None:
    wanted = {"panier_moyen": ("panier_moyen", "panier moyen"), "id": ("id",)}
    given_out = frozenset({"Panier moyen", "Adresse"})
    assert recognise({1: "id", 2: "Panier moyen", 3: "Adresse"}, wanted, given_out) == {"id": (1,)}
    assert recognise({1: "id", 2: "Panier moyen"}, {**wanted, "x": ("x",)}, given_out | {"a", "b"}) == {
        "panier_moyen": (2,),
        "id": (1,),
    }


def test_the_line_with_the_most_names_wins_then_the_first() -> None:
    lines = [
        (3, {1: "Liste de la classe"}),
        (5, {2: "Nom", 4: "Classe"}),
        (7, {2: "Nom", 3: "Prénom", 5: "Remarque"}),
        (9, {2: "Nom", 3: "Prénom"}),
    ]
    head = find_head(lines, PERSON)
    assert head is not None
    assert (head.row, head.first, head.others) == (7, {"nom": 2, "prenom": 3}, {5: "Remarque"})
    assert find_head(lines, PERSON, needed=("mail",)) is None
    assert find_head(lines, PERSON, least=3) is None
    assert find_head([(MAX_ROW + 1, {1: "Nom"})], PERSON) is None


@pytest.mark.parametrize("wordings_by_name", [wordings(), ROLES, _HEADERS], ids=["case", "class list", "Moodle"])
def test_no_wording_is_shared_by_two_columns_of_one_list(wordings_by_name: dict[str, tuple[str, ...]]) -> None:
    shared = {"type client"}  # of the contact in activity 3, of the segment in activity 6: never in one table
    seen: dict[str, str] = {}
    for name, wording in ((name, header_words(text)) for name, texts in wordings_by_name.items() for text in texts):
        assert wording in shared or seen.setdefault(wording, name) == name


@pytest.mark.parametrize("name", ["Inès", "Alexis", "Max", "Thomas GROUP", "Mail", "Lucas"])
def test_a_student_is_not_a_header_for_a_letter(name: str) -> None:
    assert not recognise({0: name}, {role: texts for role, texts in ROLES.items() if role != "courriel"})


@given(st.lists(st.text(max_size=12), max_size=6))
def test_any_line_is_recognised_without_harm(texts: list[str]) -> None:
    found = recognise(dict(enumerate(texts)), PERSON)
    places = [place for columns in found.values() for place in columns]
    assert len(places) == len(set(places))
    assert all(header_words(header_words(text)) == header_words(text) for text in texts)
