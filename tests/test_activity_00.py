"""The welcome: two unmarked trials, and a page that tells the truth about the rest of the workbook."""

import re

import pytest

from crc_lab.core.bank import load_activity
from crc_lab.core.grading import grade
from crc_lab.core.model import Verdict
from crc_lab.core.resources import activity_folder, activity_ids, datasets_folder
from crc_lab.notebook.cards import question_spec

FOLDER = activity_folder("00_accueil")
LOADED = load_activity(FOLDER, datasets_folder())
QUESTIONS = {question.id: question for question in LOADED.activity.questions}
NARRATIVE = (FOLDER / "activite.py").read_text("utf-8")


def answer(question, value):
    return grade(QUESTIONS[question], value, LOADED.key(question))


def codes(result):
    return [message.code for message in result.messages]


def cells(*codes_postaux):
    return {
        "colonnes": ["N°", "code_postal"],
        "lignes": [[str(n), code] for n, code in enumerate(codes_postaux, start=1)],
    }


def test_nothing_is_marked():
    assert LOADED.activity.points == 0
    assert LOADED.activity.marked == ()
    assert list(QUESTIONS) == ["A0-Q1", "A0-Q2"]


def test_the_grid_shows_three_records_and_one_column_to_fill():
    table = question_spec(QUESTIONS["A0-Q2"], LOADED.activity, "entrainement")["tableau"]
    assert [row[0] for row in table["lignes"]] == ["1", "2", "3"]
    assert [column["nom"] for column in table["colonnes"] if column["saisie"]] == ["code_postal"]
    for row, code in zip(table["lignes"], ("75019", "75019", "44000"), strict=True):
        assert code in row[2]
        assert row[3] == ""


@pytest.mark.parametrize(
    ("value", "verdict", "found"),
    [
        (cells("75019", " 75019 ", "44000"), Verdict.JUSTE, []),
        (cells("75019", "75019", ""), Verdict.PARTIEL, ["A0-E4"]),
        (cells("75019", "75020", "44000"), Verdict.PARTIEL, ["A0-E3"]),
        (cells("PARIS", "PARIS", "NANTES"), Verdict.FAUX, ["A0-E3"]),
        (cells("", "", ""), Verdict.NON_REPONDU, ["NON_REPONDU"]),
        ({"colonnes": ["code_postal", "N°"], "lignes": [["44000", "3"], ["75019", "1"]]}, Verdict.PARTIEL, ["A0-E4"]),
    ],
)
def test_each_cell_of_the_trial_is_checked(value, verdict, found):
    result = answer("A0-Q2", value)
    assert (result.verdict, codes(result)) == (verdict, found)


def test_a_wrong_cell_names_its_record():
    assert answer("A0-Q2", cells("75019", "75020", "44000")).messages[0].rows == ("2",)


def test_the_table_of_activities_is_that_of_the_workbook():
    shown = re.findall(r"^# \| (\d+) \| \[([^]]+)\]\(([^)]+)\) \| ([^|]+) \|$", NARRATIVE, re.MULTILINE)
    wanted = []
    for name in activity_ids():
        activity = load_activity(activity_folder(name), datasets_folder(), with_keys=False).activity
        if activity.number:
            wanted.append((str(activity.number), activity.title, f"../{name}/{name}.ipynb", activity.duration))
    assert shown == wanted


def test_the_words_of_the_page_are_those_of_the_screen():
    """A button or a state that the page names is one that the cards and the plugin show."""
    root = FOLDER.parent.parent / "crc_lab"
    scripts = [*(root / "notebook" / "js").rglob("*.js"), *(root / "lab" / "labextension").rglob("*.js*")]
    screen = "".join(path.read_text("utf-8") for path in scripts).replace("\u00a0", " ")
    page = NARRATIVE.replace("\u00a0", " ").replace("\n# ", " ")
    for words in (
        "Vérifier",
        "Voir le corrigé",
        "Télécharger le modèle Excel",
        "Déposer mon fichier Excel",
        "Tout relancer",
        "Rendre mon travail",
        "Préparer mon fichier",
        "Aide clavier",
        "Afficher le code",
        "⚠ non enregistré",
        "⚠ pas encore enregistré",
        "gardé à côté du carnet",
        "moteur de calcul",
        ".reponses.json",
        "vérifié à la correction",
    ):
        assert words in page, words
        assert words.lower() in screen.lower(), words


def test_the_page_speaks_of_the_name_that_stays_in_the_file():
    assert "Votre nom" in NARRATIVE
    assert "rien n’est envoyé sur internet" in NARRATIVE.replace("\n# ", " ")
