"""RFM scoring: every limit, every combination, every date of the specification, and what cannot be scored."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import example, given
from hypothesis import strategies as st

from crc_lab.marielle import rfm
from crc_lab.marielle.rfm import (
    ANNEXE_7,
    ANNEXE_8,
    GOOD,
    INACTIVE,
    NOT_SCORABLE,
    PROSPECT,
    REFERENCE,
    VERY_GOOD,
    WARM,
    Customer,
    State,
    frequency,
    monetary,
    months_before,
    rate,
    read_customer,
    recency,
    segment,
    state,
    thresholds,
    whole_months,
)

DATASETS = Path(__file__).resolve().parent.parent / "datasets"
DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def rows(name: str) -> list[dict[str, str]]:
    with (DATASETS / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=";"))


# --- the grids, §2.1 and §3 -------------------------------------------------------------------------------------

PURCHASES = {
    ANNEXE_8: "0:0 0.99:0 1:10 3:10 4:10 4.01:20 4.5:20 5:20",
    ANNEXE_7: "0:0 0.5:0 1:2 2:2 3:5",
}
EUROS = {
    ANNEXE_8: "0:0 24.99:0 25.00:10 99.99:10 100.00:10 100.01:20",
    ANNEXE_7: "19.99:0 20:2 50:2 50.01:5 75:5",
}


@pytest.mark.parametrize("grid", [ANNEXE_7, ANNEXE_8], ids=["annexe 7", "annexe 8"])
def test_both_limits_of_frequency_and_of_the_basket_are_in_the_middle_band(grid: rfm.Grid) -> None:
    for purchases, points in (one.split(":") for one in PURCHASES[grid].split()):
        for exact in (Decimal(purchases), Fraction(purchases)):
            assert frequency(exact, grid) == int(points), purchases
    for euros, points in (one.split(":") for one in EUROS[grid].split()):
        for amount in (Decimal(euros), Fraction(euros), int(Decimal(euros) * 100)):
            assert monetary(amount, grid) == int(points), euros


@pytest.mark.parametrize(
    ("date", "points"), [("2026-08-04", 5), ("2026-08-01", 2), ("2026-05-01", 2), ("2026-04-30", 0)]
)
def test_recency_of_annexe_7_changes_at_3_and_6_months(date: str, points: int) -> None:
    assert recency(day(date), REFERENCE, ANNEXE_7) == points


def test_an_amount_is_never_rounded_before_it_is_compared() -> None:
    assert monetary(Decimal("24.999")) == 0
    assert monetary(Decimal("100.0000001")) == 20
    assert monetary(Fraction(30001, 300)) == 20


def test_an_amount_in_binary_is_refused() -> None:
    with pytest.raises(TypeError):
        monetary(100.01)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("total", "expected"),
    [(0, INACTIVE), (5, WARM), (20, WARM), (24, WARM), (25, GOOD), (40, GOOD), (41, VERY_GOOD), (45, VERY_GOOD)],
)
def test_the_limits_of_the_segments(total: int, expected: str) -> None:
    assert segment(total) == expected


def test_a_negative_score_has_no_segment() -> None:
    with pytest.raises(ValueError, match="no segment"):
        segment(-5)


def test_the_scores_that_each_grid_can_give() -> None:
    assert sorted(ANNEXE_7.scores) == [0, 2, 4, 5, 6, 7, 9, 10, 12, 15]
    assert sorted(ANNEXE_8.scores) == list(range(0, 51, 5))


def test_annexe_7_makes_no_segments() -> None:
    assert rate(Customer(day("2026-10-01"), 3, Decimal("76")), REFERENCE, ANNEXE_7).total == 15
    with pytest.raises(ValueError, match="no segment"):
        segment(15, ANNEXE_7)


# --- the 27 combinations, §7 ------------------------------------------------------------------------------------

VERY_GOOD_SCORES, WARM_SCORES = {45, 50}, {5, 10, 15, 20}


@pytest.mark.parametrize(("r", "f", "m"), list(product((10, 5, 0), (20, 10, 0), (20, 10, 0))))
def test_each_combination_has_its_score_and_segment(r: int, f: int, m: int) -> None:
    total = r + f + m
    expected = (
        VERY_GOOD if total in VERY_GOOD_SCORES else INACTIVE if total == 0 else WARM if total in WARM_SCORES else GOOD
    )
    assert segment(total) == expected


def test_the_27_combinations_make_2_13_11_and_1() -> None:
    combinations = list(product((10, 5, 0), (20, 10, 0), (20, 10, 0)))
    found = [segment(sum(notes)) for notes in combinations]
    assert [found.count(name) for name in rfm.SEGMENTS] == [2, 13, 11, 1]
    possible = [notes for notes in combinations if (notes[0] > 0) == (notes[1] > 0)]
    found = [segment(sum(notes)) for notes in possible]
    assert [found.count(name) for name in rfm.SEGMENTS] == [2, 8, 4, 1]


def test_the_15_possible_combinations_are_all_in_the_qualified_file() -> None:
    found = {
        (score.r, score.f, score.m)
        for record in rows("base_qualifiee.csv")
        if (score := rate(read_customer(record))).state is State.SCORABLE
    }
    assert len(found) == 15


# --- dates, §4.1 ------------------------------------------------------------------------------------------------

LIMIT_DATES = (Path(__file__).parent / "cases" / "rfm_dates.txt").read_text(encoding="utf-8").splitlines()[1:]
"""Reference, last purchase, the two thresholds, days, whole months, months shown, points."""


@pytest.mark.parametrize("line", LIMIT_DATES)
def test_the_table_of_limit_dates(line: str) -> None:
    reference, date, near, far, days, complete, _shown, points = line.split()
    assert thresholds(day(reference)) == (day(near), day(far))
    assert (day(reference) - day(date)).days == int(days)
    assert whole_months(day(date), day(reference)) == int(complete)
    assert recency(day(date), day(reference)) == int(points)


def test_a_purchase_after_the_reference_date_has_no_recency() -> None:
    assert whole_months(day("2026-11-02"), REFERENCE) == -1
    with pytest.raises(ValueError, match="after the reference"):
        recency(day("2026-11-02"))


@given(reference=DAYS, months=st.integers(0, 240))
@example(reference=day("2024-02-29"), months=12)
@example(reference=day("2026-05-31"), months=3)
@example(reference=day("2026-01-31"), months=1)
def test_going_back_agrees_with_dateutil_and_pandas(reference: dt.date, months: int) -> None:
    found = months_before(reference, months)
    assert found == reference - relativedelta(months=months)
    assert found == (pd.Timestamp(reference) - pd.DateOffset(months=months)).date()


@given(reference=DAYS, gap=st.integers(0, 1500))
def test_recency_is_decided_by_the_two_dates_alone(reference: dt.date, gap: int) -> None:
    date = reference - dt.timedelta(days=gap)
    near, far = reference - relativedelta(months=3), reference - relativedelta(months=12)
    assert recency(date, reference) == (10 if date > near else 0 if date < far else 5)


@given(cents=st.integers(0, 10**9))
def test_cents_and_euros_are_the_same_amount(cents: int) -> None:
    assert monetary(cents) == monetary(Decimal(cents) / 100) == monetary(Fraction(cents, 100))


# --- missing values, §5 -----------------------------------------------------------------------------------------


def record(date: str = "", purchases: str = "", basket: str = "") -> dict[str, str]:
    return {"date_dernier_achat": date, "nb_achats_12m": purchases, "panier_moyen": basket}


@pytest.mark.parametrize(
    ("given_record", "expected"),
    [
        (record("2026-09-12", "6", "112.50"), State.SCORABLE),
        (record("2024-12-24", "0", "140.00"), State.SCORABLE),
        (record("2025-11-01", "1", "99,90 €"), State.SCORABLE),
        (record("2026-11-01", "1", "42"), State.SCORABLE),
        (record(), State.PROSPECT),
        (record(purchases="0"), State.PROSPECT),
        (record("2026-09-12", "", ""), State.MISSING),
        (record("", "2", "40"), State.MISSING),
        (record("2026-09-12", "2", ""), State.MISSING),
        (record("sept. 2025", "1", "env. 30"), State.MISSING),
        (record("2026-06-01", "?", "110.00"), State.MISSING),
        (record("", "?", ""), State.MISSING),
        (record("", "0", "30"), State.MISSING),
        (record("2027-01-10", "3", "58.00"), State.FUTURE),
        (record("2026-11-02", "1", "58.00"), State.FUTURE),
        (record("2026-01-15", "0", "45.00"), State.INCOHERENT),
        (record("2025-10-31", "1", "45.00"), State.INCOHERENT),
        (record("2026-10-01", "2", "-5"), State.INVALID),
        (record("2026-10-01", "2", "0"), State.INVALID),
        (record("2026-10-01", "-2", "10"), State.INVALID),
        (record("2024-10-01", "0", "-1"), State.INVALID),
        (record("2024-10-01", "0", "0"), State.SCORABLE),
    ],
)
def test_what_can_be_scored_and_what_cannot(given_record: dict[str, str], expected: State) -> None:
    customer = read_customer(given_record)
    assert state(customer) is expected
    score = rate(customer)
    assert score.state is expected
    if expected is State.SCORABLE:
        assert score.total == sum(note for note in (score.r, score.f, score.m) if note is not None)
    else:
        assert (score.r, score.f, score.m, score.total) == (None, None, None, None)
        assert score.segment == (PROSPECT if expected is State.PROSPECT else NOT_SCORABLE)


def test_an_aberrant_basket_is_scored_as_it_stands() -> None:
    """Record 59 before its correction (11 800 instead of 118.00): 20 points either way."""
    assert rate(read_customer(record("2026-10-02", "2", "11800.00"))).m == 20
    assert rate(read_customer(record("2026-10-02", "2", "118.00"))).m == 20


@pytest.mark.parametrize("name", ["rfm", "rfm_avant_qualification"])
def test_the_whole_file_gets_the_scores_of_the_key(name: str) -> None:
    key = {row["id_contact"]: row for row in rows(f"corriges/{name}.csv")}
    source = rows("base_qualifiee.csv" if name == "rfm" else f"corriges/{name}.csv")
    assert len(source) == len(key)
    for line in source:
        wanted, score = key[line["id_contact"]], rate(read_customer(line))
        found = [score.r, score.f, score.m, score.total]
        assert ["" if note is None else str(note) for note in found] == [wanted[c] for c in ("R", "F", "M", "score")]
        assert score.segment == wanted["segment"]
