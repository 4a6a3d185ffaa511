"""What a short answer never earns alone, where a model reads: denials, swaps, copies, words in a row."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.exemplars import report
from autograder.exemplars.lines import FILE
from crc_lab.core.bank import LoadedActivity, load_activity
from crc_lab.core.grading import grade
from crc_lab.core.model import TO_CHECK, Criterion, CriterionResult, Question
from crc_lab.core.resources import datasets_folder
from crc_lab.core.rooms import checks
from crc_lab.reading.reader import LISTING, TWO, reader_of

ROOT = Path(__file__).resolve().parent.parent
UNPAID = tomllib.loads((ROOT / "tests" / "cases" / "unpaid.toml").read_text(encoding="utf-8"))
FOLDERS = [path.parent for path in sorted((ROOT / "notebooks").glob(f"*/{FILE}"))]
LOADED = {folder: load_activity(folder, datasets_folder()) for folder in FOLDERS}


def criteria() -> Iterator[tuple[str, LoadedActivity, Question, Criterion]]:
    """Each criterion that counts ideas which a model reads, under the name of its exemplars."""
    for loaded in LOADED.values():
        for question in loaded.activity.questions:
            for one in question.criteria:
                settings = loaded.keys[question.id].criteria.get(one.id, {})
                if one.check == "textes_courts" and "lecture" in settings:
                    yield settings["lecture"], loaded, question, one


READ = [*criteria()]


def marked(loaded: LoadedActivity, question: Question, criterion: Criterion, text: str, **more: Any) -> CriterionResult:
    """What a criterion gives an answer that holds this text alone."""
    key = loaded.keys[question.id]
    answer = key.answer[criterion.part] if criterion.part else key.answer
    value: Any = (
        [text] if isinstance(answer, list) else {**answer, "raison": text, **more} if isinstance(answer, dict) else text
    )
    result = grade(question, {**key.answer, criterion.part: value} if criterion.part else value, key)
    return next(one for one in result.criteria if one.id == criterion.id)


def paid(result: CriterionResult) -> bool:
    """Whether points are given, and nobody is asked to look."""
    return result.points > 0 and TO_CHECK not in {message.code for message in result.messages}


SAID = [(name, text) for name, sorts in UNPAID.items() for sort, texts in sorts.items() for text in texts]


@pytest.mark.parametrize(("name", "text"), SAID, ids=[f"{name}-{text[:30]}" for name, text in SAID])
def test_denials_swaps_and_words_in_a_row_are_not_paid_alone(name: str, text: str) -> None:
    found = [marked(loaded, question, one, text) for of, loaded, question, one in READ if of == name]
    assert found
    assert [one.points for one in found if paid(one)] == []


def test_every_question_has_its_denials() -> None:
    names = {name for name, *_ in READ if "-Q" in name}
    assert {name for name in names if UNPAID.get(name, {}).get("nies")} == names


@pytest.mark.parametrize(
    ("loaded", "question", "criterion"), [of[1:] for of in READ], ids=[f"{q.id}-{c.id}" for _, _, q, c in READ]
)
def test_what_the_page_says_is_not_paid(loaded: LoadedActivity, question: Question, criterion: Criterion) -> None:
    for text in (question.title, question.prompt, *question.hints):
        assert not paid(marked(loaded, question, criterion, text)), text


@pytest.mark.parametrize(
    ("part", "choice", "other", "reason"),
    [
        ("b2b", "non", "oui", "La liste ne contient que des numéros de consommateurs"),
        ("b2c", "oui", "non", "Il est obligatoire de vérifier le fichier avant la campagne"),
    ],
)
def test_a_reason_that_goes_with_the_other_choice_pays_nothing_and_is_told(
    part: str, choice: str, other: str, reason: str
) -> None:
    loaded, question, criterion = next(
        (loaded, question, one) for _, loaded, question, one in READ if question.id == "A2-Q4" and one.part == part
    )
    with_its_own = marked(loaded, question, criterion, reason, choix=choice)
    against = marked(loaded, question, criterion, reason, choix=other)
    assert (with_its_own.points, against.points) == (0.5, 0)
    assert [message.code for message in against.messages] == ["A2-CONTRAIRE"]


@pytest.mark.parametrize(
    ("text", "doubted"),
    [
        ("récence : le nombre d’achats", True),
        ("fréquence c’est le montant dépensé", True),
        ("fréquence : le nombre d’achats", False),
        ("montant : combien il dépense", False),
    ],
)
def test_a_definition_that_says_another_idea_than_its_name_is_doubted(text: str, doubted: bool) -> None:
    folder = next(path for path in FOLDERS if path.name == "05_segmenter")
    models = next(iter(LOADED[folder].keys.values())).models
    settings = report.criteria(folder)["A5-Q1"]
    reading = report.read(text, models["A5-Q1"], settings)
    assert (TWO in reading.doubts.values() or not reading.yes) is doubted


def test_words_in_a_row_are_doubted_where_a_sentence_is_asked_and_nowhere_else() -> None:
    folder = next(path for path in FOLDERS if path.name == "02_reglementation")
    model = next(iter(LOADED[folder].keys.values())).models["A2-Q4b2b"]
    text = "la liste des consommateurs, les particuliers, pas les professionnels"
    assert LISTING in reader_of(model).read(text, sentence=True).doubts.values()
    assert LISTING not in reader_of(model).read(text).doubts.values()
    assert checks()["textes_courts"].kinds == ("texte", "textes", "vrai_faux")
