"""Filters on a table: the cases shared with the page, then rules that hold for any filter."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crc_lab.core.filters import OPERATORS, Rule, rules_of, select
from crc_lab.core.model import Table

CASES = json.loads((Path(__file__).parent / "cases" / "filtres.json").read_text("utf-8"))
TABLE = Table(tuple(CASES["colonnes"]), tuple(tuple(row) for row in CASES["lignes"]))
EVERY = [row[0] for row in CASES["lignes"]]


def found(rules):
    return select(rules_of(rules), TABLE, CASES["types"], CASES["cle"])


@pytest.mark.parametrize("case", CASES["cas"], ids=lambda case: case["nom"])
def test_a_shared_case_gives_its_records(case):
    selection = found(case["criteres"])
    assert list(selection.records) == case["fiches"]
    assert [[one.position, one.reason] for one in selection.unreadable] == case.get("illisibles", [])


def test_every_reason_and_every_operator_has_a_case():
    used = {rule[1] for case in CASES["cas"] for rule in case["criteres"]}
    assert {operator for operators in OPERATORS.values() for operator in operators} <= used
    reasons = {reason for case in CASES["cas"] for _, reason in case.get("illisibles", [])}
    assert reasons == {"COLONNE", "OPERATEUR", "VALEUR", "NOMBRE", "DATE", "BORNES"}


def test_the_applied_rules_bear_the_true_name_of_their_column():
    selection = found([["Ville", "==", "Paris"], ["age", "≥", "x"]])
    assert selection.rules == (Rule("ville", "=", "Paris"),)
    assert selection.uses("ville")
    assert not selection.uses("age")


amounts = st.sampled_from(["25", "41,0", "50", "112,5", "1e3", "2025-11-01", "31/10/2025", "", "Paris", "44", "é"])
rules = st.lists(
    st.tuples(
        st.sampled_from([*CASES["colonnes"], "taille"]),
        st.sampled_from(OPERATORS["texte"] + OPERATORS["date"]),
        amounts,
    ),
    max_size=4,
)


@given(rules)
def test_one_more_filter_never_adds_a_record(some):
    assert set(found(some).records) <= set(found(some[:-1]).records)


@given(rules)
def test_the_order_of_the_filters_does_not_matter(some):
    assert found(some).records == found(some[::-1]).records


@given(st.sampled_from(["=", "≠"]), amounts, st.sampled_from(CASES["colonnes"]))
def test_equal_and_different_share_out_the_file(operator, value, column):
    other = {"=": "≠", "≠": "="}[operator]
    one, two = found([[column, operator, value]]), found([[column, other, value]])
    if not one.unreadable:
        assert sorted([*one.records, *two.records]) == EVERY


@given(st.text(max_size=8), st.text(max_size=4), st.text(max_size=30))
def test_any_text_is_a_filter_or_a_reason(column, operator, value):
    selection = found([[column, operator, value]])
    assert len(selection.unreadable) <= 1
