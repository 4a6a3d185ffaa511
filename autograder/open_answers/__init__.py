"""``reponses-ouvertes.xlsx``: the answers that a person marks, one row each, with the rubric and yellow cells for the
points. It goes out with every run and comes back with ``--notes-manuelles``.

How a caller keeps everything that the teacher typed: read the file first (:func:`read_marked_sheet`), mark the class
with these marks, then write the file again. ``MarkedSheet.typed`` names the marks that the file did not hold when
crc-lab wrote it: they are the teacher's last word, where the others may be older than those of the formgrader.
:func:`write_open_answers` loses nothing either way: what is in the file and not in the result is kept.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autograder.errors import OpenAnswerProblems

if TYPE_CHECKING:
    from autograder.open_answers.reading import MarkedSheet, read_marked_sheet
    from autograder.open_answers.writing import WrittenSheet, erase_open_answers, write_open_answers

__all__ = [
    "FILE", "MarkedSheet", "OpenAnswerProblems", "WrittenSheet", "erase_open_answers", "read_marked_sheet",
    "write_open_answers",
]  # fmt: skip

FILE = "reponses-ouvertes.xlsx"
"""Its name in the output folder."""


def __getattr__(name: str) -> Any:
    """Loaded on first use: what reads a spreadsheet takes half a second to import."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{'reading' if 'arked' in name else 'writing'}"), name)
