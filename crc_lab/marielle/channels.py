"""Who may be contacted through which channel: a table of check boxes judged on the consents of the file.

Share: ``max(0, right − wrong) ÷ expected``, over the records of the student's own list (contenu, activités A7-Q4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crc_lab.checks.records import File, unreadable_rules
from crc_lab.core.answers import FormatProblem, read_distinct
from crc_lab.core.check import Check, Context, Outcome
from crc_lab.core.model import CellNote, Message, Question

FORGOTTEN, OUTSIDE, UNCERTAIN, ON_REFERENCE = "A7-CANAL-OUBLI", "A7-HORS-LISTE", "A7-A-RECONFIRMER", "A7-SANS-LISTE"
CODES = (FORGOTTEN, OUTSIDE, UNCERTAIN, ON_REFERENCE)


def channels(value: Mapping[str, tuple[str, ...]], context: Context) -> Outcome:
    """Settings: ``depend_de`` (the question of the list) and ``liste`` (its part), ``au_moins`` (records below which
    the list of the key, ``reference``, is used instead), ``canaux`` ({channel: {permis, toleres?, erreurs?}}):
    ``permis`` and ``toleres`` are lists of lists of rules, a record being allowed (or neither right nor wrong) when it
    passes one of them; ``erreurs`` ([{regles, code}]) say why another one is not, the first that fits.
    """
    file = File.of(context.question)
    own = _own_list(file, context)
    reference = file.records(context.param("reference"))
    people = own if len(own) >= context.param("au_moins", 1) else reference
    right = wrong = expected = 0
    messages: list[Message] = []
    outside: set[str] = set()
    notes: list[CellNote] = []
    names = {option.id: option.text for option in context.spec.right}
    for channel, settings in context.param("canaux").items():
        given, strange = file.given(value.get(channel, ()))
        allowed = _any_of(settings["permis"], file)
        tolerated = _any_of(settings.get("toleres", ()), file) - allowed
        refused = given - allowed - tolerated
        due = allowed & people
        right, wrong, expected = right + len(given & due), wrong + len(refused), expected + len(due)
        outside |= {*strange, *(given & allowed - people)}
        messages += _refusals(refused, settings, file, context)
        if given & tolerated:
            messages.append(context.message(UNCERTAIN, file.in_order(given & tolerated)))
        if due - given:
            messages.append(context.message(FORGOTTEN, file.in_order(due - given), canal=names.get(channel, channel)))
        notes += [CellNote(one, channel, "juste") for one in file.in_order(given & due)]
        notes += [CellNote(one, channel, "accepte") for one in file.in_order(given & tolerated)]
        notes += [CellNote(one, channel, "faux") for one in file.in_order(refused)]
    if outside:
        messages.append(context.message(OUTSIDE, (*file.in_order(outside), *sorted(outside - set(file.keys)))))
    share = max(0, right - wrong) / max(1, expected)
    if share < 1 and people is not own:
        messages.append(context.message(ON_REFERENCE))
    return Outcome(share, tuple(messages), tuple(notes))


def _own_list(file: File, context: Context) -> frozenset[str]:
    """The records of the student's own list, as the sheet holds it; none when it cannot be read."""
    raw = context.others.get(str(context.param("depend_de", "")))
    part = raw.get(context.param("liste")) if isinstance(raw, dict) else raw
    read = read_distinct(part) if part is not None else ()
    return frozenset() if isinstance(read, FormatProblem) else file.given(read)[0]


def _any_of(sets: Any, file: File) -> frozenset[str]:
    return frozenset[str]().union(*(file.records(rules) for rules in sets))


def _refusals(refused: frozenset[str], settings: Mapping[str, Any], file: File, context: Context) -> Iterator[Message]:
    left = refused
    for error in settings.get("erreurs", ()):
        rows = left & (file.records(error["regles"]) if error.get("regles") else left)
        if rows:
            yield context.message(error["code"], file.in_order(rows))
            left -= rows


def problems(settings: Mapping[str, Any], question: Question) -> Iterator[str]:
    lists = [settings.get("reference", ())]
    known = {option.id for option in question.spec.right}
    for channel, one in settings.get("canaux", {}).items():
        if channel not in known:
            yield f"le canal « {channel} » n’est pas une colonne de la question."
        lists += [*one.get("permis", ()), *one.get("toleres", ())]
        lists += [error.get("regles", ()) for error in one.get("erreurs", ())]
    yield from unreadable_rules(lists, question)


CHECKS = {"canaux": Check(channels, ("coches",), codes=CODES, problems=problems)}
