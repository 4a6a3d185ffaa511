"""The paper grid of ten columns: grouped cells, judged on what they hold."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from crc_lab.core.grading import grade
from crc_lab.core.model import QuestionResult, Verdict
from tests.loaded import loaded_activity

LOADED = loaded_activity("03_structurer")
QUESTION = LOADED.activity.question("A3-X6")
KEY = LOADED.key("A3-X6")


def answer(**cells: str) -> dict[str, Any]:
    """The model answer with some cells changed; ``f1_ville`` is the town of record 1."""
    assert KEY is not None
    value = copy.deepcopy(KEY.answer)
    for name, text in cells.items():
        record, column = name[1:].split("_", 1)
        row = next(row for row in value["lignes"] if row[0] == record)
        row[value["colonnes"].index(column)] = text
    return value


def marked(value: Any) -> QuestionResult:
    assert QUESTION is not None
    return grade(QUESTION, value, KEY)


def remarks(result: QuestionResult) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {message.code: (message.rows, message.columns) for message in result.messages}


def test_the_model_answer_is_right_everywhere():
    result = marked(answer())
    assert (result.verdict, list(remarks(result))) == (Verdict.JUSTE, ["A3-PAPIER-BILAN"])
    assert "37 cases justes sur 37" in result.messages[0].text


@pytest.mark.parametrize(
    "cells",
    [
        {"f1_n_et_voie": "12 bis, rue des lilas"},
        {"f3_n_et_voie": "5 av. Jean-Jaurès"},
        {"f1_achats_et_panier": "6 achats, 112,50 €"},
        {"f1_achats_et_panier": "6 ; 112,5"},
        {"f1_telephone": "06 39 98 12 34"},
        {"f1_date_dernier_achat": "12/09/2026"},
        {"f4_nom_ou_raison_sociale": "L’Atelier Lumière RENARD"},
        {"f4_civilite": "", "f4_prenom": ""},
    ],
)
def test_what_says_the_same_is_right(cells: dict[str, str]):
    assert marked(answer(**cells)).verdict is Verdict.JUSTE


@pytest.mark.parametrize(
    ("cells", "code", "record", "column"),
    [
        ({"f3_nom_ou_raison_sociale": "PAUL"}, "A3-PAPIER-FAUX", "3", "nom_ou_raison_sociale"),
        ({"f1_n_et_voie": "RUE DES LILAS"}, "A3-PAPIER-FAUX", "1", "n_et_voie"),
        ({"f1_achats_et_panier": "112.50 / 6"}, "A3-PAPIER-FAUX", "1", "achats_et_panier"),
        ({"f1_achats_et_panier": "beaucoup"}, "A3-PAPIER-FAUX", "1", "achats_et_panier"),
        ({"f1_ville": "x" * 5000}, "A3-PAPIER-FAUX", "1", "ville"),
        ({"f2_email": "e.durand@example.com"}, "A3-PAPIER-TROP", "2", "email"),
    ],
)
def test_a_wrong_cell_is_named(cells: dict[str, str], code: str, record: str, column: str):
    result = marked(answer(**cells))
    assert result.verdict is Verdict.PARTIEL
    assert remarks(result)[code] == ((record,), (column,))
    assert [(note.row, note.column, note.state) for note in result.cells] == [(record, column, "faux")]


def test_nothing_to_fill_is_no_answer():
    value = answer()
    value["lignes"] = [[row[0], *[""] * (len(row) - 1)] for row in value["lignes"]]
    assert marked(value).verdict is Verdict.NON_REPONDU
