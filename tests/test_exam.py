"""Mock exams: a sheet of their own, dates, what they earn; the training and what is handed in stay as they were."""

import datetime as dt
import json
from types import SimpleNamespace

import pytest

from autograder.intake.reading import lightened
from autograder.marking import mark_sheet
from crc_lab.core.bank import load_activity
from crc_lab.core.errors import CrcError
from crc_lab.core.grading import grade
from crc_lab.core.model import Verdict
from crc_lab.core.resources import activity_folder, activity_ids, datasets_folder
from crc_lab.core.sheet import EXAM, Answer, AnswerSheet, Student, is_exam
from crc_lab.notebook.aside import OVER, TRAINING, UNDER_WAY, Attempt, Exam, slot
from crc_lab.notebook.cards import Cards
from crc_lab.notebook.handin import hand_in
from crc_lab.notebook.session import Session
from tests.loaded import loaded_activity

RATE, WRONG = {"taux": "8,33", "conforme": "non"}, {"taux": "9,09", "conforme": "non"}
NINE, HALF_PAST = "2026-11-30T09:00:00+01:00", "2026-11-30T10:30:59+01:00"


@pytest.fixture(autouse=True)
def no_server(monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)


@pytest.fixture
def session(tmp_path):
    return Session("04_qualifier", tmp_path)


@pytest.fixture
def cards(session):
    return Cards(session)


def tell(card, **message):
    """What the page sends, and what comes back but for the acknowledgements."""
    back = []
    card.send = lambda content, _buffers=None: back.append(content)
    card._receive(card, message, [])
    return [item for item in back if item["type"] not in ("recu", "fini")]


def lines(session, **options):
    return {line["id"]: line for line in session.progress(**options)}


# ---- the state, on its own


def test_the_state_goes_to_the_sheet_and_back_and_says_what_is_on_screen():
    exam = Exam()
    assert exam.view == TRAINING
    begun = exam.begun(NINE)
    assert (begun.view, Exam.from_json(begun.to_json())) == (UNDER_WAY, begun)
    ended = begun.ended(HALF_PAST, 12.5, 16, 4)
    assert (ended.view, Exam.from_json(json.loads(json.dumps(ended.to_json())))) == (OVER, ended)
    assert (ended.left().view, ended.left().attempts) == (TRAINING, (Attempt(NINE, HALF_PAST, 12.5, 16, 4),))
    assert (ended.begun(HALF_PAST).view, ended.begun(HALF_PAST).attempts) == (UNDER_WAY, ended.attempts)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (NINE, HALF_PAST, 90),
        (NINE, "2026-11-30T08:30:00+00:00", 30),  # another time zone
        (HALF_PAST, NINE, 0),  # a clock that went back
        (NINE, "hier", 0),
        ("2026-11-30T09:00:00", HALF_PAST, 0),
    ],
)
def test_an_exam_lasts_whole_minutes_and_a_bad_date_none(start, end, minutes):
    assert Attempt(start, end, 1, 2).minutes == minutes


@pytest.mark.parametrize(
    "raw", [None, 3, "x", [], {"tentatives": "?"}, {"fin": NINE}, {"tentatives": [1, {"points": "a"}]}]
)
def test_a_damaged_state_is_read_as_none_at_all(raw):
    assert Exam.from_json(raw) == Exam()


def test_the_best_attempt_is_the_first_with_the_most_points():
    first, best, again = (Attempt(NINE, HALF_PAST, points, 20) for points in (3, 9, 9))
    assert Exam(attempts=(first, best, again)).best is best
    assert Exam().best is None


# ---- a session


def test_an_exam_begins_on_blank_answers_and_the_training_ones_come_back(session):
    session.record("A4-Q3", RATE)
    session.check("A4-Q3")
    kept = session.start_exam()
    assert list(kept) == [EXAM]
    assert session.answer("A4-Q3") is None
    assert session.results == {}
    assert lines(session)["A4-Q3"] | {"titre": ""} == {
        "id": "A4-Q3", "rang": 7, "cle": "examen/A4-Q3", "titre": "", "entrainement": False, "etat": "a_faire",
        "points": 0.0,
        "sur": 2.0,
    }  # fmt: skip
    session.record("A4-Q3", WRONG)
    assert lines(session)["A4-Q3"]["etat"] == "repondue"
    assert lines(session, handed_in=True)["A4-Q3"]["etat"] == "repondue"
    session.end_exam()
    assert session.results["A4-Q3"].verdict is Verdict.PARTIEL
    assert session.results["A4-Q2"].verdict is Verdict.NON_REPONDU
    session.leave_exam()
    assert session.answer("A4-Q3").value == RATE
    assert session.results["A4-Q3"].verdict is Verdict.JUSTE
    assert lines(session)["A4-Q3"]["etat"] == "juste"


