"""The RFM exploration: what it counts, what it shows, and that it leaves nothing open."""

from __future__ import annotations

import base64
import re
import sys
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from nbclient import NotebookClient

from crc_lab.core.sheet import AnswerSheet
from crc_lab.marielle import figures, rfm
from crc_lab.marielle.figures import USUAL, Explorer, Person, changes, chart, counts, grid_of, people
from crc_lab.marielle.rfm import ANNEXE_8, GOOD, INACTIVE, VERY_GOOD, WARM


@pytest.fixture(scope="module")
def everyone() -> list[Person]:
    return people()


@pytest.fixture
def shown(everyone: list[Person]) -> Explorer:
    return Explorer(everyone)


def alt(html: str) -> str:
    found = re.search(r'alt="([^"]*)"', html)
    assert found
    return found[1].replace("\u00a0", " ")


def test_the_49_customers_are_there_and_no_prospect(everyone):
    assert len(everyone) == 49
    assert {"6", "16", "28", "38"}.isdisjoint(person.id for person in everyone)
    assert next(person.name for person in everyone if person.id == "4") == "L'ATELIER LUMIERE"
    assert next(person.name for person in everyone if person.id == "1") == "Élise DURAND"


def test_the_sliders_start_on_annexe_8(shown, everyone):
    assert {name: slider.value for name, slider in shown.sliders.items()} == USUAL
    assert shown.grid == ANNEXE_8
    assert counts(everyone, ANNEXE_8) == {VERY_GOOD: 9, GOOD: 29, WARM: 9, INACTIVE: 2}
    assert "Aucun client ne change" in shown.list.value
    assert "Très bons clients : 9 (annexe 8 : 9)" in alt(shown.chart.value)


def test_limits_and_grid_are_the_same_thing():
    assert USUAL == {"months": (3, 12), "purchases": (1, 4), "euros": (25, 100), "segments": (25, 40)}
    assert grid_of(USUAL) == ANNEXE_8
    assert grid_of({**USUAL, "euros": (30, 80)}).cents == (3000, 8000)


@pytest.mark.parametrize(
    ("name", "limits", "changed"),
    [
        ("euros", (25, 80), {"9", "25", "31", "45", "58"}),
        ("purchases", (1, 3), {"30", "43", "49"}),
        ("segments", (25, 35), {"25", "26", "31", "43", "59"}),
        ("months", (6, 12), set()),
    ],
)
def test_moving_a_limit_names_who_changes_segment(shown, name, limits, changed):
    shown.sliders[name].value = limits
    found = set(re.findall(r"<tr><td>(\d+)</td>", shown.list.value))
    assert found == changed
    if changed:
        assert f"{len(changed)} clients sur 49 changent" in shown.list.value
        assert f"Très bons clients : {9 + len(changed)} (annexe 8 : 9)" in alt(shown.chart.value)


def test_one_customer_alone_is_written_in_the_singular(everyone):
    found = changes(everyone, grid_of({**USUAL, "euros": (25, 97)}))
    assert "1 client sur 49 change de segment" in figures.changes_html(found[:1], 49)


def test_the_button_goes_back_to_annexe_8(shown):
    first = (shown.chart.value, shown.list.value)
    shown.sliders["months"].value = (1, 4)
    shown.sliders["segments"].value = (10, 20)
    assert (shown.chart.value, shown.list.value) != first
    shown.button.click()
    assert {name: slider.value for name, slider in shown.sliders.items()} == USUAL
    assert (shown.chart.value, shown.list.value) == first


def test_going_back_draws_once(shown, monkeypatch):
    shown.sliders["months"].value = (1, 4)
    shown.sliders["euros"].value = (10, 50)
    drawn = []
    monkeypatch.setattr(figures, "chart", lambda *given: drawn.append(given) or chart(*given))
    shown.button.click()
    assert len(drawn) == 1


def test_scoring_is_rfm_s_alone(everyone):
    """Each segment counted is that of crc_lab.marielle.rfm with the same grid."""
    grid = grid_of({"months": (2, 18), "purchases": (2, 6), "euros": (40, 150), "segments": (20, 35)})
    for change in changes(everyone, grid):
        assert change.after == rfm.rate(change.person.customer, grid=grid)
        assert change.before == rfm.rate(change.person.customer)
        assert change.before.segment != change.after.segment


def test_the_labels_are_french_and_wholly_shown(shown):
    for slider in shown.sliders.values():
        assert slider.description.replace("\u00a0", " ").split(" : ")[0] in (
            "Récence", "Fréquence", "Montant", "Bons clients"
        )  # fmt: skip
        assert float(slider.style.description_width.removesuffix("em")) >= len(slider.description) * 0.48
        assert not slider.continuous_update
    assert shown.button.description == "Revenir à l’annexe 8"


def test_the_chart_is_drawn_to_scale_without_matplotlib_and_stays_in_its_frame(shown, everyone):
    shown.sliders["segments"].value = (5, 45)
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', shown.chart.value)
    assert found
    drawn = ElementTree.fromstring(base64.b64decode(found[1]))
    bars = [float(bar.get("width")) for bar in drawn.iterfind("{*}rect") if bar.get("x")]
    grid, usual = counts(everyone, shown.grid), counts(everyone, ANNEXE_8)
    people_in = [count for name in rfm.SEGMENTS for count in (grid[name], usual[name])]
    assert [round(bar / max(bars), 2) for bar in bars] == [round(n / max(people_in), 2) for n in people_in]
    assert max(bars) < float(drawn.get("width")) * 0.8  # room for « annexe 8 : 49 »
    assert "matplotlib" not in Path(figures.__file__).read_text("utf-8").split('"""', 2)[2]


def test_a_name_cannot_inject_html():
    hostile = Person("1", "<script>alert(1)</script>", rfm.Customer(rfm.REFERENCE, 5, Decimal("90")))
    found = changes([hostile], grid_of({**USUAL, "euros": (25, 80)}))
    assert len(found) == 1
    assert "<script>" not in figures.changes_html(found, 1)


def test_an_assessment_shows_nothing_before_the_marking(tmp_path, monkeypatch, capsys):
    sheet = AnswerSheet("06_scorer", "evaluation").to_metadata()
    notebook = nbformat.v4.new_notebook(metadata={"crc_lab": sheet})
    nbformat.write(notebook, tmp_path / "06_scorer.ipynb")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(figures, "people", lambda: pytest.fail("the customers must not be read"))
    figures.explorer_rfm()
    assert "HTML" in capsys.readouterr().out


def test_importing_the_explorer_loads_neither_matplotlib_nor_ipywidgets():
    import subprocess

    script = "import sys, crc_lab.marielle.figures; print({'matplotlib', 'ipywidgets', 'pandas'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_it_runs_in_a_notebook(tmp_path):
    cell = nbformat.v4.new_code_cell("from crc_lab import explorer_rfm\nexplorer_rfm()")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    outputs = notebook.cells[0].outputs
    assert [output.output_type for output in outputs] == ["display_data"]
    assert "application/vnd.jupyter.widget-view+json" in outputs[0].data
