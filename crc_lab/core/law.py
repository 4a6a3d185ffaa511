"""The law, in one file: ``datasets/droit.toml``. A question names the entries that its box « Droit au … » shows.

Each entry says what the law is, since when, how certain that is and where it is written: a teacher who updates the law
does it there, once, for every question. A box has three lines at most, each with a sign (``signes``); the rest of what
the entries say is under them, for whoever opens it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from crc_lab.core.problems import Problems, check_fields, needed, optional

LAW_FILE = "droit.toml"
_ENTRY = {**needed(titre=str, texte=str, certitude=str, source=str), **optional(court=str, depuis=dt.date, reserve=str)}
"""``court``: the rule in a line; ``depuis``: the day from which it applies; ``reserve``: what is still uncertain."""
FRESH_DAYS = 183
"""How long a check of the law is taken for granted: six months."""
MOST_LINES = 3
_LINE = re.compile(r"- (?:\*\*(.+?)\*\*\u00a0· )?(.+)")
"""How many rules a box shows before it is opened further."""
DETAIL = "\n\n**Le détail et les sources**\n\n"
"""Between the lines of a box and what is read on demand."""


@dataclass(frozen=True)
class Law:
    """The fields of each entry by id, the day on which they were checked, the meaning and the sign of each degree of
    certainty."""

    date: dt.date | None = None
    certainties: Mapping[str, str] = field(default_factory=dict)
    signs: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def read_law(folder: Path, problems: Problems) -> Law:
    """The law file of ``folder``; every mistake in it is told (the file may be missing)."""
    raw = problems.read(folder / LAW_FILE)
    if raw is None:
        return Law()

    def add(text: str, name: str = "") -> None:
        where = f"entrée « {name} » : " if name else ""
        problems.add(LAW_FILE, "", where + text, path=("entrees", name) if name else ())

    date = raw.get("date")
    if not isinstance(date, dt.date):
        add("le champ « date » (jour de la vérification, AAAA-MM-JJ sans guillemets) manque.")
    certainties = raw.get("certitudes", {})
    entries = {}
    for name, item in raw.get("entrees", {}).items():
        entries[name] = entry = check_fields(item, _ENTRY, partial(add, name=name))
        if (certainty := entry.get("certitude")) and certainty not in certainties:
            add(f"certitude « {certainty} » inconnue ; possibles : {', '.join(certainties)}.", name)
    return Law(date if isinstance(date, dt.date) else None, certainties, raw.get("signes", {}), entries)


def to_read_again(law: Law, today: dt.date) -> str:
    """What a teacher is told when the law was checked more than six months ago; empty while it is fresh."""
    if law.date is None or (today - law.date).days <= FRESH_DAYS:
        return ""
    months = round((today - law.date).days / 30.4)
    return (
        f"{LAW_FILE} : le droit a été vérifié le {law.date:%d/%m/%Y}, il y a {months}\u00a0mois. Relisez les règles "
        "« à confirmer » sur Légifrance, puis changez la date."
    )


def box(raw: Any, note: str, law: Law, add: Callable[[str], None]) -> str:
    """The law box of a question, in Markdown: its own text, or the entries of the law file that it names and ``note``,
    what they mean for this exercise. An entry that does not exist is said through ``add``."""
    if not isinstance(raw, list):
        return str(raw)
    for name in raw:
        if name not in law.entries:
            add(f"l’entrée de droit « {name} » n’existe pas dans {LAW_FILE}.")
    entries = [law.entries[name] for name in raw if name in law.entries]
    if not entries:
        return ""
    head = f"**Droit au {law.date:%d/%m/%Y}**" if law.date else "**Droit**"
    lines = [_line(entry, law) for entry in entries[:MOST_LINES]]
    short = "\n".join([head, "", *lines, *(["", note.strip()] if note else [])])
    return short + DETAIL + "\n".join(_item(entry, law) for entry in entries)


def lines_of(text: str) -> tuple[tuple[str, str], ...]:
    """The lines of a box that :func:`box` made, each with its sign; none of another text."""
    short, mark, _ = text.partition(DETAIL)
    found = (_LINE.match(line) for line in short.splitlines() if mark)
    return tuple((line[1] or "", line[2]) for line in found if line)


def _line(entry: Mapping[str, Any], law: Law) -> str:
    """One rule in a line, with its sign."""
    title, text = str(entry.get("titre", "")).strip(), str(entry.get("court", "")).strip()
    sign = law.signs.get(str(entry.get("certitude", "")), "")
    said = f"{title}\u00a0: {text}" if text else title
    return f"- **{sign}**\u00a0· {said}" if sign else f"- {said}"


def _item(entry: Mapping[str, Any], law: Law) -> str:
    """One rule: what the law says, since when, how certain it is, where it is written."""
    title, text, certainty, source = (str(entry.get(name, "")) for name in ("titre", "texte", "certitude", "source"))
    since = f"Depuis le {entry['depuis']:%d/%m/%Y}. " if "depuis" in entry else ""
    caution = f" *Réserve\u00a0: {entry['reserve'].strip()}*" if "reserve" in entry else ""
    certain = f"Certitude {certainty}\u00a0: {law.certainties.get(certainty, '')}"
    stop = "" if title.strip().endswith("?") else "."
    return f"- **{title.strip()}{stop}** {text.strip()}{caution} *({since}{certain}. Source\u00a0: {source.strip()}.)*"
