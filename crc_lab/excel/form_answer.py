"""Read the answer of a question that is not a table: lines « Repère / Réponse », or couples."""

from __future__ import annotations

from crc_lab.core.errors import ImportProblem
from crc_lab.core.model import Json, Question
from crc_lab.core.text import fold
from crc_lab.excel.forms import couples_of, fields_of, value_of
from crc_lab.excel.grid import Book, Grid, cell_text
from crc_lab.excel.headers import MAX_HEADER_ROW
from crc_lab.excel.result import ImportResult, Remarks, listed

SHEET = "Réponses"
CODE, LABEL, ANSWER = "Repère", "Question", "Réponse"


def read_form_answer(book: Book, question: Question) -> ImportResult:
    """The answer of ``question``; raises :class:`ImportProblem` when no sheet has the headers of the template."""
    couples = couples_of(question)
    headers = couples or (CODE, ANSWER)
    for grid in book.grids:
        place = _find(grid, headers)
        if place is None:
            continue
        row, first, second = place
        remarks = Remarks()
        pairs = _pairs(grid, row, first, second, headers, remarks)
        value: Json = [list(pair) for pair in pairs if any(pair)] if couples else None
        filled = len(pairs)
        if not couples:
            known = [field.code for field in fields_of(question)]
            texts = {code: text for code, text in pairs if code in known}
            value, filled = value_of(question, texts), sum(map(bool, texts.values()))
            if missing := [code for code in known if code not in texts]:
                remarks.say(f"Lignes absentes : {listed(missing)}.")
        if not filled:
            remarks.say("Aucune réponse trouvée : les cellules jaunes sont vides.")
        return ImportResult(value, remarks.warnings(), grid.name, row, len(pairs), filled)
    raise ImportProblem(
        book.file,
        f"les en-têtes « {headers[0]} » et « {headers[1]} » sont introuvables.",
        "Téléchargez le modèle de la question, remplissez-le, puis recommencez.",
    )


def _find(grid: Grid, headers: tuple[str, str]) -> tuple[int, int, int] | None:
    for row, cells in grid.by_row.items():
        if row > MAX_HEADER_ROW:
            break
        texts = {fold(str(cell.value)): column for column, cell in reversed(cells.items())}
        if fold(headers[0]) in texts and fold(headers[1]) in texts:
            return row, texts[fold(headers[0])], texts[fold(headers[1])]
    return None


def _pairs(
    grid: Grid, header: int, first: int, second: int, names: tuple[str, str], remarks: Remarks
) -> list[tuple[str, str]]:
    found = []
    for row, cells in grid.by_row.items():
        if row <= header:
            continue
        texts = []
        for column, name in ((first, names[0]), (second, names[1])):
            text, trouble = cell_text(cells.get(column), name)
            remarks.cell(trouble, grid.address(row, column))
            texts.append(text)
        if any(texts):
            found.append((texts[0], texts[1]))
    return found
