"""What a student may put in a ZIP: name and bytes of the file that lies in the Moodle folder of « Zoé Piège »."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from tests.sample_copies import A6, archive

type_of_file = tuple[str, bytes]
MEGA = 1 << 20


def _zip(content: bytes) -> type_of_file:
    return "copie.zip", content


def _packed(members: Mapping[str, bytes], **options: Any) -> type_of_file:
    return _zip(archive(members, **options))


def _flat(_: bytes) -> type_of_file:
    return _packed({f"{A6}.ipynb": bytes(300 * MEGA)})


def _bomb_of_many(_: bytes) -> type_of_file:
    """40 files of 9 MB: each one is below every limit."""
    padded = b" " * (9 * MEGA) + b"{}"
    return _packed({f"{number}/{A6}.ipynb": padded for number in range(40)})


def _nested(_: bytes) -> type_of_file:
    inner = archive({f"{A6}.ipynb": bytes(20 * MEGA)})
    for _level in range(4):
        inner = archive({f"{number}.zip": inner for number in range(6)})
    return _zip(inner)


def _quine(_: bytes) -> type_of_file:
    """An archive that holds a copy of itself, as far as opening can tell: the same name and bytes at each level."""
    inner = archive({"r.txt": b"r"})
    for _level in range(12):
        inner = archive({"copie.zip": inner})
    return _zip(inner)


def _overlapping(_: bytes) -> type_of_file:
    """A thousand entries of the directory that all point to the same compressed bytes."""
    data = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = data.compress(b" " * (5 * MEGA)) + data.flush()
    checksum = zlib.crc32(b" " * (5 * MEGA))
    name = f"{A6}.ipynb".encode()
    local = (
        struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 33, checksum, len(packed), 5 * MEGA, len(name), 0) + name
    )
    entry = b""
    for _ in range(1_000):
        entry += struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, checksum, len(packed), 5 * MEGA,
                             len(name), 0, 0, 0, 0, 0, 0) + name  # fmt: skip
    start = len(local) + len(packed)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1_000, 1_000, len(entry), start, 0)
    return _zip(local + packed + entry + end)


def _directory(_: bytes) -> type_of_file:
    """A directory of a million files that are not there."""
    one = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    entries = one * 1_000_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, len(entries), 0, 0)
    return _zip(entries + end)


def _many_files(_: bytes) -> type_of_file:
    return _packed({f"{number}.ipynb": b"{" for number in range(5_000)})


def _encrypted(_: bytes) -> type_of_file:
    content = bytearray(archive({f"{A6}.ipynb": b"secret"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    content[6] |= 1
    return _zip(bytes(content))


def _method(honest: bytes) -> type_of_file:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as target:
        target.writestr(zipfile.ZipInfo(f"{A6}.ipynb", (2026, 11, 22, 8, 0, 0)), honest, zipfile.ZIP_LZMA)
    return _zip(buffer.getvalue())


def _broken(honest: bytes) -> type_of_file:
    content = bytearray(archive({f"{A6}.ipynb": honest}))
    chance = random.Random(7)
    for _ in range(60):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return _zip(bytes(content))


def _links(_: bytes) -> type_of_file:
    entry = {"create_system": 3, "external_attr": 0o120777 << 16}
    return _packed({f"{A6}.ipynb": b"/etc/passwd", "autre.ipynb": b"../../../../etc/shadow"}, entry=entry)


ARCHIVES: dict[str, Callable[[bytes], type_of_file]] = {
    "bombe": _flat,
    "bombe_de_fichiers": _bomb_of_many,
    "imbriquees": _nested,
    "quine": _quine,
    "chevauchement": _overlapping,
    "repertoire": _directory,
    "cinq_mille": _many_files,
    "chiffre": _encrypted,
    "methode": _method,
    "abime": _broken,
    "liens": _links,
    "glisse": lambda honest: _packed({f"../../../../tmp/crc-lab-glisse/{A6}.ipynb": honest}),
    "absolu": lambda honest: _packed({f"/etc/{A6}.ipynb": honest, f"C:\\Windows\\{A6}.ipynb": honest}),
    "nom_long": lambda honest: _packed({f"{'_1' * 15_000}/{'x' * 4_000}.ipynb": honest}),
    "dossiers": lambda honest: _packed({f"{'d/' * 8_000}{A6}.ipynb": honest}),
    "nom_piege": lambda honest: ("\u202egnp.ipynb", honest),
}
