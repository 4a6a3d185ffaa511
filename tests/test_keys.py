"""Every key of the workbook proves itself; a key that is wrong is refused everywhere, before anything is written."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import main
from autograder.prepare.build import build
from autograder.prepare.copying import EXCEPTIONS, MOST, unearned_problems
from crc_lab.core.bank import EXERCISES, KEYS, LoadedActivity, load_activity
from crc_lab.core.errors import BankProblems
from crc_lab.core.grading import grade
from crc_lab.core.model import Verdict
from crc_lab.core.problems import parse_toml
from crc_lab.core.proof import attempts, prove, weighed
from crc_lab.core.resources import OTHER_WORKBOOK, activity_folder, activity_ids, datasets_folder, workbook_root
from crc_lab.notebook.cards import solution_html
from tests.loaded import loaded_activity
from tests.sample_copies import A4, archive, copy, moodle

CASES = Path(__file__).resolve().parent / "cases" / "keys"
COMMA, RELAUNCH = CASES / "36-virgule-dans-la-cle", CASES / "37-cle-fausse"
A9 = "09_relance"


@pytest.fixture(scope="module", params=activity_ids())
def loaded(request: pytest.FixtureRequest) -> LoadedActivity:
    return loaded_activity(request.param)


# --- the workbook ---------------------------------------------------------------------------------------------------


def test_model_answer_blank_sheet_variants_and_known_mistakes_earn_what_they_should(loaded: LoadedActivity) -> None:
    assert prove(loaded, complete=True) == ()


def test_what_is_copied_from_the_page_or_answered_without_looking_earns_at_most_a_quarter(
    loaded: LoadedActivity,
) -> None:
    assert MOST == 0.25
    assert unearned_problems(loaded, workbook_root()) == ()


def test_every_text_that_is_excused_belongs_to_a_question_of_the_workbook() -> None:
    loaded = [loaded_activity(name).activity for name in activity_ids()]
    known = {question.id: {part.id for part in question.parts} for one in loaded for question in one.questions}
    excused = parse_toml((workbook_root() / EXCEPTIONS).read_bytes())
    for name in set(excused) - {"version"}:
        question, _, part = name.partition(" ")
        assert question in known, name
        assert not part or part in known[question], name


SUMMARIES = {"A3-BILAN", "A3-PAPIER-BILAN", "A3-EXPERT", "A7-SELON", "A-RELIRE"}
"""What is said of a perfect answer too."""
IN_CELLS = ("RFM-CASE-", "A3-TROP-CELLULE", "A3-FAUX-CELLULE", "A3-NON-NOTEE")
"""What is said beside a cell, and not in the list of remarks."""
ELSEWHERE = {
    "A3-LISTE": "said without the key only (test_checks_keyless)",
    "RFM-FUTUR": "no such record in the workbook's file (test_checks_rfm)",
    "RFM-MANQUE-ZERO": "no such record in the workbook's file (test_checks_rfm)",
    "RFM-NON-SCORABLE": "no such record in the workbook's file (test_checks_rfm)",
    "RFM-R-APPROX": "gives the right notes on the workbook's file (test_checks_rfm)",
    "RFM-TEXTE": "a whole column, told as text in a spreadsheet (test_checks_rfm)",
}


def test_every_message_is_earned_by_an_answer_and_the_model_answer_gets_no_reproach(loaded: LoadedActivity) -> None:
    answers = {name: key.answer for name, key in loaded.keys.items()}
    earned: set[str] = set()
    for question in loaded.activity.questions:
        key = loaded.keys[question.id]
        model = {message.code for message in grade(question, key.answer, key, answers).messages}
        assert model <= SUMMARIES, question.id
        earned |= model
        for proof, _ in attempts(weighed(question), key, answers):
            found = grade(weighed(question), proof.answer, key, {**answers, **proof.others})
            earned |= {message.code for message in found.messages}
    written = {code for one in loaded.activity.questions for code in (*one.messages, *loaded.keys[one.id].messages)}
    assert {code for code in written - earned - set(ELSEWHERE) if not code.startswith(IN_CELLS)} == set()


def test_every_question_has_an_explanation_a_worked_answer_and_two_hints(loaded: LoadedActivity) -> None:
    for question in loaded.activity.questions:
        assert loaded.keys[question.id].explanation.strip(), question.id
        assert len(question.hints) == (0 if question.kind == "cartes" else 2), question.id
        assert solution_html(question, loaded.keys[question.id]), question.id


def test_the_marked_points_make_20_or_40_and_the_key_earns_them_all(loaded: LoadedActivity) -> None:
    """But those that a person gives."""
    marked, answers = loaded.activity.marked, {name: key.answer for name, key in loaded.keys.items()}
    assert sum(question.points for question in marked) in (0, 20, 40)
    for question in marked:
        key = loaded.keys[question.id]
        for criterion in grade(question, key.answer, key, answers).criteria:
            assert criterion.points == (0 if criterion.verdict is Verdict.A_RELIRE else criterion.max_points)


# --- keys made wrong on purpose -------------------------------------------------------------------------------------


def test_a_key_made_wrong_is_refused_or_without_effect() -> None:
    """A sample of what benchmarks/mutations.py does."""
    path = workbook_root() / "benchmarks" / "mutations.py"
    spec = importlib.util.spec_from_file_location("mutations", path)
    assert spec is not None
    assert spec.loader is not None
    mutations = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = mutations
    spec.loader.exec_module(mutations)
    found = [(activity, str(change), verdict) for activity, change, verdict in mutations.trials(8, seed=2)]
    assert len(found) >= 60
    assert [one for one in found if one[2] == mutations.SILENT] == []
    assert sum(one[2] == mutations.REFUSED for one in found) > len(found) * 0.8


# --- case 37: a teacher's own activity --------------------------------------------------------------------------------


@pytest.fixture
def relaunch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workbook of case 37: one activity, its data; built once so that only what is changed is told."""
    shutil.copytree(RELAUNCH / A9, tmp_path / "notebooks" / A9)
    (tmp_path / "datasets" / "corriges").mkdir(parents=True)
    shutil.copy(RELAUNCH / "relances.csv", tmp_path / "datasets")
    shutil.copy(RELAUNCH / "relances_corrige.csv", tmp_path / "datasets" / "corriges" / "relances.csv")
    monkeypatch.setenv(OTHER_WORKBOOK, str(tmp_path))
    return tmp_path


