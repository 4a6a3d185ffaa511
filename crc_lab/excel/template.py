"""Answers through a spreadsheet: the template of a question, « Réponse » to fill (yellow cells), « Mode d’emploi »,
« Brouillon », written and recognised when it comes back; and plain tables to keep.

Built so that the file survives Excel and LibreOffice: text format on the answer cells that hold text (leading zeros),
general format where a formula is expected (``Column.text`` false), drop-down lists that advise without forbidding,
everything but the yellow cells protected without a password. Nothing typed by a person can become a formula.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import _HeaderFooterPart as _FooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from crc_lab.core.cells import read
from crc_lab.core.model import EMPTY, Json, Question, Table, TableSpec
from crc_lab.core.rooms import kinds
from crc_lab.core.text import fold
from crc_lab.excel import reading
from crc_lab.excel.files import Book, Grid, Source, open_book, refusal
from crc_lab.excel.reading import ImportResult, need_a_form, read_answer_of

QUESTION_NAME, VERSION_NAME = "crc_lab_question", "crc_lab_version"
"""Hidden defined names: which question this file is the template of, and the version of the template."""

VERSION = 1
DATA, GUIDE, DRAFT, LISTS = "Données", "Mode d’emploi", "Brouillon", "Listes"
NAME_LABEL, IDENTIFIER_LABEL = "Nom et prénom", "Identifiant"
_ABOUT_ALL = (
    "Remplissez les cellules jaunes de la première feuille. Les autres sont protégées, sans mot de passe.",
    "Gardez la ligne d’en-têtes : c’est elle qui dit où sont vos réponses.",
    "Les listes proposent des valeurs ; vous pouvez en taper une autre.",
)
_ABOUT_TEXT = (
    "Les colonnes de texte gardent les zéros du début (codes postaux, SIRET, téléphones).",
    "Une cellule de texte ne calcule pas : faites vos formules dans « Brouillon », puis collez les valeurs.",
)
_ABOUT_FORMULAS = (
    "Les formules sont permises : enregistrez dans le tableur pour que leurs résultats soient dans le fichier.",
)
_WIDEST = 44

_TEXT, _GENERAL, _DATE = "@", "General", "dd/mm/yyyy"
_LONGEST = 32_000
_NEVER_NUMBERS = frozenset({"siret", "telephone", "code_postal", "numero_voie", "code_ape"})
_PLAIN_NUMBER = re.compile(r"(?:0|[1-9]\d{0,14})(?:\.\d+)?")
_ENDS_WITH_ZERO = re.compile(r"\.\d*0$|\.$")  # « 4.50 » typed by a student stays « 4.50 »: it is written as text
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")

_SIDE = Side(style="thin", color="D9D4C7")
_BORDER = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_HEADER_FONT = Font(name="Calibri", size=11, bold=True, color="FFFFFF")
_HEADER_FILL = PatternFill("solid", start_color="1D4E89")
_TO_FILL = PatternFill("solid", start_color="FFF4C2")
_SHOWN = PatternFill("solid", start_color="F3F1EA")


def build_template(question: Question, value: Json = None, student: tuple[str, str] = ("", "")) -> bytes:
    """The XLSX bytes of the template, filled with ``value`` (shape of the answer sheet) when it is given.

    ``student`` is (name, identifier), shown in the yellow cells of « Mode d’emploi ».

    Raises :class:`ImportProblem` for a question that is answered in its card only.
    """
    reading.need_a_form(question)
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    filled = question.table if question.kind == "tableau" else None
    sheet.title = reading.TABLE_SHEET if filled else reading.FORM_SHEET
    titled = kinds()[question.kind].renamed(value, question.spec, question.title_of)
    if filled:
        _table_sheet(sheet, question, filled, value)
    elif couples := reading.couples_of(question):
        _couples_sheet(sheet, question, couples, titled)
    else:
        _form_sheet(sheet, question, titled)
    if question.table and not filled:
        _data_sheet(book.create_sheet(DATA), question, question.table)
    _guide_sheet(book, question, student)
    book.create_sheet(DRAFT)
    for name, text in ((QUESTION_NAME, question.id), (VERSION_NAME, str(VERSION))):
        book.defined_names[name] = DefinedName(name, attr_text='"' + text.replace('"', "") + '"', hidden=True)
    book.properties.title = question.id
    book.properties.creator = "crc-lab"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _table_sheet(sheet: Worksheet, question: Question, spec: TableSpec, value: Json) -> None:
    columns, answers = reading.shown_columns(spec), set(reading.answer_columns(spec))
    rows = _filled_rows(reading.given_rows(question, spec), value, spec.key, answers)
    headers = reading.headers_of(question, spec)
    _write_headers(sheet, [headers[column.name] for column in columns])
    for position, column in enumerate(columns, start=1):
        texts = [row.get(column.name, "") for row in rows]
        to_fill = column.name in answers
        typed = not column.text if to_fill else _all_typed(column.name, texts)
        for row, text in enumerate(texts, start=2):
            _write_cell(sheet, row, position, text, to_fill=to_fill, typed=typed)
        if to_fill and column.choices and rows:
            letter = get_column_letter(position)
            _offer(sheet, f"{letter}2:{letter}{len(rows) + 1}", column.choices)
        _set_width(sheet, position, headers[column.name], [*texts, *(column.choices if to_fill else ())])
    for row in range(1, len(rows) + 2):
        sheet.cell(row, 1).alignment = Alignment(horizontal="center")
    _finish(sheet, question, "B2")


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


def _couples_sheet(sheet: Worksheet, question: Question, headers: tuple[str, str], value: Json) -> None:
    _write_headers(sheet, headers)
    pairs = [[str(item) for item in pair] for pair in value] if isinstance(value, list) else []
    lines = max(reading.COUPLE_LINES, len(pairs))
    for row, pair in enumerate([*pairs, *[["", ""]] * (lines - len(pairs))], start=2):
        for column in (0, 1):
            _write_cell(sheet, row, column + 1, pair[column], to_fill=True)
    if question.kind == "cellules" and question.table is not None:
        names = [column.name for column in reading.shown_columns(question.table)]
        choices = names if len(names) > 1 else question.data[question.table.source].columns
        _offer(sheet, f"B2:B{lines + 1}", [question.title_of(name) for name in choices])
    _finish(sheet, question, "A2", widths={"A": 28, "B": 28})


def _form_sheet(sheet: Worksheet, question: Question, value: Json) -> None:
    _write_headers(sheet, (reading.CODE, reading.LABEL, reading.ANSWER))
    for row, field in enumerate(kinds()[question.kind].lines(question.spec, question.title, value), start=2):
        _write_cell(sheet, row, 1, field.code)
        _write_cell(sheet, row, 2, field.label, wrap=True)
        _write_cell(sheet, row, 3, field.value, to_fill=True, wrap=True)
        if field.choices:
            _offer(sheet, f"C{row}", field.choices)
    _finish(sheet, question, "A2", widths={"A": 16, "B": 50, "C": 60})


def _data_sheet(sheet: Worksheet, question: Question, spec: TableSpec) -> None:
    """The table that the question is about, to be looked at."""
    rows = reading.given_rows(question, spec)
    names = list(rows[0]) if rows else []
    _write_headers(sheet, [question.title_of(name) for name in names])
    for position, name in enumerate(names, start=1):
        for row, record in enumerate(rows, start=2):
            _write_cell(sheet, row, position, record[name])
        _set_width(sheet, position, question.title_of(name), [record[name] for record in rows])
    _finish(sheet, question, "B2")
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{len(rows) + 1}"


def _guide_sheet(book: Workbook, question: Question, student: tuple[str, str]) -> None:
    sheet = book.create_sheet(GUIDE)
    lines = _guide_lines(question)
    for row, line in enumerate(lines, start=1):
        _write_cell(sheet, row, 1, line, bare=True)
    sheet.cell(1, 1).font = Font(name="Calibri", bold=True, size=13)
    start = len(lines) + 2
    for offset, (label, text) in enumerate(zip((NAME_LABEL, IDENTIFIER_LABEL), student, strict=True)):
        _write_cell(sheet, start + offset, 1, label)
        _write_cell(sheet, start + offset, 2, text, to_fill=True)
    helped = [c for c in (question.table.columns if question.table else ()) if c.answer and (c.help or c.choices)]
    headers = reading.headers_of(question, question.table) if question.table else {}
    for row, column in enumerate(helped, start=start + 4):
        _write_cell(sheet, row, 1, headers[column.name])
        shown = [column.help] if column.help else []
        if column.choices:
            shown.append(f"Valeurs proposées : {', '.join(column.choices)}.")
        _write_cell(sheet, row, 2, " ".join(shown), wrap=True)
    _finish(sheet, question, widths={"A": 28, "B": 80})


def _guide_lines(question: Question) -> list[str]:
    columns = [column for column in (question.table.columns if question.table else ()) if column.answer]
    lines = list(_ABOUT_ALL)
    if any(column.text for column in columns):
        lines += _ABOUT_TEXT
    if any(not column.text for column in columns):
        lines += _ABOUT_FORMULAS
    lines += ["Enregistrez (format .xlsx), puis déposez ce fichier dans la carte de la question."]
    return [f"Question {question.id} : {question.title}", *(f"{n}. {line}" for n, line in enumerate(lines, start=1))]


# --- what every sheet shares


def _offer(sheet: Worksheet, cells: str, choices: Sequence[str]) -> None:
    """A drop-down list on ``cells``: a short one is inside the validation, the others are on a hidden sheet."""
    book: Any = sheet.parent
    inline = ",".join(choices)
    # The separator, the quote and 255 characters are the limits of a list written inside the validation.
    if len(inline) <= 250 and not any(set(choice) & set(',"') or choice != choice.strip() for choice in choices):
        formula = f'"{inline}"'
    else:
        lists = book[LISTS] if LISTS in book.sheetnames else book.create_sheet(LISTS)
        lists.sheet_state = "hidden"
        column = lists.max_column + 1 if lists["A1"].value else 1
        for row, choice in enumerate(choices, start=1):
            _write_cell(lists, row, column, choice)
        letter = get_column_letter(column)
        formula = f"{LISTS}!${letter}$1:${letter}${len(choices)}"
    sheet.add_data_validation(DataValidation(
        type="list", formula1=formula, allow_blank=True, errorStyle="warning", showErrorMessage=True,
        errorTitle="Valeur inhabituelle", sqref=cells,
        error="Cette valeur n’est pas dans la liste proposée. La garder quand même ?",
    ))  # fmt: skip


def _write_headers(sheet: Worksheet, names: Sequence[str], row: int = 1) -> None:
    for position, name in enumerate(names, start=1):
        _write_cell(sheet, row, position, name)
        cell = sheet.cell(row, position)
        cell.font, cell.fill = _HEADER_FONT, _HEADER_FILL


def _write_cell(
    sheet: Any, row: int, column: int, text: str,
    *, to_fill: bool = False, typed: bool = False, wrap: bool = False, bare: bool = False,
) -> None:  # fmt: skip
    """One cell. ``typed``: a number or a date is written as such; anything else is text, never a formula.

    ``to_fill`` makes it yellow and free to change; ``bare`` leaves it without colour and border.
    """
    cell = sheet.cell(row, column)
    cell.number_format = _GENERAL if typed else _TEXT
    clean = ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST]
    kept_as_typed = len(clean) > 15 or (to_fill and _ENDS_WITH_ZERO.search(clean))
    if typed and _PLAIN_NUMBER.fullmatch(clean) and not kept_as_typed:
        cell.value = float(clean) if "." in clean else int(clean)
        cell.number_format = "0.00" if "." in clean else _GENERAL
    elif typed and (date := _as_date(clean)):
        cell.value, cell.number_format = date, _DATE
    elif clean:
        cell.value, cell.data_type = clean, "s"
        cell.quotePrefix = clean[0] in "=+-@"
    if not bare:
        cell.border = _BORDER
        cell.fill = _TO_FILL if to_fill else _SHOWN
    cell.protection = Protection(locked=not to_fill)
    cell.alignment = Alignment(vertical="top" if wrap else None, wrap_text=wrap or "\n" in clean)


def _all_typed(name: str, texts: Iterable[str]) -> bool:
    """A given column is written as numbers or dates (formulas need them) when every value of it is one."""
    filled = [text for text in texts if text]
    if not filled or name in _NEVER_NUMBERS:
        return False
    return all(_PLAIN_NUMBER.fullmatch(text) for text in filled) or all(_as_date(text) for text in filled)


def _as_date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if _ISO_DATE.fullmatch(text) and text > "1900-03-01" else None
    except ValueError:
        return None


def _finish(sheet: Worksheet, question: Question, freeze: str = "", widths: Mapping[str, int] = EMPTY) -> None:
    """Widths, print settings and protection; ``freeze``: the first cell that moves, below the line of headers."""
    for letter, width in widths.items():
        sheet.column_dimensions[letter].width = width
    if freeze:
        sheet.freeze_panes, sheet.print_title_rows = freeze, "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1 if sheet.max_column <= 14 else 3
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if sheet.oddFooter is not None:
        sheet.oddFooter.left, sheet.oddFooter.right = _FooterPart(text=question.id), _FooterPart(text="&P / &N")
    sheet.protection.sheet = True
    # False: what stays allowed on a protected sheet.
    sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.formatCells = False
    sheet.protection.sort = sheet.protection.autoFilter = False


def _set_width(sheet: Worksheet, position: int, name: str, texts: Sequence[str]) -> None:
    """Wide enough for the header and the texts of the column, within reason."""
    longest = max([len(text) for text in texts], default=0)
    sheet.column_dimensions[get_column_letter(position)].width = min(max(len(name) + 4, longest + 2, 8), _WIDEST)


# --- one question’s answer: its template written, and what people hand over read back ---------------------------------

_TITLE = re.compile(r"Question\s+(\w+-[\w-]+)\s*:", re.IGNORECASE)
_FIRST_LINES = 20
_OWN_NAME = re.compile(r"A\d{1,2}-[A-Z]\d{1,2}[a-z]?")
"""The number of a question, as the template’s file is called."""


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

    The question is a hidden defined name; « Mode d’emploi », whatever its sheet is called now, says it too, for the
    software that drops such names; else the file bears it as its own name.
    """
    question = book.names.get(QUESTION_NAME, "").strip('="') or None
    titles = ((grid, _title(grid)) for grid in sorted(book.grids, key=lambda grid: fold(grid.name) != fold(GUIDE)))
    guide, told = next(((grid, title) for grid, title in titles if title or fold(grid.name) == fold(GUIDE)), (None, ""))
    if guide is None:
        own = _OWN_NAME.fullmatch(PurePath(book.file).stem)
        return question or (own[0] if own else None), None
    texts = {place: read(cell)[0] for place, cell in guide.cells.items()}
    beside = {fold(text): texts.get((row, column + 1), "") for (row, column), text in reversed(texts.items())}
    name, identifier = (beside.get(fold(label), "") for label in (NAME_LABEL, IDENTIFIER_LABEL))
    return question or told or None, (name, identifier) if name or identifier else None


