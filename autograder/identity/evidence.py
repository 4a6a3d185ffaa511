"""What a piece of text says of who somebody is: a name typed in a sheet, a folder, a file, a login, weighed against the
class list; and what the places of a whole class say, part by part.

A name is recognised by its words, in any order and whatever the accents: first and last name, an initial and the last
name, the last name alone; « jdupont » and « lea.martin » as well. Words of the work (« TP1 », « cahier-crc », « copie
de ») and those that many files bear say nothing. A word that nothing explains makes a doubt: « MARTIN Zoé » is not Léa
Martin. Nobody is recognised by a resemblance.

In a path, a part that many copies share and the product's own folders say nothing; nor does the name of what was given
(« copies »), unless it is a student's whole name. What several parts say must agree.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from itertools import chain, pairwise, product
from pathlib import Path

from autograder.identity import Listed
from autograder.intake.person_names import agree, is_group, plain, words
from crc_lab.core.decoding import other_readings

_WORK = frozenset(
    tomllib.loads((Path(__file__).parent / "columns.toml").read_text(encoding="utf-8"))["travail"]["mots"]
)
"""Words of the work that are in no name: those of the product, of files, of schools."""
PARTICLES = re.compile("a|al|ben|d|da|de|del|della|der|des|di|do|dos|du|el|l|la|le|les|los|sainte?|st|ste|ter|van|von")
_EXTENSION = re.compile(
    r"(?:\.(?:ipynb|zip|json|reponses|txt|html?|xlsx?|xlsm|csv|download|invalid|pdf|docx?|odt|rar|7z|png|jpe?g))"
    r"(?: \(\d+\))?$",
    re.IGNORECASE,
)
_MARKS = re.compile(r"\(\d+\)|\b\d\d_[a-z]+|\ba\d{1,2}-[qx]\d+[a-z]?\b|_assignsubmission_\w*", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_TOKEN = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")
_CLASS = re.compile(r"classe|groupe|gr|bts|ndrc|[12]e?(?:bts)?ndrc[a-z\d]?|(?:bts)?ndrc\d?[a-z]?|[gt][a-z]{0,2}\d")
"""The class or the group that people add to their name: « Dupont Jean 1NDRC »."""
_SHORTEST = 3
"""Characters of an identifier that may be recognised inside a longer text."""
_NEAR = 0.84
"""From what likeness on a signature is the same name with a typing mistake: it contradicts nobody, and names nobody."""


class Strength(IntEnum):
    """How much a text says: the more, the surer."""

    NOTHING = 0
    FIRST = 1
    LAST = 2
    INITIAL = 3
    FULL = 4


@dataclass(frozen=True)
class Found:
    """The students that a text names, and how. ``strange``: words of it that nothing explains."""

    strength: Strength = Strength.NOTHING
    students: tuple[Listed, ...] = ()
    strange: tuple[str, ...] = ()

    @property
    def only(self) -> Listed | None:
        """The student whom it surely names: one alone, by more than a first name, without a word too many."""
        sure = len(self.students) == 1 and self.strength >= Strength.LAST
        return self.students[0] if sure and (self.strength is Strength.FULL or not self.strange) else None


NOTHING = Found()


@dataclass(frozen=True)
class _Name:
    """The ways to write one student's name, as words without accents."""

    last: frozenset[tuple[str, ...]]
    first: frozenset[tuple[str, ...]]
    short: frozenset[str]
    """First names as people shorten them: the first word, the initials."""
    half: frozenset[tuple[str, ...]] = frozenset()
    """What says as much as an initial beside the first name: a word of a double last name, or its first letter."""

    @cached_property
    def logins(self) -> Mapping[str, Strength]:
        """The one-word forms: « jeandupont » says all of the name, « jdupont » and « dupontj » an initial."""
        return _logins(self)


