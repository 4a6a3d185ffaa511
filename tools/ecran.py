"""What a student can read on the screen that is not French: ``python -m tools.ecran``.

Needs Chromium, Playwright and Hunspell. Names of steps may be given (« conflict »), else all are taken.

A real JupyterLab, on a copy of the workbook; every menu, dialog, notice and page of the server that can be had without
« Outils avancés » is opened, and every text of it is read: what is shown, and what a screen reader says.
Question cards and pictures are left out: tests/test_french.py reads their texts. A text with a word that neither the
French dictionary nor ``docs/mots.txt`` knows is printed, with where it stands.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

from crc_lab.lab.open_lab import LabServer, RunningLab
from crc_lab.lab.workbook_copy import copy_workbook
from tests.e2e.chromium_program import FLAGS, NOTEBOOK_READY, find_chromium
from tools.dictionary import WORDS, french_hunspell, own_words, unknown_words
from tools.prose import Prose

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("00_accueil", "03_structurer", "08_lexique", "20_sujet_a")
"""Pages with every sort of card that is not a question, between them. The texts of cards: tests/test_french.py."""
TEXTS = """() => {
  const SKIPPED = "script, style, code, pre, .cm-editor, svg, img, [data-crc-question]";
  const curtain = document.getElementById("crc-rideau");  // over all of JupyterLab but its dialogs
  const seen = node => node.getClientRects().length && getComputedStyle(node).visibility !== "hidden"
    && !(curtain && node.closest("#main"));
  const found = new Set([document.title]);
  for (const node of document.body.querySelectorAll("*")) {
    if (!seen(node) || node.closest(SKIPPED)) continue;
    for (const name of node.closest("[aria-hidden=true]") ? [] : ["aria-label", "title", "placeholder"]) {
      if (node.getAttribute(name)) found.add(node.getAttribute(name));
    }
    for (const child of node.childNodes) if (child.nodeType === 3 && child.data.trim()) found.add(child.data.trim());
  }
  return [...found];
}"""
KEYS = """Control+Shift+C Control+Shift+H Control+Shift+L Control+Shift+Q Control+Shift+F Control+, Control+Shift+S
Control+b Control+i Control+Shift+A 0 0 i i d d F2"""
ADDRESSES = """datasets/latin.csv datasets/reclamations.csv datasets/marielle_nature_contacts.xlsx
00_accueil/abime.ipynb 00_accueil/absent.ipynb absent 08_lexique/texte.txt"""
NOT_SAID = ("ipykernel", "KB", "OpenDyslexic", "Shift", "JupyterLab", "Jupyter", "Python", "Notebook", "ipynb")
"""Names, whatever the language."""


@dataclass
class Screen:
    """A page in a workbook that is open, and the texts read on it so far, with where."""

    page: Any
    folder: Path
    lab: RunningLab
    server: LabServer
    read: dict[str, str]

    def look(self, where: str) -> None:
        """Read what is on the screen now."""
        for text in self.page.evaluate(TEXTS):
            self.read.setdefault(text, where)

    def open(self, path: str, *, ready: bool = True) -> None:
        self.page.goto(f"{self.lab.url}lab/tree/{path}?token={self.lab.token}&reset")
        if ready:
            self.page.wait_for_function(NOTEBOOK_READY, timeout=60_000)
        else:
            self.page.wait_for_timeout(6000)

    def notebook(self, name: str, *cells: str, **sheet: Any) -> str:
        """A small notebook of the welcome page; where it is."""
        base: dict[str, Any] = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
        sources = ('from crc_lab import debut, question\ndebut("00_accueil")', *cells)
        made = [{**base, "id": f"c{number}", "source": source} for number, source in enumerate(sources)]
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        ours = {"version": 1, "activite": "00_accueil", "edition": "entrainement", "mode": "eleve", **sheet}
        content = {
            "cells": made,
            "metadata": {"kernelspec": kernel, "crc_lab": ours},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        (self.folder / "00_accueil" / name).write_text(json.dumps(content), "utf-8")
        return f"00_accueil/{name}"


# --- what can be opened


def pages_and_menus(screen: Screen) -> None:
    for name in PAGES:
        screen.open(f"{name}/{name}.ipynb")
        screen.look(name)
        for number in range(screen.page.locator("#crc-barre summary").count()):
            screen.page.locator("#crc-barre summary").nth(number).click()
            screen.look(f"{name}, menu {number + 1} de la barre")
        screen.page.keyboard.press("Escape")
        for details in screen.page.locator(".crc details:not([open]) > summary").all():
            if details.is_visible():
                details.click()
        screen.look(f"{name}, tout déplié")


def code_shown(screen: Screen) -> None:
    screen.open("00_accueil/00_accueil.ipynb")
    screen.page.locator("#crc-barre summary").last.click()
    screen.page.get_by_role("button", name="Afficher le code").click()
    cell = screen.page.locator(".jp-CodeCell").nth(1)
    cell.locator(".cm-content").click()
    screen.page.wait_for_timeout(1500)
    screen.look("code affiché")
    cell.hover()
    screen.look("code affiché, souris sur une cellule")


def hidden_cards(screen: Screen) -> None:
    screen.open("00_accueil/00_accueil.ipynb")
    screen.page.evaluate("jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    screen.page.get_by_text("Carte masquée").first.wait_for()
    screen.look("cartes masquées")


def keys(screen: Screen) -> None:
    """Every shortcut of JupyterLab, pressed: what they would open."""
    screen.open("00_accueil/00_accueil.ipynb")
    screen.page.evaluate("document.querySelector('.jp-Notebook .jp-Cell').focus()")
    for key in KEYS.split():
        screen.page.keyboard.press(key)
    screen.page.wait_for_timeout(1500)
    screen.look("après tous les raccourcis")


def notices(screen: Screen) -> None:
    screen.open(screen.notebook("ajout.ipynb", "print(1)"))
    screen.page.wait_for_timeout(1000)
    screen.look("code ajouté")
    module = screen.folder / "00_accueil" / "pandas.py"
    module.write_text("")
    screen.open("00_accueil/ajout.ipynb")
    screen.page.wait_for_timeout(1000)
    screen.look("programme à côté du carnet")
    module.unlink()


def dead_kernel(screen: Screen) -> None:
    screen.open(screen.notebook("fin.ipynb", 'question("A0-Q1")'))
    screen.page.evaluate("""() => {
      const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
      kernel.requestExecute({ code: "import os; os._exit(1)" });
    }""")
    screen.page.wait_for_timeout(6000)
    screen.look("Python arrêté")


def conflict(screen: Screen) -> None:
    path = screen.notebook("conflit.ipynb", 'question("A0-Q1")')
    screen.open(path)
    screen.page.evaluate("jupyterapp.shell.currentWidget.context.save()")  # else it may be half written
    file = screen.folder / path
    content = json.loads(file.read_text("utf-8"))
    content["cells"][0]["source"] = "# changé ailleurs"
    file.write_text(json.dumps(content), "utf-8")
    screen.page.evaluate("""() => {
      const { context } = jupyterapp.shell.currentWidget;
      context.model.setMetadata("essai", 1);
      context.save().catch(() => {});
    }""")
    screen.page.wait_for_timeout(3000)
    screen.look("carnet changé ailleurs")
    screen.page.keyboard.press("Escape")


def read_only(screen: Screen) -> None:
    path = screen.notebook("lecture.ipynb", 'question("A0-Q1")')
    (screen.folder / path).chmod(0o444)
    screen.open(path)
    screen.look("lecture seule")


def addresses(screen: Screen) -> None:
    (screen.folder / "datasets" / "latin.csv").write_bytes("é;à".encode("latin-1"))
    (screen.folder / "00_accueil" / "abime.ipynb").write_text("{", "utf-8")
    (screen.folder / "08_lexique" / "texte.txt").write_bytes(b"\xff\xfe\xe9")
    for path in ADDRESSES.split():
        screen.open(path, ready=False)
        screen.look(f"adresse {path}")
        screen.page.keyboard.press("Escape")


def pages_of_the_server(screen: Screen) -> None:
    page, url = screen.page, screen.lab.url
    for path in ("lab/absent", "absent", "files/absent", "logout", "login", "view/absent", ""):
        page.goto(f"{url}{path}")
        screen.look(f"page /{path}")
    page.context.clear_cookies()
    page.goto(f"{url}lab/tree/00_accueil/00_accueil.ipynb")
    screen.look("page d’entrée, sans code")
    page.get_by_label("Le code du cahier").fill("faux")
    page.get_by_role("button").click()
    screen.look("page d’entrée, code faux")


def stopped(screen: Screen) -> None:
    screen.open(screen.notebook("fin.ipynb", 'question("A0-Q1")'))
    screen.server.stop()
    screen.page.evaluate("jupyterapp.shell.currentWidget.context.model.setMetadata('essai', 1)")
    screen.page.evaluate("jupyterapp.shell.currentWidget.context.save().catch(() => {})")
    screen.page.wait_for_timeout(8000)
    screen.look("serveur arrêté")
    screen.page.keyboard.press("Escape")
    screen.page.locator("#crc-barre").get_by_role("button", name="Suivant").click(timeout=3000)
    screen.page.wait_for_timeout(4000)
    screen.look("serveur arrêté, page suivante")


STEPS = (
    pages_and_menus, code_shown, hidden_cards, keys, notices, dead_kernel, conflict, read_only, addresses,
    pages_of_the_server, stopped,
)  # fmt: skip


# --- what is not French in it


def foreign(read: dict[str, str], command: tuple[str, ...]) -> Iterator[tuple[str, str, list[str]]]:
    """Where, what, and its unknown words, for each text that has some."""
    own = own_words(ROOT / WORDS)
    texts = [Prose(where, text, text) for text, where in read.items()]
    unknown = {word for word in unknown_words(texts, own, command) if word not in NOT_SAID}
    for prose in texts:
        words = [word for word in unknown if word in prose.text.replace("’", " ’ ").split() or word in prose.text]
        if words and any(_stands_in(word, prose.text) for word in words):
            yield prose.file, prose.text, sorted(words)


def _stands_in(word: str, text: str) -> bool:
    at = text.find(word)
    return at >= 0 and not text[at - 1 : at].isalnum() and not text[at + len(word) : at + len(word) + 1].isalnum()


@contextmanager
def screen_of(folder: Path) -> Iterator[Screen]:
    """A browser in front of a workbook in ``folder``, both closed at the end."""
    os.environ["HOME"] = str(folder)
    copy_workbook(folder / "cahier-crc")
    server = LabServer(folder / "cahier-crc", options=("--LabApp.expose_app_in_browser=True",))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS), headless=True)
        context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR")
        lab = server.start(timeout=60)
        try:
            yield Screen(context.new_page(), server.folder, lab, server, {})
        finally:
            browser.close()
            server.stop()


def main() -> int:
    command = french_hunspell()
    if command is None:
        print("Il manque Hunspell et son dictionnaire français.", file=sys.stderr)
        return 2
    asked = sys.argv[1:]
    with tempfile.TemporaryDirectory() as temporary, screen_of(Path(temporary)) as screen:
        for step in STEPS:
            if not asked or step.__name__ in asked:
                try:
                    step(screen)
                except (PlaywrightError, ValueError) as error:
                    print(f"!! {step.__name__} : {str(error).splitlines()[0]}")
                screen.page.keyboard.press("Escape")
        found = list(foreign(screen.read, command))
    for where, text, words in found:
        print(f"{where} : {text[:160]!r} → {', '.join(words)}")
    print(f"{len(screen.read)} textes lus, {len(found)} à revoir.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
