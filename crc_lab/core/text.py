"""French texts: what the eye sees of them, what they are compared on, patterns; small rules for what people read; and
whether one was copied from others.

Patterns (in exercices.toml and corrige.toml) are regular expressions searched in the *normalised* text: lower case,
no accent, punctuation turned into spaces, leading articles dropped, final « s »/« x » of each word dropped. A pattern
may be written as one writes French (« données personnelles », « e-mail », « prise d’appels? »): :func:`compile_pattern`
brings its words to the same form. Outside a class, ``-`` is therefore a space.
"""

from __future__ import annotations

import errno
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path

MAX_TEXT = 2_000
"""Longest text looked at, in characters; the rest is ignored by the patterns. A short answer has a hundred; a pattern
that is quadratic (``( \\w+)* achat``) takes a few milliseconds on so many characters, and minutes on a whole book."""

_SHORT = 200
"""Characters up to which what is made of a text is remembered: a wording, a cell, and not the letter of one student."""
_FIRST_COMBINING = "\u0300"

_BLANK_SIGNS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Signs of other categories that show nothing either: fillers, joiners, variation selectors, the empty Braille cell."""
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
"""A character as OOXML files write those that XML lacks: « _x000D_ » is the carriage return."""
_ARTICLES = re.compile(r"^(?:(?:le|la|les|l|un|une|des|du|de|d)\s+)+")
_PUNCTUATION = re.compile(r"[^a-z0-9&@+]+")
_PLURAL = re.compile(r"(?<=[a-z]{2})[sx]\b")

_LEADING_ARTICLES = re.compile(r"^(\^?)(?:(?:le|la|les|l|un|une|des|du|de|d)[\s'’]+)+")
_ESCAPE_OR_TEXT = re.compile(r"(?P<escape>\\.|\(\?P)|(?P<text>[^\\(]+|.)", re.DOTALL)
_TOKEN = re.compile(
    r"(?P<fixed>\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:P?<\w+>|P=\w+\)|<?[=!]|:|[a-z-]+[:)])|\{\d*,?\d*\})"
    r"|(?P<letter>[a-z])|(?P<digit>[0-9])|(?P<blank>[^.^$*+?{}\[\]\\|()&@a-z0-9]+)|(?P<operator>.)",
    re.DOTALL,
)
"""The pieces of a pattern: what must stay as written, letters, digits, what a normalised text has as one space."""


def bare(text: str) -> str:
    """What the eye sees of a text: no invisible character (category Cf: zero-width signs, marks of direction, soft
    hyphens; fillers), no escape of a spreadsheet file, and no space of any kind at either end."""
    return _bare_again(text) if len(text) <= _SHORT else _bare(text)


def _bare(text: str) -> str:
    if not text.isascii():
        text = _BLANK_SIGNS.sub("", text)
    if not text.isprintable():  # nothing of category Cf is printable
        if not text.isascii():
            text = "".join([sign for sign in text if unicodedata.category(sign) != "Cf"])
        text = text.replace("\x00", "")
    if "_x" in text:
        text = _ESCAPED.sub(_unescaped, text)
    return text.strip()


_bare_again = lru_cache(maxsize=8192)(_bare)


def _unescaped(found: re.Match[str]) -> str:
    sign = chr(int(found[1], 16))
    return sign if sign.isprintable() or sign.isspace() else ""


def without_accents(text: str) -> str:
    """The text without diacritics, ligatures opened: ``Œuvre é`` → ``OEuvre e``."""
    if text.isascii():
        return text
    opened = text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE")
    decomposed = unicodedata.normalize("NFKD", opened)
    return "".join([c for c in decomposed if c < _FIRST_COMBINING or not unicodedata.combining(c)])


def fold(text: str) -> str:
    """Case, accents and punctuation ignored, spaces reduced: what two cells or labels are compared on."""
    return _folded_again(text) if len(text) <= _SHORT else _folded(text[:MAX_TEXT])


def _folded(text: str) -> str:
    opened = without_accents(text)[:MAX_TEXT]  # one character may open into eighteen
    return _PUNCTUATION.sub(" ", opened.casefold()).strip()


_folded_again = lru_cache(maxsize=8192)(_folded)
"""A class writes the same words over and over: the wordings of the options, the cells of the file."""


def normalise(text: str) -> str:
    """The form in which patterns are searched: :func:`fold`, leading articles and plural endings dropped."""
    return _PLURAL.sub("", _ARTICLES.sub("", fold(text)))


@lru_cache(maxsize=2048)
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """The compiled pattern, brought to the form of a normalised text; raises :class:`re.error` when it is not a
    regular expression.

    A final s or x of a word matches itself or the end of the word: ``sms`` finds « SMS » (normalised to ``sm``) and
    not « cosmétique ».
    """
    # Lower case, except the escapes and the mark of a named group: ``\\S`` is not ``\\s``.
    lower = _ESCAPE_OR_TEXT.sub(lambda one: one["escape"] or one["text"].casefold(), without_accents(pattern))
    prepared = _LEADING_ARTICLES.sub(r"\1", lower)
    tokens = [(found.lastgroup or "", found[0]) for found in _TOKEN.finditer(prepared)]
    written = []
    for position, (sort, token) in enumerate(tokens):
        before, after = tokens[max(0, position - 2) : position], tokens[position + 1 : position + 2]
        if sort == "blank":
            token = " "
        elif token in ("s", "x") and [name for name, _ in before] == ["letter"] * 2:
            token = token if after and after[0][0] in ("letter", "digit") else rf"(?:{token}|\b)"
        written.append(token)
    return re.compile("".join(written))


def matches(text: str, patterns: Iterable[str]) -> bool:
    """True when one of ``patterns`` is found in ``text`` (normalised here)."""
    prepared = normalise(text)
    return any(compile_pattern(pattern).search(prepared) for pattern in patterns)


# --- for people to read -----------------------------------------------------------------------------------------------

NBSP = "\u00a0"
# Control and direction characters, and lone surrogates (they cannot be written as UTF-8).
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
_THIN = re.compile(r" (?=[:;?!%€»])|(?<=«) ")


@cache
def phrases(table: str) -> Mapping[str, str]:
    """One table of ``phrases.toml``: what is said, by code."""
    found: dict[str, str] = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text("utf-8"))[table]
    return found


def reason(error: OSError) -> str:
    """Why the system refused, in a few French words."""
    name = errno.errorcode.get(error.errno or 0, "")
    return phrases("systeme").get(name) or error.strerror or type(error).__name__


def clean(text: str) -> str:
    """The text without characters that break a file or deceive the eye; line breaks and tabs stay."""
    return _HARMFUL.sub("", text)


def clean_line(text: str, limit: int = 200) -> str:
    """The text on one line, cleaned, composed (NFC) and cut to ``limit`` characters: names of people and files."""
    line = _SPACES.sub(" ", unicodedata.normalize("NFC", clean(text.replace("\n", " ").replace("\t", " ")))).strip()
    return line if len(line) <= limit else line[: limit - 1] + "…"


def french(text: str) -> str:
    """The text with no-break spaces where French typography wants them."""
    return _THIN.sub(NBSP, text)


def count(number: int, one: str, many: str | None = None) -> str:
    """« 1 copie », « 3 copies » ; zero is singular in French."""
    return f"{number}{NBSP}{one if number < 2 else many or one + 's'}"


def listing(items: list[str], limit: int = 0) -> str:
    """« a, b et c » ; with a ``limit``, « a, b et 4 autres »."""
    if limit and len(items) > limit:
        rest = len(items) - limit
        return f"{', '.join(items[:limit])} et {rest}{NBSP}autre{'s' if rest > 1 else ''}"
    return " et ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def sort_key(text: str) -> tuple[str, str]:
    """Alphabetical order for people: case and accents only matter between equals."""
    return fold(text), text


# --- whether a text was copied ----------------------------------------------------------------------------------------
# A copied text is a passage, or one whole text of the page (a title, a wording, a hint): most of it stands there word
# for word. Case, accents, bullets and punctuation are ignored; a few words may have been added or changed. A sentence
# of the course in the middle of an answer is no copy: what students write shares words with the page, and it may be
# right.

PASSAGES = ((60, 5), (25, 10))
"""A passage: a text of so many words at least, most of them in runs of so many that the page has too. In a short answer
only long runs tell: everybody writes the few words that the course uses."""
PIECE, SHORT, TITLE = 3, 5, 8
"""One whole text of the page: the same runs of so many words; fewer words than ``SHORT`` are anybody's, and fewer than
``TITLE`` are a copy as they stand only."""
MOSTLY, SCATTERED = 0.6, 0.7
"""Share of a text, of several put end to end, that makes it a copy."""
_LONGEST_COPY = 20_000
"""Longest text looked at, in characters."""
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_PLAIN_WORD = re.compile(r"[a-z0-9&@+]+")
TO_COMPLETE, AS_IT_IS = "…", 0.9
"""A hint that holds this sign is a sentence to complete: whoever completes it copies nothing."""


@dataclass(frozen=True)
class Page:
    """``texts``: everything that the page says, by its French name (« A1-Q2 énoncé », « passage 3 »)."""

    texts: Mapping[str, str] = field(default_factory=dict)

    def holds(self, text: str, mostly: float = MOSTLY) -> bool:
        """Whether ``text`` was copied from here, changed a little or not."""
        words = _words_of(text)
        run = next((run for least, run in PASSAGES if len(words) >= least), 0)
        if run and _share_in(words, self._runs[run], run) >= mostly:
            return True
        own = frozenset(_runs(words, PIECE))
        return len(words) >= SHORT and any(
            len(own & piece) >= least * max(len(own), len(piece))
            for piece, least in self._pieces
            if least * len(own) <= len(piece) <= len(own) / least
        )

    @cached_property
    def _runs(self) -> dict[int, frozenset[tuple[str, ...]]]:
        texts = [_words_of(text) for text in self.texts.values()]
        return {length: frozenset(run for text in texts for run in _runs(text, length)) for _, length in PASSAGES}

    @cached_property
    def _pieces(self) -> list[tuple[frozenset[tuple[str, ...]], float]]:
        """Each whole text and each heading, as runs of words, and the share of it that makes a copy."""
        texts = [*self.texts.values(), *(line for text in self.texts.values() for line in _HEADING.findall(text))]
        return [
            (frozenset(_runs(words, PIECE)), AS_IT_IS if TO_COMPLETE in text or len(words) < TITLE else MOSTLY)
            for text in texts
            if len(words := _words_of(text)) >= SHORT
        ]


@lru_cache(maxsize=512)
def _words_of(text: str) -> tuple[str, ...]:
    return tuple(_PLAIN_WORD.findall(without_accents(text[:_LONGEST_COPY]).casefold()))


def _runs(words: tuple[str, ...], length: int) -> Iterator[tuple[str, ...]]:
    return (words[at : at + length] for at in range(len(words) - length + 1))


def _share_in(words: tuple[str, ...], known: frozenset[tuple[str, ...]], length: int) -> float:
    """The share of the words that stand in one of the known runs."""
    found = [False] * len(words)
    for at, run in enumerate(_runs(words, length)):
        if run in known:
            found[at : at + length] = [True] * length
    return sum(found) / len(words)
