"""Flashcards and lexicon in a plain page: mouse, keyboard, undo, reload, silence of the engine, narrow, dark."""

from __future__ import annotations

from typing import Any

import pytest

from crc_lab.notebook.decks import SOURCES, courses, read_bank, read_lexicon
from tests.e2e.page_harness import DATASETS, DATE, NBSP, Harness, keys

QUESTION = {
    "id": "A8-CARTES", "titre": "Cartes mémoire", "activite": "08_lexique", "edition": "entrainement",
    "paquet": "lexique", "tailles": [5, 10, 20], "taille": 10, "themes": ["Données", "Droit"],
    "theme_du_jour": "Droit",
}  # fmt: skip
STATS = {
    "total": 278, "nouvelles": 270, "apprises": 3, "en_cours": 5, "a_revoir": 2, "aujourdhui": 4,
    "previsions": [2, 0, 3, 0, 1, 0, 0], "serie": 3, "attendent": 5,
    "themes": [["Données", 40, 1, 2], ["Droit", 60, 2, 0]],
}  # fmt: skip
CARD = {
    "nom": "rgpd>", "recto": "RGPD", "verso": "Règlement européen qui protège les données.", "sens": "definition",
    "theme": "Droit", "source": "cours", "intervalles": {"1": "1 min", "2": "6 min", "3": "10 min", "4": "8 jours"},
}  # fmt: skip
OTHER = {**CARD, "nom": "cnil<", "recto": "Autorité qui veille.", "verso": "CNIL", "sens": "terme"}
START = {"etat": "accueil", "faites": 0, "total": 0, "annulable": False, "stats": STATS, "carte": None}
FIRST = {**START, "etat": "question", "total": 2, "carte": CARD}
SECOND = {**FIRST, "faites": 1, "annulable": True, "carte": OTHER}
END = {
    **SECOND, "etat": "fin", "faites": 2, "carte": None,
    "bilan": [
        {"texte": "RGPD", "reponse": "Règlement européen.", "su": True},
        {"texte": "CNIL", "reponse": "Autorité.", "su": False},
    ],
}  # fmt: skip


QUIZ = {**QUESTION, "id": "A8-QUESTIONS", "titre": "Cinq questions par jour", "paquet": "questions", "taille": 5}
FLASH = {question.id: question for question in read_bank(DATASETS)}


def asked(name: str, **answer: Any) -> dict[str, Any]:
    """What Python shows of one question of the bank, answered or not."""
    one = FLASH[name]
    card = {"nom": f"{name}?", **one.face("?"), "theme": one.theme, "source": courses(one)}
    if "valeur" in answer:
        right, notes = one.judged(answer["valeur"])
        card["reponse"] = {"juste": right, "valeur": answer["valeur"], "notes": notes, "raison": one.reason}
    done = int("valeur" in answer)
    return {**START, "etat": "question", "faites": done, "total": 5, "carte": card}


def quiz(cards: Harness, view: dict[str, Any]) -> Any:
    return cards.show("A8-QUESTIONS", "memoire", {"question": QUIZ, "valeur": None, "date_valeur": "", "vue": view})


def show(cards: Harness, view: dict[str, Any] = START, value: Any = None, date: str = "") -> Any:
    traits = {"question": QUESTION, "valeur": value, "date_valeur": date, "vue": view}
    return cards.show("A8-CARTES", "memoire", traits)


def test_the_start_says_what_is_due_and_begins_a_session_as_chosen(cards):
    card = show(cards)
    assert "2 cartes à revoir aujourd’hui." in card.inner_text()
    card.get_by_label("Combien de cartes").select_option("20")
    card.get_by_label("On me montre").select_option("terme")
    card.get_by_label("Thème").select_option("Droit")
    card.get_by_role("button", name="Commencer").click()
    (sent,) = cards.sent("session")
    assert (sent["taille"], sent["sens"], sent["theme"]) == (20, "terme", "Droit")


