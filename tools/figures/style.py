"""The calm style that all drawings of the workbook share, and how one becomes a picture of it.

A drawing is made on :func:`new_figure` or :func:`canvas` and given to :func:`drawn`: matplotlib's object without
pyplot, so that nothing is registered anywhere and nothing has to be closed.
"""

from __future__ import annotations

import io

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from crc_lab.marielle.figures import INK, LINE, PAPER, SOFT_INK, Picture


def new_figure(width: float = 7.2, height: float = 3.4) -> tuple[Figure, Axes]:
    """A figure of ``width`` × ``height`` inches with one pair of axes in the common style."""
    figure = Figure(figsize=(width, height), facecolor=PAPER, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_facecolor(PAPER)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(LINE)
    axes.tick_params(colors=SOFT_INK, labelsize=9, length=0)
    axes.xaxis.label.set_color(SOFT_INK)
    axes.yaxis.label.set_color(SOFT_INK)
    axes.title.set_color(INK)
    axes.title.set_fontsize(11)
    return figure, axes


def canvas(width: float, height: float, right: float, top: float) -> tuple[Figure, Axes]:
    """A figure to draw on, without axes: from (0, 0) to (``right``, ``top``)."""
    figure, axes = new_figure(width, height)
    axes.set_axis_off()
    axes.set_xlim(0, right)
    axes.set_ylim(0, top)
    return figure, axes


def drawn(figure: Figure, alt: str, caption: str = "") -> Picture:
    """The finished drawing, the same bytes for the same one: ``alt`` says it in words, ``caption`` is the line below
    it."""
    buffer = io.BytesIO()
    with rc_context({"svg.hashsalt": "crc-lab", "svg.fonttype": "path"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return Picture(buffer.getvalue(), alt, caption, round(figure.get_figwidth() * 96))
