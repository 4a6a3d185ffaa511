"""Flashcards: dates that do not depend on the machine, what is kept, undo, and what the student is told."""

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crc_lab.core.errors import CrcError
from crc_lab.core.resources import datasets_folder
from crc_lab.notebook import flashcards as memory
from crc_lab.notebook.cards import Cards
from crc_lab.notebook.decks import Entry, read_lexicon
from crc_lab.notebook.flashcards import FlashCards, Memory, streak
from crc_lab.notebook.session import Session

LEXICON = read_lexicon(datasets_folder())
FEW = LEXICON[:4]
NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))
DAY = dt.timedelta(days=1)


def rated(*ratings, name="rgpd>", start=NOW, every=DAY, kept=None):
    kept = kept or Memory()
    for number, rating in enumerate(ratings):
        kept = memory.rate(kept, name, rating, start + number * every)
    return kept


# --- the lexicon --------------------------------------------------------------------------------------------------


def test_every_term_has_a_short_definition_of_its_own_a_theme_and_a_course():
    assert len(LEXICON) == 195
    assert {entry.theme for entry in LEXICON} == {
        "Canaux", "Données", "Droit", "Indicateurs", "Métier", "Outils", "Relation", "Vente",
    }  # fmt: skip
    for entry in LEXICON:
        assert 15 < len(entry.definition) <= 160, entry.id
        assert entry.definition.endswith("."), entry.id
        assert set(entry.sources) <= {"D0", "D1", "D2", "D3", "D4"}, entry.id


def test_the_terms_come_in_the_order_of_a_dictionary():
    from crc_lab.core.text import fold

    assert [fold(entry.term) for entry in LEXICON] == sorted(fold(entry.term) for entry in LEXICON)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id;terme;definition;theme\na;A;b;c\n", "n’a pas la colonne « source »"),
        ("id;terme;definition;theme;source\na;A;b;c;D0\na;B;b;c;D0\n", "l’identifiant « a » figure deux fois"),
    ],
)
def test_a_damaged_lexicon_is_named(tmp_path, text, said):
    (tmp_path / "lexique.csv").write_text(text, encoding="utf-8")
    with pytest.raises(CrcError, match=said):
        read_lexicon(tmp_path)


# --- dates ----------------------------------------------------------------------------------------------------------


def test_a_good_card_comes_back_later_and_later():
    gaps = []
    kept, moment = Memory(), NOW
    for _ in range(6):
        kept = memory.rate(kept, "rgpd>", 3, moment)
        gaps.append(kept.cards["rgpd>"].due - moment)
        moment = kept.cards["rgpd>"].due
    assert gaps[0] == dt.timedelta(minutes=10)
    assert gaps[1:] == sorted(gaps[1:])
    assert gaps[-1] > 20 * DAY
    assert kept.cards["rgpd>"].learnt


def test_a_forgotten_card_comes_back_the_same_day_and_is_counted():
    kept = rated(4)
    assert kept.cards["rgpd>"].due - NOW > DAY
    kept = memory.rate(kept, "rgpd>", 1, NOW + 10 * DAY)
    assert kept.cards["rgpd>"].due - (NOW + 10 * DAY) == dt.timedelta(minutes=10)
    assert kept.cards["rgpd>"].lapses == 1
    assert not kept.cards["rgpd>"].learnt


def test_the_same_ratings_give_the_same_bytes():
    kept = rated(3, 3, 4, 1, 2).to_json()["cartes"]["rgpd>"]
    assert kept == [3, 0, 3.0091, 8.0116, "2026-11-26T08:15:00Z", "2026-11-26T08:00:00Z", 1]


def test_no_card_waits_more_than_a_year():
    kept, moment = Memory(), NOW
    for _ in range(30):
        kept = memory.rate(kept, "rgpd>", 4, moment)
        moment = kept.cards["rgpd>"].due
    assert kept.cards["rgpd>"].due - kept.cards["rgpd>"].seen <= 365 * DAY


@given(st.lists(st.tuples(st.sampled_from(["a>", "a<", "b>"]), st.integers(1, 4), st.integers(0, 90_000)), max_size=25))
def test_what_is_kept_survives_the_notebook_after_any_ratings(steps):
    kept, moment = Memory(), NOW
    for name, rating, minutes in steps:
        moment += dt.timedelta(minutes=minutes)
        kept = memory.rate(kept, name, rating, moment)
    raw = json.loads(json.dumps(kept.to_json()))
    again = Memory.from_json(raw)
    assert again.to_json() == raw
    assert set(again.cards) == set(kept.cards)


