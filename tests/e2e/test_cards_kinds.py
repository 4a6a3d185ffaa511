"""The cards of activities 1 and 2: a form to inspect, a rubric, texts with gaps, ordering by mouse, longer answers."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

from crc_lab.core.feedback import render_html
from crc_lab.core.grading import grade
from crc_lab.notebook.cards import question_spec
from crc_lab.notebook.widgets import join, modules
from tests.e2e.page_harness import DATE, Harness, keys
from tests.loaded import loaded_activity

LOADED = {name: loaded_activity(name) for name in ("01_crc", "02_reglementation")}
FIVE = ["M3", "M4", "M5", "M6", "M7"]


def shown(question: str) -> dict[str, Any]:
    loaded = next(one for one in LOADED.values() if one.activity.question(question))
    return question_spec(loaded.activity.question(question), loaded.activity, "entrainement")


def back(question: str, value: Any) -> dict[str, Any]:
    """What Python sends back after « Vérifier », as crc_lab.notebook.cards does."""
    loaded = next(one for one in LOADED.values() if one.activity.question(question))
    result = grade(loaded.activity.question(question), value, loaded.key(question))
    options = {note.row: {"etat": note.state, "texte": note.text} for note in result.cells}
    return {"verdict": result.verdict.value, "points": result.points, "sur": result.max_points,
            "html": render_html(result), "cellules": [], "options": options}  # fmt: skip


def stored_with(cards: Harness, name: str, key: str) -> Any:
    return cards.page.evaluate("([name, key]) => essai.reponses[name]?.[key] ?? null", [name, key])


def state(card: Any, mention: str, words: str) -> Any:
    return card.locator(".mention", has_text=mention).get_by_label(words, exact=True)


# ---- a form to inspect


def test_a_form_is_inspected_in_the_list_with_the_mouse(cards):
    form = cards.card(shown("A2-Q2"))
    state(form, "M1", "présente").check()
    assert cards.stored("A2-Q2") is None  # what is present is no answer yet, but it is kept
    assert stored_with(cards, "A2-Q2", "constats") == {"M1": {"etat": "presente"}}
    for mention in FIVE[:4]:
        state(form, mention, "absente").check()
    state(form, "M7", "non valable").check()
    form.locator(".conclusion").get_by_text("Non", exact=True).click()
    assert cards.stored("A2-Q2") == {"conclusion": "non", "manquements": FIVE}
    assert "6 mentions examinées sur 7" in form.inner_text()
    assert cards.trait("A2-Q2", "valeur") == {"conclusion": "non", "manquements": FIVE}
    assert cards.sent("annexes")[-1]["annexes"]["constats"]["M7"] == {"etat": "invalide"}


def test_a_zone_of_the_form_says_which_mention_it_answers(cards):
    form = cards.card(shown("A2-Q2"))
    form.locator(".zone:has(.zone-case) .zone-corps").click(position={"x": 60, "y": 12})  # anywhere in the zone
    chooser = form.get_by_label("À quelle mention répond la zone 7")
    chooser.select_option("M7")
    form.get_by_role("button", name="n’est pas valable").click()
    assert cards.stored("A2-Q2") == {"conclusion": "", "manquements": ["M7"]}
    assert "M7 non valable" in form.locator(".zone:has(.zone-case)").inner_text()
    form.get_by_role("button", name="champ à remplir «\u00a0Date de naissance\u00a0»").click()
    form.get_by_role("button", name="La mention y est", exact=True).click()
    assert "Choisissez d’abord une mention" in form.inner_text()
    form.locator(".choix-zone select").select_option("MIN")
    form.get_by_role("button", name="La mention y est", exact=True).click()
    assert cards.stored("A2-Q2")["manquements"] == ["M7", "MIN"]


def test_a_form_is_inspected_with_the_keyboard_alone(cards, page):
    form = cards.card(shown("A2-X6"))
    form.get_by_role("button", name="Zone 13").focus()
    keys(page, "Enter")
    assert page.evaluate("document.activeElement.tagName") == "SELECT"
    page.keyboard.type("M1")
    keys(page, "Tab", "Enter")
    assert "Zone 13" in page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert state(form, "M1", "présente").is_checked()
    assert "présente" in form.locator("[aria-live=polite]").inner_text()
    keys(page, "Enter", "Escape")
    assert form.locator(".choix-zone").count() == 0
    for _ in range(6):
        keys(page, "Tab")
    focused = page.evaluate("document.activeElement.name && document.activeElement.type")
    assert focused == "radio"  # past the last zones, the list
    keys(page, "Tab", "Space")
    state(form, "M2", "présente").press("ArrowDown")
    assert state(form, "M2", "absente").is_checked()
    assert cards.stored("A2-X6")["manquements"] == ["M2"]


def test_the_observations_on_a_form_come_back_with_the_notebook(cards):
    constats = {"M1": {"etat": "presente", "zone": "z9"}, "M3": {"etat": "absente"}, "M7": {"etat": "invalide"}}
    cards.switch(reponses={"A2-Q2": {"valeur": {"conclusion": "non", "manquements": ["M3", "M7"]}, "date": DATE,
                                     "source": "carte", "essais": 1, "indices": 0, "constats": constats}})  # fmt: skip
    form = cards.card(shown("A2-Q2"))
    assert state(form, "M1", "présente").is_checked()
    assert state(form, "M7", "non valable").is_checked()
    assert "M1 présente" in form.locator(".formulaire").inner_text()
    assert cards.stored("A2-Q2") == {"conclusion": "non", "manquements": ["M3", "M7"]}


def test_an_answer_given_elsewhere_is_shown_without_observations(cards):
    form = cards.card(shown("A2-Q2"), valeur={"conclusion": "oui", "manquements": ["M4", "MIN"]})
    assert state(form, "M4", "absente").is_checked()
    assert form.get_by_label("Une donnée demandée").is_checked()
    assert form.locator(".conclusion").get_by_label("Oui").is_checked()
    assert not state(form, "M1", "présente").is_checked()


def test_what_was_reported_is_commented_and_nothing_else(cards):
    form = cards.card(shown("A2-Q2"))
    value = {"conclusion": "non", "manquements": ["M1", "M3", "DPO"]}
    cards.replace("A2-Q2", value, "code")
    cards.set("A2-Q2", retour=back("A2-Q2", value))
    assert "On ne dit pas qui recevra les données" in form.locator(".mention", has_text="M3").inner_text()
    assert "Le nom et l’adresse" in form.locator(".mention", has_text="M1").inner_text()
    assert form.locator(".mention", has_text="M4").locator(".note-champ").inner_text() == ""
    assert form.locator(".choix.ko").count() == 1
    assert "Relisez la ligne du bas" in form.locator(".retour").inner_text()


# ---- the rubric of an open answer

LINES = [{"points": 0.5, "texte": "Le rôle de la CNIL"}, {"points": 1.5, "texte": "La durée de conservation"}]
GRID = [{"id": "fiche", "titre": "Fiche", "lignes": LINES}]


def test_the_rubric_waits_for_a_try_then_counts_what_is_ticked(cards):
    card = cards.card(shown("A2-Q1"))
    rubric = card.locator(".grille-eval")
    assert not rubric.is_visible()
    card.locator("textarea").fill("La CNIL contrôle.")
    cards.set("A2-Q1", etat={"essais": 1, "grilles": GRID})
    assert rubric.is_visible()
    assert "elle n’est jamais comptée" in rubric.inner_text()
    rubric.get_by_label("Le rôle de la CNIL").check()
    assert "Votre estimation\u00a0: 0,5 / 2, à confirmer." in rubric.inner_text()
    rubric.get_by_label("La durée de conservation").press("Space")
    assert "2 / 2" in rubric.inner_text()
    assert "2 / 2" in card.locator("[aria-live=polite]").inner_text()
    assert stored_with(cards, "A2-Q1", "auto_evaluation") == {"fiche": [0, 1]}
    assert cards.stored("A2-Q1") == "La CNIL contrôle."
    assert cards.sent("annexes")[-1]["annexes"] == {"auto_evaluation": {"fiche": [0, 1]}}


def test_the_rubric_survives_a_reload_and_a_change_of_the_answer(cards, page):
    cards.switch(reponses={"A2-Q1": {"valeur": "Du texte", "date": DATE, "source": "carte", "essais": 1, "indices": 0,
                                     "auto_evaluation": {"fiche": [1]}}})  # fmt: skip
    card = cards.card(shown("A2-Q1"), etat={"essais": 1, "grilles": GRID})
    assert "1,5 / 2" in card.locator(".grille-eval").inner_text()
    card.locator("textarea").fill("Un autre texte")
    page.wait_for_timeout(400)
    assert stored_with(cards, "A2-Q1", "auto_evaluation") == {"fiche": [1]}
    assert cards.stored("A2-Q1") == "Un autre texte"


def test_a_tick_of_the_rubric_does_not_undo_the_state_of_the_question(cards):
    traits = {"activite": {"id": "02_reglementation", "titre": "T"},
              "questions": [{"id": "A2-Q1", "titre": "T", "etat": "a_relire", "points": 0, "sur": 6}]}  # fmt: skip
    progress = cards.show("avance", "progress", traits)
    card = cards.card(shown("A2-Q1"), etat={"essais": 1, "grilles": GRID})
    card.get_by_label("Le rôle de la CNIL").check()
    assert "vérifiée à la correction" in progress.inner_text() or "…" in progress.inner_text()


# ---- a line that could not be read


def test_a_line_that_could_not_be_read_asks_which_idea_is_in_it(cards, page):
    typed = ["La vente", "un truc de telepro", "", ""]
    notes = {"0": {"etat": "juste", "texte": "Vendre."}, "1": {"etat": "doute", "texte": ""}}
    line = {"ligne": "1", "numero": 2, "texte": typed[1], "coches": [], "idees": [
        {"id": "qualification", "texte": "qualifier le fichier"},
        {"id": "rendez_vous", "texte": "prendre des rendez-vous"},
    ]}  # fmt: skip
    result = {"verdict": "PARTIEL", "points": 1.5, "sur": 6, "html": "<p>En partie juste.</p>", "options": notes}
    card = cards.card(shown("A1-Q1b"), valeur=typed, retour={**result, "relectures": [line]})
    inputs = card.locator(".textes input")
    assert [inputs.nth(at).get_attribute("aria-invalid") for at in (0, 1)] == [None, None]  # a doubt is never wrong
    told = card.locator(".textes .champ").all_inner_texts()
    assert "✓ Juste. Vendre." in told[0]
    assert "○ Pas su lire." in told[1]
    group = card.get_by_role("group", name="Je n’ai pas su lire la réponse 2")
    assert "un truc de telepro" in group.inner_text()
    assert "votre professeur décidera" in group.inner_text()
    cards.check_looks()
    tick = group.get_by_label("prendre des rendez-vous")
    tick.focus()
    page.keyboard.press("Space")
    kept = {"1": {"texte": typed[1], "idees": ["rendez_vous"]}}
    assert cards.sent("annexes")[-1]["annexes"] == {"relecture": kept}
    assert stored_with(cards, "A1-Q1b", "relecture") == kept
    assert "votre relecture est enregistrée" in card.locator("[aria-live=polite]").inner_text()
    cards.set("A1-Q1b", retour={**result, "points": 3, "relectures": [{**line, "coches": ["rendez_vous"]}]})
    assert tick.is_checked()
    assert page.evaluate("document.activeElement.type") == "checkbox"  # one goes on from there
    inputs.nth(0).fill("Vendre")  # another line: the tick stays
    page.wait_for_timeout(400)
    assert stored_with(cards, "A1-Q1b", "relecture") == kept
    inputs.nth(1).fill("un truc de telepro, prendre rdv")
    page.wait_for_timeout(400)
    assert stored_with(cards, "A1-Q1b", "relecture") == {}
    assert not group.is_visible()


# ---- a text with gaps, an order, a long short answer


def test_the_fields_of_a_text_stand_in_its_sentences(cards, page):
    card = cards.card(shown("A1-X8"))
    text = card.locator(".trame")
    assert "{" not in text.inner_text()
    card.get_by_label("Ville d’Omnicom").fill("Gennevilliers")
    keys(page, "Tab")
    page.keyboard.type("15")
    keys(page, "Tab")
    assert cards.stored("A1-X8") == {"ville": "Gennevilliers", "ans": "15"}
    value = {"ville": "Paris", "client": "commanditaire"}
    cards.replace("A1-X8", value, "code")
    cards.set("A1-X8", retour=back("A1-X8", value))
    assert card.get_by_label("Ville d’Omnicom").get_attribute("aria-invalid") == "true"
    assert "✓" in card.locator(".trou", has=page.get_by_label("Entreprise qui confie une mission")).inner_text()


def test_an_order_is_made_with_the_mouse(cards):
    card = cards.card(shown("A1-X1"))
    first, last = card.locator("li[data-id=appels]"), card.locator("li[data-id=contacts]")
    first.drag_to(last, target_position={"x": 40, "y": 4})
    assert cards.stored("A1-X1") == ["appels", "contacts", "crc"]
    assert "position 1 sur 3" in card.locator("[aria-live=polite]").inner_text()
    assert card.get_by_role("button", name="Monter\u00a0: Centre d’appels").is_disabled()


def test_a_short_answer_of_several_lines_is_typed_in_an_area(cards, page):
    card = cards.card(shown("A1-Q1a"))
    area = card.locator("textarea")
    area.fill("Un CRC.\nÀ Gennevilliers.")
    keys(page, "Tab")
    assert cards.stored("A1-Q1a") == "Un CRC.\nÀ Gennevilliers."


def test_each_text_of_a_list_says_what_became_of_it(cards):
    card = cards.card(shown("A1-Q1b"))
    value = ["vente", "vendre", "mail", ""]
    cards.replace("A1-Q1b", value, "code")
    cards.set("A1-Q1b", retour=back("A1-Q1b", value))
    notes = card.locator(".note-champ").all_inner_texts()
    assert notes[0].startswith("✓")
    assert "Même idée que la réponse 1" in notes[1]
    assert notes[2].startswith("✗")
    assert notes[3] == ""


# ---- looks

EVERY = ["A2-Q2", "A2-X6", "A2-Q1", "A2-Q4", "A1-X8", "A1-X1", "A1-Q2", "A1-X2", "A2-X9"]


def test_the_cards_look_right_everywhere(cards, page):
    for name in EVERY:
        cards.card(shown(name), etat={"essais": 1, "grilles": GRID if name == "A2-Q1" else []})
    form = page.locator("#A2-Q2")
    form.get_by_role("button", name="Zone 6").click()
    state(form, "M3", "absente").check()
    cards.set("A2-Q2", retour=back("A2-Q2", {"conclusion": "non", "manquements": ["M3", "M1"]}))
    cards.check_looks()


# ---- a new kind


def test_a_new_kind_is_one_file_and_one_line(cards):
    toy = """
    import { h } from "../dom.js";
    export const jouet = {
      mount({ spec, labelledby, changed }) {
        const input = () => changed("now");
        const node = h("input", { type: "range", max: 9, "aria-labelledby": labelledby, on: { input } });
        return {
          node,
          value: () => node.value,
          setValue: (value) => { node.value = value ?? 0; },
          setFeedback: (notes) => { node.title = notes?.jouet?.texte ?? ""; },
        };
      },
    };
    """
    line = 'export { jouet } from "./kinds/jouet.js";\n'
    known = modules()
    more = {**known, "kinds/jouet.js": dedent(toy), "kinds.js": known["kinds.js"] + line}
    part = {"id": "force", "genre": "jouet", "libelle": "La force"}
    alone = f"{join(more, 'card.js')}\nexport default card;\n"
    for question in ({"id": "A9-Q1", "genre": "jouet"}, {"id": "A9-Q2", "genre": "parties", "parties": [part]}):
        card = cards.show(question["id"], alone, {"question": question, "valeur": None, "etat": {}})
        card.locator("input").fill("7")
    assert cards.stored("A9-Q1") == "7"
    assert cards.stored("A9-Q2") == {"force": "7"}
    cards.set(
        "A9-Q1", retour={"verdict": "FAUX", "html": "", "options": {"jouet": {"etat": "faux", "texte": "Moins."}}}
    )
    assert cards.page.locator("#A9-Q1 input").get_attribute("title") == "Moins."
