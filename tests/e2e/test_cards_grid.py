"""The grid of the cards in a plain page: moving, editing, clipboard, view, marks and pairs."""

from __future__ import annotations

import re
from typing import Any

import pytest

from crc_lab.notebook.cards import question_spec
from tests.e2e import page_harness as samples
from tests.e2e.page_harness import NBSP, RIGHT, Harness, cells, focused, keys, paste, row_of
from tests.loaded import loaded_activity


@pytest.fixture
def rfm(cards: Harness) -> Any:
    return cards.card(samples.rfm_question())


# ---- the grid: moving and editing


def test_the_grid_has_one_tab_stop_and_moves_with_the_keys(page, rfm):
    assert rfm.locator("table [tabindex='0']").count() == 1
    cells(rfm, "3", "prenom").click()
    assert focused(page) == "Paul"
    keys(page, "ArrowDown")
    assert focused(page) == "Sophie"
    keys(page, "ArrowRight", "ArrowUp", "ArrowLeft")
    assert focused(page) == "Paul"
    keys(page, "Home")
    assert focused(page) == "3"
    keys(page, "End", "Control+Home")
    assert focused(page) == "1"
    keys(page, "Control+End", "Home")
    assert focused(page) == "60"
    keys(page, "PageUp")
    assert focused(page) == "47"
    keys(page, "Control+Home", "PageDown")
    assert focused(page) == "12"
    assert rfm.locator("table [tabindex='0']").count() == 1
    keys(page, "Tab")
    assert not page.evaluate("document.activeElement.closest('table')")


def test_typing_f2_enter_and_double_click_edit_and_escape_gives_up(cards, page, rfm):
    score = cells(rfm, "1", "score")
    score.click()
    page.keyboard.type("45")
    page.keyboard.press("Enter")
    assert score.inner_text() == "45"
    keys(page, "ArrowUp", "F2", "End", "5", "Escape")
    assert score.inner_text() == "45"
    keys(page, "Enter", "End", "5", "Enter")
    assert score.inner_text() == "455"
    score.dblclick()
    page.keyboard.type("50")
    page.keyboard.press("ArrowLeft")  # after a double-click, arrows stay in the text
    assert page.evaluate("document.activeElement.tagName") == "INPUT"
    page.keyboard.press("Enter")
    assert row_of(cards.stored("A6-Q1"), "1")["score"] == "50"
    page.keyboard.type("4,75")
    page.keyboard.press("ArrowDown")  # after typing, they validate and move
    assert row_of(cards.stored("A6-Q1"), "3")["score"] == "4,75"


def test_tab_fills_cell_after_cell_and_leaves_the_grid_at_its_end(cards, page, rfm):
    cells(rfm, "1", "R").click()
    for value in ("10", "20", "20", "50", "très", "5"):
        page.keyboard.type(value)
        page.keyboard.press("Tab")
    stored = cards.stored("A6-Q1")
    assert row_of(stored, "1") == {
        "id_contact": "1",
        "R": "10",
        "F": "20",
        "M": "20",
        "score": "50",
        "segment": "Très bons clients",
    }
    assert row_of(stored, "3")["R"] == "5"
    cells(rfm, "60", "segment").dblclick()
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.closest('table')")


def test_a_drop_down_cell_finds_ten_when_one_then_zero_are_typed(cards, page, rfm):
    cells(rfm, "1", "R").click()
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    assert cells(rfm, "1", "R").inner_text() == "10"
    cells(rfm, "3", "R").click()  # the cursor is there already: a click opens the list
    rfm.locator("td select").select_option("5")
    page.keyboard.press("Enter")
    assert row_of(cards.stored("A6-Q1"), "3")["R"] == "5"


def test_given_cells_refuse_and_say_so(cards, page, rfm):
    cells(rfm, "1", "ville").click()
    page.keyboard.type("X")
    assert "ne se modifie pas" in rfm.locator(".ligne-etat").inner_text()
    assert cells(rfm, "1", "ville").inner_text() == "PARIS"
    assert cells(rfm, "1", "ville").get_attribute("aria-readonly") == "true"
    assert cards.stored("A6-Q1") is None


def test_values_stay_text(cards, page, rfm):
    cells(rfm, "1", "score").click()
    page.keyboard.type("01000")
    page.keyboard.press("Enter")
    assert row_of(cards.stored("A6-Q1"), "1")["score"] == "01000"
    assert cards.stored("A6-Q1")["colonnes"] == ["id_contact", "R", "F", "M", "score", "segment"]
    assert len(cards.stored("A6-Q1")["lignes"]) == 53


