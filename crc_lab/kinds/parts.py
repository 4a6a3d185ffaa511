"""Questions made of named parts: each of a kind of its own, or the gaps of one text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crc_lab.core import rooms
from crc_lab.core.answers import is_blank, read_mapping, unexpected
from crc_lab.core.errors import did_you_mean
from crc_lab.core.idle import LEAST, filled, follows_a_pattern, says_the_same
from crc_lab.core.kind import Add, Field, Kind, Line, Shown
from crc_lab.core.model import Json, Option, Part, Question
from crc_lab.core.problems import NUMBER, check_fields, needed, optional
from crc_lab.core.shown import shown_as
from crc_lab.core.text import fold

_NUMBER, _SEVERAL = "nombre", "choix_multiple"
_PART_FIELDS = {**needed(id=str, genre=str, libelle=str), **optional(unite=str, points=NUMBER)}


@dataclass(frozen=True, slots=True)
class Parts:
    """``frame``: the text of the gaps, each part at the place of its ``{id}``; empty: one field below the other."""

    parts: tuple[Part, ...] = ()
    frame: str = ""

    def __iter__(self) -> Iterator[tuple[Part, Kind]]:
        return ((part, rooms.kinds()[part.kind]) for part in self.parts)


def _for_students(raw: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {name: item[name] for name in _PART_FIELDS if name in item} | rooms.kinds()[item["genre"]].for_students(item)
        for item in raw
    ]


def _read_parts(raw: Any, _name: str, add: Add) -> tuple[Part, ...]:
    found = []
    for number, item in enumerate(raw, start=1):

        def told(text: str, name: str = f"partie n°\u00a0{number}") -> None:
            add(f"{name} : {text}")

        genre = str(item.get("genre", "")) if isinstance(item, Mapping) else ""
        kind = rooms.kinds().get(genre)
        sound = check_fields(item, {**_PART_FIELDS, **(kind.types if kind else {})}, told, open_ended=kind is None)
        if kind is None and "genre" in sound:
            told(f"genre « {genre} » inconnu. {did_you_mean(genre, rooms.kinds())}")
        elif kind is not None and "id" in sound:
            label, unit = sound.get("libelle", ""), sound.get("unite", "")
            found.append(Part(sound["id"], kind.name, label, unit, kind.build(sound, told)))
    return tuple(found)


def _page(parts: Iterable[Part]) -> list[dict[str, Any]]:
    return [
        {
            "id": part.id,
            "genre": part.kind,
            "libelle": part.label,
            "unite": part.unit,
            **rooms.kinds()[part.kind].page(part.spec),
        }
        for part in parts
    ]


class Composite(Kind):
    """A question whose answer holds one value per part."""

    name, spec = "parties", Parts
    fields = {"parties": Field(list, True, _for_students, "parts", _read_parts, _page)}

    def lazy(self, spec: Parts, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        """The lazy answers of its parts put together: the first of each, the second of each… Its single choices are
        one series, whose options are taken by their places, or by their lengths."""
        own, series = [], []
        for part, kind in spec:
            offered = list(kind.lazy(part.spec, question, (answer or {}).get(part.id)))
            if kind.single and offered:
                series.append((part.id, [value for _, value in offered], [*kind.options(part.spec)]))
            elif offered:
                own.append([(about, {part.id: value}) for about, value in offered])
        own += [found] if (found := list(_of_series(series))) else []
        for turn in range(max(map(len, own), default=0)):
            given = [one[turn % len(one)] for one in own]
            merged = {name: value for _, values in given for name, value in values.items()}
            yield ", ".join(dict.fromkeys(about for about, _ in given)), merged

    def idle(self, value: Any, spec: Any, answer: Json) -> frozenset[str]:
        """Its choices, when they are always the first option, or always the second…, or follow their lists; one with a
        reason is not idle. Its numbers, when they are all the same; beside them, ticking everything says no more."""
        model = answer if isinstance(answer, dict) else {}
        numbers = [part.id for part, kind in spec if kind.name == _NUMBER and value.get(part.id) is not None]
        same = [(str(value[name]), str(model.get(name)), _equal(value[name], model.get(name))) for name in numbers]
        ticked = [part.id for part, kind in spec if _everything(value.get(part.id), part, kind)]
        same += [(same[0][0], "", False) for name in ticked if same]
        unearned = frozenset(numbers) if says_the_same(same) else frozenset()
        series = [(part, kind) for part, kind in spec if kind.single and not _reason(value.get(part.id))]
        given = [_place(value.get(part.id), part, kind) for part, kind in series]
        right = [_place(model.get(part.id), part, kind) for part, kind in series]
        answers = [(own, wanted, own == wanted) for own, wanted in zip(given, right, strict=True)]
        options = {len([*kind.options(part.spec)]) for part, kind in series}
        chosen = [int(own) if own.isdecimal() else -1 for own in given]
        idle = says_the_same(answers) or (
            len(options) == 1 and follows_a_pattern(chosen, options.pop(), sum(same for *_, same in answers))
        )
        return unearned | (frozenset(part.id for part, _ in series) if idle else frozenset())

    def names(self, spec: Parts) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for part, kind in spec:
            found |= {part.id: part.label, **kind.names(part.spec)}
        return found

    def said(self, spec: Parts) -> Iterator[str]:
        for part, kind in spec:
            yield f"{part.id} {part.label} {part.unit}"
            yield from kind.said(part.spec)

    def reasons(self, spec: Parts) -> Iterator[str]:
        for part, kind in spec:
            yield from kind.reasons(part.spec)

    def parse(self, raw: Json, spec: Parts) -> dict[str, Any]:
        if not isinstance(raw, dict):
            raise unexpected("un ensemble de réponses")
        return {
            part.id: None if is_blank(raw.get(part.id)) else rooms.parse(part.kind, raw[part.id], part.spec)
            for part in spec.parts
        }

    def renamed(self, answer: Json, spec: Parts, name: Callable[[str], str]) -> Json:
        if not isinstance(answer, dict):
            return answer
        own = {part.id: (part, kind) for part, kind in spec}
        return {
            at: own[at][1].renamed(value, own[at][0].spec, name) if at in own else value for at, value in answer.items()
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
        for part, kind in spec:
            kept = value.get(part.id) if isinstance(value, Mapping) else None
            head = part.label + (f" ({part.unit})" if part.unit else "")
            lines = kind.lines(part.spec, head, kept)
            for line in lines:
                text = part.label if len(lines) == 1 else f"{part.label} : {line.label}"
                found.append(replace(line, code=f"{part.id}.{line.code}", label=text))
        return found

    def from_lines(self, spec: Parts, texts: Mapping[str, str]) -> Json:
        found = {}
        for part, kind in spec:
            head = f"{part.id}."
            own = {code.removeprefix(head): text for code, text in texts.items() if code.startswith(head)}
            if (value := kind.from_lines(part.spec, own)) != {}:  # nothing was matched
                found[part.id] = value
        return found


class GapText(Composite):
    """Named short fields, in a text (``trame``) or below each other."""

    name = check = "trous"
    fields = {**Composite.fields, "trame": Field(str, attribute="frame")}

    def build(self, raw: Mapping[str, Any], add: Add) -> Parts:
        spec: Parts = super().build(raw, add)
        named, known = re.findall(r"\{(\w+)\}", spec.frame), [part.id for part in spec.parts]
        if spec.frame and sorted(named) != sorted(known):
            add(f"la trame, pour le genre « trous », nomme chaque partie une fois : {known}, au lieu de {named}.")
        return spec

    def lazy(self, spec: Parts, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        own = (answer or {}).values() if len(spec.parts) >= LEAST else ()  # of fewer, one right text is not everywhere
        for text in dict.fromkeys((*own, "1", question.title)):
            yield f"« {text} » partout", {part.id: text for part in spec.parts}
        yield "chaque libellé, recopié", {part.id: part.label for part in spec.parts}

    def parse(self, raw: Json, spec: Any) -> dict[str, str]:
        return read_mapping(raw)

    def said(self, spec: Parts) -> Iterator[str]:
        yield from super().said(spec)
        yield spec.frame

    def shown(self, answer: Json, spec: Parts) -> Shown:
        labels = {part.id: part.label for part in spec.parts}
        return Shown(tuple((labels.get(str(name), str(name)), str(text)) for name, text in answer.items() if text))

    def lines(self, spec: Parts, label: str, value: Json) -> list[Line]:
        given = value if isinstance(value, Mapping) else {}
        return [Line(part.id, part.label, value=str(given.get(part.id, ""))) for part in spec.parts]

    def from_lines(self, spec: Parts, texts: Mapping[str, str]) -> Json:
        return {part.id: texts.get(part.id, "") for part in spec.parts}


def _of_series(series: Sequence[tuple[str, Sequence[Json], Sequence[Option]]]) -> Iterator[tuple[str, dict[str, Json]]]:
    """The lazy answers to several single choices: (part, answer for each of its options, options)."""
    for about, places in filled(len(series), range(max((len(offered) for _, offered, _ in series), default=0))):
        yield about, {name: offered[at % len(offered)] for at, (name, offered, _) in zip(places, series, strict=True)}
    for about, extreme in (("l’option la plus longue", max), ("l’option la plus courte", min)):
        chosen = {}
        for name, offered, options in series:
            lengths = [len(option.text) for option in options]
            chosen[name] = offered[lengths.index(extreme(lengths))]
        if chosen:
            yield about, chosen


def _reason(chosen: Any) -> str:
    return str(chosen.get("raison") or "").strip() if isinstance(chosen, Mapping) else ""


def _equal(given: Any, wanted: Json) -> bool:
    return bool(given == rooms.parse(_NUMBER, wanted))


def _everything(chosen: Any, part: Part, kind: Kind) -> bool:
    """Whether every option of a list to tick is ticked."""
    return kind.name == _SEVERAL and isinstance(chosen, tuple) and len(chosen) == len([*kind.options(part.spec)])


def _place(chosen: Any, part: Part, kind: Kind) -> str:
    """The place of the option chosen among those of its part, as a text; empty where nothing is chosen."""
    text = fold(str(chosen.get("choix") if isinstance(chosen, Mapping) else chosen or ""))
    names = [{fold(option.id), fold(option.text)} for option in kind.options(part.spec)]
    return next((str(at) for at, known in enumerate(names) if text in known), text)
