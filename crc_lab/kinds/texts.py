"""What is typed: a number, a short text, a list of short texts, an open answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crc_lab.core.answers import FormatProblem, parse_date, read_number, read_text, read_texts
from crc_lab.core.kind import Add, Field, Kind, Line, Shown
from crc_lab.core.model import Json

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

    def parse(self, raw: Json, spec: Any) -> Decimal | FormatProblem:
        return read_number(raw)


class Date(Kind):
    """A day, written in any form that is read."""

    name = check = "date"

    def parse(self, raw: Json, spec: Any) -> dt.date | FormatProblem:
        text = read_text(raw)
        if isinstance(text, FormatProblem):
            return text
        day = parse_date(text)
        return day or FormatProblem(
            f"« {text[:40]} » n’est pas une date. Écrivez par exemple 24/11/2026.", "FORMAT-DATE"
        )

    def shown(self, answer: Json, spec: Any) -> Shown:
        day = parse_date(str(answer))
        return Shown.text(f"{day:%d/%m/%Y}" if day else str(answer))


class ShortText(Kind):
    name, check = "texte", "textes_courts"
    fields = {"lignes": Field(int)}

    def build(self, raw: Mapping[str, Any], add: Add) -> Text:
        return Text(int(raw.get("lignes", 0)))

    def parse(self, raw: Json, spec: Any) -> str | FormatProblem:
        return read_text(raw)

    def page(self, spec: Text) -> dict[str, Any]:
        return {"lignes": spec.lines}


class OpenAnswer(ShortText):
    """A text that a person reads and marks (Markdown as typed)."""

    name, check, by_hand = "ouverte", "relecture", True

    def shown(self, answer: Json, spec: Any) -> Shown:
        return Shown.text(str(answer), markdown=True)


class ShortTexts(Kind):
    name, check = "textes", "textes_courts"
    fields = {"etiquettes": Field(list), "lignes": Field(int)}

    def build(self, raw: Mapping[str, Any], add: Add) -> Texts:
        return Texts(tuple(raw.get("etiquettes", ())))

    def parse(self, raw: Json, spec: Any) -> tuple[str, ...] | FormatProblem:
        return read_texts(raw)

    def page(self, spec: Texts) -> dict[str, Any]:
        return {"etiquettes": list(spec.labels), "nb_textes": len(spec.labels)}

    def said(self, spec: Texts) -> Iterator[str]:
        yield from spec.labels

    def shown(self, answer: Json, spec: Texts) -> Shown:
        texts = [answer] if isinstance(answer, str) else ["" if item is None else str(item) for item in answer]
        return Shown.items(texts)

    def lines(self, spec: Texts, label: str, value: Json) -> list[Line]:
        listed = [str(item) for item in value] if isinstance(value, list) else []
        labels = spec.labels or [f"Réponse {n}" for n in range(1, max(_MAX_TEXTS, len(listed)) + 1)]
        filled = [*listed, *[""] * len(labels)]
        return [Line(str(n), text, value=filled[n - 1]) for n, text in enumerate(labels, start=1)]

    def from_lines(self, spec: Texts, texts: Mapping[str, str]) -> Json:
        found = [texts[code] for code in sorted((code for code in texts if code.isdigit()), key=int)]
        while found and not found[-1] and not spec.labels:
            found.pop()
        return found
