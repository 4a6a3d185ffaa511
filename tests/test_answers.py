"""From what was typed to a plain value: every kind's shapes, numbers and dates both ways, hostile values."""

import datetime as dt
import json
import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crc_lab.core.answers import (
    MAX_ITEMS,
    MAX_TEXT,
    FormatProblem,
    format_date,
    format_number,
    is_blank,
    parse_date,
    parse_integer,
    parse_number,
    parse_quantity,
    read_number,
    read_quantity,
)
from crc_lab.core.model import Part, Table
from crc_lab.core.rooms import kinds, parse
from crc_lab.kinds.parts import Parts

NAN = float("nan")
KINDS = tuple(kinds())
PARTS = Parts((Part("taux", "nombre", "Taux"), Part("conforme", "choix", "Conforme")))
SHAPES = {
    "choix": ("b", "b"),
    "choix_multiple": (["a", "c", "a", ""], ("a", "c")),
    "vrai_faux": ({"choix": "vrai", "raison": "car"}, {"choix": "vrai", "raison": "car"}),
    "nombre": ("8,33 %", Decimal("8.33")),
    "date": (" 24/11/2026 ", dt.date(2026, 11, 24)),
    "dialogue": (
        {"S1": {"parcours": [["A", "b"]], "etapes": None}, "S2": {"parcours": []}},
        {"S1": {"parcours": [("A", "b")], "etapes": ()}},
    ),
    "planning": ({"P1": ["9", 8], "P2": []}, {"P1": (8, 9)}),
    "surlignage": (["s1", "s2"], {"s1": "releve", "s2": "releve"}),
    "texte": ("  des particuliers ", "des particuliers"),
    "textes": (["un", "", None], ("un", "", "")),
    "trous": ({"t1": "x", "t2": None}, {"t1": "x", "t2": ""}),
    "association": ({"o1": "nettoyer"}, {"o1": "nettoyer"}),
    "ordre": (["c", "a"], ("c", "a")),
    "priorites": (["c", "a", "c"], ("c", "a")),
    "fiches": (["3", 5, "3", ""], ("3", "5")),
    "coches": (
        {"email": ["1", "4", "1"], "sms": [], "courrier": None},
        {"email": ("1", "4"), "sms": (), "courrier": ()},
    ),
    "cartes": ({"version": 1, "cartes": {}}, {"version": 1, "cartes": {}}),
    "tableau": (
        {"colonnes": ["id", "R"], "lignes": [["1", "10"], ["2"], ["3", None, "de trop"]]},
        Table(("id", "R"), (("1", "10"), ("2", ""), ("3", ""))),
    ),
    "cellules": ([["6", "telephone"], ["6", "telephone"]], (("6", "telephone"),)),
    "paires": ([["1", "2"], [13, 37]], (("1", "2"), ("13", "37"))),
    "segment": (
        {"criteres": [["sexe", "=", "H"]], "fiches": ["3", "5", "3"]},
        {"criteres": (("sexe", "=", "H"),), "fiches": ("3", "5")},
    ),
    "ouverte": ("Du **texte**\nsur deux lignes", "Du **texte**\nsur deux lignes"),
    "formulaire": (
        {"conclusion": " non ", "manquements": ["M3", "M7", "M3", ""]},
        {"conclusion": "non", "manquements": ("M3", "M7")},
    ),
    "parties": ({"taux": "8,33", "conforme": "non"}, {"taux": Decimal("8.33"), "conforme": "non"}),
}
"""kind → (a value of the sheet, its plain value)."""


def deep(levels: int) -> list:
    value: list = []
    for _ in range(levels):
        value = [value]
    return value


