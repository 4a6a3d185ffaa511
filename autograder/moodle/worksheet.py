"""Moodle's own grading worksheet, filled in a copy: only the marks and the comments change; and what it has to say.

Rules of Moodle's import, from ``mod/assign/feedback/offline`` (4.5): the number at the end of « Identifiant » is that
of the participant in this assignment; a mark above the maximum, an empty one, a locked one, one older than Moodle's is
skipped without a word; comments are HTML.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from autograder.marking.marked import ClassResult
from autograder.moodle.comments import Pairs, comment, mark_out_of, merged
from autograder.moodle.joining import Row, join
from autograder.moodle.table import LARGEST, TEXTS, Line, Role, Table, WorksheetProblem, read_table
from crc_lab.core.answers import parse_number
from crc_lab.core.feedback import number_text
from crc_lab.core.sheet import write_atomically
from crc_lab.core.text import fold
from crc_lab.core.wording import count, french, listing, reason

_LOCKED = frozenset({"non", "no"})
_NAMES = 40
_SEPARATORS = {",": "virgule", ";": "point-virgule", "\t": "tabulation", ":": "deux-points"}
_ENCODINGS = {
    "utf-8": "UTF-8", "cp1252": "WINDOWS-1252", "mac_roman": "MACINTOSH", "cp850": "CP850",
    "utf-16-le": "UTF-16", "utf-16-be": "UTF-16",
}  # fmt: skip


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
