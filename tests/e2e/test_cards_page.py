"""The cards in a plain page: every kind by mouse and by keyboard, storage, silence of the engine, looks."""

from __future__ import annotations

import pytest

from crc_lab.notebook.widgets import bundle, loader, version
from tests.e2e import page_harness as samples
from tests.e2e.page_harness import NBSP, RIGHT, Harness, cells, keys, row_of

MATCHED = {"o1": "nettoyer", "o2": "nettoyer", "o3": "mettre_a_jour"}


# ---- answering each kind


def test_each_simple_kind_is_answered_with_the_keyboard_alone(cards, page):
    for question in samples.SIMPLE:
        cards.card(question)
    page.keyboard.press("Tab")
    keys(page, "Space", "ArrowDown", "Tab", "Tab")  # choice, then past « Vérifier »
    keys(page, "Space", "Tab", "Tab", "Space", "Tab", "Tab")
    keys(page, "Space", "ArrowDown", "Tab")
    page.keyboard.type("Une raison")
    keys(page, "Tab", "Tab")
    page.keyboard.type("4,75")
    keys(page, "Tab", "Tab")
    page.keyboard.type("Un centre d’appels")
    keys(page, "Tab", "Tab")
    page.keyboard.type("des particuliers")
    page.keyboard.press("Tab")
    page.keyboard.type("des entreprises")
    keys(page, "Tab", "Tab", "Tab")  # « Vérifier », « Indice 1 »
    keys(page, "n", "Tab", "n", "Tab", "m", "Tab", "Tab")
    keys(page, "ArrowDown", "ArrowDown", *["Tab"] * 6)
    page.wait_for_timeout(400)
    stored = {q["id"]: cards.stored(q["id"]) for q in samples.SIMPLE[:8]}
    assert stored == {
        "A2-X1": "b",
        "A1-X2": ["mail", "sms"],
        "A2-X3": {"choix": "faux", "raison": "Une raison"},
        "A4-X3": "4,75",
        "A1-Q1a": "Un centre d’appels",
        "A3-Q1": ["des particuliers", "des entreprises"],
        "A4-Q4": MATCHED,
        "A6-X1": ["choix", "somme", "note", "tranche"],
    }


def test_an_open_answer_and_the_last_part_are_reached_by_tab(cards, page):
    opened = cards.card(samples.OPEN)
    page.keyboard.press("Tab")
    page.keyboard.type("Fidéliser les meilleurs clients.\n**Objectif**")
    page.keyboard.press("Tab")
    assert cards.stored("A7-Q1") == "Fidéliser les meilleurs clients.\n**Objectif**"
    assert "5 mots" in opened.locator("small").inner_text()


def test_the_order_shown_becomes_the_answer_when_it_is_checked(cards):
    order = cards.card(samples.ORDER)
    assert cards.stored("A6-X1") is None
    order.get_by_role("button", name="Vérifier").click()
    assert cards.stored("A6-X1") == ["note", "choix", "somme", "tranche"]
    assert cards.sent("verifier")[0]["valeur"] == ["note", "choix", "somme", "tranche"]


def test_texts_are_kept_exactly_as_typed(cards, page):
    cards.card(samples.NUMBER)
    page.keyboard.press("Tab")
    page.keyboard.type(" 01000,50 €")
    page.keyboard.press("Tab")
    assert cards.stored("A4-X3") == " 01000,50 €"


def test_an_unknown_kind_says_so_and_keeps_its_answer(cards):
    card = cards.card({"id": "A9-Q2", "genre": "hologramme", "titre": "Un genre à venir"}, valeur={"fiches": ["3"]})
    assert "n’affiche pas encore ce genre de question" in card.inner_text()
    assert card.get_by_role("button", name="Vérifier").count() == 0
    assert cards.stored("A9-Q2") == {"fiches": ["3"]}


def test_a_card_that_cannot_be_built_speaks_french(cards, page, page_problems):
    cards.show("A0-Q9", "card", {"question": {"id": "A0-Q9", "genre": "tableau"}, "valeur": None, "etat": {}})
    assert "ne peut pas s’afficher (tableau absent)" in page.locator("#A0-Q9").inner_text()
    page_problems.clear()


