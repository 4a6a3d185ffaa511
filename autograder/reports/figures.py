"""What the reports say of a class: marks, shares, mistakes, remarks, what to work on, how it was answered."""

from __future__ import annotations

import datetime as dt
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from autograder.intake import INTEGRITY, Incident
from autograder.marking import CARD, CODE, EXCEL, ClassResult, CopyResult, StudentResult, Trace, durations
from autograder.marking.manual import REVIEW, given_mark
from crc_lab.core.feedback import Shown, SkillShown, by_skill, exact, message_text, rounded
from crc_lab.core.model import Activity, CriterionResult, Message, Question, QuestionResult, Verdict
from crc_lab.core.text import NBSP, clean_line, count, french, sort_key

NOT_MISTAKES = re.compile(
    r"NON_REPONDU|A-LA-CORRECTION|A-RELIRE|NOTE-MANUELLE|ERREUR-INTERNE|.*-(?:BILAN|EXPERT|VIDES?|RESTE(?:-.*)?)"
)
"""Codes that sum up an answer, say what is left to do or what a person said, and so name no known mistake."""
OFF_SUBJECT = "copie du cahier d’entraînement, acceptée"
HINT = "Indice de niveau 2"
PRIORITIES = 3
BINS = 10
"""The classes of the histogram: two points each for an activity of 20 points, four for one of 40."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One message code in one activity: a text as the students read it, who got it, the rows most concerned."""

    code: str
    text: str
    question: str
    students: tuple[str, ...]
    share: float
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What has a column of its own: a criterion (the one at ``position``), the whole question (no position), or what
    its hint cost (``hint``)."""

    question: Question
    position: int | None = None
    hint: bool = False

    @property
    def whole(self) -> bool:
        return self.position is None and not self.hint

    @property
    def label(self) -> str:
        if self.position is None:
            return HINT if self.hint else self.question.title
        criterion = self.question.criteria[self.position]
        return criterion.label or criterion.id

    @property
    def maximum(self) -> float:
        return self.question.points if self.position is None else self.question.criteria[self.position].points

    def of(self, copy: CopyResult) -> QuestionResult | CriterionResult | None:
        """Its result in one copy; None for a hint, and for a copy marked with other questions."""
        question = next((one for one in copy.questions if one.id == self.question.id), None)
        if question is None or self.hint:
            return None
        return question if self.position is None else question.criteria[self.position]

    def points(self, copy: CopyResult) -> Decimal | None:
        """What people see of it (less than 0 for a hint); None where a person marked the question as a whole."""
        shown = copy.shown.get(self.question.id)
        if shown is None or self.hint:
            return -shown.hint if shown and shown.hint else None
        if self.position is None:
            return shown.points
        return shown.criteria[self.position] if shown.criteria else None


@dataclass(frozen=True, slots=True)
class Remark:
    """One incident of one copy, under the name that tells homonyms apart."""

    name: str
    copy: CopyResult
    incident: Incident

    @property
    def file(self) -> str:
        return clean_line(self.copy.file, 400)


@dataclass(frozen=True, slots=True)
class Priority:
    """Something to work on: where, and the points it would bring."""

    activity: Activity
    label: str
    missing: Decimal
    advice: str


def provisional(copies: Iterable[CopyResult]) -> str:
    """« provisoire : 1 réponse à relire »; nothing when every mark is final."""
    known = list(copies)
    pending, off = sum(len(copy.pending) for copy in known), sum(copy.unaccepted for copy in known)
    waits = [f"{count(pending, 'réponse')} à relire"] * bool(pending)
    waits += [f"{count(off, 'copie')} du cahier d’entraînement, à accepter"] * bool(off)
    return french(f"provisoire : {' ; '.join(waits)}") if waits else ""


def said(result: ClassResult, student: StudentResult, copies: Iterable[CopyResult]) -> str:
    """What is to be known of a student's marks, in a few words: out of the list, off the subject, still to rise."""
    known = list(copies)
    outside = "hors liste" if result.roster_given and student.listed is None else ""
    if student.asked:
        outside = "à qui ? voir identites.csv"
    off = OFF_SUBJECT if any(copy.off_subject and copy.accepted for copy in known) else ""
    return " ; ".join(filter(None, (outside, off, provisional(known))))


def shown_names(students: Sequence[StudentResult]) -> list[str]:
    """The name of each student; homonyms are told apart by their identifier, or by a number."""
    alike = Counter(student.person.name for student in students)
    seen: Counter[str] = Counter()
    names = []
    for student in students:
        name = student.person.name
        seen[name] += 1
        mark = student.person.identifier or str(seen[name])
        names.append(f"{name} ({mark})" if alike[name] > 1 else name)
    return names


