"""Where the workbook's own files are: beside the notebook, in the installed package, or in a checkout.

The folder of a subject is complete by itself: nothing that is asked for there comes from anywhere else, so that neither
another version of the workbook nor its keys take part in an assessment.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from itertools import chain, count
from pathlib import Path
from typing import Any

from crc_lab.core.errors import CrcError, SheetProblem, UnknownName, WrongSubject
from crc_lab.core.model import ASSESSMENT, Table
from crc_lab.core.sheet import SUBJECT_KEY, read_notebook, running_notebook, sheet_of_notebook

OTHER_WORKBOOK = "CRC_LAB_CAHIER"
"""Environment variable: the folder of another workbook (``notebooks/`` and ``datasets/``), a school's own."""

_PACKAGE = Path(__file__).resolve().parents[1]


PACKAGED_WORKBOOK = _PACKAGE / "_cahier" if (_PACKAGE / "_cahier" / "notebooks").is_dir() else _PACKAGE.parent
"""The workbook that comes with the code: inside an installed package, else the checkout."""


def workbook_root() -> Path:
    """The folder that holds ``notebooks/`` and ``datasets/``: named by ``CRC_LAB_CAHIER``, else the packaged one."""
    other = os.environ.get(OTHER_WORKBOOK)
    return Path(other).expanduser().resolve() if other else PACKAGED_WORKBOOK


def activity_ids() -> tuple[str, ...]:
    """The activities of this workbook, in order (``00_accueil``, ``03_structurer``…)."""
    return tuple(sorted(path.parent.name for path in (workbook_root() / "notebooks").glob("*/exercices.toml")))


def activity_folder(activity: str, near: Path | None = None) -> Path:
    """The folder with the question files of ``activity``.

    ``near`` (a notebook's own folder) wins when it holds ``exercices.toml`` and bears the activity's name or the
    activity's notebook; a notebook moved elsewhere finds the workbook's own files, but that of a subject finds none:
    raises :class:`WrongSubject`. Raises :class:`UnknownName` for an activity that the workbook does not have.
    """
    if near is not None and (near / "exercices.toml").is_file() and _is_activity(near, activity):
        if not _has_subject_questions(near) and inside_subject(near):
            raise WrongSubject("")  # the notebook of a subject among the questions of the workbook
        return near
    if near is not None and inside_subject(near):
        raise WrongSubject("")
    folder = workbook_root() / "notebooks" / activity
    if not (folder / "exercices.toml").is_file():
        raise UnknownName("nom d’activité", activity, activity_ids())
    return folder


def _is_activity(folder: Path, activity: str) -> bool:
    return folder.name == activity or f'activite = "{activity}"' in (folder / "exercices.toml").read_text("utf-8")


def inside_subject(folder: Path) -> bool:
    """Whether ``folder`` is that of a subject: its question file says so, or the notebook that is open there (any of
    its notebooks, when the server does not say which)."""
    if _has_subject_questions(folder):
        return True
    named = running_notebook(folder)
    return any(map(_names_a_subject, [named] if named else sorted(folder.glob("*.ipynb"))))


def _has_subject_questions(folder: Path) -> bool:
    try:
        raw = read_tables(folder / "exercices.toml")
    except (OSError, ValueError):  # whoever reads it tells what is wrong
        return False
    return raw.get("edition") == ASSESSMENT or bool(raw.get(SUBJECT_KEY))


def read_tables(path: Path) -> Mapping[str, Any]:
    """The tables of a TOML file, read again only when it has changed: they are not to be changed by who asks.

    Raises :class:`OSError`, and :class:`ValueError` for what is not TOML.
    """
    found = path.stat()
    return _tables(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=64)
def _tables(path: Path, _changed: int, _size: int) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _names_a_subject(notebook: Path) -> bool:
    try:
        return bool(sheet_of_notebook(read_notebook(notebook)).subject)
    except SheetProblem:
        return False


def datasets_folder(near: Path | None = None) -> Path:
    """The data files: ``datasets`` in ``near``, beside it (a copied workbook), else the workbook's own; of a subject,
    those of its own folder and no others."""
    if near is not None and inside_subject(near):
        return near / "datasets"
    for folder in (near, near.parent) if near is not None else ():
        if (folder / "datasets" / "datapackage.json").is_file():
            return folder / "datasets"
    return workbook_root() / "datasets"


