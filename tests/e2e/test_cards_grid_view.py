"""The grid of the cards in a plain page: what people read in it, sorting and filtering, marks and pairs."""

from __future__ import annotations

from crc_lab.notebook.cards import question_spec
from tests.e2e import page_harness as samples
from tests.e2e.page_harness import NBSP, RIGHT, cells, keys, paste, row_of
from tests.loaded import loaded_activity

# ---- the grid: what people read, and the titles


def test_people_read_titles_words_dates_and_names_while_the_file_keeps_its_own(cards, page):
    loaded = loaded_activity("03_structurer")
    structured = question_spec(loaded.activity.question("A3-Q2"), loaded.activity, "entrainement")["tableau"]
    question = {
        **samples.rfm_question(),
        "regle": {"titre": "La grille", "html": "<table><tr><td>10 points</td></tr></table>"},
    }
    table = question["tableau"]
    table["mots"] = {"PROFESSIONNEL": "professionnel", "Très bons clients": "Les très bons"}
    by_name = {column["nom"]: column for column in table["colonnes"]}
    by_name["date_dernier_achat"] |= {"titre": "Dernier achat", "type": "date", "aide": "Jour, mois, année."}
    by_name["panier_moyen"] |= {"titre": "Panier moyen", "type": "nombre"}
    card = cards.card(question)
    head = card.get_by_role("columnheader", name="Dernier achat")
    assert head.get_attribute("title") == "date_dernier_achat · Jour, mois, année."
    assert [cells(card, "1", name).inner_text() for name in ("Dernier achat", "Panier moyen")] == [
        "12/09/2026",
        "112,50",
    ]
    row = cells(card, "4", "id_contact")
    assert row.evaluate("cell => getComputedStyle(cell, '::after').content") == '"L\'ATELIER LUMIERE"'
    card.get_by_label("Chercher").fill("12/09/2026")
    assert card.locator(".compte").inner_text().startswith("1 fiche sur 53")
    card.get_by_label("Chercher").fill("")
    # an answer stays as it is typed; a choice is stored by its value, whatever it is called
    cells(card, "1", "segment").click()
    page.keyboard.type("les")
    page.keyboard.press("Enter")
    assert cells(card, "1", "segment").inner_text() == "Les très bons"
    paste(page, "LES TRES BONS")
    cells(card, "1", "score").click()
    page.keyboard.type("12.50")
    page.keyboard.press("Enter")
    stored = cards.stored("A6-Q1")
    assert [row_of(stored, name)["segment"] for name in ("1", "3")] == ["Très bons clients"] * 2
    assert row_of(stored, "1")["score"] == cells(card, "1", "score").inner_text() == "12.50"
    # the rule: at the right where there is room, folded above the grid elsewhere
    rule, grid = card.locator("details.regle-a-cote"), card.locator("[role=grid]")
    assert rule.bounding_box()["x"] > card.locator(".fenetre:has([role=grid])").bounding_box()["x"] + 600
    page.set_viewport_size({"width": 400, "height": 800})
    page.wait_for_function("!document.querySelector('details.regle-a-cote').open")
    assert rule.bounding_box()["y"] < grid.bounding_box()["y"]
    rule.locator("summary").click()
    assert "10 points" in rule.inner_text()
    page.set_viewport_size({"width": 1366, "height": 768})
    # the rows asked for, unless one wants more
    asked = cards.card({"id": "A3-Q2", "genre": "tableau", "titre": "Restructurez", "tableau": structured})
    assert structured["demandees"] == 12
    assert asked.locator(".compte").inner_text().startswith("12 fiches sur 60")
    cells(asked, "12", "Nom").click()
    paste(page, "NGUYEN\tThomas\nROUSSEAU\tAmina")  # one row more than is shown
    assert asked.locator("tbody tr").count() == 60
    assert row_of(cards.stored("A3-Q2"), "13")["prenom"] == "Amina"
    asked.get_by_role("button", name="Seulement les 12 demandées").click()
    assert asked.locator("tbody tr").count() == 12
    kept = {"colonnes": ["id_contact", "nom"], "lignes": [["40", "PETIT"]]}
    cards.replace("A3-Q2", kept, "excel")
    assert asked.locator("tbody tr").count() == 60, "a row with an answer is never hidden"


