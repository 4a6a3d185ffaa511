"""The map of the workbook, on the welcome page: where the student is, read from the other notebooks; what to do next.

They are never written. A notebook is recognised by the activity that its answer sheet names, whatever its file or
folder is called. A file that cannot be read costs its own line only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from crc_lab.core.errors import CrcError, SheetProblem
from crc_lab.core.model import QUICK_QUESTIONS, Json
from crc_lab.core.resources import activity_folder, activity_ids, datasets_folder, read_tables
from crc_lab.core.rooms import Road, Stage, roads
from crc_lab.core.sheet import (
    COPY_SUFFIX,
    AnswerSheet,
    Student,
    read_notebook,
    read_sidecar,
    sheet_of_notebook,
    sidecar_path,
)
from crc_lab.notebook.aside import UNDER_WAY
from crc_lab.notebook.decks import read_bank
from crc_lab.notebook.flashcards import Clock, Memory, due, is_day, local_now, streak, waiting
from crc_lab.notebook.session import asked_in
from crc_lab.notebook.widgets import Parcours
from crc_lab.notebook.works import Activity, Outline, Work, Works, latest, outlined

WELCOME, DIARY = "00_accueil", "parcours"
"""The activity whose notebook keeps the diary, and under which name among its answers."""
_Read = tuple[AnswerSheet, tuple[str, ...]]
A_SITTING = 3
"""Missed questions proposed for one day: with the five quick ones, they make five minutes."""
NOT_BEGUN, BEGUN, DONE, UNREADABLE = "neuve", "en_cours", "finie", "illisible"


def path_card(folder: Path, clock: Clock = local_now) -> Parcours:
    """The card of the notebooks beside ``folder``, that of the welcome notebook; read again when the page asks.

    The message of the page, ``actualiser`` {journal, carnet}: what the browser holds of answers that are perhaps not on
    disk (:meth:`Workbook.look`), and the diary that the welcome notebook holds.
    """
    workbook = Workbook(folder, clock)

    def traits(message: Mapping[str, Any]) -> dict[str, Any]:
        view = workbook.look(message.get("journal"), message.get("carnet"))
        return {"vue": view, "valeur": workbook.diary.to_json(), "date_valeur": clock().isoformat(timespec="seconds")}

    card = Parcours(question={"id": DIARY, "activite": WELCOME}, **traits({}))

    def asked(message: dict[str, Any], _buffers: list[bytes]) -> None:
        if message["type"] == "actualiser":
            fresh = traits(message)
            if fresh["valeur"] == card.valeur:
                del fresh["date_valeur"]  # nothing new to write
            card.update(**fresh)

    card.on_demande(asked)
    return card


def sheets_beside(folder: Path) -> dict[str, AnswerSheet]:
    """The answer sheets of the workbook that the notebook of ``folder`` belongs to, by activity; no assessment."""
    return {name: sheet for name, sheet in Workbook(folder).sheets().items() if not sheet.is_assessment}


def known_student(folder: Path) -> Student | None:
    """Whoever signed the other notebooks of the workbook; None where nobody did, or several people."""
    signed = {sheet.student.name: sheet.student for sheet in sheets_beside(folder).values() if sheet.student}
    return next(iter(signed.values())) if len(signed) == 1 else None


class Place(NamedTuple):
    """A notebook: its sheet, its path from the folder of the notebooks, its questions in the order of the page."""

    sheet: AnswerSheet
    file: str
    asked: Sequence[str] = ()


class Line(NamedTuple):
    """An activity on the map; ``broken`` names the file that cannot be read."""

    activity: Activity
    work: Work
    file: str
    broken: str

    @property
    def state(self) -> str:
        if not self.work.answered and not self.work.exam.start:
            return UNREADABLE if self.broken else NOT_BEGUN
        whole = len(self.work.answered) == len(self.activity.questions)
        return DONE if whole and not self.activity.daily else BEGUN

    @property
    def marked_answered(self) -> bool:
        """All the marked questions have an answer; never true where nothing is marked."""
        marked = {one.id for one in self.activity.questions if one.marked}
        return bool(marked) and marked <= self.work.answered

    @property
    def next(self) -> int:
        """The question to go on with: the first one without an answer after the last that has one; 0 when all have."""
        left = [at for at, one in enumerate(self.activity.questions, 1) if one.id not in self.work.answered]
        done = [at for at, one in enumerate(self.activity.questions, 1) if one.id in self.work.answered]
        return next((at for at in left if at > max(done, default=0)), left[0] if left else 0)

    def link(self, rank: int = 0) -> dict[str, Json]:
        """Where a click leads: the notebook, and a question of it."""
        question = self.activity.questions[rank - 1].id if rank else ""
        activity = self.activity
        place = {"activite": activity.id, "fichier": self.file, "numero": activity.number}
        return place | {"rang": rank, "question": question}


class Workbook:
    """The notebooks beside ``folder``, and the diary of who works in them."""

    def __init__(self, folder: Path, clock: Clock = local_now) -> None:
        self.diary = Diary()
        self._folder, self._clock = folder, clock
        self._read: dict[Path, tuple[tuple[int, int], _Read | SheetProblem]] = {}
        self._works = Works(folder)

    def look(self, journal: Json = None, diary: Json = None) -> dict[str, Any]:
        """All that the card shows (trait ``vue``, see ``js/types.d.ts``); the :attr:`diary` is brought up to date.

        ``journal``: [[name of a notebook, its answers]…], what the browser keeps until it is on disk; ``diary``: as the
        welcome notebook holds it.
        """
        now = self._clock()
        today = now.date().isoformat()
        sheets, broken = self._sheets(_journal(journal))
        if kept := sheets.pop(WELCOME, None):
            answer = kept.sheet.answers.get(DIARY)
            self.diary = self.diary.merged_with(Diary.from_json(answer.value if answer else None))
        self.diary = self.diary.merged_with(Diary.from_json(diary))
        lines = {name: line for name in activity_ids() if (line := self._line(name, sheets.get(name), broken))}
        self._works.keep()
        cheered = self._note(lines, today)
        memories = list(self._memories(lines, sheets))
        worked = self.diary.days | {day for _, memory in memories for day in memory.days}
        daily = self._today(list(lines.values()), memories, now)
        return {
            "groupes": [self._group(road, lines) for road in _roads(lines)],
            "reprendre": _what_next(lines, daily),
            "jour": daily,
            "serie": streak(worked, now.date()),
            "fete": self._cheer(lines, today, cheered),
        }

    # ---- what is read

    def sheets(self) -> dict[str, AnswerSheet]:
        """The latest sheet of each activity, as the files hold them."""
        return {name: place.sheet for name, place in self._sheets({})[0].items()}

    def _sheets(self, journal: Mapping[str, AnswerSheet]) -> tuple[dict[str, Place], dict[str, str]]:
        """The latest notebook of each activity; the unreadable files, by folder."""
        found: dict[str, Place] = {}
        broken: dict[str, str] = {}
        for path in sorted(self._folder.parent.glob("*/*.ipynb")):
            # Neither checkpoints, nor the copies made for handing in.
            if path.parent.name.startswith(".") or path.stem.endswith(COPY_SUFFIX) or not path.is_file():
                continue
            read = self._notebook(path)
            if isinstance(read, SheetProblem):
                if read.code != "FEUILLE-ABSENTE":
                    broken[path.parent.name] = path.name
                continue
            sheet, asked = read
            sidecar = sidecar_path(path.parent, sheet.activity)
            if sidecar.is_file():
                try:
                    sheet = sheet.merged_with(read_sidecar(sidecar))
                except SheetProblem:
                    broken[path.parent.name] = sidecar.name
            if unsaved := journal.get(str(sheet.extra.get("carnet") or "")):
                sheet = sheet.merged_with(unsaved)
            known = found.get(sheet.activity)
            if known is None or latest(sheet) > latest(known.sheet):
                found[sheet.activity] = Place(sheet, f"{path.parent.name}/{path.name}", asked)
        return found, broken

    def _notebook(self, path: Path) -> _Read | SheetProblem:
        """The sheet of a file and the order of its questions, read again only when it has changed."""
        try:
            state = path.stat()
        except OSError as error:
            return SheetProblem(f"« {path.name} » ne peut pas être lu ({error.strerror}).", "CARNET-ILLISIBLE")
        stamp = (state.st_mtime_ns, state.st_size)
        known = self._read.get(path)
        if known is None or known[0] != stamp:
            try:
                notebook = read_notebook(path)
                known = (stamp, (sheet_of_notebook(notebook), asked_in(notebook)))
            except SheetProblem as problem:
                known = (stamp, problem)
            self._read[path] = known
        return known[1]

    def _line(self, name: str, place: Place | None, broken: Mapping[str, str]) -> Line | None:
        """The line of an activity; None for the welcome page, and where the question files are being edited."""
        if name.startswith("00"):
            return None
        near = self._folder.parent / (place.file.partition("/")[0] if place else name)
        try:
            folder = activity_folder(name, near)
            activity = outlined(name, read_tables(folder / "exercices.toml"), place.asked if place else ())
            work = self._works.of(activity, folder, place.sheet) if place else Work()
        except (CrcError, OSError, ValueError):  # the other activities are still told
            return None
        usual = f"{name}/{name}.ipynb"
        file = place.file if place else usual if (self._folder.parent / usual).is_file() else ""
        return Line(activity, work, file, broken.get(near.name, ""))

    # ---- what is kept

    def _note(self, lines: Mapping[str, Line], today: str) -> list[str]:
        """Write in the diary what is new; the activities that are finished since the last time."""
        fresh = []
        for name, (activity, work, *_rest) in lines.items():
            self.diary = self.diary.with_days(work.days)
            if activity.points and work.earned:
                day = work.latest[:10] if is_day(work.latest[:10]) else today
                self.diary = self.diary.with_mark(name, Mark(day, work.earned, work.maximum))
            if lines[name].marked_answered and name not in self.diary.cheers:
                self.diary = self.diary.with_cheer(name, today)
                fresh.append(name)
        return fresh

    def _cheer(self, lines: Mapping[str, Line], today: str, fresh: Sequence[str]) -> dict[str, Json] | None:
        """What is celebrated today: the activity finished last."""
        done = [name for name in lines if self.diary.cheers.get(name) == today and lines[name].marked_answered]
        if not done:
            return None
        name = max(done, key=lambda one: lines[one].work.latest)
        thanks = next((one.thanks for road in roads() for one in road.stages if one.activity == name), "")
        return {"numero": lines[name].activity.number, "merci": thanks, "neuve": name in fresh}

    # ---- what is shown

    def _group(self, road: Road, lines: Mapping[str, Line]) -> dict[str, Json]:
        shown = [self._shown(lines[one.activity], one) for one in road.stages if one.activity in lines]
        return {"titre": road.title, "depart": road.start, "lignes": shown}

    def _shown(self, line: Line, stage: Stage) -> dict[str, Json]:
        activity, work = line.activity, line.work
        best = self.diary.best(activity.id)
        beaten = best and work.earned is not None and best.points > work.earned
        exams = [[one.end[:10], one.points, one.maximum, True] for one in work.exam.attempts]
        kept = [[mark.day, mark.points, mark.maximum, False] for mark in self.diary.marks.get(activity.id, ())]
        return {
            **line.link(), "titre": activity.title, "duree": activity.duration, "etat": line.state,
            "devient": stage.become, "quotidienne": activity.daily, "total": len(activity.questions),
            "repondues": len(work.answered), "notees": line.marked_answered, "note_sur": activity.points,
            "points": work.earned, "sur": work.maximum, "attente": work.waiting, "minutes": work.minutes,
            "meilleure": list(best) if best and beaten else None, "histoire": sorted((*kept, *exams)),
            "abime": line.broken if line.state == UNREADABLE else "",
        }  # fmt: skip

    def _memories(
        self, lines: Mapping[str, Line], sheets: Mapping[str, Place]
    ) -> Iterator[tuple[tuple[Line, Outline], Memory]]:
        """The sets of cards, with where they are and what is kept of them."""
        for name, line in lines.items():
            for one in line.activity.questions:
                if one.deck:
                    answer = sheets[name].sheet.answers.get(one.id) if name in sheets else None
                    yield (line, one), Memory.from_json(answer.value if answer else None)

    def _today(
        self, lines: Sequence[Line], memories: Sequence[tuple[tuple[Line, Outline], Memory]], now: dt.datetime
    ) -> dict[str, Json]:
        """Five minutes of work: the questions missed longest ago, the quick questions, the cards that are due."""
        missed = sorted(
            ((one, line) for line in lines for one in line.work.missed), key=lambda pair: (pair[0].date, pair[0].rank)
        )
        shown = [
            line.link(rank) | {"titre": question.title, "notee": question.marked, "en_partie": partly}
            for (question, rank, partly, _date), line in missed
        ]
        view: dict[str, Json] = {"erreurs": shown, "seance": min(len(shown), A_SITTING), "paquets": []}
        for (line, one), memory in memories:
            coming = due(memory, now)
            if one.deck == QUICK_QUESTIONS:
                with suppress(CrcError):  # a bank that cannot be read: its own card says what is wrong with it
                    coming = waiting(memory, read_bank(datasets_folder(self._folder)), now)
            link = line.link(line.activity.rank(one.id))
            view["paquets"].append({**link, "paquet": one.deck, "attendent": coming, "commence": bool(memory.cards)})
        return view


def _what_next(lines: Mapping[str, Line], daily: Mapping[str, Any]) -> dict[str, Json]:
    """The one button: what was under way, else the next activity, else what is due today, else nothing.

    ``type``: examen, reprendre, commencer, erreur, paquet or fini; with a link for all but the last.
    """
    ordered = [lines[one.activity] for road in _roads(lines) for one in road.stages if one.activity in lines]
    reachable = [line for line in ordered if line.file and not line.activity.daily]
    begun = [line for line in reachable if line.state == BEGUN]
    if begun:
        last = max(begun, key=lambda line: line.work.latest)
        if last.work.exam.view == UNDER_WAY:
            return {"type": "examen", **last.link()}
        newer = [line for line in reachable if line.state == DONE and line.work.latest > last.work.latest]
        following = _after(reachable, max(newer, key=lambda line: line.work.latest)) if newer else None
        if following is None:
            return {"type": "reprendre", **last.link(last.next)}
        return {"type": "commencer", **following.link()}
    if new := [line for line in reachable if line.state == NOT_BEGUN]:
        return {"type": "commencer", **new[0].link()}
    if daily["erreurs"]:
        return {"type": "erreur", **daily["erreurs"][0]}
    waits = (one for one in daily["paquets"] if one["attendent"] and one["fichier"])
    return {"type": "paquet", **first} if (first := next(waits, None)) else {"type": "fini"}


def _after(lines: Sequence[Line], line: Line) -> Line | None:
    """The activity that comes after one that is finished, if it is not begun."""
    following = lines[lines.index(line) + 1 :]
    return following[0] if following and following[0].state == NOT_BEGUN else None


def _roads(lines: Mapping[str, Line]) -> list[Road]:
    """The map, and at its end the activities that it does not name."""
    drawn = list(roads())
    named = {one.activity for road in drawn for one in road.stages}
    others = tuple(Stage(name) for name in lines if name not in named)
    return [*drawn, Road("Les autres activités" if drawn else "", others)] if others else drawn


def _journal(raw: Json) -> dict[str, AnswerSheet]:
    """What the browser keeps, by the name of the notebook; what has not that shape is left out."""
    found: dict[str, AnswerSheet] = {}
    for one in raw if isinstance(raw, list) else ():
        match one:
            case [str(name), dict(answers)] if name:
                sheet = AnswerSheet.from_metadata({"activite": "", "reponses": answers})
                found[name] = found[name].merged_with(sheet) if name in found else sheet
    return found


# --- what the welcome page keeps from day to day ----------------------------------------------------------------------
# The days of work, the best marks, what was celebrated: one value of the student's own welcome notebook, which goes
# nowhere else:
#
# {"version": 1, "jours": ["2026-11-20"], "notes": {"06_scorer": [["2026-11-20", 12.5, 14.0]]},
#  "fetes": {"06_scorer": "2026-11-20"}}
#
# Two states of it are put together without asking which is the later: nothing that was reached is ever taken back.

DIARY_VERSION = 1
KEPT_DAYS = 400
"""Days of work kept; a longer streak is none of a school year."""


class Mark(NamedTuple):
    """``points`` out of ``maximum`` on a ``day`` (ISO)."""

    day: str
    points: float
    maximum: float


@dataclass(frozen=True)
class Diary:
    """``marks``: by activity, each better than the one before it; ``cheers``: the day each activity was finished."""

    days: frozenset[str] = frozenset()
    marks: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)
    cheers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, raw: Json) -> Diary:
        """What can be read of it; the rest is left out, never an error."""
        if not isinstance(raw, dict):
            return cls()
        days, marks, cheers = raw.get("jours"), raw.get("notes"), raw.get("fetes")
        read = {
            str(name): _rising(mark for one in listed if (mark := _diary_mark(one)) is not None)
            for name, listed in (marks.items() if isinstance(marks, dict) else ())
            if isinstance(listed, list)
        }
        return cls(
            frozenset(one for one in (days if isinstance(days, list) else ()) if is_day(one)),
            {name: listed for name, listed in read.items() if listed},
            {str(name): day for name, day in (cheers.items() if isinstance(cheers, dict) else ()) if is_day(day)},
        )

    def to_json(self) -> dict[str, Json]:
        return {
            "version": DIARY_VERSION,
            "jours": sorted(self.days)[-KEPT_DAYS:],
            "notes": {name: [list(mark) for mark in self.marks[name]] for name in sorted(self.marks)},
            "fetes": dict(sorted(self.cheers.items())),
        }

    def merged_with(self, other: Diary) -> Diary:
        """Both together: every day, the best marks of each, the first time each activity was finished."""
        marks = {
            name: _rising((*self.marks.get(name, ()), *other.marks.get(name, ())))
            for name in (*self.marks, *other.marks)
        }
        cheers = {name: min(day for one in (self, other) if (day := one.cheers.get(name))) for name in (
            *self.cheers, *other.cheers)}  # fmt: skip
        return Diary(self.days | other.days, marks, cheers)

    def with_days(self, days: Iterable[str]) -> Diary:
        return replace(self, days=self.days | {one for one in days if is_day(one)})

    def with_mark(self, activity: str, mark: Mark) -> Diary:
        """As it is, or with a mark that is better than all those before."""
        return self.merged_with(Diary(marks={activity: (mark,)})) if mark.points > 0 else self

    def with_cheer(self, activity: str, day: str) -> Diary:
        return self.merged_with(Diary(cheers={activity: day}))

    def best(self, activity: str) -> Mark | None:
        return self.marks[activity][-1] if activity in self.marks else None


def _rising(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """The marks in order of time, only those that beat all before; of one day, the best."""
    found: list[Mark] = []
    for mark in sorted(marks, key=lambda one: (one.day, one.points)):
        if found and found[-1].day == mark.day and mark.points > found[-1].points:
            found.pop()
        if not found or mark.points > found[-1].points:
            found.append(mark)
    return tuple(found)


def _diary_mark(raw: Json) -> Mark | None:
    try:
        day, points, maximum = raw
        mark = Mark(day, float(points), float(maximum))
    except (TypeError, ValueError):
        return None
    return mark if is_day(mark.day) and 0 <= mark.points <= mark.maximum < 1e6 else None
