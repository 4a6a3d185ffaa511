"""What the cards of an activity send to the page: bytes of the messages that open them, and how much of it is code.

    python benchmarks/poids.py [--activite 02_reglementation]

The notebook is run by a kernel, as « Tout exécuter » does; each message that opens a widget is weighed as it goes over
the wire. To compare with another state of the project, run the same file with ``PYTHONPATH`` set to that one.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.manager import start_new_kernel

from crc_lab.lab.workbook_copy import copy_workbook


def opened(client: Any, source: str) -> list[dict[str, Any]]:
    """The states of the widgets that running ``source`` opens."""
    found = []
    asked = client.execute(source)
    while True:
        message = client.get_iopub_msg(timeout=120)
        if message["parent_header"].get("msg_id") != asked:
            continue
        if message["msg_type"] == "error":
            raise SystemExit("\n".join(message["content"]["traceback"]))
        if message["msg_type"] == "comm_open":
            found.append(message["content"]["data"]["state"])
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            return found


def weight(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--activite", default="02_reglementation", help="le dossier de l’activité")
    activity = parser.parse_args().activite
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "cahier-crc"
        copy_workbook(folder)
        notebook = nbformat.read(folder / activity / f"{activity}.ipynb", as_version=4)
        manager, client = start_new_kernel(kernel_name="python3", cwd=str(folder / activity))
        try:
            states = [one for cell in notebook.cells if cell.cell_type == "code" for one in opened(client, cell.source)]
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    total, code = (sum(map(weight, those)) for those in (states, (state.get("_esm", "") for state in states)))
    print(f"{activity} : {len(states)} widgets")
    print(f"envoyé à la page : {total / 1000:.0f} ko, dont {code / 1000:.0f} ko de code")


if __name__ == "__main__":
    main()
