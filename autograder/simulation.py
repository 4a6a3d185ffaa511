"""Typical mistakes, each as a change made to the model answer: what the simulated class of the demo is made of.

A mistake is named by the code of the message it must earn (contenu, activités §3 and §4, rfm.md §10). Each change takes
the model answer in the sheet's shape and gives a new one; the answer given is never modified.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crc_lab.bank import LoadedActivity
from crc_lab.model import Json, Question

type_of_row = dict[str, str]
type_of_change = Callable[[Json, Question], Json]

_VERY_GOOD, _GOOD, _WARM, _INACTIVE = "Très bons clients", "Bons clients", "Clients tièdes", "Clients inactifs"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One typical mistake: the question it spoils and how."""

    code: str
    question: str
    change: type_of_change


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
    """Oversights here and there, ``share`` of the work (0 to 1): cells left empty, items forgotten, fields missed."""
    changed = copy.deepcopy(dict(answers))
    for name, value in changed.items():
        if isinstance(value, dict) and "lignes" in value:
            for row in chance.sample(value["lignes"], round(share * len(value["lignes"]))):
                row[1:] = [cell if chance.random() < 0.5 else "" for cell in row[1:]]
        elif isinstance(value, list) and len(value) > 2:
            changed[name] = chance.sample(value, max(1, round((1 - share) * len(value))))
        elif isinstance(value, dict) and len(value) > 2:
            kept = set(chance.sample(sorted(value), max(1, round((1 - share) * len(value)))))
            changed[name] = {field: item for field, item in value.items() if field in kept}
    return changed


