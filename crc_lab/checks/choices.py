"""Single and multiple choice, true or false."""

from __future__ import annotations

from crc_lab.core.check import Context, Outcome
from crc_lab.core.model import CellNote, Option
from crc_lab.core.text import fold
from crc_lab.french.clauses import read
from crc_lab.french.ideas import Idea, expected_words, presence


def single_choice(value: str | dict[str, str], context: Context) -> Outcome:
    """Settings: ``bonne`` (option id), ``acceptees`` ({id: share}), ``acceptees_si`` ({id: an idea, see
    :mod:`crc_lab.french.ideas`}: right when the reason of a true or false holds it), ``erreurs`` ({id: message code}).

    ``value`` is an option's id or its text (an answer typed in Excel or by code), or the ``choix`` of a true or
    false. The remark on the chosen option (``raisons``) is returned as a cell note whose row is the option's id.
    """
    right: str = context.param("bonne")
    chosen = option_id(value.get("choix", "") if isinstance(value, dict) else value, context.spec.options)
    share = 1.0 if chosen == right else float(context.param("acceptees", {}).get(chosen, 0.0))
    if chosen != right and _justified(value, context.param("acceptees_si", {}).get(chosen)):
        share = 1.0
    code = context.param("erreurs", {}).get(chosen) if share < 1 else None
    accepted = (right, chosen) if share == 1 else (right,)
    return Outcome(share, (context.message(code),) if code else (), _notes((chosen,), accepted, context))


def _justified(value: str | dict[str, str], idea: Idea | None) -> bool:
    """Whether the reason given with a choice holds the idea that makes this choice right."""
    if idea is None or isinstance(value, str):
        return False
    return presence(idea, read(value.get("raison", ""), expected_words(idea))).found


def multiple_choice(value: tuple[str, ...], context: Context) -> Outcome:
    """Settings: ``bonnes`` (ids), ``erreurs`` ({id: code}). Share: (right − wrong) / expected, at least 0."""
    expected = tuple(context.param("bonnes"))
    options = context.spec.options
    chosen = tuple(dict.fromkeys(option_id(item, options) for item in value))
    right = sum(item in expected for item in chosen)
    codes: dict[str, str] = context.param("erreurs", {})
    return Outcome(
        max(0, right - (len(chosen) - right)) / len(expected),
        tuple(context.message(codes[item]) for item in chosen if item in codes and item not in expected),
        _notes(chosen, expected, context),
    )


def option_id(text: str, options: tuple[Option, ...]) -> str:
    """The id of the option that ``text`` names by its id or its wording, case and accents ignored; else ``text``."""
    wanted = fold(text)
    return next((item.id for item in options if wanted and wanted in (fold(item.id), fold(item.text))), text)


def _notes(chosen: tuple[str, ...], right: tuple[str, ...], context: Context) -> tuple[CellNote, ...]:
    reasons: dict[str, str] = context.param("raisons", {})
    return tuple(
        CellNote(item, "option", "juste" if item in right else "faux", reasons.get(item, "")) for item in chosen
    )
