"""Cells to mark: the formula, computed apart, and the message of each mistake, on an invented file of four rows."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crc_lab.core.grading import Context
from crc_lab.core.model import Column, Criterion, Key, Question, Table, TableSpec
from crc_lab.core.rooms import checks
from crc_lab.marielle.marked_cells import CODES

COLUMNS = (
    "id_contact",
    "type_contact",
    "civilite",
    "prenom",
    "siret",
    "numero_voie",
    "complement",
    "code_postal",
    "ville",
    "email",
    "date_naissance",
    "age",
    "optin_tel",
    "date_creation",
    "date_dernier_achat",
    "nb_achats_12m",
    "panier_moyen",
    "alerte",
)
ROWS = tuple(
    tuple(line.split(";"))
    for line in (
        "1;PARTICULIER;Mme;Ève;;5;;7501;PARIS;;1992-02-31;34;INCONNU;2024-02-29;2026-09-12;6;112.50;",
        "2;PARTICULIER;M.;Léo;;8;;61000;ALENSON;l@example.com;;42;NON;2026-04-12;;0;;NPAI",
        "3;PROFESSIONNEL;;;123;3;;69006;LYON;c@x.example;;;SANS_OBJET;2026-02-02;2027-01-10;1;310.00;",
        "4;PARTICULIER;M.;Léo;;8;;61000;ALENCON;l@example.com;;42;NON;2022;2026-05-02;2;40.00;",
    )
)
DEFECTS = (
    ("1", "code_postal", "Q02"), ("1", "email", "Q01"), ("1", "date_naissance", "Q09"), ("1", "optin_tel", "Q17"),
    ("2", "ville", "Q04"), ("3", "siret", "Q12"), ("3", "date_dernier_achat", "Q10"), ("4", "date_creation", "Q09"),
)  # fmt: skip
EXPECTED = frozenset((row, column) for row, column, _ in DEFECTS)
EVERY_CELL = [(row[0], column) for row in ROWS for column in COLUMNS]
MESSAGES = {code: f"{code} {{fiches}}" for code in CODES} | {
    "A4-BILAN": "{justes}/{total}", "A4-TROP": "{trop}", "A4-RESTE": "{reste}, {colonnes}",
    "VOISINE": "voisine {fiches}", "A4-FP": "{fiches} ; {colonnes}",
}  # fmt: skip


def mark(*cells, shown=0, **settings):
    settings = {
        "table": "cellules", "source": "base", "doublons": "doublons", "raisons": {"Q02": "Cinq chiffres."},
        "voisines": [{"fiches": ["4"], "colonnes": ["age", "email"], "code": "VOISINE"}], **settings,
    }  # fmt: skip
    criterion = Criterion("cellules", "", "cellules_marquees", 10)
    table = TableSpec("base", "id_contact", tuple(Column(name) for name in COLUMNS), shown)
    question = Question("T", "cellules", "", "", 10, (criterion,), table=table, data={"base": Table(COLUMNS, ROWS)})
    tables = {
        "cellules": Table(("id_contact", "colonne", "code"), DEFECTS),
        "doublons": Table(("maitre", "doublon"), (("2", "4"),)),
    }
    key = Key("T", None, criteria={"cellules": settings}, messages=MESSAGES, tables=tables)
    return checks()["cellules_marquees"].run(tuple(cells), Context(question, criterion, key))


def formula(cells, expected=EXPECTED):
    """max(0, TP − FP/2) / expected, in exact numbers; the cells of hidden rows put aside."""
    right = len(cells & expected)
    wrong = len(cells - expected)
    return max(Fraction(0), right - Fraction(wrong, 2)) / len(expected)


def message(outcome, code):
    return next(item for item in outcome.messages if item.code == code)


def codes(outcome):
    return [item.code for item in outcome.messages]


# --- the mark ---------------------------------------------------------------------------------------------------


def test_all_the_defects_and_nothing_else_are_the_whole_mark_without_a_word():
    outcome = mark(*EXPECTED)
    assert (outcome.share, outcome.messages) == (1, ())
    assert {(note.row, note.column, note.state) for note in outcome.cells} == {(*cell, "juste") for cell in EXPECTED}
    assert next(note.text for note in outcome.cells if note.column == "code_postal") == "Cinq chiffres."


@given(st.sets(st.sampled_from(EVERY_CELL)))
def test_the_mark_follows_the_formula(cells):
    assert mark(*cells).share == pytest.approx(float(formula(cells)))


@given(st.sets(st.sampled_from(EVERY_CELL)))
def test_in_short_mode_only_the_first_rows_count(cells):
    kept = {cell for cell in cells if cell[0] in ("1", "2")}
    expected = {cell for cell in EXPECTED if cell[0] in ("1", "2")}
    assert mark(*cells, lignes=2).share == pytest.approx(float(formula(kept, expected)))
    assert mark(*cells, shown=2).share == mark(*cells, lignes=2).share


def test_marking_everything_is_worth_nothing():
    assert mark(*EVERY_CELL).share == 0


def test_a_cell_given_twice_counts_once():
    assert mark(("1", "email"), ("1", "email"), ("1", "complement"), ("1", "complement")).share == pytest.approx(
        0.5 / 8
    )


def test_rows_and_columns_that_are_not_shown_count_for_nothing():
    assert mark(("1", "email"), ("99", "email"), ("1", "couleur"), ("", "")).share == pytest.approx(1 / 8)


@pytest.mark.parametrize("cell", [("fiche n° 1", "Code postal"), ("01", "CODE_POSTAL"), ("1.0", " code_postal ")])
def test_a_cell_is_known_however_it_is_typed(cell):
    assert mark(cell).share == pytest.approx(1 / 8)


def test_a_tempting_cell_costs_as_any_other_and_says_why():
    outcome = mark(*EXPECTED, ("4", "age"), ("4", "email"))
    assert outcome.share == pytest.approx(1 - 1 / len(EXPECTED))
    assert message(outcome, "VOISINE").rows == ("4",)
    assert {(note.column, note.state) for note in outcome.cells if note.row == "4"} == {
        ("date_creation", "juste"), ("age", "faux"), ("email", "faux"),
    }  # fmt: skip


# --- the messages -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (("1", "complement"), "A4-E1"),
        (("1", "siret"), "A4-E1"),
        (("1", "alerte"), "A4-E1"),
        (("2", "date_dernier_achat"), "A4-E2"),
        (("2", "nb_achats_12m"), "A4-E2"),
        (("2", "panier_moyen"), "A4-E2"),
        (("1", "date_creation"), "A4-E7"),
        (("3", "civilite"), "A4-E8"),
        (("3", "age"), "A4-E8"),
        (("3", "optin_tel"), "A4-SANS-OBJET"),
        (("2", "alerte"), "A4-ALERTE"),
        (("2", "numero_voie"), "A4-ALERTE"),
        (("2", "complement"), "A4-E1"),
        (("4", "prenom"), "A4-DOUBLON"),
        (("4", "date_naissance"), "A4-E1"),
        (("1", "panier_moyen"), "A4-FP"),
        (("2", "email"), "A4-FP"),
        (("1", "id_contact"), "A4-FP"),
    ],
)
def test_a_cell_marked_for_nothing_gets_the_reason(cell, code):
    outcome = mark(*EXPECTED, cell)
    assert codes(outcome) == ["A4-BILAN", "A4-TROP", code]
    assert message(outcome, code).rows == (cell[0],)
    assert message(outcome, code).columns == (cell[1],)
    assert next(note.state for note in outcome.cells if (note.row, note.column) == cell) == "faux"


@pytest.mark.parametrize(
    ("missed", "code", "rows"),
    [
        ({("1", "code_postal")}, "A4-E3", ("1",)),
        ({("1", "date_naissance")}, "A4-E4", ("1",)),
        ({("3", "date_dernier_achat"), ("1", "date_naissance")}, "A4-E4", ("1", "3")),
        ({("3", "siret")}, "A4-E5", ("3",)),
        ({("2", "ville")}, "A4-E6", ("2",)),
    ],
)
def test_a_family_of_defects_that_was_missed_gets_its_question(missed, code, rows):
    outcome = mark(*(EXPECTED - missed))
    assert codes(outcome) == ["A4-BILAN", code, "A4-RESTE"]
    assert message(outcome, code).rows == rows


def test_a_vague_date_that_was_missed_is_not_called_impossible():
    assert codes(mark(*(EXPECTED - {("4", "date_creation")}))) == ["A4-BILAN", "A4-RESTE"]


def test_the_summary_says_what_is_right_first_then_what_is_too_much_then_what_is_left():
    outcome = mark(("1", "email"), ("2", "ville"), ("1", "panier_moyen"), ("2", "age"))
    assert codes(outcome) == ["A4-BILAN", "A4-TROP", "A4-FP", "A4-E3", "A4-E4", "A4-E5", "A4-RESTE"]
    texts = {item.code: item.text for item in outcome.messages}
    assert (texts["A4-BILAN"], texts["A4-TROP"]) == ("2/8", "2")
    assert texts["A4-FP"] == "fiches n°\u00a01 et 2 ; panier_moyen, age"
    assert texts["A4-RESTE"].startswith("6 cases, ")


def test_the_rest_names_the_columns_where_most_is_left_and_never_a_row():
    left = message(mark(*(EXPECTED - {("1", "email")})), "A4-RESTE")
    assert (left.text, left.rows, left.columns) == ("1 case, email", (), ("email",))


def test_each_code_comes_in_one_message_for_all_its_cells():
    outcome = mark(*EVERY_CELL)
    assert len(codes(outcome)) == len(set(codes(outcome)))
    assert set(codes(outcome)) == {*CODES, "VOISINE"} - {"A4-E3", "A4-E4", "A4-E5", "A4-E6", "A4-RESTE"}
