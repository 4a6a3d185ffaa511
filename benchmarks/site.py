"""The static site of « crc-lab site »: its weight, its speed beside JupyterLab, its memory, what is lost in it.

    python benchmarks/site.py DOSSIER [poids] [vitesse] [memoire] [pertes] [--fois 5] [--essais 20]

DOSSIER is what « crc-lab site --sortie » wrote. Without a word, all four.

- poids: the ZIP, and the bytes of the bodies that a host with gzip gives for a first visit (first page, then an
  activity up to its last card) and for a second one, the browser started again;
- vitesse: from the address to the first card and to the last one, activity 6, a new browser profile (cold) then the
  same started again (warm), in turn with the real JupyterLab, whose server is already up;
- memoire: what one notebook adds to a browser that shows the first page (PSS, all its processes);
- pertes: a sentence typed and the page left at once, in four ways; two windows that answer in turn; the storage wiped,
  then « Reprendre ma copie ».
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pertes import ENDS
from playwright.sync_api import Error, sync_playwright

from crc_lab.lab.open_lab import LabServer
from crc_lab.lab.workbook_copy import copy_workbook
from tests.e2e.chromium_program import FLAGS, NOTEBOOK_READY, find_chromium
from tests.e2e.site_server import hosted

TIMED, TYPED = "06_scorer", "15_ecrire"
QUESTIONS = ("R5-Q6", "R5-Q7")
PATIENCE = 180_000
ANSWERS = "() => jupyterapp.shell.currentWidget.context.model.getMetadata('crc_lab').reponses ?? {}"
SHOWN = "() => window.jupyterapp?.shell.currentWidget?.context?.isReady"
SCROLL = """async id => {
  const { content } = jupyterapp.shell.currentWidget;
  await content.scrollToItem(content.widgets.findIndex(cell => cell.model.id === id), "start");
}"""


@contextmanager
def browser(playwright: Any, profile: Path) -> Iterator[Any]:
    """Chromium on a profile that stays on the disk."""
    context = playwright.chromium.launch_persistent_context(
        str(profile), executable_path=find_chromium(), args=list(FLAGS), headless=True, locale="fr-FR",
        viewport={"width": 1366, "height": 768},
    )  # fmt: skip
    context.set_default_timeout(PATIENCE)
    try:
        yield context
    finally:
        context.close()


def lab_page(address: str, activity: str) -> str:
    return f"{address}lab/index.html?path={activity}/{activity}.ipynb"


def opened(page: Any, address: str) -> tuple[float, float]:
    """Seconds to the first card and to the last one."""
    begin = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(".crc .carte, .crc [data-crc-question]")
    first = time.perf_counter() - begin
    page.wait_for_function(NOTEBOOK_READY, timeout=PATIENCE)
    return first, time.perf_counter() - begin


# --- weight -----------------------------------------------------------------------------------------------------------


def weigh(playwright: Any, folder: Path) -> None:
    for path in folder.glob("*.zip"):
        print(f"{path.name} : {path.stat().st_size / 1e6:.1f} Mo")
    with tempfile.TemporaryDirectory() as profile, hosted(folder / "site", squeeze=True) as (address, host):
        for visit in ("première visite", "deuxième visite"):
            host.sent, asked = 0, len(host.asked)
            with browser(playwright, Path(profile)) as context:
                page = context.new_page()
                page.goto(address)
                page.wait_for_timeout(1000)
                opened(page, lab_page(address, TIMED))
                page.wait_for_timeout(2000)
            print(f"{visit} : {host.sent / 1e6:.2f} Mo reçus, {len(host.asked) - asked} demandes", flush=True)


# --- speed ------------------------------------------------------------------------------------------------------------


def race(playwright: Any, folder: Path, times: int) -> None:
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as where, hosted(folder / "site", squeeze=True) as (address, _):
        workbook = Path(where) / "cahier"
        copy_workbook(workbook)
        os.environ["JUPYTER_RUNTIME_DIR"] = str(Path(where) / "execution")
        server = LabServer(workbook, options=("--LabApp.expose_app_in_browser=True",))
        lab = server.start(timeout=120)
        places = {
            "site": lab_page(address, TIMED),
            "JupyterLab": f"{lab.url}lab/tree/{TIMED}/{TIMED}.ipynb?token={lab.token}&reset",
        }
        try:
            for number in range(times + 1):  # the first time, both servers prepare what they give: it does not count
                for visit in ("à froid", "à chaud"):
                    for name, place in places.items():
                        with browser(playwright, Path(where) / f"{name}{number}") as context:
                            page = context.new_page()
                            taken = opened(page, place)
                            if number:
                                found.setdefault((name, visit), []).append(taken)
                            page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        finally:
            server.stop()
    print(f"{'':24} {'1re carte (s)':>14} {'toutes (s)':>11}")
    middle = {key: [statistics.median(column) for column in zip(*rows, strict=True)] for key, rows in found.items()}
    for (name, visit), (first, every) in middle.items():
        print(f"{name + ' ' + visit:24} {first:14.1f} {every:11.1f}")
    for visit in ("à froid", "à chaud"):
        ratios = [one / other for one, other in zip(middle["site", visit], middle["JupyterLab", visit], strict=True)]
        print(f"{'rapport ' + visit:24} {ratios[0]:14.2f} {ratios[1]:11.2f}", flush=True)


# --- memory -----------------------------------------------------------------------------------------------------------


def weigh_memory(playwright: Any, folder: Path) -> None:
    with (
        tempfile.TemporaryDirectory() as profile,
        hosted(folder / "site") as (address, _),
        browser(playwright, Path(profile)) as context,
    ):
        page = context.pages[0]
        page.goto(address)
        page.wait_for_timeout(3000)
        before = proportional(profile)
        opened(page, lab_page(address, TIMED))
        page.wait_for_timeout(5000)
        after = proportional(profile)
    print(
        f"navigateur sur la première page : {before:.0f} Mo ; un carnet : {after - before:.0f} Mo de plus", flush=True
    )


def proportional(profile: str) -> float:
    """Megabytes of the processes of the browser on this profile (PSS)."""
    parents = {}
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(place.name)] = (
                int((place / "stat").read_text().rpartition(")")[2].split()[1]),
                profile in (place / "cmdline").read_text(errors="replace"),
            )
    ours = {process for process, (_, named) in parents.items() if named}
    while more := {process for process, (parent, _) in parents.items() if parent in ours} - ours:
        ours |= more
    total = 0
    for process in ours:
        with suppress(OSError):
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1000


# --- losses -----------------------------------------------------------------------------------------------------------


def losses(playwright: Any, folder: Path, times: int) -> None:
    with tempfile.TemporaryDirectory() as where, hosted(folder / "site") as (address, _):
        for what, lose in {"fermée aussitôt": closed, "deux fenêtres": two_windows, "effacé, repris": wiped}.items():
            with browser(playwright, Path(where) / what) as context:
                lost = lose(context, address, times, Path(where))
            print(f"{what:16} {sum(lost):2} perdues sur {len(lost)}", flush=True)


def field(page: Any, question: str) -> Any:
    page.evaluate(SCROLL, f"q-{question.lower()}")
    return page.locator(f'[data-crc-question="{question}"] textarea').first


def held(page: Any) -> str:
    """The answers of the notebook in front, as one text."""
    return json.dumps(page.evaluate(ANSWERS), ensure_ascii=False)


def closed(context: Any, address: str, times: int, _: Path) -> list[bool]:
    """Each way to leave, in turn, at the last letter; then the notebook opened again, without waiting for Python."""
    ends: list[Callable[[Any], None]] = list(ENDS.values())
    lost = []
    page = context.new_page()
    page.goto(lab_page(address, TYPED))
    for number in range(times):
        page.wait_for_function(NOTEBOOK_READY, timeout=PATIENCE)
        said = f"Réponse {number} tapée puis quittée."
        field(page, QUESTIONS[number % 2]).fill("")
        page.keyboard.type(said, delay=20)
        ends[number % len(ends)](page)
        again = context.new_page()
        again.goto(lab_page(address, TYPED))
        again.wait_for_function(SHOWN)
        again.wait_for_timeout(500)
        lost.append(said not in held(again))
        with suppress(Error):
            page.close()
        page = again
    return lost


def two_windows(context: Any, address: str, times: int, _: Path) -> list[bool]:
    """Both answer without waiting for one another; one time out of five, one is closed at once and opened again."""
    pages: list[Any] = []
    lost = []
    for number in range(times):
        if number % 5 == 0:
            for page in pages:
                page.close()
            pages = [context.new_page() for _ in QUESTIONS]
            for page in pages:
                page.goto(lab_page(address, TYPED))
            for page in pages:
                page.bring_to_front()
                page.wait_for_function(NOTEBOOK_READY, timeout=PATIENCE)
        said = [f"Fenêtre {at}, essai {number}." for at in range(len(pages))]
        for page, question, text in zip(pages, QUESTIONS, said, strict=True):
            field(page, question).fill(text)
        if number % 5 == 4:
            pages[0].close()
            page = pages[0] = context.new_page()
            page.goto(lab_page(address, TYPED))
            page.wait_for_function(SHOWN)
        for page in pages:
            page.wait_for_timeout(1500)
        lost.append(any(text not in held(page) for page in pages for text in said))
    return lost


def wiped(context: Any, address: str, times: int, where: Path) -> list[bool]:
    """The copy that the page makes, all that the browser keeps of the site wiped, the copy taken back."""
    page = context.new_page()
    lost = []
    for number in range(times):
        page.goto(lab_page(address, TYPED))
        page.wait_for_function(NOTEBOOK_READY, timeout=PATIENCE)
        said = f"Réponse {number}, emportée dans une copie."
        field(page, QUESTIONS[number % 2]).fill(said)
        with page.expect_download() as got:
            page.get_by_role("button", name="Télécharger ma copie").first.click()
        copy = where / f"{number}.ipynb"
        got.value.save_as(copy)
        page.goto(address)
        origin = address.split("/", 3)
        context.new_cdp_session(page).send(
            "Storage.clearDataForOrigin", {"origin": "/".join(origin[:3]), "storageTypes": "all"}
        )
        page.goto(address)
        assert page.evaluate("localStorage.length") == 0
        page.locator("#fichiers").set_input_files(copy)
        page.locator("#repris p").wait_for()
        page.goto(lab_page(address, TYPED))
        page.wait_for_function(SHOWN)
        page.wait_for_timeout(500)
        lost.append(said not in held(page))
    return lost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DOSSIER")
    parser.add_argument("what", nargs="*", metavar="MESURE")
    parser.add_argument("--fois", type=int, default=5, help="mesures de vitesse de chaque sorte")
    parser.add_argument("--essais", type=int, default=20, help="essais de chaque sorte de perte")
    given = parser.parse_args()
    with sync_playwright() as playwright:
        measures: dict[str, Callable[[], None]] = {
            "poids": lambda: weigh(playwright, given.folder),
            "memoire": lambda: weigh_memory(playwright, given.folder),
            "pertes": lambda: losses(playwright, given.folder, given.essais),
            "vitesse": lambda: race(playwright, given.folder, given.fois),
        }
        if unknown := [name for name in given.what if name not in measures]:
            parser.error(f"mesure inconnue : {unknown[0]} ({', '.join(measures)})")
        for name in given.what or measures:
            measures[name]()


if __name__ == "__main__":
    main()