def test_a_title_sorts_filters_and_changes_its_width_by_mouse_and_by_keyboard(cards, page, rfm):
    arrow = rfm.get_by_role("columnheader", name="ville").locator(".fleche")
    arrow.click()
    menu = rfm.get_by_role("dialog", name="Trier et filtrer")
    menu.get_by_role("button", name="Aucune valeur").click()
    assert rfm.locator(".compte").inner_text().startswith("0 fiche sur 53")
    for town in ("LILLE", "CAEN"):
        menu.get_by_role("checkbox", name=town).check()
    towns = [cells(rfm, row, "ville").inner_text() for row in rfm.locator("tbody th").all_inner_texts()]
    assert set(towns) == {"LILLE", "CAEN"}
    assert cards.violations() == []
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.closest('th')?.textContent").startswith("ville")
    rfm.get_by_role("button", name="Retirer le filtre ville = CAEN, LILLE").click()
    assert rfm.locator("tbody tr").count() == 53
    arrow.click()
    menu.get_by_role("button", name="Ordre décroissant").click()
    assert rfm.get_by_role("columnheader", name="ville").get_attribute("aria-sort") == "descending"
    keys(page, "Alt+ArrowDown")  # the same menu, without the mouse
    assert menu.is_visible()
    page.mouse.click(5, 5)
    assert menu.is_hidden()
    head = rfm.get_by_role("columnheader", name="ville")
    before = head.bounding_box()
    page.mouse.move(before["x"] + before["width"] - 3, before["y"] + 10)
    page.mouse.down()
    page.mouse.move(before["x"] + before["width"] + 97, before["y"] + 10, steps=4)
    page.mouse.up()
    assert abs(head.bounding_box()["width"] - before["width"] - 100) < 3
    assert head.get_attribute("aria-sort") == "descending", "its edge does not sort"
    head.focus()
    keys(page, "ArrowUp", "Alt+ArrowLeft")
    assert "colonne rétrécie" in rfm.locator("[aria-live]").first.inner_text()
    narrow = head.bounding_box()["width"]
    rfm.get_by_label("Chercher").fill("a")  # the rows are put in order again: the width stays
    assert abs(head.bounding_box()["width"] - narrow) < 1
    page.mouse.dblclick(head.bounding_box()["x"] + narrow - 3, before["y"] + 10)
    assert abs(head.bounding_box()["width"] - before["width"]) < 3


# ---- the grid: view


def test_sorting_and_filtering_never_edit_another_row(cards, page, rfm):
    rfm.get_by_role("columnheader", name="ville").click()
    rfm.get_by_role("columnheader", name="ville").click()
    assert rfm.get_by_role("columnheader", name="ville").get_attribute("aria-sort") == "descending"
    first = rfm.locator("tbody th").first.inner_text()
    assert cells(rfm, first, "ville").inner_text() == "VINCENNES"
    cells(rfm, first, "score").click()
    page.keyboard.type("25")
    page.keyboard.press("Enter")
    rfm.get_by_label("Chercher").fill("elise")
    assert [cell.inner_text() for cell in rfm.locator("tbody th").all()] == ["11", "1"]
    cells(rfm, "11", "score").click()
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    stored = cards.stored("A6-Q1")
    assert row_of(stored, first)["score"] == "25"
    assert row_of(stored, "11")["score"] == "0"
    assert [line[0] for line in stored["lignes"]][:3] == ["1", "3", "4"]
    assert sum(1 for line in stored["lignes"] if any(line[1:])) == 2


