"""The files of a prepared folder: those of one activity, for students and for the teacher, and the student's program.

All are made in memory, and the same sources give the same bytes. What students receive is chosen by name, nothing is
taken away: a field that nobody thought of stays with the teacher.

The program is the package without any key, as a file that pip installs: the code of ``crc_lab`` and its JupyterLab
plugin; of the workbook, only the file that names the rooms of the case. No question, no key, no table, no picture,
nothing of ``autograder``: a subject brings its own.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import tomli_w

import crc_lab
from autograder.intake.archives import zipped
from autograder.prepare.build import build_notebook
from autograder.prepare.editions import cells_of, part_numbers, renumbered_values
from crc_lab.core.bank import EXERCISES, KEYS, READING, LoadedActivity, criteria_of, is_training, load_activity
from crc_lab.core.errors import BankProblems, CrcError
from crc_lab.core.law import LAW_FILE
from crc_lab.core.model import ASSESSMENT
from crc_lab.core.resources import (
    KEY_TABLES,
    PACKAGE,
    PACKAGED_WORKBOOK,
    PICTURE_TEXTS,
    SUBJECT_PICTURES,
    activity_ids,
    workbook_root,
)
from crc_lab.core.rooms import WORKBOOK_FILE, checks, kinds, picture_folders
from crc_lab.core.sheet import SUBJECT_KEY, write_atomically
from crc_lab.core.text import fold

DATASETS = "datasets"
_KEYS_FOLDER = f"{KEY_TABLES}/"
_LINK = re.compile(r"datasets/([\w./-]+\.\w+)")
_FIGURE = re.compile(r"figure\(\\?[\"']([^\"'\\]+)")
_LOADED = re.compile(r"charger\(\\?[\"']([^\"'\\]+)")
_DESCRIPTION = "Données qui accompagnent ces questions. Toutes les personnes et entreprises sont inventées."

_ACTIVITY = (
    "version", "activite", "numero", "titre", "points", "duree", "duree_evaluation", "droit_apres", "competence",
)  # fmt: skip
_QUESTION = ("id", "genre", "titre", "enonce", "points", "indices", "excel", "competence", "regle")
_TABLE = ("source", "cle", "lignes", "visibles", "renommer")
_COLUMN = ("nom", "saisie", "choix", "aide", "texte", "groupe", "type", "titre")
_CRITERION = ("id", "libelle", "points", "controle", "partie", "depend_de")
_HEAD = "# Questions du sujet « {subject} ». Ce fichier accompagne le carnet : laissez-le à côté de lui.\n\n"


@dataclass(frozen=True)
class ActivityContent:
    """One activity. ``files``: what students receive, by path inside the activity's folder; ``keys``: what the teacher
    keeps, by path inside ``corriges/`` (all but the data); ``key_data``: the data files that the keys need.
    """

    loaded: LoadedActivity
    files: Mapping[str, bytes]
    keys: Mapping[str, bytes]
    key_data: frozenset[str]

    @property
    def id(self) -> str:
        return self.loaded.activity.id


def marked_activities() -> tuple[str, ...]:
    """The activities that have a mark to give, in order; one whose files have a mistake is among them, to be told."""

    def is_marked(name: str) -> bool:
        try:
            return bool(_load(workbook_root(), name).activity.marked)
        except BankProblems:
            return True

    return tuple(name for name in activity_ids() if is_marked(name))


def activity_content(activity: str, subject: str, root: Path | None = None) -> ActivityContent:
    """Everything of one activity. The same workbook and the same ``subject`` give the same bytes.

    Raises :class:`BankProblems` or :class:`CrcError` when a source file has a mistake or is missing.
    """
    root = root or workbook_root()
    folder, datasets = root / "notebooks" / activity, root / DATASETS
    loaded = _load(root, activity)
    if not loaded.keys:
        raise CrcError(f"L’activité « {activity} » n’a pas de {KEYS} : elle ne pourrait pas être corrigée.")
    try:
        source = (folder / "activite.py").read_text(encoding="utf-8")
        texts = {name: (folder / name).read_bytes() for name in (EXERCISES, KEYS)}
    except FileNotFoundError as error:
        name = Path(error.filename).name
        raise CrcError(f"Il manque « {name} » dans le dossier de l’activité « {activity} ».") from None
    raw, raw_keys = (tomllib.loads(text.decode()) for text in texts.values())
    questions = student_questions(raw, subject, {question.id: question.law for question in loaded.activity.marked})
    shown = (cell.text for cell in cells_of(source) if cell.belongs(ASSESSMENT) and not cell.is_code)
    questions["question"] = renumbered_values(questions["question"], part_numbers(shown))
    notebook = build_notebook(source, loaded.activity, ASSESSMENT, {SUBJECT_KEY: subject})
    data = {*questions["donnees"].values(), *named_in(notebook.decode(), datasets)}
    files = {f"{activity}.ipynb": notebook, EXERCISES: as_toml(questions), **data_files(data, datasets)}
    files |= figure_files(notebook.decode(), activity)
    key_data = {*raw.get("donnees", {}).values(), *raw_keys.get("donnees", {}).values()}
    if any(isinstance(question.get("droit"), list) for question in raw["question"]):
        key_data.add(LAW_FILE)
    keys = {f"{activity}/{name}": text for name, text in texts.items()}
    if (folder / READING).is_file():
        keys[f"{activity}/{READING}"] = (folder / READING).read_bytes()
    return ActivityContent(loaded, files, keys, frozenset(key_data))


def key_files(contents: Sequence[ActivityContent]) -> dict[str, bytes]:
    """The folder ``corriges/``: question files, keys and data of all the activities."""
    texts = {path: text for content in contents for path, text in content.keys.items()}
    names = {name for content in contents for name in content.key_data}
    return texts | data_files(names, workbook_root() / DATASETS, for_students=False)


def archive(folder: str, files: Mapping[str, bytes]) -> bytes:
    """A ZIP of one ``folder``: the same files give the same bytes, on every machine (no date, no compression)."""
    return zipped(((f"{folder}/{name}", files[name]) for name in sorted(files)), compressed=False)


def _load(root: Path, activity: str) -> LoadedActivity:
    return load_activity(root / "notebooks" / activity, root / DATASETS)


# --- the questions ----------------------------------------------------------------------------------------------------


def student_questions(raw: Mapping[str, Any], subject: str, law: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The exercices.toml of a subject, from that of the workbook (as read by :mod:`tomllib`).

    ``law``: the text of each question's law box, by question id: the subject needs no law file.

    Exercises are left out; so are the remarks on options, the settings and the messages that serve with the key only,
    and the data that no question left uses.
    """
    boxes = law or {}
    kept = [item for item in raw.get("question", ()) if not is_training(item)]
    questions = [_question(item, boxes.get(item["id"], "")) for item in kept]
    used = set(_texts(questions))
    return {
        **_chosen(raw, _ACTIVITY),
        "edition": ASSESSMENT,
        SUBJECT_KEY: subject,
        "donnees": {name: path for name, path in raw.get("donnees", {}).items() if name in used},
        "question": questions,
    }


