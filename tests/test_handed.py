"""A copy survives the way to the register and back; the same answers have the same key, whatever the archive's name."""

from __future__ import annotations

import json
from dataclasses import replace

from autograder.intake.handed import EXCEL, Guess, HandedIn, Incident
from crc_lab.core.sheet import AnswerSheet
from tests.sample_copies import sheet

GUESS = Guess("Inès Garnier", "48210", "Devoir.zip", "Inès Garnier_48210_assignsubmission_file_")
COPY = HandedIn("Devoir.zip/a.ipynb", GUESS, AnswerSheet.from_metadata(sheet(sujet="x")), EXCEL, (Incident("A", "b"),))


def test_a_copy_is_the_same_after_the_register():
    again = HandedIn.from_json(json.loads(json.dumps(COPY.to_json())))
    assert (again, again.key) == (COPY, COPY.key)


def test_the_key_follows_the_answers_and_the_person_only():
    renamed = replace(COPY, file="autre.zip/a.ipynb", guess=replace(GUESS, scope="autre.zip"))
    assert renamed.key == COPY.key
    changed = AnswerSheet.from_metadata(sheet(date="2026-11-21T10:00:00+01:00"))
    assert len({COPY.key, replace(COPY, sheet=changed).key, replace(COPY, guess=Guess("Zoé")).key}) == 3
