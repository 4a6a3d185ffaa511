"""Texts: in short ones, distinct ideas are counted, whatever field they were written in; open ones, a person reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crc_lab.checks import readings
from crc_lab.core.check import Check, Context, Outcome, Proof
from crc_lab.core.model import CellNote, Json, Message
from crc_lab.core.settings import CODE, FLAG, TEXT, Mistake, Place, Setting, integer, list_of, number, table_of
from crc_lab.core.text import MAX_TEXT, fold, normalise
from crc_lab.core.wording import clean_line, count
from crc_lab.french.clauses import MAX_WORDS, Reading, read
from crc_lab.french.ideas import (
    PATTERN_LISTS,
    PATTERNS,
    Idea,
    affirmed,
    as_written,
    expected_words,
    idea_shape,
    presence,
)
from crc_lab.reading.deciding import Decision, Scheme
from crc_lab.reading.reader import Reading as ReadText

LONG_TEXT, LONG_LIST_ITEM, UNKNOWN = 120, 60, 8
"""Words from which a text, an item of a list, an answer without any known idea are worth the teacher's look."""

NEGATED = "Un mot attendu s’y trouve, mais dans une phrase négative."
CONTRADICTED = "Une idée attendue s’y trouve à côté d’une idée fausse."
UNRECOGNISED = "Rien n’y a été reconnu, alors que la réponse est développée."
TOO_LONG = "La réponse est très longue."
SAME_IDEA = "Même idée que la réponse {n}."
COPIED = "Un texte est recopié de la page."
COPY = Message("RECOPIE", "Recopié de la page : dites-le avec vos mots.")
SURPLUS = "TROP-REPONSES"

type_of_texts = tuple[str, ...] | str | Mapping[str, str]
LINES, SAME = "FORME-LIGNES", "FORME-IDENTIQUES"
TO_REVIEW, RUBRIC = "A-RELIRE", "GRILLE"
WAIT = "Votre professeur lira cette réponse et la notera. Une auto-évaluation n’y change rien."

QUOTED = 80
"""Characters of a sentence that are quoted to the teacher."""
LISTED, BRIEF = 3, 4
"""A text is a list when it has so many pieces or more, none of more words than that."""
SPRAY = 3
"""Times the number asked for: more answers than that, and the first ones alone count."""
_BETWEEN = re.compile(r"[,;/|\n•·]+|(?<=\s)[-–—](?=\s)|\b\d{1,2}[.)]\s")


# --- short texts ------------------------------------------------------------------------------------------------------


def short_texts(value: type_of_texts, context: Context) -> Outcome:
    """Count the ideas of one text, of a list of texts, or of the reason of a true or false.

    Of a list, as many answers as are asked for, the first ones; what was copied from the page earns nothing alone, and
    the teacher is told. A negated idea does not count, a typing mistake costs nothing. Doubtful, with ``semi``: an
    expected idea whose words stand only under a negation; an idea beside a known falsehood; nothing recognised in a
    developed answer; a very long answer.
    """
    if readings.reads(context):
        return _read_by_model(value, context)
    expected: int = context.param("attendus")
    tally = _Tally(context)
    counted, surplus = _first_ones(value, context)
    texts = list(tally.readings(counted))
    for idea in context.param("idees"):
        if "parmi" in idea:  # its signs may be scattered over several texts
            groups = frozenset().union(*(presence(idea, reading).groups for _, _, reading in texts))
            tally.enough[idea["id"]] = len(groups) >= idea.get("au_moins", 1)
    for position, name, reading in texts:
        tally.look(position, name, reading)
    found = len(tally.ideas)
    share = 1.0 if found >= expected else min(1.0, (found + tally.granted) / expected)
    otherwise = context.param("sinon") if share < 1 and not tally.codes else None
    messages = context.told(*tally.codes, otherwise)
    if found > 0 and share < 1 and context.param("bilan"):
        messages = (context.message(context.param("bilan"), trouves=found, attendus=expected), *messages)
    messages = (*((COPY,) if COPIED in tally.doubts else ()), *messages, *surplus)
    return Outcome(share, messages, tuple(tally.notes), doubts=tally.all_doubts(share))


