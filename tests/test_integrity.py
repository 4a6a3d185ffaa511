"""What was done to the cells: told in French, grouped, never counted in the mark, never said of a harmless session."""

from __future__ import annotations

import copy as copying
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.intake import INTEGRITY
from autograder.intake.reading import CellPrint, Pristine, compare, print_of, read_sheet
from autograder.marking import mark_sheet
from autograder.marking.batch import mark_class
from autograder.prepare.build import build_notebook
from crc_lab.core.resources import activity_folder
from crc_lab.core.sheet import AnswerSheet
from tests.adversarial.damage import CELLS, NOTEBOOK
from tests.sample_copies import A4, A6, BANK, given_cells, loaded, mark, notebook, sheet

QUESTION = "q-a6-q1"
Cells = list[dict[str, Any]]


def prints(cells: Cells) -> tuple[CellPrint, ...]:
    return tuple(map(print_of, cells))


def told(cells: Cells, pristine: Cells | None = None) -> dict[str, str]:
    """Code (without its beginning) and what is said of the cells, for each incident."""
    found = compare(prints(cells), prints(given_cells() if pristine is None else pristine))
    assert len({incident.code for incident in found}) == len(found)
    assert all(incident.code.startswith(INTEGRITY) for incident in found)
    assert all(incident.text.endswith(", sans effet sur la note.") for incident in found)
    said = {incident.code.removeprefix(INTEGRITY): incident.text.replace("\u00a0", " ") for incident in found}
    return {code: text.removeprefix("Carnet modifié : ").partition(", ")[0] for code, text in said.items()}


def at(cells: Cells, name: str = QUESTION) -> int:
    return next(position for position, cell in enumerate(cells) if cell["id"] == name)


def changed(path: str, value: object) -> Cells:
    """The cells, with another value at that place of the question's cell."""
    cells = given_cells()
    *above, last = path.split(".")
    inside: Any = cells[at(cells)]
    for name in above:
        inside = inside[name]
    inside[last] = value
    return cells


def twice(new_id: str) -> Cells:
    """The question's cell pasted higher up; JupyterLab gives a pasted cell an id of its own."""
    cells = given_cells()
    return [*cells[:3], cells[at(cells)] | {"id": new_id}, *cells[3:]]


def added(*kinds: str) -> Cells:
    own = [{"cell_type": kind, "id": f"x{n}", "metadata": {}, "source": f"a = {n}"} for n, kind in enumerate(kinds)]
    return [*given_cells()[:4], *own, *given_cells()[4:]]


# --- each kind of change ----------------------------------------------------------------------------------------------

