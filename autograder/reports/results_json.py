"""``resultats.json``: the results for programs. Contract: the design, §6.3."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from autograder.marking.marked import ClassResult

VERSION = 1


def results_json(result: ClassResult) -> bytes:
    """The file's bytes: the same for the same copies, one line per copy so that two runs can be compared."""
    return b"".join(
        [
            f'{{"version": {VERSION}, "copies": ['.encode(),
            *_lines(copy.to_json() for copy in result.copies),
            b'],\n"rejets": [',
            *_lines(rejection.to_json() for rejection in result.rejections),
            b"]}\n",
        ]
    )


def _lines(items: Iterable[dict[str, Any]]) -> list[bytes]:
    lines = [json.dumps(item, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace") for item in items]
    return [*(b"\n" + line + b"," for line in lines[:-1]), *(b"\n" + line + b"\n" for line in lines[-1:])]
