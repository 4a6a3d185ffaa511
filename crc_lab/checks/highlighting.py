"""Passages picked out of a text (contenu, révision § 1.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crc_lab.core.check import Check, Context, Outcome, Proof
from crc_lab.core.idle import OVERSIGHT
from crc_lab.core.model import CellNote, Message
from crc_lab.core.settings import CODE, TEXT, Mistake, Place, Setting, list_of, looked_at, mapping, reference
from crc_lab.core.text import fold
from crc_lab.kinds.highlighting import PICKED, Passages

FOUND, NAMED, FALSE = 0.7, 0.3, 0.5
"""Weights of a faulty passage picked out, of its category, and of a sound passage picked out (revision § 1.3)."""
UNREAD = Message(
    "TOUT-COCHE", "Tout relever, ou tout le début, ou un passage sur deux, n’est pas choisir : cela ne compte pas."
)
ENOUGH_TO_TELL = 5
"""Passages picked out from which a plain beginning, or every other one, is no coincidence."""


def picked_out(value: dict[str, str], context: Context) -> Outcome:
    """Share: 0.7 × (right − 0.5 × wrong) ÷ expected + 0.3 × well classed ÷ expected, at least 0; without categories,
    the first term alone. Picking out every passage of the text, or of its beginning, or every other one, says
    nothing: 0."""
    spec: Passages = context.spec
    expected: dict[str, str] = context.param("attendu")
    accepted: dict[str, list[str]] = context.param("acceptes", {})
    remarks: dict[str, str] = context.param("raisons", {})
    errors: dict[str, str] = context.param("erreurs", {})
    neutral = set(context.param("neutres", ()))
    given = {name: category for name, category in value.items() if name in spec.segments and name not in neutral}
    right = [name for name in given if name in expected]
    wrong = [name for name in given if name not in expected]
    named = [name for name in right if fold(given[name]) in _names(spec, [expected[name], *accepted.get(name, ())])]
    weight = FOUND if spec.categories else 1.0
    share = weight * (len(right) - FALSE * len(wrong)) / len(expected)
    if spec.categories:
        share += NAMED * len(named) / len(expected)
    names = [name for name in spec.segments if name not in neutral]
    unread: tuple[Message, ...] = ()
    if wrong and (set(names) <= set(given) or _without_reading([name in given for name in names], len(wrong))):
        share, unread = 0.0, (UNREAD,)
    notes = tuple(CellNote(name, "passage", _state(name, right, named, spec), remarks.get(name, "")) for name in given)
    codes = dict.fromkeys(errors[name] for name in wrong if name in errors)
    messages = (*unread, *(context.message(code) for code in codes))
    return Outcome(max(0.0, round(share, 9)), messages, notes)


def _without_reading(picked: list[bool], wrong: int) -> bool:
    """Whether the passages picked out are half of the text, or more, from its beginning, or every other one."""
    many = sum(picked)
    if many < ENOUGH_TO_TELL or wrong <= OVERSIGHT * many:
        return False
    beginning = all(picked[:many]) and 2 * many >= len(picked)
    return beginning or any(picked == [at % 2 == start for at in range(len(picked))] for start in (0, 1))


def _names(spec: Passages, wanted: list[str]) -> set[str]:
    """Everything that names one of these categories, folded."""
    texts = {option.id: option.text for option in spec.categories}
    return {fold(form) for name in wanted for form in (name, texts.get(name, name))}


def _state(name: str, right: list[str], named: list[str], spec: Passages) -> str:
    if name not in right:
        return "faux"
    return "juste" if name in named or not spec.categories else "accepte"


# --- the settings, and answers that prove them ------------------------------------------------------------------------


def _proofs(context: Context) -> Iterator[Proof]:
    """Each accepted category; each sound passage picked out; the whole text picked out."""
    spec: Passages = context.spec
    expected: dict[str, str] = context.param("attendu")
    errors: dict[str, str] = context.param("erreurs", {})
    for name, others in context.param("acceptes", {}).items():
        for position, other in enumerate(others):
            yield Proof(
                f"« {name} » classé « {other} »", {**expected, name: other}, 1.0, path=("acceptes", name, position)
            )
    weight = FOUND if spec.categories else 1.0
    neutral = context.param("neutres", ())
    sound = [name for name in spec.segments if name not in expected and name not in neutral]
    for name in sound if len(sound) > 1 else ():
        share = 1 - weight * FALSE / len(expected)
        yield Proof(
            f"« {name} » relevé à tort", {**expected, name: PICKED}, share, errors.get(name, ""), ("erreurs", name)
        )
    for name in neutral:
        yield Proof(f"« {name} » relevé", {**expected, name: PICKED}, 1.0, path=("neutres",))
    if sound:
        yield Proof("tout le texte relevé", dict.fromkeys(spec.segments, PICKED), 0.0)


def _segments(place: Place) -> list[str]:
    spec: Any = looked_at(place.question, place.criterion).spec
    return list(spec.segments) if isinstance(spec, Passages) else []


def _problems(place: Place) -> Iterator[Mistake]:
    spec: Any = looked_at(place.question, place.criterion).spec
    known = _names(spec, [option.id for option in spec.categories])
    for name, category in place.settings.get("attendu", {}).items():
        if spec.categories and fold(str(category)) not in known:
            yield Mistake(("attendu", name), f"« {category} » n’est pas une catégorie de la question.")


_PASSAGE = reference("un passage du texte", _segments)
CHECKS = {
    "surlignage": Check(
        picked_out,
        ("surlignage",),
        about="Les passages fautifs relevés (0,7), bien classés (0,3) ; relevé à tort, un passage en retire la moitié.",
        settings=(
            Setting("attendu", mapping(_PASSAGE, TEXT), "Les passages à relever, avec leur catégorie."),
            Setting("acceptes", mapping(_PASSAGE, list_of(TEXT, least=1)), "Les autres catégories acceptées."),
            Setting("neutres", list_of(_PASSAGE, distinct=True), "Les passages qui ne comptent ni pour ni contre."),
            Setting("raisons", mapping(_PASSAGE, TEXT), "Ce que l’on dit d’un passage une fois relevé."),
            Setting("erreurs", mapping(_PASSAGE, CODE), "Le message d’un passage relevé à tort."),
        ),
        defaults=lambda answer: {"attendu": answer},
        problems=_problems,
        proofs=_proofs,
    )
}
