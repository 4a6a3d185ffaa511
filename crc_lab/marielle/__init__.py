"""The case, Marielle Nature / Omnicom: RFM, postal addresses, the checks of its own tables, its figures."""

from __future__ import annotations

from crc_lab.core.check import Check
from crc_lab.marielle import aims, channels, marked_cells, paper, postal, restructured, rfm_checks

CHECKS: dict[str, Check] = {
    "cellules_marquees": Check(marked_cells.marked_cells, ("cellules",), codes=marked_cells.CODES),
    **aims.CHECKS,
    **channels.CHECKS,
    **paper.CHECKS,
    **postal.CHECKS,
    **restructured.CHECKS,
    **rfm_checks.CHECKS,
}