class Names:
    """The names of a class list, ready to be looked for in texts; ``common``: words that many files bear."""

    def __init__(self, students: Sequence[Listed], common: Collection[str] = ()) -> None:
        self.students = students
        self._names = [_name_of(one) for one in students]
        self._common = frozenset(common)
        self._seen: dict[tuple[str, bool], Found] = {}

    def weigh(self, text: str, *, typed: bool = False) -> Found:
        """What a text says; ``typed``: a name that a person typed, hence without any word of the work in it."""
        known = self._seen.get((text, typed))
        if known is None:
            known = self._seen[text, typed] = self._read(text, typed)
        return known

    def _read(self, text: str, typed: bool) -> Found:
        """What a text says, or what it said before a program spoilt its accents, if that is one student's name."""
        found = self._weighed(text, typed)
        if found.strength is Strength.FULL:
            return found
        readings = [self._weighed(reading, typed) for reading in other_readings(text)]
        clearer = [one for one in readings if one.only is not None and one.strength > found.strength]
        return clearer[0] if len({one.students for one in clearer}) == 1 else found

    def _weighed(self, text: str, typed: bool) -> Found:
        if owners := self._identified(text):
            return Found(Strength.FULL, owners)
        tokens = tokens_of(text)
        if not tokens:
            return NOTHING
        found: dict[Strength, dict[int, frozenset[int]]] = defaultdict(dict)
        text_words = _Words(tokens)
        for position in self._near(tokens):
            strength, used = text_words.match(self._names[position])
            if strength:
                found[strength][position] = used
        if not found:
            return Found(strange=self._strange(tokens, frozenset(), typed))
        strength = max(found)
        # « Jean-Paul Dupont » is not Jean Dupont, though it has all of his words.
        best = {
            position: used
            for position, used in found[strength].items()
            if not any(used < other for other in found[strength].values())
        }
        explained = frozenset().union(*best.values())
        students = tuple(self.students[position] for position in sorted(best))
        if strength is Strength.FULL:
            rest = [token for number, token in enumerate(tokens) if number not in explained]
            second = self._weighed(" ".join(rest), typed) if len(students) == 1 and len(rest) > 1 else NOTHING
            if second.strength >= Strength.INITIAL:  # the work of two
                students = (*students, *(one for one in second.students if one not in students))
        strange = self._strange(tokens, explained, typed)
        if strength is Strength.FULL:
            strange = tuple(token for token in strange if not _CLASS.fullmatch(token))
        return Found(strength, students, strange)

    def _strange(self, tokens: Sequence[str], explained: frozenset[int], typed: bool) -> tuple[str, ...]:
        return tuple(
            token
            for number, token in enumerate(tokens)
            if number not in explained and not self.says_nothing(token, typed=typed)
        )

    def says_nothing(self, token: str, *, typed: bool = False) -> bool:
        """True for a word that is in no name: a number, a letter, a particle, a word of the work, a common word."""
        if len(token) < 2 or token.isdecimal() or PARTICLES.fullmatch(token):
            return True
        return not typed and (token in _WORK or token in self._common or any(sign.isdecimal() for sign in token))

    def _identified(self, text: str) -> tuple[Listed, ...]:
        """Those whose identifier or address it is, or is in it as a word of its own (that is no word of a name)."""
        whole = plain(_EXTENSION.sub("", text.strip()))
        inside = (piece for piece in re.split(r"[\s_]+", whole) if len(piece) >= _SHORTEST and piece not in self.words)
        pieces = [whole, *inside]
        for piece in pieces:
            if piece and piece not in _WORK and (owners := self._by_identifier.get(piece)):
                return tuple(self.students[position] for position in owners)
        return ()

    @cached_property
    def _by_identifier(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for position, one in enumerate(self.students):
            for text in {plain(one.identifier), plain(one.email)} - {""}:
                if not text.isdecimal() or len(text) > _SHORTEST:
                    found[text].append(position)
        return found

    def _near(self, tokens: Sequence[str]) -> list[int]:
        """The students with a word or a login in common with the text."""
        found: set[int] = set()
        for token in (*tokens, *(first + second for first, second in pairwise(tokens))):
            found.update(self._by_word.get(token, ()))
            found.update(self._by_word.get(_DIGITS.sub("", token), ()))
        return sorted(found)

    @cached_property
    def _by_word(self) -> Mapping[str, set[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        for position, name in enumerate(self._names):
            for form in (*name.last, *name.first):
                for word in form:
                    found[word].add(position)
            for login in name.logins:
                found[login].add(position)
        return found

    @cached_property
    def words(self) -> frozenset[str]:
        """All words of all names."""
        return frozenset(word for name in self._names for form in (*name.last, *name.first) for word in form)


def tokens_of(text: str) -> list[str]:
    """The words of a file name, a folder or a name: marks of copies and extensions left out, « DupontJean » cut."""
    shorter = _EXTENSION.sub("", text.strip())
    while shorter != text:
        text, shorter = shorter, _EXTENSION.sub("", shorter.strip())
    return _TOKEN.findall(plain(_CAMEL.sub(" ", _MARKS.sub(" ", text))))


def bare_part(part: str) -> str:
    """A file or folder name as a person is called: no extension, no mark of a copy."""
    shorter = _EXTENSION.sub("", part.strip())
    while shorter != part:
        part, shorter = shorter, _EXTENSION.sub("", shorter.strip())
    return " ".join(_MARKS.sub(" ", part).replace("_", " ").split()).strip(" -.") or part


def could_be(signature: str, name: str) -> bool:
    """True when a signature does not contradict a name: they agree, or differ by a slip of the keyboard."""
    if agree(signature, name):
        return True
    one, other = (" ".join(words(text)) for text in (signature, name))
    return difflib.SequenceMatcher(None, one, other).ratio() >= _NEAR


class _Words:
    """The words of a text, in which the names of a whole class are looked for."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self._tokens = tokens
        self._logins = [_DIGITS.sub("", token) for token in tokens]
        self._apart = {n for n, token in enumerate(tokens[:-1]) if len(token) == 1 or PARTICLES.fullmatch(token)}
        self._written = {*tokens, *(tokens[n] + tokens[n + 1] for n in self._apart)}
        self._known: dict[tuple[tuple[str, ...], frozenset[int]], frozenset[int] | None] = {}

    def match(self, name: _Name) -> tuple[Strength, frozenset[int]]:
        """How much the text names one student, and the positions of the words that do."""
        best: tuple[Strength, frozenset[int]] = (Strength.NOTHING, frozenset())
        for number, login in enumerate(self._logins):
            if strength := name.logins.get(login):
                best = max(best, (strength, frozenset({number})), key=_rank)
        for last in name.last:
            used = self._places(last)
            if used is None:
                continue
            best = max(best, (Strength.LAST, used), key=_rank)
            for first in name.first:
                more = self._places(first, used)
                if more is not None:
                    best = max(best, (Strength.FULL, used | more), key=_rank)
            for short in name.short:
                more = self._places((short,), used)
                # « M. Martin » is mister Martin, and no Marie.
                if more is not None and not (short == "m" and 0 in more):
                    best = max(best, (Strength.INITIAL, used | more), key=_rank)
        if not best[0]:
            for first in name.first:
                used = self._places(first)
                if used is not None:
                    best = max(best, (Strength.FIRST, used), key=_rank)
                    for half in name.half:
                        more = self._places(half, used)
                        if more is not None:
                            best = max(best, (Strength.INITIAL, used | more), key=_rank)
        return best

    def _places(self, form: tuple[str, ...], taken: frozenset[int] = frozenset()) -> frozenset[int] | None:
        """Where the words of a form are, each at a place of its own that is not taken; None when one is not there.

        « Le Guen » is the « LEGUEN » of a list, and « N’Diaye » its « NDIAYE »: a particle or a letter may stand apart.
        """
        if not self._written.issuperset(form):  # most names
            return None
        if (form, taken) not in self._known:
            self._known[form, taken] = self._look(form, taken)
        return self._known[form, taken]

    def _look(self, form: tuple[str, ...], taken: frozenset[int]) -> frozenset[int] | None:
        tokens = self._tokens
        free = [n for n in range(len(tokens)) if n not in taken]
        found: set[int] = set()
        for word in form:
            places = ({n} for n in free if tokens[n] == word)
            apart = (n for n in free if n + 1 in free and n in self._apart)
            glued = ({n, n + 1} for n in apart if tokens[n] + tokens[n + 1] == word)
            place = next((place for place in chain(places, glued) if not place & found), None)
            if place is None:
                return None
            found |= place
        return frozenset(found)


def _rank(found: tuple[Strength, frozenset[int]]) -> tuple[int, int]:
    return found[0], len(found[1])


def _name_of(one: Listed) -> _Name:
    lasts = [form for text in (one.last_name, *one.also) for form in _forms(text)]
    firsts: list[tuple[str, ...]] = []
    shorts: set[str] = set()
    for given in (one.first_name, *one.given):
        firsts += _forms(given)
        parts = given.split()
        firsts += _forms(parts[0]) if parts else ()
        pieces = _TOKEN.findall(plain(given))
        if pieces:
            shorts |= {pieces[0], pieces[0][0], "".join(piece[0] for piece in pieces)}
    if not lasts:  # one word for all name
        return _Name(frozenset(firsts), frozenset(), frozenset())
    names = (re.split(r"[\s‐‑-]+", plain(text)) for text in (one.last_name, *one.also))
    bare = ([name for name in parts if len(name) > 2 and not PARTICLES.fullmatch(name)] for parts in names)
    half = {form for parts in bare if len(parts) == 2 for name in parts for form in _forms(name)}
    half |= {(last[0][0],) for last in lasts}
    return _Name(frozenset(lasts), frozenset(firsts), frozenset(shorts), frozenset(half))


def _forms(text: str) -> Iterator[tuple[str, ...]]:
    """« Jean-Christophe » → (jean, christophe), (jeanchristophe); « d’Arras » → (d, arras), (arras), (darras)."""
    pieces = tuple(_TOKEN.findall(plain(text)))
    bare = tuple(piece for piece in pieces if not PARTICLES.fullmatch(piece)) or pieces
    for form in (pieces, bare):
        if form:
            yield form
            yield ("".join(form),)
    glued = tuple(_TOKEN.findall(plain(re.sub(r"['’‘ʼ`´‐‑-]+", "", text))))
    if glued:
        yield glued


def _logins(name: _Name) -> Mapping[str, Strength]:
    found: dict[str, Strength] = {}
    lasts, firsts = ({"".join(form) for form in forms} for forms in (name.last, name.first))
    for last, first in product(lasts, firsts):
        found |= dict.fromkeys((first + last, last + first), Strength.FULL)
    for last, short in product(lasts, name.short | {first[:size] for first in firsts for size in (1, 2, 3)}):
        for login in (short + last, last + short):
            if len(last) > 2:
                found.setdefault(login, Strength.INITIAL)
    return found


# --- the places of a class --------------------------------------------------------------------------------------------


_MANY = 3
"""Other students under a part from which on it is the folder of a group, whatever it is called."""
_WORKBOOK = re.compile(r"cahier[-_ ]crc.*", re.IGNORECASE)
"""The student's copy of the workbook: all that is in one comes from one person."""
_ARCHIVE = re.compile(r".*\.zip(?: \(\d+\))?", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Place:
    """What one path says. ``students``: those it may be; ``listed``: the one it is, when nothing in it is doubtful.

    ``name``: what to call it; ``node``: the folder of which all copies surely come from one person, or nothing;
    ``person``: the name looks like that of somebody (two words or more that are not of the work).
    """

    listed: Listed | None = None
    students: tuple[Listed, ...] = ()
    strength: Strength = Strength.NOTHING
    name: str = ""
    node: str = ""
    person: bool = False
    telling: bool = False
    """False when the name is only the path, because no part of it says anything."""


class Whereabouts:
    """The places of a class: ``paths``, one a copy, with « / » (the first part is what was given)."""

    def __init__(self, paths: Iterable[str] = (), students: Sequence[Listed] = ()) -> None:
        self._paths = list(dict.fromkeys(paths))
        self._parts = {path: _parts(path) for path in self._paths}
        self._names = Names(students, self._common(Names(students)))
        self._silent = self._shared()
        self._nodes = Counter(
            tuple(parts[: depth + 1]) for parts in self._parts.values() for depth in range(len(parts))
        )
        texts: dict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
        for parts in self._parts.values():
            for depth, part in enumerate(parts):
                texts[tuple(tokens_of(part))].add(tuple(parts[:depth]))
        self._repeated = {text for text, places in texts.items() if len(places) > 1}

    def of(self, path: str) -> Place:
        """What a path says; of one that is none of the class, too."""
        parts = self._parts.get(path) or _parts(path)
        found = [one for depth, part in enumerate(parts) if (one := self._weighed(part, depth, parts)).students]
        listed, students = _together(found)
        name, telling = self._called(parts)
        alone = [token for token in tokens_of(name) if not self._names.says_nothing(token)] if telling else []
        person = len(alone) > 1 and not any(sign.isdecimal() for sign in name)
        strength = max((one.strength for one in found), default=Strength.NOTHING)
        return Place(listed, students, strength, name, self._node(parts, name if person else ""), person, telling)

    def weigh(self, text: str) -> Found:
        """What a name that somebody typed says."""
        return self._names.weigh(text, typed=True)

    # --- the class ----------------------------------------------------------------------------------------------------

    def _common(self, names: Names) -> frozenset[str]:
        """Words beside the names of several students: « dupont_marketing », « martin_marketing »."""
        beside: dict[str, set[Listed]] = defaultdict(set)
        for part in {part for parts in self._parts.values() for part in parts}:
            found = names.weigh(part)
            if found.strength >= Strength.LAST and len(found.students) == 1:
                for token in found.strange:
                    beside[token].add(found.students[0])
        return frozenset(token for token, students in beside.items() if len(students) > 1 and token not in names.words)

    def _shared(self) -> frozenset[tuple[str, ...]]:
        """The parts (as words) that name somebody by chance: other parts of the copies that have them name others."""
        others: dict[tuple[str, ...], set[Listed]] = defaultdict(set)
        bearers: Counter[tuple[str, ...]] = Counter()
        for parts in self._parts.values():
            found = [(tuple(tokens_of(part)), self._names.weigh(part)) for part in parts]
            bearers.update({text for text, _ in found})
            for text, one in found:
                if one.students and one.strength < Strength.FULL:
                    others[text].update(more.only for other, more in found if other != text and more.only is not None)
        return frozenset(
            text
            for text, students in others.items()
            if len(students) >= _MANY or (len(students) > 1 and 2 * bearers[text] > len(self._parts))
        )

    # --- one path -----------------------------------------------------------------------------------------------------

    def _weighed(self, part: str, depth: int, parts: Sequence[str]) -> Found:
        if is_group(part) or tuple(tokens_of(part)) in self._silent:
            return NOTHING
        found = self._names.weigh(part)
        given = depth == 0 and len(parts) > 1 and not _ARCHIVE.fullmatch(part)
        return NOTHING if given and found.strength < Strength.FULL else found

    def _called(self, parts: Sequence[str]) -> tuple[str, bool]:
        """What to call a path: its outermost part that tells it from the others, else all of it."""
        for depth, part in enumerate(parts):
            if (depth == 0 and len(parts) > 1 and not _ARCHIVE.fullmatch(part)) or is_group(part):
                continue
            node = tuple(parts[: depth + 1])
            many = self._nodes[node] > 1 and 2 * self._nodes[node] > len(self._parts)
            text = tuple(tokens_of(part))
            word = any(len(token) > 1 and not self._names.says_nothing(token) for token in text)
            if word and not many and (text not in self._repeated or self._names.weigh(part).students):
                return bare_part(part), True
        shown = parts if _ARCHIVE.fullmatch(parts[0]) or len(parts) == 1 else parts[1:]
        return "/".join(shown), False

    def _node(self, parts: Sequence[str], name: str) -> str:
        for depth, part in enumerate(parts[:-1]):
            if (depth and _WORKBOOK.fullmatch(part)) or (name and bare_part(part) == name):
                return "/".join(parts[: depth + 1])
        return ""


def path_shown(path: str) -> str:
    """A path without the folder that was given."""
    parts = _parts(path)
    return "/".join(parts if len(parts) == 1 or _ARCHIVE.fullmatch(parts[0]) else parts[1:])


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part] or [""]


def _together(found: Sequence[Found]) -> tuple[Listed | None, tuple[Listed, ...]]:
    """The student whom all parts of one path name, and those whom they may name."""
    everybody = tuple(dict.fromkeys(student for one in found for student in one.students))
    common = tuple(student for student in everybody if all(student in one.students for one in found))
    if not common:  # one part says another than the other
        return None, everybody
    doubtful = any(one.strange and one.strength < Strength.FULL for one in found)
    several = len(found) > 1 and any(one.strength >= Strength.LAST for one in found)
    sure = any(one.only is not None for one in found) or (several and not doubtful)
    return (common[0] if len(common) == 1 and sure else None), common
