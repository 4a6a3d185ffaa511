"""Short texts that a model reads (``lecture``): ideas in one's own words; what could not be read is a doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crc_lab.core.check import Context
from crc_lab.core.model import Message
from crc_lab.core.settings import TEXT, integer, one_of, table_of
from crc_lab.reading.deciding import Decision, Scheme, decide
from crc_lab.reading.facts import SORTS
from crc_lab.reading.reader import HALF, Reader, Reading, reader_of

FACT = table_of(
    {"sorte": one_of(*SORTS), "idee": TEXT},
    {"sinon": TEXT, "mois": integer(1), "personne": integer(1), "societe": integer(1)},
)
COLON, SEMICOLON, QUESTION = "\u00a0: ", "\u00a0; ", "\u00a0?"
FEW = 2
"""Ideas that a doubt names: one about more of them is about all."""
MODEL = "lecture"
UNREAD = "NON-LU"


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
    ideas = {
        name: _shown(idea["id"])
        for idea in context.param("idees")
        for name in (idea["id"], *scheme(context).names(idea))
    }
    told: dict[tuple[int, str], list[str]] = {}
    for at, label, reason in decision.doubts:
        name = ideas.get(label.removeprefix(HALF))
        told.setdefault((at, reason), []).extend(
            [f"{name}{' (vague)' if label.startswith(HALF) else ''}"] if name else []
        )
    said = []
    for (at, reason), names in told.items():
        where = f"réponse {at + 1}, " if several else ""
        known = [*dict.fromkeys(names)]
        what = f" ({', '.join(known)}{QUESTION})" if 0 < len(known) <= FEW else ""
        said.append(f"{where}{reason}{what}")
    whole = f"De {low} à {high} points selon la lecture" if points else "Lecture incertaine"
    return (f"{whole}{COLON}{SEMICOLON.join(said)}.",)


def _shown(name: str) -> str:
    return name.replace("_", " ")


def told(decision: Decision, several: bool) -> tuple[Message, ...]:
    """What a student is told of the texts that could not be read."""
    unread = unread_texts(decision)
    if not unread:
        return ()
    if several:
        numbers = ", ".join(str(at + 1) for at in unread)
        which = f"la réponse {numbers}" if len(unread) == 1 else f"les réponses {numbers}"
    else:
        which = "cette réponse"
    text = f"Je n’ai pas su lire {which}. Dites-le autrement, ou gardez vos mots : votre professeur les lira."
    return (Message(UNREAD, text),)
