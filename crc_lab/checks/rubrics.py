"""What a teacher is shown of an open answer: the words of the rubric where they were written, known mistakes affirmed.

Patterns (:mod:`crc_lab.core.text`) only point at a place in a text that a person reads; no point depends on them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from crc_lab.core.text import compile_pattern, normalise
from crc_lab.reading.words import tokens

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
    found = (line[slice(*_whole_words(line, match))] for line in lines for match in _first(patterns, line))
    quoted = (_quoted(words.split(), text) or words for words in dict.fromkeys(filter(None, found)))
    return tuple({normalise(words): words for words in reversed([*quoted])}.values())[::-1]


def _first(patterns: Iterable[str], line: str) -> Iterator[re.Match[str]]:
    return (match for pattern in patterns if (match := compile_pattern(pattern).search(line)))


def _whole_words(line: str, match: re.Match[str]) -> tuple[int, int]:
    """Where the words that a match touches start and end."""
    end = line.find(" ", max(match.start(), match.end() - 1))
    return line.rfind(" ", 0, match.start() + 1) + 1, len(line) if end < 0 else end


def _quoted(words: Sequence[str], text: str) -> str:
    """The same words in the text; empty where they were not written so."""
    written, places = _words(text)
    for at in range(len(written) - len(words) + 1):
        if written[at : at + len(words)] == words:
            return " ".join(text[places[at][0] : places[at + len(words) - 1][1]].split())
    return ""


@lru_cache(maxsize=1)  # the lines of one rubric look at the same text one after the other
def _words(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """The words of a text as patterns see them, and where each of them stands."""
    found = [*_WORD.finditer(text)]
    return [normalise(word[0]) for word in found], [word.span() for word in found]
