"""``crc-lab construire``: notebooks/*/activite.py → *.ipynb, the built data files and the table of what the workbook
covers, byte for byte the same each time.

The text is the source; a built file is never edited. No date, no random id, no output.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jupytext

from autograder import build_datasets, coverage
from crc_lab.bank import load_activity
from crc_lab.errors import CrcError
from crc_lab.model import Activity
from crc_lab.resources import workbook_root
from crc_lab.sheet import AnswerSheet, write_atomically

_QUESTION = re.compile(r'^question\("([^"]+)"\)', re.MULTILINE)


def build(check: bool = False, root: Path | None = None) -> int:
    """Write every built file of the workbook under ``root``, or only compare (``check``).

    Returns 0 when all is as wanted, 1 when ``check`` finds a difference or an activity has a mistake; says what in
    French on the standard output and error.
    """
    root = root or workbook_root()
    status = 0
    try:
        wanted = dict(_wanted(root))
    except CrcError as error:
        print(error, file=sys.stderr)
        return 1
    for path, content in wanted.items():
        name = path.relative_to(root).as_posix()
        if path.is_file() and path.read_bytes() == content:
            continue
        if check:
            print(f"« {name} » ne correspond pas à sa source : lancez « crc-lab construire ».", file=sys.stderr)
            status = 1
        else:
            write_atomically(path, content)
            print(f"Construit : {name}")
    if status == 0:
        print(f"{len(wanted)} fichiers à jour.")
    return status


def _wanted(root: Path) -> Iterator[tuple[Path, bytes]]:
    if (root / "datasets" / build_datasets.SOURCE).is_file():  # another workbook has its own data, or none
        for name, content in build_datasets.build(root).items():
            yield root / name, content
    for source in sorted((root / "notebooks").glob("*/activite.py")):
        activity = load_activity(source.parent, root / "datasets").activity
        notebook = build_notebook(source.read_text(encoding="utf-8"), activity)
        yield source.with_name(f"{activity.id}.ipynb"), notebook
    if (root / coverage.SOURCE).is_file():  # a checkout: another workbook, an installed package have none
        yield root / coverage.PAGE, coverage.build(root)


def build_notebook(source: str, activity: Activity, edition: str = "entrainement") -> bytes:
    """The notebook of one activity, from its py:percent text.

    Raises :class:`CrcError` when the text shows a question that does not exist, leaves one out, or shows one twice.
    """
    notebook: dict[str, Any] = json.loads(jupytext.writes(jupytext.reads(source, fmt="py:percent"), fmt="ipynb"))
    code = [_text(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    shown = [name for text in code for name in _QUESTION.findall(text)]
    _compare(activity, shown)
    used: set[str] = set()
    cells = [_cell(cell, used) for cell in notebook["cells"]]
    sheet = AnswerSheet(activity.id, edition, extra={"mode": "eleve", "autorun": True})
    metadata = {
        "crc_lab": sheet.to_metadata(),
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    built = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(built, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _compare(activity: Activity, shown: list[str]) -> None:
    known = [question.id for question in activity.questions]
    problems = [f"activite.py montre « {name} », qui n’existe pas." for name in shown if name not in known]
    problems += [f"activite.py ne montre pas « {name} »." for name in known if name not in shown]
    problems += [f"activite.py montre « {name} » deux fois." for name in sorted(set(shown)) if shown.count(name) > 1]
    if problems:
        raise CrcError(f"{activity.id} : " + " ".join(problems))


def _cell(cell: dict[str, Any], used: set[str]) -> dict[str, Any]:
    """One cell with a stable id, locked: it can be neither deleted nor edited by accident."""
    text = _text(cell)
    found = _QUESTION.search(text) if cell["cell_type"] == "code" else None
    name = f"q-{found[1].lower()}" if found else f"c-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    while name in used:
        name += "-bis"
    used.add(name)
    built: dict[str, Any] = {
        "cell_type": cell["cell_type"],
        "id": name,
        "metadata": {"deletable": False, "editable": False},
        "source": text.splitlines(keepends=True),
    }
    if cell["cell_type"] == "code":
        built |= {"execution_count": None, "outputs": []}
        built["metadata"]["jupyter"] = {"source_hidden": True}
    return built


def _text(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
