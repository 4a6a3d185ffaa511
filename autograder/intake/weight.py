"""What an answer sheet may weigh: whatever a file holds, what is kept of it is small and shallow.

The limits are far beyond any honest answer (the largest table of the workbook is 60 rows of 33 columns). What is beyond
them is cut or left out, and told: the other answers are marked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from crc_lab.core.model import Json
from crc_lab.core.wording import clean_line, count, french, listing

MAX_ANSWERS = 300
MAX_OTHERS = 50
"""Keys of the sheet, and of one answer, besides those of the contract."""
MAX_NAME = 200
MAX_TEXT = 60_000
"""Characters kept of one text: more than the longest one that an answer may hold, which is refused when marking."""
MAX_DEPTH = 10
MAX_VALUES, MAX_CHARACTERS = 100_000, 300_000
"""For one answer."""
MAX_ALL_VALUES, MAX_ALL_CHARACTERS = 200_000, 1_000_000
"""For one sheet."""
_CONTRACT = ("version", "activite", "edition", "variante", "eleve")
_QUESTION_ID = re.compile(r"A\d{1,2}-[A-Z]\w{0,20}", re.ASCII)

type_of_remark = tuple[str, str]


class _TooHeavy(Exception):
    """More values, characters or levels than any answer has."""


@dataclass
class _Budget:
    """How many values and characters are still allowed."""

    values: int = MAX_VALUES
    characters: int = MAX_CHARACTERS

    def spend(self, values: int, characters: int) -> None:
        self.values -= values
        self.characters -= characters
        if self.values < 0 or self.characters < 0:
            raise _TooHeavy


def lightened(sheet: Json) -> tuple[Json, list[type_of_remark]]:
    """The raw sheet within the limits, and what was left out: (code, French sentence). Raises nothing.

    What names the author must be texts or numbers: anything else is left out too.
    """
    if not isinstance(sheet, dict):
        return sheet, []
    remarks: list[type_of_remark] = []
    kept: dict[str, Any] = {}
    others = [name for name in sheet if name not in (*_CONTRACT, "reponses") and len(name) <= MAX_NAME]
    for name in (*(name for name in _CONTRACT if name in sheet), *others[:MAX_OTHERS]):
        try:
            kept[name] = _light(sheet[name], _Budget(), MAX_DEPTH)
        except _TooHeavy:
            continue
    if isinstance(kept.get("eleve"), dict):
        kept["eleve"] = {name: item for name, item in kept["eleve"].items() if _is_text(item)}
    answers = sheet.get("reponses")
    if isinstance(answers, dict):
        kept["reponses"] = _answers(answers, remarks)
    elif answers is not None:
        kept["reponses"] = []
    return kept, remarks


def _answers(answers: dict[str, Any], remarks: list[type_of_remark]) -> dict[str, Any]:
    names = list(answers)
    if len(names) > MAX_ANSWERS:
        names = [name for name in names if isinstance(answers[name], dict) and _QUESTION_ID.fullmatch(name)]
        names = names[:MAX_ANSWERS]
        number = count(len(answers), "réponse")
        text = f"La feuille contient {number} : seules celles qui portent le nom d’une question ont été lues."
        remarks.append(("REPONSES-TROP-NOMBREUSES", text))
    kept: dict[str, Any] = {}
    heavy = []
    left = _Budget(MAX_ALL_VALUES, MAX_ALL_CHARACTERS)
    for name in names:
        own = _Budget(min(MAX_VALUES, left.values), min(MAX_CHARACTERS, left.characters))
        allowed = own.values, own.characters
        try:
            kept[name[:MAX_NAME]] = _light(answers[name], own, MAX_DEPTH)
        except _TooHeavy:
            heavy.append(clean_line(name[:MAX_NAME], 40))
            kept[name[:MAX_NAME]] = {"valeur": None}
        else:
            left.spend(allowed[0] - own.values, allowed[1] - own.characters)
    if heavy:
        remarks.append(("REPONSE-TROP-LOURDE", _too_heavy(heavy)))
    return kept


def _too_heavy(names: list[str]) -> str:
    shown = listing([f"« {name} »" for name in names], 5)
    if len(names) == 1:
        text = f"La réponse à {shown} est trop volumineuse ou trop emboîtée pour être lue : elle compte"
    else:
        text = f"Les réponses à {shown} sont trop volumineuses ou trop emboîtées pour être lues : elles comptent"
    return french(f"{text} comme non donnée{'' if len(names) == 1 else 's'}.")


def _light(value: Json, budget: _Budget, depth: int) -> Json:
    """A copy with its texts cut; it spends the budget as it goes, and so stops before it is heavy itself."""
    if isinstance(value, str):
        text = value[:MAX_TEXT]
        budget.spend(1, len(text))
        return text
    if not isinstance(value, (list, dict)):
        budget.spend(1, 0)
        return value
    if depth == 0:
        raise _TooHeavy
    budget.spend(1 + len(value), 0)
    if isinstance(value, list):
        return [_light(item, budget, depth - 1) for item in value]
    budget.spend(0, sum(map(len, value)))
    return {name: _light(item, budget, depth - 1) for name, item in value.items()}


def _is_text(value: Json) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)
