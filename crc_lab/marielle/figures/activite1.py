"""Figures of activity 1: the three stages, the place of a CRC, channels that are linked or not."""

from __future__ import annotations

from math import cos, pi, sin
from typing import TYPE_CHECKING

from crc_lab.marielle.figures.picture import (
    BLUE,
    GREEN,
    GREY,
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
    from matplotlib.figure import Figure

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
    figure, axes = _canvas(8.6, 3.5, 12.0, 4.4)
    for number, (name, gains, colour) in enumerate(STAGES):
        left, height = 4.0 * number, 1.5 + 0.85 * number
        axes.fill_between([left + 0.08, left + 3.92], 0, height, color=PAPER, edgecolor=colour, linewidth=1.8)
        axes.plot([left + 0.08, left + 3.92], [height, height], color=colour, linewidth=5, solid_capstyle="butt")
        axes.text(left + 2, height + 0.3, f"{number + 1}. {name}", ha="center", fontsize=10, weight="bold", color=INK)
        for line, gain in enumerate(gains):
            axes.text(left + 2, height - 0.42 - 0.5 * line, gain, ha="center", va="center", fontsize=9, color=SOFT_INK)
    said = " ; ".join(f"{name} : {', '.join(gains)}" for name, gains, _ in STAGES)
    return picture(
        figure,
        f"Escalier de trois marches. {said}.",
        "Trois stades : chacun garde ce que faisait le précédent et y ajoute des canaux, puis des missions.",
    )


def place() -> Picture:
    """The CRC between the one who orders and the customers, and what goes each way."""
    figure, axes = _canvas(8.6, 3.2, 12.0, 4.2)
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
    return picture(
        figure,
        "Trois cases, de gauche à droite : le commanditaire (Marielle Nature), le CRC (Omnicom), les clients et les "
        "prospects. Le commanditaire donne au CRC une mission, un fichier et un argumentaire ; le CRC lui rend une "
        "base qualifiée, des rendez-vous et des ventes. Entre le CRC et les clients, les contacts vont dans les deux "
        "sens, sortants et entrants. En pointillé : le commanditaire vend ses produits et reste responsable.",
        "Omnicom parle aux clients au nom de Marielle Nature ; elle reste responsable de ce qui est fait pour elle.",
    )


def channels() -> Picture:
    """Five channels without a link, then five channels around one memory."""
    figure, axes = _canvas(8.6, 3.9, 12.0, 5.4)
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
    return picture(
        figure,
        f"Deux schémas avec les mêmes canaux : {names}. À gauche, multicanal : ils entourent le client sans aucun lien "
        "entre eux. À droite, omnicanal : tous sont reliés à une seule mémoire, le CRM.",
        "À gauche, le client répète tout à chaque canal. À droite, l’historique le suit.",
    )


def _canvas(width: float, height: float, right: float, top: float) -> tuple[Figure, Axes]:
    figure, axes = new_figure(width, height)
    axes.set_axis_off()
    axes.set_xlim(0, right)
    axes.set_ylim(0, top)
    return figure, axes


def _box(axes: Axes, x: float, y: float, text: str, colour: str) -> None:
    frame = {"boxstyle": "round,pad=0.7", "facecolor": PAPER, "edgecolor": colour, "linewidth": 2}
    axes.text(x, y, text, ha="center", va="center", fontsize=10, weight="bold", color=INK, bbox=frame)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], text: str, *, above: bool) -> None:
    axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.4})
    y = start[1] + (0.2 if above else -0.2)
    x = (start[0] + end[0]) / 2
    axes.text(x, y, text, ha="center", va="bottom" if above else "top", fontsize=8.5, color=SOFT_INK)
