"""The scripts of the cards join into one module, faithfully or not at all; the French of the cards is typeset."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from crc_lab.core.rooms import kinds
from crc_lab.notebook import assets
from crc_lab.notebook.assets import AssetProblem, join, script, style

JS = Path(assets.__file__).parent / "js"
ENTRIES = ("card.js", "progress.js", "handin.js", "memoire.js", "lexique.js", "parcours.js")


def test_modules_come_after_those_they_import_and_lose_their_imports():
    joined = join(
        {
            "main.js": 'import { twice } from "./sums.js";\n\nexport default { render: () => twice(2) };\n',
            "sums.js": 'import {\n  add,\n  LIMIT,\n} from "./add.js";\n'
            "export function twice(n) {\n  return add(n, n) + LIMIT;\n}\n",
            "add.js": "export const LIMIT = 1;\nexport function add(a, b) {\n  return a + b;\n}\n",
            "unused.js": "export const nothing = 0;\n",
        },
        "main.js",
    )
    assert joined.index("function add") < joined.index("function twice") < joined.index("export default")
    assert "import" not in joined
    assert re.findall(r"^export\b.*", joined, re.MULTILINE) == ["export default { render: () => twice(2) };"]
    assert "unused" not in joined


@pytest.mark.parametrize(
    ("modules", "problem"),
    [
        (
            {
                "a.js": 'import { b } from "./b.js";\nexport const a = 1;\n',
                "b.js": 'import { a } from "./a.js";\nexport const b = 1;\n',
            },
            "import each other",
        ),
        (
            {
                "a.js": 'import { b } from "./b.js";\nconst size = 1;\n',
                "b.js": "const size = 2;\nexport const b = 1;\n",
            },
            "`size` is declared in both",
        ),
        ({"a.js": 'import { b } from "./b.js";\n'}, "b.js: no such module"),
        ({"a.js": 'import { c } from "./b.js";\n', "b.js": "export const b = 1;\n"}, "b.js exports no `c`"),
        ({"a.js": 'import { b } from "./b.js";\n', "b.js": "const b = 1;\n"}, "b.js exports no `b`"),
        ({"a.js": 'import { b as c } from "./b.js";\n', "b.js": "export const b = 1;\n"}, "can be joined"),
        ({"a.js": 'import "./b.js";\n', "b.js": "export const b = 1;\n"}, "can be joined"),
        ({"a.js": 'import b from "./b.js";\n', "b.js": "export default 1;\n"}, "can be joined"),
        ({"a.js": 'import { b } from "https://example.com/b.js";\n'}, "can be joined"),
        (
            {"a.js": 'import { b } from "./b.js";\n', "b.js": "export const b = 1;\nexport default b;\n"},
            "export cannot be joined",
        ),
        ({"a.js": "const a = 1;\nexport { a };\n"}, "export cannot be joined"),
        ({"a.js": "export const { a } = thing;\n"}, "a name of its own"),
    ],
)
def test_what_cannot_be_joined_faithfully_is_refused(modules, problem):
    with pytest.raises(AssetProblem, match=re.escape(problem)):
        join(modules, "a.js")


@pytest.mark.parametrize("entry", ENTRIES)
def test_each_card_is_one_module_without_any_import(entry):
    joined = script(entry)
    assert joined.count("export default") == 1
    assert not re.search(r"^\s*import\b", joined, re.MULTILINE)
    assert script(entry) is joined  # read once


@pytest.mark.parametrize("entry", ENTRIES)
def test_each_card_is_valid_javascript(entry, tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: the browser tests read the same script")
    file = tmp_path / "card.mjs"
    file.write_text(script(entry), encoding="utf-8")
    done = subprocess.run([node, "--check", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_module_is_used_and_stays_small():
    used = {name for entry in ENTRIES for name in re.findall(r"^// ---- (\S+)$", script(entry), re.MULTILINE)}
    assert used == {path.name for path in JS.glob("*.js")}
    sizes = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in JS.glob("*.js")}
    assert {name: size for name, size in sizes.items() if size > 300} == {}


def test_every_kind_of_question_has_its_field():
    shown = (JS / "kinds.js").read_text("utf-8") + (JS / "fields.js").read_text("utf-8")
    without = [kind for kind in kinds() if not re.search(rf"\b{kind}\b", shown)]
    assert without == ["cartes"], "the flashcards have a card of their own"


TEXTS = sorted(path.name for path in JS.glob("texts*.js"))


@pytest.mark.parametrize("file", TEXTS)
def test_every_text_is_defined_and_used(file):
    texts = (JS / file).read_text(encoding="utf-8")
    name = re.search(r"^export const (T\w*) = ", texts, re.MULTILINE)[1]
    defined = set(re.findall(r"^  (\w+):", texts, re.MULTILINE))
    used = {one for path in JS.glob("*.js") for one in re.findall(rf"\b{name}\.(\w+)", path.read_text("utf-8"))}
    assert used - defined == set()
    assert defined - used == set()


def test_only_trusted_html_is_inserted_as_html():
    """``innerHTML`` appears once, behind the ``html`` property that only takes what Python wrote."""
    places = [
        path.name
        for path in JS.glob("*.js")
        if re.search(r"innerHTML|insertAdjacentHTML|outerHTML|document\.write", path.read_text("utf-8"))
    ]
    assert places == ["dom.js"]
    given = sorted(
        {found for path in JS.glob("*.js") for found in re.findall(r"\bhtml: ([\w.?]+)", path.read_text("utf-8"))}
    )
    assert given == ["back.html", "read.html", "spec.droit.html", "spec.enonce_html", "spec.trame_html"]


def test_styles_only_touch_the_cards():
    rules = re.sub(r"/\*.*?\*/", "", style(), flags=re.DOTALL)
    rules = re.sub(r"@media[^{]*\{", "", rules)
    selectors = [part.strip() for part in re.findall(r"([^{}]+)\{", rules)]
    outside = [
        selector
        for selector in selectors
        if not all(one.strip().startswith(".crc") for one in re.sub(r"\([^()]*\)", "", selector).split(","))
    ]
    assert outside == []
