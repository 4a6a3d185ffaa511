"""Activity 7, « Cibler la vente privée »: what the real questions, keys and messages do with real answers."""

import csv
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crc_lab.core.bank import load_activity
from crc_lab.core.grading import grade
from crc_lab.core.model import Verdict
from crc_lab.core.resources import activity_folder, datasets_folder
from crc_lab.marielle.aims import aim_of
from crc_lab.notebook.session import Session

FOLDER, DATASETS = activity_folder("07_cibler"), datasets_folder()
LOADED = load_activity(FOLDER, DATASETS)
QUESTIONS = {question.id: question for question in LOADED.activity.questions}
NARRATIVE = (FOLDER / "activite.py").read_text("utf-8").replace("\u00a0", " ").replace("\n# ", " ")
with (DATASETS / "base_scoree.csv").open(encoding="utf-8", newline="") as lines:
    BASE = {row["id_contact"]: row for row in csv.DictReader(lines, delimiter=";")}
GUESTS = ["1", "4", "13", "18", "22", "35", "40", "47", "51"]
PEOPLE = ["1", "13", "18", "35", "40"]
AIMS = LOADED.key("A7-Q2").criteria["cible"]["objectifs"]
ALL = ["tres_bons", "bons", "tiedes", "inactifs"]


def answer(question, value, **others):
    """``others``: the other answers of the sheet, as A7_Q1, A7_Q3."""
    named = {name.replace("_", "-"): item for name, item in others.items()}
    return grade(QUESTIONS[question], value, LOADED.key(question), named)


def target(*segments, aim=""):
    return answer("A7-Q2", {"segments": list(segments)}, A7_Q1=aim)


def guests(records, only="non"):
    return answer("A7-Q3", {"fiches": records, "particuliers_seulement": only})


def channels(value, own=None):
    others = {} if own is None else {"A7_Q3": {"fiches": own, "particuliers_seulement": "non"}}
    return answer("A7-Q4", value, **others)


def codes(result):
    return [message.code for message in result.messages]


# --- the whole activity -----------------------------------------------------------------------------------------


def test_the_activity_is_worth_20_points_in_four_questions():
    points = {question.id: question.points for question in LOADED.activity.marked}
    assert points == {"A7-Q1": 6, "A7-Q2": 5, "A7-Q3": 6, "A7-Q4": 3}


# --- A7-Q1: the aim, left to the teacher, recognised for the next question ----------------------------------------


def test_the_open_answer_is_left_to_the_teacher_with_its_rubric():
    result = answer("A7-Q1", LOADED.key("A7-Q1").answer)
    assert (result.verdict, result.points) == (Verdict.A_RELIRE, 0)
    lines = result.criteria[0].teacher
    assert len(lines) == 3
    assert all("mots repérés" in line.text for line in lines)
    assert sum(line["points"] for line in LOADED.key("A7-Q1").criteria["objectif"]["grille"]) == 6


CLAIMS = {
    "fideliser": [
        LOADED.key("A7-Q1").answer,
        "L'objectif est de fidéliser les clients.",
        "On veut récompenser nos meilleurs clients pour leur fidélité.",
        "Le but est de remercier ceux qui achètent le plus.",
        "Une vente privée sert à valoriser les bons clients et à renforcer leur attachement.",
        "Notre objectif n'est pas de développer le chiffre d'affaires mais de fidéliser.",
        "On ne cherche pas à réactiver les anciens clients : on récompense les meilleurs.",
        "Je choisis de chouchouter les très bons clients.",
        "L'objectif serait de fidéliser la clientèle.",
        "Fidélisation. Si on voulait écouler un stock, on inviterait plus de monde.",
        "fideliser les client",
        "Garder nos meilleurs clients. Sinon, pour relancer les ventes, il faudrait inviter les bons clients.",
        "Pour remercier la clientèle fidèle. À l'inverse, pour réactiver, on prendrait les tièdes.",
    ],
    "developper": [
        "L'objectif est de développer les ventes avant Noël.",
        "On veut augmenter le chiffre d'affaires.",
        "Le but est d'écouler le stock, donc il faut inviter plus de clients.",
        "Marielle Nature cherche à vendre plus.",
        "L'objectif n'est pas de récompenser mais de relancer les ventes.",
        "Je veux booster les ventes de fin d'année, pas fidéliser.",
        "L’objectif serait d’accroître le chiffre d’affaires.",
        "Faire du chiffre. Si l'objectif était de fidéliser, on inviterait les très bons.",
        "Faire dépenser davantage les clients qui viennent déjà.",
        "Augmenter leur panier : une vente privée y aide avec ses avantages.",
    ],
    "reactiver": [
        "L'objectif est de réactiver les clients qui n'achètent plus.",
        "On veut faire revenir les anciens clients.",
        "Il faut réveiller les clients endormis.",
        "Le but est de relancer les anciens clients, pas de récompenser les meilleurs.",
        "Reconquérir les clients perdus de vue.",
        "Nous souhaitons reprendre contact avec ceux qui ne viennent plus.",
        "L'idée est de redonner envie aux clients tièdes.",
        "Reactivation des clients inactifs.",
        "Ce n'est ni pour remercier ni pour vendre plus : c'est pour réveiller les clients.",
        "Une relance : faire revenir ceux qui nous ont oubliés.",
    ],
    "": [
        "",
        "On veut fidéliser et développer les ventes.",
        "Je ne sais pas.",
        "La cible dépend de l'objectif.",
        "L'objectif est de faire une belle vente.",
        "Si on veut fidéliser on invite les très bons, si on veut développer les ventes les bons.",
        "Il ne faut pas fidéliser.",
    ],
}


