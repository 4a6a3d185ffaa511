"""Notebooks are built from text: same bytes each time, nothing left out, nothing of the key inside."""

import ast
import json
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

import crc_lab
from autograder.marking.manual import marked_by_hand
from autograder.prepare.build import build, build_notebook
from crc_lab.core.bank import load_activity
from crc_lab.core.errors import CrcError
from crc_lab.core.resources import activity_folder, activity_ids, workbook_root
from tests.loaded import loaded_activity

SOURCE = """# %% [markdown]
# # Titre
#
# Un texte.

# %%
from crc_lab import debut, question
debut("00_accueil")

# %%
question("A0-Q1")

# %%
question("A0-Q2")
"""


@pytest.fixture(scope="module")
def welcome():
    return loaded_activity("00_accueil").activity


def test_the_built_notebook_is_valid_locked_and_without_output(welcome):
    notebook = nbformat.reads(build_notebook(SOURCE, welcome).decode(), as_version=4)
    nbformat.validate(notebook)
    assert [cell.id for cell in notebook.cells if cell.cell_type == "code"][1:] == ["q-a0-q1", "q-a0-q2"]
    assert all(cell.metadata.deletable is False for cell in notebook.cells)
    assert all(not cell.outputs for cell in notebook.cells if cell.cell_type == "code")
    assert notebook.metadata.crc_lab.activite == "00_accueil"
    assert notebook.metadata.crc_lab.reponses == {}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("A0-Q2", "A0-Q9"), "montre « A0-Q9 », qui n’existe pas"),
        (('question("A0-Q2")', "pass"), "ne montre pas « A0-Q2 »"),
        (("A0-Q2", "A0-Q1"), "montre « A0-Q1 » deux fois"),
        (("# %% [markdown]\n# # Titre", "# # Titre"), "du texte précède la première cellule"),
    ],
)
def test_a_text_that_does_not_show_its_questions_is_refused(welcome, change, expected):
    with pytest.raises(CrcError, match=expected):
        build_notebook(SOURCE.replace(*change), welcome)


@pytest.fixture
def copy(tmp_path):
    """The sources of one activity and the data, in a folder of their own."""
    root = workbook_root()
    (tmp_path / "datasets").symlink_to(root / "datasets")
    folder = tmp_path / "notebooks" / "00_accueil"
    folder.mkdir(parents=True)
    for name in ("activite.py", "exercices.toml", "corrige.toml"):
        (folder / name).write_bytes((root / "notebooks" / "00_accueil" / name).read_bytes())
    return tmp_path


def test_check_finds_a_missing_and_a_stale_notebook(copy, capsys):
    assert build(check=True, root=copy) == 1
    assert "notebooks/00_accueil/00_accueil.ipynb" in capsys.readouterr().err
    assert build(root=copy) == 0
    assert build(check=True, root=copy) == 0
    path = copy / "notebooks" / "00_accueil" / "00_accueil.ipynb"
    path.write_bytes(path.read_bytes() + b"\n")
    assert build(check=True, root=copy) == 1
    assert path.read_bytes().endswith(b"\n\n"), "--check writes nothing"


def test_a_mistake_in_the_questions_is_said_and_nothing_is_written(copy, capsys):
    toml = copy / "notebooks" / "00_accueil" / "exercices.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("numero", "numro"), encoding="utf-8")
    assert build(root=copy) == 1
    assert "« numro » n’existe pas" in capsys.readouterr().err
    assert not (copy / "notebooks" / "00_accueil" / "00_accueil.ipynb").exists()


@pytest.mark.parametrize("activity", activity_ids())
def test_a_notebook_holds_no_answer_and_only_the_workbook_own_calls(activity):
    path = activity_folder(activity) / f"{activity}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert notebook["metadata"]["crc_lab"]["reponses"] == {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            for statement in ast.parse("".join(cell["source"])).body:
                if isinstance(statement, ast.ImportFrom):
                    assert statement.module == "crc_lab"
                    continue
                call = statement.value
                assert call.func.id in crc_lab.__all__
                assert all(isinstance(argument, ast.Constant) for argument in call.args)


# --- cells that nbgrader knows ----------------------------------------------------------------------------------------

WITH_AN_OPEN_QUESTION = Path(__file__).parent / "cases" / "workbook"
KNOWN = [(workbook_root(), activity) for activity in activity_ids()] + [(WITH_AN_OPEN_QUESTION, "09_essai")]


def built(root, activity):
    path = root / "notebooks" / activity / f"{activity}.ipynb"
    return load_activity(path.parent, root / "datasets").activity, json.loads(path.read_text(encoding="utf-8"))


def for_nbgrader(notebook):
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]
    }


@pytest.mark.parametrize(("root", "activity"), KNOWN, ids=[name for _, name in KNOWN])
def test_nbgrader_accepts_every_built_notebook(root, activity):
    from nbgrader.nbgraderformat import MetadataValidator  # seconds to import: only here

    path = root / "notebooks" / activity / f"{activity}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)


