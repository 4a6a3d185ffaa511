"""Imports point one way: proved on the text of the files, then in a fresh interpreter."""

from __future__ import annotations

import ast
import graphlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent

# What each layer of crc_lab may import from crc_lab besides itself. A module that is not named here (the façade, the
# session behind the cards, data…) stands on top: it may import any of them, and none of them may import it.
BELOW: dict[str, set[str]] = {
    "errors": set(),
    "model": {"errors"},
    "text": {"errors", "model"},
    # how a short French text is read: typing mistakes, what is affirmed, what is denied
    "french": set(),
    "spelling": {"errors", "text"},
    "clauses": {"errors", "text", "french", "spelling"},
    "answers": {"errors", "model", "text"},
    "feedback": {"errors", "model", "text"},
    "tablefile": {"errors", "model"},
    "resources": {"errors"},
    "sheet": {"errors", "model"},
    "own_notebook": {"errors", "model", "sheet"},
    # the field's own rules (RFM grids, the postal form of an address): they know nothing of questions
    "rfm": {"errors", "model", "text", "answers"},
    "rnvp": {"errors", "model", "text", "answers"},
    "filters": {"errors", "model", "text", "answers"},
    "checks": {"errors", "model", "text", "answers", "rfm", "rnvp", "filters", "clauses", "spelling"},
    "grading": {"errors", "model", "text", "answers", "checks"},
    "bank_fields": {"errors", "model"},
    "law": {"errors"},
    "bank_rules": {"errors", "model", "text", "answers", "checks"},
    "bank": {"errors", "model", "answers", "checks", "bank_fields", "bank_rules", "law", "tablefile", "resources"},
    # adapters: they know answers, never scoring
    "tables": {"errors", "model", "text", "answers"},
    "excel": {"errors", "model", "text", "answers", "tables", "tablefile"},
    "ui": {"errors", "model", "text", "answers", "feedback", "tables", "excel", "sheet"},
}
CORE = {"model", "answers", "text", "checks", "grading", "sheet", "bank", "bank_fields", "feedback", "errors"}
CORE |= {"bank_rules", "law", "french", "spelling", "clauses"}
CORE |= {"tablefile", "resources", "own_notebook", "rfm", "rnvp", "filters"}
HEAVY = {"IPython", "ipywidgets", "anywidget", "pandas", "numpy", "matplotlib", "openpyxl", "nbformat"}
GRADEBOOK = {"nbgrader", "nbconvert", "sqlalchemy"}
"""What only the package that writes nbgrader's gradebook imports."""


class Import(NamedTuple):
    """One import statement: the module that holds it, what it names (dotted), and where."""

    importer: str
    target: str
    line: int
    at_start: bool  # executed when the module is imported: not in a function, not for type checking only


def module_name(root: Path, path: Path) -> str:
    """``crc_lab/checks/__init__.py`` -> ``crc_lab.checks``."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def statements(node: ast.AST, at_start: bool = True) -> Iterator[tuple[ast.stmt | ast.Call, bool]]:
    """Every import statement or call below ``node``, and whether it runs when the module is imported."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Import, ast.ImportFrom, ast.Call)):
            yield child, at_start
        lazy = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        typing_only = isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING")
        yield from statements(child, at_start and not lazy and not typing_only)


