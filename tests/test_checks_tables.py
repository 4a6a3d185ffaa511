"""The restructured table (A3-Q2): the formula computed again from the data, each coded mistake, what is accepted."""

from __future__ import annotations

import csv
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crc_lab.core.grading import grade
from crc_lab.core.model import CellNote, Key, Message, Question, QuestionResult, Verdict
from crc_lab.core.resources import datasets_folder
from crc_lab.core.rooms import checks
from tests.loaded import loaded_activity

LOADED = loaded_activity("03_structurer")
QUESTION: Question = next(question for question in LOADED.activity.questions if question.id == "A3-Q2")
KEY: Key = LOADED.keys["A3-Q2"]
UNMARKED = {"id_contact", "activite", "effectif", "code_ape", "pays", "date_consentement_tel", "alerte"}

type_of_rows = dict[str, dict[str, str]]


def read(name: str) -> list[dict[str, str]]:
    with (datasets_folder() / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=";"))


EXPECTED: type_of_rows = {row["id_contact"]: row for row in read("corriges/base_restructuree.csv")}
COLUMNS = list(EXPECTED["1"])
MARKED = [column for column in COLUMNS if column not in UNMARKED]
EXTRACT = [str(number) for number in range(1, 13)]
IN_EXTRACT = 245


def rows_of(*ids: str) -> type_of_rows:
    return {record: dict(EXPECTED[record]) for record in ids}


def value_of(rows: type_of_rows | list[dict[str, str]], columns: list[str] = COLUMNS) -> dict[str, Any]:
    lines = rows if isinstance(rows, list) else list(rows.values())
    return {"colonnes": columns, "lignes": [[row.get(column, "") for column in columns] for row in lines]}


def marked(rows: type_of_rows | list[dict[str, str]], columns: list[str] = COLUMNS) -> QuestionResult:
    return grade(QUESTION, value_of(rows, columns), KEY)


def changed(record: str, **cells: str) -> QuestionResult:
    rows = rows_of(*EXTRACT)
    rows[record] |= cells
    return marked(rows)


def points(result: QuestionResult, criterion: str = "contenu") -> float:
    return next(item.points for item in result.criteria if item.id == criterion)


def message(result: QuestionResult, code: str) -> Message:
    found = [item for item in result.messages if item.code == code]
    assert len(found) == 1, f"{code}: {[item.code for item in result.messages]}"
    return found[0]


def note(result: QuestionResult, record: str, column: str) -> CellNote:
    found = [item for item in result.cells if (item.row, item.column) == (record, column)]
    assert len(found) == 1
    return found[0]


def worth(right: float, wrongly_filled: int = 0, expected: int = IN_EXTRACT) -> float:
    """The formula of the mark scheme, written again."""
    return max(0.0, 14 * right / expected - 0.1 * wrongly_filled)


# --- the numbers of the mark scheme --------------------------------------------------------------------------------


def test_the_extract_has_245_marked_cells_among_312_and_the_file_1283() -> None:
    assert len(COLUMNS) == 33
    assert len(MARKED) == 26
    assert len(EXTRACT) * len(MARKED) == 312
    assert sum(bool(EXPECTED[record][column]) for record in EXTRACT for column in MARKED) == IN_EXTRACT
    assert sum(bool(row[column]) for row in EXPECTED.values() for column in MARKED) == 1283


def test_the_columns_to_fill_are_those_of_the_key_and_the_numbers_are_given() -> None:
    assert QUESTION.table is not None
    filled = {column.name for column in QUESTION.table.columns if column.answer}
    assert filled == set(COLUMNS) - {"id_contact"}
    assert "id_contact" in QUESTION.table.given


# --- whole answers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ids", [EXTRACT, list(EXPECTED)], ids=["12 rows", "60 rows"])
def test_the_key_earns_everything_and_calls_for_no_remark(ids: list[str]) -> None:
    result = marked(rows_of(*ids))
    assert (result.verdict, result.points) == (Verdict.JUSTE, 17)
    assert result.cells == ()
    assert {item.code for item in result.messages} <= {"A3-BILAN", "A3-EXPERT"}


@pytest.mark.parametrize("value", [None, {}, {"colonnes": COLUMNS, "lignes": []}, value_of({})])
def test_a_blank_table_is_not_an_answer(value: object) -> None:
    result = grade(QUESTION, value, KEY)
    assert (result.verdict, result.points) == (Verdict.NON_REPONDU, 0)


