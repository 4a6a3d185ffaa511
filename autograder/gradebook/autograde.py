"""What runs inside ``nbgrader autograde`` (and behind the formgrader's button): no cell is executed, no kernel started.

nbgrader goes through the copies as it always does; ``nbgrader_config.py`` gives it these parts:

- :class:`CopyExporter` takes the place of its reader of notebooks. The file of a student is read as by
  ``crc-lab corriger``, never by nbformat; what comes out is the teacher's notebook with the answers and the results.
- :class:`SaveScores` writes the scores, with the same code as ``crc-lab corriger``.
- :func:`before` and :func:`after` see to the files around the notebook.
"""

from __future__ import annotations

import logging
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import parse_utc
from traitlets import Unicode

from autograder.decisions import FILE, subjects
from autograder.decisions.reading import kept_decisions
from autograder.gradebook import rows
from autograder.gradebook.database import transaction
from autograder.gradebook.notebooks import CORRECTION, KEPT, Marked, build, read_source
from autograder.identity.class_list import read_roster
from autograder.intake import Guess, HandedIn
from autograder.intake.collecting import collect
from autograder.intake.keys import PREPARATION, ROSTER, Bank, read_preparation
from autograder.intake.places import SUBMITTED
from autograder.marking.batch import mark_copies

_LOG = logging.getLogger(__name__)
_LONGEST_TIME = 200
_NO_COPY = "Aucun fichier de ce dossier ne contient de réponses à cette activité."


class CopyExporter(NotebookExporter):
    """Read what a student handed in, mark it, give nbgrader the teacher's notebook with answers and results."""

    keys_folder = Unicode(help="Dossier des corrigés.").tag(config=True)
    prepared_folder = Unicode(help="Dossier de preparation.json et de classe.csv, s’il y en a un.").tag(config=True)

    def __init__(self, config: Any = None, **more: Any) -> None:
        super().__init__(config=config, **more)  # type: ignore[no-untyped-call]
        self._bank = Bank(Path(self.keys_folder) if self.keys_folder else None)
        self._settled = False
        folder = Path(self.prepared_folder)
        has = {name: bool(self.prepared_folder) and (folder / name).is_file() for name in (PREPARATION, ROSTER)}
        self._preparation = read_preparation(folder) if has[PREPARATION] else None
        self._roster = read_roster(folder / ROSTER) if has[ROSTER] else None

    def from_filename(self, filename: str, resources: Any = None, **more: Any) -> Any:
        """The notebook to go on with; ``filename`` may not exist, or hold anything: its folder is what is marked."""
        converter: Any = self.parent  # nbgrader's Autograde
        course = converter.coursedir
        which = resources["nbgrader"]
        handed_in = course.format_path(course.submitted_directory, which["student"], which["assignment"])
        folder = Path(filename).parent
        if os.path.normpath(folder) != os.path.normpath(handed_in):
            return super().from_filename(filename, resources, **more)  # our own work, on its way to SaveScores
        resources["metadata"] = {"name": which["notebook"], "path": str(folder)}
        notebook = self._notebook(Path(course.root), folder, which["student"], which["assignment"])
        node = nbformat.from_dict(notebook)  # type: ignore[no-untyped-call]
        return self.from_notebook_node(node, resources, **more)  # type: ignore[no-untyped-call]

    def _notebook(self, root: Path, folder: Path, student: str, activity: str) -> dict[str, Any]:
        self._settle(root / FILE)
        source = read_source(root, self._bank.get(activity).for_teacher())
        whose = Guess(student, scope=SUBMITTED, identifier=student)  # every copy of the folder is this student's
        found = [replace(one, guess=whose) if isinstance(one, HandedIn) else one for one in collect([folder])]
        result = mark_copies(found, self._bank, roster=self._roster, preparation=self._preparation)
        copy = next((one.copies[activity] for one in result.students if activity in one.copies), None)
        if copy is None:
            why = next((rejection.text for rejection in result.rejections), _NO_COPY)
            return build(source, Marked({}, reason=why))
        sheets = {one.key: one.sheet for one in found if isinstance(one, HandedIn)}
        return build(source, Marked.of(copy, sheets[copy.key]))

    def _settle(self, path: Path) -> None:
        """Have texts read as the teacher decided them, where « corriger » left what was decided in the course."""
        if not self._settled:
            self._settled = True
            if path.is_file():
                kept, remarks = kept_decisions(path, subjects(self._bank.readable()))
                self._bank.settle(kept.for_readers())
                for remark in remarks:
                    _LOG.warning("%s", remark)


class SaveScores(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader carries no types
    """Write the scores of a notebook that :class:`CopyExporter` made.

    As nbgrader does, a mark that was given by hand stays, and asks to be looked at again.
    """

    def preprocess(self, nb: Any, resources: Any) -> Any:
        which = resources["nbgrader"]
        notes = nb.metadata[CORRECTION]["notes"]
        submission = rows.SubmissionRow(
            which["student"],
            which["assignment"],
            {name: rows.Score(**score) for name, score in notes.items()},
            changed=lambda _: True,
        )
        with transaction(which["db_url"]) as connection:
            rows.write(connection, (), [submission])
        return nb, resources


def before(*, notebooks: list[str], **_: Any) -> None:
    """nbgrader's ``pre_convert_hook``: make it ask for one notebook of the expected name, whatever the student's own.

    Links, pipes and sockets are removed from the folder: nbgrader would follow the former, out of the course, and stop
    at the latter.
    """
    folder = Path(notebooks[0]).parent
    notebooks[:] = [str(folder / f"{folder.name}.ipynb")]
    for where, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(where, name)
            mode = path.lstat().st_mode
            if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
                _LOG.warning("« %s » n’est pas un fichier ordinaire : retiré de la remise.", path)
                path.unlink()
    time = folder / KEPT[0]
    if time.is_file() and not _is_time(time):
        _LOG.warning("« %s » n’est pas une date : ce fichier est renommé.", time)
        time.replace(time.with_suffix(".illisible"))


def _is_time(path: Path) -> bool:
    """True for what nbgrader can read in timestamp.txt: it would give up the copy otherwise."""
    try:
        parse_utc(path.read_bytes()[:_LONGEST_TIME].decode().strip() or None)
    except (ValueError, OverflowError):
        return False
    return path.stat().st_size <= _LONGEST_TIME


def after(*, notebooks: list[str], **_: Any) -> None:
    """nbgrader's ``post_convert_hook``: keep in ``autograded/`` the notebook and what the exchange needs.

    What else the student handed in stays in ``submitted/``: nobody gets it back as if it were ours.
    """
    for notebook in map(Path, notebooks):
        activity, student, course = notebook.parent.name, notebook.parent.parent.name, notebook.parents[3]
        folder = course / "autograded" / student / activity
        for where, folders, files in os.walk(folder, topdown=False):
            for name in files:
                path = Path(where, name)
                if Path(where) != folder or name not in (notebook.name, *KEPT):
                    path.chmod(stat.S_IRUSR | stat.S_IWUSR)
                    path.unlink()
            for name in folders:
                Path(where, name).rmdir()
