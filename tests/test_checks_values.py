"""A table filled in with values: the ways of comparing, tolerances, known values, weights, what a key may not say."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crc_lab.checks.comparers import FRACTION, RIGHT, WRONG, Match, Tolerance, inferred
from crc_lab.core.bank import LoadedActivity, load_activity
from crc_lab.core.errors import CrcError
from crc_lab.core.grading import grade
from crc_lab.core.model import QuestionResult
from crc_lab.core.proof import attempts, prove
from crc_lab.core.rooms import comparers

QUESTIONS = """
version = 1
activite = "19_plateau"
numero = 19
titre = "Le tableau de bord"
duree = "45 min"
points = 4

[donnees]
semaine = "semaine.csv"

[[question]]
id = "R1-Q5"
genre = "tableau"
titre = "La semaine"
enonce = "Jour par jour."
points = 4
indices = ["Filtrez.", "Croisez."]
[question.tableau]
source = "semaine"
cle = "jour"
colonnes = [
  { nom = "jour" }, { nom = "recus", saisie = true }, { nom = "decroche", saisie = true },
  { nom = "duree", saisie = true }, { nom = "verdict", saisie = true, choix = ["atteint", "manqué"] },
]
[[question.critere]]
id = "valeurs"
libelle = "Valeurs"
points = 4
controle = "tableau_valeurs"
"""
KEY = """
version = 1
activite = "19_plateau"
[donnees]
corrige = "semaine_corrige.csv"

["R1-Q5"]
reponse = { tableau = "corrige" }
explication = "D’après le journal."
["R1-Q5".criteres.valeurs]
comparaison = { decroche = "pourcentage", duree = "duree" }
tolerance = { decroche = 0.1, duree = "1 %" }
poids = { recus = 2, verdict = 0 }
penalite = 0.5
neutres = { mardi = ["duree"] }
variantes = [{ colonne = "recus", fiche = "mardi", valeur = "cinquante" }]
erreurs = [
  { colonne = "recus", valeurs = { lundi = 98, mardi = 78 }, code = "R1-SENS" },
  { colonne = "decroche", valeur = "24,29", tolerance = 0.005, code = "R1-PART", part = 0.5 },
]
bilan = "R1-BILAN"
fraction = "IND-PCT"
autre = "R-SINON"
surplus = "R-TROP"
reste = "R-RESTE"

