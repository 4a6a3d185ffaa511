"""Activity 5, « Segmenter »: what the real questions, keys and messages do with real answers."""

import csv

import pytest

from crc_lab.core.bank import load_activity
from crc_lab.core.filters import rules_of, select
from crc_lab.core.grading import grade
from crc_lab.core.model import Verdict
from crc_lab.core.resources import activity_folder, datasets_folder
from crc_lab.notebook.cards import question_spec

FOLDER, DATASETS = activity_folder("05_segmenter"), datasets_folder()
LOADED = load_activity(FOLDER, DATASETS)
QUESTIONS = {question.id: question for question in LOADED.activity.questions}
NARRATIVE = (FOLDER / "activite.py").read_text("utf-8").replace("\u00a0", " ").replace("\n# ", " ")
with (DATASETS / "base_qualifiee.csv").open(encoding="utf-8", newline="") as lines:
    BASE = {row["id_contact"]: row for row in csv.DictReader(lines, delimiter=";")}
REFERENCE = ["3", "5", "12", "14", "18", "20", "23", "26", "31", "36", "41", "49", "54", "56", "59"]
PEOPLE, MEN = ["type_contact", "=", "PARTICULIER"], ["sexe", "=", "H"]
RECENT = ["date_dernier_achat", "≥", "01/11/2025"]


def answer(question, value):
    return grade(QUESTIONS[question], value, LOADED.key(question))


def q2(**parts):
    """A5-Q2 with these parts only; its criteria by id."""
    return {criterion.id: criterion for criterion in answer("A5-Q2", parts).criteria}


def selection(rules, records):
    return q2(c={"criteres": rules, "fiches": records})["selection"]


def codes(result):
    return [message.code for message in result.messages]


# --- the whole activity -----------------------------------------------------------------------------------------


def test_the_activity_is_worth_20_points_in_two_questions():
    assert {question.id: question.points for question in LOADED.activity.marked} == {"A5-Q1": 6, "A5-Q2": 14}
    points = {criterion.id: criterion.points for criterion in QUESTIONS["A5-Q2"].criteria}
    assert points == {"criteres": 4, "justification": 4, "selection": 6}


# --- A5-Q1: the three criteria of a scoring ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "texts",
    [
        ["récence", "fréquence", "montant"],
        ["La date du dernier achat", "Le nombre d’achats sur la période", "Le panier moyen"],
        ["l'ancienneté du dernier achat", "nombre d'achats", "la valeur"],
        ["Montant : combien le client dépense", "Récence : quand il est venu", "Fréquence : combien de fois"],
        ["resence", "frequense", "montan"],
        ["depuis combien de temps il n'a pas acheté", "combien de fois il achète", "combien d'euros il dépense"],
        ["RÉCENCE DES ACHATS", "FREQUENCE DES ACHATS", "MONTANT DES ACHATS"],
        ["sa dernière commande", "le nombre de commandes par mois", "le montant moyen dépensé"],
        ["Quand a eu lieu le dernier achat ?", "La régularité des achats", "Le chiffre d’affaires du client"],
        ["Récence (R)", "Fréquence (F)", "Montant (M)"],
        ["dernière visite", "achats par mois", "somme dépensée"],
        ["R : récence", "F : fréquence", "M : valeur des achats"],
        ["est-ce qu'il a acheté récemment", "est-ce qu'il achète fréquemment", "est-ce qu'il dépense beaucoup"],
    ],
    ids=lambda texts: texts[0],
)
def test_the_three_criteria_are_recognised_in_students_words(texts):
    result = answer("A5-Q1", texts)
    assert (result.points, codes(result)) == (6, [])
    assert answer("A5-Q1", texts[::-1]).points == 6


