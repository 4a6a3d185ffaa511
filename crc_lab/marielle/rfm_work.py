"""What the three RFM checks look at (the student's table and the data of the file), and the remarks on whole rows.

The table is read once for every criterion; the note of a cell is kept as text until it is judged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache

from crc_lab.checks.answer_rows import record_id
from crc_lab.core.answers import format_date, parse_quantity
from crc_lab.core.cells import recognise
from crc_lab.core.grading import Context
from crc_lab.core.idle import ENOUGH, same_everywhere, says_the_same
from crc_lab.core.model import CellNote, Message, Table
from crc_lab.core.text import normalise
from crc_lab.marielle import rfm
from crc_lab.marielle.cells import WORDINGS
from crc_lab.marielle.rfm import OF_A_METHOD, TEXT, Case, Customer, Facts, State, diagnose

ID, TOTAL, SEGMENT = "id_contact", "score", "segment"
NOTES = ("R", "F", "M")
ROLES = (*NOTES, TOTAL, SEGMENT)

_NAMES = {ID: (*WORDINGS[ID], "contact"), **{role: WORDINGS[role] for role in ROLES}}
_SEGMENTS = {
    "tre bon": rfm.VERY_GOOD, "tre bonne": rfm.VERY_GOOD, "bon": rfm.GOOD, "bonne": rfm.GOOD, "tiede": rfm.WARM,
    "inactif": rfm.INACTIVE, "inactive": rfm.INACTIVE, "prospect": rfm.PROSPECT, "san objet": rfm.PROSPECT,
    "prospect san objet": rfm.PROSPECT, "non scorable": rfm.NOT_SCORABLE,
}  # fmt: skip
_DROPPED = {"client", "cliente", "segment", "le"}


@dataclass(frozen=True, slots=True)
class Line:
    """The cells of one customer, as typed, by column; those of a missing column are empty."""

    cells: Mapping[str, str]

    def text(self, role: str) -> str:
        return self.cells.get(role, "")

    def number(self, role: str) -> Decimal | None:
        """The note or the total, None when the cell is empty or is not a number."""
        return read_note(self.text(role))

    @property
    def notes(self) -> tuple[Decimal, ...] | None:
        """R, F and M when all three are numbers, else None."""
        found = tuple(note for role in NOTES if (note := self.number(role)) is not None)
        return found if len(found) == len(NOTES) else None

    @property
    def own_total(self) -> Decimal | None:
        """The total written, else the sum of the three notes: what the segment is judged on."""
        if self.text(TOTAL):
            return self.number(TOTAL)
        return sum(self.notes, Decimal(0)) if self.notes else None


BLANK = Line({})


@dataclass(frozen=True)
class Sheet:
    """``columns``: the student's name of each column found; ``lines``: the first row of each known customer;
    ``unknown`` and ``repeated``: ids to be told; ``disputed``: those whose rows contradict each other."""

    columns: dict[str, str]
    lines: dict[str, Line]
    unknown: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    disputed: frozenset[str] = frozenset()

    @property
    def missing(self) -> tuple[str, ...]:
        """The columns that the table lacks; the others do not matter when the identifier itself is missing."""
        return tuple(role for role in ROLES if role not in self.columns) if ID in self.columns else (ID,)


def read_sheet(value: Table, known: Iterable[str]) -> Sheet:
    """The student's table, its rows by customer. ``known``: the ids of the file; the first row of an id counts."""
    places = recognise(dict(enumerate(value.columns)), _NAMES)
    columns = {role: value.columns[found[0]] for role, found in places.items()}
    if ID not in columns:
        return Sheet(columns, {})
    ids = set(known)
    lines: dict[str, Line] = {}
    unknown: dict[str, None] = {}
    repeated: dict[str, None] = {}
    disputed = set()
    for row in value.rows:
        name = record_id(row[places[ID][0]])
        cells = {role: row[found[0]] for role, found in places.items() if role != ID}
        if name not in ids:
            if name or any(cells.values()):
                unknown[name or "?"] = None
        elif name in lines:
            repeated[name] = None
            first = lines[name].cells
            if any(text and first[role] and text != first[role] for role, text in cells.items()):
                disputed.add(name)
        else:
            lines[name] = Line(cells)
    return Sheet(columns, lines, tuple(unknown), tuple(repeated), frozenset(disputed))


