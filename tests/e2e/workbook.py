"""One notebook on the screen, as a person uses it: scroll to a card, check it, sign and hand in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crc_lab.core.bank import LoadedActivity
from crc_lab.notebook.cards import FLASHCARDS
from tests.loaded import loaded_activity

FRONT = ".jp-NotebookPanel:not(.lm-mod-hidden)"
SHORTCUT_PLACES = (
    "h3",
    "button.principal",
    "input, select, textarea, td, li button, .restantes button, .replique, .passage",
)
CLEAN = "!window.jupyterapp.shell.currentWidget.context.model.dirty"


@cache
def loaded(activity: str) -> LoadedActivity:
    return loaded_activity(activity)


def text_of(locator: Any) -> str:
    """What is shown there, with plain spaces."""
    return str(locator.inner_text()).replace("\u00a0", " ")


class Workbook:
    """One notebook on the screen. JupyterLab takes the cells out of view out of the page: ``card`` scrolls first."""

    def __init__(self, lab: Any, page: Any, attendre: Any, sheet_on_disk: Any) -> None:
        self.lab, self.page, self.attendre, self._sheet_on_disk = lab, page, attendre, sheet_on_disk
        self.activity, self.path = "", Path()

    def notebook(self, activity: str, folder: str = "") -> Path:
        """The file of an activity; ``folder``: of the workbook in this folder of JupyterLab's."""
        return Path(self.lab.dossier) / folder / activity / f"{activity}.ipynb"

    def open(self, activity: str, folder: str = "") -> Workbook:
        """Show the notebook of an activity."""
        self.activity, self.path = activity, self.notebook(activity, folder)
        self.lab.ouvrir(self.page, self.path)
        return self

    def then_open(self, activity: str, folder: str = "") -> Workbook:
        """Save the notebook, close it with its kernel, show another one in the same window: sooner than ``open``."""
        self.activity, self.path = activity, self.notebook(activity, folder)
        self.page.evaluate(
            """async path => {
              const { commands, shell } = window.jupyterapp;
              const before = shell.currentWidget;
              await before.context.save();
              await before.context.sessionContext.shutdown();
              await commands.execute("docmanager:open", { path });
              before.close();
            }""",
            self.path.relative_to(self.lab.dossier).as_posix(),
        )
        self.lab.attendre_noyau(self.page)
        return self

    def check_shown(self) -> None:
        """Every card came without a click and without an error, and nothing is left to save."""
        panel = self.page.locator(FRONT)
        for question in loaded(self.activity).activity.questions:
            card = panel.locator(f'[data-crc-question="{question.id}"]')
            card.wait_for(timeout=30_000)
            assert question.title in card.inner_text()
            if question.kind != FLASHCARDS:  # else a kind unknown to this version
                assert card.get_by_role("button", name="Vérifier").is_visible()
        for kind in ("error", "stderr"):
            assert panel.locator(f'[data-mime-type="application/vnd.jupyter.{kind}"]').count() == 0
        assert self.page.locator(".Toastify__toast").count() == 0
        self.attendre(lambda: self.page.evaluate(CLEAN), "le carnet enregistré", 15, self.page)

    def card(self, question: str) -> Any:
        self.page.evaluate(
            """async id => {
              const { content } = window.jupyterapp.shell.currentWidget;
              const at = content.widgets.findIndex(cell => cell.model.id === id);
              content.activeCellIndex = at;
              await content.scrollToItem(at, "start");
            }""",
            f"q-{question.lower()}",
        )
        found = self.page.locator(f'{FRONT} [data-crc-question="{question}"]')
        found.wait_for(timeout=30_000)
        return found

    def check(self, question: str) -> str:
        """Click « Vérifier », wait for what it says of the answer as it is now, and give it back."""
        card = self.card(question)
        card.get_by_role("button", name="Vérifier", exact=True).click()
        card.locator("button.principal:not([aria-disabled])").wait_for(timeout=20_000)
        card.locator(".retour:not(.ancien) .verdict").first.wait_for(timeout=20_000)
        return text_of(card.locator(".retour").first)

    def try_shortcuts(self, questions: Iterable[str]) -> None:
        """Jupyter's own keys, struck in several places of these cards, leave the cells of the notebook alone. What
        they write in the fields stays there."""
        before = self.cells()
        for question in questions:
            card = self.card(question)
            for place in SHORTCUT_PLACES:
                card.locator(place).first.click(force=True)
                for key in ("d", "d", "x", "a", "b", "m", "Escape", "d", "d", "x", "a", "b"):
                    self.page.keyboard.press(key)
        assert self.cells() == before, self.activity

    def progress(self) -> str:
        """What the card at the top says."""
        self.page.evaluate("jupyterapp.shell.currentWidget.content.scrollToItem(0)")
        card = self.page.locator(f"{FRONT} .avancement")
        card.wait_for()
        return text_of(card)

    def hand_in(self, name: str) -> str:
        """Sign, hand in, save (Ctrl + S), wait until the name is in the file, and give back what the last card says."""
        self.page.evaluate(
            "(({ content }) => content.scrollToItem(content.widgets.length - 1))(jupyterapp.shell.currentWidget)"
        )
        card = self.page.locator(f"{FRONT} .crc").filter(has_text="Rendre mon travail")
        card.get_by_label("Votre nom et votre prénom").fill(name)
        card.get_by_role("button", name="Télécharger ma copie").click()
        card.get_by_text("Votre copie est dans").wait_for()
        self.page.keyboard.press("Control+s")
        self.attendre(
            lambda: (self.sheet().get("eleve") or {}).get("nom") == name, "le nom dans le fichier", page=self.page
        )
        return text_of(card)

    def cells(self) -> int:
        return int(self.page.evaluate("window.jupyterapp.shell.currentWidget.content.model.cells.length"))

    def saved(self, question: str) -> Any:
        return self.sheet().get("reponses", {}).get(question, {}).get("valeur")

    def sheet(self) -> dict[str, Any]:
        """The answer sheet of the file, once Jupyter is not in the middle of writing it."""
        return dict(self._sheet_on_disk(self.path))

    def wait_all_saved(self, answers: Mapping[str, Any]) -> None:
        """Wait until the file holds these answers as they were given; what differs is told."""

        def missing() -> list[str]:
            return [question for question, value in answers.items() if not same(self.saved(question), value)]

        try:
            self.attendre(lambda: not missing(), "les réponses dans le fichier", page=self.page)
        except pytest.fail.Exception:
            assert {one: self.saved(one) for one in missing()} == {one: answers[one] for one in missing()}

    def wait_saved(self, question: str, value: Any) -> None:
        try:
            self.attendre(lambda: self.saved(question) == value, f"{question} dans le fichier", page=self.page)
        except pytest.fail.Exception:
            assert self.saved(question) == value


def same(saved: Any, given: Any) -> bool:
    """The answer in the file is the one given: the order of circled cells is the grid's, the other rows are blank."""
    if isinstance(given, dict) and "lignes" in given:
        columns, count = given["colonnes"], len(given["lignes"])
        rows = [dict(zip(saved["colonnes"], row, strict=True)) for row in saved["lignes"]] if saved else []
        blank = [text for row in rows[count:] for name, text in row.items() if name != columns[0] and text]
        return [[row[name] for name in columns] for row in rows[:count]] == given["lignes"] and not blank
    if given and isinstance(given, list) and isinstance(given[0], list):
        return sorted(saved or []) == sorted(given)
    return bool(saved == given)


def cell(card: Any, row: str, column: str) -> Any:
    """One cell of a card's grid, by its row's number and the name of its column in the file (shown on hovering)."""
    grid = card.locator("table[role=grid]")
    at = grid.locator("thead th").evaluate_all("all => all.map(th => th.dataset.colonne)").index(column)
    name = card.page.locator("th").filter(has_text=re.compile(rf"^\D*{row}$"))
    line = grid.locator("tbody tr").filter(has=name)
    return line.locator("th, td").nth(at)
