"""What a teacher reads holds no word of ours: no name of a format, no code, no inner file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograder.cli import main
from crc_lab.__main__ import NAMES
from tools.prose import texts

ROOT = Path(__file__).resolve().parent.parent
UNKNOWN = re.compile(
    r"registre|sqlite|sqlalchemy|gradebook(?!\.db)"
    r"|\broue\b|\bwheel\b|\bpackage|\bpatch\b"
    r"|(?<![.\w])(?:json|toml|yaml|html|xml|ascii|unicode)\b"
    r"|m[ée]tadonn|\bmetadata|\bkernel|\btraceback|\bhash|\bsha-?\d|\boctets?\b|\bparse|\bregex|\bslug\b|\bbooléen"
    r"|\bstring\b|\bthread|\bexception\b|\bstdin|\bstdout",
    re.IGNORECASE,
)
"""Names of formats, of parts of programs, of our own files; « exercices.toml » is a file that its author knows."""
CODE = re.compile(r"(?<![\w/.-])(?!AAAA|LISEZ-MOI|PYTHON|UTF-)[A-Z][A-Z0-9]{2,}(?:-[A-Z0-9]+)+(?![\w/.-])")
"""« CARNET-TRONQUE »: what programs compare."""


def unknown(text: str) -> list[str]:
    """The words of a text that a teacher does not know."""
    plain = re.sub(r"[Ee]nregistr\w*", "", text)
    return [found[0] for pattern in (UNKNOWN, CODE) for found in pattern.finditer(plain)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("« registre.sqlite3 » est abîmé", ["registre", "sqlite"]),
        ("Installez la roue.", ["roue"]),
        ("Ce n’est pas du JSON : le TOML se lit mieux.", ["JSON", "TOML"]),
        ("l’adresse SQLAlchemy du gradebook", ["SQLAlchemy", "gradebook"]),
        ("n’est plus dit : Relisez la grille. [RFM-R-STRICT3]", ["RFM-R-STRICT3"]),
        ("Enregistrez corrige.toml et resultats.json, comme « CSV UTF-8 ».", []),
        ("LISEZ-MOI.html (le mode d’emploi), gradebook.db, à l’activité A6-Q1", []),
    ],
)
def test_what_is_a_word_of_ours(text: str, words: list[str]) -> None:
    assert unknown(text) == words


def test_no_sentence_of_the_teacher_side_holds_one() -> None:
    read = [
        prose for prose in texts(ROOT) if prose.file.startswith(("autograder/", "crc_lab/__main__", "crc_lab/lab/"))
    ]
    assert len(read) > 300
    found = {prose.place: words for prose in read if (words := unknown(prose.text))}
    assert found == {}


@pytest.mark.parametrize("command", ["", *NAMES])
def test_no_help_page_holds_one(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"] if command else ["--help"]) == 0
    assert unknown(capsys.readouterr().out) == []
