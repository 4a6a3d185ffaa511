"""A restructured table (contenu, activités §3.3.3): its structure (3 × 1 point), judged without the key, its content.

A structure is worth something when it holds data: each criterion is (what is well made ÷ what was filled) × (rows
filled ÷ rows asked for). A row counts as filled from ``cellules_par_fiche`` cells on (10 by default; the poorest record
of the file has 18), so that an empty or almost empty table earns nothing and half the rows earn half the points.

Mark of the content on a set of records: ``points × right non-empty cells ÷ expected non-empty cells − 0,1 × cells
filled wrongly``, at least 0, over the 26 marked columns.

- *Right non-empty*: the key has a value there and the answer has the same one (:mod:`crc_lab.marielle.cells`), or the
  value that the next activity will put there (``corrections``). A name of way that keeps its type of way counts half.
- *Filled wrongly*: the key is empty there and the answer is not. A wrong value where one is expected is only not
  counted; a value of ``corrections`` where the key is empty is neither counted nor penalised.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache

from crc_lab.checks.answer_rows import (
    MAX_CELL,
    MEASURE,
    AnswerRows,
    Scope,
    asked,
    code_order,
    counted_cells,
    idle_columns,
    message_of,
    messages_of,
    model_rows,
    shown,
    type_of_cell,
    with_cells,
)
from crc_lab.checks.comparers import TEXT
from crc_lab.checks.tables import Judged, Known, Marks, Reference, mark
from crc_lab.core.answers import parse_number
from crc_lab.core.grading import Check, Context, Outcome, Proof
from crc_lab.core.idle import same_everywhere
from crc_lab.core.model import CellNote, Message, Table
from crc_lab.core.settings import ASKED, DATA, Setting, columns_of, integer, list_of, mapping, number, table_of
from crc_lab.core.text import fold
from crc_lab.marielle.cells import (
    ABBREVIATED,
    ALERT,
    AMOUNT,
    BY_COLUMN,
    DATE_COLUMNS,
    FIRST_OF_MONTH,
    MIXED,
    TEXT_COLUMNS,
    TITLE,
    WAY,
    ZEROS,
    compare,
    date_form,
    lost_zeros,
    mixing,
)
from crc_lab.marielle.postal import WAY_TYPES

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


def content(value: Table, context: Context) -> Outcome:
    """The cells of the table against those of the key, and against what the next activity will put there."""
    spec = context.question.table
    reference = _reference(
        context.table(context.param("table")),
        context.table(context.param("corrections")),
        spec.key if spec else "",
        tuple(context.param("non_notees", ())),
    )
    marks = mark(value, context, reference, context.param("penalite", 0.1))
    mixed_dates = _mixed_dates(marks.texts)
    messages = (
        marks.summary(SUMMARY, context),
        *same_everywhere(marks.idle, context.question),
        *_expert(marks, context),
        *_remarks(marks, mixed_dates, context),
        *_blanks(marks, context),
    )
    return Outcome(marks.share, messages, _notes(marks, mixed_dates, context))


def content_form(value: Table, context: Context) -> Outcome:
    """Without the key: dates of several forms, and cells that hold none of the values of their column's list."""
    answer, scope = asked(value, context)
    cells = answer.texts(scope.looked_at)
    spec = context.question.table
    lists = {column.name: set(map(fold, column.choices)) for column in spec.columns if column.choices} if spec else {}
    unlisted = {cell: UNLISTED for cell, text in cells.items() if cell[1] in lists and fold(text) not in lists[cell[1]]}
    mixed = _mixed_dates(cells)
    dates = {cell: DATES for cell in cells if cell in mixed}
    return Outcome(0.0, (*messages_of(dates, context), *messages_of(unlisted, context)))


