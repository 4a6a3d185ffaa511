"""Short French texts: what the eye sees of them, normalisation, accepted and forbidden patterns.

Patterns (in exercices.toml and corrige.toml) are regular expressions searched in the *normalised* text: lower case,
no accent, punctuation turned into spaces, leading articles dropped, final « s »/« x » of each word dropped. A pattern
may be written as one writes French (« données personnelles », « e-mail », « prise d’appels? »): :func:`compile_pattern`
brings its words to the same form. Outside a class, ``-`` is therefore a space.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

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
