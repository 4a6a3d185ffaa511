"""The answer sheet: ``metadata.crc_lab`` of a notebook, and the sidecar file where the plugin is absent.

Contract: the design, §6.1. Unknown keys are kept, never an error; a sheet of a newer version is refused.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from crc_lab.core.errors import NewerSheet, SheetProblem
from crc_lab.core.model import ASSESSMENT, TRAINING, Json

VERSION = 1
"""Version of the sheet written here; a greater one is refused."""

SUBJECT_KEY = "sujet"
"""Key of the sheet that names the subject it belongs to; only the notebooks of a prepared subject have it."""

SOURCES = ("carte", "excel", "code")
_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
_ANSWER_KEYS = ("valeur", "source", "essais", "indices", "date")


@dataclass(frozen=True, slots=True)
class Student:
    """Who hands in: both texts as typed, possibly empty."""

    name: str = ""
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as stored: value as typed, where it came from, tries and hints used, time (ISO 8601)."""

    value: Json
    source: str = "carte"
    tries: int = 0
    hints: int = 0
    date: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Answer:
        return cls(
            value=raw.get("valeur"),
            source=str(raw.get("source", "carte")),
            tries=_count(raw.get("essais")),
            hints=_count(raw.get("indices")),
            date=str(raw.get("date") or ""),
            extra={name: item for name, item in raw.items() if name not in _ANSWER_KEYS},
        )

    @property
    def instant(self) -> dt.datetime | None:
        """The date as an instant, so that two time zones compare (UTC where none is said); None without a real date."""
        try:
            date = dt.datetime.fromisoformat(self.date)
            return (date if date.tzinfo else date.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
        except (ValueError, OverflowError):
            return None

    def to_json(self) -> dict[str, Any]:
        return {
            "valeur": self.value,
            "source": self.source,
            "essais": self.tries,
            "indices": self.hints,
            "date": self.date,
            **self.extra,
        }


@dataclass(frozen=True)
class AnswerSheet:
    """All answers of one copy of one activity."""

    activity: str
    edition: str = TRAINING
    variant: str | None = None
    student: Student | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_metadata(cls, meta: Json) -> AnswerSheet:
        """The sheet of one notebook's ``metadata.crc_lab``.

        Raises :class:`SheetProblem` (codes FEUILLE-ABSENTE, FEUILLE-ILLISIBLE) and :class:`NewerSheet`. One answer
        that is not an object is left out, the others are kept.
        """
        if meta is None:
            raise SheetProblem("Ce carnet ne contient pas de feuille de réponses crc-lab.", "FEUILLE-ABSENTE")
        if not isinstance(meta, dict):
            raise SheetProblem("La feuille de réponses de ce carnet est abîmée : elle n’a pas la forme attendue.")
        version = meta.get("version", VERSION)
        if isinstance(version, bool) or not isinstance(version, int) or version < 1:
            raise SheetProblem("La feuille de réponses de ce carnet est abîmée : sa version est illisible.")
        if version > VERSION:
            raise NewerSheet(version, VERSION)
        if not isinstance(meta.get("activite"), str):
            raise SheetProblem("La feuille de réponses de ce carnet est abîmée : elle ne dit pas de quelle activité.")
        answers = meta.get("reponses")
        variant = meta.get("variante")
        return cls(
            activity=meta["activite"],
            edition=str(meta.get("edition") or TRAINING),
            variant=None if variant is None else str(variant),
            student=_student(meta.get("eleve")),
            answers={
                str(name): Answer.from_json(raw)
                for name, raw in (answers.items() if isinstance(answers, dict) else ())
                if isinstance(raw, dict)
            },
            extra={name: item for name, item in meta.items() if name not in _SHEET_KEYS},
        )

    @property
    def subject(self) -> str:
        """The subject this sheet was prepared for; empty for a notebook of the workbook."""
        return str(self.extra.get(SUBJECT_KEY) or "")

    @property
    def is_assessment(self) -> bool:
        """True for an assessment, even where the edition alone was changed by hand."""
        return self.edition == ASSESSMENT or bool(self.subject)

    def to_metadata(self) -> dict[str, Any]:
        return {
            "version": VERSION,
            "activite": self.activity,
            "edition": self.edition,
            "variante": self.variant,
            "eleve": None
            if self.student is None
            else {"nom": self.student.name, "identifiant": self.student.identifier},
            "reponses": {name: answer.to_json() for name, answer in self.answers.items()},
            **self.extra,
        }

    def with_answer(self, question: str, answer: Answer) -> AnswerSheet:
        return replace(self, answers={**self.answers, question: answer})

    def merged_with(self, other: AnswerSheet) -> AnswerSheet:
        """Both sheets together: of two answers to one question, the later one (as instants), ``self`` on a tie."""
        newer = {
            name: answer
            for name, answer in other.answers.items()
            if name not in self.answers or (answer.instant or _NEVER) > (self.answers[name].instant or _NEVER)
        }
        return replace(self, answers={**self.answers, **newer}, student=self.student or other.student)


_SHEET_KEYS = ("version", "activite", "edition", "variante", "eleve", "reponses")


def read_notebook(path: Path) -> dict[str, Any]:
    """The JSON of a notebook file; raises :class:`SheetProblem` (CARNET-ILLISIBLE) in French."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise SheetProblem(
            f"Le fichier « {path.name} » ne peut pas être lu comme un carnet ({type(error).__name__}).",
            "CARNET-ILLISIBLE",
        ) from None
    if not isinstance(notebook, dict):
        raise SheetProblem(f"Le fichier « {path.name} » n’est pas un carnet Jupyter.", "CARNET-ILLISIBLE")
    return notebook


def sheet_of_notebook(notebook: Mapping[str, Any]) -> AnswerSheet:
    """The sheet of a notebook already read; raises as :meth:`AnswerSheet.from_metadata`."""
    metadata = notebook.get("metadata")
    return AnswerSheet.from_metadata(metadata.get("crc_lab") if isinstance(metadata, dict) else None)


def sidecar_path(folder: Path, activity: str) -> Path:
    """Where the answers go when the JupyterLab plugin is absent."""
    return folder / f"{activity}.reponses.json"


def read_sidecar(path: Path) -> AnswerSheet:
    """The sheet of a sidecar file; raises :class:`SheetProblem`."""
    return AnswerSheet.from_metadata(read_notebook(path))


def write_sidecar(path: Path, sheet: AnswerSheet) -> None:
    """Write the sidecar in one step: a reader sees the old file or the new one, never half of it."""
    write_atomically(path, json.dumps(sheet.to_metadata(), ensure_ascii=False, indent=1).encode() + b"\n")


def write_atomically(path: Path, content: bytes) -> None:
    """Replace ``path`` by ``content`` in one step; raises :class:`OSError` and leaves the old file untouched."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _count(raw: Json) -> int:
    return raw if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw < 10_000 else 0


def _student(raw: Json) -> Student | None:
    if not isinstance(raw, dict):
        return None
    name, identifier = raw.get("nom"), raw.get("identifiant")
    found = Student(str(name).strip() if name else "", str(identifier).strip() if identifier else "")
    return found if found.name or found.identifier else None
