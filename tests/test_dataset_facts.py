"""The facts of the data files, recomputed with rules written here: nothing of the project's own code is used."""

from __future__ import annotations

import itertools
import re
from collections import Counter

import pytest

from tests.dataset_files import REFERENCE, THREE_MONTHS, TWELVE_MONTHS, Row, luhn, plain, real_date, rows

# --- activity 3 -------------------------------------------------------------------------------------------------


def test_the_extract_of_the_restructured_base_has_245_marked_cells_and_the_whole_1283() -> None:
    unmarked = {"id_contact", "activite", "effectif", "code_ape", "pays", "date_consentement_tel", "alerte"}
    filled = [
        sum(bool(value) for name, value in row.items() if name not in unmarked) for row in rows("base_restructuree.csv")
    ]
    assert (sum(filled[:12]), sum(filled)) == (245, 1283)


# --- activity 4 -------------------------------------------------------------------------------------------------

ADDRESS = "numero_voie type_voie nom_voie code_postal ville"
PERSON = f"civilite nom prenom {ADDRESS} telephone email age sexe origine date_creation"
FIRM = f"raison_sociale activite effectif siret {ADDRESS} telephone email origine date_creation"
PURCHASE = "date_dernier_achat nb_achats_12m panier_moyen"
EMAIL = r"[a-z0-9._+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+"
PHONE = r"\+33[1-9]\d{8}"


def defects(row: Row, cities: set[str], pairs: set[tuple[str, str]]) -> dict[str, str]:
    """Column → Q code of activites.md § 4.1, for one row of the restructured base."""
    person = row["type_contact"] == "PARTICULIER"
    found: dict[str, str] = {}
    prospect = not row["date_dernier_achat"] and not row["panier_moyen"] and row["nb_achats_12m"] in ("", "0")
    required = (PERSON if person else FIRM).split() + ([] if prospect else PURCHASE.split())
    found |= {column: "Q01" for column in required if not row[column]}
    postcode, city = row["code_postal"], row["ville"]
    if postcode and not re.fullmatch(r"\d{5}", postcode):
        found["code_postal"] = "Q02"
    elif postcode and city in cities and (postcode, city) not in pairs:
        found["code_postal"] = "Q03"
    if city and city not in cities:
        found["ville"] = "Q04"
    if row["telephone"] and not re.fullmatch(PHONE, row["telephone"]):
        found["telephone"] = "Q05"
    if row["email"] and not re.fullmatch(EMAIL, row["email"]):
        found["email"] = "Q06"
    if row["civilite"] not in ("", "M.", "Mme"):
        found["civilite"] = "Q07"
    if " et " in row["prenom"]:
        found["prenom"] = "Q07"
    elif re.fullmatch(r"[A-ZÉÈ]\.?", row["prenom"]):
        found["prenom"] = "Q08"
    for column in ("date_naissance", "date_consentement_tel", "date_creation", "date_dernier_achat"):
        if row[column]:
            day = real_date(row[column])
            if day is None:
                found[column] = "Q09"
            elif day > REFERENCE:
                found[column] = "Q10"
    if row["age"] and not 16 <= int(row["age"]) <= 110:
        found["age"] = "Q11"
    if row["siret"] and not (re.fullmatch(r"\d{14}", row["siret"]) and luhn(row["siret"])):
        found["siret"] = "Q12"
    if row["nb_achats_12m"] and not re.fullmatch(r"\d+", row["nb_achats_12m"]):
        found["nb_achats_12m"] = "Q13"
    if row["panier_moyen"]:
        if not re.fullmatch(r"\d+\.\d{2}", row["panier_moyen"]):
            found["panier_moyen"] = "Q14"
        elif not 0 < float(row["panier_moyen"]) <= (500 if person else 5000):
            found["panier_moyen"] = "Q15"
    last = real_date(row["date_dernier_achat"])
    if (
        last
        and re.fullmatch(r"\d+", row["nb_achats_12m"])
        and (last >= TWELVE_MONTHS) != (int(row["nb_achats_12m"]) >= 1)
    ):
        found["nb_achats_12m"] = "Q16"
    if person:
        found |= {c: "Q17" for c in ("optin_email", "optin_sms", "optin_tel") if row[c] == "INCONNU"}
    return found


