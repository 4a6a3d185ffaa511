"""The register of a class: nothing is lost, nothing is doubled, and the order of the runs leaves no trace."""

from __future__ import annotations

import importlib.util
import itertools
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from autograder.cli import main
from autograder.intake import Guess, HandedIn, Incident, Rejection
from autograder.intake.collecting import collect
from autograder.marking.batch import mark_copies
from autograder.marking.manual import ManualMark
from autograder.register import FILE, LAST_TIME, Register, RegisterProblem
from autograder.register.differences import Told
from autograder.register.file import VERSION
from autograder.reports import results_json
from crc_lab.core.sheet import AnswerSheet
from tests.sample_copies import A3, A4, A6, BANK, NOTHING_RIGHT, archive, copy, moodle, sheet
from tests.sample_results import essay, handed_in, use_workbook

ROOT = Path(__file__).resolve().parent.parent
INES = Guess("Inès Garnier", "1", "remise.zip", "Inès Garnier_1_assignsubmission_file_")


def handed(file: str = "a.ipynb", guess: Guess = INES, **given: str) -> HandedIn:
    return HandedIn(file, guess, AnswerSheet.from_metadata(sheet(A6, {"A6-Q1": "x"}, **given)))


def refused(file: str, code: str = "PDF", text: str = "C’est un PDF.") -> Rejection:
    return Rejection(file, code, text)


def run(folder: Path, *found: HandedIn | Rejection, fresh: bool = False) -> list[HandedIn | Rejection]:
    """One run of « corriger » on these copies; what the register then holds."""
    with Register(folder) as register:
        register.add_all(found, fresh=fresh)
        return list(register)


def files(found: list[HandedIn | Rejection]) -> list[str]:
    return [one.file for one in found]


def marked(folder: Path, *inputs: Path) -> bytes:
    """``resultats.json`` after one run on these files."""
    with Register(folder) as register:
        register.add_all(collect(inputs))
        return results_json(mark_copies(register, BANK))


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_copies_and_refusals_stay_from_one_run_to_the_next(tmp_path: Path):
    first, second = handed(), handed("b.ipynb", date="2026-11-21T10:00:00+01:00")
    run(tmp_path, first, refused("c.pdf"))
    assert run(tmp_path, second) == [first, second, refused("c.pdf")]
    with Register(tmp_path) as register:
        assert (register.copies, list(register)) == (2, [first, second, refused("c.pdf")])
        assert register.sheet(second.key) == second.sheet
        assert register.sheet("inconnue") is None


def test_the_same_archive_given_twice_doubles_nothing(tmp_path: Path):
    one, other = tmp_path / "remise.zip", tmp_path / "remise (1).zip"
    members = {moodle("Inès Garnier", 1): copy(), moodle("Léa Roux", 2, "copie.pdf"): b"%PDF"}
    for path in (one, other):
        path.write_bytes(archive(members))
    alone = marked(tmp_path / "r", one)
    assert marked(tmp_path / "r", one) == alone
    marked(tmp_path / "s", one)
    twice = json.loads(marked(tmp_path / "s", other))
    assert len(twice["copies"]) == 1
    assert twice["copies"][0]["incidents"] == []


IN_ARCHIVE = "remise.zip/Inès/06.ipynb"
GOOD_ONE, READ_BETTER = handed(IN_ARCHIVE), replace(handed(IN_ARCHIVE), incidents=(Incident("X", "…"),))
LEA, BROKEN, PDFS = handed("autre.ipynb", name="Léa Roux"), refused(IN_ARCHIVE, "CARNET-TRONQUE"), refused("a.pdf")


@pytest.mark.parametrize(
    ("before", "after", "fresh", "left"),
    [
        ([PDFS, PDFS], [PDFS, refused("b.pdf")], False, [PDFS, refused("b.pdf")]),
        ([refused(IN_ARCHIVE, "CARNET-VIDE")], [BROKEN], False, [BROKEN]),
        ([GOOD_ONE], [READ_BETTER], False, [READ_BETTER]),
        ([GOOD_ONE, PDFS], [LEA], True, [LEA]),
        ([GOOD_ONE, PDFS], [refused("b.pdf")], True, [GOOD_ONE, PDFS]),
        ([BROKEN, PDFS], [GOOD_ONE], False, [GOOD_ONE, PDFS]),
        ([refused("remise.zip", "ARCHIVE-ILLISIBLE")], [GOOD_ONE], False, [GOOD_ONE]),
        ([GOOD_ONE], [BROKEN], False, [GOOD_ONE, BROKEN]),
    ],
    ids=[
        "a refused file is listed once", "refused for another reason", "read better", "forgotten",
        "nothing is forgotten for nothing new", "handed in properly", "a damaged archive given again",
        "a good copy followed by a broken file",
    ],
)  # fmt: skip
def test_what_comes_back_takes_the_place_of_what_was_there(
    tmp_path: Path,
    before: list[HandedIn | Rejection],
    after: list[HandedIn | Rejection],
    fresh: bool,
    left: list[HandedIn | Rejection],
):
    run(tmp_path, *before)
    assert run(tmp_path, *after, fresh=fresh) == left


