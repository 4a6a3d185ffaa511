"""What spreadsheets, keyboards and libraries do to a value: right or said, from the card, Excel, a CSV or code.

``tests/cases/cells`` holds files as people handed them in, all of them right answers; each kind has variants here.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from autograder.marking.batch import mark_class
from crc_lab.core.answers import parse_date, parse_number
from crc_lab.core.bank import LoadedActivity
from crc_lab.core.cells import FIRST_DAY, RawCell, Trouble, meant, read, ticked, written
from crc_lab.core.grading import grade
from crc_lab.core.model import Question
from crc_lab.core.resources import activity_ids
from crc_lab.core.rooms import parse
from crc_lab.excel import ImportResult, build_template, read_answer, template_question
from crc_lab.notebook import commands
from tests.excel_cases import saved
from tests.loaded import loaded_activity
from tests.sample_copies import BANK

CASES = Path(__file__).resolve().parent / "cases" / "cells"
FILES = {path.relative_to(CASES).as_posix(): path for path in sorted(CASES.glob("*/*")) if path.suffix != ".ipynb"}
SHEETS = {path.relative_to(CASES).as_posix(): path for path in sorted(CASES.glob("*/*.ipynb"))}
VARIANTS: dict[str, list[dict[str, Any]]] = tomllib.loads((CASES / "variantes.toml").read_text(encoding="utf-8"))
TOLD = {
    "07-modele-sans-nom-defini/A6-Q1.xlsx": (),
    "09-pourcentage/A4-Q3.xlsx": ("pourcentage",),
    "10-echappement-x000D/A6-Q1.xlsx": (),
    "12-csv-zeros-perdus/A3-Q2.csv": ("zéros du début",),
    "15-caracteres-invisibles/A3-Q2.xlsx": (),
    "24-coches-et-etats/A1-X5.xlsx": (),
    "24-coches-et-etats/A2-Q2.xlsx": (),
    "27-trop-de-decimales/A4-Q3.xlsx": (),
}
"""A word of each remark that reading the file must make, in order; there must be no other."""


def loaded(question_id: str) -> LoadedActivity:
    name = next(one for one in activity_ids() if one.startswith(f"{int(question_id[1]):02d}_"))
    return loaded_activity(name)


def question_of(question_id: str) -> Question:
    return loaded(question_id).activity.question(question_id)


def points(question_id: str, value: Any) -> float:
    """The share of its points that an answer earns (of a training question: its share of right criteria)."""
    question = question_of(question_id)
    result = grade(question, value, loaded(question_id).key(question_id))
    if not question.points:
        return sum(one.verdict.value == "JUSTE" for one in result.criteria) / len(result.criteria)
    return result.points / question.points


def template(question_id: str, value: Any = None) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(build_template(question_of(question_id), value)))


def given_back(question_id: str, content: bytes, name: str = "rendu.xlsx") -> ImportResult:
    return read_answer(content, name, question_of(question_id))


def filled(question_id: str, cells: Mapping[str, Any], formats: Mapping[str, str] | None = None) -> ImportResult:
    """The template of a question with other values in some cells of its first sheet."""
    book = template(question_id)
    for place, value in cells.items():
        book.worksheets[0][place] = value
    for place, number_format in (formats or {}).items():
        book.worksheets[0][place].number_format = number_format
    return given_back(question_id, saved(book))


def as_csv(question_id: str, change: Mapping[str, Any], encoding: str = "utf-8-sig", delimiter: str = ";") -> bytes:
    """The right answer to a table question as a CSV; ``change``: {column: function of a cell}."""
    key = loaded(question_id).key(question_id)
    names = key.answer["colonnes"]
    rows = [[change.get(n, str)(cell) for n, cell in zip(names, line, strict=True)] for line in key.answer["lignes"]]
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([names, *rows])
    return text.getvalue().encode(encoding)


def without_zeros(text: str) -> str:
    """What a spreadsheet keeps of a number it takes for one."""
    return str(int(text)) if text.lstrip("+").isdigit() else text


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What the commands say, with plain spaces."""
    shown: list[str] = []
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(commands, "show", lambda _card: None)
    monkeypatch.setattr(commands, "show_html", lambda html: shown.append(html.replace("\u00a0", " ")))
    monkeypatch.setattr(commands, "_open", [])
    return shown


