"""From files to copies, one file in memory at a time. A bad file never stops the others: it becomes a rejection.

Nothing is marked here: a :class:`~autograder.handed.HandedIn` holds the answers and what was strange in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.archives import Limits, Refused
from autograder.handed import NOTEBOOK, SIDECAR, HandedIn
from autograder.integrity import Pristine
from autograder.reading import INTERNAL, Incident, read_sheet
from autograder.submissions import Rejection, Submission, find
from autograder.wording import clean, clean_line, count
from crc_lab.errors import SheetProblem
from crc_lab.sheet import AnswerSheet
from crc_lab.text import fold


def collect(
    inputs: Sequence[Path],
    *,
    exclude: Iterable[Path] = (),
    limits: Limits | None = None,
    progress: Callable[[str], None] | None = None,
    pristine: Pristine | None = None,
) -> Iterator[HandedIn | Rejection]:
    """Every copy of ``inputs``, and a rejection for each file that is none; ``progress`` hears the name of each file.

    ``pristine``: the notebooks as they were given, to which the cells of the copies are compared (the workbook's own).
    Order: that of the files, sidecars without a notebook at the end of their group. Raises nothing for a bad file.
    """
    collector = _Collector(pristine or Pristine())
    for found in find(inputs, exclude, limits):
        if progress is not None:
            progress(found.file if isinstance(found, Rejection) else found.name)
        yield from collector.add(found)
    yield from collector.release()


@dataclass
class _Held:
    """A sidecar, waiting for the notebook of its group that it completes."""

    submission: Submission
    sheet: AnswerSheet
    incidents: list[Incident]
    used: bool = False


class _Collector:
    """Holds no notebook, only the sidecars of the current group."""

    def __init__(self, pristine: Pristine) -> None:
        self._pristine = pristine
        self._held: list[_Held] = []

    def add(self, found: Submission | Rejection) -> Iterator[HandedIn | Rejection]:
        if isinstance(found, Rejection):
            yield found
            return
        if self._held and self._held[0].submission.group != found.group:
            yield from self.release()
        try:
            copy = self._take(found)
        except (Refused, SheetProblem) as error:
            yield Rejection(found.name, error.code, clean(str(error))[:500])
        except Exception as error:  # a file nobody foresaw must not stop the others
            text = f"La lecture a échoué ({type(error).__name__}) : copie à noter à la main."
            yield Rejection(found.name, INTERNAL, clean(text)[:500])
        else:
            if copy is not None:
                yield copy

    def release(self) -> Iterator[HandedIn]:
        """Sidecars without a notebook are copies of their own."""
        held, self._held = self._held, []
        for one in held:
            if not one.used:
                text = "Le carnet lui-même manque : les réponses viennent du fichier de secours."
                incidents = (*one.incidents, Incident("CARNET-ABSENT", text))
                yield HandedIn(one.submission.name, one.submission.guess, one.sheet, SIDECAR, incidents)

    def _take(self, found: Submission) -> HandedIn | None:
        read = read_sheet(found.load())
        sheet = AnswerSheet.from_metadata(read.sheet)
        incidents = [*read.incidents, *_lost_answers(read.sheet, sheet)]
        if found.sidecar:
            self._held.append(_Held(found, sheet, incidents))
            return None
        incidents += self._pristine.incidents(sheet.activity, read.cells)
        for held in self._held:
            if held.sheet.activity == sheet.activity and _goes_with(held, found, sheet):
                held.used = True
                merged = sheet.merged_with(held.sheet)
                taken = sum(merged.answers[name] is not sheet.answers.get(name) for name in merged.answers)
                if taken:
                    read_there = count(taken, "réponse lue", "réponses lues")
                    text = f"{read_there} dans le fichier de secours remis à côté."
                    incidents.append(Incident("FICHIER-DE-SECOURS", text))
                sheet = merged
        return HandedIn(found.name, found.guess, sheet, NOTEBOOK, tuple(incidents))


def _lost_answers(raw: Any, sheet: AnswerSheet) -> list[Incident]:
    answers = raw.get("reponses") if isinstance(raw, dict) else None
    if answers is not None and not isinstance(answers, dict):
        return [Incident("REPONSE-ILLISIBLE", "La liste des réponses est abîmée : aucune n’a pu être lue.")]
    lost = sorted(clean_line(str(name), 40) for name in answers or () if str(name) not in sheet.answers)
    return [
        Incident("REPONSE-ILLISIBLE", f"La réponse à « {name} » est abîmée : elle n’a pas pu être lue.")
        for name in lost
    ]


def _goes_with(held: _Held, found: Submission, sheet: AnswerSheet) -> bool:
    """True when the sidecar surely belongs to the author of the notebook: alone together, or the same student."""
    if found.guess.moodle_id or found.alone:
        return True
    one, other = held.sheet.student, sheet.student
    return (
        one is not None
        and other is not None
        and _words(one.name, one.identifier) == _words(other.name, other.identifier)
    )


def _words(*texts: str) -> tuple[str, ...]:
    return tuple(fold(text) for text in texts)
