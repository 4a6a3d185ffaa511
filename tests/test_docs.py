"""What the readmes and guides say can be done."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md")])
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]


@pytest.mark.parametrize("name", NAMES)
def test_every_link_of_a_page_leads_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        assert re.match(r"https?://", target) or (ROOT / name).parent.joinpath(target).exists(), target


def test_continuous_integration_runs_the_command_that_the_readmes_give() -> None:
    script = ROOT / ".ci" / "run"
    assert script.read_text(encoding="utf-8").splitlines()[-1] == "python3 crc.py test"
    assert os.name == "nt" or os.access(script, os.X_OK)
    for readme in ("README.md", "README.fr.md"):
        assert "\npython3 crc.py test\n" in (ROOT / readme).read_text(encoding="utf-8")


def shown_commands() -> list[str]:
    """The commands that the pages show: ``ouvrir``, ``corriger``…"""
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    return sorted(set(re.findall(r"(?m)(?:crc\.py|(?:^|`)crc-lab) ([a-z]+(?:-[a-z]+)?)\b", text)) - {"test"})


@pytest.mark.parametrize("verb", shown_commands())
def test_every_command_that_a_page_shows_exists(verb: str) -> None:
    script = "import sys; from autograder.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", script, verb, "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
