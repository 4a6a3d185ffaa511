"""The class list: who should hand in, in the order of the teacher's own file; and who a copy belongs to in it.

A student is recognised by an identifier, an e-mail address or the whole name, never by a resemblance. The list is read
from what Moodle, Pronote or a person makes, and written in one normalised form; openpyxl is loaded only to read one.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import FileProblems
from autograder.intake.handed import Guess
from autograder.intake.person_names import Words, agree, free, is_anonymous, safe_identifier, slug, spellings, words
from crc_lab.core.cells import Trouble
from crc_lab.core.cells import read as read_cell
from crc_lab.core.errors import ImportProblem
from crc_lab.core.headers import Head, Wordings, find_head
from crc_lab.core.sheet import write_atomically
from crc_lab.core.text import bare, fold
from crc_lab.core.wording import clean_line, listing

if TYPE_CHECKING:
    from crc_lab.excel.files import Grid

HEADER = ("identifiant", "nom", "prenom", "courriel", "groupe")
_ROLES: Wordings = tomllib.loads((Path(__file__).parent / "columns.toml").read_text(encoding="utf-8"))["mots"]
"""The headers of each column."""
_LAST_NAME_FIRST = re.compile(r"^noms?\b(?! complet)")
_PARTICLE = re.compile("d|da|de|del|della|der|des|di|do|dos|du|el|la|le|les|los|sainte?|ter|van|von")
_NOT_A_STUDENT = re.compile(r"(?:total|effectif|moyenne|nombre)\b.*|\d+ (?:eleves?|etudiants?)")
_PARTICIPANT = re.compile(r"participant ?\d+")
_FORMULA = tuple("=+-@")
_REMEDY = (
    "Ajoutez une première ligne qui nomme les colonnes, par exemple « Nom », « Prénom » et « Adresse de courriel »."
)


class RosterProblems(FileProblems):
    """Every mistake found in a class list."""

    kind = "Liste de classe"


@dataclass(frozen=True, slots=True)
class Person:
    """One student as the reports show them; ``identifier`` may be empty."""

    name: str
    identifier: str = ""

    def to_json(self) -> dict[str, str]:
        return {"nom": self.name, "identifiant": self.identifier}


@dataclass(frozen=True, slots=True)
class Listed:
    """One student of the class list; only ``name`` is never empty. ``line`` is the line in the file (1 = headers).

    ``identifier`` is never empty, distinct in the list, and made of letters, digits and ``. _ - @ +`` only. The line is
    no part of the student: the same list written elsewhere is the same list.
    """

    identifier: str
    last_name: str
    first_name: str
    email: str = ""
    group: str = ""
    line: int = field(default=0, compare=False)

    @property
    def name(self) -> str:
        """« Inès Garnier »: first name then last name, as Moodle shows people."""
        return f"{self.first_name} {self.last_name}".strip() or self.identifier


@dataclass(frozen=True)
class Roster:
    """The whole list, in its own order; identifiers are distinct."""

    students: tuple[Listed, ...]

    def author(self, guess: Guess) -> Listed | None:
        """The listed student whom Moodle or nbgrader names as the author of a file, or None."""
        if guess.identifier:
            return self._only(self.by_identifier(guess.identifier))
        named = guess.moodle_id and not is_anonymous(guess.name, self.groups)
        return self._only(self.by_name(guess.name)) if named else None

    def named(self, name: str, identifier: str) -> Listed | None:
        """The only listed student with that identifier (or e-mail) and a name that agrees, else with that name.

        None on any doubt or contradiction.
        """
        known = self.by_identifier(identifier)
        if not known:
            return self._only(self.by_name(name))
        agreeing = [one for one in known if agree(one.name, name)]
        bearers = self.by_name(name)  # it may be exactly the name of somebody else of the list
        return self._only(tuple(agreeing)) if not bearers or {*agreeing} <= {*bearers} else None

    def by_identifier(self, identifier: str) -> tuple[Listed, ...]:
        """The students with that identifier or e-mail address: as written, else without case nor punctuation."""
        exact = self._index.get(("=", identifier.strip().casefold()))
        return tuple(exact or self._index.get(("~", fold(identifier))) or ())

    def by_name(self, name: str) -> tuple[Listed, ...]:
        """The students who bear exactly that name, words in any order, accents and punctuation ignored."""
        found = {one.identifier: one for form in spellings(name) for one in self._index.get(form, ())}
        return tuple(found.values())

    @staticmethod
    def _only(found: tuple[Listed, ...]) -> Listed | None:
        return found[0] if len(found) == 1 else None

    @cached_property
    def groups(self) -> frozenset[Words]:
        """The words of the names of the groups; Moodle lists those of one student with commas."""
        return frozenset(words(name) for one in self.students for name in one.group.split(",") if words(name))

    @cached_property
    def _index(self) -> Mapping[Hashable, list[Listed]]:
        """The students by identifier and e-mail, as written then folded, and by the words of their name."""
        found: dict[Hashable, list[Listed]] = defaultdict(list)
        for one in self.students:
            given = {one.identifier, one.email} - {""}
            written = {("=", text.casefold()) for text in given} | {("~", fold(text)) for text in given}
            for key in (*written, *spellings(one.name)):
                found[key].append(one)
        return dict(found)


def read_roster(path: Path) -> Roster:
    """The class list in a CSV or XLSX file, as Moodle, Pronote or a person makes it.

    Raises :class:`RosterProblems` with every mistake at once.
    """
    from crc_lab.excel.files import open_book

    try:
        book = open_book(path)
    except ImportProblem as problem:
        raise RosterProblems(path.name, (f"{problem.what} {problem.remedy}",)) from None
    heads = [(grid, head) for grid in book.grids if (head := find_head(grid.lines, _ROLES)) is not None]
    named = [(grid, head) for grid, head in heads if {"nom", "prenom", "complet"} & head.columns.keys()]
    if not heads:
        raise RosterProblems(path.name, (f"aucune ligne d’en-têtes reconnue. {_REMEDY}",))
    if not named:
        line, shown = heads[0][1].row, listing([f"« {text} »" for text in heads[0][1].texts.values()], 12)
        what = f"ligne {line} : aucune colonne ne donne les noms. Ajoutez une colonne « Nom complet », ou « Nom » et "
        raise RosterProblems(path.name, (f"{what}« Prénom ». Colonnes trouvées : {shown}.",))
    grid, head = named[0]
    problems: list[str] = []
    students = list(_students(grid, head, problems))
    problems += _repeated(students)
    if not students and not problems:
        problems.append(f"aucun élève sous les en-têtes de la ligne {head.row}. Vérifiez que c’est le bon fichier.")
    if problems:
        raise RosterProblems(path.name, tuple(problems))
    return Roster(tuple(_identified(students)))


def write_roster(roster: Roster, path: Path) -> None:
    """Write the list as identifiant;nom;prenom;courriel;groupe (UTF-8 with BOM); :func:`read_roster` gives it back.

    No cell can become a formula in a spreadsheet. Raises :class:`OSError`; the file is replaced in one step.
    """
    text = io.StringIO(newline="")
    lines = csv.writer(text, delimiter=";")
    lines.writerow(HEADER)
    for one in roster.students:
        cells = (one.identifier, one.last_name, one.first_name, one.email, one.group)
        lines.writerow([f"'{cell}" if cell.startswith((*_FORMULA, "'")) else cell for cell in cells])
    write_atomically(path, text.getvalue().encode("utf-8-sig"))


def _students(grid: Grid, head: Head, problems: list[str]) -> Iterator[Listed]:
    ours = tuple(head.texts.values()) == HEADER
    for row, cells in grid.by_row.items():
        if row <= head.row:
            continue
        read = {column: read_cell(cell) for column, cell in cells.items()}
        if any(trouble is Trouble.LOST for _, trouble in read.values()):
            problems.append(f"ligne {row} : un caractère est illisible. Enregistrez la liste au format « CSV UTF-8 ».")
        texts = {column: _text(str(cells[column].value) if ours else text, ours) for column, (text, _) in read.items()}
        known = {
            role: next((texts[column] for column in columns if texts.get(column)), "")
            for role, columns in head.columns.items()
        }
        last, first = _names(known, head, texts)
        if not ours and _NOT_A_STUDENT.fullmatch(fold(f"{first} {last}")):
            continue
        if not first and not last:
            if any(texts.get(column) for columns in head.columns.values() for column in columns):
                problems.append(f"ligne {row} : cette ligne ne donne aucun nom. Complétez-la ou effacez-la.")
            continue
        given = (_identifier(texts.get(column, "")) for column in head.columns.get("identifiant", ()))
        identifier = next((text for text in given if text), "")
        yield Listed(identifier, last, first, known.get("courriel", ""), known.get("groupe", ""), row)


def _text(raw: str, ours: bool) -> str:
    """The text of a cell on one line, without the apostrophe that keeps it from being a formula."""
    text = bare(clean_line(raw))
    protected = text.startswith("'") and (ours or text[1:2] in _FORMULA)
    return text[1:] if protected else text


def _identifier(text: str) -> str:
    """The text as an identifier; nothing for Moodle's « Participant 123 », another number in each assignment."""
    return "" if _PARTICIPANT.fullmatch(fold(text)) else safe_identifier(text)


