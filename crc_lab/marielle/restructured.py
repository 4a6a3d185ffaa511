"""The content of a restructured table (contenu, activités §3.3.3), and the registry of the checks on such tables.

Mark on a set of records: ``points × right non-empty cells ÷ expected non-empty cells − 0,1 × cells filled wrongly``, at
least 0, over the 26 marked columns.

- *Right non-empty*: the key has a value there and the answer has the same one (:mod:`crc_lab.marielle.cells`), or the
  value that the next activity will put there (``corrections``). A name of way that keeps its type of way counts half.
- *Filled wrongly*: the key is empty there and the answer is not. A wrong value where one is expected is only not
  counted; a value of ``corrections`` where the key is empty is neither counted nor penalised.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from crc_lab.checks.answer_rows import MEASURE, asked, with_cells
from crc_lab.core.answers import format_number
from crc_lab.core.check import Check, Context, Outcome, Proof
from crc_lab.core.model import CellNote, Message, Table
from crc_lab.core.settings import ASKED, DATA, Setting, integer, list_of, number, table_of
from crc_lab.core.text import fold
from crc_lab.marielle.cells import ABBREVIATED, AMOUNT, DATE_COLUMNS, FIRST_OF_MONTH, TITLE, WRONG, compare, date_form
from crc_lab.marielle.mixing import mixing
from crc_lab.marielle.structure import (
    COLUMN_CODES,
    SINGLE_CODES,
    TEXT_CODES,
    code_order,
    kept_as_text,
    mandatory_columns,
    messages_of,
    single_information,
)

SWAPPED, BUSINESS, DATES, AHEAD = "A3-E4", "A3-E8", "A3-E10", "A3-I1"
SURPLUS, OTHER, BLANKS, SUMMARY, EXPERT = "A3-TROP", "A3-FAUX", "A3-VIDES", "A3-BILAN", "A3-EXPERT"
UNLISTED = "A3-LISTE"
OF_A_CELL = {SURPLUS: "A3-TROP-CELLULE", OTHER: "A3-FAUX-CELLULE"}
"""What is said of one cell, where it differs from what is said of all of them."""
NOT_MARKED = "A3-NON-NOTEE"
CONTENT_CODES = (
    SWAPPED, TITLE, BUSINESS, DATES, AMOUNT, AHEAD, ABBREVIATED, FIRST_OF_MONTH, SURPLUS, OTHER, BLANKS, SUMMARY,
    EXPERT, NOT_MARKED, *OF_A_CELL.values(),
)  # fmt: skip

type_of_row = Mapping[str, str]
type_of_cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """One filled cell: the ``share`` that is right, whether it should have been empty, and the remark it calls for."""

    share: float
    surplus: bool = False
    code: str = ""

    @property
    def accepted(self) -> bool:
        return self.share > 0 or self.code == AHEAD


JUST = Judged(1.0)


@dataclass(frozen=True)
class Reference:
    """The key ready to be compared: rows by record, corrections by (record, column), marked columns."""

    rows: Mapping[str, type_of_row]
    corrections: Mapping[type_of_cell, str]
    marked: frozenset[str]

    def expected(self, records: Iterable[str]) -> list[type_of_cell]:
        """The marked cells of ``records`` that have a value."""
        return [(record, column) for record in records for column in self.marked if self.rows[record][column]]


def content(value: Table, context: Context) -> Outcome:
    """The cells of the table against those of the key, and against what the next activity will put there."""
    tables = context.table(context.param("table")), context.table(context.param("corrections"))
    spec = context.question.table
    reference = _reference(*tables, spec.key if spec else "", tuple(context.param("non_notees", ())))
    answer, scope = asked(value, context)
    cells: dict[type_of_cell, str] = {}
    judged: dict[type_of_cell, Judged] = {}
    for record in scope.looked_at:
        row = answer.rows.get(record, {})
        for column, text in row.items():
            if text and column in reference.rows[record]:
                cells[record, column] = text
                judged[record, column] = _judge(record, column, row, reference)
    choices = scope.choices(answer)
    marks = [_mark(records, judged, reference, context) for records in choices]
    counted = choices[marks.index(max(marks))]
    mixed_dates = _mixed_dates(cells)
    messages = (
        _summary(counted, judged, reference, context),
        *_expert(marks, context),
        *_remarks(judged, cells, mixed_dates, reference, context),
        *_blanks(counted, cells, reference, context),
    )
    return Outcome(max(marks), messages, _notes(judged, cells, mixed_dates, reference, context))


def content_form(value: Table, context: Context) -> Outcome:
    """Without the key: dates of several forms, and cells that hold none of the values of their column's list."""
    answer, scope = asked(value, context)
    cells = {
        (record, column): text
        for record in scope.looked_at
        for column, text in answer.rows.get(record, {}).items()
        if text
    }
    spec = context.question.table
    lists = {column.name: set(map(fold, column.choices)) for column in spec.columns if column.choices} if spec else {}
    unlisted = {cell: UNLISTED for cell, text in cells.items() if cell[1] in lists and fold(text) not in lists[cell[1]]}
    mixed = _mixed_dates(cells)
    dates = {cell: DATES for cell in cells if cell in mixed}
    return Outcome(0.0, (*messages_of(dates, context), *messages_of(unlisted, context)))


