"""Options: single and multiple choice, true or false, items to put in order or to match, a form to inspect."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from crc_lab.checks import readings
from crc_lab.core import settings as s
from crc_lab.core.cells import meant
from crc_lab.core.errors import nearest
from crc_lab.core.grading import Check, Context, Outcome, Proof, type_of_check
from crc_lab.core.idle import EVERYWHERE, PATTERN, follows_a_pattern, says_the_same
from crc_lab.core.model import CellNote, Json, Message, Option
from crc_lab.core.problems import type_of_path
from crc_lab.core.settings import Mistake, Place, Setting, looked_at, names_of
from crc_lab.core.text import count, fold
from crc_lab.reading.reader import reader_of

MISSING = "FORME-MANQUE"
EVERYTHING = Message("TOUT-COCHE", "Tout est coché : ce n’est pas choisir, et cela ne compte pas.")


def option_id(text: str, options: tuple[Option, ...]) -> str:
    """The id of the option that ``text`` names by its id, its wording, or a yes or a no; else ``text``."""
    return _named(options).get(fold(text)) or meant(text, [item.id for item in options]) or text


@lru_cache(maxsize=512)
def _named(options: tuple[Option, ...]) -> Mapping[str, str]:
    """The id of each option by its folded id and by its folded wording; the first option of a name has it."""
    named = {fold(name): item.id for item in reversed(options) for name in (item.text, item.id)}
    return {name: item for name, item in named.items() if name}


def option_notes(chosen: Iterable[str], right: Collection[str], context: Context) -> tuple[CellNote, ...]:
    """A note on each chosen option, whose row is the option's id, with the remark that the key has on it."""
    reasons: dict[str, str] = context.param("raisons", {})
    return tuple(
        CellNote(item, "option", "juste" if item in right else "faux", reasons.get(item, "")) for item in chosen
    )


def still_missing(what: str) -> type_of_check:
    """Without the key: how many of ``what`` the spec lists (``left``, ``parts``) are still without an answer."""

    def form(value: Mapping[str, str], context: Context) -> Outcome:
        wanted = getattr(context.spec, what)
        empty = sum(not value.get(one.id, "").strip() for one in wanted)
        text = f"{count(empty, 'réponse manque', 'réponses manquent')} encore sur {len(wanted)}."
        return Outcome(0.0, (Message(MISSING, text),) if empty else ())

    return form


# --- one option, or several -------------------------------------------------------------------------------------------


def single_choice(value: str | dict[str, str], context: Context) -> Outcome:
    """The right option takes all, an accepted one its share, another one when the reason given makes it right.

    ``value`` is an option's id or its text (an answer typed in Excel or by code), or the ``choix`` of a true or false.
    """
    right: str = context.param("bonne")
    chosen = option_id(value.get("choix", "") if isinstance(value, dict) else value, context.spec.options)
    share = 1.0 if chosen == right else float(context.param("acceptees", {}).get(chosen, 0.0))
    if chosen != right and _justified(value, context.param("acceptees_si", {}).get(chosen), context):
        share = 1.0
    code = context.param("erreurs", {}).get(chosen) if share < 1 else None
    accepted = (right, chosen) if share == 1 else (right,)
    return Outcome(share, context.told(code), option_notes((chosen,), accepted, context))


def _justified(value: str | dict[str, str], idea: Mapping[str, str] | None, context: Context) -> bool:
    """Whether the reason given with a choice holds, in one's own words, the idea that makes this choice right."""
    if idea is None or isinstance(value, str):
        return False
    reason = value.get("raison", "")
    assert context.key is not None
    held = reader_of(context.key.models[idea[readings.MODEL]]).likely_in(reason)
    return idea["id"] in held and not context.copied(reason)


def multiple_choice(value: tuple[str, ...], context: Context) -> Outcome:
    """Share: (right − wrong) / expected, at least 0; nothing for everything ticked, unless everything is right."""
    expected: list[str] = context.param("bonnes")
    chosen = tuple(dict.fromkeys(option_id(item, context.spec.options) for item in value))
    wrong = [item for item in chosen if item not in expected]
    errors: dict[str, str] = context.param("erreurs", {})
    share = max(0, len(chosen) - 2 * len(wrong)) / len(expected)
    everything = _is_everything(chosen, context) and bool(wrong)
    messages = (*context.told(*map(errors.get, wrong)), *((EVERYTHING,) if everything else ()))
    return Outcome(0.0 if everything else share, messages, option_notes(chosen, expected, context))


