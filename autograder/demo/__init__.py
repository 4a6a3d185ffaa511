"""``crc-lab demo``: a simulated class, handed in as Moodle would give it, then marked like any other.

Nobody real is in it. The same seed gives the same class, to the byte. Its work is the model answers, spoilt by known
mistakes, oversights or haste: the mistakes are the proofs of the keys, so that an activity that proves itself enters
the demo without a line of code. Answers given to the functions that spoil them are never modified.
"""

from __future__ import annotations

import copy
import datetime as dt
import itertools
import json
import os
import random
import re
import sys
import webbrowser
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.correct import Options
from autograder.correct.command import correct
from autograder.intake.archives import zipped
from autograder.reports import CLASS_PAGE
from crc_lab.core.bank import LoadedActivity, load_activity
from crc_lab.core.errors import CrcError
from crc_lab.core.model import Json
from crc_lab.core.proof import wrong_answers
from crc_lab.core.resources import activity_folder, activity_ids, datasets_folder
from crc_lab.core.sheet import Answer, AnswerSheet, Student, write_atomically
from crc_lab.core.text import reason, without_accents

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
_MISTAKES = (3, 2, 4)
"""How many typical mistakes one makes, in turn."""
DAMAGES = (
    "truncated", "no sheet", "printed", "doubled cells", "saved by Notepad", "zipped", "two copies", "empty",
    "anonymous", "old encoding", "with a picture", "sidecar only",
)  # fmt: skip
"""Dealt to the activities in turn; half of these files are marked all the same."""


