"""Short texts: distinct ideas are counted, whatever field they were written in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from crc_lab.checks import keyless
from crc_lab.core.check import Check, Context, Outcome, Proof
from crc_lab.core.model import CellNote, Json
from crc_lab.core.settings import CODE, FLAG, TEXT, Mistake, Place, Setting, integer, list_of, number
from crc_lab.core.text import normalise
from crc_lab.french.clauses import MAX_WORDS, Reading, read
from crc_lab.french.ideas import PATTERNS, Idea, Presence, affirmed, expected_words, idea_shape, presence

LONG_TEXT, LONG_LIST_ITEM, UNKNOWN = 120, 60, 8
"""Words from which a text, an item of a list, an answer without any known idea are worth the teacher's look."""

NEGATED = "Un mot attendu s’y trouve, mais dans une phrase négative."
CONTRADICTED = "Une idée attendue s’y trouve à côté d’une idée fausse."
UNRECOGNISED = "Rien n’y a été reconnu, alors que la réponse est développée."
TOO_LONG = "La réponse est très longue."
SAME_IDEA = "Même idée que la réponse {n}."

MAX_TEXTS = 50
"""Texts of one list that are looked at: no question asks for more than a dozen."""


@dataclass
class _Tally:
    """What the texts read so far hold: idea → position of the text that gave it, codes of known mistakes, doubts."""

    ideas: dict[str, int] = field(default_factory=dict)
    enough: dict[str, bool] = field(default_factory=dict)
    codes: dict[str, None] = field(default_factory=dict)
    granted: float = 0.0
    doubts: dict[str, None] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    notes: list[CellNote] = field(default_factory=list)
    words: int = 0


def short_texts(value: tuple[str, ...] | str | Mapping[str, str], context: Context) -> Outcome:
    """Count the ideas of one text, of a list of texts, or of the reason of a true or false.

    A negated idea does not count, a typing mistake costs nothing. Doubtful, with ``semi``: an expected idea whose words
    stand only under a negation; an idea beside a known falsehood; nothing recognised in a developed answer; a very long
    answer.
    """
    expected: int = context.param("attendus")
    words = expected_words(*(context.param(name, ()) for name in ("idees", "erreurs", "interdits")))
    tally = _Tally()
    readings = _readings(value, words, tally)
    for idea in context.param("idees"):
        if "parmi" in idea:  # its signs may be scattered over several texts
            groups = frozenset().union(*(presence(idea, reading).groups for _, _, reading in readings))
            tally.enough[idea["id"]] = len(groups) >= idea.get("au_moins", 1)
    for position, name, reading in readings:
        _look(reading, position, name, tally, context)
    found = len(tally.ideas)
    share = 1.0 if found >= expected else min(1.0, (found + tally.granted) / expected)
    codes = list(tally.codes)
    if share < 1 and not codes and context.param("sinon"):
        codes.append(context.param("sinon"))
    messages = [context.message(code) for code in codes]
    if found > 0 and share < 1 and context.param("bilan"):
        messages.insert(0, context.message(context.param("bilan"), trouves=found, attendus=expected))
    return Outcome(share, tuple(messages), tuple(tally.notes), doubts=_doubts(tally, share, context))


def _texts(value: tuple[str, ...] | str | Mapping[str, str]) -> list[tuple[int, str, str]]:
    """(position, name of its note, text) of each text that holds something."""
    if isinstance(value, str):
        named = [("", value)]
    elif isinstance(value, Mapping):
        named = [("raison", value.get("raison", ""))]
    else:
        named = [(str(position), text) for position, text in enumerate(value)]
    return [(position, name, text) for position, (name, text) in enumerate(named) if normalise(text)]


def _readings(value: Any, words: frozenset[str], tally: _Tally) -> list[tuple[int, str, Reading]]:
    """The texts as patterns see them, up to the number of words that is read."""
    found: list[tuple[int, str, Reading]] = []
    for position, name, text in _texts(value):
        if tally.words > MAX_WORDS or position >= MAX_TEXTS:
            tally.doubts[TOO_LONG] = None
            break
        found.append((position, name, read(text, words)))
        tally.words += found[-1][2].words
    return found


def _look(reading: Reading, position: int, name: str, tally: _Tally, context: Context) -> None:
    """Add to the tally what one text holds."""
    before = set(tally.ideas)
    void = affirmed(context.param("interdits", ()), reading)
    here = [idea["id"] for idea in context.param("idees") if _holds(idea, reading, void, position, tally)]
    error = _error(reading, bool(here), context)
    if here and before >= set(here):
        _note(tally.codes, context.param("doublon"))
    if error:
        first = error["code"] not in tally.codes
        tally.granted += float(error.get("part", 0.0)) if first and not here else 0.0
        _note(tally.codes, error["code"])
        if here:
            tally.doubts[CONTRADICTED] = None
    if reading.cut or reading.words > (LONG_LIST_ITEM if name.isdigit() else LONG_TEXT):
        tally.doubts[TOO_LONG] = None
    if name:
        tally.notes.append(_cell(name, here, before, bool(error and float(error.get("part", 0)) >= 1), tally))


