"""Copying the workbook: what is given is brought up to date, what is the person's is never lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crc_lab.core.errors import CrcError
from crc_lab.lab.workbook_copy import copy_workbook


def notebook(edition: str = "entrainement", answer: str | None = None) -> str:
    answers = {"A3-Q1": {"valeur": answer}} if answer else {}
    sheet = {"version": 1, "activite": "03_structurer", "edition": edition, "reponses": answers}
    return json.dumps({"cells": [], "metadata": {"crc_lab": sheet}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small workbook, as in a checkout."""
    activity = tmp_path / "origine" / "notebooks" / "03_structurer"
    activity.mkdir(parents=True)
    (activity / "03_structurer.ipynb").write_text(notebook())
    (activity / "exercices.toml").write_text("# questions\n")
    (activity / "corrige.toml").write_text("# key\n")
    (activity / "activite.py").write_text("# text, for the author\n")
    (activity / "__pycache__").mkdir()
    data = tmp_path / "origine" / "datasets"
    (data / "corriges").mkdir(parents=True)
    (data / "contacts_bruts.csv").write_text("id;nom\n1;A\n")
    (data / "marielle.xlsx").write_bytes(b"PK workbook")
    (data / "corriges" / "rfm.csv").write_text("id;R\n1;10\n")
    (data / "~$marielle.xlsx").write_bytes(b"lock")
    (data / ".cache").mkdir()
    (data / ".cache" / "x").write_bytes(b"x")
    return tmp_path / "origine"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mon cahier"


ALL = (
    "03_structurer/03_structurer.ipynb",
    "03_structurer/exercices.toml",
    "03_structurer/corrige.toml",
    "datasets/contacts_bruts.csv",
    ".crc-lab/corriges/rfm.csv",
    "datasets/marielle.xlsx",
)


def test_a_first_copy_holds_the_notebooks_the_questions_and_the_data_only(root: Path, folder: Path) -> None:
    report = copy_workbook(folder, root)
    assert report.copied == ALL
    assert (report.kept, report.updated, report.set_aside) == ((), (), ())
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {*ALL, ".crc-lab/copie.json", ".crc-lab/LISEZMOI.txt"}


def test_copying_again_changes_nothing(root: Path, folder: Path) -> None:
    copy_workbook(folder, root)
    files = [path for path in folder.rglob("*") if path.is_file() and ".crc-lab" not in path.parts]
    before = {path: path.stat().st_mtime_ns for path in files}
    report = copy_workbook(folder, root)
    assert report.copied == report.kept == report.updated == report.set_aside == ()
    assert {path: path.stat().st_mtime_ns for path in before} == before


@pytest.mark.parametrize("when", ["after the copy", "before it", "never changed"])
def test_a_notebook_is_never_touched_even_by_a_newer_workbook(root: Path, folder: Path, when: str) -> None:
    mine = folder / ALL[0]
    content = notebook(answer=None if when == "never changed" else "la mienne")
    if when == "before it":
        mine.parent.mkdir(parents=True)
    else:
        copy_workbook(folder, root)
    mine.write_text(content)
    report = copy_workbook(folder, root)
    assert (report.kept, report.renewed) == (() if when == "never changed" else ALL[:1], ())
    (root / "notebooks" / ALL[0]).write_text(notebook() + "\n")
    for _ in range(2):
        report = copy_workbook(folder, root)
        assert (report.kept, report.renewed) == (ALL[:1], () if when == "before it" else ALL[:1])
        assert mine.read_text() == content


def test_questions_and_data_nobody_changed_follow_the_workbook(root: Path, folder: Path) -> None:
    copy_workbook(folder, root)
    (root / "notebooks" / "03_structurer" / "exercices.toml").write_text("# better questions\n")
    (root / "datasets" / "marielle.xlsx").write_bytes(b"PK newer")
    report = copy_workbook(folder, root)
    assert report.updated == ("03_structurer/exercices.toml", "datasets/marielle.xlsx")
    assert (folder / "03_structurer" / "exercices.toml").read_text() == "# better questions\n"
    assert copy_workbook(folder, root).updated == ()


def test_a_changed_data_file_is_set_aside_and_the_original_comes_back(root: Path, folder: Path) -> None:
    copy_workbook(folder, root)
    mine = folder / "datasets" / "contacts_bruts.csv"
    for number, text in enumerate(["premier essai", "second essai"], start=1):
        mine.write_text(text)
        report = copy_workbook(folder, root)
        name = "contacts_bruts (votre version).csv" if number == 1 else "contacts_bruts (votre version 2).csv"
        assert report.set_aside == (("datasets/contacts_bruts.csv", f"datasets/{name}"),)
        assert mine.read_text() == "id;nom\n1;A\n"
        assert (folder / "datasets" / name).read_text() == text


def test_a_changed_excel_file_is_a_working_document_and_is_kept(root: Path, folder: Path) -> None:
    copy_workbook(folder, root)
    mine = folder / "datasets" / "marielle.xlsx"
    mine.write_bytes(b"PK mine")
    (root / "datasets" / "marielle.xlsx").write_bytes(b"PK newer")
    report = copy_workbook(folder, root)
    assert report.kept == report.renewed == ("datasets/marielle.xlsx",)
    assert mine.read_bytes() == b"PK mine"


