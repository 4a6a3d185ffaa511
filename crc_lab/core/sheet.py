"""The answer sheet: ``metadata.crc_lab`` of a notebook, and the sidecar file where the plugin is absent.

Contract: the design, §6.1. Unknown keys are kept, never an error; a sheet of a newer version is refused.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from crc_lab.core.errors import NewerSheet, SheetProblem
from crc_lab.core.model import ASSESSMENT, TRAINING, Json

VERSION = 1
"""Version of the sheet written here; a greater one is refused."""

SUBJECT_KEY = "sujet"
"""Key of the sheet that names the subject it belongs to; only the notebooks of a prepared subject have it."""

EXAM = "examen"
"""Key of the mock exams among the answers: their state; before the id of a question (``examen/R1-Q1``), its answer."""

_SHEET_KEYS = ("version", "activite", "edition", "variante", "eleve", "reponses")
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
        source, tries, hints = str(raw.get("source", "carte")), _count(raw.get("essais")), _count(raw.get("indices"))
        extra = {name: item for name, item in raw.items() if name not in _ANSWER_KEYS}
        return cls(raw.get("valeur"), source, tries, hints, str(raw.get("date") or ""), extra)

    @property
    def instant(self) -> dt.datetime | None:
        """The date as an instant, so that two time zones compare (UTC where none is said); None without a real date."""
        try:
            date = dt.datetime.fromisoformat(self.date.upper())
            return date if date.tzinfo else date.replace(tzinfo=dt.UTC)
        except (ValueError, OverflowError):
            return None

    @property
    def ticks(self) -> Mapping[str, frozenset[str]]:
        """What the student says is in the lines that could not be read, as far as they have not changed since."""
        return ticks_of(self.extra.get(REREADING), self.value)

    def to_json(self) -> dict[str, Any]:
        values = (self.value, self.source, self.tries, self.hints, self.date)
        return {**dict(zip(_ANSWER_KEYS, values, strict=True)), **self.extra}


def is_exam(name: str) -> bool:
    """Whether something kept among the answers belongs to a mock exam: the student's own, never marked by a teacher."""
    return name == EXAM or name.startswith(f"{EXAM}/")


