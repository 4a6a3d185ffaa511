"""Finding copies: what is a copy, what is not, whose it is, and what each bad file is answered."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.intake import Refused, Rejection
from autograder.intake.archives import Limits
from autograder.intake.reading import read_sheet
from autograder.intake.submissions import Submission, count, find
from crc_lab.core.resources import activity_ids
from crc_lab.lab.workbook_copy import copy_workbook
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


def single(*inputs: Path) -> Submission:
    """The only copy there is, and nothing else."""
    one = only(*inputs)
    assert isinstance(one, Submission)
    return one


def rejected(*inputs: Path, limits: Limits | None = None) -> Rejection:
    """The only rejection there is, and nothing else."""
    one = only(*inputs, limits=limits)
    assert isinstance(one, Rejection)
    return one


def refusal(load_from: Submission | Rejection) -> str:
    """The code with which a submission's bytes are refused."""
    assert isinstance(load_from, Submission)
    with pytest.raises(Refused) as caught:
        load_from.load()
    return caught.value.code


# --- Moodle -----------------------------------------------------------------------------------------------------------

INES = "Inès Garnier_12345_assignsubmission_file"
LAYOUTS = {
    "folders": (f"{INES}/06_scorer.ipynb", "Inès Garnier", "12345", INES),
    "before Moodle 4.1": (f"{INES}_/06_scorer.ipynb", "Inès Garnier", "12345", f"{INES}_"),
    "flat": (f"{INES}_06_scorer.ipynb", "Inès Garnier", "12345", f"{INES}_"),
    "sub-folder": (f"{INES}/dossier/06_scorer.ipynb", "Inès Garnier", "12345", INES),
    "subject folder": (f"{INES}/06_scorer/06_scorer.ipynb", "Inès Garnier", "12345", INES),
    "below another folder": (f"Devoir/{INES}/06_scorer.ipynb", "Inès Garnier", "12345", INES),
    "blind": (
        "Participant_77_assignsubmission_file/a.ipynb", "Participant", "77", "Participant_77_assignsubmission_file",
    ),
    "blind, flat": (
        "Participant_77_assignsubmission_file_a.ipynb", "Participant", "77", "Participant_77_assignsubmission_file_",
    ),
    "team": ("Groupe 3_9_assignsubmission_file/a.ipynb", "Groupe 3", "9", "Groupe 3_9_assignsubmission_file"),
    "default team": (
        "Default group_assignsubmission_file/a.ipynb", "Default group", "", "Default group_assignsubmission_file",
    ),
    "default team in French": (
        "Groupe par défaut_assignsubmission_file_/a.ipynb", "Groupe par défaut", "",
        "Groupe par défaut_assignsubmission_file_",
    ),
    "digits in the name": (
        "Léa 2_BTS_41_assignsubmission_file/a.ipynb", "Léa 2 BTS", "41", "Léa 2_BTS_41_assignsubmission_file",
    ),
    "what Moodle keeps of a name": (
        "Kévin DAlmeida, dit =Kev;_8_assignsubmission_file/a.ipynb", "Kévin DAlmeida, dit =Kev;", "8",
        "Kévin DAlmeida, dit =Kev;_8_assignsubmission_file",
    ),
    "a very long name": (
        f"{'É' * 170}_8_assignsubmission_file/a.ipynb", "É" * 170, "8", f"{'É' * 170}_8_assignsubmission_file",
    ),
    "255 characters": (
        f"{'É' * 229}_81_assignsubmission_file/a.ipynb", f"{'É' * 100}…{'É' * 74}", "81",
        f"{'É' * 229}_81_assignsubmission_file",
    ),
    "right to left": ("\u202eعلي_8_assignsubmission_file/a.ipynb", "علي", "8", "\u202eعلي_8_assignsubmission_file"),
    "not composed": (
        "Ine\u0300s_8_assignsubmission_file/a.ipynb", "In\u00e8s", "8", "Ine\u0300s_8_assignsubmission_file",
    ),
    "not composed, flat": (
        "Ine\u0300s_8_assignsubmission_file_e\u0301.ipynb", "In\u00e8s", "8", "Ine\u0300s_8_assignsubmission_file_",
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_moodles_names_give_the_student_the_id_and_the_folder_byte_for_byte(tmp_path: Path, layout: str):
    path, name, number, folder = LAYOUTS[layout]
    one = single(written(tmp_path / "c.zip", archive({path: copy()})))
    assert (one.guess.name, one.guess.moodle_id, one.guess.folder) == (name, number, folder)
    assert one.guess.sure


def test_the_name_shown_is_the_place_in_the_archive(tmp_path: Path):
    one = single(written(tmp_path / "c.zip", archive({moodle("Inès Garnier"): copy()})))
    assert one.name == f"c.zip/{moodle('Inès Garnier')}"


@pytest.mark.parametrize("given", [".", INES, f"{INES}/06_scorer.ipynb", f"{INES}_/x", f"{INES}_06_scorer.ipynb"])
def test_moodles_folders_are_known_wherever_one_points(tmp_path: Path, given: str):
    file = f"{INES}_06_scorer.ipynb" if given.startswith(f"{INES}_06") else f"{INES}/06_scorer.ipynb"
    file = f"{INES}_/x/06_scorer.ipynb" if given.endswith("/x") else file
    written(tmp_path / "Devoir" / file, copy())
    one = single(tmp_path / "Devoir" / given)
    assert (one.guess.name, one.guess.moodle_id, one.guess.scope) == ("Inès Garnier", "12345", "Devoir")
    assert one.guess.folder == (f"{INES}_" if f"{INES}_" in file else INES)


def test_an_archive_downloaded_again_is_the_same_archive(tmp_path: Path):
    for name in ("tp-12.zip", "tp-12 (1).zip"):
        written(tmp_path / name, archive({moodle("A B", 7): copy()}))
    scopes = {one.guess.scope for one in found(tmp_path / "tp-12.zip", tmp_path / "tp-12 (1).zip")}  # type: ignore[union-attr]
    assert scopes == {"tp-12.zip"}


def test_an_extracted_moodle_archive_reads_the_same(tmp_path: Path):
    written(tmp_path / "classe" / moodle("Inès Garnier"), copy())
    one = single(tmp_path / "classe")
    assert (one.name, one.guess.name) == (f"classe/{moodle('Inès Garnier')}", "Inès Garnier")


def test_the_same_id_in_two_archives_is_not_the_same_student(tmp_path: Path):
    written(tmp_path / "tout" / "tp1.zip", archive({moodle("A B", 7): copy()}))
    written(tmp_path / "tout" / "tp2.zip", archive({moodle("C D", 7): copy()}))
    scopes = {one.guess.scope for one in found(tmp_path / "tout") if isinstance(one, Submission)}
    assert len(scopes) == 2


def test_a_zip_in_a_zip_is_opened_and_belongs_to_the_same_student(tmp_path: Path):
    inner = archive({"cahier-crc/06_scorer/06_scorer.ipynb": copy()})
    one = single(written(tmp_path / "c.zip", archive({moodle("Léa Roux", 5, "mon cahier.zip"): inner})))
    assert (one.guess.name, one.guess.moodle_id) == ("Léa Roux", "5")


@pytest.mark.parametrize(
    "inside",
    [
        f"Paul Benali_7_assignsubmission_file/{INES}/06_scorer.ipynb",
        "Paul Benali_7_assignsubmission_file/submitted/igarnier/06_scorer/06_scorer.ipynb",
        f"submitted/pbenali/06_scorer/{INES}/06_scorer.ipynb",
        "submitted/pbenali/06_scorer/submitted/igarnier/06_scorer/06_scorer.ipynb",
    ],
)
@pytest.mark.parametrize("zipped", [False, True])
def test_nobody_hands_in_under_the_name_of_a_folder_they_made(tmp_path: Path, inside: str, zipped: bool):
    files = {inside: copy()}
    if zipped:
        outer = inside.split("/")[: 3 if inside.startswith("submitted") else 1]
        files = {"/".join([*outer, "cahier.zip"]): archive({inside.split("/", len(outer))[-1]: copy()})}
    one = single(written(tmp_path / "c.zip", archive(files)))
    assert (one.guess.moodle_id, one.guess.identifier) in (("7", ""), ("", "pbenali"))


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (".ipynb_checkpoints/06_scorer-checkpoint.ipynb", "SAUVEGARDE-SEULE"),
        ("06_scorer/.ipynb_checkpoints/06_scorer-checkpoint.ipynb", "SAUVEGARDE-SEULE"),
        (".DS_Store", "RIEN-A-NOTER"),
        ("06_scorer/datasets/contacts_bruts.csv", "RIEN-A-NOTER"),
    ],
)
def test_a_students_folder_with_nothing_in_it_does_not_vanish(tmp_path: Path, inside: str, code: str):
    one = rejected(written(tmp_path / "c.zip", archive({moodle("Léa Roux", 5, inside): copy()})))
    assert (one.code, "Léa Roux" in one.file) == (code, True)
    assert ".ipynb_checkpoints" not in one.file
    assert one.text.endswith(".ipynb.")


