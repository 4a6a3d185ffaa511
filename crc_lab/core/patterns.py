"""Ways of filling a series of fields without reading it: what the lazy answers of the kinds are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

Value = TypeVar("Value")
UPSIDE_DOWN = ", à l’envers"


def filled(places: int, values: Sequence[Value]) -> Iterator[tuple[str, list[Value]]]:
    """Each value everywhere; the values in turn, in blocks, two of them half and half; the same from the last one.

    Gives, under a few French words, one value a place; nothing without any place or any value.
    """
    if not places or not values:
        return
    for number, value in enumerate(values, start=1):
        yield f"le choix n°\u00a0{number} partout", [value] * places
    if len(values) > 1:
        yield from _mixed(places, values, "")
        yield from _mixed(places, values[::-1], UPSIDE_DOWN)


def _mixed(places: int, values: Sequence[Value], how: str) -> Iterator[tuple[str, list[Value]]]:
    many = len(values)
    yield f"tour à tour{how}", [values[at % many] for at in range(places)]
    if places > many:
        yield f"par blocs{how}", [values[at * many // places] for at in range(places)]
    if places > many > 2:
        yield f"moitié, moitié{how}", [values[2 * at // places] for at in range(places)]


def some_of(values: Sequence[Value]) -> Iterator[tuple[str, list[Value]]]:
    """All the values; the first ones, however many; every other one, from the first or from the second."""
    yield "tout", [*values]
    for many in range(1, len(values)):
        yield "le premier" if many == 1 else f"les {many} premiers", [*values[:many]]
    if len(values) > 2:
        yield "un sur deux", [*values[::2]]
        yield "un sur deux, dès le deuxième", [*values[1::2]]
