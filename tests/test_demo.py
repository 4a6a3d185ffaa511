"""``crc-lab demo``: the same class for the same seed, nobody real, every kind of copy, and a report at the end."""

from __future__ import annotations

import io
import json
import random
import statistics
import zipfile
from pathlib import Path

import pytest

from autograder import demo as demo
from autograder.demo import half, slip
from autograder.marking import ClassResult, CopyResult
from autograder.marking.batch import mark_class
from crc_lab.core.errors import CrcError
from crc_lab.core.model import Verdict
from tests.sample_copies import A4, A6, BANK, MARKED, key_answers, loaded, mistakes

A2, A5, A7 = "02_reglementation", "05_segmenter", "07_cibler"


@pytest.fixture(scope="module")
def archives() -> dict[str, bytes]:
    return dict(demo.make_class(1, 30))


@pytest.fixture(scope="module")
def marked(archives: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> ClassResult:
    folder = tmp_path_factory.mktemp("copies")
    for name, content in archives.items():
        (folder / name).write_bytes(content)
    return mark_class([folder], BANK)


def test_one_seed_makes_one_class(archives: dict[str, bytes]):
    assert dict(demo.make_class(1, 30)) == archives
    assert dict(demo.make_class(2, 30)) != archives


def test_the_archives_look_like_moodles(archives: dict[str, bytes]):
    assert list(archives) == [
        f"NDRC1-Activite {number}-{1040 + number}.zip" for number in (*range(1, 8), *range(11, 22))
    ]
    for content in archives.values():
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert all("_assignsubmission_file/" in name for name in archive.namelist())


def test_thirty_students_are_found_whatever_happened_to_their_files(marked: ClassResult):
    assert len(marked.students) == 30
    assert all(student.person.identifier for student in marked.students)


def test_the_class_holds_every_kind_of_copy(marked: ClassResult):
    marks = [copy.points for copy in marked.copies]
    assert marks.count(20) >= 6
    assert any(0 < mark < 10 for mark in marks)
    assert any(10 < mark < 15 for mark in marks)
    codes = {incident.code for copy in marked.copies for incident in copy.incidents}
    assert {"COPIES-MULTIPLES", "CARNET-ABSENT", "CARNET-ENCODAGE"} <= codes
    assert {"CARNET-TRONQUE", "FEUILLE-ABSENTE", "PDF", "CARNET-VIDE", "COPIE-VIDE"} <= {
        one.code for one in marked.rejections
    }


@pytest.mark.parametrize("activity", MARKED)
def test_the_mistakes_of_the_class_are_those_that_the_keys_prove(marked: ClassResult, activity: str):
    made = {m.code for copy in marked.copies if copy.activity == activity for q in copy.questions for m in q.messages}
    known = {mistake.code for mistake in mistakes(activity)}
    assert len(known & made) >= min(8, len(known))


def test_excellent_students_have_everything_right_but_what_a_person_reads(marked: ClassResult):
    def unread(copy: CopyResult) -> float:
        criteria = [criterion for question in copy.questions for criterion in question.criteria]
        return sum(one.max_points for one in criteria if one.verdict is Verdict.A_RELIRE)

    best = [
        one
        for one in marked.students
        if all(copy.points == copy.max_points - unread(copy) for copy in one.copies.values())
    ]
    assert len(best) >= 3
    assert {copy.activity for student in best for copy in student.copies.values() if copy.pending} >= {A2, A5, A7}


def test_the_marks_of_an_activity_are_spread(marked: ClassResult):
    """Out of what the program marks: in the first mock exam, a person has twenty-two points of forty to give."""
    for activity in MARKED:
        whole, questions = loaded(activity).activity.points, loaded(activity).activity.marked
        by_hand = sum(one.points for question in questions for one in question.criteria if one.check == "relecture")
        marks = [20 * copy.points / (whole - by_hand) for copy in marked.copies if copy.activity == activity]
        assert len(set(map(round, marks))) >= 8, activity
        assert 9 < statistics.mean(marks) < 17, activity


def test_only_the_guests_of_the_list_have_channels(marked: ClassResult):
    """The card shows no other row; those of the key are shown without any list."""
    for copy in marked.copies:
        for question in copy.questions:
            assert "A7-HORS-LISTE" not in {message.code for message in question.messages}, copy.file


@pytest.mark.parametrize("students", [1, 2, 7, 500])
def test_a_class_of_any_size_can_be_made(students: int):
    pupils = demo._pupils(students, random.Random(3))
    assert len({pupil.name for pupil in pupils}) == len({pupil.identifier for pupil in pupils}) == students
    assert len(list(demo.make_class(3, min(students, 7)))) == len(MARKED)


def test_names_are_written_as_moodle_writes_them():
    assert demo.Pupil("Kévin D’Almeida", "kdalmeida", "vide").moodle == "Kévin DAlmeida"


def test_slips_and_haste_leave_the_given_answers_alone():
    answers = key_answers(A2) | key_answers(A4) | key_answers(A5) | key_answers(A6)
    before = json.dumps(answers)
    slipped, hurried = slip(answers, random.Random(1), 0.3), half(answers)
    assert json.dumps(answers) == before
    assert slipped != answers
    assert len(hurried) < len(answers)


def test_texts_and_lists_inside_parts_are_shortened_too():
    answers = key_answers(A2) | key_answers(A5)
    slipped, hurried = slip(answers, random.Random(1), 0.5), half(answers)
    assert len(slipped["A2-Q1"].split("\n")) == 6
    assert set(slipped["A2-Q1"].split("\n")) < set(answers["A2-Q1"].split("\n"))
    assert hurried["A5-Q2"]["b"] == "{}. {}.".format(*answers["A5-Q2"]["b"].split(". ")[:2])
    assert hurried["A5-Q2"]["c"]["fiches"] == answers["A5-Q2"]["c"]["fiches"][:7]
    assert slip({"x": "Une phrase."}, random.Random(1), 0.9) == half({"x": "Une phrase."}) == {"x": "Une phrase."}


def test_the_demo_ends_with_a_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert demo.run_demo(tmp_path / "demo", seed=1, students=3, browser=False) == 0
    out = capsys.readouterr().out
    report = tmp_path / "demo" / "resultats" / "classe.html"
    assert report.is_file()
    assert report.as_uri() in out


def test_the_report_is_shown_in_a_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shown: list[str] = []
    monkeypatch.setattr("webbrowser.open", shown.append)
    monkeypatch.setattr(demo, "_has_browser", lambda: True)
    assert demo.run_demo(tmp_path / "demo", students=1) == 0
    assert shown == [(tmp_path / "demo" / "resultats" / "classe.html").as_uri()]


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path):
    (tmp_path / "demo").write_text("un fichier")
    with pytest.raises(CrcError, match="La démonstration ne peut pas être écrite"):
        demo.run_demo(tmp_path / "demo", browser=False)
