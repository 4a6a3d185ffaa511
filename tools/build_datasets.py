"""The data files that are made from other data files: the Excel file of the case, two copies and one join.

Kept and edited by hand: the CSV files and ``datasets/datapackage.json``. Made here, byte for byte the same on every
machine: ``marielle_nature_contacts.xlsx``, ``contacts_bruts_extrait.csv``, ``corriges/base_restructuree.csv`` and
``base_scoree.csv`` (the qualified file with its scores: where activity 7 starts).
"""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import datetime
from pathlib import Path

import xlsxwriter

SOURCE = "contacts_bruts.csv"
SHEET = "Contacts"
EXTRACT_ROWS = 12
CREATED = datetime(2026, 11, 1)
"""Creation date written in the file: the reference date of the case, never the clock."""

_WIDTHS = {
    "N°": 6, "Contact": 42, "Adresse": 46, "Coordonnées": 48, "Profil": 48, "Source": 32, "Consentement": 38,
    "Dernier achat": 18, "Nb achats 12 mois": 18, "Panier moyen": 14,
}  # fmt: skip
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def build(root: Path) -> dict[Path, bytes]:
    """The wanted bytes of every made file, under its path relative to ``root`` (the checkout); writes nothing."""
    datasets = root / "datasets"
    raw = (datasets / SOURCE).read_bytes()
    return {
        Path("datasets/contacts_bruts_extrait.csv"): _first_rows(raw, EXTRACT_ROWS),
        Path("datasets/base_scoree.csv"): _scored(
            _rows((datasets / "base_qualifiee.csv").read_bytes()), _rows((datasets / "corriges/rfm.csv").read_bytes())
        ),
        Path("datasets/corriges/base_restructuree.csv"): (datasets / "base_restructuree.csv").read_bytes(),
        Path("datasets/marielle_nature_contacts.xlsx"): contacts_workbook(_rows(raw)),
    }


def contacts_workbook(rows: list[list[str]]) -> bytes:
    """The XLSX bytes of the dirty file: ``rows`` is its header then its lines; every cell is text except ``N°``."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": "Marielle Nature : contacts", "author": "crc-lab", "created": CREATED})
    bold = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
    text = book.add_format({"num_format": "@"})
    whole = book.add_format({"num_format": "0"})
    sheet = book.add_worksheet(SHEET)
    header, *lines = rows
    for column, name in enumerate(header):
        # The whole column is text, so that what a student adds below keeps its leading zeros.
        sheet.set_column(column, column, _WIDTHS[name], whole if name == "N°" else text)
        sheet.write_string(0, column, name, bold)
    for number, line in enumerate(lines, start=1):
        for column, (name, value) in enumerate(zip(header, line, strict=True)):
            if name == "N°":
                sheet.write_number(number, column, int(value), whole)
            elif value:
                sheet.write_string(number, column, value, text)
            else:
                sheet.write_blank(number, column, None, text)
    last_row, last_column = len(lines), len(header) - 1
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last_row, last_column)
    sheet.ignore_errors({"number_stored_as_text": "A1:J1000"})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    return _same_everywhere(buffer.getvalue())


def _same_everywhere(archive: bytes) -> bytes:
    """The same ZIP without what depends on the machine: compression library, dates, operating system."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as target:
        for member in source.infolist():
            plain = zipfile.ZipInfo(member.filename, _ZIP_DATE)
            plain.create_system, plain.external_attr = 0, 0
            target.writestr(plain, source.read(member))
    return packed.getvalue()


def _rows(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8"), newline=""), delimiter=";"))


def _scored(base: list[list[str]], scores: list[list[str]]) -> bytes:
    """Each record of ``base`` followed by its marks, its score and its segment; both files start with the number."""
    found = {row[0]: row[1:] for row in scores}
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\n").writerows([*row, *found[row[0]]] for row in base)
    return text.getvalue().encode()


def _first_rows(raw: bytes, count: int) -> bytes:
    # No cell of the file holds a line break (checked by tests/test_datasets.py), so that lines are rows.
    return b"".join(raw.splitlines(keepends=True)[: count + 1])
