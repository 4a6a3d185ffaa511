"""Results in French: rounding, places, escaping."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from crc_lab.core.feedback import (
    message_text,
    number_text,
    points_text,
    render_html,
    rounded,
    tally,
    without_marks,
)
from crc_lab.core.model import PENDING, CellNote, CriterionResult, Message, QuestionResult, Verdict


def result(*messages: Message, verdict: Verdict = Verdict.PARTIEL, points: float = 3.47) -> QuestionResult:
    return QuestionResult("Q", verdict, points, 4.0, (CriterionResult("c", "Critère", verdict, points, 4.0, messages),))


@pytest.mark.parametrize(
    ("points", "maximum", "expected"),
    [(3.374, 4.0, "3.37"), (0.335 * 3, 4.0, "1.01"), (13.25, 20, "13.25"), (0.0, 4.0, "0"), (4 - 1e-12, 4.0, "4"),
     (3.999, 4.0, "3.99"), (0.001, 4.0, "0.01"), (0.1249, 0.125, "0.12"), (0.005, 0.01, "0"), (-1e-17, 4.0, "0")],
)  # fmt: skip
def test_points_are_rounded_half_up_and_only_what_is_full_or_nothing_shows_as_such(points, maximum, expected):
    assert rounded(points, maximum) == Decimal(expected)


def test_numbers_are_written_in_french_without_needless_zeros():
    assert number_text(Decimal("3.50")) == "3,5"
    assert number_text(Decimal("20.0")) == "20"
    assert number_text(Decimal("100")) == "100"
    assert points_text(Decimal("3.50"), 4.0) == "3,5\u00a0/\u00a04"


def test_a_message_names_its_rows_once():
    assert message_text(Message("X", "Comptez les chiffres.", ("6",), ("telephone",))) == (
        "Comptez les chiffres. (fiche n°\u00a06, colonne telephone)"
    )
    assert message_text(Message("X", "La fiche n° 6 est juste.", ("6",))) == "La fiche n° 6 est juste."
    assert "et 3\u00a0autres" in message_text(Message("X", "À revoir.", tuple(map(str, range(15)))))


def test_text_that_comes_from_a_student_is_escaped():
    html = render_html(result(Message("X", "« <script>alert(1)</script> » n’est pas un nombre.", ("<b>",))))
    assert "<script>" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html


def test_a_repeated_message_is_shown_once():
    message = Message("NON_REPONDU", "Vous n’avez pas encore répondu.")
    html = render_html(result(message, message, verdict=Verdict.NON_REPONDU))
    assert html.count("Vous n’avez pas encore répondu.") == html.count("Pas encore répondu.") == 1


def test_a_pending_question_shows_no_points():
    assert " / " not in render_html(result(verdict=Verdict.A_RELIRE, points=0.0)).replace("\u00a0", " ")


def test_a_criterion_that_a_person_will_read_shows_no_points():
    read = CriterionResult("i", "Idées", Verdict.A_RELIRE, 0.0, 8.0)
    done = CriterionResult("o", "Orthographe", Verdict.PARTIEL, 1.5, 2.0)
    html = render_html(QuestionResult("Q", Verdict.A_RELIRE, 1.5, 10.0, (read, done))).replace("\u00a0", " ")
    assert "Idées : vérifié à la correction</li>" in html
    assert "Orthographe : en partie juste · 1,5 / 2</li>" in html


@pytest.mark.parametrize("verdict", [Verdict.JUSTE, Verdict.PARTIEL, Verdict.FAUX, Verdict.A_RELIRE])
def test_an_assessment_shows_neither_points_nor_right_and_wrong(verdict):
    waits = CriterionResult("a", "Récence", Verdict.A_RELIRE, 0.0, 4.0, (Message(PENDING, "Vérifié à la correction."),))
    whole = QuestionResult("Q", verdict, 4.0, 8.0, (waits, *result(verdict=verdict, points=4.0).criteria))
    shown = without_marks(whole)
    assert (shown.verdict, shown.points, shown.max_points) == (Verdict.A_RELIRE, 0.0, 0.0)
    html = render_html(shown, form_only=True).replace("\u00a0", " ")
    assert "Vérifié à la correction." in html
    assert html.count("érifié à la correction") == 2 + (verdict is Verdict.A_RELIRE), "said once for each, no more"
    assert not any(word in html for word in ("juste", "faux", "À revoir", "/ 4", "/ 8"))


@pytest.mark.parametrize("verdict", [Verdict.NON_REPONDU, Verdict.ERREUR])
def test_an_assessment_still_says_that_nothing_was_answered_or_can_be_read(verdict):
    assert without_marks(result(Message("FORMAT", "Écrivez un nombre."), verdict=verdict)).verdict is verdict


def test_a_message_marks_the_records_it_names_and_nothing_else():
    def marked(text, *rows, columns=()):
        html = render_html(result(Message("X", text, rows, columns)))
        return re.findall(r'<span data-fiche="([^"]*)">([^<]*)</span>', html), html

    many = "Les fiches n° 3, 5 et 13 ont 3 chiffres de trop."
    assert marked(many, "3", "5", "13")[0] == [("3", "3"), ("5", "5"), ("13", "13")]
    assert marked("Comptez les 9 chiffres.", "9")[0] == [("9", "9")]  # in the place that is added
    assert marked("Comptez les 9 chiffres.", "9")[1].count("data-fiche") == 1
    assert marked("La ligne lundi soir déborde, lundi non.", "lundi")[0][0] == ("lundi", "lundi")
    assert marked("La fiche n° 6 est juste.")[0] == []
    found, html = marked("Revoyez la fiche n° <9>.", "<9>", columns=("a", 'b"'))
    assert found == [("&lt;9&gt;", "&lt;9&gt;")]
    assert 'data-colonnes="a|b&quot;"' in html


@pytest.mark.parametrize(
    ("states", "fields", "told"),
    [
        (["juste", "faux", "juste"], 5, "2 sur 5"),
        (["faux", "faux"], 5, ""),
        (["juste"], 1, ""),
        (["juste", "faux"], 0, ""),  # the student says how many
    ],
)
def test_how_many_fields_are_right_is_told_in_one_way(states, fields, told):
    notes = tuple(CellNote(str(at), "champ", state) for at, state in enumerate(states))
    one = CriterionResult("C", "", Verdict.PARTIEL, 1.0, 2.0, cells=notes)
    asked = QuestionResult("Q", Verdict.PARTIEL, 1.0, 2.0, (one,))
    assert tally(asked, fields).replace("\u00a0", " ") == told
    said = replace(one, messages=(Message("X", "Reconnus : 2 sur 5."),))
    assert tally(replace(asked, criteria=(said,)), fields) == ""  # a message says it already
    several = tuple(replace(one, verdict=verdict) for verdict in (Verdict.JUSTE, Verdict.FAUX, Verdict.NON_REPONDU))
    assert tally(replace(asked, criteria=several), 0).replace("\u00a0", " ") == "1 sur 3"
    assert tally(replace(asked, verdict=Verdict.JUSTE), fields) == ""
