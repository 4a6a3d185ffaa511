"""The rule builder in a plain page: its filters agree with Python's, by mouse, by keyboard, narrow, dark."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from crc_lab.core.filters import OPERATORS, rules_of, select
from crc_lab.core.model import Table
from crc_lab.core.resources import column_types, read_table
from crc_lab.notebook.widgets import join, modules
from tests.e2e.page_harness import DATASETS, NBSP, Harness, keys, table

CASES = json.loads((Path(__file__).parents[1] / "cases" / "filtres.json").read_text("utf-8"))
TYPES = column_types(DATASETS / "base_qualifiee.csv")
SHOWN = [
    "id_contact", "type_contact", "nom", "prenom", "raison_sociale", "activite", "ville", "code_postal", "age", "sexe",
    "optin_email", "date_dernier_achat", "panier_moyen", "statut_fiche",
]  # fmt: skip
GROUPS = {"id_contact": "Fiche", "type_contact": "Fiche", "age": "Profil", "sexe": "Profil"}
REFERENCE = ["3", "5", "12", "14", "18", "20", "23", "26", "31", "36", "41", "49", "54", "56", "59"]


def question(**more: Any) -> dict[str, Any]:
    shown = table("base_qualifiee.csv", "id_contact", columns=SHOWN, visible=SHOWN[:4] + SHOWN[8:12])
    for column in shown["colonnes"]:
        column |= {"type": TYPES[column["nom"]], "groupe": GROUPS.get(column["nom"], "Autre")}
    return {"id": "A5-S", "genre": "segment", "titre": "Un segment", "points": 6, "tableau": shown, **more}


PARTS = {
    "id": "A5-Q2",
    "genre": "parties",
    "titre": "Soins pour homme",
    "points": 14,
    "parties": [
        {"id": "a", "genre": "textes", "libelle": "Deux critères", "etiquettes": ["Premier", "Second"]},
        {"id": "b", "genre": "ouverte", "libelle": "Justification"},
        {"id": "c", "genre": "segment", "libelle": "Sélection"},
    ],
}


def rule(card: Any, number: int, column: str, operator: str, *values: str) -> None:
    """Fill one line of the builder with the mouse."""
    line = card.locator(".regle").nth(number - 1)
    line.get_by_label(f"Critère {number}, colonne").select_option(column)
    line.get_by_label(f"Critère {number}, comparaison").select_option(operator)
    inputs = line.locator("input[type=text]:visible")
    for at, value in enumerate(values):
        inputs.nth(at).fill(value)
    if values:
        inputs.nth(len(values) - 1).blur()


def build_reference(card: Any) -> None:
    rule(card, 1, "type_contact", "=", "particulier")
    card.get_by_role("button", name="Ajouter un critère").click()
    rule(card, 2, "sexe", "=", "h")
    card.get_by_role("button", name="Ajouter un critère").click()
    rule(card, 3, "date_dernier_achat", "≥", "01/11/2025")
    card.get_by_role("button", name="Ajouter un critère").click()
    rule(card, 4, "statut_fiche", "≠", "opposition")


# ---- one language of filters


def page_selections(page: Any, cases: list[Any], types: dict[str, str], rows: list[list[str]]) -> Any:
    """What the page's own code keeps for each list of filters: positions of the rows, and the problems."""
    columns = [{"nom": name, "type": kind} for name, kind in types.items()]
    return page.evaluate(
        "([cases, rows, columns]) => cases.map((rules) => Object.values(window.selectRows(rules, rows, columns)))",
        [cases, rows, columns],
    )


@pytest.fixture
def filtering(cards: Harness) -> Any:
    cards.page.add_script_tag(
        type="module", content=f"{join(modules(), 'filters.js')}\nwindow.selectRows = selectRows;"
    )
    cards.page.wait_for_function("Boolean(window.selectRows)")
    return cards.page


def test_the_page_and_python_keep_the_same_records_on_every_shared_case(filtering):
    wanted = [case["criteres"] for case in CASES["cas"]]
    shown = page_selections(filtering, wanted, CASES["types"], CASES["lignes"])
    for case, (kept, problems) in zip(CASES["cas"], shown, strict=True):
        assert [CASES["lignes"][at][0] for at in kept] == case["fiches"], case["nom"]
        assert problems == case.get("illisibles", []), case["nom"]


