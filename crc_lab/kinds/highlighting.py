"""The passages of a text to pick out, each perhaps with a category."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crc_lab.core.answers import read_distinct, read_mapping
from crc_lab.core.idle import filled, some_of
from crc_lab.core.kind import Add, Field, Kind, Line, Shown, options_field, read_options
from crc_lab.core.model import Json, Option, Question
from crc_lab.kinds.choices import list_line, picked

PICKED = "releve"
"""What stands for a category that was not chosen: an answer of empty texts would be no answer."""
_SEGMENT = re.compile(r"\[\[([^|\]]+)\|(.+?)\]\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Passages:
    """``pieces``: the whole text, in order, as (id, text); what lies between two passages has an empty id."""

    pieces: tuple[tuple[str, str], ...] = ()
    categories: tuple[Option, ...] = ()

    @property
    def segments(self) -> dict[str, str]:
        return {name: text for name, text in self.pieces if name}


class Highlighting(Kind):
    """The answer: the passages picked out, each with its category (which may be empty)."""

    name = check = "surlignage"
    fields = {"texte": Field(str, required=True), "categories": options_field("categories")}

    def build(self, raw: Mapping[str, Any], add: Add) -> Passages:
        text, at, pieces = str(raw.get("texte", "")), 0, []
        for found in _SEGMENT.finditer(text):
            pieces += [("", text[at : found.start()])] if found.start() > at else []
            pieces.append((found[1].strip(), found[2]))
            at = found.end()
        pieces += [("", text[at:])] if text[at:] else []
        names = [name for name, _ in pieces if name]
        if len(names) < 2:
            add("« texte » n’a pas deux passages écrits [[nom|passage]].")
        for twice in sorted({name for name in names if names.count(name) > 1}):
            add(f"deux passages s’appellent « {twice} ».")
        return Passages(tuple(pieces), read_options(raw.get("categories", ()), "categories", add))

    @staticmethod
    def read(raw: Json) -> dict[str, str]:
        return dict.fromkeys(read_distinct(raw), PICKED) if isinstance(raw, list) else read_mapping(raw)

    def lazy(self, spec: Passages, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        """Some of the passages, each with the same category; all of them, with the categories in turn, in blocks…"""
        names = list(spec.segments)
        for about, chosen in some_of(names):
            for one in _choices(spec):
                yield f"les passages, {about}, « {one.text} »", dict.fromkeys(chosen, one.id)
        for about, categories in filled(len(names), [one.id for one in spec.categories]):
            yield f"tout le texte, {about}", dict(zip(names, categories, strict=True))

    def page(self, spec: Passages) -> dict[str, Any]:
        pieces = [{"id": name, "texte": text} for name, text in spec.pieces]
        return {"passages": pieces, **super().page(spec)}

    def names(self, spec: Passages) -> Mapping[str, str]:
        return {**spec.segments, **{option.id: option.text for option in spec.categories}}

    def said(self, spec: Passages) -> Iterator[str]:
        yield from (*(text for _, text in spec.pieces), *(option.text for option in spec.categories))

    def shown(self, answer: Json, spec: Passages) -> Shown:
        names = {**self.names(spec), **{option.id: option.text for option in _choices(spec)}}
        given = answer if isinstance(answer, Mapping) else dict.fromkeys(map(str, answer), PICKED)
        picked = [name for name in spec.segments if name in given]
        return Shown(
            tuple((f"« {spec.segments[name]} »", names.get(given[name], given[name]) or "relevé") for name in picked)
        )

    def lines(self, spec: Passages, label: str, value: Json) -> list[Line]:
        given = value if isinstance(value, Mapping) else {}
        return [list_line(name, text, _choices(spec), given.get(name, "")) for name, text in spec.segments.items()]

    def from_lines(self, spec: Passages, texts: Mapping[str, str]) -> Json:
        return {name: picked(_choices(spec), texts[name]) for name in spec.segments if texts.get(name)}


def _choices(spec: Passages) -> tuple[Option, ...]:
    """What a line of the Excel form offers: the categories, or the passage picked out without any."""
    return (*spec.categories, Option(PICKED, "relevé"))
