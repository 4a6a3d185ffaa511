"""Keys made wrong on purpose: is every mistake refused, or without any effect on a mark?

    python benchmarks/mutations.py [--par-activite 150] [--graine 1]

Each activity of the workbook is changed in one place at a time: a name misspelt (setting, field, option, row, column,
part, kind, check, file, message), a decimal comma, a value that is not the answer, a required setting taken out,
another type. A change is *refused* when the bank or the proofs refuse it, *without effect* when the model answer, the
blank sheet and every proof of the true key keep their points, and *silent* otherwise: there must be none.
"""

from __future__ import annotations

import argparse
import copy
import random
import shutil
import sys
import tempfile
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w

from crc_lab.core.bank import EXERCISES, KEYS, LoadedActivity, load_activity
from crc_lab.core.errors import BankProblems
from crc_lab.core.grading import grade
from crc_lab.core.model import Json
from crc_lab.core.proof import attempts, prove, weighed
from crc_lab.core.resources import activity_folder, activity_ids, datasets_folder
from crc_lab.core.rooms import checks

REFUSED, HARMLESS, SILENT = "refusé", "sans effet", "SILENCIEUX"
type_of_path = tuple[str | int, ...]
_PROSE = ("enonce", "titre", "explication", "texte", "raison", "raisons", "aide", "libelle", "droit_note", "preuve")
_NAMES = (
    "id",
    "genre",
    "controle",
    "partie",
    "depend_de",
    "source",
    "cle",
    "nom",
    "lignes_de",
    "liste",
    "choix",
    "table",
)


@dataclass(frozen=True)
class Mutation:
    """A change of one place of one file."""

    sort: str
    file: str
    path: type_of_path
    value: Any = None
    rename: str = ""
    remove: bool = False

    def __str__(self) -> str:
        place = ".".join(map(str, self.path))
        what = "retiré" if self.remove else f"→ {self.rename or self.value!r}"
        return f"{self.file} {place} {what}"


def mutations(activity: str) -> Iterator[Mutation]:
    """Every change of the files of an activity."""
    folder = activity_folder(activity)
    loaded = load_activity(folder, datasets_folder())
    questions, keys = (tomllib.loads((folder / name).read_text(encoding="utf-8")) for name in (EXERCISES, KEYS))
    yield from _of_exercises(questions)
    for question in loaded.activity.questions:
        known = _known_names(loaded, question.id)
        criteria = keys.get(question.id, {}).get("criteres", {})
        yield from _of_settings(criteria, (question.id, "criteres"), known)
        for criterion in question.criteria:
            check, given = checks()[criterion.check], criteria.get(criterion.id, {})
            for name in check.defaults(loaded.keys[question.id].answer if not criterion.params.get("partie") else None):
                if name in given:
                    yield from _other_value(given[name], (question.id, "criteres", criterion.id, name), known)
            for setting in check.settings:
                if setting.required and setting.name in given:
                    path = (question.id, "criteres", criterion.id, setting.name)
                    yield Mutation("réglage obligatoire retiré", KEYS, path, remove=True)
        for code in keys.get(question.id, {}).get("messages", {}):
            yield Mutation("nom", KEYS, (question.id, "messages", code), rename=_misspelt(code))


def _of_exercises(value: Any, path: type_of_path = ()) -> Iterator[Mutation]:
    """Fields and names of exercices.toml."""
    if isinstance(value, dict):
        for name, item in value.items():
            if path[-1:] != ("messages",):
                yield Mutation("champ", EXERCISES, (*path, name), rename=_misspelt(name))
            if name in _NAMES and isinstance(item, str):
                yield Mutation("nom", EXERCISES, (*path, name), _misspelt(item))
            if name == "points":
                yield Mutation("virgule décimale", EXERCISES, (*path, name), f"{item},0")
            if name not in _PROSE:
                yield from _of_exercises(item, (*path, name))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _of_exercises(item, (*path, position))


def _of_settings(value: Any, path: type_of_path, known: set[str]) -> Iterator[Mutation]:
    """Names, numbers and types of the settings of a key."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield Mutation("nom", KEYS, (*path, name), rename=_misspelt(name))
            if name not in _PROSE:
                yield from _of_settings(item, (*path, name), known)
    elif isinstance(value, list):
        yield Mutation("autre type", KEYS, path, "une seule ligne")
        for position, item in enumerate(value):
            yield from _of_settings(item, (*path, position), known)
    elif isinstance(value, bool):
        yield Mutation("autre type", KEYS, path, "vrai")
    elif isinstance(value, (int, float)):
        yield Mutation("virgule décimale", KEYS, path, str(float(value)).replace(".", ","))
        yield Mutation("autre type", KEYS, path, [value])
    else:
        if value in known:
            yield Mutation("nom", KEYS, path, _misspelt(value))
        if value.replace(".", "").isdigit() and "." in value:
            yield Mutation("virgule décimale", KEYS, path, value.replace(".", ","))
        yield Mutation("autre type", KEYS, path, {"valeur": value})


def _other_value(value: Any, path: type_of_path, known: set[str]) -> Iterator[Mutation]:
    """An expected value that is not that of the model answer."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _other_value(item, (*path, name), known)
    elif isinstance(value, list):
        yield Mutation("valeur ≠ réponse", KEYS, path, value[1:])
        yield Mutation("valeur ≠ réponse", KEYS, path, value[::-1])
    elif isinstance(value, str) and value.replace(".", "").replace(",", "").isdigit():
        yield Mutation("valeur ≠ réponse", KEYS, path, f"1{value}")
    else:
        for other in sorted(known - {value})[:2]:
            yield Mutation("valeur ≠ réponse", KEYS, path, other)


