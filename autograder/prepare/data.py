"""The data files that go with some questions, and the part of ``datapackage.json`` that describes them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from crc_lab.core.errors import CrcError
from crc_lab.core.text import fold

PACKAGE = "datapackage.json"
KEYS_FOLDER = "corriges/"
_LINK = re.compile(r"datasets/([\w./-]+\.\w+)")
_LOADED = re.compile(r"charger\(\\?[\"']([^\"'\\]+)")
_DESCRIPTION = "Données qui accompagnent ces questions. Toutes les personnes et entreprises sont inventées."


def named_in(text: str, datasets: Path) -> set[str]:
    """The files of ``datasets`` that a narrative links to (``datasets/x.csv``) or loads (``charger("x")``)."""
    wanted = {fold(name) for name in _LOADED.findall(text)}
    found = {name.rstrip(".") for name in _LINK.findall(text) if (datasets / name.rstrip(".")).is_file()}
    for resource in _resources(datasets):
        names = (resource["name"], resource.get("title", ""), *resource.get("alias", ()), Path(resource["path"]).stem)
        if wanted.intersection(map(fold, names)) and resource["format"] == "csv" and not _is_key(resource["path"]):
            found.add(resource["path"])
    return found


def student_data(names: Iterable[str], datasets: Path) -> dict[str, bytes]:
    """The files called ``names`` and their datapackage.json; raises :class:`CrcError` for one of the keys' own."""
    wanted = set(names)
    if key := next((name for name in sorted(wanted) if _is_key(name)), None):
        raise CrcError(
            f"« {key} » est un fichier de corrigé : un sujet ne peut pas le contenir. Corrigez exercices.toml."
        )
    return data_files(wanted, datasets)


def data_files(names: Iterable[str], datasets: Path) -> dict[str, bytes]:
    """The files called ``names``, keys included, and a datapackage.json restricted to them."""
    wanted = set(names)
    found: dict[str, bytes] = {}
    for name in sorted(wanted):
        try:
            found[name] = (datasets / name).read_bytes()
        except FileNotFoundError:
            raise CrcError(f"Le fichier de données « {name} » est introuvable dans « {datasets.name} ».") from None
    return {**found, PACKAGE: _package(wanted, datasets)}


def _package(names: set[str], datasets: Path) -> bytes:
    whole = _read_package(datasets)
    kept = [item for item in whole.get("resources", ()) if item["path"] in names]
    known = {item["name"] for item in kept}
    package = {
        **{name: item for name, item in whole.items() if name not in ("resources", "description")},
        "description": _DESCRIPTION,
        "resources": [_without_foreign_keys(item, known) for item in kept],
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


def _without_foreign_keys(resource: Mapping[str, Any], known: set[str]) -> dict[str, Any]:
    """The resource, its references to files that are not there taken out."""
    schema = dict(resource.get("schema", {}))
    links = [link for link in schema.pop("foreignKeys", ()) if link["reference"]["resource"] in known]
    return {**resource, "schema": {**schema, **({"foreignKeys": links} if links else {})}}


def _resources(datasets: Path) -> list[dict[str, Any]]:
    return list(_read_package(datasets).get("resources", ()))


def _read_package(datasets: Path) -> dict[str, Any]:
    """The description of the workbook's data; a workbook without data has none."""
    try:
        package: dict[str, Any] = json.loads((datasets / PACKAGE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {"profile": "tabular-data-package", "name": "crc-lab"}
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise CrcError(f"« {datasets.name}/{PACKAGE} » est illisible ({error}).") from None
    return package


def _is_key(path: str) -> bool:
    return path.replace("\\", "/").startswith(KEYS_FOLDER)