def change(root: Path, file: str, old: str, new: str) -> None:
    path = root / "notebooks" / A9 / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


WRONG: Mapping[str, Mapping[str, str]] = tomllib.loads((CASES / "wrong.toml").read_text(encoding="utf-8"))
"""What is changed in which file, and what is said of it."""


def spoil(root: Path, name: str) -> str:
    """Make one of these mistakes; gives what must be said of it, file first."""
    wrong = WRONG[name]
    change(root, wrong["file"], wrong["old"], wrong["new"])
    return f"notebooks/{A9}/{wrong['said']}"


def test_the_activity_of_case_37_is_right_as_it_is(relaunch: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build(root=relaunch) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("place", [".", f"notebooks/{A9}", "seule"])
def test_verifier_checks_a_workbook_or_one_activity_without_writing_anything(
    relaunch: Path, place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(OTHER_WORKBOOK)
    (relaunch / "notebooks" / A9 / f"{A9}.ipynb").unlink()
    if place == "seule":  # an activity on its own, its data in it
        shutil.copytree(relaunch / "notebooks" / A9, relaunch / place)
        shutil.copytree(relaunch / "datasets", relaunch / place / "datasets")
    before = sorted(relaunch.rglob("*"))
    assert main(["verifier", str(relaunch / place)]) == 0
    said = capsys.readouterr()
    assert f"{A9}\u00a0: 3\u00a0questions vérifiées avec leur corrigé" in said.out
    assert said.err == ""
    spoiled = relaunch / place if place == "seule" else relaunch / "notebooks" / A9
    key = spoiled / KEYS
    key.write_text(key.read_text("utf-8").replace('valeur = "640.40"', 'valeur = "940.40"'), "utf-8")
    assert main(["verifier", str(relaunch / place)]) == 1
    said = capsys.readouterr()
    assert f"notebooks/{A9}/{KEYS}" in said.err
    assert "1\u00a0activité à corriger" in said.err
    assert sorted(relaunch.rglob("*")) == before
    assert OTHER_WORKBOOK not in os.environ


@pytest.mark.parametrize(
    ("activity", "old", "new", "said"),
    [
        (
            "01_crc",
            'import = ["crm"]',
            'import = ["rcm"]',
            "« rcm » n’est pas un élément de droite. Vouliez-vous dire « crm »",
        ),
        (
            "05_segmenter",
            'age = ["age"]',
            'gae = ["age"]',
            "« gae » n’est l’étiquette d’aucune idée. Vouliez-vous dire « age »",
        ),
        ("13_appels", "gestes = [", "geste = [", "« gestes » : il manque le bon ordre"),
    ],
)
def test_a_slip_in_what_is_accepted_or_confronted_is_no_setting_without_effect(
    activity: str, old: str, new: str, said: str, tmp_path: Path
) -> None:
    folder = tmp_path / activity
    shutil.copytree(activity_folder(activity), folder)
    key = folder / KEYS
    text = key.read_text("utf-8")
    assert old in text
    key.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(BankProblems) as caught:
        load_activity(folder, datasets_folder())
    assert said in str(caught.value).replace("\u00a0", " ")


def test_verifier_says_what_it_needs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verifier", str(tmp_path)]) == 1
    assert "ne contient aucune activité" in capsys.readouterr().err
    shutil.copytree(RELAUNCH / A9, tmp_path / A9)
    (tmp_path / A9 / "activite.py").unlink()
    assert main(["verifier", str(tmp_path / A9)]) == 1
    assert "Il manque «\u00a0activite.py\u00a0»" in capsys.readouterr().err


@pytest.mark.parametrize("name", WRONG)
def test_construire_refuses_a_wrong_file_with_its_line_and_the_nearest_name(
    name: str, relaunch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = spoil(relaunch, name)
    (relaunch / "notebooks" / A9 / f"{A9}.ipynb").unlink()
    assert build(root=relaunch) == 1
    assert said in capsys.readouterr().err
    assert not (relaunch / "notebooks" / A9 / f"{A9}.ipynb").exists()


def test_what_the_answer_says_need_not_be_written_twice(relaunch: Path) -> None:
    change(relaunch, KEYS, '["A9-Q1".criteres.action]\nbonne = "appel"\n', "")
    change(relaunch, KEYS, 'valeur = "640.40"\n', "")
    assert build(root=relaunch) == 0


WRITTEN = """
[[question]]
id = "A9-X1"
genre = "texte"
titre = "La relance"
enonce = "Pourquoi relancer vite ?"
indices = ["Plus on attend, moins on est payé.", "Second indice."]
critere = [{ id = "reponse", controle = "mot" }]
"""
WRITTEN_KEY = """
["A9-X1"]
reponse = "parce que plus on attend, moins on est payé"
explication = "Le temps joue contre le créancier."
["A9-X1".criteres.reponse]
motifs = ["moins( on)? est paye"]
erreurs = [{ code = "A9-CLIENT", motifs = ["client"], preuve = "pour garder le client" }]
["A9-X1".messages]
A9-CLIENT = "Garder le client est un autre but."
"""


def test_a_text_of_the_page_that_earns_an_answer_is_refused_unless_it_is_excused(
    relaunch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, excused = relaunch / "notebooks" / A9, relaunch / EXCEPTIONS
    for name, more in ((EXERCISES, WRITTEN), (KEYS, WRITTEN_KEY)):
        (folder / name).write_text((folder / name).read_text(encoding="utf-8") + more, encoding="utf-8")
    change(relaunch, "activite.py", 'question("A9-Q3")', 'question("A9-Q3")\n\n# %%\nquestion("A9-X1")')
    assert build(root=relaunch) == 1
    assert (
        "A9-X1, critère « reponse » : recopier « A9-X1 indice 1 » rapporte 100\u00a0% des points"
        in capsys.readouterr().err
    )
    excused.write_text('["A9-X1"]\nraison = "essai"\ntextes = ["A9-X1 indice 1"]\n', encoding="utf-8")
    assert build(root=relaunch) == 0
    excused.write_text('["A9-X1"]\nraison = "essai"\ntextes = ["A9-X1 indice 1", "A9-Q1 titre"]\n', encoding="utf-8")
    assert build(root=relaunch) == 1
    assert "recopie.toml, A9-X1 : « A9-Q1 titre » n’est plus à excuser, retirez-le." in capsys.readouterr().err
    excused.write_text('["A9-X1"]\ntextes = ["A9-X1 indice 1"]\n', encoding="utf-8")
    assert build(root=relaunch) == 1
    assert "chaque question a une « raison »" in capsys.readouterr().err


PAIRED = """
[[question]]
id = "A9-X1"
genre = "association"
titre = "Qui relancer, et comment"
enonce = "Associez."
indices = ["Premier indice.", "Second indice."]
gauche = [
  { id = "a", texte = "Un jour" }, { id = "b", texte = "Un mois" }, { id = "c", texte = "Un an" },
  { id = "d", texte = "Dix ans" },
]
droite = [
  { id = "x", texte = "Attendre" }, { id = "y", texte = "Écrire" },
  { id = "z", texte = "Saisir" }, { id = "w", texte = "Céder" }
]
"""
PAIRED_KEY = """
["A9-X1"]
reponse = { a = "x", b = "y", c = "z", d = "w" }
explication = "Le ton monte avec le retard."
"""


def test_a_question_that_pays_without_looking_is_refused_unless_it_is_excused(
    relaunch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, name = relaunch / "notebooks" / A9, "tour à tour"
    for file, more in ((EXERCISES, PAIRED), (KEYS, PAIRED_KEY)):
        (folder / file).write_text((folder / file).read_text(encoding="utf-8") + more, encoding="utf-8")
    change(relaunch, "activite.py", 'question("A9-Q3")', 'question("A9-Q3")\n\n# %%\nquestion("A9-X1")')
    assert build(root=relaunch) == 1
    told = f"A9-X1 : répondre sans regarder ({name}) rapporte 100\u00a0% des points : changez la question."
    assert told in capsys.readouterr().err
    (relaunch / EXCEPTIONS).write_text(f'["A9-X1"]\nraison = "essai"\nparesse = ["{name}"]\n', encoding="utf-8")
    assert build(root=relaunch) == 0
    (relaunch / EXCEPTIONS).unlink()
    first, second = re.findall(r'  \{ id = "[xz]".*\}', PAIRED)
    change(relaunch, EXERCISES, f"{first},\n{second}", f"{second},\n{first}")
    assert build(root=relaunch) == 0


def test_a_known_mistake_without_a_proof_is_asked_for_by_construire_and_marks_all_the_same(relaunch: Path) -> None:
    for name, more in ((EXERCISES, WRITTEN), (KEYS, WRITTEN_KEY.replace(', preuve = "pour garder le client"', ""))):
        path = relaunch / "notebooks" / A9 / name
        path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    loaded = load_activity(relaunch / "notebooks" / A9, relaunch / "datasets")
    (problem,) = prove(loaded, complete=True)
    assert "rien ne prouve le message « A9-CLIENT » : ajoutez à côté preuve" in problem
    assert prove(loaded) == ()


def test_every_mistake_of_every_file_is_told_at_once(relaunch: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(relaunch, KEYS, "tolerance =", "tolerence =")
    change(relaunch, KEYS, 'bonne = "appel"', 'bonne = "apel"')
    change(relaunch, EXERCISES, "excel = true", "exel = true")
    assert build(root=relaunch) == 1
    told = capsys.readouterr().err
    assert told.startswith("3 erreurs dans les fichiers de questions :")


@pytest.mark.parametrize("name", ["a misspelt setting", "a value that is not the answer", "a decimal comma"])
def test_preparer_refuses_the_same_and_writes_nothing(
    name: str, relaunch: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "classe.csv").write_text("Nom;Prénom\nGarnier;Inès\n", encoding="utf-8")
    said = spoil(relaunch, name)
    out = tmp_path / "evaluation"
    assert main(["preparer", "--classe", str(tmp_path / "classe.csv"), "--sortie", str(out)]) == 1
    assert said in capsys.readouterr().err
    assert not out.exists()


# --- case 36: an unreadable key never changes a result ----------------------------------------------------------------

KEY = (activity_folder(A4) / KEYS).read_text(encoding="utf-8")
CHANGES: Mapping[str, tuple[str, str]] = {
    "a decimal comma": (
        (COMMA / KEYS).read_text(encoding="utf-8"),
        "ligne 135 : « 0,1 » ne se lit pas : un nombre s’écrit avec un point (0.1), sans virgule.",
    ),
    "a misspelt setting": (
        KEY.replace('tolerance = "0.05"', 'tolerence = "0.05"', 1),
        "ligne 149, A4-Q3, critère « taux » : le réglage « tolerence » n’existe pas.",
    ),
    "a tolerance that swallows a mistake": (
        KEY.replace('tolerance = "0.05"', 'tolerance = "0.5"', 1),
        "ligne 154, A4-Q3, critère « taux » : l’erreur « 8 » ne reçoit pas le message « A4-ARRONDI », ni aucun autre.",
    ),
    "another answer": (
        KEY.replace('reponse = { taux = "8,33"', 'reponse = { taux = "9,09"', 1),
        "A4-Q3, critère « taux » : « valeur » et « reponse » ne disent pas la même chose",
    ),
    "a right option that has a reproach": (
        KEY.replace('conforme = "non" }', 'conforme = "oui" }', 1),
        "A4-Q3, critère « conforme » : l’option « oui »",
    ),
    "a quotation mark forgotten": (KEY.replace('"8.3333"', '"8.3333', 1), "ligne 148 : un texte n’est pas fermé"),
}


def state(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class marked with the right key."""
    folder = tmp_path_factory.mktemp("classe")
    (folder / "copies.zip").write_bytes(archive({moodle("Inès Garnier", 1, f"{A4}.ipynb"): copy(A4)}))
    assert main(["corriger", str(folder / "copies.zip"), "--sortie", str(folder / "resultats")]) == 0
    return folder


@pytest.mark.parametrize("name", CHANGES)
def test_a_wrong_key_writes_nothing_and_keeps_the_earlier_results(
    name: str, marked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, said = CHANGES[name]
    (tmp_path / "corriges" / A4).mkdir(parents=True)
    (tmp_path / "corriges" / A4 / KEYS).write_text(content, encoding="utf-8")
    before = state(marked / "resultats")
    for results in (marked / "resultats", tmp_path / "nouveaux"):
        arguments: list[Any] = [marked / "copies.zip", "--corriges", tmp_path / "corriges", "--sortie", results]
        assert main(["corriger", *map(str, arguments)]) == 1
        told = capsys.readouterr().err
        assert f"corriges/{A4}/{KEYS}" in told
        assert said in told
        assert "les résultats d’avant restent tels quels" in told
    assert state(marked / "resultats") == before
    assert not (tmp_path / "nouveaux").exists()


def test_a_prepared_key_that_the_teacher_spoilt_is_refused_by_preparer_and_corriger(
    marked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "classe.csv").write_text("Nom;Prénom\nGarnier;Inès\n", encoding="utf-8")
    prepared = tmp_path / "evaluation"
    prepare = ["preparer", "--classe", str(tmp_path / "classe.csv"), "--activites", "4", "--sortie", str(prepared)]
    assert main(prepare) == 0
    content, said = CHANGES["a decimal comma"]
    (prepared / "corriges" / A4 / KEYS).write_text(content, encoding="utf-8")
    before = state(prepared)
    mark = ["corriger", str(marked / "copies.zip"), "--preparation", str(prepared), "--sortie", str(tmp_path / "notes")]
    for command in (prepare, mark):
        capsys.readouterr()
        assert main(command) == 1
        assert f"corriges/{A4}/{KEYS}, {said}" in capsys.readouterr().err
    assert state(prepared) == before
    assert not (tmp_path / "notes").exists()
