"""Single and multiple choice, true or false."""

from __future__ import annotations

from crc_lab.checks.base import Context, Outcome
from crc_lab.model import CellNote


def single_choice(value: str, context: Context) -> Outcome:
    """Settings: ``bonne`` (option id), ``acceptees`` ({id: share}), ``erreurs`` ({id: message code}).

    The remark on the chosen option (``raisons``) is returned as a cell note whose row is the option's id.
    """
    right: str = context.param("bonne")
    share = 1.0 if value == right else float(context.param("acceptees", {}).get(value, 0.0))
    code = context.param("erreurs", {}).get(value)
    return Outcome(share, (context.message(code),) if code else (), _notes((value,), (right,), context))


def multiple_choice(value: tuple[str, ...], context: Context) -> Outcome:
    """Settings: ``bonnes`` (ids), ``erreurs`` ({id: code}). Share: (right − wrong) / expected, at least 0."""
    expected = tuple(context.param("bonnes"))
    right = sum(item in expected for item in value)
    codes: dict[str, str] = context.param("erreurs", {})
    return Outcome(
        max(0, right - (len(value) - right)) / len(expected),
        tuple(context.message(codes[item]) for item in value if item in codes and item not in expected),
        _notes(value, expected, context),
    )


def _notes(chosen: tuple[str, ...], right: tuple[str, ...], context: Context) -> tuple[CellNote, ...]:
    reasons: dict[str, str] = context.param("raisons", {})
    return tuple(
        CellNote(item, "option", "juste" if item in right else "faux", reasons.get(item, "")) for item in chosen
    )
