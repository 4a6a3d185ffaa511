"""What a kind of question is to the engine: one object that knows its TOML fields, its answers and how they are shown.

The bank, the card, the worked answer, Excel, the subjects, the search for leaks, nbgrader's pages and the reports are
loops over kinds: none of them names one. The kinds themselves are in :mod:`crc_lab.kinds` and in the rooms of a course;
the page draws each in ``notebook/js/kinds/``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from crc_lab.core.model import Json, Option, Question
from crc_lab.core.problems import check_items, needed, optional, type_of_fields

Add = Callable[[str], None]
"""Takes one French sentence on what is wrong in a question file."""


def _as_it_is(value: Any, *_: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Field:
    """One field of ``[[question]]`` that a kind owns: its type in TOML, whether it must be there, and what of it is
    left in a student's question file (``student``).

    ``attribute``: where the spec of the kind holds it (empty: the kind's own ``build`` sees to it); ``read`` makes it
    of the TOML value, the name of the field and ``add``; ``page`` makes of it the card's key of the same name.
    """

    type: type
    required: bool = False
    student: Callable[[Any], Any] = _as_it_is
    attribute: str = ""
    read: Callable[[Any, str, Add], Any] = _as_it_is
    page: Callable[[Any], Any] = _as_it_is


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
    """One kind of question (``genre``); a new one says its name, its ``fields``, and what differs from what is here.

    ``check``: the check of a criterion that names none. ``spec``: the dataclass that holds the fields it owns; an
    attribute that its TOML lacks keeps its default. ``read``: the plain value of an answer as the sheet holds it.
    ``excel``: ``lines`` (one line a field), ``couples`` (two columns, ``couples`` being their headers), ``table``, or
    empty: answered in its card only. ``ordered``: the order of a list is part of the answer. ``by_hand``: a person
    marks it. ``card``: the card that shows it, ``question`` for all but flashcards. ``training``: the keys of its page
    that an assessment does not get. ``single``: one choice, which chance alone gives one time in two or three: no lazy
    answer says anything of it.
    """

    name: ClassVar[str]
    check: ClassVar[str] = ""
    fields: ClassVar[Mapping[str, Field]] = {}
    spec: ClassVar[type | None] = None
    read: ClassVar[staticmethod[[Json], Any]]
    excel: ClassVar[str] = "lines"
    couples: ClassVar[tuple[str, str]] = ("", "")
    ordered: ClassVar[bool] = False
    by_hand: ClassVar[bool] = False
    card: ClassVar[str] = "question"
    training: ClassVar[tuple[str, ...]] = ()
    single: ClassVar[bool] = False

    @property
    def types(self) -> type_of_fields:
        """The fields it owns, as :func:`crc_lab.core.problems.check_fields` takes them."""
        return {name: (field.type, field.required) for name, field in self.fields.items()}

    def for_students(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """What a student's question file keeps of the fields it owns."""
        return {name: field.student(raw[name]) for name, field in self.fields.items() if name in raw}

    def build(self, raw: Mapping[str, Any], add: Add) -> Any:
        """The spec of a question or of a part, from its TOML; what is wrong is said through ``add``."""
        own = ((name, field) for name, field in self.fields.items() if field.attribute and name in raw)
        return self.spec and self.spec(**{field.attribute: field.read(raw[name], name, add) for name, field in own})

    def parse(self, raw: Json, spec: Any) -> Any:
        """The plain value of an answer as the sheet holds it; raises ``FormatProblem``: see ``rooms.parse``."""
        return self.read(raw)

    def lazy(self, spec: Any, question: Question, answer: Json) -> Iterator[tuple[str, Json]]:
        """What people answer who have not looked at the question, each under a few French words: everything ticked,
        the same thing everywhere… ``answer``: the model answer, of which some repeat a piece. None of them may earn
        more than a quarter of the points (« construire » grades them all)."""
        yield from ()

    def idle(self, value: Any, spec: Any, answer: Json) -> frozenset[str]:
        """The parts that are answered without looking (the same choice in a whole series): they earn nothing."""
        return frozenset()

    def page(self, spec: Any) -> dict[str, Any]:
        """The keys of the card's ``question`` trait that this kind adds (see :mod:`crc_lab.notebook.widgets`)."""
        own = ((name, field) for name, field in self.fields.items() if field.attribute)
        return {name: field.page(getattr(spec, field.attribute)) for name, field in own}

    def options(self, spec: Any) -> Iterator[Option]:
        """The options of every field that lists some."""
        for field in self.fields.values():
            if field.read is read_options:
                yield from getattr(spec, field.attribute)

    def names(self, spec: Any) -> Mapping[str, str]:
        """The wording of each id that an answer may hold."""
        return {option.id: option.text for option in self.options(spec)}

    def said(self, spec: Any) -> Iterator[str]:
        """Every text that the question itself shows."""
        yield from (f"{name} {text}" for name, text in self.names(spec).items())

    def reasons(self, spec: Any) -> Iterator[str]:
        """The remarks that go with the key only."""
        yield from (option.reason for option in self.options(spec))

    def shown(self, answer: Json, spec: Any) -> Shown:
        """An answer that :meth:`parse` reads, for people."""
        names = self.names(spec)
        if isinstance(answer, list):
            texts = ("" if item is None else str(item) for item in answer)
            return Shown.items((names.get(text, text) for text in texts), ordered=self.ordered)
        return Shown.text(names.get(str(answer), str(answer)))

    def renamed(self, answer: Json, spec: Any, name: Callable[[str], str]) -> Json:
        """The same answer, its columns called otherwise: by their titles for people, by their names when it is read
        back. What has not the shape of an answer stays as it is."""
        return answer

    def lines(self, spec: Any, label: str, value: Json) -> list[Line]:
        """The lines of its Excel form, filled with ``value``."""
        return [Line("reponse", label, value=str(value or ""))]

    def asked(self, spec: Any) -> int:
        """How many fields it asks for; 0 where that is for the student to say."""
        return len(self.lines(spec, "", None))

    def from_lines(self, spec: Any, texts: Mapping[str, str]) -> Json:
        """The answer in the shape of the sheet, from the text of each line under its code: where the line has a
        list, one of its values whenever one was meant."""
        return texts.get("reponse", "")


_OPTION = {**needed(id=str, texte=str), **optional(raison=str)}


def read_options(raw: Any, name: str, add: Add) -> tuple[Option, ...]:
    """The options of a field, as TOML lists them: ``id``, ``texte`` and perhaps ``raison``."""
    items = check_items(raw, _OPTION, add, f"« {name} »")
    return tuple(Option(item["id"], item["texte"], item.get("raison", "")) for item in items)


def options_field(attribute: str) -> Field:
    """A field that lists options; the remark on each stays with the key."""
    return Field(list, False, _without_reasons, attribute, read_options, _page_options)


def _without_reasons(options: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in option.items() if name in ("id", "texte")} for option in options]


def _page_options(options: Iterable[Option]) -> list[dict[str, str]]:
    return [{"id": option.id, "texte": option.text} for option in options]
