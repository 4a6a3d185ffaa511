"""A mark as Moodle gets it, with a few words beside it: the whole feedback is in the student's own page.

Where the worksheet is off, they go in a CSV for the import of Moodle's gradebook (« Notes », « Importer », « Fichier
CSV »): there the teacher says which column is what. Comma between cells, point in numbers and UTF-8 are what Moodle
reads in any language. Source: ``grade/import/csv`` (4.5).
"""

from __future__ import annotations

import csv
import html
import io
import re
import statistics
from collections.abc import Callable, Sequence
from decimal import Decimal

from autograder.marking.manual import given_mark
from autograder.marking.marked import ClassResult, CopyResult, StudentResult
from autograder.reports.book import harmless
from autograder.reports.figures import priorities
from crc_lab.core.feedback import exact, number_text, points_text, rounded
from crc_lab.core.model import Activity
from crc_lab.core.wording import clean_line, french

Pairs = Sequence[tuple[Activity, CopyResult]]
"""The copies that one mark stands for, with their activities; never empty."""

START, END = "Note du cahier", "[crc-lab]"
"""What our comment starts and ends with: another run finds it again, and leaves alone what the teacher added."""
_OURS = re.compile(rf"<p[^<>]*>\s*{START}\b[^<]*?{re.escape(END)}\s*</p>|{START}\b[^<]*?{re.escape(END)}")
LONGEST_REMARK, LONGEST_LABEL = 400, 120
_WHO: dict[str, Callable[[StudentResult], str]] = {
    "Adresse de courriel": lambda student: student.listed.email if student.listed else "",
    "Identifiant": lambda student: student.person.identifier,
    "Nom complet": lambda student: student.person.name,
}


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
    if any(copy.off_subject for _, copy in copies):
        accepted = not any(copy.unaccepted for _, copy in copies)
        what = "acceptée par votre professeur" if accepted else "que votre professeur doit encore accepter : provisoire"
        said.append(f"Copie du cahier d’entraînement, {what}.")
    work = [clean_line(priority.label, LONGEST_LABEL) for priority in priorities(copies)]
    if work:
        said.append(f"À travailler d’abord : {' ; '.join(work)}.")
    for question in (question for _, copy in copies for question in copy.questions):
        if (given := given_mark(question)) and given.comment:
            said.append(
                f"{question.id}, remarque de votre professeur : « {clean_line(given.comment, LONGEST_REMARK)} »."
            )
    return french(" ".join(said)).replace(END, "") + f" {END}"


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


def gradebook_csv(result: ClassResult) -> bytes:
    """The CSV for Moodle's gradebook: those who handed in, in alphabetical order; provisional marks are left out."""
    who = {title: of for title, of in _WHO.items() if any(of(student) for student in result.students)}
    titles = [
        f"Activité {activity.number} ({what})"
        for activity in result.activities
        for what in (f"note sur {activity.points:g}", "feedback")
    ]
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow([*who, *titles])
    for student in result.students:
        cells = [_plain(of(student)) for of in who.values()]
        for activity in result.activities:
            cells += _marked(student, activity)
        lines.writerow(cells)
    return text.getvalue().encode("utf-8", "replace")


def _marked(student: StudentResult, activity: Activity) -> tuple[str, str]:
    copy = student.copies.get(activity.id)
    if copy is None or copy.provisional:
        return "", ""
    return number_text(copy.mark).replace(",", "."), as_html(comment([(activity, copy)]))


def _plain(text: str) -> str:
    """A text that neither a spreadsheet nor PHP's CSV reader (a backslash before a quote) takes for something else."""
    return harmless(text).replace("\\", "/")
