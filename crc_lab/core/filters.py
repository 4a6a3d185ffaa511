"""Filters on a table, one by one: column, operator, value. A record is kept when every filter keeps it.

The same rules live in the page for the live count (``ui/js/filters.js``); ``tests/cases/filtres.json`` is the table of
cases on which both must agree, and ``tests/e2e/test_segment_page.py`` also compares them on random filters.

Values are typed by a student: case, accents and punctuation are ignored in texts, numbers and dates are those that
:mod:`crc_lab.core.answers` reads (« 1 234,50 € », « 01/11/2025 », « 2025-11-01 »).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crc_lab.core.answers import parse_date, parse_number
from crc_lab.core.model import Table
from crc_lab.core.text import fold

TEXT, NUMBER, DATE = "texte", "nombre", "date"
EMPTY, FILLED = "vide", "rempli"
ONE_OF, STARTS, CONTAINS, BETWEEN = "parmi", "commence", "contient", "entre"
_OF_AMOUNTS = ("<", "≤", "=", "≥", ">", BETWEEN, "≠", EMPTY, FILLED)
OPERATORS: Mapping[str, tuple[str, ...]] = {
    TEXT: ("=", "≠", ONE_OF, STARTS, CONTAINS, EMPTY, FILLED),
    NUMBER: _OF_AMOUNTS,
    DATE: _OF_AMOUNTS,
}
"""The operators of a column, by its type, in the order of the card."""
_ALIASES = {"<=": "≤", ">=": "≥", "!=": "≠", "<>": "≠", "==": "=", "⩽": "≤", "⩾": "≥", "est": "=", "parmis": ONE_OF}
_BOUNDS = re.compile(r"\s*;\s*|\s+(?:et|à|au)\s+")
_LIST = re.compile(r"[;,]")

UNKNOWN_COLUMN, UNKNOWN_OPERATOR, NO_VALUE = "COLONNE", "OPERATEUR", "VALEUR"
NO_NUMBER, NO_DATE, NO_BOUNDS = "NOMBRE", "DATE", "BORNES"
"""Why a filter cannot be applied."""

type_of_test = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """One filter, as typed."""

    column: str
    operator: str
    value: str

    @property
    def blank(self) -> bool:
        """A line of the card that nobody filled: it filters nothing."""
        return not self.column.strip() and not self.value.strip()

    def __str__(self) -> str:
        return " ".join(part for part in (self.column, self.operator, self.value) if part)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A filter that cannot be applied: its position among those given, and why (one of the words above)."""

    position: int
    reason: str


@dataclass(frozen=True)
class Selection:
    """The keys of the records kept, in the order of the file; ``rules``: the filters applied, columns well named."""

    records: tuple[str, ...]
    rules: tuple[Rule, ...]
    unreadable: tuple[Unreadable, ...] = ()

    def uses(self, column: str) -> bool:
        return any(rule.column == column for rule in self.rules)


def rules_of(raw: Iterable[Sequence[str]]) -> tuple[Rule, ...]:
    """The rules of an answer (``[["sexe", "=", "H"], …]``, three texts each) or of a key."""
    return tuple(Rule(*(str(part) for part in rule)) for rule in raw)


def select(rules: Iterable[Rule], table: Table, types: Mapping[str, str], key: str) -> Selection:
    """The records of ``table`` that pass every rule; blank rules and unreadable ones filter nothing.

    ``types``: ``texte``, ``nombre`` or ``date``, by column; only these columns can be filtered. ``key`` is the column
    that names a record.
    """
    tests: list[tuple[int, type_of_test]] = []
    applied: list[Rule] = []
    unreadable: list[Unreadable] = []
    for position, rule in enumerate(rules):
        if rule.blank:
            continue
        column = _column(rule.column, types)
        found = _test(rule, types[column]) if column else UNKNOWN_COLUMN
        if isinstance(found, str):
            unreadable.append(Unreadable(position, found))
        else:
            tests.append((table.positions[column], found))
            applied.append(Rule(column, _operator(rule.operator), rule.value))
    at = table.positions[key]
    kept = tuple(row[at] for row in table.rows if all(test(row[place]) for place, test in tests))
    return Selection(kept, tuple(applied), tuple(unreadable))


def _column(name: str, types: Mapping[str, str]) -> str:
    """The column that bears this name, whatever its case and accents; an empty text for none."""
    if name in types:
        return name
    return next((known for known in types if fold(known) == fold(name)), "")


def _operator(text: str) -> str:
    bare = text.strip()
    return _ALIASES.get(bare, bare)


def _test(rule: Rule, kind: str) -> type_of_test | str:
    """The test of one cell, or why there is none."""
    operator = _operator(rule.operator)
    if operator not in OPERATORS[kind]:
        return UNKNOWN_OPERATOR
    if operator == EMPTY:
        return lambda cell: not cell.strip()
    if operator == FILLED:
        return lambda cell: bool(cell.strip())
    if not rule.value.strip():
        return NO_VALUE
    if kind == TEXT:
        return _text_test(operator, rule.value)
    return _amount_test(operator, rule.value, *((parse_number, NO_NUMBER) if kind == NUMBER else (parse_date, NO_DATE)))


def _text_test(operator: str, value: str) -> type_of_test | str:
    wanted = fold(value)
    if operator == ONE_OF:
        several = {fold(item) for item in _LIST.split(value)} - {""}
        return (lambda cell: fold(cell) in several) if several else NO_VALUE
    if not wanted:
        return NO_VALUE
    tests: dict[str, type_of_test] = {
        "=": lambda cell: fold(cell) == wanted,
        "≠": lambda cell: fold(cell) != wanted,
        STARTS: lambda cell: fold(cell).startswith(wanted),
        CONTAINS: lambda cell: wanted in fold(cell),
    }
    return tests[operator]


def _amount_test(operator: str, value: str, read: Callable[[str], Any], trouble: str) -> type_of_test | str:
    """Numbers and dates: an empty or unreadable cell passes no comparison, but it does differ from any value."""
    if operator == BETWEEN:
        bounds = [read(part) for part in _BOUNDS.split(value.strip())]
        if len(bounds) != 2:
            return NO_BOUNDS
        if None in bounds:
            return trouble
        low, high = sorted(bounds)
        return lambda cell: (amount := read(cell)) is not None and low <= amount <= high
    wanted = read(value)
    if wanted is None:
        return trouble
    if operator == "≠":
        return lambda cell: read(cell) != wanted
    compare: dict[str, Callable[[Any], bool]] = {
        "<": lambda amount: amount < wanted,
        "≤": lambda amount: amount <= wanted,
        "=": lambda amount: amount == wanted,
        "≥": lambda amount: amount >= wanted,
        ">": lambda amount: amount > wanted,
    }
    return lambda cell: (amount := read(cell)) is not None and compare[operator](amount)
