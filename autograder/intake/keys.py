"""What copies are marked with: the activities and their keys, loaded once for a whole class; the subject prepared.

« crc-lab preparer » remembers its subject in ``preparation.json``. A sheet is typed by hand as easily as a name: its
subject and its edition are checked, never trusted for the mark.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder.errors import PlaceProblem
from autograder.intake import EXCEL, HandedIn, Incident, incident, refusal
from crc_lab.core.bank import EXERCISES, LoadedActivity, load_activity
from crc_lab.core.bank import KEYS as KEY_FILE
from crc_lab.core.errors import BankProblems, CrcError, UnknownName
from crc_lab.core.model import ASSESSMENT, TRAINING
from crc_lab.core.problems import UnreadableToml, parse_toml
from crc_lab.core.proof import print_of, prints_of_files, prove, proven_with_the_code
from crc_lab.core.resources import activity_folder, activity_ids, datasets_folder
from crc_lab.core.sheet import AnswerSheet
from crc_lab.core.text import clean_line, listing
from crc_lab.reading.model import DECIDED

PREPARATION = "preparation.json"
VERSION = 1
KEYS, COURSE, ROSTER, SUBJECTS = "corriges", "nbgrader", "classe.csv", "sujets"
"""Names inside a prepared folder."""


OFF_SUBJECT = ("EDITION-ENTRAINEMENT", "SUJET-ABSENT")
"""Codes of a copy handed in for a subject and that does not come from it: where it was made, the key could be read."""
_ACTIVITY = re.compile(r"\d\d_[a-z0-9_]{1,40}")


class MissingKey(CrcError):
    """No corrige.toml for an ``activity``, looked for in ``folder``."""

    def __init__(self, activity: str, folder: str) -> None:
        super().__init__(activity, folder)
        self.activity, self.folder = activity, folder

    def __str__(self) -> str:
        return (
            f"Le corrigé de l’activité « {self.activity} » est introuvable "
            f"(corrige.toml, cherché dans « {self.folder} »). Indiquez le dossier des corrigés avec --corriges."
        )


class WrongKeys(BankProblems):
    """Keys that must not mark anybody: unreadable, or that do not give what they promise."""

    def __str__(self) -> str:
        return (
            f"{super().__str__()}\nRien n’a été noté ni écrit ; les résultats d’avant restent tels quels. Corrigez ces "
            "fichiers, puis relancez la même commande."
        )


_PROVEN: set[str] = set()
"""The keys that are proven, by what they hold: each once in a process."""


class Bank:
    """Activities with their keys, by activity id.

    ``keys``: the teacher's own folder (``--corriges``): corrige.toml in a sub-folder named after the activity, in
    ``notebooks/`` of the folder, or at its root. An exercices.toml beside it, or a ``datasets/`` in the folder, wins
    over the workbook's own.
    """

    def __init__(self, keys: Path | None = None) -> None:
        self._keys = keys
        self._loaded: dict[str, LoadedActivity | CrcError] = {}
        self._decided: Mapping[str, Mapping[str, str]] = {}
        self._with_decisions: dict[str, LoadedActivity] = {}

    def get(self, activity: str) -> LoadedActivity:
        """One activity with its keys.

        ``activity`` comes from a copy and may be anything. Raises :class:`UnknownName`, :class:`MissingKey` or
        :class:`BankProblems` (a key that is not proven too), again each time it is asked.
        """
        if not _ACTIVITY.fullmatch(activity):
            raise UnknownName("nom d’activité", clean_line(activity, 40), activity_ids())
        if activity not in self._loaded:
            try:
                self._loaded[activity] = self._load(activity)
            except CrcError as error:
                self._loaded[activity] = error
        found = self._loaded[activity]
        if isinstance(found, CrcError):
            raise found
        if self._decided and activity not in self._with_decisions:
            self._with_decisions[activity] = _decided(found, self._decided)
        return self._with_decisions.get(activity, found)

    def settle(self, decided: Mapping[str, Mapping[str, str]]) -> None:
        """From now on, read short texts as a teacher decided them: for each model, the words of a text
        (:func:`crc_lab.reading.words.key`) → the labels that it holds, separated by spaces."""
        self._decided = decided
        self._with_decisions.clear()

    def readable(self) -> Iterable[LoadedActivity]:
        """The activities whose keys are given and right."""
        for activity in self._given():
            with suppress(CrcError):
                yield self.get(activity)

    def beside(self, activity: str, name: str) -> Path | None:
        """A file that lies beside the key of an activity, else in the workbook; None when there is none."""
        own = [activity_folder(activity)] if activity in activity_ids() else []
        folders = filter(None, [self._folder(activity), *own])
        return next((folder / name for folder in folders if (folder / name).is_file()), None)

    def check(self, activities: Iterable[str] | None = None) -> None:
        """Read and prove the keys of these activities (by default, all that are given) before anything is done.

        Raises :class:`WrongKeys` with every mistake of all of them. A key that is not there is not a mistake yet.
        """
        problems: list[str] = []
        for activity in self._given() if activities is None else activities:
            if activity in self._as_proven:  # read when a copy asks for it
                continue
            try:
                self.get(activity)
            except BankProblems as error:
                problems += error.problems
            except CrcError:
                continue
        if problems:
            raise WrongKeys(tuple(problems))

    @cached_property
    def _as_proven(self) -> frozenset[str]:
        """The activities of the workbook whose files are those that came with the code."""
        if self._keys is not None:
            return frozenset()
        names = activity_ids()
        prints = prints_of_files(map(activity_folder, names), datasets_folder())
        return frozenset(name for name, held in zip(names, prints, strict=True) if held in proven_with_the_code())

    def _given(self) -> Iterable[str]:
        """The activities that have a key in the teacher's own folder, or in the workbook."""
        single = self._keys / KEY_FILE if self._keys is not None else None
        if single is not None and single.is_file():
            try:
                return (str(parse_toml(single.read_bytes()).get("activite")),)
            except UnreadableToml:
                return activity_ids()[:1]  # to be told what is wrong in it
        return tuple(name for name in activity_ids() if self._folder(name) is not None)

    def _folder(self, activity: str) -> Path | None:
        """Where the key of an activity is."""
        root = self._keys
        places = [activity_folder(activity)] if root is None else [root / activity, root / "notebooks" / activity, root]
        return next((place for place in places if (place / KEY_FILE).is_file()), None)

    @property
    def problems(self) -> tuple[CrcError, ...]:
        """What the teacher has to mend among the files asked for: keys that are missing or wrong."""
        return tuple(item for item in self._loaded.values() if isinstance(item, (MissingKey, BankProblems)))

    def _page(self, activity: str) -> Path | None:
        """Where the notebook is: in the workbook, else in the prepared folder that holds the keys."""
        if activity in activity_ids():
            return activity_folder(activity)
        return self._keys.parent / COURSE / "source" / activity if self._keys is not None else None

    def _load(self, activity: str) -> LoadedActivity:
        found, datasets = self._folder(activity), datasets_folder()
        whole = self._keys is not None and found is not None and (found / EXERCISES).is_file()
        folder = found if whole and found else activity_folder(activity)
        keys = found or self._keys or folder
        if self._keys is not None:
            own = self._keys / "datasets"
            theirs = whole and own.is_dir() and activity not in activity_ids()
            datasets = own if theirs or (own / "datapackage.json").is_file() else datasets
        proven = activity in self._as_proven
        loaded = load_activity(folder, datasets, keys=keys, page=self._page(activity), proven=proven)
        if not loaded.keys:
            raise MissingKey(activity, (self._keys or keys).name)
        held = "" if proven else print_of(loaded)
        if held and not {held} & (_PROVEN | proven_with_the_code()):
            if problems := prove(loaded):
                raise BankProblems(problems)
            _PROVEN.add(held)
        return loaded


