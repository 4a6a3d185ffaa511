"""Open what a student hands over as « mon fichier Excel », whatever it really is.

XLSX and XLSM (macros are ignored) and CSV (any usual encoding; `;`, `,` or tab) are read; everything else is refused
with a sentence that says what to do. The content decides, never the extension. Nothing but
:class:`~crc_lab.core.errors.ImportProblem` comes out of here.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path, PurePath

from crc_lab.core.cells import RawCell
from crc_lab.core.decoding import decode
from crc_lab.core.errors import ImportProblem
from crc_lab.excel.sheets import MAX_COLUMNS, MAX_ROWS, SAVE_AS, Book, Grid, read_xlsx

MAX_FILE = 10_000_000
"""Largest file read, in bytes: a filled template weighs less than 50 000."""

MAX_CELL = 32_767
"""Characters in a cell: Excel's own limit. Not left to ``csv.field_size_limit``, which any library may change."""

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_AS_XLSX = "Enregistrez votre tableau au format « Classeur Excel (.xlsx) », puis recommencez."

Source = Path | str | bytes | bytearray | memoryview
"""A path, or the content of a file (the page sends a memoryview)."""


def open_book(source: Source, filename: str | None = None) -> Book:
    """Every sheet of the file, or :class:`ImportProblem`. ``source`` is a path or the bytes of a file ``filename``."""
    path = Path(source) if isinstance(source, str | Path) else None
    name = PurePath(filename or (path.name if path else "fichier")).name
    if name.startswith(("~$", ".~lock.")):
        raise ImportProblem(
            name,
            "c’est le fichier de verrouillage que le tableur crée pendant que votre classeur est ouvert.",
            "Choisissez le vrai fichier, dont le nom commence après « ~$ ».",
        )
    data = _read(Path(source), name) if isinstance(source, str | Path) else bytes(source)
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise ImportProblem(
            name, "ce fichier est vide.", "Enregistrez votre travail dans le tableur, puis recommencez."
        )
    if len(data) > MAX_FILE:
        raise ImportProblem(
            name,
            f"ce fichier est trop gros ({len(data) // 1_000_000} Mo au lieu de 10 Mo au plus).",
            "Gardez seulement la feuille de réponses, sans image, puis recommencez.",
        )
    if data.startswith(b"PK"):
        return read_xlsx(data, name)
    _refuse_others(data, name)
    return read_csv(data, name)


def _read(path: Path, name: str) -> bytes:
    try:
        if path.is_dir():
            raise ImportProblem(
                name, "c’est un dossier, pas un fichier.", "Choisissez le fichier Excel qu’il contient."
            )
        with path.open("rb") as file:
            return file.read(MAX_FILE + 1)
    except FileNotFoundError:
        raise ImportProblem(
            name, "ce fichier est introuvable.", "Vérifiez son nom et le dossier où vous l’avez enregistré."
        ) from None
    except PermissionError:
        raise ImportProblem(
            name,
            "ce fichier ne peut pas être lu, sans doute parce qu’il est ouvert dans Excel.",
            "Enregistrez-le, fermez-le dans Excel, puis recommencez.",
        ) from None
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        detail = error.strerror if isinstance(error, OSError) and error.strerror else "chemin incorrect"
        raise ImportProblem(
            name,
            f"ce fichier ne peut pas être lu ({detail}).",
            "Copiez-le dans le dossier du cahier, puis recommencez.",
        ) from None


def _refuse_others(data: bytes, name: str) -> None:
    """Everything that is neither a ZIP nor text."""
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise ImportProblem(
                name,
                "ce classeur est protégé par un mot de passe.",
                "Dans Excel : Fichier, Informations, Protéger le classeur, Chiffrer avec mot de passe, effacez le mot "
                "de passe, enregistrez, puis recommencez.",
            )
        raise ImportProblem(name, "c’est un ancien format (.xls, ou un autre document Office).", SAVE_AS)
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")) or b"<html" in head:
        raise ImportProblem(name, "c’est une page web enregistrée sous un nom de fichier Excel.", SAVE_AS)
    if head.startswith(b"<?xml") or head.startswith(b"{"):
        raise ImportProblem(name, "ce n’est pas un classeur Excel.", SAVE_AS)
    if data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf")):
        raise ImportProblem(name, "ce n’est pas un tableau (image, PDF, archive…).", SAVE_AS)


def read_csv(data: bytes, name: str) -> Book:
    """The sheet of a CSV file, every cell as text; raises :class:`ImportProblem` when it is not text or too large."""
    neither = ImportProblem(name, "ce fichier n’est ni un classeur Excel ni un fichier CSV.", _AS_XLSX)
    try:
        text = decode(data).text
    except UnicodeDecodeError:
        raise neither from None
    odd = sum(not sign.isprintable() and not sign.isspace() for sign in text)
    if "\x00" in text or odd > max(5, len(text) // 100):
        raise neither
    first, _, rest = text.partition("\n")
    said = first.strip().lower().startswith("sep=") and len(first.strip()) == 5
    delimiter, body = (first.strip()[4], rest) if said else (_delimiter(text), text)
    try:
        rows = list(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter))
        longest = max((len(cell) for row in rows for cell in row), default=0)
    except csv.Error:
        longest = MAX_CELL + 1
    if longest > MAX_CELL:
        raise ImportProblem(name, "ce fichier CSV est mal formé (guillemets ou cellules trop longues).", _AS_XLSX)
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if len(filled) > MAX_ROWS or max(map(len, filled), default=0) > MAX_COLUMNS:
        raise ImportProblem(
            name,
            f"ce tableau est trop grand (au plus {MAX_ROWS} lignes et {MAX_COLUMNS} colonnes).",
            "Gardez seulement votre tableau, puis recommencez.",
        )
    cells = {
        (line, column): RawCell(cell, untyped=True)
        for line, row in enumerate(rows, start=1 + said)
        for column, cell in enumerate(row, start=1)
        if cell.strip()
    }
    return Book(name, (Grid("CSV", cells, letters=False),))


def _delimiter(text: str) -> str:
    """The separator that cuts the lines into the most cells, the same number in each; `;` when nothing tells."""
    sample = text[:200_000]
    best, best_score = ";", (0, 0)
    for delimiter in (";", "\t", ","):
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
        except csv.Error:
            continue
        common = max(set(widths), key=widths.count, default=1)
        score = (widths.count(common) if common > 1 else 0, common)
        if score > best_score:
            best, best_score = delimiter, score
    return best
