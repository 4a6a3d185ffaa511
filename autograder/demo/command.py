"""``crc-lab demo``: a simulated class, handed in as Moodle would give it, then marked like any other.

Nobody real is in it. The same seed gives the same class, to the byte.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import random
import re
import sys
import webbrowser
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.correct.class_settings import Options
from autograder.correct.command import correct
from autograder.demo.simulation import Mistake, followed, half, mistakes_of, model_answers, slip, spoil
from autograder.reports import CLASS_PAGE
from crc_lab.core.bank import LoadedActivity, load_activity
from crc_lab.core.errors import CrcError
from crc_lab.core.model import Json
from crc_lab.core.resources import activity_folder, activity_ids, datasets_folder
from crc_lab.core.sheet import Answer, AnswerSheet, Student, write_atomically
from crc_lab.core.text import without_accents
from crc_lab.core.wording import reason

FIRST_NAMES = (
    "Inès", "Lucas", "Chloé", "Mehdi", "Élodie", "Noé", "Fatou", "Théo", "Maëlle", "Yanis", "Zoé", "Hugo", "Anaïs",
    "Rayan", "Jade", "Loïc", "Aminata", "Gaël", "Léa", "Bastien", "Nour", "Clément", "Océane", "Idriss", "Manon",
    "Jean-Baptiste", "Sarah", "Kévin", "Louna", "Adrien",
)  # fmt: skip
LAST_NAMES = (
    "Garnier", "D’Almeida", "Lefèvre", "Benali", "Marchand", "N’Diaye", "Perrin-Colas", "Roussel", "Hoarau", "Le Goff",
    "Chevalier", "Traoré", "Fontaine", "Müller", "Da Silva", "Berthelot", "Kowalski", "Nguyen", "Aubry", "Sanchez",
    "Giraud", "Belkacem", "Vasseur", "Diallo", "Caron", "Pineau", "Ferrand", "Mérieux", "Okafor", "Tessier",
)  # fmt: skip
PROFILES = (
    "erreurs", "correct", "erreurs", "excellent", "erreurs", "fragile", "erreurs", "presse", "erreurs", "correct",
    "excellent", "erreurs", "fragile", "erreurs", "vide",
)  # fmt: skip
"""Handed out in turn: of 15 students, 7 make typical mistakes, 2 also leave much undone, 2 slip here and there, 2 are
excellent, 1 is in a hurry and 1 hands in every other notebook without any answer, and half of the others."""
_SLIPS = {"correct": (0.02, 0.15), "fragile": (0.35, 0.7), "erreurs": (0.0, 0.2)}
_START = dt.datetime(2026, 11, 16, 8, 5, tzinfo=dt.timezone(dt.timedelta(hours=1)))
_ZIP_DATE = (2026, 11, 22, 18, 0, 0)
_MISTAKES_EACH = 3


@dataclass(frozen=True, slots=True)
class Pupil:
    """One invented student. ``moodle``: the name as Moodle writes it in the archive."""

    name: str
    identifier: str
    profile: str

    @property
    def moodle(self) -> str:
        return re.sub(r"[&<>\"`|':\\/’]", "", self.name).replace("_", " ")


@dataclass
class _Work:
    """One file to be handed in: where in the student's folder, and its bytes."""

    name: str
    content: bytes
    others: list[tuple[str, bytes]] = field(default_factory=list)


type_of_damage = Callable[[_Work, AnswerSheet], None]


def run_demo(output: Path, *, seed: int = 1, students: int = 30, browser: bool = True) -> int:
    """Make the class in ``output/copies``, mark it into ``output/resultats`` and show the report.

    Returns 0, or 1 when nothing could be marked; raises :class:`CrcError` when ``output`` cannot be written.
    """
    copies, results = output / "copies", output / "resultats"
    try:
        copies.mkdir(parents=True, exist_ok=True)
        archives = []
        for name, content in make_class(seed, students):
            write_atomically(copies / name, content)
            archives.append(copies / name)
    except OSError as error:
        raise CrcError(f"La démonstration ne peut pas être écrite dans « {output} » ({reason(error)}).") from None
    if not archives:
        raise CrcError("Aucune activité de ce cahier n’a de corrigé : la démonstration n’a rien à montrer.")
    print(f"Classe inventée de {students} élève{'s' if students > 1 else ''} : {copies}")
    code = correct(archives, results, Options(fresh=True))  # another seed is another class, never added to the last
    report = (results / CLASS_PAGE).resolve()
    if code == 0 and browser and _has_browser():
        webbrowser.open(report.as_uri())
    elif code == 0:
        print(f"À ouvrir dans un navigateur : {report.as_uri()}")
    return code