def _decided(loaded: LoadedActivity, decided: Mapping[str, Mapping[str, str]]) -> LoadedActivity:
    """The same activity, whose models know what a teacher decided."""
    known = next((key.models for key in loaded.keys.values()), {})
    models = {**known, **{name: {**known[name], DECIDED: texts} for name, texts in decided.items() if name in known}}
    return replace(loaded, keys={name: replace(key, models=models) for name, key in loaded.keys.items()})


class PreparationProblem(PlaceProblem):
    """A prepared folder that cannot be used."""


@dataclass(frozen=True)
class Preparation:
    """One subject: its id, its variant (None: the case's own data), the activities it holds, its edition.

    ``workbook``: where the activities come from when it is a teacher's own workbook, and it is still there.
    """

    subject: str
    activities: tuple[str, ...]
    variant: str | None = None
    edition: str = "evaluation"
    workbook: Path | None = None

    def to_json(self) -> dict[str, Any]:
        own = {"cahier": str(self.workbook.resolve())} if self.workbook else {}
        return {
            "version": VERSION,
            "sujet": self.subject,
            "variante": self.variant,
            "activites": list(self.activities),
            "edition": self.edition,
            **own,
        }


def read_preparation(folder: Path) -> Preparation:
    """The subject prepared in ``folder``; raises :class:`PreparationProblem`."""
    try:
        raw = json.loads((folder / PREPARATION).read_text(encoding="utf-8"))
        if raw["version"] > VERSION:
            text = "ce sujet a été préparé avec une version plus récente de crc-lab. Mettez crc-lab à jour."
            raise PreparationProblem(folder.name, text)
        variant = raw["variante"]
        activities = tuple(str(name) for name in raw["activites"])
        own = Path(raw["cahier"]) if raw.get("cahier") else None
        workbook = own if own and own.is_dir() else None
        named = None if variant is None else str(variant)
        return Preparation(str(raw["sujet"]), activities, named, raw["edition"], workbook)
    except FileNotFoundError:
        text = f"ce dossier n’a pas été préparé (il n’y a pas de {PREPARATION}). Donnez celui de « crc-lab preparer »."
        raise PreparationProblem(folder.name, text) from None
    except (OSError, ValueError, KeyError, TypeError):
        text = (
            f"{PREPARATION} est illisible. Refaites-le avec « crc-lab preparer », ou reprenez une copie de sauvegarde."
        )
        raise PreparationProblem(folder.name, text) from None


