"""Pyodide's list of packages (``pyodide-lock.json``), written from a folder of pure wheels.

With it, Python starts with everything it needs from the site itself: nothing is resolved at the start, no index is
asked, and what is not in the list does not exist.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterable
from email.parser import Parser
from pathlib import Path
from typing import Any

from autograder.site.parts import SiteProblem

ABSENT = frozenset({
    "jedi", "jupyterlab-widgets", "matplotlib-inline", "micropip", "parso", "pexpect", "psutil", "pytz",
    "typing-extensions",
})  # fmt: skip
"""What the wheels ask for and the browser goes without, or has by another name."""
EMPTY = ("piplite/__init__.py", "piplite/piplite.py")
"""What the kernel imports when it starts and that serves nothing here (installing packages: a second of its start):
modules with nothing in them."""
_REQUIRED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_OTHER = (
    "extra ==",
    "extra==",
    "python_version <",
    "python_full_version <",
    "win32",
    "linux",
    "darwin",
    "!= 'emscripten'",
    '!= "emscripten"',
)


def normal(name: str) -> str:
    """The name of a package as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def write_lock(folder: Path, listed: Iterable[str] | None = None) -> list[str]:
    """Write the list for the wheels of ``folder``, beside Pyodide's own file, which it replaces; their names.

    ``listed``: the names to have in it, where the others come by another way. Raises :class:`SiteProblem` when a
    wheel is not pure, or asks for another one that is neither there nor among those that the browser goes without.
    """
    path = folder / "pyodide-lock.json"
    lock = json.loads(path.read_text("utf-8"))
    wheels = {normal(wheel.name.split("-")[0]): wheel for wheel in sorted(folder.glob("*.whl"))}
    entries = {name: entry(wheel, wheels) for name, wheel in wheels.items()}
    kept = set(entries if listed is None else listed)
    lock["packages"] = {
        name: {**one, "depends": sorted(kept.intersection(one["depends"]))}
        for name, one in entries.items()
        if name in kept
    }
    path.write_text(json.dumps(lock, sort_keys=True), encoding="utf-8")
    return list(wheels)


def entry(wheel: Path, known: Iterable[str]) -> dict[str, Any]:
    """What the list says of one wheel."""
    if not wheel.name.endswith("-none-any.whl"):
        raise SiteProblem(wheel.name, "cette bibliothèque n’est pas en Python pur : le navigateur ne peut pas la lire.")
    with zipfile.ZipFile(wheel) as archive:
        files = archive.namelist()
        about = next(name for name in files if name.endswith(".dist-info/METADATA"))
        told = Parser().parsestr(archive.read(about).decode("utf-8"))
    names = set(known)
    asked = {normal(name) for name in _asked(told.get_all("Requires-Dist") or ())}
    if missing := sorted(asked - names - ABSENT):
        raise SiteProblem(wheel.name, f"il lui manque « {missing[0]} » : ajoutez-le à requirements/navigateur.lock.")
    modules = {name.split("/")[0].removesuffix(".py") for name in files if name.endswith(".py")}
    return {
        "name": told["Name"], "version": told["Version"], "file_name": wheel.name, "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(), "package_type": "package",
        "imports": sorted(one for one in modules if not one.endswith((".dist-info", ".data"))),
        "depends": sorted(asked & names), "unvendored_tests": False, "shared_library": False,
    }  # fmt: skip


def _asked(lines: Iterable[str]) -> Iterable[str]:
    """The names that a wheel needs whatever is asked of it, on the browser's machine."""
    for line in lines:
        name, _, marker = line.partition(";")
        found = _REQUIRED.match(name.strip())
        if found and not any(sign in marker for sign in _OTHER):
            yield found[0]
