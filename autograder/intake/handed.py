"""A copy as it was handed in: all that marking needs, without the file it came from. The register keeps these.

A better parser, a corrected key or another roster mark the same copies again: nothing here depends on them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.intake.places import Guess
from crc_lab.core.sheet import AnswerSheet

VERSION = 1
NOTEBOOK, SIDECAR, EXCEL = "carnet", "secours", "excel"
INTEGRITY = "INTEGRITE-"
"""Codes of what was changed in the cells of a notebook, without any effect on the mark, start with this."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Something the teacher should know about a copy that was marked all the same."""

    code: str
    text: str

    def to_json(self) -> dict[str, str]:
        return {"code": self.code, "texte": self.text}


@dataclass(frozen=True)
class HandedIn:
    """One copy. ``file`` is the name people are shown; ``source`` is carnet, secours (a sidecar alone) or excel.

    ``incidents`` come from reading the file; those of the integrity report have codes that start with ``INTEGRITE-``.
    """

    file: str
    guess: Guess
    sheet: AnswerSheet
    source: str = NOTEBOOK
    incidents: tuple[Incident, ...] = field(default=())

    @property
    def key(self) -> str:
        """The same for the same answers handed in by the same person, whatever the archive was called (SHA-256)."""
        content = [self.guess.name, self.guess.moodle_id, self.guess.identifier, self.source, self.sheet.to_metadata()]
        return hashlib.sha256(_dumps(content).encode("utf-8", "surrogatepass")).hexdigest()

    def to_json(self) -> dict[str, Any]:
        return {
            "version": VERSION,
            "fichier": self.file,
            "origine": self.guess.to_json(),
            "source": self.source,
            "feuille": self.sheet.to_metadata(),
            "incidents": [incident.to_json() for incident in self.incidents],
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> HandedIn:
        """The copy written by :meth:`to_json`; raises :class:`SheetProblem` for a damaged sheet."""
        return cls(
            raw["fichier"],
            Guess.from_json(raw["origine"]),
            AnswerSheet.from_metadata(raw["feuille"]),
            raw["source"],
            tuple(Incident(item["code"], item["texte"]) for item in raw["incidents"]),
        )


def _dumps(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
