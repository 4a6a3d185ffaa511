"""Activity 6 proves itself: the key earns 20, a blank sheet 0, every number is found again without our own rules."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from autograder.prepare.build import build_notebook
from crc_lab import charger
from crc_lab.core.bank import LoadedActivity, load_activity
from crc_lab.core.feedback import render_html, render_text
from crc_lab.core.grading import grade
from crc_lab.core.model import Verdict
from crc_lab.excel.template import build_template
from crc_lab.notebook import tables
from crc_lab.notebook.cards import question_spec
from tests.excel_cases import through_libreoffice

ROOT = Path(__file__).resolve().parent.parent
FOLDER, DATASETS = ROOT / "notebooks" / "06_scorer", ROOT / "datasets"
REF = pd.Timestamp("2026-11-01")
TRAINING = ("A6-X1", "A6-X2", "A6-X3", "A6-X4", "A6-X5")


@pytest.fixture(scope="module")
def loaded() -> LoadedActivity:
    return load_activity(FOLDER, DATASETS)


@pytest.fixture(scope="module")
def truth() -> pd.DataFrame:
    """The notes of the 53 records by pandas alone, the long way."""
    frame = pd.read_csv(DATASETS / "base_qualifiee.csv", sep=";", dtype=str, keep_default_na=False)
    frame = frame[["id_contact", "date_dernier_achat", "nb_achats_12m", "panier_moyen"]].copy()
    frame["customer"] = frame["date_dernier_achat"] != ""
    dates = pd.to_datetime(frame["date_dernier_achat"])
    count = pd.to_numeric(frame["nb_achats_12m"])
    cents = (pd.to_numeric(frame["panier_moyen"]) * 100).round()
    new, old = REF - pd.DateOffset(months=3), REF - pd.DateOffset(months=12)
    frame["R"] = np.select([dates > new, dates >= old], [10, 5], 0)
    frame["F"] = np.select([count > 4, count >= 1], [20, 10], 0)
    frame["M"] = np.select([cents > 10_000, cents >= 2_500], [20, 10], 0)
    frame["score"] = frame["R"] + frame["F"] + frame["M"]
    frame["segment"] = np.select(
        [frame["score"] > 40, frame["score"] >= 25, frame["score"] > 0],
        ["Très bons clients", "Bons clients", "Clients tièdes"],
        "Clients inactifs",
    )
    return frame


def sheet(frame: pd.DataFrame) -> dict[str, object]:
    return tables.to_plain(frame[["id_contact", "R", "F", "M", "score", "segment"]].astype(str))


# --- the marked question ------------------------------------------------------------------------------------------


def test_the_activity_is_worth_20_points_in_five_equal_parts(loaded):
    assert [question.id for question in loaded.activity.marked] == ["A6-Q1"]
    question = loaded.activity.question("A6-Q1")
    assert [(criterion.id, criterion.points) for criterion in question.criteria] == [
        ("recence", 4.0), ("frequence", 4.0), ("montant", 4.0), ("total", 4.0), ("segment", 4.0)
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["A6-Q1", *TRAINING])
def test_a_blank_answer_is_not_an_answer(loaded, name):
    question, key = loaded.activity.question(name), loaded.keys[name]
    blank = None
    if question.table is not None:
        table = question_spec(question, loaded.activity, "entrainement")["tableau"]
        blank = {"colonnes": [column["nom"] for column in table["colonnes"]], "lignes": table["lignes"]}
    result = grade(question, blank, key)
    assert (result.verdict, result.points) == (Verdict.NON_REPONDU, 0.0)


def test_the_key_is_what_pandas_finds(loaded, truth):
    key = pd.DataFrame(loaded.keys["A6-Q1"].answer["lignes"], columns=loaded.keys["A6-Q1"].answer["colonnes"])
    customers = truth[truth["customer"]]
    found = key[key["R"] != ""].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        found.astype(str), customers[list(key.columns)].astype(str).reset_index(drop=True), check_dtype=False
    )
    assert list(key.loc[key["R"] == "", "segment"].unique()) == ["Prospect (sans objet)"]


def test_the_counts_announced(loaded):
    segments = pd.Series([row[-1] for row in loaded.keys["A6-Q1"].answer["lignes"]]).value_counts()
    assert segments.to_dict() == {
        "Très bons clients": 9,
        "Bons clients": 29,
        "Clients tièdes": 9,
        "Clients inactifs": 2,
        "Prospect (sans objet)": 4,
    }
    said = re.sub(r"[^\w :]", " ", loaded.keys["A6-Q1"].explanation.replace("\u00a0", " "))
    for name, count in (("Très bons", 9), ("bons", 29), ("tièdes", 9), ("inactifs", 2), ("prospects", 4)):
        assert re.search(rf"{name} : +{count}\b", said), name


SOLVED = """
1 2026-09-12 6 112.50 10 20 20 50 Très bons clients
5 2026-06-25 4 25.00 5 10 10 25 Bons clients
7 2026-02-10 1 310.00 5 10 20 35 Bons clients
9 2026-08-01 5 100.00 5 20 10 35 Bons clients
10 2025-11-01 1 99.90 5 10 10 25 Bons clients
11 2025-10-31 0 18.00 0 0 0 0 Clients inactifs
14 2026-07-31 2 24.99 5 10 0 15 Clients tièdes
15 2026-10-20 4 100.00 10 10 10 30 Bons clients
24 2026-10-01 6 18.40 10 20 0 30 Bons clients
27 2024-12-24 0 140.00 0 0 20 20 Clients tièdes
35 2026-02-28 5 105.00 5 20 20 45 Très bons clients
43 2026-09-15 4 127.50 10 10 20 40 Bons clients
"""


@pytest.mark.parametrize("line", SOLVED.strip().splitlines())
def test_the_twelve_solved_customers(loaded, truth, line):
    name, date, count, basket, *expected = line.split(maxsplit=8)
    given = truth.set_index("id_contact").loc[name]
    assert [given["date_dernier_achat"], given["nb_achats_12m"], given["panier_moyen"]] == [date, count, basket]
    answer = next(row for row in loaded.keys["A6-Q1"].answer["lignes"] if row[0] == name)
    assert answer[1:] == expected


def test_one_wrong_column_costs_that_column_and_nothing_more(loaded, truth):
    """Follow-through: every M is off by one band, sums and segments follow the student's own values."""
    own = truth.copy()
    own["M"] = own["M"].map({0: 10, 10: 20, 20: 10})
    own["score"] = own["R"] + own["F"] + own["M"]
    own["segment"] = pd.cut(
        own["score"], [-1, 0, 24, 40, 50], labels=["inactif", "tiède", "bon client", "très bon"]
    ).astype(str)
    result = grade(loaded.activity.question("A6-Q1"), sheet(own), loaded.keys["A6-Q1"])
    assert [criterion.points for criterion in result.criteria] == [4.0, 4.0, 0.0, 4.0, 4.0]
    assert "RFM-PROSPECT-NOTE" in {message.code for message in result.messages}


