"""Read ``corrige.toml``: the keys of an activity, what its short texts are read with, what is to be remembered of it.

Every mistake is told to the :class:`~crc_lab.core.problems.Problems` of the activity. The format is docs/auteur.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from crc_lab.core.answers import FormatProblem
from crc_lab.core.errors import did_you_mean
from crc_lab.core.model import Activity, Criterion, Json, Key, Question, Table
from crc_lab.core.problems import (
    EXERCISES,
    KEYS,
    READING,
    Problems,
    check_fields,
    data_files,
    needed,
    optional,
    texts_of,
)
from crc_lab.core.resources import key_data, read_table
from crc_lab.core.rooms import checks, kinds, parse
from crc_lab.core.settings import Mistake, Place, mistakes

_KEY = {**needed(reponse=object, explication=str), **optional(criteres=dict, messages=dict, preuves=list)}
COURSE_LINES, COURSE_LINE = 10, 170
"""How many lines of the course the sheet of an activity holds, and how many characters each."""

Add = Callable[..., None]


def read_models(folders: Iterable[Path], problems: Problems) -> Mapping[str, Any]:
    """What the short texts of an activity are read with, from the first of these folders that has its file."""
    for folder in folders:
        path = folder / READING
        if path.is_file():
            stamp = path.stat()
            try:
                return _parsed_models(path, stamp.st_mtime_ns, stamp.st_size)
            except (ValueError, KeyError, TypeError, AttributeError):
                problems.add(READING, "", "fichier illisible : lancez « crc-lab construire », qui le refait.")
    return {}


@lru_cache(maxsize=32)
def _parsed_models(path: Path, _time: int, _size: int) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))["questions"]
    return dict(found)


def read_keys(
    raw: dict[str, Any], activity: Activity, datasets: Path, models: Mapping[str, Any], problems: Problems
) -> dict[str, Key]:
    tables = data_files(read_table, raw, KEYS, datasets, problems, key_data)
    common = texts_of(raw.get("messages"), lambda text: problems.add(KEYS, "", text))
    keys: dict[str, Key] = {}
    if raw.get("activite") != activity.id:
        problems.add(KEYS, "", f"corrigé de « {raw.get('activite')} » au lieu de « {activity.id} ».")
    for name, item in raw.items():
        if name in ("version", "activite", "donnees", "messages", "retenir"):
            continue
        question = activity.question(name)
        if question is None or not isinstance(item, dict):
            problems.add(KEYS, name, "aucune question ne porte cet identifiant dans exercices.toml.")
            continue

        def add(text: str, *path: str, where: str = name) -> None:
            problems.add(KEYS, where, text, path=path)

        item = check_fields(item, _KEY, add)
        answer = _model_answer(item.get("reponse"), tables, add)
        criteria = _key_settings(item.get("criteres"), question, answer, add)
        for criterion, settings in criteria.items():
            for text in _unread(settings, models):
                add(text, "criteres", criterion)
        messages = {**common, **texts_of(item.get("messages"), add)}
        proofs = _proofs(item.get("preuves"), {*question.messages, *messages}, add)
        keys[name] = Key(name, answer, str(item.get("explication", "")), criteria, messages, tables, proofs, models)
        problem = parse(question.kind, answer, question.spec) if question.kind in kinds() else None
        if isinstance(problem, FormatProblem) and answer is not None:
            add(f"la réponse modèle n’a pas la forme du genre « {question.kind} » : {problem.text}", "reponse")
    for question in activity.questions:
        if question.id not in raw:
            problems.add(KEYS, question.id, "cette question n’a pas de corrigé.")
    return keys


def _unread(settings: Mapping[str, Any], models: Mapping[str, Any]) -> Iterator[str]:
    """What keeps the texts of a criterion from being read by the model that it names (``lecture``)."""
    name = settings.get("lecture")
    if not isinstance(name, str):
        return
    if name not in models:
        yield f"« {name} » n’est pas dans {READING} : écrivez ses exemples, puis lancez « crc-lab construire »."
        return
    labels = {label.removeprefix("~") for label in models[name]["labels"]}
    for label in _labels(settings):
        if isinstance(label, str) and label not in labels:
            yield f"aucun exemple de « {name} » n’a l’étiquette « {label} ». {did_you_mean(label, sorted(labels))}"


def _labels(settings: Mapping[str, Any]) -> Iterator[Any]:
    """The labels that the settings of a criterion expect of its model; what has not their shape is told elsewhere."""

    def tables(setting: str) -> list[Mapping[str, Any]]:
        found = settings.get(setting)
        return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []

    for one in (*tables("idees"), *tables("grille")):
        own = one.get("etiquettes", [one.get("id")])
        yield from own if isinstance(own, list) else ()
    yield from (one.get("id") for one in tables("objectifs"))
    yield from (one.get("code") for one in tables("erreurs") if tables("idees"))


def read_course(raw: Mapping[str, Any], problems: Problems) -> tuple[str, ...]:
    """The lines of ``retenir``: a sheet of one page has room for ten short ones."""
    lines = raw.get("retenir", [])
    if not isinstance(lines, list) or len(lines) > COURSE_LINES or not all(isinstance(line, str) for line in lines):
        problems.add(KEYS, "retenir", f"{COURSE_LINES} phrases au plus, chacune entre guillemets.")
        return ()
    for line in lines:
        if not 0 < len(line) <= COURSE_LINE:
            problems.add(KEYS, "retenir", f"« {line[:30]}… » : {COURSE_LINE} signes au plus, pour tenir sur une page.")
    return tuple(lines)


def _model_answer(raw: Any, tables: Mapping[str, Table], add: Add) -> Json:
    """The model answer; ``{tableau = "rfm"}`` stands for a whole data file, ``{couples = "doublons"}`` for the first
    two columns of one, as pairs."""
    if isinstance(raw, dict) and set(raw) <= {"tableau", "couples", "lignes"} and raw:
        name = str(raw.get("tableau") or raw.get("couples"))
        if name not in tables:
            add(f"« {name} » ne figure pas sous [donnees]. {did_you_mean(name, tables)}", "reponse")
            return None
        rows = [list(row) for row in tables[name].rows][: raw.get("lignes") or None]
        if "couples" in raw:
            return [row[:2] for row in rows]
        return {"colonnes": list(tables[name].columns), "lignes": rows}
    return raw


def _key_settings(raw: Any, question: Question, answer: Json, add: Add) -> Mapping[str, Mapping[str, Any]]:
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
        given = criterion.of(answer)
        check = checks().get(criterion.check)
        defaults = check.defaults(given) if check and given is not None else {}
        found[name] = {
            **{key: value for key, value in defaults.items() if key not in criterion.params},
            **(settings if isinstance(settings, Mapping) else {}),
        }
    return {name: settings for name, settings in found.items() if settings}


def _proofs(raw: Any, codes: Collection[str], add: Add) -> tuple[Mapping[str, Any], ...]:
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
