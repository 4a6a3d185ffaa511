"""Read and validate the question files of one activity: ``exercices.toml`` and, where it is, ``corrige.toml``.

Every mistake is reported at once (:class:`~crc_lab.core.errors.BankProblems`), each with its file and question id.
The format is described in docs/auteur.md.
"""

from __future__ import annotations

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
from crc_lab.core.bank_rules import check_settings, check_twice, key_settings, plain_texts, written_proofs
from crc_lab.core.errors import CrcError, did_you_mean
from crc_lab.core.law import LAW_FILE, Law, law_of, question_box
from crc_lab.core.model import ASSESSMENT, TRAINING, Activity, Criterion, Json, Key, Question, Table, TableSpec
from crc_lab.core.problems import EXERCISES as EXERCISES
from crc_lab.core.problems import KEYS as KEYS
from crc_lab.core.problems import Problems
from crc_lab.core.rooms import checks, kinds, parse
from crc_lab.core.said import page_of
from crc_lab.core.tablefile import column_types, read_table

VERSION = 1


ALONE, COMPOSITE = "reponse", "parties"
"""The criterion of a question that names none; the kind that has one criterion for each part."""


@dataclass(frozen=True)
class LoadedActivity:
    """An activity and the keys of its questions (empty in the assessment edition); ``source`` tells the line of what is
    wrong in its files."""

    activity: Activity
    keys: Mapping[str, Key]
    source: Problems = field(default_factory=Problems, compare=False)

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


def load_activity(
    folder: Path, datasets: Path, *, with_keys: bool = True, keys: Path | None = None, page: Path | None = None
) -> LoadedActivity:
    """Read one activity.

    ``folder`` holds exercices.toml and perhaps corrige.toml; ``datasets`` the data files; ``keys`` another folder for
    corrige.toml (the teacher's); ``page`` one where its notebook may be besides ``folder``. A corrige.toml beside the
    questions of an assessment is not read. Raises :class:`BankProblems` with every mistake found, or :class:`CrcError`
    when exercices.toml itself is missing.
    """
    problems = Problems()
    raw = problems.read(folder / EXERCISES)
    raw_keys = None
    key_file = (keys or folder) / KEYS
    if with_keys and key_file.is_file() and (keys is not None or not raw or raw.get("edition") != ASSESSMENT):
        raw_keys = problems.read(key_file)
    if raw is None:
        problems.stop()
        raise AssertionError("a file that is not read is a problem")
    activity = _activity(raw, datasets, problems)
    said = page_of(activity.id, activity.questions, (folder, *((page,) if page else ())))
    activity = replace(activity, questions=tuple(replace(one, page=said) for one in activity.questions))
    found: dict[str, Key] = {}
    if raw_keys is not None:
        found = _keys(raw_keys, activity, datasets, problems)
    check_settings(activity, found, problems)
    problems.stop()
    return LoadedActivity(activity, found, problems)


def _tables(raw: Mapping[str, Any], file: str, datasets: Path, problems: Problems) -> dict[str, Table]:
    read: dict[str, Table] = {}
    for name, relative in raw.get("donnees", {}).items():
        try:
            read[name] = read_table(datasets / str(relative))
        except CrcError as error:
            problems.add(file, f"données « {name} »", str(error))
    return read


def _types(path: Path, name: str, problems: Problems) -> Mapping[str, str]:
    try:
        return column_types(path)
    except CrcError as error:
        problems.add(EXERCISES, f"données « {name} »", str(error))
        return {}


def _activity(raw: dict[str, Any], datasets: Path, problems: Problems) -> Activity:
    raw = check_fields(raw, ACTIVITY_FIELDS, lambda text: problems.add(EXERCISES, "", text))
    tables = _tables(raw, EXERCISES, datasets, problems)
    types = {name: _types(datasets / str(raw["donnees"][name]), name, problems) for name in tables}
    items = [item for item in raw.get("question", []) if isinstance(item, dict)]
    law, mistakes = law_of(items, datasets)
    for mistake in mistakes:
        problems.add(LAW_FILE, "", mistake)
    beside = _Beside(tables, types, law)
    questions = tuple(_question(item, beside, problems) for item in items)
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