@pytest.mark.parametrize("seed", range(8))
def test_points_are_those_of_an_independent_count(loaded, truth, seed):
    """Random slips and holes in the five columns; the points are counted again with pandas."""
    random = np.random.default_rng(seed)
    own = truth.loc[truth["customer"], ["id_contact", "R", "F", "M", "score", "segment"]].astype(object)
    names = ["Très bons clients", "Bons clients", "Clients tièdes", "Clients inactifs"]
    for column, choices in (("R", [0, 5, 10]), ("F", [0, 10, 20]), ("M", [0, 10, 20]), ("score", range(0, 55, 5))):
        spoilt = random.random(len(own)) < 0.2
        own.loc[spoilt, column] = random.choice(list(choices), spoilt.sum())
        own.loc[random.random(len(own)) < 0.1, column] = ""
    spoilt = random.random(len(own)) < 0.2
    own.loc[spoilt, "segment"] = random.choice(names, spoilt.sum())
    right = truth[truth["customer"]]
    expected = [4 * (own[column].astype(str) == right[column].astype(str)).sum() / 49 for column in "RFM"]
    notes = own[["R", "F", "M"]].apply(pd.to_numeric)
    written = pd.to_numeric(own["score"])
    total = notes.sum(axis=1, min_count=3)
    expected.append(4 * (written == total).sum() / 49)
    judged = written.fillna(total)
    segment = np.select([judged > 40, judged >= 25, judged > 0, judged == 0], names, "?")
    expected.append(4 * (own["segment"] == segment).sum() / 49)
    result = grade(loaded.activity.question("A6-Q1"), sheet(own), loaded.keys["A6-Q1"])
    assert [criterion.points for criterion in result.criteria] == pytest.approx(expected)
    assert result.points == pytest.approx(sum(expected))


def test_marking_is_the_same_each_time(loaded, truth):
    own = truth.assign(R=5)
    first = grade(loaded.activity.question("A6-Q1"), sheet(own), loaded.keys["A6-Q1"])
    assert grade(loaded.activity.question("A6-Q1"), sheet(own), loaded.keys["A6-Q1"]).to_json() == first.to_json()
    assert "Récence" in render_html(first)
    assert "fiche" in render_text(first)


# --- the ways to answer -------------------------------------------------------------------------------------------


