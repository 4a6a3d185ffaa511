"""What the three RFM checks look at (the data of the file, the student's sheet), and the remarks on whole rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

from crc_lab.core.answers import format_date
from crc_lab.core.check import Context
from crc_lab.core.model import CellNote, Message, Table
from crc_lab.marielle import rfm
from crc_lab.marielle.rfm import Customer, State
from crc_lab.marielle.rfm_diagnosis import Case, Facts, diagnose
from crc_lab.marielle.rfm_sheet import (
    ID,
    NOTES,
    ROLES,
    SEGMENT,
    TOTAL,
    Line,
    Sheet,
    read_note,
    read_segment,
    read_sheet,
)

NEEDS_KEY = "rfm_note"
"""The only one of the three checks that cannot run without the key."""
_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Work:
    """One sheet in front of the data: the customers of the file in its order, and what was written for them."""

    context: Context
    reference: dt.date
    customers: Mapping[str, Customer]
    sheet: Sheet

    @cached_property
    def states(self) -> dict[str, State]:
        return {name: rfm.state(customer, self.reference) for name, customer in self.customers.items()}

    @cached_property
    def scorable(self) -> dict[str, Facts]:
        """The three data of every customer who can be scored."""
        found = {}
        for name, customer in self.customers.items():
            last, purchases, basket = customer.last, customer.purchases, customer.basket
            if self.states[name] is State.SCORABLE and last and purchases is not None and basket is not None:
                found[name] = Facts(last, Fraction(purchases), Fraction(basket))
        return found

    @cached_property
    def explained(self) -> dict[str, dict[str, str]]:
        """What the checks of the notes tell, by column then by customer; nothing without the key."""
        question, key = self.context.question, self.context.key
        if key is None:
            return {}
        contexts = [
            Context(question, criterion, key) for criterion in question.criteria if criterion.check == NEEDS_KEY
        ]
        roles = {str(context.param("critere")): context for context in contexts}
        return {role: diagnose(role, self.cases(role, context), self.reference) for role, context in roles.items()}

    def cases(self, role: str, context: Context) -> dict[str, Case]:
        """The notes to judge: the customers that the key scores, with the student's note when it is a number."""
        table = context.question.table
        key = context.table(context.param("table", "rfm")).by_key(table.key if table else ID)
        return {
            name: Case(facts, int(key[name][role]), self.line(name).number(role))
            for name, facts in self.scorable.items()
            if name in key and key[name][role]
        }

    def line(self, name: str) -> Line:
        return self.sheet.line(name)

    def of_state(self, *states: State) -> list[str]:
        return [name for name, state in self.states.items() if state in states]

    def unreadable(self, role: str) -> list[str]:
        """The customers whose cell of ``role`` is filled with something that is not a number."""
        return [name for name in self.scorable if self.line(name).text(role) and self.line(name).number(role) is None]

    def missing_datum(self, role: str) -> list[str]:
        """The customers whose datum for ``role`` is absent or unreadable (V-3)."""
        found = []
        for name in self.of_state(State.MISSING):
            customer = self.customers[name]
            if {"R": customer.last, "F": customer.purchases, "M": customer.basket}[role] is None:
                found.append(name)
        return found

    def message(self, code: str, rows: Iterable[str], columns: Iterable[str] = (), **values: object) -> list[Message]:
        """The message of ``code`` about ``rows``, none when there is no row."""
        named = tuple(rows)
        return [self.context.message(code, named, tuple(columns), **values)] if named else []

    def cell(self, name: str, role: str, code: str, state: str = "faux", **values: object) -> CellNote:
        """What is said of one cell: the text of ``code``."""
        return CellNote(name, role, state, self.context.message(code, (name,), (role,), **values).text)


def open_work(value: Table, context: Context) -> Work:
    """The student's table in front of the purchases of the question's file."""
    table = context.question.table
    source = context.table(context.param("source", table.source if table else ""))
    customers = _customers(source, table.key if table else source.columns[0], table.rows if table else 0)
    reference = dt.date.fromisoformat(str(context.param("date_ref", format_date(rfm.REFERENCE))))
    return Work(context, reference, customers, read_sheet(value, customers))


