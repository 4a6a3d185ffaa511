"""What a typical mistake is, and the changes to lists, parts and texts that most of them are made of.

A change takes the value of one question in the sheet's shape, which it may modify, and that question; it gives the new
value. Changes follow one another: each one leaves alone what it is not about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crc_lab.core.model import Json, Question

type_of_change = Callable[[Json, Question], Json]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One typical mistake: the question it spoils and how. ``code``: that of the message it must earn."""

    code: str
    question: str
    change: type_of_change


# --- lists ------------------------------------------------------------------------------------------------------------


def more(*items: Json) -> type_of_change:
    """Items too many."""
    return lambda value, _: [*value, *(list(item) if isinstance(item, list) else item for item in items)]


def fewer(*items: Json) -> type_of_change:
    """Items forgotten, in whatever order a pair is written."""
    forgotten = [_unordered(item) for item in items]
    return lambda value, _: [item for item in value if _unordered(item) not in forgotten]


def _unordered(item: Json) -> Json:
    return sorted(item) if isinstance(item, list) else item


def only(*items: Json) -> type_of_change:
    """Other items, whatever they were."""
    return lambda _, __: list(items)


def every_record(source: str) -> type_of_change:
    """All the records of data file ``source``, whatever was chosen."""
    return lambda _, question: list(question.data[source].by_key("id_contact"))


# --- parts ------------------------------------------------------------------------------------------------------------


def instead(**parts: Json) -> type_of_change:
    """Other answers for some parts."""
    return lambda value, _: {**value, **parts}


def within(**changes: type_of_change) -> type_of_change:
    """A change for each of some parts."""
    return lambda value, question: {
        **value,
        **{part: change(value[part], question) for part, change in changes.items()},
    }


# --- texts ------------------------------------------------------------------------------------------------------------


def fields(answers: Mapping[int, str]) -> type_of_change:
    """Other texts in some fields: {position from 0: text}."""
    return lambda value, _: [answers.get(position, text) for position, text in enumerate(value)]


def sentence(added: str) -> type_of_change:
    """One sentence more."""
    return lambda value, _: f"{value} {added}"


def reworded(words: Mapping[str, str]) -> type_of_change:
    """Words said otherwise: {what the model answer says: what is written}."""

    def change(value: Json, _: Question) -> Json:
        for said, written in words.items():
            value = value.replace(said, written)
        return value

    return change
