"""Activity 4, « Qualifier la base »: what the real questions, keys and messages do with real answers."""

import csv
import re
import tomllib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.fr import siret

from crc_lab.core.bank import load_activity
from crc_lab.core.grading import grade
from crc_lab.core.model import Verdict
from crc_lab.core.resources import activity_folder, datasets_folder
from crc_lab.marielle.figures import load

FOLDER, DATASETS = activity_folder("04_qualifier"), datasets_folder()
LOADED = load_activity(FOLDER, DATASETS)
QUESTIONS = {question.id: question for question in LOADED.activity.questions}
MARKED = [question.id for question in LOADED.activity.marked]
NARRATIVE = (FOLDER / "activite.py").read_text("utf-8")


def rows(name):
    with (DATASETS / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=";"))


BASE = {row["id_contact"]: row for row in rows("base_restructuree.csv")}
DEFECTS = {(row["id_contact"], row["colonne"]): row["code"] for row in rows("corriges/cellules_a_entourer.csv")}
EVERY_CELL = [(row, column) for row, record in BASE.items() for column in record]


def answer(question, value):
    return grade(QUESTIONS[question], value, LOADED.key(question))


def mark(cells):
    return answer("A4-Q1", [list(cell) for cell in cells])


def codes(result):
    return [message.code for message in result.messages]


def message(result, code):
    return next(item for item in result.messages if item.code == code)


# --- the whole activity -----------------------------------------------------------------------------------------


def test_the_activity_is_worth_20_points_in_four_questions():
    assert LOADED.activity.points == 20
    assert {name: QUESTIONS[name].points for name in MARKED} == {"A4-Q1": 10, "A4-Q2": 4, "A4-Q3": 2, "A4-Q4": 4}


# --- A4-Q1: 45 cells --------------------------------------------------------------------------------------------


def formula(cells, expected):
    right = sum(cell in expected for cell in cells)
    wrong = sum(cell not in expected for cell in cells)
    return 10 * max(0, right - 0.5 * wrong) / len(expected)


def test_there_are_45_cells_to_mark():
    assert len(DEFECTS) == 45
    assert mark(DEFECTS).points == 10


@given(st.sets(st.sampled_from(EVERY_CELL), max_size=60), st.sets(st.sampled_from(sorted(DEFECTS))))
@settings(max_examples=60)
def test_the_mark_follows_the_formula(some, right):
    cells = some | right
    result = mark(cells)
    assert result.points == pytest.approx(formula(cells, DEFECTS) if cells else 0)


def test_the_formula_on_known_sheets():
    right, wrong = sorted(DEFECTS), [cell for cell in EVERY_CELL if cell not in DEFECTS]
    assert mark(right[:9]).points == pytest.approx(2)
    assert mark(right[:9] + wrong[:6]).points == pytest.approx(10 * 6 / 45)
    assert mark(right[:3] + wrong[:6]).points == 0
    assert mark(right[:3] + wrong[:7]).points == 0
    assert mark(EVERY_CELL).points == 0


def test_in_short_mode_the_28_cells_of_the_extract_are_the_whole_mark():
    criterion = QUESTIONS["A4-Q1"].criteria[0]
    short = replace(QUESTIONS["A4-Q1"], criteria=(replace(criterion, params={**criterion.params, "lignes": 12}),))
    extract = {cell for cell in DEFECTS if int(cell[0]) <= 12}
    assert len(extract) == 28

    def short_mark(cells):
        return grade(short, [list(cell) for cell in cells], LOADED.key("A4-Q1")).points

    assert short_mark(extract) == short_mark(DEFECTS) == 10
    assert short_mark(sorted(extract)[:14]) == pytest.approx(5)
    assert short_mark([*sorted(extract)[:14], ("1", "complement"), ("4", "civilite")]) == pytest.approx(10 * 13 / 28)


