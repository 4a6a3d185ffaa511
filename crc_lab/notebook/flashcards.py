"""Cards with spaced repetition, the lexicon's and the quick questions': what is kept of them, when each comes back,
what the student is told, and their card at work. What is on them: :mod:`crc_lab.notebook.decks`.

The dates are computed by FSRS (the ``fsrs`` library), without its random part: the same ratings at the same times give
the same dates everywhere. The clock is always given. What is kept is one plain JSON value in the answer sheet:

``{"version": 1, "cartes": {"rgpd>": [state, step, stability, difficulty, due, seen, lapses]}, "jours": {"2026-11-22":
[ratings, successes]}, "dernier": {"carte": …, "avant": […] or null, "jour": …, "note": …}}``

A card is an item in one way: ``rgpd>`` shows the term, ``rgpd<`` its definition, ``F012?`` asks a question.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fsrs import Card, Rating, Scheduler, State

from crc_lab.core.answers import FormatProblem
from crc_lab.core.model import QUICK_QUESTIONS, Json, Question
from crc_lab.core.text import fold
from crc_lab.notebook.decks import TO_ANSWER, TO_DEFINITION, TO_TERM, Item, QuickQuestion, courses
from crc_lab.notebook.session import Session
from crc_lab.notebook.widgets import Memoire, answer_traits

VERSION = 1
DIRECTIONS: Mapping[str, str] = {"definition": TO_DEFINITION, "terme": TO_TERM}
"""What a session may ask for: the definition of a term, the term of a definition; anything else is all the ways."""
LEARNT_DAYS = 7
"""A card is learnt when it can wait a week."""
KEPT_DAYS = 60
"""Days of history kept in the sheet."""
FORECAST_DAYS = 7
SIZES = (5, 10, 20)
A_DAY, FIRST_DAY = 5, 10
"""The quick questions of each day; the cards of the lexicon that are there at once on the first one."""
SAME_SITTING = dt.timedelta(hours=1)
"""A card that comes back sooner than that belongs to the session under way, or to the next one of the day."""
_SCHEDULER = Scheduler(enable_fuzzing=False, maximum_interval=365)
_QUIZ = Scheduler(enable_fuzzing=False, maximum_interval=365, learning_steps=(dt.timedelta(minutes=1),))
"""A question answered right once has been learnt for the day; the card of a term is turned twice."""
_LONGEST = 100
"""Characters of a card's name; longer ones are no card of ours."""


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
            day: (item[0], item[1])
            for day, item in (days.items() if isinstance(days, dict) else ())
            if isinstance(item, list)
            and len(item) == 2
            and all(isinstance(one, int) and one >= 0 for one in item)
            and is_day(day)
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
    scheduler = _QUIZ if name.endswith(TO_ANSWER) else _SCHEDULER
    after, _ = scheduler.review_card(card, Rating(rating), moment)
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
    memory: Memory, items: Sequence[Item], now: dt.datetime, *, size: int, direction: str = "deux", theme: str = ""
) -> tuple[str, ...]:
    """At most ``size`` cards: those that are due, the longest due first, then new ones.

    Without a ``theme``, new cards of the theme of the day come first; in a theme, those of the case (course D0). The
    ways of an item are never both new in one session.
    """
    today = theme_of_the_day(items, now)
    names = _names(sorted(items, key=lambda item: (item.theme != today, "D0" not in item.sources)), direction, theme)
    due = [one for one in names if one in memory.cards and _is_due(memory.cards[one], now)]
    due.sort(key=lambda one: (memory.cards[one].due, one))
    fresh: dict[str, str] = {}
    for one in names:
        if one not in memory.cards:
            fresh.setdefault(one[:-1], one)
    return (*due, *fresh.values())[: max(1, size)]


def themes(items: Iterable[Item]) -> list[str]:
    """The themes, in the order of a dictionary."""
    return sorted({item.theme for item in items}, key=fold)


def theme_of_the_day(items: Iterable[Item], now: dt.datetime) -> str:
    """Each theme in its turn, one a day."""
    names = themes(items)
    return names[now.date().toordinal() % len(names)] if names else ""


def waiting(memory: Memory, items: Sequence[Item], now: dt.datetime) -> int:
    """How many of the :data:`A_DAY` cards of today are still to be answered, among those that are due or new."""
    kept = [memory.cards.get(name) for name in _names(items, "", "")]
    done = sum(one is not None and _day(one.seen, now) == now.date() and not _is_due(one, now) for one in kept)
    there = sum(one is None or _is_due(one, now) for one in kept)
    return max(0, min(A_DAY - done, there))


