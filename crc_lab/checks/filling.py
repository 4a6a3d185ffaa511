"""A few cells to fill in a table: each expected cell counts the same, the rest of the table is ignored."""

from __future__ import annotations

from collections.abc import Iterator

from crc_lab.checks.answer_rows import MEASURE, asked, idle_columns, with_cells
from crc_lab.core.answers import parse_number
from crc_lab.core.check import Check, Context, Outcome, Proof
from crc_lab.core.errors import did_you_mean
from crc_lab.core.idle import same_everywhere
from crc_lab.core.model import CellNote, Table
from crc_lab.core.settings import ASKED, CODE, RECORD, TEXT, Mistake, Place, Setting, mapping
from crc_lab.core.text import fold


def filled_cells(value: Table, context: Context) -> Outcome:
    """Compared without case, accents and punctuation, or as numbers. Share: right cells / expected cells; none for a
    column that says the same everywhere."""
    expected: dict[str, dict[str, str]] = context.param("attendu")
    answer, _ = asked(value, context)
    given = ((row, name, wanted) for row, cells in expected.items() for name, wanted in cells.items())
    idle = idle_columns((name, answer.rows.get(row, {}).get(name, ""), wanted) for row, name, wanted in given)
    notes, empty, wrong = [], [], []
    for row, cells in expected.items():
        for column, wanted in cells.items():
            text = answer.rows.get(row, {}).get(column, "")
            if not text:
                empty.append(row)
            elif _same(text, wanted):
                notes.append(CellNote(row, column, "juste"))
            else:
                notes.append(CellNote(row, column, "faux"))
                wrong.append(row)
    right = sum(note.state == "juste" and note.column not in idle for note in notes)
    share = right / sum(map(len, expected.values()))
    messages = tuple(
        context.message(context.param(name), tuple(dict.fromkeys(rows)))
        for name, rows in (("autre", wrong), ("reste", empty))
        if rows and context.param(name)
    )
    return Outcome(share, (*same_everywhere(sorted(idle)), *messages) if idle else messages, tuple(notes))


def _same(text: str, wanted: str) -> bool:
    if fold(text) == fold(wanted):
        return True
    number = parse_number(text)
    return number is not None and number == parse_number(wanted)


def _problems(place: Place) -> Iterator[Mistake]:
    """A column with a drop-down expects one of its choices."""
    spec = place.question.table
    lists = {column.name: column.choices for column in spec.columns if column.choices} if spec else {}
    for row, cells in place.settings["attendu"].items():
        for column, wanted in cells.items():
            if column in lists and wanted not in lists[column]:
                text = f"« {wanted} » n’est pas dans la liste de la colonne. {did_you_mean(wanted, lists[column])}"
                yield Mistake(("attendu", row, column), text)


def _proofs(context: Context) -> Iterator[Proof]:
    """The model table with one of its cells wrong, then empty."""
    expected: dict[str, dict[str, str]] = context.param("attendu")
    share = 1 - 1 / sum(map(len, expected.values()))
    for row, cells in expected.items():
        for column in cells:
            wrong = with_cells(context, {row: {column: "zzz"}})
            about, path = f"une autre valeur, fiche {row}, colonne {column}", ("attendu", row, column)
            yield Proof(about, wrong, share, context.param("autre", ""), path)
    row, cells = next(iter(expected.items()))
    if code := context.param("reste"):
        yield Proof(
            "une case vide", with_cells(context, {row: dict.fromkeys(list(cells)[:1], "")}), share, code, ("reste",)
        )


CHECKS = {
    "tableau_cases": Check(
        filled_cells,
        ("tableau",),
        about="Quelques cases d’un tableau : chacune compte autant, le reste du tableau ne compte pas.",
        settings=(
            *MEASURE,
            Setting(
                "attendu",
                mapping(RECORD, mapping(ASKED, TEXT)),
                "Pour chaque fiche, la valeur attendue dans chaque colonne à remplir.",
                required=True,
            ),
            Setting("autre", CODE, "Le message des cases fausses."),
            Setting("reste", CODE, "Le message des cases vides."),
        ),
        problems=_problems,
        proofs=_proofs,
    )
}
