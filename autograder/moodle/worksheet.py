"""Moodle's own grading worksheet, filled in a copy: only the marks and the comments change; and what it has to say.

Whose each row is: by Moodle's own number first; by the class list where a copy has no number. Nobody is recognised by a
resemblance: a row that could be two people's, or that bears another name, stays as it is.

Rules of Moodle's import, from ``mod/assign/feedback/offline`` (4.5): the number at the end of « Identifiant » is that
of the participant in this assignment; a mark above the maximum, an empty one, a locked one, one older than Moodle's is
skipped without a word; comments are HTML.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.identity.roster import Listed, Participant
from autograder.intake.person_names import Words, agree, is_blind, is_group, spellings, words
from autograder.marking.marked import ClassResult, CopyResult, StudentResult
from autograder.moodle.feedback import Pairs, comment, mark_out_of, merged
from autograder.moodle.table import LARGEST, TEXTS, Line, Role, Table, WorksheetProblem, read_table
from crc_lab.core.answers import parse_number
from crc_lab.core.feedback import number_text
from crc_lab.core.sheet import write_atomically
from crc_lab.core.text import clean_line, count, fold, french, listing, reason

_LOCKED = frozenset({"non", "no"})
_NAMES = 40
_NUMBER = re.compile(r"(\d+)\s*$")
_SEPARATORS = {",": "virgule", ";": "point-virgule", "\t": "tabulation", ":": "deux-points"}
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
        separator, encoding = _SEPARATORS[table.separator], _ENCODINGS[table.encoding]
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