def _names(known: Mapping[str, str], head: Head, texts: Mapping[int, str]) -> tuple[str, str]:
    """The last and the first name."""
    if "nom" in head.columns and "prenom" in head.columns:
        return known["nom"], known["prenom"]
    role = "complet" if "complet" in head.columns else "nom"
    if role not in head.columns:
        return "", known["prenom"]
    after = head.columns[role][0] + 1
    # « GARNIER, Inès » without quotes in a file cut at the commas: the first name slipped under no header.
    slipped = "" if after in head.texts else texts.get(after, "")
    last_name_first = role == "nom" or bool(_LAST_NAME_FIRST.match(fold(head.texts[after - 1])))
    return _split(f"{known[role]}, {slipped}" if slipped else known[role], last_name_first)


def _split(name: str, last_name_first: bool) -> tuple[str, str]:
    """The last and the first name in a whole name: at the comma, else the capitals tell, else the order of the list."""
    if "," in name:
        last, _, first = name.partition(",")
        return last.strip(), first.strip()
    parts = name.split()
    capitals = [part for part in parts if part == part.upper() and sum(letter.isalpha() for letter in part) > 1]
    if capitals and len(capitals) < len(parts):
        return " ".join(capitals), " ".join(part for part in parts if part not in capitals)
    if len(parts) < 2:
        return name, ""
    if not last_name_first:
        return " ".join(parts[1:]), parts[0]
    cut = 1
    while cut < len(parts) - 1 and _PARTICLE.fullmatch(fold(parts[cut - 1])):
        cut += 1
    return " ".join(parts[:cut]), " ".join(parts[cut:])


