"""Reading the class list that Moodle, Pronote, Charlemagne or a person makes, and writing it in one normalised form.

Columns are known by their words, on any sheet, several times on one sheet, side by side. Titles, totals, footers and
lines of groups are nobody; teachers are left aside, which is told. openpyxl is loaded only to read a list.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import FileProblems
from autograder.identity import Listed, Roster
from autograder.identity.evidence import PARTICLES
from autograder.intake.person_names import Words, free, safe_identifier, slug, words
from crc_lab.core.cells import Head, Trouble, Wordings, find_head, header_words, recognise
from crc_lab.core.cells import read as read_cell
from crc_lab.core.sheet import write_atomically
from crc_lab.core.text import bare, clean_line, fold, french, listing, without_accents

if TYPE_CHECKING:
    from crc_lab.core.cells import RawCell
    from crc_lab.excel.files import Grid

HEADER = ("identifiant", "nom", "prenom", "courriel", "groupe")
_OTHER_NAMES = "autres_noms"
"""A column more, where somebody has other last names."""
ROLES: Wordings = tomllib.loads((Path(__file__).parent / "columns.toml").read_text(encoding="utf-8"))["mots"]
"""The headers of each column."""
_NAMES = ("nom", "prenom", "complet")
_LAST_NAME_FIRST = re.compile(r"^noms?\b(?! complet)")
_SEVERAL_FIRST = re.compile(r"prenoms|prenom s|given names|first names|forenames")
_TITLE = r"(?:mm?e|mlle|mr?|monsieur|madame|mademoiselle|mrs|ms|miss)"
_CIVILITY = re.compile(rf"{_TITLE}(?:\.?\s*/\s*{_TITLE})*[. ]\s*(?=\S)", re.IGNORECASE)
_GONE = r"(?:absente?|demissionnaire|redoublante?|depart|partie?|sortie?|arrivee?|exclue?|rayee?)"
_NOTED = re.compile(
    r"\s*(?:\*+|[\[(](?:mm?e|mlle|mr?|h|f|(?:co )?delegue?e?|suppleante?|eco|nouveau|nouvelle|tiers temps|"
    rf"alternante?|rqth|pap|pai|pps|ulis|dp|interne|externe|{_GONE})\.?[\])]|(?<= )[\[(][^\])]*\d[^\])]*[\])]|"
    rf"[-–—:,] ?{_GONE}\b[^-–—:,]*|(?<= )[-–—:,] ?[^-–—:,]*\d[^-–—:,]*)$"
)
"""What a teacher notes after a name: « Zoé (déléguée) », « Léa* », « Luc (19 ans) », « Noé - parti le 12/10 »."""
_ASIDE = re.compile(r"\s*(?:[\[(](?P<said>[^\W\dA-ZÀ-Þ][^\])]*)[\])]|[¹²³⁴-⁹†‡§°]+)$")
"""The same in words of any kind, in small letters (« Zoé (apprentie) »), and the call of a note (« Zoé ¹ »)."""
_BIRTHDAY = re.compile(r"\s*[,;(–—-]?\s*\bn(?:[ée]{1,2}|é\(e\))\s+(?:le|en)\b.*$", re.IGNORECASE)
_BORN = re.compile(r"(?:nee?|ep|epouse|dite?|alias)\b.*")
_RANK = re.compile(
    r"(?:(?:n°\s*)?\d{1,3}\s*(?:[.):]|[-–—](?=\s))|[-–—•·▪◦●○□■☐☑☒✓✔➔→>+](?=\s)|[□☐☑☒✓✔])\s*(?=[^\W\d_])", re.IGNORECASE
)
"""What a list puts before a name: « 12. », « 3) », « 4 - », « • », « ☐ »."""
_BETWEEN = re.compile(r"\s*[/|]\s*|\s+[-–—]\s+")
"""What stands between the last and the first name in one cell."""
_TWO = re.compile(
    r"(?P<one>.+?)\s+\(?(?:[ée]p\.|ép\b|[ée]pouse\b|né\b|n[ée]e\b|dite?\b|alias\b)\s*(?P<other>[^()]+?)\)?"
    r"|(?P<use>[^()]*\w)\s+\((?P<birth>[^()]+)\)",
    re.IGNORECASE,
)
"""Two last names in one cell: « LEFÈVRE ép. DURAND », « MULLER (née PETIT) », « LEFÈVRE (DURAND) »."""
_AFTER = re.compile(r"(?P<rest>.+?)\s*(?:\((?P<in>[^()]{1,12})\)|,\s*(?P<last>[^(),]{1,12}))")
"""A particle written after the last name: « GUEN (Le) », « GUEN, Le »."""
_TOTAL = re.compile(
    r"(?:total|effectif|moyenne|mediane|nombre|points possible|class average|ecart type|note (?:la )?plus)\b.*"
)
_EXTREME = re.compile(r"(?:min|max)(?:imum|i)?")
"""Alone in a column of last names: Max is the first name of some."""
_NOBODY = re.compile(
    r"(?:somme|page|edite|imprime|export|extrait|genere|date|liste|lycee|college|ecole|"
    r"etablissement|annee|rentree|periode|trimestre|semestre|signature|source|document|https?|www|cachet|visa|emargement|"
    r"coefficient|bareme|legende|observations?|remarques?|absente?s|arrivees?|departs?|sorti(?:e?s)|"
    r"demissionnaires?|exclue?s|nouveaux|anciens|presente?s|excusee?s|inscrite?s|retards?|filles|garcons|internes|externes|"
    r"demi pensionnaires|place(?:s)? libre(?:s)?|vacante?s?|libres?|a (?:completer|venir|definir)|nb|n b|ps|rappel|"
    r"attention|important)\b.*|points|coef|fin d[eu]\b.*|suite|[a-z]"
    r"|\d+ (?:eleves?|etudiants?|inscrits?|apprenants?)\b.*|[\d /.-]+"
)
_AGAIN = re.compile(r"(?:(?:eco )?delegue?e?s|(?:leurs? )?suppleante?s|elue?s|tiers temps|binomes?|representants?)\b.*")
"""Above names that the list has already: they are not more people."""
_GROUP_LINE = re.compile(r"(?:(?:demi )?groupe|division|classe|section|option|td|tp|bts|promotion|promo)\b.*")
_STAFF = re.compile(
    r"(?:fait (?:a|le)|(?:(?:les?|la|l|p|pour|par|delegation) )*(?:equipes? (?:pedagogiques?|educatives?)|"
    r"professeure?s?|profs?|enseignante?s?|formateurs?|formatrices?|tuteurs?|tutrices?|intervenante?s?|personnels?|"
    r"encadrante?s?|administration|vie scolaire|cpe|aed|aesh|responsables?|referente?s?|direct(?:eur|rice)s?|"
    r"proviseure?s?|principale?|chefs? d etablissement|secretariat|secretaires?|intendante?|teachers?|staff|"
    r"managers?|gestionnaires?))\b.*"
)
"""Who is no student, and what closes a page (« Fait à Caen, le… »): what follows is not the list's."""
_STUDENT = re.compile(
    r".*\b(?:eleves?|etudiante?s?|students?|apprenante?s?|apprentie?s?|alternante?s?|stagiaires?)\b.*"
)
_FORMER = re.compile(r"(?:anciens?|archives?|sortie?s|partie?s|demissionnaires?|radie?e?s|exclue?s)\b.*")
"""A sheet of those who are no more in the class."""
_PARTICIPANT = re.compile(r"participant ?\d+")
_LONG = 40
_FORMULA = tuple("=+-@")
_REMEDY = (
    "Ajoutez une première ligne qui nomme les colonnes, par exemple « Nom », « Prénom » et « Adresse de courriel »."
)


