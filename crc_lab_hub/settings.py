"""``configurer``: what JupyterHub is told, and what it does when the server of somebody starts.

Everyone gets JupyterLab as « ouvrir » starts it (``crc_lab/lab/labconfig``), on a workbook of their own which a program
run *as them* (:mod:`crc_lab.lab.workbook_copy`) copies or brings up to date. Teachers get all of JupyterLab, and
nbgrader's formgrader on their prepared folder.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from tornado.web import HTTPError

from crc_lab.core.errors import CrcError
from crc_lab.core.resources import OTHER_WORKBOOK
from crc_lab.core.text import reason
from crc_lab.lab import workbook_copy
from crc_lab.lab.open_lab import WELCOME

_HERE = Path(__file__).resolve().parent
WORKBOOK, SUBJECTS = "cahier-crc", "sujet-crc"
"""The folder of each home where the workbook goes, and the one for subjects: training and assessment never mix."""
_NAME = r"[^\W_][\w.@+-]{0,99}\Z"
"""What an account may be called: it is the name of a folder too."""
_COURSE = Path("nbgrader") / "nbgrader_config.py"
_ABOUT = """
import importlib.util, json, pathlib, crc_lab.lab
place = pathlib.Path(crc_lab.lab.__file__).parent
keys = importlib.util.find_spec("autograder") is not None
keys = keys or any((place.parent / "_cahier").rglob("corrige.toml"))
keys = keys or (place.parents[1] / "notebooks").is_dir()
print(json.dumps([str(place), keys]))
"""
_FAILED = "Votre cahier n’a pas pu être préparé."
_KEPT = (OTHER_WORKBOOK, "PYTHONPATH")
"""What of the servers' environment says which workbook, and which crc-lab."""
_PATIENCE = 180
"""Seconds that a server may take to start, when a whole class arrives at once."""


class Unprepared(HTTPError):
    """The workbook of somebody cannot be made ready; JupyterHub shows ``jupyterhub_message`` in its page.

    Another exception than tornado's would lose what it says when it comes within a second.
    """

    def __init__(self, said: str) -> None:
        super().__init__(500, "%s", said)
        self.jupyterhub_message = said


@dataclass(frozen=True)
class _Program:
    """The Python that runs the servers of the students: its crc-lab's folder of settings, and whether it has keys."""

    python: Path
    lab: Path
    has_keys: bool

    @classmethod
    def of(cls, python: Path) -> _Program:
        """Ask that Python; raises :class:`CrcError` when crc-lab is not installed there."""
        try:
            done = subprocess.run([python, "-P", "-c", _ABOUT], cwd="/", capture_output=True, check=True, text=True)
            lab, has_keys = json.loads(done.stdout)
        except (OSError, ValueError, subprocess.CalledProcessError):
            raise CrcError(
                f"« {python} » n’a pas crc-lab : installez-le là, ou donnez à « eleves » le bon environnement Python."
            ) from None
        return cls(python, Path(lab), bool(has_keys))

    @property
    def config(self) -> Path:
        return self.lab / "labconfig"

    @property
    def server(self) -> list[str]:
        """The command that starts a server."""
        return [str(self.python), "-P", "-m", "jupyterhub.singleuser"]

    def variables(self, config: Sequence[Path]) -> dict[str, str]:
        """What the process of a server finds in its environment."""
        return {
            "JUPYTERHUB_SINGLEUSER_APP": "jupyter_server.serverapp.ServerApp",
            "JUPYTER_PATH": str(self.config / "share"),
            "JUPYTER_CONFIG_PATH": os.pathsep.join(map(str, config)),
            "PATH": os.pathsep.join([str(self.python.parent), os.environ.get("PATH", os.defpath)]),
            "PYTHONSAFEPATH": "1",
        }


