"""What students receive: questions that load and look the same, the data they need, nothing else, the same bytes."""

from __future__ import annotations

import io
import json
import os
import re
import tomllib
import zipfile
from pathlib import Path

import frictionless
import pytest

from autograder.prepare.content import (
    ActivityContent,
    activity_content,
    archive,
    as_toml,
    data_files,
    key_files,
    marked_activities,
    named_in,
    student_questions,
)
from autograder.prepare.editions import cells_of, part_numbers, renumbered
from crc_lab.core.bank import EXERCISES, KEYS, load_activity
from crc_lab.core.errors import CrcError
from crc_lab.core.grading import grade
from crc_lab.core.resources import PACKAGE, datasets_folder, workbook_root
from crc_lab.core.rooms import checks
from crc_lab.notebook.cards import question_spec
from tests.notebook_runs import run_notebooks

SUBJECT = "essai-1"
OWN_WORKBOOK = Path(__file__).parent / "cases" / "workbook"
ACTIVITIES = marked_activities()


@pytest.fixture(scope="module")
def contents() -> dict[str, ActivityContent]:
    own = activity_content("09_essai", SUBJECT, OWN_WORKBOOK)
    return {**{name: activity_content(name, SUBJECT) for name in ACTIVITIES}, "09_essai": own}


@pytest.fixture(params=[*ACTIVITIES, "09_essai"])
def content(request: pytest.FixtureRequest, contents: dict[str, ActivityContent]) -> ActivityContent:
    return contents[request.param]


@pytest.fixture
def folder(content: ActivityContent, tmp_path: Path) -> Path:
    """The subject as a student unzips it."""
    with zipfile.ZipFile(io.BytesIO(archive(content.id, content.files))) as packed:
        packed.extractall(tmp_path)
    return tmp_path / content.id


def test_the_activities_with_a_mark_are_the_ones_prepared() -> None:
    assert ACTIVITIES == (
        "01_crc", "02_reglementation", "03_structurer", "04_qualifier", "05_segmenter", "06_scorer", "07_cibler",
        "11_tableau_de_bord", "12_satisfaction", "13_appels", "14_reclamations", "15_ecrire", "16_equipe", "17_crm",
        "18_fideliser", "19_canaux", "20_sujet_a", "21_sujet_b",
    )  # fmt: skip


def test_the_questions_load_alone_and_look_the_same(content: ActivityContent, folder: Path) -> None:
    given = load_activity(folder, folder / "datasets")
    assert given.keys == {}
    assert (given.activity.edition, given.activity.subject) == ("evaluation", SUBJECT)
    whole = content.loaded.activity
    path = workbook_root() / "notebooks" / content.id / "activite.py"
    source = path.read_text(encoding="utf-8") if path.is_file() else ""  # that of the tests numbers no part
    numbers = part_numbers(cell.text for cell in cells_of(source) if cell.belongs("evaluation") and not cell.is_code)
    assert [question.id for question in given.activity.questions] == [question.id for question in whole.marked]
    for question in given.activity.questions:
        original = whole.question(question.id)
        assert original is not None
        assert question_spec(question, given.activity, "evaluation") == question_spec(original, whole, "evaluation")
        assert question.hints == tuple(renumbered(hint, numbers) for hint in original.hints)
        assert [c.points for c in question.criteria] == [c.points for c in original.criteria]


def test_without_the_key_both_question_files_say_the_same_of_an_answer(content: ActivityContent, folder: Path) -> None:
    given = load_activity(folder, folder / "datasets").activity
    for question in given.questions:
        original = content.loaded.activity.question(question.id)
        assert original is not None
        for answer in (content.loaded.keys[question.id].answer, None, "oui", {"lignes": 3}, [["1", "1"]]):
            assert grade(question, answer) == grade(original, answer)


def test_every_message_that_serves_without_the_key_is_there_and_no_other(content: ActivityContent) -> None:
    for raw in tomllib.loads(content.files[EXERCISES].decode())["question"]:
        wanted = {code for item in raw["critere"] for code in checks()[item["controle"]].keyless_codes}
        assert set(raw.get("messages", {})) == wanted