def half(answers: Mapping[str, Json]) -> dict[str, Json]:
    """The work of someone in a hurry: tables and lists stopped half way, every other question left out."""
    changed = {name: copy.deepcopy(answers[name]) for name in sorted(answers)[::-2]}
    for name, value in changed.items():
        if isinstance(value, dict) and "lignes" in value:
            value["lignes"] = value["lignes"][: len(value["lignes"]) // 2]
        elif isinstance(value, list) and len(value) > 2:
            changed[name] = value[: len(value) // 2]
    return changed


# --- tables -----------------------------------------------------------------------------------------------------------


def _rows(change: Callable[[type_of_row, type_of_row], None], source: str = "") -> type_of_change:
    """A change made row by row; ``change`` receives the answer's row and the given row of data file ``source``."""

    def apply(value: Json, question: Question) -> Json:
        columns = value["colonnes"]
        given = question.data[source].by_key("id_contact") if source else {}
        for position, cells in enumerate(value["lignes"]):
            row = dict(zip(columns, cells, strict=True))
            change(row, given.get(row["id_contact"], {}))
            value["lignes"][position] = [row[name] for name in columns]
        return value

    return apply


def _put(values: Mapping[tuple[str, str], str]) -> type_of_change:
    """Given cells replaced: {(row, column): text}."""

    def change(row: type_of_row, _: type_of_row) -> None:
        for (record, column), text in values.items():
            if row["id_contact"] == record:
                row[column] = text

    return _rows(change)


# --- activity 3: restructuring ----------------------------------------------------------------------------------------


def _lost_zeros(row: type_of_row, _: type_of_row) -> None:
    for column in ("siret", "telephone", "code_postal"):
        row[column] = row[column].removeprefix("+33").lstrip("0")


def _swapped_names(row: type_of_row, _: type_of_row) -> None:
    row["nom"], row["prenom"] = row["prenom"], row["nom"]


def _way_in_one_cell(row: type_of_row, _: type_of_row) -> None:
    row["nom_voie"] = " ".join(filter(None, (row["numero_voie"], row["type_voie"], row["nom_voie"])))
    row["numero_voie"] = row["type_voie"] = ""


def _old_titles(row: type_of_row, _: type_of_row) -> None:
    row["civilite"] = {"Mme": "Madame", "M.": "Monsieur"}.get(row["civilite"], row["civilite"])


def _alert_in_name(row: type_of_row, _: type_of_row) -> None:
    if row["alerte"] == "NPAI":
        row["nom"], row["alerte"] = f"{row['nom']} - NPAI", ""


def _business_as_person(row: type_of_row, _: type_of_row) -> None:
    if row["raison_sociale"]:
        row["nom"], row["raison_sociale"] = row["raison_sociale"], ""


def _mixed_dates(row: type_of_row, _: type_of_row) -> None:
    year, month, day = [*row["date_dernier_achat"].split("-"), "", ""][:3]
    if day and int(row["id_contact"]) % 2:
        row["date_dernier_achat"] = f"{day}/{month}/{year}"


def _amounts_with_unit(row: type_of_row, _: type_of_row) -> None:
    if row["panier_moyen"]:
        row["panier_moyen"] = row["panier_moyen"].replace(".", ",") + " €"


def _split_record(value: Json, _: Question) -> Json:
    twin = next(list(row) for row in value["lignes"] if row[0] == "8")
    value["lignes"].insert(8, twin)
    return value


def _removed_record(value: Json, _: Question) -> Json:
    value["lignes"] = [row for row in value["lignes"] if row[0] != "8"]
    return value


# --- activity 6: RFM --------------------------------------------------------------------------------------------------


def _rfm(change: Callable[[type_of_row, type_of_row], None]) -> type_of_change:
    """A change of the notes, followed through: total and segment are those of the changed notes."""

    def follow(row: type_of_row, given: type_of_row) -> None:
        if row["R"]:
            change(row, given)
            total = sum(int(row[name]) for name in ("R", "F", "M"))
            row["score"], row["segment"] = str(total), _segment(total)

    return _rows(follow, "base")


def _segment(score: int) -> str:
    return _VERY_GOOD if score > 40 else _GOOD if score >= 25 else _WARM if score > 0 else _INACTIVE


def _when(role: str, column: str, value: str, points: str) -> type_of_change:
    """The note given to the rows whose datum is exactly ``value``: a limit read on the wrong side."""

    def change(row: type_of_row, given: type_of_row) -> None:
        if given[column] == value:
            row[role] = points

    return _rfm(change)


def _inverted(row: type_of_row, _: type_of_row) -> None:
    row["R"] = {"10": "0", "0": "10"}.get(row["R"], row["R"])


def _monthly(row: type_of_row, given: type_of_row) -> None:
    row["F"] = "10" if int(given["nb_achats_12m"]) / 12 >= 1 else "0"


def _on_the_total(row: type_of_row, given: type_of_row) -> None:
    total = int(given["nb_achats_12m"]) * float(given["panier_moyen"])
    row["M"] = "20" if total > 100 else "10" if total >= 25 else "0"


def _annexe_7(row: type_of_row, given: type_of_row) -> None:
    date, number, basket = given["date_dernier_achat"], int(given["nb_achats_12m"]), float(given["panier_moyen"])
    row["R"] = "5" if date > "2026-08-01" else "2" if date >= "2026-05-01" else "0"
    row["F"] = "5" if number > 2 else "2" if number >= 1 else "0"
    row["M"] = "5" if basket > 50 else "2" if basket >= 20 else "0"


def _bad_sums(row: type_of_row, _: type_of_row) -> None:
    if row["R"] and int(row["id_contact"]) % 5 == 0:
        row["score"] = str(int(row["score"]) + 5)
        row["segment"] = _segment(int(row["score"]))


def _forty_is_very_good(row: type_of_row, _: type_of_row) -> None:
    if row["score"] == "40":
        row["segment"] = _VERY_GOOD


def _few_is_inactive(row: type_of_row, _: type_of_row) -> None:
    if row["score"] in ("10", "15", "20"):
        row["segment"] = _INACTIVE


def _prospect_is_inactive(row: type_of_row, _: type_of_row) -> None:
    if not row["score"]:
        row["score"], row["segment"] = "0", _INACTIVE


# --- lists and choices ------------------------------------------------------------------------------------------------


def _with(*items: list[str]) -> type_of_change:
    """Items too many."""
    return lambda value, _: [*value, *(list(item) for item in items)]


def _without(*items: list[str]) -> type_of_change:
    """Items forgotten, in whatever order a pair is written."""
    forgotten = [sorted(item) for item in items]
    return lambda value, _: [item for item in value if sorted(item) not in forgotten]


def _instead(**parts: str) -> type_of_change:
    """Other answers for some fields."""
    return lambda value, _: {**value, **parts}


def _texts(*texts: str) -> type_of_change:
    return lambda _, __: list(texts)


MISTAKES: Mapping[str, tuple[Mistake, ...]] = {
    "03_structurer": (
        Mistake("A3-E1", "A3-Q1", _texts("Des clients", "Des prospects")),
        Mistake("A3-E2", "A3-Q1", _texts("Des noms", "Des adresses")),
        Mistake("A3-E3", "A3-Q2", _rows(_lost_zeros)),
        Mistake("A3-E4", "A3-Q2", _rows(_swapped_names)),
        Mistake("A3-E5", "A3-Q2", _rows(_way_in_one_cell)),
        Mistake("A3-E6", "A3-Q2", _rows(_old_titles)),
        Mistake("A3-E7", "A3-Q2", _rows(_alert_in_name)),
        Mistake("A3-E8", "A3-Q2", _rows(_business_as_person)),
        Mistake("A3-E9", "A3-Q2", _split_record),
        Mistake("A3-E10", "A3-Q2", _rows(_mixed_dates)),
        Mistake("A3-E11", "A3-Q2", _removed_record),
        Mistake("A3-E12", "A3-Q2", _rows(_amounts_with_unit)),
        Mistake("A3-I1", "A3-Q2", _put({("9", "ville"): "LILLE", ("5", "code_postal"): "75011"})),
    ),
    "04_qualifier": (
        Mistake("A4-E1", "A4-Q1", _with(["1", "complement"], ["3", "complement"], ["5", "indice_repetition"])),
        Mistake("A4-E2", "A4-Q1", _with(["16", "date_dernier_achat"], ["16", "panier_moyen"])),
        Mistake("A4-E3", "A4-Q1", _without(["5", "code_postal"])),
        Mistake("A4-E4", "A4-Q1", _without(["9", "date_naissance"], ["57", "date_dernier_achat"])),
        Mistake("A4-E5", "A4-Q1", _without(["7", "siret"], ["42", "siret"])),
        Mistake("A4-E6", "A4-Q1", _without(["9", "ville"])),
        Mistake("A4-E7", "A4-Q1", _with(["12", "date_creation"], ["12", "date_naissance"])),
        Mistake("A4-E8", "A4-Q1", _with(["7", "civilite"], ["7", "nom"])),
        Mistake("A4-E9", "A4-Q2", _with(["1", "11"])),
        Mistake("A4-E10", "A4-Q2", _with(["20", "41"])),
        Mistake("A4-E11", "A4-Q2", _without(["25", "52"])),
        Mistake("A4-E12", "A4-Q3", _instead(taux="9,09")),
        Mistake("A4-RATIO", "A4-Q3", _instead(taux="0,083")),
        Mistake("A4-NETTOYER", "A4-Q4", _instead(o2="verifier")),
        Mistake("A4-VERIFIER", "A4-Q4", _instead(o6="mettre_a_jour", o7="nettoyer")),
    ),
    "06_scorer": (
        Mistake("RFM-R-STRICT3", "A6-Q1", _when("R", "date_dernier_achat", "2026-08-01", "10")),
        Mistake("RFM-R-STRICT12", "A6-Q1", _when("R", "date_dernier_achat", "2025-11-01", "0")),
        Mistake("RFM-R-DATEDIF", "A6-Q1", _when("R", "date_dernier_achat", "2025-10-31", "5")),
        Mistake("RFM-R-INVERSE", "A6-Q1", _rfm(_inverted)),
        Mistake("RFM-F-4", "A6-Q1", _when("F", "nb_achats_12m", "4", "20")),
        Mistake("RFM-F-MOIS", "A6-Q1", _rfm(_monthly)),
        Mistake("RFM-M-100", "A6-Q1", _when("M", "panier_moyen", "100.00", "20")),
        Mistake("RFM-M-25", "A6-Q1", _when("M", "panier_moyen", "25.00", "0")),
        Mistake("RFM-M-TOTAL", "A6-Q1", _rfm(_on_the_total)),
        Mistake("RFM-GRILLE7", "A6-Q1", _rfm(_annexe_7)),
        Mistake("RFM-SOMME", "A6-Q1", _rows(_bad_sums)),
        Mistake("RFM-SEG-40", "A6-Q1", _rows(_forty_is_very_good)),
        Mistake("RFM-SEG-0", "A6-Q1", _rows(_few_is_inactive)),
        Mistake("RFM-PROSPECT", "A6-Q1", _rows(_prospect_is_inactive)),
    ),
}
"""The typical mistakes of each activity. Two of them may be combined: changes follow one another."""
