"""The RFM table: notes R, F, M against the key, the total and the segment on the student's own values.

Source: contenu, rfm.md §5 and §10, activites.md (activity 6).

Decisions:

- Each share is the number of right rows over the **scorable** customers (49 of the 53): prospects never count.
- The total is right when R, F and M are all filled with numbers and the total is their sum; a row where one of them
  is empty has no right total, whatever is written (RFM-NOTES-MANQUANTES says so).
- The segment is judged on the total written; where the total is empty, on the sum of the three notes when they are
  filled (one empty cell must not cost twice); where there is neither, it is wrong.
- A note given in place of a datum that is missing (V-4) cancels one right row of its column, down to 0.
- A total and a segment count where the notes have something right (or come from one wrong method, recognised on the
  whole column): they are the end of a work, not a work of their own.
- A column that says the same everywhere earns nothing when the right one does not; two rows of one customer that
  contradict each other count neither for nor against (up to one customer in ten).
- Remarks on the whole sheet (columns, ids, empty cells) come once, with the first criterion that is run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import islice, product

from crc_lab.checks.answer_rows import with_cells
from crc_lab.core.grading import Check, Context, Outcome, Proof, row_list
from crc_lab.core.model import CellNote, Message, Table
from crc_lab.core.settings import DATA, DATE, Setting, one_of
from crc_lab.marielle import rfm
from crc_lab.marielle.rfm import ANNEXE_7, ANNEXE_8, LIMITS, METHODS, annexe_7_notes
from crc_lab.marielle.rfm_work import (
    NOTES,
    SEGMENT,
    TOTAL,
    Work,
    contradictions,
    not_scorable,
    open_work,
    prospects,
    read_segment,
    sheet_remarks,
)

_POINTS = {"R": ANNEXE_8.recency, "F": ANNEXE_8.frequency, "M": ANNEXE_8.monetary}
_ONLY_7 = ANNEXE_7.scores - ANNEXE_8.scores  # 2, 4, 6, 7, 9 and 12

UNWORKED = "RFM-SANS-NOTE"
SHEET_CODES = ("RFM-COLONNE", "RFM-LIGNE", "RFM-DOUBLE", "RFM-VIDE", "RFM-ILLISIBLE", "RFM-CASE-ILLISIBLE")
NOTE_CODES = (
    *SHEET_CODES,
    *dict.fromkeys(method.code for methods in METHODS.values() for method in methods),
    *(limit.code for limits in LIMITS.values() for limit in limits),
    "RFM-GRILLE7", "RFM-TEXTE", "RFM-HORS-GRILLE", "RFM-NOTE", "RFM-CASE-R", "RFM-CASE-F", "RFM-CASE-M",
)  # fmt: skip
TOTAL_CODES = (
    *SHEET_CODES, "RFM-SOMME", "RFM-NOTES-MANQUANTES", "RFM-GRILLE7", "RFM-PROSPECT", "RFM-PROSPECT-NOTE",
    "RFM-MANQUE-ZERO", "RFM-NON-SCORABLE", "RFM-INCOHERENT", "RFM-FUTUR", "RFM-CASE-SCORE", "RFM-CASE-PROSPECT",
)  # fmt: skip
SEGMENT_CODES = (*SHEET_CODES, "RFM-SEG-40", "RFM-SEG-0", "RFM-SEGMENT", "RFM-SEG-INCONNU", "RFM-CASE-SEGMENT")


# --- notes ------------------------------------------------------------------------------------------------------


def note(value: Table, context: Context) -> Outcome:
    """Share: right notes / scorable customers of the key."""
    role: str = context.param("critere")
    work = open_work(value, context)
    cases, codes = work.column(context).cases, {**work.column(context).explained}
    wrong = [name for name, case in cases.items() if case.wrong]
    for name in wrong:
        codes.setdefault(name, "RFM-NOTE" if cases[name].given in _POINTS[role] else "RFM-HORS-GRILLE")
    refused = [name for name in work.missing_datum(role) if work.line(name).text(role)]
    # annexe 7 is told by the first column that shows it
    told = {name: codes[name] for name in wrong if codes[name] != "RFM-GRILLE7" or role == _shows_annexe_7(work)}
    right = 0 if role in work.idle else sum(case.given == case.wanted for case in cases.values())
    return Outcome(
        max(0, right - len(refused)) / max(1, len(cases)),
        (*sheet_remarks(work, context), *work.told(told, (role,), critere=role, notes=_allowed(role))),
        (*(_note_cell(name, role, work) for name in wrong), *_unreadable_cells(role, work)),
    )


def note_form(value: Table, context: Context) -> Outcome:
    """Without the key: the notes that annexe 8 does not have at all."""
    role: str = context.param("critere")
    work = open_work(value, context)
    given = {name: work.line(name).number(role) for name in work.scorable}
    refused = [name for name, own in given.items() if own is not None and own not in _POINTS[role]]
    return Outcome(0.0, tuple(work.message("RFM-HORS-GRILLE", refused, (role,), critere=role, notes=_allowed(role))))


def _allowed(role: str) -> str:
    return ", ".join(str(points) for points in sorted(_POINTS[role], reverse=True))


def _shows_annexe_7(work: Work) -> str | None:
    return next((role for role in NOTES if "RFM-GRILLE7" in work.explained(role).values()), None)


def _note_cell(name: str, role: str, work: Work) -> CellNote:
    facts = work.scorable[name]
    return work.cell(
        name, role, f"RFM-CASE-{role}", date=f"{facts.last:%d/%m/%Y}", achats=_french(facts.purchases),
        panier=_french(facts.basket, 2), pluriel="s" if facts.purchases > 1 else "",
    )  # fmt: skip


def _unreadable_cells(role: str, work: Work) -> list[CellNote]:
    return [work.cell(name, role, "RFM-CASE-ILLISIBLE") for name in work.unreadable(role)]


def _french(number: Fraction, digits: int = 0) -> str:
    if number.denominator == 1 and not digits:
        return str(number)
    return f"{float(number):.{digits or 2}f}".replace(".", ",")


# --- total ------------------------------------------------------------------------------------------------------


def total(value: Table, context: Context) -> Outcome:
    """The sum of the student's own R, F and M. Share: right totals of worked rows / scorable customers. Needs no key.

    Also tells what concerns a row as a whole: prospects, records that cannot be scored, notes that contradict.
    """
    work = open_work(value, context)
    verdicts = {name: _total_verdict(name, work) for name in work.scorable}
    right = _earned([name for name, verdict in verdicts.items() if verdict == "juste"], TOTAL, work)
    annexe_7 = _annexe_7(work)
    messages = sheet_remarks(work, context)
    for code in ("RFM-SOMME", "RFM-NOTES-MANQUANTES"):
        rows = [name for name, verdict in verdicts.items() if verdict == code and name not in annexe_7]
        messages += work.message(code, rows, (TOTAL,))
    if _shows_annexe_7(work) is None:
        messages += work.message("RFM-GRILLE7", annexe_7, (TOTAL,))
    remarks, cells = prospects(work)
    messages += [*contradictions(work), *not_scorable(work), *remarks]
    cells += [work.cell(name, TOTAL, "RFM-CASE-SCORE") for name, verdict in verdicts.items() if verdict in TOTAL_CODES]
    cells += _unreadable_cells(TOTAL, work)
    messages += _unworked(verdicts, work)
    return Outcome(len(right) / max(1, len(work.scorable)), tuple(messages), tuple(cells))


def _earned(right: list[str], role: str, work: Work) -> list[str]:
    """The right totals or segments that count."""
    return [] if role in work.idle else [name for name in right if name in work.worked]


def _unworked(verdicts: Mapping[str, str], work: Work) -> list[Message]:
    """Said of right sums of notes none of which is right."""
    rows = tuple(name for name, verdict in verdicts.items() if verdict == "juste" and name not in work.worked)
    text = f"Un score et un segment comptent quand une note au moins est juste : reprenez {row_list(rows)}."
    return [Message(UNWORKED, text, rows, (TOTAL,))] if rows else []


def _total_verdict(name: str, work: Work) -> str:
    """« juste », the code of what is wrong, or nothing where no total can be read."""
    line = work.line(name)
    own = line.number(TOTAL)
    if own is None:
        return ""
    if line.notes is None:
        return "RFM-NOTES-MANQUANTES"
    return "juste" if own == sum(line.notes) else "RFM-SOMME"


def _annexe_7(work: Work) -> list[str]:
    """The totals that show annexe 7, when most of them do: one alone is a slip."""
    found = [name for name in work.scorable if _is_annexe_7(name, work)]
    given = [name for name in work.scorable if work.line(name).number(TOTAL) is not None]
    return found if 2 * len(found) > len(given) else []


def _is_annexe_7(name: str, work: Work) -> bool:
    """A total that only annexe 7 can give, from this customer's data or from the notes written; without the key (the
    checks of the notes do not run), also a note that only annexe 7 has."""
    line = work.line(name)
    if work.context.key is None and any(line.number(role) == 2 for role in NOTES):
        return True
    own = line.number(TOTAL)
    if own not in _ONLY_7:
        return False
    r, f, m = (annexe_7_notes(role, work.scorable[name], work.reference) for role in NOTES)
    sums = set(map(sum, product(r, f, m)))
    return own in sums or (line.notes is not None and own == sum(line.notes))


# --- segment ----------------------------------------------------------------------------------------------------


def segment(value: Table, context: Context) -> Outcome:
    """The segment of the student's own total. Share: right segments of worked rows / scorable customers. No key."""
    work = open_work(value, context)
    codes: dict[str, str] = {}
    right = []
    for name in work.scorable:
        line = work.line(name)
        text, own = line.text(SEGMENT), line.own_total
        given = read_segment(text)
        if text and own is not None and own >= 0 and given == rfm.segment(own):
            right.append(name)
        elif text:
            codes[name] = _segment_code(given, own)
    messages = sheet_remarks(work, context) + work.told(codes, (SEGMENT,))
    cells = tuple(work.cell(name, SEGMENT, "RFM-CASE-SEGMENT") for name in codes)
    return Outcome(len(_earned(right, SEGMENT, work)) / max(1, len(work.scorable)), tuple(messages), cells)


