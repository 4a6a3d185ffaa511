"""Spelling of the French texts: the words that neither the dictionary of Hunspell nor ``docs/mots.txt`` knows.

The program ``hunspell`` rather than a Python library: it is packaged with its dictionary by every system, and reads our
texts in half a second.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tools.prose import Prose

WORDS = "docs/mots.txt"
HOW_TO_GET_IT = "Hunspell et son dictionnaire français (sous Debian, « hunspell » et « hunspell-fr-classical »)"
_NAMES = ("fr_FR", "fr", "fr-classique", "fr-toutesvariantes")
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*’?")
_NO_WORD = re.compile(
    r"\bcrc(?:\.py|-lab) [a-z]+|\w+\(\"[^)]*\)|(?<![\w-])--[\w-]+"  # commands, calls, options
    r"|[\w-]*[\d_@/\\][\w-]*|\S*(?<=\w)[._@]\w\S*"  # numbers, names of columns, of files, of the internet
)
_QUOTED = re.compile(r"«[ \u00a00][\w .:/\[\]-]*[ \u00a00]»|\[[\w\", ]+\]", re.ASCII)
"""What a program quotes: the name of a field, of a command."""
_ELISION = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu|quelqu)['’]", re.IGNORECASE)


@dataclass(frozen=True)
class OwnWords:
    """The words of the project. A word in small letters may begin a sentence or stand in capitals; a name keeps its
    capitals, or has nothing but capitals."""

    words: frozenset[str] = frozenset()
    forms: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        forms = {form for word in self.words for form in (word, word[0].upper() + word[1:], word.upper())}
        object.__setattr__(self, "forms", frozenset(forms))

    def know(self, word: str) -> bool:
        """Whether ``word`` is one of them, with or without an elided word before it; each part of a compound counts."""
        bare = _ELISION.sub("", word.replace("’", "'"), count=1)
        return word in self.forms or bare in self.forms


def own_words(path: Path) -> OwnWords:
    """The words of ``path``: one a line, ``#`` before a remark."""
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return OwnWords(frozenset(line for line in lines if line))


def french_hunspell() -> tuple[str, ...] | None:
    """The command that reads words, one a line, and prints those it does not know; None where it is not installed."""
    program = shutil.which("hunspell")
    if program is None:
        return None
    for name in _NAMES:
        command = (program, "-i", "UTF-8", "-d", name, "-l")
        done = subprocess.run(command, input="vérité\nvéritté\n".encode(), capture_output=True, check=False)
        if done.returncode == 0 and done.stdout.decode(errors="replace").split() == ["véritté"]:
            return command
    return None


def words_of(prose: Prose) -> list[str]:
    """The words of a text, without its code, its numbers and its names of files."""
    text = prose.plain().replace("*", "")
    return _WORD.findall(_NO_WORD.sub(" ", _QUOTED.sub(" ", text) if prose.is_message else text))


def unknown_words(texts: Iterable[Prose], own: OwnWords, command: tuple[str, ...]) -> dict[str, str]:
    """The unknown words in alphabetical order, each with the first place that holds it."""
    where: dict[str, str] = {}
    for prose in texts:
        for word in words_of(prose):
            where.setdefault(word, prose.place)
    asked = "\n".join(word for word in where if len(word) > 1 and not own.know(word))
    done = subprocess.run(command, input=f"{asked}\n".encode(), capture_output=True, check=True)
    unknown = set(done.stdout.decode().splitlines())
    return {word: where[word] for word in sorted(unknown & set(where))}
