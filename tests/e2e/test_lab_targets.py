"""The flashcards and the welcome page in a real JupyterLab: saved, found again by a new kernel, told to each other."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from crc_lab.core.resources import datasets_folder
from crc_lab.notebook.decks import read_bank
from tests.e2e.workbook import FRONT, Workbook, text_of


def scroll_to(workbook: Workbook, kind: str, text: str) -> None:
    """Bring the cell that holds this source text on the screen."""
    workbook.page.evaluate(
        """async text => {
          const { content } = window.jupyterapp.shell.currentWidget;
          const at = content.widgets.findIndex(cell => cell.model.sharedModel.source.includes(text));
          content.activeCellIndex = at;
          await content.scrollToItem(at, "start");
        }""",
        text,
    )
    workbook.page.locator(f"{FRONT} {kind}").first.wait_for(timeout=30_000)


def answer(card: Any, photo: Any, name: str) -> None:
    """Answer the question on show rightly, read why, go on."""
    text = card.locator("p.mot").first.inner_text()
    question = next(one for one in read_bank(datasets_folder()) if one.text == text)
    match question.field:
        case {"genre": "nombre"}:
            card.get_by_role("textbox").fill(f"{question.answer} %")
        case {"genre": "association"}:
            for left, right in question.answer.items():
                card.get_by_label(left, exact=True).select_option(right)
        case _:
            card.locator(f'input[value="{question.answer}"]').check()
    card.get_by_role("button", name="Valider").click()
    card.locator(".retour.juste", has_text=question.reason).wait_for()
    photo(card.page, name)
    card.get_by_role("button", name=re.compile("Question suivante|Voir le bilan")).click()


def answer_two_questions(workbook: Workbook, photo: Any) -> None:
    """From the welcome page: five wait, one click is enough to see the first of them."""
    page = workbook.page
    page.locator(f"{FRONT} a.principal", has_text="Commencer : activité 1").wait_for(timeout=30_000)
    photo(page, "accueil")
    page.locator(FRONT).get_by_role("link", name="5 questions du jour").click()
    card = page.locator(f'{FRONT} [data-crc-question="A8-QUESTIONS"]')
    card.get_by_text("Question 1 sur 5").wait_for(timeout=60_000)
    workbook.activity, workbook.path = "08_lexique", workbook.notebook("08_lexique")
    expect(card.locator("p.mot").first).to_be_in_viewport()
    photo(page, "arrivee")
    answer(card, photo, "question-1")
    card.get_by_text("Question 2 sur 5").wait_for()
    answer(card, photo, "question-2")
    card.get_by_text("Question 3 sur 5").wait_for()


def test_flashcards_are_found_again_by_a_new_kernel(workbook, lab, photo, page, page_problems):
    workbook.open("00_accueil")
    answer_two_questions(workbook, photo)
    workbook.check_shown()
    card = workbook.card("A8-CARTES")
    assert "Carte 1 sur 10" in text_of(card), "the first day begins at once"
    for rating in ("4", "3"):
        card.get_by_role("button", name="Voir la réponse").click()
        page.keyboard.press(rating)
        card.get_by_role("button", name="Voir la réponse").wait_for()
    photo(page, "carte")
    workbook.attendre(lambda: len((workbook.saved("A8-CARTES") or {}).get("cartes", {})) == 2, "deux cartes", page=page)
    workbook.attendre(lambda: len(workbook.saved("A8-QUESTIONS")["cartes"]) == 2, "deux questions", page=page)
    kept = workbook.saved("A8-CARTES")
    lab.redemarrer()
    workbook.open("08_lexique")
    card = workbook.card("A8-QUESTIONS")
    for number in (1, 2, 3):
        card.get_by_text(f"Question {number} sur 3").wait_for()
        answer(card, photo, f"reprise-{number}")
    card.get_by_text("3 réponses. 3 sues du premier coup").wait_for()
    photo(page, "bilan")
    workbook.attendre(lambda: len(workbook.saved("A8-QUESTIONS")["cartes"]) == 5, "cinq questions", page=page)
    card = workbook.card("A8-CARTES")
    card.get_by_text("Mes progrès").click()
    numbers = card.locator("dl.chiffres").inner_text().split()
    assert numbers[-7:] == ["Réponses", "aujourd’hui", "2", "Jours", "de", "suite", "1"]
    card.get_by_role("button", name="Annuler la dernière note").click()
    card.get_by_text("Carte 1 sur 1").wait_for()
    workbook.attendre(lambda: len(workbook.saved("A8-CARTES")["cartes"]) == 1, "une note annulée", page=page)
    assert workbook.saved("A8-CARTES")["cartes"].items() < kept["cartes"].items()
    page_problems[:] = [text for text in page_problems if "widget model not found" not in text]


def test_the_map_leads_to_a_question_and_knows_what_was_done_there(workbook, page, photo):
    workbook.open("00_accueil")
    page.locator(FRONT).get_by_role("link", name="Segmenter la clientèle").click()
    page.wait_for_function("window.jupyterapp.shell.currentWidget.context?.path.includes('05_segmenter')")
    workbook.activity, workbook.path = "05_segmenter", workbook.notebook("05_segmenter")
    question = workbook.card("A5-Q1")
    for number, text in enumerate(("récence", "fréquence", "rien")):
        question.locator("input[type=text]").nth(number).fill(text)
    assert "En partie juste" in workbook.check("A5-Q1")
    # the welcome page is behind, in the same window: seen again, it knows
    opens = "path => window.jupyterapp.commands.execute('docmanager:open', { path }).then(() => null)"
    page.evaluate(opens, "00_accueil/00_accueil.ipynb")
    row = page.locator(f"{FRONT} .chemin li", has_text="Segmenter")
    expect(row).to_contain_text("2 / 3", timeout=20_000)
    expect(row).to_contain_text("1 question sur")
    workbook.activity, workbook.path = "00_accueil", workbook.notebook("00_accueil")
    workbook.attendre(lambda: (workbook.saved("parcours") or {}).get("notes"), "les meilleures notes", page=page)
    photo(page, "accueil-repris")
    page.locator(f"{FRONT} .du-jour").get_by_role("link", name=re.compile("Activité 5, question")).click()
    title = page.locator(f'{FRONT} [data-crc-question="A5-Q1"] h3')
    expect(title).to_be_focused(timeout=30_000)
    expect(title).to_be_in_viewport()
