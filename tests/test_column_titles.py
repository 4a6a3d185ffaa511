"""Columns have a name in files and programs, and a title for people: whatever a person reads has the title.

All that the activities show is gone through here: cards, hints, worked answers, verdicts of every known mistake,
templates, remarks on a file that is read back, the narrative of the notebooks.
"""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from html import unescape
from itertools import chain
from typing import Any

import openpyxl
import pytest

from crc_lab.core.bank import LoadedActivity
from crc_lab.core.feedback import remarks, render_html
from crc_lab.core.grading import grade
from crc_lab.core.model import Key, Question
from crc_lab.core.proof import weighed, wrong_answers
from crc_lab.core.resources import activity_folder, activity_ids
from crc_lab.core.rooms import kinds
from crc_lab.core.shown import WHOLE, as_text, shown_answer
from crc_lab.core.text import fold
from crc_lab.excel import build_template, read_answer
from crc_lab.excel.reading import FORM_SHEET, answer_columns, headers_of
from crc_lab.excel.template import LISTS
from crc_lab.notebook.cards import preview_html, question_html, question_spec, solution_html
from crc_lab.notebook.handin import answer_text
from tests.loaded import loaded_activity as loaded

IN_A_FILE = "on the student's own spreadsheet, the column is found in the data file by the name that it has there"
EXPECTED: dict[str, tuple[frozenset[str], str]] = {
    "R1-X3": (frozenset({"attente_s", "communication_s", "svi_s"}), IN_A_FILE),
    "R1-X8": (frozenset({"id_appel"}), IN_A_FILE),
    "A5-Q2": (frozenset({"colonne_inconnue"}), "what a student typed is said as it was typed"),
    "A5-X3": (frozenset({"colonne_inconnue"}), "what a student typed is said as it was typed"),
    "03_structurer": (frozenset({"code_postal"}), "the paragraph on Python says that both names are understood"),
    "11_tableau_de_bord": (frozenset({
        "svi_s", "attente_s", "communication_s", "garde_s", "post_appel_s", "resolu_1er_contact", "redirige_selfcare",
        "montant_vente",
    }), IN_A_FILE),
    "14_reclamations": (
        frozenset({"date_reception", "date_reponse", "type_client", "montant_commande"}), IN_A_FILE,
    ),
    "17_crm": (frozenset({
        "inscription_newsletter", "telechargement_catalogue", "ajout_panier", "envoi_devis", "duree_s",
    }), IN_A_FILE),
}  # fmt: skip
"""What may be read all the same: by question, or by activity for its narrative."""
OF_THE_PAGE = {"id", "genre", "activite", "cle", "nom", "visibles", "type", "lignes_de", "mots", "reactions", "edition"}
"""Keys of a card that programs read; nobody else does."""
SNAKE = re.compile(r"(?<![\w./@{-])[a-zà-ÿ][a-zà-ÿ0-9]*(?:_[a-zà-ÿ0-9]+)+(?![\w}]|\.csv|\.xlsx)")


def technical(question: Question) -> re.Pattern[str]:
    """The names of the columns of a question that are not in their title (« civilite », « email »)."""
    names = [name for name, title in question.titles.items() if name.casefold() not in title.casefold().split()]
    names = [name for name in names if len(name) > 1]  # R, F and M are words of the course
    return re.compile(rf"(?<![\w.@-])(?:{'|'.join(map(re.escape, names)) or '(?!)'})(?![\w@-]|\.\w)")


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", html))


def texts_of(spec: Any) -> Iterator[str]:
    """Every text of a card."""
    if isinstance(spec, str):
        yield plain(spec)
    elif isinstance(spec, dict):
        if "colonnes" in spec and "cle" in spec:
            for column in spec["colonnes"]:
                yield from (column.get("titre", column["nom"]), column["aide"], column["groupe"])
            return
        for name, item in spec.items():
            if name not in OF_THE_PAGE:
                yield from texts_of(item)
    elif isinstance(spec, (list, tuple)):
        for item in spec:
            yield from texts_of(item)


