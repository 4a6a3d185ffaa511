"""A whole class: copies → marks → one copy per person and activity → the result that every report shows.

A copy that cannot be marked never stops the others: it becomes a rejection.

Of several copies of one activity, that of the subject wins, then the latest answer. Dates come from the students' own
computers: one that cannot be true decides nothing. Marking never looks at its own clock (the same input always gives
the same output): dates are compared with those of the class. Without dates that tell, the fullest copy wins, then the
better one, then the first.

What the dates of the answers make worth a talk with a student changes no mark and accuses nobody. An honest copy may be
odd: only what chance hardly explains is told. Dates that a whole class shares, or that are all the same in one copy,
were written by some tool and say nothing.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import combinations, takewhile
from pathlib import Path
from statistics import median_low
from typing import Any

from autograder.identity import Participant, Person, Roster, alphabetical
from autograder.identity.author import Identity, Known, Seen, identify, known_of, owners_of
from autograder.identity.people import Author, gather
from autograder.intake import (
    INTERNAL,
    SAME_ANSWERS,
    Guess,
    HandedIn,
    Incident,
    Refused,
    Rejection,
    incident,
    refusal,
)
from autograder.intake.collecting import collect
from autograder.intake.keys import Bank, MissingKey, Preparation, checked
from autograder.marking import CARD, ClassResult, CopyResult, StudentResult, Trace, mark_sheet, traces
from autograder.marking.manual import ManualMarks, marked_by_hand, with_manual_mark
from crc_lab.core.answers import is_blank
from crc_lab.core.errors import BankProblems, SheetProblem, UnknownName
from crc_lab.core.feedback import points_text
from crc_lab.core.model import QuestionResult, Verdict
from crc_lab.core.sheet import AnswerSheet, Student
from crc_lab.core.text import clean, clean_line, count, listing

_TINY = 1e-9
_NOTEBOOK = (".ipynb", ".ipynb.txt", ".json")
_LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)
_POSSIBLE = range(2020, 2100)
"""Years in which an answer may have been given."""
_MARGIN = dt.timedelta(days=400)
"""After half of the class has answered, nobody is still answering the same activity more than a school year later."""
_TOO_LONG = dt.timedelta(days=3_650)
"""Nobody answers an activity again so long after: of two dates of one person, the later one is wrong."""
_ENOUGH = 3
"""People without whom the class says nothing about dates."""


def mark_class(inputs: Sequence[Path], bank: Bank, **options: Any) -> ClassResult:
    """Collect and mark every copy found in ``inputs``; ``options`` as in :func:`mark_copies`."""
    return mark_copies(collect(inputs, bank=bank), bank, **options)


def mark_copies(
    found: Iterable[HandedIn | Rejection],
    bank: Bank,
    *,
    roster: Roster | None = None,
    preparation: Preparation | None = None,
    manual: ManualMarks | None = None,
    participants: Mapping[str, tuple[Participant, ...]] | None = None,
    decided: Mapping[str, Person | None] | None = None,
) -> ClassResult:
    """Mark every copy, put those of one person together, keep one per activity.

    ``roster``: the class list; ``preparation``: the subject that the copies must answer; ``manual``: the marks given by
    hand; ``participants``: what Moodle's worksheets say of their numbers; ``decided``: whom the teacher named as the
    author of a file, None for nobody. Never stops at a bad copy. No answer sheet is kept in memory, only results.
    """
    claims: list[_Claim] = []
    rejections: list[Rejection] = []
    refused: list[tuple[Seen, str]] = []
    same_answers: dict[bytes, QuestionResult] = {}
    for one in found:
        marked = one if isinstance(one, Rejection) else _marked(one, bank, preparation, same_answers)
        if isinstance(marked, Rejection):
            rejections.append(marked)
            if isinstance(one, HandedIn):
                refused.append((Seen(one.sheet.student, one.guess, one.file), one.sheet.activity))
        else:
            claims.append(marked)
    seen = [Seen(one.student, one.guess, one.copy.file) for one in claims]
    known = known_of(seen, roster, participants or {}, decided or {})
    copies = [one.signed(known) for one in claims]
    authors = gather([copy.identity for copy in copies], roster, [copy.activity for copy in copies])
    of_author = [[copies[position] for position in author.members] for author in authors]
    limit = last_possible(of_author)
    students = [_student(author, theirs, limit) for author, theirs in zip(authors, of_author, strict=True)]
    students.sort(key=_student_order)
    students = _with_talks(students)
    unsettled = _unsettled(students, rejections, refused, known)
    present = {student.listed.identifier for student in students if student.listed}
    missing = [one for one in (roster.students if roster else ()) if one.identifier not in present]
    activities = [bank.get(name).for_teacher() for name in {copy.activity for copy in copies}]
    result = ClassResult(
        tuple(students),
        tuple(sorted(rejections, key=lambda rejection: (rejection.file, rejection.code))),
        tuple(sorted(activities, key=lambda activity: (activity.number, activity.id))),
        absent=tuple(one for one in missing if one.identifier not in unsettled),
        roster_given=roster is not None,
        waiting=tuple(one for one in missing if one.identifier in unsettled),
        unsettled=unsettled,
    )
    return with_manual_marks(result, manual or {})


def with_manual_marks(result: ClassResult, manual: ManualMarks) -> ClassResult:
    """The same class, with these marks in the place of those of its questions."""

    def marked(student: StudentResult, name: str, copy: CopyResult) -> CopyResult:
        questions = tuple(
            with_manual_mark(question, mark) if (mark := manual.get((student.id, name, question.id))) else question
            for question in copy.questions
        )
        return replace(copy, questions=questions, points=_total(questions, copy.max_points))

    if not manual:
        return result
    students = (
        replace(student, copies={name: marked(student, name, copy) for name, copy in student.copies.items()})
        for student in result.students
    )
    return replace(result, students=tuple(students))


def accepting(result: ClassResult, keys: Collection[str]) -> ClassResult:
    """The same class, where the copies off the subject with these keys count: the teacher said so."""

    def accepted(copy: CopyResult) -> CopyResult:
        return replace(copy, accepted=True) if copy.off_subject and copy.key in keys else copy

    students = (
        replace(one, copies={name: accepted(copy) for name, copy in one.copies.items()}) for one in result.students
    )
    return replace(result, students=tuple(students)) if keys else result


@dataclass(frozen=True)
class _Claim:
    """A marked copy, and what it says of its author; remarks on who that is go at ``place`` among the others."""

    copy: CopyResult
    student: Student | None
    place: int

    @property
    def guess(self) -> Guess:
        return self.copy.identity.guess

    def signed(self, known: Known) -> CopyResult:
        """The copy under the name of its author, all copies of the class considered."""
        identity, told = identify(self.student, self.guess, known=known, file=self.copy.file)
        before, after = self.copy.incidents[: self.place], self.copy.incidents[self.place :]
        return replace(self.copy, identity=identity, person=identity.person, incidents=(*before, *told, *after))


def _unsettled(
    students: Sequence[StudentResult],
    rejections: Iterable[Rejection],
    read: Iterable[tuple[Seen, str]],
    known: Known,
) -> Mapping[str, tuple[str, ...]]:
    """Of each student of the list, the activities of what came and is not marked under that name: see ClassResult.

    ``read``: the refused files that could be read, with their activities; the others only have a path.
    """
    came: dict[str, set[str]] = defaultdict(set)
    for student in students:
        # A copy that says nothing of whom it is from may be that of anybody of the list.
        for one in student.candidates or (known.students.students if student.asked else ()):
            came[one.identifier].update(student.copies)
    present = {student.listed.identifier for student in students if student.listed}
    settled = set()
    for seen, activity in read if known.roster is not None else ():
        identity, _ = identify(seen.student, seen.guess, known=known, file=seen.file)
        settled.add(seen.file)
        for one in (identity.listed,) if identity.listed else identity.candidates:
            came[one.identifier].add(activity)
    for refused in rejections:
        for one in owners_of(refused.file, known) if refused.file not in settled else ():
            # A PDF beside a marked notebook is no activity that did not come.
            if one.identifier not in present or refused.file.lower().endswith(_NOTEBOOK):
                came[one.identifier].add("")
    return {name: () if "" in activities else tuple(sorted(activities)) for name, activities in came.items()}


def _same_answers(one: CopyResult, other: CopyResult) -> bool:
    return bool(one.key) and one.key[:SAME_ANSWERS] == other.key[:SAME_ANSWERS]


def _marked(
    found: HandedIn, bank: Bank, preparation: Preparation | None, same: dict[bytes, QuestionResult]
) -> _Claim | Rejection:
    """The copy with its marks, or why it cannot be marked."""
    try:
        return _mark(found, bank, preparation, same)
    except (Refused, SheetProblem) as error:
        code, text = error.code, str(error)
    except UnknownName as error:
        name, there = clean_line(error.name, 40), listing(list(error.known))
        code = "ACTIVITE-INCONNUE"
        text = f"L’activité « {name} » n’existe pas dans ce cahier (seulement {there}). Mettez crc-lab à jour."
    except MissingKey as error:
        code, text = "CORRIGE-ABSENT", str(error)
    except BankProblems:
        code, text = "CORRIGE-ILLISIBLE", "Les fichiers de questions de cette activité contiennent des erreurs."
    except Exception as error:  # a copy nobody foresaw must not stop the others
        code = INTERNAL
        text = f"La correction automatique a échoué ({type(error).__name__}) : copie à noter à la main."
    return Rejection(found.file, code, clean(text)[:500])


def _mark(found: HandedIn, bank: Bank, preparation: Preparation | None, same: dict[bytes, QuestionResult]) -> _Claim:
    if _never_answered(found, bank):
        raise refusal("COPIE-VIDE.carnet")
    sheet, about_subject = checked(found, preparation)
    loaded = bank.get(sheet.activity)
    activity = loaded.activity
    if not activity.marked:
        text = f"L’activité « {activity.title} » est un entraînement sans note : il n’y a rien à noter."
        raise Refused("ACTIVITE-NON-NOTEE", text)
    questions, about_answers = mark_sheet(sheet, loaded, same)
    incidents = [*found.incidents, *about_subject, *about_answers]
    if all(question.verdict is Verdict.NON_REPONDU for question in questions):
        incidents.append(incident("COPIE-VIDE.notees"))
    by_hand = [question.id for question in activity.marked if marked_by_hand(question)]
    copy = CopyResult(
        found.file, Identity(Person(""), found.guess, stated=False), Person(""), activity.id, sheet.edition,
        _total(questions, activity.points), activity.points, questions, tuple(incidents), latest_answer(sheet),
        found.key, {name: sheet.answers[name].value for name in by_hand if name in sheet.answers},
        traces(sheet, activity),
    )  # fmt: skip
    return _Claim(copy, sheet.student, len(found.incidents) + len(about_subject))


def _never_answered(found: HandedIn, bank: Bank) -> bool:
    """True for a notebook that nobody worked in; not when its answers were lost on the way."""
    if any(one.code in ("REPONSE-ILLISIBLE", "REPONSE-TROP-LOURDE") for one in found.incidents):
        return False
    given: Mapping[str, frozenset[str]] = {}
    with suppress(UnknownName, MissingKey, BankProblems):  # told by and by, if there is something to mark
        given = {question.id: question.given_columns for question in bank.get(found.sheet.activity).activity.questions}
    answers = found.sheet.answers.items()
    return all(is_blank(answer.value, given.get(name, frozenset())) for name, answer in answers)


def _student(author: Author, copies: Sequence[CopyResult], limit: dt.datetime | None) -> StudentResult:
    kept = {}
    for name in sorted({copy.activity for copy in copies}):
        copy = best([copy for copy in copies if copy.activity == name], limit)
        doubt = copy.identity.doubt if author.listed is None and not author.incidents else None
        incidents = (*copy.incidents, *author.incidents, *((doubt,) if doubt else ()))
        kept[name] = replace(copy, person=author.person, incidents=incidents)
    return StudentResult(author.person, kept, author.id, author.listed, author.candidates)


def _total(questions: Iterable[Any], maximum: float) -> float:
    points = math.fsum(question.points for question in questions)
    return maximum if abs(points - maximum) < _TINY else float(points)


def _student_order(student: StudentResult) -> tuple[Any, ...]:
    files = min(copy.file for copy in student.copies.values())
    return (*alphabetical(student.person.name, student.listed), student.person.identifier, files)


def _with_talks(students: Sequence[StudentResult]) -> list[StudentResult]:
    """The same, with what is worth a talk about the copies that count."""
    told: dict[tuple[int, str], list[Incident]] = defaultdict(list)
    for name in {name for student in students for name in student.copies}:
        who = [number for number, student in enumerate(students) if name in student.copies]
        for position, talk in worth_a_talk([students[number].copies[name] for number in who]):
            told[who[position], name].append(talk)
    found = list(students)
    for (number, name), incidents in told.items():
        copies = dict(found[number].copies)
        copies[name] = replace(copies[name], incidents=(*copies[name].incidents, *incidents))
        found[number] = replace(found[number], copies=copies)
    return found


def latest_answer(sheet: AnswerSheet) -> dt.datetime | None:
    """The date of the latest answer; dates that cannot be read are left out."""
    return max((date for answer in sheet.answers.values() if (date := answer.instant)), default=None)


def last_possible(people: Iterable[Sequence[CopyResult]]) -> dt.datetime | None:
    """The date after which an answer cannot be of this class; None when there are too few people to tell.

    ``people``: the copies of each. Each counts once, by the earliest date: many copies of one student move nothing.
    """
    dated = ([date for copy in copies if (date := _believed(copy.date, None))] for copies in people)
    firsts = [min(dates) for dates in dated if dates]
    return median_low(firsts) + _MARGIN if len(firsts) >= _ENOUGH else None


def best(copies: Sequence[CopyResult], limit: dt.datetime | None = None) -> CopyResult:
    """The copy that counts, with what to tell about the others; ``limit``: see :func:`last_possible`."""
    dates = [date for copy in copies if (date := _believed(copy.date, limit))]
    limit = min(dates) + _TOO_LONG if limit is None and dates else limit
    ranked = [_Ranked(copy, _believed(copy.date, limit)) for copy in copies]
    kept = max(
        ranked, key=lambda one: (not one.copy.off_subject, one.date or _LONG_AGO, one.copy.answered, one.copy.points)
    )
    # The same answers handed in twice by the same person are one copy.
    others = [one for one in ranked if one is not kept and not _same_answers(one.copy, kept.copy)]
    if not others:
        return kept.copy
    names = _short([one.copy.file for one in (kept, *others)])
    marks = [f"« {names[one.copy.file]} » ({points_text(one.copy.mark, one.copy.max_points)})" for one in others]
    text = f"{len(others) + 1} copies de cette activité : {_why(kept, others)}. De côté : {listing(marks, 10)}."
    told = [Incident("COPIES-MULTIPLES", text)]
    doubtful = [one.copy for one in (kept, *others) if one.copy.date is not None and one.date is None]
    if doubtful:
        dated = listing([f"« {names[copy.file]} » ({copy.date:%d/%m/%Y})" for copy in doubtful], 5)
        text = f"Dates impossibles (horloge mal réglée ?), qui n’ont pas servi à choisir la copie : {dated}."
        told.append(Incident("DATE-DOUTEUSE", text))
    return replace(kept.copy, incidents=(*kept.copy.incidents, *told))


def _short(files: Sequence[str]) -> dict[str, str]:
    """Paths without the folders that all of them share."""
    paths = [file.split("/") for file in files]
    folders = zip(*(path[:-1] for path in paths), strict=False)
    shared = len([*takewhile(lambda level: len(set(level)) == 1, folders)])
    return {file: "/".join(path[shared:]) for file, path in zip(files, paths, strict=True)}


@dataclass(frozen=True)
class _Ranked:
    """A copy and its date, None when it has none that can be believed."""

    copy: CopyResult
    date: dt.datetime | None


def _why(kept: _Ranked, others: Sequence[_Ranked]) -> str:
    if not kept.copy.off_subject and all(one.copy.off_subject for one in others):
        return "celle du sujet est notée"
    others = [one for one in others if one.copy.off_subject == kept.copy.off_subject]
    if kept.date is not None:
        when = f"{kept.date:%d/%m/%Y à %H:%M}"
        if all(one.date is None for one in others):
            return f"la seule qui ait une date ({when}) est notée"
        if all(one.date is None or one.date < kept.date for one in others):
            return f"la plus récente ({when}) est notée"
    equal = [one.copy for one in others if one.date == kept.date]
    if all(copy.answered < kept.copy.answered for copy in equal):
        return "aucune date ne les départage, la plus complète est notée"
    if all(copy.points < kept.copy.points for copy in equal if copy.answered == kept.copy.answered):
        return "aucune date ne les départage, la meilleure des plus complètes est notée"
    return "rien ne les départage, la première est notée"


def _believed(date: dt.datetime | None, limit: dt.datetime | None) -> dt.datetime | None:
    possible = date is not None and date.year in _POSSIBLE and (limit is None or date <= limit)
    return date if possible else None


# --- what is worth a talk with a student ------------------------------------------------------------------------------


HURRIED, ALIKE = "TEMPS-COURT", "MEMES-INSTANTS"
"""Codes of the incidents made here."""
_SECONDS_EACH = 5
"""Nobody reads a question and answers it in less, one question after the other."""
_FEW = 3
"""Answers without which nothing is said of the time that a copy took."""
_SHARED = 20
"""A date that more people share is no coincidence of two."""
_NAMED = 5


def worth_a_talk(copies: Sequence[CopyResult]) -> Iterator[tuple[int, Incident]]:
    """All that is to be told of the copies of one activity (one for each person), with the position of each."""
    for position, copy in enumerate(copies):
        if (told := hurried(copy.traces)) is not None:
            yield position, told
    yield from alike(copies).items()


def hurried(found: Mapping[str, Trace]) -> Incident | None:
    """What to tell of a copy whose answers were all given in a few seconds."""
    typed = [trace.date for trace in found.values() if trace.print and trace.source == CARD and trace.date]
    if len(typed) < _FEW:
        return None
    span = (max(typed) - min(typed)).total_seconds()
    if not 0 < span <= _SECONDS_EACH * (len(typed) - 1):
        return None
    seconds = count(max(1, round(span)), "seconde")
    text = (
        f"Les {len(typed)} réponses ont été données en {seconds}. Peut-être étaient-elles préparées ailleurs : "
        "à vérifier avec l’élève."
    )
    return Incident(HURRIED, text)


def alike(copies: Sequence[CopyResult]) -> dict[int, Incident]:
    """What to tell of copies of one activity that hold the same answers given at the same instants, by position.

    ``copies``: one for each person. Two people may well answer the same at the same time: what is told is what a class
    of this size would show by chance once in a few hundred times.
    """
    pairs = len(copies) * (len(copies) - 1) / 2
    enough = 8 + math.log2(max(pairs, 500))
    friends: dict[int, set[int]] = defaultdict(set)
    for (one, other), instants in _coincidences(copies).items():
        if _surprise(instants) >= enough:
            friends[one].add(other)
            friends[other].add(one)
    return {
        position: _told(copies[position], [copies[other] for other in sorted(others)])
        for position, others in friends.items()
    }


def _coincidences(copies: Sequence[CopyResult]) -> dict[tuple[int, int], dict[dt.datetime, bool]]:
    """For each two copies, the instants at which both were given the same answer, and whether it was a wrong one."""
    places: dict[tuple[str, str, dt.datetime], list[int]] = defaultdict(list)
    for position, copy in enumerate(copies):
        for name, trace in copy.traces.items():
            if trace.print and trace.date:
                places[name, trace.print, trace.date].append(position)
    found: dict[tuple[int, int], dict[dt.datetime, bool]] = defaultdict(dict)
    for (name, _, date), among in places.items():
        if len(among) > _SHARED or (len(among) >= _NAMED and 2 * len(among) > len(copies)):
            continue
        wrong = name in copies[among[0]].wrong
        for pair in combinations(among, 2):
            found[pair][date] = wrong or found[pair].get(date, False)
    return found


def _surprise(instants: Mapping[dt.datetime, bool]) -> float:
    """How many times chance is halved by what two copies share: more for dates told to the second or finer, less once
    a first date is the same (people work at the same pace), more for the same wrong answer."""
    total, first = 0, True
    for date, wrong in sorted(instants.items(), reverse=True, key=lambda pair: bool(pair[0].microsecond)):
        exact = (20, 18) if date.microsecond else (12, 8) if date.second else (9, 3)
        total += exact[0 if first else 1] + (6 if wrong else 0)
        first = False
    return total


def _told(copy: CopyResult, others: Sequence[CopyResult]) -> Incident:
    mine = {(name, trace.print, trace.date) for name, trace in copy.traces.items() if trace.print and trace.date}
    theirs = [{(name, trace.print, trace.date) for name, trace in other.traces.items()} for other in others]
    number = max(len(mine & one) for one in theirs)
    names = listing([other.person.name for other in others], _NAMED)
    answers = count(number, "réponse identique, donnée", "réponses identiques, données")
    text = (
        f"{answers} au même instant que dans une autre copie ({names}). Travail à deux, fichier prêté ou même "
        "ordinateur : à vérifier avec eux."
    )
    return Incident(ALIKE, text)
