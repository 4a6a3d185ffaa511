"""Results without names: no file of the export holds one, whatever place it came from; and the numbers are stable."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import main
from autograder.register import Register
from tests.sample_copies import A4, A6, archive, copy, key_answers, moodle
from tests.sample_results import A9, NUMBER, OPEN, use_workbook

ROSTER = """identifiant;nom;prenom;courriel
igarnier;Garnier;Inès;ines.garnier@lycee.example
20268841;D'Almeida;Kévin;kevin@lycee.example
zpetit;=Petit;Zoé;zp@lycee.example
mdupont;Dupont;Marc;marc.dupont@lycee.example
"""
SECRETS = (
    "inès", "garnier", "igarnier", "almeida", "kévin", "20268841", "zpetit", "=petit", "marc", "dupont", "benali",
    "pbenali", "lycee.example", "48210", "48217", "48224", "48231", "remise.zip", "devoir de léa", "léa", "roux",
    "assignsubmission", "mon devoir",
)  # fmt: skip


@pytest.fixture
def remise(tmp_path: Path) -> Path:
    """Students of the list, strangers, contradictions, refusals: all that can put a name in a sentence."""
    wrong = {"A6-Q1": {"colonnes": ["id_contact", "R"], "lignes": [["1", "0"]]}}
    members = {
        moodle("Inès Garnier", 48210): copy(),
        moodle("Inès Garnier", 48210, "mon devoir (1).ipynb"): copy(A6, wrong, date="2026-11-01"),
        moodle("Inès Garnier", 48210, f"{A4}.ipynb"): copy(A4),
        moodle("Kévin DAlmeida", 48217): copy(name="Inès Garnier", identifier="igarnier"),
        moodle("Zoé =Petit", 48224): copy(A6, wrong, name="Zoé =Petit", identifier="zpetit"),
        moodle("Paul Benali", 48231): copy(A6, name="Paul Benali", identifier="pbenali"),
        moodle("Léa Roux", 48238, "devoir de Léa.pdf"): b"%PDF",
    }
    path = tmp_path / "remise.zip"
    path.write_bytes(archive(members))
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    assert main(["corriger", *map(str, arguments)]) == 0
    return re.sub(r"\u00a0", " ", capsys.readouterr().out)


def texts(path: Path) -> str:
    """All the text of a file, those inside an XLSX or a ZIP included, and its own name."""
    content = path.read_bytes()
    if path.suffix in (".xlsx", ".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    return f"{path.name}\n{content.decode('utf-8')}".casefold()


@pytest.fixture
def results(remise: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    roster = tmp_path / "classe.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    said = run(capsys, remise, "--sortie", tmp_path / "r", "--classe", roster, "--pseudonymes")
    assert "Pseudonymisé ne veut pas dire anonyme" in said
    return tmp_path / "r"


def exported(results: Path) -> list[Path]:
    return sorted(path for path in (results / "pseudonymes").rglob("*") if path.is_file())


def test_no_exported_file_names_anybody(results: Path):
    files = exported(results)
    assert [path.name for path in files if path.parent.name == "pseudonymes"] == [
        "classe.html", "notes.xlsx", "resultats.json",
    ]  # fmt: skip
    assert len(files) == 3 + 4
    for path in files:
        found = [secret for secret in SECRETS if secret in texts(path)]
        assert found == [], path


def test_the_search_for_names_can_fail(results: Path):
    """The same search finds all of them in the real results: those of the class list in the marks to copy."""
    real = [path for path in results.rglob("*") if path.is_file() and "pseudonymes" not in path.parts]
    content = "".join(texts(path) for path in real if path.suffix != ".sqlite3")
    assert [secret for secret in SECRETS if secret not in content] == []


def test_marks_verdicts_criteria_and_codes_are_the_same(results: Path):
    real = json.loads((results / "resultats.json").read_bytes())
    hidden = json.loads((results / "pseudonymes" / "resultats.json").read_bytes())

    def marks(document: Any) -> list[str]:
        """Every copy, without what its messages say."""
        for message in (
            m for one in document["copies"] for q in one["questions"] for c in q["criteres"] for m in c["messages"]
        ):
            del message["texte"], message["lignes"]
        return sorted(json.dumps([one["activite"], one["note"], one["questions"]]) for one in document["copies"])

    assert marks(real) == marks(hidden)
    assert [(one["fichier"], one["code"]) for one in hidden["rejets"]] == [("fichier-01", "PDF")]
    codes = sorted(item["code"] for one in hidden["copies"] for item in one["incidents"])
    assert codes == sorted(item["code"] for one in real["copies"] for item in one["incidents"])
    assert {"COPIES-MULTIPLES", "ELEVE-DIFFERENT", "HORS-LISTE"} <= set(codes)


def test_the_real_results_stay_as_they_are(
    results: Path, remise: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    run(capsys, remise, "--sortie", tmp_path / "s", "--classe", tmp_path / "classe.csv")
    for name in ("resultats.json", "classe.html", "notes.xlsx"):
        assert (results / name).read_bytes() == (tmp_path / "s" / name).read_bytes()
    assert not (tmp_path / "s" / "pseudonymes").exists()


def test_pseudonyms_are_stable_and_only_the_register_knows_them(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    before = {path.name: path.read_bytes() for path in exported(results)}
    with Register(results) as register:
        numbers = register.pseudonyms()
    assert sorted(numbers.values()) == [1, 2, 3, 4, 5]
    assert set(numbers) == {"igarnier", "20268841", "zpetit", "mdupont", "pbenali"}
    late = tmp_path / "retard.zip"
    late.write_bytes(archive({moodle("Marc Dupont", 48245): copy(name="Marc Dupont", identifier="mdupont")}))
    roster = ("--classe", tmp_path / "classe.csv")
    run(capsys, late, "--sortie", results, *roster, "--pseudonymes", "--correspondance")
    with Register(results) as register:
        assert register.pseudonyms() == numbers
    name = f"eleve-{numbers['igarnier']:02}.html"
    assert (results / "pseudonymes" / "retours" / name).read_bytes() == before[name]
    rows = list(csv.reader(io.StringIO((results / "correspondance.csv").read_text("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["pseudonyme", "identifiant", "nom"]
    assert [f"Élève {numbers['igarnier']:02}", "igarnier", "Inès Garnier"] in rows
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert "correspondance.csv" not in {path.name for path in exported(results)}


def test_the_order_of_the_numbers_is_another_one_in_another_register(
    remise: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """Five people: that four registers all deal the same order happens once in 1 728 000 times."""
    orders = set()
    roster = tmp_path / "classe.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    for number in range(4):
        folder = tmp_path / str(number)
        run(capsys, remise, "--sortie", folder, "--classe", roster, "--pseudonymes")
        with Register(folder) as register:
            orders.add(tuple(register.pseudonyms().items()))
    assert len(orders) > 1


def test_nothing_that_anybody_typed_is_exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A name typed in an answer, which a message quotes back; another one where rows and columns are named."""
    table = key_answers(A6)["A6-Q1"]
    rows = [["Chloé", *row[1:]] if number == 3 else row for number, row in enumerate(table["lignes"])]
    numbers = {"A4-Q3": {"taux": "Chloé", "conforme": "Chloé"}}
    path = tmp_path / "remise.zip"
    members = {
        moodle("Inès Garnier", 1): copy(A6, {"A6-Q1": {**table, "lignes": rows}, "Chloé": "x"}),
        moodle("Inès Garnier", 1, f"{A4}.ipynb"): copy(A4, numbers),
    }
    path.write_bytes(archive(members))
    run(capsys, path, "--sortie", tmp_path / "r", "--pseudonymes")
    assert "chloé" in texts(tmp_path / "r" / "retours" / "ines-garnier.html")
    files = exported(tmp_path / "r")
    assert [path.name for path in files if "chloé" in texts(path)] == []
    page = (tmp_path / "r" / "pseudonymes" / "classe.html").read_text(encoding="utf-8")
    assert "Récence (R)<br><code>A6-Q1" in page, "which mistakes were made is still told, by criterion and code"