class RosterProblems(FileProblems):
    """Every mistake found in a class list."""

    kind = "Liste de classe"


def read_roster(path: Path) -> Roster:
    """The class list in a CSV or XLSX file: all students of all its sheets.

    Raises :class:`RosterProblems` with every mistake at once.
    """
    book = RosterProblems.opened(path)
    grids = [grid for grid in book.grids if not grid.hidden] or list(book.grids)
    heads = [(grid, head) for grid in grids if (head := _head(grid)) is not None]
    named = [(grid, head) for grid, head in heads if {"nom", "complet"} & head.columns.keys()]
    named = named or [(grid, head) for grid in grids for head in _bare_columns(grid)]
    if not named:
        raise RosterProblems(path.name, (_without_names(grids, heads),))
    reading = _Reading(len(named) > 1)
    for grid, head in named:
        reading.sheet(grid, head)
    if not reading.students and not reading.problems:
        row = named[0][1].row
        reading.problems.append(f"aucun élève sous les en-têtes de la ligne {row}. Vérifiez que c’est le bon fichier.")
    reading.problems += _repeated(reading.students)
    if reading.problems:
        raise RosterProblems(path.name, tuple(reading.problems))
    ranked = (replace(one, rank=rank) for rank, one in enumerate(reading.students, start=1))
    return Roster(tuple(_identified(list(ranked))), tuple(map(french, reading.aside)))


