"""Numbers that people compare agree: what is shown of the criteria adds up to the question, and of those to the mark.

First the rule itself, on any result; then what every surface shows, read back from its bytes, for random classes (hint
costs and marks given by hand included) and for the whole class of the demo.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from html import unescape
from pathlib import Path

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder import demo as demo
from autograder.gradebook.notebooks import Marked, Source, build, scores
from autograder.identity import Listed, Person, last_and_first
from autograder.identity.author import Identity
from autograder.intake import Guess
from autograder.marking import ClassResult, CopyResult, StudentResult
from autograder.marking.batch import mark_class
from autograder.marking.manual import REVIEW, ManualMark, partly_by_hand, with_manual_mark
from autograder.moodle.feedback import gradebook_csv
from autograder.moodle.worksheet import fill_worksheet
from autograder.open_answers import write_open_answers
from autograder.register import differences
from autograder.register.differences import compare, told
from autograder.reports import page_names
from autograder.reports.pages import class_page, student_page
from autograder.reports.workbook import workbook_bytes
from crc_lab.core.feedback import Shown, exact, number_text, render_html, shown
from crc_lab.core.model import CriterionResult, Question, QuestionResult, Verdict
from crc_lab.core.resources import activity_ids
from tests.sample_copies import BANK, given_notebook, loaded
from tests.test_moodle_worksheet import FRENCH, french_row

ACTIVITIES = tuple(name for name in activity_ids() if loaded(name).activity.marked)
HALF, STEP = Decimal("0.005000001"), Decimal("0.01")
NUMBER = r"\d+(?:,\d+)?"


# --- the rule ---------------------------------------------------------------------------------------------------------

POINTS = st.one_of(st.sampled_from([0.25, 0.5, 1, 2, 3, 4, 20]), st.integers(2, 2000).map(lambda n: n / 100))
SHARES = st.one_of(
    st.sampled_from([0.0, 1.0, 1 / 3, 2 / 3, 1 / 7, 0.125, 0.9999, 1e-4, 1 - 1e-13, 1e-13]), st.floats(1e-4, 0.9999)
)


def verdict_of(points: float, maximum: float) -> Verdict:
    if points >= maximum - 1e-9:
        return Verdict.JUSTE
    return Verdict.FAUX if points <= 1e-9 else Verdict.PARTIEL


def question_of(lines: Sequence[tuple[float, float]]) -> QuestionResult:
    """From (maximum, share) of each criterion: points are added as :mod:`crc_lab.core.grading` adds them."""
    criteria = tuple(
        CriterionResult(f"c{n}", f"Critère {n}", verdict_of(maximum * share, maximum), maximum * share, maximum)
        for n, (maximum, share) in enumerate(lines)
    )
    whole = float(sum(exact(maximum) for maximum, _ in lines))
    points = sum(one.points for one in criteria)
    points = whole if abs(points - whole) < 1e-9 else points
    return QuestionResult("Q", verdict_of(points, whole), points, whole, criteria)


@given(st.lists(st.tuples(POINTS, SHARES), min_size=1, max_size=8))
def test_a_question_is_the_sum_of_its_criteria_each_rounded_once(lines: list[tuple[float, float]]) -> None:
    result = question_of(lines)
    seen = shown(result)
    assert (sum(seen.criteria), seen.hint) == (seen.points, 0)
    assert (seen.points == exact(result.max_points)) == (result.verdict is Verdict.JUSTE)
    for criterion, points in zip(result.criteria, seen.criteria, strict=True):
        assert points == points.quantize(STEP)
        assert abs(points - exact(criterion.points)) <= (STEP if points in (STEP, seen_below(criterion)) else HALF)
        assert (points == exact(criterion.max_points)) == (criterion.verdict is Verdict.JUSTE)
        assert (points == 0) == (criterion.verdict is Verdict.FAUX)


def seen_below(criterion: CriterionResult) -> Decimal:
    return exact(criterion.max_points) - STEP


@given(st.lists(st.tuples(POINTS, SHARES), min_size=1, max_size=8), st.sampled_from([0.1, 0.25, 1 / 3, 0.999, 1.0]))
def test_what_a_hint_cost_is_told_and_adds_up(lines: list[tuple[float, float]], cost: float) -> None:
    before = question_of(lines)
    result = replace(before, points=before.points * (1 - cost))
    seen = shown(result)
    assert seen.criteria == shown(before).criteria
    assert sum(seen.criteria) - seen.hint == seen.points
    assert (seen.hint > 0) == (before.points > 1e-9)
    assert seen.points < exact(result.max_points)
    assert seen.points >= 0
    assert (seen.points > 0) == (result.points > 1e-9) or sum(seen.criteria) == STEP, "no room for part of a hundredth"


@given(st.lists(st.tuples(POINTS, SHARES), min_size=1, max_size=8), SHARES)
def test_a_mark_given_by_hand_is_shown_as_it_was_given(lines: list[tuple[float, float]], share: float) -> None:
    before = question_of(lines)
    typed = round(before.max_points * share, 2)
    result = with_manual_mark(before, ManualMark(typed))
    assert shown(result) == Shown(exact(typed))
    more = with_manual_mark(before, ManualMark(before.max_points * share))
    assert (shown(more).points == exact(more.max_points)) == (more.verdict is Verdict.JUSTE)


@given(st.lists(st.lists(st.tuples(POINTS, SHARES), min_size=1, max_size=5), min_size=1, max_size=6))
def test_the_same_answer_shows_the_same_points_whatever_the_others_are(questions: list[list[tuple[float, float]]]):
    results = [question_of(lines) for lines in questions]
    alone = [shown(question_of([line])).points for lines in questions for line in lines]
    assert [points for result in results for points in shown(result).criteria] == alone


@given(st.lists(st.tuples(POINTS, SHARES), min_size=2, max_size=6))
def test_a_card_adds_up(lines: list[tuple[float, float]]) -> None:
    result = question_of(lines)
    check_card(result)


def check_card(result: QuestionResult) -> None:
    """The head shows the points of the question, the list those of its criteria; no card shows a hint's cost."""
    head, *lines = plain(render_html(result)).replace("</li>", "\n").split('<ul class="criteres">')
    points = re.findall(rf"· ({NUMBER}) / {NUMBER}", head)
    assert [decimal(one) for one in points] == [shown(result).points] * len(points)
    assert points or result.verdict in (Verdict.NON_REPONDU, Verdict.A_RELIRE)
    criteria = re.findall(rf"· ({NUMBER}) / {NUMBER}\n", "".join(lines))
    assert not criteria or sum(map(decimal, criteria)) == shown(result).points


