"""Activity 2, « Respecter la réglementation »: real questions and keys, the law beside them, answers of students."""

from __future__ import annotations

import re

import pytest

from autograder.prepare.build import build_notebook
from crc_lab.core.bank import load_activity
from crc_lab.core.grading import grade
from crc_lab.core.model import TO_CHECK, Verdict
from crc_lab.core.resources import activity_folder, datasets_folder

FOLDER = activity_folder("02_reglementation")
LOADED = load_activity(FOLDER, datasets_folder())
QUESTIONS = {question.id: question for question in LOADED.activity.questions}
MARKED = [question.id for question in LOADED.activity.marked]
NARRATIVE = (FOLDER / "activite.py").read_text("utf-8")


def answer(question, value):
    return grade(QUESTIONS[question], value, LOADED.key(question))


def codes(result):
    return [message.code for message in result.messages]


# --- the whole activity -------------------------------------------------------------------------------------------


def test_the_activity_is_worth_20_points_in_five_questions():
    assert LOADED.activity.points == 20
    wanted = {"A2-Q1": 6, "A2-Q2": 5, "A2-Q3": 4, "A2-Q4": 2, "A2-Q5": 3}
    assert {name: QUESTIONS[name].points for name in MARKED} == wanted


def test_every_question_has_its_box_of_law():
    for name, question in QUESTIONS.items():
        assert question.law.startswith("**Droit au 22/11/2026**"), name
        rules = question.law.count("\n- **")
        assert rules >= 1
        assert len(re.findall(r"Certitude [ABC]\u00a0: ", question.law)) == rules, name
        assert question.law.count("Source\u00a0: ") == rules, name


def test_the_workbook_says_that_it_is_no_legal_advice_and_what_the_degrees_mean():
    assert "n’est pas un conseil juridique" in NARRATIVE
    for degree in "ABC":
        assert f"| **{degree}** |" in NARRATIVE
    assert build_notebook(NARRATIVE, LOADED.activity).decode("utf-8").count('rendre()"') == 1


def test_the_first_review_of_bloctel_has_its_day_its_source_and_its_certainty():
    told = NARRATIVE.split("## 3. Bloctel")[1].split("# - **Le principe**")[0]
    for words in ("**28 février 2017**", "annexe 3", "communiqué", "certitude B"):
        assert words in told
    assert "28 février 2017" in QUESTIONS["A2-X8"].law


READY = {
    "DQ-01": ("A2-X2", "gerant", "vrai"), "DQ-02": ("A2-X2", "declarer", "faux"), "DQ-03": ("A2-X9", "sms", "faux"),
    "DQ-04": ("A2-X9", "duree", "3"), "DQ-05": ("A2-X11", "morale", "375 000"),
    "DQ-06": ("A2-X11", "physique", "75 000"), "DQ-08": ("A2-X9", "b2b", "faux"), "DQ-09": ("A2-X12", "nul", "vrai"),
    "DQ-10": ("A2-X12", "renovation", "faux"), "DQ-11": ("A2-X2", "cochee", "faux"), "DQ-12": ("A2-X18", "jours", "14"),
    "DQ-14": ("A2-X17", "surtaxe", "faux"), "DQ-15": ("A2-X17", "cgv", "vrai"), "DQ-16": ("A2-X17", "cgu", "faux"),
    "DQ-17": ("A2-X17", "particulier", "vrai"), "DQ-18": ("A2-X17", "professionnel", "faux"),
    "DQ-19": ("A2-X12", "consentement", "1"), "DQ-20": ("A2-X12", "preuve", "3"), "DQ-21": ("A2-X12", "appels", "4"),
    "DQ-22": ("A2-X12", "samedi", "faux"), "DQ-23": ("A2-X17", "sacem", "vrai"), "DQ-24": ("A2-X9", "rouge", "vrai"),
    "DQ-25": ("A2-X17", "enregistrement", "faux"),
}  # fmt: skip


