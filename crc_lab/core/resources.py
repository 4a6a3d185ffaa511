"""Where the workbook's own files are: beside the notebook, in the installed package, or in a checkout."""

from __future__ import annotations

import os
from pathlib import Path

from crc_lab.core.errors import UnknownName

OTHER_WORKBOOK = "CRC_LAB_CAHIER"
"""Environment variable: the folder of another workbook (``notebooks/`` and ``datasets/``), a school's own."""

_PACKAGE = Path(__file__).resolve().parents[1]


PACKAGED_WORKBOOK = _PACKAGE / "_cahier" if (_PACKAGE / "_cahier" / "notebooks").is_dir() else _PACKAGE.parent
"""The workbook that comes with the code: inside an installed package, else the checkout."""


def workbook_root() -> Path:
    """The folder that holds ``notebooks/`` and ``datasets/``: named by ``CRC_LAB_CAHIER``, else the packaged one."""
    other = os.environ.get(OTHER_WORKBOOK)
    return Path(other).expanduser().resolve() if other else PACKAGED_WORKBOOK


def activity_ids() -> tuple[str, ...]:
    """The activities of this workbook, in order (``00_accueil``, ``03_structurer``…)."""
    return tuple(sorted(path.parent.name for path in (workbook_root() / "notebooks").glob("*/exercices.toml")))


def activity_folder(activity: str, near: Path | None = None) -> Path:
    """The folder with the question files of ``activity``.

    ``near`` (a notebook's own folder) wins when it holds ``exercices.toml`` and bears the activity's name or the
    activity's notebook; a notebook moved elsewhere finds the workbook's own files.
    """
    if near is not None and (near / "exercices.toml").is_file() and _is_activity(near, activity):
        return near
    folder = workbook_root() / "notebooks" / activity
    if not (folder / "exercices.toml").is_file():
        raise UnknownName("nom d’activité", activity, activity_ids())
    return folder


def datasets_folder(near: Path | None = None) -> Path:
    """The data files: ``datasets`` in ``near`` (a subject), beside it (a copied workbook), else the workbook's own."""
    for folder in (near, near.parent) if near is not None else ():
        if (folder / "datasets" / "datapackage.json").is_file():
            return folder / "datasets"
    return workbook_root() / "datasets"


def _is_activity(folder: Path, activity: str) -> bool:
    return folder.name == activity or f'activite = "{activity}"' in (folder / "exercices.toml").read_text("utf-8")
