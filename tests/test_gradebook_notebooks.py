"""The notebook that nbgrader shows: the teacher's cells, the student's words escaped, our results, and never huge."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.gradebook import GradebookProblem
from autograder.gradebook.notebooks import (
    CORRECTION,
    NOTHING,
    Marked,
    Source,
    answer_html,
    bounded,
    build,
    dumps,
    fingerprint,
    read_source,
    scores,
)
from autograder.gradebook.rows import Score
from autograder.intake import HandedIn
from autograder.intake.collecting import collect
from autograder.intake.keys import Bank
from autograder.marking.batch import mark_copies
from autograder.marking.manual import ManualMark, task_text
from crc_lab.core.model import Json
from crc_lab.core.resources import OTHER_WORKBOOK, activity_folder
from tests.gradebook_course import ACTIVITY, AUTO, OPEN, WORKBOOK, answers
from tests.sample_copies import A3, A4, A6, copy, given_notebook, key_answers
from tests.sample_copies import loaded as usual
from tests.test_decisions import QUESTION, UNKNOWN

NASTY = (
    '<script>alert("x")</script><img src=x onerror=alert(1)> $\\href{javascript:alert(2)}{ici}$ {{ 7*7 }}\n\n# titre'
)


@pytest.fixture
def essai(monkeypatch: pytest.MonkeyPatch) -> Source:
    monkeypatch.setenv(OTHER_WORKBOOK, str(WORKBOOK))
    activity = Bank().get(ACTIVITY).for_teacher()
    notebook = json.loads((WORKBOOK / "notebooks" / ACTIVITY / f"{ACTIVITY}.ipynb").read_text("utf-8"))
    return Source(activity, notebook)


def marked(folder: Path, content: bytes, manual: Mapping[tuple[str, str, str], ManualMark] | None = None) -> Marked:
    """One copy of the test workbook, marked as ``crc-lab corriger`` does."""
    path = folder / "copie.ipynb"
    path.write_bytes(content)
    (handed,) = (one for one in collect([path]) if isinstance(one, HandedIn))
    (result,) = mark_copies([handed], Bank(), manual=manual).copies
    values = {name: answer.value for name, answer in handed.sheet.answers.items()}
    return Marked({one.id: one for one in result.questions}, values, handed.sheet)


def outputs(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """The only output of each card, by the grade id of its cell."""
    found = {}
    for cell in notebook["cells"]:
        if cell.get("outputs"):
            (found[cell["metadata"]["nbgrader"]["grade_id"]],) = cell["outputs"]
    return found


def page(output: Mapping[str, Any]) -> str:
    return "".join(output["data"]["text/html"])


def test_answers_and_results_are_shown_in_the_teachers_own_cells(essai: Source, tmp_path: Path):
    notebook = build(essai, marked(tmp_path, copy(ACTIVITY, answers("41", "La base vieillit."))))
    shown = outputs(notebook)
    assert shown.keys() == {AUTO, f"{OPEN}-reponse"}
    graded = shown[AUTO]
    assert (graded["output_type"], graded["data"]["text/plain"]) == ("execute_result", "0.0")
    assert ">41<" in page(graded)
    assert "À revoir, 0 / 8" in page(graded)
    opinion = page(shown[f"{OPEN}-reponse"])
    assert "La base vieillit." in opinion
    assert "Ce qui est attendu" in opinion
    assert "La base vieillit. (4 points)" in opinion  # the mark scheme's own line
    assert "lira cette réponse" not in opinion  # would be false once it is marked
    sources = [(cell["cell_type"], cell["source"], cell["metadata"]) for cell in notebook["cells"]]
    assert sources == [(cell["cell_type"], cell["source"], cell["metadata"]) for cell in essai.notebook["cells"]]
    nbformat.validate(nbformat.from_dict(notebook))


def test_nothing_is_said_of_an_answer_that_was_not_given_to_us(essai: Source, tmp_path: Path):
    one = marked(tmp_path, copy(ACTIVITY, {AUTO: "42"}))
    shown = page(outputs(build(essai, Marked(one.results)))[AUTO])
    assert "Juste, 8 / 8" in shown
    assert "Réponse" not in shown
    assert "Sans réponse" in page(outputs(build(essai, Marked(one.results)))[f"{OPEN}-reponse"])


def test_the_student_finds_their_answers_again_when_the_notebook_is_opened(essai: Source, tmp_path: Path):
    meta = build(essai, marked(tmp_path, copy(ACTIVITY, {**answers(), "AUTRE": "x"}, mode="pirate", autre=[1])))[
        "metadata"
    ]
    sheet = meta["crc_lab"]
    assert {name: one["valeur"] for name, one in sheet["reponses"].items()} == answers()
    assert sheet["eleve"] == {"nom": "Inès Garnier", "identifiant": "igarnier"}
    assert (sheet["mode"], "autre" in sheet) == ("eleve", False)  # the teacher's settings, not the copy's


@pytest.mark.parametrize("question", [AUTO, OPEN])
def test_nothing_that_a_student_types_is_obeyed(essai: Source, tmp_path: Path, question: str):
    notebook = build(essai, marked(tmp_path, copy(ACTIVITY, {question: NASTY}, name=NASTY)))
    for output in outputs(notebook).values():
        text = page(output)
        assert "<script" not in text
        assert "<img" not in text
        assert "<h1" not in text
    shown = page(outputs(notebook)[question if question == AUTO else f"{OPEN}-reponse"])
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;" in shown
    assert 'class="tex2jax_ignore mathjax_ignore"' in shown  # MathJax has no business with « $ »


def test_the_same_copy_gives_the_same_bytes(essai: Source, tmp_path: Path):
    content = copy(ACTIVITY, answers())
    assert dumps(build(essai, marked(tmp_path, content))) == dumps(build(essai, marked(tmp_path, content)))


@pytest.mark.parametrize("value", [["x" * 10] * 400_000, "x" * 600_000], ids=["many", "long"])
def test_an_answer_out_of_all_proportion_is_named_not_kept(essai: Source, tmp_path: Path, value: Json):
    one = marked(tmp_path, copy(ACTIVITY, answers()))
    notebook = build(essai, Marked(one.results, {**one.values, OPEN: value}))
    assert "Réponse démesurée" in page(outputs(notebook)[f"{OPEN}-reponse"])
    assert notebook["metadata"]["crc_lab"]["reponses"].keys() == {AUTO}
    assert len(dumps(notebook)) < 20_000


def test_what_no_file_can_hold_is_cleaned(essai: Source, tmp_path: Path):
    one = marked(tmp_path, copy(ACTIVITY, answers()))
    notebook = build(essai, Marked(one.results, {**one.values, OPEN: "é\ud800\x00!"}))
    assert "é!" in page(outputs(notebook)[f"{OPEN}-reponse"])
    assert b"\\u0000" not in dumps(notebook)


def test_limits_of_what_is_kept():
    table = {"colonnes": [f"c{n}" for n in range(40)], "lignes": [["x" * 9] * 40] * 400}
    assert bounded(table) == table
    assert bounded({"a": ["b", None, True, 1.5], "é": "\x00é\ud800"}) == {"a": ["b", None, True, 1.5], "é": "é"}
    assert bounded('a\\u0000 \\\\b "{[(" \x1b\x08\x0c\n\tfin \u202e') == 'a\\u0000 \\\\b "{[(" \n\tfin '


def test_every_kind_of_answer_is_shown_and_bounded():
    for activity in (A3, A4, A6):
        for name, value in key_answers(activity).items():
            question = usual(activity).activity.question(name)
            assert question is not None
            text = answer_html(question, value)
            assert text.startswith("<div class=")
            assert 40 < len(text) < 200_000, name
    question = usual(A6).activity.question("A6-Q1")
    assert question is not None
    long = {"colonnes": ["id_contact", "R"], "lignes": [[str(n), "10"] for n in range(1000)]}
    assert "… et 880 autres lignes." in answer_html(question, long).replace("\u00a0", " ")
    damaged = answer_html(question, {"colonnes": ["R"], "lignes": [3, None, {"a": 1}, ["5"]]})
    assert "<table" not in damaged
    assert "<strong>R</strong>" in damaged
    assert answer_html(question, None) == NOTHING


def test_a_choice_is_shown_with_its_words():
    question = usual(A4).activity.question("A4-Q4")
    assert question is not None
    assert "<strong>Nettoyer</strong>" in answer_html(question, {"o1": "nettoyer"})


def test_filters_and_lists_are_shown_as_words():
    question = usual("05_segmenter").activity.question("A5-Q2")
    assert question is not None
    rules = {"criteres": [["sexe", "=", "H"], ["age", "≥", "30"]], "fiches": ["3", "5"]}
    shown = answer_html(question, {"b": "Pour eux.", "c": rules})
    assert "<li>Sexe = H</li><li>Âge ≥ 30</li>" in shown
    assert "3, 5" in shown


def test_a_question_marked_in_part_by_a_person_says_so():
    mixed, written = usual("05_segmenter").activity.question("A5-Q2"), usual("07_cibler").activity.question("A7-Q1")
    assert mixed is not None
    assert written is not None
    assert "Une partie se rédige, dans la carte" in task_text(mixed)
    assert ". Réponse rédigée, à écrire" in task_text(written)


def test_scores_of_automatic_open_blank_and_unreadable_answers(essai: Source, tmp_path: Path):
    def of(**given: Any) -> dict[str, Score]:
        return scores(essai, marked(tmp_path, copy(ACTIVITY, given)))

    assert of(**{AUTO: "42", OPEN: "x"}) == {AUTO: Score(8.0), OPEN: Score(None, waiting=True)}
    blank = Score(0.0, remark="Sans réponse.")
    assert of(**{AUTO: "1", OPEN: " "})[OPEN] == blank
    unreadable = Score(None, waiting=True, remark="Copie illisible : à noter à la main.")
    assert scores(essai, Marked({})) == {AUTO: unreadable, OPEN: unreadable}


def test_a_mark_given_by_hand_is_told_from_an_automatic_one(essai: Source, tmp_path: Path):
    manual = {("igarnier", ACTIVITY, OPEN): ManualMark(7.5, "Bien vu."), ("igarnier", ACTIVITY, AUTO): ManualMark(1.0)}
    found = scores(essai, marked(tmp_path, copy(ACTIVITY, answers()), manual))
    assert found == {OPEN: Score(None, manual=7.5, comment="Bien vu."), AUTO: Score(None, manual=1.0)}


def test_an_unreadable_copy_says_why(essai: Source):
    notebook = build(essai, Marked({}, reason="Le fichier est coupé <b>avant</b> la fin."))
    for output in outputs(notebook).values():
        assert "Le fichier est coupé &lt;b&gt;avant&lt;/b&gt; la fin." in page(output)
    assert outputs(notebook)[AUTO]["data"]["text/plain"] == "0.0"


def test_the_print_of_an_answer_changes_with_it_only():
    assert fingerprint({"a": "1", "b": ["2"]}) == fingerprint({"b": ("2",), "a": "1"})
    assert fingerprint("oui") != fingerprint("oui.")
    assert fingerprint("x" * 900_000) == fingerprint("y" * 900_000)


def test_scores_and_prints_travel_in_the_metadata(essai: Source, tmp_path: Path):
    meta = build(essai, marked(tmp_path, copy(ACTIVITY, answers("42", "x"))))["metadata"][CORRECTION]
    assert {name: Score(**score) for name, score in meta["notes"].items()}[AUTO] == Score(8.0)
    assert meta["empreintes"][OPEN] == fingerprint("x")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "ne peut pas être lu"),
        (b"{", "n’est pas un carnet Jupyter"),
        (b"[]", "n’est pas un carnet Jupyter"),
        (b'{"cells": [], "metadata": {}}', f"n’a pas de cellule nbgrader pour {AUTO}, {OPEN}-reponse"),
    ],
)
def test_a_course_without_its_notebook_says_so(essai: Source, tmp_path: Path, content: bytes | None, said: str):
    folder = tmp_path / "source" / ACTIVITY
    folder.mkdir(parents=True)
    if content is not None:
        (folder / f"{ACTIVITY}.ipynb").write_bytes(content)
    with pytest.raises(GradebookProblem, match=said):
        read_source(tmp_path, essai.activity)


def test_the_source_of_every_activity_can_be_read(tmp_path: Path):
    for activity in (A3, A4, A6):
        target = tmp_path / "source" / activity
        target.mkdir(parents=True)
        name = f"{activity}.ipynb"
        (target / name).write_bytes((activity_folder(activity) / name).read_bytes())
        source = read_source(tmp_path, usual(activity).activity)
        assert source.questions.keys() == {question.id for question in source.activity.marked}


def test_a_proposed_mark_is_told_as_such_with_its_doubt(tmp_path: Path):
    doubtful = ["La vente", UNKNOWN, "", ""]
    source = Source(usual("01_crc").activity, json.loads(given_notebook("01_crc")))
    path = tmp_path / "copie.ipynb"
    path.write_bytes(copy("01_crc", {QUESTION: doubtful, "A1-Q1c": key_answers("01_crc")["A1-Q1c"]}))
    (handed,) = (one for one in collect([path]) if isinstance(one, HandedIn))
    (result,) = mark_copies([handed], Bank()).copies
    shown = outputs(build(source, Marked.of(result, handed.sheet)))
    told = page(shown[QUESTION]).replace("\u00a0", " ")
    assert "Note proposée par la correction automatique, à vérifier :" in told
    assert told.count("points selon la lecture") == 1
    assert "Note proposée" not in page(shown["A1-Q1c"])
    assert not scores(source, Marked.of(result, handed.sheet))[QUESTION].waiting  # decided by texts, not copy by copy
    assert shown[QUESTION]["data"]["text/plain"] == "1.5"
