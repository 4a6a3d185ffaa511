"""File names for the pages of students: readable, and valid on every system."""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.identity.students import Person
from crc_lab.core.text import without_accents

LONGEST = 60
_RESERVED = re.compile(r"con|prn|aux|nul|(?:com|lpt)\d")
"""Names of devices on Windows, which no file may bear."""


def page_names(people: Sequence[Person]) -> list[str]:
    """One name per person, ``ines-garnier.html``, in the order given; homonyms get ``-2``, ``-3``…

    Letters, digits and hyphens only, lower case and without accents: such a name survives ZIP, Moodle, Windows and
    macOS alike, and cannot lead out of its folder.
    """
    used: set[str] = set()
    names = []
    for person in people:
        base = _slug(person.name) or _slug(person.identifier) or "eleve"
        if _RESERVED.fullmatch(base):
            base = f"eleve-{base}"
        name, number = base, 1
        while name in used:
            number += 1
            name = f"{base}-{number}"
        used.add(name)
        names.append(f"{name}.html")
    return names


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", without_accents(text).lower())[:LONGEST].strip("-")
