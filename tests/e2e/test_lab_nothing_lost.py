"""Nothing typed is lost: the tab is killed, the notebook is opened twice, the file is put back as it was yesterday."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress

from playwright.sync_api import Error

from tests.e2e.workbook import cell

ACTIVITY = "03_structurer"
CELLS = [f'from crc_lab import debut, question\ndebut("{ACTIVITY}")', 'question("A3-Q1")', 'question("A3-Q2")']
LINE = "[data-crc-question='A3-Q1'] input[type=text]"
ANSWERS = "JSON.stringify(jupyterapp.shell.currentWidget.context.model.getMetadata('crc_lab').reponses ?? {})"


def notebook(atelier, *more):
    return atelier.carnet(f"{ACTIVITY}/{ACTIVITY}.ipynb", [*CELLS, *more], activite=ACTIVITY)


def kill(page):
    """As the system does when memory runs out: the page hears nothing of it."""
    with suppress(Error):
        page.goto("chrome://crash", timeout=2000)


def test_what_was_being_typed_survives_a_killed_tab_and_goes_to_no_other_notebook(atelier, lab, page, attendre, photo):
    carnet = notebook(atelier)
    blank = shutil.copy(carnet, carnet.with_name("vierge.ipynb"))
    lab.ouvrir(page, carnet)
    page.locator(LINE).first.type("un fichier", delay=60)
    cell(page.locator("[data-crc-question='A3-Q2']"), "3", "nom").click()
    page.keyboard.type("MARTINE", delay=60)
    kill(page)
    again = page.context.new_page()
    lab.ouvrir(again, carnet)
    answers = again.evaluate(ANSWERS)
    assert "un fichier" in answers
    assert "MARTINE" in answers
    assert again.locator(LINE).first.input_value() == "un fichier"
    photo(again, "retrouve")
    attendre(lambda: "MARTINE" in carnet.read_text("utf-8"), "le fichier à jour", 30, again)
    again.goto("about:blank")
    shutil.copy(blank, carnet)  # somebody else begins, in the same place of the same computer
    lab.ouvrir(again, carnet)
    assert again.evaluate(ANSWERS) == "{}"


def test_the_answers_of_another_day_what_is_typed_without_a_pause_and_two_tabs_of_one_notebook(
    atelier, lab, page, attendre, feuille_sur_disque, photo
):
    """Three things that are done in the same window, one after the other: a page of JupyterLab is long to load."""
    carnet = notebook(atelier, "from crc_lab import progression\nprogression()")
    copies = carnet.parent.parent / ".crc-lab" / "copies"
    copies.mkdir(parents=True)
    held = {"A3-Q1": {"valeur": ["hier", ""], "date": "2026-11-28T18:04:00+01:00"}}
    copy = {"le": "2026-11-29T09:00:00+01:00", "feuille": {"version": 1, "activite": ACTIVITY, "reponses": held}}
    (copies / f"{ACTIVITY}.json").write_text(json.dumps([copy]), "utf-8")
    lab.ouvrir(page, carnet)
    page.locator(LINE).first.fill("maintenant")
    page.locator(LINE).first.press("Tab")
    top = page.locator(".crc .avancement")
    top.get_by_text("Retrouver mes réponses d’un autre jour").click()
    assert "samedi 28 novembre" in top.inner_text()
    for word in ("hier", "maintenant"):
        top.get_by_role("button", name="Reprendre").click()
        photo(page, f"autres_jours_{word}")
        top.get_by_role("button", name="Remplacer 1 réponse : cliquez encore").click()
        attendre(lambda: page.locator(LINE).first.input_value() == word, f"« {word} » dans la carte", page=page)  # noqa: B023
        kept = lambda: feuille_sur_disque(carnet).get("reponses", {}).get("A3-Q1", {}).get("valeur")  # noqa: E731
        attendre(lambda: (kept() or [""])[0] == word, f"« {word} » dans le fichier", page=page)  # noqa: B023
        assert "1 réponse reprise" in top.inner_text().replace("\u00a0", " ")

    # who types without a pause is saved every two seconds, and the checkpoint takes nothing away
    page.evaluate("jupyterapp.shell.currentWidget.context.createCheckpoint()")
    field = page.locator(LINE).first
    field.fill("")

    def saved():
        return feuille_sur_disque(carnet).get("reponses", {}).get("A3-Q1", {"valeur": [""]})["valeur"][0]

    early = ""
    for _ in range(8):
        typed = field.input_value()
        page.keyboard.type("abcdefghij", delay=60)
        answer = saved()
        if len(typed) >= 60:
            early = answer
    assert len(early) >= 35  # 80 characters typed in some five seconds
    attendre(lambda: saved() == "abcdefghij" * 8, "toute la réponse", page=page)
    page.evaluate(
        """async () => {
          const { context } = jupyterapp.shell.currentWidget;
          const [checkpoint] = await context.listCheckpoints();
          await context.restoreCheckpoint(checkpoint.id);
          await context.revert();
        }"""
    )
    assert "abcdefghij" in page.evaluate(ANSWERS)
    attendre(lambda: saved().startswith("abcdefghij"), "la réponse, de nouveau dans le fichier", page=page)

    # a second tab takes the cards, and the first takes them back
    page.locator(LINE).first.fill("premier onglet")
    other = page.context.new_page()
    lab.ouvrir(other, carnet)
    assert other.locator(LINE).first.input_value() == "premier onglet"
    page.get_by_text("Ce carnet est ouvert dans un autre onglet.").wait_for()
    photo(page, "ailleurs")
    other.locator(LINE).last.fill("second onglet")
    page.get_by_role("button", name="Continuer ici").click()
    other.get_by_role("button", name="Continuer ici").wait_for()
    page.locator(LINE).first.wait_for()
    assert [field.input_value() for field in page.locator(LINE).all()] == ["premier onglet", "second onglet"]
    page.locator(LINE).first.fill("premier onglet, corrigé")
    both = ["premier onglet, corrigé", "second onglet"]
    attendre(lambda: feuille_sur_disque(carnet)["reponses"]["A3-Q1"]["valeur"] == both, "les deux réponses", page=page)