WRONG_CELLS = [
    (("1", "complement"), "A4-E1"),
    (("3", "indice_repetition"), "A4-E1"),
    (("2", "date_naissance"), "A4-E1"),
    (("1", "raison_sociale"), "A4-E1"),
    (("6", "date_dernier_achat"), "A4-E2"),
    (("6", "nb_achats_12m"), "A4-E2"),
    (("38", "panier_moyen"), "A4-E2"),
    (("12", "date_creation"), "A4-E7"),
    (("12", "date_naissance"), "A4-E7"),
    (("7", "civilite"), "A4-E8"),
    (("34", "nom"), "A4-E8"),
    (("4", "age"), "A4-E8"),
    (("4", "optin_tel"), "A4-SANS-OBJET"),
    (("12", "alerte"), "A4-ALERTE"),
    (("39", "alerte"), "A4-ALERTE"),
    (("29", "nom_voie"), "A4-ALERTE"),
    (("37", "nom"), "A4-DOUBLON"),
    (("1", "ville"), "A4-FP"),
    (("46", "optin_tel"), "A4-FP"),
]


@pytest.mark.parametrize(("cell", "code"), WRONG_CELLS)
def test_a_cell_marked_for_nothing_costs_half_a_cell_and_says_why(cell, code):
    result = mark([*DEFECTS, cell])
    assert codes(result) == ["A4-BILAN", "A4-TROP", code]
    assert result.points == pytest.approx(10 * 44.5 / 45)
    assert message(result, code).rows == (cell[0],)
    assert f"n°\u00a0{cell[0]}" in message(result, code).text.replace("n° ", "n°\u00a0")


@pytest.mark.parametrize(
    ("missed", "code", "missed_rows"),
    [
        ([("5", "code_postal")], "A4-E3", ("5",)),
        ([("9", "date_naissance")], "A4-E4", ("9",)),
        ([("57", "date_dernier_achat")], "A4-E4", ("57",)),
        ([("7", "siret"), ("42", "siret")], "A4-E5", ("7", "42")),
        ([("9", "ville")], "A4-E6", ("9",)),
    ],
)
def test_a_missed_family_is_hinted_at_without_naming_its_record(missed, code, missed_rows):
    result = mark([cell for cell in DEFECTS if cell not in missed])
    assert codes(result) == ["A4-BILAN", code, "A4-RESTE"]
    assert message(result, code).rows == missed_rows
    assert not any(f" {row}" in message(result, code).text.split("fiche")[-1] for row in missed_rows)


def test_vague_dates_that_were_missed_are_only_in_the_rest():
    vague = {("8", "date_creation"), ("8", "date_dernier_achat"), ("35", "date_creation")}
    result = mark([cell for cell in DEFECTS if cell not in vague])
    assert codes(result) == ["A4-BILAN", "A4-RESTE"]
    assert message(result, "A4-RESTE").text.startswith("Il reste 3 cases à trouver")


def test_each_right_cell_says_what_is_wrong_in_it():
    for note in mark(DEFECTS).cells:
        assert note.text.endswith("."), note
    reasons = {(note.row, note.column): note.text for note in mark(DEFECTS).cells}
    assert reasons["5", "code_postal"] == "Un code postal a 5 chiffres."
    assert len(set(reasons.values())) == 17


def test_the_worked_answer_counts_45_cells():
    counts = re.findall(r"^\| [^|]+ \| (\d+) \|", LOADED.key("A4-Q1").explanation, re.MULTILINE)
    assert sum(map(int, counts)) == 45
    assert len(counts) == 17


# --- A4-Q2: pairs -----------------------------------------------------------------------------------------------

FOUR = [["1", "2"], ["13", "37"], ["18", "44"], ["25", "52"]]


@pytest.mark.parametrize(
    ("value", "points", "found"),
    [
        (FOUR, 4, []),
        ([["52", "25"], ["44", "18"], ["37", "13"], ["2", "1"]], 4, []),
        (FOUR[:3], 3, ["A4-E11", "A4-RESTE-DOUBLONS"]),
        (FOUR[1:], 3, ["A4-RESTE-DOUBLONS"]),
        ([*FOUR, ["1", "11"]], 3, ["A4-E9"]),
        ([*FOUR, ["41", "20"]], 3, ["A4-E10"]),
        ([*FOUR, ["3", "5"]], 3, ["A4-FAUX-DOUBLON"]),
        ([*FOUR, ["5", "5"]], 4, ["A4-PAIRE-ILLISIBLE"]),
        ([["1", "11"], ["20", "41"]], 0, ["A4-E9", "A4-E10", "A4-E11", "A4-RESTE-DOUBLONS"]),
    ],
)
def test_a_pair_is_worth_a_point_and_a_false_one_costs_a_point(value, points, found):
    result = answer("A4-Q2", value)
    assert (result.points, codes(result)) == (points, found)


