"""What the teacher should know about the copies: what deserves a look, and what was changed in the notebooks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from autograder.intake.handed import INTEGRITY
from autograder.intake.reading import Incident
from autograder.marking.marked import ClassResult, CopyResult
from autograder.reports.figures import shown_names
from crc_lab.core.wording import clean_line


@dataclass(frozen=True, slots=True)
class Remark:
    """One incident of one copy, under the name that tells homonyms apart."""

    name: str
    copy: CopyResult
    incident: Incident

    @property
    def file(self) -> str:
        return clean_line(self.copy.file, 400)


def to_look_at(result: ClassResult) -> list[Remark]:
    """What may change a mark or needs a decision."""
    return [remark for remark in _all(result) if not remark.incident.code.startswith(INTEGRITY)]


def integrity(result: ClassResult) -> list[Remark]:
    """What was changed in the cells of the notebooks, without any effect on the marks."""
    return [remark for remark in _all(result) if remark.incident.code.startswith(INTEGRITY)]


def _all(result: ClassResult) -> Iterator[Remark]:
    names = dict(zip((id(student) for student in result.students), shown_names(result.students), strict=True))
    for activity in result.activities:
        for student in result.students:
            if (copy := student.copies.get(activity.id)) is not None:
                for incident in copy.incidents:
                    yield Remark(names[id(student)], copy, incident)
