"""Where Chromium is and how it is started: for the browser tests, the guides’ pictures and the benchmark of cards."""

from __future__ import annotations

import shutil

BROWSERS = ("/usr/bin/chromium", "chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
SCHOOL = "lycee.test"
"""A name for this machine, from which browsers do not trust plain http as they do from 127.0.0.1."""
# Without these, Chromium asks the network for updates again and again, and fills a closed one.
FLAGS = (
    "--no-sandbox", "--headless=new", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    f"--host-resolver-rules=MAP {SCHOOL} 127.0.0.1",
)  # fmt: skip
NOTEBOOK_READY = """() => {
  const panel = window.jupyterapp?.shell.currentWidget;
  return panel?.context?.isReady && panel.sessionContext.session?.kernel?.status === "idle"
    && !document.querySelector(".crc-attente");
}"""
"""True in the page once the notebook in front is shown, its kernel idle and no card still to come."""


def find_chromium() -> str | None:
    """The program of the first Chromium found, or None."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)
