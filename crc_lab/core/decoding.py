"""The text of a file that does not say its encoding: right, or refused, never with a silent « � ».

UTF-8 and UTF-16 (with or without their mark), what Excel writes on Windows (cp1252), on old Macs (MacRoman) and in a
console (CP850); and UTF-8 that was taken for one of these and saved again (« Ã© »). Why not ``charset-normalizer``:
asked to choose among these three, it is wrong on 9 % of class lists of 1 to 30 names, which are too short for its
statistics; telling French letters from what stands in their place is wrong on 0.5 % (one or two names in all).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import islice
from urllib.parse import unquote

SINGLE_BYTE = ("cp1252", "mac_roman", "cp850")
LOST = "\ufffd"
"""What stands for a byte that cannot be read, where nearly all the others can."""

_OF_NAMES = ("utf-8", "cp437", *SINGLE_BYTE)
"""What the names of files are written in, ZIPs included."""
_ESCAPED = re.compile("#U([0-9a-fA-F]{4})")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_SAMPLE = 4_000
_HIGH = re.compile(rb"[\x80-\xff]+")
_RUNS = 5_000
"""Places of a file, other than plain letters, by which its encoding is judged: they are enough, and it stays quick."""
_LETTERS = {"é": 4, **dict.fromkeys("èêëàçï", 3), **dict.fromkeys("âîôûùœ", 2)}
"""How much each letter speaks for French; any other letter of western Europe counts for one."""
_SIGNS = frozenset("’«»°€–\u00a0²½ºª§£·…“”")
_PLAUSIBLE = re.compile(
    "[\u00a0-\u017f\u2000-\u206f\u20ac\u2122\u2190-\u2193\u2212\u2248\u2260\u2264\u2265\u25a0-\u25cf\u2610-\u2612\u2713-\u2718]+"
)
"""Letters, punctuation and spaces of French; the signs of the rules (« ≥ », « ≠ », « → ») and ticks."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the codec of its file, and the mark that it began with."""

    text: str
    encoding: str
    bom: bytes = b""


def decode(data: bytes) -> Decoded:
    """The text of ``data``; a byte that cannot be read becomes :data:`LOST` only where the file is UTF-8 but for it.

    Raises :class:`UnicodeDecodeError` for anything else that is no text of these encodings.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return Decoded(_mostly(data[len(bom) :], encoding), encoding, bom)
    if wide := _wide(data[:_SAMPLE]):
        return Decoded(_mostly(data, wide), wide)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    # In another encoding, next to nothing looks like a French letter of UTF-8 by chance.
    if 3 * sum(map(len, _PLAUSIBLE.findall(text))) >= text.count(LOST):
        return Decoded(text, "utf-8")
    runs = (data[max(0, found.start() - 1) : found.end() + 1] for found in islice(_HIGH.finditer(data), _RUNS))
    sample = b" ".join(runs)
    likeness = {one: _likeness(sample.decode(one, "replace")) for one in SINGLE_BYTE}  # five bytes are none in cp1252
    best = max(likeness, key=likeness.__getitem__)
    if likeness[best] < -3:
        raise UnicodeDecodeError("utf-8", data, 0, len(data), "no known encoding makes sense of it")
    return Decoded(data.decode(best, "replace"), best)


def mended(text: str) -> str:
    """The text with « é » again where UTF-8 was taken for another encoding and saved again (« Ã© »)."""
    if text.isascii():
        return text
    # The reading that explains the most signs leaves the shortest text.
    return min((_reread(text, encoding) for encoding in SINGLE_BYTE), key=len)


def other_readings(text: str) -> Iterator[str]:
    """What a short text may have been before a program wrote its accents in its own way: the same bytes in another
    encoding (« Ma├½lys »), the escapes of ``unzip`` (« #U00eb ») and of web addresses (« %C3%AB »). Guesses: to be
    looked for among known names, never shown."""
    escaped = unquote(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text))
    if escaped != text:
        yield escaped
    for wrong in _OF_NAMES if not text.isascii() else ():
        try:
            written = text.encode(wrong, "surrogateescape")
        except UnicodeEncodeError:
            continue
        for right in _OF_NAMES:
            with suppress(UnicodeDecodeError):
                yield written.decode(right)


def _mostly(data: bytes, encoding: str) -> str:
    """The text of ``data``, said to be of that encoding: all of it but, at most, one sign in a hundred."""
    text = data.decode(encoding, "replace")
    if encoding != "utf-8" and 100 * text.count(LOST) > len(text):
        raise UnicodeDecodeError(encoding, data, 0, len(data), "this is no text")
    return text


def _wide(sample: bytes) -> str:
    """UTF-16 without its mark: in Latin letters one byte of two is null."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if 3 * max(even, odd) < max(1, len(sample[1::2])) or 10 * min(even, odd) > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _likeness(text: str) -> int:
    """How much a text looks like French: its letters and signs, less what a wrong encoding puts in their place."""
    total, before, run = 0, " ", 0
    for sign, after in zip(text, f"{text[1:]} ", strict=True):
        run = 0 if sign.isascii() else run + 1
        if run and sign.isalpha():
            capital = sign != sign.lower()  # « LefŠvre », « GŸnther », « LEFéVRE »; no French word has « Ïåò »
            odd = before.isupper() and (after.islower() if capital else after.isupper())
            strange = odd or run > 2 or (capital and before.islower()) or sign > "\u017f"
            total += -3 if strange else _LETTERS.get(sign.lower(), 1)
        elif run:
            inside = before.isalpha() and after.isalpha() and sign != "’"
            total += -3 if inside or sign not in _SIGNS else 1
        before = sign
    return total


def _reread(text: str, encoding: str) -> str:
    pattern, table = _misread(encoding)

    def letters(found: re.Match[str]) -> str:
        try:
            read = bytes(table[sign] for sign in found[0]).decode("utf-8")
        except UnicodeDecodeError:
            return found[0]
        return read if _PLAUSIBLE.fullmatch(read) else found[0]

    return pattern.sub(letters, text)


@cache
def _misread(encoding: str) -> tuple[re.Pattern[str], dict[str, int]]:
    """What UTF-8 sequences of French letters and signs look like in ``encoding``, and its bytes by sign."""
    signs = [bytes([byte]).decode(encoding, "replace").replace(LOST, chr(byte)) for byte in range(256)]
    two, three, rest = (
        f"[{re.escape(''.join(signs[low : high + 1]))}]" for low, high in ((0xC2, 0xC5), (0xE2, 0xE2), (0x80, 0xBF))
    )
    return re.compile(f"(?:{two}{rest}|{three}{rest}{rest})+"), {sign: byte for byte, sign in enumerate(signs)}
