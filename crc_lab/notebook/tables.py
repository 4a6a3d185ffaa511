"""A pandas table ↔ the plain table of the answer sheet (``{"colonnes": […], "lignes": [[…]]}``, all text).

Nothing is judged here: a cell is only written the way a person would type it, so that ``answers.parse`` reads the same
thing whether it came from the grid, from Excel or from pandas.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from crc_lab.core.answers import MAX_COLUMNS, MAX_ITEMS
from crc_lab.core.errors import CrcError
from crc_lab.core.model import Json
from crc_lab.core.text import fold


def to_plain(frame: object, key: str | None = None) -> Json:
    """The plain table of a DataFrame; a named Series counts as a table of one column.

    Whole numbers without ``.0``, other numbers with the fewest exact digits and a decimal point, dates as AAAA-MM-JJ
    (with the time unless it is midnight), missing values as ``""``, booleans as VRAI / FAUX. An index that bears a
    name becomes a column, first, when that name is ``key`` or when the ``key`` column is missing.
    Raises :class:`CrcError` (French) for anything else than a table, for several header levels, for a column name
    used twice, for a cell that holds a list or another object, and for a table beyond the size limits.
    """
    if isinstance(frame, pd.Series):
        frame = frame.to_frame()
    if not isinstance(frame, pd.DataFrame):
        raise CrcError(
            f"Donnez un tableau pandas (DataFrame) : vous avez donné {_french_type(frame)}. "
            'Exemple : verifier("A6-Q1", tableau).'
        )
    if frame.columns.nlevels > 1:
        raise CrcError("Ce tableau a plusieurs niveaux d’en-têtes : gardez-en un seul (reset_index, puis renommez).")
    columns = [_text(name) for name in frame.columns]
    series = [frame.iloc[:, position] for position in range(frame.shape[1])]
    for name, level in reversed(_index_columns(frame, columns, key)):
        columns.insert(0, name)
        series.insert(0, level)
    twice = next((name for name in columns if columns.count(name) > 1), None)
    if twice is not None:
        raise CrcError(f"La colonne « {twice} » figure deux fois dans le tableau : gardez-en une seule.")
    if len(columns) > MAX_COLUMNS or len(frame) > MAX_ITEMS:
        raise CrcError(
            f"Ce tableau est trop grand ({len(frame)} lignes, {len(columns)} colonnes) : au plus {MAX_ITEMS} lignes "
            f"et {MAX_COLUMNS} colonnes."
        )
    texts = [_column(name, values) for name, values in zip(columns, series, strict=True)]
    return {"colonnes": columns, "lignes": [list(row) for row in zip(*texts, strict=True)]}


def from_plain(value: Json) -> pd.DataFrame:
    """The all-text DataFrame of a plain table; raises :class:`CrcError` (French) when ``value`` is not one."""
    columns = value.get("colonnes") if isinstance(value, Mapping) else None
    rows = value.get("lignes") if isinstance(value, Mapping) else None
    if not isinstance(columns, Sequence) or not isinstance(rows, Sequence) or isinstance(columns, str):
        raise CrcError("Cette réponse n’est pas un tableau : elle n’a pas de colonnes et de lignes.")
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Sequence) or isinstance(row, str) or len(row) != len(columns):
            raise CrcError(f"Ligne {number} du tableau : il faut {len(columns)} cellules, une par colonne.")
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    return pd.DataFrame(cells, columns=[str(name) for name in columns], dtype="str")


def _index_columns(frame: pd.DataFrame, columns: list[str], key: str | None) -> list[tuple[str, pd.Series[Any]]]:
    """The levels of the index to be turned into columns: those with a name that no column bears yet."""
    has_key = key is None or fold(key) in {fold(name) for name in columns}
    found = []
    for position, name in enumerate(frame.index.names):
        if name is None or _text(name) in columns:
            continue
        if not has_key or len(frame.index.names) > 1 or (key is not None and fold(_text(name)) == fold(key)):
            found.append((_text(name), pd.Series(frame.index.get_level_values(position))))
    return found


def _column(name: str, values: pd.Series[Any]) -> list[str]:
    texts = []
    for number, cell in enumerate(values.array, start=1):
        text = _cell(cell)
        if text is None:
            raise CrcError(
                f"Ligne {number}, colonne « {name} » : la cellule contient {_french_type(cell)}. "
                "Gardez une seule valeur par cellule (texte, nombre ou date)."
            )
        texts.append(text)
    return texts


def _cell(cell: object) -> str | None:
    """The text of one cell; None when it is not a single value."""
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return ""
    if isinstance(cell, (bool, np.bool_)):
        return "VRAI" if cell else "FAUX"
    if isinstance(cell, (int, np.integer)):
        return str(int(cell))
    if isinstance(cell, (float, np.floating)):
        return _float(cell)
    if isinstance(cell, Decimal):
        return "" if cell.is_nan() else f"{cell:f}"
    if isinstance(cell, np.datetime64):
        return "" if np.isnat(cell) else _moment(pd.Timestamp(cell))
    if isinstance(cell, dt.datetime):
        return _moment(pd.Timestamp(cell))
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    return _text(cell) if isinstance(cell, (str, pd.Period, pd.Timedelta, dt.timedelta)) else None


def _float(cell: float | np.floating[Any]) -> str:
    if np.isnan(cell):
        return ""
    if np.isinf(cell):
        return "inf" if cell > 0 else "-inf"
    text = np.format_float_positional(cell, unique=True, trim="-")
    return "0" if text == "-0" else text


def _moment(moment: pd.Timestamp) -> str:
    if moment == moment.normalize() and moment.tzinfo is None:
        return moment.date().isoformat()
    return moment.isoformat(sep=" ")


def _text(value: object) -> str:
    return str(value)


def _french_type(value: object) -> str:
    names = {
        "list": "une liste",
        "tuple": "une liste",
        "dict": "un dictionnaire",
        "str": "un texte",
        "NoneType": "rien",
    }
    if isinstance(value, (int, float)):
        return "un nombre"
    return names.get(type(value).__name__, f"un objet « {type(value).__name__} »")
