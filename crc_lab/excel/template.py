"""The Excel template of a question: « Réponse » to fill (yellow cells), « Mode d’emploi », « Brouillon ».

Built so that the file survives Excel and LibreOffice: text format on the answer cells that hold text (leading zeros),
general format where a formula is expected (``Column.text`` false), drop-down lists that advise without forbidding,
everything but the yellow cells protected without a password. Nothing typed by a person can become a formula.
"""

from __future__ import annotations

import io
from collections.abc import Mapping

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from crc_lab.core.model import Json, Question
from crc_lab.excel import reading
from crc_lab.excel.sheetwriter import (
    Lists,
    all_typed,
    finish,
    print_setup,
    protect,
    set_width,
    write_cell,
    write_headers,
)

QUESTION_NAME, VERSION_NAME = "crc_lab_question", "crc_lab_version"
"""Hidden defined names: which question this file is the template of, and the version of the template."""

VERSION = 1
DATA, GUIDE, DRAFT = "Données", "Mode d’emploi", "Brouillon"
NAME_LABEL, IDENTIFIER_LABEL = "Nom et prénom", "Identifiant"


def build_template(question: Question, value: Json = None, student: tuple[str, str] = ("", "")) -> bytes:
    """The XLSX bytes of the template, filled with ``value`` (shape of the answer sheet) when it is given.

    ``student`` is (name, identifier), shown in the yellow cells of « Mode d’emploi ».

    Raises :class:`ImportProblem` for a question that is answered in its card only.
    """
    reading.need_a_form(question)
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    lists = Lists(book)
    if question.table is not None and question.kind == "tableau":
        _table_sheet(sheet, question, value, lists)
    elif couples := reading.couples_of(question):
        _couples_sheet(sheet, question, couples, value, lists)
    else:
        _form_sheet(sheet, question, value, lists)
    if question.table is not None and question.kind != "tableau":
        _data_sheet(book.create_sheet(DATA), question)
    _guide_sheet(book, question, student)
    book.create_sheet(DRAFT)
    lists.close()
    for name, text in ((QUESTION_NAME, question.id), (VERSION_NAME, str(VERSION))):
        book.defined_names[name] = DefinedName(name, attr_text='"' + text.replace('"', "") + '"', hidden=True)
    book.properties.title = question.id
    book.properties.creator = "crc-lab"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _table_sheet(sheet: Worksheet, question: Question, value: Json, lists: Lists) -> None:
    sheet.title = reading.TABLE_SHEET
    spec = reading.table_of(question)
    columns = reading.shown_columns(spec)
    answers = set(reading.answer_columns(spec))
    rows = _filled_rows(reading.given_rows(question), value, spec.key, answers)
    write_headers(sheet, [column.name for column in columns])
    for position, column in enumerate(columns, start=1):
        texts = [row.get(column.name, "") for row in rows]
        to_fill = column.name in answers
        typed = not column.text if to_fill else all_typed(column.name, texts)
        for row, text in enumerate(texts, start=2):
            write_cell(sheet, row, position, text, to_fill=to_fill, typed=typed)
        if to_fill and column.choices and rows:
            validation = lists.validation(column.choices)
            sheet.add_data_validation(validation)
            letter = get_column_letter(position)
            validation.add(f"{letter}2:{letter}{len(rows) + 1}")
        set_width(sheet, position, column.name, [*texts, *(column.choices if to_fill else ())])
    for row in range(1, len(rows) + 2):
        sheet.cell(row, 1).alignment = Alignment(horizontal="center")
    finish(sheet, question, freeze="B2")


def _filled_rows(given: list[dict[str, str]], value: Json, key: str, answers: set[str]) -> list[dict[str, str]]:
    """The given rows with the answers of ``value``; its lines that no given row has are added at the end."""
    rows = [{name: text for name, text in row.items() if name not in answers or name == key} for row in given]
    if not isinstance(value, Mapping):
        return rows
    names = [str(name) for name in value.get("colonnes", ())]
    waiting = [dict(zip(names, map(str, line), strict=False)) for line in value.get("lignes", ())]
    for row in rows:
        found = next((line for line in waiting if line.get(key) == row.get(key)), None)
        if found is not None:
            waiting.remove(found)
            row.update({name: text for name, text in found.items() if name in answers})
    return rows + [{name: text for name, text in line.items() if name in answers or name == key} for line in waiting]