# --- a file that comes back -------------------------------------------------------------------------------------------


PDF = "Inès Garnier_1_assignsubmission_file/copie.pdf"
GOOD = "Inès Garnier_1_assignsubmission_file_/06_scorer.ipynb"


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        (f"remise.zip/{PDF}", f"remise (1).zip/{GOOD}", False),
        (f"remise (2).zip/{PDF}", f"remise (10).zip/{GOOD}", False),
        (f"remise 9.zip/{PDF}", f"remise 10.zip/{GOOD}", False),
        (f"remise.zip/{PDF}", f"remise.zip/{GOOD}", False),
        (f"remise (1).zip/{PDF}", f"remise.zip/{GOOD}", True),
        (f"remise.zip/{PDF}", f"remise (1).zip/{GOOD.replace('_1_', '_2_')}", True),
        (f"remise.zip/{PDF}", "remise (1).zip/06_scorer.ipynb", True),
    ],
)
def test_moodles_folder_tells_who_has_handed_in_again(tmp_path: Path, before: str, after: str, kept: bool):
    run(tmp_path, refused(before))
    assert files(run(tmp_path, handed(after))) == [after, *([before] if kept else [])]


def test_a_pdf_beside_a_good_copy_stays_listed(tmp_path: Path):
    both = [handed(f"remise.zip/{GOOD}"), refused(f"remise.zip/{PDF}")]
    assert run(tmp_path, *both) == both
    assert run(tmp_path, *both) == both


# --- archives of one name ---------------------------------------------------------------------------------------------


def test_two_assignments_in_archives_of_one_name_are_told_apart(tmp_path: Path):
    """« copies.zip » of each week: the students would otherwise be two people each."""
    for week, (activity, first) in enumerate(((A4, 100), (A6, 200))):
        folder = tmp_path / str(week)
        folder.mkdir()
        members = {
            moodle(name, first + number, f"{activity}.ipynb"): copy(activity, name=name, identifier="")
            for number, name in enumerate(("Inès Garnier", "Léa Roux"))
        }
        (folder / "copies.zip").write_bytes(archive(members))
        document = json.loads(marked(tmp_path / "r", folder / "copies.zip"))
    found = sorted((one["eleve"]["nom"], one["activite"]) for one in document["copies"])
    assert found == [(name, activity) for name in ("Inès Garnier", "Léa Roux") for activity in (A4, A6)]
    with Register(tmp_path / "r") as register:
        result = mark_copies(register, BANK)
    assert [sorted(student.copies) for student in result.students] == [[A4, A6], [A4, A6]]


def test_homonyms_of_one_assignment_stay_two_people_in_later_archives(tmp_path: Path):
    names = [Guess("Jean Martin", number, "copies.zip") for number in ("7", "8")]
    run(tmp_path, *(handed(f"{guess.moodle_id}.ipynb", guess, name="Jean Martin", identifier="") for guess in names))
    late = handed("9.ipynb", Guess("Jean Martin", "8", "copies.zip"), name="Jean Martin", date="2026-12-01")
    with Register(tmp_path) as register:
        register.add_all([late])
        assert {one.guess.scope for one in register if isinstance(one, HandedIn)} == {"copies.zip"}


# --- whatever the order -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def remises(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Five inputs with what happens in a year: new versions, twice the same, refusals, nested, strange names."""
    folder = tmp_path_factory.mktemp("remises")
    late = "2026-12-01T10:00:00+01:00"
    contents = {
        "A4.zip": {moodle("Inès Garnier", 11, "04.ipynb"): copy(A4), moodle("Léa Roux", 12, "x.pdf"): b"%PDF"},
        "A6.zip": {moodle("Inès Garnier", 21): copy(), moodle("Léa Roux", 22): copy(name="Léa Roux", identifier="lr")},
        "A6 (1).zip": {
            moodle("Inès Garnier", 21): copy(),
            moodle("Léa Roux", 22): copy(A6, NOTHING_RIGHT, name="Léa Roux", identifier="lr", date=late),
            moodle("Paul Benali", 23): b"{",
        },
        "A6 (2).zip": {moodle("Paul Benali", 23): copy(name="Paul Benali", identifier="")},
    }
    for name, members in contents.items():
        (folder / name).write_bytes(archive(members))
    loose = folder / "clé USB"
    loose.mkdir()
    (loose / "03 =inès 🙂.ipynb").write_bytes(copy(A3))
    (loose / "notes.docx").write_bytes(b"PK")
    return sorted(folder.iterdir())


