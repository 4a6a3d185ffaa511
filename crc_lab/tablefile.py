"""Read the workbook's CSV files (``;``, UTF-8, header line) into plain tables, without pandas."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from crc_lab.errors import CrcError
from crc_lab.model import Table


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
