"""The plugin in a JupyterLab that is not the workbook's: what lies beside a notebook could run there; nothing does."""

from __future__ import annotations

import json
import os
import py_compile
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crc_lab.lab import open_lab
from tests.e2e.conftest import STAND_IN

CELLS = ['from crc_lab import debut, question\ndebut("00_accueil")', 'question("A0-Q1")']


@pytest.fixture
def plain_lab(atelier, tmp_path, monkeypatch, attendre):
    """The address of the person's own JupyterLab, which has the plugin as pip installs it and no setting of ours."""
    home, data = tmp_path / "personne", tmp_path / "partage"
    home.mkdir()
    shutil.copytree(Path(open_lab.__file__).parent / "labextension" / "crc-lab", data / "labextensions" / "crc-lab")
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_PATH", "PYTHONSAFEPATH", "IPYTHONDIR"):
        monkeypatch.delenv(name, raising=False)
    given = {"HOME": home, "JUPYTER_PATH": data, "JUPYTER_RUNTIME_DIR": tmp_path / "execution", "PYTHONPATH": STAND_IN}
    for name, value in given.items():
        monkeypatch.setenv(name, str(value))
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    options = [
        "--no-browser",
        "--ServerApp.port=0",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.root_dir={atelier.dossier}",
    ]

    def address() -> str:
        for path in (tmp_path / "execution").glob("jpserver-*.json"):
            try:
                info = json.loads(path.read_text("utf-8"))
            except ValueError:  # it is being written
                return ""
            return f"http://127.0.0.1:{info['port']}/lab/tree/00_accueil/essai.ipynb?token={info['token']}"
        return ""

    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, "-m", "jupyterlab", *options, *root], cwd=home, **quiet) as process:
        try:
            yield attendre(address, "le serveur", 60)
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:  # that JupyterLab may take for ever to shut its kernels down
                process.kill()


def test_nothing_runs_by_itself_in_a_plain_jupyterlab(atelier, plain_lab, page, page_problems):
    carnet = atelier.carnet("00_accueil/essai.ipynb", CELLS)
    hostile = f"open({str(carnet.with_name('pwned'))!r}, 'w').close()\n"
    for name in ("crc_lab.py", "sitecustomize.py", "anywidget.py"):
        carnet.with_name(name).write_text(hostile, encoding="utf-8")
    for shown in (True, False):
        page.goto(plain_lab)
        page.get_by_text("Rien n’a été lancé").first.wait_for(timeout=60_000)
        assert page.locator(".essai").count() == 0
        assert not carnet.with_name("pwned").exists()
        if shown:  # then compiled: Jupyter does not list these files, and the plugin cannot see them
            for name in ("crc_lab", "sitecustomize", "anywidget"):
                source = carnet.with_name(f"{name}.py")
                py_compile.compile(str(source), cfile=str(source.with_suffix(".pyc")))
                source.unlink()
    page_problems.clear()  # that JupyterLab's own
