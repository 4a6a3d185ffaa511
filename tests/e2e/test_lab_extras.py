"""In the real JupyterLab: a self-assessment and the observations on a form are saved with the answers and come back."""

from __future__ import annotations

CELLS = ['from crc_lab import debut, question\ndebut("02_reglementation")', 'question("A2-Q1")', 'question("A2-Q2")']
OPEN, FORM = "[data-crc-question='A2-Q1']", "[data-crc-question='A2-Q2']"


def test_a_rubric_and_a_form_survive_a_reload(atelier, lab, page, attendre, feuille_sur_disque, photo):
    carnet = atelier.carnet("02_reglementation/essai.ipynb", CELLS, activite="02_reglementation")
    lab.ouvrir(page, carnet)
    opened = page.locator(OPEN)
    opened.locator("textarea").fill("La CNIL contrôle les fichiers.")
    assert not opened.locator(".grille-eval").is_visible()
    opened.get_by_role("button", name="Vérifier").click()
    page.wait_for_selector(f"{OPEN} .grille-eval >> text=Le rôle de la CNIL")
    opened.get_by_label("Le rôle de la CNIL").check()

    form = page.locator(FORM)
    form.scroll_into_view_if_needed()
    form.get_by_role("button", name="Zone 9").click()
    form.locator(".choix-zone select").select_option("M1")
    form.get_by_role("button", name="La mention y est", exact=True).press("Enter")
    form.locator(".mention", has_text="M3").get_by_label("absente", exact=True).check()
    for key in ("d", "d", "x"):
        page.keyboard.press(key)  # the notebook's own shortcuts
    form.locator(".conclusion").get_by_text("Non", exact=True).click()
    page.evaluate(
        """() => {
          window.faites = [];
          jupyterapp.commands.commandExecuted.connect((_, { id }) => window.faites.push(id));
          jupyterapp.shell.currentWidget.context.saveState.connect((_, state) => window.faites.push(`save:${state}`));
        }"""
    )
    page.keyboard.press("Control+s")
    page.wait_for_function("window.faites.includes('save:completed')")
    assert page.evaluate("window.faites.filter(id => id.startsWith('notebook:'))") == []
    photo(page, "formulaire")

    def saved():
        found = feuille_sur_disque(carnet).get("reponses", {})
        kept = found.get("A2-Q2", {})
        return (
            "constats" in kept
            and kept["valeur"]["conclusion"] == "non"
            and found["A2-Q1"].get("auto_evaluation")
            and found
        )

    sheet = attendre(saved, "les réponses et leurs annexes sur le disque", page=page)
    assert sheet["A2-Q1"]["auto_evaluation"] == {"fiche": [1]}
    assert sheet["A2-Q1"]["valeur"] == "La CNIL contrôle les fichiers."
    assert sheet["A2-Q2"]["valeur"] == {"conclusion": "non", "manquements": ["M3"]}
    assert sheet["A2-Q2"]["constats"] == {"M1": {"etat": "presente", "zone": "z9"}, "M3": {"etat": "absente"}}

    page.reload()
    lab.attendre_noyau(page)
    page.wait_for_selector(f"{OPEN} .grille-eval >> text=0,5 / 6")
    assert page.locator(OPEN).get_by_label("Le rôle de la CNIL").is_checked()
    again = page.locator(FORM)
    again.scroll_into_view_if_needed()
    assert again.locator(".mention", has_text="M1").get_by_label("présente", exact=True).is_checked()
    assert "Vous avez modifié" not in again.inner_text()
    page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    page.wait_for_selector(".crc[data-theme=sombre]")
