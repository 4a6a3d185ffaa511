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
from crc_lab.core.filters import ONE_OF, rules_of, select
from crc_lab.core.filters import TEXT as FILTER_TEXT
from crc_lab.core.model import Criterion, Part, Question, Table, TableSpec
from crc_lab.core.rooms import kinds
from crc_lab.core.text import compile_pattern, fold
from crc_lab.core.toml import type_of_path

_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_COMMA = re.compile(r"[+-]?\d+,\d+")
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

    def named(self, setting: str, default: str = "") -> Table:
        """The data file that another setting names; an empty one when it names none."""
        return self.tables.get(str(self.settings.get(setting, default)), _NO_TABLE)


_NO_TABLE = Table((), ())
type_of_look = Callable[[Any, Place], Iterator[Mistake]]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value may be: ``french`` names it (« un nombre »), ``look`` says what is wrong with one."""

    french: str
    look: type_of_look


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
    known = {setting.name: setting for setting in declared}
    for name, value in place.settings.items():
        if name not in known:
            yield Mistake((name,), f"le réglage « {name} » n’existe pas. {did_you_mean(name, known)}")
        else:
            yield from (mistake.under(name) for mistake in known[name].shape.look(value, place))
    for name, setting in known.items():
        if setting.required and name not in place.settings:
            yield Mistake((), f"le réglage « {name} » manque ({setting.shape.french}).")


def looked_at(question: Question, criterion: Criterion) -> Question | Part:
    """What a criterion looks at: one part of the question (the whole, for a name that does not exist)."""
    name = criterion.params.get(PART)
    return next((part for part in question.parts if part.id == name), question)


def names_of(question: Question, criterion: Criterion) -> Mapping[str, str]:
    """The wording of each id that the answer looked at may hold."""
    whole = looked_at(question, criterion)
    return kinds()[whole.kind].names(whole.spec) if whole.kind in kinds() else {}


def decimal(value: object) -> Decimal:
    """A number of the question files, written 8.33, "8.33" or "8,33"; raises :class:`ValueError`."""
    try:
        return Decimal(str(value).replace(",", "."))
    except InvalidOperation:
        raise ValueError(value) from None


# --- plain values -----------------------------------------------------------------------------------------------------


def _plain(french: str, accepts: Callable[[Any], bool]) -> Shape:
    def look(value: Any, _place: Place) -> Iterator[Mistake]:
        if not accepts(value):
            yield Mistake((), f"il faut {french}, et non {_shown(value)}.{_hint(value)}")

    return Shape(french, look)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "une table"
    return "une liste" if isinstance(value, list) else f"« {str(value)[:60]} »"


def _hint(value: Any) -> str:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return f" Écrivez {value.strip().replace(',', '.')}, sans guillemets."
    return ""


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


TEXT = _plain("un texte", lambda value: isinstance(value, str) and bool(value.strip()))
WRITTEN = _plain("un texte ou un nombre", lambda value: isinstance(value, str) or _is_number(value))
FLAG = _plain("« true » ou « false »", lambda value: isinstance(value, bool))
VALUE = _plain(
    "un nombre (8.33, ou « 8,33 » entre guillemets droits)",
    lambda value: _is_number(value) or (isinstance(value, str) and _NUMBER.fullmatch(value.strip()) is not None),
)
SPREAD = _plain(
    "un nombre positif (0.05, ou « 0,05 » entre guillemets droits)",
    lambda value: not next(VALUE.look(value, None), None) and decimal(value) >= 0,  # type: ignore[arg-type]
)


def number(low: float = 0, high: float | None = None) -> Shape:
    """A number that is counted with, from ``low`` to ``high``."""
    french = f"un nombre de {low:g} à {high:g}" if high is not None else f"un nombre, au moins {low:g}"
    return _plain(french, lambda value: _is_number(value) and low <= value <= (value if high is None else high))


def integer(low: int = 0) -> Shape:
    return _plain(
        f"un nombre entier, au moins {low}",
        lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= low,
    )


def one_of(*words: str) -> Shape:
    def look(value: Any, _place: Place) -> Iterator[Mistake]:
        if value not in words:
            yield Mistake((), f"{_shown(value)} n’est pas une valeur possible. {did_you_mean(str(value), words)}")

    return Shape(f"une valeur parmi {', '.join(f'« {word} »' for word in words)}", look)


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
    optional: Mapping[str, Shape] | None = None,
    *,
    any_of: Collection[str] = (),
    only_one: bool = False,
    own: Callable[[Mapping[str, Any], Place], Iterator[Mistake]] | None = None,
) -> Shape:
    """A table of named fields; ``any_of``: at least one of these optional ones (just one: ``only_one``); ``own``: what
    is wrong with the fields together."""
    known = {**required, **(optional or {})}

    def look(value: Any, place: Place) -> Iterator[Mistake]:
        if not isinstance(value, Mapping):
            yield Mistake((), f"il faut une table de champs ({', '.join(known)}), et non {_shown(value)}.")
            return
        found = False
        for name, item in value.items():
            if name not in known:
                yield Mistake((name,), f"le champ « {name} » n’existe pas. {did_you_mean(name, known)}")
                found = True
            else:
                for mistake in known[name].look(item, place):
                    found = True
                    yield mistake.under(name)
        for name in required:
            if name not in value:
                found = True
                yield Mistake((), f"le champ « {name} » manque ({known[name].french}).")
        among = [name for name in any_of if name in value]
        if any_of and set(value) <= set(known) and (not among or (only_one and len(among) > 1)):
            found = True
            yield Mistake((), f"il faut {'l’un' if only_one else 'au moins l’un'} des champs {', '.join(any_of)}.")
        if own and not found:
            yield from own(value, place)

    named = [f"« {name} »" if name in required else f"« {name} » (facultatif)" for name in known]
    return Shape(f"des champs : {', '.join(named)}", look)


# --- references -------------------------------------------------------------------------------------------------------


def reference(french: str, known: Callable[[Place], Iterable[str]]) -> Shape:
    """The name of something that the question, its key or its data have."""

    def look(value: Any, place: Place) -> Iterator[Mistake]:
        names = list(known(place))
        if not isinstance(value, str) or value not in names:
            yield Mistake((), f"{_shown(value)} n’est pas {french}. {did_you_mean(str(value), names)}")

    return Shape(french, look)


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


def columns_of(setting: str, default: str = "") -> Shape:
    """A column of the data file that another setting names."""
    return reference(f"une colonne du fichier « {setting} »", lambda place: place.named(setting, default).columns)


def _look_at_rules(value: Any, place: Place) -> Iterator[Mistake]:
    spec = place.question.table
    if not isinstance(value, list):
        yield Mistake((), f"il faut une liste de règles, et non {_shown(value)}.")
    elif spec is None or spec.key not in place.shown.positions:
        yield Mistake((), "il faut un tableau : [question.tableau].")
    else:
        for position, rule in enumerate(value):
            if not (isinstance(rule, list) and len(rule) == 3 and all(isinstance(part, str) for part in rule)):
                yield Mistake((position,), f"une règle s’écrit [colonne, comparaison, valeur] : {rule}.")
            else:
                yield from (Mistake((position,), text) for text in _wrong_rule(rule, place.shown, spec))


def _wrong_rule(rule: list[str], table: Table, spec: TableSpec) -> Iterator[str]:
    """A rule that cannot be read, or that looks for a word that its column never holds."""
    (read,) = rules_of([rule])
    found = select([read], table, spec.kinds, spec.key)
    for wrong in found.unreadable:
        known = f" {did_you_mean(read.column, spec.kinds)}" if read.column not in spec.kinds else ""
        yield f"la règle « {read} » ne se lit pas ({wrong.reason.lower()}).{known}"
    for used in found.rules:
        if spec.kinds[used.column] == FILTER_TEXT and used.operator in ("=", "≠", ONE_OF):
            held = {fold(row[table.positions[used.column]]): row[table.positions[used.column]] for row in table.rows}
            words = used.value.split(";") if used.operator == ONE_OF else [used.value]
            for word in words:
                if fold(word) not in held:
                    yield f"la règle « {read} » : aucune fiche ne porte « {word} ». {did_you_mean(word, held.values())}"


RULES = Shape("une liste de règles [colonne, comparaison, valeur]", _look_at_rules)


def _look_at_dependence(value: Any, place: Place) -> Iterator[Mistake]:
    yield from (QUESTION if isinstance(value, str) else list_of(QUESTION, least=1, distinct=True)).look(value, place)


COMMON = (
    Setting(PART, PART_NAME, "La partie de la question que le critère regarde.", keyless=True, in_question=True),
    Setting(
        DEPENDS,
        Shape("une autre question, ou une liste d’autres questions", _look_at_dependence),
        "Ce dont la réponse sert à juger celle-ci.",
        keyless=True,
        in_question=True,
    ),
)
"""The settings that every criterion has."""