def as_toml(questions: Mapping[str, Any]) -> bytes:
    """The file itself, the same bytes each time."""
    head = _HEAD.format(subject=questions[SUBJECT_KEY])
    return (head + tomli_w.dumps(questions, multiline_strings=True)).encode()


def _question(raw: Mapping[str, Any], law: str) -> dict[str, Any]:
    """One question, with the only settings and messages that its checks use without the key."""
    question = _chosen(raw, _QUESTION) | ({"droit": law} if law else {}) | kinds()[raw["genre"]].for_students(raw)
    if "tableau" in raw:
        columns = [_chosen(item, _COLUMN) for item in raw["tableau"].get("colonnes", ())]
        question["tableau"] = {**_chosen(raw["tableau"], _TABLE), "colonnes": columns}
    used = [(item, checks()[item["controle"]]) for item in criteria_of(raw)]
    if messages := _chosen(raw.get("messages", {}), {code for _, check in used for code in check.keyless_codes}):
        question["messages"] = messages
    question["critere"] = [_chosen(item, (*_CRITERION, *check.params)) for item, check in used]
    return question


def _chosen(raw: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    wanted = set(names)
    return {name: item for name, item in raw.items() if name in wanted}


def _texts(value: Any) -> Iterator[str]:
    """Every text in ``value``, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (Mapping, list)):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(item)


# --- the data ---------------------------------------------------------------------------------------------------------


def named_in(text: str, datasets: Path) -> set[str]:
    """The files of ``datasets`` that a narrative links to (``datasets/x.csv``) or loads (``charger("x")``)."""
    wanted = {fold(name) for name in _LOADED.findall(text)}
    found = {name.rstrip(".") for name in _LINK.findall(text) if (datasets / name.rstrip(".")).is_file()}
    for resource in _package(datasets).get("resources", ()):
        path = resource["path"]
        names = (resource["name"], resource.get("title", ""), *resource.get("alias", ()), Path(path).stem)
        if wanted.intersection(map(fold, names)) and resource["format"] == "csv" and not path.startswith(_KEYS_FOLDER):
            found.add(path)
    return found


def data_files(names: Iterable[str], datasets: Path, *, for_students: bool = True) -> dict[str, bytes]:
    """The files called ``names`` and a datapackage.json restricted to them, by path (``datasets/…``).

    Raises :class:`CrcError` for a file that is not there, or for one of the keys' own ``for_students``.
    """
    found: dict[str, bytes] = {}
    for name in sorted(set(names)):
        if for_students and name.replace("\\", "/").startswith(_KEYS_FOLDER):
            text = f"« {name} » est un fichier de corrigé : un sujet ne peut pas le contenir."
            raise CrcError(f"{text} Corrigez exercices.toml.")
        try:
            found[f"{DATASETS}/{name}"] = (datasets / name).read_bytes()
        except FileNotFoundError:
            raise CrcError(f"Le fichier de données « {name} » est introuvable dans « {datasets.name} ».") from None
    whole = _package(datasets)
    kept = [item for item in whole.get("resources", ()) if f"{DATASETS}/{item['path']}" in found]
    known = {item["name"] for item in kept}
    for schema in (item.setdefault("schema", {}) for item in kept):
        links = [link for link in schema.pop("foreignKeys", ()) if link["reference"]["resource"] in known]
        schema |= {"foreignKeys": links} if links else {}
    head = {name: item for name, item in whole.items() if name not in ("resources", "description")}
    package = {**head, "description": _DESCRIPTION, "resources": kept}
    return {**found, f"{DATASETS}/{PACKAGE}": (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()}


def figure_files(text: str, activity: str) -> dict[str, bytes]:
    """The figures that the narrative of a subject shows, by path (``figures/…``), and what is said of them.

    Of one that sums up the answers of this ``activity``, only that it waits for the marking.
    """
    named = sorted(set(_FIGURE.findall(text)))
    said: dict[str, Any] = {}
    found: dict[str, bytes] = {}
    for folder in picture_folders():
        known = tomllib.loads((folder / PICTURE_TEXTS).read_text(encoding="utf-8"))
        for name in (name for name in named if name in known):
            if known[name].get("after") == activity:
                said[name] = {"after": activity}
            else:
                said[name] = known[name]
                found[f"{SUBJECT_PICTURES}/{name}.svg"] = (folder / f"{name}.svg").read_bytes()
    return found | ({f"{SUBJECT_PICTURES}/{PICTURE_TEXTS}": tomli_w.dumps(said).encode()} if said else {})


def _package(datasets: Path) -> dict[str, Any]:
    """The description of the workbook's data; a workbook without data has none."""
    try:
        package: dict[str, Any] = json.loads((datasets / PACKAGE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {"profile": "tabular-data-package", "name": "crc-lab"}
    except ValueError as error:  # not JSON, or not in UTF-8
        raise CrcError(f"« {datasets.name}/{PACKAGE} » est illisible ({error}).") from None
    return package


# --- the student's program --------------------------------------------------------------------------------------------


SOURCES = Path(crc_lab.__file__).resolve().parent
"""The code of ``crc_lab``, where it is installed."""
VERSION = f"{crc_lab.__version__}+eleve"
"""« 0.1.0+eleve »: pip puts it in the place of the whole program, and says which of the two is there."""
PROGRAM_FILE = f"crc_lab-{VERSION}-py3-none-any.whl"
_PLUGIN = SOURCES / "lab" / "labextension" / "crc-lab"
_INFO, _DATA = f"crc_lab-{VERSION}.dist-info", f"crc_lab-{VERSION}.data/data/share/jupyter/labextensions/crc-lab"
_WHEEL = "Wheel-Version: 1.0\nGenerator: crc-lab\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_COMMAND = "[console_scripts]\ncrc-lab = crc_lab.__main__:main\n"
_KEPT = ("License-Expression", "License-File", "Requires-Python")


def write_student_program(folder: Path) -> Path:
    """Write the program in ``folder``, made if needed; its path. Raises :class:`CrcError` and :class:`OSError`."""
    content = student_program()
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / PROGRAM_FILE, content)
    (folder / PROGRAM_FILE).chmod(0o644)
    return folder / PROGRAM_FILE


def student_program() -> bytes:
    """The content of the file :data:`PROGRAM_FILE`. Raises :class:`CrcError` where crc-lab itself is not installed."""
    try:
        installed = distribution("crc-lab")
    except PackageNotFoundError:
        raise CrcError(
            "Le programme de l’élève se fait à partir d’un crc-lab installé : lancez « python3 crc.py "
            "programme-eleve », ou installez crc-lab avec pip."
        ) from None
    files = {**dict(_package_files()), **dict(_about(installed))}
    record = [f"{name},sha256={_digest(content)},{len(content)}" for name, content in sorted(files.items())]
    files[f"{_INFO}/RECORD"] = "\n".join([*record, f"{_INFO}/RECORD,,", ""]).encode()
    return zipped(files.items())


def _package_files() -> Iterator[tuple[str, bytes]]:
    """The code of ``crc_lab``, its styles and scripts, by path in the archive."""
    left = (SOURCES / "_cahier", *picture_folders())
    for path in sorted(SOURCES.rglob("*")):
        inside = path.relative_to(SOURCES)
        running = any(part.startswith((".", "__pycache__")) for part in inside.parts) or path.suffix == ".pyc"
        if path.is_file() and not running and not any(path.is_relative_to(folder) for folder in left):
            content = path.read_bytes()
            yield f"crc_lab/{inside.as_posix()}", content
            if path.is_relative_to(_PLUGIN):
                yield f"{_DATA}/{path.relative_to(_PLUGIN).as_posix()}", content
    yield f"crc_lab/_cahier/{WORKBOOK_FILE.as_posix()}", (PACKAGED_WORKBOOK / WORKBOOK_FILE).read_bytes()


def _about(installed: Distribution) -> Iterator[tuple[str, bytes]]:
    """What pip wants to know: the name, the version, the libraries that a student needs, the licences."""
    told = installed.metadata
    lines = ["Metadata-Version: 2.4", "Name: crc-lab", f"Version: {VERSION}"]
    lines += [f"{field}: {value}" for field in _KEPT for value in told.get_all(field) or ()]
    lines += [f"Requires-Dist: {one}" for one in installed.requires or () if "extra ==" not in one]
    yield f"{_INFO}/METADATA", "\n".join([*lines, ""]).encode()
    yield f"{_INFO}/WHEEL", _WHEEL.encode()
    yield f"{_INFO}/entry_points.txt", _COMMAND.encode()
    for licence in told.get_all("License-File") or ():
        if text := installed.read_text(f"licenses/{licence}"):
            yield f"{_INFO}/licenses/{licence}", text.encode()


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
