"""From copies to marks: one sheet and its key, the whole class, marks given by a person.

Here, one sheet + its key → marked questions; and the values that hold the results of a class. No cell is run, none is
even looked at. Points are floats, never rounded here. How an answer was given (tries, hints, when, by the clock of the
student's own computer) is kept beside its mark and never changes it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any

from autograder.identity import Listed, Person
from autograder.identity.author import Identity
from autograder.intake import INTERNAL, Incident, Rejection
from autograder.intake.keys import OFF_SUBJECT
from autograder.intake.person_names import is_anonymous
from crc_lab.core.answers import is_blank
from crc_lab.core.bank import LoadedActivity
from crc_lab.core.feedback import NOTHING, Earned, Shown, earned_of, points_text, rounded, shown
from crc_lab.core.grading import grade
from crc_lab.core.model import (
    ASSESSMENT,
    SECOND_HINT_COST,
    TO_CHECK,
    Activity,
    CriterionResult,
    InDoubt,
    Json,
    Message,
    Question,
    QuestionResult,
    Verdict,
)
from crc_lab.core.sheet import Answer, AnswerSheet
from crc_lab.core.text import clean, clean_line, count

CARD, CODE, EXCEL = "carte", "code", "excel"
"""Where an answer comes from, as the sheet says it."""
PAUSE = dt.timedelta(hours=2)
"""Between two answers, more than this is no work: a night, another lesson."""


@dataclass(frozen=True, slots=True)
class Trace:
    """How one answer was given. ``date`` is None for one that cannot be read; ``print`` is the same for the same
    answers, and empty for a question left blank."""

    source: str
    tries: int
    hints: int
    date: dt.datetime | None
    print: str


def traces(sheet: AnswerSheet, activity: Activity) -> dict[str, Trace]:
    """The traces of the answers to the questions of the activity, exercises included, by question id."""
    found = {}
    for question in activity.questions:
        if answer := sheet.answers.get(question.id):
            blank = is_blank(answer.value, question.given_columns)
            print_ = "" if blank else _print_of_answer(answer)
            found[question.id] = Trace(answer.source, answer.tries, answer.hints, answer.instant, print_)
    return found


def durations(found: Mapping[str, Trace]) -> dict[str, dt.timedelta]:
    """The time between each answer and the one given before it, by question id; nothing after a pause."""
    dated = sorted((trace.date, name) for name, trace in found.items() if trace.date and trace.print)
    gaps = {name: date - before for (before, _), (date, name) in pairwise(dated)}
    return {name: gap for name, gap in gaps.items() if dt.timedelta() < gap <= PAUSE}


def _print_of_answer(answer: Answer) -> str:
    content = json.dumps(answer.value, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


# --- marks ------------------------------------------------------------------------------------------------------------


LISTED = 5
"""Questions of the same incident that are named one by one; beyond, they are counted."""
PAID_HINT = 2
"""Level of the hint that costs points in the assessment edition."""


@dataclass(frozen=True)
class CopyResult:
    """One marked copy: marked questions only, without the notes of cells. ``date`` is that of its latest answer.

    ``key`` is that of its :class:`~autograder.intake.HandedIn`; ``answers`` the raw values of the questions that
    a person marks, by question id; ``traces`` how each was given. ``points`` is not rounded: people see :attr:`mark`.
    ``accepted``: the teacher lets a copy that does not come from the subject count.
    """

    file: str
    identity: Identity
    person: Person
    activity: str
    edition: str
    points: float
    max_points: float
    questions: tuple[QuestionResult, ...]
    incidents: tuple[Incident, ...]
    date: dt.datetime | None
    key: str = ""
    answers: Mapping[str, Json] = field(default_factory=dict)
    traces: Mapping[str, Trace] = field(default_factory=dict)
    accepted: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "fichier": self.file,
            "eleve": self.person.to_json(),
            "activite": self.activity,
            "note": self.points,
            "sur": self.max_points,
            "questions": [question.to_json() for question in self.questions],
            "incidents": [incident.to_json() for incident in self.incidents],
            **({"provisoire": True} if self.unaccepted else {}),
        }

    @cached_property
    def shown(self) -> Mapping[str, Shown]:
        """The points of each question as people see them, by question id."""
        return {question.id: shown(question) for question in self.questions}

    @cached_property
    def earned(self) -> Mapping[str, Earned]:
        """What each question earned, by question id."""
        return {question.id: earned_of(question, self.shown[question.id]) for question in self.questions}

    @cached_property
    def mark(self) -> Decimal:
        """The mark as people see it: the sum of what they see of its questions."""
        return sum((one.points for one in self.shown.values()), NOTHING)

    @property
    def answered(self) -> int:
        return sum(question.verdict is not Verdict.NON_REPONDU for question in self.questions)

    @property
    def wrong(self) -> frozenset[str]:
        """The questions that did not earn all their points."""
        settled = (Verdict.JUSTE, Verdict.A_RELIRE)
        return frozenset(question.id for question in self.questions if question.verdict not in settled)

    @property
    def pending(self) -> tuple[str, ...]:
        """The questions that a person still has to mark."""
        return tuple(question.id for question in self.questions if question.verdict is Verdict.A_RELIRE)

    @property
    def off_subject(self) -> bool:
        """Handed in for a subject, and does not come from it: made in the training workbook, where the key is shown."""
        return any(incident.code in OFF_SUBJECT for incident in self.incidents)

    @property
    def unaccepted(self) -> bool:
        """Off the subject, and the teacher has not said that it counts."""
        return self.off_subject and not self.accepted

    @property
    def provisional(self) -> bool:
        """True for a mark that waits for a person: nothing that leaves the class (Moodle, a grid to copy) has it."""
        return bool(self.pending) or self.unaccepted


@dataclass(frozen=True)
class StudentResult:
    """All that one person handed in: one copy per activity, by activity id.

    ``id`` is stable and unique in the result: the class list's identifier, else the sheet's, else made from the name.
    ``candidates``: the students of the class list who it may be, when it is nobody's for sure.
    """

    person: Person
    copies: Mapping[str, CopyResult]
    id: str = ""
    listed: Listed | None = None
    candidates: tuple[Listed, ...] = ()

    @property
    def asked(self) -> bool:
        """True when only the teacher can say who it is."""
        return self.listed is None and (
            bool(self.candidates) or any(copy.identity.asked for copy in self.copies.values())
        )

    @property
    def is_named(self) -> bool:
        """True when a sheet, Moodle or nbgrader says a name, which may be nobody's of the list."""
        return any(
            one.stated or (one.guess.sure and not is_anonymous(one.guess.name))
            for one in (copy.identity for copy in self.copies.values())
        )


