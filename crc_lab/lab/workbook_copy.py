"""Put a copy of the workbook in a folder of the person's own, and bring it up to date without losing anything.

What belongs to whom:

- a notebook (``.ipynb``) holds the answers: once there, it is never touched, and no blank one comes back beside one
  that was renamed, nor its folder under its first name (its sheet names its activity). It needs no update to stay
  usable: its cells only name the questions, the wording comes from ``exercices.toml``;
- an Excel file is a working document: kept as well once it was changed;
- question files and data (``.toml``, ``.csv``, ``.json``) are given: brought up to date. If the person changed one,
  their version is set aside under another name and the original comes back, for the cards read it;
- the tables of the keys (``datasets/corriges``) are put out of sight, in ``.crc-lab/corriges``: no list of files shows
  them, and the cards still mark with them;
- a folder with an assessment bundle (an activity in edition ``evaluation``) is complete by itself: nothing is added.

What was copied is remembered in ``.crc-lab/copie.json`` (SHA-256 of each file), to tell « changed » from « old ».
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from crc_lab.core.bank import EXERCISES, KEYS, READING
from crc_lab.core.errors import CrcError, SheetProblem
from crc_lab.core.resources import KEY_TABLES, PACKAGED_WORKBOOK, PRIVATE, free_name, sha256, workbook_root
from crc_lab.core.sheet import COPY_SUFFIX, has_sheet, read_notebook, sheet_of_notebook, write_atomically
from crc_lab.core.text import reason

_ASSESSED = re.compile(r'^edition = "evaluation"$', re.MULTILINE)
_WORKING = (".ipynb", ".xlsx")
_KEY_TABLES_BEFORE = f"datasets/{KEY_TABLES}/"
"""Where earlier versions copied the tables of the keys."""
_README = """Ce dossier contient la mémoire technique du cahier : réglages de JupyterLab (thème…), liste
des fichiers copiés, tables qui servent à « Vérifier ». Il ne contient aucune de vos réponses.
Vous pouvez le supprimer : il sera refait à la prochaine ouverture, avec les réglages d’origine.
"""


@dataclass
class CopyReport:
    """What :func:`copy_workbook` does, while it does it; paths relative to the folder, with ``/``.

    ``kept``: the person's own files, left as they are; ``renewed`` are those of them of which the workbook has a newer
    version; ``set_aside``: (file brought back to its original, name now given to the person's version).
    """

    folder: Path
    copied: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    renewed: tuple[str, ...] = ()
    set_aside: tuple[tuple[str, str], ...] = ()
    assessment: bool = False


def copy_workbook(destination: Path, root: Path | None = None) -> CopyReport:
    """Copy the workbook (of ``root``, else the installed one) into ``destination``, created if needed.

    Files that are not the workbook's are left alone. Raises :class:`CrcError` in French when the folder cannot be
    used: a file of that name, no right to write, the workbook's own sources.
    """
    source = root or workbook_root()
    originals = (source / "notebooks", source / "datasets")
    if destination == source or any(destination.is_relative_to(folder) for folder in originals):
        raise CrcError(
            f"« {destination} » contient les originaux du cahier : choisissez un autre dossier pour travailler, par "
            "exemple « crc-lab ouvrir mon-cahier »."
        )
    if not any(originals[0].glob(f"*/{EXERCISES}")) and not _is_assessment(destination):
        raise CrcError(
            "Ce programme est celui des évaluations : il ne contient pas le cahier. Donnez le dossier du sujet, "
            "décompressé : « crc-lab ouvrir DOSSIER »."
        )
    try:
        (destination / PRIVATE).mkdir(parents=True, exist_ok=True)
        if _is_assessment(destination):
            return CopyReport(destination, assessment=True)
        report, record = CopyReport(destination), _read_record(destination)
        _hide_key_tables(destination, record)
        elsewhere = _renamed_folders(destination)
        for path, name in _files(source):
            first, _, rest = name.partition("/")
            place = f"{elsewhere.get(first, first)}/{rest}"
            try:
                _place(path.read_bytes(), name, place, report, record)
            except PermissionError:
                if not (destination / place).exists():
                    raise
                report.kept += (place,)  # open in another program (Excel locks its files): next time
        content: dict[str, Any] = {"version": 1, "fichiers": dict(sorted(record.items()))}
        if source != PACKAGED_WORKBOOK:
            content["cahier"] = str(source)
        _write(destination / PRIVATE / "copie.json", (json.dumps(content, indent=1) + "\n").encode())
        _write(destination / PRIVATE / "LISEZMOI.txt", _README.encode())
    except (FileExistsError, NotADirectoryError):
        raise CrcError(
            f"« {destination} » n’est pas un dossier : donnez un autre nom, par exemple « crc-lab ouvrir mon-cahier »."
        ) from None
    except OSError as error:
        raise CrcError(
            f"Impossible d’écrire dans « {destination} » ({error.strerror or error}). Choisissez un dossier à vous, "
            "par exemple dans « Documents » : « crc-lab ouvrir DOSSIER »."
        ) from None
    return report


def copied_from(folder: Path) -> Path | None:
    """The workbook that ``folder`` is a copy of, when it is another one than the installed one."""
    found = _record(folder).get("cahier")
    return Path(found) if isinstance(found, str) else None


def _files(source: Path) -> Iterator[tuple[Path, str]]:
    """Every file to give, and where it goes."""
    for questions in sorted((source / "notebooks").glob(f"*/{EXERCISES}")):
        activity = questions.parent
        for path in (activity / f"{activity.name}.ipynb", activity / EXERCISES, activity / KEYS, activity / READING):
            if path.is_file():
                yield path, f"{activity.name}/{path.name}"
    data = source / "datasets"
    for path in sorted(data.rglob("*")):
        name = path.relative_to(data)
        if path.is_file() and not any(part.startswith((".", "~", "__")) for part in name.parts):
            folder = PRIVATE if name.parts[0] == KEY_TABLES else "datasets"
            yield path, f"{folder}/{name.as_posix()}"


def _hide_key_tables(folder: Path, record: dict[str, str]) -> None:
    """Take away the tables of the keys that an earlier version left in sight, but for those that the person changed."""
    for name in [name for name in record if name.startswith(_KEY_TABLES_BEFORE)]:
        path = folder / name
        if path.is_file() and sha256(path.read_bytes()) == record[name]:
            path.unlink()
        del record[name]
    with suppress(OSError):  # not there, or something of the person's is still in it
        (folder / _KEY_TABLES_BEFORE).rmdir()


def _place(content: bytes, name: str, place: str, report: CopyReport, record: dict[str, str]) -> None:
    """Copy, update or keep the file that the workbook calls ``name``, and say which; ``place``: the person's own."""
    target, digest, before = report.folder / place, sha256(content), record.get(name)
    if target.suffix == ".ipynb" and not target.exists() and _renamed(target, name, report.folder):
        report.kept += (place,)
        return
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, content)
        report.copied += (place,)
    elif (there := sha256(target.read_bytes())) == digest:
        pass
    elif there == before and target.suffix != ".ipynb":
        _write(target, content)
        report.updated += (place,)
    elif target.suffix in _WORKING:
        report.kept += (place,)
        if before is not None and before != digest:
            report.renewed += (place,)
        return  # the record keeps the version that this file comes from
    else:
        aside = free_name(target)
        target.rename(aside)
        _write(target, content)
        report.set_aside += ((place, aside.relative_to(report.folder).as_posix()),)
    record[name] = digest