def test_the_two_traps_name_their_records():
    result = answer("A4-Q2", [["1", "11"], ["20", "41"]])
    assert message(result, "A4-E9").rows == ("1", "11")
    assert message(result, "A4-E10").rows == ("20", "41")


# --- A4-Q3: the rate --------------------------------------------------------------------------------------------


def test_the_rate_is_counted_in_the_file():
    returned = [row for row in BASE.values() if row["alerte"] in ("NPAI", "PND")]
    rate = f"{100 * len(returned) / len(BASE):.2f}".replace(".", ",")
    assert LOADED.key("A4-Q3").answer == {"taux": rate, "conforme": "non"}


@pytest.mark.parametrize(
    ("typed", "points", "code"),
    [
        ("8,33", 1, None),
        ("8.33 %", 1, None),
        ("8,3", 1, None),
        ("8,333", 1, None),
        ("8,38", 1, None),
        ("8,28", 0, "A4-TAUX"),
        ("9,09", 0, "A4-E12"),
        ("9,43", 0, "A4-E12"),
        ("0,0833", 0, "A4-RATIO"),
        ("0,083", 0, "A4-RATIO"),
        ("0,08", 0, "A4-RATIO"),
        ("8", 0, "A4-ARRONDI"),
        ("5", 0, "A4-UN-SEUL"),
        ("3,33", 0, "A4-UN-SEUL"),
        ("11,67", 0, "A4-ALERTES"),
        ("5,66", 0, "A4-APRES"),
        ("91,67", 0, "A4-COMPLEMENT"),
        ("50", 0, "A4-TAUX"),
        ("cinq", 0, "FORMAT-NOMBRE"),
    ],
)
def test_each_way_of_missing_the_rate_gets_its_message(typed, points, code):
    result = answer("A4-Q3", {"taux": typed, "conforme": "non"})
    assert result.points == points + 1
    assert codes(result) == ([code] if code else [])


@pytest.mark.parametrize(
    ("typed", "points"), [("non", 1), ("Non", 1), ("NON", 1), ("oui", 0), ("Oui", 0), ("peut-être", 0)]
)
def test_the_conclusion_is_judged_by_itself(typed, points):
    assert answer("A4-Q3", {"conforme": typed}).points == points


# --- A4-Q4: three families --------------------------------------------------------------------------------------

FAMILIES = LOADED.key("A4-Q4").answer


def test_each_operation_is_worth_half_a_point():
    assert list(FAMILIES) == [f"o{number}" for number in range(1, 9)]
    for item in FAMILIES:
        assert answer("A4-Q4", {item: FAMILIES[item]}).points == 0.5


@pytest.mark.parametrize(
    ("item", "other"),
    [
        ("o3", "enrichir"),
        ("o5", "Enrichir"),
        ("o4", "mettre à jour"),
        ("o3", "Mettre à jour"),
        ("o8", "sirétisation"),
        ("o8", "Siretisation"),
    ],
)
def test_the_other_ways_to_divide_the_operations_are_accepted(item, other):
    assert answer("A4-Q4", {**FAMILIES, item: other}).points == 4


@pytest.mark.parametrize(
    ("item", "other"), [("o1", "enrichir"), ("o6", "sirétisation"), ("o2", "mettre à jour"), ("o8", "enrichir")]
)
def test_they_are_accepted_only_where_they_fit(item, other):
    assert answer("A4-Q4", {**FAMILIES, item: other}).points == 3.5


def test_the_wording_of_the_list_is_as_good_as_its_code():
    wording = {option.id: option.text for option in QUESTIONS["A4-Q4"].spec.right}
    assert answer("A4-Q4", {item: wording[family] for item, family in FAMILIES.items()}).points == 4


def test_a_wrong_family_is_explained():
    result = answer("A4-Q4", {**FAMILIES, "o1": "verifier", "o2": "verifier", "o7": "nettoyer"})
    assert (result.points, codes(result)) == (2.5, ["A4-NETTOYER", "A4-VERIFIER"])


