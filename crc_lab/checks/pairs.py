"""Pairs of rows (duplicates)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, combinations

from crc_lab.core.answers import parse_integer
from crc_lab.core.check import Check, Context, Outcome, Proof
from crc_lab.core.model import CellNote, Message, Table
from crc_lab.core.settings import CODE, DATA, Mistake, Place, Setting, Shape, mapping

_NUMBER_WORDS = re.compile(r"^(?:fiche)?\s*(?:n\s*[°oº]\.?)?\s*", re.IGNORECASE)

type_of_pair = tuple[str, str]


def pairs(value: tuple[type_of_pair, ...], context: Context) -> Outcome:
    """Share: (right − wrong) / expected, at least 0. The order inside a pair and of the pairs does not matter; a pair
    that cannot be one costs nothing. A note's row and column are the two ids. Source: contenu, activités §4.3.
    """
    expected = _expected(context)
    given, unreadable = _given(value, context)
    right = [pair for pair in given if pair in expected]
    wrong = [pair for pair in given if pair not in expected]
    missed = [pair for pair in expected if pair not in given]
    of_wrong: dict[str, str] = context.param("faux", {})
    of_missed: dict[str, str] = context.param("oublies", {})
    why = {pair: of_wrong.get(_name(pair)) or context.param("autre") for pair in wrong}
    messages = [context.message(context.param("illisible"), paires=_names(unreadable))] if unreadable else []
    for code in dict.fromkeys(why.values()):
        blamed = [pair for pair in wrong if why[pair] == code]
        messages.append(context.message(code, tuple(dict.fromkeys(chain(*blamed))), paires=_names(blamed)))
    messages += [context.message(of_missed[_name(pair)], pair) for pair in missed if _name(pair) in of_missed]
    if missed:
        messages.append(context.message(context.param("reste"), justes=len(right), total=len(expected)))
    notes = [CellNote(*pair, "juste") for pair in right]
    notes += [CellNote(*pair, "faux", context.message(why[pair], pair, paires=_name(pair)).text) for pair in wrong]
    return Outcome(max(0, len(right) - len(wrong)) / len(expected), tuple(messages), tuple(notes))


def _expected(context: Context) -> list[type_of_pair]:
    return [_sorted(row[0], row[1]) for row in context.table(context.param("table")).rows]


def _given(value: Iterable[type_of_pair], context: Context) -> tuple[list[type_of_pair], list[type_of_pair]]:
    """The pairs given, each once, whatever the order they were written in; and those that cannot be one."""
    known = _records(context.table(context.param("source")))
    found = list(dict.fromkeys(_sorted(first, second) for first, second in value if first or second))
    refused = [pair for pair in found if pair[0] == pair[1] or not known.issuperset(pair)]
    return [pair for pair in found if pair not in refused], refused


def _records(table: Table) -> set[str]:
    return {record_id(row[0]) for row in table.rows}


def record_id(text: str) -> str:
    """The number of a record, however it was typed: ``7``, ``07``, ``7.0``, ``fiche n° 7``; else the text itself."""
    bare = _NUMBER_WORDS.sub("", text.strip())
    number = parse_integer(bare)
    return bare if number is None else str(number)


def _sorted(first: str, second: str) -> type_of_pair:
    """The pair whatever the order it was given in; numbers in numeric order."""
    low, high = sorted((record_id(first), record_id(second)), key=_numeric)
    return low, high


def _numeric(number: str) -> tuple[int, str]:
    return len(number), number


def _name(pair: type_of_pair) -> str:
    return "-".join(pair)


def _names(found: list[type_of_pair], limit: int = 6) -> str:
    """« 3-5, 4-9 », cut after ``limit`` pairs and 20 characters each: what was typed may be anything."""
    return ", ".join(_name(pair)[:20] for pair in found[:limit]) + ("…" if len(found) > limit else "")


# --- without the key, what is refused, the settings, and answers that prove them --------------------------------------

FORM = "FORME-PAIRES"


def form(value: tuple[type_of_pair, ...], context: Context) -> Outcome:
    """The pairs that cannot be one: twice the same record, a number that the table does not have."""
    _, refused = _given(value, context)
    text = f"À reprendre : {_names(refused)}. Une paire réunit deux numéros de fiche différents, pris dans le tableau."
    return Outcome(0.0, (Message(FORM, text),) if refused else ())


def _look_at_pair(value: object, place: Place) -> Iterator[Mistake]:
    pair = str(value).split("-")
    if len(pair) != 2 or not _records(place.named("source")).issuperset(pair):
        text = f"« {value} » n’est pas une paire de fiches du fichier « source » : écrivez par exemple 1-11."
        yield Mistake((), text)
    elif "-".join(_sorted(*pair)) != value:
        yield Mistake((), f"écrivez « {_name(_sorted(*pair))} », le plus petit numéro d’abord.")


def _proofs(context: Context) -> Iterator[Proof]:
    expected = _expected(context)
    right = [list(pair) for pair in expected]
    share = 1 - 1 / len(right)
    wrong: dict[str, str] = context.param("faux", {})
    for name, code in wrong.items():
        yield Proof(f"la paire {name} en trop", [*right, name.split("-")], share, code, ("faux", name))
    for name, code in context.param("oublies", {}).items():
        kept = [list(pair) for pair in expected if _name(pair) != name]
        yield Proof(f"la paire {name} oubliée", kept, share, code, ("oublies", name))
    known = sorted(_records(context.table(context.param("source"))), key=_numeric)
    other = next(pair for pair in combinations(known, 2) if pair not in expected and _name(pair) not in wrong)
    yield Proof("une autre paire en trop", [*right, list(other)], share, context.param("autre"), ("autre",))
    twice = [*right, [known[0], known[0]]]
    yield Proof("deux fois la même fiche", twice, 1.0, context.param("illisible"), ("illisible",))
    if len(right) > 1:
        yield Proof("une paire oubliée", right[1:], share, context.param("reste"), ("reste",))


_PAIR = Shape("une paire de fiches (1-11)", _look_at_pair)
CHECKS = {
    "paires": Check(
        pairs,
        ("paires",),
        about="Chaque paire juste compte autant ; une fausse paire en annule une juste.",
        settings=(
            Setting("table", DATA, "Le fichier des paires justes (ses deux premières colonnes).", required=True),
            Setting("source", DATA, "Le fichier montré à l’élève.", required=True, keyless=True),
            Setting("faux", mapping(_PAIR, CODE), "Le message de chaque fausse paire connue."),
            Setting("oublies", mapping(_PAIR, CODE), "Le message de chaque paire juste qui manque."),
            Setting("autre", CODE, "Le message de toute autre fausse paire.", required=True),
            Setting("illisible", CODE, "Le message d’une paire impossible.", required=True),
            Setting("reste", CODE, "Le message quand il manque des paires.", required=True),
        ),
        form=form,
        proofs=_proofs,
    )
}