@pytest.mark.parametrize("ready", READY)
def test_every_ready_made_question_of_law_is_an_exercise_with_its_answer(ready):
    question, part, right = READY[ready]
    result = answer(question, {**LOADED.key(question).answer, part: right})
    assert result.verdict is Verdict.JUSTE


@pytest.mark.parametrize(
    ("question", "part", "other", "why"),
    [
        ("A2-X9", "b2c", "faux", "Bloctel n’existe plus, il faut le consentement"),  # DQ-07
        ("A2-X9", "b2c", "faux", "supprimé le 11 août 2026"),
        ("A2-X18", "recommande", "vrai", "c’est la preuve, d’après le cours"),  # DQ-13
        ("A2-X18", "recommande", "vrai", "pour prouver l’envoi"),
    ],
)
def test_where_the_course_and_the_law_differ_both_answers_count_when_justified(question, part, other, why):
    model = LOADED.key(question).answer
    assert answer(question, {**model, part: {"choix": other, "raison": why}}).verdict is Verdict.JUSTE
    assert answer(question, {**model, part: {"choix": other, "raison": ""}}).verdict is Verdict.PARTIEL


def test_all_consent_is_answered_both_ways_with_a_reason():
    assert answer("A2-X3", {"choix": "vrai", "raison": "il faut un consentement explicite"}).verdict is Verdict.JUSTE
    assert answer("A2-X3", {"choix": "faux", "raison": "un contrat suffit parfois"}).verdict is Verdict.JUSTE
    assert codes(answer("A2-X3", {"choix": "vrai", "raison": ""})) == ["A2-E3", "A2-POURQUOI"]


# --- A2-Q1: read by a person ----------------------------------------------------------------------------------------


def test_q1_is_never_marked_by_its_words_and_its_rubric_has_twelve_lines():
    result = answer("A2-Q1", LOADED.key("A2-Q1").answer)
    assert (result.verdict, result.points) == (Verdict.A_RELIRE, 0)
    (criterion,) = result.criteria
    assert len(criterion.teacher) == 12
    assert not any("aucun mot repéré" in message.text for message in criterion.teacher)
    grid = LOADED.key("A2-Q1").criteria["fiche"]["grille"]
    assert [line["points"] for line in grid] == [0.5] * 12


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Il faut déclarer le fichier à la CNIL.", "A2-E1"),
        ("On doit déclarer son fichier auprès de la CNIL", "A2-E1"),
        ("Le RGPD protège les entreprises.", "A2-E2"),
        ("Le consentement est toujours obligatoire.", "A2-E3"),
    ],
)
def test_q1_known_mistakes_are_told(text, code):
    assert codes(answer("A2-Q1", text)) == ["A-RELIRE", code]


@pytest.mark.parametrize(
    "text",
    ["Il ne faut plus déclarer le fichier à la CNIL.", "Le RGPD ne protège pas les entreprises.",
     "Le consentement n’est pas toujours obligatoire.", "La déclaration à la CNIL n’existe plus."],
)  # fmt: skip
def test_q1_the_same_words_denied_are_no_mistake(text):
    assert codes(answer("A2-Q1", text)) == ["A-RELIRE"]


# --- A2-Q2: the form --------------------------------------------------------------------------------------------------

FIVE = ["M3", "M4", "M5", "M6", "M7"]


@pytest.mark.parametrize(
    ("conclusion", "faults", "points", "said"),
    [
        ("non", FIVE, 5, []),
        ("non", [*FIVE[:4], "MIN"], 5, []),  # the accepted variant
        ("non", FIVE[:2], 2, ["A2-RESTE"]),
        ("oui", ["M3"], 0, ["A2-E4"]),
        ("non", [*FIVE, "M1"], 4, ["A2-E5"]),
        ("non", [*FIVE, "M2"], 4, ["A2-E5"]),
        ("non", [*FIVE, "PERS"], 4, ["A2-E6"]),
        ("non", [*FIVE, "DPO"], 4, ["A2-E7"]),
        ("", FIVE, 0, ["A2-CONCLURE"]),
        ("non", ["M1", "M2", *FIVE], 3, ["A2-E5"]),
    ],
)
def test_q2_five_faults_and_a_conclusion(conclusion, faults, points, said):
    result = answer("A2-Q2", {"conclusion": conclusion, "manquements": faults})
    assert (result.points, codes(result)) == (points, said)


