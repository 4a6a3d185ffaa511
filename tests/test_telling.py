"""Texts that state the answer of their own question are told; ordinary texts are not."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.prepare.copying import EXCEPTIONS, NARRATIVE, telling_warnings, told_answers
from crc_lab.core.bank import LoadedActivity, load_activity
from crc_lab.core.model import Question
from crc_lab.core.resources import activity_folder, activity_ids, workbook_root
from crc_lab.core.rooms import kinds
from tests.loaded import loaded_activity

ACTIVITIES = {name: loaded_activity(name) for name in activity_ids()}
BY_ID = {question.id: (loaded, question) for loaded in ACTIVITIES.values() for question in loaded.activity.questions}


def narrative(activity: str) -> str:
    return (activity_folder(activity) / "activite.py").read_text(encoding="utf-8")


def with_hint(loaded: LoadedActivity, question: Question, hint: str) -> LoadedActivity:
    changed = (replace(one, hints=(*one.hints, hint)) if one is question else one for one in loaded.activity.questions)
    return replace(loaded, activity=replace(loaded.activity, questions=tuple(changed)))


def told_of(name: str, hint: str) -> list[str]:
    """What is told of a question to which that hint is added."""
    loaded, question = BY_ID[name]
    last = f"indice {len(question.hints) + 1}"
    return [said for one, text, said in told_answers(with_hint(loaded, question, hint)) if (one, text) == (name, last)]


def wording(name: str, option: str) -> str:
    """The wording of one item of a question."""
    _, question = BY_ID[name]
    return kinds()[question.kind].names(question.spec)[option]


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_no_text_of_the_workbook_states_its_own_answer_but_for_those_excused(activity: str) -> None:
    assert telling_warnings(ACTIVITIES[activity], narrative(activity), workbook_root()) == ()


TELLING = {
    "a rate, in a part": ("A4-Q3", "Vous devez trouver 8,33 %."),
    "the same with a point": ("A4-Q3", "… soit 8.33"),
    "an amount of a gap": ("A2-X11", "L’amende est de 375000 €."),
    "a word of a gap": ("A1-X8", "La ville est Gennevilliers !"),
    "one of the texts of a list": ("A1-Q2", "Pensez à la visioconférence ou à la boutique."),
    "a pair": ("A4-Q2", "Regardez les fiches 25 et 52."),
    "two things put together": ("A4-Q4", "Corriger « BORDAUX » en « BORDEAUX » : nettoyer"),
    "half a sentence of an open answer": ("A2-X5", "envoyer les offres et les invitations de la marque"),
    "a short number that is announced": ("A2-X18", "Vous devez trouver 14 jours."),
    "a short option that is announced": ("A7-Q3", "La bonne réponse est : non."),
    "true or false, announced": ("A1-X4", "La réponse est faux, donc."),
    "a row of a table": ("A6-Q1", "1 ; 10 ; 20 ; 20 ; 50 ; Très bons clients"),
}


@pytest.mark.parametrize("case", TELLING)
def test_a_hint_that_states_the_answer_is_told(case: str) -> None:
    name, hint = TELLING[case]
    assert told_of(name, hint)


@pytest.mark.parametrize("kind", ["choix", "choix_multiple"])
def test_the_right_options_alone_are_told_and_not_among_the_others(kind: str) -> None:
    found = [(loaded, question) for loaded, question in BY_ID.values() if question.kind == kind]
    found = [pair for pair in found if pair[1].id != "A4-X9"]  # its options are the same words in another order
    told = 0
    for loaded, question in found:
        answer = loaded.keys[question.id].answer
        right = [answer] if isinstance(answer, str) else answer
        texts = {option.id: option.text for option in question.spec.options}  # type: ignore[attr-defined]
        told += bool(told_of(question.id, "C’est : " + " ; ".join(texts[one] for one in right)))
        assert told_of(question.id, "Choisissez entre : " + " ; ".join(texts.values())) == []
    assert told == len(found) > 1


QUIET = {
    "another number": ("A4-Q3", "Divisez 5 par 60, comme 7 par 84 ; arrondissez à 0,01."),
    "digits of a longer number": ("A4-Q3", "Le numéro 018,330 n’est pas le taux, 8,335 non plus."),
    "a line of a table of data": ("A4-Q3", "| taux | 8,33 |"),
    "two numbers apart": ("A4-Q2", "Les fiches 25 à 30 ne sont pas toutes à relire."),
    "the names of the groups": ("A4-Q4", "Nettoyer, mettre à jour ou vérifier ?"),
    "both options": ("A7-Q3", "La réponse est oui ou non."),
    "another number that is announced": ("A2-X18", "Vous devez trouver 15 jours."),
    "an ordinary sentence": ("A1-X8", "Pensez à la ville où travaille l’équipe."),
}


@pytest.mark.parametrize("case", QUIET)
def test_an_ordinary_hint_is_not_told(case: str) -> None:
    name, hint = QUIET[case]
    assert told_of(name, hint) == []


def test_the_story_of_a_subject_is_read_but_not_that_of_training() -> None:
    loaded = ACTIVITIES["04_qualifier"]
    text = "# %% [markdown]\n# Le taux de retour est de 8,33 %.\n"
    assert [(one, name) for one, name, _ in told_answers(loaded, text)] == [("A4-Q3", NARRATIVE)]
    for other in ('# %% [markdown] tags=["entrainement"]\n# Il est de 8,33 %.\n', "# %%\n# 8,33\nquestion('A4-Q3')\n"):
        assert list(told_answers(loaded, other)) == []


def test_the_author_is_warned_and_may_excuse_a_text_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = Path(shutil.copytree(Path(__file__).parent / "cases" / "workbook", tmp_path / "cahier"))
    monkeypatch.setenv("CRC_LAB_CAHIER", str(root))
    path = root / "notebooks" / "09_essai" / "exercices.toml"
    before = path.read_text("utf-8")
    question = re.search(r'id = "(A9-Q1)"\n', before)
    assert question is not None
    assert main(["construire"]) == 0
    assert "À vérifier" not in capsys.readouterr().err
    number = load_activity(path.parent, root / "datasets").keys["A9-Q1"].answer
    hint = f'indices = ["La réponse est {number}."]\n'
    path.write_text(before.replace(question[0], question[0] + hint, 1), encoding="utf-8")
    if "indices" in before.split('id = "A9-Q1"')[1].split("[[question]]")[0]:
        path.write_text(
            re.sub(r'(id = "A9-Q1".*?)indices = \[', rf"\1{hint[:-2]}, ", before, count=1, flags=re.S), "utf-8"
        )
    assert main(["construire"]) == 0
    assert "À vérifier, " in (err := capsys.readouterr().err)
    assert "A9-Q1" in err
    assert "« indice 1 » dit la réponse" in err.replace("\u00a0", " ")
    (root / EXCEPTIONS).write_text('version = 1\n["A9-Q1"]\nraison = "essai"\ndits = ["indice 1"]\n', encoding="utf-8")
    assert main(["construire"]) == 0
    assert capsys.readouterr().err == ""
    path.write_text(before, encoding="utf-8")
    assert main(["construire"]) == 0
    assert "« indice 1 » n’est plus à excuser" in capsys.readouterr().err.replace("\u00a0", " ")
