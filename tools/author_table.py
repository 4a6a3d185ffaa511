"""The table of the checks and of their settings, in the author's guide: made from what the checks declare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from crc_lab.core.grading import Check
from crc_lab.core.rooms import checks
from crc_lab.core.settings import COMMON, Setting
from crc_lab.core.text import french

PAGE = Path("docs") / "auteur.md"
_CODE = re.compile(r"« ([a-z_]+) »|(\[donnees\]|exercices\.toml)")
"""Names of the files, as a message quotes them."""
_START, _END = "<!-- réglages : écrit par « construire » -->", "<!-- fin des réglages -->"


def build(root: Path) -> bytes:
    """The guide with its table brought up to date; raises :class:`ValueError` without the two marks around it."""
    text = (root / PAGE).read_text(encoding="utf-8")
    head, _, rest = text.partition(_START)
    _, found, tail = rest.partition(_END)
    if not found:
        raise ValueError(f"{PAGE}: no table between {_START} and {_END}")
    table = _CODE.sub(lambda name: f"`{name[1] or name[2]}`", "\n".join(_lines()))
    return f"{head}{_START}\n\n{french(table)}\n{_END}{tail}".encode()


def _lines() -> Iterator[str]:
    yield from _table(COMMON)
    for name, check in sorted(checks().items()):
        yield from ("", f"### `{name}`", "", _sentence(check))
        if check.settings:
            yield ""
            yield from _table(check.settings)


def _sentence(check: Check) -> str:
    kinds = ", ".join(f"`{kind}`" for kind in check.kinds)
    return f"{check.about} Genre{'s' if len(check.kinds) > 1 else ''} : {kinds}."


def _table(settings: tuple[Setting, ...]) -> Iterator[str]:
    yield from ("| réglage | ce qu’il contient | ce qu’il fait |", "|---|---|---|")
    for setting in settings:
        where = "**obligatoire**, " if setting.required else ""
        where += "dans exercices.toml" if setting.in_question or (setting.keyless and setting.required) else ""
        told = f" ({where.rstrip(', ')})" if where else ""
        yield f"| `{setting.name}` | {setting.shape.french} | {setting.about}{told} |"