def test_the_code_is_asked_of_python_when_it_did_not_come_by_itself(cards, page):
    """By the first card only, and after a while: it comes with a widget of its own."""
    page.evaluate(
        "texte => { essai.reply = ({ type }) => (type === 'code' ? { type, texte } : null) }",
        bundle().replace(version(), "une-autre"),
    )
    for name in ("lexique", "lexique2"):
        own = loader("lexique").replace(version(), "une-autre")
        page.evaluate("([name, script, traits]) => { essai.mount(name, script, traits) }", [name, own, {"entrees": []}])
    page.wait_for_selector("#lexique .carte")
    page.wait_for_selector("#lexique2 .carte")
    assert len(cards.sent("code")) == 1


# ---- the answer sheet and the engine


def test_an_answer_goes_to_the_plugin_with_its_date_and_to_python(cards, page):
    card = cards.card(samples.CHOICE, etat={"essais": 2, "indices": 1})
    card.get_by_text("Oui, toujours").click()
    kind, detail = page.evaluate("essai.events.filter(([type]) => type === 'crc-reponse')")[0]
    assert kind == "crc-reponse"
    assert (
        detail["q"],
        detail["valeur"],
        detail["source"],
        detail["essais"],
        detail["indices"],
        detail["activite"],
    ) == ("A2-X1", "a", "carte", 2, 1, "06_scorer")
    assert detail["date"][10] == "T"
    assert detail["date"][23] in "+-"
    assert cards.trait("A2-X1", "valeur") == "a"
    page.wait_for_selector("text=/✓ enregistré à \\d\\d:\\d\\d/")


def test_each_key_is_stored_and_python_hears_after_a_pause_or_when_the_field_is_left(cards, page):
    cards.card(samples.TEXT)
    page.keyboard.press("Tab")
    page.keyboard.type("abc")
    assert cards.stored("A1-Q1a") == "abc"
    assert cards.trait("A1-Q1a", "valeur") is None
    page.wait_for_timeout(450)
    assert cards.trait("A1-Q1a", "valeur") == "abc"
    page.keyboard.type("d")
    page.keyboard.press("Tab")
    assert cards.stored("A1-Q1a") == cards.trait("A1-Q1a", "valeur") == "abcd"


def test_an_answer_that_came_from_another_window_is_shown(cards, page):
    card = cards.card(samples.TEXT, valeur="ancienne")
    given = {"valeur": "d’un autre onglet", "source": "carte", "essais": 0, "date": "2027-01-01T00:00:00+01:00"}
    cards.switch(reponses={"A1-Q1a": given})
    page.evaluate("document.dispatchEvent(new CustomEvent('crc-fusion'))")
    assert card.locator("input[type=text]").first.input_value() == "d’un autre onglet"
    assert cards.trait("A1-Q1a", "valeur") == "d’un autre onglet"


def test_the_answer_of_the_notebook_comes_back_and_python_is_told(cards, page):
    cards.switch(
        reponses={
            "A2-X1": {"valeur": "c", "source": "carte", "essais": 3, "indices": 1, "date": "2026-11-20T10:04:00+01:00"}
        }
    )
    card = cards.card(samples.CHOICE)
    assert card.locator("input:checked").get_attribute("value") == "c"
    assert cards.trait("A2-X1", "valeur") == "c"
    assert cards.sent("relu")[0]["reponse"]["essais"] == 3
    assert page.evaluate("essai.events.filter(([type]) => type === 'crc-reponse').length") == 0


def test_an_answer_whose_keys_come_back_in_another_order_is_not_a_change(cards, page):
    stored = {
        "valeur": {"conforme": "non", "taux": "8,33"},
        "source": "carte",
        "essais": 1,
        "indices": 0,
        "date": "2026-11-20T10:04:00+01:00",
    }
    cards.switch(reponses={"A4-Q3": stored})
    card = cards.card(
        samples.PARTS,
        valeur={"taux": "8,33", "conforme": "non"},
        date_valeur=stored["date"],
        etat={"essais": 1},
        retour=RIGHT,
    )
    card.locator("input[type=text]").focus()
    page.keyboard.press("Tab")
    assert "Vous avez modifié" not in card.inner_text()
    assert page.evaluate("essai.events.filter(([type]) => type === 'crc-reponse').length") == 0


