"""The student side as one pure wheel for the browser: with the whole workbook, or with one subject and no key.

Both begin with the student's program, which holds no answer (:mod:`autograder.prepare.content`), without what
starts a server.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import autograder
from autograder.prepare.content import SOURCES, student_program
from autograder.site.parts import SiteProblem
from crc_lab import __version__
from crc_lab.core.bank import EXERCISES, KEYS
from crc_lab.core.problems import READING
from crc_lab.core.resources import KEY_TABLES, activity_ids, workbook_root
from crc_lab.core.rooms import picture_folders

STUDENT, TEACHER = "crc-lab", "crc-lab-prof"
"""The names of the two wheels, as Pyodide's list has them."""
NAME, TEACHER_NAME = (f"{one.replace('-', '_')}-{__version__}-py3-none-any.whl" for one in (STUDENT, TEACHER))
WORKBOOK = "crc_lab/_cahier"
_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Subject:
    """One subject of « crc-lab preparer »: its ``activity``, its ``files`` by path in the activity's folder."""

    activity: str
    files: Mapping[str, bytes]

    @property
    def mark(self) -> str:
        """A few letters that change with its content: what the browser keeps of two subjects never meets."""
        digest = hashlib.sha256(b"".join(self.files[name] for name in sorted(self.files))).hexdigest()
        return f"{self.activity}-{digest[:8]}"


def read_subject(path: Path) -> Subject:
    """The subject in a ZIP of ``sujets/``; raises :class:`SiteProblem` for anything else."""
    try:
        with zipfile.ZipFile(path) as packed:
            files = {PurePosixPath(name): packed.read(name) for name in packed.namelist() if not name.endswith("/")}
    except (OSError, zipfile.BadZipFile):
        raise SiteProblem(path.name, "ce n’est pas un fichier ZIP lisible.") from None
    folders = {name.parts[0] for name in files}
    inside = {PurePosixPath(*name.parts[1:]).as_posix(): content for name, content in files.items()}
    (activity,) = folders if len(folders) == 1 else ("",)
    if EXERCISES not in inside or f"{activity}.ipynb" not in inside:
        raise SiteProblem(path.name, "donnez un fichier du dossier sujets/ de « crc-lab preparer », un seul.")
    if {KEYS, READING} & set(inside) or any(KEY_TABLES in PurePosixPath(name).parts for name in inside):
        raise SiteProblem(path.name, "ce fichier contient un corrigé : donnez celui du dossier sujets/.")
    return Subject(activity, inside)


def training_wheel() -> bytes:
    """The wheel of the training site: the workbook in use, its keys (the cards explain answers) and its pictures."""
    files = program()
    for folder in picture_folders():
        files |= _folder(folder, f"crc_lab/{folder.relative_to(SOURCES).as_posix()}")
    root = workbook_root()
    for activity in activity_ids():
        for name in (EXERCISES, KEYS, READING, f"{activity}.ipynb"):
            path = root / "notebooks" / activity / name
            if path.is_file():
                files[f"{WORKBOOK}/notebooks/{activity}/{name}"] = path.read_bytes()
    for path in sorted((*(root / "notebooks").glob("*.toml"), *(root / "notebooks").glob("*.json"))):
        files[f"{WORKBOOK}/notebooks/{path.name}"] = path.read_bytes()
    files |= _folder(root / "datasets", f"{WORKBOOK}/datasets")
    return packed(files)


def teacher_wheel() -> bytes:
    """The wheel of the marking page: the teacher side, without what makes sites."""
    package = Path(autograder.__file__).resolve().parent
    files = _folder(package, "autograder")
    return packed({name: text for name, text in files.items() if not name.startswith("autograder/site/")}, TEACHER)


def subject_wheel(subject: Subject) -> bytes:
    """The wheel of an assessment site: the program without any key, and the files of one subject."""
    own = {f"{WORKBOOK}/notebooks/{subject.activity}/{name}": text for name, text in subject.files.items()}
    return packed({**program(), **own})


def program() -> dict[str, bytes]:
    """The files of the student's program that serve in a browser: no server, no copy of the plugin."""
    with zipfile.ZipFile(io.BytesIO(student_program())) as archive:
        names = [name for name in archive.namelist() if name.startswith("crc_lab/")]
        return {name: archive.read(name) for name in names if not name.startswith("crc_lab/lab/")}


def _folder(folder: Path, target: str) -> dict[str, bytes]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    inside = {path.relative_to(folder): path for path in found}
    kept = {
        name: path
        for name, path in inside.items()
        if not any(one.startswith((".", "~", "__pyc")) for one in name.parts)
    }
    return {f"{target}/{name.as_posix()}": path.read_bytes() for name, path in kept.items()}


def packed(files: Mapping[str, bytes], project: str = STUDENT) -> bytes:
    """A wheel of these files: the same files give the same bytes."""
    info = f"{project.replace('-', '_')}-{__version__}.dist-info"
    about = {
        "METADATA": f"Metadata-Version: 2.1\nName: {project}\nVersion: {__version__}\n",
        "WHEEL": "Wheel-Version: 1.0\nGenerator: crc-lab\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "RECORD": "",
    }
    return zipped({**files, **{f"{info}/{name}": text.encode() for name, text in about.items()}})


def without(wheel: bytes, unused: re.Pattern[str]) -> bytes:
    """The same wheel without the files whose names begin so."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        kept = (name for name in archive.namelist() if not name.endswith("/") and not unused.match(name))
        return zipped({name: archive.read(name) for name in kept})


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A compressed ZIP of these files, in the order of their names and without a date."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, _DATE)
            member.compress_type, member.create_system, member.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(member, files[name])
    return buffer.getvalue()
