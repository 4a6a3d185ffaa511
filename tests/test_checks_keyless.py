"""Without the key, « Vérifier » still says what is missing, said twice or impossible; and never what is right."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crc_lab.core.bank import LoadedActivity
from crc_lab.core.grading import grade
from crc_lab.core.model import PENDING, QuestionResult, Verdict
from crc_lab.core.resources import activity_ids
from crc_lab.core.rooms import checks
from tests.loaded import loaded_activity


def loaded(activity: str) -> LoadedActivity:
    return loaded_activity(activity)


@pytest.fixture(scope="module")
def bank() -> dict[str, LoadedActivity]:
    return {activity: loaded(activity) for activity in activity_ids()}


def checked(bank: dict[str, LoadedActivity], question_id: str, value: Any) -> QuestionResult:
    """The answer, checked as an assessment does."""
    question = next(q for one in bank.values() for q in one.activity.questions if q.id == question_id)
    return grade(question, value)


def said(result: QuestionResult) -> list[str]:
    return [message.text.replace("\u00a0", " ") for message in result.messages if message.code != PENDING]


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        (["des particuliers", ""], ["1 ligne remplie sur 2."]),
        (["Des particuliers", "des PARTICULIERS."], ["Deux lignes disent la même chose, mot pour mot."]),
        (["n’importe quoi", "autre chose"], []),
    ],
)
def test_lines_left_empty_or_repeated_are_told(bank: Any, value: list[str], texts: list[str]) -> None:
    result = checked(bank, "A3-Q1", value)
    assert said(result) == texts
    assert result.verdict is Verdict.A_RELIRE


@pytest.mark.parametrize(
    ("question", "value", "texts"),
    [
        ("A4-Q4", {"o1": "verifier"}, ["7 réponses manquent encore sur 8."]),
        ("A4-Q4", {f"o{n}": "verifier" for n in range(1, 8)}, ["1 réponse manque encore sur 8."]),
        ("A4-Q4", {f"o{n}": "verifier" for n in range(1, 9)}, []),
        ("A4-X1", {"total": "3", "conclusion": " "}, ["4 réponses manquent encore sur 5."]),
    ],
)
def test_items_left_alone_are_counted(bank: Any, question: str, value: dict[str, str], texts: list[str]) -> None:
    assert said(checked(bank, question, value)) == texts


def test_a_pair_that_cannot_be_one_is_named_and_a_wrong_pair_is_not(bank: Any) -> None:
    result = checked(bank, "A4-Q2", [["3", "3"], ["4", "99"], ["20", "41"], ["1", "2"]])
    assert said(result) == [
        "À reprendre : 3-3, 4-99. Une paire réunit deux numéros de fiche différents, pris dans le tableau."
    ]
    assert result.cells == ()
    assert said(checked(bank, "A4-Q2", [["20", "41"]])) == []


def test_a_number_that_cannot_be_read_is_told_and_a_wrong_one_is_not(bank: Any) -> None:
    unreadable = checked(bank, "A4-Q3", {"taux": "beaucoup", "conforme": "oui"})
    assert "n’est pas un nombre" in said(unreadable)[0]
    assert [criterion.verdict for criterion in unreadable.criteria] == [Verdict.ERREUR, Verdict.A_RELIRE]
    assert said(checked(bank, "A4-Q3", {"taux": "5", "conforme": "oui"})) == []
    [unit] = said(checked(bank, "A4-Q3", {"taux": "5 euros", "conforme": "oui"}))
    assert "vous avez répondu en €, la réponse est attendue en %" in unit


def test_circled_cells_say_nothing_without_the_key(bank: Any) -> None:
    assert said(checked(bank, "A4-Q1", [["1", "nom"], ["2", "email"]])) == []


def table(bank: dict[str, LoadedActivity], activity: str, question: str, **changes: str) -> dict[str, Any]:
    """The model table with, in its first row, the given cells changed."""
    answer: dict[str, Any] = json.loads(json.dumps(bank[activity].keys[question].answer))
    for name, text in changes.items():
        answer["lignes"][0][answer["colonnes"].index(name)] = text
    return answer


def test_a_note_that_the_grid_does_not_have_is_told_and_a_wrong_one_is_not(bank: Any) -> None:
    off = checked(bank, "A6-Q1", table(bank, "06_scorer", "A6-Q1", R="7", score="47"))
    (text,) = [text for text in said(off) if "annexe 8" in text]
    assert text == "En R, l’annexe 8 ne donne que 10, 5, 0 : choisissez l’une de ces trois notes."
    assert next(message.rows for message in off.messages if message.code == "RFM-HORS-GRILLE") == ("1",)
    wrong = table(bank, "06_scorer", "A6-Q1", R="5", score="45")
    assert said(checked(bank, "A6-Q1", wrong)) == []


def test_a_sum_and_a_segment_are_judged_on_the_student_s_own_values(bank: Any) -> None:
    result = checked(bank, "A6-Q1", table(bank, "06_scorer", "A6-Q1", R="0", F="0", M="0", score="50"))
    verdicts = {criterion.id: criterion.verdict for criterion in result.criteria}
    assert verdicts["recence"] is verdicts["frequence"] is verdicts["montant"] is Verdict.A_RELIRE
    assert (verdicts["total"], verdicts["segment"]) == (Verdict.PARTIEL, Verdict.JUSTE)


def test_a_value_out_of_its_list_or_a_date_of_another_form_is_told(bank: Any) -> None:
    changes = {"civilite": "Madame", "origine": "boutique", "date_creation": "10/01/2024"}
    result = checked(bank, "A3-Q2", table(bank, "03_structurer", "A3-Q2", **changes))
    assert said(result) == [
        "Choisissez un seul format : AAAA-MM-JJ se trie correctement.",
        "Hors de la liste proposée : 2 cellules (Civilité, Origine). Choisissez une valeur de la liste, ou laissez "
        "vide.",
    ]
    assert next(message.rows for message in result.messages if message.code == "A3-LISTE") == ("1",)


def test_a_well_formed_but_wrong_table_gets_no_remark(bank: Any) -> None:
    changes = {"nom": "AUTRE", "prenom": "Autre", "ville": "LYON", "email": "autre@example.com", "age": "33"}
    assert said(checked(bank, "A3-Q2", table(bank, "03_structurer", "A3-Q2", **changes))) == []


@pytest.mark.parametrize("activity", activity_ids())
def test_a_model_answer_calls_for_no_remark_and_earns_nothing_that_needs_the_key(bank: Any, activity: str) -> None:
    for question in bank[activity].activity.questions:
        result = grade(question, bank[activity].keys[question.id].answer)
        reviewed = any(criterion.check == "relecture" for criterion in question.criteria)
        assert [text for text in said(result) if not text.startswith("Votre professeur lira")] == []
        assert bool(said(result)) == reviewed
        for criterion, outcome in zip(question.criteria, result.criteria, strict=True):
            waits = checks()[criterion.check].needs_key or criterion.check == "relecture"
            assert (outcome.verdict is Verdict.A_RELIRE) == waits
            assert outcome.points == (0 if waits else criterion.points)


@pytest.mark.parametrize(
    "value", ["", "x", 3, [], {}, ["a"], {"o1": 3}, [["1"]], [[1, 2]], {"colonnes": [], "lignes": [[]]}]
)
def test_any_shape_of_answer_is_checked_without_a_key(bank: Any, value: Any) -> None:
    for one in bank.values():
        for question in one.activity.questions:
            assert grade(question, value).points >= 0
