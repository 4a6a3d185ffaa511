"""What runs by itself when a notebook is opened, what does not, and how the workbook looks."""

from __future__ import annotations

import json

import pytest

BEGIN = 'from crc_lab import debut, question\ndebut("00_accueil")'
CELLS = [BEGIN, 'question("A0-Q1")']
HOSTILE = "open('pwned', 'w').close()"


def test_a_notebook_of_the_workbook_shows_its_cards_without_a_click(atelier, lab_essai, page, photo):
    lab_essai.ouvrir(page, atelier.carnet("00_accueil/00_accueil.ipynb", CELLS))
    page.wait_for_selector(".essai")
    photo(page, "ouvert")
    listed = page.evaluate("window.jupyterapp.serviceManager.contents.get('00_accueil').then(folder => folder.content)")
    assert not [item["name"] for item in listed if item["name"].endswith(".toml")]  # the key is not under their eyes
    assert page.locator(".jp-Cell-inputWrapper:visible .cm-editor:visible").count() == 0
    assert page.locator(".jp-InputPrompt:visible, .jp-OutputPrompt:visible").count() == 0


def test_the_code_of_a_card_is_given_more_than_two_seconds_to_start(atelier, lab, page):
    """Else anywidget leaves the card deaf to Python: what a page makes of thirty cards at once on a slow computer."""
    carnet = atelier.carnet("00_accueil/00_accueil.ipynb", CELLS)
    slow = """const { createObjectURL } = URL;
      URL.createObjectURL = blob => createObjectURL(blob.type !== "text/javascript" ? blob : new Blob(
        ["await new Promise(resolve => setTimeout(resolve, 2500)); ", blob], { type: blob.type }));"""
    page.add_init_script(slow)
    lab.ouvrir(page, carnet)
    card = page.locator("[data-crc-question=A0-Q1]")
    card.get_by_text("Seulement les réponses justes").click()
    card.get_by_role("button", name="Vérifier", exact=True).click()
    card.locator(".retour .verdict").wait_for()


@pytest.mark.parametrize("activity", [None, "00_accueil"], ids=["foreign notebook", "metadata and a hostile cell"])
def test_a_cell_that_is_not_the_workbooks_runs_only_when_asked(atelier, lab_essai, page, photo, activity, attendre):
    carnet = atelier.carnet("00_accueil/autre.ipynb", [*CELLS, HOSTILE], activite=activity)
    lab_essai.ouvrir(page, carnet)
    page.wait_for_timeout(2000)
    assert not carnet.with_name("pwned").exists()
    assert page.locator(".essai").count() == (1 if activity else 0)
    if activity:
        page.get_by_text("Du code ajouté").wait_for()
        photo(page, "averti")
        page.locator(".jp-toast-button, .jp-Notification-Toast").get_by_text("Tout relancer").first.click()
        attendre(carnet.with_name("pwned").exists, "la cellule lancée", page=page)


def test_a_python_file_beside_the_notebook_prevents_everything(atelier, lab_essai, page, photo):
    carnet = atelier.carnet("00_accueil/essai.ipynb", CELLS)
    (carnet.parent / "activite.py").write_text("# the text of the activity, for its author\n")
    (carnet.parent / "crc_lab").mkdir()
    for number, name in enumerate(("pandas.py", "pandas.pyc", "crc_lab/__init__.py")):
        trap = carnet.parent / name
        trap.write_text(HOSTILE)
        if number == 0:
            lab_essai.ouvrir(page, carnet)
        else:
            page.reload()
        page.get_by_text(f"Rien n’a été lancé\u00a0: «\u00a0{name.split('/')[0]}\u00a0»").wait_for()
        photo(page, f"ombre_{number}")
        assert page.locator(".essai").count() == 0
        if number == 2:
            page.get_by_role("button", name="Tout relancer").first.click()
            page.wait_for_selector(".essai")  # and even then the library is the real one: the folder is not on its path
        trap.unlink()
    assert not carnet.with_name("pwned").exists()


def test_the_kernel_does_not_search_the_notebooks_folder(atelier, lab_essai, page):
    carnet = atelier.carnet("00_accueil/essai.ipynb", ["from crc_lab import progression\nprogression()"])
    lab_essai.ouvrir(page, carnet)
    text = page.locator(".jp-OutputArea-output").last.inner_text()
    assert "''" not in text
    assert str(carnet.parent) not in text


