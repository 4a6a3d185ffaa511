"""The law, in one file: ``datasets/droit.toml``. A question names the entries that its box « Droit au … » shows.

Each entry says what the law is, since when, how certain that is and where it is written: a teacher who updates the law
does it there, once, for every question.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LAW_FILE = "droit.toml"
_FIELDS = {"titre": True, "texte": True, "certitude": True, "source": True, "depuis": False, "reserve": False}
"""The fields of an entry, and whether they are compulsory."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule: ``since`` is the day from which it applies, ``caution`` what is still uncertain (either may miss)."""

    title: str
    text: str
    certainty: str
    source: str
    since: dt.date | None = None
    caution: str = ""


@dataclass(frozen=True)
class Law:
    """The entries by id, the day on which they were checked, the meaning of each degree of certainty."""

    date: dt.date | None = None
    certainties: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, Entry] = field(default_factory=dict)


def read_law(path: Path) -> tuple[Law, tuple[str, ...]]:
    """The law file and every mistake found in it, in French (the file may be missing)."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Law(), (f"fichier introuvable dans « {path.parent.name} ».",)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Law(), (f"TOML illisible ({error}).",)
    mistakes: list[str] = []
    if not isinstance(raw.get("date"), dt.date):
        mistakes.append("le champ « date » (jour de la vérification, AAAA-MM-JJ sans guillemets) manque.")
    certainties = {str(name): str(text) for name, text in raw.get("certitudes", {}).items()}
    entries = {
        name: _entry(name, item, certainties, mistakes)
        for name, item in raw.get("entrees", {}).items()
        if isinstance(item, dict)
    }
    date = raw.get("date")
    return Law(date if isinstance(date, dt.date) else None, certainties, entries), tuple(mistakes)


def law_of(questions: Iterable[Mapping[str, Any]], datasets: Path) -> tuple[Law, tuple[str, ...]]:
    """The law file and its mistakes, when one of the questions (as read) names an entry."""
    named = any(isinstance(question.get("droit"), list) for question in questions)
    return read_law(datasets / LAW_FILE) if named else (Law(), ())


def question_box(raw: Any, note: str, law: Law, add: Callable[[str], None]) -> str:
    """The law box of a question, in Markdown: its own text, or the entries of the law file that it names and ``note``,
    what they mean for this exercise. An entry that does not exist is said through ``add``."""
    if not isinstance(raw, list):
        return str(raw)
    for name in raw:
        if name not in law.entries:
            add(f"l’entrée de droit « {name} » n’existe pas dans {LAW_FILE}.")
    return law_box(law, [name for name in raw if name in law.entries], note)


def _entry(name: str, raw: Mapping[str, Any], certainties: Mapping[str, str], mistakes: list[str]) -> Entry:
    for one, compulsory in _FIELDS.items():
        if compulsory and not str(raw.get(one, "")).strip():
            mistakes.append(f"entrée « {name} » : le champ « {one} » manque.")
    mistakes += [f"entrée « {name} » : le champ « {one} » n’existe pas." for one in raw if one not in _FIELDS]
    certainty = str(raw.get("certitude", ""))
    if certainty and certainty not in certainties:
        mistakes.append(
            f"entrée « {name} » : certitude « {certainty} » inconnue ; possibles : {', '.join(certainties)}."
        )
    since = raw.get("depuis")
    if since is not None and not isinstance(since, dt.date):
        mistakes.append(f"entrée « {name} » : « depuis » est une date, AAAA-MM-JJ sans guillemets.")
        since = None
    texts = {one: str(raw.get(one, "")).strip() for one in _FIELDS}
    return Entry(texts["titre"], texts["texte"], certainty, texts["source"], since, texts["reserve"])


def law_box(law: Law, names: Sequence[str], note: str = "") -> str:
    """The entries as Markdown: what the law says, since when, how certain it is, where it is written; then ``note``."""
    if not names:
        return ""
    head = f"**Droit au {_day(law.date)}**" if law.date else "**Droit**"
    tail = ["", note.strip()] if note else []
    return "\n".join([head, "", *(_item(law, law.entries[name]) for name in names), *tail])


def _item(law: Law, entry: Entry) -> str:
    since = f"Depuis le {_day(entry.since)}. " if entry.since else ""
    caution = f" *Réserve\u00a0: {entry.caution}*" if entry.caution else ""
    title = entry.title if entry.title.endswith("?") else f"{entry.title}."
    certainty = f"Certitude {entry.certainty}\u00a0: {law.certainties.get(entry.certainty, '')}"
    return f"- **{title}** {entry.text}{caution} *({since}{certainty}. Source\u00a0: {entry.source}.)*"


def _day(date: dt.date | None) -> str:
    return f"{date:%d/%m/%Y}" if date else ""
