"""The subjects of activities 1 and 2, read from the ZIP alone: all that their questions need, and no answer."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import dataclass
from typing import Any

import pytest

from autograder.prepare.content import activity_content, archive
from autograder.prepare.copying import MOST, shares_in_pieces
from autograder.prepare.leaks import find_leaks
from crc_lab.core.bank import LoadedActivity, load_activity
from crc_lab.core.grading import grade
from crc_lab.notebook.cards import question_spec
from crc_lab.notebook.session import documents_of, named_documents
from tests.loaded import loaded_activity

ACTIVITIES = ("01_crc", "02_reglementation")
NEEDED = {
    "A1-Q1a": ["annexe 1"],
    "A1-Q1b": ["annexe 1"],
    "A1-Q1c": ["annexe 1"],
    "A1-Q2": [],  # by which channels one may talk: what everybody knows
    "A2-Q1": ["document 1"],
    "A2-Q2": ["document 2"],  # its annexe is the form of its own card
    "A2-Q3": ["annexe 3"],
    "A2-Q4": ["annexe 3"],
    "A2-Q5": ["annexe 4"],
    "A2-Q6": ["document 3"],
}
"""The documents that each question is answered from."""


@dataclass(frozen=True)
class Subject:
    """What a student unzips: the notebook, and the questions as they load from the ZIP."""

    notebook: dict[str, Any]
    given: LoadedActivity
    whole: LoadedActivity
    files: dict[str, bytes]

    @property
    def text(self) -> str:
        cells = (cell for cell in self.notebook["cells"] if cell["cell_type"] == "markdown")
        return "\n".join("".join(cell["source"]) for cell in cells)


@pytest.fixture(scope="module", params=ACTIVITIES)
def subject(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Subject:
    name, place = request.param, tmp_path_factory.mktemp("sujet")
    packed = archive(name, activity_content(name, "essai").files)
    with zipfile.ZipFile(io.BytesIO(packed)) as zipped:
        zipped.extractall(place)
    folder = place / name
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    notebook = json.loads((folder / f"{name}.ipynb").read_text(encoding="utf-8"))
    given = load_activity(folder, folder / "datasets")
    return Subject(notebook, given, loaded_activity(name), files)


def test_every_question_has_its_documents_beside_it(subject: Subject) -> None:
    known = documents_of(subject.notebook)
    for question in subject.given.activity.questions:
        named = [one.title.split(" · ")[0].casefold() for one in named_documents(question.prompt, known)]
        assert named == NEEDED[question.id]
        spec = question_spec(question, subject.given.activity, "evaluation", known)
        assert [one["titre"].split(" · ")[0].casefold() for one in spec.get("documents", [])] == NEEDED[question.id]
        assert all(len(one["html"]) > 300 for one in spec.get("documents", []))


def test_the_parts_follow_one_another_and_nothing_sends_elsewhere(subject: Subject) -> None:
    parts = [int(number) for number in re.findall(r"^## (\d+)\. ", subject.text, re.MULTILINE)]
    assert parts == list(range(1, len(parts) + 1))
    assert [head for head in re.findall(r"^#+ .*$", subject.text, re.MULTILINE) if "exercice" in head.casefold()] == []
    for away in ("A1-X", "A2-X", "lexique", "www.", "service-public", "internet pour répondre"):
        assert away not in subject.text


def test_the_documents_hold_what_the_right_answers_say(subject: Subject) -> None:
    """Ideas that nobody can guess: their words are in the documents."""
    words = {
        "01_crc": ["Gennevilliers", "15 ans", "commanditaires", "parapharmacie", "qualifier", "rendez-vous", "vendent"],
        "02_reglementation": [
            "RGPD", "minimisation", "registre des traitements", "DPO", "destinataires", "droit de réclamation",
            "3 ans", "gratuite", "contrat en cours", "375 000", "bonnes pratiques", "nul", "décret", "un an", "prouver",
        ],
    }[subject.given.activity.id]  # fmt: skip
    plain = subject.text.replace("\u00a0", " ").casefold()
    assert [one for one in words if one.casefold() not in plain] == []


def test_the_answer_of_no_question_is_in_its_hints_its_box_or_in_another_question(subject: Subject) -> None:
    """Copied by somebody whom nothing stops, cut where one likes; the exceptions are in notebooks/recopie.toml."""
    excused = {
        "A1-Q1a": {"A1-Q1c titre", "A1-Q1c énoncé"},
        "A2-Q3": {"A2-Q6 libellés"},
        "A2-Q4 b2c": {"A2-Q2 libellés", "A2-Q6 libellés"},
    }
    paying = {
        (name, source)
        for name, source, share in shares_in_pieces(subject.whole)
        if share > MOST and not name.partition(" ")[0].partition("-")[2].startswith("X")
    }
    assert {(name, source) for name, source in paying if source not in excused.get(name, set())} == set()


def test_no_box_of_law_is_shown_before_the_marking_of_activity_2(subject: Subject) -> None:
    for question in subject.given.activity.questions:
        spec = question_spec(question, subject.given.activity, "evaluation")
        assert "droit" not in spec


def test_nothing_of_the_key_is_in_the_zip(subject: Subject) -> None:
    assert find_leaks(subject.files, subject.whole) == ()
    assert subject.given.keys == {}


def test_copying_whole_texts_of_the_subject_pays_nothing(subject: Subject) -> None:
    for question in subject.whole.activity.marked:
        key = subject.whole.keys[question.id]
        if question.kind != "textes":
            continue
        for name, text in question.page.texts.items():
            result = grade(question, [text] * len(key.answer), key)
            assert result.points <= MOST * question.points, (question.id, name)
