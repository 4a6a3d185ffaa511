"""docs/robustesse.md, from the figures of benchmarks/adversarial.py."""

from __future__ import annotations

import importlib.metadata
import math
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adversarial_nbgrader import CELL, ONE_CASE, Peer

from crc_lab.core.feedback import points_text, rounded
from crc_lab.core.text import french, listing
from tests.adversarial.running import MEGABYTES, SECONDS
from tests.adversarial.suite import GROUPS, Case
from tools.typography import mended

NONE = "—"
_TEMPLATE = Path(__file__).with_name("robustesse.modele.md")


@dataclass(frozen=True)
class Ours:
    """What crc-lab made of one case."""

    found: dict[str, Any]
    expected: dict[str, Any]
    leaks: tuple[str, ...]
    harm: tuple[str, ...]
    seconds: float
    megabytes: float

    @property
    def as_expected(self) -> bool:
        return self.found == self.expected and not self.leaks and not self.harm


@dataclass(frozen=True)
class Figures:
    """The whole run. ``batch``: honest copies that got their mark, out of how many, ours then theirs."""

    cases: list[Case]
    ours: dict[str, Ours]
    theirs: dict[str, Peer]
    batch: tuple[int, int]
    batch_cost: tuple[float, float]
    peer_batch: tuple[int, int] | None
    sent: Mapping[str, tuple[int, int]]
    """Kind of what is sent → variants that get what is right, out of how many."""


def write_page(figures: Figures) -> str:
    """The Markdown of the page."""
    version = importlib.metadata.version("nbgrader")
    ours = figures.ours.values()
    values = {
        "total": len(figures.cases),
        "shared": len(figures.theirs),
        "version": version,
        "table": _headline(figures, version),
        "seconds": _rounded(max(one.seconds for one in ours)),
        "megabytes": _rounded(max(one.megabytes for one in ours)),
        "max_seconds": SECONDS,
        "max_megabytes": MEGABYTES,
        "batch_seconds": _rounded(figures.batch_cost[0]),
        "batch_megabytes": _rounded(figures.batch_cost[1]),
        "case": ONE_CASE,
        "cell": CELL,
        "python": platform.python_version(),
    }
    values["sent"] = "\n".join(f"| {_plain(kind)} | {_ratio(counts)} |" for kind, counts in figures.sent.items())
    values["sent_total"] = "{} sur {}".format(*map(sum, zip(*figures.sent.values(), strict=True)))
    details = "\n".join(_details(figures, group, title, version) for group, title in GROUPS.items())
    template = _TEMPLATE.read_text(encoding="utf-8")
    return _typography(template.format(**values, details=details))


def _headline(figures: Figures, version: str) -> str:
    forged, honest = _of(figures, "forge"), _of(figures, "abime")
    leaky = _of(figures, "fuite")
    peer = figures.theirs
    earned = [case for case in forged if not figures.ours[case.name].as_expected]
    right = [case for case in honest if figures.ours[case.name].as_expected]
    routes = [case for case in leaky if figures.ours[case.name].leaks]
    rows = [
        ("Tentatives de falsification qui gagnent des points immérités", f"**{len(earned)}** sur {len(forged)}",
         _share([c for c in forged if c.name in peer], lambda c: bool(peer[c.name].mark))),
        ("Copies honnêtes abîmées qui reçoivent la bonne note", f"**{len(right)}** sur {len(honest)}",
         _share([c for c in honest if c.name in peer], lambda c: peer[c.name].mark == 20)),
        ("Voies par lesquelles quelque chose fuit", f"**{len(routes)}** sur {len(leaky)}",
         _share([c for c in leaky if c.name in peer], lambda c: bool(peer[c.name].leaks))),
        ("Lot mené au bout : copies honnêtes notées parmi tous les cas", _ratio(figures.batch),
         _ratio(figures.peer_batch) if figures.peer_batch else NONE),
    ]  # fmt: skip
    lines = [f"| | crc-lab | nbgrader {version} |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {label} | {one} | {other} |" for label, one, other in rows)])


def _ratio(numbers: tuple[int, int]) -> str:
    return f"**{numbers[0]}** sur {numbers[1]}"


def _share(cases: list[Case], holds: Any) -> str:
    return f"**{sum(holds(case) for case in cases)}** sur {len(cases)}" if cases else NONE


def _of(figures: Figures, kind: str) -> list[Case]:
    return [case for case in figures.cases if case.kind == kind]


def _details(figures: Figures, group: str, title: str, version: str) -> str:
    lines = [f"### {group}. {title}\n", f"| cas | ce qui arrive | crc-lab | nbgrader {version} |", "|---|---|---|---|"]
    for case in figures.cases:
        if case.group == group:
            cells = (
                f"`{case.name.split('-')[0]}`",
                _plain(case.title),
                _our_cell(figures, case),
                _peer_cell(figures, case),
            )
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _plain(title: str) -> str:
    """The title without anything that Markdown would take for itself."""
    marked = re.sub(r"[*_|\\]", r"\\\g<0>", title).replace("<", "&lt;").replace(">", "&gt;")
    return mended(marked)


def _our_cell(figures: Figures, case: Case) -> str:
    one = figures.ours[case.name]
    if not one.as_expected:
        return "**inattendu**"
    parts = []
    marks = [copy["note"] for copy in one.found["copies"]]
    if marks:
        parts.append(listing([_mark(mark) for mark in marks]) if len(marks) <= 3 else f"{len(marks)} copies notées")
    if number := len(one.found["rejets"]):
        parts.append(f"{number} fichier{'s' if number > 1 else ''} refusé{'s' if number > 1 else ''}")
    if case.kind == "fuite":
        parts.append("aucune fuite")
    if case.kind == "enseignant":
        parts.append("rien d’actif dans les fichiers")
    return ", ".join(parts)


def _peer_cell(figures: Figures, case: Case) -> str:
    other = figures.theirs.get(case.name)
    if other is None:
        return NONE
    parts = ["arrêté de force" if other.stopped else "", "pas de note" if other.mark is None else _mark(other.mark)]
    if case.kind == "forge" and other.mark:
        parts[-1] = f"**{parts[-1]}**"
    if case.kind == "abime" and other.mark != 20:
        parts[-1] = f"**{parts[-1]}**"
    if other.leaks:
        parts.append(f"**fuite** ({listing(list(other.leaks), 2)})")
    elif case.kind == "fuite":
        parts.append("aucune fuite")
    if other.html:
        parts.append("**script dans le retour**")
    return ", ".join(part for part in parts if part)


def _mark(mark: float) -> str:
    return points_text(rounded(mark, 20), 20)


def _rounded(value: float) -> str:
    return NONE if math.isnan(value) else f"{value:.0f}" if value >= 10 else f"{value:.1f}".replace(".", ",")


def _typography(text: str) -> str:
    """No-break spaces and apostrophes everywhere but in code."""
    return "`".join(_french(part) if at % 2 == 0 else part for at, part in enumerate(text.split("`")))


def _french(text: str) -> str:
    return french(text).replace("'", "’")