@lru_cache(maxsize=8)
def _reference(key: Table, corrections: Table, name: str, unmarked: tuple[str, ...]) -> Reference:
    return Reference(
        key.by_key(name),
        {(row[0], row[1]): row[2] for row in corrections.rows},
        frozenset(key.columns) - {name, *unmarked},
    )


def _judge(record: str, column: str, row: type_of_row, reference: Reference) -> Judged:
    text, expected = row[column], reference.rows[record][column]
    if text == expected:
        return JUST
    match = compare(column, text, expected) if expected else WRONG
    if match.share:
        return Judged(match.share, code=match.code)
    correction = reference.corrections.get((record, column), "")
    if correction and compare(column, text, correction).share == 1:
        return Judged(1.0 if expected else 0.0, code=AHEAD)
    code = _misplaced(column, text, reference.rows[record]) or mixing(column, text) or match.code
    return Judged(0.0, not expected, code or (OTHER if expected else SURPLUS))


def _misplaced(column: str, text: str, expected: type_of_row) -> str:
    """Names put in each other's place, a business taken for a person."""
    if column not in ("nom", "prenom"):
        return ""
    other = fold(expected["prenom" if column == "nom" else "nom"])
    if other and fold(text) == other:
        return SWAPPED
    business = fold(expected["raison_sociale"])
    return BUSINESS if business and business in fold(text) else ""


def _mark(
    records: tuple[str, ...], judged: Mapping[type_of_cell, Judged], reference: Reference, context: Context
) -> float:
    """The share of the points earned on ``records``."""
    wrong = sum(item.surplus for item in _marked(records, judged, reference))
    lost = float(context.param("penalite", 0.1)) * wrong / (context.criterion.points or 1.0)
    return max(0.0, _right(records, judged, reference) / len(reference.expected(records)) - lost)


def _right(records: tuple[str, ...], judged: Mapping[type_of_cell, Judged], reference: Reference) -> float:
    return sum(item.share for item in _marked(records, judged, reference))


def _marked(records: tuple[str, ...], judged: Mapping[type_of_cell, Judged], reference: Reference) -> Iterator[Judged]:
    kept = set(records)
    return (item for (record, column), item in judged.items() if record in kept and column in reference.marked)


def _mixed_dates(cells: Mapping[type_of_cell, str]) -> frozenset[type_of_cell]:
    """The real dates that are not written like the others; words and two-digit years never sort."""
    forms = {cell: form for cell, text in cells.items() if cell[1] in DATE_COLUMNS and (form := date_form(text))}
    usual = "iso" if "iso" in forms.values() else next(iter(Counter(forms.values()).most_common(1)), ("",))[0]
    return frozenset(cell for cell, form in forms.items() if form != usual or form in ("words", "short"))


def _remarks(
    judged: Mapping[type_of_cell, Judged],
    cells: Mapping[type_of_cell, str],
    mixed_dates: frozenset[type_of_cell],
    reference: Reference,
    context: Context,
) -> list[Message]:
    """One message per code; what the structure checks say (zeros lost, mixed cells) is not said twice."""
    said = {
        cell: item.code
        for cell, item in judged.items()
        if item.code in CONTENT_CODES and (cell[1] in reference.marked or item.code not in OF_A_CELL)
    }
    business = next((cells[cell] for cell, code in said.items() if code == BUSINESS), "")
    surplus = {cell: SURPLUS for cell, item in judged.items() if item.surplus and cell[1] in reference.marked}
    dates = {cell: DATES for cell in judged if cell in mixed_dates}
    found = [
        *messages_of({cell: code for cell, code in said.items() if code != SURPLUS}, context, valeur=business),
        *messages_of(surplus, context),
        *messages_of(dates, context),
    ]
    return sorted(found, key=lambda message: code_order(message.code))


def _summary(
    counted: tuple[str, ...], judged: Mapping[type_of_cell, Judged], reference: Reference, context: Context
) -> Message:
    right = _number(_right(counted, judged, reference), 1)
    return context.message(SUMMARY, justes=right, total=len(reference.expected(counted)), nombre=len(counted))


def _expert(marks: list[float], context: Context) -> list[Message]:
    if len(marks) < 2:
        return []
    points = [_number(mark * context.criterion.points, 2) for mark in marks]
    return [context.message(EXPERT, extrait=points[0], complet=points[1], sur=_number(context.criterion.points, 1))]


