"""A copy of the training workbook handed in for an assessment: provisional until the teacher accepts it, and said."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from autograder.cli import main
from autograder.intake.keys import PREPARATION, Preparation
from autograder.marking.batch import accepting
from autograder.moodle.feedback import comment, gradebook_csv
from autograder.reports.figures import said
from crc_lab.core.resources import workbook_root
from tests.sample_copies import A6, copy, mark, moodle

SUBJECT = Preparation("1bts-2026", (A6,))
OURS = {"edition": "evaluation", "sujet": "1bts-2026"}
WORKSHEET = (
    "Identifiant,Nom complet,Statut,Note,Note maximale,La note peut être modifiée,"
    "Dernière modification (note),Feedback par commentaires\n"
)


class Class:
    """A prepared subject, what students hand in, and the command line."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self.results, self._capsys = root, root / "resultats", capsys
        (root / "sujet").mkdir()
        (root / "sujet" / PREPARATION).write_text(json.dumps(SUBJECT.to_json()), encoding="utf-8")

    def hand_in(self, name: str, number: int, **meta: Any) -> None:
        path = self.root / "travaux" / moodle(name, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(copy(name=name, identifier=name.split()[0].lower(), **meta))

    def run(self, *arguments: str, again: bool = False, code: int = 0) -> str:
        given = [] if again else [str(self.root / "travaux")]
        keys = ["--preparation", str(self.root / "sujet"), "--corriges", str(workbook_root())]
        assert main(["corriger", *given, *keys, "--sortie", str(self.results), *arguments]) == code
        out, err = self._capsys.readouterr()
        return re.sub(r"[ \u00a0\u202f]+", " ", out + err)

    def told(self) -> dict[str, str]:
        """The last column of the sheet of marks, by name."""
        book = openpyxl.load_workbook(self.results / "notes.xlsx")
        rows = list(book["Notes"].iter_rows(values_only=True))
        return {str(row[0]): str(row[-1] or "").replace("\u00a0", " ") for row in rows[1:]}


@pytest.fixture
def given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Class:
    found = Class(tmp_path, capsys)
    found.hand_in("Inès Garnier", 1, **OURS)
    found.hand_in("Paul Benali", 2)
    found.hand_in("Zoé Petit", 3, edition="evaluation")
    return found


WAITS = "provisoire : 1 copie du cahier d’entraînement, à accepter"


def test_it_is_provisional_and_said_beside_the_mark_everywhere(given: Class, tmp_path: Path) -> None:
    (tmp_path / "Notes.csv").write_text(
        WORKSHEET + "".join(
            f"Participant {number},{name},Remis,,20,Oui,-,\n"
            for number, name in enumerate(("Inès Garnier", "Paul Benali", "Zoé Petit"), start=1)
        ), encoding="utf-8",
    )  # fmt: skip
    out = given.run("--formulaire-moodle", str(tmp_path / "Notes.csv"))
    assert "2 élèves ont rendu une copie du cahier d’entraînement" in out
    assert '--accepter-entrainement "Paul Benali"' in out
    assert "2 notes ne sont pas écrites (les copies viennent du cahier d’entraînement" in out
    assert given.told() == {"Inès Garnier": "", "Paul Benali": WAITS, "Zoé Petit": WAITS}
    rows = list(csv.reader((given.results / "moodle" / "Notes.csv").read_text("utf-8").splitlines()))
    assert [row[3] for row in rows[1:]] == ["20", "", ""]
    page = (given.results / "classe.html").read_text("utf-8").replace("\u00a0", " ")
    assert page.count(WAITS) == 2
    pages = [path.read_text("utf-8").replace("\u00a0", " ") for path in (given.results / "retours").glob("*.html")]
    (text,) = (page for page in pages if "<h1>Paul Benali</h1>" in page)
    assert WAITS in text
    assert "votre professeur doit encore dire si elle compte" in text
    assert "n’a pas encore lu" not in text
    results = json.loads((given.results / "resultats.json").read_text("utf-8"))["copies"]
    assert {one["eleve"]["nom"]: (one["note"], one.get("provisoire", False)) for one in results} == {
        "Inès Garnier": (20, False), "Paul Benali": (20, True), "Zoé Petit": (20, True),
    }  # fmt: skip


def test_the_teacher_accepts_one_copy_and_it_stays_accepted(given: Class) -> None:
    given.run()
    assert "1 élève a rendu une copie" in given.run("--accepter-entrainement", "paul BENALI", again=True)
    expected = {"Inès Garnier": "", "Paul Benali": "copie du cahier d’entraînement, acceptée", "Zoé Petit": WAITS}
    assert given.told() == expected
    given.run(again=True)
    assert given.told() == expected
    given.run()  # the same files handed in again
    assert given.told() == expected
    given.hand_in("Paul Benali", 2, date="2026-11-21T10:00:00+01:00")
    given.run()
    assert given.told()["Paul Benali"] == WAITS, "another copy, which nobody has accepted"


def test_all_are_accepted_at_once(given: Class) -> None:
    assert "cahier d’entraînement, où" not in given.run("--accepter-entrainement", "tous")
    assert "provisoire" not in "".join(given.told().values())


def test_a_name_without_such_a_copy_is_refused_with_those_that_have_one(given: Class) -> None:
    given.run()
    before = (given.results / "notes.xlsx").read_bytes()
    for name in ("Inès Garnier", "Personne"):
        err = given.run("--accepter-entrainement", name, again=True, code=1)
        assert f"« {name} » : rien à accepter" in err
        assert "Paul Benali" in err
    assert (given.results / "notes.xlsx").read_bytes() == before


def test_two_students_of_one_name_are_told_apart_before_either_is_accepted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = Class(tmp_path, capsys)
    for number, identifier in ((1, "pb1"), (2, "pb2")):
        path = tmp_path / "travaux" / moodle("Paul Benali", number)
        path.parent.mkdir(parents=True)
        path.write_bytes(copy(name="Paul Benali", identifier=identifier))
    assert "donnez l’identifiant" in found.run("--accepter-entrainement", "Paul Benali", code=1)
    assert "1 élève a rendu une copie" in found.run("--accepter-entrainement", "pb2", again=True)


def test_of_two_copies_that_of_the_subject_counts_even_when_the_other_is_later(tmp_path: Path) -> None:
    files = {
        "a/sujet.ipynb": copy(answers={"A6-Q1": {"colonnes": ["id_contact", "R"], "lignes": [["1", "10"]]}}, **OURS),
        "a/cahier.ipynb": copy(date="2026-11-25T10:00:00+01:00"),
    }
    (kept,) = mark(tmp_path, files, preparation=SUBJECT).copies
    assert kept.points < 5
    assert (kept.off_subject, kept.provisional) == (False, False)
    assert any("celle du sujet est notée" in one.text for one in kept.incidents)


def test_moodle_is_told_where_an_accepted_copy_comes_from_and_gets_no_other(tmp_path: Path) -> None:
    result = mark(tmp_path, {"a.ipynb": copy()}, preparation=SUBJECT)
    (student,), (activity,) = result.students, result.activities
    pairs = [(activity, student.copies[A6])]
    assert "que votre professeur doit encore accepter" in comment(pairs)
    (row,) = csv.DictReader(gradebook_csv(result).decode().splitlines())
    assert row["Activité 6 (note sur 20)"] == ""
    accepted = accepting(result, {pairs[0][1].key})
    assert "Copie du cahier d’entraînement, acceptée par votre professeur." in comment([(activity, accepted.copies[0])])
    assert said(accepted, accepted.students[0], accepted.copies) == "copie du cahier d’entraînement, acceptée"
    (row,) = csv.DictReader(gradebook_csv(accepted).decode().splitlines())
    assert row["Activité 6 (note sur 20)"] == "20"


def test_training_itself_is_never_provisional(tmp_path: Path) -> None:
    (one,) = mark(tmp_path, {"a.ipynb": copy()}).copies
    assert not one.off_subject
    assert not one.provisional
