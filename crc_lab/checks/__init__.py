"""Criteria that any course may use. Each room of checks offers ``CHECKS``, by the names they bear in exercices.toml."""

from __future__ import annotations

from crc_lab.checks import (
    calls,
    choices,
    fields,
    filling,
    forms,
    highlighting,
    pairs,
    planning,
    records,
    segments,
    texts,
)
from crc_lab.core.check import Check

CHECKS: dict[str, Check] = {
    **calls.CHECKS,
    **choices.CHECKS,
    **fields.CHECKS,
    **texts.CHECKS,
    **pairs.CHECKS,
    **filling.CHECKS,
    **forms.CHECKS,
    **highlighting.CHECKS,
    **planning.CHECKS,
    **records.CHECKS,
    **segments.CHECKS,
}
