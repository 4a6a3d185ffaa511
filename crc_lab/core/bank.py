"""Read and validate the question files of one activity: ``exercices.toml`` and, where it is, ``corrige.toml``.

Every mistake is reported at once (:class:`~crc_lab.core.errors.BankProblems`), each with its file and question id.
The format is described in docs/auteur.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from crc_lab.core import answers
from crc_lab.core.bank_fields import (
    ACTIVITY_FIELDS,
    CRITERION_FIELDS,
    KEY_FIELDS,
    QUESTION_FIELDS,
    TABLE_FIELDS,
    build_columns,
    check_fields,
)
from crc_lab.core.bank_rules import (
    check_patterns,
    check_rubrics,
    check_settings,
    missing_keyless_messages,
    missing_messages,
)
from crc_lab.core.errors import BankProblems, CrcError
from crc_lab.core.law import LAW_FILE, Law, law_of, question_box
from crc_lab.core.model import ASSESSMENT, TRAINING, Activity, Criterion, Json, Key, Question, Table, TableSpec
from crc_lab.core.rooms import checks, kinds
from crc_lab.core.tablefile import column_types, read_table

EXERCISES, KEYS = "exercices.toml", "corrige.toml"
VERSION = 1


@dataclass(frozen=True)
class LoadedActivity:
    """An activity and the keys of its questions (empty in the assessment edition)."""

    activity: Activity
    keys: Mapping[str, Key]

    def key(self, question_id: str) -> Key | None:
        return self.keys.get(question_id)

    def for_teacher(self) -> Activity:
        """The activity with the rubrics (``grille``) of its key among the settings of the criteria a person marks."""
        return replace(self.activity, questions=tuple(self._with_rubrics(item) for item in self.activity.questions))

    def _with_rubrics(self, question: Question) -> Question:
        key = self.keys.get(question.id)
        rubrics = {name: item["grille"] for name, item in key.criteria.items() if "grille" in item} if key else {}
        if not rubrics:
            return question
        criteria = tuple(
            replace(criterion, params={**criterion.params, "grille": rubrics[criterion.id]})
            if criterion.id in rubrics
            else criterion
            for criterion in question.criteria
        )
        return replace(question, criteria=criteria)


@dataclass(frozen=True)
class _Beside:
    """What the questions of an activity refer to: data files, the types of their columns, the law."""

    tables: Mapping[str, Table]
    types: Mapping[str, Mapping[str, str]]
    law: Law


@dataclass
class _Problems:
    found: list[str] = field(default_factory=list)

    def add(self, file: str, where: str, text: str) -> None:
        self.found.append(f"{file}, {where} : {text}" if where else f"{file} : {text}")


def load_activity(folder: Path, datasets: Path, *, with_keys: bool = True, keys: Path | None = None) -> LoadedActivity:
    """Read one activity.

    ``folder`` holds exercices.toml and perhaps corrige.toml; ``datasets`` the data files; ``keys`` another folder for
    corrige.toml (the teacher's). A corrige.toml beside the questions of an assessment is not read. Raises
    :class:`BankProblems` with every mistake found, or :class:`CrcError` when exercices.toml itself is missing.
    """
    problems = _Problems()
    raw = _read_toml(folder / EXERCISES, problems)
    if raw is None:
        raise BankProblems(tuple(problems.found))
    activity = _activity(raw, datasets, problems)
    found: dict[str, Key] = {}
    key_file = (keys or folder) / KEYS
    if activity.edition == ASSESSMENT and keys is None:
        with_keys = False
    if with_keys and key_file.is_file():
        raw_keys = _read_toml(key_file, problems)
        if raw_keys is not None:
            found = _keys(raw_keys, activity, datasets, problems)
            for question, text in missing_messages(activity, found):
                problems.add(KEYS, question, text)
            for question, text in missing_keyless_messages(activity):
                problems.add(EXERCISES, question, text)
    if problems.found:
        raise BankProblems(tuple(problems.found))
    return LoadedActivity(activity, found)


def _read_toml(path: Path, problems: _Problems) -> dict[str, Any] | None:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.add(path.name, "", f"fichier introuvable dans « {path.parent.name} ».")
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problems.add(path.name, "", f"TOML illisible ({error}).")
    return None


def _tables(raw: Mapping[str, Any], file: str, datasets: Path, problems: _Problems) -> dict[str, Table]:
    read: dict[str, Table] = {}
    for name, relative in raw.get("donnees", {}).items():
        try:
            read[name] = read_table(datasets / str(relative))
        except CrcError as error:
            problems.add(file, f"données « {name} »", str(error))
    return read


def _types(path: Path, name: str, problems: _Problems) -> Mapping[str, str]:
    try:
        return column_types(path)
    except CrcError as error:
        problems.add(EXERCISES, f"données « {name} »", str(error))
        return {}


def _activity(raw: dict[str, Any], datasets: Path, problems: _Problems) -> Activity:
    check_fields(raw, ACTIVITY_FIELDS, lambda text: problems.add(EXERCISES, "", text))
    tables = _tables(raw, EXERCISES, datasets, problems)
    types = {name: _types(datasets / str(raw["donnees"][name]), name, problems) for name in tables}
    law, mistakes = law_of(raw.get("question", []), datasets)
    for mistake in mistakes:
        problems.add(LAW_FILE, "", mistake)
    beside = _Beside(tables, types, law)
    questions = tuple(_question(item, beside, problems) for item in raw.get("question", []))
    ids = [question.id for question in questions]
    for twice in sorted({name for name in ids if ids.count(name) > 1}):
        problems.add(EXERCISES, twice, "deux questions portent cet identifiant.")
    for question in questions:
        for name in (*question.depends, getattr(question.spec, "rows_from", "")):
            if name and (name not in ids or name == question.id):
                problems.add(EXERCISES, question.id, f"elle dépend de « {name} », qui n’est pas une autre question.")
    points = raw.get("points", 0)
    total = sum(question.points for question in questions)
    if abs(total - points) > 1e-9:
        problems.add(EXERCISES, "", f"l’activité vaut {points} points, mais ses questions en totalisent {total:g}.")
    return Activity(
        str(raw.get("activite", "")),
        int(raw.get("numero", 0)),
        str(raw.get("titre", "")),
        float(points),
        str(raw.get("duree", "")),
        questions,
        str(raw.get("edition", TRAINING)),
        str(raw.get("sujet", "")),
    )


def _question(raw: dict[str, Any], beside: _Beside, problems: _Problems) -> Question:
    where = str(raw.get("id", "question sans id"))

    def add(text: str) -> None:
        problems.add(EXERCISES, where, text)

    name = str(raw.get("genre", ""))
    kind = kinds().get(name)
    own = {field: (one.type, one.required) for field, one in kind.fields.items()} if kind else {}
    check_fields(raw, {**QUESTION_FIELDS, **own}, add, open_ended=kind is None)
    if kind is None:
        add(f"genre « {name} » inconnu ; genres possibles : {', '.join(kinds())}.")
    tables = _renamed(raw.get("tableau"), beside.tables, add)
    question = Question(
        id=where,
        kind=name,
        title=str(raw.get("titre", "")),
        prompt=str(raw.get("enonce", "")),
        points=float(raw.get("points", 0)),
        criteria=(),
        training=bool(raw.get("entrainement", False)),
        hints=tuple(raw.get("indices", ())),
        spec=kind.build(raw, add) if kind else None,
        table=_table_spec(raw.get("tableau"), tables, beside.types, add),
        law=question_box(raw.get("droit", ""), str(raw.get("droit_note", "")), beside.law, add),
        excel=bool(raw.get("excel", False)),
        messages=dict(raw.get("messages", {})),
        data=tables,
    )
    of_parts = {part.id: part.kind for part in question.parts}
    criteria = tuple(_criterion(item, question, of_parts, add) for item in raw.get("critere", []))
    total = sum(criterion.points for criterion in criteria)
    if question.training != (question.points == 0):
        add("un exercice d’entraînement vaut 0 point, une question notée davantage.")
    if not question.training and abs(total - question.points) > 1e-9:
        add(f"la question vaut {question.points:g} points, mais ses critères en totalisent {total:g}.")
    return replace(question, criteria=criteria)


def _renamed(raw: dict[str, Any] | None, tables: Mapping[str, Table], add: Any) -> Mapping[str, Table]:
    """The data of one question, the columns of its table under the names that ``renommer`` gives them."""
    names = raw.get("renommer") if raw else None
    source = str(raw.get("source", "")) if raw else ""
    if not isinstance(names, dict) or source not in tables:
        return tables
    table = tables[source]
    for name in names:
        if name not in table.columns:
            add(f"la colonne à renommer « {name} » n’existe pas dans « {source} ».")
    return {**tables, source: Table(tuple(str(names.get(name, name)) for name in table.columns), table.rows)}


def _table_spec(
    raw: dict[str, Any] | None, tables: Mapping[str, Table], types: Mapping[str, Mapping[str, str]], add: Any
) -> TableSpec | None:
    if raw is None:
        return None
    check_fields(raw, TABLE_FIELDS, add)
    source = str(raw.get("source", ""))
    spec = TableSpec(
        source, str(raw.get("cle", "")), build_columns(raw.get("colonnes", ()), types.get(source, {})),
        int(raw.get("lignes", 0)), tuple(raw.get("visibles", ())),
    )  # fmt: skip
    if source not in tables:
        add(f"la source « {source} » ne figure pas sous [donnees].")
        return spec
    columns = set(tables[source].columns)
    if spec.key not in columns:
        add(f"la colonne clé « {spec.key} » n’existe pas dans « {source} ».")
    for column in spec.columns:
        if not column.answer and column.name not in columns:
            add(f"la colonne affichée « {column.name} » n’existe pas dans « {source} ».")
    return spec


def _criterion(raw: dict[str, Any], question: Question, parts: Mapping[str, str], add: Any) -> Criterion:
    check_fields(raw, CRITERION_FIELDS, add, open_ended=True)
    name = str(raw.get("controle", ""))
    params = {key: item for key, item in raw.items() if key not in CRITERION_FIELDS}
    criterion = Criterion(
        str(raw.get("id", "")), str(raw.get("libelle", "")), name, float(raw.get("points", 0)), params
    )
    part = params.get("partie")
    if part is not None and part not in parts:
        add(f"critère « {criterion.id} » : la partie « {part} » n’existe pas.")
    if name not in checks():
        add(f"critère « {criterion.id} » : contrôle « {name} » inconnu ; possibles : {', '.join(sorted(checks()))}.")
    elif (kind := parts.get(str(part), question.kind)) not in checks()[name].kinds:
        add(f"critère « {criterion.id} » : le contrôle « {name} » ne s’applique pas au genre « {kind} ».")
    check_patterns(params, add)
    return criterion


def _keys(raw: dict[str, Any], activity: Activity, datasets: Path, problems: _Problems) -> dict[str, Key]:
    tables = _tables(raw, KEYS, datasets, problems)
    keys: dict[str, Key] = {}
    if raw.get("activite") != activity.id:
        problems.add(KEYS, "", f"corrigé de « {raw.get('activite')} » au lieu de « {activity.id} ».")
    for name, item in raw.items():
        if name in ("version", "activite", "donnees"):
            continue
        question = activity.question(name)
        if question is None or not isinstance(item, dict):
            problems.add(KEYS, name, "aucune question ne porte cet identifiant dans exercices.toml.")
            continue

        def add(text: str, where: str = name) -> None:
            problems.add(KEYS, where, text)

        check_fields(item, KEY_FIELDS, add)
        for criterion in item.get("criteres", {}):
            if criterion not in {known.id for known in question.criteria}:
                add(f"le critère « {criterion} » n’existe pas dans exercices.toml.")
        check_patterns(item.get("criteres", {}), add)
        check_rubrics(item.get("criteres", {}), question, add)
        check_settings(item.get("criteres", {}), question, add)
        keys[name] = Key(
            name,
            _model_answer(item.get("reponse"), tables, add),
            str(item.get("explication", "")),
            item.get("criteres", {}),
            item.get("messages", {}),
            tables,
        )
        problem = answers.parse(question.kind, keys[name].answer, question.spec)
        if isinstance(problem, answers.FormatProblem):
            add(f"la réponse modèle n’a pas la forme du genre « {question.kind} » : {problem.text}")
    for question in activity.questions:
        if question.id not in raw:
            problems.add(KEYS, question.id, "cette question n’a pas de corrigé.")
    return keys


def _model_answer(raw: Any, tables: Mapping[str, Table], add: Any) -> Json:
    """The model answer; ``{tableau = "rfm"}`` stands for a whole data file, ``{couples = "doublons"}`` for the first
    two columns of one, as pairs."""
    if isinstance(raw, dict) and set(raw) <= {"tableau", "couples", "lignes"} and raw:
        name = str(raw.get("tableau") or raw.get("couples"))
        if name not in tables:
            add(f"« {name} » ne figure pas sous [donnees].")
            return None
        rows = [list(row) for row in tables[name].rows][: raw.get("lignes") or None]
        if "couples" in raw:
            return [row[:2] for row in rows]
        return {"colonnes": list(tables[name].columns), "lignes": rows}
    return raw
