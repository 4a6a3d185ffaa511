"""Several copies of one activity: which one counts, why, and dates that cannot be true."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.marking import ClassResult
from crc_lab.excel import build_template
from tests.sample_copies import A4, A6, archive, codes, copy, key_answers, loaded, mark, moodle

KEY = key_answers(A6)["A6-Q1"]
ONE = {"A4-Q3": key_answers(A4)["A4-Q3"]}
HALF = {"A6-Q1": {"colonnes": KEY["colonnes"], "lignes": KEY["lignes"][:5]}}
MONDAY, TUESDAY = "2026-11-16T10:00:00+01:00", "2026-11-17T10:00:00+01:00"
ABSURD = ["2040-01-01T10:00:00+01:00", "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00+00:00", "1970-01-01T00:00:00Z"]


def ines(**copies: bytes) -> dict[str, bytes]:
    """Several copies in one folder of Moodle."""
    return {moodle("Inès Garnier", 1, f"{name}.ipynb"): content for name, content in copies.items()}


def classmates(number: int = 4) -> dict[str, bytes]:
    names = ("Paul Benali", "Zoé Roux", "Léo Caron", "Anna Zola")[:number]
    return {moodle(name, at): copy(name=name, identifier="", date=MONDAY) for at, name in enumerate(names, start=2)}


def outcome(folder: Path, files: dict[str, bytes]) -> tuple[str, float, dict[str, str]]:
    """The copy of Inès that counts, its mark, and what is told of it."""
    result = mark(folder, {"c.zip": archive(files)})
    (one,) = [one for one in result.copies if one.person.name == "Inès Garnier"]
    return one.file.rsplit("/", 1)[-1], one.points, {incident.code: incident.text for incident in one.incidents}


def several(result: ClassResult) -> str:
    (text,) = [one.text for copy in result.copies for one in copy.incidents if one.code == "COPIES-MULTIPLES"]
    return text


def test_the_latest_answer_wins_with_its_date(tmp_path: Path):
    file, points, told = outcome(tmp_path, ines(a=copy(date=MONDAY), b=copy(A6, HALF, date=TUESDAY)))
    assert (file, points < 20) == ("b.ipynb", True)
    assert told["COPIES-MULTIPLES"].startswith(
        "2 copies de cette activité : la plus récente (17/11/2026 à 10:00) est notée. De côté : « "
    )


@pytest.mark.parametrize(
    ("first", "second", "kept", "why"),
    [
        (copy(date=""), copy(A6, HALF, date=MONDAY), "b", "la seule qui ait une date (16/11/2026 à 10:00) est notée"),
        (
            copy(A4, ONE, date=""),
            copy(A4, date="hier"),
            "b",
            "aucune date ne les départage, la plus complète est notée",
        ),
        (
            copy(A6, HALF, date=MONDAY),
            copy(date="2026-11-16T09:00:00Z"),
            "b",
            "aucune date ne les départage, la meilleure des plus complètes est notée",
        ),
        (copy(date=""), copy(date="", sujet="x"), "a", "rien ne les départage, la première est notée"),
    ],
    ids=["undated", "fuller", "same moment", "equal"],
)
def test_a_tie_is_broken_and_told(tmp_path: Path, first: bytes, second: bytes, kept: str, why: str):
    file, _, told = outcome(tmp_path, ines(a=first, b=second))
    assert file == f"{kept}.ipynb"
    assert f" : {why}. De côté : " in told["COPIES-MULTIPLES"]


def test_the_same_copy_handed_in_twice_is_one_copy(tmp_path: Path):
    files = {"Devoir.zip": archive(ines(a=copy(), b=copy())), "Devoir (1).zip": archive(ines(a=copy()))}
    assert codes(mark(tmp_path, files)) == []


def test_an_excel_copy_has_no_date(tmp_path: Path):
    question = loaded(A6).activity.question("A6-Q1")
    assert question is not None
    book = build_template(question, KEY, ("Inès Garnier", "igarnier"))
    files = {
        "1.zip": archive(ines(a=copy(A6, HALF))),
        "2.zip": archive({moodle("Inès Garnier", 9, "A6-Q1.xlsx"): book}),
    }
    result = mark(tmp_path, files)
    assert result.copies[0].file.endswith("a.ipynb")
    assert "la seule qui ait une date" in several(result)


@pytest.mark.parametrize("date", ABSURD)
def test_an_impossible_date_decides_nothing_and_is_told(tmp_path: Path, date: str):
    files = ines(a=copy(A6, HALF, date=date), b=copy(date=MONDAY)) | classmates()
    file, points, told = outcome(tmp_path, files)
    assert (file, points) == ("b.ipynb", 20)
    assert told["DATE-DOUTEUSE"].startswith("Dates impossibles (horloge mal réglée ?)")
    assert "a.ipynb » (" in told["DATE-DOUTEUSE"]


def test_many_copies_of_one_student_do_not_move_the_dates_of_the_class(tmp_path: Path):
    forged = {f"x{n}": copy(A6, HALF | {f"x{n}": 1}, date="2040-01-01T10:00:00+01:00") for n in range(30)}
    file, points, told = outcome(tmp_path, ines(z=copy(date=TUESDAY), **forged) | classmates())
    assert (file, points, "DATE-DOUTEUSE" in told) == ("z.ipynb", 20, True)


def test_too_few_people_tell_nothing_about_dates(tmp_path: Path):
    files = ines(a=copy(A6, HALF, date="2031-01-01T10:00:00+01:00"), b=copy(date=MONDAY)) | classmates(1)
    file, _, told = outcome(tmp_path, files)
    assert (file, "DATE-DOUTEUSE" in told) == ("a.ipynb", False)
    assert "la plus récente (01/01/2031 à 10:00)" in told["COPIES-MULTIPLES"]


def test_nobody_answers_ten_years_later_even_in_a_class_of_one(tmp_path: Path):
    file, points, told = outcome(tmp_path, ines(a=copy(A6, HALF, date=ABSURD[0]), b=copy(date=MONDAY)))
    assert (file, points, "DATE-DOUTEUSE" in told) == ("b.ipynb", 20, True)


def test_a_single_copy_with_an_impossible_date_is_marked_without_a_word(tmp_path: Path):
    _, points, told = outcome(tmp_path, ines(a=copy(date=ABSURD[0])) | classmates())
    assert (points, told) == (20, {})


def test_a_copy_of_another_term_is_possible(tmp_path: Path):
    file, _, told = outcome(
        tmp_path, ines(a=copy(date=MONDAY), b=copy(A6, HALF, date="2027-06-10T10:00:00+02:00")) | classmates()
    )
    assert (file, "DATE-DOUTEUSE" in told) == ("b.ipynb", False)


def test_checkpoints_and_copies_for_handing_in_confuse_nothing(tmp_path: Path):
    files = ines(**{
        "06_scorer": copy(A6, {}, date=""), "06_scorer-a-rendre": copy(date=TUESDAY),
        ".ipynb_checkpoints/06_scorer-checkpoint": copy(A6, HALF, date="2026-11-18T10:00:00+01:00"),
    })  # fmt: skip
    file, points, _ = outcome(tmp_path, files)
    assert (file, points) == ("06_scorer-a-rendre.ipynb", 20)
