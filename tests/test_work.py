"""How copies were answered, and what is worth a talk: told of what chance hardly explains, never of honest copies."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder import demo as demo
from autograder.intake.keys import Bank
from autograder.marking import ClassResult, Trace, durations
from autograder.marking.batch import ALIKE, HURRIED, hurried, mark_class
from autograder.reports.figures import minutes_text, working
from tests.sample_copies import A3, A4, A6, key_answers, mark, mistakes, notebook, sheet

START = dt.datetime(2026, 11, 20, 9, 0, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))
NAMES = ("Inès Garnier", "Paul Benali", "Zoé Petit", "Ali Hoarau", "Aya Diallo", "Bob Nguyen", "Léa Caron", "Noé Roux")


def dated(
    name: str, activity: str, seconds: Iterable[float], answers: Mapping[str, Any] | None = None, **of_all: Any
) -> bytes:
    """A copy of that person, each answer given that many seconds after the start."""
    meta = sheet(activity, answers, name=name, identifier="")
    for answer, second in zip(meta["reponses"].values(), seconds, strict=False):
        moment = START + dt.timedelta(seconds=second)
        answer |= {"date": moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds"), **of_all}
    return notebook(meta)


def told(result: ClassResult, code: str) -> list[str]:
    return [copy.person.name for copy in result.copies for one in copy.incidents if one.code == code]


def class_of(folder: Path, *copies: bytes) -> ClassResult:
    return mark(folder, {f"{number}/x.ipynb": content for number, content in enumerate(copies)})


# --- a copy answered in a few seconds ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [(0, 3, 6, 10), (0, 0, 0, 1), (0, 4.5, 9, 14.25)])
def test_a_copy_answered_in_a_few_seconds_is_to_be_talked_about(tmp_path: Path, seconds: tuple[float, ...]):
    result = class_of(tmp_path, dated("Inès Garnier", A4, seconds))
    (said,) = [one.text for one in result.copies[0].incidents if one.code == HURRIED]
    assert said.startswith("Les 4 réponses ont été données en ")
    assert said.endswith("à vérifier avec l’élève.")
    assert result.copies[0].mark == 20, "nothing of it changes a mark"


@pytest.mark.parametrize(
    ("seconds", "more"),
    [
        ((0, 40, 95, 130), {}),
        ((0, 7, 14, 21), {}),  # quick, not impossible
        ((0, 0, 0, 0), {}),  # a tool wrote one date everywhere
        ((0, 3, 6, 10), {"source": "code"}),  # « Tout exécuter » dates every answer of a cell at once
        ((0, 3, 6, 10), {"source": "excel"}),
    ],
)
def test_nothing_is_said_of_an_ordinary_copy(tmp_path: Path, seconds: tuple[float, ...], more: dict[str, Any]):
    assert told(class_of(tmp_path, dated("Inès Garnier", A4, seconds, **more)), HURRIED) == []


def test_two_answers_given_quickly_say_nothing():
    quick = {name: Trace("carte", 1, 0, START + dt.timedelta(seconds=at), "p") for name, at in (("a", 0), ("b", 2))}
    assert hurried(quick) is None
    assert hurried(quick | {"c": Trace("carte", 1, 0, START, "")}) is None, "a blank answer is none"
    assert hurried(quick | {"c": Trace("carte", 1, 0, None, "p")}) is None, "nor is one without a date"
    assert hurried(quick | {"c": Trace("carte", 1, 0, START + dt.timedelta(seconds=4), "p")}) is not None


# --- two copies with the same answers at the same seconds -------------------------------------------------------------


@pytest.mark.parametrize(
    ("activity", "seconds"),
    [(A4, (12, 340, 701, 1300)), (A3, (75, 930)), (A6, (611.25,)), (A4, (0, 360, 660, 1380))],
)
def test_the_same_answers_at_the_same_instants_are_to_be_talked_about_with_both(
    tmp_path: Path, activity: str, seconds: tuple[float, ...]
):
    others = [dated(name, activity, [50 + 61 * k + at for at in seconds]) for k, name in enumerate(NAMES[2:])]
    copies = [dated(name, activity, seconds) for name in NAMES[:2]]
    result = class_of(tmp_path, *copies, *others)
    assert sorted(told(result, ALIKE)) == sorted(NAMES[:2])
    texts = [one.text for copy in result.copies for one in copy.incidents if one.code == ALIKE]
    assert "Paul Benali" in texts[1] or "Paul Benali" in texts[0]
    assert all(text.endswith("à vérifier avec eux.") for text in texts)


def test_a_copy_changed_in_one_place_is_still_recognised(tmp_path: Path):
    changed = {**key_answers(A4), "A4-Q3": {"taux": "9", "conforme": "oui"}}
    result = class_of(
        tmp_path, dated(NAMES[0], A4, (5, 222, 507, 981)), dated(NAMES[1], A4, (5, 222, 800, 981), changed)
    )
    assert sorted(told(result, ALIKE)) == sorted(NAMES[:2])
    (text, _) = [
        one.text.replace("\u00a0", " ") for copy in result.copies for one in copy.incidents if one.code == ALIKE
    ]
    assert text.startswith("3 réponses identiques, données au même instant")


def test_the_same_wrong_answer_at_the_same_second_counts_more_than_the_right_one(tmp_path: Path):
    wrong = {mistakes(A6)[0].question: mistakes(A6)[0].answer}
    same = class_of(tmp_path / "1", *(dated(name, A6, [37], wrong) for name in NAMES[:2]))
    right = class_of(tmp_path / "2", *(dated(name, A6, [37]) for name in NAMES[:2]))
    assert (len(told(same, ALIKE)), told(right, ALIKE)) == (2, [])


@pytest.mark.parametrize(
    ("of_first", "of_second"),
    [
        ((0, 360, 660, 1380), (60, 360, 720, 1440)),  # one minute in common
        ((12, 340, 701, 1300), (12, 341, 705, 1390)),  # one second in common
        ((12.5, 340, 701, 1300), (12.25, 341, 705, 1390)),
    ],
)
def test_two_that_work_side_by_side_are_not_told(tmp_path: Path, of_first: Any, of_second: Any):
    result = class_of(tmp_path, dated(NAMES[0], A4, of_first), dated(NAMES[1], A4, of_second))
    assert told(result, ALIKE) == []


def test_dates_that_a_class_shares_say_nothing(tmp_path: Path):
    result = class_of(tmp_path, *(dated(name, A4, (5, 222, 507, 981)) for name in NAMES))
    assert told(result, ALIKE) == []


def test_one_student_is_not_compared_with_oneself(tmp_path: Path):
    result = class_of(tmp_path, *(dated("Inès Garnier", A4, (5, 222, 507, 981)) for _ in range(2)))
    assert len(result.copies) == 1
    assert told(result, ALIKE) == []


# --- honest classes ---------------------------------------------------------------------------------------------------


def test_nothing_is_told_of_the_classes_of_the_demo(tmp_path: Path):
    for seed in (1, 2, 3):
        folder = tmp_path / f"{seed}"
        folder.mkdir()
        for name, content in demo.make_class(seed, 35):
            (folder / name).write_bytes(content)
        result = mark_class([folder], Bank())
        assert (told(result, HURRIED), told(result, ALIKE)) == ([], [])


def test_nothing_is_told_of_a_class_that_works_the_same_hour_and_is_right(tmp_path: Path):
    """Thirty-five students start together and give the right answers: only their paces differ."""
    chance = random.Random(8)
    for activity in (A3, A4, A6):
        copies = []
        for number in range(35):
            moment, moments = chance.uniform(0, 240), []
            for _ in key_answers(activity):
                moment += chance.uniform(45, 600)
                moments.append(int(moment))
            copies.append(dated(f"Élève{number} Nom{number}", activity, moments))
        result = class_of(tmp_path / activity, *copies)
        assert (told(result, HURRIED), told(result, ALIKE)) == ([], [])


# --- what the reports show --------------------------------------------------------------------------------------------


def test_the_time_of_an_answer_is_counted_from_the_one_before_it_and_a_pause_is_none():
    at = {"a": 0, "b": 240, "c": 240 + 3 * 3600, "d": 600 + 3 * 3600}
    traces = {name: Trace("carte", 1, 0, START + dt.timedelta(seconds=second), "p") for name, second in at.items()}
    assert durations(traces) == {"b": dt.timedelta(minutes=4), "d": dt.timedelta(minutes=6)}


def test_tries_hints_source_and_time_are_told_by_question(tmp_path: Path):
    result = class_of(tmp_path, dated("Inès Garnier", A3, (0, 390), essais=3, indices=1, source="excel"))
    done = working(result.activities[0], result.copies[0])
    assert [one.text.replace("\u00a0", " ") if one else None for one in done.answers] == [
        "3 essais, 1 indice, Excel", "3 essais, 1 indice, 6 min, Excel",
    ]  # fmt: skip
    assert (done.tries, done.hints, done.minutes) == (6, 2, 6)
    assert [minutes_text(number).replace("\u00a0", " ") for number in (0, 59, 65)] == [
        "moins d’une minute", "59 min", "1 h 05",
    ]  # fmt: skip
