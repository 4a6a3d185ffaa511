"""What the two kinds of pages share: the template engine, words for verdicts, French typography.

Everything is escaped by the engine. The pages are complete by themselves: no script, no font, no image from elsewhere,
and a content policy that forbids any.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from crc_lab.core import feedback
from crc_lab.core.model import Verdict
from crc_lab.core.wording import NBSP, count, french, listing

_TEMPLATES = Path(__file__).resolve().parent / "templates"
_BOLD = re.compile(r"\*\*(\S(?:[^*]*\S)?)\*\*")

WORDS = {
    **feedback.WORDS,
    Verdict.NON_REPONDU: "Sans réponse",
    Verdict.A_RELIRE: "À relire par votre professeur",
}
"""Verdicts once the copy is handed in: « pas encore » and « à la correction » are over."""


@cache
def _engine() -> jinja2.Environment:
    engine = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    engine.filters |= {
        "francais": french,
        "points": points,
        "fin": fine_points,
        "note": mark,
        "pourcent": percent,
        "compte": count,
    }
    engine.filters |= {"liste": listing, "message": message}
    return engine


def render(template: str, **values: Any) -> bytes:
    """The page as UTF-8 bytes: the same values give the same bytes."""
    return _engine().get_template(template).render(**values).encode("utf-8", "replace")


def points(value: float) -> str:
    """« 3,5 »: the points of a question, to a quarter of a point."""
    return feedback.number_text(feedback.rounded(value, feedback.QUESTION_STEP))


def fine_points(value: float) -> str:
    """« 0,97 »: the points of a criterion, to a hundredth, so that a partial one is never shown as full."""
    return feedback.number_text(feedback.rounded(value, feedback.CRITERION_STEP))


def message(text: str) -> Markup:
    """A message, escaped; its ``**bold**`` (the only Markdown that messages use) is kept."""
    return Markup(_BOLD.sub(r"<strong>\1</strong>", str(escape(french(text)))))  # escaped just before


def mark(value: float) -> str:
    """« 13,4 »: to a tenth."""
    return feedback.number_text(feedback.rounded(value, feedback.MARK_STEP))


def percent(share: float) -> str:
    """« 46 % »."""
    return f"{round(100 * share)}{NBSP}%"