def test_a_checkpoint_beside_its_notebook_is_silent(tmp_path: Path):
    paths = ("g/06_scorer.ipynb", "g/.ipynb_checkpoints/06_scorer-checkpoint.ipynb")
    for path in paths:
        written(tmp_path / "classe" / path, copy())
    assert [one.name for one in found(tmp_path / "classe")] == ["classe/g/06_scorer.ipynb"]  # type: ignore[union-attr]


# --- online text ------------------------------------------------------------------------------------------------------

EMPTY_PAGES = ("", "<p></p>", "<p dir='ltr'><br>&nbsp;</p>", "<html><head><title>x</title></head><body> </body></html>")


@pytest.mark.parametrize("name", ["onlinetext.html", "texteenligne.html"])
@pytest.mark.parametrize("joint", ["/", "_/", "_"])
@pytest.mark.parametrize("page", EMPTY_PAGES)
def test_an_empty_online_text_beside_a_notebook_is_silent(tmp_path: Path, name: str, joint: str, page: str):
    files = {
        moodle("Léa Roux", 5): copy(),
        f"Léa Roux_5_assignsubmission_onlinetext{joint}{name}": page.encode(),
    }
    single(written(tmp_path / "c.zip", archive(files)))


@pytest.mark.parametrize(
    "page", ["<p>Bonjour,</p>", "<p><img src='x.png'></p>", "<a href='https://x.example'></a>", "é", "<<<", "<p>42"]
)
@pytest.mark.parametrize("beside", [True, False])
def test_an_online_text_has_its_own_sentence_and_is_not_quoted(tmp_path: Path, page: str, beside: bool):
    files = {
        "Léa Roux_5_assignsubmission_onlinetext/texteenligne.html": page.encode(),
        "Léa Roux_5_assignsubmission_onlinetext/image.png": b"x",
    } | ({moodle("Léa Roux", 5): copy()} if beside else {})
    rejections = [one for one in found(written(tmp_path / "c.zip", archive(files))) if isinstance(one, Rejection)]
    if page == "<<<":
        assert [one.code for one in rejections] == ([] if beside else ["RIEN-A-NOTER"])
        return
    (one,) = rejections
    assert one.code == "TEXTE-EN-LIGNE"
    assert one.text == (
        "L’élève a écrit dans la zone de texte de Moodle : ce texte ne se note pas ici, lisez-le dans Moodle. "
        + ("Le carnet remis à côté, lui, est noté." if beside else "Demandez à l’élève le fichier .ipynb.")
    )


