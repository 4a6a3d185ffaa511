"""The two editions of a page: which cells each one has, how its parts are numbered, and whether what it names is there.

Three sorts of text, by the tag of a cell of activite.py: ``document`` (an annexe that questions need, in both
editions), ``entrainement`` (the course: training only), ``evaluation`` (there only); a cell without a tag is in both.

The numbers of parts (« ## 3. … ») are those of the training edition; in an assessment, which has fewer of them, they
follow one another again, and « partie 3 » follows them. « Annexe 2 », « partie 3 », « la grille ci-dessus », « question
A4-Q1 », « le lexique »: whatever a text names must be in the edition that says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crc_lab.core.bank import EXERCISES, KEYS, LoadedActivity
from crc_lab.core.model import ASSESSMENT, TRAINING, Question
from crc_lab.core.problems import type_of_path
from crc_lab.core.rooms import kinds
from crc_lab.core.text import fold

DOCUMENT = "document"
TAGS = (TRAINING, ASSESSMENT, DOCUMENT)
SOURCE = "activite.py"
MARK = re.compile(r"^# ?%%(.*)$", re.MULTILINE)
"""What begins a cell of activite.py (py:percent)."""
_TAG = re.compile(r'"([^"]*)"')
_PROSE = re.compile(r"^# ?", re.MULTILINE)
_SHOWN = re.compile(r'^question\("([^"]+)"\)', re.MULTILINE)
_HEADING = re.compile(r"^#{1,5} (.+)$", re.MULTILINE)
_PART = re.compile(r"^(## )(\d+)(?=\. )", re.MULTILINE)
_SPACE = "[ \u00a0\n]"
_MORE = rf"(?:(?:{_SPACE}?,|{_SPACE}et|{_SPACE}à){_SPACE}\**[AB]?\d+)*"
_PARTS = re.compile(rf"\b(parties?{_SPACE})(\d+{_MORE})(?![\w%])", re.IGNORECASE)
_ANNEXES = re.compile(rf"\b(annexe|document)s?{_SPACE}\**([AB]?\d+{_MORE})", re.IGNORECASE)
_HERE = re.compile(rf"\b[Vv]oici{_SPACE}[^.:;]{{0,40}}?(?:l’|le{_SPACE})\**(annexe|document){_SPACE}([AB]?\d+)")
_NUMBER = re.compile(r"[AB]?\d+")
_QUESTION = re.compile(r"\b[AR]\d+[AB]?-[QX]\d+[a-z]?\b")
_AROUND = re.compile(r"([^.;:!?|]*?)\b(ci-dessus|ci-dessous|plus haut|plus bas)\b")
_ABOVE = ("ci-dessus", "plus haut")
_LEXICON = re.compile(r"\blexique\b", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9]{4,}")
_LAST_WORDS = 8
"""How many words before « ci-dessus » name the thing."""
_FORMS = {  # what a cell may be called for what it is
    "tableau": re.compile(r"^\|", re.MULTILINE),
    "exemple": re.compile(r"^```|\*\*Un exemple|^> ", re.MULTILINE),
    "code": re.compile(r"^```", re.MULTILINE),
    "liste": re.compile(r"^- ", re.MULTILINE),
}
_CARD = frozenset(
    {"carte", "question", "grille", "reponse", "tableau", "formulaire", "fiche", "liste", "calcul", "texte"}
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of activite.py: the ``line`` on which its text begins (from 1), whether it is code, its tags."""

    line: int
    is_code: bool
    tags: frozenset[str]
    text: str

    @property
    def shown(self) -> list[str]:
        """The questions that it shows."""
        return _SHOWN.findall(self.text) if self.is_code else []

    @property
    def is_document(self) -> bool:
        return DOCUMENT in self.tags

    def belongs(self, edition: str) -> bool:
        return in_edition(self.tags, edition)


def in_edition(tags: Iterable[str], edition: str) -> bool:
    """True for the tags of a cell that ``edition`` has."""
    editions = set(tags).intersection((TRAINING, ASSESSMENT))
    return not editions or edition in editions


