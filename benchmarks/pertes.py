"""What is lost when a student types without a pause and the page goes away: in the real JupyterLab and Chromium.

    python benchmarks/pertes.py [--fois 20]

Each try types words for some three seconds, in a line of text (even tries) or from cell to cell of a grid (odd tries),
and at the last letter closes the page, reloads it, goes to another address or kills the tab. A try is lost when one
character of what was typed is neither in the file two seconds later, nor in the notebook when it is opened again.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, sync_playwright

from crc_lab.lab.open_lab import LabServer
from crc_lab.lab.workbook_copy import copy_workbook
from tests.e2e.chromium_program import FLAGS, NOTEBOOK_READY, find_chromium
from tests.e2e.workbook import cell

ACTIVITY = "03_structurer"
CELLS = [f'from crc_lab import debut, question\ndebut("{ACTIVITY}")', 'question("A3-Q1")', 'question("A3-Q2")']
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
ANSWERS = "JSON.stringify(jupyterapp.shell.currentWidget.context.model.getMetadata('crc_lab').reponses ?? {})"
WORDS = 4
PAUSE = 90  # milliseconds between two keys


def notebook(folder: Path, name: str) -> Path:
    base: dict[str, Any] = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
    cells = [{**base, "id": f"c{number}", "source": source} for number, source in enumerate(CELLS)]
    sheet = {"version": 1, "activite": ACTIVITY, "edition": "entrainement", "mode": "eleve"}
    content = {"cells": cells, "metadata": {"kernelspec": KERNEL, "crc_lab": sheet}, "nbformat": 4, "nbformat_minor": 5}
    path = folder / ACTIVITY / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def close(page: Any) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.close(run_before_unload=True)


def reload(page: Any) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload(wait_until="commit")


def leave(page: Any) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("about:blank", wait_until="commit")


def kill(page: Any) -> None:
    """As the system does when memory runs out: the page hears nothing of it."""
    with suppress(Error):
        page.goto("chrome://crash", timeout=3000)


ENDS = {"fermer": close, "recharger": reload, "changer de page": leave, "tuer l’onglet": kill}


def type_words(page: Any, number: int) -> list[str]:
    """Type without a pause; what must be found."""
    words = [f"m{number}{'abcd'[at]}xyzuvw" for at in range(WORDS)]
    if number % 2:
        cell(page.locator("[data-crc-question='A3-Q2']"), "3", "nom").click()
        for at, word in enumerate(words):
            page.keyboard.type(word, delay=PAUSE)
            if at < WORDS - 1:
                page.keyboard.press("ArrowDown")
        return words
    page.locator("[data-crc-question='A3-Q1'] input[type=text]").first.click()
    page.keyboard.type(" ".join(words), delay=PAUSE)
    return [" ".join(words)]


def measure(lab: Any, folder: Path, context: Any, end: Any, number: int, name: str) -> list[str]:
    """What is missing after one try."""
    path = notebook(folder, name)
    address = f"{lab.url}lab/tree/{ACTIVITY}/{name}?token={lab.token}&reset"
    page = context.new_page()
    page.goto(address)
    page.wait_for_function(NOTEBOOK_READY, timeout=90_000)
    page.wait_for_selector("[data-crc-question='A3-Q2'] td")
    expected = type_words(page, number)
    end(page)
    limit = time.monotonic() + 2
    while time.monotonic() < limit and (missing := [word for word in expected if word not in path.read_text("utf-8")]):
        time.sleep(0.1)
    again = context.new_page()
    if missing and kept_by_the_browser(again, lab):
        again.goto(address)
        again.wait_for_function(NOTEBOOK_READY, timeout=90_000)
        found = again.evaluate(ANSWERS)
        missing = [word for word in missing if word not in found]
    for tab in (page, again):
        with suppress(Error):
            tab.close()
    return missing


def kept_by_the_browser(page: Any, lab: Any) -> bool:
    page.goto(f"{lab.url}api/status?token={lab.token}")
    return bool(page.evaluate("Object.keys(localStorage).some(key => key.startsWith('crc-lab:'))"))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--fois", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as where, sync_playwright() as playwright:
        folder = Path(where) / "cahier"
        copy_workbook(folder)
        os.environ["JUPYTER_RUNTIME_DIR"] = str(Path(where) / "execution")
        options = ("--LabApp.expose_app_in_browser=True",)
        server = LabServer(folder, port=None, options=options)
        lab = server.start(timeout=90)
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS), headless=True)
        context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR")
        context.set_default_timeout(30_000)
        try:
            for what, end in ENDS.items():
                lost = [bool(measure(lab, folder, context, end, n, f"essai-{n}.ipynb")) for n in range(given.fois)]
                text, grid = sum(lost[::2]), sum(lost[1::2])
                print(f"{what:16} {sum(lost):2} perdues sur {given.fois} (texte {text}, grille {grid})", flush=True)
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    main()
