"""The files of one activity in a prepared folder: what students receive, what the teacher keeps. All in memory."""

from __future__ import annotations

import io
import tomllib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.prepare.build import build_notebook
from autograder.prepare.data import data_files, named_in, student_data
from autograder.prepare.questions import as_toml, student_questions
from crc_lab.core.bank import EXERCISES, KEYS, LoadedActivity, load_activity
from crc_lab.core.errors import BankProblems, CrcError
from crc_lab.core.law import LAW_FILE
from crc_lab.core.model import ASSESSMENT
from crc_lab.core.resources import activity_ids, workbook_root
from crc_lab.core.sheet import SUBJECT_KEY

DATASETS = "datasets"
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


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


def marked_activities(root: Path | None = None) -> tuple[str, ...]:
    """The activities that have a mark to give, in order; one whose files have a mistake is among them, to be told."""
    root = root or workbook_root()

    def is_marked(name: str) -> bool:
        try:
            return bool(_load(root, name).activity.marked)
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
        raise CrcError(
            f"Il manque « {Path(error.filename).name} » dans le dossier de l’activité « {activity} »."
        ) from None
    raw, raw_keys = (tomllib.loads(text.decode()) for text in texts.values())
    boxes = {question.id: question.law for question in loaded.activity.marked}
    questions = student_questions(raw, subject, boxes)
    notebook = build_notebook(source, loaded.activity, ASSESSMENT, {SUBJECT_KEY: subject})
    data = {*questions["donnees"].values(), *named_in(notebook.decode(), datasets)}
    files = {
        f"{activity}.ipynb": notebook,
        EXERCISES: as_toml(questions),
        **{f"{DATASETS}/{name}": content for name, content in student_data(data, datasets).items()},
    }
    key_data = {*raw.get("donnees", {}).values(), *raw_keys.get("donnees", {}).values()}
    if any(isinstance(question.get("droit"), list) for question in raw["question"]):
        key_data.add(LAW_FILE)
    return ActivityContent(
        loaded, files, {f"{activity}/{name}": text for name, text in texts.items()}, frozenset(key_data)
    )


def key_files(contents: list[ActivityContent], root: Path | None = None) -> dict[str, bytes]:
    """The folder ``corriges/``: question files, keys and data of all the activities."""
    datasets = (root or workbook_root()) / DATASETS
    names = {name for content in contents for name in content.key_data}
    data = data_files(names, datasets)
    texts = {path: text for content in contents for path, text in content.keys.items()}
    return {**texts, **{f"{DATASETS}/{name}": content for name, content in data.items()}}


def archive(folder: str, files: Mapping[str, bytes]) -> bytes:
    """A ZIP of one ``folder``: the same files give the same bytes, on every machine (no date, no compression)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as packed:
        for name in sorted(files):
            member = zipfile.ZipInfo(f"{folder}/{name}", _ZIP_DATE)
            member.create_system, member.external_attr = 0, 0
            packed.writestr(member, files[name])
    return buffer.getvalue()


def _load(root: Path, activity: str) -> LoadedActivity:
    return load_activity(root / "notebooks" / activity, root / DATASETS)
