"""Read and validate the question files of one activity: ``exercices.toml`` and, where it is, ``corrige.toml``.

Every mistake is reported at once (:class:`~crc_lab.core.errors.BankProblems`), each with its file and question id.
The format is described in docs/auteur.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from crc_lab.core.errors import did_you_mean
from crc_lab.core.keys import check_settings, read_course, read_keys, read_models
from crc_lab.core.law import Law, box, read_law
from crc_lab.core.model import ASSESSMENT, TRAINING, Activity, Column, Criterion, Key, Question, Table, TableSpec
from crc_lab.core.problems import EXERCISES as EXERCISES
from crc_lab.core.problems import KEYS as KEYS
from crc_lab.core.problems import (
    NUMBER,
    Problems,
    check_fields,
    check_items,
    data_files,
    needed,
    optional,
    repeated,
    texts_of,
)
from crc_lab.core.problems import READING as READING
from crc_lab.core.resources import column_titles, column_types, read_table, workbook_root
from crc_lab.core.rooms import checks, kinds, skills
from crc_lab.core.settings import PART
from crc_lab.core.shown import page_of

_ACTIVITY = {
    **needed(version=int, activite=str, numero=int, titre=str, points=NUMBER, duree=str, question=list),
    **optional(edition=str, sujet=str, donnees=dict, duree_evaluation=str, droit_apres=bool, competence=str),
}
_QUESTION = {  # those of its kind come besides
    **needed(id=str, genre=str, titre=str, enonce=str),
    **optional(points=NUMBER, entrainement=bool, indices=list, tableau=dict, droit=(str, list), droit_note=str),
    **optional(excel=bool, messages=dict, critere=list, competence=str, regle=str),
}
_TABLE = {**needed(source=str, cle=str, colonnes=list), **optional(lignes=int, visibles=list, renommer=dict)}
_COLUMN = {
    **needed(nom=str),
    **optional(saisie=bool, choix=list, aide=str, texte=bool, groupe=str, type=str, titre=str),
}
_CRITERION = {**needed(id=str), **optional(libelle=str, points=NUMBER, controle=str)}

ALONE, COMPOSITE = "reponse", "parties"
"""The criterion of a question that names none; the kind that has one criterion for each part."""
_COLUMN_TYPES = ("texte", "nombre", "date")
_NAMED = {"options": "options", "left": "éléments de gauche", "right": "éléments de droite"}
"""What a kind may name: the attribute of its spec, and what it is in French."""

Add = Callable[..., None]


@dataclass(frozen=True)
class LoadedActivity:
    """An activity and the keys of its questions (empty in the assessment edition); ``course``: what is to be remembered
    of it, a sentence a line (``retenir``); ``source`` tells the line of what is wrong in its files."""

    activity: Activity
    keys: Mapping[str, Key]
    course: tuple[str, ...] = ()
    source: Problems = field(default_factory=Problems, compare=False)

    def key(self, question_id: str) -> Key | None:
        return self.keys.get(question_id)

    def for_teacher(self) -> Activity:
        """The activity with the settings of its key (a rubric, ``grille``…) among those of its criteria."""

        def settled(question: Question) -> Question:
            of_key = key.criteria if (key := self.key(question.id)) else {}
            criteria = (replace(one, params={**one.params, **of_key.get(one.id, {})}) for one in question.criteria)
            return replace(question, criteria=tuple(criteria))

        return replace(self.activity, questions=tuple(map(settled, self.activity.questions)))


def load_activity(
    folder: Path,
    datasets: Path,
    *,
    with_keys: bool = True,
    keys: Path | None = None,
    page: Path | None = None,
    proven: bool = False,
) -> LoadedActivity:
    """Read one activity.

    ``folder`` holds exercices.toml and perhaps corrige.toml (with lecture.json, from which short texts are read);
    ``datasets`` the data files; ``keys`` another folder for corrige.toml (the teacher's); ``page`` one where its
    notebook may be besides ``folder``; ``proven``: the settings of the criteria need not be looked at again. A
    corrige.toml beside the questions of an assessment is not read. Raises :class:`BankProblems` with every mistake
    found, or :class:`CrcError` when exercices.toml itself is missing.
    """
    problems = Problems()
    raw = problems.read(folder / EXERCISES)
    key_file = (keys or folder) / KEYS
    assessed = raw is not None and (raw.get("edition") == ASSESSMENT or bool(raw.get("sujet")))
    wanted = with_keys and key_file.is_file() and (keys is not None or not assessed)
    raw_keys = problems.read(key_file) if wanted else None
    if raw is None:
        problems.stop()
        raise AssertionError("a file that is not read is a problem")
    activity = _Questions(raw, datasets, problems).activity()
    said = page_of(activity.id, activity.questions, (folder, *((page,) if page else ())))
    activity = replace(activity, questions=tuple(replace(one, page=said) for one in activity.questions))
    own = workbook_root() / "notebooks" / activity.id  # for a teacher's corrige.toml alone in its folder
    models = {} if raw_keys is None else read_models((key_file.parent, folder, own), problems)
    found = {} if raw_keys is None else read_keys(raw_keys, activity, datasets, models, problems)
    if not proven:
        check_settings(activity, found, problems)
    course = read_course(raw_keys or {}, problems)
    problems.stop()
    return LoadedActivity(activity, found, course, problems)


class _Questions:
    """The questions of exercices.toml, and what they refer to: data files, the types of their columns, the law."""

    def __init__(self, raw: dict[str, Any], datasets: Path, problems: Problems) -> None:
        self.problems = problems
        self.raw = check_fields(raw, _ACTIVITY, lambda text: problems.add(EXERCISES, "", text))
        self.tables = data_files(read_table, self.raw, EXERCISES, datasets, problems)
        self.types = data_files(column_types, self.raw, EXERCISES, datasets, problems)
        self.titles = data_files(column_titles, self.raw, EXERCISES, datasets, problems)
        self.items = [item for item in self.raw.get("question", []) if isinstance(item, dict)]
        self.items = [self._as_another(item) for item in self.items]
        names_law = any(isinstance(item.get("droit"), list) for item in self.items)
        self.law = read_law(datasets, problems) if names_law else Law()

    def activity(self) -> Activity:
        add, raw = partial(self.problems.add, EXERCISES), self.raw
        questions = tuple(map(self._question, self.items))
        ids = [question.id for question in questions]
        for twice in repeated(ids):
            add(twice, "deux questions portent cet identifiant.")
        for question in questions:
            for name in (*question.depends, getattr(question.spec, "rows_from", "")):
                if name and (name not in ids or name == question.id):
                    add(question.id, f"elle dépend de « {name} », qui n’est pas une autre question.")
        points, total = raw.get("points", 0), sum(question.points for question in questions)
        if abs(total - points) > 1e-9:
            add("", f"l’activité vaut {points} points, mais ses questions en totalisent {total:g}.")
        name, title, duration, subject = (raw.get(field, "") for field in ("activite", "titre", "duree", "sujet"))
        edition = raw.get("edition", TRAINING)
        return Activity(
            name, raw.get("numero", 0), title, float(points), duration, questions, edition, subject,
            raw.get("duree_evaluation", duration), raw.get("droit_apres", False),
        )  # fmt: skip

    def _as_another(self, raw: dict[str, Any]) -> dict[str, Any]:
        """The question with what another one says instead of ``{comme = "R3-Q1"}``, field by field."""
        found = dict(raw)
        for name, value in raw.items():
            if isinstance(value, dict) and set(value) == {"comme"}:
                found[name] = next((item.get(name) for item in self.items if item.get("id") == value["comme"]), None)
                if found[name] is None:
                    text = f"« {name} » : aucune question « {value['comme']} » n’a ce champ."
                    self.problems.add(EXERCISES, str(raw.get("id")), text)
                    found[name] = {}
        return found

    def _question(self, raw: dict[str, Any]) -> Question:
        where, name = str(raw.get("id", "question sans id")), str(raw.get("genre", ""))

        def add(text: str, criterion: str = "") -> None:
            self.problems.add(EXERCISES, where, text, criterion)

        kind = kinds().get(name)
        raw = check_fields(raw, {**_QUESTION, **(kind.types if kind else {})}, add, open_ended=kind is None)
        if kind is None:
            add(f"genre « {name} » inconnu. {did_you_mean(name, kinds())}")
        table = check_fields(raw["tableau"], _TABLE, add) if "tableau" in raw else None
        data = self._renamed(table, add) if table else self.tables
        question = Question(
            id=where,
            kind=name,
            title=raw.get("titre", ""),
            prompt=raw.get("enonce", ""),
            points=float(raw.get("points", 0)),
            criteria=(),
            training=is_training(raw),
            hints=tuple(raw.get("indices", ())),
            spec=kind.build(raw, add) if kind else None,
            table=None if table is None else self._table(table, data, add),
            law=box(raw.get("droit", ""), raw.get("droit_note", ""), self.law, add),
            excel=raw.get("excel", False),
            messages=texts_of(raw.get("messages"), add),
            data=data,
            data_titles={name: title for titles in self.titles.values() for name, title in titles.items()},
            skill=self._skill(raw, add),
            rule=raw.get("regle", ""),
        )
        of_parts = {part.id: part.kind for part in question.parts}
        question = replace(question, criteria=tuple(_criterion(item, name, of_parts, add) for item in criteria_of(raw)))
        _check_twice(question, add)
        if question.training != (question.points == 0):
            add("un exercice d’entraînement vaut 0 point, une question notée davantage.")
        total = sum(criterion.points for criterion in question.criteria)
        if not question.training and abs(total - question.points) > 1e-9:
            add(f"la question vaut {question.points:g} points, mais ses critères en totalisent {total:g}.")
        return question

    def _skill(self, raw: dict[str, Any], add: Add) -> str:
        """Its own skill, else that of the activity. A subject keeps the names of the workbook that it comes from."""
        skill = str(raw.get("competence", self.raw.get("competence", "")))
        if skill and skill not in skills() and not self.raw.get("sujet"):
            add(f"compétence « {skill} » inconnue de cahier.toml. {did_you_mean(skill, skills())}")
        return skill

    def _renamed(self, raw: dict[str, Any], add: Add) -> Mapping[str, Table]:
        """The data of one question, the columns of its table under the names that ``renommer`` gives them."""
        source, names = raw.get("source", ""), raw.get("renommer")
        if not names or source not in self.tables:
            return self.tables
        table = self.tables[source]
        for name in names:
            if name not in table.columns:
                add(f"la colonne à renommer « {name} » n’existe pas dans « {source} ».")
        return {**self.tables, source: Table(tuple(str(names.get(name, name)) for name in table.columns), table.rows)}

    def _table(self, raw: dict[str, Any], data: Mapping[str, Table], add: Add) -> TableSpec:
        source, key = raw.get("source", ""), raw.get("cle", "")
        columns = _columns(raw.get("colonnes"), self.types.get(source, {}), self.titles.get(source, {}), add)
        if source not in data:
            add(f"la source « {source} » ne figure pas sous [donnees].")
        else:
            known = data[source].columns
            if key not in known:
                add(f"la colonne clé « {key} » n’existe pas dans « {source} ».")
            for column in columns:
                if not column.answer and column.name not in known:
                    add(f"la colonne affichée « {column.name} » n’existe pas dans « {source} ».")
        return TableSpec(source, key, columns, raw.get("lignes", 0), tuple(raw.get("visibles", ())))


def _columns(raw: Any, types: Mapping[str, str], titles: Mapping[str, str], add: Add) -> tuple[Column, ...]:
    """``types``, ``titles``: what the data package says of the columns; a column's own ``type`` and ``titre`` win."""
    found = []
    for item in check_items(raw, _COLUMN, add, "colonne"):
        name, choices = item["nom"], tuple(map(str, item.get("choix", ())))
        kind = item.get("type") or types.get(name, "texte")
        if kind not in _COLUMN_TYPES:
            add(f"colonne « {name} » : type « {kind} » inconnu. {did_you_mean(kind, _COLUMN_TYPES)}")
            continue
        about, group, title = item.get("aide", ""), item.get("groupe", ""), item.get("titre") or titles.get(name, "")
        found.append(
            Column(name, item.get("saisie", False), choices, about, item.get("texte", True), group, kind, title)
        )
    return tuple(found)


def is_training(raw: Mapping[str, Any]) -> bool:
    """A question without points is an exercise, unless it says otherwise."""
    return bool(raw.get("entrainement", "points" not in raw))


def criteria_of(raw: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The criteria of a question as TOML tables, what is not said put in its place.

    A question without any has one (``reponse``), or one for each of its parts that has points (one of 0 only
    says how to read the others). A criterion has the check of its kind, the words of its question or of its part, and
    all the points where it is alone (an equal share, part by part).
    """
    parts = {part["id"]: part for part in raw.get("parties", ()) if isinstance(part, Mapping) and "id" in part}
    written = raw.get("critere") or (
        [{"id": name, "partie": name} for name, part in parts.items() if part.get("points") != 0]
        if raw.get("genre") == COMPOSITE
        else [{"id": ALONE}]
    )
    share = raw.get("points", 0) / (len(written) or 1)
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


def _criterion(raw: dict[str, Any], kind: str, parts: Mapping[str, str], add: Add) -> Criterion:
    """``kind``: of the question; ``parts``: the kind of each of its parts."""
    raw = check_fields(raw, _CRITERION, add, open_ended=True)
    params = {key: item for key, item in raw.items() if key not in _CRITERION}
    name, label, check = (raw.get(field, "") for field in ("id", "libelle", "controle"))
    kind = parts.get(str(params.get(PART)), kind)
    if check not in checks():
        add(f"contrôle « {check} » inconnu. {did_you_mean(check, sorted(checks()))}", name)
    elif kind in kinds() and kind not in checks()[check].kinds:
        add(f"le contrôle « {check} » ne s’applique pas au genre « {kind} ».", name)
    return Criterion(name, label, check, float(raw.get("points", 0)), params)


def _check_twice(question: Question, add: Add) -> None:
    """No two criteria, parts, options or items of a question have the same name."""
    specs = (question.spec, *(part.spec for part in question.parts))
    groups: list[tuple[str, Any]] = [("critères", question.criteria), ("parties", question.parts)]
    groups += [(what, getattr(spec, name, ())) for spec in specs for name, what in _NAMED.items()]
    for what, items in groups:
        for name in repeated(item.id for item in items):
            add(f"deux {what} portent l’identifiant « {name} ».")
