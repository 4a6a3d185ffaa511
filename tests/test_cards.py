"""The cards at work: each message of the page, what is recorded and what is shown back. No browser here."""

import json
import re

import pytest

from autograder.marking import mark_sheet
from crc_lab.core.model import Verdict
from crc_lab.core.sheet import Answer, AnswerSheet, read_sidecar, sidecar_path
from crc_lab.excel import read_answer
from crc_lab.notebook.cards import Cards, solution_html
from crc_lab.notebook.session import Session
from tests.loaded import loaded_activity

RATE = {"taux": "8,33", "conforme": "non"}
TEXT = "Le RGPD s’applique depuis 2018 et la CNIL contrôle."
TICKED = {"auto_evaluation": {"fiche": [0, 1]}}
RFM_COLUMNS = ["id_contact", "R", "F", "M", "score", "segment"]


@pytest.fixture(autouse=True)
def no_server(monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)


@pytest.fixture
def cards(tmp_path):
    return Cards(Session("04_qualifier", tmp_path))


@pytest.fixture
def rfm(tmp_path):
    return Cards(Session("06_scorer", tmp_path))


@pytest.fixture
def law(tmp_path):
    return Cards(Session("02_reglementation", tmp_path))


def say(card, message, buffers=()):
    """What the page sends, and the messages that come back."""
    back = []
    card.send = lambda content, buffers=None: back.append((content, buffers))
    card._receive(card, message, list(buffers))
    return [item for item in back if item[0]["type"] not in ("recu", "fini")]


def test_checking_records_the_answer_and_shows_the_verdict(cards):
    card = cards.card("A4-Q3")
    assert say(card, {"type": "verifier", "valeur": RATE}) == []
    assert (card.retour["verdict"], card.retour["points"]) == ("JUSTE", 2.0)
    assert card.etat["essais"] == 1
    assert cards.session.answer("A4-Q3").value == RATE


def test_a_part_that_is_wrong_is_pointed_at(cards):
    card = cards.card("A4-Q3")
    say(card, {"type": "verifier", "valeur": {"taux": "9,09", "conforme": "oui"}})
    assert card.retour["options"]["taux"]["etat"] == "faux"
    assert card.retour["options"]["conforme.oui"]["etat"] == "faux"
    assert "60 fiches" in card.retour["html"].replace("\u00a0", " ")


def test_typing_reaches_the_session_without_checking(cards):
    card = cards.card("A4-Q3")
    card.valeur = RATE
    assert cards.session.answer("A4-Q3").value == RATE
    assert card.retour is None


def test_hints_open_one_at_a_time(cards):
    card = cards.card("A4-Q1")
    say(card, {"type": "indice", "niveau": 1})
    assert len(card.etat["indices_html"]) == 1
    say(card, {"type": "indice", "niveau": 2})
    assert card.etat["indices"] == 2
    assert "NBCAR" in card.etat["indices_html"][1] or "14" in card.etat["indices_html"][1]
    say(card, {"type": "indice", "niveau": 1})
    assert card.etat["indices"] == 2, "what was opened stays open"


def test_the_worked_answer_asks_for_a_try_first_then_gives_in(cards):
    card = cards.card("A4-Q2")
    assert card.etat["corrige_disponible"] is True
    say(card, {"type": "corrige"})
    assert card.etat["corrige_html"] is None
    assert "Essayez d’abord" in card.etat["message"]
    say(card, {"type": "corrige"})
    assert "13" in card.etat["corrige_html"]
    assert card.etat["message"] == ""


def test_after_an_honest_try_the_worked_answer_comes_at_once(cards):
    card = cards.card("A4-Q3")
    say(card, {"type": "verifier", "valeur": RATE})
    say(card, {"type": "corrige"})
    assert "8,33" in card.etat["corrige_html"]


def test_the_assessment_edition_offers_no_worked_answer(tmp_path):
    sheet = {"version": 1, "activite": "04_qualifier", "edition": "evaluation", "reponses": {}}
    (tmp_path / "a.ipynb").write_text(json.dumps({"metadata": {"crc_lab": sheet}}), encoding="utf-8")
    session = Session("04_qualifier", tmp_path)
    card = Cards(session).card("A4-Q3")
    assert session.keys == {}
    say(card, {"type": "corrige"})
    say(card, {"type": "corrige"})
    assert card.etat["corrige_html"] is None
    say(card, {"type": "verifier", "valeur": RATE})
    assert card.retour["verdict"] == "A_RELIRE"
    assert "8,33" not in json.dumps(card.get_state(["question", "retour", "etat"]), default=str)