def _known_names(loaded: LoadedActivity, name: str) -> set[str]:
    """What a setting of a question may name."""
    question, key = loaded.activity.question(name), loaded.keys[name]
    assert question is not None
    specs = [question.spec, *(part.spec for part in question.parts)]
    items = [item.id for spec in specs for side in ("options", "left", "right") for item in getattr(spec, side, ())]
    tables = {**question.data, **key.tables}
    columns = [column for table in tables.values() for column in table.columns]
    return {*items, *(part.id for part in question.parts), *tables, *columns, *key.messages, *question.messages}


def _misspelt(name: str) -> str:
    """Two letters swapped, or one more where that changes nothing."""
    at = len(name) // 2
    swapped = name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :] if at else name
    return swapped if swapped != name else f"{name}x"


def applied(tables: dict[str, Any], mutation: Mutation) -> dict[str, Any]:
    """The tables of a file with one change."""
    changed = copy.deepcopy(tables)
    *way, last = mutation.path
    place: Any = changed
    for step in way:
        place = place[step]
    if mutation.remove:
        del place[last]
    elif mutation.rename:
        renamed = {mutation.rename if name == last else name: item for name, item in place.items()}
        place.clear()
        place.update(renamed)
    else:
        place[last] = mutation.value
    return changed


class Trial:
    """One activity in a folder of its own, and what its true key gives."""

    def __init__(self, activity: str, folder: Path) -> None:
        self.activity, self.folder, source = activity, folder, activity_folder(activity)
        for name in (EXERCISES, KEYS):
            shutil.copy(source / name, folder / name)
        self.tables = {name: tomllib.loads((source / name).read_text(encoding="utf-8")) for name in (EXERCISES, KEYS)}
        loaded = load_activity(folder, datasets_folder())
        assert not prove(loaded, complete=True)
        self.answers = {name: key.answer for name, key in loaded.keys.items()}
        self.marks = [(*one, self._points(loaded, *one)) for one in self._all(loaded)]

    def _all(self, loaded: LoadedActivity) -> Iterator[tuple[str, Json, Any]]:
        for question in loaded.activity.questions:
            key = loaded.keys[question.id]
            yield question.id, key.answer, self.answers
            yield question.id, None, self.answers
            for proof, _ in attempts(weighed(question), key, self.answers):
                if proof.answer is not None:
                    yield question.id, proof.answer, {**self.answers, **proof.others}

    @staticmethod
    def _points(loaded: LoadedActivity, name: str, value: Json, others: Any) -> float:
        question = loaded.activity.question(name)
        return grade(weighed(question), value, loaded.keys.get(name), others).points if question else -1.0

    def verdict(self, mutation: Mutation) -> str:
        """What becomes of a change: one of the three words above."""
        changed = applied(self.tables[mutation.file], mutation)
        path = self.folder / mutation.file
        path.write_text(tomli_w.dumps(changed), encoding="utf-8")
        try:
            loaded = load_activity(self.folder, datasets_folder())
        except BankProblems:
            return REFUSED
        finally:
            path.write_text(tomli_w.dumps(self.tables[mutation.file]), encoding="utf-8")
        if prove(loaded):
            return REFUSED
        same = all(abs(self._points(loaded, *one) - mark) < 1e-6 for *one, mark in self.marks)
        return HARMLESS if same else SILENT


def trials(per_activity: int, seed: int) -> Iterator[tuple[str, Mutation, str]]:
    """(activity, change, verdict), for ``per_activity`` changes of each activity (0: all of them)."""
    for activity in activity_ids():
        found = list(mutations(activity))
        if 0 < per_activity < len(found):
            found = random.Random(f"{seed} {activity}").sample(found, per_activity)
        with tempfile.TemporaryDirectory() as folder:
            trial = Trial(activity, Path(folder))
            for mutation in found:
                yield activity, mutation, trial.verdict(mutation)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--par-activite", type=int, default=150, help="mutations par activité (0 : toutes)")
    parser.add_argument("--graine", type=int, default=1)
    options = parser.parse_args()
    start, counts = time.perf_counter(), defaultdict[str, Counter[str]](Counter)
    for activity, mutation, verdict in trials(options.par_activite, options.graine):
        counts[mutation.sort][verdict] += 1
        if verdict == SILENT:
            print(f"{activity} : {mutation}")
    print(f"{'':28}{REFUSED:>12}{HARMLESS:>12}{SILENT:>12}")
    for sort, found in sorted(counts.items()):
        print(f"{sort:28}" + "".join(f"{found[verdict]:>12}" for verdict in (REFUSED, HARMLESS, SILENT)))
    silent = sum(found[SILENT] for found in counts.values())
    total = sum(found.total() for found in counts.values())
    print(f"{total} mutations, {silent} silencieuse(s), en {time.perf_counter() - start:.0f} s")
    return 1 if silent else 0


if __name__ == "__main__":
    sys.exit(main())
