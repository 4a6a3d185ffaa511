"""Take the guides' pictures again, from the real thing: ``python tools/captures.py`` (needs Chromium and Playwright).

JupyterLab runs on a copy of the workbook in a temporary folder; the class is that of ``crc-lab demo``.
"""

from __future__ import annotations

import io
import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

from autograder.cli import main as crc_lab
from autograder.demo import run_demo
from crc_lab.core.bank import load_activity
from crc_lab.core.resources import activity_folder, datasets_folder
from crc_lab.lab.open_lab import LabServer
from crc_lab.lab.workbook_copy import copy_workbook
from tests.e2e.answering import answer
from tests.e2e.chromium_program import FLAGS, NOTEBOOK_READY, find_chromium
from tests.e2e.site_server import hosted

ACTIVITY = "07_cibler"
IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
GO = """async id => {
  const { content } = window.jupyterapp.shell.currentWidget;
  await content.scrollToItem(content.widgets.findIndex(cell => cell.model.id === id), "start");
}"""
DOWN = """height => {
  const outer = window.jupyterapp.shell.currentWidget.node.querySelector(".jp-WindowedPanel-outer");
  outer.scrollTop += height;
}"""
SIGN = """() => document.querySelector(".jp-Notebook .crc").dispatchEvent(new CustomEvent("crc-eleve", {
  bubbles: true, composed: true, detail: { eleve: { nom: "Inès Garnier", identifiant: "" } },
}))"""
PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = Path(temporary)
        os.environ["HOME"] = str(folder)
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS), headless=True)
        page = browser.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR").new_page()
        copy_workbook(folder / "cahier-crc")
        server = LabServer(folder / "cahier-crc", options=("--LabApp.expose_app_in_browser=True",), environment={})
        lab = server.start(timeout=60)
        try:
            _workbook(page, f"{lab.url}lab/tree/{{0}}/{{0}}.ipynb?token={lab.token}")
        finally:
            server.stop()
        run_demo(folder / "demo-crc", browser=False)
        _reports(page, folder / "demo-crc" / "resultats")
        _assessment(page, folder / "evaluation")
        _site(page, folder / "site", folder / "demo-crc")
        browser.close()


def _workbook(page: Any, address: str) -> None:
    _open(page, address.format("00_accueil"))
    _shoot(page, "accueil")
    _open(page, address.format("04_qualifier"))
    grid = _card(page, "A4-Q1")
    for row, column in ((3, 2), (2, 4), (7, 8), (4, 6)):
        grid.locator("tbody tr").nth(row - 1).locator("th, td").nth(column).click()
    _check(grid)
    _card(page, "A4-Q1")
    page.evaluate(DOWN, 340)
    _shoot(page, "entourer")
    page.evaluate("document.activeElement.blur()")
    _card(page, "A4-Q3").locator("input[type=text]").fill("9,09")
    _card(page, "A4-Q3").get_by_text("Non", exact=True).click()
    _check(_card(page, "A4-Q3"))
    _shoot(page, "verifier")
    _open(page, address.format("06_scorer"))
    loaded = load_activity(activity_folder("06_scorer"), datasets_folder())
    rows = [list(row[1:]) for row in loaded.keys["A6-Q1"].answer["lignes"]]
    rows[6][0], rows[7][0] = "10", "10"
    table = _card(page, "A6-Q1")
    table.locator("table[role=grid] tbody tr").first.locator("td").nth(5).click()
    page.evaluate(PASTE, "\n".join("\t".join(row) for row in rows))
    _check(table)
    _shoot(page, "scorer")
    page.evaluate("(({ content }) => content.scrollToItem(content.widgets.length - 1))(jupyterapp.shell.currentWidget)")
    hand_in = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .crc").filter(has_text="Rendre mon travail")
    hand_in.get_by_label("Votre nom et").fill("Inès Garnier")
    hand_in.get_by_role("button", name="Télécharger ma copie").click()
    hand_in.get_by_text("Votre copie est dans").wait_for()
    page.wait_for_timeout(800)
    _shoot(page, "rendre")
    with page.expect_popup() as opened:
        hand_in.get_by_role("button", name="Ma fiche").click()
    opened.value.get_by_text("Mes erreurs").first.wait_for()
    opened.value.set_viewport_size({"width": 1366, "height": 768})
    _shoot(opened.value, "fiche")
    opened.value.close()
    hand_in.get_by_role("button", name="Mon fichier, avant et après").click()
    hand_in.get_by_role("region", name="Mon fichier, avant et après").get_by_role("table").first.wait_for()
    hand_in.get_by_role("button", name="Mon fichier, avant et après").evaluate("node => node.scrollIntoView()")
    _shoot(page, "avant-apres")
    _open(page, address.format("00_accueil"))
    page.get_by_text("Mes erreurs").first.click()
    page.wait_for_timeout(1500)
    _shoot(page, "erreurs")
    _second_half(page, address)


