"""Open answers: a person reads them. No point is given here, whatever the words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crc_lab.core.check import Check, Context, Outcome
from crc_lab.core.model import Message
from crc_lab.core.text import compile_pattern
from crc_lab.french.clauses import Reading, read
from crc_lab.french.ideas import Idea, expected_words, presence

TO_REVIEW, RUBRIC = "A-RELIRE", "GRILLE"
WAIT = "Votre professeur lira cette réponse et la notera. Une auto-évaluation n’y change rien."


def review(value: str | Sequence[str], context: Context) -> Outcome:
    """Leave the criterion to the teacher.

    Settings: ``grille`` ([{points, texte, mots?}]: what the teacher looks for; the words, patterns, only point him to
    it), ``erreurs`` ([{motifs…, code}], see :mod:`crc_lab.french.ideas`: each known mistake of the text is told).
    """
    rubric: list[Mapping[str, Any]] = context.param("grille", [])
    errors: list[Idea] = context.param("erreurs", [])
    words = expected_words(errors, [line.get("mots", ()) for line in rubric])
    reading = read(value if isinstance(value, str) else "\n".join(value), words)
    found = [context.message(error["code"]) for error in errors if presence(error, reading).found]
    teacher = tuple(Message(RUBRIC, _line(number, line, reading)) for number, line in enumerate(rubric, start=1))
    return Outcome(0.0, (Message(TO_REVIEW, WAIT), *found), to_review=True, teacher=teacher)


def _line(number: int, line: Mapping[str, Any], reading: Reading) -> str:
    """« 2. Rôle de la CNIL (0,5) : mots repérés : cnil, sanction. »"""
    points = f"{line['points']:g}".replace(".", ",")
    seen = [word for word in line.get("mots", ()) if any(compile_pattern(word).search(text) for text in reading.whole)]
    head = f"{number}. {line['texte']} ({points})"
    if not line.get("mots"):
        return head
    return f"{head} : mots repérés : {', '.join(seen)}." if seen else f"{head} : aucun mot repéré."


def practice(value: Mapping[str, Any], _context: Context) -> Outcome:
    """Flashcards are no test: having turned some over is all that is looked at."""
    return Outcome(1.0 if value.get("cartes") else 0.0)


CHECKS = {
    "revision": Check(practice, ("cartes",), needs_key=False),
    "relecture": Check(review, ("ouverte", "texte", "textes"), needs_key=False),
}
