"""A copy survives the way to the register and back; the same answers have the same key, whatever the archive's name."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from string import Formatter

from autograder.intake import EXCEL, Guess, HandedIn, Incident, phrases
from crc_lab.core.sheet import AnswerSheet
from tests.sample_copies import sheet

GUESS = Guess("Inès Garnier", "48210", "Devoir.zip", "Inès Garnier_48210_assignsubmission_file_")
COPY = HandedIn("Devoir.zip/a.ipynb", GUESS, AnswerSheet.from_metadata(sheet(sujet="x")), EXCEL, (Incident("A", "b"),))


def test_a_copy_is_the_same_after_the_register():
    again = HandedIn.from_json(json.loads(json.dumps(COPY.to_json())))
    assert (again, again.key) == (COPY, COPY.key)


def test_the_key_follows_the_answers_and_the_person_only():
    renamed = replace(COPY, file="autre.zip/a.ipynb", guess=replace(GUESS, scope="autre.zip"))
    assert renamed.key == COPY.key
    changed = AnswerSheet.from_metadata(sheet(date="2026-11-21T10:00:00+01:00"))
    assert len({COPY.key, replace(COPY, sheet=changed).key, replace(COPY, guess=Guess("Zoé")).key}) == 3


# --- what is said -----------------------------------------------------------------------------------------------------

ROOT = Path(__file__).resolve().parent.parent / "autograder"
TREES = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(ROOT.rglob("*.py"))]
WRITTEN = {node.value for tree in TREES for node in ast.walk(tree) if isinstance(node, ast.Constant)}


def calls() -> Iterator[tuple[str, set[str | None]]]:
    """Each name of a sentence that the code writes (« * » for what is only known when it runs), with its facts."""
    for node in (node for tree in TREES for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(node.func, ast.Name) and node.func.id in ("phrase", "incident", "refusal"):
            first = node.args[0]
            for name in (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,):
                pieces = name.values if isinstance(name, ast.JoinedStr) else [name]
                written = "".join(str(one.value) if isinstance(one, ast.Constant) else "*" for one in pieces)
                yield written, {one.arg for one in node.keywords}


def test_each_sentence_gets_the_facts_that_it_tells():
    for name, facts in calls():
        known = [one for one in phrases() if fnmatch(one, name)]
        assert known, f"no sentence is called {name}"
        for one in known if None not in facts and not name.startswith("*") else ():
            assert {field for _, field, _, _ in Formatter().parse(phrases()[one]) if field} == facts, one


def test_no_sentence_is_left_over():
    made = {name for name, _ in calls()} | {pattern(node) for tree in TREES for node in ast.walk(tree)}
    called = {one for name in made if not name.startswith("*") for one in phrases() if fnmatch(one, name)}
    assert {one for one in phrases() if one not in called | WRITTEN and one.partition(".")[0] not in WRITTEN} == set()


def pattern(node: ast.AST) -> str:
    """The name that a piece of code makes when it runs (« PAS-UN-CARNET.* »); « * » for any other piece."""
    pieces = node.values if isinstance(node, ast.JoinedStr) else []
    return "".join(str(one.value) if isinstance(one, ast.Constant) else "*" for one in pieces) or "*"
