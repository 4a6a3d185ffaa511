"""What a teacher found in the activities, and what was decided (content, corrections C1 to C30): what each now gives.

The others are proven where they belong: C1, C3 and C30 in test_editions and test_subject_answerable, C9 in test_rnvp,
C14 in test_reading, C18 in test_durations, C19 and C28 in test_law, C20 in test_spreadsheet_tools, C29 in
test_coverage.
"""

from __future__ import annotations

import csv
import re
from typing import Any

import pytest

from crc_lab.core.grading import grade
from crc_lab.core.model import QuestionResult
from crc_lab.core.proof import weighed
from crc_lab.core.resources import activity_folder, activity_ids, datasets_folder
from tests.dataset_files import luhn
from tests.sample_copies import loaded

NUMBERS = {name.split("_")[0].lstrip("0"): name for name in activity_ids()}
B2B = {"choix": "non", "raison": "La liste ne contient que des numéros de consommateurs."}


def given(question: str, answer: Any, **others: Any) -> QuestionResult:
    whole = loaded(NUMBERS[question[1]])
    found = whole.activity.question(question)
    assert found is not None
    return grade(weighed(found), answer, whole.keys[question], others)


def points(result: QuestionResult) -> list[float]:
    return [round(one.points, 4) for one in result.criteria]


def codes(result: QuestionResult) -> set[str]:
    return {message.code for message in result.messages}


def everything(activity: str) -> str:
    folder = activity_folder(activity)
    return "\n".join((folder / name).read_text("utf-8") for name in ("activite.py", "exercices.toml", "corrige.toml"))


@pytest.mark.parametrize(
    "said", ["non, depuis août 2026 il faut l’accord de la personne", "il faut que la personne ait dit oui avant"]
)
def test_c2_the_law_of_today_is_right_at_full_points(said: str) -> None:
    assert points(given("A2-Q4", {"b2b": B2B, "b2c": {"choix": "non", "raison": said}})) == [0.5, 0.5, 0.5, 0.5]


def test_c4_two_points_for_the_law_in_force_and_nothing_about_an_examination() -> None:
    marked = {question.id: question.points for question in loaded("02_reglementation").activity.marked}
    assert marked == {"A2-Q1": 6, "A2-Q2": 5, "A2-Q3": 3, "A2-Q4": 2, "A2-Q5": 2, "A2-Q6": 2}
    for name in ("A2-Q3", "A2-Q5"):
        question = loaded("02_reglementation").activity.question(name)
        assert question is not None
        assert "le droit de l’époque" in question.prompt
    assert not any("celle de votre examen" in everything(name) for name in activity_ids())


def test_c5_copying_what_stands_above_the_question_gives_no_criterion() -> None:
    for copied in (
        ["A", "B", "C"],
        ["plus de 6 mois", "moins de 1 par mois", "moins de 20 €"],
        ["mois", "par mois", "€"],
    ):
        assert sum(points(given("A5-Q1", copied))) <= 0.75, copied
    assert points(given("A5-Q1", ["La récence", "La fréquence", "Le montant"])) == [3]


@pytest.mark.parametrize(
    ("question", "answer", "most"),
    [
        (
            "A2-Q4",
            {"b2b": B2B, "b2c": {"choix": "oui", "raison": "les particuliers sont inscrits par leur mairie"}},
            1.5,
        ),
        ("A5-Q2", {"a": ["sexe", "adresse"], "b": "", "c": {"criteres": [], "fiches": []}}, 2),
        ("A2-Q3", ["3 millions d’inscrits"], 0),
    ],
)
def test_c6_a_word_alone_does_not_pass_for_a_reason(question: str, answer: Any, most: float) -> None:
    assert sum(points(given(question, answer))) <= most


def test_c6_inverted_roles_are_told() -> None:
    assert "A1-INVERSE" in codes(given("A1-Q1c", ["il externalise sa relation client"]))