def test_no_key_is_ever_in_what_a_card_shows_before_the_worked_answer(cards):
    shown = json.dumps(cards.card("A4-Q2").get_state(["question", "etat"]), default=str)
    assert "13-37" not in shown
    assert "A4-E11" not in shown


def test_the_template_goes_out_and_the_filled_file_waits_for_consent(rfm):
    card = rfm.card("A6-Q1")
    ((message, buffers),) = say(card, {"type": "modele_excel"})
    assert message["nom"] == "A6-Q1.xlsx"
    question = rfm.session.question("A6-Q1")
    assert read_answer(buffers[0], "A6-Q1.xlsx", question).filled == 0

    csv = "id_contact;R;F;M;score;segment\n1;10;20;20;50;Très bons clients\n".encode("cp1252")
    ((preview, _),) = say(card, {"type": "fichier", "nom": "rfm.csv"}, [csv])
    assert preview["type"] == "apercu"
    assert "Très bons clients" in preview["html"]
    assert rfm.session.answer("A6-Q1") is None, "nothing is replaced before the click"

    say(card, {"type": "remplacer"})
    answer = rfm.session.answer("A6-Q1")
    assert answer.source == "excel"
    assert ["1", "10", "20", "20", "50", "Très bons clients"] in [
        [dict(zip(answer.value["colonnes"], row, strict=True))[name] for name in RFM_COLUMNS]
        for row in answer.value["lignes"]
    ]
    assert card.source_valeur == "excel"


def test_a_refused_preview_is_forgotten(rfm):
    card = rfm.card("A6-Q1")
    say(card, {"type": "fichier", "nom": "rfm.csv"}, [b"id_contact;R;F;M;score;segment\n1;10;20;20;50;x\n"])
    say(card, {"type": "annuler"})
    say(card, {"type": "remplacer"})
    assert rfm.session.answer("A6-Q1") is None


def test_a_file_that_cannot_be_read_is_refused_in_french(rfm):
    ((message, _),) = say(rfm.card("A6-Q1"), {"type": "fichier", "nom": "photo.xlsx"}, [b"\x89PNG"])
    assert message["type"] == "erreur"
    assert "« photo.xlsx »" in message["texte"]


def test_html_in_a_file_is_escaped_in_the_preview(rfm):
    csv = b"id_contact;R;F;M;score;segment\n1;<script>x</script>;20;20;50;x\n"
    ((message, _),) = say(rfm.card("A6-Q1"), {"type": "fichier", "nom": "rfm.csv"}, [csv])
    assert "<script>" not in message["html"]


def test_without_the_plugin_a_sidecar_is_written_at_once(cards, tmp_path):
    card = cards.card("A4-Q3")
    card.valeur = RATE
    say(card, {"type": "sans_plugin"})
    assert read_sidecar(sidecar_path(tmp_path, "04_qualifier")).answers["A4-Q3"].value == RATE
    assert card.etat["sans_plugin"] is True
    assert Session("04_qualifier", tmp_path).answer("A4-Q3").value == RATE


def test_the_notebook_own_answer_wins_with_its_counts(cards):
    card = cards.card("A4-Q3")
    stored = {"valeur": RATE, "source": "carte", "essais": 3, "indices": 1, "date": "2026-11-22T10:00:00+01:00"}
    say(card, {"type": "relu", "reponse": stored})
    assert cards.session.answer("A4-Q3").tries == 3
    assert card.retour["verdict"] == "JUSTE"
    assert card.etat["indices"] == 1


def test_progress_and_hand_in_follow_every_change(cards):
    progress, hand_in = cards.progress_card(), cards.hand_in_card()
    say(cards.card("A4-Q3"), {"type": "verifier", "valeur": RATE})
    for card in (progress, hand_in):
        assert next(line for line in card.questions if line["id"] == "A4-Q3")["etat"] == "juste"


