"""The map of the workbook: other notebooks are read, never written, a bad file costs only its line, nothing undone is
counted against anybody; what to do next; what comes back each day."""

import datetime as dt
import json

import pytest

from crc_lab.core import rooms
from crc_lab.core.bank import load_activity
from crc_lab.core.resources import PRIVATE, activity_folder, activity_ids
from crc_lab.core.sheet import Answer, AnswerSheet, write_sidecar
from crc_lab.notebook import commands, works
from crc_lab.notebook.aside import Attempt, Exam, keep_copy, slot
from crc_lab.notebook.flashcards import Memory, rate, streak
from crc_lab.notebook.overview import DIARY, Diary, Mark, Workbook, path_card
from crc_lab.notebook.session import Session
from crc_lab.notebook.works import time_spent
from tests.loaded import loaded_activity

ZONE = dt.timezone(dt.timedelta(hours=1))
NOW = dt.datetime(2026, 11, 30, 10, tzinfo=ZONE)
OTHERS = [name for name in activity_ids() if name != "00_accueil"]
QUESTIONS = {
    one.id: (name, one, loaded.key(one.id))
    for name in ("02_reglementation", "04_qualifier", "05_segmenter", "06_scorer")
    for loaded in (loaded_activity(name),)
    for one in loaded.activity.questions
}
WRONG_SIREN = {"o1": "nettoyer"}


@pytest.fixture
def welcome(tmp_path):
    folder = tmp_path / "notebooks" / "00_accueil"
    folder.mkdir(parents=True)
    for name in OTHERS:
        write(folder, name, {})
    return folder


def answer(question, tries=1, date="2026-11-20T10:00:00+01:00", value=None):
    return Answer(QUESTIONS[question][2].answer if value is None else value, tries=tries, date=date)


