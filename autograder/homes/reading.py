"""What the home of one account holds: the notebooks of its workbooks, each read once, within bounds.

A home is ``HOMES/USER``; a workbook in it is the folder ``cahier-crc`` (or « cahier-crc 2 »…), or any folder with the
mark that « ouvrir » and the server leave in the workbooks that they copy, whatever it is called now. In a workbook, the
notebooks are one folder down.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from autograder.homes.opening import Folder, Sort
from autograder.intake.archives import MEGA, Limits
from autograder.intake.handed import Refused, refusal
from autograder.intake.reading import read_sheet
from crc_lab.core.answers import is_blank
from crc_lab.core.errors import SheetProblem
from crc_lab.core.resources import PRIVATE
from crc_lab.core.sheet import AnswerSheet
from crc_lab.core.text import reason

LIMITS = Limits(total_bytes=500 * MEGA, members=500)
"""What one home may cost: the size of a notebook is that of « corriger », then all of them together."""
_WORKBOOK = re.compile(r"cahier[-_ ]crc.*", re.IGNORECASE)
_TRIES, _PAUSE = 3, 0.3
"""JupyterLab writes a notebook in place: one that is being saved is whole a moment later (seconds)."""


@dataclass(frozen=True, slots=True)
class Found:
    """One notebook. ``file``: where it is, from the folder of the homes, with « / »; ``why`` it has no ``sheet``."""

    file: str
    content: bytes
    sheet: AnswerSheet | None = None
    why: str = ""

    @property
    def name(self) -> str:
        return self.file.rsplit("/", 1)[-1]

    @property
    def folder(self) -> str:
        return self.file.split("/")[-2]

    @property
    def answered(self) -> int:
        """How many questions have an answer; 0 for a notebook that cannot be read."""
        return sum(not is_blank(one.value) for one in self.sheet.answers.values()) if self.sheet else 0

    @property
    def untouched(self) -> bool:
        """A notebook as it was given: nothing to collect."""
        return self.sheet is not None and not self.answered


@dataclass(slots=True)
class Home:
    """The home of one account: its notebooks, and what could not be read of it (path or nothing, French sentence)."""

    user: str
    workbooks: int = 0
    notebooks: list[Found] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    closed: bool = False
    """It could not be looked into to the end: what was collected before still holds."""


def read_home(homes: Folder, user: str, limits: Limits = LIMITS, pause: Callable[[float], None] = time.sleep) -> Home:
    """All that is to be read in the home of ``user``; raises nothing: what cannot be read is told in the result."""
    home = Home(user)
    with _told(home, user), homes.inside(user) as place:
        for name in place.names():
            with _told(home, f"{user}/{name}"):
                if _is_workbook(place, name):
                    home.workbooks += 1
                    with place.inside(name) as workbook:
                        _read_workbook(home, workbook, f"{user}/{name}", limits, pause)
    return home


def _is_workbook(home: Folder, name: str) -> bool:
    """Whether that folder of a home is a workbook. Raises :class:`Refused` for a link that is called as one."""
    sort, named = home.sort(name), bool(_WORKBOOK.fullmatch(name))
    if sort is Sort.LINK and named:
        raise refusal("LIEN.compte")
    if sort is not Sort.FOLDER or name.startswith("."):
        return False
    if named:
        return True
    try:
        with home.inside(name) as folder:
            return folder.sort(PRIVATE) is Sort.FOLDER
    except (OSError, Refused):  # a folder of their own without the mark, or closed: nobody's business
        return False


def _read_workbook(home: Home, workbook: Folder, label: str, limits: Limits, pause: Callable[[float], None]) -> None:
    for name in workbook.names():
        if name.startswith("."):
            continue
        with _told(home, f"{label}/{name}"):
            sort = workbook.sort(name)
            if sort is Sort.LINK:
                raise refusal("LIEN.compte")
            if sort is Sort.FOLDER:
                with workbook.inside(name) as activity:
                    _read_activity(home, activity, f"{label}/{name}", limits, pause)


def _read_activity(home: Home, activity: Folder, label: str, limits: Limits, pause: Callable[[float], None]) -> None:
    for name in activity.names():
        if name.startswith(".") or not name.lower().endswith(".ipynb"):
            continue
        file = f"{label}/{name}"
        with _told(home, file):
            if len(home.notebooks) >= limits.members:
                raise refusal("COMPTE-TROP-CHARGE.carnets", most=limits.members)
            found = _read_notebook(activity, name, file, limits, pause)
            if sum(len(one.content) for one in home.notebooks) + len(found.content) > limits.total_bytes:
                raise refusal("COMPTE-TROP-CHARGE.volume", mega=limits.total_bytes // MEGA)
            home.notebooks.append(found)


def _read_notebook(folder: Folder, name: str, file: str, limits: Limits, pause: Callable[[float], None]) -> Found:
    """The notebook, read again when it seems to be in the middle of being saved."""
    for left in reversed(range(_TRIES)):
        content = folder.read(name, limits)
        try:
            return Found(file, content, AnswerSheet.from_metadata(read_sheet(content).sheet))
        except (Refused, SheetProblem) as problem:
            if not left:
                return Found(file, content, why=str(problem))
            pause(_PAUSE)
    raise AssertionError("the last try returns")


@contextmanager
def _told(home: Home, place: str) -> Iterator[None]:
    """What is not read in this block is told, and the rest of the home is read all the same."""
    try:
        yield
    except Refused as problem:
        home.problems.append((place, problem.text))
    except OSError as error:
        home.closed = True
        home.problems.append((place, f"Impossible à lire ({reason(error)})."))
