"""Pure criteria, by the name they bear in exercices.toml (``controle``)."""

from __future__ import annotations

from crc_lab.checks import (
    choices,
    filling,
    forms,
    keyless,
    marks,
    matching,
    numbers,
    ordering,
    pairs,
    records,
    reviews,
    segments,
    texts,
)
from crc_lab.checks.base import Check, Context, Outcome
from crc_lab.marielle import aims, channels, paper, postal
from crc_lab.marielle import restructured as tables
from crc_lab.marielle import rfm_checks as rfm

__all__ = ["CHECKS", "Check", "Context", "Outcome"]

CHECKS: dict[str, Check] = {
    "choix_unique": Check(choices.single_choice, ("choix", "vrai_faux")),
    "choix_multiple": Check(choices.multiple_choice, ("choix_multiple",)),
    "nombre": Check(numbers.number, ("nombre",)),
    "textes_courts": Check(texts.short_texts, ("texte", "textes", "vrai_faux"), form=keyless.texts_form),
    "association": Check(matching.matching, ("association",), form=keyless.matching_form),
    "trous": Check(matching.gaps, ("trous",), form=keyless.gaps_form),
    "paires": Check(pairs.pairs, ("paires",), params=("source",), form=keyless.pairs_form),
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
    **paper.CHECKS,
    **rfm.CHECKS,
}
