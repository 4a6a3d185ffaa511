"""What the reader sees of a text: words, denied or not, the clauses that they make, and what a model weighs in them.

A token is (word, denied): lower case, no accent, final s or x dropped over three letters, the commonest abbreviations
of messages opened (« pr », « ki », « rdv »), thousands joined, initials too (« C.R.C. », « B to B »). A sentence is cut
into clauses at its pauses and at the words of ``JOINS``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from crc_lab.core.text import fold, without_accents

Token = tuple[str, bool]
Window = tuple[Token, ...]

WAY = 3
"""Of cutting a text into tokens. A model says by which it was learnt (``words``; 1 where it says nothing) and reads by
that one: what a teacher prepared with an earlier version is read as it was."""
MAX_TOKENS = 400
"""Words that are read; a short answer has a dozen, and the time of one is bounded."""
MAX_CLAUSES = 24
PAUSE = "|"
LISTED, BRIEF = 3, 4
_BETWEEN = re.compile(r"[,;/|\n\t•·▪➔➜→⇒]+|(?<=\s)[-–—+&](?=\s)|\b(?:\d{1,2}[.)]|[a-z]\))\s")

_THOUSANDS = re.compile(r"(?<=\d)[ .\u00a0\u202f](?=\d{3}(?!\d))")
_KILO = re.compile(r"\b(\d{2,3}) ?k\b")
_INITIALS = re.compile(r"\b(?:[a-z]\.){2,}(?:[a-z]\b)?")
_SOLD_TO = re.compile(r"\bb[ -]?(?:to|2|two)[ -]?(?=[bc]\b)")
"""« B to B », « B2B », « b-to-b »: one word, « btob »."""
_UNSURE = re.compile(
    r"\bje (?:ne )?(?:sai|sui)s (?:pas|plus)(?: trop)?(?: sure?)?(?= mais|[,;:.?!]|$)(?: mais)?"
    r"|\bsi je (?:ne )?me trompe pas|\b(?:il )?me semble[- ]?(?:t[- ]il)?\b(?: qu['e])?|\bsauf erreur\b"
    r"|\ba verifier(?= *[?.!)]* *$)|[, ]+non ?\?+ *$"
)
"""What says that a student is not sure, and neither adds to an idea nor denies it."""
_PIECE = re.compile(r"\d+(?:[.,]\d+)?|[a-z]+|[€%&+]|[.,;:!?()\n/|•=\[\]\"«»–—]|-(?= )")


_KNOWN = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
JOINS, EMPTY = frozenset(_KNOWN["joins"]), frozenset(_KNOWN["empty"])
LIGHT = EMPTY | frozenset(_KNOWN["light"])
_CUES, _LIMITS, _JUDGED = (frozenset(_KNOWN[name]) for name in ("cues", "limits", "judged"))
_ONLY, PARTIES = frozenset(_KNOWN["only"]), frozenset(_KNOWN["parties"])
_EVASIVE = frozenset(word[:-1] if len(word) > 3 and word[-1] in "sx" else word for word in _KNOWN["evasive"])
_AS_THEY_ARE = LIGHT | JOINS
"""Known by their role, they keep their final s: « dans », « mais »."""
_MEANT = frozenset({"qui", "que", "qu"})
_SHORT_FORMS: dict[str, str] = _KNOWN["short_forms"]
_CLASSES: dict[str, list[str]] = {}
"""Word, or what a word begins with (« * » after it) → the classes of words that may stand for it, by their names."""
for _class in _KNOWN["classes"]:
    _name = _class.split()[0].rstrip("*")
    for _word in _class.split():
        _CLASSES.setdefault(_word, []).append(_name)
_HEARD = tuple(
    (re.compile(right), heard)
    for right, heard in (
        ("qu|q|ck", "k"), ("ph", "f"), ("e?au", "o"), ("oi|oa", "wa"), ("[sc]ch|ch|sh", "S"), ("g(?=[eiy])", "j"),
        ("c(?=[eiy])", "s"), ("c", "k"), ("ti(?=on)", "si"), ("[ae][iy]|ez$|er$|ee$|et$", "e"), ("[ae]([nm])", r"a\1"),
        ("y", "i"), ("z", "s"), ("h", ""), (r"([a-zS])\1", r"\1"), ("(?<=..)(ent|[stedx])$", ""),
    )
)  # fmt: skip
_INSTEAD = frozenset(
    {("au", "lieu"), ("contrairement", "a"), ("contrairement", "au"), ("plutot", "que"), ("peu", "importe")}
)


@lru_cache(maxsize=4096)
def tokens(text: str, way: int = WAY) -> Window:
    """The tokens of a text, ``PAUSE`` at each pause (never denied); ``way``: as models of that way were learnt."""
    plain = _THOUSANDS.sub("", without_accents(text).casefold().replace("’", "'"))
    plain = _KILO.sub(r"\g<1>000", plain)
    if way > 1:
        plain = _INITIALS.sub(lambda found: found[0].replace(".", ""), plain)
        plain = _SOLD_TO.sub("bto", plain)
    if way > 2:
        plain = _UNSURE.sub(f" {PAUSE} ", plain)
    words: list[str] = []
    for piece in _PIECE.findall(plain)[:MAX_TOKENS]:
        if piece[0].isalnum() or piece in "€%&+":
            words += _SHORT_FORMS.get(piece, piece).split()
        else:
            words.append(PAUSE)
    marks = _denied(words)
    kept = _AS_THEY_ARE if way > 1 else ()
    return tuple((word if word in kept else _singular(word), mark) for word, mark in zip(words, marks, strict=True))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


def _denied(words: Sequence[str]) -> list[bool]:
    """Which words are denied: those of a clause that holds a negation, from the beginning where « ne » or a verb before
    « pas » says so, else from the negation on (« au lieu de », « plutôt que » too); not after « ne … que », « pas
    seulement », « pas … sans »."""
    marks = [False] * len(words)
    start = 0
    for at in range(len(words) + 1):
        if at == len(words) or words[at] == PAUSE or words[at] in _LIMITS:
            first = _denied_from(words[start:at])
            if first is not None:
                marks[start + first : at] = [True] * (at - start - first)
            start = at + 1
    return marks


def _denied_from(clause: Sequence[str]) -> int | None:
    """Where what a clause denies begins; None when it denies nothing."""
    for at, pair in enumerate(pairwise(clause)):
        if pair in _INSTEAD:
            return at
    cues = [at for at, word in enumerate(clause) if word in _CUES]
    if not cues:
        return None
    weak = [at for at in cues if clause[at] in ("ne", "n")]
    strong = [at for at in cues if at not in weak]
    if any(at + 1 < len(clause) and clause[at + 1] in _ONLY for at in strong):
        return None
    if "sans" in clause and any(clause[at] in ("pas", "jamais", "rien", "aucun") for at in strong):
        return None
    if not strong and (not {"plus", "guere"} & set(clause) or _ONLY & set(clause[weak[0] :])):
        return None
    after_verb = strong and clause[strong[0]] == "pas" and strong[0] > 0 and clause[strong[0] - 1] in _JUDGED
    return 0 if weak or after_verb else strong[0]


def listed(text: str, brief: int = BRIEF) -> list[str]:
    """The pieces of a text that is a list of words: :data:`LISTED` or more, none longer than ``brief`` words. Empty
    for any other text."""
    found = [piece.strip() for piece in _BETWEEN.split(text) if fold(piece)]
    return found if len(found) >= LISTED and all(len(piece.split()) <= brief for piece in found) else []


def windows(found: Window) -> list[Window]:
    """The whole text without its pauses; when it has several clauses, each of them and each two neighbours."""
    clauses: list[list[Token]] = [[]]
    for token in found:
        if token[0] == PAUSE or token[0] in JOINS:
            clauses.append([token] if token[0] == "sauf" else [])
        else:
            clauses[-1].append(token)
    kept = [one for one in clauses if any(word not in EMPTY for word, _ in one)] or [one for one in clauses if one]
    kept = kept[:MAX_CLAUSES]
    whole = [token for token in found if token[0] != PAUSE]
    read: list[list[Token]] = [whole]
    if len(kept) > 1:
        read += kept
        read += [one + two for one, two in pairwise(kept)] if len(kept) > 2 else []
    return [tuple(one) for one in read if one]


def clauses_of(found: Sequence[Window]) -> Sequence[Window]:
    """Of the windows of a text, its clauses (the text itself when it has one)."""
    return found[1 : 1 + (len(found) + 1) // 2] if len(found) > 1 else found


@lru_cache(maxsize=16384)
def _letters(word: str) -> tuple[str, ...]:
    bordered = f"<{word}>"
    if len(bordered) <= 3:
        return (f"w{word}",)
    grams = [bordered[at : at + size] for size in (3, 4, 5) for at in range(len(bordered) - size + 1)]
    return (*grams, f"w{word}")


@lru_cache(maxsize=16384)
def classes(word: str) -> tuple[str, ...]:
    """The classes of words that may stand for this one (``classes`` of words.toml): « embête » and « dérange » are of
    one; empty for most words."""
    starts = (f"{word[:size]}*" for size in range(len(word), 1, -1))
    return tuple(dict.fromkeys(name for form in (word, *starts) for name in _CLASSES.get(form, ())))


def features(window: Window) -> Iterator[str]:
    """What a model weighs in a window: letters by 3 to 5 within a word, words, two words in a row; « @ » before the
    classes of a word, each also after those of the word that says something before it; « ! » before those of denied
    words."""
    for _, names in features_of_words(window):
        yield from names


def features_of_words(window: Window) -> Iterator[tuple[int, Sequence[str]]]:
    """The features of a window, by the place of the word that brings them (two words in a row: by the second); « ^ »
    before the party that it begins with, who does what it says."""
    before = ""
    beside: Sequence[str] = ()
    first = next((place for place, (word, _) in enumerate(window) if word not in EMPTY), -1)
    for place, (word, denied) in enumerate(window):
        names = [f"!{gram}" for gram in _letters(word)] if denied else [*_letters(word)]
        if before:
            names.append(f"{before}_{word}")
        if place == first and word in PARTIES:
            names.append(f"^{word}")
        found, mark = classes(word), "!@" if denied else "@"
        names += [mark + name for name in found]
        if word not in EMPTY:
            names += [f"{mark}{one}@{name}" for one in beside for name in found]
            beside = found or ((word,) if word not in LIGHT else beside)
        yield place, names
        before = word


def is_evasive(found: Window) -> bool:
    """Whether a text says nothing of any question: « je sais pas », « ça dépend », « oui oui »."""
    said = {word for word, _ in found} - LIGHT - {PAUSE}
    return bool(said & _EVASIVE) and said <= _EVASIVE


def key(window: Window) -> str:
    """What makes two wordings the same: their content words in order, denied or not."""
    content = [("!" if denied else "") + word for word, denied in window if word not in EMPTY and word != PAUSE]
    return " ".join(content) or " ".join(word for word, _ in window)


def wording(window: Window) -> str:
    """What makes an exemplar and a text say the same word for word: as :func:`key`, and who or what is meant (« qui est
    le client » is not « le client », « que la liste » is not « la liste »)."""
    return " ".join(
        ("!" if denied else "") + word
        for word, denied in window
        if (word not in EMPTY or word in _MEANT) and word != PAUSE
    ) or key(window)


@lru_cache(maxsize=16384)
def sound(word: str) -> str:
    """How a word sounds, roughly, cut after five signs: « quoi » and « koi », « appeler » and « apelé » are one."""
    for right, heard in _HEARD:
        word = right.sub(heard, word)
    return word[:5]


def units(window: Window) -> frozenset[str]:
    """What makes two wordings near: how their content words sound, « ! » before the denied ones."""
    return frozenset(
        ("!" if denied else "") + (sound(word) or word)
        for word, denied in window
        if word not in LIGHT and (len(word) > 1 or word.isdigit())
    )


def stems(window: Window) -> list[str]:
    """The words of a window that say something, cut after six letters, « ! » before the denied ones."""
    return [("!" if denied else "") + word[:6] for word, denied in window if word not in LIGHT and len(word) > 1]
