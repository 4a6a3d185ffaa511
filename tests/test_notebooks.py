"""Every built notebook runs from top to bottom, as a student's « Tout relancer » does (nbval, outputs not compared)."""

import os
import subprocess
import sys

from crc_lab.core.resources import activity_ids, workbook_root


def test_every_notebook_runs_without_an_error(tmp_path):
    folder = workbook_root() / "notebooks"
    notebooks = [str(folder / name / f"{name}.ipynb") for name in activity_ids()]
    # nbval is a pytest plugin: it needs a run of its own, away from this one's configuration
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(tmp_path),
         "--nbval-lax", *notebooks],
        capture_output=True, text=True, timeout=300, cwd=tmp_path, env={**os.environ, "MPLCONFIGDIR": str(tmp_path)},
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-3000:]
    assert "passed" in run.stdout
