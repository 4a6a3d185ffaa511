"""Marks and feedback back to Moodle: its own worksheet filled in, ZIPs of feedback files, a CSV for its gradebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from autograder.marking import ClassResult
from autograder.moodle.feedback import feedback_zips, gradebook_csv, remove_old
from autograder.moodle.worksheet import WorksheetProblem, fill_worksheet, participants
from autograder.reports import Outputs
from crc_lab.core.text import french

__all__ = ["FOLDER", "GRADEBOOK", "WorksheetProblem", "moodle_names", "participants", "write_moodle"]

FOLDER, GRADEBOOK = "moodle", "notes-moodle.csv"
"""Their names in the output folder."""


def moodle_names(result: ClassResult, folder: Path, worksheets: Sequence[Path] = ()) -> tuple[str, ...]:
    """The files that :func:`write_moodle` writes in the output ``folder``, relative to it, with « / »."""
    names = [name for _, name in _targets(folder, worksheets)]
    names += [archive.name for archive in feedback_zips(result)]
    return tuple(f"{FOLDER}/{name}" for name in (*names, GRADEBOOK))


def write_moodle(result: ClassResult, outputs: Outputs, worksheets: Sequence[Path] = ()) -> list[str]:
    """Write everything that goes back to Moodle in the folder ``moodle`` of ``outputs``, each file in one step.

    ``worksheets``: the grading worksheets that the teacher downloaded; each comes out filled under its own name, the
    given files are never touched. What cannot be written (or filled) is in ``outputs.problems`` and does not keep the
    rest from being. ZIPs of an earlier run that are no longer made are removed. Gives what a teacher should read, in
    French: the report of each worksheet, what is not in the ZIPs.
    """
    told: dict[str, None] = {}  # the worksheets of several assignments may say the same
    for source, name in _targets(outputs.folder, worksheets):
        path = outputs.folder / FOLDER / name
        done = outputs.attempt(name, partial(fill_worksheet, source, result, path))
        if done is not None:
            told |= dict.fromkeys(done.sentences)
            outputs.files.append(path)
    sentences, kept = list(told), set()
    for archive in feedback_zips(result):
        if archive.pages and outputs.write(f"{FOLDER}/{archive.name}", archive.content(result)):
            kept.add(archive.name)
        if archive.name in kept or not archive.pages:
            sentences += [french(f"Retour à donner vous-même à {name} ({why}).") for name, why in archive.left_out]
    outputs.attempt(FOLDER, partial(remove_old, outputs.folder / FOLDER, kept))
    outputs.write(f"{FOLDER}/{GRADEBOOK}", gradebook_csv(result))
    return sentences


def _targets(folder: Path, worksheets: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Each worksheet with the name of its filled copy: its own, with a number where another file has it."""
    here = (folder / FOLDER).resolve()
    taken = {GRADEBOOK, *(source.name.casefold() for source in worksheets if source.parent.resolve() == here)}
    for source in dict.fromkeys(worksheets):
        name, number = source.name, 1
        while name.casefold() in taken:
            number += 1
            name = f"{source.stem} ({number}){source.suffix}"
        taken.add(name.casefold())
        yield source, name
