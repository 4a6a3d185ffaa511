"""The workbook in a browser alone: a built site on a poor host, from the first card to the marks, and taken back.

Two activities are done in every run, in one test: the site is made once, whichever process runs it.
``CRC_SITE_ENTIER=1`` does the whole case and three modules of the second half (a dialogue, marked texts, a planning), a
subject without any key, a class marked in the browser, Python that never comes, and builds the site twice. How often
work is lost, and sizes and speed: ``benchmarks/site.py``.
The parts of the site (JupyterLite, Pyodide, wheels) are fetched by pip and npm the first time, as the command does for
a person; nothing else is needed.
"""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import main as crc_lab
from autograder.demo import run_demo
from autograder.prepare.content import activity_content, archive
from autograder.site.check import MANIFEST
from autograder.site.command import TRAINING_ZIP
from autograder.site.published import problems
from tests.e2e.answering import answer
from tests.e2e.chromium_program import NOTEBOOK_READY, SCHOOL
from tests.e2e.site_server import Host, hosted
from tests.e2e.students import STRONG, Done
from tests.e2e.test_second_half import CARDS, strong
from tests.e2e.test_second_half import give as give_second
from tests.e2e.test_whole_case import INES, asked, give
from tests.e2e.workbook import Workbook, same

WHOLE = os.environ.get("CRC_SITE_ENTIER") == "1"
FIRST_HALF = tuple(STRONG) if WHOLE else ("06_scorer",)
SECOND_HALF = ("13_appels", "15_ecrire", "16_equipe") if WHOLE else ("15_ecrire",)
SLOW = 120_000
"""Milliseconds: Python starts in the browser, on a machine that others use too."""
on_demand = pytest.mark.skipif(not WHOLE, reason="à la demande : CRC_SITE_ENTIER=1")
SHEET = "async path => (await jupyterapp.serviceManager.contents.get(path, { content: true })).content.metadata.crc_lab"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The training site, made by the command."""
    if shutil.which("npm") is None and os.environ.get("CRC_NAVIGATEUR_OBLIGATOIRE") != "1":
        pytest.skip("npm n’est pas installé (no Pyodide to put in the site)")
    place = tmp_path_factory.mktemp("site")
    assert crc_lab(["site", "--sortie", str(place)]) == 0
    with zipfile.ZipFile(place / TRAINING_ZIP) as packed:
        assert {"index.html", "lab/index.html", MANIFEST} <= set(packed.namelist())
    return place


class Online:
    """The site in the place of JupyterLab (``Lab``): the same steps, at another address."""

    dossier = Path("/")

    def __init__(self, address: str, host: type[Host]) -> None:
        self.address, self.host = address, host

    def page_of(self, activity: str) -> str:
        return f"{self.address}lab/index.html?path={activity}/{activity}.ipynb"

    def ouvrir(self, page: Any, carnet: Path) -> None:
        page.goto(self.page_of(carnet.parent.name))
        self.attendre_noyau(page)

    def attendre_noyau(self, page: Any) -> None:
        page.wait_for_selector(".jp-NotebookPanel", timeout=SLOW)
        page.wait_for_function(NOTEBOOK_READY, timeout=SLOW)


@pytest.fixture
def online(site: Path) -> Iterator[Online]:
    with hosted(site / "site") as (address, host):
        yield Online(address, host)


@pytest.fixture
def asked_elsewhere(page: Any, online: Online) -> Iterator[list[str]]:
    """The addresses outside of the site that its pages ask for."""
    found: list[str] = []

    def hear(request: Any) -> None:
        if not request.url.startswith((online.address, "data:", "blob:")):
            found.append(request.url)

    page.context.on("request", hear)
    yield found
    page.context.remove_listener("request", hear)


@pytest.fixture
def in_site(online: Online, page: Any, attendre: Any) -> Workbook:
    page.set_default_timeout(60_000)
    return Workbook(online, page, attendre, lambda path: page.evaluate(SHEET, path.relative_to("/").as_posix()))


def answers_of(activity: str) -> Mapping[str, Done]:
    return STRONG[activity] if activity in STRONG else {q: strong(activity)[q] for q in CARDS[activity]}


def do(workbook: Workbook, activity: str, folder: Path, photo: Any) -> None:
    """One activity: all its cards, their answers, and the copy that the student downloads."""
    workbook.check_shown()
    for question, done in answers_of(activity).items():
        (give if activity in STRONG else give_second)(workbook, activity, question, done)
        photo(workbook.page, question)
    with workbook.page.expect_download() as got:
        workbook.hand_in(INES)
    assert got.value.suggested_filename == f"{activity} – {INES}.ipynb"
    got.value.save_as(folder / got.value.suggested_filename)


def test_the_site_is_worked_in_handed_in_marked_wiped_and_taken_back(
    in_site: Workbook, online: Online, page: Any, asked_elsewhere: list[str], tmp_path: Path, photo: Any, attendre: Any
) -> None:
    copies = tmp_path / "copies"
    page.goto(online.address)
    assert not page.evaluate("isSecureContext"), "a school's plain http"
    assert "Aucune réponse n’est gardée ici" in page.locator("#dedans").inner_text()
    page.get_by_role("link", name="Scorer la base").click()
    online.attendre_noyau(page)
    assert not page.locator("#jp-left-stack").is_visible(), "the list of files is put aside"
    in_site.activity, in_site.path = FIRST_HALF[0], in_site.notebook(FIRST_HALF[0])
    if FIRST_HALF[0] != "06_scorer":
        in_site.then_open(FIRST_HALF[0])
    for number, activity in enumerate((*FIRST_HALF, *SECOND_HALF)):
        if number:
            in_site.then_open(activity)
        do(in_site, activity, copies, photo)
    if SECOND_HALF[-1] != "15_ecrire":
        in_site.then_open("15_ecrire")
    closed_at_once(in_site, online, page)
    welcomed(page, photo)
    marked(copies, tmp_path)
    wiped_and_taken_back(in_site, online, page, copies, photo, attendre)
    assert asked_elsewhere == []
    assert list(problems(online.address.replace(SCHOOL, "127.0.0.1"))) == []
    assert not [path for path in online.host.asked if "service-worker" in path]


def closed_at_once(workbook: Workbook, online: Online, page: Any) -> None:
    """What is typed in the last instant: nothing has the time to be saved, and it is there when one goes on."""
    said = "Je réponds à l’instant, puis je m’en vais."
    workbook.card("R5-Q6").locator("textarea").first.fill(said)
    page.goto(online.address)
    page.get_by_role("link", name="Continuer\u00a0: Activité 15").click()
    online.attendre_noyau(page)
    assert workbook.card("R5-Q6").locator("textarea").first.input_value() == said


def welcomed(page: Any, photo: Any) -> None:
    """« Accueil »: the map knows what was done in the other notebooks."""
    page.get_by_role("button", name="Accueil", exact=True).click()
    card = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .crc").filter(has_text="Le fichier de Marielle Nature")
    card.wait_for(timeout=SLOW)
    photo(page, "carte")
    assert "20 / 20" in card.inner_text().replace("\u00a0", " ")


def marked(copies: Path, root: Path) -> None:
    """What was downloaded earns what the mark schemes say."""
    out = root / "resultats"
    assert crc_lab(["corriger", str(copies), "--sortie", str(out)]) == 0
    results = json.loads((out / "resultats.json").read_text("utf-8"))
    found = {copy["activite"]: copy for copy in results["copies"]}
    assert set(found) == {*FIRST_HALF, *SECOND_HALF}
    for activity, copy in found.items():
        assert copy["eleve"]["nom"] == INES
        points = {one["id"]: one["points"] for one in copy["questions"]}
        expected = {name: done.points for name, done in answers_of(activity).items()}
        assert {name: points[name] for name in expected} == pytest.approx(expected), activity


def wiped_and_taken_back(
    workbook: Workbook, online: Online, page: Any, copies: Path, photo: Any, attendre: Any
) -> None:
    page.goto(online.address)
    assert f"Le travail de {INES}" in page.locator("#dedans").inner_text()
    photo(page, "premiere")
    page.locator("#pas-moi summary").click()
    page.get_by_role("button", name="Effacer et commencer le mien").click()
    page.get_by_text("Le cahier est neuf.").wait_for()
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('crc-lab:')).length") == 0
    activity = FIRST_HALF[0]
    wrong = copies.parent / "photo.ipynb"
    wrong.write_text("pas du JSON", encoding="utf-8")
    page.locator("#fichiers").set_input_files([copies / f"{activity} – {INES}.ipynb", wrong])
    said = page.locator("#repris")
    attendre(lambda: said.locator("p").count() == 2, "les deux fichiers lus", page=page)
    assert "réponses reprises." in said.inner_text().replace("réponse reprise.", "réponses reprises.")
    assert "n’est pas une copie du cahier" in said.inner_text()
    usual = page.viewport_size
    page.set_viewport_size({"width": 400, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 400, "a telephone shows all of it"
    page.set_viewport_size(usual)
    workbook.activity, workbook.path = activity, workbook.notebook(activity)
    page.goto(online.page_of(activity))
    page.wait_for_selector(".jp-NotebookPanel", timeout=SLOW)
    for question, done in answers_of(activity).items():
        attendre(lambda q=question, v=done.value: same(workbook.saved(q), v), f"{question} revenue", page=page)
    saved_by_two_windows(page, online.page_of(activity))


def saved_by_two_windows(page: Any, address: str) -> None:
    """One saves after the other: JupyterLab asks nobody which file to keep."""
    other = page.context.new_page()
    other.goto(address)
    other.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.context?.isReady", timeout=SLOW)
    for window in (page, other, page):
        window.evaluate("() => { jupyterapp.shell.currentWidget.context.save().then(() => { window.kept = true; }); }")
        window.wait_for_function("() => window.kept || document.querySelector('.jp-Dialog')", timeout=SLOW)
        assert window.locator(".jp-Dialog").count() == 0
        window.evaluate("() => { window.kept = false; }")
    other.close()


@on_demand
def test_python_that_never_comes_is_told_after_a_minute_with_what_to_try(online: Online, chromium: Any) -> None:
    context = chromium.new_context(locale="fr-FR")  # of its own: its clock is that of all its pages
    page = context.new_page()
    page.clock.install()
    page.route("**/*.wasm", lambda _route: None)  # asked for, and never given
    page.goto(online.page_of("06_scorer"))
    page.wait_for_selector(".crc-attente", timeout=SLOW, state="attached")
    page.clock.fast_forward(61_000)
    notice = page.locator(".crc-panne")
    notice.wait_for(timeout=SLOW)
    assert "Python n’a pas démarré" in notice.inner_text()
    context.close()


@on_demand
def test_the_same_sources_give_the_same_site(site: Path, tmp_path: Path) -> None:
    assert crc_lab(["site", "--sortie", str(tmp_path / "encore")]) == 0
    assert (tmp_path / "encore" / TRAINING_ZIP).read_bytes() == (site / TRAINING_ZIP).read_bytes()


@on_demand
def test_a_subject_is_done_in_a_site_without_any_key_and_marked(
    tmp_path: Path, page: Any, attendre: Any, photo: Any
) -> None:
    content = activity_content("06_scorer", "essai")
    subject = tmp_path / "06_scorer.zip"
    subject.write_bytes(archive("06_scorer", content.files))
    assert crc_lab(["site", "--sujet", str(subject), "--sortie", str(tmp_path / "evaluation")]) == 0
    with hosted(tmp_path / "evaluation" / "site") as (address, host):
        page.set_default_timeout(60_000)
        online = Online(address, host)
        workbook = Workbook(online, page, attendre, lambda path: page.evaluate(SHEET, path.relative_to("/").as_posix()))
        page.goto(address)
        photo(page, "premiere")
        page.get_by_role("link", name="Ouvrir le sujet").click()
        online.attendre_noyau(page)
        workbook.activity, workbook.path = "06_scorer", workbook.notebook("06_scorer")
        answer(workbook.card("A6-Q1"), asked("06_scorer", "A6-Q1"), STRONG["06_scorer"]["A6-Q1"].value)
        assert "Vérifié à la correction" in workbook.check("A6-Q1")
        photo(page, "carte")
        assert page.get_by_role("button", name="Voir le corrigé").count() == 0
        with page.expect_download() as got:
            workbook.hand_in(INES)
        got.value.save_as(tmp_path / "copies" / "06_scorer.ipynb")
    assert crc_lab(["corriger", str(tmp_path / "copies"), "--sortie", str(tmp_path / "resultats")]) == 0
    (copy,) = json.loads((tmp_path / "resultats" / "resultats.json").read_text("utf-8"))["copies"]
    assert (copy["eleve"]["nom"], copy["note"]) == (INES, 20)


@on_demand
def test_a_class_is_marked_in_the_browser_as_by_the_command(
    page: Any, tmp_path: Path, photo: Any, online: Online, asked_elsewhere: list[str]
) -> None:
    run_demo(tmp_path / "demo", browser=False, students=6)
    page.goto(online.address)
    page.get_by_role("link", name="corriger une classe").click()
    page.locator("#copies").set_input_files(sorted((tmp_path / "demo" / "copies").glob("*.zip")))
    page.get_by_role("button", name="Corriger").click()
    page.locator("#resultats").wait_for(timeout=5 * SLOW)
    photo(page, "resultats")
    with page.expect_download() as got:
        page.get_by_role("link", name="Les résultats, pour un programme").click()
    got.value.save_as(tmp_path / "resultats.json")
    assert (tmp_path / "resultats.json").read_bytes() == (tmp_path / "demo/resultats/resultats.json").read_bytes()
    assert asked_elsewhere == []
