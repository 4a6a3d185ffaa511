"""The end of an activity: what the last card says and offers, the copy to hand in where the page cannot make it, the
before and after of the case.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

from crc_lab import excel
from crc_lab.core.bank import load_activity
from crc_lab.core.errors import CrcError
from crc_lab.core.kind import Shown
from crc_lab.core.model import Table
from crc_lab.core.resources import activity_folder, datasets_folder
from crc_lab.core.rooms import outcomes
from crc_lab.core.sheet import COPY_SUFFIX, Student, find_notebook, read_notebook, write_atomically
from crc_lab.core.shown import as_html
from crc_lab.notebook.overview import known_student, sheets_beside
from crc_lab.notebook.session import Session
from crc_lab.notebook.summary import offers_summary, summary_page
from crc_lab.notebook.widgets import Rendre

_ASKED = ("rendre", "fiche", "bilan", "bilan_excel")


def signed_by(session: Session) -> Student:
    """Whose copy it is, as far as one knows: the name in the sheet, else that of the other notebooks."""
    remembered = None if session.in_assessment else known_student(session.folder)
    return session.sheet.student or remembered or Student()


def handed_in(session: Session) -> dict[str, Any]:
    """The traits of the last card that follow the work: what is handed in, what else is offered."""
    activity = session.activity
    shown = {"id": activity.id, "titre": activity.title, "edition": session.edition}
    shows = {"fiche": offers_summary(session), "bilan": not session.in_assessment and activity.id in outcomes()}
    return {"activite": shown, "questions": session.progress(handed_in=True), "offre": shows}


def reply(session: Session, card: Rendre, message: Mapping[str, Any]) -> None:
    """What the last card asks for: the copy, « Ma fiche », the before and after of the case; nothing else is its own.

    The page names the files that it is given (``js/copy.js``).
    """
    if message["type"] not in _ASKED:
        return
    student = Student(*(str(message.get(name) or "").strip() for name in ("nom", "identifiant")))
    match message["type"]:
        case "rendre":
            card.retour = hand_in(session, student)
        case "fiche":
            card.send({"type": "page"}, [summary_page(session, student).encode()])
        case "bilan":
            table = next(iter(outcome_tables(session).values()), Table((), ()))
            card.send({"type": "bilan", "html": as_html(Shown(columns=table.columns, rows=table.rows))})
        case "bilan_excel":
            whose = f" : {student.name}" if student.name else ""
            book = excel.tables_book(outcome_tables(session), f"Marielle Nature, avant et après{whose}")
            card.send({"type": "telecharger", "mime": excel.MIME}, [book])


def hand_in(session: Session, student: Student) -> dict[str, Any]:
    """Where the plugin is absent: make the copy to hand in; what the card shows, ``{"ok": bool, "html": French HTML}``.

    The copy, written beside the notebook, holds all the answers. With the plugin, the page makes the copy by itself, of
    what is on the screen (``js/copy.js``).
    """
    if not student.name:
        return {"ok": False, "html": "<p>Écrivez d’abord votre nom et votre prénom.</p>"}
    session.sheet = replace(session.sheet, student=student)
    session.save_sidecar()
    file = _write_copy(session).name
    where = "Il vient d’être créé dans le dossier du cahier, avec toutes vos réponses."
    return {
        "ok": True,
        "html": f"<p>Fichier à rendre : <strong>{escape(file)}</strong>. {where}</p>{_missing(session)}"
        + _beside(session),
    }


def outcome_tables(session: Session) -> dict[str, Table]:
    """What the course shows of the work done so far in all its activities, this one as it is now."""
    show = outcomes().get(session.activity.id)
    if show is None or session.in_assessment:
        return {}
    sheets = {**sheets_beside(session.folder), session.activity.id: session.sheet}
    answers = {name: answer for sheet in sheets.values() for name, answer in sheet.answers.items()}
    datasets = datasets_folder(session.folder)
    loaded = [load_activity(activity_folder(name, session.folder.parent / name), datasets) for name in outcomes()]
    keys = {name: key.answer for one in loaded for name, key in one.keys.items()}
    tables: dict[str, Table] = show(answers, keys.get, datasets)
    return tables


def _write_copy(session: Session) -> Path:
    """A copy of the notebook, without outputs, that holds the answers of the sidecar but those of mock exams; the open
    notebook itself is never touched.

    Raises :class:`CrcError` when the notebook cannot be found or the folder refuses.
    """
    path = find_notebook(session.activity.id, session.folder)
    if path is None:
        raise CrcError(
            "Le fichier de ce cahier est introuvable dans son dossier. Enregistrez le cahier, puis recommencez ; "
            f"à défaut, rendez aussi « {session.activity.id}.reponses.json », qui contient vos réponses."
        )
    notebook = read_notebook(path)
    notebook.setdefault("metadata", {})["crc_lab"] = replace(session.sheet, exam={}).to_metadata()
    for cell in notebook.get("cells", ()):
        if "outputs" in cell:
            cell |= {"outputs": [], "execution_count": None}
    stem = path.stem.removesuffix(COPY_SUFFIX)
    copy = path.with_name(f"{stem}{COPY_SUFFIX}.ipynb")
    try:
        write_atomically(copy, json.dumps(notebook, ensure_ascii=False, indent=1).encode() + b"\n")
    except OSError as error:
        raise CrcError(f"Impossible d’écrire « {copy.name} » ({error.strerror}).") from None
    return copy


def _missing(session: Session) -> str:
    lines = session.progress(handed_in=True)
    left = [str(line["rang"]) for line in lines if line["etat"] == "a_faire" and not line["entrainement"]]
    if not left:
        return "<p>Toutes les questions notées ont une réponse.</p>"
    *some, last = left
    named = f"les questions {', '.join(some)} et {last}" if some else f"la question {last}"
    return f"<p>Il reste sans réponse : {named}. Vous pouvez encore y répondre avant de rendre.</p>"


def _beside(session: Session) -> str:
    """What a mock exam left is not handed in, which is to be known."""
    if not session.exam.attempts and not session.exam.view:
        return ""
    return (
        "<p>Vos réponses d’examen blanc restent pour vous : seules celles de l’entraînement sont rendues. Pour rendre "
        "les autres, terminez l’examen, puis « Reprendre ces réponses » en haut du carnet.</p>"
    )
