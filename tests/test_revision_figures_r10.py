"""R10: every figure of the two mock papers, worked out again from their annexes, with nothing of the product."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import re
import tomllib
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from tests.dataset_files import ROOT


def lines_of(activity: str) -> list[str]:
    """The notebook's text, with plain spaces."""
    text = (ROOT / "notebooks" / activity / "activite.py").read_text("utf-8")
    return [line.removeprefix("#").strip() for line in re.sub(r"[\u00a0\u202f]", " ", text).splitlines()]


def rows_of(activity: str, first: str) -> dict[str, list[float]]:
    """The rows of the table whose first title is ``first``: its name, then its numbers."""
    lines = lines_of(activity)
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {first} |"))
    found = {}
    for line in itertools.takewhile(lambda line: line.startswith("|"), lines[start + 2 :]):
        name, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        found[name.split(" (")[0]] = [float(cell.replace(" ", "").replace(",", ".")) for cell in cells]
    return found


def key_of(activity: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "notebooks" / activity / "corrige.toml").read_text("utf-8"))


def shown(value: float) -> str:
    return str(Decimal(repr(round(value, 9))).quantize(Decimal("0.01"), ROUND_HALF_UP)).replace(".", ",")


A, B = "20_sujet_a", "21_sujet_b"
KEYS = {"R10A": key_of(A), "R10B": key_of(B)}


# --- paper A: Ondelvive -----------------------------------------------------------------------------------------------

WEEKS, TEAM = rows_of(A, "semaine"), rows_of(A, "conseiller")
RECEIVED, ANSWERED, QUICK, SOLVED, _ = (sum(column) for column in zip(*WEEKS.values(), strict=True))
TALK, HOLD, TYPING = 1_656_000, 138_000, 483_000
HANDLING, PRESENT, READY = TALK + HOLD + TYPING, 780 * 3600, 55 * 3600
EACH = HANDLING / ANSWERED
MONDAY, TARGET = 78, 0.85
OCCUPATION = HANDLING / PRESENT


def bonus(name: str, *, first: int = 11, resolution: float = 72) -> float:
    """October's: 2 € a contract from the ``first``, 50 € for ``resolution`` %, 40 € for 85 % of satisfaction."""
    calls, _, solved, satisfaction, contracts = TEAM[name]
    sold = 2 * max(0, contracts - first + 1)
    return sold + 50 * (100 * solved / calls >= resolution) + 40 * (satisfaction >= 85)


OWED = 0.20 * 145
HOUR = 13.50
PAPER_A: Mapping[str, list[float]] = {  # question and part: the answer, then its variants, then its known mistakes
    "R10A-Q1 a": [100 * ANSWERED / RECEIVED, 100 * QUICK / ANSWERED],
    "R10A-Q1 b": [100 * QUICK / RECEIVED, 100 * QUICK / ANSWERED],
    "R10A-Q1 c": [EACH, TALK / ANSWERED, HANDLING / RECEIVED],
    "R10A-Q1 d": [100 * OCCUPATION, 100 * HANDLING / (HANDLING + READY)],
    "R10A-Q2 a": [
        math.ceil(MONDAY * EACH / (3600 * TARGET)), math.floor(MONDAY * EACH / (3600 * TARGET)),
        math.ceil(MONDAY * TALK / ANSWERED / (3600 * TARGET)),
    ],
    "R10A-Q2 b": [math.ceil(MONDAY * EACH / 3060) - len(TEAM), math.floor(MONDAY * EACH / 3060) - len(TEAM)],
    "R10A-Q4 a": [
        math.floor((0.34 + 0.22) * 0.40 * RECEIVED), 0.40 * RECEIVED, (0.34 + 0.22) * RECEIVED,
    ],
    "R10A-Q5 a": [bonus("Anaïs"), bonus("Anaïs", first=1)],
    "R10A-Q5 b": [bonus("Coralie"), bonus("Coralie", resolution=71), bonus("Coralie", first=1)],
    "R10A-Q5 c": [bonus("Driss"), bonus("Driss", first=1)],
    "R10A-Q6 c": [35 * HOUR + 6 * 1.25 * HOUR, 41 * HOUR, 6 * 1.25 * HOUR],
    "R10A-Q8 c": [OWED, 12 * OWED, 145],
}  # fmt: skip


