"""The data files as lists of dictionaries, and small rules written again here, independently of the project."""

from __future__ import annotations

import csv
import re
import unicodedata
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATASETS = ROOT / "datasets"
CSV_FILES = sorted(path.relative_to(DATASETS).as_posix() for path in DATASETS.rglob("*.csv"))
REFERENCE = date(2026, 11, 1)
THREE_MONTHS, TWELVE_MONTHS = date(2026, 8, 1), date(2025, 11, 1)

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    with (DATASETS / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=";"))


def real_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None


def luhn(digits: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + position % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def plain(text: str) -> str:
    letters = "".join(c for c in unicodedata.normalize("NFD", text.upper()) if not unicodedata.combining(c))
    return re.sub(r"[^A-Z0-9]+", " ", letters).strip()
