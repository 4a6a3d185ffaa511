"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from autograder.intake import Rejection
from autograder.intake.archives import Archive, Limits
from autograder.intake.places import HEAD, Form, form_of, form_of_zip, perhaps_of_office
from autograder.intake.submissions import Submission, find
from tests.sample_copies import archive, copy, moodle, sheet

NOTEBOOK = copy().decode()
FORMS = {
    "notebook": (NOTEBOOK.encode(), Form.JSON),
    "notebook after marks and lines": (b"\xef\xbb\xbf\r\n \x00" + NOTEBOOK.encode(), Form.JSON),
    "UTF-16": (NOTEBOOK.encode("utf-16"), Form.JSON),
    "UTF-16 without its mark": (NOTEBOOK.encode("utf-16-le"), Form.JSON),
    "UTF-16 the other way": (NOTEBOOK.encode("utf-16-be"), Form.JSON),
    "sheet of answers": (json.dumps(sheet()).encode(), Form.SHEET),
    "empty": (b"", Form.EMPTY),
    "nothing but nulls and lines": (bytes(900) + b"\r\n", Form.EMPTY),
    "ZIP": (archive({"06_scorer.ipynb": b"{}"}), Form.ZIP),
    "RAR": (b"Rar!\x1a\x07\x01\x00", Form.RAR),
    "7z": (b"7z\xbc\xaf\x27\x1c\x00\x04", Form.SEVEN),
    "gzip": (b"\x1f\x8b\x08\x00", Form.PACKED),
    "tar": (b"06_scorer.ipynb".ljust(257, b"\x00") + b"ustar", Form.PACKED),
    "PDF": (b"%PDF-1.4\n", Form.PDF),
    "page": (b"\n<!DOCTYPE html><html>", Form.PAGE),
    "page without a type": (b"<HEAD><title>Connexion</title>", Form.PAGE),
    "XHTML": (b'<?xml version="1.0"?>\n<html xmlns="x">', Form.PAGE),
    "RTF": (b"{\\rtf1\\ansi}", Form.DOCUMENT),
    "JPEG": (b"\xff\xd8\xff\xe1", Form.IMAGE),
    "HEIC": (b"\x00\x00\x00\x18ftypheic\x00", Form.IMAGE),
    "WebP": (b"RIFF\x10\x00\x00\x00WEBPVP8 ", Form.IMAGE),
    "GIF": (b"GIF89a\x01", Form.IMAGE),
    "film": (b"\x00\x00\x00\x18ftypmp42\x00", Form.FILM),
    "old Office": (bytes.fromhex("d0cf11e0a1b11ae1"), Form.OLD_OFFICE),
    "Git's pointer": (b"version https://git-lfs.github.com/spec/v1\n", Form.SHORTCUT),
    "Windows' link": (b"[InternetShortcut]\r\nURL=https://a.fr", Form.SHORTCUT),
    "Windows' other link": (b"\x4c\x00\x00\x00\x01\x14\x02\x00\x00", Form.SHORTCUT),
    "macOS's link": (
        b'<?xml version="1.0"?>\n<!DOCTYPE plist PUBLIC "x">\n<plist><key>URL</key></plist>', Form.SHORTCUT,
    ),
    "iCloud's": (b"bplist00\xd3NSURLNameKey", Form.SHORTCUT),
    "Google's": (b'{"":"WARNING!","doc_id":"1","email":"a@b.fr"}', Form.SHORTCUT),
    "Google's old one": (b'{"url": "https://docs.google.com/open?id=1", "doc_id": "1"}', Form.SHORTCUT),
    "text": (b"Bonjour, voici mon travail.", Form.UNKNOWN),
    "program": (b"import pandas\n", Form.UNKNOWN),
    "not JSON": (b"{not json}", Form.UNKNOWN),
    "one line": (b"x", Form.UNKNOWN),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_the_first_bytes_say_what_a_file_is(name: str):
    content, form = FORMS[name]
    assert form_of(content[:HEAD], whole=len(content) <= HEAD) is form


ZIPS = {
    "workbook": (("[Content_Types].xml", "xl/workbook.xml"), Form.WORKBOOK),
    "binary workbook": (("_rels/.rels", "xl/workbook.bin"), Form.WORKBOOK),
    "Word": (("[Content_Types].xml", "word/document.xml"), Form.DOCUMENT),
    "slides": (("docProps/app.xml", "ppt/presentation.xml"), Form.DOCUMENT),
    "Pages": (("Index/Document.iwa", "preview.jpg"), Form.DOCUMENT),
    "Numbers": (("Index/Document.iwa", "Index/CalculationEngine.iwa"), Form.WORKBOOK),
    "a student's own folder called data": (("data/06_scorer.ipynb",), Form.ZIP),
}  # fmt: skip


@pytest.mark.parametrize("name", ZIPS)
def test_office_files_are_told_from_archives(name: str):
    names, form = ZIPS[name]
    content = archive(dict.fromkeys(names, b"x"))
    assert perhaps_of_office(content[:HEAD])
    assert form_of_zip(content) is form
    assert form_of_zip(content[:-20]) is Form.UNKNOWN


def test_an_open_document_says_its_kind():
    kinds = {"spreadsheet": Form.WORKBOOK, "text": Form.DOCUMENT}
    for kind, form in kinds.items():
        content = archive({"mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(), "content.xml": b"x"})
        assert form_of_zip(content) is form


def loaded(path: Path, limits: Limits | None = None) -> list[tuple[Submission, bytes]]:
    """The copies found, each with its bytes."""
    return [(one, one.load()) for one in find([path], limits=limits) if isinstance(one, Submission)]


# --- names ------------------------------------------------------------------------------------------------------------


def unicode_path(shown: str, name: bytes) -> bytes:
    value = b"\x01" + struct.pack("<L", zlib.crc32(name)) + shown.encode()
    return struct.pack("<HH", 0x7075, len(value)) + value


def test_the_unicode_path_of_a_member_is_its_name():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name, shown, true in (
            ("In?s/06_scorer.ipynb", "Inès/06_scorer.ipynb", True), ("b/x.ipynb", "Zoé/x.ipynb", False),
        ):  # fmt: skip
            info = zipfile.ZipInfo(name)
            info.extra = unicode_path(shown, name.encode() if true else b"renamed since")
            target.writestr(info, copy())
    names = [str(entry.path) for entry in Archive(buffer.getvalue(), Limits()).entries()]
    assert names == ["Inès/06_scorer.ipynb", "b/x.ipynb"]


@pytest.mark.parametrize("encoding", ["cp437", "cp850", "cp1252", "mac_roman"])
@pytest.mark.parametrize("name", ["Zoé", "Hélène", "Françoise", "Maëlle", "Éric"])
def test_names_of_older_programs_are_read(encoding: str, name: str):
    raw = name.encode(encoding)
    content = archive({"@" * len(raw) + "/06_scorer.ipynb": copy()}).replace(b"@" * len(raw), raw)
    (entry,) = Archive(content, Limits()).entries()
    assert entry.path.parts[0] == name


def test_a_very_long_path_shows_its_beginning_and_its_file(tmp_path: Path):
    path = tmp_path / "c.zip"
    path.write_bytes(archive({moodle("Inès Garnier", 1, f"{'dossier/' * 90}06_scorer.ipynb"): copy()}))
    ((one, content),) = loaded(path)
    assert len(one.name) <= 401
    assert (one.name.startswith("c.zip/Inès Garnier_1_"), one.name.endswith("/06_scorer.ipynb")) == (True, True)
    assert content == copy()


# --- noise ------------------------------------------------------------------------------------------------------------

AROUND = {
    "mon_env/pyvenv.cfg": 1, "mon_env/Lib/site-packages/a/{}.ipynb": 900, "node_modules/a/{}.json": 900,
    "anaconda/conda-meta/history": 1, "anaconda/pkgs/{}.zip": 300, ".git/objects/{}": 300, "__MACOSX/._{}.ipynb": 50,
    "crc-lab-main/pyproject.toml": 1, "crc-lab-main/README.md": 1, "crc-lab-main/crc_lab/__init__.py": 1,
    "crc-lab-main/tests/cases/{}.ipynb": 40, "crc-lab-main/docs/{}.md": 5,
}  # fmt: skip


def around(folder: str) -> dict[str, bytes]:
    return {f"{folder}/{name.format(rank)}": b"{}" for name, times in AROUND.items() for rank in range(times)}


@pytest.mark.parametrize("place", ["zip", "zip in a zip", "folder"])
def test_noise_is_set_aside_before_anything_is_counted(tmp_path: Path, place: str):
    own = "Inès Garnier_1_assignsubmission_file"
    files = {**around(own), f"{own}/crc-lab-main/notebooks/06_scorer/06_scorer.ipynb": copy()}
    if place == "folder":
        for name, content in files.items():
            (tmp_path / "c" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "c" / name).write_bytes(content)
    elif place == "zip":
        (tmp_path / "c").write_bytes(archive(files))
    else:
        inner = {name.partition("/")[2]: content for name, content in files.items()}
        (tmp_path / "c").write_bytes(archive({f"{own}/tout.zip": archive(inner)}))
    ((one, content),) = loaded(tmp_path / "c", Limits(members=1_000, inner_members=100))
    assert one.name.endswith("crc-lab-main/notebooks/06_scorer/06_scorer.ipynb")
    assert content == copy()


def test_a_folder_of_noise_alone_does_not_vanish(tmp_path: Path):
    (tmp_path / "c.zip").write_bytes(archive({moodle("Léa Roux", 5, "env/pyvenv.cfg"): b"home = x"}))
    (one,) = find([tmp_path / "c.zip"])
    assert isinstance(one, Rejection)
    assert one.code == "RIEN-A-NOTER"


def test_a_folder_called_tests_is_a_students_own_outside_the_product(tmp_path: Path):
    (tmp_path / "c.zip").write_bytes(archive({moodle("Léa Roux", 5, "tests/06_scorer.ipynb"): copy()}))
    (one,) = find([tmp_path / "c.zip"])
    assert isinstance(one, Submission)