def _second_half(page: Any, address: str) -> None:
    """A call half played, a planning almost filled, a mail whose faults are picked out."""
    _open(page, address.format("13_appels"))
    call = _model("13_appels", "R3-Q3")["S1"]["parcours"]
    _show(page, "13_appels", "R3-Q3", {"S1": {"parcours": call[:2], "etapes": []}}, down=330)
    _shoot(page, "appel")
    _open(page, address.format("16_equipe"))
    hours = _model("16_equipe", "R6-Q2")
    _show(page, "16_equipe", "R6-Q2", {**hours, "P8": [], "P5": hours["P5"][:3]}, down=270)
    _shoot(page, "planning")
    _open(page, address.format("15_ecrire"))
    faults = _model("15_ecrire", "R5-Q1")
    some = {name: faults[name] for name in ("s0", "s1", "s2", "s4", "s5", "s12")}
    _check(_show(page, "15_ecrire", "R5-Q1", {**some, "s10": "promesse"}))
    _card(page, "R5-Q1")
    _shoot(page, "surligner")


def _site(page: Any, folder: Path, demo: Path) -> None:
    """The workbook in a browser alone: a card, the first page once something was answered, « Corriger »."""
    crc_lab(["site", "--sortie", str(folder)])
    with hosted(folder / "site") as (address, _):
        _open(page, f"{address}lab/index.html?path=06_scorer/06_scorer.ipynb")
        page.evaluate(SIGN)
        _check(_show(page, "06_scorer", "A6-X4", _model("06_scorer", "A6-X4")))
        _card(page, "A6-X4")
        _shoot(page, "site-activite")
        page.goto(address)
        _shoot(page, "site-premiere")
        page.goto(f"{address}corriger.html")
        page.locator("#copies").set_input_files(sorted((demo / "copies").glob("*.zip"))[:3])
        page.get_by_role("button", name="Corriger").click()
        page.locator("#resultats").wait_for(timeout=180_000)
        _shoot(page, "site-corriger")


def _model(activity: str, question: str) -> Any:
    return load_activity(activity_folder(activity), datasets_folder()).keys[question].answer


def _show(page: Any, activity: str, question: str, value: Any, down: int = 0) -> Any:
    """The card of a question, answered; ``down``: pixels below its top."""
    one = load_activity(activity_folder(activity), datasets_folder()).activity.question(question)
    assert one is not None
    answer(_card(page, question), one, value)
    page.evaluate("document.activeElement.blur()")
    card = _card(page, question)
    page.evaluate(DOWN, down)
    page.wait_for_timeout(500)
    return card


def _reports(page: Any, results: Path) -> None:
    page.goto((results / "classe.html").as_uri())
    _shoot(page, "classe")
    page.goto(next((results / "retours").glob("*.html")).as_uri())
    _shoot(page, "retour")


