"""Join the ES modules of ``js/`` into the scripts that anywidget asks for, and the sheets of ``css/`` into one.

The code of all the cards is one script, :func:`bundle`, which a page gets once; each card brings :func:`loader`, a few
lines that wait for it.

No bundler: each file of ``js/`` is a real ES module. The joiner orders those that an entry needs, gives each a scope of
its own, and refuses what it cannot join faithfully. It knows ``import { a, b } from "./x.js";``, ``import * as x``,
``export { a } from…``, and ``export`` before a declaration; no renaming, no default but the entry's.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Mapping
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

_HERE = Path(__file__).resolve().parent
_STYLE = """if (!document.getElementById("crc-lab-style")) {
  document.head.append(Object.assign(document.createElement("style"), { id: "crc-lab-style", textContent: %s }));
}
"""
_COMMENT = re.compile(r"/\*\*(?:[^*]|\*(?!/))*\*/[ \t]*|^[ \t]*//[^\n]*\n", re.MULTILINE)
_FROM = re.compile(
    r'^(?P<word>import|export)\s*(?:\{(?P<names>[^}]*)\}|\*\s*as\s+(?P<all>[\w$]+))\s*from\s*"(?P<file>\.[^"]*)";\n?',
    re.MULTILINE,
)
_DECLARED = re.compile(r"^export\s+(?=(?:(?:async\s+)?function\*?|class|const)\s+(?P<name>[\w$]+))", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


class AssetProblem(Exception):
    """Files that cannot be joined: a mistake of ours, found by the tests."""


class _Module(NamedTuple):
    text: str
    wants: dict[str, list[str]]
    gives: list[str]


CARDS = ("card", "handin", "lexique", "memoire", "parcours", "progress")
"""The modules whose ``card`` is one for anywidget."""
_LOADER = "loader.js"
_MAIN = "main.js"


@cache
def bundle() -> str:
    """The code of all the cards and their styles: a module that offers them to the page that runs it.

    The styles are put in the page once, with it. Given to anywidget (``_css``), they would be put there again by every
    card, and the browser would lay out the whole notebook each time.
    """
    imports = "".join(f'import * as {name} from "./{name}.js";\n' for name in CARDS)
    given = ", ".join(f"{name}: {name}.card" for name in CARDS)
    offered = f'import {{ offer }} from "./{_LOADER}";\nexport default offer("{version()}", {{ {given} }});\n'
    return _STYLE % json.dumps(style()) + join({**modules(), _MAIN: imports + offered}, _MAIN)


@cache
def loader(card: str) -> str:
    """The module of one card, which has the code of :func:`bundle` draw it, once that is in the page."""
    awaited = f'import {{ awaited }} from "./{_LOADER}";\nexport default awaited("{version()}", "{card}");\n'
    return join({**modules(), _MAIN: awaited}, _MAIN)


@cache
def version() -> str:
    """The name of this code: that of another one differs, and both may be in the same page."""
    return hashlib.sha256(json.dumps([dict(modules()), style()], sort_keys=True).encode()).hexdigest()[:16]


@cache
def modules() -> Mapping[str, str]:
    """The modules of ``js/``: {path from there: text}."""
    folder = _HERE / "js"
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.js")}


@cache
def style() -> str:
    """The sheets of ``css/``, in the order of their names."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((_HERE / "css").glob("*.css")))


def join(modules: Mapping[str, str], entry: str) -> str:
    """One module out of ``modules`` ({path: text}), those that ``entry`` needs, without their comments.

    Raises :class:`AssetProblem` for a missing file or name, and for an import or export of another form than those
    above; :class:`graphlib.CycleError` for modules that import each other.
    """
    read: dict[str, _Module] = {}
    todo = [entry]
    while todo:
        path = todo.pop()
        if path not in modules:
            raise AssetProblem(f"{path}: no such module")
        if path not in read:
            read[path] = _read(path, modules[path], path == entry)
            todo.extend(read[path].wants)
    for path, file, names in ((path, *want) for path, module in read.items() for want in module.wants.items()):
        if missing := set(names) - set(read[file].gives):
            raise AssetProblem(f"{path}: {file} exports no `{min(missing)}`")
    order = list(TopologicalSorter({path: module.wants for path, module in read.items()}).static_order())
    scopes = [
        f"const {_scope(path)} = (() => {{\n{read[path].text}return {{ {', '.join(read[path].gives)} }};\n}})();\n"
        for path in order[:-1]
    ]
    return "".join(f"// ---- {path}\n{text}" for path, text in zip(order, [*scopes, read[entry].text], strict=True))


def _scope(path: str) -> str:
    return "$" + re.sub(r"\W", "_", path.removesuffix(".js"))


def _read(path: str, text: str, is_entry: bool) -> _Module:
    wants: dict[str, list[str]] = {}
    gives: list[str] = []

    def link(found: re.Match[str]) -> str:
        file = posixpath.normpath(posixpath.join(posixpath.dirname(path), found["file"]))
        names = [name.strip() for name in (found["names"] or "").split(",") if name.strip()]
        if any(not re.fullmatch(r"[\w$]+", name) for name in names) or (found["all"] and found["word"] == "export"):
            return found[0]
        wants.setdefault(file, []).extend(names)
        if found["word"] == "export":
            gives.extend(names)
        return f"const {found['all'] or '{ ' + ', '.join(names) + ' }'} = {_scope(file)};\n"

    def declare(found: re.Match[str]) -> str:
        gives.append(found["name"])
        return ""

    text = _DECLARED.sub(declare, _FROM.sub(link, _COMMENT.sub("", text)))
    for left in _LEFT.finditer(text):
        if not (is_entry and left[0].startswith("export default ")):
            raise AssetProblem(f"{path}: cannot be joined: {left[0]}")
    return _Module(text, wants, gives)
