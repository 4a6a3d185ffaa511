"""Ways of answering without looking: every kind offers its own, and no question of the workbook pays for them."""

from __future__ import annotations

from collections import defaultdict
from fnmatch import fnmatchcase

import pytest

from autograder.prepare.copying import EXCEPTIONS, MOST, _share, _text_criteria, lazy_answers
from crc_lab.core.grading import grade
from crc_lab.core.idle import filled, follows_a_pattern, some_of
from crc_lab.core.model import Question
from crc_lab.core.problems import parse_toml
from crc_lab.core.resources import activity_ids, workbook_root
from tests.loaded import loaded_activity

LOADED = [loaded_activity(name) for name in activity_ids()]
EXCUSED = parse_toml((workbook_root() / EXCEPTIONS).read_bytes())
WAYS = {
    "association": ["le choix n°* partout", "tour à tour", "par blocs", "moitié, moitié", "*à l’envers"],
    "choix_multiple": ["tout", "le premier", "les 2 premiers", "un sur deux"],
    "coches": ["*partout", "*tour à tour", "*par blocs"],
    "dialogue": ["la réplique la plus longue*", "la réplique la plus courte*", "*étapes : tour à tour"],
    "formulaire": ["« oui », tout", "« non », les 2 premiers"],
    "ordre": ["l’ordre affiché", "l’ordre affiché, à l’envers", "*échangés"],
    "parties": ["*tour à tour*", "*par blocs*", "*l’option la plus longue*"],
    "planning": ["*toute la journée", "les heures de * pour tous", "*une plus tard chaque fois", "*tour à tour"],
    "surlignage": ["les passages, tout*", "les passages, les 2 premiers*", "tout le texte, tour à tour"],
    "tableau": ["la ligne * partout", "*recopié partout", "tour à tour", "par blocs"],
}
"""What must be tried, by kind."""


def asked(name: str) -> Question:
    return next(one for loaded in LOADED for one in loaded.activity.questions if one.id == name)


def test_no_lazy_answer_earns_more_than_a_quarter_but_those_that_are_excused_by_name() -> None:
    tried, paid, above = defaultdict(set), set(), []
    for loaded in LOADED:
        answers = {name: key.answer for name, key in loaded.keys.items()}
        for question in loaded.activity.questions:
            for one in lazy_answers(question, loaded.keys[question.id], answers):
                tried[question.kind].add(one.name)
                if one.share > MOST:
                    paid |= {question.id} if question.points else set()
                    known = EXCUSED.get(question.id, {}).get("paresse", ())
                    above += [] if any(fnmatchcase(one.name, way) for way in known) else [(question.id, one.name)]
    assert above == []
    assert not paid
    missing = [
        (kind, way) for kind, ways in WAYS.items() for way in ways if not any(fnmatchcase(n, way) for n in tried[kind])
    ]
    assert missing == []


def test_a_series_is_filled_in_turn_in_blocks_and_half_and_half_from_both_ends() -> None:
    found = {about: "".join(values) for about, values in filled(7, "abc")}
    everywhere, first, last = ["aaaaaaa", "bbbbbbb", "ccccccc"], ["abcabca", "aaabbcc"], ["cbacbac", "cccbbaa"]
    assert list(found.values()) == [*everywhere, *first, "aaaabbb", *last, "ccccbbb"]
    assert [values for _, values in filled(0, "abc")] == [values for _, values in filled(3, "")] == []
    assert [values for _, values in filled(2, "a")] == [["a", "a"]]
    assert ["".join(values) for _, values in some_of("abcd")] == ["abcd", "a", "ab", "abc", "ac", "bd"]


@pytest.mark.parametrize(
    ("chosen", "options", "right", "told"),
    [
        ([0, 1, 2] * 4, 3, 4, True),
        ([0, 1, 2] * 4, 3, 5, False),  # better than chance
        ([0, 1, 2] * 3 + [0, 1, 0], 3, 4, False),  # someone chose
        ([0, 1] * 4, 2, 4, False),  # 256 ways: it may be a coincidence
        ([0, 1] * 5, 2, 5, True),
        ([-1, 1, 2, 0, 1, 2], 3, 0, False),  # not answered
        ([0] * 12, 1, 0, False),
    ],
)
def test_only_a_long_series_that_is_no_better_than_chance_is_told_to_follow_a_pattern(
    chosen: list[int], options: int, right: int, *, told: bool
) -> None:
    assert follows_a_pattern(chosen, options, right) is told


def test_a_planning_where_all_begin_together_earns_a_quarter_at_most_and_one_with_a_mistake_keeps_its_points() -> None:
    loaded = next(one for one in LOADED if one.activity.question("R6-Q2"))
    question, key = asked("R6-Q2"), loaded.keys["R6-Q2"]
    agents = {one.id: one for one in question.spec.agents if not one.absent}
    together = {name: list(range(9, 9 + one.hours)) for name, one in agents.items()}
    result = grade(question, together, key)
    assert 0 < result.points <= question.points / 4
    assert "TOUS-ENSEMBLE" in {message.code for message in result.messages}
    but_one = {**together, "P8": [13, 14, 15, 16]}
    assert grade(question, but_one, key).points > question.points / 4
    model = {name: list(hours) for name, hours in key.answer.items()}
    assert grade(question, {**model, "P8": []}, key).points > question.points * 0.7


def test_a_text_picked_out_up_to_its_middle_earns_nothing_and_its_faults_only_keep_their_points() -> None:
    loaded = next(one for one in LOADED if one.activity.question("R5-Q1"))
    question, key = asked("R5-Q1"), loaded.keys["R5-Q1"]
    names = list(question.spec.segments)
    for picked in (names[:8], names[:12], names[::2], names[1::2]):
        assert grade(question, picked, key).points == 0
    faults = [name for name in names if name in key.answer]
    assert (
        grade(question, dict.fromkeys(faults[:6], key.answer[faults[0]]), key).points > 0.7 * 4 * 6 / len(faults) - 1e-6
    )
    assert grade(question, [*faults[:7], names[3]], key).points > 1


@pytest.mark.parametrize(
    "said", ["oui", "je pense que oui", "ça dépend", "jsp", "je ne sais pas", "c’est vrai", "lol mdr", "…", "azerty"]
)
def test_saying_nothing_of_the_question_earns_nothing_not_even_in_doubt(said: str) -> None:
    """A noncommittal word looks like others by its letters (« dépend », « dépense »)."""
    for loaded in LOADED:
        for question in loaded.activity.questions:
            key = loaded.keys.get(question.id)
            for part, criteria in _text_criteria(question).items() if key else ():
                if any("lecture" in key.criteria.get(one.id, {}) for one in criteria):
                    assert _share(question, key, criteria, said) == 0, f"{question.id} {part}"
