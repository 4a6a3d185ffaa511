"""RFM scoring: recency, frequency, monetary value, total and segment of one customer. Pure, exact, without pandas.

Units: dates are calendar dates, frequencies are purchases per year (annexe 8) or per month (annexe 7), amounts are
**integer cents** (``int``) or euros (:class:`~decimal.Decimal`, :class:`~fractions.Fraction`), never binary floats.
Source: contenu, rfm.md (§2 annexe 8, §3 annexe 7, §4 rule R-DATE, §5 rules V-1…V-6).
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from crc_lab.core.answers import parse_date, parse_number

REFERENCE = dt.date(2026, 11, 1)
"""The workbook's reference date: a constant, never today (rfm.md, head; decision AMB-R3)."""

VERY_GOOD, GOOD, WARM, INACTIVE = "Très bons clients", "Bons clients", "Clients tièdes", "Clients inactifs"
PROSPECT, NOT_SCORABLE = "Prospect (sans objet)", "Non scorable"
SEGMENTS = (VERY_GOOD, GOOD, WARM, INACTIVE)

type_of_rate = int | Decimal | Fraction
type_of_points = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """Two limits per criterion, hence three bands; **both limits belong to the middle band** (rfm.md, AMB-R1, AMB-M1).

    ``months``, ``purchases`` (per year in annexe 8, per month in annexe 7) and ``cents``: (low, high) limits.
    ``recency``, ``frequency`` and ``monetary``: the points of the (low, middle, high) band of that quantity, so recency
    reads (10, 5, 0). ``segments``: (lowest score of the good, highest score of the good), or None when the grid makes
    no segments.
    """

    months: tuple[int, int]
    purchases: tuple[int, int]
    cents: tuple[int, int]
    recency: type_of_points
    frequency: type_of_points
    monetary: type_of_points
    segments: tuple[int, int] | None = None

    @property
    def scores(self) -> frozenset[int]:
        """Every total this grid can give."""
        return frozenset(r + f + m for r in self.recency for f in self.frequency for m in self.monetary)


ANNEXE_8 = Grid((3, 12), (1, 4), (2_500, 10_000), (10, 5, 0), (0, 10, 20), (0, 10, 20), segments=(25, 40))
"""Omnicom's grid, the one that is marked (rfm.md §2)."""

ANNEXE_7 = Grid((3, 6), (1, 2), (2_000, 5_000), (5, 2, 0), (0, 2, 5), (0, 2, 5))
"""The example of the coffee pods, B to B, purchases per month (rfm.md §3)."""


# --- dates ------------------------------------------------------------------------------------------------------


def months_before(reference: dt.date, months: int) -> dt.date:
    """The same day of the month ``months`` calendar months earlier, or the last day of that month (rfm.md §4, R-DATE).

    Same as ``MOIS.DECALER`` in a spreadsheet, ``DateOffset(months=…)`` in pandas and ``relativedelta`` in dateutil.
    """
    year, month = divmod(reference.year * 12 + reference.month - 1 - months, 12)
    return dt.date(year, month + 1, min(reference.day, calendar.monthrange(year, month + 1)[1]))


def thresholds(reference: dt.date, months: tuple[int, int] = ANNEXE_8.months) -> tuple[dt.date, dt.date]:
    """The two threshold dates, the recent one first: 2026-08-01 and 2025-11-01 for 2026-11-01 and (3, 12)."""
    near, far = months
    return months_before(reference, near), months_before(reference, far)


def whole_months(date: dt.date, reference: dt.date) -> int:
    """Complete months between two dates, as ``DATEDIF(date;reference;"m")`` counts them (rfm.md §4.1)."""
    months = 12 * (reference.year - date.year) + reference.month - date.month
    return months - (reference.day < date.day)


# --- points -----------------------------------------------------------------------------------------------------


def recency(date: dt.date, reference: dt.date = REFERENCE, grid: Grid = ANNEXE_8) -> int:
    """R points of a last purchase (rfm.md §4, R-DATE): after the near threshold, between, before the far one.

    Raises :class:`ValueError` for a purchase after ``reference``: such a record cannot be scored.
    """
    if date > reference:
        raise ValueError(f"purchase of {date} after the reference date {reference}")
    near, far = thresholds(reference, grid.months)
    if date > near:
        return grid.recency[0]
    return grid.recency[1] if date >= far else grid.recency[2]


def frequency(rate: type_of_rate, grid: Grid = ANNEXE_8) -> int:
    """F points of a number of purchases per year (annexe 8) or per month (annexe 7), whole or not (rfm.md §2.1, §3)."""
    return grid.frequency[_band(rate, grid.purchases)]


