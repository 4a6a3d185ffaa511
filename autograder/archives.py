"""ZIP archives read in memory, one member at a time, within limits. Nothing is ever extracted to the disk."""

from __future__ import annotations

import io
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from crc_lab.errors import CrcError

MEGA = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one input may cost. Sizes in bytes."""

    file_bytes: int = 60 * MEGA
    members: int = 20_000
    total_bytes: int = 4096 * MEGA
    ratio: int = 200
    ratio_from: int = 10 * MEGA


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


class Archive:
    """One ZIP, given as a file or as bytes; raises :class:`Refused` when it cannot be opened."""

    def __init__(self, source: Path | bytes, limits: Limits) -> None:
        self._limits = limits
        self._left = limits.total_bytes
        try:
            self._zip = zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
            raise Refused(
                "ARCHIVE-ILLISIBLE",
                "L’archive ne s’ouvre pas : elle est incomplète ou abîmée. Téléchargez-la de nouveau.",
            ) from None

    def close(self) -> None:
        self._zip.close()

    def members(self) -> Iterator[Member]:
        """The files of the archive in the order of their paths; folders are left out.

        Raises :class:`Refused` when there are more than the limit.
        """
        infos = [info for info in self._zip.infolist() if not info.is_dir()]
        if len(infos) > self._limits.members:
            raise Refused(
                "ARCHIVE-TROP-GRANDE",
                f"L’archive contient {len(infos)} fichiers (au plus {self._limits.members}) : "
                "donnez-la en plusieurs fois.",
            )
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
        if info.file_size > limits.file_bytes:
            raise too_big(limits)
        if info.file_size > limits.ratio_from and info.file_size > limits.ratio * max(1, info.compress_size):
            raise Refused(
                "ARCHIVE-PIEGEE",
                "Ce fichier compressé grossirait de façon anormale en s’ouvrant : il n’a pas été lu.",
            )
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
    kept = [part for part in parts if part not in ("", ".", "..")]
    if kept and len(kept[0]) == 2 and kept[0][1] == ":":
        kept = kept[1:]
    return PurePosixPath(*kept)
