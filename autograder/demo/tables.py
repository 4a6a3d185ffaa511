"""The typical mistakes made in the tables of activities 3 (restructuring) and 6 (RFM notes).

A table is worth what the sheet keeps of it: ``colonnes`` (their names) and ``lignes`` (lists of texts, the first one
being the number of the record).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from autograder.demo.changes import Mistake, only, type_of_change
from crc_lab.core.model import Json, Question

type_of_row = dict[str, str]

_VERY_GOOD, _GOOD, _WARM, _INACTIVE = "Très bons clients", "Bons clients", "Clients tièdes", "Clients inactifs"


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


RESTRUCTURING: tuple[Mistake, ...] = (
    Mistake("A3-E1", "A3-Q1", only("Des clients", "Des prospects")),
    Mistake("A3-E2", "A3-Q1", only("Des noms", "Des adresses")),
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
)
"""Activity 3."""

SCORING: tuple[Mistake, ...] = (
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
)
"""Activity 6."""
