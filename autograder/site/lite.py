"""JupyterLite around the workbook: its notebooks, our plugin, the settings of « ouvrir », Pyodide and the wheels."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from autograder.prepare.content import SOURCES
from autograder.site import ahead
from autograder.site.lock import write_lock
from autograder.site.parts import PYODIDE_FILES, Parts, SiteProblem
from autograder.site.wheel import NAME, TEACHER_NAME, Subject, packed, teacher_wheel, without, zipped
from crc_lab import __version__
from crc_lab.core.resources import KEY_TABLES, activity_ids, workbook_root

KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
PYODIDE_FOLDER = "static/pyodide"
_EXTENSIONS = ("@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager", "anywidget")
_PRELOADED = ("micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython")
"""Names that the kernel would look for on an index, unless it is told that they are there from its start."""
_NOT_TAKEN = ("widgetsnbextension-3", "piplite-")
_FOR_MARKING = ("jinja2-", "xlsxwriter-", "markupsafe-")
MARKING = ("crc-lab-prof", "jinja2", "markupsafe", "xlsxwriter")
"""What marks a class besides the program and its libraries, by its names in Pyodide's list."""
_MARKUP_NAME = f"markupsafe-{__version__}-py3-none-any.whl"
_UNUSED = re.compile(
    r"[^/]+\.data/|IPython/testing/plugin/|\w+/(labextension|nbextension|sphinxext)/|.*/tests/"
    r"|pygments/lexers/(?!(__init__|_mapping|_(css|lilypond|scheme)_builtins|css|data|html|javascript|jvm|lilypond|lisp"
    r"|markup|perl|python|ruby|shell)\.py)"
)
"""What the wheels bring and no page needs (a megabyte): their part of JupyterLab, which the site has once already,
their tests, and of the languages that pygments colours those that IPython does not load."""
_LITE_ONLY = (
    # No service worker: the site works where none can be had, and nothing old is kept by one.
    "@jupyterlite/application-extension:service-worker-manager",
    "@jupyterlite/application-extension:lsp-connection-manager",
    "@jupyterlite/application-extension:about",
    "@jupyterlite/application-extension:share-file",
)
_LINK = re.compile(r"datasets/([\w./-]+\.\w+)")
_LAB = SOURCES / "lab"
_EPOCH = "315532800"
"""1 January 1980, the date of all that is built: the same site gives the same bytes."""


class Program(NamedTuple):
    """Of what Python is given: ``later``, the file beside it of each that is asked for when it is first read, by its
    place among Python's packages; ``proved``, the digests of the student's program, compiled."""

    later: Mapping[str, str]
    proved: frozenset[bytes]


class Built(NamedTuple):
    """The folder of a ``site``, and what is to know of its ``program``."""

    site: Path
    program: Program


def training_files() -> dict[str, bytes]:
    """The notebooks of the workbook in use, and the data files that they link to, by path in the site's files."""
    root, files = workbook_root(), {}
    for activity in activity_ids():
        notebook = root / "notebooks" / activity / f"{activity}.ipynb"
        if notebook.is_file():
            files[f"{activity}/{notebook.name}"] = notebook.read_bytes()
    linked = {name for text in files.values() for name in _LINK.findall(text.decode("utf-8"))}
    for name in sorted(linked):
        path = root / "datasets" / name
        if path.is_file() and not name.startswith(f"{KEY_TABLES}/"):
            files[f"datasets/{name}"] = path.read_bytes()
    return files


def subject_files(subject: Subject) -> dict[str, bytes]:
    """The notebook of a subject and its data: its questions are in the wheel."""
    wanted = {name: text for name, text in subject.files.items() if name.endswith(".ipynb") or "datasets/" in name}
    return {f"{subject.activity}/{name}": text for name, text in wanted.items()}


def build(
    place: Path, parts: Parts, wheel: bytes, files: Mapping[str, bytes], storage: str, *, marking: bool = False
) -> Built:
    """Build JupyterLite in the empty folder ``place``; the folder of the site is in it.

    ``marking``: with what the page « Corriger » needs. ``storage``: the name under which the browser keeps the
    notebooks of this site and of no other. Raises :class:`SiteProblem` with JupyterLite's own last words.
    """
    _write_all(place / "contenu", files)
    made = _python(place / PYODIDE_FOLDER, parts, wheel, _notebooks(files), marking=marking)
    extensions = _copy_extensions(place / "ext", parts)
    page = json.loads((_LAB / "labconfig/settings/page_config.json").read_text("utf-8"))
    disabled = [*page["disabledExtensions"], *_LITE_ONLY]
    _write_json(place / "jupyter-lite.json", _config(disabled, storage))
    # French menus come from a language pack of the environment; its extensions, from the list given below only.
    _write_json(
        place / "jupyter_lite_config.json", {"LiteBuildConfig": {"ignore_sys_prefix": ["federated_extensions"]}}
    )
    _settings(place / "overrides.json", parts.python)
    out = place / "site"
    given = [f"--LiteBuildConfig.federated_extensions=ext/{name}" for name in extensions]
    _jupyterlite(place, parts.python, [
        "--lite-dir", str(place), "--output-dir", str(out), "--contents", "contenu", "--apps", "lab",
        "--no-sourcemaps", "--no-unused-shared-packages", "--source-date-epoch", _EPOCH,
        "--settings-overrides", "overrides.json", *given,
    ])  # fmt: skip
    return Built(out, made)


