"""A key proves itself: what must earn something is graded, and must earn it.

For each question: the model answer (all the points), the blank sheet (none), every accepted variant and every known
mistake (:class:`~crc_lab.core.check.Proof`, made by the checks from their settings or written in the key), and what can
be copied from the page, which must not earn what an answer earns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

from crc_lab.core.bank import LoadedActivity
from crc_lab.core.check import Context, Proof
from crc_lab.core.grading import grade
from crc_lab.core.model import Criterion, CriterionResult, Json, Key, Question, QuestionResult, Verdict
from crc_lab.core.problems import Problems
from crc_lab.core.rooms import checks
from crc_lab.core.settings import PART
from crc_lab.core.toml import type_of_path

_TINY = 1e-6
_CENT = 0.005
_BLANK: tuple[Json, ...] = (None, "", [], {})


def prove(loaded: LoadedActivity, *, complete: bool = False) -> tuple[str, ...]:
    """What an activity and its key do not earn as they should: French sentences, none when all is proven.

    ``complete``: also the known mistakes that nothing proves (for whoever writes the key).
    """
    problems = loaded.source.again()
    answers = {name: key.answer for name, key in loaded.keys.items()}
    for question in loaded.activity.questions:
        if (key := loaded.keys.get(question.id)) is not None:
            _Proving(_weighed(question), key, answers, problems).run(complete)
    return tuple(problems.found)


def _weighed(question: Question) -> Question:
    """The question with points to earn: a point for each criterion of an exercise."""
    if question.points:
        return question
    criteria = tuple(replace(criterion, points=1.0) for criterion in question.criteria)
    return replace(question, points=float(len(criteria)), criteria=criteria)


@dataclass
class _Proving:
    """One question at work; ``others``: the model answers of the activity."""

    question: Question
    key: Key
    others: Mapping[str, Json]
    problems: Problems

    def run(self, complete: bool) -> None:
        model = self._grade(self.key.answer, self.others)
        if model is None:
            return
        earned = {message.code for message in model.messages}
        right = [criterion.id for criterion in model.criteria if criterion.verdict in _FULL]
        for criterion, result in zip(self.question.criteria, model.criteria, strict=True):
            if criterion.id not in right:
                self._disagreement(criterion, result)
        self._blank()
        for criterion in self.question.criteria:
            if criterion.id in right:
                earned |= self._criterion(criterion)
        if len(right) == len(model.criteria):
            earned |= self._written()
            if complete:
                self._unproven(earned)

    # --- the model answer and the blank sheet -------------------------------------------------------------------------

    def _disagreement(self, criterion: Criterion, result: CriterionResult) -> None:
        """The model answer does not earn a criterion: the setting that says something else, when there is one."""
        context = Context(self.question, criterion, self.key)
        for name, said in checks()[criterion.check].defaults(context.answer).items():
            if context.param(name) != said:
                text = f"« {name} » et « reponse » ne disent pas la même chose : "
                self._add(criterion, f"{text}{_told(result)}", (name,))
                return
        self._add(criterion, _told(result))

    def _blank(self) -> None:
        blanks = [*_BLANK, {part.id: "" for part in self.question.parts}]
        for value in blanks:
            result = self._grade(value, self.others)
            if result and (result.verdict is not Verdict.NON_REPONDU or result.points):
                self._add(None, f"une feuille vide obtient {_points(result.points)} sur {_points(result.max_points)}.")
                return

    # --- variants and mistakes ----------------------------------------------------------------------------------------

    def _criterion(self, criterion: Criterion) -> Set[str]:
        """The codes that the proofs of a criterion bring."""
        earned: set[str] = set()
        for proof in checks()[criterion.check].proofs(Context(self.question, criterion, self.key, self.others)):
            value, part = proof.answer, criterion.params.get(PART)
            if part is not None:
                value = {**self.key.answer, part: proof.answer}
            result = self._grade(value, {**self.others, **proof.others}, criterion, proof.path)
            if result is not None:
                found = next(one for one in result.criteria if one.id == criterion.id)
                codes = {message.code for message in found.messages}
                earned |= codes
                if wrong := _refusal(proof, found, codes):
                    self._add(criterion, wrong, proof.path)
        return earned

    def _written(self) -> Set[str]:
        """The codes that the proofs written in the key (``preuves``) bring."""
        earned: set[str] = set()
        for position, proof in enumerate(self.key.proofs):
            path: type_of_path = ("preuves", position)
            result = self._grade(_completed(self.key.answer, proof["reponse"], self.question), self.others, None, path)
            if result is None:
                continue
            codes = {message.code for message in result.messages}
            earned |= codes
            wanted = proof.get("points")
            if proof["code"] not in codes:
                self._add(None, f"cette preuve ne reçoit pas le message « {proof['code']} »{_instead(codes)}.", path)
            elif wanted is None and result.points > result.max_points - _TINY:
                text = "cette preuve obtient tous les points ; si c’est voulu, écrivez-le : "
                self._add(None, f"{text}points = {result.max_points:g}.", path)
            elif wanted is not None and abs(result.points - wanted) > _CENT:
                self._add(None, f"cette preuve obtient {_points(result.points)}, et non {_points(wanted)}.", path)
        return earned

    def _unproven(self, earned: Set[str]) -> None:
        """The messages that the settings name and that no answer brought."""
        for criterion in self.question.criteria:
            for path, text in _texts(self.key.criteria.get(criterion.id, {}), ()):
                if text in self.key.messages and text not in earned:
                    wanted = 'ajoutez à côté preuve = "…", une réponse fausse qui doit le recevoir'
                    self._add(criterion, f"rien ne prouve le message « {text} » : {wanted}.", path)
                    earned = {*earned, text}

    # --- tools --------------------------------------------------------------------------------------------------------

    def _grade(
        self, value: Json, others: Mapping[str, Json], criterion: Criterion | None = None, path: type_of_path = ()
    ) -> QuestionResult | None:
        """The mark of an answer; None, once it is told, when a setting makes the marking itself fail."""
        try:
            return grade(self.question, value, self.key, others)
        except Exception as error:  # whatever the setting, it is the author who must know, before any student
            self._add(criterion, f"la correction échoue avec ce réglage ({type(error).__name__} : {error}).", path)
            return None

    def _add(self, criterion: Criterion | None, text: str, path: type_of_path = ()) -> None:
        question, name = self.question.id, criterion.id if criterion else ""
        file = self.problems.declares(question, name, str([*path, ""][0]))
        self.problems.add(file, question, text, name, path)


_FULL = (Verdict.JUSTE, Verdict.A_RELIRE)


def _refusal(proof: Proof, found: CriterionResult, codes: Set[str]) -> str:
    """What is wrong with what a proof earned; nothing when it is as it should be."""
    share = found.points / found.max_points if found.max_points else 0.0
    if proof.code and proof.code not in codes:
        return f"{proof.about} ne reçoit pas le message « {proof.code} »{_instead(codes)}."
    if proof.share is None or found.verdict is Verdict.A_RELIRE:
        return "" if proof.share is not None or share < 1 - _TINY else f"{proof.about} obtient tous les points."
    if abs(share - proof.share) > _TINY:
        return f"{proof.about} obtient {_percent(share)} des points, et non {_percent(proof.share)}."
    return ""


def _instead(codes: Iterable[str]) -> str:
    listed = ", ".join(f"« {code} »" for code in sorted(codes))
    return f", mais {listed}" if listed else ", ni aucun autre"


def _told(result: CriterionResult) -> str:
    said = f" ({result.messages[0].text})" if result.messages else ""
    return f"la réponse modèle obtient {_points(result.points)} sur {_points(result.max_points)}{said}."


def _points(points: float) -> str:
    return f"{points:.4g}".replace(".", ",")


def _percent(share: float) -> str:
    return f"{_points(100 * share)}\u00a0%"


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
