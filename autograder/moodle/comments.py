"""The few words that go to Moodle beside a mark. The whole feedback is in the student's own page."""

from __future__ import annotations

import html
import re
import statistics
from collections.abc import Sequence
from decimal import Decimal

from autograder.marking.manual import given_mark
from autograder.marking.marked import CopyResult
from autograder.reports.figures import priorities
from crc_lab.core.feedback import exact, points_text, rounded
from crc_lab.core.model import Activity
from crc_lab.core.wording import clean_line, french

Pairs = Sequence[tuple[Activity, CopyResult]]
"""The copies that one mark stands for, with their activities; never empty."""

START, END = "Note du cahier", "[crc-lab]"
"""What our comment starts and ends with: another run finds it again, and leaves alone what the teacher added."""
_OURS = re.compile(rf"<p[^<>]*>\s*{START}\b[^<]*?{re.escape(END)}\s*</p>|{START}\b[^<]*?{re.escape(END)}")
LONGEST_REMARK, LONGEST_LABEL = 400, 120


def mark_out_of(maximum: float | Decimal, copies: Pairs) -> Decimal:
    """The mark as people see it: the mean of those of the activities handed in, equal weights, to a hundredth."""
    return rounded(statistics.mean(exact(maximum) * copy.mark / exact(copy.max_points) for _, copy in copies), maximum)


def comment(copies: Pairs) -> str:
    """The mark, what to work on, the teacher's remarks: plain text on one line."""
    if len(copies) == 1:
        activity, copy = copies[0]
        said = [f"{START} : {points_text(copy.mark, copy.max_points)} (activité {activity.number})."]
    else:
        marks = [f"activité {activity.number} : {points_text(copy.mark, copy.max_points)}" for activity, copy in copies]
        mean = points_text(mark_out_of(20, copies), 20)
        said = [f"{START} : {mean}, moyenne des {len(copies)} activités rendues ({' ; '.join(marks)})."]
    work = [clean_line(priority.label, LONGEST_LABEL) for priority in priorities(copies)]
    if work:
        said.append(f"À travailler d’abord : {' ; '.join(work)}.")
    for question, text in _remarks(copies):
        said.append(f"{question}, remarque de votre professeur : « {clean_line(text, LONGEST_REMARK)} ».")
    return french(" ".join(said)).replace(END, "") + f" {END}"


def _remarks(copies: Pairs) -> list[tuple[str, str]]:
    """(question id, comment) of what a person marked and commented."""
    found = []
    for _, copy in copies:
        for question in copy.questions:
            given = given_mark(question)
            if given is not None and given.comment:
                found.append((question.id, given.comment))
    return found


def as_html(text: str) -> str:
    """The text as Moodle's comments are stored: HTML (FORMAT_HTML in ``assignfeedback_comments``).

    A backslash becomes an entity: before a quote, PHP's CSV reader would take it for an escape.
    """
    return html.escape(text, quote=False).replace("\\", "&#92;")


def merged(existing: str, ours: str) -> str:
    """The comment already in Moodle (HTML) with ours: in the place of our earlier one, else after the teacher's."""
    theirs = _OURS.sub("", existing).strip()
    written = as_html(ours)
    return f"{theirs}<p>{written}</p>" if theirs else written
