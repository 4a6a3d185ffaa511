"""The ``crc-lab`` command: French everywhere, exit codes, no traceback; and that it starts fast."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.cli import commands
from crc_lab import __version__
from crc_lab.__main__ import NAMES, main
from tests.sample_copies import archive, copy, moodle

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).resolve().parent.parent
ENGLISH = ("Usage", "Options:", "Error", "Missing", "Try ", "Invalid", "No such", "Commands", "Arguments:", "default:")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """The command: exit code, standard output and standard error, with plain spaces."""

    def called(*arguments: str | Path) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out.replace("\u00a0", " "), err.replace("\u00a0", " ")

    return called


@pytest.fixture
def classe(tmp_path: Path) -> Path:
    path = tmp_path / "classe.zip"
    path.write_bytes(archive({moodle("Inès Garnier", 1): copy(), moodle("Léa Roux", 2, "copie.pdf"): b"%PDF"}))
    return path


# --- help and wrong usage ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [[], ["--help"], *([name, "--help"] for name in NAMES)], ids=" ".join)
def test_every_help_page_is_french_and_ends_well(run: Run, arguments: list[str]):
    code, out, err = run(*arguments)
    assert (code, err) == (0, "")
    assert out.startswith("Utilisation : crc-lab")
    assert not any(word in out for word in ENGLISH)


def test_the_help_names_every_command(run: Run):
    assert ("ouvrir", *commands()) == NAMES
    out = run("--help")[1]
    for name in (*NAMES, "--version", "--debug"):
        assert name in out


def test_a_help_page_says_what_is_needed_and_what_each_thing_is(run: Run):
    lines = run("purger", "--help")[1].splitlines()
    assert lines[0] == "Utilisation : crc-lab purger DOSSIER… (--conservation DURÉE | --eleve ÉLÈVE) [OPTIONS]"
    assert lines[2].startswith("Effacer les données personnelles")
    assert "Arguments :" in lines
    assert any(re.match(r"  DOSSIER… +des dossiers de « crc-lab corriger »", line) for line in lines)
    assert any(re.match(r"  --au DATE +à quelle date compter", line) for line in lines)
    assert max(map(len, lines)) <= 110


WRONG = {
    "corriger": "Il manque l’option « --sortie »",
    "corriger --sortie y": "Il manque les copies à noter (ENTRÉE…)",
    "corriger --sortie y --recommencer": "--recommencer oublie les copies",
    "corriger docs --sortie y --classe nulle-part.csv": "La liste de classe « nulle-part.csv » est introuvable",
    "corriger docs --sortie y --classe docs": "La liste de classe « docs » est introuvable",
    "corriger docs --sortie y --preparation nulle-part": "Le dossier préparé « nulle-part » est introuvable",
    "corriger docs --sortie y --nbgrader nulle-part": "Le cours nbgrader « nulle-part » est introuvable",
    "corriger docs --sortie y --notes-manuelles x.xlsx": "Le fichier des notes manuelles « x.xlsx » est introuvable",
    "corriger docs --sortie y --base sqlite:///x": "--base va avec --nbgrader",
    "corriger x": "Il manque l’option « --sortie »",
    "corriger x --sortie": "L’option « --sortie » attend une valeur",
    "corriger x --sorti y": "Vouliez-vous dire « --sortie » ?",
    "corriger x --sorti=y": "L’option « --sorti » n’existe pas",
    "corriger x --sortie y --classe --corriges z": "L’option « --classe » attend une valeur",
    "purger --conservation 1an": "Il manque l’argument « DOSSIER… »",
    "purger x --conservation": "L’option « --conservation » attend une valeur",
    "purger docs --conservation zut": "cette durée ne se comprend pas",
    "purger nulle-part --conservation 1an": "Introuvable : « nulle-part »",
    "preparer --classe docs --sortie y": "Introuvable : « docs »",
    "preparer --classe pyproject.toml": "Il manque l’option « --sortie »",
    "preparer --classe README.md --sortie y --activites 99": "« 99 »",
    "corriger absent.zip --sortie y": "Introuvable : « absent.zip »",
    "corriger absent.zip zut.zip --sortie y": "Introuvables : « absent.zip », « zut.zip »",
    "corriger pyproject.toml --sortie README.md": "« README.md » est un fichier",
    "corriger docs --sortie docs": "Le dossier de sortie est aussi une entrée",
    "corriger pyproject.toml --sortie y --corriges nulle-part": "« nulle-part » est introuvable",
    "corigr": "Vouliez-vous dire « corriger » ?",
    "zzz": "La commande « zzz » n’existe pas.",
    "--zzz": "L’option « --zzz » n’existe pas",
    "demo --eleves trente": "La valeur donnée à « --eleves » ne convient pas (nombre d’élèves, de 1 à 500)",
    "demo --eleves 0": "La valeur donnée à « --eleves » ne convient pas",
    "ouvrir --port 99999999": "« --port »",
    "construire zut": "un argument de trop",
    "construire --check=oui": "ne prend pas de valeur",
    "ouvrir a b": "un argument de trop",
    "ouvrir -x": "L’option « -x » n’existe pas",
}


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_usage_is_explained_in_french(run: Run, monkeypatch: pytest.MonkeyPatch, line: str):
    monkeypatch.chdir(ROOT)
    code, out, err = run(*line.split())
    assert (code, out) == (2, "")
    assert WRONG[line] in err
    assert not any(word in err for word in ENGLISH)


def test_files_and_options_come_in_any_order_and_a_file_may_look_like_an_option(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    for name in ("a.ipynb", "b.ipynb", "-c.ipynb", "--help"):
        (tmp_path / name).write_bytes(copy(name=name, identifier=name))
    given: list[object] = []
    monkeypatch.setattr("autograder.correct.command.correct", lambda *all_: given.append(all_) or 0)
    assert run("corriger", "a.ipynb", "--pseudonymes", "b.ipynb", "--sortie=s", "--", "-c.ipynb", "--help")[0] == 0
    ((inputs, output, options),) = given
    assert [path.name for path in inputs] == ["a.ipynb", "b.ipynb", "-c.ipynb", "--help"]
    assert (output, options.pseudonyms, options.fresh, options.worksheets) == (Path("s"), True, False, ())


def test_the_version_is_said(run: Run):
    assert run("--version") == (0, f"crc-lab {__version__}\n", "")


# --- corriger ---------------------------------------------------------------------------------------------------------


def test_a_class_is_marked_and_the_reports_are_named(run: Run, tmp_path: Path, classe: Path):
    code, out, err = run("corriger", classe, "--sortie", tmp_path / "notes")
    assert (code, err) == (0, "Correction de 2 fichiers…\n")
    assert "1 copie notée (activité 6), 1 élève." in out
    assert "1 fichier non noté :" in out
    assert "C’est un PDF" in out
    for name in ("classe.html", "notes.xlsx", "resultats.json", "retours"):
        assert str(tmp_path / "notes" / name) in out
        assert (tmp_path / "notes" / name).exists()


def test_the_results_do_not_depend_on_where_the_files_are(run: Run, tmp_path: Path, classe: Path):
    other = tmp_path / "ailleurs" / "classe.zip"
    other.parent.mkdir()
    other.write_bytes(classe.read_bytes())
    outputs = []
    for source in (classe, other):
        assert run("corriger", source, "--sortie", source.parent / "s")[0] == 0
        outputs.append((source.parent / "s" / "resultats.json").read_bytes())
    assert outputs[0] == outputs[1]
    assert str(tmp_path).encode() not in outputs[0]


def test_when_nothing_can_be_marked_the_code_is_1(run: Run, tmp_path: Path):
    (tmp_path / "copies").mkdir()
    code, _, err = run("corriger", tmp_path / "copies", "--sortie", tmp_path / "s")
    assert (code, "Aucune copie trouvée" in err) == (1, True)
    (tmp_path / "copies" / "a.pdf").write_bytes(b"%PDF")
    code, _, err = run("corriger", tmp_path / "copies", "--sortie", tmp_path / "s")
    assert (code, "Aucune copie n’a pu être notée" in err, "C’est un PDF" in err) == (1, True, True)
    assert not (tmp_path / "s").exists()


def test_a_pattern_that_the_shell_left_is_expanded(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in "ab":
        (tmp_path / f"{name}.ipynb").write_bytes(copy(name=name, identifier=name))
    monkeypatch.chdir(tmp_path)
    assert "2 copies notées" in run("corriger", "*.ipynb", "--sortie", "s")[1]


def test_a_second_run_into_a_folder_among_the_copies_reads_only_the_copies(run: Run, tmp_path: Path):
    (tmp_path / "a.ipynb").write_bytes(copy())
    results = []
    for _ in range(2):
        code, out, err = run("corriger", tmp_path, "--sortie", tmp_path / "s")
        assert (code, err, "1 copie notée" in out) == (0, "Correction de 1 fichier…\n", True)
        results.append((tmp_path / "s" / "resultats.json").read_bytes())
    assert results[0] == results[1]
    assert "Rien n’a changé depuis la correction précédente." in out


def test_many_rejections_are_cut_on_the_terminal(run: Run, tmp_path: Path):
    (tmp_path / "c").mkdir()
    for suffix, number in {"pdf": 5, "png": 5, "csv": 4}.items():
        for one in range(number):
            (tmp_path / "c" / f"{one}.{suffix}").write_bytes(b"x")
    assert "… et 4 autres." in run("corriger", tmp_path / "c", "--sortie", tmp_path / "s")[2]


def test_many_rejections_alike_are_one_line_on_the_terminal(run: Run, tmp_path: Path):
    (tmp_path / "c").mkdir()
    for number in range(14):
        (tmp_path / "c" / f"{number}.pdf").write_bytes(b"x")
    (line,) = [
        line for line in run("corriger", tmp_path / "c", "--sortie", tmp_path / "s")[2].split("\n") if "•" in line
    ]
    assert "14 fichiers en PDF au lieu du carnet (c/0.pdf, c/1.pdf, c/10.pdf et 11 autres)" in line
    assert line.endswith("Demandez à l’élève le fichier .ipynb.")


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal here")
def test_a_terminal_shows_a_progress_bar(tmp_path: Path, classe: Path):
    import pty

    own, other = pty.openpty()
    command = [sys.executable, "-m", "crc_lab", "corriger", str(classe), "--sortie", str(tmp_path / "s")]
    environ = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    done = subprocess.run(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=other, check=False)
    os.close(other)
    shown = os.read(own, 100_000).decode("utf-8", "replace")
    os.close(own)
    assert (done.returncode, "Correction" in shown, "2/2" in shown) == (0, True, True)


def test_what_the_terminal_shows_keeps_french_spaces(capsys: pytest.CaptureFixture[str], tmp_path: Path, classe: Path):
    lines = [["--help"], ["corriger", "--help"], ["corriger", str(classe), "--sortie", str(tmp_path / "s")], ["zzz"]]
    for arguments in lines:
        main(arguments)
        for text in capsys.readouterr():
            assert not re.search(r" [:;?!](\s|$)|« | »", text), text


# --- the unexpected ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ZeroDivisionError("division"), 1, "erreur imprévue (ZeroDivisionError"),
        (ModuleNotFoundError("No module named 'jinja2'", name="jinja2"), 1, "crc-lab[prof]"),
        (KeyboardInterrupt(), 130, "Interrompu.\n"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_stops_a_command_is_short_and_says_what_to_do(
    run: Run, classe: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str
):
    def boom(*_: object) -> int:
        raise error

    monkeypatch.setattr("autograder.correct.command.correct", boom)
    given = ["corriger", classe, "--sortie", classe.parent / "s"]
    done, _, err = run(*given)
    assert (done, said in err, "Traceback" in err) == (code, True, False)
    for asked in (["--debug", *given], [*given, "--debug"]):
        assert ("Traceback" in run(*asked)[2]) == (code == 1)


# --- the other commands ----------------------------------------------------------------------------------------------


def test_ouvrir_calls_the_workbook_with_its_options(run: Run, monkeypatch: pytest.MonkeyPatch):
    calls: list[object] = []
    monkeypatch.setattr("crc_lab.lab.open_lab.open_workbook", lambda *args, **kwargs: calls.append((args, kwargs)) or 0)
    assert run("ouvrir", "cahier", "--port", "8899", "--sans-navigateur")[0] == 0
    assert run("ouvrir", "--cahier", "le-mien")[0] == 0
    assert calls == [
        ((Path("cahier"),), {"port": 8899, "browser": False, "workbook": None}),
        ((None,), {"port": None, "browser": True, "workbook": Path("le-mien")}),
    ]


def test_construire_returns_what_the_builder_says(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("autograder.prepare.build.build", lambda check, **_: 1 if check else 0)
    assert run("construire", "--check")[0] == 1
    assert run("construire")[0] == 0


@pytest.mark.parametrize("module", ["crc_lab", "autograder.cli"])
def test_the_module_can_be_called_as_a_program(module: str):
    command = [sys.executable, "-m", module, "corriger", "absent.zip", "--sortie", "y"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert "Introuvable" in done.stderr.decode("utf-8")


def test_an_old_console_gets_no_crash(tmp_path: Path, classe: Path):
    environ = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "crc_lab", "corriger", str(classe), "--sortie", str(tmp_path / "s")]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, check=False)
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)


@pytest.mark.parametrize(
    ("arguments", "said", "heavy"),
    [
        (["--help"], "", {"nbformat", "IPython", "tomllib"}),
        (["corriger", "absent.zip", "--sortie", "y"], "Introuvable", {"openpyxl", "nbformat", "sqlalchemy"}),
    ],
)
def test_help_and_a_wrong_path_are_told_before_anything_heavy_is_loaded(arguments, said, heavy):
    script = (
        f"import sys, json; from crc_lab.__main__ import main; main({arguments});"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True)
    assert said in done.stderr.decode("utf-8")
    modules = set(json.loads(done.stdout.decode("utf-8").splitlines()[-1]))
    assert modules.isdisjoint({"pandas", "jinja2", "xlsxwriter", "rich", *heavy})
