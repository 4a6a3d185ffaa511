"""The bar above a notebook: from page to page without a dead end; JupyterLab’s menus put aside, for students only."""

from __future__ import annotations

import json
from pathlib import Path

from tests.e2e.workbook import FRONT

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
VIOLATIONS = (
    "axe.run(document).then(done => done.violations.map(one => `${one.id} ${one.nodes[0].html.slice(0, 120)}`))"
)
MENUS = "#jp-menu-panel:visible, .jp-SideBar:visible, .jp-NotebookPanel-toolbar:visible, #jp-main-statusbar:visible"
KEYS = ("Control+Shift+Q", "Control+Shift+C", "Control+Shift+L", "Control+b", "Control+Shift+S", "0", "0", "d", "d")
CELLS = ['from crc_lab import debut, question\ndebut("00_accueil")', 'question("A0-Q1")']


def wait_shown(lab, page, activity, name=""):
    """That page is in front, alone, and the address is its own."""
    page.wait_for_function(
        """([path, name]) => window.jupyterapp?.shell.currentWidget?.context?.path === path
          && location.pathname.endsWith(`/tree/${path}`)
          && [...jupyterapp.shell.widgets("main")].map(({ title }) => title.label).join() === name""",
        arg=[f"{activity}/{name or activity}.ipynb", f"{name or activity}.ipynb"],
        timeout=45_000,
    )
    lab.attendre_noyau(page)


def axe_finds_nothing(page):
    # The cards in the notebook are looked at in plain pages (test_cards_*.py), in every state.
    if not page.evaluate("typeof window.axe === 'object'"):
        page.add_script_tag(content=AXE)
    assert page.evaluate(VIOLATIONS.replace("document", "{ exclude: ['.crc'] }")) == []


def test_next_home_back_forward_and_closing_always_show_the_page_of_the_address(atelier, lab, page, photo):
    page.goto(f"{lab.running.url}lab?token={lab.running.token}")  # the address of no page: that of the welcome page
    wait_shown(lab, page, "00_accueil")
    bar = page.locator("#crc-barre")
    bar.get_by_role("button", name="Suivant").click()  # one click from a page to the next
    wait_shown(lab, page, "01_crc")
    bar.locator(".titre", has_text="Activité 1 · Comprendre le fonctionnement d’un CRC").wait_for()
    bar.get_by_text("question 1 / 15 · 0 / 20 points").wait_for()
    assert page.locator(MENUS).count() == 0
    photo(page, "suivant")
    page.go_back()
    wait_shown(lab, page, "00_accueil")
    page.go_forward()
    wait_shown(lab, page, "01_crc")
    carnet = atelier.dossier / "02_reglementation" / "02_reglementation.ipynb"
    carnet.rename(carnet.with_name("Inès.ipynb"))  # known by what it holds, whatever its name
    carnet.parent.rename(atelier.dossier / "Droit – Inès")  # and that of its folder
    bar.get_by_role("button", name="Suivant").click()
    page.wait_for_function("decodeURIComponent(location.pathname).endsWith('/tree/Droit – Inès/Inès.ipynb')")
    lab.attendre_noyau(page)
    assert [bar.get_by_role("button", name=name).is_enabled() for name in ("Précédent", "Suivant")] == [True, True]
    page.evaluate("jupyterapp.shell.currentWidget.context.save()")  # else JupyterLab asks first
    page.evaluate("jupyterapp.shell.currentWidget.close()")
    wait_shown(lab, page, "00_accueil")