# --- paper B: Thélorane -----------------------------------------------------------------------------------------------

SALES, CUSTOMERS, CALLERS = rows_of(B, "canal"), rows_of(B, "segment"), rows_of(B, "téléprospecteur")
CARDS = dict(zip(("agreed", "old", "ticked", "subscribers", "nothing"),
                 (count for [count] in rows_of(B, "2 000 porteurs de carte").values()), strict=True))  # fmt: skip
MARGIN, TRADE_MARGIN = 0.55, 0.48


def worth(segment: str) -> float:
    """What a customer buys in a life."""
    _, purchases, basket, years = CUSTOMERS[segment]
    return purchases * basket * years


ADHERENTS = 6000 * 96
GAIN, GIFTS = 0.12 * ADHERENTS * MARGIN, 6000 * 4.50 + 3600
CALLS, ARGUED, MEETINGS, ORDERS = (sum(column) for column in zip(*CALLERS.values(), strict=True))
FILE, WAGES, SAMPLES = 1200 * 0.45, 2 * 35 * 19, 4 * MEETINGS
CAMPAIGN, PROFIT = FILE + WAGES + SAMPLES, 250 * ORDERS * TRADE_MARGIN


def roi(gain: float, cost: float) -> float:
    return 100 * (gain - cost) / cost


def order(channel: str, *, shipped: bool = True, commission: bool = True) -> float:
    """What is left of one order."""
    turnover, orders, shipping, rate = SALES[channel]
    return turnover / orders * (MARGIN - commission * rate / 100) - shipped * shipping


PAPER_B: Mapping[str, list[float]] = {
    "R10B-Q1 a": [100 * (215 - 125) / 500, 100 * (215 - 125) / (215 + 125), 100 * (215 - 125) / 4000],
    "R10B-Q1 b": [100 * (190 + 200) / 500, 100 * 190 / 500],
    "R10B-Q1 c": [100 * 2100 / 15_000, 100 * 2100 / (15_000 - 2100 + 2700), 100 * 2700 / 15_000],
    "R10B-Q2 a": [worth("fidèles"), worth("fidèles") / 4],
    "R10B-Q2 b": [MARGIN * worth("fidèles"), worth("fidèles")],
    "R10B-Q2 c": [MARGIN * worth("occasionnels") - 24, worth("occasionnels") - 24],
    "R10B-Q3 a": [GAIN, 0.12 * ADHERENTS],
    "R10B-Q3 b": [GIFTS, GIFTS + 2500],
    "R10B-Q3 c": [roi(GAIN, GIFTS), 100 * GAIN / GIFTS],
    "R10B-Q3 d": [100 * GIFTS / (ADHERENTS * MARGIN), 100 * GIFTS / ADHERENTS],
    "R10B-Q5 a": [FILE / (1200 * 0.92), FILE / 1200],
    "R10B-Q5 b": [100 * MEETINGS / ARGUED, 100 * MEETINGS / CALLS],
    "R10B-Q5 c": [100 * ORDERS / CALLS, 100 * ORDERS / ARGUED],
    "R10B-Q5 d": [roi(PROFIT, CAMPAIGN), roi(PROFIT, FILE + WAGES), roi(PROFIT, CAMPAIGN + 4800)],
    "R10B-Q6 a": [
        CARDS["agreed"] + CARDS["subscribers"], CARDS["agreed"],
        CARDS["agreed"] + CARDS["subscribers"] + CARDS["old"],
        CARDS["agreed"] + CARDS["subscribers"] + CARDS["ticked"], sum(CARDS.values()),
    ],
    "R10B-Q10 a": [order("site"), order("site", shipped=False)],
    "R10B-Q10 b": [
        order("place de marché"), order("place de marché", commission=False), order("place de marché", shipped=False),
    ],
}  # fmt: skip
FIGURES = {**PAPER_A, **PAPER_B}


@pytest.mark.parametrize("place", FIGURES)
def test_the_figures_of_a_question_and_of_its_known_mistakes(place: str) -> None:
    name, part = place.split()
    key = KEYS[name[:4]][name]
    settings = key["criteres"][part]
    known = [*settings.get("variantes", ()), *settings.get("erreurs", ())]
    given = [key["reponse"][part], *(one["valeur"] for one in known)]
    assert [shown(float(value.replace(",", "."))) for value in given] == [shown(value) for value in FIGURES[place]]


