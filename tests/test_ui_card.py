"""The cards on the Python side: messages are acknowledged, callbacks called, errors said in French."""

from __future__ import annotations

import logging
from types import SimpleNamespace

import pytest
from ipywidgets import Widget

from crc_lab.core.errors import CrcError
from crc_lab.core.sheet import Answer
from crc_lab.notebook.widgets import CARDS as NAMES
from crc_lab.notebook.widgets import Carte, Progression, Rendre, _code, bundle, loader

CARDS = (Carte, Progression, Rendre)


@pytest.fixture
def card(monkeypatch):
    made = Carte(question={"id": "A4-Q3", "genre": "nombre"})
    made.sent = []
    monkeypatch.setattr(made, "send", lambda message, *_: made.sent.append(message))
    return made


def receive(card, message, buffers=()):
    card._handle_custom_msg(message, list(buffers))


def test_a_message_is_acknowledged_then_given_to_the_callbacks_in_order(card):
    calls = []
    card.on_demande(lambda message, buffers: calls.append(("first", message["valeur"], buffers)))
    card.on_demande(lambda _, buffers: calls.append(("second", len(card.sent), buffers)))
    receive(card, {"type": "verifier", "valeur": "8,33"}, [memoryview(b"PK")])
    assert calls == [("first", "8,33", [b"PK"]), ("second", 1, [b"PK"])]
    assert card.sent == [{"type": "recu", "de": "verifier"}, {"type": "fini", "de": "verifier"}]


def test_an_error_for_people_is_shown_as_it_is(card):
    def refuse(_message, _buffers):
        raise CrcError("Ce fichier est ouvert dans Excel : fermez-le.")

    card.on_demande(refuse)
    receive(card, {"type": "fichier"})
    assert {"type": "erreur", "texte": "Ce fichier est ouvert dans Excel : fermez-le."} in card.sent


def test_a_mistake_of_ours_is_logged_and_becomes_a_french_sentence(card, caplog):
    card.on_demande(lambda _message, _buffers: 1 / 0)
    with caplog.at_level(logging.ERROR):
        receive(card, {"type": "verifier"})
    assert "ZeroDivisionError" in caplog.text
    [error] = [message for message in card.sent if message["type"] == "erreur"]
    assert "Vos réponses sont enregistrées" in error["texte"]
    assert card.sent[-1] == {"type": "fini", "de": "verifier"}


@pytest.mark.parametrize("message", [None, [], "verifier", {}, {"type": 3}])
def test_a_message_of_another_shape_is_ignored(card, message):
    card.on_demande(lambda _message, _buffers: pytest.fail("called"))
    receive(card, message)
    assert card.sent == []


def test_a_replaced_answer_travels_with_its_source_and_date_in_one_message(monkeypatch):
    card = Carte(question={"id": "A4-Q3"})
    sent = []
    monkeypatch.setattr(
        card, "send_state", lambda key: sent.append({name: getattr(card, name) for name in key if name in card.keys})
    )
    card.comm = SimpleNamespace(comm_id="essai", on_msg=lambda _: None, close=lambda *_: None)
    sent.clear()
    card.replace_answer(Answer([["1", "2"]], "excel", date="2026-11-22T10:00:00+01:00"))
    [state] = sent
    assert (state["valeur"], state["source_valeur"]) == ([["1", "2"]], "excel")
    assert state["date_valeur"][10] == "T"


@pytest.mark.parametrize("kind", CARDS)
def test_a_card_brings_a_few_lines_and_leaves_the_code_to_the_widget_that_holds_it(kind, monkeypatch):
    opened = []
    monkeypatch.setattr(Widget, "open", lambda widget: opened.append(type(widget).__name__))
    _code.cache_clear()
    cards = [kind(), kind()]
    _code.cache_clear()  # that one never reached a page
    assert [name for name in opened if name in ("_Code", kind.__name__)] == ["_Code", kind.__name__, kind.__name__]
    assert cards[0]._esm in map(loader, NAMES)
    assert "_css" not in cards[0].keys, "a style sheet given to anywidget is put in the page again by every card"


def test_a_page_that_has_lost_the_code_is_given_it(card):
    receive(card, {"type": "code"})
    assert card.sent == [{"type": "code", "texte": bundle()}]
