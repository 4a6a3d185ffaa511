"""What students do to a wording: they slip, they announce it, they deny it, they say two things at once."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.exemplars.lines import PAGE, Exemplar
from crc_lab.core.text import without_accents
from crc_lab.reading.words import tokens


@dataclass(frozen=True, slots=True)
class Sample:
    """A text to learn from, its labels, and the lines it comes from (by position; none for another activity)."""

    text: str
    labels: frozenset[str]
    lines: tuple[int, ...]


READINGS = 6
"""Variants of a line that are learnt."""
_OPENINGS = (
    "je pense que ", "selon moi ", "d’après le texte, ", "on peut dire que ", "c’est ", "il y a ", "1) ", "aussi ",
    "ensuite ", "premièrement ", "car ", "parce que ", "il s’agit de ", "notamment ", "par exemple ",
)  # fmt: skip
_SOUNDS = (("qu", "k"), ("ph", "f"), ("eau", "o"), ("au", "o"), ("tion", "sion"), ("ai", "é"), ("ss", "s"), ("c", "k"))
_VERBS = frozenset(tomllib.loads(Path(__file__).with_name("verbs.toml").read_text(encoding="utf-8"))["verbs"])
_JOINED, _REJECTED = (" et ", ", ", ". ", " : ", " puis ", ", mais aussi "), (", pas ", " et non ", " mais pas ")


def samples(lines: Sequence[Exemplar], elsewhere: Sequence[str]) -> list[Sample]:
    """What is learnt from these lines, and from texts of other activities (``elsewhere``), which hold nothing."""
    rng = random.Random(20)
    plain = [
        Sample(text, line.labels, (at,))
        for at, line in enumerate(lines)
        if line.source != PAGE
        for text in line.readings(READINGS)
    ]
    found = [*plain]
    for one in plain:
        chance = rng.random()
        if chance < 0.4:
            found.append(Sample(rng.choice(_OPENINGS) + one.text, one.labels, one.lines))
        if chance > 0.4:
            found.append(Sample(_slip(one.text, rng), one.labels, one.lines))
        if one.labels and rng.random() < 0.2 and (denied := _denied(one.text, rng)):
            found.append(Sample(denied, frozenset(), one.lines))
    ideas, others = [one for one in plain if one.labels], [one for one in plain if not one.labels]
    for at in range(len(plain)):
        first, second = rng.choice(ideas), rng.choice(plain if at % 2 else others or plain)
        if at % 5:
            text = first.text + rng.choice(_JOINED) + second.text
            found.append(Sample(text, first.labels | second.labels, first.lines + second.lines))
        elif not first.labels & second.labels and not _denies(second.text):
            found.append(
                Sample(first.text + rng.choice(_REJECTED) + second.text, first.labels, first.lines + second.lines)
            )
    return [*found, *(Sample(text, frozenset(), ()) for text in elsewhere)]


def _denies(text: str) -> bool:
    return any(denied for _, denied in tokens(text))


def _slip(text: str, rng: random.Random) -> str:
    """The text with a typing mistake, two when it is long."""
    words = text.split()
    for _ in range(1 + (len(words) > 6)):
        long = [at for at, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
        if long:
            at = rng.choice(long)
            words[at] = _mistyped(words[at], rng)
    return " ".join(words)


def _mistyped(word: str, rng: random.Random) -> str:
    at, sort = rng.randrange(1, len(word) - 1), rng.randrange(6)
    if sort == 0:
        return word[:at] + word[at + 1 :]
    if sort == 1:
        return word[: at + 1] + word[at:]
    if sort == 2:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if sort == 3:
        return word[:at] + rng.choice("aeiourstn") + word[at + 1 :]
    if sort == 4:
        return re.sub(r"(.)\1", r"\1", word)
    return next(
        (word.replace(right, wrong, 1) for right, wrong in _SOUNDS if right in word), word.rstrip("est") or word
    )


def _denied(text: str, rng: random.Random) -> str | None:
    """The same idea denied; None when it holds a negation already."""
    if _denies(text):
        return None
    words = text.split()
    for at, word in enumerate(words[:6]):
        bare = without_accents(word.casefold()).strip(",.;:")
        if at and bare in _VERBS:
            before = "n’" if bare[0] in "aeiouh" else "ne "
            return " ".join(
                [*words[:at], before + word, rng.choice(("pas", "pas", "plus", "jamais")), *words[at + 1 :]]
            )
    if re.fullmatch(r"\w+(er|ir|re)", without_accents(words[0])):
        return f"ne pas {text}"
    body = " ".join(words[1:]) if words[0].casefold() in ("la", "le", "les", "un", "une", "des") and words[1:] else text
    return rng.choice(("pas de ", "il n’y a pas de ", "ce n’est pas ", "aucune ", "sans ", "on ne fait pas de ")) + body