CHANGES: dict[str, tuple[Cells, dict[str, str]]] = {
    "nothing": (given_cells(), {}),
    "edited": (changed("source", ["question('autre')"]), {"MODIFIEE": "1 cellule modifiée"}),
    "known by the question that it shows": (
        [cell | {"id": "autre", "source": 'question("A6-Q1")  # la mienne'} if cell["id"] == QUESTION else cell
         for cell in given_cells()],
        {"MODIFIEE": "1 cellule modifiée"},
    ),
    "deleted": (given_cells()[:5], {"SUPPRIMEE": f"{len(given_cells()) - 5} cellules supprimées"}),
    "all gone": ([], {"SUPPRIMEE": f"{len(given_cells())} cellules supprimées"}),
    "emptied": (changed("source", " \n"), {"SUPPRIMEE": "1 cellule supprimée"}),
    "pasted with its id": (twice(QUESTION), {"DOUBLE": "1 cellule en double"}),
    "pasted": (twice("autre"), {"DOUBLE": "1 cellule en double"}),
    "moved, and not all those that it passed": (
        sorted(given_cells(), key=lambda cell: cell["id"] == QUESTION), {"DEPLACEE": "1 cellule déplacée"},
    ),
    "retyped": (changed("cell_type", "markdown"), {"TYPE": "1 cellule d’un autre type"}),
    "points": (changed("metadata.nbgrader.points", 1000), {"POINTS": "1 cellule aux points changés"}),
    "points that are none": (changed("metadata.nbgrader.points", True), {"POINTS": "1 cellule aux points changés"}),
    "renamed": (changed("metadata.nbgrader.grade_id", "autre"), {"NOM": "1 cellule au nom changé"}),
    "no longer graded": (
        changed("metadata.nbgrader.grade", False),
        {"METADONNEES": "1 cellule aux informations de notation changées"},
    ),
    "without any metadata": (
        [cell | {"metadata": {}} for cell in given_cells()],
        {"METADONNEES": "1 cellule aux informations de notation changées"},
    ),
    "added": (added("code", "markdown", "raw", "code"), {"AJOUT": "4 cellules ajoutées"}),
    "much work beside, which is no other version": (added(*["code"] * 80), {"AJOUT": "80 cellules ajoutées"}),
    "another version of the workbook, which is no accusation": (
        [cell | {"source": "ancien texte " + "".join(cell["source"])} for cell in given_cells()],
        {"VERSION": "Le carnet vient d’une autre version du cahier (ses cellules ne sont pas les mêmes)"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_each_kind_of_change_is_counted_and_nothing_else(change: str):
    cells, expected = CHANGES[change]
    assert told(cells) == expected


def test_several_changes_are_one_line_each():
    cells = [{**cell, "cell_type": "raw"} for cell in given_cells()[::-1] for _ in range(2)]
    number = len(given_cells())
    assert told(cells) == {
        "TYPE": f"{number} cellules d’un autre type",
        "DEPLACEE": f"{number - 1} cellules déplacées",
        "DOUBLE": f"{number} cellules en double",
    }


# --- what is harmless -------------------------------------------------------------------------------------------------


def test_a_normal_session_leaves_nothing_to_tell():
    cells = given_cells()
    for cell in cells:
        cell["metadata"] |= {"scrolled": True, "tags": [], "ExecuteTime": {"end_time": "x"}, "trusted": True}
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n") + "\n"
        if cell["cell_type"] == "code":
            cell |= {"execution_count": 7, "outputs": [{"output_type": "stream", "name": "stdout", "text": "ok"}]}
    cells.append({"cell_type": "code", "id": "vide", "metadata": {}, "source": "  \n", "outputs": []})
    assert told(cells) == {}


@pytest.mark.parametrize("operation", ["sans_identifiants", "nbformat_3", "noyau_r", "etat_perime"])
def test_a_notebook_converted_by_another_program_has_nothing_to_tell(operation: str):
    document = json.loads(notebook(sheet()))
    NOTEBOOK[operation](document)
    cells = read_sheet(json.dumps(document).encode()).cells
    assert compare(cells or (), prints(given_cells())) == ()


def test_lost_accents_are_not_edits():
    damaged = notebook(sheet()).decode().encode("cp1252", "replace")
    assert read_sheet(damaged).cells is None


ODD_CELLS: tuple[dict[str, Any], ...] = (
    {},
    {"source": 5},
    {"source": ["a", 1, None]},
    {"metadata": 3, "id": [], "cell_type": {}},
    {"metadata": {"nbgrader": []}},
    {"metadata": {"nbgrader": {"points": 10**400}}},
)


@pytest.mark.parametrize("cell", ODD_CELLS)
def test_a_cell_of_any_shape_has_a_print(cell: dict[str, Any]):
    assert isinstance(print_of(cell), CellPrint)


# --- with whom it is compared -----------------------------------------------------------------------------------------


def test_the_given_notebook_may_be_another_one(tmp_path: Path):
    (tmp_path / "source" / A6).mkdir(parents=True)
    cells = given_cells()[:4]
    (tmp_path / "source" / A6 / f"{A6}.ipynb").write_bytes(notebook(sheet(), cells))
    pristine = Pristine(tmp_path / "source")
    for edition in ("entrainement", "evaluation"):
        assert pristine.incidents(AnswerSheet(A6, edition), prints(cells)) == ()
        (added,) = pristine.incidents(AnswerSheet(A6, edition), prints(given_cells()))
        assert added.code == "INTEGRITE-AJOUT"


def test_an_assessment_without_its_own_notebook_is_compared_with_nothing():
    source = (activity_folder(A6) / "activite.py").read_text(encoding="utf-8")
    cells = prints(json.loads(build_notebook(source, loaded(A6).activity, "evaluation"))["cells"])
    assert Pristine().incidents(AnswerSheet(A6, "evaluation"), cells) == ()
    assert Pristine().incidents(AnswerSheet(A6), cells) != ()


@pytest.mark.parametrize(
    "activity", ["99_rien", "../06_scorer", "", "x" * 10_000, "06_scorer\x00", "06_scorer/../06_scorer"]
)
def test_a_strange_activity_is_compared_with_nothing(activity: str, tmp_path: Path):
    assert Pristine(tmp_path).incidents(AnswerSheet(activity), ()) == ()


def test_an_unreadable_given_notebook_is_no_failure(tmp_path: Path):
    (tmp_path / A6).mkdir()
    for content in (b"{", b"[]", b'{"cells": [1]}', b"[" * 100_000):
        (tmp_path / A6 / f"{A6}.ipynb").write_bytes(content)
        assert Pristine(tmp_path).incidents(AnswerSheet(A6, "evaluation"), prints(given_cells())) == ()
        assert Pristine(tmp_path).incidents(AnswerSheet(A6), prints(given_cells())) == ()


def test_incidents_reach_the_copy_and_the_mark_is_whole(tmp_path: Path):
    (one,) = mark(tmp_path, {"a.ipynb": notebook(sheet(), given_cells()[1:])}).copies
    assert ([incident.code for incident in one.incidents], one.points) == (["INTEGRITE-SUPPRIMEE"], 20)


def test_a_sidecar_has_no_cells_to_compare(tmp_path: Path):
    (tmp_path / "06_scorer.reponses.json").write_text(json.dumps(sheet()), encoding="utf-8")
    (one,) = mark_class([tmp_path], BANK).copies
    assert [incident.code for incident in one.incidents] == ["CARNET-ABSENT"]


# --- whatever is done to the cells ------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
STEPS = st.lists(
    st.tuples(st.sampled_from([*CELLS, "au_hasard", "retirer", "remplacer"]), st.integers(0, 200), JSON), max_size=6
)


def damaged(steps: list[tuple[str, int, Any]]) -> list[Any]:
    cells: list[Any] = given_cells(A4)
    for step, where, value in steps:
        position = where % (len(cells) or 1)
        if step in CELLS:
            try:
                cells = CELLS[step](copying.deepcopy(cells))
            except (StopIteration, KeyError, TypeError, AttributeError, IndexError):
                continue  # nothing left that this step could damage
        elif step == "retirer" and cells:
            del cells[position]
        elif step == "remplacer":
            cells[position : position + 1] = [value]
        elif cells and isinstance(cells[position], dict) and cells[position]:
            cells[position][sorted(cells[position])[where % len(cells[position])]] = value
    return cells


@settings(max_examples=150)
@given(STEPS)
def test_no_damage_to_the_cells_ever_changes_a_point(steps: list[tuple[str, int, Any]]):
    meta = sheet(A4)
    meta["reponses"]["A4-Q2"]["valeur"] = meta["reponses"]["A4-Q2"]["valeur"][:-2]
    expected, _ = mark_sheet(AnswerSheet.from_metadata(meta), loaded(A4))
    read = read_sheet(notebook(meta, damaged(steps)))
    found, _ = mark_sheet(AnswerSheet.from_metadata(read.sheet), loaded(A4))
    assert found == expected
    incidents = Pristine().incidents(AnswerSheet.from_metadata(read.sheet), read.cells)
    assert all(incident.code.startswith(INTEGRITY) and len(incident.text) < 250 for incident in incidents)
    assert len(incidents) <= 10


@settings(max_examples=100)
@given(st.lists(st.integers(0, 12), max_size=30), st.lists(st.integers(0, 12), max_size=30))
def test_any_two_lists_of_cells_can_be_compared(one: list[int], other: list[int]):
    def cells(numbers: list[int]) -> tuple[CellPrint, ...]:
        return tuple(CellPrint(f"i{number % 5}" * (number % 3), "code", number + 1) for number in numbers)

    assert compare(cells(one), cells(one)) == ()
    assert len(compare(cells(one), cells(other))) <= 10
