"""A table as the student gave it, laid on the rows and columns that the question asks for; what is said of its cells.

Columns are recognised by their words, rows by the number of their record, whatever their order. Others are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from crc_lab.core.answers import format_number, parse_integer
from crc_lab.core.cells import recognise
from crc_lab.core.grading import Context
from crc_lab.core.idle import says_the_same
from crc_lab.core.model import Json, Message, Table
from crc_lab.core.rooms import wordings_of
from crc_lab.core.settings import Setting, integer, one_of
from crc_lab.core.text import fold

EXTRACT, COMPLETE, BEST = "extrait", "complet", "meilleur"
type_of_cell = tuple[str, str]
"""Record, column."""
MAX_CELL = 400
"""Longest cell that is compared; the expected ones are ten times shorter."""
_NUMBER_WORDS = re.compile(r"^(?:fiche)?\s*(?:n\s*[°oº]\.?)?\s*", re.IGNORECASE)
_EMPTY = frozenset({"", "nan", "none", "null", "nat", "<na>", "n/a", "#n/a", "∅", "-", "–", "—"})


MEASURE = (
    Setting("lignes", integer(0), "Le nombre de fiches de l’extrait (0 : toutes).", keyless=True),
    Setting(
        "perimetre",
        one_of(EXTRACT, COMPLETE, BEST),
        "Ce que l’on note : l’extrait, le fichier complet, ou le meilleur des deux (par défaut).",
        keyless=True,
    ),
)
"""On which records of its table a criterion is counted."""


@dataclass(frozen=True)
class AnswerRows:
    """``rows``: the cells (clean, by column) of each known record, in the order of the data file.

    ``twice``: records that have two filled rows or more (the fullest one is kept); ``disputed``: its cells that another
    row contradicts, left empty: they are neither right nor wrong; ``unknown``: the numbers, as typed, of filled rows
    that the data file does not have; ``nameless``: how many filled rows have no number; ``has_key``: False without any
    column of numbers.
    """

    rows: Mapping[str, Mapping[str, str]]
    twice: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    nameless: int = 0
    has_key: bool = True
    disputed: frozenset[type_of_cell] = frozenset()

    def texts(self, records: Iterable[str]) -> dict[type_of_cell, str]:
        """The filled cells of ``records``."""
        rows = ((record, self.rows.get(record, {})) for record in records)
        return {(record, column): text for record, row in rows for column, text in row.items() if text}

    def cells(self, record: str) -> int:
        """How many asked cells of a record are filled."""
        return sum(map(bool, self.rows.get(record, {}).values()))


@dataclass(frozen=True)
class Scope:
    """The records that are asked for (the first ``lignes`` ones, or all) and those the answer may hold besides."""

    extract: tuple[str, ...]
    complete: tuple[str, ...]
    mode: str

    def choices(self, rows: AnswerRows) -> list[tuple[str, ...]]:
        """The sets of records on which the mark may be counted: the best of them is kept."""
        if self.mode == COMPLETE:
            return [self.complete]
        beyond = any(rows.cells(record) for record in self.complete[len(self.extract) :])
        return [self.extract, self.complete] if self.mode == BEST and beyond else [self.extract]

    @property
    def looked_at(self) -> tuple[str, ...]:
        """The records whose cells are spoken of."""
        return self.extract if self.mode == EXTRACT else self.complete


def asked(value: Table, context: Context) -> tuple[AnswerRows, Scope]:
    """The answer laid on the question's table. Settings: :data:`MEASURE`."""
    spec = context.question.table
    if spec is None:
        raise ValueError(f"{context.question.id} has no table")
    source = context.question.data[spec.source]
    ids = tuple(row[source.positions[spec.key]] for row in source.rows)
    columns = tuple(column.name for column in spec.columns if column.answer)
    scope = Scope(ids[: context.param("lignes", 0) or None], ids, context.param("perimetre", BEST))
    given = frozenset(column.name for column in spec.columns) - {*columns, spec.key}
    return align(value, columns, spec.key, ids, given, tuple(context.question.titles.items())), scope


def model_rows(context: Context) -> dict[str, dict[str, str]]:
    """The rows of the model table, by their key."""
    spec = context.question.table
    return Table.from_json(context.answer).by_key(spec.key if spec else "")


def with_cells(context: Context, changes: Mapping[str, Mapping[str, str]]) -> Json:
    """The model table, as a sheet holds it, with other cells: by record, then by column."""
    rows = [{**row, **changes.get(record, {})} for record, row in model_rows(context).items()]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return {"colonnes": columns, "lignes": [[row.get(name, "") for name in columns] for row in rows]}