@pytest.mark.parametrize(("aim", "text"), [(aim, text) for aim, texts in CLAIMS.items() for text in texts])
def test_the_aim_of_an_open_answer_is_recognised_or_left_open(aim, text):
    assert aim_of(text, AIMS) == aim


@given(st.text(max_size=200))
def test_any_text_has_one_aim_or_none(text):
    assert aim_of(text, AIMS) in ("", "fideliser", "developper", "reactiver")


# --- A7-Q2: the target --------------------------------------------------------------------------------------------

DEVELOP, REACTIVATE, REWARD = (CLAIMS[name][1] for name in ("developper", "reactiver", "fideliser"))


@pytest.mark.parametrize(
    ("segments", "aim", "points", "said"),
    [
        (["tres_bons"], "", 5, []),
        (["tres_bons"], REWARD, 5, []),
        (["tres_bons", "bons"], "", 5, ["A7-PLACES"]),
        (["tres_bons", "bons"], REWARD, 5, ["A7-PLACES"]),
        (["bons", "tres_bons"], REWARD, 3, ["A7-ORDRE"]),
        (["bons"], DEVELOP, 5, ["A7-SELON"]),
        (["bons", "tres_bons"], DEVELOP, 5, ["A7-SELON"]),
        (["tiedes"], REACTIVATE, 5, ["A7-SELON"]),
        (["tiedes", "inactifs"], REACTIVATE, 5, ["A7-SELON"]),
        (["inactifs"], REACTIVATE, 5, ["A7-SELON"]),
        (["tres_bons"], REACTIVATE, 5, ["A7-COHERENCE"]),
        (["bons"], REWARD, 0, ["A7-BONS"]),
        (["bons"], REACTIVATE, 0, ["A7-BONS"]),
        (["tiedes"], DEVELOP, 0, ["A7-E3"]),
        (["inactifs"], REWARD, 0, ["A7-E3"]),
        (["tiedes", "inactifs"], REWARD, 0, ["A7-E3"]),
        (ALL, REWARD, 0, ["A7-E2"]),
        (ALL[::-1], DEVELOP, 0, ["A7-E2"]),
        (["tres_bons", "bons", "tiedes"], REWARD, 0, ["A7-LARGE"]),
        (["bons", "tiedes"], REWARD, 0, ["A7-CIBLE"]),
    ],
)
def test_the_target_is_judged_with_the_aim(segments, aim, points, said):
    result = target(*segments, aim=aim)
    assert result.points == pytest.approx(points)
    assert [code for code in codes(result) if code not in ("A7-OBJECTIF", "A-VERIFIER")] == said


def test_a_doubtful_aim_keeps_to_the_reference_and_says_so():
    for aim in ("", "On veut fidéliser et développer les ventes.", "Je ne sais pas."):
        result = target("bons", aim=aim)
        assert result.points == 0
        assert "A7-OBJECTIF" in codes(result)
        assert ("A-VERIFIER" in codes(result)) == bool(aim), "with a written aim, the teacher has a look"
    assert "A7-OBJECTIF" not in codes(target("tres_bons", aim="Je ne sais pas."))


def test_the_aim_is_named_back():
    assert "développer les ventes" in target("bons", aim=DEVELOP).messages[0].text
    assert "réactiver" in target("tres_bons", aim=REACTIVATE).messages[0].text


