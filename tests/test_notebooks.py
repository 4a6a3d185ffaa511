"""Every built notebook runs from top to bottom without an error."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from crc_lab.core.resources import activity_ids, workbook_root
from tests.notebook_runs import run_notebooks


def test_every_notebook_runs_without_an_error(tmp_path: Path) -> None:
    folder = workbook_root() / "notebooks"
    notebooks = [folder / name / f"{name}.ipynb" for name in activity_ids()]
    run_notebooks(notebooks, tmp_path, {**os.environ, "MPLCONFIGDIR": str(tmp_path)})


def test_a_cell_in_error_is_told_with_its_notebook(tmp_path: Path) -> None:
    """The check can fail: an exception, a text that is not Python, in a notebook that is not the last."""
    for name, source in (("un", "1 / 0"), ("deux", "1 +"), ("trois", "1 + 1")):
        cells = [
            {"cell_type": "markdown", "id": "t", "source": "x"},
            {"cell_type": "code", "id": "c", "source": source},
        ]
        (tmp_path / f"{name}.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    notebooks = [tmp_path / f"{name}.ipynb" for name in ("un", "deux", "trois")]
    with pytest.raises(AssertionError) as caught:
        run_notebooks(notebooks, tmp_path, {**os.environ, "MPLCONFIGDIR": str(tmp_path)})
    assert all(word in str(caught.value) for word in ("un.ipynb", "ZeroDivisionError", "deux.ipynb", "SyntaxError"))
    assert "trois.ipynb" not in str(caught.value)
