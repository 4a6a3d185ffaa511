"""Finding copies: what is a copy, what is not, whose it is, and what each bad file is answered."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from autograder.archives import Limits, Refused
from autograder.reading import read_sheet
from autograder.submissions import Rejection, Submission, count, find
from tests.sample_copies import A6, archive, copy, moodle, notebook, sheet


def written(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def found(*inputs: Path, limits: Limits | None = None, exclude: tuple[Path, ...] = ()) -> list[Submission | Rejection]:
    return list(find(inputs, exclude, limits))


def only(*inputs: Path, limits: Limits | None = None) -> Submission | Rejection:
    (one,) = found(*inputs, limits=limits)
    return one


def refusal(load_from: Submission | Rejection) -> str:
    """The code with which a submission's bytes are refused."""
    assert isinstance(load_from, Submission)
    with pytest.raises(Refused) as caught:
        load_from.load()
    return caught.value.code


# --- Moodle -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "Inès Garnier_12345_assignsubmission_file/06_scorer.ipynb",
        "Inès Garnier_12345_assignsubmission_file_/06_scorer.ipynb",
        "Inès Garnier_12345_assignsubmission_file_06_scorer.ipynb",
        "Inès Garnier_12345_assignsubmission_file/dossier/06_scorer.ipynb",
    ],
    ids=["folders", "before Moodle 4.1", "flat", "sub-folder"],
)
def test_moodles_names_give_the_student_and_the_id(tmp_path: Path, path: str):
    one = only(written(tmp_path / "c.zip", archive({path: copy()})))
    assert isinstance(one, Submission)
    assert (one.guess.name, one.guess.moodle_id) == ("Inès Garnier", "12345")
    assert one.name == f"c.zip/{path}"


def test_an_extracted_moodle_archive_reads_the_same(tmp_path: Path):
    written(tmp_path / "classe" / moodle("Inès Garnier"), copy())
    one = only(tmp_path / "classe")
    assert isinstance(one, Submission)
    assert (one.name, one.guess.name) == (f"classe/{moodle('Inès Garnier')}", "Inès Garnier")


def test_the_same_id_in_two_archives_is_not_the_same_student(tmp_path: Path):
    written(tmp_path / "tout" / "tp1.zip", archive({moodle("A B", 7): copy()}))
    written(tmp_path / "tout" / "tp2.zip", archive({moodle("C D", 7): copy()}))
    scopes = {one.guess.scope for one in found(tmp_path / "tout") if isinstance(one, Submission)}
    assert len(scopes) == 2


def test_a_zip_in_a_zip_is_opened_and_belongs_to_the_same_student(tmp_path: Path):
    inner = archive({"cahier-crc/06_scorer/06_scorer.ipynb": copy()})
    one = only(written(tmp_path / "c.zip", archive({moodle("Léa Roux", 5, "mon cahier.zip"): inner})))
    assert isinstance(one, Submission)
    assert (one.guess.name, one.guess.moodle_id) == ("Léa Roux", "5")


def test_a_zip_in_a_zip_in_a_zip_is_refused(tmp_path: Path):
    inner = archive({"b.zip": archive({"06_scorer.ipynb": copy()})})
    one = only(written(tmp_path / "c.zip", archive({"a.zip": inner})))
    assert isinstance(one, Rejection)
    assert one.code == "ARCHIVE-IMBRIQUEE"


def test_a_students_folder_with_nothing_in_it_does_not_vanish(tmp_path: Path):
    path = moodle("Léa Roux", 5, ".ipynb_checkpoints/06_scorer-checkpoint.ipynb")
    one = only(written(tmp_path / "c.zip", archive({path: copy()})))
    assert isinstance(one, Rejection)
    assert (one.code, "Léa Roux" in one.file) == ("RIEN-A-NOTER", True)


# --- other inputs -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("dupont/06_scorer.ipynb", "dupont"),
        ("06_scorer_Dupont.ipynb", "Dupont"),
        ("Marie Dupont - 06_scorer (1).ipynb", "Marie Dupont"),
        ("Marie_Dupont.ipynb", "Marie Dupont"),
        ("06_scorer-Copy1.ipynb", "classe"),
    ],
)
def test_without_moodle_the_name_comes_from_the_file_or_its_folder(tmp_path: Path, path: str, name: str):
    written(tmp_path / "classe" / path, copy())
    one = only(tmp_path)
    assert isinstance(one, Submission)
    assert one.guess.name == name