def test_q2_the_form_shows_a_ticked_box_and_asks_for_a_birth_date_but_names_no_recipient():
    zones = QUESTIONS["A2-Q2"].spec.form["zones"]
    assert [zone["cochee"] for zone in zones if zone["genre"] == "case"] == [True]
    texts = " ".join(zone["texte"] for zone in zones)
    assert "Date de naissance" in texts
    assert "Marielle Nature, 10 rue de l’Exemple" in texts
    for missing in ("destinataire", "CNIL", "durée", "droits"):
        assert missing not in texts
    other = " ".join(zone["texte"] for zone in QUESTIONS["A2-X6"].spec.form["zones"])
    for given in ("Destinataires", "CNIL", "Durée", "Vos droits", "Finalité", "Responsable"):
        assert given in other
    assert not any(zone["cochee"] for zone in QUESTIONS["A2-X6"].spec.form["zones"])


# --- A2-Q3: Bloctel ---------------------------------------------------------------------------------------------------

Q3 = [
    (["interdit d’appeler les inscrits", "gratuit", "3 ans", "que le téléphone", "sauf presse et sondages"], 5),
    (["C’est une liste d’opposition", "inscription gratuite pour 3 ans"], 3),
    (["on ne doit pas appeler les personnes inscrites"], 1),
    (["pour ne plus être démarché"], 1),
    (["ça ne concerne ni les mails ni les SMS"], 1),
    (["pas les SMS"], 1),
    (["seulement les consommateurs"], 1),
    (["il faut vérifier son fichier avant la campagne"], 1),
    (["375 000 € d’amende"], 1),
    (["exceptions : contrat en cours, presse"], 1),
    (["sauf la presse", "sauf les associations"], 1),  # two exceptions in two fields
    (["sauf la presse"], 0),
    (["gratuit pour les professionnels"], 0),
    (["Bloctel bloque aussi les mails"], 0),
    (["la durée est de trois ans", "gratuitt", "oposition au démarchage"], 3),
    (["Bloctel n’existe plus depuis le 11 août 2026"], 1),
    (["ce n’est pas gratuit"], 0),
    (["interdit de démarcher un consommateur inscrit", "gratuit", "3 ans", "téléphone uniquement", "saisir"], 5),
    (["les pros paient, le consommateur non", "payant pour les professionnels"], 1),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "ideas"), Q3)
def test_q3_is_judged_as_a_teacher_would(texts, ideas):
    assert answer("A2-Q3", texts).points == pytest.approx(0.8 * ideas)


@pytest.mark.parametrize(
    "text",
    ["interdiction", "liste d’opposition", "être inscrit", "la presse et un contrat en cours", "gratuit",
     "payant pour les pros", "3 ans", "trois ans", "uniquement le téléphone", "pas les mails", "pas de SMS",
     "des numéros de consommateurs", "vérifier le fichier", "saisir Bloctel", "chaque mois", "75 000 €", "375 000 €",
     "interdiction de vendre des numéros inscrits"],
)  # fmt: skip
def test_q3_accepts_every_variant_of_the_mark_scheme(text):
    assert answer("A2-Q3", [text]).points == pytest.approx(0.8), text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Bloctel bloque aussi les mails et les SMS", "A2-E8"),
        ("l’inscription est payante pour le consommateur", "A2-E9"),
        ("le consommateur paie", "A2-E9"),
        ("c’est la liste rouge", "A2-E10"),
        ("le numéro n’est plus dans l’annuaire, c’est la liste rouge", "A2-E10"),
        ("Bloctel n’existe plus depuis le 11 août 2026", "A2-I1"),
        ("sauf la presse", "A2-EXCEPTION"),
    ],
)
def test_q3_mistakes_have_their_message(text, code):
    assert code in codes(answer("A2-Q3", [text]))


