"""How far a student is in the whole workbook: read from the other notebooks, which are never written.

A notebook is recognised by the activity that its answer sheet names, whatever its file or folder is called. A file that
cannot be read costs its own line only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crc_lab.core.answers import is_blank
from crc_lab.core.bank import LoadedActivity, load_activity
from crc_lab.core.errors import CrcError, SheetProblem
from crc_lab.core.feedback import total_shown
from crc_lab.core.grading import grade
from crc_lab.core.resources import activity_folder, activity_ids, datasets_folder
from crc_lab.core.sheet import COPY_SUFFIX, AnswerSheet, read_notebook, read_sidecar, sheet_of_notebook, sidecar_path

ASSESSMENT = "evaluation"
ABSENT, UNREADABLE, READ = "absente", "illisible", "lue"


@dataclass(frozen=True, slots=True)
class Line:
    """One activity: questions ``total``, ``answered`` and ``checked`` (marked ones only; all of them in an activity
    without marks), points of the checked ones out of ``max_points``; ``points`` is None when they cannot be known.

    ``state``: ``lue``, ``absente`` (not begun, or not here) or ``illisible`` (then ``file`` names the notebook).
    """

    activity: str
    number: int
    title: str
    state: str
    total: int
    answered: int = 0
    checked: int = 0
    points: float | None = None
    max_points: float = 0.0
    file: str = ""

    @property
    def begun(self) -> bool:
        return self.answered > 0


def overview(folder: Path) -> tuple[Line, ...]:
    """One line per activity of the workbook, in order; ``folder`` is that of the welcome notebook."""
    sheets, broken = _sheets(folder)
    lines = []
    for name in activity_ids():
        if not name.startswith("00"):
            try:
                loaded = load_activity(activity_folder(name, folder.parent / name), datasets_folder(folder))
            except CrcError:  # question files in the course of being edited: the other activities are still told
                continue
            lines.append(_line(loaded, sheets.get(name), broken.get(name, "")))
    return tuple(lines)


def mean(lines: tuple[Line, ...]) -> tuple[float, int] | None:
    """The mean out of 20 of the marked activities with a checked question, and how many they are; None for none."""
    marks = [
        20 * line.points / line.max_points
        for line in lines
        if line.max_points and line.checked and line.points is not None
    ]
    return (sum(marks) / len(marks), len(marks)) if marks else None


def _sheets(folder: Path) -> tuple[dict[str, AnswerSheet], dict[str, str]]:
    """The answer sheets found beside ``folder``, the latest one of each activity; the unreadable files, by folder."""
    found: dict[str, AnswerSheet] = {}
    broken: dict[str, str] = {}
    for path in _notebooks(folder.parent):
        try:
            sheet = sheet_of_notebook(read_notebook(path))
        except SheetProblem as problem:
            if problem.code != "FEUILLE-ABSENTE":
                broken[path.parent.name] = path.name
            continue
        sidecar = sidecar_path(path.parent, sheet.activity)
        if sidecar.is_file():
            try:
                sheet = sheet.merged_with(read_sidecar(sidecar))
            except SheetProblem:
                broken[path.parent.name] = sidecar.name
        known = found.get(sheet.activity)
        if known is None or _latest(sheet) > _latest(known):
            found[sheet.activity] = sheet
    return found, broken


def _notebooks(root: Path) -> Iterator[Path]:
    """The notebooks one folder below ``root``: neither checkpoints, nor the copies made for handing in."""
    try:
        paths = sorted(root.glob("*/*.ipynb"))
    except OSError:
        return
    for path in paths:
        if not path.parent.name.startswith(".") and not path.stem.endswith(COPY_SUFFIX) and path.is_file():
            yield path


def _latest(sheet: AnswerSheet) -> str:
    return max((answer.date for answer in sheet.answers.values()), default="")


def _line(loaded: LoadedActivity, sheet: AnswerSheet | None, broken: str) -> Line:
    activity = loaded.activity
    questions = activity.marked or activity.questions
    first = (activity.id, activity.number, activity.title)
    if sheet is None:
        state = UNREADABLE if broken else ABSENT
        return Line(*first, state, len(questions), max_points=activity.points, file=broken)
    values = {name: answer.value for name, answer in sheet.answers.items()}
    given = [one for one in questions if not is_blank(values.get(one.id), one.given_columns)]
    checked = [one for one in given if sheet.answers[one.id].tries]
    points = None
    if activity.points and sheet.edition != ASSESSMENT and loaded.keys:
        points = float(total_shown(grade(one, values[one.id], loaded.key(one.id), values) for one in checked))
    return Line(
        *first, READ, len(questions), len(given), len(checked), points, activity.points,
    )  # fmt: skip
