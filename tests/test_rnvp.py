"""Postal addresses: the five cases of the contents with their lengths, the rules, and the check of the exercises."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crc_lab.core.grading import Context, Outcome
from crc_lab.core.model import Criterion, Key, Question
from crc_lab.core.resources import datasets_folder, read_table
from crc_lab.core.rooms import checks
from crc_lab.marielle.postal import (
    ABBREVIATED,
    ACCENT,
    CASE,
    LENGTH,
    PUNCTUATION,
    WORDS,
    full_address,
    line_faults,
    postal,
)

BASE = read_table(datasets_folder() / "corriges" / "base_restructuree.csv")
RECORDS = BASE.by_key("id_contact")
LONG_WAY = "145 boulevard du Maréchal-de-Lattre-de-Tassigny"
LONG_NAME = "Salon de coiffure et d'esthétique des Quatre-Vents"


@pytest.mark.parametrize(
    ("record", "corrections", "lines"),
    [
        (
            "5",
            {"code_postal": "75011"},
            ["M KARIM BENALI", "BATIMENT C 3E ETAGE", "27 BOULEVARD VOLTAIRE", "75011 PARIS"],
        ),
        ("1", {}, ["MME ELISE DURAND", "12 BIS RUE DES LILAS", "75019 PARIS"]),
        ("4", {}, ["L ATELIER LUMIERE", "MME SOPHIE RENARD", "8 PLACE DU GENERAL DE GAULLE", "59000 LILLE"]),
    ],
)
def test_the_address_of_a_record_is_the_expected_block(record, corrections, lines) -> None:
    assert list(full_address({**RECORDS[record], **corrections})) == lines


@given(st.text(max_size=120))
def test_a_postal_line_is_capitals_digits_and_single_spaces_and_stays_as_it_is(text: str) -> None:
    line = postal(text)
    assert re.fullmatch(r"(?:[A-Z0-9&]+(?: [A-Z0-9&]+)*)?", line)
    assert postal(line) == line


@pytest.mark.parametrize(
    ("line", "full", "faults"),
    [
        ("12 BIS RUE DES LILAS", "12 bis rue des Lilas", ()),
        ("12 bis rue des Lilas", "12 bis rue des Lilas", (CASE,)),
        ("12 BIS, RUE DES LILAS", "12 bis rue des Lilas", (PUNCTUATION,)),
        ("MME ÉLISE DURAND", "Mme Élise Durand", (ACCENT,)),
        ("12 BIS RUE LILAS", "12 bis rue des Lilas", (ABBREVIATED,)),
        ("27 BD VOLTAIRE", "27 boulevard Voltaire", (ABBREVIATED,)),
        ("27 BOULEVARD ROUSSEAU", "27 boulevard Voltaire", (WORDS,)),
        ("145 BOULEVARD DU MARECHAL DE LATTRE DE TASSIGNY", LONG_WAY, (LENGTH,)),
        ("145 BD DU MAL DE LATTRE DE TASSIGNY", LONG_WAY, ()),
        ("145 BD MARECHAL DE LATTRE DE TASSIGNY", LONG_WAY, ()),
        ("145 BD MAL LATTRE TASSIGNY", LONG_WAY, ()),
        ("145 BD DE TASSIGNY", LONG_WAY, (WORDS,)),
        ("SALON COIFF ESTHETIQUE QUATRE VENTS", LONG_NAME, (WORDS,)),
        ("Salon d'esthétique", LONG_NAME, (CASE, ACCENT, PUNCTUATION, WORDS)),
    ],
)
def test_a_line_is_told_which_rule_it_breaks(line, full, faults) -> None:
    assert line_faults(line, full) == faults


# --- the check --------------------------------------------------------------------------------------------------------

CODES = ("A3-R1", "A3-R2", "A3-R3", "A3-R4", "A3-R5", "A3-R6", "A3-R7", "A3-R8", "A3-R9")
FIELDS = ["a", "b", "c", "d", "e"]
BLOCK = ["M KARIM BENALI", "BATIMENT C 3E ETAGE", "27 BOULEVARD VOLTAIRE", "75011 PARIS"]


def checked(lines: list[str], **block: object) -> Outcome:
    settings = {"fiche": "5", "corrections": {"code_postal": "75011"}, "champs": FIELDS, **block}
    criterion = Criterion("adresses", "Adresses", "rnvp", 0)
    question = Question("A3-X1", "trous", "", "", 0, (criterion,), training=True)
    messages = {code: code for code in CODES}
    key = Key("A3-X1", {}, "", {"adresses": {"blocs": [settings], "table": "base"}}, messages, {"base": BASE})
    return checks()["rnvp"].run(dict(zip(FIELDS, lines, strict=False)), Context(question, criterion, key))


def test_the_expected_block_is_right() -> None:
    outcome = checked(BLOCK)
    assert outcome.share == 1
    assert outcome.messages == ()
    assert {note.state for note in outcome.cells} == {"juste"}


def test_punctuation_is_allowed_above_the_line_of_the_street() -> None:
    outcome = checked(["M. KARIM BENALI", "BATIMENT C, 3E ETAGE", *BLOCK[2:]])
    assert (outcome.share, outcome.messages) == (1.0, ())


@pytest.mark.parametrize(
    ("lines", "code", "share"),
    [
        ([BLOCK[0].title(), *BLOCK[1:]], "A3-R4", 0.75),
        ([*BLOCK[:2], "27, BOULEVARD VOLTAIRE", BLOCK[3]], "A3-R2", 0.75),
        ([*BLOCK[:3], f"{BLOCK[3]}."], "A3-R2", 0.75),
        ([BLOCK[0], "BÂTIMENT C 3E ÉTAGE", *BLOCK[2:]], "A3-R5", 0.75),
        ([*BLOCK[:2], "27 BD VOLTAIRE", BLOCK[3]], "A3-R7", 0.75),
        ([*BLOCK[:2], "27 BOULEVARD VOLTAIRE BATIMENT C TROISIEME ETAGE", BLOCK[3]], "A3-R1", 0.75),
        ([BLOCK[1], BLOCK[0], *BLOCK[2:]], "A3-R3", 0.75),
        ([BLOCK[3], *BLOCK[:3]], "A3-R6", 0.0),
        ([BLOCK[0], "", *BLOCK[1:]], "A3-R8", 0.75),
        ([*BLOCK[:3], "7501 PARIS"], "A3-R9", 0.75),
        ([*BLOCK, "FRANCE"], "A3-R6", 0.5),
    ],
)
def test_each_broken_rule_has_its_message_and_costs_its_line(lines: list[str], code: str, share: float) -> None:
    outcome = checked(lines)
    assert code in [message.code for message in outcome.messages]
    assert next(message for message in outcome.messages if message.code == code).rows == ("5",)
    assert outcome.share == pytest.approx(share)


def test_a_missing_line_is_only_not_counted() -> None:
    outcome = checked([BLOCK[0], *BLOCK[2:]])
    assert outcome.share == 0.75
    assert outcome.messages == ()


def test_lines_may_be_given_in_full_instead_of_a_record() -> None:
    outcome = checked(["145 BD MAL DE LATTRE DE TASSIGNY"], lignes=[LONG_WAY], champs=["a"], fiche="")
    assert outcome.share == 1


@given(st.lists(st.text(max_size=50), max_size=5))
def test_any_lines_are_marked_without_failing(lines: list[str]) -> None:
    assert 0 <= checked(lines).share <= 1


def test_every_code_of_the_check_is_tried_here() -> None:
    assert set(checks()["rnvp"].codes) == set(CODES)
