"""charger(): fixed column types, friendly names, French errors."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crc_lab.core.errors import CrcError, UnknownName
from crc_lab.notebook import tables
from crc_lab.notebook.tables import charger
from tests.dataset_files import DATASETS, rows

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


def test_the_qualified_base_computes_at_once() -> None:
    base, key = charger("base_qualifiee"), rows("corriges/rfm.csv")
    recent = base["date_dernier_achat"] > pd.Timestamp("2026-08-01")
    assert recent.sum() == sum(row["R"] == "10" for row in key)
    assert base["date_dernier_achat"].isna().sum() == base["panier_moyen"].isna().sum() == 4
    points = np.where(base["panier_moyen"] > 100, 20, np.where(base["panier_moyen"] >= 25, 10, 0))
    assert points.sum() == sum(int(row["M"] or 0) for row in key)
    assert base["nb_achats_12m"].isna().sum() == 0


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
    code = "import sys, crc_lab; print('pandas' in sys.modules); crc_lab.charger; print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
