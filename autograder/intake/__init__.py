"""What a teacher gives: copies (found, read within bounds, never executed), keys, the prepared folder.

Here, what is left of a file once it is read: a copy as it was handed in, or a refusal; and what is said of it in French
(``phrases.toml``). A copy has all that marking needs, without the file it came from. The register keeps these: a better
parser, a corrected key or another roster mark the same copies again, nothing here depends on them.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from crc_lab.core.errors import CrcError
from crc_lab.core.sheet import AnswerSheet

VERSION = 1
NOTEBOOK, SIDECAR, EXCEL = "carnet", "secours", "excel"
"""The sources of a copy; « excel » is also that of one answer."""
INTEGRITY = "INTEGRITE-"
"""Codes of what was changed in the cells of a notebook, without any effect on the mark, start with this."""
SAME_ANSWERS = 32
"""As many first characters of two keys are the same when the answers are."""
EMPTY = "COPIE-VIDE"
"""Code of a notebook without any answer (refused), and of a copy that only answered what is not marked."""
INTERNAL = "ERREUR-INTERNE"
"""Code of our own mistakes: they cost one file or one question, never the batch."""


@cache
def phrases() -> Mapping[str, str]:
    """The sentences of ``phrases.toml`` by name: a code, followed by « .case » where it has several."""
    found: dict[str, str] = {}
    for code, said in tomllib.loads((Path(__file__).parent / "phrases.toml").read_text(encoding="utf-8")).items():
        found |= {code: said} if isinstance(said, str) else {f"{code}.{case}": text for case, text in said.items()}
    return found


def phrase(name: str, /, **facts: object) -> tuple[str, str]:
    """The code and the sentence of that name, its gaps filled with the ``facts``."""
    return name.partition(".")[0], phrases()[name].format(**facts)


@dataclass(frozen=True, slots=True)
class Incident:
    """Something the teacher should know about a copy that was marked all the same."""

    code: str
    text: str

    def to_json(self) -> dict[str, str]:
        return {"code": self.code, "texte": self.text}


def incident(name: str, /, **facts: object) -> Incident:
    return Incident(*phrase(name, **facts))


class Refused(CrcError):
    """A file that is not read: a stable ``code`` and a French sentence."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code, text)
        self.code, self.text = code, text

    def __str__(self) -> str:
        return self.text


def refusal(name: str, /, **facts: object) -> Refused:
    return Refused(*phrase(name, **facts))


@dataclass(frozen=True, slots=True)
class Rejection:
    """A file that could not be marked: why, in French, with what to do."""

    file: str
    code: str
    text: str

    def to_json(self) -> dict[str, str]:
        return {"fichier": self.file, "code": self.code, "texte": self.text}


@dataclass(frozen=True, slots=True)
class Guess:
    """Who a file seems to come from: a name, and Moodle's own id when Moodle made the archive.

    ``scope`` tells the archives apart: an id only means something inside its archive. ``folder`` is Moodle's own folder
    name (or prefix, when the archive is flat), byte for byte; ``identifier`` the student's folder in nbgrader's tree.
    ``path``: all that leads to the file, with « / », where neither of them made the place.
    """

    name: str = ""
    moodle_id: str = ""
    scope: str = ""
    folder: str = ""
    identifier: str = ""
    path: str = ""

    @property
    def sure(self) -> bool:
        """True when Moodle or nbgrader made the place: it is surely that student's (or that group's)."""
        return bool(self.moodle_id or self.folder or self.identifier)


@dataclass(frozen=True)
class HandedIn:
    """One copy. ``file`` is the name people are shown; ``source`` is carnet, secours (a sidecar alone) or excel.

    ``incidents`` come from reading the file; those of the integrity report have codes that start with ``INTEGRITE-``.
    """

    file: str
    guess: Guess
    sheet: AnswerSheet
    source: str = NOTEBOOK
    incidents: tuple[Incident, ...] = ()

    @property
    def key(self) -> str:
        """The same for the same answers handed in by the same person, whatever the archive was called (SHA-256).

        Where only a path says whose they are, the same for the same answers under the same path; of two files with the
        same answers, the first half is the same.
        """
        if self.guess.path:
            answers, place = _print([self.source, self.sheet.to_metadata()]), _print([self.guess.path])
            return answers[:SAME_ANSWERS] + place[SAME_ANSWERS:]
        content = [self.guess.name, self.guess.moodle_id, self.guess.identifier, self.source, self.sheet.to_metadata()]
        return _print(content)

    def to_json(self) -> dict[str, Any]:
        return {
            "version": VERSION,
            "fichier": self.file,
            "origine": asdict(self.guess),
            "source": self.source,
            "feuille": self.sheet.to_metadata(),
            "incidents": [one.to_json() for one in self.incidents],
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> HandedIn:
        """The copy written by :meth:`to_json`; raises :class:`SheetProblem` for a damaged sheet."""
        known = {name: str(raw["origine"].get(name, "")) for name in Guess.__slots__}
        incidents = tuple(Incident(one["code"], one["texte"]) for one in raw["incidents"])
        sheet = AnswerSheet.from_metadata(raw["feuille"])
        return cls(raw["fichier"], Guess(**known), sheet, raw["source"], incidents)


def _print(content: Any) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
