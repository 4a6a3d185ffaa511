"""What could act in a file that the grader produced: pages, workbooks, lists."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import openpyxl

from tests.adversarial.makers import CANARY

TAGS = """html head meta title style body header main section footer nav article aside h1 h2 h3 h4 h5 p div span a ul
ol li dl dt dd table caption colgroup col thead tbody tfoot tr th td strong em b i small code pre br wbr
hr details summary
svg g rect text line path circle desc abbr figure figcaption blockquote mark sup sub""".split()  # noqa: SIM905 - shorter


class Page(HTMLParser):
    """The elements and attributes of a page that could act, and its text."""

    ALLOWED = frozenset(TAGS)

    def __init__(self, text: str) -> None:
        super().__init__()
        self.odd: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.ALLOWED:
            self.odd.append(tag)
        for name, value in attrs:
            link = re.sub(r"\s", "", value or "").lower()
            if name.startswith("on") or (name in ("href", "src") and link.startswith(("javascript", "data", "http"))):
                self.odd.append(f"{tag} {name}")
            if name in ("id", "class", "style") and CANARY.lower() in link:
                self.odd.append(f"{tag} {name}")


def harmful(path: Path) -> list[str]:
    """What could act in one file, by its kind; nothing for an honest report."""
    if path.suffix == ".html":
        return Page(path.read_text(encoding="utf-8")).odd
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        odd = [cell.coordinate for cell in cells if cell.data_type == "f" and CANARY in str(cell.value)]
        return odd + [cell.coordinate for cell in cells if cell.hyperlink and CANARY in str(cell.hyperlink.target)]
    if path.suffix in (".csv", ".txt"):
        text = path.read_text(encoding="utf-8-sig")
        return [line for line in text.splitlines() if CANARY in line and re.match(r"\s*\"?[=+@-]", line)]
    if path.suffix == ".json":
        json.loads(path.read_text(encoding="utf-8"))
    return []
