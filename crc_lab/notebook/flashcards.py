"""The lexicon (``datasets/lexique.csv``, one term a line), and its flashcards with spaced repetition: what is kept of
them, when each comes back, what the student is told, and their card at work.

The dates are computed by FSRS (the ``fsrs`` library), without its random part: the same ratings at the same times give
the same dates everywhere. The clock is always given. What is kept is one plain JSON value in the answer sheet:

``{"version": 1, "cartes": {"rgpd>": [state, step, stability, difficulty, due, seen, lapses]}, "jours": {"2026-11-22":
[ratings, successes]}, "dernier": {"carte": …, "avant": […] or null, "jour": …, "note": …}}``

A card is a term in one direction: ``rgpd>`` shows the term, ``rgpd<`` its definition.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fsrs import Card, Rating, Scheduler, State

from crc_lab.core.errors import CrcError
from crc_lab.core.model import Json, Question
from crc_lab.core.resources import read_table
from crc_lab.notebook.session import Session
from crc_lab.notebook.widgets import Memoire, answer_traits

VERSION = 1
TO_DEFINITION, TO_TERM = ">", "<"
DIRECTIONS: Mapping[str, str] = {"definition": TO_DEFINITION, "terme": TO_TERM, "deux": TO_DEFINITION + TO_TERM}
"""What a session asks for: the definition of a term, the term of a definition, both."""
LEARNT_DAYS = 7
"""A card is learnt when it can wait a week."""
KEPT_DAYS = 60
"""Days of history kept in the sheet."""
FORECAST_DAYS = 7
SIZES = (5, 10, 20)
_SCHEDULER = Scheduler(enable_fuzzing=False, maximum_interval=365)
_LONGEST = 100
"""Characters of a card's name; longer ones are no card of ours."""
LEXICON_FILE = "lexique.csv"
_COLUMNS = ("id", "terme", "definition", "theme", "source")
SOURCES: Mapping[str, str] = {
    "D0": "chapitre « Prospecter via un CRC » et cas Marielle Nature",
    "D1": "révisions « La relation client omnicanale »",
    "D2": "cours « Le CRC »",
    "D3": "module « Management de la relation client »",
    "D4": "diaporama « La gestion de la relation client »",
}
"""The course documents behind each code of the column ``source``."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One term: a stable ``id``, the term, its definition, a theme, the codes of the courses that use it."""

    id: str
    term: str
    definition: str
    theme: str
    sources: tuple[str, ...]

    @property
    def courses(self) -> str:
        """The courses, in French."""
        return " ; ".join(SOURCES.get(one, one) for one in self.sources)


def read_lexicon(datasets: Path) -> tuple[Entry, ...]:
    """The terms, in the order of the file.

    Raises :class:`CrcError` (French) when the file is missing or damaged, lacks a column, or gives one id twice.
    """
    table = read_table(datasets / LEXICON_FILE)
    if missing := [name for name in _COLUMNS if name not in table.positions]:
        raise CrcError(f"« {LEXICON_FILE} » n’a pas la colonne « {missing[0]} » : récupérez le fichier d’origine.")
    entries = tuple(
        Entry(row["id"], row["terme"], row["definition"], row["theme"], tuple(row["source"].split()))
        for row in table.records()
    )
    ids = [entry.id for entry in entries]
    twice = next((one for one in ids if ids.count(one) > 1), None)
    if twice is not None:
        raise CrcError(f"« {LEXICON_FILE} » : l’identifiant « {twice} » figure deux fois.")
    return entries


