"""A course folder for nbgrader: the teacher's notebooks, its configuration, its gradebook, the version to give out.

``generate_assignment`` is nbgrader's own, in a process of its own (``python -m autograder.gradebook.course``, one for
all the activities of a course): nbgrader changes folder, starts ``alembic`` by its name, logs in English and takes
seconds to import, and none of it is for the process of ``crc-lab``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import sqlalchemy as sa

import autograder
from autograder.gradebook import database, rows
from autograder.gradebook.database import has_tables, parse, transaction
from autograder.gradebook.settings import FILE, config_text, database_url, problem
from autograder.identity import Listed
from crc_lab.core.bank import KEYS, READING
from crc_lab.core.sheet import write_atomically
from crc_lab.core.text import reason

_LINES = 6
"""Lines of nbgrader's log shown when it fails."""
_ERROR = re.compile(r"[\w.]*(?:Error|Exception): ")
QUICK = Path(__file__).parent / "quick"
"""What is found first there spares a second of each process of nbgrader's."""
_URL = "CRC_LAB_BASE_NBGRADER"
"""The address of the database goes by the environment: a password would show in the list of processes."""


def create_course(
    course: Path,
    *,
    students: Sequence[Listed],
    activities: Mapping[str, Path],
    keys: Path,
    prepared: Path | None = None,
    url: str | None = None,
) -> None:
    """Make an nbgrader course in the folder ``course`` (or bring an existing one up to date).

    ``activities``: by activity id, the self-contained folder that students receive (the notebook, exercices.toml,
    datasets/). ``keys``: the folder of the keys; ``prepared``: that of preparation.json and classe.csv, when there is
    one. Both are remembered relative to the course, so that all may be moved together. ``url``: a SQLAlchemy URL, for
    another database than gradebook.db. An nbgrader_config.py that is already there is kept. Takes seconds: nbgrader
    makes ``release/`` itself.

    Raises :class:`GradebookProblem`.
    """
    settled = (course / FILE).exists()  # then it is the teacher's, who may have changed it
    if settled and url and parse(url) != parse(database_url(course)):
        raise problem(course.name, "other-database", file=FILE)
    try:
        course.mkdir(parents=True, exist_ok=True)
        for activity, folder in activities.items():
            _check(activity, folder)
            _copy(folder, course / "source" / activity)
        if not settled:
            place = _relative(prepared, course) if prepared else ""
            content = config_text(_relative(keys, course), place, url)
            write_atomically(course / FILE, content.encode())
    except OSError as error:
        where = Path(error.filename).name if isinstance(error.filename, str) else FILE
        raise problem(course.name, "not-written", file=where, why=reason(error)) from None
    address = database_url(course)
    generate(course, list(activities), address)
    with transaction(address) as connection:
        listed = (rows.StudentRow.of(one.identifier, one, one.name) for one in students)
        rows.add_students(connection, listed, update=True)


def _check(activity: str, folder: Path) -> None:
    """What students receive comes from this folder: the key must not be in it."""
    if not (folder / f"{activity}.ipynb").is_file():
        raise problem(folder.name, "no-notebook", activity=activity)
    for path in sorted(folder.rglob("*")):
        if path.name in (KEYS, READING) or path.name == "corriges":
            raise problem(folder.name, "key", file=path.relative_to(folder))


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


def generate(course: Path, activities: Sequence[str], url: str) -> None:
    """Make ``release/`` and the rows of ``activities`` in the database, tables included, from ``source/``.

    Raises :class:`GradebookProblem` with the end of nbgrader's log.
    """
    absent = [name for name in activities if not (course / "source" / name).is_dir()]
    if absent:
        raise problem(course.name, "no-source", activity=absent[0])
    command = [sys.executable, "-m", "autograder.gradebook.course", str(course.resolve()), *activities]
    there = environment() | {_URL: url}
    done = subprocess.run(command, cwd=course, env=there, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        raise problem(course.name, "refused", said=_said(done.stderr))


def _said(log: str) -> str:
    """The errors that the log names, else its end."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    errors = [line for line in lines if _ERROR.match(line)]
    return "\n".join(list(dict.fromkeys(errors or lines))[-_LINES:])


def environment() -> dict[str, str]:
    """Where a process of ours finds this environment's programs (``alembic``, ``jupyter``) and this package, and what
    makes nbgrader start sooner."""
    programs, package = str(Path(sys.executable).parent), str(Path(autograder.__file__).resolve().parents[1])
    return {
        **os.environ,
        "PATH": os.pathsep.join([programs, os.environ.get("PATH", "")]),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(QUICK), package, os.environ.get("PYTHONPATH", "")])),
    }


def missing_activities(address: str, activities: Iterable[str]) -> list[str]:
    """Those that the database does not know: all of them in one that is still empty."""
    if not has_tables(address):
        return list(activities)
    with transaction(address, write=False) as connection:
        known = set(connection.scalars(sa.select(database.assignment.c.name)))
    return [name for name in activities if name not in known]


def main(arguments: Sequence[str]) -> int:
    """The process itself: 0, or 1 when nbgrader refused an activity (its log is on the standard error)."""
    from nbgrader.apps import NbGrader
    from nbgrader.apps.api import NbGraderAPI

    course, *activities = arguments
    app = NbGrader()
    app.initialize([], root=course)
    app.coursedir.db_url = os.environ[_URL]
    api = NbGraderAPI(app.coursedir, parent=app)
    for activity in activities:
        done = api.generate_assignment(activity)
        if not done["success"]:
            print(done["log"], done.get("error", ""), sep="\n", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
