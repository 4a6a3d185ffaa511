"""The answers of the cards live in the notebook: saved, brought back, never mixed, whatever happens around."""

from __future__ import annotations

import json
import os
import re
import signal

BEGIN = 'from crc_lab import debut, progression, question\ndebut("00_accueil")'
CELLS = [BEGIN, 'question("A0-Q1")', 'question("A0-Q2")']


def card(page, q="A0-Q1"):
    return page.locator(f'.jp-NotebookPanel:not(.lm-mod-hidden) .essai[data-q="{q}"]')


def answer(page, text, q="A0-Q1"):
    field = card(page, q).locator("input")
    field.fill(text)
    field.press("Tab")


def shown(page, q="A0-Q1"):
    return card(page, q).locator("input").input_value()


def wait_saved(page, q="A0-Q1", ok="true"):
    page.locator(f'.jp-NotebookPanel:not(.lm-mod-hidden) .essai[data-q="{q}"][data-saved="{ok}"]').wait_for()


def values(sheet):
    """The answers of a sheet, without their dates and counts."""
    return {q: answer["valeur"] for q, answer in sheet.get("reponses", {}).items()}


def test_an_answer_reaches_the_file_and_comes_back_after_reload_break_down_and_restart(
    atelier, lab_essai, page, page_problems, feuille_sur_disque, photo, attendre
):
    known = {"inconnu": {"a": 1}, "reponses": {"A0-Q9": {"valeur": "x", "plus": 2}}}
    carnet = atelier.carnet("00_accueil/essai.ipynb", CELLS, metadata=known)
    lab_essai.ouvrir(page, carnet)
    answer(page, "4,75")
    wait_saved(page)
    photo(page, "reponse")
    sheet = feuille_sur_disque(carnet)
    answered = sheet["reponses"]["A0-Q1"]
    assert re.match(r"\d{4}-\d\d-\d\dT", answered.pop("date"))
    assert answered == {"valeur": "4,75", "source": "carte", "essais": 1, "indices": 0}
    assert sheet["inconnu"] == {"a": 1}
    assert sheet["reponses"]["A0-Q9"] == {"valeur": "x", "plus": 2}
    assert sheet["mode"] == "eleve"
    assert card(page).get_attribute("data-path") == "00_accueil/essai.ipynb"

    page.reload()
    lab_essai.attendre_noyau(page)
    assert shown(page) == "4,75"

    assert page_problems == []

    # given while the server is down, an answer is said not to be saved, and is saved when it is back
    lab_essai.arreter()
    answer(page, "pendant la panne")
    wait_saved(page, ok="false")
    photo(page, "panne")
    page.get_by_text("n’est pas enregistré").wait_for()
    lab_essai.demarrer()
    page.wait_for_selector('.essai[data-q="A0-Q1"][data-saved="true"]', timeout=40_000)
    assert values(feuille_sur_disque(carnet))["A0-Q1"] == "pendant la panne"

    lab_essai.ouvrir(page, carnet)  # the kernel is another one, of a server started again
    assert shown(page) == "pendant la panne"
    assert shown(page, "A0-Q2") == ""
    page_problems.clear()  # failed connections

    # a card can ask for the whole sheet, and name the student
    card(page).dispatch_event("essai-eleve")
    card(page).dispatch_event("essai-feuille")
    asked = page.evaluate("window.feuille")
    assert (asked["ok"], asked["chemin"], asked["nom"]) == (True, "00_accueil/essai.ipynb", "essai.ipynb")
    assert asked["feuille"]["eleve"] == {"nom": "Inès Garnier", "identifiant": "igarnier"}
    attendre(lambda: feuille_sur_disque(carnet).get("eleve"), "le nom dans le fichier", page=page)
    assert feuille_sur_disque(carnet)["eleve"] == asked["feuille"]["eleve"]

    # leaving the page at once saves the last answer
    answer(page, "vite")
    page.on("dialog", lambda dialog: dialog.accept())
    page.close(run_before_unload=True)
    attendre(lambda: values(feuille_sur_disque(carnet))["A0-Q1"] == "vite", "la réponse sur le disque", 10)


def test_without_a_kernel_answers_are_still_kept_and_tout_relancer_brings_the_cards_back(
    atelier, lab_essai, page, page_problems, feuille_sur_disque, attendre
):
    carnet = atelier.carnet("00_accueil/essai.ipynb", [*CELLS, "progression()"])
    lab_essai.ouvrir(page, carnet)

    def kernel():
        found = re.search(r"PID (\d+)", page.locator(".jp-OutputArea").last.inner_text())
        return int(found[1]) if found else None

    pid = kernel()
    os.kill(pid, signal.SIGKILL)
    answer(page, "sans noyau")
    wait_saved(page)
    assert values(feuille_sur_disque(carnet)) == {"A0-Q1": "sans noyau"}
    # Jupyter starts a new kernel by itself and says so; the cards of the old one are still there, but dead
    page.locator(".jp-Dialog").get_by_role("button").last.click()
    page.get_by_role("button", name="Tout relancer").click()
    attendre(lambda: kernel() not in (None, pid), "un autre noyau", 30, page)
    lab_essai.attendre_noyau(page)
    assert shown(page) == "sans noyau"
    answer(page, "encore")
    wait_saved(page)
    assert values(feuille_sur_disque(carnet)) == {"A0-Q1": "encore"}
    page_problems.clear()  # the connection to the killed kernel


