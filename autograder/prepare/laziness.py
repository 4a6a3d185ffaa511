"""What is earned without looking at the question: at most a quarter of its points.

Each kind of question offers its lazy answers (:meth:`crc_lab.core.kind.Kind.lazy`); « construire » grades them all. One
choice alone is left out: among two or three options, chance gives it one time in two or three, whatever the check.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crc_lab.core.bank import LoadedActivity
from crc_lab.core.grading import grade
from crc_lab.core.idle import LEAST
from crc_lab.core.model import Json, Key, Question
from crc_lab.core.proof import weighed
from crc_lab.core.rooms import kinds

MOST = 0.25
"""The largest share of its points that a question may give for nothing."""


@dataclass(frozen=True, slots=True)
class Lazy:
    """A lazy answer, by its French name, and the ``share`` of the points that it earns."""

    name: str
    share: float


def lazy_answers(question: Question, key: Key, others: Mapping[str, Json]) -> Iterator[Lazy]:
    """What each lazy answer to a question earns; ``others``: the model answers of the activity.

    The points of single choices do not count; no answer is offered where there are no others.
    """
    kind, marked = kinds()[question.kind], weighed(question)
    alone = _single_choices(marked)
    points = sum(criterion.points for criterion in marked.criteria if criterion.id not in alone)
    for name, answer in kind.lazy(question.spec, question, key.answer) if points else ():
        result = grade(marked, answer, key, others)
        earned = sum(criterion.points for criterion in result.criteria if criterion.id not in alone)
        yield Lazy(name, earned / points)


def lazy_problems(loaded: LoadedActivity, excused: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """What earns too much, question by question, but for the answers that are ``excused`` by name, and those that need
    no excuse any more: (question, French sentence)."""
    answers = {name: key.answer for name, key in loaded.keys.items()}
    for question in loaded.activity.questions:
        if (key := loaded.keys.get(question.id)) is None:
            continue
        known = excused.get(question.id, ())
        earning = {one.name: one.share for one in lazy_answers(question, key, answers) if one.share > MOST}
        for name, share in earning.items():
            if name not in known:
                points = f"{100 * share:.0f}\u00a0%"
                yield (
                    question.id,
                    f"répondre sans regarder ({name}) rapporte {points} des points : changez la question.",
                )
        yield from ((question.id, f"« {name} » n’est plus à excuser.") for name in known if name not in earning)


def _single_choices(question: Question) -> frozenset[str]:
    """The criteria that look at one choice, when there are too few of them to make a series."""
    by_part = {part.id: part.kind for part in question.parts}
    found = []
    for criterion in question.criteria:
        kind = kinds()[by_part.get(str(criterion.params.get("partie", "")), question.kind)]
        if kind.single and criterion.check == kind.check:
            found.append(criterion.id)
    return frozenset(found) if len(found) < LEAST else frozenset()