def due(memory: Memory, now: dt.datetime) -> int:
    """How many of the cards already seen come back now."""
    return sum(_is_due(card, now) for card in memory.cards.values())


def statistics(memory: Memory, items: Sequence[Item], now: dt.datetime) -> dict[str, Any]:
    """Numbers for the student: total, new, learnt, being learnt, due, done today, days in a row, what the coming days
    hold; and by theme ``[theme, total, learnt, due]``."""
    by_theme: dict[str, list[Kept | None]] = {theme: [] for theme in themes(items)}
    for item in items:
        by_theme[item.theme] += [memory.cards.get(name) for name in _names((item,), "", "")]
    cards = [card for group in by_theme.values() for card in group]
    kept = [card for card in cards if card]
    forecast = [0] * FORECAST_DAYS
    for card in kept:
        away = (_day(card.due, now) - now.date()).days
        if away < FORECAST_DAYS:
            forecast[max(0, away)] += 1

    def counted(group: Iterable[Kept | None]) -> tuple[int, int]:
        some = [card for card in group if card]
        return sum(card.learnt for card in some), sum(_is_due(card, now) for card in some)

    learnt, due = counted(kept)
    return {
        "total": len(cards), "nouvelles": len(cards) - len(kept), "apprises": learnt, "en_cours": len(kept) - learnt,
        "a_revoir": due, "previsions": forecast, "aujourdhui": memory.days.get(now.date().isoformat(), (0, 0))[0],
        "serie": streak(memory.days, now.date()),
        "themes": [[theme, len(group), *counted(group)] for theme, group in by_theme.items()],
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


def _names(items: Iterable[Item], direction: str, theme: str) -> list[str]:
    return [
        f"{item.id}{way}" for item in items if theme in ("", item.theme) for way in DIRECTIONS.get(direction, item.ways)
    ]


def _is_due(card: Kept, now: dt.datetime) -> bool:
    soon: dt.datetime = now + SAME_SITTING
    return card.due < soon


def _day(moment: dt.datetime, now: dt.datetime) -> dt.date:
    """The day of a moment, where the student is."""
    return moment.astimezone(now.tzinfo).date()


def _write(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _read(text: Json) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(dt.UTC)


# --- the card

Clock = Callable[[], dt.datetime]


def local_now() -> dt.datetime:
    """Now, where the student is."""
    return dt.datetime.now().astimezone()


class FlashCards:
    """One set of cards. What is learnt is in the answer sheet; the session under way is only here.

    The session is there at once when questions of the day wait, and on the first day of the lexicon.
    """

    def __init__(self, question: Question, session: Session, items: Sequence[Item], clock: Clock = local_now) -> None:
        self._question, self._session, self._clock = question, session, clock
        self._items, self._quiz = {item.id: item for item in items}, bool(question.spec.deck == QUICK_QUESTIONS)
        self._queue: list[str] = []
        self._given: list[tuple[str, int]] = []
        self._told: dict[str, Any] | None = None
        self._started = False
        self._open()
        self.card = Memoire(
            question={
                "id": question.id, "rang": session.ranks[question.id], "titre": question.title,
                "activite": session.activity.id, "edition": session.edition,
                "paquet": question.spec.deck, "tailles": list(SIZES), "taille": A_DAY if self._quiz else FIRST_DAY,
                "themes": themes(items), "theme_du_jour": theme_of_the_day(items, clock()),
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
                asked = message.get("taille")
                size = asked if isinstance(asked, int) and 0 < asked <= 200 else FIRST_DAY
                direction = "" if self._quiz else str(message.get("sens"))
                self._begin(size, direction, str(message.get("theme") or ""))
            case "note" if not self._quiz:
                self._rate(str(message.get("carte")), message.get("note"))
            case "reponse":
                self._answer(str(message.get("carte")), message.get("valeur"))
            case "suite":
                self._told = None
            case "annuler_note" if not self._quiz:
                self._undo()
            case "arreter":
                self._queue, self._started, self._told = [], False, None
            case "relu":
                self._session.adopt_answer(self._question.id, message.get("reponse"))
                if not self._given:
                    self._open()
            case "sans_plugin":
                self._session.lose_plugin()
        self.card.vue = self._view()

    def _open(self) -> None:
        """Begin at once with what waits today, if anything does."""
        kept, items = self._memory, list(self._items.values())
        size = waiting(kept, items, self._clock()) if self._quiz else 0 if kept.cards else FIRST_DAY
        self._queue, self._started = [], False
        if size:
            self._begin(size)

    def _begin(self, size: int, direction: str = "", theme: str = "") -> None:
        found = sitting(
            self._memory, list(self._items.values()), self._clock(), size=size, direction=direction, theme=theme
        )
        self._queue, self._given, self._told, self._started = list(found), [], None, True

    def _rate(self, name: str, rating: Any) -> bool:
        """Rate the card on show; a message that comes late (a double key press) rates nothing."""
        if not self._queue or name != self._queue[0] or rating not in (1, 2, 3, 4):
            return False
        now = self._clock()
        after = rate(self._memory, name, rating, now)
        self._keep(after)
        self._queue.pop(0)
        self._given.append((name, rating))
        if _is_due(after.cards[name], now):
            self._queue.append(name)
        return True

    def _answer(self, name: str, value: Json) -> None:
        """Judge the answer to the question on show, keep when it comes back, and say why."""
        item = self._items.get(name[:-1])
        if self._told or not isinstance(item, QuickQuestion):
            return
        try:
            right, notes = item.judged(value)
        except FormatProblem as problem:
            self.card.error(problem.text)
            return
        if self._rate(name, (Rating.Good if right else Rating.Again).value):
            told = {"juste": right, "valeur": value, "notes": notes, "raison": item.reason}
            self._told = self._face(name) | {"reponse": told}

    def _undo(self) -> None:
        """Take the last rating back: its card is on show again."""
        before, name = undo(self._memory)
        if not name:
            return
        self._keep(before)
        if name in self._queue:
            self._queue.remove(name)
        if self._given and self._given[-1][0] == name:
            self._given.pop()
        self._queue.insert(0, name)
        self._started = True

    def _keep(self, after: Memory) -> None:
        self.card.replace_answer(self._session.record(self._question.id, after.to_json()))

    def _view(self) -> dict[str, Any]:
        kept, now, items = self._memory, self._clock(), list(self._items.values())
        state = "question" if self._queue or self._told else "fin" if self._started else "accueil"
        view: dict[str, Any] = {
            "etat": state, "faites": len(self._given), "total": len(self._given) + len(self._queue),
            "annulable": kept.last is not None and not self._quiz, "carte": self._told,
            "stats": statistics(kept, items, now) | {"attendent": waiting(kept, items, now)},
        }  # fmt: skip
        if state == "fin":
            view["bilan"] = self._summary()
        if self._queue and not self._told:
            name = self._queue[0]
            after = {str(one.value): rate(kept, name, one.value, now).cards[name].due for one in Rating}
            waits = {rating: delay_text(due - now) for rating, due in after.items()}
            view["carte"] = self._face(name) | {"intervalles": waits}
        return view

    def _summary(self) -> list[dict[str, Any]]:
        """What this session was about, each item once: whether it was known the first time it was shown."""
        first: dict[str, int] = {}
        for name, rating in self._given:
            first.setdefault(name[:-1], rating)
        told = ((*self._items[one].told, rating > 1) for one, rating in first.items() if one in self._items)
        return [{"texte": text, "reponse": answer, "su": known} for text, answer, known in told]

    def _face(self, name: str) -> dict[str, Any]:
        item = self._items.get(name[:-1])
        if item is None:  # a term that the lexicon no longer has: nothing to show, the student goes on
            return {"nom": name, "recto": name[:-1], "verso": "", "sens": "definition", "theme": "", "source": ""}
        return {"nom": name, **item.face(name[-1]), "theme": item.theme, "source": courses(item)}


# --- days of work -----------------------------------------------------------------------------------------------------


def is_day(text: Json) -> bool:
    """Whether this is a day written as ISO 8601 says (« 2026-11-20 »)."""
    try:
        return bool(dt.date.fromisoformat(text).isoformat() == text)
    except (TypeError, ValueError):
        return False


def streak(days: Iterable[str], today: dt.date) -> int:
    """The days of work in a row that lead to ``today``; one missed day is forgiven each time, two are not."""
    count, later = 0, today
    for day in sorted((dt.date.fromisoformat(one) for one in days), reverse=True):
        if (later - day).days > 2:
            break
        count, later = count + (day <= today), min(day, later)
    return count
