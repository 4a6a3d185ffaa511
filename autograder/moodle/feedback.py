"""A mark as Moodle gets it, with a few words beside it, and the students' own pages, which hold the whole feedback.

Where the worksheet is off, they go in a CSV for the import of Moodle's gradebook (« Notes », « Importer », « Fichier
CSV »): there the teacher says which column is what. Comma between cells, point in numbers and UTF-8 are what Moodle
reads in any language. Source: ``grade/import/csv`` (4.5).

The pages go in the ZIPs of « Déposer plusieurs fichiers de feedback dans un ZIP », in Moodle's own folders. Moodle
finds the student by the number in the folder's name (``mod/assign/feedback/file/importziplib.php``: the second part
between ``_``), so each name is given back exactly as the archive had it. A group's folder bears the number of the
group, which Moodle would take for that of a student: it is left out.
"""

from __future__ import annotations

import csv
import html
import io
import re
import statistics
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from autograder.intake.archives import zipped
from autograder.intake.person_names import free, is_group, slug, words
from autograder.marking import ClassResult, CopyResult, StudentResult
from autograder.marking.manual import given_mark
from autograder.reports.book import CREATED, harmless
from autograder.reports.figures import priorities
from autograder.reports.pages import student_page
from crc_lab.core.feedback import exact, number_text, points_text, rounded
from crc_lab.core.model import Activity
from crc_lab.core.text import clean_line, french

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


# --- the pages of feedback, in archives -------------------------------------------------------------------------------


PAGE = "retour.html"
PREFIX = "retours-"
_COMMENT = b"crc-lab"
"""Comment of our archives, by which those of an earlier run are known."""
_UNSAFE = re.compile(r"[\\/:\x00-\x1f\x7f\ud800-\udfff]|\.\.")
"""Moodle never writes these in a name (the last ones are in no file): such a folder was made by somebody else."""


@dataclass(frozen=True)
class FeedbackZip:
    """One archive: whose copies each page of it is about, by name in the archive, and (name, why) of those left out."""

    name: str
    pages: Mapping[str, StudentResult]
    left_out: tuple[tuple[str, str], ...] = ()

    def content(self, result: ClassResult) -> bytes:
        """Its bytes, always the same for the same copies."""
        pages = ((name, student_page(student, result)) for name, student in self.pages.items())
        return zipped(pages, date=CREATED.timetuple()[:6], comment=_COMMENT)


def feedback_zips(result: ClassResult) -> Iterator[FeedbackZip]:
    """One ZIP for each archive of Moodle that copies came from; one without any page is for those it leaves out."""
    by_scope: dict[str, list[tuple[StudentResult, CopyResult]]] = defaultdict(list)
    for student in result.students:
        for copy in student.copies.values():
            if copy.identity.guess.folder:
                by_scope[copy.identity.guess.scope].append((student, copy))
    names: set[str] = set()
    for scope, pairs in sorted(by_scope.items()):
        pages, left_out = _places(pairs, result)
        yield FeedbackZip(_file_name(scope, names), pages, tuple(left_out))


def remove_old(folder: Path, kept: set[str]) -> None:
    """Remove our archives of an earlier run, but those ``kept``; raises :class:`OSError`."""
    for path in sorted(folder.glob(f"{PREFIX}*.zip")):
        if path.name not in kept and _is_ours(path):
            path.unlink()


def _is_ours(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.comment == _COMMENT
    except (OSError, zipfile.BadZipFile):
        return False


def _file_name(scope: str, taken: set[str]) -> str:
    archive = re.sub(r"\.zip$", "", scope.rpartition("/")[2], flags=re.IGNORECASE)
    return f"{free(PREFIX + (slug(archive) or 'moodle'), taken)}.zip"


def _places(
    pairs: Sequence[tuple[StudentResult, CopyResult]], result: ClassResult
) -> tuple[dict[str, StudentResult], list[tuple[str, str]]]:
    """By name in the archive, each student with the copies that came from there; and those Moodle would misplace."""
    listed = [*(student.listed for student in result.students), *result.without_copy]
    groups = frozenset(words(one.group) for one in listed if one is not None and one.group)
    places: dict[str, StudentResult] = {}
    left_out = []
    for student, copy in pairs:
        guess = copy.identity.guess
        if not guess.moodle_id or is_group(guess.name, groups):
            why = "travail de groupe : Moodle ne sait pas rendre un fichier à tout un groupe"
            left_out.append((student.person.name, why))
        elif _UNSAFE.search(guess.folder):
            left_out.append((student.person.name, "le nom de son dossier n’est pas de ceux que Moodle écrit"))
        else:
            # in the student's folder, or behind the student's prefix where the archive was flat
            flat = guess.folder.endswith("_") and f"{clean_line(guess.folder)}/" not in copy.file
            place = f"{guess.folder}{'' if flat else '/'}{PAGE}"
            known = places[place].copies if place in places else {}
            places[place] = replace(student, copies={**known, copy.activity: copy})
    return dict(sorted(places.items())), left_out