def test_the_count_follows_the_search_the_filter_and_the_columns(cards):
    card = cards.card(samples.cells_question())
    tally = card.locator(".compte")
    assert tally.inner_text().startswith("60 fiches · 33 colonnes")
    card.get_by_label("Chercher").fill("ELISE")
    assert tally.inner_text().startswith("2 fiches sur 60 · 33 colonnes")
    card.get_by_label("Chercher").fill("")
    card.get_by_label("Filtrer").select_option("type_contact")
    card.get_by_label("Valeur à garder").select_option("PROFESSIONNEL")
    assert tally.inner_text().startswith("15 fiches sur 60")
    card.get_by_role("button", name="Retirer le filtre type_contact = PROFESSIONNEL").click()
    assert tally.inner_text().startswith("60 fiches")
    card.locator("summary", has_text="Colonnes").click()
    card.get_by_role("button", name="Aucune").click()
    assert tally.inner_text().startswith("60 fiches · 1 colonne sur 33")
    assert card.locator("thead th").all_inner_texts() == ["id_contact"]
    card.get_by_role("checkbox", name="code_postal").check()
    assert card.locator("thead th").all_inner_texts() == ["id_contact", "code_postal"]
    card.get_by_role("button", name="Toutes").click()
    assert card.locator("thead th").count() == 33


def test_a_sort_brings_missing_and_short_values_to_the_top_then_the_file_order_back(cards):
    card = cards.card(samples.cells_question())
    card.get_by_label("Trier par").select_option("code_postal")
    shown = [card.locator("tbody th").nth(n).inner_text() for n in range(2)]
    assert [cells(card, row, "code_postal").inner_text() for row in shown] == ["", "7501"]
    card.get_by_role("button", name="Ordre croissant").click()
    assert card.get_by_role("columnheader", name="code_postal").get_attribute("aria-sort") == "descending"
    card.get_by_label("Trier par").select_option("")
    assert card.locator("tbody th").first.inner_text() == "1"


def test_headers_sort_from_the_keyboard(page, rfm):
    cells(rfm, "1", "panier_moyen").click()
    keys(page, "ArrowUp", "Enter")
    assert rfm.get_by_role("columnheader", name="panier_moyen").get_attribute("aria-sort") == "ascending"
    assert rfm.locator("tbody tr").first.get_attribute("aria-rowindex") == "2"


def test_the_header_and_the_first_column_stay_in_sight(cards, page):
    card = cards.card(samples.cells_question())
    cells(card, "1", "nom").click()
    keys(page, "Control+End")
    window = card.locator(".fenetre").bounding_box()
    head, key = card.locator("thead th").first.bounding_box(), cells(card, "60", "id_contact").bounding_box()
    assert abs(head["x"] - window["x"]) < 2
    assert abs(head["y"] - window["y"]) < 3
    assert abs(key["x"] - window["x"]) < 2
    keys(page, "Home", "ArrowRight")
    cell = page.evaluate(
        "(() => { const box = document.activeElement.getBoundingClientRect(); return [box.left, box.right]; })()"
    )
    assert cell[0] >= key["x"] + key["width"] - 2  # never under the first column


# ---- marks, pairs, notes


def test_cells_are_circled_by_click_and_by_space_and_counted(cards, page):
    card = cards.card(samples.cells_question())
    cells(card, "3", "civilite").click()
    cells(card, "6", "prenom").dblclick()  # a double-click circles once
    keys(page, "ArrowDown", "Space")
    assert cards.stored("A4-Q1") == [["3", "civilite"], ["6", "prenom"], ["7", "prenom"]]
    assert cells(card, "3", "civilite").get_attribute("aria-selected") == "true"
    assert "3 cases entourées" in card.locator(".compte").inner_text()
    assert card.locator("[aria-live]").first.inner_text() == "Case entourée. 3 cases entourées."
    keys(page, "Space")
    assert cards.stored("A4-Q1") == [["3", "civilite"], ["6", "prenom"]]
    keys(page, "Control+z", "Control+z")
    assert cards.stored("A4-Q1") == [["3", "civilite"], ["6", "prenom"]][:2]
    card.get_by_role("button", name="Tout effacer").click()
    card.get_by_role("button", name="Effacer 2 cases entourées").click()
    assert cards.stored("A4-Q1") == []
    card.get_by_role("button", name="Annuler").click()
    assert len(cards.stored("A4-Q1")) == 2