def test_an_import_made_before_the_card_is_shown_wins_over_an_older_answer(cards):
    old = {"valeur": "8", "source": "carte", "essais": 0, "indices": 0, "date": "2026-11-20T10:04:00+01:00"}
    cards.switch(reponses={"A4-X3": old})
    cards.card(samples.NUMBER, valeur="8,33", source_valeur="code", date_valeur="2026-11-20T10:05:00+01:00")
    assert cards.stored("A4-X3") == "8,33"
    assert cards.page.evaluate("essai.reponses['A4-X3'].source") == "code"


def test_an_answer_replaced_by_python_is_shown_and_stored_with_its_source(cards, page):
    card = cards.card(samples.NUMBER)
    cards.replace("A4-X3", "9,1", "excel")
    assert card.locator("input").input_value() == "9,1"
    assert page.evaluate("essai.reponses['A4-X3']") == {
        "valeur": "9,1",
        "source": "excel",
        "essais": 0,
        "indices": 0,
        "date": "2027-01-01T00:00:00+01:00",
    }
    card.locator("input").press_sequentially("9")
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(400)
    page.keyboard.type("8")  # the field was not filled again: the caret is where it was
    card.locator("input").blur()
    assert page.evaluate("[essai.reponses['A4-X3'].valeur, essai.reponses['A4-X3'].source]") == ["899,1", "carte"]


def test_two_views_of_one_card_show_the_same_answer(cards, page):
    first = cards.card(samples.NUMBER, valeur="1", source_valeur="excel", date_valeur="2026-11-20T10:04:00+01:00")
    second = cards.show("vue2", "card", None)
    first.locator("input").press_sequentially("2,5")
    page.wait_for_timeout(400)
    assert second.locator("input").input_value() == first.locator("input").input_value() == "2,51"
    second.locator("input").fill("3")
    page.keyboard.press("Tab")
    assert first.locator("input").input_value() == "3"
    assert page.evaluate("[essai.reponses['A4-X3'].valeur, essai.reponses['A4-X3'].source]") == ["3", "carte"]


def test_an_answer_replaced_while_the_card_is_out_of_the_page_is_stored_all_the_same(cards, page):
    card = cards.card(samples.NUMBER)
    element = card.element_handle()
    element.evaluate("node => node.remove()")  # as JupyterLab does with the cells that are scrolled away
    cards.replace("A4-X3", "9,1", "code")
    page.wait_for_timeout(50)
    assert cards.stored("A4-X3") == "9,1"


def test_leaving_the_page_stores_what_is_being_typed(cards, page):
    cards.card(samples.TEXT)
    page.keyboard.press("Tab")
    page.keyboard.type("abc")
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    assert cards.stored("A1-Q1a") == "abc"


def test_without_the_plugin_the_card_warns_and_python_takes_over(cards):
    cards.switch(plugin=False)
    card = cards.card(samples.NUMBER)
    assert "ne s’enregistrent pas dans ce carnet" in card.inner_text()
    assert len(cards.sent("sans_plugin")) == 1
    cards.set("A4-X3", etat={"sans_plugin": True})
    assert "06_scorer.reponses.json" in card.inner_text()
    card.locator("input").fill("8")
    card.locator("input").blur()
    assert cards.trait("A4-X3", "valeur") == "8"
    assert "gardé à côté du carnet" in card.inner_text()


def test_a_save_that_fails_is_told(cards, page):
    cards.switch(saving=False)
    card = cards.card(samples.CHOICE)
    card.get_by_text("Oui, toujours").click()
    page.wait_for_selector("text=non enregistré")


