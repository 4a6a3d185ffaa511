"""The names that Moodle gives to folders and files of « Télécharger tous les travaux remis ».

``{Full name}_{id}_assignsubmission_{type}``, as a folder (a trailing ``_`` before Moodle 4.1) or in front of the file's
own name when the archive is flat. Blind marking writes « Participant » for the name; team work the group's name and id,
or « Default group » without any id. Sources: ``mod/assign/classes/downloader.php`` and
``mod/assign/feedback/file/importziplib.php``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder.intake.person_names import Words, words

ONLINE_TEXT = "onlinetext"
_ONLINE_FILES = frozenset({"onlinetext.html", "texteenligne.html"})
_TAGS = re.compile(r"(<[^<>]*>)")
_TAG_NAME = re.compile(r"<\s*(/?[a-z0-9]+)", re.IGNORECASE)
_UNSEEN = ("head", "style", "script", "title")
_EMBEDDED = ("img", "video", "audio", "object", "iframe", "a")
_LONGEST_PAGE = 2_000_000
_NAME = re.compile(r"(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_(?P<type>[a-z]+)(?P<rest>_.*)?", re.DOTALL)
_BLIND = re.compile(r"participant(?:e|s)?", re.IGNORECASE)
_GROUP = re.compile(r"(?:default (?:group|team)|groupes?|groups?|[ée]quipes?|teams?|bin[ôo]mes?|trin[ôo]mes?)\b", re.I)


@dataclass(frozen=True, slots=True)
class MoodleName:
    """One part of a path made by Moodle: the name shown, its id (may be empty), the submission type.

    ``own`` is Moodle's folder name, or prefix in a flat archive, byte for byte; ``rest`` the file's own name after it
    (empty for a folder).
    """

    name: str
    id: str
    type: str
    own: str
    rest: str


def moodle_name(part: str) -> MoodleName | None:
    """What Moodle says in one part of a path; None when Moodle did not write it."""
    found = _NAME.fullmatch(part) if "_assignsubmission_" in part else None
    if found is None:
        return None
    rest = (found["rest"] or "").removeprefix("_")
    return MoodleName(
        found["name"].replace("_", " "), found["id"] or "", found["type"], part[: len(part) - len(rest)], rest
    )


def is_online_text(path: PurePosixPath) -> bool:
    """True for what a student typed in Moodle's own editor, and the pictures that go with it."""
    if path.name.lower() in _ONLINE_FILES:
        return True
    return any(found.type == ONLINE_TEXT for part in path.parts if (found := moodle_name(part)) is not None)


def says_something(page: bytes) -> bool:
    """True when an online text holds a word, a link or a picture: Moodle also hands over the empty ones."""
    unseen = ""
    for piece in _TAGS.split(page[:_LONGEST_PAGE].decode("utf-8", "replace")):
        if found := _TAG_NAME.match(piece):
            tag = found[1].lower()
            if unseen:
                unseen = "" if tag == f"/{unseen}" else unseen
            elif tag in _UNSEEN:
                unseen = tag
            elif tag in _EMBEDDED:
                return True
        elif not unseen and not piece.startswith("<") and any(letter.isalnum() for letter in html.unescape(piece)):
            return True
    return False


def is_anonymous(name: str, groups: Collection[Words] = ()) -> bool:
    """True when Moodle's name is nobody's: blind marking, or a group (a usual name for one, or one of ``groups``)."""
    return is_blind(name) or is_group(name, groups)


def is_blind(name: str) -> bool:
    """True for the name that Moodle writes in the place of all names when marking is anonymous."""
    return bool(_BLIND.fullmatch(name.strip()))


def is_group(name: str, groups: Collection[Words] = ()) -> bool:
    """True for the name of a group: the words of one of ``groups``, or a name that starts as groups' names do."""
    return bool(_GROUP.match(name.strip())) or (bool(groups) and words(name) in groups)
