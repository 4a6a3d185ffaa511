"""Does a copy answer the subject that was prepared? What is refused, what is only told.

A sheet is typed by hand as easily as a name: its subject and its edition are checked, never trusted for the mark.
"""

from __future__ import annotations

from dataclasses import replace

from autograder.intake.archives import Refused
from autograder.intake.handed import EXCEL, HandedIn
from autograder.intake.preparation import Preparation
from autograder.intake.reading import Incident
from crc_lab.core.model import ASSESSMENT, TRAINING
from crc_lab.core.sheet import AnswerSheet
from crc_lab.core.wording import clean_line, listing

_NO_VARIANT = "les données du cahier"


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