def copies_of(result: ClassResult, activity: Activity) -> list[tuple[StudentResult, CopyResult]]:
    """The copies of one activity with their students, in alphabetical order."""
    return [(student, student.copies[activity.id]) for student in result.students if activity.id in student.copies]


def marked_questions(activity: Activity, copy: CopyResult) -> Iterator[tuple[Question, QuestionResult]]:
    """The marked questions of an activity, each with its result in one copy."""
    results = {result.id: result for result in copy.questions}
    return ((question, results[question.id]) for question in activity.marked if question.id in results)


def parts_of(question: Question, copies: Iterable[CopyResult]) -> list[Part]:
    """What has a column in the reports, in order; what its hint cost, where it did cost something to somebody.

    A question that a person marks is marked as a whole: its criteria only say what to look for.
    """
    whole = all(criterion.check == REVIEW for criterion in question.criteria)
    parts = [Part(question)] if whole else [Part(question, position) for position in range(len(question.criteria))]
    paid = any(copy.shown[question.id].hint for copy in copies if question.id in copy.shown)
    return [*parts, Part(question, hint=True)] if paid else parts


def summary(copies: Sequence[CopyResult]) -> dict[str, Decimal | int]:
    """The marks of one activity (at least one copy), as people see them; ``provisional``: how many wait."""
    marks, maximum = [copy.mark for copy in copies], copies[0].max_points
    return {
        "copies": len(marks),
        "mean": rounded(statistics.mean(marks), maximum),
        "median": rounded(statistics.median(marks), maximum),
        "lowest": min(marks),
        "highest": max(marks),
        "provisional": sum(copy.provisional for copy in copies),
    }