def test_the_45_cells_to_mark_on_23_rows_are_those_that_the_predicates_give() -> None:
    postal = rows("referentiel_postal.csv")
    cities = {row["ville"] for row in postal}
    pairs = {(row["code_postal"], row["ville"]) for row in postal}
    computed = {
        (row["id_contact"], column, code, row[column])
        for row in rows("base_restructuree.csv")
        for column, code in defects(row, cities, pairs).items()
    }
    key = {
        (row["id_contact"], row["colonne"], row["code"], row["valeur"])
        for row in rows("corriges/cellules_a_entourer.csv")
    }
    assert computed == key
    assert len(key) == 45
    assert len({cell[0] for cell in key}) == 23
    assert sum(int(cell[0]) <= 12 for cell in key) == 28
    assert Counter(code for _, _, code, _ in key) == {
        "Q01": 17, "Q02": 1, "Q03": 1, "Q04": 1, "Q05": 2, "Q06": 3, "Q07": 2, "Q08": 1, "Q09": 4, "Q10": 1, "Q11": 1,
        "Q12": 2, "Q13": 1, "Q14": 1, "Q15": 1, "Q16": 1, "Q17": 5,
    }  # fmt: skip


def common_keys(first: Row, second: Row) -> list[str]:
    def identity(row: Row) -> tuple[str, ...]:
        return row["nom"], plain(row["prenom"])[:1], row["code_postal"], row["numero_voie"], row["nom_voie"]

    found = ["ID"] if all(identity(first)) and identity(first) == identity(second) else []
    for name, column, valid in (
        ("MAIL", "email", lambda text: re.fullmatch(EMAIL, text)),
        ("SIRET", "siret", lambda text: re.fullmatch(r"\d{14}", text) and luhn(text)),
        ("TEL", "telephone", lambda text: re.fullmatch(PHONE, text)),
    ):
        if first[column] == second[column] and valid(first[column]):
            found.append(name)
    return found


def test_the_duplicate_keys_give_exactly_the_four_pairs() -> None:
    computed = {
        (first["id_contact"], second["id_contact"]): "+".join(keys)
        for first, second in itertools.combinations(rows("base_restructuree.csv"), 2)
        if (keys := common_keys(first, second))
    }
    key = {(row["maitre"], row["doublon"]): row["cles"] for row in rows("corriges/doublons.csv")}
    assert computed == key
    assert sorted(key) == [("1", "2"), ("13", "37"), ("18", "44"), ("25", "52")]


def test_the_npai_and_pnd_rate_is_5_out_of_60() -> None:
    alerts = Counter(row["alerte"] for row in rows("base_restructuree.csv"))
    assert (alerts["NPAI"], alerts["PND"], alerts["CONCURRENT"], alerts["OPPOSITION"]) == (3, 2, 1, 1)


