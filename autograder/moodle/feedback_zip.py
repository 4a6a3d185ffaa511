"""The ZIPs of « Déposer plusieurs fichiers de feedback dans un ZIP »: one page per student, in Moodle's own folders.

Moodle finds the student by the number in the folder's name (``mod/assign/feedback/file/importziplib.php``: the second
part between ``_``), so each name is given back exactly as the archive had it. A group's folder bears the number of the
group, which Moodle would take for that of a student: it is left out.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.intake.person_names import is_group, slug, words
from autograder.marking.marked import ClassResult, CopyResult, StudentResult
from autograder.reports.book import CREATED
from autograder.reports.pages import student_page
from crc_lab.core.wording import clean_line

PAGE = "retour.html"
PREFIX = "retours-"
_OURS = b"crc-lab"
"""Comment of our archives, by which those of an earlier run are known."""
_UNSAFE = re.compile(r"[\\/:\x00-\x1f\x7f\ud800-\udfff]|\.\.")
"""Moodle never writes these in a name (the last ones are in no file): such a folder was made by somebody else."""


@dataclass(frozen=True)
class FeedbackZip:
    """One archive: whose copies each page of it is about, by name in the archive, and (name, why) of those left out."""

    name: str
    pages: Mapping[str, StudentResult]
    left_out: tuple[tuple[str, str], ...] = ()

    def content(self, result: ClassResult) -> bytes:
        """Its bytes, always the same for the same copies."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.comment = _OURS
            for name, student in self.pages.items():
                entry = zipfile.ZipInfo(name, CREATED.timetuple()[:6])
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system, entry.external_attr = 3, 0o644 << 16  # the same on every system
                archive.writestr(entry, student_page(student, result))
        return stream.getvalue()


def feedback_zips(result: ClassResult) -> Iterator[FeedbackZip]:
    """One ZIP for each archive of Moodle that copies came from; one without any page is for those it leaves out."""
    by_scope: dict[str, list[tuple[StudentResult, CopyResult]]] = defaultdict(list)
    for student in result.students:
        for copy in student.copies.values():
            if copy.identity.guess.folder:
                by_scope[copy.identity.guess.scope].append((student, copy))
    names: set[str] = set()
    for scope, pairs in sorted(by_scope.items()):
        names.add(name := _file_name(scope, names))
        pages, left_out = _places(pairs, result)
        yield FeedbackZip(name, pages, tuple(left_out))


def remove_old(folder: Path, kept: set[str]) -> None:
    """Remove our archives of an earlier run, but those ``kept``; raises :class:`OSError`."""
    for path in sorted(folder.glob(f"{PREFIX}*.zip")):
        if path.name not in kept and _is_ours(path):
            path.unlink()


def _is_ours(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.comment == _OURS
    except (OSError, zipfile.BadZipFile):
        return False


def _file_name(scope: str, taken: set[str]) -> str:
    archive = re.sub(r"\.zip$", "", scope.rpartition("/")[2], flags=re.IGNORECASE)
    base = PREFIX + (slug(archive) or "moodle")
    name, number = f"{base}.zip", 1
    while name in taken:
        number += 1
        name = f"{base}-{number}.zip"
    return name


def _places(
    pairs: Sequence[tuple[StudentResult, CopyResult]], result: ClassResult
) -> tuple[dict[str, StudentResult], list[tuple[str, str]]]:
    """By name in the archive, each student with the copies that came from there; and those Moodle would misplace."""
    listed = [*(student.listed for student in result.students), *result.without_copy]
    groups = frozenset(words(one.group) for one in listed if one is not None and one.group)
    places: dict[str, StudentResult] = {}
    left_out = []
    for student, copy in pairs:
        guess = copy.identity.guess
        if not guess.moodle_id or is_group(guess.name, groups):
            why = "travail de groupe : Moodle ne sait pas rendre un fichier à tout un groupe"
            left_out.append((student.person.name, why))
        elif _UNSAFE.search(guess.folder):
            left_out.append((student.person.name, "le nom de son dossier n’est pas de ceux que Moodle écrit"))
        else:
            # in the student's folder, or behind the student's prefix where the archive was flat
            flat = guess.folder.endswith("_") and f"{clean_line(guess.folder)}/" not in copy.file
            place = f"{guess.folder}{'' if flat else '/'}{PAGE}"
            known = places[place].copies if place in places else {}
            places[place] = replace(student, copies={**known, copy.activity: copy})
    return dict(sorted(places.items())), left_out
