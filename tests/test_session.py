"""One kernel at work: answers found again, tries and hints counted, sidecar when the plugin is absent."""

import json

import pytest

from crc_lab.core.errors import CrcError, UnknownName
from crc_lab.core.model import Verdict
from crc_lab.core.sheet import AnswerSheet, sidecar_path
from crc_lab.notebook.session import Session

RATE = {"taux": "8,33", "conforme": "non"}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An activity's folder in a copied workbook, with a notebook that holds one answer."""
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return tmp_path


def notebook(folder, name="04_qualifier.ipynb", *, activity="04_qualifier", edition="entrainement", answers=None):
    sheet = {"version": 1, "activite": activity, "edition": edition, "reponses": answers or {}}
    path = folder / name
    path.write_text(json.dumps({"metadata": {"crc_lab": sheet}, "cells": []}), encoding="utf-8")
    return path


def stored(value, tries=0, date="2026-11-22T10:00:00+01:00"):
    return {"valeur": value, "source": "carte", "essais": tries, "indices": 0, "date": date}


def state(session, question_id):
    return next(line for line in session.progress() if line["id"] == question_id)


def test_answers_saved_in_the_notebook_are_found_again_even_renamed(folder, monkeypatch):
    notebook(folder, "tp de Zoé (1).ipynb", answers={"A4-Q3": stored(RATE, tries=1)})
    monkeypatch.setenv("JPY_SESSION_NAME", str(folder / "ancien nom.ipynb"))
    session = Session("04_qualifier", folder)
    assert session.answer("A4-Q3").value == RATE
    assert state(session, "A4-Q3") | {"titre": ""} == {
        "id": "A4-Q3", "rang": 3, "titre": "", "entrainement": False, "etat": "juste", "points": 2.0, "sur": 2.0,
    }  # fmt: skip


def test_an_answer_never_checked_is_only_answered(folder):
    notebook(folder, answers={"A4-Q3": stored(RATE)})
    assert state(Session("04_qualifier", folder), "A4-Q3")["etat"] == "repondue"


def test_the_notebook_of_another_activity_is_not_ours(folder):
    notebook(folder, answers={"A4-Q3": stored(RATE)}, activity="06_scorer")
    assert Session("04_qualifier", folder).answer("A4-Q3") is None


def test_checking_counts_a_try_but_a_blank_does_not(folder):
    session = Session("04_qualifier", folder)
    assert session.check("A4-Q3").verdict is Verdict.NON_REPONDU
    session.record("A4-Q3", RATE)
    assert session.check("A4-Q3").points == 2
    assert session.answer("A4-Q3").tries == 1


def test_changing_an_answer_forgets_its_verdict_and_keeps_its_counts(folder):
    session = Session("04_qualifier", folder)
    session.record("A4-Q3", RATE)
    session.check("A4-Q3")
    session.open_hint("A4-Q3", 1)
    session.record("A4-Q3", {**RATE, "conforme": "oui"})
    answer = session.answer("A4-Q3")
    assert (answer.tries, answer.hints) == (1, 1)
    assert state(session, "A4-Q3")["etat"] == "repondue"


def test_the_front_end_sheet_replaces_what_was_read(folder):
    session = Session("04_qualifier", folder)
    told = []
    session.listeners.append(lambda: told.append(1))
    session.adopt({"version": 1, "activite": "04_qualifier", "reponses": {"A4-Q3": stored(RATE, tries=2)}})
    assert state(session, "A4-Q3")["etat"] == "juste"
    assert told
    session.adopt({"version": 1, "activite": "06_scorer", "reponses": {}})
    assert session.answer("A4-Q3") is not None


def test_a_damaged_sidecar_does_not_hide_the_notebook(folder):
    notebook(folder, answers={"A4-Q3": stored(RATE)})
    sidecar_path(folder, "04_qualifier").write_text("{", encoding="utf-8")
    assert Session("04_qualifier", folder).answer("A4-Q3").value == RATE


def test_a_folder_that_refuses_the_sidecar_says_so(folder):
    session = Session("04_qualifier", folder / "absent")
    session.without_plugin = True
    with pytest.raises(CrcError, match=r"Impossible d’enregistrer « 04_qualifier.reponses\.json »"):
        session.record("A4-Q3", RATE)


def test_a_damaged_sheet_is_reported_and_the_session_starts(folder, monkeypatch):
    path = notebook(folder)
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    meta = json.loads(path.read_text(encoding="utf-8"))
    meta["metadata"]["crc_lab"]["version"] = 99
    path.write_text(json.dumps(meta), encoding="utf-8")
    session = Session("04_qualifier", folder)
    assert session.sheet == AnswerSheet("04_qualifier")


def test_an_unknown_question_or_activity_names_the_nearest(folder):
    with pytest.raises(UnknownName, match="Vouliez-vous dire « A4-Q3 »"):
        Session("04_qualifier", folder).question("A4-Q33")
    with pytest.raises(UnknownName, match="Vouliez-vous dire « 04_qualifier »"):
        Session("04_qualifie", folder)
