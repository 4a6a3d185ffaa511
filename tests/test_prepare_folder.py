"""The prepared folder: whole or absent the first time, then brought up to date; nothing of the teacher's is lost."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from autograder.intake.keys import PREPARATION, Preparation, PreparationProblem, read_preparation
from autograder.prepare.command import Report, describe, draft, existing, refuse_other, write_files

SUBJECT = Preparation("controle-1", ("06_scorer",))
FILES = {
    "classe.csv": b"identifiant\n",
    "corriges/06_scorer/corrige.toml": b"version = 1\n",
    "corriges/datasets/a.csv": b"a\n1\n",
    "sujets/06_scorer.zip": b"PK",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A prepared folder, its nbgrader course with a mark in it."""
    target = tmp_path / "controle"
    with draft(target) as made:
        write_files(made, FILES, SUBJECT)
        (made / "nbgrader").mkdir()
        (made / "nbgrader" / "gradebook.db").write_bytes(b"notes")
    return target


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != PREPARATION
    }


def test_the_first_time_everything_is_there_and_readable_by_the_marking(folder: Path) -> None:
    assert content(folder) == {**FILES, "nbgrader/gradebook.db": b"notes"}
    assert read_preparation(folder) == existing(folder) == SUBJECT
    record = json.loads((folder / PREPARATION).read_text("utf-8"))
    assert {name: record[name] for name in ("version", "sujet", "variante", "activites", "edition")} == {
        "version": 1, "sujet": "controle-1", "variante": None, "activites": ["06_scorer"], "edition": "evaluation",
    }  # fmt: skip
    assert set(record["fichiers"]) == set(FILES)


def test_the_same_files_again_change_nothing(folder: Path) -> None:
    before = (folder / PREPARATION).read_bytes()
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file() and path.name != PREPARATION}
    assert write_files(folder, FILES, SUBJECT) == Report()
    assert (folder / PREPARATION).read_bytes() == before
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_what_is_new_is_written_and_what_is_of_no_more_use_goes(folder: Path) -> None:
    files = {**FILES, "classe.csv": b"identifiant\nzoe\n", "sujets/06_scorer.zip": b"PK2"}
    del files["corriges/datasets/a.csv"]
    report = write_files(folder, files, SUBJECT)
    assert report.updated == ["classe.csv", "sujets/06_scorer.zip"]
    assert report.removed == ["corriges/datasets/a.csv"]
    assert content(folder) == {**files, "nbgrader/gradebook.db": b"notes"}


def test_a_key_that_the_teacher_changed_is_kept_again_and_again(folder: Path) -> None:
    key = folder / "corriges/06_scorer/corrige.toml"
    key.write_bytes(b"version = 1\n# plus large\n")
    for version in (b"version = 1 # cahier 2\n", b"version = 1 # cahier 3\n"):
        report = write_files(folder, {**FILES, "corriges/06_scorer/corrige.toml": version}, SUBJECT)
        assert report.kept == ["corriges/06_scorer/corrige.toml"]
        assert key.read_bytes() == b"version = 1\n# plus large\n"


def test_a_key_taken_away_comes_back(folder: Path) -> None:
    (folder / "corriges/06_scorer/corrige.toml").unlink()
    assert write_files(folder, FILES, SUBJECT).updated == ["corriges/06_scorer/corrige.toml"]


def test_another_file_that_the_teacher_changed_is_set_aside(folder: Path) -> None:
    for number, aside in enumerate(("classe (votre version).csv", "classe (votre version 2).csv")):
        (folder / "classe.csv").write_bytes(b"la mienne %d" % number)
        report = write_files(folder, FILES, SUBJECT)
        assert report.aside == [("classe.csv", aside)]
        assert (folder / aside).read_bytes() == b"la mienne %d" % number
    assert (folder / "classe.csv").read_bytes() == FILES["classe.csv"]


def test_the_class_list_given_may_be_the_folder_s_own_corrected_in_place(folder: Path) -> None:
    (folder / "classe.csv").write_bytes(b"Nom\nGARNIER\n")
    report = write_files(folder, {**FILES, "classe.csv": b"identifiant\nig\n"}, SUBJECT, folder / "classe.csv")
    assert (report.updated, report.aside) == (["classe.csv"], [])


