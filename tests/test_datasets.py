"""The data files: their schema, their facts, and that nobody real is in them. Nothing here uses the project's rules."""

from __future__ import annotations

import csv
import itertools
import json
import re
import shutil
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path

import frictionless
import openpyxl
import pytest

from autograder import build_datasets

ROOT = Path(__file__).resolve().parent.parent
DATASETS = ROOT / "datasets"
CSV_FILES = sorted(path.relative_to(DATASETS).as_posix() for path in DATASETS.rglob("*.csv"))
REFERENCE = date(2026, 11, 1)
THREE_MONTHS, TWELVE_MONTHS = date(2026, 8, 1), date(2025, 11, 1)

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    with (DATASETS / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=";"))


def real_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None


def luhn(digits: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + position % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def plain(text: str) -> str:
    letters = "".join(c for c in unicodedata.normalize("NFD", text.upper()) if not unicodedata.combining(c))
    return re.sub(r"[^A-Z0-9]+", " ", letters).strip()


# --- schema -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def package() -> frictionless.Package:
    return frictionless.Package(str(DATASETS / "datapackage.json"))


def test_every_file_is_valid_against_the_data_package(package: frictionless.Package) -> None:
    report = package.validate()
    assert report.flatten(["type", "rowNumber", "fieldName", "note"]) == []
    assert report.valid


def test_the_data_package_lists_exactly_the_files_of_the_folder(package: frictionless.Package) -> None:
    files = {path.relative_to(DATASETS).as_posix() for path in DATASETS.rglob("*") if path.is_file()}
    assert {resource.path for resource in package.resources} == files - {"datapackage.json"}


def test_every_resource_says_its_licence_its_source_and_its_dialect() -> None:
    for resource in json.loads((DATASETS / "datapackage.json").read_text("utf-8"))["resources"]:
        licences = [licence["name"] for licence in resource["licenses"]]
        wanted = ["etalab-2.0", "MIT"] if resource["name"] == "codes_postaux" else ["CC-BY-SA-4.0"]
        assert licences == wanted, resource["name"]
        assert resource["sources"]
        assert resource["title"]
        assert resource["description"]
        if resource["format"] == "csv":
            assert (resource["encoding"], resource["dialect"]["delimiter"]) == ("utf-8", ";")


def test_every_column_has_a_type_and_a_meaning_in_french() -> None:
    for resource in json.loads((DATASETS / "datapackage.json").read_text("utf-8"))["resources"]:
        for field in resource["schema"]["fields"]:
            place = f"{resource['name']}.{field['name']}"
            assert field["type"] in {"string", "integer", "number", "date"}, place
            assert field["description"].endswith("."), place
            assert "'" not in field["description"], f"{place}: typographic apostrophe"


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("base_qualifiee.csv", "+33639981234", "0639981234"),
        ("base_qualifiee.csv", "2024-01-10", "2024-02-30"),
        ("base_qualifiee.csv", "112.50", "112,50"),
        ("base_qualifiee.csv", "VALIDE", "OK"),
        ("base_restructuree.csv", "CARTE_FIDELITE", "CARTE"),
        ("corriges/doublons.csv", "13;37", "13;99"),
        ("referentiel_postal.csv", "75003", "7503"),
    ],
)
def test_the_schema_refuses_a_spoilt_value(tmp_path: Path, name: str, before: str, after: str) -> None:
    copy = tmp_path / "datasets"
    shutil.copytree(DATASETS, copy)
    text = (copy / name).read_text("utf-8")
    assert before in text
    (copy / name).write_text(text.replace(before, after, 1), encoding="utf-8", newline="\n")
    package = frictionless.Package(str(copy / "datapackage.json"))
    package.remove_resource("codes_postaux")  # large, and not touched here
    assert not package.validate().valid


@pytest.mark.parametrize("name", CSV_FILES)
def test_csv_files_are_utf8_without_bom_with_semicolons_and_line_feeds(name: str) -> None:
    raw = (DATASETS / name).read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    assert not raw.endswith(b"\n\n")
    assert raw.decode("utf-8") == unicodedata.normalize("NFC", raw.decode("utf-8"))
    table = list(csv.reader(raw.decode("utf-8").splitlines(), delimiter=";"))
    assert len(table) == raw.count(b"\n"), "a cell holds a line break"
    assert {len(line) for line in table} == {len(table[0])}


def test_the_files_have_the_announced_sizes() -> None:
    expected = {
        "contacts_bruts.csv": (60, 10), "contacts_bruts_extrait.csv": (12, 10), "base_restructuree.csv": (60, 33),
        "base_qualifiee.csv": (53, 34), "retours_qualification.csv": (43, 4), "sirene_mini.csv": (16, 7),
        "referentiel_postal.csv": (25, 2), "bloctel_retour_2026-07-01.csv": (7, 3), "corriges/doublons.csv": (4, 3),
        "corriges/cellules_a_entourer.csv": (45, 4), "corriges/rfm.csv": (53, 6), "codes_postaux.csv": (35539, 6),
        "corriges/base_restructuree.csv": (60, 33), "corriges/rfm_avant_qualification.csv": (60, 9),
    }  # fmt: skip
    assert {name: (len(table := rows(name)), len(table[0])) for name in CSV_FILES} == expected


# --- made files -------------------------------------------------------------------------------------------------


