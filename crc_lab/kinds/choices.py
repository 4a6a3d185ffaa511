"""Options to choose from: one, several, true or false, in order, by priority; items to match, left with right; passages
of a text to pick out, each perhaps with a category; a form to inspect: what is missing in it, and a conclusion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crc_lab.core.answers import read_distinct, read_mapping, read_text, read_texts, unexpected
from crc_lab.core.errors import did_you_mean
from crc_lab.core.idle import filled, some_of
from crc_lab.core.kind import Add, Field, Kind, Line, Shown, options_field, read_options
from crc_lab.core.model import Json, Option, Question
from crc_lab.core.problems import check_fields, check_items, needed, optional
from crc_lab.core.text import fold

MARK = "x"
TRUE_FALSE = (Option("vrai", "Vrai"), Option("faux", "Faux"))


@dataclass(frozen=True, slots=True)
class Options:
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Sides:
    left: tuple[Option, ...] = ()
    right: tuple[Option, ...] = ()


class _WithOptions(Kind):
    spec, fields = Options, {"options": options_field("options")}


class Choice(_WithOptions):
    name, check, read, single = "choix", "choix_unique", staticmethod(read_text), True

    def lazy(self, spec: Options, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        yield from ((f"l’option « {one.id} »", one.id) for one in spec.options)

    def lines(self, spec: Options, label: str, value: Json) -> list[Line]:
        return [list_line("reponse", label, spec.options, value)]

    def from_lines(self, spec: Options, texts: Mapping[str, str]) -> Json:
        return picked(spec.options, texts.get("reponse", ""))


class MultipleChoice(_WithOptions):
    name = check = "choix_multiple"
    read = staticmethod(read_distinct)

    def lazy(self, spec: Options, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        yield from some_of([one.id for one in spec.options])

    def lines(self, spec: Options, label: str, value: Json) -> list[Line]:
        return mark_lines(spec.options, value)

    def from_lines(self, spec: Options, texts: Mapping[str, str]) -> Json:
        return marked(spec.options, texts)


class TrueFalse(_WithOptions):
    """A choice between two, and the reason for it."""

    name, check, single = "vrai_faux", "choix_unique", True

    def parse(self, raw: Json, spec: Any) -> dict[str, str]:
        return read_mapping({"choix": raw, "raison": ""} if isinstance(raw, str) else raw)

    def options(self, spec: Options) -> Iterator[Option]:
        yield from spec.options or TRUE_FALSE

    def lazy(self, spec: Options, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        yield from ((f"l’option « {one.id} »", {"choix": one.id, "raison": ""}) for one in self.options(spec))

    def said(self, spec: Options) -> Iterator[str]:
        return super().said(spec) if spec.options else iter(())

    def shown(self, answer: Json, spec: Options) -> Shown:
        given = {"choix": answer} if isinstance(answer, str) else answer
        choice = str(given.get("choix") or "")
        return Shown(((self.names(spec).get(choice, choice), str(given.get("raison") or "")),), lead=True)

    def lines(self, spec: Options, label: str, value: Json) -> list[Line]:
        given = value if isinstance(value, Mapping) else {}
        choice = list_line("choix", label, spec.options or TRUE_FALSE, given.get("choix", ""))
        return [choice, Line("raison", "Justification", value=str(given.get("raison", "")))]

    def from_lines(self, spec: Options, texts: Mapping[str, str]) -> Json:
        choice = picked(spec.options or TRUE_FALSE, texts.get("choix", ""))
        return {"choix": choice, "raison": texts.get("raison", "")}


class Ordering(_WithOptions):
    name = check = "ordre"
    read, ordered = staticmethod(read_texts), True

    def lazy(self, spec: Options, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        """As shown, and reversed; then each of them with one move, so as to have done something."""
        shown = [one.id for one in spec.options]
        for about, order in (("l’ordre affiché", shown), ("l’ordre affiché, à l’envers", shown[::-1])):
            yield about, order
            if len(order) > 4:
                yield f"{about}, le premier passé à la fin", [*order[1:], order[0]]
                yield f"{about}, le dernier passé en tête", [order[-1], *order[:-1]]
                yield f"{about}, les deux premiers échangés", [order[1], order[0], *order[2:]]
                yield f"{about}, les deux derniers échangés", [*order[:-2], order[-1], order[-2]]

    def lines(self, spec: Options, label: str, value: Json) -> list[Line]:
        ranks = tuple(str(rank) for rank in range(1, len(spec.options) + 1))
        placed = {str(name): str(rank) for rank, name in enumerate(value or (), start=1)}
        return [Line(one.id, one.text, ranks, placed.get(one.id, "")) for one in spec.options]

    def from_lines(self, spec: Options, texts: Mapping[str, str]) -> Json:
        return sorted((one.id for one in spec.options if texts.get(one.id)), key=lambda name: _rank(texts[name]))


class Priorities(Ordering):
    """Some of the options, the most important first."""

    name, check, excel, read = "priorites", "cible_ordonnee", "", staticmethod(read_distinct)


class Matching(Kind):
    name = check = "association"
    spec, read = Sides, staticmethod(read_mapping)
    fields = {"gauche": options_field("left"), "droite": options_field("right")}

    def lazy(self, spec: Sides, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        left, right = [one.id for one in spec.left], [one.id for one in spec.right]
        for about, targets in filled(len(left), right):
            yield about, dict(zip(left, targets, strict=True))

    def shown(self, answer: Json, spec: Sides) -> Shown:
        names = self.names(spec)
        return Shown(tuple((names.get(str(a), str(a)), names.get(str(b), str(b))) for a, b in answer.items() if b))

    def lines(self, spec: Sides, label: str, value: Json) -> list[Line]:
        given = value if isinstance(value, Mapping) else {}
        return [list_line(left.id, left.text, spec.right, given.get(left.id, "")) for left in spec.left]

    def from_lines(self, spec: Sides, texts: Mapping[str, str]) -> Json:
        return {left.id: picked(spec.right, texts[left.id]) for left in spec.left if texts.get(left.id)}


def mark_lines(options: Sequence[Option], value: Json) -> list[Line]:
    """One line an option, with the mark of those that are chosen."""
    chosen = [str(item) for item in value or ()]
    return [Line(one.id, one.text, (MARK,), MARK if one.id in chosen else "") for one in options]


def marked(options: Sequence[Option], texts: Mapping[str, str]) -> list[str]:
    return [one.id for one in options if texts.get(one.id) == MARK]


def list_line(code: str, label: str, options: Sequence[Option], chosen: Json) -> Line:
    """A line whose drop-down list shows the options."""
    labels = {option.id: _label(option) for option in options}
    name = str(chosen or "")
    return Line(code, label, tuple(labels.values()), labels.get(name, name))


def picked(options: Sequence[Option], text: str) -> str:
    """The id of the option meant by ``text`` (its label, its id or its wording); the text itself when none is."""
    head = re.split(r"\s+[–—-]\s+", text, maxsplit=1)[0]
    for form, wanted in (
        (_label, text),
        (lambda option: option.id, text),
        (lambda option: option.text, text),
        (lambda option: option.id, head),
    ):
        for option in options if text else ():
            if fold(form(option)) == fold(wanted):
                return option.id
    return text


def _label(option: Option) -> str:
    return option.id if fold(option.id) == fold(option.text) else f"{option.id} – {option.text}"


def _rank(text: str) -> float:
    found = re.search(r"\d+", text)
    return float(found[0]) if found else float("inf")


# --- passages of a text -----------------------------------------------------------------------------------------------

PICKED = "releve"
"""What stands for a category that was not chosen: an answer of empty texts would be no answer."""
_SEGMENT = re.compile(r"\[\[([^|\]]+)\|(.+?)\]\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Passages:
    """``pieces``: the whole text, in order, as (id, text); what lies between two passages has an empty id."""

    pieces: tuple[tuple[str, str], ...] = ()
    categories: tuple[Option, ...] = ()

    @property
    def segments(self) -> dict[str, str]:
        return {name: text for name, text in self.pieces if name}


class Highlighting(Kind):
    """The answer: the passages picked out, each with its category (which may be empty)."""

    name = check = "surlignage"
    fields = {"texte": Field(str, required=True), "categories": options_field("categories")}

    def build(self, raw: Mapping[str, Any], add: Add) -> Passages:
        text, at, pieces = str(raw.get("texte", "")), 0, []
        for found in _SEGMENT.finditer(text):
            pieces += [("", text[at : found.start()])] if found.start() > at else []
            pieces.append((found[1].strip(), found[2]))
            at = found.end()
        pieces += [("", text[at:])] if text[at:] else []
        names = [name for name, _ in pieces if name]
        if len(names) < 2:
            add("« texte » n’a pas deux passages écrits [[nom|passage]].")
        for twice in sorted({name for name in names if names.count(name) > 1}):
            add(f"deux passages s’appellent « {twice} ».")
        return Passages(tuple(pieces), read_options(raw.get("categories", ()), "categories", add))

    @staticmethod
    def read(raw: Json) -> dict[str, str]:
        return dict.fromkeys(read_distinct(raw), PICKED) if isinstance(raw, list) else read_mapping(raw)

    def lazy(self, spec: Passages, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        """Some of the passages, each with the same category; all of them, with the categories in turn, in blocks…"""
        names = list(spec.segments)
        for about, chosen in some_of(names):
            for one in _choices(spec):
                yield f"les passages, {about}, « {one.text} »", dict.fromkeys(chosen, one.id)
        for about, categories in filled(len(names), [one.id for one in spec.categories]):
            yield f"tout le texte, {about}", dict(zip(names, categories, strict=True))

    def page(self, spec: Passages) -> dict[str, Any]:
        pieces = [{"id": name, "texte": text} for name, text in spec.pieces]
        return {"passages": pieces, **super().page(spec)}

    def names(self, spec: Passages) -> Mapping[str, str]:
        return {**spec.segments, **{option.id: option.text for option in spec.categories}}

    def said(self, spec: Passages) -> Iterator[str]:
        yield from (*(text for _, text in spec.pieces), *(option.text for option in spec.categories))

    def shown(self, answer: Json, spec: Passages) -> Shown:
        names = {**self.names(spec), **{option.id: option.text for option in _choices(spec)}}
        given = answer if isinstance(answer, Mapping) else dict.fromkeys(map(str, answer), PICKED)
        picked = [name for name in spec.segments if name in given]
        return Shown(
            tuple((f"« {spec.segments[name]} »", names.get(given[name], given[name]) or "relevé") for name in picked)
        )

    def lines(self, spec: Passages, label: str, value: Json) -> list[Line]:
        given = value if isinstance(value, Mapping) else {}
        return [list_line(name, text, _choices(spec), given.get(name, "")) for name, text in spec.segments.items()]

    def from_lines(self, spec: Passages, texts: Mapping[str, str]) -> Json:
        return {name: picked(_choices(spec), texts[name]) for name in spec.segments if texts.get(name)}


def _choices(spec: Passages) -> tuple[Option, ...]:
    """What a line of the Excel form offers: the categories, or the passage picked out without any."""
    return (*spec.categories, Option(PICKED, "relevé"))


# --- a form to inspect ------------------------------------------------------------------------------------------------

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
