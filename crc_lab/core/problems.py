"""What is wrong in the question files of one activity: a sentence each, with the file, the line and the question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from crc_lab.core import toml
from crc_lab.core.errors import BankProblems
from crc_lab.core.toml import type_of_path

EXERCISES, KEYS = "exercices.toml", "corrige.toml"
_ACTIVITY = re.compile(r"\d\d_\w+")


@dataclass(frozen=True)
class _File:
    """A question file that was read: its name for people, its bytes, its tables."""

    label: str
    content: bytes
    tables: Mapping[str, Any]

    @cached_property
    def lines(self) -> Mapping[type_of_path, int]:
        return toml.lines(self.content)

    def place(self, question: str, criterion: str, path: type_of_path) -> type_of_path:
        """The way to a place of a question, or of one of its criteria, in this file."""
        if question in self.tables:
            return (question, *(("criteres", criterion) if criterion else ()), *path)
        at, found = next(_items(self.tables.get("question"), question), (None, {}))
        if at is None:
            return () if question else path
        if not criterion:
            return ("question", at, *path)
        inside = next(_items(found.get("critere"), criterion), None)
        return ("question", at, *(("critere", inside[0], *path) if inside else ()))


def _items(tables: Any, name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The tables of a list whose ``id`` is ``name``, each with its place."""
    for at, item in enumerate(tables if isinstance(tables, list) else ()):
        if isinstance(item, Mapping) and item.get("id") == name:
            yield at, item


@dataclass
class Problems:
    """The mistakes found so far; ``found``: one sentence each."""

    found: list[str] = field(default_factory=list)
    _files: dict[str, _File] = field(default_factory=dict)

    def read(self, path: Path) -> dict[str, Any] | None:
        """The tables of a question file; None, once it is told, for one that cannot be read."""
        label = _label(path)
        try:
            content = path.read_bytes()
            tables = toml.parse(content)
        except FileNotFoundError:
            self.found.append(f"{path.name} : fichier introuvable dans « {path.parent.name} ».")
        except toml.UnreadableToml as error:
            self.found.append(f"{label}, ligne {error.line} : {error.reason}.")
        else:
            self._files[path.name] = _File(label, content, tables)
            return tables
        return None

    def add(self, file: str, question: str, text: str, criterion: str = "", path: type_of_path = ()) -> None:
        """A mistake of ``file``; ``path``: the way to it from the table of the question, or of the criterion."""
        source = self._files.get(file)
        line = toml.line_of(source.place(question, criterion, path), source.lines) if source else 0
        where = [source.label if source else file, f"ligne {line}" if line else "", question]
        where.append(f"critère « {criterion} »" if criterion else "")
        self.found.append(f"{', '.join(filter(None, where))} : {text}")

    def declares(self, question: str, criterion: str, setting: str) -> str:
        """The file that holds a setting of a criterion: that of the keys, when both do."""
        for file in (KEYS, EXERCISES):
            source = self._files.get(file)
            if source and source.place(question, criterion, (setting,)) in source.lines:
                return file
        return KEYS

    def again(self) -> Problems:
        """The same files, without any mistake yet."""
        return Problems(_files=self._files)

    def stop(self) -> None:
        """Raise :class:`BankProblems` when there is one, with all of them."""
        if self.found:
            raise BankProblems(tuple(dict.fromkeys(self.found)))


def _label(path: Path) -> str:
    """« corriges/04_qualifier/corrige.toml »: enough of the path to know which file it is."""
    return "/".join(path.parts[-3 if _ACTIVITY.fullmatch(path.parent.name) else -2 :])
