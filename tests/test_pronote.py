"""Columns of marks in the order of the class list: one line per student, none out of place."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.intake.keys import Bank
from autograder.marking.manual import ManualMark
from autograder.marking.marked import ClassResult
from autograder.reports.pronote import NoClassList, pronote_bytes, pronote_text
from tests.sample_copies import A4, A6, BANK, copy, key_answers
from tests.sample_results import A9, OPEN, essay, handed_in, listed, result_of, use_workbook

CLASS = listed(("Zoé", "Petit"), ("Jean", "Absent"), ("Inès", "Garnier"), ("Paul", "Benali"))


@pytest.fixture
def a_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ClassResult:
    bank: Bank = use_workbook(monkeypatch)
    handed = handed_in(
        tmp_path,
        {
            "Inès Garnier": (1, essay("Inès Garnier", "ig")),
            "Paul Benali": (2, essay("Paul Benali", "pb")),
            "Zoé Petit": (3, essay("Zoé Petit", "zp", answer=None)),
            "Marc Ailleurs": (4, essay("Marc Ailleurs", "ma", answer=None)),
        },
    )
    return result_of(bank, handed, roster=CLASS, manual={("igarnier", A9, OPEN): ManualMark(4.5)})


def columns(text: str) -> dict[str, list[str]]:
    """The lines between two rules, by title."""
    lines = text.splitlines()
    rules = [number for number, line in enumerate(lines) if line.startswith("-----")]
    return {lines[start - 1]: lines[start + 1 : end] for start, end in zip(rules[::2], rules[1::2], strict=True)}


def test_there_is_one_line_per_student_of_the_list_in_its_order(a_class: ClassResult):
    ((title, lines),) = columns(pronote_text(a_class)).items()
    assert title.replace("\u00a0", " ") == "Activité 9 : Une activité d’essai (sur 20)"
    assert lines == ["8", "Abs", "12,5", ""]


def test_what_a_column_cannot_say_is_said_apart(a_class: ClassResult):
    text = pronote_text(a_class).replace("\u00a0", " ")
    assert "1 élève sans aucune copie : Jean Absent." in text
    assert "1 élève avec une note provisoire : Paul Benali." in text
    assert "1 élève hors de la liste, donc sans ligne ici (leurs notes sont dans notes.xlsx) : Marc Ailleurs." in text
    assert "Premier élève : Zoé Petit. Dernier élève : Paul Benali." in text
    assert "n’a pas été essayé dans Pronote" in text


def test_several_activities_have_a_column_each_and_their_mean(tmp_path: Path):
    half = {"A4-Q1": key_answers(A4)["A4-Q1"]}
    (tmp_path / "a.ipynb").write_bytes(copy(A4, half, name="Zoé Petit", identifier="zpetit"))
    (tmp_path / "b.ipynb").write_bytes(copy(A6, name="Zoé Petit", identifier="zpetit"))
    (tmp_path / "c.ipynb").write_bytes(copy(A6, {}, name="Inès Garnier", identifier="igarnier"))
    result = result_of(BANK, tmp_path, roster=CLASS)
    found = columns(pronote_text(result))
    assert len(found) == 3
    four, six, mean = found.values()
    assert [line == "Abs" for line in four] == [False, True, True, True]
    assert six == ["20", "Abs", "0", "Abs"]
    assert mean[2] == "0"
    average = (float(four[0].replace(",", ".")) + 20) / 2
    assert float(mean[0].replace(",", ".")) == pytest.approx(average, abs=0.1)


def test_without_a_class_list_it_says_what_to_give(tmp_path: Path):
    (tmp_path / "a.ipynb").write_bytes(copy(A6))
    with pytest.raises(NoClassList, match="--classe"):
        pronote_text(result_of(BANK, tmp_path / "a.ipynb"))


def test_the_file_opens_in_windows_notepad(a_class: ClassResult):
    content = pronote_bytes(a_class)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n")
    assert content.decode("utf-8-sig").replace("\r\n", "\n") == pronote_text(a_class)