def _question(raw: dict[str, Any], beside: _Beside, problems: Problems) -> Question:
    where = str(raw.get("id", "question sans id"))

    def add(text: str, criterion: str = "") -> None:
        problems.add(EXERCISES, where, text, criterion)

    name = str(raw.get("genre", ""))
    kind = kinds().get(name)
    raw = check_fields(raw, {**QUESTION_FIELDS, **(kind.types if kind else {})}, add, open_ended=kind is None)
    if kind is None:
        add(f"genre « {name} » inconnu. {did_you_mean(name, kinds())}")
    tables = _renamed(raw.get("tableau"), beside.tables, add)
    question = Question(
        id=where,
        kind=name,
        title=str(raw.get("titre", "")),
        prompt=str(raw.get("enonce", "")),
        points=float(raw.get("points", 0)),
        criteria=(),
        training=is_training(raw),
        hints=tuple(raw.get("indices", ())),
        spec=kind.build(raw, add) if kind else None,
        table=_table_spec(raw.get("tableau"), tables, beside.types, add),
        law=question_box(raw.get("droit", ""), str(raw.get("droit_note", "")), beside.law, add),
        excel=bool(raw.get("excel", False)),
        messages=plain_texts(raw.get("messages"), add),
        data=tables,
    )
    of_parts = {part.id: part.kind for part in question.parts}
    criteria = tuple(_criterion(item, question, of_parts, add) for item in criteria_of(raw))
    total = sum(criterion.points for criterion in criteria)
    check_twice(replace(question, criteria=criteria), add)
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
    raw = check_fields(raw, TABLE_FIELDS, add)
    source = str(raw.get("source", ""))
    spec = TableSpec(
        source, str(raw.get("cle", "")), build_columns(raw.get("colonnes", ()), types.get(source, {}), add),
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


def is_training(raw: Mapping[str, Any]) -> bool:
    """A question without points is an exercise, unless it says otherwise."""
    return bool(raw.get("entrainement", "points" not in raw))


def criteria_of(raw: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The criteria of a question as TOML tables, what is not said put in its place.

    A question without any has one (``reponse``), or one for each of its parts. A criterion has the check of its kind,
    the words of its question or of its part, and all the points where it is alone (an equal share, part by part).
    """
    parts = {part["id"]: part for part in raw.get("parties", ()) if isinstance(part, Mapping) and "id" in part}
    written = raw.get("critere") or (
        [{"id": name, "partie": name} for name in parts] if raw.get("genre") == COMPOSITE else [{"id": ALONE}]
    )
    share = raw.get("points", 0) / len(written)
    found: list[Any] = []
    for item in written:
        if not isinstance(item, Mapping):  # told by whoever checks the fields
            found.append(item)
            continue
        of = parts.get(item.get("partie"), raw) if isinstance(item.get("partie", ""), str) else raw
        kind = kinds().get(str(of.get("genre", "")))
        given = {
            "libelle": of.get("libelle") or of.get("titre", ""),
            "points": of.get("points", share) if "partie" in item else share,
            "controle": kind.check if kind else "",
        }
        found.append({**{name: value for name, value in given.items() if name not in item}, **item})
    return found


def _criterion(raw: dict[str, Any], question: Question, parts: Mapping[str, str], add: Any) -> Criterion:
    raw = check_fields(raw, CRITERION_FIELDS, add, open_ended=True)
    name = str(raw.get("controle", ""))
    params = {key: item for key, item in raw.items() if key not in CRITERION_FIELDS}
    criterion = Criterion(
        str(raw.get("id", "")), str(raw.get("libelle", "")), name, float(raw.get("points", 0)), params
    )
    kind = parts.get(str(params.get("partie")), question.kind)
    if name not in checks():
        add(f"contrôle « {name} » inconnu. {did_you_mean(name, sorted(checks()))}", criterion.id)
    elif kind in kinds() and kind not in checks()[name].kinds:
        add(f"le contrôle « {name} » ne s’applique pas au genre « {kind} ».", criterion.id)
    return criterion


def _keys(raw: dict[str, Any], activity: Activity, datasets: Path, problems: Problems) -> dict[str, Key]:
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

        def add(text: str, *path: str, where: str = name) -> None:
            problems.add(KEYS, where, text, path=path)

        item = check_fields(item, KEY_FIELDS, add)
        answer = _model_answer(item.get("reponse"), tables, add)
        criteria = key_settings(item.get("criteres"), question, answer, add)
        messages = plain_texts(item.get("messages"), add)
        proofs = written_proofs(item.get("preuves"), {*question.messages, *messages}, add)
        keys[name] = Key(name, answer, str(item.get("explication", "")), criteria, messages, tables, proofs)
        problem = parse(question.kind, answer, question.spec) if question.kind in kinds() else None
        if isinstance(problem, answers.FormatProblem) and answer is not None:
            add(f"la réponse modèle n’a pas la forme du genre « {question.kind} » : {problem.text}", "reponse")
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
            add(f"« {name} » ne figure pas sous [donnees]. {did_you_mean(name, tables)}", "reponse")
            return None
        rows = [list(row) for row in tables[name].rows][: raw.get("lignes") or None]
        if "couples" in raw:
            return [row[:2] for row in rows]
        return {"colonnes": list(tables[name].columns), "lignes": rows}
    return raw