def _renamed(target: Path, name: str, folder: Path) -> bool:
    """Whether the notebook of an activity has another name: in the same folder, or at the top of the workbook."""
    others = (*target.parent.glob("*.ipynb"), *folder.glob("*.ipynb"))
    activity = name.partition("/")[0]
    return any(has_sheet(path, activity) for path in others if not path.stem.endswith(COPY_SUFFIX))


def _renamed_folders(folder: Path) -> dict[str, str]:
    """The activities whose folder has another name: the one that holds their questions and a notebook of theirs."""
    found: dict[str, str] = {}
    for questions in sorted(folder.glob(f"*/{EXERCISES}")):
        for path in sorted(questions.parent.glob("*.ipynb")):
            with suppress(SheetProblem):
                activity = sheet_of_notebook(read_notebook(path)).activity
                if not (folder / activity).exists() and not path.stem.endswith(COPY_SUFFIX):
                    found.setdefault(activity, questions.parent.name)
    return found


def _write(path: Path, content: bytes) -> None:
    """In one step, so that an interrupted copy leaves no half of a notebook; usual rights, for shared folders."""
    part = path.with_name(f".{path.name}.copie")
    part.write_bytes(content)
    try:
        part.replace(path)
    except OSError:
        part.unlink()
        raise


def _is_assessment(folder: Path) -> bool:
    """Whether ``folder``, or one of its folders, is a subject of « crc-lab preparer » (the assessment edition)."""
    for path in sorted((*folder.glob("*.ipynb"), *folder.glob("*/*.ipynb"))):
        try:
            if sheet_of_notebook(read_notebook(path)).is_assessment:
                return True
        except SheetProblem:
            continue
    questions = (*folder.glob(EXERCISES), *folder.glob(f"*/{EXERCISES}"))
    return any(_ASSESSED.search(path.read_text("utf-8", errors="replace")) for path in questions)


