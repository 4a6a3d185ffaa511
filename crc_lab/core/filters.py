"""Filters on a table, one by one: column, operator, value. A record is kept when every filter keeps it.

The same rules live in the page for the live count (``notebook/js/filters.js``); ``tests/cases/filtres.json`` is the
table of cases on which both must agree. Values are typed by a student: case, accents and punctuation are ignored in
texts, numbers and dates are those that :mod:`crc_lab.core.answers` reads (« 1 234,50 € », « 01/11/2025 »).
"""

from __future__ import annotations

import operator
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
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "≤": operator.le, "=": operator.eq, "≥": operator.ge, ">": operator.gt, "≠": operator.ne,
    STARTS: str.startswith, CONTAINS: operator.contains,
}  # fmt: skip
_READ: Mapping[str, Callable[[str], Any]] = {NUMBER: parse_number, DATE: parse_date}
_ALIASES = {"<=": "≤", ">=": "≥", "!=": "≠", "<>": "≠", "==": "=", "⩽": "≤", "⩾": "≥", "est": "=", "parmis": ONE_OF}
_BOUNDS = re.compile(r"\s*;\s*|\s+(?:et|à|au)\s+")
_LIST = re.compile(r"[;,]")

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
    """A filter that cannot be applied: its position among those given, and what of it cannot be understood
    (``COLONNE``, ``OPERATEUR``, ``VALEUR``, ``NOMBRE``, ``DATE`` or ``BORNES``)."""

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
        same = (known for known in types if fold(known) == fold(rule.column))
        column = rule.column if rule.column in types else next(same, "")
        used = Rule(column, _ALIASES.get(rule.operator.strip(), rule.operator.strip()), rule.value)
        found = _test(used, types[column]) if column else "COLONNE"
        if isinstance(found, str):
            unreadable.append(Unreadable(position, found))
        else:
            tests.append((table.positions[column], found))
            applied.append(used)
    at = table.positions[key]
    kept = tuple(row[at] for row in table.rows if all(test(row[place]) for place, test in tests))
    return Selection(kept, tuple(applied), tuple(unreadable))


def _test(rule: Rule, kind: str) -> type_of_test | str:
    """The test of one cell, or why there is none."""
    if rule.operator not in OPERATORS[kind]:
        return "OPERATEUR"
    if rule.operator in (EMPTY, FILLED):
        return lambda cell: bool(cell.strip()) is (rule.operator == FILLED)
    if not rule.value.strip():
        return "VALEUR"
    return _text_test(rule) if kind == TEXT else _amount_test(rule, kind)


def _text_test(rule: Rule) -> type_of_test | str:
    if rule.operator == ONE_OF:
        several = {fold(item) for item in _LIST.split(rule.value)} - {""}
        return (lambda cell: fold(cell) in several) if several else "VALEUR"
    wanted, compare = fold(rule.value), _COMPARE[rule.operator]
    return (lambda cell: compare(fold(cell), wanted)) if wanted else "VALEUR"


def _amount_test(rule: Rule, kind: str) -> type_of_test | str:
    """Numbers and dates: an empty or unreadable cell passes no comparison, but it does differ from any value."""
    read = _READ[kind]
    if rule.operator == BETWEEN:
        bounds = [read(part) for part in _BOUNDS.split(rule.value.strip())]
        if len(bounds) != 2 or None in bounds:
            return "BORNES" if len(bounds) != 2 else kind.upper()
        low, high = sorted(bounds)
        return lambda cell: (amount := read(cell)) is not None and low <= amount <= high
    wanted, compare = read(rule.value), _COMPARE[rule.operator]
    if wanted is None:
        return kind.upper()
    return lambda cell: compare(amount, wanted) if (amount := read(cell)) is not None else rule.operator == "≠"
