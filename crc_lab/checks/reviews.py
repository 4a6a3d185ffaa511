"""Open answers: a person reads them. No point is given here, whatever the words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crc_lab.core.check import Check, Context, Outcome, Proof
from crc_lab.core.model import Message
from crc_lab.core.settings import CODE, TEXT, Mistake, Place, Setting, integer, list_of, number, table_of
from crc_lab.core.text import compile_pattern
from crc_lab.french.clauses import Reading, read
from crc_lab.french.ideas import PATTERNS, Idea, expected_words, idea_shape, presence

TO_REVIEW, RUBRIC = "A-RELIRE", "GRILLE"
WAIT = "Votre professeur lira cette réponse et la notera. Une auto-évaluation n’y change rien."


def review(value: str | Sequence[str], context: Context) -> Outcome:
    """Leave the criterion to the teacher: words of the rubric only point him to its lines, known mistakes are told."""
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


def _problems(place: Place) -> Iterator[Mistake]:
    total = sum(line["points"] for line in place.settings.get("grille", ()))
    if total and place.criterion.points and abs(total - place.criterion.points) > 1e-9:
        text = f"la grille totalise {total:g} points, le critère en vaut {place.criterion.points:g}."
        yield Mistake(("grille",), text)


def _proofs(context: Context) -> Iterator[Proof]:
    for position, error in enumerate(context.param("erreurs", ())):
        text = error.get("preuve")
        yield Proof(f"l’erreur « {text} »", text, 0.0, error["code"], ("erreurs", position))


CHECKS = {
    "revision": Check(practice, ("cartes",), about="Des cartes à retourner : rien n’est noté.", needs_key=False),
    "relecture": Check(
        review,
        ("ouverte", "texte", "textes"),
        about="L’enseignant lit et note (voir « Les réponses ouvertes »).",
        needs_key=False,
        settings=(
            Setting(
                "grille",
                list_of(table_of({"points": number(0.05), "texte": TEXT}, {"mots": PATTERNS}), least=1),
                "Ce que l’enseignant cherche : points et texte de chaque ligne, qui totalisent les points du critère ; "
                "les « mots » repérés l’aident, sans rien compter.",
            ),
            Setting(
                "erreurs",
                list_of(idea_shape({"code": CODE}, {"au_moins": integer(1), "preuve": TEXT})),
                "Les erreurs connues, dites à l’élève.",
            ),
        ),
        problems=_problems,
        proofs=_proofs,
    ),
}