def test_nothing_to_review_is_said_kindly(cards):
    card = show(cards, {**START, "stats": {**STATS, "a_revoir": 0}})
    assert f"Rien à revoir pour l’instant{NBSP}: découvrez" in card.inner_text()
    assert card.get_by_role("button", name="Commencer").count() == 1
    cards.set(
        "A8-CARTES", vue={**START, "etat": "accueil", "faites": 1, "stats": {**STATS, "a_revoir": 0, "nouvelles": 0}}
    )
    assert "déjà tout vu" in card.inner_text()
    assert "demain" not in card.locator(".corps > p").first.inner_text()
    assert card.get_by_role("button", name="Commencer").count() == 0


def test_a_session_is_done_with_the_keyboard_alone(cards, page):
    card = show(cards)
    card.get_by_role("button", name="Commencer").focus()
    page.keyboard.press("Enter")
    cards.set("A8-CARTES", vue=FIRST)
    assert "RGPD" in card.inner_text()
    assert "Règlement" not in card.inner_text()
    keys(page, "3")  # not turned yet: nothing is rated
    assert cards.sent("note") == []
    page.keyboard.press("Space")
    assert "Règlement européen" in card.inner_text()
    assert "dans 8 jours" in card.inner_text()
    keys(page, "3", "3")  # the second press comes too late
    assert [(one["carte"], one["note"]) for one in cards.sent("note")] == [("rgpd>", 3)]
    cards.set("A8-CARTES", vue=SECOND)
    assert "Carte 2 sur 2" in card.inner_text()
    assert "Quel est ce mot" in card.inner_text()
    page.keyboard.press("Control+z")
    assert len(cards.sent("annuler_note")) == 1
    cards.set("A8-CARTES", vue=FIRST)
    keys(page, "Space", "1")
    assert cards.sent("note")[-1]["note"] == 1
    cards.set("A8-CARTES", vue=END)
    assert f"C’est fini{NBSP}: 2 réponses. 1 sue du premier coup, 1 à revoir" in card.inner_text()
    assert [line.split("\n") for line in card.locator(".bilan li").all_inner_texts()] == [
        ["✓ Juste. RGPD", "Règlement européen."], ["✗ À revoir. CNIL", "Autorité."],
    ]  # fmt: skip
    assert page.evaluate("document.activeElement.textContent") == "Une autre session"


def test_a_session_is_done_with_the_mouse(cards):
    card = show(cards, FIRST)
    card.get_by_role("button", name="Voir la réponse").click()
    card.get_by_role("button", name="4 · Facile").click()
    assert cards.sent("note")[0]["note"] == 4
    cards.set("A8-CARTES", vue=SECOND)
    card.get_by_role("button", name="Annuler la dernière note").click()
    assert len(cards.sent("annuler_note")) == 1
    card.get_by_role("button", name="Arrêter là").click()
    assert len(cards.sent("arreter")) == 1


def test_what_python_keeps_goes_to_the_notebook(cards):
    show(cards, FIRST)
    value = {"version": 1, "cartes": {"rgpd>": [1, 1, 2.3, 2.1, "2026-11-22T09:10:00Z", "2026-11-22T09:00:00Z", 0]}}
    cards.set("A8-CARTES", valeur=value, date_valeur=DATE, vue=SECOND)
    cards.page.wait_for_timeout(100)
    assert cards.stored("A8-CARTES") == value
    assert cards.page.evaluate("essai.reponses['A8-CARTES'].date") == DATE
    assert "enregistré" in cards.page.locator(".etat").inner_text()


def test_the_notebook_tells_a_new_kernel_what_was_learnt(cards):
    kept = {"version": 1, "cartes": {"rgpd>": [2, None, 9.0, 2.1, "2026-12-02T09:10:00Z", "2026-11-22T09:00:00Z", 0]}}
    cards.switch(reponses={"A8-CARTES": {"valeur": kept, "source": "carte", "date": DATE}})
    show(cards)
    cards.page.wait_for_timeout(200)
    (told,) = cards.sent("relu")
    assert told["reponse"]["valeur"] == kept
    assert cards.stored("A8-CARTES") == kept