def write_roster(roster: Roster, path: Path) -> None:
    """Write the list as identifiant;nom;prenom;courriel;groupe (UTF-8 with BOM); :func:`read_roster` gives it back.

    No cell can become a formula in a spreadsheet. Raises :class:`OSError`; the file is replaced in one step.
    """
    text = io.StringIO(newline="")
    lines = csv.writer(text, delimiter=";")
    more = any(one.also for one in roster.students)
    lines.writerow([*HEADER, *[_OTHER_NAMES] * more])
    for one in roster.students:
        cells = [one.identifier, one.last_name, one.first_name, one.email, one.group, *[" / ".join(one.also)] * more]
        lines.writerow([f"'{cell}" if cell.startswith((*_FORMULA, "'")) else cell for cell in cells])
    write_atomically(path, text.getvalue().encode("utf-8-sig"))


def _head(grid: Grid) -> Head | None:
    """The line of headers of a sheet: one that gives names, if there is any below « Classe : » and « Groupe : »."""
    lines = list(grid.lines_once)
    found = (find_head(lines, ROLES, needed=(role,)) for role in _NAMES)
    with_names = sorted((head for head in found if head), key=lambda head: (-len(head.columns), head.row))
    return with_names[0] if with_names else find_head(lines, ROLES)


def _bare_columns(grid: Grid) -> list[Head]:
    """The columns of whole names in a sheet where no header says so: one under the name of each group, or the only one,
    from its first line."""
    lines = [(row, texts) for row, texts in grid.lines_once if texts]
    for place, (row, texts) in enumerate(lines):
        if len(texts) > 1 and all(_GROUP_LINE.fullmatch(fold(text)) for text in texts.values()):
            below = [text for _, under in lines[place + 1 :] for column, text in under.items() if column in texts]
            below = [text for text in below if not _TOTAL.fullmatch(fold(text))]
            names = [text for text in below if _looks_a_name(text)]
            whole = [Head(row, {"complet": (column,)}, texts) for column in texts]
            return whole if 2 * len(names) > len(below) else []
    columns = {column for _, texts in lines for column in texts}
    if len(columns) != 1:
        return _two_columns(lines)
    (column,) = columns
    alone = [(row, texts[column]) for row, texts in lines]
    titles = [row for row, _ in itertools.takewhile(lambda one: not _looks_a_name(one[1]), alone)]
    names = [text for _, text in alone[len(titles) :] if not _NOBODY.fullmatch(fold(text))]
    if not names or not all(map(_looks_a_name, names)):
        return []
    return [Head(titles[-1] if titles else 0, {"complet": (column,)}, {column: "Nom complet"})]


