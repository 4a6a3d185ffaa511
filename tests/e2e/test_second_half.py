"""The second half by three students, one strong, one typical, one who answers nothing: played, handed in, marked.

What the typical student answers and earns is in :mod:`tests.e2e.second_half`; the strong one gives the models. Every
answer of every activity is in the files that are marked. On the screen are done the three activities of the kinds that
the first half has not (a call, passages, a planning), one question of each kind; with ``CRC_TOUT_A_L_ECRAN=1`` all
three students do everything on the screen (about 25 minutes). A new activity of the second half (two figures from 11
on) enters by itself.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import main as crc_lab
from crc_lab.core.resources import activity_folder
from crc_lab.lab.workbook_copy import copy_workbook
from tests.e2e.answering import answer
from tests.e2e.conftest import Atelier
from tests.e2e.second_half import CARDS, EXERCISES, INES, KARIM, ON_SCREEN, TYPICAL, ZOE
from tests.e2e.students import Done
from tests.e2e.test_whole_case import codes_of, decimal
from tests.e2e.workbook import Workbook, loaded

ACTIVITIES = sorted(path.parent.name for path in activity_folder("11_tableau_de_bord").parent.glob("[12]?_*/*.ipynb"))
WHOLE = bool(os.environ.get("CRC_TOUT_A_L_ECRAN"))
POINTS = {"2": 40}
"""A mock paper (20_…, 21_…) has 40 points, a module 20."""


def strong(activity: str) -> Mapping[str, Done]:
    """The models: all the points of what is marked by program, those of the rest once it is read."""
    found = {}
    for question in loaded(activity).activity.marked:
        read = sum(one.points for one in question.criteria if one.check == "relecture")
        marked = question.points if read else None
        found[question.id] = Done(loaded(activity).keys[question.id].answer, question.points - read, marked=marked)
    assert sum(done.final for done in found.values()) == POINTS.get(activity[0], 20), activity
    return found


def answers_of(name: str, activity: str) -> Mapping[str, Done]:
    if name == INES:
        return strong(activity)
    return TYPICAL.get(activity, {}) if name == KARIM else {}


@pytest.fixture
def atelier(tmp_path: Path) -> Atelier:
    """A room with one workbook for each student, where all that is not answered on the screen is answered."""
    room = tmp_path / "salle"
    for name in (INES, KARIM, ZOE):
        copy_workbook(room / name)
        for activity in ACTIVITIES:
            written(room / name / activity / f"{activity}.ipynb", name, activity)
    return Atelier(room)


def works_on_screen(name: str, activity: str) -> bool:
    return WHOLE or name == ON_SCREEN.get(activity)


def on_screen(name: str, activity: str) -> tuple[str, ...]:
    """The questions that this student answers on the screen."""
    if WHOLE:
        return tuple(answers_of(name, activity))
    return CARDS[activity] if works_on_screen(name, activity) else ()


def written(path: Path, name: str, activity: str) -> None:
    """The notebook signed, with the answers that are not given on the screen."""
    notebook = json.loads(path.read_text("utf-8"))
    notebook["metadata"]["crc_lab"] |= {
        "eleve": {"nom": name, "identifiant": ""},
        "reponses": {
            question: {"valeur": done.value, "date": "2026-11-29T10:00:00+01:00"}
            for question, done in answers_of(name, activity).items()
            if question not in on_screen(name, activity)
        },
    }
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")


def give(workbook: Workbook, activity: str, question: str, done: Done) -> None:
    """Answered on the screen, then checked: the card says the points of the mark scheme."""
    one = loaded(activity).activity.question(question)
    assert one is not None
    answer(workbook.card(question), one, done.value)
    said = workbook.check(question)
    if one.training:
        assert "Juste." in said, question
    elif done.marked is None:
        shown = re.search(rf"· ([\d,]+) / {re.escape(decimal(one.points))}\.", said)
        assert shown, said
        # what is shown of a question is the sum of what is shown of its parts, each to a hundredth
        told = float(shown[1].replace(",", "."))
        assert told == pytest.approx(done.points, abs=0.0051 * len(one.criteria)), question


def at_work(workbook: Workbook, name: str, activity: str, photo: Any) -> None:
    """One student at one activity: first page, cards, last page, and all of it in the file."""
    workbook.then_open(activity, name)
    answers = answers_of(name, activity)
    photo(workbook.page, f"{activity}-debut-{name[:4]}")
    if name == INES:
        for question in EXERCISES.get(activity, ()):
            give(workbook, activity, question, Done(loaded(activity).keys[question].answer, 0))
    for question in on_screen(name, activity):
        give(workbook, activity, question, answers[question])
        photo(workbook.page, f"{question}-{name[:4]}")
    said = workbook.hand_in(name)
    if name == INES:
        assert "Toutes les questions notées ont une réponse." in said
    elif name == ZOE:
        assert "Il reste sans réponse" in said
    photo(workbook.page, f"{activity}-fin-{name[:4]}")

    workbook.wait_all_saved({question: done.value for question, done in answers.items()})


def test_the_second_half_is_done_handed_in_and_marked_as_its_schemes_say(
    workbook: Workbook, tmp_path: Path, photo: Any, page_problems: list[str]
) -> None:
    workbook.open("00_accueil", INES)
    for number, name in enumerate((INES, KARIM, ZOE), start=1001):
        folder = tmp_path / "remises" / f"{name}_{number}_assignsubmission_file"
        folder.mkdir(parents=True)
        for activity in ACTIVITIES:
            if works_on_screen(name, activity):
                at_work(workbook, name, activity, photo)
            shutil.copy(workbook.notebook(activity, name), folder)
            if name == ON_SCREEN.get(activity):  # once the answers are away
                workbook.try_shortcuts(CARDS[activity])
    # each kernel is shut down under its cards when the next notebook is shown: what they say meanwhile goes nowhere
    page_problems[:] = [text for text in page_problems if "Could not send widget sync message" not in text]
    roster, out = tmp_path / "classe.csv", tmp_path / "resultats"
    roster.write_text("Nom;Prénom\nGarnier;Inès\nBenali;Karim\nPetit;Zoé\n", encoding="utf-8")
    assert crc_lab(["corriger", str(tmp_path / "remises"), "--classe", str(roster), "--sortie", str(out)]) == 0
    as_the_schemes_say(json.loads((out / "resultats.json").read_text("utf-8")))


def as_the_schemes_say(results: Mapping[str, Any]) -> None:
    """Each copy and each question; the blank copies are said to be blank."""
    copies = {(copy["eleve"]["nom"], copy["activite"]): copy for copy in results["copies"]}
    assert set(copies) == {(INES, name) for name in ACTIVITIES} | {
        (KARIM, name) for name in ACTIVITIES if name in TYPICAL
    }
    blank = [one for one in results["rejets"] if one["code"] == "COPIE-VIDE"]
    assert len(blank) == len(results["rejets"]) == 2 * len(ACTIVITIES) - len(TYPICAL)
    for (name, activity), copy in copies.items():
        answers = answers_of(name, activity)
        assert copy["note"] == pytest.approx(sum(done.points for done in answers.values())), (name, activity)
        for question in copy["questions"]:
            done = answers.get(question["id"])
            if done is None:
                assert (question["verdict"], question["points"]) == ("NON_REPONDU", 0)
                continue
            assert question["points"] == pytest.approx(done.points), question["id"]
            assert set(done.codes) <= codes_of(question), question["id"]
            assert (question["verdict"] == "A_RELIRE") == (done.marked is not None), question["id"]