def test_the_engine_that_knows_more_wins_over_an_old_notebook(cards):
    cards.switch(reponses={"A8-CARTES": {"valeur": {"version": 1, "cartes": {}}, "date": "2026-11-20T10:00:00+01:00"}})
    newer = {"version": 1, "cartes": {}, "jours": {"2026-11-22": [1, 1]}}
    show(cards, FIRST, newer, DATE)
    cards.page.wait_for_timeout(200)
    assert cards.sent("relu") == []
    assert cards.stored("A8-CARTES") == newer


def test_without_the_plugin_the_answers_are_kept_beside(cards):
    cards.switch(plugin=False)
    card = show(cards)
    cards.page.wait_for_timeout(200)
    assert len(cards.sent("sans_plugin")) == 1
    assert "gardé à côté du carnet" in card.inner_text()


def test_a_dead_engine_is_told_in_french(cards):
    cards.switch(kernel="broken")
    card = show(cards, FIRST)
    card.get_by_role("button", name="Voir la réponse").click()
    card.get_by_role("button", name="3 · Bien").click()
    assert "rien n’a été noté" in card.inner_text()


def test_the_numbers_are_told_in_words_and_in_a_table(cards):
    card = show(cards)
    card.get_by_text("Mes progrès").click()
    assert card.locator("dl").inner_text().split() == [
        "À", "revoir", "maintenant", "2", "Apprises", "3", "En", "cours", "5", "Jamais", "vues", "270",
        "Réponses", "aujourd’hui", "4", "Jours", "de", "suite", "3",
    ]  # fmt: skip
    rows = [row.split() for row in card.locator("tbody tr").all_inner_texts()]
    assert rows[2] == ["dans", "2", "jours", "3"]
    assert rows[-2:] == [["Données", "1", "2", "40"], ["Droit", "2", "0", "60"]]


@pytest.mark.parametrize("view", [START, FIRST, END], ids=["start", "card", "end"])
def test_the_flashcards_look_right_everywhere(cards, view):
    card = show(cards, view)
    if view is FIRST:
        card.get_by_role("button", name="Voir la réponse").click()
    else:
        card.get_by_text("Mes progrès").click()
    cards.check_looks()
    assert all(one.bounding_box()["height"] >= 44 for one in card.locator(".notes button").all())


# ---- the quick questions

KINDS = {
    "F001": ("choix", "agricoles"), "F035": ("vrai ou faux", "faux"), "F049": ("nombre", "2,5 %"),
    "F002": ("association", {"Inbound": "entrants", "Outbound": "les deux", "Mixte": "sortants"}),
}  # fmt: skip


def fill_in(name: str, page: Any) -> None:
    """Answer with the keyboard alone, from the field that has the focus."""
    match name:
        case "F001":
            keys(page, "2", "Enter")
        case "F035":
            keys(page, "Tab", "Space", "ArrowDown", "Enter")
        case "F049":
            page.keyboard.type("2,5 %")
            keys(page, "Enter")
        case _:
            for text in KINDS[name][1].values():
                page.keyboard.type(text)
                keys(page, "Tab")
            keys(page, "Enter")


@pytest.mark.parametrize("name", KINDS)
def test_a_question_is_answered_with_the_keyboard_alone(cards, page, name):
    card = quiz(cards, {**START, "faites": 0})
    card.get_by_role("button", name="Commencer").focus()
    keys(page, "Enter")
    cards.set("A8-QUESTIONS", vue=asked(name))
    if name == "F035":
        card.get_by_role("button", name="Arrêter là").focus()
        keys(page, *["Shift+Tab"] * 4)
    fill_in(name, page)
    (sent,) = cards.sent("reponse")
    assert (sent["carte"], sent["valeur"]) == (f"{name}?", KINDS[name][1])
    cards.set("A8-QUESTIONS", vue=asked(name, valeur=KINDS[name][1]))
    assert page.evaluate("document.activeElement.textContent") == "Question suivante"
    one = FLASH[name]
    assert one.reason in card.locator(".retour").inner_text()
    heard = card.locator("[aria-live=polite]").last.inner_text()
    right = one.judged(KINDS[name][1])[0]
    assert heard.startswith("✓ Juste." if right else "✗ À revoir."), heard
    assert one.reason in heard
    assert right or one.solution in card.locator(".retour").inner_text()
    keys(page, "Enter")
    assert len(cards.sent("suite")) == 1


