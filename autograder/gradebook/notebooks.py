"""The notebook that nbgrader shows for one copy: the teacher's own cells, the student's answers, our results.

Nothing of the student's notebook is in it but the answers: no cell, no output, no metadata.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from markupsafe import Markup

from autograder.errors import GradebookProblem
from autograder.gradebook.rows import Score
from autograder.gradebook.shown_answer import TOO_BIG, TooBig, answer_html, bounded
from autograder.intake.handed import INTERNAL
from autograder.marking.manual import NO_COMMENT
from autograder.marking.marked import CopyResult
from autograder.marking.nbgrader_cells import CARD_SUFFIX, marked_by_hand
from autograder.reports.figures import HINT
from autograder.reports.pages import render
from crc_lab.core import feedback
from crc_lab.core.model import MANUAL, Activity, Json, Question, QuestionResult, Verdict
from crc_lab.core.sheet import AnswerSheet
from crc_lab.core.wording import NBSP, clean_line, reason

CORRECTION = "crc_lab_correction"
"""Key of the notebook's metadata: the scores that go to the database, and a print of each answer that was marked."""

VERSION = 1
_TOO_BIG = object()
"""In the place of an answer that is not kept."""

_COLOURS = {"juste": "#1b7a4b", "partiel": "#8a5a00", "faux": "#b3261e", "neutre": "#52617a"}


@dataclass(frozen=True)
class Source:
    """The teacher's pristine notebook of one activity."""

    activity: Activity
    notebook: Mapping[str, Any]

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """The marked questions, by the grade id of the cell where answer and result are shown."""
        return {
            question.id + CARD_SUFFIX if marked_by_hand(question) else question.id: question
            for question in self.activity.marked
        }


@dataclass(frozen=True)
class Marked:
    """One copy, as far as a notebook needs it: results and answers by question id; ``reason``: why it is unreadable.

    Without ``sheet``, the answers that ``values`` does not hold are unknown, and nothing is said of them.
    """

    results: Mapping[str, QuestionResult]
    values: Mapping[str, Json] = field(default_factory=dict)
    sheet: AnswerSheet | None = None
    reason: str = ""

    @classmethod
    def of(cls, copy: CopyResult, sheet: AnswerSheet | None) -> Marked:
        """A marked copy, with the answer sheet that it came from, if it is at hand."""
        results = {result.id: result for result in copy.questions}
        given = {name: sheet.answers[name].value for name in results if name in sheet.answers} if sheet else {}
        return cls(results, {**copy.answers, **given}, sheet)


def read_source(course: Path, activity: Activity) -> Source:
    """The notebook in ``source/`` of the course; raises :class:`GradebookProblem`."""
    name = f"{activity.id}/{activity.id}.ipynb"
    try:
        notebook = json.loads((course / "source" / name).read_text(encoding="utf-8"))
        source = Source(activity, notebook)
        present = {cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in notebook["cells"]}
        missing = sorted(source.questions.keys() - present)
        wrong = f"n’a pas de cellule nbgrader pour {', '.join(missing)}" if missing else ""
    except OSError as error:
        text = f"le carnet source/{name} ne peut pas être lu ({reason(error)})."
        raise GradebookProblem(course.name, text) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        wrong = "n’est pas un carnet Jupyter"
    if wrong:
        text = f"source/{name} {wrong}. Refaites le cours avec « crc-lab preparer »."
        raise GradebookProblem(course.name, text)
    return source


def scores(source: Source, marked: Marked) -> dict[str, Score]:
    """What goes to the database, by question id."""
    return {
        question.id: _score(marked.results.get(question.id), by_hand=marked_by_hand(question))
        for question in source.activity.marked
    }


def fingerprint(value: Json) -> str:
    """The same text for the same answer (SHA-256); an answer too big to be kept has one of its own."""
    return _print(_bounded(value))


def build(source: Source, marked: Marked) -> dict[str, Any]:
    """The notebook (nbformat 4.5) of one copy; the same copy gives the same notebook."""
    answers = {name: _bounded(value) for name, value in marked.values.items()}
    cells = [_cell(cell, source, marked, answers) for cell in source.notebook["cells"]]
    metadata = dict(source.notebook["metadata"])
    metadata["crc_lab"] = _sheet(metadata.get("crc_lab") or {}, source.activity, marked, answers)
    metadata[CORRECTION] = {
        "version": VERSION,
        "notes": {name: asdict(score) for name, score in scores(source, marked).items()},
        "empreintes": {name: _print(value) for name, value in sorted(answers.items())},
    }
    return {**source.notebook, "cells": cells, "metadata": metadata}


