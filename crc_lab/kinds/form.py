"""A form to inspect: what is missing in it (``gauche``), other remarks (``options``), and a conclusion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from crc_lab.core.answers import read_distinct, read_text, unexpected
from crc_lab.core.errors import did_you_mean
from crc_lab.core.idle import some_of
from crc_lab.core.kind import Add, Field, Kind, Line, Shown, options_field
from crc_lab.core.model import Json, Option, Question
from crc_lab.core.problems import check_fields, check_items, needed, optional
from crc_lab.core.text import fold
from crc_lab.kinds.choices import mark_lines, marked

_STATES = ("présente", "absente", "non valable")
_FORM = {**needed(titre=str, conclusion=str, zones=list), **optional(sous_titre=str)}
_ZONE = {**needed(id=str, genre=str, texte=str), **optional(obligatoire=bool, cochee=bool)}
_ZONE_KINDS = ("champ", "texte", "case", "bouton")


@dataclass(frozen=True, slots=True)
class Form:
    """``form``: as TOML and the card hold it, its title, its zones (a field to fill, required or not; a text; a check
    box, ticked or not; a button), and ``conclusion``, the question about the whole form, answered by yes or no."""

    form: Mapping[str, Any] = field(default_factory=dict)
    left: tuple[Option, ...] = ()
    options: tuple[Option, ...] = ()


def _for_students(raw: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: raw[name] for name in _FORM if name in raw}
    kept["zones"] = [{name: zone[name] for name in _ZONE if name in zone} for zone in raw.get("zones", ())]
    return kept


def _read_form(raw: Any, _name: str, add: Add) -> dict[str, Any]:
    form = check_fields(raw, _FORM, add)
    zones = check_items(form.get("zones", ()), _ZONE, add, "zone")
    for zone in zones:
        if zone["genre"] not in _ZONE_KINDS:
            known = did_you_mean(zone["genre"], _ZONE_KINDS)
            add(f"zone « {zone['id']} » : genre « {zone['genre']} » inconnu. {known}")
    return {**dict.fromkeys(_FORM, ""), **form, "zones": [{"obligatoire": False, "cochee": False, **z} for z in zones]}


class Inspection(Kind):
    name = check = "formulaire"
    spec = Form
    fields = {
        "gauche": options_field("left"),
        "options": options_field("options"),
        "formulaire": Field(dict, required=True, student=_for_students, attribute="form", read=_read_form, page=dict),
    }

    def parse(self, raw: Json, spec: Any) -> dict[str, Any]:
        """``conclusion`` (text) and ``manquements`` (distinct ids); either may be missing."""
        if not isinstance(raw, dict):
            raise unexpected("une conclusion et des manquements")
        conclusion, faults = read_text(raw.get("conclusion") or ""), read_distinct(raw.get("manquements") or [])
        return {"conclusion": conclusion, "manquements": faults}

    def lazy(self, spec: Form, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        if not (answer or {}).get("manquements"):
            return  # nothing to find: its conclusion is a single choice
        every = [one.id for one in (*spec.left, *spec.options)]
        for conclusion in ("oui", "non"):
            for about, faults in (("rien", list[str]()), *some_of(every)):
                yield f"« {conclusion} », {about}", {"conclusion": conclusion, "manquements": faults}

    def said(self, spec: Form) -> Iterator[str]:
        yield from super().said(spec)
        yield from (spec.form.get(name, "") for name in ("titre", "sous_titre", "conclusion"))
        yield from (zone["texte"] for zone in spec.form.get("zones", ()))

    def shown(self, answer: Json, spec: Form) -> Shown:
        names = self.names(spec)
        faults = tuple(("", f"{item} {names.get(str(item), '')}".strip()) for item in answer.get("manquements") or ())
        conclusion = str(answer.get("conclusion") or "")
        said = {"oui": "Oui", "non": "Non"}.get(conclusion, conclusion)
        missing: tuple[str, str | Shown] = ("Absent ou non valable", Shown(faults))
        return Shown(((_asks(spec), said), missing if faults else ("", "Aucun manquement.")))

    def lines(self, spec: Form, label: str, value: Json) -> list[Line]:
        given = value if isinstance(value, Mapping) else {}
        faults = [str(item) for item in given.get("manquements") or ()]
        return [
            *(Line(item.id, item.text, _STATES, _STATES[1] if item.id in faults else "") for item in spec.left),
            *mark_lines(spec.options, faults),
            Line("conclusion", _asks(spec), ("oui", "non"), str(given.get("conclusion") or "")),
        ]

    def from_lines(self, spec: Form, texts: Mapping[str, str]) -> Json:
        missing = [item.id for item in spec.left if texts.get(item.id) in _STATES[1:]]
        found = [*missing, *marked(spec.options, texts)]
        return {"conclusion": fold(texts.get("conclusion", "")), "manquements": found}


def _asks(spec: Form) -> str:
    return str(spec.form.get("conclusion", "Conclusion"))
