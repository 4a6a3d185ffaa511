"""One cell against the expected one: the equivalences of the mark scheme, and what is not one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crc_lab.checks.answer_rows import MAX_CELL, clean
from crc_lab.checks.comparers import RIGHT, WRONG, Match
from crc_lab.core.model import Table
from crc_lab.core.resources import datasets_folder, read_table
from crc_lab.marielle.cells import (
    DATE_COLUMNS,
    TEXT_COLUMNS,
    compare,
    date_form,
    date_parts,
    lost_zeros,
    mixing,
    national_number,
)

KEY: Table = read_table(datasets_folder() / "corriges" / "base_restructuree.csv")
CELLS = [(name, text) for row in KEY.rows for name, text in zip(KEY.columns, row, strict=True) if text]
NUMBER = st.from_regex(r"[1-9][0-9]{8}", fullmatch=True)
SEPARATOR = st.sampled_from(["", " ", ".", "-", "\u00a0", "\u202f"])
DATES = st.dates(dt.date(2001, 1, 1), dt.date(2099, 12, 31))
MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
          "décembre"]  # fmt: skip


# --- what is the same --------------------------------------------------------------------------------------------


@given(st.sampled_from(CELLS))
def test_every_cell_of_the_key_is_itself(cell: tuple[str, str]) -> None:
    assert compare(cell[0], cell[1], cell[1]) == RIGHT


@given(st.sampled_from([cell for cell in CELLS if cell[0] != "email"]), st.sampled_from([str.lower, str.upper]))
def test_case_is_ignored_everywhere_but_in_emails(cell: tuple[str, str], change: Callable[[str], str]) -> None:
    assert compare(cell[0], change(cell[1]), cell[1]).share == 1


@pytest.mark.parametrize(
    ("column", "given_text", "expected"),
    [
        ("prenom", "Elise", "Élise"),
        ("nom_voie", "de la République", "DE LA REPUBLIQUE"),
        ("ville", "Saint-Nazaire", "SAINT NAZAIRE"),
        ("ville", "Alençon", "ALENCON"),
        ("raison_sociale", "L’Atelier  Lumière", "L'ATELIER LUMIERE"),
        ("prenom", "E", "E."),
        ("origine", "carte fidélité", "CARTE_FIDELITE"),
        ("optin_sms", "sans objet", "SANS_OBJET"),
        ("civilite", "M", "M."),
        ("civilite", "Mr et Mme", "M. et Mme"),
        ("civilite", "Monsieur et Madame", "M. et Mme"),
        ("telephone", "06 39 98 77 7", "063998777"),
        ("telephone", "+33 6 39 98 77 7", "063998777"),
        ("age", "41.0", "41"),
        ("panier_moyen", "48", "48.00"),
        ("panier_moyen", "112.504", "112.50"),
        ("date_naissance", "31/02/1992", "1992-02-31"),
        ("date_naissance", "31-02-92", "2092-02-31"),
        ("date_dernier_achat", "septembre 2025", "sept. 2025"),
        ("date_dernier_achat", "09/2025", "sept. 2025"),
        ("date_creation", "2019-02", "02/2019"),
        ("date_dernier_achat", "2026-09-12 00:00:00", "2026-09-12"),
        ("date_dernier_achat", "12/09/26", "2026-09-12"),
    ],
)
def test_the_same_said_otherwise_is_right_without_a_remark(column: str, given_text: str, expected: str) -> None:
    assert compare(column, given_text, expected) == RIGHT


@given(NUMBER, SEPARATOR, st.sampled_from(["0", "+33", "0033", "+33(0)", "+33 (0)"]))
def test_a_phone_is_the_same_in_every_usual_display(number: str, mark: str, prefix: str) -> None:
    pairs = [number[1:][at : at + 2] for at in range(0, 8, 2)]
    shown = mark.join([f"{prefix}{'' if prefix == '0' else mark}{number[0]}", *pairs])
    assert compare("telephone", shown, f"+33{number}") == RIGHT


@given(NUMBER, NUMBER)
def test_another_phone_is_wrong(one: str, other: str) -> None:
    assert (compare("telephone", f"0{one}", f"+33{other}").share == 1) == (one == other)


@given(DATES, st.sampled_from(DATE_COLUMNS))
def test_a_date_is_the_same_in_every_form(date: dt.date, column: str) -> None:
    day, month, year = date.day, date.month, date.year
    for shown in (
        f"{day:02d}/{month:02d}/{year}",
        f"{day}-{month}-{year}",
        f"{day:02d}.{month:02d}.{year % 100:02d}",
        f"{day} {MONTHS[month - 1]} {year}",
        f"{date.isoformat()} 00:00:00",
    ):
        assert compare(column, shown, date.isoformat()) == RIGHT, shown


@given(DATES, DATES)
def test_another_date_is_wrong(one: dt.date, other: dt.date) -> None:
    assert (compare("date_creation", f"{one:%d/%m/%Y}", other.isoformat()).share == 1) == (one == other)


@given(st.decimals(0, 99_999, places=2), st.decimals("-0.02", "0.02", places=3))
def test_an_amount_is_right_to_half_a_cent(amount: Decimal, gap: Decimal) -> None:
    if amount + gap >= 0:
        assert (compare("panier_moyen", f"{amount + gap:f}", f"{amount:f}").share == 1) == (
            abs(gap) <= Decimal("0.005")
        )


# --- what is accepted with a remark ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "given_text", "expected", "match"),
    [
        ("panier_moyen", "112,50", "112.50", Match(1.0, "A3-E12")),
        ("panier_moyen", "112.50 €", "112.50", Match(1.0, "A3-E12")),
        ("panier_moyen", "100,00 euros", "100.00", Match(1.0, "A3-E12")),
        ("panier_moyen", "env. 30 €", "env. 30", Match(1.0, "A3-E12")),
        ("type_voie", "bd", "BOULEVARD", Match(1.0, "A3-I2")),
        ("type_voie", "r.", "RUE", Match(1.0, "A3-I2")),
        ("type_voie", "rte", "ROUTE", Match(1.0, "A3-I2")),
        ("complement", "Bât. C 3ème étage", "BATIMENT C 3E ETAGE", Match(1.0, "A3-I2")),
        ("date_dernier_achat", "2025-09-01", "sept. 2025", Match(1.0, "A3-I3")),
        ("nom_voie", "rue des Lilas", "DES LILAS", Match(0.5, "A3-E5")),
        ("nom_voie", "R. DES LILAS", "DES LILAS", Match(0.5, "A3-E5")),
    ],
)
def test_what_is_accepted_says_why(column: str, given_text: str, expected: str, match: Match) -> None:
    assert compare(column, given_text, expected) == match


# --- what is wrong -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "given_text", "expected", "code"),
    [
        ("civilite", "Mlle", "Mme", "A3-E6"),
        ("civilite", "Madame", "Mme", "A3-E6"),
        ("civilite", "Mr", "M.", "A3-E6"),
        ("civilite", "Mme", "M.", ""),
        ("siret", "1234400016", "00001234400016", "A3-E3"),
        ("siret", "1.2344E+09", "00001234400016", "A3-E3"),
        ("siret", "0000 1234 4000 16", "00001234400016", ""),
        ("code_postal", "1000", "01000", "A3-E3"),
        ("code_postal", "75019.0", "75019", "A3-E3"),
        ("code_postal", "75020", "75019", ""),
        ("telephone", "639981234", "+33639981234", "A3-E3"),
        ("telephone", "33639981234", "+33639981234", "A3-E3"),
        ("email", "Elise.Durand@example.com", "elise.durand@example.com", ""),
        ("email", "élise.durand@example.com", "elise.durand@example.com", ""),
        ("nb_achats_12m", "cinq", "5", ""),
        ("nb_achats_12m", "1 achat", "1", ""),
        ("nb_achats_12m", "0", "?", ""),
        ("nb_achats_12m", "!", "?", ""),
        ("date_creation", "2022-01-01", "2022", ""),
        ("date_naissance", "1992-03-02", "1992-02-31", ""),
        ("nom_voie", "12 bis rue des Lilas", "DES LILAS", ""),
        ("nom_voie", "LILAS", "DES LILAS", ""),
        ("type_voie", "av", "BOULEVARD", ""),
        ("sexe", "Homme", "H", ""),
        ("panier_moyen", "environ 30", "env. 30", ""),
    ],
)
def test_what_is_wrong_earns_nothing(column: str, given_text: str, expected: str, code: str) -> None:
    assert compare(column, given_text, expected) == Match(0.0, code)


@given(st.sampled_from(CELLS), st.text(max_size=40))
def test_any_text_is_compared_without_failing(cell: tuple[str, str], text: str) -> None:
    typed = clean(text)
    if typed:
        assert compare(cell[0], typed, cell[1]).share in (0, 0.5, 1)
        assert mixing(cell[0], typed) in ("", "A3-E5", "A3-E7", "A3-MELANGE")
        date_form(typed)
        date_parts(typed)
        national_number(typed)


def test_a_huge_cell_is_wrong_at_once() -> None:
    assert compare("nom", "a" * (MAX_CELL + 1), "DURAND") == WRONG
    assert date_form("1" * 100_000) == ""


@pytest.mark.parametrize("text", ["", "  ", "nan", "NaN", "None", "NaT", "<NA>", "∅", "-", "null", "\u00a0"])
def test_these_are_empty_cells(text: str) -> None:
    assert clean(text) == ""


@pytest.mark.parametrize("text", ["0", "non", "?", "INCONNU", "nant"])
def test_these_are_not_empty_cells(text: str) -> None:
    assert clean(f" {text} ") == text


# --- zeros ---------------------------------------------------------------------------------------------------------


@given(st.sampled_from([cell for cell in CELLS if cell[0] in TEXT_COLUMNS]))
def test_no_text_of_the_key_looks_like_a_number(cell: tuple[str, str]) -> None:
    assert not lost_zeros(cell[0], cell[1])


@pytest.mark.parametrize("raw", ["06 39 98 12 34", "0639981234", "02.61.91.45.67", "063998777", "+33 6 39 98 18 13"])
def test_a_phone_copied_as_it_was_has_lost_nothing(raw: str) -> None:
    assert not lost_zeros("telephone", raw)


def test_four_digits_are_a_lost_zero_only_when_the_file_has_the_zero() -> None:
    assert lost_zeros("code_postal", "1000", "12 rue Nationale 01000 Bourg")
    assert not lost_zeros("code_postal", "7501", "27 bd Voltaire 7501 Paris")
    assert not lost_zeros("nb_achats_12m", "7501.0", "")


# --- forms of dates ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2026-09-12", "iso"),
        ("2026-09-12 00:00:00", "iso"),
        ("12/09/2026", "slash"),
        ("12-9-2026", "dash"),
        ("12.09.2026", "dot"),
        ("12/09/26", "short"),
        ("12 septembre 2026", "words"),
        ("31/02/1992", ""),
        ("sept. 2025", ""),
        ("2022", ""),
    ],
)
def test_the_form_of_a_real_date_is_known(text: str, form: str) -> None:
    assert date_form(text) == form


# --- several pieces of information in one cell ---------------------------------------------------------------------


def test_no_cell_of_the_key_mixes_information() -> None:
    assert [cell for cell in CELLS if mixing(*cell)] == []


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("numero_voie", "12 bis", "A3-E5"),
        ("numero_voie", "12 bis rue des Lilas", "A3-E5"),
        ("indice_repetition", "12 bis", "A3-E5"),
        ("type_voie", "rue des Lilas", "A3-E5"),
        ("nom_voie", "12 bis, r. des lilas", "A3-E5"),
        ("nom_voie", "rue des Lilas", "A3-E5"),
        ("nom_voie", "DES LILAS 75019 PARIS", "A3-MELANGE"),
        ("nom", "NGUYEN - NPAI", "A3-E7"),
        ("nom", "AUBERT PHILIPPE - NE PLUS CONTACTER", "A3-E7"),
        ("nom", "Mme DURAND", "A3-MELANGE"),
        ("nom", "MARTIN Paul", "A3-MELANGE"),
        ("nom", "DUPONT 12", "A3-MELANGE"),
        ("civilite", "Mme Durand", "A3-MELANGE"),
        ("raison_sociale", "L’Atelier Lumière (Mme Sophie RENARD)", "A3-MELANGE"),
        ("code_postal", "75019 PARIS", "A3-MELANGE"),
        ("ville", "75019 PARIS", "A3-MELANGE"),
        ("telephone", "06 39 98 12 34 - elise.durand@example.com", "A3-MELANGE"),
        ("email", "fatou.diallo@@example.com 06.39.98.20.21", "A3-MELANGE"),
        ("date_naissance", "F - 04.06.1978", "A3-MELANGE"),
        ("age", "H 42 ans", "A3-MELANGE"),
        ("sexe", "H 42 ans", "A3-MELANGE"),
        ("optin_email", "mail oui / sms oui", "A3-MELANGE"),
        ("optin_tel", "oui (03/09/2026)", "A3-MELANGE"),
        ("siret", "salon de coiffure, 4 salariés, SIRET 00001234400016", "A3-MELANGE"),
        ("origine", "salon Alençon 12/04/2026", "A3-MELANGE"),
        ("date_creation", "salon Alençon 12/04/2026", "A3-MELANGE"),
    ],
)
def test_a_cell_that_holds_two_things_is_seen(column: str, text: str, code: str) -> None:
    assert mixing(column, text) == code


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("siret", "SIRET 00001234400016"),
        ("age", "42 ans"),
        ("nom", "DE LA FONTAINE"),
        ("nom", "Durand"),
        ("prenom", "Jean-Pierre"),
        ("prenom", "M."),
        ("nom_voie", "4 SEPTEMBRE"),
        ("date_naissance", "14 mars 1985"),
        ("panier_moyen", "112,50 €"),
        ("telephone", "+33 (0)6 39 98 12 34"),
    ],
)
def test_a_cell_that_is_only_badly_written_is_not_mixed(column: str, text: str) -> None:
    assert mixing(column, text) == ""
