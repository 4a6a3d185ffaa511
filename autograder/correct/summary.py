"""What ``crc-lab corriger`` says at the end: what was done, where it is, what deserves a look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from autograder.intake.handed import EMPTY, INTEGRITY
from autograder.marking.hand_marks import Decided, Key
from autograder.marking.marked import ClassResult
from autograder.open_answers import FILE as OPEN_ANSWERS
from autograder.privacy.pseudonyms import CORRESPONDENCE
from autograder.privacy.pseudonyms import FOLDER as PSEUDONYMS
from autograder.register import differences as changes
from autograder.reports import CLASS_PAGE, PAGES, RESULTS, WORKBOOK
from autograder.reports.outputs import Outputs
from crc_lab.core.wording import count, french, listing

if TYPE_CHECKING:
    from autograder.gradebook.writing import Written as WrittenGradebook
    from autograder.moodle import MoodleFiles
    from autograder.open_answers.writing import WrittenSheet

LISTED = 10
"""Rejections and names listed on the terminal; all of them are in classe.html."""
_SILENT = 5
"""Notebooks without any answer that are named: who hands in the whole workbook has six."""
_PLACES = {
    "Rapport de classe": CLASS_PAGE,
    "Notes": WORKBOOK,
    "Retours": PAGES,
    "Données": RESULTS,
    "Réponses à lire": OPEN_ANSWERS,
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
    sheet: WrittenSheet | None = None
    moodle: MoodleFiles | None = None
    gradebook: WrittenGradebook | None = None
    forgotten: list[str] = field(default_factory=list)


def lines(story: Story) -> Iterator[str]:
    """The whole summary, one line after the other."""
    result = story.result
    numbers = [str(number) for number in story.numbers.values()]
    which = f"activité{'s' if len(numbers) > 1 else ''} {listing(numbers)}"
    who = count(len(result.students), "élève")
    yield f"{count(len(result.copies), 'copie notée', 'copies notées')} ({which}), {who}."
    yield from _files(story)
    yield from (f"  {sentence}" for sentence in (story.moodle.sentences if story.moodle else ()))
    if story.differences:
        yield "Depuis la correction précédente :"
        yield from (f"  {line}" for line in changes.summary(story.differences))
        yield from (f"  • {line}" for line in changes.shown(story.differences, story.numbers))
    elif story.differences is not None:
        yield from changes.summary(story.differences)
    looks = [*_looks(story)]
    if looks:
        yield "À regarder :"
        yield from (french(f"  • {look}") for look in looks)
    if result.rejections:
        yield from _rejections(result)


def nothing(result: ClassResult) -> str:
    """What to say when no copy was marked."""
    if not result.rejections:
        return "Aucune copie trouvée : donnez le ZIP de Moodle, un dossier ou des fichiers .ipynb."
    return "\n".join(["Aucune copie n’a pu être notée.", *_rejections(result)])


def _rejections(result: ClassResult) -> Iterator[str]:
    silent = [rejection for rejection in result.rejections if rejection.code == EMPTY]
    others = [rejection for rejection in result.rejections if rejection.code != EMPTY]
    if others:
        yield f"{count(len(others), 'fichier non noté', 'fichiers non notés')} :"
        yield from (f"  • {rejection.file} : {rejection.text}" for rejection in others[:LISTED])
        if len(others) > LISTED:
            yield f"  … et {count(len(others) - LISTED, 'autre')}."
    if silent:
        many = len(silent) > 1
        told = (
            "qui ne contiennent aucune réponse et ne comptent pas"
            if many
            else "qui n’a aucune réponse et ne compte pas"
        )
        yield f"{count(len(silent), 'carnet')} sans réponse, {told} : {listing([one.file for one in silent], _SILENT)}."


def _files(story: Story) -> Iterator[str]:
    written = story.outputs.names
    for label, name in _PLACES.items():
        inside = sum(other.startswith(f"{name}/") for other in written)
        if name in written or inside:
            pages = f" ({count(inside, 'page')})" if name == PAGES else ""
            yield f"  {label + ' :':<20}{story.outputs.folder / name}{pages}"
    if story.gradebook is not None:
        made = count(story.gradebook.copies, "copie")
        yield f"  {'nbgrader :':<20}{made}, {count(story.gradebook.scores, 'note changée', 'notes changées')}"


def _looks(story: Story) -> Iterator[str]:
    result = story.result
    if story.forgotten:
        yield (
            f"La dernière fois, vous aviez donné {listing(story.forgotten)}, pas cette fois-ci. Si c’est un oubli, "
            "relancez avec."
        )
    if result.absent:
        names = listing([one.name for one in result.absent], LISTED)
        yield f"{count(len(result.absent), 'élève')} de la liste sans aucune copie : {names}."
    strangers = [student.person.name for student in result.students if student.listed is None]
    if result.roster_given and strangers:
        names = listing(strangers, LISTED)
        yield f"{count(len(strangers), 'élève noté', 'élèves notés')} à part, hors de la liste de classe : {names}."
    pending = sum(len(copy.pending) for copy in result.copies)
    if pending:
        yield (
            f"{count(pending, 'réponse')} à lire et à noter à la main (les notes concernées sont provisoires) : "
            f"remplissez {OPEN_ANSWERS}, puis relancez."
        )
    yield from _hand_marks(story.decided)
    yield from story.remarks
    if any(name.startswith(f"{PSEUDONYMS}/") for name in story.outputs.names):
        yield (
            "Pseudonymisé ne veut pas dire anonyme : qui connaît quelques notes peut reconnaître un élève. Ne donnez "
            f"{PSEUDONYMS}/ qu’à ceux qui en ont besoin."
        )
    remarks = sum(not one.code.startswith(INTEGRITY) for copy in result.copies for one in copy.incidents)
    if remarks:
        yield f"{count(remarks, 'remarque')} sur des copies notées : voir « À regarder » dans le rapport de classe."


def _hand_marks(decided: Decided) -> Iterator[str]:
    if decided.news:
        yield f"{count(decided.news, 'note mise', 'notes mises')} à la main depuis la dernière fois."
    if decided.taken_back:
        yield f"Notes retirées dans le formgrader : {_places(decided.taken_back)}."
    if decided.changed:
        yield (
            f"Réponses changées depuis leur note à la main, qui est gardée : {_places(decided.changed)}. Relisez-les ; "
            "une autre note ou un commentaire fait disparaître ce rappel."
        )
    if decided.orphans:
        yield f"Notes à la main sans copie, gardées de côté : {_places(decided.orphans)}."


def _places(keys: tuple[Key, ...]) -> str:
    return listing([f"{student} ({question})" for student, _, question in keys], LISTED)
