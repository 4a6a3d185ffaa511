"""What happens to notebooks: the same operations on a crc-lab copy and on an nbgrader one.

An operation on cells takes the list of cells and gives another; the cell at stake is the first one that nbgrader
grades. An operation on bytes takes the file and gives another.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

type_of_cells = list[dict[str, Any]]


def _graded(cells: type_of_cells) -> int:
    """Where the first graded cell is."""
    return next(at for at, cell in enumerate(cells) if cell["metadata"].get("nbgrader", {}).get("grade"))


def _of_graded(change: Callable[[dict[str, Any]], object]) -> Callable[[type_of_cells], type_of_cells]:
    def apply(cells: type_of_cells) -> type_of_cells:
        change(cells[_graded(cells)])
        return cells

    return apply


def _text(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def duplicate(cells: type_of_cells) -> type_of_cells:
    """The graded cell copied and pasted, id included."""
    at = _graded(cells)
    return [*cells[: at + 1], copy.deepcopy(cells[at]), *cells[at + 1 :]]


def duplicate_all(cells: type_of_cells) -> type_of_cells:
    return [copy.deepcopy(cell) for cell in cells for _ in range(2)]


def delete(cells: type_of_cells) -> type_of_cells:
    at = _graded(cells)
    return [*cells[:at], *cells[at + 1 :]]


def delete_all(cells: type_of_cells) -> type_of_cells:
    return [cell for cell in cells if "nbgrader" not in cell["metadata"]]


def _edit(cell: dict[str, Any]) -> None:
    cell["source"] = _text(cell) + "\n# essai"


def _to_markdown(cell: dict[str, Any]) -> None:
    cell["cell_type"] = "markdown"
    for name in ("outputs", "execution_count"):
        cell.pop(name, None)


def _inflate(cell: dict[str, Any]) -> None:
    cell["metadata"]["nbgrader"]["points"] = 1000


def _rename(cell: dict[str, Any]) -> None:
    cell["metadata"]["nbgrader"]["grade_id"] = "autre-nom"


def strip(cells: type_of_cells) -> type_of_cells:
    """Every metadata of every cell gone, as some editors do."""
    for cell in cells:
        cell["metadata"] = {}
    return cells


def move_first(cells: type_of_cells) -> type_of_cells:
    """The graded cells at the top, before all that they need."""
    graded = [cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade")]
    return [*graded, *(cell for cell in cells if cell not in graded)]


def reverse(cells: type_of_cells) -> type_of_cells:
    return cells[::-1]


def split(cells: type_of_cells) -> type_of_cells:
    """The graded cell cut in two: a comment, then the rest, without any metadata."""
    at = _graded(cells)
    first = {**copy.deepcopy(cells[at]), "source": "# première moitié"}
    rest = {"cell_type": "code", "execution_count": None, "outputs": [], "metadata": {}, "source": _text(cells[at])}
    return [*cells[:at], first, {**rest, "id": "seconde-moitie"}, *cells[at + 1 :]]


def merge(cells: type_of_cells) -> type_of_cells:
    """The graded cell merged with the next code cell."""
    at = _graded(cells)
    after = next(position for position in range(at + 1, len(cells)) if cells[position]["cell_type"] == "code")
    cells[at]["source"] = _text(cells[at]) + "\n" + _text(cells[after])
    return [*cells[:after], *cells[after + 1 :]]


def add_note(cells: type_of_cells) -> type_of_cells:
    return [*cells, {"cell_type": "markdown", "id": "note", "metadata": {}, "source": "Mes notes de cours."}]


def failing_cell(cells: type_of_cells) -> type_of_cells:
    """A cell that fails, before everything else."""
    return [{"cell_type": "code", "id": "echec", "execution_count": None, "outputs": [], "metadata": {},
             "source": 'raise ValueError("brouillon")'}, *cells]  # fmt: skip


_WARNS = """import warnings
class Base(pd.DataFrame):
    def __getitem__(self, key):
        warnings.warn("cette lecture changera de sens", FutureWarning)
        return super().__getitem__(key)
