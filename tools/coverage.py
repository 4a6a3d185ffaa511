"""Where each element of the course is in the workbook: ``docs/couverture.toml`` → ``docs/couverture.md``.

A cover is the name of something that exists: a question or an exercise (« A4-Q1 »), a section of a notebook
(« 04_qualifier#Les doublons »: the heading without its number, with ordinary spaces), a figure that a notebook shows
(« figure:06-grille »), an entry of the law that a question cites (« droit:rgpd »), a data file
(« donnees:contacts_bruts.csv »), a term of the lexicon (« lexique:RNVP »), a quick question (« F042 »).

Only questions and exercises make students work: a row that has none says why (``sans``). A row without the one or the
other, and a cover that leads nowhere, are mistakes.
"""

from __future__ import annotations

import csv
import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from crc_lab.core.errors import CrcError
from crc_lab.core.law import LAW_FILE

SOURCE = "docs/couverture.toml"
PAGE = "docs/couverture.md"
_LEXICON, _FLASH = "lexique.csv", "questions_flash.csv"
_EXERCISE = re.compile(r"[AR]\d+[AB]?-[QX]\d+[a-z]?|F\d{3}")
WORKED, CITED, LEFT = STATES = ("travaillé", "cité", "absent")
_HEADING = re.compile(r"^# (#{1,4}) (?:\d+\. )?(.+?)\s*$", re.MULTILINE)
_FENCE = re.compile(r"^# ```.*?^# ```", re.MULTILINE | re.DOTALL)
_FIGURE = re.compile(r'^figure\("([^"]+)"\)', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Row:
    """One element of the course: its number in the inventory, what it is, where it is covered, a remark or "".

    ``reason``: why no exercise is asked for, when there is none.
    """

    id: str
    label: str
    covers: tuple[str, ...]
    note: str = ""
    reason: str = ""

    @property
    def state(self) -> str:
        """Whether students work on it, or only read it, or neither: one of ``STATES``."""
        if any(map(_EXERCISE.fullmatch, self.covers)):
            return WORKED
        return CITED if self.covers else LEFT


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Something of the workbook that a cover may name: how it is shown, and the file it is in (with an anchor)."""

    text: str
    link: str


class CoverageProblems(CrcError):
    """Every mistake of ``docs/couverture.toml``, one sentence each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join([f"À revoir dans « {SOURCE} » :", *(f"  • {problem}" for problem in self.problems)])


def build(root: Path) -> bytes:
    """The page of the workbook under ``root``; raises :class:`CoverageProblems` with every mistake found."""
    parts = read(root / SOURCE)
    known = places(root)
    found = tuple(problems(parts, known))
    if found:
        raise CoverageProblems(found)
    return page(parts, known).encode()


# --- reading ---------------------------------------------------------------------------------------------------------


def read(path: Path) -> tuple[Part, ...]:
    """The parts and rows of the file; raises :class:`CoverageProblems` when it is not written as it should be."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return tuple(Part(part["titre"], tuple(map(_row, part["lignes"]))) for part in raw["partie"])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CoverageProblems((f"TOML illisible ({error}).",)) from None
    except (KeyError, TypeError) as error:
        text = f"une partie demande « titre » et « lignes », une ligne « id » et « element » ({error})."
        raise CoverageProblems((text,)) from None


def _row(raw: Mapping[str, Any]) -> Row:
    covers = tuple(map(_plain, raw.get("couvert", ())))
    return Row(raw["id"], raw["element"], covers, raw.get("note", ""), raw.get("sans", ""))


def places(root: Path) -> dict[str, Place]:
    """Everything a cover may name, by its name."""
    found: dict[str, Place] = {}
    for folder in sorted((root / "notebooks").glob("*/")):
        found |= _of_notebook(folder.name, _text(folder / "activite.py"), _toml(folder / "exercices.toml"))
    for path in sorted((root / "datasets").glob("*.*")):
        found[f"donnees:{path.name}"] = Place(f"`{path.name}`", f"../datasets/{path.name}")
    return found | _law(root) | _lexicon(root) | _flash(root)


def _of_notebook(name: str, narrative: str, questions: Mapping[str, Any]) -> dict[str, Place]:
    notebook, activity = f"../notebooks/{name}/{name}.ipynb", f"activité {questions.get('numero', name)}"
    found = {
        question["id"]: Place(f"{question['id']} · {question['titre']}", notebook)
        for question in questions.get("question", ())
    }
    for heading in _HEADING.finditer(_FENCE.sub("", narrative)):
        anchor = quote(heading[0].removeprefix(f"# {heading[1]} ").strip().replace(" ", "-"))
        found[_plain(f"{name}#{heading[2]}")] = Place(f"{activity}, « {heading[2]} »", f"{notebook}#{anchor}")
    for figure in _FIGURE.findall(narrative):
        found[f"figure:{figure}"] = Place(f"figure {figure}", notebook)
    return found


def _law(root: Path) -> dict[str, Place]:
    """The entries of the law that at least one question shows."""
    entries = _toml(root / "datasets" / LAW_FILE).get("entrees", {})
    cited: set[str] = set()
    for path in (root / "notebooks").glob("*/exercices.toml"):
        for question in _toml(path).get("question", ()):
            box = question.get("droit", ())
            cited |= set(box) if isinstance(box, list) else set()
    link = f"../datasets/{LAW_FILE}"
    return {f"droit:{name}": Place(f"droit : {entries[name]['titre']}", link) for name in cited & set(entries)}


def _lexicon(root: Path) -> dict[str, Place]:
    terms = csv.DictReader(_text(root / "datasets" / _LEXICON).splitlines(), delimiter=";")
    link = "../notebooks/08_lexique/08_lexique.ipynb"
    return {_plain(f"lexique:{row['terme']}"): Place(f"lexique : {row['terme']}", link) for row in terms}


def _flash(root: Path) -> dict[str, Place]:
    """The questions of five a day, where there are any."""
    questions = csv.DictReader(_text(root / "datasets" / _FLASH).splitlines(), delimiter=";")
    link = f"../datasets/{_FLASH}"
    return {row["id"]: Place(f"{row['id']} · {row['question']}", link) for row in questions}


def _plain(name: str) -> str:
    """A name as it is typed: no-break spaces are ordinary ones."""
    return name.replace("\u00a0", " ").replace("\u202f", " ")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(_text(path))


# --- checking --------------------------------------------------------------------------------------------------------


def problems(parts: Iterable[Part], known: Mapping[str, Place]) -> Iterator[str]:
    """Each mistake, in French: a row told twice, without an exercise nor a reason, a cover that does not exist."""
    seen: set[str] = set()
    for row in (row for part in parts for row in part.rows):
        if row.id in seen:
            yield f"{row.id} figure deux fois."
        seen.add(row.id)
        if row.state != WORKED and not row.reason:
            yield f"{row.id} n’est travaillé nulle part : citez un exercice, ou dites pourquoi (« sans »)."
        if row.state == WORKED and row.reason:
            yield f"{row.id} a un exercice, et une raison de n’en pas avoir : gardez l’un ou l’autre."
        for name in row.covers:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
                hint = f" Vouliez-vous dire « {near[0]} » ?" if near else ""
                yield f"{row.id} : « {name} » n’existe pas dans le cahier.{hint}"


# --- the page --------------------------------------------------------------------------------------------------------

_HEAD = f"""# Ce que couvre le cahier

Chaque élément des cinq documents de départ (étude de cas, annexes, notes de cours), et l’endroit du cahier où il se
travaille. Une question ou un exercice le fait **travailler** ; un passage, un encadré de droit ou un mot du lexique le
**cite** seulement. Ce qui n’a pas d’exercice dit pourquoi.

Cette page est fabriquée à partir de `{SOURCE}` par `python3 crc.py construire` : ne la modifiez pas à la main.
"""


def page(parts: Iterable[Part], known: Mapping[str, Place]) -> str:
    """The page in Markdown: how many rows of each state, then one table for each part."""
    parts = tuple(parts)
    lines = [_HEAD, f"| Partie | {' | '.join(STATES)} | en tout |", "|---|---|---|---|---|"]
    every = Part("**Les cinq documents**", tuple(row for part in parts for row in part.rows))
    for part in (*parts, every):
        states = [row.state for row in part.rows]
        lines.append(f"| {part.title} | {' | '.join(str(states.count(one)) for one in STATES)} | {len(states)} |")
    for part in parts:
        lines += [f"\n## {part.title}\n", "| N° | Élément | État | Dans le cahier |", "|---|---|---|---|"]
        for row in part.rows:
            shown = [f"[{_cell(known[name].text)}]({known[name].link})" for name in row.covers]
            note = f" *({_cell(row.note)})*" if row.note else ""
            none = [f"aucun exercice : {_cell(row.reason)}"] if row.reason else []
            lines.append(f"| {row.id} | {_cell(row.label)}{note} | {row.state} | {'<br>'.join([*shown, *none])} |")
    return "\n".join([*lines, ""])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
