"""The figures of the narrative: each is drawn, described in words, the same each time, and closes behind itself."""

from __future__ import annotations

import html
import importlib
import re
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest

from crc_lab.core.errors import UnknownName
from crc_lab.core.sheet import AnswerSheet
from crc_lab.marielle import figures
from crc_lab.marielle.figures import AFTER_MARKING, FIGURES, figure, load
from crc_lab.marielle.figures.picture import Picture, in_assessment

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_drawn_and_described_in_french(name):
    made = load(name)
    assert made.png.startswith(b"\x89PNG")
    assert len(made.alt) > 60
    assert made.alt.endswith(".")
    assert f'alt="{html.escape(made.alt, quote=True)}"' in made._repr_html_()
    assert re.findall(r" [:;?!%€»]", made.alt + made.caption) == []
    assert plt.get_fignums() == []


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_figure_has_the_same_bytes(name):
    assert load(name).png == load(name).png


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_shown_by_a_notebook(name):
    """A figure that no notebook shows, or a name that does not exist, is a mistake."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "notebooks").glob("*/activite.py")]
    assert any(f'figure("{name}")' in source for source in sources)


def test_every_figure_asked_for_exists():
    asked = {
        name
        for path in (ROOT / "notebooks").glob("*/activite.py")
        for name in re.findall(r'figure\("([^"]+)"\)', path.read_text(encoding="utf-8"))
    }
    assert asked <= set(FIGURES)
    assert set(AFTER_MARKING) <= set(FIGURES)


def test_a_figure_is_displayed_in_a_cell(monkeypatch, capsys):
    monkeypatch.setitem(FIGURES, "essai", "charts:grid")
    figure("essai")
    assert "annexe 8" in capsys.readouterr().out


def test_an_unknown_name_is_told_with_the_nearest_one():
    with pytest.raises(UnknownName, match="06-dates"):
        figure("06-date")


def test_a_description_cannot_inject_html():
    shown = Picture(b"", '"><script>', "<b>")._repr_html_()
    assert "<script>" not in shown
    assert "<b>" not in shown


@pytest.mark.parametrize("wanted", ["evaluation", "entrainement"])
def test_an_assessment_keeps_the_summaries_for_later(wanted, tmp_path, monkeypatch):
    notebook = nbformat.v4.new_notebook(metadata={"crc_lab": AnswerSheet("06_scorer", wanted).to_metadata()})
    nbformat.write(notebook, tmp_path / "copie.ipynb")
    monkeypatch.chdir(tmp_path)
    assert in_assessment("06_scorer") == (wanted == "evaluation")
    drawn = []
    monkeypatch.setattr(figures, "load", lambda name: drawn.append(name))
    figure("06-scores")
    figure("06-dates")
    assert drawn == (["06-dates"] if wanted == "evaluation" else ["06-scores", "06-dates"])


def test_nothing_is_imported_before_it_is_shown():
    script = "import sys, crc_lab.marielle.figures; print({'matplotlib', 'IPython', 'pandas'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_every_registered_function_says_what_it_draws():
    for place in FIGURES.values():
        module, function = place.split(":")
        assert getattr(importlib.import_module(f"{figures.__name__}.{module}"), function).__doc__
