"""The cards in a plain page: every kind by mouse and by keyboard, storage, silence of the engine, Excel, looks."""

from __future__ import annotations

import json
import re
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from crc_lab.core.feedback import remarks
from crc_lab.core.grading import grade
from crc_lab.core.proof import wrong_answers
from crc_lab.core.resources import activity_ids
from crc_lab.core.rooms import kinds
from crc_lab.core.sheet import Answer, Student
from crc_lab.notebook.cards import question_spec
from crc_lab.notebook.handin import summary_page
from crc_lab.notebook.session import Session
from crc_lab.notebook.widgets import bundle, loader, version
from tests.e2e import page_harness as samples
from tests.e2e.page_harness import NBSP, RIGHT, Harness, cells, keys, row_of, violations
from tests.loaded import loaded_activity

MATCHED = {"o1": "nettoyer", "o2": "nettoyer", "o3": "mettre_a_jour"}


@pytest.fixture
def rfm(cards: Harness) -> Any:
    return cards.card(samples.rfm_question())


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


# ---- what comes back is in view


def one_of_each_kind() -> dict[str, dict[str, Any]]:
    """The first question of the workbook of each kind, with an Excel form if one has it, else the first such part."""
    found: dict[str, dict[str, Any]] = {}
    parts: dict[str, dict[str, Any]] = {}
    for activity in activity_ids():
        loaded = loaded_activity(activity)
        for question in loaded.activity.questions:
            if kinds()[question.kind].card != "question":
                continue
            spec = question_spec(question, loaded.activity, "entrainement")
            if table := spec.get("tableau"):
                table["lignes"] = table["lignes"][:15]  # enough for a grid that scrolls
            if question.kind not in found or spec["excel"] > found[question.kind]["excel"]:
                found[question.kind] = spec
            for part in spec.get("parties", ()):
                parts.setdefault(part["genre"], {**spec, **part, "id": f"{question.id}-{part['id']}"})
    return parts | found


IN_VIEW = """([name, selector]) => {
  const box = document.querySelector(`#${name} ${selector}`).getBoundingClientRect();
  const whole = box.top >= 0 && box.bottom <= innerHeight;
  return box.height > 0 && (whole || (box.height > innerHeight - 16 && box.top >= 0 && box.top <= 9));
}"""


def test_what_a_check_says_is_in_the_window_for_every_kind_and_so_is_what_a_file_holds(cards, page):
    """On a laptop and on a telephone; nothing above « Vérifier » pushes it away; a right answer leads to the next."""
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(
        """() => {
          essai.reply = ({ type }, model) => { if (type === "verifier") model.fromPython({ retour: essai.retour }); };
        }"""
    )
    specs = one_of_each_kind()
    assert set(specs) == {name for name, kind in kinds().items() if kind.card == "question"}
    shown = [(spec, cards.card(spec, etat={"essais": 1})) for spec in specs.values()]
    for width, height in ((1366, 768), (400, 800)):
        page.set_viewport_size({"width": width, "height": height})
        for at, (spec, card) in enumerate(shown):
            name, table = spec["id"], spec.get("tableau")
            rows = [line[0] for line in table["lignes"][:3]] if table else []
            cells = [{"ligne": row, "colonne": table["colonnes"][-1]["nom"], "etat": "faux"} for row in rows]
            notes = {one["id"]: {"etat": "faux", "texte": "Relisez le cours, page 3."} for one in fields_of(spec)}
            message = "".join(f'<li>Relisez la fiche n° <span data-fiche="{row}">{row}</span>.</li>' for row in rows)
            html = f'<p><span class="verdict">À revoir.</span></p><ul>{message * 3}<li>Une remarque.</li></ul>'
            wrong = {"verdict": "FAUX", "points": 0, "sur": 2, "html": html, "cellules": cells, "options": notes}
            for back in (wrong, RIGHT):
                cards.switch(retour=back)
                check = card.get_by_role("button", name="Vérifier")
                check.click()
                page.wait_for_function("name => !document.querySelector(`#${name} [aria-disabled]`)", arg=name)
                assert page.evaluate(IN_VIEW, [name, ".retour"]), (name, width, back["verdict"])
            following = card.get_by_role("button", name="Question suivante")
            assert following.count() == (at + 1 < len(shown))
            if spec["excel"]:
                refused = "Ce fichier ne répond pas à cette question : il vient d’un autre modèle."
                cards.tell(name, {"type": "erreur", "texte": refused})
                assert page.evaluate(IN_VIEW, [name, ".excel .message"]), (name, width)
                read = "<table>" + "<tr><td>1</td><td>10</td></tr>" * 6 + "</table>"
                cards.tell(
                    name, {"type": "apercu", "html": read, "lignes": 6, "colonnes": 2, "avertissements": ["Un."]}
                )
                assert page.evaluate(IN_VIEW, [name, ".apercu"]), (name, width)
                card.get_by_role("button", name="Garder ma réponse actuelle").click()
    following = shown[0][1].get_by_role("button", name="Question suivante")
    following.click()
    page.wait_for_function(
        "next => document.activeElement.closest('[data-crc-question]')?.dataset.crcQuestion === next",
        arg=shown[1][0]["id"],
    )


