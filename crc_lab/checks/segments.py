"""A segment: the filters that a student declares, and the list of records they say the filters keep.

The list is judged on the student's own filters (contenu, activités A5-Q2 c): ``points × (1 − errors ÷ expected)``, at
least 0, an error being a record forgotten or one too many. Two things are not the student's to choose: the records
that no campaign may contact, and the target of the campaign.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crc_lab.checks.records import File
from crc_lab.core.check import Check, Context, Outcome, Proof
from crc_lab.core.filters import Selection, rules_of
from crc_lab.core.model import CellNote, Message
from crc_lab.core.settings import COLUMN, RECORD, RULES, Mistake, Place, Setting, list_of, table_of

OPPOSED, CONTACTS, ALONE, SORTED, NAMES = "A5-E2", "A5-E3", "A5-E4", "A5-E5", "A5-E6"
OFF_TARGET, FORGOTTEN, SURPLUS, UNKNOWN = "A5-CIBLE", "A5-OUBLI", "A5-TROP", "A5-INCONNUE"
UNREADABLE, NO_RULES, NO_LIST, NOBODY = "A5-ILLISIBLE", "A5-SANS-CRITERE", "A5-LISTE", "A5-PERSONNE"
CODES = (
    OPPOSED, CONTACTS, ALONE, SORTED, NAMES, OFF_TARGET, FORGOTTEN, SURPLUS, UNKNOWN, UNREADABLE, NO_RULES, NO_LIST,
    NOBODY,
)  # fmt: skip


def segment(value: Mapping[str, Any], context: Context) -> Outcome:
    """The list is judged on the filters declared, ``impose`` or, without any, ``reference``; the first of the targets
    (``cibles``) that they reach is the one that is meant.
    """
    file = File.of(context.question)
    excluded = file.records(context.param("exclus", ()))
    chosen = file.select(value["criteres"])
    given, strange = file.given(value["fiches"])
    declared = bool(chosen.rules)
    imposed = context.param("impose", ())
    judged = chosen if declared and not imposed else file.select(imposed or context.param("reference", ()))
    kept = frozenset(judged.records) - excluded
    target = kept if imposed else _target(kept, chosen, file, context)
    expected = kept & target
    messages = [
        context.message(UNREADABLE, numero=one.position + 1, critere=_titled(value["criteres"][one.position], context))
        for one in chosen.unreadable
    ]
    if not given and not strange:
        return Outcome(0.0, (*messages, context.message(NO_LIST)))
    messages += context.told(None if declared else NO_RULES, None if expected else NOBODY)
    wrong = given - expected
    remarks, notes = _surplus(wrong, target, chosen, file, context)
    messages += remarks
    forgotten = file.in_order(expected - given)
    messages += [context.message(code, rows) for code, rows in ((FORGOTTEN, forgotten), (UNKNOWN, strange)) if rows]
    messages += context.told(ALONE if 1 in (len(given), len(expected)) else None)
    errors = len(wrong) + len(forgotten) + len(strange)
    share = max(0.0, 1 - errors / len(expected)) if expected else 0.0
    notes += [CellNote(record, file.spec.key, "juste") for record in file.in_order(given & expected)]
    return Outcome(share, tuple(messages), tuple(notes))


def _titled(rule: Sequence[str], context: Context) -> str:
    """A filter as people read it: « Panier moyen ≥ 100 »."""
    column, *rest = rule
    return str(*rules_of([[context.question.title_of(column), *rest]]))


def _target(kept: frozenset[str], chosen: Selection, file: File, context: Context) -> frozenset[str]:
    """All the records of the target that the student's filters reach; of the first target when they reach none."""
    targets = [
        file.records(target["regles"])
        for target in context.param("cibles", ())
        if not any(chosen.uses(column) for column in target.get("sans", ()))
    ]
    reached = (records for records in targets if records & kept)
    return next(reached, targets[0] if targets else kept)


