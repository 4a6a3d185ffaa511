"""The student's commands: what they show, and sentences instead of tracebacks."""

import json

import pandas as pd
import pytest

import crc_lab
from crc_lab.notebook import commands
from crc_lab.notebook.cards import Cards
from crc_lab.notebook.widgets import Carte, Progression, Rendre
from tests.loaded import loaded_activity

KEY = loaded_activity("06_scorer").keys["A6-Q1"].answer


@pytest.fixture
def shown(monkeypatch, tmp_path):
    """What the commands display: widgets as they are, HTML as text (no-break spaces made plain)."""
    things = []
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(commands, "show", things.append)
    monkeypatch.setattr(commands, "show_html", lambda html: things.append(html.replace("\u00a0", " ")))
    monkeypatch.setattr(commands, "_open", [])
    monkeypatch.setattr(commands, "_on_screen", {})
    return things


@pytest.fixture
def begun(shown):
    crc_lab.debut("06_scorer")
    return shown


def frame():
    return pd.DataFrame(KEY["lignes"], columns=KEY["colonnes"])


def test_the_cards_of_an_activity_are_shown(begun):
    crc_lab.progression()
    crc_lab.question("A6-Q1")
    crc_lab.rendre()
    kinds = zip(begun, (Progression, Carte, Rendre), strict=True)
    assert all(isinstance(thing, kind) for thing, kind in kinds)


def test_a_command_before_the_beginning_says_what_to_do(shown):
    crc_lab.question("A6-Q1")
    assert "Tout relancer" in shown[0]


def test_an_unknown_question_or_activity_is_a_sentence(begun):
    crc_lab.question("A6-Q9")
    assert "Vouliez-vous dire" in begun[0]
    assert 'role="alert"' in begun[0]
    crc_lab.debut("06_scoreur")
    assert "« 06_scorer »" in begun[1]


def test_a_frame_is_checked_and_kept_with_its_source(begun):
    crc_lab.verifier("A6-Q1", frame())
    assert "20 / 20" in begun[0]
    answer = commands.current().session.answer("A6-Q1")
    assert (answer.source, answer.tries) == ("code", 1)
    assert commands.current().card("A6-Q1").valeur == answer.value


def test_a_frame_with_numbers_and_its_key_as_index_is_the_same_answer(begun):
    typed = frame().astype(dict.fromkeys(("R", "F", "M", "score"), "Int64"), errors="ignore")
    numbers = typed.set_index("id_contact")
    crc_lab.verifier("A6-Q1", numbers)
    assert "20 / 20" in begun[0]


def test_without_a_value_the_answer_of_the_card_is_checked(begun):
    crc_lab.verifier("A6-Q1")
    assert "Pas encore répondu" in begun[0]


def test_a_template_is_written_and_read_back(begun, tmp_path):
    crc_lab.verifier("A6-Q1", frame())
    crc_lab.exporter_excel("A6-Q1")
    assert (tmp_path / "A6-Q1.xlsx").is_file()
    crc_lab.debut("06_scorer")
    crc_lab.importer_excel("A6-Q1.xlsx")
    assert commands.current().session.answer("A6-Q1") is None, "a preview comes first"
    assert isinstance(begun[-1], Carte)
    crc_lab.importer_excel("A6-Q1.xlsx", remplacer=True)
    crc_lab.verifier("A6-Q1")
    assert "20 / 20" in begun[-1]


def test_a_file_that_names_no_question_asks_for_one(begun, tmp_path):
    (tmp_path / "notes.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    crc_lab.importer_excel("notes.csv")
    assert "précisez-la" in begun[0]


def test_a_missing_file_is_a_sentence(begun):
    crc_lab.importer_excel("absent.xlsx", "A6-Q1")
    assert "absent.xlsx" in begun[0]


@pytest.mark.usefixtures("begun")
def test_beginning_again_keeps_one_activity():
    crc_lab.debut("04_qualifier")
    assert isinstance(commands.current(), Cards)
    assert commands.current().session.activity.id == "04_qualifier"


@pytest.mark.parametrize(
    ("command", "names"),
    [(crc_lab.question, ("A6-Q1",)), (crc_lab.progression, ()), (crc_lab.rendre, ()), (crc_lab.parcours, ())],
)
def test_a_card_made_again_takes_the_place_of_the_one_before(begun, command, names):
    command(*names)
    command(*names)
    crc_lab.debut("06_scorer")
    assert all(card.comm is not None for card in begun), "the page keeps its cards until there are others"
    command(*names)
    *before, after = begun
    assert after.comm is not None
    assert {card.comm for card in before} == {None}


def test_an_answer_given_by_code_is_checked_without_points_in_an_assessment(shown, tmp_path):
    sheet = {"version": 1, "activite": "06_scorer", "edition": "evaluation", "reponses": {}}
    (tmp_path / "06_scorer.ipynb").write_text(json.dumps({"metadata": {"crc_lab": sheet}}), encoding="utf-8")
    crc_lab.debut("06_scorer")
    crc_lab.verifier("A6-Q1", frame())
    assert "Récence (R) : vérifié à la correction" in shown[-1]
    assert "Score : somme de vos trois notes : rien à signaler" in shown[-1]
    assert not any(text in shown[-1] for text in ("juste", "/ 4", "/ 20"))


def test_the_notebook_of_a_subject_without_its_files_is_a_sentence(shown, tmp_path):
    sheet = {"version": 1, "activite": "06_scorer", "edition": "evaluation", "sujet": "controle-1", "reponses": {}}
    (tmp_path / "06_scorer.ipynb").write_text(json.dumps({"metadata": {"crc_lab": sheet}}), encoding="utf-8")
    crc_lab.debut("06_scorer")
    assert "Ce carnet appartient au sujet « controle-1 »" in shown[0]
    assert "Vos réponses sont dans le carnet" in shown[0]
    crc_lab.question("A6-Q1")
    assert "Commencez par la première cellule" in shown[1]