def sha256(content: bytes) -> str:
    """What is remembered of a file as it was written (hexadecimal)."""
    return hashlib.sha256(content).hexdigest()


def free_name(path: Path) -> Path:
    """Where the person's own version of ``path`` is kept: ``contacts (votre version).csv``, then ``… 2).csv``."""
    marks = chain(["votre version"], (f"votre version {number}" for number in count(2)))
    names = (path.with_name(f"{path.stem} ({mark}){path.suffix}") for mark in marks)
    return next(name for name in names if not name.exists())


SUBJECT_PICTURES, PICTURE_TEXTS = "figures", "pictures.toml"
"""The folder of a subject's own figures (``NAME.svg``), and the file that describes those of a folder."""
KEY_TABLES = "corriges"
"""Folder, among the data files, of those that only the keys need."""
PRIVATE = ".crc-lab"
"""Folder of a copied workbook that no list of files shows: what is not for the person who works there."""


def key_data(datasets: Path, name: str) -> Path:
    """Where the data file ``name`` of a key is: among the others, out of sight in a copied workbook, or (its private
    folder was deleted) in the workbook that it was copied from."""
    places = [folder / name for folder in (datasets, datasets.parent / PRIVATE, workbook_root() / "datasets")]
    return next((path for path in places if path.is_file()), places[0])


PACKAGE = "datapackage.json"
"""The description of the data files, in their folder (Frictionless)."""
_TYPES = {"integer": "nombre", "number": "nombre", "date": "date"}


@lru_cache(maxsize=64)
def read_table(path: Path) -> Table:
    """The table of one CSV file; every cell is text, as written.

    Raises :class:`CrcError` (French, file and line named) when the file is missing, is not UTF-8, or has a line
    with another number of cells than its header.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.reader(lines, delimiter=";"))
    except FileNotFoundError:
        raise CrcError(f"Le fichier de données « {path.name} » est introuvable dans {path.parent.name}/.") from None
    except UnicodeDecodeError as error:
        raise CrcError(f"« {path.name} » n’est pas en UTF-8 (octet {error.start}) : enregistrez-le en UTF-8.") from None
    if not rows:
        raise CrcError(f"« {path.name} » est vide : il manque au moins la ligne d’en-têtes.")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            raise CrcError(
                f"« {path.name} », ligne {number} : {len(row)} cellules au lieu de {len(rows[0])}. "
                "Vérifiez les points-virgules et les guillemets de cette ligne."
            )
    header, *records = map(tuple, rows)
    return Table(header, tuple(records))


@lru_cache(maxsize=64)
def column_types(path: Path) -> Mapping[str, str]:
    """``texte``, ``nombre`` or ``date`` for each column of a data file, as the data package of its folder describes it.

    Nothing for a file that no package describes. Raises :class:`CrcError` when the package itself cannot be read.
    """
    return {field["name"]: _TYPES.get(field["type"], "texte") for field in _fields(path)}


@lru_cache(maxsize=64)
def column_titles(path: Path) -> Mapping[str, str]:
    """How people call the columns of a data file, by name; as :func:`column_types`."""
    return {field["name"]: field["title"] for field in _fields(path) if field.get("title")}


def _fields(path: Path) -> list[dict[str, str]]:
    places = (path.parent / PACKAGE, path.parent.parent / PACKAGE)
    package = next((place for place in places if place.is_file()), None)
    if package is None:
        return []
    try:
        resources = json.loads(package.read_text(encoding="utf-8"))["resources"]
        own = (item for item in resources if item["path"] == path.relative_to(package.parent).as_posix())
        fields: list[dict[str, str]] = next((item["schema"]["fields"] for item in own), [])
        if not all("name" in field and "type" in field for field in fields):
            raise KeyError("name, type")
        return fields
    except (UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        what = f"{package.parent.name}/{PACKAGE} est illisible ({error}) : récupérez le fichier d’origine."
        raise CrcError(what) from None