def test_a_strange_answer_to_the_other_question_is_no_failure():
    for other in (None, 3, ["fidéliser"], {"a": "b"}):
        assert answer("A7-Q2", {"segments": ["tres_bons"]}, A7_Q1=other).points == 5
    assert answer("A7-Q2", {"segments": ["tres_bons", "autre"]}).points == 5


def test_only_the_questions_that_are_named_are_looked_at():
    assert QUESTIONS["A7-Q2"].depends == ("A7-Q1",)
    assert QUESTIONS["A7-Q4"].depends == ("A7-Q3",)
    assert QUESTIONS["A7-Q3"].depends == ()


def test_the_session_forgets_a_verdict_when_the_answer_it_depends_on_changes(tmp_path):
    session = Session("07_cibler", tmp_path)
    session.record("A7-Q1", DEVELOP)
    session.record("A7-Q2", {"segments": ["bons"]})
    assert session.check("A7-Q2").points == 5
    session.record("A7-Q1", REWARD)
    assert "A7-Q2" not in session.results
    assert session.check("A7-Q2").points == 0


# --- A7-Q3: the list ----------------------------------------------------------------------------------------------


def test_the_nine_guests_are_those_above_40():
    above = [one for one, row in BASE.items() if row["score"] and int(row["score"]) > 40]
    assert above == GUESTS
    assert [one for one in GUESTS if BASE[one]["type_contact"] == "PARTICULIER"] == PEOPLE
    assert guests(GUESTS).points == 6
    assert guests(GUESTS, "").points == 6


def test_the_five_private_guests_are_enough_when_it_is_said():
    assert (guests(PEOPLE, "oui").points, codes(guests(PEOPLE, "oui"))) == (6, [])
    said_nothing = guests(PEOPLE)
    assert said_nothing.points == pytest.approx(6 * 5 / 9)
    assert codes(said_nothing) == ["A7-PARTICULIERS"]


@pytest.mark.parametrize(
    ("records", "only", "points", "code"),
    [
        ([*GUESTS, "43"], "non", 6 * 8 / 9, "A7-E1"),
        (list(BASE), "non", 0, "A7-E2"),
        ([*GUESTS, "33"], "non", 6 * 8 / 9, "A7-E3"),
        ([*GUESTS, "37", "44"], "non", 6 * 7 / 9, "A7-E4"),
        ([*GUESTS, "6"], "non", 6 * 8 / 9, "A7-PROSPECT"),
        (GUESTS, "oui", 6 * 1 / 5, "A7-PROS"),
        (GUESTS[:4], "non", 6 * 4 / 9, "A7-OUBLI"),
        ([*GUESTS, "3"], "non", 6 * 8 / 9, "A7-TROP"),
        ([*GUESTS, "99"], "non", 6 * 8 / 9, "A7-INCONNUE"),
        ([], "oui", 0, "A7-LISTE"),
    ],
)
def test_every_mistake_of_the_list_has_its_message_and_its_price(records, only, points, code):
    result = guests(records, only)
    assert result.points == pytest.approx(points)
    assert code in codes(result)


@given(st.sets(st.sampled_from(sorted(BASE)), min_size=1), st.sampled_from(["oui", "non"]))
def test_the_mark_of_the_list_is_the_formula(records, only):
    expected = set(PEOPLE if only == "oui" else GUESTS)
    right, wrong = len(records & expected), len(records - expected)
    assert guests(sorted(records), only).points == pytest.approx(6 * max(0, right - wrong) / len(expected))


def test_a_duplicate_is_named():
    (message,) = (one for one in guests([*GUESTS, "37"]).messages if one.code == "A7-E4")
    assert message.text == "Travaillez sur la base qualifiée : la fiche 37 est un doublon.".replace(" :", "\u00a0:")


# --- A7-Q4: the channels ------------------------------------------------------------------------------------------

KEY = LOADED.key("A7-Q4").answer


def allowed(one, channel):
    """The law of the content, written again here."""
    row = BASE[one]
    person = row["type_contact"] == "PARTICULIER"
    if row["statut_fiche"] == "OPPOSITION":
        return False
    return {
        "email": row["optin_email"] == "OUI" if person else True,
        "sms": person and row["optin_sms"] == "OUI",
        "telephone": not person,
        "courrier": row["statut_fiche"] == "VALIDE",
    }[channel]


def test_the_key_is_what_the_consents_allow():
    for channel, records in KEY.items():
        assert records == [one for one in GUESTS if allowed(one, channel)], channel
    assert all(BASE[one]["telephone"][:4] not in ("+336", "+337") for one in KEY["telephone"]), "land lines only"
    assert all(BASE[one]["optin_tel"] == "NON" for one in PEOPLE)


