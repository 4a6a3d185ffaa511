"""Criteria that any course may use. Each room of checks offers ``CHECKS``, by the names they bear in exercices.toml."""

from __future__ import annotations

from crc_lab.checks import (
    calls,
    choices,
    filling,
    forms,
    highlighting,
    matching,
    numbers,
    ordering,
    pairs,
    planning,
    records,
    reviews,
    segments,
    texts,
)
from crc_lab.core.check import Check

CHECKS: dict[str, Check] = {
    **calls.CHECKS,
    **choices.CHECKS,
    **numbers.CHECKS,
    **texts.CHECKS,
    **matching.CHECKS,
    **pairs.CHECKS,
    **filling.CHECKS,
    **forms.CHECKS,
    **highlighting.CHECKS,
    **ordering.CHECKS,
    **planning.CHECKS,
    **records.CHECKS,
    **reviews.CHECKS,
    **segments.CHECKS,
}
