"""Short answers read by the models, beside the patterns that judged them before, on lines that neither has seen.

    .venv/bin/python benchmarks/reponses_courtes.py                      # the held-out lines of the exemplars
    .venv/bin/python benchmarks/reponses_courtes.py --fichier X          # another file, of the form of exemples.csv
    .venv/bin/python benchmarks/reponses_courtes.py --croissance A1-Q1b  # learns from 25, 50, 75 % of the lines too
    .venv/bin/python benchmarks/reponses_courtes.py --classe 35          # what a class leaves to its teacher to decide

Two measures. A *text* is a line alone. An *answer* is made of lines of one writer, as many as the question asks for,
drawn by their hash; its mark is compared with that of its labels. « Décidé seul »: no doubt can change the mark (the
patterns doubt when they flag). « Refusé »: the mark given alone is lower than it should be.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import random
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from autograder.decisions.subjects import said, subjects  # noqa: E402
from autograder.exemplars import report  # noqa: E402
from autograder.exemplars.building import elsewhere_of  # noqa: E402
from autograder.exemplars.lines import FILE, Exemplar, draw, read_exemplars  # noqa: E402
from autograder.exemplars.report import Figures  # noqa: E402
from autograder.intake.keys import Bank  # noqa: E402
from crc_lab.core.check import Context  # noqa: E402
from crc_lab.core.model import Criterion, Key, Question  # noqa: E402
from crc_lab.core.problems import READING  # noqa: E402
from crc_lab.core.rooms import checks  # noqa: E402
from crc_lab.core.sheet import Answer, AnswerSheet, Student  # noqa: E402
from crc_lab.reading import deciding, reader  # noqa: E402
from crc_lab.reading.deciding import Scheme  # noqa: E402
from crc_lab.reading.reader import Reader, Reading, reader_of  # noqa: E402

PATTERNS = tomllib.loads((Path(__file__).parent / "motifs.toml").read_text(encoding="utf-8"))["criteres"]
SAME = 1e-6
THRESHOLDS = ((0.015, 0.05, 0.97), (0.02, 0.1, 0.93), (0.035, 0.15, 0.85), (0.1, 0.25, 0.75), (0.3, 0.4, 0.6))
PART = (25, 50, 75, 100)

Settings = Mapping[str, Any]


class Course:
    """The models, the settings of the criteria that use them, and lines to judge."""

    def __init__(self, lines: Sequence[Exemplar]) -> None:
        self.lines = lines
        self.settings: dict[str, list[Settings]] = {}
        self.models: dict[str, Any] = {}
        for path in sorted((ROOT / "notebooks").glob(f"*/{READING}")):
            self.models |= json.loads(path.read_text(encoding="utf-8"))["questions"]
            self.settings |= report.criteria(path.parent)

    def reader(self, question: str) -> Reader:
        facts = [fact for one in self.settings[question] for fact in one.get("faits", ())]
        return reader_of(self.models[question], facts)

    def answers(self) -> Iterator[list[Exemplar]]:
        """Answers of so many lines as a question asks for, each of one writer; a text alone where it asks for one."""
        for question in sorted(self.settings):
            for source in sorted({line.source for line in self.lines}):
                own = [line for line in self.lines if (line.question, line.source) == (question, source)]
                own.sort(key=lambda line: (draw("answer", line.text), line.text))
                size = max(one["attendus"] for one in self.settings[question])
                if question == "A1-Q1a":  # three criteria on one text: as many sentences
                    size = 3
                for at in range(0, len(own) - size + 1, size):
                    yield own[at : at + size]


def true_share(lines: Sequence[Exemplar], settings: Settings) -> float:
    return _scheme(settings).share([line.labels for line in lines])


def _scheme(settings: Settings) -> Scheme:
    return Scheme(settings["attendus"], settings["idees"], settings.get("erreurs", ()))


def _texts(lines: Sequence[Exemplar]) -> list[str]:
    """The texts of an answer; sentences of one text for a presentation."""
    texts = [line.readings(1)[0] for line in lines]
    return [". ".join(texts)] if lines[0].question == "A1-Q1a" else texts


def read_outcome(course: Course, lines: Sequence[Exemplar]) -> str:
    """What becomes of an answer that the model reads."""
    question = lines[0].question
    settings = course.settings[question]
    paragraph = any(one.get("inconnu") == 0 for one in settings)
    readings = [course.reader(question).read(text, paragraph=paragraph) for text in _texts(lines)]
    return _outcome([_decided(one, readings) for one in settings], [true_share(lines, one) for one in settings])


def _decided(settings: Settings, readings: Sequence[Reading]) -> tuple[float, bool]:
    decision = deciding.decide(_scheme(settings), readings)
    return decision.share, decision.alone


def pattern_outcome(course: Course, lines: Sequence[Exemplar]) -> str:
    """What became of the same answer with the patterns of before."""
    question = lines[0].question
    texts = tuple(_texts(lines))
    found = []
    for settings in PATTERNS[question]:
        alone = len(texts) == 1 and settings["attendus"] == 1
        codes = [error["code"] for error in settings.get("erreurs", ())]
        criterion = Criterion("c", "c", "textes_courts", 1.0)
        key = Key(question, "", criteria={"c": settings}, messages=dict.fromkeys(codes, " "))
        context = Context(Question(question, "textes", "", "", 1.0, (criterion,)), criterion, key)
        outcome = checks()["textes_courts"].run(texts[0] if alone else texts, context)
        found.append((outcome.share, not outcome.doubts))
    return _outcome(found, [true_share(lines, one) for one in course.settings[question]])


def _outcome(found: Sequence[tuple[float, bool]], true: Sequence[float]) -> str:
    if not all(alone for _, alone in found):
        return "left"
    if all(abs(share - wanted) < SAME for (share, _), wanted in zip(found, true, strict=True)):
        return "right"
    return "denied" if any(share < wanted - SAME for (share, _), wanted in zip(found, true, strict=True)) else "over"


def compared(course: Course, answers: Iterable[Sequence[Exemplar]], title: str) -> None:
    """Print the figures of both judges, by question, by writer, then in all."""
    read: dict[str, Figures] = {}
    before: dict[str, Figures] = {}
    for lines in answers:
        holds = any(true_share(lines, one) > 0 for one in course.settings[lines[0].question])
        for name in (lines[0].question, f"de {lines[0].source}", report.sort_of(lines[0]), "en tout"):
            read.setdefault(name, Figures()).add(read_outcome(course, lines), holds)
            if lines[0].question in PATTERNS:
                before.setdefault(name, Figures()).add(pattern_outcome(course, lines), holds)
    print(f"\n{title}")
    for name in sorted(read):
        print(f"  {name:12} lecture {read[name]}")
        print(f"  {'':12} motifs  {before.get(name, Figures())}")


def coverage(course: Course) -> None:
    """Print the share decided alone and how much of it is right, for thresholds from the strictest to the boldest."""
    print("\nSeuils (presque rien, peu, sûr) : ce qui est décidé seul, et juste (textes)")
    kept = reader.HARDLY, reader.UNLIKELY, reader.LIKELY
    for thresholds in THRESHOLDS:
        reader.HARDLY, reader.UNLIKELY, reader.LIKELY = thresholds
        found = report.figures(report.judged(course.lines, course.models, course.settings), lambda _line: "")
        print(f"  {thresholds} {found['']}")
    reader.HARDLY, reader.UNLIKELY, reader.LIKELY = kept


def growth(course: Course, question: str) -> None:
    """Print what a model learnt from a part of the lines reads, the same lines being held out."""
    from autograder.exemplars.learning import learn

    everything = [line for path in sorted((ROOT / "notebooks").glob(f"*/{FILE}")) for line in read_exemplars(path)]
    activity = question.split("-")[0]
    others = elsewhere_of(question, [line for line in everything if line.question.split("-")[0] != activity])
    own = [line for line in everything if line.question == question and not line.held_out]
    print(f"\nCroissance de {question} (textes)")
    for part in PART:
        kept = [line for line in own if draw("growth", line.text) < part]
        model = learn(kept, others)
        unseen = [line for line in course.lines if line.question == question]
        found = report.figures(report.judged(unseen, {question: model}, course.settings), lambda _line: "")
        print(f"  {len(kept):5} exemples : {found['']}")


# --- a class: what its teacher is asked, and is not asked again -------------------------------------------------------

QUESTIONS: Mapping[str, Sequence[tuple[str, str, int]]] = {
    "01_crc": (("A1-Q1a", "A1-Q1a", 3), ("A1-Q1b", "A1-Q1b", 4), ("A1-Q1c", "A1-Q1c", 3), ("A1-Q2", "A1-Q2", 6)),
    "02_reglementation": (
        ("A2-Q3", "A2-Q3", 5), ("A2-Q4.b2b", "A2-Q4b2b", 1), ("A2-Q4.b2c", "A2-Q4b2c", 1), ("A2-Q5", "A2-Q5", 5),
    ),
    "03_structurer": (("A3-Q1", "A3-Q1", 2),),
    "05_segmenter": (("A5-Q1", "A5-Q1", 3),),
}  # fmt: skip
"""Nine questions: where the texts go, whose lines they are, how many of them."""
CHOICES = {"b2b": "non", "b2c": "oui"}
TRAP_IN = 8
"""One line in so many is a trap."""


def simulated_class(course: Course, size: int) -> None:
    """Print what ``size`` copies made of held-out lines leave to decide: texts, groups, gestures; then the same once
    a teacher who knows the labels has filled the sheet in: what is still asked, whose mark moved."""
    from autograder.correct.command import correct

    truth: dict[tuple[str, str], Exemplar] = {}
    rng = random.Random(11)
    with tempfile.TemporaryDirectory() as name:
        handed_in, output = Path(name) / "copies", Path(name) / "resultats"
        handed_in.mkdir()
        for number in range(1, size + 1):
            for activity in QUESTIONS:
                answers = _answers(course, activity, rng, truth)
                (handed_in / f"{activity}_{number:02}.ipynb").write_bytes(_notebook(activity, number, answers))
        print(f"\nUne classe de {size} copies, {sum(map(len, QUESTIONS.values())) - 1} questions à textes courts")
        for run in (1, 2):
            start = time.perf_counter()
            with contextlib.redirect_stdout(io.StringIO()) as said:
                correct([handed_in] if run == 1 else [], output)
            seconds = time.perf_counter() - start
            lines = _sheet(output / "a-decider.xlsx")
            groups = {line[0] for line in lines}
            texts = sum(len(sheet) for sheet in _texts_of(handed_in))
            print(
                f"  passage {run} ({seconds:.1f} s) : {len(lines)} textes à décider sur {texts}, {len(groups)} groupes"
            )
            if run == 2:
                print(*(line for line in said.getvalue().splitlines() if "not" in line and "décid" in line), sep="\n")
            elif lines:
                _fill_in(output / "a-decider.xlsx", truth)
                print(f"  {_gestures(lines, truth)}")


def _answers(course: Course, activity: str, rng: random.Random, truth: dict[tuple[str, str], Exemplar]) -> Any:
    """The answers of one copy, drawn from the lines of one writer, now and then from the traps."""
    found: dict[str, Any] = {}
    source = rng.choice([one for one in sorted({line.source for line in course.lines}) if one not in report.TRAPS])
    for place, model, many in QUESTIONS[activity]:
        own = [line for line in course.lines if line.question == model]
        drawn: list[Exemplar] = []
        while len(drawn) < many:
            trap = rng.randrange(TRAP_IN) == 0
            pool = [one for one in own if (one.source in report.TRAPS) == trap and (trap or one.source == source)]
            drawn.append(rng.choice(pool or own))
        texts = [line.readings(1)[0] for line in drawn]
        if model == "A1-Q1a":
            texts = [". ".join(texts)]
            whole = frozenset().union(*(line.labels for line in drawn))
            drawn = [Exemplar(model, whole, texts[0], source)]
        for line, text in zip(drawn, texts, strict=True):
            truth[model, said(text)] = line
        question, _, part = place.partition(".")
        if part:
            found.setdefault(question, {})[part] = {"choix": CHOICES[part], "raison": texts[0]}
        else:
            found[place] = texts if many > 1 and model != "A1-Q1a" else texts[0]
    return found


def _notebook(activity: str, number: int, answers: Mapping[str, Any]) -> bytes:
    kept = {name: Answer(value, date="2026-11-20T10:00:00+01:00") for name, value in answers.items()}
    sheet = AnswerSheet(activity, student=Student(f"Élève {number:02}", f"e{number:02}"), answers=kept)
    notebook = {"cells": [], "metadata": {"crc_lab": sheet.to_metadata()}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False).encode()


def _texts_of(folder: Path) -> Iterator[list[str]]:
    """The texts of each copy."""
    for path in folder.glob("*.ipynb"):
        answers = json.loads(path.read_bytes())["metadata"]["crc_lab"]["reponses"].values()
        values = [answer["valeur"] for answer in answers]
        yield [str(one) for value in values for one in (value if isinstance(value, list | dict) else [value])]


def _sheet(path: Path) -> list[tuple[Any, ...]]:
    import openpyxl

    return [*openpyxl.load_workbook(path)["À décider"].values][1:] if path.is_file() else []


def _fill_in(path: Path, truth: Mapping[tuple[str, str], Exemplar]) -> None:
    """Decide every text as its labels say."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    page = book["À décider"]
    at = {cell.value: cell.column for cell in page[1]}
    for row in range(2, page.max_row + 1):
        line = _true(page.cell(row, at["Question"]).value, page.cell(row, at["Texte"]).value, truth)
        page.cell(row, at["Décision"]).value = ", ".join(sorted(line.labels)) or "aucune"
    book.save(path)