def verdicts(question: Question, key: Key, others: dict[str, Any]) -> Iterator[str]:
    for _code, answer in chain([("", key.answer)], wrong_answers(question, key, others)):
        result = grade(weighed(question), answer, key, others)
        yield plain(render_html(result))
        yield from remarks(result)
        yield from (cell.text for cell in result.cells)


def template_texts(question: Question, answer: Any) -> Iterator[str]:
    """A form has codes too, which find its lines and its choices again: they are no columns."""
    book = openpyxl.load_workbook(io.BytesIO(build_template(question, answer)))
    for sheet in book:
        yield sheet.title
        form = kinds()[question.kind].excel == "lines" and sheet.title in (FORM_SHEET, LISTS)
        cells = (
            cell
            for row in sheet.iter_rows(min_col=1 + (sheet.title == FORM_SHEET and form))
            for cell in row
            if cell.value is not None
        )
        yield from (re.sub(r"^\w+ – ", "", str(cell.value)) if form else str(cell.value) for cell in cells)
        if not form:
            yield from (str(rule.formula1) for rule in sheet.data_validations.dataValidation)


def has_template(question: Question) -> bool:
    return all(kinds()[kind].excel for kind in (question.kind, *(part.kind for part in question.parts)))


def file_texts(question: Question, answer: Any) -> Iterator[str]:
    """What is said of a file, as it should be, then with its second column under a strange title."""
    content = build_template(question, answer)
    for wrong in (False, True):
        book = openpyxl.load_workbook(io.BytesIO(content))
        if wrong:
            if question.kind != "tableau" or question.table is None or len(answer_columns(question.table)) < 2:
                return
            sheet = book.worksheets[0]
            sheet.cell(1, sheet.max_column).value = "zzz"
            sheet.cell(2, 1).value = "9999"
            sheet.cell(3, 1).value = ""
        buffer = io.BytesIO()
        book.save(buffer)
        read = read_answer(buffer.getvalue(), "x.xlsx", question)
        yield from read.warnings
        yield plain(preview_html(question, read))


def read_by_people(question: Question, source: LoadedActivity) -> Iterator[str]:
    key = source.key(question.id)
    yield from texts_of(question_spec(question, source.activity, "entrainement"))
    yield from (plain(question_html(hint, question)) for hint in question.hints)
    yield from (criterion.label for criterion in question.criteria)
    if key is None:
        return
    yield plain(solution_html(question, key))
    yield question.titled(key.explanation)
    if not question.titles:  # it has no column at all
        return
    others = {name: one.answer for name, one in source.keys.items()}
    yield as_text(shown_answer(question, key.answer), WHOLE)
    yield answer_text(question, key.answer, 100_000)
    yield from verdicts(question, key, others)
    if has_template(question):
        yield from template_texts(question, key.answer)
        yield from file_texts(question, key.answer)


@pytest.mark.parametrize("activity", activity_ids())
def test_no_text_that_a_person_reads_names_a_column_as_files_do(activity: str) -> None:
    found, used = [], set()
    for question in loaded(activity).activity.questions:
        expected, _reason = EXPECTED.get(question.id, (frozenset(), ""))
        names = technical(question)
        seen = {
            (name, text[:100])
            for text in read_by_people(question, loaded(activity))
            for name in (*SNAKE.findall(text), *names.findall(text))
        }
        used |= {name for name, _ in seen} & expected
        found += [(question.id, *one) for one in seen if one[0] not in expected]
        assert expected <= used, f"{question.id}: an exception that serves no more"
    assert not found


@pytest.mark.parametrize("activity", activity_ids())
def test_the_narrative_names_columns_as_people_do(activity: str) -> None:
    notebook = json.loads((activity_folder(activity) / f"{activity}.ipynb").read_text("utf-8"))
    cells = ("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    text = "\n".join(re.sub(r"```.*?```|\]\([^)]*\)", "", cell, flags=re.DOTALL) for cell in cells)
    expected, _reason = EXPECTED.get(activity, (frozenset(), ""))
    assert set(SNAKE.findall(text)) == expected