def test_fields_that_nobody_chose_stay_with_the_teacher() -> None:
    raw = {
        "version": 1, "activite": "x", "numero": 1, "titre": "T", "points": 1, "duree": "1 h", "secret": "a",
        "donnees": {"base": "base.csv", "reserve": "reserve.csv"},
        "question": [
            {"id": "X1", "genre": "choix", "entrainement": True, "critere": []},
            {
                "id": "Q1", "genre": "parties", "titre": "t", "enonce": "e", "points": 1, "note": "b",
                "options": [{"id": "a", "texte": "A", "raison": "c", "juste": True}],
                "parties": [
                    {"id": "p", "genre": "choix", "libelle": "l", "options": [{"id": "o", "texte": "O", "raison": "d"}]}
                ],
                "tableau": {"source": "base", "cle": "n", "attendu": "e", "colonnes": [{"nom": "n", "reponse": "f"}]},
                "messages": {"CODE": "g"},
                "critere": [
                    {"id": "c", "libelle": "C", "points": 1, "controle": "choix_unique", "bonne": "h", "grille": ["i"]}
                ],
            },
        ],
    }  # fmt: skip
    given = tomllib.loads(as_toml(student_questions(raw, "s")).decode())
    assert given["donnees"] == {"base": "base.csv"}
    assert given["question"] == [
        {
            "id": "Q1", "genre": "parties", "titre": "t", "enonce": "e", "points": 1,
            "parties": [{"id": "p", "genre": "choix", "libelle": "l", "options": [{"id": "o", "texte": "O"}]}],
            "tableau": {"source": "base", "cle": "n", "colonnes": [{"nom": "n"}]},
            "critere": [{"id": "c", "libelle": "C", "points": 1, "controle": "choix_unique"}],
        }
    ]  # fmt: skip
    assert "secret" not in given


@pytest.mark.parametrize(
    ("activity", "files"),
    [
        ("03_structurer", {"contacts_bruts.csv", "marielle_nature_contacts.xlsx"}),
        ("04_qualifier", {"base_restructuree.csv"}),
        ("06_scorer", {"base_qualifiee.csv"}),
        ("09_essai", set()),
    ],
)
def test_only_the_data_of_the_questions_and_of_the_narrative_are_given(
    contents: dict[str, ActivityContent], activity: str, files: set[str]
) -> None:
    wanted = {f"{activity}.ipynb", EXERCISES, f"datasets/{PACKAGE}", *(f"datasets/{name}" for name in files)}
    assert {name for name in contents[activity].files if not name.startswith("figures/")} == wanted
    package = json.loads(contents[activity].files[f"datasets/{PACKAGE}"])
    assert {item["path"] for item in package["resources"]} == files


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_the_description_of_the_data_is_a_valid_package(
    contents: dict[str, ActivityContent], activity: str, tmp_path: Path
) -> None:
    for name, data in contents[activity].files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    report = frictionless.validate(str(tmp_path / "datasets" / PACKAGE))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])[:5]


def test_a_narrative_names_its_data_by_link_or_by_loading_it() -> None:
    datasets = datasets_folder()
    assert named_in("voir [le fichier](datasets/sirene_mini.csv).", datasets) == {"sirene_mini.csv"}
    assert named_in('charger(\\"base qualifiée\\")', datasets) == {"base_qualifiee.csv"}
    assert named_in("charger('fichier Excel') datasets/absent.csv", datasets) == set()
    assert named_in('charger("rfm")', datasets) == set(), "a reference table is no data of the students"


def test_a_reference_table_is_refused_among_the_data_of_a_subject() -> None:
    with pytest.raises(CrcError, match=r"corriges/rfm\.csv » est un fichier de corrigé"):
        data_files(["corriges/rfm.csv"], datasets_folder())
    with pytest.raises(CrcError, match=r"absent\.csv » est introuvable"):
        data_files(["absent.csv"], datasets_folder())


def test_the_keys_mark_as_those_of_the_workbook(contents: dict[str, ActivityContent], tmp_path: Path) -> None:
    for name, data in key_files([contents[name] for name in ACTIVITIES]).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    for activity in ACTIVITIES:
        own = load_activity(tmp_path / activity, tmp_path / "datasets")
        assert own == contents[activity].loaded


