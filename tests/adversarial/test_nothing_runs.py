"""No code of a submission is executed: the real command, started in the very folder of the copies.

The same is proved for ``nbgrader autograde`` with the provided configuration in tests/test_gradebook_autograde.py.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adversarial.suite import HERE, read_case
from tests.sample_copies import notebook, sheet

LANGUAGES = (
    "%%bash\ntouch {trace}",
    "%%sh\ntouch {trace}",
    "%%script bash\ntouch {trace}",
    "!touch {trace}",
    "%%writefile {trace}\nx",
    "%system touch {trace}",
    "%%javascript\nrequire('fs').writeFileSync('{trace}', '')",
    "open(r'{trace}', 'w').close()",
    "__import__('os').system('touch {trace}')",
    "exec(\"open(r'{trace}', 'w').close()\")",
)


def installed_command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """``crc-lab`` as a teacher starts it, in ``folder``."""
    program = Path(sys.executable).with_name("crc-lab.exe" if os.name == "nt" else "crc-lab")
    environ = {name: item for name, item in os.environ.items() if not name.startswith(("PYTHON", "COV"))}
    return subprocess.run(
        [str(program), *arguments],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


def snapshot(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["F81-programmes-a-cote", "F82-chaque-cellule-ecrit", "A06-bibliotheque-maison"])
def test_marking_in_the_folder_of_the_copy_runs_nothing_of_it(tmp_path: Path, name: str):
    copies = read_case(HERE / name).write(tmp_path / "copies")
    before = snapshot(copies)
    done = installed_command(copies, "corriger", ".", "--sortie", str(tmp_path / "sortie"))
    assert done.returncode == 0, done.stderr
    assert snapshot(copies) == before
    assert not list(tmp_path.rglob("fuite*"))


def test_cells_of_every_language_and_traps_in_their_outputs_are_never_run(tmp_path: Path):
    trace = tmp_path / "trace.txt"
    cells = []
    for number, source in enumerate(LANGUAGES):
        text = source.replace("{trace}", str(trace))
        data = {"application/javascript": text, "text/html": text}
        output = {"output_type": "display_data", "metadata": {}, "data": data}
        cell = {"cell_type": "code", "id": f"c{number}", "metadata": {"init_cell": True}, "source": text}
        cells.append({**cell, "outputs": [output], "execution_count": 1})
    (tmp_path / "copies").mkdir()
    (tmp_path / "copies" / "06_scorer.ipynb").write_bytes(notebook(sheet(), cells))
    done = installed_command(tmp_path / "copies", "corriger", ".", "--sortie", str(tmp_path / "sortie"))
    assert done.returncode == 0, done.stderr
    assert not trace.exists()


def test_those_cells_would_leave_a_trace_if_they_were_run(tmp_path: Path):
    trace = tmp_path / "trace.txt"
    for source in LANGUAGES[7:]:
        exec(source.replace("{trace}", str(trace)))
        assert trace.exists()
        trace.unlink()
