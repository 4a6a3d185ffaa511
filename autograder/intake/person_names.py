"""Names of people, compared as people would: words in any order, whatever the case, the accents and the script.

Two spellings of one name are equal or they are not: nobody is recognised by a resemblance.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator

from crc_lab.core.text import without_accents

Words = tuple[str, ...]

_GLUED = re.compile(r"[-‐‑'’‘ʼ`´]+")
_APOSTROPHES = re.compile(r"['’‘ʼ`´]+")
_WORD = re.compile(r"[^\W_]+")
_UNSAFE = re.compile(r"[^\w.@+-]+")
_BLIND = re.compile(r"participant(?:e|s)?", re.IGNORECASE)
_GROUP = re.compile(r"(?:default (?:group|team)|groupes?|groups?|[ée]quipes?|teams?|bin[ôo]mes?|trin[ôo]mes?)\b", re.I)
_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
"""Letters that no decomposition brings back to plain ones, as a French keyboard replaces them."""


def words(name: str) -> Words:
    """The words of a name, sorted: « GARNIER  Inès-Marie » → (« garnier », « inesmarie »).

    Apostrophes and hyphens are glued, since Moodle removes the former from its names.
    """
    return _words(_GLUED.sub("", name))


def spellings(name: str) -> tuple[Words, ...]:
    """The ways to cut a name into words: « D’Almeida Jean-Baptiste » has three; none for a name without letters."""
    forms = (words(name), _words(_APOSTROPHES.sub("", name)), _words(name))
    return tuple(dict.fromkeys(form for form in forms if form))


def agree(one: str, other: str) -> bool:
    """False when the two names cannot be one person's: one has a word that the other lacks, and the other too.

    « I. Garnier », « Garnier » and « Inès Marie Garnier » agree with « Inès Garnier »; « Paul Garnier » does not. A
    name without letters says nothing, hence agrees.
    """
    firsts, seconds = spellings(one), spellings(other)
    if not firsts or not seconds:
        return True
    return any(_within(*sorted((first, second), key=len)) for first in firsts for second in seconds)


def same(one: str, other: str) -> bool:
    """True when the two names have the same words."""
    return not set(spellings(one)).isdisjoint(spellings(other))


def is_anonymous(name: str, groups: Collection[Words] = ()) -> bool:
    """True when Moodle's name is nobody's: blind marking, or a group (a usual name for one, or one of ``groups``)."""
    return is_blind(name) or is_group(name, groups)


def is_blind(name: str) -> bool:
    """True for the name that Moodle writes in the place of all names when marking is anonymous."""
    return bool(_BLIND.fullmatch(name.strip()))


def is_group(name: str, groups: Collection[Words] = ()) -> bool:
    """True for the name of a group: the words of one of ``groups``, or a name that starts as groups' names do."""
    return bool(_GROUP.match(name.strip())) or (bool(groups) and words(name) in groups)


def slug(name: str) -> str:
    """The name as one word of an identifier: « Inès D’Almeida » → ``ines-dalmeida``; may be empty."""
    return "-".join(_WORD.findall(plain(_APOSTROPHES.sub("", name))))[:60].strip("-")


def safe_identifier(text: str) -> str:
    """The text as an identifier that harms neither a path nor a spreadsheet; may be empty."""
    return _UNSAFE.sub("-", text)[:60].strip("-.+@")


def free(name: str, used: set[str]) -> str:
    """``name``, else ``name-2``, ``name-3``…: the first that is not ``used`` (without case); from now on, it is."""
    names = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
    found = next(one for one in names if one.casefold() not in used)
    used.add(found.casefold())
    return found


def _words(name: str) -> Words:
    return tuple(sorted(_WORD.findall(plain(name))))


def plain(text: str) -> str:
    """The text in small letters, without accents."""
    return without_accents(text).casefold().translate(_STROKES)


def _within(few: Words, many: Words) -> bool:
    """True when each of ``few`` is a word of ``many`` of its own; one letter stands for the word it starts."""
    left = list(many)
    for word in sorted(few, key=len, reverse=True):
        found = next(_bearers(word, left), None)
        if found is None:
            return False
        left.remove(found)
    return True


def _bearers(word: str, among: list[str]) -> Iterator[str]:
    yield from (other for other in among if other == word)
    if len(word) == 1:
        yield from (other for other in among if other.startswith(word))
    yield from (other for other in among if len(other) == 1 and word.startswith(other))
