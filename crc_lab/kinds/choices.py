"""Options to choose from: one, several, true or false, in order, by priority."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crc_lab.core.answers import FormatProblem, read_distinct, read_mapping, read_text, read_texts
from crc_lab.core.kind import OPTIONS, Add, Kind, Line, Shown, build_options, page_options
from crc_lab.core.model import Json, Option
from crc_lab.core.text import fold

MARK = "x"
TRUE_FALSE = (Option("vrai", "Vrai"), Option("faux", "Faux"))


@dataclass(frozen=True, slots=True)
class Options:
    options: tuple[Option, ...] = ()


class _WithOptions(Kind):
    fields = {"options": OPTIONS}

    def build(self, raw: Mapping[str, Any], add: Add) -> Options:
        return Options(build_options(raw, "options", add))

    def page(self, spec: Options) -> dict[str, Any]:
        return {"options": page_options(spec.options)}

    def names(self, spec: Options) -> Mapping[str, str]:
        return {option.id: option.text for option in spec.options}

    def reasons(self, spec: Options) -> Iterator[str]:
        yield from (option.reason for option in spec.options)


class Choice(_WithOptions):
    name, check = "choix", "choix_unique"

    def parse(self, raw: Json, spec: Any) -> str | FormatProblem:
        return read_text(raw)

    def lines(self, spec: Options, label: str, value: Json) -> list[Line]:
        return [Line("reponse", label, shown_options(spec.options), show_option(spec.options, str(value or "")))]

    def from_lines(self, spec: Options, texts: Mapping[str, str]) -> Json:
        return pick_option(spec.options, texts.get("reponse", ""))


class MultipleChoice(_WithOptions):
    name = check = "choix_multiple"

    def parse(self, raw: Json, spec: Any) -> tuple[str, ...] | FormatProblem:
        return read_distinct(raw)

    def lines(self, spec: Options, label: str, value: Json) -> list[Line]:
        chosen = [str(item) for item in value or ()]
        return [Line(one.id, one.text, (MARK,), MARK if one.id in chosen else "") for one in spec.options]

    def from_lines(self, spec: Options, texts: Mapping[str, str]) -> Json:
        return [one.id for one in spec.options if texts.get(one.id) == MARK]


class TrueFalse(_WithOptions):
    """A choice between two, and the reason for it."""

    name, check = "vrai_faux", "choix_unique"

    def parse(self, raw: Json, spec: Any) -> dict[str, str] | FormatProblem:
        return read_mapping({"choix": raw, "raison": ""} if isinstance(raw, str) else raw)

    def names(self, spec: Options) -> Mapping[str, str]:
        return {option.id: option.text for option in spec.options or TRUE_FALSE}

    def said(self, spec: Options) -> Iterator[str]:
        return _WithOptions.said(self, spec) if spec.options else iter(())

    def shown(self, answer: Json, spec: Options) -> Shown:
        given = {"choix": answer} if isinstance(answer, str) else answer
        choice = str(given.get("choix") or "")
        return Shown(((self.names(spec).get(choice, choice), str(given.get("raison") or "")),), lead=True)

    def lines(self, spec: Options, label: str, value: Json) -> list[Line]:
        options, given = spec.options or TRUE_FALSE, value if isinstance(value, Mapping) else {}
        return [
            Line("choix", label, shown_options(options), show_option(options, str(given.get("choix", "")))),
            Line("raison", "Justification", value=str(given.get("raison", ""))),
        ]

    def from_lines(self, spec: Options, texts: Mapping[str, str]) -> Json:
        options = spec.options or TRUE_FALSE
        return {"choix": pick_option(options, texts.get("choix", "")), "raison": texts.get("raison", "")}


class Ordering(_WithOptions):
    name = check = "ordre"

    def parse(self, raw: Json, spec: Any) -> tuple[str, ...] | FormatProblem:
        return read_texts(raw)

    def shown(self, answer: Json, spec: Options) -> Shown:
        names = self.names(spec)
        return Shown.items((names.get(str(item), str(item)) for item in answer), ordered=True)

    def lines(self, spec: Options, label: str, value: Json) -> list[Line]:
        given = [str(item) for item in value or ()]
        ranks = tuple(str(rank) for rank in range(1, len(spec.options) + 1))
        placed = {name: str(rank) for rank, name in enumerate(given, start=1)}
        return [Line(one.id, one.text, ranks, placed.get(one.id, "")) for one in spec.options]

    def from_lines(self, spec: Options, texts: Mapping[str, str]) -> Json:
        ranked = [(_rank(texts[one.id]), one.id) for one in spec.options if texts.get(one.id)]
        return [name for _, name in sorted(ranked, key=lambda item: item[0])]


class Priorities(Ordering):
    """Some of the options, the most important first."""

    name, check, excel = "priorites", "cible_ordonnee", ""

    def parse(self, raw: Json, spec: Any) -> tuple[str, ...] | FormatProblem:
        return read_distinct(raw)


def shown_options(options: Iterable[Option]) -> tuple[str, ...]:
    """Options as a drop-down list of a spreadsheet shows them."""
    return tuple(_label(option) for option in options)


def show_option(options: Iterable[Option], chosen: str) -> str:
    return next((_label(option) for option in options if option.id == chosen), chosen)


def pick_option(options: Iterable[Option], text: str) -> str:
    """The id of the option meant by ``text`` (its label, its id or its wording); the text itself when none is."""
    known = tuple(options)
    for form in (_label, lambda option: option.id, lambda option: option.text):
        for option in known:
            if text and fold(form(option)) == fold(text):
                return option.id
    head = re.split(r"\s+[–—-]\s+", text, maxsplit=1)[0]
    return next((option.id for option in known if text and fold(option.id) == fold(head)), text)


def _label(option: Option) -> str:
    return option.id if fold(option.id) == fold(option.text) else f"{option.id} – {option.text}"


def _rank(text: str) -> float:
    found = re.search(r"\d+", text)
    return float(found[0]) if found else float("inf")
