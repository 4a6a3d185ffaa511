"""What makes a site fit any web host: no file type that a host or a filter may not know, names that follow the content.

Hosts that give ``.mjs`` and ``.wasm`` as plain bytes are common, and Python then never starts. So modules are called
``.js``, wheels ``.zip``, and the machine code is read whatever its type. Each replaced text is checked to be there: a
new Pyodide stops the build, and is looked at again.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from autograder.site import ahead
from autograder.site.lite import KERNEL, PYODIDE_FOLDER
from autograder.site.parts import SiteProblem
from autograder.site.wheel import NAME

_STREAMING = re.compile(r"(\w+)=await WebAssembly\.instantiateStreaming\((\w+),(\w+)\)")
_READ_CODE = """
async function __crcCode(asked, imports) {
  const answer = await asked;
  const known = /^application\\/wasm\\b/.test(answer.headers.get("Content-Type"));
  if (known) return WebAssembly.instantiateStreaming(answer, imports);
  return WebAssembly.instantiate(await answer.arrayBuffer(), imports);
}
"""
WORKERS = "extensions/@jupyterlite/pyodide-kernel-extension/static"
_CODE, _PLAIN_CODE = "pyodide.asm.mjs", "pyodide.asm.js"
_NO_USE = (
    "service-worker.js", "build/service-worker.js", "jupyterlite.schema.v0.json", "bootstrap.js", "repl", "tree",
    "edit", "notebooks", "consoles", "doc", "package.json", "rspack.config.js", "rspack.config.analyze.js",
    "rspack.config.watch.js", "manifest.webmanifest", "icon-120x120.png", "icon-512x512.png",
)  # fmt: skip
_ICON = "data:,"
"""No icon: browsers would ask the host for one, outside of the site."""
_TITLE, _NAMED = "<title>JupyterLite</title>", f'<title>Cahier</title>\n    <link rel="icon" href="{_ICON}">'
_SAID = {
    "--><html>": '--><html lang="fr">',
    "WASM powered Jupyter running in the browser.": "Cahier de relation client, BTS NDRC.",
    '<link rel="manifest" href="../manifest.webmanifest">': "",  # it offers to install « JupyterLite »
    "Loading JupyterLite...": "Ouverture du cahier…",
    "JupyterLite requires JavaScript to be enabled in your browser.": "Le cahier a besoin de JavaScript\u00a0: "
    "autorisez-le pour ce site dans votre navigateur.",
}
"""What the page of JupyterLite says, and what it says here."""
CACHING = """\
# Apache : rien n’est obligatoire ici. Ces lignes compriment les fichiers et gardent ceux dont le nom dit le contenu.
<IfModule mod_deflate.c>
  AddOutputFilterByType DEFLATE text/html text/css text/javascript application/javascript application/json
  AddOutputFilterByType DEFLATE application/wasm
</IfModule>
<IfModule mod_mime.c>
  AddType application/wasm .wasm
  AddType text/javascript .js
</IfModule>
<IfModule mod_expires.c>
  ExpiresActive On
  <FilesMatch "(-[0-9a-f]{8}|\\.[0-9a-f]{16})\\.(js|zip|wasm|json|csv)$">
    ExpiresDefault "access plus 1 year"
  </FilesMatch>
</IfModule>
"""
IIS = """\
<?xml version="1.0" encoding="UTF-8"?>
<configuration>
  <system.webServer>
    <staticContent>
      <remove fileExtension=".wasm" /><mimeMap fileExtension=".wasm" mimeType="application/wasm" />
      <remove fileExtension=".ipynb" /><mimeMap fileExtension=".ipynb" mimeType="application/json" />
      <remove fileExtension=".woff2" /><mimeMap fileExtension=".woff2" mimeType="font/woff2" />
    </staticContent>
  </system.webServer>
