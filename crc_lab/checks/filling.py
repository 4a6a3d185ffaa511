"""A few cells to fill in a table: each expected cell counts the same, the rest of the table is ignored."""

from __future__ import annotations

from crc_lab.checks.answer_rows import asked
from crc_lab.core.answers import parse_number
from crc_lab.core.check import Check, Context, Outcome
from crc_lab.core.model import CellNote, Table
from crc_lab.core.text import fold


def filled_cells(value: Table, context: Context) -> Outcome:
    """Settings: ``attendu`` ({row id: {column: value}}), ``autre`` (code for the wrong cells), ``reste`` (code for the
    empty ones).

    Compared without case, accents and punctuation, or as numbers. Share: right cells / expected cells.
    """
    expected: dict[str, dict[str, str]] = context.param("attendu")
    answer, _ = asked(value, context)
    notes, empty, wrong = [], [], []
    for row, cells in expected.items():
        for column, wanted in cells.items():
            text = answer.rows.get(row, {}).get(column, "")
            if not text:
                empty.append(row)
            elif _same(text, wanted):
                notes.append(CellNote(row, column, "juste"))
            else:
                notes.append(CellNote(row, column, "faux"))
                wrong.append(row)
    share = sum(note.state == "juste" for note in notes) / sum(map(len, expected.values()))
    messages = tuple(
        context.message(context.param(name), tuple(dict.fromkeys(rows)))
        for name, rows in (("autre", wrong), ("reste", empty))
        if rows and context.param(name)
    )
    return Outcome(share, messages, tuple(notes))


def _same(text: str, wanted: str) -> bool:
    if fold(text) == fold(wanted):
        return True
    number = parse_number(text)
    return number is not None and number == parse_number(wanted)


CHECKS = {"tableau_cases": Check(filled_cells, ("tableau",))}