["R1-Q5".messages]
R1-BILAN = "{justes} sur {total} ({nombre} lignes)."
R1-SENS = "Filtrez les entrants ({colonnes})."
R1-PART = "C’est la part des abandons."
IND-PCT = "Un taux s’écrit sur 100."
R-SINON = "Relisez les noms ({cellules} : {lignes})."
R-TROP = "Rien à écrire ici."
R-RESTE = "Il reste {cellules}."
"""
DAYS = {
    "lundi": ["70", "75,71", "4 min 55", "manqué"],
    "mardi": ["50", "88,00", "310", "manqué"],
    "novembre": ["46", "95,65", "", "atteint"],
}
COLUMNS = ["jour", "recus", "decroche", "duree", "verdict"]
TOTAL = 3 * 2 + 3 + 1  # the received calls weigh 2, the verdicts nothing, one duration is neutral, one must be empty


def load(folder: Path, old: str = "", new: str = "") -> LoadedActivity:
    """The activity above, with one text of its key changed."""
    activity = folder / "notebooks" / "19_plateau"
    activity.mkdir(parents=True)
    data = folder / "datasets"
    data.mkdir()
    assert old in KEY
    lines = [";".join((day, *cells)) for day, cells in DAYS.items()]
    (data / "semaine.csv").write_text("\n".join(["jour", *DAYS]) + "\n", encoding="utf-8")
    (data / "semaine_corrige.csv").write_text("\n".join([";".join(COLUMNS), *lines]) + "\n", encoding="utf-8")
    (activity / "exercices.toml").write_text(QUESTIONS, encoding="utf-8")
    (activity / "corrige.toml").write_text(KEY.replace(old, new, 1), encoding="utf-8")
    return load_activity(activity, data)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> LoadedActivity:
    return load(tmp_path_factory.mktemp("values"))


def marked(loaded: LoadedActivity, **changes: dict[str, str]) -> QuestionResult:
    rows = [dict(zip(COLUMNS, (day, *cells), strict=True)) | changes.get(day, {}) for day, cells in DAYS.items()]
    value = {"colonnes": COLUMNS, "lignes": [[row[name] for name in COLUMNS] for row in rows]}
    return grade(loaded.activity.questions[0], value, loaded.keys["R1-Q5"])


# --- a key, and what it proves --------------------------------------------------------------------------


def test_the_key_proves_each_setting(loaded: LoadedActivity) -> None:
    assert prove(loaded, complete=True) == ()
    told = {proof.path[0] for proof, _ in attempts(loaded.activity.questions[0], loaded.keys["R1-Q5"], {})}
    assert told == {"table", "tolerance", "fraction", "penalite", "reste", "variantes", "erreurs"}


@pytest.mark.parametrize(
    ("day", "cells", "lost", "codes"),
    [
        ("lundi", {}, 0, []),
        ("lundi", {"recus": "70,0", "decroche": "75,8 %", "duree": "295 s", "verdict": "MANQUE"}, 0, []),
        ("lundi", {"decroche": "75,82"}, 1, ["R-SINON"]),
        ("lundi", {"duree": "0:04:57"}, 0, []),
        ("lundi", {"duree": "298"}, 1, ["R-SINON"]),
        ("lundi", {"decroche": "0,7571"}, 1, ["IND-PCT"]),
        ("lundi", {"decroche": "24,29"}, 0.5, ["R1-PART"]),
        ("lundi", {"decroche": "24,3"}, 1, ["R-SINON"]),
        ("lundi", {"recus": "98"}, 2, ["R1-SENS"]),
        ("lundi", {"recus": "78"}, 2, ["R-SINON"]),
        ("lundi", {"recus": ""}, 2, ["R-RESTE"]),
        ("lundi", {"recus": "-70"}, 2, ["R-SINON"]),
        ("mardi", {"recus": "cinquante"}, 0, []),
        ("mardi", {"duree": "n’importe quoi"}, 0, []),
        ("lundi", {"verdict": "atteint"}, 0, ["R-SINON"]),
        ("novembre", {"duree": "5"}, 0.5 / 4 * TOTAL, ["R-TROP"]),
    ],
)
def test_each_cell_earns_and_says_what_the_key_says(
    loaded: LoadedActivity, day: str, cells: dict[str, str], lost: float, codes: list[str]
) -> None:
    result = marked(loaded, **{day: cells})
    assert result.points == pytest.approx(4 * (1 - lost / TOTAL))
    assert [message.code for message in result.messages] == ["R1-BILAN", *codes]


def test_notes_and_messages_name_what_they_are_about(loaded: LoadedActivity) -> None:
    result = marked(loaded, lundi={"recus": "98"}, mardi={"recus": "78", "decroche": "1"}, novembre={"recus": ""})
    assert [(message.text, message.rows, message.columns) for message in result.messages[1:]] == [
        ("Filtrez les entrants (recus).", ("lundi", "mardi"), ("recus",)),
        ("Relisez les noms (1 cellule : mardi).", ("mardi",), ("decroche",)),
        ("Il reste 1 cellule.", ("novembre",), ("recus",)),
    ]
    notes = {(note.row, note.column): (note.state, note.text) for note in result.cells}
    assert notes["lundi", "recus"] == ("faux", "Filtrez les entrants (recus).")
    assert notes["mardi", "decroche"] == ("faux", "")
    assert notes["lundi", "duree"] == ("juste", "")
    assert ("novembre", "recus") not in notes


def test_a_column_that_says_the_same_everywhere_earns_nothing(loaded: LoadedActivity) -> None:
    result = marked(loaded, lundi={"recus": "50"}, novembre={"recus": "50"})
    assert result.points == pytest.approx(4 * (1 - 6 / TOTAL))
    assert [message.columns for message in result.messages if message.code == "MEME-PARTOUT"] == [("recus",)]
    blank = marked(loaded, lundi={"recus": "50"}, novembre={"recus": ""})
    assert blank.points == pytest.approx(4 * (1 - 4 / TOTAL)), "two cells are a beginning"


def test_a_cell_given_two_values_by_two_rows_is_neither_right_nor_wrong(loaded: LoadedActivity) -> None:
    rows = [[day, *cells] for day, cells in DAYS.items()]
    again = ["lundi", "70", "1", "4 min 55", "manqué"]
    value = {"colonnes": COLUMNS, "lignes": [*rows, again]}
    result = grade(loaded.activity.questions[0], value, loaded.keys["R1-Q5"])
    assert result.points == pytest.approx(4 * 9 / (TOTAL * 0.9)), "one cell in ten may be disputed"
    assert [message.code for message in result.messages] == ["R1-BILAN"]
    assert ("lundi", "decroche") not in {(note.row, note.column) for note in result.cells}


def test_expected_cells_may_be_written_one_by_one_with_their_own_variants_and_tolerance(tmp_path: Path) -> None:
    cells = """attendu = { lundi = { recus = [70, "71"], decroche = { valeur = "75,71", tolerance = "0,2" } } }
