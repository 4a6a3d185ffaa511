"""The whole case by three students, from the first card to the marks: one strong, one typical, one who answers nothing.

Everything is done in one real JupyterLab, then the class is graded in one run. What is expected comes from
:mod:`tests.e2e.students`, never from the grader. It is the longest test of all: it begins first (see ``conftest.py``).
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from autograder.cli import main as crc_lab
from autograder.open_answers.reading import POINTS
from crc_lab.lab.workbook_copy import copy_workbook
from tests.e2e.answering import answer
from tests.e2e.conftest import Atelier
from tests.e2e.students import SAID, STRONG, TYPICAL, Done
from tests.e2e.workbook import Workbook, loaded

INES, KARIM, ZOE, LEA = "Inès Garnier", "Karim Benali", "Zoé Petit", "Léa Roux"
STUDENTS: Mapping[str, Mapping[str, Mapping[str, Done]]] = {INES: STRONG, KARIM: TYPICAL, ZOE: {}}
MARKED = [name for name, answers in STUDENTS.items() if answers]
"""Those whose notebooks have answers: the others are listed, and have no mark."""
ACTIVITIES = tuple(STRONG)
WARM_UP: Mapping[str, Mapping[str, Any]] = {
    "01_crc": {
        "A1-X1": ["appels", "contacts", "crc"],
        "A1-X4": {"choix": "faux", "raison": "elles sont chez le prestataire, sur ses serveurs"},
        "A1-X5": ["installation", "stockage", "mises_a_jour", "acces", "securite"],
        "A1-X8": {
            "ville": "Gennevilliers",
            "ans": "15",
            "client": "commanditaire",
            "taille": "PME",
            "boutique": "Lille",
        },
    },
    "02_reglementation": {"A2-X16": "b2b"},
}
"""Exercises of the kinds that no marked question has: an ordering, a reason, boxes to tick, gaps, one choice."""


@pytest.fixture
def atelier(tmp_path: Path) -> Atelier:
    """A room with one workbook for each student."""
    room = tmp_path / "salle"
    for name in STUDENTS:
        copy_workbook(room / name)
    return Atelier(room)


# --- in JupyterLab ----------------------------------------------------------------------------------------------------


def do_activity(workbook: Workbook, activity: str, photo: Any, folder: Path, kinds: set[str]) -> None:
    """All students, one after the other, each in their own workbook; their notebooks are copied in ``folder``.

    Who answers nothing looks at the first activity alone: her other notebooks are handed in as they came. Once a
    notebook is copied, Jupyter's shortcuts are tried in the first card of each kind that is not yet in ``kinds``.
    """
    assert set(STRONG[activity]) == {question.id for question in loaded(activity).activity.marked}
    for name, answers in STUDENTS.items():
        if name in MARKED or activity == ACTIVITIES[0]:
            workbook.then_open(activity, name)
            if name == INES:
                workbook.check_shown()
                warm_up(workbook, activity)
            for question, done in answers.get(activity, {}).items():
                give(workbook, activity, question, done)
                photo(workbook.page, f"{question}-{name[:4]}")
            hand_in(workbook, name, answers.get(activity, {}))
        own = folder / f"{name}_{1001 + list(STUDENTS).index(name)}_assignsubmission_file"
        own.mkdir(parents=True, exist_ok=True)
        shutil.copy(workbook.notebook(activity, name), own / f"{activity}.ipynb")
        if name == INES:
            workbook.try_shortcuts(first_of_each_kind(activity, kinds))


def warm_up(workbook: Workbook, activity: str) -> None:
    for question, value in WARM_UP.get(activity, {}).items():
        answer(workbook.card(question), asked(activity, question), value)
        assert "Juste." in workbook.check(question), question


def first_of_each_kind(activity: str, known: set[str]) -> list[str]:
    """The first question of each kind that is not ``known``, which then knows it."""
    found = []
    for question in loaded(activity).activity.questions:
        if question.kind not in known:
            known.add(question.kind)
            found.append(question.id)
    return found


def asked(activity: str, question: str) -> Any:
    return loaded(activity).activity.question(question)


def give(workbook: Workbook, activity: str, question: str, done: Done) -> None:
    """Every try, then the answer: each one is checked, each mistake is told, the points are those of the scheme."""
    for value, codes in (*done.before, (done.value, done.codes)):
        answer(workbook.card(question), asked(activity, question), value)
        said = workbook.check(question)
        for code in codes:
            assert SAID[code] in said, f"{code} : {said}"
    if done.marked is None:
        assert f"{decimal(hundredths(done))} / {decimal(asked(activity, question).points)}" in said
    else:
        assert "Vérifié à la correction" in said


def hand_in(workbook: Workbook, name: str, answers: Mapping[str, Done]) -> None:
    """The cards say what is left, the file holds the answers as they were given."""
    if answers:
        shown = f"{decimal(sum(map(hundredths, answers.values())))} / 20"
        workbook.attendre(lambda: shown in workbook.progress(), f"l’avancement {shown}", page=workbook.page)
    said = workbook.hand_in(name)
    assert ("Toutes les questions notées ont une réponse." in said) == bool(answers)
    assert ("Il reste sans réponse" in said) == (not answers)

    workbook.wait_all_saved({question: done.value for question, done in answers.items()})


def decimal(points: float) -> str:
    """« 2,5 », « 4 »."""
    return f"{points:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def hundredths(done: Done, *, final: bool = False) -> float:
    """The points of a question as people see them: to a hundredth, half up."""
    return math.floor(round(done.final if final else done.points, 9) * 100 + 0.5) / 100


# --- the class --------------------------------------------------------------------------------------------------------


class Graded:
    """The results of the class: one run of ``corriger`` after another in the same folder."""

    def __init__(self, root: Path) -> None:
        self.root, self.out = root, root / "resultats"

    def run(self, *inputs: Path) -> None:
        options = ["--classe", str(self.root / "classe.csv"), "--sortie", str(self.out)]
        assert crc_lab(["corriger", *map(str, inputs), *options]) == 0

    def copies(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The copies of resultats.json, by student and activity."""
        found = json.loads((self.out / "resultats.json").read_text("utf-8"))
        blank = [one["fichier"].split("/")[1].split("_")[0] for one in found["rejets"] if one["code"] == "COPIE-VIDE"]
        assert blank == [name for name in STUDENTS if name not in MARKED for _ in ACTIVITIES]
        assert len(found["rejets"]) == len(blank)
        return {(copy["eleve"]["nom"], copy["activite"]): copy for copy in found["copies"]}

    def sheet(self, name: str) -> list[dict[str, Any]]:
        """The rows of one sheet of notes.xlsx."""
        head, *rows = openpyxl.load_workbook(self.out / "notes.xlsx")[name].values
        return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def test_the_case_is_done_handed_in_and_marked_as_the_schemes_say(
    workbook: Workbook, tmp_path: Path, photo: Any, page_problems: list[str]
) -> None:
    workbook.open("00_accueil", INES)
    kinds: set[str] = set()
    for activity in ACTIVITIES:
        do_activity(workbook, activity, photo, tmp_path / "remises", kinds)
    # each kernel is shut down under its cards when the next notebook is shown: what they say meanwhile goes nowhere
    page_problems[:] = [text for text in page_problems if "Could not send widget sync message" not in text]
    lines = [f"{name.split()[1]};{name.split()[0]}" for name in (*STUDENTS, LEA)]
    (tmp_path / "classe.csv").write_text("\n".join(["Nom;Prénom", *lines]), encoding="utf-8")
    graded = Graded(tmp_path)
    graded.run(tmp_path / "remises")
    before_reading(graded)
    notes_before_reading(graded)
    type_in_open_answers(graded)
    graded.run()
    after_reading(graded)


