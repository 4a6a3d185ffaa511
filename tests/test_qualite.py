"""The checks that are not tests: style, format, types, and generated files that are up to date."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

CHECKS = {
    "ruff finds nothing to say": ["-m", "ruff", "check", "--output-format=concise", "."],
    "every file is formatted": ["-m", "ruff", "format", "--check", "."],
    "mypy is satisfied": ["-m", "mypy"],
    "the notebooks are those of their sources": [
        "-c",
        "import sys; from autograder.cli import main; sys.exit(main())",
        "construire",
        "--check",
    ],
}


@pytest.mark.parametrize("check", CHECKS)
def test_quality(check: str) -> None:
    done = subprocess.run([sys.executable, *CHECKS[check]], cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, f"{check}: no.\n{done.stdout}\n{done.stderr}"
