"""Short answers read by the models, beside the patterns that judged them before, on lines that neither has seen.

    .venv/bin/python benchmarks/reponses_courtes.py                      # the held-out lines of the exemplars
    .venv/bin/python benchmarks/reponses_courtes.py --fichier X          # other files, of the form of exemples.csv
    .venv/bin/python benchmarks/reponses_courtes.py --croissance A1-Q1b  # learns from 25, 50, 75 % of the lines too
    .venv/bin/python benchmarks/reponses_courtes.py --classe 35          # what a class leaves to its teacher to decide

Two measures. A *text* is a line alone. An *answer* is made of lines of one writer, as many as the question asks for,
drawn by their hash; its mark is compared with that of its labels. « Décidé seul »: no doubt can change the mark (the
patterns doubt when they flag). « Refusé »: the mark given alone is lower than it should be.

The patterns are no longer in the tree: they are run as they were at :data:`BEFORE`, from the history of git, in a
process of their own. Without that history, their lines are left out.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import random
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from autograder.decisions import said, subjects  # noqa: E402
from autograder.exemplars import report  # noqa: E402
from autograder.exemplars.building import elsewhere_of  # noqa: E402
from autograder.exemplars.lines import FILE, Exemplar, draw, read_exemplars  # noqa: E402
from autograder.exemplars.report import Figures  # noqa: E402
from autograder.intake.keys import Bank  # noqa: E402
from crc_lab.core.problems import READING  # noqa: E402
from crc_lab.core.sheet import Answer, AnswerSheet, Student  # noqa: E402
from crc_lab.reading import deciding  # noqa: E402
from crc_lab.reading.deciding import Scheme  # noqa: E402
from crc_lab.reading.reader import Reading  # noqa: E402
from crc_lab.reading.trust import trust  # noqa: E402

SAME = 1e-6
THRESHOLDS = ((0.95, 0.03, 0.05), (0.9, 0.07, 0.1), (0.85, 0.1, 0.15), (0.8, 0.1, 0.2), (0.7, 0.2, 0.3), (0.5, 0.5, 1))
PART = (25, 50, 75, 100)
BEFORE = "8e3aafe"
"""The last commit whose short texts were judged by patterns."""
CRITERIA = {
    "A1-Q1a": ("A1-Q1a", ("nature", "secteurs", "clients")),
    "A1-Q1b": ("A1-Q1b", ("prestations",)),
    "A1-Q1c": ("A1-Q1c", ("raisons",)),
    "A1-Q2": ("A1-Q2", ("canaux",)),
    "A2-Q3": ("A2-Q3", ("principes",)),
    "A2-Q4b2b": ("A2-Q4", ("b2b_raison",)),
    "A2-Q4b2c": ("A2-Q4", ("b2c_raison",)),
    "A2-Q5": ("A2-Q5", ("mesures",)),
    "A3-Q1": ("A3-Q1", ("types",)),
    "A5-Q1": ("A5-Q1", ("criteres",)),
    "A5-Q2a": ("A5-Q2", ("criteres",)),
}
"""Exemplars → the question and its criteria that the patterns judged."""
JUDGE = """
import json, sys
from dataclasses import replace
from crc_lab.core.bank import load_activity
from crc_lab.core.grading import Context
from crc_lab.core.resources import activity_folder, datasets_folder
from crc_lab.core.rooms import checks
loaded, found = {}, []
for name, criteria, texts in json.load(sys.stdin):
    folder = {"1": "01_crc", "2": "02_reglementation", "3": "03_structurer", "5": "05_segmenter"}[name[1]]
    if folder not in loaded:
        loaded[folder] = load_activity(activity_folder(folder), datasets_folder())
    key = loaded[folder].keys[name]
    question = loaded[folder].activity.question(name)
    shares = []
    for one in question.criteria:
        if one.id in criteria:
            alone = len(texts) == 1 and key.criteria[one.id]["attendus"] == 1
            outcome = checks()["textes_courts"].run(texts[0] if alone else tuple(texts), Context(question, one, key))
            shares.append([outcome.share, not outcome.doubts])
    found.append(shares)