def write(welcome, activity, answers, name="", folder="", edition="entrainement", **extra):
    sheet = AnswerSheet(activity, edition, answers=answers, extra=extra).to_metadata()
    path = welcome.parent / (folder or activity) / (name or f"{activity}.ipynb")
    path.parent.mkdir(exist_ok=True)
    notebook = {"cells": [], "metadata": {"crc_lab": sheet}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def whole(activity, date="2026-11-20T10:00:00+01:00", but=()):
    """An answer to every question, but those."""
    names = [one for one, (name, _, _) in QUESTIONS.items() if name == activity and one not in but]
    return {one: answer(one, date=date) for one in names}


def look(welcome, now=NOW, **given):
    return Workbook(welcome, lambda: now).look(**given)


def line(welcome, activity, **given):
    lines = [one for group in look(welcome, **given)["groupes"] for one in group["lignes"]]
    return next(one for one in lines if one["numero"] == int(activity[:2]))


def test_the_first_day_every_activity_is_there_to_begin_and_nothing_is_counted(welcome):
    view = look(welcome)
    assert [len(group["lignes"]) for group in view["groupes"]] == [7, 9, 3]
    assert view["groupes"][0]["depart"] == "60 lignes en désordre"
    assert view["groupes"][0]["lignes"][-1]["devient"].startswith("9 invités")
    lines = [one for group in view["groupes"] for one in group["lignes"]]
    assert sorted(one["numero"] for one in lines) == [int(name[:2]) for name in OTHERS]
    assert {(one["etat"], one["points"], one["sur"], one["repondues"]) for one in lines} == {("neuve", 0, 0, 0)}
    assert (view["reprendre"]["type"], view["reprendre"]["fichier"]) == ("commencer", "01_crc/01_crc.ipynb")
    assert (view["serie"], view["fete"], view["jour"]["erreurs"]) == (0, None, [])
    assert [one["attendent"] for one in view["jour"]["paquets"]] == [5, 0]


def test_points_are_out_of_what_was_checked_and_those_of_the_teacher_apart(welcome):
    write(welcome, "04_qualifier", {
        "A4-Q2": answer("A4-Q2"), "A4-Q3": answer("A4-Q3", tries=0), "A4-Q4": answer("A4-Q4", value={"o1": "nettoyer"}),
    })  # fmt: skip
    found = line(welcome, "04_qualifier")
    assert [found[name] for name in ("repondues", "points", "sur", "attente", "notees")] == [3, 4.5, 8, 0, False]
    assert found["etat"] == "en_cours"
    write(welcome, "02_reglementation", whole("02_reglementation"))
    found = line(welcome, "02_reglementation")
    assert [found[name] for name in ("points", "sur", "attente", "etat")] == [14, 14, 6, "finie"]


def test_all_is_answered_only_when_it_is(welcome):
    marked = {one for one, (_, question, _) in QUESTIONS.items() if not question.training}
    write(welcome, "04_qualifier", whole("04_qualifier", but=("A4-X2",)))
    found = line(welcome, "04_qualifier")
    assert (found["etat"], found["notees"], found["repondues"]) == ("en_cours", True, found["total"] - 1)
    write(welcome, "04_qualifier", whole("04_qualifier", but=(min(marked & set(whole("04_qualifier"))),)))
    assert not line(welcome, "04_qualifier")["notees"]
    write(welcome, "04_qualifier", whole("04_qualifier"))
    assert line(welcome, "04_qualifier")["etat"] == "finie"


def test_in_assessment_the_points_wait_for_the_teacher(welcome):
    write(welcome, "06_scorer", {"A6-Q1": answer("A6-Q1", value="x")}, edition="evaluation")
    found = line(welcome, "06_scorer")
    assert (found["points"], found["repondues"], look(welcome)["jour"]["erreurs"]) == (None, 1, [])


def test_a_renamed_file_or_folder_is_recognised_and_linked(welcome):
    (welcome.parent / "06_scorer" / "06_scorer.ipynb").unlink()
    write(welcome, "06_scorer", {"A6-Q1": answer("A6-Q1")}, name="Mon travail (1).ipynb", folder="rfm à rendre")
    found = line(welcome, "06_scorer")
    assert (found["points"], found["fichier"]) == (20, "rfm à rendre/Mon travail (1).ipynb")


def test_a_renamed_folder_keeps_its_own_questions_and_its_trouble(welcome):
    """A teacher's own questions are beside the notebook: they go with it."""
    folder = (welcome.parent / "06_scorer").rename(welcome.parent / "06 – Inès")
    own = (activity_folder("06_scorer") / "exercices.toml").read_text("utf-8")
    mine = own.replace("Scorer la base avec la méthode RFM", "Mon RFM", 1)
    (folder / "exercices.toml").write_text(mine, "utf-8")
    write_sidecar(folder / "06_scorer.reponses.json", AnswerSheet("06_scorer"))
    found = line(welcome, "06_scorer")
    assert (found["titre"], found["fichier"], found["etat"]) == ("Mon RFM", "06 – Inès/06_scorer.ipynb", "neuve")
    (folder / "06_scorer.reponses.json").write_text("{", "utf-8")
    assert line(welcome, "06_scorer")["abime"] == "06_scorer.reponses.json"


def test_of_two_notebooks_the_latest_one_counts_and_a_copy_to_hand_in_does_not(welcome):
    write(welcome, "06_scorer", {"A6-Q1": answer("A6-Q1")})
    write(welcome, "06_scorer", {}, name="vide.ipynb")
    write(welcome, "06_scorer", {"A6-Q1": answer("A6-Q1", value="x", date="2026-11-01")}, name="ancien.ipynb")
    later = {"A6-Q1": answer("A6-Q1", value="x", date="2027-01-01")}
    write(welcome, "06_scorer", later, name="06_scorer-a-rendre.ipynb")
    write(welcome, "06_scorer", later, folder=".ipynb_checkpoints")
    assert line(welcome, "06_scorer")["points"] == 20


def test_answers_kept_beside_the_notebook_count(welcome):
    path = welcome.parent / "06_scorer" / "06_scorer.reponses.json"
    write_sidecar(path, AnswerSheet("06_scorer", answers={"A6-Q1": answer("A6-Q1")}))
    assert line(welcome, "06_scorer")["points"] == 20
    path.write_text("{", encoding="utf-8")
    assert (line(welcome, "06_scorer")["etat"], line(welcome, "06_scorer")["abime"]) == ("illisible", path.name)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b'{"metadata": {"crc_lab": {"version": 99}}}'])
