"""LISEZ-MOI.html: what the teacher does with a prepared folder, and what the subject does not protect."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.reports.html import percent, render
from crc_lab.core.model import SECOND_HINT_COST, Activity

FILE = "LISEZ-MOI.html"


def note(subject: str, activities: Sequence[Activity], students: int, folder: str) -> bytes:
    """The page; ``folder`` is the name of the prepared folder, as in the command to type."""
    return render(
        "preparation.html",
        sujet=subject,
        eleves=students,
        activites=[{"id": one.id, "numero": one.number, "titre": one.title} for one in activities],
        cout=percent(SECOND_HINT_COST),
        dossier=f'"{folder}"' if " " in folder else folder,
    )
