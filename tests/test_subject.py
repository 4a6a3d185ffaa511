"""Copies against the subject that was prepared: what is refused, what is told, whose rules apply."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from autograder.intake.keys import PREPARATION, Preparation, PreparationProblem, read_preparation
from autograder.marking import ClassResult
from crc_lab.excel import build_template
from tests.sample_copies import A4, A6, codes, copy, key_answers, loaded, mark

SUBJECT = Preparation("1bts-2026", (A6,))
VARIANT = Preparation("1bts-2026-b", (A6,), variant="b")


def marked(folder: Path, preparation: Preparation | None, activity: str = A6, **meta: object) -> ClassResult:
    return mark(folder, {"a.ipynb": copy(activity, **meta)}, preparation=preparation)  # type: ignore[arg-type]


OURS = {"edition": "evaluation", "sujet": "1bts-2026"}
CASES = {
    "the subject itself": (SUBJECT, A6, OURS, [], 20),
    "another subject": (SUBJECT, A6, OURS | {"sujet": "1bts-2025"}, ["AUTRE-SUJET"], None),
    "another subject, said to be training": (SUBJECT, A6, {"sujet": "1bts-2025"}, ["AUTRE-SUJET"], None),
    "a strange subject": (SUBJECT, A6, OURS | {"sujet": {"a": ["\u202e" * 500]}}, ["AUTRE-SUJET"], None),
    "another variant": (SUBJECT, A6, OURS | {"variante": "b"}, ["AUTRE-VARIANTE"], None),
    "no variant for a subject that has one": (VARIANT, A6, {"edition": "evaluation"}, ["AUTRE-VARIANTE"], None),
    "the right variant": (VARIANT, A6, {"edition": "evaluation", "sujet": "1bts-2026-b", "variante": "b"}, [], 20),
    "a variant without preparation": (None, A6, {"variante": "b"}, ["AUTRE-VARIANTE"], None),
    "an empty variant without preparation": (None, A6, {"variante": ""}, ["AUTRE-VARIANTE"], None),
    "another activity": (SUBJECT, A4, OURS, ["AUTRE-ACTIVITE"], None),
    "another activity of the training workbook": (SUBJECT, A4, {}, ["AUTRE-ACTIVITE"], None),
    "an activity that does not exist": (SUBJECT, "99_rien", OURS, ["AUTRE-ACTIVITE"], None),
    "the training workbook": (SUBJECT, A6, {}, ["EDITION-ENTRAINEMENT"], 20),
    "no subject any more": (SUBJECT, A6, {"edition": "evaluation"}, ["SUJET-ABSENT"], 20),
    "the edition changed by hand": (SUBJECT, A6, {"sujet": "1bts-2026"}, ["EDITION-MODIFIEE"], 20),
    "a subject without preparation": (None, A6, OURS, [], 20),
    "the training workbook without preparation": (None, A6, {}, [], 20),
}


@pytest.mark.parametrize("case", CASES)
def test_a_copy_answers_the_subject_or_not(tmp_path: Path, case: str):
    preparation, activity, meta, expected, points = CASES[case]
    other = {"answers": {"X-Q1": "oui"}} if activity == "99_rien" else {}
    result = marked(tmp_path, preparation, activity, **other, **dict(meta))
    assert codes(result) == expected
    assert [one.points for one in result.copies] == ([] if points is None else [points])
    for rejection in result.rejections:
        assert "orrigez cette copie" in rejection.text
        assert len(rejection.text) < 450
        assert not re.search(r"« | [:»]", rejection.text), "a no-break space is missing"


def test_hints_cost_what_the_subject_says_not_what_the_sheet_says(tmp_path: Path):
    def points(preparation: Preparation | None, **meta: object) -> float:
        raw = json.loads(copy(A6))
        sheet = raw["metadata"]["crc_lab"] | meta
        sheet["reponses"]["A6-Q1"]["indices"] = 2
        raw["metadata"]["crc_lab"] = sheet
        content = json.dumps(raw).encode()
        (one,) = mark(tmp_path, {"a.ipynb": content}, preparation=preparation).copies
        return one.points

    assert points(SUBJECT, **OURS) == points(SUBJECT, sujet="1bts-2026") == points(SUBJECT) == pytest.approx(18)
    assert points(None, **OURS) == points(None, **OURS | {"edition": "gratuite"}) == pytest.approx(18)
    assert points(None) == 20


def test_a_spreadsheet_is_checked_for_its_activity_only(tmp_path: Path):
    for activity, question_id, preparation, expected in (
        (A6, "A6-Q1", VARIANT, ["EXCEL-SEUL"]),
        (A4, "A4-Q1", SUBJECT, ["AUTRE-ACTIVITE"]),
    ):
        question = loaded(activity).activity.question(question_id)
        assert question is not None
        content = build_template(question, key_answers(activity)[question_id], ("Inès Garnier", "igarnier"))
        folder = tmp_path / activity
        assert codes(mark(folder, {"x.xlsx": content}, preparation=preparation)) == expected


# --- preparation.json -------------------------------------------------------------------------------------------------


def test_a_preparation_is_read_back_the_same(tmp_path: Path):
    for one in (SUBJECT, VARIANT):
        (tmp_path / PREPARATION).write_text(json.dumps(one.to_json()), encoding="utf-8")
        assert read_preparation(tmp_path) == one


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "ce dossier n’a pas été préparé"),
        ("{", "illisible"),
        ("[]", "illisible"),
        ('{"version": 1}', "illisible"),
        ('{"version": 1, "sujet": "x", "variante": null, "activites": 3, "edition": "evaluation"}', "illisible"),
        ('{"version": "1"}', "illisible"),
        ('{"version": 2, "sujet": "x"}', "plus récente de crc-lab"),
    ],
)
def test_a_folder_that_was_not_prepared_is_refused_with_a_remedy(tmp_path: Path, content: str | None, said: str):
    folder = tmp_path / "dossier"
    folder.mkdir()
    if content is not None:
        (folder / PREPARATION).write_text(content, encoding="utf-8")
    with pytest.raises(PreparationProblem, match="« dossier »") as caught:
        read_preparation(folder)
    assert said in str(caught.value)
