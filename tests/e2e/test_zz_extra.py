import sys
sys.path.insert(0,'/work/main/tests/e2e')
from test_lab_answers import CELLS, answer, wait_saved, values, card, shown

def test_clone(atelier, lab_essai, page, commande, feuille_sur_disque):
    carnet = atelier.carnet("00_accueil/essai.ipynb", CELLS)
    lab_essai.ouvrir(page, carnet)
    commande(page, "docmanager:clone")
    page.wait_for_timeout(3000)
    print(page.locator(".essai").count(), page.locator(".jp-NotebookPanel").count())
    page.screenshot(path="/tmp/exp/clone.png")
    answer(page, "clone")
    wait_saved(page)
    assert values(feuille_sur_disque(carnet)) == {"A0-Q1": "clone"}

def test_conflict(atelier, lab_essai, page, commande, feuille_sur_disque, attendre):
    carnet = atelier.carnet("00_accueil/essai.ipynb", CELLS)
    lab_essai.ouvrir(page, carnet)
    other = page.context.new_page()
    lab_essai.ouvrir(other, carnet)
    commande(page, "notebook:insert-cell-below")
    answer(page, "un")
    wait_saved(page)
    for choice, text in (("Rétablir", "deux"), ("Écraser", "trois")):
        answer(other, text, "A0-Q2")
        other.locator(".jp-Dialog").wait_for()
        print(other.locator(".jp-Dialog").inner_text())
        other.locator(".jp-Dialog").get_by_role("button", name=choice).click()
        attendre(lambda: values(feuille_sur_disque(carnet)) == {"A0-Q1": "un", "A0-Q2": text}, choice, 15, other)
        if choice == "Rétablir":
            other.screenshot(path="/tmp/exp/conflit.png")
            commande(other, "crc-lab:tout-relancer")
            lab_essai.attendre_noyau(other)
            commande(page, "notebook:insert-cell-below")
            answer(page, "un"); 
            commande(page, "docmanager:save")
            other.wait_for_timeout(500)
