"""Activity 1, « Comprendre le fonctionnement d’un CRC »: real questions and keys, answers as students write them."""

from __future__ import annotations

import pytest

from autograder.prepare.build import build_notebook
from crc_lab.core.bank import load_activity
from crc_lab.core.grading import grade
from crc_lab.core.model import TO_CHECK, Verdict
from crc_lab.core.resources import activity_folder, datasets_folder
from crc_lab.marielle.figures import load

FOLDER = activity_folder("01_crc")
LOADED = load_activity(FOLDER, datasets_folder())
QUESTIONS = {question.id: question for question in LOADED.activity.questions}
MARKED = [question.id for question in LOADED.activity.marked]
NARRATIVE = (FOLDER / "activite.py").read_text("utf-8")


def answer(question, value):
    return grade(QUESTIONS[question], value, LOADED.key(question))


def codes(result):
    return [message.code for message in result.messages]


def points(result):
    return {criterion.id: criterion.points for criterion in result.criteria}


# --- the whole activity -------------------------------------------------------------------------------------------


def test_the_activity_is_worth_20_points_in_four_questions():
    assert LOADED.activity.points == 20
    assert {name: QUESTIONS[name].points for name in MARKED} == {"A1-Q1a": 4, "A1-Q1b": 6, "A1-Q1c": 6, "A1-Q2": 4}


def test_the_notebook_builds_and_shows_its_three_drawings():
    built = build_notebook(NARRATIVE, LOADED.activity).decode("utf-8")
    assert built.count('rendre()"') == 1
    for name in ("01-stades", "01-place", "01-canaux"):
        assert NARRATIVE.count(f'figure("{name}")') == 1
        assert "CRC" in load(name).alt or "CRM" in load(name).alt or "relation client" in load(name).alt


# --- A1-Q1a: weighted elements ------------------------------------------------------------------------------------

Q1A = [
    # (what a student writes, points for nature, sectors, clients)
    ("C’est un centre de relation client pour les PME de la cosmétique", (2, 1, 1)),
    ("Omnicom est un CRC de Gennevilliers. Ses clients viennent de la banque et de l’automobile.", (2, 1, 1)),
    ("Omnicom gère la relation client à la place de ses commanditaires", (2, 0, 1)),
    ("Un prestataire de relation client externalisée, dans la parapharmacie", (2, 1, 0)),
    ("omnicom es un centre de relasion client depuis 15 ans", (2, 0, 1)),
    ("Omnicom est un centre d’appels situé à Gennevilliers", (1, 0, 1)),
    ("Ce n’est pas seulement un centre d’appels, c’est un CRC au service de marques de mode et de voyage", (2, 1, 0)),
    ("Omnicom fabrique des cosmétiques", (0, 0, 0)),
    ("Omnicom n’est pas un CRC, c’est un centre d’appels", (1, 0, 0)),
    ("Omnicom, un C.R.C., s’occupe à distance des clients d’autres entreprises : assurance, voyage…", (2, 1, 1)),
    ("C’est un centre de contacts pour la cosmétique, en région parisienne", (2, 1, 1)),
    ("Omnicom travaille pour Marielle Nature", (0, 0, 0)),
    ("Il ne travaille pas pour la cosmétique mais c’est un CRC", (2, 0, 0)),
    ("une entreprise qui externalise la relation clientèle des PME, secteur de la banque", (2, 0, 1)),
]


@pytest.mark.parametrize(("text", "wanted"), Q1A)
def test_q1a_is_judged_as_a_teacher_would(text, wanted):
    assert tuple(points(answer("A1-Q1a", text)).values()) == wanted


@pytest.mark.parametrize(
    ("element", "texts"),
    [
        ("nature", ["centre de relation client", "CRC", "relation client à distance", "relation client externalisée",
                    "centre de contacts", "prestataire de relation client"]),
        ("secteurs", ["cosmétique", "parapharmacie", "automobile et banque", "assurance, mode", "retail et voyage"]),
        ("clients", ["des commanditaires", "des PME", "des entreprises clientes", "B to B", "Gennevilliers", "15 ans"]),
    ],
)  # fmt: skip
def test_q1a_accepts_every_variant_of_the_mark_scheme(element, texts):
    worth = {criterion.id: criterion.points for criterion in QUESTIONS["A1-Q1a"].criteria}
    for text in texts:
        assert points(answer("A1-Q1a", text))[element] == worth[element], text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Omnicom fabrique des cosmétiques bio", "A1-E1"),
        ("Omnicom vend des produits cosmétiques", "A1-E1"),
        ("Omnicom est une entreprise de cosmétiques", "A1-E1"),
        ("Omnicom est un centre d’appels", "A1-E2"),
        ("Les clients d’Omnicom sont des particuliers", "A1-E3"),
        ("Omnicom s’adresse aux consommateurs", "A1-E3"),
    ],
)
def test_q1a_mistakes_have_their_message(text, code):
    assert code in codes(answer("A1-Q1a", text))


