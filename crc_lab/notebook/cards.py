"""The cards of one activity at work: what each message of the page does to the session, and what is shown back.

The last card, for handing in, is the business of :mod:`crc_lab.notebook.handin`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape, unescape
from pathlib import Path
from typing import Any, TypeVar

from markdown_it import MarkdownIt

from crc_lab import excel
from crc_lab.core.errors import CrcError
from crc_lab.core.feedback import SkillShown, by_skill, earned_of, exact, render_html, shown, tally
from crc_lab.core.law import DETAIL
from crc_lab.core.model import (
    ASSESSMENT,
    EMPTY,
    SECOND_HINT_COST,
    Activity,
    Column,
    Key,
    Question,
    QuestionResult,
    TableSpec,
)
from crc_lab.core.resources import datasets_folder
from crc_lab.core.rooms import kinds, roads, value_words
from crc_lab.core.sheet import LONGEST_LINE, Answer, Student, line_of
from crc_lab.core.shown import WHOLE, as_html, shown_answer
from crc_lab.notebook import handin
from crc_lab.notebook.aside import OVER, UNDER_WAY, shown_copies
from crc_lab.notebook.decks import DECKS, courses, read_lexicon
from crc_lab.notebook.flashcards import FlashCards
from crc_lab.notebook.session import BESIDE, EXTRAS, NO_HELP, OUTSIDE, Document, Session, named_documents
from crc_lab.notebook.widgets import Carte, Lexique, Memoire, Progression, Rendre, answer_traits

FLASHCARDS = "cartes"
"""The card of the kinds that are sets of flashcards (``Kind.card``): not that of the other kinds."""
PREVIEW_ROWS, PREVIEW_COLUMNS = 6, 12
TRY_FIRST = (
    "Essayez d’abord : c’est en cherchant qu’on retient. Cliquez encore une fois sur « Voir le corrigé » "
    "pour l’afficher quand même."
)
_STATES = {"JUSTE": "juste", "FAUX": "faux", "ERREUR": "faux"}
_OPTION_NOTES = ("option", "association", "champ", "passage")
CHANGING = ("indice", "corrige", "relu")
"""The messages that change what the card says of its question."""
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
Follower = TypeVar("Follower", bound=Progression)


class Cards:
    """Makes the cards of a :class:`Session` and answers their messages. One card per question, made once."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._made: dict[str, Carte | Memoire] = {}
        self._worked: set[str] = set()
        self._asked: set[str] = set()
        self._imports: dict[str, excel.ImportResult] = {}
        self._followers: list[Progression] = []
        self._view = session.exam.view
        session.listeners.append(self._refresh)

    def card(self, question_id: str) -> Carte | Memoire:
        """The card of one question; raises :class:`~crc_lab.core.errors.UnknownName`."""
        question = self.session.question(question_id)
        if question_id not in self._made:
            if kinds()[question.kind].card == FLASHCARDS:
                items = DECKS[question.spec.deck](datasets_folder(self.session.folder))
                self._made[question_id] = FlashCards(question, self.session, items).card
            else:
                self._made[question_id] = self._new_card(question)
        return self._made[question_id]

    def _new_card(self, question: Question) -> Carte:
        card = Carte(**self._traits(question))
        card.on_answer(lambda: self._answered(question, card))
        card.on_demande(lambda message, buffers: self._asked_by(question, card, message, buffers))
        return card

    def _answered(self, question: Question, card: Carte) -> None:
        given = card.valeur, card.source_valeur
        self.session.record(question.id, *given, date=card.date_valeur, name=card.place_valeur.get("cle", ""))

    def _traits(self, question: Question) -> dict[str, Any]:
        """All that the card of a question shows now: its training, or its place in a mock exam."""
        view = self.session.view_of(question)
        edition = ASSESSMENT if view == UNDER_WAY else self.session.edition
        spec = question_spec(question, self.session.activity, edition, self.session.documents)
        spec["rang"] = self.session.ranks[question.id]
        if view:
            excel = question.excel and view == UNDER_WAY
            spec |= {"examen": view, "cle": self.session.slot(question), "indices": 0, "excel": excel}
        return {
            "question": spec,
            "etat": self._state(question),
            "retour": self._shown(question, self.session.results.get(question.id)),
            **answer_traits(self.session.answer(question.id), self.session.slot(question)),
        }

    def _question_card(self, question_id: str) -> Carte:
        card = self.card(question_id)
        if not isinstance(card, Carte):
            raise CrcError(f"« {question_id} » : les cartes mémoire se révisent dans leur carte, pas autrement.")
        return card

    def lexicon_card(self) -> Lexique:
        """The list of the terms."""
        shown = [
            {"terme": one.term, "definition": one.definition, "theme": one.theme, "source": courses(one)}
            for one in read_lexicon(datasets_folder(self.session.folder))
        ]
        return Lexique(entrees=shown)

    def progress_card(self) -> Progression:
        """The overview at the top of the notebook."""
        return self._follow(Progression)

    def hand_in_card(self) -> Rendre:
        """The last card: who hands in, what is missing, which file."""
        student = handin.signed_by(self.session)
        return self._follow(Rendre, eleve={"nom": student.name, "identifiant": student.identifier})

    def check(self, question_id: str) -> QuestionResult:
        """Check the current answer and show the verdict in its card, if it was made."""
        result = self.session.check(question_id)
        question, card = self.session.question(question_id), self._made.get(question_id)
        if isinstance(card, Carte):
            card.retour, card.etat = self._shown(question, result), self._state(question)
        return result

    def replace_answer(self, question_id: str, value: Any, source: str) -> None:
        """Keep an answer given by Excel or by code, and show it in its card."""
        card = self._question_card(question_id)
        answer = self.session.record(question_id, value, source)
        card.replace_answer(answer, self.session.slot(self.session.question(question_id)))

    def write_template(self, question_id: str, path: Path | None = None) -> Path:
        """Write the Excel template of a question, its current answer in it."""
        question = self.session.question(question_id)
        return excel.write_template(
            question, path or self.session.folder / f"{question_id}.xlsx", *self._for_template(question)
        )

    def import_file(self, path: Path, question_id: str | None, *, replace: bool) -> tuple[str, Carte | None]:
        """Read a file: what was found (HTML), and the card where it waits for « Remplacer ma réponse »."""
        found = question_id or excel.template_question(path)
        if found is None:
            raise CrcError(
                f"« {path.name} » ne dit pas à quelle question il répond : précisez-la, par exemple "
                f'importer_excel("{path.name}", "{self.session.activity.questions[0].id}").'
            )
        question = self.session.question(found)
        read = excel.read_answer(path, path.name, question)
        many = "s" if read.filled > 1 else ""
        told = "<br>".join([f"{read.filled} cellule{many} lue{many}.", *map(escape, read.warnings)])
        shown = f"<p>{told}</p>{preview_html(question, read)}"
        if replace:
            self.replace_answer(found, read.value, "excel")
            return f"{shown}<p>La réponse {escape(found)} a été remplacée.</p>", None
        card = self._question_card(found)
        self._offer(question, card, read)
        return f"{shown}<p>Pour la garder : « Remplacer ma réponse », dans la carte ci-dessous.</p>", card

    # ---- messages of the page

    def _asked_by(self, question: Question, card: Carte, message: dict[str, Any], buffers: list[bytes]) -> None:
        if message["type"] in ("verifier", "corrige") and self.session.view_of(question):
            raise CrcError(NO_HELP)
        date, name = (str(message.get(key) or "") for key in ("date", "cle"))
        match message["type"]:
            case "verifier":
                self.session.record(question.id, message.get("valeur"), card.source_valeur, date=date)
                self.check(question.id)
            case "indice":
                self.session.open_hint(question.id, int(message.get("niveau", 1)))
            case "corrige":
                answer = self.session.answer(question.id)
                if (answer and answer.tries) or question.id in self._asked:
                    self._worked.add(question.id)
                self._asked.add(question.id)
            case "relu":
                self.session.adopt_answer(question.id, message.get("reponse"), name)
                card.retour = self._shown(question, self.session.results.get(question.id))
            case "annexes":
                self.session.keep_extras(question.id, message.get("annexes"), date=date, name=name)
                card.retour = self._shown(question, self.session.results.get(question.id))
            case "sans_plugin":
                card.etat = {**card.etat, "sans_plugin": True}  # the page is told even if the folder refuses
                self.session.lose_plugin()
            case "modele_excel":
                content = excel.build_template(question, *self._for_template(question))
                card.send({"type": "telecharger", "nom": f"{question.id}.xlsx", "mime": excel.MIME}, [content])
            case "fichier":
                name = str(message.get("nom", "fichier"))
                self._offer(question, card, excel.read_answer(buffers[0] if buffers else b"", name, question))
            case "remplacer":
                read = self._imports.pop(question.id, None)
                if read is not None:
                    self.replace_answer(question.id, read.value, "excel")
            case "annuler":
                self._imports.pop(question.id, None)
        if message["type"] in CHANGING:
            card.etat = self._state(question)

    def _offer(self, question: Question, card: Carte, read: excel.ImportResult) -> None:
        self._imports[question.id] = read
        columns = read.value.get("colonnes", ()) if isinstance(read.value, dict) else ()
        card.send({
            "type": "apercu", "html": preview_html(question, read), "lignes": read.rows, "colonnes": len(columns),
            "avertissements": list(read.warnings),
        })  # fmt: skip

    def _for_template(self, question: Question) -> tuple[Any, tuple[str, str]]:
        answer, student = self.session.answer(question.id), self.session.sheet.student or Student()
        return answer.value if answer else None, (student.name, student.identifier)

    # ---- what is shown

    def _state(self, question: Question) -> dict[str, Any]:
        answer = self.session.answer(question.id) or Answer(None)
        view = self.session.view_of(question)
        key = None if view in (UNDER_WAY, OUTSIDE) else self.session.keys.get(question.id)
        worked = view == OVER or question.id in self._worked
        return {
            "essais": answer.tries,
            "indices": answer.hints,
            "indices_html": [question_html(text, question) for text in question.hints[: answer.hints]],
            "corrige_disponible": key is not None,
            "corrige_html": solution_html(question, key) if worked and key is not None else None,
            "grilles": self._rubrics(question, key, answer),
            "annexes": {name: answer.extra[name] for name in EXTRAS if answer.extra.get(name)},
            "sans_plugin": self.session.without_plugin,
            "message": TRY_FIRST if question.id in self._asked and not worked else "",
        }

    def _rubrics(self, question: Question, key: Key | None, answer: Answer) -> list[dict[str, Any]]:
        """The rubrics of an open question, for a self-assessment: once it was tried, and never in an assessment."""
        tried = answer.tries or self.session.view_of(question) == OVER
        if key is None or not tried or self.session.in_assessment:
            return []
        return [
            {
                "id": criterion.id,
                "titre": criterion.label,
                "lignes": [{n: one[n] for n in ("points", "texte")} for one in lines],
            }
            for criterion in question.criteria
            if criterion.check == "relecture" and (lines := key.criteria.get(criterion.id, {}).get("grille"))
        ]

    def _shown(self, question: Question, result: QuestionResult | None) -> Any:
        """The trait ``retour`` of a card: a dict, or None before any check."""
        if result is None:
            return None
        told = tally(result, kinds()[question.kind].asked(question.spec))
        return {
            "verdict": result.verdict.value,
            "points": float(shown(result).points),
            "sur": result.max_points,
            "html": render_html(result, form_only=self.session.in_assessment),
            "cellules": [
                {"ligne": cell.row, "colonne": cell.column, "etat": cell.state, "texte": cell.text}
                for cell in result.cells
                if cell.column not in _OPTION_NOTES
            ],
            "options": _options(question, result),
            **({"compte": told} if told else {}),
            **({"relectures": unread} if (unread := self._unread(question, result)) else {}),
        }

    def _unread(self, question: Question, result: QuestionResult) -> list[dict[str, Any]]:
        """The lines that could not be read, what may be ticked in each, and what is; during training only."""
        if self.session.in_assessment or self.session.view_of(question):
            return []
        answer = self.session.answer(question.id) or Answer(None)
        lines: dict[str, dict[str, Any]] = {}
        for one in (one for criterion in result.criteria for one in criterion.in_doubt if one.offered):
            text = line_of(answer.value, one.line)
            if isinstance(text, str) and len(text) <= LONGEST_LINE:
                number = one.line.rpartition(".")[2]
                line = lines.setdefault(
                    one.line,
                    {"ligne": one.line, "numero": int(number) + 1 if number.isdecimal() else 0, "texte": text,
                     "idees": [], "coches": sorted(answer.ticks.get(one.line, ()))},
                )  # fmt: skip
                line["idees"] += [{"id": label, "texte": name} for label, name in one.offered]
        return [*lines.values()]

    def _follow(self, card_of: type[Follower], **traits: Any) -> Follower:
        card = card_of(**self._followed(card_of), **traits)
        self._followers.append(card)
        card.on_demande(lambda message, _buffers: self._told(card, message))
        return card

    def _told(self, card: Progression, message: dict[str, Any]) -> None:
        if isinstance(message.get("feuille"), dict):
            self.session.adopt(message["feuille"])
        if message["type"] == "examen":
            actions: dict[str, Callable[[], Mapping[str, Answer]]] = {
                "debut": self.session.start_exam, "fin": self.session.end_exam, "retour": self.session.leave_exam,
                "reprendre": lambda: self.session.leave_exam(take_over=True),
            }  # fmt: skip
            self._write(card, actions[str(message.get("action"))]())
        if message["type"] == "copie":
            kept = self.session.take_back(str(message.get("nom")))
            for name, answer in kept.items():
                if isinstance(made := self._made.get(name), Carte):
                    made.replace_answer(answer, name)
                    made.retour = self._shown(self.session.question(name), self.session.results.get(name))
            self._write(card, kept)
        if isinstance(card, Rendre):
            handin.reply(self.session, card, message)

    def _write(self, card: Progression, kept: Mapping[str, Answer]) -> None:
        """Have the page write these answers in the notebook."""
        card.send({"type": "ecrire", "reponses": {name: answer.to_json() for name, answer in kept.items()}})

    def _refresh(self) -> None:
        if self._view != self.session.exam.view:  # every card changes at once
            self._view = self.session.exam.view
            self._worked.clear()
            self._asked.clear()
            self._imports.clear()
            for name, made in self._made.items():
                if isinstance(made, Carte):
                    made.update(**self._traits(self.session.question(name)))
        for card in self._followers:
            card.update(**self._followed(type(card)))

    def _followed(self, card_of: type[Progression]) -> dict[str, Any]:
        """What a card that follows the student's progress shows; that of handing in, of what is handed in."""
        session, activity = self.session, self.session.activity
        if issubclass(card_of, Rendre):
            return handin.handed_in(session)
        edition = ASSESSMENT if session.exam.view == UNDER_WAY else session.edition
        marked = () if session.in_assessment else activity.marked
        earned = by_skill((one, earned_of(session.results[one.id])) for one in marked if one.id in session.results)
        return {
            "activite": {
                "id": activity.id,
                "titre": activity.title,
                "edition": edition,
                "ordre": [one.activity for road in roads() for one in road.stages],
            },
            "questions": session.progress(),
            "competences": [{"nom": one.name, "texte": one.text, "part": round(100 * one.share)} for one in earned],
            "examen": exam_shown(session),
            "copies": shown_copies(session.copies, session.sheet),
        }


