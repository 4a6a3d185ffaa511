"""Charts of the workbook's data: what is empty in the base (activity 4), the notes and the scores (activity 6)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

from crc_lab.core.model import Table
from crc_lab.marielle import rfm
from crc_lab.marielle.figures import (
    BLUE,
    INK,
    LINE,
    ORANGE,
    PAPER,
    SOFT_INK,
    Picture,
    data,
)
from crc_lab.marielle.rfm import ANNEXE_8, State
from tools.figures.style import drawn, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

READ = ("base_restructuree.csv", "base_qualifiee.csv")
"""The data files that these charts read."""

# --- activity 4 -------------------------------------------------------------------------------------------------------

PEOPLE, FIRMS = "PARTICULIER", "PROFESSIONNEL"


def empty_cells(base: Table) -> list[tuple[str, int, int]]:
    """(column, empty cells of private persons, of professionals) for the columns that have any, most first."""
    kind = base.positions["type_contact"]
    counts = []
    for place, name in enumerate(base.columns):
        empty = [row[kind] for row in base.rows if not row[place]]
        counts.append((name, empty.count(PEOPLE), empty.count(FIRMS)))
    return sorted((line for line in counts if line[1] + line[2]), key=lambda line: (-line[1] - line[2], line[0]))


def missing_values() -> Picture:
    """Empty cells per column, private persons and professionals apart."""
    lines = empty_cells(data("base_restructuree.csv"))
    names = [name for name, _, _ in lines]
    people = [count for _, count, _ in lines]
    firms = [line for line in lines if line[2]]  # a bar of no width would still show its edge
    figure, axes = new_figure(7.2, 0.27 * len(lines) + 1.2)
    axes.barh(names, people, color=BLUE, label="fiches de particuliers", height=0.72)
    axes.barh([line[0] for line in firms], [line[2] for line in firms], left=[line[1] for line in firms], color=PAPER,
              edgecolor=ORANGE, hatch="////", height=0.72, linewidth=0.8, label="fiches de professionnels")  # fmt: skip
    for name, of_people, of_firms in lines:
        total = of_people + of_firms
        axes.annotate(str(total), (total, name), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8.5,
                      color=INK)  # fmt: skip
    axes.invert_yaxis()
    axes.set_xlim(0, len(data("base_restructuree.csv").rows) + 4)
    axes.set_xlabel("cases vides, sur 60 fiches", fontsize=9)
    axes.set_title("Les cases vides de la base, colonne par colonne", loc="left")
    axes.legend(loc="lower right", frameon=False, fontsize=9, labelcolor=SOFT_INK)
    most, fewest = lines[0], lines[-1]
    return drawn(
        figure,
        f"Barres horizontales : nombre de cases vides dans {len(lines)} colonnes de la base restructurée. "
        f"La plus vide est {most[0]} ({most[1] + most[2]} cases sur 60), la moins vide {fewest[0]} "
        f"({fewest[1] + fewest[2]}). Les colonnes d’entreprise sont vides pour les 45 particuliers, l’âge et la "
        "date de naissance pour les 15 professionnels.",
        "Une colonne peut être presque vide à bon droit : un particulier n’a pas de SIRET, un professionnel n’a pas "
        "d’âge. Les colonnes où il ne manque que quelques cases méritent d’abord votre attention.",
    )


# --- activity 6 -------------------------------------------------------------------------------------------------------

SEGMENT_COLOURS = {rfm.VERY_GOOD: BLUE, rfm.GOOD: "#5b8fc7", rfm.WARM: "#b9c9dc", rfm.INACTIVE: ORANGE}
"""From dark to light, then a warm one: the order survives a grey print and the usual colour blindnesses."""
_BANDS = ("#e3eaf3", "#b9cde6", "#7fa5d1")


def grid() -> Picture:
    """The three bands of each criterion of annexe 8, and to which band the limits belong."""
    rows = (
        ("Récence", ("3 mois", "12 mois"), ("moins de 3 mois", "de 3 à 12 mois", "plus de 12 mois"), ANNEXE_8.recency),
        ("Fréquence", ("1 achat", "4 achats"), ("aucun achat", "de 1 à 4 achats", "plus de 4"), ANNEXE_8.frequency),
        ("Montant", ("25 €", "100 €"), ("moins de 25 €", "de 25 à 100 €", "plus de 100 €"), ANNEXE_8.monetary),
    )  # fmt: skip
    figure, axes = new_figure(7.4, 3.3)
    for row, (name, limits, bands, points) in enumerate(rows):
        y = -row
        for place, (band, note) in enumerate(zip(bands, points, strict=True)):
            shade = _BANDS[sorted(points).index(note)]
            axes.barh(y, 0.98, left=place + 0.01, height=0.5, color=shade, edgecolor=LINE)
            text = f"{band}\n{note} point{'s' if note > 1 else ''}"
            axes.text(place + 0.5, y, text, ha="center", va="center", fontsize=9, color=INK)
        for place, limit in enumerate(limits, start=1):
            inside = place + (0.06 if place == 1 else -0.06)
            axes.plot([inside], [y], marker="o", color=INK, markersize=6)
            axes.text(inside, y - 0.3, limit, ha="center", va="top", fontsize=8, color=SOFT_INK)
        axes.text(-0.06, y, name, ha="right", va="center", fontsize=10, color=INK, fontweight="bold")
    axes.set_xlim(-0.75, 3.02)
    axes.set_ylim(-2.65, 0.45)
    axes.set_axis_off()
    return drawn(
        figure,
        "Grille de l’annexe 8. Récence : moins de 3 mois, 10 points ; de 3 à 12 mois, limites comprises, 5 points ; "
        "plus de 12 mois, 0 point. Fréquence : aucun achat, 0 point ; de 1 à 4 achats, limites comprises, 10 points ; "
        "plus de 4 achats, 20 points. Montant : moins de 25 €, 0 point ; de 25 à 100 €, limites comprises, 10 points ; "
        "plus de 100 €, 20 points.",
        "Le point noir montre où va la valeur égale à la limite : toujours dans la tranche du milieu.",
    )


def purchase_dates() -> Picture:
    """How many customers bought last in each month, and where the two threshold dates fall."""
    dates = [customer.last for customer in _customers() if customer.last]
    months = Counter((date.year, date.month) for date in dates)
    first = min(months)
    start = first[0] * 12 + first[1] - 1
    end = rfm.REFERENCE.year * 12 + rfm.REFERENCE.month - 1
    positions = range(start, end + 1)
    counts = [months[divmod(position, 12)[0], position % 12 + 1] for position in positions]
    figure, axes = new_figure(7.4, 3.0)
    axes.bar(list(positions), counts, width=0.82, color=BLUE)
    for place, count in zip(positions, counts, strict=True):
        if count:
            axes.text(place, count + 0.15, str(count), ha="center", fontsize=8, color=SOFT_INK)
    top = max(counts) + 3
    for threshold, label in zip(rfm.thresholds(rfm.REFERENCE), ("3 mois\navant", "12 mois\navant"), strict=True):
        line = _position(threshold)
        axes.axvline(line, color=ORANGE, linewidth=1.4, linestyle=(0, (5, 3)))
        axes.text(line - 0.2, top, label, ha="right", va="top", fontsize=9, color=ORANGE)
    axes.set_ylim(0, top)
    ticks = [position for position in positions if position % 3 == 0]
    axes.set_xticks(ticks, [f"{position % 12 + 1:02d}/{position // 12}" for position in ticks], rotation=45, ha="right")
    _label_bars(axes)
    oldest, newest = min(dates), max(dates)
    return drawn(
        figure,
        f"Nombre de clients selon le mois de leur dernier achat, de {_month(oldest)} à {_month(newest)}. "
        f"Les {len(dates)} clients se regroupent vers la droite : la plupart ont acheté dans les douze derniers mois. "
        "Deux lignes en pointillé marquent les dates situées 3 mois et 12 mois avant le 1er novembre 2026.",
        "Dernier achat des clients, mois par mois. Les pointillés partagent la récence en trois tranches.",
    )


def marks() -> Picture:
    """How many customers have each note, criterion by criterion."""
    scores = _scores()
    columns = {
        "Récence": (Counter(score.r for score in scores), ANNEXE_8.recency),
        "Fréquence": (Counter(score.f for score in scores), ANNEXE_8.frequency),
        "Montant": (Counter(score.m for score in scores), ANNEXE_8.monetary),
    }
    figure, axes = new_figure(7.4, 2.9)
    ticks, labels = [], []
    said = []
    for group, (name, (counts, points)) in enumerate(columns.items()):
        ordered = sorted(points)
        for place, note in enumerate(ordered):
            x = group * 4 + place
            axes.bar(x, counts[note], width=0.8, color=_BANDS[place], edgecolor=BLUE, linewidth=0.8)
            axes.text(x, counts[note] + 0.6, str(counts[note]), ha="center", fontsize=9, color=INK)
            ticks.append(x)
            labels.append(str(note))
        axes.text(group * 4 + 1, -0.2, name, ha="center", va="top", fontsize=10, color=INK,
                  transform=axes.get_xaxis_transform())  # fmt: skip
        said.append(f"{name} : " + ", ".join(f"{counts[note]} clients à {note}" for note in reversed(ordered)))
    axes.set_xticks(ticks, labels)
    _label_bars(axes)
    return drawn(figure, "Nombre de clients par note. " + " ; ".join(said) + ".", "Combien de clients ont chaque note.")


def scores() -> Picture:
    """How many customers have each score, in the colours of the four segments."""
    totals = Counter(score.total for score in _scores() if score.total is not None)
    segments = Counter(score.segment for score in _scores())
    figure, axes = new_figure(7.4, 3.2)
    for total in range(0, 51, 5):
        count = totals[total]
        axes.bar(total, count, width=4, color=SEGMENT_COLOURS[rfm.segment(total)])
        axes.text(total, count + 0.2, str(count) if count else "", ha="center", fontsize=9, color=INK)
    _legend(axes, segments)
    axes.set_xticks(list(range(0, 51, 5)))
    _label_bars(axes)
    axes.set_xlabel("score RFM")
    details = ", ".join(f"{totals[total]} à {total}" for total in sorted(totals, reverse=True))
    named = ", ".join(f"{segments[name]} {name.lower()}" for name in rfm.SEGMENTS)
    return drawn(
        figure,
        f"Nombre de clients par score, de 0 à 50 : {details}. Par segment : {named}.",
        "Les scores des 49 clients et leurs segments.",
    )


def _label_bars(axes: Axes) -> None:
    """Bars that bear their own numbers need no scale."""
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_ylabel("clients")


def _legend(axes: Axes, segments: Counter[str]) -> None:
    from matplotlib.patches import Patch

    handles = [Patch(color=SEGMENT_COLOURS[name], label=f"{name} : {segments[name]}") for name in rfm.SEGMENTS]
    legend = axes.legend(handles=handles, loc="upper left", frameon=True, fontsize=9, facecolor=PAPER, edgecolor=LINE)
    for text in legend.get_texts():
        text.set_color(INK)


def _customers() -> list[rfm.Customer]:
    return [rfm.read_customer(record) for record in data("base_qualifiee.csv").records()]


def _scores() -> list[rfm.Score]:
    rated = [rfm.rate(customer) for customer in _customers()]
    return [score for score in rated if score.state is State.SCORABLE]


def _position(date: dt.date) -> float:
    """Where a date falls on an axis of months whose bars are centred: the first of a month is a bar's left edge."""
    return date.year * 12 + date.month - 1 + (date.day - 1) / 31 - 0.5


def _month(date: dt.date) -> str:
    return f"{date.month:02d}/{date.year}"