def test_q1a_a_falsehood_beside_the_right_idea_is_for_the_teacher():
    result = answer("A1-Q1a", "Omnicom est un CRC. Omnicom vend des cosmétiques aux particuliers.")
    assert {"A1-E1", TO_CHECK} <= set(codes(result))


def test_q1a_a_missing_element_is_no_doubt():
    result = answer("A1-Q1a", "Omnicom est un centre de relation client situé à Gennevilliers depuis quinze ans")
    assert (result.points, TO_CHECK in codes(result)) == (3, False)


def test_q1a_serving_the_cosmetics_trade_is_not_selling_cosmetics():
    for text in (
        "Omnicom vend un service de relation client à des PME de la cosmétique",
        "Omnicom est une entreprise qui travaille pour la cosmétique, c’est un CRC",
    ):
        assert "A1-E1" not in codes(answer("A1-Q1a", text)), text


# --- A1-Q1b: four services ----------------------------------------------------------------------------------------

Q1B = [
    (["qualifier les fichiers", "prendre des rdv", "vendre", "SAV"], 4),
    (["Nettoyage de la base de données", "prise de rendez vous", "télévente", "fidélisation des clients"], 4),
    (["la qualification, les rendez-vous, la vente et le suivi"], 4),
    (["traitement des fichiers", "rendé-vous qualifiés", "les vantes", "le suivi client"], 3),  # « vante » exists
    (["Qualiffication de fichiers", "prise de rendez-vouss", "la ventte", "réclamasions"], 4),
    (["prise de rendez-vous qualifiés"], 1),
    (["service après-vente"], 1),
    (["vente", "la télévente", "vendre par téléphone", "suivi"], 2),
    (["téléphone", "mail", "SMS", "tchat"], 0),
    (["livraison des produits", "fabrication", "publicité", "recrutement"], 0),
    (["Omnicom ne fait pas de vente", "pas de SAV", "qualification de fichiers", "rdv"], 2),
    (["enrichir la base", "RDV pour les commerciaux", "vente à distance", "traitement des réclamations"], 4),
    (["préparer le fichier", "obtenir des rendez-vous", "conclure", "garder le contact"], 2),
]


@pytest.mark.parametrize(("texts", "ideas"), Q1B)
def test_q1b_is_judged_as_a_teacher_would(texts, ideas):
    assert answer("A1-Q1b", texts).points == pytest.approx(1.5 * ideas)


@pytest.mark.parametrize(
    "text",
    ["qualification", "traitement de fichiers", "enrichissement de la base", "structuration des fichiers",
     "nettoyage de base", "base de données", "rendez-vous", "rendez vous", "rdv", "vente", "télévente", "vendre",
     "suivi", "SAV", "fidélisation", "service client", "service après-vente", "réclamations"],
)  # fmt: skip
def test_q1b_accepts_every_variant_of_the_mark_scheme(text):
    assert answer("A1-Q1b", [text]).points == 1.5


def test_q1b_each_field_says_what_became_of_it():
    (criterion,) = answer("A1-Q1b", ["vente", "", "vendre", "mail"]).criteria
    assert [(note.row, note.state) for note in criterion.cells] == [("0", "juste"), ("2", "faux"), ("3", "faux")]


# --- A1-Q1c: three reasons ----------------------------------------------------------------------------------------

Q1C = [
    (["Il travaille pour d’autres entreprises", "appels entrants et sortants", "il qualifie des bases de données"], 6),
    (["prestataire", "multicanal", "conseil"], 6),
    (["Les entreprises externalisent chez lui", "il utilise plusieurs canaux", "il fait du scoring"], 6),
    (["il a un open space"], 0.5),
    (["des casques et des ordinateurs", "un open space"], 0.5),
    (["ils passent beaucoup d’appels"], 0),
    (["il gère les mails, les SMS et le tchat"], 2),
    (["Il ne travaille pas pour des commanditaires"], 0),
    (["Il va plus loin que l’appel : il enrichit les fichiers", "il collabore avec les commerciaux"], 2),
    (["il travaile pour des comanditaires", "contacts entrant et sortant"], 4),
    (["ce n’est pas qu’un centre d’appels : il qualifie aussi les fichiers"], 2),
    (["ils sont membres de la force de vente", "omnicanal", "sous-traitance"], 6),
]


