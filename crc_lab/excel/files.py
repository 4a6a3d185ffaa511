"""Open what a student hands over as « mon fichier Excel », whatever it really is.

XLSX and XLSM (macros are ignored) and CSV are read; everything else is refused with a sentence that says what to do.
The content decides, never the extension. Nothing but :class:`~crc_lab.core.errors.ImportProblem` comes out of here.
"""

from __future__ import annotations

from pathlib import Path, PurePath

from crc_lab.core.errors import ImportProblem
from crc_lab.excel.csvfile import read_csv
from crc_lab.excel.grid import Book
from crc_lab.excel.xlsxfile import SAVE_AS, read_xlsx

MAX_FILE = 10_000_000
"""Largest file read, in bytes: a filled template weighs less than 50 000."""

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


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
