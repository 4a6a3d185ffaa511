"""The signs of written French: no-break spaces, apostrophes, guillemets… What is wrong is found, and mostly mended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.prose import Prose, code_spans

NBSP = "\u00a0"
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_A-Z])|(?<=[a-zà-ÿ])'(?=[A-Z])")
"""Not between two capitals: the data of the case are written so (« L'ATELIER LUMIERE »)."""
_BEFORE = re.compile(r"(?<=[^\s|]) ([:;?!»%€])(?![-|])")
_AFTER = re.compile(r"« (?=\S)")
_NUMBER = re.compile(r"\b([nN]°) (?=[\w{])")
_THOUSANDS = re.compile(r"(?<![\d ] )(?<![\d.])(\d{1,3}) (?=\d{3}\b(?! ?\d))")
_FIXES = (
    (_BEFORE, rf"{NBSP}\1"),
    (_AFTER, f"«{NBSP}"),
    (_NUMBER, rf"\1{NBSP}"),
    (_THOUSANDS, rf"\1{NBSP}"),
    (_APOSTROPHE, "’"),
)
_SPACES = (
    (_BEFORE, "espace insécable à mettre avant le signe"),
    (_AFTER, "espace insécable à mettre après «"),
    (_NUMBER, "espace insécable à mettre après n°"),
    (_THOUSANDS, "espace insécable à mettre entre les milliers"),
)
_SIGNS = (
    (_APOSTROPHE, "apostrophe droite"),
    (re.compile(r"(?<=[\w)»]) [,.](?=\s|$)"), "espace de trop avant le signe"),
    (re.compile(r"(?<=[^\W\d_]),(?=[^\W\d_])"), "espace manquante après la virgule"),
    (re.compile(r"\.\.\."), "trois points au lieu de …"),
    (re.compile(r"\b(?!(?:nous|vous)\b)([^\W\d_]{2,})[ \n]\1\b", re.IGNORECASE), "mot répété"),
)
_LAYOUT = (
    (re.compile(r"«(?![\u00a0\u202f ]|$)"), "espace manquante après «"),
    (
        re.compile(r"(?<=[\w)»*])[;?!»](?=[\s*]|$)|(?<=[^\W\d_]):(?=[\s*]|$)|(?<=\*):(?=\s|$)"),
        "espace manquante avant le signe",
    ),
    (re.compile(r"(?<=\d)[%€]"), "espace manquante avant le signe"),
    (re.compile(r"^[\s>]*[:;?!»%€](?=\s)", re.MULTILINE), "signe en début de ligne"),
    (re.compile(r'"[^"\n]*"'), "guillemets droits"),
    (re.compile(r"(?<=[^\s|])  +(?=[^\s|])|[\u00a0\u202f] | [\u00a0\u202f]"), "deux espaces de suite"),
    (re.compile(r"(?:^|(?<=[.?!…] ))A (?=[a-zà-ÿ])", re.MULTILINE), "accent manquant sur À"),
)


def faults(prose: Prose) -> Iterator[str]:
    """Each fault of one text, in French, with where it is and a few words around it.

    The messages of the programs are left their ordinary spaces and their columns: a terminal does not mind, and the
    reports put no-break spaces in what they show (:func:`crc_lab.core.text.french`).
    """
    text = prose.plain("·")
    for pattern, name in _SIGNS if prose.is_message else _SIGNS + _LAYOUT + _SPACES:
        for found in pattern.finditer(text):
            excerpt = text[max(0, found.start() - 25) : found.end() + 15].replace("\n", " ").strip()
            yield f"{prose.place}{NBSP}: {name}{NBSP}: …{excerpt}…"


def mended(text: str) -> str:
    """The text with the no-break spaces and apostrophes that French asks for; its code is left alone."""
    pieces, last = [], 0
    for start, end in code_spans(text):
        pieces += [_mend(text[last:start]), text[start:end]]
        last = end
    return "".join([*pieces, _mend(text[last:])])


def _mend(text: str) -> str:
    for pattern, replacement in _FIXES:
        text = pattern.sub(replacement, text)
    return text


def mend_files(root: Path, read: Iterable[Prose]) -> list[str]:
    """Mend the files of these texts in place, line by line, programs left alone; the names of those that changed."""
    after: dict[str, str] = {}
    for prose in (prose for prose in read if not prose.is_message):
        source = after.setdefault(prose.file, (root / prose.file).read_text(encoding="utf-8"))
        for line, better in zip(prose.text.splitlines(), mended(prose.text).splitlines(), strict=True):
            if better != line:
                source = source.replace(line.strip(), better.strip())
        after[prose.file] = source
    changed = [name for name, text in after.items() if text != (root / name).read_text(encoding="utf-8")]
    for name in changed:
        (root / name).write_text(after[name], encoding="utf-8")
    return changed