def test_a_damaged_notebook_costs_its_own_line_only(welcome, content):
    (welcome.parent / "06_scorer" / "06_scorer.ipynb").write_bytes(content)
    write(welcome, "04_qualifier", {"A4-Q2": answer("A4-Q2")})
    broken = line(welcome, "06_scorer")
    assert (broken["etat"], broken["abime"]) == ("illisible", "06_scorer.ipynb")
    assert line(welcome, "04_qualifier")["points"] == 4


def test_a_strange_answer_does_not_stop_the_count(welcome):
    write(welcome, "06_scorer", {"A6-Q1": answer("A6-Q1", value={"colonnes": 3}), "ZZ": Answer(3)})
    assert line(welcome, "06_scorer")["points"] == 0


def test_other_notebooks_are_never_written(welcome):
    path = write(welcome, "06_scorer", {"A6-Q1": answer("A6-Q1")})
    before = path.read_bytes(), path.stat().st_mtime_ns
    look(welcome)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert sorted(one.name for one in path.parent.iterdir()) == [path.name]


# ---- always up to date


def test_what_the_browser_kept_of_a_page_that_was_killed_counts(welcome):
    write(welcome, "06_scorer", {"A6-Q1": answer("A6-Q1", value="x")}, carnet="nom")
    unsaved = answer("A6-Q1", date="2026-11-20T10:00:01+01:00").to_json()
    journal = [["autre", {"A6-Q1": {}}], ["nom", {"A6-Q1": unsaved}], 3, ["nom"], ["", {}], [None, {"A6-Q1": unsaved}]]
    assert line(welcome, "06_scorer")["points"] == 0
    assert line(welcome, "06_scorer", journal=journal)["points"] == 20
    assert line(welcome, "06_scorer", journal={"nom": 1})["points"] == 0


def test_the_card_reads_again_what_has_changed_and_only_that(welcome, monkeypatch):
    write(welcome, "04_qualifier", {"A4-Q2": answer("A4-Q2")})
    card = path_card(welcome, lambda: NOW)
    loaded = []
    monkeypatch.setattr(
        works, "load_activity", lambda *given, **more: loaded.append(1) or load_activity(*given, **more)
    )
    write(welcome, "06_scorer", {"A6-Q1": answer("A6-Q1")})
    card._receive(None, {"type": "actualiser"}, [])
    shown = {one["numero"]: one["points"] for group in card.vue["groupes"] for one in group["lignes"]}
    assert (shown[6], shown[4], len(loaded)) == (20, 4, 1)
    date = card.date_valeur
    card._receive(None, {"type": "actualiser", "journal": "?", "carnet": 3}, [])
    assert (card.date_valeur, len(loaded)) == (date, 1), "nothing new: nothing to write"


def test_what_was_marked_is_remembered_out_of_sight_until_something_changes(welcome, monkeypatch):
    (welcome.parent / PRIVATE).mkdir()
    write(welcome, "02_reglementation", whole("02_reglementation"))
    write(welcome, "06_scorer", {"A6-Q1": answer("A6-Q1", value="x")})
    first = look(welcome)
    loaded = []
    monkeypatch.setattr(
        works, "load_activity", lambda *given, **more: loaded.append(1) or load_activity(*given, **more)
    )
    assert (look(welcome), loaded) == (first | {"fete": first["fete"] and first["fete"] | {"neuve": True}}, [])
    write(welcome, "06_scorer", {"A6-Q1": answer("A6-Q1")})
    assert (line(welcome, "06_scorer")["points"], loaded) == (20, [1])
    kept = welcome.parent / works.REMEMBERED
    for damaged in ("", "[]", '{"06_scorer": [1]}', kept.read_text("utf-8").replace('"A2-Q', '"?'), "{"):
        kept.write_text(damaged, encoding="utf-8")
        assert line(welcome, "02_reglementation")["points"] == 14


# ---- what to do next