def test_every_number_asked_for_is_worked_out_here() -> None:
    asked = {
        f"{question['id']} {part['id']}"
        for paper in (A, B)
        for question in tomllib.loads((ROOT / "notebooks" / paper / "exercices.toml").read_text("utf-8"))["question"]
        for part in question.get("parties", ())
        if part["genre"] == "nombre"
    }
    assert asked == set(FIGURES)


def test_the_tables_agree_with_each_other() -> None:
    """The team's calls are the month's; the handling times too, to the second as they are rounded."""
    assert sum(row[0] for row in TEAM.values()) == ANSWERED == 6900
    assert sum(row[2] for row in TEAM.values()) == SOLVED == 4740
    assert sum(row[0] * row[1] for row in TEAM.values()) == pytest.approx(HANDLING, rel=1e-4)
    assert CALLS == 1200 * 0.92
    assert sum(row[0] for row in CUSTOMERS.values()) == 15_000 - 2100 + 2700
    assert sum(CARDS.values()) == 2000


USED = {
    A: """
1 656 000 s|138 000 s|483 000 s|780 heures|55 heures|78 appels|occupation visée 85 %|Taux horaire de Driss : 13,50 €
34 %|22 %|40 % des deux premiers motifs|145 € par mois|avoir de 20 %|2 € par contrat à partir du 11e|50 € si 72 %
40 € si 85 %|4,10 €|2,35 €|2 000 appels facturés|2 300 € par mois|24 150 € par mois
126 notes de 9 ou 10, 90 de 7 ou 8, 84 de 0 à 6|les 70 clients|14, 21 et 35""",
    B: """
55 % (particuliers), 48 % (professionnels)|15 000 clients|2 100 perdus, 2 700 gagnés|24 € de publicité
4 000 e-mails, 500 réponses|215 notes de 9 ou 10, 160 de 7 ou 8, 125 de 0 à 6
très satisfait 190, plutôt satisfait 200, plutôt pas 70, pas du tout 40|6 000 adhérents, 96 €|Hausse attendue 12 %
4,50 € par adhérent|3 600 € par an|Étude déjà payée : 2 500 €|1 200 contacts à 0,45 €, dont 8 % inutilisables
35 heures chacun à 19 €|4 € par rendez-vous|Commande moyenne : 250 €|4 800 €""",
}


@pytest.mark.parametrize("activity", USED)
def test_the_figures_used_here_are_those_of_the_annexes(activity: str) -> None:
    text = " ".join(lines_of(activity))
    assert [number for number in re.split(r"[|\n]", USED[activity]) if number not in text] == []


def test_the_working_times_of_annexe_a5() -> None:
    def hours(start: str, end: str, days: int = 0) -> float:
        first, last = (dt.datetime.fromisoformat(f"2026-11-23 {time}") for time in (start, end))
        return (last - first).total_seconds() / 3600 + 24 * days

    rest, day = hours("20:30", "07:00", days=1), hours("08:00", "20:00") - 1
    in_a_row = (dt.date(2026, 11, 28) - dt.date(2026, 11, 22)).days + 1
    assert (rest < 11, day > 10, in_a_row > 6) == (True, True, True)
    assert dt.date(2026, 11, 22).weekday() == 6
    assert KEYS["R10A"]["R10A-Q6"]["reponse"]["b"] == {"repos": "anais", "journee": "basile", "sept": "fanny"}
    assert (day + 3 * 8, 5 * 7 + 6, 4 * 8 + 7) == (35, 41, 39)


def test_the_days_of_annexe_b6_are_those_of_the_calendar() -> None:
    days = {"samedi 5": 5, "jeudi 3": 3, "mardi 1er": 1}
    names = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
    assert [names[dt.date(2026, 12, day).weekday()] for day in days.values()] == [name.split()[0] for name in days]
    exercises = (ROOT / "notebooks" / B / "exercices.toml").read_text("utf-8").replace("\u00a0", " ")
    assert all(f"{day} décembre" in exercises for day in days)


def said(question: str) -> str:
    key = KEYS[question[:4]][question]
    return re.sub(r"[\s\u202f]+", " ", f"{key['reponse']} {key['explication']}")