@lru_cache(maxsize=8)
def _customers(source: Table, key: str, rows: int) -> Mapping[str, Customer]:
    """The customers of a data file; only the first ``rows`` when it is not 0."""
    records = list(source.records())[: rows or None]
    return {record[key]: rfm.read_customer(record) for record in records}


# --- the sheet as a whole ---------------------------------------------------------------------------------------


def sheet_remarks(work: Work) -> list[Message]:
    """Columns, ids and cells of the whole sheet, told by the first criterion that is run and by no other."""
    context, sheet = work.context, work.sheet
    running = (c.id for c in context.question.criteria if context.key is not None or c.check != NEEDS_KEY)
    if context.criterion.id != next(running, None):
        return []
    messages = [context.message("RFM-COLONNE", (), (name,), colonne=name) for name in sheet.missing]
    if ID not in sheet.columns:
        return messages
    messages += work.message("RFM-LIGNE", sheet.unknown) + work.message("RFM-DOUBLE", sheet.repeated)
    empty = {
        name: [role for role in ROLES if role in sheet.columns and not work.line(name).text(role)]
        for name in work.scorable
    }
    messages += work.message("RFM-VIDE", (name for name, roles in empty.items() if roles), _columns(empty))
    unreadable = {role: work.unreadable(role) for role in (*NOTES, TOTAL)}
    rows = [name for name in work.scorable if any(name in names for names in unreadable.values())]
    return messages + work.message("RFM-ILLISIBLE", rows, (role for role in unreadable if unreadable[role]))


# --- rows that are not ordinary customers -----------------------------------------------------------------------


def contradictions(work: Work) -> list[Message]:
    """R = 0 with F > 0, or the reverse: impossible over 12 sliding months (§7). Silent where a cause was told."""
    told = {name for role in ("R", "F") for name in work.explained.get(role, _NOTHING)}
    rows = []
    for name in (*work.scorable, *work.of_state(State.INCOHERENT)):
        r, f = work.line(name).number("R"), work.line(name).number("F")
        if r is not None and f is not None and (r == 0) != (f == 0) and name not in told:
            rows.append(name)
    return work.message("RFM-INCOHERENT", rows, ("R", "F"))


def not_scorable(work: Work) -> list[Message]:
    """Records scored although a datum is missing, impossible or in the future (V-3, V-4, V-6)."""
    zero: dict[str, list[str]] = {}
    for role in NOTES:
        for name in work.missing_datum(role):
            if work.line(name).number(role) == 0:
                zero.setdefault(name, []).append(role)
    messages = work.message("RFM-MANQUE-ZERO", zero, _columns(zero))
    scored = [name for name in work.of_state(State.MISSING, State.INVALID) if work.line(name).text(TOTAL)]
    messages += work.message("RFM-NON-SCORABLE", (name for name in scored if name not in zero), (TOTAL,))
    future = [name for name in work.of_state(State.FUTURE) if any(work.line(name).text(role) for role in ("R", TOTAL))]
    return messages + work.message("RFM-FUTUR", future, ("R",))


def prospects(work: Work) -> tuple[list[Message], list[CellNote]]:
    """Prospects, for no point: empty or « Prospect » wanted (V-1), 0 or inactive accepted (V-2), the rest told."""
    accepted: dict[str, None] = {}
    noted: dict[str, None] = {}
    cells = []
    for name in work.of_state(State.PROSPECT):
        for role in ROLES:
            text = work.line(name).text(role)
            if not text or (role == SEGMENT and read_segment(text) in (rfm.PROSPECT, rfm.NOT_SCORABLE)):
                continue
            mild = read_segment(text) == rfm.INACTIVE if role == SEGMENT else read_note(text) == 0
            (accepted if mild else noted)[name] = None
            code, state = ("RFM-PROSPECT", "accepte") if mild else ("RFM-CASE-PROSPECT", "faux")
            cells.append(work.cell(name, role, code, state))
    mild_rows = [name for name in accepted if name not in noted]
    return work.message("RFM-PROSPECT", mild_rows) + work.message("RFM-PROSPECT-NOTE", noted), cells


def _columns(roles_by_row: Mapping[str, Iterable[str]]) -> list[str]:
    """The columns concerned, in the order of the table."""
    concerned = {role for roles in roles_by_row.values() for role in roles}
    return [role for role in ROLES if role in concerned]
