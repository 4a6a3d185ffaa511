"""What is typed (a number, a short text, several, an open answer), and flashcards, which nobody marks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crc_lab.core.answers import MAX_ITEMS, FormatProblem, parse_date, read_number, read_text, read_texts, unexpected
from crc_lab.core.kind import Add, Field, Kind, Line, Shown
from crc_lab.core.model import LEXICON, QUICK_QUESTIONS, Json, Question

_MAX_TEXTS = 12
"""Lines of an Excel form for a list whose length is free."""


@dataclass(frozen=True, slots=True)
class Text:
    """``lines``: height of the field (0: one line)."""

    lines: int = 0


@dataclass(frozen=True, slots=True)
class Texts:
    """``labels``: one for each text asked for."""

    labels: tuple[str, ...] = ()


class Number(Kind):
    name = check = "nombre"
    read = staticmethod(read_number)

    def lazy(self, spec: Any, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        yield from ((f"« {number} »", number) for number in ("0", "1", "10", "100"))


class Date(Kind):
    """A day, written in any form that is read."""

    name = check = "date"

    @staticmethod
    def read(raw: Json) -> dt.date:
        text = read_text(raw)
        if day := parse_date(text):
            return day
        raise FormatProblem(f"« {text[:40]} » n’est pas une date. Écrivez par exemple 24/11/2026.", "FORMAT-DATE")

    def shown(self, answer: Json, spec: Any) -> Shown:
        day = parse_date(str(answer))
        return Shown.text(f"{day:%d/%m/%Y}" if day else str(answer))


class ShortText(Kind):
    name, check, spec, read = "texte", "textes_courts", Text, staticmethod(read_text)
    fields = {"lignes": Field(int, attribute="lines")}

    def lazy(self, spec: Any, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        yield from ((f"« {text} »", text) for text in ("oui", "je ne sais pas"))
        yield "le titre de la question", question.title


class OpenAnswer(ShortText):
    """A text that a person reads and marks (Markdown as typed)."""

    name, check, by_hand = "ouverte", "relecture", True

    def shown(self, answer: Json, spec: Any) -> Shown:
        return Shown.text(str(answer), markdown=True)


class ShortTexts(Kind):
    name, check, spec, read = "textes", "textes_courts", Texts, staticmethod(read_texts)
    fields = {
        "etiquettes": Field(list, attribute="labels", read=lambda raw, *_: tuple(raw), page=list),
        "lignes": Field(int),
    }

    def lazy(self, spec: Texts, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        fields = len(spec.labels) or _MAX_TEXTS
        for text in ("oui", "je ne sais pas", question.title):
            yield f"« {text} » partout", [text] * fields
        if spec.labels:
            yield "chaque libellé, recopié", list(spec.labels)

    def said(self, spec: Texts) -> Iterator[str]:
        yield from spec.labels

    def lines(self, spec: Texts, label: str, value: Json) -> list[Line]:
        listed = [str(item) for item in value] if isinstance(value, list) else []
        labels = spec.labels or [f"Réponse {n}" for n in range(1, max(_MAX_TEXTS, len(listed)) + 1)]
        filled = [*listed, *[""] * len(labels)]
        return [Line(str(n), text, value=filled[n - 1]) for n, text in enumerate(labels, start=1)]

    def asked(self, spec: Texts) -> int:
        return len(spec.labels)

    def from_lines(self, spec: Texts, texts: Mapping[str, str]) -> Json:
        found = [texts[code] for code in sorted((code for code in texts if code.isdigit()), key=int)]
        while found and not found[-1] and not spec.labels:
            found.pop()
        return found


@dataclass(frozen=True, slots=True)
class Deck:
    """``deck``: which set of cards."""

    deck: str = LEXICON


def _deck(raw: Any, name: str, add: Add) -> str:
    if raw not in (LEXICON, QUICK_QUESTIONS):
        add(f"« {name} » vaut « {LEXICON} » ou « {QUICK_QUESTIONS} », et non « {raw} ».")
    return str(raw)


class FlashCards(Kind):
    """A set of cards with spaced repetition, practised in a card of their own."""

    name, check, excel, card, spec = "cartes", "revision", "", "cartes", Deck
    fields = {"paquet": Field(str, attribute="deck", read=_deck)}

    def parse(self, raw: Json, spec: Any) -> dict[str, Any]:
        """What a set keeps; :mod:`crc_lab.notebook.flashcards` reads it, leaving out what it cannot."""
        if not isinstance(raw, dict) or len(raw) > MAX_ITEMS:
            raise unexpected("des cartes mémoire")
        return raw

    def shown(self, answer: Json, spec: Any) -> Shown:
        return Shown()