def test_a_huge_or_twisted_online_text_takes_no_time(tmp_path: Path):
    for page in (b"<" * 3_000_000, b"<head " * 500_000, b"<!--" * 500_000, b"<style>" * 400_000, b"&" * 2_000_000):
        files = {"Léa Roux_5_assignsubmission_onlinetext/texteenligne.html": page}
        assert len(found(written(tmp_path / "c.zip", archive(files)), limits=Limits(ratio=100_000))) == 1


# --- nbgrader's tree --------------------------------------------------------------------------------------------------

COURSE = {
    "submitted/igarnier/06_scorer/06_scorer.ipynb": copy(),
    "submitted/igarnier/06_scorer/timestamp.txt": b"2026-11-22 10:00:00 UTC",
    "submitted/igarnier/06_scorer/datasets/contacts_bruts.csv": b"x",
    "submitted/pbenali/06_scorer/sous-dossier/travail.ipynb": copy(),
    "submitted/vide/06_scorer/timestamp.txt": b"x",
    "source/06_scorer/06_scorer.ipynb": copy(),
    "release/06_scorer/06_scorer.ipynb": copy(),
    "autograded/igarnier/06_scorer/06_scorer.ipynb": copy(),
    "feedback/igarnier/06_scorer/06_scorer.html": b"x",
    "nbgrader_config.py": b"x",
    "gradebook.db": b"x",
}


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("given", ["", "submitted"])
def test_nbgraders_tree_gives_the_identifiers(tmp_path: Path, zipped: bool, given: str):
    for path, content in COURSE.items():
        written(tmp_path / "cours" / path, content)
    target = tmp_path / "cours" / given
    if zipped:
        prefix = "cours/" if not given else ""
        target = written(tmp_path / "cours.zip", archive({f"{prefix}{path}": c for path, c in COURSE.items()}))
    copies = [one for one in found(target) if isinstance(one, Submission)]
    assert [(one.guess.identifier, one.guess.name) for one in copies] == [
        ("igarnier", "igarnier"),
        ("pbenali", "pbenali"),
    ]
    (empty,) = [one for one in found(target) if isinstance(one, Rejection)]
    assert (empty.code, "vide" in empty.file) == ("RIEN-A-NOTER", True)


