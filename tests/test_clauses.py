"""What a French sentence affirms and what it denies."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crc_lab.french import clauses
from crc_lab.french.clauses import MAX_SENTENCE, MAX_TEXT, MAX_WORDS, read


def affirms(text, words):
    return any(words in line for line in read(text).affirmed)


def denies(text, words):
    return any(words in line for line in read(text).denied)


DENIED = [
    ("Omnicom n’est pas un CRC", "crc"),
    ("Omnicom n'est pas un CRC mais un centre d'appels", "crc"),
    ("Omnicom n’est plus un CRC", "crc"),
    ("Omnicom n'a jamais été un CRC", "crc"),
    ("c'est pas un crc", "crc"),  # as one says it
    ("Ils font pas de vente", "vente"),
    ("Omnicom n’est ni un CRC ni un centre de contacts", "crc"),
    ("Omnicom n’est ni un CRC ni un centre de contacts", "centre de contact"),
    ("On ne peut pas dire qu’Omnicom est un CRC", "crc"),
    ("Cela ne signifie pas que Omnicom est un CRC", "crc"),
    ("Il est faux de dire qu’Omnicom est un CRC", "crc"),
    ("aucune vente n’est réalisée", "vente"),
    ("Omnicom ne réalise aucune vente", "vente"),
    ("pas de vente, pas de SAV", "vente"),
    ("pas de vente, pas de SAV", "sav"),
    ("un centre de contacts sans base de données", "base de donnee"),
    ("sans passer par le téléphone", "telephone"),
    ("au lieu de vendre, il conseille", "vendre"),
    ("plutôt qu’un CRC, un centre d’appels", "crc"),
    ("plutôt un centre d’appels qu’un CRC", "crc"),
    ("contrairement à un CRC, il ne traite que des appels", "crc"),
    ("à la différence d’un CRC", "crc"),
    ("rien à voir avec la vente", "vente"),
    ("rien n’est stocké en interne", "stocke"),
    ("personne ne vend", "vend"),
    ("Omnicom est différent d’un centre d’appels", "centre d appel"),
    ("un centre d’appels et non un CRC", "crc"),
    ("un centre d’appels, et pas un CRC", "crc"),
    ("Bloctel bloque les appels mais pas les SMS ni les mails", "sm"),
    ("Bloctel bloque les appels mais pas les SMS ni les mails", "mail"),
    ("Bloctel ne concerne pas les mails, les SMS, les courriers", "courrier"),
    ("Bloctel ne concerne pas les autres canaux (mails, SMS)", "mail"),
    ("les mails et les SMS ne sont pas concernés", "mail"),
    ("La qualification de fichiers ne fait pas partie de ses prestations", "qualification"),
    ("Omnicom n’est pas une entreprise qui fabrique des cosmétiques", "fabrique"),
    ("numéro non professionnel", "professionnel"),
    ("Qualification des fichiers (pas de livraison), vente", "livraison"),
    ("OMNICOM N’EST PAS UN CRC", "crc"),
    ("Omnicom n`est pas un C.R.C.", "crc"),
]


@pytest.mark.parametrize(("text", "words"), DENIED)
def test_what_a_negation_governs_is_denied(text, words):
    assert denies(text, words)
    assert not affirms(text, words)


AFFIRMED = [
    ("Omnicom n’est pas un centre d’appels mais un CRC", "crc"),
    ("Ce n’est pas un centre d’appels, c’est un CRC", "crc"),
    ("ce n’est pas seulement un centre d’appels, c’est un CRC", "crc"),
    ("ce n’est pas seulement un centre d’appels, c’est un CRC", "centre d appel"),
    ("Ce n’est pas qu’un centre d’appels", "centre d appel"),
    ("Il ne traite pas que des appels", "appel"),
    ("Il n’y a pas que les appels, il y a aussi les mails", "mail"),
    ("non seulement il appelle, mais il qualifie des bases", "qualifie de base"),
    ("Il ne se limite pas aux appels : il qualifie des bases", "qualifie de base"),
    ("Il ne se limite pas aux appels", "appel"),
    ("Bloctel ne concerne que le téléphone", "telephone"),
    ("n’hésite pas à conseiller les clients", "conseiller"),
    ("sans oublier les SMS", "sm"),
    ("Il fait sans doute de la vente", "vente"),
    ("Il gère sans interruption les appels entrants", "appel entrant"),
    ("Omnicom, prestataire de relation client, ne fabrique pas de cosmétiques", "prestataire de relation client"),
    ("Un CRC qui ne fabrique pas de cosmétiques", "crc"),
    ("Omnicom est un CRC et ne vend pas de crèmes", "crc"),
    ("Omnicom est un CRC et Marielle Nature ne gère pas les appels", "crc"),
    ("Ils ne vendent pas de crèmes et gèrent les appels entrants", "appel entrant"),
    ("Ils ne vendent pas de crèmes, ils gèrent les appels entrants", "appel entrant"),
    ("On ne saisit pas Bloctel car les numéros sont ceux de consommateurs", "consommateur"),
    ("Bloctel n’est plus obligatoire, il faut le consentement", "consentement"),
    ("un CRC plutôt qu’un centre d’appels", "crc"),
    ("un CRC, pas un centre d’appels", "crc"),
    ("Contrairement à un centre d’appels, le CRC gère plusieurs canaux", "plusieur canau"),
    ("uniquement le téléphone, pas les mails", "uniquement le telephone"),
    ("pas les mails, seulement le téléphone", "seulement le telephone"),
    ("Non, car la liste ne contient que des numéros de consommateurs", "consommateur"),
    ("Qualification des fichiers (pas de livraison), vente", "vente"),
    ("Omnicom fait de la vente. Il ne livre pas.", "vente"),
    ("Omnicom fait de la vente ; il ne livre pas", "vente"),
    ("B to B : non, ce sont des consommateurs", "consommateur"),
    ("de plus en plus de canaux", "canau"),
    ("il y a pas mal de canaux", "canau"),
    ("une personne inscrite", "personne inscrite"),
    ("rien que le téléphone", "telephone"),
]


@pytest.mark.parametrize(("text", "words"), AFFIRMED)
def test_what_no_negation_governs_is_affirmed(text, words):
    assert affirms(text, words)
    assert not denies(text, words)


def test_a_sentence_is_one_line_in_the_normalised_form_without_its_commas():
    assert read("Les ventes, le S.A.V. Et puis 75.000 € d’amende ; 3,5 mois").affirmed == (
        "vente le sav et pui 75 000 d amende",
        "3 5 moi",
    )
    assert read("– la vente\n– le suivi").whole == ("vente", "suivi")


def test_each_word_is_affirmed_or_denied_and_never_both():
    text = "Omnicom est un CRC, mais Marielle Nature n’en est pas un : elle vend des crèmes sans intermédiaire."
    reading = read(text)
    heads = {"mai"}  # a first « mais » is dropped
    words = lambda lines: sorted(word for line in lines for word in line.split() if word not in heads)  # noqa: E731 (short)
    assert words(reading.whole) == sorted([*words(reading.affirmed), *words(reading.denied)])


def test_typing_mistakes_are_mended_to_the_expected_words():
    assert read("la quallification des fichiers", frozenset({"qualification"})).affirmed == (
        "qualification de fichier",
    )


@pytest.mark.parametrize(
    "text", ["", "   ", "…", "?!", "()", "ne", "pas", "n’", "sans", "ni", "non", "ne pas", "plutôt", "et"]
)
def test_scraps_are_read_without_a_word_too_many(text):
    reading = read(text)
    assert reading.words <= 2
    assert not reading.cut


@given(st.text(alphabet="nepasiou ,.()’-àéqtm0", max_size=300) | st.text(max_size=300))
def test_any_text_is_read(text):
    reading = read(text)
    assert reading.words >= 0
    assert all(line.strip() == line and line for line in (*reading.affirmed, *reading.denied, *reading.whole))


WORDS = st.sampled_from([
    "omnicom", "est", "n", "pas", "un", "crc", "et", "mais", ",", "(", ")", "que", "qui", "sans", "ne", "plus", "la",
    "vente", "il", "ni", "non", "plutôt", "de",
])  # fmt: skip


@given(st.lists(WORDS, max_size=60))
@settings(max_examples=200)
def test_negations_in_any_disorder_break_nothing(words):
    reading = read(" ".join(words))
    assert len(" ".join(reading.affirmed)) + len(" ".join(reading.denied)) <= len(" ".join(words)) + 2


def test_a_text_without_an_end_is_cut_and_says_so():
    long = read("vente " * (MAX_WORDS + 1))
    assert long.cut
    assert long.words == MAX_WORDS + 1
    assert read("a" * (MAX_TEXT + 1)).cut
    assert not read("vente " * 100).cut
    assert max(len(line.split()) for line in read("vente " * 500).whole) <= MAX_SENTENCE


@pytest.mark.parametrize("piece", ["ne ", "sans ", "plutôt ", "(", "et ", "n’est pas ", "a.b.", "1.000", "ne pas que "])
def test_hostile_texts_are_read_in_a_bounded_time(piece):
    start = time.perf_counter()
    clauses.read.__wrapped__(piece * (MAX_TEXT // len(piece)))
    assert time.perf_counter() - start < 3