def _notebooks(files: Iterable[str]) -> list[str]:
    return sorted(PurePosixPath(name).stem for name in files if name.endswith(".ipynb"))


def _jupyterlite(place: Path, python: Path, options: list[str]) -> None:
    done = subprocess.run(
        [str(python), "-m", "jupyterlite_core", "build", *options],
        cwd=place, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**os.environ, "SOURCE_DATE_EPOCH": _EPOCH, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": ""},
    )  # fmt: skip
    if done.returncode:
        last = "\n".join(done.stdout.decode("utf-8", "replace").splitlines()[-10:])
        raise SiteProblem("JupyterLite", f"la fabrication a échoué. Ses dernières lignes :\n{last}")


def _write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (int(_EPOCH), int(_EPOCH)))


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def _python(folder: Path, parts: Parts, wheel: bytes, notebooks: Iterable[str], *, marking: bool) -> Program:
    """Write in ``folder`` Pyodide, the libraries in one file, the student's program, and the list of the rest.

    ``notebooks``: those that tell what Python reads first; ``marking``: with what marks a class besides, for the
    page that asks for it, and with heavy data apart.
    """
    folder.mkdir(parents=True)
    for name in PYODIDE_FILES:
        shutil.copyfile(parts.pyodide / name, folder / name)
    shims = parts.share / "labextensions" / _EXTENSIONS[0] / "static" / "pypi"
    for path in sorted((*parts.wheels.glob("*.whl"), *shims.glob("*.whl"))):
        if not path.name.startswith(_NOT_TAKEN):
            (folder / path.name).write_bytes(without(path.read_bytes(), _UNUSED))
    if marking:
        (folder / TEACHER_NAME).write_bytes(teacher_wheel())
    (folder / _MARKUP_NAME).write_bytes(_markup(parts))
    write_lock(folder, MARKING if marking else ())
    wheels = {path: path.read_bytes() for path in sorted(folder.glob("*.whl"))}
    apart = {path for path in wheels if path.name.startswith((*_FOR_MARKING, TEACHER_NAME))}
    for path in wheels.keys() - (apart if marking else set()):
        path.unlink()
    libraries = ahead.libraries(content for path, content in wheels.items() if path not in apart)
    modules = ahead.compiled(parts, zipped(libraries), wheel, notebooks)
    (folder / ahead.LIBRARIES).write_bytes(ahead.with_compiled(libraries, modules["libraries"]))
    stdlib = folder / "python_stdlib.zip"
    stdlib.write_bytes(ahead.with_compiled(ahead.unpacked(stdlib.read_bytes()), modules["stdlib"]))
    program = ahead.unpacked(wheel)
    later = {}
    for number, name in enumerate(ahead.late(program) if marking else ()):
        kept = folder / f"{number}-{PurePosixPath(name).name}"
        kept.write_bytes(program.pop(name))
        later[name] = kept.name
    (folder / NAME).write_bytes(ahead.with_compiled(program, modules["program"]))
    proved = frozenset(hashlib.sha256(content).digest() for content in modules["program"].values())
    return Program(later, proved)


def _markup(parts: Parts) -> bytes:
    """Jinja's other half, which has no pure wheel but does without its compiled part."""
    (native,) = parts.share.parents[1].glob("[lL]ib/**/markupsafe/_native.py")
    return packed(
        {f"markupsafe/{name}": (native.parent / name).read_bytes() for name in ("__init__.py", native.name)},
        "markupsafe",
    )


def _copy_extensions(folder: Path, parts: Parts) -> list[str]:
    for name in _EXTENSIONS:
        shutil.copytree(parts.share / "labextensions" / name, folder / name)
    shutil.copytree(_LAB / "labextension" / "crc-lab", folder / "crc-lab")
    return [*_EXTENSIONS, "crc-lab"]


def _settings(path: Path, python: Path) -> None:
    """JupyterLab's settings as « ouvrir » gives them: one source for both."""
    script = "import json, json5, sys; print(json.dumps(json5.load(open(sys.argv[1], encoding='utf-8'))))"
    source = _LAB / "labconfig/settings/overrides.json5"
    done = subprocess.run([str(python), "-c", script, str(source)], capture_output=True, check=True)
    path.write_bytes(done.stdout)


def _config(disabled: list[str], storage: str) -> dict[str, Any]:
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "Cahier crc-lab",
            "disabledExtensions": disabled,
            "exposeAppInBrowser": True,
            "enableMemoryStorage": True,
            "contentsStorageName": storage,
            "settingsStorageName": f"{storage}-reglages",
            "workspacesStorageName": f"{storage}-espaces",
            "workspacesStorageDrivers": [
                "memoryStorageDriver"
            ],  # the tabs of the last time would start one Python each
            "litePluginSettings": {
                KERNEL: {
                    "pyodideUrl": f"./{PYODIDE_FOLDER}/pyodide.mjs",
                    "disablePyPIFallback": True,
                    "loadPyodideOptions": {
                        "lockFileURL": f"./{PYODIDE_FOLDER}/pyodide-lock.json",
                        "packages": list(_PRELOADED),
                    },
                }
            },
        },
    }
