"""The real workbook in a real JupyterLab: its own notebooks, its own cards, from the first click to the mark."""

from __future__ import annotations

import time
import urllib.request


def answer_with_the_keyboard_alone(workbook, page):
    """The four marked questions of activity 4."""
    grid = workbook.card("A4-Q1")
    grid.locator("table [tabindex='0']").focus()
    for key in ("Control+Home", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "Space"):
        page.keyboard.press(key)
    workbook.wait_saved("A4-Q1", [["3", "civilite"]])
    pairs = workbook.card("A4-Q2")
    pairs.locator("input[inputmode=numeric]").first.focus()
    for text, key in (("13", "Tab"), ("37", "Enter")):
        page.keyboard.type(text)
        page.keyboard.press(key)
    workbook.wait_saved("A4-Q2", [["13", "37"]])
    parts = workbook.card("A4-Q3")
    parts.locator("input[type=text]").focus()
    page.keyboard.type("8,33")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    workbook.wait_saved("A4-Q3", {"taux": "8,33", "conforme": "non"})
    page.keyboard.press("Enter")
    parts.locator(".retour .verdict").first.wait_for()
    matching = workbook.card("A4-Q4")
    matching.locator("select").first.focus()
    page.keyboard.press("v")
    page.keyboard.press("Tab")
    workbook.wait_saved("A4-Q4", {"o3": "verifier"})


def test_answers_given_with_the_keyboard_alone_outlive_restart_rename_dead_kernel_and_rerun(
    workbook, page, page_problems, lab, commande
):
    workbook.open("04_qualifier")
    answer_with_the_keyboard_alone(workbook, page)
    rate = {"taux": "8,33", "conforme": "non"}
    assert "2 / 2" in workbook.check("A4-Q3")

    def shown() -> None:
        card = workbook.card("A4-Q3")
        assert card.locator("input[type=text]").input_value() == "8,33"
        assert card.locator("input:checked").get_attribute("value") == "non"
        card.locator(".retour .verdict").first.wait_for()
        assert workbook.saved("A4-Q3") == rate

    lab.redemarrer()  # another day
    workbook.open("04_qualifier")
    workbook.check_shown()
    shown()

    renamed = workbook.path.with_name("TP 4 de Zoé (1).ipynb")
    commande(page, "docmanager:save")
    page.evaluate("path => window.jupyterapp.shell.currentWidget.context.rename(path)", renamed.name)
    workbook.path = renamed
    workbook.attendre(renamed.is_file, "le carnet renommé", page=page)
    shown()

    kernel = page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.id")
    request = urllib.request.Request(
        f"{lab.running.url}api/kernels/{kernel}",
        method="DELETE",
        headers={"Authorization": f"token {lab.running.token}"},
    )
    urllib.request.urlopen(request, timeout=10).close()
    parts = workbook.card("A4-Q3")
    parts.locator("input[type=text]").fill("8,4")
    parts.locator("input[type=text]").press("Tab")
    workbook.wait_saved("A4-Q3", {"taux": "8,4", "conforme": "non"})

    before = time.monotonic()
    page.get_by_text("Tout relancer").first.click()
    page.wait_for_timeout(1500)
    lab.attendre_noyau(page)
    assert time.monotonic() - before < 25, "a kernel that the server has lost is not waited for"
    workbook.card("A4-Q3").locator("input[type=text]").wait_for()
    assert workbook.card("A4-Q3").locator("input[type=text]").input_value() == "8,4"
    assert "1 / 2" in workbook.check("A4-Q3")
    assert workbook.saved("A4-Q3") == {"taux": "8,4", "conforme": "non"}
    # what JupyterLab itself says of views saved by an earlier kernel, and of a session that is gone
    known = ("widget model not found", "status of 404")
    page_problems[:] = [text for text in page_problems if not any(part in text for part in known)]
