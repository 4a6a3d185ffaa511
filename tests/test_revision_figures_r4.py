"""R4: the figures of the register of complaints, counted again with the csv module alone, are those of the key."""

from __future__ import annotations

import csv
import datetime as dt
import tomllib
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
KEY = tomllib.loads((ROOT / "notebooks" / "14_reclamations" / "corrige.toml").read_text(encoding="utf-8"))["R4-Q5"]
HOLIDAY = dt.date(2026, 11, 11)
ORDERS, CUSTOMERS, CONTRACTS = 960, 640, 310
"""What annexe 2 says of the same four weeks."""


def rows() -> list[dict[str, str]]:
    with (ROOT / "datasets" / "reclamations.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def days(row: dict[str, str], *, weekends: bool = False, holiday: bool = False) -> int:
    """Days from the morrow of the complaint to the answer; with the week-ends and the holiday on demand."""
    day, last = (dt.date.fromisoformat(row[name]) for name in ("date_reception", "date_reponse"))
    counted = 0
    while day < last:
        day += dt.timedelta(days=1)
        counted += (weekends or day.weekday() < 5) and (holiday or day != HOLIDAY)
    return counted


def written(number: float | Decimal) -> Decimal:
    """Rounded as a person writes it: two decimals."""
    return Decimal(str(number)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def expected() -> dict[str, Any]:
    return {part: Decimal(text.replace(",", ".")) for part, text in KEY["reponse"].items()}


def known(part: str, code: str) -> list[Decimal]:
    """The wrong values that bring this message."""
    errors = KEY["criteres"][part]["erreurs"]
    return [Decimal(error["valeur"].replace(",", ".")) for error in errors if error["code"] == code]


def mean(numbers: list[int]) -> Decimal:
    return written(Decimal(sum(numbers)) / len(numbers))


def share(some: int, of: int) -> Decimal:
    return written(Decimal(100 * some) / of)


def test_the_answers_are_those_of_the_register() -> None:
    register = rows()
    delays = [days(row) for row in register]
    assert expected() == {
        "a": sum(row["cause"] == "livraison" for row in register),
        "b": share(len(register), ORDERS),
        "c": mean(delays),
        "d": share(sum(delay <= 5 for delay in delays), len(register)),
        "e": share(sum(row["resatisfait"] == "oui" for row in register), len(register)),
        "f": sum(int(row["compensation"]) for row in register),
    }


def test_a_known_mistake_is_what_its_message_says() -> None:
    register = rows()
    assert known("b", "R4-BASE") == [share(24, CUSTOMERS), share(24, CONTRACTS)]
    founded = [row for row in register if row["fondee"] == "oui"]
    assert known("e", "R4-FONDEE") == [share(sum(row["resatisfait"] == "oui" for row in register), len(founded))]


@pytest.mark.parametrize(
    ("code", "counted"),
    [("R4-CALENDRIER", {"weekends": True, "holiday": True}), ("R4-FERIE", {"holiday": True})],
)
def test_days_that_should_not_count_give_the_known_mistakes(code: str, counted: dict[str, bool]) -> None:
    delays = [days(row, **counted) for row in rows()]
    assert known("c", code) == [mean(delays)]
    assert known("d", code) == [share(sum(delay <= 5 for delay in delays), len(delays))]


def test_what_the_model_conclusion_says_of_the_register() -> None:
    register = rows()
    delays = [days(row) for row in register]
    assert (sum(delay > 5 for delay in delays), max(delays)) == (5, 7)
    assert sum(row["recommande"] == "1" for row in register) == 3
    assert sum(row["resatisfait"] == "non" for row in register) == 6
    twice = [row["client"] for row in register if row["cause"] == "livraison"]
    assert {name for name in twice if twice.count(name) == 2} == {
        "Boulangerie Merlot",
        "Camping des Dunes",
        "Garage Loriot",
    }
