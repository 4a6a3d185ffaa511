"""Open answers wait for a person; a mark given by hand takes the place of « à relire », and of nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.intake.keys import Bank
from autograder.marking import ClassResult
from autograder.marking.batch import mark_class
from autograder.marking.manual import MANUAL, ManualMark, given_mark
from crc_lab.core.model import CriterionResult, Verdict
from crc_lab.core.resources import OTHER_WORKBOOK
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


MIXED = "A5-Q2"
SEGMENT = {
    "a": ["Les hommes", "Leur prénom"],
    "b": "Ce sont des soins pour homme.",
    "c": {"criteres": [["type_contact", "=", "PARTICULIER"], ["sexe", "=", "H"]], "fiches": ["3", "5", "39"]},
}


def mixed(folder: Path, points: float) -> dict[str, CriterionResult]:
    """The criteria of a question of which a person marks one part only, once it has been given ``points`` in all."""
    path = folder / "copie.ipynb"
    path.write_bytes(copy("05_segmenter", {MIXED: SEGMENT}))
    mark = ManualMark(points, "À étoffer.")
    (one,) = mark_class([path], Bank(), manual={("igarnier", "05_segmenter", MIXED): mark}).copies
    (question,) = [question for question in one.questions if question.id == MIXED]
    assert question.points == pytest.approx(points)
    found = given_mark(question)
    assert found is not None
    assert (found.points, found.comment) == (pytest.approx(points), mark.comment)
    assert sum(criterion.points for criterion in question.criteria) == pytest.approx(points, abs=0.01)
    return {criterion.id: criterion for criterion in question.criteria}


def test_the_parts_that_the_program_marked_keep_their_points_and_their_messages(tmp_path: Path):
    selection = 6 * (1 - 18 / 19)  # nineteen men expected: seventeen forgotten, one too many
    criteria = mixed(tmp_path, 2 + 1.5 + selection)
    points = {name: criterion.points for name, criterion in criteria.items()}
    assert points == pytest.approx({"criteres": 2, "justification": 1.5, "selection": selection})
    assert {message.code for message in criteria["criteres"].messages} == {"A5-E6"}
    assert "A5-E2" in {message.code for message in criteria["selection"].messages}
    assert [message.code for message in criteria["justification"].messages] == [MANUAL]


@pytest.mark.parametrize(("points", "justification"), [(2 + 0.32 + 4, 4), (2 + 0.31, 0)])
def test_the_rounding_of_what_the_teacher_was_told_is_forgiven(tmp_path: Path, points: float, justification: float):
    criteria = mixed(tmp_path, points)
    assert (criteria["criteres"].points, criteria["justification"].points) == (2, pytest.approx(justification))


@pytest.mark.parametrize("points", [1.0, 12.0])
def test_a_mark_that_the_parts_cannot_explain_replaces_them_all(tmp_path: Path, points: float):
    criteria = mixed(tmp_path, points)
    assert {round(criterion.points / criterion.max_points, 6) for criterion in criteria.values()} == {
        round(points / 14, 6)
    }
    assert [message.code for criterion in criteria.values() for message in criterion.messages] == [MANUAL]


def test_a_mark_of_somebody_else_changes_nothing(tmp_path: Path, bank: Bank):
    (one,) = marked(tmp_path, bank, {("autre", ACTIVITY, OPEN): ManualMark(12.0)}).copies
    assert (one.points, one.pending) == (8.0, (OPEN,))