@dataclass(frozen=True, slots=True)
class Kept:
    """One card as kept: FSRS's own numbers, when it is due, when it was last seen, how many times it was forgotten."""

    state: int
    step: int | None
    stability: float
    difficulty: float
    due: dt.datetime
    seen: dt.datetime
    lapses: int = 0

    def to_json(self) -> list[Any]:
        numbers = [self.state, self.step, round(self.stability, 4), round(self.difficulty, 4)]
        return [*numbers, _write(self.due), _write(self.seen), self.lapses]

    @classmethod
    def from_json(cls, raw: Json) -> Kept | None:
        """The card, or None when it cannot be read: it is then simply new again."""
        try:
            state, step, stability, difficulty, due, seen, lapses = raw
            card = cls(
                State(state).value, None if step is None else int(step), float(stability), float(difficulty),
                _read(due), _read(seen), max(0, int(lapses)),
            )  # fmt: skip
        except (TypeError, ValueError, OverflowError):
            return None
        good = 0 < card.stability < 1e6 and 1 <= card.difficulty <= 10 and (card.step is None or 0 <= card.step < 5)
        return card if good and (card.step is None) == (card.state == State.Review.value) else None

    @property
    def learnt(self) -> bool:
        return self.state == State.Review.value and (self.due - self.seen).days >= LEARNT_DAYS


@dataclass(frozen=True)
class Memory:
    """Everything kept: cards seen by name, ratings and successes by day, the last rating (for « Annuler »)."""

    cards: Mapping[str, Kept] = field(default_factory=dict)
    days: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    last: Mapping[str, Any] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_json(cls, raw: Json) -> Memory:
        """What can be read of a value of the sheet; the rest is left out, never an error."""
        if not isinstance(raw, dict):
            return cls()
        cards = raw.get("cartes")
        read = {
            name[:_LONGEST]: kept
            for name, item in (cards.items() if isinstance(cards, dict) else ())
            if isinstance(name, str) and (kept := Kept.from_json(item)) is not None
        }
        days = raw.get("jours")
        counted = {
            str(day)[:10]: (item[0], item[1])
            for day, item in (days.items() if isinstance(days, dict) else ())
            if isinstance(item, list) and len(item) == 2 and all(isinstance(one, int) and one >= 0 for one in item)
        }
        match raw.get("dernier"):
            case {"carte": str(), "avant": _, "jour": str(), "note": 1 | 2 | 3 | 4} as last:
                pass
            case _:
                last = None
        extra = {name: item for name, item in raw.items() if name not in ("version", "cartes", "jours", "dernier")}
        return cls(read, counted, last, extra)

    def to_json(self) -> dict[str, Any]:
        return {
            "version": VERSION,
            "cartes": {name: self.cards[name].to_json() for name in sorted(self.cards)},
            "jours": {day: list(self.days[day]) for day in sorted(self.days)[-KEPT_DAYS:]},
            "dernier": None if self.last is None else dict(self.last),
            **self.extra,
        }


def rate(memory: Memory, name: str, rating: int, now: dt.datetime) -> Memory:
    """The memory after one rating (1 forgotten, 2 hard, 3 good, 4 easy) of the card ``name``, at ``now`` (with a zone).

    Raises :class:`ValueError` for another rating.
    """
    moment = now.astimezone(dt.UTC).replace(microsecond=0)
    before = memory.cards.get(name)
    # The library's own card; its identifier, which would otherwise be read from the clock, means nothing here.
    card = Card(1, due=moment)
    if before:
        card = Card(1, State(before.state), before.step, before.stability, before.difficulty, before.due, before.seen)
    after, _ = _SCHEDULER.review_card(card, Rating(rating), moment)
    forgotten = before is not None and before.state == State.Review.value and rating == Rating.Again.value
    kept = Kept(
        after.state.value, after.step, float(after.stability or 1), float(after.difficulty or 1), after.due, moment,
        (before.lapses if before else 0) + forgotten,
    )  # fmt: skip
    day = now.date().isoformat()
    done, right = memory.days.get(day, (0, 0))
    last = {"carte": name, "avant": before.to_json() if before else None, "jour": day, "note": rating}
    days = {**memory.days, day: (done + 1, right + (rating > 1))}
    return replace(memory, cards={**memory.cards, name: kept}, days=days, last=last)


