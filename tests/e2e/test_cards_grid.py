"""The grid of the cards in a plain page: moving, editing, clipboard."""

from __future__ import annotations

import re

from tests.e2e import page_harness as samples
from tests.e2e.page_harness import cells, focused, keys, paste, row_of

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
