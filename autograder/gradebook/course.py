"""A course folder for nbgrader: the teacher's notebooks, its configuration, its gradebook, the version to give out."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.gradebook import rows
from autograder.gradebook.database import parse, transaction
from autograder.gradebook.generation import generate
from autograder.gradebook.names import names, nbgrader_id, shown
from autograder.gradebook.problems import GradebookProblem
from autograder.gradebook.settings import FILE, config_text, course_id_of, database_url
from autograder.identity.roster import Listed
from crc_lab.core.bank import KEYS
from crc_lab.core.sheet import write_atomically
from crc_lab.core.wording import reason


def create_course(
    course: Path,
    students: Sequence[Listed],
    activities: Mapping[str, Path],
    keys: Path,
    prepared: Path | None,
    course_id: str,
    url: str | None,
) -> None:
    """See :func:`autograder.gradebook.create_course`."""
    settled = (course / FILE).exists()  # then it is the teacher's, who may have changed it
    if settled and url and parse(url) != parse(database_url(course)):
        said = f"{FILE} y désigne une autre base que celle qui est demandée. Modifiez ce fichier, ou supprimez-le."
        raise GradebookProblem(course.name, said)
    try:
        course.mkdir(parents=True, exist_ok=True)
        for activity, folder in activities.items():
            _check(activity, folder)
            _copy(folder, course / "source" / activity)
        if not settled:
            place = _relative(prepared, course) if prepared else ""
            content = config_text(course_id_of(course_id), _relative(keys, course), place, url)
            write_atomically(course / FILE, content.encode())
    except OSError as error:
        where = Path(error.filename).name if isinstance(error.filename, str) else FILE
        raise GradebookProblem(course.name, f"« {where} » ne peut pas être écrit ({reason(error)}).") from None
    address = database_url(course)
    generate(course, list(activities), address)
    with transaction(address) as connection:
        rows.add_students(connection, map(_row, students), update=True)


def _row(listed: Listed) -> rows.StudentRow:
    first, last = names(listed, listed.name)
    return rows.StudentRow(nbgrader_id(listed.identifier), listed.identifier, first, last, shown(listed.email))


def _check(activity: str, folder: Path) -> None:
    """What students receive comes from this folder: the key must not be in it."""
    if not (folder / f"{activity}.ipynb").is_file():
        raise GradebookProblem(folder.name, f"il n’y a pas de carnet {activity}.ipynb dans ce dossier.")
    for path in sorted(folder.rglob("*")):
        if path.name == KEYS or path.name == "corriges":
            text = (
                f"« {path.relative_to(folder)} » est un corrigé : il n’a pas sa place dans ce que reçoivent les élèves."
            )
            raise GradebookProblem(folder.name, text)


def _copy(folder: Path, target: Path) -> None:
    """Copy the folder beside its place, then put it there: an interruption leaves the old one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        shutil.copytree(folder, draft / target.name, ignore=shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__"))
        if target.exists():
            target.rename(draft / "old")
        (draft / target.name).rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _relative(path: Path, course: Path) -> str:
    """The way from the course to ``path``, with « / »; absolute when there is none (another disk on Windows)."""
    try:
        return Path(os.path.relpath(path.resolve(), course.resolve())).as_posix()
    except ValueError:
        return path.resolve().as_posix()