def _segment_code(given: str | None, own: Decimal | None) -> str:
    if given is None:
        return "RFM-SEG-INCONNU"
    if own == 40 and given == rfm.VERY_GOOD:
        return "RFM-SEG-40"
    if own is not None and ((own == 0 and given == rfm.WARM) or (own > 0 and given == rfm.INACTIVE)):
        return "RFM-SEG-0"
    return "RFM-SEGMENT"


# --- the settings, and answers that prove them ------------------------------------------------------------------------


def _work(context: Context) -> Work:
    return open_work(Table.from_json(context.answer), context)


def _note_proofs(context: Context) -> Iterator[Proof]:
    """The model table with the notes of each wrong method that the data tell apart, with each limit read on the wrong
    side, with a note out of the grid."""
    role, work = str(context.param("critere")), _work(context)
    cases = work.column(context).cases
    wrong: list[tuple[str, dict[str, int]]] = [("RFM-HORS-GRILLE", {next(iter(cases)): 99})]
    for limit in LIMITS[role]:
        on = (name for name, case in cases.items() if limit.holds(case.customer, work.reference))
        wrong += [(limit.code, {name: limit.points}) for name in islice(on, 1)]
    for method in METHODS[role]:
        own = {name: min(method.predict(case.customer, work.reference)) for name, case in cases.items()}
        others = [one.predict for one in METHODS[role] if one.code != method.code]
        same = any(all(own[name] in f(cases[name].customer, work.reference) for name in own) for f in others)
        changed = {name: points for name, points in own.items() if points != cases[name].wanted}
        if len(changed) >= method.least and not same:
            wrong.append((method.code, changed))
    seven = {name: min(annexe_7_notes(role, case.customer, work.reference)) for name, case in cases.items()}
    wrong.append(("RFM-GRILLE7", {name: points for name, points in seven.items() if points != cases[name].wanted}))
    for code, notes in wrong:
        answer = with_cells(context, {name: {role: str(points)} for name, points in notes.items()})
        yield Proof(f"{role} : {len(notes)} notes changées", answer, 1 - len(notes) / len(cases), code, ("critere",))


