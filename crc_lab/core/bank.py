"""Read and validate the question files of one activity: ``exercices.toml`` and, where it is, ``corrige.toml``.

Every mistake is reported at once (:class:`~crc_lab.core.errors.BankProblems`), each with its file and question id.
The format is described in docs/auteur.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

from crc_lab.core.answers import FormatProblem
from crc_lab.core.errors import CrcError, did_you_mean
from crc_lab.core.law import Law, box, read_law
from crc_lab.core.model import ASSESSMENT, TRAINING, Activity, Column, Criterion, Json, Key, Question, Table, TableSpec
from crc_lab.core.problems import EXERCISES as EXERCISES
from crc_lab.core.problems import KEYS as KEYS
from crc_lab.core.problems import NUMBER, Problems, check_fields, check_items, needed, optional, repeated
from crc_lab.core.problems import READING as READING
from crc_lab.core.resources import column_titles, column_types, key_data, read_table, workbook_root
from crc_lab.core.rooms import checks, kinds, parse, skills
from crc_lab.core.settings import PART, Mistake, Place, mistakes
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
_KEY = {**needed(reponse=object, explication=str), **optional(criteres=dict, messages=dict, preuves=list)}

COURSE_LINES, COURSE_LINE = 10, 170
"""How many lines of the course the sheet of an activity holds, and how many characters each."""
ALONE, COMPOSITE = "reponse", "parties"
"""The criterion of a question that names none; the kind that has one criterion for each part."""
_COLUMN_TYPES = ("texte", "nombre", "date")
_NAMED = {"options": "options", "left": "éléments de gauche", "right": "éléments de droite"}
"""What a kind may name: the attribute of its spec, and what it is in French."""

Add = Callable[..., None]
_T = TypeVar("_T")


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
    models = {} if raw_keys is None else _models((key_file.parent, folder, own), problems)
    found = {} if raw_keys is None else _keys(raw_keys, activity, datasets, models, problems)
    if not proven:
        _check_settings(activity, found, problems)
    course = _course(raw_keys or {}, problems)
    problems.stop()
    return LoadedActivity(activity, found, course, problems)


def _data(
    read: Callable[[Path], _T],
    raw: Mapping[str, Any],
    file: str,
    datasets: Path,
    problems: Problems,
    find: Callable[[Path, str], Path] = Path.joinpath,
) -> dict[str, _T]:
    """What ``read`` makes of each data file that ``file`` names."""
    found: dict[str, _T] = {}
    for name, relative in raw.get("donnees", {}).items():
        try:
            found[name] = read(find(datasets, str(relative)))
        except CrcError as error:
            problems.add(file, f"données « {name} »", str(error))
    return found


class _Questions:
    """The questions of exercices.toml, and what they refer to: data files, the types of their columns, the law."""

    def __init__(self, raw: dict[str, Any], datasets: Path, problems: Problems) -> None:
        self.problems = problems
        self.raw = check_fields(raw, _ACTIVITY, lambda text: problems.add(EXERCISES, "", text))
        self.tables = _data(read_table, self.raw, EXERCISES, datasets, problems)
        self.types = _data(column_types, self.raw, EXERCISES, datasets, problems)
        self.titles = _data(column_titles, self.raw, EXERCISES, datasets, problems)
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
            messages=_texts(raw.get("messages"), add),
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


def _models(folders: Iterable[Path], problems: Problems) -> Mapping[str, Any]:
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


def _keys(
    raw: dict[str, Any], activity: Activity, datasets: Path, models: Mapping[str, Any], problems: Problems
) -> dict[str, Key]:
    tables = _data(read_table, raw, KEYS, datasets, problems, key_data)
    common = _texts(raw.get("messages"), lambda text: problems.add(KEYS, "", text))
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
        messages = {**common, **_texts(item.get("messages"), add)}
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


def _course(raw: Mapping[str, Any], problems: Problems) -> tuple[str, ...]:
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


def _check_twice(question: Question, add: Add) -> None:
    """No two criteria, parts, options or items of a question have the same name."""
    specs = (question.spec, *(part.spec for part in question.parts))
    groups: list[tuple[str, Any]] = [("critères", question.criteria), ("parties", question.parts)]
    groups += [(what, getattr(spec, name, ())) for spec in specs for name, what in _NAMED.items()]
    for what, items in groups:
        for name in repeated(item.id for item in items):
            add(f"deux {what} portent l’identifiant « {name} ».")


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


def _texts(raw: Any, add: Add) -> dict[str, str]:
    """The messages of a question or of a key: a text by code."""
    texts = raw if isinstance(raw, Mapping) else {}
    for code, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            add(f"le message « {code} » est un texte.")
    return {str(code): str(text) for code, text in texts.items()}


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


def _check_settings(activity: Activity, keys: Mapping[str, Key], problems: Problems) -> None:
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
