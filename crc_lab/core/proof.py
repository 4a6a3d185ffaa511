"""A key proves itself: what must earn something is graded, and must earn it.

For each question: the model answer (all the points), the blank sheet (none), every accepted variant and every known
mistake (:class:`~crc_lab.core.grading.Proof`, made by the checks from their settings, or written in the key).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from crc_lab.core.bank import LoadedActivity
from crc_lab.core.grading import Context, Proof, grade
from crc_lab.core.model import EMPTY, Criterion, CriterionResult, Json, Key, Question, QuestionResult, Verdict
from crc_lab.core.problems import EXERCISES, KEYS, READING, Problems, type_of_path
from crc_lab.core.resources import PACKAGED_WORKBOOK, sha256
from crc_lab.core.rooms import checks

PROVEN = "preuves.json"
"""In ``notebooks/``: the prints of the keys that « crc-lab construire » has proven, by activity."""
_SOURCES = (EXERCISES, KEYS, READING, "activite.py")
_READ = {".toml", ".json", ".csv"}
_TINY = 1e-4
"""Points of a written proof are given to a few digits."""
UNPROVEN = 'rien ne prouve le message « {} » : ajoutez à côté preuve = "…", une réponse fausse qui doit le recevoir.'


def prove(loaded: LoadedActivity, *, complete: bool = False) -> tuple[str, ...]:
    """What an activity and its key do not earn as they should: French sentences, none when all is proven.

    ``complete``: also the known mistakes that nothing proves (for whoever writes the key).
    """
    problems = loaded.source.again()
    answers = {name: key.answer for name, key in loaded.keys.items()}
    for question in loaded.activity.questions:
        if (key := loaded.keys.get(question.id)) is not None:
            _Proving(weighed(question), key, answers, problems).run(complete)
    return tuple(problems.found)


def print_of(loaded: LoadedActivity) -> str:
    """What the questions and the key of an activity hold, data included, as 64 characters."""
    return sha256(repr((loaded.activity, loaded.keys)).encode())


def prints_of_files(folders: Iterable[Path], datasets: Path) -> list[str]:
    """For each folder of an activity, what the files that it is read from hold, data included, as 64 characters: tells
    without reading them whether they are those that were proven."""
    shared = _digest(path for path in datasets.rglob("*") if path.suffix in _READ)
    return [sha256(shared + _digest(folder / name for name in _SOURCES)) for folder in folders]


def _digest(paths: Iterable[Path]) -> bytes:
    parts = (
        path.name.encode() + hashlib.sha256(path.read_bytes()).digest() for path in sorted(paths) if path.is_file()
    )
    return b"".join(parts)


@cache
def proven_with_the_code() -> frozenset[str]:
    """The prints of the keys that come with this very code, and of their files, proven when it was made: they need not
    be again."""
    try:
        prints = json.loads((PACKAGED_WORKBOOK / "notebooks" / PROVEN).read_bytes()).values()
        return frozenset(one for of_activity in prints for one in of_activity)
    except (OSError, ValueError, TypeError, AttributeError):
        return frozenset()


def weighed(question: Question) -> Question:
    """The question with points to earn: a point for each criterion of an exercise."""
    if question.points:
        return question
    criteria = tuple(replace(criterion, points=1.0) for criterion in question.criteria)
    return replace(question, points=float(len(criteria)), criteria=criteria)


def attempts(question: Question, key: Key, others: Mapping[str, Json]) -> Iterator[tuple[Proof, Criterion | None]]:
    """Everything that the settings of a question and the proofs written in its key make into answers to the whole
    question: each proves something of a criterion, or of the question (None).

    ``others``: the model answers of the activity. The key must be sound: its model answer earns every point.
    """
    for criterion in question.criteria:
        for proof in checks()[criterion.check].proofs(Context(question, criterion, key, others, key.answer)):
            partial = criterion.part is not None and proof.answer is not None
            answer = {**key.answer, **proof.parts, criterion.part: proof.answer} if partial else proof.answer
            yield replace(proof, answer=answer), criterion
    for position, written in enumerate(key.proofs):
        value = _completed(key.answer, written["reponse"], question)
        share = written["points"] / question.points if "points" in written else None
        yield Proof("cette preuve", value, share, written["code"], ("preuves", position)), None


@dataclass
class _Proving:
    """One question at work; ``others``: the model answers of the activity."""

    question: Question
    key: Key
    others: Mapping[str, Json]
    problems: Problems

    def run(self, complete: bool) -> None:
        model = self._grade(self.key.answer)
        if model is None:
            return
        wrong = [one for one in model.criteria if one.verdict not in (Verdict.JUSTE, Verdict.A_RELIRE)]
        for result in wrong:
            self._disagreement(result)
        blanks: tuple[Json, ...] = (None, "", [], {}, {part.id: "" for part in self.question.parts})
        for value in blanks:
            blank = self._grade(value)
            if blank and (blank.verdict is not Verdict.NON_REPONDU or blank.points):
                self._add(None, f"une feuille vide obtient {_points(blank.points)} sur {_points(blank.max_points)}.")
                break
        if not wrong:
            self._attempts(complete, {message.code for message in model.messages})

    def _disagreement(self, result: CriterionResult) -> None:
        """The model answer does not earn a criterion: the setting that says something else, when there is one."""
        criterion = next(one for one in self.question.criteria if one.id == result.id)
        context = Context(self.question, criterion, self.key)
        said = f" ({result.messages[0].text})" if result.messages else ""
        told = f"la réponse modèle obtient {_points(result.points)} sur {_points(result.max_points)}{said}."
        for name, value in checks()[criterion.check].defaults(context.answer).items():
            if context.param(name) != value:
                self._add(criterion, f"« {name} » et « reponse » ne disent pas la même chose : {told}", (name,))
                return
        self._add(criterion, told)

    def _attempts(self, complete: bool, earned: set[str]) -> None:
        """Grade every attempt; ``earned``: the messages already brought, completed here."""
        try:
            for proof, criterion in attempts(self.question, self.key, self.others):
                if criterion is None and not complete:
                    continue  # written for the author's messages: a later version may tell the same answer better
                if proof.answer is not None:
                    self._attempt(proof, criterion, earned)
                    continue
                earned.add(proof.code)
                if complete:
                    self._add(criterion, UNPROVEN.format(proof.code), proof.path)
        except Exception as error:  # a proof that cannot be made: its setting cannot be used either
            text = "ses réglages ne permettent pas de la prouver : une liste attendue est vide, ou une donnée manque"
            self._add(None, f"{text} ({type(error).__name__}).")
            return
        for criterion in self.question.criteria if complete else ():
            for path, text in _texts(self.key.criteria.get(criterion.id, {}), ()):
                if text in self.key.messages and text not in earned:
                    self._add(criterion, f"aucune réponse connue ne reçoit le message « {text} ».", path)
                    earned.add(text)

    def _attempt(self, proof: Proof, criterion: Criterion | None, earned: set[str]) -> None:
        result = self._grade(proof.answer, proof.others, criterion, proof.path)
        if result is None:
            return
        found = next(one for one in result.criteria if one.id == criterion.id) if criterion else result
        earned |= {message.code for message in found.messages}
        if wrong := _refusal(proof, found):
            self._add(criterion, wrong, proof.path)

    def _grade(
        self,
        value: Json,
        others: Mapping[str, Json] = EMPTY,
        criterion: Criterion | None = None,
        path: type_of_path = (),
    ) -> QuestionResult | None:
        """The mark of an answer; None, once it is told, when a setting makes the marking itself fail."""
        try:
            return grade(self.question, value, self.key, {**self.others, **others})
        except Exception as error:  # whatever the setting, it is the author who must know, before any student
            self._add(criterion, f"la correction échoue avec ces réglages ({type(error).__name__}).", path)
            return None

    def _add(self, criterion: Criterion | None, text: str, path: type_of_path = ()) -> None:
        question, name = self.question.id, criterion.id if criterion else ""
        file = self.problems.declares(question, name, path)
        self.problems.add(file, question, text, name, path)


def _refusal(proof: Proof, found: CriterionResult | QuestionResult) -> str:
    """What is wrong with what a proof earned; nothing when it is as it should be."""
    codes = sorted({message.code for message in found.messages})
    share = found.points / found.max_points if found.max_points else 0.0
    if proof.code and proof.code not in codes:
        instead = f", mais {', '.join(f'« {code} »' for code in codes)}" if codes else ", ni aucun autre"
        return f"{proof.about} ne reçoit pas le message « {proof.code} »{instead}."
    if proof.share is None:
        return f"{proof.about} obtient tous les points." if share > 1 - _TINY else ""
    if abs(share - proof.share) > _TINY:
        points = f"{_points(found.points)}, et non {_points(found.max_points * proof.share)}"
        return f"{proof.about} obtient {points}, sur {_points(found.max_points)}."
    return ""


def _points(points: float) -> str:
    return f"{points:.4g}".replace(".", ",")


def _completed(answer: Json, given: Json, question: Question) -> Json:
    """The answer of a written proof: rows of a table, named parts complete the model answer; the rest replaces it."""
    if not isinstance(answer, dict) or (isinstance(given, dict) and "colonnes" in given):
        return given
    if "colonnes" not in answer:
        return {**answer, **given} if isinstance(given, dict) else given
    names, key = answer["colonnes"], question.table.key if question.table else ""
    rows = {row[names.index(key)]: dict(zip(names, row, strict=False)) for row in answer["lignes"]}
    for changes in given if isinstance(given, list) else [given]:
        rows[changes[key]] = {**rows.get(changes[key], {}), **changes}
    columns = list(dict.fromkeys((*names, *(name for row in rows.values() for name in row))))
    return {"colonnes": columns, "lignes": [[row.get(name, "") for name in columns] for row in rows.values()]}


def _texts(value: Any, path: type_of_path) -> Iterator[tuple[type_of_path, str]]:
    """Every text in a value, however deep, with the way to it."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, (Mapping, list)):
        for name, item in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from _texts(item, (*path, name))


def wrong_answers(question: Question, key: Key, others: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    """The known mistakes of a question: the code of the message, and a whole answer that must bring it."""
    for proof, _ in attempts(weighed(question), key, others):
        if proof.code and proof.answer is not None and not proof.others:
            yield proof.code, proof.answer
