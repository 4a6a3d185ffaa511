"""What is typed in short fields: a number, to a tolerance; a date; gaps, each with what is expected of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from crc_lab.checks.choices import still_missing
from crc_lab.core import settings as s
from crc_lab.core.answers import UNIT, Quantity, format_number, parse_date, read_quantity
from crc_lab.core.grading import Check, Context, Outcome, Proof
from crc_lab.core.idle import EVERYWHERE, LEAST
from crc_lab.core.model import CellNote, Message
from crc_lab.core.problems import type_of_path
from crc_lab.core.settings import Mistake, Place, Setting, decimal, looked_at
from crc_lab.core.text import fold, matches


def number(value: Decimal, context: Context) -> Outcome:
    """All or nothing, bounds included; a variant is right when another part of the answer announces it. The first known
    mistake that fits a wrong number gives its message. Another unit than the one asked for is converted, and told."""
    value, of_unit = _measured(value, context)
    tolerance = decimal(context.param("tolerance", 0))
    right = [context.param("valeur"), *(one["valeur"] for one in context.param("variantes", ()) if _said(one, context))]
    if any(_near(value, expected, tolerance) for expected in right):
        percent = "%" in str(context.criterion.of(context.whole)) and context.param("pourcent")
        return Outcome(1.0, context.told(percent) if percent else of_unit)
    errors: list[dict[str, Any]] = context.param("erreurs", [])
    known = [error["code"] for error in errors if _near(value, error["valeur"], error.get("tolerance", tolerance))]
    if context.param("sur_un") and _near(100 * value, context.param("valeur"), tolerance):
        known.append(context.param("sur_un"))
    return Outcome(0.0, (*of_unit, *context.told(known[0] if known else context.param("sinon"))))


def _measured(value: Decimal, context: Context) -> tuple[Decimal, tuple[Message, ...]]:
    """The number in the unit that its field asks for, and what is said of another unit."""
    typed = read_quantity(str(context.criterion.of(context.whole)))
    return Quantity(value, typed.unit if typed else "").into(_unit(context))


def _unit(context: Context) -> str:
    return getattr(looked_at(context.question, context.criterion), "unit", "")


def unit_only(value: Decimal, context: Context) -> Outcome:
    """What can be said of a number without the key: that it is in another unit."""
    return Outcome(0.0, _measured(value, context)[1])


def _said(variant: Mapping[str, Any], context: Context) -> bool:
    """Whether the part that a variant names says what it takes."""
    given = context.whole.get(variant["si"]["partie"]) if isinstance(context.whole, Mapping) else None
    return isinstance(given, str) and fold(given) == fold(variant["si"]["vaut"])


def on_the_day(value: dt.date, context: Context) -> Outcome:
    """All or nothing. The known mistakes give their message."""
    if value == dt.date.fromisoformat(context.param("jour")):
        return Outcome(1.0)
    known = {one["jour"]: one["code"] for one in context.param("erreurs", ())}
    return Outcome(0.0, context.told(known.get(value.isoformat(), context.param("sinon"))))


def _near(value: Decimal | None, expected: object, tolerance: object) -> bool:
    return value is not None and abs(value - decimal(expected)) <= decimal(tolerance)


def gaps(value: dict[str, str], context: Context) -> Outcome:
    """Named short fields, each with what is expected of it.

    One of: ``attendu`` (a text or several, compared without case, accents and punctuation; digits without spaces),
    ``motifs`` (patterns), ``nombre`` (to ``tolerance``), ``date`` (written in any form that is read). ``erreurs``, of
    the same form, are tried in turn on a wrong field; ``code`` is for the others. Share: right fields / fields; nothing
    for what was copied from the page, nor for the same text in all the fields, unless all are right.
    """
    fields: dict[str, dict[str, Any]] = context.param("champs")
    units = {part.id: part.unit for part in context.question.parts}
    notes, codes = [], []
    of_units: list[Message] = []
    for name, wanted in fields.items():
        if not (text := value.get(name, "")):
            continue
        if "nombre" in wanted and (quantity := read_quantity(text)):
            of_units += quantity.into(units.get(name, ""))[1]
        right = _fits(text, wanted, units.get(name, "")) and not context.copied(text)
        notes.append(CellNote(name, "champ", "juste" if right else "faux"))
        if not right:
            known = (error["code"] for error in wanted.get("erreurs", ()) if _fits(text, error, units.get(name, "")))
            codes.append(next(known, wanted.get("code")))
    share = sum(note.state == "juste" for note in notes) / len(fields)
    given = {_bare(text) for text in map(value.get, fields) if text}
    if LEAST <= len(notes) == len(fields) and len(given) == 1 and share < 1:
        return Outcome(0.0, (EVERYWHERE, *context.told(*codes)), tuple(notes))
    return Outcome(share, (*dict.fromkeys(of_units), *context.told(*codes)), tuple(notes))


def _fits(text: str, wanted: Mapping[str, Any], unit: str = "") -> bool:
    if "motifs" in wanted:
        return matches(text, wanted["motifs"])
    if "nombre" in wanted:
        quantity = read_quantity(text)
        number = quantity.into(unit)[0] if quantity else None
        return _near(number, wanted["nombre"], wanted.get("tolerance", 0))
    if "date" in wanted:
        return parse_date(text) == dt.date.fromisoformat(wanted["date"])
    return _bare(text) in map(_bare, _listed(wanted["attendu"]))


def one_word(value: str, context: Context) -> Outcome:
    """All or nothing for a short field alone, judged as one of :func:`gaps`; nothing for a copy of the page."""
    wanted = {name: context.param(name) for name in _ONE_OF if context.param(name) is not None}
    if _fits(value, wanted) and not context.copied(value):
        return Outcome(1.0)
    known = (error["code"] for error in context.param("erreurs", ()) if _fits(value, error))
    return Outcome(0.0, context.told(next(known, context.param("sinon"))))


def _bare(text: str) -> str:
    """What two short fields are compared on; a number made of digits loses its spaces (« 0000 4242… »)."""
    folded = fold(text)
    digits = folded.replace(" ", "")
    return digits if digits.isdigit() else folded


def _listed(texts: str | list[str]) -> list[str]:
    return texts if isinstance(texts, list) else [texts]


# --- the settings, and answers that prove them ------------------------------------------------------------------------


def _number_proofs(context: Context) -> Iterator[Proof]:
    def proof(about: str, value: Decimal, share: float, code: str = "", *path: str | int) -> Proof:
        text = format_number(value)
        return Proof(f"{about} « {text} »", text, share, code, path)

    wanted, tolerance = decimal(context.param("valeur")), decimal(context.param("tolerance", 0))
    for bound in {wanted - tolerance, wanted + tolerance} - {wanted}:
        yield proof("la limite de la tolérance", bound, 1.0, "", "tolerance")
    for position, variant in enumerate(context.param("variantes", ())):
        condition, text = variant["si"], format_number(decimal(variant["valeur"]))
        path: type_of_path = ("variantes", position)
        yield Proof(f"la variante « {text} »", text, 1.0, path=path, parts={condition["partie"]: condition["vaut"]})
        yield Proof(f"« {text} » sans le dire", text, 0.0, path=path, parts={condition["partie"]: ""})
    errors = context.param("erreurs", [])
    for position, error in enumerate(errors):
        yield proof("l’erreur", decimal(error["valeur"]), 0.0, error["code"], "erreurs", position)
    if code := context.param("sur_un"):
        yield proof("le taux sur 1", wanted / 100, 0.0, code, "sur_un")
    if code := context.param("pourcent"):
        yield Proof("le nombre suivi de « % »", f"{format_number(wanted)} %", 1.0, code, ("pourcent",))
    yield from _unit_proofs(context, format_number(wanted))
    if code := context.param("sinon"):
        far = 1 + 2 * sum((abs(decimal(one["valeur"])) + 1 for one in errors), abs(wanted) + tolerance)
        yield proof("un nombre quelconque", far, 0.0, code, "sinon")


def _unit_proofs(context: Context, number: str) -> Iterator[Proof]:
    """The right number with the unit that was asked for, with what it counts, and with a unit of another sort."""
    unit = _unit(context)
    yield Proof("le nombre et ce qu’il compte", f"{number} choses", 1.0)
    if unit and not any(sign.isdigit() for sign in unit):
        yield Proof("le nombre et son unité", f"{number} {unit}", 1.0)
        other = "%" if "€" in unit else "€"
        yield Proof("le nombre dans une autre unité", f"{number} {other}", 1.0, UNIT)


def _date_proofs(context: Context) -> Iterator[Proof]:
    day = dt.date.fromisoformat(context.param("jour"))
    yield Proof(f"« {day:%d/%m/%Y} »", f"{day:%d/%m/%Y}", 1.0, path=("jour",))
    for position, error in enumerate(context.param("erreurs", ())):
        yield Proof(f"l’erreur « {error['jour']} »", error["jour"], 0.0, error["code"], ("erreurs", position))
    if code := context.param("sinon"):
        yield Proof("une autre date", "1999-01-01", 0.0, code, ("sinon",))


def _gap_proofs(context: Context) -> Iterator[Proof]:
    """Every accepted form of each field, its known mistakes, then something else."""
    fields: dict[str, dict[str, Any]] = context.param("champs")
    wrong = 1 - 1 / len(fields)

    def proof(text: str, name: str, share: float, code: str = "", *path: str | int) -> Proof:
        about = "autre chose" if text == _OTHER else f"« {text} »"
        return Proof(f"{about} dans « {name} »", {**context.answer, name: text}, share, code, ("champs", name, *path))

    for name, wanted in fields.items():
        yield from (proof(text, name, 1.0) for text in _examples(wanted))
        for position, error in enumerate(wanted.get("erreurs", ())):
            yield from (proof(text, name, wrong, error["code"], "erreurs", position) for text in _examples(error))
            if not _examples(error):
                path: type_of_path = ("champs", name, "erreurs", position)
                yield Proof(f"l’erreur de « {name} »", None, wrong, error["code"], path)
        if code := wanted.get("code"):
            yield proof(_OTHER, name, wrong, code, "code")


_OTHER = "999999999"


def _examples(wanted: Mapping[str, Any]) -> list[str]:
    """Texts that fit what is expected; none for patterns, unless one is given (``preuve``)."""
    found = [wanted["preuve"]] if "preuve" in wanted else []
    if "nombre" in wanted:
        value, spread = decimal(wanted["nombre"]), decimal(wanted.get("tolerance", 0))
        return found + [format_number(number) for number in dict.fromkeys((value, value - spread, value + spread))]
    if "date" in wanted:
        return [*found, wanted["date"], f"{dt.date.fromisoformat(wanted['date']):%d/%m/%Y}"]
    return found + _listed(wanted.get("attendu", []))


def _word_proofs(context: Context) -> Iterator[Proof]:
    """Every accepted form, the known mistakes, then something else."""
    wanted = {name: context.param(name) for name in (*_ONE_OF, "preuve") if context.param(name) is not None}
    yield from (Proof(f"« {text} »", text, 1.0) for text in _examples(wanted))
    for position, error in enumerate(context.param("erreurs", ())):
        path: type_of_path = ("erreurs", position)
        yield from (Proof(f"l’erreur « {text} »", text, 0.0, error["code"], path) for text in _examples(error))
        if not _examples(error):
            yield Proof("l’erreur", None, 0.0, error["code"], path)
    if code := context.param("sinon"):
        yield Proof("autre chose", _OTHER, 0.0, code, ("sinon",))


def _word_problems(place: Place) -> Iterator[Mistake]:
    if sum(name in place.settings for name in _ONE_OF) != 1:
        yield Mistake((), f"il faut l’un des champs {', '.join(_ONE_OF)}, et un seul.")


def _gap_problems(place: Place) -> Iterator[Mistake]:
    for part in place.question.parts:
        if part.id not in place.settings["champs"]:
            yield Mistake(("champs",), f"la partie « {part.id} » n’a pas de réponse attendue.")


_ONE_OF = ("attendu", "motifs", "nombre", "date")
_TEXTS = s.list_of(s.TEXT, least=1, distinct=True)
_EXPECTED = {
    "attendu": s.either(s.TEXT, listed=_TEXTS, french="un texte, ou une liste de textes"),
    "motifs": s.PATTERNS,
    "nombre": s.VALUE,
    "tolerance": s.SPREAD,
    "date": s.DATE,
    "preuve": s.TEXT,
}
_KNOWN = s.list_of(s.table_of({"code": s.CODE}, _EXPECTED, any_of=_ONE_OF, only_one=True))
_FIELD = s.table_of({}, {**_EXPECTED, "code": s.CODE, "erreurs": _KNOWN}, any_of=_ONE_OF, only_one=True)

CHECKS = {
    "mot": Check(
        one_word,
        ("texte",),
        about="Un mot, un nombre ou une date, seul juste.",
        settings=(
            Setting("attendu", _EXPECTED["attendu"], "Le texte attendu, ou une liste de textes."),
            Setting("motifs", s.PATTERNS, "Les motifs dont l’un suffit."),
            Setting("nombre", s.VALUE, "Le nombre attendu."),
            Setting("tolerance", s.SPREAD, "L’écart accepté, dans les deux sens (0 si rien n’est dit)."),
            Setting("date", s.DATE, "La date attendue, écrite de n’importe quelle façon."),
            Setting("preuve", s.TEXT, "Une réponse qui suit les motifs."),
            Setting("erreurs", _KNOWN, "Les réponses fausses que l’on reconnaît, de la même forme, et leur message."),
            Setting("sinon", s.CODE, "Le message de toute autre réponse fausse."),
        ),
        problems=_word_problems,
        proofs=_word_proofs,
        pasted=lambda _context, text: text,
    ),
    "nombre": Check(
        number,
        ("nombre",),
        about="Un nombre, à une tolérance près.",
        settings=(
            Setting("valeur", s.VALUE, "Le nombre attendu ; celui de « reponse » si rien n’est dit."),
            Setting("tolerance", s.SPREAD, "L’écart accepté, dans les deux sens (0 si rien n’est dit)."),
            Setting(
                "erreurs",
                s.list_of(s.table_of({"valeur": s.VALUE, "code": s.CODE}, {"tolerance": s.SPREAD})),
                "Les nombres faux que l’on reconnaît, et leur message.",
            ),
            Setting(
                "variantes",
                s.list_of(s.table_of({"valeur": s.VALUE, "si": s.table_of({"partie": s.PART_NAME, "vaut": s.TEXT})})),
                "Les autres nombres justes, si une autre partie de la réponse annonce comment on a compté.",
            ),
            Setting("sur_un", s.CODE, "Le message d’un taux juste, mais donné sur 1 au lieu de 100 (0,9 pour 90)."),
            Setting("pourcent", s.CODE, "Le message, sans perte, d’un nombre juste suivi d’un « % » de trop."),
            Setting("sinon", s.CODE, "Le message de tout autre nombre faux."),
        ),
        form=unit_only,
        defaults=lambda answer: {"valeur": answer},
        proofs=_number_proofs,
    ),
    "date": Check(
        on_the_day,
        ("date",),
        about="Une date, écrite de n’importe quelle façon.",
        settings=(
            Setting("jour", s.DATE, "La date attendue ; celle de « reponse » si rien n’est dit."),
            Setting(
                "erreurs",
                s.list_of(s.table_of({"jour": s.DATE, "code": s.CODE})),
                "Les dates fausses que l’on reconnaît, et leur message.",
            ),
            Setting("sinon", s.CODE, "Le message de toute autre date fausse."),
        ),
        defaults=lambda answer: {"jour": answer},
        proofs=_date_proofs,
    ),
    "trous": Check(
        gaps,
        ("trous",),
        about="Chaque case juste compte autant.",
        settings=(
            Setting(
                "champs",
                s.mapping(s.PART_NAME, _FIELD),
                "Ce que l’on attend dans chaque case : un « attendu », des « motifs », un « nombre » ou une « date » ; "
                "le message (« code ») d’une case fausse, et celui de chaque erreur connue.",
                required=True,
            ),
        ),
        form=still_missing("parts"),
        problems=_gap_problems,
        proofs=_gap_proofs,
        pasted=lambda context, text: dict.fromkeys(context.param("champs"), text),
    ),
}
