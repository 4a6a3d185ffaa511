"""Criteria that any course may use. Each room of checks offers ``CHECKS``, by the names they bear in exercices.toml."""

from __future__ import annotations

from crc_lab.checks import choices, fields, forms, pairs, records, segments, tables, texts
from crc_lab.checks.comparers import COMPARERS
from crc_lab.core.check import Check

__all__ = ["CHECKS", "COMPARERS"]

CHECKS: dict[str, Check] = {
    **choices.CHECKS,
    **fields.CHECKS,
    **texts.CHECKS,
    **pairs.CHECKS,
    **forms.CHECKS,
    **records.CHECKS,
    **segments.CHECKS,
    **tables.CHECKS,
}
