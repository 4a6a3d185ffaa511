"""Numbers, to a tolerance, and dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from crc_lab.core.answers import format_number
from crc_lab.core.check import Check, Context, Outcome, Proof
from crc_lab.core.settings import CODE, DATE, PART_NAME, SPREAD, TEXT, VALUE, Setting, decimal, list_of, table_of
from crc_lab.core.text import fold
from crc_lab.core.toml import type_of_path


def number(value: Decimal, context: Context) -> Outcome:
    """All or nothing, bounds included; a variant is right when another part of the answer says what it takes. The first
    known mistake that fits a wrong number gives its message."""
    tolerance = decimal(context.param("tolerance", 0))
    right = [context.param("valeur"), *(one["valeur"] for one in _announced(context))]
    if any(_near(value, expected, tolerance) for expected in right):
        return Outcome(1.0)
    errors: list[dict[str, Any]] = context.param("erreurs", [])
    known = [one["code"] for one in errors if _near(value, one["valeur"], decimal(one.get("tolerance", tolerance)))]
    if context.param("sur_un") and _near(100 * value, context.param("valeur"), tolerance):
        known.append(context.param("sur_un"))
    code = known[0] if known else context.param("sinon")
    return Outcome(0.0, (context.message(code),) if code else ())


def _announced(context: Context) -> Iterator[Mapping[str, Any]]:
    """The variants whose condition the answer fulfils."""
    whole = context.whole if isinstance(context.whole, Mapping) else {}
    for variant in context.param("variantes", ()):
        given = whole.get(variant["si"]["partie"])
        if isinstance(given, str) and fold(given) == fold(variant["si"]["vaut"]):
            yield variant


def on_the_day(value: dt.date, context: Context) -> Outcome:
    """All or nothing. The known mistakes give their message."""
    if value == dt.date.fromisoformat(context.param("jour")):
        return Outcome(1.0)
    known = {one["jour"]: one["code"] for one in context.param("erreurs", ())}
    code = known.get(value.isoformat(), context.param("sinon"))
    return Outcome(0.0, (context.message(code),) if code else ())


def _near(value: Decimal, expected: object, tolerance: Decimal) -> bool:
    return abs(value - decimal(expected)) <= tolerance


def _proofs(context: Context) -> Iterator[Proof]:
    wanted, tolerance = decimal(context.param("valeur")), decimal(context.param("tolerance", 0))
    for bound in {wanted - tolerance, wanted + tolerance} - {wanted}:
        yield _proof("la limite de la tolérance", bound, 1.0, path=("tolerance",))
    for position, variant in enumerate(context.param("variantes", ())):
        condition, text = variant["si"], format_number(decimal(variant["valeur"]))
        path: type_of_path = ("variantes", position)
        yield Proof(f"la variante « {text} »", text, 1.0, path=path, parts={condition["partie"]: condition["vaut"]})
        yield Proof(f"« {text} » sans le dire", text, 0.0, path=path, parts={condition["partie"]: ""})
    errors = context.param("erreurs", [])
    for position, error in enumerate(errors):
        yield _proof("l’erreur", decimal(error["valeur"]), 0.0, error["code"], ("erreurs", position))
    if code := context.param("sur_un"):
        yield _proof("le taux sur 1", wanted / 100, 0.0, code, ("sur_un",))
    if code := context.param("sinon"):
        far = 1 + 2 * sum((abs(decimal(one["valeur"])) + 1 for one in errors), abs(wanted) + tolerance)
        yield _proof("un nombre quelconque", far, 0.0, code, ("sinon",))


def _date_proofs(context: Context) -> Iterator[Proof]:
    day = dt.date.fromisoformat(context.param("jour"))
    yield Proof(f"« {day:%d/%m/%Y} »", f"{day:%d/%m/%Y}", 1.0, path=("jour",))
    for position, error in enumerate(context.param("erreurs", ())):
        yield Proof(f"l’erreur « {error['jour']} »", error["jour"], 0.0, error["code"], ("erreurs", position))
    if code := context.param("sinon"):
        yield Proof("une autre date", "1999-01-01", 0.0, code, ("sinon",))


def _proof(about: str, value: Decimal, share: float, code: str = "", path: tuple[str | int, ...] = ()) -> Proof:
    text = format_number(value)
    return Proof(f"{about} « {text} »", text, share, code, path)


CHECKS = {
    "nombre": Check(
        number,
        ("nombre",),
        about="Un nombre, à une tolérance près.",
        settings=(
            Setting("valeur", VALUE, "Le nombre attendu ; celui de « reponse » si rien n’est dit."),
            Setting("tolerance", SPREAD, "L’écart accepté, dans les deux sens (0 si rien n’est dit)."),
            Setting(
                "erreurs",
                list_of(table_of({"valeur": VALUE, "code": CODE}, {"tolerance": SPREAD})),
                "Les nombres faux que l’on reconnaît, et leur message.",
            ),
            Setting(
                "variantes",
                list_of(table_of({"valeur": VALUE, "si": table_of({"partie": PART_NAME, "vaut": TEXT})})),
                "Les autres nombres justes, si une autre partie de la réponse annonce comment on a compté.",
            ),
            Setting("sur_un", CODE, "Le message d’un taux juste, mais donné sur 1 au lieu de 100 (0,9 pour 90)."),
            Setting("sinon", CODE, "Le message de tout autre nombre faux."),
        ),
        defaults=lambda answer: {"valeur": answer},
        proofs=_proofs,
    ),
    "date": Check(
        on_the_day,
        ("date",),
        about="Une date, écrite de n’importe quelle façon.",
        settings=(
            Setting("jour", DATE, "La date attendue ; celle de « reponse » si rien n’est dit."),
            Setting(
                "erreurs",
                list_of(table_of({"jour": DATE, "code": CODE})),
                "Les dates fausses que l’on reconnaît, et leur message.",
            ),
            Setting("sinon", CODE, "Le message de toute autre date fausse."),
        ),
        defaults=lambda answer: {"jour": answer},
        proofs=_date_proofs,
    ),
}