@pytest.mark.parametrize(("root", "activity"), KNOWN, ids=[name for _, name in KNOWN])
def test_nbgrader_counts_the_points_of_the_mark_scheme_and_no_exercise(root, activity):
    bank, notebook = built(root, activity)
    given = {name: cell["metadata"]["nbgrader"] for name, cell in for_nbgrader(notebook).items()}
    paid = {name: data["points"] for name, data in given.items() if "points" in data}
    assert paid == {question.id: question.points for question in bank.marked}
    for question in bank.marked:
        data = given[question.id]
        assert data["locked"]
        assert not data["solution"]
        by_hand = marked_by_hand(question)
        assert (data["task"], data["grade"]) == (by_hand, not by_hand)


def test_an_open_question_is_a_task_followed_by_its_locked_card():
    _, notebook = built(WITH_AN_OPEN_QUESTION, "09_essai")
    ids = [cell["id"] for cell in notebook["cells"]]
    at = ids.index("t-a9-q2")
    task, card = notebook["cells"][at : at + 2]
    assert (task["cell_type"], task["metadata"]["nbgrader"]["points"]) == ("markdown", 12)
    assert "".join(task["source"]).startswith("**A9-Q2 · Un avis rédigé** (12\u00a0points).")
    assert (card["id"], card["source"]) == ("q-a9-q2", ['question("A9-Q2")'])
    data = card["metadata"]["nbgrader"]
    assert (data["grade_id"], data["grade"], data["task"], data["locked"]) == ("A9-Q2-reponse", False, False, True)


def test_the_tests_own_workbook_is_up_to_date(capsys):
    assert build(check=True, root=WITH_AN_OPEN_QUESTION) == 0, capsys.readouterr().err


# --- the assessment edition -------------------------------------------------------------------------------------------

ESSAY = """# %% [markdown]
# # Titre

# %% [markdown] tags=["entrainement"]
# Pour s’entraîner.

# %% [markdown] tags=["evaluation"]
# Pour être évalué. Voir [les données](../datasets/a.csv).

# %%
from crc_lab import debut, question
debut("09_essai")

# %% tags=["entrainement"]
figure("06-scores")

# %%
question("A9-X1")

# %%
question("A9-Q1")

# %%
question("A9-Q2")
"""


@pytest.fixture(scope="module")
def essay():
    """The tests' own activity with an exercise more."""
    loaded = load_activity(WITH_AN_OPEN_QUESTION / "notebooks" / "09_essai", WITH_AN_OPEN_QUESTION / "datasets")
    exercise = replace(loaded.activity.questions[0], id="A9-X1", points=0, training=True)
    return replace(loaded.activity, questions=(exercise, *loaded.activity.questions))


def texts(notebook):
    return ["".join(cell["source"]) for cell in json.loads(notebook)["cells"]]


def test_each_edition_has_its_own_passages(essay):
    training, assessment = texts(build_notebook(ESSAY, essay)), texts(build_notebook(ESSAY, essay, "evaluation"))
    assert "Pour s’entraîner." in training
    assert 'figure("06-scores")' in training
    assert 'question("A9-X1")' in training
    assert not any("évalu" in text for text in training)
    assert not any("entraîn" in text or "X1" in text or "figure" in text for text in assessment)
    assert "Pour être évalué. Voir [les données](datasets/a.csv)." in assessment
    assert [text for text in assessment if text.startswith("question")] == ['question("A9-Q1")', 'question("A9-Q2")']


def test_the_rules_come_under_the_title(essay):
    rules = texts(build_notebook(ESSAY, essay, "evaluation"))[1].replace("\u00a0", " ")
    assert rules.startswith("## Les règles de cette évaluation\n")
    assert "**Durée : 10 minutes.** 20 points, 2 questions." in rules
    assert "**Le second retire 10 % des points de la question**" in rules
    without = replace(essay, questions=tuple(replace(question, hints=()) for question in essay.questions))
    assert "indice" not in texts(build_notebook(ESSAY, without, "evaluation"))[1]


def test_the_sheet_says_its_edition_and_what_it_is_given(essay):
    sheet = json.loads(build_notebook(ESSAY, essay, "evaluation", {"sujet": "s-1"}))["metadata"]["crc_lab"]
    assert (sheet["edition"], sheet["sujet"], sheet["variante"], sheet["mode"]) == ("evaluation", "s-1", None, "eleve")
    assert "sujet" not in json.loads(build_notebook(ESSAY, essay))["metadata"]["crc_lab"]


def test_both_editions_show_the_same_cells_of_questions_to_nbgrader(essay):
    def graded(edition):
        return for_nbgrader(json.loads(build_notebook(ESSAY, essay, edition)))

    assert graded("evaluation") == graded("entrainement")
    assert list(graded("evaluation")) == ["A9-Q1", "A9-Q2", "A9-Q2-reponse"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (('tags=["entrainement"]', 'tags=["entraînement"]'), "étiquette « entraînement » inconnue"),
        (('question("A9-X1")\n\n# %%\n', 'question("A9-X1")\n'), "mettez l’exercice « A9-X1 » dans une cellule à lui"),
    ],
)
def test_what_would_slip_into_an_assessment_is_refused(essay, change, expected):
    with pytest.raises(CrcError, match=expected.replace(" »", "\\s»").replace("« ", "«\\s")):
        build_notebook(ESSAY.replace(*change), essay, "evaluation")
