"""Criteria that any course may use. Each room of checks offers ``CHECKS``, by the names they bear in exercices.toml."""

from __future__ import annotations

from crc_lab.checks import (
    choices,
    filling,
    forms,
    keyless,
    matching,
    numbers,
    ordering,
    pairs,
    records,
    reviews,
    segments,
    texts,
)
from crc_lab.core.check import Check

CHECKS: dict[str, Check] = {
    "choix_unique": Check(choices.single_choice, ("choix", "vrai_faux")),
    "choix_multiple": Check(choices.multiple_choice, ("choix_multiple",)),
    "nombre": Check(numbers.number, ("nombre",)),
    "textes_courts": Check(texts.short_texts, ("texte", "textes", "vrai_faux"), form=keyless.texts_form),
    "association": Check(matching.matching, ("association",), form=keyless.matching_form),
    "trous": Check(matching.gaps, ("trous",), form=keyless.gaps_form),
    "paires": Check(pairs.pairs, ("paires",), params=("source",), form=keyless.pairs_form),
    **filling.CHECKS,
    **forms.CHECKS,
    **ordering.CHECKS,
    **records.CHECKS,
    **reviews.CHECKS,
    **segments.CHECKS,
}