def undo(memory: Memory) -> tuple[Memory, str]:
    """The memory before its last rating, and the card that was rated; unchanged and ``""`` when there is none."""
    if memory.last is None:
        return memory, ""
    name, day = str(memory.last["carte"]), str(memory.last["jour"])
    before = Kept.from_json(memory.last["avant"])
    cards = {one: kept for one, kept in memory.cards.items() if one != name} | ({name: before} if before else {})
    done, right = memory.days.get(day, (0, 0))
    counted = (max(0, done - 1), max(0, right - (memory.last["note"] > 1)))
    days = {one: item for one, item in {**memory.days, day: counted}.items() if item[0]}
    return replace(memory, cards=cards, days=days, last=None), name


def sitting(
    memory: Memory, entries: Sequence[Entry], now: dt.datetime, *, size: int, direction: str = "deux", theme: str = ""
) -> tuple[str, ...]:
    """At most ``size`` cards: those that are due, the longest due first, then new ones.

    New terms of the case (course D0) come before the others. The two directions of a term are never both new in one
    session.
    """
    names = _names(sorted(entries, key=lambda entry: "D0" not in entry.sources), direction, theme)
    due = [one for one in names if one in memory.cards and memory.cards[one].due <= now]
    due.sort(key=lambda one: (memory.cards[one].due, one))
    fresh: dict[str, str] = {}
    for one in names:
        if one not in memory.cards:
            fresh.setdefault(one[:-1], one)
    return (*due, *fresh.values())[: max(1, size)]


def statistics(memory: Memory, entries: Sequence[Entry], now: dt.datetime) -> dict[str, Any]:
    """Numbers for the student: total, new, learnt, being learnt, due, done today, and what the coming days hold."""
    names = set(_names(entries, "deux", ""))
    kept = {name: card for name, card in memory.cards.items() if name in names}
    today = now.astimezone().date()
    forecast = [0] * FORECAST_DAYS
    for card in kept.values():
        away = (card.due.astimezone(now.tzinfo).date() - today).days
        if away < FORECAST_DAYS:
            forecast[max(0, away)] += 1
    learnt = sum(card.learnt for card in kept.values())
    return {
        "total": len(names), "nouvelles": len(names) - len(kept), "apprises": learnt, "en_cours": len(kept) - learnt,
        "a_revoir": sum(card.due <= now for card in kept.values()), "previsions": forecast,
        "aujourdhui": memory.days.get(now.date().isoformat(), (0, 0))[0],
    }  # fmt: skip


def delay_text(delay: dt.timedelta) -> str:
    """« 10 min », « 1 jour », « 3 mois » : what stands under a rating button."""
    minutes = delay.total_seconds() / 60
    if minutes < 60:
        return f"{max(1, math.ceil(minutes))} min"
    if minutes < 24 * 60:
        return f"{round(minutes / 60)} h"
    days = round(minutes / 1440)
    if days < 60:
        return f"{days} jour{'s' if days > 1 else ''}"
    return f"{round(days / 30)} mois" if days < 365 else "1 an"


def _names(entries: Iterable[Entry], direction: str, theme: str) -> list[str]:
    ways = DIRECTIONS.get(direction, DIRECTIONS["deux"])
    return [f"{entry.id}{way}" for entry in entries if theme in ("", entry.theme) for way in ways]