def test_what_the_models_of_paper_a_say() -> None:
    answered = [shown(100 * row[1] / row[0]) for row in WEEKS.values()]
    assert answered == ["90,00", "88,00", "84,00", "79,73"]
    first, *_, last = (row[0] for row in WEEKS.values())
    solved = {name: shown(100 * row[2] / row[0]) for name, row in TEAM.items()}
    lost = RECEIVED - ANSWERED
    inside = 24_150 / ANSWERED
    abroad = max(2000, lost) * 2.35
    hired = 780 / len(TEAM) * 3600 * OCCUPATION / EACH
    for question, texts in {
        "R10A-Q3": (
            f"+{100 * (last / first - 1):.1f} %".replace(".", ","), f"{shown(100 * SOLVED / ANSWERED)} % contre 72 %",
            f"{shown(100 * QUICK / RECEIVED)} % contre 75 %", f"+{100 * (126 - 84) // 300}",
            f"−{100 * (35 - 14) // 70}", f"{100 * OCCUPATION:.0f} % sur présence",
            f"{100 * HANDLING / (HANDLING + READY):.0f} % du temps connecté",
        ),
        "R10A-Q5": (f"{solved['Anaïs']} %", f"{solved['Coralie']} %", f"{solved['Driss']} %"),
        "R10A-Q7": (f"{solved['Driss']} %", f"{solved['Fanny']} %"),
        "R10A-Q9": (f"avoir de {OWED:.0f} €",),
        "R10A-Q10": (
            f"{shown(inside)} € l’appel", f"octobre : {lost:,.0f}".replace(",", " "),
            f"{lost * 4.10:,.0f} € par mois".replace(",", " "), f"{lost * 2.35:,.0f} €".replace(",", " "),
            f"{abroad:,.0f} €".replace(",", " "), f"l’écart tombe à {lost * 4.10 - abroad:.0f} €",
            f"≈ {hired:,.0f} appels".replace(",", " "), "130 h × 81,09 %",
        ),
    }.items():  # fmt: skip
        assert [text for text in texts if text not in said(question)] == [], question


def test_what_the_models_of_paper_b_say() -> None:
    rates = [
        (shown(100 * meetings / argued), shown(100 * orders / calls))
        for calls, argued, meetings, orders in CALLERS.values()
    ]
    assert rates == [("17,58", "4,23"), ("12,07", "1,54")]
    margins = {name: shown(MARGIN * worth(name)) for name in CUSTOMERS}
    for question, texts in {
        "R10B-Q2": (f"{margins['occasionnels']} € de marge", f"{margins['réguliers']} €"),
        "R10B-Q4": (f"{shown(100 * GIFTS / (ADHERENTS * MARGIN))} %", f"{100 * 2100 // 15_000} % des clients"),
        "R10B-Q5": (f"= {CAMPAIGN:,.0f} €".replace(",", " "), f"= {PROFIT:,.0f} €".replace(",", " ")),
        "R10B-Q7": ("17,58 % pour Inès contre 12,07 % pour Karim", "4,23 % contre 1,54 %"),
        "R10B-Q10": ("24,75 €", "18,85 €", "16,50 €", "4,50 €", "6,10 €"),
        "R10B-Q12": (
            f"{margins['fidèles']} €", f"{margins['réguliers']} €", f"{margins['occasionnels']} €",
            f"ROI {shown(roi(GAIN, GIFTS))} %", f"({shown(roi(PROFIT, CAMPAIGN))} %)", "470 appels permis",
        ),
    }.items():  # fmt: skip
        assert [text for text in texts if text not in said(question)] == [], question


def test_every_rubric_of_a_paper_totals_what_its_question_is_worth() -> None:
    for paper, key in zip((A, B), KEYS.values(), strict=True):
        questions = tomllib.loads((ROOT / "notebooks" / paper / "exercices.toml").read_text("utf-8"))["question"]
        read = {question["id"]: question["points"] for question in questions if question["genre"] == "ouverte"}
        for name, points in read.items():
            (criterion,) = key[name]["criteres"].values()
            assert sum(line["points"] for line in criterion["grille"]) == points, name
        essay = max(read.values())
        assert (essay, sum(question.get("points", 0) for question in questions) - essay) == (10, 30)