HOSTILE = [
    None, True, False, NAN, math.inf, -math.inf, 0, -1, 10**5000, 1e300, "", " \u00a0", "\x00", "\ud800",
    "x" * (MAX_TEXT + 1), [], {}, [[]], [None], [True], [NAN], [{}], {"": ""}, {"a": {"b": {}}}, {"a": [1]},
    deep(100_000), {"colonnes": deep(5000)}, ["a"] * (MAX_ITEMS + 1), {"colonnes": [["x"]], "lignes": [["y"]]},
    {"colonnes": [{}], "lignes": [[1]]}, {"colonnes": ["a", "a"], "lignes": []}, {"colonnes": ["a"], "lignes": "x"},
    {"colonnes": ["a"], "lignes": [1, None]}, {"colonnes": ["a"], "lignes": [[deep(2000)]]},
    {"colonnes": "a", "lignes": [["x"]]}, {"colonnes": ["a"] * 300, "lignes": []},
    {"criteres": [["a"]], "fiches": [1]}, {"criteres": 1}, {"choix": True}, [["1"]], [["1", "2", "3"]],
    [["1", ["2"]]], [["1", True]], "1-2",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_reads_its_own_shape_as_the_json_of_a_notebook_holds_it(kind):
    raw, plain = SHAPES[kind]
    assert parse(kind, raw, PARTS) == parse(kind, json.loads(json.dumps(raw)), PARTS) == plain


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("position", range(len(HOSTILE)))
def test_a_hostile_value_is_a_value_or_a_problem_in_french(kind, position):
    assert is_blank(HOSTILE[position]) in (True, False)
    found = parse(kind, HOSTILE[position], PARTS)
    if isinstance(found, FormatProblem):
        assert found.code.startswith("FORMAT")
        assert found.text.endswith(".")
        found.text.encode("utf-8")


def test_a_kind_that_does_not_exist_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        parse("devinette", "x")


# --- blank ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [None, "", "  \n\u00a0\u202f", [], {}, [""], [None, " "], [[], [""]], {"a": "", "b": None}, NAN, [NAN], deep(5000)],
)
def test_nothing_and_spaces_are_blank(raw):
    assert is_blank(raw)


@pytest.mark.parametrize("raw", ["0", 0, False, "?", ["", "x"], {"a": ["", "non"]}, [["1", ""]]])
def test_anything_else_is_an_answer_even_no_and_zero(raw):
    assert not is_blank(raw)


def test_a_table_with_only_its_given_columns_is_blank():
    table = {"colonnes": ["id", "nom", "R"], "lignes": [["1", "DURAND", ""], ["2", "MARTIN", None]]}
    assert is_blank(table, frozenset({"id", "nom"}))
    assert not is_blank(table)
    table["lignes"][1][2] = "10"
    assert not is_blank(table, frozenset({"id", "nom"}))


def test_a_part_left_blank_is_none_and_not_a_problem():
    assert parse("parties", {"taux": " ", "conforme": "non", "inconnue": "x"}, PARTS) == {
        "taux": None,
        "conforme": "non",
    }
    assert parse("parties", {}, PARTS) == {"taux": None, "conforme": None}


def test_a_part_that_cannot_be_read_is_a_problem_of_that_part_only():
    read = parse("parties", {"taux": "beaucoup", "conforme": "non"}, PARTS)
    assert isinstance(read["taux"], FormatProblem)
    assert read["taux"].code == "FORMAT-NOMBRE"
    assert read["conforme"] == "non"


# --- numbers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("8,33", "8.33"), ("8.33", "8.33"), (" 8,33 % ", "8.33"), ("8,33\u00a0%", "8.33"), ("1 234,50 €", "1234.50"),
        ("1\u202f234\u202f567", "1234567"), ("12 euros", "12"), ("12 EUR", "12"), ("+3", "3"), ("-3,5", "-3.5"),
        ("\u22123,5", "-3.5"), ("007", "7"), ("112.50", "112.50"),
    ],
)  # fmt: skip
def test_french_and_english_numbers_are_read(typed, value):
    assert parse_number(typed) == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("15.15s", "15.15"),
        ("15,15 secondes", "15.15"),
        ("9 réclamations", "9"),
        ("1\u00a0234 appels", "1234"),
        ("6h", "6"),
        ("3 ans", "3"),
        ("5 jours travaillés", "5"),
        ("52 €", "52"),
        ("€ 52", "52"),
        ("4 achats/an", "4"),
        ("trois", "3"),
        ("Vingt et une réclamations", "21"),
        ("quatre-vingt-dix-neuf ans", "99"),
        ("deux cents", "200"),
        ("neuf cent soixante et onze", "971"),
        ("Taux de NPAI : 8,33 %", "8.33"),
        ("le taux est de 8,33", "8.33"),
        ("soit environ 8,33", "8.33"),
        ("5 / 60 = 8,33", "8.33"),
        ("taux = 5/60 = 8,33 %", "8.33"),
        ("« 8,33 »", "8.33"),
        ('"8,33"', "8.33"),
        ("cela fait 12 clients", "12"),
    ],
)
def test_an_answer_may_say_what_it_counts(typed, value):
    assert read_number(typed) == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "wanted", "number", "told"),
    [
        ("36 mois", "an(s)", "3", "en mois, la réponse est attendue en ans."),
        ("3 mois", "ans", "0.25", "en mois"),
        ("4,5 min", "s", "270", "en min"),
        ("1,2 k€", "€", "1200", "en k€"),
        ("1,2 M€", "€", "1200000", "en M€"),
        ("12 €", "%", "12", "en €, la réponse est attendue en %."),
        ("80 %", "sur 5", "80", "la réponse est attendue sur 5."),
        ("3 ANS", "an(s)", "3", ""),
        ("5 jours", "jours travaillés", "5", ""),
        ("4 points", "points", "4", ""),
        ("12 %", "", "12", ""),
        ("12", "%", "12", ""),
    ],
)
def test_another_unit_is_converted_where_it_can_be_and_told(typed, wanted, number, told):
    value, messages = read_quantity(typed).into(wanted)
    assert value == Decimal(number)
    assert [told in message.text for message in messages] == ([True] if told else [])