def fields_of(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for name in ("options", "gauche", "parties") for one in spec.get(name) or []]


def test_a_message_leads_to_the_record_it_names_and_the_wrong_ones_are_shown_alone(cards, page, rfm):
    wrong = [{"ligne": row, "colonne": "F", "etat": "faux", "texte": "Comptez."} for row in ("9", "30")]
    html = '<ul><li data-colonnes="F">Comptez les achats de la fiche n° <span data-fiche="30">30</span>.</li></ul>'
    cards.set("A6-Q1", retour={"verdict": "PARTIEL", "html": html, "cellules": wrong})
    rfm.get_by_label("Chercher").fill("personne")
    assert rfm.locator("tbody tr").count() == 0
    rfm.get_by_role("button", name=f"Aller à la fiche n°{NBSP}30").click()  # what hides it gives way
    assert page.evaluate("document.activeElement.closest('tr').cells[0].textContent") == "30"
    assert "F" in page.evaluate(
        "document.activeElement.closest('table').rows[0].cells[document.activeElement.cellIndex].textContent"
    )
    only = rfm.get_by_role("button", name="Ne montrer que les 2 fiches à revoir")
    only.click()
    assert rfm.locator("tbody th").all_text_contents() == ["9", "30"]
    rfm.get_by_role("button", name="Montrer de nouveau toutes les fiches").click()
    assert rfm.locator("tbody tr").count() == 53


# ---- Excel


def test_the_file_is_previewed_before_anything_is_replaced(cards, page, rfm, tmp_path):
    file = tmp_path / "A6-Q1.xlsx"
    file.write_bytes(b"PK" * 40)
    rfm.locator("input[type=file]").set_input_files(str(file))
    page.wait_for_function("essai.sent.some(message => message.type === 'fichier')")
    assert cards.sent("fichier") == [{"type": "fichier", "nom": "A6-Q1.xlsx", "buffers": [80]}]
    preview = {
        "type": "apercu",
        "html": "<table><tr><td>1</td><td>10</td></tr></table>",
        "lignes": 53,
        "colonnes": 6,
        "avertissements": ["3 segments vides."],
    }
    cards.tell("A6-Q1", preview)
    assert "53 lignes · 6 colonnes" in rfm.locator(".apercu").inner_text()
    assert "3 segments vides." in rfm.locator(".apercu").inner_text()
    assert cards.sent("remplacer") == []
    rfm.get_by_role("button", name="Garder ma réponse actuelle").click()
    assert rfm.locator(".apercu").is_hidden()
    assert len(cards.sent("annuler")) == 1
    cards.tell("A6-Q1", {**preview, "avertissements": []})
    assert "null" not in rfm.locator(".apercu").inner_text()  # a file without any warning
    rfm.get_by_role("button", name="Remplacer ma réponse").click()
    assert len(cards.sent("remplacer")) == 1
    value = {"colonnes": ["id_contact", "R"], "lignes": [["1", "10"]]}
    cards.replace("A6-Q1", value, "excel")
    assert cells(rfm, "1", "R").inner_text() == "10"
    assert "a remplacé la réponse" in rfm.locator(".excel").inner_text()
    assert page.evaluate("essai.reponses['A6-Q1'].source") == "excel"


def test_a_dropped_file_and_a_download_go_through(page, rfm):
    page.evaluate(
        """() => { const data = new DataTransfer();
          data.items.add(new File(["a;b"], "moi.csv"));
          const drop = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
          document.querySelector(".depot").dispatchEvent(drop); }"""
    )
    page.wait_for_function("essai.sent.some(message => message.type === 'fichier')")
    with page.expect_download() as waiting:
        page.evaluate(
            "essai.models['A6-Q1'].message({ type: 'telecharger', nom: 'A6-Q1.xlsx' }, [new Uint8Array([80, 75])])"
        )
    assert waiting.value.suggested_filename == "A6-Q1.xlsx"
    assert "dans vos téléchargements" in rfm.inner_text()


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