def test_what_systems_leave_behind_is_ignored(tmp_path: Path):
    for noise in (
        ".ipynb_checkpoints/06_scorer-checkpoint.ipynb", "__MACOSX/._06_scorer.ipynb", "~$notes.xlsx", "._x.ipynb",
        "Thumbs.db", ".DS_Store", "datasets/contacts_bruts.csv", "06_scorer/exercices.toml", "06_scorer/corrige.toml",
    ):  # fmt: skip
        written(tmp_path / noise, b"x")
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("copie.pdf", "PDF"), ("copie.xlsx", "EXCEL"), ("capture.PNG", "IMAGE"), ("copie.docx", "TEXTE"),
        ("texteenligne.html", "PAGE-WEB"), ("copie.rar", "ARCHIVE-INCONNUE"), ("copie.py", "PROGRAMME"),
        ("base.csv", "DONNEES"), ("copie", "AUTRE-FICHIER"),
    ],
)  # fmt: skip
def test_each_other_kind_of_file_has_its_own_sentence(tmp_path: Path, name: str, code: str):
    one = only(written(tmp_path / name, b"x"))
    assert isinstance(one, Rejection)
    assert one.code == code
    assert one.text.endswith("Demandez à l’élève le fichier .ipynb.")


def test_a_picture_beside_a_notebook_says_that_the_notebook_is_marked(tmp_path: Path):
    files = {moodle("Léa Roux", 5): copy(), moodle("Léa Roux", 5, "capture.png"): b"x"}
    _, picture = found(written(tmp_path / "c.zip", archive(files)))
    assert isinstance(picture, Rejection)
    assert picture.text.endswith("Le carnet remis à côté, lui, est noté.")


def test_the_order_is_that_of_the_names(tmp_path: Path):
    for name in ("b/06_scorer.ipynb", "a/06_scorer.ipynb", "a/04_qualifier.ipynb", "c.pdf"):
        written(tmp_path / "classe" / name, b"x")
    names = [one.name if isinstance(one, Submission) else one.file for one in found(tmp_path / "classe")]
    assert names == [
        "classe/c.pdf",
        "classe/a/04_qualifier.ipynb",
        "classe/a/06_scorer.ipynb",
        "classe/b/06_scorer.ipynb",
    ]


def test_the_same_file_given_twice_counts_once(tmp_path: Path):
    path = written(tmp_path / "06_scorer.ipynb", copy())
    assert len(found(path, tmp_path / "x" / ".." / "06_scorer.ipynb")) == 1


def test_two_inputs_of_one_name_are_told_apart(tmp_path: Path):
    paths = [written(tmp_path / who / "06_scorer.ipynb", copy()) for who in ("dupont", "martin")]
    names = [one.name for one in found(*paths) if isinstance(one, Submission)]
    assert names == ["dupont/06_scorer.ipynb", "martin/06_scorer.ipynb"]


def test_the_output_folder_is_left_out(tmp_path: Path):
    written(tmp_path / "06_scorer.ipynb", copy())
    written(tmp_path / "sortie" / "resultats.json", b"{}")
    assert len(found(tmp_path, exclude=(tmp_path / "sortie",))) == 1


def test_the_count_foresees_the_files(tmp_path: Path):
    written(tmp_path / "a" / "c.zip", archive({"x/1.ipynb": b"x", "y/2.pdf": b"x", "__MACOSX/z": b"x"}))
    written(tmp_path / "a" / "d.ipynb", b"x")
    written(tmp_path / "a" / "mauvais.zip", b"x")
    assert count([tmp_path / "a"]) == len(found(tmp_path / "a")) == 4


# --- hostile or broken containers -------------------------------------------------------------------------------------


