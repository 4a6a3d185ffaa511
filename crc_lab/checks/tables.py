"""A table to fill in, cell by cell: what the key says of each cell, the marks, what is said of the cells.

:func:`mark` serves any check of a whole table: a course gives it its own :class:`Reference` and adds its own remarks.
Mark on a set of records: right cells ÷ expected cells − a penalty for each cell that should have stayed empty, at
least 0. A wrong value where one is expected is only not counted; a column that says the same everywhere earns nothing
when the key does not; a cell given two values, by two rows of one record, is neither right nor expected.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from crc_lab.checks.answer_rows import (
    MEASURE,
    asked,
    idle_columns,
    message_of,
    messages_of,
    model_rows,
    shown,
    type_of_cell,
    with_cells,
)
from crc_lab.checks.comparers import (
    FOLLOWED,
    FRACTION,
    NONE,
    WRONG,
    Comparer,
    Match,
    Tolerance,
    followed,
    followed_changes,
    followed_problems,
    inferred,
)
from crc_lab.core import settings as s
from crc_lab.core.answers import format_number, parse_number
from crc_lab.core.errors import did_you_mean
from crc_lab.core.grading import Check, Context, Outcome, Proof
from crc_lab.core.idle import same_everywhere
from crc_lab.core.model import EMPTY, CellNote, Message, Table
from crc_lab.core.rooms import comparers
from crc_lab.core.settings import Mistake, Place, Setting, Shape

NEUTRAL = 0.1
"""Share of a table that may be given two values, and then counts neither for nor against."""
type_of_diagnosis = Callable[[str, str, Mapping[str, str]], str]


@dataclass(frozen=True, slots=True)
class Judged:
    """One filled cell: the ``share`` that is right, whether it should have been empty, whether it is ``accepted``, and
    the remark it calls for."""

    share: float
    code: str = ""
    surplus: bool = False
    accepted: bool = False


JUST, UNFILLED = Judged(1.0, accepted=True), Judged(0.0)


@dataclass(frozen=True, slots=True)
class Known:
    """A value that a cell is known to be given: the ``share`` of it that is right, and the remark it calls for."""

    value: str
    share: float
    code: str = ""
    tolerance: Tolerance | None = None


@dataclass(frozen=True)
class Reference:
    """What a key says of the cells. ``cells``: the text of each one that is looked at, empty where nothing must be.

    ``known``: other values, right or wrong; ``comparers`` and ``weights`` by column (by default what the expected
    value calls for, and 1); ``tolerances`` by cell or by column; ``diagnose(column, text, expected row)``: the remark
    on a wrong cell; ``said``: the message for a remark of a comparer; ``other``, ``surplus``: the remarks without any.
    """

    cells: Mapping[type_of_cell, str]
    known: Mapping[type_of_cell, tuple[Known, ...]] = field(default_factory=dict)
    comparers: Mapping[str, Comparer] = field(default_factory=dict)
    tolerances: Mapping[type_of_cell | str, Tolerance] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    diagnose: type_of_diagnosis = lambda _column, _text, _row: ""
    other: str = ""
    surplus: str = ""
    said: Callable[[str], str] = str

    @cached_property
    def rows(self) -> Mapping[str, Mapping[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for (record, column), text in self.cells.items():
            found.setdefault(record, {})[column] = text
        return found

    def weight(self, column: str) -> float:
        return self.weights.get(column, 1.0)

    @cached_property
    def marked(self) -> Mapping[str, Mapping[str, str]]:
        """The text of every marked cell, by record then by column."""
        marked = {column for _, column in self.cells if self.weight(column)}
        return {
            record: {column: text for column, text in row.items() if column in marked}
            for record, row in self.rows.items()
        }

    @cached_property
    def due(self) -> Mapping[str, list[type_of_cell]]:
        """The marked cells that have a value, by record."""
        return {
            record: [(record, column) for column, text in row.items() if text] for record, row in self.marked.items()
        }

    def expected(self, records: Iterable[str]) -> list[type_of_cell]:
        """The marked cells of ``records`` that have a value."""
        return [cell for record in records for cell in self.due.get(record, ())]

    def tolerance(self, cell: type_of_cell) -> Tolerance:
        return self.tolerances.get(cell) or self.tolerances.get(cell[1]) or NONE

    def comparer(self, cell: type_of_cell, expected: str) -> Comparer:
        return self.comparers.get(cell[1]) or inferred(expected)

    def compare(self, cell: type_of_cell, given: str, expected: str, tolerance: Tolerance | None = None) -> Match:
        return self.comparer(cell, expected).compare(given, expected, tolerance or self.tolerance(cell))

    def judge(self, cell: type_of_cell, text: str) -> Judged:
        """A filled cell: the expected value, else a known one, else what can be said of a wrong one."""
        expected = self.cells[cell]
        if text == expected:
            return JUST
        match = self.compare(cell, text, expected) if expected else WRONG
        if match.share:
            return Judged(match.share, self.said(match.code), accepted=True)
        known = next(
            (one for one in self.known.get(cell, ()) if self.compare(cell, text, one.value, one.tolerance).share == 1),
            None,
        )
        if known and known.share:
            return Judged(known.share if expected else 0.0, known.code, accepted=True)
        code = known.code if known else self.diagnose(cell[1], text, self.rows[cell[0]]) or self.said(match.code)
        return Judged(0.0, code or (self.other if expected else self.surplus), surplus=not expected)


@dataclass(frozen=True)
class Marks:
    """A whole table judged: its filled cells (``texts``, ``judged``), and the best mark with the records that earn it.

    ``shares``: the mark on each set of records that may be counted; ``idle``: the columns that say the same everywhere;
    ``disputed``: the cells that were given two values.
    """

    reference: Reference
    texts: Mapping[type_of_cell, str]
    judged: Mapping[type_of_cell, Judged]
    shares: tuple[float, ...]
    counted: tuple[str, ...]
    idle: tuple[str, ...] = ()
    disputed: frozenset[type_of_cell] = frozenset()

    @property
    def share(self) -> float:
        return max(self.shares)

    def blanks(self) -> list[type_of_cell]:
        """The expected cells that are not filled."""
        left = (cell for cell in self.reference.expected(self.counted) if cell not in self.texts)
        return [cell for cell in left if cell not in self.disputed]

    def summary(self, code: str, context: Context) -> Message:
        """{justes} of {total} cells, on {nombre} records."""
        kept = set(self.counted)
        right = sum(
            one.share
            for cell, one in self.judged.items()
            if cell[0] in kept and cell[1] not in self.idle and self.reference.weight(cell[1])
        )
        total, records = len(self.reference.expected(self.counted)), len(self.counted)
        return context.message(code, justes=shown(right, 1), total=total, nombre=records)

    def notes(self, text_of: Callable[[type_of_cell, Judged], str | None]) -> tuple[CellNote, ...]:
        """A note for each filled cell for which ``text_of`` gives a text (perhaps empty)."""
        found = []
        for cell, one in self.judged.items():
            if (text := text_of(cell, one)) is not None:
                right = one.share == 1 and not text
                found.append(CellNote(*cell, "juste" if right else "accepte" if one.accepted else "faux", text))
        return tuple(found)


def mark(value: Table, context: Context, reference: Reference, penalty: float) -> Marks:
    """``penalty``: the points lost by each cell filled wrongly. Settings: ``MEASURE``."""
    answer, scope = asked(value, context)
    texts = {cell: text for cell, text in answer.texts(scope.looked_at).items() if cell in reference.cells}
    looked_at = frozenset(scope.looked_at if len(scope.choices(answer)) > 1 else scope.extract)
    judged = {cell: reference.judge(cell, text) for cell, text in texts.items()}
    lost = penalty / (context.criterion.points or 1.0)

    idle = idle_columns(
        (column, texts.get((record, column), ""), text, judged.get((record, column), UNFILLED).share > 0)
        for record, row in reference.marked.items()
        if record in looked_at
        for column, text in row.items()
    )
    marked = [
        (cell[0], 0.0 if cell[1] in idle else weight, one)
        for cell, one in judged.items()
        if (weight := reference.weight(cell[1]))
    ]

    def share(records: tuple[str, ...]) -> float:
        kept = set(records)
        counted = [(weight, one) for record, weight, one in marked if record in kept]
        expected = reference.expected(records)
        total = sum(reference.weight(column) for _, column in expected)
        disputed = sum(reference.weight(cell[1]) for cell in expected if cell in answer.disputed)
        total -= min(disputed, NEUTRAL * total)
        right = math.fsum(weight * one.share for weight, one in counted)
        return max(0.0, right / total - lost * sum(one.surplus for _, one in counted)) if total else 0.0

    choices = scope.choices(answer)
    shares = tuple(map(share, choices))
    return Marks(reference, texts, judged, shares, choices[shares.index(max(shares))], idle, answer.disputed)


# --- any table: the settings say what each cell holds -----------------------------------------------------------------

type_of_written = str | float | list[Any] | Mapping[str, Any]
"""A cell as a key writes it: its text, the ones that are right, or { valeur, variantes, tolerance }."""


def table_values(value: Table, context: Context) -> Outcome:
    """Every expected cell counts as its column weighs; cells of which the key says nothing do not count."""
    answer, scope = asked(value, context)
    reference = _reference(context, answer.texts(scope.looked_at))
    marks = mark(value, context, reference, context.param("penalite", 0))
    known = {cell: one.code for cell, one in marks.judged.items() if one.code}
    wrong = {cell: one for cell, one in marks.judged.items() if not one.accepted and not one.code}
    groups = {
        "autre": [cell for cell, one in wrong.items() if not one.surplus],
        "surplus": [cell for cell, one in wrong.items() if one.surplus],
        "reste": marks.blanks(),
    }
    summary = context.param("bilan")
    messages = (
        *((marks.summary(summary, context),) if summary else ()),
        *same_everywhere(marks.idle, context.question),
        *messages_of(known, context),
        *(
            message_of(context.param(name), cells, context)
            for name, cells in groups.items()
            if cells and context.param(name)
        ),
    )
    notes = marks.notes(lambda cell, one: message_of(one.code, [cell], context).text if one.code else "")
    return Outcome(marks.share, messages, notes)


def _written(context: Context) -> dict[type_of_cell, type_of_written]:
    """Each cell as the key writes it: in « attendu », or in the file « table », or in the model answer."""
    spec = context.question.table
    asked_for = [one.name for one in (spec.columns if spec else ()) if one.answer]
    name = context.param("table")
    rows = context.param("attendu") or (context.rows(name) if name else model_rows(context))
    return {(record, column): row[column] for record, row in rows.items() for column in asked_for if column in row}


def _looked_at(context: Context, cell: type_of_cell) -> bool:
    """True for a cell of the columns that the criterion looks at, unless it is neutral."""
    record, column = cell
    columns, neutral = context.param("colonnes"), context.param("neutres", EMPTY)
    return (not columns or column in columns) and column not in neutral.get(record, ())


def _right_texts(written: type_of_written) -> list[str]:
    """The expected text, then the other ones that are right."""
    if isinstance(written, Mapping):
        written = [written["valeur"], *written.get("variantes", ())]
    return [str(text) for text in (written if isinstance(written, list) else [written])]


def _of_key(context: Context) -> dict[type_of_cell, str]:
    """The expected text of every cell of the key."""
    return {cell: _right_texts(item)[0] for cell, item in _written(context).items()}


def _reference(context: Context, own: Mapping[type_of_cell, str] | None = None) -> Reference:
    """What the key expects, some of it from the cells that the student wrote (``own``)."""
    expected = _of_key(context)
    written = {cell: item for cell, item in _written(context).items() if _looked_at(context, cell)}
    texts = {**expected, **followed(context, expected, own or {})}
    cells = {cell: texts[cell] for cell in written}
    known = {cell: [Known(text, 1.0) for text in _right_texts(item)[1:]] for cell, item in written.items()}
    for name, share in (("variantes", 1.0), ("erreurs", 0.0)):
        for item in context.param(name, ()):
            tolerance = Tolerance.of(item["tolerance"]) if "tolerance" in item else None
            for cell, text in _places(item, cells):
                known[cell].append(Known(text, item.get("part", share), item.get("code", ""), tolerance))
    spread, fraction = context.param("tolerance", {}), context.param("fraction", "")
    tolerances = dict(spread) if isinstance(spread, Mapping) else {column: spread for _, column in cells}
    special = {
        cell: item["tolerance"] for cell, item in written.items() if isinstance(item, dict) and "tolerance" in item
    }
    return Reference(
        cells,
        {cell: tuple(ones) for cell, ones in known.items()},
        {column: comparers()[name] for column, name in context.param("comparaison", {}).items()},
        {place: Tolerance.of(amount) for place, amount in (*tolerances.items(), *special.items())},
        context.param("poids", EMPTY),
        said=lambda code: fraction if code == FRACTION else code if code in context.texts else "",
    )


def _places(item: Mapping[str, Any], cells: Iterable[type_of_cell]) -> Iterator[tuple[type_of_cell, str]]:
    """The cells that a known value is for: those of « valeurs », that of its record, or the whole column."""
    values: Mapping[str, object] = item.get("valeurs", EMPTY)
    for record, column in cells:
        if column == item["colonne"] and record in (values or [item.get("fiche", record)]):
            yield (record, column), str(values[record] if values else item["valeur"])


# --- the settings, and answers that prove them ------------------------------------------------------------------------


def _problems(place: Place) -> Iterator[Mistake]:
    """A column with a drop-down expects one of its choices."""
    yield from followed_problems(place)
    spec = place.question.table
    lists = {column.name: column.choices for column in spec.columns if column.choices} if spec else {}
    for record, cells in place.settings.get("attendu", EMPTY).items():
        for column in cells.keys() & lists.keys():
            for text in _right_texts(cells[column]):
                if text and text not in lists[column]:
                    told = f"« {text} » n’est pas dans la liste de la colonne. {did_you_mean(text, lists[column])}"
                    yield Mistake(("attendu", record, column), told)


def _proofs(context: Context) -> Iterator[Proof]:
    """The model table with one cell changed: another value, nothing, the ends of the tolerance, each known value.

    Each cell of « attendu », the first filled one and the first empty one of each column of a file.
    """
    found = _reference(context)
    marked = found.expected(found.rows)
    total = sum(found.weight(column) for _, column in marked)
    surplus = context.param("penalite", 0) / (context.criterion.points or 1.0)
    detailed, whole = bool(context.param("attendu")), not context.param("lignes", 0)

    def proof(about: str, cell: type_of_cell, text: str, lost: float, code: str, *path: str | int) -> Proof:
        """``lost``: what the criterion loses; not told to the last digit where several sets of records may count."""
        share = 1 - lost if whole or not lost else None
        answer = with_cells(context, {cell[0]: {cell[1]: text}})
        return Proof(f"{about}, fiche {cell[0]}, colonne {cell[1]}", answer, share, code, path)

    seen = set()
    for cell, expected in found.cells.items():
        if not detailed and (cell[1], bool(expected)) in seen:
            continue
        seen.add((cell[1], bool(expected)))
        path = ("attendu", *cell) if detailed else ("table",)
        lost = found.weight(cell[1]) / total if cell in marked else 0.0
        if not expected:
            lost = min(surplus, 1.0) if found.weight(cell[1]) else 0.0
            yield proof("une case en trop", cell, "zzz", lost, context.param("surplus", ""), "penalite")
            continue
        yield proof("une autre valeur", cell, "zzz", lost, context.param("autre", ""), *path)
        if lost:
            yield proof("une case vide", cell, "", lost, context.param("reste", ""), "reste")
        for about, text, right in _ends(found, cell, expected):
            yield proof(f"{about} « {text} »", cell, text, 0.0 if right else lost, "", "tolerance")
        rate = parse_number(expected) if found.comparer(cell, expected).rate else None
        if rate and (code := context.param("fraction", "")):
            text = format_number(rate / 100)
            yield proof(f"la part de un « {text} »", cell, text, lost, code, "fraction")
    for cell, known in found.known.items():
        lost = found.weight(cell[1]) / total if cell in marked else 0.0
        for one in known:
            path = ("variantes",) if one.share == 1 else ("erreurs",)
            missed = lost * (1 - one.share)
            if not found.cells[cell] and not one.share and found.weight(cell[1]):
                missed = min(surplus, 1.0)
            yield proof(f"la valeur « {one.value} »", cell, one.value, missed, one.code, *path)
    looked_at = {column for _, column in found.cells}
    for change in followed_changes(context, _of_key(context)):
        record, column = change.cell
        if looked_at != {column}:  # what is changed would count too
            continue
        lost = 0.0 if change.right else found.weight(column) / total
        answer = with_cells(context, {record: change.texts})
        about = f"{change.about}, fiche {record}, colonne {column}"
        yield Proof(about, answer, 1 - lost if whole or not lost else None, "", change.path)


def _ends(found: Reference, cell: type_of_cell, expected: str) -> Iterator[tuple[str, str, bool]]:
    """The quantities at the ends of the tolerance, and one beyond, where no other value is known."""
    comparer, tolerance = found.comparer(cell, expected), found.tolerance(cell)
    wanted = comparer.read(expected) if comparer.read else None
    if wanted is not None and (near := tolerance.around(wanted)):
        yield from (("la limite de la tolérance", comparer.write(end), True) for end in (wanted - near, wanted + near))
        if not found.known.get(cell):
            yield "au-delà de la tolérance", comparer.write(wanted + 2 * near), False


def _look_at_spread(value: Any, place: Place) -> Iterator[Mistake]:
    yield from s.SPREAD.look(value.rstrip("% ") if isinstance(value, str) and value.endswith("%") else value, place)


_SPREAD = Shape("un écart (0.05, ou « 1 % » entre guillemets droits)", _look_at_spread)
_WORDS = s.list_of(s.WRITTEN, least=1)
_DETAILED = s.table_of({"valeur": s.WRITTEN}, {"variantes": _WORDS, "tolerance": _SPREAD})


_CELL = s.either(
    s.WRITTEN, listed=_WORDS, tabled=_DETAILED,
    french="un texte ou un nombre (vide : rien ne doit y être), une liste de valeurs justes, ou une table (« valeur », "
    "« variantes », « tolerance »)",
)  # fmt: skip
_SPREADS = s.either(
    _SPREAD,
    tabled=s.mapping(s.ASKED, _SPREAD),
    french=f"{_SPREAD.french}, ou une table : une colonne à remplir = cet écart",
)
_COLUMNS = s.list_of(s.ASKED, distinct=True)
_KNOWN: Mapping[str, Shape] = {
    "fiche": s.RECORD, "valeur": s.WRITTEN, "valeurs": s.mapping(s.RECORD, s.WRITTEN), "tolerance": _SPREAD,
}  # fmt: skip
_EITHER = ("valeur", "valeurs")
CHECKS = {
    "tableau_valeurs": Check(
        table_values,
        ("tableau",),
        about="Les cases d’un tableau, comparées une à une : chacune compte autant, sauf si sa colonne pèse davantage.",
        settings=(
            *MEASURE,
            Setting(
                "attendu",
                s.mapping(s.RECORD, s.mapping(s.ASKED, _CELL)),
                "Pour chaque fiche, la valeur attendue dans chaque colonne. Sans lui : le fichier « table », ou les "
                "cases de « reponse ».",
            ),
            Setting("table", s.DATA, "Le fichier des valeurs attendues ; une case vide doit le rester."),
            Setting("colonnes", _COLUMNS, "Les colonnes que ce critère regarde (toutes, si rien n’est dit)."),
            *FOLLOWED,
            Setting("neutres", s.mapping(s.RECORD, _COLUMNS), "Les cases qui ne comptent ni pour, ni contre."),
            Setting(
                "comparaison",
                s.mapping(s.ASKED, s.reference("une façon de comparer", lambda _place: comparers())),
                "Comment on compare une colonne : « texte » (sans casse, accents ni ponctuation), « exact », "
                "« nombre », « pourcentage », « date », « heure », « duree » (en secondes), « liste », ou ce "
                "qu’ajoute la salle du cours. Sans lui : d’après la valeur attendue.",
            ),
            Setting(
                "tolerance",
                _SPREADS,
                "L’écart accepté, dans les deux sens, pour toutes les colonnes ou pour chacune.",
            ),
            Setting(
                "poids", s.mapping(s.ASKED, s.number(0)), "Ce que pèse une case de la colonne (1 ; 0 : non notée)."
            ),
            Setting(
                "variantes",
                s.list_of(s.table_of({"colonne": s.ASKED}, {**_KNOWN, "code": s.CODE}, any_of=_EITHER, only_one=True)),
                "D’autres valeurs justes, pour une « fiche », pour toute la colonne, ou par fiche (« valeurs »).",
            ),
            Setting(
                "erreurs",
                s.list_of(
                    s.table_of(
                        {"colonne": s.ASKED, "code": s.CODE},
                        {**_KNOWN, "part": s.number(0, 1)},
                        any_of=_EITHER,
                        only_one=True,
                    )
                ),
                "Les valeurs fausses que l’on reconnaît, leur message, et la « part » de la case qu’elles gardent.",
            ),
            Setting("penalite", s.number(0), "Les points que retire une case remplie à tort (0 si rien n’est dit)."),
            Setting("fraction", s.CODE, "Le message d’un taux écrit sur 1 : 0,9 pour 90."),
            Setting("bilan", s.CODE, "Le message du compte : {justes} sur {total} cases, {nombre} fiches."),
            Setting("autre", s.CODE, "Le message des autres cases fausses."),
            Setting("surplus", s.CODE, "Le message des cases remplies à tort."),
            Setting("reste", s.CODE, "Le message des cases vides."),
        ),
        problems=_problems,
        proofs=_proofs,
    )
}
