"""The answer sheet: contract of ``metadata.crc_lab``, damage, versions, sidecar."""

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crc_lab.core.errors import NewerSheet, SheetProblem
from crc_lab.core.sheet import (
    VERSION,
    Answer,
    AnswerSheet,
    Student,
    read_notebook,
    read_sidecar,
    sheet_of_notebook,
    write_sidecar,
)

CONTRACT = {
    "version": 1,
    "activite": "06_scorer",
    "edition": "entrainement",
    "variante": None,
    "eleve": {"nom": "Inès Garnier", "identifiant": "igarnier"},
    "reponses": {
        "A6-Q1": {
            "valeur": {"colonnes": ["id_contact", "R"], "lignes": [["1", "10"]]},
            "source": "excel",
            "essais": 2,
            "indices": 1,
            "date": "2026-11-22T10:04:00+01:00",
        }
    },
}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_the_sheet_of_the_contract_survives_a_round_trip():
    assert AnswerSheet.from_metadata(CONTRACT).to_metadata() == CONTRACT


def test_unknown_keys_are_kept_in_the_sheet_and_in_an_answer():
    meta = json.loads(json.dumps(CONTRACT))
    meta["mode"] = "eleve"
    meta["reponses"]["A6-Q1"]["duree"] = 12
    assert AnswerSheet.from_metadata(meta).to_metadata() == meta


@given(json_values)
def test_whatever_the_metadata_holds_it_is_read_or_refused_in_french(meta):
    refusal = None
    try:
        assert AnswerSheet.from_metadata(meta).activity is not None
    except SheetProblem as problem:
        refusal = problem
    assert refusal is None or (str(refusal).endswith(".") and refusal.code.startswith("FEUILLE-"))


@given(st.dictionaries(st.sampled_from(list(CONTRACT)), json_values))
def test_a_sheet_damaged_in_any_field_is_read_or_refused(damage):
    try:
        sheet = AnswerSheet.from_metadata({**CONTRACT, **damage})
    except SheetProblem:
        return
    assert AnswerSheet.from_metadata(sheet.to_metadata()).answers == sheet.answers


def test_a_notebook_without_sheet_is_told_apart_from_a_damaged_one():
    with pytest.raises(SheetProblem) as absent:
        sheet_of_notebook({"metadata": {}})
    assert absent.value.code == "FEUILLE-ABSENTE"
    with pytest.raises(SheetProblem) as damaged:
        sheet_of_notebook({"metadata": {"crc_lab": "oups"}})
    assert damaged.value.code == "FEUILLE-ILLISIBLE"


def test_a_sheet_of_a_newer_version_is_refused_with_what_to_do():
    with pytest.raises(NewerSheet, match="Mettez crc-lab à jour") as caught:
        AnswerSheet.from_metadata({**CONTRACT, "version": VERSION + 1})
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)


def test_one_damaged_answer_does_not_cost_the_others():
    meta = {**CONTRACT, "reponses": {"A3-Q1": "abîmée", **CONTRACT["reponses"]}}
    assert list(AnswerSheet.from_metadata(meta).answers) == ["A6-Q1"]


def test_absurd_counts_are_read_as_zero():
    answer = Answer.from_json({"valeur": "b", "essais": -3, "indices": True})
    assert (answer.tries, answer.hints) == (0, 0)


def test_of_two_answers_to_one_question_the_later_is_kept():
    old = AnswerSheet("x", answers={"Q": Answer("a", date="2026-11-01T10:00:00+01:00")})
    new = AnswerSheet("x", student=Student("Zoé"), answers={"Q": Answer("b", date="2026-11-02T10:00:00+01:00")})
    assert old.merged_with(new).answers["Q"].value == "b"
    assert new.merged_with(old).answers["Q"].value == "b"
    assert old.merged_with(new).student == Student("Zoé")


def test_the_sidecar_is_read_back_and_leaves_no_temporary_file(tmp_path):
    sheet = AnswerSheet.from_metadata(CONTRACT)
    path = tmp_path / "06_scorer.reponses.json"
    write_sidecar(path, sheet)
    write_sidecar(path, sheet)
    assert read_sidecar(path) == sheet
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[1]", b'"texte"'])
def test_a_file_that_is_not_a_notebook_is_refused_by_name(tmp_path, content):
    path = tmp_path / "copie.ipynb"
    path.write_bytes(content)
    with pytest.raises(SheetProblem, match=r"copie\.ipynb"):
        read_notebook(path)


def test_a_notebook_saved_with_a_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "copie.ipynb"
    path.write_text(json.dumps({"metadata": {"crc_lab": CONTRACT}}), encoding="utf-8-sig")
    assert sheet_of_notebook(read_notebook(path)).student == Student("Inès Garnier", "igarnier")
