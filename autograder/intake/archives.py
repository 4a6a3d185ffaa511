"""ZIP archives read in memory, one member at a time, within limits. Nothing is ever extracted to the disk.

A hostile archive costs little before it is refused: its directory has a maximal size, its members may not overlap, what
they hold together is in proportion with the archive, and only the two methods that people's computers use are opened.
"""

from __future__ import annotations

import io
import itertools
import os
import stat
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from crc_lab.core.errors import CrcError

MEGA = 1024 * 1024
MAX_PART, MAX_PARTS = 200, 30
"""Longest name of a file or folder that is kept (characters), and how many folders deep; the rest is cut."""
_DIRECTORY_ENTRY = 400
"""Bytes of the archive's directory for one file: 46, the name, dates, a comment."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one input may cost. Sizes in bytes; ``inner_members``: files of a ZIP that lies inside another one.

    A member from ``ratio_from`` on may not be ``ratio`` times as large as when compressed, nor all of them together,
    from ``total_ratio_from`` on, ``total_ratio`` times as large as the archive.
    """

    file_bytes: int = 60 * MEGA
    members: int = 20_000
    inner_members: int = 2_000
    total_bytes: int = 4096 * MEGA
    ratio: int = 200
    ratio_from: int = 10 * MEGA
    total_ratio: int = 30
    total_ratio_from: int = 256 * MEGA


class Refused(CrcError):
    """A file that is not read: a stable ``code`` and a French sentence."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code, text)
        self.code, self.text = code, text

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: its cleaned path (never absolute, never upwards) and its entry."""

    path: PurePosixPath
    info: zipfile.ZipInfo


class _Guarded:
    """A file whose reads are never longer than ``most``: what :mod:`zipfile` is given to read a directory from."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file, self.most = file, most
        self.seek, self.tell, self.close, self.seekable = file.seek, file.tell, file.close, file.seekable

    def read(self, size: int = -1) -> bytes:
        if size > self.most:
            raise Refused("ARCHIVE-TROP-GRANDE", "L’archive contient trop de fichiers : donnez-la en plusieurs fois.")
        return self._file.read(size)


class Archive:
    """One ZIP, given as a file or as bytes; raises :class:`Refused` when it cannot be opened."""

    def __init__(self, source: Path | bytes, limits: Limits) -> None:
        self._limits = limits
        try:
            file = _opened(source)
            try:
                self._left = limits.total_bytes
                self._most = max(limits.total_ratio_from, limits.total_ratio * file.seek(0, os.SEEK_END))
                self._file = _Guarded(file, max(1 << 16, limits.members * _DIRECTORY_ENTRY))
                self._zip = zipfile.ZipFile(self._file)
                self._file.most = sys.maxsize
            except BaseException:
                file.close()
                raise
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
            raise Refused(
                "ARCHIVE-ILLISIBLE",
                "L’archive ne s’ouvre pas : elle est incomplète ou abîmée. Téléchargez-la de nouveau.",
            ) from None
        self._members = limits.members if isinstance(source, Path) else min(limits.members, limits.inner_members)

    def close(self) -> None:
        self._zip.close()
        self._file.close()

    def members(self) -> Iterator[Member]:
        """The files of the archive in the order of their paths; folders are left out.

        Raises :class:`Refused` when there are more than the limit, and for a bomb.
        """
        infos = [info for info in self._zip.infolist() if not info.is_dir()]
        if len(infos) > self._members:
            raise Refused(
                "ARCHIVE-TROP-GRANDE",
                f"L’archive contient {len(infos)} fichiers (au plus {self._members}) : donnez-la en plusieurs fois.",
            )
        if _overlapping(infos) or sum(info.file_size for info in infos) > self._most:
            raise _bomb()
        yield from sorted(
            (Member(_clean_path(_name(info)), info) for info in infos), key=lambda member: str(member.path)
        )

    def read(self, member: Member) -> bytes:
        """The bytes of one member; raises :class:`Refused`, never anything else."""
        info, limits = member.info, self._limits
        if stat.S_ISLNK(info.external_attr >> 16):
            raise Refused(
                "LIEN", "C’est un lien vers un autre fichier : il n’est pas suivi. Remettez le fichier lui-même."
            )
        if info.flag_bits & 0x1:
            raise Refused(
                "ARCHIVE-CHIFFREE", "Ce fichier est protégé par un mot de passe : remettez-le sans protection."
            )
        if info.compress_type not in _METHODS:
            raise Refused(
                "ARCHIVE-METHODE",
                "Ce fichier est compressé d’une façon qui ne s’ouvre pas ici : refaites le ZIP avec l’outil de "
                "l’ordinateur.",
            )
        if info.file_size > limits.file_bytes:
            raise too_big(limits)
        if info.file_size > limits.ratio_from and info.file_size > limits.ratio * max(1, info.compress_size):
            raise _bomb()
        allowed = min(limits.file_bytes, self._left)
        try:
            with self._zip.open(info) as stream:
                content = stream.read(allowed + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
            raise Refused(
                "ARCHIVE-ILLISIBLE",
                "Ce fichier est abîmé à l’intérieur de l’archive : il ne peut pas être décompressé.",
            ) from None
        if len(content) > limits.file_bytes:
            raise too_big(limits)
        if len(content) > allowed:
            raise Refused("ARCHIVE-TROP-GRANDE", "L’archive est trop volumineuse : donnez-la en plusieurs fois.")
        self._left -= len(content)
        return content


def _opened(source: Path | bytes) -> IO[bytes]:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    if not stat.S_ISREG(source.stat().st_mode):  # opening a named pipe would wait for ever
        raise Refused("FICHIER-SPECIAL", "Ce n’est pas un fichier ordinaire : il n’a pas été lu.")
    return source.open("rb")


def _overlapping(infos: list[zipfile.ZipInfo]) -> bool:
    """True when two members share bytes of the archive: only a bomb does."""
    ordered = sorted(infos, key=lambda info: info.header_offset)
    return any(
        first.header_offset + first.compress_size > second.header_offset
        for first, second in itertools.pairwise(ordered)
    )


def _bomb() -> Refused:
    return Refused(
        "ARCHIVE-PIEGEE", "Ce fichier compressé grossirait de façon anormale en s’ouvrant : il n’a pas été lu."
    )


def too_big(limits: Limits) -> Refused:
    """The refusal of a file beyond the size limit."""
    return Refused(
        "FICHIER-TROP-GROS",
        f"Le fichier dépasse {limits.file_bytes // MEGA} Mo : il n’a pas été lu. "
        "Demandez à l’élève d’effacer les images et les sorties, puis de le remettre.",
    )


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name; without the UTF-8 flag, Python read it as code page 437 whatever the system that made it."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp850")


def _clean_path(name: str) -> PurePosixPath:
    parts = unicodedata.normalize("NFC", name).replace("\\", "/").split("/")
    kept = [_shortened(part) for part in parts if part not in ("", ".", "..")]
    if kept and len(kept[0]) == 2 and kept[0][1] == ":":
        kept = kept[1:]
    return PurePosixPath(*kept[:1], *kept[1:][-MAX_PARTS:])


def _shortened(part: str) -> str:
    """A name without its middle when it is absurdly long: its beginning and its extension stay."""
    return part if len(part) <= MAX_PART else f"{part[: MAX_PART // 2]}…{part[-MAX_PART // 2 + 1 :]}"
