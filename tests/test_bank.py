"""Question files: what is read, and every mistake reported at once."""

import json

import pytest

from crc_lab.core.bank import load_activity
from crc_lab.core.errors import BankProblems, CrcError
from crc_lab.core.resources import activity_ids, column_types, read_table
from tests.loaded import loaded_activity

EXERCISES = """
version = 1
activite = "99_essai"
numero = 99
titre = "Essai"
points = 3
duree = "5 min"

[donnees]
villes = "villes.csv"

[[question]]
id = "E-Q1"
genre = "choix"
titre = "Un choix"
enonce = "Lequel ?"
points = 1
options = [{id = "a", texte = "A"}, {id = "b", texte = "B"}]
[[question.critere]]
id = "choix"
libelle = "Choix"
points = 1
controle = "choix_unique"

[[question]]
id = "E-Q2"
genre = "nombre"
titre = "Un nombre"
enonce = "Combien ?"
points = 2
[[question.critere]]
id = "valeur"
libelle = "Valeur"
points = 2
controle = "nombre"
"""
KEYS = """
version = 1
activite = "99_essai"
["E-Q1"]
reponse = "b"
explication = "Parce que."
criteres.choix = {bonne = "b", erreurs = {a = "E-A"}}
messages.E-A = "Non."
["E-Q2"]
reponse = "12,5"
explication = "Voilà."
criteres.valeur = {valeur = "12.5", tolerance = "0.1"}
"""


@pytest.fixture
def write(tmp_path):
    (tmp_path / "villes.csv").write_text("code;ville\n01000;BOURG\n", encoding="utf-8")

    def write_files(exercises=EXERCISES, keys=KEYS):
        (tmp_path / "exercices.toml").write_text(exercises, encoding="utf-8")
        if keys is not None:
            (tmp_path / "corrige.toml").write_text(keys, encoding="utf-8")
        return lambda: load_activity(tmp_path, tmp_path)

    return write_files


TABLE = """
[question.tableau]
source = "villes"
cle = "id"
renommer = { code = "id" }
colonnes = [{ nom = "id" }, { nom = "ville", groupe = "Lieu" }, { nom = "pays", saisie = true }]
"""


def with_table(table=TABLE):
    return EXERCISES.replace('\n[[question]]\nid = "E-Q2"', f'{table}\n[[question]]\nid = "E-Q2"')


def test_an_activity_and_its_keys_are_read(write):
    loaded = write()()
    assert [question.id for question in loaded.activity.questions] == ["E-Q1", "E-Q2"]
    assert loaded.keys["E-Q2"].answer == "12,5"
    assert loaded.activity.questions[0].data["villes"].rows == (("01000", "BOURG"),)


def test_without_its_key_file_an_activity_has_no_key(write):
    assert write(keys=None)().keys == {}