def test_nothing_helps_during_an_exam(session):
    session.start_exam()
    for ask in (lambda: session.check("A4-Q3"), lambda: session.open_hint("A4-Q3", 1)):
        with pytest.raises(CrcError, match="Pendant l’examen blanc"):
            ask()
    assert not lines(session)["A4-X1"].get("cle"), "an exercise is no part of the exam"


def test_the_end_marks_everything_at_once_and_a_second_exam_is_blank_again(session):
    session.start_exam()
    session.record("A4-Q3", RATE)
    session.end_exam()
    (attempt,) = session.exam.attempts
    assert (attempt.points, attempt.maximum, attempt.waiting) == (2.0, 20.0, 0.0)
    session.record("A4-Q3", WRONG)
    assert session.answer("A4-Q3").value == RATE, "what is handed in does not change"
    kept = session.start_exam()
    assert kept[slot("A4-Q3")].value is None
    assert session.exam.attempts == (attempt,)
    session.record("A4-Q3", WRONG)
    session.end_exam()
    exam = session.exam
    assert [one.points for one in exam.attempts] == [2.0, 1.0]
    assert exam.best is exam.attempts[0]


def test_a_page_that_has_not_yet_written_the_second_exam_does_not_undo_it(session, monkeypatch):
    """Ended and begun again within a millisecond: the sheet of the page, still of the first exam, is not the later."""
    noon = dt.datetime(2026, 9, 14, 12)
    instants = (noon + dt.timedelta(microseconds=given) for given in (100, 5_100, 9_100, 9_900))
    module = SimpleNamespace(datetime=SimpleNamespace(now=lambda: next(instants)), timedelta=dt.timedelta)
    monkeypatch.setattr("crc_lab.notebook.session.dt", module)
    session.start_exam()
    session.record("A4-Q3", RATE)
    session.end_exam()
    page = session.sheet.to_metadata()
    session.start_exam()
    session.adopt(page)
    assert session.exam.view == UNDER_WAY
    assert session.answer("A4-Q3").value is None


def test_an_exam_without_any_answer_leaves_no_trace(session):
    session.start_exam()
    session.end_exam()
    assert session.exam == Exam()


def test_points_that_a_person_reads_are_neither_earned_nor_lost(tmp_path):
    session = Session("12_satisfaction", tmp_path)
    session.start_exam()
    session.record("R2-Q1", session.keys["R2-Q1"].answer)
    session.record("R2-Q7", "Les abonnés partent : appelons les détracteurs.")
    session.end_exam()
    (attempt,) = session.exam.attempts
    assert (attempt.points, attempt.maximum, attempt.waiting) == (3.0, 16.0, 4.0)


def test_a_finished_exam_can_be_taken_over_to_be_handed_in(session):
    session.record("A4-Q3", WRONG)
    session.record("A4-Q2", [["13", "37"]])
    session.start_exam()
    session.record("A4-Q3", RATE)
    session.end_exam()
    kept = session.leave_exam(take_over=True)
    assert set(kept) == {EXAM, "A4-Q3"}
    assert session.answer("A4-Q3").value == RATE
    assert session.answer("A4-Q2").value == [["13", "37"]], "a question left blank keeps its training answer"


def test_a_dependent_question_reads_the_answers_of_the_exam(tmp_path, monkeypatch):
    session = Session("07_cibler", tmp_path)
    chosen = next(one for one in session.activity.marked if one.depends)
    (other, *_) = chosen.depends
    session.record(other, session.keys[other].answer)
    session.start_exam()
    session.record(chosen.id, session.keys[chosen.id].answer)
    seen = []
    monkeypatch.setattr("crc_lab.notebook.session.grade", lambda *given: (seen.append(given[3]), grade(*given))[1])
    session.end_exam()
    assert [set(values) for values in seen] == [{chosen.id}] * len(seen)
    assert seen


def test_starting_twice_and_ending_or_leaving_without_an_exam_change_nothing(session):
    session.start_exam()
    exam = session.exam
    assert session.start_exam() == {}
    assert session.leave_exam() == {}
    assert session.exam == exam
    session.end_exam()
    assert session.end_exam() == {}


