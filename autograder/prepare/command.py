"""``crc-lab preparer``, in order: the class list, the subjects, the search for leaks, the folder, nbgrader."""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.identity.class_list import read_roster, write_roster
from autograder.identity.roster import Roster
from autograder.intake.keys import COURSE, KEYS, ROSTER, SUBJECTS, Bank, Preparation, PreparationProblem
from autograder.intake.person_names import safe_identifier
from autograder.prepare import student_program
from autograder.prepare.build import proven, unproven
from autograder.prepare.content import ActivityContent, activity_content, archive, key_files, marked_activities
from autograder.prepare.folder import Report, draft, existing, kept, refuse_other, write_files
from autograder.prepare.leaks import LeakFound, find_leaks
from autograder.reports.pages import percent, render
from crc_lab.core.bank import KEYS as KEY_FILE
from crc_lab.core.errors import CrcError, UnknownName
from crc_lab.core.model import SECOND_HINT_COST, Activity
from crc_lab.core.resources import workbook_root
from crc_lab.core.rooms import using_workbook
from crc_lab.core.text import count, reason

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
        **({f"{PROGRAM}/{student_program.NAME}": student_program.student_program()} if program else {}),
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
        programme=f"{PROGRAM}/{student_program.NAME}" if program else "",
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
