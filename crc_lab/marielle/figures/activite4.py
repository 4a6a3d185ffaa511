"""Figures of activity 4: what is empty in the restructured base."""

from __future__ import annotations

from crc_lab.core.model import Table
from crc_lab.marielle.figures.picture import BLUE, INK, ORANGE, PAPER, SOFT_INK, Picture, data, new_figure, picture

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
    return picture(
        figure,
        f"Barres horizontales : nombre de cases vides dans {len(lines)} colonnes de la base restructurée. "
        f"La plus vide est {most[0]} ({most[1] + most[2]} cases sur 60), la moins vide {fewest[0]} "
        f"({fewest[1] + fewest[2]}). Les colonnes d’entreprise sont vides pour les 45 particuliers, l’âge et la "
        "date de naissance pour les 15 professionnels.",
        "Une colonne peut être presque vide à bon droit : un particulier n’a pas de SIRET, un professionnel n’a pas "
        "d’âge. Les colonnes où il ne manque que quelques cases méritent d’abord votre attention.",
    )
