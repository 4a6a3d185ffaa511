"""``grade(question, value, key)``: the only place where points are added."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from crc_lab.core.answers import FormatProblem, is_blank
from crc_lab.core.check import Context, Outcome
from crc_lab.core.idle import EVERYWHERE
from crc_lab.core.model import (
    EMPTY,
    PENDING,
    TO_CHECK,
    CellNote,
    Criterion,
    CriterionResult,
    Json,
    Key,
    Message,
    Question,
    QuestionResult,
    Verdict,
)
from crc_lab.core.rooms import checks, kinds, parse

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
