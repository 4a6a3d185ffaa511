"""The flashcards and the welcome page in a real JupyterLab: saved, found again by a new kernel, told to each other."""

from __future__ import annotations

from tests.e2e.workbook import FRONT, Workbook


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


def test_flashcards_are_found_again_by_a_new_kernel(workbook, lab, photo, page, page_problems):
    workbook.open("08_lexique")
    workbook.check_shown()
    card = workbook.card("A8-CARTES")
    card.get_by_role("button", name="Commencer").click()
    for rating in ("4", "3"):
        card.get_by_role("button", name="Voir la réponse").click()
        page.keyboard.press(rating)
        card.get_by_role("button", name="Voir la réponse").wait_for()
    photo(page, "carte")
    workbook.attendre(lambda: len((workbook.saved("A8-CARTES") or {}).get("cartes", {})) == 2, "deux cartes", page=page)
    kept = workbook.saved("A8-CARTES")
    lab.redemarrer()
    workbook.open("08_lexique")
    card = workbook.card("A8-CARTES")
    card.get_by_text("Mes progrès").click()
    numbers = card.locator("dl.chiffres").inner_text().split()
    assert numbers[-1] == "2", "two ratings today"
    card.get_by_role("button", name="Annuler la dernière note").click()
    card.get_by_text("Carte 1 sur 1").wait_for()
    workbook.attendre(lambda: len(workbook.saved("A8-CARTES")["cartes"]) == 1, "une note annulée", page=page)
    assert workbook.saved("A8-CARTES")["cartes"].items() < kept["cartes"].items()
    page_problems[:] = [text for text in page_problems if "widget model not found" not in text]


def test_the_welcome_page_tells_what_is_done_in_the_other_notebooks(workbook, page):
    workbook.open("05_segmenter")
    question = workbook.card("A5-Q1")
    for number, text in enumerate(("récence", "fréquence", "montant")):
        question.locator("input[type=text]").nth(number).fill(text)
    assert "Juste" in workbook.check("A5-Q1")
    workbook.attendre(lambda: workbook.sheet().get("reponses", {}).get("A5-Q1", {}).get("essais"), "l’essai", page=page)
    workbook.then_open("00_accueil")
    scroll_to(workbook, "table.parcours", "parcours()")
    row = page.locator(f"{FRONT} table.parcours tr", has_text="Segmenter")
    assert "6 / 20" in row.inner_text().replace("\u00a0", " ")
    assert "1 / 2" in row.inner_text().replace("\u00a0", " ")
