"""The files of a ZIP archive or of a folder: their paths, the way to their bytes, within limits; and making a ZIP.

Nothing is extracted to the disk, no link is followed, a file is in memory only while it is read.

A hostile archive costs little before it is refused: its directory has a maximal size, its members may not overlap, what
they hold together is in proportion with the archive, and only the two methods that people's computers use are opened.
"""

from __future__ import annotations

import io
import itertools
import os
import stat
import struct
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from autograder.intake import Guess, Refused, refusal
from autograder.intake.places import (
    CHECKPOINTS,
    HEAD,
    MARKS,
    NOBODY,
    Form,
    Noise,
    form_of,
    form_of_zip,
    is_noise_folder,
    perhaps_of_office,
)
from crc_lab.core.decoding import decode
from crc_lab.core.text import reason

MEGA = 1024 * 1024
MAX_PART, MAX_PARTS = 200, 30
"""Longest name of a file or folder that is kept (characters), and how many folders deep; the rest is cut."""
_DIRECTORY_ENTRY = 400
"""Bytes of the archive's directory for one file: 46, the name, dates, a comment."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UTF8_NAME = 0x800
_UNICODE_PATH = 0x7075
"""Info-ZIP's extra field: the name in UTF-8, beside one that an older program can read."""
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError)
"""What :mod:`zipfile` lets out for a member that does not open."""


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


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a container, not read yet.

    ``path``: its path inside, composed (NFC), never absolute nor upwards; ``raw``: the same byte for byte, where it is
    known; ``file``: its place on the disk when it has one. ``load`` gives the bytes or raises :class:`Refused`, never
    anything else; ``start`` the first :data:`HEAD` ones, none where they cannot be read. ``shown``: the name for
    people; ``guess``: whose it seems to be; ``noise``: it stands for a folder that was set aside.
    """

    path: PurePosixPath
    load: Callable[[], bytes]
    file: Path | None = None
    raw: str = ""
    shown: str = ""
    guess: Guess = NOBODY
    start: Callable[[], bytes] = bytes
    noise: bool = False

    def form(self) -> Form:
        """What the bytes say: only as many are read as it takes."""
        head = self.start()
        if not perhaps_of_office(head):
            return form_of(head, whole=len(head) < HEAD) if head else Form.UNKNOWN
        try:
            return form_of_zip(self.load())
        except Refused:
            return Form.UNKNOWN


class _Guarded:
    """A file whose reads are never longer than ``most``: what :mod:`zipfile` is given to read a directory from."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file, self.most = file, most
        self.seek, self.tell, self.close, self.seekable = file.seek, file.tell, file.close, file.seekable

    def read(self, size: int = -1) -> bytes:
        if size > self.most:
            raise refusal("ARCHIVE-TROP-GRANDE.repertoire")
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
            raise refusal("ARCHIVE-ILLISIBLE.entiere") from None
        self._members = limits.members if isinstance(source, Path) else min(limits.members, limits.inner_members)

    def close(self) -> None:
        self._zip.close()
        self._file.close()

    def entries(self) -> list[Entry]:
        """The files in the order of their paths; raises :class:`Refused` when there are too many, and for a bomb."""
        # not is_dir(), which fails where a name is empty
        infos = [info for info in self._zip.infolist() if not info.filename.endswith("/")]
        if _overlapping(infos):
            raise refusal("ARCHIVE-PIEGEE")
        named = [(_clean_path(_name(info)), info) for info in infos]
        noise, kept, set_aside = Noise(str(path) for path, _ in named), [], set[str]()
        for path, info in named:
            root = noise.root(str(path))
            if root is None or root not in set_aside:  # one file stands for a folder, which must not vanish silently
                kept.append((path, info, root is not None))
            if root is not None:
                set_aside.add(root)
        if len(kept) > self._members:
            raise refusal("ARCHIVE-TROP-GRANDE.fichiers", number=len(kept), most=self._members)
        if sum(info.file_size for _, info, _ in kept) > self._most:
            raise refusal("ARCHIVE-PIEGEE")
        entries = [
            Entry(
                path,
                partial(self._read, info),
                raw=info.filename if info.flag_bits & _UTF8_NAME else "",
                start=partial(self._start, info),
                noise=aside,
            )
            for path, info, aside in kept
        ]
        return sorted(entries, key=lambda entry: str(entry.path))

    def _start(self, info: zipfile.ZipInfo) -> bytes:
        """The first bytes of a member; none when it is a link, or does not open."""
        if stat.S_ISLNK(info.external_attr >> 16) or info.flag_bits & 0x1 or info.compress_type not in _METHODS:
            return b""
        try:
            with self._zip.open(info) as stream:
                return stream.read(HEAD)
        except _BROKEN:
            return b""

    def _read(self, info: zipfile.ZipInfo) -> bytes:
        limits = self._limits
        if stat.S_ISLNK(info.external_attr >> 16):
            raise refusal("LIEN.remis")
        if info.flag_bits & 0x1:
            raise refusal("ARCHIVE-CHIFFREE")
        if info.compress_type not in _METHODS:
            raise refusal("ARCHIVE-METHODE")
        if info.file_size > limits.file_bytes:
            raise _too_big(limits)
        if info.file_size > limits.ratio_from and info.file_size > limits.ratio * max(1, info.compress_size):
            raise refusal("ARCHIVE-PIEGEE")
        allowed = min(limits.file_bytes, self._left)
        try:
            with self._zip.open(info) as stream:
                content = stream.read(allowed + 1)
        except _BROKEN:
            raise refusal("ARCHIVE-ILLISIBLE.dedans") from None
        if len(content) > limits.file_bytes:
            raise _too_big(limits)
        if len(content) > allowed:
            raise refusal("ARCHIVE-TROP-GRANDE.volume")
        self._left -= len(content)
        return content


