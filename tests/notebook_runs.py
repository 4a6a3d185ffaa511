"""Notebooks run from top to bottom, as a student's « Tout relancer » does: every cell, in IPython, in their folder.

One process loads the libraries, then each notebook has a copy of it (a fork) for itself. A kernel of its own for each
would load them all again; those are started by the browser tests, which show the same notebooks.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

_RUN = """
import json, os, sys, traceback
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell
import crc_lab

[getattr(crc_lab, name) for name in crc_lab.__all__]

def failing(path):
    os.chdir(path.parent)
    shell, found = InteractiveShell.instance(), []
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            done = shell.run_cell("".join(cell["source"]), store_history=True)
            if not done.success:
                found.append((cell["id"], repr(done.error_before_exec or done.error_in_exec)))
    return found

wrong = 0
for path in map(Path, sys.argv[1:]):
    if not (child := os.fork()):
        try:
            found = failing(path)
        except BaseException:
            found = traceback.format_exc()
        if found:
            print(path.name, found, file=sys.stderr, flush=True)
        sys.stdout.flush()
        os._exit(bool(found))
    wrong += os.waitpid(child, 0)[1] != 0
sys.exit(wrong)
"""


def run_notebooks(paths: Sequence[Path], place: Path, environment: Mapping[str, str]) -> None:
    """Run them, with these variables of the environment, started from the folder ``place``; fails with the cells in
    error."""
    if not hasattr(os, "fork"):
        pytest.skip("no fork here")
    done = subprocess.run(
        [sys.executable, "-P", "-c", _RUN, *map(str, paths)],
        capture_output=True, text=True, encoding="utf-8", timeout=300, cwd=place,
        env={**environment, "MPLBACKEND": "module://matplotlib_inline.backend_inline"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
