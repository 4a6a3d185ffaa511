"""For all tests: an example of Hypothesis may take its time, on a busy machine; a folder of marking.

What the fixtures need is imported in them: tests of a real hub run where the program is installed, with few tools.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

with suppress(ImportError):
    from hypothesis import settings

    settings.register_profile("sans-delai", deadline=None)
    settings.load_profile("sans-delai")


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """A teacher's folder: :class:`tests.correcting.Folder`."""
    from tests.correcting import Folder

    return Folder(tmp_path, capsys)


@pytest.fixture
def essays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three copies of activity 9, whose second question is read by a person; one number is wrong."""
    from tests.sample_results import essay, handed_in, use_workbook

    use_workbook(monkeypatch)
    return handed_in(
        tmp_path,
        {
            "Inès Garnier": (11, essay("Inès Garnier", "igarnier")),
            "Paul Benali": (12, essay("Paul Benali", "pbenali", number="43")),
            "Zoé Petit": (13, essay("Zoé Petit", "zpetit", answer=None)),
        },
    )