@pytest.mark.parametrize(
    ("texts", "points", "code"),
    [
        (["l’âge", "le sexe", "la ville"], 0, "A5-E1"),
        (["récence", "fréquence", "la profession"], 4, "A5-E1"),
        (["le code postal", "panier moyen", "fréquence d’achat"], 4, "A5-E1"),
        (["R", "F", "M"], 0, "A5-LETTRES"),
        (["RFM", "", ""], 0, "A5-LETTRES"),
        (["récence", "dernier achat", "montant"], 4, "A5-DOUBLON"),
        (["la fidélité", "fréquence", "montant"], 4, "A5-AUTRE"),
        (["récence", "montant", ""], 4, "A5-Q1-MANQUE"),
        (["la couleur", "le goût", "l’odeur"], 0, "A5-Q1-MANQUE"),
        (["ce n’est pas la récence", "fréquence", "montant"], 4, "A5-Q1-MANQUE"),
    ],
)
def test_a_wrong_criterion_of_scoring_has_its_message(texts, points, code):
    result = answer("A5-Q1", texts)
    assert result.points == pytest.approx(points)
    assert code in codes(result)


def test_one_case_may_hold_the_three_criteria():
    assert answer("A5-Q1", ["récence, fréquence et montant", "", ""]).points == 6


# --- A5-Q2 a: two criteria --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "texts",
    [
        ["sexe masculin", "clients actifs"],
        ["Les hommes", "qui ont acheté dans l’année"],
        ["Le genre : homme", "l’âge, entre 25 et 50 ans"],
        ["être un homme", "habiter près d’une boutique (Paris, Nantes ou Lille)"],
        ["sexe = H", "panier moyen supérieur à 40 €"],
        ["homme particulier", "avoir donné son accord pour les e-mails"],
        ["la date du dernier achat", "le sexe"],
        ["homes", "dernier achat il y a moins d’un an"],
        ["Les hommes particuliers", "Les salons de coiffure et les parapharmacies"],
        ["clientèle masculine", "la fréquence d’achat"],
        ["Messieurs", "tranche d’âge 20-60 ans"],
        ["hommes de 30 à 50 ans", "clients récents"],
    ],
    ids=lambda texts: texts[0],
)
def test_two_coherent_criteria_earn_everything(texts):
    criterion = q2(a=texts)["criteres"]
    assert (criterion.points, codes(criterion)) == (4, [])


@pytest.mark.parametrize(
    ("texts", "points", "code"),
    [
        (["homme", "homme"], 2, "A5-Q2-MANQUE"),
        (["l’âge", "la ville"], 2, "A5-Q2-MANQUE"),
        (["homme", "le prénom"], 2, "A5-E6"),
        (["les femmes", "dernier achat"], 2, "A5-FEMMES"),
        (["le tri par ordre alphabétique", "homme"], 2, "A5-Q2-TRI"),
        (["je ne sais pas", ""], 0, "A5-Q2-MANQUE"),
        (["pas les hommes", "clients récents"], 2, "A5-Q2-MANQUE"),
    ],
)
def test_a_missing_or_wrong_criterion_has_its_message(texts, points, code):
    criterion = q2(a=texts)["criteres"]
    assert criterion.points == pytest.approx(points)
    assert code in codes(criterion)


def test_the_card_has_a_field_for_each_of_the_two_criteria():
    question = LOADED.activity.question("A5-Q2")
    first = question_spec(question, LOADED.activity, "entrainement")["parties"][0]
    assert (first["genre"], first["etiquettes"]) == ("textes", ["Premier critère", "Second critère"])


def test_the_justification_is_left_to_the_teacher_with_its_rubric():
    criterion = q2(b="Ce produit est destiné aux hommes et quatorze ont accepté les e-mails.")["justification"]
    assert criterion.verdict is Verdict.A_RELIRE
    assert [message.code for message in criterion.teacher] == ["GRILLE"] * 4
    assert sum(line["points"] for line in LOADED.key("A5-Q2").criteria["justification"]["grille"]) == 4
    assert "mots repérés" in criterion.teacher[0].text


# --- A5-Q2 c: the selection ------------------------------------------------------------------------------------

MENTIONED = {  # contenu, activites.md: filters and their records
    "all men": ([PEOPLE, MEN], 19),
    "the reference": ([PEOPLE, MEN, RECENT], 15),
    "e-mail": ([PEOPLE, MEN, RECENT, ["optin_email", "=", "OUI"]], 14),
    "25 to 50": ([PEOPLE, MEN, ["age", "entre", "25 ; 50"]], 13),
    "hairdressers": ([["activite", "=", "Salon de coiffure"]], 5),
}