@lru_cache(maxsize=4)  # the criteria of one question look at the same answer one after the other
def align(
    answer: Table,
    columns: tuple[str, ...],
    key: str,
    ids: tuple[str, ...],
    given: frozenset[str] = frozenset(),
    titles: tuple[tuple[str, str], ...] = (),
) -> AnswerRows:
    """The rows of ``answer`` under the numbers ``ids`` and the names ``columns``.

    ``given``: columns of the subject; ``titles``: how people call the columns.
    """
    named = recognise(dict(enumerate(answer.columns)), wordings_of((key, *columns)), given, dict(titles))
    places = {name: found[0] for name, found in named.items()}
    key_place = places.pop(key, None)
    if key_place is None:
        return AnswerRows({}, has_key=False)
    known = {record_id(number): number for number in ids}
    found: dict[str, list[dict[str, str]]] = {}
    unknown: dict[str, None] = {}
    nameless = 0
    for row in answer.rows:
        cells = {name: clean(row[at]) for name, at in places.items()}
        typed = record_id(clean(row[key_place]))
        number = known.get(typed, typed)
        filled = any(cells.values())
        if typed in known:
            if filled or number not in found:
                found.setdefault(number, []).append(cells)
        elif filled and number:
            unknown[number] = None
        elif filled:
            nameless += 1
    fullest = {number: max(found[number], key=_filled) for number in ids if number in found}
    rows = {number: {**cells} for number, cells in fullest.items()}
    disputed = [(number, name) for number in rows for name in _disputed(found[number])]
    for number, name in disputed:
        rows[number][name] = ""
    return AnswerRows(
        rows,
        tuple(number for number in ids if sum(map(bool, map(_filled, found.get(number, [])))) > 1),
        tuple(unknown),
        nameless,
        disputed=frozenset(disputed),
    )


def record_id(text: str) -> str:
    """The number of a record, however it was typed: ``7``, ``07``, ``7.0``, ``fiche n° 7``; else the text itself."""
    bare = _NUMBER_WORDS.sub("", text.strip())
    number = parse_integer(bare)
    return bare if number is None else str(number)


def clean(text: str) -> str:
    """The cell without outer spaces, cut where it is too long to be compared; « NaN », « None », « ∅ »… are empty."""
    bare = text.strip()[: MAX_CELL + 1]
    return "" if len(bare) < 5 and bare.casefold() in _EMPTY else bare


def _filled(cells: Mapping[str, str]) -> int:
    return sum(map(bool, cells.values()))


def _disputed(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """The columns in which the rows of one record contradict each other."""
    if len(rows) < 2:
        return []
    return [name for name in rows[0] if len({fold(row[name]) or row[name] for row in rows if row[name]}) > 1]


def idle_columns(cells: Iterable[tuple[str, str, str, bool]]) -> tuple[str, ...]:
    """The columns that say the same everywhere where the key does not; ``cells``: column, text given, text wanted,
    whether the first is right."""
    found: dict[str, list[tuple[str, str, bool]]] = {}
    for column, given, wanted, right in cells:
        found.setdefault(column, []).append((given, wanted, right))
    return tuple(column for column, answers in found.items() if says_the_same(answers))


# --- what is said of cells --------------------------------------------------------------------------------------------


def messages_of(
    cells: Mapping[type_of_cell, str], context: Context, *, order: Callable[[str], Any] | None = None, **values: object
) -> tuple[Message, ...]:
    """One message per code, in the order of the codes, with its records and columns in the order of the cells.

    Every text may hold {cellules} (« 3 cellules »), {colonnes}, {lignes} and the names of ``values``.
    """
    found: dict[str, list[type_of_cell]] = {}
    for cell, code in cells.items():
        found.setdefault(code, []).append(cell)
    return tuple(message_of(code, found[code], context, **values) for code in sorted(found, key=order or code_order))


def message_of(code: str, cells: Sequence[type_of_cell], context: Context, **values: object) -> Message:
    """What is said of several cells together, their records and columns each once."""
    records, columns = (tuple(dict.fromkeys(names)) for names in zip(*cells, strict=True))
    named = {"cellules": counted_cells(cells), "lignes": ", ".join(records), **values}
    return context.message(code, records, columns, **named)


def counted_cells(cells: Sequence[type_of_cell]) -> str:
    return f"{len(cells)} cellule{'s' if len(cells) > 1 else ''}"


def code_order(code: str) -> tuple[str, int, str]:
    """A3-E4 before A3-E12, the codes with a word last."""
    head = code.rstrip("0123456789")
    return (head if head != code else f"{head}~", int(code[len(head) :] or 0), code)


def shown(value: float, digits: int) -> str:
    """A number as people read it, without useless zeros."""
    return format_number(Decimal(f"{value:.{digits}f}")).rstrip("0").rstrip(",")
