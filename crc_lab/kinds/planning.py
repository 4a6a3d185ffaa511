"""Who works when: a grid of agents and hours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crc_lab.core.answers import read_texts, unexpected
from crc_lab.core.idle import some_of
from crc_lab.core.kind import Add, Field, Kind, Line, Shown
from crc_lab.core.model import Json, Question
from crc_lab.core.problems import check_fields, check_items

_SPAN = re.compile(r"(\d+)(?:\s*h)?\s*(?:-|–|à|a)\s*(\d+)|(\d+)")
_AGENT = {
    "id": (str, True), "nom": (str, True), "heures": (int, True), "situation": (str, False), "de": (int, False),
    "a": (int, False), "repos": (int, False), "referent": (bool, False), "absent": (bool, False),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agent:
    """Someone to plan: ``hours`` owed, free from ``start`` to ``end`` (hours of the day), legal rest until ``rest``
    (0: none to respect), ``absent`` by law."""

    id: str
    name: str
    hours: int
    situation: str = ""
    start: int = 0
    end: int = 24
    rest: int = 0
    lead: bool = False
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """``slots``: hours of the day, in order; ``need``: how many agents at each of them."""

    agents: tuple[Agent, ...] = ()
    slots: tuple[int, ...] = ()
    need: tuple[int, ...] = ()


def _known(agents: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What students read of the agents: what their situations allow is theirs to work out."""
    return [{name: one[name] for name in ("id", "nom", "heures", "situation") if name in one} for one in agents]


class Planning(Kind):
    """The answer: the hours that each agent starts, by agent: ``{"P1": [8, 9, 11]}``."""

    name = check = "planning"
    fields = {
        "agents": Field(list, required=True, student=_known),
        "creneaux": Field(list, required=True),
        "besoin": Field(list, required=True),
    }

    def build(self, raw: Mapping[str, Any], add: Add) -> Grid:
        agents = tuple(
            Agent(
                one["id"], one["nom"], one["heures"], one.get("situation", ""), one.get("de", 0), one.get("a", 24),
                one.get("repos", 0), one.get("referent", False), one.get("absent", False),
            )
            for one in check_items(raw.get("agents", ()), _AGENT, add, "agent")
        )  # fmt: skip
        numbers = check_fields({"creneaux": raw.get("creneaux"), "besoin": raw.get("besoin")}, _LISTS, add)
        slots, need = (tuple(numbers.get(name, ())) for name in _LISTS)
        if not all(isinstance(one, int) for one in (*slots, *need)) or list(slots) != sorted(set(slots)):
            add("« creneaux » et « besoin » sont des listes de nombres entiers, les créneaux dans l’ordre.")
            return Grid()
        if len(slots) != len(need):
            add("« besoin » a autant de nombres que « creneaux ».")
        return Grid(agents, slots, need)

    @staticmethod
    def read(raw: Json) -> dict[str, tuple[int, ...]]:
        if not isinstance(raw, Mapping):
            raise unexpected("des heures, par personne")
        found = {}
        for name, hours in raw.items():
            texts = read_texts(hours) if isinstance(hours, (list, tuple)) else ("?",)
            if not all(text.isdecimal() and len(text) < 4 for text in texts):
                raise unexpected("des heures, par personne")
            if texts:
                found[str(name)] = tuple(sorted({int(text) for text in texts}))
        return found

    def lazy(self, spec: Grid, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        """Everyone at the same hours; the hours that each one owes, from the same one, to the same one, one later each
        time; the hours one by one, to each in turn."""
        slots, agents = list(spec.slots), spec.agents
        yield "tout le monde, toute la journée", {one.id: slots for one in agents}
        yield "la première heure de chacun", {one.id: slots[:1] for one in agents}
        for about, hours in some_of(slots):
            yield f"les heures, {about}, pour tous", {one.id: hours for one in agents}
        for start in range(len(slots)):
            yield (
                f"chacun ses heures, dès {slots[start]} h",
                {one.id: slots[start : start + one.hours] for one in agents},
            )
        yield "chacun ses heures, les dernières", {one.id: slots[-one.hours :] for one in agents}
        yield (
            "chacun ses heures, une plus tard chaque fois",
            {one.id: slots[at % len(slots) :][: one.hours] for at, one in enumerate(agents)},
        )
        yield "les heures tour à tour", {one.id: slots[at :: len(agents)] for at, one in enumerate(agents)}
        for name, hours in (answer or {}).items():
            yield f"les heures de {name} pour tous", {one.id: hours for one in agents}

    def page(self, spec: Grid) -> dict[str, Any]:
        return {"planning": {
            "agents": [
                {"id": one.id, "nom": one.name, "heures": one.hours, "situation": one.situation} for one in spec.agents
            ],
            "creneaux": list(spec.slots), "besoin": list(spec.need),
        }}  # fmt: skip

    def names(self, spec: Grid) -> Mapping[str, str]:
        return {agent.id: agent.name for agent in spec.agents}

    def said(self, spec: Grid) -> Iterator[str]:
        yield from (f"{agent.id} {agent.name} {agent.situation}" for agent in spec.agents)
        yield " ".join(map(str, spec.slots))  # the columns: hours in a row are no secret

    def shown(self, answer: Json, spec: Grid) -> Shown:
        rows = []
        for agent in spec.agents:
            hours = {int(hour) for hour in answer.get(agent.id, ())}
            cells = ("✓" if slot in hours else "" for slot in spec.slots)
            rows.append((f"{agent.id} · {agent.name}", *cells, str(len(hours))))
        return Shown(columns=("", *(f"{slot} h" for slot in spec.slots), "heures"), rows=tuple(rows))

    def lines(self, spec: Grid, label: str, value: Json) -> list[Line]:
        given = value if isinstance(value, Mapping) else {}
        return [
            Line(one.id, f"{one.name} ({one.hours} h) : heures de début, par exemple 8 9 10",
                 value=" ".join(map(str, given.get(one.id) or ())))
            for one in spec.agents
        ]  # fmt: skip

    def from_lines(self, spec: Grid, texts: Mapping[str, str]) -> Json:
        return {one.id: _hours(texts[one.id]) for one in spec.agents if texts.get(one.id)}


_LISTS = {"creneaux": (list, True), "besoin": (list, True)}


def _hours(text: str) -> list[int]:
    """« 8 9 10 », « 8 h, 9 h », « 8-10 »: the hours meant, in order."""
    found: set[int] = set()
    for first, last, alone in _SPAN.findall(text.casefold()):
        found |= {int(alone)} if alone else set(range(int(first), min(int(last), 99) + 1))
    return sorted(found)
