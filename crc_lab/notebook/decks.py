"""What is on the cards: the lexicon (a term, one way and the other) and the bank of quick questions, each read from its
CSV file in ``datasets/``.

An item has an ``id`` that stays, a ``theme``, ``sources`` and ``ways``: the name of a card is the id and one of the
ways. ``face`` is what the page shows of a card, ``told`` what is said of it at the end of a session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar

from crc_lab.core.answers import parse_number
from crc_lab.core.errors import CrcError
from crc_lab.core.model import LEXICON, QUICK_QUESTIONS, Json
from crc_lab.core.resources import read_table
from crc_lab.core.rooms import kinds
from crc_lab.core.text import fold

TO_DEFINITION, TO_TERM, TO_ANSWER = ">", "<", "?"
LEXICON_FILE, BANK_FILE = "lexique.csv", "questions_flash.csv"
SOURCES: Mapping[str, str] = {
    "D0": "chapitre « Prospecter via un CRC » et cas Marielle Nature",
    "D1": "révisions « La relation client omnicanale »",
    "D2": "cours « Le CRC »",
    "D3": "module « Management de la relation client »",
    "D4": "diaporama « La gestion de la relation client »",
}
"""The course documents behind each code of the column ``source`` (« D1 », or « D1-025 », one element of it)."""


class Item(Protocol):
    """A term or a question, whichever of the two decks it is of."""

    @property
    def id(self) -> str: ...
    @property
    def theme(self) -> str: ...
    @property
    def sources(self) -> tuple[str, ...]: ...
    @property
    def ways(self) -> str: ...
    @property
    def told(self) -> tuple[str, str]: ...
    def face(self, way: str, /) -> dict[str, Any]: ...


def courses(item: Item) -> str:
    """The courses of an item, in French."""
    codes = dict.fromkeys(one.partition("-")[0] for one in item.sources)
    return " ; ".join(SOURCES.get(code, code) for code in codes)


@dataclass(frozen=True, slots=True)
class Entry:
    """One term: its definition, a theme, the codes of the courses that use it."""

    id: str
    term: str
    definition: str
    theme: str
    sources: tuple[str, ...]
    ways: ClassVar[str] = TO_DEFINITION + TO_TERM

    @property
    def told(self) -> tuple[str, str]:
        return self.term, self.definition

    def face(self, way: str) -> dict[str, Any]:
        if way == TO_TERM:
            return {"sens": "terme", "recto": self.definition, "verso": self.term}
        return {"sens": "definition", "recto": self.term, "verso": self.definition}


@dataclass(frozen=True, slots=True)
class QuickQuestion:
    """One question of the bank. ``field``: what the page draws, the ``question`` trait of a kind; ``answer``: the right
    one, as a sheet would hold it (an option is its own id); ``reason``: what is read after the answer."""

    id: str
    text: str
    theme: str
    sources: tuple[str, ...]
    field: Mapping[str, Any]
    answer: Json
    reason: str
    ways: ClassVar[str] = TO_ANSWER

    @property
    def told(self) -> tuple[str, str]:
        return self.text, self.solution

    @property
    def solution(self) -> str:
        """The right answer, in French."""
        if isinstance(self.answer, dict):
            return " ; ".join(f"{left} : {right}" for left, right in self.answer.items())
        return str(self.answer)

    def face(self, _way: str) -> dict[str, Any]:
        return {"sens": "question", "recto": self.text, "verso": self.solution, "champ": dict(self.field)}

    def judged(self, raw: Json) -> tuple[bool, dict[str, Any]]:
        """Whether an answer is right, and the remarks that its field shows (``Notes`` of the page).

        Nothing (None) is the answer of who does not know. Raises :class:`~crc_lab.core.answers.FormatProblem` for what
        cannot be read.
        """
        if raw is None:
            return False, {}
        kind = self.field["genre"]
        given, wanted = (kinds()[kind].parse(one, None) for one in (raw, self.answer))
        if isinstance(wanted, dict):
            pairs = {left: given.get(left) == right for left, right in wanted.items()}
            notes = {left: _note(right, f"Réponse : {wanted[left]}.") for left, right in pairs.items()}
            return (True, {}) if all(pairs.values()) else (False, notes)
        if kind == "nombre":
            return given == wanted, {"texte": _note(given == wanted)}
        return given == wanted, {given: _note(given == wanted), wanted: _note(right=True)}


def _note(right: bool, text: str = "") -> dict[str, str]:
    return {"etat": "juste"} if right else {"etat": "faux", "texte": text}


def read_lexicon(datasets: Path) -> tuple[Entry, ...]:
    """The terms, in the order of the file.

    Raises :class:`CrcError` (French) when the file is missing or damaged, lacks a column, or gives one id twice.
    """

    def entry(row: Mapping[str, str]) -> Entry:
        return Entry(row["id"], row["terme"], row["definition"], row["theme"], tuple(row["source"].split()))

    return _read(datasets / LEXICON_FILE, ("id", "terme", "definition", "theme", "source"), entry)


def read_bank(datasets: Path) -> tuple[QuickQuestion, ...]:
    """The quick questions, in the order of the file.

    Raises :class:`CrcError` (French: the file, the line, the remedy) when the file is missing or damaged, or when a
    row cannot be asked: an answer that is not among its options, a pair that is missing, what is no number…
    """
    columns = ("id", "theme", "genre", "question", "options", "reponse", "raison", "source")
    bank = _read(datasets / BANK_FILE, columns, _question)
    texts = [(fold(one.text), fold(one.solution)) for one in bank]
    if twice := next((one.id for at, one in enumerate(bank) if texts[at] in texts[:at]), ""):
        raise CrcError(f"« {BANK_FILE} » : la question « {twice} » est déjà posée plus haut. Retirez l’une des deux.")
    return bank


DECKS: Mapping[str, Callable[[Path], tuple[Item, ...]]] = {LEXICON: read_lexicon, QUICK_QUESTIONS: read_bank}
"""How the items of a set of cards are read, by the name of the set (``paquet``)."""
_Made = TypeVar("_Made", Entry, QuickQuestion)


def _read(path: Path, columns: tuple[str, ...], made: Callable[[Mapping[str, str]], _Made]) -> tuple[_Made, ...]:
    table = read_table(path)
    if missing := [name for name in columns if name not in table.positions]:
        raise CrcError(f"« {path.name} » n’a pas la colonne « {missing[0]} » : récupérez le fichier d’origine.")
    found: dict[str, _Made] = {}
    for number, row in enumerate(table.records(), start=2):
        if row["id"] in found:
            raise CrcError(f"« {path.name} » : l’identifiant « {row['id']} » figure deux fois.")
        try:
            found[row["id"]] = made(row)
        except _BadRow as problem:
            raise CrcError(
                f"« {path.name} », ligne {number} (« {row['id']} ») : {problem}. Corrigez cette ligne, ou récupérez le "
                "fichier d’origine."
            ) from None
    return tuple(found.values())


class _BadRow(Exception):
    """Why a row of the bank cannot be asked, in French."""


def _question(row: Mapping[str, str]) -> QuickQuestion:
    for name in ("id", "theme", "question", "reponse", "raison", "source"):
        if not row[name].strip():
            raise _BadRow(f"la colonne « {name} » est vide")
    kind, answer = row["genre"], row["reponse"]
    field: dict[str, Any]
    right: Json
    sides = [list(_pieces(side)) for side in row["options"].split(">>")]
    match kind:
        case "nombre":
            field, right = {}, _number(answer)
        case "choix" | "vrai_faux":
            if kind == "vrai_faux" and sides[0] != ["vrai", "faux"]:
                raise _BadRow("les options d’un vrai ou faux s’écrivent « vrai / faux »")
            field, right = {"options": _options(sides[0], capital=kind == "vrai_faux")}, _among(sides[0], answer)
            kind = "choix"  # true or false, without a reason to give
        case "association":
            field = {"gauche": _options(sides[0]), "droite": _options(sides[-1])}
            right = _pairs(sides, answer)
        case _:
            raise _BadRow(f"le genre « {kind} » n’existe pas ; il y a choix, vrai_faux, nombre et association")
    return QuickQuestion(
        row["id"], row["question"], row["theme"], tuple(row["source"].split()), {"genre": kind, **field}, right,
        row["raison"],
    )  # fmt: skip


def _number(answer: str) -> str:
    if parse_number(answer) is None:
        raise _BadRow(f"la réponse « {answer} » n’est pas un nombre")
    return answer


def _among(texts: list[str], answer: str) -> str:
    if len(texts) < 2:
        raise _BadRow("il faut au moins deux options, séparées par « / »")
    if answer not in texts:
        raise _BadRow(f"la réponse « {answer} » n’est pas parmi les options")
    return answer


def _pairs(sides: list[list[str]], answer: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for pair in _pieces(answer):
        left, _, right = pair.partition("=")
        pairs[left.strip()] = right.strip()
    if len(sides) != 2 or len(sides[0]) < 2 or list(pairs) != sides[0] or not set(pairs.values()) <= set(sides[1]):
        raise _BadRow(
            "l’association est incomplète : « options » s’écrit « gauche / gauche >> droite / droite », et « reponse » "
            "donne un couple « gauche=droite » pour chaque élément de gauche, dans le même ordre"
        )
    return pairs


def _pieces(text: str) -> Iterator[str]:
    pieces = [piece.strip() for piece in text.split(" / ")]
    if twice := next((one for one in pieces if pieces.count(one) > 1), ""):
        raise _BadRow(f"« {twice} » figure deux fois")
    yield from filter(None, pieces)


def _options(texts: list[str], *, capital: bool = False) -> list[dict[str, str]]:
    return [{"id": text, "texte": text.capitalize() if capital else text} for text in texts]
