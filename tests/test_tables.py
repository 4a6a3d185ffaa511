"""charger(): fixed column types, friendly names, French errors; a pandas table becomes a plain one, cell by cell."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crc_lab.core.errors import CrcError, UnknownName
from crc_lab.core.model import Table
from crc_lab.core.rooms import parse
from crc_lab.notebook import tables
from crc_lab.notebook.commands import charger
from crc_lab.notebook.tables import to_plain
from tests.dataset_files import DATASETS

PACKAGE = json.loads((DATASETS / "datapackage.json").read_text("utf-8"))
NAMES = [r["name"] for r in PACKAGE["resources"] if r["format"] == "csv" and "/" not in r["path"]]
TEXT = str(pd.Series([""], dtype="str").dtype)


@pytest.fixture
def workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copied workbook, opened from the folder of one of its notebooks."""
    shutil.copytree(DATASETS, tmp_path / "datasets")
    (tmp_path / "06_scorer").mkdir()
    monkeypatch.chdir(tmp_path / "06_scorer")
    return tmp_path / "datasets"


@pytest.mark.parametrize("name", NAMES)
def test_every_file_loads_with_the_types_of_its_schema(name: str) -> None:
    resource = next(item for item in PACKAGE["resources"] if item["name"] == name)
    expected = {"string": TEXT, "integer": "Int64", "number": "float64", "date": "datetime64[us]"}
    frame = charger(name)
    assert {column: str(kind) for column, kind in frame.dtypes.items()} == {
        field["name"]: expected[field["type"]] for field in resource["schema"]["fields"]
    }
    assert isinstance(frame.index, pd.RangeIndex)


def test_identifiers_telephones_and_postal_codes_keep_their_zeros() -> None:
    base = charger("base_qualifiee")
    assert base.loc[base["id_contact"] == "4", "siret"].item() == "00001234400016"
    assert base["telephone"].str.startswith("+33").all()
    assert (charger("codes_postaux")["code_postal"].str.len() == 5).all()
    assert charger("codes_postaux")["code_postal"].iloc[0] == "01000"


def test_an_empty_text_is_an_empty_text_and_never_missing() -> None:
    for name in NAMES:
        frame = charger(name).select_dtypes(include="str")
        assert not frame.isna().any().any(), name
    assert (charger("base_restructuree")["email"] == "").sum() == 3


def test_the_files_that_still_hold_defects_are_text_throughout() -> None:
    for name in ("contacts_bruts", "contacts_bruts_extrait", "base_restructuree"):
        assert set(map(str, charger(name).dtypes)) == {TEXT}
    assert charger("base_restructuree").loc[7, "date_dernier_achat"] == "sept. 2025"


def test_every_file_joins_with_every_other() -> None:
    joined = charger("base_qualifiee").merge(charger("base_restructuree"), on="id_contact", suffixes=("", "_avant"))
    assert len(joined) == 53
    assert len(charger("contacts").merge(joined, left_on="N°", right_on="id_contact")) == 53


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("base_qualifiee", "base_qualifiee"), ("base_qualifiee.csv", "base_qualifiee"),
        ("Base qualifiée", "base_qualifiee"), ("  BASE  QUALIFIÉE ", "base_qualifiee"),
        ("datasets/base_qualifiee.csv", "base_qualifiee"), ("..\\datasets\\base_qualifiee.CSV", "base_qualifiee"),
        ("base-qualifiee", "base_qualifiee"), ("contacts", "contacts_bruts"),
        ("marielle_nature_contacts.xlsx", "contacts_bruts"), ("Contacts bruts, extrait", "contacts_bruts_extrait"),
        ("bloctel", "bloctel_retour_2026-07-01"), ("codes postaux", "codes_postaux"), ("Sirene", "sirene_mini"),
        ("retours", "retours_qualification"), ("référentiel postal", "referentiel_postal"),
    ],
)  # fmt: skip
def test_a_file_answers_to_its_usual_names(said: str, name: str) -> None:
    pd.testing.assert_frame_equal(charger(said), charger(name))


def test_no_two_files_answer_to_the_same_name() -> None:
    names = [name for resource in tables._resources(DATASETS) for name in resource["names"]]
    assert len(names) == len(set(names))


