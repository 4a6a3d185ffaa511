"""Give the JupyterLab plugin the name of its content, after an edit: ``python tools/plugin.py``.

Browsers may keep a script for a long time; a new content under a new name is the only thing that they all respect.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

EXTENSION = Path(__file__).resolve().parents[1] / "crc_lab" / "lab" / "labextension" / "crc-lab"


def hashed_name(folder: Path) -> str:
    """First 12 hexadecimal digits of the SHA-256 of the names and contents of the files in ``folder``."""
    digest = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        content = file.read_bytes()
        digest.update(file.name.encode() + b"\0" + content.replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:12]


def rename(extension: Path = EXTENSION) -> Path:
    """Rename the one folder of ``static/`` and name its entry in ``package.json``; its new path."""
    (folder,) = (path for path in (extension / "static").iterdir() if path.is_dir())
    target = folder.rename(folder.with_name(hashed_name(folder)))
    manifest = extension / "package.json"
    content = json.loads(manifest.read_text("utf-8"))
    content["jupyterlab"]["_build"]["load"] = f"static/{target.name}/remoteEntry.js"
    manifest.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return target


if __name__ == "__main__":
    print(rename().name)