# --- the surfaces -----------------------------------------------------------------------------------------------------


@dataclass
class Seen:
    """What a surface shows of one copy: the mark, and of each question its points and its lines (hints below 0)."""

    mark: Decimal
    questions: dict[str, tuple[Decimal | None, list[Decimal]]] = field(default_factory=dict)

    def agrees_with(self, copy: CopyResult) -> bool:
        total = Decimal(0)
        for name, (points, lines) in self.questions.items():
            points = sum(lines, Decimal(0)) if points is None else points
            assert points == copy.shown[name].points, (name, points, copy.shown[name])
            assert not lines or sum(lines) == points, (name, lines, points)
            total += points
        assert self.mark == copy.mark, (self.mark, copy.mark)
        assert not self.questions or total == self.mark, (self.questions, self.mark)
        assert abs(float(self.mark) - copy.points) <= 0.02 + 0.005 * len(copy.questions)
        return True


def decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", ".").replace("−", "-").replace(" ", ""))


def plain(page: str) -> str:
    return unescape(page).replace("\u00a0", " ")


def class_page_of(result: ClassResult) -> Iterator[tuple[CopyResult, Seen]]:
    pages = page_names([student.person for student in result.students])
    text = plain(class_page(result, pages).decode())
    for activity in result.activities:
        section = text.split(f'<section class="carte" id="{activity.id}"')[1].split("</section>")[0]
        for student, page in zip(result.students, pages, strict=True):
            if copy := student.copies.get(activity.id):
                row = section.split(f'href="retours/{page}"')[1].split("</tr>")[0]
                mark, cells = re.split(r'<td class="note">', row)[1].split("</td>", 1)
                found = re.findall(rf"<td[^>]*>(−? ?{NUMBER})?<span", cells)
                lines = [decimal(one) for one in found if one]
                assert sum(lines) == decimal(mark), (student.person.name, lines, mark)
                yield copy, Seen(decimal(mark))


