"""Copies for the tests of the grader: notebooks, archives, answers of the key, blank and spoilt."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from autograder.demo import Mistake, mistakes_of, model_answers
from autograder.intake.keys import Bank
from autograder.marking import ClassResult
from autograder.marking.batch import mark_class
from crc_lab.core.resources import activity_folder, activity_ids
from tests.loaded import loaded_activity

A3, A4, A6 = "03_structurer", "04_qualifier", "06_scorer"
BANK = Bank()
loaded = loaded_activity
MARKED = tuple(name for name in activity_ids() if loaded(name).activity.marked)
"""The marked activities of the workbook."""


@cache
def mistakes(activity: str) -> tuple[Mistake, ...]:
    """The known mistakes of an activity, as its keys prove them."""
    return mistakes_of(loaded(activity))


def key_answers(activity: str) -> dict[str, Any]:
    """The model answers of the marked questions."""
    models = model_answers(loaded(activity))
    return {question.id: models[question.id] for question in loaded(activity).activity.marked}


def sheet(
    activity: str = A6,
    answers: Mapping[str, Any] | None = None,
    name: str = "Inès Garnier",
    identifier: str = "igarnier",
    date: str = "2026-11-20T10:00:00+01:00",
    **more: Any,
) -> dict[str, Any]:
    """``metadata.crc_lab``; ``answers``: plain values, those of the key by default."""
    given = key_answers(activity) if answers is None else answers
    return {
        "version": 1,
        "activite": activity,
        "edition": "entrainement",
        "variante": None,
        "eleve": {"nom": name, "identifiant": identifier} if name or identifier else None,
        "reponses": {
            question: {"valeur": value, "source": "carte", "essais": 1, "indices": 0, "date": date}
            for question, value in given.items()
        },
        **more,
    }


@cache
def given_notebook(activity: str) -> str:
    """The built notebook of an activity, as students get it (JSON)."""
    return (activity_folder(activity) / f"{activity}.ipynb").read_text(encoding="utf-8")


def given_cells(activity: str = A6) -> list[dict[str, Any]]:
    """Its cells, anew at each call."""
    cells: list[dict[str, Any]] = json.loads(given_notebook(activity))["cells"]
    return cells


def notebook(meta: Any, cells: list[dict[str, Any]] | None = None) -> bytes:
    """A notebook with that answer sheet; by default, with the cells that were given in its activity."""
    if cells is None:
        activity = meta.get("activite") if isinstance(meta, dict) else None
        cells = given_cells(activity) if activity in activity_ids() else []
    document = {"cells": cells, "metadata": {"crc_lab": meta}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document, ensure_ascii=False).encode()


NOTHING_RIGHT: dict[str, Any] = {"A6-Q1": {"colonnes": ["id_contact", "R"], "lignes": [["999", "7"]]}}
"""Answers to activity 6 that earn nothing: a copy without any answer is no copy."""


def copy(*args: Any, **kwargs: Any) -> bytes:
    """The notebook of :func:`sheet`."""
    return notebook(sheet(*args, **kwargs))


def archive(members: Mapping[str, bytes], *, entry: Mapping[str, Any] | None = None) -> bytes:
    """A ZIP with these members; ``entry``: attributes set on each entry."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, (2026, 11, 22, 8, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            for attribute, value in (entry or {}).items():
                setattr(info, attribute, value)
            target.writestr(info, content)
    return buffer.getvalue()


def moodle(name: str, number: int = 12345, file: str = f"{A6}.ipynb") -> str:
    """A path of Moodle's archive."""
    return f"{name}_{number}_assignsubmission_file/{file}"


def mark(path: Path, files: Mapping[str, bytes], **options: Any) -> ClassResult:
    """Write ``files`` under ``path`` and mark the folder."""
    for name, content in files.items():
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return mark_class([path], options.pop("bank", BANK), **options)


def codes(result: ClassResult) -> list[str]:
    """The codes of the incidents, then of the rejections."""
    incidents = [incident.code for one in result.copies for incident in one.incidents]
    return incidents + [rejection.code for rejection in result.rejections]
