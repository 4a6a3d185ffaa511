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

# What each room of crc_lab may import from crc_lab besides itself. The façade stands on top: it loads each name on
# first use, and no room imports it. So does the command (``__main__``), which alone may reach the teacher side: by
# name, when it runs, and no further than BRIDGE.
BELOW: dict[str, set[str]] = {
    "core": set(),
    "reading": {"core"},
    "kinds": {"core"},
    "checks": {"core", "kinds", "reading"},
    "excel": {"core"},
    "notebook": {"core", "excel"},
    "lab": {"core"},
    # the case: the engine does not know it, the registry of checks names it
    "marielle": {"core", "kinds", "checks", "reading", "excel"},
}
# The same on the teacher side.
BELOW_TEACHER: dict[str, set[str]] = {
    "errors": set(),
    "intake": {"errors"},
    "identity": {"errors", "intake"},
    "homes": {"intake", "identity"},
    "marking": {"intake", "identity"},
    "register": {"errors", "intake", "marking"},
    "reports": {"intake", "identity", "marking"},
    "open_answers": {"errors", "intake", "marking", "reports"},
    "moodle": {"intake", "identity", "marking", "reports"},
    "gradebook": {"decisions", "errors", "intake", "identity", "marking", "reports"},
    "exemplars": {"errors"},
    "decisions": {"errors", "exemplars", "intake", "marking", "register", "reports"},
    "prepare": {"decisions", "exemplars", "intake", "identity", "marking", "reports", "gradebook"},
    "site": {"errors", "prepare"},
    "privacy": {"errors", "intake", "identity", "marking", "register", "reports", "open_answers", "gradebook"},
}
HUB = {"core", "lab"}
"""The rooms of crc_lab that the helper of a school's server stands on (``crc_lab_hub``, which nobody imports)."""
CORE = {"core", "reading", "checks"}
HEAVY = {"IPython", "ipywidgets", "anywidget", "pandas", "numpy", "matplotlib", "openpyxl", "nbformat"}
GRADEBOOK = {"nbgrader", "nbconvert", "sqlalchemy"}
"""What only the package that writes nbgrader's gradebook imports."""
BRIDGE = ("crc_lab.__main__", "autograder.cli")
"""Where the ``crc-lab`` command gets the teacher's commands, if they are installed."""


class Import(NamedTuple):
    """One import statement: the module that holds it, what it names (dotted), and where."""

    importer: str
    target: str
    line: int
    by_name: bool = False  # by ``import_module`` in a function: nothing is missing until it runs


