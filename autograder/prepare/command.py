"""``crc-lab preparer``, in order: the class list, the subjects, the search for leaks, the folder, nbgrader."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from autograder.identity.class_list import read_roster, write_roster
from autograder.identity.roster import Roster
from autograder.intake.keys import COURSE, KEYS, ROSTER, SUBJECTS, Bank, Preparation, PreparationProblem
from autograder.intake.person_names import safe_identifier
from autograder.prepare.build import proven
from autograder.prepare.content import ActivityContent, activity_content, archive, key_files, marked_activities
from autograder.prepare.folder import Report, draft, existing, kept, refuse_other, write_files
from autograder.prepare.leaks import LeakFound, find_leaks
from autograder.prepare.note import FILE as NOTE
from autograder.prepare.note import note
from crc_lab.core.bank import KEYS as KEY_FILE
from crc_lab.core.errors import CrcError, UnknownName
from crc_lab.core.resources import workbook_root
from crc_lab.core.wording import count, reason

Say = Callable[[str], None]
_NUMBER = re.compile(r"0*(\d+)")


def prepare(
    roster: Path,
    output: Path,
    *,
    activities: str = "",
    subject: str = "",
    say: Say = print,
) -> int:
    """Prepare the assessment in ``output``, or bring it up to date. Returns 0; raises :class:`CrcError`.

    A new folder is there whole or not at all; in an older one each file is replaced in one step, marks stay.

    ``activities``: ids or numbers between commas, by default all that have a mark; ``subject``: the subject's name, by
    default made from the class list. The same arguments give the same files.
    """
    known = existing(output)
    chosen = chosen_activities(activities)
    students = read_roster(roster)
    listed = roster_bytes(students)
    wanted = Preparation(_subject(subject, known, roster, listed, chosen), chosen)
    if known is not None:
        refuse_other(output, known, wanted)
    root = workbook_root()
    proven([root / "notebooks" / name for name in chosen], root)
    contents = [activity_content(name, wanted.subject) for name in chosen]
    for content in contents:
        if leaks := find_leaks(content.files, content.loaded):
            raise LeakFound(content.id, leaks)
    files = _files(contents, wanted, students, listed, output.resolve().name)
    if known is not None and any(name.endswith(KEY_FILE) for name in kept(output, files)):
        Bank(output / KEYS).check(chosen)  # the teacher's own, which will mark the copies
    say(f"Sujet « {wanted.subject} » : {count(len(students.students), 'élève')}, {count(len(chosen), 'activité')}.")
    say("Fabrication du cours nbgrader (quelques secondes)…")
    try:
        if known is not None:
            report = _complete(output, files, wanted, students, contents, roster)
        else:
            with draft(output) as made:
                report = _complete(made, files, wanted, students, contents, roster)
    except OSError as error:
        raise PreparationProblem(output.name, f"impossible d’y écrire ({reason(error)}).") from None
    for line in describe(report, output):
        say(line)
    return 0


def chosen_activities(text: str) -> tuple[str, ...]:
    """The activities meant by « 3, 06_scorer », in the order of the workbook; all the marked ones for an empty text.

    Raises :class:`UnknownName` for a name that is none of them.
    """
    known = marked_activities()
    if not text.strip():
        return known
    found = set()
    for given in filter(None, (part.strip() for part in text.split(","))):
        number = _NUMBER.fullmatch(given)
        named = [name for name in known if name == given or (number and _starts_with(name, number[1]))]
        if not named:
            raise UnknownName("nom d’activité notée", given, known)
        found.update(named)
    return tuple(name for name in known if name in found)


def roster_bytes(students: Roster) -> bytes:
    """``classe.csv``: the list in the form that :func:`read_roster` gives back."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ROSTER
        write_roster(students, path)
        return path.read_bytes()


def describe(report: Report, output: Path) -> list[str]:
    """What was done, in French, a line for each thing worth knowing."""
    if report.new:
        lines = [f"Le dossier « {output} » est prêt."]
    elif report.updated or report.removed:
        lines = [f"Le dossier « {output} » est à jour. Refaits : {', '.join((*report.updated, *report.removed))}."]
        if any(name.startswith(SUBJECTS) for name in report.updated):
            lines.append("Un sujet a changé : donnez le nouveau ZIP aux élèves qui n’ont pas encore commencé.")
    else:
        lines = [f"Le dossier « {output} » était déjà à jour."]
    if report.kept:
        lines.append(f"Gardés tels que vous les avez modifiés : {', '.join(report.kept)}.")
    lines += [
        f"« {name} » avait été modifié : il est refait, et votre version s’appelle maintenant « {aside} »."
        for name, aside in report.aside
    ]
    return [*lines, f"À lire d’abord : {output / NOTE}"]


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


def _files(
    contents: Sequence[ActivityContent], wanted: Preparation, students: Roster, listed: bytes, folder: str
) -> dict[str, bytes]:
    """Every file of the folder but preparation.json and the nbgrader course, by path."""
    activities = [content.loaded.activity for content in contents]
    return {
        NOTE: note(wanted.subject, activities, len(students.students), folder),
        ROSTER: listed,
        **{f"{KEYS}/{name}": content for name, content in key_files(list(contents)).items()},
        **{f"{SUBJECTS}/{content.id}.zip": archive(content.id, content.files) for content in contents},
    }


def _complete(
    folder: Path,
    files: Mapping[str, bytes],
    wanted: Preparation,
    students: Roster,
    contents: Sequence[ActivityContent],
    roster: Path,
) -> Report:
    """Write the files in ``folder``, then make its nbgrader course."""
    from autograder.gradebook import create_course  # nbgrader takes seconds to import

    report = write_files(folder, files, wanted, roster)
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
    return report


def _starts_with(activity: str, number: str) -> bool:
    return activity.split("_", 1)[0].lstrip("0") == number
