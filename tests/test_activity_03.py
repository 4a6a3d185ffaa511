"""Activity 3, « Structurer »: it proves itself, and what its texts say agrees with the data files."""

from __future__ import annotations

import csv
import re
from typing import Any

import pytest

from autograder.prepare.build import build_notebook
from crc_lab.core.bank import load_activity
from crc_lab.core.grading import grade
from crc_lab.core.model import QuestionResult, Verdict
from crc_lab.core.resources import activity_folder, datasets_folder
from crc_lab.marielle.figures import load

FOLDER = activity_folder("03_structurer")
LOADED = load_activity(FOLDER, datasets_folder())
ACTIVITY = LOADED.activity
QUESTIONS = {question.id: question for question in ACTIVITY.questions}
NOTEBOOK = (FOLDER / "activite.py").read_text(encoding="utf-8")
TRAINING = ["A3-X1", "A3-X2", "A3-X3", "A3-X4", "A3-X5", "A3-X6"]


def read(name: str) -> list[dict[str, str]]:
    with (datasets_folder() / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=";"))


RAW = {row["N°"]: row for row in read("contacts_bruts.csv")}
BASE = {row["id_contact"]: row for row in read("base_restructuree.csv")}


def marked(name: str, value: Any) -> QuestionResult:
    return grade(QUESTIONS[name], value, LOADED.key(name))


def codes(result: QuestionResult) -> list[str]:
    return [message.code for message in result.messages]


# --- it proves itself ----------------------------------------------------------------------------------------------


def test_the_activity_is_marked_out_of_20_in_two_questions() -> None:
    assert [question.id for question in ACTIVITY.marked] == ["A3-Q1", "A3-Q2"]
    assert [question.points for question in ACTIVITY.marked] == [3, 17]
    assert [criterion.points for criterion in QUESTIONS["A3-Q2"].criteria] == [1, 1, 1, 14]
    assert sorted(set(QUESTIONS) - {"A3-Q1", "A3-Q2"}) == TRAINING


def test_the_notebook_shows_every_question_once_and_its_figure_exists() -> None:
    assert build_notebook(NOTEBOOK, ACTIVITY)
    for name in re.findall(r'^figure\("([^"]+)"\)', NOTEBOOK, re.MULTILINE):
        picture = load(name)
        assert picture.png.startswith(b"\x89PNG")
        assert "sept colonnes" in picture.alt
        assert load(name).png == picture.png


# --- A3-Q1 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "texts",
    [
        ["des particuliers", "des entreprises"],
        ["Professionnels", "Particuliers"],
        ["les clients particuliers", "les salons de coiffure, instituts et parapharmacies"],
        ["B to C", "B2B"],
        ["des personnes physiques", "des personnes morales"],
        ["Identité et coordonnées", "comportement d’achat"],
        ["des coordonnées (nom, adresse)", "des informations sur les achats"],
        ["des particuliers et des entreprises", ""],
        ["particuliers", "habitudes de consommation"],
    ],
)
def test_both_readings_of_the_question_earn_full_marks(texts: list[str]) -> None:
    assert marked("A3-Q1", texts).points == 3


@pytest.mark.parametrize(
    ("texts", "points", "code"),
    [
        (["des clients", "des prospects"], 0.75, "A3-E1"),
        (["des clients et des prospects", ""], 0.75, "A3-E1"),
        (["noms et adresses", "téléphones"], 0, "A3-E2"),
        (["date du dernier achat", "panier moyen"], 0, "A3-E2"),
        (["des particuliers", "noms et adresses"], 1.5, "A3-E2"),
        (["les particuliers", "des consommateurs"], 1.5, "A3-DOUBLON"),
        (["des particuliers", "des clients et des prospects"], 2.25, "A3-E1"),
    ],
)
def test_the_known_mistakes_of_the_first_question_have_their_points_and_message(
    texts: list[str], points: float, code: str
) -> None:
    result = marked("A3-Q1", texts)
    assert result.points == pytest.approx(points)
    assert codes(result) == [code]


def test_another_idea_is_wrong_without_a_message() -> None:
    result = marked("A3-Q1", ["des choses", "des trucs"])
    assert (result.verdict, codes(result)) == (Verdict.FAUX, [])


# --- A3-Q2: the grid -------------------------------------------------------------------------------------------------


def test_the_grid_shows_each_column_of_the_file_before_the_columns_it_feeds() -> None:
    table = QUESTIONS["A3-Q2"].table
    assert table is not None
    assert (table.key, table.rows) == ("id_contact", 0)
    given = [column.name for column in table.columns if not column.answer]
    assert given == ["id_contact", *list(RAW["1"])[1:]]
    source = QUESTIONS["A3-Q2"].data[table.source]
    assert source.by_key("id_contact")["12"]["Contact"] == RAW["12"]["Contact"]
    assert len(source.rows) == 60
    assert all(column.help for column in table.columns if column.answer)
    assert all(column.group for column in table.columns if column.name != "id_contact")