def _read_by_model(value: type_of_texts, context: Context) -> Outcome:
    """The same, of texts that a model reads: what it could not read is a doubt, never a fault."""
    counted, surplus = _first_ones(value, context)
    named = _named(counted)
    given = [bool(normalise(text)) for _, text in named]
    own, copies = _own_texts([text for _, text in named], context)
    several = isinstance(value, tuple)
    reader, paragraph = readings.reader(context), context.param("inconnu", UNKNOWN) == 0
    read_ones = [reader.read(text[:MAX_TEXT], paragraph=paragraph) if text else ReadText() for text in own]
    decision = readings.decided(read_ones, context)
    scheme = readings.scheme(context)
    held, share = scheme.held(decision.texts), decision.share
    found = sum(worth == 1 for worth in held.values())
    codes, notes = _remarks([name for name, _ in named], decision, scheme, given, copies, context)
    codes += [idea["vague"] for idea in scheme.ideas if held.get(idea["id"]) == 0.5 and "vague" in idea]
    messages = context.told(*codes, context.param("sinon") if share < 1 and not codes and decision.alone else None)
    if found > 0 and share < 1 and context.param("bilan"):
        messages = (
            context.message(context.param("bilan"), trouves=found, attendus=context.param("attendus")),
            *messages,
        )
    copied = (COPIED,) if any(copies) else ()
    messages = (*((COPY,) if copied else ()), *messages, *surplus, *readings.told(decision, several))
    doubts = (*copied, *readings.doubts(decision, context, several))
    return Outcome(share, messages, notes, doubts=doubts, unread=not decision.alone)


def _own_texts(texts: Sequence[str], context: Context) -> tuple[list[str], list[bool]]:
    """The texts without those copied from the page (empty instead), and which ones were."""
    blank = [not normalise(text) for text in texts]
    copies = [not empty and context.copied(text) for text, empty in zip(texts, blank, strict=True)]
    others = [text for text, empty, copy in zip(texts, blank, copies, strict=True) if not empty and not copy]
    if len(others) > 1 and context.copied(*others):
        copies = [not empty for empty in blank]
    return ["" if empty or copy else text for text, empty, copy in zip(texts, blank, copies, strict=True)], copies


def _remarks(
    names: Sequence[str],
    decision: Decision,
    scheme: Scheme,
    given: Sequence[bool],
    copies: Sequence[bool],
    context: Context,
) -> tuple[list[str], tuple[CellNote, ...]]:
    """The codes of known mistakes, and a note on each text that was read: none on one that could not be."""
    unread, seen = {*readings.unread_texts(decision)}, dict[str, int]()
    codes: list[str] = []
    notes: list[CellNote] = []
    for at, (name, labels) in enumerate(zip(names, decision.texts, strict=True)):
        here = [idea["id"] for idea in scheme.ideas if scheme.holds(idea, labels)]
        again = bool(here) and all(idea in seen for idea in here)
        mistakes = [one for one in scheme.mistakes if one["code"] in labels and (one.get("toujours") or not here)]
        codes += [one["code"] for one in mistakes]
        if again and context.param("doublon"):
            codes.append(context.param("doublon"))
        if name and copies[at]:
            notes.append(CellNote(name, "champ", "faux", COPY.text))
        elif name and again:
            first = min(seen[idea] for idea in here) + 1
            notes.append(CellNote(name, "champ", "faux", SAME_IDEA.format(n=first)))
        elif name and given[at] and at not in unread:
            state = (
                "juste" if here else "accepte" if any(float(one.get("part", 0)) >= 1 for one in mistakes) else "faux"
            )
            notes.append(CellNote(name, "champ", state))
        for idea in here:
            seen.setdefault(idea, at)
    return codes, tuple(notes)


