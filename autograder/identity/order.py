"""The alphabetical order of people, as on a class list: by last name, then by first name.

The class list knows both. Elsewhere a name is one text, as Moodle writes it or as a student types it; where it is cut
only changes its place in a list.
"""

from __future__ import annotations

import re

from autograder.identity.roster import Listed
from autograder.intake.person_names import is_anonymous
from crc_lab.core.text import fold

_PARTICLE = re.compile("d|da|de|del|della|den|der|des|di|do|dos|du|el|la|le|les|los|mac|ter|van|von|ben|ould")
_TWO_FIRST_NAMES = re.compile(
    "jean (?:baptiste|charles|christophe|claude|david|francois|jacques|louis|luc|marc|marie|michel|noel|paul|philippe|"
    "pierre|yves)|marie (?:ange|anne|charlotte|christine|claire|eve|france|helene|jeanne|laure|line|lou|louise|noelle|"
    "odile|pierre|sophie|therese)|anne (?:cecile|charlotte|claire|gaelle|laure|lise|marie|sophie)|"
    "pierre (?:alexandre|antoine|emmanuel|henri|louis|yves)|(?:lou|rose) (?:ann|anne|marie)"
)
"""First names of two words that people also write without their hyphen."""


def alphabetical(name: str, listed: Listed | None = None) -> tuple[str, str, str]:
    """What people are sorted on; ``listed``: the student of the class list, which knows the last name."""
    last, first = (listed.last_name, listed.first_name) if listed is not None else last_and_first(name)
    return fold(last or first), fold(first), name


def last_and_first(name: str) -> tuple[str, str]:
    """The last and the first name in a whole one, together all its words: « Inès GARNIER », « Garnier, Inès » or
    « Inès Garnier » give (« Garnier », « Inès »), « Zoé de La Tour » (« de La Tour », « Zoé »).

    The capitals tell, else a particle, else the first name comes first. A name that is nobody's is not cut.
    """
    if "," in name:
        last, _, first = name.partition(",")
        return last.strip(), first.strip()
    words = name.split()
    if len(words) < 2 or is_anonymous(name):
        return name.strip(), ""
    start, end = _in_capitals(words) or _by_order(words)
    return " ".join(words[start:end]), " ".join([*words[:start], *words[end:]])


def _in_capitals(words: list[str]) -> tuple[int, int] | None:
    """Where the words in capitals start and end, with the particles in front of them; None when they tell nothing."""
    loud = [word == word.upper() != word.lower() and sum(map(str.isalpha, word)) > 1 for word in words]
    if all(loud) or not any(loud):
        return None
    start, end = loud.index(True), len(words) - loud[::-1].index(True)
    while start > 1 and _is_particle(words[start - 1]):
        start -= 1
    return start, end


def _by_order(words: list[str]) -> tuple[int, int]:
    """The same by the order of the words: first the last name only when a particle opens the whole name."""
    last = len(words)
    if _is_particle(words[0]) and last > 2:
        end = 1
        while end < last - 1 and _is_particle(words[end - 1]):
            end += 1
        return 0, end
    particle = next((at for at, word in enumerate(words) if at and _is_particle(word)), last)
    start = 2 if last > 2 and _TWO_FIRST_NAMES.fullmatch(fold(" ".join(words[:2]))) else 1
    return (particle if particle < last - 1 else start), last


def _is_particle(word: str) -> bool:
    return bool(_PARTICLE.fullmatch(fold(word)))
