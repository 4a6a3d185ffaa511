"""The registry: the kinds of question and the checks, of the engine's rooms and of the rooms that the workbook names.

A room offers ``KINDS``, ``CHECKS``, ``COMPARERS``, ``WORDINGS`` and ``PICTURES``, mappings by name (each may be
missing). The engine names its own here; a course has its own, named in ``notebooks/cahier.toml`` (``salles``): nothing
else in the engine knows them.
"""

from __future__ import annotations

import importlib
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
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


def picture_folders() -> tuple[Path, ...]:
    """The folders of the figures of the course (``NAME.svg``, all described in one ``pictures.toml``)."""
    return tuple(_gathered("PICTURES").values())


def wordings_of(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The wordings of each column, for :mod:`crc_lab.core.headers`; its name alone where the course has no other."""
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


def _forget() -> None:
    """Another workbook may name other rooms."""
    for known in (kinds, checks, comparers, wordings):
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
    """The rooms of the workbook in use, and those of the one that comes with the package."""
    names: dict[str, None] = {}
    for root in (PACKAGED_WORKBOOK, workbook_root()):
        path = root / WORKBOOK_FILE
        try:
            listed = tomllib.loads(path.read_text(encoding="utf-8"))["salles"] if path.is_file() else ()
            names |= {str(name): None for name in listed}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CrcError(f'« {path.name} » ne se lit pas ({error}). Il contient : salles = ["…"].') from None
    return tuple(names)