# --- training ---------------------------------------------------------------------------------------------------


def doubled(number):
    """The doubled digits of a number, from the right, 9 taken off, and the sum of the others."""
    digits = [int(digit) for digit in reversed(number)]
    return [2 * digit - 9 * (digit > 4) for digit in digits[1::2]], sum(digits[::2])


def test_the_steps_of_luhn_are_those_of_record_48():
    twice, others = doubled(BASE["48"]["siret"])
    key = LOADED.key("A4-X1").answer
    assert key["doubles"].split() == [str(digit) for digit in twice]
    assert (key["somme_doubles"], key["somme_autres"]) == (str(sum(twice)), str(others))
    assert key["total"] == str(sum(twice) + others)
    assert luhn.checksum(BASE["48"]["siret"]) == 0
    assert key["conclusion"] == "oui"
    assert BASE["48"]["siret"] in QUESTIONS["A4-X1"].prompt.replace(" ", "").replace("\u00a0", "")


def test_the_example_of_the_narrative_sums_to_30():
    twice, others = doubled("00001234400016")
    assert (sum(twice), others) == (18, 12)
    assert "2 + 0 + 8 + 6 + 2 + 0 + 0 = 18" in NARRATIVE
    assert "6 + 0 + 0 + 4 + 2 + 0 + 0 = 12" in NARRATIVE


@pytest.mark.parametrize("typed", ["2 0 7 8 8 0 0", "2, 0, 7, 8, 8, 0, 0", "2-0-7-8-8-0-0", "0 0 8 8 7 0 2"])
def test_the_doubled_digits_may_be_written_in_several_ways(typed):
    assert answer("A4-X1", {"doubles": typed}).messages == ()


def test_the_valid_siret_are_those_that_stdnum_accepts():
    shown = {option.id: option.text.split()[0] for option in QUESTIONS["A4-X2"].spec.options}
    assert shown == {f"f{number}": BASE[number]["siret"] for number in ("4", "7", "22", "42", "48")}
    assert LOADED.key("A4-X2").answer == [name for name, number in shown.items() if siret.is_valid(number)]
    assert codes(answer("A4-X2", ["f7", "f42"])) == ["A4-X2-LONGUEUR", "A4-X2-CLE"]


def test_sirene_says_what_the_key_says():
    sirene = {row["denomination"]: row for row in rows("sirene_mini.csv")}
    closed = {row["siret"] for row in sirene.values() if row["etat"] == "F"}
    key = LOADED.key("A4-X3").answer
    assert [number for number, row in BASE.items() if row["siret"] in closed] == [key["fermee"]]
    assert key["siret_42"] == sirene[BASE["42"]["raison_sociale"]]["siret"]
    belle_peau = sirene[BASE["7"]["raison_sociale"]]
    assert (key["siret_7"], key["cp_7"]) == (belle_peau["siret"], belle_peau["code_postal"])


def test_a_siret_may_be_written_with_spaces():
    assert answer("A4-X3", {"siret_42": "000 042 424 00010", "fermee": "fiche n° 48"}).messages == ()


def test_the_rule_of_survival_takes_dates_in_any_form():
    value = {**LOADED.key("A4-X6").answer, "creation": "2023-11-18", "achat": "19 septembre 2026", "panier": "52"}
    assert answer("A4-X6", value).verdict is Verdict.JUSTE


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("un_an", "7", None),
        ("un_an", "7,2", None),
        ("un_an", "8", "A4-X7-ARRONDI"),
        ("un_an", "53", "A4-X7-RESTE"),
        ("un_an", "12", "A4-X7-PART"),
        ("trois_ans", "3 407", None),
        ("trois_ans", "3407,36", None),
        ("trois_ans", "3200", "A4-X7-CHAQUE-ANNEE"),
        ("trois_ans", "4400", "A4-X7-UNE-ANNEE"),
        ("trois_ans", "1593", "A4-X7-PERDUES"),
        ("taux", "4,75 %", None),
        ("taux", "0,0475", "A4-X7-POURCENT"),
        ("taux", "21", "A4-X7-TAUX"),
        ("tenu", "non", "A4-X7-TENU"),
    ],
)
def test_the_three_calculations(field, typed, code):
    result = answer("A4-X7", {field: typed})
    found = [item for item in codes(result) if item != "NON_REPONDU"]
    assert found == ([code] if code else [])