def _first_ones(value: type_of_texts, context: Context) -> tuple[type_of_texts, tuple[Message, ...]]:
    """As many texts of a list as the page has fields (of a free list, all of them), and what is said of the others. A
    text that lists more than is asked for is cut; when all of them together do, many times over, so are they."""
    if not isinstance(value, tuple):
        return value, ()
    fields, pieces = len(getattr(context.spec, "labels", ())), [_pieces(text) for text in value]
    asked = max(fields, context.param("attendus"))
    spray = sum(map(len, pieces)) > SPRAY * asked
    left = asked if fields or spray else len(value)
    kept: list[str] = []
    for text, listed in zip(value, pieces, strict=True):
        most = max(0, left) if spray else asked if left > 0 else 0
        whole = len(listed) <= most or context.copied(text)  # a copy is told as such, from its first word to its last
        kept.append(text if whole else ", ".join(listed[:most]))
        left -= (len(listed) if spray else 1) if listed else 0
    if tuple(kept) == value:
        return value, ()
    text = f"Plus de réponses qu’on n’en demande : seules comptent les {asked} premières."
    return tuple(kept), (Message(SURPLUS, text),)


def _pieces(text: str) -> list[str]:
    """The pieces of a text that is a list; the text itself when it is none, nothing when it is blank."""
    found = [piece.strip() for piece in _BETWEEN.split(text[:MAX_TEXT]) if normalise(piece)]
    if len(found) >= LISTED and all(len(piece.split()) <= BRIEF for piece in found):
        return found
    return [text] if normalise(text) else []


@dataclass
class _Tally:
    """What the texts read so far hold.

    ``ideas``: idea → position of the text that gave it; ``enough``: whether the texts hold enough of the signs of an
    idea; ``codes``: of known mistakes; ``granted``: what these are worth, in ideas; ``denied``: ideas seen under a
    negation; ``words``: how many were read.
    """

    context: Context
    ideas: dict[str, int] = field(default_factory=dict)
    enough: dict[str, bool] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    granted: float = 0.0
    doubts: dict[str, None] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    notes: list[CellNote] = field(default_factory=list)
    words: int = 0

    def readings(self, value: type_of_texts) -> Iterator[tuple[int, str, Reading]]:
        """(position, name of its note, as patterns see it) of each text of one's own, up to the number of words that is
        read."""
        known = expected_words(*(self.context.param(name, ()) for name in ("idees", "erreurs", "interdits")))
        texts = _named(value)
        copied = {name for name, text in texts if self.context.copied(text)}
        others = [text for name, text in texts if name not in copied and normalise(text)]
        scattered = len(others) > 1 and self.context.copied(*others)
        for position, (name, text) in enumerate(texts):
            if not normalise(text):
                continue
            if self.words > MAX_WORDS:
                self.doubts[TOO_LONG] = None
                break
            if scattered or name in copied:
                self.doubts[COPIED] = None
                self.notes += [CellNote(name, "champ", "faux", COPY.text)] if name else []
                continue
            reading = read(text, known)
            self.words += reading.words
            yield position, name, reading

    def look(self, position: int, name: str, reading: Reading) -> None:
        """Add what one text holds."""
        param, before = self.context.param, set(self.ideas)
        void = affirmed(param("interdits", ()), reading)
        here = [idea["id"] for idea in param("idees") if self._holds(idea, reading, void, position)]
        again = bool(here) and before.issuperset(here)
        if again and param("doublon"):
            self.codes.append(param("doublon"))
        error = self._error(reading, bool(here))
        part = float(error.get("part", 0.0)) if error else 0.0
        if error:
            self.granted += part if not here and error["code"] not in self.codes else 0.0
            self.codes.append(error["code"])
            if here:
                self.doubts[CONTRADICTED] = None
        if reading.cut or reading.words > (LONG_LIST_ITEM if name.isdigit() else LONG_TEXT):
            self.doubts[TOO_LONG] = None
        if name and again:
            same = min(self.ideas[idea] for idea in here) + 1
            self.notes.append(CellNote(name, "champ", "faux", SAME_IDEA.format(n=same)))
        elif name:
            self.notes.append(CellNote(name, "champ", "juste" if here else "accepte" if part >= 1 else "faux"))

    def _holds(self, idea: Idea, reading: Reading, void: bool, position: int) -> bool:
        """Whether the text counts for this idea."""
        seen = presence(idea, reading)
        if seen.voided or (void and (seen.found or seen.groups)):
            self.doubts[CONTRADICTED] = None
            return False
        if seen.denied:
            self.denied.add(idea["id"])
        holds = seen.found or bool(seen.groups and self.enough[idea["id"]])
        if holds:
            self.ideas.setdefault(idea["id"], position)
        return holds

    def _error(self, reading: Reading, has_idea: bool) -> Idea | None:
        """The first known mistake of the text."""
        errors = (one for one in self.context.param("erreurs", ()) if one.get("toujours") or not has_idea)
        return next((error for error in errors if presence(error, reading).found), None)

    def all_doubts(self, share: float) -> tuple[str, ...]:
        if not self.context.param("semi", False):
            return (COPIED,) if COPIED in self.doubts else ()
        doubts = dict(self.doubts)
        if share < 1 and self.denied - set(self.ideas):
            doubts[NEGATED] = None
        if (
            not self.ideas
            and not self.codes
            and not doubts
            and 0 < self.context.param("inconnu", UNKNOWN) <= self.words
        ):
            doubts[UNRECOGNISED] = None
        return tuple(doubts)