# --- files as people handed them in -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_a_right_answer_is_right_whatever_the_software_did_to_it(name: str) -> None:
    question_id = FILES[name].stem
    result = given_back(question_id, FILES[name].read_bytes(), FILES[name].name)
    assert points(question_id, result.value) == 1
    assert len(result.warnings) == len(TOLD[name]), result.warnings
    assert all(word in text for word, text in zip(TOLD[name], result.warnings, strict=True))


@pytest.mark.parametrize("name", SHEETS)
def test_a_right_notebook_is_right_whatever_was_pasted_in_it(name: str) -> None:
    (copy,) = mark_class([SHEETS[name]], BANK).copies
    assert round(copy.points, 6) == 20


def test_a_template_without_its_defined_name_is_still_a_template() -> None:
    content = FILES["07-modele-sans-nom-defini/A6-Q1.xlsx"].read_bytes()
    assert template_question(content, "x.xlsx") == "A6-Q1"
    copies = mark_class([FILES["07-modele-sans-nom-defini/A6-Q1.xlsx"]], BANK).copies
    assert [copy.points for copy in copies] == [20]


# --- one value, whatever wrote it (variantes.toml) ----------------------------------------------------------------


@pytest.mark.parametrize("one", VARIANTS["cellule"], ids=lambda one: ascii(one["valeur"]))
def test_a_cell_is_what_a_person_would_have_typed(one: dict[str, Any]) -> None:
    days = one.get("premier_jour", FIRST_DAY)
    cell = RawCell(one["valeur"], one.get("format", "General"), untyped=not one.get("type", True), first_day=days)
    text, trouble = read(cell, one.get("colonne", ""), one.get("source", ""))
    assert (text, trouble.name if trouble else None) == (one["texte"], one.get("dit"))


@pytest.mark.parametrize("one", VARIANTS["nombre"], ids=lambda one: ascii(one["tape"]))
def test_a_number_is_read_however_it_is_written(one: dict[str, Any]) -> None:
    assert parse_number(one["tape"]) == (Decimal(one["vaut"]) if "vaut" in one else None)


@pytest.mark.parametrize("one", VARIANTS["date"], ids=lambda one: ascii(one["tape"]))
def test_a_date_is_read_however_it_is_written(one: dict[str, Any]) -> None:
    assert parse_date(one["tape"]) == (dt.date.fromisoformat(one["vaut"]) if "vaut" in one else None)


@pytest.mark.parametrize("one", VARIANTS["cases"], ids=lambda one: ascii(one["tape"]))
def test_a_box_is_ticked_by_any_sign(one: dict[str, Any]) -> None:
    found = ticked({str(place): read(RawCell(text))[0] for place, text in enumerate(one["tape"])})
    assert [found[str(place)] for place in range(len(found))] == [None if tick == "" else tick for tick in one["coche"]]


@pytest.mark.parametrize("one", VARIANTS["etat"], ids=lambda one: ascii(one["tape"]))
def test_a_state_is_read_by_its_words(one: dict[str, Any]) -> None:
    assert meant(one["tape"], ("présente", "absente")) == one.get("etat")


# --- percents -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (5 / 60, "0.00%", "8.33"), (0.0833, "0.00 %", "8.33"), (5 / 60, "0%", "8.33"), (5 / 60, "0.000%", "8.333"),
        (0.5, "0%", "50"), (1, "0%", "100"), (-0.025, "0.0%", "-2.5"), (5 / 60, "[Red]0.00%;-0.00%", "8.33"),
    ],
)  # fmt: skip
def test_a_percent_cell_gives_the_number_before_its_sign(value: float, number_format: str, text: str) -> None:
    result = filled("A4-Q3", {"C2": value, "C3": "non"}, {"C2": number_format})
    assert result.value == {"taux": text, "conforme": "non"}
    assert [warning[:10] for warning in result.warnings] == ["Cellule C2"]


@pytest.mark.parametrize("number_format", ['0.00" %"', r"0.00\%", "0.00"])
def test_a_percent_sign_that_is_only_written_multiplies_nothing(number_format: str) -> None:
    result = filled("A4-Q3", {"C2": 8.33, "C3": "non"}, {"C2": number_format})
    assert (result.value["taux"], result.warnings) == ("8.33", ())


