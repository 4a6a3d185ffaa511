"""What the readmes and guides say can be done, and is written as French is written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md")])
FRENCH = [page for page in PAGES if page.parent.name == "docs" or page.name == "README.fr.md"]
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
FRENCH_NAMES = [page.relative_to(ROOT).as_posix() for page in FRENCH]


def prose(name: str) -> str:
    """The text of a page without its code and its link targets."""
    text = (ROOT / name).read_text(encoding="utf-8")
    text = re.sub(r"(?ms)^ *```.*?^ *```$", "", text)
    return re.sub(r"`[^`\n]*`|\]\([^)]*\)", "x", text)


@pytest.mark.parametrize("name", NAMES)
def test_every_link_of_a_page_leads_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        assert re.match(r"https?://", target) or (ROOT / name).parent.joinpath(target).exists(), target


@pytest.mark.parametrize("name", FRENCH_NAMES)
def test_french_pages_have_their_apostrophes_and_no_break_spaces(name: str) -> None:
    text = prose(name)
    assert re.findall(r".{0,20}\w'\w.{0,20}", text) == []
    assert re.findall(r".{0,20} [:;?!»](?:\s.{0,20}|$)|.{0,20}« .{0,20}", text) == []


def test_continuous_integration_runs_the_command_that_the_readmes_give() -> None:
    script = ROOT / ".ci" / "run"
    assert script.read_text(encoding="utf-8").splitlines()[-1] == "python3 crc.py test"
    assert os.name == "nt" or os.access(script, os.X_OK)
    for readme in ("README.md", "README.fr.md"):
        assert "\npython3 crc.py test\n" in (ROOT / readme).read_text(encoding="utf-8")


def shown_commands() -> list[str]:
    """The commands that the pages show: ``ouvrir``, ``corriger``…"""
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    return sorted(set(re.findall(r"(?m)(?:crc\.py|(?:^|`)crc-lab) ([a-z]+)\b", text)) - {"test"})


@pytest.mark.parametrize("verb", shown_commands())
def test_every_command_that_a_page_shows_exists(verb: str) -> None:
    script = "import sys; from autograder.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", script, verb, "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