def _named(value: type_of_texts) -> list[tuple[str, str]]:
    """Each text under the name of its note: none for a text alone."""
    if isinstance(value, str):
        return [("", value)]
    if isinstance(value, Mapping):
        return [("raison", value.get("raison", ""))]
    return [(str(position), text) for position, text in enumerate(value)]


def _form(value: type_of_texts, context: Context) -> Outcome:
    """Without the key: how many of the lines offered are filled, and whether two of them are the same words."""
    if isinstance(value, Mapping):  # the reason of a true or false
        return Outcome(0.0)
    given = [text for _, text in _named(value) if text.strip()]
    offered = 0 if context.criterion.params.get("partie") else len(getattr(context.spec, "labels", ()))
    messages = []
    if len(given) < offered:
        messages.append(Message(LINES, f"{count(len(given), 'ligne remplie', 'lignes remplies')} sur {offered}."))
    if len({fold(text) for text in given}) < len(given):
        messages.append(Message(SAME, "Deux lignes disent la même chose, mot pour mot."))
    return Outcome(0.0, tuple(messages))


NO_PATTERN = "il faut des motifs (motifs, nies, partout ou parmi), ou une « lecture » pour tout le critère."
_NOTHING = "zzz"
"""A text that holds no idea at all."""
_UNKNOWING = "je ne sais pas"
"""The same for a model, which must know it: words that it does not know are a doubt."""


def _problems(place: Place) -> Iterator[Mistake]:
    names = [one["id"] for one in place.settings["idees"]]
    for position, name in enumerate(names):
        if name in names[:position]:
            yield Mistake(("idees", position), f"l’idée « {name} » est déclarée deux fois.")
    expected, known = place.settings["attendus"], len(set(names))
    if expected > known:
        yield Mistake(("attendus",), f"{expected} idées attendues, mais « idees » n’en a que {known}.")
    if not place.settings.get(readings.MODEL):
        for setting in ("idees", "erreurs"):
            for position, one in enumerate(place.settings.get(setting, ())):
                if not any(name in one for name in PATTERN_LISTS):
                    yield Mistake((setting, position), NO_PATTERN)