colonnes = ["recus", "decroche"]"""
    loaded = load(tmp_path, "penalite = 0.5", cells)
    assert marked(loaded, lundi={"recus": "71", "decroche": "75,91", "verdict": "zzz"}).points == 4
    assert marked(loaded, lundi={"decroche": "75,92"}).points == pytest.approx(4 * 2 / 3)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("penalite = 0.5", 'attendu = { dimanche = { recus = "1" } }', "dimanche"),
        ("penalite = 0.5", 'attendu = { lundi = { verdict = "bon" } }', "« bon » n’est pas dans la liste"),
        ("penalite = 0.5", 'attendu = { lundi = { recus = ["70", []] } }', "un texte ou un nombre"),
        ('"pourcentage"', '"pourcent"', "Vouliez-vous dire « pourcentage »"),
        ('"1 %"', '"un peu"', "positif"),
        ("part = 0.5", "part = 2", "de 0 à 1"),
        ('valeur = "24,29", tolerance', "tolerance", "il faut l’un des champs valeur, valeurs"),
    ],
)
def test_what_a_key_may_not_say_is_refused_with_its_remedy(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(CrcError, match=said):
        load(tmp_path, old, new)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("lundi = 98", "lundi = 70", "la valeur « 70 »"),
        ("part = 0.5 }", 'part = 0.5 }, { colonne = "decroche", valeur = "24,29", code = "R1-SENS" }', "« R1-SENS »"),
    ],
)
def test_a_known_value_that_cannot_be_reached_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert any(said in problem for problem in prove(load(tmp_path, old, new)))


# --- cells that follow from others ----------------------------------------------------------------------

FOLLOWED = """reponse = { colonnes = ["jour", "recus", "decroche", "duree", "verdict"], lignes = [
  ["lundi", "70", "5", "75", "atteint"], ["mardi", "50", "9", "59", "manqué"], ["novembre", "46", "", "46", ""],
] }
explication = "Le journal."
["R1-Q5".criteres.valeurs]
somme = { duree = ["recus", "decroche"] }
tranches = { verdict = { selon = "duree", a_partir = { atteint = 60, "manqué" = 0 } } }