def test_the_grid_as_it_is_given_is_not_an_answer() -> None:
    assert QUESTION.table is not None
    columns = [column.name for column in QUESTION.table.columns]
    rows = [{"id_contact": record, "Contact": "Madame Elise Durand"} for record in EXPECTED]
    assert marked(rows, columns).verdict is Verdict.NON_REPONDU


def test_one_cell_alone_earns_its_part_and_nothing_for_structure() -> None:
    result = marked([{"id_contact": "1", "email": "elise.durand@example.com"}], ["id_contact", "email"])
    assert result.points == pytest.approx(14 / 245)


def test_without_the_key_only_the_structure_is_marked() -> None:
    result = grade(QUESTION, value_of(rows_of(*EXTRACT)), None)
    assert [item.verdict for item in result.criteria] == [Verdict.JUSTE] * 3 + [Verdict.A_RELIRE]
    assert result.points == 3


def test_columns_and_rows_may_come_in_any_order_with_others_among_them() -> None:
    shuffled = list(rows_of(*EXTRACT).values())
    columns = [*COLUMNS, "Contact", "Remarques"]
    chance = random.Random(3)
    for _ in range(3):
        chance.shuffle(shuffled)
        chance.shuffle(columns)
        lines = [{**row, "Contact": "MARTIN Paul - NPAI", "Remarques": "rien"} for row in shuffled]
        assert marked(lines, columns).points == 17


def test_names_of_columns_are_recognised_whatever_their_case_and_accents() -> None:
    names = {"code_postal": "Code postal", "prenom": "Prénom", "id_contact": "N°", "optin_sms": "OPTIN SMS"}
    value = value_of(rows_of(*EXTRACT))
    value["colonnes"] = [names.get(column, column) for column in COLUMNS]
    assert grade(QUESTION, value, KEY).points == 17


def test_numbers_of_records_may_look_like_decimals() -> None:
    lines = [{**row, "id_contact": f"{row['id_contact']}.0"} for row in rows_of(*EXTRACT).values()]
    assert marked(lines).points == 17


# --- partial answers, computed again -------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 6, 11])
def test_some_rows_earn_their_cells_and_their_part_of_the_structure(count: int) -> None:
    kept = EXTRACT[:count]
    result = marked(rows_of(*kept))
    right = sum(bool(EXPECTED[record][column]) for record in kept for column in MARKED)
    assert points(result) == pytest.approx(worth(right))
    assert points(result, "une_information") == pytest.approx(count / 12)
    assert points(result, "texte") == pytest.approx(count / 12)


@given(st.data())
@settings(max_examples=40)
def test_blank_wrong_and_wrongly_filled_cells_count_as_the_formula_says(data: st.DataObject) -> None:
    cells = [(record, column) for record in EXTRACT for column in MARKED]
    touched = data.draw(st.lists(st.sampled_from(cells), unique=True, max_size=60))
    rows = rows_of(*EXTRACT)
    right, surplus = IN_EXTRACT, 0
    for record, column in touched:
        text = data.draw(st.sampled_from(["", "zzz"]))
        right -= bool(EXPECTED[record][column])
        surplus += bool(text) and not EXPECTED[record][column]
        rows[record][column] = text
    assert points(marked(rows)) == pytest.approx(worth(right, surplus))


def test_cells_filled_wrongly_never_bring_the_mark_below_zero() -> None:
    blanks = [(record, column) for record in EXTRACT for column in MARKED if not EXPECTED[record][column]]
    rows: type_of_rows = {record: {"id_contact": record} for record in EXTRACT}
    for record, column in blanks:
        rows[record][column] = "zzz"
    result = marked(rows)
    assert points(result) == 0
    assert message(result, "A3-TROP").text.startswith(f"À laisser vide\u00a0: {len(blanks)} cellules.")


def test_unmarked_columns_neither_earn_nor_cost_points() -> None:
    result = changed("4", activite="Parapharmacie", code_ape="", pays="BELGIQUE", alerte="PND")
    assert result.points == 17
    assert note(result, "4", "activite").text.endswith("(Colonne non notée.)")
    assert note(result, "4", "alerte").state == "faux"


# --- the extract and the whole file --------------------------------------------------------------------------------


