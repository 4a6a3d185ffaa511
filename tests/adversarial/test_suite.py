"""The published adversarial suite: each case, alone and all together, and what is said in the files that come out.

A new folder with a ``cas.toml`` and no ``attendu.json`` fails once: the failure shows the file to put there, after
reading it. The heavy cases run as real commands under the system's own limits of time and memory.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.identity.class_list import read_roster
from autograder.marking.batch import mark_class
from tests.adversarial.makers import CANARY
from tests.adversarial.produced import Page, harmful
from tests.adversarial.running import MEGABYTES, SECONDS, correct, outcome
from tests.adversarial.suite import GROUPS, HERE, Case, all_cases
from tests.sample_copies import BANK

CASES = all_cases()
LIGHT = [case for case in CASES if not case.heavy]
HEAVY = [case for case in CASES if case.heavy]
INJECTED = [case for case in CASES if case.kind == "enseignant"]
posix = pytest.mark.skipif(sys.platform == "win32", reason="no limits of resources here")


def named(cases: list[Case]) -> dict[str, object]:
    return {"argvalues": cases, "ids": [case.name for case in cases]}


def same_as_expected(case: Case, found: object) -> None:
    shown = json.dumps(found, ensure_ascii=False, indent=1)
    assert (case.folder / "attendu.json").is_file(), f"Relisez, puis enregistrez dans {case.name} :\n{shown}"
    assert found == case.expected, f"{case.name} : {shown}"


def marked(case: Case, folder: Path) -> dict[str, Any]:
    """``resultats.json`` of the case, made in this process."""
    roster = read_roster(case.folder / "classe.csv") if case.roster else None
    result = mark_class([case.write(folder / "copies")], BANK, roster=roster)
    return {"copies": [one.to_json() for one in result.copies], "rejets": [one.to_json() for one in result.rejections]}


@pytest.mark.parametrize("case", **named(LIGHT))
def test_the_case_gets_what_is_expected(case: Case, tmp_path: Path):
    same_as_expected(case, outcome(marked(case, tmp_path)))


@posix
@pytest.mark.parametrize("case", **named(HEAVY))
def test_the_heavy_case_stays_within_bounds_and_gets_what_is_expected(case: Case, tmp_path: Path):
    run = correct(case.write(tmp_path / "copies"), tmp_path / "sortie")
    if run.results is not None:
        same_as_expected(case, outcome(run.results))
    else:
        assert run.code == 1, run.said
        rejections = mark_class([tmp_path / "copies"], BANK).rejections
        same_as_expected(case, {"copies": [], "rejets": sorted(one.code for one in rejections)})
    assert "Traceback" not in run.said
    assert (run.seconds < SECONDS, run.megabytes < MEGABYTES) == (True, True), run


def test_the_suite_covers_every_group_and_every_kind():
    assert {case.group for case in CASES} == set(GROUPS)
    assert len({case.name for case in CASES}) == len(CASES) > 100
    assert all(case.title and case.checks.endswith(".") for case in CASES)


def test_no_forged_copy_earns_a_point_and_every_damaged_honest_one_keeps_its_mark():
    """What ``attendu.json`` says, read as a whole: a forged copy is worth what its answers are worth."""
    forged = {c.name: [one["note"] for one in c.expected["copies"]] for c in CASES if c.kind == "forge"}
    worth = {"A18-tests-visibles-appris", "F74-indices-remis-a-zero", "F75-autre-variante"}
    worth |= {"F76-identifiant-d-un-autre", "F76b-nom-d-un-autre"}  # an honest copy lies beside the forged one
    assert {name for name, marks in forged.items() if any(marks)} == worth
    honest = [case for case in CASES if case.kind == "abime"]
    assert [case.name for case in honest if not case.expected["copies"]] == []


def test_the_published_page_tells_every_case():
    page = (HERE.parents[1] / "docs" / "robustesse.md").read_text(encoding="utf-8")
    assert [case.name for case in CASES if f"`{case.name.split('-')[0]}`" not in page] == []
    assert "inattendu" not in page
    assert not re.search(r"(?<!\w)/(?:home|root|tmp|usr|work)/", page)


# --- all together ---------------------------------------------------------------------------------------------------


def _class_of(cases: list[Case], folder: Path) -> int:
    """All the cases in one folder, with an honest copy before and after each; gives how many honest ones."""
    honest = next(case for case in CASES if case.name == "D50-note-ajoutee").files()
    for number, case in enumerate(cases):
        case.write(folder / f"{number:03}-{case.name}")
        for name, content in honest.items():
            target = folder / f"{number:03}-honnete" / name
            target.parent.mkdir(parents=True)
            target.write_bytes(
                content.replace(b"igarnier", b"h%03d" % number).replace("Inès".encode(), b"H%03d" % number)
            )
    return len(cases)


@posix
def test_one_class_of_all_the_cases_is_marked_to_the_last_copy_and_nothing_of_it_is_run(tmp_path: Path):
    copies = tmp_path / "copies"
    number = _class_of(LIGHT, copies)
    before = {path: path.read_bytes() for path in copies.rglob("*") if path.is_file()}
    run = correct(copies, tmp_path / "sortie", seconds=300)
    assert run.results is not None, run.said
    honest = [one for one in run.results["copies"] if re.fullmatch(r"h\d{3}", one["eleve"]["identifiant"])]
    assert [one["note"] for one in honest] == [20.0] * number
    assert {path: path.read_bytes() for path in copies.rglob("*") if path.is_file()} == before
    assert not list(tmp_path.rglob("fuite*"))


# --- what is produced -----------------------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("case", **named(INJECTED))
def test_no_file_that_is_produced_can_act(case: Case, tmp_path: Path):
    run = correct(case.write(tmp_path / "copies"), tmp_path / "sortie")
    assert "Traceback" not in run.said
    assert run.code == 0, run.said
    produced = [path for path in (tmp_path / "sortie").rglob("*") if path.is_file()]
    assert {".html", ".xlsx", ".json"} <= {path.suffix for path in produced}
    assert {path.name: odd for path in produced if (odd := harmful(path))} == {}
    assert all(path.resolve().is_relative_to(tmp_path / "sortie") for path in produced)
    assert not list(tmp_path.parent.glob("*CANARI*"))


def test_the_reader_of_pages_sees_what_can_act():
    assert Page("<p>a<script>1</script>").odd == ["script"]
    assert Page('<img src=x onerror="a()">').odd == ["img", "img onerror"]
    assert Page('<a href=" java\nscript:a()">').odd == ["a href"]
    assert Page(f'<p class="{CANARY}">').odd == ["p class"]
