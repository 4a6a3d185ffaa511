"""Simulated work: the model answers, spoilt by known mistakes, oversights or haste. The demo's class is made of it.

The mistakes are the proofs of the keys: an activity that proves itself enters the demo without a line of code. Answers
given to these functions are never modified.
"""

from __future__ import annotations

import copy
import itertools
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crc_lab.core.bank import LoadedActivity
from crc_lab.core.model import Json
from crc_lab.core.proof import wrong_answers

type_of_choice = Callable[[list[Json]], list[Json]]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A known mistake: the message it earns (``code``), the question and the whole answer that holds it."""

    code: str
    question: str
    answer: Json


def mistakes_of(loaded: LoadedActivity) -> tuple[Mistake, ...]:
    """The known mistakes of the marked questions, each code once; one question after the other, turn by turn."""
    answers = {name: key.answer for name, key in loaded.keys.items()}
    piles: dict[str, dict[str, Mistake]] = {}
    for question in (one for one in loaded.activity.marked if one.id in loaded.keys):
        pile = piles[question.id] = {}
        for code, answer in wrong_answers(question, loaded.keys[question.id], answers):
            pile.setdefault(code, Mistake(code, question.id, answer))
    turns = itertools.zip_longest(*(pile.values() for pile in piles.values()))
    return tuple(mistake for turn in turns for mistake in turn if mistake is not None)


def model_answers(loaded: LoadedActivity) -> dict[str, Json]:
    """The model answer of every question, training exercises included, each a value of its own."""
    return {name: copy.deepcopy(key.answer) for name, key in loaded.keys.items()}


def spoil(answers: Mapping[str, Json], mistake: Mistake) -> dict[str, Json]:
    """The same answers with one known mistake."""
    return {**answers, mistake.question: copy.deepcopy(mistake.answer)}


def slip(answers: Mapping[str, Json], chance: random.Random, share: float) -> dict[str, Json]:
    """Oversights here and there, ``share`` of the work (0 to 1): cells left empty, items and sentences missed."""

    def kept(items: list[Json]) -> list[Json]:
        number = max(1, round((1 - share) * len(items)))
        return [items[position] for position in sorted(chance.sample(range(len(items)), number))]

    def slipped(value: Json) -> Json:
        if isinstance(value, dict) and "lignes" in value:
            for row in chance.sample(value["lignes"], round(share * len(value["lignes"]))):
                row[1:] = [cell if chance.random() < 0.5 else "" for cell in row[1:]]
            return value
        if isinstance(value, dict):
            parts = kept(sorted(value)) if len(value) > 2 else list(value)
            return {part: slipped(item) for part, item in value.items() if part in parts}
        return _shortened(value, kept)

    return {name: slipped(value) for name, value in copy.deepcopy(dict(answers)).items()}


def half(answers: Mapping[str, Json]) -> dict[str, Json]:
    """The work of someone in a hurry: tables, lists and texts stopped half way, every other question left out."""

    def halved(value: Json) -> Json:
        if isinstance(value, dict) and "lignes" in value:
            return {**value, "lignes": value["lignes"][: len(value["lignes"]) // 2]}
        if isinstance(value, dict):
            return {part: halved(item) for part, item in value.items()}
        return _shortened(value, lambda items: items[: max(1, len(items) // 2)])

    return {name: halved(copy.deepcopy(answers[name])) for name in sorted(answers)[::-2]}


def followed(answers: Mapping[str, Json], loaded: LoadedActivity) -> dict[str, Json]:
    """The same answers, less what their cards could not show: rows taken from a list given at another question."""
    changed = dict(answers)
    for question in loaded.activity.marked:
        if getattr(question.spec, "rows_from", "") in answers and question.id in answers:
            lists = [part for part in answers[question.spec.rows_from].values() if isinstance(part, list)]
            shown = {row for part in lists for row in part}
            ticked = answers[question.id].items()
            changed[question.id] = {column: [row for row in rows if row in shown] for column, rows in ticked}
    return changed


def _shortened(value: Json, choice: type_of_choice) -> Json:
    """What ``choice`` keeps of a list of at least three items, or of the lines or sentences of a text."""
    if isinstance(value, list):
        return choice(value) if len(value) > 2 else value
    if isinstance(value, str) and "\n" in value:
        return "\n".join(choice(value.split("\n")))
    return " ".join(choice(re.split(r"(?<=[.!?]) ", value))) if isinstance(value, str) else value