def _true(question: str, text: str, truth: Mapping[tuple[str, str], Exemplar]) -> Exemplar:
    """The line that a text is, or begins: of a list that is too long, the first pieces alone are read."""
    name, words = question.split(" · ")[0], said(text)
    known = truth.get((name, words))
    return known or next(line for (model, other), line in truth.items() if model == name and other.startswith(words))


def _gestures(lines: Sequence[tuple[Any, ...]], truth: Mapping[tuple[str, str], Exemplar]) -> str:
    """How many cells a teacher fills: one a group, and one for each of its texts that says something else."""
    groups: dict[Any, list[tuple[frozenset[str], bool]]] = {}
    known = subjects(Bank().readable())
    for line in lines:
        true = _true(line[1], line[2], truth)
        subject = known[true.question]
        told = {label for cell in line[6:8] for label in subject.meant(cell or "")}
        labels = true.labels & subject.labels
        groups.setdefault(line[0], []).append((labels, told == labels))
    filled = 0
    for found in groups.values():
        labels = [one for one, _ in found]
        filled += 1 + min(len(found) - max(map(labels.count, labels)), sum(not right for _, right in found))
    right = sum(is_right for found in groups.values() for _, is_right in found)
    return f"proposition juste pour {right} textes ; cases à remplir : {filled}"