# --- escapes and invisible characters -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: f"{text}_x000D_", lambda text: f"_x000a_{text}", lambda text: f"{text}_x000D_\n",
        lambda text: "_x200B_".join(text), lambda text: f"\u200b{text}\u200e", lambda text: "\u2060".join(text),
        lambda text: f"\ufeff{text}\u00a0", lambda text: f"\u202a{text}\u202c", lambda text: f"\u00ad{text}\u202f",
    ],
    ids=["return", "lower case", "line end", "between", "zero width", "joiners", "mark", "direction", "soft hyphen"],
)  # fmt: skip
def test_what_the_eye_does_not_see_has_no_effect_in_any_cell(spoil: Any) -> None:
    key = loaded("A6-Q1").key("A6-Q1")
    book = template("A6-Q1", key.answer)
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            cell.value = None if cell.value is None else spoil(str(cell.value))
    result = given_back("A6-Q1", saved(book))
    assert points("A6-Q1", result.value) == 1
    assert result.warnings == ()
    card = {
        "colonnes": [spoil(name) for name in key.answer["colonnes"]],
        "lignes": [[spoil(cell) for cell in line] for line in key.answer["lignes"]],
    }
    assert points("A6-Q1", card) == 1


def test_pairs_cells_and_numbers_pasted_from_a_page_are_the_same() -> None:
    activity = loaded("A4-Q1")
    for name in ("A4-Q1", "A4-Q2"):
        key = activity.key(name)
        assert points(name, [[f"\u200b{a}\u200e", f"\u2067{b}\u2069"] for a, b in key.answer]) == 1
    assert points("A4-Q3", {"taux": "\u200e8,33\u00a0%\u200b", "conforme": "\ufeffnon"}) == 1


def test_a_cell_with_nothing_to_see_is_empty() -> None:
    assert read(RawCell("\u200b\u2060 _x000D_")) == ("", None)
    assert parse("texte", "\u200b") == ""


# --- zeros, dates, digits -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8", ";"), ("utf-16", "\t"), ("mac_roman", ";")])
def test_zeros_that_a_csv_lost_come_back_as_the_file_wrote_them(encoding: str, delimiter: str) -> None:
    lost = as_csv("A3-Q2", dict.fromkeys(("code_postal", "siret", "telephone"), without_zeros), encoding, delimiter)
    result = given_back("A3-Q2", lost, "A3-Q2.csv")
    assert points("A3-Q2", result.value) == 1
    assert [("zéros" in warning) for warning in result.warnings] == [True]


@pytest.mark.parametrize(
    ("column", "typed", "source", "text"),
    [
        ("code_postal", "7501", "27 bd Voltaire 7501 Paris", "7501"),
        ("code_postal", "1000", "2 rue Neuve 01000 Bourg", "01000"),
        ("code_postal", "1000", "", "01000"),
        ("code_postal", "1000", "carte 1000 ; 2 rue Neuve 01000 Bourg", "01000"),
        ("siret", "456740001", "SIRET 0000456740001", "0000456740001"),
        ("siret", "1119700019", "SIRET 000 011 197 00019", "00001119700019"),
        ("telephone", "63998414", "06.39.98.41.4 ; x@example.com", "063998414"),
        ("telephone", "639981234", "06-39-98-12-34", "0639981234"),
        ("telephone", "33639981234", "06 39 98 12 34", "+33639981234"),
        ("numero_voie", "7", "007", "7"),
    ],
)
def test_the_line_of_the_data_tells_how_many_zeros_there_were(column: str, typed: str, source: str, text: str) -> None:
    trouble = None if text == typed else Trouble.ZEROS
    for cell in (RawCell(int(typed)), RawCell(typed, untyped=True)):
        assert read(cell, column, source) == (text, trouble)
    assert read(RawCell(typed), column, source) == (typed, None), "what a student typed is never touched"


@pytest.mark.parametrize(
    ("cell", "column", "text", "trouble"),
    [
        (RawCell("3,62E+13"), "siret", "3,62E+13", Trouble.DIGITS),
        (RawCell("3.62E+13", untyped=True), "siret", "3.62E+13", Trouble.DIGITS),
        (RawCell("3,36E+10"), "telephone", "3,36E+10", Trouble.DIGITS),
        (RawCell("1,2E+12"), "commentaire", "1,2E+12", Trouble.DIGITS),
        (RawCell("1,234400016E+9", untyped=True), "siret", "00001234400016", Trouble.ZEROS),
        (RawCell("2E3"), "commentaire", "2E3", None),
        (RawCell("1E5 rue"), "siret", "1E5 rue", None),
    ],
)
def test_digits_that_cannot_come_back_are_said_to_be_lost(
    cell: RawCell, column: str, text: str, trouble: Trouble | None
) -> None:
    assert read(cell, column) == (text, trouble)