"""
BEFORE = KEY[KEY.index("reponse = ") : KEY.index('["R1-Q5".messages]')]
MONDAY = {"lundi": {"recus": "70", "decroche": "5", "duree": "75", "verdict": "atteint"}}
REST = {
    "mardi": {"recus": "50", "decroche": "9", "duree": "59", "verdict": "manqué"},
    "novembre": {"recus": "46", "decroche": "", "duree": "46", "verdict": ""},
}


@pytest.mark.parametrize(
    ("cells", "lost"),
    [
        ({}, 0),
        ({"recus": "40", "duree": "45", "verdict": "manqué"}, 1),  # the sum and the verdict follow the wrong call count
        ({"recus": "40", "duree": "75"}, 2),
        ({"recus": "55", "duree": "60"}, 1),
        ({"recus": "54", "duree": "59"}, 2),
        ({"recus": "", "duree": "75"}, 1),  # the key's number stands for an empty cell
        ({"recus": "zzz", "duree": "80"}, 2),
        ({"duree": "", "verdict": "manqué"}, 2),
        ({"duree": "-1"}, 1),  # below every threshold: the key's verdict
    ],
)
def test_a_cell_that_follows_from_others_is_judged_on_them(tmp_path: Path, cells: dict[str, str], lost: int) -> None:
    loaded = load(tmp_path, BEFORE, FOLLOWED)
    assert marked(loaded, lundi=MONDAY["lundi"] | cells, **REST).points == pytest.approx(4 * (1 - lost / 10))


def test_a_record_without_a_listed_answer_does_not_follow(tmp_path: Path) -> None:
    key = FOLLOWED.replace('"75", "atteint"', '"75", "reporté"').replace(
        "somme = ", 'neutres = { mardi = ["recus"] }\nsomme = '
    )
    loaded = load(tmp_path, BEFORE, key)
    given = MONDAY["lundi"] | {"recus": "1", "duree": "6", "verdict": "reporté"}
    assert marked(loaded, lundi=given, **REST).points == pytest.approx(4 * (1 - 1 / 9))


@pytest.mark.parametrize(("column", "count"), [("duree", 2), ("verdict", 3)])
def test_what_follows_is_proven(tmp_path: Path, column: str, count: int) -> None:
    key = FOLLOWED.replace("somme = ", f'colonnes = ["{column}"]\nsomme = ')
    loaded = load(tmp_path, BEFORE, key)
    told = [proof.path[-1] for proof, _ in attempts(loaded.activity.questions[0], loaded.keys["R1-Q5"], {})]
    assert told.count(column) == count
    assert prove(loaded) == ()
    wrong = load(tmp_path / "wrong", BEFORE, key.replace('"75", "atteint"', '"5", "atteint"'))
    assert any("la réponse modèle" in told for told in prove(wrong))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("atteint = 60", "tenu = 60", "« tenu » n’est pas dans la liste"),
        ('selon = "duree"', 'selon = "jour"', "« jour »"),
        ('["recus", "decroche"]', "[]", "vide"),
    ],
)
def test_what_may_not_follow_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(CrcError, match=said):
        load(tmp_path, BEFORE, FOLLOWED.replace(old, new, 1))


# --- comparing ------------------------------------------------------------------------------------------

SAME: list[tuple[str, str, str]] = [
    ("texte", "  Élève, d’un CRC ", "eleve d un crc"),
    ("nombre", "1 234,50 €", "1234.5"),
    ("pourcentage", "12,5 %", "12.50"),
    ("date", "1er août 2026", "2026-08-01"),
    ("heure", "10:30", "10 h 30"),
    ("heure", "10h", "10:00"),
    ("duree", "4:55", "295 s"),
    ("duree", "1 h 2 min 3,5 s", "3723,5"),
    ("liste", "SMS ; e-mail", "E-mail, sms"),
]
DIFFERENT: list[tuple[str, str, str]] = [
    ("texte", "eleves", "élève"),
    ("exact", "Paris", "PARIS"),
    ("nombre", "-5", "5"),
    ("nombre", "beaucoup", "12"),
    ("date", "2026-08-02", "2026-08-01"),
    ("heure", "4:55", "295 s"),
    ("duree", "4 min 55 min 3 z", "295"),
    ("liste", "SMS", "SMS ; e-mail"),
]


@pytest.mark.parametrize(("name", "given", "expected", "match"), [
    *((*one, RIGHT) for one in SAME), *((*one, WRONG) for one in DIFFERENT),
    ("pourcentage", "0,9", "90", Match(0.0, FRACTION)), ("nombre", "0,9", "90", WRONG),
])  # fmt: skip
def test_each_way_of_comparing(name: str, given: str, expected: str, match: Match) -> None:
    assert comparers()[name].compare(given, expected) == match


@pytest.mark.parametrize(
    ("expected", "name"),
    [("12,5", "nombre"), ("12,5 %", "pourcentage"), ("2026-08-01", "date"), ("10 h 30", "heure"), ("a ; b", "liste"),
     ("5 m", "texte"), ("V01", "texte")],
)  # fmt: skip
def test_an_expected_value_calls_for_its_own_way(expected: str, name: str) -> None:
    assert inferred(expected) is comparers()[name]


@pytest.mark.parametrize(("setting", "wanted", "around"), [(0.1, 90, "0.1"), ("0,5", 90, "0.5"), ("1 %", -90, "0.9")])
def test_a_tolerance_is_absolute_or_relative(setting: object, wanted: int, around: str) -> None:
    assert Tolerance.of(setting).around(Decimal(wanted)) == Decimal(around)


def test_the_case_adds_its_own_ways_of_comparing() -> None:
    def share(name: str, *cells: str) -> Any:
        return comparers()[name].compare(*cells).share

    assert share("telephone", "+33 6 39 98 12 34", "0639981234") == 1
    assert share("nom_voie", "rue des Lilas", "DES LILAS") == 0.5