def _proofs(context: Context) -> Iterator[Proof]:
    """What each idea and each mistake is worth alone, and the remarks on a list that lacks or repeats an idea."""
    expected: int = context.param("attendus")
    for position, one in enumerate(context.param("idees")):
        if "preuve" in one:
            about = f"l’idée « {one['id']} »"
            yield Proof(about, _given(context, one["preuve"]), 1 / expected, path=("idees", position, "preuve"))
    for position, one in enumerate(context.param("erreurs", ())):
        share = None if one.get("toujours") else float(one.get("part", 0.0)) / expected
        yield _error_proof(context, position, share)
    if code := context.param("sinon"):
        nothing = _UNKNOWING if readings.reads(context) else _NOTHING
        yield Proof("un texte sans idée", _given(context, nothing), 0.0, code, ("sinon",))
    if not isinstance(context.answer, list) or expected < 2:
        return
    first = context.answer[0]
    if code := context.param("doublon"):
        yield Proof("la même idée deux fois", [first, first], None, code, ("doublon",))
    if code := context.param("bilan"):
        yield Proof("une seule idée", [first], None, code, ("bilan",))


def _error_proof(context: Context, position: int, share: float | None) -> Proof:
    error = context.param("erreurs")[position]
    text = error.get("preuve")
    path = ("erreurs", position)
    return Proof(f"l’erreur « {text} »", text and _given(context, text), share, error["code"], path)


def _given(context: Context, text: str) -> Json:
    """An answer of the question's own form that holds this text alone."""
    if isinstance(context.answer, dict):
        return {**context.answer, "raison": text}
    return [text] if isinstance(context.answer, list) else text


# --- open answers: no point is given here, whatever the words ---------------------------------------------------------


def review(value: str | Sequence[str], context: Context) -> Outcome:
    """Leave the criterion to the teacher: words of the rubric only point to its lines, known mistakes are told."""
    rubric: list[Mapping[str, Any]] = context.param("grille", [])
    errors: list[Idea] = context.param("erreurs", [])
    words = expected_words(errors, [line.get("mots", ()) for line in rubric])
    text = value if isinstance(value, str) else "\n".join(value)
    reading = read(text, words)
    found = [context.message(error["code"]) for error in errors if presence(error, reading).found]
    seen = _read_in(rubric, text, context) if readings.reads(context) else _seen(rubric, text, reading)
    return Outcome(0.0, (Message(TO_REVIEW, WAIT), *found), to_review=True, teacher=seen)


def _read_in(rubric: Sequence[Mapping[str, Any]], text: str, context: Context) -> tuple[Message, ...]:
    """« Repéré : « on remercie les fidèles » → critère 1. », for each line that a sentence seems to answer."""
    said, found = readings.reader(context).said(text[:MAX_TEXT]), []
    for place, line in enumerate(rubric, start=1):
        quotes = [sentence for sentence, labels in said if labels.intersection(line.get("etiquettes", ()))]
        if quotes:
            shown = ", ".join(f"« {clean_line(sentence, QUOTED)} »" for sentence in quotes[:3])
            found.append(Message(RUBRIC, f"Repéré\u00a0: {shown} → critère {place}."))
    return tuple(found)


def _seen(rubric: Sequence[Mapping[str, Any]], text: str, reading: Reading) -> tuple[Message, ...]:
    """« Mots repérés : CNIL, sanctions → critère 2. », as they were written, for each line where there are some."""
    seen = ((place, as_written(line.get("mots", ()), text, reading)) for place, line in enumerate(rubric, start=1))
    return tuple(
        Message(RUBRIC, f"Mots repérés : {', '.join(words)} → critère {place}.") for place, words in seen if words
    )


def practice(value: Mapping[str, Any], _context: Context) -> Outcome:
    """Flashcards are no test: having turned some over is all that is looked at."""
    return Outcome(1.0 if value.get("cartes") else 0.0)


def _rubric_problems(place: Place) -> Iterator[Mistake]:
    total = sum(line["points"] for line in place.settings.get("grille", ()))
    if total and place.criterion.points and abs(total - place.criterion.points) > 1e-9:
        text = f"la grille totalise {total:g} points, le critère en vaut {place.criterion.points:g}."
        yield Mistake(("grille",), text)


def _review_proofs(context: Context) -> Iterator[Proof]:
    yield from (_error_proof(context, position, 0.0) for position in range(len(context.param("erreurs", ()))))


