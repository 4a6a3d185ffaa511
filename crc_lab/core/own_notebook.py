"""Find the notebook file that this kernel serves, to read its answer sheet at start.

Never needed for grading: when the file cannot be found, the cards bring the answers back by themselves.
"""

from __future__ import annotations

import os
from pathlib import Path

from crc_lab.core.errors import SheetProblem
from crc_lab.core.sheet import AnswerSheet, read_notebook, read_sidecar, sheet_of_notebook, sidecar_path

COPY_SUFFIX = "-a-rendre"
"""End of the name of the copy made for handing in where the plugin is absent (:mod:`crc_lab.notebook.cards`)."""


def find_notebook(activity: str, folder: Path) -> Path | None:
    """The notebook of ``activity``: the one the server named, else the only one of ``folder`` with its sheet.

    The server's name (``JPY_SESSION_NAME``) is stale after a rename, and absent outside Jupyter servers.
    """
    named = os.environ.get("JPY_SESSION_NAME", "")
    if named.endswith(".ipynb"):
        path = Path(named) if Path(named).is_absolute() else folder / Path(named).name
        if _has_sheet(path, activity):
            return path
    originals = (path for path in sorted(folder.glob("*.ipynb")) if not path.stem.endswith(COPY_SUFFIX))
    candidates = [path for path in originals if _has_sheet(path, activity)]
    return candidates[0] if len(candidates) == 1 else None


def read_own_sheet(activity: str, folder: Path) -> AnswerSheet:
    """The answers saved so far: the notebook's and, where the plugin was absent, the sidecar's; possibly none."""
    sheet = AnswerSheet(activity)
    path = find_notebook(activity, folder)
    if path is not None:
        sheet = sheet_of_notebook(read_notebook(path))
    sidecar = sidecar_path(folder, activity)
    if sidecar.is_file():
        try:
            sheet = sheet.merged_with(read_sidecar(sidecar))
        except SheetProblem:
            return sheet
    return sheet


def _has_sheet(path: Path, activity: str) -> bool:
    try:
        return sheet_of_notebook(read_notebook(path)).activity == activity
    except SheetProblem:
        return False