def with_scope(name: str) -> Question:
    criteria = tuple(replace(item, params={**item.params, "perimetre": name}) for item in QUESTION.criteria)
    return replace(QUESTION, criteria=criteria)


def test_rows_beyond_the_extract_can_only_help() -> None:
    rows = rows_of(*EXPECTED)
    for record in EXTRACT[:3]:
        rows[record] = {"id_contact": record}
    right = sum(bool(row.get(column)) for row in rows.values() for column in MARKED)
    result = marked(rows)
    assert points(result) == pytest.approx(worth(right, expected=1283))
    assert points(result, "une_information") == pytest.approx(57 / 60)
    shown = f"{worth(right, expected=1283):.2f}".replace(".", ",")
    assert f"{shown}\u00a0/\u00a014 sur les 60" in message(result, "A3-EXPERT").text

    spoilt = rows_of(*EXTRACT) | {"13": {"id_contact": "13", "nom": "zzz", "siret": "12", "effectif": "5"}}
    result = marked(spoilt)
    assert result.points == 17
    assert message(result, "A3-FAUX").rows == ("13",)


@pytest.mark.parametrize(("name", "total"), [("extrait", IN_EXTRACT), ("complet", 1283), ("meilleur", IN_EXTRACT)])
def test_the_setting_says_which_rows_count(name: str, total: int) -> None:
    result = grade(with_scope(name), value_of(rows_of(*EXTRACT)), KEY)
    assert points(result) == pytest.approx(worth(IN_EXTRACT, expected=total))
    assert points(result, "une_information") == pytest.approx(1.0 if total == IN_EXTRACT else 12 / 60)


def test_in_short_mode_nothing_is_said_of_the_other_rows() -> None:
    rows = rows_of(*EXPECTED)
    rows["20"] |= {"nom": "Mme GIRARD", "siret": "zzz"}
    result = grade(with_scope("extrait"), value_of(rows), KEY)
    assert result.points == 17
    assert result.cells == ()


# --- each coded mistake, with its rows -----------------------------------------------------------------------------

MISTAKES: list[tuple[str, str, dict[str, str], float]] = [
    # code, record, what is typed instead, points of content lost
    ("A3-E3", "4", {"siret": "1234400016"}, 14 / 245),
    ("A3-E3", "10", {"telephone": "199005566"}, 14 / 245),
    ("A3-E3", "1", {"code_postal": "75019.0"}, 14 / 245),
    ("A3-E4", "3", {"nom": "Paul", "prenom": "MARTIN"}, 28 / 245),
    ("A3-E5", "1", {"numero_voie": "12 bis", "indice_repetition": ""}, 28 / 245),
    ("A3-E5", "1", {"nom_voie": "rue des Lilas"}, 7 / 245),
    ("A3-E5", "1", {"nom_voie": "12 bis rue des Lilas", "numero_voie": "", "type_voie": ""}, 42 / 245),
    ("A3-E6", "6", {"civilite": "Mlle"}, 14 / 245),
    ("A3-E6", "1", {"civilite": "Madame"}, 14 / 245),
    ("A3-E7", "12", {"nom": "NGUYEN - NPAI"}, 14 / 245),
    ("A3-E8", "7", {"nom": "Institut Belle Peau", "raison_sociale": ""}, 14 / 245 + 0.1),
    ("A3-E8", "4", {"nom": "L’Atelier Lumière"}, 14 / 245),
    ("A3-E10", "1", {"date_creation": "10/01/2024"}, 0),
    ("A3-E10", "9", {"date_dernier_achat": "1er août 2026"}, 0),
    ("A3-E12", "1", {"panier_moyen": "112,50 €"}, 0),
    ("A3-E12", "8", {"panier_moyen": "env. 30 €"}, 0),
    ("A3-I1", "9", {"ville": "LILLE", "age": "34", "email": "fatou.diallo@example.com"}, 0),
    ("A3-I1", "8", {"civilite": "M.", "prenom": "Jean", "numero_voie": "22", "sexe": "H"}, 0),
    ("A3-I1", "5", {"code_postal": "75011"}, 0),
    ("A3-I2", "5", {"type_voie": "bd"}, 0),
    ("A3-I3", "8", {"date_dernier_achat": "01/09/2025"}, 0),
    ("A3-TROP", "2", {"prenom": "E.", "age": "41"}, 0.1),
    ("A3-TROP", "11", {"complement": "-", "indice_repetition": "BIS"}, 0.1),
    ("A3-FAUX", "10", {"ville": "PARIS"}, 14 / 245),
    ("A3-MELANGE", "1", {"ville": "75019 PARIS"}, 14 / 245),
    ("A3-MELANGE", "3", {"nom": "MARTIN Paul", "prenom": ""}, 28 / 245),
    ("A3-VIDES", "1", {"email": ""}, 14 / 245),
]
ACCEPTED = {"A3-E10", "A3-E12", "A3-I1", "A3-I2", "A3-I3"}


