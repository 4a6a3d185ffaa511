"""The card of the whole workbook, on the welcome page: how far a student is, read from the other notebooks.

They are never written. A notebook is recognised by the activity that its answer sheet names, whatever its file or
folder is called. A file that cannot be read costs its own line only.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from pathlib import Path
from typing import Any

from crc_lab.core.answers import is_blank
from crc_lab.core.bank import LoadedActivity, load_activity
from crc_lab.core.errors import CrcError, SheetProblem
from crc_lab.core.feedback import rounded, total_shown
from crc_lab.core.grading import grade
from crc_lab.core.model import QUICK_QUESTIONS, Activity
from crc_lab.core.resources import activity_folder, activity_ids, datasets_folder
from crc_lab.core.sheet import (
    COPY_SUFFIX,
    AnswerSheet,
    Student,
    read_notebook,
    read_sidecar,
    sheet_of_notebook,
    sidecar_path,
)
from crc_lab.notebook.decks import read_bank
from crc_lab.notebook.flashcards import Memory, waiting
from crc_lab.notebook.widgets import Parcours


def path_card(folder: Path) -> Parcours:
    """The card of the notebooks beside ``folder``, that of the welcome notebook; « Actualiser » reads them again."""

    def traits() -> dict[str, Any]:
        lines = overview(folder)
        return {"lignes": lines, "moyenne": _mean(lines)}

    card = Parcours(**traits())
    card.on_demande(lambda _message, _buffers: card.update(**traits()))
    return card


def sheets_beside(folder: Path) -> dict[str, AnswerSheet]:
    """The answer sheets of the workbook that the notebook of ``folder`` belongs to, by activity; no assessment."""
    return {name: sheet for name, sheet in _sheets(folder)[0].items() if not sheet.is_assessment}


def known_student(folder: Path) -> Student | None:
    """Whoever signed the other notebooks of the workbook; None where nobody did, or several people."""
    signed = {sheet.student.name: sheet.student for sheet in sheets_beside(folder).values() if sheet.student}
    return next(iter(signed.values())) if len(signed) == 1 else None


def overview(folder: Path) -> list[dict[str, Any]]:
    """One line per activity, in order: {numero, titre, etat, total, repondues, verifiees, points, sur, fichier}, and
    ``attendent`` where there are questions of the day.

    ``etat``: ``lue``, ``absente`` (not begun, or not here) or ``illisible`` (``fichier`` then names the notebook).
    ``total``, ``repondues`` and ``verifiees`` count the marked questions (all of them in an activity without marks);
    ``points``, out of ``sur``, are those of the checked ones, None when they cannot be known.
    """
    sheets, broken = _sheets(folder)
    lines = []
    for name in activity_ids():
        if not name.startswith("00"):
            try:
                questions, sheet = activity_folder(name, folder.parent / name), sheets.get(name)
                asked = sheet is None or not sheet.is_assessment  # the key of an assessment is not opened
                loaded = load_activity(questions, datasets_folder(folder), with_keys=asked)
            except CrcError:  # question files in the course of being edited: the other activities are still told
                continue
            line = _line(loaded, sheets.get(name), broken.get(name, ""))
            lines.append(line | _awaited(loaded.activity, sheets.get(name), datasets_folder(folder)))
    return lines


def _awaited(activity: Activity, sheet: AnswerSheet | None, datasets: Path) -> dict[str, int]:
    """How many quick questions wait today, in the activity that has them; a bank that cannot be read waits for nobody
    (the card of the questions says what is wrong with it)."""
    asked = next((one for one in activity.questions if getattr(one.spec, "deck", "") == QUICK_QUESTIONS), None)
    if asked is None:
        return {}
    answer = sheet.answers.get(asked.id) if sheet else None
    memory = Memory.from_json(answer.value if answer else None)
    with suppress(CrcError):
        return {"attendent": waiting(memory, read_bank(datasets), dt.datetime.now().astimezone())}
    return {}


def _mean(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """The mean out of 20 of the marked activities with a checked question, and how many they are."""
    told = [line for line in lines if line["sur"] and line["verifiees"] and line["points"] is not None]
    marks = [20 * line["points"] / line["sur"] for line in told]
    return {"note": float(rounded(sum(marks) / len(marks), 20)), "activites": len(marks)} if marks else {}


def _sheets(folder: Path) -> tuple[dict[str, AnswerSheet], dict[str, str]]:
    """The answer sheets found beside ``folder``, the latest one of each activity; the unreadable files, by folder."""
    found: dict[str, AnswerSheet] = {}
    broken: dict[str, str] = {}
    for path in sorted(folder.parent.glob("*/*.ipynb")):
        # Neither checkpoints, nor the copies made for handing in.
        if path.parent.name.startswith(".") or path.stem.endswith(COPY_SUFFIX) or not path.is_file():
            continue
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
        if sheet.activity not in found or _latest(sheet) > _latest(found[sheet.activity]):
            found[sheet.activity] = sheet
    return found, broken


def _latest(sheet: AnswerSheet) -> str:
    return max((answer.date for answer in sheet.answers.values()), default="")


def _line(loaded: LoadedActivity, sheet: AnswerSheet | None, broken: str) -> dict[str, Any]:
    activity = loaded.activity
    questions = activity.marked or activity.questions
    answers = sheet.answers if sheet else {}
    values = {name: answer.value for name, answer in answers.items()}
    given = [one for one in questions if not is_blank(values.get(one.id), one.given_columns)]
    checked = [one for one in given if answers[one.id].tries]
    points = None
    if sheet and not sheet.is_assessment and activity.points and loaded.keys:
        points = float(total_shown(grade(one, values[one.id], loaded.key(one.id), values) for one in checked))
    return {
        "numero": activity.number, "titre": activity.title, "total": len(questions), "repondues": len(given),
        "verifiees": len(checked), "points": points, "sur": activity.points,
        "etat": "lue" if sheet else "illisible" if broken else "absente", "fichier": "" if sheet else broken,
    }  # fmt: skip
