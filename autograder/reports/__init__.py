"""What ``crc-lab corriger`` writes: resultats.json, notes.xlsx, classe.html and one page per student.

Each file of the output folder is written by itself, so that one that is open elsewhere stops no other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePath
from typing import TypeVar

from autograder.identity import Person
from autograder.intake.person_names import free
from autograder.marking import ClassResult
from autograder.reports.pages import class_page, student_page
from autograder.reports.workbook import workbook_bytes
from crc_lab.core.errors import CrcError
from crc_lab.core.sheet import write_atomically
from crc_lab.core.text import reason, without_accents

__all__ = ["CLASS_PAGE", "PAGES", "RESULTS", "WORKBOOK", "OutputProblem", "report_files", "write_reports"]


RESULTS, WORKBOOK, CLASS_PAGE, PAGES = "resultats.json", "notes.xlsx", "classe.html", "retours"
VERSION = 1
"""Of resultats.json."""
LONGEST_NAME = 60
_Done = TypeVar("_Done")
_OURS = b'<meta name="generator" content="crc-lab">'
_DRAFT = re.compile(r"\.(?P<name>.+)\.[a-z0-9_]{8}")
"""What an interrupted ``write_atomically`` leaves beside a file."""
_RESERVED = re.compile(r"con|prn|aux|nul|(?:com|lpt)\d")
"""Names of devices on Windows, which no file may bear."""


class OutputProblem(CrcError):
    """A report that cannot be written: the ``file`` and the system's ``reason``."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(file, reason)
        self.file, self.reason = file, reason

    def __str__(self) -> str:
        return (
            f"« {self.file} » ne peut pas être écrit ({self.reason}). S’il est ouvert dans un autre logiciel (Excel…), "
            "fermez-le, puis relancez la même commande ; sinon, choisissez un autre dossier avec --sortie."
        )


@dataclass
class Outputs:
    """What was written in ``folder``, and what could not be."""

    folder: Path
    files: list[Path] = field(default_factory=list)
    problems: list[CrcError] = field(default_factory=list)

    def attempt(self, name: str, work: Callable[[], _Done]) -> _Done | None:
        """What ``work`` gives; None when it could not write the file ``name``, which is then told at the end."""
        try:
            return work()
        except OSError as error:
            self.problems.append(OutputProblem(name, reason(error)))
        except CrcError as error:
            self.problems.append(error)
        return None

    def write(self, name: str, content: bytes | Callable[[], bytes], told_as: str = "") -> bool:
        """Write one file in one step; False when it could not be (it is then ``told_as``, by default its name)."""
        path = self.folder / name

        def work() -> bool:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content if isinstance(content, bytes) else content())
            self.files.append(path)
            return True

        return bool(self.attempt(told_as or name, work))

    @property
    def names(self) -> list[str]:
        """The files written, relative to the folder, with « / »."""
        return sorted({path.relative_to(self.folder).as_posix() for path in self.files})


def put_aside(path: Path) -> Path:
    """Keep a file that somebody filled under another name, « …-ancien », never over an older one."""
    number = 1
    while (aside := path.with_name(f"{path.stem}-ancien{'' if number == 1 else f'-{number}'}{path.suffix}")).exists():
        number += 1
    path.replace(aside)
    return aside


def report_files(result: ClassResult, folder: Path) -> dict[Path, Callable[[], bytes]]:
    """Every report of a class: where it goes, and how its content is made."""
    names = page_names([student.person for student in result.students])
    return {
        folder / RESULTS: lambda: results_json(result),
        folder / CLASS_PAGE: lambda: class_page(result, names),
        **{
            folder / PAGES / name: partial(student_page, student, result)
            for name, student in zip(names, result.students, strict=True)
        },
        folder / WORKBOOK: lambda: workbook_bytes(result),
    }


def write_reports(result: ClassResult, folder: Path) -> Outputs:
    """Write every report in ``folder``, created if needed.

    Pages left in ``retours/`` by an earlier run for students who are no longer there are removed; files that crc-lab
    did not write are left alone.
    """
    outputs, contents, pages = Outputs(folder), report_files(result, folder), folder / PAGES
    for path, content in contents.items():
        outputs.write(path.relative_to(folder).as_posix(), content, told_as=path.name)
    outputs.attempt(pages.name, lambda: _remove_old_pages(pages, {path.name for path in contents}))
    return outputs


def _remove_old_pages(folder: Path, kept: set[str]) -> None:
    for page in folder.glob("*.html"):
        if page.name not in kept and page.is_file() and not page.is_symlink():
            with page.open("rb") as stream:
                ours = _OURS in stream.read(400)
            if ours:
                page.unlink()


def results_json(result: ClassResult) -> bytes:
    """``resultats.json``, for other programs: the contract of the design, points not rounded.

    The same bytes for the same copies, one line per copy so that two runs can be compared.
    """
    copies, rejections = (
        b",".join(b"\n" + json.dumps(one.to_json(), ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
                  for one in items) + (b"\n" if items else b"")
        for items in (result.copies, result.rejections)
    )  # fmt: skip
    return b'{"version": %d, "copies": [%b],\n"rejets": [%b]}\n' % (VERSION, copies, rejections)


def page_names(people: Sequence[Person]) -> list[str]:
    """The file name of each person's page, ``ines-garnier.html``, in the order given; homonyms get ``-2``, ``-3``…

    Letters, digits and hyphens only, lower case and without accents: such a name survives ZIP, Moodle, Windows and
    macOS alike, and cannot lead out of its folder.
    """
    used: set[str] = set()
    bases = (_slug(person.name) or _slug(person.identifier) or "eleve" for person in people)
    return [f"{free(f'eleve-{base}' if _RESERVED.fullmatch(base) else base, used)}.html" for base in bases]


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", without_accents(text).lower())[:LONGEST_NAME].strip("-")


def stays_inside(name: str) -> bool:
    """True for a relative name that leads nowhere above its folder; the register is a file that anybody can change."""
    path = PurePath(name)
    return bool(path.name) and not path.is_absolute() and not path.drive and ".." not in path.parts


def drafts(folder: Path, written: Iterable[str]) -> Iterator[Path]:
    """What an interrupted run left half-written; ``written``: the files that crc-lab writes in ``folder``."""
    known = {name for name in written if stays_inside(name)}
    for place in sorted({folder / Path(name).parent for name in known} | {folder, folder / PAGES}):
        for path in sorted(place.glob(".*")) if place.is_dir() else ():
            found = _DRAFT.fullmatch(path.name)
            if found and (place / found["name"]).relative_to(folder).as_posix() in known and path.is_file():
                yield path
