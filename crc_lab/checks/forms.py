"""A form to inspect: what is missing in it, and what one concludes."""

from __future__ import annotations

from typing import Any

from crc_lab.checks.choices import option_id
from crc_lab.core.check import Check, Context, Outcome
from crc_lab.core.model import CellNote


def form_inspection(value: dict[str, Any], context: Context) -> Outcome:
    """Settings: ``conclusion`` (``oui`` or ``non``; without the right one nothing counts), ``manquements`` (the ids of
    what is missing or invalid), ``attendus`` (how many remarks are worth full marks), ``remplacent`` (other ids, each
    of which may take the place of a missing one), ``erreurs`` ({id: code} for what is no fault of this form), ``sinon``
    (code for the wrong conclusion), ``autre`` (code without any conclusion), ``reste`` (code, with {n}, for what is
    left to find), ``raisons`` ({id: remark on what was reported}).

    A remark made wrongly takes one away. Share: remarks / ``attendus``, between 0 and 1.
    """
    known = (*context.spec.left, *context.spec.options)
    given = tuple(dict.fromkeys(option_id(item, known) for item in value["manquements"]))
    faults, others = context.param("manquements"), context.param("remplacent", [])
    expected: int = context.param("attendus")
    wrong = [item for item in given if item not in faults and item not in others]
    right = min(expected, sum(item in faults or item in others for item in given)) if faults else expected
    errors: dict[str, str] = context.param("erreurs", {})
    codes = dict.fromkeys(errors[item] for item in wrong if item in errors)
    conclusion = value["conclusion"].strip().casefold()
    concluded = conclusion == context.param("conclusion")
    if not concluded:
        codes = {context.param("sinon" if conclusion else "autre"): None, **codes}
    messages = [context.message(code) for code in codes]
    if concluded and right < expected and context.param("reste"):
        messages.append(context.message(context.param("reste"), n=expected - right))
    share = max(0, right - len(wrong)) / expected if concluded else 0.0
    return Outcome(share, tuple(messages), _notes(given, wrong, conclusion, concluded, context))


def _notes(
    given: tuple[str, ...], wrong: list[str], conclusion: str, concluded: bool, context: Context
) -> tuple[CellNote, ...]:
    reasons: dict[str, str] = context.param("raisons", {})
    notes = [CellNote(item, "option", "faux" if item in wrong else "juste", reasons.get(item, "")) for item in given]
    if conclusion:
        notes.append(CellNote(f"conclusion.{conclusion}", "option", "juste" if concluded else "faux"))
    return tuple(notes)


CHECKS = {"formulaire": Check(form_inspection, ("formulaire",))}
