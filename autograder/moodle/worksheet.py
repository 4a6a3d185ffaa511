"""Moodle's own grading worksheet, filled in a copy: only the marks and the comments change; and what it has to say.

Rules of Moodle's import, from ``mod/assign/feedback/offline`` (4.5): the number at the end of « Identifiant » is that
of the participant in this assignment; a mark above the maximum, an empty one, a locked one, one older than Moodle's is
skipped without a word; comments are HTML.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.marking.marked import ClassResult
from autograder.moodle import table as of
from autograder.moodle.comments import Pairs, comment, mark_out_of, merged
from autograder.moodle.joining import Row, join
from autograder.moodle.table import Line, Table, WorksheetProblem, read_table
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
STALE = (
    "Dans Moodle, au moment de « Déposer un formulaire d’évaluation », cochez « Autorise la modification de données "
    "modifiées plus récemment dans Moodle que dans le formulaire d’évaluation » : sans cela, Moodle saute sans le dire "
    "les élèves dont la note a changé depuis le téléchargement (et, en français, dès le second dépôt, car il ne relit "
    "pas ses propres dates)."
)


@dataclass
class FilledWorksheet:
    """A worksheet and what was done with it; names of people and rows, in the order of the file.

    ``path``: where the filled copy is. ``otherwise``: rows recognised without Moodle's number, with how;
    ``doubts``: rows that could be somebody else's, with why; ``replaced``: rows that had another mark in Moodle.
    """

    file: str
    path: Path
    rows: int
    filled: int = 0
    without_copy: list[str] = field(default_factory=list)
    without_row: list[str] = field(default_factory=list)
    locked: list[str] = field(default_factory=list)
    provisional: list[str] = field(default_factory=list)
    otherwise: list[tuple[str, str]] = field(default_factory=list)
    doubts: list[tuple[str, str]] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    separator: str = ","
    encoding: str = "utf-8"
    headers_missing: tuple[str, ...] = ()
    has_comments: bool = True

    @property
    def sentences(self) -> tuple[str, ...]:
        """The report, in French, line by line: the most important first."""
        return tuple(french(sentence) for sentence in _sentences(self))


def fill_worksheet(source: Path, result: ClassResult, path: Path) -> FilledWorksheet:
    """Write in ``path`` the worksheet ``source``, filled; ``source`` itself is never touched.

    Raises :class:`WorksheetProblem` and :class:`OSError`; nothing is then written.
    """
    table = read_table(_read(source), source.name)
    rows = [
        Row(one.number, *(table.text(one, role) for role in (of.ID, of.NAME, of.EMAIL, of.GROUP))) for one in table.body
    ]
    joined = join(rows, result)
    if not joined.copies and not joined.doubts:
        raise WorksheetProblem(
            source.name,
            "aucun de ses élèves n’a de copie notée." if rows else "il ne contient aucun élève.",
            "Vérifiez que c’est le formulaire du devoir que vous avez corrigé ; s’il l’est, donnez aussi la liste de "
            "classe (--classe).",
        )
    done = FilledWorksheet(
        source.name, path, len(rows), separator=table.separator, encoding=table.encoding,
        without_row=[f"{student.person.name} ({copy.file})" for student, copy in joined.unused],
        otherwise=[(row.shown, how) for row, how in joined.otherwise.items()],
        doubts=[(row.shown, joined.doubts[row]) for row in rows if row in joined.doubts],
        headers_missing=table.missing(), has_comments=of.COMMENT in table.columns,
    )  # fmt: skip
    changes = {}
    for line, row in zip(table.body, rows, strict=True):
        if row in joined.copies:
            copies = [copy for _, copy in joined.copies[row]]
            pairs = [(one, copy) for one in result.activities for copy in copies if copy.activity == one.id]
            if texts := _filled(table, line, row, pairs, done):
                changes[line.number] = texts
        elif row not in joined.doubts:
            done.without_copy.append(row.shown)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, table.filled(changes))
    return done


def _filled(table: Table, line: Line, row: Row, pairs: Pairs, done: FilledWorksheet) -> dict[str, str]:
    """What to write in a row, by role: nothing where it is left alone, which ``done`` then tells."""
    maximum, before = (parse_number(table.text(line, role)) for role in (of.MAXIMUM, of.GRADE))
    if fold(table.text(line, of.CHANGEABLE)) in _LOCKED:
        done.locked.append(row.shown)
    elif any(copy.pending for _, copy in pairs):
        done.provisional.append(row.shown)
    elif maximum is None or maximum <= 0 or table.columns[of.GRADE] >= len(line.cells):
        done.without_copy.append(f"{row.shown} (ligne {line.number} incomplète)")
    else:
        mark = mark_out_of(maximum, pairs)
        if before is not None and before != mark:
            done.replaced.append(row.shown)
        done.filled += 1
        texts = {of.GRADE: number_text(mark).replace(",", table.decimal_sign)}
        if table.columns.get(of.COMMENT, len(line.cells)) < len(line.cells):
            texts[of.COMMENT] = merged(table.text(line, of.COMMENT), comment(pairs))
        return texts
    return {}


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(of.LARGEST + 1)
    except OSError as error:
        what = f"ce fichier ne peut pas être lu ({reason(error)})."
        raise WorksheetProblem(path.name, what, "Vérifiez son nom, et qu’il n’est pas ouvert dans Excel.") from None


def _sentences(done: FilledWorksheet) -> Iterator[str]:
    yield f"{done.file} : {count(done.filled, 'note écrite', 'notes écrites')} sur {count(done.rows, 'élève')}."
    for names, one, many in (
        (done.replaced, "note déjà dans Moodle est remplacée", "notes déjà dans Moodle sont remplacées"),
        (
            done.provisional,
            "note provisoire n’est pas écrite (une réponse rédigée reste à noter)",
            "notes provisoires ne sont pas écrites (des réponses rédigées restent à noter)",
        ),
        (done.locked, "note verrouillée dans Moodle est laissée", "notes verrouillées dans Moodle sont laissées"),
    ):
        if names:
            yield f"{count(len(names), one, many)} : {listing(names, _NAMES)}."
    for name, why in done.doubts:
        yield f"Ligne laissée telle quelle, à remplir à la main : {name} ({why})."
    for head, names in (
        (
            "Reconnus par la liste de classe, sans le numéro de Moodle",
            [f"{name} ({how})" for name, how in done.otherwise],
        ),
        ("Sans copie notée, ligne laissée telle quelle", done.without_copy),
        ("Copie notée, mais aucune ligne dans ce formulaire", done.without_row),
    ):
        if names:
            yield f"{head} : {listing(names, _NAMES)}."
    if not done.has_comments:
        yield "Ce devoir n’a pas de « Feedback par commentaires » : seules les notes sont écrites."
    if done.headers_missing:
        missing = listing([f"« {name} »" for name in done.headers_missing])
        yield (
            f"La colonne {missing} n’a pas été retrouvée (accents abîmés ?) : Moodle peut refuser ce fichier. "
            "Téléchargez à nouveau le formulaire, et ne l’enregistrez pas avec Excel."
        )
    if done.separator != "," or done.encoding != "utf-8":
        separator, encoding = _SEPARATORS[done.separator], _ENCODINGS[done.encoding]
        yield f"Au dépôt dans Moodle, choisissez le séparateur « {separator} » et l’encodage {encoding}."
    yield STALE
