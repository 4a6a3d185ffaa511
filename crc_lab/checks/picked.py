"""What is picked out: pairs of rows (duplicates), passages of a text. What is picked wrongly cancels what is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, combinations
from typing import Any

from crc_lab.checks.answer_rows import record_id
from crc_lab.core.grading import Check, Context, Outcome, Proof
from crc_lab.core.idle import CODE as SAME_EVERYWHERE
from crc_lab.core.idle import OVERSIGHT
from crc_lab.core.model import CellNote, Message, Table
from crc_lab.core.settings import (
    CODE,
    DATA,
    TEXT,
    Mistake,
    Place,
    Setting,
    Shape,
    list_of,
    looked_at,
    mapping,
    reference,
)
from crc_lab.core.text import fold
from crc_lab.kinds.choices import PICKED, Passages

type_of_pair = tuple[str, str]


def pairs(value: tuple[type_of_pair, ...], context: Context) -> Outcome:
    """Share: (right − wrong) / expected, at least 0. The order inside a pair and of the pairs does not matter; a pair
    that cannot be one costs nothing. A note's row and column are the two ids. Source: contenu, activités §4.3.
    """
    expected = _expected(context)
    given, unreadable = _given(value, context)
    right = [pair for pair in given if pair in expected]
    wrong = [pair for pair in given if pair not in expected]
    missed = [pair for pair in expected if pair not in given]
    of_wrong: dict[str, str] = context.param("faux", {})
    of_missed: dict[str, str] = context.param("oublies", {})
    why = {pair: of_wrong.get(_name(pair)) or context.param("autre") for pair in wrong}
    messages = [context.message(context.param("illisible"), paires=_names(unreadable))] if unreadable else []
    for code in dict.fromkeys(why.values()):
        blamed = [pair for pair in wrong if why[pair] == code]
        messages.append(context.message(code, tuple(dict.fromkeys(chain(*blamed))), paires=_names(blamed)))
    messages += [context.message(of_missed[_name(pair)], pair) for pair in missed if _name(pair) in of_missed]
    if missed:
        messages.append(context.message(context.param("reste"), justes=len(right), total=len(expected)))
    notes = [CellNote(*pair, "juste") for pair in right]
    notes += [CellNote(*pair, "faux", context.message(why[pair], pair, paires=_name(pair)).text) for pair in wrong]
    return Outcome(max(0, len(right) - len(wrong)) / len(expected), tuple(messages), tuple(notes))


def _expected(context: Context) -> list[type_of_pair]:
    return [_sorted(row[0], row[1]) for row in context.table(context.param("table")).rows]


def _given(value: Iterable[type_of_pair], context: Context) -> tuple[list[type_of_pair], list[type_of_pair]]:
    """The pairs given, each once, whatever the order they were written in; and those that cannot be one."""
    known = _records(context.table(context.param("source")))
    found = list(dict.fromkeys(_sorted(first, second) for first, second in value if first or second))
    refused = [pair for pair in found if pair[0] == pair[1] or not known.issuperset(pair)]
    return [pair for pair in found if pair not in refused], refused


def _records(table: Table) -> set[str]:
    return {record_id(row[0]) for row in table.rows}


def _sorted(first: str, second: str) -> type_of_pair:
    """The pair whatever the order it was given in; numbers in numeric order."""
    low, high = sorted((record_id(first), record_id(second)), key=_numeric)
    return low, high


def _numeric(number: str) -> tuple[int, str]:
    return len(number), number


def _name(pair: type_of_pair) -> str:
    return "-".join(pair)


def _names(found: list[type_of_pair], limit: int = 6) -> str:
    """« 3-5, 4-9 », cut after ``limit`` pairs and 20 characters each: what was typed may be anything."""
    return ", ".join(_name(pair)[:20] for pair in found[:limit]) + ("…" if len(found) > limit else "")


# --- without the key, what is refused, the settings, and answers that prove them --------------------------------------

FORM = "FORME-PAIRES"


def form(value: tuple[type_of_pair, ...], context: Context) -> Outcome:
    """The pairs that cannot be one: twice the same record, a number that the table does not have."""
    _, refused = _given(value, context)
    text = f"À reprendre : {_names(refused)}. Une paire réunit deux numéros de fiche différents, pris dans le tableau."
    return Outcome(0.0, (Message(FORM, text),) if refused else ())


def _look_at_pair(value: object, place: Place) -> Iterator[Mistake]:
    pair = str(value).split("-")
    if len(pair) != 2 or not _records(place.named("source")).issuperset(pair):
        text = f"« {value} » n’est pas une paire de fiches du fichier « source » : écrivez par exemple 1-11."
        yield Mistake((), text)
    elif "-".join(_sorted(*pair)) != value:
        yield Mistake((), f"écrivez « {_name(_sorted(*pair))} », le plus petit numéro d’abord.")


def _pair_proofs(context: Context) -> Iterator[Proof]:
    expected = _expected(context)
    right = [list(pair) for pair in expected]
    share = 1 - 1 / len(right)
    wrong: dict[str, str] = context.param("faux", {})
    for name, code in wrong.items():
        yield Proof(f"la paire {name} en trop", [*right, name.split("-")], share, code, ("faux", name))
    for name, code in context.param("oublies", {}).items():
        kept = [list(pair) for pair in expected if _name(pair) != name]
        yield Proof(f"la paire {name} oubliée", kept, share, code, ("oublies", name))
    known = sorted(_records(context.table(context.param("source"))), key=_numeric)
    other = next(pair for pair in combinations(known, 2) if pair not in expected and _name(pair) not in wrong)
    yield Proof("une autre paire en trop", [*right, list(other)], share, context.param("autre"), ("autre",))
    twice = [*right, [known[0], known[0]]]
    yield Proof("deux fois la même fiche", twice, 1.0, context.param("illisible"), ("illisible",))
    if len(right) > 1:
        yield Proof("une paire oubliée", right[1:], share, context.param("reste"), ("reste",))


_PAIR = Shape("une paire de fiches (1-11)", _look_at_pair)


# --- passages of a text (contenu, révision § 1.3) ---------------------------------------------------------------------

FOUND, NAMED, FALSE = 0.7, 0.3, 0.5
"""Weights of a faulty passage picked out, of its category, and of a sound passage picked out (revision § 1.3)."""
UNREAD = Message(
    "TOUT-COCHE", "Tout relever, ou tout le début, ou un passage sur deux, n’est pas choisir : cela ne compte pas."
)
UNCLASSED = Message(
    SAME_EVERYWHERE,
    "Le début du texte, avec partout la même catégorie ou aucune, n’est pas choisir : un quart des points au plus.",
)
QUARTER = 0.25
ENOUGH_TO_TELL = 5
"""Passages picked out from which a plain beginning, or every other one, is no coincidence."""


def picked_out(value: dict[str, str], context: Context) -> Outcome:
    """Share: 0.7 × (right − 0.5 × wrong) ÷ expected + 0.3 × well classed ÷ expected, at least 0; without categories,
    the first term alone. Picking out every passage of the text, or of its beginning, or every other one, says
    nothing: 0. The first passages, however few, with one same category or none, earn a quarter at most."""
    spec: Passages = context.spec
    expected: dict[str, str] = context.param("attendu")
    accepted: dict[str, list[str]] = context.param("acceptes", {})
    remarks: dict[str, str] = context.param("raisons", {})
    errors: dict[str, str] = context.param("erreurs", {})
    neutral = set(context.param("neutres", ()))
    given = {name: category for name, category in value.items() if name in spec.segments and name not in neutral}
    right = [name for name in given if name in expected]
    wrong = [name for name in given if name not in expected]
    named = [name for name in right if fold(given[name]) in _called(spec, [expected[name], *accepted.get(name, ())])]
    weight = FOUND if spec.categories else 1.0
    share = weight * (len(right) - FALSE * len(wrong)) / len(expected)
    if spec.categories:
        share += NAMED * len(named) / len(expected)
    names = [name for name in spec.segments if name not in neutral]
    unread: tuple[Message, ...] = ()
    if wrong and (set(names) <= set(given) or _without_reading([name in given for name in names], len(wrong))):
        share, unread = 0.0, (UNREAD,)
    elif share > QUARTER and _unclassed(given, names, expected, spec):
        share, unread = QUARTER, (UNCLASSED,)
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


def _unclassed(given: Mapping[str, str], names: list[str], expected: Mapping[str, str], spec: Passages) -> bool:
    """Whether the first passages of the text are picked out with one same category, or none, where several are due."""
    alike = len(given) > 1 == len({*map(fold, given.values())})
    return bool(spec.categories) and alike and len(set(expected.values())) > 1 and {*given} == {*names[: len(given)]}


def _called(spec: Passages, wanted: list[str]) -> set[str]:
    """Everything that names one of these categories, folded."""
    texts = {option.id: option.text for option in spec.categories}
    return {fold(form) for name in wanted for form in (name, texts.get(name, name))}


def _state(name: str, right: list[str], named: list[str], spec: Passages) -> str:
    if name not in right:
        return "faux"
    return "juste" if name in named or not spec.categories else "accepte"


# --- the settings, and answers that prove them ------------------------------------------------------------------------


def _passage_proofs(context: Context) -> Iterator[Proof]:
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


def _passage_problems(place: Place) -> Iterator[Mistake]:
    spec: Any = looked_at(place.question, place.criterion).spec
    known = _called(spec, [option.id for option in spec.categories])
    for name, category in place.settings.get("attendu", {}).items():
        if spec.categories and fold(str(category)) not in known:
            yield Mistake(("attendu", name), f"« {category} » n’est pas une catégorie de la question.")


_PASSAGE = reference("un passage du texte", _segments)


CHECKS = {
    "paires": Check(
        pairs,
        ("paires",),
        about="Chaque paire juste compte autant ; une fausse paire en annule une juste.",
        settings=(
            Setting("table", DATA, "Le fichier des paires justes (ses deux premières colonnes).", required=True),
            Setting("source", DATA, "Le fichier montré à l’élève.", required=True, keyless=True),
            Setting("faux", mapping(_PAIR, CODE), "Le message de chaque fausse paire connue."),
            Setting("oublies", mapping(_PAIR, CODE), "Le message de chaque paire juste qui manque."),
            Setting("autre", CODE, "Le message de toute autre fausse paire.", required=True),
            Setting("illisible", CODE, "Le message d’une paire impossible.", required=True),
            Setting("reste", CODE, "Le message quand il manque des paires.", required=True),
        ),
        form=form,
        proofs=_pair_proofs,
    ),
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
        problems=_passage_problems,
        proofs=_passage_proofs,
    ),
}
