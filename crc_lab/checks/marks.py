"""Cells to mark (« entourez en rouge »): the 45 defects of the restructured file.

Formula and messages: contenu, activités §4.1 and §4.2. A cell is identified by (row id, column).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter

from crc_lab.answers import parse_date
from crc_lab.checks.base import Context, Outcome
from crc_lab.model import CellNote, Message

CODES = ("A4-E1", "A4-E2", "A4-E3", "A4-E4", "A4-E5", "A4-E6", "A4-E7", "A4-E8", "A4-FP", "A4-RESTE")
_PURCHASE = ("date_dernier_achat", "nb_achats_12m", "panier_moyen")
_CONTACT = ("civilite", "nom", "prenom", "sexe", "age", "date_naissance")

type_of_cell = tuple[str, str]


def marked_cells(value: tuple[type_of_cell, ...], context: Context) -> Outcome:
    """Settings: ``table`` (key file: id, column, code, value), ``source`` (the data shown), ``lignes`` (0, or mark only
    the first rows: short mode), ``motifs`` ({code of defect: reason shown on a rightly marked cell}).

    Share: max(0, TP − 0,5 × FP) / expected.
    """
    source = context.table(context.param("source"))
    rows = source.by_key(context.question.table.key if context.question.table else source.columns[0])
    kept = list(rows)[: context.param("lignes", 0) or None]
    expected = {
        (row[0], row[1]): row[2] for row in context.table(context.param("table")).rows if row[0] in set(kept)
    }
    given = [cell for cell in dict.fromkeys(value) if cell[0] in rows and cell[1] in source.positions]
    right = [cell for cell in given if cell in expected]
    wrong = {cell: _why_wrong(cell, rows[cell[0]], context) for cell in given if cell not in expected}
    missed = {cell: code for cell, code in expected.items() if cell not in set(right)}
    reasons: dict[str, str] = context.param("motifs", {})
    notes = [CellNote(*cell, "juste", reasons.get(expected[cell], "")) for cell in right]
    notes += [CellNote(*cell, "faux", context.message(code, (cell[0],)).text) for cell, code in wrong.items()]
    messages = [*_grouped(wrong, context), *_missed(missed, rows, context)]
    return Outcome(max(0.0, len(right) - 0.5 * len(wrong)) / len(expected), tuple(messages), tuple(notes))


def _why_wrong(cell: type_of_cell, record: dict[str, str], context: Context) -> str:
    column, value = cell[1], record[cell[1]]
    if column in _PURCHASE and _is_prospect(record):
        return "A4-E2"
    if record["type_contact"] == "PROFESSIONNEL" and column in _CONTACT:
        return "A4-E8"
    if not value:
        return "A4-E1"
    if value[5:] == "02-29" and parse_date(value) is not None:
        return "A4-E7"
    return "A4-FP"


def _is_prospect(record: dict[str, str]) -> bool:
    return not record["date_dernier_achat"] and not record["panier_moyen"] and record["nb_achats_12m"] in ("", "0")


def _grouped(cells: dict[type_of_cell, str], context: Context) -> list[Message]:
    return [
        context.message(
            code,
            tuple(dict.fromkeys(cell[0] for cell, of in cells.items() if of == code)),
            tuple(dict.fromkeys(cell[1] for cell, of in cells.items() if of == code)),
        )
        for code in sorted(set(cells.values()))
    ]


def _missed(
    missed: dict[type_of_cell, str], rows: dict[str, dict[str, str]], context: Context
) -> list[Message]:
    reference = dt.date.fromisoformat(context.param("date_ref"))
    families = {
        "A4-E3": [cell for cell, code in missed.items() if code == "Q02"],
        "A4-E4": [cell for cell in missed if _cannot_be(rows[cell[0]][cell[1]], reference)],
        "A4-E5": [cell for cell, code in missed.items() if code == "Q12"],
        "A4-E6": [cell for cell, code in missed.items() if code == "Q04"],
    }
    messages = [
        context.message(code, tuple(dict.fromkeys(cell[0] for cell in cells)), tuple({cell[1]: None for cell in cells}))
        for code, cells in families.items()
        if cells
    ]
    if missed:
        columns = [column for column, _ in Counter(cell[1] for cell in missed).most_common(3)]
        plural = "s" if len(missed) > 1 else ""
        messages.append(
            context.message(
                "A4-RESTE", (), tuple(columns), reste=f"{len(missed)} case{plural}", colonnes=", ".join(columns)
            )
        )
    return messages


def _cannot_be(value: str, reference: dt.date) -> bool:
    """A full date (AAAA-MM-JJ) that does not exist or lies after the reference date."""
    if len(value) != 10 or value[4] != "-":
        return False
    date = parse_date(value)
    return date is None or date > reference
