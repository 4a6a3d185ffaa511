"""Cells are replaced where they are: all the rest of a CSV file keeps its bytes, whoever wrote it."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.moodle.csvspans import SEPARATORS, Unclosed, lines, quoted, source


def cells(text: str, separator: str = ",") -> list[list[str]]:
    return [[cell.raw for cell in line.cells] for line in lines(text, separator)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
        ("a,b\nc,d", [["a", "b"], ["c", "d"]]),
        ("a,b\rc,d\r", [["a", "b"], ["c", "d"]]),
        ('"a,b",c', [["a,b", "c"]]),
        ('"a ""b""",c', [['a "b"', "c"]]),
        ('"a\r\nb",c\nd', [["a\r\nb", "c"], ["d"]]),
        ("a,,\n\n,\n", [["a", "", ""], ["", ""]]),
        ('a"b,c', [['a"b', "c"]]),
        ('"a" ,b', [["a ", "b"]]),
        ("", []),
        ("\n\n", []),
    ],
)
def test_a_table_is_cut_as_spreadsheets_do(text: str, expected: list[list[str]]):
    assert cells(text) == expected


def test_each_line_knows_where_it_starts_in_the_file():
    assert [line.number for line in lines('a\n"b\nc\r\nd"\n\ne', ",")] == [1, 2, 6]


@pytest.mark.parametrize("text", ['"a', 'a\nb,"c\nd', '"a""'])
def test_a_quote_that_never_closes_is_an_error_with_its_line(text: str):
    with pytest.raises(Unclosed) as caught:
        cells(text)
    assert caught.value.line == (2 if text.startswith("a\n") else 1)


@given(
    st.lists(st.lists(st.text("ab,;\t\"'\r\n é=", max_size=6), min_size=2, max_size=4), min_size=1, max_size=5),
    st.sampled_from(SEPARATORS),
    st.sampled_from([("\r\n", csv.QUOTE_MINIMAL), *((end, csv.QUOTE_ALL) for end in ("\r\n", "\n", "\r"))]),
)
def test_what_the_csv_module_writes_is_read_back(rows: list[list[str]], separator: str, how: tuple[str, Any]):
    text = io.StringIO(newline="")
    end, quoting = how
    csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting).writerows(rows)
    assert cells(text.getvalue(), separator) == rows


@given(st.text("a,;\"'\r\n é€😀", max_size=30), st.sampled_from(SEPARATORS))
def test_a_written_cell_is_read_back(text: str, separator: str):
    (line,) = csv.reader(io.StringIO(f"x{separator}{quoted(text, separator)}", newline=""), delimiter=separator)
    assert line == ["x", text]


@given(st.binary(max_size=60))
def test_without_any_change_no_byte_changes(content: bytes):
    try:
        kept = source(content)
    except UnicodeDecodeError:
        return
    assert kept.bytes_with({}) == content


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_cell_is_replaced_in_any_encoding(encoding: str):
    content = 'Prénom,"Note"\r\nZoé,"é"\r\n'.encode(encoding)
    kept = source(content)
    cell = list(lines(kept.view, ","))[1].cells[1]
    assert kept.text(cell) == "é"
    changed = kept.bytes_with({(cell.start, cell.end): "œuvre"})
    assert changed == 'Prénom,"Note"\r\nZoé,œuvre\r\n'.encode(encoding)


def test_a_sign_that_the_encoding_lacks_becomes_an_entity_where_asked():
    kept = source("é,x".encode("cp1252"))
    cell = next(lines(kept.view, ",")).cells[1]
    assert kept.bytes_with({(cell.start, cell.end): "王"}, "xmlcharrefreplace") == b"\xe9,&#29579;"
