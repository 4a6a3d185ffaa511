"""``crc.py``: the one file that must work before anything is installed."""

from __future__ import annotations

import ast
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import crc
from crc_lab.core.errors import as_typed

ROOT = Path(__file__).resolve().parent.parent
MAKE, BOOT = "Création de l’environnement de travail (.venv)", "Téléchargement de l’installateur"
LIBRARIES, PROJECT = "Installation des bibliothèques", "Installation de crc-lab"
ALL = [MAKE, BOOT, LIBRARIES, PROJECT]
EXTENSION = "crc_lab/lab/labextension/crc-lab"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project folder with all that ``crc.py`` reads."""
    root = tmp_path / "projet"
    for name in ("requirements/dev.lock", "requirements/amorce.lock", "pyproject.toml", f"{EXTENSION}/static/1/a.js"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"{name}\n")
    return root


class Tools:
    """Stands for venv, pip and uv: notes the steps, leaves what they leave, fails or is interrupted where asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps: list[str] = []
        self.commands: dict[str, list[str]] = {}
        self.failure: dict[str, BaseException] = {}
        monkeypatch.setattr(crc, "run_step", self.run_step)

    def run_step(self, root: Path, step: str, program: Any, options: str, *last: Any) -> None:
        self.steps.append(step)
        self.commands[step] = [str(program), *options.split(), *map(str, last)]
        if step in self.failure:
            raise self.failure[step]
        if step == MAKE:
            shutil.rmtree(root / ".venv", ignore_errors=True)
            crc.script(root, "python").parent.mkdir(parents=True)
            crc.script(root, "python").symlink_to(sys.executable)
            (root / ".venv" / "pyvenv.cfg").write_text("version = 3.11.7\n")
        crc.script(root, {BOOT: "uv", PROJECT: "crc-lab"}.get(step, "other")).write_text("")

    def steps_of_a_set_up(self, root: Path) -> list[str]:
        self.steps = []
        crc.set_up(root)
        return self.steps


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> Tools:
    return Tools(monkeypatch)


# --- what is done, and what is not ------------------------------------------------------------------------------------


