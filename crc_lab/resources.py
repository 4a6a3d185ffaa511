"""Where the workbook's own files are: beside the notebook, in the installed package, or in a checkout."""

from __future__ import annotations

from pathlib import Path

from crc_lab.errors import UnknownName

_PACKAGE = Path(__file__).resolve().parent


def workbook_root() -> Path:
    """The folder that holds ``notebooks/`` and ``datasets/``: inside an installed package, else the checkout."""
    packed = _PACKAGE / "_cahier"
    return packed if (packed / "notebooks").is_dir() else _PACKAGE.parent


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
    """The data files: ``../datasets`` of ``near`` when it is a copied workbook, else the workbook's own."""
    if near is not None and (near.parent / "datasets" / "datapackage.json").is_file():
        return near.parent / "datasets"
    return workbook_root() / "datasets"


def _is_activity(folder: Path, activity: str) -> bool:
    return folder.name == activity or f'activite = "{activity}"' in (folder / "exercices.toml").read_text("utf-8")
