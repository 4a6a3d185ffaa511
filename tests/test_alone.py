"""What the page tells Python of the notebooks, in a browser alone: laid out as in a copied workbook."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from ipywidgets import Widget

from crc_lab.core.resources import activity_ids
from crc_lab.core.sheet import read_own_sheet
from crc_lab.notebook.alone import FOLDER, lay_out
from crc_lab.notebook.overview import Workbook, known_student
from crc_lab.notebook.widgets import Progression, _code


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine of the browser: a home with nothing in it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path / FOLDER


def sheet(activity: str, **answers: str) -> dict[str, object]:
    reponses = {q.replace("_", "-"): {"valeur": value, "date": "2026-11-30T10:00:00Z"} for q, value in answers.items()}
    return {
        "version": 1,
        "activite": activity,
        "eleve": {"nom": "Inès Garnier", "identifiant": ""},
        "reponses": reponses,
    }


def test_the_sheets_are_where_every_part_of_the_workbook_looks_for_them(home: Path) -> None:
    told = {"06_scorer/06_scorer.ipynb": sheet("06_scorer", A6_X1="a"), "01_crc/01_crc.ipynb": sheet("01_crc")}
    lay_out("06_scorer/06_scorer.ipynb", json.dumps(told))
    assert Path.cwd() == home / "06_scorer"
    assert read_own_sheet("06_scorer", Path.cwd()).answers["A6-X1"].value == "a"
    student = known_student(home / "00_accueil")
    assert student is not None
    assert student.name == "Inès Garnier"
    assert set(Workbook(home / "00_accueil").sheets()) == set(activity_ids()), "the map shows those not begun too"


def test_a_path_that_leaves_the_workbook_writes_nothing(home: Path) -> None:
    lay_out("../x.ipynb", json.dumps({"../x.ipynb": sheet("06_scorer"), "/ailleurs.ipynb": sheet("06_scorer")}))
    assert not (home.parent / "x.ipynb").exists()
    assert {path.parent.parent for path in home.rglob("*.ipynb")} == {home}


def test_another_notebook_takes_the_place_of_the_cards_and_the_same_one_does_not(home: Path) -> None:
    lay_out("01_crc/01_crc.ipynb", "{}")
    card = Progression()
    lay_out("01_crc/01_crc.ipynb", "{}")
    assert card.comm is not None
    lay_out("06_scorer/06_scorer.ipynb", "{}")
    assert card.comm is None
    assert Progression().comm is not None, "a card made after that has its code again"
    assert _code().comm is not None
    Widget.close_all()
    _code.cache_clear()
    os.chdir(home.parent)
