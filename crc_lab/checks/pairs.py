"""Pairs of rows (duplicates)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain

from crc_lab.core.answers import parse_integer
from crc_lab.core.check import Context, Outcome
from crc_lab.core.model import CellNote

_NUMBER_WORDS = re.compile(r"^(?:fiche)?\s*(?:n\s*[°oº]\.?)?\s*", re.IGNORECASE)

type_of_pair = tuple[str, str]


def pairs(value: tuple[type_of_pair, ...], context: Context) -> Outcome:
    """Settings: ``table`` (key file, its first two columns), ``source`` (the data shown), ``faux`` ({"1-11": code}),
    ``oublies`` ({"25-52": code}), ``autre`` (code for any other wrong pair), ``illisible`` (for a pair that cannot be
    one: twice the same record, an unknown number), ``reste`` (for the pairs still to be found).

    Share: (right − wrong) / expected, at least 0. The order inside a pair and of the pairs does not matter; a pair
    that cannot be one costs nothing. A note's row and column are the two ids. Source: contenu, activités §4.3.
    """
    expected = [_sorted(row[0], row[1]) for row in context.table(context.param("table")).rows]
    known = known_records(context)
    given = read_pairs(value)
    unreadable = [pair for pair in given if pair[0] == pair[1] or not known.issuperset(pair)]
    right = [pair for pair in given if pair in expected]
    wrong = [pair for pair in given if pair not in expected and pair not in unreadable]
    missed = [pair for pair in expected if pair not in given]
    of_wrong: dict[str, str] = context.param("faux", {})
    of_missed: dict[str, str] = context.param("oublies", {})
    why = {pair: of_wrong.get(_name(pair)) or context.param("autre") for pair in wrong}
    messages = [context.message(context.param("illisible"), paires=names_of(unreadable))] if unreadable else []
    for code in dict.fromkeys(why.values()):
        blamed = [pair for pair in wrong if why[pair] == code]
        messages.append(context.message(code, tuple(dict.fromkeys(chain(*blamed))), paires=names_of(blamed)))
    messages += [context.message(of_missed[_name(pair)], pair) for pair in missed if _name(pair) in of_missed]
    if missed:
        messages.append(context.message(context.param("reste"), justes=len(right), total=len(expected)))
    notes = [CellNote(*pair, "juste") for pair in right]
    notes += [CellNote(*pair, "faux", context.message(why[pair], pair, paires=_name(pair)).text) for pair in wrong]
    return Outcome(max(0, len(right) - len(wrong)) / len(expected), tuple(messages), tuple(notes))


def read_pairs(value: Iterable[type_of_pair]) -> list[type_of_pair]:
    """The pairs given, each once, whatever the order they were written in."""
    return list(dict.fromkeys(_sorted(first, second) for first, second in value if first or second))


def known_records(context: Context) -> set[str]:
    """The numbers of the records shown. Setting: ``source`` (the data shown)."""
    return {record_id(row[0]) for row in context.table(context.param("source")).rows}


def record_id(text: str) -> str:
    """The number of a record, however it was typed: ``7``, ``07``, ``7.0``, ``fiche n° 7``; else the text itself."""
    bare = _NUMBER_WORDS.sub("", text.strip())
    number = parse_integer(bare)
    return bare if number is None else str(number)


def _sorted(first: str, second: str) -> type_of_pair:
    """The pair whatever the order it was given in; numbers in numeric order."""
    low, high = sorted((record_id(first), record_id(second)), key=lambda item: (len(item), item))
    return low, high


def _name(pair: type_of_pair) -> str:
    return "-".join(pair)


def names_of(found: list[type_of_pair], limit: int = 6) -> str:
    """« 3-5, 4-9 », cut after ``limit`` pairs and 20 characters each: what was typed may be anything."""
    return ", ".join(_name(pair)[:20] for pair in found[:limit]) + ("…" if len(found) > limit else "")