def test_the_channels_follow_the_students_own_list():
    assert channels(KEY, GUESTS).points == 3
    private = {channel: [one for one in records if one in PEOPLE] for channel, records in KEY.items()}
    assert channels(private, PEOPLE).points == 3
    assert channels(private, GUESTS).points == pytest.approx(3 * 12 / 24)
    wider = [*GUESTS, "43", "29"]
    followed = {name: [one for one in wider if allowed(one, name)] for name in KEY}
    followed["telephone"].append("43")  # her consent is of September 2026
    assert channels(followed, wider).points == 3
    assert "29" not in followed["courrier"]


def test_without_a_list_or_with_too_short_a_one_the_reference_is_used():
    assert channels(KEY).points == 3
    short = channels({"email": ["1"]}, ["1"])
    assert short.points == pytest.approx(3 / 24)
    assert "A7-SANS-LISTE" in codes(short)


@pytest.mark.parametrize(
    ("channel", "record", "code"),
    [
        ("telephone", "1", "A7-E5"),
        ("telephone", "35", "A7-E5"),
        ("telephone", "9", "A7-E5"),
        ("email", "35", "A7-EMAIL"),
        ("sms", "13", "A7-SMS"),
        ("sms", "4", "A7-SMS-FIXE"),
        ("courrier", "29", "A7-ADRESSE"),
        ("email", "39", "A7-OPPOSITION"),
        ("courrier", "39", "A7-OPPOSITION"),
    ],
)
def test_a_forbidden_channel_costs_a_right_one_and_says_why(channel, record, code):
    result = channels({**KEY, channel: [*KEY[channel], record]}, GUESTS)
    assert result.points == pytest.approx(3 * 23 / 24)
    assert codes(result) == [code]
    assert record in result.messages[0].rows
    assert [(cell.row, cell.column) for cell in result.cells if cell.state == "faux"] == [(record, channel)]


def test_what_is_neither_right_nor_wrong_is_told_and_not_counted():
    old = channels({**KEY, "telephone": [*KEY["telephone"], "14"]}, GUESTS)
    assert (old.points, codes(old)) == (3, ["A7-A-RECONFIRMER"])
    other = channels({**KEY, "email": [*KEY["email"], "3"]}, GUESTS)
    assert (other.points, codes(other)) == (3, ["A7-HORS-LISTE"])


def test_a_forgotten_channel_is_named_with_its_records():
    result = channels({**KEY, "sms": ["1"]}, GUESTS)
    assert result.points == pytest.approx(3 * 22 / 24)
    (message,) = result.messages
    assert (message.code, message.rows) == ("A7-CANAL-OUBLI", ("18", "40"))
    assert message.text.startswith("SMS")


@given(st.dictionaries(st.sampled_from([*KEY, "pigeon"]), st.sets(st.sampled_from(GUESTS)).map(sorted)))
def test_the_mark_of_the_channels_is_the_formula(value):
    ticked = [(one, channel) for channel, records in value.items() if channel in KEY for one in records]
    right = sum(allowed(one, channel) for one, channel in ticked)
    wanted = 3 * max(0, 2 * right - len(ticked)) / 24 if any(value.values()) else 0
    assert channels(value, GUESTS).points == pytest.approx(wanted)


# --- training and narrative ---------------------------------------------------------------------------------------


def test_the_texts_say_what_the_file_holds_and_do_not_give_the_answer():
    assert Counter(row["score"] == "" for row in BASE.values())[True] == 4
    assert "Quatre fiches n’ont pas de score" in NARRATIVE
    explained = LOADED.key("A7-Q3").explanation.replace("\n", " ").replace("\u00a0", " ")
    assert "1, 4, 13, 18, 22, 35, 40, 47 et 51" in explained
    assert (BASE["35"]["score"], BASE["43"]["score"]) == ("45", "40")
    assert sum(BASE[one]["score"] == "50" for one in GUESTS) == 8
    shown = NARRATIVE + "".join(question.prompt for question in QUESTIONS.values())
    assert "9 fiches" not in shown
    assert "neuf" not in shown.replace("neuf chiffres", "")


def test_no_question_comes_before_the_notion_it_needs():
    names = ("A7-X1", "A7-Q1", "A7-Q2", "A7-Q3", "A7-X2", "A7-Q4")
    order = [NARRATIVE.index(f'question("{name}")') for name in names]
    assert order == sorted(order)
    assert NARRATIVE.index("Une vente privée n’est pas") < order[1]
    assert NARRATIVE.index("prospects") < order[2]
    assert order[3] < NARRATIVE.index("accord préalable et prouvé") < order[4]
