"""What code written in a notebook takes from the workbook and gives to it.

Pandas may be missing, in a browser alone: the cards need none of it, and only what is about pandas tables says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from crc_lab.core.cells import french_type, written
from crc_lab.core.errors import CrcError
from crc_lab.core.model import Json

if TYPE_CHECKING:
    import pandas as pd

MAX_DEPTH = 6
NO_PANDAS = (
    "charger(…) a besoin de pandas, qui n’est pas dans cette version du cahier. Aucune question ne le demande : "
    "téléchargez le fichier dans la carte d’une question, et ouvrez-le dans Excel."
)


def charger(nom: str | None = None) -> pd.DataFrame:
    """The data file called ``nom`` as a pandas table: :func:`crc_lab.notebook.tables.load`.

    Raises :class:`CrcError` (French) where pandas is missing.
    """
    try:
        import pandas  # noqa: F401 (only whether it is there)
    except ImportError:
        raise CrcError(NO_PANDAS) from None
    from crc_lab.notebook.tables import load

    return load(nom)


def plain(value: object, depth: int = MAX_DEPTH) -> Json:
    """A value of the answer sheet: numbers and dates as a French person types them, arrays and series as lists.

    Raises :class:`CrcError` (French) for what is no value (a function, a figure…).
    """
    if getattr(value, "ndim", None) == 0 and not isinstance(value, str):  # one number of numpy's
        value = value[()]  # type: ignore[index]
    if isinstance(value, Mapping) and depth:
        return {str(written(name) or name): plain(item, depth - 1) for name, item in value.items()}
    if hasattr(value, "itertuples"):  # a table: its lines
        value = value.itertuples(index=False)
    text = written(value)
    if text is None and isinstance(value, Iterable) and depth and not isinstance(value, bytes):
        return [plain(item, depth - 1) for item in value]
    if text is None:
        raise CrcError(
            f"Une réponse ne peut pas contenir {french_type(value)}. Donnez un texte, un nombre, une liste ou un "
            'tableau. Exemple : verifier("A4-Q3", {"taux": "12,5", "conforme": "oui"}).'
        )
    return text if isinstance(value, str) else text.replace(".", ",")