@dataclass(frozen=True)
class ClassResult:
    """The outcome for a whole input: people by last name, rejections by file, activities by number.

    ``absent``: the students of the class list from whom nothing at all came, in its order; ``waiting``: those of whom
    something came, or may have, that is not marked under their name. ``unsettled``: by identifier, the activities of
    what came so, none where they are not known. ``roster_given``: there was a class list.
    """

    students: tuple[StudentResult, ...]
    rejections: tuple[Rejection, ...]
    activities: tuple[Activity, ...]
    absent: tuple[Listed, ...] = ()
    roster_given: bool = False
    waiting: tuple[Listed, ...] = ()
    unsettled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def without_copy(self) -> tuple[Listed, ...]:
        """The students of the class list who have no mark."""
        return (*self.absent, *self.waiting)

    def is_absent(self, listed: Listed, activity: str) -> bool:
        """True when nothing came from this student for this activity, as far as anybody can tell."""
        came = self.unsettled.get(listed.identifier)
        return came is None or (bool(came) and activity not in came)

    @property
    def copies(self) -> tuple[CopyResult, ...]:
        """By activity, then by student."""
        return tuple(
            student.copies[activity.id]
            for activity in self.activities
            for student in self.students
            if activity.id in student.copies
        )


def mark_sheet(
    sheet: AnswerSheet, loaded: LoadedActivity, same: dict[bytes, QuestionResult] | None = None
) -> tuple[tuple[QuestionResult, ...], tuple[Incident, ...]]:
    """The marked questions of one sheet, and the incidents. Training exercises are left out: they are not marked.

    ``same``: what was marked of this class with these keys, added to: the same answer is marked once.
    """
    values = {name: answer.value for name, answer in sheet.answers.items()}
    same = {} if same is None else same
    results, incidents = [], []
    for question in loaded.activity.marked:
        answer = sheet.answers.get(question.id, Answer(None))
        try:
            held = _print_of(loaded.activity.id, question, answer.value, values)
            if (result := same.get(held)) is None:
                result = _light(grade(question, answer.value, loaded.key(question.id), values))
            if held:
                same[held] = result
        except Exception as error:  # our own mistake must cost neither the batch nor the other questions
            result = _broken(question)
            text = f"{question.id} : la correction automatique a échoué ({type(error).__name__}), à noter à la main."
            incidents.append(Incident(INTERNAL, text))
        if answer.ticks:
            result = _with_ticks(result, answer.ticks)
        if sheet.edition == ASSESSMENT and answer.hints >= PAID_HINT and result.points:
            text = f"{question.id} : indice de niveau 2 demandé (− {100 * SECOND_HINT_COST:g} %)."
            incidents.append(Incident("INDICE-PAYANT", text))
            result = replace(result, points=result.points * (1 - SECOND_HINT_COST))
        results.append(result)
        incidents += _doubts(result)
    asked = {question.id for question in loaded.activity.questions}
    unknown = [clean_line(name, 40) for name in sorted(set(sheet.answers) - asked)]
    texts = [
        f"Une réponse à « {name} », qui n’existe pas dans cette activité, est laissée de côté." for name in unknown
    ]
    if len(unknown) > LISTED:
        number = count(len(unknown), "réponse")
        texts = [f"{number} à des questions qui n’existent pas dans cette activité sont laissées de côté."]
    return tuple(results), (*incidents, *(Incident("QUESTION-INCONNUE", text) for text in texts))


