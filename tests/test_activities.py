"""The activities, with the workbook's own files: what their texts say agrees with the data, and marks follow formulas.

What an answer earns is tests/cases/answers/ (test_answers_of_students.py); that each key holds is test_keys.py.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.fr import siret

from autograder.prepare.build import build_notebook
from crc_lab.core.bank import LoadedActivity
from crc_lab.core.feedback import render_html
from crc_lab.core.filters import rules_of, select
from crc_lab.core.grading import grade
from crc_lab.core.law import DETAIL
from crc_lab.core.model import Json, QuestionResult, Table, TableSpec, Verdict
from crc_lab.core.problems import parse_toml
from crc_lab.core.resources import activity_folder, activity_ids, datasets_folder
from crc_lab.excel.template import build_template
from crc_lab.marielle.campaign import aim_of
from crc_lab.marielle.figures import load
from crc_lab.notebook.cards import question_spec
from crc_lab.notebook.session import Session
from crc_lab.reading.reader import reader_of
from tests.excel_cases import through_libreoffice
from tests.loaded import loaded_activity
from tests.test_answers_of_students import ANSWERS

LOADED = {name: loaded_activity(name) for name in activity_ids()}
QUESTIONS = {question.id: question for loaded in LOADED.values() for question in loaded.activity.questions}
KEYS = {name: key for loaded in LOADED.values() for name, key in loaded.keys.items()}
SOURCES = {name: (activity_folder(name) / "activite.py").read_text("utf-8") for name in LOADED}


def plain(text: str) -> str:
    """A text without its line ends and no-break spaces."""
    return text.replace("\n# ", " ").replace("\n", " ").replace("\u00a0", " ")


def narrative(number: int) -> str:
    return plain(next(text for name, text in SOURCES.items() if name.startswith(f"{number:02d}")))


def rows(name: str) -> list[dict[str, str]]:
    with (datasets_folder() / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=";"))


def records(name: str) -> dict[str, dict[str, str]]:
    return {row["id_contact"]: row for row in rows(name)}


RAW = {row["N°"]: row for row in rows("contacts_bruts.csv")}
BASE, QUALIFIED, SCORED = (records(f"base_{name}.csv") for name in ("restructuree", "qualifiee", "scoree"))


def answer(question: str, value: Json, others: Mapping[str, Json] | None = None) -> QuestionResult:
    return grade(QUESTIONS[question], value, KEYS[question], others or {})


def explained(question: str) -> str:
    return plain(KEYS[question].explanation)


def table_of(question: str) -> tuple[TableSpec, Table]:
    """The grid of a question and the data behind it."""
    spec = QUESTIONS[question].table
    assert spec is not None
    return spec, QUESTIONS[question].data[spec.source]


def table_rows(text: str, header: str) -> list[tuple[str, ...]]:
    """The cells of the Markdown table that has ``header``."""
    lines = [line.removeprefix("# ") for line in text.splitlines()]
    found = []
    for line in lines[lines.index(header) + 2 :]:
        if not line.startswith("|"):
            break
        found.append(tuple(cell.strip() for cell in line.strip("|").split("|")))
    return found


# --- every activity ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loaded", LOADED.values(), ids=LOADED)
def test_an_open_answer_is_left_to_the_teacher_with_a_rubric_worth_its_points(loaded: LoadedActivity) -> None:
    for question in loaded.activity.questions:
        key = loaded.keys[question.id]
        for criterion, found in zip(question.criteria, grade(question, key.answer, key).criteria, strict=True):
            lines = key.criteria.get(criterion.id, {}).get("grille", ())
            assert bool(lines) == (found.verdict is Verdict.A_RELIRE), criterion
            assert len(found.teacher) == len(lines), criterion
            assert all(message.text.startswith(("Mots repérés", "Repéré")) for message in found.teacher)
            if lines and question.points:
                assert (sum(line["points"] for line in lines), found.points) == (criterion.points, 0)


CALLS = re.compile(r'(?:from crc_lab import .*|debut\("\w+"\)|(?:question|figure)\("[\w-]+"\)|\w+\(\))')


@pytest.mark.parametrize("name", LOADED)
def test_a_notebook_shows_its_questions_by_calls_alone_and_is_handed_in_at_its_end(name: str) -> None:
    code = [line for line in SOURCES[name].splitlines() if line and not line.startswith("#")]
    assert [line for line in code if not CALLS.fullmatch(line)] == []
    assert code[-1] == "rendre()"
    assert build_notebook(SOURCES[name], LOADED[name].activity)


NOTIONS = {
    5: ["**Segmenter**", "Cinq familles", 'question("A5-X1")', 'question("A5-X2")', "cinq conditions",
        "les garde **toutes**", 'question("A5-X3")', "Annexe 7 ·", 'question("A5-Q1")', 'question("A5-Q1b")',
        'question("A5-Q2")'],
    7: ['question("A7-X1")', "Une vente privée n’est pas", 'question("A7-Q1")', "prospects", "Annexe 8 ·",
        'question("A7-Q2")', 'question("A7-Q2b")', 'question("A7-Q3")', "accord préalable et prouvé",
        'question("A7-X2")', 'question("A7-Q4")'],
}  # fmt: skip


@pytest.mark.parametrize("number", NOTIONS)
def test_no_question_comes_before_the_notion_it_needs(number: int) -> None:
    order = [narrative(number).index(text) for text in NOTIONS[number]]
    assert order == sorted(order)


# --- 0: the welcome ---------------------------------------------------------------------------------------------------


def test_nothing_of_the_welcome_is_marked_and_its_grid_is_to_be_copied() -> None:
    activity = LOADED["00_accueil"].activity
    assert (activity.points, activity.marked) == (0, ())
    table = question_spec(QUESTIONS["A0-Q2"], activity, "entrainement")["tableau"]
    assert [column["nom"] for column in table["colonnes"] if column["saisie"]] == ["code_postal"]
    for row, right in zip(table["lignes"], KEYS["A0-Q2"].answer["lignes"], strict=True):
        assert right[-1] in row[2]
        assert row[3] == ""


def test_the_words_of_the_welcome_are_those_of_the_screen() -> None:
    """A button or a state that the page names is one that the cards and the plugin show."""
    root = activity_folder("00_accueil").parent.parent / "crc_lab"
    scripts = [*(root / "notebook" / "js").rglob("*.js"), *(root / "lab" / "labextension").rglob("*.js*")]
    screen = plain("".join(path.read_text("utf-8") for path in scripts)).lower()
    for words in (
        "Vérifier", "Voir le corrigé", "Tout relancer", "Télécharger ma copie", "Afficher le code", "⚠ non enregistré",
        "⚠ pas encore enregistré", "gardé à côté du carnet", ".reponses.json", "Votre nom",
    ):  # fmt: skip
        assert words in narrative(0), words
        assert words.lower() in screen, words
    assert "rien n’est envoyé sur internet" in narrative(0)


# --- 1 and 2: the centre, the law -------------------------------------------------------------------------------------


def test_every_question_of_law_has_its_box_and_the_page_explains_it() -> None:
    assert all(question.law for question in LOADED["02_reglementation"].activity.questions)
    for words in ("n’est pas un conseil juridique", "| **A** |", "| **B** |", "| **C** |"):
        assert words in narrative(2)
    told = SOURCES["02_reglementation"].split("## 3. Bloctel")[1].split("# - **Le principe**")[0]
    for words in ("**28 février 2017**", "communiqué", "certitude B"):
        assert words in told
    assert "28 février 2017" in QUESTIONS["A2-X8"].law


def test_what_the_law_has_changed_is_said_where_it_is_asked() -> None:
    historical, refusal = QUESTIONS["A3-X3"], QUESTIONS["A4-X11"].law
    assert "droit avant le 11/08/2026" in historical.title
    for words in ("n’existe plus", "11/08/2026", "consentement préalable"):
        assert words in historical.law
    assert refusal.startswith("**Droit au 22/11/2026**")
    assert "RGPD, article 21" in refusal
    assert "liste repoussoir" in refusal
    assert refusal.partition(DETAIL)[0].endswith("c’est s’en souvenir.")


def test_one_form_asks_too_much_and_says_too_little_and_the_other_is_right() -> None:
    wrong, right = (QUESTIONS[name].spec.form["zones"] for name in ("A2-Q2", "A2-X6"))
    texts, others = (" ".join(zone["texte"] for zone in zones) for zones in (wrong, right))
    assert [zone["cochee"] for zone in wrong if zone["genre"] == "case"] == [True]
    assert not any(zone["cochee"] for zone in right)
    for given_text in ("Date de naissance", "Marielle Nature, 10 rue de l’Exemple"):
        assert given_text in texts
    for missing in ("destinataire", "CNIL", "durée", "droits"):
        assert missing not in texts
    for told in ("Destinataires", "CNIL", "Durée", "Vos droits", "Finalité", "Responsable"):
        assert told in others


def test_the_table_of_consents_gives_the_dates_of_the_file() -> None:
    shown = dict(re.findall(r"\| (\d+) \| (\d\d/\d\d/\d{4}) \|", QUESTIONS["A2-X15"].prompt))
    agreed = {name: row["date_consentement_tel"] for name, row in QUALIFIED.items() if row["optin_tel"] == "OUI"}
    assert {name: "-".join(reversed(date.split("/"))) for name, date in shown.items()} == agreed


# --- 3: to structure --------------------------------------------------------------------------------------------------


def test_the_grid_shows_each_column_of_the_file_before_the_columns_it_feeds() -> None:
    table, source = table_of("A3-Q2")
    assert (table.key, table.rows, len(source.rows)) == ("id_contact", 0, 60)
    assert [column.name for column in table.columns if not column.answer] == ["id_contact", *list(RAW["1"])[1:]]
    assert source.by_key("id_contact")["12"]["Contact"] == RAW["12"]["Contact"]
    assert all(column.help for column in table.columns if column.answer)
    assert all(column.group for column in table.columns if column.name != "id_contact")


def test_the_examples_of_the_rules_are_not_answers_of_the_extract() -> None:
    for column in table_of("A3-Q2")[0].columns:
        example = re.search(r"Exemple\s?: (.+)", column.help)
        if column.answer and example and not column.choices:
            for row in list(BASE.values())[:12]:
                text = row[column.name]
                assert len(text) < 3 or not re.search(rf"\b{re.escape(text)}\b", example[1]), (column.name, text)


def test_the_texts_about_the_columns_give_the_true_numbers_and_the_true_records() -> None:
    source = SOURCES["03_structurer"]
    for words in ("245 cellules", "(n° 1 à 12)"):
        assert words in plain(QUESTIONS["A3-Q2"].prompt)
    assert "33 colonnes" in narrative(3)
    assert len(BASE["1"]) == 33
    table = source.split("## 5.")[1].split("### La règle d’or")[0]
    told = [plain(cell) for cell in re.findall(r"^# \|.* \| (.*) \|$", table, re.MULTILINE)[1:]]
    named = re.split(r" \(recopié[^)]*\), |, | ; (?:pour une entreprise )?", ", ".join(told))
    assert sorted(named) == sorted(map(QUESTIONS["A3-Q2"].title_of, BASE["1"]))
    for column in list(RAW["1"])[1:]:
        line = next(line for line in source.splitlines() if line.startswith(f"# | {column} |"))
        shown = [cell.strip() for cell in line.strip("# |").replace("*(vide)*", "").split(" | ")][1:]
        for text, record in zip([*shown, "", ""], ("1", "4"), strict=False):
            assert plain(text).replace("’", "'").strip(" |") == RAW[record][column]


def test_the_lines_of_an_address_are_those_of_the_file_and_have_the_lengths_that_are_said() -> None:
    asked, shown = (QUESTIONS[name].prompt.replace("’", "'") for name in ("A3-X1", "A3-X2"))
    assert all(RAW[record][column] in asked for record in ("1", "4") for column in ("Contact", "Adresse"))
    too_long = re.findall(r"`([^`]+)` \((\d+) caractères\)", plain(shown))
    mended = re.findall(r"`([^`]+)`\D*(\d+)", KEYS["A3-X2"].explanation.replace("\u00a0", " "))
    assert too_long
    assert mended
    assert [len(text) for text, _ in (*too_long, *mended)] == [int(length) for _, length in (*too_long, *mended)]
    assert max(int(length) for _, length in mended) <= 38


def test_the_bloctel_column_follows_from_the_return_file() -> None:
    listed = {row["telephone"] for row in rows("bloctel_retour_2026-07-01.csv")}
    question, expected = QUESTIONS["A3-X3"], {}
    assert set(re.findall(r"\+33\d{9}", question.prompt)) == listed
    for item in question.spec.left:
        record = BASE[item.id.removeprefix("f")]
        business = record["type_contact"] == "PROFESSIONNEL"
        expected[item.id] = "sans_objet" if business else "oui" if record["telephone"] in listed else "non"
        assert "+33" + re.sub(r"\D", "", item.text.split(",")[-1])[1:] == record["telephone"]
        assert ("particulier" in item.text) != business
    assert KEYS["A3-X3"].answer == expected
    assert sorted(expected.values()) == ["non"] * 2 + ["oui"] * 4 + ["sans_objet"] * 2
    told = KEYS["A3-X3"].explanation.split("toute la base")[1].split(".")[0]
    assert re.findall(r"\d+", told) == [name for name, row in BASE.items() if row["telephone"] in listed]


# --- 4: to qualify ----------------------------------------------------------------------------------------------------

DEFECTS = [[row["id_contact"], row["colonne"]] for row in rows("corriges/cellules_a_entourer.csv")]
EVERY_CELL = [[row, column] for row, record in BASE.items() for column in record]
NEUTRAL = [["8", "nb_achats_12m"], ["20", "date_dernier_achat"], ["33", "ville"]]
"""Each contradicts a defect beside it: neither gained nor lost (contenu, corrections C13)."""


@given(st.lists(st.sampled_from(EVERY_CELL), max_size=60, unique_by=tuple), st.integers(0, 45))
def test_the_mark_of_the_cells_follows_the_formula(some: list[list[str]], right: int) -> None:
    cells = [*some, *(cell for cell in DEFECTS[:right] if cell not in some)]
    found = sum(cell in DEFECTS for cell in cells)
    wrong = sum(cell not in DEFECTS and cell not in NEUTRAL for cell in cells)
    wanted = 10 * max(0, found - 0.5 * wrong) / 45
    assert answer("A4-Q1", cells).points == pytest.approx(wanted)


def test_the_cells_of_a_contradictory_pair_cost_nothing() -> None:
    result = answer("A4-Q1", [*DEFECTS, *NEUTRAL])
    assert result.points == 10
    assert {(note.row, note.column): note.state for note in result.cells}["33", "ville"] == "accepte"


def test_each_right_cell_says_what_is_wrong_in_it_and_the_worked_answer_counts_them() -> None:
    reasons = {(note.row, note.column): note.text for note in answer("A4-Q1", DEFECTS).cells}
    assert len(reasons) == 45
    assert reasons["5", "code_postal"] == "Un code postal a 5 chiffres."
    assert all(text.endswith(".") for text in reasons.values())
    counts = re.findall(r"^\| [^|]+ \| (\d+) \|", KEYS["A4-Q1"].explanation, re.MULTILINE)
    assert sum(map(int, counts)) == 45
    assert len(counts) == len(set(reasons.values())) == 17


@pytest.mark.parametrize("missed", [[["5", "code_postal"]], [["57", "date_dernier_achat"]], [["7", "siret"]]])
def test_a_missed_family_is_hinted_at_without_naming_its_record(missed: list[list[str]]) -> None:
    result = answer("A4-Q1", [cell for cell in DEFECTS if cell not in missed])
    (hint,) = (message for message in result.messages if message.rows)
    assert hint.rows == (missed[0][0],)
    assert f" {missed[0][0]}" not in hint.text.split("fiche")[-1]


def doubled(number: str) -> tuple[list[int], int]:
    """The doubled digits of a number, from the right, 9 taken off, and the sum of the others."""
    digits = [int(digit) for digit in reversed(number)]
    return [2 * digit - 9 * (digit > 4) for digit in digits[1::2]], sum(digits[::2])


def test_the_steps_of_luhn_are_those_of_record_48_and_of_the_example() -> None:
    number = BASE["48"]["siret"]
    twice, others = doubled(number)
    key = KEYS["A4-X1"].answer
    assert key["doubles"].split() == [str(digit) for digit in twice]
    assert [key[name] for name in ("somme_doubles", "somme_autres", "total", "conclusion")] == [
        str(sum(twice)), str(others), str(sum(twice) + others), "oui" if siret.is_valid(number) else "non"
    ]  # fmt: skip
    assert number in plain(QUESTIONS["A4-X1"].prompt).replace(" ", "")
    twice, others = doubled("00001234400016")
    assert (sum(twice), others) == (18, 12)
    assert "2 + 0 + 8 + 6 + 2 + 0 + 0 = 18" in narrative(4)
    assert "6 + 0 + 0 + 4 + 2 + 0 + 0 = 12" in narrative(4)


def test_the_keys_about_the_siret_are_those_of_stdnum_and_of_the_directory() -> None:
    shown = {option.id: option.text.split()[0] for option in QUESTIONS["A4-X2"].spec.options}
    assert shown == {f"f{name}": BASE[name]["siret"] for name in ("4", "7", "22", "42", "48")}
    assert KEYS["A4-X2"].answer == [name for name, number in shown.items() if siret.is_valid(number)]
    sirene = {row["denomination"]: row for row in rows("sirene_mini.csv")}
    closed = {row["siret"] for row in sirene.values() if row["etat"] == "F"}
    seven, other = (sirene[BASE[name]["raison_sociale"]] for name in ("7", "42"))
    assert KEYS["A4-X3"].answer == {
        **KEYS["A4-X3"].answer, "siret_7": seven["siret"], "cp_7": seven["code_postal"], "siret_42": other["siret"],
        "fermee": next(name for name, row in BASE.items() if row["siret"] in closed),
    }  # fmt: skip


def test_the_address_of_the_choice_is_that_of_record_14() -> None:
    record, good = BASE["14"], QUESTIONS["A4-X9"].spec.options[1]
    lines = [
        f"M {record['prenom'].upper()} {record['nom']}",
        record["complement"],
        f"{record['numero_voie']} {record['type_voie']} {record['nom_voie']}",
        f"{record['code_postal']} {record['ville']}",
    ]
    assert (good.id, good.text.split(" / ")) == (KEYS["A4-X9"].answer, lines)
    assert max(map(len, lines)) <= 38


def test_the_decisions_are_those_that_give_the_53_records() -> None:
    statuses = {"opposition": "OPPOSITION", "adresse": "ADRESSE_NON_VALIDE", "corriger": "VALIDE"}
    for item, decision in KEYS["A4-X11"].answer.items():
        found = QUALIFIED.get(item.removeprefix("f"), {}).get("statut_fiche")
        assert found == statuses.get(decision), item
    assert len(QUALIFIED) == 53


def test_the_tables_of_the_texts_are_the_data_files() -> None:
    source = SOURCES["04_qualifier"]
    postal = table_rows(source, "| Code postal | Ville |")
    assert sorted(postal) == sorted((row["code_postal"], row["ville"]) for row in rows("referentiel_postal.csv"))
    header = "| SIRET | Dénomination | Code APE | État | Cessation | Code postal | Ville |"
    assert table_rows(source, header) == [tuple(row.values()) for row in rows("sirene_mini.csv")]
    explanation = KEYS["A4-X11"].explanation.replace("`", "").replace("(effacée)", "")
    corrections = table_rows(explanation, "| Fiche | Colonne | Valeur corrigée | Source |")
    assert corrections == [tuple(row.values()) for row in rows("retours_qualification.csv")]
    assert len(corrections) == 43


def test_the_narrative_of_both_editions_gives_no_answer_away() -> None:
    for secret in ("174", "LILE", "2027-01-10", "1992", "8,33", "5,66", "25 et 52", "18 et 44"):
        assert secret not in SOURCES["04_qualifier"], secret
    prompts = "".join(question.prompt for question in LOADED["07_cibler"].activity.questions)
    assert "9 fiches" not in narrative(7) + prompts
    assert "neuf" not in (narrative(7) + prompts).replace("neuf chiffres", "")


def test_the_figure_of_missing_values_says_in_words_what_it_shows() -> None:
    most, column = max((sum(not row[column] for row in BASE.values()), column) for column in BASE["1"])
    assert f"La plus vide est {column} ({most} cases sur 60)" in load("04-valeurs-manquantes").alt


# --- 5: to segment ----------------------------------------------------------------------------------------------------

PEOPLE, MEN = ["type_contact", "=", "PARTICULIER"], ["sexe", "=", "H"]
RECENT = ["date_dernier_achat", "≥", "01/11/2025"]


def kept(*rules: list[str]) -> list[str]:
    spec, source = table_of("A5-Q2")
    found = select(rules_of(list(rules)), source, spec.kinds, spec.key).records
    return [one for one in found if QUALIFIED[one]["statut_fiche"] != "OPPOSITION"]


def test_the_worked_answer_says_how_many_records_each_filter_keeps() -> None:
    for rules, number in (
        ([PEOPLE, MEN], 19), ([PEOPLE, MEN, RECENT], 15), ([PEOPLE, MEN, RECENT, ["optin_email", "=", "OUI"]], 14),
        ([PEOPLE, MEN, ["age", "entre", "25 ; 50"]], 13), ([["activite", "=", "Salon de coiffure"]], 5),
    ):  # fmt: skip
        assert len(kept(*rules)) == number
        assert re.search(rf"\| (\*\*)?{number}(\*\*)? \|", KEYS["A5-Q2"].explanation.replace("\u00a0", " "))


def test_the_texts_about_segments_say_what_the_file_holds() -> None:
    assert (len(QUALIFIED), sum(bool(row["date_dernier_achat"]) for row in QUALIFIED.values())) == (53, 49)
    assert "53 fiches, dont 49 clients" in narrative(5)
    reference = kept(PEOPLE, MEN, RECENT)
    assert (len(reference), sum(QUALIFIED[one]["optin_email"] == "OUI" for one in reference)) == (15, 14)
    assert "14 sur 15 ont accepté l’e-mail" in explained("A5-Q2")
    families = list(KEYS["A5-X1"].answer.values())
    assert sorted(families.count(name) for name in set(families)) == [3] * 5


# --- 6: to score ------------------------------------------------------------------------------------------------------

RFM = QUESTIONS["A6-Q1"]
NAMES = ["Très bons clients", "Bons clients", "Clients tièdes", "Clients inactifs"]


@pytest.mark.parametrize("seed", range(8))
def test_points_are_those_of_an_independent_count(seed: int) -> None:
    """Random slips and holes in the five columns; the points are counted again with pandas. A total and a segment count
    where one note at least is right."""
    random, right = np.random.default_rng(seed), pd.DataFrame(rows("corriges/rfm.csv"))
    right = right.loc[right["R"] != "", ["id_contact", "R", "F", "M", "score", "segment"]]
    own = right.astype(object)
    for column, choices in (("R", "0 5 10"), ("F", "0 10 20"), ("M", "0 10 20"), ("score", "0 10 20 25 35 40 45 50")):
        spoilt = random.random(len(own)) < 0.2
        own.loc[spoilt, column] = random.choice(choices.split(), spoilt.sum())
        own.loc[random.random(len(own)) < 0.1, column] = ""
    spoilt = random.random(len(own)) < 0.2
    own.loc[spoilt, "segment"] = random.choice(NAMES, spoilt.sum())
    written = pd.to_numeric(own["score"])
    total = own[["R", "F", "M"]].apply(pd.to_numeric).sum(axis=1, min_count=3)
    judged = written.fillna(total)
    segment = np.select([judged > 40, judged >= 25, judged > 0, judged == 0], NAMES, "?")
    notes = own[["R", "F", "M"]] == right[["R", "F", "M"]]
    ends = [(same & notes.any(axis=1)).sum() for same in (written == total, own["segment"] == segment)]
    expected = [4 * count / 49 for count in (*notes.sum(), *ends)]
    value = {"colonnes": list(own.columns), "lignes": own.values.tolist()}
    result = answer("A6-Q1", value)
    assert [criterion.points for criterion in result.criteria] == pytest.approx(expected)
    assert answer("A6-Q1", value).to_json() == result.to_json()
    html = render_html(result)
    assert "Récence" in html
    assert "fiche" in html


def test_the_worked_answer_announces_the_true_counts() -> None:
    found = [row["segment"] for row in rows("corriges/rfm.csv")]
    said = re.sub(r"[^\w :]", " ", explained("A6-Q1"))
    for name, count in zip(("Très bons", "bons", "tièdes", "inactifs", "prospects"), (9, 29, 9, 2, 4), strict=True):
        assert re.search(rf"{name} : +{count}\b", said), name
    assert [found.count(name) for name in (*NAMES, "Prospect (sans objet)")] == [9, 29, 9, 2, 4]


def test_the_formulas_of_the_worked_answer_earn_everything_in_libreoffice(tmp_path: Any) -> None:
    formulas = dict(re.findall(r"^\| (R|F|M|score|segment) \| `(=.*)` \|$", KEYS["A6-Q1"].explanation, re.MULTILINE))
    book = openpyxl.load_workbook(io.BytesIO(build_template(RFM)))
    draft, answers = book["Brouillon"], book["Réponse"]
    assert list(formulas) == ["R", "F", "M", "score", "segment"]
    assert [cell.value for cell in answers[1]][8:] == [RFM.title_of(name) for name in formulas]
    draft["B1"], draft["B2"], draft["B3"] = pd.Timestamp("2026-11-01").date(), "=EDATE(B1,-3)", "=EDATE(B1,-12)"
    for row in range(2, answers.max_row + 1):
        for letter, french in zip("IJKLM", formulas.values(), strict=True):
            english = re.sub(r"\bSI\(", "IF(", french).replace("SOMME(", "SUM(").replace(";", ",")
            answers[f"{letter}{row}"] = re.sub(r"(?<![$!A-Z])([A-M])2\b", rf"\g<1>{row}", english)
    book.save(tmp_path / "eleve.xlsx")
    rewritten = through_libreoffice(tmp_path, tmp_path / "eleve.xlsx")
    computed = openpyxl.load_workbook(rewritten / "eleve.xlsx", data_only=True)["Réponse"]
    lines = [["" if cell is None else str(cell) for cell in row] for row in computed.iter_rows(values_only=True)]
    result = answer("A6-Q1", {"colonnes": lines[0], "lignes": lines[1:]})
    assert (result.points, result.messages) == (20.0, ())


def test_the_marked_question_heads_with_its_date_and_its_hints_come_one_step_at_a_time() -> None:
    assert re.match(r"\s*\*\*Date de référence.{0,40}2026", RFM.prompt)
    first, second = RFM.hints
    assert "dates seuils" in first
    assert "01/08/2026" not in first
    assert "15/12/2025" in second  # the same, with another date
    assert "01/11/2025" not in second
    assert "boîtes" not in QUESTIONS["A6-X3"].prompt  # a quantity is not a frequency


# --- 7: to invite -----------------------------------------------------------------------------------------------------

AIMS = KEYS["A7-Q2"].criteria["cible"]["objectifs"]
READER = reader_of(KEYS["A7-Q2"].models["A7-Q1"])
CLAIMS = parse_toml((ANSWERS.parent / "aims.toml").read_bytes())
GUESTS = [one for one, row in SCORED.items() if row["score"] and int(row["score"]) > 40]
PRIVATE = [one for one in GUESTS if SCORED[one]["type_contact"] == "PARTICULIER"]
CHANNELS = KEYS["A7-Q4"].answer


@pytest.mark.parametrize(("aim", "text"), [(aim, text) for aim, texts in CLAIMS.items() for text in texts])
def test_the_aim_of_an_open_answer_is_recognised_or_left_open(aim: str, text: str) -> None:
    assert aim_of(text, AIMS, READER) == aim.replace("doubtful", "")


@given(st.text(max_size=200))
def test_any_text_has_one_aim_or_none_and_the_model_answer_has_one(text: str) -> None:
    assert aim_of(text, AIMS, READER) in ("", "fideliser", "developper", "reactiver")
    assert aim_of(KEYS["A7-Q1"].answer, AIMS, READER) == "fideliser"


def test_the_session_forgets_a_verdict_when_the_answer_it_depends_on_changes(tmp_path: Any) -> None:
    assert [QUESTIONS[f"A7-Q{number}"].depends for number in (2, 3, 4)] == [("A7-Q1",), ("A7-Q2",), ("A7-Q3",)]
    session = Session("07_cibler", tmp_path)
    session.record("A7-Q1", CLAIMS["developper"][1])
    session.record("A7-Q2", {"segments": ["bons"]})
    assert session.check("A7-Q2").points == 2
    session.record("A7-Q1", CLAIMS["fideliser"][1])
    assert "A7-Q2" not in session.results
    assert session.check("A7-Q2").points == 0


@given(st.sets(st.sampled_from(sorted(SCORED)), min_size=1), st.sampled_from(["oui", "non"]))
def test_the_mark_of_the_list_is_the_formula(listed: set[str], only: str) -> None:
    expected = set(PRIVATE if only == "oui" else GUESTS)
    right, wrong = len(listed & expected), len(listed - expected)
    found = answer("A7-Q3", {"fiches": sorted(listed), "particuliers_seulement": only}).points
    assert found == pytest.approx(6 * max(0, right - wrong) / len(expected))


def allowed(one: str, channel: str) -> bool:
    """The law of the content, written again here."""
    row = SCORED[one]
    person = row["type_contact"] == "PARTICULIER"
    return (
        row["statut_fiche"] != "OPPOSITION"
        and {
            "email": row["optin_email"] == "OUI" if person else True,
            "sms": person and row["optin_sms"] == "OUI",
            "telephone": not person,
            "courrier": row["statut_fiche"] == "VALIDE",
        }[channel]
    )


def channels(value: Json, own: list[str]) -> QuestionResult:
    return answer("A7-Q4", value, {"A7-Q3": {"fiches": own, "particuliers_seulement": "non"}})


def test_the_key_is_what_the_consents_allow() -> None:
    assert {name: [one for one in GUESTS if allowed(one, name)] for name in CHANNELS} == CHANNELS
    assert all(SCORED[one]["telephone"][:4] not in ("+336", "+337") for one in CHANNELS["telephone"]), "land lines only"
    assert all(SCORED[one]["optin_tel"] == "NON" for one in PRIVATE)


def test_the_channels_follow_the_students_own_list() -> None:
    private = {name: [one for one in listed if one in PRIVATE] for name, listed in CHANNELS.items()}
    assert channels(private, PRIVATE).points == 3
    assert channels(private, GUESTS).points == pytest.approx(3 * 12 / 24)
    wider = [*GUESTS, "43", "29"]
    followed = {name: [one for one in wider if allowed(one, name)] for name in CHANNELS}
    followed["telephone"].append("43")  # her consent is of September 2026
    assert channels(followed, wider).points == 3
    assert "29" not in followed["courrier"]


@given(st.dictionaries(st.sampled_from([*CHANNELS, "pigeon"]), st.sets(st.sampled_from(GUESTS)).map(sorted)))
@example(dict.fromkeys(CHANNELS, GUESTS))
def test_the_mark_of_the_channels_is_the_formula(value: dict[str, list[str]]) -> None:
    ticked = {(one, channel) for channel, listed in value.items() if channel in CHANNELS for one in listed}
    right = {(one, channel) for one, channel in ticked if allowed(one, channel)}
    result = channels(value, GUESTS)
    everywhere = all({*GUESTS} <= {*value.get(channel, ())} for channel in CHANNELS)
    wanted = 0 if everywhere else 3 * max(0, 2 * len(right) - len(ticked)) / 24
    if sum(bool(value.get(channel)) for channel in CHANNELS) == 1:  # a quarter at most
        wanted = min(wanted, 0.75)
    assert result.points == pytest.approx(wanted)
    assert {(cell.row, cell.column) for cell in result.cells if cell.state == "faux"} == ticked - right


def test_the_texts_about_the_guests_say_what_the_file_holds() -> None:
    assert GUESTS == ["1", "4", "13", "18", "22", "35", "40", "47", "51"]
    assert "1, 4, 13, 18, 22, 35, 40, 47 et 51" in explained("A7-Q3")
    assert [SCORED[one]["score"] for one in ("35", "43")] == ["45", "40"]
    assert sum(SCORED[one]["score"] == "50" for one in GUESTS) == 8
    assert sum(row["score"] == "" for row in SCORED.values()) == 4
    assert "Quatre fiches n’ont pas de score" in narrative(7)
