"""Open answers: a person reads them. Nothing is decided here, whatever the words."""

from __future__ import annotations

from typing import Any

from crc_lab.checks.base import Check, Context, Outcome
from crc_lab.model import Message

TO_REVIEW = "A-RELIRE"


def review(_value: Any, _context: Context) -> Outcome:
    """Leave the criterion to the teacher. Settings: ``grille`` ([{points, texte}], what the teacher looks for)."""
    return Outcome(0.0, (Message(TO_REVIEW, "Votre professeur lira cette réponse et la notera."),), to_review=True)


CHECKS = {"relecture": Check(review, ("ouverte", "texte", "textes"), needs_key=False)}
