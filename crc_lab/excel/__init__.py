"""Answers through a spreadsheet: the template a student fills, and reading back whatever they hand over.

Needs openpyxl, and neither pandas nor IPython: a teacher also marks a workbook handed in alone. Knows answers, never
scoring. Everything that can go wrong with a file is an :class:`~crc_lab.core.errors.ImportProblem` in French.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from crc_lab.core.errors import ImportProblem
from crc_lab.core.model import Json, Question
from crc_lab.excel.files import Source, open_book
from crc_lab.excel.form_answer import read_form_answer
from crc_lab.excel.forms import need_a_form
from crc_lab.excel.marks import described
from crc_lab.excel.result import ImportResult
from crc_lab.excel.table_answer import read_table_answer
from crc_lab.excel.template import build_template

__all__ = ["ImportResult", "build_template", "read_answer", "template_question", "write_template"]


def write_template(
    question: Question, path: Path | str, value: Json = None, student: tuple[str, str] = ("", "")
) -> Path:
    """Write the template of ``question`` to ``path`` (see :func:`build_template`) and return the path.

    Raises :class:`ImportProblem` (French) when the file cannot be written, most often because Excel has it open.
    """
    target = Path(path)
    content = build_template(question, value, student)
    try:
        target.write_bytes(content)
    except PermissionError:
        raise ImportProblem(
            target.name,
            "impossible d’écrire ce fichier : il est ouvert dans Excel, ou le dossier est protégé.",
            "Fermez-le dans Excel, ou choisissez un autre nom, puis recommencez.",
        ) from None
    except (OSError, ValueError) as error:
        detail = error.strerror if isinstance(error, OSError) and error.strerror else "chemin incorrect"
        raise ImportProblem(
            target.name, f"impossible d’écrire ce fichier ({detail}).", "Choisissez un autre dossier, puis recommencez."
        ) from None
    return target


def read_answer(source: Source, filename: str | None, question: Question) -> ImportResult:
    """The answer to ``question`` in the file ``source`` (a path, or the bytes of the file called ``filename``).

    Raises :class:`ImportProblem` (French: what is the matter, what to do) and nothing else.
    """
    need_a_form(question)
    book = open_book(source, filename)
    made_for, student = described(book)
    if made_for is not None and made_for != question.id:
        raise ImportProblem(
            book.file,
            f"c’est le modèle de la question {made_for}, pas celui de la question {question.id}.",
            f"Déposez-le dans la carte {made_for}, ou téléchargez le modèle de {question.id}.",
        )
    read = read_table_answer if question.kind == "tableau" and question.table is not None else read_form_answer
    return replace(read(book, question), question_id=made_for, student=student)


def template_question(source: Source, filename: str | None = None) -> str | None:
    """The id of the question that this file is the template of; None for any other workbook."""
    return described(open_book(source, filename))[0]
