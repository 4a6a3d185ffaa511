"""Read an answer from the sheets of a file: a table (one line per record), or the lines of a form.

A question that is not a table is a short list of lines (label, yellow cell). A line has a code (« Repère » in the
sheet), so that lines may be moved or their labels retyped. Lists of couples (marked cells, duplicate pairs) have two
yellow cells per line instead. What the lines are is each kind's own business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crc_lab.core.cells import Head, RawCell, Remarks, Trouble, find_head, header_words, meant, read, recognise, ticked
from crc_lab.core.model import Column, Json, Question, TableSpec
from crc_lab.core.rooms import kinds, wordings_of
from crc_lab.core.text import fold, listing
from crc_lab.excel.files import Book, Grid, refusal

TABLE_SHEET, FORM_SHEET = "Réponse", "Réponses"
CODE, LABEL, ANSWER = "Repère", "Question", "Réponse"
COUPLE_LINES = 100
TO_FILL = "(à remplir)"


@dataclass(frozen=True)
class ImportResult:
    """The answer found in a file.

    ``value`` has the shape of the answer sheet; ``warnings`` are French sentences, most useful first; ``rows`` and
    ``filled`` count the lines and the non-empty answer cells; ``question_id`` is what the template says of itself
    (None: not a template) and ``student`` the (name, identifier) typed in « Mode d’emploi », if any.
    """

    value: Json
    warnings: tuple[str, ...] = ()
    rows: int = 0
    filled: int = 0
    question_id: str | None = None
    student: tuple[str, str] | None = None


@dataclass(frozen=True)
class _Reading:
    """The lines under one header: ``lines`` hold the key then the answer cells that the header names."""

    grid: Grid
    head: Head
    columns: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    remarks: Remarks

    @property
    def filled(self) -> int:
        return sum(bool(cell) for line in self.lines for cell in line[1:])

    @property
    def rank(self) -> tuple[bool, int, int, bool, bool]:
        named = fold(self.grid.name) == fold(TABLE_SHEET)
        return self.filled > 0, len(self.columns), self.filled, named, not self.grid.hidden


def read_answer_of(book: Book, question: Question) -> ImportResult:
    """The answer to ``question`` in ``book``; raises :class:`ImportProblem` when no sheet has the headers of it."""
    if question.kind == "tableau" and question.table is not None:
        return _table_answer(book, question, question.table)
    return _form_answer(book, question)


def need_a_form(question: Question) -> None:
    """Raise :class:`ImportProblem` when the question, or one of its parts, is answered in its card only."""
    if not all(kinds()[kind].excel for kind in (question.kind, *(part.kind for part in question.parts))):
        raise refusal("sans-modele", question.id)


def couples_of(question: Question) -> tuple[str, str] | None:
    """The headers of the two columns of a question answered by couples; None for another one."""
    kind = kinds()[question.kind]
    return kind.couples if kind.excel == "couples" else None


def answer_columns(spec: TableSpec) -> list[str]:
    return [column.name for column in spec.columns if column.answer and column.name != spec.key]


def shown_columns(spec: TableSpec) -> list[Column]:
    """The columns of the template: the key first, then the order of the question."""
    key = next((column for column in spec.columns if column.name == spec.key), Column(spec.key))
    return [key, *(column for column in spec.columns if column.name != spec.key)]


def headers_of(question: Question, spec: TableSpec) -> dict[str, str]:
    """What stands above each column in a template: its title, and « (à remplir) » where a column given has the same."""
    titles = {column.name: question.title_of(column.name) for column in shown_columns(spec)}
    answers = set(answer_columns(spec))
    given = {title for name, title in titles.items() if name not in answers}
    return {
        name: f"{title} {TO_FILL}" if name in answers and title in given else title for name, title in titles.items()
    }


def name_of(question: Question, column: str) -> str:
    """The column of the question's table that somebody calls so (its title, its name, a usual wording); as it is where
    the table has none."""
    names = question.data[question.table.source].columns if question.table else ()
    found = recognise({0: column}, wordings_of(names), titles=question.titles)
    return next(iter(found), column)


def given_rows(question: Question, spec: TableSpec) -> list[dict[str, str]]:
    return list(question.data[spec.source].records())[: spec.rows or None]


def original_lines(question: Question) -> dict[str, str]:
    """The text of each line of the data that the question shows, by record: it tells how numbers were written."""
    if question.table is None:
        return {}
    key, source = question.table.key, question.data[question.table.source]
    return {row.get(key, ""): " ".join(row.values()) for row in source.records()}


# --- tables -----------------------------------------------------------------------------------------------------


def _table_answer(book: Book, question: Question, spec: TableSpec) -> ImportResult:
    """Key and answer columns of the question, lines in the order of the file; the sheet with the most answers wins."""
    answers = answer_columns(spec)
    given = frozenset(column.name for column in spec.columns if not column.answer) - {spec.key}
    wanted, headers = wordings_of([spec.key, *answers]), headers_of(question, spec)
    heads = (
        (grid, find_head(grid.lines, wanted, needed=(spec.key,), given=given, least=2, titles=headers))
        for grid in book.grids
    )
    readings = [_read_table(grid, head, spec, original_lines(question)) for grid, head in heads if head is not None]
    if not readings:
        raise refusal(
            "sans-en-tetes", book.file, key=headers[spec.key], columns=_quoted([headers[n] for n in answers], 6)
        )
    best = max(readings, key=lambda reading: reading.rank)
    if others := [reading.grid.name for reading in readings if reading is not best and reading.filled]:
        name = best.grid.name
        best.remarks.say(f"Plusieurs feuilles contiennent des réponses : « {name} » a été lue, {_quoted(others)} non.")
    _say_columns(best, answers, given, headers)
    _say_rows(best, headers[spec.key], [row[spec.key] for row in given_rows(question, spec)])
    value = {"colonnes": list(best.columns), "lignes": [list(line) for line in best.lines]}
    return ImportResult(value, best.remarks.warnings(), len(best.lines), best.filled)


def _read_table(grid: Grid, head: Head, spec: TableSpec, sources: Mapping[str, str]) -> _Reading:
    places = head.first
    columns = (spec.key, *(name for name in answer_columns(spec) if name in places))
    choices = {column.name: column.choices for column in spec.columns}
    remarks = Remarks()
    lines = []
    for row, cells in grid.by_row.items():
        if row <= head.row:
            continue
        source = sources.get(read(cells.get(places[spec.key]))[0], "")
        texts = []
        for name in columns:
            text, trouble = read(cells.get(places[name]), name, source)
            remarks.cell(trouble, grid.address(row, places[name]))
            texts.append(_chosen(text, choices[name]) if choices.get(name) else text)
        # headers are repeated on each printed page
        if any(texts) and header_words(texts[0]) != header_words(head.texts[places[spec.key]]):
            lines.append(tuple(texts))
    return _Reading(grid, head, columns, tuple(lines), remarks)


def _chosen(text: str, choices: Sequence[str]) -> str:
    """The text as typed, or the value of the list that a tick, « vrai » or « non » stands for."""
    alone = " " not in text and fold(text) not in map(fold, choices)
    return (alone and meant(text, choices)) or text


def _say_columns(best: _Reading, answers: Sequence[str], given: frozenset[str], headers: Mapping[str, str]) -> None:
    head, key, remarks = best.head, best.columns[0], best.remarks
    if missing := [headers[name] for name in answers if name not in head.columns]:
        remarks.say(f"{_many('Colonne absente', missing)} du tableau : {listing(missing, 40)}.")
    for name, places in head.columns.items():
        if name != key and len(places) > 1:
            column = best.grid.address(head.row, places[0])
            remarks.say(f"La colonne « {headers[name]} » figure plusieurs fois : la première ({column}) a été lue.")
    known = {header_words(text) for name in given for text in (name, headers[name])}
    if unknown := [text for text in head.others.values() if header_words(text) not in known]:
        remarks.say(f"{_many('Colonne non lue', unknown)} : {_quoted(unknown)}.")


def _say_rows(reading: _Reading, name: str, expected: list[str]) -> None:
    """``name``: how the column of the records is called."""
    keys, remarks = [line[0] for line in reading.lines], reading.remarks
    if missing := [key for key in expected if key not in keys]:
        remarks.say(f"{_many('Fiche absente', missing)} du tableau : n° {listing(missing, 10)}.")
    if unknown := [key for key in dict.fromkeys(keys) if key and key not in expected]:
        remarks.say(f"Numéros de fiche ({name}) inconnus : {_quoted(unknown)}.")
    if twice := [key for key in dict.fromkeys(keys) if key and keys.count(key) > 1]:
        remarks.say(f"{_many('Fiche présente', twice)} plusieurs fois : n° {listing(twice, 10)}.")
    if nameless := keys.count(""):
        remarks.say(f"{nameless} ligne(s) sans numéro de fiche ({name}) : complétez cette colonne.")
    if not reading.filled:
        remarks.say("Aucune réponse trouvée : les colonnes à remplir sont vides.")


# --- forms ------------------------------------------------------------------------------------------------------


def _form_answer(book: Book, question: Question) -> ImportResult:
    """The lines « Repère / Réponse », or the couples."""
    couples, kind = couples_of(question), kinds()[question.kind]
    headers = couples or (CODE, ANSWER)
    for grid in book.grids:
        head = find_head(grid.lines, {name: (name,) for name in headers}, needed=headers)
        if head is None:
            continue
        remarks = Remarks()
        rows = {row: texts for row, texts in _pairs(grid, head, headers, remarks).items() if any(texts)}
        value: Json = [list(pair) for pair in rows.values()]
        filled = len(rows)
        if not couples:
            addresses = {code: grid.address(row, head.first[ANSWER]) for row, (code, _) in rows.items()}
            lines = {line.code: line.choices for line in kind.lines(question.spec, question.title, None)}
            texts = _meant(lines, dict(rows.values()), addresses, remarks)
            value = kind.from_lines(question.spec, texts)
            filled = sum(map(bool, texts.values()))
            if missing := [code for code in lines if code not in texts]:
                remarks.say(f"Lignes absentes : {listing(missing, 10)}.")
        if not filled:
            remarks.say("Aucune réponse trouvée : les cellules jaunes sont vides.")
        value = kind.renamed(value, question.spec, lambda column: name_of(question, column))
        return ImportResult(value, remarks.warnings(), len(rows), filled)
    raise refusal("sans-reperes", book.file, first=headers[0], second=headers[1])


def _pairs(grid: Grid, head: Head, headers: Sequence[str], remarks: Remarks) -> dict[int, tuple[str, str]]:
    def text(row: int, cells: dict[int, RawCell], name: str) -> str:
        column = head.first[name]
        found, trouble = read(cells.get(column), name)
        remarks.cell(trouble, grid.address(row, column))
        return found

    first, second = headers
    below = {row: cells for row, cells in grid.by_row.items() if row > head.row}
    return {row: (text(row, cells, first), text(row, cells, second)) for row, cells in below.items()}


def _meant(
    lines: Mapping[str, Sequence[str]], texts: Mapping[str, str], addresses: Mapping[str, str], remarks: Remarks
) -> dict[str, str]:
    """The known ``lines``, each with the value of its list that was meant: ticks, « oui », « manquante »…"""
    found = {code: texts[code] for code in lines if code in texts}
    boxes = ticked({code: text for code, text in found.items() if len(lines[code]) == 1})
    for code, text in found.items():
        choices = lines[code]
        if code in boxes:
            # A word that is neither a yes nor a no was written there on purpose: it counts, and it is said.
            yes = bool(fold(text)) if boxes[code] is None else boxes[code]
            understood, found[code] = boxes[code] is not None, choices[0] if yes else ""
        else:
            same = meant(text, choices)
            understood = bool(same or not text) or not (meant("oui", choices) and meant("non", choices))
            found[code] = same or text
        remarks.cell(None if understood else Trouble.UNREAD, addresses[code])
    return found


def _many(words_of_one: str, items: Sequence[str]) -> str:
    """« Colonne absente », « Colonnes absentes »."""
    if len(items) < 2:
        return words_of_one
    return " ".join(word if word == "non" else f"{word}s" for word in words_of_one.split())


def _quoted(names: Sequence[str], shown: int = 10) -> str:
    return listing([f"« {name[:40]} »" for name in names], shown)