# ---- a question, and its worked answer


def markdown_html(text: str) -> str:
    """Markdown of the question files as HTML; raw HTML in it is shown, not interpreted."""
    return str(_MARKDOWN.render(text)) if text else ""


def question_spec(
    question: Question, activity: Activity, edition: str, documents: Mapping[str, Document] = EMPTY
) -> dict[str, Any]:
    """The display of one question (trait ``question`` of the card); keys in French, see ``widgets``.

    ``documents``: the annexes of the notebook; the card offers those that the question names.
    """
    spec: dict[str, Any] = {
        "id": question.id,
        "activite": activity.id,
        "genre": question.kind,
        "titre": question.title,
        "enonce_html": question_html(question.prompt, question),
        "points": question.points,
        "entrainement": question.training,
        "edition": edition,
        "indices": len(question.hints),
        "excel": question.excel,
        "depend_de": list(question.depends),
    }
    kind = kinds()[question.kind]
    hidden = kind.training if edition == ASSESSMENT else ()
    spec |= {name: item for name, item in kind.page(question.spec).items() if name not in hidden}
    if "trame" in spec:
        spec["trame_html"] = markdown_html(spec.pop("trame"))
    if edition == ASSESSMENT and len(question.hints) > 1:
        spec["cout_indice2"] = round(100 * SECOND_HINT_COST)
    if question.law and not (activity.law_after and edition == ASSESSMENT):
        lines, _, detail = question.law.partition(DETAIL)
        told, more = (question_html(text, question) for text in (lines, detail))
        spec["droit"] = {"html": told, "detail": more, "apres": activity.law_after}
    if named := named_documents(question.prompt, documents):
        spec["documents"] = [{"titre": one.title, "html": question_html(one.text, question)} for one in named]
    if rule := documents.get(f"{BESIDE}{question.rule}"):
        spec["regle"] = {"titre": rule.title, "html": question_html(rule.text, question)}
    if question.table is not None:
        spec["tableau"] = _table_spec(question, question.table)
    return spec