@pytest.mark.parametrize(
    ("value", "column", "text", "trouble"),
    [
        (46277, "date_dernier_achat", "2026-09-12", Trouble.DAYS),
        ("46277", "date_creation", "2026-09-12", Trouble.DAYS),
        (46277.5, "Date de création", "2026-09-12", Trouble.DAYS),
        (18026, "date_naissance", "1949-05-08", Trouble.DAYS), (2022, "date_creation", "2022", None),
        (46277, "code_postal", "46277", None), (46277, "nb_achats_12m", "46277", None),
    ],
)  # fmt: skip
def test_days_counted_by_a_spreadsheet_are_dates_again(
    value: Any, column: str, text: str, trouble: Trouble | None
) -> None:
    assert read(RawCell(value), column) == (text, trouble)


def test_what_pandas_did_to_numbers_is_put_back_and_said(begun: list[str]) -> None:
    commands.debut("03_structurer")
    key = loaded("A3-Q2").key("A3-Q2")
    frame = pd.DataFrame(key.answer["lignes"], columns=key.answer["colonnes"])
    for name in ("code_postal", "siret", "telephone"):
        frame[name] = pd.to_numeric(frame[name].str.removeprefix("+"))
    days = pd.to_datetime(frame["date_consentement_tel"]) - pd.Timestamp("1899-12-30")
    frame["date_consentement_tel"] = days.dt.days
    commands.verifier("A3-Q2", frame)
    *remarks, verdict = begun
    assert "17 / 17" in verdict
    assert [word in text for word, text in zip(("nombre de jours", "zéros"), remarks, strict=True)] == [True, True]


# --- ticks, states ------------------------------------------------------------------------------------------------

BOXES = {option.id: f"C{row}" for row, option in enumerate(question_of("A1-X5").spec.options, 2)}
RIGHT = tuple(place for name, place in BOXES.items() if name in loaded("A1-X5").key("A1-X5").answer)
WRONG = tuple(place for place in BOXES.values() if place not in RIGHT)
"""The boxes of A1-X5 that are to be ticked, and those that are not."""


@pytest.mark.parametrize("yes", ["✓", "✔", "☑", "√", "✅", "x", "X", "×", "✗", "oui", "Oui", "o", "vrai", True, 1])
@pytest.mark.parametrize("no", [None, "non", "N", "faux", False, 0, "☐", "-"])
def test_a_tick_is_a_tick_and_no_is_no(yes: Any, no: Any) -> None:
    result = filled("A1-X5", {**dict.fromkeys(RIGHT, yes), **dict.fromkeys(WRONG, no)})
    assert points("A1-X5", result.value) == 1
    assert result.warnings == ()


def test_a_cross_beside_ticks_says_no() -> None:
    for tick, cross in (("✓", "✗"), ("oui", "x"), ("✔", "❌")):
        result = filled("A1-X5", {**dict.fromkeys(RIGHT, tick), **dict.fromkeys(WRONG, cross)})
        assert points("A1-X5", result.value) == 1
    assert ticked({"a": "✓", "b": "x", "c": ""}) == {"a": True, "b": True, "c": False}, "some of each: both are ticks"


def test_what_is_not_understood_in_a_box_is_said() -> None:
    result = filled("A1-X5", {**dict.fromkeys(RIGHT, "x"), WRONG[0]: "?", RIGHT[0]: "avantage"})
    assert points("A1-X5", result.value) == 1, "a word written in a box is there on purpose"
    assert result.warnings[0].startswith("Cellules {} et {}".format(*sorted((RIGHT[0], WRONG[0]))))
    assert "pas été comprise" in result.warnings[0]


@pytest.mark.parametrize(
    "missing",
    ["absente", "Absent", "manquante", "manquants", "non", "n", "NON", "faux", False, "non valable", "invalide", "✗",
     "il manque", "pas présente", "0"],
)  # fmt: skip
@pytest.mark.parametrize("present", [None, "présente", "Oui", "✓", True])
def test_the_states_of_a_form_are_read_by_their_words(missing: Any, present: Any) -> None:
    states = {f"C{row}": missing if row > 3 else present for row in range(2, 9)}
    result = filled("A2-Q2", {**states, "C12": "n"})
    assert points("A2-Q2", result.value) == 1
    assert result.warnings == ()


def test_a_state_that_is_not_understood_is_said_and_kept_from_counting() -> None:
    result = filled("A2-Q2", {"C4": "x", "C5": "je ne sais pas trop", "C12": "non"})
    assert result.value["manquements"] == []
    assert result.warnings[0].startswith("Cellules C4 et C5")


