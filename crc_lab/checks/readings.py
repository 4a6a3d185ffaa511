"""Short texts that a model reads (``lecture``): ideas in one's own words; what could not be read is a doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from crc_lab.core.grading import Context
from crc_lab.core.model import InDoubt, Message
from crc_lab.core.settings import TEXT, integer, one_of, table_of
from crc_lab.core.text import listing
from crc_lab.reading.deciding import Decision, Scheme, decide
from crc_lab.reading.facts import SORTS
from crc_lab.reading.reader import HALF, Reader, Reading, is_mistake, reader_of

FACT = table_of(
    {"sorte": one_of(*SORTS), "idee": TEXT},
    {"sinon": TEXT, "mois": integer(1), "personne": integer(1), "societe": integer(1)},
)
COLON, SEMICOLON, QUESTION = "\u00a0: ", "\u00a0; ", "\u00a0?"
FEW = 2
"""Ideas that a doubt names: one about more of them is about all."""
MODEL, NAMES = "lecture", "noms"
UNREAD, TICKED = "NON-LU", "RELECTURE"
TICKED_TEXT = "Compté pour l’instant, d’après votre relecture\u00a0: {}. Votre professeur décidera."


def reads(context: Context) -> bool:
    """Whether the text of an open answer is read by a model too, to point at its lines."""
    return bool(context.param(MODEL))


def reader(context: Context) -> Reader:
    """The reader of a criterion. Raises :class:`KeyError` when its model is not there."""
    assert context.key is not None
    return reader_of(
        context.key.models[context.param(MODEL)],
        context.param("faits", ()),
        definitions=context.param("definitions", False),
    )


def scheme(context: Context, choice: str = "") -> Scheme:
    """What a criterion counts; with a ``choice``, only the ideas that go with it (``avec``)."""
    ideas = [idea for idea in context.param("idees") if not contradicts(idea, choice)]
    return Scheme(context.param("attendus"), ideas, context.param("erreurs", ()))


def contradicts(idea: Mapping[str, Any], choice: str) -> bool:
    """Whether an idea is the reason of another choice than the one that was made."""
    return bool(choice) and "avec" in idea and idea["avec"] != choice


def decided(readings: Sequence[Reading], context: Context, choice: str = "") -> Decision:
    """What the texts earn, as they were read."""
    return decide(scheme(context, choice), readings)


def unread_texts(decision: Decision) -> tuple[int, ...]:
    """The positions of the texts of which nothing was recognised, and that a doubt keeps from being wrong."""
    return tuple(dict.fromkeys(at for at, _, _ in decision.doubts if not decision.texts[at]))


def doubts(decision: Decision, context: Context, several: bool) -> tuple[str, ...]:
    """What a teacher is told: the lowest and the highest points, then each text in doubt with the reason.

    ``several``: the answer is a list of texts, named by their number.
    """
    if decision.alone:
        return ()
    points = context.criterion.points
    low, high = (f"{round(points * share, 2):g}".replace(".", ",") for share in (decision.low, decision.high))
    names = context.param(NAMES, {})
    ideas = {
        name: label_name(name, names)
        for idea in context.param("idees")
        for name in (idea["id"], *scheme(context).names(idea))
    }
    told: dict[tuple[int, str], list[str]] = {}
    asked = frozenset(decision.doubts)
    for at, label, reason in decision.doubts:
        named = told.setdefault((at, reason), [])
        idea = label.removeprefix(HALF)
        if idea in ideas and (idea == label or (at, idea, reason) not in asked):
            named.append(ideas[idea] + (" (vague)" if idea != label else ""))
    said = []
    for (at, reason), names in told.items():
        where = f"réponse {at + 1}, " if several else ""
        known = [*dict.fromkeys(names)]
        what = f" ({', '.join(known)}{QUESTION})" if 0 < len(known) <= FEW else ""
        said.append(f"{where}{reason}{what}")
    whole = f"De {low} à {high} points selon la lecture" if points else "Lecture incertaine"
    return (f"{whole}{COLON}{SEMICOLON.join(said)}.",)


def label_name(label: str, names: Mapping[str, str]) -> str:
    """What people call a label: as the key says (``noms``), else its own words; « à moitié » for a half idea."""
    if label.startswith(HALF):
        return f"{label_name(label.removeprefix(HALF), names)} (à moitié)"
    return names.get(label) or (f"erreur {label}" if is_mistake(label) else label.replace("_", " "))


def in_doubt(
    decision: Decision,
    read_ones: Sequence[Reading],
    texts: Sequence[tuple[str, str]],
    known: Scheme,
    context: Context,
) -> dict[int, InDoubt]:
    """By position, the texts that may change the points, each as a teacher decides it; ``texts``: (name of the line,
    text)."""
    found = {}
    held = known.held([one.yes for one in read_ones])
    missing = [label for idea in known.ideas if held.get(idea["id"], 0) < 1 for label in known.names(idea)]
    for at, stake in decision.stakes.items():
        if stake <= 0:
            continue
        line = ".".join(filter(None, (context.criterion.part, texts[at][0])))
        sure = read_ones[at].yes
        unread = not any(known.holds(idea, decision.texts[at]) for idea in known.ideas)
        offered = [label for label in dict.fromkeys(missing) if label not in sure] if unread else []
        found[at] = InDoubt(
            model=context.param(MODEL), line=line, text=texts[at][1], proposed=decision.texts[at] - sure,
            doubts=tuple((label, reason) for place, label, reason in decision.doubts if place == at), sure=sure,
            points=stake * context.criterion.points,
            offered=tuple((label, label_name(label, context.param(NAMES, {}))) for label in offered),
        )  # fmt: skip
    return found


def as_ticked(
    asked: Mapping[int, InDoubt], read_ones: Sequence[Reading], context: Context
) -> tuple[list[Reading], dict[int, InDoubt]]:
    """The readings where what a student ticked is in its line, and the texts in doubt with their ticks: an idea that
    was offered there, and nothing else."""
    ticked = {at: _ticked(one, context) for at, one in asked.items()}
    readings = [
        replace(one, yes=one.yes | ticked[at], doubts={}) if ticked.get(at) else one for at, one in enumerate(read_ones)
    ]
    return readings, {at: replace(one, ticked=ticked[at]) for at, one in asked.items()}


def _ticked(one: InDoubt, context: Context) -> frozenset[str]:
    return context.ticks.get(one.line, frozenset()) & {label for label, _ in one.offered}


def told(decision: Decision, asked: Mapping[int, InDoubt], several: bool) -> tuple[Message, ...]:
    """What a student is told of the texts that could not be read, and of those of which a tick counts."""
    counted = [name for one in asked.values() for label, name in one.offered if label in one.ticked]
    messages = [Message(TICKED, TICKED_TEXT.format(listing([*dict.fromkeys(counted)])))] if counted else []
    unread = unread_texts(decision)
    if not unread:
        return tuple(messages)
    if several:
        numbers = ", ".join(str(at + 1) for at in unread)
        which = f"la réponse {numbers}" if len(unread) == 1 else f"les réponses {numbers}"
    else:
        which = "cette réponse"
    text = f"Je n’ai pas su lire {which}. Dites-le autrement, ou gardez vos mots : votre professeur les lira."
    return (*messages, Message(UNREAD, text))
