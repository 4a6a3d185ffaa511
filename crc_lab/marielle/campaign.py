"""The campaign of activity 7: its target, judged by the aim that was written (A7-Q2), and who may be contacted through
which channel (A7-Q4).

An open answer says more than its aim: what it would be otherwise (« si l’objectif était de réactiver… »), what it is
not. :func:`aim_of` reads sentence by sentence, leaves out what is denied or only supposed, and says nothing when two
aims are as present as each other: the check then keeps to the reference, and says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any

from crc_lab.checks import readings
from crc_lab.checks.choices import EVERYTHING
from crc_lab.checks.records import File
from crc_lab.core import settings as s
from crc_lab.core.answers import FormatProblem, read_distinct
from crc_lab.core.grading import Check, Context, Outcome, Proof
from crc_lab.core.model import CellNote, Message
from crc_lab.core.settings import DEPENDS, Place, Setting
from crc_lab.core.text import fold
from crc_lab.reading.reader import Reader

FOLLOWS, UNSURE, EVERYBODY, OTHER_AIM, OFF = "A7-SELON", "A7-OBJECTIF", "A7-E2", "A7-COHERENCE", "A7-CIBLE"
AIM_CODES = (FOLLOWS, UNSURE, EVERYBODY, OTHER_AIM, OFF)
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


def _target_proofs(context: Context) -> Iterator[Proof]:
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


# --- who may be contacted through which channel -----------------------------------------------------------------------
# Check boxes, judged on the consents of the file. Share: max(0, right − wrong) ÷ expected, over the records of the
# student's own list; none for everybody ticked everywhere.

FORGOTTEN, OUTSIDE, UNCERTAIN, ON_REFERENCE = "A7-CANAL-OUBLI", "A7-HORS-LISTE", "A7-A-RECONFIRMER", "A7-SANS-LISTE"
CHANNEL_CODES = (FORGOTTEN, OUTSIDE, UNCERTAIN, ON_REFERENCE)


ONE_CHANNEL = 0.25
ONLY_ONE = Message(
    "UN-SEUL-CANAL", "Un seul canal est rempli : le quart des points au plus. Remplissez aussi les autres."
)


def channels(value: Mapping[str, tuple[str, ...]], context: Context) -> Outcome:
    """For each channel, a record is allowed (``permis``), or neither right nor wrong (``toleres``), when it passes one
    of these lists of rules; ``erreurs`` say why another one is not, the first that fits. One channel alone earns a
    quarter at most.
    """
    file = File.of(context.question)
    own = _own_list(file, context)
    reference = file.records(context.param("reference"))
    people = own if len(own) >= context.param("au_moins", 1) else reference
    right = wrong = expected = 0
    messages: list[Message] = []
    outside: set[str] = set()
    notes: list[CellNote] = []
    everybody = True
    names = {option.id: option.text for option in context.spec.right}
    for channel, settings in context.param("canaux").items():
        given, strange = file.given(value.get(channel, ()))
        allowed = _any_of(settings["permis"], file)
        tolerated = _any_of(settings.get("toleres", ()), file) - allowed
        refused = given - allowed - tolerated
        due = allowed & people
        right, wrong, expected = right + len(given & due), wrong + len(refused), expected + len(due)
        everybody = everybody and people <= given
        outside |= {*strange, *(given & allowed - people)}
        messages += _refusals(refused, settings, file, context)
        if given & tolerated:
            messages.append(context.message(UNCERTAIN, file.in_order(given & tolerated)))
        if due - given:
            messages.append(context.message(FORGOTTEN, file.in_order(due - given), canal=names.get(channel, channel)))
        notes += [CellNote(one, channel, "juste") for one in file.in_order(given & due)]
        notes += [CellNote(one, channel, "accepte") for one in file.in_order(given & tolerated)]
        notes += [CellNote(one, channel, "faux") for one in file.in_order(refused)]
    if outside:
        messages.append(context.message(OUTSIDE, (*file.in_order(outside), *sorted(outside - set(file.keys)))))
    share = max(0, right - wrong) / max(1, expected)
    if everybody and wrong:
        share, messages = 0.0, [EVERYTHING, *messages]
    elif share > ONE_CHANNEL and _one_alone(value, context.param("canaux")):
        share, messages = ONE_CHANNEL, [ONLY_ONE, *messages]
    if share < 1 and people is not own:
        messages.append(context.message(ON_REFERENCE))
    return Outcome(share, tuple(messages), tuple(notes))


def _one_alone(value: Mapping[str, tuple[str, ...]], asked: Collection[str]) -> bool:
    """Whether a single channel of several has people in it."""
    return sum(bool(value.get(channel)) for channel in asked) == 1 < len(asked)


def _own_list(file: File, context: Context) -> frozenset[str]:
    """The records of the student's own list, as the sheet holds it; none when it cannot be read."""
    raw = context.others.get(str(context.param("depend_de", "")))
    part = raw.get(context.param("liste")) if isinstance(raw, dict) else raw
    try:
        return file.given(read_distinct([] if part is None else part))[0]
    except FormatProblem:
        return frozenset()


