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

from autograder.intake.keys import KEYS, PREPARATION, Preparation, PreparationProblem, read_preparation
from crc_lab.core.resources import free_name, sha256
from crc_lab.core.sheet import write_atomically
from crc_lab.core.text import listing, reason

_RECORD = "fichiers"


@dataclass
class Report:
    """What became of each file, by path: ``new`` is True for a folder that did not exist.

    ``kept``: keys that the teacher changed; ``aside``: (file written anew, name now given to the teacher's version).
    """

    new: bool = False
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


def refuse_other(folder: Path, known: Preparation, wanted: Preparation) -> None:
    """Raise :class:`PreparationProblem` when ``folder`` holds another subject than the one that is asked for."""
    if (known.subject, known.activities) != (wanted.subject, wanted.activities):
        text = (
            f"ce dossier contient déjà le sujet « {known.subject} » ({listing(list(known.activities))}). "
            "Donnez un autre dossier à --sortie, ou redonnez exactement la même commande."
        )
        raise PreparationProblem(folder.name, text)


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
    report, current = Report(new=not record), PREPARATION
    try:
        report.kept = kept(folder, files)
        for current in (name for name in files if name not in report.kept):
            _place(folder, current, files[current], record.get(current), report, source)
        for current in sorted(set(record) - set(files)):
            if _digest(folder / current) == record[current]:  # of no more use; the teacher's own version stays
                (folder / current).unlink()
                report.removed.append(current)
        current = PREPARATION
        digests = {name: record[name] if name in report.kept else sha256(content) for name, content in files.items()}
        content = {**preparation.to_json(), _RECORD: digests}
        write_atomically(folder / PREPARATION, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())
    except OSError as error:
        text = f"« {current} » ne peut pas être écrit ({reason(error)}). Fermez-le s’il est ouvert, puis recommencez."
        raise PreparationProblem(folder.name, text) from None
    return report


def kept(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """The keys that the teacher changed in ``folder``, and that writing ``files`` there leaves as they are."""
    record = _read_record(folder)
    keys = [name for name in files if name.startswith(f"{KEYS}/") and name in record]
    return [name for name in keys if _digest(folder / name) not in (None, sha256(files[name]), record[name])]


def _place(folder: Path, name: str, content: bytes, known: str | None, report: Report, source: Path | None) -> None:
    """Write one file, unless it is there already; ``known``: its digest when it was last written."""
    path, there = folder / name, _digest(folder / name)
    if there == sha256(content):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    if there not in (None, known) and not (source is not None and path.samefile(source)):
        aside = free_name(path)
        path.rename(aside)
        report.aside.append((name, aside.relative_to(folder).as_posix()))
    write_atomically(path, content)
    path.chmod(0o644)
    report.updated.append(name)


def _digest(path: Path) -> str | None:
    return sha256(path.read_bytes()) if path.is_file() else None


def _read_record(folder: Path) -> dict[str, str]:
    try:
        content = json.loads((folder / PREPARATION).read_text(encoding="utf-8"))
        return {str(name): str(digest) for name, digest in content[_RECORD].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
