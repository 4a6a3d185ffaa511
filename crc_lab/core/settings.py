"""The settings of a check: a small language of shapes, and what is wrong with a value, in French.

A check declares each :class:`Setting` it reads: a name, a :class:`Shape`, a sentence. Shapes nest (``list_of``,
``mapping``, ``table_of``) and look at a value from the :class:`Place` where it is written: a reference (an option,
a column, a record…) is checked against what the question really has. The author's table (docs/auteur.md), what a
student's question file keeps, and every refusal of a key come from these declarations.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from crc_lab.core.errors import did_you_mean
from crc_lab.core.filters import ONE_OF, Rule, rules_of, select
from crc_lab.core.filters import TEXT as FILTER_TEXT
from crc_lab.core.model import EMPTY, Criterion, Part, Question, Table, TableSpec
from crc_lab.core.problems import type_of_path
from crc_lab.core.rooms import kinds
from crc_lab.core.text import compile_pattern, fold

_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
PART, DEPENDS = "partie", "depend_de"


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong (a French sentence), and where: the way from the settings of the criterion."""

    path: type_of_path
    text: str

    def under(self, *path: str | int) -> Mistake:
        return Mistake((*path, *self.path), self.text)


@dataclass(frozen=True)
class Place:
    """Where settings are written. ``settings``: those of the question's file and of the key together; ``tables``: the
    data files of both; ``codes``: the messages that have a text; ``questions``: those of the activity, by id."""

    question: Question
    criterion: Criterion
    settings: Mapping[str, Any]
    tables: Mapping[str, Table]
    codes: Collection[str] = ()
    questions: Mapping[str, Question] = field(default_factory=dict)

    @property
    def shown(self) -> Table:
        """The table that the question shows; an empty one without any."""
        spec = self.question.table
        return self.tables.get(spec.source, _NO_TABLE) if spec else _NO_TABLE

    @property
    def records(self) -> tuple[str, ...]:
        """The numbers of the records of that table."""
        spec = self.question.table
        at = self.shown.positions.get(spec.key) if spec else None
        return () if at is None else tuple(row[at] for row in self.shown.rows)

    def named(self, setting: str) -> Table:
        """The data file that another setting names; an empty one when it names none."""
        return self.tables.get(str(self.settings.get(setting)), _NO_TABLE)


_NO_TABLE = Table((), ())


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value may be: ``french`` names it (« un nombre »), ``look`` says what is wrong with one."""

    french: str
    look: Callable[[Any, Place], Iterator[Mistake]]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a check: its ``shape`` and what it does, in a French sentence.

    ``keyless``: it serves without the key, so that a student's question file keeps it (and must hold it when it is
    ``required``); ``in_question``: it is read in exercices.toml only.
    """

    name: str
    shape: Shape
    about: str
    required: bool = False
    keyless: bool = False
    in_question: bool = False


def mistakes(declared: Iterable[Setting], place: Place) -> Iterator[Mistake]:
    """Everything that the declarations of a check refuse in the settings of ``place``."""
    settings = tuple(declared)
    shapes = {setting.name: setting.shape for setting in settings}
    required = [setting.name for setting in settings if setting.required]
    yield from _named(place.settings, shapes, required, "le réglage", place)


def _named(
    given: Mapping[str, Any], shapes: Mapping[str, Shape], required: Iterable[str], what: str, place: Place
) -> Iterator[Mistake]:
    """What is wrong with named values: a name that has no shape, a value that lacks its own, a name that misses."""
    for name, value in given.items():
        if name not in shapes:
            yield Mistake((name,), f"{what} « {name} » n’existe pas. {did_you_mean(name, shapes)}")
        else:
            yield from (mistake.under(name) for mistake in shapes[name].look(value, place))
    for name in required:
        if name not in given:
            yield Mistake((), f"{what} « {name} » manque ({shapes[name].french}).")


def looked_at(question: Question, criterion: Criterion) -> Question | Part:
    """What a criterion looks at: one part of the question (the whole, for a name that does not exist)."""
    return next((part for part in question.parts if part.id == criterion.part), question)


def names_of(question: Question, criterion: Criterion) -> Mapping[str, str]:
    """The wording of each id that the answer looked at may hold."""
    whole = looked_at(question, criterion)
    return kinds()[whole.kind].names(whole.spec) if whole.kind in kinds() else {}


def decimal(value: object) -> Decimal:
    """A number of the question files, written 12.5, "12.5" or "12,5"; raises :class:`ValueError`."""
    try:
        return Decimal(str(value).replace(",", "."))
    except InvalidOperation:
        raise ValueError(value) from None


# --- plain values -----------------------------------------------------------------------------------------------------


