"""Items to match, left with right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crc_lab.core.answers import FormatProblem, read_mapping
from crc_lab.core.kind import OPTIONS, Add, Kind, Line, Shown, build_options, page_options
from crc_lab.core.model import Json, Option
from crc_lab.kinds.choices import pick_option, show_option, shown_options


@dataclass(frozen=True, slots=True)
class Sides:
    left: tuple[Option, ...] = ()
    right: tuple[Option, ...] = ()


class Matching(Kind):
    name = check = "association"
    fields = {"gauche": OPTIONS, "droite": OPTIONS}

    def build(self, raw: Mapping[str, Any], add: Add) -> Sides:
        return Sides(build_options(raw, "gauche", add), build_options(raw, "droite", add))

    def parse(self, raw: Json, spec: Any) -> dict[str, str] | FormatProblem:
        return read_mapping(raw)

    def page(self, spec: Sides) -> dict[str, Any]:
        return {"gauche": page_options(spec.left), "droite": page_options(spec.right)}

    def names(self, spec: Sides) -> Mapping[str, str]:
        return {option.id: option.text for option in (*spec.left, *spec.right)}

    def reasons(self, spec: Sides) -> Iterator[str]:
        yield from (option.reason for option in (*spec.left, *spec.right))

    def shown(self, answer: Json, spec: Sides) -> Shown:
        names = self.names(spec)
        return Shown(tuple((names.get(str(a), str(a)), names.get(str(b), str(b))) for a, b in answer.items() if b))

    def lines(self, spec: Sides, label: str, value: Json) -> list[Line]:
        given = value if isinstance(value, Mapping) else {}
        choices = shown_options(spec.right)
        return [
            Line(left.id, left.text, choices, show_option(spec.right, str(given.get(left.id, ""))))
            for left in spec.left
        ]

    def from_lines(self, spec: Sides, texts: Mapping[str, str]) -> Json:
        return {left.id: pick_option(spec.right, texts[left.id]) for left in spec.left if texts.get(left.id)}
