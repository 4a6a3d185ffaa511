"""Who may be contacted through which channel: a table of check boxes judged on the consents of the file.

Share: ``max(0, right − wrong) ÷ expected``, over the records of the student's own list (contenu, activités A7-Q4); none
for everybody ticked everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crc_lab.checks.choices import EVERYTHING
from crc_lab.checks.records import File
from crc_lab.core import settings as s
from crc_lab.core.answers import FormatProblem, read_distinct
from crc_lab.core.check import Check, Context, Outcome, Proof
from crc_lab.core.model import CellNote, Message
from crc_lab.core.settings import DEPENDS, Place, Setting

FORGOTTEN, OUTSIDE, UNCERTAIN, ON_REFERENCE = "A7-CANAL-OUBLI", "A7-HORS-LISTE", "A7-A-RECONFIRMER", "A7-SANS-LISTE"
CODES = (FORGOTTEN, OUTSIDE, UNCERTAIN, ON_REFERENCE)


def channels(value: Mapping[str, tuple[str, ...]], context: Context) -> Outcome:
    """For each channel, a record is allowed (``permis``), or neither right nor wrong (``toleres``), when it passes one
    of these lists of rules; ``erreurs`` say why another one is not, the first that fits.
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
    if share < 1 and people is not own:
        messages.append(context.message(ON_REFERENCE))
    return Outcome(share, tuple(messages), tuple(notes))


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


def _proofs(context: Context) -> Iterator[Proof]:
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
    "canaux": Check(
        channels,
        ("coches",),
        about="Qui contacter par chaque canal, parmi les fiches que l’élève a retenues à une autre question.",
        codes=CODES,
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
        proofs=_proofs,
    )
}
