"""Criteria that any course may use. Each room of checks offers ``CHECKS``, by the names they bear in exercices.toml."""

from __future__ import annotations

from crc_lab.checks import calls, choices, fields, picked, planning, records, tables, texts
from crc_lab.checks.comparers import COMPARERS
from crc_lab.core.grading import Check

__all__ = ["CHECKS", "COMPARERS"]

CHECKS: dict[str, Check] = {
    **calls.CHECKS,
    **choices.CHECKS,
    **fields.CHECKS,
    **texts.CHECKS,
    **picked.CHECKS,
    **planning.CHECKS,
    **records.CHECKS,
    **tables.CHECKS,
}