def configurer(
    c: Any,
    cahiers: str | Path | None = None,
    *,
    eleves: str | Path | None = None,
    sujets: Sequence[str | Path] = (),
    professeurs: Collection[str] = (),
    cours: str = "evaluation",
    moodle: str = "",
    client: str = "",
    essai: bool = False,
) -> None:
    """Set JupyterHub (``c = get_config()``) for the workbook. What ``c`` says already is kept.

    ``cahiers``: the folder that holds one folder an account, when accounts are none of the system's (a trial: all of
    them then run as one user of the system, and can read each other); without it, each account works in its own home.
    ``eleves``: the Python environment (a folder with ``bin/python``) of the students' program, by default this one.
    ``sujets``: archives of « preparer »: an assessment in the place of the workbook, which asks for an ``eleves``
    without any key. ``professeurs``: accounts with all of JupyterLab and nbgrader's formgrader on ``cours``, a folder
    of « preparer » in their home. ``moodle``, ``client``: the address of Moodle and the identifier that it gave to this
    server, for LTI 1.3. ``essai``: with ``cahiers``, let everybody be the system's administrator (a container).

    Raises :class:`CrcError`: a program without crc-lab, subjects and keys together, an archive that does not open,
    students who would be administrators.
    """
    python = Path(eleves).expanduser().resolve() / "bin" / "python" if eleves else Path(sys.executable)
    program = _Program.of(python)
    archives = [Path(one).expanduser().resolve() for one in sujets]
    if archives and program.has_keys:
        raise CrcError(
            "Une évaluation se passe avec le programme de l’élève, sans corrigé : faites-le avec « crc-lab "
            "programme-eleve », installez-le dans un environnement Python à part, et donnez ce dossier à « eleves »."
        )
    homes = Path(cahiers).expanduser().resolve() if cahiers else None
    as_root = homes is not None and hasattr(os, "geteuid") and os.geteuid() == 0
    if as_root and not essai:
        raise CrcError(
            f"Avec « {homes} », les cahiers tournent sous le compte qui lance JupyterHub. Sous « root », les élèves "
            "auraient tous les droits : lancez-le avec un compte ordinaire, ou prenez les comptes du système. Pour un "
            "essai dans un conteneur, ajoutez « essai=True »."
        )
    for name in ("start_timeout", "http_timeout"):
        _default(c.Spawner, name, _PATIENCE)
    root = ["--allow-root"] if as_root else []
    _hub(c, homes)
    _default(c.Spawner, "cmd", program.server)
    _default(c.Spawner, "default_url", f"/lab/tree/{_first_page(archives)}".rstrip("/"))
    _default(c.Spawner, "notebook_dir", f"~/{SUBJECTS if archives else WORKBOOK}")
    _default(c.Spawner, "args", [*_student_options(program), *root])
    c.Spawner.environment = program.variables([program.config / "etc"]) | dict(c.Spawner.get("environment", {}))
    teaching = _teacher(_Program.of(Path(sys.executable)), cours, root) if professeurs else None
    c.Spawner.pre_spawn_hook = _before_start(program, homes, archives, frozenset(professeurs), teaching)
    if moodle:
        _from_moodle(c, moodle.rstrip("/"), client)


def _hub(c: Any, homes: Path | None) -> None:
    """The pages in French, which names are accounts, where their homes are."""
    c.JupyterHub.template_paths = [str(_HERE / "templates"), *c.JupyterHub.get("template_paths", [])]
    _default(c.Authenticator, "username_pattern", _NAME)
    if homes is not None:
        _default(c.JupyterHub, "spawner_class", "simple")
        _default(c.SimpleLocalProcessSpawner, "home_dir_template", str(homes / "{username}"))


def _student_options(program: _Program) -> list[str]:
    """JupyterLab as « ouvrir » starts it; a server that nobody uses any more gives its memory back."""
    return [
        f"--LabApp.app_settings_dir={program.config / 'settings'}",
        "--LabApp.extension_manager=readonly",
        "--ServerApp.terminals_enabled=False",
        f"--ServerApp.extra_template_paths={json.dumps([str(program.config / 'templates')])}",
        "--MappingKernelManager.cull_idle_timeout=3600",
        "--ServerApp.shutdown_no_activity_timeout=3600",
    ]


def _default(section: Any, name: str, value: Any) -> None:
    if name not in section:
        section[name] = value


def _first_page(subjects: Sequence[Path]) -> str:
    """What is shown first: the welcome page of the workbook, the notebook of the only subject, else the files."""
    found: list[str] = [] if subjects else [WELCOME]
    for subject in subjects:
        try:
            with ZipFile(subject) as packed:
                found += [name for name in packed.namelist() if name.endswith(".ipynb")]
        except (OSError, BadZipFile):
            raise CrcError(
                f"Le sujet « {subject} » ne s’ouvre pas : donnez un ZIP fait par « crc-lab preparer »."
            ) from None
    return found[0] if len(found) == 1 else ""


