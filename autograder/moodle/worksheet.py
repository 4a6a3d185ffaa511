"""Moodle's own grading worksheet, filled in a copy: only the marks and the comments change; and what it has to say.

The table is read and written by :mod:`csv`, because Moodle compares values, never bytes: its import recodes the file,
makes its line ends alike and cuts it with ``fgetcsv`` (``lib/csvlib.class.php``); it finds three headers, takes the
number after « Participant », gives « Dernière modification (note) » to ``strtotime`` and puts in its own comment's
place every one that differs (``mod/assign/feedback/offline``: ``importgradeslib.php``, ``locallib.php``, Moodle 2.6 to
4.5). Therefore a row that is not filled is given back as it was written, and a filled one keeps its values, separator
and line end. A mark above the maximum, an empty one, a locked one, one older than Moodle's is skipped without a word;
comments are HTML. Headers: language strings of ``mod_assign`` (recordid, fullname, gradecanbechanged,
lastmodifiedgrade…) and of the plugin « Feedback par commentaires ».

Whose each row is: by Moodle's own number first (the participant in this assignment, at the end of « Identifiant »); by
the class list where a copy has no number. Nobody is recognised by a resemblance: a row that could be two people's, or
that bears another name, stays as it is.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Literal

from autograder.identity import Listed, Participant
from autograder.intake.person_names import Words, agree, is_blind, is_group, spellings, words
from autograder.marking import ClassResult, CopyResult, StudentResult
from autograder.moodle.feedback import Pairs, comment, mark_out_of, merged
from crc_lab.core.answers import parse_number
from crc_lab.core.cells import find_head
from crc_lab.core.decoding import decode, mended
from crc_lab.core.errors import ImportProblem
from crc_lab.core.feedback import number_text
from crc_lab.core.sheet import write_atomically
from crc_lab.core.text import clean_line, count, fold, french, listing, reason

Role = Literal[
    "id", "grade", "maximum", "scale", "changeable", "modified", "comment", "name", "email", "group"
]  # fmt: skip
_HEADERS: Mapping[str, tuple[str, str]] = {
    "id": ("Identifiant", "Identifier"),
    "grade": ("Note", "Grade"),
    "maximum": ("Note maximale", "Maximum grade"),
    "scale": ("Barème", "Scale"),
    "changeable": ("La note peut être modifiée", "Grade can be changed"),
    "modified": ("Dernière modification (note)", "Last modified (grade)"),
    "comment": ("Feedback par commentaires", "Feedback comments"),
    "name": ("Nom complet", "Full name"),
    "email": ("Adresse de courriel", "Email address"),
    "group": ("Groupe", "Group"),
}
"""(French, English) header of each column that matters here; the others are never looked at."""
_DECIMAL = re.compile(r"\d([.,])\d")
_LOOKED_AT = 10
"""Lines in which the headers are looked for: Excel may add « sep=; » above them."""
LARGEST = 20_000_000
_SEPARATORS = (",", ";", "\t", ":")
"""What Moodle's own form offers, the usual ones first."""
TEXTS = tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))


class WorksheetProblem(ImportProblem):
    """A worksheet that cannot be filled."""

    @classmethod
    def of(cls, file: str, refusal: str, **values: object) -> WorksheetProblem:
        """The ``refusal`` of that name in texts.toml; ``values`` fill its gaps."""
        said = TEXTS["refusal"][refusal]
        return cls(file, said["what"].format(**values), said.get("remedy", TEXTS["refusal"]["again"]))

    def __str__(self) -> str:
        return f"Formulaire Moodle {super().__str__()}"


class _Unclosed(ValueError):
    """A quote that opens a cell and never closes it; its argument is the line of the file where its row starts."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the line of the file where it starts (from 1), its text as the file has it, its cells."""

    number: int
    raw: str
    cells: Sequence[str]


