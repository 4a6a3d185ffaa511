"""Single and multiple choice, true or false."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crc_lab.core.cells import meant
from crc_lab.core.check import Check, Context, Outcome, Proof
from crc_lab.core.model import CellNote, Json, Option
from crc_lab.core.settings import CODE, OPTION, TEXT, Setting, integer, list_of, mapping, names_of, number
from crc_lab.core.text import fold
from crc_lab.french.clauses import read
from crc_lab.french.ideas import Idea, expected_words, idea_shape, presence

_ERRORS = Setting("erreurs", mapping(OPTION, CODE), "Le message de chaque mauvaise option.")
REASONS = Setting("raisons", mapping(OPTION, TEXT), "Ce que l’on dit de chaque option une fois choisie.")


def single_choice(value: str | dict[str, str], context: Context) -> Outcome:
    """The right option takes all, an accepted one its share, another one when the reason given makes it right.

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
    """Share: (right − wrong) / expected, at least 0."""
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
    """The id of the option that ``text`` names by its id, its wording, or a yes or a no; else ``text``."""
    wanted = fold(text)
    named = next((item.id for item in options if wanted and wanted in (fold(item.id), fold(item.text))), None)
    return named or meant(text, [item.id for item in options]) or text


def _notes(chosen: tuple[str, ...], right: tuple[str, ...], context: Context) -> tuple[CellNote, ...]:
    reasons: dict[str, str] = context.param("raisons", {})
    return tuple(
        CellNote(item, "option", "juste" if item in right else "faux", reasons.get(item, "")) for item in chosen
    )


def _single_proofs(context: Context) -> Iterator[Proof]:
    """Every option that is not the right one, then those that a reason makes right."""
    accepted: Mapping[str, float] = context.param("acceptees", {})
    errors: Mapping[str, str] = context.param("erreurs", {})
    for option in names_of(context.question, context.criterion):
        if option != context.param("bonne"):
            share, code = float(accepted.get(option, 0.0)), errors.get(option, "")
            path = ("erreurs", option) if code else ("acceptees", option) if option in accepted else ()
            yield Proof(f"l’option « {option} »", _choice(context, option), share, code, path)
    for name, reason in context.param("acceptees_si", {}).items():
        if "preuve" in reason:
            answer = {"choix": name, "raison": reason["preuve"]}
            yield Proof(f"l’option « {name} » bien justifiée", answer, 1.0, path=("acceptees_si", name, "preuve"))


def _choice(context: Context, option: str) -> Json:
    return {"choix": option, "raison": ""} if isinstance(context.answer, dict) else option


def _multiple_proofs(context: Context) -> Iterator[Proof]:
    """The right options but one, then with one too many."""
    right = list(context.param("bonnes"))
    errors: Mapping[str, str] = context.param("erreurs", {})
    share = (len(right) - 1) / len(right)
    if len(right) > 1:
        yield Proof(f"« {right[0]} » oubliée", right[1:], share, path=("bonnes",))
    for option in names_of(context.question, context.criterion):
        if option not in right:
            code = errors.get(option, "")
            path = ("erreurs", option) if code else ("bonnes",)
            yield Proof(f"l’option « {option} » en trop", [*right, option], share, code, path)


def _right(answer: Json) -> Mapping[str, Any]:
    return {"bonne": answer.get("choix") if isinstance(answer, dict) else answer}


CHECKS = {
    "choix_unique": Check(
        single_choice,
        ("choix", "vrai_faux"),
        about="Une seule bonne option.",
        settings=(
            Setting("bonne", OPTION, "La bonne option ; celle de « reponse » si rien n’est dit."),
            Setting("acceptees", mapping(OPTION, number(0, 1)), "D’autres options, et la part des points de chacune."),
            Setting(
                "acceptees_si",
                mapping(OPTION, idea_shape({}, {"id": TEXT, "au_moins": integer(1), "preuve": TEXT})),
                "D’autres options d’un vrai ou faux, justes quand la raison contient cette idée.",
            ),
            _ERRORS,
            REASONS,
        ),
        defaults=_right,
        proofs=_single_proofs,
    ),
    "choix_multiple": Check(
        multiple_choice,
        ("choix_multiple",),
        about="Plusieurs bonnes options : chaque option cochée à tort annule une bonne option.",
        settings=(
            Setting(
                "bonnes",
                list_of(OPTION, least=1, distinct=True),
                "Les bonnes options ; celles de « reponse » si rien n’est dit.",
            ),
            _ERRORS,
            REASONS,
        ),
        defaults=lambda answer: {"bonnes": answer},
        proofs=_multiple_proofs,
    ),
}
