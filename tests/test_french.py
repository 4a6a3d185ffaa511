"""The French that people read is well spelt and well set, wherever it is written."""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from tools.dictionary import HOW_TO_GET_IT, WORDS, OwnWords, french_hunspell, own_words, unknown_words, words_of
from tools.prose import SOURCES, Prose, texts
from tools.typography import faults, mend_files, mended

ROOT = Path(__file__).resolve().parent.parent
N = "\u00a0"
CASES = tomllib.loads((ROOT / "tests" / "cases" / "french.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def read() -> list[Prose]:
    return texts(ROOT)


@pytest.fixture(scope="module")
def own() -> OwnWords:
    return own_words(ROOT / WORDS)


@pytest.fixture(scope="module")
def hunspell() -> tuple[str, ...]:
    command = french_hunspell()
    if command is None and os.environ.get("CRC_NAVIGATEUR_OBLIGATOIRE") == "1":
        pytest.fail(f"the spelling checker is required here (CRC_NAVIGATEUR_OBLIGATOIRE=1): {HOW_TO_GET_IT}")
    if command is None:
        pytest.skip(f"orthographe non vérifiée : il manque {HOW_TO_GET_IT}")
    return command


# --- the texts of the workbook ---------------------------------------------------------------------------------------


def test_every_text_has_its_apostrophes_guillemets_and_no_break_spaces(read: list[Prose]) -> None:
    assert [fault for prose in read for fault in faults(prose)] == []


def test_every_word_is_in_the_dictionary_or_in_the_list_of_the_project(
    read: list[Prose], own: OwnWords, hunspell: tuple[str, ...]
) -> None:
    assert unknown_words(read, own, hunspell) == {}


def test_every_kind_of_file_is_read(read: list[Prose]) -> None:
    files = {prose.file for prose in read}
    for pattern in SOURCES:
        assert files & {path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern)}, pattern
    kinds = Counter(Path(prose.file).name for prose in read)
    assert min(kinds["activite.py"], kinds["exercices.toml"], kinds["corrige.toml"], kinds["droit.toml"]) > 50
    assert sum(len(words_of(prose)) for prose in read) > 30_000


def test_the_list_of_words_is_sorted_and_holds_nothing_that_the_dictionary_knows(hunspell: tuple[str, ...]) -> None:
    lines = (ROOT / WORDS).read_text(encoding="utf-8").splitlines()
    words = [line.partition("#")[0].strip() for line in lines if not line.startswith("#")]
    assert "" not in words
    assert words == sorted(set(words), key=alphabetical)
    listed = [Prose(WORDS, "", word) for word in words]
    assert sorted(unknown_words(listed, OwnWords(), hunspell)) == sorted(word for word in words if len(word) > 1)


def alphabetical(word: str) -> tuple[str, str]:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)), word


# --- typography: what is a fault, what is not ------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "name"), CASES["faults"])
def test_a_fault_is_told_with_its_place(text: str, name: str) -> None:
    found = list(faults(Prose("notebooks/x/exercices.toml", "A1-Q1", text)))
    assert len(found) == 1, found
    assert found[0].startswith(f"notebooks/x/exercices.toml (A1-Q1){N}: {name}{N}: …")


@pytest.mark.parametrize("text", CASES["fine"])
def test_good_french_code_and_data_have_no_fault(text: str) -> None:
    assert list(faults(Prose("docs/x.md", "", text))) == []


def test_a_message_of_a_program_keeps_its_ordinary_spaces_but_not_its_straight_apostrophes() -> None:
    assert list(faults(Prose("crc_lab/x.py", "ligne 1", "Introuvable : {name}  ;", is_message=True))) == []
    assert len(list(faults(Prose("crc_lab/x.py", "ligne 1", "Rien n'est perdu", is_message=True)))) == 1


def test_what_can_be_mended_is_and_code_is_left_alone() -> None:
    before = "L'accès : « oui », n° 4, 5 000 € ; `l'age : 5 000`"
    after = f"L’accès{N}: «{N}oui{N}», n°{N}4, 5{N}000{N}€{N}; `l'age : 5 000`"
    assert mended(before) == after
    assert mended(after) == after


def test_files_are_mended_in_place_and_programs_are_not(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "guide.md").write_text("Qu'est-ce ?\n\n```\nx = 'l'âge' ?\n```\n", encoding="utf-8")
    (tmp_path / "crc_lab").mkdir()
    (tmp_path / "crc_lab" / "x.py").write_text('TEXT = "Qu\'est-ce que la fiche ?"\n', encoding="utf-8")
    assert mend_files(tmp_path, texts(tmp_path)) == ["docs/guide.md"]
    mended_text = (tmp_path / "docs" / "guide.md").read_text(encoding="utf-8")
    assert mended_text == f"Qu’est-ce{N}?\n\n```\nx = 'l'âge' ?\n```\n"
    assert mend_files(tmp_path, texts(tmp_path)) == []


# --- what is read, and what is not -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES["files"])
def test_the_texts_of_a_file_are_read_and_nothing_else(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text(CASES["files"][name]["source"], encoding="utf-8")
    assert [prose.text.strip() for prose in texts(tmp_path)] == CASES["files"][name]["texts"]


def test_words_leave_out_code_names_of_columns_addresses_and_commands() -> None:
    text = "La **r**écence de `age_client`, date_achat, 2026-11-01, fiche.csv, a@b.fr, crc-lab corriger --sortie x."
    assert words_of(Prose("docs/x.md", "", text)) == ["La", "récence", "de", "x"]
    message = "le champ « donnees » de [partie]"
    assert words_of(Prose("a.py", "", message, is_message=True)) == ["le", "champ", "de"]


# --- spelling --------------------------------------------------------------------------------------------------------


def test_a_misspelt_word_is_found_with_its_place(hunspell: tuple[str, ...], own: OwnWords) -> None:
    listed = [Prose("docs/x.md", "", "La réglementation du RGDP et l’enrichisement du fichier d’Omnicom, aujourd’hui")]
    assert unknown_words(listed, own, hunspell) == {"RGDP": "docs/x.md", "l’enrichisement": "docs/x.md"}


@pytest.mark.parametrize(("word", "known"), CASES["words"])
def test_a_word_of_the_project_is_known_with_its_capitals(word: str, known: bool) -> None:
    words = OwnWords(frozenset({"scoring", "omnicanal", "Omnicom", "RGPD"}))
    assert words.know(word) is known


def test_remarks_of_the_list_are_no_words(tmp_path: Path) -> None:
    (tmp_path / "mots.txt").write_text("# une remarque\nCRC  # un sigle\n\nphoning\n", encoding="utf-8")
    assert own_words(tmp_path / "mots.txt").words == {"CRC", "phoning"}


def test_without_hunspell_there_is_no_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert french_hunspell() is None


def test_a_hunspell_without_french_is_no_command(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def run(command: tuple[str, ...], **_: object) -> subprocess.CompletedProcess[bytes]:
        asked.append(command[command.index("-d") + 1])
        return subprocess.CompletedProcess(command, 1, b"", b"Can't open affix or dictionary files")

    monkeypatch.setattr(shutil, "which", lambda _: "hunspell")
    monkeypatch.setattr(subprocess, "run", run)
    assert french_hunspell() is None
    assert asked[0] == "fr_FR"
