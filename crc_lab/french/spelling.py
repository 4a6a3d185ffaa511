"""Typing mistakes: a word of an answer that is one slip away from an expected word is read as that word.

Three rules keep one idea from becoming another. Only words of five letters or more are mended, against the whole words
of the patterns (a stem such as ``qualif`` mends nothing). A word that exists in French (``mots_usuels.txt``) is never
mended: « papier » stays « papier », however near « panier » is. A word as near to two unrelated expected words is left
as it is.

Own code rather than a library: the core imports nothing, and the vocabulary of a question holds a few hundred words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from crc_lab.core.text import without_accents

SHORTEST = 5
"""Letters below which nothing is mended: « CRC » and « CRM » are one letter apart."""
TWO_SLIPS = 9
"""Letters from which two slips are forgiven."""
MAX_MENDED = 300
"""Different unknown words looked at in one answer; the time of a check stays bounded whatever was pasted."""

_GLUED = re.compile(r"(?<=[a-z])\([^()]*\)[?*+]?|\([^()]*\)[?*+]?(?=[a-z])")
_NOISE = re.compile(r"\\.|\(\?(?:P?<\w+>|<?[=!]|:)|\[[^\]]*\][*+?]?")
_WORD = re.compile(r"(?<![a-z~])([a-z]+)([?*{]?)(?![a-z~])")


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """The usual French words, in the form of :func:`crc_lab.core.text.normalise`."""
    lines = Path(__file__).with_name("mots_usuels.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@lru_cache(maxsize=4096)
def pattern_words(pattern: str) -> frozenset[str]:
    """The whole words of a pattern, plural endings dropped: « services? publics » → service, public.

    A word glued to a group or to a class (``fidelis(er|ation)``) is a stem and is left out: write the whole words.
    """
    text = without_accents(pattern).casefold()
    text = _NOISE.sub(lambda found: "~" if found[0].startswith("[") else " " if found[0][0] == "\\" else "(", text)
    text = _GLUED.sub("~", text)
    found = set()
    for word, optional in _WORD.findall(text):
        word = word[:-1] if optional else word
        found.add(word[:-1] if word[-1:] in ("s", "x") and len(word) > 2 else word)
    return frozenset(word for word in found if len(word) >= SHORTEST)


@lru_cache(maxsize=256)
def vocabulary(patterns: frozenset[str]) -> frozenset[str]:
    """The words that the patterns of one criterion expect."""
    return frozenset(word for pattern in patterns for word in pattern_words(pattern))


def mend(words: Iterable[str], expected: frozenset[str]) -> list[str]:
    """``words`` (normalised), each typing mistake replaced by the expected word it comes from."""
    given = list(words)
    unknown = [word for word in dict.fromkeys(given) if len(word) >= SHORTEST and word.isalpha()][:MAX_MENDED]
    mended = {word: mended_word(word, expected) for word in unknown}
    return [mended.get(word, word) for word in given]


@lru_cache(maxsize=16384)
def mended_word(word: str, expected: frozenset[str]) -> str:
    """The expected word that ``word`` is a slip of; ``word`` itself when there is none, or more than one."""
    if len(word) > 30 or word in common_words() or any(word.startswith(known) for known in expected):
        return word
    near: dict[int, list[str]] = {}
    for known in expected:
        allowed = 2 if min(len(known), len(word)) >= TWO_SLIPS else 1
        if abs(len(known) - len(word)) <= allowed and (known[0] == word[0] or len(known) >= 8):
            found = distance(word, known, allowed)
            if found <= allowed:
                near.setdefault(found, []).append(known)
    if not near:
        return word
    best = sorted(near[min(near)])
    same_family = all(other[:4] == best[0][:4] for other in best)
    return best[0] if same_family else word


def distance(one: str, other: str, limit: int) -> int:
    """How many slips (a letter added, dropped, changed, or two neighbours swapped) part two words.

    Optimal string alignment; ``limit`` + 1 as soon as it is certain that there are more than ``limit``.
    """
    if abs(len(one) - len(other)) > limit or len(set(one) ^ set(other)) > 2 * limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        previous, row, older = row, [i], before
        for j, target in enumerate(other, start=1):
            cost = min(row[j - 1] + 1, previous[j] + 1, previous[j - 1] + (letter != target))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == target:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > limit and (i == 1 or min(previous) > limit):
            return limit + 1
        before = previous
    return min(row[-1], limit + 1)
