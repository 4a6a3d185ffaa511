"""What a kind of question is to the engine: one object that knows its TOML fields, its answers and how they are shown.

The bank, the card, the worked answer, Excel, the subjects, the search for leaks, nbgrader's pages and the reports are
loops over kinds: none of them names one. The kinds themselves are in :mod:`crc_lab.kinds` and in the rooms of a course;
the page draws each in ``notebook/js/kinds/``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from crc_lab.core.answers import FormatProblem
from crc_lab.core.model import Json, Option
from crc_lab.core.problems import check_items, needed, optional

Add = Callable[[str], None]
"""Takes one French sentence on what is wrong in a question file."""


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Field:
    """One field of ``[[question]]`` that a kind owns: its type in TOML, whether it must be there, and what of it is
    left in a student's question file (``student``)."""

    type: type | tuple[type, ...]
    required: bool = False
    student: Callable[[Any], Any] = _as_it_is


def keep(*names: str) -> Callable[[Any], Any]:
    """What of a list of tables goes to students: these names of each."""
    return lambda items: [{name: value for name, value in item.items() if name in names} for item in items]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the Excel form: its code (« Repère »), its label, a drop-down list, what is already answered."""

    code: str
    label: str
    choices: tuple[str, ...] = ()
    value: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as people read it: lines (label, text or more lines; the label may be empty), or a grid of cells.

    ``ordered``: the order of the lines is part of the answer. ``markdown``: the one line is Markdown. ``lead``: the
    label of the one line is the answer, its text the reason.
    """

    lines: tuple[tuple[str, str | Shown], ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    ordered: bool = False
    markdown: bool = False
    lead: bool = False

    @classmethod
    def text(cls, text: str, *, markdown: bool = False) -> Shown:
        return cls((("", text),), markdown=markdown) if text else cls()

    @classmethod
    def items(cls, texts: Iterable[str], *, ordered: bool = False) -> Shown:
        return cls(tuple(("", text) for text in texts), ordered=ordered)


class Kind:
    """One kind of question (``genre``). ``spec`` is what :meth:`build` made of the fields it owns.

    ``check``: the check of a criterion that names none. ``excel``: ``lines`` (one line a field), ``couples`` (two
    columns, ``couples`` being their headers), ``table``, or empty: answered in its card only. ``by_hand``: a person
    marks it. ``card``: the card that shows it, ``question`` for all but flashcards.
    """

    name: ClassVar[str]
    check: ClassVar[str] = ""
    fields: ClassVar[Mapping[str, Field]] = {}
    excel: ClassVar[str] = "lines"
    couples: ClassVar[tuple[str, str]] = ("", "")
    by_hand: ClassVar[bool] = False
    card: ClassVar[str] = "question"

    def build(self, raw: Mapping[str, Any], add: Add) -> Any:
        """The spec of a question or of a part, from its TOML; what is wrong is said through ``add``."""

    def parse(self, raw: Json, spec: Any) -> Any | FormatProblem:
        """The plain value of an answer as the sheet holds it, or what keeps it from being read. Never raises."""
        raise NotImplementedError

    def page(self, spec: Any) -> dict[str, Any]:
        """The keys of the card's ``question`` trait that this kind adds (see :mod:`crc_lab.notebook.widgets`)."""
        return {}

    def names(self, spec: Any) -> Mapping[str, str]:
        """The wording of each id that an answer may hold."""
        return {}

    def said(self, spec: Any) -> Iterator[str]:
        """Every text that the question itself shows."""
        yield from (f"{name} {text}" for name, text in self.names(spec).items())

    def reasons(self, spec: Any) -> Iterator[str]:
        """The remarks that go with the key only."""
        yield from ()

    def shown(self, answer: Json, spec: Any) -> Shown:
        """An answer that :meth:`parse` reads, for people."""
        names = self.names(spec)
        if isinstance(answer, list):
            return Shown.items(names.get(str(item), str(item)) for item in answer)
        return Shown.text(names.get(str(answer), str(answer)))

    def lines(self, spec: Any, label: str, value: Json) -> list[Line]:
        """The lines of its Excel form, filled with ``value``."""
        return [Line("reponse", label, value=str(value or ""))]

    def from_lines(self, spec: Any, texts: Mapping[str, str]) -> Json:
        """The answer in the shape of the sheet, from the text of each line under its code: where the line has a
        list, one of its values whenever one was meant."""
        return texts.get("reponse", "")


def build_options(raw: Mapping[str, Any], name: str, add: Add) -> tuple[Option, ...]:
    """The options of the field ``name``, as TOML lists them: ``id``, ``texte`` and perhaps ``raison``."""
    items = check_items(raw.get(name, ()), _OPTION, add, f"« {name} »")
    return tuple(Option(item["id"], item["texte"], item.get("raison", "")) for item in items)


def page_options(options: Iterable[Option]) -> list[dict[str, str]]:
    return [{"id": option.id, "texte": option.text} for option in options]


_OPTION = {**needed(id=str, texte=str), **optional(raison=str)}
OPTIONS = Field(list, student=keep("id", "texte"))