def kept(rules, question="A5-Q2"):
    spec = QUESTIONS[question].table
    found = select(rules_of(rules), QUESTIONS[question].data[spec.source], spec.kinds, spec.key)
    return [one for one in found.records if BASE[one]["statut_fiche"] != "OPPOSITION"]


@pytest.mark.parametrize("name", MENTIONED)
def test_each_filter_of_the_content_keeps_its_records_and_earns_six_points(name):
    rules, number = MENTIONED[name]
    assert len(kept(rules)) == number
    assert selection(rules, kept(rules)).points == 6
    explained = LOADED.key("A5-Q2").explanation.replace("\u00a0", " ")
    assert f" {number} |" in explained or f"| **{number}** |" in explained


def test_the_reference_is_the_fifteen_records_of_the_content():
    assert kept([PEOPLE, MEN, RECENT]) == REFERENCE


def test_the_messages_name_their_records_in_french():
    texts = {message.code: message.text for message in selection([], list(BASE)).messages}
    assert "fiche n° 39" in texts["A5-E2"].replace("\u00a0", " ")
    assert "Le tri range les lignes, le filtre les sélectionne" in texts["A5-E5"]
    assert "{" not in "".join(texts.values())


def test_a_slip_in_the_filters_costs_only_once():
    strict = [PEOPLE, MEN, ["date_dernier_achat", ">", "02/11/2025"]]  # forgets record 54, bought that very day
    assert "54" not in kept(strict)
    assert selection(strict, kept(strict)).points == 6


# --- training ---------------------------------------------------------------------------------------------------


def test_three_criteria_in_each_of_the_five_families():
    families = LOADED.key("A5-X1").answer
    assert len(families) == 15
    assert sorted(list(families.values()).count(name) for name in set(families.values())) == [3] * 5


def test_the_box_is_for_eight_customers_limits_included():
    rules = LOADED.key("A5-X3").answer["criteres"]
    assert (
        kept(rules, "A5-X3") == LOADED.key("A5-X3").answer["fiches"] == ["1", "9", "13", "15", "27", "35", "40", "43"]
    )
    assert (BASE["9"]["panier_moyen"], BASE["15"]["panier_moyen"], BASE["40"]["age"]) == ("100.00", "100.00", "30")
    assert kept([*rules[:3], ["panier_moyen", ">", "200"]], "A5-X3") == []
    strict = answer("A5-X3", {"criteres": rules, "fiches": ["1", "13", "27", "35", "43"]})
    assert (strict.verdict, codes(strict)) == (Verdict.PARTIEL, ["A5-OUBLI"])


# --- what the narrative says --------------------------------------------------------------------------------------


def test_the_narrative_says_what_the_file_holds():
    assert len(BASE) == 53
    assert sum(bool(row["date_dernier_achat"]) for row in BASE.values()) == 49
    assert "53 fiches, dont 49 clients" in NARRATIVE
    assert sum(BASE[one]["optin_email"] == "OUI" for one in REFERENCE) == 14
    assert "14 sur 15 ont accepté l’e-mail" in LOADED.key("A5-Q2").explanation.replace("\n", " ").replace("\u00a0", " ")
    assert len(kept([PEOPLE, MEN, RECENT])) + 1 == 16  # with record 39


def test_no_question_comes_before_the_notion_it_needs():
    order = [NARRATIVE.index(f'question("{name}")') for name in ("A5-X1", "A5-X2", "A5-X3", "A5-Q1", "A5-Q2")]
    assert order == sorted(order)
    assert NARRATIVE.index("**Segmenter**") < NARRATIVE.index("Cinq familles") < order[0]
    assert NARRATIVE.index("cinq conditions") < NARRATIVE.index("les garde **toutes**") < order[2]
    assert order[2] < NARRATIVE.index("**annexe 7**") < order[3]
