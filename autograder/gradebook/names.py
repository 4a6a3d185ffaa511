"""What our students are called in nbgrader: ids that are folder names, and names that are shown as they are.

nbgrader puts an id in paths, in glob patterns and in web addresses; its pages show names without escaping them.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from autograder.identity.roster import Listed
from crc_lab.core.text import fold
from crc_lab.core.wording import clean_line

MAX_COLUMN = 128
"""Characters that nbgrader's database keeps of an id or a name."""

_SAFE = re.compile(r"\w(?:[\w.@+-]{0,98}\w)?")
_MADE = re.compile(r".*-[0-9a-f]{12}", re.DOTALL)
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_SHOWN = str.maketrans({"<": "‹", ">": "›", "&": "+", '"': "”", "{": "(", "}": ")"})


def nbgrader_id(identifier: str) -> str:
    """The student's id in nbgrader: ``identifier`` itself when it is a safe folder name, else a name made from it.

    The same one always gives the same name, and two different ones never give the same. Those of a class list are kept.
    """
    made = _MADE.fullmatch(identifier) or _RESERVED.fullmatch(identifier)
    if _SAFE.fullmatch(identifier) and unicodedata.is_normalized("NFC", identifier) and not made:
        return identifier
    digest = hashlib.sha256(identifier.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    slug = re.sub(r"[^a-z0-9]+", "-", fold(identifier)[:40]).strip("-") or "eleve"
    return f"{slug}-{digest}"


def shown(name: str) -> str:
    """A name as nbgrader's pages can show it: one line, nothing that a browser would take for a tag."""
    return clean_line(name, MAX_COLUMN).translate(_SHOWN)


def names(listed: Listed | None, name: str) -> tuple[str, str]:
    """(first name, last name): those of the class list, else « Inès Garnier » cut after its first word."""
    if listed is not None:
        return shown(listed.first_name), shown(listed.last_name or listed.name)
    first, _, last = shown(name).partition(" ")
    return (first, last) if last else ("", first)