@pytest.mark.parametrize(("code", "record", "cells", "lost"), MISTAKES)
def test_each_mistake_has_its_message_its_row_its_cost_and_a_note_on_its_cell(
    code: str, record: str, cells: dict[str, str], lost: float
) -> None:
    result = changed(record, **cells)
    said = message(result, code)
    assert said.rows == (() if code == "A3-VIDES" else (record,))
    assert set(said.columns) <= set(cells)
    assert points(result) == pytest.approx(14 - lost)
    half = any(EXPECTED[record][column] in text.upper() and column == "nom_voie" for column, text in cells.items())
    for column in said.columns if code != "A3-VIDES" else ():
        shown = note(result, record, column)
        assert shown.text
        assert (half and code not in ACCEPTED) or shown.state == ("accepte" if code in ACCEPTED else "faux")


def test_a_name_of_way_that_keeps_its_type_counts_half_and_is_shown_as_accepted() -> None:
    result = changed("1", nom_voie="rue des Lilas")
    assert points(result) == pytest.approx(14 - 7 / 245)
    assert note(result, "1", "nom_voie").state == "accepte"
    assert points(result, "une_information") == pytest.approx(11 / 12)


def test_a_note_never_tells_the_expected_value() -> None:
    chance = random.Random(5)
    for record in EXTRACT:
        wrong = {column: chance.choice(["zzz", "Paul 12", "31/12/1999"]) for column in MARKED}
        for shown in changed(record, **wrong).cells:
            expected = EXPECTED[record][shown.column]
            # A value of the column's own list (« RUE », « OUI ») stands in the rule that everybody can read.
            spec = QUESTION.table
            assert spec is not None
            helped = next(column.help for column in spec.columns if column.name == shown.column)
            assert not expected or expected not in shown.text or expected in helped, shown


def test_blank_cells_get_no_note() -> None:
    result = changed("1", nom="", email="", date_naissance="")
    assert result.cells == ()


def test_two_rows_for_the_couple_are_refused_and_one_of_them_is_marked() -> None:
    rows = [*rows_of(*EXTRACT).values(), {**EXPECTED["8"], "civilite": "Mme", "prenom": "Anne"}]
    result = marked(rows)
    assert message(result, "A3-E9").rows == ("8",)
    assert points(result) == 14
    assert points(result, "une_information") == pytest.approx(11 / 12)


@pytest.mark.parametrize("number", ["8bis", "61", "8-2"])
def test_a_row_with_a_new_number_is_a_contact_too_many(number: str) -> None:
    rows = [*rows_of(*EXTRACT).values(), {**EXPECTED["8"], "id_contact": number}]
    result = marked(rows)
    assert message(result, "A3-E9").rows == (number,)
    assert result.points == 17


def test_a_second_blank_row_for_a_record_is_not_a_mistake() -> None:
    assert marked([*rows_of(*EXTRACT).values(), {"id_contact": "8"}]).points == 17


def test_missing_rows_are_named_but_another_order_is_no_mistake() -> None:
    rows = rows_of(*[record for record in EXTRACT if record not in ("3", "8")])
    said = message(marked(rows), "A3-E11")
    assert said.rows == ("3", "8")
    assert "fiches n°\u00a03 et 8" in said.text
    reversed_rows = dict(reversed(rows_of(*EXTRACT).items()))
    assert "A3-E11" not in {item.code for item in marked(reversed_rows).messages}


def test_a_duplicate_taken_out_of_the_whole_file_is_missed() -> None:
    rows = rows_of(*[record for record in EXPECTED if record != "37"])
    assert message(marked(rows), "A3-E11").rows == ("37",)


def test_rows_left_blank_are_said_to_be_filled_not_missing() -> None:
    rows = rows_of(*EXTRACT)
    rows["7"] = {"id_contact": "7"}
    result = marked(rows)
    assert message(result, "A3-RESTE").rows == ("7",)
    assert "A3-E11" not in {item.code for item in result.messages}


