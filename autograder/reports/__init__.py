"""What ``crc-lab corriger`` writes: resultats.json, notes.xlsx, classe.html and one page per student."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.marking import ClassResult
from autograder.reports.class_html import class_page
from autograder.reports.names import page_names
from autograder.reports.results_json import results_json
from autograder.reports.student_html import student_page
from autograder.reports.workbook import workbook_bytes
from autograder.wording import reason
from crc_lab.errors import CrcError
from crc_lab.sheet import write_atomically

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
    """Where the reports are."""

    results: Path
    workbook: Path
    class_page: Path
    pages: Path


def write_reports(result: ClassResult, folder: Path) -> Written:
    """Write every report in ``folder``, created if needed; each file is replaced in one step.

    Pages left in ``retours/`` by an earlier run for students who are no longer there are removed; files that crc-lab
    did not write are left alone. Raises :class:`OutputProblem`.
    """
    written = Written(folder / RESULTS, folder / WORKBOOK, folder / CLASS_PAGE, folder / PAGES)
    current = written.pages
    try:
        written.pages.mkdir(parents=True, exist_ok=True)
        current = written.results
        write_atomically(current, results_json(result))
        names = page_names([student.person for student in result.students])
        current = written.class_page
        write_atomically(current, class_page(result, names))
        for name, student in zip(names, result.students, strict=True):
            current = written.pages / name
            current.write_bytes(student_page(student, result))
        current = written.pages
        _remove_old_pages(written.pages, set(names))
        current = written.workbook
        write_atomically(current, workbook_bytes(result))
    except OSError as error:
        raise OutputProblem(current.name, reason(error)) from None
    return written


def _remove_old_pages(folder: Path, kept: set[str]) -> None:
    for page in folder.glob("*.html"):
        if page.name not in kept and page.is_file() and not page.is_symlink():
            with page.open("rb") as stream:
                ours = _OURS in stream.read(400)
            if ours:
                page.unlink()