@dataclass(frozen=True)
class Table:
    """A worksheet cut into cells, and the place of its columns. ``lines``: all of the file, ``head`` the headers'."""

    lines: Sequence[Line]
    head: Line
    columns: Mapping[str, int]
    separator: str
    encoding: str
    bom: bytes

    @cached_property
    def body(self) -> list[Line]:
        """The rows under the headers, those without any cell left out."""
        return [one for one in self.lines if one.number > self.head.number and (len(one.cells) > 1 or any(one.cells))]

    @property
    def language(self) -> int:
        """0: French, 1: English."""
        return int(fold(self.head.cells[self.columns["id"]]) != fold(_HEADERS["id"][0]))

    @cached_property
    def decimal_sign(self) -> str:
        """The comma or the point: that of the marks already there, else that of the language."""
        found = (_DECIMAL.search(self.text(line, role)) for line in self.body for role in ("grade", "maximum"))
        return next((one[1] for one in found if one), ",."[self.language])

    def text(self, line: Line, role: Role) -> str:
        """What a cell says; nothing where the column or the cell is missing."""
        return "".join(line.cells[self.columns[role] :][:1]).strip() if role in self.columns else ""

    def lacking(self, *roles: Role) -> list[str]:
        """The headers, between quotes, of those of these columns that are not there."""
        return [f"« {_HEADERS[role][self.language]} »" for role in roles if role not in self.columns]

    def filled(self, changes: Mapping[int, Mapping[str, str]]) -> bytes:
        """The file with other texts in some cells, by number of line and role.

        What its encoding cannot write becomes an HTML entity.
        """
        return self.bom + b"".join(
            self._encoded(self._written(line, changes[line.number]) if line.number in changes else line.raw)
            for line in self.lines
        )

    def _written(self, line: Line, texts: Mapping[str, str]) -> str:
        cells = list(line.cells)
        for role, text in texts.items():
            cells[self.columns[role]] = text
        all_quoted = self.head.raw.count('"') == 2 * len(self.head.cells)
        row = io.StringIO(newline="")
        csv.writer(row, delimiter=self.separator, quoting=csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL).writerow(
            cells
        )
        return row.getvalue().removesuffix("\r\n") + line.raw[len(line.raw.rstrip("\r\n")) :]

    def _encoded(self, text: str) -> bytes:
        try:
            return text.encode(self.encoding, "surrogateescape")  # damaged bytes come back as they were
        except UnicodeEncodeError:
            return text.encode(self.encoding, "xmlcharrefreplace")


def read_table(content: bytes, file: str) -> Table:
    """The table of a worksheet; raises :class:`WorksheetProblem` when it cannot be one that marks may be put in."""
    if len(content) > LARGEST:
        raise WorksheetProblem.of(file, "too-big")
    if content.startswith(b"PK"):
        raise WorksheetProblem.of(file, "excel")
    limit = csv.field_size_limit(LARGEST)
    try:
        table = _best(content)
    except UnicodeDecodeError:
        raise WorksheetProblem.of(file, "damaged") from None
    except _Unclosed as error:
        raise WorksheetProblem.of(file, "unclosed", line=error.args[0]) from None
    finally:
        csv.field_size_limit(limit)
    if table is None or "id" not in table.columns:
        raise WorksheetProblem.of(file, "other")
    if any(mended(text) != text for text in table.head.cells):
        raise WorksheetProblem.of(file, "accents")
    if "scale" in table.columns and "maximum" not in table.columns:
        raise WorksheetProblem.of(file, "scale")
    if lacking := table.lacking("grade", "maximum"):
        shown = [clean_line(cell, 40) for cell in table.head.cells]
        raise WorksheetProblem.of(file, "no-marks", names=listing(lacking), found=listing(shown, 8))
    return table