@lru_cache(maxsize=8)
def _reference(key: Table, corrections: Table, name: str, unmarked: tuple[str, ...]) -> Reference:
    return Reference(
        {(record, column): text for record, row in key.by_key(name).items() for column, text in row.items()},
        {(row[0], row[1]): (Known(row[2], 1.0, AHEAD),) for row in corrections.rows if row[2]},
        {column: BY_COLUMN.get(column, TEXT) for column in key.columns},
        weights=dict.fromkeys((name, *unmarked), 0.0),
        diagnose=lambda column, text, row: _misplaced(column, text, row) or mixing(column, text),
        other=OTHER,
        surplus=SURPLUS,
    )


def _misplaced(column: str, text: str, expected: Mapping[str, str]) -> str:
    """Names put in each other's place, a business taken for a person."""
    if column not in ("nom", "prenom"):
        return ""
    other = fold(expected["prenom" if column == "nom" else "nom"])
    if other and fold(text) == other:
        return SWAPPED
    business = fold(expected["raison_sociale"])
    return BUSINESS if business and business in fold(text) else ""


def _mixed_dates(cells: Mapping[type_of_cell, str]) -> frozenset[type_of_cell]:
    """The real dates that are not written like the others; words and two-digit years never sort."""
    forms = {cell: form for cell, text in cells.items() if cell[1] in DATE_COLUMNS and (form := date_form(text))}
    usual = "iso" if "iso" in forms.values() else next(iter(Counter(forms.values()).most_common(1)), ("",))[0]
    return frozenset(cell for cell, form in forms.items() if form != usual or form in ("words", "short"))


def _remarks(marks: Marks, mixed_dates: frozenset[type_of_cell], context: Context) -> list[Message]:
    """One message per code; what the structure checks say (zeros lost, mixed cells) is not said twice."""
    marked, judged = marks.reference.weight, marks.judged
    said = {
        cell: one.code
        for cell, one in judged.items()
        if one.code in CONTENT_CODES and one.code != SURPLUS and (marked(cell[1]) or one.code not in OF_A_CELL)
    }
    business = next((marks.texts[cell] for cell, code in said.items() if code == BUSINESS), "")
    found = [
        *messages_of(said, context, valeur=business),
        *messages_of({cell: SURPLUS for cell, one in judged.items() if one.surplus and marked(cell[1])}, context),
        *messages_of({cell: DATES for cell in judged if cell in mixed_dates}, context),
    ]
    return sorted(found, key=lambda message: code_order(message.code))


def _expert(marks: Marks, context: Context) -> list[Message]:
    if len(marks.shares) < 2:
        return []
    extract, complete = (shown(share * context.criterion.points, 2) for share in marks.shares)
    return [context.message(EXPERT, extrait=extract, complet=complete, sur=shown(context.criterion.points, 1))]


def _blanks(marks: Marks, context: Context) -> list[Message]:
    """How many cells are still to be filled in the rows begun, and where most of them are; never which ones."""
    begun = {record for record, _ in marks.texts}
    left = [cell for cell in marks.blanks() if cell[0] in begun]
    if not left:
        return []
    by_column = Counter(column for _, column in sorted(left, key=lambda cell: cell[1]))
    columns = tuple(column for column, _ in by_column.most_common(3))
    return [context.message(BLANKS, (), columns, cellules=counted_cells(left))]


def _notes(marks: Marks, mixed_dates: frozenset[type_of_cell], context: Context) -> tuple[CellNote, ...]:
    """A note on each wrong cell and on each one accepted with a remark; the expected value is never in it."""
    spec = context.question.table
    helps = {column.name: column.help for column in spec.columns} if spec else {}

    def text_of(cell: type_of_cell, one: Judged) -> str | None:
        if not (code := one.code or (DATES if cell in mixed_dates else "")):
            return None
        values = {"valeur": marks.texts[cell], "aide": helps.get(cell[1], "")}
        said = message_of(OF_A_CELL.get(code, code), [cell], context, **values)
        unmarked = not marks.reference.weight(cell[1]) and not one.accepted
        return said.text + (context.message(NOT_MARKED).text if unmarked else "")

    return marks.notes(text_of)


# --- structure --------------------------------------------------------------------------------------------------------