def test_a_text_that_names_a_column_as_files_do_is_found() -> None:
    question = loaded("06_scorer").activity.question("A6-Q1")
    assert question is not None
    assert technical(question).findall("la colonne email, la colonne Panier moyen") == ["email"]
    assert SNAKE.findall("panier_moyen, base_scoree.csv et {avant_morale}") == ["panier_moyen"]


# --- a file is read back whatever its columns are called --------------------------------------------------------------


def unaccented(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


CALLED: dict[str, Callable[[str], str]] = {
    "as files do": lambda title: title,
    "in capitals": lambda title: f"  {unaccented(title).upper()} ",
}
WITH_COLUMNS = [
    question.id
    for activity in activity_ids()
    for question in loaded(activity).activity.questions
    if has_template(question) and any(kinds()[kind].name in ("tableau", "cellules", "segment") for kind in (
        question.kind, *(part.kind for part in question.parts)))
]  # fmt: skip


@pytest.mark.parametrize("called", CALLED)
@pytest.mark.parametrize("name", WITH_COLUMNS)
def test_a_template_is_read_whatever_its_columns_are_called(name: str, called: str) -> None:
    """Those downloaded before the titles have the names; people retype titles in many ways."""
    source = next(loaded(one) for one in activity_ids() if loaded(one).activity.question(name))
    question, key = source.activity.question(name), source.key(name)
    assert question is not None
    assert key is not None
    book = openpyxl.load_workbook(io.BytesIO(build_template(question, key.answer)))
    of_table = question.kind == "tableau"
    headers = headers_of(question, question.table) if of_table and question.table else question.titles
    names = {header: column for column, header in headers.items()}
    changed = 0
    for cell in (one for row in book.worksheets[0].iter_rows() for one in row if isinstance(one.value, str)):
        if (cell.row == 1) is of_table and cell.value in names:
            cell.value = names[cell.value] if called == "as files do" else CALLED[called](cell.value)
            changed += 1
    assert changed
    buffer = io.BytesIO()
    book.save(buffer)
    result = read_answer(buffer.getvalue(), "modele.xlsx", question)
    fresh = read_answer(build_template(question, key.answer), "modele.xlsx", question)
    assert result.value == fresh.value
    assert result.warnings == ()


@pytest.mark.parametrize("activity", activity_ids())
def test_the_titles_of_a_table_are_all_different_for_whoever_fills_it(activity: str) -> None:
    for question in loaded(activity).activity.questions:
        titles = [fold(question.title_of(one.name)) for one in (question.table.columns if question.table else ()) if
                  one.answer]  # fmt: skip
        assert len(titles) == len(set(titles)), question.id


# --- and questions are named as their cards are -----------------------------------------------------------------------

REFERENCE = re.compile(r"\b[AR]\d+[AB]?-[QX]\d*\w*")


@pytest.mark.parametrize("activity", activity_ids())
def test_a_page_names_its_questions_as_the_cards_do(activity: str) -> None:
    """By their title, their place, « noté »: the reference is for programs and for the teacher's reports, and for the
    cells that nbgrader shows to who marks."""
    notebook = json.loads((activity_folder(activity) / f"{activity}.ipynb").read_text("utf-8"))
    found = [
        reference
        for cell in notebook["cells"]
        if cell["cell_type"] == "markdown" and "nbgrader" not in cell["metadata"]
        for reference in REFERENCE.findall(re.sub(r"```.*?```", "", "".join(cell["source"]), flags=re.DOTALL))
    ]
    for question in loaded(activity).activity.questions:
        key = loaded(activity).key(question.id)
        texts = [question.prompt, question.law, *question.hints, *question.messages.values()]
        texts += [key.explanation, *key.messages.values()] if key else []
        found += [f"{question.id} : {reference}" for text in texts for reference in REFERENCE.findall(text)]
    assert not found
