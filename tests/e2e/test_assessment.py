"""A subject in a real JupyterLab, from « crc-lab preparer » to the mark: no key, no points, hints with their price."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import main as crc_lab
from crc_lab.lab.workbook_copy import copy_workbook
from tests.e2e.conftest import Lab, _lab
from tests.e2e.page_harness import paste
from tests.e2e.workbook import FRONT, Workbook, cell, loaded, text_of

RIGHT_AND_WRONG = ("Juste", "En partie juste", "À revoir", "Voir le corrigé", "Entraînement", "exercice")


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """The folder of an assessment for a class of one, made by the command."""
    roster = tmp_path / "eleves.csv"
    roster.write_text("Nom;Prénom\nGARNIER;Inès\n", encoding="utf-8")
    folder = tmp_path / "controle"
    options = ["--classe", str(roster), "--sortie", str(folder), "--activites", "4,6", "--sujet", "controle-1"]
    assert crc_lab(["preparer", *options]) == 0
    return folder


@pytest.fixture
def lab(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """JupyterLab on the two subjects, unzipped side by side and opened as « crc-lab ouvrir » opens them."""
    folder = tmp_path / "épreuve"
    for subject in (prepared / "sujets").glob("*.zip"):
        with zipfile.ZipFile(subject) as packed:
            packed.extractall(folder)
    assert copy_workbook(folder).assessment
    assert not list(folder.rglob("corrige.toml"))
    yield from _lab(Lab(folder), tmp_path, monkeypatch)


def test_a_subject_is_answered_without_a_key_handed_in_and_marked(
    workbook: Workbook, page: Any, prepared: Path, tmp_path: Path, photo: Any
) -> None:
    # --- the scores, with two slips that can be seen without the key
    workbook.open("06_scorer")
    shown = text_of(page.locator(f"{FRONT} .jp-Notebook"))
    assert "Les règles de cette évaluation" in shown
    assert "Le second retire 10 % des points" in shown
    assert "réponse sur 1" in workbook.progress()
    photo(page, "regles")
    rows = [row[1:] for row in loaded("06_scorer").keys["A6-Q1"].answer["lignes"]]
    slips = [["7", *rows[0][1:3], "12", rows[0][4]], *rows[1:]]
    table = workbook.card("A6-Q1")
    cell(table, "1", "R").click()
    paste(page, "\n".join("\t".join(row) for row in slips))
    said = workbook.check("A6-Q1")
    assert said.startswith("…")
    assert "Vérifié à la correction" in said
    assert "Récence (R) : vérifié à la correction" in said
    assert "Score : somme de vos trois notes : à compléter ou à reprendre" in said
    assert "En R, l’annexe 8 ne donne que 10, 5, 0" in said
    assert "/ 20" not in said
    assert "/ 4" not in said
    photo(page, "verifier")
    cell(table, "1", "R").click()
    paste(page, "\t".join(rows[0]))
    assert "Score : somme de vos trois notes : rien à signaler" in workbook.check("A6-Q1")

    # --- the hints: the first is free, the second says its price and opens at the second click
    table.get_by_role("button", name="Indice 1").click()
    table.get_by_text("Indice 1.").wait_for()
    price = table.get_by_role("button", name="Indice 2")
    assert text_of(price) == "Indice 2 (− 10 % des points)"
    price.click()
    assert "cliquez encore" in text_of(table.locator(".barre"))
    assert table.get_by_text("Indice 2.").count() == 0
    photo(page, "indice")
    table.get_by_role("button", name="cliquez encore").click()
    table.get_by_text("Indice 2.").wait_for()
    assert "1 réponse sur 1" in workbook.progress()
    assert not any(word in text_of(page.locator(f"{FRONT} .jp-Notebook")) for word in RIGHT_AND_WRONG)
    assert "Elle contient 1 réponse sur 1" in workbook.hand_in("Inès Garnier")

    # --- another subject, a wrong answer that looks like a right one, on a telephone
    workbook.open("04_qualifier")
    page.set_viewport_size({"width": 400, "height": 800})
    parts = workbook.card("A4-Q3")
    parts.locator("input[type=text]").fill("5")
    parts.get_by_text("Oui", exact=True).click()
    assert "vérifié à la correction" in workbook.check("A4-Q3")
    assert parts.locator(".ko, .ok, .faux, .juste").count() == 0
    assert parts.evaluate("node => node.scrollWidth <= node.clientWidth + 1")
    photo(page, "telephone")
    assert "1 réponse sur 4" in workbook.progress()
    photo(page, "telephone-avancement")
    assert "Il reste sans réponse : les questions 1, 2 et 4." in workbook.hand_in("Inès Garnier")
    photo(page, "telephone-rendre")

    # --- the mark, with the teacher's keys
    out = tmp_path / "correction"
    copies = [str(workbook.path.parent.parent / name / f"{name}.ipynb") for name in ("04_qualifier", "06_scorer")]
    assert crc_lab(["corriger", *copies, "--corriges", str(prepared / "corriges"), "--sortie", str(out)]) == 0
    results = json.loads((out / "resultats.json").read_text("utf-8"))["copies"]
    assert {copy["activite"]: copy["note"] for copy in results} == {"04_qualifier": 0, "06_scorer": pytest.approx(18)}
    (scored,) = [copy for copy in results if copy["activite"] == "06_scorer"]
    assert "INDICE-PAYANT" in {incident["code"] for incident in scored["incidents"]}
