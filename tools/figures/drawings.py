"""Drawings that explain an idea: activities 1, 3 and 5. Their examples are invented: they give no answer away."""

from __future__ import annotations

from math import cos, pi, sin
from typing import TYPE_CHECKING

from crc_lab.marielle.figures import (
    BLUE,
    GREEN,
    GREY,
    INK,
    LINE,
    ORANGE,
    PAPER,
    SOFT_INK,
    Picture,
)
from tools.figures.style import canvas, drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# --- activity 1: the relation centre ----------------------------------------------------------------------------------

STAGES = (
    ("Centre d’appels", ("le téléphone", "des demandes en masse"), GREY),
    ("Centre de contacts", ("plusieurs canaux", "des demandes en masse"), ORANGE),
    (
        "Centre de relation client",
        ("contacts entrants et sortants", "bases de données", "vente et conseil", "travail avec les commerciaux"),
        BLUE,
    ),
)
CHANNELS = ("Téléphone", "E-mail", "Tchat", "Réseaux\nsociaux", "Boutique")


def three_stages() -> Picture:
    """Three steps of a staircase, each with what it adds."""
    figure, axes = canvas(8.6, 3.5, 12.0, 4.4)
    for number, (name, gains, colour) in enumerate(STAGES):
        left, height = 4.0 * number, 1.5 + 0.85 * number
        axes.fill_between([left + 0.08, left + 3.92], 0, height, color=PAPER, edgecolor=colour, linewidth=1.8)
        axes.plot([left + 0.08, left + 3.92], [height, height], color=colour, linewidth=5, solid_capstyle="butt")
        axes.text(left + 2, height + 0.3, f"{number + 1}. {name}", ha="center", fontsize=10, weight="bold", color=INK)
        for line, gain in enumerate(gains):
            axes.text(left + 2, height - 0.42 - 0.5 * line, gain, ha="center", va="center", fontsize=9, color=SOFT_INK)
    said = " ; ".join(f"{name} : {', '.join(gains)}" for name, gains, _ in STAGES)
    return drawn(
        figure,
        f"Escalier de trois marches. {said}.",
        "Trois stades : chacun garde ce que faisait le précédent et y ajoute des canaux, puis des missions.",
    )


def place() -> Picture:
    """The CRC between the one who orders and the customers, and what goes each way."""
    figure, axes = canvas(8.6, 3.2, 12.0, 4.2)
    _box(axes, 1.7, 2.1, "Commanditaire\nMarielle Nature", ORANGE)
    _box(axes, 6.0, 2.1, "CRC\nOmnicom", BLUE)
    _box(axes, 10.3, 2.1, "Clients et\nprospects", GREEN)
    _arrow(axes, (3.15, 2.45), (4.55, 2.45), "mission, fichier,\nargumentaire", above=True)
    _arrow(axes, (4.55, 1.75), (3.15, 1.75), "base qualifiée,\nrendez-vous, ventes", above=False)
    _arrow(axes, (7.45, 2.45), (8.85, 2.45), "contacts sortants", above=True)
    _arrow(axes, (8.85, 1.75), (7.45, 1.75), "contacts entrants", above=False)
    axes.annotate(
        "", (10.3, 3.55), (1.7, 3.55), arrowprops={"arrowstyle": "-|>", "color": SOFT_INK, "linestyle": (0, (4, 3))}
    )
    axes.text(6, 3.75, "produits, marque, responsabilité", ha="center", fontsize=9, color=SOFT_INK)
    return drawn(
        figure,
        "Trois cases, de gauche à droite : le commanditaire (Marielle Nature), le CRC (Omnicom), les clients et les "
        "prospects. Le commanditaire donne au CRC une mission, un fichier et un argumentaire ; le CRC lui rend une "
        "base qualifiée, des rendez-vous et des ventes. Entre le CRC et les clients, les contacts vont dans les deux "
        "sens, sortants et entrants. En pointillé : le commanditaire vend ses produits et reste responsable.",
        "Omnicom parle aux clients au nom de Marielle Nature ; elle reste responsable de ce qui est fait pour elle.",
    )