def _holds(idea: Idea, reading: Reading, void: bool, position: int, tally: _Tally) -> bool:
    """Whether the text counts for this idea; the tally learns of it."""
    seen: Presence = presence(idea, reading)
    if seen.voided or (void and (seen.found or seen.groups)):
        tally.doubts[CONTRADICTED] = None
        return False
    if seen.denied:
        tally.denied.add(idea["id"])
    holds = seen.found or bool(seen.groups and tally.enough[idea["id"]])
    if holds:
        tally.ideas.setdefault(idea["id"], position)
    return holds


def _error(reading: Reading, has_idea: bool, context: Context) -> Idea | None:
    """The first known mistake of the text."""
    errors: list[Idea] = context.param("erreurs", [])
    return next(
        (error for error in errors if (error.get("toujours") or not has_idea) and presence(error, reading).found),
        None,
    )


def _cell(name: str, here: list[str], before: set[str], accepted: bool, tally: _Tally) -> CellNote:
    if here and before >= set(here):
        same = min(tally.ideas[idea] for idea in here) + 1
        return CellNote(name, "champ", "faux", SAME_IDEA.format(n=same))
    return CellNote(name, "champ", "juste" if here else "accepte" if accepted else "faux")


def _doubts(tally: _Tally, share: float, context: Context) -> tuple[str, ...]:
    if not context.param("semi", False):
        return ()
    doubts = dict(tally.doubts)
    if share < 1 and tally.denied - set(tally.ideas):
        doubts[NEGATED] = None
    unknown: int = context.param("inconnu", UNKNOWN)
    if not tally.ideas and not tally.codes and not doubts and 0 < unknown <= tally.words:
        doubts[UNRECOGNISED] = None
    return tuple(doubts)


def _note(codes: dict[str, None], code: str | None) -> None:
    if code:
        codes[code] = None


# --- the settings, and answers that prove them ------------------------------------------------------------------------

_NOTHING = "zzz"
"""A text that holds no idea at all."""


def _problems(place: Place) -> Iterator[Mistake]:
    seen: set[str] = set()
    for position, one in enumerate(place.settings["idees"]):
        if one["id"] in seen:
            yield Mistake(("idees", position), f"l’idée « {one['id']} » est déclarée deux fois.")
        seen.add(one["id"])
    if place.settings["attendus"] > len(seen):
        yield Mistake(
            ("attendus",), f"{place.settings['attendus']} idées attendues, mais « idees » n’en a que {len(seen)}."
        )


def _proofs(context: Context) -> Iterator[Proof]:
    """What each idea and each mistake is worth alone, and the remarks on a list that lacks or repeats an idea."""
    expected: int = context.param("attendus")
    for position, one in enumerate(context.param("idees")):
        if "preuve" in one:
            about = f"l’idée « {one['id']} »"
            yield Proof(about, _given(context, one["preuve"]), 1 / expected, path=("idees", position, "preuve"))
    for position, one in enumerate(context.param("erreurs", ())):
        share = None if one.get("toujours") else float(one.get("part", 0.0)) / expected
        text = one.get("preuve")
        path = ("erreurs", position)
        yield Proof(f"l’erreur « {text} »", text and _given(context, text), share, one["code"], path)
    if code := context.param("sinon"):
        yield Proof("un texte sans idée", _given(context, _NOTHING), 0.0, code, ("sinon",))
    if not isinstance(context.answer, list) or expected < 2:
        return
    first = context.answer[0]
    if code := context.param("doublon"):
        yield Proof("la même idée deux fois", [first, first], None, code, ("doublon",))
    if code := context.param("bilan"):
        yield Proof("une seule idée", [first], None, code, ("bilan",))


def _given(context: Context, text: str) -> Json:
    """An answer of the question's own form that holds this text alone."""
    if isinstance(context.answer, dict):
        return {**context.answer, "raison": text}
    return [text] if isinstance(context.answer, list) else text


CHECKS = {
    "textes_courts": Check(
        short_texts,
        ("texte", "textes", "vrai_faux"),
        about="Des idées à reconnaître, comptées une fois chacune (voir « Les réponses courtes »).",
        settings=(
            Setting("attendus", integer(1), "Le nombre d’idées qui donne tous les points.", required=True),
            Setting(
                "idees",
                list_of(idea_shape({"id": TEXT}, {"au_moins": integer(1), "preuve": TEXT}), least=1),
                "Les idées qui comptent, une fois chacune.",
                required=True,
            ),
            Setting("interdits", PATTERNS, "Le texte qui affirme l’un de ces motifs ne compte pas."),
            Setting(
                "erreurs",
                list_of(
                    idea_shape(
                        {"code": CODE}, {"part": number(0, 1), "toujours": FLAG, "au_moins": integer(1), "preuve": TEXT}
                    )
                ),
                "Les erreurs connues, cherchées dans un texte sans idée (dans tous avec « toujours ») ; « part » est "
                "ce qu’elles rapportent d’une idée.",
            ),
            Setting("doublon", CODE, "Le message quand la même idée revient."),
            Setting("sinon", CODE, "Le message quand il manque une idée et qu’aucune erreur connue ne l’explique."),
            Setting("bilan", CODE, "Le message quand il y a des idées et qu’il en manque ({trouves}, {attendus})."),
            Setting("semi", FLAG, "Signaler à l’enseignant les réponses douteuses."),
            Setting(
                "inconnu", integer(0), "Le nombre de mots à partir duquel un texte sans idée est douteux (0 : jamais)."
            ),
        ),
        form=keyless.texts_form,
        problems=_problems,
        proofs=_proofs,
        pasted=_given,
    )
}
