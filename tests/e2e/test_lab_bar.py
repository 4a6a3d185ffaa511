"""The bar above a notebook: from page to page without a dead end; JupyterLab’s menus put aside, for students only."""

from __future__ import annotations

import json

SHOWN = "window.jupyterapp?.shell.currentWidget?.context?.path"


def wait_shown(lab, page, activity):
    """That page is in front, alone, and the address is its own."""
    page.wait_for_function(
        """([path, name]) => window.jupyterapp?.shell.currentWidget?.context?.path === path
          && location.pathname.endsWith(`/tree/${path}`)
          && [...jupyterapp.shell.widgets("main")].map(({ title }) => title.label).join() === name""",
        arg=[f"{activity}/{activity}.ipynb", f"{activity}.ipynb"],
        timeout=45_000,
    )
    lab.attendre_noyau(page)


def test_next_home_back_forward_and_closing_always_show_the_page_of_the_address(lab, page, photo):
    page.goto(lab.adresse())
    wait_shown(lab, page, "00_accueil")
    bar = page.locator("#crc-barre")
    bar.get_by_role("button", name="Suivant").click()  # one click from a page to the next
    wait_shown(lab, page, "01_crc")
    bar.get_by_text("Activité 1").wait_for()
    bar.get_by_text("question 1 / 15").wait_for()
    photo(page, "suivant")
    page.go_back()
    wait_shown(lab, page, "00_accueil")
    page.go_forward()
    wait_shown(lab, page, "01_crc")
    page.evaluate("jupyterapp.shell.currentWidget.context.save()")  # else JupyterLab asks first
    page.evaluate("jupyterapp.shell.currentWidget.close()")
    wait_shown(lab, page, "00_accueil")
    assert page.locator("#jp-menu-panel:visible, .jp-SideBar:visible, .jp-NotebookPanel-toolbar:visible").count() == 0


def test_a_copy_is_saved_under_the_students_name_without_its_outputs(atelier, lab_essai, page):
    cells = ['from crc_lab import debut, question\ndebut("00_accueil")', 'question("A0-Q1")']
    sheet = {"eleve": {"nom": "Inès Garnier", "identifiant": ""}}
    lab_essai.ouvrir(page, atelier.carnet("00_accueil/essai.ipynb", cells, metadata=sheet))
    page.locator(".essai input").fill("ma réponse")
    page.locator(".essai input").press("Tab")
    with page.expect_download() as waited:
        page.get_by_role("button", name="Enregistrer ma copie").click()
    assert waited.value.suggested_filename == "00_accueil – Inès Garnier.ipynb"
    copy = json.loads(waited.value.path().read_text("utf-8"))
    assert copy["metadata"]["crc_lab"]["reponses"]["A0-Q1"]["valeur"] == "ma réponse"
    assert [cell.get("outputs", []) for cell in copy["cells"]] == [[], [], []]


def test_a_data_file_is_downloaded(workbook, page):
    workbook.open("03_structurer")
    with page.expect_download() as waited:
        page.get_by_role("link", name="marielle_nature_contacts.xlsx").click()
    assert waited.value.suggested_filename == "marielle_nature_contacts.xlsx"
    assert page.evaluate(SHOWN) == "03_structurer/03_structurer.ipynb"


def test_a_notebook_that_is_not_a_students_keeps_jupyterlabs_menus(atelier, lab_essai, page):
    cells = ['from crc_lab import debut, question\ndebut("00_accueil")', 'question("A0-Q1")']
    lab_essai.ouvrir(page, atelier.carnet("00_accueil/essai.ipynb", cells, metadata={"mode": "auteur"}))
    assert page.get_by_role("menuitem", name="Fichier").count() == 1
    assert page.locator("#crc-barre:visible").count() == 0
