"""Figures of activity 3. The example is invented and belongs to no file, so that it gives no answer away."""

from __future__ import annotations

from typing import NamedTuple

from crc_lab.marielle.figures.picture import BLUE, GREEN, INK, LINE, ORANGE, SOFT_INK, Picture, new_figure, picture


class _Piece(NamedTuple):
    """A piece of the dirty cell, as typed, and the column and value that it becomes."""

    typed: str
    column: str
    value: str


ADDRESS = (
    _Piece("18", "numero_voie", "18"),
    _Piece("ter", "indice_repetition", "TER"),
    _Piece("av.", "type_voie", "AVENUE"),
    _Piece("de l’Océan", "nom_voie", "DE L OCEAN"),
    _Piece("Rés. Les Pins", "complement", "RESIDENCE LES PINS"),
    _Piece("17000", "code_postal", "17000"),
    _Piece("La Rochelle", "ville", "LA ROCHELLE"),
)
_COLOURS = (BLUE, ORANGE, GREEN, SOFT_INK, BLUE, ORANGE, GREEN)
_WIDTH, _GAP = 11.0, 0.25


def one_cell_seven_columns() -> Picture:
    """One cell « Adresse » above, its seven pieces below, each under a line to its column."""
    figure, axes = new_figure(10.4, 3.1)
    axes.set_axis_off()
    axes.set_xlim(0, _WIDTH)
    axes.set_ylim(0, 3.2)
    # Widths follow the longest text of each piece, at a readable size.
    lengths = [max(len(piece.typed), len(piece.column), len(piece.value)) + 2 for piece in ADDRESS]
    unit = (_WIDTH - _GAP * (len(ADDRESS) - 1)) / sum(lengths)
    typed = [len(piece.typed) + 1.2 for piece in ADDRESS]
    typed_unit = 0.62 * _WIDTH / sum(typed)
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
    for piece, length, width, colour in zip(ADDRESS, lengths, typed, _COLOURS, strict=True):
        top, bottom = cell_left + width * typed_unit / 2, left + length * unit / 2
        axes.text(top, 2.7, piece.typed, color=colour, fontsize=11, weight="bold", ha="center", va="center")
        axes.plot([top, bottom], [2.35, 1.25], color=colour, linewidth=1.2)
        axes.text(bottom, 1.0, piece.column, color=SOFT_INK, fontsize=8.5, ha="center", va="center")
        frame = {**box, "edgecolor": colour}
        axes.text(bottom, 0.55, piece.value, color=INK, fontsize=8.5, ha="center", va="center", bbox=frame)
        left += length * unit + _GAP
        cell_left += width * typed_unit
    axes.text(0.0, 0.05, "sept colonnes", color=SOFT_INK, fontsize=9, va="center")
    pieces = " ; ".join(f"« {piece.typed} » va dans {piece.column} : {piece.value}" for piece in ADDRESS)
    return picture(
        figure,
        f"Une seule cellule Adresse donne sept colonnes. {pieces}.",
        "Exemple inventé : une cellule « Adresse » contient sept informations.",
    )