def test_links_are_not_followed(tmp_path: Path):
    secret = written(tmp_path / "secret.ipynb", copy())
    (tmp_path / "classe").mkdir()
    try:
        (tmp_path / "classe" / "06_scorer.ipynb").symlink_to(secret)
        (tmp_path / "classe" / "dossier").symlink_to(tmp_path, target_is_directory=True)
    except OSError:
        pytest.skip("no symbolic links here")
    assert refusal(only(tmp_path / "classe")) == "LIEN"


def test_a_link_inside_an_archive_is_refused(tmp_path: Path):
    path = tmp_path / "c.zip"
    content = archive({"06_scorer.ipynb": b"/etc/passwd"}, entry={"create_system": 3, "external_attr": 0o120777 << 16})
    (one,) = find([written(path, content)])
    with zipfile.ZipFile(path):
        pass
    assert isinstance(one, Submission)
    result = [(type(item), refusal(item)) for item in find([path])]
    assert result == [(Submission, "LIEN")]


def test_names_that_climb_stay_inside(tmp_path: Path):
    names = ("../../../etc/06_scorer.ipynb", "/abs/06_scorer.ipynb", "C:\\temp\\06_scorer.ipynb")
    path = written(tmp_path / "c.zip", archive(dict.fromkeys(names, copy())))
    shown = {one.name for one in found(path) if isinstance(one, Submission)}
    assert shown == {"c.zip/etc/06_scorer.ipynb", "c.zip/abs/06_scorer.ipynb", "c.zip/temp/06_scorer.ipynb"}


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path):
    limits = Limits(file_bytes=100)
    path = written(tmp_path / "classe" / "gros.ipynb", b"x" * 101)
    assert refusal(only(tmp_path / "classe", limits=limits)) == "FICHIER-TROP-GROS"
    path.unlink()
    archived = written(tmp_path / "c.zip", archive({"gros.ipynb": os.urandom(101)}))
    assert [refusal(one) for one in find([archived], limits=limits)] == ["FICHIER-TROP-GROS"]


def test_a_bomb_is_refused_before_it_is_opened(tmp_path: Path):
    path = written(tmp_path / "c.zip", archive({"06_scorer.ipynb": bytes(2_000_000)}))
    limits = Limits(ratio_from=1_000_000)
    assert [refusal(one) for one in find([path], limits=limits)] == ["ARCHIVE-PIEGEE"]


def test_an_archive_has_a_budget(tmp_path: Path):
    path = written(tmp_path / "c.zip", archive({f"{n}/x.ipynb": os.urandom(60) for n in range(3)}))
    outcomes = []
    for one in find([path], limits=Limits(total_bytes=130)):
        assert isinstance(one, Submission)
        try:
            outcomes.append(str(len(one.load())))
        except Refused as error:
            outcomes.append(error.code)
    assert outcomes == ["60", "60", "ARCHIVE-TROP-GRANDE"]


def test_too_many_members_are_refused_at_once(tmp_path: Path):
    path = written(tmp_path / "c.zip", archive({f"{n}.ipynb": b"x" for n in range(4)}))
    one = only(path, limits=Limits(members=3))
    assert isinstance(one, Rejection)
    assert one.code == "ARCHIVE-TROP-GRANDE"


