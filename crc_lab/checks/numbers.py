"""Numbers, to a tolerance."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from crc_lab.core.check import Context, Outcome


def number(value: Decimal, context: Context) -> Outcome:
    """Settings: ``valeur`` and ``tolerance`` (numbers as text), ``erreurs`` ([{valeur, tolerance?, code}]), ``sinon``
    (code for any other wrong number). The first error that fits gives its message.
    """
    tolerance = _decimal(context.param("tolerance", "0"))
    if _near(value, context.param("valeur"), tolerance):
        return Outcome(1.0)
    errors: list[dict[str, Any]] = context.param("erreurs", [])
    code = next(
        (item["code"] for item in errors if _near(value, item["valeur"], _decimal(item.get("tolerance", tolerance)))),
        context.param("sinon"),
    )
    return Outcome(0.0, (context.message(code),) if code else ())


def _near(value: Decimal, expected: object, tolerance: Decimal) -> bool:
    return abs(value - _decimal(expected)) <= tolerance


def _decimal(setting: object) -> Decimal:
    """A number of the question files, written 8.33, "8.33" or "8,33"."""
    return Decimal(str(setting).replace(",", "."))
