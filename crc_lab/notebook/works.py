"""What was done of each activity, from its answer sheet: marked as the cards mark it, then remembered.

An activity that is not begun is known by the names of its questions alone. The others are loaded and marked once: what
was found is kept out of sight in the copied workbook, until the sheet, the questions or the program change.

Nothing undone is counted against anybody: points are those of the checked questions, out of what these are worth.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from crc_lab.core import grading
from crc_lab.core.answers import is_blank
from crc_lab.core.bank import EXERCISES, KEYS, is_training, load_activity
from crc_lab.core.feedback import NOTHING, earned_of
from crc_lab.core.grading import grade
from crc_lab.core.model import LEXICON, Json, Question, QuestionResult, Verdict
from crc_lab.core.resources import PRIVATE, datasets_folder, sha256
from crc_lab.core.sheet import EXAM, Answer, AnswerSheet, write_atomically
from crc_lab.notebook.aside import Exam, copies
from crc_lab.notebook.session import in_page_order

A_PAUSE = dt.timedelta(minutes=10)
"""Between two answers, from which one was perhaps elsewhere."""
MISSED = (Verdict.PARTIEL, Verdict.FAUX, Verdict.ERREUR)
REMEMBERED = Path(PRIVATE) / "parcours.json"
"""Where it is kept, beside the notebooks: {activity: [digest, work]}. It may be deleted at any time."""


class Outline(NamedTuple):
    """One question as its file names it: known without loading the activity."""

    id: str
    title: str
    marked: bool
    deck: str


@dataclass(frozen=True)
class Activity:
    """What is shown of an activity before it is begun."""

    id: str
    number: int
    title: str
    points: float
    duration: str
    questions: tuple[Outline, ...]

    @property
    def daily(self) -> bool:
        """It has cards that come back day after day: it is never finished."""
        return any(one.deck for one in self.questions)

    def rank(self, question: str) -> int:
        """The place of a question in the page, from 1."""
        return next(at for at, one in enumerate(self.questions, start=1) if one.id == question)

    def missed(self, question: str, partly: bool, date: str) -> Missed:
        rank = self.rank(question)
        return Missed(self.questions[rank - 1], rank, partly, date)


class Missed(NamedTuple):
    """A question whose last answer has not all its points; ``date``: that of the answer."""

    question: Outline
    rank: int
    partly: bool
    date: str


@dataclass(frozen=True)
class Work:
    """What was done of an activity. ``earned``, out of ``maximum``, are the points of the checked questions, without
    those of ``waiting`` that a person will mark; None in an assessment, whose marks nobody knows yet. ``minutes``: see
    :func:`time_spent`."""

    answered: frozenset[str] = frozenset()
    earned: float | None = 0.0
    maximum: float = 0.0
    waiting: float = 0.0
    missed: tuple[Missed, ...] = ()
    exam: Exam = field(default_factory=Exam)
    latest: str = ""
    days: frozenset[str] = frozenset()
    minutes: int = 0

    def to_json(self) -> list[Json]:
        missed = [[one.question.id, one.partly, one.date] for one in self.missed]
        marks = [self.earned, self.maximum, self.waiting]
        return [
            sorted(self.answered),
            *marks,
            missed,
            self.exam.to_json(),
            self.latest,
            sorted(self.days),
            self.minutes,
        ]

    @classmethod
    def from_json(cls, raw: Json, activity: Activity) -> Work | None:
        """The same again; None for what has not its shape."""
        try:
            answered, earned, maximum, waiting, missed, exam, newest, days, minutes = raw
            found = tuple(activity.missed(name, partly, date) for name, partly, date in missed)
            return cls(
                frozenset(answered), None if earned is None else float(earned), float(maximum), float(waiting), found,
                Exam.from_json(exam), str(newest), frozenset(days), int(minutes),
            )  # fmt: skip
        except (TypeError, ValueError, StopIteration):
            return None


class Works:
    """The work of the notebooks beside ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._datasets, self._workbook = datasets_folder(folder), folder.parent
        self._path = self._workbook / REMEMBERED
        self._known: dict[str, Json] = {}
        self._changed = False
        with suppress(OSError, ValueError):
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            self._known = kept if isinstance(kept, dict) else {}

    def of(self, activity: Activity, folder: Path, sheet: AnswerSheet) -> Work:
        """What this sheet holds of an activity, whose question files are in ``folder``.

        Raises :class:`~crc_lab.core.errors.CrcError` for question files that cannot be read.
        """
        if not any(one.date or not is_blank(one.value) for one in (*sheet.answers.values(), *sheet.exam.values())):
            return Work(earned=None if sheet.is_assessment else 0.0)
        digest = _digest(folder, sheet)
        match self._known.get(activity.id):
            case [kept, raw] if kept == digest and (work := Work.from_json(raw, activity)):
                return work
        older = (copy.answers for copy in copies(self._workbook, activity.id))
        minutes = time_spent([sheet.answers, sheet.exam, *older])
        work = replace(_marked(activity, folder, self._datasets, sheet), minutes=minutes)
        self._known[activity.id] = [digest, work.to_json()]
        self._changed = True
        return work

    def keep(self) -> None:
        """Remember what was marked, where the workbook is a copy of the person's own; a refusal costs time only."""
        if self._changed and self._path.parent.is_dir():
            with suppress(OSError):
                write_atomically(self._path, json.dumps(self._known, ensure_ascii=False).encode())
        self._changed = False