def test_every_number_in_words_is_read():
    def words(n):
        tens = [
            "",
            "",
            "vingt",
            "trente",
            "quarante",
            "cinquante",
            "soixante",
            "soixante",
            "quatre-vingt",
            "quatre-vingt",
        ]
        small = [
            "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
            "treize", "quatorze", "quinze", "seize",
        ]  # fmt: skip
        if n < 17:
            return small[n]
        if n < 20:
            return f"dix-{small[n - 10]}"
        ten, unit = divmod(n, 10)
        unit += 10 if ten in (7, 9) else 0
        if unit == 0:
            return tens[ten] + ("s" if n == 80 else "")
        return f"{tens[ten]} et {words(unit)}" if unit in (1, 11) and ten < 8 else f"{tens[ten]}-{words(unit)}"

    assert [parse_quantity(words(n)) for n in range(100)] == list(range(100))
    assert parse_quantity(f"sept cent {words(93)} clients") == 793


@pytest.mark.parametrize(
    "typed",
    [
        "trois quatre",
        "un peu",
        "3 et demi",
        "trois ou quatre",
        "mille",
        "trop de mots",
        "3 ans = 36 mois",
        "ce n’est pas 8,33",
    ],
)
def test_what_is_no_number_or_two_is_not_read(typed):
    assert read_quantity(typed) is None


@pytest.mark.parametrize("typed", ["2 millions", "3 k", "4M", "9 ou 10", "9 réclamations sur 24", "abc 9", "s"])
def test_a_word_that_changes_the_number_is_not_left_out(typed):
    with pytest.raises(FormatProblem):
        read_number(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "", "beaucoup", "8,33,1", "1.234,50", "12 34", "5/60", "env. 30", "1e5", "NaN", "inf", "--3", "3 -", "?",
        "9" * 400,
    ],
)  # fmt: skip
def test_what_is_not_a_number_is_not_guessed(typed):
    assert parse_number(typed) is None


@pytest.mark.parametrize(("raw", "value"), [(8.33, "8.33"), (3, "3"), (1e-7, "0.0000001"), (3.0, "3.0")])
def test_a_json_number_is_read_like_a_typed_one(raw, value):
    assert parse("nombre", raw) == Decimal(value)


@pytest.mark.parametrize("raw", [math.inf, pytest.param(10**5000, id="huge"), True, [8]])
def test_a_number_without_end_or_meaning_is_a_problem(raw):
    assert isinstance(parse("nombre", raw), FormatProblem)


@given(st.decimals(min_value=-(10**14), max_value=10**14, places=6, allow_nan=False))
def test_a_number_written_then_read_is_the_same(number):
    assert parse_number(format_number(number)) == number


@given(st.integers(min_value=-(10**14), max_value=10**14))
def test_a_whole_number_grouped_in_thousands_is_the_same(number):
    assert parse_integer(f"{number:,}".replace(",", "\u202f")) == number


