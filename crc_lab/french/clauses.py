"""What an answer affirms and what it denies: a small model of French negation, clause by clause.

« Omnicom n’est pas un CRC » holds the words of the right answer and says the opposite. :func:`read` splits a short
French text into sentences and marks the words that a negation governs:

- *ne … pas* (*plus, jamais, aucun, rien, ni*) and the spoken *c’est pas* deny their clause, subject included;
- *pas*, *sans*, *aucun*, *ni*, *non*, *au lieu de*, *plutôt que*, *contrairement à*… deny what follows them;
- *mais*, *car*, a comma before a new clause, *et* before a verb… end what is denied;
- *ne … que*, *pas seulement*, *pas que*, *sans doute*, *sans oublier*, *ne se limite pas*… deny nothing.

It is no parser: it knows frequent verbs by heart. What it cannot settle is left to the teacher (see the doubts of
:mod:`crc_lab.checks.texts`). Time grows with the length of the text, which is cut (:data:`MAX_WORDS`).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from crc_lab.core.text import normalise, without_accents
from crc_lab.french.spelling import mend

MAX_TEXT = 20_000
"""Longest text read, in characters: an answer of several pages. Patterns are searched in its sentences one by one, each
of :data:`MAX_SENTENCE` words at most, so that they may not cost what the bound of :mod:`crc_lab.core.text` prevents."""
MAX_WORDS = 2500
MAX_SENTENCE = 80
"""Words of a sentence without any stop; what follows is read as another sentence."""
REACH = 8
"""How many words may stand between *ne* and *pas*."""

_LISTS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
"""The French words known here, each list with what it is for."""


def _words(name: str) -> frozenset[str]:
    return frozenset(_LISTS[name].split())


def _phrases(name: str) -> dict[str, list[list[str]]]:
    """Phrases by their first word."""
    found: dict[str, list[list[str]]] = {}
    for phrase in map(str.split, _LISTS[name]):
        found.setdefault(phrase[0], []).append(phrase)
    return found


NEGATIVES, ONLY, SAYING = _words("negatives"), _words("only"), _words("saying")
SELF_LIMITING, INTENSIVE = _words("self_limiting"), _words("intensive")
HARMLESS, DENYING_PHRASES = _phrases("harmless"), _phrases("denying_phrases")
CONNECTORS, LINKS = _words("connectors"), _words("links")
FORWARD_STOPS, BACKWARD_STOPS = CONNECTORS | _words("forward_stops"), CONNECTORS | _words("backward_stops")
NEW_START, SUBJECTS, DETERMINERS = _words("new_start"), _words("subjects"), _words("determiners")
_REGULAR = frozenset(stem + ending for stem in _words("verb_stems") for ending in ("e", "ent"))
VERBS = (_REGULAR | _words("irregular_verbs")) - _words("nouns_too")

COMMA, OPEN, CLOSE = ",", "(", ")"
PAUSES = frozenset({COMMA, OPEN, CLOSE})
_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}")
_THOUSANDS = re.compile(r"(?<=\d)[.,  ](?=\d{3}\b)")
_DECIMAL = re.compile(r"(?<=\d)[.,](?=\d)")
_PIECE = re.compile(r"[a-zà0-9&@+%€]+|[.!?;:\n…•]|[,()\[\]/«»\"–—]|(?<=\s)-(?=\s)")
_STOPS = frozenset(".!?;:\n…•")


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer as patterns see it: lines in the normalised form, typing mistakes mended.

    ``affirmed``: what is said to be so; ``denied``: what a negation governs; ``whole``: every sentence. ``words``: how
    many words were written; ``cut``: the text was too long to be read to its end.
    """

    affirmed: tuple[str, ...]
    denied: tuple[str, ...]
    whole: tuple[str, ...]
    words: int
    cut: bool = False


@lru_cache(maxsize=4096)
def read(text: str, expected: frozenset[str] = frozenset()) -> Reading:
    """Read one text; ``expected`` are the words that typing mistakes are mended to."""
    tokens = _tokens(text)
    words = sum(token not in PAUSES and token != "." for token in tokens)
    cut = words > MAX_WORDS or len(text) > MAX_TEXT
    affirmed, denied, whole = list[str](), list[str](), list[str]()
    for sentence in _sentences(tokens[: 2 * MAX_WORDS]):
        marks = _denials(sentence)
        whole += _lines(sentence, [True] * len(sentence), expected)
        affirmed += _lines(sentence, [not mark for mark in marks], expected)
        denied += _lines(sentence, marks, expected)
    return Reading(tuple(affirmed), tuple(denied), tuple(whole), words, cut)


