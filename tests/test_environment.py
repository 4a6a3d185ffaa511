"""One list of dependencies: ``pyproject.toml``; the locks, the conda file and the imports agree with it."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OWN = {"crc_lab", "crc_lab_hub", "autograder", "crc", "tests", "tools"}


def requirements(lines: list[str]) -> dict[str, Requirement]:
    """Requirement strings, by canonical name."""
    return {canonicalize_name(one.name): one for one in map(Requirement, lines)}


STUDENT = requirements(PROJECT["project"]["dependencies"])
TEACHER = STUDENT | requirements(PROJECT["project"]["optional-dependencies"]["prof"])
AUTHOR = TEACHER | requirements(PROJECT["project"]["optional-dependencies"]["auteur"])
CHECKOUT = AUTHOR | requirements(PROJECT["dependency-groups"]["dev"])
LOCKS = {"eleve.lock": STUDENT, "prof.lock": TEACHER, "dev.lock": CHECKOUT, "amorce.lock": {"uv": CHECKOUT["uv"]}}


def locked(lock: str) -> dict[str, set[str]]:
    """The pins of a lock: name -> {"version ; marker"}."""
    pins: dict[str, set[str]] = {}
    for line in (ROOT / "requirements" / lock).read_text(encoding="utf-8").splitlines():
        if found := re.match(r"([a-z0-9.-]+)==(.+?) \\$", line):
            pins.setdefault(found[1], set()).add(found[2])
    return pins


@pytest.mark.parametrize("lock", LOCKS)
def test_each_lock_pins_what_the_project_asks_for(lock: str) -> None:
    pins = locked(lock)
    for name, requirement in LOCKS[lock].items():
        assert name in pins, f"{lock}: {name} is missing: run requirements/actualiser.py"
        for pin in pins[name]:
            assert requirement.specifier.contains(pin.split(" ;")[0]), f"{lock}: {name} {pin}"


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_a_machine_and_every_pin_has_its_hashes(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^#.*\n", "", text).strip())
    assert all("--hash=sha256:" in entry for entry in entries)
    assert len(entries) == sum(len(pins) for pins in locked(lock).values())


@pytest.mark.parametrize("lock", ["eleve.lock", "prof.lock", "amorce.lock"])
def test_all_locks_choose_the_same_versions(lock: str) -> None:
    everything = locked("dev.lock")
    versions = {name: {pin.split(" ;")[0] for pin in pins} for name, pins in everything.items()}
    for name, pins in locked(lock).items():
        assert {pin.split(" ;")[0] for pin in pins} <= versions[name]


def test_what_only_an_author_needs_is_not_installed_for_a_teacher() -> None:
    assert not {"scikit-learn", "scipy"} & set(locked("prof.lock"))
    learning = {path for module, path in third_party_imports("autograder").items() if module in {"scipy", "sklearn"}}
    assert {Path(path).parent.as_posix() for path in learning} == {"autograder/exemplars"}


def test_the_conda_file_asks_for_what_the_project_asks_for() -> None:
    content = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    conda = [one for one in content["dependencies"] if isinstance(one, str)]
    (by_pip,) = [one["pip"] for one in content["dependencies"] if isinstance(one, dict)]
    assert by_pip == ["--editable .[prof]"]  # what conda does not have (the French language pack, FSRS) comes with it
    listed = {name: str(one.specifier) for name, one in requirements(conda).items()}
    assert listed.pop("python") == PROJECT["project"]["requires-python"]
    assert listed.pop("pip") == ""
    expected = {name: str(one.specifier) for name, one in AUTHOR.items()}
    expected |= {name: str(CHECKOUT[name].specifier) for name in ("pytest", "nbval")}
    del expected["jupyterlab-language-pack-fr-fr"], expected["fsrs"]
    assert listed == expected


# Part of what a declared library offers: nobody has the one without the other.
COMES_WITH = {
    "IPython": "ipywidgets",
    "dateutil": "pandas",
    "json5": "jupyterlab",
    "jupyter_core": "jupyterlab",
    "markupsafe": "jinja2",
    "numpy": "pandas",
    "scipy": "scikit-learn",
    "tornado": "jupyterlab",
    "traitlets": "ipywidgets",
}


def third_party_imports(folder: str) -> dict[str, str]:
    """The foreign top-level packages that the files of a folder import, each with one of its files."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in names:
                found.setdefault(name.split(".")[0], str(path.relative_to(ROOT)))
    local = {path.stem for path in (ROOT / folder).rglob("*.py")}
    return {name: path for name, path in found.items() if name not in sys.stdlib_module_names | OWN | local}


@pytest.mark.parametrize(
    ("folder", "declared"),
    [("crc_lab", STUDENT), ("crc_lab_hub", STUDENT), ("autograder", AUTHOR), ("tests", CHECKOUT)],
)
def test_every_imported_library_is_declared(folder: str, declared: dict[str, Requirement]) -> None:
    """What happens to be installed because something else needs it must not be relied on."""
    owners = importlib.metadata.packages_distributions()
    for module, path in third_party_imports(folder).items():
        names = {canonicalize_name(name) for name in owners.get(module, [])} | {COMES_WITH.get(module, "")}
        assert names & set(declared), f"{path}: {module} is not declared"
