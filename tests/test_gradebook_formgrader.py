"""« crc-lab formgrader » opens nbgrader's own page on a prepared folder, on this machine only, and stops cleanly."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.gradebook import formgrader
from tests.gradebook_course import ACTIVITY, environment, fresh_course


def test_what_is_no_prepared_folder_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["formgrader", str(tmp_path)]) == 1
    assert "ne contient pas de cours nbgrader. Donnez le dossier fait par" in capsys.readouterr().err
    assert main(["formgrader", str(tmp_path / "rien")]) == 2
    assert "Introuvable" in capsys.readouterr().err


def test_without_nbgrader_its_name_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(formgrader.importlib.util, "find_spec", lambda _: None)
    assert main(["formgrader", str(tmp_path)]) == 1
    assert "Il manque nbgrader" in capsys.readouterr().err


def test_a_port_that_is_taken_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    prepared = fresh_course(tmp_path).parent
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert main(["formgrader", str(prepared), "--port", str(port), "--sans-navigateur"]) == 1
    assert f"Le port {port} est déjà pris" in capsys.readouterr().err


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command, running, and the address that it says."""
    prepared, home = fresh_course(tmp_path).parent, tmp_path / "maison"
    home.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    child = subprocess.Popen(
        [sys.executable, "-m", "crc_lab", "formgrader", str(prepared), "--port", port, "--sans-navigateur"],
        cwd=tmp_path,
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert child.stdout is not None
        said = ""
        for line in child.stdout:
            said += line
            if found := re.search(r"http://127\.0\.0\.1:\S+", line):
                break
        else:
            pytest.fail(said)
        yield child, found[0]
    finally:
        child.kill()
        child.communicate(timeout=30)


def browser() -> urllib.request.OpenerDirector:
    """A new one, with its cookies; no proxy, for the server is on this machine."""
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(), urllib.request.ProxyHandler({}))


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C cannot be sent to one process there")
def test_the_page_shows_the_course_and_ctrl_c_closes_it(opened: tuple[subprocess.Popen[str], str]):
    child, address = opened
    with browser().open(address, timeout=60) as page:
        assert page.url.endswith(("/formgrader", "/formgrader/", "/formgrader/manage_assignments"))
        assert "formgrader" in page.read().decode()
    root, token = address.split("?token=")
    with browser().open(f"{root}formgrader/api/assignments?token={token}", timeout=60) as answer:
        assert [one["name"] for one in json.load(answer)] == [ACTIVITY]
    with browser().open(f"{root}formgrader/api/assignments", timeout=60) as answer:
        assert "/login" in answer.url, "not without the token"
    os.kill(child.pid, signal.SIGINT)
    said = child.communicate(timeout=60)[0].replace("\u00a0", " ")
    assert child.returncode == 0
    assert "Le formgrader est fermé. Pour y revenir : crc-lab formgrader" in said
    with pytest.raises(urllib.error.URLError, match="refused"):
        browser().open(root, timeout=5)
