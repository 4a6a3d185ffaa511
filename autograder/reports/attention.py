"""« À regarder »: what a teacher has to decide, then what is only good to know.

Alike remarks are one line with their number, the details behind; files are named from the student's folder on. The
groups, their order and their words are in ``attention.toml``.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

from autograder.intake import Rejection
from autograder.intake.places import moodle_name, remedy
from autograder.marking import ClassResult
from autograder.reports.figures import copies_of, remarks
from crc_lab.core.text import clean_line, count, french

ALIKE = 5
"""More of one kind are told in one line."""
OPEN_ANSWERS = "reponses-ouvertes.xlsx"
_HINTS, _TO_MARK = "INDICE-PAYANT", "A-NOTER"
_WHOSE, _REFUSED, _WAITING, _KNOW = "personne", "illisible", "provisoire", "savoir"
_LONGEST = 70


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to look at: whose (nobody's for a file that is not marked), of which activity, where it lies.

    ``file``: from the student's folder on; ``place``: what was given to ``corriger``, where there was more than one.
    """

    who: str
    activity: str
    file: str
    place: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Kind:
    """Things alike: told in one line, ``text``, else one by one. What is only counted has no ``lines``."""

    code: str
    text: str
    lines: tuple[Line, ...] = ()

    @property
    def same(self) -> str:
        """What all the lines say; empty when they differ."""
        texts = {line.text for line in self.lines}
        return texts.pop() if len(texts) == 1 else ""

    @property
    def told(self) -> int:
        """How many lines there are to read."""
        return 1 if self.text else len(self.lines)


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds that call for the same: a ``title`` and what to do; ``decision``: whether the teacher has to decide."""

    id: str
    title: str
    advice: str
    decision: bool
    kinds: tuple[Kind, ...]

    @property
    def told(self) -> int:
        return sum(kind.told for kind in self.kinds)

    @property
    def one_by_one(self) -> bool:
        """Whether something is told by itself."""
        return any(not kind.text for kind in self.kinds)


@cache
def _words() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("attention.toml").read_text(encoding="utf-8"))


def attention(result: ClassResult) -> tuple[Group, ...]:
    """The groups that have something to say, in order."""
    files = ShortFiles.of(result)
    numbers = {activity.id: f"Activité {activity.number}" for activity in result.activities}
    found: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for one in result.rejections:
        beside = one.text.endswith(remedy(beside=True))
        group = _group_of(one.code, _KNOW if beside else _REFUSED)
        found[group, one.code].append(_refused(one, files))
    for remark in remarks(result):
        code = remark.incident.code
        file, place = files(remark.file)
        group = _group_of(code, _KNOW)
        if group != _WHOSE:  # there, the folder is a clue
            file = file.removeprefix(f"{remark.copy.person.name}/")
        line = Line(remark.name, numbers[remark.copy.activity], file, place, code, remark.incident.text)
        found[group, code].append(line)
    kinds: dict[str, list[Kind]] = defaultdict(list)
    kinds[_WAITING] += _waiting(result, numbers)
    for (group, code), lines in sorted(found.items(), key=lambda pair: pair[0]):
        kinds[group].append(_kind(code, lines))
    return tuple(
        Group(one["id"], one["titre"], one["dit"], one["id"] != _KNOW, tuple(kinds[one["id"]]))
        for one in _words()["groupe"]
        if kinds[one["id"]]
    )


def to_decide(groups: Iterable[Group]) -> int:
    """How many lines call for a decision."""
    return sum(group.told for group in groups if group.decision)


def _group_of(code: str, otherwise: str) -> str:
    """The group of a code: the one that names it, else the one that names its start."""
    places = {name: one["id"] for one in _words()["groupe"] for name in one["codes"]}
    starts = (group for name, group in places.items() if name.endswith("-") and code.startswith(name))
    return places.get(code) or next(starts, otherwise)


def _refused(one: Rejection, files: ShortFiles) -> Line:
    return Line("", "", *files(one.file), one.code, one.text)


def _waiting(result: ClassResult, numbers: Mapping[str, str]) -> Iterable[Kind]:
    """The open answers that nobody has marked yet, counted for each activity."""
    for activity in result.activities:
        waiting = [len(copy.pending) for _, copy in copies_of(result, activity) if copy.pending]
        if waiting:
            facts = {"activite": numbers[activity.id], "fichier": OPEN_ANSWERS}
            answers, students = count(sum(waiting), "réponse"), count(len(waiting), "élève")
            said = _words()["comptes"][_TO_MARK].format(reponses=answers, eleves=students, **facts)
            yield Kind(_TO_MARK, french(said))


def _kind(code: str, lines: Sequence[Line]) -> Kind:
    """The lines of one code, in one line where they are many (paid hints always are)."""
    if code != _HINTS and len(lines) <= ALIKE:
        return Kind(code, "", tuple(lines))
    words = _words()["semblables"]
    refused = not any(line.who for line in lines)
    said = _words()["comptes"].get(code) or words.get(code) or words["+" if refused else "*"]
    text = said.format(
        copies=count(len({(line.who, line.activity) for line in lines}), "copie"),
        eleves=count(len({line.who for line in lines}), "élève"),
        fichiers=count(len(lines), "fichier"),
        remarques=_Counted(len(lines)),
    )
    return Kind(code, french(text), () if code == _HINTS else tuple(lines))


class _Counted(int):
    """A number of remarks, told with other words where the sentence gives them: « {remarques:indice:indices} »."""

    def __format__(self, words: str) -> str:
        one, _, many = (words or "remarque:remarques").partition(":")
        return count(int(self), one, many)


class ShortFiles:
    """Paths as people read them: from the student's folder on, with what was given where that could be in doubt.

    ``files``: those of a class; what all of those outside Moodle start with says nothing.
    """

    def __init__(self, files: Iterable[str]) -> None:
        paths = [file.split("/") for file in files]
        self._several = len({parts[0] for parts in paths if len(parts) > 1}) > 1
        plain = [parts[:-1] for parts in paths if _students_folder(parts) is None]
        self._shared = len([*takewhile(lambda level: len(set(level)) == 1, zip(*plain, strict=False))])

    @classmethod
    def of(cls, result: ClassResult) -> ShortFiles:
        """For the copies and the refused files of a class."""
        return cls([*(copy.file for copy in result.copies), *(one.file for one in result.rejections)])

    def __call__(self, file: str) -> tuple[str, str]:
        """The short path, and what was given (empty where there is only one)."""
        parts = file.split("/")
        place = parts[0] if self._several and len(parts) > 1 else ""
        found = _students_folder(parts)
        if found is not None:
            kept = found
        else:
            first = min(max(self._shared, bool(place)), max(0, len(parts) - 2))
            kept = parts[first:]
        return _cut(kept), "" if place and kept[0] == place else clean_line(place)


def _students_folder(parts: Sequence[str]) -> list[str] | None:
    """The path from Moodle's folder of the student (by the name alone) or nbgrader's on; None outside of these."""
    for depth, part in enumerate(parts):
        if (moodle := moodle_name(part)) is not None:
            return [moodle.name, *filter(None, [moodle.rest]), *parts[depth + 1 :]]
        if part == "submitted" and depth < len(parts) - 2:
            return list(parts[depth + 1 :])
    return None


def _cut(parts: Sequence[str]) -> str:
    """The path on one line; a long one keeps its first and its last part."""
    text = "/".join(parts)
    if len(text) > _LONGEST and len(parts) > 2:
        text = f"{parts[0]}/…/{parts[-1]}"
    return clean_line(text, 400)