def test_a_data_file_is_downloaded_and_the_page_is_read_as_one_likes(workbook, lab, page, photo):
    workbook.open("03_structurer")  # as a bookmark does
    with page.expect_download() as waited:
        page.get_by_role("link", name="marielle_nature_contacts.xlsx").click()
    assert waited.value.suggested_filename == "marielle_nature_contacts.xlsx"
    wait_shown(lab, page, "03_structurer")
    bar = page.locator("#crc-barre")
    axe_finds_nothing(page)
    bar.locator("summary", has_text="Affichage").focus()
    page.keyboard.press("Enter")
    for choice in ("Sombre", "Très grande", "Lisible (OpenDyslexic)"):
        page.get_by_label(choice).check()
    page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    page.wait_for_function("document.fonts.check('16px OpenDyslexic')")
    axe_finds_nothing(page)
    photo(page, "affichage")
    page.keyboard.press("Escape")
    assert bar.locator("summary", has_text="Affichage").evaluate("node => node === document.activeElement")
    page.set_viewport_size({"width": 400, "height": 800})
    photo(page, "etroit")
    for place in ("html", "#crc-barre", f"{FRONT} .jp-WindowedPanel-outer"):
        assert page.locator(place).evaluate("({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth"), place
    axe_finds_nothing(page)
    page.reload()
    lab.attendre_noyau(page)
    assert page.evaluate("[document.body.dataset.jpThemeLight, document.body.className.includes('crc-lisible')]") == [
        "false",
        True,
    ]
    assert page.locator(f"{FRONT} .jp-Cell").first.evaluate("node => getComputedStyle(node).zoom") == "1.45"
    with page.expect_download(timeout=45_000) as waited:  # and where its address was typed
        page.goto(f"{lab.running.url}doc/tree/datasets/reclamations.csv")
    assert waited.value.suggested_filename == "reclamations.csv"
    wait_shown(lab, page, "00_accueil")


def test_a_copy_a_hidden_card_and_nothing_by_accident(atelier, lab_essai, page):
    sheet = {"eleve": {"nom": "Inès Garnier", "identifiant": ""}}
    lab_essai.ouvrir(page, atelier.carnet("00_accueil/essai.ipynb", CELLS, metadata=sheet))
    page.locator(".essai input").fill("ma réponse")
    page.locator(".essai input").press("Tab")
    with page.expect_download() as waited:
        page.get_by_role("button", name="Enregistrer ma copie").click()
    assert waited.value.suggested_filename == "00_accueil – Inès Garnier.ipynb"
    copy = json.loads(waited.value.path().read_text("utf-8"))
    assert copy["metadata"]["crc_lab"]["reponses"]["A0-Q1"]["valeur"] == "ma réponse"
    assert [cell.get("outputs", []) for cell in copy["cells"]] == [[], [], []]

    # Neither a key nor the right button opens or changes anything of JupyterLab's.
    page.locator(".jp-CodeCell").last.focus()
    for keys in KEYS:
        page.keyboard.press(keys)
    native = page.locator(".essai input").evaluate(
        "node => node.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }))"
    )
    assert native
    page.wait_for_timeout(500)
    assert page.locator(f".jp-Dialog, .lm-Menu:visible, .lm-CommandPalette:visible, {MENUS}").count() == 0
    assert page.evaluate("[...jupyterapp.shell.widgets('main')].map(({ title }) => title.label)") == ["essai.ipynb"]

    # What was folded away or wiped off leaves a way back.
    for away in ("notebook:hide-all-cell-outputs", "notebook:clear-all-cell-outputs"):
        page.evaluate("name => jupyterapp.commands.execute(name)", away)
        page.locator(".essai").wait_for(state="detached")
        page.get_by_text("Carte masquée.").last.wait_for()
        page.get_by_role("button", name="Afficher", exact=True).last.click()
        page.wait_for_function("document.querySelector('.essai input')?.value === 'ma réponse'")

    # A notebook that is not a student's keeps JupyterLab's menus.
    lab_essai.ouvrir(page, atelier.carnet("00_accueil/auteur.ipynb", CELLS, metadata={"mode": "auteur"}))
    assert page.get_by_role("menuitem", name="Fichier").count() == 1
    assert page.locator("#crc-barre:visible").count() == 0
    page.keyboard.press("Control+Shift+C")
    page.locator(".lm-CommandPalette").wait_for()
