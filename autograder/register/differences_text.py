"""``differences.txt`` and its few lines on the terminal: what has changed since the last time, in French."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from autograder.register.differences import CopyChange, CriterionChange, Differences, QuestionChange
from crc_lab.core.feedback import LOOKS, number_text
from crc_lab.core.wording import NBSP, count, french, listing

FILE = "differences.txt"
SHOWN = 10
"""Copies shown on the terminal; all of them are in the file."""
_LONGEST = 200
_WORDS = {"": "sans objet", **{verdict.value: look.teacher.lower() for verdict, look in LOOKS.items()}}


def text(differences: Differences, numbers: Mapping[str, int]) -> bytes:
    """The whole file; ``numbers``: those of the activities, by id."""
    title = "Ce qui a changé depuis la correction précédente"
    lines = [title, "=" * len(title), "", *summary(differences), ""]
    moved = [change for change in differences.changes if change.moved]
    words = [change for change in differences.changes if not change.moved]
    if moved:
        lines += ["", "Par question", "------------", *_by_question(moved, numbers)]
        lines += ["", "Par élève", "---------"]
        for change in moved:
            lines += [*_copy(change, numbers), ""]
    if words:
        lines += ["", "Messages modifiés, sans effet sur les notes", "-------------------------------------------"]
        for change in words:
            lines += [*_copy(change, numbers), ""]
    for head, places in (
        ("Copies nouvelles", differences.new),
        ("Copies remises de nouveau (la nouvelle version est notée)", differences.again),
        ("Copies qui ne sont plus là", differences.gone),
    ):
        if places:
            lines += ["", head, "-" * len(head), *_places(places, numbers)]
    return (french("\n".join(lines).rstrip()) + "\n").encode("utf-8", "replace")


def summary(differences: Differences) -> list[str]:
    """One or a few sentences: how many marks changed, which way; how many copies are new."""
    if not differences:
        return ["Rien n’a changé depuis la correction précédente."]
    moved = [change for change in differences.changes if change.moved]
    up = sum(change.after > change.before for change in moved)
    down = sum(change.after < change.before for change in moved)
    said = []
    if up or down:
        ways = [f"{number} {way}" for number, way in ((up, "en hausse"), (down, "en baisse")) if number]
        said.append(f"{count(up + down, 'note a changé', 'notes ont changé')} ({listing(ways)}).")
    if still := len(moved) - up - down:
        said.append(f"{count(still, 'copie est corrigée', 'copies sont corrigées')} autrement, pour la même note.")
    if words := len(differences.changes) - len(moved):
        where = count(words, "copie")
        said.append(f"Des messages ont changé dans {where}, sans effet sur la note.")
    for places, one, many in (
        (differences.new, "copie nouvelle", "copies nouvelles"),
        (differences.again, "copie remise de nouveau", "copies remises de nouveau"),
        (differences.gone, "copie n’est plus là", "copies ne sont plus là"),
    ):
        if places:
            said.append(f"{count(len(places), one, many)}.")
    if not differences.changes:
        said.append("Aucune autre note n’a changé.")
    return [french(line) for line in said]


def shown(differences: Differences, numbers: Mapping[str, int]) -> list[str]:
    """The marks that changed, one line each, for the terminal."""
    moved = [change for change in differences.changes if change.moved]
    lines = []
    for change in moved[:SHOWN]:
        which = listing([question.id for question in change.questions if question.moved])
        lines.append(french(f"{_head(change, numbers)} ({which})"))
    if len(moved) > SHOWN:
        lines.append(f"… et {count(len(moved) - SHOWN, 'autre')}.")
    return lines


def _by_question(moved: Sequence[CopyChange], numbers: Mapping[str, int]) -> Iterator[str]:
    found = sorted(
        ((numbers.get(change.activity, 0), question.id, question) for change in moved for question in change.questions),
        key=lambda item: item[:2],
    )
    for (_, name), group in groupby(found, key=lambda item: item[:2]):
        questions = [question for _, _, question in group if question.moved]
        if not questions:
            continue
        up = sum(question.after > question.before for question in questions)
        down = sum(question.after < question.before for question in questions)
        hand = sum(question.by_hand for question in questions)
        ways = ((up, "en hausse"), (down, "en baisse"), (hand, "à la main"))
        told = ", ".join(f"{number} {way}" for number, way in ways if number)
        yield f"{name} : {count(len(questions), 'copie')}" + (f" ({told})" if told else "")


def _copy(change: CopyChange, numbers: Mapping[str, int]) -> Iterator[str]:
    yield _head(change, numbers)
    for question in change.questions:
        yield from _question(question)


def _head(change: CopyChange, numbers: Mapping[str, int]) -> str:
    marks = _arrow(change.before, change.after)
    return f"{change.name}, {_activity(change.activity, numbers)} : {marks} / {number_text(change.maximum)}"


def _question(question: QuestionChange) -> Iterator[str]:
    before, after = (_WORDS.get(verdict, verdict) for verdict in question.verdicts)
    words = f" ({before} → {after})" if before != after else ""
    points = _arrow(question.before, question.after)
    yield f"  {question.id} : {points} / {number_text(question.maximum)}{words}"
    if question.by_hand:
        yield "    note mise à la main"
    for criterion in question.criteria:
        yield from _criterion(criterion)


def _criterion(criterion: CriterionChange) -> Iterator[str]:
    points = _arrow(criterion.before, criterion.after)
    yield f"    {criterion.label} : {points} / {number_text(criterion.maximum)}"
    for head, messages in (("n’est plus dit", criterion.gone), ("est dit maintenant", criterion.came)):
        for code, message in messages:
            line = " ".join(message.split())
            cut = line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
            yield f"      {head} : {cut} [{code}]"


def _places(places: Sequence[tuple[str, str]], numbers: Mapping[str, int]) -> Iterator[str]:
    for activity, group in groupby(sorted(places, key=lambda place: place[1]), key=lambda place: place[1]):
        yield f"{_activity(activity, numbers)} : {listing([name for name, _ in group])}"


def _activity(name: str, numbers: Mapping[str, int]) -> str:
    return f"activité{NBSP}{numbers[name]}" if name in numbers else name


def _arrow(before: Decimal, after: Decimal) -> str:
    """« 17,5 → 18 », or « 18 » when there is no change to be seen."""
    return number_text(after) if before == after else f"{number_text(before)} → {number_text(after)}"
