"""Join the ES modules of ``js/`` into the one script that anywidget asks for, and the sheets of ``css/`` into one.

No bundler: each file of ``js/`` is a real ES module whose local imports are ``import { a, b } from "./x.js";`` (no
renaming, no default), with declarations at the start of the line. The joiner orders the files so that each comes after
those it imports, drops the local imports and the word ``export``, and refuses what it cannot join faithfully.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_IMPORT = re.compile(
    r'^import\s*(?P<names>\{[^}]*\}|[^;"\']*?)\s*(?:from\s*)?["\'](?P<file>[^"\']+)["\'];?[ \t]*\n?', re.MULTILINE
)
_DECLARATION = re.compile(
    r"^(?P<export>export\s+)?(?:async\s+)?(?:function\*?|class|const|let|var)\s+(?P<name>[\w$]+|[\[{])", re.MULTILINE
)
STYLE_ID = "crc-lab-style"
_STYLE = """if (!document.getElementById("%s")) {
  document.head.append(Object.assign(document.createElement("style"), { id: "%s", textContent: %s }));
}
"""
_EXPORT = re.compile(r"^export\s+(?P<what>default\b|[{*]|)", re.MULTILINE)


class AssetProblem(Exception):
    """Files that cannot be joined: a mistake of ours, found by the tests."""


@cache
def script(entry: str) -> str:
    """The script that starts at ``js/<entry>``, with every module it needs, the styles, and nothing else.

    The styles are put in the page by the first card. Given to anywidget (``_css``), they would be put there again by
    every card, and the browser would lay out the whole notebook each time.
    """
    modules = {path.name: path.read_text(encoding="utf-8") for path in sorted((_HERE / "js").glob("*.js"))}
    return f"{_STYLE % (STYLE_ID, STYLE_ID, json.dumps(style()))}{join(modules, entry)}"


@cache
def style() -> str:
    """The sheets of ``css/``, in the order of their names."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((_HERE / "css").glob("*.css")))


def join(modules: Mapping[str, str], entry: str) -> str:
    """One module out of ``modules`` ({file name: text}), those that ``entry`` needs.

    Only ``entry`` may have an ``export default``; its other exports and those of the other files become plain
    declarations. Raises :class:`AssetProblem` for a missing file or name, a cycle, a name declared in two files, and an
    import or export of another form than those above.
    """
    needs: dict[str, dict[str, tuple[str, ...]]] = {}
    todo = [entry]
    while todo:
        name = todo.pop()
        if name in needs:
            continue
        if name not in modules:
            raise AssetProblem(f"{name}: no such module")
        needs[name] = _imports(name, modules[name])
        todo.extend(needs[name])
    declared = {name: _declarations(name, modules[name]) for name in needs}
    _check_names(needs, declared)
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        raise AssetProblem(f"modules import each other: {' -> '.join(error.args[1])}") from None
    return "\n".join(f"// ---- {name}\n{_stripped(name, modules[name], entry)}" for name in order)


def _imports(name: str, text: str) -> dict[str, tuple[str, ...]]:
    """What a module imports: {file: names}."""
    found: dict[str, tuple[str, ...]] = {}
    for match in _IMPORT.finditer(text):
        names, file = match["names"], match["file"]
        if not file.startswith("./") or not names.startswith("{") or " as " in names:
            raise AssetProblem(f'{name}: only `import {{ a, b }} from "./x.js"` can be joined, not: {match[0].strip()}')
        wanted = tuple(item.strip() for item in names.strip("{}").split(",") if item.strip())
        found[file[2:]] = found.get(file[2:], ()) + wanted
    return found


def _declarations(name: str, text: str) -> dict[str, bool]:
    """The names declared at the top of a module: {name: exported}."""
    found: dict[str, bool] = {}
    for match in _DECLARATION.finditer(text):
        if match["name"] in "[{":
            raise AssetProblem(f"{name}: a declaration at the top must have a name of its own, not: {match[0]}")
        found[match["name"]] = bool(match["export"])
    return found


def _check_names(
    needs: Mapping[str, Mapping[str, tuple[str, ...]]], declared: Mapping[str, Mapping[str, bool]]
) -> None:
    owners: dict[str, str] = {}
    for name, names in declared.items():
        for item in names:
            if item in owners:
                raise AssetProblem(f"`{item}` is declared in both {owners[item]} and {name}")
            owners[item] = name
    for name, imports in needs.items():
        for file, wanted in imports.items():
            for item in wanted:
                if not declared[file].get(item):
                    raise AssetProblem(f"{name}: {file} exports no `{item}`")


def _stripped(name: str, text: str, entry: str) -> str:
    for match in _EXPORT.finditer(text):
        if match["what"] in ("{", "*") or (match["what"] == "default" and name != entry):
            raise AssetProblem(f"{name}: this form of export cannot be joined")
    without = _IMPORT.sub("", text)
    return re.sub(r"^export\s+(?!default\b)", "", without, flags=re.MULTILINE)
