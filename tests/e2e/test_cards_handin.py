"""The last cards of an activity in a plain page: progress, handing in, the page to print."""

from __future__ import annotations

import json
import re
from itertools import islice
from pathlib import Path
from typing import Any

from crc_lab.core.feedback import remarks
from crc_lab.core.grading import grade
from crc_lab.core.proof import wrong_answers
from crc_lab.core.resources import activity_ids
from crc_lab.core.sheet import Answer, Student
from crc_lab.notebook.handin import summary_page
from crc_lab.notebook.session import Session
from tests.e2e import page_harness as samples
from tests.e2e.page_harness import NBSP, RIGHT, Harness, cells, row_of, violations

# ---- progress and hand-in


def test_progress_shows_states_and_points_follows_the_cards_and_goes_to_them(cards, page):
    lines = samples.LINES
    card = cards.show(
        "suivi",
        "progress",
        {"activite": {"id": "04_qualifier", "titre": "Activité 4 · Qualifier la base"}, "questions": lines},
    )
    assert card.locator(".note").inner_text().replace(NBSP, " ") == "11,5 / 20"
    assert cards.sent("feuille")[0]["chemin"] == "06_scorer/06_scorer.ipynb"
    assert f"2 · Repérez les doublons{NBSP}: juste, 4 / 4" in [
        each.get_attribute("aria-label") for each in card.locator(".pas").all()
    ]
    matching = cards.card(samples.MATCHING)
    matching.locator("select").first.select_option("nettoyer")
    assert "répondue" in card.locator("[data-q='A4-Q4']").get_attribute("aria-label")
    cards.set("A4-Q4", retour={**RIGHT, "points": 4, "sur": 4})
    assert card.locator(".note").inner_text().replace(NBSP, " ") == "15,5 / 20"
    cards.set("A4-Q4", etat={"essais": 1})  # the try is stored with the answer, which has not changed
    assert "juste" in card.locator("[data-q='A4-Q4']").get_attribute("aria-label")
    assert card.locator(".note").inner_text().replace(NBSP, " ") == "15,5 / 20"
    event = "new CustomEvent('crc-retour', { detail: { q: 'A4-Q4', verdict: 'FAUX' } })"
    page.evaluate(f"document.dispatchEvent({event})")  # an event of no notebook: nothing happens, no error either
    assert "juste" in card.locator("[data-q='A4-Q4']").get_attribute("aria-label")
    page.locator("[data-q='A4-Q4']").click()
    page.wait_for_function("document.activeElement.closest('[data-crc-question]')?.dataset.crcQuestion === 'A4-Q4'")
    card.locator("[data-q='A4-Q1']").click()
    assert "n’est pas affichée" in card.locator("[aria-live]").first.inner_text()


def test_a_page_that_python_redraws_loses_no_click_and_takes_no_answer_for_another(cards, page):
    """On a slow computer what Python says comes at any moment: between the two halves of a click, after an answer."""
    kept = {"nom": "a", "date": "2026-11-28T18:04:00+01:00", "reponses": 1, "autres": 1}
    traits = {"activite": {"id": "06_scorer", "titre": "T"}, "questions": samples.LINES, "copies": [kept]}
    top = cards.show("suivi", "progress", traits)

    def press(button: Any) -> None:
        button.hover()
        page.mouse.down()

    press(top.locator("[data-q='A4-Q1']"))
    cards.set("suivi", questions=[{**one, "etat": "juste"} for one in samples.LINES])
    page.mouse.up()
    assert "n’est pas affichée" in top.locator("[aria-live]").first.inner_text()
    assert "juste" in top.locator("[data-q='A4-Q1']").get_attribute("aria-label")

    top.get_by_text("Retrouver mes réponses").click()
    top.get_by_role("button", name="Reprendre").click()
    cards.set("suivi", copies=[{**kept, "nom": "b"}, kept])  # the answer just given is in a copy of its own
    sure = top.get_by_role("button", name="Remplacer 1 réponse : cliquez encore")
    assert sure.evaluate("node => node === document.activeElement")
    sure.click()
    (asked,) = cards.sent("copie")
    assert (asked["nom"], asked["feuille"]["activite"]) == ("a", "06_scorer")
    cards.set("suivi", examen={"etat": "cours", "debut": kept["date"], "duree": "45 minutes", "tentatives": []})
    top.get_by_role("button", name="Terminer l’examen").click()
    top.get_by_role("button", name="Terminer et voir les notes").click()
    (asked,) = cards.sent("examen")
    assert (asked["action"], asked["feuille"]["activite"]) == ("fin", "06_scorer"), "an answer may still be on its way"

    # of two answers the later stays, whatever the clocks say and whichever message comes first
    ahead = "2099-01-01T10:00:00.000+01:00"
    place = {"cle": "examen/A4-Q1", "date": ahead}
    spec = {**samples.SIMPLE[3], "id": "A4-Q1", "cle": "examen/A4-Q1", "examen": "cours"}
    card = cards.card(spec, date_valeur=ahead, place_valeur=place)
    field = card.locator("input[type=text]")
    field.fill("4,75")
    field.blur()
    sent = cards.trait("A4-Q1", "place_valeur")
    assert sent["cle"] == "examen/A4-Q1"
    assert sent["date"].startswith("2099-01-01T")
    assert sent["date"] != ahead
    cards.tell("suivi", {"type": "ecrire", "reponses": {"examen/A4-Q1": {"valeur": None, "date": ahead}}})
    late = {"valeur": "autre", "date_valeur": "2099-01-02T00:00:00+01:00"}
    cards.set("A4-Q1", **late, place_valeur={"cle": "A4-Q1", "date": late["date_valeur"]})  # an answer of the training
    page.wait_for_timeout(50)
    assert (field.input_value(), cards.stored("examen/A4-Q1")) == ("4,75", "4,75")
    last = "2099-01-03T00:00:00+01:00"
    cards.set("A4-Q1", valeur="5", date_valeur=last, place_valeur={"cle": "examen/A4-Q1", "date": last})
    page.wait_for_timeout(50)
    assert field.input_value() == "5"
    cards.set("A4-Q1", question={**spec, "activite": "06_scorer", "cle": "A4-Q1"}, place_valeur={"cle": "A4-Q1"})
    page.wait_for_timeout(50)
    assert field.input_value() == "", "Python has no answer there: what the page had just sent is of the exam"


