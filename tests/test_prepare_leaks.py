"""No value of a key can be read in what students receive; and the search that says so finds what is planted."""

from __future__ import annotations

import io
import json
import re
import shutil
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import openpyxl
import pytest

from autograder.cli import main as crc_lab
from autograder.prepare.content import ActivityContent, activity_content, marked_activities
from autograder.prepare.leaks import NUMBER, RAW, WORDS, LeakFound, find_leaks, readable, said_by, secrets, words
from crc_lab.core.errors import CrcError
from crc_lab.core.resources import activity_folder, datasets_folder
from crc_lab.core.text import without_accents
from crc_lab.notebook.session import Session
from tests.loaded import loaded_activity

OWN_WORKBOOK = Path(__file__).parent / "cases" / "workbook"
ACTIVITIES = marked_activities()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole assessment, nbgrader course included, made by the command."""
    place = tmp_path_factory.mktemp("fuites")
    roster = place / "eleves.csv"
    roster.write_text("Nom;Prénom\nGARNIER;Inès\n", encoding="utf-8")
    assert crc_lab(["preparer", "--classe", str(roster), "--sortie", str(place / "sujet")]) == 0
    return place / "sujet"


@pytest.fixture(scope="module")
def contents() -> dict[str, ActivityContent]:
    return {name: activity_content(name, "essai") for name in ACTIVITIES}


def received(prepared: Path, activity: str) -> dict[str, bytes]:
    """Every file that students may get of one activity: the ZIP's, those of source/ and of release/."""
    with zipfile.ZipFile(prepared / "sujets" / f"{activity}.zip") as packed:
        files = {f"sujets/{name}": packed.read(name) for name in packed.namelist()}
    for place in ("source", "release"):
        root = prepared / "nbgrader" / place / activity
        for path in root.rglob("*"):
            if path.is_file():
                files[f"{place}/{path.relative_to(root).as_posix()}"] = path.read_bytes()
    return files


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_no_value_of_its_key_and_no_explanation_of_a_later_one_is_in_any_file_of_a_subject(
    prepared: Path, activity: str
) -> None:
    """Subjects are given in order: the data of activity 4 are the answer of activity 3, the grids of activity 6 explain
    what activity 5 asks. Of a later key, its explanations, messages and patterns are nowhere."""
    files = received(prepared, activity)
    assert {name.split("/")[0] for name in files} == {"sujets", "source", "release"}
    assert any(name.endswith(".xlsx") for name in files) == (activity == "03_structurer")
    own, *later = (loaded_activity(one) for one in ACTIVITIES if one >= activity)
    told, taught = ("explication", "message", "motif", "code d’erreur"), {name for one in later for name in one.keys}
    said = said_by(own.activity)  # its documents among them: a rule of law may come back in a later explanation
    run, plain = words(said), without_accents(said)
    found = [leak.secret for leak in find_leaks(files, own, *later) if not leak.secret.is_in(run, plain)]
    assert [secret for secret in found if secret.question not in taught or secret.what in told] == []


def test_what_an_engineer_would_grep_for_is_not_there(prepared: Path) -> None:
    """A second opinion, that shares only the reading of files with the search: texts copied by hand from the keys."""
    by_hand = {
        "03_structurer": [
            "identité et de coordonnées",
            "des clients et des prospects",
            "A3-E2",
            "A3-DOUBLON",
            "ATELIER LUMIERE;",
        ],
        "04_qualifier": ["8,33", "8.33", "25-52", "25;52", "A4-E9", "Q17", "A4-VOISINE", "0.0833", "**45 cases"],
        "06_scorer": ["**01/08/2026**", "RFM-R-STRICT3", "Très bons : **9**", "1;10;20;20;50", "Cinq fiches ont 40"],
    }
    for activity, texts in by_hand.items():
        key = (activity_folder(activity) / "corrige.toml").read_text("utf-8")
        tables = "".join(path.read_text("utf-8") for path in (datasets_folder() / "corriges").glob("*.csv"))
        whole = "\n".join(readable(name, content) for name, content in received(prepared, activity).items())
        for text in texts:
            assert text in (key + tables).replace("\u00a0", " "), f"{text}: no longer in the key"
            assert text not in whole.replace("\u00a0", " ")


def test_no_file_of_a_subject_is_a_key(prepared: Path) -> None:
    names = [name for activity in ACTIVITIES for name in received(prepared, activity)]
    assert not [name for name in names if "corrig" in name]
    assert list((prepared / "corriges").rglob("corrige.toml"))