def _title(grid: Grid) -> str:
    """The question named by « Question A4-Q3 : … » in the first lines of a sheet; empty without one."""
    lines = (texts.values() for row, texts in grid.lines if row <= _FIRST_LINES)
    told = (_TITLE.match(text) for texts in lines for text in texts)
    return next((found[1] for found in told if found), "")


# --- plain tables, to keep or to show ---------------------------------------------------------------------------------
# Each in a sheet of one workbook; nothing in it can be a formula.


def tables_book(tables: Mapping[str, Table], title: str) -> bytes:
    """The XLSX bytes of ``tables``, by the title of their sheet; ``title`` stands above each (whose, what)."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, table in tables.items():
        sheet = book.create_sheet(name[:31])
        _write_cell(sheet, 1, 1, title, bare=True)
        sheet.cell(1, 1).font = Font(bold=True, size=14)
        _write_headers(sheet, table.columns, row=3)
        for row, texts in enumerate(table.rows, start=4):
            for column, text in enumerate(texts, start=1):
                counted = text.isdecimal() and len(text) < 10  # a SIRET, a telephone number is text
                _write_cell(sheet, row, column, text, typed=counted, wrap=True, bare=True)
        for column, texts in enumerate(zip(table.columns, *table.rows, strict=True), start=1):
            sheet.column_dimensions[get_column_letter(column)].width = min(60, max(map(len, texts)) + 3)
        sheet.freeze_panes = "B4"
    book.properties.title, book.properties.creator = title, "crc-lab"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