@lru_cache(maxsize=512)
def read_note(text: str) -> Decimal | None:
    """A note or a total, « 10 », « 10,0 », « 10 pts », « dix »; None when it is not a number."""
    return parse_quantity(text)


@lru_cache(maxsize=512)
def read_segment(text: str) -> str | None:
    """The segment meant (« tres bons », « Bon client », « Prospect »…), None when it is none of them."""
    words = [word for word in normalise(text).split() if word not in _DROPPED]
    return _SEGMENTS.get(" ".join(words))


# --- the table in front of the data -----------------------------------------------------------------------------------

NEUTRAL = 0.1
"""Share of the customers whose rows may contradict each other."""
FEW_LINES, KNOWN = 4, 0.8
"""Lines of notes that, in a whole table, were copied down; share of right notes of a column that was worked."""
NEEDS_KEY = "rfm_note"
"""The only one of the three checks that cannot run without the key."""
_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Column:
    """The notes of one column that the key judges, and the codes of what explains the wrong ones, by customer."""

    cases: Mapping[str, Case]
    explained: Mapping[str, str]


@dataclass(frozen=True)
class Work:
    """One sheet in front of the data: the customers of the file in its order, and what was written for them. All the
    criteria of the answer look at the same one; ``columns``: those judged so far, by role and by table of the key."""

    context: Context
    reference: dt.date
    customers: Mapping[str, Customer]
    sheet: Sheet
    columns: dict[tuple[str, str], Column] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def states(self) -> dict[str, State]:
        return {name: rfm.state(customer, self.reference) for name, customer in self.customers.items()}

    @cached_property
    def scorable(self) -> dict[str, Facts]:
        """The three data of every customer who can be scored; those whose rows contradict each other, if they are few,
        count neither for nor against."""
        found = {}
        few = len(self.sheet.disputed) <= NEUTRAL * len(self.customers)
        for name, customer in self.customers.items():
            if few and name in self.sheet.disputed:
                continue
            last, purchases, basket = customer.last, customer.purchases, customer.basket
            if self.states[name] is State.SCORABLE and last and purchases is not None and basket is not None:
                found[name] = Facts(last, Fraction(purchases), Fraction(basket))
        return found

    @cached_property
    def judged(self) -> dict[str, Column]:
        """The columns of notes that the key judges, by role; nothing without the key."""
        question, key = self.context.question, self.context.key
        if key is None:
            return {}
        contexts = [
            Context(question, criterion, key) for criterion in question.criteria if criterion.check == NEEDS_KEY
        ]
        return {str(context.param("critere")): self.column(context) for context in contexts}

    def explained(self, role: str) -> Mapping[str, str]:
        """What the check of the notes ``role`` tells, by customer; nothing without the key."""
        return self.judged[role].explained if role in self.judged else _NOTHING

    @cached_property
    def idle(self) -> tuple[str, ...]:
        """The columns that say the same everywhere: the notes where the key does not, the total and the segment where
        the student's own notes and totals do not."""
        wanted: dict[str, list[tuple[str, str]]] = {
            role: [("" if one.given is None else str(one.given), str(one.wanted)) for one in column.cases.values()]
            for role, column in self.judged.items()
        }
        lines = [self.line(name) for name in self.scorable]
        wanted[TOTAL] = [(line.text(TOTAL), str(sum(line.notes)) if line.notes else "") for line in lines]
        own = [(line.text(SEGMENT), line.own_total) for line in lines]
        wanted[SEGMENT] = [
            (str(read_segment(text) or text), "" if total is None or total < 0 else rfm.segment(total))
            for text, total in own
        ]
        return tuple(
            role
            for role, pairs in wanted.items()
            if role in self._copied_down or says_the_same((given, right, given == right) for given, right in pairs)
        )

    @cached_property
    def _copied_down(self) -> frozenset[str]:
        """The notes of a table filled with a few lines over and over, where the key has many: those of them that are
        not right nearly everywhere."""
        columns = [column.cases for column in self.judged.values()]
        names = [name for name in self.scorable if columns and all(name in cases for cases in columns)]
        lines = [[cases[name] for cases in columns] for name in names]
        lines = [line for line in lines if all(one.given is not None for one in line)]
        said, right = ({tuple(getattr(one, what) for one in line) for line in lines} for what in ("given", "wanted"))
        if len(lines) < ENOUGH or len(said) > FEW_LINES or len(right) <= 2 * len(said):
            return frozenset()
        return frozenset(
            role
            for role, column in self.judged.items()
            if sum(not one.wrong for one in column.cases.values()) < KNOWN * len(column.cases)
        )

    @cached_property
    def worked(self) -> frozenset[str]:
        """The customers whose notes have something right, or that a whole column explains by one wrong method: only
        their total and their segment count. Without the key, those who have a note at all."""
        if not self.judged:
            return frozenset(name for name in self.scorable if any(map(self.line(name).text, NOTES)))
        found = set()
        for role, column in self.judged.items():
            if role not in self.idle:
                found |= {name for name, one in column.cases.items() if not one.wrong and one.given is not None}
                found |= {name for name, code in column.explained.items() if code in OF_A_METHOD}
        return frozenset(found)

    def column(self, context: Context) -> Column:
        """The notes that a criterion judges: those of the customers that the key scores, with the student's note when
        it is a number."""
        role, table = str(context.param("critere")), str(context.param("table", "rfm"))
        if (role, table) not in self.columns:
            key = context.rows(table)
            cases = {
                name: Case(facts, int(key[name][role]), self.line(name).number(role))
                for name, facts in self.scorable.items()
                if name in key and key[name][role]
            }
            self.columns[role, table] = Column(cases, diagnose(role, cases, self.reference))
        return self.columns[role, table]

    def line(self, name: str) -> Line:
        return self.sheet.lines.get(name, BLANK)

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

    def told(self, codes: Mapping[str, str], columns: Iterable[str], **values: object) -> list[Message]:
        """One message per cause, with its rows. ``codes``: the cause, by customer."""
        found: dict[str, list[str]] = {}
        for name, code in codes.items():
            found.setdefault(code, []).append(name)
        return [self.context.message(code, tuple(rows), tuple(columns), **values) for code, rows in found.items()]

    def cell(self, name: str, role: str, code: str, state: str = "faux", **values: object) -> CellNote:
        """What is said of one cell: the text of ``code``."""
        return CellNote(name, role, state, self.context.message(code, (name,), (role,), **values).text)


