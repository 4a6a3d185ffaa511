"""What students write, and what it earns: tests/cases/answers/, one file an activity. Adding an answer needs no code.

``[points]``: the marked questions, the points of their criteria. Then groups of answers to one question::

    [[A1-Q2]]
    about = "a sentence that says what these answers have in common"
    key = "+"                                # each completes the model answer ("-": is taken out of it)
    others = { A7-Q1 = "On veut vendre." }   # the other answers of the same sheet
    unkeyed = true                           # marked without the key, as in an assessment
    answers = [
      [["mail", "SMS"], "1", "A1-Q2-BILAN", ": 2 sur 8."],
    ]

An answer, the points of each criterion (an exercise is worth a point for each), the codes of the messages in their
order with the records that they name (« A4-E9(1,11) », « RFM-VIDE(×25) » when they are many), and words that the
messages must hold. Completing a table: ``{ 5 = { R = "0" } }``, record by record.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crc_lab.core.bank import LoadedActivity
from crc_lab.core.grading import grade
from crc_lab.core.model import Json, Key, Message, Question
from crc_lab.core.proof import weighed
from crc_lab.core.resources import activity_ids
from tests.loaded import loaded_activity

ANSWERS = Path(__file__).resolve().parent / "cases" / "answers"
FILES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(ANSWERS.glob("*.toml"))}
LOADED = {name: loaded_activity(name) for name in activity_ids()}


def cases() -> Iterator[Any]:
    for activity, content in FILES.items():
        for question, groups in content.items():
            for group in groups if question != "points" else ():
                for answer in group["answers"]:
                    given, points, said, words = [*answer, ""][:4]
                    named = f"{question} {given}"[:60]
                    yield pytest.param(activity, question, group, given, points, said, words, id=named)


def whole(given: Json, question: Question, key: Key, how: str) -> Json:
    """The answer as it is handed in: the model answer with what is given (« + »), or without it (« - »)."""
    model = key.answer
    if how == "-":
        return [item for item in model if item not in given]
    if not how or not isinstance(model, dict):
        return [*model, *given] if how else given
    if "colonnes" not in model:
        return {**model, **given}
    names = model["colonnes"]
    at = names.index(question.table.key) if question.table else 0
    rows = [{**dict(zip(names, row, strict=True)), **given.get(row[at], {})} for row in model["lignes"]]
    return {"colonnes": names, "lignes": [[row[name] for name in names] for row in rows]}


def told(message: Message) -> str:
    rows = ",".join(message.rows) if len(message.rows) <= 12 else f"×{len(message.rows)}"
    return f"{message.code}({rows})" if rows else message.code


@pytest.mark.parametrize(("activity", "name", "group", "given", "points", "said", "words"), list(cases()))
def test_an_answer_earns_its_points_and_its_messages(
    activity: str, name: str, group: dict[str, Any], given: Json, points: str, said: str, words: str
) -> None:
    loaded: LoadedActivity = LOADED[activity]
    question, key = loaded.activity.question(name), loaded.keys[name]
    assert question is not None
    value = whole(given, question, key, group.get("key", ""))
    result = grade(weighed(question), value, None if group.get("unkeyed") else key, group.get("others", {}))
    assert [round(one.points, 4) for one in result.criteria] == [float(one) for one in points.split()], group["about"]
    assert " ".join(map(told, result.messages)) == said, group["about"]
    assert words.replace("\u00a0", " ") in " ".join(one.text for one in result.messages).replace("\u00a0", " ")


@pytest.mark.parametrize("activity", FILES)
def test_the_marked_questions_are_worth_what_is_written(activity: str) -> None:
    marked = {one.id: [criterion.points for criterion in one.criteria] for one in LOADED[activity].activity.marked}
    assert marked == FILES[activity]["points"]


def test_every_marked_activity_has_answers() -> None:
    assert {name for name, loaded in LOADED.items() if loaded.activity.marked and name < "20"} <= set(FILES)