def channels() -> Picture:
    """Five channels without a link, then five channels around one memory."""
    figure, axes = canvas(8.6, 3.9, 12.0, 5.4)
    for centre, title, linked in ((3.0, "Multicanal", False), (9.0, "Omnicanal", True)):
        axes.text(centre, 5.1, title, ha="center", fontsize=11, weight="bold", color=INK)
        points = [(centre + 2.1 * sin(2 * pi * n / 5), 2.45 + 1.75 * cos(2 * pi * n / 5)) for n in range(5)]
        if linked:
            for x, y in points:
                axes.plot([centre, x], [2.45, y], color=BLUE, linewidth=2)
        colour = BLUE if linked else GREY
        for (x, y), name in zip(points, CHANNELS, strict=True):
            frame = {"boxstyle": "round,pad=0.35", "facecolor": PAPER, "edgecolor": colour, "linewidth": 1.4}
            axes.text(x, y, name, ha="center", va="center", fontsize=9, color=INK, bbox=frame)
        middle = "Une seule\nmémoire\n(CRM)" if linked else "Client"
        axes.text(
            centre, 2.45, middle, ha="center", va="center", fontsize=9, weight="bold", color="white" if linked else INK,
            bbox={"boxstyle": "circle,pad=0.45", "facecolor": BLUE if linked else PAPER, "edgecolor": colour},
        )  # fmt: skip
    axes.plot([6, 6], [0.2, 5.0], color=LINE, linewidth=1)
    names = ", ".join(name.replace("\n", " ").lower() for name in CHANNELS)
    return drawn(
        figure,
        f"Deux schémas avec les mêmes canaux : {names}. À gauche, multicanal : ils entourent le client sans aucun lien "
        "entre eux. À droite, omnicanal : tous sont reliés à une seule mémoire, le CRM.",
        "À gauche, le client répète tout à chaque canal. À droite, l’historique le suit.",
    )


def _box(axes: Axes, x: float, y: float, text: str, colour: str) -> None:
    frame = {"boxstyle": "round,pad=0.7", "facecolor": PAPER, "edgecolor": colour, "linewidth": 2}
    axes.text(x, y, text, ha="center", va="center", fontsize=10, weight="bold", color=INK, bbox=frame)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], text: str, *, above: bool) -> None:
    axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.4})
    y = start[1] + (0.2 if above else -0.2)
    x = (start[0] + end[0]) / 2
    axes.text(x, y, text, ha="center", va="bottom" if above else "top", fontsize=8.5, color=SOFT_INK)


# --- activity 3: one cell, seven pieces of information ----------------------------------------------------------------


ADDRESS = (
    ("18", "numero_voie", "18"),
    ("ter", "indice_repetition", "TER"),
    ("av.", "type_voie", "AVENUE"),
    ("de l’Océan", "nom_voie", "DE L OCEAN"),
    ("Rés. Les Pins", "complement", "RESIDENCE LES PINS"),
    ("17000", "code_postal", "17000"),
    ("La Rochelle", "ville", "LA ROCHELLE"),
)
"""The pieces of the dirty cell: as typed, and the column and value that each becomes."""
_COLOURS = (BLUE, ORANGE, GREEN, SOFT_INK, BLUE, ORANGE, GREEN)
_WIDTH, _GAP = 11.0, 0.25