def make_class(seed: int = 1, students: int = 30) -> Iterator[tuple[str, bytes]]:
    """One Moodle archive per marked activity: (file name, bytes)."""
    pupils = _pupils(students, random.Random(f"{seed}"))
    found = (load_activity(activity_folder(activity), datasets_folder()) for activity in activity_ids())
    marked = [loaded for loaded in found if loaded.activity.marked and loaded.keys]
    for number, loaded in enumerate(marked):
        yield _archive(loaded, pupils, seed, number, len(marked))


def _pupils(students: int, chance: random.Random) -> list[Pupil]:
    """Names drawn without two alike, profiles in turn, alphabetical order."""
    last, first = list(LAST_NAMES), list(FIRST_NAMES)
    chance.shuffle(last)
    chance.shuffle(first)
    pupils, used = [], set()
    for number in range(students):
        # The shift by one at each turn of the list keeps every pair (first name, name) different up to 900.
        turn = number // len(last)
        name, surname = first[(number + turn) % len(first)], last[number % len(last)]
        base = re.sub(r"[^a-z]", "", without_accents(name[:1] + surname).lower())
        identifier = base if base not in used else f"{base}{turn + 1}"
        used.add(identifier)
        pupils.append(Pupil(f"{name} {surname}", identifier, PROFILES[number % len(PROFILES)]))
    return sorted(pupils, key=lambda pupil: without_accents(pupil.name).casefold())


def _archive(loaded: LoadedActivity, pupils: Sequence[Pupil], seed: int, number: int, of: int) -> tuple[str, bytes]:
    activity = loaded.activity
    chance = random.Random(f"{seed}-{activity.id}")
    blank = _blank_notebook(activity.id)
    damages = dict(zip(_victims(pupils, chance), DAMAGES[number::of], strict=False))
    absent = chance.choice([None, *(pupil for pupil in pupils if pupil not in damages)]) if len(pupils) > 5 else None
    known = mistakes_of(loaded)
    makers = [pupil for pupil in pupils if pupil.profile in ("erreurs", "fragile")]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for rank, pupil in enumerate(pupils):
            if pupil is absent:
                continue
            mine = makers.index(pupil) if pupil in makers else 0
            sheet = _sheet(loaded, pupil, _answers(loaded, pupil, _dealt(known, mine), chance), chance)
            work = _Work(f"{activity.id}.ipynb", _notebook(blank, sheet))
            if pupil in damages:
                damages[pupil](work, sheet)
            folder = f"{pupil.moodle}_{48210 + 7 * rank + number * 1000}_assignsubmission_file"
            for name, content in [(work.name, work.content), *work.others]:
                archive.writestr(_entry(f"{folder}/{name}"), content)
    return f"NDRC1-Activite {activity.number}-{1040 + activity.number}.zip", buffer.getvalue()


