"""The flashcards at work: what each message of the page does to the memory, and what is shown back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from crc_lab.core.model import Question
from crc_lab.notebook import flashcards as memory
from crc_lab.notebook.flashcards import Entry, Memory
from crc_lab.notebook.session import Session
from crc_lab.notebook.widgets import Memoire, answer_traits

SIZES = (5, 10, 20)
Clock = Callable[[], dt.datetime]


class FlashCards:
    """One card of flashcards. What is learnt is in the answer sheet; the session under way is only here."""

    def __init__(
        self,
        question: Question,
        session: Session,
        entries: Sequence[Entry],
        clock: Clock = lambda: dt.datetime.now().astimezone(),
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
        found = memory.session(self._memory, self._entries, self._clock(), size=size, direction=way, theme=theme)
        self._queue = list(found)
        self._done, self._total, self._started = 0, len(self._queue), True

    def _rate(self, name: str, rating: Any) -> None:
        """Rate the card on show; a message that comes late (a double key press) rates nothing."""
        if not self._queue or name != self._queue[0] or rating not in (1, 2, 3, 4):
            return
        now = self._clock()
        after = memory.rate(self._memory, name, rating, now)
        self._keep(after)
        self._queue.pop(0)
        if memory.comes_back(after, name, now):
            self._queue.append(name)
        else:
            self._done += 1

    def _undo(self) -> None:
        """Take the last rating back: its card is on show again."""
        before, name = memory.undo(self._memory)
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
        answer = self._session.record(self._question.id, after.to_json())
        self.card.replace_answer(answer)

    def _view(self) -> dict[str, Any]:
        kept, now = self._memory, self._clock()
        state = "question" if self._queue else "fin" if self._started else "accueil"
        view: dict[str, Any] = {
            "etat": state, "faites": self._done, "total": self._total, "annulable": kept.last is not None,
            "stats": memory.statistics(kept, self._entries, now), "carte": None,
        }  # fmt: skip
        if self._queue:
            view["carte"] = self._face(self._queue[0]) | {"intervalles": memory.intervals(kept, self._queue[0], now)}
        return view

    def _face(self, name: str) -> dict[str, Any]:
        entry = next((one for one in self._entries if one.id == name[:-1]), None)
        if entry is None:  # a term that the lexicon no longer has: nothing to show, the student goes on
            return {"nom": name, "recto": name[:-1], "verso": "", "sens": "definition", "theme": "", "source": ""}
        to_term = name.endswith(memory.TO_TERM)
        front, back = (entry.definition, entry.term) if to_term else (entry.term, entry.definition)
        return {
            "nom": name, "recto": front, "verso": back, "sens": "terme" if to_term else "definition",
            "theme": entry.theme, "source": entry.courses,
        }  # fmt: skip
