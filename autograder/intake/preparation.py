"""What « crc-lab preparer » remembers of a subject, for whoever marks it later: ``preparation.json``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import PlaceProblem
from crc_lab.core.sheet import SUBJECT_KEY as SUBJECT_KEY  # the sheet's own name for it, kept under this one too

FILE = "preparation.json"
VERSION = 1
KEYS, COURSE, ROSTER, SUBJECTS = "corriges", "nbgrader", "classe.csv", "sujets"
"""Names inside a prepared folder."""


class PreparationProblem(PlaceProblem):
    """A prepared folder that cannot be used."""


@dataclass(frozen=True)
class Preparation:
    """One subject: its id, its variant (None: the case's own data), the activities it holds, its edition."""

    subject: str
    activities: tuple[str, ...]
    variant: str | None = None
    edition: str = "evaluation"

    def to_json(self) -> dict[str, Any]:
        return {
            "version": VERSION,
            "sujet": self.subject,
            "variante": self.variant,
            "activites": list(self.activities),
            "edition": self.edition,
        }


def read_preparation(folder: Path) -> Preparation:
    """The subject prepared in ``folder``; raises :class:`PreparationProblem`."""
    try:
        raw = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if raw["version"] > VERSION:
            text = "ce sujet a été préparé avec une version plus récente de crc-lab. Mettez crc-lab à jour."
            raise PreparationProblem(folder.name, text)
        variant = raw["variante"]
        activities = tuple(str(name) for name in raw["activites"])
        return Preparation(str(raw["sujet"]), activities, None if variant is None else str(variant), raw["edition"])
    except FileNotFoundError:
        text = f"il n’y a pas de {FILE} dans ce dossier. Donnez celui que « crc-lab preparer » a fait."
        raise PreparationProblem(folder.name, text) from None
    except (OSError, ValueError, KeyError, TypeError):
        text = f"{FILE} est illisible. Refaites-le avec « crc-lab preparer », ou reprenez une copie de sauvegarde."
        raise PreparationProblem(folder.name, text) from None
