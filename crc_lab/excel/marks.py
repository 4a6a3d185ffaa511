"""What a template says of itself: its question (hidden defined name) and who filled it (« Mode d’emploi »)."""

from __future__ import annotations

from crc_lab.core.text import fold
from crc_lab.excel.grid import Book, Grid, cell_text
from crc_lab.excel.template import GUIDE, IDENTIFIER_LABEL, NAME_LABEL, QUESTION_NAME


def described(book: Book) -> tuple[str | None, tuple[str, str] | None]:
    """The question id and the student (name, identifier), each None when the file does not tell."""
    question = book.names.get(QUESTION_NAME, "").strip('="') or None
    guide = next((grid for grid in book.grids if fold(grid.name) == fold(GUIDE)), None)
    if guide is None:
        return question, None
    name, identifier = (_beside(guide, label) for label in (NAME_LABEL, IDENTIFIER_LABEL))
    return question, (name, identifier) if name or identifier else None


def _beside(grid: Grid, label: str) -> str:
    for (row, column), cell in grid.cells.items():
        if isinstance(cell.value, str) and fold(cell.value) == fold(label):
            return cell_text(grid.cells.get((row, column + 1)), "")[0]
    return ""