def _digest(folder: Path, sheet: AnswerSheet) -> str:
    """Of all that the marks of a sheet depend on: its answers, the questions and keys, the program."""
    files = [path.read_bytes() for name in (EXERCISES, KEYS) if (path := folder / name).is_file()]
    program = Path(grading.__file__).stat().st_mtime_ns
    answers = json.dumps(sheet.to_metadata(), ensure_ascii=False, sort_keys=True).encode()
    return sha256(b"\0".join([*files, answers, str(program).encode()]))


def outlined(name: str, raw: Mapping[str, Any], asked: Sequence[str] = ()) -> Activity:
    """The outline of an activity, from the tables of its exercices.toml and the order of its questions in the page."""
    listed = raw.get("question", ())
    tables = {
        str(one.get("id", "")): one for one in (listed if isinstance(listed, list) else ()) if isinstance(one, dict)
    }
    questions = tuple(
        Outline(
            question, str(one.get("titre", "")), not is_training(one),
            str(one.get("paquet", LEXICON)) if one.get("genre") == "cartes" else "",
        )
        for question in in_page_order(tables, asked)
        for one in (tables[question],)
    )  # fmt: skip
    return Activity(
        name, int(raw.get("numero", 0)), str(raw.get("titre", name)), float(raw.get("points", 0)),
        str(raw.get("duree", "")), questions,
    )  # fmt: skip


def _marked(activity: Activity, folder: Path, datasets: Path, sheet: AnswerSheet) -> Work:
    """What was done, marked as the cards mark it."""
    loaded = load_activity(folder, datasets, with_keys=not sheet.is_assessment)  # those of an assessment stay closed
    values = {name: answer.value for name, answer in sheet.answers.items()}
    given = [one for one in loaded.activity.questions if not is_blank(values.get(one.id), one.given_columns)]
    results = [
        (one, grade(one, values[one.id], loaded.key(one.id), values, sheet.answers[one.id].ticks))
        for one in given
        if sheet.answers[one.id].tries and loaded.key(one.id)
    ]
    marks = [earned_of(result) for one, result in results if not one.training]
    columns = zip(*marks, strict=True) if marks else ((), (), ())
    earned, maximum, to_be_read = (float(sum(column, NOTHING)) for column in columns)
    kept = [answer for name, answer in (*sheet.answers.items(), *sheet.exam.items()) if not is_blank(answer.value)]
    state = sheet.get(EXAM)
    return Work(
        frozenset(one.id for one in given), None if sheet.is_assessment else earned, maximum, to_be_read,
        tuple(_missed(activity, results, sheet)), Exam.from_json(state.value if state else None), latest(sheet),
        frozenset(answer.date[:10] for answer in kept),
    )  # fmt: skip


def _missed(
    activity: Activity, results: Iterable[tuple[Question, QuestionResult]], sheet: AnswerSheet
) -> Iterator[Missed]:
    for question, result in results:
        if result.verdict in MISSED:
            partly = result.verdict is Verdict.PARTIEL
            yield activity.missed(question.id, partly, sheet.answers[question.id].date)


def time_spent(kept: Iterable[Mapping[str, Answer]]) -> int:
    """Whole minutes spent on an activity, at the least: the time between its answers, from one to the next.

    ``kept``: the answers of its sheet, and of the copies of other days. An answer has one date, that of its last
    change: where more than A_PAUSE lies between two of them, nothing tells work from a pause, and none of it counts. So
    it is never more than what was spent; a long table, which is one answer, may be most of what is missing.
    """
    instants = sorted({one.instant for answers in kept for one in answers.values() if one.instant is not None})
    gaps = (later - sooner for sooner, later in pairwise(instants))
    return sum((gap for gap in gaps if gap <= A_PAUSE), dt.timedelta()) // dt.timedelta(minutes=1)


def latest(sheet: AnswerSheet) -> str:
    """When an answer of the sheet was last given (ISO 8601, perhaps empty)."""
    return max((answer.date for answer in (*sheet.answers.values(), *sheet.exam.values())), default="")