def test_the_same_subject_is_made_of_the_same_bytes(content: ActivityContent) -> None:
    root = OWN_WORKBOOK if content.id == "09_essai" else workbook_root()
    again = activity_content(content.id, SUBJECT, root)
    assert archive(content.id, again.files) == archive(content.id, content.files)
    reordered = dict(reversed(list(content.files.items())))
    assert archive(content.id, reordered) == archive(content.id, content.files)


def test_another_subject_differs_only_by_its_name(content: ActivityContent) -> None:
    root = OWN_WORKBOOK if content.id == "09_essai" else workbook_root()
    other = activity_content(content.id, "autre-sujet", root)
    assert {name: data.replace(b"autre-sujet", SUBJECT.encode()) for name, data in other.files.items()} == content.files


def test_the_archive_holds_one_folder_with_dates_that_never_change(content: ActivityContent) -> None:
    with zipfile.ZipFile(io.BytesIO(archive(content.id, content.files))) as packed:
        assert {name.split("/")[0] for name in packed.namelist()} == {content.id}
        assert {item.date_time for item in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert packed.testzip() is None


def test_an_activity_without_key_or_narrative_is_not_prepared(tmp_path: Path) -> None:
    source = OWN_WORKBOOK / "notebooks" / "09_essai"
    target = tmp_path / "notebooks" / "09_essai"
    target.mkdir(parents=True)
    for name in (EXERCISES, "activite.py"):
        (target / name).write_bytes((source / name).read_bytes())
    with pytest.raises(CrcError, match=r"n’a pas de corrige\.toml"):
        activity_content("09_essai", SUBJECT, tmp_path)
    (target / KEYS).write_bytes((source / KEYS).read_bytes())
    (target / "activite.py").unlink()
    with pytest.raises(CrcError, match=r"Il manque « activite\.py »"):
        activity_content("09_essai", SUBJECT, tmp_path)


# --- the notebook -----------------------------------------------------------------------------------------------------


def notebook_text(content: ActivityContent) -> str:
    cells = json.loads(content.files[f"{content.id}.ipynb"])["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells)


def test_the_notebook_speaks_of_no_exercise_and_of_no_worked_answer(content: ActivityContent) -> None:
    text = notebook_text(content)
    assert not re.search(r"entra[iî]n|exercice|corrigé|[AR]\d-X", text, re.IGNORECASE)
    assert "## Les règles de cette évaluation" in text
    assert f"{content.loaded.activity.exam_duration}.**" in text


def test_nbgrader_accepts_the_notebook_and_counts_its_points(content: ActivityContent) -> None:
    import nbformat
    from nbgrader.nbgraderformat import MetadataValidator

    notebook = nbformat.reads(content.files[f"{content.id}.ipynb"].decode(), as_version=4)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    points = [cell.metadata.nbgrader.get("points", 0) for cell in notebook.cells if "nbgrader" in cell.metadata]
    assert sum(points) == content.loaded.activity.points


def test_every_link_of_the_notebook_leads_to_a_file_of_the_subject(content: ActivityContent, folder: Path) -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", notebook_text(content)) if "://" not in link]
    assert all((folder / link).is_file() for link in links)
    if content.id == "03_structurer":
        assert links == ["datasets/marielle_nature_contacts.xlsx"]


def test_the_notebooks_run_with_nothing_but_their_own_folder(
    contents: dict[str, ActivityContent], tmp_path: Path
) -> None:
    """As « Tout relancer » does, where the installed workbook is empty: nothing to fall back on."""
    (tmp_path / "vide" / "notebooks").mkdir(parents=True)
    notebooks = []
    for content in contents.values():
        for name, data in content.files.items():
            path = tmp_path / content.id / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        notebooks.append(tmp_path / content.id / f"{content.id}.ipynb")
    environment = {**os.environ, "MPLCONFIGDIR": str(tmp_path.parent / "mpl"), "CRC_LAB_CAHIER": str(tmp_path / "vide")}
    environment.pop("JPY_SESSION_NAME", None)
    run_notebooks(notebooks, tmp_path, environment)
