"""Handing in: say which file to give, or make it where the JupyterLab plugin is absent."""

from __future__ import annotations

import json
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

from crc_lab.core.errors import CrcError
from crc_lab.core.sheet import COPY_SUFFIX, Student, find_notebook, read_notebook, write_atomically
from crc_lab.notebook.session import Session


def hand_in(session: Session, name: str, identifier: str, notebook: str = "") -> dict[str, Any]:
    """What the hand-in card shows after « Préparer mon fichier »: ``{"ok": bool, "html": French HTML}``.

    ``notebook`` is the path of the open notebook as the plugin knows it; empty when the plugin is absent: then a copy
    of the notebook with all the answers is written beside it, and that copy is to be handed in.
    """
    if not name.strip():
        return {"ok": False, "html": "<p>Écrivez d’abord votre nom et votre prénom.</p>"}
    session.sheet = replace(session.sheet, student=Student(name.strip(), identifier.strip()))
    if notebook:
        file = notebook.replace("\\", "/").rsplit("/", 1)[-1]
        where = (
            "Dans JupyterLab, menu <em>Fichier</em> puis <em>Télécharger</em>, ou prenez-le dans le dossier du cahier."
        )
    else:
        session.save_sidecar()
        file = write_copy(session).name
        where = "Il vient d’être créé dans le dossier du cahier, avec toutes vos réponses."
    return {
        "ok": True,
        "html": f"<p>Fichier à rendre : <strong>{escape(file)}</strong>. {where}</p>{_missing(session)}",
    }


def write_copy(session: Session) -> Path:
    """A copy of the notebook that holds the answers of the sidecar; the open notebook itself is never touched.

    Raises :class:`CrcError` when the notebook cannot be found or the folder refuses.
    """
    path = find_notebook(session.activity.id, session.folder)
    if path is None:
        raise CrcError(
            "Le fichier de ce cahier est introuvable dans son dossier. Enregistrez le cahier, puis recommencez ; "
            f"à défaut, rendez aussi « {session.activity.id}.reponses.json », qui contient vos réponses."
        )
    notebook = read_notebook(path)
    notebook.setdefault("metadata", {})["crc_lab"] = session.sheet.to_metadata()
    stem = path.stem.removesuffix(COPY_SUFFIX)
    copy = path.with_name(f"{stem}{COPY_SUFFIX}.ipynb")
    try:
        write_atomically(copy, json.dumps(notebook, ensure_ascii=False, indent=1).encode() + b"\n")
    except OSError as error:
        raise CrcError(f"Impossible d’écrire « {copy.name} » ({error.strerror}).") from None
    return copy


def _missing(session: Session) -> str:
    left = [line["id"] for line in session.progress() if line["etat"] == "a_faire" and not line["entrainement"]]
    if not left:
        return "<p>Toutes les questions notées ont une réponse.</p>"
    return f"<p>Il reste sans réponse : {escape(', '.join(left))}. Vous pouvez encore y répondre avant de rendre.</p>"
