"""Read the answer of a table question (one line per record) from the sheets of a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crc_lab.core.errors import ImportProblem
from crc_lab.core.model import Column, Question, TableSpec
from crc_lab.core.text import fold
from crc_lab.excel.grid import Book, cell_text
from crc_lab.excel.headers import Header, find_header
from crc_lab.excel.result import ImportResult, Remarks, listed

SHEET = "Réponse"


@dataclass(frozen=True)
class _Reading:
    """The lines under one header: ``lines`` hold the key then the answer cells that the header names."""

    header: Header
    columns: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    remarks: Remarks

    @property
    def filled(self) -> int:
        return sum(bool(cell) for line in self.lines for cell in line[1:])


def read_table_answer(book: Book, question: Question) -> ImportResult:
    """The table answered in ``book``: key and answer columns of the question, lines in the order of the file.

    The sheet with the most answers wins. Raises :class:`ImportProblem` when no sheet has a line of headers that names
    the key column and at least one answer column.
    """
    spec = table_of(question)
    answers = answer_columns(spec)
    given = [column.name for column in spec.columns if not column.answer]
    readings = [
        _read(header, spec.key, answers)
        for grid in book.grids
        if (header := find_header(grid, spec.key, answers, given)) is not None
    ]
    if not readings:
        raise ImportProblem(
            book.file,
            f"aucune ligne d’en-têtes reconnue : il faut « {spec.key} » et {_quoted(answers, 6)}.",
            "Téléchargez le modèle de la question, copiez-y vos réponses, puis recommencez.",
        )
    best = max(readings, key=_rank)
    remarks = best.remarks
    _say_sheets(best, readings, remarks)
    _say_columns(best.header, spec.key, answers, remarks)
    _say_rows(best, [row[spec.key] for row in given_rows(question)], remarks)
    return ImportResult(
        value={"colonnes": list(best.columns), "lignes": [list(line) for line in best.lines]},
        warnings=remarks.warnings(),
        sheet_name=best.header.grid.name,
        header_row=best.header.row,
        rows=len(best.lines),
        filled=best.filled,
    )


def table_of(question: Question) -> TableSpec:
    """The table of ``question``; a question without one is a mistake of ours (:class:`ValueError`)."""
    if question.table is None:
        raise ValueError(f"{question.id} has no table")
    return question.table


def answer_columns(spec: TableSpec) -> list[str]:
    return [column.name for column in spec.columns if column.answer and column.name != spec.key]


def shown_columns(spec: TableSpec) -> list[Column]:
    """The columns of the template: the key first, then the order of the question."""
    key = next((column for column in spec.columns if column.name == spec.key), Column(spec.key))
    return [key, *(column for column in spec.columns if column.name != spec.key)]


def given_rows(question: Question) -> list[dict[str, str]]:
    spec = table_of(question)
    return list(question.data[spec.source].records())[: spec.rows or None]


def _read(header: Header, key: str, answers: Sequence[str]) -> _Reading:
    columns = (key, *(name for name in answers if name in header.columns))
    remarks = Remarks()
    lines = []
    for row, cells in header.grid.by_row.items():
        if row <= header.row:
            continue
        texts = []
        for name in columns:
            position = header.columns[name]
            text, trouble = cell_text(cells.get(position), name)
            remarks.cell(trouble, header.grid.address(row, position))
            texts.append(text)
        again = fold(texts[0]) == fold(key) and bool(texts[0])  # headers repeated on each printed page
        if any(texts) and not again:
            lines.append(tuple(texts))
    return _Reading(header, columns, tuple(lines), remarks)


def _rank(reading: _Reading) -> tuple[bool, int, int, bool, bool]:
    grid = reading.header.grid
    return (
        reading.filled > 0,
        len(reading.columns),
        reading.filled,
        fold(grid.name) == fold(SHEET),
        not grid.hidden,
    )


def _say_sheets(best: _Reading, readings: list[_Reading], remarks: Remarks) -> None:
    others = [r.header.grid.name for r in readings if r is not best and r.filled]
    if others:
        name = best.header.grid.name
        remarks.say(f"Plusieurs feuilles contiennent des réponses : « {name} » a été lue, {_quoted(others)} non.")


def _say_columns(header: Header, key: str, answers: Sequence[str], remarks: Remarks) -> None:
    missing = [name for name in answers if name not in header.columns]
    if missing:
        remarks.say(
            f"{'Colonnes absentes' if len(missing) > 1 else 'Colonne absente'} du tableau : {listed(missing, 40)}."
        )
    for name in header.repeated:
        if name != key:
            column = header.grid.address(header.row, header.columns[name])
            remarks.say(f"La colonne « {name} » figure plusieurs fois : la première ({column}) a été lue.")
    if header.unknown:
        several = len(header.unknown) > 1
        remarks.say(f"{'Colonnes non lues' if several else 'Colonne non lue'} : {_quoted(header.unknown)}.")


def _say_rows(reading: _Reading, expected: list[str], remarks: Remarks) -> None:
    keys = [line[0] for line in reading.lines]
    name = reading.columns[0]
    missing = [key for key in expected if key not in keys]
    unknown = [key for key in dict.fromkeys(keys) if key and key not in expected]
    twice = [key for key in dict.fromkeys(keys) if key and keys.count(key) > 1]
    if missing:
        remarks.say(f"{'Fiches absentes' if len(missing) > 1 else 'Fiche absente'} du tableau : n° {listed(missing)}.")
    if unknown:
        remarks.say(f"Numéros de fiche ({name}) inconnus : {_quoted(unknown)}.")
    if twice:
        remarks.say(
            f"{'Fiches présentes' if len(twice) > 1 else 'Fiche présente'} plusieurs fois : n° {listed(twice)}."
        )
    if nameless := keys.count(""):
        remarks.say(f"{nameless} ligne(s) sans numéro de fiche ({name}) : complétez cette colonne.")
    if not reading.filled:
        remarks.say("Aucune réponse trouvée : les colonnes à remplir sont vides.")


def _quoted(names: Sequence[str], shown: int = 10) -> str:
    return listed([f"« {name[:40]} »" for name in names], shown)