def test_two_notebooks_open_do_not_mix_and_cells_changed_elsewhere_are_asked_about(
    atelier, lab_essai, page, commande, feuille_sur_disque, attendre
):
    one = atelier.carnet("00_accueil/un.ipynb", CELLS)
    cells = [BEGIN.replace("00_accueil", "03_structurer"), *CELLS[1:]]
    two = atelier.carnet("03_structurer/deux.ipynb", cells, activite="03_structurer")
    lab_essai.ouvrir(page, one)
    answer(page, "un")
    commande(page, "docmanager:open", {"path": "03_structurer/deux.ipynb"})
    page.wait_for_function("window.jupyterapp.shell.currentWidget.context.path.endsWith('deux.ipynb')")
    lab_essai.attendre_noyau(page)
    answer(page, "deux")
    wait_saved(page)
    commande(page, "docmanager:open", {"path": "00_accueil/un.ipynb"})
    answer(page, "un aussi", "A0-Q2")
    wait_saved(page, "A0-Q2")
    assert values(feuille_sur_disque(one)) == {"A0-Q1": "un", "A0-Q2": "un aussi"}
    assert values(feuille_sur_disque(two)) == {"A0-Q1": "deux"}
    assert feuille_sur_disque(two)["activite"] == "03_structurer"

    # another program adds a cell and an answer: one is asked, and no answer is lost
    elsewhere = json.loads(one.read_text("utf-8"))
    elsewhere["cells"].insert(1, {"cell_type": "markdown", "id": "note", "metadata": {}, "source": "Une note."})
    given = {"valeur": "ailleurs", "source": "carte", "essais": 0, "indices": 0, "date": "2126-11-22T10:00:00+01:00"}
    elsewhere["metadata"]["crc_lab"]["reponses"]["A0-Q1"] = given
    one.write_text(json.dumps(elsewhere), encoding="utf-8")
    answer(page, "ici", "A0-Q2")
    page.locator(".jp-Dialog").get_by_role("button", name="Rétablir").click()
    both = {"A0-Q1": "ailleurs", "A0-Q2": "ici"}
    attendre(lambda: values(feuille_sur_disque(one)) == both, "les deux réponses sur le disque", page=page)


def test_a_notebook_open_in_two_browsers_loses_no_answer(
    atelier, lab_essai, page, chromium, feuille_sur_disque, attendre
):
    carnet = atelier.carnet("00_accueil/essai.ipynb", CELLS)
    lab_essai.ouvrir(page, carnet)
    elsewhere = chromium.new_context(locale="fr-FR")
    other = elsewhere.new_page()
    lab_essai.ouvrir(other, carnet)
    here, there = (tab.get_by_role("button", name="Continuer ici") for tab in (page, other))
    here.click()
    there.wait_for()
    answer(page, "première fenêtre")
    wait_saved(page)
    there.click()
    here.wait_for()
    assert other.get_by_text("les réponses ont été réunies").count() == 1
    attendre(lambda: shown(other) == "première fenêtre", "la carte refaite, avec la réponse", page=other)
    answer(other, "seconde fenêtre", "A0-Q2")
    wait_saved(other, "A0-Q2")
    here.click()
    there.wait_for()
    answer(page, "corrigée")
    wait_saved(page)
    both = {"A0-Q1": "corrigée", "A0-Q2": "seconde fenêtre"}
    attendre(lambda: values(feuille_sur_disque(carnet)) == both, "les deux réponses sur le disque", page=page)
    assert page.locator(".jp-Dialog").count() == other.locator(".jp-Dialog").count() == 0
    elsewhere.close()


def test_a_file_that_cannot_be_written_is_said_not_saved(atelier, lab_essai, page, photo):
    carnet = atelier.carnet("00_accueil/essai.ipynb", CELLS)

    def locked(route):
        reply = route.fetch()
        content = reply.json()
        if isinstance(content, dict) and content.get("type") == "notebook":
            content["writable"] = False
        route.fulfill(response=reply, body=json.dumps(content))

    page.route("**/api/contents/**", locked)
    lab_essai.ouvrir(page, carnet)
    before = carnet.read_bytes()
    answer(page, "perdue ?")
    wait_saved(page, ok="false")
    page.locator(".crc-bandeau", has_text="est en lecture seule").wait_for()
    photo(page, "lecture_seule")
    assert carnet.read_bytes() == before
    page.unroute_all(behavior="ignoreErrors")
