"""``crc-lab ouvrir``: what it says, which server it starts, how it ends. The interface: tests/e2e/test_lab_*."""

from __future__ import annotations

import json
import os
import py_compile
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

import pytest

from crc_lab.core.errors import CrcError
from crc_lab.lab import open_lab
from crc_lab.lab.open_lab import LabServer, RunningLab, describe, open_workbook, port_is_free, running_lab
from crc_lab.lab.workbook_copy import CopyReport

ROOT = Path(open_lab.__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def own_runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "execution"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    monkeypatch.setattr(open_lab, "_say", lines.append)
    return lines


class FakeServer:
    """Stands for LabServer where no process is wanted."""

    made: ClassVar[list[FakeServer]] = []  # those that were started

    def __init__(self, folder: Path, *, port: int | None, browser: bool) -> None:
        self.folder, self.port, self.browser, self.stopped = folder, port, browser, 0
        self.log = folder / "journal"

    def start(self) -> RunningLab:
        FakeServer.made.append(self)
        return RunningLab("http://127.0.0.1:8890/", "secret")

    def wait(self) -> int:
        return 0

    def stop(self) -> None:
        self.stopped += 1


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[FakeServer]:
    FakeServer.made = []
    monkeypatch.setattr(open_lab, "LabServer", FakeServer)
    monkeypatch.setattr(open_lab, "running_lab", lambda _folder: None)
    monkeypatch.setattr(open_lab, "_has_browser", lambda: True)
    return FakeServer


def test_every_page_that_the_server_may_show_is_ours_and_in_french(tmp_path: Path) -> None:
    import jinja2

    (given,) = json.loads(str(LabServer(tmp_path).everywhere()["ServerApp.extra_template_paths"]))
    server = find_spec("jupyter_server")
    assert server is not None
    assert server.origin is not None
    theirs = Path(server.origin).parent / "templates"
    ours = {path.name for path in Path(given).glob("*.html")}
    assert {path.name for path in theirs.glob("*.html")} - {
        "view.html"
    } <= ours  # that one shows a file, and says nothing
    pages = jinja2.Environment(loader=jinja2.FileSystemLoader(given), autoescape=True)
    state = {
        "base_url": "/",
        "next": "/lab",
        "login_available": True,
        "message": {"error": "Invalid"},
        "status_code": 500,
    }
    for name in ours:
        page = pages.get_template(name).render(**state, xsrf_form_html=lambda: '<input name="_xsrf">', open_url="/x")
        assert '<html lang="fr">' in page
        assert "Invalid" not in page
    login = pages.get_template("login.html").render(**state, xsrf_form_html=lambda: '<input name="_xsrf">')
    assert 'action="/login?next=/lab" method="post"' in login
    assert re.findall(r'name="(_xsrf|password)"', login) == ["_xsrf", "password"]


def test_the_default_folder_is_cahier_crc_here(fake: type[FakeServer], said: list[str], tmp_path: Path) -> None:
    assert open_workbook() == 0
    assert fake.made[0].folder == tmp_path / "cahier-crc"
    assert (tmp_path / "cahier-crc" / ".crc-lab" / "copie.json").is_file()
    text = "\n".join(said)
    assert "http://127.0.0.1:8890/?token=secret" in text
    assert "Ctrl+C" in text
    assert str(tmp_path / "cahier-crc") in text


def test_inside_a_copied_workbook_the_default_is_that_workbook(
    fake: type[FakeServer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_workbook(tmp_path / "mien")
    monkeypatch.chdir(tmp_path / "mien")
    open_workbook()
    assert fake.made[1].folder == tmp_path / "mien"


def test_ctrl_c_closes_the_workbook_and_is_no_error(
    fake: type[FakeServer], said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_self: FakeServer) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(FakeServer, "wait", interrupt)
    assert open_workbook(Path("mon cahier")) == 0
    assert fake.made[0].stopped
    assert 'crc-lab ouvrir "' in said[-1]


def test_a_server_that_dies_is_told_with_its_log(
    fake: type[FakeServer], said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeServer, "wait", lambda _self: 3)
    assert open_workbook() == 1
    assert "code 3" in said[-1]
    assert str(fake.made[0].log) in said[-1]


@pytest.mark.usefixtures("fake")
def test_without_a_browser_the_address_is_still_given(said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_lab, "_has_browser", lambda: False)
    assert open_workbook() == 0
    assert any("Aucun navigateur" in line for line in said)
    assert any("?token=secret" in line for line in said)


@pytest.mark.usefixtures("fake")
def test_a_port_already_taken_is_told_with_what_to_do(said: list[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not port_is_free(port)
        assert open_workbook(port=port) == 1
    assert f"Le port {port} est déjà pris" in said[-1]
    assert FakeServer.made == []


@pytest.mark.usefixtures("fake")
def test_a_folder_that_cannot_be_used_is_told(said: list[str], tmp_path: Path) -> None:
    (tmp_path / "cahier-crc").write_text("un fichier")
    assert open_workbook() == 1
    assert "n’est pas un dossier" in said[-1]


@pytest.mark.usefixtures("fake")
def test_a_missing_jupyterlab_is_told(said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert open_workbook() == 1
    assert "jupyterlab" in said[-1]


@pytest.mark.usefixtures("fake")
def test_a_workbook_already_open_is_not_started_twice(said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(open_lab, "running_lab", lambda _folder: RunningLab("http://127.0.0.1:8891/", "t"))
    monkeypatch.setattr("webbrowser.open", opened.append)
    assert open_workbook() == 0
    assert "déjà ouvert" in said[-2]
    assert opened == ["http://127.0.0.1:8891/?token=t"]
    assert open_workbook(browser=False) == 0
    assert len(opened) == 1
    assert FakeServer.made == []


def test_every_part_of_the_report_is_said_in_french(tmp_path: Path) -> None:
    report = CopyReport(
        tmp_path, ("a/a.ipynb", "b.csv"), ("c.ipynb",), ("d.toml",), ("c.ipynb",), (("e.csv", "e (votre version).csv"),)
    )
    text = "\n".join(describe(report))
    for part in ("2 fichiers copiés", "c.ipynb", "d.toml", "plus récente", "e (votre version).csv"):
        assert part in text
    assert "évaluation" in "\n".join(describe(CopyReport(tmp_path, assessment=True)))
    for line in text.splitlines():
        assert not re.search(r" [:;?!](\s|$)|« | »", line), f"espace insécable attendue : {line}"


def test_the_command_line_of_the_server_holds_no_secret_and_listens_on_loopback(tmp_path: Path) -> None:
    command = LabServer(tmp_path).command()
    assert "--ServerApp.ip=127.0.0.1" in command
    assert not any("token" in part.lower() or "password" in part.lower() for part in command)
    assert "--LabApp.default_url=/lab" in command
    (tmp_path / "00_accueil").mkdir()
    (tmp_path / "00_accueil" / "00_accueil.ipynb").write_text("{}")
    assert "--LabApp.default_url=/lab/tree/00_accueil/00_accueil.ipynb" in LabServer(tmp_path).command()


@pytest.mark.parametrize(
    ("notebooks", "page"),
    [
        (["06_scorer.ipynb"], "/lab/tree/06_scorer.ipynb"),
        (["06_scorer/06 scorer.ipynb"], "/lab/tree/06_scorer/06%20scorer.ipynb"),
        (["03_structurer/a.ipynb", "06_scorer/b.ipynb"], "/lab"),
    ],
)
def test_a_subject_opens_on_its_only_notebook(tmp_path: Path, notebooks: list[str], page: str) -> None:
    for name in notebooks:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    assert f"--LabApp.default_url={page}" in LabServer(tmp_path).command()


def test_each_workbook_has_a_runtime_folder_of_its_own(tmp_path: Path) -> None:
    one, two = open_lab.runtime_folder(tmp_path / "a"), open_lab.runtime_folder(tmp_path / "b")
    assert one != two
    assert one == open_lab.runtime_folder(tmp_path / "b" / ".." / "a")


def test_a_server_that_cannot_start_is_told_with_the_last_lines_of_its_log(tmp_path: Path) -> None:
    server = LabServer(tmp_path, options=("--ServerApp.port=abc",))
    with pytest.raises(CrcError, match="n’a pas démarré") as caught:
        server.start()
    assert "abc" in str(caught.value)


@pytest.fixture
def launched(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path, Callable[[], RunningLab]]]:
    """The command, in a process of its own, as a person starts it."""
    folder = tmp_path / "vrai cahier"
    code = (
        "import sys; from pathlib import Path; from crc_lab.lab.open_lab import open_workbook; "
        f"sys.exit(open_workbook(Path({str(folder)!r}), browser=False))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )

    def wait_running() -> RunningLab:
        limit = time.monotonic() + 60
        while time.monotonic() < limit:
            if (found := running_lab(folder)) is not None:
                return found
            time.sleep(0.1)
        pytest.fail("JupyterLab n’a pas démarré")

    yield process, folder, wait_running
    if process.poll() is None:
        process.kill()
    process.communicate(timeout=30)


def ask(lab: RunningLab, path: str, token: str | None = None) -> int:
    request = urllib.request.Request(lab.url + path)
    if token:
        request.add_header("Authorization", f"token {token}")
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"])
def test_the_server_ends_with_the_command_however_it_ends(
    launched: tuple[subprocess.Popen[str], Path, Callable[[], RunningLab]], name: str
) -> None:
    process, folder, wait_running = launched
    lab = wait_running()
    (info,) = open_lab.runtime_folder(folder).glob("jpserver-*.json")
    content = json.loads(info.read_text())
    assert Path(content["root_dir"]) == folder
    assert ask(lab, "api/contents") == 403  # no token
    assert ask(lab, "api/contents", lab.token) == 200
    if name == "SIGINT":  # not before the command waits for it
        time.sleep(0.5)
    process.send_signal(signal.Signals[name])
    output, _ = process.communicate(timeout=30)
    limit = time.monotonic() + 20
    while running_lab(folder) is not None and time.monotonic() < limit:
        time.sleep(0.1)
    assert running_lab(folder) is None
    if name != "SIGKILL":
        assert process.returncode == 0
        assert "Le cahier est fermé" in output
        assert "Traceback" not in output


def test_a_pythonpath_that_names_the_current_folder_is_not_given_to_the_kernels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["", str(tmp_path), ".", "libs"]))
    assert LabServer(tmp_path).environment()["PYTHONPATH"] == str(tmp_path)
    monkeypatch.setenv("PYTHONPATH", "")
    assert "PYTHONPATH" not in LabServer(tmp_path).environment()


@pytest.mark.parametrize("compiled", [False, True], ids=["sources", "compiled"])
def test_no_file_beside_a_notebook_takes_the_place_of_a_module_in_a_kernel(
    compiled: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real kernel, started as the launcher's server starts it, in a folder full of traps."""
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import KernelManager

    folder = tmp_path / "carnet"
    folder.mkdir()
    for name in ("crc_lab", "sitecustomize", "usercustomize", "ipykernel_launcher", "IPython", "json", "pandas"):
        trap = folder / f"{name}.py"
        trap.write_text(f"open({str(folder / 'pwned')!r}, 'w').close()\n", encoding="utf-8")
        if compiled:
            py_compile.compile(str(trap), cfile=str(trap.with_suffix(".pyc")))
            trap.unlink()
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT.parent), "", "."]))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    specs = KernelSpecManager(kernel_dirs=[str(ROOT / "lab" / "labconfig" / "share" / "kernels")])
    kernel = KernelManager(kernel_name="python3", kernel_spec_manager=specs)
    kernel.start_kernel(cwd=str(folder), env=LabServer(tmp_path).environment())
    try:
        client = kernel.client()
        client.start_channels()
        client.wait_for_ready(timeout=60)
        said: list[str] = []
        code = "import sys, json, pandas, crc_lab; print(crc_lab.__file__, '' in sys.path)"
        reply = client.execute_interactive(
            code, timeout=60, output_hook=lambda message: said.append(message["content"].get("text", ""))
        )
        client.stop_channels()
    finally:
        kernel.shutdown_kernel(now=True)
    assert reply["content"]["status"] == "ok"
    assert "".join(said).strip() == f"{ROOT / '__init__.py'} False"
    assert not (folder / "pwned").exists()
