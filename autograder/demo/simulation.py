"""Simulated work: the model answers, spoilt by typical mistakes, oversights or haste. The demo's class is made of it.

The mistakes of each activity are named by the code of the message they must earn (contenu, activités; rfm.md §10).
Answers given to these functions are never modified.
"""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable, Mapping

from autograder.demo.changes import (
    Mistake,
    every_record,
    fewer,
    fields,
    instead,
    more,
    only,
    reworded,
    sentence,
    type_of_change,
    within,
)
from autograder.demo.tables import RESTRUCTURING, SCORING
from crc_lab.core.bank import LoadedActivity
from crc_lab.core.model import Json

type_of_choice = Callable[[list[Json]], list[Json]]


def model_answers(loaded: LoadedActivity) -> dict[str, Json]:
    """The model answer of every question, training exercises included, each a value of its own."""
    return {name: copy.deepcopy(key.answer) for name, key in loaded.keys.items()}


def spoil(answers: Mapping[str, Json], mistake: Mistake, loaded: LoadedActivity) -> dict[str, Json]:
    """The same answers with one mistake more."""
    question = loaded.activity.question(mistake.question)
    if question is None:
        raise KeyError(mistake.question)
    changed = mistake.change(copy.deepcopy(answers[mistake.question]), question)
    return {**answers, mistake.question: changed}


def slip(answers: Mapping[str, Json], chance: random.Random, share: float) -> dict[str, Json]:
    """Oversights here and there, ``share`` of the work (0 to 1): cells left empty, items and sentences missed."""

    def kept(items: list[Json]) -> list[Json]:
        number = max(1, round((1 - share) * len(items)))
        return [items[position] for position in sorted(chance.sample(range(len(items)), number))]

    def slipped(value: Json) -> Json:
        if isinstance(value, dict) and "lignes" in value:
            for row in chance.sample(value["lignes"], round(share * len(value["lignes"]))):
                row[1:] = [cell if chance.random() < 0.5 else "" for cell in row[1:]]
            return value
        if isinstance(value, dict):
            parts = kept(sorted(value)) if len(value) > 2 else list(value)
            return {part: slipped(item) for part, item in value.items() if part in parts}
        return _shortened(value, kept)

    return {name: slipped(value) for name, value in copy.deepcopy(dict(answers)).items()}