def _repeated(students: Sequence[Listed]) -> Iterator[str]:
    """A sentence for each identifier that several lines bear, and for each student who is there twice.

    Homonyms are legal, and so is an address shared by a family.
    """
    identified, whole = defaultdict(list), defaultdict(list)
    for one in students:
        if one.identifier:
            identified[one.identifier.casefold()].append(one)
        elif one.email:
            whole[one.email.casefold(), words(one.name)].append(one)
    for same in (*identified.values(), *whole.values()):
        if len(same) > 1:
            where = listing([f"{one.line} ({one.name})" for one in same])
            what = f"identifiant « {same[0].identifier} »" if same[0].identifier else f"adresse « {same[0].email} »"
            yield f"lignes {where} : même {what}. Corrigez-les, ou effacez ce qui est en trop."


def _identified(students: Sequence[Listed]) -> Iterator[Listed]:
    """The students, each with an identifier: the list's own, else made from the e-mail address or the name.

    What two students would share is made longer for both, so that the order of the list matters as little as possible.
    """
    used = {one.identifier.casefold() for one in students if one.identifier}
    choices = [_choices(one) for one in students]
    wanted = Counter(
        choice for one, made in zip(students, choices, strict=True) if not one.identifier for choice in made
    )
    for one, made in zip(students, choices, strict=True):
        best = next((name for name in made if name not in used and wanted[name] == 1), made[-1])
        yield replace(one, identifier=one.identifier or free(best, used))


def _choices(one: Listed) -> list[str]:
    local = _identifier(one.email.partition("@")[0]).casefold()
    whole = _identifier(one.email).casefold()
    return [name for name in (local, whole, slug(one.name)) if name] or ["eleve"]
