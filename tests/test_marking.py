"""From copies to results: the mark, the incidents, the copy that counts; and that nothing is ever run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import autograder.marking
from autograder.demo import spoil
from autograder.intake.keys import Bank, MissingKey
from autograder.marking import mark_sheet
from autograder.marking.batch import mark_class
from crc_lab.core.errors import BankProblems, UnknownName
from crc_lab.core.model import QuestionResult, Verdict
from crc_lab.core.proof import print_of, proven_with_the_code
from crc_lab.core.resources import OTHER_WORKBOOK, PACKAGED_WORKBOOK, activity_folder, activity_ids
from crc_lab.core.sheet import Answer, AnswerSheet
from tests.sample_copies import (
    A3,
    A4,
    A6,
    BANK,
    MARKED,
    NOTHING_RIGHT,
    archive,
    codes,
    copy,
    key_answers,
    loaded,
    mark,
    mistakes,
    moodle,
    notebook,
    sheet,
)

ROOT = Path(__file__).resolve().parent.parent
A7 = "07_cibler"


# --- marks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("activity", MARKED)
def test_the_key_earns_everything_and_a_blank_copy_is_listed_only(tmp_path: Path, activity: str):
    unread = sum(
        criterion.points
        for question in loaded(activity).activity.marked
        for criterion in question.criteria
        if criterion.check == "relecture"
    )  # a person marks them
    result = mark(
        tmp_path, {"a.ipynb": copy(activity, name="A"), "b.ipynb": copy(activity, {}, name="B", identifier="b")}
    )
    whole = loaded(activity).activity.points
    assert [(one.points, one.max_points) for one in result.copies] == [(whole - unread, whole)]
    assert [one.file.rsplit("/", 1)[-1] for one in result.rejections] == ["b.ipynb"]
    assert codes(result) == ["COPIE-VIDE"]


def test_training_exercises_are_not_marked(tmp_path: Path):
    result = mark(tmp_path, {"a.ipynb": copy(A4, {"A4-X1": {"total": "50"}})})
    (one,) = result.copies
    assert [question.id for question in one.questions] == ["A4-Q1", "A4-Q2", "A4-Q3", "A4-Q4"]
    assert codes(result) == ["COPIE-VIDE"]


def test_the_same_answer_is_marked_once_but_with_the_other_answers_that_it_depends_on():
    known: dict[bytes, QuestionResult] = {}
    cards = loaded(A7)
    aims = (key_answers(A7)["A7-Q1"], "Je veux réactiver les clients endormis : mon objectif est la réactivation.")
    invited = ["tiedes", "inactifs", "bons", "tres_bons"], ["tiedes"]

    def marked(aim: str, segments: list[str], known: dict[bytes, QuestionResult] | None) -> QuestionResult:
        answers = {"A7-Q1": Answer(aim), "A7-Q2": Answer({**key_answers(A7)["A7-Q2"], "segments": segments})}
        results, _ = mark_sheet(AnswerSheet(A7, answers=answers), cards, known)
        return next(one for one in results if one.id == "A7-Q2")

    cases = [(aim, segments) for aim in aims for segments in invited]
    together = [marked(*case, known) for case in cases]
    assert together == [marked(*case, None) for case in cases]
    assert together[1] != together[3], "the aim counts"
    assert [marked(*case, known) for case in cases] == together
    assert marked(*cases[0], known) is together[0]


def test_two_activities_that_name_a_question_alike_are_marked_each_with_its_own_key():
    four, answers = loaded(A4), {"A4-Q4": Answer(key_answers(A4)["A4-Q4"])}
    wanted = dict.fromkeys(key_answers(A4)["A4-Q4"], "nettoyer")
    own = replace(four.keys["A4-Q4"], answer=wanted, criteria={"operations": {"attendu": wanted}})
    twin = replace(four, activity=replace(four.activity, id="09_essai"), keys={**four.keys, "A4-Q4": own})
    known: dict[bytes, QuestionResult] = {}
    earned = [
        sum(result.points for result in mark_sheet(AnswerSheet(one.activity.id, answers=answers), one, known)[0])
        for one in (four, twin)
    ]
    assert earned == [4, 1]


def test_a_key_that_is_not_the_one_that_comes_with_the_code_is_proven_again():
    shipped = proven_with_the_code()
    assert {print_of(loaded(activity)) for activity in MARKED} <= shipped
    changed = replace(loaded(A4), keys={**loaded(A4).keys, "A4-Q3": replace(loaded(A4).keys["A4-Q3"], answer={})})
    assert print_of(changed) not in shipped


def test_keys_as_they_came_are_read_when_a_copy_asks_and_any_other_at_once(tmp_path: Path, monkeypatch):
    for folder in ("notebooks", "datasets"):
        shutil.copytree(PACKAGED_WORKBOOK / folder, tmp_path / folder)
    monkeypatch.setenv(OTHER_WORKBOOK, str(tmp_path))
    read = []
    monkeypatch.setattr(
        "autograder.intake.keys.load_activity", lambda folder, *_, **__: read.append(folder.name) or loaded(A4)
    )
    Bank().check()
    assert not read
    for name in ("notebooks/04_qualifier/exercices.toml", "notebooks/05_segmenter/lecture.json"):
        with (tmp_path / name).open("a") as stream:
            stream.write("\n")
    Bank().check()
    assert read == ["04_qualifier", "05_segmenter"]
    read.clear()
    (tmp_path / "datasets" / "base_scoree.csv").unlink()  # any of them may use it
    Bank().check()
    assert read == [*activity_ids()]


def test_results_carry_no_notes_of_cells(tmp_path: Path):
    (one,) = mark(tmp_path, {"a.ipynb": copy(A6, spoil(key_answers(A6), mistakes(A6)[0]))}).copies
    assert one.points < 20
    assert all(question.cells == () for question in one.questions)


def test_a_level_two_hint_costs_in_assessment_only():
    def points(edition: str, hints: int) -> float:
        answers = {name: Answer(value, hints=hints) for name, value in key_answers(A6).items()}
        (result,), _ = mark_sheet(AnswerSheet(A6, edition, answers=answers), loaded(A6))
        return result.points

    assert points("entrainement", 2) == points("evaluation", 1) == 20
    assert points("evaluation", 2) == pytest.approx(18)


# --- nothing is run ---------------------------------------------------------------------------------------------------


def test_no_cell_is_ever_run(tmp_path: Path):
    trace = tmp_path / "trace.txt"
    source = f"open({str(trace)!r}, 'w').write('lancé')"
    cells = [
        {"cell_type": "code", "id": name, "metadata": {}, "source": text, "outputs": [], "execution_count": None}
        for name, text in {"a": source, "b": f"!touch {trace}", "c": f"%%bash\ntouch {trace}"}.items()
    ]
    result = mark(tmp_path / "classe", {"a.ipynb": notebook(sheet(), cells)})
    assert len(result.copies) == 1
    assert not trace.exists()


def test_marking_loads_no_notebook_nor_data_library(tmp_path: Path):
    (tmp_path / "06_scorer.ipynb").write_bytes(copy())
    script = (
        "import sys; from autograder.cli import main; code = main(sys.argv[1:]);"
        "import json; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules}))); sys.exit(code)"
    )
    arguments = ["corriger", str(tmp_path / "06_scorer.ipynb"), "--sortie", str(tmp_path / "sortie")]
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    modules = set(json.loads(done.stdout.splitlines()[-1]))
    assert modules.isdisjoint({"IPython", "ipykernel", "jupyter_client", "nbformat", "nbconvert", "nbgrader", "pandas"})


# --- incidents --------------------------------------------------------------------------------------------------------


def test_an_unknown_question_is_told_and_costs_nothing(tmp_path: Path):
    result = mark(tmp_path, {"a.ipynb": copy(A6, {**key_answers(A6), "A9-Q9": "x", "A4-Q1": []})})
    assert (codes(result), result.copies[0].points) == (["QUESTION-INCONNUE"] * 2, 20)


def test_a_damaged_answer_does_not_cost_the_others(tmp_path: Path):
    meta = sheet(A4)
    meta["reponses"]["A4-Q2"] = "abîmée"
    result = mark(tmp_path, {"a.ipynb": notebook(meta)})
    assert (codes(result), result.copies[0].points) == (["REPONSE-ILLISIBLE"], 16)


def test_a_damaged_list_of_answers_is_told(tmp_path: Path):
    assert codes(mark(tmp_path, {"a.ipynb": notebook(sheet() | {"reponses": [1]})})) == [
        "REPONSE-ILLISIBLE",
        "COPIE-VIDE",
    ]


def test_a_failure_of_ours_costs_neither_the_batch_nor_the_other_questions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    real = autograder.marking.grade

    def broken(question, *others):
        if question.id == "A4-Q3":
            raise ZeroDivisionError
        return real(question, *others)

    monkeypatch.setattr("autograder.marking.grade", broken)
    result = mark(
        tmp_path, {"a.ipynb": copy(A4, name="A", identifier="a"), "b.ipynb": copy(A6, name="B", identifier="b")}
    )
    first, second = result.copies
    assert [question.verdict for question in first.questions][2] is Verdict.ERREUR
    assert (first.points, second.points) == (18, 20)
    assert codes(result) == ["ERREUR-INTERNE"]


def test_an_unforeseen_failure_on_a_file_is_one_rejection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def explode(_: bytes) -> None:
        raise MemoryError

    files = {"a.ipynb": copy(), "b.ipynb": copy()}
    monkeypatch.setattr("autograder.intake.collecting.read_sheet", explode)
    assert codes(mark(tmp_path, files)) == ["ERREUR-INTERNE"] * 2


@pytest.mark.parametrize(
    ("meta", "code"),
    [
        (sheet() | {"version": 2}, "FEUILLE-PLUS-RECENTE"),
        (sheet() | {"version": "?"}, "FEUILLE-ILLISIBLE"),
        (sheet() | {"activite": None}, "FEUILLE-ILLISIBLE"),
        ([], "FEUILLE-ILLISIBLE"),
        (sheet() | {"activite": "99_inconnue"}, "ACTIVITE-INCONNUE"),
        (sheet() | {"activite": "../../etc"}, "ACTIVITE-INCONNUE"),
        (sheet("00_accueil", {"A0-Q1": "x"}), "ACTIVITE-NON-NOTEE"),
    ],
)
def test_a_sheet_that_cannot_be_marked_is_one_rejection(tmp_path: Path, meta: object, code: str):
    assert codes(mark(tmp_path, {"a.ipynb": notebook(meta)})) == [code]


# --- the copy that counts ---------------------------------------------------------------------------------------------


def test_homonyms_of_one_moodle_archive_keep_their_own_copies(tmp_path: Path):
    files = {moodle("Jean Martin", 1): copy(A6, name="Jean Martin", identifier="jm"),
             moodle("Jean Martin", 2): copy(A6, NOTHING_RIGHT, name="Jean Martin", identifier="jm")}  # fmt: skip
    result = mark(tmp_path, {"c.zip": archive(files)})
    assert sorted(one.points for one in result.copies) == [0, 20]
    assert len(result.students) == 2


def test_one_student_is_followed_from_one_activity_to_the_next(tmp_path: Path):
    result = mark(tmp_path, {
        "tp3.zip": archive({moodle("Inès Garnier", 1): copy(A3)}),
        "tp6.zip": archive({moodle("Inès Garnier", 9): copy(A6, name="", identifier="")}),
    })  # fmt: skip
    (student,) = result.students
    assert (student.person.name, student.person.identifier) == ("Inès Garnier", "igarnier")
    assert sorted(student.copies) == [A3, A6]
    assert all(one.to_json()["eleve"]["identifiant"] == "igarnier" for one in result.copies)


# --- sidecars ---------------------------------------------------------------------------------------------------------


def sidecar(**kwargs: object) -> bytes:
    return json.dumps(sheet(**kwargs)).encode()  # type: ignore[arg-type]


def test_a_sidecar_completes_the_notebook_beside_it(tmp_path: Path):
    answers = key_answers(A4)
    last = {"A4-Q4": answers.pop("A4-Q4")}
    files = {
        "g/04_qualifier.ipynb": copy(A4, answers),
        "g/04_qualifier.reponses.json": sidecar(activity=A4, answers=last),
    }
    result = mark(tmp_path, files)
    assert (result.copies[0].points, codes(result)) == (20, ["FICHIER-DE-SECOURS"])


def test_an_older_sidecar_changes_nothing(tmp_path: Path):
    old = sidecar(answers={"A6-Q1": None}, date="2026-01-01T00:00:00+01:00")
    result = mark(tmp_path, {"g/06_scorer.ipynb": copy(), "g/06_scorer.reponses.json": old})
    assert (result.copies[0].points, codes(result)) == (20, [])


def test_a_sidecar_alone_is_a_copy(tmp_path: Path):
    result = mark(tmp_path, {"g/06_scorer.reponses.json": sidecar()})
    assert (result.copies[0].points, codes(result)) == (20, ["CARNET-ABSENT"])


def test_a_sidecar_in_a_shared_folder_goes_to_its_own_student_only(tmp_path: Path):
    files = {
        "a.ipynb": copy(A6, {}, name="Inès Garnier", identifier="ig"),
        "b.ipynb": copy(A6, {}, name="Paul Benali", identifier="pb"),
        "06_scorer.reponses.json": sidecar(name="Paul Benali", identifier="pb"),
    }
    result = mark(tmp_path, files)
    assert {one.person.name: one.points for one in result.copies} == {"Paul Benali": 20}


def test_a_sidecar_of_another_activity_is_a_copy_of_its_own(tmp_path: Path):
    files = {"g/06_scorer.ipynb": copy(A6), "g/04_qualifier.reponses.json": sidecar(activity=A4)}
    assert [one.activity for one in mark(tmp_path, files).copies] == [A4, A6]


# --- keys -------------------------------------------------------------------------------------------------------------


def test_without_its_key_an_activity_is_refused_with_a_remedy(tmp_path: Path):
    (tmp_path / "mes-cles").mkdir()
    with pytest.raises(MissingKey, match="--corriges"):
        Bank(tmp_path / "mes-cles").get(A6)


@pytest.mark.parametrize("place", [A6, f"notebooks/{A6}", "."])
def test_the_teachers_own_keys_are_used(tmp_path: Path, place: str):
    text = (activity_folder(A6) / "corrige.toml").read_text(encoding="utf-8")
    target = tmp_path / place / "corrige.toml"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text.replace("Exactement 3 mois", "Trois mois pile"), encoding="utf-8")
    key = Bank(tmp_path).get(A6).key("A6-Q1")
    assert key is not None
    assert "Trois mois pile" in key.messages["RFM-R-STRICT3"]


def test_a_broken_key_rejects_its_copies_and_is_told_once(tmp_path: Path):
    (tmp_path / "cles" / A6).mkdir(parents=True)
    (tmp_path / "cles" / A6 / "corrige.toml").write_text("version = ", encoding="utf-8")
    bank = Bank(tmp_path / "cles")
    files = {f"{name}.ipynb": copy(name=name, identifier=name) for name in "ab"}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    result = mark_class([tmp_path / name for name in files], bank)
    assert codes(result) == ["CORRIGE-ILLISIBLE"] * 2
    assert [type(problem) for problem in bank.problems] == [BankProblems]


def test_a_strange_activity_name_is_never_a_path(tmp_path: Path):
    for name in (str(tmp_path), "../datasets", "06_scorer/../04_qualifier", "", "\x00", "x" * 5000):
        with pytest.raises(UnknownName):
            BANK.get(name)


def test_the_same_input_gives_the_same_result(tmp_path: Path):
    files = {f"{name}/06_scorer.ipynb": copy(name=name, identifier=name) for name in "cab"}
    first, second = mark(tmp_path, files), mark(tmp_path, files)
    assert first == second
    assert [one.person.name for one in first.copies] == ["a", "b", "c"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_in_a_folder_does_not_hang_the_batch(tmp_path: Path):
    os.mkfifo(tmp_path / "06_scorer.ipynb")
    assert codes(mark(tmp_path, {"a.ipynb": copy()})) == ["FICHIER-SPECIAL"]