def test_undo_and_redo_go_back_a_hundred_steps(cards, page, rfm):
    cells(rfm, "1", "score").click()
    for n in range(104):
        page.keyboard.type(str(n % 10))
        page.keyboard.press("Enter" if n % 50 < 49 else "Escape")
        if n % 50 == 49:
            page.keyboard.press("Control+Home")
            cells(rfm, "1", "R").click()
            cells(rfm, "1", "score").click()
    before = cards.stored("A6-Q1")
    for _ in range(102):
        page.keyboard.press("Control+z")
    assert cards.stored("A6-Q1") is None
    for _ in range(102):
        page.keyboard.press("Control+y")
    assert cards.stored("A6-Q1") == before
    rfm.get_by_role("button", name="Annuler").click()
    assert cards.stored("A6-Q1") != before
    rfm.get_by_role("button", name="Rétablir").click()
    assert cards.stored("A6-Q1") == before
    rfm.get_by_role("button", name="Tout effacer").click()
    assert cards.stored("A6-Q1") == before
    rfm.get_by_role("button", name=re.compile(r"Effacer \d+ cases remplies")).click()
    assert cards.stored("A6-Q1") is None
    rfm.get_by_role("button", name="Annuler").click()
    assert cards.stored("A6-Q1") == before


def test_what_is_in_the_open_cell_is_part_of_the_answer_until_it_is_given_up(cards, page, rfm):
    def stored():
        return [line[1] for line in (cards.stored("A6-Q1") or {"lignes": []})["lignes"] if line[1]]

    cells(rfm, "3", "R").click()
    page.keyboard.type("1")
    assert stored() == ["1"] or stored() == ["10"]  # a list finds « 10 »
    page.keyboard.press("Escape")
    assert stored() == []
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    assert len(stored()) == 1
    page.keyboard.press("Control+z")
    assert stored() == []


def test_undoing_outlives_a_reload_as_long_as_the_answer_is_the_same(cards, page, rfm):
    cells(rfm, "3", "R").click()
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    before = cards.stored("A6-Q1")
    rfm.get_by_role("button", name="Tout effacer").click()
    rfm.get_by_role("button", name="Effacer 1 case remplie").click()
    page.reload()
    again = cards.card(samples.rfm_question())
    again.get_by_role("button", name="Annuler").click()
    assert cards.stored("A6-Q1") == before
    page.reload()
    other = cards.card(samples.rfm_question())  # the answer is not the one that those steps led to
    assert other.get_by_role("button", name="Annuler").is_disabled()


def test_delete_empties_a_block(cards, page, rfm):
    cells(rfm, "1", "R").click()
    paste(page, "10\t20\r\n5\t10")
    cells(rfm, "1", "R").click()
    keys(page, "Shift+ArrowDown", "Delete")
    stored = cards.stored("A6-Q1")
    assert [row_of(stored, row)["R"] for row in ("1", "3")] == ["", ""]
    assert [row_of(stored, row)["F"] for row in ("1", "3")] == ["20", "10"]


def test_an_import_can_be_undone(cards, page, rfm):
    cells(rfm, "1", "score").click()
    page.keyboard.type("45")
    page.keyboard.press("Enter")
    value = {"colonnes": ["id_contact", "score"], "lignes": [["1", "50"], ["3", "30"]]}
    cards.replace("A6-Q1", value, "excel")
    assert cells(rfm, "3", "score").inner_text() == "30"
    rfm.get_by_role("button", name="Annuler").click()
    assert row_of(cards.stored("A6-Q1"), "1")["score"] == "45"
    assert row_of(cards.stored("A6-Q1"), "3")["score"] == ""


def test_one_group_of_columns_is_shown_at_a_time(cards):
    question = samples.cells_question()
    for column in question["tableau"]["colonnes"]:
        column["groupe"] = "Adresse" if column["nom"] in ("code_postal", "ville") else "Contact"
    card = cards.card(question)
    card.get_by_label("Montrer").select_option("Adresse")
    assert card.locator("thead th").all_inner_texts() == ["id_contact", "code_postal", "ville"]
    card.get_by_label("Montrer").select_option("toutes les colonnes")
    assert card.locator("thead th").count() == 33


# ---- the grid: clipboard


def test_a_block_of_twelve_rows_and_five_columns_is_pasted_from_excel(cards, page, rfm):
    block = (
        "\r\n".join(f"{5 * (n % 3)}\t{10 * (n % 3)}\t{10 * (n % 3)}\t{25 * (n % 3)}\tclients tiedes" for n in range(12))
        + "\r\n"
    )
    cells(rfm, "3", "R").click()
    paste(page, block)
    stored = cards.stored("A6-Q1")
    filled = [line for line in stored["lignes"] if any(line[1:])]
    assert len(filled) == 12
    assert filled[1] == ["4", "5", "10", "10", "25", "Clients tièdes"]
    assert rfm.locator(".ligne-etat").inner_text() == "60 cases collées."
    page.keyboard.press("Control+z")
    assert cards.stored("A6-Q1") is None


