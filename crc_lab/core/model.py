"""The values that everything else passes around: activities, questions, keys, verdicts and results.

All frozen. Python names are English; the JSON names (French) are fixed by the contracts of the design,
see :meth:`QuestionResult.to_json`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from crc_lab.core.text import Page

LEXICON, QUICK_QUESTIONS = "lexique", "questions"
"""The sets of cards with spaced repetition (``paquet``)."""
TRAINING, ASSESSMENT = "entrainement", "evaluation"
"""The two editions of an activity."""
SECOND_HINT_COST = 0.1
"""Share of a question's points that its second hint costs in the assessment edition, where the teacher says nothing."""
PENDING = "A-LA-CORRECTION"
"""Code of the message of a criterion that waits for the key."""
MANUAL = "NOTE-MANUELLE"
"""Code of the message of a question that a person marked as a whole."""
TO_CHECK = "A-VERIFIER"
"""Code of the message of a criterion whose points are proposed by the program and worth a look by the teacher."""

_CODE = re.compile(r"`([^`\n]+)`")
Json = Any
EMPTY: Mapping[str, Any] = {}


class Verdict(StrEnum):
    """Outcome of a criterion, of a question. The words are part of the JSON contract."""

    JUSTE = "JUSTE"
    PARTIEL = "PARTIEL"
    FAUX = "FAUX"
    NON_REPONDU = "NON_REPONDU"
    A_RELIRE = "A_RELIRE"
    ERREUR = "ERREUR"


@dataclass(frozen=True, slots=True)
class Message:
    """One remark to the student: a stable code, a French text, and the rows and columns it speaks of.

    ``titles``: how people call these columns, when that is not their names.
    """

    code: str
    text: str
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "texte": self.text, "lignes": list(self.rows)}


@dataclass(frozen=True, slots=True)
class CellNote:
    """What is to be said of one cell of a table, of one field: ``state`` is ``faux``, ``juste``, ``partiel``,
    ``accepte``, or ``doute`` for a text that could not be read."""

    row: str
    column: str
    state: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class InDoubt:
    """A text that could not be read for sure, and that may change the points of its criterion.

    ``model``: what reads it; ``line``: its place in the answer (« 0 », « b2b.raison »); ``proposed``: the doubtful
    labels that the points suppose; ``doubts``: each doubtful label, and why, in French; ``sure``: the other labels that
    it holds; ``points``: the most that it may change; ``offered``: where nothing was recognised, the labels that a
    student may say are in it, with their names; ``ticked``: those that the student says.
    """

    model: str
    line: str
    text: str
    proposed: frozenset[str]
    doubts: tuple[tuple[str, str], ...]
    sure: frozenset[str] = frozenset()
    points: float = 0.0
    offered: tuple[tuple[str, str], ...] = ()
    ticked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """Points (0 to ``max_points``, not rounded) and messages for one criterion.

    ``teacher``: what only the teacher reads (why the points are doubtful, what an open answer seems to hold); it never
    changes the points. ``in_doubt``: the texts that only a teacher can decide.
    """

    id: str
    label: str
    verdict: Verdict
    points: float
    max_points: float
    messages: tuple[Message, ...] = ()
    cells: tuple[CellNote, ...] = ()
    teacher: tuple[Message, ...] = ()
    in_doubt: tuple[InDoubt, ...] = ()

    def to_json(self) -> dict[str, Any]:
        found = _marked(self) | {"messages": [message.to_json() for message in self.messages]}
        return found | ({"enseignant": [message.to_json() for message in self.teacher]} if self.teacher else {})


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """The verdict on one answer. ``points`` is a plain float between 0 and ``max_points``, never rounded."""

    id: str
    verdict: Verdict
    points: float
    max_points: float
    criteria: tuple[CriterionResult, ...] = ()

    @property
    def messages(self) -> tuple[Message, ...]:
        return tuple(message for criterion in self.criteria for message in criterion.messages)

    @property
    def cells(self) -> tuple[CellNote, ...]:
        return tuple(cell for criterion in self.criteria for cell in criterion.cells)

    def to_json(self) -> dict[str, Any]:
        return _marked(self) | {"criteres": [criterion.to_json() for criterion in self.criteria]}


def _marked(result: CriterionResult | QuestionResult) -> dict[str, Any]:
    return {"id": result.id, "verdict": result.verdict.value, "points": result.points, "sur": result.max_points}


@dataclass(frozen=True)
class Table:
    """A plain table: column names and rows of text cells (``""`` when empty)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Table:
        return cls(tuple(value["colonnes"]), tuple(tuple(row) for row in value["lignes"]))

    def to_json(self) -> dict[str, Any]:
        return {"colonnes": list(self.columns), "lignes": [list(row) for row in self.rows]}

    @cached_property
    def positions(self) -> dict[str, int]:
        return {name: position for position, name in enumerate(self.columns)}

    def records(self) -> Iterator[dict[str, str]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def by_key(self, key: str) -> dict[str, dict[str, str]]:
        """Rows as dictionaries, under the text of their ``key`` cell; the first row wins when a key is repeated."""
        found: dict[str, dict[str, str]] = {}
        for record in self.records():
            found.setdefault(record[key], record)
        return found


@dataclass(frozen=True, slots=True)
class Option:
    """One choice, one item to match: ``reason`` (French, shown after checking) may be empty."""

    id: str
    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table question. ``answer``: the student fills it; ``choices``: the values of its drop-down.

    ``title``: how people call it, when that is not its name; ``group``: the family it belongs to, in the menu of
    columns (may be empty); ``kind``: ``texte``, ``nombre`` or ``date``, what a filter compares.
    """

    name: str
    answer: bool = False
    choices: tuple[str, ...] = ()
    help: str = ""
    text: bool = True
    group: str = ""
    kind: str = "texte"
    title: str = ""