def test_any_order_and_any_number_of_runs_give_the_same_bytes(remises: list[Path], tmp_path: Path):
    expected = marked(tmp_path / "ensemble", *remises)
    assert len(json.loads(expected)["copies"]) == 5
    assert sorted(one["fichier"].split("/")[0] for one in json.loads(expected)["rejets"]) == ["A4.zip", "clé USB"]
    orders = list(itertools.permutations(remises))
    for number, order in enumerate(random.Random(3).sample(orders, 6)):
        results = [marked(tmp_path / str(number), *order[:2]), *(marked(tmp_path / str(number), x) for x in order[2:])]
        assert results[-1] == expected, [path.name for path in order]


# --- interruptions ----------------------------------------------------------------------------------------------------


def broken(found: list[HandedIn | Rejection], error: type[BaseException]) -> Iterator[HandedIn | Rejection]:
    yield from found
    raise error


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError, GeneratorExit])
def test_an_interrupted_run_keeps_what_it_had_read(tmp_path: Path, error: type[BaseException]):
    found: list[HandedIn | Rejection] = [handed(f"{n:02}.ipynb", name=f"Élève {n}") for n in range(60)]
    with Register(tmp_path) as register, pytest.raises(error):
        register.add_all(broken(found, error))
    with Register(tmp_path) as register:
        assert register.copies >= 50
        register.add_all(found)
        assert list(register) == found


def test_an_interrupted_fresh_start_forgets_nothing(tmp_path: Path):
    before = run(tmp_path, handed(), refused("a.pdf"))
    with Register(tmp_path) as register, pytest.raises(KeyboardInterrupt):
        register.add_all(broken([handed("b.ipynb", name="Léa")], KeyboardInterrupt), fresh=True)
    with Register(tmp_path) as register:
        assert list(register) == before


# --- a file that cannot be used ---------------------------------------------------------------------------------------


def rename_header(path: Path) -> None:
    path.write_bytes(b"SQLite format 4\x00" + path.read_bytes()[16:])


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5000])


def scribble(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:12288] = os.urandom(8192)
    path.write_bytes(bytes(content))


def write_outside(path: Path, statement: str, *values: object) -> None:
    """Change the file as an accident of the disk does: SQLite finds nothing wrong with it."""
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute(statement, values).rowcount != 0


DAMAGES: list[Callable[[Path], None]] = [
    rename_header, cut, scribble,
    lambda path: write_outside(path, "UPDATE fact SET value = value || '0'"),
    lambda path: write_outside(path, "PRAGMA user_version = 1"),
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES, ids=["header", "cut", "scribbled", "a fact", "the version"])
def test_a_damaged_register_is_told_with_its_remedy(tmp_path: Path, damage: Callable[[Path], None]):
    run(tmp_path, *(handed(f"{n}.ipynb", name=f"Élève {n}") for n in range(50)))
    damage(tmp_path / FILE)
    with pytest.raises(RegisterProblem, match=r"abîmé.*redonnez tous les fichiers"):
        run(tmp_path, handed())


def test_a_newer_register_is_refused(tmp_path: Path):
    run(tmp_path, handed())
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    with pytest.raises(RegisterProblem, match="version plus récente de crc-lab"):
        run(tmp_path)


def test_a_database_of_somebody_else_is_left_alone(tmp_path: Path):
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("CREATE TABLE photo (name)")
    connection.close()
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(RegisterProblem, match="ne vient pas de lui"):
        run(tmp_path, handed())
    assert (tmp_path / FILE).read_bytes() == before


def test_a_register_killed_before_its_tables_is_made_again(tmp_path: Path):
    (tmp_path / FILE).touch()
    assert run(tmp_path, handed()) == [handed()]


def test_a_folder_in_the_place_of_the_register_is_told(tmp_path: Path):
    (tmp_path / FILE).mkdir()
    with pytest.raises(RegisterProblem, match="ne peut pas être écrit"):
        run(tmp_path, handed())


