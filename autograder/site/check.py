"""What is proved of a built site, on its final files: no key in an assessment, nothing from elsewhere, bounded sizes.

The libraries and JupyterLite come whole from their hashed packages, and the student's program is proved to hold no key
by its own tests: what is searched is all that was made here, for this activity.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath

from autograder.prepare.leaks import LeakFound, find_leaks
from autograder.site.lite import KERNEL, PYODIDE_FOLDER
from autograder.site.parts import SiteProblem
from autograder.site.wheel import WORKBOOK, program
from crc_lab.core.bank import KEYS, LoadedActivity
from crc_lab.core.problems import READING
from crc_lab.core.resources import KEY_TABLES

MANIFEST = "fichiers.json"
"""The list of the files of a site: what « crc-lab site --verifier » asks a host for."""
MOST = 22_000_000
"""Bytes of the site as one ZIP: many Moodles refuse more than a few times that."""
_ADDRESS = re.compile(rb"(?:https?:)?//[\w-]+(?:\.[\w-]+)+")
_MADE_HERE = ("index.html", "jupyter-lite.json", "lab/jupyter-lite.json", "overrides.json")


def no_key(site: Path, loaded: LoadedActivity, proved: Collection[bytes] = ()) -> int:
    """How many files made for this activity were searched, and say nothing of its key.

    ``proved``: the digests of the modules that are the student's program, compiled here. Raises
    :class:`LeakFound` when a value of the key can be read, :class:`SiteProblem` for a file that is a key.
    """
    if keys := [name for name, _ in _every(site) if _is_key(name)]:
        raise SiteProblem(keys[0], "ce fichier d’un corrigé est dans le site : il n’est donc pas gardé.")
    own = dict(_made_here(site, proved))
    if leaks := find_leaks(own, loaded):
        raise LeakFound(loaded.activity.id, leaks)
    return len(own)


def _is_key(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return bool({KEYS, READING, KEY_TABLES, "autograder"} & set(parts))


def _every(site: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of the site, and those inside its packages."""
    for path in sorted(site.rglob("*")):
        if path.is_file():
            content, name = path.read_bytes(), path.relative_to(site).as_posix()
            yield name, content
            if path.suffix == ".zip":
                with zipfile.ZipFile(io.BytesIO(content)) as packed:
                    yield from ((f"{name}/{inside}", packed.read(inside)) for inside in packed.namelist())


def _made_here(site: Path, proved: Collection[bytes]) -> Iterator[tuple[str, bytes]]:
    """What is neither a library, nor JupyterLite, nor the student's program as it always is."""
    same = {hashlib.sha256(content).digest() for content in program().values()}.union(proved)
    for name, content in _every(site):
        ours = name in _MADE_HERE or name.startswith(("files/", "api/contents/")) or f"/{WORKBOOK}/" in name
        odd = re.search(r"/crc_lab-[^/]*\.zip/", name) and hashlib.sha256(content).digest() not in same
        if ours or odd:
            yield name, content


def nothing_from_elsewhere(site: Path, allowed: str = "") -> None:
    """Raise :class:`SiteProblem` when the settings of the site name another place than itself (but ``allowed``)."""
    content = json.loads((site / "jupyter-lite.json").read_text("utf-8"))["jupyter-config-data"]
    kernel = content["litePluginSettings"][KERNEL]
    local = f"./{PYODIDE_FOLDER}/"
    if not (kernel["disablePyPIFallback"] and kernel["pyodideUrl"].startswith(local)):
        raise SiteProblem("jupyter-lite.json", "Python n’y vient pas du site lui-même.")
    for name in _MADE_HERE[:2]:
        text = (site / name).read_bytes().replace(allowed.encode(), b"") if allowed else (site / name).read_bytes()
        if found := _ADDRESS.search(text):
            raise SiteProblem(name, f"une adresse d’ailleurs s’y trouve : {found[0].decode()}.")


def write_manifest(site: Path) -> Mapping[str, list[object]]:
    """Write the list of the files, each with its size and its hash; what is written."""
    files = sorted(path for path in site.rglob("*") if path.is_file() and path.name != MANIFEST)
    listed = {
        path.relative_to(site).as_posix(): [path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest()]
        for path in files
    }
    (site / MANIFEST).write_text(json.dumps(listed, indent=0), encoding="utf-8")
    return listed
