"""A pandas table becomes a plain one, cell by cell as a person would type it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crc_lab.core.errors import CrcError
from crc_lab.core.model import Table
from crc_lab.core.rooms import parse
from crc_lab.notebook.tables import charger, to_plain


def column(values: Any, dtype: Any = None) -> list[str]:
    """The texts of one column."""
    return [line[0] for line in to_plain(pd.DataFrame({"x": pd.Series(values, dtype=dtype)}))["lignes"]]


@pytest.mark.parametrize(
    ("values", "dtype", "texts"),
    [
        ([1, 2], "int64", ["1", "2"]),
        ([1, None], "Int64", ["1", ""]),
        ([1.0, np.nan, 4.75, 100.01, -0.0], "float64", ["1", "", "4.75", "100.01", "0"]),
        ([0.1, 1e-7, 1e16, 0.1 + 0.2], "float64", ["0.1", "0.0000001", "10000000000000000", "0.30000000000000004"]),
        ([0.1, 2.5], "float32", ["0.1", "2.5"]),
        ([1.5, None], "Float64", ["1.5", ""]),
        ([np.inf, -np.inf], "float64", ["inf", "-inf"]),
        ([True, False], "bool", ["VRAI", "FAUX"]),
        ([True, None], "boolean", ["VRAI", ""]),
        (["a", None, "", "01000", " é "], "str", ["a", "", "", "01000", " é "]),
        (["a", None], "string", ["a", ""]),
        (["OUI", None, "NON"], "category", ["OUI", "", "NON"]),
        (["2026-09-12", None], "datetime64[ns]", ["2026-09-12", ""]),
        (["2026-09-12 10:30:00"], "datetime64[us]", ["2026-09-12 10:30:00"]),
        (["2026-09-12"], "datetime64[us, Europe/Paris]", ["2026-09-12 00:00:00+02:00"]),
        ([dt.date(2026, 9, 12), dt.datetime(2026, 9, 12), pd.NaT, np.nan, None, pd.NA], object,
         ["2026-09-12", "2026-09-12", "", "", "", ""]),
        ([Decimal("1.50"), Decimal("1E+2"), Decimal("NaN"), 3, "x", np.int8(4)], object,
         ["1.50", "100", "", "3", "x", "4"]),
        ([np.datetime64("2026-09-12"), "", np.datetime64("NaT")], object, ["2026-09-12", "", ""]),
        ([pd.Period("2026-09", "M")], object, ["2026-09"]),
        ([dt.time(10, 30)], object, ["10:30:00"]),
    ],
)  # fmt: skip
def test_cells_are_written_as_a_person_types_them(values: Any, dtype: Any, texts: list[str]) -> None:
    assert column(values, dtype) == texts


def test_the_qualified_base_comes_out_as_its_file() -> None:
    plain = to_plain(charger("base_qualifiee"))
    line = dict(zip(plain["colonnes"], plain["lignes"][0], strict=True))
    assert (line["id_contact"], line["date_dernier_achat"], line["nb_achats_12m"]) == ("1", "2026-09-12", "6")
    assert (line["panier_moyen"], line["age"], line["effectif"]) == ("112.5", "41", "")


def test_an_index_named_like_the_key_becomes_a_column() -> None:
    frame = pd.DataFrame({"R": [10]}, index=pd.Index([1.0], name="id_contact"))
    assert to_plain(frame, "id_contact") == {"colonnes": ["id_contact", "R"], "lignes": [["1", "10"]]}
    named = frame.rename_axis("Id contact")
    assert to_plain(named, "id_contact")["colonnes"] == ["Id contact", "R"]


def test_the_named_index_of_a_table_without_its_key_becomes_a_column() -> None:
    frame = pd.DataFrame({"R": [10]}, index=pd.Index(["1"], name="N°"))
    assert to_plain(frame, "id_contact")["colonnes"] == ["N°", "R"]
    levels = pd.MultiIndex.from_tuples([("1", "a")], names=["id_contact", "segment"])
    assert to_plain(pd.DataFrame({"R": [10]}, index=levels), "id_contact")["lignes"] == [["1", "a", "10"]]


def test_an_index_is_left_out_when_it_says_nothing_new() -> None:
    plain = pd.DataFrame({"id_contact": ["1"], "R": [10]})
    assert to_plain(plain, "id_contact")["colonnes"] == ["id_contact", "R"]
    assert to_plain(plain.set_index("id_contact", drop=False), "id_contact")["colonnes"] == ["id_contact", "R"]
    assert to_plain(plain.rename_axis("ordre"), "id_contact")["colonnes"] == ["id_contact", "R"]
    filtered = charger("base_qualifiee").query("sexe == 'H'")[["id_contact"]]
    assert to_plain(filtered, "id_contact")["colonnes"] == ["id_contact"]


def test_a_named_series_is_a_table_of_one_column() -> None:
    series = pd.Series([10], index=pd.Index(["1"], name="id_contact"), name="R")
    assert to_plain(series, "id_contact") == {"colonnes": ["id_contact", "R"], "lignes": [["1", "10"]]}


def test_column_names_become_text() -> None:
    assert to_plain(pd.DataFrame([[1, 2]]))["colonnes"] == ["0", "1"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (pd.DataFrame({"x": [[1, 2]]}), "Ligne 1, colonne «\u00a0x\u00a0».*une liste"),
        (pd.DataFrame({"x": ["a", {"b": 1}]}), "Ligne 2.*un dictionnaire"),
        (pd.DataFrame({"x": [object()]}), "Ligne 1.*un objet"),
        (pd.DataFrame([[1, 2]], columns=["x", "x"]), "figure deux fois"),
        (pd.DataFrame([[1, 2]], columns=[1, "1"]), "figure deux fois"),
        (pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")])), "plusieurs niveaux"),
        (pd.DataFrame({"x": range(6000)}), "trop grand"),
        (pd.DataFrame([range(300)]), "trop grand"),
    ],
)  # fmt: skip
def test_what_is_not_a_plain_table_is_explained_in_french(value: Any, words: str) -> None:
    with pytest.raises(CrcError, match=words):
        to_plain(value)


names = st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=5, unique=True)


@given(st.data())
def test_any_plain_table_comes_back_unchanged(data: st.DataObject) -> None:
    columns = data.draw(names)
    lines = data.draw(st.lists(st.lists(st.text(max_size=8), min_size=len(columns), max_size=len(columns)), max_size=5))
    value = {"colonnes": columns, "lignes": lines}
    assert to_plain(pd.DataFrame(lines, columns=columns, dtype="str")) == value


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=6))
def test_every_number_is_written_exactly(values: list[float]) -> None:
    for text, value in zip(column(values, "float64"), values, strict=True):
        assert float(text) == value
        assert "e" not in text.lower()
        assert not text.endswith(".0")


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=6))
def test_every_whole_number_is_written_exactly(values: list[int]) -> None:
    assert column(values, "Int64") == [str(value) for value in values]


@given(st.lists(st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31)), min_size=1, max_size=6))
def test_every_day_is_written_the_iso_way(values: list[dt.date]) -> None:
    assert column(pd.to_datetime(values)) == [value.isoformat() for value in values]


def test_what_comes_out_is_what_the_answers_read() -> None:
    plain = to_plain(charger("base_qualifiee")[["id_contact", "panier_moyen", "nb_achats_12m"]])
    table = parse("tableau", plain)
    assert isinstance(table, Table)
    assert table.by_key("id_contact")["54"] == {"id_contact": "54", "panier_moyen": "100.5", "nb_achats_12m": "1"}
