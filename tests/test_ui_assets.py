"""The scripts of the cards join into one module, faithfully or not at all; the French of the cards is typeset."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from graphlib import CycleError

import pytest

from crc_lab.core.rooms import kinds
from crc_lab.notebook.widgets import CARDS, AssetProblem, bundle, join, loader, modules, style, version

SCRIPTS = {"all": bundle, **{name: lambda name=name: loader(name) for name in CARDS}}


def test_modules_come_after_those_they_import_each_with_names_of_its_own(tmp_path):
    joined = join(
        {
            "main.js": 'import { twice } from "./sums/sums.js";\nimport * as words from "./words.js";\n\n'
            'const SIZE = "main";\nexport default { render: () => [twice(2), Object.keys(words), SIZE].join() };\n',
            "sums/sums.js": 'import {\n  add,\n  LIMIT,\n} from "../add.js";\n'
            "const SIZE = 10;\n/** Twice. @param {number} n */\n"
            "export function twice(n) {\n  // a comment\n  return add(n, n) + LIMIT + SIZE;\n}\n",
            "words.js": 'export { yes } from "./sums/yes.js";\nexport { add } from "./add.js";\n',
            "sums/yes.js": 'export const yes = "oui";\n',
            "add.js": "export const LIMIT = 1;\nexport function add(a, b) {\n  return a + b;\n}\n",
            "unused.js": "export const nothing = 0;\n",
        },
        "main.js",
    )
    assert joined.index("function add") < joined.index("function twice") < joined.index("export default")
    assert not re.search(r"^import|unused|Twice|a comment", joined, re.MULTILINE)
    assert joined.count("export") == 1
    if node := shutil.which("node"):
        (tmp_path / "joined.mjs").write_text(joined, "utf-8")
        show = 'import card from "./joined.mjs"; console.log(card.render());'
        done = subprocess.run([node, "--input-type=module", "-e", show], cwd=tmp_path, capture_output=True, text=True)
        assert done.stdout.strip() == "15,yes,add,main", done.stderr


@pytest.mark.parametrize(
    ("modules", "problem"),
    [
        (
            {
                "a.js": 'import { b } from "./b.js";\nexport const a = 1;\n',
                "b.js": 'import { a } from "./a.js";\nexport const b = 1;\n',
            },
            "cycle",
        ),
        ({"a.js": 'import { b } from "./b.js";\n'}, "b.js: no such module"),
        ({"a.js": 'import { b } from "../b.js";\n', "b.js": "export const b = 1;\n"}, "../b.js: no such module"),
        ({"a.js": 'import { c } from "./b.js";\n', "b.js": "export const b = 1;\n"}, "b.js exports no `c`"),
        ({"a.js": 'export { c } from "./b.js";\n', "b.js": "export const b = 1;\n"}, "b.js exports no `c`"),
        ({"a.js": 'import { b } from "./b.js";\n', "b.js": "const b = 1;\n"}, "b.js exports no `b`"),
        ({"a.js": 'import { b as c } from "./b.js";\n', "b.js": "export const b = 1;\n"}, "cannot be joined"),
        ({"a.js": 'import "./b.js";\n', "b.js": "export const b = 1;\n"}, "cannot be joined"),
        ({"a.js": 'import b from "./b.js";\n', "b.js": "export default 1;\n"}, "cannot be joined"),
        ({"a.js": 'import { b } from "https://example.com/b.js";\n'}, "cannot be joined"),
        ({"a.js": 'export * from "./b.js";\n', "b.js": "export const b = 1;\n"}, "cannot be joined"),
        (
            {"a.js": 'import { b } from "./b.js";\n', "b.js": "export const b = 1;\nexport default b;\n"},
            "b.js: cannot be joined",
        ),
        ({"a.js": "const a = 1;\nexport { a };\n"}, "cannot be joined"),
        ({"a.js": "export let a = 1;\n"}, "cannot be joined"),
        ({"a.js": "export const { a } = thing;\n"}, "cannot be joined"),
    ],
)
def test_what_cannot_be_joined_faithfully_is_refused(modules, problem):
    with pytest.raises((AssetProblem, CycleError), match=re.escape(problem)):
        join(modules, "a.js")


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_each_script_is_one_module_without_any_import_and_valid(script, tmp_path):
    joined = script()
    assert joined.count("export default") == 1
    assert not re.search(r"^\s*import\b[^(]", joined, re.MULTILINE)
    assert version() in joined
    if node := shutil.which("node"):  # without it, the browser tests read the same script
        (tmp_path / "card.mjs").write_text(joined, encoding="utf-8")
        done = subprocess.run(
            [node, "--check", str(tmp_path / "card.mjs")], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def test_the_code_of_the_cards_is_in_one_script_and_each_card_brings_almost_nothing():
    joined = re.findall(r"^// ---- (\S+)$", bundle(), re.MULTILINE)
    assert len(joined) == len(set(joined))
    assert json.dumps(style()) in bundle()
    assert {name: len(loader(name)) for name in CARDS if len(loader(name)) * 100 > len(bundle())} == {}


def test_every_module_is_used_and_stays_small():
    used = set(re.findall(r"^// ---- (\S+)$", bundle(), re.MULTILINE))
    assert used - {"main.js"} == set(modules())
    assert [name for name, text in modules().items() if text.count("\n") > 300] == []


def test_every_kind_of_question_has_its_file_and_its_line():
    """The flashcards have a card of their own."""
    drawn = sorted(set(kinds()) - {"cartes"})
    assert [f'export {{ {kind} }} from "./kinds/{kind}.js";' for kind in drawn] == modules()["kinds.js"].splitlines()[
        1:
    ]
    assert sorted(name for name in modules() if "/" in name) == [f"kinds/{kind}.js" for kind in drawn]
    common = {name: text for name, text in modules().items() if "/" not in name and name != "kinds.js"}
    assert [name for name, text in common.items() if re.search(r"/kinds/|genre *[!=]=", text)] == []


def test_every_text_is_defined_and_used():
    shared = "".join(text for name, text in modules().items() if name != "texts.js")
    for name, text in modules().items():
        table = re.search(r"^(?:export )?const (T|TEXTS) = \{\n(.*?)^\};", text, re.MULTILINE | re.DOTALL)
        if table:
            used = re.findall(rf"\b{table[1]}\.(\w+)", shared if table[1] == "T" else text)
            assert set(re.findall(r"^  (\w+):", table[2], re.MULTILINE)) == set(used), name


def test_only_trusted_html_is_inserted_as_html():
    """``innerHTML`` appears once, behind the ``html`` property that only takes what Python wrote."""
    unsafe = re.compile(r"innerHTML|insertAdjacentHTML|outerHTML|document\.write")
    assert [name for name, text in modules().items() if unsafe.search(text)] == ["dom.js"]
    given = {found for text in modules().values() for found in re.findall(r"\bhtml: ([\w.?]+)", text)}
    assert given == {
        "annexe.html", "back.html", "droit.detail", "droit.html", "read.html", "spec.enonce_html", "spec.trame_html",
    }  # fmt: skip


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
