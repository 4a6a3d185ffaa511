"""``crc-lab ouvrir``: copy the workbook where the person works, start JupyterLab on it, stop it with Ctrl+C.

Everything said here is French and meant for students: what was copied, where to click, how to stop. One JupyterLab
serves one copied workbook. Nothing of the person's own Jupyter takes part, and nothing of it is written
(``crc_lab/lab/labconfig/``):

- ``settings/``: JupyterLab's defaults (French, plain page…), given as ``--LabApp.app_settings_dir``;
- ``templates/``: the pages of the server itself (code asked for, errors), in French;
- ``etc/``: server extensions that are of no use here are off, and the list of files shows no question file (it shows
  ``.pyc`` files, for the plugin looks for what could hide a library) (``JUPYTER_CONFIG_PATH``);
- ``share/``: a ``python3`` kernel that is this very interpreter, whose ``sys.path`` has no current directory, so that a
  ``random.py`` beside a notebook hides no library, and which keeps no history file (``JUPYTER_PATH``).

What the person chooses in JupyterLab (a theme) is kept in the workbook, ``.crc-lab/reglages``. All the rest (secrets,
window layout, log) goes to a folder of the workbook's own under Jupyter's runtime folder: it needs a real file system
with rights, and a workbook may be on a USB key.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import quote

from crc_lab.core.errors import CrcError, as_typed
from crc_lab.core.resources import PRIVATE, inside_subject
from crc_lab.core.rooms import using_workbook
from crc_lab.lab.workbook_copy import CopyReport, copied_from, copy_workbook

FIRST_PORT = 8890
WELCOME = "00_accueil/00_accueil.ipynb"
_HERE = Path(__file__).resolve().parent
_CONFIG = _HERE / "labconfig"


def _say(text: str) -> None:
    print(as_typed(text), flush=True)


@dataclass(frozen=True)
class Words:
    """What is said of a server: ``what`` it shows, that it is open ``already``, what is ``kept``, how to come back."""

    what: str
    already: str
    kept: str
    again: str


_WORKBOOK = Words(
    what="Le cahier",
    already="Ce cahier est déjà ouvert, dans une autre fenêtre de commande.",
    kept="Vos réponses sont enregistrées au fur et à mesure.",
    again="crc-lab ouvrir",
)


def open_workbook(
    folder: Path | None = None, *, port: int | None = None, browser: bool = True, workbook: Path | None = None
) -> int:
    """Copy the workbook into ``folder`` (``cahier-crc/`` by default), start JupyterLab on it, and wait for its end.

    ``port``: that one, or the first free one. ``browser=False``: only show the address. ``workbook``: another workbook
    than the usual one; the copy remembers it. Returns 0 when it was opened, 1 when it could not be (the reason was
    said).
    """
    try:
        _need_jupyterlab()
        here = Path.cwd()  # perhaps a copied workbook already
        default = here if (here / PRIVATE / "copie.json").is_file() or inside_subject(here) else here / "cahier-crc"
        destination = (folder or default).expanduser().resolve()
        with using_workbook(workbook or copied_from(destination)):
            for line in describe(copy_workbook(destination)):
                _say(line)
            return open_server(LabServer(destination, port=port, browser=browser), _WORKBOOK, destination)
    except CrcError as error:
        _say(str(error))
        return 1


def describe(report: CopyReport) -> list[str]:
    """The report, in French, a line for each thing worth knowing."""
    lines = [f"Votre cahier est dans : {report.folder}"]
    if report.assessment:
        return [*lines, "C’est un sujet d’évaluation : il est ouvert tel quel, rien n’y est ajouté."]
    if report.copied:
        count = len(report.copied)
        lines.append(f"{count} fichiers copiés." if count > 1 else f"Fichier copié : {report.copied[0]}.")
    if report.updated:
        lines.append(f"Mis à jour (vous ne les aviez pas modifiés) : {', '.join(report.updated)}.")
    if report.kept:
        lines.append(f"Gardés tels que vous les avez laissés : {', '.join(report.kept)}.")
    if report.renewed:
        lines.append(
            f"Une version plus récente existe pour : {', '.join(report.renewed)}. Les vôtres restent utilisables ; "
            "pour repartir d’un fichier neuf, renommez le vôtre, puis relancez cette commande."
        )
    for name, aside in report.set_aside:
        lines.append(
            f"« {name} » avait été modifié : l’original est remis en place, votre version "
            f"s’appelle maintenant « {aside} »."
        )
    return lines


def open_server(server: LabServer, words: Words, folder: Path) -> int:
    """Start the server, say where it is, and wait for its end; ``folder`` is how the person named its place.

    Returns 0, or 1 when it stopped on an accident; raises :class:`CrcError` when it cannot be started.
    """
    browser = server.browser
    if (already := running_lab(server.folder)) is not None:
        _say(words.already)
        _say(f"Son adresse : {already.address}")
        if browser:
            webbrowser.open(already.address)
        return 0
    if server.port is not None and not port_is_free(server.port):
        raise CrcError(
            f"Le port {server.port} est déjà pris par un autre programme. Choisissez-en un autre (« --port "
            f"{server.port + 1} »), ou laissez crc-lab en trouver un : relancez sans « --port »."
        )
    _say("Démarrage de JupyterLab (quelques secondes)…")
    previous = _stop_on_signals()
    try:
        lab = server.start()
        if browser and not _has_browser():
            _say("Aucun navigateur n’a été trouvé sur cet ordinateur.")
            browser = False
        _say(f"{words.what} s’ouvre dans votre navigateur." if browser else f"{words.what} est prêt.")
        _say(f"Si besoin, copiez cette adresse dans votre navigateur : {lab.address}")
        _say(f"Pour arrêter : Ctrl+C dans cette fenêtre. {words.kept}")
        code = server.wait()
        _say(
            f"JupyterLab s’est arrêté (code {code}). Son journal : {server.log}" if code else f"{words.what} est fermé."
        )
        return 1 if code else 0
    except KeyboardInterrupt:
        _say("Fermeture…")
        server.stop()
        name = f'"{folder}"' if " " in str(folder) else str(folder)
        _say(f"{words.what} est fermé. Pour y revenir : {words.again} {name}")
        return 0
    finally:
        server.stop()
        for number, handler in previous.items():
            signal.signal(number, handler)


def _need_jupyterlab() -> None:
    missing = [name for name in ("jupyterlab", "anywidget") if importlib.util.find_spec(name) is None]
    if missing:
        raise CrcError(
            f"Il manque {' et '.join(missing)} dans cet environnement Python. Installez le cahier en entier : "
            "« python crc.py ouvrir » depuis son dossier, ou « pip install crc-lab »."
        )


def _stop_on_signals() -> dict[signal.Signals, signal.Handlers]:
    """A closed terminal window or a polite kill ends as Ctrl+C does; returns the former handlers."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    names = [name for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
    try:
        return {number: signal.signal(number, interrupt) for number in (signal.Signals[name] for name in names)}  # type: ignore[misc]
    except ValueError:  # not in the main thread: no signals there
        return {}