def _write(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _read(text: Json) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(dt.UTC)


# --- the card

Clock = Callable[[], dt.datetime]


def _local_now() -> dt.datetime:
    return dt.datetime.now().astimezone()


class FlashCards:
    """One card of flashcards. What is learnt is in the answer sheet; the session under way is only here."""

    def __init__(
        self, question: Question, session: Session, entries: Sequence[Entry], clock: Clock = _local_now
    ) -> None:
        self._question, self._session, self._entries, self._clock = question, session, entries, clock
        self._queue: list[str] = []
        self._done, self._total, self._started = 0, 0, False
        self.card = Memoire(
            question={
                "id": question.id, "titre": question.title, "activite": session.activity.id, "edition": session.edition,
                "tailles": list(SIZES), "themes": sorted({entry.theme for entry in entries}),
            },
            vue=self._view(),
            **answer_traits(session.answer(question.id)),
        )  # fmt: skip
        self.card.on_demande(lambda message, _buffers: self._asked(message))

    @property
    def _memory(self) -> Memory:
        """What the sheet holds now: the only source, so that another view or a reload is never out of step."""
        answer = self._session.answer(self._question.id)
        return Memory.from_json(answer.value if answer else None)

    def _asked(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "session":
                self._begin(message)
            case "note":
                self._rate(str(message.get("carte")), message.get("note"))
            case "annuler_note":
                self._undo()
            case "arreter":
                self._queue, self._started = [], False
            case "relu":
                self._session.adopt_answer(self._question.id, message.get("reponse"))
            case "sans_plugin":
                self._session.lose_plugin()
        self.card.vue = self._view()

    def _begin(self, message: dict[str, Any]) -> None:
        asked = message.get("taille")
        size = asked if isinstance(asked, int) and 0 < asked <= 200 else 10
        way, theme = str(message.get("sens") or "deux"), str(message.get("theme") or "")
        found = sitting(self._memory, self._entries, self._clock(), size=size, direction=way, theme=theme)
        self._queue = list(found)
        self._done, self._total, self._started = 0, len(self._queue), True

    def _rate(self, name: str, rating: Any) -> None:
        """Rate the card on show; a message that comes late (a double key press) rates nothing."""
        if not self._queue or name != self._queue[0] or rating not in (1, 2, 3, 4):
            return
        now = self._clock()
        after = rate(self._memory, name, rating, now)
        self._keep(after)
        self._queue.pop(0)
        if after.cards[name].due - now < dt.timedelta(hours=1):  # in the same sitting
            self._queue.append(name)
        else:
            self._done += 1

    def _undo(self) -> None:
        """Take the last rating back: its card is on show again."""
        before, name = undo(self._memory)
        if not name:
            return
        self._keep(before)
        if name in self._queue:
            self._queue.remove(name)
        elif self._started:
            self._done = max(0, self._done - 1)
        self._queue.insert(0, name)
        self._total, self._started = max(self._total, self._done + len(self._queue)), True

    def _keep(self, after: Memory) -> None:
        self.card.replace_answer(self._session.record(self._question.id, after.to_json()))

    def _view(self) -> dict[str, Any]:
        kept, now = self._memory, self._clock()
        state = "question" if self._queue else "fin" if self._started else "accueil"
        view: dict[str, Any] = {
            "etat": state, "faites": self._done, "total": self._total, "annulable": kept.last is not None,
            "stats": statistics(kept, self._entries, now), "carte": None,
        }  # fmt: skip
        if self._queue:
            name = self._queue[0]
            after = {str(one.value): rate(kept, name, one.value, now).cards[name].due for one in Rating}
            waits = {rating: delay_text(due - now) for rating, due in after.items()}
            view["carte"] = self._face(name) | {"intervalles": waits}
        return view

    def _face(self, name: str) -> dict[str, Any]:
        entry = next((one for one in self._entries if one.id == name[:-1]), None)
        if entry is None:  # a term that the lexicon no longer has: nothing to show, the student goes on
            return {"nom": name, "recto": name[:-1], "verso": "", "sens": "definition", "theme": "", "source": ""}
        to_term = name.endswith(TO_TERM)
        front, back = (entry.definition, entry.term) if to_term else (entry.term, entry.definition)
        return {
            "nom": name, "recto": front, "verso": back, "sens": "terme" if to_term else "definition",
            "theme": entry.theme, "source": entry.courses,
        }  # fmt: skip
