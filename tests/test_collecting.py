"""From files to copies: what goes with what, what is told, and that one file never stops the others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.intake import NOTEBOOK, SIDECAR, HandedIn, Rejection
from autograder.intake.collecting import collect
from crc_lab.core.resources import activity_folder, datasets_folder
from tests.sample_copies import A3, A4, A6, archive, codes, copy, key_answers, mark, moodle, notebook, sheet


def handed(folder: Path, files: dict[str, bytes], heard: list[str] | None = None) -> list[HandedIn | Rejection]:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return list(collect([folder], progress=heard.append if heard is not None else None))


def sidecar(activity: str = A6, **more: object) -> bytes:
    return json.dumps(sheet(activity, **more)).encode()  # type: ignore[arg-type]


def told(one: HandedIn | Rejection) -> list[str]:
    return [incident.code for incident in one.incidents] if isinstance(one, HandedIn) else [one.code]


def subject_folder(activity: str) -> dict[str, bytes]:
    """What a student hands in with the notebook when they zip their whole folder."""
    files = {f"{activity}/exercices.toml": (activity_folder(activity) / "exercices.toml").read_bytes()}
    for path in datasets_folder().glob("*.csv"):
        files[f"{activity}/datasets/{path.name}"] = path.read_bytes()
    return files | {f"{activity}/datasets/datapackage.json": b"{}", f"{activity}/{activity}.ipynb": copy(activity)}


@pytest.mark.parametrize("zipped", [False, True], ids=["folder", "zip"])
def test_a_copy_in_its_subject_folder_is_one_copy(tmp_path: Path, zipped: bool):
    files = {moodle("Inès Garnier", 1, name): content for name, content in subject_folder(A3).items()}
    if zipped:
        files = {moodle("Inès Garnier", 1, "cahier.zip"): archive(subject_folder(A3))}
    (one,) = handed(tmp_path, {"c.zip": archive(files)})
    assert isinstance(one, HandedIn)
    assert (one.source, one.sheet.activity, one.guess.name, told(one)) == (NOTEBOOK, A3, "Inès Garnier", [])


def test_a_subject_folder_under_a_students_folder_is_that_students(tmp_path: Path):
    (one,) = handed(tmp_path, {f"dupont/{name}": content for name, content in subject_folder(A4).items()})
    assert isinstance(one, HandedIn)
    assert one.guess.name == "dupont"


def test_every_file_is_heard_in_order(tmp_path: Path):
    heard: list[str] = []
    handed(tmp_path / "classe", {"a/x.ipynb": copy(), "b/x.pdf": b"x", "c/06.reponses.json": sidecar()}, heard)
    assert heard == ["classe/a/x.ipynb", "classe/b/x.pdf", "classe/c/06.reponses.json"]


def test_a_file_that_jupyter_saved_by_itself_is_told(tmp_path: Path):
    (one,) = handed(tmp_path, {"dupont/06_scorer-checkpoint.ipynb": copy()})
    assert told(one) == ["COPIE-DE-SAUVEGARDE"]


def test_a_sheet_of_a_newer_version_is_refused_and_the_others_go_on(tmp_path: Path):
    newer = notebook(sheet() | {"version": 99})
    assert [told(one) for one in handed(tmp_path, {"a/x.ipynb": newer, "b/x.ipynb": copy()})] == [
        ["FEUILLE-PLUS-RECENTE"],
        [],
    ]


# --- sidecars ---------------------------------------------------------------------------------------------------------


def test_somebody_elses_sidecar_alone_with_a_notebook_is_not_merged(tmp_path: Path):
    files = {
        "g/06_scorer.ipynb": copy(A6, {}, name="Paul Benali", identifier="pb"),
        "g/06_scorer.reponses.json": sidecar(name="Inès Garnier", identifier="ig"),
    }
    result = mark(tmp_path, files)
    assert {one.person.name: one.points for one in result.copies} == {"Inès Garnier": 20}
    assert codes(result) == ["CARNET-ABSENT", "COPIE-VIDE"]


@pytest.mark.parametrize("place", ["Inès Garnier_1_assignsubmission_file/", "submitted/igarnier/06_scorer/"])
def test_in_a_sure_place_a_sidecar_goes_with_its_notebook_whatever_the_archive(tmp_path: Path, place: str):
    files = {
        f"{place}cahier.zip": archive({"06_scorer/06_scorer.ipynb": copy(A6, {}, name="", identifier="")}),
        f"{place}06_scorer.reponses.json": sidecar(name="", identifier=""),
    }
    (one,) = handed(tmp_path, {"c.zip": archive(files)})
    assert isinstance(one, HandedIn)
    assert (one.source, told(one)) == (NOTEBOOK, ["FICHIER-DE-SECOURS"])
    assert one.sheet.answers["A6-Q1"].value == key_answers(A6)["A6-Q1"]


def test_sidecars_without_notebook_are_copies(tmp_path: Path):
    files = {"g/06_scorer.reponses.json": sidecar(), "g/04_qualifier.reponses.json": sidecar(A4)}
    copies = handed(tmp_path, files)
    assert [(one.source, told(one)) for one in copies if isinstance(one, HandedIn)] == [
        (SIDECAR, ["CARNET-ABSENT"])
    ] * 2


def test_a_damaged_sidecar_costs_nothing_to_its_notebook(tmp_path: Path):
    outcomes = handed(tmp_path, {"g/06_scorer.ipynb": copy(), "g/06_scorer.reponses.json": b"{"})
    assert [told(one) for one in outcomes] == [["CARNET-TRONQUE"], []]