def test_the_three_calculations_are_computed():
    key = LOADED.key("A4-X7").answer
    assert (key["un_an"], key["trois_ans"]) == (f"{60 * 0.12:.1f}".replace(".", ","), str(round(5000 * 0.88**3)))
    assert key["taux"] == f"{380 / 8000 * 100:.2f}".replace(".", ",")


def test_the_address_of_the_choice_is_that_of_record_14():
    record, good = BASE["14"], QUESTIONS["A4-X9"].spec.options[1]
    assert good.id == LOADED.key("A4-X9").answer
    lines = [
        f"M {record['prenom'].upper()} {record['nom']}",
        record["complement"],
        f"{record['numero_voie']} {record['type_voie']} {record['nom_voie']}",
        f"{record['code_postal']} {record['ville']}",
    ]
    assert good.text.split(" / ") == lines
    assert max(map(len, lines)) <= 38


def test_the_decisions_are_those_that_give_the_53_records():
    kept = {row["id_contact"]: row["statut_fiche"] for row in rows("base_qualifiee.csv")}
    statuses = {"opposition": "OPPOSITION", "adresse": "ADRESSE_NON_VALIDE", "corriger": "VALIDE"}
    for item, decision in LOADED.key("A4-X11").answer.items():
        assert kept.get(item.removeprefix("f")) == statuses.get(decision), item
    assert len(kept) == 53


def test_a_refusal_is_remembered_as_the_box_of_law_says():
    law = QUESTIONS["A4-X11"].law
    assert law.startswith("**Droit au 22/11/2026**")
    assert "RGPD, article 21" in law
    assert "liste repoussoir" in law
    assert law.endswith("c’est s’en souvenir.")


# --- what the narrative copies from the data --------------------------------------------------------------------


def table_rows(text, header):
    """The cells of the Markdown table that has ``header``."""
    lines = [line.removeprefix("# ") for line in text.splitlines()]
    start = lines.index(header) + 2
    found = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        found.append(tuple(cell.strip() for cell in line.strip("|").split("|")))
    return found


def test_the_postal_table_is_the_data_file():
    shown = table_rows(NARRATIVE, "| Code postal | Ville |")
    assert sorted(shown) == sorted((row["code_postal"], row["ville"]) for row in rows("referentiel_postal.csv"))


def test_the_sirene_table_is_the_data_file():
    header = "| SIRET | Dénomination | Code APE | État | Cessation | Code postal | Ville |"
    assert table_rows(NARRATIVE, header) == [tuple(row.values()) for row in rows("sirene_mini.csv")]


def test_the_corrections_of_the_worked_answer_are_the_data_file():
    explanation = LOADED.key("A4-X11").explanation.replace("`", "")
    shown = table_rows(explanation, "| Fiche | Colonne | Valeur corrigée | Source |")
    wanted = [tuple(row.values()) for row in rows("retours_qualification.csv")]
    assert [tuple("" if cell == "(effacée)" else cell for cell in line) for line in shown] == wanted
    assert len(shown) == 43


def test_the_narrative_of_both_editions_gives_no_answer_away():
    for secret in ("174", "LILE", "2027-01-10", "00004242400030", "1992", "8,33", "5,66", "25 et 52", "18 et 44"):
        assert secret not in NARRATIVE, secret


def test_the_questions_alone_give_no_key_away():
    raw = tomllib.loads((FOLDER / "exercices.toml").read_text("utf-8"))
    for question in raw["question"]:
        for criterion in question.get("critere", ()):
            assert set(criterion) <= {"id", "libelle", "points", "controle", "source", "partie"}, question["id"]


def test_the_figure_says_in_words_what_it_shows():
    picture = load("04-valeurs-manquantes")
    assert picture.png.startswith(b"\x89PNG")
    most = max((sum(not row[column] for row in BASE.values()), column) for column in BASE["1"])
    assert f"La plus vide est {most[1]} ({most[0]} cases sur 60)" in picture.alt
    assert picture.png == load("04-valeurs-manquantes").png
