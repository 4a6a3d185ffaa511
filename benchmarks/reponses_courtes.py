"""Short answers read by the models, beside the patterns that judged them before, on lines that neither has seen.

    .venv/bin/python benchmarks/reponses_courtes.py                      # the held-out lines of the exemplars
    .venv/bin/python benchmarks/reponses_courtes.py --fichier X          # another file, of the form of exemples.csv
    .venv/bin/python benchmarks/reponses_courtes.py --croissance A1-Q1b  # learns from 25, 50, 75 % of the lines too

Two measures. A *text* is a line alone. An *answer* is made of lines of one writer, as many as the question asks for,
drawn by their hash; its mark is compared with that of its labels. « Décidé seul »: no doubt can change the mark (the
patterns doubt when they flag). « Refusé »: the mark given alone is lower than it should be.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from autograder.exemplars import report  # noqa: E402
from autograder.exemplars.building import elsewhere_of  # noqa: E402
from autograder.exemplars.lines import FILE, Exemplar, draw, read_exemplars  # noqa: E402
from autograder.exemplars.report import Figures  # noqa: E402
from crc_lab.core.check import Context  # noqa: E402
from crc_lab.core.model import Criterion, Key, Question  # noqa: E402
from crc_lab.core.problems import READING  # noqa: E402
from crc_lab.core.rooms import checks  # noqa: E402
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
    options = parser.parse_args()
    if options.fichier:
        lines = read_exemplars(options.fichier)
    else:
        paths = sorted((ROOT / "notebooks").glob(f"*/{FILE}"))
        lines = [line for path in paths for line in read_exemplars(path) if line.held_out]
    course = Course(lines)
    compared(course, ([line] for line in lines if line.question in course.settings), "Textes (une ligne)")
    compared(course, course.answers(), "Réponses entières")
    coverage(course)
    if options.croissance:
        growth(course, options.croissance)
    speed(course)
    return 0


if __name__ == "__main__":
    sys.exit(main())
