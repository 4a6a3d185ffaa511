"""TOML as people write it: where each value is, and in French what is wrong with a file that cannot be read.

``tomllib`` tells neither where a value stands nor, to a teacher, what a mistake is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

type_of_path = tuple[str | int, ...]
"""The way to a value: names of tables and settings, places in lists (from 0)."""

_TOKEN = re.compile(
    r"(?P<blank>[ \t\r]+|#[^\n]*)|(?P<newline>\n)"
    r"|(?P<text>\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''.*?'{3,5}|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*')"
    r"|(?P<sign>[\[\]{}=,])|(?P<bare>[^\s\[\]{}=,\"'#]+)",
    re.DOTALL,
)
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")
_COMMA = re.compile(r"[=\[,]\s*([+-]?\d+,\d+)\s*(?=[\],}#]|$)")
_CURLY = re.compile(r"[«»“”]")
_REASONS = (
    ("twice", "la même chose est déclarée deux fois : gardez-en une seule"),
    ("Cannot overwrite", "la même chose est déclarée deux fois : gardez-en une seule"),
    ("Cannot mutate", "la même chose est déclarée deux fois : gardez-en une seule"),
    ("Duplicate", "la même chose est déclarée deux fois : gardez-en une seule"),
    ("Unterminated string", "un texte n’est pas fermé : il manque un guillemet droit"),
    ("Illegal character '\\n'", "un texte n’est pas fermé : il manque un guillemet droit"),
    ("Expected '='", "il manque le signe = entre le nom et la valeur"),
    ("Unclosed array", "une liste n’est pas fermée : il manque « , » ou « ] »"),
    ("Unclosed inline table", "une table n’est pas fermée : il manque « , » ou « } »"),
    ("Invalid value", "cette valeur ne se lit pas ; un texte s’écrit entre guillemets droits"),
    ("after a statement", "il y a quelque chose de trop à la fin de la ligne"),
    ("Unescaped '\\'", "une barre oblique inverse s’écrit deux fois : \\\\"),
)


class UnreadableToml(ValueError):
    """A text that is not TOML; ``line`` (0 when it is not known) and ``reason``, in French."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(line, reason)
        self.line, self.reason = line, reason


def parse(content: bytes) -> dict[str, Any]:
    """The tables of a file; raises :class:`UnreadableToml`."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableToml(line, "le fichier n’est pas enregistré en UTF-8") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.search(str(error))
        rows = text.split("\n")
        line = int(found[1]) if found and found[1] else len(rows)
        raise UnreadableToml(line, _reason(str(error), rows[line - 1])) from None


def _reason(message: str, row: str) -> str:
    """What a teacher can mend, from what the parser says and the line it stopped at."""
    if comma := _COMMA.search(row):
        point = comma[1].replace(",", ".")
        return f"« {comma[1]} » ne se lit pas : un nombre s’écrit avec un point ({point}), sans virgule"
    if _CURLY.search(row) and "Invalid value" in message:
        return "un texte s’écrit entre guillemets droits, et non « » ou “ ”"
    known = next((french for english, french in _REASONS if english in message), "cette ligne ne se lit pas")
    return f"{known} (« {row.strip()[:60]} »)" if row.strip() else known


def lines(content: bytes) -> Mapping[type_of_path, int]:
    """The line (from 1) of every table, setting and list item of a file that :func:`parse` reads."""
    return _Scanner(content.decode("utf-8-sig").replace("\r\n", "\n")).lines


def line_of(path: type_of_path, known: Mapping[type_of_path, int]) -> int:
    """The line of ``path``, else of the nearest table around it; 0 for nothing."""
    return next((known[path[:end]] for end in range(len(path), 0, -1) if path[:end] in known), 0)


class _Scanner:
    """The places of a text that is known to be TOML: what it means is left to ``tomllib``."""

    def __init__(self, text: str) -> None:
        self.lines: dict[type_of_path, int] = {}
        self._tokens: list[tuple[str, str, int]] = []
        line = 1
        for found in _TOKEN.finditer(text):
            if found.lastgroup != "blank":
                self._tokens.append((found.lastgroup or "", found[0], line))
            line += found[0].count("\n")
        self._tokens.append(("newline", "\n", line))
        self._at = 0
        self._lists: dict[type_of_path, int] = {}
        base: type_of_path = ()
        while self._at < len(self._tokens):
            if self._take("\n"):
                continue
            if self._take("["):
                base = self._header()
            else:
                self._setting(base)

    def _take(self, sign: str) -> bool:
        """Step over ``sign`` when it comes next."""
        here = self._at < len(self._tokens) and self._tokens[self._at][1] == sign
        self._at += here
        return here

    def _header(self) -> type_of_path:
        many = self._take("[")
        line = self._tokens[self._at][2]
        path: type_of_path = ()
        names = self._names()
        for place, name in enumerate(names):
            path = (*path, name)
            if many and place == len(names) - 1:
                self._lists[path] = self._lists.get(path, -1) + 1
            if path in self._lists:
                path = (*path, self._lists[path])
        while self._take("]"):
            pass
        self._note(path, line)
        return path

    def _setting(self, base: type_of_path) -> None:
        line = self._tokens[self._at][2]
        path = (*base, *self._names())
        self._take("=")
        self._note(path, line)
        self._value(path)

    def _names(self) -> list[str]:
        """The parts of a key, up to « = » or « ] »."""
        found: list[str] = []
        while self._tokens[self._at][0] in ("text", "bare"):
            sort, text, _ = self._tokens[self._at]
            found += tomllib.loads(f"{text} = 0") if sort == "text" else filter(None, text.split("."))
            self._at += 1
        return found

    def _value(self, path: type_of_path) -> None:
        if self._take("["):
            position = 0
            while not self._take("]"):
                if self._take("\n") or self._take(","):
                    continue
                self._note((*path, position), self._tokens[self._at][2])
                self._value((*path, position))
                position += 1
        elif self._take("{"):
            while not self._take("}"):
                if not self._take(",") and not self._take("\n"):
                    self._setting(path)
        else:
            while self._tokens[self._at][0] in ("text", "bare"):
                self._at += 1

    def _note(self, path: type_of_path, line: int) -> None:
        for end in range(1, len(path) + 1):
            self.lines.setdefault(path[:end], line)