def test_one_goes_on_with_the_activity_of_the_last_answer_after_its_last_answer(welcome):
    write(welcome, "04_qualifier", {"A4-Q2": answer("A4-Q2", date="2026-11-01T10:00:00+01:00")})
    write(welcome, "05_segmenter", {"A5-X1": answer("A5-X1")})
    order = [one for one, (name, _, _) in QUESTIONS.items() if name == "05_segmenter"]
    found = look(welcome)["reprendre"]
    after = order.index("A5-X1") + 1
    assert (found["type"], found["numero"], found["question"]) == ("reprendre", 5, order[after])
    assert found["rang"] == after + 1
    write(welcome, "05_segmenter", whole("05_segmenter", but=(order[1],)))
    assert look(welcome)["reprendre"]["question"] == order[1], "what was left behind, once the end is reached"
    write(welcome, "05_segmenter", whole("05_segmenter"))
    found = look(welcome)["reprendre"]
    assert (found["type"], found["numero"], found["rang"]) == ("commencer", 6, 0)


def test_a_mock_exam_under_way_comes_first(welcome):
    write(welcome, "05_segmenter", {"A5-X1": answer("A5-X1")})
    later = "2026-11-21T10:00:00+01:00"
    write(welcome, "06_scorer", {
        "examen": Answer(Exam(later).to_json(), date=later), slot("A6-Q1"): answer("A6-Q1", date=later),
    })  # fmt: skip
    view = look(welcome)
    assert (view["reprendre"]["type"], view["reprendre"]["numero"]) == ("examen", 6)
    assert line(welcome, "06_scorer")["points"] == 0, "the marks of a mock exam are told apart"


def test_when_all_is_done_what_is_due_today_is_proposed_then_nothing(welcome, monkeypatch):
    monkeypatch.setattr("crc_lab.notebook.overview.activity_ids", lambda: ("04_qualifier", "08_lexique"))
    write(welcome, "04_qualifier", whole("04_qualifier") | {"A4-Q4": answer("A4-Q4", value=WRONG_SIREN)})
    found = look(welcome)["reprendre"]
    assert (found["type"], found["question"], found["notee"]) == ("erreur", "A4-Q4", True)
    write(welcome, "04_qualifier", whole("04_qualifier"))
    found = look(welcome)["reprendre"]
    assert (found["type"], found["paquet"], found["attendent"]) == ("paquet", "questions", 5)
    memory = Memory()
    for number in range(1, 6):
        memory = rate(memory, f"F{number:03d}?", 4, NOW)
    write(welcome, "08_lexique", {"A8-QUESTIONS": Answer(memory.to_json(), date=NOW.isoformat())})
    assert look(welcome)["reprendre"] == {"type": "fini"}


# ---- from day to day


def test_missed_questions_come_back_the_oldest_first_three_a_day(welcome):
    days = {"A4-Q1": 3, "A4-Q2": 1, "A4-Q3": 4, "A4-Q4": 2}
    wrong = {"A4-Q1": [["3", "civilite"]], "A4-Q2": [["1", "2"]], "A4-Q3": {"taux": "3"}, "A4-Q4": WRONG_SIREN}
    given = {one: answer(one, value=wrong[one], date=f"2026-11-0{day}T10:00:00+01:00") for one, day in days.items()}
    write(welcome, "04_qualifier", given | {"A4-X1": answer("A4-X1", tries=0, value="x")})
    today = look(welcome)["jour"]
    assert [one["question"] for one in today["erreurs"]] == ["A4-Q2", "A4-Q4", "A4-Q1", "A4-Q3"]
    assert today["seance"] == 3
    order = [one for one, (name, _, _) in QUESTIONS.items() if name == "04_qualifier"]
    assert all(one["rang"] == order.index(one["question"]) + 1 for one in today["erreurs"])
    write(welcome, "04_qualifier", given | {"A4-Q2": answer("A4-Q2")})
    assert "A4-Q2" not in [one["question"] for one in look(welcome)["jour"]["erreurs"]]


