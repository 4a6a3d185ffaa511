"""« ramasser »: the notebooks in the homes of a school's server, copied to a folder that « corriger » reads.

The homes are read one by one, what is in them is copied, the teacher reads who has done what. With the class list, only
the accounts of the class are collected, and every student of the list is accounted for.

Copies go to ``OUTPUT/USER/ACTIVITY/``, each file in one step, and nothing is ever deleted. Where each notebook went is
remembered there (:data:`~autograder.intake.places.GATHERED`), which also tells « corriger » that its folders are the
accounts of a server: the same notebook keeps its place, even when another workbook of the home holds one of that name.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath

from autograder.homes.reading import Folder, Found, Home, Sort, read_home
from autograder.identity import Listed, Roster, alphabetical
from autograder.identity.author import Known, possible
from autograder.identity.class_list import read_roster
from autograder.identity.evidence import Whereabouts
from autograder.intake import Guess, Refused
from autograder.intake.places import GATHERED
from autograder.intake.reading import read_sheet
from crc_lab.core.bank import load_activity
from crc_lab.core.errors import CrcError, SheetProblem, as_typed
from crc_lab.core.resources import activity_folder, activity_ids, datasets_folder
from crc_lab.core.sheet import AnswerSheet, write_atomically
from crc_lab.core.text import clean_line, count, french, listing, reason

_LISTED = 20
_BESIDE = ("lost+found",)
"""What a disk of homes holds besides homes."""


@dataclass
class Story:
    """What there is to tell. ``done``: the accounts collected; ``strangers``: those that were left, not of the list."""

    roster: Roster | None
    gathered: Gathered
    done: list[Account] = field(default_factory=list)
    strangers: list[Account] = field(default_factory=list)


@dataclass(frozen=True)
class Account:
    """One home, and the students of the list whose it may be: one, several homonyms, nobody."""

    home: Home
    owners: tuple[Listed, ...] = ()

    @property
    def work(self) -> list[Found]:
        """The notebooks that are to be collected: of those without a mark (welcome, flashcards), the teacher gets
        nothing."""
        return [one for one in self.home.notebooks if not one.untouched and (one.sheet is None or _marked(one.sheet))]


def gather(homes: Path, output: Path, class_list: Path | None = None, *, everybody: bool = False) -> int:
    """Copy the notebooks of ``homes`` to ``output``, and say what there is; 0, or 1 when no workbook was found.

    ``everybody``: the accounts that are not of the list, too. Raises :class:`CrcError`.
    """
    roster = read_roster(class_list) if class_list else None
    inside, outside = output.resolve(), homes.resolve()
    if inside == outside or outside.is_relative_to(inside):
        raise CrcError("Le dossier de sortie contient les comptes : donnez un autre dossier à --sortie.")
    try:
        story = _gathered(homes, output, roster, everybody)
    except OSError as error:
        raise CrcError(f"Impossible de ramasser : « {error.filename or homes} » ({reason(error)}).") from None
    for line in told(story, output, class_list):
        print(as_typed(french(line)))
    return 0 if any(one.home.workbooks for one in [*story.done, *story.strangers]) or story.gathered.places else 1


def _marked(sheet: AnswerSheet) -> bool:
    """Whether its activity has a mark; that of a subject, or of a workbook that is not known here, has one."""
    return sheet.activity not in _unmarked()


@cache
def _unmarked() -> frozenset[str]:
    """The activities without a mark; of one whose files have a mistake, everything is collected all the same."""
    found = set()
    for name in activity_ids():
        with suppress(CrcError):
            if not load_activity(activity_folder(name), datasets_folder()).activity.marked:
                found.add(name)
    return frozenset(found)


def _gathered(homes: Path, output: Path, roster: Roster | None, everybody: bool) -> Story:
    with Folder.given(homes) as place:
        names = (name for name in place.names() if not name.startswith(".") and name not in _BESIDE)
        users = [name for name in names if place.sort(name) is not Sort.FILE]
        story = Story(roster, Gathered.at(output))
        known = Known(roster, Whereabouts((), roster.students if roster else ()))
        by_name = {user: possible(Guess(identifier=user), known) for user in users} if roster else {}
        settled = {found[0].identifier for found in by_name.values() if len(found) == 1}
        try:
            for user in users:
                home = read_home(place, user)
                account = Account(home, by_name.get(user) or _signed(home, known, settled))
                if roster is not None and not account.owners and not everybody:
                    story.strangers.append(account)
                    continue
                wanted = {one.file for one in account.work} | story.gathered.places.keys()
                for found in home.notebooks:
                    if found.file in wanted:
                        story.gathered.take(user, found)
                story.done.append(account)
        finally:
            story.gathered.remember()
    return story


def _signed(home: Home, known: Known, settled: Collection[str]) -> tuple[Listed, ...]:
    """The students whose account it may be by what was typed in its notebooks: those whom no account is named after."""
    signed = {one.sheet.student for one in home.notebooks if one.sheet and one.sheet.student}
    named = {known.students.named(one.name, one.identifier) for one in signed}
    found = [one for one in named if one is not None and one.identifier not in settled]
    return tuple(sorted(found, key=lambda one: one.identifier))


# --- what is said -----------------------------------------------------------------------------------------------------


def told(story: Story, output: Path, class_list: Path | None) -> Iterator[str]:
    """The whole report, in French."""
    gathered = story.gathered
    total = gathered.new + gathered.changed + gathered.same + len(gathered.kept)
    kinds = [(gathered.new, "nouveau", "nouveaux"), (gathered.changed, "mis à jour", "mis à jour")]
    kinds += [(gathered.same, "inchangé", "inchangés")]
    parts = [count(number, one, many) for number, one, many in kinds if number]
    detail = f" ({listing(parts)})" if parts else ""
    yield f"{count(total, 'carnet')} dans « {output} »{detail}, de {count(_busy(story), 'compte')}."
    yield from (_of_the_class(story.roster, story) if story.roster else _of_everybody(story))
    yield from _to_look_at(story)
    if total:
        asked = f" --classe {_typed(class_list)}" if class_list else ""
        yield ""
        yield f"Pour noter : crc-lab corriger {_typed(output)}{asked} --sortie resultats"


def _typed(path: Path) -> str:
    return f'"{path}"' if " " in str(path) else str(path)


def _busy(story: Story) -> int:
    return sum(bool(account.work) for account in story.done)


def _of_the_class(roster: Roster, story: Story) -> Iterator[str]:
    """Each student of the list, in alphabetical order: those with work, then those without any."""
    own: dict[str, list[Account]] = defaultdict(list)
    for account in story.done:
        if len(account.owners) == 1:
            own[account.owners[0].identifier].append(account)
    students = sorted(roster.students, key=lambda one: alphabetical(one.name, one))
    busy = [one for one in students if any(account.work for account in own[one.identifier])]
    yield f"{len(busy)} sur {count(len(students), 'élève')} de la liste :"
    for one in busy:
        accounts = own[one.identifier]
        users = listing([account.home.user for account in accounts])
        yield f"  • {one.name} ({users}) : {_works([found for account in accounts for found in account.work])}"
    idle = [one for one in students if one not in busy]
    if idle:
        yield "Sans aucune réponse :"
    maybe = {one.identifier for account in story.done if len(account.owners) > 1 for one in account.owners}
    for one in idle:
        yield f"  • {one.name} : {_why_nothing(own[one.identifier], one.identifier in maybe, story.gathered)}"


def _why_nothing(accounts: Sequence[Account], perhaps: bool, gathered: Gathered) -> str:
    if not accounts:
        return "un compte est peut-être le sien (plus bas)" if perhaps else "aucun compte à son nom"
    names = listing([account.home.user for account in accounts])
    before = sum(gathered.before(account.home.user) for account in accounts)
    if any(account.home.closed for account in accounts):
        kept = f"{count(before, 'carnet ramassé', 'carnets ramassés')} avant, que nous gardons"
        return f"compte {names}, impossible à lire{f' ; {kept}' if before else ''}"
    opened = any(account.home.workbooks for account in accounts)
    return f"compte {names}, {'cahier ouvert, aucune réponse à noter' if opened else 'cahier jamais ouvert'}"


def _of_everybody(story: Story) -> Iterator[str]:
    """Without a class list: each account that has something."""
    for account in story.done:
        if account.work:
            yield f"  • {account.home.user} : {_works(account.work)}"


def _works(work: Sequence[Found]) -> str:
    """« 01_crc (4 réponses), 06_scorer (1 réponse) » ; of several notebooks of one activity, the fullest."""
    answers: dict[str, int] = {}
    for one in work:
        name = clean_line(one.sheet.activity, 40) if one.sheet else f"{clean_line(one.folder, 40)}, illisible"
        answers[name] = max(answers.get(name, 0), one.answered)
    shown = (f"{name} ({count(number, 'réponse')})" if number else name for name, number in sorted(answers.items()))
    return ", ".join(shown)


def _to_look_at(story: Story) -> Iterator[str]:
    """What the teacher may have to do something about."""
    lines = list(_doubts(story))
    if lines:
        yield "À regarder :"
        yield from (f"  • {line}" for line in lines)


def _doubts(story: Story) -> Iterator[str]:
    for account in story.done:
        user, home = account.home.user, account.home
        if len(account.owners) > 1 and account.work:
            names = listing([f"{one.name} ({one.identifier})" for one in account.owners])
            yield (
                f"Le compte {user} peut être celui de {names} : il est ramassé, mais corriger vous demandera de qui il "
                "est. Pour n’avoir rien à dire, donnez ce nom de compte dans la colonne « Identifiant » de la liste."
            )
        for place, text in home.problems:
            yield f"{clean_line(place)} : {text}"
        for one in home.notebooks:
            if one.why:
                yield f"{clean_line(one.file)} : {one.why} Ramassé tel quel."
    for file in story.gathered.kept:
        yield f"{clean_line(file)} : plus aucune réponse lisible ; la version ramassée avant, qui en a, est gardée."
    if closed := [account.home.user for account in story.strangers if account.home.closed]:
        yield f"Pas dans la liste, et impossible à lire : {listing(closed, _LISTED)}."
    if busy := [account for account in story.strangers if account.work]:
        names = listing([f"{one.home.user} ({count(len(one.work), 'carnet')})" for one in busy], _LISTED)
        yield (
            f"Pas dans la liste : {names}. Rien n’en a été copié. Si l’un d’eux est de la classe, donnez son nom de "
            "compte dans la colonne « Identifiant » de la liste ; --tous ramasse aussi les autres."
        )


# --- the output folder ------------------------------------------------------------------------------------------------


_UNSAFE = re.compile(r'[\\/:*?"<>|]+')
_ACTIVITY = re.compile(r"\w[\w-]{0,59}")
_LONGEST = 120


@dataclass
class Gathered:
    """The output folder. ``new``, ``changed``, ``same``: how many notebooks were so.

    ``places``: where each notebook went, by its file in the homes; ``kept``: those of which the version collected
    before is better than what is there now.
    """

    folder: Path
    places: dict[str, str] = field(default_factory=dict)
    new: int = 0
    changed: int = 0
    same: int = 0
    kept: list[str] = field(default_factory=list)

    @classmethod
    def at(cls, folder: Path) -> Gathered:
        """The folder, made if needed, for its owner only. Raises :class:`CrcError` when it holds something else."""
        mark = folder / GATHERED
        if mark.is_file():
            try:
                said = json.loads(mark.read_text("utf-8"))["places"]
                return cls(folder, {str(source): str(target) for source, target in said.items()})
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                return cls(folder)  # each notebook finds its place again, by the same rules
        if folder.is_dir() and any(folder.iterdir()):
            raise CrcError(
                f"« {folder} » contient déjà autre chose que des copies ramassées : donnez un nouveau dossier à "
                "--sortie."
            )
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        result = cls(folder)
        result.remember()
        return result

    def remember(self) -> None:
        """Write where everything is; raises :class:`OSError`."""
        content = {"version": 1, "places": dict(sorted(self.places.items()))}
        write_atomically(self.folder / GATHERED, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())

    def take(self, user: str, found: Found) -> None:
        """Copy one notebook. Raises :class:`CrcError` when it cannot be written: what was copied before stays."""
        place = self.places.get(found.file) or self._place(user, found)
        target = self.folder.joinpath(*PurePosixPath(place).parts)
        try:
            self._make(target.parent)
            before = target.read_bytes() if target.is_file() else None
            if before == found.content:
                self.same += 1
            elif before is not None and _is_better(before, found):
                self.kept.append(found.file)
            else:
                write_atomically(target, found.content)
                self.new, self.changed = self.new + (before is None), self.changed + (before is not None)
        except OSError as error:
            raise CrcError(
                f"Impossible d’écrire « {place} » dans « {self.folder} » ({reason(error)}). Ce qui a été copié y "
                "reste : relancez ensuite la même commande."
            ) from None
        self.places[found.file] = place

    def before(self, user: str) -> int:
        """How many notebooks of that account are in the folder."""
        return sum(source.split("/")[0] == user for source in self.places)

    def _make(self, folder: Path) -> None:
        """The folder and those above, none of them a link: somebody else might have put it there."""
        inside = folder.relative_to(self.folder)
        for depth in range(1, len(inside.parts) + 1):
            part = self.folder.joinpath(*inside.parts[:depth])
            part.mkdir(exist_ok=True, mode=0o700)
            if part.resolve() != self.folder.resolve() / part.relative_to(self.folder):
                raise CrcError(f"« {part} » est un lien : rien n’y est écrit. Supprimez ce lien, puis relancez.")

    def _place(self, user: str, found: Found) -> str:
        """The first free place of its name: ``06_scorer.ipynb``, then ``06_scorer (2).ipynb``…"""
        taken = {place.casefold() for source, place in self.places.items() if source != found.file}
        return next(one for one in _places(user, found) if one.casefold() not in taken)


def _places(user: str, found: Found) -> Iterator[str]:
    known = found.sheet.activity if found.sheet else ""
    activity = known if _ACTIVITY.fullmatch(known) else _safe(found.folder)
    stem = _safe(PurePosixPath(found.name).stem)
    for number in itertools.count(1):
        yield f"{user}/{activity}/{stem}{f' ({number})' if number > 1 else ''}.ipynb"


def _safe(name: str) -> str:
    """The name as any system writes it."""
    return _UNSAFE.sub("-", clean_line(name, _LONGEST)).strip(" .") or "carnet"


def _is_better(before: bytes, found: Found) -> bool:
    """Whether what was collected before has answers, and what is there now cannot be read, or has none any more."""
    if found.answered:
        return False
    try:
        sheet = AnswerSheet.from_metadata(read_sheet(before).sheet)
    except (Refused, SheetProblem):
        return False
    return bool(sheet.answers)