def test_a_question_is_answered_with_the_mouse(cards):
    card = quiz(cards, asked("F001"))
    assert "Question 1 sur 5" in card.inner_text()
    card.get_by_role("button", name="Valider").click()
    assert "Répondez d’abord" in card.inner_text()
    assert cards.sent("reponse") == []
    card.get_by_label("matériels").check()
    card.get_by_role("button", name="Valider").click()
    assert cards.sent("reponse")[0]["valeur"] == "matériels"
    cards.set("A8-QUESTIONS", vue=asked("F001", valeur="matériels"))
    assert card.get_by_role("button", name="Valider").count() == 0
    assert card.get_by_label("matériels").is_checked()
    card.get_by_role("button", name="Question suivante").click()
    cards.set("A8-QUESTIONS", vue=asked("F002"))
    card.get_by_label("Inbound").select_option("entrants")
    card.get_by_role("button", name="Valider").click()
    assert "Il reste un choix" in card.inner_text()
    card.get_by_role("button", name="Je ne sais pas").click()
    assert cards.sent("reponse")[-1]["valeur"] is None
    assert len(cards.sent("reponse")) == 2


def test_what_python_cannot_read_is_told_beside_the_question(cards):
    card = quiz(cards, asked("F049"))
    card.get_by_role("textbox").fill("beaucoup")
    card.get_by_role("button", name="Valider").click()
    cards.tell("A8-QUESTIONS", {"type": "erreur", "texte": "« beaucoup » n’est pas un nombre."})
    assert "n’est pas un nombre" in card.locator(".message").inner_text()
    assert card.get_by_role("textbox").input_value() == "beaucoup"


def test_the_questions_of_the_day_are_counted(cards):
    card = quiz(cards, START)
    assert "5 questions vous attendent aujourd’hui." in card.inner_text()
    assert card.get_by_label("On me montre").count() == 0
    card.get_by_label("Thème").select_option("Droit")
    card.get_by_role("button", name="Commencer").click()
    (sent,) = cards.sent("session")
    assert (sent["taille"], sent["theme"]) == (5, "Droit")
    cards.set("A8-QUESTIONS", vue={**START, "faites": 1, "stats": {**STATS, "attendent": 0}})
    assert "Les questions du jour sont faites." in card.inner_text()


@pytest.mark.parametrize("name", KINDS)
def test_the_questions_look_right_everywhere(cards, name):
    quiz(cards, asked(name))
    cards.check_looks()
    cards.set("A8-QUESTIONS", vue=asked(name, valeur=KINDS[name][1]))
    cards.check_looks()


@pytest.mark.usefixtures("lexicon")
def test_the_lexicon_looks_right_everywhere(cards):
    cards.check_looks()


# ---- the lexicon


@pytest.fixture
def lexicon(cards: Harness) -> Any:
    entries = [
        {
            "terme": entry.term,
            "definition": entry.definition,
            "theme": entry.theme,
            "source": " ; ".join(SOURCES[one] for one in entry.sources),
        }
        for entry in read_lexicon(DATASETS)
    ]
    return cards.show("lexique", "lexique", {"entrees": entries})


def terms(card: Any) -> list[str]:
    return card.locator("dt").all_inner_texts()


