"""``pronote.txt``: columns of marks in the order of the class list, to paste in Pronote (or any other grid).

Pronote documents no file of marks that a teacher could import; what a grid of marks accepts is a pasted column. This
was not tried in Pronote itself, and the file says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from autograder.identity.roster import Listed
from autograder.marking.marked import ClassResult, StudentResult
from autograder.reports.figures import mean_mark
from crc_lab.core.errors import CrcError
from crc_lab.core.feedback import number_text
from crc_lab.core.wording import clean_line, count, french, listing

FILE = "pronote.txt"
ABSENT, PROVISIONAL = "Abs", ""
"""What stands for a mark: no copy; a mark that is not final (an empty line keeps the others in their place)."""
_RULE = "-" * 60
_NAMES = 40

_Of = Callable[[StudentResult], float | None]


class NoClassList(CrcError):
    """The order of the class is not known."""

    def __str__(self) -> str:
        return (
            "La colonne pour Pronote suit l’ordre de votre classe : donnez la liste avec --classe (le fichier des "
            "élèves exporté de Pronote ou de Moodle)."
        )


def pronote_bytes(result: ClassResult) -> bytes:
    """The file, as Windows's notepad expects it; raises :class:`NoClassList` for a class marked without its list."""
    return pronote_text(result).replace("\n", "\r\n").encode("utf-8-sig", "replace")


def pronote_text(result: ClassResult) -> str:
    """The text of the file; raises :class:`NoClassList`."""
    if not result.roster_given:
        raise NoClassList
    students = {student.listed.identifier: student for student in result.students if student.listed}
    present = [student.listed for student in students.values() if student.listed]
    order = sorted([*present, *result.absent], key=lambda listed: listed.line)
    return "\n".join([*_head(order), *_columns(result, order, students), *_apart(result, order, students)]) + "\n"


def _head(order: Sequence[Listed]) -> Iterator[str]:
    yield french(f"Notes à coller : une ligne par élève, dans l’ordre de votre liste de classe ({len(order)} élèves).")
    if order:
        first, last = clean_line(order[0].name), clean_line(order[-1].name)
        yield french(f"Premier élève : {first}. Dernier élève : {last}. Vérifiez que Pronote a le même ordre.")
    yield french(
        "Sélectionnez les lignes d’une colonne (entre deux traits), copiez, cliquez sur la note du premier élève et "
        "collez."
    )
    yield french(f"« {ABSENT} » : pas de copie. Ligne vide : note provisoire, une réponse rédigée reste à noter.")
    yield french("Ce fichier n’a pas été essayé dans Pronote même : relisez quelques notes après avoir collé.")


def _columns(result: ClassResult, order: Sequence[Listed], students: dict[str, StudentResult]) -> Iterator[str]:
    """One block for each activity, then the mean when there are several."""
    for activity in result.activities:
        title = f"Activité {activity.number} : {activity.title} (sur {activity.points:g})"
        yield from _column(title, order, students, activity.id)
    if len(result.activities) > 1:
        yield from _column("Moyenne des activités rendues (sur 20)", order, students, None)


def _column(
    title: str, order: Sequence[Listed], students: dict[str, StudentResult], activity: str | None
) -> Iterator[str]:
    yield ""
    yield french(title)
    yield _RULE
    for listed in order:
        yield _cell(students.get(listed.identifier), activity)
    yield _RULE


def _cell(student: StudentResult | None, activity: str | None) -> str:
    """The mark of one student: of one activity, or the mean."""
    copies = [] if student is None else list(student.copies.values())
    kept = [copy for copy in copies if activity in (None, copy.activity)]
    if student is None or not kept:
        return ABSENT
    if any(copy.pending for copy in kept):
        return PROVISIONAL
    return number_text(mean_mark(student) if activity is None else kept[0].mark)


def _apart(result: ClassResult, order: Sequence[Listed], students: dict[str, StudentResult]) -> Iterator[str]:
    """What the columns cannot say: who is absent, whose mark waits, who is in no line."""
    absent = [clean_line(listed.name) for listed in order if listed.identifier not in students]
    waiting = [
        clean_line(student.person.name)
        for student in students.values()
        if any(copy.pending for copy in student.copies.values())
    ]
    outside = [clean_line(student.person.name) for student in result.students if student.listed is None]
    for people, what in (
        (absent, "sans aucune copie"),
        (waiting, "avec une note provisoire"),
        (outside, "hors de la liste, donc sans ligne ici (leurs notes sont dans notes.xlsx)"),
    ):
        if people:
            yield ""
            yield french(f"{count(len(people), 'élève')} {what} : {listing(people, _NAMES)}.")
