"""``crc-lab construire``: notebooks/*/activite.py → *.ipynb, the data files, the tables of the guides; ``verifier``.

The text is the source; a built file is never edited. No date, no random id, no output: the same bytes each time.
Nothing is written before every key is proven.

A cell tagged ``entrainement`` is left out of the assessment edition, one tagged ``evaluation`` is only there, a
``document`` is in both, and what texts name is in the edition that names it (:mod:`autograder.prepare.editions`).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.decisions import exporting
from autograder.exemplars import building, report
from autograder.exemplars.lines import FILE, Exemplar, read_exemplars
from autograder.marking import manual
from autograder.prepare.copying import telling_warnings, unearned_problems
from autograder.prepare.editions import MARK, SOURCE, TAGS, Cell, cells_of, part_numbers, reference_problems, renumbered
from autograder.reports.pages import render
from crc_lab.core.bank import EXERCISES, LoadedActivity, load_activity
from crc_lab.core.errors import BankProblems, CrcError
from crc_lab.core.law import LAW_FILE, read_law, to_read_again
from crc_lab.core.model import ASSESSMENT, SECOND_HINT_COST, TRAINING, Activity
from crc_lab.core.problems import Problems, UnreadableToml, parse_toml
from crc_lab.core.proof import PROVEN, print_of, prints_of_files, prove, proven_with_the_code
from crc_lab.core.resources import PACKAGED_WORKBOOK, workbook_root
from crc_lab.core.rooms import using_workbook
from crc_lab.core.sheet import AnswerSheet, write_atomically
from crc_lab.core.text import count, french

_HEADER = "# ---"
"""What editors of py:percent texts write above the first cell."""


def build(check: bool = False, root: Path | None = None, decisions: Path | None = None) -> int:
    """Write every built file of the workbook under ``root``, or only compare (``check``); ``decisions``: a file of
    texts that a teacher decided, learnt besides the exemplars.

    Returns 0 when all is as wanted, 1 when ``check`` finds a difference or an activity has a mistake; says what in
    French on the standard output and error.
    """
    root = root or workbook_root()
    warnings: list[str] = []
    try:
        status = _models(root, check, _decided(root, decisions) if decisions else ())
        wanted = dict(_wanted(root, warnings))
    except CrcError as error:
        print(error, file=sys.stderr)
        return 1
    for warning in warnings:
        print(f"À vérifier, {warning}", file=sys.stderr)
    for path, content in wanted.items():
        name = path.relative_to(root).as_posix()
        if path.is_file() and path.read_bytes() == content:
            continue
        if check:
            print(f"« {name} » ne correspond pas à sa source : lancez « crc-lab construire ».", file=sys.stderr)
            status = 1
        else:
            write_atomically(path, content)
            print(f"Construit : {name}")
    if status == 0:
        print(f"{len(wanted)} fichiers à jour.")
    return status


def _decided(root: Path, decisions: Path) -> list[Exemplar]:
    """The lines that a file of decisions adds to the exemplars of the workbook under ``root``."""
    found = exporting.as_exemplars(exporting.decided_in([decisions], loaded_activities(root)))
    questions = {line.question for path in (root / "notebooks").glob(f"*/{FILE}") for line in read_exemplars(path)}
    own = [line for line in found if line.question in questions]
    print(french(f"{count(len(own), 'texte décidé', 'textes décidés')} : appris avec les exemples."))
    return own


def loaded_activities(root: Path) -> Iterator[LoadedActivity]:
    """The activities of the workbook under ``root`` that have a key, as they are: not proven."""
    for path in sorted((root / "notebooks").glob(f"*/{EXERCISES}")):
        loaded = load_activity(path.parent, root / "datasets")
        if loaded.keys:
            yield loaded


def _models(root: Path, check: bool, more: Sequence[Exemplar]) -> int:
    """Learn again what short texts are read with, where its exemplars changed, and say how well it reads; or only say
    that they changed (``check``). Returns 1 when something is not up to date, or reads too badly to be used."""
    stale: list[str] | None = [] if check else None
    again: list[str] = []
    for path, content, learnt in building.built(root, stale=stale, more=more):
        if not check and (not path.is_file() or path.read_bytes() != content):
            write_atomically(path, content)
            print(f"Construit : {path.relative_to(root).as_posix()} ({', '.join(learnt)})")
        elif check and (not path.is_file() or path.read_bytes() != content):
            stale = [*(stale or ()), path.relative_to(root).as_posix()]
        again += learnt
    for name in stale or ():
        print(f"« {name} » ne correspond pas à exemples.csv : lancez « crc-lab construire ».", file=sys.stderr)
    wrong = report.told(root) if again else []
    for text in wrong:
        print(text, file=sys.stderr)
    return 1 if stale or wrong else 0


def _wanted(root: Path, warnings: list[str]) -> Iterator[tuple[Path, bytes]]:
    """The notebooks; and, of a checkout (no tools are installed with the package), its data files and its page."""
    made: dict[Path, bytes] = {}
    with contextlib.suppress(ImportError):
        from tools import author_table, build_datasets, coverage, figures

        if (root / "datasets" / build_datasets.SOURCE).is_file():  # another workbook has its own data, or none
            made |= build_datasets.build(root)
            made |= figures.build(root)
        if (root / coverage.SOURCE).is_file():
            made[Path(coverage.PAGE)] = coverage.build(root)
        if (root / author_table.PAGE).is_file():
            made[author_table.PAGE] = author_table.build(root)
    sources = sorted((root / "notebooks").glob("*/activite.py"))
    activities = proven([source.parent for source in sources], root, warnings)
    for source, loaded in zip(sources, activities, strict=True):
        notebook = build_notebook(source.read_text(encoding="utf-8"), loaded.activity)
        yield source.with_name(f"{loaded.activity.id}.ipynb"), notebook
    files = prints_of_files([source.parent for source in sources], root / "datasets")
    prints = {one.activity.id: [print_of(one), of_files] for one, of_files in zip(activities, files, strict=True)}
    yield root / "notebooks" / PROVEN, (json.dumps(prints, indent=1) + "\n").encode()
    yield from ((root / name, content) for name, content in made.items())


def proven(folders: Iterable[Path], root: Path, warnings: list[str]) -> list[LoadedActivity]:
    """The activities of these folders of the workbook under ``root``, their keys proven and complete.

    What deserves a look without being a mistake is added to ``warnings``. Raises :class:`BankProblems` with every
    mistake of all of them.
    """
    found: list[LoadedActivity] = []
    problems: list[str] = []
    for folder in folders:
        try:
            loaded = load_activity(folder, root / "datasets")
            wrong, source = prove(loaded, complete=True), (folder / "activite.py").read_text(encoding="utf-8")
            problems += wrong or unearned_problems(loaded, root)
            problems += reference_problems(loaded, source)
            warnings += telling_warnings(loaded, source, root)
            found.append(loaded)
        except BankProblems as error:
            problems += error.problems
    if problems:
        raise BankProblems(tuple(problems))
    if (root / "datasets" / LAW_FILE).is_file():
        warnings += filter(None, [to_read_again(read_law(root / "datasets", Problems()), dt.date.today())])
    return found


def unproven(folders: Iterable[Path], root: Path) -> list[Path]:
    """Those of these folders of the workbook under ``root`` that ``preparer`` proves: all of a teacher's own; of the
    workbook that comes with the code, which « construire » proved, only those whose questions or key were changed."""
    if root != PACKAGED_WORKBOOK:
        return list(folders)
    return [one for one in folders if print_of(load_activity(one, root / "datasets")) not in proven_with_the_code()]


def build_notebook(
    source: str, activity: Activity, edition: str = TRAINING, extra: Mapping[str, Any] | None = None
) -> bytes:
    """The notebook of one activity, from its py:percent text; ``extra``: more keys of its answer sheet.

    The assessment edition has no exercise, its rules at the top, and finds its data in its own folder. Raises
    :class:`CrcError` when the text shows a question that does not exist, leaves one out, or shows one twice.
    """
    if (outside := MARK.split(source, 1)[0]).strip() and not outside.startswith(_HEADER):
        raise CrcError(f"{activity.id} : {SOURCE}, du texte précède la première cellule (« # %% [markdown] »).")
    whole = cells_of(source)
    _compare(activity, [name for cell in whole for name in cell.shown])
    given = [cell for cell in whole if _belongs(cell, edition, activity)]
    numbers = part_numbers(cell.text for cell in given if not cell.is_code)
    given = [cell if cell.is_code else replace(cell, text=renumbered(cell.text, numbers)) for cell in given]
    if edition == ASSESSMENT:
        given = _assessed(given, activity)
    used: set[str] = set()
    cells = [built for cell in given for built in _cells(cell, activity, used)]
    sheet = AnswerSheet(activity.id, edition, extra={"mode": "eleve", "autorun": True, **(extra or {})})
    metadata = {
        "crc_lab": sheet.to_metadata(),
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _compare(activity: Activity, shown: Sequence[str]) -> None:
    known = [question.id for question in activity.questions]
    problems = [f"activite.py montre « {name} », qui n’existe pas." for name in shown if name not in known]
    problems += [f"activite.py ne montre pas « {name} »." for name in known if name not in shown]
    problems += [f"activite.py montre « {name} » deux fois." for name in sorted(set(shown)) if shown.count(name) > 1]
    if problems:
        raise CrcError(f"{activity.id} : " + " ".join(problems))


def _belongs(cell: Cell, edition: str, activity: Activity) -> bool:
    """True when the cell is for ``edition``; an unknown tag is a mistake, since it would drop nothing."""
    if unknown := sorted(cell.tags.difference(TAGS)):
        raise CrcError(f"{activity.id} : activite.py, étiquette « {unknown[0]} » inconnue ; {' ou '.join(TAGS)}.")
    return cell.belongs(edition)


def _assessed(cells: Sequence[Cell], activity: Activity) -> list[Cell]:
    """The cells without those of exercises; the rules under the title; the links to the data of the folder itself."""
    training = {question.id for question in activity.questions if question.training}
    kept = [cell for cell in cells if not cell.shown or not training.issuperset(cell.shown)]
    if mixed := [name for cell in kept for name in cell.shown if name in training]:
        raise CrcError(f"{activity.id} : activite.py, mettez l’exercice « {mixed[0]} » dans une cellule à lui.")
    texts = [replace(cell, text=cell.text.replace("](../datasets/", "](datasets/")) for cell in kept]
    return [*texts[:1], Cell(0, False, frozenset(), _rules(activity)), *texts[1:]]


def _rules(activity: Activity) -> str:
    """What an assessment says at its top: time, points, what « Vérifier » does, what a hint costs."""
    number, hints = len(activity.marked), any(len(question.hints) > 1 for question in activity.marked)
    rules = render("regles.md", activity=activity, number=number, hints=hints, cost=SECOND_HINT_COST)
    return french(rules.decode())


def _cells(cell: Cell, activity: Activity, used: set[str]) -> Iterator[dict[str, Any]]:
    """The cell, and before it the task of a question that a person marks."""
    text, kind = cell.text.strip("\n"), "code" if cell.is_code else "markdown"
    question = next(filter(None, map(activity.question, cell.shown)), None)
    if question is None:
        sort = "d" if cell.is_document else "c"
        yield _cell(kind, text, f"{sort}-{hashlib.sha256(text.encode()).hexdigest()[:12]}", used)
        return
    name, card = question.id.lower(), None if question.training else manual.card_metadata(question)
    if card and manual.marked_by_hand(question):
        task = manual.task_metadata(question)
        yield _cell("markdown", manual.task_text(question), f"t-{name}", used, task)
    yield _cell(kind, text, f"q-{name}", used, card)


def _cell(kind: str, text: str, name: str, used: set[str], nbgrader: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """One cell with a stable id, locked: it can be neither deleted nor edited by accident."""
    while name in used:
        name += "-bis"
    used.add(name)
    metadata: dict[str, Any] = {"deletable": False, "editable": False}
    if nbgrader:
        metadata["nbgrader"] = nbgrader
    built: dict[str, Any] = {
        "cell_type": kind,
        "id": name,
        "metadata": metadata,
        "source": text.splitlines(keepends=True),
    }
    if kind == "code":
        metadata["jupyter"] = {"source_hidden": True}
        built |= {"execution_count": None, "outputs": []}
    return built


# --- « crc-lab verifier » ---------------------------------------------------------------------------------------------


_TEXT = "activite.py"


def verify(folder: Path) -> int:
    """Check a workbook (``notebooks/`` and ``datasets/``) or the folder of one activity, and say what is wrong.

    Returns 0 when all is right, 1 otherwise; raises :class:`CrcError` when there is no activity in ``folder``.
    """
    with _workbook(folder.resolve()) as (root, activities), using_workbook(root):
        wrong, warnings = 0, list[str]()
        for activity in activities:
            problems, done = _checked(activity, root, warnings)
            wrong += bool(problems)
            print(f"{activity.name} : {done}")
            print(*(f"  • {problem}" for problem in problems), sep="\n", end="\n" * bool(problems), file=sys.stderr)
        print(*(f"À vérifier, {one}" for one in warnings), sep="\n", end="\n" * bool(warnings), file=sys.stderr)
    if wrong:
        print(f"{count(wrong, 'activité')} à corriger ; rien n’a été écrit.", file=sys.stderr)
    else:
        print("Tout est juste. Pour en faire une évaluation : « crc-lab preparer » avec --cahier.")
    return 1 if wrong else 0


def _checked(activity: Path, root: Path, warnings: list[str]) -> tuple[tuple[str, ...], str]:
    """What is wrong in an activity, and what was checked; what only deserves a look is added to ``warnings``."""
    try:
        (loaded,) = proven([activity], root, warnings)
        build_notebook((activity / _TEXT).read_text(encoding="utf-8"), loaded.activity)
    except BankProblems as error:
        return error.problems, count(len(error.problems), "point à corriger", "points à corriger")
    except CrcError as error:
        return (str(error),), "1 point à corriger"
    keyed = sum(question.id in loaded.keys for question in loaded.activity.questions)
    others = len(loaded.activity.questions) - keyed
    done = count(keyed, "question vérifiée avec son corrigé", "questions vérifiées avec leur corrigé")
    return (), f"{done}, {count(others, 'autre')} sans corrigé" if others else done


@contextmanager
def _workbook(folder: Path) -> Iterator[tuple[Path, list[Path]]]:
    """The workbook to check in, and the folders of its activities to check."""
    if (folder / EXERCISES).is_file() and folder.parent.name == "notebooks":
        yield folder.parents[1], [_complete(folder)]
    elif (folder / EXERCISES).is_file():
        with tempfile.TemporaryDirectory(prefix="crc-verifier-") as name:
            yield _around(folder, Path(name))
    elif found := sorted(path.parent for path in (folder / "notebooks").glob(f"*/{EXERCISES}")):
        yield folder, [_complete(activity) for activity in found]
    else:
        raise CrcError(
            f"« {folder} » ne contient aucune activité : donnez le dossier d’une activité (où est {EXERCISES}), ou "
            "celui où sont notebooks/ et datasets/."
        )


def _complete(activity: Path) -> Path:
    if not (activity / _TEXT).is_file():
        raise CrcError(
            f"Il manque « {_TEXT} » dans « {activity.name} » : c’est le texte du carnet, qui montre chaque question."
        )
    return activity


def _around(activity: Path, place: Path) -> tuple[Path, list[Path]]:
    """A workbook made in ``place`` for an activity that has none around it; its data: its own, or its neighbour's."""
    try:
        name = str(parse_toml((activity / EXERCISES).read_bytes()).get("activite") or activity.name)
    except UnreadableToml:
        name = activity.name  # to be told what is wrong in it
    copied = place / "notebooks" / Path(name).name
    shutil.copytree(_complete(activity), copied, ignore=shutil.ignore_patterns("datasets", ".*", "__pycache__"))
    own = (activity / "datasets", activity.parent / "datasets", workbook_root() / "datasets")
    shutil.copytree(next(data for data in own if data.is_dir()), place / "datasets")
    return place, [copied]
