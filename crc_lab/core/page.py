"""What the page of an activity says, and whether a text was copied from it.

A copied text is a passage, or one whole text of the page (a title, a wording, a hint): most of it stands there word for
word. Case, accents, bullets and punctuation are ignored; a few words may have been added or changed. A sentence of the
course in the middle of an answer is no copy: what students write shares words with the page, and it may be right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from crc_lab.core.text import without_accents

PASSAGES = ((60, 5), (25, 10))
"""A passage: a text of so many words at least, most of them in runs of so many that the page has too. In a short answer
only long runs tell: everybody writes the few words that the course uses."""
PIECE, SHORT, TITLE = 3, 5, 8
"""One whole text of the page: the same runs of so many words; fewer words than ``SHORT`` are anybody's, and fewer than
``TITLE`` are a copy as they stand only."""
MOSTLY, SCATTERED = 0.6, 0.7
"""Share of a text, of several put end to end, that makes it a copy."""
MAX_TEXT = 20_000
"""Longest text looked at, in characters."""
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_WORD = re.compile(r"[a-z0-9&@+]+")
TO_COMPLETE, AS_IT_IS = "…", 0.9
"""A hint that holds this sign is a sentence to complete: whoever completes it copies nothing."""


@dataclass(frozen=True)
class Page:
    """``texts``: everything that the page says, by its French name (« A1-Q2 énoncé », « passage 3 »)."""

    texts: Mapping[str, str] = field(default_factory=dict)

    def holds(self, text: str, mostly: float = MOSTLY) -> bool:
        """Whether ``text`` was copied from here, changed a little or not."""
        words = _words(text)
        run = next((run for least, run in PASSAGES if len(words) >= least), 0)
        if run and _covered(words, self._runs[run], run) >= mostly:
            return True
        own = frozenset(_runs(words, PIECE))
        return len(words) >= SHORT and any(
            len(own & piece) >= least * max(len(own), len(piece))
            for piece, least in self._pieces
            if least * len(own) <= len(piece) <= len(own) / least
        )

    @cached_property
    def _runs(self) -> dict[int, frozenset[tuple[str, ...]]]:
        texts = [_words(text) for text in self.texts.values()]
        return {length: frozenset(run for text in texts for run in _runs(text, length)) for _, length in PASSAGES}

    @cached_property
    def _pieces(self) -> list[tuple[frozenset[tuple[str, ...]], float]]:
        """Each whole text and each heading, as runs of words, and the share of it that makes a copy."""
        texts = [*self.texts.values(), *(line for text in self.texts.values() for line in _HEADING.findall(text))]
        return [
            (frozenset(_runs(words, PIECE)), AS_IT_IS if TO_COMPLETE in text or len(words) < TITLE else MOSTLY)
            for text in texts
            if len(words := _words(text)) >= SHORT
        ]


@lru_cache(maxsize=512)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(without_accents(text[:MAX_TEXT]).casefold()))


def _runs(words: tuple[str, ...], length: int) -> Iterator[tuple[str, ...]]:
    return (words[at : at + length] for at in range(len(words) - length + 1))


def _covered(words: tuple[str, ...], known: frozenset[tuple[str, ...]], length: int) -> float:
    """The share of the words that stand in one of the known runs."""
    found = [False] * len(words)
    for at, run in enumerate(_runs(words, length)):
        if run in known:
            found[at : at + length] = [True] * length
    return sum(found) / len(words)