# --- what is kept ---------------------------------------------------------------------------------------------------


def test_the_value_of_the_sheet_stays_small():
    kept = Memory()
    for day in range(200):
        for entry in LEXICON[:: 20 if day % 10 else 1]:
            for way in "><":
                kept = memory.rate(kept, f"{entry.id}{way}", 3, NOW + day * DAY)
    raw = kept.to_json()
    assert len(raw["cartes"]) == 2 * len(LEXICON)
    assert len(raw["jours"]) == memory.KEPT_DAYS
    assert len(json.dumps(raw, ensure_ascii=False)) < 40_000


@pytest.mark.parametrize(
    "raw",
    [
        None, 3, "x", [], {"cartes": 3}, {"cartes": {"a>": None, "b>": [1], "c>": [9, 0, 1, 1, "x", "y", 0]}},
        {"cartes": {"a>": [2, None, -1, 5, "2026-11-22T08:00:00Z", "2026-11-22T08:00:00Z", 0]}},
        {"cartes": {"a>": [2, 0, 1, 5, "2026-11-22T08:00:00Z", "2026-11-22T08:00:00Z", 0]}},
        {"cartes": {"a>": [1, 0, 1, 5, "2026-11-22T08:00:00", "2026-11-22T08:00:00Z", 0]}},
        {"cartes": {"a>": [1, 0, "nan", 5, "0001-01-01T00:00:00+14:00", "2026-11-22T08:00:00Z", 0]}},
        {"jours": {"2026-11-22": "beaucoup"}, "dernier": {"carte": 3}},
        {"jours": {"demain": [1, 1], "20261122": [1, 1]}},
    ],
    ids=repr,
)  # fmt: skip
def test_what_cannot_be_read_is_new_again(raw):
    kept = Memory.from_json(raw)
    assert (dict(kept.cards), dict(kept.days), kept.last) == ({}, {}, None)


def test_what_another_version_added_is_kept():
    assert Memory.from_json({"version": 1, "cartes": {}, "reglages": {"a": 1}}).to_json()["reglages"] == {"a": 1}


# --- undo -----------------------------------------------------------------------------------------------------------


def test_the_last_rating_is_undone_once():
    before = rated(3)
    after = memory.rate(before, "rgpd>", 1, NOW + DAY)
    back, name = memory.undo(after)
    assert name == "rgpd>"
    assert dict(back.cards) == dict(Memory.from_json(before.to_json()).cards)
    assert dict(back.days) == dict(before.days)
    assert memory.undo(back) == (back, "")
    new, _ = memory.undo(rated(4))
    assert (dict(new.cards), dict(new.days)) == ({}, {})


# --- sessions and numbers -----------------------------------------------------------------------------------------


def test_a_session_begins_with_what_is_due_then_new_terms_one_way_at_a_time():
    kept = rated(1, name=f"{FEW[2].id}<", start=NOW - DAY)
    kept = rated(1, name=f"{FEW[1].id}>", start=NOW - 2 * DAY, kept=kept)
    names = memory.sitting(kept, FEW, NOW, size=10)
    assert names[:2] == (f"{FEW[1].id}>", f"{FEW[2].id}<")
    assert len({name[:-1] for name in names[2:]}) == len(names[2:]) == 4
    assert len(memory.sitting(kept, FEW, NOW, size=3)) == 3


def test_a_session_has_one_direction_or_one_theme():
    assert {name[-1] for name in memory.sitting(Memory(), LEXICON, NOW, size=20, direction="terme")} == {"<"}
    law = {entry.id for entry in LEXICON if entry.theme == "Droit"}
    assert {name[:-1] for name in memory.sitting(Memory(), LEXICON, NOW, size=50, theme="Droit")} == law
    known = {entry.id: entry for entry in LEXICON}
    first = [known[name[:-1]] for name in memory.sitting(Memory(), LEXICON, NOW, size=8, direction="n’importe quoi")]
    today = memory.theme_of_the_day(LEXICON, NOW)
    assert {one.theme for one in first} == {today}
    case = ["D0" in known[name[:-1]].sources for name in memory.sitting(Memory(), LEXICON, NOW, size=50, theme="Droit")]
    assert case == sorted(case, reverse=True), "the terms of the case come first"
    assert case[0] > case[-1]


