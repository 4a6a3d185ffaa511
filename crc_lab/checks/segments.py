"""A segment: the filters that a student declares, and the list of records they say the filters keep.

The list is judged on the student's own filters (contenu, activités A5-Q2 c): ``points × (1 − errors ÷ expected)``, at
least 0, an error being a record forgotten or one too many. Two things are not the student's to choose: the records
that no campaign may contact, and the target of the campaign.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crc_lab.checks.records import File, unreadable_rules
from crc_lab.core.check import Check, Context, Outcome
from crc_lab.core.filters import Selection, rules_of
from crc_lab.core.model import CellNote, Message, Question

OPPOSED, CONTACTS, ALONE, SORTED, NAMES = "A5-E2", "A5-E3", "A5-E4", "A5-E5", "A5-E6"
OFF_TARGET, FORGOTTEN, SURPLUS, UNKNOWN = "A5-CIBLE", "A5-OUBLI", "A5-TROP", "A5-INCONNUE"
UNREADABLE, NO_RULES, NO_LIST, NOBODY = "A5-ILLISIBLE", "A5-SANS-CRITERE", "A5-LISTE", "A5-PERSONNE"
CODES = (
    OPPOSED, CONTACTS, ALONE, SORTED, NAMES, OFF_TARGET, FORGOTTEN, SURPLUS, UNKNOWN, UNREADABLE, NO_RULES, NO_LIST,
    NOBODY,
)  # fmt: skip
_RULES = ("exclus", "reference", "impose", "contacts", "autres")


def problems(settings: Mapping[str, Any], question: Question) -> Iterator[str]:
    lists = [settings.get(name, ()) for name in _RULES]
    yield from unreadable_rules(
        [*lists, *(target.get("regles", ()) for target in settings.get("cibles", ()))], question
    )


def segment(value: Mapping[str, Any], context: Context) -> Outcome:
    """The settings are lists of rules ``[column, operator, value]`` on the question's table:

    ``exclus`` (records never contacted), ``cibles`` ([{regles, sans?}]: the possible targets of the campaign; the first
    one that the student's filters reach is theirs, ``sans`` are columns that may not be filtered for it), ``reference``
    (the filters on which a list given without filters is judged), ``impose`` (those that the wording asks for: the
    list is then judged on them, whatever the student's own), ``contacts`` (records taken for the target because of
    one cell), ``autres`` (records that show that the target was not filtered), ``filtre`` (the column that filters the
    target), ``prenoms`` ({colonne, fiches}: the column that must not serve to guess it, the records it misleads on).
    """
    file = File.of(context.question)
    excluded = file.records(context.param("exclus", ()))
    chosen = file.select(value["criteres"])
    given, strange = file.given(value["fiches"])
    declared = bool(chosen.rules)
    imposed = context.param("impose", ())
    judged = chosen if declared and not imposed else file.select(imposed or context.param("reference", ()))
    kept = frozenset(judged.records) - excluded
    target = kept if imposed else _target(kept, chosen, file, context)
    expected = kept & target
    messages = [
        context.message(UNREADABLE, numero=one.position + 1, critere=str(rules_of(value["criteres"])[one.position]))
        for one in chosen.unreadable
    ]
    if not given and not strange:
        return Outcome(0.0, (*messages, context.message(NO_LIST)))
    if not declared:
        messages.append(context.message(NO_RULES))
    if not expected:
        messages.append(context.message(NOBODY))
    wrong = given - expected
    remarks, notes = _surplus(wrong, target, chosen, file, context)
    messages += remarks
    forgotten = file.in_order(expected - given)
    if forgotten:
        messages.append(context.message(FORGOTTEN, forgotten))
    if strange:
        messages.append(context.message(UNKNOWN, strange))
    if len(given) == 1 or len(expected) == 1:
        messages.append(context.message(ALONE))
    errors = len(wrong) + len(forgotten) + len(strange)
    share = max(0.0, 1 - errors / len(expected)) if expected else 0.0
    return Outcome(share, tuple(messages), (*notes, *(_right(one, file) for one in file.in_order(given & expected))))


def _target(kept: frozenset[str], chosen: Selection, file: File, context: Context) -> frozenset[str]:
    """All the records of the target that the student's filters reach; of the first target when they reach none."""
    targets = [
        file.records(target["regles"])
        for target in context.param("cibles", ())
        if not any(chosen.uses(column) for column in target.get("sans", ()))
    ]
    reached = (records for records in targets if records & kept)
    return next(reached, targets[0] if targets else kept)


def _surplus(
    wrong: frozenset[str], target: frozenset[str], chosen: Selection, file: File, context: Context
) -> tuple[list[Message], list[CellNote]]:
    """What is said of the records that are too many: each one once, the most telling reason first."""
    guess: Mapping[str, Any] = context.param("prenoms", {})
    guessed = chosen.uses(str(guess.get("colonne", "")))
    others = wrong & file.records(context.param("autres", ()))
    reasons: dict[str, frozenset[str]] = {OPPOSED: wrong & file.records(context.param("exclus", ()))}
    reasons[CONTACTS] = wrong & file.records(context.param("contacts", ()))
    misled = others & frozenset(guess.get("fiches", ()))
    if guessed or (misled and misled == others):
        reasons[NAMES] = others
    elif len(others) > 1 and not chosen.uses(str(context.param("filtre", ""))):
        reasons[SORTED] = others
    reasons[OFF_TARGET] = wrong - target
    reasons[SURPLUS] = wrong
    messages, notes, told = [], [], frozenset[str]()
    for code, records in reasons.items():
        rows = file.in_order(records - told)
        if not rows and not (code == NAMES and guessed):
            continue
        message = context.message(code, rows)
        messages.append(message)
        notes += [CellNote(row, file.spec.key, "faux", context.message(code, (row,)).text) for row in rows]
        told |= records
    return messages, notes


def _right(record: str, file: File) -> CellNote:
    return CellNote(record, file.spec.key, "juste")


CHECKS = {"segment": Check(segment, ("segment",), codes=CODES, problems=problems)}