def _with_ticks(result: QuestionResult, ticks: Mapping[str, frozenset[str]]) -> QuestionResult:
    """The same mark, with what the student says is in the texts in doubt: a proposal to the teacher, nothing more."""

    def ticked(one: InDoubt) -> InDoubt:
        offered = {label for label, _ in one.offered}
        return replace(one, ticked=ticks.get(one.line, frozenset()) & offered)

    criteria = (replace(one, in_doubt=tuple(map(ticked, one.in_doubt))) for one in result.criteria)
    return replace(result, criteria=tuple(criteria))


def _print_of(activity: str, question: Question, value: Json, others: Mapping[str, Json]) -> bytes:
    """Everything that the mark of an answer depends on, besides the key; empty for what no notebook can hold."""
    try:
        depends = {name: others[name] for name in question.depends if name in others}
        told = json.dumps([activity, question.id, value, depends])
    except (TypeError, ValueError, RecursionError):
        return b""
    return hashlib.blake2b(told.encode(), digest_size=16).digest()


def _doubts(result: QuestionResult) -> list[Incident]:
    """What a teacher should look at: the marks that the program only proposes, and why."""
    found = []
    for criterion in result.criteria:
        points = points_text(rounded(criterion.points, criterion.max_points), criterion.max_points)
        place = f"{result.id}, {criterion.label.lower()} ({points})"
        found += [Incident(TO_CHECK, f"{place} : {said.text}") for said in criterion.teacher if said.code == TO_CHECK]
    return found


def _broken(question: Question) -> QuestionResult:
    message = Message(INTERNAL, "Cette réponse n’a pas pu être corrigée automatiquement : votre professeur la relira.")
    criteria = tuple(
        CriterionResult(criterion.id, criterion.label, Verdict.ERREUR, 0.0, criterion.points, (message,))
        for criterion in question.criteria
    )
    return QuestionResult(question.id, Verdict.ERREUR, 0.0, float(question.points), criteria)


def _light(result: QuestionResult) -> QuestionResult:
    """The result without its notes of cells (only the cards show them), with texts that every file format can hold."""
    criteria = tuple(
        replace(
            criterion,
            cells=(),
            messages=tuple(_plain(message) for message in criterion.messages),
            teacher=tuple(_plain(message) for message in criterion.teacher),
        )
        for criterion in result.criteria
    )
    return replace(result, criteria=criteria)


def _plain(message: Message) -> Message:
    rows = tuple(clean_line(row, 40) for row in message.rows)
    columns, titles = (tuple(clean_line(name, 40) for name in names) for names in (message.columns, message.titles))
    return Message(message.code, clean(message.text), rows, columns, titles)
