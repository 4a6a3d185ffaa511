"""``crc_lab_hub.configurer`` on a configuration alone: what it sets, keeps and refuses; who the workbook is made for.

The same on a real JupyterHub: ``tests/test_hub_real.py``.
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
import pytest
from traitlets.config import Config

import crc_lab_hub
from crc_lab.core.errors import CrcError
from crc_lab.lab import workbook_copy
from crc_lab.lab.open_lab import LabServer
from crc_lab_hub import configurer, settings
from crc_lab_hub.settings import SUBJECTS, WORKBOOK, Unprepared
from tests.sample_copies import archive, copy

ROOT = Path(crc_lab_hub.__file__).resolve().parent
TEMPLATES = sorted((ROOT / "templates").glob("*.html"))
SUBJECT = {"06_scorer/06_scorer.ipynb": copy(answers={}), "06_scorer/exercices.toml": b'edition = "evaluation"\n'}
posix = pytest.mark.skipif(os.name == "nt", reason="JupyterHub runs on Linux")


def spawner(config: Config, name: str) -> Any:
    """The server of somebody, as JupyterHub makes it from the configuration."""
    return SimpleNamespace(user=SimpleNamespace(name=name), **{key: config.Spawner[key] for key in (
        "environment", "notebook_dir", "default_url", "args")})  # fmt: skip


def start(config: Config, name: str) -> Any:
    one = spawner(config, name)
    asyncio.run(config.Spawner.pre_spawn_hook(one))
    return one


@pytest.fixture(autouse=True)
def ordinary(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests may run as root; a hub with a folder of its own may not."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)


@pytest.fixture
def config() -> Config:
    """An empty configuration, but for this checkout, which another one may be installed beside."""
    config = Config()
    config.Spawner.environment = {"PYTHONPATH": str(ROOT.parent)}
    return config


@pytest.fixture
def keyless(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands for an environment where the student's program alone is installed."""
    program = settings._Program(Path(sys.executable), Path(crc_lab_hub.__file__).parents[1] / "crc_lab" / "lab", False)
    monkeypatch.setattr(settings._Program, "of", lambda _: program)
    return program.python


def test_a_server_starts_jupyterlab_as_ouvrir_does(config: Config, tmp_path: Path):
    configurer(config, tmp_path)
    given = dict(one.removeprefix("--").split("=", 1) for one in config.Spawner.args if "=" in one)
    ours = LabServer(tmp_path)
    same = {"LabApp.app_settings_dir", "LabApp.extension_manager", "ServerApp.terminals_enabled",
            "ServerApp.extra_template_paths"}  # fmt: skip
    command = dict(one.removeprefix("--").split("=", 1) for one in ours.command() if "=" in one)
    assert {name: given[name] for name in same} == {name: command[name] for name in same}
    variables = ours.environment()
    for name in ("JUPYTER_CONFIG_PATH", "PYTHONSAFEPATH"):
        assert config.Spawner.environment[name] == variables[name]
    assert config.Spawner.environment["JUPYTER_PATH"] == variables["JUPYTER_PATH"].split(os.pathsep)[0]
    assert config.Spawner.default_url == "/lab/tree/00_accueil/00_accueil.ipynb"
    assert config.Spawner.notebook_dir == "~/cahier-crc"
    assert config.SimpleLocalProcessSpawner.home_dir_template == str(tmp_path / "{username}")


def test_what_the_administrator_says_is_kept(config: Config, tmp_path: Path):
    config.JupyterHub.spawner_class = "systemd"
    config.Spawner.default_url = "/lab"
    config.Spawner.http_timeout = 20
    config.Spawner.environment = {"JUPYTER_PATH": "/a/moi", "LANG": "fr_FR.UTF-8"}
    config.JupyterHub.template_paths = ["/etc/pages"]
    configurer(config, tmp_path, moodle="https://moodle.lycee.example/", client="abc")
    assert config.JupyterHub.spawner_class == "systemd"
    assert (config.Spawner.default_url, config.Spawner.http_timeout, config.Spawner.start_timeout) == ("/lab", 20, 180)
    assert config.Spawner.environment["JUPYTER_PATH"] == "/a/moi"
    assert config.Spawner.environment["LANG"] == "fr_FR.UTF-8"
    assert config.JupyterHub.template_paths == [str(ROOT / "templates"), "/etc/pages"]


