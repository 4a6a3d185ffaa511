"""nbgrader's own ``generate_assignment``, in a process of its own: ``python -m autograder.gradebook.generation``.

nbgrader changes folder, starts ``alembic`` by its name, logs in English and takes seconds to import: none of it is for
the process of ``crc-lab``. One process serves all the activities of a course.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import autograder

_LINES = 6
"""Lines of nbgrader's log shown when it fails."""

_ERROR = re.compile(r"[\w.]*(?:Error|Exception): ")


def generate(course: Path, activities: Sequence[str], url: str) -> None:
    """Make ``release/`` and the rows of ``activities`` in the database, tables included, from ``source/``.

    Raises :class:`GradebookProblem` with the end of nbgrader's log.
    """
    from autograder.gradebook.problems import GradebookProblem

    absent = [name for name in activities if not (course / "source" / name).is_dir()]
    if absent:
        text = f"il n’y a pas de dossier source/{absent[0]} dans ce cours. Refaites-le avec « crc-lab preparer »."
        raise GradebookProblem(course.name, text)
    command = [sys.executable, "-m", "autograder.gradebook.generation", str(course.resolve()), *activities]
    done = subprocess.run(
        command,
        cwd=course,
        env=environment() | {_URL: url},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise GradebookProblem(
            course.name, f"nbgrader n’a pas pu faire l’énoncé. Ce qu’il en dit :\n{_said(done.stderr)}"
        )


def _said(log: str) -> str:
    """The errors that the log names, else its end."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    errors = [line for line in lines if _ERROR.match(line)]
    return "\n".join(list(dict.fromkeys(errors or lines))[-_LINES:])


def environment() -> dict[str, str]:
    """Where a process of ours finds this environment's programs (``alembic``, ``jupyter``) and this package."""
    programs, package = str(Path(sys.executable).parent), str(Path(autograder.__file__).resolve().parents[1])
    return {
        **os.environ,
        "PATH": os.pathsep.join([programs, os.environ.get("PATH", "")]),
        "PYTHONPATH": os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH", "")])),
    }


def missing_activities(address: str, activities: Iterable[str]) -> list[str]:
    """Those that the database does not know."""
    import sqlalchemy as sa

    from autograder.gradebook import tables
    from autograder.gradebook.database import transaction

    with transaction(address, write=False) as connection:
        known = set(connection.scalars(sa.select(tables.assignment.c.name)))
    return [name for name in activities if name not in known]


_URL = "CRC_LAB_BASE_NBGRADER"
"""The address of the database goes by the environment: a password would show in the list of processes."""


def main(arguments: Sequence[str]) -> int:
    """The process itself: 0, or 1 when nbgrader refused an activity (its log is on the standard error)."""
    from nbgrader.apps import NbGrader
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException

    course, *activities = arguments
    app = NbGrader()
    app.initialize([], root=course)
    app.coursedir.db_url = os.environ[_URL]
    for activity in activities:
        app.coursedir.assignment_id = activity
        converter = GenerateAssignment(coursedir=app.coursedir, parent=app)
        converter.force = True
        try:
            converter.start()
        except NbGraderException as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
