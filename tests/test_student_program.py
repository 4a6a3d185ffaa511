"""The student's program: installed alone in a clean place, it runs an assessment and holds no key of any activity."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.cli import main as crc_lab
from autograder.prepare.content import PROGRAM_FILE, activity_content, archive, marked_activities, student_program
from autograder.prepare.leaks import find_leaks
from crc_lab.core.resources import activity_folder, activity_ids, datasets_folder
from tests.loaded import loaded_activity

EXCUSED = {
    "tres grande": "a size of text, in the menu « Affichage »",
    "la vente": "« Invités à la vente privée »: what the invitations are for, said by the statement",
    "ou il est": "« reste où il est », of the notebook",
    "rendez vous": "a word of the reader of short answers",
    "site web": "another name of the column « url » of a spreadsheet",
    "0.1": "the version of the package",
    "0,40": "the bound of a repetition, in a pattern of the reader of short answers",
    "15,15": "two bounds in a row, of the doubts of the reader of short answers",
    "1,20": "an example of an amount that is typed",
    "au contraire": "words that oppose two ideas, for the reader of short answers",
    "4.75": "an example of a number that is typed with a point",
    "7.2": "a number of the trees that say how far a reading is to be trusted",
    "il reste des manquements a trouver": "a sentence of the engine, for any form",
    "une paire reunit deux numeros de fiche": "what a pair is, said without the key",
    "paire reunit deux numeros de fiche differents": "what a pair is, said without the key",
    "ces numeros n existent pas dans le": "a sentence of the field, said without the key",
    "numeros n existent pas dans le fichier": "a sentence of the field, said without the key",
}
"""What the keys say and the program says too, and why it gives no answer. Codes of mistakes name no answer either."""


@pytest.fixture(scope="module")
def content() -> bytes:
    return student_program()


@pytest.fixture(scope="module")
def files(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


@pytest.fixture(scope="module")
def site(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, installed by an ordinary installer in a folder of its own."""
    place = tmp_path_factory.mktemp("eleve")
    (place / PROGRAM_FILE).write_bytes(content)
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--offline", "--no-deps", "--target"]
    done = subprocess.run([*command, place / "site", place / PROGRAM_FILE], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return place / "site"


def run(site: Path, script: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a script where nothing of this checkout can be imported: the program, and the libraries."""
    path = [str(site), *(one for one in sys.path if one.endswith("site-packages"))]
    begin = f"import sys; sys.path[:] = {path} + [one for one in sys.path if 'site-packages' not in one]\n"
    command = [sys.executable, "-I", "-S", "-c", begin + script, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8")


def test_it_holds_the_code_and_nothing_of_the_workbook(files: dict[str, bytes]) -> None:
    names = set(files)
    assert {"crc_lab/core/grading.py", "crc_lab/notebook/js/card.js", "crc_lab/lab/lab_main.py"} <= names
    assert [name for name in names if "/_cahier/" in name] == ["crc_lab/_cahier/notebooks/cahier.toml"]
    assert {name.split("/")[0].split("-")[0] for name in names} == {"crc_lab"}, "nothing of autograder"
    assert not [name for name in names if name.endswith((".csv", ".xlsx", ".ipynb", ".svg", ".pyc"))]
    assert not [name for name in names if "corrig" in name or "exercices" in name]


def test_it_is_made_again_the_same_and_every_file_is_in_its_record(content: bytes, files: dict[str, bytes]) -> None:
    assert student_program() == content
    (record,) = (name for name in files if name.endswith("/RECORD"))
    lines = [line.split(",") for line in files[record].decode().splitlines()]
    assert {line[0] for line in lines} == set(files)
    for name, digest, size in lines:
        if name != record:
            expected = base64.urlsafe_b64encode(hashlib.sha256(files[name]).digest()).rstrip(b"=").decode()
            assert (digest, int(size)) == (f"sha256={expected}", len(files[name]))


def test_no_value_of_any_key_is_in_it(files: dict[str, bytes]) -> None:
    every = [loaded_activity(activity) for activity in activity_ids()]
    assert all(loaded.keys for loaded in every)
    found = [leak for leak in find_leaks(files, *every) if leak.secret.what != "code d’erreur"]
    assert [str(leak) for leak in found if leak.secret.text.strip() not in EXCUSED] == []
    assert set(EXCUSED) == {leak.secret.text.strip() for leak in found}, "an excuse that serves no more"


def test_the_search_would_find_a_key_or_a_reference_table_in_it(files: dict[str, bytes]) -> None:
    loaded = loaded_activity("06_scorer")
    key = (activity_folder("06_scorer") / "corrige.toml").read_bytes()
    table = (datasets_folder() / "corriges" / "rfm.csv").read_bytes()
    for name, planted in (("crc_lab/_cahier/corrige.toml", key), ("crc_lab/x.csv", table)):
        assert len(find_leaks({**files, name: planted}, loaded)) > len(find_leaks(files, loaded)) + 20


_CARDS = """
import json, os, pathlib
import crc_lab
from crc_lab.core import resources
from crc_lab.notebook.cards import Cards
from crc_lab.notebook.session import Session

site = pathlib.Path(sys.argv[1]).resolve()
assert pathlib.Path(crc_lab.__file__).resolve().is_relative_to(site), crc_lab.__file__
assert resources.activity_ids() == (), "no activity comes with the program"
try:
    import autograder
except ModuleNotFoundError:
    pass
else:
    raise AssertionError(autograder.__file__)
for activity in sys.argv[2:]:
    os.chdir(activity)
    session = Session(activity)
    cards = Cards(session)
    said = {}
    for question in session.activity.questions:
        cards.card(question.id)
        result = session.check(question.id)
        said[question.id] = [result.verdict.value, result.points]
    first = session.activity.marked[0]
    session.record(first.id, {"a": 1})
    said["form"] = session.check(first.id).verdict.value
    crc_lab.debut(activity), crc_lab.question(first.id), crc_lab.rendre()
    points = [line["points"] for line in session.progress()]
    print(json.dumps({"activity": activity, "keys": len(session.keys), "said": said, "points": points}))
    os.chdir("..")
"""


def test_the_cards_of_every_assessment_run_with_it_alone(site: Path, tmp_path: Path) -> None:
    """One after the other, each from the folder of its subject."""
    for activity in marked_activities():
        with zipfile.ZipFile(io.BytesIO(archive(activity, activity_content(activity, "essai").files))) as packed:
            packed.extractall(tmp_path)
    done = run(site, _CARDS, str(site), *marked_activities(), folder=tmp_path)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"activity"')]
    assert [told["activity"] for told in found] == [*marked_activities()]
    for told in found:
        form = told["said"].pop("form")
        assert told["keys"] == 0
        assert told["said"]
        assert {tuple(one) for one in told["said"].values()} == {("NON_REPONDU", 0.0)}, told["activity"]
        assert form in ("ERREUR", "A_RELIRE", "NON_REPONDU")
        assert set(told["points"]) == {0.0}


def test_outside_a_subject_it_says_what_it_is_for(site: Path, tmp_path: Path) -> None:
    done = run(site, "from crc_lab.__main__ import main; sys.exit(main(['ouvrir', 'x']))", folder=tmp_path)
    assert done.returncode == 1
    assert "il ne contient pas le cahier" in done.stdout + done.stderr
    assert not (tmp_path / "x").exists()
    done = run(site, "from crc_lab.__main__ import main; sys.exit(main(['corriger']))", folder=tmp_path)
    assert "commande du professeur" in done.stderr


def test_the_command_writes_it_and_says_what_to_do(tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]):
    assert crc_lab(["programme-eleve", "--sortie", str(tmp_path / "poste")]) == 0
    assert (tmp_path / "poste" / PROGRAM_FILE).read_bytes() == content
    assert "pip install" in capsys.readouterr().out
    (tmp_path / "fichier").write_text("", encoding="utf-8")
    assert crc_lab(["programme-eleve", "--sortie", str(tmp_path / "fichier")]) == 2
    assert "donnez un dossier" in capsys.readouterr().err
