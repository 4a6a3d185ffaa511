"""What teachers and students really send: each folder of ``tests/cases/sent`` is a kind, ``cas.toml`` its variants.

``[[envoi]]`` of ``cas.toml`` is one sending: files of the folder (``entree``), or made (``fichiers``), a class list
(``classe``: a file of the folder, or made), more options, and what is right:

- ``notes``: the mark of each person (of each of the person's copies), and nobody else; a pair is the least and the most
  it may be, a table gives the mark of each activity;
- ``copies``: how many copies are marked (as many as persons, by default);
- ``absents``: from whom nothing came, as the sheet « À recopier » of ``notes.xlsx`` names them;
- ``dit``, ``tait``: what the command says, and does not say;
- ``remarques``: what is said beside the marks of the copies;
- ``rejets``: for a file not marked, some words of what is said of it, by the end of its path;
- ``code``: how the command ends (0 by default).

A made file has a ``chemin`` and one content: ``copie`` (settings of the maker of notebooks), ``texte`` (``encodage``),
``hexa``, ``feuilles`` (an Excel workbook: rows by sheet; ``fusions``: merged areas), ``zip`` (more files), ``de`` (a
file of the folder); then ``avant`` and ``apres`` (bytes, as ``encodage`` writes them).
"""

from __future__ import annotations

import io
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from autograder.cli import main
from crc_lab.core.text import fold
from tests.adversarial.makers import make_carnet
from tests.sample_copies import archive

CASES = Path(__file__).resolve().parent / "cases" / "sent"


@dataclass(frozen=True)
class Sending:
    """One variant of a ``kind``: the folder of the kind, what is sent and what is right."""

    folder: Path
    kind: str
    data: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.folder.name}-{self.data['nom']}"

    def inputs(self, place: Path) -> list[Path]:
        """What is given to the command, written under ``place`` when it is made."""
        given = [self.folder / name for name in _listed(self.data.get("entree", ()))]
        if made := self.data.get("fichiers"):
            given.append(_write(place / "copies", self.files(made)))
        return given

    def files(self, made: list[Mapping[str, Any]]) -> dict[str, bytes]:
        return {one["chemin"]: self.content(one) for one in made}

    def content(self, one: Mapping[str, Any]) -> bytes:
        encoding = one.get("encodage", "utf-8")
        if "copie" in one:
            (found,) = make_carnet(**one["copie"]).values()
        elif "zip" in one:
            found = archive(self.files(one["zip"]))
        elif "feuilles" in one:
            found = _workbook(one["feuilles"], one.get("fusions", ()))
        elif "de" in one:
            found = (self.folder / one["de"]).read_bytes()
        else:
            found = bytes.fromhex(one["hexa"]) if "hexa" in one else one.get("texte", "").encode(encoding)
        return one.get("avant", "").encode(encoding) + found + one.get("apres", "").encode(encoding)

    def roster(self, place: Path) -> list[str]:
        roster = self.data.get("classe")
        if roster is None:
            return []
        path = self.folder / roster if isinstance(roster, str) else place / roster["chemin"]
        if not isinstance(roster, str):
            path.write_bytes(self.content(roster))
        return ["--classe", str(path)]

    def options(self) -> list[str]:
        """More options; a value that names a file of the folder becomes its path."""
        return [
            str(self.folder / one) if (self.folder / one).is_file() else one for one in self.data.get("options", ())
        ]


def sendings() -> list[Sending]:
    read = ((path, tomllib.loads(path.read_text(encoding="utf-8"))) for path in sorted(CASES.glob("*/cas.toml")))
    return [Sending(path.parent, case["titre"], one) for path, case in read for one in case["envoi"]]


def _listed(given: str | list[str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


def _write(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def _workbook(sheets: Mapping[str, list[list[Any]]], merged: Iterable[str]) -> bytes:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    del book[book.sheetnames[0]]
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
        for area in merged:
            sheet.merge_cells(area)
    book.save(buffer)
    return buffer.getvalue()


def _absents(notes: Path) -> list[str]:
    """The people from whom nothing came, as the sheet « À recopier » of notes.xlsx says."""
    rows = openpyxl.load_workbook(notes)["À recopier"].iter_rows(min_row=2, values_only=True)
    return sorted(fold(str(row[0])) for row in rows if {"Abs", "sans copie"} & set(map(str, row)))


@pytest.mark.parametrize("sending", sendings(), ids=lambda one: one.name)
def test_what_is_sent_gets_what_is_right(sending: Sending, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    right, output = sending.data, tmp_path / "sortie"
    inputs = [str(path) for path in sending.inputs(tmp_path)]
    code = main(["corriger", *inputs, "--sortie", str(output), *sending.roster(tmp_path), *sending.options()])
    captured = capsys.readouterr()
    said = captured.out + captured.err
    assert code == right.get("code", 0), said
    assert "Traceback" not in said
    folded = fold(said)
    assert [one for one in _listed(right.get("dit", ())) if fold(one) not in folded] == [], said
    assert [one for one in _listed(right.get("tait", ())) if fold(one) in folded] == [], said
    results = output / "resultats.json"
    found = json.loads(results.read_text(encoding="utf-8")) if results.is_file() else {"copies": [], "rejets": []}
    expected = {fold(name): mark for name, mark in right.get("notes", {}).items()}
    assert {fold(one["eleve"]["nom"]) for one in found["copies"]} == set(expected), said
    for one in found["copies"]:
        mark = expected[fold(one["eleve"]["nom"])]
        mark = mark[one["activite"]] if isinstance(mark, dict) else mark
        least, most = mark if isinstance(mark, list) else (mark, mark)
        assert least <= round(one["note"], 2) <= most, (one["eleve"], one["activite"], one["note"])
    assert len(found["copies"]) == right.get("copies", len(expected)), said
    remarks = fold(" ".join(remark["texte"] for one in found["copies"] for remark in one["incidents"]))
    assert [one for one in _listed(right.get("remarques", ())) if fold(one) not in remarks] == [], remarks
    rejected = {one["fichier"]: fold(one["texte"]) for one in found["rejets"]} | ({"": folded} if not expected else {})
    for end, words in right.get("rejets", {}).items():
        assert any((path.endswith(end) or not path) and fold(words) in text for path, text in rejected.items()), said
    if "absents" in right:
        assert _absents(output / "notes.xlsx") == sorted(fold(name) for name in right["absents"]), said
