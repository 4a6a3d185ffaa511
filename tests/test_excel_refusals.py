"""Files that cannot be an answer: each is refused with a French sentence that says what to do, and nothing crashes."""

from __future__ import annotations

import contextlib
import io
import os
import random
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crc_lab.core.errors import ImportProblem
from crc_lab.excel import build_template, files, read_answer
from crc_lab.excel.files import open_book
from tests.excel_cases import A6, key_answer, rezipped, saved, workbook

GOOD = build_template(A6, key_answer("rfm.csv"))
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000)


def archive(**members: bytes) -> bytes:
    """A ZIP; ``__`` stands for ``/`` and ``_dot_`` for a point in the names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return buffer.getvalue()


def encrypted_zip() -> bytes:
    content = bytearray(archive(xl__workbook_dot_xml=b"<workbook/>"))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    return bytes(content)


REFUSED: dict[str, tuple[str, bytes | Callable[[], bytes], str]] = {
    "empty": ("rendu.xlsx", b"", "est vide"),
    "only spaces": ("rendu.csv", b"\xef\xbb\xbf \r\n", "est vide"),
    "zeros": ("rendu.xlsx", bytes(4096), "est vide"),
    "lock file of Excel": ("~$rendu.xlsx", b"\x05Lucas", "fichier de verrouillage"),
    "lock file of LibreOffice": (".~lock.rendu.xlsx#", b"Lucas", "fichier de verrouillage"),
    "old xls": ("rendu.xls", OLE, "ancien format"),
    "password": ("rendu.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "mot de passe"),
    "web page called xls": ("rendu.xls", b"<html xmlns:x='urn:excel'><table></table></html>", "page web"),
    "web page with doctype": ("rendu.xls", b"\xef\xbb\xbf\n<!DOCTYPE HTML><p>", "page web"),
    "XML spreadsheet 2003": ("rendu.xml", b"<?xml version='1.0'?><Workbook/>", "pas un classeur Excel"),
    "notebook": ("06_scorer.ipynb", b'{"cells": []}', "pas un classeur Excel"),
    "pdf": ("rendu.pdf", b"%PDF-1.7\n%\xe2\xe3", "image, PDF"),
    "picture": ("photo.png", b"\x89PNG\r\n\x1a\n\x00", "image, PDF"),
    "program": ("rendu.xlsx", b"MZ\x90\x00" + bytes(range(256)) * 8, "ni un classeur Excel ni un fichier CSV"),
    "ods": ("rendu.ods", archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "LibreOffice"),
    "xlsb": ("rendu.xlsb", archive(xl__workbook_dot_bin=b"x"), "binaire"),
    "numbers": ("rendu.numbers", archive(Index__Document_dot_iwa=b"x"), "Numbers"),
    "docx": ("rendu.docx", archive(word__document_dot_xml=b"<w/>"), "document Word"),
    "other zip": ("rendu.zip", archive(rendu_dot_txt=b"x"), "pas un classeur Excel"),
    "encrypted zip": ("rendu.xlsx", encrypted_zip, "mot de passe"),
    "cut short": ("rendu.xlsx", GOOD[: len(GOOD) // 2], "abîmé"),
    "not XML": ("rendu.xlsx", archive(xl__workbook_dot_xml=b"<oups"), "abîmé"),
    "strict": (
        "rendu.xlsx",
        archive(xl__workbook_dot_xml=b"<workbook xmlns='http://purl.oclc.org/ooxml/spreadsheetml/main'/>"),
        "Strict Open XML",
    ),
    "too heavy": ("rendu.xlsx", b"PK" + bytes(10_000_001), "trop gros"),
    "bomb": ("rendu.xlsx", lambda: archive(xl__workbook_dot_xml=bytes(100_000_000)), "énorme"),
    "bomb by ratio": ("rendu.xlsx", lambda: archive(xl__workbook_dot_xml=bytes(20_000_000)), "énorme"),
    "too many rows": (
        "rendu.csv", ("id_contact;R\n" + "1;5\n" * 5001).encode(), "trop grand",
    ),
    "too many columns": ("rendu.csv", ("id_contact;R" + ";x" * 300 + "\n1;5\n").encode(), "trop grand"),
    "broken quotes": ("rendu.csv", b'id_contact;R\n1;"' + b"x" * 200_000, "mal formé"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_an_answer_is_refused_in_french_with_a_remedy(case: str) -> None:
    name, content, words = REFUSED[case]
    with pytest.raises(ImportProblem) as caught:
        read_answer(content() if callable(content) else content, name, A6)
    problem = caught.value
    assert words in problem.what, str(problem)
    assert problem.file == name
    assert re.fullmatch(r"[A-ZÉ].*[a-zé)»].*\.", problem.remedy), problem.remedy
    assert str(problem).startswith(f"« {name} »")


def test_every_refusal_is_written_down_and_each_that_is_written_is_used() -> None:
    source = "".join(path.read_text("utf-8") for path in Path(files.__file__).parent.glob("*.py"))
    written = set(files._refusals()) - {"remedes"}
    assert set(re.findall(r'refusal\("([\w-]+)"', source)) <= written
    assert [name for name in written if f'"{name}"' not in source] == []


def test_too_many_rows_in_a_workbook_are_refused() -> None:
    book = workbook(("S", [["id_contact", "R"], *([n, 5] for n in range(5001))]))
    with pytest.raises(ImportProblem, match="trop grande"):
        read_answer(saved(book), "rendu.xlsx", A6)


def test_a_directory_a_missing_file_and_a_file_open_in_excel_are_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ImportProblem, match="c’est un dossier"):
        read_answer(tmp_path, None, A6)
    with pytest.raises(ImportProblem, match="introuvable"):
        read_answer(tmp_path / "absent.xlsx", None, A6)
    with pytest.raises(ImportProblem, match="ne peut pas être lu"):
        read_answer("nom\0impossible.xlsx", None, A6)
    path = tmp_path / "ouvert.xlsx"
    path.write_bytes(GOOD)

    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "refused", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ImportProblem, match="ouvert dans Excel") as caught:
        read_answer(path, None, A6)
    assert caught.value.remedy == "Enregistrez-le, fermez-le dans Excel, puis recommencez."


def test_a_path_a_text_and_the_buffers_of_the_page_are_all_accepted(tmp_path: Path) -> None:
    path = tmp_path / "fiche (1).xlsx"
    path.write_bytes(GOOD)
    expected = read_answer(path, None, A6)
    assert read_answer(os.fspath(path), None, A6) == expected
    for content in (GOOD, bytearray(GOOD), memoryview(GOOD)):
        assert read_answer(content, "C:\\fakepath\\fiche (1).xlsx".replace("\\", "/"), A6) == expected


def test_a_workbook_with_macros_is_read_without_them() -> None:
    content = rezipped(
        GOOD,
        "[Content_Types].xml",
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    assert read_answer(content, "rendu.xlsm", A6).value == key_answer("rfm.csv")


def test_a_wrong_size_announced_by_the_file_does_not_matter() -> None:
    content = rezipped(GOOD, "xl/worksheets/sheet1.xml", b'<dimension ref="A1:K54" />', b'<dimension ref="A1" />')
    assert read_answer(content, "rendu.xlsx", A6).value == key_answer("rfm.csv")


def test_a_stray_cell_at_the_end_of_the_sheet_costs_nothing() -> None:
    book = workbook(("S", [key_answer("rfm.csv")["colonnes"], *key_answer("rfm.csv")["lignes"]]))
    book["S"]["XFD1048576"] = "perdu"
    content = saved(book)
    tracemalloc.start()
    try:
        assert read_answer(content, "rendu.xlsx", A6).value == key_answer("rfm.csv")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 50_000_000


def test_entities_are_not_expanded() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "' + b"A" * 10_000 + b'">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 50) for n in range(6)
    ) + b"]>"  # fmt: skip
    content = rezipped(GOOD, "xl/worksheets/sheet1.xml", b"<worksheet ", bomb + b"<worksheet ")
    content = rezipped(content, "xl/worksheets/sheet1.xml", b"<v>10</v>", b"<v>&g;</v>")
    with pytest.raises(ImportProblem, match="abîmé"):
        read_answer(content, "rendu.xlsx", A6)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), st.integers(1, 40))
def test_a_damaged_file_is_read_or_refused_but_never_crashes(seed: int, blows: int) -> None:
    chance = random.Random(seed)
    content = bytearray(GOOD)
    for _ in range(blows):
        content[chance.randrange(len(content))] = chance.randrange(256)
    with contextlib.suppress(ImportProblem):
        read_answer(bytes(content), "rendu.xlsx", A6)


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_but_never_crash(content: bytes) -> None:
    with contextlib.suppress(ImportProblem):
        open_book(content, "rendu")
