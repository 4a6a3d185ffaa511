"""Choices, numbers, order, matching, gaps, pairs and cells to fill: shares, messages and notes."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crc_lab.checks.answer_rows import record_id
from crc_lab.core.grading import Context
from crc_lab.core.model import Column, Criterion, Key, Option, Part, Question, Table, TableSpec
from crc_lab.core.rooms import checks
from crc_lab.kinds.choices import Options
from tests.word_for_word import model

MESSAGES = {code: f"{code} {{fiches}}" for code in ("E1", "E2", "E3", "E4", "E5")} | {
    "PAIRE": "Rien de commun : {paires}.",
    "ILLISIBLE": "À reprendre : {paires}.",
    "RESTE": "{justes} sur {total}.",
}


def context(settings, *, options=(), left=(), right=(), parts=(), part="", table=None, data=None, **of_key):
    """A criterion whose settings are all in the key, as in the workbook."""
    criterion = Criterion("c", "", "x", 1, {"partie": part} if part else {})
    spec = SimpleNamespace(options=options, left=left, right=right, parts=parts)
    question = Question("T", "choix", "", "", 1, (criterion,), spec, table=table, data=data or {})
    return Context(question, criterion, Key("T", None, criteria={"c": settings}, messages=MESSAGES, **of_key))


def run(name, value, settings, **of_question):
    return checks()[name].run(value, context(settings, **of_question))


def codes(outcome):
    return [message.code for message in outcome.messages]


# --- choices ----------------------------------------------------------------------------------------------------

YES_NO = (Option("oui", "Oui, toujours"), Option("non", "Non"))


def test_the_right_option_takes_all_and_the_others_nothing():
    settings = {"bonne": "non", "erreurs": {"oui": "E1"}, "raisons": {"non": "Bien vu.", "oui": "Relisez."}}
    right, wrong = (run("choix_unique", value, settings, options=YES_NO) for value in ("non", "oui"))
    assert (right.share, codes(right), [(c.row, c.state, c.text) for c in right.cells]) == (
        1,
        [],
        [("non", "juste", "Bien vu.")],
    )
    assert (wrong.share, codes(wrong), [(c.row, c.state, c.text) for c in wrong.cells]) == (
        0,
        ["E1"],
        [("oui", "faux", "Relisez.")],
    )


OF_A_PART = {"parts": (Part("conforme", "choix", "", spec=Options(YES_NO)),), "part": "conforme"}


@pytest.mark.parametrize(
    ("value", "settings", "of_question", "share"),
    [
        *((typed, {"bonne": "non"}, {"options": YES_NO}, 1) for typed in ("Non", "NON", " non ", "n\u00f2n")),
        ("Oui, toujours", {"bonne": "oui"}, OF_A_PART, 1),
        ("b", {"bonne": "a", "acceptees": {"b": 0.5}}, {}, 0.5),
        ({"choix": "Faux", "raison": "car"}, {"bonne": "faux"}, {"options": (Option("faux", "Faux"),)}, 1),
        ({"raison": "car"}, {"bonne": "faux"}, {}, 0),
    ],
)
def test_an_option_is_known_by_its_id_or_its_wording_and_takes_its_share(value, settings, of_question, share):
    assert run("choix_unique", value, settings, **of_question).share == share


def test_another_choice_counts_when_its_reason_makes_it_right():
    settings = {
        "bonne": "oui",
        "acceptees_si": {"non": {"id": "loi", "lecture": "T"}},
        "erreurs": {"non": "E1"},
    }
    models = {"T": model({"loi": ["sans consentement, c’est interdit"], "-": ["parce que"]})}
    right = run(
        "choix_unique", {"choix": "non", "raison": "sans consentement, c’est interdit"}, settings, models=models
    )
    wrong = run("choix_unique", {"choix": "non", "raison": "parce que"}, settings, models=models)
    assert (right.share, codes(right), right.cells[0].state) == (1, [], "juste")
    assert (wrong.share, codes(wrong), wrong.cells[0].state) == (0, ["E1"], "faux")
    assert run("choix_unique", "non", settings).share == 0


@pytest.mark.parametrize(
    ("chosen", "share"),
    [
        ((), 0),
        (("a", "b"), 1),
        (("a",), 0.5),
        (("a", "c"), 0),
        (("a", "b", "c"), 0.5),
        (("c", "d"), 0),
        (("a", "b", "c", "d"), 0),
    ],
)
def test_each_wrong_tick_cancels_a_right_one(chosen, share):
    assert run("choix_multiple", chosen, {"bonnes": ["a", "b"]}).share == share


def test_a_wrong_tick_gets_its_message_and_a_right_one_none():
    outcome = run("choix_multiple", ("a", "c"), {"bonnes": ["a", "b"], "erreurs": {"c": "E1", "a": "E2"}})
    assert codes(outcome) == ["E1"]
    assert {note.row: note.state for note in outcome.cells} == {"a": "juste", "c": "faux"}


def test_an_option_and_its_wording_are_one_tick():
    assert run("choix_multiple", ("non", "Non"), {"bonnes": ["non"]}, options=YES_NO).share == 1


# --- numbers ----------------------------------------------------------------------------------------------------

RATE = {
    "valeur": "8.33", "tolerance": "0,05", "sinon": "E3",
    "erreurs": [{"valeur": "0.0833", "tolerance": "0.001", "code": "E1"}, {"valeur": 9.09, "code": "E2"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("value", "share", "found"),
    [
        ("8.33", 1, []), ("8.38", 1, []), ("8.28", 1, []), ("8.381", 0, ["E3"]), ("0.0833", 0, ["E1"]),
        ("0.083", 0, ["E1"]), ("9.09", 0, ["E2"]), ("9.14", 0, ["E2"]), ("-8.33", 0, ["E3"]),
    ],
)  # fmt: skip
def test_a_number_is_right_to_its_tolerance_bounds_included(value, share, found):
    outcome = run("nombre", Decimal(value), RATE)
    assert (outcome.share, codes(outcome)) == (share, found)


def test_without_tolerance_a_number_is_exact_and_a_wrong_one_may_have_no_message():
    assert run("nombre", Decimal("60"), {"valeur": "60"}).share == 1
    assert run("nombre", Decimal("60.01"), {"valeur": "60"}).messages == ()


# --- in order ---------------------------------------------------------------------------------------------------

ITEMS = tuple(Option(name, text) for name, text in zip("cadb", ("Trois", "Un", "Quatre", "Deux"), strict=True))
ORDER = {"attendu": list("abcd"), "erreurs": {"inverse": "E1"}, "sinon": "E2", "raisons": {"a": "Toujours en premier."}}


@pytest.mark.parametrize(
    ("given", "share", "found"),
    [
        (["un", "DEUX", "Trois", "quatre"], 1, []),  # by their wording
        ("abcd", 1, []), ("abdc", 0.5, ["E2"]), ("bacd", 0.5, ["E2"]), ("dcba", 0, ["E1"]), ("bcda", 0, ["E2"]),
        ("abc", 0.75, ["E2"]), ("aaaa", 0, ["E2"]), ("abcde", 0, ["E2"]), ("axcd", 0.75, ["E2"]),
    ],
)  # fmt: skip
def test_each_item_at_its_place_earns_its_share(given, share, found):
    outcome = run("ordre", tuple(given), ORDER, options=ITEMS)
    assert (outcome.share, codes(outcome)) == (share, found)


def test_the_remark_of_an_item_comes_once_it_is_at_its_place():
    right, wrong = (run("ordre", tuple(given), ORDER, options=ITEMS).cells for given in ("abdc", "bacd"))
    assert [(cell.row, cell.state, cell.text) for cell in right] == [
        ("a", "juste", "Toujours en premier."), ("b", "juste", ""), ("d", "faux", ""), ("c", "faux", ""),
    ]  # fmt: skip
    assert wrong[1].text == ""


# --- matching and gaps ------------------------------------------------------------------------------------------

MATCHING = {
    "attendu": {"o1": "nettoyer", "o2": "mettre_a_jour"},
    "acceptes": {"o2": ["enrichir"]},
    "erreurs": {"o1": "E1", "o2": "E1"},
    "raisons": {"o1": "Oui."},
}
RIGHT = (Option("nettoyer", "Nettoyer"), Option("mettre_a_jour", "Mettre à jour et enrichir"))


@pytest.mark.parametrize(
    ("value", "share", "found"),
    [
        ({"o1": "nettoyer", "o2": "mettre_a_jour"}, 1, []),
        ({"o1": "Nettoyer", "o2": "Mettre à jour et enrichir"}, 1, []),
        ({"o1": "nettoyer", "o2": "Enrichir"}, 1, []),
        ({"o1": "enrichir", "o2": "enrichir"}, 0.5, ["E1"]),
        ({"o1": "mettre_a_jour", "o2": "nettoyer", "o9": "x"}, 0, ["E1"]),
        ({"o2": "mettre_a_jour"}, 0.5, []),
        ({"o1": ""}, 0, []),
        ({}, 0, []),
    ],
)
def test_each_item_counts_the_same_and_messages_come_once(value, share, found):
    outcome = run("association", value, MATCHING, right=RIGHT)
    assert (outcome.share, codes(outcome)) == (share, found)


def test_the_remark_of_an_item_waits_until_it_is_right():
    right, wrong = (run("association", {"o1": value}, MATCHING, right=RIGHT) for value in ("nettoyer", "verifier"))
    assert [(note.row, note.state, note.text) for note in right.cells] == [("o1", "juste", "Oui.")]
    assert [(note.row, note.state, note.text) for note in wrong.cells] == [("o1", "faux", "")]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"o1": "mettre_a_jour"}, ["E1"]),
        ({"o1": "verifier"}, []),
        ({"o2": "verifier"}, ["E2"]),
        ({"o1": "Mettre à jour et enrichir", "o2": "nettoyer"}, ["E1", "E2"]),
    ],
)
def test_a_message_may_be_for_one_wrong_item_of_the_right_only(value, found):
    params = MATCHING | {"erreurs": {"o1": {"mettre_a_jour": "E1"}, "o2": "E2"}}
    assert codes(run("association", value, params, right=RIGHT)) == found


GAPS = {
    "champs": {
        "siret": {"attendu": "00004242400010", "erreurs": [{"attendu": ["4242400010"], "code": "E1"}], "code": "E2"},
        "date": {"date": "2023-11-18", "code": "E3"},
        "panier": {"nombre": "52", "erreurs": [{"nombre": "70", "code": "E4"}], "code": "E5"},
        "mot": {"motifs": ["opposition"]},
    }
}


@pytest.mark.parametrize(
    ("value", "share", "found"),
    [
        ({"siret": "0000 4242 4000 10", "date": "18/11/2023", "panier": "52,00 €", "mot": "une opposition"}, 1, []),
        ({"siret": "00004242400010"}, 0.25, []),
        ({"siret": "4242400010"}, 0, ["E1"]),
        ({"siret": "autre"}, 0, ["E2"]),
        ({"date": "2023-11-18"}, 0.25, []),
        ({"date": "18/11/2022"}, 0, ["E3"]),
        ({"panier": "70"}, 0, ["E4"]),
        ({"panier": "cher"}, 0, ["E5"]),
        ({"mot": "concurrent"}, 0, []),
        ({"siret": "", "inconnu": "x"}, 0, []),
    ],
)
def test_a_gap_is_a_text_a_pattern_a_number_or_a_date(value, share, found):
    outcome = run("trous", value, GAPS)
    assert (outcome.share, codes(outcome)) == (share, found)
    assert {note.row for note in outcome.cells} == {name for name in value if value[name] and name in GAPS["champs"]}


# --- pairs ------------------------------------------------------------------------------------------------------

PAIRS = {
    "table": "doublons", "source": "base", "faux": {"1-11": "E1"}, "oublies": {"25-52": "E2"},
    "autre": "PAIRE", "illisible": "ILLISIBLE", "reste": "RESTE",
}  # fmt: skip
DATA = {
    "base": Table(("id",), tuple((str(number),) for number in range(1, 61))),
    "doublons": Table(("maitre", "doublon"), (("1", "2"), ("13", "37"), ("18", "44"), ("25", "52"))),
}


def pairs(*value):
    return run("paires", value, PAIRS, tables=DATA)


ALL = (("1", "2"), ("13", "37"), ("18", "44"), ("25", "52"))


def test_all_pairs_in_any_order_are_the_whole_mark_without_a_word():
    outcome = pairs(("52", "25"), ("44", "18"), ("2", "1"), ("13", "37"))
    assert (outcome.share, outcome.messages) == (1, ())
    assert {(note.row, note.column, note.state) for note in outcome.cells} == {(*pair, "juste") for pair in ALL}


@pytest.mark.parametrize(
    ("value", "share", "found"),
    [
        ([("1", "2")], 0.25, ["E2", "RESTE"]),
        ([("1", "2"), ("2", "1"), ("1", "2")], 0.25, ["E2", "RESTE"]),
        ([*ALL, ("1", "11")], 0.75, ["E1"]),
        ([("1", "11")], 0, ["E1", "E2", "RESTE"]),
        ([("25", "52"), ("3", "5"), ("4", "6")], 0, ["PAIRE", "RESTE"]),
        ([*ALL, ("7", "7")], 1, ["ILLISIBLE"]),
        ([*ALL, ("1", "61"), ("", "3")], 1, ["ILLISIBLE"]),
    ],
)
def test_a_wrong_pair_cancels_a_right_one_and_an_impossible_one_costs_nothing(value, share, found):
    outcome = pairs(*value)
    assert (outcome.share, codes(outcome)) == (share, found)


def test_a_wrong_pair_names_its_records():
    outcome = pairs(*ALL, ("20", "3"), ("1", "11"))
    assert {message.code: message.rows for message in outcome.messages} == {"PAIRE": ("3", "20"), "E1": ("1", "11")}
    assert next(message.text for message in outcome.messages if message.code == "PAIRE") == "Rien de commun : 3-20."


def test_what_was_typed_never_fills_the_page():
    outcome = pairs(*((f"x{number}" * 500, "y") for number in range(50)))
    assert all(len(message.text) < 400 for message in outcome.messages)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        *((typed, "7") for typed in ("7", "07", " 7 ", "7.0", "n° 7", "Fiche n° 7", "fiche 7")),
        ("sept", "sept"),
        ("", ""),
    ],
)
def test_a_record_is_known_however_its_number_is_typed(typed, number):
    assert record_id(typed) == number


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(1, 60)).map(lambda pair: tuple(map(str, pair))), max_size=12))
def test_the_mark_of_pairs_is_right_minus_wrong_and_at_least_zero(given_pairs):
    distinct = {frozenset(pair) for pair in given_pairs if pair[0] != pair[1]}
    right = len(distinct & {frozenset(pair) for pair in ALL})
    assert pairs(*given_pairs).share == max(0, right - (len(distinct) - right)) / 4


# --- cells to fill ----------------------------------------------------------------------------------------------

FILLING = {"attendu": {"1": {"cp": "75019"}, "2": {"cp": "01000"}}, "autre": "E1", "reste": "E2"}


@pytest.mark.parametrize(
    ("rows", "share", "found"),
    [
        ((("1", "75019"), ("2", "01000")), 1, []),
        ((("2", "01000"), ("1", " 75019 ")), 1, []),
        ((("1", "75 019"), ("2", "1000")), 1, []),
        ((("1", "75019"), ("2", "")), 0.5, ["E2"]),
        ((("1", "75019"),), 0.5, ["E2"]),
        ((("1", "44000"), ("2", "x")), 0, ["E1"]),
        ((("9", "75019"),), 0, ["E2"]),
    ],
)
def test_each_expected_cell_counts_the_same(rows, share, found):
    spec = TableSpec("base", "id", (Column("id"), Column("cp", answer=True)))
    data = {"base": Table(("id",), (("1",), ("2",)))}
    outcome = run("tableau_valeurs", Table(("id", "cp"), rows), FILLING, table=spec, data=data)
    assert (outcome.share, codes(outcome)) == (share, found)


# --- answers given without looking ---------------------------------------------------------------------------------

LETTERS = tuple(Option(name, name.upper()) for name in "abcdef")
SERIES = {name: "x" if name in "abc" else "y" for name in "abcdef"}


@pytest.mark.parametrize(
    ("given", "share"),
    [
        (dict.fromkeys("abcdef", "x"), 0),
        (dict.fromkeys("abcdef", "y"), 0),
        (dict.fromkeys("abc", "x"), 0.5),
        (dict.fromkeys("ab", "y"), 0),
        ({**dict.fromkeys("abcde", "x"), "f": "y"}, 4 / 6),
    ],
)
def test_the_same_target_everywhere_earns_nothing(given, share):
    outcome = run("association", given, {"attendu": SERIES}, options=LETTERS)
    assert outcome.share == pytest.approx(share)
    assert ("MEME-PARTOUT" in codes(outcome)) is (len(given) == 6 and share == 0)


TWELVE = tuple(Option(name, name.upper()) for name in "abcdefghijkl")
THREE = tuple(Option(name, name.upper()) for name in "xyz")
MIXED = dict(zip("abcdefghijkl", "zxyyzyxzyxxz", strict=True))


@pytest.mark.parametrize(
    ("targets", "share"),
    [
        ("xyzxyzxyzxyz", 0),  # in turn: 3 of 12 are right
        ("zyxzyxzyxzyx", 0),
        ("xxxxyyyyzzzz", 0),  # in blocks
        ("zxyyzyxzyxxz", 1),
        ("zxyyzyxzyxxx", 11 / 12),
        ("xyzxyzxyzxyx", 2 / 12),  # no better, but someone chose the last one
    ],
)
def test_targets_in_the_order_of_their_list_earn_nothing_when_chance_does_as_well(targets, share):
    given = dict(zip(MIXED, targets, strict=True))
    outcome = run("association", given, {"attendu": MIXED}, left=TWELVE, right=THREE)
    assert outcome.share == pytest.approx(share)
    assert ("MEME-PARTOUT" in codes(outcome)) is (share == 0)


def test_a_short_series_is_never_told_to_follow_its_list():
    given, right = dict(zip("abcdef", "xyxyxy", strict=True)), dict(zip("abcdef", "xyyxxx", strict=True))
    outcome = run("association", given, {"attendu": right}, left=LETTERS, right=THREE[:2])
    assert outcome.share == pytest.approx(3 / 6)


def test_the_same_target_everywhere_is_right_when_the_key_says_it():
    assert run("association", dict.fromkeys("abc", "x"), {"attendu": dict.fromkeys("abc", "x")}).share == 1


@pytest.mark.parametrize(("given", "share"), [("abcdef", 0), ("fedcba", 0), ("abcfed", 1), ("abcdfe", 0.5)])
def test_an_order_left_as_it_is_shown_earns_nothing(given, share):
    outcome = run("ordre", tuple(given), {"attendu": list("abcfed")}, options=LETTERS)
    assert outcome.share == pytest.approx(share)


def test_everything_ticked_is_no_choice_unless_everything_is_right():
    assert run("choix_multiple", tuple("abcdef"), {"bonnes": list("abcde")}, options=LETTERS).share == 0
    assert run("choix_multiple", tuple("abcdef"), {"bonnes": list("abcdef")}, options=LETTERS).share == 1