def monetary(amount: type_of_rate, grid: Grid = ANNEXE_8) -> int:
    """M points of an average basket: an ``int`` is in cents, a Decimal or a Fraction in euros.

    Compared with the limits in integer cents and never rounded (rfm.md §2.1). Raises :class:`TypeError` for a float.
    """
    if isinstance(amount, float):
        raise TypeError("an amount is an int (cents) or a Decimal (euros), never a float")
    return grid.monetary[_band(amount if isinstance(amount, int) else amount * 100, grid.cents)]


def segment(total: type_of_rate, grid: Grid = ANNEXE_8) -> str:
    """The segment of a score (rfm.md §2): inactive is exactly 0, good has both its limits, very good is above.

    Raises :class:`ValueError` for a negative score, and for a grid without segments.
    """
    if total < 0 or grid.segments is None:
        raise ValueError(f"no segment for a score of {total} with this grid")
    low, high = grid.segments
    if total == 0:
        return INACTIVE
    if total > high:
        return VERY_GOOD
    return GOOD if total >= low else WARM


def _band(value: type_of_rate, limits: tuple[int, int]) -> int:
    """0 below the low limit (strictly), 2 above the high one (strictly), 1 from one to the other."""
    low, high = limits
    return 0 if value < low else 2 if value > high else 1


# --- one customer -----------------------------------------------------------------------------------------------


class State(StrEnum):
    """Whether a record can be scored, and why not (rfm.md §5, V-1…V-6)."""

    SCORABLE = "scorable"
    PROSPECT = "prospect"  # V-1: nothing bought yet, nothing is missing
    MISSING = "missing"  # V-3: a datum is absent or unreadable
    FUTURE = "future"  # a purchase after the reference date
    INVALID = "invalid"  # V-6: a basket that cannot be
    INCOHERENT = "incoherent"  # V-5: the date and the number of purchases contradict each other


@dataclass(frozen=True, slots=True)
class Customer:
    """The three data to score: last purchase, purchases of the last 12 months, average basket in euros.

    None means absent or unreadable; ``bare`` says that the three cells are empty (0 purchase counts as empty).
    """

    last: dt.date | None
    purchases: type_of_rate | None
    basket: Decimal | Fraction | None
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """What the grid says of one customer; the points are None unless the state is SCORABLE (V-1, V-3)."""

    state: State
    r: int | None = None
    f: int | None = None
    m: int | None = None
    total: int | None = None
    segment: str = NOT_SCORABLE


def read_customer(record: Mapping[str, str]) -> Customer:
    """The customer of a row of the workbook's files (``date_dernier_achat``, ``nb_achats_12m``, ``panier_moyen``)."""
    date, purchases, basket = (record[name].strip() for name in ("date_dernier_achat", "nb_achats_12m", "panier_moyen"))
    count = parse_number(purchases)
    bare = not date and not basket and (not purchases or count == 0)
    return Customer(parse_date(date), count, parse_number(basket), bare)


def state(customer: Customer, reference: dt.date = REFERENCE) -> State:
    """Whether ``customer`` can be scored (rfm.md §5).

    The purchases being those of the last 12 months (F-1), at least one purchase goes with a last date inside these
    12 months, and none with a date before them (V-5).
    """
    if customer.bare:
        return State.PROSPECT
    last, purchases, basket = customer.last, customer.purchases, customer.basket
    if last is None or purchases is None or basket is None:
        return State.MISSING
    if last > reference:
        return State.FUTURE
    if basket < 0 or purchases < 0 or (basket == 0 and purchases >= 1):
        return State.INVALID
    if (purchases >= 1) != (last >= months_before(reference, 12)):
        return State.INCOHERENT
    return State.SCORABLE


def rate(customer: Customer, reference: dt.date = REFERENCE, grid: Grid = ANNEXE_8) -> Score:
    """The marks, the total and the segment of ``customer``, or its state when it cannot be scored. Never raises."""
    found = state(customer, reference)
    last, purchases, basket = customer.last, customer.purchases, customer.basket
    if found is not State.SCORABLE or last is None or purchases is None or basket is None:
        return Score(found, segment=PROSPECT if found is State.PROSPECT else NOT_SCORABLE)
    r, f, m = recency(last, reference, grid), frequency(purchases, grid), monetary(basket, grid)
    total = r + f + m
    return Score(found, r, f, m, total, segment(total, grid) if grid.segments else "")
