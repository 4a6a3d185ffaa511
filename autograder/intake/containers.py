"""The files of a folder or of an archive: their paths, the way to their bytes. Nothing is extracted nor followed."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from autograder.intake.archives import Archive, Limits, Refused, too_big
from autograder.intake.filenames import CHECKPOINTS, is_noise_folder
from crc_lab.core.wording import reason

_UTF8_NAME = 0x800


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a container, not read yet.

    ``path``: its path inside, composed (NFC); ``raw``: the same byte for byte, where it is known; ``file``: its place
    on the disk when it has one; ``shown``: another name to show. ``load`` gives the bytes or raises
    :class:`~autograder.intake.archives.Refused`.
    """

    path: PurePosixPath
    load: Callable[[], bytes]
    file: Path | None = None
    raw: str = ""
    shown: str = ""


def entries_of_folder(
    root: Path, left_out: set[Path], limits: Limits, on_error: Callable[[OSError], None]
) -> list[Entry]:
    """The files under ``root``; ``on_error`` hears of the folders that cannot be opened."""
    return [
        Entry(PurePosixPath(composed(path.relative_to(root).as_posix())), partial(read_file, path, limits), path)
        for path in walk(root, left_out, on_error)
    ]


def entries_of_archive(archive: Archive) -> list[Entry]:
    """The files of an archive; raises :class:`Refused` when there are too many."""
    return [
        Entry(
            member.path,
            partial(archive.read, member),
            raw=member.info.filename if member.info.flag_bits & _UTF8_NAME else "",
        )
        for member in archive.members()
    ]


def walk(root: Path, left_out: set[Path], on_error: Callable[[OSError], None] | None = None) -> list[Path]:
    """Every file under ``root`` in the order of names, without what systems leave behind; links are not followed."""
    found: list[Path] = []
    for folder, folders, files in os.walk(root, onerror=on_error, followlinks=False):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if name == CHECKPOINTS or not is_noise_folder(name))
        if left_out:
            folders[:] = [name for name in folders if (here / name).resolve() not in left_out]
        found.extend(here / name for name in files)
    return sorted(found)


def read_file(path: Path, limits: Limits) -> bytes:
    """The bytes of an ordinary file; raises :class:`Refused`."""
    try:
        mode = path.lstat()
        if stat.S_ISLNK(mode.st_mode):
            raise Refused(
                "LIEN", "C’est un lien vers un autre fichier : il n’est pas suivi. Donnez le fichier lui-même."
            )
        if not stat.S_ISREG(mode.st_mode):
            raise Refused("FICHIER-SPECIAL", "Ce n’est pas un fichier ordinaire : il n’a pas été lu.")
        if mode.st_size > limits.file_bytes:
            raise too_big(limits)
        with path.open("rb") as stream:
            return stream.read(limits.file_bytes + 1)
    except OSError as error:
        raise Refused("FICHIER-ILLISIBLE", f"Le fichier ne peut pas être ouvert ({reason(error)}).") from None


def composed(name: str) -> str:
    """The name as other systems than macOS write it (NFC)."""
    return unicodedata.normalize("NFC", name)
