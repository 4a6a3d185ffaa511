"""One class of impossible names through every file that crc-lab writes: each is still there, and harms nobody."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from autograder.identity import Listed, Roster
from autograder.marking import ClassResult
from autograder.marking.manual import ManualMark
from autograder.moodle import GRADEBOOK, write_moodle
from autograder.open_answers import write_open_answers
from autograder.open_answers.reading import read_marked_sheet
from autograder.reports import Outputs, write_reports
from autograder.reports.book import bared
from crc_lab.core.text import clean_line
from tests.sample_copies import archive
from tests.sample_results import A9, OPEN, essay, result_of, use_workbook
from tests.test_moodle_worksheet import FRENCH

NAMES = {
    "comma": "Martin, Jean",
    "quotes": 'Jean "Jeannot" Martin',
    "apostrophes": "Kévin D’Almeida l'Aîné",
    "formula": '=HYPERLINK("http://example.org";"x")',
    "plus": "+33 Durand",
    "minus": "-1+1 Durand",
    "at": "@SUM(A1) Durand",
    "dde": "=cmd|' /C calc'!A0",
    "wide formula": "＝1+1 Durand",
    "semicolon": "Martin; Jean; Paul",
    "markup": "<script>alert('x')</script> & Fils",
    "entity": "&lt;b&gt; Martin",
    "long": "Anne-" * 20 + "Sophie",
    "arabic": "محمد الأمين",
    "hebrew": "דוד כהן",
    "chinese": "李雷",
    "emoji": "Zoé 🦄 Petit",
    "accents": "Ÿæœ Ñandú Ðorđe",
    "backslash": "Jean\\Martin C:\\",
    "dots": "../../etc/passwd",
    "device": "CON",
    "template": "{{ 7*7 }} {% raw %}",
    "percent": "100% Durand",
    "markdown": "**gras** [x](javascript:alert(1))",
    "number": "0612345678",
}
"""Names as students type them. The next ones change on the way in: invisible signs go, spaces become one."""
CLEANED = {
    "line breaks": ("Jean\r\nMartin\tBis", "Jean Martin Bis"),
    "zero width": ("Ma\u200brie\u200d Cur\ufeffie", "Marie Curie"),
    "turned around": ("Nora \u202egnp.exe", "Nora gnp.exe"),
    "control": ("Luc\x00\x07 Petit", "Luc Petit"),
    "decomposed": ("Zoe\u0301 Noe\u0308l", "Zoé Noël"),
}
HOMONYMS = ("Jean Dupont", "Jean Dupont")
EXPECTED = {**NAMES, **{kind: shown for kind, (_, shown) in CLEANED.items()}}


@dataclass(frozen=True)
class Everything:
    """Every output of one class, as its reader sees it."""

    folder: Path
    result: ClassResult
    listed: dict[str, Listed]

    def page(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everything]:
    with pytest.MonkeyPatch.context() as patch:
        bank = use_workbook(patch)
        folder = tmp_path_factory.mktemp("noms")
        typed = [*NAMES.values(), *(name for name, _ in CLEANED.values()), *HOMONYMS]
        shown = [*EXPECTED.values(), *HOMONYMS]
        handed = folder / "Devoir.zip"
        handed.write_bytes(
            archive(
                {
                    f"Participant_{number}_assignsubmission_file/{A9}.ipynb": essay(name, f"e{number}", answer=name)
                    for number, name in enumerate(typed, start=100)
                }
            )
        )
        roster = Roster(
            tuple(
                Listed(f"e{number}", name, "", f"e{number}@ecole.example", "G;1", number)
                for number, name in enumerate(shown, start=100)
            )
        )
        sheet = io.StringIO(newline="")
        for number, name in enumerate(shown, start=100):
            csv.writer(sheet).writerow([f"Participant{number}", name, "", "Remis", "", "20,00", "Oui", "-", "-", ""])
        (folder / "Notes.csv").write_text(FRENCH + sheet.getvalue(), encoding="utf-8", newline="")
        manual = {(f"e{number}", A9, OPEN): ManualMark(6.0, name) for number, name in enumerate(shown, start=100)}
        result = result_of(bank, handed, roster=roster, manual=manual)
        done = Outputs(folder / "r")
        write_reports(result, done.folder)
        write_moodle(result, done, [folder / "Notes.csv"])
        assert done.problems == []
        write_open_answers(result, done.folder / "reponses-ouvertes.xlsx")
        yield Everything(done.folder, result, {one.identifier: one for one in roster.students})


def test_every_name_is_one_student(outputs: Everything):
    assert len(outputs.result.students) == len(EXPECTED) + 2
    assert sorted(student.person.name for student in outputs.result.students) == sorted([*EXPECTED.values(), *HOMONYMS])
    assert outputs.result.absent == ()


@pytest.mark.parametrize("name", EXPECTED.values(), ids=list(EXPECTED))
class TestName:
    def test_in_the_json(self, outputs: Everything, name: str):
        copies = json.loads((outputs.folder / "resultats.json").read_bytes())["copies"]
        (one,) = [one for one in copies if one["eleve"]["nom"] == name]
        assert one["note"] == 14

    def test_in_the_workbook_of_marks(self, outputs: Everything, name: str):
        found = [row for row in sheet_rows(outputs.folder / "notes.xlsx", "Notes") if row[0] and bared(row[0]) == name]
        assert [row[4] for row in found] == [14]

    def test_in_the_class_page(self, outputs: Everything, name: str):
        texts = Texts(outputs.page("classe.html"))
        assert texts.has(name)

    def test_in_the_page_of_the_student(self, outputs: Everything, name: str):
        found = [page for page in pages(outputs) if Texts(page.read_text(encoding="utf-8")).first("h1") == name]
        assert len(found) == 1
        assert Texts(found[0].read_text(encoding="utf-8")).has(name, after="Votre professeur")

    def test_in_the_worksheet(self, outputs: Everything, name: str):
        rows = csv.DictReader(io.StringIO(outputs.page("moodle/Notes.csv"), newline=""))
        (row,) = [row for row in rows if row["Nom complet"] == name]
        assert row["Note"] == "14"
        assert clean(name) in clean(html.unescape(row["Feedback par commentaires"]))
        assert "<" not in row["Feedback par commentaires"]

    def test_in_the_feedback_zip(self, outputs: Everything, name: str):
        with zipfile.ZipFile(outputs.folder / "moodle" / "retours-devoir.zip") as opened:
            found = [Texts(opened.read(entry).decode()).first("h1") for entry in opened.namelist()]
        assert found.count(name) == 1

    def test_in_the_gradebook_csv(self, outputs: Everything, name: str):
        rows = csv.DictReader(io.StringIO(outputs.page(f"moodle/{GRADEBOOK}"), newline=""))
        (row,) = [row for row in rows if bared(row["Nom complet"]) == name.replace("\\", "/")]
        assert row["Activité 9 (note sur 20)"] == "14"
        assert row["Adresse de courriel"].endswith("@ecole.example")

    def test_in_the_sheet_of_open_answers(self, outputs: Everything, name: str):
        rows = [row for row in sheet_rows(outputs.folder / "reponses-ouvertes.xlsx", "Réponses") if row[1]]
        (row,) = [row for row in rows if bared(row[1]) == name]
        assert clean_line(bared(str(row[4]))) == bared(str(row[8])) == name  # the answer keeps its line breaks


def test_homonyms_are_told_apart_everywhere(outputs: Everything):
    numbers = [100 + len(EXPECTED), 101 + len(EXPECTED)]
    shown = [f"Jean Dupont (e{number})" for number in numbers]
    page = Texts(outputs.page("classe.html"))
    assert all(page.has(name) for name in shown)
    rows = sheet_rows(outputs.folder / "reponses-ouvertes.xlsx", "Réponses")
    assert [row[1] for row in rows if str(row[1]).startswith("Jean Dupont")] == shown
    assert len({page.name for page in pages(outputs) if "jean-dupont" in page.name}) == 2


def test_the_marks_come_back_from_the_sheet_of_open_answers(outputs: Everything):
    found = read_marked_sheet(outputs.folder / "reponses-ouvertes.xlsx", outputs.result).marks
    shown = [*EXPECTED.values(), *HOMONYMS]
    assert found == {
        (f"e{number}", A9, OPEN): ManualMark(6.0, name) for number, name in enumerate(shown, start=100)
    }  # fmt: skip


def test_the_sheet_to_copy_has_everybody_in_the_order_of_the_list(outputs: Everything):
    rows = sheet_rows(outputs.folder / "notes.xlsx", "À recopier")[1:]
    shown = [f"Jean Dupont (e{number})" for number in (100 + len(EXPECTED), 101 + len(EXPECTED))]
    assert [(bared(str(name)), mark) for name, mark, *_ in rows] == [
        (name, 14) for name in [*EXPECTED.values(), *shown]
    ]


def test_no_cell_is_a_formula(outputs: Everything):
    for path in outputs.folder.glob("*.xlsx"):
        for sheet in openpyxl.load_workbook(path):
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type in ("s", "n"), (path.name, cell.coordinate)
                    assert not str(cell.value or "").lstrip().startswith(("=", "+", "-", "@", "＝")), cell.coordinate
    for row in csv.reader(io.StringIO(outputs.page(f"moodle/{GRADEBOOK}"), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝")) for cell in row), row


def test_no_page_holds_anything_but_text(outputs: Everything):
    for page in [outputs.folder / "classe.html", *pages(outputs)]:
        texts = Texts(page.read_text(encoding="utf-8"))
        assert not texts.tags & {"script", "iframe", "object", "embed", "link", "img", "form"}, page.name
        assert not any(name.startswith("on") for name in texts.attributes), page.name
        assert "49" not in texts.first("h1")


def test_every_file_name_is_valid_on_windows(outputs: Everything):
    for path in outputs.folder.rglob("*"):
        assert re.fullmatch(r"[^<>:\"/\\|?*\x00-\x1f]{1,120}(?<![. ])", path.name), path.name
        assert not re.fullmatch(r"(con|prn|aux|nul|com\d|lpt\d)", path.stem, re.IGNORECASE), path.name
    with zipfile.ZipFile(outputs.folder / "moodle" / "retours-devoir.zip") as opened:
        for name in opened.namelist():
            assert re.fullmatch(r"Participant_\d+_assignsubmission_file/retour\.html", name), name


def test_the_worksheet_changed_nowhere_else(outputs: Everything):
    before = list(
        csv.reader(io.StringIO((outputs.folder.parent / "Notes.csv").read_text(encoding="utf-8"), newline=""))
    )
    after = list(csv.reader(io.StringIO(outputs.page("moodle/Notes.csv"), newline="")))
    for old, new in zip(before, after, strict=True):
        assert [cell for column, cell in enumerate(old) if column not in (4, 9)] == [
            cell for column, cell in enumerate(new) if column not in (4, 9)
        ]


class Texts(HTMLParser):
    """The tags and the texts of a page, as a browser reads them."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.found: list[tuple[str, str]] = []
        self._inside = ""
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self._inside = tag

    def handle_data(self, data: str) -> None:
        self.found.append((self._inside, data))

    def first(self, tag: str) -> str:
        return next(text for inside, text in self.found if inside == tag)

    def has(self, name: str, after: str = "") -> bool:
        texts = [clean(text) for _, text in self.found]
        start = next((number for number, text in enumerate(texts) if after in text), len(texts)) if after else 0
        return clean(name) in texts[start:]


def clean(text: str) -> str:
    """No-break spaces and ordinary ones are one here."""
    return re.sub(r"\s+", " ", text).strip()


def pages(outputs: Everything) -> list[Path]:
    return sorted((outputs.folder / "retours").glob("*.html"))


def sheet_rows(path: Path, name: str) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(path)
    return [tuple("" if cell is None else cell for cell in row) for row in book[name].values]
