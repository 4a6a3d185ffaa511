"""A folder prepared by an earlier version still marks: its keys, its subject, its class list, nbgrader's settings.

``cases/prepared_before`` was made by « crc-lab preparer » before the code moved into rooms and keys were simplified.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from sample_copies import A6, copy
from traitlets.config.loader import Config, PyFileConfigLoader

from autograder.cli import main as crc_lab

BEFORE = Path(__file__).parent / "cases" / "prepared_before"


def test_a_copy_of_an_earlier_subject_is_marked_with_its_own_keys(tmp_path: Path) -> None:
    subject = json.loads((BEFORE / "preparation.json").read_text(encoding="utf-8"))["sujet"]
    path = tmp_path / "copie.ipynb"
    path.write_bytes(copy(A6, edition="evaluation", sujet=subject))
    before, output = tmp_path / "controle", tmp_path / "resultats"
    shutil.copytree(BEFORE, before)  # the marks go into its gradebook
    assert crc_lab(["corriger", str(path), "--preparation", str(before), "--sortie", str(output)]) == 0
    (marked,) = json.loads((output / "resultats.json").read_text(encoding="utf-8"))["copies"]
    assert (marked["note"], marked["eleve"]["nom"]) == (20, "Inès Garnier")


def test_its_configuration_of_nbgrader_is_still_read() -> None:
    config: Config = PyFileConfigLoader("nbgrader_config.py", path=str(BEFORE / "nbgrader")).load_config()
    assert Path(config.CopyExporter.keys_folder) == BEFORE / "corriges"
    assert config.Autograde.exporter_class.startswith("autograder.gradebook.")