def test_a_block_larger_than_the_grid_is_cut_and_the_count_is_told(cards, page, rfm):
    cells(rfm, "59", "score").click()
    paste(page, "1\ta\tb\n2\tc\td\n3\te\tf\n")
    assert "4 cases collées. 5 cases ignorées" in rfm.locator(".ligne-etat").inner_text()
    assert "2 valeurs ne figurent pas dans la liste" in rfm.locator(".ligne-etat").inner_text()
    assert row_of(cards.stored("A6-Q1"), "60") == {
        "id_contact": "60",
        "R": "",
        "F": "",
        "M": "",
        "score": "2",
        "segment": "c",
    }


def test_quotes_tabs_and_line_ends_survive_the_clipboard(cards, page, rfm):
    cells(rfm, "1", "score").click()
    paste(page, '"deux\nlignes et ""guillemets"""\t\n"Le Salon" Paris\t\n')
    stored = cards.stored("A6-Q1")
    assert row_of(stored, "1")["score"] == 'deux\nlignes et "guillemets"'
    assert row_of(stored, "3")["score"] == '"Le Salon" Paris'
    cells(rfm, "1", "score").click()
    keys(page, "Shift+ArrowDown", "Control+c")
    cells(rfm, "4", "score").click()
    keys(page, "Control+v")
    stored = cards.stored("A6-Q1")
    assert row_of(stored, "4")["score"] == 'deux\nlignes et "guillemets"'
    assert row_of(stored, "5")["score"] == '"Le Salon" Paris'


def test_a_block_is_copied_as_excel_reads_it(page, rfm):
    cells(rfm, "1", "ville").click()
    keys(page, "Shift+ArrowRight", "Shift+ArrowDown")
    assert rfm.locator("td[aria-selected=true]").count() == 4
    text = page.evaluate(
        """() => { const data = new DataTransfer();
          const copy = new ClipboardEvent("copy", { clipboardData: data, bubbles: true, cancelable: true });
          document.activeElement.dispatchEvent(copy);
          return data.getData("text/plain"); }"""
    )
    assert text == "PARIS\t12/09/2026\r\nNANTES\t03/10/2026", "what is seen is what Excel gets"
    keys(page, "Control+a")
    assert rfm.locator("[aria-selected=true]").count() == 53 * 13


def test_one_value_fills_the_whole_block(cards, page, rfm):
    cells(rfm, "1", "R").click()
    keys(page, "Shift+ArrowDown", "Shift+ArrowDown")
    paste(page, "10\r\n")
    assert [line[1] for line in cards.stored("A6-Q1")["lignes"][:4]] == ["10", "10", "10", ""]


def test_dragging_with_the_mouse_selects_a_block(page, rfm):
    start, end = cells(rfm, "1", "ville").bounding_box(), cells(rfm, "5", "nb_achats_12m").bounding_box()
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(end["x"] + 5, end["y"] + 5, steps=6)
    page.mouse.up()
    assert rfm.locator("td[aria-selected=true]").count() == 12


def test_a_cell_is_copied_over_its_neighbours_by_its_handle_and_by_the_keys(cards, page, rfm):
    def column(name, count=5):
        return [row_of(cards.stored("A6-Q1"), row)[name] for row in ("1", "3", "4", "5", "6")[:count]]

    cells(rfm, "1", "R").click()
    paste(page, "10\t20\n5\t10")
    rfm.locator(".fenetre:has([role=grid])").evaluate("frame => { frame.scrollLeft = 9999; }")
    corner, end = cells(rfm, "3", "F").bounding_box(), cells(rfm, "6", "F").bounding_box()
    page.mouse.move(corner["x"] + corner["width"] - 4, corner["y"] + corner["height"] - 4)
    page.mouse.down()
    page.mouse.move(end["x"] + 5, end["y"] + 5, steps=5)
    assert rfm.locator("td.cible").count() == 10
    page.mouse.up()
    assert (column("R"), column("F")) == (["10", "5", "10", "5", "10"], ["20", "10", "20", "10", "20"])
    assert "10 cases choisies" in rfm.locator(".ligne-etat").inner_text()
    assert "6 cases recopiées" in rfm.locator("[aria-live]").first.inner_text()
    page.keyboard.press("Control+z")  # in one step
    assert column("R") == ["10", "5", "", "", ""]
    cells(rfm, "1", "R").click()
    keys(page, "Shift+ArrowDown", "Shift+ArrowDown", "Control+d")
    assert column("R", 3) == ["10", "10", "10"]
    cells(rfm, "4", "M").click()
    keys(page, "Control+d")  # one cell alone takes what is above it
    assert column("M", 3) == ["", "", ""]
    cells(rfm, "1", "F").click()
    keys(page, "Shift+ArrowRight", "Control+r")
    assert column("M", 1) == ["20"]
    cells(rfm, "1", "ville").click()
    keys(page, "Shift+ArrowDown", "Control+d")
    assert cells(rfm, "3", "ville").inner_text() == "NANTES", "what is given stays"
    assert page.url == samples.ADDRESS, "Ctrl + R reloads nothing"


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