def student_pages_of(result: ClassResult) -> Iterator[tuple[CopyResult, Seen]]:
    for student in result.students:
        text = plain(student_page(student, result).decode())
        for copy, part in zip(
            [student.copies[one.id] for one in result.activities if one.id in student.copies],
            text.split('<section class="carte activite"')[1:],
            strict=True,
        ):
            head, *blocks = part.split('<section class="question ')
            found = re.search(rf'<span class="note"><b>({NUMBER})</b>', head)
            assert found
            seen = Seen(decimal(found[1]))
            for block in blocks:
                name = re.search(r'id="q-([^"]+)"', block)
                points = re.search(rf'"note">(?:en attente, sur {NUMBER}|({NUMBER}) / {NUMBER})</span>', block)
                assert name
                assert points
                lines = re.findall(rf'<td class="n">(?:({NUMBER}) / {NUMBER}|(− {NUMBER}))</td>', block)
                seen.questions[name[1]] = decimal(points[1] or "0"), [decimal(one or cost) for one, cost in lines]
            yield copy, seen


def workbook_of(result: ClassResult) -> Iterator[tuple[CopyResult, Seen]]:
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(result)))
    people = list(result.students)
    for activity in result.activities:
        head, *rows = book[f"Activité {activity.number}"].values
        students = [student for student in people if activity.id in student.copies]
        for student, row in zip(students, rows, strict=True):
            seen = Seen(Decimal(str(row[2])))
            for title, value in zip(head[3:], row[3:], strict=True):
                question, _, criterion = str(title).partition(" · ")
                number = Decimal(str(value)) if isinstance(value, int | float) else Decimal(0)
                if not criterion:
                    seen.questions[question.split(" (")[0]] = number, []
                elif value is not None:
                    seen.questions[question][1].append(number)
            yield student.copies[activity.id], seen
    head, *rows = book["Notes"].values
    for student, row in zip(people, rows, strict=True):
        given = [value for value in row[head.index("Identifiant") + 1 :] if isinstance(value, int | float)]
        found = [(one, student.copies[one.id].mark) for one in result.activities if one.id in student.copies]
        of_twenty = [20 * mark / exact(student.copies[one.id].max_points) for one, mark in found]
        *each, mean = [Decimal(str(value)) for value in given][-len(found) - 1 :]
        assert each == [mark for _, mark in found]
        assert abs(mean - sum(of_twenty) / len(of_twenty)) <= STEP


def moodle_of(result: ClassResult) -> Iterator[tuple[CopyResult, Seen]]:
    rows = list(csv.DictReader(io.StringIO(gradebook_csv(result).decode())))
    for student, row in zip(result.students, rows, strict=True):
        for activity in result.activities:
            mark, words = (
                row[f"Activité {activity.number} ({what})"] for what in (f"note sur {activity.points:g}", "feedback")
            )
            if mark:
                assert (
                    f"Note du cahier : {mark.replace('.', ',')} / {activity.points:g} (activité {activity.number})"
                    in plain(words)
                )
                yield student.copies[activity.id], Seen(Decimal(mark))
    with tempfile.TemporaryDirectory() as name:
        for activity in result.activities:
            alone = replace(result, activities=(activity,), students=tuple(
                replace(one, copies={activity.id: one.copies[activity.id]})
                for one in result.students if activity.id in one.copies
            ))  # fmt: skip
            guesses = [one.copies[activity.id].identity.guess for one in alone.students]
            lines = [
                french_row(int(guess.moodle_id or n), one.person.name, maximum="100,00")
                for n, (one, guess) in enumerate(zip(alone.students, guesses, strict=True), start=1)
            ]
            source = Path(name, f"{activity.id}.csv")
            source.write_text(FRENCH + "".join(lines), encoding="utf-8")
            done = fill_worksheet(source, alone, Path(name, "rempli", source.name))
            rows = list(csv.DictReader(io.StringIO(done.path.read_text("utf-8"))))
            assert done.filled == sum(not one.copies[activity.id].pending for one in alone.students)
            for student, line in zip(alone.students, rows, strict=True):
                if line["Note"]:
                    copy = student.copies[activity.id]
                    assert f" {number_text(copy.mark)} / {activity.points:g} " in plain(
                        line["Feedback par commentaires"]
                    )
                    yield copy, Seen((decimal(line["Note"]) * exact(activity.points) / 100).quantize(STEP))


def to_copy_of(result: ClassResult) -> Iterator[tuple[CopyResult, Seen]]:
    """The marks to copy elsewhere: the final ones, the same as in the sheet of marks."""
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(result)))
    head, *rows = book["À recopier"].values
    marks = {row[0]: row for row in book["Notes"].values}
    for student, row in zip(result.students, rows, strict=True):
        final = not any(copy.pending for copy in student.copies.values())
        mean = list(head).index("Moyenne des activités rendues (sur 20)")
        usual = dict(zip(marks["Nom"], marks[row[0]], strict=True))
        assert row[mean] == (usual[head[mean]] if final else None)
        for column, activity in enumerate(result.activities, start=1):
            copy = student.copies.get(activity.id)
            is_mark = isinstance(row[column], int | float)  # « Abs » is none
            assert is_mark == (copy is not None and not copy.pending)
            if copy and is_mark:
                assert head[column] == f"Activité {activity.number} (sur {activity.points:g})"
                yield copy, Seen(Decimal(str(row[column])))


