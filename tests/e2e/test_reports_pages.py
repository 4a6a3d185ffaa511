"""The reports in a real browser: accessible in light and dark, usable from the keyboard, printable on A4, offline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder import demo as demo
from autograder.intake import Incident
from autograder.intake.keys import Bank
from autograder.marking.batch import mark_class
from autograder.marking.manual import ManualMark
from autograder.reports import CLASS_PAGE, PAGES, Outputs, write_reports
from tests.sample_results import A9, OPEN, essay, handed_in, listed, use_workbook

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
A4_MM = (210, 297)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    folder = tmp_path_factory.mktemp("demo")
    for name, content in demo.make_class(1, 15):
        (folder / name).write_bytes(content)
    return write_reports(mark_class([folder], Bank()), folder / "resultats")


@pytest.fixture(scope="module")
def essays(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outputs]:
    """A class with its list: an answer that waits, one marked by hand, somebody absent, somebody out of the list."""
    folder = tmp_path_factory.mktemp("redaction")
    with pytest.MonkeyPatch.context() as patch:
        bank = use_workbook(patch)
        names = ("Inès Garnier", "Paul Benali", "Marc Ailleurs")
        handed = handed_in(folder, {name: (number, essay(name)) for number, name in enumerate(names)})
        roster = listed(("Inès", "Garnier"), ("Paul", "Benali"), ("Aya", "Absente"), group="1BTS")
        manual = {("igarnier", A9, OPEN): ManualMark(9.5, "Bonne idée du coût.\nCitez le RGPD.")}
        result = mark_class([handed], bank, roster=roster, manual=manual)
        *others, ines = result.students
        told = (Incident("INTEGRITE-CELLULE", "Cellule 3 modifiée, sans effet sur la note."),)
        ines = replace(ines, copies={A9: replace(ines.copies[A9], incidents=told)})
        yield write_reports(replace(result, students=(*others, ines)), folder / "resultats")


def pages(reports: Outputs) -> list[Path]:
    """The class page, and the student's page with the most to say."""
    return [
        (reports.folder / CLASS_PAGE),
        max((reports.folder / PAGES).glob("*.html"), key=lambda path: path.stat().st_size),
    ]


@pytest.fixture(params=["light", "dark"])
def visitor(chromium: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A page without a network; the content policy is lifted for axe-core only."""
    context = chromium.new_context(color_scheme=request.param, bypass_csp=True, offline=True)
    yield context.new_page()
    context.close()


def test_axe_finds_nothing(visitor: Any, reports: Outputs, essays: Outputs):
    for path in [*pages(reports), essays.folder / CLASS_PAGE, *sorted((essays.folder / PAGES).glob("*.html"))]:
        visitor.goto(path.as_uri())
        visitor.evaluate(AXE)
        violations = visitor.evaluate(
            "axe.run().then(done => done.violations.map(one => one.id + ' ' + one.nodes[0].html))"
        )
        assert violations == [], path.name


def test_nothing_overflows_a_narrow_screen(chromium: Any, reports: Outputs, essays: Outputs):
    page = chromium.new_page(viewport={"width": 390, "height": 800})
    for path in [*pages(reports), *pages(essays)]:
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path.name
    page.close()


def test_the_heat_map_is_reached_and_read_from_the_keyboard(chromium: Any, reports: Outputs):
    page = chromium.new_page(viewport={"width": 600, "height": 700})
    page.goto((reports.folder / CLASS_PAGE).as_uri())
    region = page.locator("[role=region]:has(.carte-chaleur)").first
    region.focus()
    page.keyboard.press("ArrowRight")
    for _ in range(50):  # the page lets no text be run as a script: no wait_for_function here
        if page.evaluate("document.activeElement.scrollLeft") > 0:
            break
        page.wait_for_timeout(100)
    assert page.evaluate("document.activeElement.scrollLeft") > 0
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "A"
    page.keyboard.press("Enter")
    page.wait_for_url("**/retours/*.html")
    page.close()


def test_what_is_said_of_a_student_is_never_cut(chromium: Any, essays: Outputs):
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto((essays.folder / CLASS_PAGE).as_uri())
    said = page.locator(".carte-chaleur .dit")
    assert [text.replace("\u00a0", " ") for text in said.all_inner_texts()] == [
        "hors liste ; provisoire : 1 réponse à relire", "provisoire : 1 réponse à relire",
    ]  # fmt: skip
    assert page.evaluate(
        "[...document.querySelectorAll('.carte-chaleur .dit')].every(one => one.scrollWidth <= one.clientWidth)"
    )
    page.close()


def test_a_students_page_prints_on_a4(chromium: Any, reports: Outputs):
    page = chromium.new_page()
    page.goto(pages(reports)[1].as_uri())
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    sheets = [[float(side) for side in box.split()] for box in re.findall(rb"/MediaBox \[0 0 ([\d. ]+)\]", printed)]
    activities = page.locator("section.activite").count()
    assert 1 <= len(sheets) <= activities
    for sheet in sheets:
        assert sheet == pytest.approx([side / 25.4 * 72 for side in A4_MM], abs=1)
    page.close()
