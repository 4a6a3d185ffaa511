"""The real workbook, as a student opens it: every notebook shows its cards without a click and without an error."""

from __future__ import annotations

import re

from crc_lab.resources import activity_ids, workbook_root
from tests.e2e.workbook import FRONT

ANOTHER_DAY = ("00_accueil", "02_reglementation", "06_scorer", "08_lexique")


def test_every_notebook_of_the_workbook_shows_its_cards_and_shows_them_again_another_day(workbook, page, lab, photo):
    activities = activity_ids()
    assert set(ANOTHER_DAY) < set(activities)
    for day, opened in (("un", activities), ("deux", ANOTHER_DAY)):
        for activity in opened:
            (workbook.open if activity == opened[0] else workbook.then_open)(activity)
            shows_its_cards(workbook, activity)
            photo(page, f"jour_{day}_{activity}")
        lab.redemarrer()


def shows_its_cards(workbook, activity):
    text = (workbook_root() / "notebooks" / activity / "activite.py").read_text("utf-8")
    questions = len(re.findall(r"^question\(", text, re.MULTILINE))
    panel = workbook.page.locator(FRONT)
    workbook.attendre(lambda: panel.locator(".crc").count() >= questions, f"{questions} cartes", 30, workbook.page)
    for kind in ("error", "stderr"):
        assert panel.locator(f'[data-mime-type="application/vnd.jupyter.{kind}"]').count() == 0, activity
    assert workbook.page.locator(".Toastify__toast").count() == 0
    clean = "!window.jupyterapp.shell.currentWidget.context.model.dirty"
    workbook.attendre(lambda: workbook.page.evaluate(clean), f"{activity} enregistré", 30, workbook.page)