def _read_record(folder: Path) -> dict[str, str]:
    """What was copied before; empty when unknown (then a changed file is simply set aside or kept)."""
    files = _record(folder).get("fichiers")
    return {str(name): str(digest) for name, digest in files.items()} if isinstance(files, dict) else {}


def _record(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / PRIVATE / "copie.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


# --- on a school’s server ---------------------------------------------------------------------------------------------
# What a student finds on opening: the workbook, or the subjects of an assessment. This module is then run (``python
# -P -m crc_lab.lab.workbook_copy FOLDER [SUBJECT.zip…]``) as the student by the server that starts their JupyterLab:
# files are theirs, and a link that they made leads where they may write anyway. Nothing of theirs is ever replaced.
# What goes wrong is a French sentence on the standard error, and the exit code TOLD.

TOLD = 3
"""Python itself ends with 1 or 2: what it says then is for nobody's eyes."""


def unpack_subjects(folder: Path, subjects: list[Path]) -> None:
    """Put the files of each subject in ``folder``, but for those that are there already.

    Raises :class:`CrcError` for an archive that cannot be read, and :class:`OSError`.
    """
    (folder / PRIVATE).mkdir(parents=True, exist_ok=True)  # the mark by which « ramasser » knows a workbook
    for subject in subjects:
        try:
            with zipfile.ZipFile(subject) as packed:
                files = {info.filename: packed.read(info) for info in packed.infolist() if not info.is_dir()}
        except (OSError, zipfile.BadZipFile):
            raise CrcError(f"Le sujet « {subject.name} » ne s’ouvre pas.") from None
        for name, content in files.items():
            target = folder.joinpath(*(part for part in PurePosixPath(name).parts if part not in ("/", "..")))
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(target, content)
                target.chmod(0o644)


def main(arguments: list[str]) -> int:
    """Fill the folder; 0, or :data:`TOLD` when it cannot be."""
    folder, *subjects = map(Path, arguments)
    try:
        if folder.exists() and not folder.is_dir():  # « ouvrir » would advise another name, which nobody gives here
            raise CrcError(f"« {folder.name} » est un fichier, à la place d’un dossier.")
        if subjects:
            unpack_subjects(folder, subjects)
        else:
            copy_workbook(folder)
    except CrcError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"Impossible d’écrire dans « {folder.name} » ({reason(error)}).", file=sys.stderr)
    else:
        return 0
    return TOLD


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