def speed(course: Course) -> None:
    """Print the time of one text, in milliseconds."""
    texts = [(line.question, line.readings(1)[0]) for line in course.lines if line.question in course.settings]
    for question in course.settings:
        course.reader(question)
    start = time.perf_counter()
    for question, text in texts:
        course.reader(question).read(text)
    print(f"\nUn texte : {1000 * (time.perf_counter() - start) / len(texts):.2f} ms")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--fichier", type=Path, help="des lignes à juger, de la forme d’exemples.csv")
    parser.add_argument("--croissance", default="", help="une question dont on apprend des parts croissantes")
    parser.add_argument("--classe", type=int, default=0, help="simuler seulement une classe de tant de copies")
    options = parser.parse_args()
    if options.fichier:
        lines = read_exemplars(options.fichier)
    else:
        paths = sorted((ROOT / "notebooks").glob(f"*/{FILE}"))
        lines = [line for path in paths for line in read_exemplars(path) if line.held_out]
    course = Course(lines)
    if options.classe:
        simulated_class(course, options.classe)
        return 0
    compared(course, ([line] for line in lines if line.question in course.settings), "Textes (une ligne)")
    compared(course, course.answers(), "Réponses entières")
    coverage(course)
    if options.croissance:
        growth(course, options.croissance)
    speed(course)
    return 0


if __name__ == "__main__":
    sys.exit(main())