def cells_of(source: str) -> tuple[Cell, ...]:
    """The cells of a py:percent text."""
    marks = list(MARK.finditer(source))
    ends = [mark.start() for mark in marks[1:]] + [len(source)] * bool(marks)
    found = []
    for mark, end in zip(marks, ends, strict=True):
        body, is_code = source[mark.end() + 1 : end], "[markdown]" not in mark[1]
        line = source.count("\n", 0, mark.end() + 1) + 1
        tags = frozenset(_TAG.findall(mark[1].partition("tags=")[2]))
        found.append(Cell(line, is_code, tags, body if is_code else _PROSE.sub("", body)))
    return tuple(found)


# --- the numbers of parts ---------------------------------------------------------------------------------------------


def part_numbers(texts: Iterable[str]) -> dict[int, int]:
    """The number of each part of an edition, by its number in the source; ``texts``: its cells of text, in order."""
    found = dict.fromkeys(int(part[2]) for text in texts for part in _PART.finditer(text))
    return {old: new for new, old in enumerate(found, start=1)}


def renumbered(text: str, numbers: Mapping[int, int]) -> str:
    """A text with the numbers of an edition, in its headings and where it names parts; those it lacks stay."""

    def new(number: str) -> str:
        return str(numbers.get(int(number), number))

    text = _PART.sub(lambda part: part[1] + new(part[2]), text)
    return _PARTS.sub(lambda part: part[1] + re.sub(r"\d+", lambda one: new(one[0]), part[2]), text)


# --- what is named ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Text:
    """Something that an edition says: ``at`` is its place in the page, ``where`` what a person is told of it."""

    at: float
    where: tuple[str, ...]
    text: str
    path: type_of_path = ()


def reference_problems(loaded: LoadedActivity, source: str) -> tuple[str, ...]:
    """What the page of an activity names and does not have, edition by edition: French sentences, with file and line.

    ``source``: the text of activite.py.
    """
    cells = cells_of(source)
    found: dict[str, None] = {}
    for edition in (TRAINING, ASSESSMENT):
        if edition == TRAINING or loaded.activity.marked:
            found |= dict.fromkeys(_of_edition(loaded, cells, edition))
    return tuple(found)


def _of_edition(loaded: LoadedActivity, cells: Sequence[Cell], edition: str) -> Iterator[str]:
    activity = loaded.activity
    own = [cell for cell in cells if cell.belongs(edition)]
    asked = [one for one in activity.questions if edition == TRAINING or not one.training]
    place = {name: at for at, cell in enumerate(own) for name in cell.shown}
    numbers = part_numbers(cell.text for cell in own if not cell.is_code)
    if edition == TRAINING and any(old != new for old, new in numbers.items()):
        line = next(
            cell.line for cell in own for part in _PART.finditer(cell.text) if numbers[int(part[2])] != int(part[2])
        )
        yield f"{activity.id}/{SOURCE}, ligne {line} : les parties ne se suivent pas ({', '.join(map(str, numbers))})."
    annexes = _annexes(own, asked)
    known, everything = {one.id for one in asked}, {one.id for one in activity.questions}
    named = "l’entraînement" if edition == TRAINING else "l’évaluation"

    for said in (*_narrative(activity.id, own), *_questions(asked, place), *_of_keys(loaded, asked, edition)):

        def told(what: str, said: _Text = said) -> str:
            text = f"« {what} » n’est pas dans le carnet de {named} : donnez-le, ou changez ce texte."
            if len(said.where) == 1:
                return f"{said.where[0]} : {text}"
            problems = loaded.source.again()
            problems.add(said.where[0], said.where[1], text, path=said.path)
            return problems.found[0]

        for part in _PARTS.finditer(said.text):
            yield from (told(f"partie {one}") for one in _NUMBER.findall(part[2]) if int(one) not in numbers)
        for one in _ANNEXES.finditer(said.text):
            sort = one[1].casefold()
            yield from (told(f"{sort} {name}") for name in _NUMBER.findall(one[2]) if (sort, name) not in annexes)
        for name in _QUESTION.findall(said.text):
            if name not in known and (name in everything or name.partition("-")[0] == _prefix(activity.questions)):
                yield told(name)
        if edition == ASSESSMENT and _LEXICON.search(said.text):
            yield told("lexique")
        for one in _AROUND.finditer(said.text):
            if said.at >= 0 and not _is_around(one[1], one[2] in _ABOVE, said.at, own):
                yield told(f"{_tail(one[1])} {one[2]}".strip())