@pytest.mark.parametrize(("texts", "wanted"), Q1C)
def test_q1c_is_judged_as_a_teacher_would(texts, wanted):
    assert answer("A1-Q1c", texts).points == pytest.approx(wanted)


@pytest.mark.parametrize(
    "text",
    ["commanditaire", "pour le compte de", "externalisation", "prestataire", "entreprises clientes", "appels entrants",
     "appels sortants", "plusieurs canaux", "multicanal", "omnicanal", "appels et mails", "base de données",
     "qualification", "scoring", "conseil", "collaboration", "force de vente"],
)  # fmt: skip
def test_q1c_accepts_every_variant_of_the_mark_scheme(text):
    assert answer("A1-Q1c", [text]).points == 2


def test_q1c_mistakes_have_their_message_and_doubts_go_to_the_teacher():
    assert "A1-E6" in codes(answer("A1-Q1c", ["parce qu’il y a un open space et des casques"]))
    assert "A1-E7" in codes(answer("A1-Q1c", ["il traite des appels téléphoniques en masse"]))
    assert codes(answer("A1-Q1c", ["multicanal", "omnicanal"])) == ["A1-BILAN", "A1-DOUBLE"]
    assert TO_CHECK in codes(answer("A1-Q1c", ["Il n’y a pas de commanditaire"]))
    developed = answer("A1-Q1c", ["Parce que ses équipes prennent soin des gens jour après jour"])
    assert (developed.points, TO_CHECK in codes(developed)) == (0, True)


# --- A1-Q2: channels ----------------------------------------------------------------------------------------------

SIX = ["téléphone", "mail", "SMS", "tchat", "réseaux sociaux", "site web"]
Q2 = [
    (SIX, 3),
    ([*SIX, "application mobile", "visio"], 4),
    ([*SIX, "appli", "WhatsApp", "chatbot", "SVI", "courrier", "magasin"], 4),
    (["téléphone, mail, sms, tchat, réseaux sociaux, site, courrier, boutique"], 4),
    (["Facebook", "Instagram"], 0.5),
    (["le CRM", "logiciel de phoning"], 0),
    (["télephonne", "couriel", "aplication mobile"], 1.5),
    (["e-mail", "courrier électronique"], 0.5),
    (["pas le téléphone", "le mail"], 0.5),
    (["chat bot"], 0.5),
    (["appel vidéo"], 0.5),
    (["messagerie électronique", "messagerie instantanée"], 1),
    (["le catalogue de produits", "le prix", "la fiche client"], 0),
    (["point de vente", "forum", "FAQ"], 1.5),
    (["par téléphone, pas par SMS"], 0.5),
]


@pytest.mark.parametrize(("texts", "wanted"), Q2)
def test_q2_is_judged_as_a_teacher_would(texts, wanted):
    assert answer("A1-Q2", texts).points == pytest.approx(wanted)


@pytest.mark.parametrize(
    "text",
    ["téléphone", "e-mail", "SMS", "MMS", "tchat", "chat en ligne", "réseaux sociaux", "site web", "formulaire",
     "espace client", "FAQ", "application mobile", "messagerie instantanée", "visioconférence", "chatbot",
     "agent virtuel", "SVI", "courrier postal", "boutique", "point de vente", "forum", "communauté"],
)  # fmt: skip
def test_q2_accepts_every_channel_of_the_mark_scheme_once(text):
    assert answer("A1-Q2", [text]).points == 0.5


def test_q2_mistakes_have_their_message():
    assert codes(answer("A1-Q2", ["le CRM"])) == ["A1-E8"]
    assert codes(answer("A1-Q2", ["logiciel de phoning"])) == ["A1-E8"]
    assert "A1-E9" in codes(answer("A1-Q2", ["beaucoup de canaux comme le téléphone"]))
    assert codes(answer("A1-Q2", ["le prix"])) == ["A1-LEURRE"]
    assert codes(answer("A1-Q2", ["Facebook", "réseaux sociaux"])) == ["A1-Q2-BILAN", "A1-CANAL-DOUBLE"]
    assert answer("A1-Q2", ["mail"]).messages[0].text.endswith(": 1 sur 8.")


# --- training -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reason",
    ["elles sont chez le prestataire", "sur des serveurs distants", "dans le cloud", "rien n’est stocké en interne",
     "on passe par internet", "les données ne restent pas sur les postes", "c’est en ligne", "hébergées à l’extérieur",
     "elles sont chez l’éditeur", "les donnees sont sur le serveur"],
)  # fmt: skip
def test_the_reason_about_saas_is_judged_as_a_teacher_would(reason):
    assert answer("A1-X4", {"choix": "faux", "raison": reason}).verdict is Verdict.JUSTE