def _victims(pupils: Sequence[Pupil], chance: random.Random) -> list[Pupil]:
    """Whose file arrives damaged: at most one student in five, never one with a blank copy."""
    able = [pupil for pupil in pupils if pupil.profile != "vide"]
    return chance.sample(able, len(able) // 5)


def _dealt(known: Sequence[Mistake], maker: int) -> list[Mistake]:
    """The mistakes of one student, dealt like cards so that each one is made by somebody in a class of thirty."""
    return [known[(maker * _MISTAKES_EACH + at) % len(known)] for at in range(_MISTAKES_EACH)] if known else []


def _answers(
    loaded: LoadedActivity, pupil: Pupil, mistakes: Sequence[Mistake], chance: random.Random
) -> dict[str, Json]:
    models = model_answers(loaded)
    answers = {question.id: models[question.id] for question in loaded.activity.marked}
    if pupil.profile == "vide" and loaded.activity.number % 2:
        return {}
    if pupil.profile in ("presse", "vide"):
        return half(answers)
    if pupil.profile in ("erreurs", "fragile"):
        for mistake in mistakes:
            answers = spoil(answers, mistake)
    if pupil.profile in _SLIPS:
        answers = slip(answers, chance, chance.uniform(*_SLIPS[pupil.profile]))
    return followed(answers, loaded)


def _sheet(loaded: LoadedActivity, pupil: Pupil, answers: dict[str, Json], chance: random.Random) -> AnswerSheet:
    moment = _START + dt.timedelta(days=chance.randrange(5), minutes=chance.randrange(120))
    found = {}
    for question in loaded.activity.questions:
        if question.id in answers:
            moment += dt.timedelta(minutes=2 + chance.randrange(8))
            source = "excel" if question.excel and chance.random() < 0.3 else "carte"
            tries, hints = chance.randrange(1, 5), chance.choice((0, 0, 0, 1, 2))
            found[question.id] = Answer(answers[question.id], source, tries, hints, moment.isoformat())
    return AnswerSheet(loaded.activity.id, student=Student(pupil.name, pupil.identifier), answers=found)


def _blank_notebook(activity: str) -> dict[str, Json]:
    """The workbook's own notebook, or the smallest one when it is not built yet."""
    path = activity_folder(activity) / f"{activity}.ipynb"
    if path.is_file():
        notebook: dict[str, Json] = json.loads(path.read_text(encoding="utf-8"))
        return notebook
    cell = {"cell_type": "code", "id": "debut", "metadata": {}, "source": [f'debut("{activity}")'], "outputs": []}
    return {"cells": [{**cell, "execution_count": None}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def _notebook(blank: dict[str, Json], sheet: AnswerSheet) -> bytes:
    kept = blank["metadata"].get("crc_lab") or {}
    metadata = {**blank["metadata"], "crc_lab": {**kept, **sheet.to_metadata()}}
    return (json.dumps({**blank, "metadata": metadata}, ensure_ascii=False, indent=1) + "\n").encode()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _ZIP_DATE)
    entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
    return entry


# --- what happens to files on their way -------------------------------------------------------------------------------


def _truncated(work: _Work, _: AnswerSheet) -> None:
    work.content = work.content[: len(work.content) * 2 // 3]


def _doubled_cells(work: _Work, _: AnswerSheet) -> None:
    notebook = json.loads(work.content)
    notebook["cells"] = [cell for cell in notebook["cells"] for _ in range(2)][:-1]
    work.content = json.dumps(notebook, ensure_ascii=False).encode()


def _no_sheet(work: _Work, _: AnswerSheet) -> None:
    notebook = json.loads(work.content)
    notebook["metadata"].pop("crc_lab", None)
    work.content = json.dumps(notebook, ensure_ascii=False).encode()


def _printed(work: _Work, _: AnswerSheet) -> None:
    work.name, work.content = work.name.replace(".ipynb", ".pdf"), b"%PDF-1.7\n% impression du carnet\n"


def _saved_by_notepad(work: _Work, _: AnswerSheet) -> None:
    work.content = b"\xef\xbb\xbf" + work.content.replace(b"\n", b"\r\n")


def _old_encoding(work: _Work, _: AnswerSheet) -> None:
    work.content = work.content.decode().encode("cp1252", "replace")


def _empty_file(work: _Work, _: AnswerSheet) -> None:
    work.content = b""


def _zipped(work: _Work, _: AnswerSheet) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(_entry(f"cahier-crc/{work.name}"), work.content)
    work.name, work.content = "cahier-crc.zip", buffer.getvalue()


def _two_copies(work: _Work, sheet: AnswerSheet) -> None:
    """A first draft with only the first answer, under the name a browser gives to a second download."""
    first = dict(list(sheet.answers.items())[:1])
    notebook = json.loads(work.content)
    notebook["metadata"]["crc_lab"]["reponses"] = {
        name: {**answer.to_json(), "date": "2026-11-10T09:00:00+01:00"} for name, answer in first.items()
    }
    draft = work.name.replace(".ipynb", " (1).ipynb")
    work.others.append((draft, json.dumps(notebook, ensure_ascii=False).encode()))


def _anonymous(work: _Work, _: AnswerSheet) -> None:
    notebook = json.loads(work.content)
    notebook["metadata"]["crc_lab"]["eleve"] = None
    work.content = json.dumps(notebook, ensure_ascii=False).encode()


def _with_a_picture(work: _Work, _: AnswerSheet) -> None:
    work.others.append(("capture.png", b"\x89PNG\r\n\x1a\n"))


def _sidecar_only(work: _Work, sheet: AnswerSheet) -> None:
    work.name = f"{sheet.activity}.reponses.json"
    work.content = json.dumps(sheet.to_metadata(), ensure_ascii=False).encode()


DAMAGES: tuple[type_of_damage, ...] = (
    _truncated, _no_sheet, _printed, _doubled_cells, _saved_by_notepad, _zipped, _two_copies, _empty_file, _anonymous,
    _old_encoding, _with_a_picture, _sidecar_only,
)  # fmt: skip
"""Dealt to the activities in turn; half of these files are marked all the same."""


def _has_browser() -> bool:
    """A graphical browser, not one that would take over the terminal."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