def _two_columns(lines: Sequence[tuple[int, Mapping[int, str]]]) -> list[Head]:
    """The columns of last and of first names in a sheet without headers: two whose every cell is a name, one of them
    all in capitals."""
    columns = [
        column
        for column in sorted({column for _, texts in lines for column in texts})
        if all(column in texts and _looks_a_name(texts[column], least=1) for _, texts in lines)
    ]
    loud = [all(texts[column] == texts[column].upper() for _, texts in lines) for column in columns]
    if len(columns) != 2 or sum(loud) != 1 or len(lines) < 2:
        return []
    last, first = columns if loud[0] else columns[::-1]
    texts = {last: "Nom", first: "Prénom"}
    return [Head(0, {"nom": (last,), "prenom": (first,)}, dict(sorted(texts.items())))]


def _looks_a_name(text: str, least: int = 2) -> bool:
    """``least`` to five words of letters, each with a capital (or a particle)."""
    parts = _civil(text).split()
    return (
        least <= len(parts) <= 5
        and all(part[0].isupper() or PARTICLES.fullmatch(fold(part)) for part in parts)
        and all(sign.isalpha() or sign in "-'’." for part in parts for sign in part)
    )


def _without_names(grids: Sequence[Grid], heads: Sequence[tuple[Grid, Head]]) -> str:
    """What is the matter with a file where no column gives names, and the columns that it has."""
    if heads:
        line, texts = heads[0][1].row, list(heads[0][1].texts.values())
        of = " de famille" if "prenom" in heads[0][1].columns else ""
        what = (
            f"ligne {line} : aucune colonne ne donne les noms{of}. Ajoutez une colonne « Nom complet », ou « Nom » et "
        )
        what += "« Prénom »."
    else:
        what = f"aucune ligne d’en-têtes reconnue. {_REMEDY}"
        texts = next((list(cells.values()) for grid in grids for _, cells in grid.lines if len(cells) > 1), [])
    shown = listing([f"« {clean_line(text, _LONG)} »" for text in texts], 12)
    return f"{what} Colonnes trouvées : {shown}." if shown else what


# --- sheets, blocks, lines --------------------------------------------------------------------------------------------


