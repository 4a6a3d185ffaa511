"""An answer that says the same everywhere is no answer: nobody looked at the question.

One line copied down a table, one choice in a whole series, one target for every item: chance makes some of it right,
and none of it counts, unless the key says the same everywhere too. Nor does a long series filled with its options in
turn, or in blocks, when it is no better than chance. The ways of filling without reading are here too: the lazy answers
of the kinds are made of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from crc_lab.core.answers import parse_number
from crc_lab.core.model import Message, Question
from crc_lab.core.text import fold, listing

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


CODE = "MEME-PARTOUT"
LEAST = 3
"""Answers from which saying the same everywhere means something."""
OVERSIGHT = 0.1
"""Share of wrong answers up to which one may have answered, and missed the exception."""
ENOUGH = 10
"""Answers that make a column, where half of it is more."""
UNLIKELY = 500
"""Ways of answering a series from which a pattern of its options is no coincidence."""


def says_the_same(answers: Iterable[tuple[str, str, bool]]) -> bool:
    """Whether what is given is one same answer where what is wanted is not: each is the text given (empty where nothing
    is), the text wanted, whether the first is right.

    Half of them are given at least, or ten of them: less is a beginning.
    """
    every = [*answers]
    told = [answer for answer in every if answer[0]]
    if len(told) < max(LEAST, min(ENOUGH, len(every) / 2)):
        return False
    (given, wanted, _), *others = told
    if _several(given, (other for other, _, _ in others)) or not _several(wanted, (other for _, other, _ in others)):
        return False
    return sum(not right for _, _, right in told) > OVERSIGHT * len(told)


def _several(first: str, others: Iterable[str]) -> bool:
    """Whether one of the others says something else than the first."""
    said = _said(first)
    return any(said != _said(other) for other in others)


def _said(text: str) -> str:
    """What a text says, however it is written: « 8 », « 8,0 » and « 8.00 » are one number."""
    number = parse_number(text)
    return str(number.normalize()) if number is not None else fold(text) or text


def follows_a_pattern(chosen: Sequence[int], options: int, right: int) -> bool:
    """Whether a series was filled from one end of its options to the other (in turn, in blocks…), and is no better than
    chance for it: ``chosen``, the place of each answer among the ``options``; ``right``, how many of them are.
    """
    if options < 2 or options ** len(chosen) < UNLIKELY or (right - 1) * options >= len(chosen):
        return False
    return any(list(chosen) == pattern for _, pattern in filled(len(chosen), range(options)))


PATTERN = Message(CODE, "Des réponses dans l’ordre de la liste, sans regarder les éléments : cela ne compte pas.")
EVERYWHERE = Message(CODE, "La même réponse partout, quand la bonne change : cela ne compte pas.")


def same_everywhere(columns: Iterable[str], question: Question) -> tuple[Message, ...]:
    """What is said of the columns of its table that say the same everywhere; nothing without any."""
    named = tuple(columns)
    if not named:
        return ()
    titles = tuple(map(question.title_of, named))
    which = f"colonne{'s' if len(named) > 1 else ''} {listing([f'« {title} »' for title in titles])}"
    text = f"La même réponse partout, quand la bonne change : cela ne compte pas ({which})."
    return (Message(CODE, text, columns=named, titles=titles),)
