"""The class list as a file: read from what Moodle, Pronote or a person makes, written in one normalised form."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.identity.roster import Listed, Roster, RosterProblems
from autograder.intake.person_names import safe_identifier, slug, words
from crc_lab.core.cells import Trouble
from crc_lab.core.cells import read as read_cell
from crc_lab.core.errors import ImportProblem
from crc_lab.core.headers import find_head
from crc_lab.core.sheet import write_atomically
from crc_lab.core.text import bare, fold
from crc_lab.core.wording import clean_line, listing
from crc_lab.excel.files import open_book
from crc_lab.excel.sheets import Grid

HEADER = ("identifiant", "nom", "prenom", "courriel", "groupe")
_ROLES: Mapping[str, tuple[str, ...]] = {
    "identifiant": (
        "identifiant", "identifier", "nom d utilisateur", "username", "user name", "login", "identifiant ent",
        "numero d identification", "id number", "idnumber", "numero etudiant", "numero d etudiant", "matricule",
        "student id", "id", "ine", "identifiant national", "numero national",
    ),
    "courriel": (
        "courriel", "adresse de courriel", "adresse courriel", "email address", "email", "e mail", "mail",
        "adresse mail", "adresse e mail", "adresse email", "adresse electronique",
    ),
    "nom": (
        "nom de famille", "nom", "noms", "last name", "lastname", "surname", "family name", "nom usuel", "nom d usage",
        "nom de l eleve", "nom de naissance", "birth name",
    ),
    "prenom": (
        "prenom", "first name", "firstname", "given name", "prenom usuel", "prenom d usage", "prenom de l eleve",
    ),
    "complet": (
        "nom complet", "full name", "fullname", "nom et prenom", "noms et prenoms", "prenom et nom",
        "prenom nom de famille", "nom de famille prenom", "eleve", "etudiant", "student", "name",
        "nom et prenom de l eleve",
    ),
    "groupe": ("groupe", "group", "classe", "class", "division", "section"),
}  # fmt: skip
"""Headers of each column; of two columns for one role, the one named first here wins, where it is not empty."""

_LAST_NAME_FIRST = re.compile(r"^noms?\b(?! complet)")
_PARTICLE = re.compile("d|da|de|del|della|der|des|di|do|dos|du|el|la|le|les|los|sainte?|ter|van|von")
_NOT_A_STUDENT = re.compile(r"(?:total|effectif|moyenne|nombre)\b.*|\d+ (?:eleves?|etudiants?)")
_PARTICIPANT = re.compile(r"participant ?\d+")
_FORMULA = tuple("=+-@")
_REMEDY = (
    "Ajoutez une première ligne qui nomme les colonnes, par exemple « Nom », « Prénom » et « Adresse de courriel »."
)


@dataclass(frozen=True)
class _Head:
    """The line of headers: its number, the columns of each role (best first), those with any header.

    ``ours``: the file was written by :func:`write`.
    """

    row: int
    columns: Mapping[str, tuple[int, ...]]
    titled: Mapping[int, str]
    last_name_first: bool
    ours: bool


def read(path: Path) -> Roster:
    """See :func:`autograder.identity.roster.read_roster`."""
    try:
        book = open_book(path)
    except ImportProblem as problem:
        raise RosterProblems(path.name, (f"{problem.what} {problem.remedy}",)) from None
    heads = [(grid, head) for grid in book.grids if (head := _head(grid)) is not None]
    named = [(grid, head) for grid, head in heads if {"nom", "prenom", "complet"} & head.columns.keys()]
    if not heads:
        raise RosterProblems(path.name, (f"aucune ligne d’en-têtes reconnue. {_REMEDY}",))
    if not named:
        line, shown = heads[0][1].row, listing([f"« {text} »" for text in heads[0][1].titled.values()], 12)
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


def write(roster: Roster, path: Path) -> None:
    """See :func:`autograder.identity.roster.write_roster`."""
    text = io.StringIO(newline="")
    lines = csv.writer(text, delimiter=";")
    lines.writerow(HEADER)
    for one in roster.students:
        cells = (one.identifier, one.last_name, one.first_name, one.email, one.group)
        lines.writerow([f"'{cell}" if cell.startswith((*_FORMULA, "'")) else cell for cell in cells])
    write_atomically(path, text.getvalue().encode("utf-8-sig"))


def _head(grid: Grid) -> _Head | None:
    """The line with the most known headers, the first of equals; None when there is none."""
    head = find_head(grid.lines, _ROLES)
    if head is None:
        return None
    full = head.texts[head.columns["complet"][0]] if "complet" in head.columns else "nom"
    ours = tuple(head.texts.values()) == HEADER
    return _Head(head.row, head.columns, head.texts, bool(_LAST_NAME_FIRST.match(fold(full))), ours)


def _students(grid: Grid, head: _Head, problems: list[str]) -> Iterator[Listed]:
    for row, cells in grid.by_row.items():
        if row <= head.row:
            continue
        read = {column: read_cell(cell) for column, cell in cells.items()}
        if any(trouble is Trouble.LOST for _, trouble in read.values()):
            problems.append(f"ligne {row} : un caractère est illisible. Enregistrez la liste au format « CSV UTF-8 ».")
        texts = {
            column: _text(str(cells[column].value) if head.ours else text, head.ours)
            for column, (text, _) in read.items()
        }
        known = {
            role: next((texts[column] for column in columns if texts.get(column)), "")
            for role, columns in head.columns.items()
        }
        last, first = _names(known, head, texts)
        if not head.ours and _NOT_A_STUDENT.fullmatch(fold(f"{first} {last}")):
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


def _names(known: Mapping[str, str], head: _Head, texts: Mapping[int, str]) -> tuple[str, str]:
    """The last and the first name."""
    if "nom" in head.columns and "prenom" in head.columns:
        return known["nom"], known["prenom"]
    role = "complet" if "complet" in head.columns else "nom"
    if role not in head.columns:
        return "", known["prenom"]
    after = head.columns[role][0] + 1
    # « GARNIER, Inès » without quotes in a file cut at the commas: the first name slipped under no header.
    slipped = "" if after in head.titled else texts.get(after, "")
    return _split(f"{known[role]}, {slipped}" if slipped else known[role], head.last_name_first)


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
        identifier = one.identifier
        if not identifier:
            identifier = next((name for name in made if name not in used and wanted[name] == 1), "")
            base, number = made[-1], 1
            while not identifier or identifier.casefold() in used:
                identifier, number = base if number == 1 else f"{base}-{number}", number + 1
            used.add(identifier.casefold())
        yield replace(one, identifier=identifier)


def _choices(one: Listed) -> list[str]:
    local = _identifier(one.email.partition("@")[0]).casefold()
    whole = _identifier(one.email).casefold()
    return [name for name in (local, whole, slug(one.name)) if name] or ["eleve"]
