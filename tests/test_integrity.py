"""What was done to the cells: told in French, grouped, never counted in the mark, never said of a harmless session."""

from __future__ import annotations

import copy as copying
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.intake.cellprints import CellPrint, print_of
from autograder.intake.handed import INTEGRITY
from autograder.intake.integrity import Pristine, compare
from autograder.intake.reading import read_prints, read_sheet
from autograder.marking.batch import mark_class
from autograder.marking.marked import mark_sheet
from autograder.prepare.build import build_notebook
from crc_lab.core.resources import activity_folder
from crc_lab.core.sheet import AnswerSheet
from tests.adversarial.damage import CELLS, NOTEBOOK
from tests.sample_copies import A3, A4, A6, BANK, given_cells, loaded, mark, notebook, sheet

QUESTION = "q-a6-q1"
Cells = list[dict[str, Any]]


def prints(cells: Cells) -> tuple[CellPrint, ...]:
    return tuple(map(print_of, cells))


def told(cells: Cells, pristine: Cells | None = None) -> dict[str, str]:
    """Code (without its beginning) and text of each incident."""
    found = compare(prints(cells), prints(given_cells() if pristine is None else pristine))
    assert len({incident.code for incident in found}) == len(found)
    assert all(incident.code.startswith(INTEGRITY) for incident in found)
    return {incident.code.removeprefix(INTEGRITY): incident.text.replace("\u00a0", " ") for incident in found}


def at(cells: Cells, name: str = QUESTION) -> int:
    return next(position for position, cell in enumerate(cells) if cell["id"] == name)


# --- each kind of change ----------------------------------------------------------------------------------------------


def test_a_notebook_as_it_was_given_has_nothing_to_tell():
    for activity in (A3, A4, A6):
        assert told(given_cells(activity), given_cells(activity)) == {}


def test_an_edited_question_is_named():
    cells = given_cells()
    cells[at(cells)]["source"] = ["question('autre')"]
    assert told(cells) == {"MODIFIEE": "La cellule de A6-Q1 a été modifiée : sans effet sur la note."}


def test_another_cell_is_named_by_its_place():
    cells = given_cells()
    cells[2]["source"] = "autre texte"
    assert told(cells) == {"MODIFIEE": "La cellule n° 3 a été modifiée : sans effet sur la note."}


def test_a_deleted_cell():
    cells = given_cells()
    del cells[at(cells)]
    assert told(cells) == {"SUPPRIMEE": "La cellule de A6-Q1 a été supprimée : sans effet sur la note."}


@pytest.mark.parametrize("with_ids", [True, False])
def test_a_duplicated_cell(with_ids: bool):
    cells = given_cells()
    twin = copying.deepcopy(cells[at(cells)])
    if not with_ids:
        twin["id"] = "autre"  # JupyterLab gives a pasted cell an id of its own
    cells.insert(3, twin)
    assert told(cells) == {"DOUBLE": "La cellule de A6-Q1 est en double : sans effet sur la note."}


def test_a_moved_cell_and_not_all_those_that_it_passed():
    cells = given_cells()
    cells.append(cells.pop(at(cells)))
    assert told(cells) == {"DEPLACEE": "La cellule de A6-Q1 a changé de place : sans effet sur la note."}


def test_a_retyped_cell():
    cells = given_cells()
    cells[at(cells)]["cell_type"] = "markdown"
    assert told(cells) == {"TYPE": "La cellule de A6-Q1 a changé de type : sans effet sur la note."}


@pytest.mark.parametrize(
    ("points", "shown"),
    [(1000, "1000"), (0.5, "0,5"), (-3, "-3"), ("mille", "des points illisibles"), (True, "des points")],
)
def test_changed_points(points: object, shown: str):
    cells = given_cells()
    cells[at(cells)]["metadata"]["nbgrader"]["points"] = points
    (text,) = told(cells).values()
    assert text.startswith(f"La cellule de A6-Q1 annonce {shown}")
    assert text.endswith("au lieu de 20 points : sans effet sur la note.")


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [("grade_id", "autre", "NOM"), ("grade", False, "REGLAGES"), ("locked", False, "REGLAGES")],
)
def test_other_metadata_of_nbgrader(key: str, value: object, code: str):
    cells = given_cells()
    cells[at(cells)]["metadata"]["nbgrader"][key] = value
    assert list(told(cells)) == [code]