def test_made_files_are_those_that_build_wants() -> None:
    wanted = build_datasets.build(ROOT)
    assert {path.as_posix() for path in wanted} == {
        "datasets/contacts_bruts_extrait.csv",
        "datasets/corriges/base_restructuree.csv",
        "datasets/marielle_nature_contacts.xlsx",
    }
    for path, content in wanted.items():
        assert (ROOT / path).read_bytes() == content, f"{path}: run crc-lab construire"


def test_the_workbook_is_the_same_bytes_each_time_and_shows_no_clock() -> None:
    source = (DATASETS / "contacts_bruts.csv").read_text("utf-8").splitlines()
    lines = list(csv.reader(source, delimiter=";"))
    assert build_datasets.contacts_workbook(lines) == build_datasets.contacts_workbook(lines)
    book = openpyxl.load_workbook(DATASETS / "marielle_nature_contacts.xlsx")
    assert book.properties.created == book.properties.modified == build_datasets.CREATED


def test_the_workbook_holds_the_csv_cell_for_cell_as_text_except_the_number() -> None:
    book = openpyxl.load_workbook(DATASETS / "marielle_nature_contacts.xlsx")
    assert book.sheetnames == ["Contacts"]
    sheet = book["Contacts"]
    header, *lines = sheet.iter_rows()
    expected = rows("contacts_bruts.csv")
    assert [cell.value for cell in header] == list(expected[0])
    assert all(cell.font.b for cell in header)
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:J61")
    assert len(lines) == len(expected)
    for line, row in zip(lines, expected, strict=True):
        assert (line[0].value, line[0].data_type) == (int(row["N°"]), "n")
        for cell, value in zip(line[1:], list(row.values())[1:], strict=True):
            assert (cell.value or "", cell.number_format) == (value, "@")
            assert cell.data_type == "s" or cell.value is None


def test_copies_are_identical() -> None:
    assert (DATASETS / "corriges/base_restructuree.csv").read_bytes() == (
        DATASETS / "base_restructuree.csv"
    ).read_bytes()
    assert rows("contacts_bruts_extrait.csv") == rows("contacts_bruts.csv")[:12]


def test_the_student_version_of_the_qualified_base_holds_no_score() -> None:
    columns = list(rows("base_qualifiee.csv")[0])
    assert columns == [*rows("base_restructuree.csv")[0], "statut_fiche"]


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


# --- nobody real ------------------------------------------------------------------------------------------------

FICTION = re.compile(r"(\+33|0)(19900|26191|35301|46571|53649|63998)\d*")
"""The ranges that Arcep keeps for fiction; the two short numbers of the file are inside them as well."""


@pytest.mark.parametrize("name", [name for name in CSV_FILES if name != "codes_postaux.csv"])
def test_phones_emails_and_companies_are_fictional(name: str) -> None:
    emails = phones = 0
    for row in rows(name):
        for column, value in row.items():
            for domain in re.findall(r"(?:@+|\(at\))([A-Za-z0-9.-]+)", value):
                emails += 1
                assert re.fullmatch(r"(.*\.)?example(\.(com|org|net))?", domain.lower()), (name, value)
            bare = re.sub(r"[\s.\-]", "", value)
            candidates = re.findall(r"(?<![\d@])(?:\+33|0)\d{8,9}(?!\d)", bare)
            for phone in candidates:
                phones += 1
                assert FICTION.fullmatch(phone), (name, column, value)
            for siret in re.findall(r"(?<!\d)\d{13,14}(?!\d)", re.sub(r"(?<=\d) (?=\d)", "", value)):
                assert siret.startswith("0000"), (name, value)
    if name in ("contacts_bruts.csv", "base_restructuree.csv", "base_qualifiee.csv"):
        assert min(emails, phones) >= 53, "the patterns of this test must see the values"


def test_every_siret_passes_luhn_except_the_two_wanted_defects() -> None:
    wrong = {row["siret"] for row in rows("base_restructuree.csv") if row["siret"] and not luhn(row["siret"])}
    marked = {row["valeur"] for row in rows("corriges/cellules_a_entourer.csv") if row["code"] == "Q12"}
    assert wrong <= marked
    assert "00004242400030" in wrong
    for name in ("base_qualifiee.csv", "sirene_mini.csv"):
        for row in rows(name):
            assert not row["siret"] or (luhn(row["siret"]) and luhn(row["siret"][:9])), row


def test_every_professional_of_the_qualified_base_is_active_in_the_directory() -> None:
    active = {row["siret"]: row for row in rows("sirene_mini.csv") if row["etat"] == "A"}
    for row in rows("base_qualifiee.csv"):
        if row["siret"]:
            entry = active[row["siret"]]
            assert (entry["denomination"], entry["ape"]) == (row["raison_sociale"], row["code_ape"])
            assert (entry["code_postal"], entry["ville"]) == (row["code_postal"], row["ville"])


def test_bloctel_numbers_belong_to_private_people_of_the_base() -> None:
    private = {row["telephone"] for row in rows("base_restructuree.csv") if row["type_contact"] == "PARTICULIER"}
    assert {row["telephone"] for row in rows("bloctel_retour_2026-07-01.csv")} <= private


def test_every_pair_of_the_postal_reference_exists_in_the_national_file() -> None:
    national = {(row["code_postal"], plain(row["commune"])) for row in rows("codes_postaux.csv")}
    missing = [
        row for row in rows("referentiel_postal.csv") if (row["code_postal"], plain(row["ville"])) not in national
    ]
    assert missing == []
