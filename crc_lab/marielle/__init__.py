"""The case, Marielle Nature / Omnicom: RFM, postal addresses, the checks of its own tables, its figures."""

from __future__ import annotations

from crc_lab.core.check import Check
from crc_lab.marielle import aims, channels, marked_cells, paper, postal, restructured, rfm_checks
from crc_lab.marielle.cells import COMPARERS, WORDINGS

__all__ = ["CHECKS", "COMPARERS", "WORDINGS"]

CHECKS: dict[str, Check] = {
    **aims.CHECKS,
    **channels.CHECKS,
    **marked_cells.CHECKS,
    **paper.CHECKS,
    **postal.CHECKS,
    **restructured.CHECKS,
    **rfm_checks.CHECKS,
}