@dataclass(frozen=True, slots=True)
class Pupil:
    """One invented student. ``moodle``: the name as Moodle writes it in the archive."""

    name: str
    identifier: str
    profile: str

    @property
    def moodle(self) -> str:
        return re.sub(r"[&<>\"`|':\\/’]", "", self.name).replace("_", " ")


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
    able = [pupil for pupil in pupils if pupil.profile != "vide"]  # at most one student in five has a damaged file
    damages = dict(zip(chance.sample(able, len(able) // 5), DAMAGES[number::of], strict=False))
    absent = chance.choice([None, *(pupil for pupil in pupils if pupil not in damages)]) if len(pupils) > 5 else None
    deck, files = list(mistakes_of(loaded)), {}
    wrong = [pupil for pupil in pupils if pupil.profile in ("erreurs", "fragile")]
    dealt = {pupil: _hand(deck, size) for pupil, size in zip(wrong, itertools.cycle(_MISTAKES), strict=False)}
    for rank, pupil in enumerate(pupils):
        if pupil is absent:
            continue
        sheet = _sheet(loaded, pupil, _answers(loaded, pupil, dealt.get(pupil, ()), chance), chance)
        folder = f"{pupil.moodle}_{48210 + 7 * rank + number * 1000}_assignsubmission_file"
        for name, content in _handed_in(_notebook(blank, sheet), sheet, damages.get(pupil, "")):
            files[f"{folder}/{name}"] = content
    return f"NDRC1-Activite {activity.number}-{1040 + activity.number}.zip", zipped(files.items(), date=_ZIP_DATE)


def _hand(deck: list[Mistake], size: int) -> list[Mistake]:
    """The next mistakes of the deck, of questions all different, put back under it: in a class of thirty, each one is
    made by somebody (a second one of the same question would hide the first)."""
    hand: dict[str, Mistake] = {}
    for card in deck:
        if len(hand) < size:
            hand.setdefault(card.question, card)
    taken = list(hand.values())
    deck[:] = [card for card in deck if card not in taken] + taken
    return taken


def _answers(
    loaded: LoadedActivity, pupil: Pupil, mistakes: Sequence[Mistake], chance: random.Random
) -> dict[str, Json]:
    if pupil.profile == "vide" and loaded.activity.number % 2:
        return {}
    models = model_answers(loaded)
    answers = {question.id: models[question.id] for question in loaded.activity.marked}
    if pupil.profile in ("presse", "vide"):
        return half(answers)
    for mistake in mistakes:
        answers = spoil(answers, mistake)
    if pupil.profile in _SLIPS:
        answers = slip(answers, chance, chance.uniform(*_SLIPS[pupil.profile]))
    return followed(answers, loaded)


def _sheet(loaded: LoadedActivity, pupil: Pupil, answers: dict[str, Json], chance: random.Random) -> AnswerSheet:
    moment = _START + dt.timedelta(days=chance.randrange(5), seconds=chance.randrange(7200))
    found = {}
    for question in loaded.activity.questions:
        if question.id in answers:
            moment += dt.timedelta(seconds=chance.randrange(120, 600))
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


def _handed_in(content: bytes, sheet: AnswerSheet, damage: str) -> list[tuple[str, bytes]]:
    """The files of one student: the notebook, after what happened to it on its way."""
    notebook, name = json.loads(content), f"{sheet.activity}.ipynb"
    match damage:
        case "":
            return [(name, content)]
        case "truncated":
            return [(name, content[: len(content) * 2 // 3])]
        case "empty":
            return [(name, b"")]
        case "saved by Notepad":
            return [(name, b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"))]
        case "old encoding":
            return [(name, content.decode().encode("cp1252", "replace"))]
        case "printed":
            return [(name.replace(".ipynb", ".pdf"), b"%PDF-1.7\n% impression du carnet\n")]
        case "zipped":
            return [("cahier-crc.zip", zipped([(f"cahier-crc/{name}", content)], date=_ZIP_DATE))]
        case "with a picture":
            return [(name, content), ("capture.png", b"\x89PNG\r\n\x1a\n")]
        case "sidecar only":
            return [(f"{sheet.activity}.reponses.json", json.dumps(sheet.to_metadata(), ensure_ascii=False).encode())]
        case "two copies":  # a first draft with only the first answer, under a browser's name for a second download
            first = dict(list(sheet.answers.items())[:1])
            notebook["metadata"]["crc_lab"]["reponses"] = {
                question: {**answer.to_json(), "date": "2026-11-10T09:00:00+01:00"}
                for question, answer in first.items()
            }
            draft = json.dumps(notebook, ensure_ascii=False).encode()
            return [(name, content), (name.replace(".ipynb", " (1).ipynb"), draft)]
        case "doubled cells":
            notebook["cells"] = [cell for cell in notebook["cells"] for _ in range(2)][:-1]
        case "no sheet":
            del notebook["metadata"]["crc_lab"]
        case "anonymous":
            notebook["metadata"]["crc_lab"]["eleve"] = None
    return [(name, json.dumps(notebook, ensure_ascii=False).encode())]


def _has_browser() -> bool:
    """A graphical browser, not one that would take over the terminal."""
    screen = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    return screen or sys.platform in ("win32", "darwin")


# --- simulated work ---------------------------------------------------------------------------------------------------


type_of_choice = Callable[[list[Json]], list[Json]]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A known mistake: the message it earns (``code``), the question and the whole answer that holds it."""

    code: str
    question: str
    answer: Json


def mistakes_of(loaded: LoadedActivity) -> tuple[Mistake, ...]:
    """The known mistakes of the marked questions, each code once; one question after the other, turn by turn."""
    answers = {name: key.answer for name, key in loaded.keys.items()}
    piles: dict[str, dict[str, Mistake]] = {}
    for question in (one for one in loaded.activity.marked if one.id in loaded.keys):
        pile = piles[question.id] = {}
        for code, answer in wrong_answers(question, loaded.keys[question.id], answers):
            pile.setdefault(code, Mistake(code, question.id, answer))
    turns = itertools.zip_longest(*(pile.values() for pile in piles.values()))
    return tuple(mistake for turn in turns for mistake in turn if mistake is not None)


def model_answers(loaded: LoadedActivity) -> dict[str, Json]:
    """The model answer of every question, training exercises included, each a value of its own."""
    return {name: copy.deepcopy(key.answer) for name, key in loaded.keys.items()}


def spoil(answers: Mapping[str, Json], mistake: Mistake) -> dict[str, Json]:
    """The same answers with one known mistake."""
    return {**answers, mistake.question: copy.deepcopy(mistake.answer)}


def slip(answers: Mapping[str, Json], chance: random.Random, share: float) -> dict[str, Json]:
    """Oversights here and there, ``share`` of the work (0 to 1): cells left empty, items and sentences missed."""

    def kept(items: list[Json]) -> list[Json]:
        number = max(1, round((1 - share) * len(items)))
        return [items[position] for position in sorted(chance.sample(range(len(items)), number))]

    def slipped(value: Json) -> Json:
        if isinstance(value, dict) and "lignes" in value:
            for row in chance.sample(value["lignes"], round(share * len(value["lignes"]))):
                row[1:] = [cell if chance.random() < 0.5 else "" for cell in row[1:]]
            return value
        if isinstance(value, dict):
            parts = kept(sorted(value)) if len(value) > 2 else list(value)
            return {part: slipped(item) for part, item in value.items() if part in parts}
        return _shortened(value, kept)

    return {name: slipped(value) for name, value in copy.deepcopy(dict(answers)).items()}


def half(answers: Mapping[str, Json]) -> dict[str, Json]:
    """The work of someone in a hurry: tables, lists and texts stopped half way, every other question left out."""

    def halved(value: Json) -> Json:
        if isinstance(value, dict) and "lignes" in value:
            return {**value, "lignes": value["lignes"][: len(value["lignes"]) // 2]}
        if isinstance(value, dict):
            return {part: halved(item) for part, item in value.items()}
        return _shortened(value, lambda items: items[: max(1, len(items) // 2)])

    return {name: halved(copy.deepcopy(answers[name])) for name in sorted(answers)[::-2]}


def followed(answers: Mapping[str, Json], loaded: LoadedActivity) -> dict[str, Json]:
    """The same answers, less what their cards could not show: rows taken from a list given at another question."""
    changed = dict(answers)
    for question in loaded.activity.marked:
        if getattr(question.spec, "rows_from", "") in answers and question.id in answers:
            lists = [part for part in answers[question.spec.rows_from].values() if isinstance(part, list)]
            shown = {row for part in lists for row in part}
            ticked = answers[question.id].items()
            changed[question.id] = {column: [row for row in rows if row in shown] for column, rows in ticked}
    return changed


def _shortened(value: Json, choice: type_of_choice) -> Json:
    """What ``choice`` keeps of a list of at least three items, or of the lines or sentences of a text."""
    if isinstance(value, list):
        return choice(value) if len(value) > 2 else value
    if isinstance(value, str) and "\n" in value:
        return "\n".join(choice(value.split("\n")))
    return " ".join(choice(re.split(r"(?<=[.!?]) ", value))) if isinstance(value, str) else value