def _has_browser() -> bool:
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


# --- the server


@dataclass(frozen=True, slots=True)
class RunningLab:
    """A server that answers: ``url`` ends with ``/``."""

    url: str
    token: str

    @property
    def address(self) -> str:
        """What to type in a browser."""
        return f"{self.url}?token={self.token}"


def runtime_folder(folder: Path) -> Path:
    """Where the server of this workbook keeps its secrets: the same one each time, readable by its owner only."""
    from jupyter_core.paths import jupyter_runtime_dir

    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    return Path(jupyter_runtime_dir()) / "crc-lab" / name


def running_lab(folder: Path) -> RunningLab | None:
    """The server that already serves this workbook, if it answers."""
    for info in runtime_folder(folder).glob("jpserver-*.json"):
        found = _read_info(info)
        if found is not None and _answers(found):
            return found
    return None


def port_is_free(port: int) -> bool:
    """Whether a server could listen on this port of this machine (loopback)."""
    with socket.socket() as probe:
        if os.name == "posix":  # a port just left is free; on Windows the option means something else
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
        return True


class LabServer:
    """A JupyterLab process for the workbook in ``folder``; also a context manager (started, then stopped).

    ``port``: that one or none; without it, the first free one from 8890. ``browser``: let Jupyter open it.
    ``options``: more JupyterLab options; ``environment``: more variables for the process and its kernels.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        browser: bool = False,
        options: tuple[str, ...] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder.resolve()
        self.runtime = runtime_folder(self.folder)
        self.log = self.runtime / "serveur.log"
        self.port, self.browser, self._options = port, browser, options
        self._environment = dict(environment or {})
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        """The command line of the server (no secret in it: others may read it)."""
        page = _first_page(self.folder)
        settings = {
            **self.everywhere(),
            "LabApp.default_url": f"/lab/tree/{quote(page)}" if page else "/lab",
            "LabApp.app_settings_dir": _CONFIG / "settings",
            "LabApp.user_settings_dir": self.folder / PRIVATE / "reglages",
            "LabApp.workspaces_dir": self.runtime / "espaces",
            "LabApp.extra_labextensions_path": _HERE / "labextension",
            "LabApp.extension_manager": "readonly",
        }
        return self.started_with(settings)

    def everywhere(self) -> dict[str, object]:
        """The settings of any server of ours: this machine only, nothing written outside of its own folder."""
        return {
            "ServerApp.root_dir": self.folder,
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": self.port or FIRST_PORT,
            "ServerApp.port_retries": 0 if self.port else 50,
            "ServerApp.open_browser": self.browser,
            "ServerApp.use_redirect_file": not _browser_sees_no_files(),
            "ServerApp.terminals_enabled": False,
            "ServerApp.extra_template_paths": json.dumps([str(_CONFIG / "templates")]),
            "NotebookNotary.data_dir": self.runtime,
        }

    def started_with(self, settings: Mapping[str, object]) -> list[str]:
        """The command line that starts JupyterLab with these settings."""
        # Root is the only user of many containers and of some WSL systems; the server is on loopback, with a token.
        root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        given = [f"--{name}={value}" for name, value in settings.items()]
        return [sys.executable, "-P", str(_HERE / "lab_main.py"), *given, *root, *self._options]

    def environment(self) -> dict[str, str]:
        """The variables of the server process, and so of its kernels."""
        share = [str(_CONFIG / "share"), *filter(None, [os.environ.get("JUPYTER_PATH")])]
        given = {**os.environ, **self._environment}
        # An empty entry (« PYTHONPATH=$PYTHONPATH:/x ») or a relative one stands for the folder of the notebook.
        places = [one for one in given.pop("PYTHONPATH", "").split(os.pathsep) if Path(one).is_absolute()]
        return {
            **given,
            **({"PYTHONPATH": os.pathsep.join(places)} if places else {}),
            "JUPYTER_PATH": os.pathsep.join(share),
            "JUPYTER_CONFIG_PATH": str(_CONFIG / "etc"),
            "JUPYTER_CONFIG_DIR": str(self.runtime / "config"),
            "JUPYTER_RUNTIME_DIR": str(self.runtime),
            "IPYTHONDIR": str(self.runtime / "ipython"),
            "PYTHONSAFEPATH": "1",
        }

    @property
    def cwd(self) -> Path:
        """The folder that the server starts in."""
        return self.runtime

    def start(self, timeout: float = 90.0) -> RunningLab:
        """Start, and wait until it answers; raises :class:`CrcError` when it does not within ``timeout`` seconds."""
        self.runtime.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.rmtree(self.runtime / "espaces", ignore_errors=True)  # each start begins with the welcome page
        for stale in self.runtime.glob("jpserver-*"):
            stale.unlink(missing_ok=True)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                self.command(),
                cwd=self.cwd,
                env=self.environment(),
                stdin=subprocess.PIPE,  # closed when this process ends, however it ends: the server then stops
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl+C in the terminal reaches the command only, which then stops the server in good order.
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        limit = time.monotonic() + timeout
        while time.monotonic() < limit and self._process.poll() is None:
            if (found := running_lab(self.folder)) is not None:
                return found
            time.sleep(0.05)
        self.stop()
        last = "\n".join(self.log.read_text("utf-8", errors="replace").splitlines()[-15:])
        raise CrcError(f"JupyterLab n’a pas démarré. Dernières lignes de son journal ({self.log}) :\n{last}")

    def wait(self) -> int:
        """Wait for the end of the server (« Arrêter » in its File menu, or an accident); its exit code."""
        assert self._process is not None, "start() first"
        while (code := self._process.poll()) is None:
            time.sleep(0.2)  # not Popen.wait(): on Windows Ctrl+C would not interrupt it
        return code

    def stop(self, timeout: float = 15.0) -> None:
        """Stop the server and its kernels; by force after ``timeout`` seconds. Nothing happens if it is not running."""
        process = self._process
        if process is None:
            return
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout)
        self._process = None

    def __enter__(self) -> LabServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _first_page(folder: Path) -> str:
    """What is shown first: the welcome page of a workbook, else the only notebook of a subject, else nothing."""
    if (folder / WELCOME).is_file():
        return WELCOME
    notebooks = [path for path in (*folder.glob("*.ipynb"), *folder.glob("*/*.ipynb")) if path.is_file()]
    return notebooks[0].relative_to(folder).as_posix() if len(notebooks) == 1 else ""


def _read_info(path: Path) -> RunningLab | None:
    """What a server says of itself in its file, or None while it is being written."""
    try:
        content: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return RunningLab(f"http://127.0.0.1:{int(content['port'])}{content['base_url']}", str(content["token"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _answers(lab: RunningLab) -> bool:
    """Whether the server is there, and is ours (it knows the token). No proxy: it is on this machine."""
    request = urllib.request.Request(f"{lab.url}api/status", headers={"Authorization": f"token {lab.token}"})
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=3) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _browser_sees_no_files() -> bool:
    """Whether the browser may not read Jupyter's start page from a hidden folder (snap, Windows seen from WSL).

    It then gets the address itself, which other users of the machine could read in the list of processes.
    """
    return "microsoft" in platform.release().lower() or Path("/snap/bin/firefox").exists()
