"""Figures of the narrative: ``figure("06-dates")`` shows one, an image with its description in words.

They are drawn once, by ``tools/figures`` when the workbook is built (``crc-lab construire``), and kept in ``pictures/``
with their descriptions: nothing has to be drawn on the machine of a student. A subject has those of its notebook in its
own folder, ``figures/``, in the same form, and shows no others. A drawing is made on :func:`new_figure`, in the calm
style that all of them share, and given to :func:`picture`: matplotlib's object without pyplot, so that nothing is
registered anywhere and nothing has to be closed.
"""

from __future__ import annotations

import base64
import io
import tomllib
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crc_lab.core.errors import SheetProblem, UnknownName
from crc_lab.core.model import Table
from crc_lab.core.resources import PICTURE_TEXTS, SUBJECT_PICTURES, datasets_folder, inside_subject, read_table
from crc_lab.core.sheet import read_own_sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


INK, SOFT_INK, LINE, PAPER = "#1d3557", "#52617a", "#d9d4c7", "#fffdf9"
BLUE, ORANGE, GREEN, GREY = "#1d4e89", "#b5462f", "#1b7a4b", "#8a94a6"
"""Told apart by lightness as well as by hue; meaning is never carried by colour alone (labels, hatching)."""
_DPI = 144
PNG, SVG = "image/png", "image/svg+xml"
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
    """``image``; ``alt``: what it shows, in French, for those who do not see it; ``caption``: a line below."""

    image: bytes
    alt: str
    caption: str = ""
    width: int = 0
    kind: str = PNG

    def _repr_html_(self) -> str:
        image = base64.b64encode(self.image).decode("ascii")
        caption = f'<figcaption style="font-size:13px">{escape(self.caption)}</figcaption>' if self.caption else ""
        size = f"width:{self.width}px;" if self.width else ""
        return (
            f'{_STYLE}<figure class="crc-figure" style="margin:8px 0"><img alt="{escape(self.alt, quote=True)}" '
            f'src="data:{self.kind};base64,{image}" style="{size}max-width:100%;height:auto">{caption}</figure>'
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


def new_figure(width: float = 7.2, height: float = 3.4) -> tuple[Figure, Axes]:
    """A figure of ``width`` × ``height`` inches with one pair of axes in the common style."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), facecolor=PAPER, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_facecolor(PAPER)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(LINE)
    axes.tick_params(colors=SOFT_INK, labelsize=9, length=0)
    axes.xaxis.label.set_color(SOFT_INK)
    axes.yaxis.label.set_color(SOFT_INK)
    axes.title.set_color(INK)
    axes.title.set_fontsize(11)
    return figure, axes


def canvas(width: float, height: float, right: float, top: float) -> tuple[Figure, Axes]:
    """A figure to draw on, without axes: from (0, 0) to (``right``, ``top``)."""
    figure, axes = new_figure(width, height)
    axes.set_axis_off()
    axes.set_xlim(0, right)
    axes.set_ylim(0, top)
    return figure, axes


def picture(figure: Figure, alt: str, caption: str = "", kind: str = PNG) -> Picture:
    """The finished picture of ``figure``; the same drawing gives the same bytes."""
    from matplotlib import rc_context

    buffer = io.BytesIO()
    if kind == SVG:
        with rc_context({"svg.hashsalt": "crc-lab", "svg.fonttype": "path"}):
            figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    else:
        figure.savefig(buffer, format="png", dpi=_DPI, metadata={"Software": None})
    return Picture(buffer.getvalue(), alt, caption, round(figure.get_figwidth() * 96), kind)


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
    return Picture((folder / f"{name}.svg").read_bytes(), said["alt"], said["caption"], said["width"], SVG)


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