def _plain(french: str, accepts: Callable[[Any], bool]) -> Shape:
    def look(value: Any, _place: Place) -> Iterator[Mistake]:
        if not accepts(value):
            number = isinstance(value, str) and _NUMBER.fullmatch(value.strip())
            hint = f" Écrivez {number[0].replace(',', '.')}, sans guillemets." if number else ""
            yield Mistake((), f"il faut {french}, et non {_shown(value)}.{hint}")

    return Shape(french, look)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "une table"
    return "une liste" if isinstance(value, list) else f"« {str(value)[:60]} »"


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


TEXT = _plain("un texte", lambda value: isinstance(value, str) and bool(value.strip()))
WRITTEN = _plain("un texte ou un nombre", lambda value: isinstance(value, str) or _is_number(value))
FLAG = _plain("« true » ou « false »", lambda value: isinstance(value, bool))


def _is_value(value: Any) -> bool:
    return _is_number(value) or (isinstance(value, str) and _NUMBER.fullmatch(value.strip()) is not None)


VALUE = _plain("un nombre (12.5, ou « 12,5 » entre guillemets droits)", _is_value)
SPREAD = _plain(
    "un nombre positif (0.05, ou « 0,05 » entre guillemets droits)",
    lambda value: _is_value(value) and decimal(value) >= 0,
)


def number(low: float, high: float | None = None) -> Shape:
    """A number that is counted with, from ``low`` to ``high``."""
    french = f"un nombre de {low:g} à {high:g}" if high is not None else f"un nombre, au moins {low:g}"
    return _plain(french, lambda value: _is_number(value) and low <= value <= (value if high is None else high))


def integer(low: int) -> Shape:
    return _plain(f"un nombre entier, au moins {low}", lambda value: type(value) is int and value >= low)


def reference(french: str, known: Callable[[Place], Iterable[str]]) -> Shape:
    """The name of something that the question, its key or its data have."""

    def look(value: Any, place: Place) -> Iterator[Mistake]:
        names = list(known(place))
        if not isinstance(value, str) or value not in names:
            yield Mistake((), f"{_shown(value)} n’est pas {french}. {did_you_mean(str(value), names)}")

    return Shape(french, look)


def one_of(*words: str) -> Shape:
    french = f"une valeur parmi {', '.join(f'« {word} »' for word in words)}"
    return Shape(french, reference("une valeur possible", lambda _place: words).look)


def _look_at_date(value: Any, _place: Place) -> Iterator[Mistake]:
    try:
        dt.date.fromisoformat(str(value))
    except ValueError:
        yield Mistake((), f"{_shown(value)} n’est pas une date : écrivez AAAA-MM-JJ.")


DATE = Shape("une date (AAAA-MM-JJ)", _look_at_date)


def _look_at_pattern(value: Any, _place: Place) -> Iterator[Mistake]:
    if not isinstance(value, str) or not value.strip():
        yield Mistake((), f"un motif est un texte, et non {_shown(value)}.")
        return
    try:
        compile_pattern(value)
    except re.error as error:
        yield Mistake((), f"motif « {value} » illisible ({error}).")


PATTERN = Shape("un motif", _look_at_pattern)


# --- shapes of shapes -------------------------------------------------------------------------------------------------


def list_of(shape: Shape, *, least: int = 0, distinct: bool = False) -> Shape:
    def look(value: Any, place: Place) -> Iterator[Mistake]:
        if not isinstance(value, list):
            yield Mistake((), f"il faut une liste, et non {_shown(value)}.")
            return
        if len(value) < least:
            yield Mistake((), "la liste est vide." if not value else f"la liste a moins de {least} éléments.")
        for position, item in enumerate(value):
            yield from (mistake.under(position) for mistake in shape.look(item, place))
            if distinct and item in value[:position]:
                yield Mistake((position,), f"{_shown(item)} figure deux fois.")

    return Shape(f"une liste : {shape.french}", look)


PATTERNS = list_of(PATTERN, least=1)


def mapping(keys: Shape, values: Shape) -> Shape:
    """A table whose names are of one shape and whose values are of another one."""

    def look(value: Any, place: Place) -> Iterator[Mistake]:
        if not isinstance(value, Mapping):
            yield Mistake((), f"il faut une table, et non {_shown(value)}.")
            return
        for name, item in value.items():
            yield from (Mistake((name,), mistake.text) for mistake in keys.look(name, place))
            yield from (mistake.under(name) for mistake in values.look(item, place))

    return Shape(f"une table : {keys.french} = {values.french}", look)


