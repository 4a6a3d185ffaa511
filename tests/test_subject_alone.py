"""A subject is complete by itself: the installed workbook may be another one, or not be there at all."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.prepare.content import activity_content
from crc_lab.core import resources, rooms
from crc_lab.core.bank import load_activity
from crc_lab.core.errors import CrcError, WrongSubject
from crc_lab.core.resources import activity_folder, datasets_folder, inside_subject, workbook_root
from crc_lab.notebook.cards import Cards
from crc_lab.notebook.commands import charger
from crc_lab.notebook.decks import read_lexicon
from crc_lab.notebook.session import Session

ACTIVITIES = ("01_crc", "03_structurer", "06_scorer")


@pytest.fixture(scope="module")
def files() -> dict[str, Any]:
    return {name: activity_content(name, "essai").files for name in ACTIVITIES}


def unpacked(files: Any, folder: Path) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


@pytest.fixture
def subject(files: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The subject of activity 6, unpacked in a copied workbook beside its data; the current folder."""
    folder = unpacked(files["06_scorer"], tmp_path / "cahier-crc" / "06_scorer")
    shutil.copytree(workbook_root() / "datasets", tmp_path / "cahier-crc" / "datasets")
    monkeypatch.chdir(folder)
    return folder


def another_workbook(place: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put another workbook in the place of the installed one: nothing in it, or every file other than it was. The code
    of the case stays where it is, loaded already."""
    rooms.kinds(), rooms.checks(), rooms.comparers(), rooms.wordings(), rooms.picture_folders()
    if kind == "changed":
        for name in ("notebooks", "datasets"):
            shutil.copytree(workbook_root() / name, place / name)
        for path in (*place.rglob("*.toml"), *place.rglob("*.csv"), *place.rglob("*.json")):
            path.write_text("tout autre chose", encoding="utf-8")
    else:
        place.mkdir()
    monkeypatch.setattr(resources, "PACKAGED_WORKBOOK", place)
    assert workbook_root() == place


def everything(activity: str, folder: Path) -> Any:
    """All that the cards of a subject show and say, as plain values."""
    session = Session(activity, folder)
    cards = Cards(session)
    first = session.activity.marked[0]
    session.record(first.id, "n’importe quoi")
    result = session.check(first.id)
    shown = [cards.card(question.id).get_state(["question", "etat"]) for question in session.activity.questions]
    return session.activity, session.keys, result, shown


@pytest.mark.parametrize("kind", ["changed", "absent"])
@pytest.mark.parametrize("activity", ACTIVITIES)
def test_a_subject_is_the_same_whatever_workbook_is_installed(
    files: dict[str, Any], activity: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = unpacked(files[activity], tmp_path / activity)
    before = everything(activity, folder)
    another_workbook(tmp_path / "autre", kind, monkeypatch)
    assert everything(activity, folder) == before
    assert before[1] == {}


HOOKS: list[Any] = []
OPENED: list[str] | None = None
"""The files that are opened while it is a list; the hook cannot be taken away again."""


def _opening(event: str, given: tuple[Any, ...]) -> None:
    if event == "open" and OPENED is not None and isinstance(given[0], (str, Path)):
        OPENED.append(str(given[0]))


@pytest.fixture
def opened() -> Iterator[list[str]]:
    global OPENED
    if not any(hook is _opening for hook in HOOKS):
        HOOKS.append(_opening)
        sys.addaudithook(_opening)
    resources.read_table.cache_clear()
    OPENED = []
    yield OPENED
    OPENED = None


def test_no_key_is_opened_in_a_subject(subject: Path, opened: list[str]) -> None:
    """Neither the installed keys, nor a corrige.toml that somebody put beside the questions."""
    (subject / "corrige.toml").write_text("version = 1\n", encoding="utf-8")
    opened.clear()
    everything("06_scorer", subject)
    questions = subject / "exercices.toml"
    questions.write_text(questions.read_text("utf-8").replace('edition = "evaluation"', 'edition = "entrainement"'))
    assert load_activity(subject, datasets_folder(subject)).keys == {}
    assert str(questions) in opened
    assert str(subject / "datasets" / "base_qualifiee.csv") in opened
    installed = (str(workbook_root() / "notebooks"), str(workbook_root() / "datasets"))
    assert [path for path in opened if "corrig" in path or path.startswith(installed)] == []


def test_what_is_missing_in_a_subject_is_said_and_not_looked_for_elsewhere(subject: Path) -> None:
    assert inside_subject(subject)
    shutil.rmtree(subject / "datasets")
    assert datasets_folder(subject) == subject / "datasets"
    for asked in (lambda: charger("base_qualifiee"), lambda: read_lexicon(datasets_folder(subject))):
        with pytest.raises(CrcError, match="introuvable"):
            asked()
    with pytest.raises(CrcError, match=r"base_qualifiee\.csv"):
        Session("06_scorer", subject)
    (subject / "exercices.toml").unlink()
    with pytest.raises(WrongSubject, match=r"appartient au sujet .*essai"):
        Session("06_scorer", subject)
    with pytest.raises(WrongSubject, match=r"ne sont pas dans son dossier"):
        activity_folder("06_scorer", subject)


def test_another_activity_asked_for_in_a_subject_is_not_that_of_the_workbook(subject: Path) -> None:
    with pytest.raises(WrongSubject, match="sujet d’évaluation"):
        Session("05_segmenter", subject)


def test_the_workbook_itself_still_finds_its_files_from_anywhere(tmp_path: Path) -> None:
    assert not inside_subject(tmp_path)
    assert activity_folder("06_scorer", tmp_path) == workbook_root() / "notebooks" / "06_scorer"
    assert datasets_folder(tmp_path) == workbook_root() / "datasets"
    assert Session("06_scorer", tmp_path).keys
