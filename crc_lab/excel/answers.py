"""One question's answer through a spreadsheet: its template written, and what people hand over read back."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from crc_lab.core.cells import read
from crc_lab.core.model import Json, Question
from crc_lab.core.text import fold
from crc_lab.excel.files import Book, Source, open_book, refusal
from crc_lab.excel.reading import ImportResult, need_a_form, read_answer_of
from crc_lab.excel.template import GUIDE, IDENTIFIER_LABEL, NAME_LABEL, QUESTION_NAME, build_template

_TITLE = re.compile(r"Question (\w+-[\w-]+)\s*:")


def write_template(question: Question, path: Path, value: Json = None, student: tuple[str, str] = ("", "")) -> Path:
    """Write the template of ``question`` to ``path`` (see :func:`build_template`) and return the path.

    Raises :class:`ImportProblem` (French) when the file cannot be written, most often because Excel has it open.
    """
    content = build_template(question, value, student)
    try:
        path.write_bytes(content)
    except PermissionError:
        raise refusal("ecriture-refusee", path.name) from None
    except (OSError, ValueError) as error:
        raise refusal("ecriture", path.name, detail=getattr(error, "strerror", "") or "chemin incorrect") from None
    return path


def read_answer(source: Source, filename: str | None, question: Question) -> ImportResult:
    """The answer to ``question`` in the file ``source`` (a path, or the bytes of the file called ``filename``).

    Raises :class:`ImportProblem` (French: what is the matter, what to do) and nothing else.
    """
    need_a_form(question)
    book = open_book(source, filename)
    made_for, student = _described(book)
    if made_for is not None and made_for != question.id:
        raise refusal("autre-question", book.file, other=made_for, question=question.id)
    return replace(read_answer_of(book, question), question_id=made_for, student=student)


def template_question(source: Source, filename: str | None = None) -> str | None:
    """The id of the question that this file is the template of; None for any other workbook."""
    return _described(open_book(source, filename))[0]


def _described(book: Book) -> tuple[str | None, tuple[str, str] | None]:
    """What a template says of itself: its question id and its student (name, identifier), each None when it does not.

    The question is a hidden defined name; the first line of « Mode d’emploi » says it too, for the software that drops
    such names.
    """
    question = book.names.get(QUESTION_NAME, "").strip('="') or None
    guide = next((grid for grid in book.grids if fold(grid.name) == fold(GUIDE)), None)
    if guide is None:
        return question, None
    texts = {place: read(cell)[0] for place, cell in guide.cells.items()}
    told = _TITLE.match(texts.get((1, 1), ""))
    beside = {fold(text): texts.get((row, column + 1), "") for (row, column), text in reversed(texts.items())}
    name, identifier = (beside.get(fold(label), "") for label in (NAME_LABEL, IDENTIFIER_LABEL))
    return question or (told[1] if told else None), (name, identifier) if name or identifier else None
