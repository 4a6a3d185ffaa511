"""What the narrative shows: ``figure("06-dates")``, an image with its description in words; ``explorer_rfm()``.

The figures are drawn once, by ``tools/figures`` when the workbook is built (``crc-lab construire``), and kept in
``pictures/`` with their descriptions: nothing has to be drawn on the machine of a student. A subject has those of its
notebook in its own folder, ``figures/``, in the same form, and shows no others.
"""

from __future__ import annotations

import base64
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from crc_lab.core.errors import SheetProblem, UnknownName
from crc_lab.core.model import Table
from crc_lab.core.resources import PICTURE_TEXTS, SUBJECT_PICTURES, datasets_folder, inside_subject, read_table
from crc_lab.core.sheet import read_own_sheet
from crc_lab.marielle import rfm
from crc_lab.marielle.rfm import ANNEXE_8, Grid, Score, State

INK, SOFT_INK, LINE, PAPER = "#1d3557", "#52617a", "#d9d4c7", "#fffdf9"
BLUE, ORANGE, GREEN, GREY = "#1d4e89", "#b5462f", "#1b7a4b", "#8a94a6"
"""Told apart by lightness as well as by hue; meaning is never carried by colour alone (labels, hatching)."""
WAIT = "Cette partie s’ouvre après la correction : elle résume les réponses de l’activité."


_DARK = "filter:invert(.9) hue-rotate(180deg)"
_STYLE = (
    f'<style>body[data-jp-theme-light="false"] .crc-figure img,body.vscode-dark .crc-figure img{{{_DARK}}}'
    f"@media(prefers-color-scheme:dark){{body:not([data-jp-theme-light],[class*=vscode]) .crc-figure img{{{_DARK}}}}}"
    "@media print{.crc-figure img{filter:none!important}}</style>"
)
"""In a dark theme, paper and ink change places and the hues stay. Where nobody says which theme, the system does."""


@dataclass(frozen=True, slots=True)
class Picture:
    """``image``: an SVG; ``alt``: what it shows, in French, for those who do not see it; ``caption``: a line below."""

    image: bytes
    alt: str
    caption: str = ""
    width: int = 0

    def _repr_html_(self) -> str:
        image = base64.b64encode(self.image).decode("ascii")
        caption = f'<figcaption style="font-size:13px">{escape(self.caption)}</figcaption>' if self.caption else ""
        size = f"width:{self.width}px;" if self.width else ""
        return (
            f'{_STYLE}<figure class="crc-figure" style="margin:8px 0"><img alt="{escape(self.alt, quote=True)}" '
            f'src="data:image/svg+xml;base64,{image}" style="{size}max-width:100%;height:auto">{caption}</figure>'
        )

    def __repr__(self) -> str:
        return f"Figure : {self.alt}"


@dataclass(frozen=True, slots=True)
class Folded:
    """A picture that shows answers: folded until ``question`` was checked, ``done`` says it was. The card of the
    question opens it (``data-crc-apres``), and so may the student."""

    picture: Picture
    question: str
    done: bool = False

    def _repr_html_(self) -> str:
        said = f"Ce graphique montre les réponses : il s’ouvre une fois {escape(self.question)} vérifiée."
        return (
            f'<details data-crc-apres="{escape(self.question)}"{" open" if self.done else ""}>'
            f'<summary style="cursor:pointer"><em>{said}</em></summary>{self.picture._repr_html_()}</details>'
        )

    def __repr__(self) -> str:
        return repr(self.picture)


def data(name: str) -> Table:
    """A data file of the workbook (``base_qualifiee.csv``), the copy beside the notebook first."""
    return read_table(datasets_folder(Path.cwd()) / name)


def was_checked(activity: str, question: str) -> bool:
    """True when the notebook of ``activity`` beside us says that this question was checked at least once."""
    try:
        answer = read_own_sheet(activity, Path.cwd()).answers.get(question)
    except SheetProblem:
        return False
    return bool(answer and answer.tries)


def in_assessment(activity: str) -> bool:
    """True when the notebook of ``activity`` beside us is of the assessment edition."""
    try:
        return read_own_sheet(activity, Path.cwd()).is_assessment
    except SheetProblem:
        return False


# --- the figures of the workbook --------------------------------------------------------------------------------------

PICTURES = Path(__file__).with_name("pictures")
TEXTS = PICTURES / PICTURE_TEXTS
"""By name: ``alt``, ``caption``, ``width`` (pixels), ``after`` (an activity whose answers the figure sums up: an
assessment does not show it), ``question`` (the one after which it is shown)."""
MISSING = (
    "La figure « {} » n’est pas dans le dossier de ce sujet. Elle illustre le cours : aucune question n’en dépend."
)


@cache
def described(folder: Path = PICTURES) -> dict[str, dict[str, Any]]:
    """What is said of each picture of ``folder``; nothing when it has no such file, or a damaged one."""
    try:
        return tomllib.loads((folder / PICTURE_TEXTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def load(name: str, folder: Path = PICTURES) -> Picture:
    """The picture called ``name``; raises :class:`UnknownName` when no figure of ``folder`` bears that name."""
    if name not in described(folder):
        raise UnknownName("nom de figure", name, sorted(described(folder)))
    said = described(folder)[name]
    return Picture((folder / f"{name}.svg").read_bytes(), said["alt"], said["caption"], said["width"])


def figure(name: str) -> None:
    """Montre une figure du cahier, par exemple ``figure("06-dates")``, et sa description pour qui ne la voit pas."""
    from IPython.display import HTML, display

    here = Path.cwd()
    folder = here / SUBJECT_PICTURES if (own := inside_subject(here)) else PICTURES
    about = described(folder).get(name, {})
    after, question = about.get("after", ""), about.get("question", "")
    missing = own and not (name in described(folder) and (folder / f"{name}.svg").is_file())
    said = WAIT if after and (missing or in_assessment(after)) else MISSING.format(escape(str(name))) if missing else ""
    if said:
        display(HTML(f"<p><em>{said}</em></p>"))  # type: ignore[no-untyped-call]
        return
    shown = load(name, folder)
    display(Folded(shown, question, was_checked(after, question)) if question else shown)  # type: ignore[no-untyped-call]


# --- ``explorer_rfm()``: move the limits of the grid, see which customers change segment ------------------------------
# Scoring is :mod:`crc_lab.marielle.rfm`'s alone; here are only sliders, one bar chart and one list. The chart is an SVG
# written here, with a description in words: drawn again at each move, in a browser too.

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
