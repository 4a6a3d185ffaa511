"""A segment: the list recomputed from the student's own filters, on the real file of 53 records."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crc_lab.checks.records import SEGMENT_CODES
from crc_lab.core.grading import Context
from crc_lab.core.model import Column, Criterion, Key, Question, TableSpec
from crc_lab.core.resources import column_types, datasets_folder, read_table
from crc_lab.core.rooms import checks, parse

PATH = datasets_folder() / "base_qualifiee.csv"
BASE, TYPES = read_table(PATH), column_types(PATH)
IDS = [row[0] for row in BASE.rows]
SPEC = TableSpec("base", "id_contact", tuple(Column(name, kind=TYPES[name]) for name in BASE.columns))
PEOPLE, MEN, WOMEN = ["type_contact", "=", "PARTICULIER"], ["sexe", "=", "H"], ["sexe", "=", "F"]
BUSINESS = ["type_contact", "=", "PROFESSIONNEL"]
RECENT = ["date_dernier_achat", "≥", "01/11/2025"]
SETTINGS = {
    "exclus": [["statut_fiche", "=", "OPPOSITION"]],
    "cibles": [{"regles": [PEOPLE, MEN]}, {"regles": [BUSINESS], "sans": ["sexe"]}],
    "reference": [PEOPLE, MEN, RECENT],
    "contacts": [BUSINESS, MEN],
    "autres": [PEOPLE, WOMEN],
    "filtre": "sexe",
    "prenoms": {"colonne": "prenom", "fiches": ["17"]},
}
MESSAGES = {code: f"{code} {{fiches}}" for code in SEGMENT_CODES} | {"A5-ILLISIBLE": "{numero} : {critere}"}
ALL_MEN = [str(one) for one in (3, 5, 8, 12, 14, 16, 18, 20, 23, 26, 28, 31, 33, 36, 39, 41, 49, 54, 56, 59)]
WITHOUT_39 = [one for one in ALL_MEN if one != "39"]
REFERENCE = ["3", "5", "12", "14", "18", "20", "23", "26", "31", "36", "41", "49", "54", "56", "59"]


def judged(rules, records, settings=SETTINGS):
    criterion = Criterion("selection", "", "segment", 6, settings)
    question = Question("A5", "segment", "", "", 6, (criterion,), table=SPEC, data={"base": BASE})
    value = parse("segment", {"criteres": rules, "fiches": records})
    outcome = checks()["segment"].run(value, Context(question, criterion, Key("A5", None, messages=MESSAGES)))
    return outcome, [message.code for message in outcome.messages]


AGED_25_TO_50 = ["3", "5", "12", "14", "16", "18", "26", "28", "31", "36", "41", "49", "59"]


@pytest.mark.parametrize(
    ("rules", "records"),
    [
        ([PEOPLE, MEN], WITHOUT_39),  # without the opposition
        ([PEOPLE, MEN, RECENT], REFERENCE),
        ([PEOPLE, MEN, RECENT, ["optin_email", "=", "oui"]], [one for one in REFERENCE if one != "20"]),
        ([PEOPLE, MEN, ["age", "entre", "25 ; 50"]], AGED_25_TO_50),
        ([["activite", "=", "Salon de coiffure"]], ["4", "19", "30", "42", "58"]),
        ([PEOPLE, MEN, ["alerte", "≠", "OPPOSITION"]], WITHOUT_39),  # the opposition filtered by the student
    ],
)
def test_a_coherent_filter_and_its_list_earn_everything(rules, records):
    assert judged(rules, records)[0].share == 1
    assert judged(rules, records[::-1])[1] == []


def test_the_list_may_be_typed_in_any_way():
    typed = [", ".join(REFERENCE[:4]), "fiche n° 18", "020", *REFERENCE[6:], "3"]
    assert judged([PEOPLE, MEN, RECENT], typed)[0].share == 1


def test_the_opposed_record_is_an_error_even_when_the_filters_keep_it():
    outcome, codes = judged([PEOPLE, MEN], ALL_MEN)
    assert outcome.share == pytest.approx(1 - 1 / 19)
    assert codes == ["A5-E2"]
    assert outcome.messages[0].rows == ("39",)
    assert judged([PEOPLE, MEN, RECENT], [*REFERENCE, "39"])[0].share == pytest.approx(14 / 15)


def test_men_who_are_contacts_of_a_business_are_not_the_target():
    kept = [row[0] for row in BASE.rows if row[BASE.positions["sexe"]] == "H"]
    outcome, codes = judged([MEN], kept)
    assert codes == ["A5-E2", "A5-E3"]
    assert outcome.messages[1].rows == ("10", "19", "38")
    assert outcome.share == pytest.approx(1 - 4 / 19)
    outcome, codes = judged([BUSINESS, MEN], ["10", "19", "38"])
    assert (outcome.share, codes) == (0, ["A5-PERSONNE", "A5-E3"])


WOMEN_OF_THE_FILE = [row[0] for row in BASE.rows if row[BASE.positions["sexe"]] == "F"]


@pytest.mark.parametrize(
    ("rules", "records", "share", "said"),
    [
        ([PEOPLE, MEN, ["nom", "=", "Martin"]], ["3"], 1, ["A5-E4"]),  # one person: a remark, and no point lost
        ([PEOPLE, WOMEN], WOMEN_OF_THE_FILE, 0, ["A5-PERSONNE", "A5-CIBLE"]),  # off target whatever the filters
        ([PEOPLE, MEN], [" "], 0, ["A5-LISTE"]),
        ([PEOPLE, MEN, ["age", ">", "120"]], ["3"], 0, ["A5-PERSONNE", "A5-TROP", "A5-E4"]),
        ([PEOPLE, MEN], [*WITHOUT_39, "17"], 18 / 19, ["A5-E6"]),  # a man by his first name
        ([PEOPLE, MEN], [*WITHOUT_39, "17", "1"], 17 / 19, ["A5-CIBLE"]),
    ],
)
def test_each_slip_has_its_remark(rules, records, share, said):
    outcome, codes = judged(rules, records)
    assert (outcome.share, codes) == (pytest.approx(share), said)


def test_the_first_name_is_no_filter_for_the_sex_and_without_settings_the_filters_alone_decide():
    assert "A5-E6" in judged([["prenom", "parmi", "Paul, Karim"]], ["3", "5"])[1]
    assert judged([WOMEN], WOMEN_OF_THE_FILE, {})[0].share == 1


def test_a_sort_without_a_filter_is_named():
    outcome, codes = judged([], IDS)
    assert outcome.share == 0
    assert codes[:2] == ["A5-SANS-CRITERE", "A5-E2"]
    assert "A5-E5" in codes
    assert judged([RECENT], [*REFERENCE, "1", "9", "13"])[1] == ["A5-E5"]


def test_a_list_without_filters_is_judged_on_the_reference():
    outcome, codes = judged([], REFERENCE[:-3])
    assert outcome.share == pytest.approx(12 / 15)
    assert codes == ["A5-SANS-CRITERE", "A5-OUBLI"]
    assert outcome.messages[1].rows == ("54", "56", "59")


def test_forgotten_and_surplus_records_are_told_apart():
    outcome, codes = judged([PEOPLE, MEN, RECENT], [*REFERENCE[1:], "8", "16"])
    assert codes == ["A5-TROP", "A5-OUBLI"]
    assert [message.rows for message in outcome.messages] == [("8", "16"), ("3",)]
    assert outcome.share == pytest.approx(1 - 3 / 15)


def test_what_is_no_record_is_an_error_and_is_quoted():
    outcome, codes = judged([PEOPLE, MEN, RECENT], [*REFERENCE, "Paul", "999"])
    assert (codes, outcome.messages[0].rows) == (["A5-INCONNUE"], ("Paul", "999"))
    assert outcome.share == pytest.approx(13 / 15)


def test_an_unreadable_filter_is_named_and_left_aside():
    outcome, codes = judged([PEOPLE, ["age", "≥", "vieux"], MEN], WITHOUT_39)
    assert (outcome.share, codes) == (1, ["A5-ILLISIBLE"])
    assert outcome.messages[0].text == "2 : age ≥ vieux"


def test_each_record_is_spoken_of_once_and_marked_in_the_grid():
    outcome, _ = judged([PEOPLE, MEN], [*ALL_MEN, "1", "17", "10", "4"])
    spoken = [row for message in outcome.messages for row in message.rows]
    assert sorted(spoken) == sorted(set(spoken))
    states = {cell.row: cell.state for cell in outcome.cells}
    assert {row for row, state in states.items() if state == "faux"} == {"39", "1", "17", "10", "4"}
    assert states["3"] == "juste"


@given(st.sets(st.sampled_from(IDS), min_size=1))
def test_the_mark_is_the_formula(records):
    outcome, _ = judged([PEOPLE, MEN, RECENT], sorted(records))
    errors = len(records ^ set(REFERENCE))
    assert outcome.share == pytest.approx(max(0, 1 - errors / 15))


@given(
    st.lists(
        st.tuples(st.sampled_from(BASE.columns), st.sampled_from(["=", "≥", "contient"]), st.text(max_size=6)),
        max_size=3,
    ),
    st.lists(st.text(max_size=6), max_size=5),
)
def test_any_answer_is_judged(rules, records):
    outcome, _ = judged([list(rule) for rule in rules], records)
    assert 0 <= outcome.share <= 1


def test_filters_dictated_by_the_wording_decide_whatever_the_student_declared():
    dictated = {
        "impose": [PEOPLE, WOMEN, ["age", "≥", "30"], ["panier_moyen", "≥", "100"]],
        "exclus": SETTINGS["exclus"],
    }
    right = ["1", "9", "13", "15", "27", "35", "40", "43"]
    assert judged([PEOPLE, WOMEN, ["panier_moyen", ">", "100"]], right, dictated)[0].share == 1
    strict = [one for one in right if one not in ("9", "15")]
    outcome, codes = judged([PEOPLE, WOMEN, ["panier_moyen", ">", "100"]], strict, dictated)
    assert outcome.share == pytest.approx(6 / 8)
    assert codes == ["A5-OUBLI"]
    assert judged([], [*right, "3"], dictated)[1] == ["A5-SANS-CRITERE", "A5-CIBLE"]
