"""``grade``: where points are added, with and without the key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crc_lab.core.grading import grade
from crc_lab.core.model import Criterion, Key, Part, Question, Verdict
from crc_lab.core.resources import activity_ids
from crc_lab.kinds.choices import Options
from crc_lab.kinds.parts import Parts
from tests.loaded import loaded_activity

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
LOADED = {name: loaded_activity(name) for name in activity_ids()}
QUESTIONS = [(name, question) for name, loaded in LOADED.items() for question in loaded.activity.questions]
IDS = [question.id for _, question in QUESTIONS]


def two_parts() -> tuple[Question, Key]:
    question = Question(
        id="T", kind="parties", title="", prompt="", points=3,
        spec=Parts((Part("taux", "nombre", "Taux"), Part("conforme", "choix", "Conforme", spec=Options()))),
        criteria=(
            Criterion("taux", "Taux", "nombre", 1, {"partie": "taux"}),
            Criterion("conforme", "Conforme", "choix_unique", 2, {"partie": "conforme"}),
        ),
    )  # fmt: skip
    key = Key("T", {}, criteria={"taux": {"valeur": "8.33", "tolerance": "0.05"}, "conforme": {"bonne": "non"}})
    return question, key


def test_points_are_the_sum_of_the_criteria():
    question, key = two_parts()
    result = grade(question, {"taux": "8,33 %", "conforme": "oui"}, key)
    assert (result.verdict, result.points, result.max_points) == (Verdict.PARTIEL, 1.0, 3.0)
    assert type(result.points) is float


def test_an_unreadable_part_does_not_cost_the_other():
    question, key = two_parts()
    result = grade(question, {"taux": "beaucoup", "conforme": "non"}, key)
    assert [criterion.verdict for criterion in result.criteria] == [Verdict.ERREUR, Verdict.JUSTE]
    assert result.points == 2
    assert "n’est pas un nombre" in result.messages[0].text


def test_a_missing_part_is_unanswered():
    question, key = two_parts()
    result = grade(question, {"conforme": "non"}, key)
    assert result.criteria[0].verdict is Verdict.NON_REPONDU
    assert result.verdict is Verdict.PARTIEL


def test_without_the_key_the_criteria_that_need_it_are_pending():
    question, _ = two_parts()
    result = grade(question, {"taux": "8,33", "conforme": "non"})
    assert result.verdict is Verdict.A_RELIRE
    assert result.points == 0
    assert {message.code for message in result.messages} == {"A-LA-CORRECTION"}


@pytest.mark.parametrize(("activity", "question"), QUESTIONS, ids=IDS)
def test_the_key_of_every_question_earns_full_marks_without_any_reproach(activity, question):
    key = LOADED[activity].keys[question.id]
    result = grade(question, key.answer, key)
    judged = [criterion for criterion in result.criteria if criterion.verdict is not Verdict.A_RELIRE]
    by_a_person = [one.id for one in question.criteria if one.check == "relecture"]
    assert [one.id for one in result.criteria if one.verdict is Verdict.A_RELIRE] == by_a_person
    assert {criterion.verdict for criterion in judged} <= {Verdict.JUSTE}, result.messages
    assert [criterion.points for criterion in judged] == [criterion.max_points for criterion in judged]
    assert not [cell for cell in result.cells if cell.state == "faux"]


@pytest.mark.parametrize(("activity", "question"), QUESTIONS, ids=IDS)
def test_a_blank_answer_scores_zero_and_is_called_unanswered(activity, question):
    names = list(question.given_columns)
    given_cells = {"colonnes": names, "lignes": [["1"] * len(names)]}
    for blank in (None, "", [], {}, given_cells):
        result = grade(question, blank, LOADED[activity].keys[question.id])
        assert (result.verdict, result.points) == (Verdict.NON_REPONDU, 0), blank
        assert {message.code for message in result.messages} == {"NON_REPONDU"}, blank


@pytest.mark.parametrize("activity", [name for name in activity_ids() if LOADED[name].activity.points])
def test_the_keys_of_an_activity_total_twenty_and_those_of_a_mock_exam_forty(activity):
    loaded = LOADED[activity]
    whole = 40 if "sujet" in activity else 20
    results = [grade(q, loaded.keys[q.id].answer, loaded.keys[q.id]) for q in loaded.activity.marked]
    by_a_person = sum(one.max_points for r in results for one in r.criteria if one.verdict is Verdict.A_RELIRE)
    assert sum(result.points for result in results) + by_a_person == loaded.activity.points == whole


@pytest.mark.parametrize("activity", LOADED)
@given(value=json_values)
def test_any_value_is_graded_between_zero_and_the_maximum(activity, value):
    """The value does not depend on the question: each one drawn is given to all those of the activity."""
    for question in LOADED[activity].activity.questions:
        for key in (LOADED[activity].keys[question.id], None):
            result = grade(question, value, key)
            assert 0 <= result.points <= question.points, question.id
            assert isinstance(result.to_json()["points"], float)