@dataclass
class _Reading:
    """The students found so far, and what there is to tell. ``several``: the file has more than one sheet of names."""

    several: bool
    students: list[Listed] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)

    def sheet(self, grid: Grid, head: Head) -> None:
        if self.several and (_STAFF.fullmatch(fold(grid.name)) or _FORMER.fullmatch(fold(grid.name))):
            self.aside.append(f"Liste de classe : feuille « {grid.name} » laissée de côté.")
            return
        before = list(self.students)
        found = [one for block in _blocks(head) if not self._of_staff(grid, block) for one in self._block(grid, block)]
        known = {(words(one.name), one.email.casefold(), one.identifier.casefold()) for one in before}
        again = [one for one in found if (words(one.name), one.email.casefold(), one.identifier.casefold()) in known]
        if 2 * len(again) >= len(found):  # the same class once more: homonyms are not that many
            found = [one for one in found if one not in again]
        self.students += found

    def _of_staff(self, grid: Grid, head: Head) -> bool:
        """Whether the columns stand under a title such as « Tuteur »: those of no student."""
        first, last = min(head.texts), max(head.texts)
        above = next((texts for row, texts in grid.lines_once if row == head.row - 1), {})
        title = next((text for column, text in above.items() if first <= column <= last), "")
        if not _STAFF.fullmatch(fold(title)):
            return False
        self._leave(head.row - 1, title)
        return True

    def _block(self, grid: Grid, head: Head) -> Iterator[Listed]:
        ours = tuple(head.texts.values())[: len(HEADER)] == HEADER
        title = head.texts.get(head.columns.get("complet", (0,))[0], "")
        group, staff, again = title if _GROUP_LINE.fullmatch(fold(title)) else "", False, False
        found: set[Words] = set()
        for row, cells in grid.by_row.items():
            if row <= head.row:
                continue
            here = {column: cell for column, cell in cells.items() if column in head.texts or column in _around(head)}
            line = self._line(row, here, ours)
            if not ours and (repeated := _repeated_head(line, head)):
                head, staff = repeated, False
                continue
            known = {
                role: next((line[column] for column in columns if line.get(column)), "")
                for role, columns in head.columns.items()
            }
            last, first = _names(known, head, line)
            if not ours:
                whole = fold(f"{first} {last}")
                only = whole if not first or not last or len(line) == 1 else ""
                if _STAFF.fullmatch(only) or (not only and staff) or _is_staff(known.get("role", "")):
                    staff = staff or bool(only)
                    self._leave(row, " ".join(line.values()))
                    continue
                if _GROUP_LINE.fullmatch(only):
                    group, staff, again = " ".join(line.values()), False, False
                    continue
                again = again or bool(_AGAIN.fullmatch(only))
                if _AGAIN.fullmatch(only) or (again and words(whole) in found):
                    continue
                found.add(words(whole))
                extreme = "prenom" in head.columns and not first and _EXTREME.fullmatch(fold(last))
                counted = _TOTAL.fullmatch(fold(f"{last} {first}"))  # « Effectif » and « 24 », each in its column
                if extreme or counted or _TOTAL.fullmatch(whole) or _NOBODY.fullmatch(only):
                    continue
                odd = (only or (not whole and last)) and _no_name(f"{last} {first}")
                if staff or odd:
                    self._leave(row, " ".join(line.values()))
                    continue
            if not first and not last:
                if any(line.get(column) for columns in head.columns.values() for column in columns):
                    self.problems.append(f"ligne {row} : cette ligne ne donne aucun nom. Complétez-la ou effacez-la.")
                continue
            identifiers = (_identifier(line.get(column, "")) for column in head.columns.get("identifiant", ()))
            identifier = next((text for text in identifiers if text), "")
            yield _listed(identifier, last, first, known, head, line, group, row)

    def _line(self, row: int, cells: Mapping[int, RawCell], ours: bool) -> dict[int, str]:
        read = {column: read_cell(cell) for column, cell in cells.items()}
        if any(trouble is Trouble.LOST for _, trouble in read.values()):
            self.problems.append(
                f"ligne {row} : un caractère est illisible. Enregistrez la liste au format « CSV UTF-8 »."
            )
        texts = {column: _text(str(cells[column].value) if ours else text, ours) for column, (text, _) in read.items()}
        return {column: text for column, text in texts.items() if text}

    def _leave(self, row: int, text: str) -> None:
        self.aside.append(f"Liste de classe, ligne {row} : « {clean_line(text, 80)} » laissé de côté.")


def _is_staff(role: str) -> bool:
    """Whether what somebody is called (« Non-editing teacher ») is nothing that a student is."""
    parts = fold(role).split()
    found = any(_STAFF.fullmatch(" ".join(parts[place:])) for place in range(len(parts)))
    return found and not _STUDENT.fullmatch(fold(role))


def _blocks(head: Head) -> list[Head]:
    """The groups that one line of headers puts side by side: it names the same column several times."""
    forms = {column: header_words(text) for column, text in head.texts.items()}
    names = sorted(column for role in _NAMES for column in head.columns.get(role, ()))
    anchors = [column for column in sorted(forms) if forms[column] == forms[names[0]]]
    if len(anchors) < 2:
        return [head]
    columns = sorted(forms)
    before = columns.index(anchors[0])
    starts = list(anchors)
    for number, anchor in enumerate(starts):
        place = columns.index(anchor)
        own = columns[place - before : place]
        if [forms[column] for column in own] == [forms[column] for column in columns[:before]] and own:
            starts[number] = own[0]
    blocks = []
    for start, end in zip(starts, [*starts[1:], max(columns) + 1], strict=True):
        inside = {column: text for column, text in head.texts.items() if start <= column < end}
        found = {
            role: kept for role, places in head.columns.items() if (kept := tuple(c for c in places if c in inside))
        }
        if set(_NAMES) & found.keys():
            blocks.append(Head(head.row, found, inside))
    return blocks


