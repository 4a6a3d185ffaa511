"""Figures of the narrative: ``figure("06-dates")`` shows one.

They are drawn once, by ``tools/figures`` when the workbook is built (``crc-lab construire``), and kept in ``pictures/``
with their descriptions: nothing has to be drawn on the machine of a student. A subject has those of its notebook in its
own folder, ``figures/``, in the same form, and shows no others.
"""

from __future__ import annotations

import tomllib
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from crc_lab.core.errors import UnknownName
from crc_lab.core.resources import PICTURE_TEXTS, SUBJECT_PICTURES, inside_subject
from crc_lab.marielle.picture import SVG, WAIT, Folded, Picture, in_assessment, was_checked

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