def histogram(copies: Sequence[CopyResult]) -> list[int]:
    """How many marks fall in each class, a tenth of the points: its start is included, its end too in the last one."""
    found = Counter(min(BINS - 1, int(BINS * copy.mark // exact(copy.max_points))) for copy in copies)
    return [found[number] for number in range(BINS)]


def mean_share(copies: Sequence[CopyResult], part: Part) -> float:
    """The class's share (0 to 1) of the points of one column; answers that wait for a person are left out."""
    found = [value for copy in copies if (value := part.of(copy)) is not None]
    known = [value for value in found if value.verdict is not Verdict.A_RELIRE]
    available = sum(value.max_points for value in known)
    return sum(value.points for value in known) / available if available else 0.0


def skills_of(result: ClassResult, copies: Iterable[CopyResult]) -> list[SkillShown]:
    """What these copies earned of each skill, all together: what was not handed in counts for nothing, either way."""
    activities = {activity.id: activity for activity in result.activities}
    return by_skill(
        (question, copy.earned[question.id])
        for copy in copies
        for question in activities[copy.activity].marked
        if question.id in copy.earned
    )


def mean_mark(student: StudentResult) -> Decimal:
    """The mean out of 20 of the marks of what one student handed in, equal weights, to a hundredth."""
    return rounded(statistics.mean(20 * copy.mark / exact(copy.max_points) for copy in student.copies.values()), 20)


def mistakes(copies: Sequence[tuple[str, CopyResult]]) -> list[Mistake]:
    """The messages of one activity, given with the name of each student; the most frequent first.

    Messages of a criterion that earned all its points are remarks, not mistakes: they are left out.
    """
    found: dict[tuple[str, str], dict[int, list[Message]]] = defaultdict(lambda: defaultdict(list))
    for number, (_, copy) in enumerate(copies):
        for question in copy.questions:
            for criterion in question.criteria:
                for message in criterion.messages if criterion.verdict is not Verdict.JUSTE else ():
                    if not NOT_MISTAKES.fullmatch(message.code):
                        found[question.id, message.code][number].append(message)
    told = [_mistake(*place, said, copies) for place, said in found.items()]
    return sorted(told, key=lambda mistake: (-len(mistake.students), mistake.question, mistake.code))


def _mistake(
    question: str, code: str, said: Mapping[int, Sequence[Message]], copies: Sequence[tuple[str, CopyResult]]
) -> Mistake:
    """``said``: what each student was told, by position in ``copies``."""
    texts = Counter(message.text for messages in said.values() for message in messages)
    rows = Counter(row for messages in said.values() for message in messages for row in message.rows)
    usual = min(texts, key=lambda text: (-texts[text], len(text), text))
    ranked = sorted(rows, key=lambda row: (-rows[row], len(row), sort_key(row)))
    names = tuple(copies[number][0] for number in said)
    return Mistake(code, usual, question, names, len(said) / len(copies), tuple(ranked[:5]))


def remarks(result: ClassResult, *, integrity: bool = False) -> list[Remark]:
    """What may change a mark or needs a decision; or ``integrity``: what was changed in the cells of the notebooks,
    without any effect on the marks."""
    names = {id(student): name for student, name in zip(result.students, shown_names(result.students), strict=True)}
    return [
        Remark(names[id(student)], copy, incident)
        for activity in result.activities
        for student, copy in copies_of(result, activity)
        for incident in copy.incidents
        if incident.code.startswith(INTEGRITY) == integrity
    ]


def priorities(copies: Iterable[tuple[Activity, CopyResult]]) -> list[Priority]:
    """The few things that would bring a student the most points, best first."""
    found = [
        priority
        for activity, copy in copies
        for question, result in marked_questions(activity, copy)
        for priority in _priorities(activity, question, result, copy.shown[question.id])
    ]
    return sorted(found, key=lambda priority: -priority.missing)[:PRIORITIES]


def _priorities(activity: Activity, question: Question, result: QuestionResult, seen: Shown) -> Iterator[Priority]:
    """One for each criterion; one in all where a person marked the question as a whole."""
    given = given_mark(result)
    if given is not None and result.verdict is not Verdict.JUSTE:
        missing = exact(result.max_points) - seen.points
        yield Priority(activity, f"{question.id}, {question.title}", missing, given.comment)
    for criterion, points in zip(result.criteria, seen.criteria, strict=False):  # no points where the whole was marked
        if criterion.verdict not in (Verdict.JUSTE, Verdict.A_RELIRE):
            blank = criterion.verdict is Verdict.NON_REPONDU
            advice = "Répondez à cette question." if blank else _advice(criterion)
            label = f"{question.id}, {criterion.label or question.title}"
            yield Priority(activity, label, exact(criterion.max_points) - points, advice)


def _advice(criterion: CriterionResult) -> str:
    """The first message that names a mistake, else the first one."""
    named = [message for message in criterion.messages if not NOT_MISTAKES.fullmatch(message.code)]
    return next((message_text(message) for message in (*named, *criterion.messages)), "")


# --- how each answer was given ----------------------------------------------------------------------------------------


_SOURCES = {CARD: "carnet", EXCEL: "Excel", CODE: "code"}
OTHER = "autre"


@dataclass(frozen=True, slots=True)
class Given:
    """One answer. ``minutes``: about how long after the answer before it, None when nothing tells."""

    question: str
    source: str
    tries: int
    hints: int
    minutes: int | None
    date: dt.datetime | None

    @property
    def text(self) -> str:
        """« 2 essais, 1 indice, 6 min, Excel »: what is out of the ordinary, and the time."""
        said = [count(self.tries, "essai") if self.tries > 1 else "", count(self.hints, "indice") if self.hints else ""]
        said += ["" if self.minutes is None else minutes_text(self.minutes)]
        return ", ".join(filter(None, [*said, "" if self.source == _SOURCES[CARD] else self.source]))


@dataclass(frozen=True, slots=True)
class Working:
    """One copy: its answers by marked question (None for a question left blank), and all in all.

    ``minutes``: the sum of the times that are known, exercises included.
    """

    answers: tuple[Given | None, ...]
    tries: int
    hints: int
    minutes: int | None


def working(activity: Activity, copy: CopyResult) -> Working:
    """How the marked questions of one copy were answered."""
    times = durations(copy.traces)
    answers = tuple(_given(question.id, copy.traces, times) for question in activity.marked)
    known = [one for one in answers if one is not None]
    total = sum(times.values(), dt.timedelta())
    tries, hints = sum(one.tries for one in known), sum(one.hints for one in known)
    return Working(answers, tries, hints, _minutes(total) if times else None)


def _given(question: str, traces: Mapping[str, Trace], times: Mapping[str, dt.timedelta]) -> Given | None:
    trace = traces.get(question)
    if trace is None or not trace.print:
        return None
    minutes = _minutes(times[question]) if question in times else None
    return Given(question, _SOURCES.get(trace.source, OTHER), trace.tries, trace.hints, minutes, trace.date)


def minutes_text(minutes: int) -> str:
    """« 6 min », « 1 h 05 », « moins d’une minute »."""
    if minutes < 1:
        return "moins d’une minute"
    hours, rest = divmod(minutes, 60)
    return f"{hours}{NBSP}h{NBSP}{rest:02}" if hours else f"{minutes}{NBSP}min"


def _minutes(time: dt.timedelta) -> int:
    return round(time.total_seconds() / 60)


def has_traces(copies: Sequence[CopyResult]) -> bool:
    """False where nothing is known of how the copies were answered (results without names)."""
    return any(copy.traces for copy in copies)