def hand_in(cards: Harness, **traits: Any) -> Any:
    """The card « Rendre mon travail »."""
    given = {"activite": {"id": "04_qualifier"}, "questions": samples.LINES, "eleve": {}, "retour": None, "offre": {}}
    return cards.show("rendre", "handin", {**given, **traits})


def test_handing_in_asks_who_and_downloads_a_clean_copy_of_what_is_on_the_screen(cards, page):
    cards.switch(
        kernel=False,  # the copy is made in the page: a dead kernel takes nothing away
        reponses={
            "A4-Q4": {"valeur": {"o1": "nettoyer"}, "date": "2026-11-22T10:04:00+01:00"},
            "A4-X1": {"valeur": "a", "date": "2026-11-22T10:42:00+01:00"},
            "A4-Q1": {"valeur": []},
            "examen": {"valeur": {"etat": "fini"}},
            "examen/A4-Q4": {"valeur": {"o1": "verifier"}},
        },
    )
    questions = [
        {"id": n, "rang": rank, "titre": n, "etat": "a_faire", "entrainement": "X" in n, "points": 0, "sur": 2}
        for rank, n in enumerate(("A4-Q1", "A4-Q4", "A4-X1"), start=1)
    ]
    card = hand_in(cards, questions=questions)
    grid = cards.card(samples.rfm_question())
    card.get_by_role("button", name="Télécharger ma copie").click()
    assert "Écrivez votre nom" in card.inner_text()
    card.get_by_label("Votre nom").fill(' Garnier/Inès : "a" ')
    card.get_by_label("Votre identifiant").fill("igarnier")
    page.keyboard.press("Tab")
    assert page.evaluate("essai.eleve") == {"nom": 'Garnier/Inès : "a"', "identifiant": "igarnier"}
    cells(grid, "1", "score").click()
    page.keyboard.type("45")  # still in the open cell
    with page.expect_download() as download:
        page.evaluate("document.querySelector('#rendre button.principal').click()")
    assert download.value.suggested_filename == "06_scorer – Garnier Inès a.ipynb"
    copy = json.loads(Path(download.value.path()).read_text("utf-8"))
    sheet = copy["metadata"].pop("crc_lab")
    assert (sheet["eleve"]["nom"], sheet["carnet"]) == ('Garnier/Inès : "a"', "c0")
    assert sorted(sheet["reponses"]) == ["A4-Q1", "A4-Q4", "A4-X1", "A6-Q1"]
    assert row_of(sheet["reponses"]["A6-Q1"]["valeur"], "1")["score"] == "45"
    assert copy["metadata"] == {"kernelspec": {"name": "python3"}}
    code = copy["cells"][1]
    assert (code["outputs"], code["execution_count"], code["metadata"]) == ([], None, {"nbgrader": {"grade": True}})
    told = card.locator(".retour").inner_text()
    assert "06_scorer – Garnier Inès a.ipynb" in told
    assert "Elle contient 1 réponse sur 2 et 1 exercice, la dernière donnée le 22 novembre 2026" in told
    assert f"Il reste sans réponse{NBSP}: la question 1." in told
    assert "Déposez ce fichier dans le devoir Moodle" in told
    assert "examen blanc restent dans votre carnet" in told


