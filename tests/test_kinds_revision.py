"""Calls that are played, plannings, passages to pick out: marks computed apart, odd answers, what is kept secret."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crc_lab.checks import CHECKS
from crc_lab.core.answers import FormatProblem
from crc_lab.core.grading import Context
from crc_lab.core.kind import Kind
from crc_lab.core.model import Criterion, Json, Key, Question
from crc_lab.core.rooms import kinds, parse
from crc_lab.core.shown import as_text, shown_as

REPLY = {"texte": "Bonjour {nom}.", "retour": "C’est bien.", "niveau": "meilleure"}
CALL = {
    "interlocuteur": "Mme Roy", "contexte": "Lundi.", "depart": "A", "debordement": "FIN", "visites_max": 2,
    "partout": {"opposition": "FIN"},
    "etapes": [{"id": "contact", "texte": "Contact"}, {"id": "conge", "texte": "Congé"}],
    "reflexes": [{"id": "nom", "texte": "Dire son nom"}],
    "noeuds": {
        "A": {"titre": "Accueil", "etape": "contact", "reactions": {"ok": {"texte": "Oui ?", "vers": "B"},
                                                                    "non": {"texte": "Encore ?", "vers": "A"}},
              "repliques": [{**REPLY, "id": "a", "points": 3, "reflexes": ["nom"]},
                            {**REPLY, "id": "b", "points": 0, "code": "IMPOLI", "effet": "non"}]},
        "B": {"titre": "Offre", "etape": "contact", "etapes_acceptees": ["conge"],
              "reactions": {"ok": {"texte": "D’accord.", "vers": "FIN"}},
              "repliques": [{**REPLY, "id": "a", "points": 2}, {**REPLY, "id": "b", "points": 1}]},
        "FIN": {"titre": "Congé", "etape": "conge", "fin": "vendu", "reactions": {},
                "repliques": [{**REPLY, "id": "a", "points": 3}, {**REPLY, "id": "b", "points": 1}]},
    },
    "scenarios": [
        {"id": "S1", "reactions": [], "valeurs": {"nom": "madame Roy"}, "reference": ["A", "B", "FIN"]},
        {"id": "S2", "reactions": [["B", "opposition"]], "valeurs": {}, "reference": ["A", "B", "FIN"]},
    ],
}  # fmt: skip
GRID = {
    "creneaux": [8, 9, 10, 11], "besoin": [1, 2, 1, 1],
    "agents": [
        {"id": "P1", "nom": "Ana", "heures": 3, "referent": True},
        {"id": "P2", "nom": "Bao", "heures": 2, "repos": 9, "situation": "finit tard"},
        {"id": "P3", "nom": "Cyr", "heures": 2, "absent": True},
    ],
}  # fmt: skip
TEXT = {
    "texte": "[[s1|Slt]] [[s2|madame,]] [[s3|asap]]\n[[s4|Cordialement]]",
    "categories": [{"id": "sms", "texte": "langage SMS"}, {"id": "anglais", "texte": "anglicisme"}],
}
RAW: dict[str, dict[str, Any]] = {"dialogue": {"dialogue": CALL}, "planning": GRID, "surlignage": TEXT}


def kind(name: str) -> Kind:
    return kinds()[name]


def spec_of(name: str, **more: Any) -> Any:
    told: list[str] = []
    spec = kind(name).build({**RAW[name], **more}, told.append)
    assert told == []
    return spec


def share(name: str, value: Json, answer: Json = None, **settings: Any) -> float:
    """The share that an answer earns of one criterion with these settings."""
    spec = spec_of(name)
    criterion = Criterion("c", "", name, 1.0, settings)
    question = Question(id="T", kind=name, title="", prompt="", points=1.0, criteria=(criterion,), spec=spec)
    parsed = parse(name, value, spec)
    assert not isinstance(parsed, FormatProblem)
    return CHECKS[name].run(parsed, Context(question, criterion, Key("T", answer, "", {}, {}, {}, ()))).share


def call(*turns: str, steps: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"parcours": [list(turn.split(".")) for turn in turns], "etapes": list(steps)}


@pytest.mark.parametrize(
    ("first", "way", "end", "steps", "reflexes"),
    [  # by hand; the second call, always the best, counts for the other half
        (call("A.a", "B.a", "FIN.a", steps=("contact", "conge", "conge")), 8 / 8, 1, 3 / 3, 1),
        (call("A.b", "A.a", "B.b", "FIN.b", steps=("conge", "contact", "contact", "")), 5 / 11, 1, 2 / 4, 1),
        (call("A.b", "A.b", "FIN.a", steps=("contact", "contact", "conge")), 3 / 9, 1, 3 / 3, 0),
        (call("A.a", steps=("contact",)), 3 / 8, 0, 1 / 3, 1),
        (call("A.a", "FIN.a", "B.a"), 3 / 8, 0, 0, 1),
        ({}, 0, 0, 0, 0),
    ],
)
def test_a_call_earns_what_is_computed_by_hand(first, way, end, steps, reflexes):
    best = call("A.a", "B.a", "FIN.a", steps=("contact", "contact", "conge"))
    answer = {"S1": first, "S2": best}
    for measure, expected in (("chemin", way), ("issue", end), ("etapes", steps), ("reflexes", reflexes)):
        assert share("dialogue", answer, mesure=measure) == pytest.approx((expected + 1) / 2), measure


def test_a_call_shows_what_was_said_and_the_refusal_that_no_node_words():
    answer = {"S2": call("A.a", "B.a", "FIN.a", steps=("contact", "", "conge"))}
    shown = as_text(shown_as("dialogue", answer, spec_of("dialogue")))
    assert "Ne m’appelez plus." in shown
    assert "[Contact]" in shown
    assert "Bonjour madame Roy." in as_text(shown_as("dialogue", {"S1": answer["S2"]}, spec_of("dialogue")))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"depart": "Z"}, "« Z » n’existe pas"),
        ({"partout": {"opposition": "Z"}}, "« Z » n’existe pas"),
        ({"etapes": []}, "l’étape « contact » n’existe pas"),
        (
            {"noeuds": {"A": {**CALL["noeuds"]["A"], "reactions": {"ok": {"texte": "", "vers": "Z"}}}}},
            "qui n’existe pas",
        ),
        ({"noeuds": {"A": {**CALL["noeuds"]["A"], "fin": "", "repliques": []}}}, "rien à répondre"),
        ({"scenarios": [{"titre": "sans nom"}]}, "ne se lit pas"),
    ],
)
def test_what_is_wrong_in_a_dialogue_is_told_to_its_author(change, told):
    found: list[str] = []
    kind("dialogue").build({"dialogue": {**CALL, **change}}, found.append)
    assert any(told in one for one in found), found


PLAN = {"P1": [8, 9, 10], "P2": [9, 11]}


@pytest.mark.parametrize(
    ("value", "rule", "expected"),
    [
        (PLAN, "couverture", 5 / 5),
        ({"P1": [8, 9, 10]}, "couverture", 3 / 5),
        ({"P1": [8, 9, 10, 11], "P2": [8, 9, 10, 11], "P3": [8, 9, 10, 11]}, "couverture", 0),
        (PLAN, "referent", 3 / 4),
        ({"P1": [8, 9, 10], "P2": [9, 10]}, "heures", 2 / 2),
        (PLAN, "heures", 1 / 2),
        ({"P1": [8, 9]}, "heures", 0),
        (PLAN, "repos", 2 / 2),
        ({"P1": [8], "P2": [8, 9], "P3": [9, 10]}, "repos", 0),
        ({"P1": [8, 9, 10]}, "repos", 1 / 2),
        ({"P3": []}, "repos", 0),
    ],
)
def test_each_rule_of_a_planning_has_its_share(value, rule, expected):
    assert share("planning", value, regle=rule) == pytest.approx(expected)


@pytest.mark.parametrize(("hours", "expected"), [((8, 9, 11, 12), 1), ((8, 9, 10, 11), 0), ((8, 10, 11, 12), 0)])
def test_a_break_is_one_hour_off_in_the_middle(hours, expected):
    agent = {"id": "P1", "nom": "Ana", "heures": 4}
    raw = {"creneaux": list(range(8, 13)), "besoin": [1] * 5, "agents": [agent]}
    spec = kind("planning").build(raw, lambda text: pytest.fail(text))
    criterion = Criterion("c", "", "planning", 1.0, {"regle": "pauses", "pauses": [10], "pause_des": 4})
    question = Question(id="T", kind="planning", title="", prompt="", points=1.0, criteria=(criterion,), spec=spec)
    outcome = CHECKS["planning"].run({"P1": hours}, Context(question, criterion, Key("T", {}, "", {}, {}, {}, ())))
    assert outcome.share == expected


KEY = {"s1": "sms", "s3": "anglais"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (KEY, 1),
        ({"s1": "langage SMS", "s3": "Anglicisme"}, 1),
        ({"s1": "anglais", "s3": "releve"}, 0.7),
        ({"s1": "sms"}, 0.5),
        ({"s1": "sms", "s3": "anglais", "s2": "releve"}, 1 - 0.7 * 0.5 / 2),
        ({"s2": "sms", "s4": "sms"}, 0),
        (dict.fromkeys(("s1", "s2", "s3", "s4"), "sms"), 0),
        (["s1", "s3"], 0.7),
    ],
)
def test_passages_earn_what_the_formula_says(value, expected):
    assert share("surlignage", value, KEY, attendu=KEY) == pytest.approx(expected)


@pytest.mark.parametrize("name", RAW)
@pytest.mark.parametrize(
    "value",
    [None, "", "x", 3, True, [], [[]], [None], {}, {"S1": None}, {"S1": {"parcours": 3}}, {"S1": {"parcours": [[1]]}},
     {"P1": "8"}, {"P1": [None]}, {"P1": ["8", 9.0, -1]}, {"P1": [10**30]}, {"s1": None}, {"s1": {"a": 1}}, {3: 3},
     {"S1": {"parcours": [["A", "a"]] * 5000, "etapes": [None]}}],
)  # fmt: skip
def test_an_odd_answer_is_read_or_refused_and_always_shown(name, value):
    spec = spec_of(name)
    parsed = parse(name, value, spec)
    if not isinstance(parsed, FormatProblem):
        as_text(shown_as(name, value, spec))
        for setting in ({"mesure": "chemin"}, {"mesure": "etapes"}, {"regle": "couverture"}, {"attendu": KEY}):
            if {"dialogue": "mesure", "planning": "regle", "surlignage": "attendu"}[name] in setting:
                assert 0 <= share(name, value, KEY, **setting) <= 1


@pytest.mark.parametrize("name", RAW)
def test_a_student_s_question_file_holds_no_answer(name):
    given = {field: one.student(RAW[name][field]) for field, one in kind(name).fields.items() if field in RAW[name]}
    text = json.dumps(given, ensure_ascii=False)
    for secret in ("points", "niveau", "retour", "IMPOLI", "reference", '"etape"', "referent", "absent", "repos"):
        assert secret not in text
    told: list[str] = []
    kind(name).build(given, told.append)
    assert told == []


@pytest.mark.parametrize(("name", "value"), [("planning", PLAN), ("surlignage", {"s1": "sms", "s3": "releve"})])
def test_an_answer_goes_through_the_lines_of_a_spreadsheet(name, value):
    spec = spec_of(name)
    texts = {line.code: line.value for line in kind(name).lines(spec, "Réponse", value)}
    assert kind(name).from_lines(spec, texts) == value


def test_hours_are_read_as_people_write_them():
    read = kind("planning").from_lines
    found = read(spec_of("planning"), {"P1": "8-10", "P2": "8 h, 9 h et 11", "P3": "8 à 9"})
    assert found == {"P1": [8, 9, 10], "P2": [8, 9, 11], "P3": [8, 9]}
