"""The activities and their keys, loaded once for a whole class."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from crc_lab.core import toml
from crc_lab.core.bank import EXERCISES, KEYS, LoadedActivity, load_activity
from crc_lab.core.errors import BankProblems, CrcError, UnknownName
from crc_lab.core.own_files import sha256
from crc_lab.core.proof import prove
from crc_lab.core.resources import activity_folder, activity_ids, datasets_folder
from crc_lab.core.wording import clean_line

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
        return found

    def check(self, activities: Iterable[str] | None = None) -> None:
        """Read and prove the keys of these activities (by default, all that are given) before anything is done.

        Raises :class:`WrongKeys` with every mistake of all of them. A key that is not there is not a mistake yet.
        """
        problems: list[str] = []
        for activity in self._given() if activities is None else activities:
            try:
                self.get(activity)
            except BankProblems as error:
                problems += error.problems
            except CrcError:
                continue
        if problems:
            raise WrongKeys(tuple(problems))

    def _given(self) -> Iterable[str]:
        """The activities that have a key in the teacher's own folder, or in the workbook."""
        if self._keys is None:
            return activity_ids()
        single = self._keys / KEYS
        if single.is_file():
            try:
                return (str(toml.parse(single.read_bytes()).get("activite")),)
            except toml.UnreadableToml:
                return activity_ids()[:1]  # to be told what is wrong in it
        return tuple(
            name for name in activity_ids() if any((p / KEYS).is_file() for p in self._places(self._keys, name))
        )

    @property
    def problems(self) -> tuple[CrcError, ...]:
        """What the teacher has to mend among the files asked for: keys that are missing or wrong."""
        return tuple(item for item in self._loaded.values() if isinstance(item, (MissingKey, BankProblems)))

    def _load(self, activity: str) -> LoadedActivity:
        folder, datasets = activity_folder(activity), datasets_folder()
        keys = folder
        if self._keys is not None:
            keys = next((place for place in self._places(self._keys, activity) if (place / KEYS).is_file()), self._keys)
            folder = keys if (keys / EXERCISES).is_file() else folder
            if (self._keys / "datasets" / "datapackage.json").is_file():
                datasets = self._keys / "datasets"
        loaded = load_activity(folder, datasets, keys=keys, page=activity_folder(activity))
        if not loaded.keys:
            raise MissingKey(activity, (self._keys or keys).name)
        held = sha256(repr((loaded.activity, loaded.keys)).encode())
        if held not in _PROVEN:
            if problems := prove(loaded):
                raise BankProblems(problems)
            _PROVEN.add(held)
        return loaded

    @staticmethod
    def _places(root: Path, activity: str) -> Iterable[Path]:
        return (root / activity, root / "notebooks" / activity, root)
