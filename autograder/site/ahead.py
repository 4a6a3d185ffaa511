"""Python ready sooner: begun with the page, the modules that it reads first already compiled, one file of libraries.

On a computer the server is there before the page. Here Python has to start too, and it does so in a worker made before
JupyterLab is drawn (``first/ahead.js``, ``kernel.js``, ``python.js``), while the page draws itself.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from autograder.site.lock import EMPTY
from autograder.site.parts import Parts, SiteProblem
from autograder.site.wheel import WORKBOOK, zipped

LIBRARIES = "bibliotheques.zip"
LATE = 150_000
"""Bytes: data of the workbook at least this heavy are asked for when Python first reads them."""
LAY = """\
def lay(libraries):
    import sys, zipfile
    packages = next(one for one in sys.path if one.endswith("/site-packages"))
    with zipfile.ZipFile(libraries) as archive:  # IPython reads files beside its modules
        archive.extractall(packages, [name for name in archive.namelist() if name.startswith("IPython/")])
    sys.path.append(libraries)
    return packages
lay
"""
"""From the ZIP of the libraries, what cannot be imported from it; the folder of Python's packages."""
BEGIN = """\
import contextlib
with contextlib.suppress(Exception):  # a cell that needs it will say what is wrong
    import pyodide_kernel
    from crc_lab import debut, explorer_rfm, figure, progression, question, rendre
    from crc_lab.notebook.alone import lay_out
"""
"""What every notebook imports."""
_FIRST = Path(__file__).with_name("first")
_MINUTES = 5


def unpacked(archive: bytes) -> dict[str, bytes]:
    """The files of a ZIP by name."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist() if not name.endswith("/")}


def libraries(wheels: Iterable[bytes]) -> dict[str, bytes]:
    """The files of all these wheels, for one ZIP that Python imports from; raises :class:`SiteProblem` when two bring
    different files of the same name."""
    found = dict.fromkeys(EMPTY, b"")
    for wheel in wheels:
        for name, content in unpacked(wheel).items():
            if name.endswith(".dist-info/RECORD"):
                continue
            if found.setdefault(name, content) != content:
                raise SiteProblem(name, "deux bibliothèques apportent ce fichier, et ce n’est pas le même.")
    return found


def compiled(parts: Parts, libraries_: bytes, program: bytes, notebooks: Iterable[str]) -> dict[str, dict[str, bytes]]:
    """The modules that Python reads for these notebooks, compiled: ``stdlib``, ``libraries`` and ``program``, by name.

    Empty without Node, which runs Pyodide here: the same site, slower to start. Raises :class:`SiteProblem`.
    """
    found: dict[str, dict[str, bytes]] = {"stdlib": {}, "libraries": {}, "program": {}}
    node = shutil.which("node")
    if node is None:
        print("Node n’est pas installé : le site sera le même, mais Python y démarrera moins vite.")
        return found
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / LIBRARIES).write_bytes(libraries_)
        (place / "program.whl").write_bytes(program)
        out = place / "compiled.zip"
        code = Path(__file__).with_name("compiling.py")
        given = [parts.pyodide, place / LIBRARIES, place / "program.whl", ",".join(notebooks), LAY, BEGIN, code, out]
        done = subprocess.run(
            [node, str(_FIRST / "compile.mjs"), *map(str, given)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60 * _MINUTES,
        )  # fmt: skip
        if done.returncode or not out.is_file():
            last = "\n".join(line[:200] for line in done.stdout.decode("utf-8", "replace").splitlines()[-8:])
            raise SiteProblem("Pyodide", f"les carnets n’ont pas pu y être ouverts :\n{last}")
        for name, content in unpacked(out.read_bytes()).items():
            kind, _, module = name.partition("/")
            found[kind][module] = content
    return found


def with_compiled(files: Mapping[str, bytes], modules: Mapping[str, bytes]) -> bytes:
    """A ZIP of these files, each of these modules in the place of its source."""
    return zipped({**{name: content for name, content in files.items() if f"{name}c" not in modules}, **modules})


def late(files: Mapping[str, bytes]) -> list[str]:
    """Those of the workbook's files that are not needed to begin."""
    return [name for name, content in files.items() if name.startswith(f"{WORKBOOK}/") and len(content) >= LATE]


def python_script(
    folder: Path, pyodide: str, lock: str, program: str, libraries_: str, later: Mapping[str, str]
) -> str:
    """The text of ``python.js`` for these files of ``folder``; ``later``: file by place among Python's packages."""
    names = (program, libraries_)
    parts = {
        "lock": lock,
        "libraries": libraries_,
        "program": program,
        "checks": {name: _integrity(folder / name) for name in names},
        "late": [[*place.rsplit("/", 1), file] for place, file in sorted(later.items())],
    }
    return _script("python.js", PYODIDE=pyodide, PARTS=json.dumps(parts), LAY=json.dumps(LAY))


def kernel_script(python: str, worker: str) -> str:
    """The text of ``kernel.js``; ``python``: the script beside it; ``worker``: the kernel's own, from there."""
    return _script("kernel.js", PYTHON=python, WORKER=worker, BEGIN=json.dumps(BEGIN))


def page_script(kernel: str, worker: str) -> str:
    """What the page of JupyterLab runs first; ``kernel``: ``kernel.js``, from there; ``worker``: the name of the
    file that JupyterLab would start."""
    return _script("ahead.js", AHEAD=json.dumps({"usual": worker, "ours": kernel}))


def heavy(folder: Path) -> list[str]:
    """The names of what Python needs from ``folder`` whatever is opened, the heaviest of a first visit: for the page
    that one reads before."""
    wanted = ("pyodide.asm-*.wasm", "pyodide.asm-*.js", "python_stdlib-*.zip", f"{Path(LIBRARIES).stem}-*.zip")
    return [path.name for pattern in wanted for path in folder.glob(pattern)]


def _script(template: str, **texts: str) -> str:
    script = (_FIRST / template).read_text("utf-8")
    for name, text in texts.items():
        script = script.replace(f"__{name}__", text)
    return script


def _integrity(path: Path) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()
