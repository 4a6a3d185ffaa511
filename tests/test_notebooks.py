"""Every built notebook runs from top to bottom, as a student's « Tout relancer » does: nbval, outputs not compared.

One of them in a kernel of its own, under nbval; all of them in copies of one process, which loads the libraries once.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crc_lab.core.resources import activity_ids, workbook_root
from tests.notebook_runs import run_notebooks


def test_every_notebook_runs_without_an_error(tmp_path: Path) -> None:
    folder = workbook_root() / "notebooks"
    notebooks = [folder / name / f"{name}.ipynb" for name in activity_ids()]
    run_notebooks(notebooks, tmp_path, {**os.environ, "MPLCONFIGDIR": str(tmp_path)})


def test_a_notebook_runs_in_a_kernel_of_its_own(tmp_path: Path) -> None:
    name = activity_ids()[0]
    # nbval is a pytest plugin: it needs a run of its own, away from this one's configuration
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(tmp_path),
         "--nbval-lax", str(workbook_root() / "notebooks" / name / f"{name}.ipynb")],
        capture_output=True, text=True, timeout=300, cwd=tmp_path, env={**os.environ, "MPLCONFIGDIR": str(tmp_path)},
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-3000:]
    assert "passed" in run.stdout


def test_a_cell_in_error_is_told_with_its_notebook(tmp_path: Path) -> None:
    """The check can fail: an exception, a text that is not Python, in a notebook that is not the last."""
    for name, source in (("un", "1 / 0"), ("deux", "1 +"), ("trois", "1 + 1")):
        cells = [
            {"cell_type": "markdown", "id": "t", "source": "x"},
            {"cell_type": "code", "id": "c", "source": source},
        ]
        (tmp_path / f"{name}.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    notebooks = [tmp_path / f"{name}.ipynb" for name in ("un", "deux", "trois")]
    with pytest.raises(AssertionError) as caught:
        run_notebooks(notebooks, tmp_path, {**os.environ, "MPLCONFIGDIR": str(tmp_path)})
    assert all(word in str(caught.value) for word in ("un.ipynb", "ZeroDivisionError", "deux.ipynb", "SyntaxError"))
    assert "trois.ipynb" not in str(caught.value)
