"""Short texts read by a model: words and negations, what is decided, what is doubted and why, what facts settle."""

from __future__ import annotations

import time
import zlib
from typing import Any

import pytest

from crc_lab.core.grading import grade
from crc_lab.core.model import TO_CHECK, Json, QuestionResult, Verdict
from crc_lab.reading.deciding import Decision, Scheme, decide
from crc_lab.reading.facts import settle
from crc_lab.reading.reader import Reader, Reading, reader_of
from crc_lab.reading.words import PAUSE, WAY, classes, clauses_of, features, key, tokens, windows, wording
from tests.loaded import loaded_activity
from tests.word_for_word import model as word_for_word

ACTIVITIES = {name[:2]: name for name in ("01_crc", "02_reglementation", "05_segmenter", "07_cibler")}
LOADED = {number: loaded_activity(name) for number, name in ACTIVITIES.items()}


def marked(name: str, value: Json) -> QuestionResult:
    loaded = LOADED["0" + name[1]]
    question = loaded.activity.question(name)
    assert question is not None
    return grade(question, value, loaded.keys[name])


def reader(name: str, facts: Any = ()) -> Reader:
    loaded = LOADED["0" + name[1]]
    return reader_of(next(iter(loaded.keys.values())).models[name], facts)


# --- words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "la récence, non ?",
        "la récence, si je ne me trompe pas",
        "je ne sais plus trop, la récence",
        "je suis pas sûr mais la récence",
        "sauf erreur la récence",
        "la récence (à vérifier)",
    ],
)
def test_what_says_that_one_is_not_sure_changes_no_idea(text: str) -> None:
    assert [one for one in tokens(text) if one[0] != PAUSE] == [*tokens("la récence")]


def test_a_model_learnt_before_reads_that_as_it_did() -> None:
    assert any(denied for _, denied in tokens("la récence, non ?", WAY - 1))


@pytest.mark.parametrize("text", ["je ne sais pas pourquoi", "vérifier la liste, à vérifier chaque mois", "non"])
def test_what_is_said_of_the_matter_stays(text: str) -> None:
    assert tokens(text) == tokens(text, WAY - 1)


def test_words_that_stand_for_one_another_are_one_feature() -> None:
    assert classes("embeter") == classes("derange") == ("derang",)
    assert not classes("xylophone")
    shared = set(features(tokens("on embête les gens"))) & set(features(tokens("ça dérange un consommateur")))
    assert {name for name in shared if name[0] == "@"} >= {"@derang", "@particulier", "@derang@particulier"}
    assert "!@derang" in set(features(tokens("on ne dérange pas les gens")))


def test_who_is_meant_is_part_of_a_wording() -> None:
    assert wording(tokens("qui est le client")) != wording(tokens("le client"))
    assert wording(tokens("la vente")) == wording(tokens("vente"))
    assert wording(tokens("le")) == "le"


def denied(text: str) -> str:
    return " ".join(word for word, mark in tokens(text) if mark)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Omnicom n’est pas un CRC", "omnicom n est pas un crc"),
        ("un CRC, pas un centre d’appels", "pas un centre d appel"),
        ("ça ne concerne que le téléphone", ""),
        ("pas seulement la vente", ""),
        ("il ne repart pas sans avoir commandé", ""),
        ("au lieu de vendre, il conseille", "au lieu de vendre"),
        ("sans base de données mais avec des appels", "san base de donnee"),
        ("ni les mails ni les SMS", "ni les mail ni les sms"),
        ("ça marche pa pr les mails", "ca marche pas pour les mail"),
    ],
)
def test_what_a_text_denies(text: str, words: str) -> None:
    assert denied(text) == words


def test_words_lose_accents_plurals_and_short_forms_and_thousands_are_joined() -> None:
    read = " ".join(word for word, _ in tokens("Les rdv qualifiés : 75 000 €, 75k pr 1 personne"))
    assert read == "les rendez vous qualifie | 75000 € | 75000 pour 1 personne"


def test_initials_are_one_word_and_words_known_by_their_role_are_kept_whole() -> None:
    assert [word for word, _ in tokens("Un C.R.C. en B to B ou b2c")] == ["un", "crc", "en", "btob", "ou", "btoc"]
    assert [key(one) for one in clauses_of(windows(tokens("il vend mais dans les magasins")))] == ["vend", "magasin"]


