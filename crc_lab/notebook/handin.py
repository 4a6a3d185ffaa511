"""The end of an activity: what the last card says and offers, the copy to hand in where the page cannot make it, the
before and after of the case, and « Ma fiche »: the course in ten lines, the student's answers, mistakes and rules.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from crc_lab import excel
from crc_lab.core.answers import is_blank, is_table
from crc_lab.core.bank import load_activity
from crc_lab.core.errors import CrcError
from crc_lab.core.feedback import LOOKS, earned_of, exact, number_text, points_text, remarks, shown
from crc_lab.core.kind import Shown
from crc_lab.core.model import PENDING, Json, Question, QuestionResult, Table, Verdict
from crc_lab.core.resources import activity_folder, datasets_folder
from crc_lab.core.rooms import outcomes
from crc_lab.core.sheet import COPY_SUFFIX, Answer, Student, find_notebook, read_notebook, write_atomically
from crc_lab.core.shown import Limits, as_html, as_text, shown_answer
from crc_lab.core.text import NBSP, count
from crc_lab.notebook.overview import known_student, sheets_beside
from crc_lab.notebook.session import Session
from crc_lab.notebook.widgets import Rendre

_ASKED = ("rendre", "fiche", "bilan", "bilan_excel")


def signed_by(session: Session) -> Student:
    """Whose copy it is, as far as one knows: the name in the sheet, else that of the other notebooks."""
    remembered = None if session.in_assessment else known_student(session.folder)
    return session.sheet.student or remembered or Student()


def handed_in(session: Session) -> dict[str, Any]:
    """The traits of the last card that follow the work: what is handed in, what else is offered."""
    activity = session.activity
    about = {"id": activity.id, "titre": activity.title, "edition": session.edition}
    shows = {"fiche": offers_summary(session), "bilan": not session.in_assessment and activity.id in outcomes()}
    return {"activite": about, "questions": session.progress(handed_in=True), "offre": shows}


def reply(session: Session, card: Rendre, message: Mapping[str, Any]) -> None:
    """What the last card asks for: the copy, « Ma fiche », the before and after of the case; nothing else is its own.

    The page names the files that it is given (``js/copy.js``).
    """
    if message["type"] not in _ASKED:
        return
    student = Student(*(str(message.get(name) or "").strip() for name in ("nom", "identifiant")))
    match message["type"]:
        case "rendre":
            card.retour = hand_in(session, student)
        case "fiche":
            card.send({"type": "page"}, [summary_page(session, student).encode()])
        case "bilan":
            table = next(iter(outcome_tables(session).values()), Table((), ()))
            card.send({"type": "bilan", "html": as_html(Shown(columns=table.columns, rows=table.rows))})
        case "bilan_excel":
            whose = f" : {student.name}" if student.name else ""
            book = excel.tables_book(outcome_tables(session), f"Marielle Nature, avant et après{whose}")
            card.send({"type": "telecharger", "mime": excel.MIME}, [book])


def hand_in(session: Session, student: Student) -> dict[str, Any]:
    """Where the plugin is absent: make the copy to hand in; what the card shows, ``{"ok": bool, "html": French HTML}``.

    The copy, written beside the notebook, holds all the answers. With the plugin, the page makes the copy by itself, of
    what is on the screen (``js/copy.js``).
    """
    if not student.name:
        return {"ok": False, "html": "<p>Écrivez d’abord votre nom et votre prénom.</p>"}
    session.sheet = replace(session.sheet, student=student)
    session.save_sidecar()
    file = _write_copy(session).name
    where = "Il vient d’être créé dans le dossier du cahier, avec toutes vos réponses."
    return {
        "ok": True,
        "html": f"<p>Fichier à rendre : <strong>{escape(file)}</strong>. {where}</p>{_missing(session)}"
        + _beside(session),
    }


def outcome_tables(session: Session) -> dict[str, Table]:
    """What the course shows of the work done so far in all its activities, this one as it is now."""
    show = outcomes().get(session.activity.id)
    if show is None or session.in_assessment:
        return {}
    sheets = {**sheets_beside(session.folder), session.activity.id: session.sheet}
    answers = {name: answer for sheet in sheets.values() for name, answer in sheet.answers.items()}
    datasets = datasets_folder(session.folder)
    loaded = [load_activity(activity_folder(name, session.folder.parent / name), datasets) for name in outcomes()]
    keys = {name: key.answer for one in loaded for name, key in one.keys.items()}
    tables: dict[str, Table] = show(answers, keys.get, datasets)
    return tables


def _write_copy(session: Session) -> Path:
    """A copy of the notebook, without outputs, that holds the answers of the sidecar but those of mock exams; the open
    notebook itself is never touched.

    Raises :class:`CrcError` when the notebook cannot be found or the folder refuses.
    """
    path = find_notebook(session.activity.id, session.folder)
    if path is None:
        raise CrcError(
            "Le fichier de ce cahier est introuvable dans son dossier. Enregistrez le cahier, puis recommencez ; "
            f"à défaut, rendez aussi « {session.activity.id}.reponses.json », qui contient vos réponses."
        )
    notebook = read_notebook(path)
    notebook.setdefault("metadata", {})["crc_lab"] = replace(session.sheet, exam={}).to_metadata()
    for cell in notebook.get("cells", ()):
        if "outputs" in cell:
            cell |= {"outputs": [], "execution_count": None}
    stem = path.stem.removesuffix(COPY_SUFFIX)
    copy = path.with_name(f"{stem}{COPY_SUFFIX}.ipynb")
    try:
        write_atomically(copy, json.dumps(notebook, ensure_ascii=False, indent=1).encode() + b"\n")
    except OSError as error:
        raise CrcError(f"Impossible d’écrire « {copy.name} » ({error.strerror}).") from None
    return copy


def _missing(session: Session) -> str:
    lines = session.progress(handed_in=True)
    left = [str(line["rang"]) for line in lines if line["etat"] == "a_faire" and not line["entrainement"]]
    if not left:
        return "<p>Toutes les questions notées ont une réponse.</p>"
    *some, last = left
    named = f"les questions {', '.join(some)} et {last}" if some else f"la question {last}"
    return f"<p>Il reste sans réponse : {named}. Vous pouvez encore y répondre avant de rendre.</p>"


def _beside(session: Session) -> str:
    """What a mock exam left is not handed in, which is to be known."""
    if not session.exam.attempts and not session.exam.view:
        return ""
    return (
        "<p>Vos réponses d’examen blanc restent pour vous : seules celles de l’entraînement sont rendues. Pour rendre "
        "les autres, terminez l’examen, puis « Reprendre ces réponses » en haut du carnet.</p>"
    )


# --- « Ma fiche »: one A4 page of an activity -------------------------------------------------------------------------
# A whole HTML page, to be opened, printed or kept as PDF by the browser. It is made of the training answers, whatever
# is on screen, and never of an assessment. Everything is cut to what one page holds; ``tests/e2e`` prints the longest
# ones.

ANSWERS_ROOM, MISTAKES_ROOM = 2600, 1900
"""Characters of all the answers, and of all the mistakes with their rules, that a page holds."""
LEAST_ANSWER, MOST_ANSWER = 90, 420
LONGEST_MISTAKE, LONGEST_RULE, MISTAKES_OF_ONE = 190, 200, 2
_ROWS = 3
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=\S)")
_MARKS = re.compile(r"\*\*|`|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)")
_FIT = """
const page = document.querySelector("main");
function fit() {
  document.body.classList.add("mesure");
  page.style.minHeight = "0";
  const root = document.documentElement;
  const limit = 296 * 96 / 25.4;
  for (let size = 10.5; size >= 6.5; size -= 0.25) {
    root.style.setProperty("--corps", `${size}pt`);
    if (page.offsetHeight <= limit) break;
  }
  page.style.minHeight = "";
  document.body.classList.remove("mesure");
}
fit();
addEventListener("load", fit);
addEventListener("beforeprint", fit);
document.querySelector(".commandes button").addEventListener("click", () => print());
"""


class Line(NamedTuple):
    """One question on the page: its result is None as long as it was not checked."""

    question: Question
    answer: Answer
    result: QuestionResult | None

    @property
    def blank(self) -> bool:
        return is_blank(self.answer.value, self.question.given_columns)

    @property
    def look(self) -> str:
        return LOOKS[self.result.verdict].colour if self.result and not self.blank else "neutre"

    @property
    def sign(self) -> str:
        """« ✓ 2 / 2 », « ✗ », « à vérifier »."""
        if self.blank:
            return "à faire"
        if self.result is None:
            return "à vérifier"
        sign, points = LOOKS[self.result.verdict].sign, shown(self.result).points
        waits = self.result.verdict is Verdict.A_RELIRE and not points
        return sign if waits or not self.question.points else f"{sign} {points_text(points, self.question.points)}"


def offers_summary(session: Session) -> bool:
    """Whether the activity has a sheet: a course to remember, and no exam under way."""
    return bool(session.course) and not session.in_assessment and not session.in_exam


def summary_page(session: Session, student: Student) -> str:
    """The page of the activity open in ``session``; raises :class:`CrcError` where there is none to be had."""
    if not offers_summary(session):
        raise CrcError("Il n’y a pas de fiche ici : pendant un examen ou une évaluation, elle aiderait trop.")
    activity, results = session.activity, session.training_results()
    lines = [
        Line(one, session.sheet.answers.get(one.id) or Answer(None), results.get(one.id)) for one in activity.questions
    ]
    marked = [line for line in lines if not line.question.training]
    others = [line for line in lines if line.question.training]
    course = "".join(f"<li>{escape(line)}</li>" for line in session.course)
    told = _answers(marked or others) + _exercises(others if marked else [])
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Ma fiche – {escape(activity.title)}</title><style>{_style()}</style></head><body>"
        '<nav class="commandes" aria-label="Imprimer"><button type="button">Imprimer</button>'
        "<p>Pour un PDF : « Imprimer », puis la destination « Enregistrer au format PDF ».</p></nav>"
        f"<main><header><h1><small>Ma fiche · activité {activity.number}</small>{escape(activity.title)}</h1>"
        f"<p>{_who(student)}{_mark(marked)}</p></header>"
        f"<h2>Le cours en dix lignes</h2><ol class='cours'>{course}</ol>"
        f"<h2>Mes réponses</h2>{told}"
        f"<h2>Mes erreurs, et la règle qui corrige</h2>{_mistakes(session, lines)}"
        f"<footer><span>Cahier de relation client · {escape(activity.id)}</span>{_last(lines)}</footer></main>"
        f"<script>{_FIT}</script></body></html>"
    )


@cache
def _style() -> str:
    return files("crc_lab.notebook").joinpath("print/fiche.css").read_text(encoding="utf-8")


def _who(student: Student) -> str:
    return f"<b>{escape(cut(student.name, 60))}</b><br>" if student.name else ""


def _mark(marked: list[Line]) -> str:
    """« 12,5 / 14 vérifiés, et 6 points lus par le professeur »; what is not done counts for nothing, either way."""
    checked = [line.result for line in marked if line.result and not line.blank]
    if not checked:
        return ""
    points, maximum, waiting = (sum(column, exact(0)) for column in zip(*map(earned_of, checked), strict=True))
    mark = points_text(points, maximum) if maximum else ""
    read = f"{number_text(waiting)}{NBSP}point{'s' if waiting >= 2 else ''} à faire lire" if waiting else ""
    return escape(", et ".join(filter(None, (mark, read))))


def _last(lines: list[Line]) -> str:
    """The day of the last answer: a page printed twice says which is the newer."""
    instants = [line.answer.instant for line in lines if not line.blank and line.answer.instant]
    return f"<span>Dernière réponse le {max(instants).astimezone():%d/%m/%Y}</span>" if instants else ""


def _answers(lines: list[Line]) -> str:
    room = max(LEAST_ANSWER, min(MOST_ANSWER, ANSWERS_ROOM // max(1, len(lines))))
    return f'<ul class="reponses">{"".join(_answer(line, room) for line in lines)}</ul>'


def _answer(line: Line, room: int) -> str:
    question = line.question
    head = f"<b>{escape(question.id)}</b> {escape(cut(question.title, 70))}"
    text = answer_text(question, line.answer.value, room) if not line.blank else ""
    body = f"<p>{escape(text)}</p>" if text else '<p class="vide">sans réponse</p>'
    return (
        f'<li class="{line.look}"><p class="tete"><span style="flex:1">{head}</span>'
        f'<span class="signe">{escape(line.sign)}</span></p>{body}</li>'
    )


def _exercises(lines: list[Line]) -> str:
    """The exercises, in one line: which are done, which are to be looked at again."""
    if not lines:
        return ""
    told = "".join(
        f'<span class="{line.look}">{escape(line.question.id.split("-", 1)[-1])}{NBSP}'
        f'<span class="signe">{escape("–" if line.blank else line.sign)}</span></span> '
        for line in lines
    )
    return f'<p class="exercices"><b>Exercices{NBSP}:</b> {told}</p>'


def answer_text(question: Question, value: Json, room: int) -> str:
    """An answer in ``room`` characters at most: of a table, how much of it is filled and its first rows."""
    told = shown_answer(question, value)
    if told.columns or len(told.rows) > _ROWS:
        return cut(_table_text(told, _given_places(question, value)), room)
    lines = (line.strip() for line in as_text(told, Limits(4 * MOST_ANSWER, MOST_ANSWER, 60)).splitlines())
    return cut(" · ".join(filter(None, lines)), room)


def _given_places(question: Question, value: Json) -> frozenset[int]:
    """The places, in a table, of the columns that the student did not fill."""
    names = value["colonnes"] if is_table(value) else ()
    return frozenset(at for at, name in enumerate(names) if name in question.given_columns)


def _table_text(told: Shown, given: frozenset[int]) -> str:
    """« 12 lignes remplies. 7 : oui, Nantes · 9 : … »; ``given``: the places of what the student did not fill."""
    mine = [at for at in range(len(told.columns)) if at not in given]
    filled = [row for row in told.rows if any(row[at].strip() for at in mine)]
    head = f"{count(len(filled), 'ligne remplie', 'lignes remplies')}."
    rows = (f"{row[0]}{NBSP}: {', '.join(row[at] for at in mine if row[at].strip())}" for row in filled)
    return f"{head} {' · '.join(rows)}"


def _mistakes(session: Session, lines: list[Line]) -> str:
    """The mistakes of what was checked, the marked questions first, as many as the page holds."""
    found = list(_told_mistakes(session, sorted(lines, key=lambda line: line.question.training)))
    if not found:
        checked = any(line.result for line in lines)
        text = (
            "Aucune erreur dans ce que vous avez vérifié."
            if checked
            else "Vérifiez vos réponses : vos erreurs viendront ici."
        )
        return f'<p class="rien">{text}</p>'
    kept, room = [], MISTAKES_ROOM
    for name, text, rule in found:
        room -= len(text) + len(rule) + 60
        if room < 0:
            break
        tail = f' <span class="regle">{escape(rule)}</span>' if rule else ""
        kept.append(f"<li><b>{escape(name)}</b> {escape(text)}{tail}</li>")
    more = len(found) - len(kept)
    rest = f"<p>Et {count(more, 'autre', 'autres')} : relisez les cartes de l’activité.</p>" if more else ""
    return f'<ul class="erreurs">{"".join(kept)}</ul>{rest}'


def _told_mistakes(session: Session, lines: list[Line]) -> Iterator[tuple[str, str, str]]:
    """(question, mistake, rule): the rule of a question is said once, with its first mistake."""
    for line in lines:
        if line.blank or line.result is None or line.result.verdict in (Verdict.JUSTE, Verdict.NON_REPONDU):
            continue
        key, rule = session.keys.get(line.question.id), ""
        if key is not None and line.result.verdict is not Verdict.A_RELIRE:
            rule = rule_of(line.question.titled(key.explanation))
        texts = [text for text in remarks(line.result, (PENDING,)) if text][:MISTAKES_OF_ONE]
        if not texts and line.result.verdict is not Verdict.A_RELIRE:
            texts = [f"{LOOKS[line.result.verdict].card}."]
        for at, text in enumerate(texts):
            yield line.question.id, cut(text, LONGEST_MISTAKE), "" if at else rule


def rule_of(explanation: str) -> str:
    """The first sentences of an explanation, without tables, lists and marks."""
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n\s*\n", explanation.strip()))
    prose = next((part for part in paragraphs if part and part[0] not in "|-#>" and not re.match(r"\d+\. ", part)), "")
    kept = ""
    for sentence in _SENTENCE.split(_MARKS.sub("", prose)):
        if kept and len(kept) + len(sentence) >= LONGEST_RULE:
            break
        kept = f"{kept} {sentence}".strip()
    return cut(kept, LONGEST_RULE)


def cut(text: str, room: int) -> str:
    """``text`` in ``room`` characters, cut at a word."""
    text = re.sub(r"[ \t\r\n]+", " ", text)
    if len(text) <= room:
        return text
    return text[: room - 1].rsplit(" ", 1)[0].rstrip(" ,;:·") + "…"
