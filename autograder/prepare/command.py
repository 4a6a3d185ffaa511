"""``crc-lab preparer``, in order: the class list, the subjects, the search for leaks, the folder, nbgrader.

The folder is made in one step, then brought up to date without losing what the teacher changed. ``preparation.json``
remembers the SHA-256 of each file written (key ``fichiers``). When a file is no longer that one, the teacher changed
it: a key stays as it is (that is what a corrected key is), anything else is set aside under another name. The nbgrader
course is not ours to compare: nbgrader and the marks live there.
"""

from __future__ import annotations

import contextlib
import glob
import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.identity import Roster
from autograder.identity.class_list import read_roster, write_roster
from autograder.intake.keys import (
    COURSE,
    KEYS,
    PREPARATION,
    ROSTER,
    SUBJECTS,
    Bank,
    Preparation,
    PreparationProblem,
    read_preparation,
)
from autograder.intake.person_names import safe_identifier
from autograder.prepare.build import proven, unproven
from autograder.prepare.content import (
    PROGRAM_FILE,
    ActivityContent,
    activity_content,
    archive,
    key_files,
    marked_activities,
    student_program,
)
from autograder.prepare.leaks import LeakFound, find_leaks
from autograder.reports.pages import percent, render
from crc_lab.core.bank import KEYS as KEY_FILE
from crc_lab.core.errors import CrcError, UnknownName
from crc_lab.core.model import SECOND_HINT_COST, Activity
from crc_lab.core.resources import free_name, sha256, workbook_root
from crc_lab.core.rooms import using_workbook
from crc_lab.core.sheet import write_atomically
from crc_lab.core.text import count, listing, reason

NOTE, PROGRAM = "LISEZ-MOI.html", "programme"


def prepare(
    roster: Path,
    output: Path,
    *,
    activities: str = "",
    subject: str = "",
    workbook: Path | None = None,
    program: bool = False,
) -> int:
    """Prepare the assessment in ``output``, or bring it up to date. Returns 0; raises :class:`CrcError`.

    A new folder is there whole or not at all; in an older one each file is replaced in one step, marks stay.

    ``activities``: ids or numbers between commas, by default all that have a mark; ``subject``: the subject's name, by
    default made from the class list; ``workbook``: a teacher's own, which the folder remembers; ``program``: the
    student's program comes with it. The same arguments give the same files.
    """
    known = existing(output)
    workbook = workbook or (known.workbook if known else None)
    with using_workbook(workbook):
        return _prepare(roster, output, known, activities, subject, workbook, program)


def _prepare(
    roster: Path,
    output: Path,
    known: Preparation | None,
    activities: str,
    subject: str,
    workbook: Path | None,
    program: bool,
) -> int:
    chosen = chosen_activities(activities)
    students = read_roster(roster)
    listed = roster_bytes(students)
    wanted = Preparation(_subject(subject, known, roster, listed, chosen), chosen, workbook=workbook)
    if known is not None:
        refuse_other(output, known, wanted)
    root = workbook_root()
    warnings: list[str] = []
    proven(unproven([root / "notebooks" / name for name in chosen], root), root, warnings)
    for warning in warnings:
        print(f"À vérifier, {warning}", file=sys.stderr)
    contents = [activity_content(name, wanted.subject) for name in chosen]
    for content in contents:
        if leaks := find_leaks(content.files, content.loaded):
            raise LeakFound(content.id, leaks)
    shown = [content.loaded.activity for content in contents]
    files = {
        NOTE: note(wanted.subject, shown, len(students.students), output.resolve().name, program),
        ROSTER: listed,
        **{f"{KEYS}/{name}": data for name, data in key_files(contents).items()},
        **{f"{SUBJECTS}/{content.id}.zip": archive(content.id, content.files) for content in contents},
        **({f"{PROGRAM}/{PROGRAM_FILE}": student_program()} if program else {}),
    }
    if known is not None and any(name.endswith(KEY_FILE) for name in kept(output, files)):
        Bank(output / KEYS).check(chosen)  # the teacher's own, which will mark the copies
    print(f"Sujet « {wanted.subject} » : {count(len(students.students), 'élève')}, {count(len(chosen), 'activité')}.")
    print("Fabrication du cours nbgrader (quelques secondes)…")

    def complete(folder: Path) -> Report:
        report = write_files(folder, files, wanted, roster)
        _make_course(folder, students, contents)
        return report

    try:
        if known is not None:
            report = complete(output)
        else:
            with draft(output) as made:
                report = complete(made)
    except OSError as error:
        raise PreparationProblem(output.name, f"impossible d’y écrire ({reason(error)}).") from None
    print("\n".join(describe(report, output)))
    return 0