def test_the_best_mark_stays_and_its_history(welcome):
    workbook = Workbook(welcome, lambda: NOW)
    write(welcome, "06_scorer", {"A6-Q1": answer("A6-Q1", date="2026-11-20T10:00:00+01:00")})
    workbook.look()
    attempt = Attempt("2026-11-24T10:00:00+01:00", "2026-11-24T11:00:00+01:00", 15, 20)
    exam = Answer(Exam(attempts=(attempt,)).to_json(), date="2026-11-24T11:00:00+01:00")
    write(welcome, "06_scorer", {"A6-Q1": answer("A6-Q1", value="x", date="2026-11-25T10:00:00+01:00"), "examen": exam})
    found = next(one for one in workbook.look()["groupes"][0]["lignes"] if one["numero"] == 6)
    assert (found["points"], found["meilleure"]) == (0, ["2026-11-20", 20, 20])
    assert found["histoire"] == [["2026-11-20", 20, 20, False], ["2026-11-24", 15, 20, True]]


def test_the_diary_is_kept_in_the_welcome_notebook_and_put_together_with_the_one_on_the_page(welcome):
    kept = Diary(frozenset({"2026-11-28"}), {"06_scorer": (Mark("2026-11-28", 12, 20),)}, {"06_scorer": "2026-11-28"})
    write(welcome, "00_accueil", {DIARY: Answer(kept.to_json(), date="2026-11-28T10:00:00+01:00")})
    on_page = Diary(frozenset({"2026-11-27"}), {"06_scorer": (Mark("2026-11-27", 15, 20),)}).to_json()
    workbook = Workbook(welcome, lambda: NOW)
    assert workbook.look()["serie"] == 1
    assert workbook.look(diary=on_page)["serie"] == 2
    assert workbook.diary.best("06_scorer") == Mark("2026-11-27", 15, 20)
    assert Diary.from_json(json.loads(json.dumps(workbook.diary.to_json()))) == workbook.diary


def test_the_time_spent_is_what_the_dates_of_the_answers_are_sure_of(welcome):
    """Gaps of ten minutes at most, from one answer to the next, those of other days too; pauses count for nothing."""
    assert line(welcome, "04_qualifier")["minutes"] == 0
    names = [one for one, (name, _, _) in QUESTIONS.items() if name == "04_qualifier"]
    times = ("10:00", "10:09", "10:19", "10:29:01", "14:00", "14:05")  # 9 + 10 minutes, a pause, another, 5 minutes
    given = {one: answer(one, date=f"2026-11-20T{at}+01:00") for one, at in zip(names, times, strict=False)}
    write(welcome, "04_qualifier", given)
    assert line(welcome, "04_qualifier")["minutes"] == 24
    (welcome.parent / PRIVATE).mkdir()
    before = {
        one: answer(one, date=f"2026-11-19T{at}+01:00") for one, at in zip(names, ("09:00", "09:06"), strict=False)
    }
    keep_copy(welcome.parent, AnswerSheet("04_qualifier", answers=before), "2026-11-20T09:59:00+01:00")
    assert line(welcome, "04_qualifier")["minutes"] == 24 + 6
    assert time_spent([{"x": Answer("x", date="hier"), "y": Answer("y", date="2026-11-20T10:00")}]) == 0


def test_the_client_writes_the_day_an_activity_is_finished_and_not_the_next(welcome):
    workbook = Workbook(welcome, lambda: NOW)
    assert workbook.look()["fete"] is None
    write(welcome, "04_qualifier", whole("04_qualifier"))
    fete = {"numero": 4, "merci": "Marielle : merci, quatre doublons de moins !", "neuve": True}
    told = [{**one, "merci": one["merci"].replace("\u00a0", " ").replace("\u202f", " ")} for one in (
        workbook.look()["fete"], workbook.look()["fete"])]  # fmt: skip
    assert told == [fete, fete | {"neuve": False}], "it moves once"
    write(welcome, "00_accueil", {DIARY: Answer(workbook.diary.to_json())})
    assert look(welcome, NOW + dt.timedelta(days=1))["fete"] is None