def test_q3_the_sale_of_numbers_and_the_ban_on_calls_are_two_principles():
    assert (
        answer("A2-Q3", ["interdit de démarcher un inscrit", "interdit de vendre un fichier d’inscrits"]).points == 1.6
    )
    assert answer("A2-Q3", ["interdit d’appeler un inscrit et de vendre son numéro"]).points == 1.6


def test_q3_the_end_of_bloctel_takes_the_place_of_one_principle_and_is_welcome():
    four = ["interdit", "gratuit", "3 ans", "téléphone seulement"]
    result = answer("A2-Q3", [*four, "supprimé le 11 août 2026"])
    assert result.points == 4
    assert result.messages[-1].text.startswith("Exact")


# --- A2-Q4: to ask Bloctel, or not ------------------------------------------------------------------------------------


def four(b2b, why_b2b, b2c, why_b2c):
    value = {"b2b": {"choix": b2b, "raison": why_b2b}, "b2c": {"choix": b2c, "raison": why_b2c}}
    return {criterion.id: criterion.points for criterion in answer("A2-Q4", value).criteria}


@pytest.mark.parametrize(
    "reason",
    ["la liste ne contient que des consommateurs", "les professionnels ne sont pas dans la liste",
     "Bloctel ne concerne pas les entreprises", "c’est réservé aux particuliers",
     "il suffit que l’offre soit en rapport avec leur activité", "ce ne sont pas des consomateurs",
     "Bloctel a été supprimé en 2026", "aucun numéro de pro n’y figure", "l’offre doit être cohérente avec leur métier",
     "seuls les particuliers peuvent s’inscrire"],
)  # fmt: skip
def test_q4_b2b_reasons_are_judged_as_a_teacher_would(reason):
    assert four("non", reason, "", "")["b2b_raison"] == 0.5


@pytest.mark.parametrize(
    "reason",
    ["il faut vérifier le fichier", "c’est obligatoire avant chaque campagne",
     "on n’a pas le droit d’appeler les inscrits", "sinon on risque une amende", "le commanditaire est responsable",
     "pour retirer les personnes inscrites", "il est interdit d’appeler un inscrit",
     "tous les mois il faut saisir la liste", "pour respecter l’opposition des gens", "ce sont des particuliers"],
)  # fmt: skip
def test_q4_b2c_reasons_are_judged_as_a_teacher_would(reason):
    assert four("", "", "oui", reason)["b2c_raison"] == 0.5


@pytest.mark.parametrize("reason", ["parce que oui", "c’est mieux", "je ne sais pas"])
def test_q4_an_empty_reason_earns_nothing(reason):
    marks = four("non", reason, "oui", reason)
    assert (marks["b2b_raison"], marks["b2c_raison"]) == (0, 0)
    assert (marks["b2b"], marks["b2c"]) == (0.5, 0.5)


@pytest.mark.parametrize(
    "reason",
    ["il n’y a aucune règle entre professionnels", "pas de loi pour les entreprises", "aucune limite avec un pro"],
)
def test_q4_a_wrong_b2b_reason_that_names_the_professionals_earns_nothing(reason):
    wrong = {"b2b": {"choix": "non", "raison": reason}}
    assert four("non", reason, "", "")["b2b_raison"] == 0
    assert "A2-E12" in codes(answer("A2-Q4", wrong))