def _surplus(
    wrong: frozenset[str], target: frozenset[str], chosen: Selection, file: File, context: Context
) -> tuple[list[Message], list[CellNote]]:
    """What is said of the records that are too many: each one once, the most telling reason first."""
    guess: Mapping[str, Any] = context.param("prenoms", {})
    guessed = chosen.uses(str(guess.get("colonne", "")))
    others = wrong & file.records(context.param("autres", ()))
    reasons: dict[str, frozenset[str]] = {OPPOSED: wrong & file.records(context.param("exclus", ()))}
    reasons[CONTACTS] = wrong & file.records(context.param("contacts", ()))
    misled = others & frozenset(guess.get("fiches", ()))
    if guessed or (misled and misled == others):
        reasons[NAMES] = others
    elif len(others) > 1 and not chosen.uses(str(context.param("filtre", ""))):
        reasons[SORTED] = others
    reasons[OFF_TARGET] = wrong - target
    reasons[SURPLUS] = wrong
    messages, notes, told = [], [], frozenset[str]()
    for code, records in reasons.items():
        rows = file.in_order(records - told)
        if rows or (code == NAMES and guessed):
            messages.append(context.message(code, rows))
            notes += [CellNote(row, file.spec.key, "faux", context.message(code, (row,)).text) for row in rows]
            told |= records
    return messages, notes


# --- the settings, and answers that prove them ------------------------------------------------------------------------


def _problems(place: Place) -> Iterator[Mistake]:
    if not place.settings.get("impose") and not place.settings.get("reference"):
        yield Mistake((), "il faut « reference », ou bien « impose » : les règles sur lesquelles la liste est jugée.")


def _proofs(context: Context) -> Iterator[Proof]:
    """The model list with a record too many of each sort, one forgotten, one unknown; then with other filters."""
    file = File.of(context.question)
    rules, right = context.answer["criteres"], list(context.answer["fiches"])
    share = 1 - 1 / len(right)

    def proof(about: str, records: list[str], worth: float, code: str, *path: str, filters: Any = rules) -> Proof:
        return Proof(about, {"criteres": filters, "fiches": records}, worth, code, path)

    yield proof("sans liste", [], 0.0, NO_LIST)
    yield proof("une fiche oubliée", right[1:], share, FORGOTTEN)
    yield proof("un numéro inconnu", [*right, "9999"], share, UNKNOWN)
    for name, code in (("exclus", OPPOSED), ("contacts", CONTACTS)):
        more = file.in_order(file.records(context.param(name, ())) - frozenset(right))[:1]
        if more:
            yield proof(f"la fiche {more[0]} en trop", [*right, *more], share, code, name)
    yield proof("un critère illisible", right, 1.0, UNREADABLE, filters=[*rules, ["colonne_inconnue", "=", "x"]])
    judged = "impose" if context.param("impose") else "reference"
    if context.param(judged):
        kept = file.records(context.param(judged)) - file.records(context.param("exclus", ()))
        yield proof("la liste sans les critères", list(file.in_order(kept)), 1.0, NO_RULES, judged, filters=[])


CHECKS = {
    "segment": Check(
        segment,
        ("segment",),
        about="Des critères, et les fiches qu’ils retiennent : la liste est jugée sur les critères de l’élève.",
        codes=CODES,
        settings=(
            Setting("exclus", RULES, "Les fiches qu’aucune campagne ne doit contacter."),
            Setting(
                "cibles",
                list_of(table_of({"regles": RULES}, {"sans": list_of(COLUMN)})),
                "Les cibles possibles de la campagne ; celle des critères de l’élève est la première qu’ils atteignent "
                "(« sans » : les colonnes qui ne doivent pas être filtrées pour elle).",
            ),
            Setting("reference", RULES, "Les critères sur lesquels on juge une liste donnée sans critères."),
            Setting(
                "impose",
                RULES,
                "Les critères de l’énoncé : la liste est jugée sur eux, quels que soient ceux de l’élève.",
            ),
            Setting("contacts", RULES, "Les fiches prises pour la cible à cause d’une seule case."),
            Setting("autres", RULES, "Les fiches qui montrent que la cible n’a pas été filtrée."),
            Setting("filtre", COLUMN, "La colonne qui filtre la cible."),
            Setting(
                "prenoms",
                table_of({"colonne": COLUMN, "fiches": list_of(RECORD)}),
                "La colonne qui ne doit pas servir à deviner la cible, et les fiches qu’elle y met à tort.",
            ),
        ),
        problems=_problems,
        proofs=_proofs,
    )
}
