"""Answering a card as a person does, with the mouse and the keyboard, whatever its kind.

``answer(card, question, value)`` puts ``value``, in the shape of the sheet (architecture, § 6.1), in the card of
``question`` in the place of what it holds. What the page then stores is for the test to compare.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from crc_lab.core.model import Part, Question
from tests.e2e.page_harness import NBSP, paste

Shown = Question | Part
"""What has a field: a question, or one of the parts of a question."""

PLACES: Mapping[str, str] = {"M1": "9", "M2": "10", "M7": "7"}
"""The zone of the form of A2-Q2 that answers to each mention: it is pointed at, the others are ticked in the list."""


def answer(card: Any, question: Shown, value: Any) -> None:
    """Give ``value`` in ``card``: the locator of the card, or of the part that holds the field."""
    _KINDS[question.kind](card, question, value)


# --- what is typed ----------------------------------------------------------------------------------------------------


def _typed(card: Any, _: Shown, value: str) -> None:
    field = card.locator("input[type=text], textarea").first
    field.fill(value)
    field.press("Tab")


def _texts(card: Any, question: Shown, value: Sequence[str]) -> None:
    fields = [card.get_by_label(label, exact=True) for label in question.spec.labels]
    for field, text in zip(fields, [*value, *[""] * (len(fields) - len(value))], strict=True):
        if field.input_value() != text:
            field.fill(text)
    fields[-1].press("Tab")


def _gaps(card: Any, question: Shown, value: Mapping[str, str]) -> None:
    assert isinstance(question, Question)
    for part in question.parts:
        card.get_by_label(part.label, exact=True).fill(value[part.id])
    card.page.keyboard.press("Tab")


# --- what is chosen ---------------------------------------------------------------------------------------------------


def _choice(card: Any, _: Shown, value: str) -> None:
    card.locator(f"label:has(input[type=radio][value='{value}'])").first.click()


def _choices(card: Any, question: Shown, value: Sequence[str]) -> None:
    for option in question.spec.options:
        card.get_by_role("checkbox", name=option.text).set_checked(option.id in value)


def _true_false(card: Any, question: Shown, value: Mapping[str, str]) -> None:
    _choice(card, question, value["choix"])
    _typed(card, question, value["raison"])


def _matching(card: Any, question: Shown, value: Mapping[str, str]) -> None:
    texts = {option.id: option.text for option in question.spec.right}
    for item in question.spec.left:
        card.get_by_label(item.text, exact=True).select_option(label=texts[value[item.id]])


def _order(card: Any, _: Shown, value: Sequence[str]) -> None:
    """Each item is moved up to its place, by its button then by the keyboard."""
    for place, wanted in enumerate(value):
        items: list[str] = card.locator("ol.ordre > li").evaluate_all("items => items.map(item => item.dataset.id)")
        up = card.locator(f"li[data-id='{wanted}'] button").first
        for step in range(items.index(wanted) - place):
            up.press("ArrowUp") if step else up.click()


def _priorities(card: Any, question: Shown, value: Sequence[str]) -> None:
    remove = card.get_by_role("button", name=re.compile(r"^Retirer\s:"))
    while remove.count():
        remove.first.click()
    texts = {option.id: option.text for option in question.spec.options}
    for option in value:
        card.get_by_role("button", name=f"Ajouter{NBSP}: {texts[option]}", exact=True).click()


def _parts(card: Any, question: Shown, value: Mapping[str, Any]) -> None:
    assert isinstance(question, Question)
    for place, part in enumerate(question.parts):
        if part.id in value:
            answer(card.locator(".parties > .partie").nth(place), part, value[part.id])


# --- a form -----------------------------------------------------------------------------------------------------------


def _form(card: Any, question: Shown, value: Mapping[str, Any]) -> None:
    """The mentions seen in the form are pointed at there, the others ticked in the list; then the conclusion."""
    faults = value["manquements"]
    for mention in question.spec.left:
        fault = mention.id in faults
        if zone := PLACES.get(mention.id):
            card.locator(".zone-numero").get_by_text(zone, exact=True).click()
            chooser = card.locator(".choix-zone")
            chooser.locator("select").select_option(value=mention.id)
            chooser.get_by_role("button", name="n’est pas valable" if fault else "La mention y est").click()
        else:
            group = card.get_by_role("radiogroup", name=f"{mention.id} {mention.text}")
            group.get_by_label("absente" if fault else "présente").check()
    _choices(card, question, faults)
    card.locator(".conclusion").get_by_label("Oui" if value["conclusion"] == "oui" else "Non").check()


# --- grids ------------------------------------------------------------------------------------------------------------


def _heads(card: Any) -> list[str]:
    """The names of the columns shown, those that the file and the answer have."""
    names: list[str] = card.locator("table[role=grid] thead th").evaluate_all(
        "all => all.map(th => th.dataset.colonne)"
    )
    return names


def _lines(card: Any) -> Mapping[str, Any]:
    """The rows by record, by number or by name: their headers may start with a box to tick."""
    records: list[str] = card.locator("table[role=grid] tbody th").all_inner_texts()
    rows = card.locator("table[role=grid] tbody tr")
    names = [(text.strip(), re.sub(r"\D", "", text)) for text in records]
    return {name: rows.nth(number) for number, both in enumerate(names) for name in both}


def _table(card: Any, _: Shown, value: Mapping[str, Any]) -> None:
    """The rows are pasted as from a spreadsheet: one block for each run of columns to fill that stand together."""
    key, rows = value["colonnes"][0], value["lignes"]
    heads = _heads(card)
    places = sorted(heads.index(name) for name in value["colonnes"] if name != key)
    first = _lines(card)[rows[0][0]]
    for _offset, run in groupby(enumerate(places), lambda item: item[1] - item[0]):
        columns = [place for _number, place in run]
        at = [value["colonnes"].index(heads[place]) for place in columns]
        first.locator("th, td").nth(columns[0]).click()
        paste(card.page, "\r\n".join("\t".join(row[position] for position in at) for row in rows) + "\r\n")


def _cells(card: Any, _: Shown, value: Sequence[Sequence[str]]) -> None:
    """A click on each cell to circle."""
    heads, lines = _heads(card), _lines(card)
    for record, column in value:
        lines[record].locator("th, td").nth(heads.index(column)).click(force=True)


def _pairs(card: Any, _: Shown, value: Sequence[Sequence[str]]) -> None:
    for first, second in value:
        card.get_by_label("Fiche n°", exact=True).fill(first)
        card.get_by_label("et fiche n°", exact=True).fill(second)
        card.page.keyboard.press("Enter")


def _records(card: Any, _: Shown, value: Sequence[str]) -> None:
    """The last two are ticked in the grid, the others are typed."""
    listed = card.get_by_label("Votre liste de fiches")
    listed.fill(", ".join(value[:-2]))
    listed.blur()
    lines = _lines(card)
    for record in value[-2:]:
        lines[record].locator("th").click()


def _segment(card: Any, _: Shown, value: Mapping[str, Any]) -> None:
    """The filters one by one, then what they keep is taken into the list, then the list is put right by hand."""
    remove = card.get_by_role("button", name="Retirer le critère 1")
    while card.locator(".regle").count() > 1:
        remove.click()
    for number, (column, operator, text) in enumerate(value["criteres"], start=1):
        if number > 1:
            card.get_by_role("button", name="Ajouter un critère").click()
        line = card.locator(".regle").nth(number - 1)
        line.get_by_label(f"Critère {number}, colonne").select_option(column)
        line.get_by_label(f"Critère {number}, comparaison").select_option(operator)
        line.get_by_label(f"Critère {number}, valeur").fill(text)
        line.get_by_label(f"Critère {number}, valeur").blur()
    card.get_by_role("button", name="Reprendre ces fiches").click()
    listed = card.get_by_label("Votre liste de fiches")
    if listed.input_value() != ", ".join(value["fiches"]):
        listed.fill(", ".join(value["fiches"]))
        listed.blur()


def _boxes(card: Any, question: Shown, value: Mapping[str, Sequence[str]]) -> None:
    for line in card.locator("table.coches tbody tr").all():
        record = line.get_attribute("data-id")
        for place, column in enumerate(question.spec.right):
            line.get_by_role("checkbox").nth(place).set_checked(record in value[column.id])


# --- a call, a planning, passages -------------------------------------------------------------------------------------


def _call(card: Any, question: Shown, value: Mapping[str, Any]) -> None:
    """Each call from its beginning: reply by reply, as they are worded, then the step of each."""
    for scenario in question.spec.scenarios:
        if scenario.id not in value:
            continue
        if len(question.spec.scenarios) > 1:
            card.get_by_role("button", name=re.compile(f"^{re.escape(scenario.title)},")).click()
        if card.get_by_role("button", name="Rejouer cet appel").count():
            card.get_by_role("button", name="Rejouer cet appel").click()
        for node, reply in value[scenario.id]["parcours"]:
            words = scenario.said(question.spec.nodes[node].replies[reply].text)
            card.locator(".replique").filter(has_text=words).click()
        for at, step in enumerate(value[scenario.id]["etapes"], start=1):
            card.get_by_label(f"Étape de votre réplique {at}", exact=True).select_option(step)


def _planning(card: Any, question: Shown, value: Mapping[str, Sequence[int]]) -> None:
    """The boxes that are not yet as wanted."""
    for agent in question.spec.agents:
        boxes = card.locator(f"tr[data-id='{agent.id}'] input")
        ticked: list[bool] = boxes.evaluate_all("boxes => boxes.map(box => box.checked)")
        for place, slot in enumerate(question.spec.slots):
            if ticked[place] != (slot in value.get(agent.id, ())):
                boxes.nth(place).click()


def _passages(card: Any, question: Shown, value: Mapping[str, str]) -> None:
    """The passages that are not yet as wanted, then the category of each."""
    passages = list(question.spec.segments)
    pressed: list[bool] = card.locator(".passage").evaluate_all(
        "marks => marks.map(mark => mark.getAttribute('aria-pressed') === 'true')"
    )
    for place, name in enumerate(passages):
        if pressed[place] != (name in value):
            card.locator(".passage").nth(place).click()
    for place, name in enumerate(name for name in passages if name in value):
        card.locator(".releves select").nth(place).select_option(value[name])


_KINDS: Mapping[str, Callable[[Any, Any, Any], None]] = {
    "texte": _typed,
    "nombre": _typed,
    "date": _typed,
    "ouverte": _typed,
    "textes": _texts,
    "trous": _gaps,
    "choix": _choice,
    "choix_multiple": _choices,
    "vrai_faux": _true_false,
    "association": _matching,
    "ordre": _order,
    "priorites": _priorities,
    "parties": _parts,
    "formulaire": _form,
    "tableau": _table,
    "cellules": _cells,
    "paires": _pairs,
    "fiches": _records,
    "segment": _segment,
    "coches": _boxes,
    "dialogue": _call,
    "planning": _planning,
    "surlignage": _passages,
}
