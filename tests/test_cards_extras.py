"""What goes with an answer and is never marked: the self-assessment of an open answer, the observations on a form."""

from __future__ import annotations

import json

import pytest

from autograder.marking.marked import mark_sheet
from crc_lab.core.bank import load_activity
from crc_lab.core.model import Verdict
from crc_lab.core.resources import activity_folder, datasets_folder
from crc_lab.core.sheet import AnswerSheet, read_sidecar, sidecar_path
from crc_lab.notebook.cards import Cards
from crc_lab.notebook.session import Session

TEXT = "Le RGPD s’applique depuis 2018 et la CNIL contrôle."
TICKED = {"auto_evaluation": {"fiche": [0, 1]}}


@pytest.fixture
def cards(tmp_path, monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return Cards(Session("02_reglementation", tmp_path))


def say(card, message):
    card.send = lambda *_: None
    card._receive(card, message, [])


def test_the_rubric_is_shown_once_the_answer_was_tried(cards):
    card = cards.card("A2-Q1")
    assert card.etat["grilles"] == []
    say(card, {"type": "verifier", "valeur": ""})
    assert card.etat["grilles"] == []
    say(card, {"type": "verifier", "valeur": TEXT})
    (rubric,) = card.etat["grilles"]
    assert (rubric["id"], len(rubric["lignes"])) == ("fiche", 12)
    assert set(rubric["lignes"][0]) == {"points", "texte"}  # the words that help the teacher stay with the teacher
    assert card.retour["verdict"] == "A_RELIRE"
    assert "auto-évaluation n’y change rien" in card.retour["html"]


def test_a_rubric_is_never_shown_in_an_assessment(cards):
    session = cards.session
    session.sheet = AnswerSheet("02_reglementation", "evaluation", answers=session.sheet.answers)
    card = cards.card("A2-Q1")
    say(card, {"type": "verifier", "valeur": TEXT})
    assert card.etat["grilles"] == []


def test_the_self_assessment_is_kept_with_the_answer_and_through_its_changes(cards):
    card = cards.card("A2-Q1")
    say(card, {"type": "verifier", "valeur": TEXT})
    say(card, {"type": "annexes", "annexes": {**TICKED, "inconnu": 1}})
    assert cards.session.answer("A2-Q1").extra == TICKED
    card.valeur = "Un autre texte."
    say(card, {"type": "verifier", "valeur": "Un autre texte."})
    assert cards.session.answer("A2-Q1").extra == TICKED
    assert cards.session.answer("A2-Q1").value == "Un autre texte."
    assert cards.session.sheet.to_metadata()["reponses"]["A2-Q1"]["auto_evaluation"] == {"fiche": [0, 1]}


@pytest.mark.parametrize("extras", [None, 3, [1], "x", {"autre": 1}])
def test_anything_else_is_left_aside(cards, extras):
    say(cards.card("A2-Q1"), {"type": "annexes", "annexes": extras})
    answer = cards.session.answer("A2-Q1")
    assert answer is None or answer.extra == {}


def test_the_observations_on_a_form_come_back_in_a_new_card(cards):
    seen = {"constats": {"M1": {"etat": "presente", "zone": "z9"}}}
    say(cards.card("A2-Q2"), {"type": "annexes", "annexes": seen})
    assert Cards(cards.session).card("A2-Q2").etat["annexes"] == seen
    assert cards.session.answer("A2-Q2").value is None  # no answer yet


def test_without_the_plugin_they_are_beside_the_notebook(cards, tmp_path):
    card = cards.card("A2-Q1")
    card.valeur = TEXT
    say(card, {"type": "sans_plugin"})
    say(card, {"type": "annexes", "annexes": TICKED})
    sheet = read_sidecar(sidecar_path(tmp_path, "02_reglementation"))
    assert sheet.answers["A2-Q1"].extra == TICKED


def test_a_self_assessment_never_counts():
    loaded = load_activity(activity_folder("02_reglementation"), datasets_folder())
    answers = {"A2-Q1": {"valeur": TEXT, "auto_evaluation": {"fiche": list(range(12))}}}
    metadata = {"version": 1, "activite": "02_reglementation", "edition": "entrainement", "reponses": answers}
    results, _ = mark_sheet(AnswerSheet.from_metadata(json.loads(json.dumps(metadata))), loaded)
    fiche = next(result for result in results if result.id == "A2-Q1")
    assert (fiche.verdict, fiche.points) == (Verdict.A_RELIRE, 0)
