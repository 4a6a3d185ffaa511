"""The case, Marielle Nature / Omnicom: RFM, postal addresses, the checks of its own tables, its figures."""

from __future__ import annotations

from crc_lab.core.grading import Check
from crc_lab.marielle import campaign, marked_cells, postal, restructured, rfm_checks
from crc_lab.marielle.before_after import OUTCOMES
from crc_lab.marielle.cells import COMPARERS, WORDINGS
from crc_lab.marielle.figures import PICTURES as _PICTURES

__all__ = ["CHECKS", "COMPARERS", "OUTCOMES", "PICTURES", "VALUES", "WORDINGS"]

VALUES = {
    "SANS_OBJET": "sans objet",
    "CARTE_FIDELITE": "carte de fidélité",
    "SITE_WEB": "site web",
    "ADRESSE_NON_VALIDE": "adresse non valide",
}
PICTURES = {__name__: _PICTURES}

CHECKS: dict[str, Check] = {
    **campaign.CHECKS,
    **marked_cells.CHECKS,
    **postal.CHECKS,
    **restructured.CHECKS,
    **rfm_checks.CHECKS,
}
