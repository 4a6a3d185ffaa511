"""What comes back to the cards of a plain page: messages and the records that they name, and Excel files."""

from __future__ import annotations

from typing import Any

from crc_lab.core.resources import activity_ids
from crc_lab.core.rooms import kinds
from crc_lab.notebook.cards import question_spec
from tests.e2e.page_harness import NBSP, RIGHT, cells
from tests.loaded import loaded_activity

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
