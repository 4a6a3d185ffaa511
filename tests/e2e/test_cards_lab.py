"""The real cards in the real JupyterLab: stored, checked, saved, and deaf to the shortcuts of the notebook."""

from __future__ import annotations

import json

CELLS = [
    'from crc_lab import debut, progression, question, rendre\ndebut("04_qualifier")\nprogression()',
    'question("A4-Q1")',
    'question("A4-Q3")',
    "rendre()",
]


def cells_of(path):
    return len(json.loads(path.read_text("utf-8"))["cells"])


def test_answers_are_stored_checked_and_saved_and_no_key_reaches_the_notebook(
    atelier, lab, page, attendre, feuille_sur_disque, photo
):
    carnet = atelier.carnet("04_qualifier/essai.ipynb", CELLS, activite="04_qualifier")
    lab.ouvrir(page, carnet)
    parts = page.locator("[data-crc-question='A4-Q3']")
    photo(page, "debut")
    parts.scroll_into_view_if_needed()
    parts.get_by_label("Taux", exact=False).first.fill("8,33")
    page.keyboard.press("Tab")
    for key in ("d", "d", "x", "a", "b", "Enter"):
        page.keyboard.press(key)
    parts.get_by_text("Non", exact=True).click()
    for key in ("d", "d", "x", "a", "b"):
        page.keyboard.press(key)
    parts.get_by_role("button", name="Vérifier").click()
    page.wait_for_selector("[data-crc-question='A4-Q3'] .retour.juste")
    photo(page, "juste")

    grid = page.locator("[data-crc-question='A4-Q1']")
    grid.locator("tbody tr").nth(2).locator("td").nth(1).click()
    page.keyboard.press("d")
    page.keyboard.press("d")
    photo(page, "cellules")
    page.evaluate(
        "window.faites = []; window.jupyterapp.commands.commandExecuted.connect((_, { id }) => window.faites.push(id))"
    )
    page.keyboard.press("Control+s")
    page.wait_for_function("window.faites.includes('docmanager:save')")
    assert page.evaluate("window.faites.filter(id => id.startsWith('notebook:'))") == []
    sheet = attendre(
        lambda: (found := feuille_sur_disque(carnet).get("reponses", {})) and "A4-Q1" in found and found,
        "les réponses sur le disque",
        page=page,
    )
    assert sheet["A4-Q1"]["valeur"] == [["3", "civilite"]]
    assert sheet["A4-Q3"]["valeur"]["taux"] == "8,33"
    assert sheet["A4-Q3"]["essais"] == 1
    assert cells_of(carnet) == len(CELLS) + 1
    page.wait_for_selector("[data-crc-question='A4-Q1'] >> text=/✓ enregistré à/")

    page.reload()
    lab.attendre_noyau(page)
    again = page.locator("[data-crc-question='A4-Q3']")
    again.scroll_into_view_if_needed()
    assert again.get_by_label("Taux", exact=False).first.input_value() == "8,33"
    assert "Vous avez modifié" not in again.inner_text()
    page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    page.wait_for_selector(".crc[data-theme=sombre]")
    photo(page, "sombre")
