"""What reading a handed-in file gives, and the French remarks gathered on the way."""

from __future__ import annotations

from dataclasses import dataclass, field

from crc_lab.core.model import Json
from crc_lab.excel.grid import Trouble

_SHOWN = 5
_SENTENCES = {
    Trouble.UNCOMPUTED: (
        "{cells} : le résultat de la formule n’est pas enregistré dans le fichier. Ouvrez le fichier dans Excel, "
        "enregistrez-le, puis recommencez."
    ),
    Trouble.ERROR: (
        "{cells} : le tableur affiche une erreur de calcul (#REF!, #N/A…). Corrigez la formule, puis recommencez."
    ),
    Trouble.TYPED_FORMULA: (
        "{cells} : la formule est restée du texte. Mettez la cellule au format Standard, validez de nouveau la "
        "formule, enregistrez, puis recommencez."
    ),
    Trouble.MONTH: (
        "{cells} : le tableur a changé un mois (« mars 2024 ») en date du premier jour (2024-03-01). Si ce n’est pas "
        "ce que vous vouliez écrire, mettez la cellule au format Texte et tapez de nouveau."
    ),
    Trouble.DATE: (
        "{cells} : le tableur a changé votre saisie en date. Si ce n’est pas ce que vous vouliez écrire, mettez la "
        "cellule au format Texte et tapez de nouveau."
    ),
    Trouble.ZEROS: (
        "{cells} : le tableur avait enlevé les zéros du début (ou le +), ils ont été remis. Pour les garder, mettez la "
        "colonne au format Texte avant de taper."
    ),
}


@dataclass(frozen=True)
class ImportResult:
    """The answer found in a file.

    ``value`` has the shape of the answer sheet; ``warnings`` are French sentences, most useful first; ``header_row`` is
    the line of the headers in ``sheet_name`` (from 1); ``rows`` and ``filled`` count the lines and the non-empty
    answer cells; ``question_id`` is what the template says of itself (None: not a template) and ``student`` the
    (name, identifier) typed in « Mode d’emploi », if any.
    """

    value: Json
    warnings: tuple[str, ...] = ()
    sheet_name: str = ""
    header_row: int = 0
    rows: int = 0
    filled: int = 0
    question_id: str | None = None
    student: tuple[str, str] | None = None


@dataclass
class Remarks:
    """Collects troubles cell by cell, to say each one once with the first cells it concerns."""

    cells: dict[Trouble, list[str]] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)

    def cell(self, trouble: Trouble | None, address: str) -> None:
        if trouble is not None:
            self.cells.setdefault(trouble, []).append(address)

    def say(self, sentence: str) -> None:
        self.sentences.append(sentence)

    def warnings(self) -> tuple[str, ...]:
        told = [
            _SENTENCES[trouble].format(cells=_cells(self.cells[trouble]))
            for trouble in Trouble
            if trouble in self.cells
        ]
        return (*told, *self.sentences)


def listed(items: list[str], shown: int = 10) -> str:
    """« a, b et c », « a, b, c et 4 autres »."""
    kept = items[:shown]
    more = len(items) - len(kept)
    if more:
        return f"{', '.join(kept)} et {more} autre{'s' if more > 1 else ''}"
    return " et ".join([", ".join(kept[:-1]), kept[-1]] if len(kept) > 1 else kept)


def _cells(addresses: list[str]) -> str:
    return ("Cellule " if len(addresses) == 1 else "Cellules ") + listed(addresses, _SHOWN)
