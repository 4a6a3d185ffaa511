"""Answers about the table of a question: cells to fill, to mark, pairs of rows, lists of records, filters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

from crc_lab.core.answers import (
    is_table,
    read_couples,
    read_distinct,
    read_lists,
    read_rules,
    read_table,
    unexpected,
)
from crc_lab.core.idle import filled, some_of
from crc_lab.core.kind import Field, Kind, Line, Shown, options_field
from crc_lab.core.model import Json, Option, Question

_RULES = 4
_RULE = ("colonne", "opérateur", "valeur")


@dataclass(frozen=True, slots=True)
class Boxes:
    """``right``: the columns of boxes; ``rows_from``: the question whose list of records gives the rows."""

    right: tuple[Option, ...] = ()
    rows_from: str = ""


class FilledTable(Kind):
    name, excel, read = "tableau", "table", staticmethod(read_table)

    def lazy(self, spec: Any, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        """One line copied down to the end: each line of the model answer, then a digit, a letter. A column of the page
        copied in every column. The values of each column (its list, or those that its right cells repeat) everywhere,
        in turn, in blocks."""
        if (table := question.table) is None:
            return
        columns = [column.name for column in table.columns if column.answer]
        model = [dict(zip(answer["colonnes"], row, strict=False)) for row in answer["lignes"]] if answer else []
        lines = [(f"la ligne {row.get(table.key, '')} partout", row) for row in model]
        lines += [(f"« {text} » partout", dict.fromkeys(columns, text)) for text in ("0", "1", "x")]
        for name, line in lines:
            rows = [[record, *(line.get(column, "") for column in columns)] for record in record_ids(question)]
            yield name, {"colonnes": [table.key, *columns], "lignes": rows}
        yield from self._by_column(question, model)

    def _by_column(self, question: Question, model: list[dict[str, str]]) -> Iterator[tuple[str, Json]]:
        table, records = question.table, record_ids(question)
        if table is None:
            return
        columns = [column for column in table.columns if column.answer]
        source = question.data[table.source].by_key(table.key)
        found: dict[str, dict[str, list[str]]] = {}
        for given in question.data[table.source].columns:
            copied = [source[record][given] for record in records]
            found[f"« {given} » recopié partout"] = {column.name: copied for column in columns}
        for column in columns:
            values = column.choices or tuple(sorted({row.get(column.name, "") for row in model}))
            repeated = column.choices or len(records) >= 2 * len(values)
            for about, texts in filled(len(records), values) if repeated else ():
                found.setdefault(about, {})[column.name] = texts
        for about, texts_of in found.items():
            rows = [list(row) for row in zip(records, *texts_of.values(), strict=True)]
            yield about, {"colonnes": [table.key, *texts_of], "lignes": rows}

    def renamed(self, answer: Json, spec: Any, name: Callable[[str], str]) -> Json:
        if not is_table(answer):
            return answer
        return {**answer, "colonnes": [name(str(column)) for column in answer["colonnes"]]}

    def shown(self, answer: Json, spec: Any) -> Shown:
        return Shown(columns=_texts(answer["colonnes"]), rows=tuple(map(_texts, answer["lignes"])))


class MarkedCells(Kind):
    name, excel, couples, read = "cellules", "couples", ("N° de fiche", "Colonne"), staticmethod(read_couples)

    def lazy(self, spec: Any, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        if (table := question.table) is None:
            return
        source, records = question.data[table.source], record_ids(question)
        yield "toutes les cases", [[record, column] for record in records for column in source.columns]
        empty = {row[table.key]: [name for name, text in row.items() if not text] for row in source.records()}
        yield "toutes les cases vides", [[record, column] for record in records for column in empty[record]]
        for column in source.columns:
            yield f"toute la colonne {column}", [[record, column] for record in records]

    def renamed(self, answer: Json, spec: Any, name: Callable[[str], str]) -> Json:
        return [_with_name(cell, 1, name) for cell in answer] if isinstance(answer, list) else answer

    def shown(self, answer: Json, spec: Any) -> Shown:
        columns: dict[str, list[str]] = {}
        for row, column in answer:
            columns.setdefault(str(column), []).append(str(row))
        return Shown(tuple((column, f"fiches n° {', '.join(rows)}") for column, rows in columns.items()))


class Pairs(Kind):
    name = check = "paires"
    excel, couples, read = "couples", ("Fiche", "Doublon"), staticmethod(read_couples)

    def lazy(self, spec: Any, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        records = record_ids(question)
        yield "toutes les paires", [list(pair) for pair in combinations(records, 2)]
        yield "chaque fiche avec la suivante", [list(pair) for pair in pairwise(records)]
        yield "la première fiche avec chacune", [[records[0], other] for other in records[1:]]
        yield "deux par deux", [list(pair) for pair in zip(records[::2], records[1::2], strict=False)]
        yield "les premières avec les dernières", [list(pair) for pair in zip(records, records[::-1], strict=True)]

    def shown(self, answer: Json, spec: Any) -> Shown:
        return Shown.items(f"fiches n° {first} et {second}" for first, second in answer)


class Records(Kind):
    name, excel, read = "fiches", "", staticmethod(read_distinct)

    def lazy(self, spec: Any, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        yield from ((f"les fiches, {about}", list(chosen)) for about, chosen in some_of(record_ids(question)))

    def shown(self, answer: Json, spec: Any) -> Shown:
        return Shown.text(f"Fiches n° {', '.join(map(str, answer))}") if answer else Shown()


class CheckBoxes(Kind):
    """Records ticked in each of several columns."""

    name, excel, spec, read = "coches", "", Boxes, staticmethod(read_lists)
    fields = {"droite": options_field("right"), "lignes_de": Field(str, attribute="rows_from")}

    def lazy(self, spec: Boxes, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        listed = list(dict.fromkeys(record for records in (answer or {}).values() for record in records))
        for name, records in (("toutes les fiches", list(record_ids(question))), ("la même liste", listed)):
            yield f"{name} partout", {one.id: records for one in spec.right}
        yield from (
            (f"toutes les fiches dans « {one.id} »", {one.id: list(record_ids(question))}) for one in spec.right
        )
        for some in (record_ids(question), tuple(listed)):
            for about, names in filled(len(some), [one.id for one in spec.right]):
                ticked: dict[str, list[str]] = {}
                for name, record in zip(names, some, strict=True):
                    ticked.setdefault(name, []).append(record)
                yield f"{len(some)} fiches, {about}", ticked

    def shown(self, answer: Json, spec: Boxes) -> Shown:
        names, columns = self.names(spec), answer.items()
        return Shown(tuple((names.get(str(name), str(name)), ", ".join(_texts(rows or ()))) for name, rows in columns))


class Segment(Kind):
    """Filters, and the records that they keep."""

    name = check = "segment"

    def lazy(self, spec: Any, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        records = list(record_ids(question))
        yield "toutes les fiches, sans critère", {"criteres": [], "fiches": records}
        yield "toutes les fiches", {**(answer or {}), "fiches": records}
        yield "les critères sans les fiches", {**(answer or {}), "fiches": []}

    def parse(self, raw: Json, spec: Any) -> dict[str, Any]:
        if not isinstance(raw, dict) or not isinstance(raw.get("criteres", []), list):
            raise unexpected("des critères et une liste de fiches")
        rules, records = read_rules(raw.get("criteres", [])), read_distinct(raw.get("fiches", []))
        return {"criteres": rules, "fiches": records}

    def renamed(self, answer: Json, spec: Any, name: Callable[[str], str]) -> Json:
        rules = answer.get("criteres") if isinstance(answer, dict) else None
        return (
            {**answer, "criteres": [_with_name(rule, 0, name) for rule in rules]} if isinstance(rules, list) else answer
        )

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


def record_ids(question: Question) -> tuple[str, ...]:
    """The numbers of the records that the table of a question shows; none without a table."""
    if question.table is None:
        return ()
    source = question.data[question.table.source]
    at = source.positions[question.table.key]
    return tuple(row[at] for row in source.rows[: question.table.rows or None])


def _with_name(items: Json, place: int, name: Callable[[str], str]) -> Json:
    """The same list, the column that stands at ``place`` of it called otherwise."""
    if not isinstance(items, (list, tuple)) or len(items) <= place:
        return items
    return [name(str(item)) if at == place else item for at, item in enumerate(items)]


def _texts(values: Sequence[Json]) -> tuple[str, ...]:
    return tuple("" if value is None else str(value) for value in values)
