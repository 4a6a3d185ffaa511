"""A line that could not be read: the student says what is in it. It counts on the screen, never in the mark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder.decisions import asking
from autograder.marking import mark_sheet
from crc_lab.core.grading import grade
from crc_lab.core.model import Verdict
from crc_lab.core.sheet import MOST_LINES, REREADING, Answer, AnswerSheet, kept_ticks, ticks_of
from crc_lab.notebook.cards import Cards
from crc_lab.notebook.session import Session
from tests.sample_copies import loaded
from tests.test_cards import say
from tests.test_decisions import A1, OTHER, QUESTION, SUBJECTS, UNKNOWN

TEXTS = ["La vente", UNKNOWN, "", OTHER]


def ticked(*ideas: str, line: str = "1", text: str = UNKNOWN) -> dict[str, Any]:
    return {line: {"texte": text, "idees": [*ideas]}}


def marked(ticks: dict[str, frozenset[str]] | None = None, value: list[str] | None = None) -> Any:
    question = loaded(A1).activity.question(QUESTION)
    assert question is not None
    return grade(question, value or TEXTS, loaded(A1).key(QUESTION), ticks=ticks or {})


def sheet_of(extra: dict[str, Any], value: Any = None) -> AnswerSheet:
    answer = Answer(TEXTS if value is None else value, tries=1, date="2026-11-20T10:00:00+01:00", extra=extra)
    return AnswerSheet(A1, answers={QUESTION: answer})


@pytest.mark.parametrize(
    ("raw", "value", "kept"),
    [
        (ticked("vente"), TEXTS, ticked("vente")),
        (ticked("vente"), ["La vente", f"{UNKNOWN} !"], {}),  # the line has changed
        (ticked("vente", "vente", "suivi", "a", "b"), TEXTS, ticked("vente", "suivi", "a")),  # three at most
        (ticked("vente", line="raison", text="b"), {"raison": "b"}, ticked("vente", line="raison", text="b")),
        (ticked("vente", line="a.1", text="b"), {"a": ["", "b"]}, ticked("vente", line="a.1", text="b")),
        (ticked("vente", line="", text="seul"), "seul", ticked("vente", line="", text="seul")),
        (ticked("v" * 61), TEXTS, {}),
        (ticked("vente", text="x" * 1_001), ["", "x" * 1_001], {}),
        (ticked("vente", line="9999999999"), TEXTS, {}),
        ({"1": ["vente"]}, TEXTS, {}),
        ([1, 2], TEXTS, {}),
        ({str(n): {"texte": "a", "idees": ["vente"]} for n in range(300)}, ["a"] * 300,
         {str(n): {"texte": "a", "idees": ["vente"]} for n in range(MOST_LINES)}),
    ],
)  # fmt: skip
def test_a_tick_is_kept_as_long_as_its_line_and_within_bounds(raw: Any, value: Any, kept: Any):
    assert kept_ticks(raw, value) == kept
    assert ticks_of(raw, value) == {line: frozenset(one["idees"]) for line, one in kept.items()}


def test_a_tick_counts_for_the_time_being_where_the_line_could_not_be_read_and_nowhere_else():
    alone, with_tick = marked(), marked({"1": frozenset({"rendez_vous"})})
    assert with_tick.points - alone.points == pytest.approx(1.5)
    said = [message.text.replace("\u00a0", " ") for message in with_tick.messages if message.code == "RELECTURE"]
    assert said == [
        "Compté pour l’instant, d’après votre relecture : prendre des rendez-vous. Votre professeur décidera."
    ]
    states = {note.row: (note.state, note.text) for note in with_tick.cells}
    assert states == {"0": ("juste", "Vendre."), "1": ("juste", "Prendre des rendez-vous."), "3": ("doute", "")}
    assert {note.row: note.state for note in alone.cells} == {"0": "juste", "1": "doute", "3": "doute"}
    for nothing in ({"0": {"suivi"}}, {"1": {"vente"}}, {"1": {"A1-E5"}}, {"1": {"inconnue"}}, {"2": {"suivi"}}):
        assert marked({line: frozenset(ideas) for line, ideas in nothing.items()}).points == alone.points


def test_a_doubt_is_never_wrong_and_offers_the_ideas_that_are_missing():
    result = marked(value=[UNKNOWN, "", "", ""])
    assert result.verdict is Verdict.PARTIEL
    [one] = result.criteria[0].in_doubt
    assert dict(one.offered) == {
        "qualification": "qualifier le fichier", "rendez_vous": "prendre des rendez-vous", "vente": "vendre",
        "suivi": "suivre la relation client",
    }  # fmt: skip
    of_two = {one.line: dict(one.offered) for one in marked().criteria[0].in_doubt}
    assert of_two.keys() == {"1", "3"}
    assert "vente" not in of_two["1"]


def test_a_line_that_may_be_an_idea_is_no_mistake_either():
    """Whatever the reader has learnt: what only a teacher can decide has no wrong note."""
    for result in (marked(value=[text, "", "", ""]) for text in (UNKNOWN, OTHER, "le commercial", "des appels", "SAV")):
        criterion = result.criteria[0]
        states = {note.row: note.state for note in criterion.cells}
        assert all(states[one.line] != "faux" for one in criterion.in_doubt)


def test_in_the_copy_a_tick_is_only_proposed_to_the_teacher():
    plain, extra = sheet_of({}), {REREADING: ticked("rendez_vous", "inconnue")}
    [before], _ = ([one for one in mark_sheet(sheet, loaded(A1))[0] if one.id == QUESTION] for sheet in (plain, plain))
    [after] = [one for one in mark_sheet(sheet_of(extra), loaded(A1))[0] if one.id == QUESTION]
    assert (after.points, after.messages) == (before.points, before.messages)
    assert {one.line: one.ticked for one in after.criteria[0].in_doubt} == {"1": {"rendez_vous"}, "3": frozenset()}

    class Result:
        copies = (type("Copy", (), {"questions": (after,)})(),) * 2

    model = loaded(A1).keys[QUESTION].models[QUESTION]
    [group] = asking.to_decide(Result(), SUBJECTS, lambda _: model, lambda _: ())  # type: ignore[arg-type]
    told = {one.text: one.proposal_told for one in group.texts}
    assert told[UNKNOWN] == "prendre des rendez-vous (dit par l’élève, 2 fois)"
    assert told[OTHER] == "aucune"


def test_a_tick_goes_with_the_answer_and_goes_when_its_line_changes(tmp_path: Path):
    session = Session(A1, tmp_path)
    session.record(QUESTION, TEXTS)
    first = session.check(QUESTION)
    session.keep_extras(QUESTION, {REREADING: ticked("rendez_vous")})
    assert session.results[QUESTION].points == pytest.approx(first.points + 1.5)
    before = session.sheet
    other = AnswerSheet(A1, answers={QUESTION: Answer(TEXTS, tries=1, date="2020-01-01T10:00:00+01:00")})
    for sheet in (
        before.merged_with(other),
        other.merged_with(before),
        AnswerSheet.from_metadata(before.to_metadata()),
    ):
        assert sheet.answers[QUESTION].ticks == {"1": {"rendez_vous"}}
    session.save_sidecar()
    assert Session(A1, tmp_path).results[QUESTION].points == session.results[QUESTION].points
    session.record(QUESTION, ["Vendre", UNKNOWN, "", OTHER], "excel")  # another line: the tick stays
    assert session.sheet.answers[QUESTION].ticks == {"1": {"rendez_vous"}}
    session.record(QUESTION, ["Vendre", f"{UNKNOWN} bis", "", OTHER])
    assert session.sheet.answers[QUESTION].extra == {REREADING: {}}


def test_the_card_offers_the_ideas_and_shows_what_a_tick_changes(tmp_path: Path):
    cards = Cards(Session(A1, tmp_path))
    card = cards.card(QUESTION)
    cards.session.record(QUESTION, TEXTS)
    cards.check(QUESTION)
    lines = card.retour["relectures"]
    assert [(line["ligne"], line["numero"], line["texte"], line["coches"]) for line in lines] == [
        ("1", 2, UNKNOWN, []),
        ("3", 4, OTHER, []),
    ]
    assert lines[0]["idees"][0] == {"id": "qualification", "texte": "qualifier le fichier"}
    before = card.retour["points"]
    say(card, {"type": "annexes", "annexes": {"relecture": ticked("rendez_vous")}})
    assert card.retour["points"] == pytest.approx(before + 1.5)
    assert card.retour["relectures"][0]["coches"] == ["rendez_vous"]
    assert Cards(cards.session).card(QUESTION).etat["annexes"] == {"relecture": ticked("rendez_vous")}


def test_nothing_is_offered_in_an_assessment():
    question = loaded(A1).activity.question(QUESTION)
    assert question is not None
    assert all(not one.in_doubt for one in grade(question, TEXTS, None, ticks={"1": frozenset({"vente"})}).criteria)
