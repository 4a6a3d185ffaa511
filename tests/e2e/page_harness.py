"""A plain page that shows cards with a fake model, a fake plugin and a fake Python: for tests/e2e/test_cards_*.py."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from crc_lab.core.resources import read_table
from crc_lab.notebook.widgets import CARDS, bundle, loader

HERE = Path(__file__).parent
DATASETS = HERE.parents[1] / "datasets"
ADDRESS = "https://cahier.test/"
NBSP = "\u00a0"
DATE = "2026-11-22T10:00:00+01:00"
RIGHT = {"verdict": "JUSTE", "points": 2, "sur": 2, "html": '<p><span class="verdict">Juste · 2 / 2.</span></p>'}


class Harness:
    """The page, and short ways to the card called ``name`` (the id of its question by default)."""

    def __init__(self, page: Any) -> None:
        self.page = page
        page.route(
            f"{ADDRESS}**",
            lambda route: route.fulfill(body=(HERE / "harness.html").read_text("utf-8"), content_type="text/html"),
        )
        page.goto(ADDRESS)

    def card(self, question: dict[str, Any], **traits: Any) -> Any:
        """Show one question; the other traits are those of :class:`crc_lab.notebook.widgets.Carte`.

        An answer (``valeur``) has a date by itself.
        """
        spec = {
            "activite": "06_scorer",
            "points": 2,
            "edition": "entrainement",
            "indices": 0,
            "enonce_html": "<p>Répondez.</p>",
            **question,
        }
        values = {
            "question": spec,
            "valeur": None,
            "source_valeur": "carte",
            "date_valeur": DATE if "valeur" in traits else "",
            "retour": None,
            "etat": {},
            **traits,
        }
        return self.show(spec["id"], "card", values)

    def show(self, name: str, entry: str, traits: dict[str, Any] | None) -> Any:
        """Mount a card in an element of this id; without ``traits``, a second view of the card mounted last.

        ``entry`` is the name of one of the cards, or a module that takes its place.
        """
        if not self.page.evaluate("Boolean(window.crcLab)"):  # as a widget of its own does, in each page that is loaded
            self.page.evaluate("code => essai.run(code).then(() => null)", bundle())
        before = self._read(name)
        text = loader(entry) if entry in CARDS else entry
        self.page.evaluate("([name, script, traits]) => essai.mount(name, script, traits)", [name, text, traits])
        for _ in range(
            60 if entry in ("card", text) else 0
        ):  # a card asks for its stored answer, however slow the machine
            if self._read(name) > before:
                break
            self.page.wait_for_timeout(50)
        self.page.wait_for_timeout(80)
        return self.page.locator(f"#{name}")

    def _read(self, name: str) -> int:
        """How many times the card of this question has asked for its stored answer."""
        asked = "name => essai.events.filter(([type, detail]) => type === 'crc-relire' && detail.q === name).length"
        return int(self.page.evaluate(asked, name))

    def set(self, name: str, **traits: Any) -> None:
        """Python sets traits."""
        self.page.evaluate("([name, traits]) => essai.models[name].fromPython(traits)", [name, traits])

    def replace(self, name: str, value: Any, source: str) -> None:
        """Python puts another answer in the place of the one shown."""
        date = "2027-01-01T00:00:00+01:00"
        place = {"cle": name, "date": date}
        self.set(name, valeur=value, source_valeur=source, date_valeur=date, place_valeur=place)

    def tell(self, name: str, message: dict[str, Any]) -> None:
        """Python sends a message."""
        self.page.evaluate("([name, message]) => essai.models[name].message(message, [])", [name, message])

    def trait(self, name: str, trait: str) -> Any:
        return self.page.evaluate("([name, trait]) => essai.models[name].get(trait)", [name, trait])

    def stored(self, name: str) -> Any:
        """The answer that the plugin holds, or None."""
        return self.page.evaluate("name => essai.reponses[name]?.valeur ?? null", name)

    def sent(self, kind: str | None = None) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = self.page.evaluate("essai.sent")
        return [message for message in messages if kind is None or message["type"] == kind]

    def switch(self, **values: Any) -> None:
        """plugin, saving, kernel (True, False: silent, "broken": raises), reponses…"""
        self.page.evaluate("values => Object.assign(essai, values)", values)

    def theme(self, light: bool) -> None:
        self.page.evaluate("light => { document.body.dataset.jpThemeLight = String(light) }", light)
        self.page.wait_for_timeout(200)

    def check_looks(self, *narrow: int) -> None:
        """axe-core finds nothing on a wide screen and on a telephone, in light and in dark; no page scrolls sideways.

        ``narrow``: the widths of the telephone, 400 by default.
        """
        self.page.emulate_media(reduced_motion="reduce")  # no colour is looked at half way of a transition
        for width in (1366, *(narrow or (400,))):
            self.page.set_viewport_size({"width": width, "height": 800})
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width
            for light in (True, False):
                self.theme(light)
                assert (width, light, self.violations()) == (width, light, [])

    def violations(self) -> list[str]:
        """What axe-core finds, one line per rule."""
        return violations(self.page)


def violations(page: Any) -> list[str]:
    """What axe-core finds in a page, one line per rule."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.add_script_tag(content=(HERE / "vendor" / "axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] }).then(result => result.violations)")
    return [f"{rule['id']}: {rule['help']} {[node['html'][:120] for node in rule['nodes'][:3]]}" for rule in found]


