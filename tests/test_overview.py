"""The whole workbook at a glance: other notebooks are read, never written, and a bad file costs only its line."""

import json
import shutil

import pytest

from crc_lab.core.bank import load_activity
from crc_lab.core.resources import activity_folder, activity_ids, datasets_folder
from crc_lab.core.sheet import Answer, AnswerSheet, write_sidecar
from crc_lab.notebook import commands
from crc_lab.notebook.overview import overview, path_card

KEYS = {name: load_activity(activity_folder(name), datasets_folder()).keys for name in ("04_qualifier", "06_scorer")}
OTHERS = [name for name in activity_ids() if name != "00_accueil"]


@pytest.fixture
def welcome(tmp_path):
    folder = tmp_path / "notebooks" / "00_accueil"
    folder.mkdir(parents=True)
    return folder


def answer(question, tries=1, date="2026-11-20T10:00:00+01:00", value=None):
    given = KEYS[{"A4": "04_qualifier", "A6": "06_scorer"}[question[:2]]][question].answer if value is None else value
    return Answer(given, tries=tries, date=date)


def write(welcome, activity, answers, name="", folder="", edition="entrainement"):
    sheet = AnswerSheet(activity, edition, answers=answers).to_metadata()
    path = welcome.parent / (folder or activity) / (name or f"{activity}.ipynb")
    path.parent.mkdir(exist_ok=True)
    notebook = {"cells": [], "metadata": {"crc_lab": sheet}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def line(welcome, activity):
    return next(one for one in overview(welcome) if one["numero"] == int(activity[:2]))


def test_an_untouched_workbook_has_one_line_per_activity_and_no_mean(welcome):
    lines = overview(welcome)
    assert [one["numero"] for one in lines] == [int(name[:2]) for name in OTHERS]
    assert {one["etat"] for one in lines} == {"absente"}
    assert path_card(welcome).moyenne == {}


def test_answers_checks_and_points_are_counted(welcome):
    given = {
        "A4-Q2": answer("A4-Q2"),
        "A4-Q3": answer("A4-Q3", tries=0),
        "A4-Q4": answer("A4-Q4", value={"o1": "nettoyer"}),
    }
    write(welcome, "04_qualifier", given)
    found = line(welcome, "04_qualifier")
    assert [found[name] for name in ("total", "repondues", "verifiees", "sur")] == [4, 3, 2, 20]
    assert found["points"] == pytest.approx(4 + 0.5)
    write(welcome, "06_scorer", {"A6-Q1": answer("A6-Q1")})
    assert path_card(welcome).moyenne == {"note": 12.25, "activites": 2}


def test_an_answer_not_checked_earns_nothing_yet(welcome):
    write(welcome, "06_scorer", {"A6-Q1": answer("A6-Q1", tries=0)})
    assert (line(welcome, "06_scorer")["points"], path_card(welcome).moyenne) == (0, {})


def test_in_assessment_the_points_wait_for_the_teacher(welcome):
    write(welcome, "06_scorer", {"A6-Q1": answer("A6-Q1")}, edition="evaluation")
    found = line(welcome, "06_scorer")
    assert (found["repondues"], found["verifiees"], found["points"]) == (1, 1, None)
    assert path_card(welcome).moyenne == {}


def test_a_renamed_file_or_folder_is_recognised(welcome):
    write(welcome, "06_scorer", {"A6-Q1": answer("A6-Q1")}, name="Mon travail (1).ipynb", folder="rfm à rendre")
    assert line(welcome, "06_scorer")["points"] == 20


def test_of_two_notebooks_the_latest_one_counts_and_a_copy_to_hand_in_does_not(welcome):
    write(welcome, "06_scorer", {}, name="vide.ipynb")
    write(welcome, "06_scorer", {"A6-Q1": answer("A6-Q1")})
    old = {"A6-Q1": answer("A6-Q1", value={"colonnes": ["id_contact", "R"], "lignes": [["1", "0"]]}, date="2026-11-01")}
    write(welcome, "06_scorer", old, name="ancien.ipynb")
    later = {"A6-Q1": answer("A6-Q1", value="x", date="2027-01-01")}
    write(welcome, "06_scorer", later, name="06_scorer-a-rendre.ipynb")
    write(welcome, "06_scorer", later, folder=".ipynb_checkpoints")
    assert line(welcome, "06_scorer")["points"] == 20


def test_answers_kept_beside_the_notebook_count(welcome):
    path = write(welcome, "06_scorer", {})
    write_sidecar(
        path.with_name("06_scorer.reponses.json"), AnswerSheet("06_scorer", answers={"A6-Q1": answer("A6-Q1")})
    )
    assert line(welcome, "06_scorer")["points"] == 20
    path.with_name("06_scorer.reponses.json").write_text("{", encoding="utf-8")
    assert line(welcome, "06_scorer")["repondues"] == 0


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b'{"metadata": {"crc_lab": {"version": 99}}}'])
def test_a_damaged_notebook_costs_its_own_line_only(welcome, content):
    (welcome.parent / "06_scorer").mkdir()
    (welcome.parent / "06_scorer" / "06_scorer.ipynb").write_bytes(content)
    write(welcome, "04_qualifier", {"A4-Q2": answer("A4-Q2")})
    broken = line(welcome, "06_scorer")
    assert (broken["etat"], broken["fichier"]) == ("illisible", "06_scorer.ipynb")
    assert line(welcome, "04_qualifier")["points"] == 4


def test_a_strange_answer_does_not_stop_the_count(welcome):
    write(welcome, "06_scorer", {"A6-Q1": answer("A6-Q1", value={"colonnes": 3}), "ZZ": Answer(3)})
    assert line(welcome, "06_scorer")["points"] == 0


def test_other_notebooks_are_never_written(welcome):
    path = write(welcome, "06_scorer", {"A6-Q1": answer("A6-Q1")})
    before = path.read_bytes(), path.stat().st_mtime_ns
    overview(welcome)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert sorted(one.name for one in path.parent.iterdir()) == [path.name]


def test_the_card_reads_the_notebooks_again_when_asked(welcome):
    card = path_card(welcome)
    write(welcome, "06_scorer", {"A6-Q1": answer("A6-Q1")})
    card._receive(None, {"type": "actualiser"}, [])
    assert card.moyenne == {"note": 20.0, "activites": 1}
    assert next(one for one in card.lignes if one["numero"] == 6)["points"] == 20


def test_the_command_shows_the_card_even_without_an_activity(welcome, monkeypatch):
    shown = []
    monkeypatch.chdir(welcome)
    monkeypatch.setattr(commands, "show", shown.append)
    commands.parcours()
    assert [type(one).__name__ for one in shown] == ["Parcours"]


def test_the_flashcards_count_as_unmarked(welcome):
    shutil.copytree(activity_folder("08_lexique"), welcome.parent / "08_lexique", dirs_exist_ok=True)
    found = line(welcome, "08_lexique")
    assert (found["sur"], found["points"], found["total"]) == (0, None, 3)
