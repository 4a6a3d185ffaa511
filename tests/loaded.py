"""The activities of the workbook, read once for all the tests of a process that only look at them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from crc_lab.core.bank import LoadedActivity, load_activity
from crc_lab.core.resources import activity_folder, datasets_folder


def loaded_activity(name: str) -> LoadedActivity:
    """That of the workbook in use: a test may have put another one in its place."""
    return _read(activity_folder(name), datasets_folder())


@cache
def _read(folder: Path, datasets: Path) -> LoadedActivity:
    return load_activity(folder, datasets)
