"""The folder of ``preparer``: the class list, and what nbgrader keeps of the students."""

from __future__ import annotations

import datetime as dt
import shutil
import stat
from pathlib import Path

from autograder.gradebook import personal_data, purge_data
from autograder.intake.preparation import COURSE, ROSTER, read_preparation
from autograder.intake.preparation import FILE as PREPARATION
from autograder.privacy.inventory import Inventory, Item, all_files, counted, is_file, modified
from crc_lab.core.wording import count

KIND = "sujet préparé"
_TREES = ("submitted", "autograded", "feedback")
"""Where nbgrader keeps what students handed in, what was marked, what is given back."""
_LOG = ".nbgrader.log"


def prepared_inventory(folder: Path, url: str | None) -> Inventory:
    """What there is to erase; raises PreparationProblem and GradebookProblem.

    Subjects, keys and the assignments of the gradebook stay: they speak of nobody.
    """
    read_preparation(folder)
    course, found = folder / COURSE, Inventory(folder, KIND)
    days: list[dt.date] = []
    if course.is_symlink():
        found.links.append(COURSE)
    elif course.is_dir():
        held = personal_data(course, url)
        if held.students or held.copies:
            name = f"{COURSE}/{held.place} ({count(held.students, 'élève')}, {count(held.copies, 'copie')})"
            found.items.append(Item(name, lambda: purge_data(course, url)))
            days += [held.last] if held.last else []
        for tree in _TREES:
            days += _add_tree(course / tree, f"{COURSE}/{tree}/", found)
        days += _add_file(course / _LOG, f"{COURSE}/{_LOG}", found)
        found.staying = [f"{COURSE}/{path.name}" for path in sorted(course.glob("gradebook.db.*"))]
    days += _add_file(folder / ROSTER, ROSTER, found)
    found.staying += [path.name for path in sorted(folder.glob("classe (votre version*).csv"))]
    found.last = max(days, default=modified(folder / PREPARATION))
    found.why = "Dernière modification"
    return found


def _add_file(path: Path, name: str, found: Inventory) -> list[dt.date]:
    if path.is_symlink():
        found.links.append(name)
    elif is_file(path):
        found.add_files(name, [path])
        return [modified(path)]
    return []


def _add_tree(root: Path, name: str, found: Inventory) -> list[dt.date]:
    if root.is_symlink():
        found.links.append(name)
        return []
    files = all_files(root) if root.is_dir() else []
    if files:
        found.items.append(Item(counted(name, len(files)), lambda: _erase_tree(root)))
    return [modified(path) for path in files]


def _erase_tree(root: Path) -> None:
    """Remove what is under ``root``: links go, what they lead to stays (see :func:`shutil.rmtree`)."""
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            path.chmod(stat.S_IRWXU)  # nbgrader leaves folders and files that are read-only
    for entry in sorted(root.iterdir()):
        if entry.is_symlink() or not entry.is_dir():
            entry.unlink()
        else:
            shutil.rmtree(entry)
