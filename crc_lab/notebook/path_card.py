"""The card of the whole workbook, on the welcome page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crc_lab.core.feedback import rounded
from crc_lab.notebook.overview import Line, mean, overview
from crc_lab.notebook.widgets import Parcours


def path_card(folder: Path) -> Parcours:
    """The card of the notebooks beside ``folder``; « Actualiser » reads them again."""
    card = Parcours(**_traits(folder))
    card.on_demande(lambda _message, _buffers: _refresh(card, folder))
    return card


def _refresh(card: Parcours, folder: Path) -> None:
    for name, value in _traits(folder).items():
        setattr(card, name, value)


def _traits(folder: Path) -> dict[str, Any]:
    lines = overview(folder)
    found = mean(lines)
    return {
        "lignes": [_shown(line) for line in lines],
        "moyenne": {"note": float(rounded(found[0], 20)), "activites": found[1]} if found else {},
    }


def _shown(line: Line) -> dict[str, Any]:
    return {
        "numero": line.number,
        "titre": line.title,
        "etat": line.state,
        "total": line.total,
        "repondues": line.answered,
        "verifiees": line.checked,
        "points": line.points,
        "sur": line.max_points,
        "fichier": line.file,
    }