def test_moodle_gives_its_five_addresses_from_one(config: Config, tmp_path: Path):
    configurer(config, tmp_path, moodle="https://moodle.lycee.example/", client="abc")
    found = config.LTI13Authenticator
    assert found.issuer == "https://moodle.lycee.example"
    assert found.authorize_url == "https://moodle.lycee.example/mod/lti/auth.php"
    assert found.jwks_endpoint == "https://moodle.lycee.example/mod/lti/certs.php"
    assert (found.client_id, found.username_key) == (["abc"], "custom_login")
    with pytest.raises(CrcError, match="donnez aussi « client »"):
        configurer(Config(), tmp_path, moodle="https://moodle.lycee.example")


@posix
def test_each_start_brings_the_workbook_up_to_date_and_touches_no_answer(config: Config, tmp_path: Path):
    configurer(config, tmp_path)
    start(config, "igarnier")
    notebook = tmp_path / "igarnier" / WORKBOOK / "06_scorer" / "06_scorer.ipynb"
    questions = notebook.with_name("exercices.toml")
    assert (tmp_path / "igarnier").stat().st_mode & 0o077 == 0
    notebook.write_bytes(copy())
    questions.unlink()
    start(config, "igarnier")
    assert notebook.read_bytes() == copy()
    assert questions.is_file()


