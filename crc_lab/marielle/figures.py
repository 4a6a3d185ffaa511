"""Figures of the narrative: ``figure("06-dates")`` shows one.

They are drawn once, by ``tools/figures`` when the workbook is built (``crc-lab construire``), and kept in ``pictures/``
with their descriptions: nothing has to be drawn on the machine of a student.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from crc_lab.core.errors import UnknownName
from crc_lab.marielle.picture import SVG, WAIT, Picture, in_assessment

PICTURES = Path(__file__).with_name("pictures")
TEXTS = PICTURES / "pictures.toml"
"""By name: ``alt``, ``caption``, ``width`` (pixels), ``after`` (an activity whose answers the figure sums up: an
assessment does not show it)."""


@cache
def described() -> dict[str, dict[str, Any]]:
    return tomllib.loads(TEXTS.read_text(encoding="utf-8"))


def load(name: str) -> Picture:
    """The picture called ``name``; raises :class:`UnknownName` when no figure bears that name."""
    if name not in described():
        raise UnknownName("nom de figure", name, sorted(described()))
    said = described()[name]
    return Picture((PICTURES / f"{name}.svg").read_bytes(), said["alt"], said["caption"], said["width"], SVG)


def figure(name: str) -> None:
    """Montre une figure du cahier, par exemple ``figure("06-dates")``, et sa description pour qui ne la voit pas."""
    from IPython.display import HTML, display

    after = described().get(name, {}).get("after", "")
    waits = after and in_assessment(after)
    display(HTML(f"<p><em>{WAIT}</em></p>") if waits else load(name))  # type: ignore[no-untyped-call]
