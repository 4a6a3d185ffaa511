"""The structure of a restructured table, judged without the answer key (contenu, activités §3.3.3: 3 × 1 point).

A structure is worth something when it holds data: each criterion is (what is well made ÷ what was filled) × (rows
filled ÷ rows asked for). A row counts as filled from ``cellules_par_fiche`` cells on (10 by default; the poorest record
of the file has 18), so that an empty or almost empty table earns nothing and half the rows earn half the points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from crc_lab.checks.answer_rows import AnswerRows, Scope, asked
from crc_lab.checks.tables import messages_of
from crc_lab.core.check import Context, Outcome
from crc_lab.core.model import Message, Table
from crc_lab.core.text import fold
from crc_lab.marielle.cells import TEXT_COLUMNS, ZEROS, lost_zeros
from crc_lab.marielle.mixing import ALERT, MIXED, WAY, mixing

ONE_ROW, MISSING_ROW, NO_NUMBER, LEFT, COLUMNS = "A3-E9", "A3-E11", "A3-CLE", "A3-RESTE", "A3-COLONNES"
SINGLE_CODES = (WAY, ALERT, MIXED, ONE_ROW, MISSING_ROW, NO_NUMBER, LEFT)
COLUMN_CODES = (COLUMNS,)
TEXT_CODES = (ZEROS,)


def single_information(value: Table, context: Context) -> Outcome:
    """One piece of information per column, one row per record.

    Share: filled rows without a mixed cell, and given once, among the rows asked for.
    """
    rows, scope = asked(value, context)
    mixed = {
        (record, column): code
        for record in scope.looked_at
        for column, text in rows.rows.get(record, {}).items()
        if text and (code := mixing(column, text))
    }
    spoilt = {record for record, _ in mixed} | set(rows.twice)
    share = _best_share(rows, scope, context, lambda kept: sum(r not in spoilt for r in kept) / len(kept))
    return Outcome(share, (*_row_messages(rows, scope, context), *messages_of(mixed, context)))


def mandatory_columns(value: Table, context: Context) -> Outcome:
    """Every mandatory column is there and used, those of a type of contact when a row of that type is filled.

    Share: mandatory columns with at least one filled cell among those expected.
    """
    rows, scope = asked(value, context)

    def quality(kept: tuple[str, ...]) -> float:
        used, unused = _used_and_unused(kept, rows, context)
        return len(used) / (len(used) + len(unused))

    kept = _filled(scope.choices(rows)[0], rows, context)
    missing = _used_and_unused(kept, rows, context)[1] if kept else ()
    messages = (context.message(COLUMNS, (), missing, colonnes=", ".join(missing)),) if missing else ()
    return Outcome(_best_share(rows, scope, context, quality), messages)


def kept_as_text(value: Table, context: Context) -> Outcome:
    """Postal codes, SIRET and phones with all their digits. Share: such cells among those that are filled."""
    rows, scope = asked(value, context)
    source = _source_texts(context)
    lost = {
        (record, column): ZEROS
        for record in scope.looked_at
        for column in TEXT_COLUMNS
        if lost_zeros(column, rows.rows.get(record, {}).get(column, ""), source[record])
    }

    def quality(kept: tuple[str, ...]) -> float:
        filled = [(record, column) for record in kept for column in TEXT_COLUMNS if rows.rows[record].get(column)]
        return sum(cell not in lost for cell in filled) / len(filled) if filled else 0.0

    return Outcome(_best_share(rows, scope, context, quality), messages_of(lost, context))


def _best_share(rows: AnswerRows, scope: Scope, context: Context, quality: Callable[[tuple[str, ...]], float]) -> float:
    def share(records: tuple[str, ...]) -> float:
        kept = _filled(records, rows, context)
        return quality(kept) * len(kept) / len(records) if kept else 0.0

    return max(map(share, scope.choices(rows)))


def _filled(records: Iterable[str], rows: AnswerRows, context: Context) -> tuple[str, ...]:
    least = context.param("cellules_par_fiche", 10)
    return tuple(record for record in records if rows.cells(record) >= least)


def _used_and_unused(
    kept: tuple[str, ...], rows: AnswerRows, context: Context
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The mandatory columns with, then without, a filled cell in the rows ``kept``."""
    names: dict[str, list[str]] = context.param("obligatoires")
    kinds = [fold(rows.rows[record].get("type_contact", "")) for record in kept]
    expected = list(names["tous"])
    expected += names["particulier"] if any(kind != "professionnel" for kind in kinds) else []
    expected += names["professionnel"] if any(kind != "particulier" for kind in kinds) else []
    used = tuple(name for name in expected if any(rows.rows[record].get(name) for record in kept))
    return used, tuple(name for name in expected if name not in used)


def _row_messages(rows: AnswerRows, scope: Scope, context: Context) -> tuple[Message, ...]:
    """Rows missing, left to fill, given twice, unknown or without a number."""
    if not rows.has_key:
        return (context.message(NO_NUMBER),)
    last = max((at for at, record in enumerate(scope.complete) if record in rows.rows), default=-1)
    wanted = scope.complete if scope.mode == "complet" else scope.extract
    missing = [
        record
        for at, record in enumerate(scope.complete)
        if record not in rows.rows and (record in wanted or (at < last and record in scope.looked_at))
    ]
    left = [record for record in wanted if record in rows.rows and record not in _filled([record], rows, context)]
    twice = [record for record in rows.twice if record in scope.looked_at]
    found = ((ONE_ROW, (*twice, *rows.unknown)), (MISSING_ROW, tuple(missing)), (LEFT, tuple(left)))
    nameless = (context.message(NO_NUMBER),) if rows.nameless else ()
    return (*nameless, *(context.message(code, records) for code, records in found if records))


def _source_texts(context: Context) -> dict[str, str]:
    spec = context.question.table
    source = context.question.data[spec.source] if spec else Table((), ())
    key = source.positions[spec.key] if spec else 0
    return {row[key]: " ".join(row) for row in source.rows}
