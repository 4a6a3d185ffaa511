"""A form to inspect: what is missing in it (``gauche``), other remarks (``options``), and a conclusion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crc_lab.core.answers import FormatProblem, read_distinct, read_text, unexpected
from crc_lab.core.errors import did_you_mean
from crc_lab.core.kind import OPTIONS, Add, Field, Kind, Line, Shown, build_options, page_options
from crc_lab.core.model import Json, Option
from crc_lab.core.problems import check_fields, check_items
from crc_lab.core.text import fold
from crc_lab.kinds.choices import MARK

_STATES = ("présente", "absente", "non valable")
_FORM = {"titre": (str, True), "sous_titre": (str, False), "conclusion": (str, True), "zones": (list, True)}
_ZONE = {
    "id": (str, True),
    "genre": (str, True),
    "texte": (str, True),
    "obligatoire": (bool, False),
    "cochee": (bool, False),
}
_ZONE_KINDS = ("champ", "texte", "case", "bouton")


@dataclass(frozen=True, slots=True)
class Zone:
    """One zone of the form: ``champ`` (a field to fill, ``required`` or not), ``texte``, ``case`` (a check box,
    ``checked`` or not) or ``bouton``."""

    id: str
    kind: str
    text: str
    required: bool = False
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """``asks``: the question about the whole form, answered by yes or no."""

    title: str = ""
    subtitle: str = ""
    asks: str = "Conclusion"
    zones: tuple[Zone, ...] = ()
    left: tuple[Option, ...] = ()
    options: tuple[Option, ...] = ()


def _for_students(raw: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: raw[name] for name in _FORM if name in raw}
    kept["zones"] = [{name: zone[name] for name in _ZONE if name in zone} for zone in raw.get("zones", ())]
    return kept


class Inspection(Kind):
    name = check = "formulaire"
    fields = {"gauche": OPTIONS, "options": OPTIONS, "formulaire": Field(dict, required=True, student=_for_students)}

    def build(self, raw: Mapping[str, Any], add: Add) -> Form:
        form = check_fields(raw.get("formulaire", {}), _FORM, add)
        zones = []
        for item in check_items(form.get("zones", ()), _ZONE, add, "zone"):
            name, kind, text = (item[field] for field in ("id", "genre", "texte"))
            if kind not in _ZONE_KINDS:
                add(f"zone « {name} » : genre « {kind} » inconnu. {did_you_mean(kind, _ZONE_KINDS)}")
            zones.append(Zone(name, kind, text, bool(item.get("obligatoire", False)), bool(item.get("cochee", False))))
        title, subtitle, asks = (str(form.get(name, "")) for name in ("titre", "sous_titre", "conclusion"))
        left, options = (build_options(raw, name, add) for name in ("gauche", "options"))
        return Form(title, subtitle, asks, tuple(zones), left, options)

    def parse(self, raw: Json, spec: Any) -> dict[str, Any] | FormatProblem:
        """``conclusion`` (text) and ``manquements`` (distinct ids); either may be missing."""
        if not isinstance(raw, dict):
            return unexpected("une conclusion et des manquements")
        conclusion, faults = read_text(raw.get("conclusion") or ""), read_distinct(raw.get("manquements") or [])
        return {"conclusion": conclusion, "manquements": faults}

    def page(self, spec: Form) -> dict[str, Any]:
        zones = [
            {
                "id": zone.id,
                "genre": zone.kind,
                "texte": zone.text,
                "obligatoire": zone.required,
                "cochee": zone.checked,
            }
            for zone in spec.zones
        ]
        form = {"titre": spec.title, "sous_titre": spec.subtitle, "conclusion": spec.asks, "zones": zones}
        return {"gauche": page_options(spec.left), "options": page_options(spec.options), "formulaire": form}

    def names(self, spec: Form) -> Mapping[str, str]:
        return {option.id: option.text for option in (*spec.left, *spec.options)}

    def said(self, spec: Form) -> Iterator[str]:
        yield from super().said(spec)
        yield from (spec.title, spec.subtitle, spec.asks, *(zone.text for zone in spec.zones))

    def reasons(self, spec: Form) -> Iterator[str]:
        yield from (option.reason for option in (*spec.left, *spec.options))

    def shown(self, answer: Json, spec: Form) -> Shown:
        names = self.names(spec)
        faults = tuple(("", f"{item} {names.get(str(item), '')}".strip()) for item in answer.get("manquements") or ())
        said = {"oui": "Oui", "non": "Non"}.get(conclusion := str(answer.get("conclusion") or ""), conclusion)
        found: tuple[str, str | Shown] = (
            ("Absent ou non valable", Shown(faults)) if faults else ("", "Aucun manquement.")
        )
        return Shown(((spec.asks, said), found))

    def lines(self, spec: Form, label: str, value: Json) -> list[Line]:
        given = value if isinstance(value, Mapping) else {}
        faults = [str(item) for item in given.get("manquements") or ()]
        return [
            *(Line(item.id, item.text, _STATES, _STATES[1] if item.id in faults else "") for item in spec.left),
            *(Line(item.id, item.text, (MARK,), MARK if item.id in faults else "") for item in spec.options),
            Line("conclusion", spec.asks, ("oui", "non"), str(given.get("conclusion") or "")),
        ]

    def from_lines(self, spec: Form, texts: Mapping[str, str]) -> Json:
        missing = [item.id for item in spec.left if texts.get(item.id) in _STATES[1:]]
        ticked = [item.id for item in spec.options if texts.get(item.id) == MARK]
        return {"conclusion": fold(texts.get("conclusion", "")), "manquements": [*missing, *ticked]}