@posix
def test_what_prevents_it_is_told_in_french_on_the_page(config: Config, tmp_path: Path):
    configurer(config, tmp_path)
    (tmp_path / "lou").mkdir()
    (tmp_path / "lou" / WORKBOOK).write_text("un fichier", encoding="utf-8")
    with pytest.raises(Unprepared) as raised:
        start(config, "lou")
    assert "est un fichier, à la place d’un dossier" in raised.value.jupyterhub_message
    for name in ("..", "a/b", ".ssh", "", "é" * 200):
        with pytest.raises(Unprepared, match="nom de compte"):
            start(config, name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lou"]
    configurer(other := Config())
    with pytest.raises(Unprepared, match="n’a pas de dossier sur le serveur"):
        start(other, "personne-de-ce-nom")


@posix
def test_in_a_home_of_the_system_everything_is_done_as_its_owner(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A student may have put a link anywhere: what writes there has the student's rights, not those of the hub."""
    import pwd

    known = SimpleNamespace(pw_dir=str(tmp_path / "ines"), pw_uid=4242, pw_gid=4343)
    monkeypatch.setattr(pwd, "getpwnam", lambda _: known)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    seen: dict[str, Any] = {}

    async def run(*command: str, **given: Any) -> Any:
        seen.update(given, command=command)

        async def communicate() -> tuple[bytes, bytes]:
            return b"", b""

        return SimpleNamespace(communicate=communicate, returncode=0)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", run)
    configurer(config)
    start(config, "ines")
    assert (seen["user"], seen["group"], seen["extra_groups"], seen["cwd"]) == (4242, 4343, [], "/")
    assert seen["command"][1:] == ("-P", "-m", "crc_lab.lab.workbook_copy", str(tmp_path / "ines" / WORKBOOK))
    assert set(seen["env"]) == {"PATH", "PYTHONPATH", "PYTHONIOENCODING"}
    seen.clear()
    monkeypatch.setattr(os, "geteuid", lambda: 1000)  # a hub without rights starts servers of its own user only
    start(config, "ines")
    assert seen["command"]
    assert "user" not in seen


def test_students_are_never_administrators_of_the_system_unless_it_is_asked_for(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    with pytest.raises(CrcError, match="les élèves auraient tous les droits"):
        configurer(config, tmp_path)
    configurer(config, tmp_path, essai=True)
    assert "--allow-root" in config.Spawner.args
    configurer(other := Config())
    assert "--allow-root" not in other.Spawner.args


def test_teachers_have_all_of_jupyterlab_and_the_formgrader_on_their_prepared_folder(config: Config, tmp_path: Path):
    configurer(config, tmp_path, professeurs=["prof"])
    before = start(config, "prof")
    assert before.cmd == [sys.executable, "-P", "-m", "jupyterhub.singleuser"]
    assert before.default_url == "/lab"
    course = tmp_path / "prof" / "evaluation" / "nbgrader"
    course.mkdir(parents=True)
    (course / "nbgrader_config.py").write_text("", encoding="utf-8")
    after = start(config, "prof")
    assert after.default_url == "/formgrader"
    paths = [Path(one) for one in after.environment["JUPYTER_CONFIG_PATH"].split(os.pathsep)]
    assert paths[0] == course
    hidden = (paths[1] / "jupyter_server_config.d" / "crc-lab.json").read_text("utf-8")
    assert '"nbgrader.server_extensions.formgrader": true' in hidden
    (folder,) = (one.split("=", 1)[1] for one in after.args if "app_settings_dir" in one)
    assert not (Path(folder) / "page_config.json").exists()
    assert "fr_FR" in (Path(folder) / "overrides.json5").read_text("utf-8")
    assert not (tmp_path / "prof" / WORKBOOK).exists()
    assert spawner(config, "ines").environment["JUPYTER_CONFIG_PATH"] != after.environment["JUPYTER_CONFIG_PATH"]


# --- an assessment ----------------------------------------------------------------------------------------------------


def test_subjects_are_refused_on_a_program_that_has_the_keys(config: Config, tmp_path: Path):
    (tmp_path / "06.zip").write_bytes(archive(SUBJECT))
    with pytest.raises(CrcError, match="sans corrigé"):
        configurer(config, tmp_path, sujets=[tmp_path / "06.zip"])
    with pytest.raises(CrcError, match="n’a pas crc-lab"):
        configurer(config, tmp_path, eleves=tmp_path)


@posix
def test_a_subject_goes_to_a_folder_of_its_own_and_no_answer_is_replaced(config: Config, tmp_path: Path, keyless: Path):
    (tmp_path / "06.zip").write_bytes(archive(SUBJECT))
    configurer(config, tmp_path / "home", eleves=keyless.parents[1], sujets=[tmp_path / "06.zip"])
    assert config.Spawner.default_url == "/lab/tree/06_scorer/06_scorer.ipynb"
    assert config.Spawner.notebook_dir == f"~/{SUBJECTS}"
    start(config, "igarnier")
    notebook = tmp_path / "home" / "igarnier" / SUBJECTS / "06_scorer" / "06_scorer.ipynb"
    assert notebook.read_bytes() == SUBJECT["06_scorer/06_scorer.ipynb"]
    notebook.write_bytes(copy())
    start(config, "igarnier")
    assert notebook.read_bytes() == copy()
    assert (notebook.parents[1] / ".crc-lab").is_dir()
    assert not (tmp_path / "home" / "igarnier" / WORKBOOK).exists()


def test_several_subjects_open_on_the_list_of_files(config: Config, tmp_path: Path, keyless: Path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.zip").write_bytes(archive({f"{name}/{name}.ipynb": b"{}"}))
    configurer(config, tmp_path, eleves=keyless, sujets=[tmp_path / "a.zip", tmp_path / "b.zip"])
    assert config.Spawner.default_url == "/lab/tree"
    with pytest.raises(CrcError, match="ne s’ouvre pas"):
        configurer(Config(), tmp_path, eleves=keyless, sujets=[tmp_path / "absent.zip"])


def test_a_subject_never_writes_outside_of_its_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "x.zip").write_bytes(archive({"../../dehors.txt": b"x", "/absolu.txt": b"y"}))
    assert workbook_copy.main([str(tmp_path / "a" / "b"), str(tmp_path / "x.zip")]) == 0
    assert sorted(path.name for path in (tmp_path / "a" / "b").glob("*.txt")) == ["absolu.txt", "dehors.txt"]
    (tmp_path / "y.zip").write_bytes(b"rien")
    assert workbook_copy.main([str(tmp_path / "a" / "b"), str(tmp_path / "y.zip")]) == workbook_copy.TOLD
    assert capsys.readouterr().err == "Le sujet « y.zip » ne s’ouvre pas.\n"


# --- the pages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_each_page_is_a_right_template_and_is_of_ours(path: Path):
    source = path.read_text(encoding="utf-8")
    jinja2.Environment(autoescape=True).parse(source)
    (parent,) = re.findall(r'{% extends "([^"]+)" %}', source)
    assert parent == ("templates/page.html" if path.name == "page.html" else "error.html" if path.name == "404.html"
                      else "page.html")  # fmt: skip


def test_the_helper_imports_neither_jupyterhub_nor_the_teachers_side():
    script = "import sys, crc_lab_hub; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"jupyterhub", "autograder", "nbgrader", "pandas"} & set(done.stdout.split())