@pytest.mark.parametrize(("typed", "whole"), [("4", 4), ("4,0", 4), ("4,5", None), ("cinq", None)])
def test_a_whole_number_may_end_with_zeros_only(typed, whole):
    assert parse_integer(typed) == whole


# --- dates ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "2026-05-01", "2026-5-1", "01/05/2026", "1/5/2026", "01-05-26", "01.05.2026", "1er mai 2026", "1 mai 2026",
        " 1 MAI 2026 ", "2026-05-01 00:00:00", "2026-05-01T00:00", "« 01/05/2026 »",
        "Date limite : vendredi 1er mai 2026.", "au 01/05/2026", "jusqu’au 1er mai 2026 ;",
    ],
)  # fmt: skip
def test_the_usual_ways_to_write_a_date_are_read(typed):
    assert parse_date(typed) == dt.date(2026, 5, 1)


@pytest.mark.parametrize(
    ("typed", "month"), [("3 févr. 2026", 2), ("3 août 2026", 8), ("3 déc. 2026", 12), ("3 Septembre 2026", 9)]
)
def test_french_months_are_read(typed, month):
    assert parse_date(typed) == dt.date(2026, month, 3)


@pytest.mark.parametrize(
    "typed",
    [
        "", "31/02/1992", "1992-02-31", "29/02/2023", "sept. 2025", "2022", "02/2019", "12/13/2026",
        "3 brumaire 2026", "0000-01-01",
    ],
)  # fmt: skip
def test_a_date_that_does_not_exist_is_not_a_date(typed):
    assert parse_date(typed) is None


def test_a_leap_day_exists():
    assert parse_date("29/02/2024") == dt.date(2024, 2, 29)


@given(st.dates())
def test_a_date_written_then_read_is_the_same(day):
    assert parse_date(format_date(day)) == day
    assert parse_date(f"{day.day:02}/{day.month:02}/{day.year:04}") == day


@given(st.text(max_size=40))
def test_any_text_is_a_number_a_date_or_nothing(typed):
    assert parse_number(typed) is None or isinstance(parse_number(typed), Decimal)
    assert parse_date(typed) is None or isinstance(parse_date(typed), dt.date)


# --- tables and lists -------------------------------------------------------------------------------------------


def test_a_column_given_twice_is_named():
    found = parse("tableau", {"colonnes": ["id", " id "], "lignes": []})
    assert isinstance(found, FormatProblem)
    assert (found.code, "« id »" in found.text.replace("\u00a0", " ")) == ("FORMAT-COLONNE-DOUBLE", True)


def test_the_empty_cells_of_pandas_are_empty_cells():
    table = parse("tableau", {"colonnes": ["a", "b"], "lignes": [[NAN, None], [1, 2.5]]})
    assert table == Table(("a", "b"), (("", ""), ("1", "2.5")))


def test_zeros_at_the_beginning_and_commas_stay_as_typed():
    table = parse("tableau", {"colonnes": ["cp", "m"], "lignes": [["01000", "4,75"]]})
    assert table.rows == (("01000", "4,75"),)


def test_short_texts_may_come_as_one_text():
    assert parse("textes", "récence ; fréquence\nmontant") == ("récence", "fréquence", "montant")


def test_a_list_or_a_text_without_end_is_refused():
    for kind, raw in (("textes", ["a"] * (MAX_ITEMS + 1)), ("ouverte", "a" * (MAX_TEXT + 1)), ("nombre", 10**5000)):
        found = parse(kind, raw)
        assert isinstance(found, FormatProblem)
        assert found.code == "FORMAT-LONGUEUR"


def test_half_a_character_never_reaches_a_report():
    assert parse("texte", "caf\ud800é\x00") == "caf?é"


def test_tuples_of_code_are_read_like_lists():
    assert parse("paires", [(1, 2), ("13", "37")]) == (("1", "2"), ("13", "37"))
    assert parse("textes", ("a", "b")) == ("a", "b")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["colonnes", "lignes", "criteres", "a"]), inner)
    ),
    max_leaves=12,
)


@given(st.sampled_from(KINDS), json_values)
def test_parsing_never_raises(kind, raw):
    parse(kind, raw, PARTS)
    is_blank(raw, frozenset({"a"}))
