"""Run inside Pyodide when a site is made (``compile.mjs``): what a notebook's cards make Python read, compiled.

Compiling is most of what Python does until the first card. Only what is read by then is worth its weight: compiled
modules are half as heavy again as their sources.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
import zipimport
from contextlib import suppress
from importlib import _bootstrap_external, import_module, util
from pathlib import Path


def run(notebook: str) -> None:
    """Run every cell of a notebook of the workbook, as its page does."""
    from crc_lab.core.resources import workbook_root
    from crc_lab.notebook.alone import lay_out

    import_module("pyodide_kernel")  # which begins in silence: here, what it cannot do is told
    lay_out(f"{notebook}/{notebook}.ipynb", "{}")
    path = workbook_root() / "notebooks" / notebook / f"{notebook}.ipynb"
    names: dict[str, object] = {}
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            with suppress(Exception):  # what a cell says in its own place, where pandas is not
                exec("".join(cell["source"]), names)


def compiled(libraries: str) -> bytes:
    """The modules read so far, in a ZIP of ``stdlib/``, ``libraries/`` and ``program/``; ``libraries``: their ZIP."""
    stdlib, packages = (next(one for one in sys.path if one.endswith(end)) for end in (".zip", "/site-packages"))
    folders = {stdlib: "stdlib", libraries: "libraries", packages: "program"}
    zips = {folder: zipimport.zipimporter(folder) for folder in folders if folder.endswith(".zip")}
    specs = [getattr(module, "__spec__", None) for module in list(sys.modules.values())]
    read = {origin for spec in specs if spec and (origin := spec.origin) and origin.endswith(".py")}
    with zipfile.ZipFile(libraries) as archive:
        laid = set(archive.namelist())  # some of them are laid out among the packages
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for folder, place in folders.items():
            for origin in sorted(one for one in read if one.startswith(f"{folder}/")):
                source = zips[folder].get_data(origin) if folder in zips else Path(origin).read_bytes()
                code = compile(source, origin, "exec", dont_inherit=True)
                # Of the kind that is never compared with its source: nobody changes either.
                made = _bootstrap_external._code_to_hash_pyc(code, util.source_hash(source), False)  # type: ignore[attr-defined]
                name = origin.removeprefix(f"{folder}/")
                where = "libraries" if name in laid else place
                archive.writestr(zipfile.ZipInfo(f"{where}/{name}c", (1980, 1, 1, 0, 0, 0)), bytes(made))
    return packed.getvalue()
