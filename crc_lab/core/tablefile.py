"""Read the workbook's CSV files (``;``, UTF-8, header line) into plain tables, without pandas."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from crc_lab.core.errors import CrcError
from crc_lab.core.model import Table

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
    header = rows[0]
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise CrcError(
                f"« {path.name} », ligne {number} : {len(row)} cellules au lieu de {len(header)}. "
                "Vérifiez les points-virgules et les guillemets de cette ligne."
            )
    return Table(tuple(header), tuple(tuple(row) for row in rows[1:]))


@lru_cache(maxsize=64)
def column_types(path: Path) -> Mapping[str, str]:
    """``texte``, ``nombre`` or ``date`` for each column of a data file, as the data package of its folder describes it.

    Nothing for a file that no package describes. Raises :class:`CrcError` when the package itself cannot be read.
    """
    places = (path.parent / PACKAGE, path.parent.parent / PACKAGE)
    package = next((place for place in places if place.is_file()), None)
    if package is None:
        return {}
    try:
        resources = json.loads(package.read_text(encoding="utf-8"))["resources"]
        found = next((item for item in resources if item["path"] == path.relative_to(package.parent).as_posix()), None)
        fields = found["schema"]["fields"] if found else []
        return {field["name"]: _TYPES.get(field["type"], "texte") for field in fields}
    except (UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise CrcError(
            f"{package.parent.name}/{PACKAGE} est illisible ({error}) : récupérez le fichier d’origine."
        ) from None