def _from_moodle(c: Any, moodle: str, client: str) -> None:
    """LTI 1.3: Moodle says who comes, by the name of the account there (custom parameter ``login=$User.username``)."""
    if not client:
        raise CrcError("Avec « moodle », donnez aussi « client » : l’identifiant que Moodle montre pour cet outil.")
    _default(c.JupyterHub, "authenticator_class", "ltiauthenticator.lti13.auth.LTI13Authenticator")
    _default(c.Authenticator, "allow_all", True)  # whoever Moodle lets into the course
    for name, value in {
        "issuer": moodle,
        "authorize_url": f"{moodle}/mod/lti/auth.php",
        "jwks_endpoint": f"{moodle}/mod/lti/certs.php",
        "client_id": [client],
        "username_key": "custom_login",
        "tool_name": "Cahier crc-lab",
    }.items():
        _default(c.LTI13Authenticator, name, value)


# --- when the server of somebody starts -------------------------------------------------------------------------------

_Setting = Callable[[Any, Path], None]


def _before_start(
    program: _Program,
    homes: Path | None,
    subjects: Sequence[Path],
    teachers: Collection[str],
    teaching: _Setting | None,
) -> Callable[[Any], Awaitable[None]]:
    async def before_start(spawner: Any) -> None:
        name = str(spawner.user.name)
        if not re.match(_NAME, name):
            raise Unprepared("Ce nom de compte ne peut pas être celui d’un dossier. Prévenez votre professeur.")
        home, user = _home(name, homes)
        if teaching is not None and name in teachers:
            teaching(spawner, home)
            return
        folder = home / (SUBJECTS if subjects else WORKBOOK)
        own = {name: str(spawner.environment[name]) for name in _KEPT if name in spawner.environment}
        await _as(user, program, [str(folder), *map(str, subjects)], own)

    return before_start


def _home(name: str, homes: Path | None) -> tuple[Path, Mapping[str, Any]]:
    """The home of an account, and who to be when writing there (nothing: oneself)."""
    if homes is not None:
        (homes / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        return homes / name, {}
    import pwd  # not on Windows, where JupyterHub does not run

    try:
        known = pwd.getpwnam(name)
    except KeyError:
        raise Unprepared(
            "Ce compte n’a pas de dossier sur le serveur. Prévenez votre professeur : il le créera."
        ) from None
    if os.geteuid() != 0:  # a hub without rights only starts servers of its own user
        return Path(known.pw_dir), {}
    return Path(known.pw_dir), {"user": known.pw_uid, "group": known.pw_gid, "extra_groups": []}


async def _as(user: Mapping[str, Any], program: _Program, arguments: Sequence[str], own: Mapping[str, str]) -> None:
    """Run the program that fills a folder, as somebody, without what the hub's own environment holds (secrets).

    Raises :class:`Unprepared` with what it says.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            str(program.python), "-P", "-m", workbook_copy.__name__, *arguments,
            cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env={"PATH": os.environ.get("PATH", os.defpath), "PYTHONIOENCODING": "utf-8", **own}, **user,
        )  # fmt: skip
    except OSError as error:
        why = f"ce compte n’a pas le droit de lancer « {program.python} » ({reason(error)})"
        raise Unprepared(f"{_FAILED} Prévenez votre professeur, avec ce message : {why}.") from None
    _, said = await process.communicate()
    if process.returncode == workbook_copy.TOLD:
        told = said.decode("utf-8", "replace").strip()
        raise Unprepared(f"{_FAILED} Prévenez votre professeur, avec ce message : {told}")
    if process.returncode:
        raise Unprepared(f"{_FAILED} Prévenez votre professeur.")


def _teacher(program: _Program, course: str, root: Sequence[str]) -> _Setting:
    """All of JupyterLab of this ``program``, in French, and nbgrader's formgrader once there is a prepared folder."""
    own = _HERE / "professeur"

    def teaching(spawner: Any, home: Path) -> None:
        place = home / course
        prepared = (place / _COURSE).is_file()
        config = [*([(place / _COURSE).parent] if prepared else []), own / "etc"]
        spawner.cmd = program.server
        spawner.environment = {**spawner.environment, **program.variables(config)}
        spawner.notebook_dir = str(home)
        spawner.default_url = "/formgrader" if prepared else "/lab"
        spawner.args = [f"--LabApp.app_settings_dir={own / 'settings'}", "--LabApp.extension_manager=readonly", *root]

    return teaching