def test_each_theme_has_its_day():
    days = [memory.theme_of_the_day(LEXICON, NOW + number * DAY) for number in range(8)]
    assert sorted(days) == memory.themes(LEXICON)
    assert memory.themes(LEXICON)[0] == "Canaux"
    whole = memory.sitting(Memory(), LEXICON, NOW, size=500)
    assert len(whole) == len(LEXICON), "no theme holds the others back"


def test_what_comes_back_within_the_hour_belongs_to_the_next_session_of_the_day():
    kept = rated(1, name=f"{FEW[1].id}>")
    assert memory.sitting(kept, FEW, NOW, size=1) == (f"{FEW[1].id}>",)
    assert memory.statistics(kept, FEW, NOW)["a_revoir"] == 1


@pytest.mark.parametrize(
    ("away", "count"),
    [
        ([], 0), ([0], 1), ([1], 1), ([0, 1, 2], 3), ([0, 2, 4], 3), ([2, 3], 2), ([3, 4], 0), ([0, 3], 1),
        ([-1, 0, 1], 2),
    ],
)  # fmt: skip
def test_a_streak_forgives_one_missed_day_and_not_two(away, count):
    days = {(NOW - number * DAY).date().isoformat(): (3, 2) for number in away}
    assert streak(days, NOW.date()) == count


def test_nothing_is_due_the_day_one_has_seen_everything():
    kept = Memory()
    for entry in FEW:
        for way in "><":
            kept = memory.rate(kept, f"{entry.id}{way}", 4, NOW)
    assert memory.sitting(kept, FEW, NOW, size=10) == ()
    numbers = memory.statistics(kept, FEW, NOW)
    assert (numbers["a_revoir"], numbers["nouvelles"], numbers["apprises"]) == (0, 0, 8)
    later = memory.statistics(kept, FEW, NOW + 30 * DAY)
    assert (later["a_revoir"], later["previsions"][0]) == (8, 8)


def test_the_forecast_counts_each_card_on_its_day():
    kept = rated(4, name=f"{FEW[0].id}>")
    numbers = memory.statistics(kept, FEW, NOW + DAY)
    away = (kept.cards[f"{FEW[0].id}>"].due.date() - (NOW + DAY).date()).days
    assert sum(numbers["previsions"]) == (1 if away < 7 else 0)
    assert numbers["aujourdhui"] == 0
    assert memory.statistics(kept, FEW, NOW)["aujourdhui"] == 1


@pytest.mark.parametrize(
    ("delay", "text"),
    [
        (dt.timedelta(seconds=20), "1 min"), (dt.timedelta(minutes=5.5), "6 min"), (dt.timedelta(hours=3), "3 h"),
        (DAY, "1 jour"), (16 * DAY, "16 jours"), (90 * DAY, "3 mois"), (365 * DAY, "1 an"),
    ],
)  # fmt: skip
def test_a_delay_is_told_in_french(delay, text):
    assert memory.delay_text(delay) == text


# --- the card ---------------------------------------------------------------------------------------------------------


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def session(tmp_path):
    return Session("08_lexique", tmp_path)


def deck(session, clock, entries=FEW):
    return FlashCards(session.question("A8-CARTES"), session, entries, clock)


def ask(cards, **message):
    cards.card._receive(None, {"type": message.pop("type"), **message}, [])
    return cards.card.vue


def test_a_session_goes_through_its_cards_and_says_when_it_ends(session):
    clock = Clock()
    cards = deck(session, clock)
    assert ask(cards, type="arreter")["etat"] == "accueil"
    view = ask(cards, type="session", taille=2, sens="definition", theme="")
    assert (view["etat"], view["faites"], view["total"]) == ("question", 0, 2)
    assert view["carte"]["intervalles"]["1"] == "1 min"
    first = view["carte"]["nom"]
    view = ask(cards, type="note", carte=first, note=4)
    assert (view["faites"], view["carte"]["nom"] != first) == (1, True)
    view = ask(cards, type="note", carte=view["carte"]["nom"], note=4)
    assert (view["etat"], view["faites"]) == ("fin", 2)
    assert [one["su"] for one in view["bilan"]] == [True, True]
    assert view["bilan"][0]["texte"] in {entry.term for entry in FEW}
    assert ask(cards, type="arreter")["etat"] == "accueil"
    assert set(session.answer("A8-CARTES").value["cartes"]) == {first, cards.card.valeur["dernier"]["carte"]}


