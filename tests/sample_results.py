"""Classes for the tests of what leaves crc-lab: an open question (the tests' own workbook), a class list, odd names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder.identity import Listed, Roster
from autograder.intake.keys import Bank
from autograder.marking import ClassResult
from autograder.marking.batch import mark_class
from autograder.marking.manual import ManualMark
from crc_lab.core.resources import OTHER_WORKBOOK
from tests.sample_copies import archive, copy, moodle

WORKBOOK = Path(__file__).resolve().parent / "cases" / "workbook"
A9, NUMBER, OPEN = "09_essai", "A9-Q1", "A9-Q2"
ANSWER = "La base vieillit."


def use_workbook(monkeypatch: pytest.MonkeyPatch) -> Bank:
    """The tests' own workbook (an activity with an open question) in the place of the real one."""
    monkeypatch.setenv(OTHER_WORKBOOK, str(WORKBOOK))
    return Bank()


def essay(name: str, identifier: str = "", number: str = "42", answer: Any = ANSWER) -> bytes:
    """A notebook of activity 9: 8 points for the number, and an answer that a person reads (12 points)."""
    answers = {NUMBER: number} | ({} if answer is None else {OPEN: answer})
    return copy(A9, answers, name=name, identifier=identifier)


def handed_in(folder: Path, copies: Mapping[str, tuple[int, bytes]], name: str = "Devoir.zip") -> Path:
    """Moodle's archive: by name as Moodle writes it, the participant's id and the notebook."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(
        archive({moodle(person, number, f"{A9}.ipynb"): content for person, (number, content) in copies.items()})
    )
    return path


def listed(*people: tuple[str, str], group: str = "") -> Roster:
    """A class list from (first name, last name), in that order."""
    return Roster(
        tuple(
            Listed(f"{first[:1]}{last}".lower(), last, first, f"{first}.{last}@ecole.example".lower(), group, line)
            for line, (first, last) in enumerate(people, start=2)
        )
    )


def result_of(
    bank: Bank, *inputs: Path, manual: Mapping[tuple[str, str, str], ManualMark] | None = None, **options: Any
) -> ClassResult:
    return mark_class(list(inputs), bank, manual=manual, **options)
