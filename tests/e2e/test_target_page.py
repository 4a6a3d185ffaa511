"""Choices by priority, a list of records and a table of check boxes, in a plain page: mouse, keyboard, narrow, dark."""

from __future__ import annotations

from typing import Any

from crc_lab.notebook.cards import question_spec
from tests.e2e.page_harness import DATE, NBSP, Harness, keys
from tests.loaded import loaded_activity

LOADED = loaded_activity("07_cibler")


def spec(name: str) -> dict[str, Any]:
    question = LOADED.activity.question(name)
    assert question is not None
    return question_spec(question, LOADED.activity, "entrainement")


def with_list(cards: Harness, *records: str) -> Any:
    """The card A7-Q4, the list of A7-Q3 being already in the notebook."""
    answer = {"valeur": {"fiches": list(records), "particuliers_seulement": "non"}, "date": DATE}
    cards.switch(reponses={"A7-Q3": answer})
    return cards.card(spec("A7-Q4"))


def box(card: Any, record: str, column: str) -> Any:
    return card.locator(f"tr[data-id='{record}']").get_by_role("checkbox", name=f", {column}")


# ---- choices by priority


def test_segments_are_added_moved_and_removed(cards):
    card = cards.card(spec("A7-Q2"))
    card.get_by_role("button", name=f"Ajouter{NBSP}: Bons clients").click()
    card.get_by_role("button", name=f"Ajouter{NBSP}: Très bons").click()
    assert cards.stored("A7-Q2") == {"segments": ["bons", "tres_bons"]}
    card.get_by_role("button", name=f"Monter{NBSP}: Très bons").click()
    assert cards.stored("A7-Q2") == {"segments": ["tres_bons", "bons"]}
    assert "position 1" in card.locator("[aria-live]").inner_text()
    card.get_by_role("button", name=f"Retirer{NBSP}: Bons clients").click()
    assert cards.stored("A7-Q2") == {"segments": ["tres_bons"]}
    card.get_by_role("button", name=f"Retirer{NBSP}: Très bons").click()
    assert cards.stored("A7-Q2") == {}


def test_segments_are_ordered_with_the_keyboard_alone(cards, page):
    cards.card(spec("A7-Q2"))
    keys(page, "Tab", "Enter")  # the first choice; the focus goes to what is left to add
    assert cards.stored("A7-Q2") == {"segments": ["tres_bons"]}
    page.keyboard.press("Enter")
    assert cards.stored("A7-Q2") == {"segments": ["tres_bons", "bons"]}
    keys(page, "Shift+Tab", "Shift+Tab", "Enter")  # « Monter » of the last one
    assert cards.stored("A7-Q2") == {"segments": ["bons", "tres_bons"]}


def test_the_order_comes_back_and_is_marked(cards):
    card = cards.card(spec("A7-Q2"), valeur={"segments": ["bons", "tres_bons"]})
    assert card.locator("ol.ordre li").all_inner_texts()[0].startswith("Bons clients")
    note = {"etat": "accepte", "texte": "L’ordre compte."}
    back = {"verdict": "PARTIEL", "points": 3, "sur": 5, "html": "", "options": {"segments.bons": note}}
    cards.set("A7-Q2", retour=back)
    assert "L’ordre compte" in card.locator("ol.ordre li").first.inner_text()


def test_a_verdict_is_outdated_when_the_answer_it_depends_on_changes(cards):
    target = cards.card(spec("A7-Q2"), valeur={"segments": ["bons"]})
    back = {"verdict": "JUSTE", "points": 5, "sur": 5, "html": "<p>Juste.</p>", "options": {}}
    cards.set("A7-Q2", retour=back)
    aim = cards.card(spec("A7-Q1"))
    aim.locator("textarea").fill("Récompenser.")
    aim.locator("textarea").blur()
    assert "réponse A7-Q1, dont celle-ci dépend" in target.inner_text()


# ---- a list of records


def test_records_are_ticked_in_the_grid_or_typed(cards):
    card = cards.card(spec("A7-Q3"))
    assert card.locator("tbody tr").count() == 53
    for record in ("4", "51"):
        card.locator("tbody th", has_text=record).get_by_text(f"☐ {record}", exact=True).click()
    assert cards.stored("A7-Q3") == {"fiches": ["4", "51"]}
    card.get_by_text("Non, les professionnels").click()
    card.get_by_label("Votre liste de fiches").fill("1, 4")
    card.get_by_label("Votre liste de fiches").blur()
    assert cards.stored("A7-Q3") == {"fiches": ["1", "4"], "particuliers_seulement": "non"}


# ---- a table of check boxes


