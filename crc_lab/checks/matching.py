"""Matching (left item → right item) and gaps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from crc_lab.checks import keyless
from crc_lab.checks.choices import option_id
from crc_lab.core.answers import format_number, parse_date, parse_number
from crc_lab.core.check import Check, Context, Outcome, Proof
from crc_lab.core.model import CellNote
from crc_lab.core.problems import type_of_path
from crc_lab.core.settings import (
    CODE,
    DATE,
    LEFT,
    PART_NAME,
    RIGHT,
    SPREAD,
    TEXT,
    VALUE,
    Mistake,
    Place,
    Setting,
    Shape,
    decimal,
    list_of,
    mapping,
    table_of,
)
from crc_lab.core.text import fold, matches
from crc_lab.french.ideas import PATTERNS


def matching(value: dict[str, str], context: Context) -> Outcome:
    """A right item is named by its id or its wording. Share: right items / expected items. A note per answered item,
    its row being the left id.
    """
    expected: dict[str, str] = context.param("attendu")
    accepted: dict[str, list[str]] = context.param("acceptes", {})
    errors: dict[str, str] = context.param("erreurs", {})
    reasons: dict[str, str] = context.param("raisons", {})
    given = {left: option_id(value[left], context.spec.right) for left in expected if value.get(left)}
    right = {
        left
        for left, target in given.items()
        if fold(target) in {fold(item) for item in (expected[left], *accepted.get(left, ()))}
    }
    codes = dict.fromkeys(errors[left] for left in given if left not in right and left in errors)
    return Outcome(
        len(right) / len(expected),
        tuple(context.message(code) for code in codes),
        tuple(
            CellNote(left, "association", "juste", reasons.get(left, ""))
            if left in right
            else CellNote(left, "association", "faux")
            for left in given
        ),
    )


def gaps(value: dict[str, str], context: Context) -> Outcome:
    """Named short fields, each with what is expected of it.

    One of: ``attendu`` (a text or several, compared without case, accents and punctuation; digits without spaces),
    ``motifs`` (patterns), ``nombre`` (to ``tolerance``), ``date`` (written in any form that is read). ``erreurs``, of
    the same form, are tried in turn on a wrong field; ``code`` is for the others. Share: right fields / fields.
    """
    fields: dict[str, dict[str, Any]] = context.param("champs")
    notes: list[CellNote] = []
    codes: dict[str, None] = {}
    for name, wanted in fields.items():
        text = value.get(name, "")
        if not text:
            continue
        right = _fits(text, wanted)
        notes.append(CellNote(name, "champ", "juste" if right else "faux"))
        known = [error["code"] for error in wanted.get("erreurs", ()) if _fits(text, error)]
        code = (known or [wanted.get("code")])[0]
        if not right and code:
            codes[code] = None
    share = sum(note.state == "juste" for note in notes) / len(fields)
    return Outcome(share, tuple(context.message(code) for code in codes), tuple(notes))


def _fits(text: str, wanted: Mapping[str, Any]) -> bool:
    if "motifs" in wanted:
        return matches(text, wanted["motifs"])
    if "nombre" in wanted:
        number = parse_number(text)
        return number is not None and abs(number - decimal(wanted["nombre"])) <= decimal(wanted.get("tolerance", 0))
    if "date" in wanted:
        return parse_date(text) == dt.date.fromisoformat(wanted["date"])
    texts = wanted["attendu"] if isinstance(wanted["attendu"], list) else [wanted["attendu"]]
    return _bare(text) in {_bare(item) for item in texts}


def _bare(text: str) -> str:
    """What two short fields are compared on; a number made of digits loses its spaces (« 0000 4242… »)."""
    folded = fold(text)
    digits = folded.replace(" ", "")
    return digits if digits.isdigit() else folded


# --- the settings, and answers that prove them ------------------------------------------------------------------------


def _matching_proofs(context: Context) -> Iterator[Proof]:
    """Every accepted variant, then every wrong association."""
    expected: dict[str, str] = context.param("attendu")
    accepted: dict[str, list[str]] = context.param("acceptes", {})
    errors: dict[str, str] = context.param("erreurs", {})
    share = (len(expected) - 1) / len(expected)
    for left, target in expected.items():
        also = accepted.get(left, ())
        for position, other in enumerate(also):
            path: type_of_path = ("acceptes", left, position)
            yield Proof(f"« {left} » avec « {other} »", {**expected, left: other}, 1.0, path=path)
        known = {fold(other) for other in (target, *also)}
        for option in context.spec.right:
            if not known & {fold(option.id), fold(option.text)}:
                code = errors.get(left, "")
                path = ("erreurs" if code else "attendu", left)
                yield Proof(f"« {left} » avec « {option.id} »", {**expected, left: option.id}, share, code, path)


def _gap_proofs(context: Context) -> Iterator[Proof]:
    """Every accepted form of each field, its known mistakes, then something else."""
    fields: dict[str, dict[str, Any]] = context.param("champs")
    share = (len(fields) - 1) / len(fields)
    for name, wanted in fields.items():
        for text in _examples(wanted):
            path: type_of_path = ("champs", name)
            yield Proof(f"« {text} » dans « {name} »", {**context.answer, name: text}, 1.0, path=path)
        for position, error in enumerate(wanted.get("erreurs", ())):
            path = ("champs", name, "erreurs", position)
            for text in _examples(error):
                answer = {**context.answer, name: text}
                yield Proof(f"« {text} » dans « {name} »", answer, share, error["code"], path)
            if not _examples(error):
                yield Proof(f"l’erreur de « {name} »", None, share, error["code"], path)
        if code := wanted.get("code"):
            path = ("champs", name, "code")
            yield Proof(f"autre chose dans « {name} »", {**context.answer, name: _OTHER}, share, code, path)


_OTHER = "999999999"


def _examples(wanted: Mapping[str, Any]) -> list[str]:
    """Texts that fit what is expected; none for patterns, unless one is given (``preuve``)."""
    found = [wanted["preuve"]] if "preuve" in wanted else []
    if "nombre" in wanted:
        value, spread = decimal(wanted["nombre"]), decimal(wanted.get("tolerance", 0))
        return found + [format_number(number) for number in dict.fromkeys((value, value - spread, value + spread))]
    if "date" in wanted:
        return [*found, wanted["date"], f"{dt.date.fromisoformat(wanted['date']):%d/%m/%Y}"]
    texts = wanted.get("attendu", [])
    return found + (texts if isinstance(texts, list) else [texts])


def _gap_problems(place: Place) -> Iterator[Mistake]:
    for part in place.question.parts:
        if part.id not in place.settings["champs"]:
            yield Mistake(("champs",), f"la partie « {part.id} » n’a pas de réponse attendue.")


def _look_at_texts(value: Any, place: Place) -> Iterator[Mistake]:
    yield from (list_of(TEXT, least=1, distinct=True) if isinstance(value, list) else TEXT).look(value, place)


_ONE_OF = ("attendu", "motifs", "nombre", "date")
_EXPECTED = {
    "attendu": Shape("un texte, ou une liste de textes", _look_at_texts),
    "motifs": PATTERNS,
    "nombre": VALUE,
    "tolerance": SPREAD,
    "date": DATE,
    "preuve": TEXT,
}
_FIELD = table_of(
    {},
    {**_EXPECTED, "code": CODE, "erreurs": list_of(table_of({"code": CODE}, _EXPECTED, any_of=_ONE_OF, only_one=True))},
    any_of=_ONE_OF,
    only_one=True,
)

CHECKS = {
    "association": Check(
        matching,
        ("association",),
        about="Chaque élément bien associé compte autant.",
        settings=(
            Setting("attendu", mapping(LEFT, RIGHT), "Le bon élément de droite pour chaque élément de gauche."),
            Setting(
                "acceptes", mapping(LEFT, list_of(TEXT, least=1)), "Les autres réponses acceptées, en toutes lettres."
            ),
            Setting("erreurs", mapping(LEFT, CODE), "Le message de chaque élément de gauche mal associé."),
            Setting("raisons", mapping(LEFT, TEXT), "Ce que l’on dit de chaque élément une fois bien associé."),
        ),
        form=keyless.matching_form,
        defaults=lambda answer: {"attendu": answer},
        proofs=_matching_proofs,
    ),
    "trous": Check(
        gaps,
        ("trous",),
        about="Chaque case juste compte autant.",
        settings=(
            Setting(
                "champs",
                mapping(PART_NAME, _FIELD),
                "Ce que l’on attend dans chaque case : un « attendu », des « motifs », un « nombre » ou une « date » ; "
                "le message (« code ») d’une case fausse, et celui de chaque erreur connue.",
                required=True,
            ),
        ),
        form=keyless.gaps_form,
        problems=_gap_problems,
        proofs=_gap_proofs,
        pasted=lambda context, text: dict.fromkeys(context.param("champs"), text),
    ),
}
