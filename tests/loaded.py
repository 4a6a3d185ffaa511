"""The activities of the workbook, read once for all the tests of a process that only look at them."""

from __future__ import annotations

from functools import cache

from crc_lab.core.bank import LoadedActivity, load_activity
from crc_lab.core.resources import activity_folder, datasets_folder


@cache
def loaded_activity(name: str) -> LoadedActivity:
    return load_activity(activity_folder(name), datasets_folder())