@pytest.fixture
def beside(tmp_path):
    """The cards of a notebook, « tp.ipynb », in a page without the plugin."""
    empty = {"version": 1, "activite": "04_qualifier", "edition": "entrainement", "reponses": {}}
    cells = [
        {"cell_type": "code", "source": "rendre()", "metadata": {}, "outputs": [{"text": "…"}], "execution_count": 3}
    ]
    (tmp_path / "tp.ipynb").write_text(json.dumps({"cells": cells, "metadata": {"crc_lab": empty}}), encoding="utf-8")
    return Cards(Session("04_qualifier", tmp_path))


def test_without_the_plugin_handing_in_needs_a_name_and_says_what_is_missing(beside):
    card = beside.hand_in_card()
    say(card, {"type": "rendre", "nom": " ", "identifiant": "", "feuille": None})
    assert card.retour["ok"] is False
    say(card, {"type": "rendre", "nom": "Inès Garnier", "identifiant": "ig"})
    assert card.retour["ok"] is True
    assert "les questions 1, 2, 3 et 4" in card.retour["html"].replace("\u00a0", " "), "what is unanswered is named"
    assert beside.session.sheet.student.name == "Inès Garnier"


def test_without_the_plugin_handing_in_makes_a_clean_copy_with_the_answers(beside, tmp_path):
    original = tmp_path / "tp.ipynb"
    before = original.read_bytes()
    say(beside.card("A4-Q3"), {"type": "sans_plugin"})
    say(beside.card("A4-Q3"), {"type": "verifier", "valeur": RATE})
    beside.session.sheet = beside.session.sheet.with_answer("examen/A4-Q3", Answer({"taux": "5"}))
    card = beside.hand_in_card()
    for _ in range(2):
        say(card, {"type": "rendre", "nom": "Zoé", "identifiant": ""})
    copy = json.loads((tmp_path / "tp-a-rendre.ipynb").read_text(encoding="utf-8"))
    assert copy["metadata"]["crc_lab"]["reponses"]["A4-Q3"]["valeur"] == RATE
    assert list(copy["metadata"]["crc_lab"]["reponses"]) == ["A4-Q3"], "nothing of a mock exam"
    assert copy["metadata"]["crc_lab"]["eleve"]["nom"] == "Zoé"
    assert (copy["cells"][0]["outputs"], copy["cells"][0]["execution_count"]) == ([], None)
    assert original.read_bytes() == before
    assert "tp-a-rendre.ipynb" in card.retour["html"]


def test_the_name_signed_elsewhere_in_the_workbook_is_remembered_unless_several_people_signed(tmp_path):
    def sign(activity, name):
        sheet = {"version": 1, "activite": activity, "eleve": {"nom": name, "identifiant": "x"}, "reponses": {}}
        (tmp_path / activity).mkdir(exist_ok=True)
        path = tmp_path / activity / f"{activity}.ipynb"
        path.write_text(json.dumps({"cells": [], "metadata": {"crc_lab": sheet}}), encoding="utf-8")

    (tmp_path / "04_qualifier").mkdir()
    known = lambda: Cards(Session("04_qualifier", tmp_path / "04_qualifier")).hand_in_card().eleve  # noqa: E731
    assert known() == {"nom": "", "identifiant": ""}
    sign("03_structurer", "Inès Garnier")
    sign("06_scorer", "Inès Garnier")
    assert known() == {"nom": "Inès Garnier", "identifiant": "x"}
    sign("05_segmenter", "Paul Benali")
    assert known()["nom"] == "", "a folder of several people: whose copy it is cannot be guessed"
    sign("04_qualifier", "Zoé Petit")
    assert known()["nom"] == "Zoé Petit"


def test_a_failure_of_ours_is_a_sentence_not_a_traceback(cards, monkeypatch, caplog):
    monkeypatch.setattr(cards.session, "check", lambda _name: 1 / 0)
    ((message, _),) = say(cards.card("A4-Q3"), {"type": "verifier", "valeur": RATE})
    assert message["type"] == "erreur"
    assert "Vos réponses sont enregistrées" in message["texte"]
    assert "ZeroDivisionError" in caplog.text


# --- in an assessment -------------------------------------------------------------------------------------------------


@pytest.fixture
def assessed(tmp_path):
    """The cards of an assessment: a sheet that says so is enough."""
    for activity in ("04_qualifier", "06_scorer"):
        sheet = {"version": 1, "activite": activity, "edition": "evaluation", "reponses": {}}
        path = tmp_path / f"{activity}.ipynb"
        path.write_text(json.dumps({"metadata": {"crc_lab": sheet}}), encoding="utf-8")
    return lambda activity: Cards(Session(activity, tmp_path))