def test_stripped_metadata():
    cells = given_cells(A4)
    for cell in cells:
        cell["metadata"] = {}
    assert told(cells, given_cells(A4)) == {
        "METADONNEES": "4 cellules (A4-Q1, A4-Q2, A4-Q3 et A4-Q4) ne portent plus leurs informations de notation "
        "(nbgrader) : sans effet sur la note."
    }


def test_added_cells_are_one_neutral_line():
    cells = given_cells()
    for kind in ("code", "markdown", "raw", "code"):
        cells.insert(4, {"cell_type": kind, "id": f"x-{len(cells)}", "metadata": {}, "source": f"a = {len(cells)}"})
    assert told(cells) == {
        "AJOUT": "4 cellules ajoutées par l’élève (2 de code et 2 de texte) : sans effet sur la note."
    }


def test_all_cells_gone():
    assert told([]) == {"SUPPRIMEE": "Toutes les cellules du cahier manquent : sans effet sur la note."}


def test_many_changes_are_grouped():
    cells = [{**cell, "cell_type": "raw"} for cell in given_cells()[::-1] for _ in range(2)]
    found = told(cells)
    assert set(found) == {"DEPLACEE", "DOUBLE", "TYPE"}
    assert all(len(text) < 200 for text in found.values())
    assert "et 2" in found["TYPE"]  # « … et 22 autres »: the questions come first
    assert found["TYPE"].split("(")[1].startswith("A6-X1, A6-X2, A6-X3, A6-Q1")


def test_another_version_of_the_workbook_is_no_accusation():
    cells = [{**cell, "source": "ancien texte " + "".join(cell["source"])} for cell in given_cells()]
    assert list(told(cells)) == ["VERSION"]
    assert "autre version du cahier" in told(cells)["VERSION"]


def test_half_the_notebook_deleted_is_not_another_version():
    assert list(told(given_cells()[:5])) == ["SUPPRIMEE"]


def test_much_work_beside_the_notebook_is_not_another_version():
    own = [{"cell_type": "code", "id": f"x{n}", "metadata": {}, "source": f"ligne = {n}"} for n in range(80)]
    assert list(told([*given_cells(), *own])) == ["AJOUT"]


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
    assert compare(read_prints(json.dumps(document).encode()), prints(given_cells())) == ()


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
    cells = read_prints(build_notebook(source, loaded(A6).activity, "evaluation"))
    assert Pristine().incidents(AnswerSheet(A6, "evaluation"), cells) == ()


@pytest.mark.parametrize(
    "activity", ["99_rien", "../06_scorer", "", "x" * 10_000, "06_scorer\x00", "06_scorer/../06_scorer"]
)
def test_a_strange_activity_is_compared_with_nothing(activity: str, tmp_path: Path):
    assert Pristine(tmp_path).incidents(AnswerSheet(activity), ()) == ()


def test_an_unreadable_given_notebook_is_no_failure(tmp_path: Path):
    (tmp_path / A6).mkdir()
    (tmp_path / A6 / f"{A6}.ipynb").write_bytes(b"{")
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


@settings(max_examples=150, deadline=None)
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


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 12), max_size=30), st.lists(st.integers(0, 12), max_size=30))
def test_any_two_lists_of_cells_can_be_compared(one: list[int], other: list[int]):
    def cells(numbers: list[int]) -> tuple[CellPrint, ...]:
        return tuple(CellPrint(f"i{number % 5}" * (number % 3), "code", f"d{number}") for number in numbers)

    if one and len(set(one)) == len(one):
        assert compare(cells(one), cells(one)) == ()
    assert len(compare(cells(one), cells(other))) <= 10
