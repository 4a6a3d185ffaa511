"""``classe.html`` (how the class did, criterion by criterion) and ``retours/<élève>.html`` (what one student is told);
and the template engine of every page.

Everything is escaped by the engine. The pages are complete by themselves (no script, no font, no image from elsewhere,
and a content policy that forbids any), to read on a screen or on A4 paper. They hold verdicts, points and messages
only, never the worked answers: the same pages serve in assessment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from autograder.identity import alphabetical
from autograder.marking import ClassResult, CopyResult, StudentResult
from autograder.marking.manual import given_mark
from autograder.reports import attention, figures
from autograder.reports.figures import minutes_text, working
from crc_lab.core import feedback
from crc_lab.core.feedback import LOOKS, exact, number_text
from crc_lab.core.grading import row_list
from crc_lab.core.law import lines_of
from crc_lab.core.model import MANUAL, Activity, QuestionResult, Verdict
from crc_lab.core.text import NBSP, count, french, listing

MISTAKES = 15
"""Mistakes shown for one activity: the most frequent ones."""
NAMES = 40
_BOLD = re.compile(r"\*\*(\S(?:[^*]*\S)?)\*\*")


@cache
def _engine() -> jinja2.Environment:
    engine = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).resolve().parent / "templates"),
        autoescape=jinja2.select_autoescape(["html"]), trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined, auto_reload=False,
    )  # fmt: skip
    engine.filters |= {
        "francais": french, "points": number_text, "cout": cost, "pourcent": percent, "compte": count,
        "liste": listing, "message": message, "temps": minutes_text, "chemin": path,
        "fiches": row_list,
    }  # fmt: skip
    engine.globals |= {"looks": LOOKS, "hint": figures.HINT}
    return engine


def render(template: str, **values: Any) -> bytes:
    """The page as UTF-8 bytes: the same values give the same bytes."""
    return _engine().get_template(template).render(**values).encode("utf-8", "replace")


def cost(points: Decimal) -> str:
    """« − 0,4 »: the points that a hint took away."""
    return f"−{NBSP}{number_text(points)}"


def message(text: str) -> Markup:
    """A message, escaped; its ``**bold**`` (the only Markdown that messages use) is kept."""
    return Markup(_BOLD.sub(r"<strong>\1</strong>", str(escape(french(text)))))  # escaped just before


def path(file: str) -> Markup:
    """A path, that may go on the next line after each folder."""
    return Markup("/<wbr>").join(file.split("/"))


def percent(share: float) -> str:
    """« 46 % »."""
    return f"{round(100 * share)}{NBSP}%"


# --- the class --------------------------------------------------------------------------------------------------------


def class_page(result: ClassResult, pages: Sequence[str]) -> bytes:
    """The page; ``pages``: the file name of each student's own page, in the order of ``result.students``."""
    people = list(zip(result.students, figures.shown_names(result.students), pages, strict=True))
    groups, files = attention.attention(result), attention.ShortFiles.of(result)
    return render(
        "classe.html",
        result=result,
        sections=[_section(result, activity, people) for activity in result.activities],
        skills=figures.skills_of(result, result.copies),
        by_student=[
            (name, {skill.id: skill for skill in figures.skills_of(result, student.copies.values())})
            for student, name, _ in people
        ],
        groups=groups,
        to_decide=attention.to_decide(groups),
        to_know=sum(group.told for group in groups if not group.decision),
        integrity=[(remark, files(remark.file)[0]) for remark in figures.remarks(result, integrity=True)],
        absent=sorted(result.absent, key=lambda listed: alphabetical(listed.name, listed)),
        waiting=sorted(result.waiting, key=lambda listed: alphabetical(listed.name, listed)),
        outside=[name for one, name, _ in people if result.roster_given and one.listed is None and not one.asked],
        asked=[name for one, name, _ in people if one.asked],
        who=lambda names: listing(list(names), NAMES),
        share=figures.mean_share,
        most=MISTAKES,
    )


