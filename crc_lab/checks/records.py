"""Lists of records of a file: those that some rules keep, those that a student gave.

The first check here is the list alone (contenu, activités A7-Q3): ``points × max(0, right − wrong) ÷ expected``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crc_lab.core.answers import FormatProblem
from crc_lab.core.check import Check, Context, Outcome
from crc_lab.core.filters import Selection, rules_of, select
from crc_lab.core.model import CellNote, Message, Question, Table, TableSpec

DUPLICATE, EVERYBODY = "A7-E4", "A7-E2"
FORGOTTEN, SURPLUS, UNKNOWN, NO_LIST, NOT_SAID = "A7-OUBLI", "A7-TROP", "A7-INCONNUE", "A7-LISTE", "A7-PARTICULIERS"
CODES = (DUPLICATE, EVERYBODY, FORGOTTEN, SURPLUS, UNKNOWN, NO_LIST, NOT_SAID)
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class File:
    """The file of a question, and what its columns compare."""

    table: Table
    spec: TableSpec

    @classmethod
    def of(cls, question: Question) -> File:
        """The file that a question shows; raises :class:`ValueError` for a question without a table (our mistake)."""
        if question.table is None:
            raise ValueError(f"{question.id} has no table")
        return cls(question.data[question.table.source], question.table)

    @property
    def keys(self) -> tuple[str, ...]:
        """The numbers of all its records, in its order."""
        at = self.table.positions[self.spec.key]
        return tuple(row[at] for row in self.table.rows)

    def select(self, rules: Iterable[Sequence[str]]) -> Selection:
        return select(rules_of(rules), self.table, self.spec.kinds, self.spec.key)

    def records(self, rules: Sequence[Sequence[str]]) -> frozenset[str]:
        """Those that these rules of the key keep; none without any rule."""
        return frozenset(self.select(rules).records) if rules else frozenset()

    def in_order(self, records: Iterable[str]) -> tuple[str, ...]:
        """The same records in the order of the file."""
        wanted = frozenset(records)
        return tuple(key for key in self.keys if key in wanted)

    def given(self, texts: Iterable[str]) -> tuple[frozenset[str], tuple[str, ...]]:
        """The records that texts name (« 3 », « n° 3 », « 3, 5 »), and what is no record of the file."""
        known = frozenset(self.keys)
        found: dict[str, None] = {}
        strange: dict[str, None] = {}
        for text in texts:
            numbers = [text] if text in known else [str(int(number)) for number in _NUMBER.findall(text[:1000])]
            for number in numbers or [text[:40]]:
                (found if number in known else strange)[number] = None
        return frozenset(found), tuple(strange)


def unreadable_rules(lists: Iterable[Sequence[Any]], question: Question) -> Iterator[str]:
    """What is wrong with lists of rules of a key, in French: a rule that cannot be read would filter nothing."""
    if question.table is None:
        yield "il faut un tableau : [question.tableau]."
        return
    file = File.of(question)
    for rules in lists:
        if not all(isinstance(rule, list) and len(rule) == 3 for rule in rules):
            yield f"une règle s’écrit [colonne, comparaison, valeur] : {rules}."
            continue
        for wrong in file.select(rules).unreadable:
            yield f"la règle « {rules_of(rules)[wrong.position]} » ne se lit pas ({wrong.reason.lower()})."


def record_list(value: Mapping[str, Any], context: Context) -> Outcome:
    """Settings: ``liste`` (the part that holds the list), ``regles`` (what the records must be), ``choix`` (another
    part) with ``selon`` ({answer of that part: other rules}), ``erreurs`` ([{regles, code}]: what is said of records
    too many, the first that fits), ``doublons`` (records set aside as duplicates), ``presque_tout`` (records from
    which the list holds nearly the whole file).
    """
    file = File.of(context.question)
    part = value.get(context.param("liste"))
    given, strange = file.given(() if part is None or isinstance(part, FormatProblem) else part)
    if not given and not strange:
        return Outcome(0.0, (context.message(NO_LIST),))
    expected = file.records(context.param("regles"))
    special: Mapping[str, Any] = context.param("selon", {})
    chosen = value.get(context.param("choix"))
    if isinstance(chosen, str) and chosen in special:
        expected = file.records(special[chosen])
    duplicates = tuple(one for one in strange if one in context.param("doublons", ()))
    unknown = tuple(one for one in strange if one not in duplicates)
    wrong = given - expected
    messages = list(_remarks(wrong, given, file, context))
    messages += [context.message(DUPLICATE, (one,), id=one) for one in duplicates]
    messages += [context.message(UNKNOWN, unknown)] if unknown else []
    messages += _forgotten(expected - given, given, special, file, context)
    errors = len(wrong) + len(strange)
    notes = [CellNote(one, file.spec.key, "juste" if one in expected else "faux") for one in file.in_order(given)]
    return Outcome(max(0, len(given & expected) - errors) / max(1, len(expected)), tuple(messages), tuple(notes))


def _remarks(wrong: frozenset[str], given: frozenset[str], file: File, context: Context) -> Iterator[Message]:
    """What is said of the records too many: each one once."""
    if len(given) >= context.param("presque_tout", len(file.keys) + 1):
        yield context.message(EVERYBODY)
        return
    left = wrong
    for error in (*context.param("erreurs", ()), {"regles": (), "code": SURPLUS}):
        rows = left & file.records(error["regles"]) if error["regles"] else left
        if rows:
            yield context.message(error["code"], file.in_order(rows))
            left -= rows


def _forgotten(
    missing: frozenset[str], given: frozenset[str], special: Mapping[str, Any], file: File, context: Context
) -> list[Message]:
    if not missing:
        return []
    if any(given == file.records(rules) for rules in special.values()):
        return [context.message(NOT_SAID)]
    return [context.message(FORGOTTEN, file.in_order(missing))]


def problems(settings: Mapping[str, Any], question: Question) -> Iterator[str]:
    lists = [settings.get("regles", ()), *settings.get("selon", {}).values()]
    lists += [error.get("regles", ()) for error in settings.get("erreurs", ())]
    yield from unreadable_rules(lists, question)


CHECKS = {"liste_fiches": Check(record_list, ("parties",), codes=CODES, problems=problems)}