def test_an_encrypted_member_is_refused(tmp_path: Path):
    content = bytearray(archive({"06_scorer.ipynb": b"secret"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    content[6] |= 1
    path = written(tmp_path / "c.zip", bytes(content))
    assert [refusal(one) for one in find([path])] == ["ARCHIVE-CHIFFREE"]


def test_a_broken_archive_is_one_rejection(tmp_path: Path):
    one = only(written(tmp_path / "c.zip", archive({"06_scorer.ipynb": copy()})[:-30]))
    assert isinstance(one, Rejection)
    assert one.code == "ARCHIVE-ILLISIBLE"


def test_a_broken_member_does_not_stop_the_others(tmp_path: Path):
    content = bytearray(archive({"a/1.ipynb": os.urandom(400), "b/2.ipynb": b"{}"}))
    content[100:120] = bytes(20)
    outcomes = []
    for one in find([written(tmp_path / "c.zip", bytes(content))]):
        assert isinstance(one, Submission)
        try:
            outcomes.append(one.load())
        except Refused as error:
            outcomes.append(error.code)
    assert outcomes == ["ARCHIVE-ILLISIBLE", b"{}"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp850"])
def test_accents_survive_archives_made_without_the_utf8_flag(tmp_path: Path, encoding: str):
    content = archive({"In@s/06_scorer.ipynb": copy()})
    letter = "è".encode(encoding)
    name = b"In@s/06_scorer.ipynb"
    wanted = name.replace(b"@", letter)
    if len(letter) == 2:  # the same length, so that the archive stays whole
        content, name, wanted = (
            archive({"In@@s/06_scorer.ipynb": copy()}),
            b"In@@s/06_scorer.ipynb",
            b"In" + letter + wanted[4:],
        )
    one = only(written(tmp_path / "c.zip", content.replace(name, wanted)))
    assert isinstance(one, Submission)
    assert one.name == "c.zip/Inès/06_scorer.ipynb"


# --- reading ----------------------------------------------------------------------------------------------------------

TEXT = notebook(sheet(answers={"A6-Q1": "é"})).decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_a_notebook_is_read_in_any_usual_encoding(encoding: str):
    read = read_sheet(TEXT.encode(encoding))
    assert read.sheet["reponses"]["A6-Q1"]["valeur"] == "é"
    assert [incident.code for incident in read.incidents] == (["CARNET-ENCODAGE"] if encoding == "cp1252" else [])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "CARNET-VIDE"),
        (b" \n\t", "CARNET-VIDE"),
        (TEXT.encode()[:-40], "CARNET-TRONQUE"),
        (TEXT.encode()[: len(TEXT) // 2], "CARNET-TRONQUE"),
        (b"{not json}", "CARNET-ILLISIBLE"),
        (b"<!doctype html><title>Connexion</title>", "PAS-UN-CARNET"),
        (b"%PDF-1.7\n\x80", "PAS-UN-CARNET"),
        (b"PK\x03\x04xxxx", "PAS-UN-CARNET"),
        (b"[1, 2]", "PAS-UN-CARNET"),
        (b'{"a": 1}', "PAS-UN-CARNET"),
        (b"42", "PAS-UN-CARNET"),
        (b"null", "PAS-UN-CARNET"),
        (b'{"cells": [], "metadata": {}}', "FEUILLE-ABSENTE"),
        (b'{"cells": [], "metadata": null}', "FEUILLE-ABSENTE"),
        (b"[" * 100_000, "CARNET-ILLISIBLE"),
        (b'{"cells":\n<<<<<<< HEAD\n[]\n=======\n[1]\n>>>>>>> autre\n}', "CARNET-CONFLIT"),
    ],
)
def test_each_unreadable_file_has_its_own_code(content: bytes, code: str):
    with pytest.raises(Refused) as caught:
        read_sheet(content)
    assert caught.value.code == code
    assert caught.value.text.endswith((".", ")."))


def test_cells_are_not_even_kept(monkeypatch: pytest.MonkeyPatch):
    kept: list[object] = []
    monkeypatch.setattr("autograder.reading._sheet", kept.append)
    cells = [{"cell_type": "code", "source": "1/0", "outputs": [{"data": {"image/png": "x" * 1000}}], "metadata": {}}]
    read_sheet(notebook(sheet(answers={}), cells))
    (document,) = kept
    assert isinstance(document, dict)
    assert document["cells"] == [{}]


def test_a_repeated_key_is_told():
    content = b'{"cells": [], "cells": [], "metadata": {"crc_lab": {"version": 1}}}'
    assert [incident.code for incident in read_sheet(content).incidents] == ["CARNET-CLES-DOUBLES"]


def test_strange_numbers_do_no_harm():
    digits = b"9" * 50_000
    content = b'{"cells": [], "metadata": {"crc_lab": {"a": NaN, "b": -Infinity, "c": ' + digits + b"}}}"
    assert read_sheet(content).sheet == {"a": None, "b": None, "c": digits.decode()}


def test_a_sidecar_is_read_as_it_is():
    assert read_sheet(b'{"version": 1, "activite": "06_scorer", "reponses": {}}').sheet["activite"] == A6
