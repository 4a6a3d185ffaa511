"""``reponses-ouvertes.xlsx``: the answers that a person marks, one row each, with the rubric and yellow cells for the
points. It goes out with every run and comes back with ``--notes-manuelles``.

How a caller keeps everything that the teacher typed: read the file first (:func:`read_marked_sheet`), mark the class
with these marks, then write the file again. ``MarkedSheet.typed`` names the marks that the file did not hold when
crc-lab wrote it: they are the teacher's last word, where the others may be older than those of the formgrader.
:func:`write_open_answers` loses nothing either way: what is in the file and not in the result is kept.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.open_answers.problems import OpenAnswerProblems

if TYPE_CHECKING:
    from autograder.marking.manual import ManualMarks
    from autograder.marking.marked import ClassResult
    from autograder.open_answers.reading import MarkedSheet
    from autograder.open_answers.writing import WrittenSheet

__all__ = [
    "FILE", "OpenAnswerProblems", "erase_open_answers", "read_marked_sheet", "read_open_answers", "write_open_answers",
]  # fmt: skip

FILE = "reponses-ouvertes.xlsx"
"""Its name in the output folder."""


def write_open_answers(result: ClassResult, path: Path) -> WrittenSheet | None:
    """Write the open answers of a class in ``path``, in one step; None (nothing written) when there are none.

    Marks that the result already has are filled in. What the teacher typed in an existing file and the result does not
    have is carried over; where that cannot be, the old file is kept under another name (``WrittenSheet.previous``).
    Raises :class:`OSError`.
    """
    from autograder.open_answers.writing import write

    return write(result, path)


def read_open_answers(path: Path, result: ClassResult | None = None) -> ManualMarks:
    """The marks in a file of :func:`write_open_answers`; an empty points cell is a mark not given yet.

    With ``result``, points are checked against its questions and students against its copies. Raises
    :class:`OpenAnswerProblems` with every problem at once.
    """
    return read_marked_sheet(path, result).marks


def read_marked_sheet(path: Path, result: ClassResult | None = None) -> MarkedSheet:
    """As :func:`read_open_answers`, with what else there is to know about the file."""
    from autograder.open_answers.reading import read

    return read(path, result)


def erase_open_answers(path: Path, students: Collection[str]) -> None:
    """Take the rows of these students (our ids) out of a file; the file itself when nobody else is in it.

    What was typed for the others stays. Raises :class:`OSError`, and OpenAnswerProblems for a file that cannot be read.
    """
    from autograder.open_answers.writing import erase

    erase(path, students)
