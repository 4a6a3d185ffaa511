"""A CSV for the import of Moodle's gradebook (« Notes », « Importer », « Fichier CSV »), where the worksheet is off.

There the teacher says which column is what: the student is found by the address or the identifier, each activity has a
column of marks and one of feedback. Comma between cells, point in numbers and UTF-8 are what Moodle reads in any
language. Source: ``grade/import/csv`` (4.5).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from autograder.marking.marked import ClassResult, StudentResult
from autograder.moodle.comments import as_html, comment
from autograder.reports.book import harmless
from crc_lab.core.feedback import number_text
from crc_lab.core.model import Activity

_WHO: dict[str, Callable[[StudentResult], str]] = {
    "Adresse de courriel": lambda student: student.listed.email if student.listed else "",
    "Identifiant": lambda student: student.person.identifier,
    "Nom complet": lambda student: student.person.name,
}


def gradebook_csv(result: ClassResult) -> bytes:
    """The file: those who handed in, in alphabetical order; a provisional mark is left out until it is final."""
    who = {title: of for title, of in _WHO.items() if any(of(student) for student in result.students)}
    titles = [title for activity in result.activities for title in _titles(activity)]
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow([*who, *titles])
    for student in result.students:
        cells = [_plain(of(student)) for of in who.values()]
        for activity in result.activities:
            cells += _marked(student, activity)
        lines.writerow(cells)
    return text.getvalue().encode("utf-8", "replace")


def _titles(activity: Activity) -> tuple[str, str]:
    return f"Activité {activity.number} (note sur {activity.points:g})", f"Activité {activity.number} (feedback)"


def _marked(student: StudentResult, activity: Activity) -> tuple[str, str]:
    copy = student.copies.get(activity.id)
    if copy is None or copy.pending:
        return "", ""
    return number_text(copy.mark).replace(",", "."), as_html(comment([(activity, copy)]))


def _plain(text: str) -> str:
    """A text that neither a spreadsheet nor PHP's CSV reader (a backslash before a quote) takes for something else."""
    return harmless(text).replace("\\", "/")
