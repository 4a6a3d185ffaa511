"""The checks that are not tests: style, format, types, and generated files that are up to date."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
JS = ROOT / "tools" / "js"

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


def test_the_javascript_is_well_typed_and_has_no_known_mistake() -> None:
    npm = shutil.which("npm")
    if npm is None:
        _without_tools("npm est absent ; sous Debian : apt-get install npm")
    mark, lock = JS / "node_modules" / ".package-lock.json", JS / "package-lock.json"
    if not mark.is_file() or mark.stat().st_mtime < lock.stat().st_mtime:
        install = [npm, "ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"]
        if (done := subprocess.run(install, cwd=JS, capture_output=True, text=True, encoding="utf-8")).returncode:
            _without_tools(f"npm ci : {done.stderr}")
        mark.touch()
    done = subprocess.run([npm, "run", "check"], cwd=JS, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def _without_tools(reason: str) -> None:
    if os.environ.get("CRC_NAVIGATEUR_OBLIGATOIRE") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def test_the_javascript_tools_come_from_whichever_registry_the_machine_uses() -> None:
    assert '"resolved"' not in (JS / "package-lock.json").read_text("utf-8")
