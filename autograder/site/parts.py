"""What a site is made of, fetched once into the checkout and checked by hashes: nothing else is ever downloaded.

JupyterLite and JupyterLab's extensions come from ``requirements/site.lock``, in an environment of their own, for they
have no place in the JupyterLab of « ouvrir »; the wheels of the browser from ``requirements/navigateur.lock``; Pyodide
from npm, or from a folder that the person gives.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import autograder
from autograder.errors import PlaceProblem
from crc_lab.core.errors import CrcError

PYODIDE = "314.0.7"
_INTEGRITY = "sha512-0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A=="
"""Of npm's package ``pyodide``, this version: to be changed with it."""
PYODIDE_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
BROWSER_PYTHON = "314"
"""The version of Python in this Pyodide, as pip writes it."""
_ROOT = Path(autograder.__file__).resolve().parents[1]
_FOLDER, _STAMP = ".site", "crc-lab.txt"
_WINDOWS = os.name == "nt"

Say = Callable[[str], None]


class SiteProblem(PlaceProblem):
    """A site that cannot be made, or a published one that cannot work."""

    kind = "Site"


@dataclass(frozen=True)
class Parts:
    """``python``: an interpreter that has JupyterLite; ``share``: its ``share/jupyter``; ``wheels``, ``pyodide``:
    folders of files."""

    python: Path
    share: Path
    wheels: Path
    pyodide: Path


def parts(pyodide: Path | None = None, say: Say = print) -> Parts:
    """The parts, fetched when they are not there yet or when their lock has changed.

    ``pyodide``: the folder of an unpacked npm package ``pyodide``, where npm is not to be had. Raises
    :class:`CrcError` (French) outside a checkout, without the network, or for another Pyodide.
    """
    locks = {name: _ROOT / "requirements" / f"{name}.lock" for name in ("site", "navigateur")}
    if not all(path.is_file() for path in locks.values()):
        raise CrcError(
            "Le site se fabrique à partir d’une copie du projet, où sont les versions exactes de ses bibliothèques "
            "(dossier requirements/). Sans elle, prenez le fichier cahier-crc-navigateur.zip, déjà prêt."
        )
    kept = _ROOT / _FOLDER
    tools = _kept(kept / "outils", _digest(locks["site"]), lambda place: _tools(place, locks["site"], say))
    wheels = _kept(kept / "roues", _digest(locks["navigateur"]), lambda place: _wheels(place, locks["navigateur"], say))
    core = pyodide or _kept(kept / "pyodide", _INTEGRITY, lambda place: _pyodide(place, say))
    _check_pyodide(core)
    python = tools / ("Scripts/python.exe" if _WINDOWS else "bin/python")
    return Parts(python, tools / "share" / "jupyter", wheels, core)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _kept(place: Path, wanted: str, make: Callable[[Path], None]) -> Path:
    """The folder ``place``, made again, in one step, when its stamp is not ``wanted``."""
    if not (place.is_dir() and _stamp(place) == wanted):
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent) as folder:
            made = Path(folder) / place.name
            made.mkdir()
            make(made)
            (made / _STAMP).write_text(wanted, "utf-8")
            shutil.rmtree(place, ignore_errors=True)
            with contextlib.suppress(OSError):  # another command has just made it
                made.rename(place)
    if _stamp(place) != wanted:
        raise SiteProblem(str(place), "ce dossier n’a pas pu être écrit. Supprimez-le, puis recommencez.")
    return place


def _stamp(place: Path) -> str:
    path = place / _STAMP
    return path.read_text("utf-8") if path.is_file() else ""


def _tools(place: Path, lock: Path, say: Say) -> None:
    say("Installation de JupyterLite (une seule fois, avec une connexion à Internet)…")
    uv = shutil.which("uv", path=str(Path(sys.executable).parent))
    own_pip = ["--without-pip"] if uv else []
    _run([sys.executable, "-m", "venv", *own_pip, place], "la création d’un environnement Python")
    python = place / ("Scripts/python.exe" if _WINDOWS else "bin/python")
    quick = [uv, "pip", "install", "--quiet", "--require-hashes", "--python", python, "-r", lock]
    slow = [python, "-m", "pip", "install", "--quiet", "--no-input", "--no-deps", "--require-hashes", "-r", lock]
    _run(quick if uv else slow, "l’installation de JupyterLite")


def _wheels(place: Path, lock: Path, say: Say) -> None:
    say("Téléchargement des bibliothèques du navigateur…")
    pure = ["--only-binary=:all:", "--platform=any", f"--python-version={BROWSER_PYTHON}", "--implementation=py"]
    fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--no-deps", "--require-hashes"]
    _run([*fetch, *pure, "--abi=none", "--dest", place, "-r", lock], "le téléchargement des bibliothèques")


def _pyodide(place: Path, say: Say) -> None:
    say("Téléchargement de Pyodide (Python pour le navigateur)…")
    npm = shutil.which("npm")
    if npm is None:
        raise CrcError(
            f"Il manque Pyodide {PYODIDE} (Python pour le navigateur), et npm, qui le télécharge. Installez npm, ou "
            "donnez à --pyodide le dossier du paquet npm « pyodide », déjà téléchargé et décompressé."
        )
    _run([npm, "pack", "--silent", f"pyodide@{PYODIDE}", "--pack-destination", place], "le téléchargement de Pyodide")
    (packed,) = place.glob("*.tgz")
    found = "sha512-" + base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
    if found != _INTEGRITY:
        raise SiteProblem(packed.name, "ce n’est pas le Pyodide attendu (empreinte différente) : rien n’a été utilisé.")
    with tarfile.open(packed) as archive:
        for name in (*PYODIDE_FILES, "package.json"):
            content = archive.extractfile(f"package/{name}")
            assert content is not None, name
            (place / name).write_bytes(content.read())
    packed.unlink()


def _check_pyodide(folder: Path) -> None:
    missing = [name for name in (*PYODIDE_FILES, "package.json") if not (folder / name).is_file()]
    if missing:
        raise SiteProblem(str(folder), f"il y manque {missing[0]} : donnez le dossier du paquet npm « pyodide ».")
    version = json.loads((folder / "package.json").read_text("utf-8")).get("version")
    if version != PYODIDE:
        raise SiteProblem(str(folder), f"c’est Pyodide {version} ; il faut la version {PYODIDE}.")


def _run(command: Sequence[object], what: str) -> None:
    """Run one step; raises :class:`CrcError` with its last lines when it fails."""
    done = subprocess.run([str(one) for one in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        last = "\n".join(done.stdout.decode("utf-8", "replace").splitlines()[-8:])
        raise CrcError(
            f"Le site n’a pas pu être fabriqué : {what} a échoué. Vérifiez la connexion à Internet, puis "
            f"recommencez.\nDétail :\n{last}"
        )