@pytest.mark.parametrize(
    ("limit", "told"), [("PRAGMA query_only = ON", "vos droits"), ("PRAGMA max_page_count = 1", "le disque est plein")]
)
def test_a_register_that_cannot_grow_is_told_and_keeps_what_it_has(tmp_path: Path, limit: str, told: str):
    before = run(tmp_path, handed())
    many = [handed(f"{n}.ipynb", name=f"Élève {n}") for n in range(200)]
    with Register(tmp_path) as register:
        register.connection.execute(limit)
        with pytest.raises(RegisterProblem, match=told):
            register.add_all(many)
    with Register(tmp_path) as register:
        assert [one for one in register if one in before] == before


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path):
    (tmp_path / "fichier").touch()
    with pytest.raises(RegisterProblem, match="ne peut pas être créé"):
        run(tmp_path / "fichier" / "r", handed())


def test_a_second_command_is_told_to_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("autograder.register.file.WAIT", 0.05)
    with Register(tmp_path) as first:
        with pytest.raises(RegisterProblem, match="une autre commande crc-lab"):
            Register(tmp_path)
        script = "import sys, pathlib; from autograder.register import Register; Register(pathlib.Path(sys.argv[1]))"
        done = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert "une autre commande crc-lab" in done.stderr
        first.add_all([handed()])
    assert run(tmp_path) == [handed()]


def test_no_file_is_left_beside_the_register(tmp_path: Path):
    run(tmp_path, handed(), refused("a.pdf"))
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_the_register_can_be_moved_with_its_folder(tmp_path: Path):
    run(tmp_path / "a", handed())
    shutil.move(tmp_path / "a", tmp_path / "b")
    assert run(tmp_path / "b") == [handed()]


# --- a byte that changed on the disk ----------------------------------------------------------------------------------


def test_a_changed_answer_is_told_and_the_copy_given_again_takes_its_place(tmp_path: Path):
    paul = handed("remise.zip/Paul/06.ipynb", Guess("Paul Benali"), name="Paul Benali")
    run(tmp_path, handed(), paul)
    write_outside(tmp_path / FILE, "UPDATE copy SET content = replace(content, 'Paul', 'Saul') WHERE key = ?", paul.key)
    first, told = run(tmp_path)
    assert first == handed()
    assert isinstance(told, Rejection)
    assert (told.file, told.code) == (paul.file, "COPIE-ABIMEE")
    assert "copie de «\u00a0Saul Benali\u00a0» (activité 6)" in told.text, "as it is read: no result had told the name"
    assert "Redonnez-la" in told.text
    assert run(tmp_path) == [first, told], "it is told until it is given again"
    with Register(tmp_path) as register:
        assert (register.copies, register.refusals, register.sheet(paul.key)) == (1, 1, None)
    assert run(tmp_path, paul) == [handed(), paul]
    assert run(tmp_path) == [handed(), paul]


@pytest.mark.parametrize("fresh", [False, True])
def test_a_damaged_copy_leaves_with_what_is_forgotten(tmp_path: Path, fresh: bool):
    run(tmp_path, handed(), LEA)
    write_outside(tmp_path / FILE, "UPDATE copy SET content = x'00ff' WHERE key = ?", LEA.key)
    with Register(tmp_path) as register:
        (told,) = [one for one in register if isinstance(one, Rejection)]
        assert "La copie d’un élève," in told.text
        if fresh:
            register.add_all([refused("a.pdf")], fresh=True)
            assert len(list(register)) == 2, "nothing is forgotten for nothing new"
            register.add_all([handed()], fresh=True)
        else:
            register.forget([], [], [told.file], [])
        assert list(register) == [handed()]
    assert run(tmp_path) == [handed()]


def test_the_name_is_the_one_that_the_last_results_told(tmp_path: Path):
    run(tmp_path, handed())
    with Register(tmp_path) as register:
        register.tell([Told("igarnier", A6, handed().key, {"nom": "Inès Garnier"})], {}, [])
    write_outside(tmp_path / FILE, "UPDATE copy SET content = '{'")
    assert "copie de «\u00a0Inès Garnier\u00a0» (activité 6)" in run(tmp_path)[0].text  # type: ignore[union-attr]


