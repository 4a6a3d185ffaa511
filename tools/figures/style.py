"""How a drawing of the workbook becomes a picture of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crc_lab.marielle.figures import SVG, Picture, picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def drawn(figure: Figure, alt: str, caption: str = "") -> Picture:
    """The finished drawing: ``alt`` says it in words, ``caption`` is the line below it."""
    return picture(figure, alt, caption, SVG)