def test_the_lexicon_is_searched_as_one_types(lexicon):
    assert len(terms(lexicon)) == 195
    lexicon.get_by_label("Chercher un mot").fill("recence")
    assert terms(lexicon) == ["Récence", "RFM"]
    lexicon.get_by_label("Chercher un mot").fill("OPPOSITION liste")
    assert "Bloctel" in terms(lexicon)
    lexicon.get_by_label("Chercher un mot").fill("zzz")
    assert "Aucun mot ne correspond" in lexicon.inner_text()
    assert "0 mot" in lexicon.locator(".compte").inner_text()
    lexicon.get_by_label("Chercher un mot").fill("")
    lexicon.get_by_label("Thème").select_option("Outils")
    assert 5 < len(terms(lexicon)) < 20


# ---- the whole workbook


def stage(number: int, title: str, **more: Any) -> dict[str, Any]:
    """One activity of the map, not begun."""
    return {
        "fichier": f"{number:02d}/{number:02d}.ipynb", "numero": number, "rang": 0, "question": "", "titre": title,
        "duree": "2 h", "etat": "neuve", "devient": "", "quotidienne": False, "total": 4, "repondues": 0,
        "notees": False, "note_sur": 20, "points": 0, "sur": 0, "attente": 0, "minutes": 0, "meilleure": None,
        "histoire": [], "abime": "", **more,
    }  # fmt: skip


def missed(number: int, rank: int, **more: Any) -> dict[str, Any]:
    place = {"fichier": "04/04.ipynb", "numero": number, "rang": rank, "question": f"A{number}-Q{rank}"}
    return {**place, "titre": "Les doublons", "notee": rank < 3, "en_partie": rank == 1, **more}


BEGUN = stage(
    4, "Qualifier la base", etat="en_cours", devient="53 fiches fiables", repondues=3, notees=True, points=12.5, sur=14,
    attente=6, minutes=97, meilleure=["2026-11-20", 13, 14],
    histoire=[["2026-11-20", 13, 14, False], ["2026-11-21", 15, 20, True]],
)  # fmt: skip
MAP = {
    "groupes": [
        {"titre": "Le fichier", "depart": "60 lignes", "lignes": [
            BEGUN, stage(5, "Segmenter", etat="finie", repondues=4, points=None), stage(7, "Cibler", fichier=""),
            stage(6, "Scorer la base", etat="illisible", abime="06_scorer.ipynb"),
        ]},
        {"titre": "", "depart": "", "lignes": [stage(8, "Réviser", quotidienne=True, duree="5 min par jour")]},
    ],
    "reprendre": {"type": "reprendre", "fichier": "04/04.ipynb", "numero": 4, "rang": 3, "question": "A4-Q3"},
    "jour": {
        "erreurs": [missed(4, rank) for rank in (1, 2, 3, 4)], "seance": 3,
        "paquets": [
            {"fichier": "08/08.ipynb", "numero": 8, "rang": 1, "question": "A8-QUESTIONS", "paquet": "questions",
             "attendent": 5, "commence": True},
            {"fichier": "08/08.ipynb", "numero": 8, "rang": 2, "question": "A8-CARTES", "paquet": "lexique",
             "attendent": 0, "commence": True},
        ],
    },
    "serie": 3, "fete": {"numero": 4, "merci": "Marielle : merci !", "neuve": True},
}  # fmt: skip
DIARY = {"version": 1, "jours": ["2026-11-30"], "notes": {}, "fetes": {}}


def show_map(cards: Harness, **traits: Any) -> Any:
    given = {"vue": MAP, "valeur": DIARY, "source_valeur": "carte", "date_valeur": DATE, **traits}
    return cards.show("parcours", "parcours", {"question": {"id": "parcours", "activite": "00_accueil"}, **given})


def read(node: Any) -> str:
    return str(node.inner_text()).replace(NBSP, " ").replace("\u202f", " ")


