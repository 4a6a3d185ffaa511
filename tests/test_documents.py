"""The documents of a notebook stay beside the question that names them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crc_lab.core.resources import activity_folder, activity_ids
from crc_lab.notebook.cards import question_spec
from crc_lab.notebook.session import Document, Session, documents_of, named_documents
from tests.sample_copies import loaded

SECOND_HALF = [name for name in activity_ids() if name >= "11"]
SOURCE = """## 2. Compter

### Annexe 1 · Le contrat

| a | b |
|---|---|
| 1 | 2 |

### Annexe 2 · Un message
Bonjour.

## 3. Suite
Fin."""
KNOWN = {f"annexe {name.lower()}": Document(f"Annexe {name} · x", "") for name in ("1", "2", "3", "A8")}


def test_a_document_goes_from_its_heading_to_the_next_one():
    found = documents_of({"cells": [{"cell_type": "markdown", "source": SOURCE.splitlines(keepends=True)}]})
    assert list(found) == ["annexe 1", "annexe 2"]
    assert found["annexe 1"].title == "Annexe 1 · Le contrat"
    assert found["annexe 1"].text.endswith("| 1 | 2 |")
    assert found["annexe 2"].text == "Bonjour."


@pytest.mark.parametrize(
    "cells", [[], [None], [{"cell_type": "code", "source": SOURCE}], [{"cell_type": "markdown"}], [{}]]
)
def test_a_notebook_without_documents_has_none(cells):
    assert documents_of({"cells": cells}) == {}


@pytest.mark.parametrize(
    ("prompt", "names"),
    [
        ("Lisez l’**annexe 2**.", ["2"]),
        ("Annexes 1 et 3, puis répondez.", ["1", "3"]),
        ("Annexes 1, 2 et 3.", ["1", "2", "3"]),
        ("D’après l’annexe A8 :", ["A8"]),
        ("Annexe 4, qui n’existe pas.", []),
        ("Les annexes sont utiles. Il y en a 3.", []),
    ],
)
def test_a_question_has_the_documents_that_it_names(prompt, names):
    assert [one.title.split()[1] for one in named_documents(prompt, KNOWN)] == names


@pytest.mark.parametrize("activity", SECOND_HALF)
def test_every_document_that_a_question_names_is_in_its_notebook(activity):
    notebook = json.loads((activity_folder(activity) / f"{activity}.ipynb").read_text(encoding="utf-8"))
    known = documents_of(notebook)
    for question in loaded(activity).activity.questions:
        every = [f"{letter}{number}" for letter in ("", "a", "b") for number in range(1, 20)]
        asked = named_documents(question.prompt, {f"annexe {name}": Document(name, "") for name in every})
        missing = [one.title for one in asked if f"annexe {one.title}" not in known]
        assert missing == [], question.id


def test_the_card_gets_them_from_the_notebook_beside_it(tmp_path: Path):
    activity = "13_appels"
    original = activity_folder(activity) / f"{activity}.ipynb"
    (tmp_path / original.name).write_text(
        original.read_text(encoding="utf-8").replace("Deux semaines d’appels", "Trois jours d’appels"), encoding="utf-8"
    )
    session = Session(activity, tmp_path)
    question = session.activity.question("R3-Q6")
    assert question is not None
    (shown,) = question_spec(question, session.activity, session.edition, session.documents)["documents"]
    assert shown["titre"].startswith("Annexe 2 · Trois jours")
    assert "<table>" in shown["html"]
