"""What every check receives and returns, and ``grade(question, value, key)``: the only place where points are added.

A check is a pure function ``(value, context) -> Outcome``.
"""

from __future__ import annotations

import math
import string
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, TypeVar

from crc_lab.core.answers import FormatProblem, is_blank
from crc_lab.core.idle import EVERYWHERE
from crc_lab.core.model import (
    EMPTY,
    PENDING,
    TO_CHECK,
    CellNote,
    Criterion,
    CriterionResult,
    InDoubt,
    Json,
    Key,
    Message,
    Question,
    QuestionResult,
    Table,
    Verdict,
)
from crc_lab.core.problems import type_of_path
from crc_lab.core.rooms import checks, kinds, parse
from crc_lab.core.settings import COMMON, Mistake, Place, Setting, looked_at
from crc_lab.core.text import MOSTLY, NBSP, SCATTERED, Page, listing

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome:
    """``share`` of the criterion's points (0 to 1, checked by the grader), remarks, and what to say of cells.

    ``to_review``: a person decides, whatever ``share`` proposes. ``doubts``: why the share, which counts, is only a
    proposal (French sentences). ``unread``: nothing was recognised, and that is the program's doubt: never « faux ».
    ``teacher``: what helps the teacher and is not shown to the student. ``in_doubt``: the texts that only a teacher can
    decide.
    """

    share: float
    messages: tuple[Message, ...] = ()
    cells: tuple[CellNote, ...] = ()
    to_review: bool = False
    doubts: tuple[str, ...] = ()
    teacher: tuple[Message, ...] = ()
    unread: bool = False
    in_doubt: tuple[InDoubt, ...] = ()