def _is_everything(chosen: Collection[str], context: Context) -> bool:
    every = {option.id for option in context.spec.options}
    return bool(every) and every <= {*chosen}


def _single_proofs(context: Context) -> Iterator[Proof]:
    """Every option that is not the right one, or that has a reproach, then those that a reason makes right."""
    accepted: Mapping[str, float] = context.param("acceptees", {})
    errors: Mapping[str, str] = context.param("erreurs", {})
    for option in names_of(context.question, context.criterion):
        if option != context.param("bonne") or option in errors:
            share, code = float(accepted.get(option, 0.0)), errors.get(option, "")
            path = ("erreurs", option) if code else ("acceptees", option) if option in accepted else ()
            answer = {"choix": option, "raison": ""} if isinstance(context.answer, dict) else option
            yield Proof(f"l’option « {option} »", answer, share, code, path)
    for name, reason in context.param("acceptees_si", {}).items():
        if "preuve" in reason:
            answer = {"choix": name, "raison": reason["preuve"]}
            yield Proof(f"l’option « {name} » bien justifiée", answer, 1.0, path=("acceptees_si", name, "preuve"))


def _multiple_proofs(context: Context) -> Iterator[Proof]:
    """The right options but one, then with one too many."""
    right = list(context.param("bonnes"))
    errors: Mapping[str, str] = context.param("erreurs", {})
    share = 1 - 1 / len(right)
    if len(right) > 1:
        yield Proof(f"« {right[0]} » oubliée", right[1:], share, path=("bonnes",))
    for option in names_of(context.question, context.criterion):
        if option not in right:
            path = ("erreurs", option) if option in errors else ("bonnes",)
            worth = 0.0 if _is_everything([*right, option], context) else share
            yield Proof(f"l’option « {option} » en trop", [*right, option], worth, errors.get(option, ""), path)


# --- in order ---------------------------------------------------------------------------------------------------------


def ordering(value: tuple[str, ...], context: Context) -> Outcome:
    """Items are named by their id or their wording. Share: items at their place / items; none when an item is given
    twice, when there are too many, when nothing was put in order (as the page shows them, or all reversed).
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
    share = share if share == 1 or not _as_shown(given, context) else 0.0
    code = context.param("sinon")
    if given == expected[::-1] and len(expected) > 1:
        code = context.param("erreurs", {}).get("inverse", code)
    return Outcome(share, context.told(code) if share < 1 else (), notes)


def _as_shown(given: list[str], context: Context) -> bool:
    shown = [option.id for option in context.spec.options]
    return given in (shown, shown[::-1])


def _order_problems(place: Place) -> Iterator[Mistake]:
    names = names_of(place.question, place.criterion)
    expected = place.settings.get("attendu")
    if expected is None:
        yield Mistake((), "il manque le bon ordre : la réponse ne le donne pas, ni « attendu ».")
    elif missing := [option for option in names if option not in expected]:
        yield Mistake(("attendu",), f"il manque « {missing[0]} » dans l’ordre attendu.")


def _order_proofs(context: Context) -> Iterator[Proof]:
    expected: list[str] = context.param("attendu")
    middle, other = len(expected) % 2 / len(expected), context.param("sinon") or ""
    middle = 0.0 if _as_shown(expected[::-1], context) else middle
    if len(expected) > 1:
        reverse = context.param("erreurs", {}).get("inverse", "") or other
        yield Proof("l’ordre inverse", expected[::-1], middle, reverse, ("erreurs",))
    if len(expected) > 2:
        yield Proof("un autre ordre", [*expected[1:], expected[0]], 0.0, other, ("sinon",))


# --- left with right --------------------------------------------------------------------------------------------------


def matching(value: dict[str, str], context: Context) -> Outcome:
    """A right item is named by its id or its wording. Share: right items / expected items, none where the same item
    is everywhere, or where the items only follow the list. A note per answered item, its row being the left id.
    """
    expected: dict[str, str] = context.param("attendu")
    accepted: dict[str, list[str]] = context.param("acceptes", {})
    reasons: dict[str, str] = context.param("raisons", {})
    notes, codes = [], []
    given = {left: option_id(value.get(left) or "", context.spec.right) for left in expected}
    for left, target in expected.items():
        if not value.get(left):
            continue
        if fold(given[left]) in map(fold, (target, *accepted.get(left, ()))):
            notes.append(CellNote(left, "association", "juste", reasons.get(left, "")))
        else:
            notes.append(CellNote(left, "association", "faux"))
            codes.append(_mismatched(left, given[left], context))
    share = sum(note.state == "juste" for note in notes) / len(expected)
    right = {note.row for note in notes if note.state == "juste"}
    if says_the_same((given[left], to, left in right) for left, to in expected.items()):
        return Outcome(0.0, (EVERYWHERE, *context.told(*codes)), tuple(notes))
    places = {fold(option.id): at for at, option in enumerate(context.spec.right)}
    chosen = [places.get(fold(given.get(one.id, "")), -1) for one in context.spec.left]
    if follows_a_pattern(chosen, len(places), len(right)):
        return Outcome(0.0, (PATTERN, *context.told(*codes)), tuple(notes))
    return Outcome(share, context.told(*codes), tuple(notes))


def _mismatched(left: str, right: str, context: Context) -> str | None:
    """The code of the message for ``left`` matched with a wrong item: one for all, or one for each of them."""
    told: str | Mapping[str, str] | None = context.param("erreurs", {}).get(left)
    return told.get(right) if isinstance(told, Mapping) else told


def _matching_problems(place: Place) -> Iterator[Mistake]:
    """A wording that is accepted may be anybody's; one that is nearly an option is a slip."""
    options = looked_at(place.question, place.criterion).spec.right
    names = {fold(name) for option in options for name in (option.id, option.text)}
    for left, texts in place.settings.get("acceptes", {}).items():
        for position, text in enumerate(texts):
            if fold(text) not in names and difflib.get_close_matches(fold(text), names, n=1, cutoff=0.65):
                told = f"« {text} » n’est pas un élément de droite.{nearest(text, [option.id for option in options])}"
                yield Mistake(("acceptes", left, position), told)


