"""What ``crc-lab corriger`` says at the end: what was done, where it is, what deserves a look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from autograder import decisions
from autograder.decisions.rounds import Round
from autograder.identity.asked import FILE as ASKED
from autograder.identity.asked import Answers, Asked, shown
from autograder.intake import EMPTY
from autograder.marking import ClassResult
from autograder.marking.manual import Decided, Key
from autograder.open_answers import FILE as OPEN_ANSWERS
from autograder.privacy.who import CORRESPONDENCE
from autograder.privacy.who import FOLDER as PSEUDONYMS
from autograder.register import differences as changes
from autograder.reports import CLASS_PAGE, PAGES, RESULTS, WORKBOOK, Outputs
from autograder.reports.attention import Group, attention, to_decide
from autograder.reports.pages import render
from crc_lab.core.text import count, listing

if TYPE_CHECKING:
    from autograder.gradebook.notebooks import Written as WrittenGradebook

LISTED = 10
"""Rejections and names listed on the terminal; all of them are in classe.html."""
_NAMED = 3
_WHY = frozenset({
    "ELEVE-A-DIRE", "ELEVE-AMBIGU", "ELEVE-CONTRADICTOIRE", "ELEVE-INCONNU", "HORS-LISTE", "IDENTITE-DISPUTEE",
})  # fmt: skip
"""The remarks that say why a copy is nobody's."""
_PLACES = {
    "Rapport de classe": CLASS_PAGE,
    "Notes": WORKBOOK,
    "De qui ?": ASKED,
    "Retours": PAGES,
    "Données": RESULTS,
    "Réponses à lire": OPEN_ANSWERS,
    "À décider": decisions.SHEET_FILE,
    "Décisions": decisions.FILE,
    "Changements": changes.FILE,
    "Pour Moodle": "moodle",
    "Sans les noms": PSEUDONYMS,
    "Qui est qui": CORRESPONDENCE,
}


@dataclass
class Story:
    """All that there is to tell of one run. ``remarks``: on the sheets of marks given by hand."""

    result: ClassResult
    outputs: Outputs
    decided: Decided
    differences: changes.Differences | None
    numbers: Mapping[str, int]
    remarks: Sequence[str] = ()
    round: Round | None = None
    moodle: Sequence[str] = ()
    gradebook: WrittenGradebook | None = None
    forgotten: list[str] = field(default_factory=list)


def text(story: Story) -> str:
    """The whole summary."""
    result, differences, written = story.result, story.differences, story.outputs.names
    groups = attention(result)
    moved = changes.shown(differences, story.numbers) if differences else []
    return _rendered(
        result,
        texts=story.round.told if story.round else "",
        decided_texts=story.round.said(moved) if story.round else (),
        sheet=decisions.SHEET_FILE,
        numbers=[str(number) for number in story.numbers.values()],
        places=list(_places(story)),
        moodle=story.moodle,
        since=() if differences is None else changes.summary(differences),
        moved=moved,
        forgotten=story.forgotten,
        strangers=[
            one.person.name for one in result.students if result.roster_given and one.listed is None and not one.asked
        ],
        to_say=[one.person.name for one in result.students if one.asked],
        asked=ASKED,
        pending=sum(len(copy.pending) for copy in result.copies),
        off_subject=[
            one.person.name for one in result.students if any(copy.unaccepted for copy in one.copies.values())
        ],
        decided=story.decided,
        remarks=story.remarks,
        pseudonyms=PSEUDONYMS if any(name.startswith(f"{PSEUDONYMS}/") for name in written) else "",
        to_decide=to_decide(groups),
        to_know=sum(group.told for group in groups if not group.decision),
    )


def asked_rows(result: ClassResult, said: Answers) -> list[Asked]:
    """The rows of « identites.csv »: the copies that are nobody's for sure, then those that the teacher has named."""
    rows, decided = [], []
    for student in result.students:
        for copy in student.copies.values():
            if copy.file in said.people:
                person = said.people[copy.file]
                decided.append(Asked(copy.file, "", shown(person) if person else "personne", "déjà dit"))
            elif student.listed is None and (student.asked or result.roster_given):
                proposed = " ou ".join(shown(one) for one in student.candidates[:LISTED])
                why = next((one.text for one in copy.incidents if one.code in _WHY), "")
                rows.append(Asked(copy.file, proposed, said.typed.get(copy.file, ""), why))
    return sorted(rows, key=lambda one: one.file) + sorted(decided, key=lambda one: one.file)


def nothing(result: ClassResult) -> str:
    """What to say when no copy was marked."""
    return _rendered(result)


def _rendered(result: ClassResult, **more: Any) -> str:
    def whose(keys: Iterable[Key]) -> str:
        return listing([f"{student} ({question})" for student, _, question in keys], LISTED)

    more["silent"] = [one.file for one in result.rejections if one.code == EMPTY]
    more["refused"] = list(_refused(attention(result)))
    more["number"] = len(result.rejections) - len(more["silent"])
    page = render("resume.txt", result=result, listed=LISTED, open_answers=OPEN_ANSWERS, whose=whose, **more)
    return page.decode().rstrip("\n")


def _refused(groups: Iterable[Group]) -> Iterator[tuple[str, str]]:
    """The files that are not marked, each with why; those alike together."""
    for kind in (kind for group in groups for kind in group.kinds):
        lines = [line for line in kind.lines if not line.who and line.code != EMPTY]
        files = [" dans ".join(filter(None, [line.file, line.place])) for line in lines]
        if files and kind.text:
            yield f"{kind.text.removesuffix('.')} ({listing(files, _NAMED)})", kind.same or lines[0].text
        else:
            yield from zip(files, (line.text for line in lines), strict=True)


def _places(story: Story) -> Iterator[tuple[str, str]]:
    """What was written, and where."""
    written = story.outputs.names
    for label, name in _PLACES.items():
        inside = sum(other.startswith(f"{name}/") for other in written)
        if name in written or inside:
            pages = f" ({count(inside, 'page')})" if name == PAGES else ""
            yield label, f"{story.outputs.folder / name}{pages}"
    if story.gradebook is not None:
        changed = count(story.gradebook.scores, "note changée", "notes changées")
        yield "nbgrader", f"{count(story.gradebook.copies, 'copie')}, {changed}"