def half(answers: Mapping[str, Json]) -> dict[str, Json]:
    """The work of someone in a hurry: tables, lists and texts stopped half way, every other question left out."""

    def halved(value: Json) -> Json:
        if isinstance(value, dict) and "lignes" in value:
            return {**value, "lignes": value["lignes"][: len(value["lignes"]) // 2]}
        if isinstance(value, dict):
            return {part: halved(item) for part, item in value.items()}
        return _shortened(value, lambda items: items[: max(1, len(items) // 2)])

    return {name: halved(copy.deepcopy(answers[name])) for name in sorted(answers)[::-2]}


def followed(answers: Mapping[str, Json], loaded: LoadedActivity) -> dict[str, Json]:
    """The same answers, less what their cards could not show: rows taken from a list given at another question."""
    changed = dict(answers)
    for question in loaded.activity.marked:
        if getattr(question.spec, "rows_from", "") in answers and question.id in answers:
            lists = [part for part in answers[question.spec.rows_from].values() if isinstance(part, list)]
            shown = {row for part in lists for row in part}
            ticked = answers[question.id].items()
            changed[question.id] = {column: [row for row in rows if row in shown] for column, rows in ticked}
    return changed


def _shortened(value: Json, choice: type_of_choice) -> Json:
    """What ``choice`` keeps of a list of at least three items, or of the lines or sentences of a text."""
    if isinstance(value, list):
        return choice(value) if len(value) > 2 else value
    if isinstance(value, str) and "\n" in value:
        return "\n".join(choice(value.split("\n")))
    return " ".join(choice(re.split(r"(?<=[.!?]) ", value))) if isinstance(value, str) else value


def _segment(criteria: type_of_change, records: type_of_change) -> type_of_change:
    """Activity 5: other filters, and the list that was taken with them."""
    return within(c=within(criteres=criteria, fiches=records))


MISTAKES: Mapping[str, tuple[Mistake, ...]] = {
    "01_crc": (
        Mistake("A1-E1", "A1-Q1a", sentence("Omnicom vend des cosmétiques bio dans ses boutiques.")),
        Mistake(
            "A1-E2",
            "A1-Q1a",
            reworded({"centre de relation client": "centre d’appels", "la relation client": "les appels"}),
        ),
        Mistake("A1-E3", "A1-Q1a", sentence("Les clients d’Omnicom sont des particuliers.")),
        Mistake("A1-E4", "A1-Q1b", fields({3: "La télévente"})),
        Mistake("A1-E5", "A1-Q1b", fields({0: "Le téléphone et les mails"})),
        Mistake("A1-E6", "A1-Q1c", fields({2: "Il y a un open space et des casques."})),
        Mistake("A1-E8", "A1-Q2", only("téléphone", "mail", "SMS", "réseaux sociaux", "site", "boutique", "le CRM")),
        Mistake("A1-E9", "A1-Q2", only("beaucoup de canaux", "téléphone", "e-mail", "courrier", "tchat", "site web")),
    ),
    "02_reglementation": (
        Mistake("A2-E1", "A2-Q1", sentence("Il faut déclarer le fichier à la CNIL.")),
        Mistake("A2-E3", "A2-Q1", sentence("Le consentement est toujours obligatoire.")),
        Mistake("A2-E4", "A2-Q2", instead(conclusion="oui", manquements=["M3"])),
        Mistake("A2-E5", "A2-Q2", within(manquements=more("M2"))),
        Mistake("A2-E8", "A2-Q3", fields({4: "Bloctel bloque aussi les mails et les SMS"})),
        Mistake("A2-E9", "A2-Q3", fields({2: "L’inscription est payante pour le consommateur"})),
        Mistake("A2-E11", "A2-Q4", within(b2b=instead(choix="oui", raison="Il faut toujours vérifier."))),
        Mistake("A2-E14", "A2-Q5", fields({1: "Interdiction de tout démarchage téléphonique"})),
    ),
    "03_structurer": RESTRUCTURING,
    "04_qualifier": (
        Mistake("A4-E1", "A4-Q1", more(["1", "complement"], ["3", "complement"], ["5", "indice_repetition"])),
        Mistake("A4-E2", "A4-Q1", more(["16", "date_dernier_achat"], ["16", "panier_moyen"])),
        Mistake("A4-E3", "A4-Q1", fewer(["5", "code_postal"])),
        Mistake("A4-E4", "A4-Q1", fewer(["9", "date_naissance"], ["57", "date_dernier_achat"])),
        Mistake("A4-E5", "A4-Q1", fewer(["7", "siret"], ["42", "siret"])),
        Mistake("A4-E6", "A4-Q1", fewer(["9", "ville"])),
        Mistake("A4-E7", "A4-Q1", more(["12", "date_creation"], ["12", "date_naissance"])),
        Mistake("A4-E8", "A4-Q1", more(["7", "civilite"], ["7", "nom"])),
        Mistake("A4-E9", "A4-Q2", more(["1", "11"])),
        Mistake("A4-E10", "A4-Q2", more(["20", "41"])),
        Mistake("A4-E11", "A4-Q2", fewer(["25", "52"])),
        Mistake("A4-E12", "A4-Q3", instead(taux="9,09")),
        Mistake("A4-RATIO", "A4-Q3", instead(taux="0,083")),
        Mistake("A4-NETTOYER", "A4-Q4", instead(o2="verifier")),
        Mistake("A4-VERIFIER", "A4-Q4", instead(o6="mettre_a_jour", o7="nettoyer")),
    ),
    "05_segmenter": (
        Mistake("A5-E1", "A5-Q1", fields({2: "L’âge du client"})),
        Mistake("A5-LETTRES", "A5-Q1", only("R", "F", "M")),
        Mistake("A5-E2", "A5-Q2", _segment(fewer(["statut_fiche", "≠", "OPPOSITION"]), more("39"))),
        Mistake("A5-E3", "A5-Q2", _segment(fewer(["type_contact", "=", "PARTICULIER"]), more("10", "19"))),
        Mistake("A5-E4", "A5-Q2", _segment(more(["ville", "=", "LILLE"]), only("59"))),
        Mistake("A5-E5", "A5-Q2", _segment(only(), every_record("base"))),
        Mistake("A5-E6", "A5-Q2", within(c=within(fiches=more("17")))),
        Mistake("A5-OUBLI", "A5-Q2", within(c=within(fiches=fewer("3", "5", "54")))),
    ),
    "06_scorer": SCORING,
    "07_cibler": (  # the three targets of A7-Q2 apart: whoever makes several mistakes makes consecutive ones
        Mistake("A7-E1", "A7-Q3", within(fiches=more("43"))),
        Mistake("A7-E3", "A7-Q2", instead(segments=["tiedes", "inactifs"])),
        Mistake("A7-E4", "A7-Q3", within(fiches=more("37", "44"))),
        Mistake("A7-E5", "A7-Q4", within(telephone=more("1", "13", "35"))),
        Mistake("A7-E2", "A7-Q2", instead(segments=["tres_bons", "bons", "tiedes", "inactifs"])),
        Mistake("A7-EMAIL", "A7-Q4", within(email=more("35"))),
        Mistake("A7-SMS-FIXE", "A7-Q4", within(sms=more("4", "22"))),
        Mistake("A7-ORDRE", "A7-Q2", instead(segments=["bons", "tres_bons"])),
    ),
}
"""The typical mistakes of each activity. Two of them may be combined: changes follow one another."""
