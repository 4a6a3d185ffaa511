"""``explorer_rfm()``: move the limits of the grid and see which customers change segment.

Scoring is :mod:`crc_lab.marielle.rfm`'s alone; here are only sliders, one bar chart and one list. The chart is an SVG
written here, with a description in words: drawn again at each move, in a browser without matplotlib too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any, NamedTuple

from crc_lab.marielle import rfm
from crc_lab.marielle.figures import BLUE, INK, LINE, PAPER, SOFT_INK, SVG, WAIT, Picture, data, in_assessment
from crc_lab.marielle.rfm import ANNEXE_8, Grid, Score, State

_ACTIVITY = "06_scorer"
USUAL = {
    "months": ANNEXE_8.months,
    "purchases": ANNEXE_8.purchases,
    "euros": (ANNEXE_8.cents[0] // 100, ANNEXE_8.cents[1] // 100),
    "segments": ANNEXE_8.segments or (0, 0),
}
"""The limits of annexe 8, as the sliders show them."""
_SLIDERS = {
    "months": ("Récence : limites en mois", 1, 24, 1),
    "purchases": ("Fréquence : limites en achats", 1, 12, 1),
    "euros": ("Montant : limites en euros", 5, 300, 5),
    "segments": ("Bons clients : scores limites", 5, 45, 5),
}
"""Label, lowest, highest and step of each slider with two handles."""


class Person(NamedTuple):
    """One customer who can be scored: id, the name to show and the three data."""

    id: str
    name: str
    customer: rfm.Customer


class Change(NamedTuple):
    """One customer whose segment is not that of annexe 8."""

    person: Person
    before: Score
    after: Score


def explorer_rfm() -> None:
    """Montre l’exploration de la méthode RFM : bougez les limites, regardez les segments changer."""
    from IPython.display import HTML, display

    if in_assessment(_ACTIVITY):
        display(HTML(f"<p><em>{WAIT}</em></p>"))  # type: ignore[no-untyped-call]
        return
    display(Explorer(people()).box)  # type: ignore[no-untyped-call]


def people() -> list[Person]:
    """The customers of the qualified file who can be scored."""
    found = []
    for record in data("base_qualifiee.csv").records():
        customer = rfm.read_customer(record)
        if rfm.state(customer) is State.SCORABLE:
            name = record["raison_sociale"] or f"{record['prenom']} {record['nom']}".strip()
            found.append(Person(record["id_contact"], name, customer))
    return found


def grid_of(limits: Mapping[str, tuple[int, int]]) -> Grid:
    """Annexe 8 with other limits: ``months``, ``purchases``, ``euros`` and ``segments``; the points do not change."""
    months, purchases, euros, segments = (limits[name] for name in _SLIDERS)
    cents = (100 * euros[0], 100 * euros[1])
    return replace(ANNEXE_8, months=months, purchases=purchases, cents=cents, segments=segments)


def counts(everyone: list[Person], grid: Grid) -> Counter[str]:
    """How many customers each segment has with ``grid``."""
    return Counter(rfm.rate(person.customer, grid=grid).segment for person in everyone)


def changes(everyone: list[Person], grid: Grid) -> list[Change]:
    """The customers who change segment between annexe 8 and ``grid``, in the order of the file."""
    found = (Change(one, rfm.rate(one.customer), rfm.rate(one.customer, grid=grid)) for one in everyone)
    return [change for change in found if change.before.segment != change.after.segment]


# --- what is shown ----------------------------------------------------------------------------------------------

_WIDTH, _NAMES, _ROW, _TOP = 620, 150, 52, 12
"""Of the chart, in pixels: its width, that of the names of the segments, the height of a segment, the margin."""


def chart(everyone: list[Person], grid: Grid) -> Picture:
    """Customers per segment with ``grid``, beside those of annexe 8."""
    now, usual = counts(everyone, grid), counts(everyone, ANNEXE_8)
    unit = (_WIDTH - _NAMES) / (1.25 * len(everyone))
    rows = "".join(
        _row(_TOP + number * _ROW, name, (now[name], usual[name]), unit) for number, name in enumerate(rfm.SEGMENTS)
    )
    height = 2 * _TOP + _ROW * len(rfm.SEGMENTS)
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" '
        f'font-family="system-ui, sans-serif"><defs><pattern id="h" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<path d="M0 6L6 0" stroke="{SOFT_INK}"/></pattern></defs><rect width="100%" height="100%" fill="{PAPER}"/>'
        f'{rows}<path d="M{_NAMES} {_TOP}V{height - _TOP}" stroke="{LINE}"/></svg>'
    )
    said = " ; ".join(f"{name} : {now[name]} (annexe 8 : {usual[name]})" for name in rfm.SEGMENTS)
    return Picture(
        drawn.encode(),
        f"Nombre de clients par segment avec vos limites : {said}.",
        "Nombre de clients. En plein : vos limites. Hachuré : l’annexe 8.",
        _WIDTH,
        SVG,
    )


def _row(top: int, name: str, found: tuple[int, int], unit: float) -> str:
    """One segment: its name, its customers ``found`` now in a full bar, then those of annexe 8 in a hatched one."""
    now, usual = (round(count * unit, 1) for count in found)
    return (
        f'<text x="{_NAMES - 10}" y="{top + 28}" text-anchor="end" font-size="14" fill="{INK}">{escape(name)}</text>'
        f'<rect x="{_NAMES}" y="{top + 5}" width="{now}" height="21" fill="{BLUE}"/>'
        f'<text x="{_NAMES + now + 6}" y="{top + 21}" font-size="14" fill="{INK}">{found[0]}</text>'
        f'<rect x="{_NAMES}" y="{top + 30}" width="{usual}" height="14" fill="url(#h)" stroke="{SOFT_INK}"/>'
        f'<text x="{_NAMES + usual + 6}" y="{top + 42}" font-size="12" fill="{SOFT_INK}">annexe 8 : {found[1]}</text>'
    )


def changes_html(found: list[Change], total: int) -> str:
    """The list of the customers who change segment, as a table; a sentence when there is none."""
    if not found:
        return '<p role="status">Aucun client ne change de segment : le classement est celui de l’annexe 8.</p>'
    lines = "".join(
        f"<tr><td>{escape(change.person.id)}</td><td>{escape(change.person.name)}</td>"
        f"<td>{change.before.total}</td><td>{escape(change.before.segment)}</td>"
        f"<td>{change.after.total}</td><td>{escape(change.after.segment)}</td></tr>"
        for change in found
    )
    subject = f"{len(found)} clients sur {total} changent" if len(found) > 1 else f"1 client sur {total} change"
    heads = "".join(
        f'<th scope="col" style="text-align:left;padding:3px 12px 3px 0">{head}</th>'
        for head in ("Fiche", "Client", "Score (annexe 8)", "Segment (annexe 8)", "Nouveau score", "Nouveau segment")
    )
    return (
        f'<p role="status"><strong>{subject} de segment.</strong></p>'
        '<div style="max-height:260px;overflow:auto" tabindex="0" role="region" aria-label="Clients qui changent">'
        f'<table style="border-collapse:collapse"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>'
    )


class Explorer:
    """The widgets: ``sliders`` by name, ``button`` (back to annexe 8), ``chart`` and ``list`` (HTML), ``box`` (all)."""

    def __init__(self, everyone: list[Person]) -> None:
        """Build the widgets and show annexe 8."""
        import ipywidgets as widgets  # type: ignore[import-untyped]

        self._people = everyone
        self._quiet = False
        self.sliders: dict[str, Any] = {
            name: widgets.IntRangeSlider(
                value=USUAL[name], min=low, max=high, step=step, description=label, continuous_update=False,
                style={"description_width": "15.5em"}, layout={"width": "min(40em, 100%)"},
            )
            for name, (label, low, high, step) in _SLIDERS.items()
        }  # fmt: skip
        self.button = widgets.Button(
            description="Revenir à l’annexe 8", icon="undo", tooltip="Limites d’origine",
            layout={"width": "auto", "align_self": "flex-start"},
        )  # fmt: skip
        self.chart = widgets.HTML()
        self.list = widgets.HTML()
        for slider in self.sliders.values():
            slider.observe(self._moved, names="value")
        self.button.on_click(self.reset)
        self.box = widgets.VBox([*self.sliders.values(), self.button, self.chart, self.list])
        self._show()

    @property
    def grid(self) -> Grid:
        """The grid that the sliders make."""
        return grid_of({name: (slider.value[0], slider.value[1]) for name, slider in self.sliders.items()})

    def reset(self, _button: Any = None) -> None:
        """Put the limits of annexe 8 back, and draw once."""
        self._quiet = True
        try:
            for name, value in USUAL.items():
                self.sliders[name].value = value
        finally:
            self._quiet = False
        self._show()

    def _moved(self, _change: Any) -> None:
        if not self._quiet:
            self._show()

    def _show(self) -> None:
        grid = self.grid
        self.chart.value = chart(self._people, grid)._repr_html_()
        self.list.value = changes_html(changes(self._people, grid), len(self._people))