def before_reading(graded: Graded) -> None:
    copies = graded.copies()
    assert set(copies) == {(name, activity) for name in MARKED for activity in ACTIVITIES}
    for name in MARKED:
        answers = STUDENTS[name]
        for activity in ACTIVITIES:
            compare(copies[name, activity], answers.get(activity, {}))
    told = [incident for copy in copies.values() for incident in copy["incidents"]]
    # a robot answers in a few seconds, and may be told to be talked to
    assert {incident["code"] for incident in told} - {"TEMPS-COURT"} == {"A-VERIFIER"}


def after_reading(graded: Graded) -> None:
    for (name, activity), copy in graded.copies().items():
        answers = STUDENTS[name].get(activity, {})
        assert copy["note"] == pytest.approx(sum(done.final for done in answers.values())), (name, activity)
        assert "A_RELIRE" not in {question["verdict"] for question in copy["questions"]}
        for question in copy["questions"]:
            done = answers.get(question["id"])
            if done and done.points:  # what the program said of its own part stays said
                assert set(done.codes) <= codes_of(question), question["id"]
    assert {copy["note"] for (name, _), copy in graded.copies().items() if name == INES} == {20}
    notes = {row["Nom"]: row for row in graded.sheet("Notes")}
    for name in MARKED:
        assert marks(notes[name]) == [mark(name, activity, final=True) for activity in ACTIVITIES]
    assert "provisoire" not in str(list(notes.values()))


