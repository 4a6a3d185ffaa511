"""What runs by itself when a notebook is opened, what does not, and how the workbook looks."""

from __future__ import annotations

import json

BEGIN = 'from crc_lab import debut, question\ndebut("00_accueil")'
CELLS = [BEGIN, 'question("A0-Q1")']
HOSTILE = "open('pwned', 'w').close()"


def test_a_notebook_of_the_workbook_shows_its_cards_without_a_click_and_nothing_of_jupyters(
    atelier, lab_essai, page, photo, attendre
):
    where = "from crc_lab import progression\nprogression()"
    carnet = atelier.carnet("00_accueil/00_accueil.ipynb", [*CELLS, "question()", 'question("A0-Q2")', where])
    lab_essai.ouvrir(page, carnet)
    page.wait_for_selector('.essai[data-q="A0-Q1"]')
    page.wait_for_selector('.essai[data-q="A0-Q2"]')  # after a cell in error
    photo(page, "ouvert")
    listed = page.evaluate("window.jupyterapp.serviceManager.contents.get('00_accueil').then(folder => folder.content)")
    assert not [item["name"] for item in listed if item["name"].endswith(".toml")]  # the key is not under their eyes
    assert page.locator(".jp-Cell-inputWrapper:visible .cm-editor:visible").count() == 0
    assert page.locator(".jp-InputPrompt:visible, .jp-OutputPrompt:visible").count() == 0

    # the kernel does not search the notebook's folder
    text = page.locator(".jp-OutputArea-output").last.inner_text()
    assert "PATH" in text
    assert "''" not in text
    assert str(carnet.parent) not in text

    # leaving a notebook just opened asks nothing; browsers ask nothing of those who did nothing
    page.locator(".essai input").first.click()
    attendre(lambda: not page.evaluate("window.jupyterapp.status.isDirty"), "le carnet enregistré", 10, page)

    # keys pressed by mistake change no cell
    cells = "window.jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model.type)"
    before = page.evaluate(cells)
    assert before == ["markdown", *["code"] * 5]
    for focus in ("card", "code cell", "text cell"):
        if focus == "card":
            page.locator(".essai").first.click(position={"x": 2, "y": 2})
        else:
            page.locator(".jp-CodeCell" if focus == "code cell" else ".jp-MarkdownCell").first.focus()
        for key in ["d", "d", "x", "a", "b", "m", "y", "r", "1", "v", "z", "0", "0", "Shift+M", "Alt+Enter"]:
            page.keyboard.press(key)
            assert page.evaluate(cells) == before, (focus, key)
    assert page.locator(".jp-Dialog").count() == 0
    assert page.locator(".jp-MarkdownCell").inner_text().startswith("Un carnet d’essai")

    # the code is shown on request
    help_menu, code = page.locator("#crc-barre summary", has_text="Aide"), page.get_by_role("button", name="le code")
    help_menu.click()
    code.click()
    page.get_by_text('question("A0-Q1")').wait_for()
    photo(page, "code")
    help_menu.click()
    code.click()
    page.get_by_text('question("A0-Q1")').wait_for(state="hidden")

    # French, one document, no menu of JupyterLab's until it is asked for
    assert page.evaluate("document.documentElement.lang").startswith("fr")
    assert page.evaluate("window.jupyterapp.shell.mode") == "single-document"
    assert page.get_by_role("menuitem", name="Fichier").count() == 0
    help_menu.click()
    page.get_by_role("button", name="Outils avancés").click()
    page.get_by_role("menuitem", name="Fichier").wait_for()
    assert page.locator("#jp-main-statusbar:visible").count() == 0


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


def test_a_cell_that_is_not_the_workbooks_runs_only_when_asked(atelier, lab_essai, page, photo, attendre, commande):
    foreign = atelier.carnet("03_structurer/autre.ipynb", [*CELLS, HOSTILE], activite=None)
    hostile = atelier.carnet("00_accueil/autre.ipynb", [*CELLS, HOSTILE])
    lab_essai.ouvrir(page, foreign)
    page.wait_for_timeout(2000)
    assert not foreign.with_name("pwned").exists()
    assert page.locator(".essai").count() == 0
    commande(page, "docmanager:open", {"path": "00_accueil/autre.ipynb"})
    page.get_by_text("Du code ajouté").wait_for(timeout=45_000)
    page.wait_for_timeout(2000)
    assert not hostile.with_name("pwned").exists()
    assert page.locator(".essai").count() == 1
    photo(page, "averti")
    page.locator(".jp-toast-button, .jp-Notification-Toast").get_by_text("Tout relancer").first.click()
    attendre(hostile.with_name("pwned").exists, "la cellule lancée", page=page)
    assert not foreign.with_name("pwned").exists()


def test_a_python_file_beside_the_notebook_prevents_everything(atelier, lab_essai, page, photo):
    """Whatever its name: see test_lab_rules.py."""
    carnet = atelier.carnet("00_accueil/essai.ipynb", CELLS)
    (carnet.parent / "activite.py").write_text("# the text of the activity, for its author\n")
    trap = carnet.parent / "pandas.pyc"
    trap.write_text(HOSTILE)
    lab_essai.ouvrir(page, carnet)
    page.get_by_text("Rien n’a été lancé\u00a0: «\u00a0pandas.pyc\u00a0»").wait_for()
    photo(page, "ombre_fichier")
    assert page.locator(".essai").count() == 0
    trap.unlink()
    (carnet.parent / "crc_lab").mkdir()
    (carnet.parent / "crc_lab" / "__init__.py").write_text(HOSTILE)
    page.reload()
    page.get_by_text("Rien n’a été lancé\u00a0: «\u00a0crc_lab\u00a0»").wait_for()
    photo(page, "ombre_dossier")
    assert page.locator(".essai").count() == 0
    page.get_by_role("button", name="Tout relancer").first.click()
    page.wait_for_selector(".essai")  # and even then the library is the real one: the folder is not on its path
    assert not carnet.with_name("pwned").exists()


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
    page.goto("about:blank")  # nothing of it is on its way to a server that stops
    lab_essai.redemarrer()
    lab_essai.ouvrir(page, carnet)
    page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    after = {path.relative_to(home): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    after = {path: content for path, content in after.items() if path.parts[0] not in (".cache", ".local")}
    assert after == before
    assert not carnet.with_name("pwned").exists()
