"""The cards of the second half: a call that is played, a planning, passages to pick out; by mouse and by keyboard."""

from __future__ import annotations

from typing import Any

import pytest

from crc_lab.core.grading import grade
from crc_lab.notebook.cards import question_spec
from tests.e2e.page_harness import Harness, keys
from tests.loaded import loaded_activity
from tests.test_kinds_revision import GRID, TEXT, kind

CALLS = loaded_activity("13_appels")


def call_card(cards: Harness, question: str, edition: str = "entrainement") -> Any:
    one = CALLS.activity.question(question)
    assert one is not None
    return cards.card(question_spec(one, CALLS.activity, edition))


def kind_card(cards: Harness, name: str, raw: dict[str, Any], question: str = "T-Q1") -> Any:
    spec = kind(name).build(raw, lambda text: pytest.fail(text))
    return cards.card({"id": question, "genre": name, "titre": "Essai", **kind(name).page(spec)})


def points(cards: Harness, question: str) -> float:
    one, key = CALLS.activity.question(question), CALLS.key(question)
    assert one is not None
    return grade(one, cards.stored(question), key).points


def play(card: Any, best: list[list[str]], question: str) -> None:
    """Choose, at each turn, the reply of the model answer by its words."""
    spec: Any = CALLS.activity.question(question).spec  # type: ignore[union-attr]
    for node, reply in best:
        words = spec.nodes[node].replies[reply].text.split("{")[0][:60]
        card.locator(".replique", has_text=words).first.click()


def test_a_call_is_played_to_its_end_and_its_steps_are_named(cards: Harness):
    card = call_card(cards, "R3-Q2")
    answer = CALLS.keys["R3-Q2"].answer["S1"]
    play(card, answer["parcours"], "R3-Q2")
    assert "L’appel est terminé" in card.inner_text()
    assert points(cards, "R3-Q2") == 3  # the steps are still to be named
    for at, step in enumerate(answer["etapes"], start=1):
        card.get_by_label(f"Étape de votre réplique {at}", exact=True).select_option(step)
    assert cards.stored("R3-Q2") == CALLS.keys["R3-Q2"].answer
    assert points(cards, "R3-Q2") == 4


def test_in_training_one_reads_why_and_goes_back_and_neither_in_assessment(cards: Harness):
    card = call_card(cards, "R3-Q3")
    first = card.locator(".replique").first.inner_text()
    card.locator(".replique").first.click()
    assert card.locator(".echange .moi .aide").count() == 1
    card.get_by_role("button", name="Revenir sur ma dernière réplique").click()
    assert cards.stored("R3-Q3") is None
    assert card.locator(".replique").first.inner_text() == first  # the same order each time
    exam = call_card(cards, "R3-Q1", "evaluation")
    exam.locator(".replique").first.click()
    assert exam.get_by_role("button", name="Revenir").count() == 0
    assert exam.get_by_role("button", name="Rejouer").count() == 0
    assert exam.locator(".echange .moi .aide").count() == 0


def test_a_call_is_played_by_keyboard_and_read_aloud(cards: Harness):
    card = call_card(cards, "R3-Q5")
    card.locator(".replique").first.focus()
    keys(cards.page, "Enter")
    assert "M. Kermadec" in card.locator("[aria-live]").first.inner_text()
    assert cards.page.evaluate("document.activeElement.textContent").startswith("À vous")
    keys(cards.page, "Tab", "Enter")
    assert len(cards.stored("R3-Q5")["S1"]["parcours"]) == 2


def test_several_calls_are_kept_side_by_side(cards: Harness):
    card = call_card(cards, "R3-Q1")
    card.locator(".replique").first.click()
    card.get_by_role("button", name="Appel 2, à jouer").click()
    card.locator(".replique").first.click()
    card.get_by_role("button", name="Appel 1, commencé").click()
    assert card.locator(".echange li.moi").count() == 1
    assert {name: len(one["parcours"]) for name, one in cards.stored("R3-Q1").items()} == {"SC-2": 1, "SC-4": 1}


def test_a_planning_counts_and_never_judges(cards: Harness):
    card = kind_card(cards, "planning", GRID)
    card.get_by_label("Ana, 8 h").check()
    card.get_by_label("Ana, 9 h").check()
    card.get_by_label("Ana, 8 h").focus()
    keys(cards.page, "ArrowDown", "Space", "ArrowRight", "Space")
    assert cards.stored("T-Q1") == {"P1": [8, 9], "P2": [8, 9]}
    assert card.locator("tfoot td").all_inner_texts()[:3] == ["2 / 1", "2 / 2", "0 / 1"]
    assert card.locator("tbody .compte").first.inner_text() == "2 / 3"
    card.get_by_label("Ana, 8 h").uncheck()
    assert cards.stored("T-Q1") == {"P1": [9], "P2": [8, 9]}


def test_passages_are_picked_out_and_classed(cards: Harness):
    card = kind_card(cards, "surlignage", TEXT)
    card.get_by_role("button", name="Slt").click()
    card.get_by_role("button", name="asap").focus()
    keys(cards.page, "Enter")
    assert "2 passages relevés" in card.inner_text()
    assert cards.stored("T-Q1") == {"s1": "releve", "s3": "releve"}
    card.get_by_label("Catégorie de «\u00a0Slt\u00a0»").select_option("sms")
    assert cards.stored("T-Q1") == {"s1": "sms", "s3": "releve"}
    card.get_by_role("button", name="asap").click()
    assert cards.stored("T-Q1") == {"s1": "sms"}
    cards.set(
        "T-Q1",
        retour={
            "verdict": "PARTIEL",
            "html": "",
            "cellules": [],
            "options": {"s1": {"etat": "juste", "texte": "Une formule."}},
        },
    )
    assert "Une formule." in card.locator(".releves").inner_text()


@pytest.mark.parametrize(("activity", "question"), [("12_satisfaction", "R2-Q5"), ("14_reclamations", "R4-Q1")])
def test_the_answers_of_a_matching_are_read_whole_on_a_wide_screen(cards: Harness, activity: str, question: str):
    loaded = loaded_activity(activity)
    one = loaded.activity.question(question)
    assert one is not None
    card = cards.card(question_spec(one, loaded.activity, "entrainement"))
    room = """lists => lists.map(list => {
      const pen = document.createElement("canvas").getContext("2d");
      pen.font = getComputedStyle(list).font;
      const { paddingLeft, paddingRight } = getComputedStyle(list);
      const widest = Math.max(...[...list.options].map(option => pen.measureText(option.text).width));
      return list.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) - widest;
    })"""
    assert min(card.locator("select").evaluate_all(room)) >= 0


def test_the_new_cards_are_readable_by_all(cards: Harness):
    card = call_card(cards, "R3-Q3")
    for _ in range(3):
        card.locator(".replique").first.click()
    kind_card(cards, "planning", GRID)
    cards.check_looks()
    passages = kind_card(cards, "surlignage", TEXT, "T-Q2")
    passages.locator(".passage").first.click()
    cards.check_looks()