def test_an_assessment_and_an_activity_without_marks_have_no_exam(tmp_path):
    under_way = {EXAM: {"valeur": Exam(NINE).to_json()}, slot("A4-Q3"): {"valeur": RATE}}
    sheet = {"version": 1, "activite": "04_qualifier", "edition": "evaluation", "reponses": under_way}
    (tmp_path / "a.ipynb").write_text(json.dumps({"metadata": {"crc_lab": sheet}}), encoding="utf-8")
    session = Session("04_qualifier", tmp_path)
    assert (session.offers_exam, session.exam.view, session.answer("A4-Q3")) == (False, TRAINING, None)
    assert Cards(session).progress_card().examen == {}
    lexicon = Session("08_lexique", tmp_path / "autre")
    assert not lexicon.offers_exam
    with pytest.raises(CrcError, match="pas d’examen blanc"):
        lexicon.start_exam()


def test_after_a_reload_the_exam_goes_on(tmp_path, session):
    session.lose_plugin()
    session.record("A4-Q2", [["13", "37"]])
    session.start_exam()
    session.record("A4-Q3", RATE)
    again = Session("04_qualifier", tmp_path)
    assert again.exam == session.exam
    assert (again.answer("A4-Q3").value, again.answer("A4-Q2")) == (RATE, None)
    assert again.sheet.answers["A4-Q2"].value == [["13", "37"]]


# ---- the cards


def test_during_an_exam_a_card_shows_neither_hint_nor_verdict_nor_key(cards):
    card, exercise, top = cards.card("A4-Q3"), cards.card("A4-X1"), cards.progress_card()
    card.valeur = RATE
    tell(card, type="verifier", valeur=RATE)
    assert card.retour["verdict"] == "JUSTE"
    assert card.question["indices"] > 0
    (written,) = tell(top, type="examen", action="debut")
    assert (written["type"], list(written["reponses"])) == ("ecrire", [EXAM])
    assert (card.retour, card.valeur, card.question["indices"]) == (None, None, 0)
    assert (card.question["examen"], card.question["cle"]) == ("cours", "examen/A4-Q3")
    assert exercise.question["examen"] == "hors"
    assert card.etat["corrige_disponible"] is False
    for message in ({"type": "verifier", "valeur": RATE}, {"type": "corrige"}, {"type": "indice", "niveau": 1}):
        (refused,) = tell(card, **message)
        assert refused["type"] == "erreur"
    assert (card.retour, card.etat["corrige_html"]) == (None, None)
    assert (top.examen["etat"], top.activite["edition"], top.competences) == ("cours", "evaluation", [])


def test_at_the_end_every_card_shows_its_verdict_and_its_worked_answer(cards):
    card, blank, top, last = cards.card("A4-Q3"), cards.card("A4-Q2"), cards.progress_card(), cards.hand_in_card()
    tell(top, type="examen", action="debut")
    card.valeur = RATE
    assert cards.session.sheet.answers == {}
    tell(top, type="examen", action="fin")
    assert (card.retour["verdict"], blank.retour["verdict"]) == ("JUSTE", "NON_REPONDU")
    assert "8,33" in card.etat["corrige_html"]
    assert "13" in blank.etat["corrige_html"]
    assert top.examen["etat"] == "fini"
    assert [one["note"] for one in top.examen["tentatives"]] == ["2 sur 20"]
    assert [(one["texte"], one["part"]) for one in top.competences] == [("2 sur 20", 10)]
    assert {line["etat"] for line in last.questions} == {"a_faire"}, "nothing of the exam is handed in"
    notebook = cards.session.folder / "04_qualifier.ipynb"
    notebook.write_text(json.dumps({"cells": [], "metadata": {"crc_lab": cards.session.sheet.to_metadata()}}), "utf-8")
    told = hand_in(cards.session, Student("Inès Garnier"))["html"]
    assert "les questions 3, 5, 7 et 14" in told
    assert "Reprendre ces réponses" in told
    tell(top, type="examen", action="reprendre")
    assert (card.valeur, card.question.get("examen")) == (RATE, None)
    assert next(line for line in last.questions if line["id"] == "A4-Q3")["etat"] == "repondue"


def test_the_front_end_brings_an_exam_that_python_did_not_know(cards):
    card, top = cards.card("A4-Q3"), cards.progress_card()
    sheet = AnswerSheet(
        "04_qualifier", exam={EXAM: Answer(Exam(NINE).to_json(), date=NINE), slot("A4-Q3"): Answer(RATE)}
    )
    tell(top, type="feuille", feuille=sheet.to_metadata())
    assert (card.question["examen"], card.valeur) == ("cours", RATE)


# ---- messages of the page that a slow computer brings late

AHEAD = "2099-01-01T10:00:00.000+01:00"


def given(value, date, name="A4-Q3"):
    """What the page sends of an answer."""
    return {"valeur": value, "date_valeur": date, "place_valeur": {"cle": name, "date": date}}


