"""A teacher's folder for the tests of « corriger »: the command, its files, keys that change, marks that are typed."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from autograder.cli import main
from autograder.open_answers.reading import COMMENT, POINTS
from autograder.register import FILE as REGISTER
from tests.sample_results import A9

KEYS = "corriges"
OTHER = {'valeur = "42"': 'valeur = "43"', 'reponse = "42"': 'reponse = "43"'}
WORKSHEET = (
    'Identifiant,"Nom complet",Statut,Note,"Note maximale","Dernière modification (note)",'
    '"Feedback par commentaires"\r\n'
    '"Participant11","Inès Garnier","Remis",,"20,00",-,\r\n"Participant19","Marc Dupont","Non remis",,"20,00",-,\r\n'
)


class Folder:
    """A teacher's folder: the results, and the command line."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self.results, self._capsys = root, root / "resultats", capsys

    def run(self, *arguments: str | Path, code: int = 0) -> str:
        """``corriger`` into the results; all that it said."""
        done = main(["corriger", *map(str, arguments), "--sortie", str(self.results)])
        out, err = self._capsys.readouterr()
        assert done == code, err
        return re.sub(r"[ \u00a0]+", " ", out + err)

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.results / "resultats.json").read_bytes())
        return found

    @property
    def marks(self) -> dict[str, float]:
        """Of the last activity marked, by name."""
        return {one["eleve"]["nom"]: one["note"] for one in self.json["copies"]}

    def question(self, name: str, question: str) -> Any:
        copy = next(one for one in self.json["copies"] if one["eleve"]["nom"] == name)
        return next(one for one in copy["questions"] if one["id"] == question)

    @property
    def differences(self) -> str:
        return re.sub(r"\u00a0", " ", (self.results / "differences.txt").read_text(encoding="utf-8"))

    def files(self) -> dict[str, bytes]:
        """Everything but the register, whose bytes depend on its history."""
        found = (path for path in self.results.rglob("*") if path.is_file() and path.name != REGISTER)
        return {path.relative_to(self.results).as_posix(): path.read_bytes() for path in found}


def keys_with(folder: Path, changes: Mapping[str, str]) -> Path:
    """The keys of activity 9, corrected."""
    source = Path(__file__).resolve().parent / "cases" / "workbook" / "notebooks" / A9
    target = folder / KEYS / A9
    shutil.copytree(source, target, dirs_exist_ok=True)
    for name in ("corrige.toml", "exercices.toml"):
        text = (source / name).read_text(encoding="utf-8")
        for old, new in changes.items():
            text = text.replace(old, new)
        (target / name).write_text(text, encoding="utf-8")
    return folder / KEYS


def give(sheet: Path, marks: Mapping[str, tuple[Any, str]]) -> None:
    """Type points and a comment in the sheet of open answers, by student name."""
    book = openpyxl.load_workbook(sheet)
    page = book["Réponses"]
    for row in page.iter_rows(min_row=2):
        if row[1].value in marks:
            row[POINTS].value, row[COMMENT].value = marks[row[1].value]
    book.save(sheet)
