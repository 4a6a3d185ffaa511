"""What is in each column of Moodle's grading worksheet, in French and in English.

Headers: language strings of ``mod_assign`` (recordid, fullname, gradecanbechanged, lastmodifiedgrade…) and of the
plugin « Feedback par commentaires », Moodle 2.6 to 4.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.moodle.csvspans import SEPARATORS, Line, Source, Unclosed, lines, source
from autograder.moodle.problems import WorksheetProblem
from crc_lab.core.decoding import mended
from crc_lab.core.headers import find_head
from crc_lab.core.text import fold
from crc_lab.core.wording import clean_line, listing

ID, GRADE, MAXIMUM, SCALE, CHANGEABLE, MODIFIED, COMMENT, NAME, EMAIL, GROUP = (
    "id", "grade", "maximum", "scale", "changeable", "modified", "comment", "name", "email", "group",
)  # fmt: skip
_HEADERS: Mapping[str, tuple[str, str]] = {
    ID: ("Identifiant", "Identifier"),
    GRADE: ("Note", "Grade"),
    MAXIMUM: ("Note maximale", "Maximum grade"),
    SCALE: ("Barème", "Scale"),
    CHANGEABLE: ("La note peut être modifiée", "Grade can be changed"),
    MODIFIED: ("Dernière modification (note)", "Last modified (grade)"),
    COMMENT: ("Feedback par commentaires", "Feedback comments"),
    NAME: ("Nom complet", "Full name"),
    EMAIL: ("Adresse de courriel", "Email address"),
    GROUP: ("Groupe", "Group"),
}
"""(French, English) header of each column that matters here; the others are never looked at."""
_LOOKED_AT = 10
"""Lines in which the headers are looked for: Excel may add « sep=; » above them."""
LARGEST = 20_000_000
_AGAIN = "Dans Moodle, « Télécharger le formulaire d’évaluation », puis donnez ce fichier tel quel."


@dataclass(frozen=True)
class Table:
    """A worksheet cut into cells, and the place of its columns. ``body``: the lines under the headers."""

    source: Source
    separator: str
    head: Line
    columns: Mapping[str, int]
    body: tuple[Line, ...]

    @property
    def french(self) -> bool:
        return fold(self.source.text(self.head.cells[self.columns[ID]])) == fold(_HEADERS[ID][0])

    def text(self, line: Line, role: str) -> str:
        """What a cell says; nothing where the column or the cell is missing."""
        position = self.columns.get(role)
        if position is None or position >= len(line.cells):
            return ""
        return self.source.text(line.cells[position]).strip()


def read_table(content: bytes, file: str) -> Table:
    """The table of a worksheet; raises :class:`WorksheetProblem` when it cannot be one that marks may be put in."""
    if len(content) > LARGEST:
        raise WorksheetProblem(file, "ce fichier est trop gros pour être un formulaire d’évaluation.", _AGAIN)
    if content.startswith(b"PK"):
        remedy = "Dans Excel : Fichier, Enregistrer sous, « CSV UTF-8 ». Ou donnez le fichier que Moodle a fourni."
        raise WorksheetProblem(file, "c’est un classeur Excel, et Moodle ne relit que du CSV.", remedy)
    try:
        table = _best(source(content))
    except UnicodeDecodeError:
        raise WorksheetProblem(file, "ce fichier est abîmé (texte illisible).", _AGAIN) from None
    except Unclosed as error:
        what = f"ligne {error.line} : un guillemet ouvre une cellule et ne la ferme pas."
        raise WorksheetProblem(file, what, _AGAIN) from None
    if table is None or ID not in table.columns:
        what = "ce n’est pas un formulaire d’évaluation de Moodle (aucune colonne « Identifiant » ou « Identifier »)."
        raise WorksheetProblem(file, what, _AGAIN)
    if any(mended(text) != text for text in map(table.source.text, table.head.cells)):
        raise WorksheetProblem(file, "ses accents sont abîmés (« Ã© »), Moodle ne s’y retrouverait pas.", _AGAIN)
    _check_grades(table, file)
    return table


def _check_grades(table: Table, file: str) -> None:
    if SCALE in table.columns and MAXIMUM not in table.columns:
        what = "ce devoir est noté avec un barème (des mots), pas avec des points."
        remedy = (
            "Dans les réglages du devoir, choisissez « Note : points », puis téléchargez le formulaire à nouveau ; ou "
            "reportez les notes à la main depuis notes.xlsx."
        )
        raise WorksheetProblem(file, what, remedy)
    missing = [_HEADERS[role][0 if table.french else 1] for role in (GRADE, MAXIMUM) if role not in table.columns]
    if missing:
        names = listing([f"« {name} »" for name in missing])
        shown = [clean_line(table.source.text(cell), 40) for cell in table.head.cells]
        what = f"il y manque la colonne {names} (colonnes trouvées : {listing(shown, 8)})."
        remedy = (
            "Si le devoir utilise une grille d’évaluation ou un guide, Moodle ne permet pas ce formulaire : passez à "
            "l’évaluation simple, ou importez notes-moodle.csv dans le carnet de notes. Sinon, téléchargez le "
            "formulaire à nouveau."
        )
        raise WorksheetProblem(file, what, remedy)


def _best(content: Source) -> Table | None:
    """The table as cut in the way that gives the most known headers; the first of equals."""
    best: Table | None = None
    broken: Unclosed | None = None
    for separator in SEPARATORS:
        try:
            found = list(lines(content.view, separator))
        except Unclosed as error:
            broken = broken or error
            continue
        texts = ((row, dict(enumerate(map(content.text, line.cells)))) for row, line in enumerate(found[:_LOOKED_AT]))
        head = find_head(texts, _HEADERS)
        if head is not None and (best is None or len(head.columns) > len(best.columns)):
            best = Table(content, separator, found[head.row], head.first, tuple(found[head.row + 1 :]))
    if best is None and broken is not None:
        raise broken
    return best


def missing(table: Table) -> tuple[str, ...]:
    """The headers that Moodle itself always writes and that are not there: its import may refuse the file."""
    language = 0 if table.french else 1
    return tuple(_HEADERS[role][language] for role in (CHANGEABLE, MODIFIED) if role not in table.columns)
