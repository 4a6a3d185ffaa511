"""The prepared folder on the disk: made in one step, then brought up to date without losing what the teacher changed.

``preparation.json`` remembers the SHA-256 of each file written (key ``fichiers``). When a file is no longer that one,
the teacher changed it: a key stays as it is (that is what a corrected key is), anything else is set aside under another
name. The nbgrader course is not ours to compare: nbgrader and the marks live there.
"""

from __future__ import annotations

import contextlib
import glob
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.intake.keys import KEYS, PREPARATION, Preparation, PreparationProblem, read_preparation
from crc_lab.core.own_files import free_name, sha256
from crc_lab.core.sheet import write_atomically
from crc_lab.core.wording import listing, reason

_RECORD = "fichiers"


@dataclass(frozen=True)
class Report:
    """What became of each file, by path: ``new`` is True for a folder that did not exist.

    ``kept``: keys that the teacher changed; ``aside``: (file written anew, name now given to the teacher's version).
    """

    new: bool = False
    updated: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    aside: tuple[tuple[str, str], ...] = ()


@dataclass
class _Work:
    updated: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    aside: list[tuple[str, str]] = field(default_factory=list)


def existing(folder: Path) -> Preparation | None:
    """The subject already prepared in ``folder``; None when there is nothing there yet.

    Raises :class:`PreparationProblem` for a folder (or a file) that is something else.
    """
    if folder.is_dir() and (folder / PREPARATION).exists():
        return read_preparation(folder)
    if folder.is_dir() and not any(folder.iterdir()):
        return None
    if folder.exists() or folder.is_symlink():
        what = "ce dossier contient déjà autre chose" if folder.is_dir() else "c’est un fichier"
        raise PreparationProblem(folder.name, f"{what}. Donnez à --sortie un dossier qui n’existe pas encore.")
    return None


@contextlib.contextmanager
def draft(folder: Path) -> Iterator[Path]:
    """A folder beside ``folder`` that takes its place at the end; on any error it disappears and nothing is changed.

    What a run that was killed left behind is removed: it holds the names of the class.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{folder.name}.preparation-"
    for stale in folder.parent.glob(f"{glob.escape(prefix)}*"):
        shutil.rmtree(stale, ignore_errors=True)
    made = Path(tempfile.mkdtemp(prefix=prefix, dir=folder.parent))
    try:
        made.chmod(0o755)  # mkdtemp is for its owner only; a prepared folder is an ordinary one
        yield made
        if folder.is_dir():
            folder.rmdir()  # empty: existing() looked
        made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def write_files(
    folder: Path, files: Mapping[str, bytes], preparation: Preparation, source: Path | None = None
) -> Report:
    """Write ``files`` (by path) and, last, preparation.json; ``source``: the class list given, which may be ours.

    Raises :class:`PreparationProblem` naming the file that cannot be written.
    """
    record = _read_record(folder)
    new, work, current = not record, _Work(), PREPARATION
    try:
        for current, content in files.items():
            _place(folder, current, content, record, work, source)
        for current in sorted(set(record) - set(files)):
            _remove(folder, current, record, work)
        current = PREPARATION
        digests = {name: record[name] if name in work.kept else sha256(content) for name, content in files.items()}
        write_atomically(folder / PREPARATION, _dumps({**preparation.to_json(), _RECORD: digests}))
    except OSError as error:
        text = f"« {current} » ne peut pas être écrit ({reason(error)}). Fermez-le s’il est ouvert, puis recommencez."
        raise PreparationProblem(folder.name, text) from None
    return Report(new, tuple(work.updated), tuple(work.kept), tuple(work.removed), tuple(work.aside))


def kept(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """The keys that the teacher changed in ``folder``, and that writing ``files`` there would leave as they are."""
    record = _read_record(folder)
    own = (name for name in files if name in record and (folder / name).is_file())
    return [name for name in own if _is_kept(folder / name, name, files[name], record)]


def _is_kept(path: Path, name: str, content: bytes, record: Mapping[str, str]) -> bool:
    there = sha256(path.read_bytes())
    return name.startswith(f"{KEYS}/") and name in record and there not in (sha256(content), record[name])


def refuse_other(folder: Path, known: Preparation, wanted: Preparation) -> None:
    """Raise :class:`PreparationProblem` when ``folder`` holds another subject than the one that is asked for."""
    if (known.subject, known.activities) == (wanted.subject, wanted.activities):
        return
    held = f"le sujet « {known.subject} » ({listing(list(known.activities))})"
    remedy = "Donnez un autre dossier à --sortie, ou redonnez exactement la même commande."
    text = f"ce dossier contient déjà {held}. {remedy}"
    raise PreparationProblem(folder.name, text)


def _place(
    folder: Path, name: str, content: bytes, record: Mapping[str, str], work: _Work, source: Path | None
) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file():
        there = sha256(path.read_bytes())
        if there == sha256(content):
            return
        if _is_kept(path, name, content, record):
            work.kept.append(name)
            return
        if there != record.get(name) and not (source is not None and path.samefile(source)):
            aside = free_name(path)
            path.rename(aside)
            work.aside.append((name, aside.relative_to(folder).as_posix()))
    write_atomically(path, content)
    path.chmod(0o644)
    work.updated.append(name)


def _remove(folder: Path, name: str, record: Mapping[str, str], work: _Work) -> None:
    """A file of an earlier preparation that is no longer of any use, unless the teacher changed it."""
    path = folder / name
    if path.is_file() and sha256(path.read_bytes()) == record[name]:
        path.unlink()
        work.removed.append(name)


def _read_record(folder: Path) -> dict[str, str]:
    try:
        content: dict[str, Any] = json.loads((folder / PREPARATION).read_text(encoding="utf-8"))
        return {str(name): str(digest) for name, digest in content[_RECORD].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _dumps(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
