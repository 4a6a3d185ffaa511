"""« ramasser »: homes of a server, some hostile, some closed, become a folder that « corriger » attributes rightly."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.homes import reading
from autograder.homes.reading import Folder, read_home
from autograder.intake.archives import Limits
from autograder.intake.places import GATHERED
from tests.correcting import Folder as Teacher
from tests.sample_copies import A3, A6, NOTHING_RIGHT, copy

LIST = """identifiant;Nom;Prénom
igarnier;Garnier;Inès
kbenali;Benali;Karim
lp1;Petit;Lucas
lp2;Petit;Lucas
zoe;Roux;Zoé
"""
WORK, OTHER = {"A6-Q1": NOTHING_RIGHT["A6-Q1"]}, {"A3-Q1": ["a", "b"]}
links = pytest.mark.skipif(os.name == "nt", reason="making a link needs a right on Windows")
rights = pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")


class School:
    """A server's homes, the teacher's class list and output folder."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.homes, self.output, self.list = root / "home", root / "remises", root / "eleves.csv"
        self.homes.mkdir()
        self.list.write_text(LIST, encoding="utf-8")
        self._capsys = capsys

    def put(self, name: str, content: bytes) -> Path:
        path = self.homes / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def gather(self, *options: str, code: int = 0, roster: bool = True) -> str:
        """Run the command; all that it said, with plain spaces."""
        given = ["--classe", str(self.list)] if roster else []
        done = main(["ramasser", str(self.homes), *given, "--sortie", str(self.output), *options])
        out, err = self._capsys.readouterr()
        assert done == code, err
        return re.sub("[\u00a0 ]+", " ", out + err)

    def files(self) -> dict[str, bytes]:
        found = (path for path in self.output.rglob("*") if path.is_file())
        return {path.relative_to(self.output).as_posix(): path.read_bytes() for path in found}

    def copies(self) -> list[str]:
        return sorted(name for name in self.files() if name != GATHERED)


