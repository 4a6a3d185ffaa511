"""Cells to mark (« entourez en rouge »): the 45 defects of the restructured file.

Formula, defects (Q01 to Q17) and messages: contenu, activités §4.1 and §4.2. A cell is (row id, column).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from crc_lab.checks.answer_rows import message_of, messages_of, record_id, type_of_cell
from crc_lab.core import settings as s
from crc_lab.core.answers import parse_date
from crc_lab.core.grading import Check, Context, Outcome, Proof
from crc_lab.core.model import CellNote, Message
from crc_lab.core.settings import Place, Setting
from crc_lab.core.text import fold

CODES = (
    "A4-BILAN", "A4-TROP", "A4-E1", "A4-E2", "A4-E3", "A4-E4", "A4-E5", "A4-E6", "A4-E7", "A4-E8",
    "A4-SANS-OBJET", "A4-ALERTE", "A4-DOUBLON", "A4-FP", "A4-RESTE",
)  # fmt: skip
_PURCHASE = ("date_dernier_achat", "nb_achats_12m", "panier_moyen")
_CONTACT = ("civilite", "nom", "prenom", "sexe", "age", "date_naissance")
_ADDRESS = ("numero_voie", "indice_repetition", "type_voie", "nom_voie", "complement", "code_postal", "ville")
_NAMED_WHEN_MISSED = {"A4-E3": ("Q02",), "A4-E4": ("Q09", "Q10"), "A4-E5": ("Q12",), "A4-E6": ("Q04",)}

type_of_record = Mapping[str, str]


def marked_cells(value: tuple[type_of_cell, ...], context: Context) -> Outcome:
    """Share: max(0, TP − 0,5 × FP) / expected. Rows that are not shown, unknown columns and the cells that contradict a
    defect without being it (``neutre``) count for nothing."""
    rows = _shown_rows(context)
    expected = _expected(rows, context)
    tempting = _tempting_cells(context)
    given = _known_cells(value, rows)
    right = [cell for cell in given if cell in expected]
    twins = _duplicates(context)
    wrong = {
        cell: tempting.get(cell) or _why_wrong(cell[1], rows[cell[0]], is_twin=cell[0] in twins)
        for cell in given
        if cell not in expected
    }
    neutral = wrong.keys() & _tempting_cells(context, neutral=True).keys()
    missed = {cell: code for cell, code in expected.items() if cell not in given}
    reasons: Mapping[str, str] = context.param("raisons", {})
    notes = [CellNote(*cell, "juste", reasons.get(expected[cell], "")) for cell in right]
    notes += [
        CellNote(*cell, "accepte" if cell in neutral else "faux", message_of(code, [cell], context).text)
        for cell, code in wrong.items()
    ]
    too_many = len(wrong) - len(neutral)
    messages = _summary(len(right), too_many, len(expected), context)
    messages += [*messages_of(wrong, context, order=_rank), *_of_missed(missed, rows, context)]
    return Outcome(max(0.0, len(right) - 0.5 * too_many) / len(expected), tuple(messages), tuple(notes))


def _expected(rows: Mapping[str, type_of_record], context: Context) -> dict[type_of_cell, str]:
    """The cells to mark among the rows shown, and the code of their defect."""
    return {(row[0], row[1]): row[2] for row in context.table(context.param("table")).rows if row[0] in rows}


def _shown_rows(context: Context) -> dict[str, dict[str, str]]:
    spec = context.question.table
    limit: int = context.param("lignes", spec.rows if spec else 0)
    return dict(islice(context.rows(context.param("source")).items(), limit or None))


def _known_cells(value: Iterable[type_of_cell], rows: Mapping[str, type_of_record]) -> list[type_of_cell]:
    """The marked cells that exist, each once; ids and columns as people type them (« fiche n° 1 », « Code postal »)."""
    names = {fold(name): name for record in islice(rows.values(), 1) for name in record}
    read = ((record_id(row), names.get(fold(column), "")) for row, column in value)
    return [cell for cell in dict.fromkeys(read) if cell[0] in rows and cell[1]]


def _tempting_cells(context: Context, *, neutral: bool = False) -> dict[type_of_cell, str]:
    """The cells on which one may hesitate, with their message; ``neutral``: only those that cost nothing."""
    return {
        (row, column): item["code"]
        for item in context.param("voisines", ())
        if not neutral or item.get("neutre")
        for row in item["fiches"]
        for column in item["colonnes"]
    }


def _duplicates(context: Context) -> set[str]:
    name = context.param("doublons")
    return {row[1] for row in context.table(name).rows} if name else set()


def _why_wrong(column: str, record: type_of_record, *, is_twin: bool) -> str:
    """The code of the message for a cell that has no defect."""
    value, professional = record[column], record["type_contact"] == "PROFESSIONNEL"
    if value and (column == "alerte" or (column in _ADDRESS and record["alerte"] in ("NPAI", "PND"))):
        return "A4-ALERTE"
    if column in _PURCHASE and _is_prospect(record):
        return "A4-E2"
    if professional and column in _CONTACT:
        return "A4-E8"
    if professional and value == "SANS_OBJET":
        return "A4-SANS-OBJET"
    if not value:
        return "A4-E1"
    if value.endswith("-02-29") and parse_date(value) is not None:
        return "A4-E7"
    return "A4-DOUBLON" if is_twin else "A4-FP"


def _is_prospect(record: type_of_record) -> bool:
    return not record["date_dernier_achat"] and not record["panier_moyen"] and record["nb_achats_12m"] in ("", "0")


def _summary(right: int, wrong: int, expected: int, context: Context) -> list[Message]:
    """What is right first; nothing to say of a perfect sheet."""
    if right == expected and not wrong:
        return []
    found = [context.message("A4-BILAN", justes=right, total=expected)]
    return [*found, context.message("A4-TROP", trop=wrong)] if wrong else found


def _rank(code: str) -> tuple[int, str]:
    return (CODES.index(code) if code in CODES else len(CODES), code)


def _of_missed(
    missed: Mapping[type_of_cell, str], rows: Mapping[str, type_of_record], context: Context
) -> list[Message]:
    """A pointed question for some families of defects, then where to look for the rest.

    The texts must not name the rows: they are hints. The rows are kept for the reports.
    """
    messages = []
    for code, defects in _NAMED_WHEN_MISSED.items():
        cells = [cell for cell, defect in missed.items() if defect in defects]
        if code == "A4-E4":  # a vague date (« 2022 ») is another matter than 31/02/1992
            cells = [cell for cell in cells if len(rows[cell[0]][cell[1]].split("-")) == 3]
        if cells:
            messages.append(message_of(code, cells, context))
    if missed:
        columns = [column for column, _ in Counter(column for _, column in missed).most_common(3)]
        left = f"{len(missed)} case{'s' if len(missed) > 1 else ''}"
        messages.append(context.message("A4-RESTE", (), tuple(columns), reste=left))
    return messages


# --- the settings, and answers that prove them ------------------------------------------------------------------------


def _proofs(context: Context) -> Iterator[Proof]:
    """The model answer with one cell too many of each sort, then without the defects of each sort."""
    rows = _shown_rows(context)
    expected = _expected(rows, context)
    right = [list(cell) for cell in expected]
    one_more, tempting, twins = 1 - 0.5 / len(right), _tempting_cells(context), _duplicates(context)
    for position, item in enumerate(context.param("voisines", ())):
        for row in item["fiches"]:
            for column in item["colonnes"]:
                about = f"la case voisine {column} de la fiche {row}"
                worth = 1.0 if item.get("neutre") else one_more
                yield Proof(about, [*right, [row, column]], worth, item["code"], ("voisines", position))
    told: dict[str, type_of_cell] = {}
    for row, cells in rows.items():
        for column in cells:
            if (row, column) not in expected and (row, column) not in tempting:
                told.setdefault(_why_wrong(column, cells, is_twin=row in twins), (row, column))
    for code, (row, column) in told.items():
        yield Proof(f"la case {column} de la fiche {row}", [*right, [row, column]], one_more, code, ("table",))
    for code, defects in _NAMED_WHEN_MISSED.items():
        kept = [list(cell) for cell, defect in expected.items() if defect not in defects]
        if kept and len(kept) < len(right):
            about = f"les défauts {', '.join(defects)} oubliés"
            yield Proof(about, kept, len(kept) / len(right), code, ("table",))


def _defects(place: Place) -> list[str]:
    return sorted({row[2] for row in place.named("table").rows if len(row) > 2})


_DEFECT = s.reference("un code de défaut du fichier « table »", _defects)
CHECKS = {
    "cellules_marquees": Check(
        marked_cells,
        ("cellules",),
        about="Des cases à entourer : une case entourée à tort retire la moitié d’une case juste.",
        codes=CODES,
        settings=(
            Setting(
                "table", s.DATA, "Le fichier des cases à entourer (fiche, colonne, code du défaut).", required=True
            ),
            Setting("source", s.DATA, "Le fichier montré à l’élève.", required=True),
            Setting("lignes", s.integer(0), "Le nombre de fiches notées (0 : toutes) ; sinon celles du tableau."),
            Setting(
                "raisons", s.mapping(_DEFECT, s.TEXT), "Ce que l’on dit d’une case bien entourée, selon son défaut."
            ),
            Setting("doublons", s.DATA, "Le fichier des paires : la seconde fiche de chacune a un message à elle."),
            Setting(
                "voisines",
                s.list_of(
                    s.table_of(
                        {"fiches": s.list_of(s.RECORD), "colonnes": s.list_of(s.COLUMN), "code": s.CODE},
                        {"neutre": s.FLAG},
                    )
                ),
                "Les cases sur lesquelles on peut hésiter : à ne pas entourer, et leur message dit pourquoi ; "
                "« neutre » : les entourer ne coûte rien, quand deux cases se contredisent.",
            ),
        ),
        proofs=_proofs,
    )
}