def _opened(source: Path | bytes) -> IO[bytes]:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    if not stat.S_ISREG(source.stat().st_mode):  # opening a named pipe would wait for ever
        raise refusal("FICHIER-SPECIAL")
    return source.open("rb")


def _overlapping(infos: list[zipfile.ZipInfo]) -> bool:
    """True when two members share bytes of the archive: only a bomb does."""
    ordered = sorted(infos, key=lambda info: info.header_offset)
    return any(
        first.header_offset + first.compress_size > second.header_offset
        for first, second in itertools.pairwise(ordered)
    )


def _too_big(limits: Limits) -> Refused:
    return refusal("FICHIER-TROP-GROS", mega=limits.file_bytes // MEGA)


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name; without the UTF-8 flag, Python read it as code page 437 whatever the system that made it."""
    if info.flag_bits & _UTF8_NAME or info.filename.isascii():
        return _unicode_path(info, info.filename.encode("utf-8", "surrogateescape")) or info.filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    if told := _unicode_path(info, raw):
        return told
    try:
        return decode(raw).text
    except UnicodeDecodeError:
        return raw.decode("cp850")


def _unicode_path(info: zipfile.ZipInfo, raw: bytes) -> str:
    """The name of the Unicode Path field, unless it was made for another name than ``raw`` (a program renamed it)."""
    extra, at = info.extra, 0
    while at + 4 <= len(extra):
        field, size = struct.unpack_from("<HH", extra, at)
        value, at = extra[at + 4 : at + 4 + size], at + 4 + size
        if field == _UNICODE_PATH and value[:1] == b"\x01" and value[1:5] == struct.pack("<L", zlib.crc32(raw)):
            return value[5:].decode("utf-8", "replace").replace("\x00", "")
    return ""


def _clean_path(name: str) -> PurePosixPath:
    parts = composed(name).replace("\\", "/").split("/")
    kept = [_shortened(part) for part in parts if part not in ("", ".", "..")]
    if kept and len(kept[0]) == 2 and kept[0][1] == ":":
        kept = kept[1:]
    return PurePosixPath(*kept[:1], *kept[1:][-MAX_PARTS:])


def _shortened(part: str) -> str:
    """A name without its middle when it is absurdly long: its beginning and its extension stay."""
    return part if len(part) <= MAX_PART else f"{part[: MAX_PART // 2]}…{part[-MAX_PART // 2 + 1 :]}"


def entries_of_folder(
    root: Path, left_out: set[Path], limits: Limits, on_error: Callable[[OSError], None]
) -> list[Entry]:
    """The files under ``root`` in the order of names, without what systems leave behind; links are not followed.

    ``on_error`` hears of the folders that cannot be opened.
    """
    found: list[Path] = []
    for folder, folders, files in os.walk(root, onerror=on_error, followlinks=False):
        here, noise = Path(folder), Noise([*files, *_known_below(Path(folder), folders)])
        folders[:] = sorted(
            name for name in folders if name == CHECKPOINTS or not (is_noise_folder(name) or noise.root(f"{name}/x"))
        )
        if left_out:
            folders[:] = [name for name in folders if (here / name).resolve() not in left_out]
        found.extend(here / name for name in files if noise.root(name) is None)
    return [
        Entry(
            PurePosixPath(composed(path.relative_to(root).as_posix())),
            partial(read_file, path, limits),
            path,
            start=partial(first_bytes, path),
        )
        for path in sorted(found)
    ]


def _known_below(folder: Path, folders: Iterable[str]) -> Iterator[str]:
    """What tells an environment or the product, one level down."""
    return (mark for mark in MARKS if mark.split("/")[0] in folders and (folder / mark).is_file())


def first_bytes(path: Path) -> bytes:
    """The first :data:`HEAD` bytes of an ordinary file, none of anything else; raises nothing."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return b""
        with path.open("rb") as stream:
            return stream.read(HEAD)
    except OSError:
        return b""


def read_file(path: Path, limits: Limits) -> bytes:
    """The bytes of an ordinary file; raises :class:`Refused`."""
    try:
        mode = path.lstat()
        if stat.S_ISLNK(mode.st_mode):
            raise refusal("LIEN.donne")
        if not stat.S_ISREG(mode.st_mode):
            raise refusal("FICHIER-SPECIAL")
        if mode.st_size > limits.file_bytes:
            raise _too_big(limits)
        with path.open("rb") as stream:
            return stream.read(limits.file_bytes + 1)
    except OSError as error:
        raise refusal("FICHIER-ILLISIBLE", reason=reason(error)) from None


def composed(name: str) -> str:
    """The name as other systems than macOS write it (NFC)."""
    return unicodedata.normalize("NFC", name)


# --- made -------------------------------------------------------------------------------------------------------------


Date = tuple[int, int, int, int, int, int]
NO_DATE: Date = (1980, 1, 1, 0, 0, 0)
"""The earliest that a ZIP can say."""


def zipped(
    files: Iterable[tuple[str, bytes]], *, date: Date = NO_DATE, compressed: bool = True, comment: bytes = b""
) -> bytes:
    """A ZIP of ``files`` in their order: the same ones give the same bytes on every system.

    ``compressed``: what comes out then also depends on the version of zlib.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.comment = comment
        for name, content in files:
            member = zipfile.ZipInfo(name, date)
            member.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
            member.create_system, member.external_attr = 3, 0o644 << 16  # an ordinary file of Unix, wherever it is made
            archive.writestr(member, content)
    return made.getvalue()
