"""``identites.csv``: the copies that nothing settles, with who may have made them; the teacher says who did.

One row a file: « fichier ; élève proposé ; à remplir ; pourquoi ». What a spreadsheet program does to it changes
nothing: encoding, separator, columns moved, rows sorted or removed, « Enregistrer sous » as a workbook.
"""

from __future__ import annotations

import csv
import difflib
import io
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.identity import Listed, Person, Roster
from autograder.identity.evidence import Names
from crc_lab.core.cells import find_head
from crc_lab.core.cells import read as read_cell
from crc_lab.core.errors import ImportProblem
from crc_lab.core.text import bare, clean_line, fold, listing

FILE = "identites.csv"
BOOK = "identites.xlsx"
"""The same, as a spreadsheet program may save it."""
HEADER = ("fichier", "élève proposé", "à remplir", "pourquoi")
_COLUMNS = {
    "fichier": ("fichier", "copie", "chemin", "nom du fichier"),
    "propose": ("élève proposé", "proposition", "proposé"),
    "rempli": ("à remplir", "élève", "nom de l’élève", "réponse", "de qui"),
    "pourquoi": ("pourquoi", "raison"),
}
_NOBODY = frozenset({"personne", "aucun", "aucune", "hors liste", "hors de la liste", "inconnu", "inconnue"})
_IDENTIFIER = re.compile(r"(?P<name>.*?)\s*\((?P<identifier>[^()]+)\)")
_DOWNLOADED_AGAIN = re.compile(r"[ _]?\(\d{1,3}\)(?=\.zip(?:/|$))", re.IGNORECASE)
_FORMULA = tuple("=+-@\t'")


@dataclass(frozen=True, slots=True)
class Asked:
    """One row: a file, who it may be, who the teacher says it is (empty yet), why it is asked."""

    file: str
    proposed: str = ""
    filled: str = ""
    why: str = ""
    line: int = 0


@dataclass(frozen=True)
class Answers:
    """What the teacher has said. ``people``: by file, None for nobody of the class; ``remarks``: what is not
    understood, as French sentences; ``typed``: by file, the words that are not, to be left in their cell."""

    people: Mapping[str, Person | None] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)


def place_of(file: str) -> str:
    """The file under a name that does not change when its archive is downloaded again."""
    return _DOWNLOADED_AGAIN.sub("", file)


def shown(one: Listed | Person) -> str:
    """« Lucas Petit (lucas.petit) »: what tells homonyms apart, and is understood when it is read back."""
    return f"{one.name} ({one.identifier})" if one.identifier else one.name


def read_asked(folder: Path) -> list[Asked]:
    """The rows of the file in the folder, none without it; raises ImportProblem. Of a row in both forms, the newer."""
    paths = [path for name in (FILE, BOOK) if (path := folder / name).is_file()]
    if not paths:
        return []
    from crc_lab.excel.files import open_book

    found: dict[str, Asked] = {}
    for path in sorted(paths, key=lambda path: path.stat().st_mtime):
        for grid in open_book(path).grids:
            head = find_head(grid.lines, _COLUMNS, ("fichier", "rempli"))
            if head is None:
                continue
            for row, cells in grid.by_row.items():
                if row > head.row:
                    texts = {
                        role: _bared(clean_line(read_cell(cells[column])[0], 400)) if column in cells else ""
                        for role, column in head.first.items()
                    }
                    if texts["fichier"]:
                        found[texts["fichier"]] = Asked(texts["fichier"], "", texts["rempli"], "", row)
            break
        else:
            raise ImportProblem(
                path.name,
                "les colonnes « fichier » et « à remplir » n’y sont plus.",
                "Remettez-les en première ligne, ou effacez ce fichier : il sera refait.",
            )
    return list(found.values())


def answers_of(
    rows: Sequence[Asked], before: str, files: Collection[str], roster: Roster | None
) -> tuple[Answers, str]:
    """What the rows say, added to what was said ``before`` (kept by the register), and all of it to be kept again.

    A row that is no longer there takes nothing back; one whose answer was removed does.
    """
    known: dict[str, list[str]] = json.loads(before or "{}")
    exact = {place_of(file): file for file in files}
    folded: dict[str, list[str]] = {}
    for file in exact:
        folded.setdefault(fold(file), []).append(file)
    remarks: list[str] = []
    typed: dict[str, str] = {}
    for row in rows:
        place = place_of(row.file)
        near = folded.get(fold(place), [])
        place = place if place in exact else near[0] if len(near) == 1 else ""
        if not place:
            if row.filled:
                remarks.append(f"{FILE}, ligne {row.line} : « {row.file} » n’est plus parmi les copies. Ligne ignorée.")
            continue
        if not row.filled:
            known.pop(place, None)
            continue
        person = _person(row.filled, roster)
        if isinstance(person, str):
            remarks.append(f"{FILE}, ligne {row.line} : {person}")
            typed[exact[place]] = row.filled
            known.pop(place, None)
        else:
            known[place] = [] if person is None else [person.name, person.identifier]
    people = {exact[place]: _again(said, roster) for place, said in known.items() if place in exact}
    return Answers(people, tuple(remarks), typed), json.dumps(known, ensure_ascii=False)


def _person(text: str, roster: Roster | None) -> Person | str | None:
    """Whom a cell names, None for nobody of the class, or what is the matter with it."""
    if fold(text) in _NOBODY:
        return None
    if roster is None:
        return Person(text)
    inside = _IDENTIFIER.fullmatch(text)
    found = roster.by_identifier(inside["identifier"]) if inside else ()
    found = found or roster.by_identifier(text) or roster.by_name(inside["name"] if inside else text)
    if not found:
        weighed = Names(roster.students).weigh(text, typed=True)
        found = (weighed.only,) if weighed.only else weighed.students if not weighed.strange else ()
    if len(found) == 1:
        return Person(found[0].name, found[0].identifier)
    if found:
        names = listing([f"« {shown(one)} »" for one in found], 5)
        return f"« {text} » peut être plusieurs élèves. Écrivez l’un de ces noms, tel quel : {names}."
    known = {fold(one.name): one.name for one in roster.students}
    close = difflib.get_close_matches(fold(text), known, 3, 0.6)
    hint = f" (peut-être {listing([f'« {known[name]} »' for name in close])})" if close else ""
    return f"« {text} » n’est pas dans la liste de classe{hint}. Écrivez le nom comme dans la liste, ou « personne »."


def _again(said: Sequence[str], roster: Roster | None) -> Person | None:
    """The person that was said, as the list has it now."""
    if not said:
        return None
    name, identifier = said
    found = (roster.by_identifier(identifier) if identifier else roster.by_name(name)) if roster else ()
    return Person(found[0].name, found[0].identifier) if len(found) == 1 else Person(name, identifier)


def asked_bytes(rows: Iterable[Asked]) -> bytes:
    """The file: CSV for a French spreadsheet program (« ; », UTF-8 with BOM); no cell can become a formula."""
    text = io.StringIO(newline="")
    lines = csv.writer(text, delimiter=";")
    lines.writerow(HEADER)
    lines.writerows(_safe(_cells(one)) for one in rows)
    return text.getvalue().encode("utf-8-sig", "replace")


def _cells(one: Asked) -> Iterator[str]:
    yield from (one.file, one.proposed, one.filled, one.why)


def _safe(cells: Iterable[str]) -> list[str]:
    return [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in map(clean_line, cells)]


def _bared(text: str) -> str:
    text = bare(text)
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