def _prefix(questions: Sequence[Question]) -> str:
    return questions[0].id.partition("-")[0] if questions else ""


def _annexes(own: Sequence[Cell], asked: Sequence[Question]) -> set[tuple[str, str]]:
    """The annexes and documents of an edition: those that a heading names, or that a question holds (« Voici l’annexe
    2 »)."""
    heads = [head for cell in own if not cell.is_code for head in _HEADING.findall(cell.text)]
    found = {
        (one[1].casefold(), name)
        for head in heads
        for one in _ANNEXES.finditer(head)
        for name in _NUMBER.findall(one[2])
    }
    texts = [*(cell.text for cell in own if not cell.is_code), *(question.prompt for question in asked)]
    return found | {(one[1].casefold(), one[2]) for text in texts for one in _HERE.finditer(text)}


def _narrative(activity: str, own: Sequence[Cell]) -> Iterator[_Text]:
    """The paragraphs of the cells of text, each with its line."""
    for at, cell in enumerate(own):
        line = cell.line
        for paragraph in "" if cell.is_code else cell.text.split("\n\n"):
            yield _Text(at, (f"{activity}/{SOURCE}, ligne {line}",), paragraph)
            line += paragraph.count("\n") + 2


def _questions(asked: Sequence[Question], place: Mapping[str, int]) -> Iterator[_Text]:
    """What the questions say; their grid is beside them, and what is « ci-dessus » is before their card."""
    for question in asked:
        texts: list[tuple[str, type_of_path]] = [(question.title, ("titre",)), (question.prompt, ("enonce",))]
        texts += [(hint, ("indices", at)) for at, hint in enumerate(question.hints)]
        texts += [(text, ()) for text in kinds()[question.kind].said(question.spec)]
        texts += [(text, ("messages", code)) for code, text in question.messages.items()]
        for text, path in texts:
            yield _Text(place.get(question.id, -1), (EXERCISES, question.id), text, path)


def _of_keys(loaded: LoadedActivity, asked: Sequence[Question], edition: str) -> Iterator[_Text]:
    """What the keys say, in the edition that shows them: of what is above, a page of results has nothing."""
    for question in asked if edition == TRAINING else ():
        if (key := loaded.keys.get(question.id)) is not None:
            yield _Text(-1, (KEYS, question.id), key.explanation, ("explication",))
            for code, text in key.messages.items():
                yield _Text(-1, (KEYS, question.id), text, ("messages", code))


def _is_around(before: str, above: bool, at: float, own: Sequence[Cell]) -> bool:
    """Whether one of the words ``before`` « ci-dessus » names something that stands above (below) the cell ``at``, or
    in the same one."""
    words = _words(_tail(before))
    near = [cell for place, cell in enumerate(own) if (place <= at if above else place >= at)]
    if not words:
        return bool(near)
    return any(words & _names(cell) for cell in near)


def _tail(before: str) -> str:
    return " ".join(before.replace("*", "").split()[-_LAST_WORDS:])


def _names(cell: Cell) -> frozenset[str]:
    """The words by which what a cell holds may be called."""
    if cell.is_code:
        return _CARD if cell.shown else frozenset({"figure", "schema", "dessin"})
    called = [
        *_HEADING.findall(cell.text),
        *re.findall(r"<summary>(.*?)</summary>", cell.text),
        *re.findall(r"\*\*(.+?)\*\*", cell.text),
    ]
    forms = [name for name, form in _FORMS.items() if form.search(cell.text)]
    return _words(" ".join([*called, *forms]))


def _words(text: str) -> frozenset[str]:
    """Its words of four letters at least, without the mark of the plural."""
    return frozenset(word.rstrip("sx") for word in _WORD.findall(fold(text)))


def renumbered_values(value: Any, numbers: Mapping[int, int]) -> Any:
    """The same JSON value with every text in it renumbered."""
    if isinstance(value, str):
        return renumbered(value, numbers)
    if isinstance(value, Mapping):
        return {name: renumbered_values(item, numbers) for name, item in value.items()}
    return [renumbered_values(item, numbers) for item in value] if isinstance(value, list) else value
