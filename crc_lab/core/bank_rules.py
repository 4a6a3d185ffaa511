"""What is wrong with the criteria of an activity: settings that no check declares, names that do not exist, messages
without a text, the same thing declared twice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from crc_lab.core.errors import did_you_mean
from crc_lab.core.model import Activity, Criterion, Json, Key, Question
from crc_lab.core.problems import EXERCISES, KEYS, Problems
from crc_lab.core.rooms import checks
from crc_lab.core.settings import PART, Mistake, Place, mistakes


def check_twice(question: Question, add: Callable[[str], None]) -> None:
    """No two criteria, parts, options or items of a question have the same name."""
    groups: list[tuple[str, Iterable[Any]]] = [("critères", question.criteria), ("parties", question.parts)]
    for spec in (question.spec, *(part.spec for part in question.parts)):
        groups += [("options", getattr(spec, "options", ())), ("éléments de gauche", getattr(spec, "left", ()))]
        groups.append(("éléments de droite", getattr(spec, "right", ())))
    for what, items in groups:
        names = [item.id for item in items]
        for name in sorted({name for name in names if names.count(name) > 1}):
            add(f"deux {what} portent l’identifiant « {name} ».")


def key_settings(
    raw: Any, question: Question, answer: Json, add: Callable[..., None]
) -> Mapping[str, Mapping[str, Any]]:
    """The settings of a key, by criterion: those written, and those that the model answer gives in their place."""
    written = raw if isinstance(raw, Mapping) else {}
    known = {criterion.id: criterion for criterion in question.criteria}
    for name, settings in written.items():
        if name not in known:
            text = f"le critère « {name} » n’existe pas dans {EXERCISES}. {did_you_mean(name, known)}"
            add(text, "criteres", name)
        elif not isinstance(settings, Mapping):
            add(f"critère « {name} » : il faut une table de réglages.", "criteres", name)
    found: dict[str, Mapping[str, Any]] = {}
    for name, criterion in known.items():
        settings = written.get(name)
        part = criterion.params.get(PART)
        given = answer if part is None else answer.get(part) if isinstance(answer, Mapping) else None
        check = checks().get(criterion.check)
        defaults = check.defaults(given) if check and given is not None else {}
        found[name] = {
            **{key: value for key, value in defaults.items() if key not in criterion.params},
            **(settings if isinstance(settings, Mapping) else {}),
        }
    return {name: settings for name, settings in found.items() if settings}


def plain_texts(raw: Any, add: Callable[[str], None]) -> dict[str, str]:
    """The messages of a question or of a key: a text by code."""
    texts = raw if isinstance(raw, Mapping) else {}
    for code, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            add(f"le message « {code} » est un texte.")
    return {str(code): str(text) for code, text in texts.items()}


def written_proofs(raw: Any, codes: Collection[str], add: Callable[..., None]) -> tuple[Mapping[str, Any], ...]:
    """The proofs of a key: a message (``code``), the answer that must bring it (``reponse``) and perhaps ``points``."""
    found = []
    for at, proof in enumerate(raw if isinstance(raw, list) else ()):
        if not isinstance(proof, Mapping) or not {"code", "reponse"} <= set(proof) <= {"code", "reponse", "points"}:
            add("une preuve a un « code », une « reponse », et s’il le faut des « points ».", "preuves", at)
        elif proof["code"] not in codes:
            known = did_you_mean(str(proof["code"]), codes)
            add(f"preuve : le message « {proof['code']} » n’a pas de texte. {known}", "preuves", at)
        elif not isinstance(proof.get("points", 0), (int, float)):
            add(f"preuve de « {proof['code']} » : « points » est un nombre, sans guillemets.", "preuves", at)
        else:
            found.append(proof)
    return tuple(found)


def check_settings(activity: Activity, keys: Mapping[str, Key], problems: Problems) -> None:
    """Say everything that the checks refuse in the settings of the criteria; without its key, only in what serves
    without it."""
    questions = {question.id: question for question in activity.questions}
    for question in activity.questions:
        key = keys.get(question.id)
        for criterion in question.criteria:
            if criterion.check in checks():
                for file, mistake in _mistakes(question, criterion, key, questions):
                    file = file or problems.declares(question.id, criterion.id, mistake.path)
                    problems.add(file, question.id, mistake.text, criterion.id, mistake.path)


def _mistakes(
    question: Question, criterion: Criterion, key: Key | None, questions: Mapping[str, Question]
) -> Iterator[tuple[str, Mistake]]:
    """The mistakes of one criterion, each with its file; an empty name for the one that holds the setting."""
    check = checks()[criterion.check]
    of_key = key.criteria.get(criterion.id, {}) if key else {}
    waiting = {setting.name for setting in check.declared if key is None and not setting.keyless}
    settings = {name: value for name, value in {**criterion.params, **of_key}.items() if name not in waiting}
    tables = {**question.data, **(key.tables if key else {})}
    codes = {*question.messages, *(key.messages if key else ())}
    place = Place(question, criterion, settings, tables, codes, questions)
    found = list(mistakes((setting for setting in check.declared if setting.name not in waiting), place))
    yield from (("", mistake) for mistake in found)
    for setting in check.declared:
        if setting.name in of_key and setting.in_question:
            yield KEYS, Mistake((setting.name,), f"« {setting.name} » s’écrit dans {EXERCISES}.")
        elif setting.name in of_key and setting.name in criterion.params:
            yield KEYS, Mistake((setting.name,), f"« {setting.name} » est déclaré deux fois, ici et dans {EXERCISES}.")
        elif setting.keyless and setting.required and setting.name in of_key:
            yield KEYS, Mistake((setting.name,), f"« {setting.name} » sert sans le corrigé : dans {EXERCISES}.")
    if not found and key is not None:
        yield from (("", mistake) for mistake in check.problems(place))
        for code in sorted({*check.codes} - codes):
            yield KEYS, Mistake((), f"le message « {code} » n’a pas de texte.")
    if key is not None:
        for code in sorted({*check.keyless_codes} - {*question.messages}):
            yield EXERCISES, Mistake((), f"le message « {code} » sert sans le corrigé : écrivez-le ici.")
