"""Questions made of named parts: each of a kind of its own, or the gaps of one text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from crc_lab.core import rooms
from crc_lab.core.answers import FormatProblem, is_blank, read_mapping, unexpected
from crc_lab.core.errors import did_you_mean
from crc_lab.core.kind import Add, Field, Kind, Line, Shown
from crc_lab.core.model import Json, Part
from crc_lab.core.problems import check_fields, type_of_fields
from crc_lab.core.shown import shown_as

_PART_FIELDS: type_of_fields = {
    "id": (str, True),
    "genre": (str, True),
    "libelle": (str, True),
    "unite": (str, False),
    "points": ((int, float), False),
}


@dataclass(frozen=True, slots=True)
class Parts:
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Gaps:
    """``frame``: a text, each part at the place of its ``{id}``; empty: one field below the other."""

    parts: tuple[Part, ...] = ()
    frame: str = ""


def _for_students(raw: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    kept = []
    for item in raw:
        fields = rooms.kinds()[item["genre"]].fields
        own = {name: fields[name].student(item[name]) for name in fields if name in item}
        kept.append({**{name: item[name] for name in _PART_FIELDS if name in item}, **own})
    return kept


class _WithParts(Kind):
    fields = {"parties": Field(list, required=True, student=_for_students)}

    def page(self, spec: Any) -> dict[str, Any]:
        return {"parties": [_page(part) for part in spec.parts]}

    def names(self, spec: Any) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for part in spec.parts:
            found |= {part.id: part.label, **rooms.kinds()[part.kind].names(part.spec)}
        return found

    def said(self, spec: Any) -> Iterator[str]:
        for part in spec.parts:
            yield f"{part.id} {part.label} {part.unit}"
            yield from rooms.kinds()[part.kind].said(part.spec)

    def reasons(self, spec: Any) -> Iterator[str]:
        for part in spec.parts:
            yield from rooms.kinds()[part.kind].reasons(part.spec)


class Composite(_WithParts):
    """A question whose answer holds one value per part."""

    name = "parties"

    def build(self, raw: Mapping[str, Any], add: Add) -> Parts:
        return Parts(_build_parts(raw, add))

    def parse(self, raw: Json, spec: Parts) -> dict[str, Any] | FormatProblem:
        if not isinstance(raw, dict):
            return unexpected("un ensemble de réponses")
        return {
            part.id: None if is_blank(raw.get(part.id)) else rooms.parse(part.kind, raw[part.id], part.spec)
            for part in spec.parts
        }

    def shown(self, answer: Json, spec: Parts) -> Shown:
        lines: list[tuple[str, str | Shown]] = []
        for part in spec.parts:
            inner = shown_as(part.kind, answer.get(part.id), part.spec)
            alone = inner.lines[0] if len(inner.lines) == 1 and not inner.rows else None
            if alone and not alone[0] and isinstance(alone[1], str):
                lines.append((part.label, f"{alone[1]}\u00a0{part.unit}" if part.unit else alone[1]))
            elif inner != Shown():
                lines.append((part.label, inner))
        return Shown(tuple(lines))

    def lines(self, spec: Parts, label: str, value: Json) -> list[Line]:
        found = []
        for part in spec.parts:
            kept = value.get(part.id) if isinstance(value, Mapping) else None
            head = part.label + (f" ({part.unit})" if part.unit else "")
            lines = rooms.kinds()[part.kind].lines(part.spec, head, kept)
            for line in lines:
                text = part.label if len(lines) == 1 else f"{part.label} : {line.label}"
                found.append(replace(line, code=f"{part.id}.{line.code}", label=text))
        return found

    def from_lines(self, spec: Parts, texts: Mapping[str, str]) -> Json:
        found = {}
        for part in spec.parts:
            head = f"{part.id}."
            own = {code.removeprefix(head): text for code, text in texts.items() if code.startswith(head)}
            found[part.id] = rooms.kinds()[part.kind].from_lines(part.spec, own)
        return found


class GapText(_WithParts):
    """Named short fields, in a text (``trame``) or below each other."""

    name = check = "trous"
    fields = {**_WithParts.fields, "trame": Field(str)}

    def build(self, raw: Mapping[str, Any], add: Add) -> Gaps:
        parts, frame = _build_parts(raw, add), str(raw.get("trame", ""))
        named, known = re.findall(r"\{(\w+)\}", frame), [part.id for part in parts]
        if frame and sorted(named) != sorted(known):
            add(f"la trame, pour le genre « trous », nomme chaque partie une fois : {known}, au lieu de {named}.")
        return Gaps(parts, frame)

    def parse(self, raw: Json, spec: Any) -> dict[str, str] | FormatProblem:
        return read_mapping(raw)

    def page(self, spec: Gaps) -> dict[str, Any]:
        return {**super().page(spec), "trame": spec.frame}

    def said(self, spec: Gaps) -> Iterator[str]:
        yield from super().said(spec)
        yield spec.frame

    def shown(self, answer: Json, spec: Gaps) -> Shown:
        labels = {part.id: part.label for part in spec.parts}
        return Shown(tuple((labels.get(str(name), str(name)), str(text)) for name, text in answer.items() if text))

    def lines(self, spec: Gaps, label: str, value: Json) -> list[Line]:
        given = value if isinstance(value, Mapping) else {}
        return [Line(part.id, part.label, value=str(given.get(part.id, ""))) for part in spec.parts]

    def from_lines(self, spec: Gaps, texts: Mapping[str, str]) -> Json:
        return {part.id: texts.get(part.id, "") for part in spec.parts}


def _build_parts(raw: Mapping[str, Any], add: Add) -> tuple[Part, ...]:
    found = []
    for number, item in enumerate(raw.get("parties", ()), start=1):

        def told(text: str, name: str = f"partie n°\u00a0{number}") -> None:
            add(f"{name} : {text}")

        genre = str(item.get("genre", "")) if isinstance(item, Mapping) else ""
        kind = rooms.kinds().get(genre)
        own = {name: (field.type, field.required) for name, field in kind.fields.items()} if kind else {}
        sound = check_fields(item, {**_PART_FIELDS, **own}, told, open_ended=kind is None)
        if kind is None and "genre" in sound:
            told(f"genre « {genre} » inconnu. {did_you_mean(genre, rooms.kinds())}")
        elif kind is not None and "id" in sound:
            label, unit = sound.get("libelle", ""), sound.get("unite", "")
            found.append(Part(sound["id"], kind.name, label, unit, kind.build(sound, told)))
    return tuple(found)


def _page(part: Part) -> dict[str, Any]:
    return {
        "id": part.id,
        "genre": part.kind,
        "libelle": part.label,
        "unite": part.unit,
        **rooms.kinds()[part.kind].page(part.spec),
    }
