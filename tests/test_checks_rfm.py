"""The checks of the RFM table: whole columns, whole sheets, other files. Cell by cell: cases/answers/06_scorer.toml."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from crc_lab.core.bank import load_activity
from crc_lab.core.grading import grade
from crc_lab.core.model import Key, Question, QuestionResult, Table, Verdict
from crc_lab.core.resources import read_table
from crc_lab.marielle import rfm
from crc_lab.marielle.rfm_work import read_note, read_segment, read_sheet

ROOT = Path(__file__).resolve().parent.parent
DATASETS = ROOT / "datasets"
COLUMNS = ["id_contact", "R", "F", "M", "score", "segment"]
PROSPECTS = {"6", "16", "28", "38"}

type_of_rows = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def loaded() -> tuple[Question, Key]:
    activity = load_activity(ROOT / "notebooks" / "06_scorer", DATASETS)
    question = activity.activity.question("A6-Q1")
    assert question is not None
    return question, activity.keys["A6-Q1"]


@pytest.fixture
def rows() -> type_of_rows:
    """A right answer, to be spoilt by the test."""
    return read_table(DATASETS / "corriges" / "rfm.csv").by_key("id_contact") | {}


@pytest.fixture(autouse=True)
def _own_copy(rows: type_of_rows) -> None:
    for name in list(rows):
        rows[name] = dict(rows[name])


def value(rows: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    return {"colonnes": COLUMNS, "lignes": [[row[name] for name in COLUMNS] for row in rows.values()]}


def marked(loaded: tuple[Question, Key], rows: type_of_rows, *, key: bool = True) -> QuestionResult:
    return grade(loaded[0], value(rows), loaded[1] if key else None)


def told(result: QuestionResult) -> dict[str, tuple[str, ...]]:
    """Each code with its rows; a code told twice is a mistake, except of two columns that nothing explains."""
    found: dict[str, tuple[str, ...]] = {}
    for message in result.messages:
        assert message.code not in found or message.code == "RFM-NOTE", f"{message.code} told twice"
        found[message.code] = found.get(message.code, ()) + message.rows
    return found


def points(result: QuestionResult) -> list[Fraction]:
    """The points of the five criteria in 49ths of 4 points, exact."""
    return [Fraction(criterion.points).limit_denominator(49) for criterion in result.criteria]


def share(wrong: int) -> Fraction:
    return Fraction(4 * (49 - wrong), 49)


def customers() -> dict[str, rfm.Customer]:
    table = read_table(DATASETS / "base_qualifiee.csv")
    return {record["id_contact"]: rfm.read_customer(record) for record in table.records()}


def recomputed(rows: type_of_rows, role: str, note: Callable[[dt.date, int, Fraction], int]) -> None:
    """Write in column ``role`` what a student with the method ``note`` writes, then add up and classify rightly."""
    for name, customer in customers().items():
        if customer.last and customer.basket is not None and customer.purchases is not None:
            row = rows[name]
            row[role] = str(note(customer.last, int(customer.purchases), Fraction(customer.basket)))
            finish(row)


def finish(row: dict[str, str]) -> None:
    total = sum(int(row[role]) for role in ("R", "F", "M"))
    row |= {"score": str(total), "segment": rfm.segment(total)}


def by_months(months: Callable[[dt.date], Fraction | int]) -> Callable[[dt.date, int, Fraction], int]:
    def note(date: dt.date, _purchases: int, _basket: Fraction) -> int:
        return 10 if months(date) < 3 else 0 if months(date) > 12 else 5

    return note


REF = dt.date(2026, 11, 1)


def month_numbers(date: dt.date) -> int:
    return 12 * (REF.year - date.year) + REF.month - date.month


# --- shares -----------------------------------------------------------------------------------------------------


def test_totals_and_segments_alone_earn_nothing(loaded, rows):
    for row in rows.values():
        row |= {"R": "", "F": "", "M": ""}
    result = marked(loaded, rows)
    assert points(result) == [0, 0, 0, 0, 0]
    assert len(told(result)["RFM-NOTES-MANQUANTES"]) == 49


def test_half_a_sheet_earns_half(loaded, rows):
    kept = [name for name in rows if name not in PROSPECTS][:24]
    result = marked(loaded, {name: rows[name] for name in kept})
    assert points(result) == [share(25)] * 5
    assert len(told(result)["RFM-VIDE"]) == 25


def test_a_blank_sheet_is_not_answered(loaded, rows):
    for row in rows.values():
        row |= dict.fromkeys(COLUMNS[1:], "")
    result = marked(loaded, rows)
    assert (result.verdict, result.points) == (Verdict.NON_REPONDU, 0.0)


# --- methods, over a whole column ----------------------------------------------------------------------------------

METHODS = {
    "RFM-R-30J": ("R", by_months(lambda date: Fraction((REF - date).days, 30)), ("10", "13", "32", "54")),
    "RFM-R-MOISCIVIL": ("R", by_months(month_numbers), ("13", "32")),
    "RFM-R-DATEDIF": ("R", by_months(lambda date: month_numbers(date) - (date.day > REF.day)), ("11",)),
    "RFM-R-INVERSE": ("R", lambda date, _f, _m: {10: 0, 5: 5, 0: 10}[rfm.recency(date)], 27),
    "RFM-F-MOIS": ("F", lambda _d, f, _m: 20 if f / 12 > 4 else 10 if f >= 12 else 0, 42),
    "RFM-M-TOTAL": ("M", lambda _d, f, m: 20 if f * m > 100 else 10 if f * m >= 25 else 0, 23),
    "RFM-TEXTE": ("M", lambda _d, _f, _m: 20, 30),
}


@pytest.mark.parametrize("code", METHODS)
def test_a_wrong_method_is_named_once_with_its_rows(code, loaded, rows):
    role, note, expected = METHODS[code]
    recomputed(rows, role, note)
    result = marked(loaded, rows)
    found = told(result)
    assert set(found) == {code}
    assert (len(found[code]) if isinstance(expected, int) else found[code]) == expected
    assert all(message.columns == (role,) for message in result.messages)
    assert result.criteria[3].points == result.criteria[4].points == 4.0  # no double penalty


def test_a_total_spent_also_where_nothing_was_bought_for_a_year(loaded, rows):
    recomputed(rows, "M", lambda _d, f, m: rfm.monetary(f * m if f else m))
    found = told(marked(loaded, rows))
    assert set(found) == {"RFM-M-TOTAL"}
    assert not {"8", "17", "27", "42", "55"} & set(found["RFM-M-TOTAL"])


@pytest.mark.parametrize("text", ["5", "0"])
def test_a_column_of_one_single_note_names_no_method(text, loaded, rows):
    """All 5 would agree with DATEDIF on record 11 and with month numbers on 13 and 32: it proves nothing."""
    recomputed(rows, "R", lambda _d, _f, _m: int(text))
    assert not {code for code in told(marked(loaded, rows)) if code.startswith(("RFM-R-DATEDIF", "RFM-R-MOIS"))}


def test_a_column_of_zeros_is_not_a_monthly_frequency(loaded, rows):
    recomputed(rows, "F", lambda _d, _f, _m: 0)
    assert "RFM-F-MOIS" not in told(marked(loaded, rows))


def annexe_7(rows: type_of_rows, *, monthly: bool) -> None:
    def notes(date: dt.date, purchases: int, basket: Fraction) -> tuple[int, int, int]:
        rate = Fraction(purchases, 12) if monthly else Fraction(purchases)
        grid = rfm.ANNEXE_7
        return rfm.recency(date, REF, grid), rfm.frequency(rate, grid), rfm.monetary(basket, grid)

    for role, place in (("R", 0), ("F", 1), ("M", 2)):
        recomputed(rows, role, lambda d, f, m, place=place: notes(d, f, m)[place])


@pytest.mark.parametrize("monthly", [False, True])
def test_annexe_7_is_told_once_for_the_whole_sheet(monthly, loaded, rows):
    annexe_7(rows, monthly=monthly)
    result = marked(loaded, rows)
    found = told(result)
    assert set(found) == {"RFM-GRILLE7"}
    assert {"1", "9", "14"} <= set(found["RFM-GRILLE7"])
    assert [float(criterion.points) for criterion in result.criteria[3:]] == [4.0, 4.0]


def test_a_mean_month_is_seen_where_it_errs(loaded, rows):
    """With 2026-11-01, 30.44 days or 365/12 give the right notes everywhere; with 2026-05-01 they do not."""
    recomputed(rows, "R", by_months(lambda date: Fraction((REF - date).days) / Fraction("30.44")))
    assert marked(loaded, rows).points == 20
    question, key = small_case(
        "2026-05-01", {"1": ("2026-01-31", "2", "40"), "2": ("2026-02-01", "2", "40"), "3": ("2026-04-10", "2", "40")}
    )
    given = {"colonnes": ["id_contact", "R"], "lignes": [["1", "10"], ["2", "10"], ["3", "10"]]}
    result = grade(question, given, key)
    assert {message.code: message.rows for message in result.messages}["RFM-R-APPROX"] == ("1", "2")


def small_case(reference: str, records: Mapping[str, tuple[str, str, str]]) -> tuple[Question, Key]:
    """A question on other customers and another reference date, with its key."""
    activity = load_activity(ROOT / "notebooks" / "06_scorer", DATASETS)
    question, key = activity.activity.question("A6-Q1"), activity.keys["A6-Q1"]
    assert question is not None
    columns = ("id_contact", "date_dernier_achat", "nb_achats_12m", "panier_moyen")
    source = Table(columns, tuple((name, *data) for name, data in records.items()))
    expected = []
    for record in source.records():
        score = rfm.rate(rfm.read_customer(record), dt.date.fromisoformat(reference))
        notes = (score.r, score.f, score.m, score.total)
        expected.append((record["id_contact"], *("" if note is None else str(note) for note in notes), score.segment))
    criteria = tuple(replace(c, params={**c.params, "date_ref": reference}) for c in question.criteria)
    return (
        replace(question, criteria=criteria, data={"base": source}),
        replace(key, tables={"rfm": Table(tuple(COLUMNS), tuple(expected))}),
    )


# --- how notes and segments are written ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tres bons", rfm.VERY_GOOD),
        ("TRÈS BON CLIENT", rfm.VERY_GOOD),
        ("très-bons clients", rfm.VERY_GOOD),
        ("tres_bons", rfm.VERY_GOOD),
        ("bon client", rfm.GOOD),
        ("Bons", rfm.GOOD),
        ("les bons clients", rfm.GOOD),
        ("Bonne cliente", rfm.GOOD),
        ("client tiede", rfm.WARM),
        ("Tièdes", rfm.WARM),
        ("INACTIFS", rfm.INACTIVE),
        ("inactive", rfm.INACTIVE),
        ("Prospect", rfm.PROSPECT),
        ("prospects (sans objet)", rfm.PROSPECT),
        ("sans objet", rfm.PROSPECT),
        ("non scorable", rfm.NOT_SCORABLE),
        ("", None),
        ("très", None),
        ("pas bon", None),
        ("très bons clients inactifs", None),
    ],
)
def test_segments_are_recognised_as_people_write_them(text, meant):
    assert read_segment(text) == meant


@pytest.mark.parametrize(
    ("text", "number"),
    [("10", 10), (" 10,0 ", 10), ("10 pts", 10), ("5 points", 5), ("1 pt", 1), ("dix", 10), ("dis", None), ("", None)],
)
def test_notes_are_read_as_people_write_them(text, number):
    assert read_note(text) == number


# --- prospects and records that cannot be scored ------------------------------------------------------------------


def test_a_prospect_noted_zero_is_accepted_for_no_point_lost(loaded, rows):
    for name in PROSPECTS:
        rows[name] |= dict.fromkeys(("R", "F", "M", "score"), "0") | {"segment": "Clients inactifs"}
    result = marked(loaded, rows)
    assert (result.points, result.verdict) == (20.0, Verdict.JUSTE)
    assert told(result) == {"RFM-PROSPECT": ("6", "16", "28", "38")}
    assert {(cell.row, cell.state) for cell in result.cells} == {(name, "accepte") for name in PROSPECTS}


def told_without_key(loaded: tuple[Question, Key], rows: type_of_rows) -> dict[str, tuple[str, ...]]:
    result = marked(loaded, rows, key=False)
    return {message.code: message.rows for message in result.messages if message.code != "A-LA-CORRECTION"}


@pytest.fixture
def unqualified(loaded: tuple[Question, Key]) -> tuple[Question, Key, type_of_rows]:
    """The same question on the file before its qualification: 60 rows, 5 of which cannot be scored."""
    table = read_table(DATASETS / "corriges" / "rfm_avant_qualification.csv")
    question, key = loaded
    rows = {name: {column: row[column] for column in COLUMNS} for name, row in table.by_key("id_contact").items()}
    return replace(question, data={"base": table}), replace(key, tables={"rfm": table}), rows


def test_the_unqualified_key_earns_everything(unqualified):
    question, key, rows = unqualified
    result = grade(question, value(rows), key)
    assert (result.points, result.messages) == (20.0, ())


def test_a_missing_datum_is_not_a_zero(unqualified):
    question, key, rows = unqualified
    rows["2"] |= {"R": "10", "F": "0", "M": "0", "score": "10", "segment": "Clients tièdes"}
    rows["49"] |= {"R": "5", "F": "0", "M": "20", "score": "25", "segment": "Bons clients"}
    result = grade(question, value(rows), key)
    assert told(result) == {"RFM-MANQUE-ZERO": ("2", "49")}
    message = result.messages[0]
    assert message.columns == ("F", "M")
    assert "fiches n° 2 et 49" in message.text.replace("\u00a0", " ")
    customers = 60 - 6 - 5
    assert [criterion.points for criterion in result.criteria] == [
        4.0, 4 * (customers - 2) / customers, 4 * (customers - 1) / customers, 4.0, 4.0
    ]  # fmt: skip


def test_a_guessed_datum_is_told(unqualified):
    question, key, rows = unqualified
    rows["8"] |= {"R": "0", "F": "10", "M": "10", "score": "20", "segment": "Clients tièdes"}  # « env. 30 »
    found = told(grade(question, value(rows), key))
    assert found == {"RFM-MANQUE-ZERO": ("8",)}  # R = 0 for « sept. 2025 »
    rows["8"] |= {"R": "5"}
    assert told(grade(question, value(rows), key)) == {"RFM-NON-SCORABLE": ("8",)}


def test_a_purchase_in_the_future_cannot_be_scored(unqualified):
    question, key, rows = unqualified
    rows["57"] |= {"R": "10", "F": "10", "M": "10", "score": "30", "segment": "Bons clients"}
    assert told(grade(question, value(rows), key)) == {"RFM-FUTUR": ("57",)}


def test_an_incoherent_record_cannot_be_scored(unqualified):
    question, key, rows = unqualified
    rows["20"] |= {"R": "5", "F": "0", "M": "10", "score": "15", "segment": "Clients tièdes"}
    assert told(grade(question, value(rows), key)) == {"RFM-INCOHERENT": ("20",)}


# --- the sheet itself ---------------------------------------------------------------------------------------------


def test_columns_are_found_whatever_their_case_accents_and_usual_names(loaded, rows):
    given = value(rows)
    given["colonnes"] = ["N°", "Récence", "FREQUENCE", "Montant", "Score RFM", "Catégorie"]
    assert grade(loaded[0], given, loaded[1]).points == 20


def test_the_order_of_columns_and_rows_does_not_matter(loaded, rows):
    lines = [list(reversed(line)) for line in reversed(value(rows)["lignes"])]
    assert grade(loaded[0], {"colonnes": COLUMNS[::-1], "lignes": lines}, loaded[1]).points == 20


def test_the_exact_name_wins_over_a_synonym(loaded, rows):
    given = value(rows)
    given["colonnes"] = ["total", *given["colonnes"]]
    given["lignes"] = [["999", *line] for line in given["lignes"]]
    assert grade(loaded[0], given, loaded[1]).points == 20


def test_the_given_columns_may_be_there_too(loaded, rows):
    given = value(rows)
    given["colonnes"] = [*given["colonnes"], "panier_moyen", "type_contact"]
    given["lignes"] = [[*line, "12.50", "PARTICULIER"] for line in given["lignes"]]
    assert grade(loaded[0], given, loaded[1]).points == 20


def test_a_missing_column_is_named_and_costs_its_criteria(loaded, rows):
    given = value(rows)
    given["colonnes"] = ["id_contact", "R", "autre", "M", "score", "segment"]
    result = grade(loaded[0], given, loaded[1])
    assert points(result) == [4, 0, 4, 0, 4]
    assert "« F (fréquence) »" in result.messages[0].text.replace("\u00a0", " ")
    assert result.messages[0].code == "RFM-COLONNE"


def test_without_identifiers_nothing_can_be_judged(loaded, rows):
    given = value(rows)
    given["colonnes"] = ["qui", *COLUMNS[1:]]
    result = grade(loaded[0], given, loaded[1])
    assert result.points == 0
    assert [message.code for message in result.messages] == ["RFM-COLONNE"]


def test_identifiers_are_read_however_typed(loaded, rows):
    rows["9"]["id_contact"] = "09"
    rows["10"]["id_contact"] = "10.0"
    rows["11"]["id_contact"] = "fiche n° 11"
    assert marked(loaded, rows).points == 20


def test_an_identifier_that_does_not_exist_is_told(loaded, rows):
    rows["99"] = {**rows["1"], "id_contact": "99"}
    rows["?"] = {**rows["1"], "id_contact": ""}
    result = marked(loaded, rows)
    assert result.points == 20
    assert told(result) == {"RFM-LIGNE": ("99", "?")}


def test_the_first_row_of_a_repeated_identifier_counts(loaded, rows):
    rows["again"] = {**rows["1"], "R": "0"}
    result = marked(loaded, rows)
    assert result.points == 20
    assert told(result) == {"RFM-DOUBLE": ("1",)}


def test_a_cell_that_is_not_a_number_is_told(loaded, rows):
    rows["1"]["R"] = "dis"
    rows["3"]["score"] = "beaucoup"
    result = marked(loaded, rows)
    assert told(result) == {"RFM-ILLISIBLE": ("1", "3"), "RFM-NOTES-MANQUANTES": ("1",), "RFM-SEGMENT": ("3",)}
    assert {(cell.row, cell.column) for cell in result.cells} == {
        ("1", "R"),
        ("1", "score"),
        ("3", "score"),
        ("3", "segment"),
    }


def test_the_remarks_on_the_sheet_come_once_also_without_the_key(loaded, rows):
    rows["99"] = {**rows["1"], "id_contact": "99"}
    rows["1"]["R"] = ""
    found = told_without_key(loaded, rows)
    assert found == {"RFM-LIGNE": ("99",), "RFM-VIDE": ("1",), "RFM-NOTES-MANQUANTES": ("1",)}


def test_rows_of_an_empty_table_are_all_unknown():
    sheet = read_sheet(Table(("id_contact", "R"), (("", ""), ("1", "10"))), [])
    assert (sheet.lines, sheet.unknown) == ({}, ("1",))


# --- cells --------------------------------------------------------------------------------------------------------


def test_a_wrong_cell_says_what_to_look_at_and_never_the_note(loaded, rows):
    rows["9"] |= {"R": "10", "F": "10", "M": "20"}
    rows["9"]["score"] = "99"
    rows["9"]["segment"] = "Clients tièdes"
    cells = {cell.column: cell for cell in marked(loaded, rows).cells}
    assert set(cells) == {"R", "F", "M", "score", "segment"}
    assert all((cell.row, cell.state) == ("9", "faux") for cell in cells.values())
    assert "01/08/2026" in cells["R"].text
    assert "5 achats" in cells["F"].text
    assert "100,00" in cells["M"].text
    assert "20 points" not in " ".join(cell.text for cell in cells.values())


def test_rows_that_contradict_each_other_count_neither_for_nor_against(loaded, rows):
    """Up to one customer in ten: more of them is no slip, and the first row counts."""
    names = [name for name in rows if name not in PROSPECTS]
    for name in names[:5]:
        rows[f"again {name}"] = {**rows[name], "R": "7"}
    result = marked(loaded, rows)
    assert result.points == 20
    assert set(told(result)) == {"RFM-DOUBLE"}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"R": "5", "F": "10", "M": "10", "score": "25", "segment": "Bons clients"}, [0, 0, 0, 0, 0]),
        ({"R": "7", "F": "7", "M": "7"}, [0, 0, 0, 0, 0]),
        ({"segment": "Bons clients"}, [4, 4, 4, 4, 0]),
        ({"R": "5"}, [0, 4, 4, None, 4]),
    ],
)
def test_a_column_that_says_the_same_everywhere_earns_nothing(cells, expected, loaded, rows):
    for row in rows.values():
        row |= cells
    found = marked(loaded, rows)
    assert "MEME-PARTOUT" in {message.code for message in found.messages}
    assert [own for own, wanted in zip(points(found), expected, strict=True) if wanted is not None] == [
        wanted for wanted in expected if wanted is not None
    ]


@pytest.mark.parametrize("many", [2, 3, 4])
@pytest.mark.parametrize("in_blocks", [True, False])
def test_a_few_lines_copied_down_the_table_earn_nothing(many, loaded, rows, *, in_blocks):
    own = [{name: row[name] for name in ("R", "F", "M", "score", "segment")} for row in rows.values() if row["R"]]
    few = list({tuple(line.items()): line for line in own}.values())[:many]
    for at, row in enumerate(rows.values()):
        row |= few[at * many // len(rows) if in_blocks else at % many]
    assert sum(points(marked(loaded, rows))) == 0


def test_a_column_worked_beside_two_that_say_the_same_keeps_its_points(loaded, rows):
    for row in rows.values():
        row |= {"F": "10", "M": "10"}
    assert points(marked(loaded, rows))[0] == 4


def test_one_note_of_annexe_7_is_no_proof_of_it(loaded, rows):
    rows["1"] |= {"R": "2"}
    found = told(marked(loaded, rows))
    assert "RFM-GRILLE7" not in found
    assert found["RFM-HORS-GRILLE"] == ("1",)


# --- without the key, and odd sheets ----------------------------------------------------------------------------------


def test_without_the_key_a_note_of_2_shows_annexe_7(loaded, rows):
    annexe_7(rows, monthly=False)
    found = told_without_key(loaded, rows)
    assert {"5", "9", "14"} <= set(found["RFM-GRILLE7"])


@pytest.mark.parametrize(
    "raw",
    [
        {"colonnes": [], "lignes": []},
        {"colonnes": ["id_contact"], "lignes": [["1"]]},
        {"colonnes": ["id_contact", "R"], "lignes": [["1", "1e999"], ["x" * 999, "10"]]},
        {"colonnes": ["id_contact", "score", "segment"], "lignes": [["1", "-5", "Clients inactifs"]]},
        {"colonnes": ["id_contact", "R", "r"], "lignes": [["1", "10", "5"]]},
    ],
)
@pytest.mark.parametrize("with_key", [True, False])
def test_odd_sheets_are_marked_without_failing(raw, with_key, loaded):
    result = grade(loaded[0], raw, loaded[1] if with_key else None)
    assert 0 <= result.points < 20