clients = Base(clients)"""


def warning_cell(cells: type_of_cells) -> type_of_cells:
    """Right work whose reading prints a harmless warning, as pandas and openpyxl do from one version to the next."""
    at = _graded(cells)
    cell = {"cell_type": "code", "id": "avertit", "execution_count": None, "outputs": [], "metadata": {}}
    return [*cells[:at], {**cell, "source": _WARNS}, *cells[at:]]


CELLS: dict[str, Callable[[type_of_cells], type_of_cells]] = {
    "dupliquer": duplicate,
    "tout_dupliquer": duplicate_all,
    "supprimer": delete,
    "tout_supprimer": delete_all,
    "modifier": _of_graded(_edit),
    "en_texte": _of_graded(_to_markdown),
    "points": _of_graded(_inflate),
    "renommer": _of_graded(_rename),
    "sans_metadonnees": strip,
    "en_premier": move_first,
    "renverser": reverse,
    "scinder": split,
    "fusionner": merge,
    "note": add_note,
    "echec": failing_cell,
    "avertissement": warning_cell,
}


# --- the whole notebook -----------------------------------------------------------------------------------------------


def _no_ids(notebook: dict[str, Any]) -> None:
    notebook["nbformat_minor"] = 4
    for cell in notebook["cells"]:
        cell.pop("id", None)


def _null_cells(notebook: dict[str, Any]) -> None:
    notebook["cells"] = None


def _kernel_of_r(notebook: dict[str, Any]) -> None:
    notebook["metadata"]["kernelspec"] = {"display_name": "R", "language": "R", "name": "ir"}


def _no_kernel(notebook: dict[str, Any]) -> None:
    notebook["metadata"].pop("kernelspec", None)
    notebook["metadata"].pop("language_info", None)


def _old_format(notebook: dict[str, Any]) -> None:
    cells = []
    for cell in notebook.pop("cells"):
        old = {"cell_type": cell["cell_type"], "metadata": cell["metadata"]}
        code = cell["cell_type"] == "code"
        cells.append({**old, "input" if code else "source": cell["source"]}
                     | ({"outputs": [], "language": "python", "prompt_number": None} if code else {}))  # fmt: skip
    notebook |= {"worksheets": [{"cells": cells, "metadata": {}}], "nbformat": 3, "nbformat_minor": 0}


def _pictures(notebook: dict[str, Any]) -> None:
    """50 MB of pictures in the outputs of the last code cell."""
    data = {"image/png": "iVBORw0KGgoAAAANSUhEUg" * 2_270_000}
    cell = next(cell for cell in reversed(notebook["cells"]) if cell["cell_type"] == "code")
    cell["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": data}]


def _widget_state(notebook: dict[str, Any]) -> None:
    state = {
        "0" * 32: {"model_name": "AnyModel", "model_module": "anywidget", "model_module_version": "0.1", "state": {}}
    }
    notebook["metadata"]["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"state": state, "version_major": 1, "version_minor": 0}
    }


NOTEBOOK: dict[str, Callable[[dict[str, Any]], None]] = {
    "sans_identifiants": _no_ids,
    "cellules_nulles": _null_cells,
    "noyau_r": _kernel_of_r,
    "sans_noyau": _no_kernel,
    "nbformat_3": _old_format,
    "images": _pictures,
    "etat_perime": _widget_state,
}


# --- the file ---------------------------------------------------------------------------------------------------------


def _conflict(content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    return b"".join(
        [*lines[:2], b"<<<<<<< HEAD\n", *lines[2:4], b"=======\n", *lines[2:4], b">>>>>>> portable\n", *lines[4:]]
    )


BYTES: dict[str, Callable[[bytes], bytes]] = {
    "vide": lambda _: b"",
    "pas_json": lambda _: b"{not json}\n",
    "tronquer": lambda content: content[: len(content) * 2 // 3],
    "utf_16": lambda content: content.decode().encode("utf-16"),
    "bom": lambda content: b"\xef\xbb\xbf" + content,
    "crlf": lambda content: content.replace(b"\n", b"\r\n"),
    "cp1252": lambda content: content.decode().encode("cp1252", "replace"),
    "conflit": _conflict,
    "octet_invalide": lambda content: content.replace("é".encode(), b"\xe9", 1),
    "octets_invalides": lambda content: content.replace("é".encode(), b"\xe9", 3).replace("à".encode(), b"\xff", 1),
}


def damage(notebook: dict[str, Any], operation: str) -> bytes:
    """The file of a notebook after one operation of any of the three sorts; the notebook itself is left as it is."""
    worked = copy.deepcopy(notebook)
    if operation in CELLS:
        worked["cells"] = CELLS[operation](worked["cells"])
    elif operation in NOTEBOOK:
        NOTEBOOK[operation](worked)
    content = (json.dumps(worked, ensure_ascii=False, indent=1) + "\n").encode()
    return BYTES[operation](content) if operation in BYTES else content
