"""Lists of records of a file: those that some rules keep, those that a student gave.

The list alone (contenu, activités A7-Q3): ``points × max(0, right − wrong) ÷ expected``; with ``suivi``, what is
expected follows the answer to another question (corrections C8). A segment (A5-Q2 c): the list is judged on the
student's own filters, ``points × (1 − errors ÷ expected)``, at least 0, an error being a record forgotten or one too
many. Two things are not the student's to choose: the records that no campaign may contact, and the target of the
campaign.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crc_lab.core import settings as s
from crc_lab.core.answers import FormatProblem
from crc_lab.core.filters import Selection, rules_of, select
from crc_lab.core.grading import Check, Context, Outcome, Proof
from crc_lab.core.model import CellNote, Message, Part, Question, Table, TableSpec
from crc_lab.core.settings import COLUMN, DEPENDS, RECORD, RULES, Mistake, Place, Setting, list_of, table_of

DUPLICATE, EVERYBODY = "A7-E4", "A7-E2"
FORGOTTEN, SURPLUS, UNKNOWN, NO_LIST, NOT_SAID = "A7-OUBLI", "A7-TROP", "A7-INCONNUE", "A7-LISTE", "A7-PARTICULIERS"
LIST_CODES = (DUPLICATE, EVERYBODY, FORGOTTEN, SURPLUS, UNKNOWN, NO_LIST, NOT_SAID)
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class File:
    """The file of a question, and what its columns compare."""

    table: Table
    spec: TableSpec

    @classmethod
    def of(cls, question: Question) -> File:
        """The file that a question shows; raises :class:`ValueError` for a question without a table (our mistake)."""
        if question.table is None:
            raise ValueError(f"{question.id} has no table")
        return cls(question.data[question.table.source], question.table)

    @property
    def keys(self) -> tuple[str, ...]:
        """The numbers of all its records, in its order."""
        at = self.table.positions[self.spec.key]
        return tuple(row[at] for row in self.table.rows)

    def select(self, rules: Iterable[Sequence[str]]) -> Selection:
        return select(rules_of(rules), self.table, self.spec.kinds, self.spec.key)

    def records(self, rules: Sequence[Sequence[str]]) -> frozenset[str]:
        """Those that these rules of the key keep; none without any rule."""
        return frozenset(self.select(rules).records) if rules else frozenset()

    def in_order(self, records: Iterable[str]) -> tuple[str, ...]:
        """The same records in the order of the file."""
        wanted = frozenset(records)
        return tuple(key for key in self.keys if key in wanted)

    def given(self, texts: Iterable[str]) -> tuple[frozenset[str], tuple[str, ...]]:
        """The records that texts name (« 3 », « n° 3 », « 3, 5 »), and what is no record of the file."""
        known = frozenset(self.keys)
        found: dict[str, None] = {}
        strange: dict[str, None] = {}
        for text in texts:
            numbers = [text] if text in known else [str(int(number)) for number in _NUMBER.findall(text[:1000])]
            for number in numbers or [text[:40]]:
                (found if number in known else strange)[number] = None
        return frozenset(found), tuple(strange)


def record_list(value: Mapping[str, Any], context: Context) -> Outcome:
    """The list of one part, against the rules that its records must pass (others, for some answers to another part)."""
    file = File.of(context.question)
    part = value.get(context.param("liste"))
    given, strange = file.given(() if part is None or isinstance(part, FormatProblem) else part)
    if not given and not strange:
        return Outcome(0.0, (context.message(NO_LIST),))
    special: Mapping[str, Any] = context.param("selon", {})
    chosen = value.get(context.param("choix"))
    targets, said = _targets(file, context)
    if isinstance(chosen, str) and chosen in special:
        only = file.records(special[chosen])
        targets = [target & only for target in targets] if context.param("suivi") else [only]
    expected = max(targets, key=lambda target: len(given & target) - len(given - target) - len(target) / 1000)
    duplicates = tuple(one for one in strange if one in context.param("doublons", ()))
    unknown = tuple(one for one in strange if one not in duplicates)
    wrong = given - expected
    messages = [*said, *_remarks(wrong, given, chosen, file, context)]
    messages += [context.message(DUPLICATE, (one,), id=one) for one in duplicates]
    messages += [context.message(UNKNOWN, unknown)] if unknown else []
    if expected - given:
        not_said = any(given == expected & file.records(rules) for rules in special.values())
        forgotten = file.in_order(expected - given)
        messages.append(context.message(NOT_SAID) if not_said else context.message(FORGOTTEN, forgotten))
    errors = len(wrong) + len(strange)
    notes = [CellNote(one, file.spec.key, "juste" if one in expected else "faux") for one in file.in_order(given)]
    return Outcome(max(0, len(given & expected) - errors) / max(1, len(expected)), tuple(messages), tuple(notes))


def _targets(file: File, context: Context) -> tuple[list[frozenset[str]], tuple[Message, ...]]:
    """The lists that are right: by the rules of the key or, with ``suivi``, by what was chosen at another question (the
    first choice, or all of them unless they are nearly everybody); and what is to be said of it."""
    reference = file.records(context.param("regles"))
    if not (followed := context.param("suivi")):
        return [reference], ()
    raw = context.others.get(str(context.param(DEPENDS, "")))
    part = raw.get(followed["partie"]) if isinstance(raw, dict) else raw
    rules: Mapping[str, Any] = followed["regles"]
    names = [str(one) for one in (part if isinstance(part, (list, tuple)) else [part]) if str(one) in rules]
    if not names:
        return [reference], (context.message(followed["sans"]),)
    own = [file.records(rules[name]) for name in names]
    together = frozenset[str]().union(*own)
    few = len(together) < context.param("presque_tout", len(file.keys) + 1)
    said = () if own[0] == reference else (context.message(followed["code"]),)
    return [own[0], *([together] if few else [])], said


def _remarks(
    wrong: frozenset[str], given: frozenset[str], chosen: object, file: File, context: Context
) -> Iterator[Message]:
    """What is said of the records too many: each one once."""
    if len(given) >= context.param("presque_tout", len(file.keys) + 1):
        yield context.message(EVERYBODY)
        return
    left = wrong
    for error in (*context.param("erreurs", ()), {"regles": (), "code": SURPLUS}):
        if error.get("choix", chosen) != chosen:
            continue
        rows = left & file.records(error["regles"]) if error["regles"] else left
        if rows:
            yield context.message(error["code"], file.in_order(rows))
            left -= rows


# --- the settings, and answers that prove them ------------------------------------------------------------------------


def _list_problems(place: Place) -> Iterator[Mistake]:
    if "selon" in place.settings and "choix" not in place.settings:
        yield Mistake(("selon",), "il faut aussi « choix », la partie dont la réponse change les règles.")


def _list_proofs(context: Context) -> Iterator[Proof]:
    """The model answer with a record too many, forgotten, unknown; then with each answer that changes the rules."""
    file, part, choice = File.of(context.question), context.param("liste"), context.param("choix", "")
    special: Mapping[str, Any] = context.param("selon", {})
    followed, other = context.param("suivi"), str(context.param(DEPENDS, ""))
    reference = file.records(context.param("regles"))
    only = {one: file.records(special[one]) for one in special}
    expected = {"": reference} | {one: (reference & only[one] if followed else only[one]) for one in only}

    def answer(records: Iterable[str], chosen: str = "") -> Any:
        return {**context.answer, part: list(records), **({choice: chosen} if chosen else {})}

    def proof(about: str, added: Sequence[str], code: str, *path: str | int, chosen: str = "") -> Proof:
        right = file.in_order(expected[chosen])
        given = answer((*right, *added), chosen)
        return Proof(about, given, max(0, len(right) - len(added)) / len(right), code, path)

    right = file.in_order(expected[""])
    yield Proof("sans liste", answer(()), 0.0, NO_LIST, ("liste",))
    yield Proof("une fiche oubliée", answer(right[1:]), 1 - 1 / len(right), FORGOTTEN, ("regles",))
    yield proof("un numéro inconnu", ["9999"], UNKNOWN, "regles")
    for position, one in enumerate(context.param("doublons", ())):
        yield proof(f"le doublon {one}", [one], DUPLICATE, "doublons", position)
    if "presque_tout" in (context.key.criteria if context.key else {}).get(context.criterion.id, {}):
        yield Proof("presque tout le fichier", answer(file.keys), None, EVERYBODY, ("presque_tout",))
    left = frozenset(file.keys)
    for position, error in enumerate(context.param("erreurs", ())):
        matching = left & file.records(error["regles"])
        chosen = error.get("choix") or next((one for one, records in expected.items() if matching - records), "")
        found = file.in_order(matching - expected[chosen])[:1]
        about = f"la fiche {''.join(found)}" if found else "aucune fiche que ces règles retiennent à tort"
        yield proof(about, found, error["code"], "erreurs", position, chosen=chosen)
        left -= matching
    if rest := file.in_order(left - expected[""])[:1]:
        yield proof(f"la fiche {rest[0]}", rest, SURPLUS, "regles")
    for name in special:
        given = file.in_order(expected[name])
        yield Proof(f"la liste de « {name} »", answer(given, name), 1.0, path=("selon", name))
        if expected[name] < expected[""]:
            yield Proof(f"la liste de « {name} », sans le dire", answer(given), None, NOT_SAID, ("selon", name))
    for name, rules in followed["regles"].items() if followed else ():
        records = file.records(rules)
        others = {other: {followed["partie"]: [name]}}
        code, path = "" if records == reference else followed["code"], ("suivi", "regles", name)
        yield Proof(f"la cible « {name} »", answer(file.in_order(records)), 1.0, code, path, others)
    if followed:
        yield Proof("sans autre réponse", answer(right), 1.0, followed["sans"], ("suivi", "sans"), {other: None})


def _choices(place: Place) -> list[str]:
    part = next((part for part in place.question.parts if part.id == place.settings.get("choix")), None)
    return [option.id for option in part.spec.options] if part else []


def _followed(place: Place) -> Part | None:
    """The part of another question that ``suivi`` looks at."""
    other = place.questions.get(str(place.settings.get(DEPENDS)))
    wanted = place.settings.get("suivi")
    name = wanted.get("partie") if isinstance(wanted, Mapping) else None
    return next((part for part in other.parts if part.id == name), None) if other else None


def _other_parts(place: Place) -> list[str]:
    other = place.questions.get(str(place.settings.get(DEPENDS)))
    return [part.id for part in other.parts] if other else []


def _other_options(place: Place) -> list[str]:
    part = _followed(place)
    return [option.id for option in part.spec.options] if part else []


_CHOICE = s.reference("une option de la partie que nomme « choix »", _choices)
_OTHER_PART = s.reference("une partie de la question dont celle-ci dépend", _other_parts)
_OTHER_OPTION = s.reference("une option de cette partie", _other_options)


# --- a segment: the filters that a student declares, and the records they say the filters keep ------------------------

OPPOSED, CONTACTS, ALONE, SORTED, NAMES = "A5-E2", "A5-E3", "A5-E4", "A5-E5", "A5-E6"
OFF_TARGET, LEFT_OUT, TOO_MANY, NO_SUCH = "A5-CIBLE", "A5-OUBLI", "A5-TROP", "A5-INCONNUE"
UNREADABLE, NO_RULES, EMPTY_LIST, NOBODY = "A5-ILLISIBLE", "A5-SANS-CRITERE", "A5-LISTE", "A5-PERSONNE"
SEGMENT_CODES = (
    OPPOSED, CONTACTS, ALONE, SORTED, NAMES, OFF_TARGET, LEFT_OUT, TOO_MANY, NO_SUCH, UNREADABLE, NO_RULES, EMPTY_LIST,
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
        return Outcome(0.0, (*messages, context.message(EMPTY_LIST)))
    messages += context.told(None if declared else NO_RULES, None if expected else NOBODY)
    wrong = given - expected
    remarks, notes = _surplus(wrong, target, chosen, file, context)
    messages += remarks
    forgotten = file.in_order(expected - given)
    messages += [context.message(code, rows) for code, rows in ((LEFT_OUT, forgotten), (NO_SUCH, strange)) if rows]
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
    reasons[TOO_MANY] = wrong
    messages, notes, told = [], [], frozenset[str]()
    for code, records in reasons.items():
        rows = file.in_order(records - told)
        if rows or (code == NAMES and guessed):
            messages.append(context.message(code, rows))
            notes += [CellNote(row, file.spec.key, "faux", context.message(code, (row,)).text) for row in rows]
            told |= records
    return messages, notes


# --- the settings, and answers that prove them ------------------------------------------------------------------------


def _segment_problems(place: Place) -> Iterator[Mistake]:
    if not place.settings.get("impose") and not place.settings.get("reference"):
        yield Mistake((), "il faut « reference », ou bien « impose » : les règles sur lesquelles la liste est jugée.")


def _segment_proofs(context: Context) -> Iterator[Proof]:
    """The model list with a record too many of each sort, one forgotten, one unknown; then with other filters."""
    file = File.of(context.question)
    rules, right = context.answer["criteres"], list(context.answer["fiches"])
    share = 1 - 1 / len(right)

    def proof(about: str, records: list[str], worth: float, code: str, *path: str, filters: Any = rules) -> Proof:
        return Proof(about, {"criteres": filters, "fiches": records}, worth, code, path)

    yield proof("sans liste", [], 0.0, EMPTY_LIST)
    yield proof("une fiche oubliée", right[1:], share, LEFT_OUT)
    yield proof("un numéro inconnu", [*right, "9999"], share, NO_SUCH)
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
    "liste_fiches": Check(
        record_list,
        ("parties",),
        about="Les fiches que des règles retiennent : une fiche donnée à tort en annule une juste.",
        codes=LIST_CODES,
        settings=(
            Setting("liste", s.PART_NAME, "La partie qui contient la liste.", required=True),
            Setting("regles", s.RULES, "Ce que sont les fiches attendues.", required=True),
            Setting("choix", s.PART_NAME, "Une autre partie, dont la réponse peut changer les règles."),
            Setting(
                "selon",
                s.mapping(_CHOICE, s.RULES),
                "Les règles, selon la réponse à la partie « choix » ; avec « suivi », des règles de plus.",
            ),
            Setting(
                "suivi",
                s.table_of(
                    {
                        "partie": _OTHER_PART,
                        "regles": s.mapping(_OTHER_OPTION, s.RULES),
                        "code": s.CODE,
                        "sans": s.CODE,
                    }
                ),
                "La cible suit la réponse à une autre question (« depend_de ») : les règles de chaque option de sa "
                "« partie » ; ce que l’on dit d’une autre cible que celle de « regles » (« code »), ou quand cette "
                "réponse manque (« sans »).",
            ),
            Setting(
                "erreurs",
                s.list_of(s.table_of({"regles": s.RULES, "code": s.CODE}, {"choix": _CHOICE})),
                "Ce que l’on dit des fiches en trop : la première ligne dont elles remplissent les règles ("
                "s’il le faut, pour une seule réponse à la partie « choix »).",
            ),
            Setting("doublons", s.list_of(s.TEXT, distinct=True), "Les fiches écartées comme doublons."),
            Setting("presque_tout", s.integer(1), "Le nombre de fiches à partir duquel la liste retient presque tout."),
        ),
        problems=_list_problems,
        proofs=_list_proofs,
    ),
    "segment": Check(
        segment,
        ("segment",),
        about="Des critères, et les fiches qu’ils retiennent : la liste est jugée sur les critères de l’élève.",
        codes=SEGMENT_CODES,
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
        problems=_segment_problems,
        proofs=_segment_proofs,
    ),
}
