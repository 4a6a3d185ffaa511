"""The figures of R1 and the scores of R7, worked out again from the CSV files with nothing of the product."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from tests.dataset_files import ROOT, Row
from tests.dataset_files import rows as read


def key_of(activity: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "notebooks" / activity / "corrige.toml").read_text("utf-8"))


def where(rows: Iterable[Row], **cells: str) -> list[Row]:
    return [row for row in rows if all(row[name] == text for name, text in cells.items())]


def total(rows: Iterable[Row], *columns: str) -> float:
    return sum(float(row[column] or 0) for row in rows for column in columns)


def shown(value: float) -> str:
    return str(Decimal(repr(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)).replace(".", ",")


def percent(some: Sequence[Row], of: Sequence[Row]) -> str:
    return shown(100 * len(some) / len(of))


def within(rows: Iterable[Row], seconds: int) -> list[Row]:
    return [row for row in rows if int(row["attente_s"]) <= seconds]


HANDLING = ("communication_s", "garde_s", "post_appel_s")
R1, R7 = key_of("11_tableau_de_bord"), key_of("17_crm")


# --- R1: the hour of 5 October ----------------------------------------------------------------------------------------

CALLS, AGENTS = read("journal_appels.csv"), read("temps_agents.csv")
RECEIVED, EMITTED = where(CALLS, sens="ENTRANT"), where(CALLS, sens="SORTANT")
ANSWERED, LOST = where(RECEIVED, statut="TRAITE"), where(RECEIVED, statut="ABANDON")
REACHED, SOLD = where(EMITTED, statut="ABOUTI"), where(EMITTED, vente="1")
SOLVED, ALONE = where(ANSWERED, resolu_1er_contact="1"), where(ANSWERED, redirige_selfcare="1")
WORKED = len(ANSWERED) + len(EMITTED)
PRESENT, BUSY, READY = (total(AGENTS, name) for name in ("presence_s", "traitement_s", "attente_appel_s"))
SALES, COST, CAMPAIGN = total(SOLD, "montant_vente"), 5 * 18 + 4, 2 * 18 + 20 * 0.5


def roi(gain: float, cost: float) -> str:
    return shown(100 * (gain - cost) / cost)


HOUR = {  # question and part: the answer, then what the other bases and the known mistakes give
    "R1-Q1 a": [percent(ANSWERED, RECEIVED), percent([*ANSWERED, *EMITTED], CALLS)],
    "R1-Q1 b": [percent(LOST, RECEIVED), percent(LOST, CALLS)],
    "R1-Q1 c": [
        percent(within(ANSWERED, 20), RECEIVED), percent(within(ANSWERED, 20), ANSWERED),
        percent(within(ANSWERED, 19), RECEIVED), percent(within(ANSWERED, 20), CALLS),
    ],
    "R1-Q1 d": [shown(total(some, "attente_s") / len(of)) for some, of in (
        (ANSWERED, ANSWERED), (RECEIVED, RECEIVED), (ANSWERED, RECEIVED))],
    "R1-Q2 a": [shown(total(ANSWERED, "communication_s") / len(of)) for of in (ANSWERED, RECEIVED)],
    "R1-Q2 b": [
        shown(total(ANSWERED, *HANDLING) / len(ANSWERED)), shown(total(ANSWERED, *HANDLING[:2]) / len(ANSWERED)),
        shown(total(ANSWERED, *HANDLING) / len(RECEIVED)), shown(total(ANSWERED, *HANDLING[:1]) / len(ANSWERED)),
    ],
    "R1-Q2 c": [shown(count * 3600 / PRESENT) for count in (WORKED, len(CALLS))],
    "R1-Q2 d": [shown(100 * part / of) for part, of in (
        (BUSY, PRESENT), (BUSY, BUSY + READY), (BUSY + READY, PRESENT))],
    "R1-Q3 a": [percent(SOLVED, ANSWERED), percent(SOLVED, RECEIVED)],
    "R1-Q3 b": [percent(ALONE, ANSWERED), percent(ALONE, RECEIVED), percent(ALONE, CALLS)],
    "R1-Q4 a": [percent(SOLD, EMITTED), percent(SOLD, REACHED), percent(SOLD, CALLS)],
    "R1-Q4 b": [shown(SALES / len(SOLD)), shown(SALES / len(EMITTED))],
    "R1-Q4 c": [shown(COST / WORKED), shown(WORKED / COST), shown(COST / len(CALLS))],
    "R1-Q4 d": [
        roi(SALES / 2, CAMPAIGN), roi(SALES, CAMPAIGN), shown(100 * SALES / 2 / CAMPAIGN), roi(SALES / 2, COST),
    ],
}  # fmt: skip


@pytest.mark.parametrize("place", HOUR)
def test_the_figures_of_the_hour(place: str) -> None:
    name, part = place.split()
    right, *others = HOUR[place]
    settings = R1[name]["criteres"][part]
    known = [*settings.get("variantes", ()), *settings["erreurs"]]
    assert R1[name]["reponse"][part] == right
    assert [shown(float(one["valeur"].replace(",", "."))) for one in known] == others


def test_the_dashboard_of_the_hour() -> None:
    marks = [int(row["nps"]) for row in CALLS if row["nps"]]
    happy = [row for row in CALLS if row["csat"] in ("TS", "S")]
    against = sum(mark < 7 for mark in marks)
    net, wrong = (100 * (sum(mark >= least for mark in marks) - against) / len(marks) for least in (9, 8))
    values = [HOUR[place][0] for place in ("R1-Q1 a", "R1-Q1 b", "R1-Q1 c", "R1-Q1 d", "R1-Q2 b", "R1-Q3 a", "R1-Q2 d")]
    values += [shown(net), percent(happy, [row for row in CALLS if row["csat"]]), HOUR["R1-Q4 a"][0]]
    board = read("corriges/tableau_de_bord.csv")
    assert [row["valeur"] for row in board] == values
    assert [error["valeur"] for error in R1["R1-X11"]["criteres"]["cases"]["erreurs"]] == [shown(wrong)]

    missed = {row["indicateur"] for row in board if row["verdict"] == "manqué"}
    assert missed == {"Taux d’abandon (%)", "Niveau de service (%)", "NPS", "CSAT (%)"}
    assert [name for name, verdict in R1["R1-Q7"]["reponse"].items() if verdict == "non"] == ["abandon", "service"]


# --- R1: the week of the promotion ------------------------------------------------------------------------------------

WEEK = where(read("journal_appels_400.csv"), sens="ENTRANT")
WEEK_LOST, WEEK_ANSWERED = where(WEEK, statut="ABANDON"), where(WEEK, statut="TRAITE")


def test_the_days_of_the_week() -> None:
    days = {}
    for row in read("corriges/semaine_promotion.csv"):
        received = where(WEEK, jour=row["jour"])
        lost = where(received, statut="ABANDON")
        days[row["jour"]] = len(received) + len(where(read("journal_appels_400.csv"), jour=row["jour"], sens="SORTANT"))
        assert [row["recus"], row["abandons"]] == [str(len(received)), str(len(lost))]
        assert row["decroche"] == percent(where(received, statut="TRAITE"), received)
    assert R1["R1-Q5"]["criteres"]["valeurs"]["erreurs"][0]["valeurs"] == days


def test_where_the_problem_is() -> None:
    monday = where(WEEK_LOST, jour="lundi")
    third = where(WEEK_ANSWERED, agent="C3")
    answer, settings = R1["R1-Q6"]["reponse"], R1["R1-Q6"]["criteres"]
    assert answer["b"] == shown(100 * len(monday) / len(WEEK_LOST))
    assert settings["b"]["erreurs"][0]["valeur"] == percent(monday, where(WEEK, jour="lundi"))
    assert answer["d"] == shown(total(third, *HANDLING) / len(third))
    assert settings["d"]["erreurs"][0]["valeur"] == shown(total(third, "communication_s") / len(third))

    halves = {}
    for name, start, end in (("h1000", "10:00", "10:30"), ("h1030", "10:30", "11:00"), ("h1100", "11:00", "11:30"),
                             ("h1130", "11:30", "12:00")):  # fmt: skip
        calls = [row for row in WEEK if start <= row["heure"] < end]
        halves[name] = percent(where(calls, statut="TRAITE"), calls)
    motives = {}
    for name in settings["c"]["raisons"]:
        motive = "suivi commande" if name == "suivi" else "conseil produit" if name == "conseil" else name
        calls = where(WEEK_ANSWERED, motif=motive)
        motives[name] = percent(where(calls, resolu_1er_contact="1"), calls)
    for part, rates in (("a", halves), ("c", motives)):
        assert answer[part] == min(rates, key=lambda name: float(rates[name].replace(",", ".")))
        said = settings[part]["raisons"]
        assert {name: text.split("\u00a0")[0] for name, text in said.items()} == rates


def test_the_figures_of_the_model_conclusion() -> None:
    unsolved = where(WEEK_ANSWERED, resolu_1er_contact="0")
    third = where(WEEK_ANSWERED, agent="C3")
    delivery = where(WEEK_ANSWERED, motif="livraison")
    text = R1["R1-Q8"]["reponse"].replace("\u00a0", " ")
    for said in (
        f"décroché {percent(WEEK_ANSWERED, WEEK)} % des appels",
        f"{len(where(WEEK_LOST, jour='lundi'))} des {len(WEEK_LOST)} abandons",
        f"des {len(unsolved)} demandes non réglées ({len(where(unsolved, motif='livraison'))})",
        f"{len(where(delivery, resolu_1er_contact='1')) * 100 // len(delivery)} % des cas",
        f"({total(third, *HANDLING) / len(third):.0f} s, {percent(where(third, resolu_1er_contact='1'), third)[:2]} %",
    ):
        assert said in text


def test_every_indicator_of_the_week() -> None:
    """The control values of the module, most of which students never see: the file is the one that was meant."""
    calls, agents = read("journal_appels_400.csv"), read("temps_agents_5j.csv")
    emitted = where(calls, sens="SORTANT")
    reached, sold = where(emitted, statut="ABOUTI"), where(emitted, vente="1")
    worked = len(WEEK_ANSWERED) + len(emitted)
    present, busy, ready = (total(agents, name) for name in ("presence_s", "traitement_s", "attente_appel_s"))
    sales, cost, campaign = total(sold, "montant_vente"), 50 * 18 + 5 * 4, 20 * 18 + 140 * 0.5

    def mean(rows: Sequence[Row], *columns: str) -> str:
        return shown(total(rows, *columns) / len(rows))

    def net(rows: Sequence[Row]) -> str:
        marks = [int(row["nps"]) for row in rows if row["nps"]]
        return shown(100 * (sum(mark >= 9 for mark in marks) - sum(mark <= 6 for mark in marks)) / len(marks))

    rated = [row for row in calls if row["csat"]]
    found = {
        "décroché": percent(WEEK_ANSWERED, WEEK),
        "abandon": percent(WEEK_LOST, WEEK),
        "service": percent(within(WEEK_ANSWERED, 20), WEEK),
        "service, sur traités": percent(within(WEEK_ANSWERED, 20), WEEK_ANSWERED),
        "délai de réponse": mean(WEEK_ANSWERED, "attente_s"),
        "communication": mean(WEEK_ANSWERED, "communication_s"),
        "traitement": mean(WEEK_ANSWERED, *HANDLING),
        "résolution": percent(where(WEEK_ANSWERED, resolu_1er_contact="1"), WEEK_ANSWERED),
        "libre-service": percent(where(WEEK_ANSWERED, redirige_selfcare="1"), WEEK_ANSWERED),
        "occupation, présence": shown(100 * busy / present),
        "occupation, connecté": shown(100 * busy / (busy + ready)),
        "disponibilité": shown(100 * (busy + ready) / present),
        "appels par heure": shown(worked * 3600 / present),
        "contact sortant": percent(reached, emitted),
        "transformation, émis": percent(sold, emitted),
        "transformation, aboutis": percent(sold, reached),
        "ventes": shown(sales),
        "panier moyen": shown(sales / len(sold)),
        "coût par appel": shown(cost / worked),
        "ROI sortants": roi(sales / 2, campaign),
        "NPS": net(calls),
        "CSAT": percent([row for row in rated if row["csat"] in ("TS", "S")], rated),
    }
    for agent in ("C1", "C2", "C3"):
        own = where(WEEK_ANSWERED, agent=agent)
        found[f"traitement {agent}"] = mean(own, *HANDLING)
        found[f"résolution {agent}"] = percent(where(own, resolu_1er_contact="1"), own)
        found[f"NPS {agent}"] = net(own)
    for agent in ("C4", "C5"):
        own = where(emitted, agent=agent)
        found[f"transformation {agent}"] = percent(where(own, vente="1"), own)
    assert found == {
        "décroché": "87,69", "abandon": "12,31", "service": "59,62", "service, sur traités": "67,98",
        "délai de réponse": "32,36", "communication": "232,51", "traitement": "283,98", "résolution": "72,37",
        "libre-service": "23,68", "occupation, présence": "55,50", "occupation, connecté": "61,89",
        "disponibilité": "89,67", "appels par heure": "7,36", "contact sortant": "69,29",
        "transformation, émis": "21,43", "transformation, aboutis": "30,93", "ventes": "4970,00",
        "panier moyen": "165,67", "coût par appel": "2,50", "ROI sortants": "477,91", "NPS": "-0,93", "CSAT": "67,59",
        "traitement C1": "266,52", "traitement C2": "247,02", "traitement C3": "357,15", "résolution C1": "79,27",
        "résolution C2": "70,24", "résolution C3": "66,13", "NPS C1": "9,52", "NPS C2": "0,00", "NPS C3": "-17,24",
        "transformation C4": "22,86", "transformation C5": "20,00",
    }  # fmt: skip


# --- R7: the scores of the visitors -----------------------------------------------------------------------------------

ACTIONS = {"inscription_newsletter": 3, "telechargement_catalogue": 5, "ajout_panier": 6, "envoi_devis": 10}
PAGES = {
    **dict.fromkeys(("tarifs-pro", "livraison", "demande-devis"), 4),
    **dict.fromkeys(("catalogue", "guide-entretien", "avis-clients", "blog-deco"), 1),
}
OUT = {"recrutement", "sav", "espace-presse"}


def test_the_scores_of_the_visitors() -> None:
    views = read("pages_vues.csv")
    found = read("corriges/scores_visite.csv")
    assert [row["visiteur"] for row in found] == [row["visiteur"] for row in read("visiteurs.csv")]
    for row in found:
        own = where(views, visiteur=row["visiteur"])
        pages, actions = {view["page"] for view in own}, {view["action"] for view in own if view["action"]}
        notes = [min(10, len(own)), sum(ACTIONS[name] for name in actions), sum(PAGES.get(name, 0) for name in pages)]
        score = sum(notes)
        decision = "commercial" if score >= 25 else "e-mails" if score >= 12 else "rien"
        assert list(row.values())[1:5] == [str(value) for value in (*notes, score)], row["visiteur"]
        assert row["decision"] == ("écarté" if pages & OUT else decision), row["visiteur"]


def test_the_known_mistakes_of_the_scores() -> None:
    views = read("pages_vues.csv")
    for error in R7["R7-Q4"]["criteres"]["notes"]["erreurs"]:
        values = error.get("valeurs") or {error["fiche"]: error["valeur"]}
        for visitor, value in values.items():
            own = where(views, visiteur=visitor)
            each_time = {
                "R7-PLAFOND": len(own),
                "R7-UNEFOIS": sum(ACTIONS.get(view["action"], 0) for view in own) if error["colonne"] == "valeur"
                else sum(PAGES.get(view["page"], 0) for view in own),
                "R7-DUREE": min(value, round(total(own, "duree_s") / 60)),
            }  # fmt: skip
            assert value == each_time[error["code"]], (visitor, error["code"])


def test_the_costs_of_the_two_offers_and_the_price_of_a_useful_contact() -> None:
    licences, server, training, opening = 6 * 900, 2400, 1200, 600
    yearly = licences * 18 / 100
    licence, saas = licences + server + 3 * yearly + training, 6 * 32 * 36 + opening + training
    answer, settings = R7["R7-Q5"]["reponse"], R7["R7-Q5"]["criteres"]
    assert [answer["a"], answer["b"], answer["c"]] == [f"{value:.0f}" for value in (licence, saas, licence - saas)]
    assert [error["valeur"] for error in settings["a"]["erreurs"]] == [
        licence - 3 * yearly, licence - 2 * yearly, licence - server, licence - training,
    ]  # fmt: skip
    assert [error["valeur"] for error in settings["b"]["erreurs"]] == [
        saas - 6 * 32 * 24, 14 * 32 * 36 + opening + training,
    ]  # fmt: skip
    assert R7["R7-Q2"]["reponse"]["b"] == shown(1500 * 0.36 / (1500 * 0.9))