def _table_spec(question: Question, table: TableSpec) -> dict[str, Any]:
    """The grid of a question: its columns (given and to fill) and its rows, answer cells empty."""
    source = question.data[table.source]
    columns = table.columns or tuple(Column(name) for name in source.columns)
    rows = list(source.records())[: table.rows or None]
    return {
        "cle": table.key,
        "colonnes": [
            {
                "nom": one.name, "saisie": one.answer, "choix": list(one.choices), "aide": one.help,
                "texte": one.text, "groupe": one.group, "type": one.kind,
                **({"titre": title} if (title := question.title_of(one.name)) != one.name else {}),
            }
            for one in columns
        ],
        "lignes": [["" if column.answer else row[column.name] for column in columns] for row in rows],
        "visibles": list(table.visible),
        "demandees": _asked_rows(question, len(rows)),
        "mots": {name: word for name, word in value_words().items() if any(name in row.values() for row in rows)
                 or any(name in column.choices for column in columns)},
    }  # fmt: skip


def question_html(text: str, question: Question) -> str:
    """Markdown of a question as HTML, the columns that it names (`panier_moyen`) as people call them; the name that
    files have is on hovering."""

    def titled(found: re.Match[str]) -> str:
        title = question.titles.get(unescape(found[1]))
        return f'<b title="{found[1]}">{escape(title)}</b>' if title else found[0]

    return re.sub(r"<code>([^<]*)</code>", titled, markdown_html(text))


