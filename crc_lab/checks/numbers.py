"""Numbers, to a tolerance."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from crc_lab.core.answers import format_number
from crc_lab.core.check import Check, Context, Outcome, Proof
from crc_lab.core.settings import CODE, SPREAD, VALUE, Setting, decimal, list_of, table_of


def number(value: Decimal, context: Context) -> Outcome:
    """All or nothing, bounds included. The first known mistake that fits a wrong number gives its message."""
    tolerance = decimal(context.param("tolerance", 0))
    if _near(value, context.param("valeur"), tolerance):
        return Outcome(1.0)
    errors: list[dict[str, Any]] = context.param("erreurs", [])
    code = next(
        (item["code"] for item in errors if _near(value, item["valeur"], decimal(item.get("tolerance", tolerance)))),
        context.param("sinon"),
    )
    return Outcome(0.0, (context.message(code),) if code else ())


def _near(value: Decimal, expected: object, tolerance: Decimal) -> bool:
    return abs(value - decimal(expected)) <= tolerance


def _proofs(context: Context) -> Iterator[Proof]:
    wanted, tolerance = decimal(context.param("valeur")), decimal(context.param("tolerance", 0))
    for bound in {wanted - tolerance, wanted + tolerance} - {wanted}:
        yield _proof("la limite de la tolérance", bound, 1.0, path=("tolerance",))
    errors = context.param("erreurs", [])
    for position, error in enumerate(errors):
        yield _proof("l’erreur", decimal(error["valeur"]), 0.0, error["code"], ("erreurs", position))
    if code := context.param("sinon"):
        far = 1 + 2 * sum((abs(decimal(one["valeur"])) + 1 for one in errors), abs(wanted) + tolerance)
        yield _proof("un nombre quelconque", far, 0.0, code, ("sinon",))


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
            Setting("sinon", CODE, "Le message de tout autre nombre faux."),
        ),
        defaults=lambda answer: {"valeur": answer},
        proofs=_proofs,
    )
}