</configuration>
"""


def fit_any_host(site: Path, later: Mapping[str, str]) -> str:
    """Change the built ``site`` in place; the name of the script that starts Python.

    ``later``: see :class:`autograder.site.lite.Program`. Raises :class:`SiteProblem` when a text to replace is not
    there.
    """
    folder = site / PYODIDE_FOLDER
    names = {_CODE: hashed(folder, _CODE, _PLAIN_CODE), "pyodide.asm.wasm": hashed(folder, "pyodide.asm.wasm")}
    names["python_stdlib.zip"] = hashed(folder, "python_stdlib.zip")
    main = folder / "pyodide.mjs"
    text = _any_type(main.read_text("utf-8"))
    for old, new in names.items():
        text = _replaced(text, old, new)
    main.write_text(text, "utf-8")
    entry = hashed(folder, "pyodide.mjs", "pyodide.js")
    lock = _name_wheels(folder)
    program = hashed(folder, NAME, NAME.removesuffix(".whl") + ".zip")
    given = {place: hashed(folder, file) for place, file in later.items()}
    script = ahead.python_script(folder, entry, lock, program, hashed(folder, ahead.LIBRARIES), given)
    python = _written(folder, "python.js", script)
    (usual,) = (site / WORKERS).glob("comlink.worker.*.js")
    worker = f"{'../' * len(Path(PYODIDE_FOLDER).parts)}{WORKERS}/{usual.name}"
    kernel = _written(folder, "noyau.js", ahead.kernel_script(python, worker))
    config = site / "jupyter-lite.json"
    content = json.loads(config.read_text("utf-8"))
    settings = content["jupyter-config-data"]["litePluginSettings"][KERNEL]
    settings["pyodideUrl"] = f"./{PYODIDE_FOLDER}/{kernel}"
    settings["loadPyodideOptions"]["lockFileURL"] = f"./{PYODIDE_FOLDER}/{lock}"
    config.write_text(json.dumps(content, ensure_ascii=False, sort_keys=True), "utf-8")
    _drop_unused(site)
    _name_page(site / "lab/index.html", ahead.page_script(f"../{PYODIDE_FOLDER}/{kernel}", usual.name))
    (site / ".htaccess").write_text(CACHING, "utf-8")
    (site / "web.config").write_text(IIS, "utf-8")
    (site / ".nojekyll").write_text("", "utf-8")  # Git pages: every file as it is
    return python


def _name_page(page: Path, script: str) -> None:
    """The page of JupyterLite: what it says in French, and this script before everything else."""
    text = page.read_text("utf-8")
    for old, new in _SAID.items():
        text = _replaced(text, old, new, page.name)
    page.write_text(_replaced(text, _TITLE, f"{_NAMED}\n    <script>\n{script}    </script>", page.name), "utf-8")


def _any_type(text: str) -> str:
    """Machine code read whatever type the host gives it; while it comes, and kept compiled, when the type is right."""
    changed, count = _STREAMING.subn(r"\1=await __crcCode(\2,\3)", text)
    if count != 1:
        raise SiteProblem("pyodide.mjs", f"« instantiateStreaming » s’y trouve {count} fois : Pyodide a changé.")
    return changed + _READ_CODE


def _written(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, "utf-8")
    return hashed(folder, name)


def _replaced(text: str, old: str, new: str, file: str = "pyodide.mjs") -> str:
    if old not in text:
        raise SiteProblem(file, f"« {old} » n’y est pas : Pyodide ou JupyterLite a changé.")
    return text.replace(old, new)


def hashed(folder: Path, name: str, plain: str = "") -> str:
    """Rename a file after its content, so that a browser keeps it for ever and takes a new one at once; its name."""
    path = folder / name
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    stem, _, suffix = (plain or name).rpartition(".")
    return path.rename(folder / f"{stem}-{digest}.{suffix}").name


def _name_wheels(folder: Path) -> str:
    path = folder / "pyodide-lock.json"
    lock = json.loads(path.read_text("utf-8"))
    for package in lock["packages"].values():
        package["file_name"] = hashed(folder, package["file_name"], package["file_name"].removesuffix(".whl") + ".zip")
    path.write_text(json.dumps(lock, sort_keys=True), "utf-8")
    return hashed(folder, "pyodide-lock.json")


def _drop_unused(site: Path) -> None:
    for name in _NO_USE:
        path = site / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    kernel = site / "extensions/@jupyterlite/pyodide-kernel-extension/static"
    for path in (*kernel.glob("pypi/*.whl"), *site.rglob("*.js.map"), *site.rglob("*.css.map")):
        path.unlink()