def _tokens(text: str) -> list[str]:
    """Words without accents (but « à », which is not the verb « a »), pauses, a full stop for each end of sentence."""
    plain = without_accents(text[:MAX_TEXT].casefold().replace("à", "\0")).replace("\0", "à")
    plain = _DOTTED.sub(lambda found: found[0].replace(".", ""), plain)
    plain = _DECIMAL.sub(" ", _THOUSANDS.sub(" ", plain))
    return [
        piece if piece[0].isalnum() or piece[0] in "&@+%€()" else "." if piece in _STOPS else COMMA
        for piece in _PIECE.findall(plain)
    ]


def _sentences(tokens: list[str]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for token in tokens:
        if token == "." or len(found[-1]) >= MAX_SENTENCE:
            found.append([])
        if token != ".":
            found[-1].append(token)
    return [sentence for sentence in found if not PAUSES.issuperset(sentence)]


def _lines(sentence: list[str], kept: list[bool], expected: frozenset[str]) -> list[str]:
    """The kept words of a sentence: one line per run of them, normalised and mended, without its pauses."""
    runs: list[list[str]] = [[]]
    for token, keep in zip(sentence, kept, strict=True):
        if not keep:
            runs.append([])
        elif token not in PAUSES and (runs[-1] or token not in LINKS):
            runs[-1].append(token)
    lines = (normalise(" ".join(run)) for run in runs if run)
    return [" ".join(mend(line.split(), expected)) for line in lines if line]


# ---- what is denied


def _denials(words: list[str]) -> list[bool]:
    """For each token, whether a negation governs it."""
    denied = [False] * len(words)
    seen = _harmless(words)
    for place in range(len(words)):
        span = None if place in seen else _denial(words, place, seen)
        if span is not None:
            denied[slice(*span)] = [True] * (span[1] - span[0])
    return denied


def _harmless(words: list[str]) -> set[int]:
    """The places of negative words that deny nothing: « sans doute », « pas seulement »…"""
    return {at for place in range(len(words)) for at in range(place, _phrase_end(words, place, HARMLESS))}


def _phrase_end(words: list[str], place: int, known: dict[str, list[list[str]]]) -> int:
    """Where the known phrase that starts at ``place`` ends; ``place`` itself when there is none."""
    ends = (
        place + len(phrase) for phrase in known.get(words[place], ()) if phrase == words[place : place + len(phrase)]
    )
    return max(ends, default=place)


def _denial(words: list[str], place: int, seen: set[int]) -> tuple[int, int] | None:
    """The span that a negation starting at ``place`` governs, or None; ``seen``: places that were dealt with."""
    word = words[place]
    if word in ("ne", "n"):
        return _two_part(words, place, seen)
    if word == "pas":
        return _lone_pas(words, place)
    if word == "sans":
        return place, _without_end(words, place)
    pronoun = word in ("rien", "personne") and _bare_pronoun(words, place)
    if pronoun or word in ("ni", "aucun", "aucune", "jamais", "nullement"):
        return place, _forward(words, place + 1)
    if word == "non":
        return _lone_non(words, place)
    if (end := _phrase_end(words, place, DENYING_PHRASES)) > place:
        return place, _forward(words, end)
    if word == "plutot":  # « plutôt un CRC qu’un centre d’appels »
        than = next((at for at in range(place + 2, min(place + 9, len(words))) if words[at] in ("que", "qu")), None)
        return (than, _forward(words, than + 1)) if than is not None and not PAUSES & set(words[place:than]) else None
    return None


def _two_part(words: list[str], place: int, seen: set[int]) -> tuple[int, int] | None:
    """« ne … pas »: the clause, from its subject to its end; None for « ne … que » and the like."""
    for at in range(place + 1, min(place + REACH, len(words))):
        word = words[at]
        if word in ("que", "qu") or word in INTENSIVE:
            seen.update(range(place, at + 2))  # « ne concerne que le téléphone », « n’hésite pas à conseiller »
            return None
        if word in NEGATIVES and words[at - 1] not in DETERMINERS:
            reflexive = words[place + 1] in ("se", "s")
            harmless = at in seen or _restricted(words, at) or (reflexive and words[at - 1] in SELF_LIMITING)
            seen.add(at)
            return None if harmless else (_backward(words, place), _forward(words, at + 1))
    return None


def _restricted(words: list[str], at: int) -> bool:
    """« pas seulement », « pas que », « plus uniquement »; but « on ne dit pas que » denies what is said."""
    after = words[at + 1] if at + 1 < len(words) else ""
    if after in ("que", "qu"):
        return words[at - 1] not in SAYING
    return after in ONLY


def _lone_pas(words: list[str], place: int) -> tuple[int, int] | None:
    """« c’est pas un CRC » denies its clause; « un CRC, pas un centre d’appels » what follows."""
    if _restricted(words, place):
        return None
    start = _backward(words, place - 1) if place and words[place - 1] in VERBS else place
    return start, _forward(words, place + 1)


def _bare_pronoun(words: list[str], place: int) -> bool:
    """« rien n’est stocké », « rien à installer », « personne ne » ; but « rien que », « la personne »."""
    after = words[place + 1] if place + 1 < len(words) else ""
    return after in ("ne", "n") or (words[place] == "rien" and after not in ("que", "qu"))


def _lone_non(words: list[str], place: int) -> tuple[int, int] | None:
    """« et non un centre d’appels » denies what follows, « non commercial » the next word, « non, car… » nothing."""
    after = words[place + 1] if place + 1 < len(words) else COMMA
    if after in PAUSES or after in CONNECTORS or after in SUBJECTS:
        return None
    if (place and words[place - 1] in ("et", COMMA, OPEN)) or after in DETERMINERS:
        return place, _forward(words, place + 1)
    return place, place + 2


def _without_end(words: list[str], place: int) -> int:
    """« sans base de données » ends with its noun phrase, « sans passer par un conseiller » with the clause."""
    end = _forward(words, place + 1)
    first = place + 1 + (place + 1 < end and words[place + 1] in DETERMINERS)
    if first < end and re.fullmatch(r"[a-z]{2,}(?:er|ir|oir|re)", words[first]):
        return end
    return next((at for at in range(first + 1, end) if words[at] in DETERMINERS and words[at] not in ("de", "d")), end)


# ---- where a clause begins and ends


def _backward(words: list[str], place: int) -> int:
    """Where the clause whose verb is at ``place`` begins: its subject is denied with it."""
    for at in reversed(range(place)):
        joins = words[at] in ("et", "ou") and _et_joins_clauses(words, at, place)
        if joins or words[at] in PAUSES or words[at] in BACKWARD_STOPS:
            return at + 1
    return 0


def _et_joins_clauses(words: list[str], at: int, verb: int) -> bool:
    """« … et ne vend pas », « un CRC gère … et Omnicom ne … »: the conjunction at ``at`` starts a clause."""
    between = words[at + 1 : verb]
    if not between or between[0] in SUBJECTS:
        return True
    left = next((pause + 1 for pause in reversed(range(at)) if words[pause] in PAUSES), 0)
    return any(_is_verb(words, position) for position in range(left, at))


def _forward(words: list[str], place: int) -> int:
    """Where what is denied from ``place`` on ends."""
    depth = 0
    for at in range(place, len(words)):
        depth += (words[at] == OPEN) - (words[at] == CLOSE)
        if words[at] in FORWARD_STOPS or depth < 0:  # « (pas de livraison) » ends with its bracket
            return at
        if at > place and words[at] in (COMMA, "et", "ou", "puis") and _starts_a_clause(words, at + 1):
            return at
    return len(words)


def _starts_a_clause(words: list[str], place: int) -> bool:
    """Whether the words from ``place`` to the next pause say something new, rather than lengthen a list."""
    if place >= len(words):
        return True
    if words[place] in SUBJECTS or words[place] in NEW_START:
        return True
    for at in range(place, len(words)):
        ends = at > place and (words[at] in PAUSES or words[at] in ("et", "ou"))
        if ends or words[at] in ("qui", "que", "qu", "dont"):
            return False
        if _is_verb(words, at):
            return True
    return False


def _is_verb(words: list[str], at: int) -> bool:
    """A frequent verb, and not the noun of the same spelling (« la note », « une offre »)."""
    return words[at] in VERBS and (at == 0 or words[at - 1] not in DETERMINERS)