def test_marks_are_kept_by_record_whatever_the_sort(cards):
    card = cards.card(samples.cells_question())
    card.get_by_label("Trier par").select_option("email")
    cells(card, "9", "ville").click()
    assert cards.stored("A4-Q1") == [["9", "ville"]]


def test_wrong_cells_have_a_sign_a_reason_on_focus_and_lose_it_when_changed(cards, page, rfm):
    cells(rfm, "9", "R").click()
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    note = {"ligne": "9", "colonne": "R", "etat": "faux", "texte": "Exactement 3 mois vaut 5."}
    cards.set("A6-Q1", retour={**RIGHT, "verdict": "PARTIEL", "cellules": [note]})
    cell = cells(rfm, "9", "R")
    assert cell.get_attribute("aria-invalid") == "true"
    assert cell.evaluate("node => getComputedStyle(node, '::before').content") == '"✗ "'
    cell.click()
    status = rfm.locator(".ligne-etat")
    assert "✗ À revoir. Exactement 3 mois vaut 5." in status.inner_text()
    assert cell.get_attribute("aria-describedby") == status.get_attribute("id")
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    assert cell.get_attribute("aria-invalid") is None
    cell.click()
    assert "Exactement" not in status.inner_text()


def test_pairs_are_typed_or_picked_in_the_grid_and_removed(cards, page):
    card = cards.card(samples.pairs_question())
    card.get_by_label("Fiche n°", exact=False).first.fill("2")
    card.get_by_label("et fiche n°").fill("1")
    page.keyboard.press("Enter")
    assert cards.stored("A4-Q2") == [["2", "1"]]
    cells(card, "13", "id_contact").click()
    cells(card, "18", "nom").click()
    keys(page, "Space")
    card.get_by_role("button", name="Ajouter la paire").click()
    assert cards.stored("A4-Q2") == [["2", "1"], ["13", "18"]]
    for first, second, problem in (
        ("1", "2", "déjà dans votre liste"),
        ("3", "3", "deux fiches différentes"),
        ("3", "99", "n’existe pas"),
        ("3", "", "deux numéros"),
    ):
        card.get_by_label("Fiche n°", exact=False).first.fill(first)
        card.get_by_label("et fiche n°").fill(second)
        card.get_by_role("button", name="Ajouter la paire").click()
        assert problem in card.locator("[role=alert]").inner_text()
    card.get_by_role("button", name=f"Retirer{NBSP}: Fiches n°{NBSP}2 et 1").click()
    assert cards.stored("A4-Q2") == [["13", "18"]]
    card.get_by_role("button", name="Annuler").click()
    assert cards.stored("A4-Q2") == [["2", "1"], ["13", "18"]]


def test_an_answer_in_another_order_with_more_rows_and_columns_is_shown_and_kept(cards, page):
    value = {
        "colonnes": ["segment", "id_contact", "R", "commentaire"],
        "lignes": [
            ["Bons clients", "3", "10", "à voir"],
            ["", "1", "5", ""],
            ["Clients tièdes", "999", "0", "en plus"],
        ],
    }
    card = cards.card(samples.rfm_question(), valeur=value, source_valeur="excel")
    assert cards.stored("A6-Q1") == value  # untouched: stored as it came
    assert cells(card, "3", "R").inner_text() == "10"
    assert "1 ligne ajoutée" in card.locator(".compte").inner_text()
    cells(card, "1", "F").click()
    page.keyboard.type("20")
    page.keyboard.press("Enter")
    stored = cards.stored("A6-Q1")
    assert row_of(stored, "1") == {
        "id_contact": "1",
        "R": "5",
        "F": "20",
        "M": "",
        "score": "",
        "segment": "",
        "commentaire": "",
    }
    assert row_of(stored, "3")["commentaire"] == "à voir"
    assert row_of(stored, "999")["segment"] == "Clients tièdes"
    assert len(stored["lignes"]) == 54