def test_a_file_that_a_teacher_changed_is_not_removed(folder: Path) -> None:
    (folder / "corriges/datasets/a.csv").write_bytes(b"a\n2\n")
    files = {name: data for name, data in FILES.items() if name != "corriges/datasets/a.csv"}
    assert write_files(folder, files, SUBJECT).removed == []
    assert (folder / "corriges/datasets/a.csv").read_bytes() == b"a\n2\n"


def test_a_new_or_empty_folder_may_be_used(tmp_path: Path) -> None:
    assert existing(tmp_path / "absent") is None
    (tmp_path / "vide").mkdir()
    assert existing(tmp_path / "vide") is None
    with draft(tmp_path / "vide") as made:
        (made / "a").write_text("a")
    assert (tmp_path / "vide" / "a").read_text() == "a"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("fichier", "c’est un fichier"),
        ("photos", "contient déjà autre chose"),
        ("abime", "preparation.json est illisible"),
        ("lien", "c’est un fichier"),
    ],
)
def test_a_place_that_holds_something_else_is_refused(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "fichier").write_text("x")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_text("x")
    (tmp_path / "abime").mkdir()
    (tmp_path / "abime" / PREPARATION).write_text("{")
    (tmp_path / "lien").symlink_to(tmp_path / "nulle part")
    with pytest.raises(PreparationProblem, match=text):
        existing(tmp_path / name)


@pytest.mark.parametrize(
    "wanted",
    [Preparation("autre", ("06_scorer",)), Preparation("controle-1", ("03_structurer", "06_scorer"))],
    ids=["another subject", "other activities"],
)
def test_a_folder_with_another_subject_is_refused(wanted: Preparation) -> None:
    with pytest.raises(PreparationProblem, match=r"contient déjà le sujet «\scontrole-1\s» \(06_scorer\)") as caught:
        refuse_other(Path("controle"), SUBJECT, wanted)
    assert "Donnez un autre dossier à --sortie" in str(caught.value)
    refuse_other(Path("controle"), SUBJECT, Preparation("controle-1", ("06_scorer",)))


def test_an_error_on_the_way_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail() -> None:
        with draft(tmp_path / "controle") as made:
            write_files(made, FILES, SUBJECT)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path) -> None:
    stale = tmp_path / ".controle.preparation-abc123"
    stale.mkdir()
    (stale / "classe.csv").write_text("Inès Garnier")
    other = tmp_path / ".controle-2.preparation-abc123"
    other.mkdir()
    with draft(tmp_path / "controle"):
        assert not stale.exists()
    assert other.exists()


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_the_folder_has_ordinary_rights(folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    assert stat.S_IMODE((folder / "sujets/06_scorer.zip").stat().st_mode) == 0o644


def test_a_disk_that_refuses_is_said_with_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, _content: bytes) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("autograder.prepare.command.write_atomically", refuse)
    with pytest.raises(PreparationProblem, match=r"classe\.csv\s» ne peut pas être écrit \(accès refusé\)"):
        write_files(folder, {**FILES, "classe.csv": b"autre"}, SUBJECT)
    assert content(folder)["classe.csv"] == FILES["classe.csv"]


def test_what_was_done_is_told(tmp_path: Path) -> None:
    def told(report: Report) -> str:
        return "\n".join(describe(report, tmp_path / "controle")).replace("\u00a0", " ")

    assert "est prêt" in told(Report(new=True, updated=["classe.csv"]))
    assert "était déjà à jour" in told(Report())
    changed = told(Report(updated=["sujets/06_scorer.zip"], kept=["corriges/a"], aside=[("classe.csv", "b.csv")]))
    assert "Refaits : sujets/06_scorer.zip" in changed
    assert "donnez le nouveau ZIP" in changed
    assert "Gardés tels que vous les avez modifiés : corriges/a." in changed
    assert (
        "« classe.csv » avait été modifié : il est refait, et votre version s’appelle maintenant « b.csv »" in changed
    )
    assert "nouveau ZIP" not in told(Report(updated=["classe.csv"]))