@pytest.mark.parametrize("kernel", [False, "broken"])
def test_a_dead_engine_loses_no_answer_and_is_named_in_french(page, kernel):
    page.clock.install()
    cards = Harness(page)
    cards.switch(kernel=kernel)
    card = cards.card(samples.CHOICE)
    page.clock.run_for(500)
    card.get_by_text("Oui, toujours").click()
    assert cards.stored("A2-X1") == "a"
    card.get_by_role("button", name="Vérifier").click()
    page.clock.run_for(8100)
    assert (
        f"Le moteur de calcul ne répond pas. Vos réponses sont bien enregistrées{NBSP}; "
        f"cliquez sur «{NBSP}Tout relancer{NBSP}»." in card.inner_text()
    )


def test_checking_shows_the_verdict_the_notes_and_the_new_count_of_tries(cards, page):
    card = cards.card(samples.PARTS, valeur={"taux": "8,33", "conforme": "oui"})
    card.get_by_role("button", name="Vérifier").click()
    assert cards.sent("verifier")[0]["valeur"] == {"taux": "8,33", "conforme": "oui"}
    notes = {"taux": {"etat": "juste"}, "conforme.oui": {"etat": "faux", "texte": "8,33 % dépasse 5 %."}}
    cards.set(
        "A4-Q3",
        etat={"essais": 1, "corrige_disponible": True},
        retour={
            **RIGHT,
            "verdict": "PARTIEL",
            "points": 1,
            "options": notes,
            "html": '<p><span class="verdict">En partie juste.</span></p>',
        },
    )
    assert card.locator(".retour.partiel [aria-hidden]").inner_text() == "~"
    assert card.locator(".choix.ko").inner_text() == "Oui\n✗ À revoir. 8,33 % dépasse 5 %."
    assert "✓ Juste." in card.locator(".partie-nombre").inner_text()
    assert page.evaluate("essai.reponses['A4-Q3'].essais") == 1
    assert page.evaluate("essai.events.filter(([type]) => type === 'crc-retour')[0][1].verdict") == "PARTIEL"
    card.get_by_text("Non", exact=True).click()
    assert card.locator(".choix.ko").count() == 0
    assert "Vous avez modifié votre réponse" in card.locator(".retour").inner_text()


def test_another_answer_with_the_same_verdict_is_no_longer_said_to_be_unchecked(cards):
    card = cards.card(samples.TEXT)
    field = card.locator("input")
    field.fill("Des cosmétiques")
    notes = {"texte": {"etat": "faux", "texte": ""}}
    cards.set("A1-Q1a", etat={"essais": 1}, retour={**RIGHT, "verdict": "FAUX", "points": 0, "options": notes})
    field.fill("Une usine")
    field.blur()
    assert "Vous avez modifié votre réponse" in card.locator(".retour").inner_text()
    assert field.get_attribute("aria-invalid") is None
    card.get_by_role("button", name="Vérifier").click()
    card.locator("button.principal:not([aria-disabled])").wait_for()
    assert "Vous avez modifié votre réponse" not in card.locator(".retour").inner_text()
    assert field.get_attribute("aria-invalid") == "true"


def test_hints_come_one_after_the_other_and_the_second_shows_its_cost(cards):
    card = cards.card({**samples.NUMBER, "indices": 2, "cout_indice2": 10})
    assert card.get_by_role("button", name="Indice 2").is_disabled()
    card.get_by_role("button", name="Indice 1").click()
    assert cards.sent("indice") == [{"type": "indice", "niveau": 1, "buffers": []}]
    cards.set("A4-X3", etat={"indices": 1, "indices_html": ["<p>Comptez les NPAI.</p>"]})
    assert "Comptez les NPAI." in card.inner_text()
    assert card.get_by_role("button", name="Indice 1").count() == 0
    assert f"−{NBSP}10{NBSP}%" in card.get_by_role("button", name="Indice 2").inner_text()


def test_the_worked_answer_is_asked_then_shown(cards):
    card = cards.card(samples.NUMBER, etat={"corrige_disponible": True})
    card.get_by_role("button", name="Voir le corrigé").click()
    assert len(cards.sent("corrige")) == 1
    cards.set("A4-X3", etat={"corrige_disponible": True, "corrige_html": "<p>8,33 %</p>"})
    assert "8,33 %" in card.locator("details.corrige").inner_text()
    assert card.get_by_role("button", name="Voir le corrigé").count() == 0


