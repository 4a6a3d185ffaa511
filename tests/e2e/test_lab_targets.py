"""Activities 5, 7 and 8 and the welcome page in a real JupyterLab: answered, saved, found again by a new kernel."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.workbook import FRONT, Workbook

REFERENCE = ["3", "5", "12", "14", "18", "20", "23", "26", "31", "36", "41", "49", "54", "56", "59"]


@pytest.fixture
def workbook(lab: Any, page: Any, attendre: Any, feuille_sur_disque: Any) -> Workbook:
    return Workbook(lab, page, attendre, feuille_sur_disque)


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


def test_a_segment_is_built_checked_and_saved(workbook, photo, page):
    workbook.open("05_segmenter")
    card = workbook.card("A5-Q2")
    card.get_by_label("Premier critère").fill("le sexe : homme")
    card.get_by_label("Second critère").fill("un achat depuis un an")
    card.locator("textarea").first.fill("Ce produit est fait pour eux.")
    rules = [("type_contact", "=", "PARTICULIER"), ("sexe", "=", "H"), ("date_dernier_achat", "≥", "01/11/2025")]
    for number, (column, operator, value) in enumerate(rules, start=1):
        if number > 1:
            card.get_by_role("button", name="Ajouter un critère").click()
        card.get_by_label(f"Critère {number}, colonne").select_option(column)
        card.get_by_label(f"Critère {number}, comparaison").select_option(operator)
        card.get_by_label(f"Critère {number}, valeur").fill(value)
    card.get_by_label("Critère 3, valeur").blur()
    assert "16 fiches sur 53" in card.locator(".retenues").inner_text()
    card.get_by_role("button", name="Reprendre ces fiches").click()
    feedback = workbook.check("A5-Q2")
    assert "Cette personne a demandé à ne plus être contactée" in feedback
    listed = card.get_by_label("Votre liste de fiches")
    listed.fill(" ".join(REFERENCE))
    listed.blur()
    card.get_by_role("button", name="Vérifier").click()
    card.get_by_text("ne plus être contactée").first.wait_for(state="detached")
    assert "6 / 6" in card.locator(".retour").inner_text().replace("\u00a0", " ")
    workbook.attendre(
        lambda: (workbook.saved("A5-Q2") or {}).get("c", {}).get("fiches") == REFERENCE, "la liste", page=page
    )
    assert workbook.saved("A5-Q2")["c"]["criteres"] == [list(rule) for rule in rules]
    photo(page, "segment")


def test_the_private_sale_is_consistent_from_the_aim_to_the_channels(workbook, photo, page):
    workbook.open("07_cibler")
    workbook.card("A7-Q1").locator("textarea").fill("L’objectif est de développer les ventes avant Noël.")
    target = workbook.card("A7-Q2")
    target.get_by_role("button", name="Ajouter : Bons clients".replace(" :", "\u00a0:")).click()
    workbook.wait_saved("A7-Q2", {"segments": ["bons"]})
    assert "Cohérent avec l’objectif" in workbook.check("A7-Q2")
    workbook.card("A7-Q1").locator("textarea").fill("L’objectif est de récompenser les meilleurs clients.")
    target = workbook.card("A7-Q2")
    target.get_by_text("dont celle-ci dépend").wait_for()
    target.get_by_role("button", name="Vérifier").click()
    target.get_by_text("quel segment passe avant eux").wait_for()
    guests = workbook.card("A7-Q3")
    guests.get_by_label("Votre liste de fiches").fill("1 4 13 18 22 35 40 47 51")
    guests.get_by_label("Votre liste de fiches").blur()
    assert "6 / 6" in workbook.check("A7-Q3")
    channels = workbook.card("A7-Q4")
    assert channels.locator("tbody tr").count() == 9
    channels.locator("tr[data-id='1'] input").nth(2).check()
    assert "Depuis le 11 août 2026" in workbook.check("A7-Q4")
    workbook.wait_saved("A7-Q4", {"email": [], "sms": [], "telephone": ["1"], "courrier": []})
    photo(page, "canaux")


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
