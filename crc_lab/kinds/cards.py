"""A set of flashcards: practised in its own card, marked by nobody."""

from __future__ import annotations

from typing import Any

from crc_lab.core.answers import MAX_ITEMS, FormatProblem, unexpected
from crc_lab.core.kind import Kind, Shown
from crc_lab.core.model import Json


class FlashCards(Kind):
    name, check, excel, card = "cartes", "revision", "", "cartes"

    def parse(self, raw: Json, spec: Any) -> dict[str, Any] | FormatProblem:
        """What a set keeps; :mod:`crc_lab.notebook.flashcards` reads it, leaving out what it cannot."""
        return raw if isinstance(raw, dict) and len(raw) <= MAX_ITEMS else unexpected("des cartes mémoire")

    def shown(self, answer: Json, spec: Any) -> Shown:
        return Shown()
