"""The aim of a campaign, recognised in an open answer, and the target that goes with it (contenu, activités A7-Q2).

An open answer says more than its aim: what it would be otherwise (« si l’objectif était de réactiver… »), what it is
not. :func:`aim_of` reads sentence by sentence, leaves out what is denied or only supposed, and says nothing when two
aims are as present as each other: the check then keeps to the reference, and says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any

from crc_lab.checks import readings
from crc_lab.core import settings as s
from crc_lab.core.check import Check, Context, Outcome, Proof
from crc_lab.core.model import CellNote, Message
from crc_lab.core.settings import DEPENDS, Place, Setting
from crc_lab.core.text import fold
from crc_lab.reading.reader import Reader

FOLLOWS, UNSURE, EVERYBODY, OTHER_AIM, OFF = "A7-SELON", "A7-OBJECTIF", "A7-E2", "A7-COHERENCE", "A7-CIBLE"
CODES = (FOLLOWS, UNSURE, EVERYBODY, OTHER_AIM, OFF)
NOT_SURE = "L’objectif écrit à la question {question} n’a pas été reconnu avec certitude."

_SENTENCE = re.compile(r"[.!?;\n]+")
_ELSE = re.compile(
    r"\b(?:si|s[’']ils?|sinon|au contraire|en revanche|par contre|[àa] l[’']inverse|dans (?:un|l[’'])\s?autre cas|"
    r"[àa] d[ée]faut)\b",
    re.IGNORECASE,
)
"""What follows is not claimed but imagined: a condition, an opposite case."""
_CONDITIONAL = re.compile(r"\b\w+(?:[eui]|d|v)r(?:ait|aient)\b", re.IGNORECASE)
_CLAIM = re.compile(
    r"\b(?:objectif|but|vise|viser|cherche|veut|voulon|veux|voudrai|souhait\w*|afin|permet|sert|s agit|choisi\w*"
    r"|vente privee|il faut|doit|pour)\b"
)
"""Words that announce an aim: the sentence weighs twice."""
MARGIN = 2
"""How many times more present than the others an aim must be."""


def aim_of(text: str, aims: Sequence[Mapping[str, Any]], reader: Reader) -> str:
    """The id of the aim that the text claims; an empty text when there is none, or no clear one.

    ``reader``: what recognises the aims, whose ids are labels of its.
    What is only supposed counts when nothing else is claimed (« l’objectif serait de fidéliser »).
    """
    claimed: list[str] = []
    supposed: list[str] = []
    for sentence in _SENTENCE.split(text):
        cut = _ELSE.search(sentence)
        before = sentence[: cut.start()] if cut else sentence
        (supposed if _CONDITIONAL.search(before) else claimed).append(before)
        supposed += [sentence[cut.end() :]] if cut else []
    return _clearest(_weights(claimed, aims, reader) or _weights(supposed, aims, reader))


def _weights(sentences: Sequence[str], aims: Sequence[Mapping[str, Any]], reader: Reader) -> Counter[str]:
    """How present each aim is: once per sentence, twice where the sentence announces an aim."""
    known = {aim["id"] for aim in aims}
    weights: Counter[str] = Counter()
    for sentence in sentences:
        for aim in sorted(known & reader.likely_in(sentence)):
            weights[aim] += 2 if _CLAIM.search(fold(sentence)) else 1
    return weights


def _clearest(weights: Counter[str]) -> str:
    ranked = weights.most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] < MARGIN * ranked[1][1]):
        return ""
    return ranked[0][0]


def ordered_targets(value: tuple[str, ...], context: Context) -> Outcome:
    """A list of options, best first, against those that are accepted, and those that the aim written makes right."""
    aims: list[Mapping[str, Any]] = context.param("objectifs")
    question = str(context.param("depend_de"))
    written = context.others.get(question)
    aim = aim_of(written, aims, readings.reader(context)) if isinstance(written, str) else ""
    label = next((str(one["texte"]) for one in aims if one["id"] == aim), "")
    known = _known(context)
    given = tuple(one for one in value if one in known)
    reference = _match(given, context.param("reference"))
    following = _match(given, context.param("selon", {}).get(aim, ()))
    share = max(float(rule["part"]) if rule else 0.0 for rule in (reference, following))
    messages = []
    if following and (reference is None or float(reference["part"]) < 1):
        messages.append(context.message(FOLLOWS, objectif=label))
    elif reference:
        messages += [context.message(reference["code"])] if "code" in reference else []
        if context.param("selon", {}).get(aim) and not following:
            messages.append(context.message(OTHER_AIM, objectif=label))
    else:
        messages.append(_wrong(given, known, context))
    unsure = share < 1 and not aim
    if unsure:
        messages.append(context.message(UNSURE))
    doubts = (NOT_SURE.format(question=question),) if unsure and isinstance(written, str) and written.strip() else ()
    state = "juste" if share == 1 else "accepte" if share else "faux"
    return Outcome(share, tuple(messages), tuple(CellNote(one, "option", state) for one in given), doubts=doubts)


def _known(context: Context) -> tuple[str, ...]:
    return tuple(option.id for option in context.spec.options)


def _match(given: tuple[str, ...], rules: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    return next((rule for rule in rules if tuple(rule["ordre"]) == given), None)


def _wrong(given: tuple[str, ...], known: tuple[str, ...], context: Context) -> Message:
    """Why a target is not accepted: everybody, a known mistake, or simply not this one."""
    if set(given) == set(known):
        return context.message(EVERYBODY)
    for error in context.param("erreurs", ()):
        if tuple(error.get("ordre", given)) == given and set(error.get("contient", given)) <= set(given):
            return context.message(error["code"])
    return context.message(OFF)


# --- the settings, and answers that prove them ------------------------------------------------------------------------


def _proofs(context: Context) -> Iterator[Proof]:
    """Every accepted list and every known mistake, with the key's own aim; then what each other aim makes right."""
    known, accepted = _known(context), context.param("reference")
    for position, rule in enumerate(accepted):
        share, code = float(rule["part"]), rule.get("code", "")
        yield Proof(_name(rule["ordre"]), list(rule["ordre"]), share, code, ("reference", position))
    for position, error in enumerate(context.param("erreurs", ())):
        given = error.get("ordre", error.get("contient", ()))
        yield Proof(_name(given), list(given), 0.0, error["code"], ("erreurs", position))
    yield Proof("tous les segments", list(known), 0.0, EVERYBODY)
    texts = {one["id"]: f"Mon objectif est de {one['texte']}." for one in context.param("objectifs")}
    question = str(context.param(DEPENDS))
    for aim, rules in context.param("selon", {}).items():
        others = {question: texts[aim]}
        for position, rule in enumerate(rules):
            about = f"{_name(rule['ordre'])} pour {aim}"
            share = max(float(one["part"]) for one in (*accepted, *rules) if one["ordre"] == rule["ordre"])
            path = ("selon", aim, position)
            yield Proof(about, list(rule["ordre"]), share, FOLLOWS if share > 0 else "", path, others)
        best, worth = accepted[0]["ordre"], float(accepted[0]["part"])
        if not _match(tuple(best), rules):
            yield Proof(f"{_name(best)} pour {aim}", list(best), worth, OTHER_AIM, ("selon", aim), others)
    wrong = next((one for one in permutations(known, 2) if _is_only_wrong(one, context)), None)
    if wrong:
        yield Proof(_name(wrong), list(wrong), 0.0, OFF, ("reference",))
        yield Proof(f"{_name(wrong)} sans objectif", list(wrong), 0.0, UNSURE, ("reference",), {question: ""})


