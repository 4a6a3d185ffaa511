"""A copy of the answers for each day of work, and taking one back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from crc_lab.core.errors import CrcError
from crc_lab.core.sheet import Answer, AnswerSheet
from crc_lab.notebook.aside import DAYS, copies, keep_copy
from crc_lab.notebook.cards import Cards
from crc_lab.notebook.session import Session

RATE, WRONG = {"taux": "8,33", "conforme": "non"}, {"taux": "9,09", "conforme": "non"}
SATURDAY, SUNDAY = "2026-11-28T18:00:00.000+01:00", "2026-11-29T10:00:00.000+01:00"


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    (tmp_path / ".crc-lab").mkdir()
    (tmp_path / "04_qualifier").mkdir()
    return tmp_path


def sheet(value: object, date: str = SATURDAY, **exam: Answer) -> AnswerSheet:
    return AnswerSheet("04_qualifier", answers={"A4-Q3": Answer(value, date=date)}, exam=exam)


def test_a_day_has_one_copy_and_the_same_answers_have_none_anew(workbook: Path) -> None:
    keep_copy(workbook, sheet(RATE), SATURDAY)
    keep_copy(workbook, sheet(WRONG), SATURDAY.replace("18:00", "19:00"))
    keep_copy(workbook, sheet(RATE), SUNDAY)
    assert [one.taken for one in copies(workbook, "04_qualifier")] == [SATURDAY]
    keep_copy(workbook, sheet(WRONG), SUNDAY)
    keep_copy(workbook, sheet(RATE), SUNDAY, at_once=True)
    found = copies(workbook, "04_qualifier")
    assert [one.answers["A4-Q3"].value for one in found] == [RATE, WRONG, RATE]
    assert {one.last for one in found} == {SATURDAY}, "the date of an answer, not that of the copy"


def test_only_the_latest_are_kept_without_the_exams_and_never_a_blank_one(workbook: Path) -> None:
    for day in range(1, 20):
        keep_copy(
            workbook, sheet({"taux": str(day)}, **{"examen/A4-Q3": Answer(RATE)}), f"2026-11-{day:02d}T10:00:00+01:00"
        )
    keep_copy(workbook, sheet(None), SUNDAY)
    found = copies(workbook, "04_qualifier")
    assert [one.answers["A4-Q3"].value["taux"] for one in found] == [str(day) for day in range(19, 19 - DAYS, -1)]
    assert "examen" not in (workbook / ".crc-lab" / "copies" / "04_qualifier.json").read_text("utf-8")


def test_no_copy_where_nobody_works_and_none_is_no_trouble(tmp_path: Path, workbook: Path) -> None:
    elsewhere = tmp_path / "ailleurs"
    elsewhere.mkdir()
    keep_copy(elsewhere, sheet(RATE), SATURDAY)
    assert list(elsewhere.iterdir()) == []
    (workbook / ".crc-lab" / "copies").write_text("not a folder", "utf-8")
    keep_copy(workbook, sheet(RATE), SATURDAY)
    assert copies(workbook, "04_qualifier") == ()


@pytest.mark.parametrize(
    "content",
    ["", "{}", "[1, null]", '[{"le": "hier", "feuille": {}}]', "[" * 100_000, '[{"feuille": {"version": 99}}]'],
)
def test_a_damaged_file_is_no_copy_and_is_written_anew(workbook: Path, content: str) -> None:
    (workbook / ".crc-lab" / "copies").mkdir()
    (workbook / ".crc-lab" / "copies" / "04_qualifier.json").write_text(content, "utf-8")
    assert copies(workbook, "04_qualifier") == ()
    keep_copy(workbook, sheet(RATE), SATURDAY)
    assert len(copies(workbook, "04_qualifier")) == 1


@pytest.fixture
def cards(workbook: Path) -> Cards:
    """The notebook opened today: yesterday's answer was right, today's is wrong, and another question has one."""
    keep_copy(workbook, sheet(RATE), SATURDAY)
    today = replace(sheet(WRONG, SUNDAY), answers={"A4-Q3": Answer(WRONG, tries=2), "A4-Q2": Answer([["13", "37"]])})
    meta = {"cells": [], "metadata": {"crc_lab": today.to_metadata()}, "nbformat": 4, "nbformat_minor": 5}
    folder = workbook / "04_qualifier"
    (folder / "04_qualifier.ipynb").write_text(json.dumps(meta), "utf-8")
    return Cards(Session("04_qualifier", folder))


def test_the_answers_of_another_day_are_taken_back_and_those_of_now_are_kept(cards: Cards) -> None:
    card, top = cards.card("A4-Q3"), cards.progress_card()
    assert [(one["nom"], one["reponses"], one["autres"]) for one in top.copies] == [(SATURDAY, 1, 1)]
    written: list[dict] = []
    top.send = lambda content, _buffers=None: written.append(content)
    top._handle_custom_msg({"type": "copie", "nom": SATURDAY}, [])
    assert card.valeur == RATE
    assert card.retour["verdict"] == "JUSTE", "it had been checked: its verdict is that of the answer on screen"
    assert cards.session.sheet.answers["A4-Q2"].value == [["13", "37"]], "what the copy does not answer stays"
    assert cards.session.sheet.answers["A4-Q3"].tries == 2, "tries are never forgotten"
    (told,) = [one for one in written if one["type"] == "ecrire"]
    assert {name: one["valeur"] for name, one in told["reponses"].items()} == {"A4-Q3": RATE}
    (kept,) = top.copies
    assert kept["autres"] == 1
    assert cards.session.take_back(kept["nom"])["A4-Q3"].value == WRONG, "the way back"


@pytest.mark.parametrize("ahead", ["2026-11-30T09:00:00.000+01:00", "2099-01-01T10:00:00.000+01:00"])
def test_an_answer_still_on_its_way_is_in_the_copy_of_now_and_does_not_come_back_over_it(
    cards: Cards, ahead: str
) -> None:
    card, top = cards.card("A4-Q3"), cards.progress_card()
    typed = {"taux": "5", "conforme": "oui"}
    page = cards.session.sheet.with_answer("A4-Q3", Answer(typed, date=ahead)).to_metadata()
    top._handle_custom_msg({"type": "copie", "nom": SATURDAY, "feuille": page}, [])
    assert Answer(None, date=card.date_valeur).instant > Answer(None, date=ahead).instant, (
        "the page shows what is later"
    )
    card.set_state({"valeur": typed, "date_valeur": ahead, "place_valeur": {"cle": "A4-Q3", "date": ahead}})
    assert cards.session.sheet.answers["A4-Q3"].value == RATE
    now = cards.session.copies[0]
    assert now.answers["A4-Q3"].value == typed
    cards.session.adopt(page)
    assert cards.session.sheet.answers["A4-Q3"].value == RATE, "the page has still to write it"


def test_an_unknown_copy_is_told_and_a_mock_exam_offers_none(cards: Cards) -> None:
    with pytest.raises(CrcError, match="n’est plus là"):
        cards.session.take_back(SUNDAY)
    top = cards.progress_card()
    cards.session.start_exam()
    assert top.copies == []