def test_the_drop_downs_hold_every_value_of_the_key() -> None:
    table = QUESTIONS["A3-Q2"].table
    assert table is not None
    for column in table.columns:
        if column.choices:
            assert {row[column.name] for row in BASE.values()} - {""} <= set(column.choices), column.name


def test_the_examples_of_the_rules_are_not_answers_of_the_extract() -> None:
    table = QUESTIONS["A3-Q2"].table
    assert table is not None
    for column in table.columns:
        example = re.search(r"Exemple\s?: (.+)", column.help)
        if column.answer and example and not column.choices:
            for row in list(BASE.values())[:12]:
                text = row[column.name]
                assert len(text) < 3 or not re.search(rf"\b{re.escape(text)}\b", example[1]), (column.name, text)


def test_the_wording_gives_the_true_numbers() -> None:
    prompt = QUESTIONS["A3-Q2"].prompt
    assert "245 cellules" in prompt.replace("\u00a0", " ")
    assert "(n° 1 à 12)" in prompt.replace("\u00a0", " ")
    assert "33 colonnes" in NOTEBOOK.replace("\u00a0", " ")
    assert len(BASE["1"]) == 33
    named = set(re.findall(r"`([a-z0-9_]+)`", NOTEBOOK.split("## 5.")[1].split("### La règle d’or")[0]))
    assert named == set(BASE["1"])


def test_the_two_records_shown_are_those_of_the_file() -> None:
    for column in list(RAW["1"])[1:]:
        line = next(line for line in NOTEBOOK.splitlines() if line.startswith(f"# | {column} |"))
        shown = [cell.strip() for cell in line.strip("# |").replace("*(vide)*", "").split(" | ")][1:]
        shown += [""] * (2 - len(shown))
        for text, record in zip(shown, ("1", "4"), strict=True):
            assert text.replace("’", "'").replace("\u00a0", " ").strip(" |") == RAW[record][column]


# --- training --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("record", ["1", "4"])
def test_the_addresses_to_write_are_those_of_the_file(record: str) -> None:
    prompt = QUESTIONS["A3-X1"].prompt.replace("’", "'")
    assert RAW[record]["Contact"] in prompt
    assert RAW[record]["Adresse"] in prompt


def test_the_long_lines_have_the_lengths_that_are_said() -> None:
    prompt = QUESTIONS["A3-X2"].prompt.replace("’", "'").replace("\u00a0", " ")
    for text, length in re.findall(r"`([^`]+)` \((\d+) caractères\)", prompt):
        assert len(text) == int(length)
    said = LOADED.keys["A3-X2"].explanation.replace("\u00a0", " ")
    for text, length in re.findall(r"`([^`]+)`\D*(\d+)", said):
        assert len(text) == int(length) <= 38


def test_the_bloctel_column_follows_from_the_return_file() -> None:
    listed = {row["telephone"] for row in read("bloctel_retour_2026-07-01.csv")}
    question = QUESTIONS["A3-X3"]
    assert set(re.findall(r"\+33\d{9}", question.prompt)) == listed
    expected = {}
    for item in question.spec.left:
        record = BASE[item.id.removeprefix("f")]
        business = record["type_contact"] == "PROFESSIONNEL"
        expected[item.id] = "sans_objet" if business else "oui" if record["telephone"] in listed else "non"
        shown = re.sub(r"\D", "", item.text.split(",")[-1])
        assert f"+33{shown[1:]}" == record["telephone"]
        assert ("particulier" in item.text) != business
    assert LOADED.keys["A3-X3"].answer == expected
    assert sorted(expected.values()) == ["non"] * 2 + ["oui"] * 4 + ["sans_objet"] * 2


def test_every_listed_record_is_named_in_the_explanation() -> None:
    listed = {row["telephone"] for row in read("bloctel_retour_2026-07-01.csv")}
    found = [record for record, row in BASE.items() if row["telephone"] in listed]
    said = LOADED.keys["A3-X3"].explanation.split("toute la base")[1].split(".")[0]
    assert re.findall(r"\d+", said) == found


def test_the_historical_exercise_says_that_the_law_changed() -> None:
    question = QUESTIONS["A3-X3"]
    assert "droit avant le 11/08/2026" in question.title
    assert "n’existe plus" in question.law
    assert "11/08/2026" in question.law
    assert "consentement préalable" in question.law