def test_the_rows_are_those_of_the_other_answer(cards):
    card = with_list(cards, "35", "1", "4", "999")
    assert card.locator("tbody tr").evaluate_all("rows => rows.map(row => row.dataset.id)") == ["1", "4", "35"]
    assert "Accepte l’e-mail" in card.locator("tr[data-id='35']").inner_text()
    assert "L'ATELIER LUMIERE" in card.locator("tr[data-id='4']").inner_text()
    box(card, "35", "Courrier").check()
    box(card, "1", "E-mail").check()
    assert cards.stored("A7-Q4") == {"email": ["1"], "sms": [], "telephone": [], "courrier": ["35"]}
    box(card, "35", "Courrier").uncheck()
    box(card, "1", "E-mail").uncheck()
    assert cards.stored("A7-Q4") is None


def test_the_rows_follow_the_other_card_as_it_changes(cards):
    other = cards.card(spec("A7-Q3"))
    card = cards.card(spec("A7-Q4"))
    assert "Donnez d’abord votre liste" in card.inner_text()
    assert card.locator("tbody tr").count() == 0
    other.get_by_label("Votre liste de fiches").fill("40 18")
    other.get_by_label("Votre liste de fiches").blur()
    assert card.locator("tbody tr").evaluate_all("rows => rows.map(row => row.dataset.id)") == ["18", "40"]
    box(card, "40", "SMS").check()
    other.get_by_label("Votre liste de fiches").fill("18")
    other.get_by_label("Votre liste de fiches").blur()
    assert cards.stored("A7-Q4")["sms"] == ["40"], "what is ticked stays, and stays visible"
    assert card.locator("tbody tr").count() == 2


def test_a_record_can_be_added_by_hand(cards, page):
    card = cards.card(spec("A7-Q4"))
    field = card.get_by_label("Ajouter la fiche")
    field.fill("75")
    card.get_by_role("button", name="Ajouter").click()
    assert "n’existe pas" in card.inner_text()
    field.fill("22")
    field.press("Enter")
    assert card.locator("tbody tr").count() == 1
    assert page.evaluate("document.activeElement.type") == "checkbox"


def test_the_boxes_are_ticked_with_the_keyboard_alone(cards, page):
    card = with_list(cards, "1", "4", "13")
    box(card, "1", "E-mail").focus()
    keys(page, "Space", "ArrowDown", "Space", "ArrowRight", "ArrowRight", "Space", "ArrowUp", "ArrowRight", "Space")
    keys(page, "ArrowRight", "ArrowUp")  # the edge of the table: nothing moves, nothing scrolls away
    assert cards.stored("A7-Q4") == {"email": ["1", "4"], "sms": [], "telephone": ["4"], "courrier": ["1"]}
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('tr').dataset.id") == "4"


def test_the_check_marks_each_box_until_it_changes(cards):
    card = with_list(cards, "1", "35")
    box(card, "35", "E-mail").check()
    cells = [{"ligne": "35", "colonne": "email", "etat": "faux", "texte": ""}]
    cards.set("A7-Q4", retour={"verdict": "FAUX", "points": 0, "sur": 3, "html": "", "cellules": cells, "options": {}})
    cell = card.locator("tr[data-id='35'] td").first
    assert "✗" in cell.inner_text()
    assert "À revoir" in box(card, "35", "E-mail").get_attribute("aria-description")
    box(card, "35", "E-mail").uncheck()
    assert "✗" not in cell.inner_text()


def test_an_answer_of_another_version_is_kept(cards):
    given = {"email": ["1"], "pigeon": ["4"]}
    card = cards.card(spec("A7-Q4"), valeur=given)
    box(card, "1", "SMS").check()
    assert cards.stored("A7-Q4")["pigeon"] == ["4"]


# ---- looks


def test_these_cards_look_right_everywhere_and_nothing_is_cut(cards):
    cards.card(spec("A7-Q2"), valeur={"segments": ["bons", "tres_bons"]})
    card = with_list(cards, "1", "4", "35")
    cells = [{"ligne": "4", "colonne": "sms", "etat": "faux", "texte": "Ligne fixe."}]
    cards.set("A7-Q4", retour={"verdict": "FAUX", "points": 0, "sur": 3, "html": "", "cellules": cells, "options": {}})
    for width in (400, 340):  # a telephone; the same one with the margin that JupyterLab keeps
        cards.check_looks(width)
        assert card.locator(".fenetre").evaluate("node => node.scrollWidth <= node.clientWidth")
        for one in card.get_by_role("checkbox").all():
            place = one.bounding_box()
            assert place["x"] + place["width"] <= width
        for one in card.locator("tbody :is(th, td)").all():
            assert one.evaluate("node => node.scrollHeight <= node.clientHeight"), "nothing is cut"
    cards.card(spec("A7-Q3"))
    cards.check_looks()