@dataclass(frozen=True, slots=True)
class TableSpec:
    """The table of a question: where the given rows come from and what is to be filled.

    ``source`` names a data file (``Question.data``); ``key`` is the column that identifies a row; ``rows``
    limits the rows to the first ones (0 = all); ``visible`` are the columns shown at first (empty = all).
    """

    source: str
    key: str
    columns: tuple[Column, ...]
    rows: int = 0
    visible: tuple[str, ...] = ()

    @property
    def given(self) -> frozenset[str]:
        """The columns that the card fills itself: they do not make an answer."""
        return frozenset(column.name for column in self.columns if not column.answer)

    @property
    def kinds(self) -> dict[str, str]:
        """``texte``, ``nombre`` or ``date``, by column."""
        return {column.name: column.kind for column in self.columns}


@dataclass(frozen=True, slots=True)
class Part:
    """One named field of a question; ``spec``: what its kind made of the other fields."""

    id: str
    kind: str
    label: str
    unit: str = ""
    spec: Any = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the mark scheme: ``check`` names a function of :mod:`crc_lab.checks`, ``params`` are its settings."""

    id: str
    label: str
    check: str
    points: float
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def part(self) -> str | None:
        """The part of the question that it looks at (``partie``); None for the whole."""
        return self.params.get("partie")

    def of(self, answer: Json) -> Json:
        """What it looks at of an answer to the whole question, as the sheet holds it."""
        if self.part is None:
            return answer
        return answer.get(self.part) if isinstance(answer, Mapping) else None


@dataclass(frozen=True)
class Question:
    """One question, without its key. ``points`` is 0 for an unmarked training exercise (``training``).

    ``spec``: what its kind owns (:mod:`crc_lab.kinds`); ``table``: the table it shows or has filled; ``data``: the data
    files of the activity, ``data_titles`` how people call their columns; ``skill``: the id of the skill it exercises
    (``rooms.skills``), perhaps none; ``rule``: the heading, in the notebook, of what is to be read beside its table;
    ``page``: what the whole page says.
    """

    id: str
    kind: str
    title: str
    prompt: str
    points: float
    criteria: tuple[Criterion, ...]
    spec: Any = None
    training: bool = False
    hints: tuple[str, ...] = ()
    table: TableSpec | None = None
    law: str = ""
    excel: bool = False
    messages: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Table] = field(default_factory=dict)
    data_titles: Mapping[str, str] = field(default_factory=dict)
    skill: str = ""
    rule: str = ""
    page: Page = field(default_factory=Page, repr=False, compare=False)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Its named parts, when its kind has some."""
        return getattr(self.spec, "parts", ())

    @property
    def depends(self) -> tuple[str, ...]:
        """The other questions of the activity whose answers are needed to mark this one (``depend_de``)."""
        named = (criterion.params.get("depend_de", ()) for criterion in self.criteria)
        return tuple(dict.fromkeys(name for one in named for name in ((one,) if isinstance(one, str) else one)))

    @property
    def given_columns(self) -> frozenset[str]:
        """The columns of its table that are not an answer (none without a table)."""
        return self.table.given if self.table else frozenset()

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """How people call the columns of its table and of its data, by name, where that is not their name: whatever is
        shown, written in a file or said of an answer uses this."""
        own = {column.name: column.title for column in (self.table.columns if self.table else ()) if column.title}
        return {**self.data_titles, **own}

    def title_of(self, column: str) -> str:
        """How people call a column; its name where nobody says otherwise."""
        return self.titles.get(column, column)

    def titled(self, markdown: str) -> str:
        """A text of the question, the columns that it names (`panier_moyen`) as people call them, in bold."""
        return _CODE.sub(
            lambda found: f"**{self.titles[found[1]]}**" if found[1] in self.titles else found[0], markdown
        )


@dataclass(frozen=True)
class Key:
    """What only the teacher (or the training edition) has for one question.

    ``answer`` is a model answer in the sheet's own shape, ``explanation`` Markdown, ``criteria`` the settings that
    each criterion needs, ``tables`` the reference tables, ``messages`` the texts of the known mistakes, ``proofs``
    wrong answers with the message (``code``) and perhaps the ``points`` that they must earn. ``models``: what the short
    texts of the activity are read with (lecture.json), by name.
    """

    question: str
    answer: Json
    explanation: str = ""
    criteria: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    messages: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    proofs: tuple[Mapping[str, Any], ...] = ()
    models: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Activity:
    """One activity: its questions in the order of the notebook.

    ``points``: 20 as a rule, 40 in a mock exam, 0 where nothing is marked.
    ``edition`` and ``subject`` come from the question file: that of a prepared subject says so. ``exam_duration``: that
    of an assessment; ``law_after``: the law is shown after the first check, not before.
    """

    id: str
    number: int
    title: str
    points: float
    duration: str
    questions: tuple[Question, ...]
    edition: str = TRAINING
    subject: str = ""
    exam_duration: str = ""
    law_after: bool = False

    def question(self, question_id: str) -> Question | None:
        return next((question for question in self.questions if question.id == question_id), None)

    @property
    def marked(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if not question.training)
