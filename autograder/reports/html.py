"""What the two kinds of pages share: the template engine, words for verdicts, French typography.

Everything is escaped by the engine. The pages are complete by themselves: no script, no font, no image from elsewhere,
and a content policy that forbids any.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from crc_lab.core import feedback
from crc_lab.core.wording import NBSP, count, french, listing

_TEMPLATES = Path(__file__).resolve().parent / "templates"
_BOLD = re.compile(r"\*\*(\S(?:[^*]*\S)?)\*\*")


@cache
def _engine() -> jinja2.Environment:
    engine = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    engine.filters |= {
        "francais": french, "points": feedback.number_text, "cout": cost, "pourcent": percent, "compte": count,
        "liste": listing, "message": message,
    }  # fmt: skip
    return engine


def render(template: str, **values: Any) -> bytes:
    """The page as UTF-8 bytes: the same values give the same bytes."""
    return _engine().get_template(template).render(**values).encode("utf-8", "replace")


def cost(points: Decimal) -> str:
    """« − 0,4 »: the points that a hint took away."""
    return f"−{NBSP}{feedback.number_text(points)}"


def message(text: str) -> Markup:
    """A message, escaped; its ``**bold**`` (the only Markdown that messages use) is kept."""
    return Markup(_BOLD.sub(r"<strong>\1</strong>", str(escape(french(text)))))  # escaped just before


def percent(share: float) -> str:
    """« 46 % »."""
    return f"{round(100 * share)}{NBSP}%"
