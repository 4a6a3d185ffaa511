"""A table as the student gave it, laid on the rows and columns that the question asks for.

Columns are recognised by their words, rows by the number of their record, whatever their order. Others are ignored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from crc_lab.checks.pairs import record_id
from crc_lab.core.check import Context
from crc_lab.core.headers import recognise
from crc_lab.core.idle import says_the_same
from crc_lab.core.model import Json, Table
from crc_lab.core.rooms import wordings_of
from crc_lab.core.settings import Setting, integer, one_of
from crc_lab.core.text import fold

EXTRACT, COMPLETE, BEST = "extrait", "complet", "meilleur"
MAX_CELL = 400
"""Longest cell that is compared; the expected ones are ten times shorter."""
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

    ``columns``: the asked columns that the answer has; ``twice``: records that have two filled rows or more (the
    fullest one is kept; a cell that another one contradicts is neither right nor wrong, as if it were empty); ``unknown``: the numbers, as typed, of filled rows that the data file does not have;
    ``nameless``: how many filled rows have no number; ``has_key``: False without any column of numbers.
    """

    columns: frozenset[str]
    rows: Mapping[str, Mapping[str, str]]
    twice: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    nameless: int = 0
    has_key: bool = True

    def cells(self, record: str) -> int:
        """How many asked cells of a record are filled."""
        return sum(bool(text) for text in self.rows.get(record, {}).values())


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
    return align(value, columns, spec.key, ids, given), scope


def with_cells(context: Context, changes: Mapping[str, Mapping[str, str]]) -> Json:
    """The model table, as a sheet holds it, with other cells: by record, then by column."""
    key, answer = context.question.table.key if context.question.table else "", context.answer
    columns = list(dict.fromkeys((*answer["colonnes"], *(name for cells in changes.values() for name in cells))))
    named = [dict(zip(answer["colonnes"], row, strict=False)) for row in answer["lignes"]]
    rows = [{**row, **changes.get(row.get(key, ""), {})} for row in named]
    return {"colonnes": columns, "lignes": [[row.get(name, "") for name in columns] for row in rows]}


@lru_cache(maxsize=4)  # the criteria of one question look at the same answer one after the other
def align(
    answer: Table, columns: tuple[str, ...], key: str, ids: tuple[str, ...], given: frozenset[str] = frozenset()
) -> AnswerRows:
    """The rows of ``answer`` under the numbers ``ids`` and the names ``columns``; ``given``: columns of the subject."""
    named = recognise(dict(enumerate(answer.columns)), wordings_of((key, *columns)), given)
    places = {name: found[0] for name, found in named.items()}
    key_place = places.pop(key, None)
    if key_place is None:
        return AnswerRows(frozenset(places), {}, has_key=False)
    known = set(ids)
    found: dict[str, list[dict[str, str]]] = {}
    unknown: dict[str, None] = {}
    nameless = 0
    for row in answer.rows:
        cells = {name: clean(row[at]) for name, at in places.items()}
        number = record_id(clean(row[key_place]))
        filled = any(cells.values())
        if number in known:
            if filled or number not in found:
                found.setdefault(number, []).append(cells)
        elif filled and number:
            unknown[number] = None
        elif filled:
            nameless += 1
    return AnswerRows(
        frozenset(places),
        {number: _undisputed(found[number]) for number in ids if number in found},
        tuple(number for number in ids if sum(map(bool, map(_filled, found.get(number, [])))) > 1),
        tuple(unknown),
        nameless,
    )


def _undisputed(rows: list[dict[str, str]]) -> dict[str, str]:
    """The fullest of the rows of one record, without the cells that another one contradicts."""
    fullest = max(rows, key=_filled)
    texts = {name: {fold(row[name]) or row[name] for row in rows if row[name]} for name in fullest}
    return {name: text if len(texts[name]) < 2 else "" for name, text in fullest.items()}


def idle_columns(cells: Iterable[tuple[str, str, str]]) -> frozenset[str]:
    """The columns that say the same everywhere where the key does not; ``cells``: column, text given, text wanted."""
    found: dict[str, list[tuple[str, str]]] = {}
    for column, given, wanted in cells:
        found.setdefault(column, []).append((given, wanted))
    return frozenset(
        column for column, pairs in found.items() if says_the_same([one for one, _ in pairs], [one for _, one in pairs])
    )


def clean(text: str) -> str:
    """The cell without outer spaces, cut where it is too long to be compared; « NaN », « None », « ∅ »… are empty."""
    bare = text.strip()[: MAX_CELL + 1]
    return "" if len(bare) < 5 and bare.casefold() in _EMPTY else bare


def _filled(cells: Mapping[str, str]) -> int:
    return sum(map(bool, cells.values()))
