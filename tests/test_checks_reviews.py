"""Open answers: no point by words, known mistakes told, a rubric for the teacher and the rules it follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from crc_lab.core.bank import load_activity
from crc_lab.core.errors import BankProblems
from crc_lab.core.grading import grade
from crc_lab.core.model import Criterion, Key, Question, Verdict

CRITERION = Criterion("fiche", "Fiche", "relecture", 3)
QUESTION = Question("T-Q1", "ouverte", "", "", 3, (CRITERION,))
RUBRIC = [
    {"points": 2, "texte": "Rôle de la CNIL", "mots": ["cnil", "sanctions?"]},
    {"points": 0.5, "texte": "Durée de conservation", "mots": ["durée"]},
    {"points": 0.5, "texte": "Rédaction"},
]
ERRORS = [{"motifs": ["declarer .*cnil"], "code": "E1"}]
KEY = Key("T-Q1", "", criteria={"fiche": {"grille": RUBRIC, "erreurs": ERRORS}}, messages={"E1": "C’était avant 2018."})


def test_an_open_answer_waits_for_a_person_whatever_its_words():
    for text in ("La CNIL contrôle et sanctionne. La durée est limitée.", "Rien."):
        result = grade(QUESTION, text, KEY)
        assert (result.verdict, result.points) == (Verdict.A_RELIRE, 0)
        assert [message.code for message in result.messages] == ["A-RELIRE"]
    assert "auto-évaluation n’y change rien" in result.messages[0].text


def test_the_teacher_reads_which_words_of_the_rubric_are_there():
    (criterion,) = grade(QUESTION, "La CNIIL peut donner des sanctions", KEY).criteria
    assert [message.text.replace("\u00a0", " ") for message in criterion.teacher] == [
        "Mots repérés : sanctions → critère 1.",
    ]
    assert "A-VERIFIER" not in {message.code for message in criterion.messages}


def test_words_are_given_as_the_student_wrote_them_each_once():
    rubric = [{"points": 3, "texte": "Objectif", "mots": ["fidélis", "récompens", "chiffre d affaire", r"\bbut\b"]}]
    key = Key("T-Q1", "", criteria={"fiche": {"grille": rubric}})
    text = "FIDÉLISER les clients, c’est le BUT :\nfidéliser et récompenser, pour le Chiffre  d’affaires. Un début."
    (criterion,) = grade(QUESTION, text, key).criteria
    (said,) = criterion.teacher
    assert said.text == "Mots repérés : FIDÉLISER, BUT, récompenser, Chiffre d’affaires → critère 1."
    assert grade(QUESTION, "Un début, un rebut.", key).criteria[0].teacher == ()


def test_a_known_mistake_of_an_open_answer_is_told_unless_it_is_denied():
    def said(text):
        return [message.code for message in grade(QUESTION, text, KEY).messages]

    assert said("Il faut déclarer le fichier à la CNIL.") == ["A-RELIRE", "E1"]
    assert said("Il ne faut plus déclarer le fichier à la CNIL.") == ["A-RELIRE"]


def test_without_the_key_an_open_answer_still_waits_for_a_person():
    result = grade(QUESTION, "La CNIL.")
    assert result.verdict is Verdict.A_RELIRE
    assert result.criteria[0].teacher == ()


def test_a_list_of_texts_may_be_read_by_a_person_too():
    assert grade(Question("T-Q1", "textes", "", "", 3, (CRITERION,)), ["La CNIL"], KEY).verdict is Verdict.A_RELIRE


# --- the question files -------------------------------------------------------------------------------------------

EXERCISES = """
version = 1
activite = "01_t"
numero = 1
titre = "T"
points = 3
duree = "1 h"
[[question]]
id = "T-Q1"
genre = "ouverte"
titre = "T"
enonce = "?"
points = 3
[[question.critere]]
id = "fiche"
libelle = "Fiche"
points = 3
controle = "relecture"
"""
KEYS = """
version = 1
activite = "01_t"
["T-Q1"]
reponse = "…"
explication = ""
["T-Q1".criteres.fiche]
"""


def load(folder: Path, settings: str):
    (folder / "exercices.toml").write_text(EXERCISES, "utf-8")
    (folder / "corrige.toml").write_text(KEYS + settings, "utf-8")
    return load_activity(folder, folder)


def test_a_rubric_adds_up_to_its_criterion(tmp_path):
    loaded = load(tmp_path, 'grille = [{ points = 2.5, texte = "a" }, { points = 0.5, texte = "b", mots = ["c"] }]')
    assert len(loaded.key("T-Q1").criteria["fiche"]["grille"]) == 2


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('grille = [{ points = 2, texte = "a" }]', "la grille totalise 2 points, le critère en vaut 3"),
        ('grille = [{ texte = "a" }]', "le champ « points » manque"),
        ('grille = [{ points = 3, texte = "a", mots = ["(b"] }]', "motif « (b » illisible"),
        ('erreurs = [{ code = "E1" }]', "le champ « motifs » manque"),
        ('erreurs = [{ code = "E1", motifs = ["b", "(c"] }]', "motif « (c » illisible"),
    ],
)
def test_a_rubric_that_cannot_be_used_is_a_mistake_of_the_files(tmp_path, settings, said):
    with pytest.raises(BankProblems) as problems:
        load(tmp_path, settings)
    assert "corrige.toml, ligne 8, T-Q1, critère « fiche »" in str(problems.value)
    assert said in str(problems.value)
