"""Pandas tables: the workbook's data files (``charger``), and a table given by code as a plain value of the sheet.

Reached through :mod:`crc_lab.notebook.commands`; no other module of the package imports pandas.

The types of the columns of a data file never depend on its content; they come from ``datasets/datapackage.json``:

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
``base_restructuree``) are text throughout.

An answer is not judged here: a cell is only written the way a person would type it (:mod:`crc_lab.core.cells`), so that
``answers.parse`` reads the same thing whether it came from the grid, from Excel or from pandas.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from numbers import Number
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from crc_lab.core.answers import MAX_COLUMNS, MAX_ITEMS
from crc_lab.core.cells import RawCell, Remarks, french_type, read, recognise, written
from crc_lab.core.errors import CrcError, UnknownName
from crc_lab.core.model import EMPTY, Json
from crc_lab.core.resources import PACKAGE, datasets_folder, read_table
from crc_lab.core.rooms import wordings_of
from crc_lab.core.text import fold

TABLES = (pd.DataFrame, pd.Series)
"""What :func:`to_plain` reads."""


# --- the data files


def load(nom: str | None = None) -> pd.DataFrame:
    """The data file called ``nom`` (« base qualifiée », ``base_qualifiee.csv``…), a new table at each call.

    Without a name: the list of the files, one line each. Raises :class:`UnknownName` (French, with the nearest name)
    for a name that no file bears, :class:`CrcError` when a file is missing or damaged.
    """
    folder = datasets_folder(Path.cwd())
    resources = _resources(folder)
    if nom is None:
        return pd.DataFrame({
            "nom": [one["name"] for one in resources],
            "titre": [one["title"] for one in resources],
            "lignes": [len(read_table(folder / one["path"]).rows) for one in resources],
            "colonnes": [len(_types(one)) for one in resources],
            "description": [one["description"] for one in resources],
        })  # fmt: skip
    wanted = _simple(str(nom))
    found = next((one for one in resources if wanted in one["names"]), None)
    if found is None:
        raise UnknownName("jeu de données", str(nom), [one["name"] for one in resources])
    return _load(folder / found["path"], _types(found))


def _simple(name: str) -> str:
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
        books = [item for item in package["resources"] if item["format"] == "xlsx"]
        twins = [item for item in books if raw["path"] in [source.get("path") for source in item["sources"]]]
        names = [name for item in (raw, *twins) for name in (item["name"], item["title"], *item.get("alias", ()))]
        found.append({**raw, "names": {_simple(name) for name in names}})
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


# --- answers given by code


def to_plain(
    frame: pd.DataFrame | pd.Series[Any],
    key: str | None = None,
    sources: Mapping[str, str] = EMPTY,
    remarks: Remarks | None = None,
) -> Json:
    """The plain table of a DataFrame; a named Series counts as a table of one column.

    Whole numbers without ``.0``, other numbers with the fewest exact digits and a decimal point, dates as AAAA-MM-JJ
    (with the time unless it is midnight), missing values as ``""``, booleans as VRAI / FAUX. An index that bears a
    name becomes a column, first, when that name is ``key`` or when the ``key`` column is missing. What pandas changed
    in numbers (zeros of a postal code) is put back with the help of ``sources`` (the original line of each key) and
    told to ``remarks``; texts stay as they are.
    Raises :class:`CrcError` (French) for several header levels, for a column name used twice, for a cell that holds a
    list or another object, and for a table beyond the size limits.
    """
    if isinstance(frame, pd.Series):
        frame = frame.to_frame()
    if frame.columns.nlevels > 1:
        raise CrcError("Ce tableau a plusieurs niveaux d’en-têtes : gardez-en un seul (reset_index, puis renommez).")
    names = [str(name) for name in frame.columns]
    index = _index_columns(frame, names, key)
    columns = [*(name for name, _ in index), *names]
    series = [*(level for _, level in index), *(frame.iloc[:, place] for place in range(frame.shape[1]))]
    if twice := [name for name in columns if columns.count(name) > 1]:
        raise CrcError(f"La colonne « {twice[0]} » figure deux fois dans le tableau : gardez-en une seule.")
    if len(columns) > MAX_COLUMNS or len(frame) > MAX_ITEMS:
        raise CrcError(
            f"Ce tableau est trop grand ({len(frame)} lignes, {len(columns)} colonnes) : au plus {MAX_ITEMS} lignes "
            f"et {MAX_COLUMNS} colonnes."
        )
    keys = next((values for name, values in zip(columns, series, strict=True) if key and _is_key(name, key)), ())
    lines = [sources.get(written(one) or "", "") for one in keys] or [""] * len(frame)
    told = Remarks() if remarks is None else remarks
    texts = [_column(name, values, lines, told) for name, values in zip(columns, series, strict=True)]
    return {"colonnes": columns, "lignes": [list(row) for row in zip(*texts, strict=True)]}


def _index_columns(frame: pd.DataFrame, columns: list[str], key: str | None) -> list[tuple[str, pd.Series[Any]]]:
    """The levels of the index to be turned into columns: those with a name that no column bears yet."""
    has_key = key is None or any(_is_key(name, key) for name in columns)
    found = []
    for position, name in enumerate(frame.index.names):
        if name is None or str(name) in columns:
            continue
        if not has_key or len(frame.index.names) > 1 or (key is not None and _is_key(str(name), key)):
            found.append((str(name), pd.Series(frame.index.get_level_values(position))))
    return found


def _is_key(name: str, key: str) -> bool:
    return bool(recognise({0: name}, wordings_of([key])))


def _column(name: str, values: pd.Series[Any], sources: Sequence[str], remarks: Remarks) -> list[str]:
    texts = []
    for number, (cell, source) in enumerate(zip(values.array, sources, strict=True), start=1):
        text = written(cell)
        if text is None:
            raise CrcError(
                f"Ligne {number}, colonne « {name} » : la cellule contient {french_type(cell)}. "
                "Gardez une seule valeur par cellule (texte, nombre ou date)."
            )
        if text and isinstance(cell, Number):
            text, trouble = read(RawCell(cell), name, source)
            remarks.cell(trouble, f"ligne {number}, colonne « {name} »")
        texts.append(text)
    return texts
