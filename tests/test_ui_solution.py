"""The worked answer as a student reads it, for the kinds of activities 1 and 2."""

from __future__ import annotations

import re

import pytest

from crc_lab.core.bank import load_activity
from crc_lab.core.resources import activity_folder, datasets_folder
from crc_lab.notebook.cards import solution_html

LOADED = {name: load_activity(activity_folder(name), datasets_folder()) for name in ("01_crc", "02_reglementation")}
ALL = [(name, question.id) for name, loaded in LOADED.items() for question in loaded.activity.questions]


def solution(question_id):
    loaded = next(one for one in LOADED.values() if one.activity.question(question_id))
    return solution_html(loaded.activity.question(question_id), loaded.key(question_id)).replace("\u00a0", " ")


@pytest.mark.parametrize(("activity", "question"), ALL)
def test_no_worked_answer_shows_the_inside_of_the_program(activity, question):
    shown = solution(question)
    assert not re.search(r"[{}]|\bNone\b|\[&#x27;|manquements", shown), activity
    assert "reponse-modele" in shown


def test_every_option_of_a_choice_has_its_reason():
    shown = solution("A1-X5")
    assert "✗ Il fonctionne même sans connexion : Sans internet, pas de logiciel loué par internet." in shown
    assert "✓ Rien à installer sur les postes : Un navigateur suffit." in shown
    assert "✓ « B2B »" in solution("A2-X16")


def test_a_true_or_false_says_why():
    assert "<strong>Faux</strong> : Les données sont stockées" in solution("A1-X4")
    assert "<strong>Non</strong> : La liste ne contient que" in solution("A2-Q4")


def test_a_form_is_concluded_and_its_faults_are_named():
    shown = solution("A2-Q2")
    assert "avec ce formulaire ? <strong>Non</strong>" in shown
    assert "<li>M3 Destinataires des données</li>" in shown
    assert "Aucun manquement." in solution("A2-X6")


def test_an_open_answer_keeps_its_list():
    assert solution("A2-Q1").count("<li>") >= 12
