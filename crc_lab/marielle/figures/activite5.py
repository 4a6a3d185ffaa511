"""Figures of activity 5: splitting a file into groups or ranking it, sorting it or filtering it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crc_lab.marielle.figures.picture import (
    BLUE,
    GREEN,
    INK,
    LINE,
    ORANGE,
    PAPER,
    SOFT_INK,
    Picture,
    new_figure,
    picture,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GROUPS = (("hommes", "o", BLUE, 7), ("femmes", "s", ORANGE, 9), ("professionnels", "^", GREEN, 5))
_SCORES = (2, 5, 8, 11, 14, 17, 19, 21, 24, 26, 28, 30, 31, 33, 35, 37, 39, 41, 43, 45, 49)


def split_or_rank() -> Picture:
    """The same customers gathered by resemblance (segments), then lined up by their score."""
    figure, axes = new_figure(7.2, 3.3)
    axes.set_axis_off()
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 62)
    marks = _segments(axes)
    axes.text(0, 59, "Segmenter : rassembler ceux qui se ressemblent", color=INK, fontsize=10.5, fontweight="bold")
    axes.text(0, 23, "Scorer : ranger chacun selon sa note", color=INK, fontsize=10.5, fontweight="bold")
    axes.annotate("", (98, 8), (2, 8), arrowprops={"arrowstyle": "->", "color": SOFT_INK})
    for (marker, color), score in zip(marks, _SCORES, strict=True):
        axes.plot(4 + score * 1.85, 13, marker=marker, color=color, markersize=7, linestyle="none")
    axes.text(2, 2, "note faible", color=SOFT_INK, fontsize=9)
    axes.text(98, 2, "note forte", color=SOFT_INK, fontsize=9, ha="right")
    return picture(
        figure,
        "Deux dessins des mêmes clients. En haut, ils sont rassemblés en trois cercles : hommes, femmes, "
        "professionnels. En bas, ils sont alignés sur une flèche, de la plus faible à la plus forte note, tous "
        "groupes mêlés.",
        "Un segment dit à qui l’on s’adresse ; un score dit par qui commencer. Les deux se complètent.",
    )


def _segments(axes: Axes) -> list[tuple[str, str]]:
    """Three groups side by side; the marks of all their members, groups mixed."""
    from matplotlib.patches import Ellipse

    members: list[list[tuple[str, str]]] = []
    for number, (name, marker, color, size) in enumerate(_GROUPS):
        center = 17 + 33 * number
        axes.add_patch(Ellipse((center, 44), 29, 19, facecolor=PAPER, edgecolor=LINE, linewidth=1.4))
        for place in range(size):
            row, column = divmod(place, 5)
            axes.plot(center - 8 + 4 * column, 46 - 5 * row, marker=marker, color=color, markersize=7, linestyle="none")
        axes.text(center, 31, name, color=SOFT_INK, fontsize=9, ha="center")
        members.append([(marker, color)] * size)
    mixed = []
    while any(members):
        mixed += [group.pop() for group in members if group]
    return mixed


_ROWS = (("12", "H", "2026-10-28"), ("13", "F", "2026-08-02"), ("20", "H", "2026-01-15"), ("60", "F", "2026-02-11"))
_HEADS = ("fiche", "sexe", "dernier achat")


def sort_or_filter() -> Picture:
    """One little file, then sorted by date, then filtered on the sex."""
    figure, axes = new_figure(7.2, 2.5)
    axes.set_axis_off()
    axes.set_xlim(0, 99)
    axes.set_ylim(0, 40)
    tables = (
        ("Le fichier", list(_ROWS)),
        ("Trié par date : 4 fiches", sorted(_ROWS, key=lambda row: row[2])),
        ("Filtré sur sexe = H : 2 fiches", [row for row in _ROWS if row[1] == "H"]),
    )
    for number, (title, rows) in enumerate(tables):
        left = 35 * number
        axes.text(left, 37, title, color=INK, fontsize=9.5, fontweight="bold")
        for line, cells in enumerate([_HEADS, *rows]):
            bottom = 28 - 6.5 * line
            for cell, shift in zip(cells, (0, 6, 12), strict=True):
                weight = "bold" if line == 0 else "normal"
                axes.text(left + shift, bottom, cell, color=INK if line else SOFT_INK, fontsize=8.5, fontweight=weight)
            axes.plot([left, left + 28], [bottom - 1.8] * 2, color=LINE, linewidth=1)
    return picture(
        figure,
        "Trois petits tableaux. Le fichier a quatre fiches : 12, 13, 20 et 60. Trié par date du dernier achat, il a "
        "toujours quatre fiches, dans un autre ordre : 20, 60, 13 et 12. Filtré sur sexe égale H, il n’en a plus que "
        "deux : 12 et 20.",
        "Le tri change l’ordre et garde tout ; le filtre garde l’ordre et ne retient qu’une partie.",
    )
