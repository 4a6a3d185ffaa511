"""What « crc-lab preparer » remembers of a subject (``preparation.json``), and whether a copy answers it.

A sheet is typed by hand as easily as a name: its subject and its edition are checked, never trusted for the mark.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.errors import PlaceProblem
from autograder.intake.archives import Refused
from autograder.intake.handed import EXCEL, HandedIn, Incident
from crc_lab.core.model import ASSESSMENT, TRAINING
from crc_lab.core.sheet import SUBJECT_KEY as SUBJECT_KEY  # the sheet's own name for it, kept under this one too
from crc_lab.core.sheet import AnswerSheet
from crc_lab.core.wording import clean_line, listing

FILE = "preparation.json"
VERSION = 1
KEYS, COURSE, ROSTER, SUBJECTS = "corriges", "nbgrader", "classe.csv", "sujets"
"""Names inside a prepared folder."""
_NO_VARIANT = "les données du cahier"


class PreparationProblem(PlaceProblem):
    """A prepared folder that cannot be used."""


@dataclass(frozen=True)
class Preparation:
    """One subject: its id, its variant (None: the case's own data), the activities it holds, its edition."""

    subject: str
    activities: tuple[str, ...]
    variant: str | None = None
    edition: str = "evaluation"

    def to_json(self) -> dict[str, Any]:
        return {
            "version": VERSION,
            "sujet": self.subject,
            "variante": self.variant,
            "activites": list(self.activities),
            "edition": self.edition,
        }


def read_preparation(folder: Path) -> Preparation:
    """The subject prepared in ``folder``; raises :class:`PreparationProblem`."""
    try:
        raw = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if raw["version"] > VERSION:
            text = "ce sujet a été préparé avec une version plus récente de crc-lab. Mettez crc-lab à jour."
            raise PreparationProblem(folder.name, text)
        variant = raw["variante"]
        activities = tuple(str(name) for name in raw["activites"])
        return Preparation(str(raw["sujet"]), activities, None if variant is None else str(variant), raw["edition"])
    except FileNotFoundError:
        text = f"il n’y a pas de {FILE} dans ce dossier. Donnez celui que « crc-lab preparer » a fait."
        raise PreparationProblem(folder.name, text) from None
    except (OSError, ValueError, KeyError, TypeError):
        text = f"{FILE} est illisible. Refaites-le avec « crc-lab preparer », ou reprenez une copie de sauvegarde."
        raise PreparationProblem(folder.name, text) from None


def checked(found: HandedIn, preparation: Preparation | None) -> tuple[AnswerSheet, tuple[Incident, ...]]:
    """The sheet to mark, with the edition whose rules apply, and what to tell.

    Raises :class:`Refused`: AUTRE-SUJET, AUTRE-VARIANTE, AUTRE-ACTIVITE. A spreadsheet handed in alone names neither
    subject nor variant: only its activity is checked.
    """
    sheet = found.sheet
    if found.source != EXCEL:
        _same_subject(sheet, preparation)
        _same_variant(sheet, preparation)
    if preparation is None:
        return (replace(sheet, edition=ASSESSMENT) if sheet.is_assessment else sheet), ()
    if sheet.activity not in preparation.activities:
        known = listing(list(preparation.activities))
        raise Refused(
            "AUTRE-ACTIVITE",
            f"L’activité « {clean_line(sheet.activity, 40)} » ne fait pas partie du sujet préparé ({known}). Demandez "
            "à l’élève le carnet du sujet, ou corrigez cette copie à part, sans --preparation.",
        )
    told = () if found.source == EXCEL else _told(sheet, preparation)
    return replace(sheet, edition=preparation.edition), told


def _same_subject(sheet: AnswerSheet, preparation: Preparation | None) -> None:
    if preparation is not None and sheet.subject not in ("", preparation.subject):
        raise Refused(
            "AUTRE-SUJET",
            f"Cette copie répond à un autre sujet (« {clean_line(sheet.subject, 40)} ») que le vôtre "
            f"(« {preparation.subject} ») : celui d’une autre année ou d’une autre classe. Demandez à l’élève le "
            "carnet du sujet, ou corrigez cette copie avec la préparation de son sujet (--preparation).",
        )


def _same_variant(sheet: AnswerSheet, preparation: Preparation | None) -> None:
    expected = preparation.variant if preparation else None
    if sheet.variant == expected:
        return
    given = _NO_VARIANT if sheet.variant is None else f"la variante « {clean_line(sheet.variant, 40) or 'sans nom'} »"
    wanted = _NO_VARIANT if expected is None else f"la variante « {expected} »"
    remedy = (
        "Corrigez cette copie avec la préparation de sa variante (--preparation)."
        if preparation is None
        else "Demandez à l’élève le carnet du sujet, ou corrigez cette copie avec sa propre préparation."
    )
    raise Refused(
        "AUTRE-VARIANTE", f"Cette copie porte sur {given}, le corrigé sur {wanted} : elle ne se note pas avec. {remedy}"
    )


def _told(sheet: AnswerSheet, preparation: Preparation) -> tuple[Incident, ...]:
    if sheet.subject == preparation.subject:
        if sheet.edition == preparation.edition:
            return ()
        text = (
            f"L’édition écrite dans le carnet (« {clean_line(sheet.edition, 40)} ») n’est pas celle du sujet "
            f"(« {preparation.edition} ») : les règles du sujet s’appliquent."
        )
        return (Incident("EDITION-MODIFIEE", text),)
    if sheet.edition == TRAINING:
        text = (
            "Cette copie vient du cahier d’entraînement, où le corrigé s’affiche, et non du sujet préparé. Elle est "
            "notée avec les règles du sujet."
        )
        return (Incident("EDITION-ENTRAINEMENT", text),)
    text = "Le carnet ne dit pas de quel sujet il vient. Il est noté avec les règles du sujet préparé."
    return (Incident("SUJET-ABSENT", text),)
