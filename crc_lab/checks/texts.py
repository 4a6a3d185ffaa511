"""Texts: in short ones, distinct ideas are counted, whatever field they were written in; open ones, a person reads."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from crc_lab.checks import readings
from crc_lab.checks.choices import option_id
from crc_lab.core.errors import nearest
from crc_lab.core.grading import Check, Context, Outcome, Proof
from crc_lab.core.model import CellNote, Json, Message
from crc_lab.core.settings import (
    CODE,
    COLUMN,
    FLAG,
    PART_NAME,
    PATTERNS,
    TEXT,
    Mistake,
    Place,
    Setting,
    integer,
    list_of,
    mapping,
    number,
    table_of,
)
from crc_lab.core.text import MAX_TEXT, clean, clean_line, compile_pattern, count, fold, listing, normalise
from crc_lab.reading.deciding import Decision, Scheme
from crc_lab.reading.reader import HALF, Reading
from crc_lab.reading.words import LISTED, listed, tokens

SAME_IDEA = "Même idée que la réponse {n}."
COPIED = "Un texte est recopié de la page."
COPY = Message("RECOPIE", "Recopié de la page : dites-le avec vos mots.")
SURPLUS = "TROP-REPONSES"
MIXED = "{}\u00a0: une idée juste à côté d’une autre qui ne l’est pas compte pour moitié."

type_of_texts = tuple[str, ...] | str | Mapping[str, str]
LINES, SAME = "FORME-LIGNES", "FORME-IDENTIQUES"
TO_REVIEW, RUBRIC = "A-RELIRE", "GRILLE"
WAIT = "Votre professeur lira cette réponse et la notera. Une auto-évaluation n’y change rien."

QUOTED = 80
"""Characters of a sentence that are quoted to the teacher."""
MOST_TEXTS = 30
"""Texts of a list whose length is free that are read."""
SPRAY = 3
"""Times the number asked for: more answers than that, and the first ones alone count."""
ITEM = 6
"""Words of the longest item of a list, where one text alone lists more than is asked for."""
OVER = Reading()
"""In the place of what was read of a text that comes after as many as are asked for."""
_JOINS = re.compile(r"\s(?:et|ou|puis)\s", re.IGNORECASE)


# --- short texts ------------------------------------------------------------------------------------------------------


def short_texts(value: type_of_texts, context: Context) -> Outcome:
    """Count the ideas of one text, of a list of texts, or of the reason of a true or false.

    Of a list, as many answers as are asked for, the first ones; what was copied from the page earns nothing alone, and
    the teacher is told. A typing mistake costs nothing. What could not be read is a doubt, never a fault.
    """
    counted, surplus = _first_ones(value, context)
    named = _named(counted)
    given = [bool(normalise(text)) for _, text in named]
    own, copies = _own_texts([clean(text) for _, text in named], context)
    several = isinstance(value, tuple)
    reader, paragraph = readings.reader(context), context.param("inconnu") == 0
    read_ones = [
        reader.read(text[:MAX_TEXT], paragraph=paragraph, sentence=not several) if text else Reading() for text in own
    ]
    choice = _choice(value, context)
    scheme = readings.scheme(context, choice)
    fields = len(getattr(context.spec, "labels", ()))
    if several and fields and not surplus:
        read_ones, surplus = _first_claims(read_ones, scheme, max(fields, scheme.expected))
        given = [there and one is not OVER for there, one in zip(given, read_ones, strict=True)]
    decision = readings.decided(read_ones, context, choice)
    texts = [(name, text[:MAX_TEXT]) for (name, _), text in zip(named, own, strict=True)]
    asked = readings.in_doubt(decision, read_ones, texts, scheme, context)
    if context.ticks:
        read_ones, asked = readings.as_ticked(asked, read_ones, context)
        decision = readings.decided(read_ones, context, choice)
    held, share = scheme.held(decision.texts), decision.share
    found = sum(worth == 1 for worth in held.values())
    codes, notes = _remarks([name for name, _ in named], decision, scheme, given, copies, asked, context)
    against = [idea for idea in context.param("idees") if readings.contradicts(idea, choice)]
    codes += [context.param("contraire")] * any(scheme.holds(idea, one.yes) for idea in against for one in read_ones)
    codes += [idea["vague"] for idea in scheme.ideas if held.get(idea["id"]) == 0.5 and "vague" in idea]
    if alone := _unconfronted(decision, scheme, held, context):
        share -= alone * 0.5 / context.param("attendus")
        codes.append(context.param("confronte")["code"])
    messages = context.told(*codes, context.param("sinon") if share < 1 and not codes and decision.alone else None)
    if found > 0 and share < 1 and context.param("bilan"):
        messages = (
            context.message(context.param("bilan"), trouves=found, attendus=context.param("attendus")),
            *messages,
        )
    copied = (COPIED,) if any(copies) else ()
    messages = (*((COPY,) if copied else ()), *messages, *surplus, *readings.told(decision, asked, several))
    doubts = (*copied, *_mixed(decision, scheme, several), *readings.doubts(decision, context, several))
    return Outcome(share, messages, notes, doubts=doubts, unread=not decision.alone, in_doubt=tuple(asked.values()))


def _choice(value: type_of_texts, context: Context) -> str:
    """The option beside which a reason is given; empty for other texts."""
    chosen = value.get("choix", "") if isinstance(value, Mapping) else ""
    return option_id(chosen, getattr(context.spec, "options", ())) if chosen else ""


def _unconfronted(decision: Decision, scheme: Scheme, held: Mapping[str, float], context: Context) -> int:
    """How many whole ideas say one thing where another part of the answer does another: no rule on their column."""
    asked: Mapping[str, Any] = context.param("confronte", {})
    other = context.whole.get(asked["partie"]) if asked and isinstance(context.whole, Mapping) else None
    rules = other.get("criteres") if isinstance(other, Mapping) else None
    used = {str(rule[0]) for rule in rules if isinstance(rule, (list, tuple)) and rule} if rules else set()
    labels = frozenset[str]().union(*decision.texts)
    own = [
        {column for name in scheme.names(idea) if name in labels for column in asked["colonnes"].get(name, ())}
        for idea in scheme.ideas
        if used and held.get(idea["id"]) == 1
    ]
    return sum(bool(columns) and not columns & used for columns in own)


def _first_claims(
    read_ones: Sequence[Reading], scheme: Scheme, asked: int
) -> tuple[list[Reading], tuple[Message, ...]]:
    """The readings of a list of fields, without those that come after as many answers as are asked for, when some hold
    several ideas: two ideas in one field are two answers, a field without any is one, the same idea again is none."""
    kept: list[Reading] = []
    seen, claims = set[str](), 0
    for one in read_ones:
        held = {idea["id"] for idea in scheme.ideas if scheme.holds(idea, one.yes)}
        over = claims >= asked and bool(held - seen)
        kept.append(OVER if over else one)
        claims += 0 if over else len(held - seen) if held else bool(one.likely) and not one.doubts
        seen |= held
    return kept, (_surplus(asked),) if any(one is OVER for one in kept) else ()


def _mixed(decision: Decision, scheme: Scheme, several: bool) -> tuple[str, ...]:
    """What is said of the texts where a right idea stands beside one that is not, which costs half of it."""
    spoiling = {one["code"] for one in scheme.mistakes if one.get("gate")}
    found = [
        at + 1
        for at, labels in enumerate(decision.texts)
        if spoiling & labels and any(scheme.holds(idea, labels) for idea in scheme.ideas)
    ]
    if not found:
        return ()
    numbers = listing([str(number) for number in found])
    which = f"Réponse{'s' * (len(found) > 1)} {numbers}" if several else "Votre réponse"
    return (MIXED.format(which),)


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
    asked: Collection[int],
    context: Context,
) -> tuple[list[str], tuple[CellNote, ...]]:
    """The codes of known mistakes, and a note on each text: what was recognised in it, or that it could not be read
    (``asked``: the texts that only a teacher can decide are never wrong)."""
    unread, seen = {*readings.unread_texts(decision)}, dict[str, int]()
    codes: list[str] = []
    notes: list[CellNote] = []
    for at, (name, labels) in enumerate(zip(names, decision.texts, strict=True)):
        here = [idea["id"] for idea in scheme.ideas if scheme.holds(idea, labels)]
        again = bool(here) and all(idea in seen for idea in here)
        mistakes = [one for one in scheme.mistakes if one["code"] in labels and (one.get("toujours") or not here)]
        codes += [one["code"] for one in mistakes]
        if again and decision.share < 1 and context.param("doublon"):
            codes.append(context.param("doublon"))
        if name and copies[at]:
            notes.append(CellNote(name, "champ", "faux", COPY.text))
        elif name and again:
            first = min(seen[idea] for idea in here) + 1
            notes.append(CellNote(name, "champ", "faux", SAME_IDEA.format(n=first)))
        elif name and given[at] and at not in unread and (here or at not in asked):
            accepted = any(float(one.get("part", 0)) >= 1 for one in mistakes)
            whole = any(scheme.held([labels]).get(idea, 0) == 1 for idea in here)
            state = "juste" if whole else "partiel" if here else "accepte" if accepted else "faux"
            notes.append(CellNote(name, "champ", state, _recognised(scheme, labels, context)))
        elif name and given[at]:
            notes.append(CellNote(name, "champ", "doute"))
        for idea in here:
            seen.setdefault(idea, at)
    return codes, tuple(notes)


def _recognised(scheme: Scheme, labels: Collection[str], context: Context) -> str:
    """The names of what a line says of the ideas, as a sentence."""
    held = [name for idea in scheme.ideas for name in (*scheme.names(idea), *map(HALF.__add__, scheme.names(idea)))]
    names = context.param(readings.NAMES, {})
    told = listing([readings.label_name(name, names) for name in held if name in labels])
    return f"{told[:1].upper()}{told[1:]}." if told else ""


def _first_ones(value: type_of_texts, context: Context) -> tuple[type_of_texts, tuple[Message, ...]]:
    """As many texts of a list as the page has fields (of a free list, all of them), and what is said of the others. A
    text that lists more than is asked for is cut; when all of them together do, many times over, so are they."""
    if not isinstance(value, tuple):
        return value, ()
    fields, pieces = len(getattr(context.spec, "labels", ())), [_pieces(text) for text in value]
    asked = max(fields, context.param("attendus"))
    spray = sum(map(len, pieces)) > SPRAY * asked
    left = asked if fields or spray else MOST_TEXTS
    kept: list[str] = []
    for text, parts in zip(value, pieces, strict=True):
        most = max(0, left) if spray else asked if left > 0 else 0
        parts = parts if spray else _items(text) or parts
        whole = len(parts) <= most or context.copied(text)  # a copy is told as such, from its first word to its last
        kept.append(text if whole else ", ".join(parts[:most]))
        left -= (len(parts) if spray else 1) if parts else 0
    if tuple(kept) == value:
        return value, ()
    return tuple(kept), (_surplus(asked),)


def _surplus(asked: int) -> Message:
    return Message(SURPLUS, f"Plus de réponses qu’on n’en demande : seules comptent les {asked} premières.")


def _items(text: str) -> list[str]:
    """The items that one text lists, also in longer words (« suivi de la relation client »), or joined by nothing but
    « et » and « ou »; nothing for any other text."""
    text = text[:MAX_TEXT]
    joined = [piece.strip() for piece in _JOINS.split(text) if normalise(piece)]
    brief = len(joined) >= LISTED and all(len(piece.split()) <= ITEM for piece in joined)
    return listed(text, ITEM) or (joined if brief else [])


def _pieces(text: str) -> list[str]:
    """The pieces of a text that is a list; the text itself when it is none, nothing when it is blank."""
    return listed(text[:MAX_TEXT]) or ([text] if normalise(text) else [])


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


_NOTHING = "je ne sais pas"
"""A text that holds no idea: the reader must know it, for words that it does not know are a doubt."""


def _problems(place: Place) -> Iterator[Mistake]:
    names = [one["id"] for one in place.settings["idees"]]
    for position, name in enumerate(names):
        if name in names[:position]:
            yield Mistake(("idees", position), f"l’idée « {name} » est déclarée deux fois.")
    labels = {label for one in place.settings["idees"] for label in one.get("etiquettes", (one["id"],))}
    for label in place.settings.get("confronte", {}).get("colonnes", {}):
        if label not in labels:
            yield Mistake(
                ("confronte", "colonnes", label),
                f"« {label} » n’est l’étiquette d’aucune idée.{nearest(label, labels)}",
            )
    expected, known = place.settings["attendus"], len(set(names))
    if expected > known:
        yield Mistake(("attendus",), f"{expected} idées attendues, mais « idees » n’en a que {known}.")


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
        yield Proof("un texte sans idée", _given(context, _NOTHING), 0.0, code, ("sinon",))
    if code := context.param("contraire"):
        yield from _contrary_proofs(code, context)
    if not isinstance(context.answer, list) or expected < 2:
        return
    first = context.answer[0]
    if code := context.param("doublon"):
        yield Proof("la même idée deux fois", [first, first], None, code, ("doublon",))
    if code := context.param("bilan"):
        yield Proof("une seule idée", [first], None, code, ("bilan",))


def _contrary_proofs(code: str, context: Context) -> Iterator[Proof]:
    """The reason of each choice beside every other one."""
    for idea in context.param("idees"):
        others = [option.id for option in context.spec.options if option.id != idea.get("avec", option.id)]
        for other in others if "preuve" in idea else ():
            answer = {"choix": other, "raison": idea["preuve"]}
            yield Proof(f"« {idea['id']} » pour « {other} »", answer, 0.0, code, ("contraire",))


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
    text = value if isinstance(value, str) else "\n".join(value)
    errors: list[Mapping[str, Any]] = context.param("erreurs", [])
    found = [context.message(error["code"]) for error in errors if affirms(text[:MAX_TEXT], error["motifs"])]
    seen = _read_in(rubric, text, context) if readings.reads(context) else _seen(rubric, text[:MAX_TEXT])
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


def _seen(rubric: Sequence[Mapping[str, Any]], text: str) -> tuple[Message, ...]:
    """« Mots repérés : CNIL, sanctions → critère 2. », as they were written, for each line where there are some."""
    seen = ((place, as_written(line.get("mots", ()), text)) for place, line in enumerate(rubric, start=1))
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


# What a teacher is shown of an open answer: patterns only point at a place in a text that a person reads, and no point
# depends on them.

_SENTENCE = re.compile(r"[.!?;\n]+")
_WORD = re.compile(r"[^\W_]+")


def affirms(text: str, patterns: Iterable[str]) -> bool:
    """Whether a sentence of the text that denies nothing says what one of the patterns does."""
    return any(
        compile_pattern(pattern).search(normalise(sentence))
        for sentence in _SENTENCE.split(text)
        if not any(denied for _, denied in tokens(sentence))
        for pattern in patterns
    )


def as_written(patterns: Iterable[str], text: str) -> tuple[str, ...]:
    """The words of the text in which the patterns are found, as they were written, each once."""
    lines = [normalise(sentence) for sentence in _SENTENCE.split(text)]
    found = (line[slice(*_whole_words(line, match))] for line in lines for match in _first_found(patterns, line))
    quoted = (_quoted(words.split(), text) or words for words in dict.fromkeys(filter(None, found)))
    return tuple({normalise(words): words for words in reversed([*quoted])}.values())[::-1]


def _first_found(patterns: Iterable[str], line: str) -> Iterator[re.Match[str]]:
    return (match for pattern in patterns if (match := compile_pattern(pattern).search(line)))


def _whole_words(line: str, match: re.Match[str]) -> tuple[int, int]:
    """Where the words that a match touches start and end."""
    end = line.find(" ", max(match.start(), match.end() - 1))
    return line.rfind(" ", 0, match.start() + 1) + 1, len(line) if end < 0 else end


def _quoted(words: Sequence[str], text: str) -> str:
    """The same words in the text; empty where they were not written so."""
    written, places = _words_seen(text)
    for at in range(len(written) - len(words) + 1):
        if written[at : at + len(words)] == words:
            return " ".join(text[places[at][0] : places[at + len(words) - 1][1]].split())
    return ""


@lru_cache(maxsize=1)  # the lines of one rubric look at the same text one after the other
def _words_seen(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """The words of a text as patterns see them, and where each of them stands."""
    found = [*_WORD.finditer(text)]
    return [normalise(word[0]) for word in found], [word.span() for word in found]


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
                    table_of(
                        {"id": TEXT},
                        {
                            "au_moins": integer(1),
                            "preuve": TEXT,
                            "etiquettes": list_of(TEXT, least=1),
                            "vague": CODE,
                            "avec": TEXT,
                        },
                    ),
                    least=1,
                ),
                "Les idées qui comptent, une fois chacune, reconnues à leurs étiquettes dans exemples.csv (« id » si "
                "« etiquettes » manque) ; « vague » est le message d’une idée dite à moitié, "
                "« avec » le seul choix dont elle est la raison.",
                required=True,
            ),
            Setting(
                readings.MODEL,
                TEXT,
                "Le nom des exemples (colonne « question » d’exemples.csv) d’après lesquels les textes sont lus.",
                required=True,
            ),
            Setting(
                readings.NAMES,
                mapping(TEXT, TEXT),
                "Comment une personne appelle une idée ou une erreur : son étiquette, puis ses mots (par défaut, ceux "
                "de l’étiquette).",
            ),
            Setting(
                "faits",
                list_of(readings.FACT),
                "Ce qu’un nombre décide, et non les exemples : une durée, des montants, qui paie.",
            ),
            Setting(
                "erreurs",
                list_of(
                    table_of(
                        {"code": CODE},
                        {
                            "part": number(0, 1),
                            "toujours": FLAG,
                            "preuve": TEXT,
                            "gate": FLAG,
                            "annule": list_of(TEXT, least=1),
                        },
                    )
                ),
                "Les erreurs connues, cherchées dans un texte sans idée (dans tous avec « toujours ») ; « part » est "
                "ce qu’elles rapportent d’une idée. « gate » : une idée du même texte ne vaut plus que la moitié ; "
                "« annule » : ces idées ne comptent plus.",
            ),
            Setting("contraire", CODE, "Le message d’une raison qui va avec l’autre choix : elle ne compte pas."),
            Setting("definitions", FLAG, "Chaque texte définit une idée : « X : Y » qui en dit deux est un doute."),
            Setting(
                "confronte",
                table_of({"partie": PART_NAME, "colonnes": mapping(TEXT, list_of(COLUMN)), "code": CODE}),
                "Les colonnes que chaque étiquette annonce : une idée dont aucune n’est filtrée dans l’autre "
                "« partie » ne vaut plus que la moitié, et le message le dit.",
            ),
            Setting("doublon", CODE, "Le message quand la même idée revient."),
            Setting("sinon", CODE, "Le message quand il manque une idée et qu’aucune erreur connue ne l’explique."),
            Setting("bilan", CODE, "Le message quand il y a des idées et qu’il en manque ({trouves}, {attendus})."),
            Setting(
                "inconnu",
                integer(0),
                "0 : le texte répond aussi à d’autres critères, et des mots inconnus n’y sont pas un doute.",
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
                list_of(table_of({"code": CODE, "motifs": PATTERNS}, {"preuve": TEXT})),
                "Les erreurs connues, dites à l’élève.",
            ),
        ),
        problems=_rubric_problems,
        proofs=_review_proofs,
    ),
}