@dataclass(frozen=True)
class AnswerSheet:
    """All answers of one copy of one activity. ``exam``: what mock exams left, apart from the ``answers`` handed in."""

    activity: str
    edition: str = TRAINING
    variant: str | None = None
    student: Student | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    exam: Mapping[str, Answer] = field(default_factory=dict)

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
        found, variant = meta.get("reponses"), meta.get("variante")
        listed = found.items() if isinstance(found, dict) else ()
        kept = {str(name): Answer.from_json(raw) for name, raw in listed if isinstance(raw, dict)}
        return cls(
            activity=meta["activite"],
            edition=str(meta.get("edition") or TRAINING),
            variant=None if variant is None else str(variant),
            student=_student(meta.get("eleve")),
            answers={name: answer for name, answer in kept.items() if not is_exam(name)},
            extra={name: item for name, item in meta.items() if name not in _SHEET_KEYS},
            exam={name: answer for name, answer in kept.items() if is_exam(name)},
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
        student = self.student and {"nom": self.student.name, "identifiant": self.student.identifier}
        return {
            "version": VERSION,
            "activite": self.activity,
            "edition": self.edition,
            "variante": self.variant,
            "eleve": student,
            "reponses": {name: answer.to_json() for name, answer in {**self.answers, **self.exam}.items()},
            **self.extra,
        }

    def get(self, name: str) -> Answer | None:
        """What is kept under this name: the answer to a question, or something of a mock exam."""
        return (self.exam if is_exam(name) else self.answers).get(name)

    def with_answer(self, name: str, answer: Answer) -> AnswerSheet:
        if is_exam(name):
            return replace(self, exam={**self.exam, name: answer})
        return replace(self, answers={**self.answers, name: answer})

    def merged_with(self, other: AnswerSheet) -> AnswerSheet:
        """Both sheets together: of two answers to one question, the later one (as instants), ``self`` on a tie."""
        sheet = replace(self, student=self.student or other.student)
        for name, answer in {**other.answers, **other.exam}.items():
            known = self.get(name)
            if known is None or (answer.instant or _NEVER) > (known.instant or _NEVER):
                sheet = sheet.with_answer(name, answer)
        return sheet


def read_notebook(path: Path) -> dict[str, Any]:
    """The JSON of a notebook file; raises :class:`SheetProblem` (CARNET-ILLISIBLE) in French."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, ValueError, RecursionError) as error:
        text = f"Le fichier « {path.name} » ne peut pas être lu comme un carnet ({type(error).__name__})."
        raise SheetProblem(text, "CARNET-ILLISIBLE") from None
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


COPY_SUFFIX = "-a-rendre"
"""End of the name of the copy made for handing in where the plugin is absent (:mod:`crc_lab.notebook.handin`)."""


def running_notebook(folder: Path) -> Path | None:
    """The notebook of this kernel, whose folder is ``folder``, as the server named it; None when it named none."""
    named = os.environ.get("JPY_SESSION_NAME", "")
    if not named.endswith(".ipynb"):
        return None
    path = Path(named) if Path(named).is_absolute() else folder / Path(named).name
    return path if path.is_file() else None


def find_notebook(activity: str, folder: Path) -> Path | None:
    """The notebook of ``activity``: the one the server named, else the only one of ``folder`` with its sheet.

    The server's name (``JPY_SESSION_NAME``) is stale after a rename, and absent outside Jupyter servers.
    """
    named = running_notebook(folder)
    if named is not None and has_sheet(named, activity):
        return named
    originals = (path for path in sorted(folder.glob("*.ipynb")) if not path.stem.endswith(COPY_SUFFIX))
    candidates = [path for path in originals if has_sheet(path, activity)]
    return candidates[0] if len(candidates) == 1 else None


def read_own_sheet(activity: str, folder: Path) -> AnswerSheet:
    """The answers saved so far: the notebook's and, where the plugin was absent, the sidecar's; possibly none."""
    sheet = AnswerSheet(activity)
    if path := find_notebook(activity, folder):
        sheet = sheet_of_notebook(read_notebook(path))
    sidecar = sidecar_path(folder, activity)
    with suppress(SheetProblem):
        return sheet.merged_with(read_sidecar(sidecar)) if sidecar.is_file() else sheet
    return sheet


def has_sheet(path: Path, activity: str) -> bool:
    """Whether this file is a notebook of that activity; False when it cannot be read."""
    try:
        return sheet_of_notebook(read_notebook(path)).activity == activity
    except SheetProblem:
        return False


# --- what a student says is in a line that could not be read ----------------------------------------------------------

REREADING = "relecture"
"""Key of an answer: ``{line: {"texte": the line when it was ticked, "idees": [labels]}}``; a line is named by its place
in the answer (« 0 », « b2b.raison », nothing for a text alone). A tick is worth nothing any more once its line has
changed. It is a proposal: it counts on the student's own screen, for the time being, and a teacher decides."""
MOST_LINES, _IDEAS, LONGEST_LINE, _LONGEST_NAME = 40, 3, 1_000, 60
"""Lines of an answer, ideas of a line, letters of a line and of the name of an idea that are kept at most."""


def kept_ticks(raw: Json, value: Json) -> dict[str, dict[str, Any]]:
    """What may be kept of ``raw`` beside the answer ``value``: the ticks of the lines that are as they were."""
    found: dict[str, dict[str, Any]] = {}
    for line, one in raw.items() if isinstance(raw, Mapping) else ():
        text, ideas = (one.get("texte"), one.get("idees")) if isinstance(one, Mapping) else (None, None)
        if not (isinstance(line, str) and isinstance(text, str) and isinstance(ideas, list)):
            continue
        names = [name for name in dict.fromkeys(map(str, ideas)) if 0 < len(name) <= _LONGEST_NAME][:_IDEAS]
        same = text == line_of(value, line) and len(text.strip()) > 0 and len(text) <= LONGEST_LINE
        if names and same and len(found) < MOST_LINES:
            found[line] = {"texte": text, "idees": names}
    return found


def ticks_of(raw: Json, value: Json) -> dict[str, frozenset[str]]:
    """Line → what is ticked there."""
    return {line: frozenset(one["idees"]) for line, one in kept_ticks(raw, value).items()} if raw else {}


def line_of(value: Json, line: str) -> Json:
    """What stands in a line of an answer; None when there is no such line."""
    for part in filter(None, line.split(".")):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, Sequence) and not isinstance(value, str) and part.isdecimal() and len(part) < 4:
            value = value[int(part)] if int(part) < len(value) else None
        else:
            return None
    return value
