"""A real JupyterLab, started as ``crc-lab ouvrir`` starts it, driven by a real Chromium.

In a test::

    def test_something(atelier, lab, page, attendre):
        carnet = atelier.carnet("03_structurer/essai.ipynb", ['question("A3-Q1")'], activite="03_structurer")
        lab.ouvrir(page, carnet)  # waits until the notebook is shown and its kernel idle
        ...
        attendre(lambda: "A3-Q1" in feuille_sur_disque(carnet)["reponses"], "la réponse sur le disque")

A test fails when the browser's console shows an error. One that provokes some empties ``page_problems`` at its end.
Without Chromium these tests are skipped; with ``CRC_NAVIGATEUR_OBLIGATOIRE=1`` they fail instead.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crc_lab.lab.open_lab import LabServer, RunningLab
from crc_lab.lab.workbook_copy import copy_workbook
from tests.e2e.chromium_program import FLAGS, NOTEBOOK_READY, find_chromium
from tests.e2e.page_harness import Harness, rfm_question
from tests.e2e.workbook import Workbook

# What the browser itself says while a test has stopped the server.
SERVER_DOWN = ("net::ERR_CONNECTION_REFUSED", "WebSocket connection to ")
SIZE = {"width": 1366, "height": 768}
HERE = Path(__file__).parent
STAND_IN = HERE / "stand_in"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser, and begin with it, the longest first: the short tests fill what time is left."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.navigateur)
    items.sort(key=_length)


def _length(item: pytest.Item) -> int:
    """How long a test may take, from the longest (0): the two classes, JupyterLab, plain pages, those without any."""
    if not item.path.is_relative_to(HERE):
        return 3
    if item.path.name in ("test_whole_case.py", "test_second_half.py"):
        return 0
    return 1 if {"lab", "lab_essai", "plain_lab"} & set(getattr(item, "fixturenames", ())) else 2


def _missing(reason: str) -> None:
    text = f"{reason} ; sous Debian : apt-get install chromium (no browser to drive)"
    if os.environ.get("CRC_NAVIGATEUR_OBLIGATOIRE") == "1":
        pytest.fail(text)
    pytest.skip(text)


@pytest.fixture(scope="session")
def browser_program() -> Iterator[tuple[Any, str]]:
    """Playwright's Chromium, and where the program is."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("Playwright n’est pas installé")
    program = find_chromium()
    if program is None:
        _missing("Aucun navigateur Chromium n’a été trouvé")
    with sync_playwright() as playwright:
        yield playwright.chromium, program


