"""ZIPs: an honest one is read; a hostile or broken one is refused in a sentence and costs little."""

from __future__ import annotations

import os
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.intake import Refused
from autograder.intake.archives import MAX_PART, MAX_PARTS, Archive, Limits
from tests.sample_copies import archive

ARCHIVE = archive({"a/06_scorer.ipynb": b"{}" * 200, "b/06_scorer.ipynb": os.urandom(300), "c.txt": b""})


def opened(content: bytes | Path, limits: Limits | None = None) -> list[tuple[str, bytes | str]]:
    """Path and bytes of each member, or the code it is refused with; one item « archive » when all of it is."""
    try:
        source = Archive(content, limits or Limits())
    except Refused as refusal:
        return [("archive", refusal.code)]
    found: list[tuple[str, bytes | str]] = []
    try:
        for entry in source.entries():
            try:
                found.append((str(entry.path), entry.load()))
            except Refused as refusal:
                found.append((str(entry.path), refusal.code))
    except Refused as refusal:
        found.append(("archive", refusal.code))
    finally:
        source.close()
    return found


def test_an_honest_archive_reads_the_same_as_bytes_and_as_a_file(tmp_path: Path):
    (tmp_path / "c.zip").write_bytes(ARCHIVE)
    names = [name for name, _ in opened(ARCHIVE)]
    assert names == ["a/06_scorer.ipynb", "b/06_scorer.ipynb", "c.txt"]
    assert opened(tmp_path / "c.zip") == opened(ARCHIVE)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, len(ARCHIVE) - 1), st.integers(0, 255)), max_size=12), st.integers(0, 3))
def test_whatever_its_bytes_an_archive_is_read_or_refused(changes: list[tuple[int, int]], end: int):
    content = bytearray(ARCHIVE)
    for at, value in changes:
        content[at] = value
    for _, item in opened(bytes(content[: len(content) - 40 * end])):
        assert isinstance(item, (bytes, str))


def test_a_file_without_a_name_costs_the_others_nothing():
    content = bytearray(ARCHIVE)
    content[ARCHIVE.index(b"c.txt", ARCHIVE.index(b"PK\x01\x02"))] = 0
    assert [name for name, _ in opened(bytes(content))] == [".", "a/06_scorer.ipynb", "b/06_scorer.ipynb"]


def test_random_bytes_are_no_archive():
    chance = random.Random(1)
    for length in (0, 1, 21, 22, 100, 70_000):
        assert opened(b"PK\x05\x06"[: length and 4] + chance.randbytes(length)) == [("archive", "ARCHIVE-ILLISIBLE")]


def test_two_members_on_the_same_bytes_are_a_bomb():
    second = ARCHIVE.index(b"PK\x01\x02", ARCHIVE.index(b"PK\x01\x02") + 4)
    content = bytearray(ARCHIVE)
    content[second + 42 : second + 46] = bytes(4)  # where its data are said to be: at the first one's place
    assert opened(bytes(content)) == [("archive", "ARCHIVE-PIEGEE")]


def test_members_out_of_proportion_together_are_a_bomb():
    content = archive({f"{number}.ipynb": bytes(1_000_000) for number in range(4)})
    limits = Limits(total_ratio_from=3_000_000, total_ratio=30)
    assert opened(content, limits) == [("archive", "ARCHIVE-PIEGEE")]
    assert len(opened(content, Limits(total_ratio_from=5_000_000))) == 4


def test_an_archive_inside_another_has_fewer_files(tmp_path: Path):
    content = archive({f"{number}.ipynb": b"{}" for number in range(5)})
    (tmp_path / "c.zip").write_bytes(content)
    limits = Limits(inner_members=4)
    assert opened(content, limits) == [("archive", "ARCHIVE-TROP-GRANDE")]
    assert len(opened(tmp_path / "c.zip", limits)) == 5


def test_a_directory_of_millions_is_not_even_read():
    entry = ARCHIVE[ARCHIVE.index(b"PK\x01\x02") : ARCHIVE.index(b"PK\x01\x02", ARCHIVE.index(b"PK\x01\x02") + 4)]
    entries = entry * 3_000
    end = b"PK\x05\x06" + bytes(4) + b"\xff\xff\xff\xff" + len(entries).to_bytes(4, "little") + bytes(6)
    assert opened(entries + end, Limits(members=100)) == [("archive", "ARCHIVE-TROP-GRANDE")]


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_an_unusual_compression_is_refused_before_it_is_opened(tmp_path: Path, method: int):
    with zipfile.ZipFile(tmp_path / "c.zip", "w", method) as target:
        target.writestr("06_scorer.ipynb", b"{}" * 1_000)
    assert opened(tmp_path / "c.zip") == [("06_scorer.ipynb", "ARCHIVE-METHODE")]


def test_a_stored_file_of_many_megabytes_is_read_whole(tmp_path: Path):
    content = os.urandom(12_000_000)
    with zipfile.ZipFile(tmp_path / "c.zip", "w", zipfile.ZIP_STORED) as target:
        target.writestr("06_scorer.ipynb", content)
    assert opened(tmp_path / "c.zip") == [("06_scorer.ipynb", content)]


def test_absurd_names_are_cut_and_keep_their_extension():
    ((name, content),) = opened(archive({f"{'d/' * 5_000}{'x' * 9_000}.ipynb": b"{}"}))
    parts = name.split("/")
    assert len(parts) <= MAX_PARTS + 1
    assert len(parts[-1]) <= MAX_PART
    assert (parts[-1][-6:], content) == (".ipynb", b"{}")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_no_archive_and_nothing_waits_for_it(tmp_path: Path):
    os.mkfifo(tmp_path / "c.zip")
    assert opened(tmp_path / "c.zip") == [("archive", "FICHIER-SPECIAL")]