def test_c6_the_criteria_that_are_announced_are_looked_for_in_the_selection() -> None:
    rules = [["type_contact", "=", "PARTICULIER"], ["sexe", "=", "H"], ["age", "entre", "25 ; 50"]]
    selection = {"criteres": rules, "fiches": []}
    same = given("A5-Q2", {"a": ["sexe : homme", "âge : de 25 à 50 ans"], "b": "", "c": selection})
    other = given("A5-Q2", {"a": ["sexe : homme", "a acheté depuis moins de 12 mois"], "b": "", "c": selection})
    assert (points(same)[0], points(other)[0]) == (4, 3)
    assert "A5-CONFRONT" in codes(other) - codes(same)
    unsaid = given(
        "A5-Q2", {"a": ["sexe : homme", "âge : de 25 à 50 ans"], "b": "", "c": {**selection, "criteres": rules[::2]}}
    )
    assert points(unsaid)[0] == 3, "« homme » is announced, and nothing selects on it"


def test_c7_the_operations_name_no_record_of_the_file() -> None:
    question = loaded("04_qualifier").activity.question("A4-Q4")
    assert question is not None
    told = " ".join(option.text for option in question.spec.left)
    assert re.findall(r"fiche n|LILE|\b\d+\b", told) == []
    first = loaded("04_qualifier").activity.question("A4-Q1")
    assert first is not None
    assert "entourer" not in first.law.partition("**Le détail")[0]


def test_c8_the_list_follows_the_target_that_was_chosen() -> None:
    """No text of A7 says that the target is the very good clients, and a list of another target is right with it."""
    inactive = {"fiches": ["11", "33"], "particuliers_seulement": "non"}
    assert points(given("A7-Q3", inactive, **{"A7-Q2": {"segments": ["inactifs"]}})) == [6]
    assert points(given("A7-Q3", inactive, **{"A7-Q2": {"segments": ["tres_bons"]}})) == [0]
    for name in ("A7-Q2", "A7-Q2b", "A7-Q3"):
        question = loaded("07_cibler").activity.question(name)
        assert question is not None
        for text in (question.prompt, *question.hints):
            assert not re.search(r"récompens|> 40|plus de 40|9 fiches", text), name


def test_c10_the_crm_and_the_phoning_software_both_import_files() -> None:
    key = loaded("01_crc").keys["A1-X9"]
    assert points(given("A1-X9", {**key.answer, "import": "crm"})) == [1]
    question = loaded("03_structurer").activity.question("A3-X5")
    assert question is not None
    assert "CRM" in question.prompt


def test_c11_a_file_is_also_called_upon() -> None:
    assert "personne n’appelle" not in everything("01_crc")
    question = loaded("01_crc").activity.question("A1-X2")
    assert question is not None
    assert question.hints[0] == "Qui a pris l’initiative de l’échange\u00a0?"


def test_c12_the_purpose_of_the_form_is_written_on_it() -> None:
    question = loaded("02_reglementation").activity.question("A2-Q2")
    assert question is not None
    assert any("organiser le tirage au sort et" in zone["texte"] for zone in question.spec.form["zones"])


def test_c13_one_of_two_cells_that_contradict_each_other_costs_nothing() -> None:
    pairs = [("8", "nb_achats_12m"), ("20", "date_dernier_achat"), ("33", "ville")]
    whole = loaded("04_qualifier")
    right = [list(row[:2]) for row in whole.keys["A4-Q1"].tables["cellules"].rows]
    for pair in pairs:
        assert points(given("A4-Q1", [*right, list(pair)])) == [10], pair


@pytest.mark.parametrize(
    ("question", "item", "other"),
    [
        ("A2-X14", "s6", "hors"),
        ("A2-X15", "f14", "valable"),
        ("A2-X15", "f21", "valable"),
        ("A2-X15", "f36", "valable"),
    ],
)
def test_c15_an_unsettled_point_of_law_has_no_single_answer(question: str, item: str, other: str) -> None:
    key = loaded("02_reglementation").keys[question]
    assert points(given(question, key.answer)) == points(given(question, {**key.answer, item: other})) == [1]


def test_c16_the_fines_of_before_are_those_of_the_annexe_or_of_the_press() -> None:
    key = loaded("02_reglementation").keys["A2-X11"]
    assert points(given("A2-X11", {**key.answer, "avant_physique": "15 000", "avant_morale": "75 000"})) == [1]


def test_c17_the_officer_is_told_as_the_regulation_has_it() -> None:
    explanation = loaded("02_reglementation").keys["A2-X4"].explanation.replace("\n", " ")
    for words in (
        "article 37",
        "organisme public",
        "suivi régulier et systématique",
        "données sensibles à grande échelle",
    ):
        assert words in explanation