def _total_proofs(context: Context) -> Iterator[Proof]:
    work = _work(context)
    first = next(iter(work.scorable))
    share = 1 - 1 / len(work.scorable)
    yield Proof("une addition fausse", with_cells(context, {first: {TOTAL: "1"}}), share, "RFM-SOMME")
    yield Proof("une note oubliée", with_cells(context, {first: {"R": ""}}), share, "RFM-NOTES-MANQUANTES")


def _segment_proofs(context: Context) -> Iterator[Proof]:
    """The model table with one wrong segment of each sort."""
    work = _work(context)
    share = 1 - 1 / len(work.scorable)
    wrong = {"RFM-SEG-INCONNU": (next(iter(work.scorable)), "zzz")}
    for name in work.scorable:
        own = work.line(name).own_total
        for given in (rfm.VERY_GOOD, rfm.INACTIVE):
            if own is not None and rfm.segment(own) != given:
                wrong.setdefault(_segment_code(given, own), (name, given))
    for code, (name, given) in wrong.items():
        yield Proof(f"fiche {name} : {given}", with_cells(context, {name: {SEGMENT: given}}), share, code)


COMMON = (
    Setting("source", DATA, "Le fichier des achats ; celui du tableau de la question sinon.", keyless=True),
    Setting("date_ref", DATE, "La date de référence (2026-11-01 si rien n’est dit).", keyless=True),
)
CHECKS: dict[str, Check] = {
    "rfm_note": Check(
        note,
        ("tableau",),
        about="Une colonne de notes RFM.",
        codes=NOTE_CODES,
        settings=(
            Setting("critere", one_of(*NOTES), "La note regardée : R, F ou M.", required=True, keyless=True),
            Setting("table", DATA, "Le fichier des notes justes ; « rfm » si rien n’est dit."),
            *COMMON,
        ),
        form=note_form,
        form_codes=("RFM-HORS-GRILLE",),
        proofs=_note_proofs,
    ),
    "rfm_total": Check(
        total,
        ("tableau",),
        about="Le score, somme des notes de l’élève.",
        needs_key=False,
        codes=TOTAL_CODES,
        settings=COMMON,
        proofs=_total_proofs,
    ),
    "rfm_segment": Check(
        segment,
        ("tableau",),
        about="Le segment, d’après le score de l’élève.",
        needs_key=False,
        codes=SEGMENT_CODES,
        settings=COMMON,
        proofs=_segment_proofs,
    ),
}