def _any_of(sets: Any, file: File) -> frozenset[str]:
    return frozenset[str]().union(*(file.records(rules) for rules in sets))


def _refusals(refused: frozenset[str], settings: Mapping[str, Any], file: File, context: Context) -> Iterator[Message]:
    left = refused
    for error in settings.get("erreurs", ()):
        rows = left & (file.records(error["regles"]) if error.get("regles") else left)
        if rows:
            yield context.message(error["code"], file.in_order(rows))
            left -= rows


# --- the settings, and answers that prove them ------------------------------------------------------------------------


def _channel_proofs(context: Context) -> Iterator[Proof]:
    """The model answer with a record too many of each sort, one that is tolerated, one outside the list, one less."""
    file, right = File.of(context.question), {name: list(given) for name, given in context.answer.items()}
    total = sum(map(len, right.values()))
    every = frozenset(file.keys)

    def proof(channel: str, added: list[str], share: float, code: str, *path: str | int) -> Proof:
        about = f"{channel} : {', '.join(added) or 'aucune fiche que ces règles refusent'} en plus"
        return Proof(
            about, {**right, channel: [*right.get(channel, ()), *added]}, share, code, ("canaux", channel, *path)
        )

    for channel, settings in context.param("canaux").items():
        allowed, tolerated = (_any_of(settings.get(name, ()), file) for name in ("permis", "toleres"))
        left = every - allowed - tolerated
        for position, error in enumerate(settings.get("erreurs", ())):
            matching = left & (file.records(error["regles"]) if error.get("regles") else left)
            found = list(file.in_order(matching)[:1])
            yield proof(channel, found, 1 - 1 / total, error["code"], "erreurs", position)
            left -= matching
        if more := file.in_order(tolerated - allowed)[:1]:
            yield proof(channel, list(more), 1.0, UNCERTAIN, "toleres")
        if more := file.in_order(allowed - frozenset(right.get(channel, ())))[:1]:
            yield proof(channel, list(more), 1.0, OUTSIDE, "permis")
        if right.get(channel):
            less = {**right, channel: right[channel][1:]}
            yield Proof(f"{channel} : une fiche oubliée", less, 1 - 1 / total, FORGOTTEN, ("canaux", channel, "permis"))
            others = {str(context.param(DEPENDS, "")): None}
            about = f"{channel} : une fiche oubliée, sans liste d’invités"
            yield Proof(about, less, 1 - 1 / total, ON_REFERENCE, ("reference",), others)


def _parts_of_the_other(place: Place) -> list[str]:
    other = place.questions.get(str(place.settings.get(DEPENDS)))
    return [part.id for part in other.parts] if other else []


_LIST = s.reference("une partie de la question dont celle-ci dépend", _parts_of_the_other)
_SETS = s.list_of(s.RULES, least=1)


CHECKS = {
    "cible_ordonnee": Check(
        ordered_targets,
        ("priorites",),
        about="Des segments par ordre de priorité, jugés d’après l’objectif écrit à une autre question.",
        codes=AIM_CODES,
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
        proofs=_target_proofs,
    ),
    "canaux": Check(
        channels,
        ("coches",),
        about="Qui contacter par chaque canal, parmi les fiches que l’élève a retenues à une autre question.",
        codes=CHANNEL_CODES,
        settings=(
            Setting("liste", _LIST, "La partie qui contient la liste de l’élève, dans cette autre question."),
            Setting(
                "au_moins", s.integer(1), "Le nombre de fiches au-dessous duquel « reference » remplace cette liste."
            ),
            Setting("reference", s.RULES, "La liste de référence.", required=True),
            Setting(
                "canaux",
                s.mapping(
                    s.RIGHT,
                    s.table_of(
                        {"permis": _SETS},
                        {"toleres": _SETS, "erreurs": s.list_of(s.table_of({"code": s.CODE}, {"regles": s.RULES}))},
                    ),
                ),
                "Pour chaque canal, qui l’on peut contacter (« permis »), ce qui n’est ni juste ni faux "
                "(« toleres ») et pourquoi le reste est faux (« erreurs », la première ligne qui convient).",
                required=True,
            ),
        ),
        proofs=_channel_proofs,
    ),
}