@dataclass(frozen=True)
class Context:
    """One criterion at work: its settings (the key's complete the question's), data, texts of messages.

    ``others``: the answers, as the sheet holds them, to the other questions that the criterion names (``depend_de``).
    ``whole``: what the sheet holds for the whole question, of which the criterion may look at one part.
    ``shared``: what the criteria of one answer have worked out so far, see :meth:`once`.
    ``ticks``: what the student says is in the lines that could not be read (:mod:`crc_lab.core.sheet`).
    """

    question: Question
    criterion: Criterion
    key: Key | None
    others: Mapping[str, Json] = field(default_factory=dict)
    whole: Any = None
    shared: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)
    ticks: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def once(self, name: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` gives: worked out by the first of the criteria that look at the same (part of the) answer, for
        all of them. ``name`` holds whatever else it depends on."""
        known = (self.criterion.part, name)
        if known not in self.shared:
            self.shared[known] = make()
        found: T = self.shared[known]
        return found

    @property
    def spec(self) -> Any:
        """What the kind of the question, or of the part that the criterion looks at, made of its fields."""
        return looked_at(self.question, self.criterion).spec

    def param(self, name: str, default: Any = None) -> Any:
        """A setting: from the key when it has it, else from the question, else ``default``."""
        if self.key is not None and name in (of_key := self.key.criteria.get(self.criterion.id, {})):
            return of_key[name]
        return self.criterion.params.get(name, default)

    @property
    def answer(self) -> Json:
        """What the key answers, as a sheet would hold it: the part that the criterion looks at, or the whole."""
        return self.criterion.of(self.key.answer) if self.key else None

    def copied(self, *texts: str) -> bool:
        """Whether these texts, put end to end, were copied from the page; the words of the model answer were not."""
        text, mostly = "\n".join(texts), MOSTLY if len(texts) == 1 else SCATTERED
        return self.question.page.holds(text, mostly) and not _page(_said(self.answer)).holds(text)

    def table(self, name: str) -> Table:
        """A data file of the key or of the question, by its name under ``[donnees]``."""
        if self.key is not None and name in self.key.tables:
            return self.key.tables[name]
        return self.question.data[name]

    def rows(self, name: str) -> dict[str, dict[str, str]]:
        """The rows of such a file, by the column that identifies those of the question's table (else its first one)."""
        table, spec = self.table(name), self.question.table
        return table.by_key(spec.key if spec else table.columns[0])

    @property
    def texts(self) -> Mapping[str, str]:
        """The text of each message, by code."""
        return {**self.question.messages, **(self.key.messages if self.key else {})}

    def message(
        self, code: str, rows: tuple[str, ...] = (), columns: tuple[str, ...] = (), **values: object
    ) -> Message:
        """The coded message with its ``{values}`` filled; ``{fiches}`` lists the rows, ``{colonnes}`` the columns."""
        titles = self.titles(columns)
        given = {"fiches": row_list(rows), "colonnes": ", ".join(titles), **values}
        return Message(code, string.Formatter().vformat(self.texts[code], (), given), rows, columns, titles)

    def titles(self, columns: Iterable[str]) -> tuple[str, ...]:
        """How people call these columns."""
        return tuple(map(self.question.title_of, columns))

    def told(self, *codes: str | None) -> tuple[Message, ...]:
        """The messages of these codes, each once; None says nothing."""
        return tuple(self.message(code) for code in dict.fromkeys(codes) if code)


def _said(answer: Json) -> str:
    """The texts of a model answer, put end to end."""
    inner = answer.values() if isinstance(answer, Mapping) else answer if isinstance(answer, (list, tuple)) else ()
    return answer if isinstance(answer, str) else "\n".join(map(_said, inner))


@lru_cache(maxsize=64)
def _page(text: str) -> Page:
    return Page({"": text})


@dataclass(frozen=True, slots=True)
class Proof:
    """An answer, and what it must earn: a way to see that a setting does what it says.

    ``about``: a few French words; ``answer``: what the sheet would hold for the question, or for the part of the
    criterion, None for a mistake that no setting makes into an answer (its ``preuve`` is missing); ``share``: of the
    criterion's points (None: anything but all of them); ``code``: a message that it must bring; ``path``: the setting
    that it proves; ``others``: answers to the questions that this one depends on, ``parts`` to its other parts.
    """

    about: str
    answer: Json
    share: float | None = None
    code: str = ""
    path: type_of_path = ()
    others: Mapping[str, Json] = field(default_factory=dict)
    parts: Mapping[str, Json] = field(default_factory=dict)


type_of_check = Callable[[Any, Context], Outcome]


@dataclass(frozen=True, slots=True)
class Check:
    """A named check: what it accepts, what it looks at (``about``, a French sentence), whether it needs the key, and
    the message codes it may use.

    ``form`` says what can be said without the key, where ``run`` needs it; ``form_codes`` are the codes it uses.
    ``settings``: what it reads, besides what every criterion has. ``problems``: what no setting shows alone.
    ``defaults``: the settings that the model answer gives when the key does not. ``proofs``: the known mistakes and
    the accepted variants as answers, on a key whose settings are sound. ``pasted``: a text copied from the page as an
    answer, for a check that reads what a student writes.
    """

    run: type_of_check
    kinds: tuple[str, ...]
    about: str = ""
    needs_key: bool = True
    codes: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = ()
    form: type_of_check | None = None
    form_codes: tuple[str, ...] = ()
    problems: Callable[[Place], Iterable[Mistake]] = lambda _place: ()
    defaults: Callable[[Json], Mapping[str, Any]] = lambda _answer: EMPTY
    proofs: Callable[[Context], Iterable[Proof]] = lambda _context: ()
    pasted: Callable[[Context, str], Json] | None = None

    @property
    def declared(self) -> tuple[Setting, ...]:
        """Everything that a criterion with this check may set."""
        return (*COMMON, *self.settings)

    @property
    def params(self) -> tuple[str, ...]:
        """The settings that serve without the key: the only ones that a student's question file keeps."""
        return tuple(setting.name for setting in self.declared if setting.keyless)

    @property
    def keyless_codes(self) -> tuple[str, ...]:
        """The codes it may use without the key."""
        return self.form_codes if self.needs_key else self.codes


def row_list(rows: tuple[str, ...], limit: int = 12) -> str:
    """« fiche n° 3 », « fiches n° 3, 5 et 8 », « ligne lundi »: the rows by their names, cut after ``limit``."""
    if not rows:
        return ""
    plural = "s" if len(rows) > 1 else ""
    word = f"fiche{plural} n°" if all(row.isdecimal() for row in rows) else f"ligne{plural}"
    return f"{word}{NBSP}{listing(list(rows), limit)}"


# --- the only place where points are added ----------------------------------------------------------------------------


_TINY = 1e-9
TO_COME = Message(PENDING, "Vérifié à la correction.")
BLANK = Message("NON_REPONDU", "Vous n’avez pas encore répondu.")


def grade(
    question: Question,
    value: Json,
    key: Key | None = None,
    others: Mapping[str, Json] = EMPTY,
    ticks: Mapping[str, frozenset[str]] = EMPTY,
) -> QuestionResult:
    """Mark one answer.

    ``value`` is what the sheet holds (``valeur``), whatever its shape. Without ``key`` (assessment edition) only the
    criteria that need none are run; the others are pending: verdict A_RELIRE, 0 point, message A-LA-CORRECTION, then
    what their form calls for (``Check.form``). ``others``: the sheet's other answers (``valeur`` by question id); only
    those that ``question.depends`` names are looked at, and a missing one is never an error. ``ticks``: what students
    say is in lines that could not be read, counted for the time being; never given when a copy is marked.
    Points are floats between 0 and ``question.points``, never rounded. Never raises for bad input.
    """

    def same(verdict: Verdict, message: Message) -> QuestionResult:
        return _whole(question, (_result(criterion, verdict, message) for criterion in question.criteria))

    if is_blank(value, question.given_columns):
        return same(Verdict.NON_REPONDU, BLANK)
    parsed = parse(question.kind, value, question.spec)
    if isinstance(parsed, FormatProblem):
        return same(Verdict.ERREUR, Message(parsed.code, parsed.text))
    known = {name: others[name] for name in question.depends if name in others}
    shared: dict[Hashable, Any] = {}
    results = [
        _criterion(parsed, Context(question, one, key, known, value, shared, ticks)) for one in question.criteria
    ]
    idle = kinds()[question.kind].idle(parsed, question.spec, key.answer) if key else frozenset()
    unearned = frozenset(one.id for one in question.criteria if one.part in idle)
    return _whole(question, (_unearned(one) if one.id in unearned else one for one in results))


def _unearned(result: CriterionResult) -> CriterionResult:
    """The result of a part that was answered without looking."""
    return replace(result, verdict=Verdict.FAUX, points=0.0, messages=(*result.messages, EVERYWHERE))


def _criterion(value: Any, context: Context) -> CriterionResult:
    criterion = context.criterion
    if criterion.part:
        value = value.get(criterion.part)
        if isinstance(value, FormatProblem):
            return _result(criterion, Verdict.ERREUR, Message(value.code, value.text))
        if value is None or value in ("", ()):
            return _result(criterion, Verdict.NON_REPONDU, BLANK)
    check = checks()[criterion.check]
    if check.needs_key and context.key is None:  # nothing of right or wrong, only what its form calls for
        said = check.form(value, context) if check.form else Outcome(0.0)
        return _result(criterion, Verdict.A_RELIRE, TO_COME, *said.messages, cells=said.cells)
    outcome = check.run(value, context)
    share = min(1.0, max(0.0, float(outcome.share)))
    verdict = Verdict.A_RELIRE if outcome.to_review else verdict_of(share, 1.0)
    if outcome.unread and verdict is Verdict.FAUX:
        verdict = Verdict.PARTIEL
    messages, teacher = outcome.messages, outcome.teacher
    if outcome.doubts and not outcome.to_review:
        why = " ".join(outcome.doubts)
        messages = (*messages, Message(TO_CHECK, f"Points proposés, que votre professeur peut revoir. {why}"))
        teacher = (*teacher, Message(TO_CHECK, why))
    marked = _result(criterion, verdict, *messages, share=share, cells=outcome.cells, teacher=teacher)
    return replace(marked, in_doubt=outcome.in_doubt) if outcome.in_doubt else marked


def _result(
    criterion: Criterion,
    verdict: Verdict,
    *messages: Message,
    share: float = 0.0,
    cells: tuple[CellNote, ...] = (),
    teacher: tuple[Message, ...] = (),
) -> CriterionResult:
    points = criterion.points * share
    return CriterionResult(criterion.id, criterion.label, verdict, points, criterion.points, messages, cells, teacher)


def _whole(question: Question, results: Iterable[CriterionResult]) -> QuestionResult:
    criteria = tuple(results)
    points = math.fsum(criterion.points for criterion in criteria)  # the same on every version of Python
    if abs(points - question.points) < _TINY:
        points = question.points
    return QuestionResult(question.id, _overall(criteria), float(points), float(question.points), criteria)


def _overall(criteria: tuple[CriterionResult, ...]) -> Verdict:
    verdicts = {criterion.verdict for criterion in criteria}
    if len(verdicts) == 1:
        return verdicts.pop()
    if Verdict.A_RELIRE in verdicts:
        return Verdict.A_RELIRE
    if verdicts <= {Verdict.FAUX, Verdict.NON_REPONDU, Verdict.ERREUR}:
        return Verdict.ERREUR if Verdict.ERREUR in verdicts else Verdict.FAUX
    return Verdict.PARTIEL


def verdict_of(points: float, maximum: float) -> Verdict:
    """What points are worth: all of them, none, or something between."""
    if points >= maximum - _TINY:
        return Verdict.JUSTE
    return Verdict.FAUX if points <= _TINY else Verdict.PARTIEL
