"""RFM scoring: recency, frequency, monetary value, total and segment of one customer; and the ways of getting it wrong.

Pure, exact, without pandas. Units: dates are calendar dates, frequencies are purchases per year (annexe 8) or per month
(annexe 7), amounts are **integer cents** (``int``) or euros (:class:`~decimal.Decimal`, :class:`~fractions.Fraction`),
never binary floats. Source: contenu, rfm.md (§2 annexe 8, §3 annexe 7, §4 rule R-DATE, §5 rules V-1…V-6, §10).
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Set
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


# --- which wrong method a column of notes comes from ------------------------------------------------------------------
# A method is named only when the whole column agrees with it *and* it explains wrong notes: at least four notes in five
# over the column, and over the rows where the method and the grid differ. What a method does not explain is looked up
# among the limits of the grid, then left to a general remark. A row is never told twice.

AGREEMENT = Fraction(4, 5)
"""Share of the notes that must be those of the method."""
CONSTANT, TEXT = 10, "RFM-TEXTE"
"""From how many notes on a column of one single value means something, and what is said of the highest one."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The three data of a customer who can be scored; the basket in euros."""

    last: dt.date
    purchases: Fraction
    basket: Fraction


type_of_prediction = Callable[[Facts, dt.date], Set[int]]


@dataclass(frozen=True, slots=True)
class Case:
    """One note to explain: the customer, the note wanted and the student's one (None when there is none to judge)."""

    customer: Facts
    wanted: int
    given: Decimal | None

    @property
    def wrong(self) -> bool:
        return self.given is not None and self.given != self.wanted