def test_the_first_run_makes_everything_and_the_second_nothing(
    project: Path, tools: Tools, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tools.steps_of_a_set_up(project) == ALL
    assert "Préparation de crc-lab" in capsys.readouterr().err
    assert tools.steps_of_a_set_up(project) == []
    assert capsys.readouterr() == ("", "")


def changed(root: Path, what: str) -> Path:
    """The project after something happened to it: a file written to, one removed, or the whole folder moved."""
    verb, name = what.split(" ", 1)
    if verb == "moves":
        return root.rename(root.with_name(name))
    if verb == "loses":
        (root / name).unlink()
    else:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        with (root / name).open("a") as file:
            file.write("more")
    return root


@pytest.mark.parametrize(
    ("what", "steps"),
    {
        "changes requirements/dev.lock": [BOOT, LIBRARIES, PROJECT],
        "changes requirements/amorce.lock": [BOOT, LIBRARIES, PROJECT],
        "changes pyproject.toml": [PROJECT],
        f"changes {EXTENSION}/static/1/a.js": [PROJECT],
        f"changes {EXTENSION}/package.json": [PROJECT],  # a new file
        "loses .venv/bin/crc-lab": [PROJECT],
        "changes crc_lab/core/model.py": [],  # an editable install reads the code in place
        "changes requirements/contraintes.txt": [],
        "moves ailleurs": ALL,  # the scripts of an environment hold its path
        "changes .venv/pyvenv.cfg": ALL,  # made again by something else
        "loses .venv/crc-lab.txt": ALL,
        "loses .venv/bin/python": ALL,
    }.items(),
)
@pytest.mark.skipif(os.name == "nt", reason="the folders of POSIX")
def test_only_what_has_changed_is_installed_again(project: Path, tools: Tools, what: str, steps: list[str]) -> None:
    crc.set_up(project)
    root = changed(project, what)
    assert tools.steps_of_a_set_up(root) == steps
    assert tools.steps_of_a_set_up(root) == []


@pytest.mark.parametrize("content", ["", "{", "null", "\n\n", "0" * 64])
def test_a_damaged_stamp_is_no_stamp(project: Path, tools: Tools, content: str) -> None:
    crc.set_up(project)
    (project / crc.STAMP).write_text(content)
    assert tools.steps_of_a_set_up(project) == ALL


def test_without_the_installer_the_libraries_are_looked_at_too(project: Path, tools: Tools) -> None:
    crc.set_up(project)
    crc.script(project, "uv").unlink()
    changed(project, "changes pyproject.toml")
    assert tools.steps_of_a_set_up(project) == [BOOT, LIBRARIES, PROJECT]


@pytest.mark.parametrize("step", [BOOT, LIBRARIES, PROJECT])
def test_an_interrupted_set_up_is_made_again_and_a_failed_one_updated(project: Path, tools: Tools, step: str) -> None:
    """What was interrupted may be half there; pip and uv put back what they found when they fail."""
    for failure, next_time in ((KeyboardInterrupt(), ALL), (crc.SetupError("no network"), ALL[1:])):
        crc.set_up(project)
        changed(project, "changes requirements/dev.lock")
        locked = (project / "requirements" / "dev.lock").read_text()
        tools.failure = {step: failure}
        with pytest.raises(type(failure)):
            crc.set_up(project)
        (project / "requirements" / "dev.lock").write_text(locked)  # going back does not make it complete
        tools.failure = {}
        assert tools.steps_of_a_set_up(project) == next_time


def test_libraries_are_installed_from_hashes_and_the_project_without_network(project: Path, tools: Tools) -> None:
    crc.set_up(project)
    made, boot, libraries, own = (tools.commands[step] for step in ALL)
    assert made[1:] == ["-m", "venv", "--clear", ".venv"]
    assert boot[1:3] == ["-m", "pip"]
    assert {"--require-hashes", "--no-deps", "requirements/amorce.lock"} <= set(boot)
    assert libraries[:3] == [str(crc.script(project, "uv")), "pip", "sync"]
    assert {"--require-hashes", "requirements/dev.lock", str(crc.script(project, "python"))} <= set(libraries)
    assert {"--offline", "--no-deps", "--no-build-isolation"} <= set(own)
    assert own[own.index("--editable") + 1] == str(project)


def test_uv_keeps_its_version_when_the_libraries_are_installed() -> None:
    """uv is in dev.lock too: what installs must not replace or remove itself (Windows would refuse)."""
    pins = [
        re.findall(r"(?m)^uv==\S+", (ROOT / "requirements" / f"{lock}.lock").read_text()) for lock in ("amorce", "dev")
    ]
    assert pins[0] == pins[1]
    assert len(pins[0]) == 1


# --- the steps, for good ----------------------------------------------------------------------------------------------


def failed(output: str) -> str:
    """The message for a step whose tool prints ``output`` and fails."""
    script = f"import sys; sys.stdout.buffer.write({output.encode()!r}); sys.exit(3)"
    with pytest.raises(crc.SetupError) as caught:
        crc.run_step(ROOT, LIBRARIES, sys.executable, "-c", script)
    return str(caught.value)


@pytest.mark.parametrize(
    "output",
    [
        "error: Request failed\n  Caused by: error sending request for url\n  Caused by: dns error",
        "WARNING: Retrying … [Errno -3] Temporary failure in name resolution",
        "tcp connect error: Connection refused (os error 111)",
        "invalid peer certificate: UnknownIssuer",
        "ProxyError('Cannot connect to proxy.')",
        "operation timed out",
        "NewConnectionError: Failed to establish a new connection: [Errno 101] Network is unreachable",
        "ERROR: Could not find a version that satisfies the requirement uv==0.9 (from versions: none)",
    ],
)
def test_a_missing_network_is_said_in_french_with_what_to_do(output: str) -> None:
    message = failed(output)
    assert "le réseau ne répond pas" in message
    assert "HTTPS_PROXY" in message
    assert output.splitlines()[-1] in message


def test_any_other_failure_names_the_step_and_shows_the_end_of_what_the_tool_said() -> None:
    message = failed("\n".join(f"line {number}" for number in range(30)) + "\nNo space left on device")
    assert f"«\u00a0{LIBRARIES}\u00a0»" in message
    assert "réseau" not in message
    assert "No space left on device" in message
    assert "line 3\n" not in message
    assert "Détail" not in failed("")


def test_a_step_of_the_real_tools_runs_in_the_project_and_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crc.run_step(tmp_path, "Essai", sys.executable, "-c", "open('ici', 'w').close()")
    assert (tmp_path / "ici").exists()
    assert capsys.readouterr().err == "  Essai…\n"


def test_an_interrupted_step_does_not_go_on_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(self: subprocess.Popen[bytes], **_: float) -> tuple[bytes, bytes]:
        started.append(self)
        raise KeyboardInterrupt

    started: list[subprocess.Popen[bytes]] = []
    monkeypatch.setattr(subprocess.Popen, "communicate", interrupt)
    with pytest.raises(KeyboardInterrupt):
        crc.run_step(tmp_path, "Essai", sys.executable, "-c", "import time; time.sleep(60)")
    assert started[0].poll() is not None
    assert started[0].stdout is not None
    started[0].stdout.close()


def test_two_starts_at_once_wait_for_each_other_even_when_the_first_is_killed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    script = (
        "import sys, time, pathlib, crc; held = crc.lock(pathlib.Path(sys.argv[1])); "
        "print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, tmp_path], cwd=ROOT, stdout=subprocess.PIPE) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"held\n"
        second = threading.Thread(target=lambda: crc.lock(tmp_path).close(), daemon=True)
        second.start()
        second.join(1.2)
        assert second.is_alive()
        first.kill()
    second.join(10)
    assert not second.is_alive()
    assert capfd.readouterr().err == "Une installation est déjà en cours\u00a0: attente de sa fin…\n"


def test_a_python_without_venv_is_told_the_debian_remedy(
    project: Path, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not crc.imports(sys.executable, "ensurepip, no_such_module")
    monkeypatch.setattr(crc, "imports", lambda _python, modules: modules != "ensurepip, venv")
    with pytest.raises(crc.SetupError) as caught:
        crc.set_up(project)
    assert str(caught.value).count("sudo apt install python3-venv") == 2  # in French, in English
    assert tools.steps == []


# --- an old Python, an old terminal -----------------------------------------------------------------------------------


def test_an_old_python_is_told_what_to_do_in_french_and_in_english(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(crc, "imports", lambda _python, _modules: False)
    assert crc.too_old((3, 9, 2, "final", 0)) == 1
    message = capsys.readouterr().err
    for part in ("Python 3.11 ou plus récent", "Python 3.9.2", "needs Python 3.11 or later", "python.org"):
        assert part in message


def test_an_old_python_names_the_newest_one_of_the_same_machine(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(crc, "imports", lambda python, _modules: python in ("python3.11", "python3.13"))
    crc.too_old((2, 7, 18))
    assert "par python3.13." in capsys.readouterr().err


def test_the_file_can_be_parsed_by_a_python_that_is_too_old_to_run_it() -> None:
    """No syntax younger than Python 2.7, so that the sentence above is shown instead of a SyntaxError."""
    source = (ROOT / "crc.py").read_text(encoding="utf-8")
    assert source.startswith("# -*- coding: utf-8 -*-\n")
    for node in ast.walk(ast.parse(source)):
        line = getattr(node, "lineno", 0)
        assert not isinstance(
            node, (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Nonlocal, ast.AsyncFunctionDef)
        ), line
        assert not (
            isinstance(node, (ast.List, ast.Tuple, ast.Set)) and any(isinstance(e, ast.Starred) for e in node.elts)
        ), line
        assert not (isinstance(node, ast.Dict) and None in node.keys), line
        assert not (isinstance(node, ast.Raise) and node.cause), line
        if isinstance(node, ast.Call):
            assert not any(isinstance(argument, ast.Starred) for argument in node.args[:-1]), line
            assert not any(keyword.arg is None for keyword in node.keywords[:-1]), line
        if isinstance(node, ast.FunctionDef):
            arguments = node.args
            everyone = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
            assert node.returns is None, line
            assert not any(argument.annotation for argument in everyone), line
            assert not arguments.kwonlyargs, line
            assert not arguments.posonlyargs, line


def test_a_terminal_without_accents_still_gets_a_readable_message() -> None:
    raw = io.BytesIO()
    terminal = io.TextIOWrapper(raw, encoding="ascii")
    crc.say("L’élève a terminé « le cœur »…", terminal)
    assert raw.getvalue() == b'L\'eleve a termine " le coeur "...'


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_commands_of_an_environment_lie_where_each_system_puts_them() -> None:
    assert crc.script(Path("p"), "python", windows=False) == Path("p/.venv/bin/python")
    assert crc.script(Path("p"), "crc-lab", windows=True) == Path("p/.venv/Scripts/crc-lab.exe")


@pytest.fixture
def executed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """The commands that take the place of ``crc.py``, on a machine where all is installed."""
    commands: list[list[str]] = []
    monkeypatch.setattr(crc, "set_up", lambda _root: None)
    monkeypatch.setattr(crc, "WINDOWS", False)
    monkeypatch.setattr(os, "execv", lambda _path, command: commands.append(command))
    monkeypatch.setattr(subprocess, "call", lambda command: commands.append(command) or 7)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.chdir(tmp_path)
    for name in ("VIRTUAL_ENV", "UV_SYSTEM_CERTS", "UV_HTTP_TIMEOUT", "CRC_LAB_COMMANDE"):
        monkeypatch.setenv(name, "mine")
    monkeypatch.setenv("PYTHONHOME", "/x")
    monkeypatch.setenv("PATH", "/usr/bin")
    return commands


def test_a_command_runs_as_in_an_activated_environment(executed: list[list[str]], tmp_path: Path) -> None:
    crc.main(["ouvrir", "mon dossier"])
    scripts = crc.script(ROOT, "python").parent
    assert executed[0] == [str(scripts / "crc-lab"), "ouvrir", "mon dossier"]
    assert os.environ["PATH"] == f"{scripts}{os.pathsep}/usr/bin"
    assert os.environ["VIRTUAL_ENV"] == str(ROOT / ".venv")
    assert "PYTHONHOME" not in os.environ
    assert os.environ["UV_HTTP_TIMEOUT"] == "mine"
    assert Path.cwd() == tmp_path


@pytest.mark.parametrize(
    ("typed", "windows", "command"),
    [
        (["python3", "crc.py"], False, "python3 crc.py"),
        (["/usr/bin/python3.12", "le projet/crc.py"], False, '/usr/bin/python3.12 "le projet/crc.py"'),
        (["C:\\Python\\python.exe", "crc.py"], True, "py crc.py"),
    ],
)
def test_what_is_said_names_the_command_that_was_typed(
    executed: list[list[str]], monkeypatch: pytest.MonkeyPatch, typed: list[str], windows: bool, command: str
) -> None:
    monkeypatch.setattr(crc, "WINDOWS", windows)
    monkeypatch.setattr(sys, "orig_argv", [typed[0], *typed])
    monkeypatch.setattr(sys, "argv", typed[1:])
    crc.main(["ouvrir"])
    said = "Pour y revenir : crc-lab ouvrir cahier-crc, ou «\u00a0crc-lab ouvrir mon-cahier\u00a0». crc-lab s’arrête."
    assert as_typed(said) == said.replace("crc-lab ouvrir", f"{command} ouvrir")
    monkeypatch.delenv("CRC_LAB_COMMANDE")
    assert as_typed(said) == said
    assert executed


def test_test_stands_for_pytest_in_the_project(executed: list[list[str]]) -> None:
    crc.main(["test", "-k", "rfm"])
    python = str(crc.script(ROOT, "python"))
    assert executed[0] == [python, "-m", "pytest", "-n", "auto", "--dist", "worksteal", "-k", "rfm"]
    assert Path.cwd() == ROOT


def test_windows_waits_for_the_command_and_gives_its_code(
    executed: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crc, "WINDOWS", True)
    assert crc.main(["demo"]) == 7
    assert executed[0][1:] == ["demo"]


@pytest.mark.parametrize(
    ("failure", "code", "told"),
    [
        (crc.SetupError("Pas de réseau, {0}.\n"), 1, "\nPas de réseau, {0}.\n"),
        (PermissionError(13, "Permission denied"), 1, "n’est pas modifiable"),
        (KeyboardInterrupt(), 130, "Relancez la même commande"),
    ],
    ids=["failed", "not writable", "interrupted"],
)
@pytest.mark.usefixtures("executed")
def test_a_set_up_that_ends_badly_ends_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], failure: BaseException, code: int, told: str
) -> None:
    def fail(_root: Path) -> None:
        raise failure

    monkeypatch.setattr(crc, "set_up", fail)
    assert crc.main(["ouvrir"]) == code
    assert told in capsys.readouterr().err


def test_a_folder_where_nothing_can_be_written_is_an_error_and_no_endless_wait(project: Path) -> None:
    (project / ".venv.verrou").mkdir()
    with pytest.raises(OSError, match=r"verrou"):
        crc.set_up(project)


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["aide"], []])
def test_help_is_in_french_with_python_alone_and_installs_nothing(arguments: list[str], tmp_path: Path) -> None:
    copied = ("crc.py", "crc_lab/__init__.py", "crc_lab/__main__.py", "crc_lab/core", "autograder/cli.py")
    for name in copied:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        (tmp_path / name).parent.mkdir(exist_ok=True)
        copy(ROOT / name, tmp_path / name)
    before = sorted(tmp_path.rglob("*"))
    command = [sys.executable, "-S", "-B", tmp_path / "crc.py", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.startswith("Utilisation\u00a0: python3 crc.py COMMANDE …")
    for part in ("ouvrir le cahier dans JupyterLab", "noter des copies", "«\u00a0test\u00a0»", "même hors connexion"):
        assert part in done.stdout
    assert done.stderr == ""
    assert sorted(tmp_path.rglob("*")) == before
