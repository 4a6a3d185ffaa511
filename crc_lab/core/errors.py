"""Errors of crc-lab.

    CrcError                    every error a person may read; its text is French and says what to do
    ├── BankProblems            exercices.toml / corrige.toml: all mistakes at once
    ├── SheetProblem            metadata.crc_lab that cannot be used
    │   └── NewerSheet          written by a newer version of crc-lab
    ├── WrongSubject            a subject's notebook without the files of its subject
    ├── UnknownName             a name that does not exist (dataset, question…), with the nearest one
    └── ImportProblem           a file given as an answer that cannot be read

Every class keeps what it is called with in ``args``, so that errors survive pickling.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass

PROGRAM = "CRC_LAB_COMMANDE"
"""Environment variable: what the person typed to have ``crc-lab`` run (``crc.py`` sets it)."""


def as_typed(text: str) -> str:
    """The text with each command (« crc-lab ouvrir ») as this person has to type it: ``python3 crc.py ouvrir``."""
    program = os.environ.get(PROGRAM)
    return re.sub(r"(?<=[«:][ \u00a0])crc-lab (?=[a-z])", lambda _: f"{program} ", text) if program else text


def nearest(name: str, known: Iterable[str]) -> str:
    """The end of a sentence about a name that does not exist: the known one that looks like it, if there is one."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f" Vouliez-vous dire « {near[0]} » ?" if near else ""


def did_you_mean(name: str, known: Iterable[str], limit: int = 24) -> str:
    """« Vouliez-vous dire « … » ? Noms possibles : … »: the nearest known name, then all of them, or the ``limit``
    nearest."""
    names = list(dict.fromkeys(known))
    near = difflib.get_close_matches(name, names, n=limit, cutoff=0.5)
    shown = names if len(names) <= limit else [*near, *(one for one in names if one not in near)][:limit]
    hint = f"{nearest(name, names).lstrip()} " if near else ""
    more = "…" if len(names) > limit else "."
    return f"{hint}Noms possibles : {', '.join(shown)}{more}" if names else "Il n’y en a aucun."


class CrcError(Exception):
    """Base of all errors shown to people; ``str(error)`` is a French sentence."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows of it: the sentence alone, for lines of Python tell a student nothing."""
        return [str(self)]


@dataclass(eq=False)
class BankProblems(CrcError):
    """Every mistake found in the question files of one activity.

    ``problems``: one sentence each, starting with the file name and the question id.
    """

    problems: tuple[str, ...]

    def __str__(self) -> str:
        head = "Une erreur" if len(self.problems) == 1 else f"{len(self.problems)} erreurs"
        return "\n".join([f"{head} dans les fichiers de questions :", *(f"  • {problem}" for problem in self.problems)])


@dataclass(eq=False)
class SheetProblem(CrcError):
    """An answer sheet that cannot be read; ``code`` is stable (FEUILLE-ABSENTE, FEUILLE-ILLISIBLE…)."""

    text: str
    code: str = "FEUILLE-ILLISIBLE"

    def __str__(self) -> str:
        return self.text


class NewerSheet(SheetProblem):
    """The sheet was written by a newer version than this one."""

    def __init__(self, version: int, known: int) -> None:
        super().__init__(
            f"Ce cahier a été rempli avec une version plus récente de crc-lab (feuille version {version}, "
            f"version connue ici : {known}). Mettez crc-lab à jour, puis recommencez.",
            "FEUILLE-PLUS-RECENTE",
        )


@dataclass(eq=False)
class WrongSubject(CrcError):
    """The notebook of a ``subject`` (empty: it does not say which) whose question files are not beside it (``found``:
    those of another, or empty)."""

    subject: str
    found: str = ""

    def __str__(self) -> str:
        why = (
            f"les fichiers d’à côté sont ceux d’un autre sujet (« {self.found} »)"
            if self.found
            else "les fichiers de ce sujet ne sont pas dans son dossier"
        )
        which = f"appartient au sujet « {self.subject} »" if self.subject else "est celui d’un sujet d’évaluation"
        return (
            f"Ce carnet {which}, mais {why}. Remettez-le dans le dossier du sujet, "
            f"tel que vous l’avez reçu, puis cliquez sur « Tout relancer ». Vos réponses sont dans le carnet : elles "
            "ne sont pas perdues."
        )


class UnknownName(CrcError):
    """A name nobody knows: ``what`` in French (« jeu de données »), the ``name`` given and the ``known`` ones."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        super().__init__(what, name, tuple(known))
        self.what, self.name, self.known = self.args

    def __str__(self) -> str:
        return f"« {self.name} » : {self.what} inconnu. {did_you_mean(self.name, self.known)}"


@dataclass(eq=False)
class ImportProblem(CrcError):
    """A file given as an answer that cannot be read.

    ``file`` is the name the person knows, ``what`` the trouble, ``remedy`` what to do about it.
    """

    file: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"« {self.file} » : {self.what} {self.remedy}"
