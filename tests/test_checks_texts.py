"""Short texts: ideas, negations, typing mistakes, partial credit, doubts for the teacher."""

from __future__ import annotations

import time
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.marking.marked import mark_sheet
from crc_lab.checks.texts import CONTRADICTED, NEGATED, SAME_IDEA, TOO_LONG, UNRECOGNISED
from crc_lab.core.check import Context, Outcome
from crc_lab.core.grading import grade
from crc_lab.core.model import TO_CHECK, Criterion, Json, Key, Question, Verdict
from crc_lab.core.rooms import checks
from crc_lab.core.sheet import Answer, AnswerSheet

MESSAGES = {"E1": "Erreur.", "E2": "Autre erreur.", "DEUX": "Deux fois.", "MANQUE": "Il manque une idée.",
            "BILAN": "{trouves} sur {attendus}."}  # fmt: skip
SERVICES: dict[str, Any] = {
    "attendus": 2,
    "idees": [
        {"id": "vente", "motifs": ["vente", "télévente", "vendre"]},
        {"id": "suivi", "motifs": [r"\bsuivi\b", r"\bsav\b", "fidélisation", "réclamation"], "interdits": ["colis"]},
        {"id": "fichiers", "motifs": ["(traitement|nettoyage).*(fichier|base)", "qualification"]},
    ],
    "interdits": ["fabriquer", "livraison"],
    "erreurs": [{"motifs": ["centre d appels"], "code": "E1", "part": 0.5}, {"motifs": ["mail"], "code": "E2"}],
    "doublon": "DEUX",
}


def run(value: Any, **changes: Any) -> Outcome:
    criterion = Criterion("c", "Idées", "textes_courts", 2)
    question = Question("T-Q1", "textes", "", "", 2, (criterion,))
    key = Key("T-Q1", [], criteria={"c": {**SERVICES, **changes}}, messages=MESSAGES)
    return checks()["textes_courts"].run(value, Context(question, criterion, key))


def codes(outcome: Outcome) -> list[str]:
    return [message.code for message in outcome.messages]


# --- ideas --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "share"),
    [
        (("la vente", "le suivi"), 1),
        (("Omnicom ne fait pas de vente", "le suivi"), 0.5),
        (("pas seulement la vente", "aussi le suivi"), 1),
        (("la vente, le suivi",), 1),
        (("nettoyage des fichiers et de la base",), 0.5),
        (("la ventte", "la réclamasion"), 1),  # one slip in each
        (("la vente", "le suivi des colis"), 0.5),
        (("la vente et la livraison", "le suivi"), 0.5),
        (("la vente sans livraison", "le suivi"), 1),  # what is denied forbids nothing
        (("SAV", "Vendre !"), 1),
        (("quoi ?", "je sais pas"), 0),
        ((), 0),
    ],
)
def test_what_is_affirmed_counts_once_per_idea(texts, share):
    assert run(texts).share == share


def test_two_mistakes_of_one_kind_grant_their_part_once():
    outcome = run(("un centre d’appels", "le centre d’appel"))
    assert (outcome.share, codes(outcome)) == (0.25, ["E1"])


def test_an_idea_made_of_a_negation_is_looked_for_in_what_is_denied():
    phone = {"id": "tel", "motifs": ["uniquement.*telephone"], "nies": ["mail", "sms"]}
    ideas = [phone, {"id": "autre", "motifs": ["zzz"]}]
    assert run(("Bloctel ne concerne ni les mails ni les SMS",), idees=ideas).share == 0.5
    assert run(("uniquement pour le téléphone",), idees=ideas).share == 0.5
    assert run(("Bloctel bloque les mails",), idees=ideas).share == 0
    assert codes(run(("Bloctel bloque les mails",), idees=ideas)) == ["E2"]
    assert codes(run(("Bloctel ne bloque pas les mails",), idees=ideas)) == []


def test_a_pattern_searched_everywhere_and_one_that_holds_a_negation_cross_negations():
    ideas = [{"id": "accord", "partout": ["consentement"]}, {"id": "non", "motifs": [r"ne .*\bpas\b.*appeler"]}]
    assert run(("interdit sans consentement", "on ne doit pas appeler"), idees=ideas).share == 1


def test_some_of_several_signs_may_come_from_several_texts():
    ideas = [{"id": "exceptions", "parmi": [["presse"], ["sondage"], ["contrat en cours"]], "au_moins": 2}]
    assert run(("sauf la presse et les sondages",), idees=ideas, attendus=1).share == 1
    assert run(("sauf la presse", "sauf les sondages"), idees=ideas, attendus=1).share == 1
    assert run(("sauf la presse", "la presse encore"), idees=ideas, attendus=1).share == 0
    assert run(("sauf la presse", "sauf la presse et les sondages"), idees=ideas, attendus=1).share == 1


