"""A form to inspect: what is missing in it, and what one concludes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crc_lab.checks.choices import option_id, option_notes
from crc_lab.core.check import Check, Context, Outcome, Proof
from crc_lab.core.model import CellNote
from crc_lab.core.settings import (
    CODE,
    TEXT,
    Mistake,
    Place,
    Setting,
    integer,
    list_of,
    mapping,
    names_of,
    one_of,
    reference,
)


def form_inspection(value: dict[str, Any], context: Context) -> Outcome:
    """Without the right conclusion nothing counts; a remark made wrongly takes one away.

    Share: remarks / ``attendus``, between 0 and 1.
    """
    known = (*context.spec.left, *context.spec.options)
    given = tuple(dict.fromkeys(option_id(item, known) for item in value["manquements"]))
    faults, others = context.param("manquements"), context.param("remplacent", [])
    expected: int = context.param("attendus")
    wrong = [item for item in given if item not in faults and item not in others]
    right = min(expected, sum(item in faults or item in others for item in given)) if faults else expected
    errors: dict[str, str] = context.param("erreurs", {})
    conclusion = value["conclusion"].strip().casefold()
    concluded = conclusion == context.param("conclusion")
    not_concluded = None if concluded else context.param("sinon" if conclusion else "autre")
    messages = [*context.told(not_concluded, *map(errors.get, wrong))]
    if concluded and right < expected and context.param("reste"):
        messages.append(context.message(context.param("reste"), n=expected - right))
    notes = [*option_notes(given, {*given} - {*wrong}, context)]
    if conclusion:
        notes.append(CellNote(f"conclusion.{conclusion}", "option", "juste" if concluded else "faux"))
    share = max(0, right - len(wrong)) / expected if concluded else 0.0
    return Outcome(share, tuple(messages), tuple(notes))


# --- the settings, and answers that prove them ------------------------------------------------------------------------


def _problems(place: Place) -> Iterator[Mistake]:
    faults, others = place.settings["manquements"], place.settings.get("remplacent", [])
    for position, name in enumerate(others):
        if name in faults:
            yield Mistake(("remplacent", position), f"« {name} » est déjà parmi les « manquements ».")
    if faults and place.settings["attendus"] > len(faults) + len(others):
        yield Mistake(("attendus",), "il y a moins de manquements que de remarques attendues.")


def _proofs(context: Context) -> Iterator[Proof]:
    conclusion, faults = context.param("conclusion"), list(context.param("manquements"))
    expected: int = context.param("attendus")
    least = faults[:expected]
    wrong = "non" if conclusion == "oui" else "oui"

    def proof(about: str, share: float, setting: str, code: str = "", said: str = conclusion, *more: str) -> Proof:
        found = [*least, *more]
        return Proof(about, {"conclusion": said, "manquements": found}, share, code, (setting,))

    yield proof("l’autre conclusion", 0.0, "sinon", context.param("sinon"), wrong)
    seen = () if least else [item.id for item in context.spec.left[:1]]
    yield proof("sans conclusion", 0.0, "autre", context.param("autre"), "", *seen)
    for name, code in context.param("erreurs", {}).items():
        yield proof(f"« {name} » signalé à tort", 1 - 1 / expected, "erreurs", code, conclusion, name)
    least = least[:-1] if len(least) == expected else least
    for name in context.param("remplacent", ()):
        yield proof(
            f"« {name} » à la place d’un manquement", (len(least) + 1) / expected, "remplacent", "", conclusion, name
        )
    if (code := context.param("reste")) and least:
        yield proof("un manquement oublié", len(least) / expected, "reste", code)


_ITEM = reference("une mention ou une remarque du formulaire", lambda place: names_of(place.question, place.criterion))
CHECKS = {
    "formulaire": Check(
        form_inspection,
        ("formulaire",),
        settings=(
            Setting("conclusion", one_of("oui", "non")),
            Setting("manquements", list_of(_ITEM, distinct=True)),
            Setting("attendus", integer(1), required=True),
            Setting("remplacent", list_of(_ITEM, distinct=True)),
            Setting("erreurs", mapping(_ITEM, CODE)),
            Setting("sinon", CODE, required=True),
            Setting("autre", CODE, required=True),
            Setting("reste", CODE),
            Setting("raisons", mapping(_ITEM, TEXT)),
        ),
        problems=_problems,
        defaults=lambda answer: answer if isinstance(answer, dict) else {},
        proofs=_proofs,
    )
}
