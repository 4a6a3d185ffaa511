"""Small rules for text that people read: cleaning what came from outside, French plurals and spaces, sort order."""

from __future__ import annotations

import errno
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from crc_lab.core.text import fold

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
