"""The rules of the plugin, alone in a page: which cells may run without being asked."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

import crc_lab

SAFE = [
    'from crc_lab import debut, question\ndebut("03_structurer")',
    'question("A3-Q1")',
    "question('A3-Q1')  # la première",
    'crc_lab.question("A3-Q1")',
    "import crc_lab",
    "# un commentaire seul",
    "progression()",
    'explorer_rfm("A6-Q1", lignes=12, ouvert=True)\n\n# fin\n',
    'figure("camembert", -2, 3.5, titre="Répartition d’une clientèle",)',
]
UNSAFE = [
    "open('pwned', 'w')",
    'question(open("pwned", "w"))',
    'question("A3-Q1"); open("pwned", "w")',
    'question("A3-Q1")\nopen("pwned", "w")',
    'question(f"{open(1)}")',
    'question("A" "B")',
    'question("""A""")',
    'question("a\\"+open(1)+\\"b")',
    'question("A3-Q1").__class__',
    'question["A3-Q1"]',
    "question",
    "question = print",
    'x = question("A3-Q1")',
    'if True: question("A3-Q1")',
    '  question("A3-Q1")',
    "from crc_lab import *",
    "from crc_lab import debut as question",
    "from crc_lab.notebook.tables import charger",
    "import crc_lab, os",
    "import crc_lab as question",
    "from os import system",
    'exporter_excel("A6-Q1", "../../.bashrc")',
    'importer_excel("/etc/passwd")',
    'verifier("A6-Q1")',
    "%run pwned.py",
    "!touch pwned",
    "%%bash\ntouch pwned",
    "question?",
    'question("A3-Q1")\\\nopen(1)',
    # other ends of lines, for Python or for IPython
    "# texte\rimport os",
    "# texte\x0c!touch pwned",
    "# texte\x0b!touch pwned",
    "# texte\x85!touch pwned",
    "# texte\u2028!touch pwned",
    "# texte\x1c!touch pwned",
    'question("A3-Q1\u2028")',
]


@pytest.fixture(scope="module")
def rules(chromium):
    """A function that asks ``rules.js`` about a list of texts."""
    script = next((Path(crc_lab.__file__).parent / "lab" / "labextension" / "crc-lab" / "static").glob("*/rules.js"))
    address = "data:text/javascript;base64," + base64.b64encode(script.read_bytes()).decode()
    context = chromium.new_context()
    page = context.new_page()
    yield lambda name, texts: page.evaluate(
        "async ([address, name, texts]) => { const rules = await import(address); return texts.map(rules[name]); }",
        [address, name, texts],
    )
    context.close()


def test_the_workbooks_own_calls_on_literals_are_safe(rules):
    assert dict(zip(SAFE, rules("isSafe", SAFE), strict=True)) == dict.fromkeys(SAFE, True)


def test_nothing_else_is_safe(rules):
    assert dict(zip(UNSAFE, rules("isSafe", UNSAFE), strict=True)) == dict.fromkeys(UNSAFE, False)


def test_a_very_long_line_is_refused_quickly(rules):
    assert rules("isSafe", ["question(" + '"a", ' * 20_000, "question(" + "a=" * 20_000, '"' * 50_000]) == [False] * 3


def test_python_files_beside_a_notebook_are_seen_but_the_activitys_text(rules):
    modules = ["pandas.py", "RANDOM.PY", "x.pyc", "x.so", "x.pyd"]
    others = ["activite.py", "03_structurer.ipynb", "exercices.toml", "python.txt"]
    assert rules("isModule", modules + others) == [True] * len(modules) + [False] * len(others)


def test_cells_run_by_themselves_only_where_the_kernel_does_not_import_from_the_notebooks_folder(rules):
    ours = json.loads((Path(crc_lab.__file__).parent / "lab/labconfig/share/kernels/python3/kernel.json").read_text())
    plain = {"argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"], "language": "python"}
    half = [{**ours, "env": {}}, {**ours, "env": {"PYTHONSAFEPATH": ""}}, {**ours, "argv": plain["argv"]}]
    assert rules("isProtected", [ours, plain, *half, {}, None]) == [True, *[False] * 6]