@pytest.mark.parametrize("value", [RATE, {"taux": "5", "conforme": "oui"}])
def test_a_right_and_a_wrong_answer_look_the_same_in_an_assessment(assessed, value):
    card = assessed("04_qualifier").card("A4-Q3")
    say(card, {"type": "verifier", "valeur": value})
    shown = {**card.retour, "html": card.retour["html"].replace("\u00a0", " ")}
    assert shown == {
        "verdict": "A_RELIRE", "points": 0.0, "sur": 0.0, "cellules": [], "options": {},
        "html": '<p><span class="verdict">Vérifié à la correction.</span></p><ul class="criteres">'
        '<li class="neutre"><span aria-hidden="true">…</span> Taux calculé : vérifié à la correction</li>'
        '<li class="neutre"><span aria-hidden="true">…</span> Conclusion : vérifié à la correction</li></ul>',
    }  # fmt: skip


def test_what_needs_no_key_is_checked_in_an_assessment(assessed):
    card = assessed("06_scorer").card("A6-Q1")
    table = {"colonnes": RFM_COLUMNS, "lignes": [["1", "7", "20", "20", "50", "Bons clients"]]}
    say(card, {"type": "verifier", "valeur": table})
    html = card.retour["html"].replace("\u00a0", " ")
    assert (card.retour["verdict"], card.retour["points"]) == ("A_RELIRE", 0.0)
    assert "Récence (R) : vérifié à la correction" in html
    assert "Score : somme de vos trois notes : à compléter ou à reprendre" in html
    assert "En R, l’annexe 8 ne donne que 10, 5, 0" in html
    assert {note["colonne"] for note in card.retour["cellules"]} == {"score", "segment"}


def test_the_second_hint_says_its_price_in_an_assessment_only(assessed, tmp_path):
    assert assessed("04_qualifier").card("A4-Q1").question["cout_indice2"] == 10
    training = Cards(Session("04_qualifier", tmp_path / "entrainement"))
    assert "cout_indice2" not in training.card("A4-Q1").question


def test_progress_says_answered_or_not_and_no_points_in_an_assessment(assessed):
    cards = assessed("04_qualifier")
    progress, hand_in = cards.progress_card(), cards.hand_in_card()
    say(cards.card("A4-Q3"), {"type": "verifier", "valeur": RATE})
    for card in (progress, hand_in):
        assert card.activite["edition"] == "evaluation"
        assert {line["etat"] for line in card.questions} == {"a_faire", "repondue"}
        assert next(line["etat"] for line in card.questions if line["id"] == "A4-Q3") == "repondue"
        assert sum(line["points"] for line in card.questions) == 0


def test_handing_in_an_assessment_says_what_is_missing(assessed):
    cards = assessed("04_qualifier")
    say(cards.card("A4-Q3"), {"type": "verifier", "valeur": RATE})
    card = cards.hand_in_card()
    say(card, {"type": "rendre", "nom": "Inès Garnier", "identifiant": ""})
    assert card.offre == {"fiche": False, "bilan": False}
    assert "Il reste sans réponse : les questions 1, 2 et 4." in card.retour["html"].replace("\u00a0", " ")


# --- beside the answer: the self-assessment of an open answer, the observations on a form ---------------------------


def test_the_rubric_is_shown_once_the_answer_was_tried(law):
    card = law.card("A2-Q1")
    assert card.etat["grilles"] == []
    say(card, {"type": "verifier", "valeur": ""})
    assert card.etat["grilles"] == []
    say(card, {"type": "verifier", "valeur": TEXT})
    (rubric,) = card.etat["grilles"]
    assert (rubric["id"], len(rubric["lignes"])) == ("fiche", 12)
    assert set(rubric["lignes"][0]) == {"points", "texte"}  # the words that help the teacher stay with the teacher
    assert card.retour["verdict"] == "A_RELIRE"
    assert "auto-évaluation n’y change rien" in card.retour["html"]


def test_a_rubric_is_never_shown_in_an_assessment(law):
    session = law.session
    session.sheet = AnswerSheet("02_reglementation", "evaluation", answers=session.sheet.answers)
    card = law.card("A2-Q1")
    say(card, {"type": "verifier", "valeur": TEXT})
    assert card.etat["grilles"] == []