def one_cell_seven_columns() -> Picture:
    """One cell « Adresse » above, its seven pieces below, each under a line to its column."""
    figure, axes = canvas(10.4, 3.1, _WIDTH, 3.2)
    # Widths follow the longest text of each piece, at a readable size.
    lengths = [max(map(len, piece)) + 2 for piece in ADDRESS]
    unit = (_WIDTH - _GAP * (len(ADDRESS) - 1)) / sum(lengths)
    widths = [len(typed) + 1.2 for typed, _, _ in ADDRESS]
    typed_unit = 0.62 * _WIDTH / sum(widths)
    left, cell_left = 0.0, 0.19 * _WIDTH
    axes.text(0.0, 2.85, "Adresse", color=SOFT_INK, fontsize=10, weight="bold", va="center")
    axes.text(0.0, 2.5, "une cellule", color=SOFT_INK, fontsize=9, va="center")
    box = {"boxstyle": "square,pad=0.35", "facecolor": "white", "linewidth": 1.0}
    axes.plot(
        [cell_left - 0.15, cell_left + 0.64 * _WIDTH, cell_left + 0.64 * _WIDTH, cell_left - 0.15, cell_left - 0.15],
        [2.4, 2.4, 3.0, 3.0, 2.4],
        color=LINE,
        linewidth=1.2,
    )
    for (typed, column, value), length, width, colour in zip(ADDRESS, lengths, widths, _COLOURS, strict=True):
        top, bottom = cell_left + width * typed_unit / 2, left + length * unit / 2
        axes.text(top, 2.7, typed, color=colour, fontsize=11, weight="bold", ha="center", va="center")
        axes.plot([top, bottom], [2.35, 1.25], color=colour, linewidth=1.2)
        axes.text(bottom, 1.0, column, color=SOFT_INK, fontsize=8.5, ha="center", va="center")
        frame = {**box, "edgecolor": colour}
        axes.text(bottom, 0.55, value, color=INK, fontsize=8.5, ha="center", va="center", bbox=frame)
        left += length * unit + _GAP
        cell_left += width * typed_unit
    axes.text(0.0, 0.05, "sept colonnes", color=SOFT_INK, fontsize=9, va="center")
    pieces = " ; ".join(f"« {typed} » va dans {column} : {value}" for typed, column, value in ADDRESS)
    return drawn(
        figure,
        f"Une seule cellule Adresse donne sept colonnes. {pieces}.",
        "Exemple inventé : une cellule « Adresse » contient sept informations.",
    )


# --- activity 5: segments and scores, sorting and filtering -----------------------------------------------------------

_GROUPS = (("hommes", "o", BLUE, 7), ("femmes", "s", ORANGE, 9), ("professionnels", "^", GREEN, 5))
_SCORES = (2, 5, 8, 11, 14, 17, 19, 21, 24, 26, 28, 30, 31, 33, 35, 37, 39, 41, 43, 45, 49)


def split_or_rank() -> Picture:
    """The same customers gathered by resemblance (segments), then lined up by their score."""
    figure, axes = canvas(7.2, 3.3, 100, 62)
    marks = _segments(axes)
    axes.text(0, 59, "Segmenter : rassembler ceux qui se ressemblent", color=INK, fontsize=10.5, fontweight="bold")
    axes.text(0, 23, "Scorer : ranger chacun selon sa note", color=INK, fontsize=10.5, fontweight="bold")
    axes.annotate("", (98, 8), (2, 8), arrowprops={"arrowstyle": "->", "color": SOFT_INK})
    for (marker, color), score in zip(marks, _SCORES, strict=True):
        axes.plot(4 + score * 1.85, 13, marker=marker, color=color, markersize=7, linestyle="none")
    axes.text(2, 2, "note faible", color=SOFT_INK, fontsize=9)
    axes.text(98, 2, "note forte", color=SOFT_INK, fontsize=9, ha="right")
    return drawn(
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
    figure, axes = canvas(7.2, 2.5, 99, 40)
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
    return drawn(
        figure,
        "Trois petits tableaux. Le fichier a quatre fiches : 12, 13, 20 et 60. Trié par date du dernier achat, il a "
        "toujours quatre fiches, dans un autre ordre : 20, 60, 13 et 12. Filtré sur sexe égale H, il n’en a plus que "
        "deux : 12 et 20.",
        "Le tri change l’ordre et garde tout ; le filtre garde l’ordre et ne retient qu’une partie.",
    )