def test_a_teachers_comment_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    from tests.correcting import give

    use_workbook(monkeypatch)
    path = tmp_path / "remise.zip"
    answers = {NUMBER: "42", OPEN: "La base vieillit."}
    path.write_bytes(archive({moodle("Inès Garnier", 1, "x.ipynb"): copy(A9, answers)}))
    run(capsys, path, "--sortie", tmp_path / "r")
    give(tmp_path / "r" / "reponses-ouvertes.xlsx", {"Inès Garnier": (9, "Chapeau bas, Inès !")})
    run(capsys, "--sortie", tmp_path / "r", "--pseudonymes")
    assert "chapeau bas, inès" in texts(tmp_path / "r" / "retours" / "ines-garnier.html")
    for exported_file in exported(tmp_path / "r"):
        assert not re.search("chapeau|inès|garnier", texts(exported_file)), exported_file
    hidden = json.loads((tmp_path / "r" / "pseudonymes" / "resultats.json").read_bytes())
    assert hidden["copies"][0]["note"] == 17.0


def test_pages_of_students_who_are_gone_are_removed(results: Path, remise: Path, capsys: pytest.CaptureFixture[str]):
    remise.write_bytes(archive({moodle("Inès Garnier", 48210): copy(A6, key_answers(A6))}))
    run(capsys, remise, "--sortie", results, "--recommencer", "--pseudonymes")
    assert len(list((results / "pseudonymes" / "retours").iterdir())) == 1