def test_the_self_assessment_is_kept_with_the_answer_and_through_its_changes(law):
    card = law.card("A2-Q1")
    say(card, {"type": "verifier", "valeur": TEXT})
    say(card, {"type": "annexes", "annexes": {**TICKED, "inconnu": 1}})
    assert law.session.answer("A2-Q1").extra == TICKED
    card.valeur = "Un autre texte."
    say(card, {"type": "verifier", "valeur": "Un autre texte."})
    assert law.session.answer("A2-Q1").extra == TICKED
    assert law.session.answer("A2-Q1").value == "Un autre texte."
    assert law.session.sheet.to_metadata()["reponses"]["A2-Q1"]["auto_evaluation"] == {"fiche": [0, 1]}


@pytest.mark.parametrize("extras", [None, 3, [1], "x", {"autre": 1}])
def test_anything_else_is_left_aside(law, extras):
    say(law.card("A2-Q1"), {"type": "annexes", "annexes": extras})
    answer = law.session.answer("A2-Q1")
    assert answer is None or answer.extra == {}


def test_the_observations_on_a_form_come_back_in_a_new_card(law):
    seen = {"constats": {"M1": {"etat": "presente", "zone": "z9"}}}
    say(law.card("A2-Q2"), {"type": "annexes", "annexes": seen})
    assert Cards(law.session).card("A2-Q2").etat["annexes"] == seen
    assert law.session.answer("A2-Q2").value is None  # no answer yet


def test_without_the_plugin_they_are_beside_the_notebook(law, tmp_path):
    card = law.card("A2-Q1")
    card.valeur = TEXT
    say(card, {"type": "sans_plugin"})
    say(card, {"type": "annexes", "annexes": TICKED})
    sheet = read_sidecar(sidecar_path(tmp_path, "02_reglementation"))
    assert sheet.answers["A2-Q1"].extra == TICKED


def test_a_self_assessment_never_counts():
    loaded = loaded_activity("02_reglementation")
    answers = {"A2-Q1": {"valeur": TEXT, "auto_evaluation": {"fiche": list(range(12))}}}
    metadata = {"version": 1, "activite": "02_reglementation", "edition": "entrainement", "reponses": answers}
    results, _ = mark_sheet(AnswerSheet.from_metadata(json.loads(json.dumps(metadata))), loaded)
    fiche = next(result for result in results if result.id == "A2-Q1")
    assert (fiche.verdict, fiche.points) == (Verdict.A_RELIRE, 0)


# --- the worked answer, for the kinds of activities 1 and 2 -----------------------------------------------------------

LOADED = {name: loaded_activity(name) for name in ("01_crc", "02_reglementation")}
ALL = [(name, question.id) for name, loaded in LOADED.items() for question in loaded.activity.questions]


def solution(question_id):
    loaded = next(one for one in LOADED.values() if one.activity.question(question_id))
    return solution_html(loaded.activity.question(question_id), loaded.key(question_id)).replace("\u00a0", " ")


@pytest.mark.parametrize(("activity", "question"), ALL)
def test_no_worked_answer_shows_the_inside_of_the_program(activity, question):
    shown = solution(question)
    assert not re.search(r"[{}]|\bNone\b|\[&#x27;|manquements", shown), activity
    assert "reponse-modele" in shown


def test_every_option_of_a_choice_has_its_reason():
    shown = solution("A1-X5")
    assert "✗ Il fonctionne même sans connexion : Sans internet, pas de logiciel loué par internet." in shown
    assert "✓ Rien à installer sur les postes : Un navigateur suffit." in shown
    assert "✓ « B2B »" in solution("A2-X16")


def test_a_true_or_false_says_why():
    assert "<strong>Faux</strong> : Les données sont stockées" in solution("A1-X4")
    assert "<strong>Non</strong> : La liste ne contient que" in solution("A2-Q4")


def test_a_form_is_concluded_and_its_faults_are_named():
    shown = solution("A2-Q2")
    assert "avec ce formulaire ? <strong>Non</strong>" in shown
    assert "<li>M3 Destinataires des données</li>" in shown
    assert "Aucun manquement." in solution("A2-X6")


def test_an_open_answer_keeps_its_list():
    assert solution("A2-Q1").count("<li>") >= 12
