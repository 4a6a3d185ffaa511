"""Criteria that any course may use. Each room of checks offers ``CHECKS``, by the names they bear in exercices.toml."""

from __future__ import annotations

from crc_lab.checks import (
    choices,
    filling,
    forms,
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
    **choices.CHECKS,
    **numbers.CHECKS,
    **texts.CHECKS,
    **matching.CHECKS,
    **pairs.CHECKS,
    **filling.CHECKS,
    **forms.CHECKS,
    **ordering.CHECKS,
    **records.CHECKS,
    **reviews.CHECKS,
    **segments.CHECKS,
}
