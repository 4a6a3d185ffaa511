"""Figures of the narrative: ``figure("06-dates")`` shows one.

To add one: write a function without argument that returns a :class:`~crc_lab.marielle.figures.picture.Picture` (drawing
helpers in that module), and name it here as ``module:function``. Nothing is imported before it is shown.
"""

from __future__ import annotations

import importlib

from crc_lab.core.errors import UnknownName
from crc_lab.marielle.figures.picture import WAIT, Picture, in_assessment

FIGURES: dict[str, str] = {
    "01-stades": "drawings:three_stages",
    "01-place": "drawings:place",
    "01-canaux": "drawings:channels",
    "03-adresse": "drawings:one_cell_seven_columns",
    "04-valeurs-manquantes": "charts:missing_values",
    "05-segmenter-scorer": "drawings:split_or_rank",
    "05-tri-filtre": "drawings:sort_or_filter",
    "06-dates": "charts:purchase_dates",
    "06-grille": "charts:grid",
    "06-notes": "charts:marks",
    "06-scores": "charts:scores",
}
AFTER_MARKING: dict[str, str] = {"06-notes": "06_scorer", "06-scores": "06_scorer"}
"""The figures that sum up the answers of an activity: an assessment does not show them."""


def load(name: str) -> Picture:
    """The picture called ``name``; raises :class:`UnknownName` when no figure bears that name."""
    if name not in FIGURES:
        raise UnknownName("nom de figure", name, sorted(FIGURES))
    module, function = FIGURES[name].split(":")
    made: Picture = getattr(importlib.import_module(f"{__name__}.{module}"), function)()
    return made


def figure(name: str) -> None:
    """Montre une figure du cahier, par exemple ``figure("06-dates")``, et sa description pour qui ne la voit pas."""
    from IPython.display import HTML, display

    waits = name in AFTER_MARKING and in_assessment(AFTER_MARKING[name])
    display(HTML(f"<p><em>{WAIT}</em></p>") if waits else load(name))  # type: ignore[no-untyped-call]
