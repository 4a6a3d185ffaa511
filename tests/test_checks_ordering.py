"""Items to put in order."""

from __future__ import annotations

import pytest

from crc_lab.core.grading import grade
from crc_lab.core.model import Criterion, Key, Option, Question, Verdict
from crc_lab.kinds.choices import Options

QUESTION = Question(
    id="X", kind="ordre", title="", prompt="", points=4,
    criteria=(Criterion("ordre", "L’ordre", "ordre", 4),),
    spec=Options(
        tuple(Option(name, text) for name, text in zip("cadb", ("Trois", "Un", "Quatre", "Deux"), strict=True))
    ),
)  # fmt: skip
KEY = Key(
    "X", list("abcd"),
    criteria={"ordre": {"attendu": list("abcd"), "erreurs": {"inverse": "INVERSE"}, "sinon": "ORDRE",
                        "raisons": {"a": "Toujours en premier."}}},
    messages={"INVERSE": "À l’envers.", "ORDRE": "À revoir."},
)  # fmt: skip


@pytest.mark.parametrize(
    ("given", "points", "code"),
    [
        ("abcd", 4, None),
        ("abdc", 2, "ORDRE"),
        ("bacd", 2, "ORDRE"),
        ("dcba", 0, "INVERSE"),
        ("bcda", 0, "ORDRE"),
        ("abc", 3, "ORDRE"),
        ("aaaa", 0, "ORDRE"),
        ("abcde", 0, "ORDRE"),
        ("axcd", 3, "ORDRE"),
    ],
)
def test_each_item_at_its_place_earns_its_share(given, points, code):
    result = grade(QUESTION, list(given), KEY)
    assert result.points == points
    assert [message.code for message in result.messages] == ([code] if code else [])


def test_items_may_be_named_by_their_wording():
    assert grade(QUESTION, ["un", "DEUX", "Trois", "quatre"], KEY).verdict is Verdict.JUSTE


def test_the_remark_of_an_item_comes_once_it_is_at_its_place():
    notes = {cell.row: (cell.state, cell.text) for cell in grade(QUESTION, list("abdc"), KEY).cells}
    assert notes == {"a": ("juste", "Toujours en premier."), "b": ("juste", ""), "c": ("faux", ""), "d": ("faux", "")}
    assert grade(QUESTION, list("bacd"), KEY).cells[1].text == ""


def test_nothing_put_in_order_is_no_answer():
    assert grade(QUESTION, [], KEY).verdict is Verdict.NON_REPONDU
    assert grade(QUESTION, list("abcd")).verdict is Verdict.A_RELIRE