def compare(copy: Mapping[str, Any], answers: Mapping[str, Done]) -> None:
    """One copy before anything was read: the points of each question, its mistakes, what is left to a person."""
    assert copy["note"] == pytest.approx(sum(done.points for done in answers.values()))
    for question in copy["questions"]:
        done = answers.get(question["id"])
        if done is None:
            assert (question["verdict"], question["points"]) == ("NON_REPONDU", 0)
            continue
        codes = codes_of(question)
        assert question["points"] == pytest.approx(done.points), question["id"]
        assert set(done.codes) <= codes, question["id"]
        assert (question["verdict"] == "A_RELIRE") == (done.marked is not None), question["id"]
        assert ("A-VERIFIER" in codes) == done.doubtful, question["id"]


def codes_of(question: Mapping[str, Any]) -> set[str]:
    return {message["code"] for criterion in question["criteres"] for message in criterion["messages"]}


def notes_before_reading(graded: Graded) -> None:
    """notes.xlsx: the marks so far, said to be provisional, « à relire » in the place of what is not read."""
    notes = {row["Nom"]: row for row in graded.sheet("Notes")}
    assert {*MARKED, LEA} <= set(notes)
    waiting = "provisoire : 3 réponses à relire"
    said = {name: (notes[name]["À savoir"] or "").replace("\u00a0", " ") for name in (*MARKED, LEA)}
    assert said == {INES: waiting, KARIM: waiting, LEA: "sans copie"}
    for name in MARKED:
        assert marks(notes[name]) == [mark(name, activity) for activity in ACTIVITIES]
    law = {row["Nom"]: row for row in graded.sheet("Activité 2")}
    assert [law[name]["A2-Q1 (sur 6)"] for name in MARKED] == ["à relire", "à relire"]
    target = {row["Nom"]: row for row in graded.sheet("Activité 7")}
    assert [target[name]["A7-Q1 (sur 6)"] for name in MARKED] == ["à relire", "à relire"]
    segment = {row["Nom"]: row for row in graded.sheet("Activité 5")}
    reason = next(title for title in segment[INES] if title.startswith("A5-Q2 · b."))
    assert [segment[name][reason] for name in MARKED] == ["à relire", "à relire"]
    doubts = [row for row in graded.sheet("À regarder") if row["Code"] == "A-VERIFIER" and row["Élève"]]
    flagged = {(row["Élève"], row["Ce qu’il faut savoir"].split(",")[0]) for row in doubts}
    assert flagged == {
        (name, question)
        for name, answers in STUDENTS.items()
        for given in answers.values()
        for question, done in given.items()
        if done.doubtful
    }


def type_in_open_answers(graded: Graded) -> None:
    """The teacher's points, in the yellow cells of the sheet that the first run wrote."""
    path = graded.out / "reponses-ouvertes.xlsx"
    book = openpyxl.load_workbook(path)
    rows = list(book["Réponses"].iter_rows(min_row=2))
    points = {
        (name, question): done.marked
        for name, answers in STUDENTS.items()
        for given in answers.values()
        for question, done in given.items()
        if done.marked is not None
    }
    assert {(row[1].value, row[3].value.split()[0]) for row in rows} == set(points)
    for row in rows:
        row[POINTS].value = points[row[1].value, row[3].value.split()[0]]
    book.save(path)


def marks(row: Mapping[str, Any]) -> list[float]:
    """The marks of the activities in one row of the sheet « Notes »."""
    return [value for title, value in row.items() if title.startswith("Activité ")]


def mark(name: str, activity: str, *, final: bool = False) -> float:
    """The mark as people see it: the sum of what they see of its questions."""
    return round(sum(hundredths(done, final=final) for done in STUDENTS[name].get(activity, {}).values()), 2)
