"""``lecture.json`` of each activity, from the ``exemples.csv`` of all of them: learnt again only where they changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.exemplars.lines import FILE, PAGE, Exemplar, draw, read_exemplars
from crc_lab.core.errors import CrcError
from crc_lab.core.problems import READING
from crc_lab.reading import VERSION

LEARNING = 8
"""Raised by whoever changes what is learnt from the same lines, or how."""
WITHOUT = (
    "Des exemples de réponses ont changé, et il manque de quoi en apprendre : « pip install scikit-learn », "
    "puis relancez « crc-lab construire »."
)
ELSEWHERE = 4
"""Lines in a hundred of the other activities that each question learns as holding nothing."""


def built(
    root: Path, *, stale: list[str] | None = None, more: Sequence[Exemplar] = ()
) -> Iterator[tuple[Path, bytes, list[str]]]:
    """For each activity under ``root`` that has exemplars: its ``lecture.json``, what it must hold, and the questions
    that were learnt again (that takes some seconds each).

    ``stale``: nothing is learnt; the questions whose exemplars changed are added to it, and the file is as it was.
    ``more``: lines learnt besides those of the files, of the same questions (what a teacher decided).
    Raises :class:`CrcError` for a file of exemplars that cannot be read, or without scikit-learn.
    """
    folders = {path.parent: read_exemplars(path) for path in sorted((root / "notebooks").glob(f"*/{FILE}"))}
    for folder, lines in folders.items():
        others = [line for other, found in folders.items() if other != folder for line in found]
        path = folder / READING
        before: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        known = before.get("questions", {}) if before.get("version") == VERSION else {}
        models, again = {}, []
        for question in sorted({line.question for line in lines}):
            learnt = [line for line in (*lines, *more) if line.question == question and not line.held_out]
            elsewhere = elsewhere_of(question, others)
            source = _fingerprint(learnt, elsewhere)
            if known.get(question, {}).get("source") == source:
                models[question] = known[question]
            elif stale is not None:
                stale.append(question)
                models |= {question: known[question]} if question in known else {}
            else:
                models[question] = {"source": source, **_learnt(learnt, elsewhere)}
                again.append(question)
        yield path, as_bytes(models), again


def _learnt(lines: Sequence[Exemplar], elsewhere: Sequence[str]) -> dict[str, Any]:
    try:  # scikit-learn takes a second, most builds learn nothing, and few teachers write exemplars
        from autograder.exemplars.learning import learn
    except ModuleNotFoundError as error:
        raise CrcError(WITHOUT) from error

    return learn(lines, elsewhere)


def elsewhere_of(question: str, others: Iterable[Exemplar]) -> list[str]:
    """Texts that hold nothing of a question, from other activities, the same ones each time."""
    return [line.readings(1)[0] for line in others if line.source != PAGE and draw(question, line.text) < ELSEWHERE]


def _fingerprint(lines: Sequence[Exemplar], elsewhere: Sequence[str]) -> str:
    texts = [f"{' '.join(sorted(line.labels))};{line.text}{f';{PAGE}' * (line.source == PAGE)}" for line in lines]
    whole = "\n".join((str(LEARNING), *texts, "", *elsewhere))
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def as_bytes(models: Mapping[str, Any]) -> bytes:
    """The file itself, a question a line: the same models give the same bytes."""
    joined = ",\n".join(
        f"{json.dumps(name)}:{json.dumps(model, ensure_ascii=False, sort_keys=True, separators=(',', ':'))}"
        for name, model in sorted(models.items())
    )
    return f'{{"version":{VERSION},"questions":{{\n{joined}\n}}}}\n'.encode()
