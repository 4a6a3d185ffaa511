"""What changed between two markings: found whatever the identifiers, told in French, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.marking.manual import MANUAL
from autograder.register.differences import SHOWN, Told, compare, shown, summary, text

NUMBERS = {"06_scorer": 6}


def told(
    student: str = "igarnier",
    points: float = 4.0,
    verdict: str = "FAUX",
    messages: tuple[tuple[str, str], ...] = (("RFM-X", "Relisez la grille."),),
    copy: str = "",
    name: str = "Inès Garnier",
    **more: Any,
) -> Told:
    """A copy of one question of one criterion, out of 20."""
    criterion = {"nom": "Récence", "points": points, "sur": 20.0, "messages": [list(one) for one in messages]}
    question = {"verdict": verdict, "points": points, "sur": 20.0, "criteres": {"r": criterion}, **more}
    content = {"nom": name, "note": points, "sur": 20.0, "questions": {"A6-Q1": question}}
    return Told(student, "06_scorer", copy or f"copie de {student}", content)


def plain(lines: list[str] | bytes) -> str:
    return (lines.decode() if isinstance(lines, bytes) else "\n".join(lines)).replace("\u00a0", " ")


def test_the_same_results_are_no_difference():
    assert not compare([told()], [told()])
    assert plain(summary(compare([], []))) == "Rien n’a changé depuis la correction précédente."


def test_a_change_is_told_down_to_its_messages():
    found = compare([told()], [told(points=20.0, verdict="JUSTE", messages=(("BRAVO", "Très bien."),))])
    assert plain(summary(found)) == "1 note a changé (1 en hausse)."
    assert plain(shown(found, NUMBERS)) == "Inès Garnier, activité 6 : 4 → 20 / 20 (A6-Q1)"
    assert plain(text(found, NUMBERS)).splitlines()[-5:] == [
        "Inès Garnier, activité 6 : 4 → 20 / 20",
        "  A6-Q1 : 4 → 20 / 20 (à revoir → juste)",
        "    Récence : 4 → 20 / 20",
        "      n’est plus dit : Relisez la grille.",
        "      est dit maintenant : Très bien.",
    ]


def test_a_new_copy_and_one_handed_in_again_are_no_changes():
    found = compare([told()], [told(points=9.0, copy="autre"), told("pbenali", name="Paul Benali")])
    assert (found.changes, [one.name for one in found.again], [one.name for one in found.new]) == (
        (), ["Inès Garnier"], ["Paul Benali"],
    )  # fmt: skip
    assert plain(summary(found)).splitlines() == [
        "1 copie nouvelle.", "1 copie remise de nouveau.", "Aucune autre note n’a changé.",
    ]  # fmt: skip


def test_a_copy_that_is_gone_is_told():
    found = compare([told(), told("pbenali", name="Paul Benali")], [told()])
    assert [one.name for one in found.gone] == ["Paul Benali"]
    assert "Copies qui ne sont plus là" in plain(text(found, NUMBERS))


def test_a_student_who_gets_another_identifier_is_nobody_new():
    assert not compare([told()], [told("e001", copy="copie de igarnier")])
    found = compare([told()], [told("e001", 5.0, copy="copie de igarnier")])
    assert (len(found.changes), found.new, found.gone) == (1, (), ())


def test_two_students_who_swap_identifiers_are_not_confused():
    before = [told("a", 4.0), told("b", 8.0, name="Paul")]
    after = [told("b", 4.0, copy="copie de a"), told("a", 8.0, copy="copie de b", name="Paul")]
    found = compare(before, after)
    assert not found


def test_a_mark_given_by_hand_is_told_as_such():
    by_hand = told(points=15.0, verdict="PARTIEL", messages=((MANUAL, "Bien vu."),))
    for before, after, way, verdicts in (
        (told(), by_hand, "1 en hausse", "4 → 15 / 20 (à revoir → en partie juste)"),
        (by_hand, told(), "1 en baisse", "15 → 4 / 20 (en partie juste → à revoir)"),
    ):
        said = plain(text(compare([before], [after]), NUMBERS))
        assert f"A6-Q1 : 1 copie ({way}, 1 à la main)" in said
        # what the criteria said of the question no longer tells anything
        assert said.endswith(f"  A6-Q1 : {verdicts}\n    note mise à la main\n")
    corrected = told(points=15.0, verdict="PARTIEL", messages=((MANUAL, "Bien vu, Inès."),))
    assert "note mise à la main" in plain(text(compare([by_hand], [corrected]), NUMBERS))
    assert not compare([by_hand], [by_hand])


def test_words_that_change_alone_are_told_apart():
    found = compare([told()], [told(messages=(("RFM-X", "Relisez la grille, ligne 2."),))])
    assert plain(summary(found)) == "Des messages ont changé dans 1 copie, sans effet sur la note."
    assert shown(found, NUMBERS) == []
    assert "Messages modifiés, sans effet sur les notes" in plain(text(found, NUMBERS))


def test_a_change_too_small_to_be_seen_in_any_report_is_none():
    assert not compare([told(points=4.001)], [told(points=4.004)])
    assert "4 → 4,01 / 20" in plain(text(compare([told(points=4.0)], [told(points=4.005)]), NUMBERS))


def test_a_question_that_comes_or_goes_is_told():
    before = told()
    content = {**before.content, "questions": {**before.content["questions"], "A6-Q2": {
        "verdict": "JUSTE", "points": 2.0, "sur": 2.0, "criteres": {},
    }}}  # fmt: skip
    longer = Told(before.student, before.activity, before.copy, content)
    assert "A6-Q2 : 0 → 2 / 2 (sans objet → juste)" in plain(text(compare([before], [longer]), NUMBERS))
    assert "A6-Q2 : 2 → 0 / 2 (juste → sans objet)" in plain(text(compare([longer], [before]), NUMBERS))


def test_a_whole_class_is_cut_on_the_terminal_only():
    before = [told(f"e{n}", name=f"Élève {n}") for n in range(SHOWN + 4)]
    found = compare(before, [told(f"e{n}", 5.0, name=f"Élève {n}") for n in range(SHOWN + 4)])
    assert plain(shown(found, NUMBERS)).splitlines()[-1] == "… et 4 autres."
    assert plain(text(found, NUMBERS)).count("Élève") == SHOWN + 4


@pytest.mark.parametrize("name", ["=1+1", "Zoé\ud800", "a" * 300])
def test_strange_names_do_not_break_the_file(name: str):
    assert text(compare([told(name=name)], [told(points=5.0, name=name)]), {}).decode("utf-8")