def _matching_proofs(context: Context) -> Iterator[Proof]:
    """Every accepted variant, then every wrong association."""
    expected: dict[str, str] = context.param("attendu")
    accepted: dict[str, list[str]] = context.param("acceptes", {})
    share = 1 - 1 / len(expected)
    for left, target in expected.items():
        also = accepted.get(left, ())
        for position, other in enumerate(also):
            path: type_of_path = ("acceptes", left, position)
            yield Proof(f"« {left} » avec « {other} »", {**expected, left: other}, 1.0, path=path)
        known = {fold(other) for other in (target, *also)}
        for option in context.spec.right:
            if not known & {fold(option.id), fold(option.text)}:
                code = _mismatched(left, option.id, context) or ""
                path = ("erreurs" if code else "attendu", left)
                yield Proof(f"« {left} » avec « {option.id} »", {**expected, left: option.id}, share, code, path)


# --- a form to inspect: what is missing in it, and what one concludes -------------------------------------------------


WRONGLY = 2
"""Right remarks that one made wrongly takes away."""


def form_inspection(value: dict[str, Any], context: Context) -> Outcome:
    """Without the right conclusion nothing counts; a remark made wrongly takes two away, for most of a form may be
    wrong: remarking everything is no inspection.

    Share: (remarks − 2 × those made wrongly) / ``attendus``, between 0 and 1.
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
    share = max(0, right - WRONGLY * len(wrong)) / expected if concluded else 0.0
    return Outcome(share, tuple(messages), tuple(notes))


def _form_problems(place: Place) -> Iterator[Mistake]:
    faults, others = place.settings.get("manquements", []), place.settings.get("remplacent", [])
    for position, name in enumerate(others):
        if name in faults:
            yield Mistake(("remplacent", position), f"« {name} » est déjà parmi les « manquements ».")
    if faults and place.settings["attendus"] > len(faults) + len(others):
        yield Mistake(("attendus",), "il y a moins de manquements que de remarques attendues.")


def _form_proofs(context: Context) -> Iterator[Proof]:
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
        yield proof(f"« {name} » signalé à tort", max(0.0, 1 - WRONGLY / expected), "erreurs", code, conclusion, name)
    least = least[:-1] if len(least) == expected else least
    for name in context.param("remplacent", ()):
        yield proof(
            f"« {name} » à la place d’un manquement", (len(least) + 1) / expected, "remplacent", "", conclusion, name
        )
    if (code := context.param("reste")) and least:
        yield proof("un manquement oublié", len(least) / expected, "reste", code)


# --- the settings -----------------------------------------------------------------------------------------------------


def _right(answer: Json) -> Mapping[str, Any]:
    return {"bonne": answer.get("choix") if isinstance(answer, dict) else answer}


_ERRORS = Setting("erreurs", s.mapping(s.OPTION, s.CODE), "Le message de chaque mauvaise option.")
_ONE_OR_EACH = s.either(s.CODE, tabled=s.mapping(s.RIGHT, s.CODE))
_REASONS = Setting("raisons", s.mapping(s.OPTION, s.TEXT), "Ce que l’on dit de chaque option une fois choisie.")
_ITEM = s.reference(
    "une mention ou une remarque du formulaire", lambda place: names_of(place.question, place.criterion)
)
CHECKS = {
    "choix_unique": Check(
        single_choice,
        ("choix", "vrai_faux"),
        about="Une seule bonne option.",
        settings=(
            Setting("bonne", s.OPTION, "La bonne option ; celle de « reponse » si rien n’est dit."),
            Setting(
                "acceptees", s.mapping(s.OPTION, s.number(0, 1)), "D’autres options, et la part des points de chacune."
            ),
            Setting(
                "acceptees_si",
                s.mapping(s.OPTION, s.table_of({"id": s.TEXT, readings.MODEL: s.TEXT}, {"preuve": s.TEXT})),
                "D’autres options d’un vrai ou faux, justes quand la raison contient cette idée (une étiquette des "
                "exemples que nomme « lecture »).",
            ),
            _ERRORS,
            _REASONS,
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
                s.list_of(s.OPTION, least=1, distinct=True),
                "Les bonnes options ; celles de « reponse » si rien n’est dit.",
            ),
            _ERRORS,
            _REASONS,
        ),
        defaults=lambda answer: {"bonnes": answer},
        proofs=_multiple_proofs,
    ),
    "ordre": Check(
        ordering,
        ("ordre",),
        about="Chaque élément à sa place compte autant.",
        settings=(
            Setting(
                "attendu", s.list_of(s.OPTION, least=2, distinct=True), "Le bon ordre ; celui de « reponse » sinon."
            ),
            Setting("erreurs", s.mapping(s.one_of("inverse"), s.CODE), "Le message de l’ordre exactement inverse."),
            Setting("sinon", s.CODE, "Le message de tout autre ordre faux."),
            _REASONS,
        ),
        problems=_order_problems,
        defaults=lambda answer: {"attendu": answer},
        proofs=_order_proofs,
    ),
    "association": Check(
        matching,
        ("association",),
        about="Chaque élément bien associé compte autant.",
        settings=(
            Setting("attendu", s.mapping(s.LEFT, s.RIGHT), "Le bon élément de droite pour chaque élément de gauche."),
            Setting(
                "acceptes",
                s.mapping(s.LEFT, s.list_of(s.TEXT, least=1)),
                "Les autres réponses acceptées, en toutes lettres.",
            ),
            Setting(
                "erreurs",
                s.mapping(s.LEFT, _ONE_OR_EACH),
                "Le message de chaque élément de gauche mal associé, quel que soit l’élément de droite, ou selon lui.",
            ),
            Setting("raisons", s.mapping(s.LEFT, s.TEXT), "Ce que l’on dit de chaque élément une fois bien associé."),
        ),
        form=still_missing("left"),
        problems=_matching_problems,
        defaults=lambda answer: {"attendu": answer},
        proofs=_matching_proofs,
    ),
    "formulaire": Check(
        form_inspection,
        ("formulaire",),
        about="Ce qui manque à un formulaire : rien ne compte sans la bonne conclusion, et un signalement faux en "
        "annule un juste.",
        settings=(
            Setting("conclusion", s.one_of("oui", "non"), "La bonne conclusion ; celle de « reponse » sinon."),
            Setting(
                "manquements",
                s.list_of(_ITEM, distinct=True),
                "Ce qui manque ou n’est pas valable ; ceux de « reponse » sinon.",
            ),
            Setting("attendus", s.integer(1), "Le nombre de remarques qui donne tous les points.", required=True),
            Setting(
                "remplacent", s.list_of(_ITEM, distinct=True), "Les remarques qui peuvent remplacer un manquement."
            ),
            Setting("erreurs", s.mapping(_ITEM, s.CODE), "Le message de ce qui n’est pas un défaut de ce formulaire."),
            Setting("sinon", s.CODE, "Le message de la mauvaise conclusion.", required=True),
            Setting("autre", s.CODE, "Le message d’une réponse sans conclusion.", required=True),
            Setting("reste", s.CODE, "Le message quand il reste des manquements à trouver ({n})."),
            Setting("raisons", s.mapping(_ITEM, s.TEXT), "Ce que l’on dit de chaque mention signalée."),
        ),
        problems=_form_problems,
        defaults=lambda answer: answer if isinstance(answer, dict) else {},
        proofs=_form_proofs,
    ),
}