def _best(content: bytes) -> Table | None:
    """The table as cut in the way that gives the most known headers; the first of equals."""
    read = decode(content)
    # Damaged bytes far from the headers come back as they were.
    text = content[len(read.bom) :].decode(read.encoding, "surrogateescape")
    best: Table | None = None
    broken: _Unclosed | None = None
    for separator in _SEPARATORS:
        try:
            lines = {line.number: line for line in islice(_lines(text, separator), _LOOKED_AT)}
        except _Unclosed as error:
            broken = broken or error
            continue
        head = find_head(((row, dict(enumerate(line.cells))) for row, line in lines.items()), _HEADERS)
        if head is not None and (best is None or len(head.columns) > len(best.columns)):
            best = Table((), lines[head.row], head.first, separator, read.encoding, read.bom)
    if best is None and broken is not None:
        raise broken
    return best and replace(best, lines=tuple(_lines(text, best.separator)))


def _lines(text: str, separator: str) -> Iterator[Line]:
    """The rows of a table (RFC 4180), empty ones included; raises :class:`_Unclosed`."""
    written = list(io.StringIO(text, newline=""))
    start = 0
    reader = csv.reader([*written, "\n"], delimiter=separator)  # one line more, which an open quote would swallow
    for cells in reader:
        if reader.line_num > len(written):
            if start < len(written):
                raise _Unclosed(start + 1)
            return
        yield Line(start + 1, "".join(written[start : reader.line_num]), cells)
        start = reader.line_num


# --- what is written in it --------------------------------------------------------------------------------------------


_LOCKED = frozenset({"non", "no"})
_NAMES = 40
_NUMBER = re.compile(r"(\d+)\s*$")
_SEPARATOR_NAMES = {",": "virgule", ";": "point-virgule", "\t": "tabulation", ":": "deux-points"}
_ENCODINGS = {
    "utf-8": "UTF-8", "cp1252": "WINDOWS-1252", "mac_roman": "MACINTOSH", "cp850": "CP850",
    "utf-16-le": "UTF-16", "utf-16-be": "UTF-16",
}  # fmt: skip
Pair = tuple[StudentResult, CopyResult]


@dataclass
class FilledWorksheet:
    """A worksheet and what was done with it: ``path`` is the filled copy.

    ``told``: names of people or columns, in the order of the file, by what the report says about them (texts.toml).
    """

    file: str
    path: Path
    rows: int
    filled: int = 0
    told: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def sentences(self) -> tuple[str, ...]:
        """The report, in French, line by line: the most important first."""
        said = [f"{self.file} : {count(self.filled, 'note écrite', 'notes écrites')} sur {count(self.rows, 'élève')}."]
        for report in TEXTS["report"]:
            names = self.told.get(report["about"], [])
            if "each" in report:
                said += [report["each"].format(names=name) for name in names]
            elif names:
                sentence = report.get("many", report["one"]) if len(names) > 1 else report["one"]
                said.append(sentence.format(number=len(names), names=listing(names, _NAMES)))
        return tuple(map(french, said))


def participants(sources: Iterable[Path]) -> dict[str, tuple[Participant, ...]]:
    """What worksheets say of each of Moodle's numbers; a file that is none says nothing here."""
    found: dict[str, list[Participant]] = defaultdict(list)
    for source in sources:
        try:
            table = read_table(_read(source), source.name)
        except WorksheetProblem:
            continue
        for line in table.body:
            row = Row(line.number, *(table.text(line, role) for role in ("id", "name", "email")))
            if row.number:
                found[row.number].append(Participant(clean_line(row.name), row.email.strip()))
    return {number: tuple(rows) for number, rows in found.items()}


