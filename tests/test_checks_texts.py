"""Short texts: ideas counted once, known mistakes, partial credit, notes and messages, doubts for the teacher."""

from __future__ import annotations

import time
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.marking import mark_sheet
from crc_lab.checks.texts import SAME_IDEA
from crc_lab.core.grading import Context, Outcome, grade
from crc_lab.core.model import TO_CHECK, Criterion, Json, Key, Question, Verdict
from crc_lab.core.rooms import checks
from crc_lab.core.sheet import Answer, AnswerSheet
from crc_lab.kinds.texts import Texts
from tests.word_for_word import model

MESSAGES = {"E1": "Erreur.", "E2": "Autre erreur.", "DEUX": "Deux fois.", "MANQUE": "Il manque une idée.",
            "BILAN": "{trouves} sur {attendus}."}  # fmt: skip
SERVICES: dict[str, Any] = {
    "lecture": "T",
    "attendus": 2,
    "idees": [{"id": "vente"}, {"id": "suivi"}, {"id": "fichiers"}],
    "erreurs": [{"code": "E1", "part": 0.5}, {"code": "E2"}],
    "doublon": "DEUX",
}
MODELS = {
    "T": model(
        {
            "vente": ["la vente", "vendre", "du commerce"],
            "suivi": ["le suivi", "SAV"],
            "vente suivi": ["la vente, le suivi"],
            "fichiers": ["nettoyage des fichiers"],
            "E1": ["un centre d’appels"],
            "E2": ["des mails"],
            "E2 vente": ["la vente par mail"],
            "-": ["rien", "je sais pas", "Omnicom ne fait pas de vente"],
        }
    )
}
UNKNOWN = "grumlok zarbi pastofle"


def run(value: Any, spec: Any = None, **changes: Any) -> Outcome:
    criterion = Criterion("c", "Idées", "textes_courts", 2)
    question = Question("T-Q1", "textes", "", "", 2, (criterion,), spec=spec)
    key = Key("T-Q1", [], criteria={"c": {**SERVICES, **changes}}, messages=MESSAGES, models=MODELS)
    return checks()["textes_courts"].run(value, Context(question, criterion, key))


def codes(outcome: Outcome) -> list[str]:
    return [message.code for message in outcome.messages]


# --- ideas --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "share"),
    [
        (("la vente", "le suivi"), 1),
        (("Omnicom ne fait pas de vente", "le suivi"), 0.5),
        (("la vente, le suivi",), 1),
        (("nettoyage des fichiers",), 0.5),
        (("SAV", "Vendre !"), 1),
        (("rien", "je sais pas"), 0),
        (("la vente", "vendre"), 0.5),
        ((), 0),
    ],
)
def test_what_is_said_counts_once_per_idea(texts, share):
    assert run(texts).share == share


def test_two_mistakes_of_one_kind_grant_their_part_once():
    outcome = run(("un centre d’appels", "un centre d’appel"))
    assert (outcome.share, codes(outcome)) == (0.25, ["E1"])


def test_a_sixth_idea_may_take_the_place_of_a_missing_one():
    three = ("la vente", "le suivi", "nettoyage des fichiers")
    assert run(three).share == 1
    assert run(three[1:]).share == 1
    assert run(three[2:]).share == 0.5


def test_the_reason_of_a_true_or_false_is_a_text():
    outcome = run({"choix": "vrai", "raison": "la vente, le suivi"})
    assert outcome.share == 1
    assert [(note.row, note.state) for note in outcome.cells] == [("raison", "juste")]
    assert run({"choix": "vrai"}).share == 0


# --- messages and notes -------------------------------------------------------------------------------------------


def test_what_is_missing_is_said_when_no_mistake_explains_it():
    assert codes(run(("la vente",), sinon="MANQUE")) == ["MANQUE"]
    assert codes(run(("la vente", "des mails"), sinon="MANQUE")) == ["E2"]
    assert codes(run(("la vente", "le suivi"), sinon="MANQUE")) == []
    outcome = run(("la vente",), bilan="BILAN")
    assert [message.text for message in outcome.messages] == ["1 sur 2."]
    assert codes(run(("rien",), bilan="BILAN")) == []


def test_a_mistake_is_told_beside_an_idea_only_when_it_always_is():
    assert codes(run(("la vente par mail",), erreurs=[{"code": "E2"}])) == []
    assert codes(run(("la vente par mail",), erreurs=[{"code": "E2", "toujours": True}])) == ["E2"]


def test_each_text_of_a_list_has_its_note():
    outcome = run(("la vente", "", "vendre", "des mails", "le suivi"))
    assert [(note.row, note.state, note.text) for note in outcome.cells] == [
        ("0", "juste", "Vente."),
        ("2", "faux", SAME_IDEA.format(n=1)),
        ("3", "faux", ""),
        ("4", "juste", "Suivi."),
    ]
    assert codes(outcome) == ["E2"], "nothing is missing: the same idea twice is only a note"
    assert codes(run(("la vente", "vendre"))) == ["DEUX"]
    assert run("la vente").cells == ()