def open_work(value: Table, context: Context) -> Work:
    """The student's table in front of the purchases of the question's file."""
    table = context.question.table
    name = str(context.param("source", table.source if table else ""))
    date = str(context.param("date_ref", format_date(rfm.REFERENCE)))

    def opened() -> Work:
        source = context.table(name)
        customers = _customers(source, table.key if table else source.columns[0], table.rows if table else 0)
        return Work(context, dt.date.fromisoformat(date), customers, read_sheet(value, customers))

    return context.once(("rfm", name, date), opened)


@lru_cache(maxsize=8)
def _customers(source: Table, key: str, rows: int) -> Mapping[str, Customer]:
    """The customers of a data file; only the first ``rows`` when it is not 0."""
    records = list(source.records())[: rows or None]
    return {record[key]: rfm.read_customer(record) for record in records}


# --- the sheet as a whole ---------------------------------------------------------------------------------------------


def sheet_remarks(work: Work, context: Context) -> list[Message]:
    """Columns, ids and cells of the whole sheet, told by the first criterion that is run and by no other."""
    sheet = work.sheet
    running = (c.id for c in context.question.criteria if context.key is not None or c.check != NEEDS_KEY)
    if context.criterion.id != next(running, None):
        return []
    messages = [
        context.message("RFM-COLONNE", (), (name,), colonne=context.question.title_of(name)) for name in sheet.missing
    ]
    told = {role for role in work.idle if TEXT in work.explained(role).values()}
    messages += same_everywhere((role for role in work.idle if role not in told), context.question)
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


# --- rows that are not ordinary customers -----------------------------------------------------------------------------


def contradictions(work: Work) -> list[Message]:
    """R = 0 with F > 0, or the reverse: impossible over 12 sliding months (§7). Silent where a cause was told."""
    told = {name for role in ("R", "F") for name in work.explained(role)}
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