def fill_worksheet(source: Path, result: ClassResult, path: Path) -> FilledWorksheet:
    """Write in ``path`` the worksheet ``source``, filled; ``source`` itself is never touched.

    Raises :class:`WorksheetProblem` and :class:`OSError`; nothing is then written.
    """
    table = read_table(_read(source), source.name)
    parts: tuple[Role, ...] = ("id", "name", "email", "group")
    rows = [Row(one.number, *(table.text(one, role) for role in parts)) for one in table.body]
    joined = join(rows, result)
    if not joined.copies and not joined.doubts:
        raise WorksheetProblem.of(source.name, "no-copy" if rows else "no-student")
    done = FilledWorksheet(source.name, path, len(rows))
    done.told |= {
        "doubt": [f"{row.shown} ({joined.doubts[row]})" for row in rows if row in joined.doubts],
        "otherwise": [f"{row.shown} ({how})" for row, how in joined.otherwise.items()],
        "without_row": [f"{student.person.name} ({copy.file})" for student, copy in joined.unused],
        # Moodle itself always writes them: its import may refuse the file
        "header": table.lacking("changeable", "modified"),
        "no_comment": table.lacking("comment"),
        "always": [source.name],
    }
    if table.separator != "," or table.encoding != "utf-8":
        separator, encoding = _SEPARATOR_NAMES[table.separator], _ENCODINGS[table.encoding]
        done.told["format"].append(f"le séparateur « {separator} » et l’encodage {encoding}")
    changes = {}
    for line, row in zip(table.body, rows, strict=True):
        if row in joined.copies:
            copies = [copy for _, copy in joined.copies[row]]
            pairs = [(one, copy) for one in result.activities for copy in copies if copy.activity == one.id]
            if texts := _filled(table, line, row, pairs, done):
                changes[line.number] = texts
        elif row not in joined.doubts:
            done.told["without_copy"].append(row.shown)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, table.filled(changes))
    return done


def _filled(table: Table, line: Line, row: Row, pairs: Pairs, done: FilledWorksheet) -> dict[str, str]:
    """What to write in a row, by role: nothing where it is left alone, which ``done`` then tells."""
    maximum, before = parse_number(table.text(line, "maximum")), parse_number(table.text(line, "grade"))
    if fold(table.text(line, "changeable")) in _LOCKED:
        done.told["locked"].append(row.shown)
    elif any(copy.pending for _, copy in pairs):
        done.told["provisional"].append(row.shown)
    elif any(copy.unaccepted for _, copy in pairs):
        done.told["off_subject"].append(row.shown)
    elif maximum is None or maximum <= 0 or table.columns["grade"] >= len(line.cells):
        done.told["without_copy"].append(f"{row.shown} (ligne {line.number} incomplète)")
    else:
        mark = mark_out_of(maximum, pairs)
        if before is not None and before != mark:
            done.told["replaced"].append(row.shown)
        done.filled += 1
        texts = {"grade": number_text(mark).replace(",", table.decimal_sign)}
        if table.columns.get("comment", len(line.cells)) < len(line.cells):
            texts["comment"] = merged(table.text(line, "comment"), comment(pairs))
        return texts
    return {}


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        raise WorksheetProblem.of(path.name, "unreadable", why=reason(error)) from None


# --- whose each row is ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """What a row of the worksheet says of its student: all may be empty but ``line``, the line in the file."""

    line: int
    identifier: str
    name: str = ""
    email: str = ""
    group: str = ""

    @property
    def number(self) -> str:
        """Moodle's number: the digits at the end of « Participant 48210 », without needless zeros."""
        found = _NUMBER.search(self.identifier)
        return _bare(found[1]) if found else ""

    @property
    def shown(self) -> str:
        return clean_line(self.name or self.identifier, 80) or f"ligne {self.line}"


