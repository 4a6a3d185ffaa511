"""The students of a gradebook in PostgreSQL go as those of an SQLite one do; the server is that of its own tests."""

from __future__ import annotations

from pathlib import Path

from autograder import gradebook
from tests.gradebook_course import ACTIVITY, mark, one_copy
from tests.test_gradebook_postgres import base as base
from tests.test_gradebook_postgres import course_on, query
from tests.test_gradebook_postgres import server as server
from tests.test_gradebook_postgres import template as template


def test_one_student_goes_and_the_others_stay(base: str, tmp_path: Path):
    course = course_on(base, tmp_path)
    copies = one_copy() | one_copy(name="Jean-Éric Dubois", identifier="jdubois")
    gradebook.write_class(mark(tmp_path / "c", copies), course)
    gradebook.purge_data(course, only={"jdubois"})
    assert [one.id for one in gradebook.personal_data(course).students] == ["igarnier"]
    assert gradebook.personal_data(course, only={"jdubois"}).copies == 0
    found = (
        "select s.student_id from grade g join submitted_notebook n on n.id = g.notebook_id join submitted_assignment s"
    )
    assert set(query(base, f"{found} on s.id = n.assignment_id")) == {("igarnier",)}


def test_students_go_and_assignments_stay(base: str, tmp_path: Path):
    course = course_on(base, tmp_path)
    gradebook.write_class(mark(tmp_path / "c", one_copy()), course)
    held = gradebook.personal_data(course)
    assert (len(held.students), held.copies, "prof" in held.place) == (1, 1, True)
    gradebook.purge_data(course)
    held = gradebook.personal_data(course)
    assert (held.students, held.copies, held.last) == ((), 0, None)
    assert query(base, "select count(*) from grade") == [(0,)]
    assert query(base, "select name from assignment") == [(ACTIVITY,)]
    gradebook.write_class(mark(tmp_path / "c", {}), course)
    assert gradebook.personal_data(course).copies == 1