def table_of(
    required: Mapping[str, Shape],
    optional: Mapping[str, Shape] = EMPTY,
    *,
    any_of: Collection[str] = (),
    only_one: bool = False,
) -> Shape:
    """A table of named fields; ``any_of``: at least one of these optional ones (just one: ``only_one``)."""
    known = {**required, **optional}

    def look(value: Any, place: Place) -> Iterator[Mistake]:
        if not isinstance(value, Mapping):
            yield Mistake((), f"il faut une table de champs ({', '.join(known)}), et non {_shown(value)}.")
            return
        yield from _named(value, known, required, "le champ", place)
        among = sum(name in value for name in any_of)
        if any_of and set(value) <= set(known) and (not among or (only_one and among > 1)):
            yield Mistake((), f"il faut {'l’un' if only_one else 'au moins l’un'} des champs {', '.join(any_of)}.")

    named = [f"« {name} »" if name in required else f"« {name} » (facultatif)" for name in known]
    return Shape(f"des champs : {', '.join(named)}", look)


def either(alone: Shape, *, listed: Shape | None = None, tabled: Shape | None = None, french: str = "") -> Shape:
    """A value by itself, or several in a list, or in a table, as ``french`` says it."""

    def look(value: Any, place: Place) -> Iterator[Mistake]:
        several = listed if isinstance(value, list) else tabled if isinstance(value, Mapping) else None
        yield from (several or alone).look(value, place)

    return Shape(french or ", ou ".join(one.french for one in (alone, listed, tabled) if one), look)


# --- references -------------------------------------------------------------------------------------------------------


def _ids(side: str) -> Callable[[Place], list[str]]:
    return lambda place: [item.id for item in getattr(looked_at(place.question, place.criterion).spec, side, ())]


OPTION = reference("une option de la question", lambda place: names_of(place.question, place.criterion))
LEFT = reference("un élément de gauche", _ids("left"))
RIGHT = reference("un élément de droite", _ids("right"))
PART_NAME = reference("une partie de la question", lambda place: [part.id for part in place.question.parts])
DATA = reference("un fichier déclaré sous [donnees]", lambda place: place.tables)
QUESTION = reference("une autre question de l’activité", lambda place: [
    name for name in place.questions if name != place.question.id
])  # fmt: skip
COLUMN = reference("une colonne du tableau", lambda place: place.shown.columns)
ASKED = reference("une colonne à remplir", lambda place: [
    column.name for column in (place.question.table.columns if place.question.table else ()) if column.answer
])  # fmt: skip
RECORD = reference("un numéro de fiche du tableau", lambda place: place.records)
CODE = reference("un message qui a un texte", lambda place: place.codes)


def columns_of(setting: str) -> Shape:
    """A column of the data file that another setting names."""
    return reference(f"une colonne du fichier « {setting} »", lambda place: place.named(setting).columns)


def _look_at_rule(value: Any, place: Place) -> Iterator[Mistake]:
    spec = place.question.table
    if spec is None or spec.key not in place.shown.positions:
        yield Mistake((), "il faut un tableau : [question.tableau].")
    elif not (isinstance(value, list) and len(value) == 3 and all(isinstance(part, str) for part in value)):
        yield Mistake((), f"une règle s’écrit [colonne, comparaison, valeur] : {value}.")
    else:
        (rule,) = rules_of([value])
        found = select([rule], place.shown, spec.kinds, spec.key)
        for wrong in found.unreadable:
            known = f" {did_you_mean(rule.column, spec.kinds)}" if rule.column not in spec.kinds else ""
            yield Mistake((), f"la règle « {rule} » ne se lit pas ({wrong.reason.lower()}).{known}")
        for used in found.rules:
            yield from _never_held(used, place.shown, spec)


def _never_held(rule: Rule, table: Table, spec: TableSpec) -> Iterator[Mistake]:
    """The words that a rule looks for and that its column never holds."""
    if spec.kinds[rule.column] == FILTER_TEXT and rule.operator in ("=", "≠", ONE_OF):
        at = table.positions[rule.column]
        held = {fold(row[at]): row[at] for row in table.rows}
        for word in rule.value.split(";") if rule.operator == ONE_OF else [rule.value]:
            if fold(word) not in held:
                near = did_you_mean(word, held.values())
                yield Mistake((), f"la règle « {rule} » : aucune fiche ne porte « {word} ». {near}")


RULES = Shape("une liste de règles [colonne, comparaison, valeur]", list_of(Shape("une règle", _look_at_rule)).look)


_QUESTIONS = list_of(QUESTION, least=1, distinct=True)
_DEPENDENCE = either(QUESTION, listed=_QUESTIONS, french="une autre question, ou une liste d’autres questions")
COMMON = tuple(
    Setting(name, shape, about, keyless=True, in_question=True)
    for name, shape, about in (
        (PART, PART_NAME, "La partie de la question que le critère regarde."),
        (DEPENDS, _DEPENDENCE, "Ce dont la réponse sert à juger celle-ci."),
    )
)
"""The settings that every criterion has."""
