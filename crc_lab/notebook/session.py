"""What one kernel knows of one activity: its questions, the answer sheet, the results of the checks made so far.

No display here: the cards (:mod:`crc_lab.notebook.cards`) show what this holds.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from crc_lab.core.answers import is_blank
from crc_lab.core.bank import load_activity
from crc_lab.core.errors import CrcError, SheetProblem, UnknownName, WrongSubject
from crc_lab.core.feedback import NOTHING, earned_of, shown, without_marks
from crc_lab.core.grading import grade
from crc_lab.core.model import ASSESSMENT, EMPTY, Json, Question, QuestionResult
from crc_lab.core.resources import activity_folder, datasets_folder
from crc_lab.core.sheet import (
    EXAM,
    REREADING,
    Answer,
    AnswerSheet,
    find_notebook,
    kept_ticks,
    read_notebook,
    read_own_sheet,
    sidecar_path,
    write_sidecar,
)
from crc_lab.core.text import fold
from crc_lab.notebook.aside import OVER, TRAINING, UNDER_WAY, Copy, Exam, copies, keep_copy, slot

EXTRAS = ("auto_evaluation", "constats", REREADING)
"""Keys of an answer beside ``valeur`` that the cards write; no mark of a teacher depends on them."""
NO_HELP = "Pendant l’examen blanc, ni indice, ni vérification : toutes les notes viennent à la fin."
BESIDE = "regle: "
"""Before the heading of a rule, among the documents of a session."""
OUTSIDE = "hors"
"""What :meth:`Session.view_of` says of an exercise during an exam."""


_ANNEX = re.compile(r"^(#{2,4})[ \t]+((?:Annexe|Document)[ \t\u00a0]+\w+)[ \t]*·[ \t]*(.+)$", re.MULTILINE)
_FOLDED = re.compile(r"<details>\s*<summary>(.*?)</summary>")
_HEADING = re.compile(r"^#{1,4}[ \t]", re.MULTILINE)
_NAMED = re.compile(
    r"(annexe|document)s?[ \t\u00a0*]+(\w*\d\b(?:[ \t\u00a0*]*(?:,|et|à)[ \t\u00a0*]+\w*\d\b)*)", re.IGNORECASE
)


class Document(NamedTuple):
    """An annexe or a document of a notebook: its title and its text (Markdown)."""

    title: str
    text: str


def _sources(notebook: Mapping[str, Any], kind: str) -> Iterator[str]:
    """The texts of the cells of one kind, whatever a damaged notebook holds beside them."""
    cells = notebook.get("cells")
    for cell in cells if isinstance(cells, list) else ():
        if isinstance(cell, Mapping) and cell.get("cell_type") == kind:
            source = cell.get("source", "")
            yield "".join(map(str, source)) if isinstance(source, list) else str(source)


def documents_of(notebook: Mapping[str, Any]) -> dict[str, Document]:
    """The parts of a notebook headed « Annexe 2 · Les appels de la semaine » or « Document 1 · … », by their name in
    small letters; smaller headings are inside them."""
    found: dict[str, Document] = {}
    for text in _sources(notebook, "markdown"):
        for head in _ANNEX.finditer(text):
            following = re.compile(rf"^#{{1,{len(head[1])}}}[ \t]", re.MULTILINE).search(text, head.end())
            body = text[head.end() : following.start() if following else None].strip()
            name = " ".join(head[2].split())
            found[name.casefold()] = Document(f"{name} · {head[3].strip()}", body)
    return found


def section_of(notebook: Mapping[str, Any], heading: str) -> Document | None:
    """What a notebook says under a heading (« La fiche de contrôle », whatever number stands before it), as far as the
    next heading or the next cell of code."""
    words = r"[ \t\u00a0]+".join(map(re.escape, heading.split()))
    wanted = re.compile(rf"^#{{2,4}}[ \t]+(?:\d+\.[ \t]+)?{words}[ \t]*$", re.MULTILINE)
    for text in _sources(notebook, "markdown"):
        if head := wanted.search(text):
            following = _HEADING.search(text, head.end())
            body = text[head.end() : following.start() if following else None]
            return Document(heading, _FOLDED.sub(r"**\1**", body).replace("</details>", "").strip())
    return None


def named_documents(prompt: str, documents: Mapping[str, Document]) -> list[Document]:
    """The documents that a text names (« annexes 1 et 3 »), in the order of the notebook."""
    named = ((one[1], number) for one in _NAMED.finditer(prompt) for number in re.findall(r"\w*\d", one[2]))
    wanted = {f"{sort} {number}".casefold() for sort, number in named}
    return [document for name, document in documents.items() if name in wanted]


_ASKED = re.compile(r"""^[ \t]*(?:crc_lab\.)?question\([ \t]*["']([^"']+)["']""", re.MULTILINE)


def asked_in(notebook: Mapping[str, Any]) -> tuple[str, ...]:
    """The questions that the cells of a notebook show, in the order of the page."""
    return tuple(dict.fromkeys(name for text in _sources(notebook, "code") for name in _ASKED.findall(text)))


def in_page_order(names: Iterable[str], asked: Sequence[str]) -> list[str]:
    """These questions as the page shows them; those that it does not show come last, as they were."""
    return sorted(names, key=lambda name: asked.index(name) if name in asked else len(asked))


class Session:
    """The activity open in this kernel. ``folder`` is the notebook's own; ``listeners`` are told of every change."""

    def __init__(self, activity_id: str, folder: Path | None = None) -> None:
        """Read the question files and the answers already given.

        Raises :class:`UnknownName`, :class:`WrongSubject` and :class:`BankProblems`. A sheet that cannot be read is not
        an error here: the reason is kept in ``warning`` and the cards bring the answers back from the notebook.
        """
        self.folder = folder or Path.cwd()
        self.warning = ""
        try:
            self.sheet = read_own_sheet(activity_id, self.folder)
        except SheetProblem as problem:
            self.sheet, self.warning = AnswerSheet(activity_id), str(problem)
        try:
            questions = activity_folder(activity_id, self.folder)
        except (UnknownName, WrongSubject):
            if self.sheet.subject:
                raise WrongSubject(self.sheet.subject) from None
            raise
        self._questions = questions
        loaded = load_activity(questions, datasets_folder(self.folder), with_keys=not self.sheet.is_assessment)
        self.activity, self.keys, self.course = loaded.activity, loaded.keys, loaded.course
        self._need_own_subject()
        self.results: dict[str, QuestionResult] = {}
        self.without_plugin = False
        self.listeners: list[Callable[[], None]] = []
        self._mark_checked()
        if self.activity.points:  # what is learnt by heart has a memory of its own
            keep_copy(self.folder.parent, self.sheet, _written(dt.datetime.now().astimezone()))
        self._copies = copies(self.folder.parent, self.activity.id)

    @cached_property
    def _notebook(self) -> Mapping[str, Any]:
        """The notebook of the activity when it was first asked for: its own, else the workbook's, else nothing."""
        near = find_notebook(self.activity.id, self.folder)
        for path in (near, self._questions / f"{self.activity.id}.ipynb"):
            if path is not None and path.is_file():
                with suppress(SheetProblem):
                    return read_notebook(path)
        return {}

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """The annexes of the notebook, by name (« annexe 2 »), and the rules of its questions (BESIDE, then
        their heading): its own text, else that of the workbook."""
        rules = {one.rule: section_of(self._notebook, one.rule) for one in self.activity.questions if one.rule}
        beside = {f"{BESIDE}{name}": one for name, one in rules.items() if one}
        return {**documents_of(self._notebook), **beside}

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """The number that each question has for people: its place in the page, from 1."""
        ids = in_page_order((one.id for one in self.activity.questions), asked_in(self._notebook))
        return {name: rank for rank, name in enumerate(ids, start=1)}

    @property
    def in_assessment(self) -> bool:
        """True when the sheet or the question files say so: changing one of them by hand changes nothing."""
        return self.sheet.is_assessment or self.activity.edition == ASSESSMENT

    @property
    def edition(self) -> str:
        return ASSESSMENT if self.in_assessment else self.sheet.edition

    def question(self, question_id: str) -> Question:
        """The question of that number, however it is typed (« a6 q1 »); raises :class:`UnknownName`."""
        known = {fold(one.id).replace(" ", ""): one for one in self.activity.questions}
        found = known.get(fold(question_id).replace(" ", ""))
        if found is None:
            raise UnknownName("numéro de question", question_id, (one.id for one in known.values()))
        return found

    @property
    def exam(self) -> Exam:
        """The mock exams, as the sheet holds them; none in an assessment."""
        kept = None if self.in_assessment else self.sheet.get(EXAM)
        return Exam() if kept is None else Exam.from_json(kept.value)

    @property
    def in_exam(self) -> bool:
        """Whether a mock exam is under way."""
        return self.exam.view == UNDER_WAY

    @property
    def offers_exam(self) -> bool:
        return bool(self.activity.points and self.keys) and not self.in_assessment

    def view_of(self, question: Question) -> str:
        """What the card of a question shows: TRAINING, UNDER_WAY, OVER, or an exercise OUTSIDE the exam under way."""
        view = self.exam.view
        return view if not question.training else OUTSIDE if view == UNDER_WAY else TRAINING

    def slot(self, question: Question) -> str:
        """Under which name the answer on screen is kept in the sheet."""
        return question.id if self.view_of(question) in (TRAINING, OUTSIDE) else slot(question.id)

    def answer(self, question_id: str) -> Answer | None:
        """The answer on screen: that of the exam, when there is one."""
        question = self.activity.question(question_id)
        return self.sheet.get(question_id if question is None else self.slot(question))

    def record(self, question_id: str, value: Json, source: str = "carte", *, date: str = "", name: str = "") -> Answer:
        """Keep an answer (its try and hint counts stay); the result of an earlier check is forgotten if it changed.

        ``date`` and ``name``: when the page says that it was given, and under which name it keeps it; else now, and
        that of the answer on screen. What comes late from the page (an answer may still be on its way when an exam
        begins, or when those of another day are taken back) goes where it belongs and replaces nothing more recent;
        that of a finished exam does not change any more.
        """
        question = self.question(question_id)
        shown = self.slot(question)
        name = name if name in (question.id, slot(question.id)) else shown
        known = self.sheet.get(name) or Answer(None)
        given = Answer(value, source, date=date)
        unchanged = known.value == value and (known.date or value is None)
        closed = name != question.id and self.view_of(question) != UNDER_WAY
        if unchanged or closed or (given.instant and known.instant and given.instant < known.instant):
            return known
        answer = replace(
            known, value=value, source=source, extra=_extra(known.extra, value),
            date=date if given.instant and date != known.date else self._now(),
        )  # fmt: skip
        if name == shown:
            for other in self.activity.questions:
                if question_id in (other.id, *other.depends):
                    self.results.pop(other.id, None)
        return self._keep(name, answer)

    def check(self, question_id: str) -> QuestionResult:
        """Mark the current answer; a real try (not a blank) is counted. Raises :class:`CrcError` in a mock exam."""
        question = self.question(question_id)
        if self.view_of(question):
            raise CrcError(NO_HELP)
        answer = self.answer(question_id) or Answer(None)
        result = self._result(question, answer)
        if not is_blank(answer.value, question.given_columns):
            self._keep(self.slot(question), replace(answer, tries=answer.tries + 1))
        self.results[question_id] = result
        self._tell()
        return result

    def open_hint(self, question_id: str, level: int) -> tuple[str, ...]:
        """The hints opened so far, ``level`` included (1 or 2)."""
        question = self.question(question_id)
        if self.view_of(question):
            raise CrcError(NO_HELP)
        answer = self.answer(question_id) or Answer(None)
        opened = max(answer.hints, min(level, len(question.hints)))
        if opened != answer.hints:
            self._keep(self.slot(question), replace(answer, hints=opened))
        return question.hints[:opened]

    def keep_extras(self, question_id: str, extras: Json, *, date: str = "", name: str = "") -> None:
        """Keep what goes with an answer: a self-assessment, the observations on a form; and the ticks of a line that
        could not be read, with which the answer is marked again for the student. ``date`` and
        ``name``: as in :meth:`record`."""
        if isinstance(extras, dict) and name in ("", self.slot(self.question(question_id))):
            answer = self.answer(question_id) or Answer(None)
            given = {name: extras[name] for name in EXTRAS if name in extras}
            extra = _extra({**answer.extra, **given}, answer.value)
            if extra == answer.extra:
                return
            ticked = extra.get(REREADING) != answer.extra.get(REREADING)
            dated = (date or self._now()) if ticked and answer.date else answer.date
            kept = replace(answer, extra=extra, date=dated)
            question = self.question(question_id)
            if ticked and question_id in self.results:
                self.results[question_id] = self._result(question, kept)
            self._keep(self.slot(question), kept)

    def adopt(self, metadata: Json) -> None:
        """Take the sheet that the notebook's front end holds: it is the one that will be saved. What is more recent
        here stays: the page was told of it, and has still to write it.

        Raises :class:`WrongSubject`; from then on nothing is checked against a key.
        """
        try:
            sheet = AnswerSheet.from_metadata(metadata)
        except SheetProblem as problem:
            self.warning = str(problem)
            return
        for name, own in {**self.sheet.answers, **self.sheet.exam}.items():
            other = sheet.get(name)
            if other or own.instant:
                sheet = sheet.with_answer(name, _latest(own, other))
        if sheet.activity == self.activity.id and sheet != self.sheet:
            self.sheet = sheet
            if sheet.is_assessment:
                self.keys = {}
            self._mark_checked()
            self._tell()
            self._need_own_subject()

    def adopt_answer(self, question_id: str, raw: Json, name: str = "") -> None:
        """Take one answer as the notebook's front end holds it (``{valeur, source, essais, indices, date}``), unless
        that of here is more recent, or what is on screen is no more what the page keeps under this ``name``."""
        shown = self.slot(self.question(question_id))
        if isinstance(raw, dict) and name in ("", shown):
            known, other = self.sheet.get(shown), Answer.from_json(raw)
            answer = _latest(known, other) if known else other
            if answer != known:
                self._keep(shown, answer)
                self._mark_checked()
                self._tell()

    def start_exam(self) -> Mapping[str, Answer]:
        """Begin a mock exam on blank answers; what the page is to write in the notebook, by name.

        Nothing happens when one is under way. Raises :class:`CrcError` where there is none to be had.
        """
        if not self.offers_exam:
            raise CrcError(
                "Il n’y a pas d’examen blanc ici : cette activité n’est pas notée, ou son corrigé est absent."
            )
        if self.exam.view == UNDER_WAY:
            return {}
        now = self._now()
        named = {slot(one.id): self.sheet.get(slot(one.id)) for one in self.activity.marked}
        blank = {
            name: Answer(None, date=now, extra=dict.fromkeys(known.extra)) for name, known in named.items() if known
        }
        return self._turn(self.exam.begun(now), now, blank)

    def end_exam(self) -> Mapping[str, Answer]:
        """Mark everything at once; as :meth:`start_exam`. An exam without any answer leaves no trace."""
        if self.exam.view != UNDER_WAY:
            return {}
        now = self._now()
        if not any(line["etat"] != "a_faire" for line in self.progress() if not line["entrainement"]):
            return self._turn(self.exam.left(), now)
        marks = [earned_of(self._result(one, self.answer(one.id) or Answer(None))) for one in self.activity.marked]
        points, maximum, waiting = (float(sum(column, NOTHING)) for column in zip(*marks, strict=True))
        return self._turn(self.exam.ended(now, points, maximum, waiting), now)

    def leave_exam(self, *, take_over: bool = False) -> Mapping[str, Answer]:
        """Back to the training, once an exam is over; as :meth:`start_exam`.

        ``take_over``: what was answered in it takes the place of the training answers to the same questions.
        """
        if self.exam.view != OVER:
            return {}
        now, taken = self._now(), {}
        for question in self.activity.marked if take_over else ():
            given, known = self.answer(question.id), self.sheet.answers.get(question.id) or Answer(None)
            if given is not None and not is_blank(given.value, question.given_columns):
                taken[question.id] = replace(known, value=given.value, source=given.source, date=now)
        return self._turn(self.exam.left(), now, taken)

    def _turn(self, exam: Exam, now: str, answers: Mapping[str, Answer] = EMPTY) -> Mapping[str, Answer]:
        """Keep another state of the exam, and the answers that go with it; what was kept."""
        return self._put({**answers, EXAM: Answer(exam.to_json(), date=now)})

    @property
    def copies(self) -> tuple[Copy, ...]:
        """The answers of other days; none during a mock exam."""
        return () if self.exam.view else self._copies

    def take_back(self, taken: str) -> Mapping[str, Answer]:
        """Answer as in the copy taken at that time; what the page is to write in the notebook, by name.

        The answers of now are copied first. A question that the copy does not answer stays as it is.
        """
        found = next((one for one in self.copies if one.taken == taken), None)
        if found is None:
            raise CrcError("Cette copie n’est plus là : rouvrez la liste des réponses des autres jours.")
        now, others = self._now(), found.differing(self.sheet)
        keep_copy(self.folder.parent, self.sheet, now, at_once=True)
        self._copies = copies(self.folder.parent, self.activity.id)
        before = {name: self.sheet.answers.get(name) or Answer(None) for name in others}
        return self._put(
            {name: replace(before[name], value=one.value, source=one.source, date=now) for name, one in others.items()}
        )

    def _put(self, kept: Mapping[str, Answer]) -> Mapping[str, Answer]:
        """Keep these answers, and mark anew what is checked."""
        for name, answer in kept.items():
            self.sheet = self.sheet.with_answer(name, answer)
        if self.without_plugin:
            self.save_sidecar()
        self._mark_checked()
        self._tell()
        return kept

    def progress(self, *, handed_in: bool = False) -> list[dict[str, Any]]:
        """One line per question, in the order of the page: {id, cle, rang, titre, entrainement, etat, points, sur}.

        ``etat`` is ``a_faire``, ``repondue`` or the verdict of the last check, in small letters; in an assessment only
        the first two. ``cle``: the name under which the answer is kept, if not ``id``. ``handed_in``: of the answers
        that are handed in, whatever is on screen.
        """
        lines = []
        for question in sorted(self.activity.questions, key=lambda one: self.ranks[one.id]):
            name = question.id if handed_in else self.slot(question)
            result = self.results.get(question.id) if name == self.slot(question) else None
            answer = self.sheet.get(name)
            answered = answer is not None and not is_blank(answer.value, question.given_columns)
            told = result.verdict.value.lower() if result and not self.in_assessment else "repondue"
            lines.append({
                "id": question.id, "rang": self.ranks[question.id], "titre": question.title,
                "entrainement": question.training, "etat": told if answered else "a_faire",
                "points": float(shown(result).points) if result else 0.0, "sur": question.points,
                **({} if name == question.id else {"cle": name}),
            })  # fmt: skip
        return lines

    def training_results(self) -> dict[str, QuestionResult]:
        """The verdicts on the training answers that were checked, whatever is on screen; none in an assessment."""
        values = {name: answer.value for name, answer in self.sheet.answers.items()}
        tried = [one for one in self.activity.questions if (known := self.sheet.answers.get(one.id)) and known.tries]
        keys = {} if self.in_assessment else self.keys
        ticks = {one.id: self.sheet.answers[one.id].ticks for one in tried}
        return {
            one.id: grade(one, values[one.id], keys[one.id], values, ticks[one.id]) for one in tried if one.id in keys
        }

    def lose_plugin(self) -> None:
        """The page has no plugin to keep the answers: from now on they are beside the notebook."""
        self.without_plugin = True
        self.save_sidecar()

    def _now(self) -> str:
        """When what is put in the sheet now was given: after all that is in it, even where the clock of the page is
        ahead (a school's server). What is put last is what the page shows."""
        now = dt.datetime.now().astimezone()
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)  # what is written: two of one millisecond tie
        kept = (one.instant for one in (*self.sheet.answers.values(), *self.sheet.exam.values()))
        latest = max((one for one in kept if one), default=now)
        if latest >= now:
            with suppress(OverflowError):  # the last second of the year 9999
                now = (latest + dt.timedelta(milliseconds=1)).astimezone()
        return _written(now)

    def _keep(self, name: str, answer: Answer) -> Answer:
        self.sheet = self.sheet.with_answer(name, answer)
        if self.without_plugin:
            self.save_sidecar()
        self._tell()
        return answer

    def save_sidecar(self) -> None:
        """Write the sidecar; raises :class:`CrcError` in French when the folder refuses."""
        path = sidecar_path(self.folder, self.activity.id)
        try:
            write_sidecar(path, self.sheet)
        except OSError as error:
            raise CrcError(
                f"Impossible d’enregistrer « {path.name} » ({error.strerror}). Vérifiez que le dossier du cahier "
                "accepte l’écriture."
            ) from None

    def _mark_checked(self) -> None:
        """After a reopening: the answers that had been checked show their verdict again, and all those of an exam."""
        self.results = {
            question.id: self._result(question, answer)
            for question in self.activity.questions
            for answer in (self.answer(question.id) or Answer(None),)
            if self.view_of(question) == OVER or (answer.tries and self.view_of(question) == TRAINING)
        }

    def _result(self, question: Question, answer: Answer) -> QuestionResult:
        named = ((one.id, self.answer(one.id)) for one in self.activity.questions)
        others = {name: other.value for name, other in named if other is not None}
        ticks = {} if self.view_of(question) else answer.ticks  # no exam is settled by what one says of oneself
        result = grade(question, answer.value, self.keys.get(question.id), others, ticks)
        return without_marks(result) if self.in_assessment else result

    def _need_own_subject(self) -> None:
        """A subject is answered with its own questions and data, never with those of the workbook."""
        if self.sheet.subject and self.sheet.subject != self.activity.subject:
            raise WrongSubject(self.sheet.subject, self.activity.subject)

    def _tell(self) -> None:
        for listener in self.listeners:
            listener()


def _extra(extra: Mapping[str, Any], value: Json) -> dict[str, Any]:
    """What goes with an answer, without the ticks of lines that have changed."""
    if REREADING not in extra:
        return dict(extra)
    return {**extra, REREADING: kept_ticks(extra[REREADING], value)}


def _latest(own: Answer, other: Answer | None) -> Answer:
    """Of an answer as it is known here and in the page, the later one: that of the page on a tie, or without dates."""
    is_own = other is None or (own.instant and not (other.instant and other.instant >= own.instant))
    return own if other is None or is_own else other


def _written(instant: dt.datetime) -> str:
    """As the page writes it, to the millisecond: the later of two answers is the one that stays."""
    return instant.isoformat(timespec="milliseconds")
