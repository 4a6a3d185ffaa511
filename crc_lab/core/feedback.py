"""From a result to French: words for verdicts, rounded points, HTML and plain text.

The rest of the product shows what these functions say; none of them knows how points were earned. Everything that
comes from a student is escaped here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from html import escape

from crc_lab.core.model import PENDING, CriterionResult, Message, QuestionResult, Verdict

NBSP = "\u00a0"

WORDS = {
    Verdict.JUSTE: "Juste",
    Verdict.PARTIEL: "En partie juste",
    Verdict.FAUX: "À revoir",
    Verdict.NON_REPONDU: "Pas encore répondu",
    Verdict.A_RELIRE: "Vérifié à la correction",
    Verdict.ERREUR: "Réponse illisible",
}
SIGNS = {
    Verdict.JUSTE: "✓",
    Verdict.PARTIEL: "~",
    Verdict.FAUX: "✗",
    Verdict.NON_REPONDU: "–",
    Verdict.A_RELIRE: "…",
    Verdict.ERREUR: "!",
}
CSS_CLASSES = {
    Verdict.JUSTE: "juste",
    Verdict.PARTIEL: "partiel",
    Verdict.FAUX: "faux",
    Verdict.NON_REPONDU: "neutre",
    Verdict.A_RELIRE: "neutre",
    Verdict.ERREUR: "faux",
}
FORM_WORDS = {
    **WORDS,
    Verdict.JUSTE: "Rien à signaler",
    Verdict.PARTIEL: "À compléter ou à reprendre",
    Verdict.FAUX: "À compléter ou à reprendre",
}
"""Words for what is checked without the key, in an assessment: they say nothing of right and wrong."""
FORM_CLASSES = {**CSS_CLASSES, Verdict.JUSTE: "neutre", Verdict.FAUX: "partiel"}
QUESTION_STEP, CRITERION_STEP, MARK_STEP = "0.25", "0.01", "0.1"


def rounded(points: float, step: str) -> Decimal:
    """``points`` to the nearest ``step`` (half up), as a decimal without needless zeros."""
    unit = Decimal(step)
    return (Decimal(repr(points)) / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit


def number_text(value: Decimal) -> str:
    """« 3,5 », « 4 »: French comma, no needless zeros."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def points_text(points: float, maximum: float, step: str = QUESTION_STEP) -> str:
    """« 3,5 / 4 », rounded for people: a question to a quarter of a point, a criterion to a hundredth."""
    return f"{number_text(rounded(points, step))}{NBSP}/{NBSP}{number_text(Decimal(repr(maximum)))}"


def mark_text(points: float, maximum: float = 20.0) -> str:
    """« 13,4 / 20 », rounded to a tenth for people."""
    return f"{number_text(rounded(points, MARK_STEP))}{NBSP}/{NBSP}{number_text(Decimal(repr(maximum)))}"


def place_text(message: Message, limit: int = 12) -> str:
    """« fiche n° 9, colonne email » for a message that does not say so itself; else an empty string."""
    if not message.rows or "fiche" in message.text.casefold():
        return ""
    shown = message.rows[:limit]
    more = len(message.rows) - len(shown)
    names = ", ".join(shown) + (f" et {more} autre{'s' if more > 1 else ''}" if more else "")
    place = f"fiche{'s' if len(message.rows) > 1 else ''} n°{NBSP}{names}"
    if 0 < len(message.columns) <= 3:
        place += f", colonne{'s' if len(message.columns) > 1 else ''} {', '.join(message.columns)}"
    return place


def message_text(message: Message) -> str:
    """The message in one line, with the rows it speaks of."""
    place = place_text(message)
    return f"{message.text} ({place})" if place else message.text


def head_text(result: QuestionResult) -> str:
    """« En partie juste · 3,5 / 4 » ; an unmarked exercise and a pending question show no points."""
    word = WORDS[result.verdict]
    shows_points = result.max_points > 0 and result.verdict not in (Verdict.A_RELIRE, Verdict.NON_REPONDU)
    return f"{word} · {points_text(result.points, result.max_points)}" if shows_points else word


def render_text(result: QuestionResult) -> str:
    """The verdict and its messages in plain text, for a terminal or a cell without cards."""
    return "\n".join([f"{head_text(result)}.", *(f"  • {message_text(message)}" for message in distinct(result))])


def without_marks(result: QuestionResult) -> QuestionResult:
    """What an assessment may show of a result: no points, and the whole question waits for the marking.

    The criteria that need no key keep their verdict: it speaks of the form only (:data:`FORM_WORDS`).
    """
    told = result.verdict if result.verdict in (Verdict.NON_REPONDU, Verdict.ERREUR) else Verdict.A_RELIRE
    criteria = tuple(replace(criterion, points=0.0, max_points=0.0) for criterion in result.criteria)
    return QuestionResult(result.id, told, 0.0, 0.0, criteria)


def render_html(result: QuestionResult, *, form_only: bool = False) -> str:
    """The verdict, the criteria when there are several, and the messages, as an HTML fragment (no wrapper).

    ``form_only``: the result is that of :func:`without_marks`.
    """
    parts = [f'<p><span class="verdict">{escape(head_text(result))}.</span></p>']
    if len(result.criteria) > 1 and result.verdict not in (Verdict.NON_REPONDU, Verdict.ERREUR):
        lines = "".join(_criterion_html(criterion, form_only) for criterion in result.criteria)
        parts.append(f'<ul class="criteres">{lines}</ul>')
    messages = tuple(message for message in distinct(result) if not form_only or message.code != PENDING)
    if messages:
        parts.append(f"<ul>{''.join(_message_html(message) for message in messages)}</ul>")
    return "".join(parts)


def distinct(result: QuestionResult) -> tuple[Message, ...]:
    """The messages of a result, each once, in order."""
    return tuple(dict.fromkeys(result.messages))


def merge_messages(messages: Iterable[Message]) -> tuple[Message, ...]:
    """The same messages, those of one code and text put together with all their rows."""
    merged: dict[tuple[str, str], Message] = {}
    for message in messages:
        known = merged.get((message.code, message.text))
        merged[message.code, message.text] = (
            message
            if known is None
            else Message(
                message.code,
                message.text,
                tuple(dict.fromkeys(known.rows + message.rows)),
                tuple(dict.fromkeys(known.columns + message.columns)),
            )
        )
    return tuple(merged.values())


def _criterion_html(criterion: CriterionResult, form_only: bool) -> str:
    words, classes = (FORM_WORDS, FORM_CLASSES) if form_only else (WORDS, CSS_CLASSES)
    label = criterion.label or criterion.id
    shows_points = criterion.max_points > 0 and criterion.verdict is not Verdict.A_RELIRE
    points = f" · {points_text(criterion.points, criterion.max_points, CRITERION_STEP)}" if shows_points else ""
    return (
        f'<li class="{classes[criterion.verdict]}"><span aria-hidden="true">{SIGNS[criterion.verdict]}</span> '
        f"{escape(label)}{NBSP}: {words[criterion.verdict].lower()}{points}</li>"
    )


def _message_html(message: Message) -> str:
    place = place_text(message)
    tail = f' <span class="lieu">({escape(place)})</span>' if place else ""
    return f'<li data-code="{escape(message.code)}">{escape(message.text)}{tail}</li>'