def _blanks(
    counted: tuple[str, ...], cells: Mapping[type_of_cell, str], reference: Reference, context: Context
) -> list[Message]:
    """How many cells are still to be filled in the rows begun, and where most of them are; never which ones."""
    begun = {record for record, _ in cells}
    left = [cell for cell in reference.expected(record for record in counted if record in begun) if cell not in cells]
    if not left:
        return []
    by_column = Counter(column for _, column in sorted(left, key=lambda cell: cell[1]))
    columns = tuple(column for column, _ in by_column.most_common(3))
    number = f"{len(left)} cellule{'s' if len(left) > 1 else ''}"
    return [context.message(BLANKS, (), columns, cellules=number, colonnes=", ".join(columns))]


def _notes(
    judged: Mapping[type_of_cell, Judged],
    cells: Mapping[type_of_cell, str],
    mixed_dates: frozenset[type_of_cell],
    reference: Reference,
    context: Context,
) -> tuple[CellNote, ...]:
    """A note on each wrong cell and on each one accepted with a remark; the expected value is never in it."""
    spec = context.question.table
    helps = {column.name: column.help for column in spec.columns} if spec else {}
    found = []
    for (record, column), item in judged.items():
        code = item.code or (DATES if (record, column) in mixed_dates else "")
        if code:
            text = context.message(
                OF_A_CELL.get(code, code), (record,), (column,),
                valeur=cells[record, column], aide=helps.get(column, ""), colonnes=column, cellules="1 cellule",
            ).text  # fmt: skip
            if column not in reference.marked and not item.accepted:
                text += context.message(NOT_MARKED).text
            found.append(CellNote(record, column, "accepte" if item.accepted else "faux", text))
    return tuple(found)


def _number(value: float, digits: int) -> str:
    text = format_number(Decimal(f"{value:.{digits}f}"))
    return text.rstrip("0").rstrip(",")


# --- the settings, and answers that prove them ------------------------------------------------------------------------


def _proofs(context: Context) -> Iterator[Proof]:
    """In the first record of the key: a cell with something else, one that should be empty, one left empty."""
    answer, spec = context.answer, context.question.table
    row = dict(zip(answer["colonnes"], answer["lignes"][0], strict=False))
    unmarked = {spec.key if spec else "", *context.param("non_notees", ())}
    record = row[spec.key] if spec else ""
    filled = next(name for name, text in row.items() if text and name not in unmarked)
    yield Proof("une autre valeur", with_cells(context, {record: {filled: "zzz"}}), None, OTHER, ("table",))
    yield Proof("une case vide", with_cells(context, {record: {filled: ""}}), None, BLANKS, ("table",))
    if empty := next((name for name, text in row.items() if not text and name not in unmarked), None):
        yield Proof("une case en trop", with_cells(context, {record: {empty: "zzz"}}), None, SURPLUS, ("penalite",))


KINDS = ("tableau",)
STRUCTURE = (
    *MEASURE,
    Setting(
        "cellules_par_fiche",
        integer(1),
        "Le nombre de cases remplies à partir duquel une fiche compte (10 si rien n’est dit).",
        keyless=True,
    ),
)
_ASKED = list_of(ASKED, distinct=True)
MANDATORY = Setting(
    "obligatoires",
    table_of({"tous": _ASKED, "particulier": _ASKED, "professionnel": _ASKED}),
    "Les colonnes à remplir pour tous, pour les particuliers, pour les professionnels.",
    required=True,
    keyless=True,
)
CHECKS = {
    "tableau_une_information": Check(
        single_information,
        KINDS,
        about="Une seule information par colonne, une ligne par fiche.",
        needs_key=False,
        codes=SINGLE_CODES,
        settings=STRUCTURE,
    ),
    "tableau_colonnes": Check(
        mandatory_columns,
        KINDS,
        about="Les colonnes obligatoires sont là, et remplies.",
        needs_key=False,
        codes=COLUMN_CODES,
        settings=(*STRUCTURE, MANDATORY),
    ),
    "tableau_texte": Check(
        kept_as_text,
        KINDS,
        about="Codes postaux, SIRET et téléphones gardés en texte.",
        needs_key=False,
        codes=TEXT_CODES,
        settings=STRUCTURE,
    ),
    "tableau_contenu": Check(
        content,
        KINDS,
        about="Le contenu des cases d’une base restructurée.",
        codes=CONTENT_CODES,
        settings=(
            *MEASURE,
            Setting("table", DATA, "Le fichier des fiches bien rangées.", required=True),
            Setting(
                "corrections",
                DATA,
                "Le fichier (fiche, colonne, valeur) de ce que l’activité suivante corrigera : accepté aussi.",
                required=True,
            ),
            Setting("non_notees", list_of(ASKED, distinct=True), "Les colonnes regardées, mais pas notées."),
            Setting("penalite", number(0), "Les points que retire une case remplie à tort (0.1 si rien n’est dit)."),
        ),
        form=content_form,
        form_codes=(DATES, UNLISTED),
        proofs=_proofs,
    ),
}