def imports(root: Path, package: str) -> Iterator[Import]:
    """Every import of a package, hidden ones (in functions, for type checking, by ``import_module``) included."""
    for path in sorted((root / package).rglob("*.py")):
        importer = module_name(root, path)
        here = importer.split(".") if path.name == "__init__.py" else importer.split(".")[:-1]
        for node, at_start in statements(ast.parse(path.read_text(encoding="utf-8"))):
            targets: list[str] = []
            if isinstance(node, ast.Import):
                targets = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = [*here[: len(here) - node.level + 1], node.module or ""] if node.level else [node.module or ""]
                start = ".".join(part for part in base if part)
                for alias in node.names:
                    inner = root.joinpath(*start.split("."), alias.name)
                    is_module = inner.with_suffix(".py").exists() or (inner / "__init__.py").exists()
                    targets.append(f"{start}.{alias.name}" if is_module else start)
            elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in (
                "import_module",
                "__import__",
            ):
                targets = [a.value for a in node.args[:1] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            for target in targets:
                yield Import(importer, target, node.lineno, at_start)


def layer(module: str) -> str:
    """``crc_lab.checks.rfm`` -> ``checks``; the façade itself is ``""``."""
    return [*module.split("."), ""][1]


def violations(root: Path) -> list[str]:
    """Every import of the tree under ``root`` that goes the wrong way, as a sentence."""
    found = []
    for one in imports(root, "crc_lab"):
        package, own, asked = one.target.split(".")[0], layer(one.importer), layer(one.target)
        if package == "autograder":
            found.append(f"{one.importer}:{one.line}: crc_lab must not import autograder")
        elif package == "crc_lab" and own in BELOW and asked != own and asked not in BELOW[own]:
            found.append(f"{one.importer}:{one.line}: {own} must not import {asked or 'the façade'}")
        elif package in HEAVY and own in CORE:
            found.append(f"{one.importer}:{one.line}: a core module must not import {package}")
    for one in [*imports(root, "crc_lab"), *imports(root, "autograder")]:
        package, inside = one.target.split(".")[0], f"{one.importer}.".startswith("autograder.gradebook.")
        if package in GRADEBOOK and not inside:
            found.append(f"{one.importer}:{one.line}: only autograder.gradebook imports {package}")
    return found


def test_every_import_points_the_right_way() -> None:
    assert violations(ROOT) == []


@pytest.mark.parametrize("package", ["crc_lab", "autograder"])
def test_no_module_imports_itself_through_others(package: str) -> None:
    graph: dict[str, set[str]] = {}
    for one in imports(ROOT, package):
        if one.at_start and one.target.split(".")[0] == package and one.target != one.importer:
            graph.setdefault(one.importer, set()).add(one.target)
    list(graphlib.TopologicalSorter(graph).static_order())  # raises CycleError, which names the cycle


def test_the_layers_named_here_exist() -> None:
    """A renamed module must not slip out of the table unseen."""
    present = {path.stem for path in (ROOT / "crc_lab").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert set(BELOW) - present == set()
    assert set(BELOW) >= CORE


BAD_TREES = {
    "a lower layer imports a higher one": ("crc_lab/model.py", "from crc_lab.grading import grade", "model must not"),
    "an import hidden in a function": ("crc_lab/text.py", "def f():\n    import crc_lab.answers", "text must not"),
    "a relative import": ("crc_lab/checks/rfm.py", "from .. import grading", "checks must not import grading"),
    "a relative import of a name": ("crc_lab/checks/rfm.py", "from ..bank import load", "checks must not import bank"),
    "a layer imports the façade": ("crc_lab/answers.py", "from crc_lab import charger", "the façade"),
    "an adapter knows scoring": ("crc_lab/ui/card.py", "from crc_lab.checks.rfm import x", "ui must not import checks"),
    "an import for types only": (
        "crc_lab/sheet.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from crc_lab import bank",
        "sheet must not import bank",
    ),
    "the student side imports the teacher side": ("crc_lab/session.py", "import autograder.marking", "autograder"),
    "pandas in the core": ("crc_lab/grading.py", "import pandas as pd", "must not import pandas"),
    "pandas in a check": ("crc_lab/checks/tables.py", "from pandas import DataFrame", "must not import pandas"),
    "pandas by import_module": ("crc_lab/sheet.py", "import importlib\nimportlib.import_module('pandas')", "pandas"),
    "nbgrader outside its adapter": ("autograder/marking.py", "from nbgrader.api import Gradebook", "nbgrader"),
    "a name that only starts like the adapter's": ("autograder/gradebooks.py", "import nbgrader", "nbgrader"),
    "SQLAlchemy outside its adapter": ("autograder/register/store.py", "import sqlalchemy as sa", "sqlalchemy"),
}


@pytest.mark.parametrize("case", BAD_TREES)
def test_the_checker_sees(case: str, tmp_path: Path) -> None:
    name, source, expected = BAD_TREES[case]
    for known in ("grading", "answers", "bank"):
        (tmp_path / "crc_lab" / "checks").mkdir(parents=True, exist_ok=True)
        (tmp_path / "crc_lab" / f"{known}.py").write_text("")
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(source)
    found = violations(tmp_path)
    assert len(found) == 1
    assert expected in found[0]


def test_the_checker_lets_honest_imports_pass(tmp_path: Path) -> None:
    for name, source in {
        "crc_lab/errors.py": "import difflib",
        "crc_lab/model.py": "from .errors import CrcError",
        "crc_lab/checks/base.py": "from crc_lab.checks import rfm\nfrom crc_lab.text import fold",
        "crc_lab/session.py": "from crc_lab import grading\nimport pandas",
        "crc_lab/tables.py": "import pandas",
        "autograder/gradebook/rows.py": "import nbgrader, sqlalchemy\nfrom crc_lab.grading import grade",
        "autograder/gradebook/__init__.py": "import nbgrader",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)
    assert violations(tmp_path) == []


def loaded_after(statement: str) -> set[str]:
    """The top-level packages that a fresh interpreter has loaded after ``statement``."""
    script = f"{statement}\nimport json, sys\nprint(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def test_grading_starts_without_any_heavy_library() -> None:
    modules = ", ".join(f"crc_lab.{name}" for name in sorted(CORE))
    assert loaded_after(f"import crc_lab, {modules}") & HEAVY == set()


def test_the_gradebook_is_light_until_it_is_used() -> None:
    assert loaded_after("from autograder import gradebook") & (HEAVY | GRADEBOOK) == set()


def test_the_facade_alone_loads_nothing_but_the_standard_library() -> None:
    foreign = loaded_after("import crc_lab") - loaded_after("pass") - set(sys.stdlib_module_names)
    assert foreign == {"crc_lab"}