@pytest.mark.parametrize(
    ("texts", "found", "told"),
    [
        (("la vente, le suivi", "des mails", "nettoyage des fichiers"), 2, ["E2", "TROP-REPONSES"]),
        (("des mails", "la vente, le suivi", "nettoyage des fichiers"), 2, ["E2", "TROP-REPONSES"]),
        (("des mails", "rien", "la vente, le suivi"), 2, ["E2"]),
        (("la vente, le suivi", "la vente, le suivi", "nettoyage des fichiers"), 3, []),
        (("", "la vente, le suivi", "nettoyage des fichiers"), 3, []),
        (("la vente, le suivi", "nettoyage des fichiers", "des mails"), 3, ["E2"]),
    ],
)
def test_two_ideas_in_one_field_are_two_answers(texts, found, told):
    """As many answers as there are fields count, the first ones: what comes after them earns nothing, and a doubt does
    not use up an answer."""
    outcome = run(texts, Texts(("1", "2", "3")), attendus=3)
    assert (round(outcome.share * 3), codes(outcome)) == (found, told)
    doubtful = run(("la vente, le suivi", UNKNOWN, "nettoyage des fichiers"), Texts(("1", "2", "3")), attendus=3)
    assert doubtful.share == 1


def test_an_idea_beside_one_that_is_not_is_worth_half_and_said_so():
    outcome = run(("la vente par mail", "le suivi"), erreurs=[{"code": "E2", "gate": True}])
    assert outcome.share == 0.75
    assert [(note.row, note.state) for note in outcome.cells] == [("0", "partiel"), ("1", "juste")]
    assert outcome.doubts == (
        "Réponse 1\u00a0: une idée juste à côté d’une autre qui ne l’est pas compte pour moitié.",
    )


# --- doubts -------------------------------------------------------------------------------------------------------


def test_unknown_words_are_a_doubt_unless_nothing_is_at_stake():
    (said,) = run(("la vente", UNKNOWN)).doubts
    assert "De 1 à 2 points" in said
    assert "grumlok" in said
    assert run(("la vente", "le suivi", UNKNOWN)).doubts == ()
    assert run((UNKNOWN,), inconnu=0).doubts == ()


def graded(value: Json) -> Any:
    criterion = Criterion("c", "Idées", "textes_courts", 2)
    question = Question("T-Q1", "textes", "", "", 2, (criterion,))
    key = Key("T-Q1", [], criteria={"c": SERVICES}, messages=MESSAGES, models=MODELS)
    return question, key, grade(question, value, key)


def test_a_doubtful_criterion_is_not_called_wrong_and_keeps_its_points():
    _, _, result = graded(["la vente", UNKNOWN])
    (criterion,) = result.criteria
    assert (result.verdict, result.points) == (Verdict.PARTIEL, 1)
    assert TO_CHECK in {message.code for message in criterion.messages}
    assert "De 1 à 2 points" in criterion.to_json()["enseignant"][0]["texte"]


def test_a_clear_criterion_says_nothing_to_the_teacher():
    _, _, result = graded(["la vente", "le suivi"])
    assert TO_CHECK not in {message.code for message in result.messages}
    assert "enseignant" not in result.criteria[0].to_json()


def test_a_doubt_is_an_incident_of_the_copy():
    question, key, _ = graded([])
    activity = SimpleNamespace(id="t", marked=(question,), questions=(question,))
    loaded = SimpleNamespace(activity=activity, key=lambda _name: key)
    sheet = AnswerSheet("t", answers={"T-Q1": Answer(["la vente", UNKNOWN])})
    _, incidents = mark_sheet(sheet, loaded)  # type: ignore[arg-type] # the two attributes that it reads
    assert [(one.code, one.text.partition(" : ")[0]) for one in incidents] == [
        (TO_CHECK, "T-Q1, idées (1\u00a0/\u00a02)")
    ]
    clear = replace(sheet, answers={"T-Q1": Answer(["la vente", "le suivi"])})
    assert mark_sheet(clear, loaded)[1] == ()  # type: ignore[arg-type] # the same


# --- hostile answers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "texts",
    [
        ("traitement " * 2000,),
        tuple("traitement " * 300 for _ in range(500)),
        tuple("nettoyage xqzvw" + "y" * (number % 20) for number in range(5000)),
        ("ne pas sans ni " * 1500,),
        ("a" * 50_000,),
    ],
)
def test_a_hostile_answer_is_judged_in_a_bounded_time(texts):
    start = time.perf_counter()
    run(texts)
    assert time.perf_counter() - start < 3


def test_of_fifty_texts_the_first_ones_alone_count():
    outcome = run(("…rien",) * 50 + ("la vente",))
    assert outcome.share == 0
    assert [message.code for message in outcome.messages] == ["TROP-REPONSES"]
