"""Answers about the table of a question: cells to fill, to mark, pairs of rows, lists of records, filters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crc_lab.core.answers import (
    read_couples,
    read_distinct,
    read_lists,
    read_rules,
    read_table,
    unexpected,
)
from crc_lab.core.kind import Field, Kind, Line, Shown, options_field
from crc_lab.core.model import Json, Option

_RULES = 4
_RULE = ("colonne", "opérateur", "valeur")


@dataclass(frozen=True, slots=True)
class Boxes:
    """``right``: the columns of boxes; ``rows_from``: the question whose list of records gives the rows."""

    right: tuple[Option, ...] = ()
    rows_from: str = ""


class FilledTable(Kind):
    name, excel, read = "tableau", "table", staticmethod(read_table)

    def shown(self, answer: Json, spec: Any) -> Shown:
        return Shown(columns=_texts(answer["colonnes"]), rows=tuple(map(_texts, answer["lignes"])))


class MarkedCells(Kind):
    name, excel, couples, read = "cellules", "couples", ("N° de fiche", "Colonne"), staticmethod(read_couples)

    def shown(self, answer: Json, spec: Any) -> Shown:
        columns: dict[str, list[str]] = {}
        for row, column in answer:
            columns.setdefault(str(column), []).append(str(row))
        return Shown(tuple((column, f"fiches n° {', '.join(rows)}") for column, rows in columns.items()))


class Pairs(Kind):
    name = check = "paires"
    excel, couples, read = "couples", ("Fiche", "Doublon"), staticmethod(read_couples)

    def shown(self, answer: Json, spec: Any) -> Shown:
        return Shown.items(f"fiches n° {first} et {second}" for first, second in answer)


class Records(Kind):
    name, excel, read = "fiches", "", staticmethod(read_distinct)

    def shown(self, answer: Json, spec: Any) -> Shown:
        return Shown.text(f"Fiches n° {', '.join(map(str, answer))}") if answer else Shown()


class CheckBoxes(Kind):
    """Records ticked in each of several columns."""

    name, excel, spec, read = "coches", "", Boxes, staticmethod(read_lists)
    fields = {"droite": options_field("right"), "lignes_de": Field(str, attribute="rows_from")}

    def shown(self, answer: Json, spec: Boxes) -> Shown:
        names, columns = self.names(spec), answer.items()
        return Shown(tuple((names.get(str(name), str(name)), ", ".join(_texts(rows or ()))) for name, rows in columns))


class Segment(Kind):
    """Filters, and the records that they keep."""

    name = check = "segment"

    def parse(self, raw: Json, spec: Any) -> dict[str, Any]:
        if not isinstance(raw, dict) or not isinstance(raw.get("criteres", []), list):
            raise unexpected("des critères et une liste de fiches")
        rules, records = read_rules(raw.get("criteres", [])), read_distinct(raw.get("fiches", []))
        return {"criteres": rules, "fiches": records}

    def shown(self, answer: Json, spec: Any) -> Shown:
        records = _texts(answer.get("fiches", ()))
        rules = (("", " ".join(_texts(rule))) for rule in answer.get("criteres", ()))
        return Shown((*rules, (f"{len(records)} fiches", ", ".join(records))))

    def lines(self, spec: Any, label: str, value: Json) -> list[Line]:
        given = value if isinstance(value, Mapping) else {}
        rules: Sequence[Sequence[Any]] = given.get("criteres") or []
        found = []
        for number in range(1, max(_RULES, len(rules)) + 1):
            rule = [*(rules[number - 1] if number <= len(rules) else ()), "", "", ""]
            for name, text in zip(_RULE, rule, strict=False):
                found.append(Line(f"critere{number}.{name}", f"Critère {number} : {name}", value=str(text)))
        records = "; ".join(str(item) for item in given.get("fiches") or ())
        return [*found, Line("fiches", "N° des fiches, séparés par des points-virgules", value=records)]

    def from_lines(self, spec: Any, texts: Mapping[str, str]) -> Json:
        rules = [[texts.get(f"critere{n}.{name}", "") for name in _RULE] for n in range(1, _RULES + 1)]
        return {
            "criteres": [rule for rule in rules if any(rule)],
            "fiches": re.findall(r"[\w-]+", texts.get("fiches", "")),
        }


def _texts(values: Sequence[Json]) -> tuple[str, ...]:
    return tuple("" if value is None else str(value) for value in values)
