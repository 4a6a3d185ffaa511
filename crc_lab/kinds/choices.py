"""Options to choose from: one, several, true or false, in order, by priority; items to match, left with right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crc_lab.core.answers import read_distinct, read_mapping, read_text, read_texts
from crc_lab.core.idle import filled, some_of
from crc_lab.core.kind import Kind, Line, Shown, options_field
from crc_lab.core.model import Json, Option, Question
from crc_lab.core.text import fold

MARK = "x"
TRUE_FALSE = (Option("vrai", "Vrai"), Option("faux", "Faux"))


@dataclass(frozen=True, slots=True)
class Options:
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Sides:
    left: tuple[Option, ...] = ()
    right: tuple[Option, ...] = ()


class _WithOptions(Kind):
    spec, fields = Options, {"options": options_field("options")}


class Choice(_WithOptions):
    name, check, read, single = "choix", "choix_unique", staticmethod(read_text), True

    def lazy(self, spec: Options, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        yield from ((f"l’option « {one.id} »", one.id) for one in spec.options)

    def lines(self, spec: Options, label: str, value: Json) -> list[Line]:
        return [list_line("reponse", label, spec.options, value)]

    def from_lines(self, spec: Options, texts: Mapping[str, str]) -> Json:
        return picked(spec.options, texts.get("reponse", ""))


class MultipleChoice(_WithOptions):
    name = check = "choix_multiple"
    read = staticmethod(read_distinct)

    def lazy(self, spec: Options, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        yield from some_of([one.id for one in spec.options])

    def lines(self, spec: Options, label: str, value: Json) -> list[Line]:
        return mark_lines(spec.options, value)

    def from_lines(self, spec: Options, texts: Mapping[str, str]) -> Json:
        return marked(spec.options, texts)


class TrueFalse(_WithOptions):
    """A choice between two, and the reason for it."""

    name, check, single = "vrai_faux", "choix_unique", True

    def parse(self, raw: Json, spec: Any) -> dict[str, str]:
        return read_mapping({"choix": raw, "raison": ""} if isinstance(raw, str) else raw)

    def options(self, spec: Options) -> Iterator[Option]:
        yield from spec.options or TRUE_FALSE

    def lazy(self, spec: Options, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        yield from ((f"l’option « {one.id} »", {"choix": one.id, "raison": ""}) for one in self.options(spec))

    def said(self, spec: Options) -> Iterator[str]:
        return super().said(spec) if spec.options else iter(())

    def shown(self, answer: Json, spec: Options) -> Shown:
        given = {"choix": answer} if isinstance(answer, str) else answer
        choice = str(given.get("choix") or "")
        return Shown(((self.names(spec).get(choice, choice), str(given.get("raison") or "")),), lead=True)

    def lines(self, spec: Options, label: str, value: Json) -> list[Line]:
        given = value if isinstance(value, Mapping) else {}
        choice = list_line("choix", label, spec.options or TRUE_FALSE, given.get("choix", ""))
        return [choice, Line("raison", "Justification", value=str(given.get("raison", "")))]

    def from_lines(self, spec: Options, texts: Mapping[str, str]) -> Json:
        choice = picked(spec.options or TRUE_FALSE, texts.get("choix", ""))
        return {"choix": choice, "raison": texts.get("raison", "")}


class Ordering(_WithOptions):
    name = check = "ordre"
    read, ordered = staticmethod(read_texts), True

    def lazy(self, spec: Options, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        """As shown, and reversed; then each of them with one move, so as to have done something."""
        shown = [one.id for one in spec.options]
        for about, order in (("l’ordre affiché", shown), ("l’ordre affiché, à l’envers", shown[::-1])):
            yield about, order
            if len(order) > 4:
                yield f"{about}, le premier passé à la fin", [*order[1:], order[0]]
                yield f"{about}, le dernier passé en tête", [order[-1], *order[:-1]]
                yield f"{about}, les deux premiers échangés", [order[1], order[0], *order[2:]]
                yield f"{about}, les deux derniers échangés", [*order[:-2], order[-1], order[-2]]

    def lines(self, spec: Options, label: str, value: Json) -> list[Line]:
        ranks = tuple(str(rank) for rank in range(1, len(spec.options) + 1))
        placed = {str(name): str(rank) for rank, name in enumerate(value or (), start=1)}
        return [Line(one.id, one.text, ranks, placed.get(one.id, "")) for one in spec.options]

    def from_lines(self, spec: Options, texts: Mapping[str, str]) -> Json:
        return sorted((one.id for one in spec.options if texts.get(one.id)), key=lambda name: _rank(texts[name]))


class Priorities(Ordering):
    """Some of the options, the most important first."""

    name, check, excel, read = "priorites", "cible_ordonnee", "", staticmethod(read_distinct)


class Matching(Kind):
    name = check = "association"
    spec, read = Sides, staticmethod(read_mapping)
    fields = {"gauche": options_field("left"), "droite": options_field("right")}

    def lazy(self, spec: Sides, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        left, right = [one.id for one in spec.left], [one.id for one in spec.right]
        for about, targets in filled(len(left), right):
            yield about, dict(zip(left, targets, strict=True))

    def shown(self, answer: Json, spec: Sides) -> Shown:
        names = self.names(spec)
        return Shown(tuple((names.get(str(a), str(a)), names.get(str(b), str(b))) for a, b in answer.items() if b))

    def lines(self, spec: Sides, label: str, value: Json) -> list[Line]:
        given = value if isinstance(value, Mapping) else {}
        return [list_line(left.id, left.text, spec.right, given.get(left.id, "")) for left in spec.left]

    def from_lines(self, spec: Sides, texts: Mapping[str, str]) -> Json:
        return {left.id: picked(spec.right, texts[left.id]) for left in spec.left if texts.get(left.id)}


def mark_lines(options: Sequence[Option], value: Json) -> list[Line]:
    """One line an option, with the mark of those that are chosen."""
    chosen = [str(item) for item in value or ()]
    return [Line(one.id, one.text, (MARK,), MARK if one.id in chosen else "") for one in options]


def marked(options: Sequence[Option], texts: Mapping[str, str]) -> list[str]:
    return [one.id for one in options if texts.get(one.id) == MARK]


def list_line(code: str, label: str, options: Sequence[Option], chosen: Json) -> Line:
    """A line whose drop-down list shows the options."""
    labels = {option.id: _label(option) for option in options}
    name = str(chosen or "")
    return Line(code, label, tuple(labels.values()), labels.get(name, name))


def picked(options: Sequence[Option], text: str) -> str:
    """The id of the option meant by ``text`` (its label, its id or its wording); the text itself when none is."""
    head = re.split(r"\s+[–—-]\s+", text, maxsplit=1)[0]
    for form, wanted in (
        (_label, text),
        (lambda option: option.id, text),
        (lambda option: option.text, text),
        (lambda option: option.id, head),
    ):
        for option in options if text else ():
            if fold(form(option)) == fold(wanted):
                return option.id
    return text


def _label(option: Option) -> str:
    return option.id if fold(option.id) == fold(option.text) else f"{option.id} – {option.text}"


def _rank(text: str) -> float:
    found = re.search(r"\d+", text)
    return float(found[0]) if found else float("inf")
