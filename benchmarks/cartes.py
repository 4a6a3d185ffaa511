"""Time from « Tout exécuter » to the cards on the screen, in a real JupyterLab, against plain ipywidgets.

    python benchmarks/cartes.py [--fois 5]

Both notebooks are run in turn in the same JupyterLab and the same Chromium, each from a restarted kernel: the cards of
activity 4 (15 questions, two grids of 60 × 33), and a peer with as many cells showing a stock ipywidgets form and
pandas' HTML table of the same data. A third figure is the time from ``crc-lab ouvrir`` to the first card.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from crc_lab.lab.open_lab import LabServer
from crc_lab.lab.workbook_copy import copy_workbook
from tests.e2e.chromium_program import FLAGS, NOTEBOOK_READY, find_chromium

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fois", type=int, default=5, help="nombre de mesures de chaque carnet")
    times = parser.parse_args().fois
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        os.environ["HOME"] = temporary
        folder = Path(temporary) / "cahier-crc"
        copy_workbook(folder)
        questions = 15
        (folder / "00_accueil" / "temoin.ipynb").write_text(peer_notebook(questions), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS), headless=True)
        page = browser.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR").new_page()
        begin = time.perf_counter()
        server = LabServer(folder, options=("--LabApp.expose_app_in_browser=True",), environment={})
        lab = server.start(timeout=60)
        try:
            page.goto(lab.address)
            page.wait_for_selector(".crc .carte", timeout=60_000)
            print(f"crc-lab ouvrir -> première carte : {time.perf_counter() - begin:.1f} s")
            cases = {
                "cartes (activité 4)": ("04_qualifier/04_qualifier.ipynb", ".crc .carte", questions),
                "témoin (ipywidgets, pandas)": ("00_accueil/temoin.ipynb", ".widget-radio", questions),
            }
            found: dict[str, list[list[float]]] = {name: [] for name in cases}
            for _ in range(times):
                for name, (path, selector, wanted) in cases.items():
                    url = f"{lab.url}lab/tree/{path}?token={lab.token}"
                    found[name].append(measure(page, url, selector, wanted))
        finally:
            server.stop()
            browser.close()
    print(f"{'':30} {'affichées (s)':>14} {'tout fini (s)':>14}")
    medians = {name: [statistics.median(column) for column in zip(*rows, strict=True)] for name, rows in found.items()}
    for name, (shown, finished) in medians.items():
        print(f"{name:30} {shown:14.2f} {finished:14.2f}")
    ours, peer = medians.values()
    print(f"{'rapport cartes / témoin':30} {ours[0] / peer[0]:14.2f} {ours[1] / peer[1]:14.2f}")


if __name__ == "__main__":
    main()
