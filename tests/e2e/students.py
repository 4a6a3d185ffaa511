"""Two students of the whole case: what they answer, and what the mark schemes give them for it.

The arithmetic is restated here from the mark schemes (contenu, activités and rfm), with numbers: nothing below calls
the grader. The strong student writes in her own words; the typical one makes the mistakes of the content. A third one,
who answers nothing, needs no data. What the strong student writes is in ``students.toml``.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crc_lab.core.resources import datasets_folder

Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Done:
    """One answer, in the shape of the sheet, and what it is worth.

    ``points``: by the mark scheme, without what a teacher gives; ``marked``: those of the whole question once the
    teacher has read it (None: nothing to read); ``codes``: the mistakes that must be told; ``before``: earlier tries,
    each with the mistakes that it must be told; ``doubtful``: the points are to be flagged for the teacher.
    """

    value: Any
    points: float
    codes: Sequence[str] = ()
    marked: float | None = None
    before: Sequence[tuple[Any, Sequence[str]]] = ()
    doubtful: bool = False

    @property
    def final(self) -> float:
        return self.points if self.marked is None else self.marked


def rows_of(name: str) -> Rows:
    with (datasets_folder() / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=";"))


def table(rows: Rows, columns: Iterable[str]) -> dict[str, Any]:
    wanted = list(columns)
    return {"colonnes": wanted, "lignes": [[row[name] for name in wanted] for row in rows]}


# --- activity 3: the first twelve records, restructured (contenu, activités § 3.3.2) ----------------------------------


def structured(*changes: tuple[str, str, str]) -> dict[str, Any]:
    """The reference of the twelve records, with these (record, column, text) instead."""
    rows = rows_of("corriges/base_restructuree.csv")[:12]
    for record, column, text in changes:
        rows[int(record) - 1][column] = text
    return table(rows, rows[0])


# --- activity 4: the 45 cells to circle (contenu, activités § 4.1) ----------------------------------------------------

_TO_CIRCLE = """
2: email age prenom nb_achats_12m panier_moyen optin_sms optin_tel
3: civilite email
5: code_postal optin_tel
6: email age telephone
7: code_postal siret
8: numero_voie email sexe civilite prenom date_creation date_dernier_achat panier_moyen
9: age ville email date_naissance
20: nb_achats_12m
23: optin_tel
24: email
28: nom
33: numero_voie code_postal
35: date_creation
41: telephone
42: siret
44: age
45: age
47: effectif
49: nb_achats_12m
53: optin_email
55: nom_voie
57: date_dernier_achat
59: panier_moyen
"""
CIRCLED = [
    [record, column]
    for record, columns in (line.split(":") for line in _TO_CIRCLE.strip().splitlines())
    for column in columns.split()
]
MISSED = [["5", "code_postal"], ["7", "siret"], ["9", "ville"], ["9", "date_naissance"], ["42", "siret"]]
WRONGLY = [["1", "complement"], ["7", "civilite"], ["12", "date_creation"], ["16", "panier_moyen"]]


# --- activity 6: the grid of annexe 8 (contenu, rfm § 2 and § 4) ------------------------------------------------------


def scored(*slips: str) -> dict[str, Any]:
    """The scores of the qualified file by annexe 8; each slip is a limit read on the wrong side, followed through."""
    rows = []
    for contact in rows_of("base_qualifiee.csv"):
        date, number, basket = contact["date_dernier_achat"], contact["nb_achats_12m"], contact["panier_moyen"]
        row = {"id_contact": contact["id_contact"], "R": "", "F": "", "M": "", "score": "", "segment": ""}
        if date:
            r = 10 if date > "2026-08-01" else 5 if date >= "2025-11-01" else 0
            r = 10 if "RFM-R-STRICT3" in slips and date == "2026-08-01" else r
            r = 0 if "RFM-R-STRICT12" in slips and date == "2025-11-01" else r
            r = 10 - r if "RFM-R-INVERSE" in slips else r
            f = 20 if int(number) > (3 if "RFM-F-4" in slips else 4) else 10 if int(number) >= 1 else 0
            cents = round(100 * float(basket))
            m = 20 if cents > 100_00 else 10 if cents >= 25_00 else 0
            total, limit = r + f + m, 39 if "RFM-SEG-40" in slips else 40
            high, low = "Très bons clients", "Clients inactifs"
            name = high if total > limit else "Bons clients" if total >= 25 else "Clients tièdes" if total else low
            row |= {"R": str(r), "F": str(f), "M": str(m), "score": str(total), "segment": name}
        else:
            row["segment"] = "Prospect (sans objet)"
        rows.append(row)
    return table(rows, rows[0])


# --- activity 5 and 7 -------------------------------------------------------------------------------------------------

PEOPLE, MEN, RECENT = (
    ["type_contact", "=", "PARTICULIER"], ["sexe", "=", "H"], ["date_dernier_achat", "≥", "01/11/2025"],
)  # fmt: skip
EIGHTEEN = ["3", "5", "10", "12", "14", "18", "19", "20", "23", "26", "31", "36", "39", "41", "49", "54", "56", "59"]
"""All the men who bought for a year: 10 and 19 are the contacts of businesses, 39 has opposed."""
# --- the two students -------------------------------------------------------------------------------------------------

_WRITTEN = tomllib.loads((Path(__file__).parent / "students.toml").read_text(encoding="utf-8"))
_COMPUTED = {"A3-Q2": structured(), "A4-Q1": CIRCLED, "A6-Q1": scored()}
SAID: Mapping[str, str] = _WRITTEN["said"]
"""Words of the message of each mistake, as the content writes it."""
STRONG: Mapping[str, Mapping[str, Done]] = {
    activity: {name: Done(**{"value": _COMPUTED.get(name), **one}) for name, one in answers.items()}
    for activity, answers in _WRITTEN["strong"].items()
}
"""20 out of 20 once the open answers are read."""

_INVITED = ["1", "2", "4", "13", "18", "22", "25", "35", "40", "43", "47", "51"]
"""Nine right; 25 and 43 have 40 points, 2 is the duplicate of 1."""

TYPICAL: Mapping[str, Mapping[str, Done]] = {
    "01_crc": {
        # half of the 2 points of the nature, none for the sectors, 1 for the place
        "A1-Q1a": Done(
            "Omnicom n’est pas un CRC, c’est un centre d’appels de Gennevilliers.",
            1 + 0 + 1,
            ["A1-E2"],
            before=[
                ("Omnicom fabrique des cosmétiques bio.", ["A1-E1"]),
                ("Un centre de relation client. Les clients d’Omnicom sont des particuliers.", ["A1-E3"]),
            ],
        ),
        "A1-Q1b": Done(
            ["Qualifier des fichiers", "Le nettoyage de la base de données", "Le téléphone", "La vente"],
            2 * 1.5,
            ["A1-E4", "A1-E5"],
        ),
        "A1-Q1c": Done(
            [
                "Il travaille pour des commanditaires",
                "Il y a un open space et des casques",
                "On y passe des appels en masse",
            ],
            2 + 0.5 + 0,
            ["A1-E6", "A1-E7"],
        ),
        "A1-Q2": Done(
            ["Téléphone", "Mail", "SMS", "Tchat", "Le CRM", "Beaucoup de canaux", "", "", "", "", "", ""],
            4 * 0.5,
            ["A1-E8", "A1-E9"],
        ),
    },
    "02_reglementation": {
        "A2-Q1": Done(
            "Il faut déclarer le fichier à la CNIL. Le RGPD protège les entreprises. Le consentement est toujours "
            "obligatoire.",
            0,
            ["A2-E1", "A2-E2", "A2-E3"],
            marked=1.5,
        ),
        # three faults found; the wording takes 2 points away for the one reported wrongly
        "A2-Q2": Done(
            {"conclusion": "non", "manquements": ["M1", "M3", "M4", "M7"]},
            3 - 2,
            ["A2-E5"],
            before=[
                ({"conclusion": "oui", "manquements": []}, ["A2-E4"]),
                ({"conclusion": "non", "manquements": ["M3", "DPO", "PERS"]}, ["A2-E6", "A2-E7"]),
            ],
        ),
        "A2-Q3": Done(
            [
                "Bloctel n’existe plus depuis le 11 août 2026",
                "Il bloque aussi les mails et les SMS",
                "C’est payant pour le consommateur",
                "C’est comme la liste rouge",
                "On est inscrit pour 3 ans",
            ],
            2 * 0.6,
            ["A2-I1", "A2-E8", "A2-E9", "A2-E10"],
        ),
        "A2-Q4": Done(
            {
                "b2b": {"choix": "oui", "raison": "Il n’y a aucune règle entre professionnels"},
                "b2c": {"choix": "oui", "raison": "On vérifie le fichier avant la campagne"},
            },
            0 + 0 + 0.5 + 0.5,
            ["A2-E11", "A2-E12"],
        ),
        "A2-Q5": Done(
            [
                "L’interdiction de tout démarchage téléphonique",
                "375 000 € pour un particulier qui démarche",
                "Des horaires fixés par décret",
                "Le contrat signé est nul",
                "",
            ],
            2 * 0.4,
            ["A2-E13", "A2-E14"],
        ),
        # two calls of four sorted as they should be, three reasons of four
        "A2-Q6": Done(
            {
                "tri": {"ancienne": "permis", "fichier": "verifier", "salon": "permis", "box": "interdit"},
                "raison": {"ancienne": "horaires", "fichier": "preuve", "salon": "opposition", "box": "contrat"},
            },
            2 / 4 + 3 / 4,
            ["A2-CONTRAT-FINI", "A2-EN-COURS"],
        ),
    },
    "03_structurer": {
        "A3-Q1": Done(["Des clients", "Des noms et des adresses"], 0.75, ["A3-E1", "A3-E2"]),
        # five of the 245 cells wrong or missing, one filled where nothing is expected
        "A3-Q2": Done(
            structured(
                ("1", "panier_moyen", "112,50 €"), ("3", "nom", "PAUL"), ("3", "prenom", "Martin"),
                ("6", "civilite", "Mlle"), ("7", "nom", "INSTITUT BELLE PEAU"), ("7", "raison_sociale", ""),
                ("9", "ville", "LILLE"), ("10", "sexe", ""),
            ),
            3 + 14 * (245 - 5) / 245 - 0.1,
            ["A3-E4", "A3-E6", "A3-E8", "A3-E12", "A3-I1"],
            before=[
                (
                    structured(
                        ("1", "numero_voie", "12 bis rue des Lilas"), ("1", "date_creation", "10/01/2024"),
                        ("4", "siret", "1234400016"), ("12", "nom", "NGUYEN - NPAI"), ("12", "alerte", ""),
                    ),
                    ["A3-E3", "A3-E5", "A3-E7", "A3-E10"],
                )
            ],
        ),
    },
    "04_qualifier": {
        "A4-Q1": Done(
            [pair for pair in CIRCLED if pair not in MISSED] + WRONGLY,
            10 * (40 - 0.5 * 4) / 45,
            ["A4-E1", "A4-E2", "A4-E3", "A4-E4", "A4-E5", "A4-E6", "A4-E7", "A4-E8"],
        ),
        "A4-Q2": Done(
            [["1", "2"], ["13", "37"], ["18", "44"], ["1", "11"], ["20", "41"]],
            3 - 2,
            ["A4-E9", "A4-E10", "A4-E11"],
        ),
        "A4-Q3": Done({"taux": "9,09", "conforme": "non"}, 0 + 1, ["A4-E12"]),
        "A4-Q4": Done(
            {"o1": "nettoyer", "o2": "verifier", "o3": "mettre_a_jour", "o4": "nettoyer", "o5": "mettre_a_jour",
             "o6": "mettre_a_jour", "o7": "verifier", "o8": "verifier"},
            5 * 0.5,
        ),
    },
    "05_segmenter": {
        "A5-Q1": Done(["Récence", "Fréquence", "L’âge"], 2, ["A5-E1"]),
        "A5-Q1b": Done(
            {"carton": "b", "adresse": "aucune", "facture": "c", "livre": "a", "ete": "c", "silence": "b"}, 4 * 0.5
        ),
        # criteria: one of two; selection: fifteen expected, three too many
        "A5-Q2": Done(
            {
                "a": ["Le sexe : homme", "Le prénom"],
                "b": "Ce sont des soins pour homme.",
                "c": {"criteres": [MEN, RECENT], "fiches": EIGHTEEN},
            },
            2 + 6 * (1 - 3 / 15),
            ["A5-E2", "A5-E3", "A5-E6"],
            marked=2 + 1.5 + 6 * (1 - 3 / 15),
            before=[
                (
                    {
                        "a": ["Le sexe : homme", "Le prénom"],
                        "b": "Ce sont des soins pour homme.",
                        "c": {"criteres": [PEOPLE, RECENT], "fiches": ["1", "3", "13"]},
                    },
                    ["A5-E5"],
                ),
                (
                    {
                        "a": ["Le sexe : homme", "Le prénom"],
                        "b": "Ce sont des soins pour homme.",
                        "c": {"criteres": [PEOPLE, MEN], "fiches": ["3"]},
                    },
                    ["A5-E4"],
                ),
            ],
        ),
    },
    "06_scorer": {
        # R: records 9 and 30 (three months), 10 (twelve months); F: 5, 15, 30, 43 and 49 (four purchases); the total
        # and the segment are judged on these notes, where 9, 15, 25, 26, 31 and 59 have 40 points
        "A6-Q1": Done(
            scored("RFM-R-STRICT3", "RFM-R-STRICT12", "RFM-F-4", "RFM-SEG-40"),
            4 * (49 - 3) / 49 + 4 * (49 - 5) / 49 + 4 + 4 + 4 * (49 - 6) / 49,
            ["RFM-R-STRICT3", "RFM-R-STRICT12", "RFM-F-4", "RFM-SEG-40"],
            before=[(scored("RFM-R-INVERSE"), ["RFM-R-INVERSE"])],
        ),
    },
    "07_cibler": {
        "A7-Q1": Done("On veut fidéliser les clients. On les invite parce que c’est une vente privée.", 0, marked=3),
        "A7-Q2": Done(
            {"segments": ["tres_bons"]},
            2,
            before=[
                ({"segments": ["tres_bons", "bons", "tiedes", "inactifs"]}, ["A7-E2"]),
                ({"segments": ["inactifs"]}, ["A7-E3"]),
            ],
        ),
        "A7-Q2b": Done(
            {"peu": "tiedes", "plafond": "tres_bons", "cran": "bons", "rien": "inactifs", "regulier": "tiedes",
             "oubli": "bons"},
            4 * 0.5,
        ),
        # nine right, three too many
        "A7-Q3": Done(
            {"fiches": _INVITED, "particuliers_seulement": "non"}, 6 * (9 - 3) / 9, ["A7-E1", "A7-E4"]
        ),
        # of the eleven records of the list: 10 may get an e-mail, 4 an SMS (43 has said yes), 6 a call (43 too, since
        # September 2026), 11 a letter; an e-mail to 35 and a call to 1 are too many
        "A7-Q4": Done(
            {
                "email": ["1", "4", "13", "18", "22", "25", "35", "40", "43", "47", "51"],
                "sms": ["1", "18", "40", "43"],
                "telephone": ["1", "4", "22", "25", "43", "47", "51"],
                "courrier": ["1", "4", "13", "18", "22", "25", "35", "40", "43", "47", "51"],
            },
            3 * (10 + 4 + 6 + 11 - 2) / (10 + 4 + 6 + 11),
            ["A7-E5"],
        ),
    },
}  # fmt: skip
