"""What the page of an activity says: the passages of its notebook, every text of its questions."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from crc_lab.core.model import Question
from crc_lab.core.page import Page
from crc_lab.core.rooms import kinds

_PASSAGE = "passage"
_PROSE = re.compile(r"^# ?(.*)$", re.MULTILINE)
_CELL = re.compile(r"^# %%(.*)$", re.MULTILINE)
DOCUMENT = "document"
"""The name, before its number, of a passage that questions need: an annexe (tag of a cell of activite.py)."""


def page_of(activity: str, questions: Iterable[Question], folders: Iterable[Path]) -> Page:
    """Everything that the page of ``activity`` says; its notebook is in the first of the folders that has it."""
    passages = next(filter(None, (_passages(folder, activity) for folder in folders)), ())
    texts = {f"{question.id} {name}": text for question in questions for name, text in said_by(question)}
    return Page(texts | {f"{name} {number}": text for number, (name, text) in enumerate(passages, start=1)})


def said_by(question: Question) -> Iterator[tuple[str, str]]:
    """Every text that the card of a question shows, by its French name."""
    table, own = question.table, []
    if (kind := kinds().get(question.kind)) is not None:
        names = kind.names(question.spec)
        for line in kind.said(question.spec):
            first, _, rest = line.partition(" ")
            own.append(rest if first in names else line)  # its id comes before the text of an item
    texts = {
        "titre": question.title,
        "énoncé": question.prompt,
        "droit": question.law,
        **{f"indice {number}": hint for number, hint in enumerate(question.hints, start=1)},
        "libellés": "\n".join(own),
        "colonnes": "\n".join(f"{column.name} {column.help}" for column in table.columns) if table else "",
    }
    yield from ((name, text) for name, text in texts.items() if text.strip())


def _passages(folder: Path, activity: str) -> tuple[tuple[str, str], ...]:
    """The texts between the questions, documents or others: of the source in ``folder`` or, without it, of the
    notebook, whose built cells alone count (a student may have added others)."""
    source, notebook = folder / "activite.py", folder / f"{activity}.ipynb"
    if source.is_file():
        found = _written(source.read_text(encoding="utf-8"))
    else:
        found = list(_built(notebook)) if notebook.is_file() else []
    return tuple((_PASSAGE if name != DOCUMENT else name, text) for name, text in found if text.strip())


def _written(source: str) -> list[tuple[str, str]]:
    """The cells of a source."""
    head, *rest = _CELL.split(source)
    cells = [("", head), *zip(rest[::2], rest[1::2], strict=True)]
    return [(DOCUMENT if f'"{DOCUMENT}"' in mark else "", "\n".join(_PROSE.findall(text))) for mark, text in cells]


def _built(notebook: Path) -> Iterator[tuple[str, str]]:
    """The texts of a notebook whose cells bear the name that their content gave them (autograder.prepare.build)."""
    try:
        for cell in json.loads(notebook.read_bytes())["cells"]:
            text, name = "".join(cell["source"]), str(cell.get("id", ""))
            digest = hashlib.sha256(text.encode()).hexdigest()[:12]
            if cell["cell_type"] == "markdown" and name.startswith((f"c-{digest}", f"d-{digest}")):
                yield DOCUMENT if name.startswith("d-") else "", text
    except (OSError, ValueError, KeyError, TypeError):
        return  # a damaged notebook: there is no text to compare with
