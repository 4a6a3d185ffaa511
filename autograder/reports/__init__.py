"""What ``crc-lab corriger`` writes: resultats.json, notes.xlsx, classe.html and one page per student."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from autograder.marking.marked import ClassResult
from autograder.reports.class_html import class_page
from autograder.reports.names import page_names
from autograder.reports.results_json import results_json
from autograder.reports.student_html import student_page
from autograder.reports.workbook import workbook_bytes
from crc_lab.core.errors import CrcError
from crc_lab.core.sheet import write_atomically
from crc_lab.core.wording import reason

RESULTS, WORKBOOK, CLASS_PAGE, PAGES = "resultats.json", "notes.xlsx", "classe.html", "retours"
_OURS = b'<meta name="generator" content="crc-lab">'


class OutputProblem(CrcError):
    """A report that cannot be written: the ``file`` and the system's ``reason``."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(file, reason)
        self.file, self.reason = file, reason

    def __str__(self) -> str:
        return (
            f"« {self.file} » ne peut pas être écrit ({self.reason}). S’il est ouvert dans un autre logiciel (Excel…), "
            "fermez-le, puis relancez la même commande ; sinon, choisissez un autre dossier avec --sortie."
        )


@dataclass(frozen=True, slots=True)
class Written:
    """Where the reports are. ``files``: all that were written; ``problems``: those that could not be."""

    results: Path
    workbook: Path
    class_page: Path
    pages: Path
    files: tuple[Path, ...] = ()
    problems: tuple[OutputProblem, ...] = ()


def report_files(result: ClassResult, folder: Path) -> dict[Path, Callable[[], bytes]]:
    """Every report of a class: where it goes, and how its content is made."""
    names = page_names([student.person for student in result.students])
    return {
        folder / RESULTS: lambda: results_json(result),
        folder / CLASS_PAGE: lambda: class_page(result, names),
        **{
            folder / PAGES / name: partial(student_page, student, result)
            for name, student in zip(names, result.students, strict=True)
        },
        folder / WORKBOOK: lambda: workbook_bytes(result),
    }


def write_reports(result: ClassResult, folder: Path) -> Written:
    """Write every report in ``folder``, created if needed; each file is replaced in one step.

    A file that cannot be written (open in Excel…) does not stop the others: it is among ``problems``. Pages left in
    ``retours/`` by an earlier run for students who are no longer there are removed; files that crc-lab did not write
    are left alone.
    """
    files, problems = [], []
    contents = report_files(result, folder)
    for path, content in contents.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content())
            files.append(path)
        except OSError as error:
            problems.append(OutputProblem(path.name, reason(error)))
    pages = folder / PAGES
    try:
        _remove_old_pages(pages, {path.name for path in contents if path.parent == pages})
    except OSError as error:
        problems.append(OutputProblem(pages.name, reason(error)))
    return Written(folder / RESULTS, folder / WORKBOOK, folder / CLASS_PAGE, pages, tuple(files), tuple(problems))


def _remove_old_pages(folder: Path, kept: set[str]) -> None:
    for page in folder.glob("*.html"):
        if page.name not in kept and page.is_file() and not page.is_symlink():
            with page.open("rb") as stream:
                ours = _OURS in stream.read(400)
            if ours:
                page.unlink()
