"""Time from « Tout exécuter » to the cards on the screen, in a real JupyterLab, against plain ipywidgets.

    python benchmarks/cartes.py [--fois 5] [--avant DOSSIER]

Both notebooks are run in turn in the same JupyterLab and the same Chromium, each from a restarted kernel: the cards of
activity 4 (15 questions, two grids of 60 × 33), and a peer with as many cells showing a stock ipywidgets form and
pandas' HTML table of the same data. Then: the time from ``crc-lab ouvrir``, already set up, to the first card that can
be answered, in turn with that of another checkout (``--avant``); and from « Vérifier » to the verdict on the screen,
for the 49 × 5 cells of activity 6.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from crc_lab.core.bank import load_activity
from crc_lab.lab.open_lab import LabServer, RunningLab
from crc_lab.lab.workbook_copy import copy_workbook
from tests.e2e.chromium_program import FLAGS, NOTEBOOK_READY, find_chromium

ROOT = Path(__file__).resolve().parents[1]
PEER = """import ipywidgets as w
import pandas as pd
from IPython.display import HTML, display
base = pd.read_csv("../datasets/base_restructuree.csv", sep=";", dtype=str).fillna("")
display(HTML(base.to_html()))"""
FORM = 'display(w.VBox([w.RadioButtons(options=["a", "b", "c"]), w.Text(), w.Button(description="OK")]))'
RESTART = """async () => {
  const panel = window.jupyterapp.shell.currentWidget;
  await window.jupyterapp.commands.execute("notebook:clear-all-cell-outputs");
  await panel.sessionContext.session.kernel.restart();
}"""
RUN = """async ([selector, wanted]) => {
  const panel = window.jupyterapp.shell.currentWidget;
  const start = performance.now();
  const done = window.jupyterapp.commands.execute("notebook:run-all-cells");
  while (panel.node.querySelectorAll(selector).length < wanted) await new Promise(requestAnimationFrame);
  const shown = performance.now();
  await done;
  return [(shown - start) / 1000, (performance.now() - start) / 1000];
}"""


def peer_notebook(cells: int) -> str:
    sources = [PEER, *[FORM] * cells]
    return json.dumps(
        {
            "cells": [
                {
                    "cell_type": "code",
                    "id": f"c{n}",
                    "metadata": {},
                    "execution_count": None,
                    "outputs": [],
                    "source": source,
                }
                for n, source in enumerate(sources)
            ],
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )


def show(page: Any, url: str) -> None:
    page.goto(url)
    page.wait_for_selector(".jp-NotebookPanel", timeout=30_000)
    page.wait_for_function(NOTEBOOK_READY, timeout=90_000)


def measure(page: Any, url: str, selector: str, wanted: int) -> list[float]:
    show(page, url)
    page.evaluate(RESTART)
    page.wait_for_function(NOTEBOOK_READY, timeout=60_000)
    return list(page.evaluate(RUN, [selector, wanted]))


FIRST = ".crc .carte button:enabled"
CHECK = """async () => {
  const card = document.querySelector('[data-crc-question="A6-Q1"]');
  const button = [...card.querySelectorAll("button")].find(one => one.textContent.trim() === "Vérifier");
  const start = performance.now();
  button.click();
  do await new Promise(requestAnimationFrame); while (card.querySelector("[aria-disabled]"));
  if (!card.querySelector(".retour .verdict")) throw new Error("pas de verdict");
  return performance.now() - start;
}"""


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Any, RunningLab, float]]:
    """A browser on a workbook that is opened now, and the seconds until its first card can be answered."""
    server = LabServer(folder, options=("--LabApp.expose_app_in_browser=True",), environment={})
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS), headless=True)
        page = browser.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR").new_page()
        begin = time.perf_counter()
        lab = server.start(timeout=60)
        try:
            page.goto(lab.address)
            page.locator(FIRST).first.wait_for(timeout=60_000)
            yield page, lab, time.perf_counter() - begin
        finally:
            server.stop()
            browser.close()


def first_cards(times: int, before: Path | None) -> dict[str, list[float]]:
    """Seconds from « ouvrir » to the first card, of this checkout and of another, each in a process of its own."""
    places = {"maintenant": ROOT} | ({"avant": before.resolve()} if before else {})
    found: dict[str, list[float]] = {name: [] for name in places}
    for number in range(times + 1):  # the first one sets up
        for name, place in places.items():
            command = [sys.executable, __file__, "--une-fois"]
            done = subprocess.run(
                command, env={**os.environ, "PYTHONPATH": str(place)}, check=True, capture_output=True, text=True
            )
            found[name] += [float(done.stdout)] if number else []
    return found


def check_times(page: Any, lab: RunningLab, times: int) -> list[float]:
    """Milliseconds from « Vérifier » to the verdict, the table of activity 6 filled in."""
    show(page, f"{lab.url}lab/tree/06_scorer/06_scorer.ipynb?token={lab.token}")
    page.locator('[data-crc-question="A6-Q1"]').wait_for(timeout=60_000)
    page.wait_for_timeout(2000)
    return [page.evaluate(CHECK) for _ in range(times)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fois", type=int, default=5, help="nombre de mesures de chaque carnet")
    parser.add_argument("--avant", type=Path, help="un autre état du projet, pour le temps d’ouverture")
    parser.add_argument("--une-fois", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    times = arguments.fois
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["HOME"] = temporary
        folder = Path(temporary) / "cahier-crc"
        copy_workbook(folder)
        if arguments.une_fois:
            with opened(folder) as (_, _, seconds):
                print(seconds)
            return
        for name, found in first_cards(times, arguments.avant).items():
            print(f"crc-lab ouvrir -> première carte, {name} : {statistics.median(found):.1f} s (médiane de {times})")
        questions = 15
        (folder / "00_accueil" / "temoin.ipynb").write_text(peer_notebook(questions), encoding="utf-8")
        fill_in(folder / "06_scorer" / "06_scorer.ipynb")
        with opened(folder) as (page, lab, _):
            cases = {
                "cartes (activité 4)": ("04_qualifier/04_qualifier.ipynb", ".crc .carte", questions),
                "témoin (ipywidgets, pandas)": ("00_accueil/temoin.ipynb", ".widget-radio", questions),
            }
            shown_in: dict[str, list[list[float]]] = {name: [] for name in cases}
            for _ in range(times):
                for name, (path, selector, wanted) in cases.items():
                    url = f"{lab.url}lab/tree/{path}?token={lab.token}"
                    shown_in[name].append(measure(page, url, selector, wanted))
            checks = check_times(page, lab, 2 * times)
    print(f"« Vérifier » -> verdict, 245 cellules : {statistics.median(checks):.0f} ms (au plus {max(checks):.0f})")
    print(f"{'':30} {'affichées (s)':>14} {'tout fini (s)':>14}")
    medians = {n: [statistics.median(column) for column in zip(*rows, strict=True)] for n, rows in shown_in.items()}
    for name, (shown, finished) in medians.items():
        print(f"{name:30} {shown:14.2f} {finished:14.2f}")
    ours, peer = medians.values()
    print(f"{'rapport cartes / témoin':30} {ours[0] / peer[0]:14.2f} {ours[1] / peer[1]:14.2f}")


def fill_in(notebook: Path) -> None:
    """Give a notebook of activity 6 its answers, one cell wrong."""
    loaded = load_activity(notebook.parent, notebook.parents[1] / "datasets")
    value = json.loads(json.dumps(loaded.keys["A6-Q1"].answer))
    value["lignes"][0][1] = "0"
    content = json.loads(notebook.read_text("utf-8"))
    content["metadata"]["crc_lab"].setdefault("reponses", {})["A6-Q1"] = {
        "valeur": value,
        "source": "carte",
        "essais": 0,
    }
    notebook.write_text(json.dumps(content), "utf-8")


if __name__ == "__main__":
    main()
