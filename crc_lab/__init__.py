"""crc-lab: the student's commands, in French. Everything else is private.

Each name is loaded on first use, so that ``import crc_lab`` (and marking a copy) needs neither pandas nor IPython.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

__all__ = [
    "charger", "debut", "explorer_rfm", "exporter_excel", "figure", "importer_excel", "lexique", "parcours",
    "progression", "question", "rendre", "verifier",
]  # fmt: skip

_HOMES = {
    "explorer_rfm": "crc_lab.marielle.figures",
    "figure": "crc_lab.marielle.figures",
}
"""Where a name is, unless it is one of ``crc_lab.notebook.commands``."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(_HOMES.get(name, "crc_lab.notebook.commands")), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__