def test_an_unknown_name_gets_the_nearest_one_and_the_list() -> None:
    with pytest.raises(UnknownName) as caught:
        charger("base_qualifie")
    text = str(caught.value)
    assert "Vouliez-vous dire" in text
    assert "base_qualifiee" in text
    assert "codes_postaux" in text


@pytest.mark.parametrize("name", ["corriges/rfm.csv", "rfm", "", "datapackage.json", "../datasets/corriges/doublons"])
def test_the_keys_are_not_among_the_data(name: str) -> None:
    with pytest.raises(UnknownName):
        charger(name)


def test_without_a_name_the_list_of_the_files_is_given() -> None:
    listed = charger()
    assert list(listed.columns) == ["nom", "titre", "lignes", "colonnes", "description"]
    assert list(listed["nom"]) == NAMES
    assert listed.set_index("nom").loc["base_qualifiee", ["lignes", "colonnes"]].tolist() == [53, 34]


def test_each_call_gives_a_new_table() -> None:
    first = charger("referentiel_postal")
    first["ville"] = "AILLEURS"
    assert (charger("referentiel_postal")["ville"] != "AILLEURS").all()


def test_the_data_beside_the_notebook_win_over_those_of_the_package(workbook: Path) -> None:
    text = (workbook / "referentiel_postal.csv").read_text("utf-8")
    (workbook / "referentiel_postal.csv").write_text(text + "00000;AILLEURS\n", encoding="utf-8", newline="\n")
    assert len(charger("referentiel_postal")) == 26


def test_a_file_taken_out_of_the_folder_is_no_longer_proposed(workbook: Path) -> None:
    (workbook / "base_restructuree.csv").unlink()
    shutil.rmtree(workbook / "corriges")
    assert "base_restructuree" not in set(charger()["nom"])
    with pytest.raises(UnknownName):
        charger("base_restructuree")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [("2026-09-12", "12/09/2026", "bon type"), ("112.50", "112,50", "bon type"), ("panier_moyen", "panier", "n’a plus"),
     (";VALIDE\n", "\n", "ligne 2")],
)  # fmt: skip
def test_a_spoilt_file_is_explained(workbook: Path, before: str, after: str, words: str) -> None:
    path = workbook / "base_qualifiee.csv"
    path.write_text(path.read_text("utf-8").replace(before, after, 1), encoding="utf-8", newline="\n")
    with pytest.raises(CrcError, match=words) as caught:
        charger("base_qualifiee")
    assert "base_qualifiee.csv" in str(caught.value)


def test_a_spoilt_description_is_explained(workbook: Path) -> None:
    (workbook / "datapackage.json").write_text("{", encoding="utf-8")
    with pytest.raises(CrcError, match="illisible"):
        charger()


def test_the_facade_loads_pandas_only_when_data_are_asked_for() -> None:
    code = "import sys, crc_lab as c; print('pandas' in sys.modules); c.charger(); print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_without_pandas_charger_says_what_to_do_in_one_sentence_and_simple_answers_still_pass() -> None:
    code = """
import sys
sys.modules["pandas"] = sys.modules["numpy"] = None
from IPython.core.interactiveshell import InteractiveShell
from crc_lab.notebook.commands import plain
print(plain({"taux": 12.5, "liste": [1, True]}))
InteractiveShell().run_cell("from crc_lab import charger, verifier; charger('visiteurs').head()")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, said = done.stdout.splitlines()
    assert first == "{'taux': '12,5', 'liste': ['1', 'VRAI']}"
    assert said.startswith("charger(…) a besoin de pandas, qui n’est pas dans cette version du cahier.")


def test_the_cards_of_an_activity_load_neither_pandas_nor_openpyxl_nor_matplotlib() -> None:
    code = """
import sys
from crc_lab import debut, explorer_rfm, figure, question
debut("06_scorer"); question("A6-Q1"); figure("06-dates")
print({"pandas", "numpy", "openpyxl", "matplotlib"} & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "set()"


# --- answers given by code ------------------------------------------------------------------------------------------


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


def test_what_comes_out_is_what_the_answers_read() -> None:
    plain = to_plain(charger("base_qualifiee")[["id_contact", "panier_moyen", "nb_achats_12m"]])
    table = parse("tableau", plain)
    assert isinstance(table, Table)
    assert table.by_key("id_contact")["54"] == {"id_contact": "54", "panier_moyen": "100.5", "nb_achats_12m": "1"}