def _assessment(page: Any, folder: Path) -> None:
    """A subject: the teacher's note, a question in it, its open answer in nbgrader's formgrader."""
    folder.mkdir()
    roster, prepared = folder / "eleves.csv", folder / "evaluation"
    roster.write_text("Nom;Prénom;Identifiant\nGarnier;Inès;igarnier\n", encoding="utf-8")
    crc_lab(
        ["preparer", "--classe", str(roster), "--sortie", str(prepared), "--activites", ACTIVITY, "--sujet", "ndrc1"]
    )
    page.goto((prepared / "LISEZ-MOI.html").as_uri())
    _shoot(page, "preparation")
    with zipfile.ZipFile(prepared / "sujets" / f"{ACTIVITY}.zip") as subject:
        subject.extractall(folder)
    server = LabServer(folder / ACTIVITY, options=("--LabApp.expose_app_in_browser=True",), environment={})
    lab = server.start(timeout=60)
    try:
        _open(page, f"{lab.url}lab/tree/{ACTIVITY}.ipynb?token={lab.token}")
        card = _card(page, "A7-Q2")
        card.get_by_role("button", name="Vérifier").click()
        page.wait_for_timeout(1500)
        _shoot(page, "evaluation")
    finally:
        server.stop()
    _formgrader(page, prepared)


def _formgrader(page: Any, prepared: Path) -> None:
    course = prepared / "nbgrader"
    loaded = load_activity(activity_folder(ACTIVITY), datasets_folder())
    notebook = json.loads((course / "release" / ACTIVITY / f"{ACTIVITY}.ipynb").read_text("utf-8"))
    answers = {question.id: {"valeur": loaded.keys[question.id].answer} for question in loaded.activity.marked}
    notebook["metadata"]["crc_lab"] |= {
        "eleve": {"nom": "Inès Garnier", "identifiant": "igarnier"},
        "reponses": answers,
    }
    copy = prepared / f"{ACTIVITY}.ipynb"
    copy.write_text(json.dumps(notebook), encoding="utf-8")
    crc_lab(["corriger", str(copy), "--preparation", str(prepared), "--sortie", str(prepared.parent / "resultats")])
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        ((name,),) = gradebook.execute("select id from submitted_notebook")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"]
    program = str(Path(sys.executable).with_name("jupyter-lab"))
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    child = subprocess.Popen(
        [program, *options, "--IdentityProvider.token=captures"],
        cwd=course,
        env={**os.environ, "PATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        page.context.set_extra_http_headers({"Authorization": "token captures"})
        for _ in range(60):
            try:
                page.goto(f"http://127.0.0.1:{port}/formgrader/submissions/{name}/")
                break
            except PlaywrightError:
                page.wait_for_timeout(500)
        page.get_by_text("Réponse de l’élève").first.scroll_into_view_if_needed()
        page.wait_for_timeout(1500)
        _shoot(page, "formgrader")
    finally:
        child.terminate()
        child.wait(timeout=30)


def _open(page: Any, address: str) -> None:
    page.goto(address)
    page.wait_for_selector(".jp-NotebookPanel", timeout=30_000)
    page.wait_for_function(NOTEBOOK_READY, timeout=90_000)


def _card(page: Any, question: str) -> Any:
    page.evaluate(GO, f"q-{question.lower()}")
    card = page.locator(f'.jp-NotebookPanel:not(.lm-mod-hidden) [data-crc-question="{question}"]')
    card.wait_for()
    page.wait_for_timeout(500)
    return card


def _check(card: Any) -> None:
    card.get_by_role("button", name="Vérifier").click()
    card.locator(".retour .verdict").first.wait_for()
    card.page.wait_for_timeout(500)


def _shoot(page: Any, name: str) -> None:
    """The screen, in as many colours as it takes to look the same: a quarter of the bytes."""
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shot.quantize(128, dither=Image.Dither.NONE).save(IMAGES / f"{name}.png", optimize=True)
    print(f"docs/images/{name}.png")


if __name__ == "__main__":
    main()
