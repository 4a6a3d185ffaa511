"""Questions and workbooks shared by the tests of crc_lab.excel."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from crc_lab.core.model import Column, Question, TableSpec
from crc_lab.core.resources import read_table

DATASETS = Path(__file__).resolve().parent.parent / "datasets"
SEGMENTS = ("Très bons clients", "Bons clients", "Clients tièdes", "Clients inactifs", "Prospect (sans objet)")
TARGET = read_table(DATASETS / "base_restructuree.csv").columns

_A6_COLUMNS = (
    *(
        Column(name)
        for name in ("id_contact", "nom", "raison_sociale", "date_dernier_achat", "nb_achats_12m", "panier_moyen")
    ),
    Column("R", answer=True, choices=("0", "5", "10"), help="Récence : 0, 5 ou 10.", text=False),
    Column("F", answer=True, choices=("0", "10", "20"), text=False),
    Column("M", answer=True, choices=("0", "10", "20"), text=False),
    Column("score", answer=True, text=False),
    Column("segment", answer=True, choices=SEGMENTS),
)

A6 = Question(
    id="A6-Q1", kind="tableau", title="Calculez le score RFM", prompt="", points=20, criteria=(), excel=True,
    table=TableSpec("base", "id_contact", _A6_COLUMNS),
    data={"base": read_table(DATASETS / "base_qualifiee.csv")},
)  # fmt: skip


def restructure(rows: int) -> Question:
    """A3-Q2: the dirty columns shown, the 33 target columns to fill, for the first ``rows`` records (0: the 60)."""
    dirty = read_table(DATASETS / "contacts_bruts.csv")
    source = type(dirty)(("id_contact", *dirty.columns[1:]), dirty.rows)
    columns = (
        Column("id_contact"),
        *(Column(name) for name in source.columns[1:]),
        *(Column(name, answer=True, choices=("M.", "Mme") if name == "civilite" else ()) for name in TARGET[1:]),
    )
    return Question(
        id="A3-Q2", kind="tableau", title="Restructurez la base", prompt="", points=17, criteria=(), excel=True,
        table=TableSpec("base", "id_contact", columns, rows=rows), data={"base": source},
    )  # fmt: skip


def key_answer(name: str, rows: int = 0) -> dict[str, Any]:
    table = read_table(DATASETS / "corriges" / name)
    return {"colonnes": list(table.columns), "lignes": [list(row) for row in table.rows[: rows or None]]}


def workbook(*sheets: tuple[str, Iterable[Iterable[Any]]]) -> Workbook:
    """A workbook with the given sheets; a row is a list of cell values, the first one in A1."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    return book


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def records(value: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The lines of a plain table under the text of their first cell."""
    return {line[0]: dict(zip(value["colonnes"], line, strict=True)) for line in value["lignes"]}


def rezipped(content: bytes, member: str, before: bytes, after: bytes) -> bytes:
    """The same archive with ``before`` replaced by ``after`` in one of its members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            assert name != member or before in data
            target.writestr(name, data.replace(before, after) if name == member else data)
    return buffer.getvalue()


def libreoffice() -> str:
    """LibreOffice's program; skips without it, fails where it is required (CI)."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        if os.environ.get("CRC_NAVIGATEUR_OBLIGATOIRE") == "1":
            pytest.fail("LibreOffice is required here (CRC_NAVIGATEUR_OBLIGATOIRE=1): install libreoffice-calc-nogui")
        pytest.skip("LibreOffice is not installed (Debian: libreoffice-calc-nogui)")
    return found


def through_libreoffice(folder: Path, *files: Path) -> Path:
    """Open each XLSX file in LibreOffice and save it again; returns the folder of the rewritten files."""
    rewritten = folder / "réécrit"
    subprocess.run(
        [libreoffice(), f"-env:UserInstallation={(folder / 'profil').as_uri()}", "--headless", "--convert-to", "xlsx",
         "--outdir", str(rewritten), *map(str, files)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return rewritten