def test_the_map_tells_what_to_do_and_never_punishes(cards):
    path = show_map(cards)
    rows = [read(row) for row in path.locator(".chemin > li").all()]
    assert rows[0].endswith("Au départ : 60 lignes")
    assert "53 fiches fiables" in rows[1]
    assert "12,5 / 14, et 6 points lus par le professeur · 3 questions sur 4 ont une réponse" in rows[1]
    assert "réponse ; toutes les questions notées ont une réponse · meilleure" in rows[1]
    assert "meilleure note : 13 / 14, le 20 novembre · environ 2 h · au moins 1 h 35 passées" in rows[1]
    assert "la note vient du professeur · ✓ toutes les questions ont une réponse" in rows[2]
    assert "ce carnet n’est pas dans votre dossier" in rows[3]
    assert "« 06_scorer.ipynb » ne peut pas être lu" in rows[4]
    assert "à commencer · 5 min par jour" in rows[5]
    path.get_by_text("Mes notes").click()
    assert "21 novembre, examen blanc : 15 / 20" in read(path)
    (main,) = path.locator("a.principal").all()
    assert read(main) == "Reprendre : activité 4, question 3"
    assert "3 jours de suite : un jour manqué est pardonné." in read(path.locator(".depart"))
    assert "Marielle : merci !" in read(path.get_by_role("status").first)
    first = path.locator(".du-jour > ul > li")
    assert read(first.first) == "Activité 4, question 1 : Les doublons noté en partie juste"
    assert first.count() == 4, "three missed questions, then those of the day"
    path.get_by_text("Toutes mes questions à reprendre (4)").click()
    cards.check_looks()


def test_the_map_keeps_itself_up_to_date_and_the_place_of_who_reads_it(cards):
    path = show_map(cards)
    kept = "JSON.stringify({ reponses: { 'A4-Q1': { valeur: 3 } } })"
    cards.page.evaluate(f"localStorage.setItem('crc-lab:journal:nom:04/04.ipynb', {kept})")
    assert len(cards.sent("actualiser")) == 1, "when it is shown"
    path.get_by_text("Toutes mes questions à reprendre").click()
    path.get_by_role("link", name="Qualifier la base").focus()
    events = {"document": "crc-retour", "window": "focus"}
    for number, (target, event) in enumerate(events.items(), start=2):
        cards.page.evaluate(f"{target}.dispatchEvent(new CustomEvent('{event}', {{ detail: {{}} }}))")
        cards.page.wait_for_function(
            "number => essai.sent.filter(m => m.type === 'actualiser').length === number", arg=number
        )
    asked = cards.sent("actualiser")[-1]
    assert (asked["journal"], asked["carnet"]) == ([["nom", {"A4-Q1": {"valeur": 3}}]], DIARY)
    cards.set("parcours", vue={**MAP, "fete": None, "serie": 0})
    assert path.locator("details[data-lieu=erreurs]").get_attribute("open") is not None
    assert path.locator(":focus").inner_text() == "Qualifier la base"
    assert cards.stored("parcours") == DIARY, "the diary is in the notebook"


def test_the_first_day_and_the_last(cards):
    today = {"erreurs": [], "seance": 0, "paquets": []}
    first = [{"titre": "", "depart": "", "lignes": [stage(1, "Comprendre")]}]
    go = {"type": "commencer", "fichier": "01/01.ipynb", "numero": 1, "rang": 0, "question": ""}
    path = show_map(cards, vue={"groupes": first, "reprendre": go, "jour": today, "serie": 0, "fete": None}, valeur={})
    assert read(path.locator("a.principal")) == "Commencer : activité 1"
    assert "viendront ici" in read(path)
    assert cards.stored("parcours") is None, "an empty diary is not written"
    cards.set("parcours", vue={**MAP, "reprendre": {"type": "fini"}, "jour": today})
    assert path.locator("a.principal").count() == 0
    assert "rien n’attend aujourd’hui" in read(path.locator(".depart"))
    cards.check_looks()
    cards.set("parcours", vue={})
    cards.switch(kernel=False)
    cards.page.evaluate("window.dispatchEvent(new Event('focus'))")
    path.get_by_text("Le moteur de calcul ne répond pas").wait_for(timeout=15_000)
