"""An answer that says the same everywhere is no answer: nobody looked at the question.

One line copied down a table, one choice in a whole series, one target for every item: chance makes some of it right,
and none of it counts, unless the key says the same everywhere too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crc_lab.core.model import Message
from crc_lab.core.text import fold

CODE = "MEME-PARTOUT"
LEAST = 3
"""Answers from which saying the same everywhere means something."""
OVERSIGHT = 0.1
"""Share of wrong answers up to which one may have answered, and missed the exception."""
ENOUGH = 10
"""Answers that make a column, where half of it is more."""


def says_the_same(given: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether ``given`` (an empty text where nothing is answered) is one same answer where ``wanted`` is not.

    Half of the answers are there at least, or ten of them: less is a beginning.
    """
    pairs = [(fold(own) or own, fold(right) or right) for own, right in zip(given, wanted, strict=True) if own]
    if len(pairs) < max(LEAST, min(ENOUGH, len(given) / 2)) or len({own for own, _ in pairs}) > 1:
        return False
    wrong = sum(own != right for own, right in pairs)
    return len({right for _, right in pairs}) > 1 and wrong > OVERSIGHT * len(pairs)


def same_everywhere(columns: Iterable[str] = ()) -> tuple[Message, ...]:
    """What is said of an answer, or of these columns (none: nothing), that says the same everywhere."""
    named = tuple(columns)
    which = f" dans {named[0]}" if len(named) == 1 else f" dans {', '.join(named[:-1])} et {named[-1]}" if named else ""
    text = f"La même réponse partout{which}, quand la bonne change : cela ne compte pas."
    return (Message(CODE, text, columns=named),)