def _asked_rows(question: Question, rows: int) -> int:
    """How many of the ``rows`` are asked for, the first ones: those that the criteria mark (``lignes``); 0 for all."""
    marked = [number for one in question.criteria if isinstance(number := one.params.get("lignes"), int)]
    return max(marked) if marked and max(marked) < rows else 0


def solution_html(question: Question, key: Key) -> str:
    """The worked answer (training edition): model answer, why each option is right or wrong, explanation."""
    shown = as_html(shown_answer(question, key.answer), WHOLE, markdown_html)
    reasons = _reasons_html(question, key)
    return f'<div class="reponse-modele">{shown}{reasons}</div>{question_html(key.explanation, question)}'


def _reasons_html(question: Question, key: Key) -> str:
    """Why each option is right or wrong, when the key says so."""
    right = key.answer if isinstance(key.answer, list) else [key.answer]
    given = {name: text for settings in key.criteria.values() for name, text in settings.get("raisons", {}).items()}
    shown = "".join(
        f"<li>{'✓' if option.id in right else '✗'} {escape(option.text)} : {escape(given[option.id])}</li>"
        for option in getattr(question.spec, "options", ())
        if option.id in given and not isinstance(key.answer, dict)
    )
    return f'<ul class="raisons">{shown}</ul>' if shown else ""


