"""Pure criteria, by the name they bear in exercices.toml (``controle``)."""

from __future__ import annotations

from crc_lab.checks import (
    aims,
    channels,
    choices,
    filling,
    forms,
    marks,
    matching,
    numbers,
    ordering,
    pairs,
    postal,
    records,
    reviews,
    rfm,
    segments,
    tables,
    texts,
)
from crc_lab.checks.base import Check, Context, Outcome

__all__ = ["CHECKS", "Check", "Context", "Outcome"]

CHECKS: dict[str, Check] = {
    "choix_unique": Check(choices.single_choice, ("choix", "vrai_faux")),
    "choix_multiple": Check(choices.multiple_choice, ("choix_multiple",)),
    "nombre": Check(numbers.number, ("nombre",)),
    "textes_courts": Check(texts.short_texts, ("texte", "textes", "vrai_faux")),
    "association": Check(matching.matching, ("association",)),
    "trous": Check(matching.gaps, ("trous",)),
    "paires": Check(pairs.pairs, ("paires",)),
    "cellules_marquees": Check(marks.marked_cells, ("cellules",), codes=marks.CODES),
    **aims.CHECKS,
    **channels.CHECKS,
    **filling.CHECKS,
    **forms.CHECKS,
    **ordering.CHECKS,
    **postal.CHECKS,
    **records.CHECKS,
    **reviews.CHECKS,
    **segments.CHECKS,
    **tables.CHECKS,
    **rfm.CHECKS,
}
