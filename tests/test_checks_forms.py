"""A form to inspect: what is reported, what is concluded, what each mistake is told; and its zones in the files."""

from __future__ import annotations

from pathlib import Path

import pytest

from crc_lab.core.bank import load_activity
from crc_lab.core.errors import BankProblems
from crc_lab.core.grading import grade
from crc_lab.core.model import Criterion, Key, Option, Question, Verdict
from crc_lab.core.resources import activity_folder, datasets_folder
from crc_lab.kinds.choices import Form
from crc_lab.notebook.cards import question_spec

CRITERION = Criterion("f", "Formulaire", "formulaire", 5)
MENTIONS = tuple(Option(f"M{n}", f"Mention {n}") for n in range(1, 8))
OTHERS = (Option("MIN", "De trop"), Option("DPO", "DPO"))
QUESTION = Question("T-Q1", "formulaire", "", "", 5, (CRITERION,), Form(left=MENTIONS, options=OTHERS))
SETTINGS = {
    "conclusion": "non",
    "manquements": ["M3", "M4", "M5", "M6", "M7"],
    "attendus": 5,
    "remplacent": ["MIN"],
    "erreurs": {"M1": "E5", "DPO": "E7"},
    "sinon": "E4",
    "autre": "CONCLURE",
    "reste": "RESTE",
    "raisons": {"M3": "Personne n’y est nommé."},
}
MESSAGES = {"E4": "non", "E5": "Relisez.", "E7": "Pas dû.", "CONCLURE": "Concluez.", "RESTE": "Il en manque {n}."}
FIVE = ["M3", "M4", "M5", "M6", "M7"]


def mark(conclusion, faults, changes=None):
    key = Key("T-Q1", {}, criteria={"f": {**SETTINGS, **(changes or {})}}, messages=MESSAGES)
    return grade(QUESTION, {"conclusion": conclusion, "manquements": faults}, key)


def codes(result):
    return [message.code for message in result.messages]


@pytest.mark.parametrize(
    ("conclusion", "faults", "points", "said"),
    [
        ("non", FIVE, 5, []),
        ("non", FIVE[::-1], 5, []),
        ("Non", FIVE, 5, []),
        ("non", FIVE[:3], 3, ["RESTE"]),
        ("non", [*FIVE[:4], "MIN"], 5, []),  # it takes the place of a missing one
        ("non", [*FIVE, "MIN"], 5, []),
        ("non", [*FIVE, "M1"], 3, ["E5"]),
        ("non", [*FIVE, "M1", "M2"], 1, ["E5"]),
        ("non", ["DPO"], 0, ["E7", "RESTE"]),
        ("non", ["Mention 3", "m4"], 2, ["RESTE"]),  # by its wording, typed elsewhere
        ("oui", FIVE, 0, ["E4"]),
        ("", FIVE, 0, ["CONCLURE"]),
        ("non", [], 0, ["RESTE"]),
    ],
)
def test_each_fault_counts_once_the_form_is_judged(conclusion, faults, points, said):
    result = mark(conclusion, faults)
    assert (result.points, codes(result)) == (points, said)
    assert all(message.text == f"Il en manque {5 - points}." for message in result.messages if message.code == "RESTE")


def test_a_form_without_fault_is_judged_on_what_is_reported_wrongly():
    settings = {"conclusion": "oui", "manquements": [], "remplacent": []}
    assert mark("oui", [], settings).verdict is Verdict.JUSTE
    assert mark("oui", ["M1"], settings).points == 3
    assert mark("non", [], settings).points == 0


def test_only_what_was_reported_is_commented():
    (criterion,) = mark("non", ["M3", "M1"]).criteria
    assert [(note.row, note.state, note.text) for note in criterion.cells] == [
        ("M3", "juste", "Personne n’y est nommé."),
        ("M1", "faux", ""),
        ("conclusion.non", "juste", ""),
    ]


@pytest.mark.parametrize("value", [{"conclusion": ["non"]}, {"manquements": 3}, {"manquements": [["M3"]]}, ["M3"]])
def test_another_shape_is_refused_in_french_and_nothing_said_is_no_answer(value):
    key = Key("T-Q1", {}, criteria={"f": SETTINGS}, messages=MESSAGES)
    result = grade(QUESTION, value, key)
    assert result.verdict is Verdict.ERREUR
    assert result.messages[0].text.startswith("Cette réponse n’a pas la forme attendue")
    assert mark("", []).verdict is grade(QUESTION, {}, key).verdict is Verdict.NON_REPONDU


# --- the question files -------------------------------------------------------------------------------------------

EXERCISES = """
version = 1
activite = "01_t"
numero = 1
titre = "T"
points = 1
duree = "1 h"
[[question]]
id = "T-Q1"
genre = "{kind}"
titre = "T"
enonce = "?"
points = 1
gauche = [{{ id = "M1", texte = "Identité" }}]
{form}
[[question.critere]]
id = "f"
libelle = "F"
points = 1
controle = "formulaire"
"""
FORM = """
[question.formulaire]
titre = "Gagnez !"
conclusion = "Respecté ?"
zones = [{ id = "z1", genre = "case", texte = "J’accepte", cochee = true }]
"""


def load(folder: Path, form: str, kind: str = "formulaire"):
    (folder / "exercices.toml").write_text(EXERCISES.format(kind=kind, form=form), "utf-8")
    return load_activity(folder, folder).activity


def test_the_zones_of_a_form_reach_its_card(tmp_path):
    activity = load(tmp_path, FORM)
    shown = question_spec(activity.questions[0], activity, "entrainement")["formulaire"]
    assert shown["zones"] == [{"id": "z1", "genre": "case", "texte": "J’accepte", "obligatoire": False, "cochee": True}]
    assert (shown["titre"], shown["conclusion"]) == ("Gagnez !", "Respecté ?")


@pytest.mark.parametrize(
    ("form", "kind", "said"),
    [
        ("", "formulaire", "« formulaire »"),
        (FORM, "texte", "« formulaire »"),
        (FORM.replace('genre = "case"', 'genre = "menu"'), "formulaire", "genre « menu » inconnu"),
        (FORM.replace('titre = "Gagnez !"', ""), "formulaire", "le champ « titre » manque"),
    ],
)
def test_a_form_that_cannot_be_shown_is_a_mistake_of_the_files(tmp_path, form, kind, said):
    with pytest.raises(BankProblems) as problems:
        load(tmp_path, form, kind)
    assert said in str(problems.value)


def test_a_text_with_gaps_names_each_of_its_parts_once(tmp_path):
    source = (activity_folder("01_crc") / "exercices.toml").read_text("utf-8")
    (tmp_path / "exercices.toml").write_text(source.replace("à {boutique}", "ailleurs"), "utf-8")
    with pytest.raises(BankProblems, match="la trame, pour le genre « trous », nomme chaque partie une fois"):
        load_activity(tmp_path, datasets_folder())