def test_a_course_where_nobody_has_handed_in_holds_no_copy(tmp_path: Path):
    for path, content in COURSE.items():
        if not path.startswith("submitted/"):
            written(tmp_path / "cours" / path, content)
    assert found(tmp_path / "cours") == []


@pytest.mark.parametrize("place", ["Paul Benali_7_assignsubmission_file/", "submitted/pbenali/06_scorer/"])
def test_what_a_student_calls_a_course_is_read_all_the_same(tmp_path: Path, place: str):
    files = {f"{place}gradebook.db": b"x", f"{place}source/06_scorer.ipynb": copy()}
    outcomes = found(written(tmp_path / "c.zip", archive(files)))
    assert [one.code if isinstance(one, Rejection) else "copie" for one in outcomes] == ["copie", "DONNEES"]


@pytest.mark.parametrize("given", ["igarnier", "igarnier/06_scorer", "igarnier/06_scorer/06_scorer.ipynb"])
def test_a_part_of_nbgraders_tree_gives_the_identifier_too(tmp_path: Path, given: str):
    written(tmp_path / "submitted" / "igarnier" / "06_scorer" / "06_scorer.ipynb", copy())
    one = single(tmp_path / "submitted" / given)
    assert one.guess.identifier == "igarnier"


def test_a_folder_called_submitted_is_no_tree_of_nbgrader(tmp_path: Path):
    written(tmp_path / "classe" / "submitted" / "dupont.ipynb", copy())
    one = single(tmp_path / "classe")
    assert (one.guess.identifier, one.guess.name) == ("", "dupont")


# --- the archives of a student ----------------------------------------------------------------------------------------


def test_what_completes_a_notebook_comes_first_even_from_another_archive_of_the_student(tmp_path: Path):
    inner = archive({"06_scorer/06_scorer.ipynb": copy(), "06_scorer/datasets/x.csv": b"x"})
    other = archive({"06_scorer.reponses.json": b"{}", "A6-Q1.xlsx": b"x"})
    files = {moodle("Léa Roux", 5, "cahier.zip"): inner, moodle("Léa Roux", 5, "reste.zip"): other}
    names = [one.name for one in found(written(tmp_path / "c.zip", archive(files)))]  # type: ignore[union-attr]
    assert [name.rsplit("/", 1)[-1] for name in names] == ["06_scorer.reponses.json", "A6-Q1.xlsx", "06_scorer.ipynb"]


