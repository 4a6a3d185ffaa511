"""``resultats.json``: the results for programs. Contract: the design, §6.3."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from autograder.marking import ClassResult

VERSION = 1


def results_json(result: ClassResult) -> bytes:
    """The file's bytes: the same for the same copies, one line per copy so that two runs can be compared."""
    copies = _lines(copy.to_json() for copy in result.copies)
    rejections = _lines(rejection.to_json() for rejection in result.rejections)
    text = f'{{"version": {VERSION}, "copies": [{copies}],\n"rejets": [{rejections}]}}\n'
    return text.encode("utf-8", "replace")


def _lines(items: Iterable[dict[str, Any]]) -> str:
    lines = ",\n".join(json.dumps(item, ensure_ascii=False, allow_nan=False) for item in items)
    return f"\n{lines}\n" if lines else ""