json.dump(found, sys.stdout)
"""

Settings = Mapping[str, Any]
Decided = list[tuple[float, bool]]
"""Of each criterion: the share, and whether it is given alone."""


class Course:
    """The models, the settings of the criteria that use them, and lines to judge."""

    def __init__(self, lines: Sequence[Exemplar]) -> None:
        self.settings: dict[str, list[Settings]] = {}
        self.models: dict[str, Any] = {}
        for path in sorted((ROOT / "notebooks").glob(f"*/{READING}")):
            self.models |= json.loads(path.read_text(encoding="utf-8"))["questions"]
            self.settings |= report.criteria(path.parent)
        self.lines = [line for line in lines if line.question in self.settings]

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


def read(course: Course, lines: Sequence[Exemplar]) -> Decided:
    """What the models give an answer."""
    question = lines[0].question
    settings = course.settings[question]
    readings = [report.read(text, course.models[question], settings) for text in _texts(lines)]
    return [_decided(one, readings) for one in settings]


def _decided(settings: Settings, readings: Sequence[Reading]) -> tuple[float, bool]:
    decision = deciding.decide(_scheme(settings), readings)
    return decision.share, decision.alone


def judged_before(answers: Sequence[Sequence[Exemplar]]) -> dict[int, Decided]:
    """What the patterns gave the answers, by place; empty without the history that holds them."""
    asked = {at: lines for at, lines in enumerate(answers) if lines[0].question in CRITERIA}
    tree = subprocess.run(
        ["git", "archive", BEFORE, "crc_lab", "notebooks", "datasets"], cwd=ROOT, capture_output=True, check=False
    )
    if tree.returncode:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(tree.stdout)) as archive:
            archive.extractall(folder, filter="data")
        told = [[*CRITERIA[lines[0].question], _texts(lines)] for lines in asked.values()]
        command = [sys.executable, "-c", JUDGE]
        done = subprocess.run(
            command,
            cwd=folder,
            input=json.dumps(told),
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONPATH": folder},
        )
    found = [[(share, alone) for share, alone in shares] for shares in json.loads(done.stdout)]
    return dict(zip(asked, found, strict=True))


def outcome(found: Decided, true: Sequence[float]) -> str:
    """« left », « right », « denied » or « over »."""
    if not all(alone for _, alone in found):
        return "left"
    if all(abs(share - wanted) < SAME for (share, _), wanted in zip(found, true, strict=True)):
        return "right"
    return "denied" if any(share < wanted - SAME for (share, _), wanted in zip(found, true, strict=True)) else "over"


def compared(course: Course, answers: Sequence[Sequence[Exemplar]], title: str) -> None:
    """Print the figures of both judges, by question, by writer, then in all."""
    now: dict[str, Figures] = {}
    before: dict[str, Figures] = {}
    patterns = judged_before(answers)
    for at, lines in enumerate(answers):
        true = [true_share(lines, one) for one in course.settings[lines[0].question]]
        names = (lines[0].question, f"de {lines[0].source}", f"= {report.sort_of(lines[0])}", "= en tout")
        for name in names:
            now.setdefault(name, Figures()).add(outcome(read(course, lines), true), any(true))
            if at in patterns:
                before.setdefault(name, Figures()).add(outcome(patterns[at], true), any(true))
    print(f"\n{title}")
    for name in sorted(now):
        print(f"  {name:16} lecture {now[name]}")
        if name in before:
            print(f"  {'':16} motifs  {before[name]}")


def doubts(course: Course) -> None:
    """Print each reason of a doubt: texts left for it, and what the likelier side of its doubts would have given."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for line in course.lines:
        settings = course.settings[line.question]
        reading = report.read(line.readings(1)[0], course.models[line.question], settings)
        decisions = [deciding.decide(_scheme(one), [reading]) for one in settings]
        if all(one.alone for one in decisions):
            continue
        good = all(abs(one.share - true_share([line], of)) < SAME for one, of in zip(decisions, settings, strict=True))
        for reason in {_sort(reason) for one in decisions for _, _, reason in one.doubts}:
            (right if good else wrong)[reason] += 1
    print("\nDoutes (textes laissés) : la note proposée aurait été juste, fausse")
    for reason in sorted(right | wrong, key=lambda name: -right[name] - wrong[name]):
        print(f"  {reason:45} {right[reason]:5} {wrong[reason]:5}")


def _sort(reason: str) -> str:
    """A reason without the words that it quotes."""
    before, _, after = reason.partition("«")
    return f"{before}« … »{after.partition('»')[2]}" if after else before


def coverage(course: Course) -> None:
    """Print the share decided alone and how much of it is right, from the strictest chances to the boldest."""
    print("\nSeuils (sûr, peu probable, rien) : ce qui est décidé seul, et juste (textes)")
    judge = trust()
    kept = judge.sure, judge.unlikely, judge.nothing
    for chances in THRESHOLDS:
        judge.sure, judge.unlikely, judge.nothing = chances
        found = report.figures(report.judged(course.lines, course.models, course.settings), report.sort_of)
        for sort, figures in sorted(found.items()):
            print(f"  {chances!s:19} {sort:10} {figures}")
    judge.sure, judge.unlikely, judge.nothing = kept


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
    source = rng.choice(sorted({line.source for line in course.lines if not line.trap}))
    for place, model, many in QUESTIONS[activity]:
        own = [line for line in course.lines if line.question == model]
        drawn: list[Exemplar] = []
        while len(drawn) < many:
            trap = rng.randrange(TRAP_IN) == 0
            pool = [one for one in own if one.trap == trap and (trap or one.source == source)]
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
    texts = [(line.question, line.readings(1)[0]) for line in course.lines]
    for question, model in course.models.items():
        if question in course.settings:
            report.read("", model, course.settings[question])
    start = time.process_time()
    for question, text in texts:
        report.read(text, course.models[question], course.settings[question])
    print(f"\nUn texte : {1000 * (time.process_time() - start) / len(texts):.2f} ms")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--fichier", type=Path, nargs="*", help="des lignes à juger, de la forme d’exemples.csv")
    parser.add_argument("--croissance", default="", help="une question dont on apprend des parts croissantes")
    parser.add_argument("--classe", type=int, default=0, help="simuler seulement une classe de tant de copies")
    options = parser.parse_args()
    if options.fichier:
        lines = [line for path in options.fichier for line in read_exemplars(path)]
    else:
        paths = sorted((ROOT / "notebooks").glob(f"*/{FILE}"))
        lines = [line for path in paths for line in read_exemplars(path) if line.held_out]
    course = Course(lines)
    if options.classe:
        simulated_class(course, options.classe)
        return 0
    with contextlib.suppress(BrokenPipeError):
        compared(course, [[line] for line in course.lines], "Textes (une ligne)")
        compared(course, [*course.answers()], "Réponses entières")
        doubts(course)
        coverage(course)
        if options.croissance:
            growth(course, options.croissance)
        speed(course)
    return 0


if __name__ == "__main__":
    sys.exit(main())
