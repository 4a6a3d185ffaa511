"""The registry: the kinds of question and the checks, of the engine's rooms and of the rooms that the workbook names.

A room offers ``KINDS``, ``CHECKS``, ``COMPARERS``, ``WORDINGS``, ``VALUES``, ``OUTCOMES`` and ``PICTURES``, mappings by
name (each may be missing). The engine names its own here; a course has its own, named in ``notebooks/cahier.toml``
(``salles``): nothing else in the engine knows them. The same file names the skills of the course (``competences``) and
draws the map of its activities (``parcours``).
"""

from __future__ import annotations

import importlib
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crc_lab.core.answers import FormatProblem
from crc_lab.core.errors import CrcError
from crc_lab.core.resources import OTHER_WORKBOOK, PACKAGED_WORKBOOK, workbook_root

if TYPE_CHECKING:
    from crc_lab.core.kind import Kind

ENGINE = ("crc_lab.kinds", "crc_lab.checks")
WORKBOOK_FILE = Path("notebooks") / "cahier.toml"


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of question, by the name it bears in exercices.toml (``genre``), in the order of the guides."""
    return _gathered("KINDS")


@cache
def checks() -> Mapping[str, Any]:
    """Every check (``core.check.Check``), by the name it bears in exercices.toml (``controle``)."""
    return _gathered("CHECKS")


@cache
def comparers() -> Mapping[str, Any]:
    """Every way to compare a cell with the expected one (``checks.comparers.Comparer``), by its name in a key."""
    return _gathered("COMPARERS")


def parse(kind: str, raw: Any, spec: object = None) -> Any:
    """The plain value of an answer of ``kind``, or the :class:`FormatProblem` that keeps it from being read.

    ``spec``: what the kind made of its question or of its part. Never raises for bad input; raises :class:`KeyError`
    for a kind that does not exist (a mistake of ours, not of the student).
    """
    try:
        return kinds()[kind].parse(raw, spec)
    except FormatProblem as problem:
        return problem


@cache
def wordings() -> Mapping[str, tuple[str, ...]]:
    """The usual wordings of the columns of the course, by name, the name itself first."""
    return _gathered("WORDINGS")


@cache
def value_words() -> Mapping[str, str]:
    """How people say the values of the course's tables that are written for machines (« SANS_OBJET »)."""
    return _gathered("VALUES")


@cache
def outcomes() -> Mapping[str, Any]:
    """What a course shows of the work done so far, at the end of an activity, by the id of that activity.

    ``(answers of all the activities by question, model answer by question, folder of the data) -> {title: Table}``
    """
    return _gathered("OUTCOMES")


def picture_folders() -> tuple[Path, ...]:
    """The folders of the figures of the course (``NAME.svg``, all described in one ``pictures.toml``)."""
    return tuple(_gathered("PICTURES").values())


def wordings_of(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The wordings of each column, for :mod:`crc_lab.core.cells`; its name alone where the course has no other."""
    return {name: wordings().get(name, (name,)) for name in names}


@contextmanager
def using_workbook(folder: Path | None) -> Iterator[None]:
    """In this block, and in the processes that it starts, the workbook is that of ``folder``; None changes nothing.

    Raises :class:`CrcError` for a folder without any activity.
    """
    if folder is None:
        yield
        return
    if not any((folder / "notebooks").glob("*/exercices.toml")):
        raise CrcError(
            f"« {folder} » ne contient pas de cahier : donnez le dossier où sont notebooks/ (un dossier par activité, "
            "avec son exercices.toml) et datasets/."
        )
    before = os.environ.get(OTHER_WORKBOOK)
    os.environ[OTHER_WORKBOOK] = str(folder.resolve())
    _forget()
    try:
        yield
    finally:
        os.environ.pop(OTHER_WORKBOOK)
        if before is not None:
            os.environ[OTHER_WORKBOOK] = before
        _forget()


@cache
def skills() -> Mapping[str, str]:
    """The skills that the questions of the workbook may name (``competence``), in order: their French wording by id."""
    return {str(name): str(text) for raw in _workbooks() for name, text in raw.get("competences", {}).items()}


@dataclass(frozen=True, slots=True)
class Stage:
    """One activity on the map: what the work has ``become`` after it, what the client says of it (``thanks``)."""

    activity: str
    become: str = ""
    thanks: str = ""


@dataclass(frozen=True, slots=True)
class Road:
    """Some activities of the map, in order, under a title; ``start``: what the work is before the first of them."""

    title: str
    stages: tuple[Stage, ...]
    start: str = ""


@cache
def roads() -> tuple[Road, ...]:
    """The map of the workbook in use; empty where it draws none."""
    *_, last = _workbooks()
    return tuple(
        Road(
            str(road.get("titre", "")),
            tuple(
                Stage(str(one.get("activite", "")), str(one.get("devient", "")), str(one.get("merci", "")))
                for one in road.get("etapes", ())
            ),
            str(road.get("depart", "")),
        )
        for road in last.get("parcours", ())
    )


def _forget() -> None:
    """Another workbook may name other rooms, other skills, and draw another map."""
    for known in (kinds, checks, comparers, wordings, value_words, outcomes, skills, roads):
        known.cache_clear()


def _gathered(name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for room in (*ENGINE, *_named_rooms()):
        for key, item in getattr(importlib.import_module(room), name, {}).items():
            if key in found:
                raise CrcError(f"« {key} » est défini deux fois ; la seconde dans « {room} ».")
            found[key] = item
    return found


def _named_rooms() -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(name) for raw in _workbooks() for name in raw["salles"]))


def _workbooks() -> Iterator[Mapping[str, Any]]:
    """``cahier.toml`` of the workbook that comes with the package, then of the one in use, where they have one.

    Raises :class:`CrcError` for one that cannot be read or names no rooms.
    """
    for root in dict.fromkeys((PACKAGED_WORKBOOK, workbook_root())):
        path = root / WORKBOOK_FILE
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"salles": []}
            if not (isinstance(raw["salles"], list) and isinstance(raw.get("competences", {}), dict)):
                raise ValueError("une liste de salles, et s’il le faut une table de compétences")
            if not all(map(_is_road, raw.get("parcours", ()))):
                raise ValueError("chaque [[parcours]] a une liste d’étapes, et chacune nomme son activité")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CrcError(f'« {path.name} » ne se lit pas ({error}). Il contient : salles = ["…"].') from None
        yield raw


def _is_road(raw: Any) -> bool:
    stages = raw.get("etapes", ()) if isinstance(raw, Mapping) else None
    return isinstance(stages, list) and all(isinstance(one, Mapping) and "activite" in one for one in stages)