def _couples_sheet(sheet: Worksheet, question: Question, headers: tuple[str, str], value: Json, lists: Lists) -> None:
    sheet.title = reading.FORM_SHEET
    write_headers(sheet, headers)
    pairs = [[str(item) for item in pair] for pair in value] if isinstance(value, list) else []
    lines = max(reading.COUPLE_LINES, len(pairs))
    for row in range(lines):
        pair = pairs[row] if row < len(pairs) else ("", "")
        for column in (0, 1):
            write_cell(sheet, row + 2, column + 1, pair[column], to_fill=True)
    if question.kind == "cellules" and question.table is not None:
        names = [column.name for column in reading.shown_columns(question.table)]
        validation = lists.validation(names if len(names) > 1 else question.data[question.table.source].columns)
        sheet.add_data_validation(validation)
        validation.add(f"B2:B{lines + 1}")
    for letter in "AB":
        sheet.column_dimensions[letter].width = 28
    finish(sheet, question, freeze="A2")


def _form_sheet(sheet: Worksheet, question: Question, value: Json, lists: Lists) -> None:
    sheet.title = reading.FORM_SHEET
    write_headers(sheet, (reading.CODE, reading.LABEL, reading.ANSWER))
    for row, field in enumerate(reading.fields_of(question, value), start=2):
        write_cell(sheet, row, 1, field.code)
        write_cell(sheet, row, 2, field.label, wrap=True)
        write_cell(sheet, row, 3, field.value, to_fill=True, wrap=True)
        if field.choices:
            validation = lists.validation(field.choices)
            sheet.add_data_validation(validation)
            validation.add(f"C{row}")
    for letter, width in (("A", 16), ("B", 50), ("C", 60)):
        sheet.column_dimensions[letter].width = width
    finish(sheet, question, freeze="A2")


def _data_sheet(sheet: Worksheet, question: Question) -> None:
    """The table that the question is about, to be looked at."""
    rows = reading.given_rows(question)
    names = list(rows[0]) if rows else []
    write_headers(sheet, names)
    for position, name in enumerate(names, start=1):
        for row, record in enumerate(rows, start=2):
            write_cell(sheet, row, position, record[name])
        set_width(sheet, position, name, [record[name] for record in rows])
    finish(sheet, question, freeze="B2")
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{len(rows) + 1}"


def _guide_sheet(book: Workbook, question: Question, student: tuple[str, str]) -> None:
    sheet = book.create_sheet(GUIDE)
    lines = _guide_lines(question)
    for row, line in enumerate(lines, start=1):
        write_cell(sheet, row, 1, line, bare=True)
    sheet.cell(1, 1).font = Font(name="Calibri", bold=True, size=13)
    start = len(lines) + 2
    for offset, (label, text) in enumerate(zip((NAME_LABEL, IDENTIFIER_LABEL), student, strict=True)):
        write_cell(sheet, start + offset, 1, label)
        write_cell(sheet, start + offset, 2, text, to_fill=True)
    helped = [c for c in (question.table.columns if question.table else ()) if c.answer and (c.help or c.choices)]
    for row, column in enumerate(helped, start=start + 4):
        write_cell(sheet, row, 1, column.name)
        shown = [column.help] if column.help else []
        if column.choices:
            shown.append(f"Valeurs proposées : {', '.join(column.choices)}.")
        write_cell(sheet, row, 2, " ".join(shown), wrap=True)
    sheet.column_dimensions["A"].width = 28
    sheet.column_dimensions["B"].width = 80
    print_setup(sheet, question)
    protect(sheet)


def _guide_lines(question: Question) -> list[str]:
    columns = [column for column in (question.table.columns if question.table else ()) if column.answer]
    lines = [
        "Remplissez les cellules jaunes de la première feuille. Les autres sont protégées, sans mot de passe.",
        "Gardez la ligne d’en-têtes : c’est elle qui dit où sont vos réponses.",
        "Les listes proposent des valeurs ; vous pouvez en taper une autre.",
    ]
    if any(column.text for column in columns):
        lines += ["Les colonnes de texte gardent les zéros du début (codes postaux, SIRET, téléphones)."]
        lines += [
            "Une cellule de texte ne calcule pas : faites vos formules dans « Brouillon », puis collez les valeurs."
        ]
    if any(not column.text for column in columns):
        lines += [
            "Les formules sont permises : enregistrez dans le tableur pour que leurs résultats soient dans le fichier."
        ]
    lines += ["Enregistrez (format .xlsx), puis déposez ce fichier dans la carte de la question."]
    return [f"Question {question.id} : {question.title}", *(f"{n}. {line}" for n, line in enumerate(lines, start=1))]
