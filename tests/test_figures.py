"""The figures of the narrative: each is drawn, described in words, the same each time, and closes behind itself."""

from __future__ import annotations

import html
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest

from autograder.prepare.content import figure_files
from crc_lab.core.errors import UnknownName
from crc_lab.core.sheet import Answer, AnswerSheet
from crc_lab.marielle import figures
from crc_lab.marielle.figures import Picture, described, figure, in_assessment, load
from tools.figures import AFTER, FIGURES, build, digest, revision

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_drawn_as_it_is_kept_and_described_in_french(name):
    kept, made = load(name), FIGURES[name]()
    assert (kept.alt, kept.caption, kept.width) == (made.alt, made.caption, made.width)
    assert FIGURES[name]().image == made.image
    assert kept.image.startswith(b"<?xml")
    assert (b"<script" in kept.image, b"http" in kept.image.split(b"<g ", 1)[1].replace(b"http://www.w3.org", b"")) == (
        False,
        False,
    )
    assert len(made.alt) > 60
    assert made.alt.endswith(".")
    assert f'alt="{html.escape(made.alt, quote=True)}"' in kept._repr_html_()
    assert re.findall(r" [:;?!%€»]", made.alt + made.caption) == []
    assert FIGURES[name].__doc__
    assert plt.get_fignums() == []


def test_the_kept_figures_are_those_of_today_s_drawings_and_data():
    assert set(described()) == set(FIGURES) == {path.stem for path in figures.PICTURES.glob("*.svg")}
    assert {one["digest"] for one in described().values()} == {digest(ROOT)}
    assert [path.suffix for path in build(ROOT)] == [".toml"]  # nothing is drawn again


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


def test_the_charts_of_the_second_half_draw_the_numbers_of_its_annexes():
    def annexe(activity, name, numbers):
        text = (ROOT / "notebooks" / activity / "activite.py").read_text(encoding="utf-8")
        return f"# | {name} | {' | '.join(map(str, numbers))} |" in text

    assert all(annexe("12_satisfaction", name, notes) for name, notes in revision.AGENCIES.items())
    assert annexe("16_equipe", "Appels", revision.FORECAST)
    assert not annexe("16_equipe", "Appels", revision.FORECAST[::-1])


def test_a_chart_of_the_second_half_that_shows_answers_comes_after_their_question():
    for name, (activity, question) in revision.RESULTS.items():
        source = (ROOT / "notebooks" / activity / "activite.py").read_text(encoding="utf-8")
        before, _ = source.split(f'figure("{name}")')
        assert f'question("{question}")' in before
        assert before.endswith('# %% tags=["entrainement"]\n')


def test_a_chart_of_the_answers_is_folded_until_its_question_was_checked(tmp_path, monkeypatch):
    assert {name: (one["after"], one["question"]) for name, one in described().items() if "after" in one} == AFTER
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda one: shown.append(one._repr_html_()))
    monkeypatch.chdir(tmp_path)
    for tries in (0, 1):
        sheet = AnswerSheet("06_scorer", answers={"A6-Q1": Answer({"colonnes": [], "lignes": []}, tries=tries)})
        nbformat.write(
            nbformat.v4.new_notebook(metadata={"crc_lab": sheet.to_metadata()}), tmp_path / "06_scorer.ipynb"
        )
        figure("06-scores")
    figure("06-dates")
    assert [re.findall(r"<details[^>]*>", one) for one in shown] == [
        ['<details data-crc-apres="A6-Q1">'],
        ['<details data-crc-apres="A6-Q1" open>'],
        [],
    ]
    assert shown[0].count("<img") == 1


def test_a_figure_follows_a_dark_theme_and_is_printed_as_on_paper():
    html = load("06-dates")._repr_html_()
    assert html.startswith('<style>body[data-jp-theme-light="false"] .crc-figure img,')
    assert "@media print{.crc-figure img{filter:none" in html
    assert '<figure class="crc-figure"' in html


def test_a_figure_is_displayed_in_a_cell(capsys):
    figure("06-grille")
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
    subject = {"sujet": "essai"} if wanted == "evaluation" else {}
    notebook = nbformat.v4.new_notebook(
        metadata={"crc_lab": AnswerSheet("06_scorer", wanted, extra=subject).to_metadata()}
    )
    nbformat.write(notebook, tmp_path / "copie.ipynb")
    monkeypatch.chdir(tmp_path)
    assert in_assessment("06_scorer") == (wanted == "evaluation")
    for path, content in figure_files('figure("06-scores") figure("06-dates")', "06_scorer").items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    drawn, shown = [], []
    monkeypatch.setattr(figures, "load", lambda name, folder: drawn.append((name, folder)))
    monkeypatch.setattr("IPython.display.display", shown.append)
    for name in ("06-scores", "06-dates", "06-grille"):
        figure(name)
    if wanted == "entrainement":
        assert drawn == [(name, figures.PICTURES) for name in ("06-scores", "06-dates", "06-grille")]
    else:
        assert drawn == [("06-dates", tmp_path / "figures")]
        assert "s’ouvre après la correction" in shown[0].data
        assert "« 06-grille » n’est pas dans le dossier de ce sujet" in shown[2].data.replace("\u00a0", " ")


def test_a_subject_has_its_figures_but_the_picture_of_its_answers():
    files = figure_files('figure("06-scores")\nfigure(\\"05-tri-filtre\\")', "06_scorer")
    assert set(files) == {"figures/05-tri-filtre.svg", "figures/pictures.toml"}
    told = tomllib.loads(files["figures/pictures.toml"].decode())
    assert told["06-scores"] == {"after": "06_scorer"}
    assert told["05-tri-filtre"] == described()["05-tri-filtre"]
    assert figure_files("aucune figure", "06_scorer") == {}


def test_nothing_is_imported_before_it_is_shown():
    script = "import sys, crc_lab.marielle.figures; print({'matplotlib', 'IPython', 'pandas'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