def test_a_sixth_idea_may_take_the_place_of_a_missing_one():
    ideas = [{"id": letter, "motifs": [f"idee {letter}$"]} for letter in "abcdef"]
    texts = tuple(f"idée {letter}" for letter in "abcdef")
    assert run(texts, idees=ideas, attendus=5).share == 1
    assert run(texts[1:], idees=ideas, attendus=5).share == 1
    assert run(texts[2:], idees=ideas, attendus=5).share == 0.8


def test_the_reason_of_a_true_or_false_is_a_text():
    outcome = run({"choix": "vrai", "raison": "la vente et le suivi"})
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
    error = {"motifs": ["mail"], "code": "E2"}
    assert codes(run(("la vente par mail",), erreurs=[error])) == []
    assert codes(run(("la vente par mail",), erreurs=[{**error, "toujours": True}])) == ["E2"]


def test_each_text_of_a_list_has_its_note():
    outcome = run(("la vente", "", "vendre", "des mails", "le suivi"))
    assert [(note.row, note.state, note.text) for note in outcome.cells] == [
        ("0", "juste", ""),
        ("2", "faux", SAME_IDEA.format(n=1)),
        ("3", "faux", ""),
        ("4", "juste", ""),
    ]
    assert codes(outcome) == ["DEUX", "E2"]
    assert run("la vente").cells == ()


# --- doubts -------------------------------------------------------------------------------------------------------

LONG = "Ils font de tout pour aider les marques dans leur quotidien."


@pytest.mark.parametrize(
    ("texts", "doubts"),
    [
        (("la vente", "le suivi"), ()),
        (("Omnicom ne fait pas de vente",), (NEGATED,)),
        (("Omnicom ne fait pas de vente mais il sait vendre", "suivi"), ()),  # earned all the same
        (("la livraison et la vente",), (CONTRADICTED,)),
        ((LONG,), (UNRECOGNISED,)),
        (("rien du tout",), ()),
        ((LONG + " C’est un centre d’appels.",), ()),  # a known mistake explains it
        (("la vente " + "vraiment " * 60, "suivi"), (TOO_LONG,)),
    ],
)
def test_a_proposed_mark_says_what_is_doubtful(texts, doubts):
    assert run(texts, semi=True).doubts == doubts
    assert run(texts).doubts == ()


def test_an_element_among_others_may_be_missing_without_a_doubt():
    assert run((LONG,), semi=True, inconnu=0).doubts == ()
    assert run((LONG,), semi=True, inconnu=30).doubts == ()


def graded(value: Json) -> Any:
    criterion = Criterion("c", "Idées", "textes_courts", 2)
    question = Question("T-Q1", "textes", "", "", 2, (criterion,))
    key = Key("T-Q1", [], criteria={"c": {**SERVICES, "semi": True}}, messages=MESSAGES)
    return question, key, grade(question, value, key)


def test_a_doubtful_criterion_keeps_its_verdict_and_its_points():
    _, _, result = graded(["la vente", "Omnicom ne fait pas de suivi"])
    (criterion,) = result.criteria
    assert (result.verdict, result.points) == (Verdict.PARTIEL, 1)
    assert criterion.messages[-1].code == TO_CHECK
    assert criterion.messages[-1].text.endswith(NEGATED)
    assert [message.text for message in criterion.teacher] == [NEGATED]
    assert criterion.to_json()["enseignant"] == [{"code": TO_CHECK, "texte": NEGATED, "lignes": []}]


def test_a_clear_criterion_says_nothing_to_the_teacher():
    _, _, result = graded(["la vente", "le suivi"])
    assert TO_CHECK not in {message.code for message in result.messages}
    assert "enseignant" not in result.criteria[0].to_json()


def test_a_doubt_is_an_incident_of_the_copy():
    question, key, _ = graded([])
    activity = SimpleNamespace(id="t", marked=(question,), questions=(question,))
    loaded = SimpleNamespace(activity=activity, key=lambda _name: key)
    sheet = AnswerSheet("t", answers={"T-Q1": Answer(["la vente", "Omnicom ne fait pas de suivi"])})
    _, incidents = mark_sheet(sheet, loaded)  # type: ignore[arg-type] # the two attributes that it reads
    assert [(one.code, one.text) for one in incidents] == [
        (TO_CHECK, f"T-Q1, idées (1\u00a0/\u00a02) : {NEGATED}"),
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
    run(texts, semi=True)
    assert time.perf_counter() - start < 3


def test_of_fifty_texts_the_first_ones_alone_count():
    outcome = run(("…rien",) * 50 + ("la vente",), semi=True)
    assert outcome.share == 0
    assert [message.code for message in outcome.messages] == ["TROP-REPONSES"]
