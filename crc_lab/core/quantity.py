"""A number with what it counts, as people write it: « 3 ans », « trois », « 52 € », « 4 achats », « 36 mois ».

What is counted is forgiven, and so is the unit that was asked for; another unit is converted where it can be (36 months
are 3 years, 3 months are not), and told. In words, numbers are read up to 999. A word that makes the number
another one (« 2 millions », « 3 et demi ») makes it unreadable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache

from crc_lab.core.answers import FormatProblem, parse_number, read_text
from crc_lab.core.model import Json, Message
from crc_lab.core.text import bare, without_accents

CODE = "UNITE"
_LONGEST = 40
"""Characters of what is counted; more is a sentence."""
_MOST_WORDS = 4
_CHANGING = frozenset({
    "k", "m", "mille", "millier", "milliers", "million", "millions", "milliard", "milliards", "dizaine", "dizaines",
    "douzaine", "douzaines", "centaine", "centaines", "demi", "demie", "et", "ou", "a", "moins", "plus", "peu",
    "certain", "sur", "pas", "non",
})  # fmt: skip
"""After a number, it is another number, or none."""
_MONEY, _SHARE, _TIME = "argent", "part", "temps"
_DAY = 86_400
_YEAR = Fraction(36_525 * _DAY, 100)
_UNITS: dict[str, tuple[str, Fraction]] = {
    **dict.fromkeys(("€", "eur", "euro"), (_MONEY, Fraction(1))),
    **dict.fromkeys(("k€", "keur", "keuro"), (_MONEY, Fraction(1000))),
    "centime": (_MONEY, Fraction(1, 100)),
    **dict.fromkeys(("%", "pourcent", "pourcentage"), (_SHARE, Fraction(1))),
    **dict.fromkeys(("s", "sec", "seconde"), (_TIME, Fraction(1))),
    **dict.fromkeys(("min", "mn", "minute"), (_TIME, Fraction(60))),
    **dict.fromkeys(("h", "heure"), (_TIME, Fraction(3600))),
    **dict.fromkeys(("j", "jour"), (_TIME, Fraction(_DAY))),
    **dict.fromkeys(("sem", "semaine"), (_TIME, Fraction(7 * _DAY))),
    "moi": (_TIME, _YEAR / 12),  # « mois » without its s
    **dict.fromkeys(("an", "annee"), (_TIME, _YEAR)),
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """``number``, and ``unit``: what follows it (or « € », « % »), as typed; empty where nothing does."""

    number: Decimal
    unit: str = ""

    def into(self, wanted: str) -> tuple[Decimal, tuple[Message, ...]]:
        """The number in the unit ``wanted`` (as the question says it; empty: any), and what is said of another one."""
        typed, asked = _known(self.unit), _known(wanted)
        if typed is None or not wanted or typed == asked:
            return self.number, ()
        number = self.number
        if asked is not None and typed[0] == asked[0]:
            exact = Fraction(number) * typed[1] / asked[1]
            number = Decimal(exact.numerator) / Decimal(exact.denominator)
        place = wanted if wanted.startswith("sur ") else f"en {wanted.replace('(s)', 's')}"
        text = f"Attention à l’unité : vous avez répondu en {self.unit}, la réponse est attendue {place}."
        return number, (Message(CODE, text),)


@lru_cache(maxsize=4096)
def read_quantity(text: str) -> Quantity | None:
    """The quantity that a text says, in figures or in words; None where it says none, or more than one."""
    typed = " ".join(bare(text[: 4 * _LONGEST]).split())
    if len(text) > 4 * _LONGEST:
        return None
    if (whole := parse_number(typed)) is not None:
        sign = re.search(r"€|eur(?:os?)?$|[%％٪]|pour ?cents?$|p\. ?100$|pour ?100$", typed, re.IGNORECASE)
        return Quantity(whole, "" if sign is None else "€" if sign[0].casefold().startswith(("€", "eur")) else "%")
    if (last := re.search(r"\d[.,]?(?=\D*$)", typed)) is not None:
        found, rest = parse_number(typed[: last.end()]), typed[last.end() :]
    else:
        found, rest = _in_words(typed)
    unit = rest.strip(" .;:!").strip()
    return Quantity(found, unit) if found is not None and _counts(unit) else None


def parse_quantity(text: str) -> Decimal | None:
    """The number alone of :func:`read_quantity`."""
    found = read_quantity(text)
    return None if found is None else found.number


def read_number(raw: Json) -> Decimal:
    """The number of an answer, whatever it counts; raises :class:`FormatProblem` where there is none."""
    text = read_text(raw)
    value = parse_quantity(text)
    if value is None:
        raise FormatProblem(f"« {text[:40]} » n’est pas un nombre. Écrivez par exemple 12,5.", "FORMAT-NOMBRE")
    return value


def _words(unit: str) -> list[str]:
    plain = without_accents(unit).casefold().replace("pour cent", "%").replace("(s)", "s")
    return [word for word in re.split(r"[\s/()’'.,-]+", plain) if word]


def _counts(unit: str) -> bool:
    words = _words(unit)
    return len(unit) <= _LONGEST and len(words) <= _MOST_WORDS and _CHANGING.isdisjoint(words)


def _known(unit: str) -> tuple[str, Fraction] | None:
    """Dimension and size of a unit; None for what is only counted (« achats », « points »)."""
    words = _words(unit)
    return _UNITS.get(words[0].removesuffix("s") or "s") if words else None


def _in_words(text: str) -> tuple[Decimal | None, str]:
    """The number that the first words say, and the words after it."""
    given = text.replace("-", " ").split()
    plain = [_plain(word) for word in given]
    for length in range(min(len(plain), 7), 0, -1):
        if (value := _spelled().get(" ".join(plain[:length]))) is not None:
            more = any(word in _spelled() for word in plain[length:])  # « trois quatre »
            return (None, "") if more else (Decimal(value), " ".join(given[length:]))
    return None, ""


def _plain(word: str) -> str:
    word = without_accents(word).casefold()
    return {"une": "un", "vingts": "vingt", "cents": "cent"}.get(word, word)


@cache
def _spelled() -> dict[str, int]:
    """Every number from 0 to 999 by its words."""
    units = "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
    small = [*without_accents(units).split(), "dix sept", "dix huit", "dix neuf"]
    tens = ("vingt", "trente", "quarante", "cinquante", "soixante")
    for ten, word in enumerate(tens, start=2):
        small += [_joined(word, small[unit], linked=unit in (1, 11)) for unit in range(20 if ten == 6 else 10)]
    small += [_joined("quatre vingt", small[unit], linked=False) for unit in range(20)]
    hundreds = ["", "cent", *(f"{small[hundred]} cent" for hundred in range(2, 10))]
    return {
        _joined(hundred, small[rest], linked=False) if hundred else small[rest]: 100 * rank + rest
        for rank, hundred in enumerate(hundreds)
        for rest in range(100)
    }


def _joined(first: str, then: str, linked: bool) -> str:
    return first if then == "zero" else f"{first} et {then}" if linked else f"{first} {then}"
