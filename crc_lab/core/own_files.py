"""Files that crc-lab wrote and that a person may have changed since: how it knows, where theirs is kept."""

from __future__ import annotations

import hashlib
from pathlib import Path


def sha256(content: bytes) -> str:
    """What is remembered of a file as it was written (hexadecimal)."""
    return hashlib.sha256(content).hexdigest()


def free_name(path: Path) -> Path:
    """Where the person's own version of ``path`` is kept: ``contacts (votre version).csv``, then ``… 2).csv``."""
    number = 1
    while True:
        mark = "votre version" if number == 1 else f"votre version {number}"
        candidate = path.with_name(f"{path.stem} ({mark}){path.suffix}")
        if not candidate.exists():
            return candidate
        number += 1
