"""Figures of the narrative: ``figure("06-dates")`` shows one.

To add one: write a function without argument that returns a :class:`~crc_lab.marielle.figures.picture.Picture` (drawing
helpers in that module), and name it here as ``module:function``. Nothing is imported before it is shown.
"""

from __future__ import annotations

import importlib

from crc_lab.core.errors import UnknownName
from crc_lab.marielle.figures.edition import WAIT, in_assessment
from crc_lab.marielle.figures.picture import Picture

FIGURES: dict[str, str] = {
    "01-stades": "crc_lab.marielle.figures.activite1:three_stages",
    "01-place": "crc_lab.marielle.figures.activite1:place",
    "01-canaux": "crc_lab.marielle.figures.activite1:channels",
    "04-valeurs-manquantes": "crc_lab.marielle.figures.activite4:missing_values",
    "03-adresse": "crc_lab.marielle.figures.activite3:one_cell_seven_columns",
    "05-segmenter-scorer": "crc_lab.marielle.figures.activite5:split_or_rank",
    "05-tri-filtre": "crc_lab.marielle.figures.activite5:sort_or_filter",
    "06-dates": "crc_lab.marielle.figures.activite6:purchase_dates",
    "06-grille": "crc_lab.marielle.figures.activite6:grid",
    "06-notes": "crc_lab.marielle.figures.activite6:marks",
    "06-scores": "crc_lab.marielle.figures.activite6:scores",
}
AFTER_MARKING: dict[str, str] = {"06-notes": "06_scorer", "06-scores": "06_scorer"}
"""The figures that sum up the answers of an activity: an assessment does not show them."""


def load(name: str) -> Picture:
    """The picture called ``name``; raises :class:`UnknownName` when no figure bears that name."""
    if name not in FIGURES:
        raise UnknownName("nom de figure", name, sorted(FIGURES))
    module, function = FIGURES[name].split(":")
    made = getattr(importlib.import_module(module), function)()
    if not isinstance(made, Picture):
        raise TypeError(f"{FIGURES[name]} returned {type(made).__name__}, not a Picture")
    return made


def figure(name: str) -> None:
    """Montre une figure du cahier, par exemple ``figure("06-dates")``, et sa description pour qui ne la voit pas."""
    from IPython.display import HTML, display

    waits = name in AFTER_MARKING and in_assessment(AFTER_MARKING[name])
    display(HTML(f"<p><em>{WAIT}</em></p>") if waits else load(name))  # type: ignore[no-untyped-call]
