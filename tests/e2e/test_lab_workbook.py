"""The real workbook, as a student opens it: every notebook shows its cards without a click and without an error."""

from __future__ import annotations

import re

from crc_lab.resources import activity_ids, workbook_root


def test_every_notebook_of_the_workbook_shows_its_cards_and_shows_them_again_another_day(lab, page, attendre, photo):
    for day in ("un", "deux"):
        for activity in activity_ids():
            text = (workbook_root() / "notebooks" / activity / "activite.py").read_text("utf-8")
            questions = len(re.findall(r"^question\(", text, re.MULTILINE))
            carnet = lab.dossier / activity / f"{activity}.ipynb"
            lab.ouvrir(page, carnet)
            panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
            attendre(lambda: panel.locator(".crc").count() >= questions, f"{questions} cartes", 30, page)  # noqa: B023
            for kind in ("error", "stderr"):
                assert panel.locator(f'[data-mime-type="application/vnd.jupyter.{kind}"]').count() == 0, activity
            assert page.locator(".Toastify__toast").count() == 0
            photo(page, f"jour_{day}_{activity}")
            attendre(lambda: not page.evaluate("window.jupyterapp.status.isDirty"), "le carnet enregistré", 15, page)
        lab.redemarrer()