def test_a_model_of_before_reads_the_words_that_it_learnt() -> None:
    text, raw = "B to B mais dans l’entreprise", word_for_word({"vente": ["autre chose"]})
    before = tuple(one for one in tokens(text, 1) if one[0] != PAUSE)
    raw["exact"] = {"vente": f"{zlib.crc32(key(before).encode()):08x}"}
    assert reader_of(raw).read(text).yes == frozenset()
    assert reader_of({name: value for name, value in raw.items() if name != "words"}).read(text).yes == {"vente"}


def test_who_does_it_is_seen_where_a_clause_begins_with_them() -> None:
    assert "^client" in features(tokens("Le client vérifie le fichier"))
    assert not [one for one in features(tokens("on vérifie le fichier du client")) if one[0] == "^"]


def test_a_text_is_read_whole_clause_by_clause_and_two_by_two() -> None:
    read = windows(tokens("la vente, le suivi et la prise de rendez-vous"))
    assert [key(one) for one in read] == [
        "vente suivi prise rendez",
        "vente", "suivi", "prise rendez",
        "vente suivi", "suivi prise rendez",
    ]  # fmt: skip
    assert [key(one) for one in clauses_of(read)] == ["vente", "suivi", "prise rendez"]
    assert windows(tokens("")) == []
    assert all(word != PAUSE for one in read for word, _ in one)


# --- facts ----------------------------------------------------------------------------------------------------------

AMOUNTS = {"sorte": "montants", "idee": "sanctions", "personne": 75000, "societe": 375000, "sinon": "A2-E13"}
DURATION = {"sorte": "duree", "idee": "duree", "mois": 36}
PAYMENT = {"sorte": "paiement", "idee": "gratuit", "sinon": "A2-E9"}


@pytest.mark.parametrize(
    ("fact", "text", "settled"),
    [
        (AMOUNTS, "75 000 € pour une personne physique", {"sanctions": True, "A2-E13": False}),
        (AMOUNTS, "375 000 euros pour une personne physique", {"sanctions": False, "A2-E13": True}),
        (AMOUNTS, "l’entreprise risque 375k", {"sanctions": True, "A2-E13": False}),
        (AMOUNTS, "des amendes plus fortes", {}),
        (AMOUNTS, "une personne paie 75 000 et une société 375 000", {"sanctions": True, "A2-E13": False}),
        (AMOUNTS, "l’entreprise paie 75 000 et l’individu 375 000", {"sanctions": False, "A2-E13": True}),
        (AMOUNTS, "une société a 75 000 € pour une personne physique", {"sanctions": True, "A2-E13": False}),
        (DURATION, "valable pendant 5 ans", {"duree": False}),
        (DURATION, "valable trois ans", {}),
        (DURATION, "36 mois", {}),
        (PAYMENT, "l’inscription est payante pour le consommateur", {"gratuit": False, "A2-E9": True}),
        (PAYMENT, "c’est gratuit pour les consommateurs", {"A2-E9": False}),
        (PAYMENT, "gratuit pour les entreprises", {"gratuit": False}),
        (PAYMENT, "les professionnels paient l’accès", {"A2-E9": False}),
        (PAYMENT, "le consommateur ne paie pas", {}),
    ],
)
def test_a_number_or_who_pays_settles_what_it_can(fact: dict[str, Any], text: str, settled: dict[str, bool]) -> None:
    assert settle([fact], tokens(text)) == settled


# --- from readings to points ----------------------------------------------------------------------------------------

SCHEME = Scheme(
    2,
    [{"id": "vente"}, {"id": "suivi"}, {"id": "secteurs", "etiquettes": ["banque", "mode", "auto"], "au_moins": 2}],
    [{"code": "E1", "gate": True}, {"code": "E2", "part": 0.5}, {"code": "E3", "annule": ["vente"]}],
)


@pytest.mark.parametrize(
    ("texts", "share"),
    [
        ([{"vente"}, {"suivi"}], 1),
        ([{"vente"}, {"vente"}], 0.5),
        ([{"~vente"}], 0.25),
        ([{"~vente"}, {"vente"}], 0.5),
        ([{"banque"}], 0),
        ([{"banque"}, {"mode"}], 0.5),
        ([{"vente", "E1"}], 0.25),
        ([{"E1"}, {"vente"}], 0.5),
        ([{"E2"}, {"E2"}], 0.25),
        ([{"E2", "vente"}], 0.5),
        ([{"vente", "suivi"}, {"E3"}], 0.5),
        ([], 0),
    ],
)
def test_ideas_count_once_half_ideas_half(texts: list[set[str]], share: float) -> None:
    assert SCHEME.share([frozenset(one) for one in texts]) == share