def test_the_page_and_python_agree_on_thousands_of_random_filters(filtering):
    chance = random.Random(5)
    base = read_table(DATASETS / "base_qualifiee.csv")
    words = sorted({cell for row in base.rows for cell in row if cell})
    letters = " ;,.-/€%@&+'’éÈœßñ0123456789abcXYZ…\u00a0"

    def value() -> str:
        word = chance.choice(words)
        forms = (word, word.lower(), word.replace(".", ","), f" {word} €", word[1:], f"{word} ; {chance.choice(words)}")
        noise = "".join(chance.choice(letters) for _ in range(chance.randrange(9)))
        date = f"{chance.randrange(40)}/{chance.randrange(14)}/{chance.choice([0, 25, 99, 1999, 2025, 2026])}"
        return chance.choice([*forms, noise, date, f"{date} et 1er mai 2026", f"{chance.randrange(200)} à 50"])

    columns = [*base.columns, "Sexe", "inconnue"]
    operators = [*OPERATORS["texte"], *OPERATORS["date"], ">=", "<>", "==", "="]
    cases = [
        [[chance.choice(columns), chance.choice(operators), value()] for _ in range(chance.randrange(1, 4))]
        for _ in range(3000)
    ]
    types = {name: TYPES[name] for name in base.columns}
    shown = page_selections(filtering, cases, types, [list(row) for row in base.rows])
    for rules, (kept, problems) in zip(cases, shown, strict=True):
        mine = select(rules_of(rules), Table(base.columns, base.rows), TYPES, "id_contact")
        assert list(mine.records) == [base.rows[at][0] for at in kept], rules
        assert [[one.position, one.reason] for one in mine.unreadable] == problems, rules
    assert sum(0 < len(kept) < 53 for kept, _ in shown) > 300


def test_the_page_proposes_the_operators_that_python_reads(cards):
    card = cards.card(question())
    for column, kind in (("sexe", "texte"), ("age", "nombre"), ("date_dernier_achat", "date")):
        card.get_by_label("Critère 1, colonne").select_option(column)
        options = card.get_by_label("Critère 1, comparaison").locator("option")
        assert options.evaluate_all("all => all.map(one => one.value)") == list(OPERATORS[kind])


# ---- building a segment


def test_filters_are_counted_shown_and_taken_into_the_list(cards):
    card = cards.card(question())
    assert "toutes les fiches" in card.locator(".retenues").inner_text()
    build_reference(card)
    assert card.locator(".retenues").inner_text() == "15 fiches sur 53 retenues par vos critères."
    assert card.locator("tbody tr").count() == 15
    card.get_by_role("button", name="Reprendre ces fiches").click()
    assert card.get_by_label("Votre liste de fiches").input_value() == ", ".join(REFERENCE)
    assert cards.stored("A5-S") == {
        "criteres": [
            ["type_contact", "=", "particulier"],
            ["sexe", "=", "h"],
            ["date_dernier_achat", "≥", "01/11/2025"],
            ["statut_fiche", "≠", "opposition"],
        ],
        "fiches": REFERENCE,
    }


def test_the_list_is_edited_by_hand_and_in_the_grid_and_undone(cards):
    card = cards.card(question())
    rule(card, 1, "sexe", "=", "H")
    listed = card.get_by_label("Votre liste de fiches")
    listed.fill("fiche n° 3, 05 12")
    listed.blur()
    assert cards.stored("A5-S")["fiches"] == ["3", "5", "12"]
    card.locator("tbody th", has_text="39").click()
    assert cards.stored("A5-S")["fiches"] == ["3", "5", "12", "39"]
    assert "☑ 39" in card.locator("tbody th").all_inner_texts()
    card.locator("tbody th", has_text="39").click()
    card.get_by_role("button", name="Annuler").click()
    assert cards.stored("A5-S")["fiches"] == ["3", "5", "12", "39"]
    card.get_by_role("button", name="Tout effacer").click()
    card.get_by_role("button", name="Effacer 4 fiches").click()
    assert cards.stored("A5-S")["fiches"] == []
    listed.fill("3, 77")
    assert "n’existent pas" in card.locator(".champ small").inner_text()


def test_a_filter_can_be_removed_and_an_empty_card_is_no_answer(cards, page):
    card = cards.card(question())
    rule(card, 1, "sexe", "=", "H")
    card.get_by_role("button", name="Ajouter un critère").click()
    rule(card, 2, "ville", "=", "Paris")
    card.get_by_role("button", name="Retirer le critère 1").click()
    assert cards.stored("A5-S")["criteres"] == [["ville", "=", "Paris"]]
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Critère 1, colonne"
    card.get_by_role("button", name="Retirer le critère 1").click()
    assert cards.stored("A5-S") is None
    assert card.locator(".regle").count() == 1


