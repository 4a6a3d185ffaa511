"""What a typical student answers in the second half, and what revision.md gives for it: worked out here, not graded.

The strong student's answers are the models, worth all the points; a third student answers nothing. An activity that is
not below (a new one) is done by the strong student alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.e2e.students import Done

INES, KARIM, ZOE = "Inès Garnier", "Karim Benali", "Zoé Petit"
"""The strong student, the typical one, the one who answers nothing."""
ON_SCREEN: Mapping[str, str] = {"13_appels": INES, "15_ecrire": KARIM, "16_equipe": KARIM}
"""Who works in the browser, and where: calls without a fault, passages and a planning with some."""
CARDS: Mapping[str, tuple[str, ...]] = {
    "13_appels": ("R3-Q1", "R3-Q2", "R3-Q6"),
    "15_ecrire": ("R5-Q1", "R5-Q2"),
    "16_equipe": ("R6-Q2",),
}
"""The questions that are answered on the screen there, one of each kind; the others are in the file already."""
EXERCISES: Mapping[str, tuple[str, ...]] = {"13_appels": ("R3-X10",), "14_reclamations": ("R4-X7",)}
"""Exercises of the kinds that no marked question has: a date. They are given their model answer."""


def call(turns: str, steps: str) -> dict[str, Any]:
    """« C1b C2a », « contact ecoute »: one call of an answer."""
    return {"parcours": [[turn[:-1], turn[-1]] for turn in turns.split()], "etapes": steps.split()}


def pairs(text: str) -> dict[str, str]:
    """« retard=indemnite employe=formation »."""
    return dict(pair.split("=") for pair in text.split())


_WEEK = (
    ("lundi", "98", "17", "75,71"), ("mardi", "78", "6", "88,00"), ("mercredi", "74", "2", "95,65"),
    ("jeudi", "72", "3", "93,18"), ("vendredi", "78", "4", "92,00"),
)  # fmt: skip
_VISITS = (
    ("V01", "10", "15", "14", "39", "commercial"), ("V02", "6", "12", "6", "24", "e-mails"),
    ("V03", "10", "5", "12", "27", "commercial"), ("V04", "8", "8", "9", "25", "commercial"),
    ("V05", "4", "3", "5", "12", "e-mails"), ("V06", "4", "5", "2", "11", "rien"), ("V07", "1", "0", "1", "2", "rien"),
    ("V08", "6", "6", "8", "20", "commercial"), ("V09", "7", "16", "8", "31", "commercial"),
    ("V10", "13", "0", "4", "17", "e-mails"),
)  # fmt: skip
"""The limit of ten pages forgotten (V10), an action counted twice (V02), two visitors that had to be put aside."""


def _lines(columns: str, rows: tuple[tuple[str, ...], ...]) -> dict[str, Any]:
    return {"colonnes": columns.split(), "lignes": [list(row) for row in rows]}


_SAID = "Je propose de former l’équipe et de mesurer le résultat chaque mois."
"""An answer that a person reads: no point before that."""

TYPICAL: Mapping[str, Mapping[str, Done]] = {
    "11_tableau_de_bord": {
        "R1-Q1": Done(
            {"a": "94,00", "b": "10,00", "c": "85,19", "base": "traites", "d": "20,20"},
            0 + 1 + 1 + 0,  # the usual formula is right, because its base is said
            ["R1-SENS", "R1-ABANDON"],
        ),
        "R1-Q2": Done(
            {"a": "240,74", "b": "250,37", "c": "10,00", "d": "67,86", "base": "presence"},
            0.5 + 0 + 0 + 1,
            ["R1-POST", "R1-ABANDON"],
        ),
        "R1-Q3": Done({"a": "70,00", "b": "29,63"}, 0 + 0.5, ["R1-DENOM"]),
        "R1-Q4": Done(
            {"a": "33,33", "base": "aboutis", "b": "18,80", "c": "2,00", "d": "717,39"},
            0.75 + 0 + 0.75 + 0,
            ["R1-PANIER", "R1-MARGE"],
        ),
        "R1-Q5": Done(_lines("jour recus abandons decroche", _WEEK), 2 * 10 / 15, ["R1-SENS"]),
        "R1-Q6": Done({"a": "h1000", "b": "24,29", "c": "garantie", "d": "357,15"}, 0.5 + 0 + 0 + 0.5, ["R1-PART"]),
        "R1-Q7": Done(
            pairs(
                "decroche=non abandon=non service=non reponse=atteint traitement=atteint resolution=atteint "
                "occupation=atteint transformation=atteint malus=non_du"
            ),
            7 / 9,
            ["R1-EGAL"],
        ),
        "R1-Q8": Done(_SAID, 0, marked=2),
    },
    "12_satisfaction": {
        "R2-Q1": Done({"a": "63,57", "b": "22,86", "c": "40,71"}, 0 + 1 + 0, ["R2-HUIT"]),
        "R2-Q2": Done({"a": "72,14", "b": "2,24", "c": "moins", "d": "35,00"}, 0 + 1 + 0 + 0.5, ["R2-BASE"]),
        "R2-Q3": Done(
            {"a": "686,00", "b": "466,48", "c": "189", "d": "11,06"},
            0.75 + 0 + 0 + 0,
            ["R2-MARGE", "R2-CAUTION", "R2-CA"],
        ),
        "R2-Q4": Done({"a": "6,67", "b": "93,20"}, 0 + 1, ["R2-FIN"]),
        "R2-Q5": Done(
            {
                "a": pairs("revenu=fermee notez=alternative tres=numerique changeriez=ouverte"),
                "b": "cinq",
                "c": pairs("depannage=sms bilan=email mecontents=telephone couteuse=courrier"),
                "d": pairs("fiche=automatique offertes=recompense cent=ponctuelle"),
            },
            2 / 4 + 0 + 1 + 0.75,
            ["R2-PAIR"],
        ),
        "R2-Q6": Done({"a": "55", "b": "-18,75", "c": "nombre", "d": "tours"}, 0 + 0.75 + 0.5 + 0.25, ["R2-HUIT"]),
        "R2-Q7": Done(_SAID, 0, marked=1.5),
    },
    "13_appels": {
        # one call of three, its last step wrong
        "R3-Q1": Done({"SC-7": call("F1a F3a FIN_OPPOSITIONa", "contact raison contact")}, (2 + 1 + 2 / 3 + 1) / 3),
        # 16 of 21 points, one step of seven wrong, three habits of four
        "R3-Q2": Done(
            {"S1": call("C1b C2a C3c C3a C4a C6b C8a", "contact ecoute reponse ecoute reponse reponse conclusion")},
            2 * 16 / 21 + 0.5 + 6 / 7 + 0.5 * 3 / 4,
            ["R3-ATTENTE"],
        ),
        # the client is lost: 13 of the 27 points of the reference, one habit of four
        "R3-Q3": Done(
            {"S1": call("M1a M2b M3a M4a M5c M0a", "taire compatir preciser noter chance remercier")},
            2 * 13 / 27 + 0 + 1 + 0.5 / 4,
            ["R3-REMBOURSER"],
        ),
        # the second of two calls: 10 of 12 points, all the rest
        "R3-Q4": Done(
            {"S2": call("L0a L1b L2a L9b", "contacter contacter contacter conclure")},
            (10 / 12 + 0.5 + 0.5 + 1) / 2,
        ),
        "R3-Q6": Done(_SAID, 0, marked=1),
    },
    "14_reclamations": {
        "R4-Q1": Done(
            pairs("retard=indemnite employe=formation mise_en_route=comparer grosse=rembourser fuite=excuses"),
            2.5 * 3 / 5,
            ["R4-PROMESSE", "R4-VITE"],
        ),
        "R4-Q2": Done(
            pairs("jet=non_fondee deux_fois=fondee promis=etablir modele=fondee moins_cher=non_fondee bruit=fondee"),
            1.5 * 5 / 6,
        ),
        "R4-Q3": Done(
            pairs("clinique=h24 fleuriste=semaine mairie=demande garantie=h24 hotel=demande boulangerie=h24"),
            2 * 5 / 6,
            ["R4-URGENT"],
        ),
        "R4-Q4": Done(
            pairs(
                "remercier=recueil coder=enregistrement technicien=resolution copie=resolution appeler=cloture "
                "classer=cloture reunir=suivi controle=suivi former=suivi"
            ),
            2 * 7 / 9,
        ),
        "R4-Q5": Done(
            {"a": "9", "b": "3,75", "c": "4,88", "d": "62,50", "e": "90,00", "f": "870,00"},
            0.5 + 0 + 0 + 0 + 0 + 0.5,
            ["R4-BASE", "R4-CALENDRIER", "R4-FONDEE"],
        ),
        "R4-Q6": Done(_SAID, 0, marked=2),
        "R4-Q7": Done(_SAID, 0, marked=1),
    },
    "15_ecrire": {
        # six right of eleven, one wrongly picked, five well classed
        "R5-Q1": Done(
            pairs("s0=destinataires s1=objet s2=majuscules s4=abreviation s5=registre s10=promesse s12=emoticone"),
            4 * (0.7 * (6 - 0.5) + 0.3 * 5) / 11,
            ["R5-CORRECT"],
        ),
        "R5-Q2": Done(
            {
                "a": pairs("cliente=a atelier=cc comptable=cc associations=cc assistante=a"),
                "b": "infos",
                "c": "donnees",
                "d": ["citation", "nom", "fonction"],
            },
            4 / 5 + 0 + 0.5 + 0.75 * (2 - 1) / 4,
        ),
        "R5-Q3": Done(pairs("c1=breve c2=registre c4=majuscules c6=registre c8=conge"), 2),
        "R5-Q4": Done(pairs("p1=personnalisee p9=anonyme"), 3 * (0.7 * 2 + 0.3 * 2) / 6),
        "R5-Q5": Done(
            {"a": "1,20", "b": "165,26", "c": "27,00", "d": "1,20"},
            0 + 0 + 0.25 + 0.5,
            ["R5-DISTRIBUE", "R5-MARGE"],
        ),
        "R5-Q6": Done(_SAID, 0, marked=1.5),
        "R5-Q7": Done(_SAID, 0, marked=1),
    },
    "16_equipe": {
        "R6-Q1": Done(
            {"a": "11,52", "b": "5", "c": "4", "d": "45"},
            0 + 0 + 0.5 + 0,
            ["R6-DMC", "R6-ARRONDI", "R6-TOTAL"],
        ),
        # David comes at 8 h: one hour of agent is missing at 16 h, and one rest of two is not respected
        "R6-Q2": Done(
            {
                "P1": [12, 13, 15, 16, 17, 18, 19],
                "P2": [8, 9, 10, 11, 13, 14, 15],
                "P3": [8, 9, 10, 12, 13, 14, 15],
                "P4": [8, 9, 10, 11, 13, 14, 15],
                "P5": [14, 15, 16, 17, 18],
                "P6": [8, 9, 10, 11, 12],
                "P7": [8, 9, 10, 11, 12],
                "P8": [16, 17, 18, 19],
            },
            2 * 40 / 41 + 0.75 + 0.75 + 0.75 / 2 + 0.75,
            ["R6-REPOS"],
        ),
        "R6-Q3": Done(
            {"a": "580,80", "b": "87,50", "c": "75,88", "d": "150"},
            0 + 0.25 + 0.25 + 0,
            ["R6-MAJORATION", "R6-TRANCHE"],
        ),
        "R6-Q4": Done(
            {"a": "42,50", "b": "93,00", "c": "93,00", "d": "85,00", "e": "60800"},
            0 + 0.5 + 0 + 0 + 0,
            ["R6-DEPARTS", "R6-ADHESION", "R6-EFFECTIF", "R6-ENTREES"],
        ),
        "R6-Q5": Done(
            pairs(
                "annee=cadrage resultats=activite logiciel=information noel=expression ouverture=briefing "
                "dispute=evaluation"
            ),
            2 * 4 / 6,
            ["R6-CADRAGE"],
        ),
        "R6-Q6": Done(_SAID, 0, marked=2.5),
    },
    "17_crm": {
        "R7-Q1": Done(
            pairs(
                "adresse=suspect catalogue=lead devis=tiede salon=chaud ancienne=froid fauteuils=client "
                "enfant=consommateur employe=utilisateur guichet=usager"
            ),
            2 * 7 / 9,
            ["R7-TIEDE"],
        ),
        "R7-Q2": Done(
            {
                "a": pairs(
                    "commandes=interne carte=interne hotels=externe insee=externe gps=interne score=reconstituee "
                    "enquete=interne annuaire=reconstituee"
                ),
                "b": "0,36",
            },
            1.25 * 6 / 8 + 0,
            ["R7-BRUT"],
        ),
        "R7-Q3": Done(
            {
                "a": pairs(
                    "numero=organiser classer=cibler choisir=scorer ecouter=interagir noter=collecter "
                    "doublons=alimenter suivre=mesurer"
                ),
                "b": ["retrouver", "ecran"],
            },
            2 * 5 / 7 + 0,
            ["R7-SCORER"],
        ),
        # the score follows the notes, the decision follows the score
        "R7-Q4": Done(
            _lines("visiteur masse valeur categorie score decision", _VISITS),
            3 * 28 / 30 + 1 + 1 * 8 / 10,
            ["R7-PLAFOND", "R7-UNEFOIS", "R7-ELIMINE"],
        ),
        "R7-Q5": Done(
            {
                "a": "9000",
                "b": "8712",
                "c": "3204",
                "d": ["salons", "installer", "bureau"],
                "e": ["besoins"],
            },
            0 + 0.75 + 0.25 + 0.5 * (2 - 1) / 3 + 0.5 / 2,
            ["R7-MAINTENANCE"],
        ),
        "R7-Q6": Done(
            {"a": ["visite", "score", "regle", "message", "notee"], "b": ["V09", "V01"], "c": "appeler"},
            0.75 + 0 + 0,
        ),
        "R7-Q7": Done(_SAID, 0, marked=1),
    },
    "18_fideliser": {
        "R8-Q1": Done(
            pairs(
                "qualite=enquete biais=enquete avantages=carte tout_le_monde=carte refuse=club passionnes=club "
                "couteux=carte"
            ),
            3 * 5 / 7,
        ),
        "R8-Q2": Done(
            {"a": "7,00", "b": "1,80", "c": "11,76", "d": "147,00", "e": "comparent"},
            0 + 0.5 + 0 + 0 + 0.25,
            ["R8-TOUS", "R8-FIN", "R8-CA"],
        ),
        "R8-Q3": Done(
            {"a": "105840,00", "b": "105840,00", "c": "31500,00", "d": "146,25", "e": "8,21"},
            0.75 + 0 + 0 + 0 + 0.75,
            ["R8-CA", "R8-DEJA", "R8-NET"],
        ),
        "R8-Q4": Done(
            pairs(
                "billet=recompense bulbe=intensification habitude=attitudinale recommande=comportementale "
                "ramener=reconquete livre=rationalisation sans_avenir=abandon bon=fidelisation"
            ),
            3 * 6 / 8,
            ["R8-FIDELITE"],
        ),
        "R8-Q5": Done(
            pairs("inviter=alix ecrire=berthe terreau=cara catalogue=mairie noter=mairie appeler=alix"),
            3 * 5 / 6,  # « noter » goes as well with the town hall
        ),
        "R8-Q6": Done(_SAID, 0, marked=2),
    },
    "19_canaux": {
        "R9-Q1": Done(
            pairs(
                "accueil=physique site=web application=mobile voyages=place coffret=catalogue reservation=telephone "
                "radio=web"
            ),
            2 * 6 / 7,
        ),
        "R9-Q2": Done(
            pairs(
                "cle=cross ignorent=omnicanal dossier=multicanal debuts=simple sur_place=web_to_store "
                "visite=store_to_web dejeuner=incoherente"
            ),
            2 * 5 / 7,
            ["R9-OMNI"],
        ),
        "R9-Q3": Done(
            {
                "a": ["aspiration", "planification", "comparaison", "transaction", "sejour", "ambassadeur"],
                "b": pairs(
                    "brume=aspiration automne=aspiration avis=planification venir=planification garantie=comparaison "
                    "semaine=planification paiement=transaction confirmation=transaction sms=sejour accord=transaction "
                    "questionnaire=ambassadeur publier=ambassadeur"
                ),
            },
            1 + 2 * 10 / 12,
        ),
        "R9-Q4": Done(
            {"a": "112,00", "b": "40,00", "c": "110,00", "d": "107,00", "e": "35,15", "f": "site"},
            0 + 0.5 + 0 + 0 + 0 + 0.5,
            ["R9-COMMISSION", "R9-CANAL", "R9-CA"],
        ),
        "R9-Q5": Done(
            pairs(
                "prix=publicite inconnue=fichier contradictoires=fiche perdu=compte silence=questionnaire "
                "inconnus=adresse"
            ),
            3 * 5 / 6,
            ["R9-PUB"],
        ),
        "R9-Q6": Done(
            {
                "a": pairs("particulier=vente usage=utilisation hebergeur=mentions agence=mentions"),
                "b": "droits",
                "c": ["nom", "naissance"],
                "d": "protege",
            },
            0.75 * 3 / 4 + 0.5 + 0 + 0.25,
        ),
        "R9-Q7": Done(_SAID, 0, marked=2),
    },
    "20_sujet_a": {
        "R10A-Q1": Done(
            {"a": "76,65", "b": "76,65", "base": "repondus", "c": "281,11", "d": "92,00", "base2": "connecte"},
            0 + 1 + 0 + 1,  # the other two are right, because their base is said
            ["R10-DELAI", "R10-RECUS"],
        ),
        "R10A-Q2": Done({"a": "8", "b": "2"}, 0, ["R10-ARRONDI"]),
        "R10A-Q3": Done(_SAID, 0, marked=1.5),
        "R10A-Q4": Done(
            {"a": "3240", "b": pairs("technicien=sms reglage=guide panne=conseiller facture=espace contrat=guide")},
            0 + 2 * 4 / 5,
            ["R10-TOUS"],
        ),
        "R10A-Q5": Done({"a": "138", "b": "94", "c": "18,00 €"}, 1 + 0 + 0, ["R10-TRANCHE"]),
        "R10A-Q6": Done(
            {
                "a": ["fanny", "anais", "basile"],
                "b": pairs("repos=anais journee=fanny sept=fanny"),
                "c": "553,50",
            },
            1.5 + 2 / 3 + 0,
            ["R10-MAJO"],
        ),
        "R10A-Q7": Done(_SAID, 0, marked=1),
        "R10A-Q8": Done({"a": "fondee", "b": "semaine", "c": "348"}, 0.5 + 0 + 0, ["R10-ANNUEL"]),
        "R10A-Q9": Done(_SAID, 0, marked=2),
    },
    "21_sujet_b": {
        "R10B-Q1": Done({"a": "18", "b": "38", "c": "13,46"}, 1 + 0 + 0, ["R10-TS", "R10-FIN"]),
        "R10B-Q2": Done(
            {"a": "1 008 €", "b": "1 008 €", "c": "2,40", "d": "reguliers"}, 1 + 0 + 0.75 + 0.5, ["R10-CA"]
        ),
        "R10B-Q3": Done(
            {"a": "38016", "b": "33100", "c": "24,24 %", "d": "5,31"}, 0.75 + 0 + 0.75 + 0, ["R10-DEJA", "R10-CA"]
        ),
        "R10B-Q4": Done(_SAID, 0, marked=1),
        "R10B-Q5": Done(
            {"a": "0,49", "b": "8,42", "c": "5,00", "base": "argumentes", "d": "98,93"},
            1 + 0 + 1 + 0,  # the rate is right on its base
            ["R10-EMIS", "R10-ECHANTILLONS"],
        ),
        "R10B-Q6": Done(
            {"a": "730", "b": pairs("cochee=pas_accord ancien=permis abonne=permis plus=retrait"), "c": "jeudi"},
            0 + 3 / 4 + 0.5,
            ["R10-COCHEE"],
        ),
        "R10B-Q8": Done({"m1": "majuscules", "m3": "trompeur", "m6": "majuscules"}, 2 * (0.7 * 3 / 4 + 0.3 * 2 / 4)),
        "R10B-Q9": Done({"a": "simple", "b": ["panier", "carte", "commande"], "c": "cross"}, 0 + 0.75 + 0.5),
        "R10B-Q10": Done({"a": "24,75", "b": "6,1"}, 0 + 1, ["R10-EXPEDITION"]),
        "R10B-Q12": Done(_SAID, 0, marked=3),
    },
}