def test_the_first_day_begins_at_once_and_the_others_wait_for_a_click(session):
    clock = Clock()
    view = deck(session, clock, LEXICON).card.vue
    assert (view["etat"], view["faites"], view["total"]) == ("question", 0, 10)
    assert view["carte"]["theme"] == memory.theme_of_the_day(LEXICON, NOW)
    session.record("A8-CARTES", rated(4).to_json())
    assert deck(session, clock, LEXICON).card.vue["etat"] == "accueil"


def test_the_counter_counts_the_answers_and_the_end_says_what_was_not_known(session):
    cards = deck(session, Clock())
    first = ask(cards, type="session", taille=1)["carte"]["nom"]
    view = ask(cards, type="note", carte=first, note=1)
    assert (view["faites"], view["total"]) == (1, 2)
    view = ask(cards, type="note", carte=first, note=4)
    assert (view["etat"], view["faites"], [one["su"] for one in view["bilan"]]) == ("fin", 2, [False])


def test_a_card_that_was_not_known_comes_back_before_the_end(session):
    cards = deck(session, Clock())
    first = ask(cards, type="session", taille=2, sens="definition")["carte"]["nom"]
    second = ask(cards, type="note", carte=first, note=1)["carte"]["nom"]
    assert ask(cards, type="note", carte=second, note=4)["carte"]["nom"] == first


def test_a_late_or_strange_message_rates_nothing(session):
    cards = deck(session, Clock())
    name = ask(cards, type="session", taille=2)["carte"]["nom"]
    for wrong in ({"carte": "autre>", "note": 3}, {"carte": name, "note": 7}, {"carte": name, "note": "3"}, {}):
        assert ask(cards, type="note", **wrong)["carte"]["nom"] == name
    assert session.answer("A8-CARTES") is None
    assert ask(cards, type="session", taille=-5, sens=3, theme=None)["etat"] == "question"


def test_undo_shows_the_card_again(session):
    cards = deck(session, Clock())
    first = ask(cards, type="session", taille=3)["carte"]["nom"]
    view = ask(cards, type="note", carte=first, note=4)
    assert view["annulable"]
    view = ask(cards, type="annuler_note")
    assert (view["carte"]["nom"], view["faites"], view["annulable"]) == (first, 0, False)
    assert session.answer("A8-CARTES").value["cartes"] == {}


def test_what_was_learnt_is_found_again_by_a_new_kernel(session, tmp_path):
    clock = Clock()
    cards = deck(session, clock)
    name = ask(cards, type="session", taille=1)["carte"]["nom"]
    ask(cards, type="note", carte=name, note=3)
    other = Session("08_lexique", tmp_path)
    again = deck(other, clock)
    assert again.card.vue["stats"]["en_cours"] == 0
    raw = {"valeur": session.answer("A8-CARTES").value, "date": "2026-11-22T09:00:00+01:00"}
    view = ask(again, type="relu", reponse=raw)
    assert view["stats"]["en_cours"] == 1
    assert view["annulable"]
    clock.now += dt.timedelta(minutes=11)
    assert ask(again, type="session", taille=5)["carte"]["nom"] == name


def test_a_term_that_left_the_lexicon_does_not_stop_the_session(session):
    clock = Clock()
    session.record("A8-CARTES", rated(1, name="disparu>", start=NOW - DAY).to_json())
    cards = deck(session, clock)
    assert cards.card.vue["stats"]["a_revoir"] == 0
    assert ask(cards, type="session", taille=3)["carte"]["nom"] != "disparu>"


def test_the_empty_deck_says_there_is_nothing(session):
    cards = deck(session, Clock(), entries=(Entry("a", "A", "La lettre A.", "Droit", ("D0",)),))
    for name in ("a>", "a<"):
        assert ask(cards, type="session", taille=1)["carte"]["nom"] == name
        ask(cards, type="note", carte=name, note=4)
    assert ask(cards, type="session", taille=5)["etat"] == "fin"


def test_the_cards_of_the_activity_make_flashcards_and_nothing_else_answers_them(session):
    cards = Cards(session)
    card = cards.card("A8-CARTES")
    assert card is cards.card("A8-CARTES")
    assert card.vue["stats"]["total"] == 2 * len(LEXICON)
    with pytest.raises(CrcError, match="se révisent dans leur carte"):
        cards.replace_answer("A8-CARTES", {"cartes": {}}, "code")
    assert len(cards.lexicon_card().entrees) == len(LEXICON)
