"""What goes back to Moodle besides the worksheet: feedback ZIPs in its own folder names, a CSV for its gradebook."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.intake.keys import Bank
from autograder.marking import ClassResult
from autograder.marking.manual import ManualMark
from autograder.moodle import GRADEBOOK, moodle_names, write_moodle
from autograder.moodle.feedback import feedback_zips, gradebook_csv
from autograder.reports import Outputs
from tests.sample_copies import A4, A6, BANK, archive, copy, key_answers
from tests.sample_results import A9, OPEN, essay, handed_in, listed, result_of, use_workbook
from tests.test_moodle_worksheet import FRENCH, french_row


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Bank:
    return use_workbook(monkeypatch)


def zipped(folder: Path, members: Mapping[str, bytes], name: str = "Devoir RFM.zip") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(archive(members))
    return path


def pages(result: ClassResult) -> dict[str, list[str]]:
    """By ZIP, the names of what is in it."""
    found = {}
    for one in feedback_zips(result):
        with zipfile.ZipFile(io.BytesIO(one.content(result))) as opened:
            assert opened.testzip() is None
            found[one.name] = opened.namelist()
            assert list(one.pages) == found[one.name]
    return found


# --- feedback ZIPs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("member", "page"),
    [
        (
            "Élodie Le Goff_48210_assignsubmission_file/a.ipynb",
            "Élodie Le Goff_48210_assignsubmission_file/retour.html",
        ),
        ("Jo_1_assignsubmission_file_/TP/a.ipynb", "Jo_1_assignsubmission_file_/retour.html"),
        ("Jo  D_1_assignsubmission_file_a.ipynb", "Jo  D_1_assignsubmission_file_retour.html"),
        ("Participant_77_assignsubmission_file/a.ipynb", "Participant_77_assignsubmission_file/retour.html"),
        ("王小明_3_assignsubmission_file/a.ipynb", "王小明_3_assignsubmission_file/retour.html"),
    ],
)
def test_the_page_goes_where_moodle_looks_for_it(tmp_path: Path, bank: Bank, member: str, page: str):
    result = result_of(bank, zipped(tmp_path, {member: essay("Élodie Le Goff", "elegoff")}))
    assert pages(result) == {"retours-devoir-rfm.zip": [page]}
    # Moodle's own reading of the name: mod/assign/feedback/file/importziplib.php
    _, number, kind, plugin = page.split("/")[0].split("_", 4)[:4]
    assert (number.isdigit(), kind, plugin) == (True, "assignsubmission", "file")


def test_there_is_one_zip_per_assignment_with_the_copies_of_that_assignment_only(tmp_path: Path):
    four = zipped(tmp_path, {"Inès Garnier_7_assignsubmission_file/a.ipynb": copy(A4)}, "Devoir 4.zip")
    six = zipped(tmp_path, {"Inès Garnier_900_assignsubmission_file/a.ipynb": copy(A6)}, "Devoir 6.zip")
    result = result_of(BANK, four, six)
    contents = {one.name: one.content(result) for one in feedback_zips(result)}
    assert sorted(contents) == ["retours-devoir-4.zip", "retours-devoir-6.zip"]
    with zipfile.ZipFile(io.BytesIO(contents["retours-devoir-4.zip"])) as opened:
        assert opened.namelist() == ["Inès Garnier_7_assignsubmission_file/retour.html"]
        page = opened.read(opened.namelist()[0]).decode()
    assert "Activité 4" in page
    assert "Activité 6" not in page


def test_several_files_of_one_student_make_one_page(tmp_path: Path):
    members = {f"Inès Garnier_7_assignsubmission_file/{name}.ipynb": copy(name) for name in (A4, A6)}
    result = result_of(BANK, zipped(tmp_path, members))
    (one,) = feedback_zips(result)
    with zipfile.ZipFile(io.BytesIO(one.content(result))) as opened:
        (name,) = opened.namelist()
        page = opened.read(name).decode()
    assert "Activité 4" in page
    assert "Activité 6" in page


@pytest.mark.parametrize("group", ["Groupe A_12", "Groupe par défaut", "Default group"])
def test_a_groups_page_is_left_out_and_said_because_moodle_would_give_it_to_somebody(
    tmp_path: Path, bank: Bank, group: str
):
    members = {f"{group}_assignsubmission_file/a.ipynb": essay("Zoé Petit", "zpetit")}
    (one,) = feedback_zips(result_of(bank, zipped(tmp_path, members)))
    assert not one.pages
    ((name, why),) = one.left_out
    assert "groupe" in why
    outputs = Outputs(tmp_path / "r")
    told = write_moodle(result_of(bank, tmp_path / "Devoir RFM.zip"), outputs)
    assert any(name in sentence and "à donner vous-même" in sentence for sentence in told)
    assert not list((tmp_path / "r").rglob("*.zip"))


@pytest.mark.parametrize("folder", ["Zo\udce9 Petit_2_assignsubmission_file", "Zoé..Petit_2_assignsubmission_file"])
def test_a_folder_that_moodle_did_not_name_is_left_out_and_said(tmp_path: Path, bank: Bank, folder: str):
    result = result_of(bank, handed_in(tmp_path, {"Zoé Petit": (2, essay("Zoé Petit", "zpetit"))}))
    (student,) = result.students
    ((name, one),) = student.copies.items()
    guess = replace(one.identity.guess, folder=folder)
    moved = replace(student, copies={name: replace(one, identity=replace(one.identity, guess=guess))})
    (zipped,) = feedback_zips(replace(result, students=(moved,)))
    assert zipped.left_out == (("Zoé Petit", "le nom de son dossier n’est pas de ceux que Moodle écrit"),)


def test_copies_that_moodle_did_not_pack_make_no_zip(tmp_path: Path, bank: Bank):
    (tmp_path / "z.ipynb").write_bytes(essay("Zoé Petit", "zpetit"))
    assert list(feedback_zips(result_of(bank, tmp_path / "z.ipynb"))) == []


def test_the_same_copies_give_the_same_zip(tmp_path: Path, bank: Bank):
    people = {"Zoé Petit": (2, essay("Zoé Petit", "zpetit")), "Inès Garnier": (1, essay("Inès Garnier", "igarnier"))}
    result = result_of(bank, handed_in(tmp_path, people))
    first, second = ([one.content(result) for one in feedback_zips(result)] for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first[0])) as opened:
        assert opened.namelist() == sorted(opened.namelist())
        assert {entry.date_time for entry in opened.infolist()} == {(2026, 11, 1, 0, 0, 0)}


def test_names_of_archives_never_clash_nor_lead_elsewhere(tmp_path: Path, bank: Bank):
    names = ["CON.zip", "a b.zip", "a-b.zip", "李.zip"]
    for number, name in enumerate(names):
        member = f"P{number}_{number}_assignsubmission_file/a.ipynb"
        zipped(tmp_path, {member: essay(f"P{number}", f"p{number}")}, name)
    found = [one.name for one in feedback_zips(result_of(bank, *(tmp_path / name for name in names)))]
    assert len(set(found)) == 4
    assert all(re.fullmatch(r"retours-[^\\/:*?\"<>|]+\.zip", name) for name in found)


# --- gradebook CSV ----------------------------------------------------------------------------------------------------


def table(result: ClassResult) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(gradebook_csv(result).decode("utf-8"), newline="")))


def test_the_gradebook_csv_has_a_mark_and_a_feedback_column_per_activity(tmp_path: Path):
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "a.ipynb").write_bytes(copy(A4))
    (tmp_path / "c" / "b.ipynb").write_bytes(copy(A6, {"A6-X1": "x"}, name="Paul Benali", identifier="pb"))
    rows = table(result_of(BANK, tmp_path / "c"))
    assert list(rows[0]) == [
        "Identifiant", "Nom complet", "Activité 4 (note sur 20)", "Activité 4 (feedback)", "Activité 6 (note sur 20)",
        "Activité 6 (feedback)",
    ]  # fmt: skip
    assert [row["Nom complet"] for row in rows] == ["Paul Benali", "Inès Garnier"]
    assert [row["Activité 4 (note sur 20)"] for row in rows] == ["", "20"]
    assert rows[0]["Activité 6 (note sur 20)"] == "0"
    assert "activité 6" in rows[0]["Activité 6 (feedback)"]
    assert rows[1]["Activité 6 (feedback)"] == ""


def test_marks_have_a_point_and_addresses_come_from_the_class_list(tmp_path: Path, bank: Bank):
    handed = handed_in(tmp_path, {"Zoé Petit": (2, essay("Zoé Petit", "zpetit"))})
    manual = {("zpetit", A9, OPEN): ManualMark(4.5)}
    roster = listed(("Zoé", "Petit"), ("Jean", "Martin"))
    (row,) = table(result_of(bank, handed, manual=manual, roster=roster))
    assert row["Adresse de courriel"] == "zoé.petit@ecole.example"
    assert row["Activité 9 (note sur 20)"] == "12.5"


def test_a_provisional_mark_is_not_exported(tmp_path: Path, bank: Bank):
    (row,) = table(result_of(bank, handed_in(tmp_path, {"Zoé Petit": (2, essay("Zoé Petit", "zpetit"))})))
    assert (row["Activité 9 (note sur 20)"], row["Activité 9 (feedback)"]) == ("", "")


# --- all together -----------------------------------------------------------------------------------------------------


def test_everything_is_written_and_its_names_are_known_before(tmp_path: Path, bank: Bank):
    handed = handed_in(tmp_path, {"Zoé Petit": (48212, essay("Zoé Petit", "zpetit", answer=None))})
    result = result_of(bank, handed)
    sheets = [tmp_path / "Notes.csv", tmp_path / "autre" / "NOTES.csv"]
    for path in sheets:
        path.parent.mkdir(exist_ok=True)
        path.write_text(FRENCH + french_row(48212, "Zoé Petit"), encoding="utf-8")
    outputs = Outputs(tmp_path / "r")
    told = write_moodle(result, outputs, sheets)
    names = moodle_names(result, outputs.folder, sheets)
    assert names == (
        "moodle/Notes.csv", "moodle/NOTES (2).csv", "moodle/retours-devoir.zip", f"moodle/{GRADEBOOK}",
    )  # fmt: skip
    assert outputs.names == sorted(names)
    assert outputs.problems == []
    assert all((outputs.folder / name).is_file() for name in names)
    assert sum("Autorise la modification" in sentence for sentence in told) == 1


def test_a_worksheet_of_the_output_folder_itself_is_not_touched(tmp_path: Path, bank: Bank):
    result = result_of(bank, handed_in(tmp_path, {"Zoé Petit": (48212, essay("Zoé Petit", "z", answer=None))}))
    source = tmp_path / "moodle" / "Notes.csv"
    source.parent.mkdir()
    source.write_text(FRENCH + french_row(48212, "Zoé Petit"), encoding="utf-8")
    before = source.read_bytes()
    outputs = Outputs(tmp_path)
    write_moodle(result, outputs, [source])
    assert "moodle/Notes (2).csv" in outputs.names
    assert source.read_bytes() == before


def test_one_file_that_fails_keeps_no_other_from_being_written(tmp_path: Path, bank: Bank):
    result = result_of(bank, handed_in(tmp_path, {"Zoé Petit": (48212, essay("Zoé Petit", "z", answer=None))}))
    good, bad = tmp_path / "Notes.csv", tmp_path / "photo.csv"
    good.write_text(FRENCH + french_row(48212, "Zoé Petit"), encoding="utf-8")
    bad.write_bytes(b"\x89PNG")
    (tmp_path / "r" / "moodle" / GRADEBOOK).mkdir(parents=True)
    outputs = Outputs(tmp_path / "r")
    assert write_moodle(result, outputs, [bad, good])[0].startswith("Notes.csv")
    assert outputs.names == ["moodle/Notes.csv", "moodle/retours-devoir.zip"]
    assert ["photo.csv" in str(problem) or GRADEBOOK in str(problem) for problem in outputs.problems] == [True, True]


def test_our_old_zips_go_and_those_of_others_stay(tmp_path: Path, bank: Bank):
    first = result_of(bank, handed_in(tmp_path, {"Zoé Petit": (2, essay("Zoé Petit", "z"))}, "Ancien.zip"))
    write_moodle(first, Outputs(tmp_path / "r"))
    folder = tmp_path / "r" / "moodle"
    (folder / "retours-a-moi.zip").write_bytes(archive({"x": b"y"}))
    (folder / "retours-abime.zip").write_bytes(b"PK")
    second = result_of(bank, handed_in(tmp_path, {"Zoé Petit": (2, essay("Zoé Petit", "z"))}, "Nouveau.zip"))
    write_moodle(second, Outputs(tmp_path / "r"))
    assert sorted(path.name for path in folder.glob("*.zip")) == [
        "retours-a-moi.zip", "retours-abime.zip", "retours-nouveau.zip",
    ]  # fmt: skip


def test_a_blank_copy_has_a_zero_and_what_to_work_on(tmp_path: Path):
    (tmp_path / "a.ipynb").write_bytes(copy(A4, {**dict.fromkeys(key_answers(A4), ""), "A4-X1": "x"}))
    (row,) = table(result_of(BANK, tmp_path / "a.ipynb"))
    assert "À travailler d’abord" in row["Activité 4 (feedback)"]
    assert row["Activité 4 (note sur 20)"] == "0"
