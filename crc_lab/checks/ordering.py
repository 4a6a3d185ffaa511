"""Items to put in order."""

from __future__ import annotations

from collections.abc import Iterator

from crc_lab.checks.choices import REASONS, option_id
from crc_lab.core.check import Check, Context, Outcome, Proof
from crc_lab.core.model import CellNote
from crc_lab.core.settings import CODE, OPTION, Mistake, Place, Setting, list_of, mapping, names_of, one_of


def ordering(value: tuple[str, ...], context: Context) -> Outcome:
    """Items are named by their id or their wording. Share: items at their place / items; none when an item is given
    twice or when there are too many.
    """
    expected: list[str] = context.param("attendu")
    reasons: dict[str, str] = context.param("raisons", {})
    given = [option_id(item, context.spec.options) for item in value]
    placed = [item == wanted for item, wanted in zip(given, expected, strict=False)]
    notes = tuple(
        CellNote(item, "ordre", "juste" if right else "faux", reasons.get(item, "") if right else "")
        for item, right in zip(given, placed, strict=False)
    )
    share = sum(placed) / len(expected) if len(set(given)) == len(given) <= len(expected) else 0.0
    code = context.param("sinon")
    if given == expected[::-1] and len(expected) > 1:
        code = context.param("erreurs", {}).get("inverse", code)
    messages = (context.message(code),) if code and share < 1 else ()
    return Outcome(share, messages, notes)


def _problems(place: Place) -> Iterator[Mistake]:
    names = names_of(place.question, place.criterion)
    missing = [option for option in names if option not in place.settings["attendu"]]
    if missing:
        yield Mistake(("attendu",), f"il manque « {missing[0]} » dans l’ordre attendu.")


def _proofs(context: Context) -> Iterator[Proof]:
    expected: list[str] = context.param("attendu")
    middle = len(expected) % 2 / len(expected)
    reverse = context.param("erreurs", {}).get("inverse", "") or context.param("sinon") or ""
    if len(expected) > 1:
        yield Proof("l’ordre inverse", expected[::-1], middle, reverse, ("erreurs",))
    if len(expected) > 2:
        yield Proof("un autre ordre", [*expected[1:], expected[0]], 0.0, context.param("sinon") or "", ("sinon",))


CHECKS = {
    "ordre": Check(
        ordering,
        ("ordre",),
        about="Chaque élément à sa place compte autant.",
        settings=(
            Setting("attendu", list_of(OPTION, least=2, distinct=True), "Le bon ordre ; celui de « reponse » sinon."),
            Setting("erreurs", mapping(one_of("inverse"), CODE), "Le message de l’ordre exactement inverse."),
            Setting("sinon", CODE, "Le message de tout autre ordre faux."),
            REASONS,
        ),
        problems=_problems,
        defaults=lambda answer: {"attendu": answer},
        proofs=_proofs,
    )
}
