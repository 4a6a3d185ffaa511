"""A mock exam in JupyterLab: no help, a reload, all the marks at the end, a second attempt, the training kept."""

from __future__ import annotations

CELLS = [
    'from crc_lab import debut, progression, question, rendre\ndebut("12_satisfaction")\nprogression()',
    'question("R2-Q1")',
    'question("R2-X2")',
    'question("R2-Q7")',
    "rendre()",
]
RIGHT = ["45,71", "22,86", "22,86"]
TOP = ".carte.avancement"


def card(page, question):
    return page.locator(f'.crc[data-crc-question="{question}"]')


def fields(page):
    return card(page, "R2-Q1").locator("input[type=text]")


def fill(page, values):
    for number, value in enumerate(values):
        fields(page).nth(number).fill(value)
        fields(page).nth(number).press("Tab")
    card(page, "R2-Q1").get_by_text("enregistré à").wait_for()


def shown(page):
    return [fields(page).nth(number).input_value() for number in range(fields(page).count())]


def test_a_mock_exam_from_its_start_to_a_second_attempt(atelier, lab, page, attendre, feuille_sur_disque, photo):
    carnet = atelier.carnet("12_satisfaction/essai.ipynb", CELLS, activite="12_satisfaction")
    lab.ouvrir(page, carnet)
    top = page.locator(TOP)
    fill(page, ["63,57"])
    card(page, "R2-Q1").get_by_role("button", name="Vérifier").click()
    page.get_by_text("Un 8 est passif").wait_for()
    top.get_by_text("Le résultat par compétence").click()
    top.get_by_text("Examen blanc", exact=True).click()
    photo(page, "1_propose")
    top.get_by_role("button", name="Commencer un examen blanc").click()

    # under way: blank cards, no help, the exercise set aside
    top.get_by_text("Examen blanc en cours").wait_for()
    attendre(lambda: shown(page) == ["", "", ""], "des champs vides", page=page)
    assert card(page, "R2-Q1").get_by_role("button").count() == 0
    assert "Un 8 est passif" not in card(page, "R2-Q1").inner_text()
    assert "revient après l’examen blanc" in card(page, "R2-X2").inner_text()
    fill(page, RIGHT)
    card(page, "R2-Q7").get_by_role("textbox").fill("Les abonnés partent : rappelons les détracteurs.")
    photo(page, "2_en_cours")
    given = {"examen", "examen/R2-Q1", "examen/R2-Q7"}
    attendre(lambda: given <= set(feuille_sur_disque(carnet)["reponses"]), "l’examen sur le disque", page=page)

    page.reload()
    lab.attendre_noyau(page)
    top.get_by_text("Examen blanc en cours").wait_for()
    attendre(lambda: shown(page) == RIGHT, "les réponses de l’examen après le rechargement", page=page)
    timer = top.get_by_role("timer")
    assert "Temps écoulé : 0" in timer.inner_text().replace("\u00a0", " ")
    before = timer.inner_text()
    attendre(lambda: timer.inner_text() != before, "la minuterie avance", page=page)
    top.get_by_text("Minuterie").click()
    assert not timer.is_visible()

    # the end: asked first, then everything at once
    top.get_by_role("button", name="Terminer l’examen").press("Enter")
    assert "2 réponses données, 5 questions sans réponse" in top.inner_text().replace("\u00a0", " ")
    photo(page, "3_confirmer")
    top.get_by_role("button", name="Continuer l’examen").press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Terminer l’examen"
    page.keyboard.press("Enter")
    top.get_by_role("button", name="Terminer et voir les notes").click()
    top.get_by_text("Examen terminé : 3 sur 16 (4 points à relire)").wait_for()
    assert "Examen terminé" in page.evaluate("document.activeElement.textContent")
    card(page, "R2-Q1").get_by_text("Juste · 3").wait_for()
    assert card(page, "R2-Q7").get_by_text("Corrigé").count()
    assert "3 sur 16" in top.locator(".competences").inner_text()
    assert top.locator(".tentatives tbody tr").count() == 1
    assert "1 question répondue" in page.locator(".reste").inner_text().replace("\u00a0", " "), "the training's alone"
    fields(page).first.fill("12")
    attendre(lambda: shown(page) == RIGHT, "une copie rendue ne change plus", page=page)
    photo(page, "4_fini")

    # a second attempt is blank, and the training is there again after it
    top.get_by_role("button", name="Recommencer un examen blanc").click()
    top.get_by_text("Examen blanc en cours").wait_for()
    attendre(lambda: shown(page) == ["", "", ""], "des champs vides", page=page)
    fill(page, ["1"])
    top.get_by_role("button", name="Terminer l’examen").click()
    top.get_by_role("button", name="Terminer et voir les notes").click()
    top.get_by_text("Examen terminé : 0 sur 20").wait_for()
    rows = top.locator(".tentatives tbody tr")
    assert ["meilleure note" in row for row in rows.all_inner_texts()] == [False, True]
    page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    page.wait_for_selector(".crc[data-theme=sombre]")
    page.set_viewport_size({"width": 400, "height": 900})
    photo(page, "5_etroit_sombre")
    assert page.evaluate(f"document.querySelector('{TOP}').scrollWidth <= document.querySelector('{TOP}').clientWidth")
    top.get_by_role("button", name="Revenir à l’entraînement").click()
    attendre(lambda: shown(page)[0] == "63,57", "la réponse d’entraînement", page=page)
    card(page, "R2-Q1").get_by_text("Un 8 est passif").wait_for()

    def saved():
        sheet = feuille_sur_disque(carnet)["reponses"]
        return len(sheet["examen"]["valeur"]["tentatives"]) == 2 and not sheet["examen"]["valeur"]["debut"] and sheet

    sheet = attendre(saved, "l’historique sur le disque", page=page)
    assert sheet["R2-Q1"]["valeur"]["a"] == "63,57"
    assert [one["points"] for one in sheet["examen"]["valeur"]["tentatives"]] == [3.0, 0.0]
