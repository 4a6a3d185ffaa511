"""A poor web host for the site: under a sub-path, plain http at a school's name (no secure context: no service worker),
every odd file type as bytes, no file of another folder.

``python -m tests.e2e.site_server DOSSIER PORT [--gzip]`` serves one by hand.
"""

from __future__ import annotations

import functools
import gzip
import http.server
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.e2e.chromium_program import SCHOOL

UNDER = "/lycee/cahier/"
KNOWN = {
    ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json",
    ".svg": "image/svg+xml", ".png": "image/png",
}  # fmt: skip
PACKED = (".zip", ".png", ".woff2")


class Host(http.server.SimpleHTTPRequestHandler):
    """Files of one folder under :data:`UNDER`; ``asked``: each path asked for, ``sent``: bytes given."""

    protocol_version = "HTTP/1.1"
    asked: list[str]
    squeeze = False
    sent = 0

    def translate_path(self, path: str) -> str:
        inside = path.split("?")[0].split("#")[0]
        if not inside.startswith(UNDER):
            return str(Path(self.directory) / "nowhere" / "nothing")
        return super().translate_path(inside[len(UNDER) - 1 :])

    def guess_type(self, path: Any) -> str:
        return KNOWN.get(Path(path).suffix, "application/octet-stream")

    def do_GET(self) -> None:
        self.asked.append(self.path)
        try:
            super().do_GET()
        except ConnectionError:  # the page was left while something was on its way
            self.close_connection = True

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "max-age=600")
        super().end_headers()

    def send_head(self) -> Any:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not (self.squeeze and path.is_file() and path.suffix not in PACKED):
            return super().send_head()
        body = _squeezed(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        type(self).sent += len(body)
        return None

    def copyfile(self, source: Any, outputfile: Any) -> None:
        while chunk := source.read(65536):
            type(self).sent += len(chunk)
            outputfile.write(chunk)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the screen."""


@functools.cache
def _squeezed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


@contextmanager
def hosted(folder: Path, port: int = 0, *, squeeze: bool = False) -> Iterator[tuple[str, type[Host]]]:
    """Serve ``folder``; the address of its first page, for Chromium as it is started here, and what was asked."""
    kind = type("Here", (Host,), {"asked": [], "squeeze": squeeze, "sent": 0})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), functools.partial(kind, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{SCHOOL}:{server.server_port}{UNDER}", kind
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


if __name__ == "__main__":
    with hosted(Path(sys.argv[1]), int(sys.argv[2]), squeeze="--gzip" in sys.argv) as (address, _):
        print(address.replace(SCHOOL, "127.0.0.1"), flush=True)
        threading.Event().wait()
