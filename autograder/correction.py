"""``crc-lab corriger`` from its arguments to its summary: progress, marking, reports, what to look at."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from autograder.batch import mark_class
from autograder.keys import Bank
from autograder.marking import ClassResult
from autograder.reports import Written, write_reports
from autograder.submissions import count as count_files
from autograder.wording import count, listing

LISTED = 10
"""Rejections listed on the terminal; all of them are in classe.html."""


def correct(inputs: Sequence[Path], output: Path, keys: Path | None = None) -> int:
    """Mark ``inputs``, write the reports in ``output`` and say what was done.

    Returns 0 when at least one copy was marked, else 1. Raises :class:`~crc_lab.errors.CrcError` when a report cannot
    be written.
    """
    bank = Bank(keys)
    exclude = [output] if output.exists() else []
    with _progress(count_files(inputs, exclude)) as step:
        result = mark_class(inputs, bank, exclude=exclude, progress=step)
    for problem in bank.problems:
        print(problem, file=sys.stderr)
    if not result.copies:
        print(_nothing(result), file=sys.stderr)
        return 1
    written = write_reports(result, output)
    print("\n".join(_summary(result, written)))
    return 0


def _summary(result: ClassResult, written: Written) -> Iterator[str]:
    numbers = [str(activity.number) for activity in result.activities]
    which = f"activité{'s' if len(numbers) > 1 else ''} {listing(numbers)}"
    who = count(len(result.students), "élève")
    yield f"{count(len(result.copies), 'copie notée', 'copies notées')} ({which}), {who}."
    yield f"  Rapport de classe : {written.class_page}"
    yield f"  Notes :             {written.workbook}"
    yield f"  Retours :           {written.pages} ({count(len(result.students), 'page')})"
    yield f"  Données :           {written.results}"
    remarks = sum(len(copy.incidents) for copy in result.copies)
    if remarks:
        yield f"{count(remarks, 'remarque')} sur des copies notées : voir « À regarder » dans le rapport de classe."
    if result.rejections:
        yield from _rejections(result)


def _rejections(result: ClassResult) -> Iterator[str]:
    number = len(result.rejections)
    yield f"{count(number, 'fichier non noté', 'fichiers non notés')} :"
    for rejection in result.rejections[:LISTED]:
        yield f"  • {rejection.file} : {rejection.text}"
    if number > LISTED:
        yield f"  … et {count(number - LISTED, 'autre')}."


def _nothing(result: ClassResult) -> str:
    if not result.rejections:
        return "Aucune copie trouvée : donnez le ZIP de Moodle, un dossier ou des fichiers .ipynb."
    return "\n".join(["Aucune copie n’a pu être notée.", *_rejections(result)])


@contextmanager
def _progress(total: int) -> Iterator[Callable[[str], None]]:
    """A progress bar on a terminal; elsewhere, one line."""
    if not sys.stderr.isatty():
        print(f"Correction de {count(total, 'fichier')}…", file=sys.stderr)
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (
        TextColumn("Correction"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[name]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total, name="")

        def step(name: str) -> None:
            shown = name.rsplit("/", 1)[-1]
            bar.update(task, advance=1, name=shown[:50])

        yield step