def test_without_the_plugin_python_makes_the_copy(cards):
    cards.switch(plugin=False)
    card = hand_in(cards, eleve={"nom": "Inès Garnier", "identifiant": ""})
    card.get_by_role("button", name="Télécharger ma copie").click()
    assert cards.sent("rendre")[0]["nom"] == "Inès Garnier"
    cards.set("rendre", retour={"ok": True, "html": "<p>Votre fichier est prêt.</p>"})
    assert "Votre fichier est prêt." in card.locator(".retour.juste").inner_text()


def test_the_page_to_print_opens_by_itself_and_the_before_and_after_is_shown(cards, page):
    cards.switch(reponses={"A4-Q4": {"valeur": {"o1": "nettoyer"}}})
    card = hand_in(cards, eleve={"nom": "Inès", "identifiant": ""}, offre={"fiche": True, "bilan": True})
    with page.expect_popup() as opened:
        card.get_by_role("button", name="Ma fiche, une page à imprimer").click()
    assert cards.sent("fiche")[0]["feuille"]["activite"] == "06_scorer"
    page.evaluate(
        "essai.models.rendre.message({ type: 'page' },"
        " [new TextEncoder().encode('<title>Ma fiche</title><p>Le cours</p>')])"
    )
    opened.value.get_by_text("Le cours").wait_for()
    card.get_by_role("button", name="Mon fichier, avant et après").click()
    cards.tell("rendre", {"type": "bilan", "html": "<table><tr><th>Étape</th></tr><tr><td>Invités</td></tr></table>"})
    assert "Invités" in card.get_by_role("region", name="Mon fichier, avant et après").inner_text()
    card.get_by_role("button", name="Exporter vers Excel").click()
    assert cards.sent("bilan_excel")[0]["nom"] == "Inès"


def test_handing_in_links_to_what_is_missing(cards, page):
    card = cards.show(
        "rendre",
        "handin",
        {"activite": {}, "questions": samples.LINES, "eleve": {"nom": "Inès", "identifiant": ""}, "retour": None},
    )
    assert "3 questions répondues, 1 encore sans réponse." in card.inner_text()
    assert card.get_by_label("Votre nom").input_value() == "Inès"
    cards.card(samples.MATCHING)
    card.get_by_role("button", name="4 · Classez les opérations").click()
    page.wait_for_function("document.activeElement.closest('[data-crc-question]')?.dataset.crcQuestion === 'A4-Q4'")


def longest_page(activity: str, folder: Path) -> str:
    """The page of an activity where every question has the wrong answer of which most is told."""
    session = Session(activity, folder)
    models = {name: one.answer for name, one in session.keys.items()}
    for question in session.activity.questions:
        key = session.keys[question.id]
        wrong = [answer for _, answer in islice(wrong_answers(question, key, models), 5)] or [key.answer]
        told = {at: len("".join(remarks(grade(question, answer, key, models)))) for at, answer in enumerate(wrong)}
        answer = Answer(wrong[max(told, key=told.__getitem__)], tries=1, date="2026-11-22T10:04:00+01:00")
        session.sheet = session.sheet.with_answer(question.id, answer)
    return summary_page(session, Student("Garnier Inès"))


def test_the_longest_page_of_every_activity_prints_on_one_a4_that_can_be_read(page, tmp_path, photo):
    file = tmp_path / "fiche.html"
    page.emulate_media(reduced_motion="reduce")
    for activity in (name for name in activity_ids() if not name.startswith("00")):
        file.write_text(longest_page(activity, tmp_path), encoding="utf-8")
        page.goto(file.as_uri())
        printed = page.pdf(prefer_css_page_size=True, print_background=True)
        assert (activity, len(re.findall(rb"/Type\s*/Page\b", printed))) == (activity, 1)
        assert re.search(rb"/MediaBox\s*\[\s*0 0 59[45][.\d]* 84[12]", printed), "A4"
        size = page.evaluate("parseFloat(document.documentElement.style.getPropertyValue('--corps'))")
        assert (activity, size) >= (activity, 8), "letters that a person reads on paper, in points"
    photo(page, "fiche")
    for width in (1366, 400):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == []
