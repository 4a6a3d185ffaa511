"""Marks given by hand in several places: the latest thing that the teacher did wins, whatever place it was done in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.marking import ClassResult
from autograder.marking.manual import Decided, Kept, ManualMark, Place, decide
from tests.sample_results import A9, OPEN, essay, handed_in, listed, result_of, use_workbook

INES, PAUL, ZOE = ((who, A9, OPEN) for who in ("igarnier", "pbenali", "zpetit"))
Marks = Mapping[tuple[str, str, str], ManualMark]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return handed_in(
        tmp_path,
        {
            "Inès Garnier": (11, essay("Inès Garnier", "igarnier")),
            "Paul Benali": (12, essay("Paul Benali", "pbenali")),
        },
    )


@pytest.fixture
def result(archive: Path, monkeypatch: pytest.MonkeyPatch) -> ClassResult:
    return result_of(use_workbook(monkeypatch), archive)


def points(decided: Decided) -> dict[str, float]:
    return {student: mark.points for (student, _, _), mark in decided.marks.items()}


def formgrader(now: Marks, before: Marks | None = None) -> Place:
    return Place("nbgrader", now, before or {}, takes_back=True)


def sheet(now: Marks, before: Marks | None = None, typed: Marks | None = None) -> Place:
    return Place("feuille", now, before or {}, candidates=frozenset(now if typed is None else typed))


FOUR, SIX, EIGHT = ManualMark(4.0), ManualMark(6.0, "Bien."), ManualMark(8.0)


def test_a_mark_counts_until_another_is_given(result: ClassResult):
    first = decide({}, [sheet({INES: FOUR})], result)
    assert (points(first), first.news) == ({"igarnier": 4.0}, 1)
    second = decide(first.kept, [], result)
    assert (points(second), second.news) == ({"igarnier": 4.0}, 0)


def test_the_place_that_has_changed_since_wins(result: ClassResult):
    kept = decide({}, [formgrader({INES: FOUR}), sheet({INES: FOUR})], result).kept
    by_formgrader = decide(kept, [formgrader({INES: SIX}, {INES: FOUR}), sheet({INES: FOUR}, {INES: FOUR})], result)
    assert points(by_formgrader) == {"igarnier": 6.0}
    by_sheet = decide(kept, [formgrader({INES: FOUR}, {INES: FOUR}), sheet({INES: EIGHT}, {INES: FOUR})], result)
    assert points(by_sheet) == {"igarnier": 8.0}


def test_of_two_news_the_sheet_wins_over_the_formgrader(result: ClassResult):
    assert points(decide({}, [formgrader({INES: FOUR}), sheet({INES: SIX})], result)) == {"igarnier": 6.0}


def test_what_crc_lab_wrote_itself_in_a_sheet_is_no_news(result: ClassResult):
    kept = {INES: Kept(EIGHT)}
    assert points(decide(kept, [sheet({INES: FOUR}, typed={})], result)) == {"igarnier": 8.0}


def test_a_comment_alone_is_news(result: ClassResult):
    decided = decide({INES: Kept(ManualMark(6.0))}, [sheet({INES: SIX}, {INES: ManualMark(6.0)})], result)
    assert (decided.marks[INES], decided.news) == (SIX, 1)


def test_a_mark_taken_back_in_the_formgrader_is_erased(result: ClassResult):
    kept = {INES: Kept(FOUR), PAUL: Kept(SIX)}
    decided = decide(kept, [formgrader({PAUL: SIX}, {INES: FOUR, PAUL: SIX})], result)
    assert (points(decided), decided.taken_back) == ({"pbenali": 6.0}, (INES,))


def test_a_gradebook_made_anew_erases_nothing(result: ClassResult):
    kept = {INES: Kept(FOUR), PAUL: Kept(SIX)}
    decided = decide(kept, [formgrader({}, {INES: FOUR, PAUL: SIX})], result)
    assert (points(decided), decided.taken_back) == ({"igarnier": 4.0, "pbenali": 6.0}, ())


def test_a_sheet_without_the_mark_erases_nothing(result: ClassResult):
    kept = {INES: Kept(FOUR)}
    assert points(decide(kept, [sheet({PAUL: SIX}, {INES: FOUR})], result)) == {"igarnier": 4.0, "pbenali": 6.0}


def test_a_mark_changed_elsewhere_is_not_erased_with_the_old_one(result: ClassResult):
    kept = {INES: Kept(EIGHT), PAUL: Kept(SIX)}
    decided = decide(kept, [formgrader({PAUL: SIX}, {INES: FOUR, PAUL: SIX})], result)
    assert points(decided) == {"igarnier": 8.0, "pbenali": 6.0}


def test_a_mark_without_a_copy_is_kept_and_told(result: ClassResult):
    decided = decide({ZOE: Kept(FOUR)}, [], result)
    assert (points(decided), decided.orphans) == ({"zpetit": 4.0}, (ZOE,))


def test_a_mark_follows_its_copy_to_another_identifier(
    result: ClassResult, archive: Path, monkeypatch: pytest.MonkeyPatch
):
    kept = decide({}, [sheet({INES: FOUR})], result).kept
    roster = listed(("Inès", "Garnier"))
    renamed = replace(roster, students=(replace(roster.students[0], identifier="e001"),))
    other = result_of(use_workbook(monkeypatch), archive, roster=renamed)
    decided = decide(kept, [], other)
    assert (points(decided), decided.orphans) == ({"e001": 4.0}, ())
    assert points(decide({**kept, ("e001", A9, OPEN): Kept(SIX)}, [], other)) == {"e001": 6.0}


def test_an_answer_that_changed_since_its_mark_is_told(
    result: ClassResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    kept = decide({}, [sheet({INES: FOUR, PAUL: SIX})], result).kept
    newer = {
        "Inès Garnier": (11, essay("Inès Garnier", "igarnier", answer="Autre chose.")),
        "Paul Benali": (12, essay("Paul Benali", "pbenali", number="41")),
    }
    other = result_of(use_workbook(monkeypatch), handed_in(tmp_path, newer, "autre.zip"))
    decided = decide(kept, [], other)
    assert (points(decided), decided.changed) == ({"igarnier": 4.0, "pbenali": 6.0}, (INES,))
    assert decide(decided.kept, [sheet({INES: SIX})], other).changed == ()
