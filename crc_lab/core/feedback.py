"""From a result to French: the points that people compare, the words for verdicts, HTML.

The rest of the product shows what these functions say; everything that comes from a student is escaped here.

Points are rounded once, in :func:`shown`: each criterion to a hundredth; all that stands above it is a sum. This is how
a mark scheme is used on paper: anybody can add the lines up again. The other way round (the mark rounded first, the
rest shared between the lines) would give two students different points for the same answer, and could show as full a
line that is not. The price: a mark may be off the unrounded one of resultats.json by half a hundredth for each line
that is partly right.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import lru_cache
from html import escape

from crc_lab.core.grading import row_list
from crc_lab.core.model import MANUAL, PENDING, CriterionResult, Message, Question, QuestionResult, Verdict
from crc_lab.core.rooms import skills
from crc_lab.core.text import NBSP

NOTHING = Decimal(0)
_STEP, _TINY = Decimal("0.01"), Decimal("1e-9")


@dataclass(frozen=True, slots=True)
class Look:
    """How a verdict is told: a sign, a colour (a class of the style sheets), and its words for each reader.

    ``card``: the student at work; ``form``: the same where only the form is checked, which says nothing of right and
    wrong; ``page``: the student, once the copy is marked; ``teacher``: the teacher.
    """

    sign: str
    colour: str
    form_colour: str
    card: str
    form: str
    page: str
    teacher: str


_TO_MEND, _TO_COME = "À compléter ou à reprendre", "Vérifié à la correction"
LOOKS = {
    verdict: Look(sign, colour, form_colour, card, form or card, page or card, teacher or card)
    for verdict, sign, colour, form_colour, card, form, page, teacher in (
        (Verdict.JUSTE, "✓", "juste", "neutre", "Juste", "Rien à signaler", "", ""),
        (Verdict.PARTIEL, "~", "partiel", "partiel", "En partie juste", _TO_MEND, "", ""),
        (Verdict.FAUX, "✗", "faux", "partiel", "À revoir", _TO_MEND, "", ""),
        (Verdict.NON_REPONDU, "–", "neutre", "neutre", "Pas encore répondu", "", "Sans réponse", "Sans réponse"),
        (Verdict.ERREUR, "!", "faux", "faux", "Réponse illisible", "", "", ""),
        (Verdict.A_RELIRE, "…", "neutre", "neutre", _TO_COME, "", "À relire par votre professeur", "À relire"),
    )
}
"""The one table of signs, colours and words, in the order of legends."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The points of one question as people see them: ``points`` is exactly the sum of ``criteria``, less ``hint``.

    ``criteria``: one for each criterion, in order; empty where a person marked the question as a whole.
    """

    points: Decimal
    criteria: tuple[Decimal, ...] = ()
    hint: Decimal = NOTHING

    @property
    def in_lines(self) -> bool:
        """Whether it has several lines to be added up."""
        return len(self.criteria) + bool(self.hint) > 1


def shown(result: QuestionResult) -> Shown:
    """The points of a question as every surface shows them; the reason of the rule is at the top of this module."""
    if not result.criteria or any(message.code == MANUAL for message in result.messages):
        return Shown(rounded(result.points, result.max_points))
    criteria = tuple(rounded(criterion.points, criterion.max_points) for criterion in result.criteria)
    total = sum(criteria, NOTHING)
    if exact(result.points) >= sum((exact(criterion.points) for criterion in result.criteria), NOTHING) - _TINY:
        return Shown(total, criteria)
    points = _part(exact(result.points), total)
    return Shown(points, criteria, total - points)


@dataclass(frozen=True, slots=True)
class SkillShown:
    """What was earned of one skill, as people see it: ``points`` out of ``maximum``, which a person's marking may still
    raise by ``waiting`` (neither earned nor lost so far)."""

    id: str
    name: str
    points: Decimal = NOTHING
    maximum: Decimal = NOTHING
    waiting: Decimal = NOTHING

    @property
    def share(self) -> float:
        """From 0 to 1; 0 when everything waits."""
        return float(self.points / self.maximum) if self.maximum else 0.0

    @property
    def text(self) -> str:
        """« 7,5 sur 12 (4 points à relire) »."""
        waits = f"{number_text(self.waiting)}{NBSP}point{'s' if self.waiting >= 2 else ''} à relire"
        if not self.maximum:
            return waits
        earned = f"{number_text(self.points)} sur {number_text(self.maximum)}"
        return f"{earned} ({waits})" if self.waiting else earned


Earned = tuple[Decimal, Decimal, Decimal]
"""The points of a question; out of how many, without what a person still has to mark; what that is worth."""


def by_skill(results: Iterable[tuple[Question, Earned]]) -> list[SkillShown]:
    """What these results earn of each skill, in the order of the workbook; a skill without any point is left out."""
    found: dict[str, list[Decimal]] = {}
    for question, earned in results:
        if question.skill and (earned[1] or earned[2]):
            known = found.get(question.skill, [NOTHING] * 3)
            found[question.skill] = [before + more for before, more in zip(known, earned, strict=True)]
    names = skills()
    ranks = {name: rank for rank, name in enumerate(names)}
    order = sorted(found, key=lambda name: (ranks.get(name, len(ranks)), name))
    return [SkillShown(name, names.get(name, name), *found[name]) for name in order]


def earned_of(result: QuestionResult, seen: Shown | None = None) -> Earned:
    """What a result earned; ``seen``: its points as people see them, when they are known already."""
    seen, whole = seen or shown(result), exact(result.max_points)
    waits = [one.verdict is Verdict.A_RELIRE for one in result.criteria] if seen.criteria else []
    waiting = sum((exact(one.max_points) for one, wait in zip(result.criteria, waits, strict=False) if wait), NOTHING)
    if result.verdict is Verdict.A_RELIRE and not waiting:
        return NOTHING, NOTHING, whole
    proposed = sum((points for points, wait in zip(seen.criteria, waits, strict=False) if wait), NOTHING)
    return max(NOTHING, seen.points - proposed), whole - waiting, waiting


def rounded(points: float | Decimal, maximum: float | Decimal) -> Decimal:
    """``points`` to a hundredth, half up; the whole ``maximum``, or nothing, only where that is what was earned."""
    full = exact(maximum)
    return full if exact(points) >= full - _TINY else _part(exact(points), full)


def exact(value: float | Decimal) -> Decimal:
    """The decimal that a number is written with: 0.1 is a tenth."""
    return value if isinstance(value, Decimal) else _written(float(value))


@lru_cache(maxsize=4096)
def _written(value: float) -> Decimal:
    return Decimal(repr(value + 0.0))  # -0.0 is 0.0


def _part(points: Decimal, full: Decimal) -> Decimal:
    """What is less than ``full``, to a hundredth, and shows as less; as more than nothing when there is room for it."""
    if points <= _TINY:
        return NOTHING
    near = points.quantize(_TINY).quantize(_STEP, ROUND_HALF_UP)  # 0.335 * 3 is a hair above or below 1.005
    below = max(NOTHING, (full - _TINY).quantize(_STEP, ROUND_DOWN))
    return min(max(near, _STEP), below)


def number_text(value: float | Decimal) -> str:
    """« 3,5 », « 4 »: French comma, no needless zeros, nothing rounded."""
    text = f"{exact(value):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def points_text(points: Decimal, maximum: float | Decimal) -> str:
    """« 3,84 / 4 »: points as :func:`shown` gives them, out of what they could have been."""
    return f"{number_text(points)}{NBSP}/{NBSP}{number_text(maximum)}"


def _place(message: Message, limit: int = 12) -> str:
    """« fiche n° 9, colonne E-mail » for a message that does not say so itself; else an empty string."""
    if not message.rows or "fiche" in message.text.casefold():
        return ""
    place = row_list(message.rows, limit)
    if 0 < len(message.columns) <= 3:
        place += f", colonne{'s' if len(message.columns) > 1 else ''} {', '.join(message.titles or message.columns)}"
    return place


def message_text(message: Message) -> str:
    """The message in one line, with the rows it speaks of."""
    place = _place(message)
    return f"{message.text} ({place})" if place else message.text


def _head(result: QuestionResult) -> str:
    """« En partie juste · 3,84 / 4 » ; an unmarked exercise and a question that waits for all its points show none."""
    word, points = LOOKS[result.verdict].card, shown(result).points
    waits = result.verdict is Verdict.NON_REPONDU or (result.verdict is Verdict.A_RELIRE and not points)
    return word if waits or not result.max_points else f"{word} · {points_text(points, result.max_points)}"


def without_marks(result: QuestionResult) -> QuestionResult:
    """What an assessment may show of a result: no points, and the whole question waits for the marking.

    The criteria that need no key keep their verdict: it speaks of the form only (``Look.form``).
    """
    told = result.verdict if result.verdict in (Verdict.NON_REPONDU, Verdict.ERREUR) else Verdict.A_RELIRE
    criteria = tuple(replace(criterion, points=0.0, max_points=0.0) for criterion in result.criteria)
    return QuestionResult(result.id, told, 0.0, 0.0, criteria)


def render_html(result: QuestionResult, *, form_only: bool = False) -> str:
    """The verdict, the criteria when there are several, and the messages, as an HTML fragment (no wrapper).

    ``form_only``: the result is that of :func:`without_marks`.
    """
    parts = [f'<p><span class="verdict">{escape(_head(result))}.</span></p>']
    if len(result.criteria) > 1 and result.verdict not in (Verdict.NON_REPONDU, Verdict.ERREUR):
        pairs = zip(result.criteria, shown(result).criteria, strict=False)  # a mark given by hand has no lines
        parts.append(f'<ul class="criteres">{"".join(_criterion_html(*pair, form_only) for pair in pairs)}</ul>')
    messages = (message for message in dict.fromkeys(result.messages) if not form_only or message.code != PENDING)
    lines = "".join(map(_message_html, messages))
    return "".join([*parts, f"<ul>{lines}</ul>" if lines else ""])


def remarks(result: QuestionResult, aside: Collection[str] = ()) -> tuple[str, ...]:
    """What the student is told of a marked question, one line each; ``aside``: codes that are told elsewhere.

    Messages of one code and text are put together, with all their rows.
    """
    merged: dict[tuple[str, str], Message] = {}
    for message in result.messages if result.verdict is not Verdict.NON_REPONDU else ():
        known = merged.get((message.code, message.text), Message("", ""))
        both = (known.rows + message.rows, known.columns + message.columns, known.titles + message.titles)
        rows, columns, titles = (tuple(dict.fromkeys(pair)) for pair in both)
        merged[message.code, message.text] = replace(message, rows=rows, columns=columns, titles=titles)
    return tuple(message_text(message) for message in merged.values() if message.code not in aside)


def _criterion_html(criterion: CriterionResult, points: Decimal, form_only: bool) -> str:
    look = LOOKS[criterion.verdict]
    colour, word = (look.form_colour, look.form) if form_only else (look.colour, look.card)
    shows_points = criterion.max_points > 0 and criterion.verdict is not Verdict.A_RELIRE
    tail = f" · {points_text(points, criterion.max_points)}" if shows_points else ""
    label = escape(criterion.label or criterion.id)
    return f'<li class="{colour}"><span aria-hidden="true">{look.sign}</span> {label}{NBSP}: {word.lower()}{tail}</li>'


def _message_html(message: Message) -> str:
    place = _place(message)
    tail = f' <span class="lieu">({_marked(place, message.rows)})</span>' if place else ""
    columns = f' data-colonnes="{escape("|".join(message.columns))}"' if message.columns else ""
    return f'<li data-code="{escape(message.code)}"{columns}>{_marked(message.text, message.rows)}{tail}</li>'


def _marked(text: str, rows: Collection[str]) -> str:
    """The text as HTML; where it lists some of ``rows`` (« fiches n° 3, 5 et 8 », « ligne lundi »), each is in an
    element (``data-fiche``) of which the card makes a link."""
    if not rows:
        return escape(text)
    name = rf"(?:{'|'.join(re.escape(row) for row in sorted(rows, key=len, reverse=True))})(?!\w)"
    lists = re.compile(rf"\b(?:fiches?|lignes?)(?:\s+n°)?\s+({name}(?:(?:, | et ){name})*)", re.IGNORECASE)
    parts, end = [], 0
    for listed in lists.finditer(text):
        for found in re.finditer(name, listed[1]):
            start = listed.start(1) + found.start()
            shown = escape(found[0])
            parts += [escape(text[end:start]), f'<span data-fiche="{shown}">{shown}</span>']
            end = listed.start(1) + found.end()
    return "".join([*parts, escape(text[end:])])


def tally(result: QuestionResult, fields: int) -> str:
    """« 3 sur 5 »: how many of the ``fields`` of a question, or of its criteria, are right; nothing where the verdict
    or a message says it all."""
    told = any(re.search(r"\d\s+sur\s+\d", message.text) for message in result.messages)
    if result.verdict not in (Verdict.PARTIEL, Verdict.FAUX) or told:
        return ""
    if len(result.criteria) > 1:
        right = [one.verdict is Verdict.JUSTE for one in result.criteria]
    else:
        right = [note.state not in ("faux", "partiel", "doute") for note in result.cells if note.column in _FIELDS]
    total = len(right) if len(result.criteria) > 1 else fields
    return f"{sum(right)}{NBSP}sur{NBSP}{total}" if any(right) and 1 < total > sum(right) else ""


_FIELDS = ("association", "ordre", "champ")
"""The columns of the remarks on fields of which each is right or wrong."""
