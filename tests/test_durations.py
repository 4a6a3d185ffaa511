"""Each marked activity says how long it takes, in training and in an assessment: what is measured on its page."""

from __future__ import annotations

import re

import pytest

from crc_lab.core.resources import activity_folder, activity_ids
from tests.sample_copies import loaded
from tools.durations import minutes

MARKED = [name for name in activity_ids() if name not in ("00_accueil", "08_lexique")]
DECIDED = {"01_crc": (90, 40), "02_reglementation": (210, 75), "03_structurer": (150, 60), "05_segmenter": (90, 30)}
"""What a teacher decided after reading (corrections C18)."""
LEAST, MOST = 0.6, 1.6
"""What is said, over what is measured: a class is not a stopwatch."""


def in_minutes(text: str) -> int:
    """« 1 h 15 », « 40 min », « 3 heures » in minutes."""
    found = re.fullmatch(r"(?:(\d+) ?h(?:eures?)?)? ?(\d+)?(?: ?min(?:utes)?)?", text.replace("\u00a0", " ").strip())
    assert found, text
    return 60 * int(found[1] or 0) + int(found[2] or 0)


@pytest.mark.parametrize("activity", MARKED)
def test_what_is_said_of_the_time_is_what_is_measured(activity: str) -> None:
    whole = loaded(activity)
    source = (activity_folder(activity) / "activite.py").read_text(encoding="utf-8")
    said = {"entrainement": whole.activity.duration, "evaluation": whole.activity.exam_duration}
    for edition, text in said.items():
        ratio = in_minutes(text) / minutes(whole, source, edition)
        assert LEAST <= ratio <= MOST, f"{edition}: {text}, {ratio:.2f}"
    assert in_minutes(said["evaluation"]) <= in_minutes(said["entrainement"])
    if head := re.search(r"\*\*\d+ points? · environ ([^*·,]+?)\*\*", source):
        assert in_minutes(head[1]) == in_minutes(said["entrainement"])


@pytest.mark.parametrize("activity", DECIDED)
def test_the_durations_that_were_decided_are_there(activity: str) -> None:
    whole = loaded(activity).activity
    assert (in_minutes(whole.duration), in_minutes(whole.exam_duration)) == DECIDED[activity]


@pytest.mark.parametrize("activity", MARKED)
def test_the_time_of_the_training_is_not_said_in_the_assessment(activity: str) -> None:
    source = (activity_folder(activity) / "activite.py").read_text(encoding="utf-8")
    for cell in re.split(r"^# %%", source, flags=re.MULTILINE)[1:]:
        if "environ" in cell and re.search(r"environ \d", cell):
            assert '"entrainement"' in cell.partition("\n")[0] or "points · environ" not in cell