def test_a_day_of_work_anywhere_counts_for_the_streak_and_one_missed_day_is_forgiven(welcome):
    write(welcome, "06_scorer", {"A6-Q1": answer("A6-Q1", date="2026-11-29T23:00:00+01:00")})
    write(welcome, "04_qualifier", {"A4-Q2": answer("A4-Q2", date="2026-11-27T10:00:00+01:00")})
    memory = rate(Memory(), "F001?", 3, NOW - dt.timedelta(days=4))
    write(welcome, "08_lexique", {"A8-QUESTIONS": Answer(memory.to_json(), date="2026-11-26T10:00:00+01:00")})
    assert look(welcome)["serie"] == 3
    assert look(welcome, NOW + dt.timedelta(days=2))["serie"] == 0


@pytest.mark.parametrize("raw", [
    None, 3, [], {"jours": 3, "notes": [], "fetes": "x"}, {"jours": [3, None, "demain"], "notes": {"a": 3, "b": [[1]]}},
    {"notes": {"a": [["2026-11-20", "x", 3], ["2026-11-20", 4, 3], ["2026-13-20", 1, 3], None]}},
    {"notes": {"a": [["2026-11-20", float("nan"), 3]]}},
])  # fmt: skip
def test_a_damaged_diary_is_an_empty_one(raw):
    assert Diary.from_json(raw) == Diary()


def test_marks_only_rise_and_two_diaries_agree_whatever_the_order():
    one = Diary().with_mark("a", Mark("2026-11-01", 3, 10)).with_mark("a", Mark("2026-11-02", 2, 10))
    two = Diary().with_mark("a", Mark("2026-11-02", 5, 10)).with_mark("a", Mark("2026-11-02", 4, 10))
    assert one.marks["a"] == (Mark("2026-11-01", 3, 10),)
    together = one.merged_with(two)
    assert together == two.merged_with(one) == together.merged_with(one)
    assert together.marks["a"] == (Mark("2026-11-01", 3, 10), Mark("2026-11-02", 5, 10))
    assert streak(["2026-11-30", "2026-11-28", "2026-11-25"], NOW.date()) == 2


# ---- the map itself


def test_the_map_names_every_activity_once_in_words_that_people_read():
    named = [stage.activity for road in rooms.roads() for stage in road.stages]
    assert sorted(named) == sorted(OTHERS)
    first = rooms.roads()[0]
    assert all(stage.become and stage.thanks.startswith("Marielle") for stage in first.stages)


def test_a_workbook_without_a_map_shows_all_its_activities(welcome, monkeypatch):
    monkeypatch.setattr("crc_lab.notebook.overview.roads", lambda: ())
    (group,) = look(welcome)["groupes"]
    assert ([one["numero"] for one in group["lignes"]], group["titre"]) == ([int(name[:2]) for name in OTHERS], "")


def test_the_command_shows_the_card_even_without_an_activity(welcome, monkeypatch):
    shown = []
    monkeypatch.chdir(welcome)
    monkeypatch.setattr(commands, "show", shown.append)
    commands.parcours()
    assert [type(one).__name__ for one in shown] == ["Parcours"]


def test_questions_are_numbered_as_the_page_shows_them(welcome):
    """The order of the cells, not that of exercices.toml; what the page does not show comes last."""
    cells = [
        {"cell_type": "code", "source": ["from crc_lab import question\n", "question('A5-Q2')  # la grille"]},
        {"cell_type": "code", "source": 'crc_lab.question( "A5-X1" )\nquestion("A5-X1")'},
        {"cell_type": "markdown", "source": 'question("A5-Q1")'}, {"source": 3}, "?",
    ]  # fmt: skip
    path = write(welcome, "05_segmenter", {"A5-Q2": answer("A5-Q2", value="x")})
    notebook = json.loads(path.read_text("utf-8")) | {"cells": cells}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    view = look(welcome)
    assert [(one["question"], one["rang"]) for one in view["jour"]["erreurs"]] == [("A5-Q2", 1)]
    assert (view["reprendre"]["question"], view["reprendre"]["rang"]) == ("A5-X1", 2)
    assert Session("05_segmenter", path.parent).ranks["A5-X1"] == 2