def module_name(root: Path, path: Path) -> str:
    """``crc_lab/checks/__init__.py`` -> ``crc_lab.checks``."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(root: Path, package: str) -> Iterator[Import]:
    """Every import of a package, hidden ones (in functions, for type checking, by ``import_module``) included."""
    for path in sorted((root / package).rglob("*.py")):
        importer = module_name(root, path)
        here = importer.split(".") if path.name == "__init__.py" else importer.split(".")[:-1]
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = {id(node) for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) for node in ast.walk(one)}
        for node in ast.walk(tree):
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
                yield Import(importer, target, node.lineno, isinstance(node, ast.Call) and id(node) in inside)


def room(module: str) -> str:
    """``crc_lab.checks.texts`` -> ``checks``; the façade itself is ``""``."""
    return [*module.split("."), ""][1]


def violations(root: Path) -> list[str]:
    """Every import of the tree under ``root`` that goes the wrong way, as a sentence."""
    found = []
    for one in imports(root, "crc_lab_hub"):
        package, asked = one.target.split(".")[0], room(one.target)
        if package == "autograder" or (package == "crc_lab" and asked not in HUB) or package in HEAVY | GRADEBOOK:
            found.append(f"{one.importer}:{one.line}: crc_lab_hub must not import {one.target}")
    for one in [*imports(root, "crc_lab"), *imports(root, "autograder")]:
        side, package = one.importer.split(".")[0], one.target.split(".")[0]
        own, asked = room(one.importer), room(one.target)
        below = BELOW if side == "crc_lab" else BELOW_TEACHER
        where = f"{one.importer}:{one.line}:"
        told = package == side and own in below and asked != own
        bridge = (one.importer, one.target) == BRIDGE and one.by_name
        if package == "crc_lab_hub":
            found.append(f"{where} nobody imports crc_lab_hub")
        elif side == "crc_lab" and package == "autograder" and not bridge:
            found.append(f"{where} crc_lab must not import autograder")
        elif told and asked not in below[own] and (asked or side == "crc_lab"):
            found.append(f"{where} {own} must not import {asked or 'the façade'}")
        elif side == "crc_lab" and package in HEAVY and own in CORE:
            found.append(f"{where} {own} must not import {package}")
        elif package in GRADEBOOK and not f"{one.importer}.".startswith("autograder.gradebook."):
            found.append(f"{where} only autograder.gradebook imports {package}")
    return found


def test_every_import_points_the_right_way() -> None:
    assert violations(ROOT) == []


def circles(root: Path, package: str) -> None:
    """Raises CycleError, which names the modules, when one imports itself through others, hidden imports included."""
    found = [one for one in imports(root, package) if one.target != one.importer]
    modules = {one.importer for one in found}
    graph: dict[str, set[str]] = {name: set() for name in modules}
    for one in found:
        graph[one.importer] |= {one.target} & modules
    list(graphlib.TopologicalSorter(graph).static_order())


@pytest.mark.parametrize(
    ("root", "package"),
    [
        (ROOT, "crc_lab"),
        (ROOT, "crc_lab_hub"),
        (ROOT, "autograder"),
        (ROOT, "tools"),
        (ROOT / "benchmarks", "."),
        (ROOT, "tests"),
    ],
)
def test_no_module_imports_itself_through_others(root: Path, package: str) -> None:
    circles(root, package)


@pytest.mark.parametrize(
    "hidden", ["def f():\n    import p.one", "if TYPE_CHECKING:\n    from p import one", "from .one import x"]
)
def test_a_hidden_circle_is_seen(hidden: str, tmp_path: Path) -> None:
    for name, source in {"one": "from p.two import y", "two": "import p.three", "three": hidden}.items():
        (tmp_path / "p").mkdir(exist_ok=True)
        (tmp_path / "p" / f"{name}.py").write_text(source)
    with pytest.raises(graphlib.CycleError):
        circles(tmp_path, "p")


@pytest.mark.parametrize(("package", "below"), [("crc_lab", BELOW), ("autograder", BELOW_TEACHER)])
def test_the_rooms_named_here_exist_and_point_one_way(package: str, below: dict[str, set[str]]) -> None:
    """A renamed room must not slip out of the table unseen, and the table itself must have a bottom."""
    present = {path.stem for path in (ROOT / package).iterdir() if path.suffix == ".py" or path.is_dir()}
    assert set(below) - present == set()
    assert set().union(*below.values()) <= set(below)
    list(graphlib.TopologicalSorter(below).static_order())


BAD_TREES = {
    "a lower room imports a higher one": ("crc_lab/reading/x.py", "from crc_lab.notebook.y import z", "reading must"),
    "an import hidden in a function": ("crc_lab/core/x.py", "def f():\n    import crc_lab.excel.y", "core must not"),
    "a relative import": ("crc_lab/checks/x.py", "from ..notebook import session", "checks must not import notebook"),
    "a relative import of a name": ("crc_lab/core/x.py", "from ..excel.grid import y", "core must not import excel"),
    "a room imports the façade": ("crc_lab/core/x.py", "from crc_lab import charger", "the façade"),
    "the engine knows the case": ("crc_lab/notebook/x.py", "import crc_lab.marielle.rfm", "must not import marielle"),
    "an import for types only": (
        "crc_lab/core/x.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from crc_lab.lab import y",
        "core must not import lab",
    ),
    "the student side imports the teacher side": ("crc_lab/notebook/x.py", "import autograder.cli", "autograder"),
    "the command needs the teacher side to start": (
        "crc_lab/__main__.py",
        "import importlib\nimportlib.import_module('autograder.cli')",
        "must not import autograder",
    ),
    "the command imports the teacher side as any module": (
        "crc_lab/__main__.py",
        "def f():\n    from autograder.cli import commands",
        "must not import autograder",
    ),
    "the command goes further than the bridge": (
        "crc_lab/__main__.py",
        "def f():\n    import_module('autograder.correct.command')",
        "must not import autograder",
    ),
    "another module takes the bridge": (
        "crc_lab/lab/x.py",
        "def f():\n    import_module('autograder.cli')",
        "must not import autograder",
    ),
    "the server's helper imports the teacher side": (
        "crc_lab_hub/x.py",
        "import autograder.cli",
        "crc_lab_hub must not",
    ),
    "the server's helper imports cards": ("crc_lab_hub/x.py", "import crc_lab.notebook.y", "crc_lab_hub must not"),
    "a room imports the server's helper": ("crc_lab/lab/x.py", "import crc_lab_hub", "nobody imports"),
    "a room imports the command": ("crc_lab/lab/x.py", "from crc_lab.__main__ import main", "lab must not"),
    "pandas in the core": ("crc_lab/core/x.py", "import pandas as pd", "must not import pandas"),
    "pandas in a check": ("crc_lab/checks/x.py", "from pandas import DataFrame", "must not import pandas"),
    "pandas by import_module": ("crc_lab/core/x.py", "import importlib\nimportlib.import_module('pandas')", "pandas"),
    "nbgrader outside its adapter": ("autograder/marking/x.py", "from nbgrader.api import Gradebook", "nbgrader"),
    "a name that only starts like the adapter's": ("autograder/gradebooks.py", "import nbgrader", "nbgrader"),
    "SQLAlchemy outside its adapter": ("autograder/register/x.py", "import sqlalchemy as sa", "sqlalchemy"),
    "a teacher's room imports a higher one": ("autograder/intake/x.py", "from autograder.marking.y import z", "intake"),
}


@pytest.mark.parametrize("case", BAD_TREES)
def test_the_checker_sees(case: str, tmp_path: Path) -> None:
    name, source, expected = BAD_TREES[case]
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(source)
    found = violations(tmp_path)
    assert len(found) == 1
    assert expected in found[0]


def test_the_checker_lets_honest_imports_pass(tmp_path: Path) -> None:
    for name, source in {
        "crc_lab/core/errors.py": "import difflib",
        "crc_lab/core/model.py": "from .errors import CrcError",
        "crc_lab/checks/x.py": "from crc_lab.checks import texts\nfrom crc_lab.core.text import fold",
        "crc_lab/notebook/session.py": "from crc_lab.core import grading\nimport pandas",
        "autograder/gradebook/rows.py": "import nbgrader, sqlalchemy\nfrom crc_lab.core.grading import grade",
        "autograder/gradebook/__init__.py": "import nbgrader",
        "autograder/cli.py": "from crc_lab.__main__ import Command\nimport autograder.correct.command",
        "crc_lab/__main__.py": "def f():\n    return importlib.import_module('autograder.cli').commands()",
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
    names = sorted(module_name(ROOT, path) for room in CORE for path in (ROOT / "crc_lab" / room).glob("*.py"))
    modules = ", ".join(names)
    assert loaded_after(f"import crc_lab, {modules}") & HEAVY == set()


def test_the_gradebook_is_light_until_it_is_used() -> None:
    assert loaded_after("from autograder import gradebook") & (HEAVY | GRADEBOOK) == set()


def test_marking_a_class_loads_neither_a_reader_of_spreadsheets_nor_the_gradebook() -> None:
    assert loaded_after("import autograder.correct.command") & (HEAVY | GRADEBOOK) == set()


def test_the_facade_alone_loads_nothing_but_the_standard_library() -> None:
    foreign = loaded_after("import crc_lab") - loaded_after("pass") - set(sys.stdlib_module_names)
    assert foreign == {"crc_lab"}
