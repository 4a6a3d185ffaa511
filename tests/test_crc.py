"""``crc.py``: the one file that must work before anything is installed."""

from __future__ import annotations

import ast
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import crc

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project folder with all that ``crc.py`` reads."""
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "dev.lock").write_text("pandas==3.1.1\n")
    (tmp_path / "requirements" / "amorce.lock").write_text("# uv\nuv==0.13.9 \\\n    --hash=sha256:00\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    static = tmp_path / "crc_lab" / "lab" / "labextension" / "crc-lab" / "static"
    static.mkdir(parents=True)
    (static / "remoteEntry.js").write_text("1")
    return tmp_path


def make_environment(venv: Path, version: str = "3.11.7") -> None:
    """What ``python -m venv`` and the installation leave behind, as far as ``crc.py`` looks."""
    scripts = crc.scripts_folder(venv)
    scripts.mkdir(parents=True, exist_ok=True)
    (venv / "pyvenv.cfg").write_text(f"home = {scripts}\ninclude-system-site-packages = false\nversion = {version}\n")
    for name in ("python", "crc-lab"):
        crc.script(venv, name).write_text("")


def stop_in_the_middle(monkeypatch: pytest.MonkeyPatch, project: Path, failure: BaseException) -> None:
    """Run a set-up whose installation of the libraries ends with ``failure``."""
    with monkeypatch.context() as patch:
        Recorder(patch, project / ".venv", {LIBRARIES: failure})
        with pytest.raises(type(failure)):
            crc.set_up(project, project / ".venv", {})


class Recorder:
    """Stands for the tools: records the steps, makes the environment, and fails or is interrupted where asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, venv: Path, failure: dict[str, BaseException] | None = None):
        self.steps: list[str] = []
        self.commands: list[list[str]] = []
        self.venv = venv
        self.failure = failure or {}
        monkeypatch.setattr(crc, "run_step", self.run_step)
        monkeypatch.setattr(crc, "output_of", lambda command: "uv 0.13.9" if "--version" in map(str, command) else "ok")

    def run_step(self, step: str, command: list[Any], _environ: dict[str, str]) -> None:
        self.steps.append(step)
        self.commands.append([str(part) for part in command])
        if step in self.failure:
            raise self.failure[step]
        if step.startswith("Création"):
            make_environment(self.venv)


LIBRARIES = "Installation des bibliothèques"
PROJECT = "Installation de crc-lab"


def test_the_commands_of_an_environment_lie_where_each_system_puts_them() -> None:
    venv = Path("p") / ".venv"
    assert crc.script(venv, "python", windows=False) == venv / "bin" / "python"
    assert crc.script(venv, "crc-lab", windows=True) == venv / "Scripts" / "crc-lab.exe"


def test_a_command_runs_as_in_an_activated_environment() -> None:
    venv = Path("p") / ".venv"
    child = crc.child_environment(venv, {"PATH": "/usr/bin", "PYTHONHOME": "/x", "LANG": "fr"}, windows=False)
    assert child == {"PATH": f"{venv / 'bin'}:/usr/bin", "LANG": "fr", "VIRTUAL_ENV": str(venv)}


def test_the_path_variable_keeps_its_windows_spelling() -> None:
    venv = Path("p") / ".venv"
    child = crc.child_environment(venv, {"Path": "C:\\Windows"}, windows=True)
    assert child["Path"] == f"{venv / 'Scripts'};C:\\Windows"
    assert "PATH" not in child


def test_an_empty_path_variable_adds_no_current_folder() -> None:
    child = crc.child_environment(Path("v"), {}, windows=False)
    assert child["PATH"] == str(Path("v") / "bin")


def test_test_stands_for_pytest_and_anything_else_for_crc_lab() -> None:
    venv = Path("v")
    pytest_line = ["v/bin/python", "-m", "pytest", "-n", "auto", "--dist", "worksteal", "-k", "rfm"]
    assert crc.command_line(["test", "-k", "rfm"], venv, windows=False) == pytest_line
    assert crc.command_line(["ouvrir", "mon dossier"], venv, windows=False) == [
        "v/bin/crc-lab",
        "ouvrir",
        "mon dossier",
    ]


def test_an_old_python_is_told_what_to_do_in_french_and_in_english() -> None:
    message = crc.too_old_message((3, 9, 2, "final", 0))
    assert "Python 3.11 ou plus récent" in message
    assert "Python 3.9.2" in message
    assert "needs Python 3.11 or later" in message
    assert "python.org" in message


def test_an_old_python_names_the_newer_one_of_the_same_machine() -> None:
    assert "par python3.12." in crc.too_old_message((3, 9, 2), "python3.12")


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
    crc.say("L’élève a terminé.", terminal)
    assert raw.getvalue() == b"L'eleve a termine."


