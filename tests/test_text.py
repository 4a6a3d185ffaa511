"""Short French texts: what is ignored, and what a pattern finds or does not find."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crc_lab.core import text
from crc_lab.core.text import compile_pattern, fold, matches, normalise, without_accents

FRENCH_WORDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyzéèêàçôîûœæ", min_size=1, max_size=12)
ANY_TEXT = st.text(max_size=200)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Œuvre", "OEuvre"), ("cœur", "coeur"), ("Lætitia", "Laetitia"), ("ÉLÈVE à Alençon", "ELEVE a Alencon"),
        ("e\u0301te\u0301", "ete"), ("ﬁdélité", "fidelite"),
    ],
)  # fmt: skip
def test_accents_are_dropped_and_ligatures_opened(typed, plain):
    assert without_accents(typed) == plain


@pytest.mark.parametrize(
    "typed",
    ["L’ATELIER LUMIÈRE", "l'atelier  lumière", " L\u00a0atelier-Lumiere. ", "l`atelier\u202flumière\n"],
)
def test_case_accents_apostrophes_and_spaces_do_not_matter(typed):
    assert fold(typed) == "l atelier lumiere"


def test_the_signs_of_names_and_addresses_are_kept():
    assert fold("Coiff & Co") == "coiff & co"
    assert fold("a@example.com") == "a@example com"
    assert fold("+33 6") == "+33 6"


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("les particuliers", "particulier"), ("L’entreprise", "entreprise"),
        ("des réseaux sociaux", "reseau sociaux"[:-1]), ("d’une base de données", "base de donnee"),
        ("de la clientèle", "clientele"), ("un SMS", "sm"), ("la", "la"), ("as", "as"), ("", ""), ("  …  ", ""),
    ],
)  # fmt: skip
def test_leading_articles_and_plural_endings_are_dropped(typed, normal):
    assert normalise(typed) == normal


def test_only_leading_articles_are_dropped():
    assert normalise("base de la PME") == "base de la pme"


@pytest.mark.parametrize(
    ("typed", "pattern"),
    [
        ("Les clients particuliers", "particuliers"), ("un particulier", "particuliers"),
        ("des particuliers", "particulier"), ("Réseaux sociaux", "réseaux sociaux"),
        ("les réseaux sociaux", "reseau"), ("par e-mail", "e-mail"), ("par e mail", "e-mail"),
        ("l’accord du client", "l'accord"), ("sous-traitance", "sous-traitan"), ("SMS", "sms"), ("le mail", "mails?"),
        ("les mails", "mails?"), ("prix", "prix"), ("cœur de cible", "cœur"), ("les cas", "cas(?:es)?$"),
        ("3 mois", r"\b3\b"), ("Une entreprise", "^entreprises?$"), ("l’ENTREPRISE", "Entreprise"),
        ("identité et coordonnées", "identit.*coordonn"), ("les clients", "^les clients$"),
        ("bases de données clients", "bases de données"), ("12 %", r"12\s*$"), ("AB", r"\S{2}"),
    ],
)  # fmt: skip
def test_a_pattern_written_as_one_writes_french_is_found(typed, pattern):
    assert matches(typed, [pattern])


@pytest.mark.parametrize(
    ("typed", "pattern"),
    [
        ("les cosmétiques", "sms"),  # the s of « sms » may be missing, not what follows it
        ("la mairie", "mails?"),
        ("professionnels", "particuliers"),
        ("clientèle", "clients"),
        ("e mails", r"\S{6}"),
        ("", "a"),
        ("canaux", "can\\b"),
    ],
)
def test_a_pattern_does_not_find_something_else(typed, pattern):
    assert not matches(typed, [pattern])


def test_no_pattern_finds_nothing():
    assert not matches("tout", [])


def test_a_class_and_an_escape_stay_as_written():
    assert compile_pattern("[A-D]x").pattern == "[a-d]x"
    assert compile_pattern(r"\Sas").pattern.startswith(r"\S")
    assert compile_pattern("(?P<Fin>mois|jours)").search("jour")


@pytest.mark.parametrize("pattern", ["(", "[a", "a**", "(?P<n>a", "\\"])
def test_what_is_not_a_regular_expression_is_refused(pattern):
    with pytest.raises(re.error):
        compile_pattern(pattern)


def test_a_very_long_text_is_cut_not_refused():
    long = "a" * (text.MAX_TEXT + 10) + " fin"
    assert not matches(long, ["fin"])
    assert len(fold(long)) == text.MAX_TEXT


@given(ANY_TEXT)
def test_folding_leaves_a_small_alphabet_and_is_stable(typed):
    folded = fold(typed)
    assert set(folded) <= set(string.ascii_lowercase + string.digits + "&@+ ")
    assert "  " not in folded
    assert folded == folded.strip()
    assert fold(folded) == folded


@given(ANY_TEXT)
def test_case_never_matters(typed):
    assert fold(typed.swapcase().casefold()) == fold(typed.casefold())


@given(st.lists(FRENCH_WORDS, min_size=1, max_size=4))
def test_a_text_is_found_by_the_pattern_that_copies_it(words):
    typed = " ".join(words)
    assert matches(typed, [re.escape(typed).replace("\\ ", " ")])


@given(st.lists(FRENCH_WORDS.filter(lambda word: len(word) > 2), min_size=1, max_size=4))
def test_the_plural_is_found_by_the_singular_and_the_reverse(words):
    singular = [without_accents(word).rstrip("sx") or "mot" for word in words]
    singular = [word if len(word) > 1 else "mot" for word in singular]
    plural = " ".join(f"{word}s" for word in singular)
    assert matches(plural, [" ".join(singular)])
    assert matches(" ".join(singular), [plural])


@pytest.mark.filterwarnings("ignore:Possible nested set:FutureWarning")  # « [[ » is odd, and a pattern all the same
@given(st.text(alphabet="abcsx ?+*.|()[]\\^$éœ-'’", max_size=12), ANY_TEXT)
def test_a_pattern_compiles_or_says_so(pattern, typed):
    try:
        compile_pattern(pattern)
    except re.error:
        return
    assert matches(typed, [pattern]) in (True, False)