@pytest.mark.parametrize(
    ("text", "choices", "choice"),
    [
        ("✓", ("OUI", "NON", "INCONNU"), "OUI"), ("VRAI", ("OUI", "NON", "INCONNU"), "OUI"),
        ("n", ("OUI", "NON", "INCONNU"), "NON"), ("inconnu", ("OUI", "NON", "INCONNU"), "INCONNU"),
        ("non renseigné du tout ici", ("OUI", "NON"), None), ("peut-être", ("OUI", "NON"), None),
        ("oui", ("0", "10", "20"), None), ("x", ("F", "H"), None), ("-", ("OUI", "NON"), None),
    ],
)  # fmt: skip
def test_a_yes_or_a_no_is_one_of_the_list_only_where_the_list_has_one(
    text: str, choices: tuple[str, ...], choice: str | None
) -> None:
    assert meant(text, choices) == choice


# --- numbers of any library ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rate",
    [8.333333333332, 8.333333333333332, np.float64(8.33), np.float32(8.33), np.float64(100 / 12), Decimal("8.33"),
     Fraction(25, 3), np.array(8.33), "8,333333333332", "8,33 %", "\u20098,33", np.str_("8,33")],
)  # fmt: skip
def test_a_number_of_any_library_is_a_number(rate: Any, begun: list[str]) -> None:
    commands.debut("04_qualifier")
    commands.verifier("A4-Q3", {"taux": rate, "conforme": "non"})
    assert "2 / 2" in begun[-1]


@pytest.mark.parametrize(
    ("typed", "value"),
    [(".5", "0.5"), (",5", "0.5"), ("12,", "12"), ("-.25", "-0.25"), ("1 234,50 €", "1234.50"), ("1 234, €", "1234"),
     ("0.30000000000000004", "0.30000000000000004")],
)  # fmt: skip
def test_numbers_are_read_as_people_and_programs_write_them(typed: str, value: str) -> None:
    assert parse("nombre", typed) == Decimal(value)


@pytest.mark.parametrize(
    "pairs",
    [[[np.int64(1), np.int64(2)]], [(1, 2)], np.array([[1, 2]]), pd.DataFrame({"a": [1], "b": [2]}), {(1.0, 2.0)},
     [pd.Series([1, 2])]],
)  # fmt: skip
def test_pairs_of_any_library_are_pairs(pairs: Any, begun: list[str]) -> None:
    commands.debut("04_qualifier")
    commands.verifier("A4-Q2", pairs)
    assert "Paires trouvées : 1 sur 4" in begun[-1]


@pytest.mark.parametrize("number", ["a4-q3", "A4 Q3", "a4q3"])
def test_the_number_of_a_question_may_be_typed_in_any_way(number: str, begun: list[str]) -> None:
    commands.debut("04_qualifier")
    commands.verifier(number, {"taux": "8,33 %", "conforme": False})
    assert "2 / 2" in begun[-1]
    assert commands.current().session.answer("A4-Q3") is not None


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: commands.verifier(4), "Donnez d’abord le numéro de la question"),
        (lambda: commands.verifier(pd.DataFrame()), "Donnez d’abord le numéro de la question"),
        (lambda: commands.verifier(), "il manque quelque chose entre les parenthèses"),
        (lambda: commands.verifier("A4-Q3", 1, 2), "quelque chose en trop"),
        (lambda: commands.verifier("A4-Q3", print), "Une réponse ne peut pas contenir un objet"),
        (lambda: commands.verifier("A4-Q3", {"taux": [object()]}), "Une réponse ne peut pas contenir un objet"),
        (lambda: commands.importer_excel(3), "n’a pas abouti (TypeError)"),
    ],
)
def test_whatever_is_typed_the_answer_is_a_french_sentence(call: Any, words: str, begun: list[str]) -> None:
    commands.debut("04_qualifier")
    call()
    assert words in begun[-1]


def test_moments_are_written_with_what_they_say() -> None:
    assert written(np.datetime64("2026-09-12")) == "2026-09-12"
    assert written(dt.datetime(2026, 9, 12, 10, 30)) == "2026-09-12 10:30:00"
    assert written(pd.Timestamp("2026-09-12 00:00:00.000000001")) == "2026-09-12 00:00:00.000000001"
    assert written(10**400) is None
    assert written(np.timedelta64(3, "D")) == "3 days, 0:00:00"
    assert written(np.complex64(4)) is None