def checked(found: HandedIn, preparation: Preparation | None) -> tuple[AnswerSheet, tuple[Incident, ...]]:
    """The sheet to mark, with the edition whose rules apply, and what to tell.

    Raises :class:`Refused`: AUTRE-SUJET, AUTRE-VARIANTE, AUTRE-ACTIVITE. A spreadsheet handed in alone names neither
    subject nor variant: only its activity is checked.
    """
    sheet, is_excel = found.sheet, found.source == EXCEL
    expected = preparation.variant if preparation else None
    if preparation is not None and not is_excel and sheet.subject not in ("", preparation.subject):
        raise refusal("AUTRE-SUJET", other=clean_line(sheet.subject, 40), subject=preparation.subject)
    if not is_excel and sheet.variant != expected:
        case = "libre" if preparation is None else "preparee"
        given = None if sheet.variant is None else clean_line(sheet.variant, 40) or "sans nom"
        raise refusal(f"AUTRE-VARIANTE.{case}", given=_variant(given), wanted=_variant(expected))
    if preparation is None:
        return (replace(sheet, edition=ASSESSMENT) if sheet.is_assessment else sheet), ()
    if sheet.activity not in preparation.activities:
        known = listing(list(preparation.activities))
        raise refusal("AUTRE-ACTIVITE", activity=clean_line(sheet.activity, 40), known=known)
    told = () if is_excel else _told(sheet, preparation)
    return replace(sheet, edition=preparation.edition), told


def _variant(name: str | None) -> str:
    return "les données du cahier" if name is None else f"la variante « {name} »"


def _told(sheet: AnswerSheet, preparation: Preparation) -> tuple[Incident, ...]:
    if sheet.subject != preparation.subject:
        return (incident("EDITION-ENTRAINEMENT" if sheet.edition == TRAINING else "SUJET-ABSENT"),)
    if sheet.edition == preparation.edition:
        return ()
    return (incident("EDITION-MODIFIEE"),)