@pytest.mark.parametrize(
    "reason", ["Bloctel n’existe plus depuis le 11 août 2026", "il faut le consentement préalable", "supprimé : opt-in"]
)
def test_q4_today_s_law_is_accepted_when_it_is_said(reason):
    assert four("", "", "non", reason) == {"b2b": 0, "b2b_raison": 0, "b2c": 0.5, "b2c_raison": 0.5}
    assert four("", "", "non", "")["b2c"] == 0


def test_q4_mistakes_have_their_message():
    wrong = {"b2b": {"choix": "oui", "raison": "aucune règle"}, "b2c": {"choix": "oui", "raison": ""}}
    assert {"A2-E11", "A2-E12", "A2-JUSTIFIER"} <= set(codes(answer("A2-Q4", wrong)))
    free = {"b2b": {"choix": "non", "raison": "ce sont des pros, il n’y a pas de limite"}}
    assert "A2-E12" in codes(answer("A2-Q4", free))


def test_q4_a_reason_that_says_nothing_known_is_for_the_teacher():
    long = "parce que cela permet à tout le monde de mieux travailler ensemble au quotidien"
    value = {"b2b": {"choix": "non", "raison": long}}
    assert TO_CHECK in codes(answer("A2-Q4", value))


# --- A2-Q5: the law of 2020 -------------------------------------------------------------------------------------------

Q5 = [
    (["se présenter", "pas de démarchage pour la rénovation", "horaires", "contrat nul", "amendes plus fortes"], 5),
    (["75 000 € pour une personne physique et 375 000 € pour une entreprise"], 1),
    (["375 000 € pour une personne physique"], 0),
    (["interdiction de tout démarchage"], 0),
    (["saisir Bloctel tous les mois"], 1),
    (["les appels sont limités à certains jours et heures"], 1),
    (["la nullité du contrat"], 1),
    (["donner son identité dès le début de l’appel"], 1),
    (["interdit pour les économies d’énergie"], 1),
    (["un code de bonnes pratiques", "des sanctions plus lourdes"], 2),
    (["rénovasion énergétique interdite"], 1),
    (["rappeler le droit de s’inscrire sur Bloctel"], 1),
    (["décret", "les horaires"], 1),
    (["les SMS"], 0),
]


@pytest.mark.parametrize(("texts", "ideas"), Q5)
def test_q5_is_judged_as_a_teacher_would(texts, ideas):
    assert answer("A2-Q5", texts).points == pytest.approx(0.6 * ideas)


@pytest.mark.parametrize(
    "text",
    ["se présenter", "identité", "rappeler Bloctel", "rénovation", "énergie", "énergétique", "bonnes pratiques",
     "saisir", "chaque mois", "horaires", "jours", "décret", "contrat nul", "75 000", "375 000 €"],
)  # fmt: skip
def test_q5_accepts_every_variant_of_the_mark_scheme(text):
    assert answer("A2-Q5", [text]).points == pytest.approx(0.6)


def test_q5_six_measures_are_known_and_five_are_enough():
    six = ["identité", "rénovation", "saisir", "horaires", "nul", "375 000"]
    for left_out in range(6):
        assert answer("A2-Q5", [text for at, text in enumerate(six) if at != left_out]).points == 3
    assert codes(answer("A2-Q5", ["jours", "heures"])) == ["A2-BILAN", "A2-DOUBLON"]


# --- training ---------------------------------------------------------------------------------------------------------


def test_the_table_of_consents_gives_the_dates_of_the_file():
    shown = dict(re.findall(r"\| (\d+) \| (\d\d/\d\d/\d{4}) \|", QUESTIONS["A2-X15"].prompt))
    table = load_activity(activity_folder("06_scorer"), datasets_folder()).activity.questions[0].data
    records = next(iter(table.values())).by_key("id_contact")
    agreed = {row for row, record in records.items() if record["optin_tel"] == "OUI"}
    assert set(shown) == agreed
    for row, date in shown.items():
        day, month, year = date.split("/")
        assert records[row]["date_consentement_tel"] == f"{year}-{month}-{day}"