def test_a_student_may_not_fill_the_memory_with_archives(tmp_path: Path):
    inner = archive({"a.ipynb": os.urandom(800)})
    files = {moodle("Léa Roux", 5, f"{n}.zip"): inner for n in range(3)}
    limits = Limits(file_bytes=1000)
    outcomes = found(written(tmp_path / "c.zip", archive(files)), limits=limits)
    assert [one.code for one in outcomes if isinstance(one, Rejection)] == ["ARCHIVE-TROP-GRANDE"]
    assert sum(isinstance(one, Submission) for one in outcomes) == 2


# --- names made to hurt -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["_" * 60_000, "a." * 30_000, "_1" * 30_000 + "_assignsubmission_", "copie" * 12_000])
def test_an_over_long_name_takes_no_time(tmp_path: Path, name: str):
    outcomes = found(written(tmp_path / "c.zip", archive({f"{name}.ipynb": copy()})))
    assert len(outcomes) == 1


# --- other inputs -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("dupont/06_scorer.ipynb", "dupont"),
        ("06_scorer_Dupont.ipynb", "Dupont"),
        ("Marie Dupont - 06_scorer (1).ipynb", "Marie Dupont"),
        ("Marie_Dupont.ipynb", "Marie Dupont"),
        ("06_scorer-Copy1.ipynb", "classe"),
        ("dupont/06_scorer/06_scorer-a-rendre.ipynb", "dupont"),
        ("dupont/A6-Q1 (2).xlsx", "dupont"),
        ("06_scorer-checkpoint.ipynb", "classe"),
    ],
)
def test_without_moodle_the_name_comes_from_the_file_or_its_folder(tmp_path: Path, path: str, name: str):
    written(tmp_path / "classe" / path, copy())
    one = single(tmp_path)
    assert one.guess.name == name


def test_what_systems_leave_behind_is_ignored(tmp_path: Path):
    for noise in (
        "__MACOSX/._06_scorer.ipynb", "~$notes.xlsx", "._x.ipynb", ".git/x.ipynb", "__pycache__/x.pyc",
        "Thumbs.db", ".DS_Store", "datasets/contacts_bruts.csv", "06_scorer/exercices.toml", "06_scorer/corrige.toml",
    ):  # fmt: skip
        written(tmp_path / noise, b"x")
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("copie.pdf", "PDF"), ("base.sqlite", "DONNEES"), ("capture.PNG", "IMAGE"), ("copie.docx", "TEXTE"),
        ("copie.html", "PAGE-WEB"), ("copie.rar", "ARCHIVE-INCONNUE"), ("copie.py", "PROGRAMME"),
        ("base.csv", "CSV"), ("copie", "AUTRE-FICHIER"), ("texteenligne.html", "TEXTE-EN-LIGNE"),
    ],
)  # fmt: skip
def test_each_other_kind_of_file_has_its_own_sentence(tmp_path: Path, name: str, code: str):
    one = rejected(written(tmp_path / name, b"x"))
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


def test_files_given_one_by_one_go_together_by_folder(tmp_path: Path):
    names = ("b/06_scorer.ipynb", "a/06_scorer.ipynb", "a/A6-Q1.xlsx")
    paths = [written(tmp_path / name, b"x") for name in names]
    copies = [one for one in found(*paths) if isinstance(one, Submission)]
    assert [(one.name, one.alone, one.beside) for one in copies] == [
        ("A6-Q1.xlsx", True, True),
        ("a/06_scorer.ipynb", True, True),
        ("b/06_scorer.ipynb", True, True),
    ]
    assert copies[0].group == copies[1].group != copies[2].group


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