def test_c21_the_keys_of_the_numbers_are_given() -> None:
    source = (activity_folder("04_qualifier") / "activite.py").read_text("utf-8")
    table = dict(re.findall(r"^# \| (\d+) \| \d+ \| \d+ \| (\S+) \|$", source, re.MULTILINE))
    with (datasets_folder() / "base_restructuree.csv").open(encoding="utf-8") as file:
        numbers = {row["id_contact"]: row["siret"] for row in csv.DictReader(file, delimiter=";") if row["siret"]}
    told = {True: "juste", False: "fausse"}
    assert table == {one: told[luhn(siret)] if len(siret) == 14 else "—" for one, siret in numbers.items()}


def test_c22_and_c23_what_the_course_says_is_said_to_be_the_course() -> None:
    assert "D’après le cours, deux étiquettes" in (activity_folder("04_qualifier") / "activite.py").read_text("utf-8")
    question = loaded("07_cibler").activity.question("A7-Q4")
    assert question is not None
    for words in ("box en cours", "produits semblables", "deux exceptions"):
        assert words in question.hints[1]


@pytest.mark.parametrize(
    ("question", "answer", "worth"),
    [
        ("A5-Q1", ["récense", "fréquense", "le montan du pannier"], 3),
        ("A1-Q2", ["fb", "tél", "sms"], 1.5),
        ("A2-Q3", ["que le tél"], 0.6),
    ],
)
def test_c24_a_slip_or_a_short_form_costs_nothing_anywhere(question: str, answer: Any, worth: float) -> None:
    assert points(given(question, answer)) == [worth]


def test_c24_the_same_in_the_criteria_of_a_segment() -> None:
    selection = {"criteres": [["sexe", "=", "H"], ["date_dernier_achat", "≥", "01/11/2025"]], "fiches": []}
    assert (
        points(given("A5-Q2", {"a": ["les mec", "qui on acheté depuis moin de 12 moi"], "b": "", "c": selection}))[0]
        == 4
    )


@pytest.mark.parametrize(
    "words", ["made in France", "respecter la CNIL", "Collecter, c’est promettre", "à bon\n# droit", "à bon droit"]
)
def test_c25_plain_words(words: str) -> None:
    assert not any(words in everything(name) for name in activity_ids())


def test_c26_five_records_have_forty_points() -> None:
    with (datasets_folder() / "base_scoree.csv").open(encoding="utf-8") as file:
        at_forty = [row["id_contact"] for row in csv.DictReader(file, delimiter=";") if row["score"] == "40"]
    assert at_forty == ["25", "26", "31", "43", "59"]
    for activity, question in (("06_scorer", "A6-Q1"), ("07_cibler", "A7-Q3")):
        told = loaded(activity).keys[question].explanation.replace("\u00a0", " ")
        assert "25, 26, 31, 43 et 59" in told


def test_c27_six_channels_are_worth_three_points_and_the_verdict_says_why() -> None:
    six = given("A1-Q2", ["téléphone", "mail", "SMS", "tchat", "réseaux sociaux", "site web"])
    assert points(six) == [3]
    assert "six en donnent 3, huit donnent les 4 points" in six.messages[0].text.replace("\u00a0", " ")
    more = [
        "fax",
        "Amazon, la place de marché",
        "le catalogue papier",
        "la visite à domicile",
        "un salon",
        "phone",
        "newsletter",
    ]
    assert sum(points(given("A1-Q2", more))) >= 2.5


def test_c14_each_line_says_whether_it_is_recognised_and_no_remark_denies_a_right_one() -> None:
    found = given("A1-Q1c", ["il ne fait pas que des appels, il a aussi des bases de données", "il a des casques", ""])
    assert "A1-E7" not in codes(found)
    assert [(cell.row, cell.state) for cell in found.cells] == [("0", "juste"), ("1", "faux")]
    channels = given("A1-Q2", ["téléphone", "le CRM", "tel", "mail"])
    assert [cell.state for cell in channels.cells] == ["juste", "faux", "faux", "juste"]
    assert "réponse" in channels.cells[2].text