def nbgrader_of(result: ClassResult) -> Iterator[tuple[CopyResult, Seen]]:
    for activity in result.activities:
        source = Source(activity, json.loads(given_notebook(activity.id)))
        for copy in (one for one in result.copies if one.activity == activity.id):
            marked = Marked({question.id: question for question in copy.questions})
            seen = Seen(copy.mark)
            given_points = scores(source, marked)
            for name, score in given_points.items():
                points = score.manual if score.manual is not None else score.auto
                seen.questions[name] = Decimal(repr(points or 0.0)), []
            for cell in build(source, marked)["cells"]:
                name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
                page = plain("".join(cell["outputs"][0]["data"].get("text/html", ""))) if cell.get("outputs") else ""
                if head := re.search(rf"Correction automatique : .*?, ({NUMBER}) / {NUMBER}</b>", page):
                    assert decimal(head[1]) == Decimal(cell["outputs"][0]["data"]["text/plain"])
                    assert decimal(head[1]) == copy.shown[name].points
                    lines = re.findall(rf"\((?:({NUMBER}) / {NUMBER}|(− {NUMBER}))\)</li>", page)
                    seen.questions[name][1].extend(decimal(one or cost) for one, cost in lines)
            yield copy, seen


def open_answers_of(result: ClassResult) -> Iterator[tuple[CopyResult, Seen]]:
    """Only questions are there, not the whole copy: a whole mark is what a person gave, a part what the program did."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "reponses-ouvertes.xlsx")
        if not write_open_answers(result, path):
            return
        book = openpyxl.load_workbook(path)
    students = {student.id: student for student in result.students}
    for sheet in book.worksheets[:-1]:
        head, *rows = sheet.values
        for row in rows:
            cells = dict(zip(head, row, strict=True))
            student, activity, question, *_ = str(cells["Repère"]).split("|")
            copy = students[student].copies[activity]
            points = copy.shown[question].points
            if cells["Points"] is not None:
                assert Decimal(str(cells["Points"])) == points
            elif partly_by_hand(asked := next(one for one in loaded(activity).activity.marked if one.id == question)):
                rubric = plain(str(cells["Ce qui est attendu"]))
                lines = re.findall(rf" : ({NUMBER}) points? par la correction automatique", rubric)
                cost = re.findall(rf"({NUMBER}) points? à retirer du total", rubric)
                assert sum(map(decimal, lines)) - sum(map(decimal, cost)) == points
                assert len(lines) == sum(criterion.check != REVIEW for criterion in asked.criteria)
            yield copy, Seen(copy.mark)


def differences_of(result: ClassResult) -> Iterator[tuple[CopyResult, Seen]]:
    """Against a marking where everything was worth nothing: all of what counts is told, on the terminal too."""
    names = [student.id for student in result.students]
    nothing = replace(result, students=tuple(
        replace(one, copies={name: replace(copy, questions=tuple(map(worth_nothing, copy.questions)))
                             for name, copy in one.copies.items()})
        for one in result.students
    ))  # fmt: skip
    numbers = {activity.id: activity.number for activity in result.activities}
    found = compare(told(nothing, names), told(result, names))
    file = plain(differences.text(found, numbers).decode()).split("Par élève\n---------\n")[-1]
    terminal = plain("\n".join(differences.shown(found, numbers)))
    for student in result.students:
        for activity, copy in student.copies.items():
            head = f"{student.id}, activité {numbers[activity]} : "
            if copy.mark == 0:
                continue
            block = file.split(head)[1].split("\n\n")[0]
            mark = re.match(rf"0 → ({NUMBER}) / {copy.max_points:g}", block)
            assert mark
            if head in terminal:
                assert f"{head}0 → {mark[1]} / {copy.max_points:g} (" in terminal
            seen = Seen(decimal(mark[1]))
            for part in re.split(r"\n  (?=[AR]\d)", block)[1:]:
                name, points = re.match(rf"([AR]\S+) : (?:{NUMBER} → )?({NUMBER}) / {NUMBER}", part).groups()  # type: ignore[union-attr]
                lines = re.findall(rf"\n    \S.* : (?:{NUMBER} → )?({NUMBER}) / {NUMBER}(?=\n|$)", part)
                cost = copy.shown[name].hint
                assert not lines or sum(map(decimal, lines)) - cost == decimal(points)
                seen.questions[name] = decimal(points), []
            yield copy, seen


def worth_nothing(question: QuestionResult) -> QuestionResult:
    criteria = tuple(replace(one, points=0.0, messages=()) for one in question.criteria)
    return replace(question, points=0.0, criteria=criteria)


SURFACES = (
    class_page_of, student_pages_of, workbook_of, moodle_of, to_copy_of, nbgrader_of, open_answers_of, differences_of,
)  # fmt: skip


def random_question(question: Question, chance: random.Random) -> QuestionResult:
    """Any result that marking can give: blank, wrong, in part, full; waiting for a person; a hint that cost points."""
    if chance.random() < 0.1:
        lines = [CriterionResult(c.id, c.label, Verdict.NON_REPONDU, 0.0, c.points) for c in question.criteria]
        return QuestionResult(question.id, Verdict.NON_REPONDU, 0.0, question.points, tuple(lines))
    made = []
    for criterion in question.criteria:
        if criterion.check == REVIEW:
            made.append(CriterionResult(criterion.id, criterion.label, Verdict.A_RELIRE, 0.0, criterion.points))
            continue
        share = chance.choice([0.0, 1.0, 1 / 3, 2 / 3, chance.random(), chance.randrange(50) / 49])
        points = criterion.points * share
        made.append(
            CriterionResult(
                criterion.id, criterion.label, verdict_of(points, criterion.points), points, criterion.points
            )
        )
    points = sum(one.points for one in made)
    points = question.points if abs(points - question.points) < 1e-9 else points
    waits = any(one.verdict is Verdict.A_RELIRE for one in made)
    if points and chance.random() < 0.2:
        points *= 1 - chance.choice([0.1, 1 / 3, 1.0])
    verdict = Verdict.A_RELIRE if waits else verdict_of(points, question.points)
    result = QuestionResult(question.id, verdict, points, question.points, tuple(made))
    if chance.random() < 0.15:
        typed = chance.choice([question.points, 0.0, round(chance.uniform(0, question.points), 2)])
        return with_manual_mark(result, ManualMark(typed))
    return result


def random_class(chance: random.Random, students: int = 3, activities: int = 2) -> ClassResult:
    chosen = sorted(chance.sample(ACTIVITIES, activities))
    people = []
    for number in range(students):
        person = Person(f"Élève {number:02}", f"eleve{number:02}")
        copies = {}
        for activity in chosen:
            whole, marked = loaded(activity).activity.points, loaded(activity).activity.marked
            questions = tuple(random_question(question, chance) for question in marked)
            copies[activity] = CopyResult(
                f"{number}/{activity}.ipynb", Identity(person, Guess(), stated=True), person, activity, "evaluation",
                sum(question.points for question in questions), whole, questions, (), None, f"{number}{activity}",
                {question.id: "Une réponse." for question in marked},
            )  # fmt: skip
        people.append(StudentResult(person, copies, person.identifier, listed_as(person, number)))
    return ClassResult(
        tuple(people), (), tuple(loaded(name).for_teacher() for name in chosen), roster_given=True
    )  # fmt: skip


def listed_as(person: Person, line: int) -> Listed:
    return Listed(person.identifier, *last_and_first(person.name), "", "", line)


def check_every_surface(result: ClassResult) -> None:
    for read in SURFACES:
        seen = [copy for copy, seen in read(result) if seen.agrees_with(copy)]
        expected = [copy for copy in result.copies if not (copy.pending and read in (moodle_of, to_copy_of))]
        if read not in (open_answers_of, differences_of):
            assert {id(copy) for copy in seen} == {id(copy) for copy in expected} or read is moodle_of, read
    for copy in result.copies:
        for question in copy.questions:
            if shown(question).criteria and not shown(question).hint:
                check_card(question)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_every_surface_adds_up_for_a_random_class(chance: random.Random) -> None:
    check_every_surface(random_class(chance))


def test_every_surface_adds_up_for_the_whole_class_of_the_demo(tmp_path: Path) -> None:
    for name, content in demo.make_class(1, 30):
        (tmp_path / name).write_bytes(content)
    result = mark_class([tmp_path], BANK)
    students = tuple(
        replace(one, listed=listed_as(one.person, line)) for line, one in enumerate(result.students, start=1)
    )
    result = replace(result, students=students, roster_given=True)
    assert len(result.copies) > 190
    assert any(copy.mark != round(exact(copy.points), 1) for copy in result.copies)
    check_every_surface(result)
