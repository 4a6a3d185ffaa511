"""In a browser alone, Python sees none of the person's files: the page tells what the notebooks hold (``alone.js``).

They are laid out as in a copied workbook, so that everything else finds them where it does on a computer. Nothing of it
outlives the kernel: answers are kept by the page.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

from crc_lab.core.errors import UnknownName
from crc_lab.core.resources import activity_folder, inside_subject, workbook_root
from crc_lab.notebook.widgets import close_cards

FOLDER = "cahier"
"""Where they are, in the home of this machine of the browser."""


def lay_out(path: str, sheets: str) -> None:
    """Lay out the notebooks, and go where the one of ``path`` is; ``sheets``: JSON, {path: ``metadata.crc_lab``}."""
    home = Path.home() / FOLDER
    for source in sorted((workbook_root() / "notebooks").glob("*/*.ipynb")):  # not begun: the map shows them all
        blank = home / source.parent.name / source.name
        if not blank.exists():
            blank.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, blank)
    for name, sheet in json.loads(sheets).items():
        if target := _inside(home, name):
            _write(target, sheet)
    here = _inside(home, path)
    if here is not None and here.parent != Path.cwd():  # another notebook, whose cards take the place of these
        close_cards()
        os.chdir(here.parent)


def _inside(home: Path, name: str) -> Path | None:
    """The place of a notebook; None for a path that leaves the workbook."""
    parts = PurePosixPath(name).parts
    return None if not parts or ".." in parts or name.startswith("/") else home.joinpath(*parts)


def _write(target: Path, sheet: Mapping[str, Any]) -> None:
    """One notebook with its answers: the cells are those of the workbook's own, whatever the page has added."""
    target.parent.mkdir(parents=True, exist_ok=True)
    notebook: dict[str, Any] = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    activity = str(sheet.get("activite", ""))
    with suppress(UnknownName, OSError, ValueError):
        source = activity_folder(activity)
        if inside_subject(source):  # a subject is complete by itself: its questions are beside its notebook
            shutil.copytree(source, target.parent, dirs_exist_ok=True)
        notebook = json.loads((source / f"{activity}.ipynb").read_text("utf-8"))
    notebook["metadata"]["crc_lab"] = {**notebook["metadata"].get("crc_lab", {}), **sheet}
    target.write_text(json.dumps(notebook), encoding="utf-8")