# --- the settings -----------------------------------------------------------------------------------------------------

CHECKS = {
    "textes_courts": Check(
        short_texts,
        ("texte", "textes", "vrai_faux"),
        about="Des idées à reconnaître, comptées une fois chacune (voir « Les réponses courtes »).",
        settings=(
            Setting("attendus", integer(1), "Le nombre d’idées qui donne tous les points.", required=True),
            Setting(
                "idees",
                list_of(
                    idea_shape(
                        {"id": TEXT},
                        {"au_moins": integer(1), "preuve": TEXT, "etiquettes": list_of(TEXT, least=1), "vague": CODE},
                        any_of=None,
                    ),
                    least=1,
                ),
                "Les idées qui comptent, une fois chacune : reconnues à leurs motifs, ou, avec « lecture », à leurs "
                "étiquettes dans exemples.csv (leur « id », si « etiquettes » manque) ; « vague » est alors le message "
                "d’une idée dite à moitié.",
                required=True,
            ),
            Setting(
                readings.MODEL,
                TEXT,
                "Le nom des exemples (colonne « question » d’exemples.csv) d’après lesquels les textes sont lus.",
            ),
            Setting(
                "faits",
                list_of(readings.FACT),
                "Ce qu’un nombre décide, et non les exemples : une durée, des montants, qui paie.",
            ),
            Setting("interdits", PATTERNS, "Le texte qui affirme l’un de ces motifs ne compte pas."),
            Setting(
                "erreurs",
                list_of(
                    idea_shape(
                        {"code": CODE},
                        {
                            "part": number(0, 1),
                            "toujours": FLAG,
                            "au_moins": integer(1),
                            "preuve": TEXT,
                            "gate": FLAG,
                            "annule": list_of(TEXT, least=1),
                        },
                        any_of=None,
                    )
                ),
                "Les erreurs connues, cherchées dans un texte sans idée (dans tous avec « toujours ») ; « part » est "
                "ce qu’elles rapportent d’une idée. Avec « lecture », « gate » : une idée du même texte ne vaut plus "
                "que la moitié ; « annule » : ces idées ne comptent plus.",
            ),
            Setting("doublon", CODE, "Le message quand la même idée revient."),
            Setting("sinon", CODE, "Le message quand il manque une idée et qu’aucune erreur connue ne l’explique."),
            Setting("bilan", CODE, "Le message quand il y a des idées et qu’il en manque ({trouves}, {attendus})."),
            Setting("semi", FLAG, "Signaler à l’enseignant les réponses douteuses."),
            Setting(
                "inconnu", integer(0), "Le nombre de mots à partir duquel un texte sans idée est douteux (0 : jamais)."
            ),
        ),
        form=_form,
        problems=_problems,
        proofs=_proofs,
        pasted=_given,
    ),
    "revision": Check(practice, ("cartes",), about="Des cartes à retourner : rien n’est noté.", needs_key=False),
    "relecture": Check(
        review,
        ("ouverte", "texte", "textes"),
        about="L’enseignant lit et note (voir « Les réponses ouvertes »).",
        needs_key=False,
        settings=(
            Setting(
                "grille",
                list_of(
                    table_of({"points": number(0.05), "texte": TEXT}, {"mots": PATTERNS, "etiquettes": list_of(TEXT)}),
                    least=1,
                ),
                "Ce que l’enseignant cherche : points et texte de chaque ligne, qui totalisent les points du critère ; "
                "les « mots » repérés, ou avec « lecture » les « etiquettes », l’aident, sans rien compter.",
            ),
            Setting(readings.MODEL, TEXT, "Le nom des exemples (exemples.csv) d’après lesquels le texte est lu."),
            Setting(
                "erreurs",
                list_of(idea_shape({"code": CODE}, {"au_moins": integer(1), "preuve": TEXT})),
                "Les erreurs connues, dites à l’élève.",
            ),
        ),
        problems=_rubric_problems,
        proofs=_review_proofs,
    ),
}
