"""Whether an idea of the mark scheme is in a text: affirmed, denied, or not there.

An idea (a table of corrige.toml) is found by one of these, each a list of patterns (:mod:`crc_lab.core.text`):

- ``motifs``: searched in what the text affirms;
- ``nies``: searched in what it denies, for ideas that are negations (« ni les mails ni les SMS »);
- ``partout``: searched everywhere, for words that no negation turns into something false (« sans consentement »);
- ``parmi``: lists of patterns, of which ``au_moins`` (1) must be affirmed, in one text or in several.

``interdits``: patterns which, affirmed in the same text, void the idea. A pattern that holds a negation itself (« je ne
sais pas ») is searched everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from crc_lab.core.settings import PATTERN, Shape, list_of, table_of
from crc_lab.core.text import compile_pattern, normalise
from crc_lab.french.clauses import Reading
from crc_lab.french.spelling import vocabulary

_NEGATION = re.compile(r"\b(?:ne|n|pas|sans|aucune?|ni|jamais)\b")
_WORD = re.compile(r"[^\W_]+")
PATTERN_LISTS = ("motifs", "nies", "partout", "parmi", "interdits")
PATTERNS = list_of(PATTERN, least=1)
Idea = Mapping[str, Any]


def idea_shape(
    required: Mapping[str, Shape], optional: Mapping[str, Shape], *, any_of: Collection[str] | None = ()
) -> Shape:
    """The shape of an idea with these fields besides its patterns. It has one of them at least, or one of ``any_of``;
    None: it may have none."""
    lists = {**dict.fromkeys(PATTERN_LISTS, PATTERNS), "parmi": list_of(PATTERNS, least=1)}
    needed = () if any_of is None else ("motifs", "nies", "partout", "parmi", *any_of)
    return table_of(required, {**lists, **optional}, any_of=needed)


@dataclass(frozen=True, slots=True)
class Presence:
    """``groups``: which lists of ``parmi`` are there; ``voided``: found, beside a forbidden pattern; ``denied``: only
    under a negation."""

    found: bool
    groups: frozenset[int] = frozenset()
    voided: bool = False
    denied: bool = False


def presence(idea: Idea, reading: Reading) -> Presence:
    """How one idea stands in one text."""
    groups = frozenset(at for at, group in enumerate(idea.get("parmi", ())) if affirmed(group, reading))
    found = (
        affirmed(idea.get("motifs", ()), reading)
        or _found(idea.get("nies", ()), reading.denied)
        or _found(idea.get("partout", ()), reading.whole)
    )
    if (found or groups) and affirmed(idea.get("interdits", ()), reading):
        return Presence(False, voided=True)
    denied = not found and not groups and _found(idea.get("motifs", ()), (*reading.denied, *reading.whole))
    return Presence(found, groups, denied=denied)


def affirmed(patterns: Iterable[str], reading: Reading) -> bool:
    """Whether the text affirms what one of the patterns says."""
    return any(_found((pattern,), reading.whole if _is_negative(pattern) else reading.affirmed) for pattern in patterns)


@lru_cache(maxsize=4096)
def _is_negative(pattern: str) -> bool:
    return _NEGATION.search(re.sub(r"\\.", " ", pattern)) is not None


def _found(patterns: Iterable[str], lines: Sequence[str]) -> bool:
    return any(compile_pattern(pattern).search(line) for pattern in patterns for line in lines)


def as_written(patterns: Iterable[str], text: str, reading: Reading) -> tuple[str, ...]:
    """The words of the text in which the patterns are found, as they were written, each once.

    ``reading``: that of the text. A word with a typing mistake is given in the form in which it was recognised.
    """
    found = (line[slice(*_whole_words(line, match))] for line in reading.whole for match in _first(patterns, line))
    recognised = dict.fromkeys(filter(None, found))
    quoted = (_quoted(words.split(), text) or words for words in recognised)
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


def expected_words(*settings: Any) -> frozenset[str]:
    """The words that typing mistakes are mended to: those of every pattern of the settings, right or wrong."""
    return vocabulary(frozenset(pattern for setting in settings for pattern in _patterns(setting)))


def _patterns(setting: Any) -> Iterable[str]:
    if isinstance(setting, str):
        yield setting
    elif isinstance(setting, Mapping):
        for name in PATTERN_LISTS:
            yield from _patterns(setting.get(name, ()))
    else:
        for item in setting:
            yield from _patterns(item)