def dumps(notebook: Mapping[str, Any]) -> bytes:
    """The bytes of a notebook, on one line: Python indents ten times slower, and nobody reads these files."""
    return (json.dumps(notebook, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _bounded(value: Json) -> Json:
    try:
        return bounded(value)
    except TooBig:
        return _TOO_BIG


def _print(value: Json) -> str:
    content = "?" if value is _TOO_BIG else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _score(result: QuestionResult | None, *, by_hand: bool) -> Score:
    if result is None:  # an unreadable copy
        return Score(None, waiting=True, remark="Copie illisible : à noter à la main.")
    codes = {message.code: message for message in result.messages}
    if said := codes.get(MANUAL):
        return Score(None, manual=result.points, comment="" if said.text == NO_COMMENT else said.text)
    waiting, points = result.verdict is Verdict.A_RELIRE or INTERNAL in codes, float(feedback.shown(result).points)
    if not by_hand or not waiting:
        remark = "Sans réponse." if by_hand and result.verdict is Verdict.NON_REPONDU else None
        return Score(points, waiting=waiting, remark=remark)
    return Score(points or None, waiting=True)


def _cell(cell: Mapping[str, Any], source: Source, marked: Marked, answers: Mapping[str, Json]) -> dict[str, Any]:
    known = cell["metadata"].get("nbgrader", {})
    question = source.questions.get(known.get("grade_id")) if cell["cell_type"] == "code" else None
    if question is None:
        return dict(cell)
    result = marked.results.get(question.id)
    page = _page(question, result, marked, answers)
    data: dict[str, Any] = {"text/html": page.splitlines(keepends=True)}
    if known.get("grade"):
        # nbgrader itself would read the same mark in this cell
        points = 0.0 if result is None else float(feedback.shown(result).points)
        output = {"output_type": "execute_result", "execution_count": None}
        data["text/plain"] = repr(points)
    else:
        output = {"output_type": "display_data"}
        data["text/plain"] = f"{question.id}{NBSP}: réponse de l’élève"
    return {**cell, "outputs": [{**output, "data": data, "metadata": {}}]}


def _page(question: Question, result: QuestionResult | None, marked: Marked, answers: Mapping[str, Json]) -> str:
    verdict = Verdict.ERREUR if result is None else result.verdict
    by_hand = marked_by_hand(question)
    points = None if result is None else feedback.shown(result)
    several = points is not None and points.in_lines and verdict is not Verdict.NON_REPONDU
    answer = ""
    if question.id in answers or marked.sheet is not None or verdict is Verdict.NON_REPONDU:
        value = answers.get(question.id)
        answer = TOO_BIG if value is _TOO_BIG else answer_html(question, value)
    rendered = render(
        "nbgrader.html",
        question=question,
        result=result,
        reason=marked.reason if result is None else "",
        answer=Markup(answer),  # escaped where it is made
        by_hand=by_hand,
        several=several,
        messages=() if result is None or by_hand else feedback.remarks(result),
        shown=points,
        looks=feedback.LOOKS,
        hint=HINT,
        colour=_COLOURS["neutre" if by_hand else feedback.LOOKS[verdict].colour],
    )
    return rendered.decode()


def _sheet(
    pristine: Mapping[str, Any], activity: Activity, marked: Marked, answers: Mapping[str, Json]
) -> dict[str, Any]:
    """The answer sheet: the teacher's own, with the student's name and the answers of this activity's questions."""
    given = marked.sheet.answers if marked.sheet else {}
    kept: dict[str, Any] = {}
    for name in (question.id for question in activity.questions):
        answer = given.get(name)
        value = answers[name] if name in answers else _bounded(answer.value) if answer else _TOO_BIG
        if value is not _TOO_BIG:
            kept[name] = {"valeur": value, "source": "carte"}
        if value is not _TOO_BIG and answer is not None:
            said = {"source": answer.source, "essais": answer.tries, "indices": answer.hints, "date": answer.date}
            kept[name] |= {key: clean_line(text) if isinstance(text, str) else text for key, text in said.items()}
    student = marked.sheet.student if marked.sheet else None
    who = None if student is None else {"nom": clean_line(student.name), "identifiant": clean_line(student.identifier)}
    return {**pristine, "eleve": who, "reponses": kept}
