"""Every question that is not a table, as a short list of lines (label, yellow cell), and back.

A field has a code (« Repère » in the sheet), so that lines may be moved or their labels retyped. Lists of couples
(marked cells, duplicate pairs) have two yellow cells per line instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crc_lab.core.errors import ImportProblem
from crc_lab.core.model import Json, Option, Question
from crc_lab.core.text import fold

COUPLES = {"cellules": ("N° de fiche", "Colonne"), "paires": ("Fiche", "Doublon")}
"""Kinds answered by a list of couples, with the headers of the two columns."""

CARD_ONLY = frozenset({"priorites", "fiches", "coches", "cartes"})
"""Kinds answered in their card only: no line of a sheet would say what clicking does there."""

COUPLE_LINES = 100
MARK = "x"
_MAX_TEXTS = 12
_RULES = 4
_RULE = ("colonne", "opérateur", "valeur")
_STATES = ("présente", "absente", "non valable")
_MISSING = ("absente", "absent", "non valable", "invalide")


@dataclass(frozen=True)
class Field:
    """One line of the sheet; ``choices`` are shown as a drop-down list."""

    code: str
    label: str
    choices: tuple[str, ...] = ()
    value: str = ""


def need_a_form(question: Question) -> None:
    """Raise :class:`ImportProblem` when the question has no form in a spreadsheet."""
    if CARD_ONLY & {question.kind, *(part.kind for part in question.parts)}:
        raise ImportProblem(
            question.id, "cette question n’a pas de modèle Excel.", "Répondez-y dans sa carte, dans le carnet."
        )


def fields_of(question: Question, value: Json = None) -> list[Field]:
    """The lines of ``question``, filled with ``value`` (shape of the answer sheet) when it is given."""
    if question.kind != "parties":
        return _fields(question.kind, question.title, question, value)
    found = []
    for part in question.parts:
        kept = value.get(part.id) if isinstance(value, Mapping) else None
        lines = _fields(part.kind, part.label + (f" ({part.unit})" if part.unit else ""), part, kept)
        for line in lines:
            label = part.label if len(lines) == 1 else f"{part.label} : {line.label}"
            found.append(replace(line, code=f"{part.id}.{line.code}", label=label))
    return found


def value_of(question: Question, texts: Mapping[str, str]) -> Json:
    """The answer in the shape of the answer sheet, from the text of each line under its code."""
    if question.kind != "parties":
        return _value(question.kind, question, texts)
    return {
        part.id: _value(
            part.kind,
            part,
            {code.removeprefix(f"{part.id}."): t for code, t in texts.items() if code.startswith(f"{part.id}.")},
        )
        for part in question.parts
    }


def _fields(kind: str, label: str, of: Any, value: Json) -> list[Field]:
    """``of`` is a question or a part: what is read of it is its options, its items to match and its labels."""
    given = value if isinstance(value, Mapping) else {}
    listed = [str(item) for item in value] if isinstance(value, list) else []
    if kind == "choix":
        return [Field("reponse", label, _shown(of.options), _show(of.options, str(value or "")))]
    if kind == "vrai_faux":
        options = _true_false(of.options)
        return [
            Field("choix", label, _shown(options), _show(options, str(given.get("choix", "")))),
            Field("raison", "Justification", value=str(given.get("raison", ""))),
        ]
    if kind == "choix_multiple":
        return [Field(o.id, o.text, (MARK,), MARK if o.id in listed else "") for o in of.options]
    if kind == "ordre":
        ranks = tuple(str(rank) for rank in range(1, len(of.options) + 1))
        return [Field(o.id, o.text, ranks, str(listed.index(o.id) + 1) if o.id in listed else "") for o in of.options]
    if kind == "association":
        right = _shown(of.right)
        return [Field(left.id, left.text, right, _show(of.right, str(given.get(left.id, "")))) for left in of.left]
    if kind == "textes":
        labels = getattr(of, "labels", ()) or [f"Réponse {n}" for n in range(1, max(_MAX_TEXTS, len(listed)) + 1)]
        filled = [*listed, *[""] * len(labels)]
        return [Field(str(n), text, value=filled[n - 1]) for n, text in enumerate(labels, start=1)]
    if kind == "trous":
        return [Field(code, text, value=str(given.get(code, ""))) for code, text in _gaps(of)]
    if kind == "segment":
        return _segment_fields(given)
    if kind == "formulaire":
        return _inspection_fields(of, given)
    return [Field("reponse", label, value=str(value or ""))]


def _value(kind: str, of: Any, texts: Mapping[str, str]) -> Json:
    if kind == "choix":
        return _pick(of.options, texts.get("reponse", ""))
    if kind == "vrai_faux":
        return {"choix": _pick(_true_false(of.options), texts.get("choix", "")), "raison": texts.get("raison", "")}
    if kind == "choix_multiple":
        return [o.id for o in of.options if fold(texts.get(o.id, "")) not in ("", "non", "faux", "0")]
    if kind == "ordre":
        ranked = [(_rank(texts.get(o.id, "")), o.id) for o in of.options if texts.get(o.id)]
        return [code for _, code in sorted(ranked, key=lambda item: item[0])]
    if kind == "association":
        return {left.id: _pick(of.right, texts[left.id]) for left in of.left if texts.get(left.id)}
    if kind == "textes":
        codes = sorted((code for code in texts if code.isdigit()), key=int)
        found = [texts[code] for code in codes]
        while found and not found[-1] and not getattr(of, "labels", ()):
            found.pop()
        return found
    if kind == "trous":
        return {code: texts.get(code, "") for code, _ in _gaps(of)}
    if kind == "segment":
        rules = [[texts.get(f"critere{n}.{name}", "") for name in _RULE] for n in range(1, _RULES + 1)]
        return {
            "criteres": [rule for rule in rules if any(rule)],
            "fiches": re.findall(r"[\w-]+", texts.get("fiches", "")),
        }
    if kind == "formulaire":
        return {
            "conclusion": fold(texts.get("conclusion", "")),
            "manquements": [
                *(item.id for item in of.left if fold(texts.get(item.id, "")) in _MISSING),
                *(item.id for item in of.options if fold(texts.get(item.id, "")) not in ("", "non", "faux", "0")),
            ],
        }
    return texts.get("reponse", "")


def _inspection_fields(of: Any, given: Mapping[str, Any]) -> list[Field]:
    faults = [str(item) for item in given.get("manquements") or ()]
    asked = of.form.asks if getattr(of, "form", None) else "Conclusion"
    return [
        *(Field(item.id, item.text, _STATES, _STATES[1] if item.id in faults else "") for item in of.left),
        *(Field(item.id, item.text, (MARK,), MARK if item.id in faults else "") for item in of.options),
        Field("conclusion", asked, ("oui", "non"), str(given.get("conclusion") or "")),
    ]


def _segment_fields(given: Mapping[str, Any]) -> list[Field]:
    rules: Sequence[Sequence[Any]] = given.get("criteres") or []
    found = []
    for number in range(1, max(_RULES, len(rules)) + 1):
        rule = [*(rules[number - 1] if number <= len(rules) else ()), "", "", ""]
        for name, text in zip(_RULE, rule, strict=False):
            found.append(Field(f"critere{number}.{name}", f"Critère {number} : {name}", value=str(text)))
    records = "; ".join(str(item) for item in given.get("fiches") or ())
    return [*found, Field("fiches", "N° des fiches, séparés par des points-virgules", value=records)]


def _gaps(of: Any) -> list[tuple[str, str]]:
    parts = getattr(of, "parts", ())
    labels = getattr(of, "labels", ())
    return [(p.id, p.label) for p in parts] or [(f"t{n}", text) for n, text in enumerate(labels, start=1)]


def _true_false(options: Iterable[Option]) -> tuple[Option, ...]:
    return tuple(options) or (Option("vrai", "Vrai"), Option("faux", "Faux"))


def _shown(options: Iterable[Option]) -> tuple[str, ...]:
    return tuple(_label(option) for option in options)


def _label(option: Option) -> str:
    return option.id if fold(option.id) == fold(option.text) else f"{option.id} – {option.text}"


def _show(options: Iterable[Option], chosen: str) -> str:
    return next((_label(option) for option in options if option.id == chosen), chosen)


def _pick(options: Iterable[Option], text: str) -> str:
    """The id of the option meant by ``text`` (its label, its id or its wording); the text itself when none is."""
    known = tuple(options)
    for form in (_label, lambda option: option.id, lambda option: option.text):
        for option in known:
            if text and fold(form(option)) == fold(text):
                return option.id
    head = re.split(r"\s+[–—-]\s+", text, maxsplit=1)[0]
    return next((option.id for option in known if text and fold(option.id) == fold(head)), text)


def _rank(text: str) -> float:
    found = re.search(r"\d+", text)
    return float(found[0]) if found else float("inf")
