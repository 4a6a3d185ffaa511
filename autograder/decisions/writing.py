"""Writing what is to be decided: the sheet that the teacher fills, and the same as a page to be read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from xlsxwriter.utility import xl_range_abs

from autograder.decisions import AS_PROPOSED, NONE, SHEET_FILE, Subject
from autograder.decisions.asking import Asked, Group
from autograder.decisions.reading import (
    ALSO,
    COPIES,
    DECISION,
    DOUBT,
    GROUP,
    NEAREST,
    PROPOSED,
    QUESTION,
    SCOPE,
    SHEET,
    SURE,
    TEXT,
    THE_GROUP,
    THIS,
    Line,
)
from autograder.reports.book import FORM, GIVEN, book_bytes, form_sheet, harmless, help_sheet, row_height, titles
from autograder.reports.pages import render
from crc_lab.core.text import count, french

LISTS, IDEAS = "Listes", "Idées"
POINTS = "Points en jeu"
COLUMNS: dict[str, float] = {
    GROUP: 8, QUESTION: 18, TEXT: 56, COPIES: 8, POINTS: 9, DOUBT: 34, SURE: 18, PROPOSED: 24, NEAREST: 40,
    DECISION: 24, ALSO: 20, SCOPE: 12,
}  # fmt: skip
_AT = {title: number for number, title in enumerate(COLUMNS)}
HELP = (
    "Une ligne par texte que la correction n’a pas su lire à coup sûr, et dont la lecture change une note. Aucun nom "
    "d’élève : vous décidez d’un texte, pour toutes les copies qui le disent.",
    "Décision (jaune) : choisissez l’idée qui est dans le texte, « comme proposé », ou « aucune ». S’il y en a une "
    "autre encore : « Et aussi » ; vous pouvez aussi en écrire plusieurs, séparées par des virgules. Ce qui est « déjà "
    "reconnu » compte de toute façon.",
    "Portée (jaune) : « ce texte », ou « le groupe » pour décider d’un coup tous les textes de même numéro de groupe "
    "qui n’ont pas leur propre décision. « Comme proposé » pour le groupe : à chaque texte le sien.",
    "Une ligne sans décision attend : la note reste celle qui est proposée. Vous pouvez décider en plusieurs fois. Les "
    "premières lignes sont celles qui pèsent le plus.",
    "Enregistrez ce classeur, fermez-le, puis relancez la correction : elle le relit s’il est resté dans le dossier de "
    "résultats. Ailleurs, donnez-le avec --decisions.",
    "Ce que vous décidez est gardé dans decisions.csv : les mêmes mots ne vous seront plus jamais demandés, ni dans "
    "cette classe, ni dans celles où vous donnerez ce fichier. Pour changer d’avis, corrigez ou effacez sa ligne.",
    "La feuille « Idées » dit le nom de chaque idée et de chaque erreur connue, question par question.",
)


def page(groups: Sequence[Group]) -> bytes:
    """``a-decider.html``: the groups, question by question, to be read beside the sheet."""
    by_question = [
        (subject, [*found])
        for subject, found in groupby(
            sorted(groups, key=lambda one: (one.subject.number, one.subject.model, one.number)),
            key=lambda one: one.subject,
        )
    ]
    return render("a-decider.html", groups=groups, by_question=by_question, sheet=SHEET_FILE, told=told(groups))


def told(groups: Sequence[Group]) -> str:
    """« 34 textes à décider, en 9 groupes »."""
    texts = sum(len(group.texts) for group in groups)
    return f"{count(texts, 'texte')} à décider, en {count(len(groups), 'groupe')}"


def book(groups: Sequence[Group], typed: Mapping[tuple[str, str], Line]) -> bytes:
    """``a-decider.xlsx``; ``typed``: what the teacher typed and could not be taken, to be shown again. Raises
    :class:`OSError`."""
    return book_bytes(SHEET, lambda made: _fill(made, groups, typed))


_LOOKS = {
    **FORM,
    "own": {**GIVEN, "bold": True, "bg_color": "#FFFFFF"},
    "points": {**GIVEN, "num_format": "0.##"},
}


def _fill(made: Any, groups: Sequence[Group], typed: Mapping[tuple[str, str], Line]) -> None:
    looks = {name: made.add_format(look) for name, look in _LOOKS.items()}
    rows = [(group, one) for group in groups for one in group.texts]
    lists = dict.fromkeys(_choices(one) for _, one in rows)
    ranges = {choices: f"={LISTS}!{xl_range_abs(0, at, len(choices) - 1, at)}" for at, choices in enumerate(lists)}
    sheet = made.add_worksheet(SHEET)
    form_sheet(sheet, looks, COLUMNS, len(rows), frozen=_AT[TEXT] + 1)
    for at, (group, one) in enumerate(rows, start=1):
        _write_row(sheet, looks, at, group, one, typed.get(one.place))
        sheet.data_validation(at, _AT[DECISION], at, _AT[ALSO], _validation(ranges[_choices(one)]))
    scope = {"validate": "list", "source": [THIS, THE_GROUP], "ignore_blank": True}
    sheet.data_validation(1, _AT[SCOPE], max(1, len(rows)), _AT[SCOPE], scope)
    _ideas_sheet(made, looks, {one.subject.model: one.subject for _, one in rows}.values())
    _lists_sheet(made, [*lists])
    help_sheet(made, looks, "Décider des textes lus avec un doute", HELP)


def _write_row(sheet: Any, looks: Mapping[str, Any], at: int, group: Group, one: Asked, typed: Line | None) -> None:
    texts = {
        QUESTION: f"{one.subject.model} · {one.subject.title}",
        TEXT: one.text,
        DOUBT: one.doubt_told,
        SURE: one.subject.names(one.sure) if one.sure else "",
        PROPOSED: one.subject.names(one.proposal),
        NEAREST: one.nearest_told,
    }
    if one.ticked:
        texts[DOUBT] = f"{one.doubt_told} · l’élève y voit l’idée proposée"
    texts = {title: harmless(french(text) if title != TEXT else text) for title, text in texts.items()}
    given = {title: harmless(typed[title]) if typed else "" for title in (DECISION, ALSO)}
    given[SCOPE] = harmless(typed[SCOPE]) if typed and typed[SCOPE] else THIS
    sheet.set_row(at, row_height((text, COLUMNS[title]) for title, text in texts.items()))
    sheet.write_number(at, _AT[GROUP], group.number, looks["number"])
    sheet.write_number(at, _AT[COPIES], one.copies, looks["number"])
    sheet.write_number(at, _AT[POINTS], round(one.points, 2), looks["points"])
    for title, text in texts.items():
        sheet.write_string(at, _AT[title], text, looks["own" if title == TEXT else "text"])
    for title, text in given.items():
        sheet.write(at, _AT[title], text or None, looks["fill"])


def _choices(one: Asked) -> tuple[str, ...]:
    """What the drop-down of a text offers: the proposal, what is in doubt, the other ideas, none, known mistakes."""
    subject = one.subject
    doubtful = [subject.name(label) for label in one.doubts if label in subject.labels]
    others = [subject.name(label) for label in (*subject.ideas, *subject.mistakes)]
    several = [", ".join(sorted(doubtful))] if len(doubtful) in (2, 3) else []
    return tuple(dict.fromkeys([AS_PROPOSED, *doubtful, NONE, *several, *others]))


def _validation(source: str) -> dict[str, Any]:
    """A drop-down that lets one type something else: several ideas."""
    return {"validate": "list", "source": source, "ignore_blank": True, "show_error": False}


def _lists_sheet(made: Any, lists: Sequence[Collection[str]]) -> None:
    sheet = made.add_worksheet(LISTS)
    sheet.hide()
    columns = [[*one] for one in lists]
    for row in range(max(map(len, columns), default=0)):
        for at, column in enumerate(columns):
            if row < len(column):
                sheet.write_string(row, at, harmless(column[row]))


def _ideas_sheet(made: Any, looks: Mapping[str, Any], subjects: Iterable[Subject]) -> None:
    sheet = made.add_worksheet(IDEAS)
    titles(sheet, looks, {"Question": 14, "Idée ou erreur connue": 34, "Ce qui est dit": 90})
    row = 0
    for subject in sorted(subjects, key=lambda one: one.model):
        for label in (*subject.ideas, *subject.mistakes):
            row += 1
            texts = (subject.model, subject.name(label), french(subject.said.get(label, "")))
            for at, text in enumerate(texts):
                sheet.write_string(row, at, harmless(text), looks["text"])
    sheet.freeze_panes(1, 0)