def settled(*readings: Reading) -> Decision:
    return decide(SCHEME, readings)


def test_a_doubt_that_changes_nothing_is_not_told_and_one_that_does_gives_the_lowest_and_the_highest() -> None:
    sale, sure = frozenset({"vente"}), Reading(frozenset({"suivi"}))
    maybe = Reading(frozenset(), {"vente": "lecture incertaine"}, {"vente": 0.7})
    assert settled(Reading(sale), sure, maybe).alone
    open_ = settled(sure, maybe)
    assert (open_.share, open_.low, open_.high, open_.alone) == (1, 0.5, 1, False)
    assert open_.doubts == ((1, "vente", "lecture incertaine"),)
    unlikely = settled(sure, Reading(frozenset(), {"vente": "lecture incertaine"}, {"vente": 0.3}))
    assert (unlikely.share, unlikely.high) == (0.5, 1)


def test_a_doubt_on_what_no_criterion_counts_is_no_doubt() -> None:
    assert settled(Reading(frozenset({"vente"}), {"ailleurs": "lecture incertaine"})).alone


def test_many_doubts_are_bounded_without_trying_every_combination() -> None:
    maybe = Reading(frozenset(), dict.fromkeys(("vente", "suivi", "banque", "mode", "auto"), "lecture incertaine"))
    start = time.perf_counter()
    decision = settled(*[maybe] * 12)
    assert (decision.low, decision.high) == (0, 1)
    assert time.perf_counter() - start < 1


# --- on the questions of the workbook -------------------------------------------------------------------------------


def test_ideas_in_ones_own_words_earn_their_points() -> None:
    words = [
        "nettoyage et mise à jour des fichiers clients",
        "décrocher des entretiens pour les commerciaux",
        "vendre par téléphone",
        "s’occuper des clients après l’achat",
    ]
    assert marked("A1-Q1b", words).points == 6


def test_what_cannot_be_read_is_told_and_never_false() -> None:
    result = marked("A1-Q1b", ["grumlok le zarbi des pastofles"])
    assert [message.code for message in result.messages] == ["NON-LU", TO_CHECK]
    assert result.verdict is Verdict.PARTIEL
    assert [note.state for note in result.criteria[0].cells] == ["doute"]
    assert "De 0 à 1,5 points" in result.criteria[0].teacher[0].text
    assert "grumlok" in result.criteria[0].teacher[0].text


def test_what_is_known_to_be_wrong_is_false_without_a_doubt() -> None:
    result = marked("A1-Q1b", ["la livraison des produits"])
    assert [message.code for message in result.messages] == ["A1-HORS"]
    assert (result.points, result.verdict) == (0, Verdict.FAUX)


def test_a_vague_idea_is_worth_half_and_swapped_amounts_nothing() -> None:
    assert marked("A5-Q1", ["RFM"]).points == 0
    assert marked("A5-Q1", ["R", "F", "M"]).points == 1.5
    assert marked("A2-Q5", ["375 000 € pour une personne physique"]).points == 0


def test_an_inverted_role_has_its_own_message() -> None:
    messages = marked("A1-Q1a", "Marielle Nature travaille pour Omnicom").messages
    assert "A1-INVERSE" in [message.code for message in messages]


@pytest.mark.parametrize("value", [["!!!"], ["\u200b"], ["…", "?"], ["a" * 5000], ["vente " * 900]])
def test_odd_texts_are_read_without_an_error(value: list[str]) -> None:
    assert 0 <= marked("A1-Q1b", value).points <= 6


def test_a_text_takes_two_milliseconds_at_most() -> None:
    read = reader("A2-Q3").read
    texts = [
        f"{n} il est interdit d’appeler un consommateur inscrit, sauf la presse et les sondages" for n in range(60)
    ]
    read(texts[0])
    start = time.process_time()
    for text in texts:
        read(text)
    assert (time.process_time() - start) / len(texts) < 0.008  # two, on a machine that does nothing else