def chosen_activities(text: str) -> tuple[str, ...]:
    """The activities meant by « 3, 06_scorer », in the order of the workbook; all the marked ones for an empty text.

    Raises :class:`UnknownName` for a name that is none of them.
    """
    known, wanted = marked_activities(), [part.strip() for part in text.split(",") if part.strip()]
    meant: set[str] = set()
    for given in wanted:
        named = [name for name in known if given == name or given.lstrip("0") == name.split("_")[0].lstrip("0")]
        if not named:
            raise UnknownName("nom d’activité notée", given, known)
        meant.update(named)
    return tuple(name for name in known if not wanted or name in meant)


def roster_bytes(students: Roster) -> bytes:
    """``classe.csv``: the list in the form that :func:`read_roster` gives back."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ROSTER
        write_roster(students, path)
        return path.read_bytes()


def describe(report: Report, output: Path) -> Iterator[str]:
    """What was done, in French, a line for each thing worth knowing."""
    if report.new:
        yield f"Le dossier « {output} » est prêt."
    elif report.updated or report.removed:
        yield f"Le dossier « {output} » est à jour. Refaits : {', '.join([*report.updated, *report.removed])}."
        if any(name.startswith(SUBJECTS) for name in report.updated):
            yield "Un sujet a changé : donnez le nouveau ZIP aux élèves qui n’ont pas encore commencé."
    else:
        yield f"Le dossier « {output} » était déjà à jour."
    if report.kept:
        yield f"Gardés tels que vous les avez modifiés : {', '.join(report.kept)}."
    for name, aside in report.aside:
        yield f"« {name} » avait été modifié : il est refait, et votre version s’appelle maintenant « {aside} »."
    yield f"À lire d’abord : {output / NOTE}"


def note(subject: str, activities: Sequence[Activity], students: int, folder: str, program: bool = False) -> bytes:
    """LISEZ-MOI.html: what the teacher does with the folder of this name, and what the subject does not protect."""
    return render(
        "preparation.html",
        sujet=subject,
        eleves=students,
        activites=activities,
        cout=percent(SECOND_HINT_COST),
        dossier=f'"{folder}"' if " " in folder else folder,
        programme=f"{PROGRAM}/{PROGRAM_FILE}" if program else "",
    )


def _subject(given: str, known: Preparation | None, roster: Path, listed: bytes, chosen: tuple[str, ...]) -> str:
    """The subject's id: the one given, that of the folder, else the name of the list and what tells this one apart."""
    if given:
        name = safe_identifier(given.strip())
        if not name:
            raise CrcError("Le nom du sujet (--sujet) doit contenir au moins une lettre ou un chiffre.")
        return name
    if known is not None:
        return known.subject
    digest = hashlib.sha256(b"\0".join([listed, *(name.encode() for name in chosen)])).hexdigest()
    return f"{safe_identifier(roster.stem) or 'sujet'}-{digest[:6]}"


def _make_course(folder: Path, students: Roster, contents: Sequence[ActivityContent]) -> None:
    """The nbgrader course of a prepared folder, from the files that students receive."""
    from autograder.gradebook import create_course  # nbgrader takes seconds to import

    with tempfile.TemporaryDirectory(prefix="crc-sujets-") as place:
        given = {content.id: Path(place) / content.id for content in contents}
        for content in contents:
            for name, data in content.files.items():
                path = given[content.id] / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        create_course(
            folder / COURSE, students=students.students, activities=given, keys=folder / KEYS, prepared=folder
        )


# --- the prepared folder on the disk ----------------------------------------------------------------------------------


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