@dataclass(frozen=True, slots=True)
class Method:
    """A wrong method: the notes it may give for one customer, and how many wrong notes it must explain."""

    code: str
    predict: type_of_prediction
    least: int


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit read on the wrong side: the customers who lie on it, and the note that they then get."""

    code: str
    holds: Callable[[Facts, dt.date], bool]
    points: int


# --- wrong methods ----------------------------------------------------------------------------------------------


def _by_months(count: Callable[[dt.date, dt.date], int | Fraction]) -> type_of_prediction:
    """Recency from a number of months, read strictly on both sides as annexe 8 says."""

    def predict(customer: Facts, reference: dt.date) -> Set[int]:
        months = count(customer.last, reference)
        low, high = ANNEXE_8.months
        new, middle, old = ANNEXE_8.recency
        return {new if months < low else old if months > high else middle}

    return predict


def _by_days(days_per_month: Fraction) -> type_of_prediction:
    return _by_months(lambda date, reference: Fraction((reference - date).days) / days_per_month)


def _month_numbers(date: dt.date, reference: dt.date) -> int:
    return 12 * (reference.year - date.year) + reference.month - date.month


_REVERSED = dict(zip(ANNEXE_8.recency, reversed(ANNEXE_8.recency), strict=True))


def _total_spent(customer: Facts, _reference: dt.date) -> Set[int]:
    """Basket × purchases; without a purchase in the year, students write either 0 or the note of the old basket."""
    notes = {monetary(customer.basket * customer.purchases)}
    return notes if customer.purchases >= 1 else notes | {monetary(customer.basket)}


def annexe_7_notes(role: str, customer: Facts, reference: dt.date) -> Set[int]:
    """What annexe 7 gives this customer, the frequency taken per year as it stands or per month."""
    if role == "R":
        return {recency(customer.last, reference, ANNEXE_7)}
    if role == "M":
        return {monetary(customer.basket, ANNEXE_7)}
    rates = (customer.purchases, customer.purchases / 12)
    return {frequency(rate, ANNEXE_7) for rate in rates}


METHODS: Mapping[str, tuple[Method, ...]] = {
    "R": (
        Method("RFM-R-INVERSE", lambda one, today: {_REVERSED[recency(one.last, today)]}, 3),
        Method("RFM-R-30J", _by_days(Fraction(30)), 2),
        Method("RFM-R-MOISCIVIL", _by_months(_month_numbers), 2),
        Method("RFM-R-DATEDIF", _by_months(whole_months), 1),
        Method("RFM-R-APPROX", _by_days(Fraction("30.44")), 1),
        Method("RFM-R-APPROX", _by_days(Fraction(365, 12)), 1),
        Method("RFM-R-APPROX", _by_days(Fraction("365.25") / 12), 1),
    ),
    "F": (Method("RFM-F-MOIS", lambda one, _today: {frequency(one.purchases / 12)}, 3),),
    "M": (Method("RFM-M-TOTAL", _total_spent, 3),),
}


OF_A_METHOD = frozenset({"RFM-GRILLE7", *(method.code for methods in METHODS.values() for method in methods)})
"""The causes that a whole column shows: the student worked, with another grid or another way to count."""


# --- limits read on the wrong side --------------------------------------------------------------------------------

LIMITS: Mapping[str, tuple[Limit, ...]] = {
    "R": (
        Limit("RFM-R-STRICT3", lambda one, today: one.last == thresholds(today)[0], ANNEXE_8.recency[0]),
        Limit("RFM-R-STRICT12", lambda one, today: one.last == thresholds(today)[1], ANNEXE_8.recency[2]),
    ),
    "F": (Limit("RFM-F-4", lambda one, _today: one.purchases == ANNEXE_8.purchases[1], ANNEXE_8.frequency[2]),),
    "M": (
        Limit("RFM-M-100", lambda one, _today: one.basket * 100 == ANNEXE_8.cents[1], ANNEXE_8.monetary[2]),
        Limit("RFM-M-25", lambda one, _today: one.basket * 100 == ANNEXE_8.cents[0], ANNEXE_8.monetary[0]),
    ),
}


# --- diagnosis --------------------------------------------------------------------------------------------------


def diagnose(role: str, cases: Mapping[str, Case], reference: dt.date) -> dict[str, str]:
    """The code that explains each wrong note of the column ``role``, by customer; unexplained notes are left out."""
    wrong = {name: case for name, case in cases.items() if case.wrong}
    if not wrong:
        return {}
    codes = dict.fromkeys(annexe_7_rows(role, cases, reference), "RFM-GRILLE7")
    if _is_text(role, cases):
        return codes | dict.fromkeys(wrong, TEXT)
    for code, rows in _methods(role, cases, reference):
        codes |= dict.fromkeys((name for name in rows if name not in codes), code)
    for name, case in wrong.items():
        if name not in codes:
            for limit in LIMITS[role]:
                if case.given == limit.points and limit.holds(case.customer, reference):
                    codes[name] = limit.code
    return codes


def annexe_7_rows(role: str, cases: Mapping[str, Case], reference: dt.date) -> list[str]:
    """The wrong notes of a column that comes from annexe 7 as a whole: four notes in five are its own, and one at least
    is none of annexe 8."""
    grid = {"R": (ANNEXE_7.recency, ANNEXE_8.recency), "F": (ANNEXE_7.frequency, ANNEXE_8.frequency)}
    theirs, ours = grid.get(role, (ANNEXE_7.monetary, ANNEXE_8.monetary))
    answered = {name: case for name, case in cases.items() if case.given is not None}
    agreeing = {name for name, case in answered.items() if case.given in annexe_7_notes(role, case.customer, reference)}
    proven = any(answered[name].given in set(theirs) - set(ours) for name in agreeing)
    if not proven or len(answered) < CONSTANT or len(agreeing) < AGREEMENT * len(answered):
        return []
    return [name for name in agreeing if cases[name].wrong]


def _is_text(role: str, cases: Mapping[str, Case]) -> bool:
    """A whole column at the highest note: in a spreadsheet, text (« 112.50 », « 2026-09-12 ») is above any number."""
    highest = max(ANNEXE_8.recency if role == "R" else ANNEXE_8.frequency)
    given = [case.given for case in cases.values() if case.given is not None]
    return len(given) >= CONSTANT and set(given) == {Decimal(highest)}


def _methods(role: str, cases: Mapping[str, Case], reference: dt.date) -> Iterator[tuple[str, list[str]]]:
    """The methods that the column agrees with, the one that explains most first, each with what it explains."""
    answered = {name: case for name, case in cases.items() if case.given is not None}
    if len(answered) >= CONSTANT and len({case.given for case in answered.values()}) == 1:
        return
    found = []
    for method in METHODS[role]:
        notes = {name: method.predict(case.customer, reference) for name, case in answered.items()}
        agreeing = {name for name, case in answered.items() if case.given in notes[name]}
        differing = {name for name, case in answered.items() if case.wanted not in notes[name]}
        explained = [name for name, case in answered.items() if case.wrong and name in agreeing]
        if (
            len(explained) >= method.least
            and len(agreeing) >= AGREEMENT * len(answered)
            and len(agreeing & differing) >= AGREEMENT * len(differing)
        ):
            found.append((method.code, len(differing), explained))
    for code, _differing, explained in sorted(found, key=lambda item: (-len(item[2]), item[1])):
        yield code, explained
