"""Which wrong method a column of R, F or M notes comes from (contenu, rfm.md §4 and §10).

A method is named only when the whole column agrees with it *and* it explains wrong notes: at least four notes in five
over the column, and over the rows where the method and the grid differ. What a method does not explain is looked up
among the limits of the grid, then left to a general remark. A row is never told twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from crc_lab.marielle import rfm
from crc_lab.marielle.rfm import ANNEXE_7, ANNEXE_8

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
    notes = {rfm.monetary(customer.basket * customer.purchases)}
    return notes if customer.purchases >= 1 else notes | {rfm.monetary(customer.basket)}


def annexe_7_notes(role: str, customer: Facts, reference: dt.date) -> Set[int]:
    """What annexe 7 gives this customer, the frequency taken per year as it stands or per month."""
    if role == "R":
        return {rfm.recency(customer.last, reference, ANNEXE_7)}
    if role == "M":
        return {rfm.monetary(customer.basket, ANNEXE_7)}
    rates = (customer.purchases, customer.purchases / 12)
    return {rfm.frequency(rate, ANNEXE_7) for rate in rates}


METHODS: Mapping[str, tuple[Method, ...]] = {
    "R": (
        Method("RFM-R-INVERSE", lambda one, today: {_REVERSED[rfm.recency(one.last, today)]}, 3),
        Method("RFM-R-30J", _by_days(Fraction(30)), 2),
        Method("RFM-R-MOISCIVIL", _by_months(_month_numbers), 2),
        Method("RFM-R-DATEDIF", _by_months(rfm.whole_months), 1),
        Method("RFM-R-APPROX", _by_days(Fraction("30.44")), 1),
        Method("RFM-R-APPROX", _by_days(Fraction(365, 12)), 1),
        Method("RFM-R-APPROX", _by_days(Fraction("365.25") / 12), 1),
    ),
    "F": (Method("RFM-F-MOIS", lambda one, _today: {rfm.frequency(one.purchases / 12)}, 3),),
    "M": (Method("RFM-M-TOTAL", _total_spent, 3),),
}


OF_A_METHOD = frozenset({"RFM-GRILLE7", *(method.code for methods in METHODS.values() for method in methods)})
"""The causes that a whole column shows: the student worked, with another grid or another way to count."""


# --- limits read on the wrong side --------------------------------------------------------------------------------


LIMITS: Mapping[str, tuple[Limit, ...]] = {
    "R": (
        Limit("RFM-R-STRICT3", lambda one, today: one.last == rfm.thresholds(today)[0], ANNEXE_8.recency[0]),
        Limit("RFM-R-STRICT12", lambda one, today: one.last == rfm.thresholds(today)[1], ANNEXE_8.recency[2]),
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