# --- the search can fail ----------------------------------------------------------------------------------------------


def in_a_notebook(content: ActivityContent, change: str, text: str) -> bytes:
    notebook = json.loads(content.files[f"{content.id}.ipynb"])
    if change == "metadata":
        notebook["metadata"]["crc_lab"]["aide"] = {"secret": text}
    elif change == "cell metadata":
        notebook["cells"][3]["metadata"]["note"] = text
    elif change == "output":
        code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
        code["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": {"text/html": [f"<b>{text}</b>"]}}]
    else:
        half = len(text) // 2
        notebook["cells"][2]["source"] = [f"… {text[:half]}", text[half:]]
    return json.dumps(notebook, ensure_ascii=True).encode()


PLACES = ("metadata", "cell metadata", "output", "two lines of a cell")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("activity", "text"),
    [
        ("04_qualifier", "le taux est de 8,33 %"),
        ("04_qualifier", "les fiches 25 et 52"),
        ("04_qualifier", "3 NPAI (fiches 12, 29 et 46) et 2 PND (fiches 33 et 55)"),
        ("04_qualifier", "Corriger « BORDAUX » en « BORDEAUX » : nettoyer"),
        ("04_qualifier", "voir A4-E11"),
        ("03_structurer", "La base réunit des particuliers : civilité, âge, date de naissance, consentements"),
        ("03_structurer", "des informations <i>d’identité</i> et de <b>coordonnées</b> (qui est-ce, où le joindre ?)"),
        ("06_scorer", "1 ; 10 ; 20 ; 20 ; 50 ; Très bons clients"),
        ("06_scorer", "Deux dates : la fiche 43 a 40 points : elle est bonne, car très bon veut dire plus de 40."),
    ],
)
def test_a_leak_planted_in_a_notebook_is_found(
    contents: dict[str, ActivityContent], activity: str, text: str, place: str
) -> None:
    if place == "two lines of a cell" and text[len(text) // 2 - 1].isalnum() and text[len(text) // 2].isalnum():
        text = f"{text} ; {text}"  # the words must not be cut
    content = contents[activity]
    assert find_leaks({"carnet.ipynb": in_a_notebook(content, place, text)}, content.loaded)


def workbook_with(text: str) -> bytes:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    book.active.cell(3, 2, "bonjour")
    book.create_sheet("cachée").cell(1, 1, text)
    book["cachée"].sheet_state = "veryHidden"
    book.save(buffer)
    return buffer.getvalue()


def planted(contents: Mapping[str, ActivityContent]) -> Iterator[tuple[str, str, bytes]]:
    """(activity, file, content with a leak) for every other kind of file."""
    corriges = datasets_folder() / "corriges"
    row = (corriges / "base_restructuree.csv").read_bytes().splitlines()[2]
    data = contents["06_scorer"].files["datasets/base_qualifiee.csv"]
    text = json.dumps({"description": "Fiche 4 : 10, 20, 20, 50, Très bons clients"})
    yield "06_scorer", "datasets/base_qualifiee.csv", data + (corriges / "rfm.csv").read_bytes()[-80:]
    yield "06_scorer", "datasets/datapackage.json", text.encode()
    yield "04_qualifier", "datasets/liste.xlsx", workbook_with("objectif : 8,33")
    yield "04_qualifier", "exercices.toml", b'[[question]]\n[question.messages]\nX = "A4-E9"\n'
    yield (
        "04_qualifier",
        "exercices.toml",
        'raison = "Un contact sans intérêt pour la campagne : on l’écarte."\n'.encode(),
    )
    yield "04_qualifier", "exercices.toml", b'attendu = { o1 = "nettoyer", o2 = "nettoyer" }\n'
    yield "03_structurer", "lecture.json", b'{"version":1}'
    yield "03_structurer", "corrige.toml", b"version = 1\n"
    yield "03_structurer", "notes.txt", row
    with io.BytesIO() as buffer:
        with zipfile.ZipFile(buffer, "w") as packed:
            packed.writestr("a.html", "<p>le taux : <b>8</b>,33&nbsp;%, soit 8,33</p>")
        yield "04_qualifier", "pieces.zip", buffer.getvalue()


def test_a_leak_planted_in_any_other_file_is_found(contents: dict[str, ActivityContent]) -> None:
    for activity, name, data in planted(contents):
        leaks = find_leaks({"propre.txt": b"rien", name: data}, contents[activity].loaded)
        assert {leak.file for leak in leaks} == {name}, f"{activity} {name}"


def test_what_the_question_says_itself_is_no_leak(contents: dict[str, ActivityContent]) -> None:
    content = contents["04_qualifier"]
    said = "Oui. Non. Nettoyer. LILE. 0000424240003. La fiche n° 37, identique à la fiche n° 13. A4-Q3. 60 fiches."
    assert find_leaks({"a.txt": said.encode()}, content.loaded) == ()


def test_every_kind_of_key_value_is_searched(contents: dict[str, ActivityContent]) -> None:
    found = [secret for content in contents.values() for secret in secrets(content.loaded)]
    assert {secret.sort for secret in found} == {WORDS, NUMBER, RAW}
    kinds = {
        "explication",
        "message",
        "code d’erreur",
        "réglage du corrigé",
        "réponse",
        "table de référence",
        "motif",
        "remarque",
    }
    assert {secret.what for secret in found} == kinds
    for activity, content in contents.items():
        number = int(activity[:2])
        head = f"A{number}-" if number < 10 else f"R{number - 10}-" if number < 20 else f"R10{'AB'[number - 20]}-"
        questions = {secret.question for secret in found if secret.question.startswith(head)}
        assert questions >= {question.id for question in content.loaded.activity.marked}


def test_words_ignore_case_accents_and_punctuation() -> None:
    assert words("  « L’Été », n° 5 ! ") == " l ete n 5 "


# --- the command refuses ----------------------------------------------------------------------------------------------


@pytest.fixture
def own_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A school's own workbook: the tests' activity, in a folder that a test may change."""
    folder = tmp_path / "cahier" / "notebooks" / "09_essai"
    folder.mkdir(parents=True)
    for path in (OWN_WORKBOOK / "notebooks" / "09_essai").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    monkeypatch.setenv("CRC_LAB_CAHIER", str(tmp_path / "cahier"))
    return folder


def prepare(tmp_path: Path) -> int:
    roster = tmp_path / "eleves.csv"
    roster.write_text("Nom;Prénom\nGARNIER;Inès\n", encoding="utf-8")
    return crc_lab(["preparer", "--classe", str(roster), "--sortie", str(tmp_path / "sujet")])


def test_a_narrative_that_gives_an_answer_away_stops_the_preparation_unless_it_is_for_training(
    own_workbook: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = own_workbook / "activite.py"
    leak = "# Une base vieillit : des clients déménagent. Chaque envoi à une fiche fausse est payé pour rien.\n"
    text = source.read_text("utf-8")
    source.write_text(text.replace("# %%\nrendre", f"# %% [markdown]\n{leak}\n# %%\nrendre"), encoding="utf-8")
    assert prepare(tmp_path) == 1
    said = capsys.readouterr().err.replace("\u00a0", " ")
    assert "Le sujet de l’activité « 09_essai » donnerait des réponses" in said
    assert "09_essai.ipynb : « des clients demenagent" in said or "chaque envoi a une fiche fausse" in said
    assert "(réponse de A9-Q2)" in said
    assert 'tags=["entrainement"]' in said
    assert not (tmp_path / "sujet").exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")], "nothing half made is left"
    marker = '# %% [markdown] tags=["entrainement"]\n'
    source.write_text(text.replace("# %%\nrendre", f"{marker}{leak}\n# %%\nrendre"), encoding="utf-8")
    assert prepare(tmp_path) == 0


def test_the_error_names_ten_leaks_at_most(contents: dict[str, ActivityContent]) -> None:
    content = contents["06_scorer"]
    leaks = find_leaks({"a.csv": (datasets_folder() / "corriges" / "rfm.csv").read_bytes()}, content.loaded)
    assert len(leaks) > 40
    text = str(LeakFound(content.id, leaks))
    assert text.count("•") == 10
    assert f"et {len(leaks) - 10} autres" in text


# --- the kernel's side ------------------------------------------------------------------------------------------------


@pytest.fixture
def subject(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Activity 4 as a student unzips it; the full workbook is installed (this checkout)."""
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    with zipfile.ZipFile(prepared / "sujets" / "04_qualifier.zip") as packed:
        packed.extractall(tmp_path)
    return tmp_path / "04_qualifier"


def change(path: Path, **meta: object) -> None:
    """Change the sheet by hand; None takes a key away."""
    notebook = json.loads(path.read_text("utf-8"))
    sheet = {**notebook["metadata"]["crc_lab"], **meta}
    notebook["metadata"]["crc_lab"] = {name: value for name, value in sheet.items() if value is not None}
    path.write_text(json.dumps(notebook), encoding="utf-8")


NOTEBOOK = "04_qualifier.ipynb"
KEY = activity_folder("04_qualifier") / "corrige.toml"
TRICKS: dict[str, Callable[[Path], object]] = {
    "none": lambda folder: folder,
    "another name for the notebook": lambda folder: (folder / NOTEBOOK).rename(folder / "mon travail.ipynb"),
    "another name for the folder": lambda folder: folder.rename(folder.with_name("épreuve (1)")),
    "no notebook": lambda folder: (folder / NOTEBOOK).unlink(),
    "two notebooks": lambda folder: shutil.copy(folder / NOTEBOOK, folder / "copie.ipynb"),
    "the key dropped in": lambda folder: shutil.copy(KEY, folder),
    "the training edition": lambda folder: change(folder / NOTEBOOK, edition="entrainement"),
    "no edition": lambda folder: change(folder / NOTEBOOK, edition=None),
    "no subject": lambda folder: change(folder / NOTEBOOK, sujet=None),
    "the key dropped in, the training edition and no subject": lambda folder: (
        shutil.copy(KEY, folder),
        change(folder / NOTEBOOK, edition="entrainement", sujet=None),
    ),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_a_subject_has_no_key_whatever_is_done_to_its_folder(subject: Path, trick: str) -> None:
    made = TRICKS[trick](subject)
    session = Session("04_qualifier", made if isinstance(made, Path) and made.is_dir() else subject)
    session.record("A4-Q3", {"taux": "8,33", "conforme": "non"})
    assert session.keys == {}
    assert session.check("A4-Q3").verdict.value == "A_RELIRE"
    assert session.edition == "evaluation"


@pytest.mark.parametrize("meta", [{}, {"edition": "entrainement"}])
def test_the_notebook_moved_alone_asks_for_its_folder(subject: Path, tmp_path: Path, meta: dict[str, object]) -> None:
    """Beside it there would only be the installed workbook, with its keys."""
    alone = tmp_path / "bureau"
    alone.mkdir()
    (subject / "04_qualifier.ipynb").rename(alone / "04_qualifier.ipynb")
    change(alone / "04_qualifier.ipynb", **meta)
    with pytest.raises(CrcError, match="Remettez-le dans le dossier du sujet"):
        Session("04_qualifier", alone)


def test_the_notebook_in_the_folder_of_the_training_activity_asks_for_its_own(subject: Path, tmp_path: Path) -> None:
    training = tmp_path / "cahier" / "04_qualifier"
    training.mkdir(parents=True)
    for name in ("exercices.toml", "corrige.toml"):
        (training / name).write_bytes((activity_folder("04_qualifier") / name).read_bytes())
    (subject / "04_qualifier.ipynb").rename(training / "04_qualifier.ipynb")
    with pytest.raises(CrcError, match="ne sont pas dans son dossier"):
        Session("04_qualifier", training)


def test_the_notebook_of_one_subject_refuses_the_questions_of_another(subject: Path) -> None:
    change(subject / "04_qualifier.ipynb", sujet="rattrapage")
    with pytest.raises(CrcError, match=r"appartient au sujet «\srattrapage\s».*ceux d’un autre sujet"):
        Session("04_qualifier", subject)


def test_a_sheet_known_only_by_the_page_closes_the_key(subject: Path, tmp_path: Path) -> None:
    """The notebook's file was not found (renamed while open): the front end then says what it is."""
    sheet = json.loads((subject / "04_qualifier.ipynb").read_text("utf-8"))["metadata"]["crc_lab"]
    session = Session("04_qualifier", tmp_path / "ailleurs")
    assert session.keys
    session.record("A4-Q3", {"taux": "8,33", "conforme": "non"})
    assert session.check("A4-Q3").verdict.value == "JUSTE"
    answered = {"A4-Q3": {"valeur": {"taux": "8,33", "conforme": "non"}, "essais": 1}}
    with pytest.raises(CrcError, match="Remettez-le"):
        session.adopt({**sheet, "reponses": answered})
    assert session.keys == {}
    assert session.results["A4-Q3"].verdict.value == "A_RELIRE"
    assert session.check("A4-Q3").points == 0


def test_the_question_file_of_a_subject_reads_as_a_person_wrote_it(subject: Path) -> None:
    text = (subject / "exercices.toml").read_text("utf-8")
    assert text.startswith("# Questions du sujet")
    assert re.search(r'enonce = """\nVoici la base restructurée', text)
    assert tomllib.loads(text)["edition"] == "evaluation"
