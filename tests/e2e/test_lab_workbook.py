"""The real workbook, as a student opens it: every notebook shows its cards without a click and without an error."""

from __future__ import annotations

import re

from crc_lab.resources import activity_ids, workbook_root


def test_every_notebook_of_the_workbook_shows_its_cards(lab, page, attendre, photo):
    for activity in activity_ids():
        text = (workbook_root() / "notebooks" / activity / "activite.py").read_text("utf-8")
        questions = len(re.findall(r"^question\(", text, re.MULTILINE))
        carnet = lab.dossier / activity / f"{activity}.ipynb"
        lab.ouvrir(page, carnet)
        panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        attendre(lambda: panel.locator(".crc").count() >= questions, f"{activity} : {questions} cartes", 30, page)  # noqa: B023
        assert panel.locator('[data-mime-type="application/vnd.jupyter.error"]').count() == 0
        assert panel.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count() == 0
        assert page.locator(".Toastify__toast").count() == 0
        photo(page, activity)
