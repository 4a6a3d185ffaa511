"""What the writer and the reader of the sheet of open answers agree on: its columns, and what a typed cell means."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.reports.book import harmless
from crc_lab.core.answers import parse_number
from crc_lab.core.wording import clean

KEY, NAME, QUESTION, MAXIMUM, POINTS_TITLE, COMMENT_TITLE = (
    "Repère", "Élève", "Question", "Sur", "Points", "Commentaire",
)  # fmt: skip
COLUMNS: dict[str, float] = {
    KEY: 0, NAME: 20, "Activité": 11, QUESTION: 18, "Réponse": 72, "Ce qui est attendu": 36, MAXIMUM: 6,
    POINTS_TITLE: 9, COMMENT_TITLE: 36,
}  # fmt: skip
"""Titles and widths; a column without width is hidden."""
POINTS, COMMENT = list(COLUMNS).index(POINTS_TITLE), list(COLUMNS).index(COMMENT_TITLE)

SHEET = "Réponses"
MAX_ROWS = 4_000
"""Answers in one sheet: the reader of spreadsheets refuses more than 5 000 rows."""
LONGEST_COMMENT = 4_000


@dataclass(frozen=True, slots=True)
class Typed:
    """The two cells of a row that a person fills, as text; ``new``: not what crc-lab wrote there."""

    points: str = ""
    comment: str = ""
    new: bool = False


def mark_of(typed: Typed, maximum: float) -> float | str:
    """The points typed when they are a number that may be given, else the text itself."""
    points = points_of(typed.points, maximum)
    return points if points is not None and 0 <= points <= maximum else typed.points


def points_of(text: str, maximum: float) -> float | None:
    """« 4,5 », « 4.5 pts » or « 4,5 / 12 » (where the question is out of 12) as a number; None for anything else.

    A percent is none: nobody can tell of what.
    """
    bare = text.strip().casefold()
    for unit in ("points", "point", "pts", "pt"):
        bare = bare.removesuffix(unit).strip()
    if "/" in bare:
        bare, _, out_of = bare.partition("/")
        given = parse_number(out_of.strip())
        if given is None or abs(float(given) - maximum) > 1e-6:
            return None
    number = None if bare.endswith("%") else parse_number(bare.strip())
    return None if number is None else float(number)


def written_comment(comment: str) -> str:
    """A comment as it is put in its cell."""
    return harmless(clean(comment)[:LONGEST_COMMENT])