# ---- files


def preview_html(question: Question, read: excel.ImportResult) -> str:
    """The first rows of what a file holds, escaped, for a look before anything is replaced."""
    shown = shown_answer(question, read.value)
    more = len(shown.columns) - PREVIEW_COLUMNS
    tail = f"<p>… et {more} autre{'s' if more > 1 else ''} colonne{'s' if more > 1 else ''}.</p>" if more > 0 else ""
    cut = replace(
        shown,
        columns=shown.columns[:PREVIEW_COLUMNS],
        rows=tuple(row[:PREVIEW_COLUMNS] for row in shown.rows[:PREVIEW_ROWS]),
    )
    return as_html(cut) + tail


def _options(question: Question, result: QuestionResult) -> dict[str, dict[str, str]]:
    """The remarks on options, items and fields, under the names the card knows them by."""
    parts = {criterion.id: criterion.params.get("partie") for criterion in question.criteria}
    found: dict[str, dict[str, str]] = {}
    for criterion in result.criteria:
        part = parts.get(criterion.id)
        for note in criterion.cells:
            if note.column in _OPTION_NOTES:
                found[f"{part}.{note.row}" if part else note.row] = {"etat": note.state, "texte": note.text}
        if part and not any(note.column in _OPTION_NOTES for note in criterion.cells) and criterion.verdict in _STATES:
            found[str(part)] = {"etat": _STATES[criterion.verdict], "texte": ""}
    return found


def exam_shown(session: Session) -> dict[str, Any]:
    """The trait ``examen`` of the progress card."""
    if not session.offers_exam:
        return {}
    exam = session.exam
    attempts = []
    for one in exam.attempts:
        mark = SkillShown("", "", exact(one.points), exact(one.maximum), exact(one.waiting)).text
        best = one is exam.best and len(exam.attempts) > 1
        attempts.append({"debut": one.start, "minutes": one.minutes, "note": mark, "meilleure": best})
    return {"etat": exam.view, "debut": exam.start, "duree": session.activity.exam_duration, "tentatives": attempts}