@dataclass
class Joined:
    """The copies of each row; ``doubts``: why a row may not be filled; ``otherwise``: how the list recognised it."""

    pairs: Sequence[Pair]
    copies: dict[Row, tuple[Pair, ...]] = field(default_factory=dict)
    doubts: dict[Row, str] = field(default_factory=dict)
    otherwise: dict[Row, str] = field(default_factory=dict)

    @property
    def taken(self) -> list[CopyResult]:
        return [copy for pairs in self.copies.values() for _, copy in pairs]

    @property
    def unused(self) -> list[Pair]:
        """The copies that belong to no row, but for those of another assignment."""
        used, scopes = {id(copy) for copy in self.taken}, {copy.identity.guess.scope for copy in self.taken}
        activities = {copy.activity for copy in self.taken}
        return [
            (student, copy)
            for student, copy in self.pairs
            if id(copy) not in used
            # a copy with a number, from another archive, belongs to another assignment
            and (copy.identity.guess.scope in scopes if copy.identity.guess.moodle_id else copy.activity in activities)
        ]  # fmt: skip

    def take(self, row: Row, found: Sequence[Pair]) -> None:
        if len({student.id for student, _ in found}) > 1:
            names = " et ".join(sorted({f"« {student.person.name} »" for student, _ in found}))
            self.doubts[row] = f"deux élèves différents ont ce numéro ({names})"
        elif found:
            self.copies[row] = tuple(found)


def join(rows: Sequence[Row], result: ClassResult) -> Joined:
    """Put the copies in front of the rows."""
    joined = Joined([(student, copy) for student in result.students for copy in student.copies.values()])
    listed = [*(student.listed for student in result.students if student.listed), *result.without_copy]
    named = (*(row.group for row in rows), *(one.group for one in listed))
    groups = frozenset(words(name) for name in named if name)
    numbered: dict[str, list[Pair]] = defaultdict(list)
    of_group: dict[Words, list[Pair]] = defaultdict(list)
    for student, copy in joined.pairs:
        guess = copy.identity.guess
        if is_group(guess.name, groups):
            of_group[words(guess.name) if guess.folder else ()].append((student, copy))
        elif guess.moodle_id:
            numbered[_bare(guess.moodle_id)].append((student, copy))
    for row in rows:
        found = numbered.get(row.number, [])
        names = [copy.identity.guess.name for _, copy in found]
        # two different names of one number: the worksheet is that of another site
        if strangers := [name for name in names if not is_blind(name) and not agree(row.name, name)]:
            joined.doubts[row] = f"le numéro est celui d’une copie de « {strangers[0]} »"
        else:  # a group's work is in the rows of all its members
            joined.take(row, found or (of_group.get(words(row.group), []) if words(row.group) else []))
    activities = {copy.activity for copy in joined.taken}
    loose = [
        (student, copy)
        for student, copy in joined.pairs
        if student.listed and not copy.identity.guess.moodle_id and (not activities or copy.activity in activities)
    ]
    _join_by_list(joined, "adresse de courriel", _address, rows, listed, loose)
    _join_by_list(joined, "nom", lambda one: spellings(one.name), rows, listed, loose)
    return joined


def _join_by_list(
    joined: Joined,
    how: str,
    keys: Callable[[Row | Listed], Iterable[Hashable]],
    rows: Sequence[Row],
    listed: Sequence[Listed],
    loose: Sequence[Pair],
) -> None:
    """Join the copies without Moodle's number, where one row and one student of the list have a key in common."""
    used = {id(copy) for copy in joined.taken}
    of_list = [(frozenset(keys(one)), one.identifier) for one in listed]
    of_row = {row: frozenset(keys(row)) for row in rows}
    for row, own in of_row.items():
        known = {identifier for theirs, identifier in of_list if not own.isdisjoint(theirs)}
        found = [
            pair for pair in loose if pair[0].listed and pair[0].listed.identifier in known and id(pair[1]) not in used
        ]
        if not found or row in joined.copies or row in joined.doubts:
            continue
        name = found[0][0].person.name
        if len(known) > 1 or sum(not own.isdisjoint(theirs) for theirs in of_row.values()) > 1:
            joined.doubts[row] = f"plusieurs élèves possibles ({how})"
        elif not agree(row.name, name):
            joined.doubts[row] = f"la liste de classe donne cette adresse à « {name} »"
        else:
            joined.take(row, found)
            joined.otherwise[row] = how


def _bare(number: str) -> str:
    return number.lstrip("0") or "0"


def _address(one: Row | Listed) -> tuple[str, ...]:
    return (one.email.strip().casefold(),) if one.email.strip() else ()
