"""Every French text that a student or a teacher reads, wherever it is written, so that its French can be checked.

Notebooks (``activite.py``), questions and keys (TOML), the law, the lexicon, what is said of the data, guides, texts of
the cards (tables ``T`` and ``TEXTS`` of their scripts), pages of the reports, messages of the programs. Left out:
patterns, names of columns, identifiers, addresses, code.
"""

from __future__ import annotations

import ast
import csv
import html
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

_NOT_PROSE = frozenset({
    # patterns that recognise an answer, and what they are written with
    "motifs", "nies", "partout", "parmi", "interdits", "mots", "regles",
    # values of the data, names of columns
    "attendu", "choix", "cle", "controle", "couvert", "donnees", "filtre", "preuve", "prenoms", "preuves", "reference",
    "renommer", "table", "valeur", "visibles",
})  # fmt: skip
"""Keys of the TOML files under which there is no sentence."""
_IDENTIFIER = re.compile(r"[a-z0-9_.:#-]*|[A-Z0-9-]*")
_CODE = re.compile(
    r"^```.*?^```"  # a block
    r"|``[^`\n]+``|`[^`\n]*`"
    r"|https?://\S+|\]\([^)\s]*\)|[\w.+-]+@[\w-]+(?:\.[\w-]+)*"  # addresses
    r"|<[^>\n]+>|\$[^$\n]+\$"
    r"|^\s*\|?[ :|-]+\|[ :|-]*$",  # the line under the head of a table
    re.MULTILINE | re.DOTALL,
)
_PLACEHOLDER = re.compile(r"\{\w*\}")
_FOREIGN = re.compile(
    r"\b(?:the|of|is|are|with|for|not|and|its?|from|which|that|what|after|beside|then|needless|tenth|raises)\b|\\|\(\?",
    re.IGNORECASE,
)
"""English docstrings quote French words; a backslash and « (? » belong to a pattern."""
_FRENCH = re.compile(r"[à-öø-ÿÀ-ÖØ-ÞœŒ’«\u00a0]|\b(?:[Ll][ea]s?|[Dd]es|[Uu]ne?|du|dans|pour|est|par|avec)\b")


@dataclass(frozen=True, slots=True)
class Prose:
    """One text: the file that holds it (relative), a word of where, the text, and whether a program says it.

    A message of a program, or a page that it fills, may hold the piece of a sentence and have a layout of its own.
    """

    file: str
    where: str
    text: str
    is_message: bool = False

    @property
    def place(self) -> str:
        return f"{self.file} ({self.where})" if self.where else self.file

    def plain(self, filler: str = " ") -> str:
        """The text with ``filler`` over its code and addresses and « 0 » in its gaps; its line ends are kept."""
        text = _CODE.sub(lambda found: re.sub(r"[^\n]", filler, found[0]), self.text)
        return _PLACEHOLDER.sub("0", text)


