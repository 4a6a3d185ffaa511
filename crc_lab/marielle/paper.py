"""The paper grid: the same cells as the restructured table, put together in ten columns (contenu, activités §3.3.1).

A grouped cell is right when it holds what its columns hold, in the same order and nothing else; it is counted once.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence, Set

from crc_lab.checks.answer_rows import (
    MAX_CELL,
    MEASURE,
    asked,
    idle_columns,
    message_of,
    messages_of,
    model_rows,
    type_of_cell,
    with_cells,
)
from crc_lab.core.answers import parse_number
from crc_lab.core.check import Check, Context, Outcome, Proof
from crc_lab.core.idle import same_everywhere
from crc_lab.core.model import CellNote, Table
from crc_lab.core.settings import ASKED, DATA, Setting, columns_of, list_of, mapping
from crc_lab.core.text import fold
from crc_lab.marielle.cells import compare
from crc_lab.marielle.postal import WAY_TYPES

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
    for number in range(len(left_out) + 1):
        for without in itertools.combinations(left_out, number):
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


def _proofs(context: Context) -> Iterator[Proof]:
    """A cell of each group filled with something else, where the key fills it and where it leaves it empty."""
    rows = model_rows(context)
    for column in context.param("groupes"):
        for filled, code in ((True, WRONG_CELLS), (False, EXTRA_CELLS)):
            record = next((one for one, row in rows.items() if bool(row.get(column)) is filled), None)
            if record is not None:
                about = f"une autre valeur, fiche {record}, colonne {column}"
                yield Proof(about, with_cells(context, {record: {column: "zzz"}}), None, code, ("groupes", column))


_COLUMN = columns_of("table")
CHECKS = {
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
                mapping(ASKED, list_of(_COLUMN, least=1, distinct=True)),
                "Pour chaque colonne de la grille, les colonnes du fichier qu’elle réunit.",
                required=True,
            ),
            Setting("facultatives", list_of(_COLUMN), "Les colonnes qui peuvent manquer dans leur groupe."),
            Setting("interlocuteur", list_of(_COLUMN), "Celles qui peuvent manquer pour une entreprise."),
        ),
        proofs=_proofs,
    ),
}
