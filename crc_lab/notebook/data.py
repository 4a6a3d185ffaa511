"""``charger(name)``: the workbook's data files as pandas tables whose column types never depend on the content.

Types come from ``datasets/datapackage.json``:

    =========  ==================  ==================================================================
    schema     pandas              empty cell
    =========  ==================  ==================================================================
    string     ``str``             ``""``, never missing: ``df["email"] == ""`` finds the empty ones
    integer    ``Int64``           ``<NA>``
    number     ``float64``         ``NaN`` (a comparison is then False, and ``np.where`` works)
    date       ``datetime64[us]``  ``NaT``
    =========  ==================  ==================================================================

Identifiers (``id_contact``, ``N°``), telephone numbers, postal codes and SIRET are text, so that leading zeros
survive and every file joins with every other; the files that still hold defects (``contacts_bruts``,
``base_restructuree``) are text throughout. The only other module of the package that imports pandas is
:mod:`crc_lab.notebook.tables`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from crc_lab.core.errors import CrcError, UnknownName
from crc_lab.core.resources import datasets_folder
from crc_lab.core.tablefile import PACKAGE, read_table
from crc_lab.core.text import fold


def charger(nom: str | None = None) -> pd.DataFrame:
    """The data file called ``nom`` (« base qualifiée », ``base_qualifiee.csv``…), a new table at each call.

    Without a name: the list of the files, one line each. Raises :class:`UnknownName` (French, with the nearest name)
    for a name that no file bears, :class:`CrcError` when a file is missing or damaged.
    """
    folder = datasets_folder(Path.cwd())
    resources = _resources(folder)
    if nom is None:
        lines = [
            (
                one["name"],
                one["title"],
                len(read_table(folder / one["path"]).rows),
                len(_types(one)),
                one["description"],
            )
            for one in resources
        ]
        return pd.DataFrame(lines, columns=["nom", "titre", "lignes", "colonnes", "description"])
    wanted = _plain(str(nom))
    found = next((one for one in resources if wanted in one["names"]), None)
    if found is None:
        raise UnknownName("jeu de données", str(nom), [one["name"] for one in resources])
    return _load(folder / found["path"], _types(found))


def _plain(name: str) -> str:
    """What two names are compared on: case, accents, punctuation, folder and extension ignored."""
    path = PurePosixPath(name.replace("\\", "/").strip())
    return fold(path.stem if path.suffix.lower() in (".csv", ".xlsx") else path.name)


def _resources(folder: Path) -> list[dict[str, Any]]:
    """The tables of the data package, each with the ``names`` that it answers to, in their plain form."""
    try:
        package = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CrcError(f"Le dossier de données est introuvable : il manque {folder.name}/{PACKAGE}.") from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise CrcError(f"{folder.name}/{PACKAGE} est illisible ({error}) : récupérez le fichier d’origine.") from None
    found = []
    for raw in package["resources"]:
        # The keys (corriges/) are the grader's business; the Excel file holds the same table as its CSV.
        if "/" in raw["path"] or raw["format"] != "csv" or not (folder / raw["path"]).is_file():
            continue
        twins = [
            item
            for item in package["resources"]
            if item["format"] == "xlsx" and any(source.get("path") == raw["path"] for source in item["sources"])
        ]
        names = [name for item in (raw, *twins) for name in (item["name"], item["title"], *item.get("alias", ()))]
        found.append({**raw, "names": {_plain(name) for name in names}})
    return found


def _types(resource: Mapping[str, Any]) -> dict[str, str]:
    return {field["name"]: field["type"] for field in resource["schema"]["fields"]}


def _load(path: Path, types: Mapping[str, str]) -> pd.DataFrame:
    table = read_table(path)
    if missing := [name for name in types if name not in table.positions]:
        raise CrcError(f"« {path.name} » n’a plus la colonne « {missing[0]} » : récupérez le fichier d’origine.")
    frame = pd.DataFrame(list(table.rows), columns=list(table.columns), dtype="str")
    for name, kind in types.items():
        if kind != "string":
            frame[name] = _typed(frame[name], kind, path.name)
    return frame


def _typed(column: pd.Series[Any], kind: str, file: str) -> pd.Series[Any]:
    """The text ``column`` as integers, numbers or dates; an empty cell is a missing value."""
    filled = column.where(column != "", None)
    try:
        if kind == "date":
            return pd.to_datetime(filled, format="%Y-%m-%d").astype("datetime64[us]")
        numbers = pd.to_numeric(filled).astype("float64")
        return numbers.astype("Int64") if kind == "integer" else numbers
    except (ValueError, TypeError):
        raise CrcError(
            f"« {file} », colonne « {column.name} » : une valeur n’a pas le bon type. Récupérez le fichier d’origine."
        ) from None
