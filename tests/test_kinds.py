"""A kind is one object: a toy one, made here, goes through everything that the engine does with a kind."""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import crc_lab.kinds
from autograder.gradebook.notebooks import answer_html
from autograder.marking.manual import marked_by_hand
from autograder.prepare.content import as_toml, student_questions
from autograder.prepare.leaks import said_by, secrets
from crc_lab.checks import CHECKS
from crc_lab.core import rooms
from crc_lab.core.answers import read_text, unexpected
from crc_lab.core.bank import load_activity
from crc_lab.core.errors import BankProblems, CrcError
from crc_lab.core.grading import Check, Context, Outcome, grade
from crc_lab.core.kind import Add, Field, Kind, Line, Shown
from crc_lab.core.model import ASSESSMENT, Json, Verdict
from crc_lab.core.settings import TEXT, Setting
from crc_lab.core.shown import as_text, shown_answer
from crc_lab.excel import build_template, read_answer
from crc_lab.notebook.cards import question_spec, solution_html


@dataclass(frozen=True, slots=True)
class Scale:
    bounds: tuple[str, ...] = ("", "")


def two_words(raw: Any, name: str, add: Add) -> tuple[str, ...]:
    if len(raw) != 2:
        add(f"« {name} » a deux mots.")
    return tuple(map(str, raw))


def stars(raw: Json) -> int:
    read = read_text(raw)
    if read not in "12345":
        raise unexpected("de une à cinq étoiles")
    return int(read)


class Rating(Kind):
    """A number of stars between two words: nothing in the engine knows of it."""

    name = check = "etoiles"
    spec, read = Scale, staticmethod(stars)
    fields = {  # noqa: RUF012 - of Kind
        "bornes": Field(list, required=True, attribute="bounds", read=two_words, page=list),
        "ideal": Field(str, student=lambda _: ""),
    }

    def said(self, spec: Scale) -> Iterator[str]:
        yield from spec.bounds

    def shown(self, answer: Json, spec: Scale) -> Shown:
        return Shown.text(f"{'★' * int(answer)} ({' → '.join(spec.bounds)})")

    def lines(self, spec: Scale, label: str, value: Json) -> list[Line]:  # noqa: ARG002 - the signature of Kind
        return [Line("etoiles", label, tuple("12345"), str(value or ""))]

    def from_lines(self, spec: Scale, texts: Mapping[str, str]) -> Json:  # noqa: ARG002 - the signature of Kind
        return texts.get("etoiles", "")


def rating(value: int, context: Context) -> Outcome:
    return Outcome(1.0 if value == int(context.param("attendu")) else 0.0)


EXERCISES = """
version = 1
activite = "20_jouet"
numero = 20
titre = "Jouet"
points = 2
duree = "1 min"

[[question]]
id = "J-Q1"
genre = "etoiles"
titre = "Combien d’étoiles ?"
enonce = "Notez cet accueil."
points = 2
excel = true
bornes = ["glacial", "chaleureux"]
ideal = "un sourire qui s’entend au téléphone"
[[question.critere]]
id = "note"
libelle = "La note"
points = 2
controle = "etoiles"
"""
KEYS = """
version = 1
activite = "20_jouet"
[J-Q1]
reponse = "4"
explication = "Un accueil souriant mais un peu long."
[J-Q1.criteres.note]
attendu = "4"
"""


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One registry line for the kind, one for its check."""
    monkeypatch.setitem(crc_lab.kinds.KINDS, "etoiles", Rating())
    stars = Setting("attendu", TEXT, "Le nombre d’étoiles attendu.", required=True)
    monkeypatch.setitem(CHECKS, "etoiles", Check(rating, ("etoiles",), settings=(stars,)))
    rooms.kinds.cache_clear()
    rooms.checks.cache_clear()
    yield
    rooms.kinds.cache_clear()
    rooms.checks.cache_clear()


def written(folder: Path, exercises: str = EXERCISES) -> Path:
    (folder / "exercices.toml").write_text(exercises, encoding="utf-8")
    (folder / "corrige.toml").write_text(KEYS, encoding="utf-8")
    return folder


@pytest.mark.usefixtures("toy")
def test_a_toy_kind_goes_through_everything(tmp_path: Path) -> None:
    loaded = load_activity(written(tmp_path), tmp_path)
    (question,) = loaded.activity.questions
    key = loaded.keys["J-Q1"]
    assert grade(question, "4", key).points == 2
    assert grade(question, "5", key).verdict is Verdict.FAUX
    assert grade(question, "neuf", key).verdict is Verdict.ERREUR
    assert question_spec(question, loaded.activity, ASSESSMENT)["bornes"] == ["glacial", "chaleureux"]
    assert "★★★★ (glacial → chaleureux)" in solution_html(question, key)
    assert "★★★" in answer_html(question, "3")
    assert as_text(shown_answer(question, "<b>")) == "<b>"
    assert "&lt;b&gt;" in answer_html(question, "<b>")
    assert not marked_by_hand(question)
    filled = read_answer(build_template(question, "2"), "modele.xlsx", question)
    assert (filled.value, filled.warnings) == ("2", ())
    given = as_toml(student_questions(tomllib.loads(EXERCISES), "sujet")).decode()
    assert "bornes" in given
    assert "sourire" not in given
    assert "chaleureux" in said_by(loaded.activity)
    assert any("souriant mais un peu long" in one.text for one in secrets(loaded))


@pytest.mark.usefixtures("toy")
def test_the_fields_of_another_kind_are_refused_and_its_own_are_checked(tmp_path: Path) -> None:
    wrong = EXERCISES.replace('bornes = ["glacial", "chaleureux"]', 'bornes = ["glacial"]\noptions = []')
    with pytest.raises(BankProblems) as caught:
        load_activity(written(tmp_path, wrong), tmp_path)
    assert "« bornes » a deux mots" in str(caught.value)
    assert "le champ « options » n’existe pas" in str(caught.value)


def test_two_rooms_do_not_offer_the_same_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.import_module("crc_lab.marielle"), "KINDS", {"choix": Rating()}, raising=False)
    rooms.kinds.cache_clear()
    try:
        with pytest.raises(CrcError, match="« choix » est défini deux fois"):
            rooms.kinds()
    finally:
        rooms.kinds.cache_clear()


def test_a_workbook_names_its_rooms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRC_LAB_CAHIER", str(tmp_path))
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "cahier.toml").write_text("salles = ", encoding="utf-8")
    rooms.checks.cache_clear()
    try:
        with pytest.raises(CrcError, match=r"cahier\.toml"):
            rooms.checks()
        (tmp_path / "notebooks" / "cahier.toml").write_text('salles = ["crc_lab.marielle"]', encoding="utf-8")
        assert "canaux" in rooms.checks()
    finally:
        rooms.checks.cache_clear()


def test_the_kinds_of_the_engine_are_all_read_shown_and_named() -> None:
    for name, kind in rooms.kinds().items():
        assert name == kind.name
        assert kind.excel in ("lines", "couples", "table", "")
        assert not kind.check or kind.check in rooms.checks()
