"""Reading what students really hand over: moved headers, merged cells, dates, formulas, lost zeros, any CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from crc_lab.core.cells import header_words
from crc_lab.core.errors import ImportProblem
from crc_lab.core.rooms import wordings_of
from crc_lab.excel import ImportResult, read_answer
from tests.excel_cases import A6, TARGET, key_answer, records, restructure, rezipped, saved, workbook

A3 = restructure(12)
SCORES = key_answer("rfm.csv")
HEADER = ["id_contact", "R", "F", "M", "score", "segment"]


def scores(*rows: list[Any], header: list[Any] | None = None) -> ImportResult:
    return read_answer(saved(workbook(("Feuil1", [header or HEADER, *rows]))), "rendu.xlsx", A6)


def one(column: str, value: Any, number_format: str | None = None) -> tuple[str, tuple[str, ...]]:
    """What is read of a cell of A3-Q2 holding ``value``, and the warnings about cells."""
    book = workbook(("Feuil1", [["id_contact", column], [1, value]]))
    if number_format is not None:
        book["Feuil1"]["B2"].number_format = number_format
    result = read_answer(saved(book), "x.xlsx", A3)
    return records(result.value)["1"][column], tuple(w for w in result.warnings if w.startswith("Cellule"))


def said(result: ImportResult) -> str:
    return " ".join(result.warnings).replace("\u00a0", " ")


# --- headers ----------------------------------------------------------------------------------------------------


def test_headers_are_found_when_the_table_was_moved_and_the_sheet_renamed() -> None:
    rows = [[], ["", "Mon travail"], [], ["", "", *HEADER], *(["", "", *line] for line in SCORES["lignes"])]
    book = workbook(("Notes", [["rien ici"]]), ("Ma feuille à moi", rows), ("Vide", []))
    result = read_answer(saved(book), "x.xlsx", A6)
    assert result.value == SCORES
    assert result.question_id is None


@pytest.mark.parametrize(
    "header",
    [
        ["ID_CONTACT", "r", "f", "m", "Score", "SEGMENT"],
        ["N°", "Récence", "Fréquence", "Montant", "Score RFM", "Segment client"],
        [" n° contact ", "R (récence)", "F (fréquence)", "M (montant)", "Total", "Catégorie"],
        ["Id contact", "Note R", "Note F", "Note M", "score total", "segment\u00a0RFM"],
    ],
)
def test_headers_are_understood_whatever_the_case_the_accents_and_the_wording(header: list[str]) -> None:
    result = scores(*SCORES["lignes"], header=header)
    assert result.value == SCORES
    assert result.warnings == ()


def test_restructured_headers_may_be_written_the_french_way() -> None:
    french = [
        "N°", "Type de contact", "Civilité", "Nom", "Prénom", "Raison sociale", "Activité", "Effectif", "N° SIRET",
        "Code APE", "Numéro de voie", "Indice de répétition", "Type de voie", "Nom de la voie", "Complément d’adresse",
        "Code postal", "Ville", "Pays", "Téléphone", "E-mail", "Date de naissance", "Âge", "Sexe", "Opt-in e-mail",
        "Opt-in SMS", "Opt-in téléphone", "Date de consentement (tél.)", "Origine", "Date de création",
        "Date du dernier achat",
        "Nb d’achats (12 mois)", "Panier moyen (€)", "Alerte",
    ]  # fmt: skip
    key = key_answer("base_restructuree.csv", 12)
    result = read_answer(saved(workbook(("Base", [french, *key["lignes"]]))), "x.xlsx", A3)
    assert result.value == key
    assert result.warnings == ()


def test_a_raw_column_of_the_template_is_not_taken_for_the_answer() -> None:
    raw = ["id_contact", "Contact", "Adresse", "Coordonnées", "Profil", "Source", "Consentement", "Dernier achat",
           "Nb achats 12 mois", "Panier moyen"]  # fmt: skip
    row = [1, "Madame", "12 bis", "06", "née", "carte", "mail", "12/09/26", "six", "112,50 €"]
    both = read_answer(
        saved(workbook(("S", [[*raw, "nom", "panier_moyen"], [*row, "DURAND", "112.50"]]))), "x.xlsx", A3
    )
    assert records(both.value)["1"] == {"id_contact": "1", "nom": "DURAND", "panier_moyen": "112.50"}
    alone = read_answer(saved(workbook(("S", [["N°", "Nom", "Panier moyen"], [1, "DURAND", "112.50"]]))), "x.xlsx", A3)
    assert records(alone.value)["1"] == {"id_contact": "1", "nom": "DURAND", "panier_moyen": "112.50"}


def test_missing_repeated_and_unknown_columns_are_said() -> None:
    result = scores(["1", "10", "20", "x", "5"], header=["id_contact", "R", "F", "Commentaire", "R"])
    text = said(result)
    assert "Colonnes absentes du tableau : M, score et segment." in text
    assert "La colonne « R » figure plusieurs fois : la première (B1) a été lue." in text
    assert "Colonne non lue : « Commentaire »." in text
    assert result.value == {"colonnes": ["id_contact", "R", "F"], "lignes": [["1", "10", "20"]]}


@pytest.mark.parametrize("rows", [[["a", "b"], [1, 2]], [], [["id_contact"], [1]], [["R", "F", "M"], [5, 10, 20]]])
def test_a_file_without_headers_is_refused_with_what_is_expected(rows: list[list[Any]]) -> None:
    with pytest.raises(ImportProblem, match="aucune ligne d’en-têtes reconnue") as caught:
        read_answer(saved(workbook(("Feuil1", rows))), "rendu.xlsx", A6)
    assert "id_contact" in str(caught.value)
    assert "modèle" in caught.value.remedy


# --- lines ------------------------------------------------------------------------------------------------------


def test_lines_missing_unknown_repeated_or_without_number_are_said_and_nothing_is_lost() -> None:
    lines = [
        *SCORES["lignes"][2:],
        ["999", "", "", "", "", "Bons clients"],
        SCORES["lignes"][5],
        ["", "10", "", "", "", ""],
    ]
    result = scores(*lines)
    assert result.value["lignes"] == lines
    text = said(result)
    assert "Fiches absentes du tableau : n° 1 et 3." in text
    assert "Numéros de fiche (id_contact) inconnus : « 999 »." in text
    assert "Fiche présente plusieurs fois : n° 7." in text
    assert "1 ligne(s) sans numéro de fiche" in text


def test_empty_lines_headers_repeated_and_formatted_blanks_are_ignored() -> None:
    book = workbook(("S", [HEADER, *SCORES["lignes"][:30], [], [None] * 6, HEADER, *SCORES["lignes"][30:]]))
    for row in range(60, 3000):
        for column in range(1, 8):
            book["S"].cell(row, column).number_format = "@"
    book["S"].cell(9000, 40).number_format = "0.00"
    assert book["S"].max_row == 9000
    assert read_answer(saved(book), "x.xlsx", A6).value == SCORES


def test_lines_come_back_in_the_order_of_the_file() -> None:
    lines = SCORES["lignes"][::-1]
    assert scores(*lines).value["lignes"] == lines


def test_the_sheet_with_the_answers_wins_and_the_other_is_named() -> None:
    empty = [[line[0]] for line in SCORES["lignes"]]
    book = workbook(("Réponse", [HEADER, *empty]), ("Réponse (2)", [HEADER, *SCORES["lignes"]]))
    assert read_answer(saved(book), "x.xlsx", A6).value == SCORES
    book = workbook(("Essai", [HEADER, SCORES["lignes"][0]]), ("Réponse", [HEADER, *SCORES["lignes"]]))
    result = read_answer(saved(book), "x.xlsx", A6)
    assert result.value == SCORES
    assert "« Réponse » a été lue, « Essai » non." in said(result)


def test_a_merged_area_gives_its_value_to_each_of_its_cells() -> None:
    lines = [[1, 10, 20, 20, 50, "Très bons clients"], [3, 10, 10, 10, 30], [5, 5, 10, 10, 25]]
    book = workbook(("S", [["Mon score"], HEADER, *lines]))
    book["S"].merge_cells("A1:F1")
    book["S"]["F4"] = "Bons clients"
    book["S"].merge_cells("F4:F5")
    book["S"].merge_cells("C4:D4")
    read = records(read_answer(saved(book), "x.xlsx", A6).value)
    assert [line["segment"] for line in read.values()] == ["Très bons clients", "Bons clients", "Bons clients"]
    assert read["3"]["M"] == "10"


def test_a_huge_merged_area_costs_nothing() -> None:
    book = workbook(("S", [HEADER, *SCORES["lignes"]]))
    book["S"]["H1"] = "note"
    book["S"].merged_cells.add("H1:XFD1048576")  # merge_cells() would make a cell for each place
    assert read_answer(saved(book), "x.xlsx", A6).value == SCORES


# --- cells ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (4, "4"), (4.0, "4"), (112.5, "112.5"), (0.1 + 0.2, "0.3"), (50.00000000000001, "50"), (-3, "-3"), (0, "0"),
        (1e15, "1000000000000000"), (True, "VRAI"), (False, "FAUX"), (1e-7, "0.0000001"), ("1 234,50", "1 234,50"),
        ("12.50", "12.50"), ("31/02/2024", "31/02/2024"), ("sept. 2025", "sept. 2025"),
    ],
)  # fmt: skip
def test_numbers_are_written_without_point_zero_and_texts_stay_as_typed(value: Any, text: str) -> None:
    assert one("panier_moyen", value) == (text, ())


@pytest.mark.parametrize(
    ("column", "value", "text", "restored"),
    [
        ("siret", 1234400016, "00001234400016", True), ("siret", 1234400016.0, "00001234400016", True),
        ("siret", "1234400016", "1234400016", False), ("siret", 12345678901234, "12345678901234", False),
        ("telephone", 639981234, "0639981234", True), ("telephone", 33639981234, "+33639981234", True),
        ("telephone", "639981234", "639981234", False), ("telephone", "33639981234", "33639981234", False),
        ("telephone", 63998777, "63998777", False), ("code_postal", 1000, "01000", True),
        ("code_postal", "1000", "1000", False), ("code_postal", 75019, "75019", False),
        ("code_postal", 750, "750", False), ("numero_voie", 12, "12", False), ("nb_achats_12m", 1000, "1000", False),
    ],
)  # fmt: skip
def test_zeros_come_back_only_where_the_tool_took_them(column: str, value: Any, text: str, restored: bool) -> None:
    read, warnings = one(column, value)
    assert read == text
    assert [("B2" in w and "zéros" in w) for w in warnings] == [True] * restored


def test_zeros_that_the_sheet_shows_are_read_as_shown() -> None:
    assert one("code_postal", 1000, "00000") == ("01000", ())
    assert one("numero_voie", 7, "000") == ("007", ())


@pytest.mark.parametrize(
    ("column", "value", "number_format", "text", "warning"),
    [
        ("date_creation", dt.datetime(2024, 3, 15), "dd/mm/yyyy", "2024-03-15", None),
        ("date_creation", dt.date(2024, 3, 15), None, "2024-03-15", None),
        ("date_creation", dt.datetime(2024, 3, 15, 10, 30), "dd/mm/yyyy hh:mm", "2024-03-15 10:30:00", None),
        ("date_creation", dt.datetime(2024, 3, 1), "mmm-yy", "2024-03-01", "mois"),
        ("date_creation", dt.datetime(2024, 3, 1), "mmmm yyyy", "2024-03-01", "mois"),
        ("date_creation", dt.datetime(2024, 3, 1), "[$-40C]d mmmm yyyy;@", "2024-03-01", None),
        ("nom", dt.datetime(2026, 2, 1), "dd/mm/yyyy", "2026-02-01", "a changé votre saisie en date"),
        ("nom", dt.time(10, 30), "hh:mm", "10:30:00", None),
    ],
)
def test_dates_are_read_as_iso_and_what_excel_invented_is_said(
    column: str, value: Any, number_format: str | None, text: str, warning: str | None
) -> None:
    read, warnings = one(column, value, number_format)
    assert read == text
    assert len(warnings) == (warning is not None)
    assert warning is None or warning in warnings[0]


def test_dates_of_the_1904_calendar_are_the_same_days() -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in (["id_contact", "date_creation"], [1, dt.datetime(2024, 3, 15)]):
        book.active.append(row)
    assert read_answer(saved(book), "x.xlsx", A3).value["lignes"] == [["1", "2024-03-15"]]


def test_a_date_outside_the_calendar_is_an_error_cell_not_a_crash() -> None:
    book = workbook(("S", [["id_contact", "date_creation"], [1, 99999999]]))
    book["S"]["B2"].number_format = "dd/mm/yyyy"
    result = read_answer(saved(book), "x.xlsx", A3)
    assert result.value["lignes"] == [["1", ""]]
    assert "Cellule B2 : le tableur affiche une erreur de calcul" in said(result)


def test_a_formula_without_result_is_named_with_the_remedy() -> None:
    result = scores([1, 10, 20, 20, "=B2+C2+D2", "Très bons clients"], [3, 10, 10, 10, "=B3+C3+D3", "Bons clients"])
    assert [line[4] for line in result.value["lignes"]] == ["", ""]
    assert said(result).startswith(
        "Cellules E2 et E3 : le résultat de la formule n’est pas enregistré dans le fichier. Ouvrez le fichier dans "
        "Excel, enregistrez-le, puis recommencez."
    )


def test_formulas_with_results_are_read_as_their_results() -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("Réponse")
    sheet.write_row(0, 0, HEADER)
    sheet.write_row(1, 0, [1, 10, 20, 20])
    sheet.write_formula(1, 4, "=B2+C2+D2", None, 50)
    sheet.write_formula(1, 5, '=IF(E2>40,"Très bons clients","")', None, "Très bons clients")
    sheet.write_formula(2, 0, "=A2+2", None, 3)
    sheet.write_formula(2, 4, '=IF(B3="","",1)', None, "VIDE")
    sheet.write_formula(2, 5, "=Z99+#REF!", None, "#REF!")
    sheet.write_array_formula("B3:B3", "{=SUM(B2:B2)}", None, 10)
    book.close()
    # An empty text as Excel stores it (xlsxwriter cannot): a result that is there, and empty.
    content = rezipped(buffer.getvalue(), "xl/worksheets/sheet1.xml", b"<v>VIDE</v>", b"<v></v>")
    result = read_answer(content, "x.xlsx", A6)
    assert result.value["lignes"] == [["1", "10", "20", "20", "50", "Très bons clients"], ["3", "10", "", "", "", ""]]
    assert [warning[:10] for warning in result.warnings if warning.startswith("Cellule")] == ["Cellule F3"]


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!", "#VALEUR!", "#NOM?"])
def test_error_cells_are_named_and_read_as_empty(error: str) -> None:
    result = scores([1, 10, 20, 20, error, "Bons clients"])
    assert result.value["lignes"][0][4] == ""
    assert "Cellule E2 : le tableur affiche une erreur de calcul" in said(result)


@pytest.mark.parametrize("formula", ["=SOMME(B2:D2)", "=B2+C2+D2", "= $B$2+C2", "=(B2+C2)", "=SI(B2>3;1;0)"])
def test_a_formula_that_stayed_text_is_said_and_kept(formula: str) -> None:
    book = workbook(("S", [HEADER, [1, 10, 20, 20, None, "Bons clients"]]))
    book["S"]["E2"].value = formula
    book["S"]["E2"].data_type = "s"
    result = read_answer(saved(book), "x.xlsx", A6)
    assert result.value["lignes"][0][4] == formula
    assert "Cellule E2 : la formule est restée du texte" in said(result)


def test_many_cells_with_the_same_trouble_make_one_sentence() -> None:
    result = scores(*([int(line[0]), "#REF!", "10", "10", "20", "x"] for line in SCORES["lignes"]))
    told = [
        w for w in result.warnings if w.replace("\u00a0", " ").startswith("Cellules B2, B3, B4, B5, B6 et 48 autres")
    ]
    assert told == [result.warnings[0]]


# --- CSV --------------------------------------------------------------------------------------------------------


def csv_bytes(encoding: str, delimiter: str, header: str = "", newline: str = "\r\n") -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=newline)
    writer.writerow(["N°", "Récence", "F", "M", "score", "segment"])
    writer.writerows(SCORES["lignes"])
    return (header + buffer.getvalue()).encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "mac_roman", "cp850", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_is_read_in_every_usual_encoding_and_with_every_usual_separator(encoding: str, delimiter: str) -> None:
    result = read_answer(csv_bytes(encoding, delimiter), "rendu.csv", A6)
    assert result.value == SCORES
    assert result.warnings == ()


def test_a_csv_whose_letters_were_doubled_is_mended_and_said() -> None:
    doubled = csv_bytes("utf-8", ";").decode("cp1252").encode("utf-8-sig")
    result = read_answer(doubled, "rendu.csv", A6)
    assert result.value == SCORES
    assert ["accents" in warning for warning in result.warnings] == [True]


def test_a_letter_lost_in_a_csv_is_said_with_its_cell() -> None:
    text = "id_contact;nom;prenom\n1;Élise;Zoé\n2;Béziers;Léa\n".encode().replace("Léa".encode(), b"L\xe9a")
    result = read_answer(text, "x.csv", A3)
    assert result.warnings[0].startswith("Cellule ligne 3, colonne 3")
    assert "illisible" in result.warnings[0]


def test_the_separator_line_of_excel_is_skipped() -> None:
    assert read_answer(csv_bytes("cp1252", "|", "sep=|\r\n"), "rendu.csv", A6).value == SCORES


def test_csv_cells_stay_text_and_warnings_name_lines() -> None:
    text = "id_contact;nom;code_postal;telephone;panier_moyen\n1;DURAND;01000;0639981234;112,50\n2;=A1(2);;;#REF!\n"
    result = read_answer(text.encode(), "x.csv", A3)
    assert result.value["lignes"] == [["1", "DURAND", "01000", "0639981234", "112,50"], ["2", "=A1(2)", "", "", ""]]
    assert "Cellule ligne 3, colonne 5 :" in said(result)


def test_a_csv_called_xlsx_is_read_all_the_same() -> None:
    assert read_answer(csv_bytes("utf-8", ";"), "rendu.xlsx", A6).value == SCORES


def test_every_target_column_has_its_own_wordings() -> None:
    forms = [form for one in wordings_of(TARGET).values() for form in {header_words(wording) for wording in one}]
    twice = {form for form in forms if forms.count(form) > 1}
    assert not twice, "a wording must name one column only"