def test_an_error_of_python_is_shown_as_it_is_written(cards):
    card = cards.card(samples.NUMBER)
    cards.tell("A4-X3", {"type": "erreur", "texte": "<b>La vérification</b> n’a pas pu se faire."})
    assert "<b>La vérification</b> n’a pas pu se faire." in card.inner_text()


# ---- keys


def test_no_key_leaves_the_card_but_ctrl_s(cards, page):
    card = cards.card(samples.rfm_question())
    cards.card(samples.CHOICE)
    cells(card, "1", "R").click()
    keys(page, "d", "Escape", "x", "Escape", "ArrowDown", "Control+a", "Control+c", "Control+v", "Delete", "a", "Enter")
    page.locator("#A2-X1 input").first.focus()
    keys(page, "d", "d", "x", "a", "b", "Enter")
    assert page.evaluate("essai.keys") == []
    keys(page, "Control+s")
    assert page.evaluate("essai.keys") == ["s"]


def test_ctrl_s_stores_what_is_being_typed(cards, page, rfm):
    cells(rfm, "1", "score").click()
    page.keyboard.type("45")
    page.keyboard.press("Control+s")
    assert row_of(cards.stored("A6-Q1"), "1")["score"] == "45"
    assert page.evaluate("essai.keys.at(-1)") == "s"
    assert page.evaluate("document.activeElement.getAttribute('role')") == "gridcell"


# ---- looks and accessibility


def everything(cards: Harness) -> None:
    for question in samples.SIMPLE:
        cards.card(
            {**question, "droit": {"html": "<p><b>Droit.</b> Texte.</p>"}},
            retour={**RIGHT, "verdict": "FAUX"} if question["id"] == "A2-X1" else None,
        )
    cards.card(
        samples.cells_question(),
        retour={**RIGHT, "cellules": [{"ligne": "3", "colonne": "civilite", "etat": "faux", "texte": "Non."}]},
    )
    cards.card(samples.rfm_question())
    cards.card(samples.pairs_question(), valeur=[["1", "2"]])
    cards.tell(
        "A6-Q1",
        {
            "type": "apercu",
            "html": "<table><tr><td>1</td></tr></table>",
            "lignes": 1,
            "colonnes": 1,
            "avertissements": ["Une ligne."],
        },
    )
    cards.show("suivi", "progress", {"activite": {"titre": "Activité 4"}, "questions": samples.LINES})
    cards.show(
        "rendre",
        "handin",
        {
            "activite": {},
            "questions": samples.LINES,
            "eleve": {},
            "retour": {"ok": True, "html": "<p>Prêt.</p>"},
            "offre": {"fiche": True, "bilan": True},
        },
    )
    cards.tell("rendre", {"type": "bilan", "html": "<table><tr><th>Étape</th></tr><tr><td>Invités</td></tr></table>"})
    cards.page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")


def test_axe_finds_nothing_in_light_and_in_dark(cards):
    cards.page.emulate_media(reduced_motion="reduce")  # no colour is looked at half way of a transition
    everything(cards)
    assert cards.violations() == []
    cards.theme(light=False)
    assert cards.page.evaluate("[...document.querySelectorAll('.crc')].every(card => card.dataset.theme === 'sombre')")
    assert cards.violations() == []
    cells(cards.page.locator("#A4-Q1"), "3", "civilite").click()
    cells(cards.page.locator("#A6-Q1"), "1", "R").dblclick()
    assert cards.violations() == []


def test_a_phone_wide_page_never_scrolls_sideways(cards, page):
    page.set_viewport_size({"width": 400, "height": 800})
    everything(cards)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    wide = page.evaluate(
        "[...document.querySelectorAll('.carte')].filter(card => card.scrollWidth > card.clientWidth + 1)"
        ".map(card => card.textContent.slice(0, 30))"
    )
    assert wide == []


def test_the_system_theme_is_followed_outside_jupyterlab(cards, page):
    page.evaluate("delete document.body.dataset.jpThemeLight")
    cards.card(samples.CHOICE)
    assert page.locator(".crc").get_attribute("data-theme") == "clair"
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.querySelector('.crc').dataset.theme === 'sombre'")
