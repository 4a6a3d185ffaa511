"""Criteria that any course may use. Each room of checks offers ``CHECKS``, by the names they bear in exercices.toml."""

from __future__ import annotations

from crc_lab.checks import choices, fields, filling, forms, pairs, records, segments, texts
from crc_lab.core.check import Check

CHECKS: dict[str, Check] = {
    **choices.CHECKS,
    **fields.CHECKS,
    **texts.CHECKS,
    **pairs.CHECKS,
    **filling.CHECKS,
    **forms.CHECKS,
    **records.CHECKS,
    **segments.CHECKS,
}
