"""Grading cases: a folder each, ``copie.ipynb`` and what is expected of it. Adding a case needs no code.

A new folder of tests/cases/grading with a ``copie.ipynb`` and no ``attendu.json`` fails once, and the failure shows the
file to put there, after reading it. Texts of messages are left out on purpose: only codes are compared; so is what was
done to the cells (INTEGRITE-…, tests/test_integrity.py): these copies must not change with the text of the notebooks.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.intake import INTEGRITY
from autograder.marking.batch import mark_class
from tests.sample_copies import BANK

CASES = Path(__file__).resolve().parent / "cases" / "grading"
NAMES = sorted(path.name for path in CASES.iterdir() if path.is_dir())


def outcome(case: Path) -> dict[str, Any]:
    """The results of one case, in the words of resultats.json, with codes in the place of messages."""
    result = mark_class([case / "copie.ipynb"], BANK)
    return {
        "copies": [
            {
                "activite": one.activity,
                "eleve": one.person.to_json(),
                "note": round(one.points, 6),
                "questions": {
                    question.id: {
                        "verdict": question.verdict.value,
                        "points": round(question.points, 6),
                        "criteres": {
                            criterion.id: [
                                round(criterion.points, 6),
                                *(message.code for message in criterion.messages),
                            ]
                            for criterion in question.criteria
                        },
                    }
                    for question in one.questions
                },
                "incidents": [code for incident in one.incidents if not (code := incident.code).startswith(INTEGRITY)],
            }
            for one in result.copies
        ],
        "rejets": [rejection.code for rejection in result.rejections],
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_copy_gets_what_is_expected(name: str):
    found = outcome(CASES / name)
    expected = CASES / name / "attendu.json"
    shown = json.dumps(found, ensure_ascii=False, indent=1)
    assert expected.is_file(), f"Relisez, puis enregistrez dans {name}/attendu.json :\n{shown}"
    assert found == json.loads(expected.read_text(encoding="utf-8"))


def test_each_marked_activity_has_its_basic_cases():
    for number in (3, 4, 5, 6, 7):
        assert {f"{number}-corrige", f"{number}-vide", f"{number}-erreurs", f"{number}-cellules-abimees"} <= set(NAMES)
