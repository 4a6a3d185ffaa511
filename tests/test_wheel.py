"""What ``pip install`` gives: the wheel holds all that the workbook needs, and nothing of this machine."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXTENSION = "share/jupyter/labextensions/crc-lab/"
RUBBISH = re.compile(r"__pycache__|\.py[co]$|\.ipynb_checkpoints|\.reponses\.json$|/\.|~\$")
GIVEN_NAMES = re.compile(rb"/(home|Users|root|tmp)/[\w.-]+|[A-Z]:\\\\?Users")


def build(kind: str, source: Path, target: Path) -> Path:
    """Build one distribution with the installed hatchling: no isolation, no network."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(target)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (built,) = target.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    """The names of the files in the wheel."""
    return set(zipfile.ZipFile(wheel).namelist())


def own_files(folder: str) -> set[str]:
    """The files of a folder that belong to the project: all but what running it leaves behind."""
    everything = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()}
    return {name for name in everything if not RUBBISH.search(name)}


@pytest.mark.parametrize("folder", ["notebooks", "datasets"])
def test_the_wheel_holds_the_workbook(names: set[str], folder: str) -> None:
    inside = {name.removeprefix("crc_lab/_cahier/") for name in names if name.startswith(f"crc_lab/_cahier/{folder}/")}
    assert inside == own_files(folder)
    assert any(name.endswith(".ipynb") for name in names)
    assert "crc_lab/_cahier/datasets/datapackage.json" in names


@pytest.mark.parametrize("package", ["crc_lab", "crc_lab_hub", "autograder"])
def test_the_wheel_holds_the_code_with_its_styles_and_scripts(names: set[str], package: str) -> None:
    assert {name for name in names if name.startswith(f"{package}/") and "/_cahier/" not in name} == own_files(package)


def test_the_cards_have_their_javascript_and_their_css(names: set[str]) -> None:
    suffixes = {Path(name).suffix for name in names if name.startswith("crc_lab/notebook/")}
    assert {".py", ".js", ".css"} <= suffixes


def test_jupyterlab_will_find_the_extension(wheel: Path, names: set[str]) -> None:
    (prefix,) = {name[: name.index(EXTENSION)] for name in names if EXTENSION in name}
    assert re.fullmatch(r"crc_lab-[\w.]+\.data/data/", prefix)
    package = json.loads(zipfile.ZipFile(wheel).read(f"{prefix}{EXTENSION}package.json"))
    assert package["name"] == "crc-lab"
    assert f"{prefix}{EXTENSION}install.json" in names
    assert f"{prefix}{EXTENSION}{package['jupyterlab']['_build']['load']}" in names


def test_the_wheel_offers_the_command_and_the_licences(wheel: Path, names: set[str]) -> None:
    (entry_points,) = [name for name in names if name.endswith(".dist-info/entry_points.txt")]
    assert b"crc-lab = crc_lab.__main__:main" in zipfile.ZipFile(wheel).read(entry_points)
    licences = {Path(name).name for name in names if "/licenses/" in name}
    assert licences == {"LICENSE", "LICENSE-contenu", "OpenDyslexic-LICENSE.txt"}
    fonts = {Path(name).name for name in names if EXTENSION in name and name.endswith(".woff2")}
    assert fonts == {f"opendyslexic-latin-{weight}-normal.woff2" for weight in (400, 700)}


@pytest.fixture(scope="module")
def student(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command of an installation without the teacher's package, far from the checkout."""
    site = tmp_path_factory.mktemp("eleve") / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site, [name for name in archive.namelist() if not name.startswith("autograder/")])
    path = [str(site), *(folder for folder in sys.path if folder.endswith("site-packages"))]
    script = f"import sys; sys.path[:0] = {path}; from crc_lab.__main__ import main; sys.exit(main(sys.argv[1:]))"
    return [sys.executable, "-S", "-c", script]  # -S: nor what an editable install adds


def test_a_student_without_the_teachers_package_is_told_where_the_other_commands_are(
    student: list[str], tmp_path: Path
) -> None:
    def run(*arguments: str) -> tuple[int, str, str]:
        done = subprocess.run([*student, *arguments], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
        return done.returncode, done.stdout, done.stderr

    code, out, err = run("--help")
    assert (code, err) == (0, "")
    assert re.search(r"ouvrir +ouvrir le cahier dans JupyterLab", out)
    for name in (
        "corriger",
        "ramasser",
        "formgrader",
        "preparer",
        "verifier",
        "programme-eleve",
        "purger",
        "demo",
        "construire",
    ):
        assert re.search(rf"{name} +commande du professeur", out)
        code, out_of_it, err = run(name, "--help")
        assert (code, out_of_it) == (1, "")
        assert err.count("\n") == 1
        assert "commande du professeur" in err
        assert "pip install crc-lab[prof]" in err
    assert run("corigr")[0] == 2
    assert run("ouvrir", "--port", "x")[0] == 2


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_student_without_the_teachers_package_opens_the_workbook(student: list[str], tmp_path: Path) -> None:
    environ = {**os.environ, "JUPYTER_RUNTIME_DIR": str(tmp_path / "execution"), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*student, "ouvrir", "cahier", "--sans-navigateur"],
        cwd=tmp_path,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("Pour arrêter"):  # it answers
                process.send_signal(signal.SIGINT)
    assert process.returncode == 0, "".join(said)
    assert "Le cahier est fermé" in said[-1]
    assert (tmp_path / "cahier" / "06_scorer" / "06_scorer.ipynb").is_file()


def test_the_wheel_holds_nothing_of_this_machine(wheel: Path, names: set[str]) -> None:
    assert [name for name in names if RUBBISH.search(name)] == []
    own = str(ROOT).encode() + os.sep.encode()
    with zipfile.ZipFile(wheel) as archive:
        for name in names:
            content = archive.read(name)
            assert own not in content, name
            if not name.endswith((".xlsx", ".png")):
                assert not GIVEN_NAMES.search(content), (name, GIVEN_NAMES.findall(content))


def test_the_source_distribution_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    archive = build("sdist", ROOT, tmp_path / "sdist")
    safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # absent before Python 3.11.4
    with tarfile.open(archive) as source:
        source.extractall(tmp_path, **safely)
    (folder,) = [path for path in tmp_path.glob("crc_lab-*") if path.is_dir()]
    again = build("wheel", folder, tmp_path / "wheel")
    with zipfile.ZipFile(wheel) as first, zipfile.ZipFile(again) as second:
        assert sorted(first.namelist()) == sorted(second.namelist())
        for name in first.namelist():
            assert first.read(name) == second.read(name), name


def test_the_workbook_is_found_once_installed(wheel: Path, tmp_path: Path) -> None:
    """The unpacked wheel, far from the checkout: every activity loads, with its data and its key."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    script = (
        "import pathlib, crc_lab.core.resources as r, crc_lab.core.bank as b\n"
        "root = r.workbook_root()\n"
        "assert root == pathlib.Path(r.__file__).parents[1] / '_cahier', root\n"
        "folders = sorted(p for p in (root / 'notebooks').iterdir() if (p / 'exercices.toml').exists())\n"
        "assert folders\n"
        "for folder in folders:\n"
        "    assert b.load_activity(folder, root / 'datasets').keys, folder\n"
    )
    environ = os.environ | {"PYTHONPATH": str(tmp_path / "site")}
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
