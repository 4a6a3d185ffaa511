"""The quick questions: each row of the bank, how an answer is judged, what five a day means, and their card."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from autograder.prepare.content import activity_content
from crc_lab.core.answers import FormatProblem
from crc_lab.core.errors import CrcError
from crc_lab.core.model import LEXICON, QUICK_QUESTIONS
from crc_lab.core.resources import datasets_folder, workbook_root
from crc_lab.core.sheet import AnswerSheet
from crc_lab.notebook import overview as path
from crc_lab.notebook.cards import Cards
from crc_lab.notebook.decks import BANK_FILE, DECKS, SOURCES, QuickQuestion, courses, read_bank, read_lexicon
from crc_lab.notebook.flashcards import A_DAY, FlashCards, Memory, rate, sitting, statistics, themes, waiting
from crc_lab.notebook.session import Session

BANK = read_bank(datasets_folder())
BY_ID = {one.id: one for one in BANK}
NAME = "A8-QUESTIONS"
NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))
DAY = dt.timedelta(days=1)
PLAN = tomllib.loads((Path(__file__).parents[1] / "docs" / "couverture.toml").read_text("utf-8"))
COVERED = {line["id"] for part in PLAN["partie"] for line in part["lignes"]}


# --- the bank ---------------------------------------------------------------------------------------------------------


def test_the_bank_has_150_questions_of_four_kinds_in_eleven_themes() -> None:
    assert [one.id for one in BANK] == [f"F{number:03}" for number in range(1, 151)]
    assert len(themes(BANK)) == 11
    assert themes(BANK)[:4] == ["Appels", "Centre de relation client", "Données et CRM", "Droit"]
    assert Counter(one.field["genre"] for one in BANK) == {"choix": 106, "nombre": 28, "association": 16}


@pytest.mark.parametrize("one", BANK, ids=lambda one: one.id)
def test_every_question_can_be_answered_and_comes_from_a_course(one: QuickQuestion) -> None:
    assert one.judged(one.answer)[0]
    assert one.judged(None) == (False, {})
    assert re.search(r"[.!?…]$", one.reason), "a reason is a sentence"
    assert len(one.text) <= 160
    assert courses(one)
    assert {code.partition("-")[0] for code in one.sources} <= set(SOURCES)
    followed = {line.partition("-")[0] for line in COVERED}
    assert {code for code in one.sources if code.partition("-")[0] in followed} <= COVERED
    match one.field:
        case {"genre": "choix", "options": options}:
            others = [option["id"] for option in options if option["id"] != one.answer]
            assert len(others) == len(options) - 1 >= 1
            assert not any(one.judged(other)[0] for other in others)
        case {"genre": "association", "gauche": left, "droite": right}:
            assert sorted(one.answer.values()) == sorted(item["id"] for item in right), "each one once"
            assert [item["id"] for item in left] == list(one.answer)
            assert list(one.answer.values()) != [item["id"] for item in right], "not in the order of the page"
        case {"genre": "nombre"}:
            assert not one.judged("123456")[0]


def test_a_right_option_is_not_always_in_the_same_place() -> None:
    places = Counter(
        [option["id"] for option in one.field["options"]].index(one.answer)
        for one in BANK
        if len(one.field.get("options", ())) == 3
    )
    assert min(places[at] for at in range(3)) > sum(places.values()) / 5
    true = sum(one.answer == "vrai" for one in BANK)
    assert 12 <= true <= 23, "as many true as false, or nearly"


HEAD = "id;theme;genre;question;options;reponse;raison;source\n"
GOOD = "F1;Droit;choix;Q ?;a / b;a;R.;D1-001\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD.replace(";raison", "") + "F1;Droit;choix;Q ?;a / b;a;D1\n", "n’a pas la colonne « raison »"),
        (HEAD + GOOD + GOOD, "l’identifiant « F1 » figure deux fois"),
        (HEAD + GOOD + GOOD.replace("F1", "F2"), "la question « F2 » est déjà posée plus haut"),
        (HEAD + GOOD.replace("a;R.", "c;R."), "ligne 2 .« F1 ».*« c » n’est pas parmi les options"),
        (HEAD + GOOD.replace("a / b", "a"), "au moins deux options"),
        (HEAD + GOOD.replace("a / b", "a / a"), "« a » figure deux fois"),
        (HEAD + GOOD.replace("choix", "dessin"), "le genre « dessin » n’existe pas"),
        (HEAD + GOOD.replace("R.", " "), "la colonne « raison » est vide"),
        (HEAD + GOOD.replace("choix", "vrai_faux"), "s’écrivent « vrai / faux »"),
        (HEAD + "F1;Droit;nombre;Q ?;;beaucoup;R.;D1\n", "« beaucoup » n’est pas un nombre"),
        (HEAD + "F1;Droit;association;Q ?;a / b >> x / y;a=x;R.;D1\n", "l’association est incomplète"),
        (HEAD + "F1;Droit;association;Q ?;a / b >> x / y;a=x / b=z;R.;D1\n", "l’association est incomplète"),
        (HEAD + "F1;Droit;association;Q ?;a / b;a=x / b=y;R.;D1\n", "l’association est incomplète"),
        (HEAD + GOOD.replace(";D1-001", ""), "ligne 2 : 7 cellules au lieu de 8"),
    ],
)
def test_a_row_that_cannot_be_asked_is_named_with_the_remedy(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / BANK_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(CrcError, match=said):
        read_bank(tmp_path)


def test_a_missing_bank_is_told_in_the_card_and_costs_the_welcome_page_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CrcError, match=re.escape(BANK_FILE)):
        read_bank(tmp_path)
    monkeypatch.setattr(path, "read_bank", lambda _folder: read_bank(tmp_path))
    (quick, _cards) = path.Workbook(tmp_path).look()["jour"]["paquets"]
    assert (quick["paquet"], quick["attendent"]) == (QUICK_QUESTIONS, 0)


def test_each_set_of_cards_is_read_from_its_file() -> None:
    assert list(DECKS) == [LEXICON, QUICK_QUESTIONS]
    assert DECKS[QUICK_QUESTIONS](datasets_folder()) == BANK


# --- answers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "given", "right"),
    [
        ("F049", "2,5", True), ("F049", "2.5", True), ("F049", " 2,50 % ", True), ("F049", "25", False),
        ("F022", "3 €", True), ("F022", "3 euros", True), ("F022", "3 € par appel", True),
        ("F080", "14 jours", True), ("F080", "14\u00a0jours", True), ("F080", "15 jours", False),
        ("F113", "720", True), ("F034", "+30", True), ("F016", "200 s", True), ("F131", "600,00", True),
        ("F035", "faux", True), ("F035", "vrai", False), ("F001", "matériels", True), ("F001", "agricoles", False),
        ("F084", {"absente des annuaires": "rouge", "absente des fichiers vendus": "orange"}, True),
        ("F084", {"absente des fichiers vendus": "orange", "absente des annuaires": "rouge"}, True),
        ("F084", {"absente des annuaires": "orange", "absente des fichiers vendus": "rouge"}, False),
        ("F084", {"absente des annuaires": "rouge"}, False),
    ],
)  # fmt: skip
def test_an_answer_is_judged_as_a_person_would(name: str, given: Any, right: bool) -> None:
    assert BY_ID[name].judged(given)[0] is right


@pytest.mark.parametrize("given", ["", "beaucoup", "3 ou 4", "1/3", "4 %/an 5", ["3"], {"a": 1}])
def test_what_is_no_number_is_said_and_not_judged(given: Any) -> None:
    with pytest.raises(FormatProblem):
        BY_ID["F022"].judged(given)


def test_the_remarks_show_what_was_right() -> None:
    wrong = {"absente des annuaires": "orange", "absente des fichiers vendus": "orange"}
    assert BY_ID["F084"].judged(wrong)[1] == {
        "absente des annuaires": {"etat": "faux", "texte": "Réponse\u00a0: rouge."},
        "absente des fichiers vendus": {"etat": "juste"},
    }
    notes = BY_ID["F001"].judged("agricoles")[1]
    assert {name: note["etat"] for name, note in notes.items()} == {"agricoles": "faux", "matériels": "juste"}
    assert BY_ID["F049"].judged("3")[1]["texte"]["etat"] == "faux"
    assert (
        BY_ID["F002"].solution.replace("\u00a0", " ") == "Inbound : entrants ; Outbound : sortants ; Mixte : les deux"
    )


# --- five a day -------------------------------------------------------------------------------------------------------


def answered(*names: str, kept: Memory | None = None, at: dt.datetime = NOW, right: bool = True) -> Memory:
    kept = kept or Memory()
    for name in names:
        kept = rate(kept, f"{name}?", 3 if right else 1, at)
    return kept


def test_five_wait_each_day_and_those_that_are_done_do_not() -> None:
    assert waiting(Memory(), BANK, NOW) == A_DAY == 5
    kept = answered("F001", "F002")
    assert waiting(kept, BANK, NOW) == 3
    missed = answered("F003", kept=kept, right=False)
    assert waiting(missed, BANK, NOW) == 3, "the one that was missed is asked again"
    assert waiting(answered("F003", kept=missed, at=NOW + dt.timedelta(minutes=2)), BANK, NOW) == 2
    assert waiting(answered(*list(BY_ID)[:9]), BANK, NOW) == 0
    assert waiting(kept, BANK, NOW + DAY) == 5
    assert waiting(answered("F001"), BANK[:1], NOW) == 0
    assert waiting(Memory(), BANK[:2], NOW) == 2


def test_a_question_that_is_known_waits_longer_and_longer() -> None:
    kept, moment, gaps = Memory(), NOW, []
    for _ in range(4):
        kept = answered("F001", kept=kept, at=moment)
        gaps.append((kept.cards["F001?"].due - moment).days)
        moment = kept.cards["F001?"].due
    assert gaps[0] >= 1
    assert gaps == sorted(gaps)
    assert gaps[-1] > 20


def test_everybody_who_does_five_a_day_sees_them_all_within_a_school_year() -> None:
    kept, seen = Memory(), 0
    for number in range(150):
        now = NOW + number * DAY
        for name in sitting(kept, BANK, now, size=waiting(kept, BANK, now) or 1):
            kept = rate(kept, name, 3, now)
        seen = len(kept.cards)
        if seen == len(BANK):
            break
    assert seen == len(BANK)
    assert len(json.dumps(kept.to_json(), ensure_ascii=False)) < 20_000


def test_a_theme_may_be_chosen_and_each_has_its_numbers() -> None:
    law = {f"{one.id}?" for one in BANK if one.theme == "Droit"}
    assert set(sitting(Memory(), BANK, NOW, size=50, theme="Droit")) == law
    numbers = statistics(answered("F075", "F076"), BANK, NOW)
    assert (numbers["total"], numbers["nouvelles"], numbers["aujourdhui"], numbers["serie"]) == (150, 148, 2, 1)
    assert [line for line in numbers["themes"] if line[0] == "Droit"] == [["Droit", 16, 0, 0]]
    later = statistics(answered("F075"), BANK, NOW + 10 * DAY)
    assert next(line for line in later["themes"] if line[0] == "Droit") == ["Droit", 16, 0, 1]


# --- the card ---------------------------------------------------------------------------------------------------------


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session("08_lexique", tmp_path)


def quiz(session: Session, clock: Clock) -> FlashCards:
    return FlashCards(session.question(NAME), session, BANK, clock)


def ask(cards: FlashCards, kind: str, **message: Any) -> Any:
    cards.card._receive(None, {"type": kind, **message}, [])
    return cards.card.vue


def answer(cards: FlashCards, *, right: bool = True) -> Any:
    card = cards.card.vue["carte"]
    item = BY_ID[card["nom"][:-1]]
    return ask(cards, "reponse", carte=card["nom"], valeur=item.answer if right else None)


def test_five_questions_are_there_at_once_and_one_goes_through_them(session: Session) -> None:
    cards = quiz(session, Clock())
    view = cards.card.vue
    assert (view["etat"], view["faites"], view["total"], view["stats"]["attendent"]) == ("question", 0, 5, 5)
    assert "reponse" not in view["carte"]
    view = answer(cards)
    first = view["carte"]["nom"]
    assert (view["faites"], view["carte"]["reponse"]["juste"]) == (1, True)
    assert view["carte"]["reponse"]["raison"] == BY_ID[first[:-1]].reason
    assert ask(cards, "suite")["carte"]["nom"] != first
    for _ in range(3):
        answer(cards)
        ask(cards, "suite")
    view = answer(cards)
    assert (view["etat"], view["faites"], view["total"]) == ("question", 5, 5), "the last reason is read first"
    view = ask(cards, "suite")
    assert (view["etat"], view["stats"]["attendent"]) == ("fin", 0)
    assert [one["su"] for one in view["bilan"]] == [True] * 5
    assert quiz(session, Clock()).card.vue["etat"] == "accueil", "those of the day are done"


def test_a_question_that_was_missed_comes_back_at_the_end_of_the_five(session: Session) -> None:
    cards = quiz(session, Clock())
    missed = answer(cards, right=False)["carte"]
    assert (missed["reponse"]["juste"], missed["reponse"]["notes"]) == (False, {})
    view = ask(cards, "suite")
    assert (view["faites"], view["total"]) == (1, 6)
    for _ in range(4):
        answer(cards)
        view = ask(cards, "suite")
    assert view["carte"]["nom"] == missed["nom"]
    answer(cards)
    view = ask(cards, "suite")
    assert (view["etat"], view["faites"]) == ("fin", 6)
    assert [one["su"] for one in view["bilan"]] == [False, True, True, True, True]


def test_a_new_kernel_goes_on_where_one_was(session: Session, tmp_path: Path) -> None:
    clock = Clock()
    cards = quiz(session, clock)
    done = answer(cards)["carte"]["nom"]
    ask(cards, "suite")
    missed = answer(cards, right=False)["carte"]["nom"]
    again = quiz(Session("08_lexique", tmp_path), clock)
    assert again.card.vue["total"] == 5, "nothing is known yet"
    kept = {"valeur": session.answer(NAME).value, "date": "2026-11-22T09:00:00+01:00"}  # type: ignore[union-attr]
    view = ask(again, "relu", reponse=kept)
    assert (view["etat"], view["faites"], view["total"]) == ("question", 0, 4)
    assert view["carte"]["nom"] == missed
    assert done not in again._queue


def test_an_answer_that_cannot_be_read_is_told_and_nothing_is_rated(session: Session) -> None:
    number = next(one for one in BANK if one.field["genre"] == "nombre")
    cards = FlashCards(session.question(NAME), session, (number,), Clock())
    said: list[Any] = []
    cards.card.send = lambda message, *_: said.append(message)
    view = ask(cards, "reponse", carte=f"{number.id}?", valeur="beaucoup")
    assert view["faites"] == 0
    assert any("n’est pas un nombre" in one.get("texte", "") for one in said)
    assert session.answer(NAME) is None


def test_a_late_or_strange_message_answers_nothing(session: Session) -> None:
    cards = quiz(session, Clock())
    name = cards.card.vue["carte"]["nom"]
    for wrong in ({"carte": "F999?", "valeur": "a"}, {"carte": "rgpd>", "valeur": "a"}, {"carte": None}, {}):
        assert ask(cards, "reponse", **wrong)["faites"] == 0
    assert ask(cards, "note", carte=name, note=4)["faites"] == 0, "a question is not rated by hand"
    assert ask(cards, "annuler_note")["faites"] == 0
    assert answer(cards)["faites"] == 1
    assert answer(cards)["faites"] == 1, "answered once"
    assert ask(cards, "session", taille=10, sens="terme", theme="Droit")["carte"]["theme"] == "Droit"


def test_an_old_sheet_that_has_only_cards_of_the_lexicon_opens(session: Session) -> None:
    old = {"version": 1, "activite": "08_lexique", "edition": "entrainement", "reponses": {"A8-CARTES": {
        "valeur": {"version": 1, "cartes": {"rgpd>": [1, 1, 2.3065, 2.1181, "2026-11-22T09:10:00Z",
                                                      "2026-11-22T09:00:00Z", 0]}, "jours": {"2026-11-22": [1, 1]}},
        "source": "carte", "date": "2026-11-22T10:00:00+01:00"}}}  # fmt: skip
    session.sheet = AnswerSheet.from_metadata(old)
    cards = Cards(session)
    assert cards.card("A8-CARTES").vue["stats"]["nouvelles"] == 2 * len(read_lexicon(datasets_folder())) - 1  # type: ignore[union-attr]
    assert cards.card(NAME).vue["total"] == 5  # type: ignore[union-attr]


# --- where it may not be ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("activity", ["02_reglementation", "11_tableau_de_bord"])
def test_no_subject_holds_the_bank(activity: str) -> None:
    files = activity_content(activity, "essai").files
    assert not [name for name in files if "questions_flash" in name]
    package = json.loads(files["datasets/datapackage.json"])
    assert "questions_flash" not in json.dumps(package, ensure_ascii=False)
    assert (workbook_root() / "datasets" / BANK_FILE).is_file()