def test_every_mistake_is_reported_at_once_with_file_and_question(write):
    exercises = (
        EXERCISES.replace('genre = "nombre"', 'genre = "nombres"')
        .replace('controle = "choix_unique"', 'controle = "choix_uniqe"')
        .replace("points = 3", "points = 4")
        .replace('enonce = "Lequel ?"', 'enonse = "Lequel ?"')
    )
    keys = KEYS.replace('["E-Q2"]', '["E-Q9"]').replace('messages.E-A = "Non."\n', "")
    with pytest.raises(BankProblems) as caught:
        write(exercises, keys)()
    text = str(caught.value)
    for expected in (
        "exercices.toml, ligne 25, E-Q2 : genre « nombres » inconnu. Vouliez-vous dire « nombre » ?",
        "exercices.toml, ligne 19, E-Q1, critère « choix » : contrôle « choix_uniqe » inconnu. Vouliez-vous",
        "exercices.toml : l’activité vaut 4 points, mais ses questions en totalisent 3.",
        "exercices.toml, ligne 12, E-Q1 : le champ « enonce » manque.",
        "exercices.toml, ligne 12, E-Q1 : le champ « enonse » n’existe pas. Vouliez-vous dire « enonce » ?",
        "corrige.toml, ligne 8, E-Q9 : aucune question ne porte cet identifiant",
        "corrige.toml, E-Q2 : cette question n’a pas de corrigé.",
    ):
        assert expected in text
    assert text.startswith(f"{len(caught.value.problems)} erreurs")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('messages.E-A = "Non."\n', "", "ligne 7, E-Q1, critère « choix » : « E-A » n’est pas un message"),
        ('"12,5"', '"beaucoup"', "E-Q2 : la réponse modèle n’a pas la forme"),
        ('titre = "Essai"', "titre = essai", "exercices.toml, ligne 5 : cette valeur ne se lit pas"),
        ("villes.csv", "absent.csv", "« absent.csv » est introuvable"),
        ('"Valeur"\npoints = 2', '"Valeur"\npoints = 1', "la question vaut 2 points, mais ses critères en totalisent"),
        ('= { code = "id" }', '= { cod = "id" }', "la colonne à renommer « cod » n’existe pas dans « villes »"),
        ('cle = "id"', 'cle = "code"', "la colonne clé « code » n’existe pas dans « villes »"),
        ('{ nom = "ville",', '{ nom = "vile",', "la colonne affichée « vile » n’existe pas dans « villes »"),
        ('source = "villes"', 'source = "ville"', "la source « ville » ne figure pas sous [donnees]"),
    ],
)  # fmt: skip
def test_one_mistake_is_told_where_it_is(write, old, new, told):
    exercises = with_table()
    assert (old in exercises) != (old in KEYS)
    with pytest.raises(BankProblems) as caught:
        write(exercises.replace(old, new), KEYS.replace(old, new))()
    assert told in str(caught.value)