def cells(card: Any, row: str, column: str) -> Any:
    """The cell of a grid: ``row`` is the text of the row header, ``column`` that of the column header."""
    heads = [
        text.removeprefix("✎ ").removesuffix(f"{NBSP}(à remplir)").removesuffix(" (à remplir)").rstrip("▲▼")
        for text in card.locator("thead th").all_text_contents()
    ]
    line = card.locator("tbody tr").filter(has=card.page.locator(f"th[scope=row]:text-matches('^[☐☑]?\\\\s*{row}$')"))
    return line.locator("td, th").nth(heads.index(column))


def keys(page: Any, *names: str) -> None:
    for name in names:
        page.keyboard.press(name)


def paste(page: Any, text: str) -> None:
    """Put a text on the clipboard as another program would, then press Ctrl+V."""
    page.evaluate(
        """text => new Promise(done => {
          const holder = document.createElement("textarea");
          const active = document.activeElement;
          holder.value = text;
          document.body.append(holder);
          holder.select();
          document.execCommand("copy");
          holder.remove();
          active.focus();
          done();
        })""",
        text,
    )
    page.keyboard.press("Control+v")


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.textContent || document.activeElement.value || ''"))


def row_of(stored: Any, row: str) -> dict[str, str]:
    return next(dict(zip(stored["colonnes"], line, strict=True)) for line in stored["lignes"] if line[0] == row)


def table(
    name: str,
    key: str,
    *,
    fill: dict[str, list[str]] | None = None,
    columns: list[str] | None = None,
    visible: list[str] | None = None,
    rows: int = 0,
) -> dict[str, Any]:
    """A spec ``tableau`` on a real data file: given columns, then the columns to ``fill`` (with their choices)."""
    source = read_table(DATASETS / name)
    shown = columns or list(source.columns)
    places = [source.columns.index(column) for column in shown]
    fill = fill or {}
    return {
        "cle": key,
        "colonnes": [{"nom": column, "saisie": False} for column in shown]
        + [{"nom": column, "saisie": True, "choix": choices} for column, choices in fill.items()],
        "lignes": [[row[place] for place in places] + [""] * len(fill) for row in source.rows[: rows or None]],
        "visibles": visible or [],
    }


SAMPLES: dict[str, Any] = tomllib.loads((HERE / "samples.toml").read_text(encoding="utf-8"))
SIMPLE: list[dict[str, Any]] = SAMPLES["simple"]
CHOICE, SEVERAL, TRUE_FALSE, NUMBER, TEXT, TEXTS, MATCHING, ORDER, OPEN, PARTS = SIMPLE
LINES: list[dict[str, Any]] = SAMPLES["lines"]


def rfm_question() -> dict[str, Any]:
    """The scoring of activity 6 on the qualified file: 53 rows, five columns to fill."""
    shown, fill = SAMPLES["rfm"]["given"], SAMPLES["rfm"]["fill"]
    return {
        **SAMPLES["rfm"]["question"],
        "tableau": table("base_qualifiee.csv", "id_contact", fill=fill, columns=shown),
    }


def cells_question() -> dict[str, Any]:
    """The cells to circle of activity 4: 60 rows, 33 columns."""
    return {**SAMPLES["cells"]["question"], "tableau": table("base_restructuree.csv", "id_contact")}


def pairs_question() -> dict[str, Any]:
    """The duplicates of activity 4, ten columns in sight."""
    tableau = table("base_restructuree.csv", "id_contact", visible=SAMPLES["pairs"]["visible"])
    return {**SAMPLES["pairs"]["question"], "tableau": tableau}
