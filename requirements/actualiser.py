"""Compute the lock files again: ``.venv/bin/python requirements/actualiser.py [--tout | --paquet NOM …]``.

Without an option, versions that still satisfy ``pyproject.toml`` stay as they are. ``--tout`` takes the newest
versions, ``--paquet NOM`` the newest version of one package. The files name no package index: each machine uses
its own.

- ``dev.lock``: all that a checkout needs (what ``crc.py`` installs);
- ``eleve.lock`` and ``prof.lock``: the same versions, for ``pip install --require-hashes -r`` beside the wheel;
- ``amorce.lock``: uv alone, which ``crc.py`` gets with pip before anything else;
- ``site.lock``: what builds the site of « crc-lab site », in an environment of its own;
- ``navigateur.lock``: what Python is given in the browser, for its version and its machine (pure wheels only).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
OPTIONS = [
    "--quiet",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-annotate",
    "--custom-compile-command=python requirements/actualiser.py",
    "--constraints=requirements/contraintes.txt",
]
EVERYWHERE = ["--universal", "--python-version=3.11"]
# Of what the libraries ask for, the browser has its own (kernel's shims) or goes without (completion of code).
BROWSER = [
    "--python-version=3.14",
    "--python-platform=wasm32-pyodide2024",
    *(f"--no-emit-package={name}" for name in ("jedi", "parso", "jupyterlab-widgets", "widgetsnbextension")),
    "--no-emit-package=markupsafe",  # its pure part is taken from the environment of site.lock
]
# in this order: the later locks take their versions from dev.lock
LOCKS = {
    "dev.lock": ["pyproject.toml", "--extra=prof", "--extra=auteur", "--group=dev"],
    "prof.lock": ["pyproject.toml", "--extra=prof", "--constraints=requirements/dev.lock"],
    "eleve.lock": ["pyproject.toml", "--constraints=requirements/dev.lock"],
    "amorce.lock": ["-", "--constraints=requirements/dev.lock"],
    "site.lock": ["--group=site", "--constraints=requirements/dev.lock"],
    "navigateur.lock": ["--group=navigateur"],
}


def uv() -> str:
    """The uv of the environment that runs this script."""
    name = "uv.exe" if sys.platform == "win32" else "uv"
    path = Path(sys.executable).parent / name
    if not path.exists():
        raise SystemExit("Lancez ce script avec le Python de .venv (préparé par « python3 crc.py test »).")
    return str(path)


def main() -> int:
    """Write the locks; the exit code of the first compilation that fails."""
    parser = argparse.ArgumentParser(description="Recalcule les verrous de requirements/.")
    parser.add_argument("--tout", action="store_true", help="prendre les versions les plus récentes de tout")
    parser.add_argument("--paquet", action="append", default=[], help="prendre la version la plus récente de ce paquet")
    asked = parser.parse_args()
    upgrade = ["--upgrade"] if asked.tout else [f"--upgrade-package={name}" for name in asked.paquet]
    for lock, source in LOCKS.items():
        fresh = upgrade if lock == "dev.lock" else ["--upgrade"]
        machine = BROWSER if lock == "navigateur.lock" else EVERYWHERE
        command = [uv(), "pip", "compile", *OPTIONS, *machine, *fresh, *source, "--output-file", f"requirements/{lock}"]
        done = subprocess.run(
            command, cwd=ROOT, input="uv\n" if source[0] == "-" else None, text=True, stdout=subprocess.DEVNULL
        )
        if done.returncode:
            return done.returncode
        print(f"requirements/{lock} : à jour")
    return 0


if __name__ == "__main__":
    sys.exit(main())
