"""Cells of a table that follow from others of the same row: a sum, a decision by thresholds.

They are judged on what the student wrote in those others, so that a mistake costs once. Where such a cell holds no
number, the key's one stands for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crc_lab.checks.answer_rows import type_of_cell
from crc_lab.core.answers import format_number, parse_number
from crc_lab.core.check import Context
from crc_lab.core.errors import did_you_mean
from crc_lab.core.model import EMPTY
from crc_lab.core.problems import type_of_path
from crc_lab.core.settings import ASKED, TEXT, VALUE, Mistake, Place, Setting, decimal, list_of, mapping, table_of

SUM, STEPS, FROM, BOUNDS = "somme", "tranches", "selon", "a_partir"

SETTINGS = (
    Setting(
        SUM,
        mapping(ASKED, list_of(ASKED, least=1, distinct=True)),
        "Une colonne qui est la somme d’autres colonnes : elle est jugée sur ce que l’élève y a écrit.",
    ),
    Setting(
        STEPS,
        mapping(ASKED, table_of({FROM: ASKED, BOUNDS: mapping(TEXT, VALUE)})),
        "Une colonne qui se décide d’après une autre (« selon »), jugée sur ce que l’élève y a écrit : pour chaque "
        "réponse, le nombre à partir duquel elle est juste (« a_partir »). Une fiche pour laquelle le corrigé attend "
        "autre chose n’en dépend pas.",
    ),
)


def followed(
    context: Context, expected: Mapping[type_of_cell, str], own: Mapping[type_of_cell, str]
) -> dict[type_of_cell, str]:
    """What the cells that follow from others must hold. ``expected``: every cell of the key, ``own``: the student's."""

    def number(cell: type_of_cell) -> Decimal | None:
        typed = parse_number(own.get(cell, ""))
        return parse_number(expected.get(cell, "")) if typed is None else typed

    found = {}
    sums: Mapping[str, list[str]] = context.param(SUM, EMPTY)
    steps: Mapping[str, Mapping[str, Any]] = context.param(STEPS, EMPTY)
    for record, column in expected:
        if column in sums:
            numbers = [one for name in sums[column] if (one := number((record, name))) is not None]
            if len(numbers) == len(sums[column]):
                found[record, column] = format_number(sum(numbers, Decimal(0)))
        elif column in steps and expected[record, column] in steps[column][BOUNDS]:
            reached = number((record, steps[column][FROM]))
            if reached is not None and (text := _step(steps[column][BOUNDS], reached)):
                found[record, column] = text
    return found


def _step(bounds: Mapping[str, object], reached: Decimal) -> str:
    """The answer of the highest bound that is reached; nothing below them all."""
    return max(((least, text) for text, least in _bounds(bounds) if least <= reached), default=(reached, ""))[1]


def _bounds(bounds: Mapping[str, object]) -> list[tuple[str, Decimal]]:
    return [(text, decimal(least)) for text, least in bounds.items()]


def problems(place: Place) -> Iterator[Mistake]:
    """A column with a drop-down is decided among its choices."""
    spec = place.question.table
    for column in spec.columns if spec else ():
        for text in place.settings.get(STEPS, EMPTY).get(column.name, EMPTY).get(BOUNDS, EMPTY):
            if column.choices and text not in column.choices:
                told = f"« {text} » n’est pas dans la liste de la colonne. {did_you_mean(text, column.choices)}"
                yield Mistake((STEPS, column.name, BOUNDS, text), told)


@dataclass(frozen=True, slots=True)
class Change:
    """Cells of one row written otherwise, after which ``cell`` must be ``right``, or not; ``path``: what it proves."""

    about: str
    cell: type_of_cell
    texts: Mapping[str, str]
    right: bool
    path: type_of_path


def changes(context: Context, expected: Mapping[type_of_cell, str]) -> Iterator[Change]:
    """The first row of each column that follows from others, with those others changed, and it too or not."""
    key = followed(context, expected, {})
    first: dict[str, str] = {}
    for record, column in key:
        first.setdefault(column, record)
    for column, summed in context.param(SUM, EMPTY).items():
        if column not in first:
            continue
        record = first[column]
        total, part = (parse_number(text) or Decimal(0) for text in (key[record, column], expected[record, summed[0]]))
        more = 1 + abs(total)
        other = {summed[0]: format_number(part + more)}
        path: type_of_path = (SUM, column)
        both = {**other, column: format_number(total + more)}
        yield Change("la somme de ses propres cases", (record, column), both, right=True, path=path)
        yield Change("une case changée sans la somme", (record, column), other, right=False, path=path)
    for column, rule in context.param(STEPS, EMPTY).items():
        if column not in first:
            continue
        record, path = first[column], (STEPS, column)
        lowest = min(least for _, least in _bounds(rule[BOUNDS]))
        for text, least in _bounds(rule[BOUNDS]):
            at, under = ({rule[FROM]: format_number(one), column: text} for one in (least, least - 1))
            yield Change(f"« {text} » à la limite", (record, column), at, right=True, path=path)
            if least > lowest:
                yield Change(f"« {text} » sous la limite", (record, column), under, right=False, path=path)
