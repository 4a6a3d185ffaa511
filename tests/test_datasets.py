"""The data files: their schema, the made files, and that nobody real is in them."""

from __future__ import annotations

import csv
import json
import re
import shutil
import unicodedata
from pathlib import Path

import frictionless
import openpyxl
import pytest

from tests.dataset_files import CSV_FILES, DATASETS, ROOT, luhn, plain, rows
from tools import build_datasets

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
    assert {resource.path for resource in package.resources} == files - {"datapackage.json", "droit.toml"}
    # the law is no table: crc_lab.core.law reads and checks it (tests/test_law.py)


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
        "base_qualifiee.csv": (53, 34), "base_scoree.csv": (53, 39), "retours_qualification.csv": (43, 4),
        "sirene_mini.csv": (16, 7), "referentiel_postal.csv": (25, 2), "bloctel_retour_2026-07-01.csv": (7, 3),
        "lexique.csv": (195, 5), "corriges/doublons.csv": (4, 3),
        "corriges/cellules_a_entourer.csv": (45, 4), "corriges/rfm.csv": (53, 6), "codes_postaux.csv": (35539, 6),
        "corriges/base_restructuree.csv": (60, 33), "corriges/rfm_avant_qualification.csv": (60, 9),
        "journal_appels.csv": (50, 19), "temps_agents.csv": (5, 7), "journal_appels_400.csv": (400, 20),
        "temps_agents_5j.csv": (25, 7), "semaine_promotion.csv": (5, 2), "tableau_de_bord.csv": (10, 2),
        "pages_vues.csv": (73, 8), "visiteurs.csv": (10, 5), "corriges/semaine_promotion.csv": (5, 4),
        "corriges/tableau_de_bord.csv": (10, 3), "corriges/scores_visite.csv": (10, 6),
        "reclamations.csv": (24, 12), "questions_flash.csv": (150, 8),
    }  # fmt: skip
    assert {name: (len(table := rows(name)), len(table[0])) for name in CSV_FILES} == expected


# --- made files -------------------------------------------------------------------------------------------------


def test_made_files_are_those_that_build_wants() -> None:
    wanted = build_datasets.build(ROOT)
    assert {path.as_posix() for path in wanted} == {
        "datasets/base_scoree.csv",
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