ONE_ROW, MISSING_ROW, NO_NUMBER, LEFT, COLUMNS = "A3-E9", "A3-E11", "A3-CLE", "A3-RESTE", "A3-COLONNES"
SINGLE_CODES = (WAY, ALERT, MIXED, ONE_ROW, MISSING_ROW, NO_NUMBER, LEFT)


def single_information(value: Table, context: Context) -> Outcome:
    """One piece of information per column, one row per record.

    Share: filled rows without a mixed cell, and given once, among the rows asked for.
    """
    rows, scope = asked(value, context)
    mixed = {cell: code for cell, text in rows.texts(scope.looked_at).items() if (code := mixing(cell[1], text))}
    spoilt = {record for record, _ in mixed} | set(rows.twice)
    share = _best_share(rows, scope, context, lambda kept: sum(r not in spoilt for r in kept) / len(kept))
    return Outcome(share, (*_row_messages(rows, scope, context), *messages_of(mixed, context)))


def mandatory_columns(value: Table, context: Context) -> Outcome:
    """Every mandatory column is there and used, those of a type of contact when a row of that type is filled.

    Share: mandatory columns with at least one filled cell among those expected.
    """
    rows, scope = asked(value, context)

    def quality(kept: tuple[str, ...]) -> float:
        used, unused = _used_and_unused(kept, rows, context)
        return len(used) / (len(used) + len(unused))

    kept = _filled(scope.choices(rows)[0], rows, context)
    missing = _used_and_unused(kept, rows, context)[1] if kept else ()
    messages = (context.message(COLUMNS, (), missing),) if missing else ()
    return Outcome(_best_share(rows, scope, context, quality), messages)


def kept_as_text(value: Table, context: Context) -> Outcome:
    """Postal codes, SIRET and phones with all their digits. Share: such cells among those that are filled."""
    rows, scope = asked(value, context)
    spec = context.question.table
    source = {record: " ".join(row.values()) for record, row in context.rows(spec.source if spec else "").items()}
    texts = {
        (record, column): text
        for record in scope.looked_at
        for column in TEXT_COLUMNS
        if (text := rows.rows.get(record, {}).get(column, ""))
    }
    lost = {cell: ZEROS for cell, text in texts.items() if lost_zeros(cell[1], text, source[cell[0]])}

    def quality(kept: tuple[str, ...]) -> float:
        filled = [(record, column) for record in kept for column in TEXT_COLUMNS if (record, column) in texts]
        return sum(cell not in lost for cell in filled) / len(filled) if filled else 0.0

    return Outcome(_best_share(rows, scope, context, quality), messages_of(lost, context))


def _best_share(rows: AnswerRows, scope: Scope, context: Context, quality: Callable[[tuple[str, ...]], float]) -> float:
    def share(records: tuple[str, ...]) -> float:
        kept = _filled(records, rows, context)
        return quality(kept) * len(kept) / len(records) if kept else 0.0

    return max(map(share, scope.choices(rows)))


def _filled(records: Iterable[str], rows: AnswerRows, context: Context) -> tuple[str, ...]:
    least = context.param("cellules_par_fiche", 10)
    return tuple(record for record in records if rows.cells(record) >= least)