def test_the_pandas_way_earns_everything(loaded):
    """The cell of the notebook, and the rest that is left to the curious."""
    clients = charger("base qualifiée").dropna(subset=["date_dernier_achat"])
    clients["F"] = np.select([clients["nb_achats_12m"] > 4, clients["nb_achats_12m"] >= 1], [20, 10], 0)
    dates, baskets = clients["date_dernier_achat"], clients["panier_moyen"]
    new, old = REF - pd.DateOffset(months=3), REF - pd.DateOffset(months=12)
    clients["R"] = np.select([dates > new, dates >= old], [10, 5], 0)
    clients["M"] = np.select([baskets > 100, baskets >= 25], [20, 10], 0)
    clients["total"] = clients["R"] + clients["F"] + clients["M"]
    clients["segment"] = pd.cut(clients["total"], [-1, 0, 24, 40, 50], labels=["inactif", "tiède", "bon", "très bon"])
    value = tables.to_plain(clients.astype({"segment": str}))
    assert grade(loaded.activity.question("A6-Q1"), value, loaded.keys["A6-Q1"]).points == 20


def formulas(explanation: str) -> dict[str, str]:
    return dict(re.findall(r"^\| (R|F|M|score|segment) \| `(=.*)` \|$", explanation, re.MULTILINE))


def test_the_formulas_name_the_columns_of_the_template(loaded):
    book = openpyxl.load_workbook(io.BytesIO(build_template(loaded.activity.question("A6-Q1"))))
    header = [cell.value for cell in book["Réponse"][1]]
    assert header[5:] == ["date_dernier_achat", "nb_achats_12m", "panier_moyen", "R", "F", "M", "score", "segment"]
    assert "Brouillon" in book.sheetnames
    assert list(formulas(loaded.keys["A6-Q1"].explanation)) == ["R", "F", "M", "score", "segment"]


def test_the_formulas_of_the_worked_answer_earn_everything_in_libreoffice(loaded, tmp_path):
    question, key = loaded.activity.question("A6-Q1"), loaded.keys["A6-Q1"]
    book = openpyxl.load_workbook(io.BytesIO(build_template(question)))
    draft, answers = book["Brouillon"], book["Réponse"]
    draft["B1"], draft["B2"], draft["B3"] = REF.date(), "=EDATE(B1,-3)", "=EDATE(B1,-12)"
    for row in range(2, answers.max_row + 1):
        for letter, french in zip("IJKLM", formulas(key.explanation).values(), strict=True):
            english = re.sub(r"\bSI\(", "IF(", french).replace("SOMME(", "SUM(").replace(";", ",")
            answers[f"{letter}{row}"] = re.sub(r"(?<![$!A-Z])([A-M])2\b", rf"\g<1>{row}", english)
    book.save(tmp_path / "eleve.xlsx")
    rewritten = through_libreoffice(tmp_path, tmp_path / "eleve.xlsx")
    computed = openpyxl.load_workbook(rewritten / "eleve.xlsx", data_only=True)["Réponse"]
    lines = [["" if cell is None else str(cell) for cell in row] for row in computed.iter_rows(values_only=True)]
    result = grade(question, {"colonnes": lines[0], "lignes": lines[1:]}, key)
    assert (result.points, result.messages) == (20.0, ())


# --- training exercises -------------------------------------------------------------------------------------------


def test_the_example_of_annexe_7_makes_15_points(loaded):
    key = loaded.keys["A6-X3"].answer
    assert [key[f"{name}_lefort"] for name in ("r", "f", "m", "score")] == ["5", "5", "5", "15"]
    assert "boîtes" not in loaded.activity.question("A6-X3").prompt  # a quantity is not a frequency


# --- editions, text -----------------------------------------------------------------------------------------------


def test_the_two_hints_of_the_marked_question_come_one_step_at_a_time(loaded):
    first, second = loaded.activity.question("A6-Q1").hints
    assert "dates seuils" in first
    assert "01/08/2026" not in first
    assert "01/08/2026" in second
    assert "01/11/2025" in second


def test_the_reference_date_heads_the_marked_question(loaded):
    assert loaded.activity.question("A6-Q1").prompt.lstrip().startswith("**Date de référence")
    assert "2026" in loaded.activity.question("A6-Q1").prompt[:80]


def test_the_notebook_shows_every_question_and_calls_nothing_else(loaded):
    source = (FOLDER / "activite.py").read_text(encoding="utf-8")
    build_notebook(source, loaded.activity)
    cells = re.split(r"^# %%.*$", source, flags=re.MULTILINE)
    code = [line for cell in cells for line in cell.splitlines() if line and not line.startswith("#")]
    call = re.compile(r'(?:debut|question|figure)\("[\w-]+"\)|(?:progression|explorer_rfm|rendre)\(\)')
    assert [line for line in code[1:] if not call.fullmatch(line)] == []
    assert code[0].startswith("from crc_lab import ")
    assert code[-1] == "rendre()"
