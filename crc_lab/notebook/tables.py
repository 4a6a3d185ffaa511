"""What code gives (a pandas table, numbers of any library, lists, dates) → the plain value of the answer sheet.

Nothing is judged here: a cell is only written the way a person would type it (:mod:`crc_lab.core.cells`), so that
``answers.parse`` reads the same thing whether it came from the grid, from Excel or from pandas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from numbers import Number
from typing import Any

import numpy as np
import pandas as pd

from crc_lab.core.answers import MAX_COLUMNS, MAX_ITEMS
from crc_lab.core.cells import RawCell, Remarks, read, written
from crc_lab.core.errors import CrcError
from crc_lab.core.headers import recognise
from crc_lab.core.model import EMPTY, Json
from crc_lab.core.rooms import wordings_of

MAX_DEPTH = 6
TABLES = (pd.DataFrame, pd.Series)
"""What :func:`to_plain` reads."""


def plain(value: object, depth: int = MAX_DEPTH) -> Json:
    """A value of the answer sheet: numbers and dates as a French person types them, arrays and series as lists.

    Raises :class:`CrcError` (French) for what is no value (a function, a figure…).
    """
    if isinstance(value, np.ndarray) and not value.ndim:
        value = value[()]
    if isinstance(value, Mapping) and depth:
        return {str(written(name) or name): plain(item, depth - 1) for name, item in value.items()}
    if isinstance(value, pd.DataFrame):
        value = value.itertuples(index=False)
    text = written(value)
    if text is None and isinstance(value, Iterable) and depth and not isinstance(value, bytes):
        return [plain(item, depth - 1) for item in value]
    if text is None:
        raise CrcError(
            f"Une réponse ne peut pas contenir {_french_type(value)}. Donnez un texte, un nombre, une liste ou un "
            'tableau. Exemple : verifier("A4-Q3", {"taux": "12,5", "conforme": "oui"}).'
        )
    return text if isinstance(value, str) else text.replace(".", ",")


def to_plain(
    frame: object, key: str | None = None, sources: Mapping[str, str] = EMPTY, remarks: Remarks | None = None
) -> Json:
    """The plain table of a DataFrame; a named Series counts as a table of one column.

    Whole numbers without ``.0``, other numbers with the fewest exact digits and a decimal point, dates as AAAA-MM-JJ
    (with the time unless it is midnight), missing values as ``""``, booleans as VRAI / FAUX. An index that bears a
    name becomes a column, first, when that name is ``key`` or when the ``key`` column is missing. What pandas changed
    in numbers (zeros of a postal code) is put back with the help of ``sources`` (the original line of each key) and
    told to ``remarks``; texts stay as they are.
    Raises :class:`CrcError` (French) for anything else than a table, for several header levels, for a column name
    used twice, for a cell that holds a list or another object, and for a table beyond the size limits.
    """
    if isinstance(frame, pd.Series):
        frame = frame.to_frame()
    if not isinstance(frame, pd.DataFrame):
        raise CrcError(
            f"Donnez un tableau pandas (DataFrame) : vous avez donné {_french_type(frame)}. "
            'Exemple : verifier("A6-Q1", tableau).'
        )
    if frame.columns.nlevels > 1:
        raise CrcError("Ce tableau a plusieurs niveaux d’en-têtes : gardez-en un seul (reset_index, puis renommez).")
    columns = [str(name) for name in frame.columns]
    series = [frame.iloc[:, position] for position in range(frame.shape[1])]
    for name, level in reversed(_index_columns(frame, columns, key)):
        columns.insert(0, name)
        series.insert(0, level)
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
                f"Ligne {number}, colonne « {name} » : la cellule contient {_french_type(cell)}. "
                "Gardez une seule valeur par cellule (texte, nombre ou date)."
            )
        if text and isinstance(cell, Number):
            text, trouble = read(RawCell(cell), name, source)
            remarks.cell(trouble, f"ligne {number}, colonne « {name} »")
        texts.append(text)
    return texts


def _french_type(value: object) -> str:
    """What a value is, in words for a student: « une liste », « un objet « Figure » »."""
    names = {list: "une liste", tuple: "une liste", dict: "un dictionnaire", str: "un texte", type(None): "rien"}
    if isinstance(value, (int, float)):
        return "un nombre"
    return names.get(type(value), f"un objet « {type(value).__name__} »")