def test_an_unequal_line_of_a_data_file_is_named(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a;b\n1;2\n3\n", encoding="utf-8")
    with pytest.raises(CrcError, match=r"« a\.csv », ligne 3 : 1 cellules au lieu de 2"):
        read_table(path)


@pytest.mark.parametrize("activity", activity_ids())
def test_every_activity_of_the_workbook_is_free_of_mistakes(activity):
    loaded = loaded_activity(activity)
    assert loaded.activity.id == activity
    assert loaded.activity.points in (0, 20, 40)
    assert set(loaded.keys) == {question.id for question in loaded.activity.questions}


def test_a_column_of_the_data_may_bear_another_name_in_one_question(write):
    first, second = write(with_table())().activity.questions
    assert first.data["villes"].columns == ("id", "ville")
    assert first.data["villes"].rows == (("01000", "BOURG"),)
    assert [column.group for column in first.table.columns] == ["", "Lieu", ""]
    assert second.data["villes"].columns == ("code", "ville")


STRUCTURE = """
[[question]]
id = "E-Q3"
genre = "tableau"
titre = "Un tableau"
enonce = "Remplissez."
points = 1
[question.tableau]
source = "villes"
cle = "code"
colonnes = [{nom = "code"}, {nom = "pays", saisie = true}]
[[question.critere]]
id = "texte"
libelle = "Texte"
points = 1
controle = "tableau_texte"
"""


def test_a_message_that_serves_without_the_key_must_be_with_the_question(write):
    keys = KEYS + '["E-Q3"]\nreponse = {tableau = "villes"}\nexplication = ""\nmessages.A3-E3 = "Gardez le texte."\n'
    keys = keys.replace('["E-Q1"]', '[donnees]\nvilles = "villes.csv"\n["E-Q1"]', 1)
    exercises = EXERCISES.replace("points = 3", "points = 4") + STRUCTURE
    with pytest.raises(
        BankProblems,
        match="ligne 47, E-Q3, critère « texte » : le message « A3-E3 » sert sans",
    ):
        write(exercises, keys)()
    given = exercises.replace(
        "[question.tableau]", '[question.messages]\nA3-E3 = "Gardez le texte."\n[question.tableau]'
    )
    assert write(given, keys)().activity.questions[2].messages == {"A3-E3": "Gardez le texte."}


def test_the_question_file_of_a_subject_says_so_and_closes_the_key_beside_it(write, tmp_path):
    named = EXERCISES.replace("points = 3", 'points = 3\nedition = "evaluation"\nsujet = "controle-1"', 1)
    loaded = write(named)()
    assert (loaded.activity.edition, loaded.activity.subject) == ("evaluation", "controle-1")
    assert loaded.keys == {}
    assert set(load_activity(tmp_path, tmp_path, keys=tmp_path).keys) == {"E-Q1", "E-Q2"}, "the teacher names his own"
    training = write()().activity
    assert (training.edition, training.subject) == ("entrainement", "")


def test_a_question_depends_on_another_one_that_exists(write):
    depends = EXERCISES.replace('controle = "nombre"', 'controle = "nombre"\ndepend_de = "E-Q1"')
    assert write(depends)().activity.questions[1].depends == ("E-Q1",)
    with pytest.raises(BankProblems, match="E-Q2 : elle dépend de « E-Q7 », qui n’est pas une autre question"):
        write(depends.replace('depend_de = "E-Q1"', 'depend_de = ["E-Q7"]'))()
    with pytest.raises(BankProblems, match="elle dépend de « E-Q2 »"):
        write(depends.replace('depend_de = "E-Q1"', 'depend_de = "E-Q2"'))()


SEGMENT = """
version = 1
activite = "09_essai"
numero = 9
titre = "Essai"
points = 6
duree = "10 min"
[donnees]
villes = "villes.csv"
[[question]]
id = "E-Q1"
genre = "segment"
titre = "Segment"
enonce = "?"
points = 6
[question.tableau]
source = "villes"
cle = "code"
colonnes = [{ nom = "code" }, { nom = "ville", type = "nombre" }]
[[question.critere]]
id = "selection"
libelle = "Sélection"
points = 6
controle = "segment"
"""
SEGMENT_KEY = """
version = 1
activite = "09_essai"
["E-Q1"]
reponse = { criteres = [["ville", "=", "BOURG"]], fiches = ["01000"] }
explication = "…"
["E-Q1".criteres.selection]
reference = [["ville", "≥", "BOURG"], ["pays", "=", "FRANCE"]]
["E-Q1".messages]
"""


def test_a_rule_of_a_key_that_cannot_be_read_is_a_mistake(write):
    """It would filter nothing, and every record would be expected."""
    with pytest.raises(BankProblems) as caught:
        write(SEGMENT, SEGMENT_KEY)()
    text = str(caught.value)
    assert "critère « selection » : la règle « ville ≥ BOURG » ne se lit pas (nombre)." in text
    assert "critère « selection » : la règle « pays = FRANCE » ne se lit pas (colonne)." in text


def test_the_types_of_columns_come_from_the_data_package_or_from_the_question(write, tmp_path):
    field = {"name": "code", "type": "integer"}
    package = {
        "resources": [{"path": "villes.csv", "schema": {"fields": [field, {"name": "ville", "type": "string"}]}}]
    }
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    loaded = write(SEGMENT, None)()
    assert loaded.activity.questions[0].table.kinds == {"code": "nombre", "ville": "nombre"}
    (tmp_path / "datapackage.json").write_text('{"resources": [{}]}', encoding="utf-8")
    column_types.cache_clear()
    with pytest.raises(BankProblems, match=r"datapackage\.json est illisible"):
        write(SEGMENT, None)()


def test_a_question_has_its_own_skill_or_that_of_its_activity(write):
    exercises = EXERCISES.replace('duree = "5 min"', 'duree = "5 min"\ncompetence = "creer"')
    exercises = exercises.replace('titre = "Un nombre"', 'titre = "Un nombre"\ncompetence = "apprecier"')
    assert [one.skill for one in write(exercises)().activity.questions] == ["creer", "apprecier"]
    assert [one.skill for one in write()().activity.questions] == ["", ""]


def test_an_unknown_skill_is_refused_but_in_a_subject_made_elsewhere(write):
    exercises = EXERCISES.replace('titre = "Un nombre"', 'titre = "Un nombre"\ncompetence = "aprecier"')
    with pytest.raises(
        BankProblems, match=r"compétence « aprecier » inconnue de cahier\.toml\. Vouliez-vous dire « apprecier »"
    ):
        write(exercises)()
    subject = exercises.replace('duree = "5 min"', 'duree = "5 min"\nsujet = "DS 1"')
    assert write(subject)().activity.question("E-Q2").skill == "aprecier"
