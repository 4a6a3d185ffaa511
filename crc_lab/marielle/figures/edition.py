"""Whether the notebook in front of us is an assessment: what sums up its answers then waits for the marking."""

from __future__ import annotations

from pathlib import Path

from crc_lab.core.errors import SheetProblem
from crc_lab.core.sheet import read_own_sheet

WAIT = "Cette partie s’ouvre après la correction : elle résume les réponses de l’activité."


def in_assessment(activity: str) -> bool:
    """True when the notebook of ``activity`` beside us is of the assessment edition."""
    try:
        return read_own_sheet(activity, Path.cwd()).is_assessment
    except SheetProblem:
        return False
