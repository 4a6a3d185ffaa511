"""Reading decisions back: the sheet « À décider » as it was filled, or a decisions.csv, whatever a spreadsheet did to
it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.decisions import TEACHER, Decisions, Settled, Subject, accepts, said
from autograder.errors import FileProblems
from autograder.reports.book import bared
from crc_lab.core.cells import Head, RawCell, Trouble, find_head
from crc_lab.core.cells import read as read_cell
from crc_lab.core.decoding import mended
from crc_lab.core.errors import did_you_mean
from crc_lab.core.text import clean_line, fold, french

if TYPE_CHECKING:
    from crc_lab.excel.files import Book, Grid

GROUP, QUESTION, TEXT, COPIES, DOUBT, SURE, PROPOSED, NEAREST, DECISION, ALSO, SCOPE = (
    "Groupe", "Question", "Texte", "Copies", "Doute", "Déjà reconnu", "Idée proposée", "Exemple le plus proche",
    "Décision", "Et aussi", "Portée",
)  # fmt: skip
SHEET = "À décider"
THIS, THE_GROUP = "ce texte", "le groupe"
DATE = "Date"
_TITLES = {
    **{title: (title,) for title in (GROUP, QUESTION, COPIES, DOUBT, SURE, PROPOSED, NEAREST, ALSO, SCOPE, DATE)},
    TEXT: (TEXT,),
    DECISION: (DECISION, "idees", "idée", "étiquettes"),
}


class DecisionProblems(FileProblems):
    """Everything that is wrong in a file of decisions."""

    kind = "Décisions"


@dataclass(frozen=True)
class Line:
    """One row of a file as it is typed: its ``place`` (« ligne 7 »), its group, and its cells as text."""

    place: str
    cells: Mapping[str, str]
    trouble: Trouble | None = None

    def __getitem__(self, title: str) -> str:
        return self.cells.get(title, "")

    @property
    def model(self) -> str:
        return self[QUESTION].split(" · ")[0].strip()

    @property
    def typed(self) -> str:
        """What is decided: both cells together."""
        return ", ".join(filter(None, (self[DECISION], self[ALSO])))

    @property
    def of_group(self) -> bool:
        return fold(self[SCOPE]) in (fold(THE_GROUP), "groupe", "tout le groupe")


@dataclass
class Found:
    """What a file decides; ``problems``: French sentences, one a row that cannot be taken; ``typed``: what is typed in
    these rows, by (model, words), to be shown again; ``aside``: these rows themselves, of a decisions.csv."""

    settled: list[Settled] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    typed: dict[tuple[str, str], Line] = field(default_factory=dict)
    aside: list[tuple[str, ...]] = field(default_factory=list)


def read_decisions(path: Path, subjects: Mapping[str, Subject]) -> Found:
    """What is decided in a file; a row without a decision is not decided yet. Raises :class:`DecisionProblems` for a
    file that is no file of decisions."""
    lines = list(_lines(DecisionProblems.opened(path)))
    if not lines:
        text = (
            "il n’y a pas de ligne avec les colonnes « Question », « Texte » et « Décision ». Donnez a-decider.xlsx ou "
            "decisions.csv, tel que crc-lab l’a écrit."
        )
        raise DecisionProblems(path.name, (french(text),))
    found, kept = Found(), dict[tuple[str, str], tuple[Settled, str]]()
    for line in _spread(lines, found):
        if not line.typed and line.trouble is None:
            continue
        if _is_of_another_course(line.model, subjects):
            found.aside.append(_row(line))
            continue
        settled = _settled(line, subjects)
        if isinstance(settled, str):
            _fault(found, line, settled)
            continue
        before = kept.get(settled.place)
        if before is not None and before[0].labels != settled.labels:
            _fault(found, line, f"ce texte est déjà décidé autrement à la {before[1]}. Gardez une seule décision.")
            continue
        kept[settled.place] = settled, line.place
    found.settled = [one for one, _ in kept.values()]
    found.problems = [french(text) for text in found.problems]
    return found


def kept_decisions(path: Path, subjects: Mapping[str, Subject]) -> tuple[Decisions, list[str]]:
    """What decisions.csv of an output folder holds, and remarks on rows that are set aside (a question or an idea that
    is not known here any more). Raises :class:`DecisionProblems` for a file that cannot be read."""
    if not path.is_file():
        return Decisions(), []
    try:
        found = read_decisions(path, subjects)
    except DecisionProblems:
        if _is_only_titles(path):
            return Decisions(), []
        raise
    told = [f"decisions.csv, {problem} Cette ligne est laissée de côté." for problem in found.problems]
    return Decisions(tuple(found.settled), tuple(found.aside)), [french(text) for text in told]


def _is_only_titles(path: Path) -> bool:
    return len(path.read_text(encoding="utf-8", errors="replace").strip().splitlines()) <= 1


def _spread(lines: list[Line], found: Found) -> Iterator[Line]:
    """The lines, where a decision of a group is that of each of its texts that has none of its own."""
    of_group: dict[tuple[str, str], Line] = {}
    for line in lines:
        scope = fold(line[SCOPE])
        if scope and not line.of_group and scope not in (fold(THIS), "texte"):
            _fault(found, line, f"portée « {clean_line(line[SCOPE], 40)} » : choisissez « {THIS} » ou « {THE_GROUP} ».")
        elif line.of_group and line.typed:
            place = (line.model, line[GROUP])
            other = of_group.setdefault(place, line)
            if other.typed != line.typed:
                _fault(found, line, f"le groupe {line[GROUP]} est déjà décidé autrement à la {other.place}.")
    for line in lines:
        group = of_group.get((line.model, line[GROUP]))
        if not line.typed and line.trouble is None and group is not None and group[GROUP]:
            line = replace(line, cells={**line.cells, DECISION: group[DECISION], ALSO: group[ALSO]})
        yield line


def _settled(line: Line, subjects: Mapping[str, Subject]) -> Settled | str:
    """What one row decides; or why it cannot be taken, and what to do."""
    if line.trouble in (Trouble.ERROR, Trouble.UNCOMPUTED):
        return "la décision est une formule sans résultat. Écrivez le nom de l’idée."
    subject = subjects.get(line.model) or _same_name(line.model, subjects)
    if subject is None:
        what = f"« {clean_line(line.model, 40)} » n’est pas une question à textes courts de ce cahier."
        return f"{what} Remettez le numéro de la colonne « Question », ou effacez la ligne."
    if not said(line[TEXT]):
        return "il n’y a pas de texte à décider. Remettez-le, ou effacez la ligne."
    typed = line[PROPOSED] if accepts(line[DECISION]) and PROPOSED in line.cells else line[DECISION]
    labels: set[str] = set()
    for text in (typed, line[ALSO], line[SURE]):
        meant = subject.meant(text)
        if isinstance(meant, str):
            known = [subject.name(label) for label in (*subject.ideas, *subject.mistakes)]
            what = f"« {clean_line(meant, 60)} » n’est pas une idée de {subject.model}."
            return f"{what} {did_you_mean(meant, known)} Sinon, écrivez « aucune »."
        labels |= meant
    copies = line[COPIES] if line[COPIES].isdecimal() else "0"
    return Settled(subject.model, frozenset(labels), line[TEXT], int(copies[:6]), line[DATE][:10])


def _is_of_another_course(model: str, subjects: Mapping[str, Subject]) -> bool:
    """Whether a row speaks of a question of an activity that is not marked here (a file serves several classes)."""
    head, _, rest = model.partition("-")
    return bool(rest) and all(name.partition("-")[0] != head for name in subjects)


def _same_name(name: str, subjects: Mapping[str, Subject]) -> Subject | None:
    return next((one for known, one in subjects.items() if fold(known) == fold(name)), None)


def _fault(found: Found, line: Line, text: str) -> None:
    found.problems.append(f"{line.place} : {text}")
    found.typed[line.model, said(line[TEXT])] = line
    found.aside.append(_row(line))


def _row(line: Line) -> tuple[str, ...]:
    """A row as decisions.csv keeps it."""
    return line.model, line[DECISION], line[TEXT], TEACHER, line[COPIES], line[DATE]


def _lines(book: Book) -> Iterator[Line]:
    """The rows of every sheet that has our titles."""
    for grid in book.grids:
        head = find_head(grid.lines, _TITLES, needed=(QUESTION, TEXT, DECISION))
        if head is not None:
            where = "" if grid.name in (SHEET, "CSV") else f"feuille « {grid.name} », "
            yield from _lines_of(grid, head, where)


def _lines_of(grid: Grid, head: Head, where: str) -> Iterator[Line]:
    for number, cells in grid.by_row.items():
        if number > head.row:
            texts = {title: _text(cells.get(at)) for title, at in head.first.items()}
            trouble = read_cell(cells.get(head.first[DECISION]))[1]
            yield Line(f"{where}ligne {number}", texts, trouble)


def _text(cell: RawCell | None) -> str:
    if cell is not None and isinstance(cell.value, str):  # what looks like a number or a formula is still that text
        return bared((mended(cell.value) if cell.untyped else cell.value).strip())
    return bared(read_cell(cell)[0])