def code_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the code of ``text`` is."""
    return (found.span() for found in _CODE.finditer(text))


def texts(root: Path) -> list[Prose]:
    """Every French text of the checkout at ``root``."""
    return [
        Prose(path.relative_to(root).as_posix(), where, text, read in (_python, _phrases, _javascript, _page))
        for pattern, read in SOURCES.items()
        for path in sorted(root.glob(pattern))
        for where, text in read(path.read_text(encoding="utf-8"))
    ]


# --- one reader for each kind of file --------------------------------------------------------------------------------

Found = Iterator[tuple[str, str]]


def _markdown(source: str) -> Found:
    yield "", html.unescape(source)


def _narrative(source: str) -> Found:
    for number, cell in enumerate(re.split(r"^# %%", source, flags=re.MULTILINE)):
        if cell.startswith(" [markdown]"):
            yield f"cellule {number}", re.sub(r"^# ?", "", cell.split("\n", 1)[1], flags=re.MULTILINE)


def _toml(source: str) -> Found:
    yield from _strings(tomllib.loads(source), ())


def _phrases(source: str) -> Found:
    """What the programs say, in a table of its own."""
    yield from _toml(source)


def _json(source: str) -> Found:
    yield from _strings({"resources": json.loads(source)["resources"]}, (), only=("title", "description"))


def _strings(value: Any, place: tuple[str, ...], only: tuple[str, ...] = ()) -> Found:
    """The sentences of a tree, each with the keys that lead to it; with ``only``, those under these keys."""
    if isinstance(value, str):
        if (not only or place[-1] in only) and not _IDENTIFIER.fullmatch(value):
            yield ".".join(place), value
    elif isinstance(value, Mapping):
        inside = (*place, name) if isinstance(name := value.get("id", value.get("name")), str) else place
        for key, item in value.items():
            patterns = key == "erreurs" and isinstance(item, (dict, list))  # {answer = code}, [{motifs, code}]
            if key not in _NOT_PROSE and not patterns:
                yield from _strings(item, (*inside, key), only)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item, place, only)


def _rows(source: str) -> Found:
    """The columns that people read of the lexicon and of the bank of questions."""
    for row in csv.DictReader(source.splitlines(), delimiter=";"):
        for column in ("terme", "definition", "theme", "question", "options", "reponse", "raison"):
            if row.get(column):
                yield f"{row['id']}.{column}", row[column]


def _card_texts(source: str) -> Found:
    """Every string of the tables of texts; elsewhere, what looks French all the same."""
    tables = re.compile(r"^(?:export )?const T(?:EXTS)? = \{\n.*?^\};$", re.MULTILINE | re.DOTALL)
    for table in tables.findall(source):
        for line in table.splitlines():
            if not line.lstrip().startswith("//"):
                for text in re.findall(r'"((?:[^"\\]|\\.)*)"', line):
                    yield line.split(":")[0].strip(), text
    yield from _javascript(re.sub(r"^\s*(?://|/?\*).*", "", tables.sub("", source), flags=re.MULTILINE))


def _javascript(source: str) -> Found:
    for number, line in enumerate(source.splitlines(), start=1):
        for double, template in re.findall(r'"((?:[^"\\]|\\.)*)"|`([^`]*)`', line):
            text = re.sub(r"\$\{.*?\}", "{}", double or template)
            if _is_french(text):
                yield f"ligne {number}", text


def _page(source: str) -> Found:
    source = re.sub(r"<(style|script|pre|code)\b.*?</\1>|\{#.*?#\}|\{%.*?%\}", " ", source, flags=re.DOTALL)
    source = re.sub(r"<[^>]*>", "\n", re.sub(r"\{\{.*?\}\}", "{}", source, flags=re.DOTALL))
    for line in html.unescape(source).splitlines():
        if line.strip():
            yield "", line.strip()


def _python(source: str) -> Found:
    """The strings that look French: messages, and the docstrings that a person reads with ``--help``."""
    tree = ast.parse(source)
    told = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if _is_public(node)}
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):  # an expression comes before its pieces
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.value.value not in told:
            skipped.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            skipped.update(ast.walk(node))
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            if _is_french(text):
                yield f"ligne {node.lineno}", text
        elif isinstance(node, ast.Constant) and node not in skipped and _is_french(node.value):
            yield f"ligne {node.lineno}", str(node.value)


def _settings(source: str) -> Found:
    """The French lines of a configuration file."""
    for number, line in enumerate(source.splitlines(), start=1):
        if _is_french(line):
            yield f"ligne {number}", line


def _is_public(node: ast.AST) -> TypeGuard[ast.FunctionDef]:
    return isinstance(node, ast.FunctionDef) and bool(node.decorator_list or not node.name.startswith("_"))


def _is_french(text: object) -> bool:
    return isinstance(text, str) and " " in text and bool(_FRENCH.search(text)) and not _FOREIGN.search(text)


SOURCES: dict[str, Callable[[str], Found]] = {
    "notebooks/*/activite.py": _narrative,
    "notebooks/*/*.toml": _toml,
    "datasets/*.toml": _toml,
    "datasets/lexique.csv": _rows,
    "datasets/questions_flash.csv": _rows,
    "datasets/datapackage.json": _json,
    "docs/*.toml": _toml,
    "crc_lab/core/*.toml": _phrases,
    "docs/*.md": _markdown,
    "README.fr.md": _markdown,
    "crc_lab/notebook/js/**/*.js": _card_texts,
    "crc_lab/lab/labextension/crc-lab/static/*/*.js": _javascript,
    "crc_lab/lab/labconfig/templates/*.html": _page,
    "autograder/reports/templates/*.html": _page,
    "autograder/site/first/*.html": _page,
    "autograder/reports/templates/*.md": _page,
    "autograder/reports/templates/*.txt": _page,
    "autograder/*/*.toml": _toml,
    "autograder/gradebook/*.txt": _settings,
    "crc_lab/**/*.py": _python,
    "crc_lab_hub/templates/*.html": _page,
    "crc_lab_hub/*.py": _python,
    "crc_lab/excel/refus.toml": _toml,
    "autograder/**/*.py": _python,
    "crc.py": _python,
}
"""Where French is written (patterns of paths), and how each kind of file is read."""
