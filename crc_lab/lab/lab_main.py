"""What the server process runs: JupyterLab, which stops by itself when the command that started it is gone.

Started by :mod:`crc_lab.lab.open_lab` as a file, with ``python -P``: it may import nothing of this project.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

# Saves about one second: it only serves (through jsonschema) to check the syntax of internationalised addresses, and
# building its grammar takes that long. When it is absent that check is left out.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]

from jupyterlab.labapp import LabApp  # noqa: E402 (after the line above: that is its point)


def stop_with_parent(server: Any) -> None:
    """Wait until the other end of the standard input closes (parent stopped, or killed), then stop the server."""
    while os.read(0, 1):
        pass
    server.io_loop.add_callback(server.stop)


def main() -> None:
    server = LabApp.initialize_server(argv=sys.argv[1:])
    threading.Thread(target=stop_with_parent, args=[server], daemon=True).start()
    server.start()


if __name__ == "__main__":
    main()