def _around(head: Head) -> set[int]:
    """The columns without a header between those of a block, and the one after a whole name."""
    first, last = min(head.texts), max(head.texts)
    after = {head.columns[role][0] + 1 for role in ("nom", "complet") if role in head.columns}
    return {*range(first, last + 1), *after}


def _repeated_head(line: Mapping[int, str], head: Head) -> Head | None:
    """The headers that a line repeats, perhaps in another order; None for any other line."""
    found = recognise(line, ROLES)
    wanted = [role for role in _NAMES if role in head.columns]
    many = {"nom", "prenom"} <= found.keys() and sum(map(len, found.values())) == len(line)
    if many and "complet" in wanted:  # « Nom » and « Prénom » under « Élève »: the rest is as the first line says
        others = {role: columns for role, columns in head.columns.items() if role not in _NAMES}
        return Head(head.row, {**others, **found}, {**head.texts, **line})
    if not all(role in found for role in wanted):
        return None
    same = all(found[role][0] in head.columns[role] for role in wanted)
    return Head(head.row, found, dict(line)) if many or same else None


def _no_name(text: str) -> bool:
    """True for a text that stands alone on its line and that nobody is called."""
    odd = any(sign in text for sign in ":/;") or any(sign.isdecimal() for sign in text)
    return odd or len(text) > _LONG or not any(sign.isalpha() for sign in text)


# --- names ------------------------------------------------------------------------------------------------------------


def _listed(
    identifier: str,
    last: str,
    first: str,
    known: Mapping[str, str],
    head: Head,
    line: Mapping[int, str],
    group: str,
    row: int,
) -> Listed:
    last, *also = _last_names(last)
    if "complet" not in head.columns:
        also += [name for column in head.columns.get("nom", ()) for name in _last_names(_civil(line.get(column, "")))]
    also += known.get("autres_noms", "").split(" / ")
    given = [_civil(line.get(column, "")) for column in head.columns.get("prenom", ())]
    others = tuple(dict.fromkeys(name for name in also if name and not {*fold(name).split()} <= {*fold(last).split()}))
    firsts = tuple(dict.fromkeys(name for name in (*given, known.get("autres", "")) if name and name != first))
    column = head.columns.get("prenom", (0,))[0]
    if "complet" not in head.columns and _SEVERAL_FIRST.fullmatch(fold(head.texts.get(column, ""))):
        usual = re.split(r"[\s,]+", first)[0]
        firsts, first = (first, *firsts) if usual != first else firsts, usual
    return Listed(
        identifier, last, first, known.get("courriel", ""), known.get("groupe", "") or group, row,
        also=others, given=firsts,
    )  # fmt: skip


def _text(raw: str, ours: bool) -> str:
    """The text of a cell on one line, without the apostrophe that keeps it from being a formula."""
    text = bare(clean_line(raw))
    protected = text.startswith("'") and (ours or text[1:2] in _FORMULA)
    return text[1:] if protected else text


def _identifier(text: str) -> str:
    """The text as an identifier; nothing for Moodle's « Participant 123 », another number in each assignment."""
    return "" if _PARTICIPANT.fullmatch(fold(text)) else safe_identifier(text)