def _used_and_unused(
    kept: tuple[str, ...], rows: AnswerRows, context: Context
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The mandatory columns with, then without, a filled cell in the rows ``kept``."""
    names: dict[str, list[str]] = context.param("obligatoires")
    kinds = [fold(rows.rows[record].get("type_contact", "")) for record in kept]
    expected = list(names["tous"])
    expected += names["particulier"] if any(kind != "professionnel" for kind in kinds) else []
    expected += names["professionnel"] if any(kind != "particulier" for kind in kinds) else []
    used = tuple(name for name in expected if any(rows.rows[record].get(name) for record in kept))
    return used, tuple(name for name in expected if name not in used)


def _row_messages(rows: AnswerRows, scope: Scope, context: Context) -> tuple[Message, ...]:
    """Rows missing, left to fill, given twice, unknown or without a number."""
    if not rows.has_key:
        return (context.message(NO_NUMBER),)
    last = max((at for at, record in enumerate(scope.complete) if record in rows.rows), default=-1)
    wanted = scope.complete if scope.mode == "complet" else scope.extract
    missing = [
        record
        for at, record in enumerate(scope.complete)
        if record not in rows.rows and (record in wanted or (at < last and record in scope.looked_at))
    ]
    left = [record for record in wanted if record in rows.rows and record not in _filled([record], rows, context)]
    twice = [record for record in rows.twice if record in scope.looked_at]
    found = ((ONE_ROW, (*twice, *rows.unknown)), (MISSING_ROW, tuple(missing)), (LEFT, tuple(left)))
    nameless = (context.message(NO_NUMBER),) if rows.nameless else ()
    return (*nameless, *(context.message(code, records) for code, records in found if records))


# --- the settings, and answers that prove them ------------------------------------------------------------------------


def _proofs(context: Context) -> Iterator[Proof]:
    """In the first record of the key: a cell with something else, one that should be empty, one left empty."""
    record, row = next(iter(model_rows(context).items()))
    spec = context.question.table
    marked = [name for name in row if name not in (spec.key if spec else "", *context.param("non_notees", ()))]
    filled = next(name for name in marked if row[name])
    yield Proof("une autre valeur", with_cells(context, {record: {filled: "zzz"}}), None, OTHER, ("table",))
    yield Proof("une case vide", with_cells(context, {record: {filled: ""}}), None, BLANKS, ("table",))
    if empty := next((name for name in marked if not row[name]), None):
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
_STRUCTURES = (
    ("tableau_une_information", single_information, "Une seule information par colonne, une ligne par fiche.",
     SINGLE_CODES, STRUCTURE),
    ("tableau_colonnes", mandatory_columns, "Les colonnes obligatoires sont là, et remplies.",
     (COLUMNS,), (*STRUCTURE, MANDATORY)),
    ("tableau_texte", kept_as_text, "Codes postaux, SIRET et téléphones gardés en texte.",
     (ZEROS,), STRUCTURE),
)  # fmt: skip


# --- the paper grid: the same cells, put together in ten columns (contenu, activités §3.3.1) --------------------------
# A grouped cell is right when it holds what its columns hold, in the same order and nothing else; it is counted once.

RIGHT_CELLS, WRONG_CELLS, EXTRA_CELLS = "A3-PAPIER-BILAN", "A3-PAPIER-FAUX", "A3-PAPIER-TROP"
NUMBERS = frozenset({"nb_achats_12m", "panier_moyen"})
_OPEN_WAYS = {short.casefold(): word.casefold() for word, shorts in WAY_TYPES.items() for short in shorts}


def paper_grid(value: Table, context: Context) -> Outcome:
    """Share: right cells, less the cells filled wrongly, among those that the key fills; a column that says the same
    everywhere earns nothing."""
    reference = context.rows(context.param("table"))
    groups: Mapping[str, Sequence[str]] = context.param("groupes")
    always, contact = set(context.param("facultatives", ())), set(context.param("interlocuteur", ()))
    answer, scope = asked(value, context)
    expected = 0
    right: list[type_of_cell] = []
    wrong: list[type_of_cell] = []
    surplus: list[type_of_cell] = []
    for record, (column, names) in itertools.product(scope.extract, groups.items()):
        given = answer.rows.get(record, {}).get(column, "")
        cells = {name: reference[record][name] for name in names if reference[record][name]}
        optional = always | contact if reference[record].get("raison_sociale") else always
        expected += bool(cells if given else cells.keys() - optional)
        if not given:
            continue
        if not cells:
            surplus.append((record, column))
        elif _same(given, cells, optional):
            right.append((record, column))
        else:
            wrong.append((record, column))
    idle = idle_columns(
        (
            column,
            answer.rows.get(record, {}).get(column, ""),
            _wanted(reference[record], names),
            (record, column) in right,
        )
        for record, (column, names) in itertools.product(scope.extract, groups.items())
    )
    earned = sum(column not in idle for _, column in right)
    found = context.message(RIGHT_CELLS, justes=earned, total=expected)
    codes = {**dict.fromkeys(wrong, WRONG_CELLS), **dict.fromkeys(surplus, EXTRA_CELLS)}
    notes = (CellNote(*cell, "faux", message_of(code, [cell], context).text) for cell, code in codes.items())
    share = max(0.0, earned - len(surplus)) / expected if expected else 0.0
    return Outcome(share, (found, *same_everywhere(idle, context.question), *messages_of(codes, context)), tuple(notes))


def _wanted(row: Mapping[str, str], names: Sequence[str]) -> str:
    return " ".join(row[name] for name in names if row[name])


def _same(given: str, cells: Mapping[str, str], optional: Set[str]) -> bool:
    """Whether one grouped cell holds ``cells``, with or without the optional ones."""
    if len(given) > MAX_CELL:
        return False
    left_out = [name for name in cells if name in optional]
    for many in range(len(left_out) + 1):
        for without in itertools.combinations(left_out, many):
            kept = {name: text for name, text in cells.items() if name not in without}
            if kept and _holds(given, kept):
                return True
    return False


def _holds(given: str, cells: Mapping[str, str]) -> bool:
    if len(cells) == 1:
        ((column, expected),) = cells.items()
        if compare(column, given, expected).share == 1:
            return True
    if NUMBERS.issuperset(cells):
        return _amounts(given) == [amount for text in cells.values() for amount in _amounts(text)] != []
    return _words(given) == _words(" ".join(cells.values())) != []


def _words(text: str) -> list[str]:
    """The words to compare, types of way in full."""
    return [_OPEN_WAYS.get(word, word) for word in fold(text).split()]


def _amounts(text: str) -> list[object]:
    """The numbers of a text, in order: « 6 achats, 112,50 € » gives 6 and 112.5."""
    words = text.replace("€", " ").replace(" ; ", " ").replace("/", " ").replace(", ", " ").split()
    return [number for word in words if (number := parse_number(word.strip(",;()"))) is not None]


# --- the settings, and answers that prove them ------------------------------------------------------------------------


def _paper_proofs(context: Context) -> Iterator[Proof]:
    """A cell of each group filled with something else, where the key fills it and where it leaves it empty."""
    rows = model_rows(context)
    for column in context.param("groupes"):
        for filled, code in ((True, WRONG_CELLS), (False, EXTRA_CELLS)):
            record = next((one for one, row in rows.items() if bool(row.get(column)) is filled), None)
            if record is not None:
                about = f"une autre valeur, fiche {record}, colonne {column}"
                yield Proof(about, with_cells(context, {record: {column: "zzz"}}), None, code, ("groupes", column))


_GROUPED = columns_of("table")


CHECKS = {
    **{
        name: Check(run, KINDS, about=about, needs_key=False, codes=codes, settings=settings)
        for name, run, about, codes, settings in _STRUCTURES
    },
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
    "tableau_papier": Check(
        paper_grid,
        ("tableau",),
        about="Les mêmes cases qu’une base, réunies en quelques colonnes.",
        codes=(RIGHT_CELLS, WRONG_CELLS, EXTRA_CELLS),
        settings=(
            *MEASURE,
            Setting("table", DATA, "Le fichier des fiches bien rangées.", required=True),
            Setting(
                "groupes",
                mapping(ASKED, list_of(_GROUPED, least=1, distinct=True)),
                "Pour chaque colonne de la grille, les colonnes du fichier qu’elle réunit.",
                required=True,
            ),
            Setting("facultatives", list_of(_GROUPED), "Les colonnes qui peuvent manquer dans leur groupe."),
            Setting("interlocuteur", list_of(_GROUPED), "Celles qui peuvent manquer pour une entreprise."),
        ),
        proofs=_paper_proofs,
    ),
}
