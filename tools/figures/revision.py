"""Charts of the second half (activities 11 to 19), narrow enough to be read on a telephone.

Those of ``RESULTS`` come after the questions whose answers they show; the others draw invented examples, or what an
annexe gives in words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from crc_lab.marielle.figures import BLUE, GREEN, GREY, INK, LINE, ORANGE, PAPER, SOFT_INK, Picture, data
from tools.figures.style import canvas, drawn, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patheffects import AbstractPathEffect

READ = ("journal_appels_400.csv", "corriges/scores_visite.csv")
"""The data files that these charts read."""
RESULTS = {
    "11-quarts": ("11_tableau_de_bord", "R1-Q6"),
    "11-service": ("11_tableau_de_bord", "R1-Q6"),
    "12-agences": ("12_satisfaction", "R2-Q6"),
    "17-scores": ("17_crm", "R7-Q4"),
    "18-carte": ("18_fideliser", "R8-Q3"),
    "19-parcours": ("19_canaux", "R9-Q3"),
}
"""The charts that show answers: their activity, whose assessment does not show them, and the question before them."""

_WIDTH = 4.2
"""Inches: on a telephone, the picture keeps three quarters of its size."""
_PALE = "#b9cde6"


def _chart(height: float, title: str) -> tuple[Figure, Axes]:
    figure, axes = new_figure(_WIDTH, height)
    axes.set_title(title, loc="left", fontsize=10.5)
    return figure, axes


def _bare(axes: Axes) -> None:
    """Bars that bear their own numbers need no scale."""
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def _halo() -> list[AbstractPathEffect]:
    """A border of the colour of the paper: what crosses something else stays readable."""
    from matplotlib.patheffects import Normal, Stroke

    return [Stroke(linewidth=4, foreground=PAPER), Normal()]


def _decimal(value: float, digits: int = 2) -> str:
    """« −18,75 », « 55 »: as a French text writes it, without useless zeros."""
    text = f"{abs(value) + 1e-9:,.{digits}f}".replace(",", "\u202f").replace(".", ",")
    text = text.rstrip("0").rstrip(",") if "," in text else text
    return f"−{text}" if value < 0 else text


# --- R1: the week of the promotion ------------------------------------------------------------------------------------

_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi")


_QUARTERS = ("10 h", "10 h 15", "10 h 30", "10 h 45", "11 h", "11 h 15", "11 h 30", "11 h 45")


def _received() -> list[Mapping[str, str]]:
    """The incoming calls of the week."""
    return [call for call in data("journal_appels_400.csv").records() if call["sens"] == "ENTRANT"]


def _quarter(call: Mapping[str, str]) -> int:
    """The place of a call in ``_QUARTERS``."""
    hour, minute, _ = map(int, call["heure"].split(":"))
    return (hour - 10) * 4 + minute // 15


def calls_by_quarter() -> Picture:
    """The calls of Monday by quarter of an hour, answered and given up, and those of an ordinary day."""
    calls = _received()
    monday = [call for call in calls if call["jour"] == "lundi"]
    received = Counter(map(_quarter, monday))
    lost = Counter(_quarter(call) for call in monday if call["statut"] == "ABANDON")
    others = Counter(_quarter(call) for call in calls if call["jour"] != "lundi")
    places = list(range(len(_QUARTERS)))
    usual = [others[place] / 4 for place in places]
    given_up = [place for place in places if lost[place]]  # a bar of no height would still show its edge
    answered = [received[place] - lost[place] for place in places]
    figure, axes = _chart(3.3, "Lundi 16 novembre, appels reçus par quart d’heure")
    axes.bar(places, answered, width=0.78, color=BLUE, label="pris")
    axes.bar(given_up, [lost[place] for place in given_up], bottom=[answered[place] for place in given_up], width=0.78,
             color=PAPER, edgecolor=ORANGE, hatch="////", linewidth=0.8, label="abandonnés")  # fmt: skip
    axes.plot(places, usual, color=ORANGE, linewidth=1.6, linestyle=(0, (4, 2)), label="moyenne de mardi à vendredi",
              path_effects=_halo())  # fmt: skip
    for place in places:
        axes.text(place, received[place] + 0.3, str(received[place]), ha="center", fontsize=9, color=INK, zorder=3,
                  path_effects=_halo())  # fmt: skip
    axes.set_xticks(places, [name.replace(" h ", " h\n") for name in _QUARTERS], fontsize=8.5)
    axes.set_ylim(0, max(received.values()) + 2)
    _bare(axes)
    axes.legend(loc="upper right", frameon=False, fontsize=9, labelcolor=INK)
    said = ", ".join(f"{name}, {received[place]} dont {lost[place]}" for place, name in enumerate(_QUARTERS))
    return drawn(
        figure,
        f"Barres : appels reçus le lundi par quart d’heure, dont abandonnés. À {said}. En pointillé, la moyenne des "
        f"quatre autres jours, de {_decimal(min(usual))} à {_decimal(max(usual))} appels par quart d’heure.",
        "L’e-mail part à 10 heures, les appels arrivent aussitôt : c’est là que l’on perd les clients.",
    )


def service_by_day() -> Picture:
    """The level of service of each day, and the aim of the contract."""
    calls = _received()
    rates = []
    for day in _DAYS:
        of_day = [call for call in calls if call["jour"] == day]
        soon = sum(call["statut"] == "TRAITE" and int(call["attente_s"]) <= 20 for call in of_day)
        rates.append(100 * soon / len(of_day))
    figure, axes = _chart(2.9, "Niveau de service à 20 secondes, jour par jour")
    axes.bar(_DAYS, rates, width=0.7, color=[ORANGE if rate == min(rates) else BLUE for rate in rates])
    for place, rate in enumerate(rates):
        axes.text(place, rate - 3, f"{rate:.0f} %", ha="center", va="top", fontsize=10, color="white")
    axes.axhline(80, color=INK, linewidth=1.3, linestyle=(0, (4, 2)))
    axes.text(-0.4, 82, "objectif : 80 %", fontsize=9, color=INK)
    axes.set_ylim(0, 95)
    axes.tick_params(axis="x", labelsize=9.5)
    _bare(axes)
    said = ", ".join(f"{day} {_decimal(rate)} %" for day, rate in zip(_DAYS, rates, strict=True))
    return drawn(
        figure,
        f"Barres : part des appels reçus qui sont décrochés en 20 secondes au plus, jour par jour. {said.capitalize()}."
        f" Une ligne marque l’objectif du contrat, 80 % : aucun jour ne l’atteint.",
        "Lundi saute aux yeux ; mais les autres jours non plus n’atteignent pas l’objectif.",
    )


# --- R2: the NPS ------------------------------------------------------------------------------------------------------

AGENCIES = {
    "Rennes": (0, 0, 0, 1, 1, 3, 5, 7, 10, 18, 15),
    "Nantes": (1, 0, 1, 0, 1, 2, 4, 6, 9, 13, 11),
    "Tours": (1, 1, 1, 2, 2, 4, 2, 6, 6, 3, 4),
}
"""Answers for each note from 0 to 10: annexe 1 of activity 12."""


def _nps(rows: Mapping[str, tuple[int, int, int]], title: str) -> tuple[Figure, str]:
    """A bar for each row, cut in three (detractors, passives, promoters), its score at its end; the same in words."""
    figure, axes = _chart(0.62 * len(rows) + 1.15, title)
    names = ("détracteurs", "passifs", "promoteurs")
    looks = ((ORANGE, "white"), (LINE, INK), (BLUE, "white"))
    said = []
    for place, (name, counts) in enumerate(rows.items()):
        left, total = 0.0, sum(counts)
        for count, (colour, ink), label in zip(counts, looks, names, strict=True):
            share = 100 * count / total
            axes.barh(place, share, left=left, height=0.6, color=colour, label=label if place == 0 else None)
            axes.text(left + share / 2, place, str(count), ha="center", va="center", fontsize=10, color=ink)
            left += share
        score = 100 * (counts[2] - counts[0]) / total
        shown = f"{'+' if score > 0 else ''}{_decimal(score)}"
        axes.text(102, place - 0.14, "NPS", va="center", fontsize=8.5, color=SOFT_INK)
        axes.text(102, place + 0.14, shown, va="center", fontsize=10.5, color=INK, weight="bold")
        of_each = ", ".join(f"{count} {what}" for count, what in zip(counts, names, strict=True))
        said.append(f"{name} : {of_each}, NPS {shown}")
    axes.set_yticks(range(len(rows)), rows, fontsize=10, color=INK)
    axes.invert_yaxis()
    axes.set_xlim(0, 122)
    axes.set_xticks([])
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_visible(False)
    figure.legend(loc="outside lower center", ncols=3, frameon=False, fontsize=9, labelcolor=INK, handlelength=1.1)
    return figure, " ; ".join(said)


def same_score() -> Picture:
    """Two invented shops with the same score and very different customers."""
    figure, said = _nps(
        {"Boutique A": (10, 60, 30), "Boutique B": (35, 10, 55)}, "Deux boutiques, 100 réponses chacune"
    )
    return drawn(
        figure,
        f"Deux barres partagées en trois. {said}.",
        "Exemple inventé. Le même NPS, deux clientèles : celle de la boutique B est coupée en deux. Regardez le score, "
        "puis la barre.",
    )


def agencies() -> Picture:
    """The answers of the three agencies, in three parts."""
    rows = {name: (sum(notes[:7]), sum(notes[7:9]), sum(notes[9:])) for name, notes in AGENCIES.items()}
    figure, said = _nps(rows, "Les réponses de chaque agence")
    return drawn(
        figure,
        f"Trois barres partagées en trois. {said}.",
        "À Tours, les détracteurs l’emportent : presque deux pour un promoteur.",
    )


# --- R4: urgent, important --------------------------------------------------------------------------------------------


def urgent_important() -> Picture:
    """The four cases of the procedure, by urgency and importance."""
    figure, axes = canvas(_WIDTH, 3.4, 10, 7.4)
    cases = (
        (0, 1, "le délai demandé\nou convenu", PAPER, INK, "normal"),
        (1, 1, "24 heures", ORANGE, "white", "bold"),
        (0, 0, "une semaine", PAPER, INK, "normal"),
        (1, 0, "le délai demandé\nou convenu", PAPER, INK, "normal"),
    )
    for column, row, text, colour, ink, weight in cases:
        left, bottom = 1.9 + 4.05 * column, 0.9 + 3.0 * row
        axes.fill_between([left, left + 3.9], bottom, bottom + 2.85, color=colour, edgecolor=BLUE, linewidth=1.3)
        axes.text(left + 1.95, bottom + 1.42, text, ha="center", va="center", fontsize=10.5, color=ink, weight=weight)
    for column, text in enumerate(("pas urgent", "urgent")):
        axes.text(3.85 + 4.05 * column, 0.45, text, ha="center", va="center", fontsize=10, color=INK, weight="bold")
    for row, text in enumerate(("pas\nimportant", "important")):
        axes.text(1.75, 2.32 + 3.0 * row, text, ha="right", va="center", fontsize=10, color=INK, weight="bold")
    axes.text(5.9, 7.05, "cinq jours travaillés au plus, dans tous les cas", ha="center", fontsize=9.5, color=SOFT_INK)
    return drawn(
        figure,
        "Carré de quatre cases. Urgent et important : 24 heures. Important sans être urgent : le délai demandé "
        "ou convenu. Urgent sans être important : le délai demandé ou convenu. Ni l’un ni l’autre : une "
        "semaine. Au-dessus, la limite de tous les cas, cinq jours travaillés.",
        "Deux questions, toujours séparées : est-ce pressé ? est-ce grave ?",
    )


# --- R6: the calls of a day -------------------------------------------------------------------------------------------

FORECAST = (24, 41, 52, 44, 31, 27, 33, 45, 43, 35, 29, 20)
"""Calls from 8 h to 19 h: annexe 1 of activity 16."""


def calls_by_hour() -> Picture:
    """The calls expected each hour."""
    figure, axes = _chart(2.8, "Mercredi 2 décembre, appels prévus heure par heure")
    hours = list(range(8, 20))
    peaks = {max(FORECAST[:6]), max(FORECAST[6:])}
    axes.bar(hours, FORECAST, width=0.8, color=[BLUE if calls in peaks else _PALE for calls in FORECAST])
    for hour, calls in zip(hours, FORECAST, strict=True):
        axes.text(hour, calls + 1, str(calls), ha="center", fontsize=9, color=INK)
    axes.set_xticks(hours, [str(hour) for hour in hours])
    axes.set_xlabel("heure de début", fontsize=9)
    axes.set_ylim(0, max(FORECAST) + 6)
    _bare(axes)
    said = ", ".join(f"{calls} à {hour} h" for hour, calls in zip(hours, FORECAST, strict=True))
    return drawn(
        figure,
        f"Barres : appels prévus de 8 h à 20 h. {said}. Deux sommets, à 10 h et à 15 h, et un creux à 13 h.",
        "Deux vagues, et un creux entre les deux : avec le même effectif toute la journée, les clients attendraient à "
        "10 h, les conseillers à 13 h.",
    )


# --- R7: the scores of the visitors -----------------------------------------------------------------------------------


def visit_scores() -> Picture:
    """What the score of each visitor is made of, and the two limits of the grid."""
    rows = sorted(data("corriges/scores_visite.csv").records(), key=lambda row: -int(row["score"]))
    figure, axes = _chart(4.0, "Le score des dix visiteurs, et d’où il vient")
    left = [0] * len(rows)
    for name, label, colour in (
        ("masse", "masse", _PALE),
        ("valeur", "valeur", BLUE),
        ("categorie", "catégorie", GREY),
    ):
        widths = [int(row[name]) for row in rows]
        axes.barh(range(len(rows)), widths, left=left, height=0.68, color=colour, label=label)
        left = [before + width for before, width in zip(left, widths, strict=True)]
    for place, row in enumerate(rows):
        put_aside = row["decision"] == "écarté"
        text = f"{row['score']}, écarté" if put_aside else row["score"]
        axes.text(int(row["score"]) + 0.6, place, text, va="center", fontsize=9.5, zorder=3, path_effects=_halo(),
                  color=ORANGE if put_aside else INK)  # fmt: skip
    for limit, text in ((12, "12"), (25, "25")):
        axes.plot([limit, limit], [-0.6, len(rows) - 0.45], color=INK, linewidth=1.2, linestyle=(0, (4, 2)))
        axes.text(limit, len(rows) - 0.35, text, ha="center", va="top", fontsize=9, color=INK)
    axes.set_yticks(range(len(rows)), [row["visiteur"] for row in rows], fontsize=9.5)
    axes.set_ylim(len(rows) + 0.25, -0.6)
    axes.set_xlim(0, 45)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.legend(loc="lower right", frameon=False, fontsize=9, labelcolor=INK, bbox_to_anchor=(1, 0.1))
    said = ", ".join(
        f"{row['visiteur']} {row['score']}" + (" (écarté)" if row["decision"] == "écarté" else "") for row in rows
    )
    return drawn(
        figure,
        f"Barres : le score de chaque visiteur, fait de la masse, de la valeur et de la catégorie. {said}. Deux lignes "
        "marquent 12 et 25 points.",
        "Les gestes (la valeur) annoncent un achat ; beaucoup de pages vues, sans rien d’autre, n’annoncent rien.",
    )


# --- R8: the loyalty card ---------------------------------------------------------------------------------------------

_SALES, _MARGIN, _COST, _HOPED = 6000 * 147, 0.38, 6000 * 3 + 9500, 12
"""Annexes 1 and 2 of activity 18: what the holders spend, the margin, the cost of the card, the rise hoped for (%)."""


def card_pays() -> Picture:
    """The margin that the card brings, by the rise of the purchases, against its cost."""
    rises = range(0, 17)
    gains = [_SALES * _MARGIN * rise / 100 for rise in rises]
    limit, gain = 100 * _COST / (_SALES * _MARGIN), _SALES * _MARGIN * _HOPED / 100
    figure, axes = _chart(3.3, "La carte « Racines » : coût et marge"
                          )  # fmt: skip
    axes.plot(list(rises), gains, color=BLUE, linewidth=2.2)
    axes.axhline(_COST, color=ORANGE, linewidth=1.8, linestyle=(0, (5, 2)))
    axes.text(0.2, _COST + 1200, f"coût : {_decimal(_COST)} €",
              fontsize=9.5, color=ORANGE)  # fmt: skip
    axes.plot([limit, _HOPED], [_COST, gain], linestyle="none", marker="o", color=INK, markersize=7)
    axes.annotate(f"seuil\n{_decimal(limit)} %", (limit, _COST), xytext=(6, -8), textcoords="offset points",
                  va="top", fontsize=9.5, color=INK)  # fmt: skip
    axes.annotate(f"prévu\n{_decimal(gain, 0)} €", (_HOPED, gain), xytext=(-8, 6), textcoords="offset points",
                  ha="right", va="bottom", fontsize=9.5, color=INK)  # fmt: skip
    axes.text(16, gains[-1] - 1500, "marge\nen plus", ha="left", va="top", fontsize=9.5, color=BLUE)
    axes.set_xticks([0, 4, 8, 12, 16], [f"{rise} %" for rise in (0, 4, 8, 12, 16)])
    axes.set_xlim(0, 18.5)
    axes.set_ylim(0, 58000)
    axes.set_xlabel("hausse des achats des porteurs", fontsize=9)
    _bare(axes)
    return drawn(
        figure,
        f"Une droite monte avec la hausse des achats : la marge en plus. Une ligne horizontale marque le coût, "
        f"{_decimal(_COST)} €. Elles se croisent à {_decimal(limit)} % de hausse. À {_HOPED} %, la hausse "
        f"prévue, la marge en plus est de {_decimal(gain, 0)} €.",
        "À gauche du seuil, la carte perd de l’argent ; à droite, elle en gagne.",
    )


# --- R9: the path of the traveller ------------------------------------------------------------------------------------

_PATH = (
    ("Aspiration", "une brume au lever du jour", "les couleurs d’automne"),
    ("Planification", "les avis", "comment venir"),
    ("Comparaison", "la garantie", "les prix de la semaine"),
    ("Transaction", "le paiement", "la confirmation"),
    ("Séjour", "le SMS d’arrivée", "l’accord du personnel"),
    ("Ambassadeur", "le questionnaire", "la photo à publier"),
)
"""The six stages and the contacts of each: the answers of R9-Q3, shortened."""


def path() -> Picture:
    """The six stages of a journey, from top to bottom, and two contacts at each."""
    figure, axes = canvas(_WIDTH, 4.2, 10, 12.6)
    axes.plot([0.7, 0.7], [1.0, 11.6], color=LINE, linewidth=3, zorder=1)
    for place, (stage, first, second) in enumerate(_PATH):
        y = 11.6 - 2.12 * place
        colour = GREEN if stage == "Séjour" else BLUE
        axes.plot(0.7, y, marker="o", color=colour, markersize=17, zorder=2)
        axes.text(0.7, y, str(place + 1), ha="center", va="center_baseline", fontsize=10, color="white", zorder=3)
        axes.text(1.6, y + 0.06, stage, va="center", fontsize=10.5, color=INK, weight="bold")
        axes.text(5.1, y + 0.42, first, va="center", fontsize=9.5, color=INK)
        axes.text(5.1, y - 0.42, second, va="center", fontsize=9.5, color=INK)
    said = " ; ".join(f"{stage} : {first}, {second}" for stage, first, second in _PATH)
    return drawn(
        figure,
        f"Six étapes reliées par un trait, de haut en bas. {said}.",
        "À chaque étape, on parle au voyageur d’après ce qu’il a déjà fait.",
    )


FIGURES = {
    "11-quarts": calls_by_quarter,
    "11-service": service_by_day,
    "12-nps": same_score,
    "12-agences": agencies,
    "14-urgence": urgent_important,
    "16-appels": calls_by_hour,
    "17-scores": visit_scores,
    "18-carte": card_pays,
    "19-parcours": path,
}