def test_the_last_answer_of_an_exam_counts_though_its_own_message_is_still_on_its_way(cards):
    card, top = cards.card("A4-Q3"), cards.progress_card()
    tell(top, type="examen", action="debut")
    page = cards.session.sheet.with_answer(slot("A4-Q3"), Answer(RATE, date=AHEAD))
    tell(top, type="examen", action="fin", feuille=page.to_metadata())
    assert [one["note"] for one in top.examen["tentatives"]] == ["2 sur 20"]
    card.set_state(given(RATE, AHEAD, slot("A4-Q3")))
    assert (cards.session.answer("A4-Q3").value, card.retour["verdict"]) == (RATE, "JUSTE")


def test_an_answer_of_the_training_that_comes_late_is_no_answer_of_the_exam(cards):
    card, top = cards.card("A4-Q3"), cards.progress_card()
    tell(top, type="examen", action="debut")
    card.set_state(given(WRONG, AHEAD))
    assert cards.session.answer("A4-Q3") is None
    assert lines(cards.session)["A4-Q3"]["etat"] == "a_faire"
    tell(card, type="relu", cle="A4-Q3", reponse={"valeur": RATE, "date": AHEAD})
    tell(card, type="annexes", cle="A4-Q3", annexes={"auto_evaluation": {"x": [0]}})
    assert cards.session.answer("A4-Q3") is None
    tell(top, type="examen", action="fin")
    tell(top, type="examen", action="retour")
    assert (card.valeur, cards.session.answer("A4-Q3").value) == (WRONG, WRONG)
    card.set_state(given(RATE, AHEAD, slot("A4-Q3")))
    assert cards.session.answer("A4-Q3").value == WRONG, "nor the reverse"
    assert slot("A4-Q3") not in cards.session.sheet.exam


def test_what_an_exam_puts_is_later_than_all_that_a_page_ahead_of_time_holds(session):
    """On a school's server, the clock that dates what is typed is that of the student's own computer."""
    session.start_exam()
    session.record("A4-Q3", RATE, date=AHEAD, name=slot("A4-Q3"))
    assert session.answer("A4-Q3").date == AHEAD
    session.end_exam()
    blank = session.start_exam()[slot("A4-Q3")]
    assert blank.instant > Answer(None, date=AHEAD).instant
    session.record("A4-Q3", WRONG, date=AHEAD, name=slot("A4-Q3"))
    assert session.answer("A4-Q3").value is None, "what was given before it"
    session.adopt(session.sheet.with_answer("A4-Q2", Answer([["13", "37"]], date=NINE)).to_metadata())
    assert session.start_exam() == {}


# ---- what a teacher gets


def test_a_teacher_marks_the_training_answers_and_never_sees_the_exam(session):
    session.record("A4-Q3", WRONG)
    session.start_exam()
    session.record("A4-Q3", RATE)
    raw, remarks = lightened(session.sheet.to_metadata())
    assert remarks == []
    assert not any(is_exam(name) for name in raw["reponses"])
    for sheet in (AnswerSheet.from_metadata(raw), session.sheet):
        loaded = loaded_activity("04_qualifier")
        results, incidents = mark_sheet(sheet, loaded)
        assert next(one for one in results if one.id == "A4-Q3").points == 1.0
        assert incidents == ()


def test_many_exam_answers_take_no_room_from_those_that_are_handed_in():
    heavy = {slot(f"A4-Q{n}"): {"valeur": "x" * 5000} for n in range(3000)}
    raw, remarks = lightened(
        {"version": 1, "activite": "04_qualifier", "reponses": {**heavy, "A4-Q3": {"valeur": RATE}}}
    )
    assert (list(raw["reponses"]), remarks) == (["A4-Q3"], [])


def test_every_marked_question_of_the_workbook_names_a_skill():
    unnamed = [
        question.id
        for name in activity_ids()
        for question in load_activity(activity_folder(name), datasets_folder(), with_keys=False).activity.marked
        if not question.skill
    ]
    assert unnamed == []


@pytest.mark.parametrize("activity", [name for name in activity_ids() if name[:2] not in ("00", "08")])
def test_the_keys_of_any_activity_earn_in_an_exam_all_that_nobody_has_to_read(activity, tmp_path):
    session = Session(activity, tmp_path)
    session.start_exam()
    for question in session.activity.marked:
        session.record(question.id, session.keys[question.id].answer)
    session.end_exam()
    (attempt,) = session.exam.attempts
    assert attempt.points == attempt.maximum
    assert attempt.maximum + attempt.waiting == session.activity.points
    assert session.sheet.answers == {}