def _names(known: Mapping[str, str], head: Head, texts: Mapping[int, str]) -> tuple[str, str]:
    """The last and the first name, without civility, the particle before the last name."""
    if tuple(head.texts.values())[: len(HEADER)] == HEADER:
        return known["nom"], known["prenom"]
    if "nom" in head.columns and "prenom" in head.columns:
        return _with_particle(_civil(known["nom"]), known.get("particule", "")), _civil(known["prenom"])
    role = "complet" if "complet" in head.columns else "nom"
    if role not in head.columns:
        return "", known["prenom"]
    after = head.columns[role][0] + 1
    # « GARNIER, Inès » without quotes in a file cut at the commas: the first name slipped under no header.
    slipped = "" if after in head.texts or _no_name(texts.get(after, "")) else texts[after]
    last_name_first = role == "nom" or bool(_LAST_NAME_FIRST.match(fold(head.texts[after - 1])))
    whole = _civil(known[role])
    last, first = _split(f"{whole}, {slipped}" if slipped else whole, last_name_first)
    return _with_particle(last, known.get("particule", "")), first


def _civil(name: str) -> str:
    """The name without what is written before it (« 12. », « Mme ») and after it (« (déléguée) », « * »)."""
    name = _RANK.sub("", name, count=1) if _RANK.match(name) else name
    name = _CIVILITY.sub("", name, count=1) if _CIVILITY.match(name) else name
    name = _BIRTHDAY.sub("", name) or name
    while (aside := _ASIDE.search(name)) and aside.start() and not _of_a_name(aside["said"] or ""):
        name = name[: aside.start()]
    plain = without_accents(name).casefold()
    noted = _NOTED.search(plain) if len(plain) == len(name) else None
    return name[: noted.start()] if noted and noted.start() else name


def _of_a_name(text: str) -> bool:
    """Whether what stands between brackets is a part of the name: « GUEN (le) », « MULLER (née PETIT) »."""
    return bool(_BORN.fullmatch(fold(text))) or (
        bool(text) and all(PARTICLES.fullmatch(word) for word in fold(text).split())
    )


def _last_names(text: str) -> list[str]:
    """The last names that stand in one cell, the first one first."""
    two = _TWO.fullmatch(text)
    return [name for name in two.group("one", "use", "other", "birth") if name] if two else [text]


def _with_particle(last: str, particle: str) -> str:
    """« Le » and « GUEN » → « Le GUEN »; « d’ » → « d’ARRAS »; « GUEN (Le) » and « GUEN, Le » as well."""
    after = _AFTER.fullmatch(last)
    said = (after["in"] or after["last"]) if after else ""
    if not particle and after and all(PARTICLES.fullmatch(word) for word in fold(said).split()):
        last, particle = after["rest"], said
    if not particle or not last or fold(last).startswith(f"{fold(particle)} "):
        return last
    return f"{particle}{'' if particle.endswith(tuple('’' + chr(39))) else ' '}{last}"


def _split(name: str, last_name_first: bool) -> tuple[str, str]:
    """The last and the first name in a whole name: at the comma, else the capitals tell, else what stands between them
    (« LEFÈVRE / Chloé »), else the order of the list."""
    if "," in name:
        last, _, first = name.partition(",")
        return last.strip(), first.strip()
    pieces = _BETWEEN.split(name)
    parts = " ".join(pieces).split()
    capitals = [part for part in parts if part == part.upper() and sum(letter.isalpha() for letter in part) > 1]
    if capitals and len(capitals) < len(parts):
        return " ".join(capitals), " ".join(part for part in parts if part not in capitals)
    if len(pieces) > 1 and pieces[0]:
        return pieces[0], " ".join(pieces[1:])
    if len(parts) < 2:
        return name, ""
    if not last_name_first:
        return " ".join(parts[1:]), parts[0]
    cut = 1
    while cut < len(parts) - 1 and PARTICLES.fullmatch(fold(parts[cut - 1])):
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
    # All first names, where the list has them in one cell: the identifier is that of the lists of earlier versions.
    first = next((text for text in one.given if re.match(rf"{re.escape(one.first_name)}[ ,]", text)), one.first_name)
    return [name for name in (local, whole, slug(f"{first} {one.last_name}")) if name] or ["eleve"]
