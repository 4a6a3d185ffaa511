"""The JupyterLab plugin's files and the settings given to JupyterLab. Their effect: tests/e2e/test_lab_*."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import json5
import pytest

import crc_lab
from crc_lab.core.resources import activity_ids
from crc_lab.core.rooms import roads
from tools.plugin import hashed_name, rename

PACKAGE = Path(crc_lab.__file__).parent
EXTENSION = PACKAGE / "lab" / "labextension" / "crc-lab"
CONFIG = PACKAGE / "lab" / "labconfig"
SCHEMAS = Path(sys.prefix) / "share" / "jupyter" / "lab" / "schemas"


def folder_of_scripts() -> Path:
    (folder,) = (path for path in (EXTENSION / "static").iterdir() if path.is_dir())
    return folder


def names_in(script: str, constant: str) -> list[str]:
    text = (folder_of_scripts() / script).read_text("utf-8")
    found = re.search(rf"export const {constant} = \[(.*?)\]", text, re.DOTALL)
    assert found is not None
    return re.findall(r'"(\w+)"', found[1])


def test_the_name_of_the_scripts_folder_is_the_hash_of_its_content() -> None:
    folder = folder_of_scripts()
    assert folder.name == hashed_name(folder), "lancez : python tools/plugin.py"
    manifest = json.loads((EXTENSION / "package.json").read_text("utf-8"))
    assert manifest["jupyterlab"]["_build"]["load"] == f"static/{folder.name}/remoteEntry.js"


def test_renaming_changes_nothing_when_nothing_has_changed_and_follows_an_edit(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(EXTENSION, tmp_path / "crc-lab"))
    assert rename(copy).name == folder_of_scripts().name
    assert (copy / "package.json").read_bytes() == (EXTENSION / "package.json").read_bytes()
    script = next((copy / "static").glob("*/rules.js"))
    script.write_text(script.read_text("utf-8") + "// edited\n", "utf-8")
    renamed = rename(copy)
    assert renamed.name != folder_of_scripts().name
    assert f"static/{renamed.name}/" in (copy / "package.json").read_text("utf-8")


def test_the_plugin_bears_the_version_of_the_package() -> None:
    assert json.loads((EXTENSION / "package.json").read_text("utf-8"))["version"] == crc_lab.__version__


def test_what_may_be_imported_without_asking_is_the_facade_and_what_may_be_called_is_part_of_it() -> None:
    assert names_in("rules.js", "IMPORTS") == sorted(crc_lab.__all__)
    calls = names_in("rules.js", "CALLS")
    assert calls == sorted(calls)
    assert set(crc_lab.__all__) - set(calls) == {"exporter_excel", "importer_excel", "verifier"}


def test_the_buttons_of_the_schema_are_commands_of_the_plugin() -> None:
    schema = json.loads((EXTENSION / "schemas" / "crc-lab" / "plugin.json").read_text("utf-8"))
    commands = {item["command"] for item in schema["jupyter.lab.toolbars"]["Notebook"]}
    assert commands == set(re.findall(r'"(crc-lab:[a-z-]+)"', (folder_of_scripts() / "plugin.js").read_text("utf-8")))


def settings() -> dict[str, Any]:
    content: dict[str, Any] = json5.loads((CONFIG / "settings" / "overrides.json5").read_text("utf-8"))
    return content


@pytest.mark.parametrize("plugin", sorted(settings()))
def test_each_setting_exists_in_the_installed_jupyterlab(plugin: str) -> None:
    package, name = plugin.split(":")
    path = (EXTENSION / "schemas" if package == "crc-lab" else SCHEMAS) / package / f"{name}.json"
    if not SCHEMAS.is_dir():
        pytest.skip("JupyterLab is installed elsewhere")
    known = json.loads(path.read_text("utf-8"))["properties"]
    assert set(settings()[plugin]) <= set(known)


def test_each_shortcut_turned_off_is_one_that_jupyterlab_has() -> None:
    if not SCHEMAS.is_dir():
        pytest.skip("JupyterLab is installed elsewhere")
    known = set()
    for path in SCHEMAS.rglob("*.json"):
        for shortcut in json.loads(path.read_text("utf-8")).get("jupyter.lab.shortcuts", []):
            known.add((shortcut["command"], tuple(shortcut["keys"]), shortcut["selector"]))
    for shortcut in settings()["@jupyterlab/shortcuts-extension:shortcuts"]["shortcuts"]:
        assert shortcut["disabled"] is True
        assert (shortcut["command"], tuple(shortcut["keys"]), shortcut["selector"]) in known


def test_the_pages_follow_each_other_as_the_workbook_draws_them() -> None:
    order = [one.activity for road in roads() for one in road.stages]
    assert sorted(["00_accueil", *order]) == list(activity_ids())  # none is left out, none comes twice
    assert order.index("07_cibler") + 1 == order.index("11_tableau_de_bord")


PLACES = """
import { makePlaces } from "./places.js";
const files = FILES;  // the notebooks, by path: [activity, date of its answer]
const get = async path => {
  if (files[path]) {
    const [activite, date] = files[path];
    return { content: { metadata: { crc_lab: { activite, reponses: { q: { date } } } } } };
  }
  const below = Object.keys(files).filter(one => !path || one.startsWith(`${path}/`));
  const inside = below.map(one => one.slice(path ? path.length + 1 : 0));
  const content = [...new Set(inside.map(one => one.split("/")[0]))].map(name => (
    { name, path: path ? `${path}/${name}` : name, type: inside.includes(name) ? "notebook" : "directory" }));
  return { content };
};
const places = makePlaces({ get });
const shown = SHOWN;
const top = await places.workbookOf(shown.path);
const activities = await places.activitiesOf(top, KNOWN, shown);
const notebooks = await Promise.all(activities.map(places.notebookOf));
console.log(JSON.stringify({ top, found: Object.fromEntries(activities.map((name, at) => [name, notebooks[at]])) }));
"""
WORKBOOK = {
    "c/00_accueil/00_accueil.ipynb": ["00_accueil", ""],
    "c/datasets/x.ipynb": ["03_structurer", "2027"],
    "c/04_qualifier/04_qualifier.ipynb": ["04_qualifier", ""],
    "c/04_qualifier/04_qualifier-a-rendre.ipynb": ["04_qualifier", "2027"],
}


@pytest.mark.parametrize("known", [[], ["03_structurer", "04_qualifier"]], ids=["at first", "once the order is told"])
@pytest.mark.parametrize("folder", ["03_structurer", "03 – Inès", "03_structurer_ines"])
def test_the_pages_of_a_folder_that_was_renamed_are_those_of_its_activity(folder: str, known: list[str]) -> None:
    if (node := shutil.which("node")) is None:
        pytest.skip("Node is not installed")
    mine = f"c/{folder}/TP.ipynb"
    files = {**WORKBOOK, mine: ["03_structurer", "2026-11-30"]}
    if folder != "03_structurer":
        files["c/03_structurer/03_structurer.ipynb"] = ["03_structurer", ""]  # a blank one that came back
    shown = {"path": mine, "activity": "03_structurer"}
    script = PLACES
    for name, value in (("FILES", files), ("SHOWN", shown), ("KNOWN", known)):
        script = script.replace(name, json.dumps(value))
    done = subprocess.run(
        [node, "--input-type=module", "-e", script], cwd=folder_of_scripts(), capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    assert found["top"] == "c"
    assert found["found"] == {
        "00_accueil": "c/00_accueil/00_accueil.ipynb",
        "03_structurer": mine,
        "04_qualifier": "c/04_qualifier/04_qualifier.ipynb",
    }


def test_the_kernel_is_this_python_and_does_not_search_the_current_folder() -> None:
    kernel = json.loads((CONFIG / "share" / "kernels" / "python3" / "kernel.json").read_text("utf-8"))
    assert kernel["argv"][0] == "python"  # jupyter_client replaces exactly this word by the server's own interpreter
    assert "--InteractiveShellApp.ignore_cwd=True" in kernel["argv"]
    assert kernel["env"] == {"PYTHONSAFEPATH": "1"}
