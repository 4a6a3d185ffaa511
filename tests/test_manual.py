"""Open answers wait for a person; a mark given by hand takes the place of « à relire », and of nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.batch import mark_class
from autograder.keys import Bank
from autograder.manual import MANUAL, ManualMark
from autograder.marking import ClassResult
from crc_lab.model import Verdict
from crc_lab.resources import OTHER_WORKBOOK
from tests.sample_copies import copy

WORKBOOK = Path(__file__).resolve().parent / "cases" / "workbook"
ACTIVITY, OPEN = "09_essai", "A9-Q2"


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Bank:
    monkeypatch.setenv(OTHER_WORKBOOK, str(WORKBOOK))
    return Bank()


def marked(folder: Path, bank: Bank, manual: dict[tuple[str, str, str], ManualMark] | None = None) -> ClassResult:
    path = folder / "copie.ipynb"
    path.write_bytes(copy(ACTIVITY, {"A9-Q1": "42", OPEN: "La base vieillit."}))
    return mark_class([path], bank, manual=manual)


def test_an_open_answer_waits_for_its_reader(tmp_path: Path, bank: Bank):
    (one,) = marked(tmp_path, bank).copies
    assert (one.points, one.max_points, one.pending) == (8.0, 20.0, (OPEN,))
    assert one.answers == {OPEN: "La base vieillit."}
    assert [question.verdict for question in one.questions] == [Verdict.JUSTE, Verdict.A_RELIRE]


@pytest.mark.parametrize(
    ("points", "verdict"), [(12.0, Verdict.JUSTE), (4.5, Verdict.PARTIEL), (0.0, Verdict.FAUX), (99.0, Verdict.JUSTE)]
)
def test_a_mark_given_by_hand_counts(tmp_path: Path, bank: Bank, points: float, verdict: Verdict):
    mark = ManualMark(points, "Bien vu.")
    (one,) = marked(tmp_path, bank, {("igarnier", ACTIVITY, OPEN): mark}).copies
    expected = min(points, 12.0)
    assert (one.points, one.pending) == (8.0 + expected, ())
    (question,) = [question for question in one.questions if question.id == OPEN]
    assert (question.verdict, question.points) == (verdict, expected)
    assert sum(criterion.points for criterion in question.criteria) == pytest.approx(expected)
    assert [(message.code, message.text) for message in question.messages] == [(MANUAL, "Bien vu.")]


def test_a_mark_of_somebody_else_changes_nothing(tmp_path: Path, bank: Bank):
    (one,) = marked(tmp_path, bank, {("autre", ACTIVITY, OPEN): ManualMark(12.0)}).copies
    assert (one.points, one.pending) == (8.0, (OPEN,))