@pytest.fixture
def school(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> School:
    return School(tmp_path, capsys)


def signed(name: str = "", identifier: str = "", answers: Mapping[str, object] = WORK, activity: str = A6) -> bytes:
    return copy(activity, answers, name=name, identifier=identifier)


def test_every_student_of_the_list_is_accounted_for_and_the_same_command_changes_nothing(school: School):
    school.put("igarnier/cahier-crc/06_scorer/06_scorer.ipynb", signed())
    school.put("igarnier/cahier-crc/03_structurer/03_structurer.ipynb", signed(answers=OTHER, activity=A3))
    school.put("kbenali/cahier-crc/06_scorer/06_scorer.ipynb", signed(answers={}))
    school.put("zoe/notes.txt", b"rien")
    school.put("prof/cahier-crc/06_scorer/06_scorer.ipynb", signed("Inès Garnier", "igarnier"))
    school.put("kbenali/cahier-crc/00_accueil/00_accueil.ipynb", signed(answers={"A0-Q1": "a"}, activity="00_accueil"))
    said = school.gather()
    assert school.copies() == ["igarnier/03_structurer/03_structurer.ipynb", "igarnier/06_scorer/06_scorer.ipynb"]
    assert "2 carnets dans" in said
    assert "(2 nouveaux), de 1 compte." in said
    assert (
        "1 sur 5 élèves de la liste :\n • Inès Garnier (igarnier) : 03_structurer (1 réponse), 06_scorer (1 réponse)"
        in said
    )
    assert "Karim Benali : compte kbenali, cahier ouvert, aucune réponse à noter" in said
    assert "Zoé Roux : compte zoe, cahier jamais ouvert" in said
    assert said.count("Lucas Petit : aucun compte à son nom") == 2
    assert "Pas dans la liste : prof (1 carnet). Rien n’en a été copié." in said
    assert "Pour noter : crc-lab corriger" in said

    before, inodes = school.files(), {path: path.stat().st_ino for path in school.output.rglob("*.ipynb")}
    assert "(2 inchangés)" in school.gather()
    assert school.files() == before
    assert {path: path.stat().st_ino for path in school.output.rglob("*.ipynb")} == inodes
    assert "prof/06_scorer/06_scorer.ipynb" not in school.copies()
    school.gather("--tous")
    assert "prof/06_scorer/06_scorer.ipynb" in school.copies()


def test_corriger_gives_each_copy_to_the_account_it_comes_from(
    school: School, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """Homonyms, a joke for a name, somebody else's name, none, renamed folders and files, two workbooks in a home."""
    school.put("igarnier/cahier-crc/06_scorer/06_scorer.ipynb", copy(name="", identifier=""))
    school.put("kbenali/cahier-crc/Scorer !/mon RFM de Zoé.ipynb", signed("Zoé Roux", "zoe"))
    school.put("lp1/cahier-crc/06_scorer/06_scorer.ipynb", copy(name="Lucas Petit", identifier=""))
    school.put("lp2/cahier-crc/06_scorer/06_scorer.ipynb", signed("Lucas Petit"))
    renamed = school.put("zoe/mon travail/06_scorer/06_scorer.ipynb", copy(name="Batman", identifier=""))
    (renamed.parents[1] / ".crc-lab").mkdir()
    school.put("zoe/cahier-crc/06_scorer/06_scorer.ipynb", signed("", answers=WORK))
    school.gather()
    assert [name for name in school.copies() if name.startswith("zoe/")] == [
        "zoe/06_scorer/06_scorer (2).ipynb", "zoe/06_scorer/06_scorer.ipynb",
    ]  # fmt: skip

    teacher = Teacher(tmp_path, capsys)
    teacher.run(school.output, "--classe", school.list)
    marks = {one["eleve"]["identifiant"]: round(one["note"]) for one in teacher.json["copies"]}
    assert {name: marks[name] for name in ("igarnier", "kbenali", "lp1", "lp2")} == {
        "igarnier": 20, "kbenali": 0, "lp1": 20, "lp2": 0,
    }  # fmt: skip
    assert set(marks) == {"igarnier", "kbenali", "lp1", "lp2", "zoe"}
    assert not (teacher.results / "identites.csv").exists()
    assert not teacher.json["rejets"]

    before = teacher.files()
    school.gather()
    teacher.run(school.output, "--classe", school.list)
    assert teacher.files() == before


def test_the_homes_themselves_given_to_corriger_are_attributed_as_well(
    school: School, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    for user in ("igarnier", "kbenali", "lp1", "lp2"):
        for activity, answers in ((A6, WORK), (A3, OTHER)):
            school.put(f"{user}/cahier-crc/{activity}/{activity}.ipynb", signed("", answers=answers, activity=activity))
    teacher = Teacher(tmp_path, capsys)
    teacher.run(school.homes, "--classe", school.list)
    found = sorted((one["eleve"]["identifiant"], one["activite"]) for one in teacher.json["copies"])
    assert found == sorted((user, activity) for user in ("igarnier", "kbenali", "lp1", "lp2") for activity in (A3, A6))


def test_an_account_that_may_be_two_homonyms_is_collected_and_told(school: School):
    school.list.write_text("Nom;Prénom\nPetit;Lucas\nPetit;Lucas\n", encoding="utf-8")
    school.put("lpetit/cahier-crc/06_scorer/06_scorer.ipynb", signed())
    said = school.gather()
    assert school.copies() == ["lpetit/06_scorer/06_scorer.ipynb"]
    assert "Le compte lpetit peut être celui de Lucas Petit" in said
    assert said.count("un compte est peut-être le sien") == 2


def test_an_account_whose_name_says_nothing_is_known_by_what_is_written_in_its_notebooks(school: School):
    school.put("e2301234/cahier-crc/06_scorer/06_scorer.ipynb", signed("Inès Garnier"))
    assert "Inès Garnier (e2301234)" in school.gather()


def test_without_a_class_list_every_account_is_collected(school: School):
    school.put("x1/cahier-crc/06_scorer/06_scorer.ipynb", signed())
    assert "• x1 : 06_scorer (1 réponse)" in school.gather(roster=False)
    assert school.copies() == ["x1/06_scorer/06_scorer.ipynb"]


# --- what a home may hold ---------------------------------------------------------------------------------------------


@links
def test_no_link_is_followed_wherever_it_is(school: School, tmp_path: Path):
    secret = tmp_path / "secret"
    school.put("../secret/06_scorer/06_scorer.ipynb", signed("Zoé Roux"))
    for user in ("kbenali", "lp1", "lp2"):
        (school.homes / user / "cahier-crc").mkdir(parents=True)
    (school.homes / "igarnier").symlink_to(secret.parent / "secret")  # the home
    (school.homes / "zoe").mkdir()
    (school.homes / "zoe" / "cahier-crc").symlink_to(secret)  # the workbook
    (school.homes / "kbenali/cahier-crc/06_scorer").symlink_to(secret / "06_scorer")  # the activity
    (school.homes / "lp1/cahier-crc/06_scorer").mkdir()
    (school.homes / "lp1/cahier-crc/06_scorer/06_scorer.ipynb").symlink_to(secret / "06_scorer/06_scorer.ipynb")
    (school.homes / "lp2/cahier-crc/06_scorer").mkdir()
    os.mkfifo(school.homes / "lp2/cahier-crc/06_scorer/06_scorer.ipynb")
    said = school.gather()
    assert school.copies() == []
    for place in (
        "igarnier",
        "zoe/cahier-crc",
        "kbenali/cahier-crc/06_scorer",
        "lp1/cahier-crc/06_scorer/06_scorer.ipynb",
    ):
        assert re.search(rf"• {re.escape(place)} : C’est un lien vers un autre endroit", said), place
    assert "lp2/cahier-crc/06_scorer/06_scorer.ipynb : Ce n’est pas un fichier ordinaire" in said


@links
@pytest.mark.parametrize("held", [True, False])
@pytest.mark.parametrize("swapped", ["folder", "file"])
def test_a_link_put_there_in_the_middle_of_reading_leads_nowhere(
    school: School, monkeypatch: pytest.MonkeyPatch, held: bool, swapped: str
):
    """The moment after the check, where a student's program would strike; ``held``: as systems with openat do."""
    if held and not reading.FROM_A_HANDLE:
        pytest.skip("no openat here")
    monkeypatch.setattr(reading, "FROM_A_HANDLE", held)
    secret = school.put("../secret/06_scorer/06_scorer.ipynb", signed("Zoé Roux"))
    own = school.put("kbenali/cahier-crc/06_scorer/06_scorer.ipynb", signed("Karim Benali"))
    opened, struck = os.open, []

    def strike(path: str, *arguments: int, dir_fd: int | None = None) -> int:
        if str(path).endswith("06_scorer.ipynb") and not struck:
            struck.append(path)
            if swapped == "file":
                own.unlink()
                own.symlink_to(secret)
            else:
                own.parent.rename(own.parents[1] / "de côté")
                own.parent.symlink_to(secret.parent)
        return opened(path, *arguments, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", strike)
    with Folder.given(school.homes) as homes:
        home = read_home(homes, "kbenali", pause=lambda _: None)
    assert struck
    assert not [one for one in home.notebooks if b"Roux" in one.content]


def test_a_junction_of_windows_is_a_link(school: School, monkeypatch: pytest.MonkeyPatch):
    school.put("kbenali/cahier-crc/06_scorer/06_scorer.ipynb", signed())
    monkeypatch.setattr(reading, "_is_junction", lambda info: stat.S_ISDIR(info.st_mode))
    with Folder.given(school.homes) as homes:
        home = read_home(homes, "kbenali")
    assert not home.notebooks


@pytest.mark.parametrize("held", [True, False])
def test_sizes_are_bounded(school: School, monkeypatch: pytest.MonkeyPatch, held: bool):
    monkeypatch.setattr(reading, "FROM_A_HANDLE", held and reading.FROM_A_HANDLE)
    small = signed()
    for number in range(4):
        school.put(f"kbenali/cahier-crc/06_scorer/{number}.ipynb", small)
    school.put("kbenali/cahier-crc/06_scorer/énorme.ipynb", small + b" " * 5_000_000)
    limits = Limits(file_bytes=4_000_000, total_bytes=3 * len(small) + 10, members=500)
    with Folder.given(school.homes) as homes:
        home = read_home(homes, "kbenali", limits)
        many = read_home(homes, "kbenali", Limits(file_bytes=4_000_000, members=2))
    assert [one.name for one in home.notebooks] == ["0.ipynb", "1.ipynb", "2.ipynb"]
    assert [re.split(r"\s:", text)[0] for _, text in home.problems] == [
        "Les carnets de ce compte dépassent 0 Mo ensemble", "Le fichier dépasse 3 Mo",
    ]  # fmt: skip
    assert len(many.notebooks) == 2


def test_a_notebook_that_is_being_saved_is_read_again(school: School):
    path = school.put("kbenali/cahier-crc/06_scorer/06_scorer.ipynb", b'{"cells": [')
    pauses: list[float] = []

    def saved(seconds: float) -> None:
        pauses.append(seconds)
        path.write_bytes(signed())

    with Folder.given(school.homes) as homes:
        home = read_home(homes, "kbenali", pause=saved)
    assert [one.answered for one in home.notebooks] == [1]
    assert len(pauses) == 1


# --- what was collected before stays ----------------------------------------------------------------------------------


@rights
def test_a_home_that_cannot_be_read_keeps_what_was_collected_before(school: School, monkeypatch: pytest.MonkeyPatch):
    school.put("igarnier/cahier-crc/06_scorer/06_scorer.ipynb", signed())
    school.put("kbenali/cahier-crc/06_scorer/06_scorer.ipynb", signed())
    school.gather()
    before, opened = school.files(), os.open

    def closed(path: str, *arguments: int, dir_fd: int | None = None) -> int:
        if path == "igarnier":  # the tests may run as root, to whom nothing is closed
            raise PermissionError(13, "Permission denied", path)
        return opened(path, *arguments, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", closed)
    said = school.gather()
    assert school.files() == before
    assert "Inès Garnier : compte igarnier, impossible à lire ; 1 carnet ramassé avant, que nous gardons" in said
    assert "• igarnier : Impossible à lire (accès refusé)." in said


@pytest.mark.parametrize("now", [b"", b'{"cells": [', signed(answers={})], ids=["empty", "cut", "no answer left"])
def test_a_notebook_that_lost_its_answers_does_not_replace_the_one_collected_before(
    school: School, now: bytes, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reading, "_PAUSE", 0)
    path = school.put("kbenali/cahier-crc/06_scorer/06_scorer.ipynb", signed())
    school.gather()
    before = school.files()
    path.write_bytes(now)
    said = school.gather()
    assert school.files() == before
    assert "06_scorer.ipynb : plus aucune réponse lisible" in said
    path.write_bytes(signed("Karim Benali"))
    assert "(1 mis à jour)" in school.gather()
    assert b"Karim" in school.files()["kbenali/06_scorer/06_scorer.ipynb"]


def test_a_damaged_notebook_is_collected_as_it_is_for_corriger_says_what_to_do(
    school: School, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reading, "_PAUSE", 0)
    school.put("kbenali/cahier-crc/06_scorer/06_scorer.ipynb", b'{"cells": [')
    said = school.gather()
    assert school.copies() == ["kbenali/06_scorer/06_scorer.ipynb"]
    assert "Ramassé tel quel." in said


def test_a_write_that_fails_leaves_the_copy_of_before_whole(school: School, monkeypatch: pytest.MonkeyPatch):
    path = school.put("kbenali/cahier-crc/06_scorer/06_scorer.ipynb", signed())
    school.gather()
    before = school.files()
    path.write_bytes(signed("Karim Benali"))
    replaced: Callable[..., Path] = Path.replace

    def full(self: Path, target: Path) -> Path:
        if target.suffix == ".ipynb":
            raise OSError(28, "No space left on device")
        return replaced(self, target)

    monkeypatch.setattr(Path, "replace", full)
    assert "Impossible d’écrire « kbenali/06_scorer/06_scorer.ipynb »" in school.gather(code=1)
    assert school.files() == before


def test_a_place_is_kept_when_the_other_workbook_goes_and_when_the_memory_is_lost(school: School):
    first = school.put("kbenali/cahier-crc/06_scorer/06_scorer.ipynb", signed("A"))
    school.put("kbenali/cahier-crc 2/06_scorer/06_scorer.ipynb", signed("B"))
    school.gather()
    before = school.files()
    (school.output / GATHERED).write_text("{", encoding="utf-8")
    school.gather()
    assert school.files() == before
    first.unlink()
    school.gather()
    assert school.files() == before


# --- where to write ---------------------------------------------------------------------------------------------------


@links
def test_nothing_is_written_through_a_link_of_the_output_folder(school: School, tmp_path: Path):
    school.put("kbenali/cahier-crc/06_scorer/06_scorer.ipynb", signed())
    school.gather("--tous", roster=False)
    for path in (school.output / "kbenali").rglob("*.ipynb"):
        path.unlink()
    (school.output / "kbenali/06_scorer").rmdir()
    (elsewhere := tmp_path / "ailleurs").mkdir()
    (school.output / "kbenali/06_scorer").symlink_to(elsewhere)
    assert "est un lien : rien n’y est écrit" in school.gather(code=1)
    assert not list(elsewhere.iterdir())


@pytest.mark.parametrize("output", ["home", ".", "plein"])
def test_a_wrong_output_folder_is_refused_before_anything(school: School, tmp_path: Path, output: str):
    school.put("kbenali/cahier-crc/06_scorer/06_scorer.ipynb", signed())
    (tmp_path / "plein").mkdir()
    (tmp_path / "plein/photo.png").write_bytes(b"")
    school.output = tmp_path / output
    said = school.gather(code=1)
    assert "donnez un" in said
    assert not list(tmp_path.rglob(GATHERED))


@rights
def test_what_is_collected_is_for_its_owner_only(school: School):
    school.put("kbenali/cahier-crc/06_scorer/06_scorer.ipynb", signed())
    school.gather()
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (school.output, *school.output.rglob("*"))}
    assert all(mode & 0o077 == 0 for mode in modes.values()), modes


def test_a_folder_without_any_workbook_is_said(school: School):
    school.put("kbenali/notes.txt", b"")
    assert "0 carnet" in school.gather(code=1)
    assert main(["ramasser", str(school.homes / "rien"), "--sortie", str(school.output)]) == 2


def test_the_memory_names_no_student_besides_the_accounts(school: School):
    school.put("kbenali/cahier-crc/06_scorer/06_scorer.ipynb", signed("Karim Benali"))
    school.gather()
    said = json.loads((school.output / GATHERED).read_text("utf-8"))
    assert said == {
        "version": 1,
        "places": {"kbenali/cahier-crc/06_scorer/06_scorer.ipynb": "kbenali/06_scorer/06_scorer.ipynb"},
    }