def encrypted() -> bytes:
    content = bytearray(archive({"06_scorer.ipynb": b"secret"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    content[6] |= 1
    return bytes(content)


def zipped(content: bytes, times: int) -> bytes:
    """A notebook in an archive, in an archive…"""
    for _ in range(times):
        content = archive({"06_scorer.ipynb" if content.startswith(b"{") else "travail.zip": content})
    return content


LINK = {"create_system": 3, "external_attr": 0o120777 << 16}
REFUSED = {
    "a ZIP in a ZIP in a ZIP in a ZIP in a ZIP": (zipped(copy(), 5), Limits(), "ARCHIVE-IMBRIQUEE"),
    "an empty online text alone": (
        archive({"Léa Roux_5_assignsubmission_onlinetext/texteenligne.html": b"<p></p>"}), Limits(), "RIEN-A-NOTER",
    ),
    "too many files": (archive({f"{n}.ipynb": b"x" for n in range(4)}), Limits(members=3), "ARCHIVE-TROP-GRANDE"),
    "broken": (archive({"06_scorer.ipynb": copy()})[:-30], Limits(), "ARCHIVE-ILLISIBLE"),
    "a link": (archive({"06_scorer.ipynb": b"/etc/passwd"}, entry=LINK), Limits(), "LIEN"),
    "encrypted": (encrypted(), Limits(), "ARCHIVE-CHIFFREE"),
    "a bomb": (archive({"06_scorer.ipynb": bytes(2_000_000)}), Limits(ratio_from=1_000_000), "ARCHIVE-PIEGEE"),
    "a large file": (archive({"gros.ipynb": os.urandom(101)}), Limits(file_bytes=100), "FICHIER-TROP-GROS"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_an_archive_that_is_not_read_has_a_code(tmp_path: Path, case: str):
    content, limits, code = REFUSED[case]
    codes = [
        one.code if isinstance(one, Rejection) else refusal(one)
        for one in find([written(tmp_path / "c.zip", content)], limits=limits)
    ]
    assert codes == [code]


def test_names_that_climb_stay_inside(tmp_path: Path):
    names = ("../../../etc/06_scorer.ipynb", "/abs/06_scorer.ipynb", "C:\\temp\\06_scorer.ipynb")
    path = written(tmp_path / "c.zip", archive(dict.fromkeys(names, copy())))
    shown = {one.name for one in found(path) if isinstance(one, Submission)}
    assert shown == {"c.zip/etc/06_scorer.ipynb", "c.zip/abs/06_scorer.ipynb", "c.zip/temp/06_scorer.ipynb"}


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path):
    written(tmp_path / "classe" / "gros.ipynb", b"x" * 101)
    assert refusal(only(tmp_path / "classe", limits=Limits(file_bytes=100))) == "FICHIER-TROP-GROS"


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
    one = single(written(tmp_path / "c.zip", content.replace(name, wanted)))
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
    monkeypatch.setattr("autograder.intake.reading._sheet", kept.append)
    cells = [{"cell_type": "code", "source": "1/0", "outputs": [{"data": {"image/png": "x" * 1000}}], "metadata": {}}]
    read_sheet(notebook(sheet(answers={}), cells))
    (document,) = kept
    assert isinstance(document, dict)
    assert [list(cell) for cell in document["cells"]] == [["print"]]


def test_a_repeated_key_is_told():
    content = b'{"cells": [], "cells": [], "metadata": {"crc_lab": {"version": 1}}}'
    assert [incident.code for incident in read_sheet(content).incidents] == ["CARNET-CLES-DOUBLES"]


def test_strange_numbers_do_no_harm():
    digits = b"9" * 50_000
    content = b'{"cells": [], "metadata": {"crc_lab": {"a": NaN, "b": -Infinity, "c": ' + digits + b"}}}"
    assert read_sheet(content).sheet == {"a": None, "b": None, "c": digits.decode()}


def test_a_sidecar_is_read_as_it_is():
    assert read_sheet(b'{"version": 1, "activite": "06_scorer", "reponses": {}}').sheet["activite"] == A6


def test_the_files_of_the_workbook_are_no_copies(tmp_path):
    """A student hands in the folder as it is: of all that the workbook put there, the notebooks are looked at."""
    copy_workbook(tmp_path / "cahier")
    names = [one.name for one in found(tmp_path)]
    assert [name for name in names if not name.endswith(".ipynb")] == []
    assert len(names) == len(activity_ids())