def test_a_deleted_file_comes_back(root: Path, folder: Path) -> None:
    copy_workbook(folder, root)
    (folder / "datasets" / "contacts_bruts.csv").unlink()
    assert copy_workbook(folder, root).copied == ("datasets/contacts_bruts.csv",)


@pytest.mark.parametrize("name", ["03_structurer/TP de Zoé.ipynb", "mon TP 3.ipynb"])
def test_no_blank_notebook_comes_back_beside_one_that_was_renamed(root: Path, folder: Path, name: str) -> None:
    copy_workbook(folder, root)
    (folder / ALL[0]).rename(folder / name)
    report = copy_workbook(folder, root)
    assert (report.copied, report.kept) == ((), (ALL[0],))
    assert not (folder / ALL[0]).exists()
    (folder / name).rename(
        folder / "03_structurer" / "03_structurer-a-rendre.ipynb"
    )  # a copy to hand in is not the work
    assert copy_workbook(folder, root).copied == (ALL[0],)


def test_a_folder_that_was_renamed_stays_the_one_of_its_activity(root: Path, folder: Path) -> None:
    copy_workbook(folder, root)
    (folder / "03_structurer").rename(folder / "03 – Inès Garnier")
    report = copy_workbook(folder, root)
    assert (report.copied, report.set_aside, report.updated) == ((), (), ())
    (root / "notebooks" / "03_structurer" / "exercices.toml").write_text("# newer", "utf-8")
    report = copy_workbook(folder, root)
    assert report.updated == ("03 – Inès Garnier/exercices.toml",)
    assert (folder / "03 – Inès Garnier" / "exercices.toml").read_text("utf-8") == "# newer"
    assert not (folder / "03_structurer").exists()


def test_the_persons_other_files_are_left_alone(root: Path, folder: Path) -> None:
    folder.mkdir()
    (folder / "vacances.jpg").write_bytes(b"photo")
    (folder / "03_structurer").mkdir()
    (folder / "03_structurer" / "notes.txt").write_text("à moi")
    copy_workbook(folder, root)
    assert (folder / "vacances.jpg").read_bytes() == b"photo"
    assert (folder / "03_structurer" / "notes.txt").read_text() == "à moi"


def test_a_damaged_record_loses_nothing(root: Path, folder: Path) -> None:
    copy_workbook(folder, root)
    for damage in ("", "[]", '{"fichiers": 3}', "{"):
        (folder / ".crc-lab" / "copie.json").write_text(damage)
        (folder / "datasets" / "contacts_bruts.csv").write_text(f"changé {damage}")
        report = copy_workbook(folder, root)
        ((_, aside),) = report.set_aside
        assert (folder / aside).read_text() == f"changé {damage}"


def test_an_assessment_bundle_is_opened_as_it_is_without_any_key(root: Path, folder: Path) -> None:
    mine = folder / "03_structurer" / "03_structurer.ipynb"
    mine.parent.mkdir(parents=True)
    mine.write_text(notebook("evaluation"))
    report = copy_workbook(folder, root)
    assert report.assessment
    assert report.copied == ()
    assert not list(folder.rglob("corrige.toml"))
    assert not (folder / "datasets").exists()


@pytest.mark.parametrize("where", ["", "03_structurer"])
def test_a_subject_is_known_by_its_questions_even_when_its_notebook_was_changed(
    root: Path, folder: Path, where: str
) -> None:
    subject = folder / where
    subject.mkdir(parents=True)
    (subject / "sujet renommé.ipynb").write_text(notebook("entrainement"))
    (subject / "exercices.toml").write_text('activite = "03_structurer"\nedition = "evaluation"\n')
    assert copy_workbook(folder, root).assessment
    assert not list(folder.rglob("corrige.toml"))


def test_a_locked_file_does_not_prevent_the_opening(root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_workbook(folder, root)
    (root / "datasets" / "contacts_bruts.csv").write_text("id;nom\n2;B\n")
    replace = Path.replace

    def locked(self: Path, target: Path) -> Path:
        if target.name == "contacts_bruts.csv":
            raise PermissionError(13, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", locked)
    report = copy_workbook(folder, root)
    assert report.kept == ("datasets/contacts_bruts.csv",)
    assert not list(folder.rglob("*.copie"))


def test_a_file_in_place_of_the_folder_is_refused_in_french(root: Path, tmp_path: Path) -> None:
    (tmp_path / "cahier").write_text("un fichier")
    with pytest.raises(CrcError, match="n’est pas un dossier"):
        copy_workbook(tmp_path / "cahier", root)


def test_a_folder_without_the_right_to_write_is_refused_in_french(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(CrcError, match="Impossible d’écrire"):
        copy_workbook(folder, root)


@pytest.mark.parametrize("inside", ["", "notebooks", "notebooks/03_structurer", "datasets"])
def test_the_workbooks_own_sources_are_refused(root: Path, inside: str) -> None:
    before = sorted(root.rglob("*"))
    with pytest.raises(CrcError, match="originaux"):
        copy_workbook(root / inside, root)
    assert sorted(root.rglob("*")) == before