def test_an_unreadable_value_is_told_once_the_field_is_left(cards, page):
    card = cards.card(question())
    line = card.locator(".regle")
    rule(card, 1, "age", "≥")
    line.locator("input").first.focus()
    page.keyboard.type("vieux")
    assert line.locator("small").inner_text() == ""
    page.keyboard.press("Tab")
    assert (
        line.locator("small").inner_text()
        == f"«{NBSP}vieux{NBSP}» n’est pas un nombre{NBSP}: écrivez par exemple 25 ou 12,5."
    )
    assert "n’est pas appliqué" in card.locator(".retenues").inner_text()
    assert line.locator("input").first.get_attribute("aria-invalid") == "true"
    rule(card, 1, "age", "entre", "25", "cinquante")
    assert "cinquante" in line.locator("small").inner_text()
    assert line.locator("input").nth(1).get_attribute("aria-invalid") == "true"
    assert line.locator("input").first.get_attribute("aria-invalid") is None
    rule(card, 1, "age", "entre", "50", "25")
    assert line.locator("small").inner_text() == ""
    assert cards.stored("A5-S")["criteres"] == [["age", "entre", "50 ; 25"]]
    rule(card, 1, "date_dernier_achat", "≥", "31/02/2026")
    assert "n’est pas une date" in line.locator("small").inner_text()
    rule(card, 1, "sexe", "=", "homme")
    assert line.locator("small").inner_text().endswith("Dans cette colonne : F, H.".replace(" :", f"{NBSP}:"))
    rule(card, 1, "sexe", "rempli")
    assert line.locator("small").inner_text() == ""
    assert line.locator("input:visible").count() == 0
    assert cards.stored("A5-S")["criteres"] == [["sexe", "rempli", ""]]


def test_a_segment_is_built_with_the_keyboard_alone(cards, page):
    card = cards.card(question())
    page.keyboard.press("Tab")
    page.keyboard.type("sexe")  # the first select: its option by name
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("h")
    keys(page, "Tab", "Tab", "Enter")  # past « Retirer », « Ajouter un critère »
    page.keyboard.type("age")
    page.keyboard.press("Tab")
    page.keyboard.type("entre")
    page.keyboard.press("Tab")
    page.keyboard.type("25")
    page.keyboard.press("Tab")
    page.keyboard.type("50")
    page.keyboard.press("Tab")
    page.wait_for_timeout(400)
    assert cards.stored("A5-S") == {"criteres": [["sexe", "=", "h"], ["age", "entre", "25 ; 50"]], "fiches": []}
    card.get_by_role("button", name="Reprendre ces fiches").focus()
    page.keyboard.press("Enter")
    assert cards.stored("A5-S")["fiches"][:3] == ["3", "5", "12"]


def test_the_answer_comes_back_as_it_was(cards):
    given = {
        "criteres": [["sexe", "=", "H"], ["Ville", "==", "Paris"], ["taille", "≥", "3"], ["age", "entre", "25 et 50"]],
        "fiches": ["3", "999"],
        "plus_tard": 1,
    }
    card = cards.card(question(), valeur=given)
    assert card.locator(".regle").count() == 4
    assert card.get_by_label("Critère 2, colonne").input_value() == "ville"
    assert "« taille »".replace(" ", NBSP) in card.locator(".regle").nth(2).inner_text()
    assert card.get_by_label("Critère 4, seconde valeur").input_value() == "50"
    card.locator("tbody th").first.click()
    stored = cards.stored("A5-S")
    assert stored["criteres"][2] == ["taille", "≥", "3"]
    assert stored["plus_tard"] == 1
    assert stored["fiches"][:2] == ["3", "999"]


def test_the_check_marks_the_records_in_the_grid(cards):
    given = {"criteres": [["sexe", "=", "H"]], "fiches": ["3", "39"]}
    card = cards.card(question(), valeur=given)
    cells = [
        {"ligne": "39", "colonne": "id_contact", "etat": "faux", "texte": "Opposition."},
        {"ligne": "3", "colonne": "id_contact", "etat": "juste", "texte": ""},
    ]
    cards.set(
        "A5-S", retour={"verdict": "PARTIEL", "points": 3, "sur": 6, "html": "", "cellules": cells, "options": {}}
    )
    assert "note-faux" in card.locator("tbody th", has_text="39").get_attribute("class")
    card.locator("tbody th", has_text="39").click()
    assert "note-faux" not in (card.locator("tbody th", has_text="39").get_attribute("class") or "")


def test_the_builder_is_one_part_of_a_question(cards):
    card = cards.card({**question(), **PARTS})
    card.get_by_label("Premier").fill("le sexe")
    rule(card, 1, "sexe", "=", "H")
    card.get_by_role("button", name="Reprendre ces fiches").click()
    stored = cards.stored("A5-Q2")
    assert stored["a"] == ["le sexe", ""]
    assert stored["c"]["criteres"] == [["sexe", "=", "H"]]
    assert len(stored["c"]["fiches"]) == 23


def test_the_builder_looks_right_everywhere_and_stays_in_the_screen(cards):
    card = cards.card({**question(), **PARTS})
    build_reference(card)
    rule(card, 1, "age", "≥", "x")
    cards.check_looks()
    for box in (line.bounding_box() for line in card.locator(".regle select, .regle input:visible").all()):
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 400