def test_the_qualified_base_is_the_restructured_one_corrected_merged_and_sorted_out() -> None:
    base = {row["id_contact"]: dict(row, statut_fiche="VALIDE") for row in rows("base_restructuree.csv")}
    for change in rows("retours_qualification.csv"):
        base[change["id_contact"]][change["colonne"]] = change["valeur_corrigee"]
    for pair in rows("corriges/doublons.csv"):
        kept, other = base[pair["maitre"]], base.pop(pair["doublon"])
        kept["date_creation"] = min(kept["date_creation"], other["date_creation"])
        kept["date_dernier_achat"] = max(kept["date_dernier_achat"], other["date_dernier_achat"])
        best = max(kept, other, key=lambda row: int(row["nb_achats_12m"] or -1))
        kept["nb_achats_12m"], kept["panier_moyen"] = best["nb_achats_12m"], best["panier_moyen"]
        for consent in ("optin_email", "optin_sms", "optin_tel"):
            assert other[consent] in (kept[consent], "INCONNU"), "the merged consents do not disagree in this file"
    closed = {row["siret"] for row in rows("sirene_mini.csv") if row["etat"] == "F"}
    gone = {number for number, row in base.items() if row["alerte"] == "CONCURRENT" or row["siret"] in closed}
    assert gone == {"48", "50"}
    for number in gone | {"46"}:  # 46: a prospect who cannot be reached
        del base[number]
    for row in base.values():
        if row["alerte"] in ("NPAI", "PND"):
            row["statut_fiche"] = "ADRESSE_NON_VALIDE"
        elif row["alerte"] == "OPPOSITION":
            row["statut_fiche"] = "OPPOSITION"
    expected = rows("base_qualifiee.csv")
    assert list(base.values()) == expected
    assert Counter(row["statut_fiche"] for row in expected) == {"VALIDE": 49, "ADRESSE_NON_VALIDE": 3, "OPPOSITION": 1}


@pytest.mark.parametrize("name", ["base_restructuree.csv", "base_qualifiee.csv"])
def test_ages_are_completed_years_at_the_reference_date(name: str) -> None:
    for row in rows(name):
        birth = real_date(row["date_naissance"])
        if birth and row["age"]:
            age = REFERENCE.year - birth.year - ((REFERENCE.month, REFERENCE.day) < (birth.month, birth.day))
            assert int(row["age"]) == age, row["id_contact"]


# --- activity 6 -------------------------------------------------------------------------------------------------


def rfm(row: Row) -> list[str]:
    last, count, basket = real_date(row["date_dernier_achat"]), row["nb_achats_12m"], row["panier_moyen"]
    if not row["date_dernier_achat"] and not basket and count in ("", "0"):
        return ["", "", "", "", "Prospect (sans objet)"]
    readable = last and last <= REFERENCE and re.fullmatch(r"\d+", count) and re.fullmatch(r"\d+\.\d\d", basket)
    if not last or not readable or (last >= TWELVE_MONTHS) != (int(count) >= 1):
        return ["", "", "", "", "Non scorable"]
    cents = int(basket.replace(".", ""))
    recency = 10 if last > THREE_MONTHS else 5 if last >= TWELVE_MONTHS else 0
    frequency = 20 if int(count) > 4 else 10 if int(count) >= 1 else 0
    amount = 20 if cents > 10000 else 10 if cents >= 2500 else 0
    score = recency + frequency + amount
    segment = (
        "Très bons clients"
        if score > 40
        else "Bons clients"
        if score >= 25
        else "Clients tièdes"
        if score
        else "Clients inactifs"
    )
    return [str(recency), str(frequency), str(amount), str(score), segment]


@pytest.mark.parametrize(
    ("source", "key", "sizes"),
    [
        ("base_qualifiee.csv", "corriges/rfm.csv", [9, 29, 9, 2, 4, 0]),
        ("base_restructuree.csv", "corriges/rfm_avant_qualification.csv", [10, 29, 8, 2, 6, 5]),
    ],
)
def test_the_rfm_keys_are_recomputed_from_the_bases(source: str, key: str, sizes: list[int]) -> None:
    names = [
        "Très bons clients",
        "Bons clients",
        "Clients tièdes",
        "Clients inactifs",
        "Prospect (sans objet)",
        "Non scorable",
    ]
    computed = [[row["id_contact"], *rfm(row)] for row in rows(source)]
    assert computed == [[row[c] for c in ("id_contact", "R", "F", "M", "score", "segment")] for row in rows(key)]
    segments = Counter(line[-1] for line in computed)
    assert [segments[name] for name in names] == sizes
