"""One answer, three ways in: card, Excel (also rewritten by LibreOffice), DataFrame. The verdict is the same."""

import json

import pandas as pd
import pytest

from crc_lab.core.bank import load_activity
from crc_lab.core.grading import grade
from crc_lab.core.resources import activity_folder, datasets_folder
from crc_lab.excel import read_answer, write_template
from crc_lab.notebook import commands
from crc_lab.notebook.session import Session
from crc_lab.notebook.tables import to_plain
from tests.excel_cases import through_libreoffice

CASES = {"03_structurer": "A3-Q2", "06_scorer": "A6-Q1"}


def with_slips(activity):
    """The question, its key, and an answer with a few mistakes of a student (empty, wrong and inverted cells)."""
    loaded = load_activity(activity_folder(activity), datasets_folder())
    question, key = loaded.activity.question(CASES[activity]), loaded.keys[CASES[activity]]
    answer = json.loads(json.dumps(key.answer))
    fillable = [c.name for c in question.table.columns if c.answer]
    for row, name in ((0, fillable[1]), (4, fillable[2]), (8, fillable[0])):
        answer["lignes"][row][answer["colonnes"].index(name)] = ""
    at = answer["colonnes"].index(fillable[-1])
    answer["lignes"][2][at], answer["lignes"][3][at] = answer["lignes"][3][at], answer["lignes"][2][at]
    return question, key, answer


@pytest.mark.parametrize("activity", CASES)
def test_card_excel_libreoffice_and_frame_give_identical_results(activity, tmp_path):
    question, key, answer = with_slips(activity)
    path = write_template(question, tmp_path / "reponse.xlsx", answer)
    rewritten = through_libreoffice(tmp_path, path) / path.name
    ways = {
        "card": answer,
        "excel": read_answer(path, None, question).value,
        "libreoffice": read_answer(rewritten, None, question).value,
        "frame": to_plain(pd.DataFrame(answer["lignes"], columns=answer["colonnes"]), key=question.table.key),
    }
    results = {way: grade(question, value, key) for way, value in ways.items()}
    assert 0 < results["card"].points < question.points
    assert results["card"].messages
    for way, result in results.items():
        assert result.to_json() == results["card"].to_json(), way
    assert ways["excel"] == ways["libreoffice"]


def test_the_three_sources_leave_the_same_answer_in_the_sheet(tmp_path, monkeypatch):
    question, _key, answer = with_slips("06_scorer")
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(commands, "show", lambda _thing: None)
    monkeypatch.setattr(commands, "show_html", lambda _html: None)
    stored = {}
    path = write_template(question, tmp_path / "rfm.xlsx", answer)
    session = Session("06_scorer", tmp_path)
    session.record("A6-Q1", answer, "carte")
    stored["carte"] = session.answer("A6-Q1")
    for source, give in (
        ("excel", lambda: commands.importer_excel(str(path), remplacer=True)),
        ("code", lambda: commands.verifier("A6-Q1", pd.DataFrame(answer["lignes"], columns=answer["colonnes"]))),
    ):
        commands.debut("06_scorer")
        give()
        stored[source] = commands.current().session.answer("A6-Q1")
    assert all(kept.source == source for source, kept in stored.items())
    assert stored["carte"].value == stored["excel"].value == stored["code"].value
