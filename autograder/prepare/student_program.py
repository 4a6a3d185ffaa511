"""The student's program for an assessment: the package without any key, as a file that pip installs.

It holds the code of ``crc_lab`` and its JupyterLab plugin; of the workbook, only the file that names the rooms of the
case. No question, no key, no table, no picture, nothing of ``autograder``: a subject brings its own. The same sources
give the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import crc_lab
from crc_lab.core.errors import CrcError
from crc_lab.core.resources import PACKAGED_WORKBOOK
from crc_lab.core.rooms import WORKBOOK_FILE, picture_folders
from crc_lab.core.sheet import write_atomically

PACKAGE = Path(crc_lab.__file__).resolve().parent
VERSION = f"{crc_lab.__version__}+eleve"
"""« 0.1.0+eleve »: pip puts it in the place of the whole program, and says which of the two is there."""
NAME = f"crc_lab-{VERSION}-py3-none-any.whl"
_PLUGIN = PACKAGE / "lab" / "labextension" / "crc-lab"
_INFO, _DATA = f"crc_lab-{VERSION}.dist-info", f"crc_lab-{VERSION}.data/data/share/jupyter/labextensions/crc-lab"
_DATE = (1980, 1, 1, 0, 0, 0)
_WHEEL = "Wheel-Version: 1.0\nGenerator: crc-lab\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_COMMAND = "[console_scripts]\ncrc-lab = crc_lab.__main__:main\n"
_KEPT = ("License-Expression", "License-File", "Requires-Python")


def write_student_program(folder: Path) -> Path:
    """Write the program in ``folder``, made if needed; its path. Raises :class:`CrcError` and :class:`OSError`."""
    content = student_program()
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / NAME, content)
    (folder / NAME).chmod(0o644)
    return folder / NAME


def student_program() -> bytes:
    """The content of the file :data:`NAME`. Raises :class:`CrcError` where crc-lab itself is not installed."""
    try:
        installed = distribution("crc-lab")
    except PackageNotFoundError:
        raise CrcError(
            "Le programme de l’élève se fait à partir d’un crc-lab installé : lancez « python3 crc.py "
            "programme-eleve », ou installez crc-lab avec pip."
        ) from None
    files = {**dict(_package_files()), **dict(_about(installed))}
    record = [f"{name},sha256={_digest(content)},{len(content)}" for name, content in sorted(files.items())]
    files[f"{_INFO}/RECORD"] = "\n".join([*record, f"{_INFO}/RECORD,,", ""]).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, _DATE)
            member.compress_type, member.create_system, member.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(member, content)
    return packed.getvalue()


def _package_files() -> Iterator[tuple[str, bytes]]:
    """The code of ``crc_lab``, its styles and scripts, by path in the archive."""
    left = (PACKAGE / "_cahier", *picture_folders())
    for path in sorted(PACKAGE.rglob("*")):
        inside = path.relative_to(PACKAGE)
        running = any(part.startswith((".", "__pycache__")) for part in inside.parts) or path.suffix == ".pyc"
        if path.is_file() and not running and not any(path.is_relative_to(folder) for folder in left):
            content = path.read_bytes()
            yield f"crc_lab/{inside.as_posix()}", content
            if path.is_relative_to(_PLUGIN):
                yield f"{_DATA}/{path.relative_to(_PLUGIN).as_posix()}", content
    yield f"crc_lab/_cahier/{WORKBOOK_FILE.as_posix()}", (PACKAGED_WORKBOOK / WORKBOOK_FILE).read_bytes()


def _about(installed: Distribution) -> Iterator[tuple[str, bytes]]:
    """What pip wants to know: the name, the version, the libraries that a student needs, the licences."""
    told = installed.metadata
    lines = ["Metadata-Version: 2.4", "Name: crc-lab", f"Version: {VERSION}"]
    lines += [f"{field}: {value}" for field in _KEPT for value in told.get_all(field) or ()]
    lines += [f"Requires-Dist: {one}" for one in installed.requires or () if "extra ==" not in one]
    yield f"{_INFO}/METADATA", "\n".join([*lines, ""]).encode()
    yield f"{_INFO}/WHEEL", _WHEEL.encode()
    yield f"{_INFO}/entry_points.txt", _COMMAND.encode()
    for licence in told.get_all("License-File") or ():
        if text := installed.read_text(f"licenses/{licence}"):
            yield f"{_INFO}/licenses/{licence}", text.encode()


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