def test_an_error_in_one_cell_does_not_prevent_the_next(atelier, lab_essai, page):
    carnet = atelier.carnet("00_accueil/essai.ipynb", [BEGIN, "question()", 'question("A0-Q2")'])
    lab_essai.ouvrir(page, carnet)
    page.wait_for_selector('.essai[data-q="A0-Q2"]')


def test_the_code_is_shown_on_request(atelier, lab_essai, page, photo):
    lab_essai.ouvrir(page, atelier.carnet("00_accueil/essai.ipynb", CELLS))
    help_menu, code = page.locator("#crc-barre summary", has_text="Aide"), page.get_by_role("button", name="le code")
    help_menu.click()
    code.click()
    page.get_by_text('question("A0-Q1")').wait_for()
    photo(page, "code")
    help_menu.click()
    code.click()
    page.get_by_text('question("A0-Q1")').wait_for(state="hidden")


def test_leaving_a_notebook_just_opened_asks_nothing(atelier, lab_essai, page, attendre):
    lab_essai.ouvrir(page, atelier.carnet("00_accueil/essai.ipynb", CELLS))
    page.locator(".essai input").click()  # browsers ask nothing of those who did nothing
    attendre(lambda: not page.evaluate("window.jupyterapp.status.isDirty"), "le carnet enregistré", 10, page)


def test_the_interface_is_french_and_shows_one_document(atelier, lab_essai, page):
    lab_essai.ouvrir(page, atelier.carnet("00_accueil/essai.ipynb", CELLS))
    assert page.evaluate("document.documentElement.lang").startswith("fr")
    assert page.evaluate("window.jupyterapp.shell.mode") == "single-document"
    assert page.get_by_role("menuitem", name="Fichier").count() == 0
    page.locator("#crc-barre summary", has_text="Aide").click()
    page.get_by_role("button", name="Outils avancés").click()
    page.get_by_role("menuitem", name="Fichier").wait_for()
    assert page.locator("#jp-main-statusbar:visible").count() == 0


def test_keys_pressed_by_mistake_change_no_cell(atelier, lab_essai, page):
    lab_essai.ouvrir(page, atelier.carnet("00_accueil/essai.ipynb", CELLS))
    cells = "window.jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model.type)"
    for focus in ("card", "code cell", "text cell"):
        if focus == "card":
            page.locator(".essai").click(position={"x": 2, "y": 2})
        else:
            page.locator(".jp-CodeCell" if focus == "code cell" else ".jp-MarkdownCell").first.focus()
        for key in ["d", "d", "x", "a", "b", "m", "y", "r", "1", "v", "z", "0", "0", "Shift+M", "Alt+Enter"]:
            page.keyboard.press(key)
            assert page.evaluate(cells) == ["markdown", "code", "code"], (focus, key)
    assert page.locator(".jp-Dialog").count() == 0
    assert page.locator(".jp-MarkdownCell").inner_text().startswith("Un carnet d’essai")


def test_the_persons_own_jupyter_is_neither_read_nor_written(atelier, lab_essai, page, tmp_path, commande, attendre):
    home = tmp_path / "personne"
    own = home / ".jupyter/lab/user-settings/@jupyterlab/translation-extension/plugin.jupyterlab-settings"
    own.parent.mkdir(parents=True)
    own.write_text(json.dumps({"locale": "en"}))
    (home / ".jupyter" / "jupyter_server_config.py").write_text("raise SystemExit('read')\n")
    startup = home / ".ipython" / "profile_default" / "startup" / "00.py"
    startup.parent.mkdir(parents=True)
    startup.write_text(HOSTILE)
    before = {path.relative_to(home): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    lab_essai.redemarrer()
    carnet = atelier.carnet("00_accueil/essai.ipynb", CELLS)
    lab_essai.ouvrir(page, carnet)
    assert page.evaluate("document.documentElement.lang").startswith("fr")
    commande(page, "apputils:change-theme", {"theme": "JupyterLab Dark"})
    settings = atelier.dossier / ".crc-lab/reglages/@jupyterlab/apputils-extension/themes.jupyterlab-settings"
    attendre(settings.is_file, "le thème enregistré dans le cahier", page=page)
    lab_essai.redemarrer()
    lab_essai.ouvrir(page, carnet)
    page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    after = {path.relative_to(home): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    after = {path: content for path, content in after.items() if path.parts[0] not in (".cache", ".local")}
    assert after == before
    assert not carnet.with_name("pwned").exists()