@pytest.mark.parametrize("absent", ["venv", "ensurepip"])
def test_a_python_without_venv_is_told_the_debian_remedy(
    absent: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(crc.importlib.util, "find_spec", lambda name: None if name == absent else object())
    with pytest.raises(crc.SetupError) as caught:
        crc.make_venv(tmp_path / ".venv", {})
    message = str(caught.value)
    assert absent in message
    assert message.count("sudo apt install python3-venv") == 2  # in French, in English


def installed_state(project: Path) -> str:
    """The two fingerprints of the stamp, together."""
    stamp = crc.wanted_stamp(project, project / ".venv")
    return f"{stamp['bibliotheques']} {stamp['projet']}"


def test_the_fingerprint_follows_everything_that_is_installed(project: Path) -> None:
    seen = {installed_state(project)}
    for path in (
        "requirements/dev.lock",
        "requirements/amorce.lock",
        "pyproject.toml",
        "crc_lab/lab/labextension/crc-lab/static/remoteEntry.js",
    ):
        with (project / path).open("a") as file:
            file.write("more")
        seen.add(installed_state(project))
    (project / "crc_lab" / "lab" / "labextension" / "crc-lab" / "package.json").write_text("{}")
    seen.add(installed_state(project))
    assert len(seen) == 6


def test_the_fingerprint_ignores_the_code_that_an_editable_install_reads_in_place(project: Path) -> None:
    before = installed_state(project)
    (project / "crc_lab" / "model.py").write_text("x = 1")
    assert installed_state(project) == before


@pytest.mark.parametrize(("version", "expected"), [("3.11.7", "3.11"), ("3.12.0.final.0", "3.12"), ("3.9.2", None)])
def test_the_version_of_an_environment_is_read_without_starting_it(
    tmp_path: Path, version: str, expected: str | None
) -> None:
    make_environment(tmp_path / ".venv", version)
    assert crc.venv_version(tmp_path / ".venv") == expected


def test_an_environment_whose_python_was_removed_is_not_usable(tmp_path: Path) -> None:
    make_environment(tmp_path / ".venv")
    (tmp_path / ".venv" / "pyvenv.cfg").write_text(f"home = {tmp_path / 'gone'}\nversion = 3.11.7\n")
    assert crc.venv_version(tmp_path / ".venv") is None


def test_the_first_run_makes_everything_and_the_second_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    venv = project / ".venv"
    tools = Recorder(monkeypatch, venv)
    crc.set_up(project, venv, {})
    assert tools.steps == ["Création de l’environnement de travail (.venv)", LIBRARIES, PROJECT]
    assert crc.is_ready(project, venv)
    crc.set_up(project, venv, {})
    assert len(tools.steps) == 3


def test_a_change_of_the_locks_updates_the_environment_without_remaking_it(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    venv = project / ".venv"
    tools = Recorder(monkeypatch, venv)
    crc.set_up(project, venv, {})
    (project / "requirements" / "dev.lock").write_text("pandas==3.1.2\n")
    assert not crc.is_ready(project, venv)
    crc.set_up(project, venv, {})
    assert tools.steps[3:] == [LIBRARIES, PROJECT]


def test_a_change_of_the_project_alone_needs_no_network(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    venv = project / ".venv"
    tools = Recorder(monkeypatch, venv)
    crc.set_up(project, venv, {})
    (project / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    crc.set_up(project, venv, {})
    assert tools.steps[3:] == [PROJECT]
    assert "--offline" in tools.commands[-1]


def test_an_environment_made_by_something_else_is_made_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    venv = project / ".venv"
    make_environment(venv)
    tools = Recorder(monkeypatch, venv)
    crc.set_up(project, venv, {})
    assert tools.steps[0].startswith("Création")
    assert "--clear" in tools.commands[0]


def test_a_moved_project_is_made_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    venv = project / ".venv"
    tools = Recorder(monkeypatch, venv)
    crc.set_up(project, venv, {})
    crc.write_stamp(venv, crc.read_stamp(venv) | {"dossier": "/somewhere/else/.venv"})
    crc.set_up(project, venv, {})
    assert tools.steps[3].startswith("Création")


def test_an_interrupted_installation_is_repaired_by_the_next_run(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    venv = project / ".venv"
    stop_in_the_middle(monkeypatch, project, KeyboardInterrupt())
    assert not crc.is_ready(project, venv)
    tools = Recorder(monkeypatch, venv)
    crc.set_up(project, venv, {})
    assert tools.steps[0].startswith("Création")
    assert crc.is_ready(project, venv)


def test_an_update_interrupted_half_way_is_not_taken_for_a_complete_installation(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    venv = project / ".venv"
    Recorder(monkeypatch, venv)
    crc.set_up(project, venv, {})
    locked = (project / "requirements" / "dev.lock").read_text()
    (project / "requirements" / "dev.lock").write_text("pandas==3.1.2\n")
    stop_in_the_middle(monkeypatch, project, KeyboardInterrupt())
    (project / "requirements" / "dev.lock").write_text(locked)
    assert not crc.is_ready(project, venv)


def test_an_update_that_fails_for_want_of_a_network_does_not_condemn_the_environment(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    venv = project / ".venv"
    Recorder(monkeypatch, venv)
    crc.set_up(project, venv, {})
    (project / "requirements" / "dev.lock").write_text("pandas==3.1.2\n")
    stop_in_the_middle(monkeypatch, project, crc.SetupError("no network"))
    tools = Recorder(monkeypatch, venv)
    crc.set_up(project, venv, {})
    assert tools.steps == [LIBRARIES, PROJECT]


def test_a_damaged_stamp_is_no_stamp(tmp_path: Path) -> None:
    for content in ("", "[]", "{", "null"):
        crc.stamp_path(tmp_path).write_text(content)
        assert crc.read_stamp(tmp_path) == {}


def test_libraries_are_installed_from_hashes_and_the_project_without_network(tmp_path: Path) -> None:
    steps = crc.install_steps(tmp_path, tmp_path / ".venv", has_libraries=False, has_uv=False, windows=False)
    bootstrap, libraries, project = ([str(part) for part in command] for _, command in steps)
    assert "--require-hashes" in bootstrap
    assert bootstrap[-1].endswith("amorce.lock")
    assert {"--require-hashes", "--compile-bytecode"} <= set(libraries)
    assert {"--offline", "--no-deps", "--no-build-isolation", "--editable"} <= set(project)
    again = crc.install_steps(tmp_path, tmp_path, has_libraries=False, has_uv=True)
    assert [title for title, _ in again] == [LIBRARIES, PROJECT]


def test_uv_keeps_its_version_when_the_libraries_are_installed() -> None:
    """uv is in dev.lock too: what installs must not replace or remove itself (Windows would refuse)."""
    assert f"\nuv=={crc.pinned_version(ROOT)} \\\n" in (ROOT / "requirements" / "dev.lock").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "output",
    [
        "error: Request failed\n  Caused by: error sending request for url\n  Caused by: dns error",
        "WARNING: Retrying … [Errno -3] Temporary failure in name resolution",
        "tcp connect error: Connection refused (os error 111)",
        "invalid peer certificate: UnknownIssuer",
        "ProxyError('Cannot connect to proxy.')",
    ],
)
def test_a_missing_network_is_said_in_french_with_what_to_do(output: str) -> None:
    message = crc.failure_message(LIBRARIES, output)
    assert "le réseau ne répond pas" in message
    assert "HTTPS_PROXY" in message
    assert output.splitlines()[-1] in message


def test_any_other_failure_names_the_step_and_shows_the_end_of_what_the_tool_said() -> None:
    output = "\n".join(f"line {number}" for number in range(30)) + "\nNo space left on device"
    message = crc.failure_message(LIBRARIES, output)
    assert f"«\u00a0{LIBRARIES}\u00a0»" in message
    assert "réseau" not in message
    assert "No space left on device" in message
    assert "line 3\n" not in message


def test_a_step_that_fails_shows_what_its_tool_said() -> None:
    with pytest.raises(crc.SetupError, match="plus de place"):
        crc.run_step("Essai", [sys.executable, "-c", "import sys; sys.exit('plus de place')"], dict(os.environ))


def test_only_one_set_up_runs_at_a_time(tmp_path: Path) -> None:
    with crc.alone(tmp_path), (tmp_path / ".venv.verrou").open("a+b") as second, pytest.raises(OSError, match=r".+"):
        crc.lock_file(second)
    with crc.alone(tmp_path):
        pass


def test_a_failed_set_up_ends_with_a_sentence_and_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise crc.SetupError("Pas de réseau.\n")

    monkeypatch.setattr(crc, "set_up", fail)
    assert crc.main(["ouvrir"]) == 1
    assert capsys.readouterr().err == "\nPas de réseau.\n"


def test_a_folder_that_cannot_be_written_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(crc, "set_up", fail)
    assert crc.main(["ouvrir"]) == 1
    assert "n’est pas modifiable" in capsys.readouterr().err


def test_ctrl_c_during_the_set_up_ends_quietly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(crc, "set_up", interrupt)
    assert crc.main(["ouvrir"]) == 130
    assert "Relancez la même commande" in capsys.readouterr().err


def test_the_stamp_is_plain_json(project: Path) -> None:
    make_environment(project / ".venv")
    crc.write_stamp(project / ".venv", crc.wanted_stamp(project, project / ".venv"))
    stamp = json.loads(crc.stamp_path(project / ".venv").read_text())
    assert sorted(stamp) == ["bibliotheques", "dossier", "projet", "python", "version"]
    assert list((project / ".venv").glob("*.tmp")) == []


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], []])
def test_help_is_in_french_and_installs_nothing(arguments: list[str], tmp_path: Path) -> None:
    copy = tmp_path / "crc.py"
    copy.write_bytes((ROOT / "crc.py").read_bytes())
    done = subprocess.run(
        [sys.executable, copy, *arguments], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert "ouvrir le cahier dans JupyterLab" in done.stdout
    assert "crc.py test" in done.stdout
    assert done.stderr == ""
    assert [path.name for path in tmp_path.iterdir()] == ["crc.py"]