def test_a_damaged_earlier_result_is_told_and_costs_no_mark(tmp_path: Path):
    run(tmp_path, handed())
    one = Told("igarnier", A6, handed().key, {"nom": "Inès Garnier"})
    with Register(tmp_path) as register:
        register.tell([one], {}, [])
        assert register.remarks == []
    write_outside(tmp_path / FILE, "UPDATE told SET content = '{}'")
    with Register(tmp_path) as register:
        assert (list(register), list(register.told())) == ([handed()], [])
        assert "1\u00a0résultat de la correction précédente est abîmé" in register.remarks[0]
        register.tell([one], {}, [])
        assert register.remarks == []
    with Register(tmp_path) as register:
        assert (register.remarks, list(register.told())) == ([], [one])


def test_no_single_byte_changes_anything_in_silence(tmp_path: Path):
    """A sample of what benchmarks/registre_octets.py does."""
    bytes_ = benchmark("registre_octets")
    found = list(bytes_.trials(bytes_.make_register(tmp_path, 3), 60, seed=3))
    assert [one for one in found if one[2] == bytes_.SILENT] == []
    assert {one[2] for one in found} == {bytes_.UNCHANGED, bytes_.TOLD, bytes_.REFUSED}


def benchmark(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- an old register --------------------------------------------------------------------------------------------------


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder of results as version 1 of the register left it: the statements that make its file."""
    folder = tmp_path / "ancien"
    folder.mkdir()
    script = (Path(__file__).parent / "cases" / "registre-version-1.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(folder / FILE)) as connection:
        connection.executescript(script)
    return folder


def test_a_register_of_version_1_is_read_whole(old: Path):
    with Register(old) as register:
        assert [(type(one), one.file.split("/")[1]) for one in register] == [
            (HandedIn, "Inès Garnier_11_assignsubmission_file"),
            (HandedIn, "Paul Benali_12_assignsubmission_file"),
            (Rejection, "Léa Roux_13_assignsubmission_file"),
        ]
        assert register.kept_marks()["igarnier", "09_essai", "A9-Q2"].mark == ManualMark(9.5, "Bien vu.")
        assert set(register.said("feuille")) == {("igarnier", "09_essai", "A9-Q2")}
        assert [(one.student, one.content["note"]) for one in register.told()] == [("igarnier", 17.5), ("pbenali", 0.0)]
        assert register.pseudonyms() == {"mdupont": 1, "pbenali": 2, "igarnier": 3}
        assert (register.fact(LAST_TIME), len(register.fact("secret"))) == ("2026-11-29", 64)
        assert {"retours/ines-garnier.html", "moodle/retours-devoir.zip", "differences.txt"} < set(register.written())
    write_outside(old / FILE, "UPDATE copy SET content = replace(content, '42', '41')")
    assert "COPIE-ABIMEE" in [one.code for one in run(old) if isinstance(one, Rejection)], "sealed when it was opened"


def test_a_class_of_version_1_goes_on(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    use_workbook(monkeypatch)
    roster = tmp_path / "classe.csv"
    roster.write_text("identifiant;nom;prenom\nigarnier;Garnier;Inès\npbenali;Benali;Paul\n", encoding="utf-8")
    late = handed_in(tmp_path, {"Paul Benali": (12, essay("Paul Benali", "pbenali"))}, "Devoir (1).zip")
    assert main(["corriger", "--sortie", str(old), "--pseudonymes"]) == 0
    assert "La dernière fois, vous aviez donné --classe" in capsys.readouterr().out
    assert main(["corriger", str(late), "--sortie", str(old), "--classe", str(roster)]) == 0
    copies = json.loads((old / "resultats.json").read_bytes())["copies"]
    assert {one["eleve"]["identifiant"]: one["note"] for one in copies} == {"igarnier": 17.5, "pbenali": 8.0}
    assert (old / "pseudonymes" / "retours" / "eleve-03.html").exists()
    assert main(["purger", str(old), "--conservation", "1 jour", "--au", "2099-01-01", "--oui"]) == 0
    assert list(old.iterdir()) == []


# --- ugly contents ----------------------------------------------------------------------------------------------------


def test_texts_that_no_encoding_likes_come_back_as_they_were(tmp_path: Path):
    answers = {"A6-Q1": {"colonnes": ["\ud800", "\x00", "é" * 10_000], "lignes": [["=1+1", "'; DROP TABLE copy; --"]]}}
    one = HandedIn(
        "'; DROP TABLE copy; --.ipynb",
        Guess("\udcff", "1", "caf\udce9.zip", "\udcff_1_assignsubmission_file_"),
        AnswerSheet.from_metadata(sheet(A6, answers, name="Zoé\x00")),
    )
    assert run(tmp_path, one) == [one]
    assert run(tmp_path, one) == [one]