def test_an_answer_without_numbers_is_told_so() -> None:
    columns = [column for column in COLUMNS if column != "id_contact"]
    result = marked(rows_of(*EXTRACT), columns)
    assert message(result, "A3-CLE")
    assert result.points == 0
    one = marked([*rows_of(*EXTRACT).values(), {"nom": "DURAND"}])
    assert message(one, "A3-CLE")
    assert one.points == 17


# --- structure -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["telephone", "email", "date_creation", "raison_sociale", "age"])
def test_a_mandatory_column_left_out_costs_its_part(column: str) -> None:
    result = marked(rows_of(*EXTRACT), [name for name in COLUMNS if name != column])
    assert message(result, "A3-COLONNES").columns == (column,)
    assert points(result, "colonnes") == pytest.approx(21 / 22)


def test_columns_of_businesses_are_not_asked_of_individuals_alone() -> None:
    result = marked(rows_of("1", "2", "3"))
    assert points(result, "colonnes") == pytest.approx(3 / 12)
    assert "A3-COLONNES" not in {item.code for item in result.messages}


def test_numbers_instead_of_texts_cost_their_part() -> None:
    rows = rows_of(*EXTRACT)
    for record in EXTRACT:
        rows[record]["telephone"] = rows[record]["telephone"].lstrip("+0")
    result = marked(rows)
    cells = sum(bool(EXPECTED[record][name]) for record in EXTRACT for name in ("telephone", "siret", "code_postal"))
    assert points(result, "texte") == pytest.approx((cells - 12) / cells)
    assert message(result, "A3-E3").rows == tuple(EXTRACT)


def test_the_dirty_columns_copied_as_they_are_earn_next_to_nothing() -> None:
    source = {row["N°"]: row for row in read("contacts_bruts.csv")}
    columns = {
        "nom": "Contact",
        "nom_voie": "Adresse",
        "telephone": "Coordonnées",
        "age": "Profil",
        "origine": "Source",
        "optin_email": "Consentement",
        "date_dernier_achat": "Dernier achat",
        "nb_achats_12m": "Nb achats 12 mois",
        "panier_moyen": "Panier moyen",
    }
    rows = [{"id_contact": record, **{to: source[record][name] for to, name in columns.items()}} for record in EXTRACT]
    result = marked(rows)
    assert points(result, "une_information") == 0
    assert points(result, "colonnes") == 0
    assert result.points < 2


@pytest.mark.parametrize("cells", [1, 5, 9])
def test_an_almost_empty_table_earns_no_point_of_structure(cells: int) -> None:
    rows = {
        record: {name: text for name, text in list(EXPECTED[record].items())[: cells + 1] if text} for record in EXTRACT
    }
    result = marked(rows)
    assert [points(result, name) for name in ("une_information", "colonnes", "texte")] == [0, 0, 0]


# --- hostile answers ------------------------------------------------------------------------------------------------


@given(
    st.lists(st.sampled_from([*COLUMNS, "Contact", "x", ""]), unique=True, max_size=40),
    st.lists(st.lists(st.one_of(st.text(max_size=12), st.none(), st.integers(0, 99)), max_size=40), max_size=15),
)
@settings(max_examples=60)
def test_any_table_is_marked_without_failing(columns: list[str], lines: list[list[object]]) -> None:
    result = grade(QUESTION, {"colonnes": columns, "lignes": lines}, KEY)
    assert 0 <= result.points <= 17


def test_only_the_content_needs_the_key() -> None:
    names = [item.check for item in QUESTION.criteria]
    assert [name for name in names if checks()[name].needs_key] == ["tableau_contenu"]


def test_every_code_of_the_checks_has_been_provoked_here() -> None:
    spoken = {code for name in (item.check for item in QUESTION.criteria) for code in checks()[name].codes}
    provoked = {code for code, *_ in MISTAKES}
    elsewhere = {"A3-E9", "A3-E11", "A3-CLE", "A3-COLONNES", "A3-RESTE", "A3-BILAN", "A3-EXPERT"}
    of_cells = {"A3-TROP-CELLULE", "A3-FAUX-CELLULE", "A3-NON-NOTEE"}
    assert spoken == provoked | elsewhere | of_cells