def _is_only_wrong(given: tuple[str, ...], context: Context) -> bool:
    """Whether this list is neither accepted, nor a known mistake."""
    rules = (*context.param("reference"), *(rule for rules in context.param("selon", {}).values() for rule in rules))
    known = set(_known(context))
    return _match(given, rules) is None and _wrong(given, tuple(known), context).code == OFF


def _name(given: Sequence[str]) -> str:
    return f"« {', '.join(given)} »"


_ORDER = s.list_of(s.OPTION, least=1, distinct=True)
_RULES = s.list_of(s.table_of({"ordre": _ORDER, "part": s.number(0, 1)}, {"code": s.CODE}), least=1)


def _aims(place: Place) -> list[str]:
    named = place.settings.get("objectifs", ())
    return [str(one.get("id")) for one in named if isinstance(one, Mapping)] if isinstance(named, list) else []


_AIM = s.reference("l’un des « objectifs »", _aims)
CHECKS = {
    "cible_ordonnee": Check(
        ordered_targets,
        ("priorites",),
        about="Des segments par ordre de priorité, jugés d’après l’objectif écrit à une autre question.",
        codes=CODES,
        settings=(
            Setting(
                "objectifs",
                s.list_of(s.table_of({"id": s.TEXT, "texte": s.TEXT}), least=1),
                "Les objectifs que l’on reconnaît dans la question dont celle-ci dépend (étiquettes d’exemples.csv).",
                required=True,
            ),
            Setting(
                readings.MODEL,
                s.TEXT,
                "Le nom des exemples d’après lesquels les objectifs sont reconnus.",
                required=True,
            ),
            Setting("reference", _RULES, "Les listes acceptées, la meilleure d’abord, et leur part.", required=True),
            Setting("selon", s.mapping(_AIM, _RULES), "Les listes qu’un objectif rend justes."),
            Setting(
                "erreurs",
                s.list_of(
                    s.table_of({"code": s.CODE}, {"ordre": _ORDER, "contient": _ORDER}, any_of=("ordre", "contient"))
                ),
                "Les erreurs connues : une liste exacte (« ordre »), ou ce qu’elle contient.",
            ),
        ),
        proofs=_proofs,
    )
}
