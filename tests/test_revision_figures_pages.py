"""The figures of R2, R5, R6, R8 and R9, worked out again from the documents of their pages; R6's plannings, counted."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from math import ceil, prod
from typing import Any

import pytest

from crc_lab.core.grading import grade
from tests.dataset_files import ROOT
from tests.loaded import loaded_activity
from tests.test_revision_figures import key_of, shown


def rows_of(activity: str) -> dict[str, list[str]]:
    """The rows of every table of the page, by their first cell; spaces are ordinary and numbers have none."""
    text = (ROOT / "notebooks" / activity / "activite.py").read_text("utf-8").replace("\u00a0", " ")
    cells = (line.removeprefix("# |").rstrip("|").split("|") for line in text.splitlines() if line.startswith("# |"))
    return {first.strip(): [re.sub(r"(?<=\d) (?=\d)", "", cell.strip()) for cell in rest] for first, *rest in cells}


def numbers(cells: list[str]) -> list[float]:
    return [float(found[0].replace(",", ".")) for cell in cells if (found := re.search(r"\d+(?:,\d+)?", cell))]


def answer(activity: str, question: str, part: str) -> str:
    """What the key answers, with two decimals."""
    return shown(float(key_of(activity)[question]["reponse"][part].replace(",", ".")))


def errors(activity: str, question: str, part: str) -> list[str]:
    known = key_of(activity)[question]["criteres"][part].get("erreurs", [])
    return [shown(float(str(one["valeur"]).replace(",", "."))) for one in known]


def check(activity: str, figures: Mapping[str, list[float]]) -> None:
    """``figures``: by question and part, the answer, then the known mistakes in their order."""
    for place, (right, *wrong) in figures.items():
        question, part = place.split()
        found = answer(activity, question, part), errors(activity, question, part)
        assert found == (shown(right), list(map(shown, wrong))), place


# --- R2: what the subscribers answered --------------------------------------------------------------------------------

R2 = "12_satisfaction"


def test_the_scores_of_the_survey() -> None:
    marks = marks_of_agencies()
    every = [sum(column) for column in zip(*marks.values(), strict=True)]

    def net(counts: list[int], least: int = 9, most: int = 6) -> float:
        return 100 * (sum(counts[least:]) - sum(counts[: most + 1])) / sum(counts)

    promoters, detractors, answered = sum(every[9:]), sum(every[:7]), sum(every)
    assert answered == 140
    without_passive = 100 * (promoters - detractors) / (promoters + detractors)
    check(R2, {
        "R2-Q1 a": [100 * promoters / answered, 100 * sum(every[8:]) / answered],
        "R2-Q1 b": [100 * detractors / answered, 100 * sum(every[:6]) / answered],
        "R2-Q1 c": [net(every), net(every, 8), net(every, 9, 5), without_passive, -net(every),
                    100 * (promoters - detractors) / 400],
        "R2-Q2 a": [100 * (52 + 49) / 138, 100 * (52 + 49) / 140, 100 * 52 / 138],
        "R2-Q2 b": [effort() / 136, effort() / 140, 100 * (41 + 48) / 136],
        "R2-Q2 d": [100 * 140 / 400, 100 * 138 / 400],
        "R2-Q6 a": [net(marks["Rennes"]), net(marks["Rennes"], 8)],
        "R2-Q6 b": [net(marks["Tours"]), -net(marks["Tours"]), net(marks["Tours"], 8)],
    })  # fmt: skip
    reasons = {one["id"]: one.get("raison", "") for one in options(R2, "R2-Q6", "c")}
    assert [sum(one) for one in marks.values()] == [60, 48, 32]
    assert reasons["nombre"] == "60, 48 et 32."
    assert next(one["raison"] for one in options(R2, "R2-Q6", "d") if one["id"] == "nantes").startswith(
        f"+{net(marks['Nantes']):.0f}"
    )


def marks_of_agencies() -> dict[str, list[int]]:
    """How many gave each mark from 0 to 10, by agency."""
    text = (ROOT / "notebooks" / R2 / "activite.py").read_text("utf-8")
    rows = re.findall(r"^# \| (Rennes|Nantes|Tours) \| ((?:\d+ \| ){10}\d+) \|$", text, re.MULTILINE)
    return {name: [int(cell) for cell in cells.split(" | ")] for name, cells in rows}


def effort() -> int:
    return sum(mark * count for mark, count in enumerate((41, 48, 27, 14, 6), 1))


def options(activity: str, question: str, part: str) -> list[dict[str, Any]]:
    raw = tomllib.loads((ROOT / "notebooks" / activity / "exercices.toml").read_text("utf-8"))["question"]
    parts = next(one for one in raw if one["id"] == question)["parties"]
    found: list[dict[str, Any]] = next(one for one in parts if one["id"] == part)["options"]
    return found


def test_the_value_of_a_subscriber() -> None:
    page = rows_of(R2)
    (months, short), (bill, small) = (numbers(page[name]) for name in ("durée moyenne de l’abonnement", "factures"))
    (start,), (arrived,), (left,) = (numbers(page[name]) for name in ("abonnés au 1er juillet", "arrivées", "départs"))
    margin = months * bill * 0.32
    check(R2, {
        "R2-Q3 a": [months * bill, months * bill * 12, months + bill + 1],
        "R2-Q3 b": [margin, months * bill - margin],
        "R2-Q3 c": [short * small, short * small + 15],
        "R2-Q3 d": [margin / 62, months * bill / 62],
        "R2-Q4 a": [100 * left / start, 100 * left / (start + arrived - left), 100 * left / arrived,
                    100 * (left - arrived) / start],
        "R2-Q4 b": [100 * (start - left) / start, 100 * (start - left + arrived) / start],
        "R2-X2 a": [30 + 10 + 25],
        "R2-X2 b": [75 - 30 - 10],
        "R2-X2 c": [100 * (35 - 30) / 75, 100 * (25 - 30) / 75, 100 * (25 - 30) / 65],
    })  # fmt: skip


# --- R5, R8, R9: what a mailing, a card and a channel bring -----------------------------------------------------------


def test_the_two_mailings() -> None:
    sent, (lost,), orders = 2000, numbers(rows_of("15_ecrire")["retours « adresse inconnue »"]), 24
    gain, cost = orders * 210 * 0.4, sent * 0.95
    check("15_ecrire", {
        "R5-Q5 a": [100 * orders / (sent - lost), 100 * orders / sent],
        "R5-Q5 b": [100 * (gain - cost) / cost, 100 * (orders * 210 - cost) / cost, 100 * gain / cost],
        "R5-Q5 c": [100 * 1350 / 5000],
        "R5-Q5 d": [100 * 60 / 5000, 100 * 60 / 1350],
    })  # fmt: skip


def test_the_message_has_as_many_characters_as_the_key_says() -> None:
    raw = tomllib.loads((ROOT / "notebooks/15_ecrire/exercices.toml").read_text("utf-8"))["question"]
    prompt = next(one for one in raw if one["id"] == "R5-X1")["enonce"]
    found = re.search(r"Papeloune.*?STOP au 36000", prompt.replace("\n> ", " ").replace("\n", " "))
    assert found is not None
    message = found[0]
    assert [answer("15_ecrire", "R5-X1", part) for part in "abc"] == [
        shown(len(message)), shown(160 - len(message)), shown(3000 * 0.95),
    ]  # fmt: skip
    assert errors("15_ecrire", "R5-X1", "a") == [shown(len(message.removesuffix("STOP au 36000").rstrip()))]


def test_the_card_of_the_garden_centres() -> None:
    page = rows_of("18_fideliser")
    (start,), (lost,), (won,) = (
        numbers(page[f"clients {name}"]) for name in ("au 1er janvier", "perdus dans l’année", "gagnés dans l’année")
    )
    (basket,), (times,), (rate,) = (
        numbers(page[name]) for name in ("panier moyen", "achats par client et par an", "taux de marge")
    )
    (conquest,), (loyalty,) = (numbers(page[name]) for name in ("publicité de conquête", "actions de fidélisation"))
    (holders,), (spent,), (rise,), (cheque,), (software,) = (numbers(page[name]) for name in (
        "porteurs la première année", "ce que chacun dépensait par an", "hausse attendue de leurs achats",
        "chèques cadeaux, par porteur et par an", "logiciel et animation, par an",
    ))  # fmt: skip
    more = holders * spent * rise / 100
    gain, cost = more * rate / 100, holders * cheque + software
    check("18_fideliser", {
        "R8-Q2 a": [conquest / won, conquest / start],
        "R8-Q2 b": [loyalty / start, loyalty / (start - lost)],
        "R8-Q2 c": [100 * lost / start, 100 * lost / (start - lost + won), 100 * won / start],
        "R8-Q2 d": [basket * times * rate / 100, basket * times, basket * rate / 100],
        "R8-Q3 a": [more, holders * spent],
        "R8-Q3 b": [gain, more],
        "R8-Q3 c": [cost, cost + 4000, holders * cheque],
        "R8-Q3 d": [100 * (gain - cost) / cost, 100 * gain / cost, 100 * (more - cost) / cost],
        "R8-Q3 e": [100 * cost / (holders * spent * rate / 100), 100 * cost / (holders * spent)],
    })  # fmt: skip


def test_what_is_left_of_a_night() -> None:
    page = {name: numbers(rows_of("19_canaux")[name]) for name in (
        "site", "place de marché", "téléphone", "coffrets cadeaux")}  # fmt: skip
    nights = {name: row[0] for name, row in page.items()}
    kept = {name: price * (1 - fee / 100) - 38 for name, (_, price, fee, _) in page.items()}
    whole = {name: kept[name] - row[3] / row[0] for name, row in page.items()}
    _, price, fee, _ = page["place de marché"]
    turnover = {name: row[0] * row[1] for name, row in page.items()}
    check("19_canaux", {
        "R9-Q4 a": [kept["place de marché"], price - 38, price * (1 - fee / 100)],
        "R9-Q4 b": [page["téléphone"][3] / nights["téléphone"]],
        "R9-Q4 c": [whole["téléphone"], kept["téléphone"]],
        "R9-Q4 d": [whole["site"], kept["site"]],
        "R9-Q4 e": [100 * nights["place de marché"] / sum(nights.values()),
                    100 * turnover["place de marché"] / sum(turnover.values())],
    })  # fmt: skip
    assert max(whole, key=lambda name: whole[name]) == key_of("19_canaux")["R9-Q4"]["reponse"]["f"] == "site"
    assert [shown(one) for one in whole.values()] == ["85,39", "85,00", "70,00", "47,00"]


# --- R6: how many people, at what hours, for what pay -----------------------------------------------------------------

R6 = "16_equipe"


def test_how_many_people_each_hour() -> None:
    calls = [int(one) for one in numbers(rows_of(R6)["Appels"])]
    each = 0.8 * 3600 / 300
    people = [ceil(round(count / each, 9)) for count in calls]
    hour = dict(zip(range(8, 20), calls, strict=True))
    check(R6, {
        "R6-Q1 a": [each, 0.8 * 3600 / 250, 3600 / 300],
        "R6-Q1 b": [people[10 - 8], int(hour[10] / each)],
        "R6-Q1 c": [people[18 - 8], int(hour[18] / each)],
        "R6-Q1 d": [sum(people), ceil(sum(calls) / each)],
    })  # fmt: skip


def test_the_pay_and_those_who_leave() -> None:
    rate = 13.2
    check(R6, {
        "R6-Q3 a": [rate * (35 + 8 * 1.25 + 1 * 1.5), rate * 44, rate * (35 + 9 * 1.25), rate * (8 * 1.25 + 1.5)],
        "R6-Q3 b": [100 * 56 / 64],
        "R6-Q3 c": [100 * 258 / 340],
        "R6-Q3 d": [60 + 40 + 1.5 * (46 - 20), min(150, 60 + 40 + 1.5 * 46), 60 + 40],
        "R6-Q4 a": [100 * (19 + 17) / 2 / 40, 100 * 17 / 40, 100 * (19 + 17) / 40],
        "R6-Q4 b": [100 * 186 / 200],
        "R6-Q4 c": [100 * 1330 / 1365, 100 * 186 / 200],
        "R6-Q4 d": [100 * 34 / 42, 100 * 34 / 40],
        "R6-Q4 e": [17 * 3200, 19 * 3200],
        "R6-X2 a": [14 * (35 + 8 * 1.25), 14 * 43],
        "R6-X2 b": [14 * (35 + 8 * 1.25 + 3 * 1.5), 14 * (35 + 11 * 1.25)],
        "R6-X2 c": [14 * (35 + 5 * 1.1)],
        "R6-X2 d": [7 * 2.5],
    })  # fmt: skip


type_of_day = tuple[int, ...]
NEED = dict(zip(range(8, 20), map(int, numbers(rows_of(R6)["Besoin"])), strict=True))


def days(hours: int, first: int = 8, last: int = 20) -> list[type_of_day]:
    """Each day that one person may work: of one piece, or of seven hours around an hour off."""
    if hours < 7:
        return [tuple(range(start, start + hours)) for start in range(first, last - hours + 1)]
    return [
        tuple(hour for hour in range(start, start + 8) if hour != off)
        for start in range(first, last - 7)
        for off in (11, 12, 13, 14)
        if start + 2 <= off <= start + 5
    ]


TEAM = {
    "P1": days(7), "P2": days(7, last=19), "P3": days(7), "P4": days(7, first=9), "P5": days(5, first=13),
    "P6": days(5, last=14), "P7": days(5, last=18), "P8": days(4),
}  # fmt: skip
"""David has his eleven hours of rest at 9; Inès, at her seventh day, does not come."""


def plannings() -> Iterator[dict[str, type_of_day]]:
    """Those that fill every need, hour by hour: what an hour still lacks tells who may be left to come."""

    def lacking(team: dict[str, type_of_day]) -> int:
        return sum(max(0, need - sum(hour in day for day in team.values())) for hour, need in NEED.items())

    def fill(names: list[str], team: dict[str, type_of_day]) -> Iterator[dict[str, type_of_day]]:
        if not names:
            yield dict(team)
            return
        for day in TEAM[names[0]]:
            team[names[0]] = day
            if lacking(team) <= sum(len(TEAM[name][0]) for name in names[1:]):
                yield from fill(names[1:], team)
            del team[names[0]]

    for first in TEAM["P1"]:
        for second in TEAM["P2"]:
            if {*first, *second} >= NEED.keys():
                yield from fill(["P6", "P5", "P4", "P3", "P7", "P8"], {"P1": first, "P2": second})


@cache
def valid() -> list[dict[str, type_of_day]]:
    return list(plannings())


def test_425_plannings_fill_every_need_among_6_570_720() -> None:
    assert prod(map(len, TEAM.values())) == 6_570_720
    found = valid()
    assert len(found) == len({tuple(sorted(one.items())) for one in found}) == 425


def test_the_same_count_by_what_each_hour_has_too_few_of() -> None:
    """People are added one at a time; only how far each hour is from its need is kept, with the number of ways."""
    ways: dict[tuple[int, ...], int] = {}
    for first in TEAM["P1"]:
        for second in TEAM["P2"]:
            if all(hour in first or hour in second for hour in NEED):
                left = tuple(max(0, need - (hour in first) - (hour in second)) for hour, need in NEED.items())
                ways[left] = ways.get(left, 0) + 1
    for name in ("P3", "P4", "P5", "P6", "P7", "P8"):
        following: dict[tuple[int, ...], int] = {}
        for left, count in ways.items():
            for day in TEAM[name]:
                after = tuple(max(0, lack - (hour in day)) for hour, lack in zip(NEED, left, strict=True))
                following[after] = following.get(after, 0) + count
        ways = following
    assert ways[(0,) * len(NEED)] == 425


def points(team: Mapping[str, type_of_day]) -> float:
    loaded = loaded_activity(R6)
    question = loaded.activity.question("R6-Q2")
    assert question is not None
    value = {name: list(day) for name, day in team.items() if day}
    return grade(question, value, loaded.keys["R6-Q2"]).points


def test_each_of_them_earns_every_point_and_the_key_is_one_of_them() -> None:
    assert {points(team) for team in valid()[::8]} == {5}
    model = {name: tuple(day) for name, day in key_of(R6)["R6-Q2"]["reponse"].items()}
    assert model in valid()


@pytest.mark.parametrize("seed", range(5))
def test_a_planning_that_is_not_one_of_them_loses_what_it_lacks(seed: int) -> None:
    rng = random.Random(seed)
    team = {name: rng.choice(own) for name, own in TEAM.items()}
    assert team not in valid()
    covered = sum(min(need, sum(hour in day for day in team.values())) for hour, need in NEED.items())
    watched = sum(hour in team["P1"] or hour in team["P2"] for hour in NEED)
    expected = Decimal(2) * covered / sum(NEED.values()) + Decimal("0.75") * (3 + Decimal(watched) / 12)
    assert points(team) == pytest.approx(float(expected))
