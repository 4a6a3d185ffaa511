"""The adversarial suite: what a case is, and the files that it hands in. Adding a case needs no code.

A case is a folder ``<group><number>-<slug>/``: ``cas.toml`` says what it is, ``attendu.json`` what must come out of it.
What is handed in is in ``depot/`` (files as they are; programs have ``.depot`` after their name, so that nothing takes
them for part of this project), or made from ``[copie]`` of ``cas.toml`` by a maker of
:mod:`tests.adversarial.makers` (always the same bytes from the same workbook), or both.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
KINDS = ("forge", "abime", "bloque", "fuite", "enseignant")
"""An attempt to earn unearned marks; an honest copy that suffered; something that should stop or slow the batch;
something that should leak a key, a copy or a machine; something that should spoil what the teacher reads."""
GROUPS = {
    "A": "Forger le verdict",
    "B": "Voler le corrigé ou les copies",
    "C": "Planter ou épuiser",
    "D": "Carnets abîmés",
    "E": "Du côté de l’enseignant",
    "F": "Attaquer la conception de crc-lab",
}
_NAME = re.compile(r"(?P<group>[A-F])(?P<number>\d{2})(?P<letter>[a-z]?)-[a-z0-9-]+")


@dataclass(frozen=True)
class Case:
    """One case. ``number``: that of the study of the field (1 to 70), from 71 on our own."""

    folder: Path
    title: str
    group: str
    number: int
    kind: str
    checks: str
    copy: Mapping[str, Any]
    nbgrader: bool
    why_not: str
    heavy: bool
    roster: bool

    @property
    def name(self) -> str:
        return self.folder.name

    @cached_property
    def expected(self) -> dict[str, Any]:
        """What ``attendu.json`` says."""
        found: dict[str, Any] = json.loads((self.folder / "attendu.json").read_text(encoding="utf-8"))
        return found

    def files(self) -> dict[str, bytes]:
        """All that is handed in, by path."""
        from tests.adversarial.makers import MAKERS

        depot = self.folder / "depot"
        found = {
            path.relative_to(depot).as_posix().removesuffix(".depot"): path.read_bytes()
            for path in sorted(depot.rglob("*"))
            if path.is_file()
        }
        if self.copy:
            options = dict(self.copy)
            found |= MAKERS[options.pop("fabrique")](**options)
        return found

    def write(self, folder: Path) -> Path:
        """Hand it all in under ``folder``; gives the folder."""
        for name, content in self.files().items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def read_case(folder: Path) -> Case:
    """The case of one folder; raises :class:`ValueError` when ``cas.toml`` and the folder's name do not agree."""
    raw = tomllib.loads((folder / "cas.toml").read_text(encoding="utf-8"))
    found = _NAME.fullmatch(folder.name)
    if found is None or (found["group"], int(found["number"])) != (raw["groupe"], raw["numero"]):
        raise ValueError(f"{folder.name} : le nom du dossier et cas.toml ne disent pas la même chose")
    if raw["genre"] not in KINDS:
        raise ValueError(f"{folder.name} : genre « {raw['genre']} » inconnu")
    why_not = raw.get("sans_nbgrader", "")
    return Case(
        folder, raw["titre"], raw["groupe"], raw["numero"], raw["genre"], raw["verifie"], raw.get("copie", {}),
        not why_not, why_not, raw.get("lourd", False), (folder / "classe.csv").is_file(),
    )  # fmt: skip


def all_cases() -> list[Case]:
    """Every case, by group, then by number."""
    folders = [path.parent for path in HERE.glob("*/cas.toml")]
    return [read_case(folder) for folder in sorted(folders, key=lambda path: path.name)]
