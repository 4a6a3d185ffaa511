"""Typing mistakes: what is mended, and what is left alone because it is, or may be, another word."""

from __future__ import annotations

import random
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crc_lab.core.text import fold, normalise
from crc_lab.french.spelling import (
    MAX_MENDED,
    SHORTEST,
    common_words,
    distance,
    mend,
    mended_word,
    pattern_words,
)

IDEAS = frozenset({
    "recence", "frequence", "montant", "panier", "vente", "qualification", "prospection", "commanditaire", "cosmetique",
    "fidelisation", "reclamation", "telephone", "reseau", "fichier", "externalisation",
})  # fmt: skip
WORDS = st.text(alphabet=string.ascii_lowercase, min_size=1, max_size=14)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("frequense", "frequence"),
        ("recance", "recence"),
        ("ventte", "vente"),
        ("pannier", "panier"),
        ("qualifcation", "qualification"),  # a letter forgotten
        ("prospetcion", "prospection"),  # two letters swapped
        ("commanditere", "commanditaire"),  # two slips in a long word
        ("ommanditaire", "commanditaire"),  # the first letter of a long word
        ("telehpone", "telephone"),
        ("externalisasion", "externalisation"),
    ],
)
def test_a_slip_is_read_as_the_word_it_comes_from(typed, meant):
    assert mended_word(typed, IDEAS) == meant


@pytest.mark.parametrize(
    "typed",
    [  # « papier » exists in French, however near « panier »; « protection » is two letters from « prospection »
        "papier", "verte", "vante", "rente", "protection", "montent", "recense", "mentante", "crc", "sms", "2026",
        "fichiers4",
    ],
)  # fmt: skip
def test_a_word_that_exists_and_a_short_one_are_left_alone(typed):
    assert mended_word(typed, IDEAS) == typed


def test_one_idea_never_becomes_another():
    for one in IDEAS:
        for other in IDEAS - {one}:
            assert mended_word(one, frozenset({other})) != other, (one, other)


def test_a_word_as_near_to_two_ideas_is_left_alone():
    assert mended_word("factutation", frozenset({"facturation", "facturatien"})) == "facturation"  # one family
    assert mended_word("barovt", frozenset({"barout", "bzrovt"})) == "barovt"


def test_a_word_that_begins_like_an_expected_stem_is_not_touched():
    assert mended_word("qualifiee", frozenset({"qualif", "qualifier"})) == "qualifiee"


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(traitement|nettoyage).*(fichiers?|base)", {"traitement", "nettoyage", "fichier"}),
        ("fidelis(er|ation)", set()),  # stems mend nothing
        (r"\brendez ?vous\b", {"rendez"}),
        ("réseaux? sociaux", {"reseau", "sociau"}),
        ("[a-z]+phone", set()),
        (r"\bSAV\b", set()),
        ("(?:vente|devente)s?", {"devente", "vente"} - {"devente", "vente"}),  # glued to the « s » that follows
        ("télévente", {"televente"}),
    ],
)
def test_the_whole_words_of_a_pattern_are_the_vocabulary(pattern, words):
    assert pattern_words(pattern) == words


def test_a_text_is_mended_word_by_word():
    assert mend(["la", "frequense", "d", "achat"], IDEAS) == ["la", "frequence", "d", "achat"]


def test_the_list_of_usual_words_is_in_the_normalised_form():
    words = common_words()
    assert len(words) > 10_000
    assert all(len(word) >= SHORTEST and fold(word) == word for word in words)
    assert {normalise(word) for word in ("succès", "réseaux", "qualités")} <= words
    assert {"papier", "qualite", "protection", "vendre"} <= words
    assert "recence" not in words


@given(WORDS, WORDS)
def test_the_number_of_slips_is_symmetric_and_stops_at_the_limit(one, other):
    assert distance(one, other, 20) == distance(other, one, 20)
    assert (distance(one, other, 20) == 0) == (one == other)
    assert distance(one, other, 1) == min(distance(one, other, 20), 2)


@given(st.sampled_from(sorted(IDEAS)), st.data())
def test_any_single_slip_is_mended_unless_it_makes_another_word(word, data):
    place = data.draw(st.integers(1, len(word) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    typed = data.draw(
        st.sampled_from([
            word[:place] + word[place + 1 :],
            word[:place] + letter + word[place:],
            word[:place] + letter + word[place + 1 :],
        ])
    )  # fmt: skip
    assert mended_word(typed, IDEAS) == word or typed in common_words() or typed.startswith(word) or len(typed) < 5


def test_a_long_list_of_unknown_words_costs_little_time():
    letters = random.Random(7)
    words = ["".join(letters.choices(string.ascii_lowercase, k=9)) for _ in range(5000)]
    expected = frozenset("".join(letters.choices(string.ascii_lowercase, k=9)) for _ in range(300))
    start = time.perf_counter()
    mend(words, expected)
    assert time.perf_counter() - start < 5
    assert MAX_MENDED <= 500
