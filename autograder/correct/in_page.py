"""« Corriger » in a browser alone: the same command, on files that a page hands over and takes back.

Nothing is sent anywhere: the page gives the bytes of the files that the teacher chose, and gets those that the command
wrote. What a class leaves behind (``registre.sqlite3``) is a file among them, to be given back the next time.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.cli import main
from autograder.intake.archives import zipped
from autograder.register import FILE as REGISTER

COPIES, ROSTER, WORKSHEETS, MANUAL, PREPARATION, KEPT = (
    "copies", "classe", "formulaire", "ouvertes", "preparation", "registre",
)  # fmt: skip
"""What the page hands over: the names of its fields."""
_OPTIONS = {ROSTER: "--classe", WORKSHEETS: "--formulaire-moodle", MANUAL: "--notes-manuelles"}
_PLACE = Path("/classe")
"""Where the files are, on the machine that Python has in a browser."""
_LARGEST = 500_000_000
"""Bytes of an unpacked prepared folder: more is not one."""


@dataclass(frozen=True)
class Marked:
    """``code`` of the command, what it ``said``, the ``files`` that it wrote, by path; ``packed``: all of them."""

    code: int
    said: str
    files: Mapping[str, bytes]
    packed: bytes


def mark(given: Mapping[str, Mapping[str, bytes]], place: Path = _PLACE) -> Marked:
    """Mark what the page hands over: for each of its fields, the files by name. ``place``: a folder to work in."""
    shutil.rmtree(place, ignore_errors=True)
    output = place / "resultats"
    output.mkdir(parents=True)
    arguments = ["corriger", "--sortie", str(output), "--options-neuves"]
    for field, files in given.items():
        for path in _written(place / field, files):
            if field == COPIES:
                arguments.append(str(path))
            elif field == KEPT:
                shutil.copyfile(path, output / REGISTER)
            elif field == PREPARATION:
                arguments += ["--preparation", str(_unpacked(path, place / "evaluation"))]
            else:
                arguments += [_OPTIONS[field], str(path)]
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = main(arguments)
    written = {
        path.relative_to(output).as_posix(): path.read_bytes() for path in sorted(output.rglob("*")) if path.is_file()
    }
    packed = zipped(written.items(), date=dt.datetime.now().timetuple()[:6])
    return Marked(code, said.getvalue().replace(f"{place}/", ""), written, packed)


def _written(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    folder.mkdir(parents=True)
    paths = []
    for name, content in files.items():
        path = folder / PurePosixPath(name.replace("\\", "/")).name
        path.write_bytes(content)
        paths.append(path)
    return paths


def _unpacked(path: Path, folder: Path) -> Path:
    """The prepared folder in a ZIP of it, whether the ZIP holds the folder or what is in it."""
    with zipfile.ZipFile(path) as packed:
        inside = [
            one for one in packed.infolist() if not one.is_dir() and ".." not in PurePosixPath(one.filename).parts
        ]
        if sum(one.file_size for one in inside) <= _LARGEST:
            packed.extractall(folder, inside)
    found = sorted(one.parent for one in folder.rglob("corriges") if one.is_dir())
    return found[0] if found else folder


def mark_page(
    fields: Mapping[str, list[tuple[str, Any]]], place: Path = _PLACE
) -> tuple[int, str, dict[str, bytes], bytes]:
    """:func:`mark`, in the shapes of the page: each field has pairs of a name and of bytes."""
    done = mark({field: {name: bytes(content) for name, content in files} for field, files in fields.items()}, place)
    return done.code, done.said, dict(done.files), done.packed
