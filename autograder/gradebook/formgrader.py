"""``crc-lab formgrader``: nbgrader's own page, opened on the course of a prepared folder, on this machine only.

The server is JupyterLab in the course's folder with nbgrader's extension, as a teacher starts it by hand; nothing of
the person's own Jupyter takes part.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from autograder.gradebook.course import environment
from autograder.gradebook.settings import FILE
from autograder.intake.keys import COURSE, PREPARATION, read_preparation
from crc_lab.core.errors import CrcError
from crc_lab.core.rooms import using_workbook
from crc_lab.lab.open_lab import LabServer, Words, open_server

PAGE = "/formgrader"
WORDS = Words(
    what="Le formgrader",
    already="Le formgrader de ce cours est déjà ouvert, dans une autre fenêtre de commande.",
    kept="Les notes et les commentaires sont enregistrés au fur et à mesure ; « crc-lab corriger » les reprend.",
    again="crc-lab formgrader",
)


class FormgraderServer(LabServer):
    """A JupyterLab process whose first page is nbgrader's formgrader, for the course in ``folder``."""

    def command(self) -> list[str]:
        settings = {
            **self.everywhere(),
            "ServerApp.jpserver_extensions": "nbgrader.server_extensions.formgrader=True",
            "ServerApp.default_url": PAGE,
            "LabApp.default_url": PAGE,
        }
        return self.started_with(settings)

    def environment(self) -> dict[str, str]:
        own = {"JUPYTER_CONFIG_DIR": self.runtime / "config", "JUPYTER_RUNTIME_DIR": self.runtime}
        return {**environment(), **{name: str(path) for name, path in own.items()}}

    @property
    def cwd(self) -> Path:
        return self.folder  # where nbgrader looks for its configuration


def open_formgrader(folder: Path, *, port: int | None = None, browser: bool = True) -> int:
    """Open the formgrader on a prepared folder (or on an nbgrader course), and wait for its end.

    Returns 0 when it was opened, 1 when it stopped on an accident. Raises :class:`CrcError`: nbgrader is missing, no
    course there, the port is taken.
    """
    if importlib.util.find_spec("nbgrader") is None:
        raise CrcError("Il manque nbgrader, qui fait le formgrader : « pip install crc-lab[prof] ».")
    course = next((one for one in (folder / COURSE, folder) if (one / FILE).is_file()), None)
    if course is None:
        raise CrcError(
            f"« {folder} » ne contient pas de cours nbgrader. Donnez le dossier fait par « crc-lab preparer » (le "
            "cours est dedans)."
        )
    prepared = course.resolve().parent
    own = read_preparation(prepared).workbook if (prepared / PREPARATION).is_file() else None
    with using_workbook(own):
        return open_server(FormgraderServer(course, port=port, browser=browser), WORDS, folder)
