"""``nbgrader_config.py``: what the file says, what it sets, and what is read back from it.

nbgrader then marks without starting a kernel: its own converter goes on, with our reader of notebooks in the place of
its own (see :mod:`autograder.gradebook.autograde`).
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from autograder.errors import GradebookProblem

FILE = "nbgrader_config.py"
DATABASE = "gradebook.db"
_SIDE = "autograder.gradebook.autograde"
_TEXT = Path(__file__).with_name("nbgrader_config.txt")
_PROBLEMS = tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))


def problem(place: str, name: str, /, **values: object) -> GradebookProblem:
    """The problem of that name in texts.toml about a course or a database (``place``); ``values`` fill its gaps."""
    return GradebookProblem(place, _PROBLEMS[name].format(**values))


def config_text(keys: str, prepared: str, url: str | None) -> str:
    """The text of the file; ``keys`` and ``prepared`` are paths relative to the course."""
    value = url or "postgresql+psycopg://nom:motdepasse@serveur/notes"
    database = f"{'' if url else '# '}c.CourseDirectory.db_url = {_quoted(value)}"
    text = _TEXT.read_text(encoding="utf-8")
    return text.format(keys=_quoted(keys), prepared=_quoted(prepared), database=database)


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def configure(config: Any, file: str, *, keys: str, prepared: str = "") -> None:
    """What ``nbgrader_config.py`` calls: set nbgrader (a traitlets configuration) to mark from the answer sheets.

    ``file`` is the configuration file itself: ``keys`` (folder of the keys) and ``prepared`` (folder of
    preparation.json and classe.csv) are relative to its folder.
    """
    course = Path(file).resolve().parent
    config.CourseDirectory.root = str(course)
    config.Autograde.exporter_class = f"{_SIDE}.CopyExporter"
    config.Autograde.sanitize_preprocessors = ["nbgrader.preprocessors.CheckCellMetadata"]
    config.Autograde.autograde_preprocessors = [
        f"{_SIDE}.SaveScores",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    config.Autograde.pre_convert_hook = f"{_SIDE}.before"
    config.Autograde.post_convert_hook = f"{_SIDE}.after"
    config.CopyExporter.keys_folder = str((course / keys).resolve())
    config.CopyExporter.prepared_folder = str((course / prepared).resolve()) if prepared else ""


def database_url(course: Path, url: str | None = None) -> str:
    """The address of the gradebook: ``url``, else what the course's configuration says, else its gradebook.db.

    Raises :class:`GradebookProblem` when ``course`` is no course, or its configuration cannot be read.
    """
    if not (course / FILE).is_file():
        raise problem(course.name, "no-course", file=FILE)
    return url or _configured(course) or f"sqlite:///{(course / DATABASE).resolve()}"


def _configured(course: Path) -> str | None:
    from traitlets.config.loader import PyFileConfigLoader

    try:
        config = PyFileConfigLoader(FILE, path=str(course.resolve())).load_config()
        found = config.get("CourseDirectory", {}).get("db_url")
    except Exception as error:  # the teacher's own Python: anything can be raised
        said = f"{type(error).__name__}: {error}"[:200]
        raise problem(course.name, "mistake", file=FILE, said=said) from error
    return found if isinstance(found, str) and found else None