def _section(
    result: ClassResult, activity: Activity, people: Sequence[tuple[StudentResult, str, str]]
) -> dict[str, Any]:
    """One activity of the page. ``parts``: the columns of each question; ``described``: the histogram in words;
    ``width``: the points of one of its classes."""
    found = [(one.copies[activity.id], one, name, page) for one, name, page in people if activity.id in one.copies]
    copies = [copy for copy, _, _, _ in found]
    parts = [figures.parts_of(question, copies) for question in activity.marked]
    bars, width = figures.histogram(copies), exact(activity.points) / figures.BINS
    described = [
        f"de {number_text(width * number)} à {number_text(width * (number + 1))} : {count(bar, 'copie')}"
        for number, bar in enumerate(bars)
        if bar
    ]
    return {
        "activity": activity,
        "copies": copies,
        "summary": figures.summary(copies),
        "bars": bars,
        "width": width,
        "described": f"Répartition des notes. {' ; '.join(described)}.",
        "groups": any(student.listed and student.listed.group for _, student, _, _ in found),
        "parts": parts,
        "rows": [
            {
                "name": name,
                "page": page,
                "mark": copy.mark,
                "cells": [cell for question in parts for cell in _cells(question, copy)],
                "group": student.listed.group if student.listed else "",
                "said": figures.said(result, student, [copy]),
            }
            for copy, student, name, page in found
        ],
        "mistakes": figures.mistakes([(name, copy) for copy, _, name, _ in found]),
        "working": [(name, working(activity, copy)) for copy, _, name, _ in found if copy.traces],
    }


def _cells(parts: Sequence[figures.Part], copy: CopyResult) -> list[dict[str, Any]]:
    """The cells of one question: one for each criterion, a single wide one where a person marked the whole."""
    whole = figures.Part(parts[0].question)
    if parts[0].points(copy) is None and whole.points(copy) is not None:
        return [{**_cell(whole, copy), "span": len(parts)}]
    return [{**_cell(part, copy), "span": 1} for part in parts]


def _cell(part: figures.Part, copy: CopyResult) -> dict[str, str]:
    """One cell of the heat map: its text, its sign and its colour, which never tells it alone."""
    value, points = part.of(copy), part.points(copy)
    if part.hint:
        return {"text": cost(-points) if points else "", "sign": "", "level": "vide"}
    verdict = value.verdict if value else Verdict.NON_REPONDU
    sign = LOOKS[verdict].sign
    if value is None or points is None or verdict in (Verdict.NON_REPONDU, Verdict.A_RELIRE):
        return {"text": "", "sign": sign, "level": "vide"}
    share = value.points / value.max_points if value.max_points else 0.0
    levels = {Verdict.JUSTE: "juste", Verdict.FAUX: "faux", Verdict.ERREUR: "faux"}
    level = levels.get(verdict, "bien" if share >= 0.5 else "peu")
    return {"text": number_text(points), "sign": sign, "level": level}


# --- one student ------------------------------------------------------------------------------------------------------


def student_page(student: StudentResult, result: ClassResult) -> bytes:
    """The page of one student, with all the activities handed in."""
    pairs = [(one, student.copies[one.id]) for one in result.activities if one.id in student.copies]
    return render(
        "retour.html",
        student=student,
        pairs=pairs,
        mean=figures.mean_mark(student),
        skills=figures.skills_of(result, student.copies.values()),
        provisional=figures.provisional,
        priorities=figures.priorities(pairs),
        marked_questions=figures.marked_questions,
        in_lines=_in_lines,
        given_mark=given_mark,
        law=lines_of,
        remarks=lambda marked: feedback.remarks(marked, aside=("NON_REPONDU", MANUAL)),  # a person's has its own place
    )


def _in_lines(marked: QuestionResult, shown: feedback.Shown) -> bool:
    """True when the criteria have something to say each."""
    verdicts = {criterion.verdict for criterion in marked.criteria}
    return shown.in_lines and verdicts not in ({Verdict.NON_REPONDU}, {Verdict.A_RELIRE})
