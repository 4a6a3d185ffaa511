"""``crc-lab verifier``: the author's checks on a teacher's own activities, without writing anything.

The same ones as « construire » and « preparer »: keys that prove themselves, what can be copied from the page, a text
that shows each question once.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.prepare.build import build_notebook, proven
from crc_lab.core.bank import EXERCISES
from crc_lab.core.errors import BankProblems, CrcError
from crc_lab.core.problems import UnreadableToml, parse_toml
from crc_lab.core.resources import workbook_root
from crc_lab.core.rooms import using_workbook
from crc_lab.core.wording import count

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
