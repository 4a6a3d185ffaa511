"""What is wrong in the question files of one activity: a sentence each, with the file, the line and the question.

``tomllib`` tells neither where a value stands nor, to a teacher, what a mistake is: both are said here.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from crc_lab.core.errors import BankProblems, CrcError, did_you_mean
from crc_lab.core.text import phrases

type_of_path = tuple[str | int, ...]
"""The way to a value: names of tables and settings, places in lists (from 0)."""

type_of_fields = Mapping[str, tuple[type | tuple[type, ...], bool]]
"""The fields of a table: the type of each, and whether it must be there."""
NUMBER = (int, float)

EXERCISES, KEYS, READING = "exercices.toml", "corrige.toml", "lecture.json"
_ACTIVITY = re.compile(r"\d\d_\w+")

_TOKEN = re.compile(
    r"#[^\n]*|(?P<text>\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''.*?'{3,5}|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*')"
    r"|[\[\]{}=,]|(?:\d{4}-\d\d-\d\d )?[^\s\[\]{}=,\"'#]+",
    re.DOTALL,
)
_TYPES = {
    str: "un texte",
    int: "un nombre entier",
    bool: "true ou false",
    list: "une liste",
    dict: "une table",
    dt.date: "une date (AAAA-MM-JJ, sans guillemets)",
}
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")
_COMMA = re.compile(r"[=\[,]\s*([+-]?\d+,\d+)\s*(?=[\],}#]|$)")
_CURLY = re.compile(r"[«»“”]")
_T = TypeVar("_T")


@dataclass(eq=False)
class UnreadableToml(ValueError):
    """A text that is not TOML; ``line`` (0 when it is not known) and ``reason``, in French."""

    line: int
    reason: str


def parse_toml(content: bytes) -> dict[str, Any]:
    """The tables of a file; raises :class:`UnreadableToml`."""
    try:
        text = _decoded(content)
        return tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableToml(line, "le fichier n’est pas enregistré en UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        found, rows = _PLACE.search(str(error)), text.split("\n")
        line = int(found[1]) if found and found[1] else len(rows)
        raise UnreadableToml(line, _reason(str(error), rows[line - 1])) from None


def _decoded(content: bytes) -> str:
    return content.decode("utf-8-sig").replace("\r\n", "\n")


def _reason(message: str, row: str) -> str:
    """What a teacher can mend, from what the parser says and the line it stopped at."""
    if comma := _COMMA.search(row):
        point = comma[1].replace(",", ".")
        return f"« {comma[1]} » ne se lit pas : un nombre s’écrit avec un point ({point}), sans virgule"
    if _CURLY.search(row) and "Invalid value" in message:
        return "un texte s’écrit entre guillemets droits, et non « » ou “ ”"
    reasons = (french for english, french in phrases("toml").items() if re.search(english, message))
    known = next(reasons, "cette ligne ne se lit pas")
    return f"{known} (« {row.strip()[:60]} »)" if row.strip() else known


class Lines(dict[type_of_path, int]):
    """The line (from 1) of every table, setting and list item of a file that :func:`parse_toml` reads.

    What the file means is left to ``tomllib``: as it is known to be TOML, its words and signs alone tell the places.
    """

    def __init__(self, content: bytes) -> None:
        text = _decoded(content)
        self._tokens = [
            (found[0], found["text"] is not None, 1 + text.count("\n", 0, found.start()))
            for found in reversed(list(_TOKEN.finditer(text)))
            if not found[0].startswith("#")
        ]
        self._lists: dict[type_of_path, int] = {}
        base: type_of_path = ()
        while self._tokens:
            if self._take("["):
                base = self._header()
            else:
                self._setting(base)

    def near(self, path: type_of_path) -> int:
        """The line of ``path``, else of the nearest table around it; 0 for nothing."""
        return next((self[path[:end]] for end in range(len(path), 0, -1) if path[:end] in self), 0)

    def _take(self, sign: str) -> bool:
        """Step over ``sign`` when it comes next."""
        here = bool(self._tokens) and self._tokens[-1][0] == sign
        if here:
            self._tokens.pop()
        return here

    def _header(self) -> type_of_path:
        many, line = self._take("["), self._tokens[-1][2]
        path: type_of_path = ()
        names = self._names("]")
        for place, name in enumerate(names, start=1):
            path = (*path, name)
            if many and place == len(names):
                self._lists[path] = self._lists.get(path, -1) + 1
            if path in self._lists:
                path = (*path, self._lists[path])
        self._take("]")
        self._note(path, line)
        return path

    def _setting(self, base: type_of_path) -> None:
        line = self._tokens[-1][2]
        path = (*base, *self._names("="))
        self._note(path, line)
        self._value(path)

    def _names(self, end: str) -> list[str]:
        """The parts of a key, up to ``end``, which is stepped over."""
        found: list[str] = []
        while not self._take(end):
            token, quoted, _ = self._tokens.pop()
            found += tomllib.loads(f"{token} = 0") if quoted else filter(None, token.split("."))
        return found

    def _value(self, path: type_of_path) -> None:
        if self._take("["):
            position = 0
            while not self._take("]"):
                self._note((*path, position), self._tokens[-1][2])
                self._value((*path, position))
                self._take(",")
                position += 1
        elif self._take("{"):
            while not self._take("}"):
                self._setting(path)
                self._take(",")
        else:
            self._tokens.pop()

    def _note(self, path: type_of_path, line: int) -> None:
        for end in range(1, len(path) + 1):
            self.setdefault(path[:end], line)


@dataclass(frozen=True)
class _File:
    """A question file that was read: its name for people, its bytes, its tables."""

    label: str
    content: bytes
    tables: Mapping[str, Any]

    @cached_property
    def lines(self) -> Lines:
        return Lines(self.content)

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
        # « corriges/04_qualifier/corrige.toml »: enough of the path to know which file it is
        label = "/".join(path.parts[-3 if _ACTIVITY.fullmatch(path.parent.name) else -2 :])
        try:
            content = path.read_bytes()
            tables = parse_toml(content)
        except FileNotFoundError:
            self.found.append(f"{path.name} : fichier introuvable dans « {path.parent.name} ».")
            return None
        except UnreadableToml as error:
            self.found.append(f"{label}, ligne {error.line} : {error.reason}.")
            return None
        self._files[path.name] = _File(label, content, tables)
        return tables

    def add(self, file: str, question: str, text: str, criterion: str = "", path: type_of_path = ()) -> None:
        """A mistake of ``file``; ``path``: the way to it from the table of the question, or of the criterion."""
        source = self._files.get(file)
        line = source.lines.near(source.place(question, criterion, path)) if source else 0
        where = [source.label if source else file, f"ligne {line}" if line else "", question]
        where.append(f"critère « {criterion} »" if criterion else "")
        self.found.append(f"{', '.join(filter(None, where))} : {text}")

    def declares(self, question: str, criterion: str, path: type_of_path) -> str:
        """The file that holds the setting at the head of ``path``: that of the keys, when both do."""
        for file in (KEYS, EXERCISES):
            source = self._files.get(file)
            if source and source.place(question, criterion, path[:1] or ("",)) in source.lines:
                return file
        return KEYS

    def again(self) -> Problems:
        """The same files, without any mistake yet."""
        return Problems(_files=self._files)

    def stop(self) -> None:
        """Raise :class:`BankProblems` when there is one, with all of them."""
        if self.found:
            raise BankProblems(tuple(dict.fromkeys(self.found)))


def needed(**types: type | tuple[type, ...]) -> type_of_fields:
    return {name: (kind, True) for name, kind in types.items()}


def optional(**types: type | tuple[type, ...]) -> type_of_fields:
    return {name: (kind, False) for name, kind in types.items()}


def check_fields(
    raw: Any, fields: type_of_fields, add: Callable[[str], None], *, open_ended: bool = False
) -> dict[str, Any]:
    """The fields that are as they should be; those that are missing, unknown or of another type are said (``add``)."""
    if not isinstance(raw, Mapping):
        add(f"il faut une table de champs ({', '.join(fields)}), et non « {str(raw)[:40]} ».")
        return {}
    sound = {name: value for name, value in raw.items() if name not in fields and open_ended}
    for name, (kind, required) in fields.items():
        if name not in raw:
            if required:
                add(f"le champ « {name} » manque.")
        elif kind is object or (isinstance(raw[name], kind) and (kind is bool or not isinstance(raw[name], bool))):
            sound[name] = raw[name]
        else:
            kinds = kind if isinstance(kind, tuple) else (kind,)
            wanted = "un nombre" if kind == NUMBER else " ou ".join(_TYPES[one] for one in kinds)
            add(f"le champ « {name} » doit être {wanted}.")
    for name in raw if not open_ended else ():
        if name not in fields:
            add(f"le champ « {name} » n’existe pas. {did_you_mean(name, fields)}")
    return sound


def check_items(raw: Any, fields: type_of_fields, add: Callable[[str], None], what: str) -> list[dict[str, Any]]:
    """The same for a list of tables, ``what`` they are in French; those that lack something are left out."""
    found = []
    for number, item in enumerate(raw if isinstance(raw, (list, tuple)) else (), start=1):
        where = f"{what} n°\u00a0{number} : "
        sound = check_fields(item, fields, lambda text, where=where: add(where + text))  # type: ignore[misc]
        if all(name in sound for name, (_, required) in fields.items() if required):
            found.append(sound)
    return found


def repeated(names: Iterable[str]) -> list[str]:
    """The names that are there more than once."""
    return sorted(name for name, times in Counter(names).items() if times > 1)


def data_files(
    read: Callable[[Path], _T],
    raw: Mapping[str, Any],
    file: str,
    datasets: Path,
    problems: Problems,
    find: Callable[[Path, str], Path] = Path.joinpath,
) -> dict[str, _T]:
    """What ``read`` makes of each data file that ``file`` names."""
    found: dict[str, _T] = {}
    for name, relative in raw.get("donnees", {}).items():
        try:
            found[name] = read(find(datasets, str(relative)))
        except CrcError as error:
            problems.add(file, f"données « {name} »", str(error))
    return found


def texts_of(raw: Any, add: Callable[..., None]) -> dict[str, str]:
    """The messages of a question or of a key: a text by code."""
    texts = raw if isinstance(raw, Mapping) else {}
    for code, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            add(f"le message « {code} » est un texte.")
    return {str(code): str(text) for code, text in texts.items()}