@pytest.fixture(scope="session")
def chromium(browser_program: tuple[Any, str]) -> Iterator[Any]:
    """Another browser than that of ``page`` (Playwright's ``Browser``), for tests that make windows of their own."""
    kind, program = browser_program
    browser = kind.launch(executable_path=program, args=list(FLAGS), headless=True)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def browser_profile(browser_program: tuple[Any, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Windows of 1366 × 768, French, with bounded waits (15 s), that share their cache from one test to the next.

    It is a profile on the disk, as a person's is: JupyterLab's code is compiled once, not again in each test.
    """
    kind, program = browser_program
    context = kind.launch_persistent_context(
        tmp_path_factory.mktemp("profil"),
        executable_path=program,
        args=list(FLAGS),
        headless=True,
        viewport=SIZE,
        locale="fr-FR",
        accept_downloads=True,
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page_problems() -> list[str]:
    """What the browser complained about so far: the test fails at its end unless this is empty."""
    return []


@pytest.fixture(scope="session")
def plain_window(browser_profile: Any) -> Any:
    """The window that the tests of ``cards`` have one after the other: making one takes longer than most of them."""
    return browser_profile.new_page()


@pytest.fixture
def page(request: pytest.FixtureRequest, browser_profile: Any, page_problems: list[str]) -> Iterator[Any]:
    """A window of its own; it and those opened from it are closed at the end, and leave no cookie.

    A test of ``cards`` has ``plain_window``, as new.
    """

    def on_console(message: Any) -> None:
        if message.type == "error":
            page_problems.append(message.text[:400])

    def on_error(error: Any) -> None:
        page_problems.append(f"pageerror: {str(error)[:400]}")

    def watch(tab: Any) -> None:
        tab.on("console", on_console)
        tab.on("pageerror", on_error)

    kept = request.getfixturevalue("plain_window") if "cards" in request.fixturenames else None
    before = browser_profile.pages
    browser_profile.on("page", watch)
    if kept:
        watch(kept)
    yield kept or browser_profile.new_page()
    browser_profile.remove_listener("page", watch)
    if kept:
        kept.remove_listener("console", on_console)
        kept.remove_listener("pageerror", on_error)
        as_new(kept)
    for tab in browser_profile.pages:
        if tab not in before:
            tab.close()
    browser_profile.clear_cookies()
    page_problems[:] = [text for text in page_problems if not any(part in text for part in SERVER_DOWN)]
    assert not page_problems, "erreurs dans la console du navigateur"


def as_new(window: Any) -> None:
    """Empty, of its first size, without what a test has changed; what pages remember is erased by ``cards``."""
    window.unroute_all(behavior="ignoreErrors")
    window.goto("about:blank")
    window.set_viewport_size(SIZE)
    window.emulate_media(media="null", color_scheme="light", reduced_motion="no-preference")
    window.mouse.move(0, 0)


@dataclass
class Atelier:
    """A copied workbook. ``carnet`` adds a small notebook for a test."""

    dossier: Path

    def carnet(
        self, name: str, code: list[str], *, activite: str | None = "00_accueil", metadata: dict[str, Any] | None = None
    ) -> Path:
        """Write a notebook with a heading and one code cell per text; ``activite=None``: a foreign notebook."""
        cells: list[dict[str, Any]] = [
            {"cell_type": "markdown", "id": "titre", "metadata": {}, "source": "# Un carnet d’essai\n\nDu texte."}
        ]
        for number, source in enumerate(code):
            cell = {"cell_type": "code", "id": f"c{number}", "metadata": {"jupyter": {"source_hidden": True}}}
            cells.append({**cell, "source": source, "execution_count": None, "outputs": []})
        sheet = {"version": 1, "activite": activite, "edition": "entrainement", "mode": "eleve", **(metadata or {})}
        content = {
            "cells": cells,
            "metadata": {"kernelspec": KERNEL, **({"crc_lab": sheet} if activite else {})},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        path = self.dossier / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return path


@pytest.fixture
def atelier(tmp_path: Path) -> Atelier:
    """The workbook, copied as ``crc-lab ouvrir`` copies it."""
    folder = tmp_path / "cahier de l’élève"
    copy_workbook(folder)
    return Atelier(folder)


@cache
def _port() -> int:
    """A free port, the same for all the tests of this process: what the browser keeps of JupyterLab serves again.

    It is not the product's first port: other runs of these tests may be using that one.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Lab:
    """JupyterLab on an ``atelier``. ``stand_in``: its kernels have the small cards of the plugin's tests."""

    dossier: Path
    stand_in: bool = False
    server: LabServer | None = None
    running: RunningLab | None = None
    port: int | None = None
    environment: dict[str, str] = field(default_factory=dict)

    def demarrer(self) -> RunningLab:
        """Start; the second time on the same port, as when a student starts the workbook again."""
        environment = dict(self.environment)
        if self.stand_in:
            environment["PYTHONPATH"] = str(STAND_IN)
        if self.port is None:
            self.port = _port()
        options = ("--LabApp.expose_app_in_browser=True",)
        self.server = LabServer(self.dossier, port=self.port, options=options, environment=environment)
        self.running = self.server.start(timeout=60)
        return self.running

    def arreter(self) -> None:
        if self.server is not None:
            self.server.stop()
            self.server = None

    def redemarrer(self) -> RunningLab:
        self.arreter()
        return self.demarrer()

    def adresse(self, carnet: Path | None = None) -> str:
        assert self.running is not None, "demarrer() first"
        if carnet is None:
            return self.running.address
        where = carnet.relative_to(self.dossier).as_posix()
        return f"{self.running.url}lab/tree/{where}?token={self.running.token}&reset"

    def ouvrir(self, page: Any, carnet: Path | None = None, *, pret: bool = True) -> None:
        """Show a notebook (the welcome page by default); ``pret``: wait for an idle kernel and the end of the runs.

        With a notebook named, the tabs left open before are not shown again (``page.reload()`` shows them).
        """
        page.goto(self.adresse(carnet))
        page.wait_for_selector(".jp-NotebookPanel", timeout=30_000)
        if pret:
            self.attendre_noyau(page)

    def attendre_noyau(self, page: Any) -> None:
        """Wait until the notebook in front is shown, its kernel idle and no card still to come."""
        page.wait_for_function(NOTEBOOK_READY, timeout=45_000)


@pytest.fixture
def lab(atelier: Atelier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """JupyterLab on ``atelier``, started, with the real ``crc_lab`` in its kernels; stopped at the end.

    The person's home is an empty folder, ``tmp_path/personne``.
    """
    yield from _lab(Lab(atelier.dossier), tmp_path, monkeypatch)


@pytest.fixture
def lab_essai(atelier: Atelier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """As ``lab``, but ``crc_lab`` is the stand-in of ``tests/e2e/stand_in``: only the plugin is under test."""
    yield from _lab(Lab(atelier.dossier, stand_in=True), tmp_path, monkeypatch)


def _lab(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    home = tmp_path / "personne"
    home.mkdir()
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_PATH", "JUPYTER_PATH", "IPYTHONDIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "execution"))
    lab.environment["MPLCONFIGDIR"] = str(tmp_path.parent / "mpl")  # its font cache is long to build: one for all tests
    lab.demarrer()
    yield lab
    lab.arreter()


@pytest.fixture
def attendre() -> Callable[..., Any]:
    """``attendre(predicate, what, seconds=15, page=None)``: the first true value of ``predicate()``, or a failure.

    With ``page``, the browser's own events (routes, console) are served meanwhile.
    """

    def wait(predicate: Callable[[], Any], what: str, seconds: float = 15, page: Any = None) -> Any:
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if value := predicate():
                return value
            if page is None:
                time.sleep(0.05)
            else:
                page.wait_for_timeout(50)
        pytest.fail(f"toujours pas au bout de {seconds} s : {what}")

    return wait


@pytest.fixture
def cards(page: Any) -> Harness:
    """A plain page for cards, without JupyterLab, which remembers nothing."""
    harness = Harness(page)
    page.evaluate("[localStorage, sessionStorage].forEach(storage => storage.clear())")
    return harness


@pytest.fixture
def rfm(cards: Harness) -> Any:
    """The card of the table to score, in a plain page."""
    return cards.card(rfm_question())


@pytest.fixture
def workbook(lab: Lab, page: Any, attendre: Any, feuille_sur_disque: Any) -> Workbook:
    """One of the workbook's own notebooks in ``lab``, driven as a person does."""
    return Workbook(lab, page, attendre, feuille_sur_disque)


@pytest.fixture
def commande() -> Callable[..., None]:
    """``commande(page, "docmanager:save", args=None, seconds=20)``: run a JupyterLab command, within a time limit."""

    def run(page: Any, name: str, args: dict[str, Any] | None = None, seconds: float = 20) -> None:
        done = page.evaluate(
            """([name, args, limit]) => Promise.race([
              window.jupyterapp.commands.execute(name, args).then(() => true),
              new Promise(resolve => setTimeout(resolve, limit, false)),
            ])""",
            [name, args or {}, seconds * 1000],
        )
        assert done, f"la commande {name} n’a pas fini en {seconds} s"

    return run


@pytest.fixture
def feuille_sur_disque() -> Callable[[Path], dict[str, Any]]:
    """``feuille_sur_disque(path)``: the answer sheet of a saved notebook (``metadata.crc_lab``), ``{}`` without one."""

    def read(path: Path) -> dict[str, Any]:
        for _ in range(20):
            try:
                notebook = json.loads(path.read_text("utf-8"))
            except ValueError:  # Jupyter writes in place: what is read may be half of it
                time.sleep(0.05)
            else:
                sheet: dict[str, Any] = notebook["metadata"].get("crc_lab", {})
                return sheet
        pytest.fail(f"« {path.name} » reste illisible")

    return read


@pytest.fixture
def photo(request: pytest.FixtureRequest) -> Callable[..., None]:
    """``photo(page, "nom")``: a screenshot in ``$CRC_PHOTOS``, when that variable is set."""

    def shoot(page: Any, name: str) -> None:
        folder = os.environ.get("CRC_PHOTOS")
        if folder:
            page.screenshot(path=str(Path(folder) / f"{request.node.name[5:40]}_{name}.png"))

    return shoot
