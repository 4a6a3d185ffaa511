"""Python that does not start, in a plain page: behind a server and in a browser alone, after a minute of faked time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import crc_lab

SCRIPTS = next(
    (Path(crc_lab.__file__).parent / "lab" / "labextension" / "crc-lab" / "static").glob("*/patience.js")
).parent
ADDRESS = "https://cahier.test/"
PAGE = '<!doctype html><script id="jupyter-config-data" type="application/json"{root}>{{}}</script>'
WATCH = """async () => {
  const { watchStart } = await import("/patience.js");
  const node = document.createElement("div");
  node.innerHTML = '<p class="crc-attente">Préparation de la question…</p>';
  document.body.append(node);
  const kernel = window.kernel = { connectionStatus: "connecting", status: "unknown" };
  window.again = 0;
  watchStart({ node, isDisposed: false, sessionContext: { session: { kernel } } }, () => { window.again += 1; });
}"""


@pytest.fixture
def watched(chromium: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A page whose notebook waits for its first card, with a clock of its own; the parameter: its place in the site."""

    def give(route: Any) -> None:
        name = route.request.url.removeprefix(ADDRESS)
        if name:
            route.fulfill(body=(SCRIPTS / name).read_text("utf-8"), content_type="text/javascript")
        else:
            route.fulfill(body=PAGE.format(root=request.param), content_type="text/html")

    context = chromium.new_context()
    page = context.new_page()
    page.route(f"{ADDRESS}**", give)
    page.clock.install()
    page.goto(ADDRESS)
    page.evaluate(WATCH)
    page.clock.run_for(58_000)
    assert page.locator(".crc-panne").count() == 0
    page.clock.run_for(5000)
    assert "Python n’a pas démarré" in page.locator(".crc-panne").inner_text()
    yield page
    context.close()


@pytest.mark.parametrize("watched", [""], indirect=True)
def test_behind_a_server_one_tries_again_and_the_notice_goes_once_python_listens(watched: Any) -> None:
    notice = watched.locator(".crc-panne")
    notice.get_by_role("button", name="Réessayer").click()
    assert watched.evaluate("window.again") == 1
    assert notice.count() == 0, "another minute is given"
    watched.clock.run_for(63_000)
    assert notice.count() == 1
    watched.evaluate("Object.assign(kernel, { connectionStatus: 'connected', status: 'busy' })")
    watched.clock.run_for(2000)
    assert notice.count() == 0


@pytest.mark.parametrize("watched", [' data-jupyter-lite-root=".."'], indirect=True)
def test_in_a_browser_alone_a_kernel_that_says_it_rests_is_not_believed_and_cards_that_come_are(watched: Any) -> None:
    notice = watched.locator(".crc-panne")
    assert "La première visite télécharge environ 15 Mo" in notice.inner_text()
    assert notice.get_by_role("button", name="Recharger la page").is_visible()
    watched.evaluate("Object.assign(kernel, { connectionStatus: 'connected', status: 'idle' })")
    watched.clock.run_for(2000)
    assert notice.count() == 1
    watched.evaluate("document.querySelector('.crc-attente').remove()")
    watched.clock.run_for(2000)
    assert notice.count() == 0
